//! [`PathField`]: a path that is typed, pasted, or chosen in the system's dialog.

use std::path::PathBuf;
use std::sync::Arc;

use egui::{Id, Ui};

use super::super::files::Choice;
use super::super::parts;
use super::super::task::Task;
use super::super::window::Shared;
use super::form;

/// A path that is typed, pasted, or chosen in the system's dialog.
#[derive(Debug, Default)]
pub struct PathField {
    pub words: String,
    choosing: Option<Task<Vec<PathBuf>>>,
    /// The system's dialog gave nothing.
    pub nothing: bool,
}

/// What happened to a path field in a frame.
#[derive(Debug, Default)]
pub struct PathEvent {
    pub changed: bool,
    /// What the system's dialog gave.
    pub chosen: Vec<PathBuf>,
}

/// What is said when the system's dialog gave nothing.
pub const NOTHING: &str =
    "Nothing was chosen. If no dialog appeared, this system has none to offer: type or paste the path here";

impl PathField {
    pub fn new(path: &std::path::Path) -> Self {
        Self { words: path.display().to_string(), ..Self::default() }
    }

    /// Shows the system's dialog, where it has one.
    pub fn choose(&mut self, choice: Choice, shared: &Shared) {
        if self.choosing.is_none() {
            let files = Arc::clone(&shared.files);
            self.nothing = false;
            self.choosing = Some(Task::start(&shared.waker, move |_| files.choose(&choice)));
        }
    }

    /// What the system's dialog gave by now. Call it every frame.
    pub fn poll(&mut self) -> Vec<PathBuf> {
        let Some(answer) = self.choosing.as_ref().and_then(Task::poll) else { return Vec::new() };
        self.choosing = None;
        let chosen = answer.unwrap_or_default();
        self.nothing = chosen.is_empty();
        chosen
    }

    /// The system's dialog is open.
    pub fn is_choosing(&self) -> bool {
        self.choosing.is_some()
    }

    /// The field, with buttons beside it that open the system's dialog.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        id: Id,
        hint: &str,
        name: &str,
        buttons: &[(&str, Choice)],
        shared: &Shared,
    ) -> PathEvent {
        let theme = shared.theme(ui.ctx());
        let chosen = self.poll();
        let mut event = PathEvent { chosen, changed: false };
        ui.horizontal(|ui| {
            let room: f32 = buttons.iter().map(|(words, _)| width(ui, words) + 8.0).sum();
            let width = (ui.available_width() - room).max(80.0);
            event.changed = parts::field(ui, id, &mut self.words, hint, name, width, theme).changed();
            for (words, choice) in buttons {
                if form::button(ui, words, form::Kind::Beside, !self.is_choosing(), theme).clicked() {
                    self.choose(choice.clone(), shared);
                }
            }
        });
        if event.changed {
            self.nothing = false;
        }
        if self.nothing {
            ui.add_space(4.0);
            form::small(ui, NOTHING, theme.secondary);
        }
        event
    }
}

fn width(ui: &Ui, words: &str) -> f32 {
    parts::line(ui, words, super::super::fonts::medium(13.0), egui::Color32::BLACK, 320.0).size().x + 28.0
}
