//! Taking articles and layers into a project: streaming, all or nothing, with a report that names everything that was repaired,
//! refused or already there.
//!
//! Label ids stay as a file has them, former ids too: the schema's `was` is resolved where labels are used, so that a layer
//! file written under an older schema is still equal to ours.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::intake::Intake;
use super::report::{Findings, Report};
pub use super::sources::is_spanwright;
use super::sources::{Source, sources};
use crate::annotation::Annotator;
use crate::edit::TransactionId;
use crate::formats::articles::{LoadOptions, load};
use crate::formats::table::Format;
use crate::store::{Author, ImportOptions, Job, Store, StoreError};
use crate::text::wording::counted;
use crate::text::{Problem, Severity};

/// What to import, and how.
#[derive(Clone, Debug)]
pub struct ImportPlan {
    /// Files, folders and archives of articles; files and folders of Spanwright JSONL.
    pub paths: Vec<PathBuf>,
    /// What the files are; recognised where not given.
    pub format: Option<&'static Format>,
    /// Whose the layers and spans are that name no owner.
    pub annotator: Option<Annotator>,
    /// How articles are read.
    pub articles: LoadOptions,
    /// A known id with another text becomes a new version; else it is refused.
    pub new_versions: bool,
    pub by: Author,
}

/// What came of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportReport {
    /// Documents that are new, were there already, came as a new version, or were refused.
    pub new: u64,
    pub same: u64,
    pub new_versions: u64,
    pub refused: u64,
    /// Layers that are new, say what ours say, took our place, or were kept beside ours.
    pub layers_new: u64,
    pub layers_equal: u64,
    pub layers_replaced: u64,
    pub layers_beside: u64,
    pub layers_refused: u64,
    /// Spans in the layers that came in, and spans and relations that were refused.
    pub spans: u64,
    pub spans_refused: u64,
    pub findings: Findings,
    /// The one transaction that undo takes back; none where nothing came.
    pub transaction: Option<TransactionId>,
}

/// Why nothing was imported.
#[derive(Clone, Debug)]
pub enum ImportError {
    Store(StoreError),
    /// A source is dangerous.
    Aborted(Box<Problem>),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Aborted(problem) => write!(f, "{}. Nothing was imported", super::report::told(problem)),
        }
    }
}

impl std::error::Error for ImportError {}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Imports everything the plan names. On an error, or when cancelled, nothing of it stays.
pub fn import(store: &mut dyn Store, plan: &ImportPlan, job: &Job) -> Result<ImportReport, ImportError> {
    let names: Vec<String> = plan.paths.iter().map(|path| name(path)).collect();
    let options = ImportOptions {
        by: plan.by.clone(),
        title: format!("Import {}", names.join(", ")),
        new_versions: plan.new_versions,
    };
    let reader = store.another()?;
    let mut report = ImportReport::default();
    let sources = sources(plan, &mut report.findings).map_err(ImportError::Aborted)?;
    let import = store.import(options)?;
    let mut intake = Intake {
        plan,
        reader: &*reader,
        import,
        report,
        job,
        before: 0,
        total: 0,
        last: None,
        brought: HashMap::new(),
    };
    intake.total = sources.iter().filter_map(Source::size).sum();
    for source in sources {
        match source {
            Source::Lines(path, size) => {
                intake.lines(&path)?;
                intake.before += size;
            }
            Source::Foreign(labelled) => intake.foreign(&labelled)?,
            Source::Articles(paths, options) => intake.articles(load(&paths, &options))?,
        }
    }
    let Intake { import, mut report, .. } = intake;
    if job.is_cancelled() {
        return Err(StoreError::Cancelled.into());
    }
    report.transaction = import.finish()?;
    Ok(report)
}

/// The last part of a path.
fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

impl ImportReport {
    /// Something was refused: the import is done and fell short.
    pub fn fell_short(&self) -> bool {
        self.findings.count(Severity::Error) > 0
    }

    /// `13 documents imported, 1 already there, 1 not imported. 2 layers imported (31 spans).`
    pub fn sentence(&self) -> String {
        let mut parts = vec![format!("{} imported", counted(self.new, "document", "documents"))];
        for (count, words) in
            [(self.same, "already there"), (self.new_versions, "as a new version"), (self.refused, "not imported")]
        {
            if count > 0 {
                parts.push(format!("{count} {words}"));
            }
        }
        let mut sentence = format!("{}.", parts.join(", "));
        let came = self.layers_new + self.layers_replaced + self.layers_beside;
        if came + self.layers_equal + self.layers_refused > 0 {
            let spans = counted(self.spans, "span", "spans");
            let mut parts = vec![format!("{} imported ({spans})", counted(came, "layer", "layers"))];
            for (count, words) in [
                (self.layers_equal, "already there"),
                (self.layers_replaced, "of them in place of older ones"),
                (self.layers_beside, "of them kept beside ours"),
                (self.layers_refused, "not imported"),
            ] {
                if count > 0 {
                    parts.push(format!("{count} {words}"));
                }
            }
            sentence.extend([" ", &parts.join(", "), "."]);
        }
        if self.spans_refused > 0 {
            let refused = counted(self.spans_refused, "span or relation", "spans or relations");
            sentence.extend([" ", &refused, " not imported."]);
        }
        sentence
    }

    /// The whole report.
    pub fn report(&self) -> Report {
        Report {
            sentence: self.sentence(),
            counts: vec![
                ("documents new", self.new),
                ("documents already there", self.same),
                ("documents as new versions", self.new_versions),
                ("documents refused", self.refused),
                ("layers new", self.layers_new),
                ("layers already there", self.layers_equal),
                ("layers replaced", self.layers_replaced),
                ("layers kept beside", self.layers_beside),
                ("layers refused", self.layers_refused),
                ("spans", self.spans),
                ("spans refused", self.spans_refused),
            ],
            findings: self.findings.clone(),
        }
    }
}
