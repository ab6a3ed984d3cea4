//! Writing data for others: which documents and layers, in which format, completely or not at all, with a report of every loss.
//!
//! Documents come in the order of their ids. A layer that counts in an older text goes out with that text. Formats that are read by
//! training programs get the label ids of today (the schema's `was` is resolved); Spanwright JSONL keeps what is stored.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::output::Output;
use super::report::{Findings, Report, counted};
use crate::annotation::exchange::Offsets;
use crate::annotation::{Annotator, Layer, Spans, Status};
use crate::formats::loss::Loss;
use crate::formats::table::{Feature, Format, Shape};
use crate::schema::{LabelId, Schema};
use crate::store::{Job, Store, StoreError};
use crate::text::{Document, TextHash};

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
    stream: &mut dyn io::Write,
    job: &Job,
) -> Result<ExportReport, ExportError> {
    let selection = Selection::new(store, schema, plan)?;
    let total = store.counts()?.documents;
    let mut report = ExportReport::default();
    let mut output = Output::begin(plan, &mut *stream)?;
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

/// A document in one of its texts, with the layers that count in it and were asked for.
struct Selected<'a> {
    document: &'a Document,
    layers: &'a [Arc<Layer>],
    /// What the choice of labels tore apart.
    losses: Vec<Loss>,
}

/// The layers that count in one text, and what the choice of labels tore apart.
type Chosen = (Vec<Arc<Layer>>, Vec<Loss>);

/// What a plan chooses.
struct Selection<'a> {
    store: &'a dyn Store,
    schema: &'a Schema,
    plan: &'a ExportPlan,
    /// Whose layers, where they are named or there are none at all.
    owners: Option<Vec<Annotator>>,
    /// Labels are written under their ids of today.
    resolved: bool,
}

impl<'a> Selection<'a> {
    fn new(store: &'a dyn Store, schema: &'a Schema, plan: &'a ExportPlan) -> Result<Self, ExportError> {
        let several = match &plan.who {
            Who::Annotators(owners) => owners.len() > 1,
            Who::All => true,
        };
        let alone = plan.format.shape == Shape::File && !plan.format.has(Feature::SeveralLayers);
        if several && alone && !matches!(plan.target, Target::PerAnnotator(_)) {
            return Err(ExportError::Plan(format!(
                "A file of {} holds one layer, and this export has several. Name one annotator, or a folder that ends in / for one file each",
                plan.format.name
            )));
        }
        if plan.format.shape == Shape::Folder && plan.target == Target::Stream {
            return Err(ExportError::Plan(format!("{} is one file per document: name a folder", plan.format.name)));
        }
        let nobody = || Ok::<_, StoreError>(store.counts()?.annotators.is_empty().then(Vec::new));
        let owners = match &plan.who {
            Who::Annotators(owners) => Some(owners.clone()),
            Who::All => nobody()?,
        };
        Ok(Self { store, schema, plan, owners, resolved: !plan.format.has(Feature::FormerIds) })
    }

    /// Every document that was chosen, in order of id.
    fn each(&self, visit: &mut dyn FnMut(Selected<'_>) -> Result<(), ExportError>) -> Result<(), ExportError> {
        let mut failed = None;
        self.store.each_document(&mut |document| match self.visit(&document, visit) {
            Ok(()) => Ok(true),
            Err(ExportError::Store(error)) => Err(error),
            Err(error) => {
                failed = Some(error);
                Ok(false)
            }
        })?;
        failed.map_or(Ok(()), Err)
    }

    fn visit(
        &self,
        newest: &Arc<Document>,
        visit: &mut dyn FnMut(Selected<'_>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let hash = newest.text.sha256();
        // The texts that layers count in; the newest last.
        let mut texts: BTreeMap<(bool, TextHash), Chosen> = BTreeMap::new();
        if self.plan.who == Who::All {
            texts.insert((true, hash), Chosen::default());
        }
        let found;
        let owners = if let Some(owners) = &self.owners {
            owners
        } else {
            found = self.store.heads(&newest.id)?.into_iter().map(|head| head.annotator).collect::<Vec<_>>();
            &found
        };
        for owner in owners {
            let Some((layer, text)) = self.store.layer(&newest.id, owner)? else { continue };
            if !self.plan.statuses.is_empty() && !self.plan.statuses.contains(&layer.status) {
                continue;
            }
            let (layers, losses) = texts.entry((text == hash, text)).or_default();
            layers.push(Arc::new(self.cut(newest, layer, losses)));
        }
        for ((_, text), (layers, losses)) in texts {
            if text == hash {
                visit(Selected { document: newest, layers: &layers, losses })?;
            } else if let Some(document) = self.store.document(&newest.id, Some(text))? {
                visit(Selected { document: &document, layers: &layers, losses })?;
            }
        }
        Ok(())
    }

    /// The layer with the labels that were asked for, under the ids they are to have.
    fn cut(&self, document: &Document, mut layer: Layer, losses: &mut Vec<Loss>) -> Layer {
        let labels = &self.plan.labels;
        let today = |label: &'_ LabelId| self.schema.resolve(label.as_str()).map(|label| label.id.clone());
        let wanted = |label: &LabelId| {
            let label = today(label).map_or(Cow::Borrowed(label), Cow::Owned);
            labels.is_empty() || self.schema.accepts(labels, &label)
        };
        let renamed = |label: &LabelId| self.resolved && today(label).is_some_and(|today| today != *label);
        if layer.spans.iter().all(|span| wanted(&span.label) && !renamed(&span.label)) {
            return layer;
        }
        let spans = layer.spans.iter().filter(|span| wanted(&span.label)).map(|span| {
            let mut span = span.clone();
            if let Some(label) = today(&span.label).filter(|_| renamed(&span.label)) {
                Arc::make_mut(&mut span).label = label;
            }
            span
        });
        let spans: Vec<_> = spans.collect();
        // The ids were unique before.
        layer.spans = Spans::try_from(spans).unwrap_or_default();
        let spans = &layer.spans;
        layer.relations.retain(|id, relation| {
            let whole = spans.get(&relation.from).is_some() && spans.get(&relation.to).is_some();
            let started = spans.get(&relation.from).is_some() || spans.get(&relation.to).is_some();
            if !whole && started && self.plan.format.has(Feature::Relations) {
                losses.push(Loss {
                    document: document.id.clone(),
                    annotator: layer.annotator.clone(),
                    item: Some(id.clone()),
                    what: Feature::Relations,
                    sentence: format!("the relation {} is left out: one of its spans has another label", relation.kind),
                });
            }
            whole
        });
        layer
    }
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
