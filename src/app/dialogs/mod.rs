//! [`Dialog`]: what lies over a screen and takes the keys until it closes. Each has its file; [`sheet`] is the frame of all.

mod articles;
mod assign;
mod export;
mod foreign;
pub(super) mod form;
mod import;
mod look;
mod messages;
mod new;
mod open;
mod path;
mod report;
mod settings;
pub(super) mod sheet;
mod who;
mod working;

use std::path::Path;

use egui::Ui;

pub use assign::Assign;
pub use export::Export;
pub use import::Import;
pub use messages::Messages;
pub use new::New;
pub use open::Open;
pub use report::ReportView;
pub use settings::{Preferences, Section};
pub use who::Who;
pub use working::Working;

use super::request::Request;
use super::window::Shared;
use crate::session::{Action, Session};

/// A dialog over the screen.
#[derive(Debug)]
pub enum Dialog {
    Who(Who),
    Open(Open),
    New(Box<New>),
    /// A project is being opened or made.
    Working(Working),
    Import(Box<Import>),
    Export(Box<Export>),
    Assign(Box<Assign>),
    Report(ReportView),
    Settings(Preferences),
    Messages(Messages),
}

impl Dialog {
    /// The dialog that an action opens, if it opens one. `folder` is where an export would go.
    pub fn of(action: &Action, session: Option<&Session>, folder: &Path, shared: &Shared) -> Option<Self> {
        Some(match (action, session) {
            (Action::OpenProject, _) => Self::Open(Open::new(shared)),
            (Action::Messages, _) => Self::Messages(Messages),
            (Action::Settings, _) => Self::Settings(Preferences::new(shared, session, Section::General)),
            (Action::ChangeKeys, _) => Self::Settings(Preferences::new(shared, session, Section::Keys)),
            (Action::Import, Some(session)) => Self::import(session, Vec::new()),
            (Action::Export, Some(session)) => Self::export(session, folder),
            (Action::Assign, Some(session)) => match Assign::new(session) {
                Ok(assign) => Self::Assign(Box::new(assign)),
                Err(error) => Self::Report(ReportView::failed("Nothing can be assigned", &error.to_string())),
            },
            _ => return None,
        })
    }

    /// The export dialog. The file would go into `folder`.
    fn export(session: &Session, folder: &Path) -> Self {
        match Export::new(session, folder) {
            Ok(export) => Self::Export(Box::new(export)),
            Err(error) => Self::Report(ReportView::failed("Nothing can be exported", &error.to_string())),
        }
    }

    /// What would break off if the window were closed now, as a sentence.
    pub fn under_way(&self) -> Option<&'static str> {
        match self {
            Self::Working(working) if working.is_under_way() => Some("A project is being opened."),
            Self::Import(import) if import.is_under_way() => Some("Articles are being imported."),
            Self::Export(export) if export.is_under_way() => Some("An export is being written."),
            _ => None,
        }
    }

    /// Draws it. `false`: it closes.
    pub fn frame(&mut self, ui: &Ui, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        match self {
            Self::Who(who) => who.frame(ui.ctx(), shared, requests),
            Self::Open(open) => open.frame(ui.ctx(), shared, requests),
            Self::New(new) => new.frame(ui.ctx(), shared, requests),
            Self::Working(working) => working.frame(ui, shared, requests),
            Self::Import(import) => import.frame(ui, shared, requests),
            Self::Export(export) => export.frame(ui, shared, requests),
            Self::Assign(assign) => assign.frame(ui, shared, requests),
            Self::Report(report) => report.frame(ui.ctx(), shared),
            Self::Messages(messages) => messages.frame(ui.ctx(), shared),
            Self::Settings(settings) => settings.frame(ui.ctx(), shared, requests),
        }
    }
}
