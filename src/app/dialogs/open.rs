//! [`Open`]: which project to open. The system's dialog comes first; the path can always be typed.

use egui::{Context, Id};

use super::super::errand::Errand;
use super::super::files::Choice;
use super::super::recent::{self, Recents};
use super::super::request::Request;
use super::super::window::Shared;
use super::form;
use super::path::PathField;
use super::sheet::{self, Head};
use crate::session::workspace::{Found, look, look_at};

/// Asks which project to open.
#[derive(Debug)]
pub struct Open {
    path: PathField,
    recents: Recents,
}

impl Open {
    /// Shows the system's dialog at once.
    pub fn new(shared: &Shared) -> Self {
        let mut open = Self { path: PathField::default(), recents: Recents::new(shared) };
        open.path.choose(choice(), shared);
        open
    }

    pub fn frame(&mut self, context: &Context, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        let id = Id::unique("open path");
        let head = Head { name: "open", title: "Open a project", width: 560.0, first: Some(id), closable: true };
        let ((found, pressed), escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            let mut found = look(&self.path.words);
            let mut go = false;
            sheet.body(|ui| {
                let buttons = [("Choose…", choice())];
                let event = self.path.show(ui, id, "Path of a project, or of articles", "Path", &buttons, shared);
                if let Some(chosen) = event.chosen.first() {
                    self.path.words = chosen.display().to_string();
                    found = Some(look_at(chosen));
                    go = !matches!(found, Some(Found::Nothing(_)));
                }
                ui.add_space(6.0);
                match &found {
                    Some(found) => recent::tell(ui, found, theme),
                    None if self.path.is_choosing() => {
                        form::small(ui, "Choosing in the system’s dialog…", theme.secondary);
                    }
                    None if self.path.nothing => {}
                    None => form::small(ui, "The folder that holds project.ron", theme.secondary),
                }
                if !shared.settings.recent.is_empty() {
                    ui.add_space(12.0);
                    form::heading(ui, "Recent", theme);
                    if let Some(path) = self.recents.show(ui, shared, 6) {
                        found = Some(Found::Project(path));
                        go = true;
                    }
                }
            });
            let can = matches!(found, Some(Found::Project(_) | Found::Articles(_)));
            let words = if matches!(found, Some(Found::Articles(_))) { "New project…" } else { "Open" };
            let pressed = sheet.foot((words, can), &["Cancel"]);
            (found, if go { Some(0) } else { pressed })
        });
        match (pressed, found) {
            (Some(0), Some(found)) => {
                requests.extend(Errand::of(found).map(Request::Go));
                false
            }
            (Some(_), _) => false,
            _ => !escaped,
        }
    }
}

fn choice() -> Choice {
    Choice::Folder { title: "Open a project".to_owned() }
}
