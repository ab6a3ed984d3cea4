//! [`Articles`]: the part of a dialog in which articles are named and looked at before anything happens.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use egui::{Id, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::files::Choice;
use super::super::recent::shortened;
use super::super::task::Task;
use super::super::theme::Theme;
use super::super::window::Shared;
use super::super::{fonts, parts};
use super::form;
use super::look::Look;
use super::path::PathField;
use crate::formats::articles::LoadOptions;
use crate::schema::Schema;
use crate::session::workspace::typed;
use crate::store::StoreError;
use crate::text::wording;

/// Paths that are listed one by one.
const ROWS: usize = 5;

/// Articles that were named, and what they look like.
#[derive(Debug, Default)]
pub struct Articles {
    pub paths: Vec<PathBuf>,
    pub load: LoadOptions,
    field: PathField,
    looking: Option<Task<Result<Look, StoreError>>>,
    look: Option<Look>,
    /// Paths or fields changed since the last look.
    stale: bool,
}

impl Articles {
    pub fn new(paths: Vec<PathBuf>) -> Self {
        let mut articles = Self::default();
        articles.add(paths);
        articles
    }

    pub fn add(&mut self, paths: Vec<PathBuf>) {
        let mut known: HashSet<PathBuf> = self.paths.iter().cloned().collect();
        for path in paths {
            if known.insert(path.clone()) {
                self.paths.push(path);
                self.stale = true;
            }
        }
    }

    /// Layers come without a name, as far as was looked.
    pub fn has_nameless_layers(&self) -> bool {
        self.look.as_ref().is_some_and(|look| look.nameless)
    }

    pub fn field_id() -> Id {
        Id::unique("articles path")
    }

    /// A schema for what other programs' data among them uses: its source, and what it says.
    pub fn proposed(&self) -> Option<&(String, Schema)> {
        self.look.as_ref()?.proposed.as_ref()
    }

    /// What they are is not known yet.
    pub fn is_looking(&self) -> bool {
        self.stale || self.looking.is_some()
    }

    /// `sheet.enter` is taken where it adds a path. `schema`: that of the project everything would go into.
    pub fn show(&mut self, ui: &mut Ui, enter: &mut bool, schema: Option<&Schema>, shared: &Shared) {
        let theme = shared.theme(ui.ctx());
        self.poll(shared);
        form::row(ui, "Articles", theme, |ui| {
            self.list(ui, theme);
            self.adding(ui, enter, shared);
        });
        if let Some(look) = &self.look {
            let map = form::row(ui, "Found", theme, |ui| look.show(ui, schema, theme));
            if let Some((role, column)) = map {
                self.load.fields.set(role.key(), column);
                self.stale = true;
            }
        } else if let Some(looking) = &mut self.looking {
            form::row(ui, "Found", theme, |ui| {
                if looking.is_long(ui) && looking.progress().1 > 0 {
                    looking.bar(ui, "Looking…", theme);
                } else {
                    form::value(ui, "Looking…", theme.secondary);
                }
            });
        }
    }

    fn poll(&mut self, shared: &Shared) {
        if let Some(look) = self.looking.as_ref().and_then(Task::poll) {
            self.looking = None;
            self.look = look.ok().and_then(Result::ok).filter(|_| !self.paths.is_empty() && !self.stale);
        }
        if self.stale
            && let Some(looking) = &self.looking
        {
            looking.cancel();
        }
        if self.stale && self.looking.is_none() {
            self.stale = false;
            if self.paths.is_empty() {
                self.look = None;
                return;
            }
            let (paths, load) = (self.paths.clone(), self.load.clone());
            self.looking = Some(Task::start(&shared.waker, move |job| Look::new(&paths, &load, job)));
        }
    }

    fn list(&mut self, ui: &mut Ui, theme: &Theme) {
        let mut gone = None;
        // Of thousands that were dropped, the first ones stand for all.
        let shown = if self.paths.len() > ROWS + 1 { ROWS } else { self.paths.len() };
        for (index, path) in self.paths.iter().take(shown).enumerate() {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
            let name =
                path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
            let name = if path.is_dir() { format!("{name}/") } else { name };
            let room = rect.width() - 32.0;
            let width = parts::text(ui, rect.left_center(), &name, fonts::medium(13.0), theme.text, room * 0.7);
            let folder = path.parent().map(shortened).unwrap_or_default();
            let at = pos2(rect.left() + width + 10.0, rect.center().y);
            parts::text(ui, at, &folder, fonts::regular(12.0), theme.secondary, room - width - 10.0);
            let place = egui::Rect::from_center_size(pos2(rect.right() - 12.0, rect.center().y), vec2(20.0, 20.0));
            let cross = ui.interact(place, ui.scope_id().with(("leave out", index)), Sense::click());
            parts::cross_at(ui, place, &cross, theme);
            cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Leave out {name}")));
            if cross.on_hover_text("Leave out").clicked() {
                gone = Some(index);
            }
        }
        let more = self.paths.len() - shown;
        if more > 0 && more_row(ui, more, theme) {
            self.paths.clear();
            self.stale = true;
            return;
        }
        if !self.paths.is_empty() {
            ui.add_space(4.0);
        }
        if let Some(index) = gone {
            self.paths.remove(index);
            self.stale = true;
        }
    }

    fn adding(&mut self, ui: &mut Ui, enter: &mut bool, shared: &Shared) {
        let theme = shared.theme(ui.ctx());
        let title = "Choose articles".to_owned();
        let buttons = [("Files…", Choice::Files { title: title.clone() }), ("Folder…", Choice::Folder { title })];
        let hint = if self.paths.is_empty() { "Path of a file or folder; or drop them here" } else { "Another path" };
        let event = self.field.show(ui, Self::field_id(), hint, "Path of articles", &buttons, shared);
        self.add(event.chosen);
        let Some(path) = typed(&self.field.words) else { return };
        let there = path.exists();
        if *enter {
            *enter = false;
            if there {
                self.field.words.clear();
                self.add(vec![path]);
            }
            return;
        }
        ui.add_space(4.0);
        if there {
            form::small(ui, "Enter adds it", theme.secondary);
        } else {
            form::small(ui, "There is no file or folder of this name", theme.warning);
        }
    }

    /// What was typed and not yet added.
    pub fn take_typed(&mut self) {
        if let Some(path) = typed(&self.field.words).filter(|path| path.exists()) {
            self.field.words.clear();
            self.add(vec![path]);
        }
    }
}

impl Drop for Articles {
    /// Nobody waits for the look any more.
    fn drop(&mut self) {
        if let Some(looking) = &self.looking {
            looking.cancel();
        }
    }
}

/// `true`: all are to be left out.
fn more_row(ui: &mut Ui, more: usize, theme: &Theme) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let words = format!("and {}", wording::counted(more as u64, "more", "more"));
    parts::text(ui, rect.left_center(), &words, fonts::regular(13.0), theme.secondary, rect.width() - 120.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let right = egui::Rect::from_min_max(pos2(rect.right() - 110.0, rect.top()), rect.right_bottom());
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut link = ui.new_child(egui::UiBuilder::new().max_rect(right).layout(layout));
    parts::link(&mut link, "Leave all out", theme).clicked()
}

/// A project's name for these articles.
pub fn name_of(paths: &[PathBuf]) -> String {
    let first = paths.first().map_or(Path::new(""), PathBuf::as_path);
    let named = match paths.len() {
        2.. => first.parent().and_then(Path::file_name),
        _ if first.is_dir() => first.file_name(),
        _ => first.file_stem(),
    };
    named.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
