//! [`Export`]: labelled data for others, in two steps. First what goes out and where to; then what it will be, with everything that the
//! format cannot hold. Nothing is in its place before the second step says so.

mod bars;
mod chooser;
mod company;
mod dealt;
mod division;
mod layers;
mod losses;
mod order;
mod preview;
mod sample;
mod what;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::Ui;

use self::preview::{Next, Preview};
use self::what::{Pressed, What};
use super::super::request::Request;
use super::super::task::Task;
use super::super::window::Shared;
use super::Dialog;
use super::report::ReportView;
use super::sheet::{self, Head};
use crate::schema::Schema;
use crate::session::export::{ExportError, ExportReport, Prepared, prepare};
use crate::session::{Command, Session};
use crate::store::{Store, StoreError};

/// An export, from its description to its place.
#[derive(Debug)]
pub struct Export {
    what: What,
    step: Step,
    schema: Arc<Schema>,
    /// A connection of its own; each try works on another one.
    store: Box<dyn Store>,
}

#[derive(Debug)]
enum Step {
    /// With why the last try came to nothing.
    Describing(Option<String>),
    Preparing(Task<Result<Trial, ExportError>>),
    Ready(Box<Preview>),
    Writing(Task<Result<ExportReport, ExportError>>, Option<PathBuf>),
}

/// What was written to a temporary place, and the beginning of its files.
type Trial = (Prepared, Vec<(String, String)>);

impl Export {
    /// `folder` is where the file would go.
    pub fn new(session: &Session, folder: &Path) -> Result<Self, StoreError> {
        Ok(Self {
            what: What::new(session, folder.to_owned()),
            step: Step::Describing(None),
            schema: Arc::clone(&session.schema),
            store: session.another_store()?,
        })
    }

    pub fn is_under_way(&self) -> bool {
        matches!(self.step, Step::Preparing(_) | Step::Writing(..))
    }

    pub fn frame(&mut self, ui: &Ui, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        let Self { what, step, schema, .. } = self;
        match step {
            Step::Describing(failed) => match what.show(ui.ctx(), schema, failed.as_deref(), shared) {
                Some(Pressed::Preview) => self.prepare(shared),
                Some(Pressed::Close) => return false,
                None => {}
            },
            Step::Preparing(task) => {
                if let Some(answer) = task.poll() {
                    self.arrive(answer);
                    ui.ctx().request_repaint();
                } else if task.is_long(ui) {
                    preparing(ui, task);
                } else {
                    // What is done at once shows nothing of itself; nothing can be pressed meanwhile.
                    what.show(ui.ctx(), schema, None, shared);
                }
            }
            Step::Ready(preview) => match preview.show(ui.ctx(), schema, shared) {
                Some(Next::Write) => self.write(shared),
                Some(Next::Back) => self.step = Step::Describing(None),
                Some(Next::Close) => return false,
                Some(Next::Visit(loss)) => {
                    let (document, owner, item) = (loss.document, loss.annotator, loss.item);
                    requests.push(Request::Run(Command::VisitItem { document, owner, item }));
                    return false;
                }
                None => {}
            },
            Step::Writing(task, place) => {
                if let Some(answer) = task.poll() {
                    requests.push(done(answer, place.take()));
                    return false;
                }
                task.is_long(ui);
                writing(ui, task);
            }
        }
        true
    }

    /// Writes it to a temporary place and reads it back, on a thread of its own.
    fn prepare(&mut self, shared: &Shared) {
        let Some(plan) = self.what.plan() else { return };
        let store = match self.store.another() {
            Ok(store) => store,
            Err(error) => {
                self.step = Step::Describing(Some(error.to_string()));
                return;
            }
        };
        let schema = Arc::clone(&self.schema);
        self.step = Step::Preparing(Task::start(&shared.waker, move |job| {
            let prepared = prepare(&*store, &schema, &plan, job)?;
            let samples = prepared.samples(sample::BYTES);
            Ok((prepared, samples))
        }));
    }

    fn arrive(&mut self, answer: Result<Result<Trial, ExportError>, &'static str>) {
        self.step = match answer {
            Ok(Ok((prepared, samples))) => {
                let place = self.what.target().unwrap_or_default();
                Step::Ready(Box::new(Preview::new(self.what.format, prepared, samples, place)))
            }
            Ok(Err(ExportError::Store(StoreError::Cancelled))) => Step::Describing(None),
            Ok(Err(error)) => Step::Describing(Some(error.to_string())),
            Err(sentence) => Step::Describing(Some(sentence.to_owned())),
        };
    }

    /// Puts what was prepared in its place.
    fn write(&mut self, shared: &Shared) {
        let Step::Ready(preview) = std::mem::replace(&mut self.step, Step::Describing(None)) else { return };
        let Preview { prepared, place, .. } = *preview;
        let task = Task::start(&shared.waker, move |_| prepared.publish(&mut std::io::sink()));
        self.step = Step::Writing(task, Some(place));
    }
}

fn preparing(ui: &Ui, task: &Task<Result<Trial, ExportError>>) {
    let head = Head { name: "exporting", title: "Exporting", width: 420.0, first: None, closable: true };
    let (pressed, escaped) = sheet::show(ui.ctx(), &head, |sheet| {
        task.bar(sheet.ui, "Writing to a temporary place, then reading back…", sheet.theme);
        sheet.cancel("Cancel", !task.is_cancelled())
    });
    if escaped || pressed {
        task.cancel();
    }
}

/// All is written; what is left is giving it its name, which is done whole or not at all.
fn writing(ui: &Ui, task: &Task<Result<ExportReport, ExportError>>) {
    let head = Head { name: "writing", title: "Exporting", width: 420.0, first: None, closable: false };
    sheet::show(ui.ctx(), &head, |sheet| task.bar(sheet.ui, "Putting it in its place…", sheet.theme));
}

fn done(answer: Result<Result<ExportReport, ExportError>, &'static str>, place: Option<PathBuf>) -> Request {
    let failed = |sentence: &str| Request::Show(Dialog::Report(ReportView::failed("Nothing was exported", sentence)));
    match answer {
        Ok(Ok(report)) => {
            let place = if report.files.len() == 1 { report.files.first().cloned() } else { place };
            Request::Show(Dialog::Report(ReportView::new(report.report(), "Exported").at(place)))
        }
        Ok(Err(error)) => failed(&error.to_string()),
        Err(sentence) => failed(sentence),
    }
}
