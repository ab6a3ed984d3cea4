//! [`Leaving`]: closing the window while something is being read or written asks once. With nothing under way it never asks: all is saved.

use egui::{Context, ViewportCommand};

use super::dialogs::{Dialog, form, sheet};

/// Where the wish to close stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leaving {
    #[default]
    No,
    /// It was asked for while something was under way; the question is on the screen.
    Asked,
    /// Yes, although something was under way.
    Agreed,
}

impl Leaving {
    /// Looks whether the window is to be closed, and asks where work would break off.
    pub fn frame(&mut self, context: &Context, dialog: Option<&Dialog>) {
        let work = dialog.and_then(Dialog::under_way);
        let wanted = context.input(|input| input.viewport().close_requested());
        if wanted && *self != Self::Agreed && work.is_some() {
            context.send_viewport_cmd(ViewportCommand::CancelClose);
            *self = Self::Asked;
        }
        match (*self, work) {
            (Self::Asked, Some(work)) => self.ask(context, work),
            // It was done in the meantime: nobody has to decide any more.
            (Self::Asked, None) => self.agree(context),
            _ => {}
        }
    }

    fn ask(&mut self, context: &Context, work: &str) {
        let head = sheet::Head { name: "leaving", title: "Close now?", width: 440.0, first: None, closable: true };
        let (pressed, escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            let words = format!("{work} Closing cancels it and leaves nothing half done. What you marked is saved.");
            sheet.body(|ui| form::words(ui, &words, theme.text));
            sheet.foot(("Go on", true), &["Close"])
        });
        match pressed {
            Some(1) => self.agree(context),
            Some(_) => *self = Self::No,
            None if escaped => *self = Self::No,
            None => {}
        }
    }

    fn agree(&mut self, context: &Context) {
        *self = Self::Agreed;
        context.send_viewport_cmd(ViewportCommand::Close);
    }
}
