//! [`Export`]: labelled data for others, with a report of what the format could not hold.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Context, Id, Ui};

use super::super::files::Choice;
use super::super::parts;
use super::super::request::Request;
use super::super::task::Task;
use super::super::theme::Theme;
use super::super::window::Shared;
use super::path::PathField;
use super::report::ReportView;
use super::sheet::{self, Head};
use super::{Dialog, form};
use crate::annotation::exchange::Offsets;
use crate::annotation::{Annotator, Status};
use crate::formats::table::{FORMATS, Feature, Format, Shape};
use crate::schema::Schema;
use crate::session::export::{ExportError, ExportPlan, ExportReport, Target, Who, export};
use crate::session::workspace::typed;
use crate::session::{Notice, NoticeKind, Session};
use crate::store::{AnnotatorCounts, Store, StoreError};

/// An export, while it is being described, and while it is written.
#[derive(Debug)]
pub struct Export {
    format: usize,
    whose: Whose,
    /// Whose layers there are, and whether they were chosen.
    annotators: Vec<(AnnotatorCounts, bool)>,
    /// Finished, in progress, skipped.
    statuses: [bool; 3],
    original: bool,
    place: PathField,
    placed: bool,
    folder: PathBuf,
    project: String,
    me: Annotator,
    schema: Arc<Schema>,
    store: Option<Box<dyn Store>>,
    task: Option<Task<Result<ExportReport, ExportError>>>,
    target: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Mine,
    Chosen,
    All,
}

const WHOSE: [Whose; 3] = [Whose::Mine, Whose::Chosen, Whose::All];
const STATUSES: [(Status, &str); 3] =
    [(Status::Finished, "Finished"), (Status::InProgress, "In progress"), (Status::Skipped, "Skipped")];

impl Export {
    /// `folder` is where the file would go.
    pub fn new(session: &Session, folder: PathBuf) -> Result<Self, StoreError> {
        let mut new = Self {
            format: 0,
            whose: Whose::Mine,
            annotators: session.counts.annotators.iter().map(|counts| (counts.clone(), true)).collect(),
            statuses: [true; 3],
            original: false,
            place: PathField::default(),
            placed: false,
            folder,
            project: session.project.clone(),
            me: session.annotator().clone(),
            schema: Arc::clone(&session.schema),
            store: Some(session.another_store()?),
            task: None,
            target: None,
        };
        new.follow();
        Ok(new)
    }

    fn format(&self) -> &'static Format {
        &FORMATS[self.format]
    }

    /// The place, as long as nobody wrote one.
    fn follow(&mut self) {
        if self.placed {
            return;
        }
        let safe: String = self
            .project
            .chars()
            .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
            .collect();
        let format = self.format();
        let name = if self.is_per_annotator() || format.shape == Shape::Folder {
            format!("{safe}-{}", format.id)
        } else {
            format!("{safe}.{}", format.extensions.first().copied().unwrap_or("txt"))
        };
        self.place.words = self.folder.join(name).display().to_string();
    }

    /// The format holds one layer and several were asked for: a file each.
    fn is_per_annotator(&self) -> bool {
        let several = match self.whose {
            Whose::Mine => false,
            Whose::Chosen => self.annotators.iter().filter(|(_, on)| *on).count() > 1,
            Whose::All => true,
        };
        several && self.format().shape == Shape::File && !self.format().has(Feature::SeveralLayers)
    }

    pub fn is_under_way(&self) -> bool {
        self.task.is_some()
    }

    pub fn frame(&mut self, ui: &Ui, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        match &mut self.task {
            Some(task) => {
                if let Some(answer) = task.poll() {
                    requests.push(done(answer, self.target.take()));
                    return false;
                }
                working(ui, task);
                true
            }
            None => self.form(ui.ctx(), shared),
        }
    }

    fn form(&mut self, context: &Context, shared: &mut Shared) -> bool {
        let id = Id::unique("export place");
        let head = Head { name: "export", title: "Export", width: 720.0, first: Some(id), closable: true };
        let (pressed, escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            sheet.body(|ui| {
                self.formats(ui, theme);
                self.layers(ui, theme);
                self.target(ui, id, shared, theme);
            });
            let some = self.whose != Whose::Chosen || self.annotators.iter().any(|(_, on)| *on);
            let ready = some && self.statuses.contains(&true) && typed(&self.place.words).is_some();
            sheet.foot(("Export", ready), &["Cancel"])
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

    fn formats(&mut self, ui: &mut Ui, theme: &Theme) {
        form::row(ui, "Format", theme, |ui| {
            for (index, format) in FORMATS.iter().enumerate() {
                let mut name = format.name.to_owned();
                if let Some(first) = name.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                if form::option(ui, self.format == index, &name, format.about, theme).clicked() {
                    self.format = index;
                    self.follow();
                }
            }
        });
    }

    fn layers(&mut self, ui: &mut Ui, theme: &Theme) {
        if !self.format().has(Feature::Spans) {
            form::row(ui, "Layers", theme, |ui| {
                let left = "The texts go out without what was marked in them";
                form::value(ui, left, theme.secondary);
            });
            return;
        }
        form::row(ui, "Layers", theme, |ui| {
            let mine = format!("Mine ({})", self.me);
            let at = WHOSE.iter().position(|whose| *whose == self.whose).unwrap_or(0);
            if let Some(at) = form::segments(ui, at, &[&mine, "Chosen", "All layers, every document"], theme) {
                self.whose = WHOSE[at];
                self.follow();
            }
            if self.whose == Whose::Chosen {
                ui.add_space(4.0);
                let mut changed = false;
                for (counts, on) in &mut self.annotators {
                    let documents = counts.in_progress + counts.finished + counts.skipped;
                    let words = format!("{}, {}", counts.annotator, parts::counted(documents, "document", "documents"));
                    changed |= form::check(ui, on, &words, "", theme).changed();
                }
                if self.annotators.is_empty() {
                    form::small(ui, "Nobody has marked anything yet", theme.secondary);
                }
                if changed {
                    self.follow();
                }
            }
        });
        form::row(ui, "Status", theme, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 20.0;
                for ((_, name), on) in STATUSES.iter().zip(&mut self.statuses) {
                    form::check(ui, on, name, "", theme);
                }
            });
        });
    }

    fn target(&mut self, ui: &mut Ui, id: Id, shared: &Shared, theme: &Theme) {
        form::row(ui, "Place", theme, |ui| {
            let path = typed(&self.place.words);
            let name = path.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
            let start = path.as_deref().and_then(Path::parent).map(PathBuf::from).unwrap_or_default();
            let choice = Choice::Save { title: "Export to".to_owned(), name: name.unwrap_or_default(), start };
            let event =
                self.place.show(ui, id, "A file or folder", "Place of the export", &[("Choose…", choice)], shared);
            if let Some(path) = event.chosen.first() {
                self.place.words = path.display().to_string();
            }
            self.placed |= event.changed || !event.chosen.is_empty();
            let there = path.is_some_and(|path| path.is_file());
            let folder = self.format().shape == Shape::Folder;
            let (words, colour) = match (self.is_per_annotator(), folder) {
                (true, _) => {
                    ("This format holds one layer: the folder gets a file for each annotator", theme.secondary)
                }
                (_, true) => ("A new folder with a file for each document", theme.secondary),
                _ if there => ("This file is there; it will be replaced", theme.warning),
                _ => ("Offsets in it count Unicode code points", theme.secondary),
            };
            ui.add_space(4.0);
            form::small(ui, words, colour);
        });
        if self.format().has(Feature::Spans) {
            form::row(ui, "Offsets", theme, |ui| {
                let about = "With the byte order mark and the line ends that it had";
                form::check(ui, &mut self.original, "Count in the original file", about, theme);
            });
        }
    }

    fn start(&mut self, shared: &Shared) {
        let (Some(store), Some(path)) = (self.store.take(), typed(&self.place.words)) else { return };
        let who = match self.whose {
            _ if !self.format().has(Feature::Spans) => Who::All,
            Whose::Mine => Who::Annotators(vec![self.me.clone()]),
            Whose::Chosen => {
                let chosen = self.annotators.iter().filter(|(_, on)| *on);
                Who::Annotators(chosen.map(|(counts, _)| Annotator::from(counts.annotator.as_str())).collect())
            }
            Whose::All => Who::All,
        };
        let all = !self.statuses.contains(&false);
        let statuses = STATUSES.iter().zip(self.statuses).filter(|(_, on)| *on && !all).map(|((status, _), _)| *status);
        let target =
            if self.is_per_annotator() { Target::PerAnnotator(path.clone()) } else { Target::Path(path.clone()) };
        let plan = ExportPlan {
            statuses: statuses.collect(),
            offsets: if self.original { Offsets::Original } else { Offsets::Normalised },
            verify: true,
            ..ExportPlan::new(self.format(), target, who)
        };
        let schema = Arc::clone(&self.schema);
        self.target = Some(path);
        self.task =
            Some(Task::start(&shared.waker, move |job| export(&*store, &schema, &plan, &mut std::io::sink(), job)));
    }
}

fn working(ui: &Ui, task: &mut Task<Result<ExportReport, ExportError>>) {
    task.is_long(ui);
    let head = Head { name: "exporting", title: "Exporting", width: 420.0, first: None, closable: true };
    let (pressed, escaped) = sheet::show(ui.ctx(), &head, |sheet| {
        task.bar(sheet.ui, "Writing, then reading back…", sheet.theme);
        sheet.cancel("Cancel", !task.is_cancelled())
    });
    if escaped || pressed {
        task.cancel();
    }
}

fn done(answer: Result<Result<ExportReport, ExportError>, &'static str>, place: Option<PathBuf>) -> Request {
    let failed = |sentence: &str| Request::Show(Dialog::Report(ReportView::failed("Nothing was exported", sentence)));
    match answer {
        Ok(Ok(report)) => {
            let place = if report.files.len() == 1 { report.files.first().cloned() } else { place };
            Request::Show(Dialog::Report(ReportView::new(report.report(), "Exported").at(place)))
        }
        Ok(Err(ExportError::Store(StoreError::Cancelled))) => Request::Tell(Notice {
            kind: NoticeKind::Done,
            sentence: "The export was cancelled; no file was changed".to_owned(),
            undo: false,
        }),
        Ok(Err(error)) => failed(&error.to_string()),
        Err(sentence) => failed(sentence),
    }
}
