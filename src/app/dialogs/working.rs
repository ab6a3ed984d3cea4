//! [`Working`]: opening or making a project. Quick work shows nothing; slow work shows how far it is, and can be cancelled.

use egui::{Context, Id, Modal, Ui};

use super::super::errand::Errand;
use super::super::request::Request;
use super::super::task::Task;
use super::super::window::Shared;
use super::form;
use super::sheet::{self, Head};
use crate::session::report::Report;
use crate::session::workspace::{OpenError, Opened};

/// What came of an errand: the project, and the report of its import.
pub type Done = (Opened, Option<Report>);

/// An errand under way.
#[derive(Debug)]
pub struct Working {
    errand: Errand,
    task: Task<Result<Done, OpenError>>,
    failed: Option<String>,
}

impl Working {
    pub fn start(errand: Errand, shared: &Shared) -> Self {
        Self { task: errand.clone().start(shared), errand, failed: None }
    }

    pub fn is_under_way(&self) -> bool {
        self.failed.is_none()
    }

    pub fn frame(&mut self, ui: &Ui, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        if let Some(sentence) = &self.failed {
            return failure(ui.ctx(), &self.errand, sentence, requests);
        }
        match self.task.poll() {
            Some(Ok(Ok((opened, report)))) => {
                requests.push(Request::Opened(Box::new(opened), report));
                return false;
            }
            Some(Ok(Err(_))) if self.task.is_cancelled() => return false,
            Some(Ok(Err(error))) => self.failed = Some(error.to_string()),
            Some(Err(sentence)) => self.failed = Some(sentence.to_owned()),
            None => {}
        }
        if !self.task.is_long(ui) {
            // Nothing is seen; nothing can be done below it either.
            Modal::new(Id::unique("working"))
                .backdrop_color(egui::Color32::TRANSPARENT)
                .frame(egui::Frame::NONE)
                .show(ui.ctx(), |_| {});
            return true;
        }
        let title = self.errand.title();
        let head = Head { name: "working", title: &title, width: 420.0, first: None, closable: true };
        let (pressed, escaped) = sheet::show(ui.ctx(), &head, |sheet| {
            let theme = shared.theme(sheet.ui.ctx());
            self.task.bar(sheet.ui, self.errand.step(), theme);
            sheet.cancel(if self.task.is_cancelled() { "Leave it" } else { "Cancel" }, true)
        });
        if escaped || pressed {
            // A folder that does not answer must not hold the window: at the second time nobody waits for the thread.
            if self.task.is_cancelled() {
                return false;
            }
            self.task.cancel();
        }
        true
    }
}

fn failure(context: &Context, errand: &Errand, sentence: &str, requests: &mut Vec<Request>) -> bool {
    let title = errand.failure();
    let head = Head { name: "failure", title, width: 520.0, first: None, closable: true };
    let (pressed, escaped) = sheet::show(context, &head, |sheet| {
        let theme = sheet.theme;
        sheet.body(|ui| form::words(ui, sentence, theme.text));
        let again: &[&str] = if errand.can_change() { &["Change…"] } else { &[] };
        sheet.foot(("Close", true), again)
    });
    if pressed == Some(1) {
        requests.extend(errand.again());
    }
    pressed.is_none() && !escaped
}
