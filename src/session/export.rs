//! Writing data for others: which documents and layers, in which format, completely or not at all, with a report of every loss.
//!
//! Documents come in the order of their ids. A layer that counts in an older text goes out with that text. Formats that are read by
//! training programs get the label ids of today (the schema's `was` is resolved); Spanwright JSONL keeps what is stored.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;

use super::output::Output;
use super::report::{Findings, Report, counted};
use super::selection::{Selected, Selection};
use crate::annotation::exchange::Offsets;
use crate::annotation::{Annotator, Status};
use crate::formats::loss::Loss;
use crate::formats::options::WriteOptions;
use crate::formats::table::{Feature, Format};
use crate::schema::{LabelId, Schema};
use crate::store::{Job, Store, StoreError};

/// What to export, and how.
#[derive(Clone, Debug)]
pub struct ExportPlan {
    pub format: &'static Format,
    pub target: Target,
    pub who: Who,
    /// Only layers with one of these; any where empty.
    pub statuses: Vec<Status>,
    /// Only spans with one of these labels, or one below it; all where empty.
    pub labels: Vec<LabelId>,
    pub offsets: Offsets,
    /// Read the output back and compare before it counts.
    pub verify: bool,
    /// Write nothing if anything that an annotator made would be lost.
    pub strict: bool,
}

/// Where an export goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The stream that is given to [`export`].
    Stream,
    /// A file, replaced if it is there. For a format of many files: a folder that is new or empty.
    Path(PathBuf),
    /// A folder with one file per annotator.
    PerAnnotator(PathBuf),
}

/// Whose layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Of these, and only documents in which one of them has a layer.
    Annotators(Vec<Annotator>),
    /// Every document and every layer, gold included.
    All,
}

/// What came of an export.
#[derive(Clone, Debug, Default)]
pub struct ExportReport {
    pub documents: u64,
    pub layers: u64,
    pub spans: u64,
    /// By what was lost.
    pub losses: BTreeMap<Feature, u64>,
    /// Documents whose metadata the format does not hold.
    pub metadata: u64,
    pub findings: Findings,
    /// What was written; empty for a stream, and where losses forbade it.
    pub files: Vec<PathBuf>,
    /// `strict`, and something would have been lost: nothing was written.
    pub refused: bool,
    pub verified: bool,
}

/// Why nothing was exported.
#[derive(Debug)]
pub enum ExportError {
    Store(StoreError),
    /// The plan asks for what cannot be.
    Plan(String),
    Io {
        what: String,
        error: io::Error,
    },
    /// The output does not read back as it was written.
    Differs(String),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Plan(sentence) => f.write_str(sentence),
            Self::Io { what, error } => write!(f, "Could not write {what}: {error}. Nothing was exported"),
            Self::Differs(sentence) => {
                write!(f, "The export was checked and is not right: {sentence}. Nothing was exported")
            }
        }
    }
}

impl std::error::Error for ExportError {}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Carries out the plan. `stream` is written to where the plan says so. On an error, or when cancelled, no file has changed.
pub fn export(
    store: &dyn Store,
    schema: &Schema,
    plan: &ExportPlan,
    stream: &mut (dyn io::Write + Send),
    job: &Job,
) -> Result<ExportReport, ExportError> {
    let selection = Selection::new(store, schema, plan)?;
    let total = store.counts()?.documents;
    let mut report = ExportReport::default();
    let options = WriteOptions { offsets: plan.offsets, ..WriteOptions::default() };
    let mut output = Output::begin(plan, &options, &mut *stream)?;
    selection.each(&mut |Selected { document, layers, losses }| {
        job.set(report.documents, total);
        if job.is_cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        report.documents += 1;
        report.layers += layers.len() as u64;
        report.spans += layers.iter().map(|layer| layer.spans.len() as u64).sum::<u64>();
        report.metadata += u64::from(!plan.format.has(Feature::Metadata) && !document.meta.is_empty());
        let lost = output.document(document, layers)?;
        losses.iter().chain(&lost).for_each(|loss| report.lose(loss));
        Ok(())
    })?;
    let written = output.finish()?;
    report.refused = plan.strict && !report.losses.is_empty();
    if report.refused {
        return Ok(report);
    }
    if plan.verify {
        let mut back = written.read_back(plan)?;
        selection.each(&mut |Selected { document, layers, .. }| {
            if job.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            back.document(document, layers).map_err(ExportError::Differs)
        })?;
        back.finish().map_err(ExportError::Differs)?;
        report.verified = true;
    }
    report.files = written.publish(stream)?;
    Ok(report)
}

impl ExportReport {
    fn lose(&mut self, loss: &Loss) {
        *self.losses.entry(loss.what).or_default() += 1;
        self.findings.push(loss.problem());
    }

    /// `24 documents exported with 24 layers (612 spans). Left out: 31 notes, 12 relations.`
    pub fn sentence(&self) -> String {
        let documents = counted(self.documents, "document", "documents");
        let lost: Vec<String> = self.losses.iter().map(|(what, count)| what.counted(*count)).collect();
        let lost = lost.join(", ");
        if self.refused {
            return format!("Nothing was written: this would leave out {lost}.");
        }
        let (layers, spans) = (counted(self.layers, "layer", "layers"), counted(self.spans, "span", "spans"));
        let mut sentence = format!("{documents} exported with {layers} ({spans}).");
        if self.verified {
            sentence.push_str(" Read back and compared: the same.");
        }
        if !lost.is_empty() {
            sentence.extend([" Left out: ", &lost, "."]);
        }
        if self.metadata > 0 {
            let documents = counted(self.metadata, "document", "documents");
            sentence.extend([" The format holds no metadata; there is some of ", &documents, "."]);
        }
        sentence
    }

    /// The whole report.
    pub fn report(&self) -> Report {
        let mut counts = vec![("documents", self.documents), ("layers", self.layers), ("spans", self.spans)];
        counts.extend(self.losses.iter().map(|(what, count)| (what.lost(), *count)));
        counts.push(("documents without their metadata", self.metadata));
        Report { sentence: self.sentence(), counts, findings: self.findings.clone() }
    }
}
