//! [`Import`]: articles and layers into the open project.

use std::path::PathBuf;
use std::sync::Arc;

use egui::{Context, Id, Ui};

use super::super::request::Request;
use super::super::task::Task;
use super::super::window::Shared;
use super::articles::Articles;
use super::report::ReportView;
use super::sheet::{self, Head};
use super::{Dialog, form};
use crate::schema::Schema;
use crate::session::import::{ImportError, ImportPlan, ImportReport, import};
use crate::session::{Notice, NoticeKind, Session, settings};
use crate::store::{Author, Store, StoreError};

/// Articles and layers on their way into the open project.
#[derive(Debug)]
pub struct Import {
    articles: Articles,
    new_versions: bool,
    /// Whose the layers are that name nobody.
    owner: String,
    by: Author,
    /// The project's.
    schema: Arc<Schema>,
    /// A connection of its own; with the worker while it works.
    store: Option<Box<dyn Store>>,
    task: Option<Task<Result<ImportReport, ImportError>>>,
}

impl Import {
    pub fn new(session: &Session, paths: Vec<PathBuf>) -> Result<Self, StoreError> {
        let by = Author {
            annotator: session.annotator().clone(),
            device: session.device().to_owned(),
            at: session.now(),
            schema: session.stamp().to_owned(),
        };
        Ok(Self {
            articles: Articles::new(paths),
            new_versions: false,
            owner: by.annotator.to_string(),
            by,
            schema: Arc::clone(&session.schema),
            store: Some(session.another_store()?),
            task: None,
        })
    }

    pub fn add(&mut self, paths: Vec<PathBuf>) {
        if self.task.is_none() {
            self.articles.add(paths);
        }
    }

    pub fn is_under_way(&self) -> bool {
        self.task.is_some()
    }

    pub fn frame(&mut self, ui: &Ui, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        match &mut self.task {
            Some(task) => {
                if let Some(answer) = task.poll() {
                    requests.extend(done(answer));
                    return false;
                }
                working(ui, task);
                true
            }
            None => self.form(ui.ctx(), shared),
        }
    }

    fn form(&mut self, context: &Context, shared: &mut Shared) -> bool {
        let id = Articles::field_id();
        let head =
            Head { name: "import", title: "Import into this project", width: 680.0, first: Some(id), closable: true };
        let owner = settings::annotator(&self.owner);
        let (pressed, escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            let mut enter = sheet.enter;
            sheet.body(|ui| {
                self.articles.show(ui, &mut enter, Some(&self.schema), shared);
                if self.articles.has_nameless_layers() {
                    form::row(ui, "Spans of", theme, |ui| {
                        form::field(ui, Id::unique("import owner"), &mut self.owner, "ana", "Annotator of spans that name nobody", theme);
                        ui.add_space(4.0);
                        match &owner {
                            Ok(_) => form::small(ui, "Some spans name nobody: they are taken for this annotator’s", theme.secondary),
                            Err(why) => form::small(ui, why, theme.error),
                        }
                    });
                }
                form::row(ui, "", theme, |ui| {
                    let about = "Else an article whose text differs from the one that is here is refused. Layers stay with the text they were made on";
                    form::check(ui, &mut self.new_versions, "Take changed texts as new versions", about, theme);
                });
            });
            sheet.enter = enter;
            let ready = !self.articles.paths.is_empty() && owner.is_ok();
            sheet.foot(("Import", ready), &["Cancel"])
        });
        match pressed {
            Some(0) => {
                self.start(shared);
                true
            }
            Some(_) => false,
            None => !escaped,
        }
    }

    fn start(&mut self, shared: &Shared) {
        let Some(mut store) = self.store.take() else { return };
        self.articles.take_typed();
        let plan = ImportPlan {
            paths: self.articles.paths.clone(),
            format: None,
            annotator: settings::annotator(&self.owner).ok(),
            articles: self.articles.load.clone(),
            new_versions: self.new_versions,
            by: self.by.clone(),
        };
        self.task = Some(Task::start(&shared.waker, move |job| {
            if let Some(why) = store.read_only() {
                return Err(StoreError::ReadOnly { why }.into());
            }
            import(&mut *store, &plan, job)
        }));
    }
}

fn working(ui: &Ui, task: &mut Task<Result<ImportReport, ImportError>>) {
    task.is_long(ui);
    let head = Head { name: "importing", title: "Importing", width: 420.0, first: None, closable: true };
    let (pressed, escaped) = sheet::show(ui.ctx(), &head, |sheet| {
        task.bar(sheet.ui, "Reading the articles…", sheet.theme);
        sheet.cancel("Cancel", !task.is_cancelled())
    });
    if escaped || pressed {
        task.cancel();
    }
}

/// What came in is shown; all is well: one line. Something to tell: the report.
fn done(answer: Result<Result<ImportReport, ImportError>, &'static str>) -> Vec<Request> {
    let told = |kind, sentence: String, undo| Request::Tell(Notice { kind, sentence, undo });
    let failed = |sentence: &str| Request::Show(Dialog::Report(ReportView::failed("Nothing was imported", sentence)));
    match answer {
        Ok(Ok(report)) => {
            // Documents stay; layers can be taken back.
            let layers = report.layers_new + report.layers_replaced + report.layers_beside;
            let can_undo = layers > 0 && report.transaction.is_some();
            let end = if report.findings.is_empty() {
                told(NoticeKind::Done, report.sentence(), can_undo)
            } else {
                let title = if report.fell_short() { "Imported, not everything" } else { "Imported" };
                Request::Show(Dialog::Report(ReportView::new(report.report(), title)))
            };
            vec![Request::Imported, end]
        }
        Ok(Err(ImportError::Store(StoreError::Cancelled))) => {
            vec![told(NoticeKind::Done, "The import was cancelled; nothing was changed".to_owned(), false)]
        }
        Ok(Err(error)) => vec![failed(&error.to_string())],
        Err(sentence) => vec![failed(sentence)],
    }
}
