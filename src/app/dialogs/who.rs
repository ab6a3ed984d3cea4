//! [`Who`]: asks once for the annotator's name.

use egui::{Context, Id};

use super::super::errand::Errand;
use super::super::request::Request;
use super::super::window::Shared;
use super::form;
use super::sheet::{self, Head};
use crate::session::settings;

/// Asks for the annotator's name, then goes on with what needed it.
#[derive(Debug)]
pub struct Who {
    name: String,
    then: Errand,
}

impl Who {
    pub fn before(then: Errand) -> Self {
        Self { name: String::new(), then }
    }

    pub fn frame(&mut self, context: &Context, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        let id = Id::unique("who name");
        let head = Head { name: "who", title: "Who are you?", width: 460.0, first: Some(id), closable: true };
        let (pressed, escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            let name = settings::annotator(&self.name);
            sheet.body(|ui| {
                let why = "What you mark is kept under your name, so that it can be compared with what others mark. Choose a short one and \
                           keep it; colleagues must not have the same.";
                form::words(ui, why, theme.secondary);
                ui.add_space(16.0);
                form::field(ui, id, &mut self.name, "For example, ana", "Your name", theme);
                ui.add_space(6.0);
                match &name {
                    Err(why) if !self.name.trim().is_empty() => form::small(ui, why, theme.error),
                    _ => form::small(ui, "You are asked once. Settings change it", theme.secondary),
                }
            });
            sheet.foot(("Continue", name.is_ok()), &["Cancel"]).map(|at| (at, name))
        });
        match pressed {
            Some((0, Ok(name))) => {
                shared.change(|settings| settings.annotator = Some(name.to_string()));
                requests.push(Request::Go(self.then.clone()));
                false
            }
            Some(_) => false,
            None => !escaped,
        }
    }
}
