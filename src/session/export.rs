//! Writing data for others: which documents and layers, in which format, completely or not at all, with a report of every loss.
//!
//! Documents come in the order of their ids. A layer that counts in an older text goes out with that text. Formats that are read by
//! training programs get the label ids of today (the schema's `was` is resolved); Spanwright JSONL keeps what is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::agreement;
use super::describing::Describing;
use super::output::{Output, Written};
use super::report::{Findings, KEPT, Report};
use super::selection::{Selected, Selection};
use crate::annotation::exchange::Offsets;
use crate::annotation::{Annotator, Layer, Status};
use crate::formats::card::Agreement;
use crate::formats::loss::Loss;
use crate::formats::manifest::{Chosen, Manifest};
use crate::formats::options::WriteOptions;
use crate::formats::pseudonyms::{self, Pseudonyms};
use crate::formats::split::{PartCounts, SplitReport, Splitter, Wish};
use crate::formats::table::{Feature, Format};
use crate::formats::tokens::{Misaligned, Scheme};
use crate::schema::{LabelId, Schema};
use crate::store::{Job, Store, StoreError};
use crate::text::Document;
use crate::text::wording::counted;

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
    /// How token formats cut and tag.
    pub tokens: TokenPlan,
    /// One file becomes a folder, in which what comes with an export lies beside it.
    pub in_folder: bool,
    /// Nothing is read back, whatever the format: for measurements.
    pub trusting: bool,
    /// Parts for training and testing that do not leak into each other.
    pub split: Option<Wish>,
    /// Annotators' names are replaced; the key makes the same pseudonyms the next time.
    pub pseudonyms: Option<String>,
    /// A folder gets a manifest and a card; a single file on request.
    pub card: Option<CardPlan>,
}

/// What a dataset card says beside what is counted.
#[derive(Clone, Debug, Default)]
pub struct CardPlan {
    /// A single file gets them too: `FILE.manifest.json`, `FILE.card.md`.
    pub beside: bool,
    pub title: String,
    pub guidelines: Option<String>,
    pub licence: Option<String>,
}

/// How spans become tokens, where a format has them.
#[derive(Clone, Debug, Default)]
pub struct TokenPlan {
    pub misaligned: Misaligned,
    pub scheme: Scheme,
    /// Flat targets keep these labels first, then the longest span.
    pub priority: Vec<LabelId>,
}

impl ExportPlan {
    /// Everything of one annotator, as the format has it.
    pub fn new(format: &'static Format, target: Target, who: Who) -> Self {
        Self {
            format,
            target,
            who,
            statuses: Vec::new(),
            labels: Vec::new(),
            offsets: Offsets::default(),
            verify: false,
            strict: false,
            tokens: TokenPlan::default(),
            in_folder: false,
            trusting: false,
            split: None,
            pseudonyms: None,
            card: None,
        }
    }

    /// The output is read back before it counts: always where a format may lose something, else on request.
    pub(super) fn rehearses(&self) -> bool {
        self.verify || (self.format.reader.is_some() && !self.trusting)
    }
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
    /// Spans by label.
    pub labels: BTreeMap<LabelId, u64>,
    /// By what was lost.
    pub losses: BTreeMap<Feature, u64>,
    /// The first losses, one by one.
    pub lost: Vec<Loss>,
    /// Documents whose metadata the format does not hold.
    pub metadata: u64,
    /// What went where, and what stays together.
    pub split: Option<SplitReport>,
    /// Documents and spans of a conversion's input that are no such thing.
    pub unread: u64,
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
    // What goes to the stream at once is there before the rest is known.
    if plan.target == Target::Stream && !plan.strict && !plan.rehearses() {
        return Ok(prepare_on(store, schema, plan, stream, job)?.report);
    }
    let prepared = prepare(store, schema, plan, job)?;
    if prepared.report.refused { Ok(prepared.report) } else { prepared.publish(stream) }
}

/// An export that is written, read back and compared, and not yet in its place. Dropping it leaves nothing.
#[derive(Debug)]
pub struct Prepared {
    pub report: ExportReport,
    written: Written,
}

impl Prepared {
    /// The beginning of each text file as it will be, at most `most` bytes of each, by its name.
    pub fn samples(&self, most: u64) -> Vec<(String, String)> {
        self.written.samples(most)
    }

    /// Puts everything in its place, or nothing.
    pub fn publish(self, stream: &mut dyn io::Write) -> Result<ExportReport, ExportError> {
        let Self { mut report, written } = self;
        report.files = written.publish(stream)?;
        Ok(report)
    }
}

/// Writes, reads back and compares, and changes nothing yet.
pub fn prepare(store: &dyn Store, schema: &Schema, plan: &ExportPlan, job: &Job) -> Result<Prepared, ExportError> {
    prepare_on(store, schema, plan, &mut io::sink(), job)
}

fn prepare_on(
    store: &dyn Store,
    schema: &Schema,
    plan: &ExportPlan,
    stream: &mut (dyn io::Write + Send),
    job: &Job,
) -> Result<Prepared, ExportError> {
    let selection = Selection::new(store, schema, plan)?;
    let total = store.counts()?.documents;
    let rehearsed = plan.rehearses();
    let passes = 1 + u64::from(rehearsed) + u64::from(plan.split.is_some());
    let mut report = ExportReport::default();
    let kept = plan.strict || rehearsed;
    let pseudonyms = match &plan.pseudonyms {
        Some(key) => Some(pseudonyms(&selection, key)?),
        None => None,
    };
    let mut writing = options(store, schema, plan)?;
    if let Some(pseudonyms) = &pseudonyms {
        writing.annotators = writing.annotators.iter().map(|name| pseudonyms.annotator(name)).collect();
        writing.annotators.sort();
    }
    let mut gone = 0;
    let split = match &plan.split {
        None => None,
        Some(wish) => {
            let mut splitter = Splitter::new(wish.clone());
            selection.each(&mut |Selected { document, layers, .. }| {
                job.set(gone, total * passes);
                gone += 1;
                if job.is_cancelled() {
                    return Err(StoreError::Cancelled.into());
                }
                splitter.document(document, layers);
                Ok(())
            })?;
            Some(splitter.finish())
        }
    };
    let names = split.as_ref().map_or_else(|| vec![""], |split| split.names().to_vec());
    let part = |document: &Document| {
        let part = split.as_ref().and_then(|split| split.part(&document.id));
        part.and_then(|part| names.iter().position(|name| *name == part)).unwrap_or_default()
    };
    let renamed = |document: &Document, layers: &[Arc<Layer>]| match &pseudonyms {
        Some(names) => {
            let layers: Vec<Arc<Layer>> = layers.iter().map(|layer| Arc::new(names.layer(layer).0)).collect();
            (names.document(document).map_or_else(|| document.clone(), |named| named.0), layers)
        }
        None => (document.clone(), layers.to_vec()),
    };
    let mut manifest = Manifest::new(plan.format, &writing);
    let mut output = Output::begin(plan, writing, names.clone(), kept, stream)?;
    let mut told = Recount::default();
    selection.each(&mut |Selected { document, layers, losses }| {
        job.set(gone + report.documents, total * passes);
        if job.is_cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        let (document, layers) = &renamed(document, layers);
        report.count(plan.format, document, layers);
        manifest.count(document, layers);
        let lost = output.document(part(document), document, layers)?;
        for loss in losses.iter().chain(&lost) {
            report.lose(loss);
            if rehearsed {
                told.add(loss, &report);
            }
        }
        Ok(())
    })?;
    let mut written = output.finish()?;
    report.refused = plan.strict && !report.losses.is_empty();
    if !report.refused && rehearsed {
        let mut back = written.read_back(plan)?;
        let mut done = gone + report.documents;
        let mut found = Vec::new();
        selection.each(&mut |Selected { document, layers, .. }| {
            job.set(done, total * passes);
            done += 1;
            if job.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            let (document, layers) = &renamed(document, layers);
            let differs = back.document(part(document), document, layers, told.of_document(document.id.as_str()));
            found.extend(differs.map_err(ExportError::Differs)?.into_iter().filter(|loss| !told.knows(loss)));
            Ok(())
        })?;
        back.finish().map_err(ExportError::Differs)?;
        report.verified = found.is_empty();
        for loss in &found {
            report.lose(loss);
        }
        report.refused = plan.strict && !report.losses.is_empty();
    }
    if let Some(split) = split {
        report.findings.extend(split.report.problems());
        report.split = Some(split.report);
    }
    let card = plan.card.as_ref().filter(|card| card.beside || written.folder().is_some());
    if let (Some(card), false) = (card, report.refused) {
        manifest.pseudonyms = pseudonyms.is_some();
        manifest.split.clone_from(&report.split);
        manifest.losses = report.losses.iter().map(|(what, count)| (what.lost().to_owned(), *count)).collect();
        manifest.chosen = chosen(plan, pseudonyms.as_ref());
        let failed = |error| ExportError::Io { what: "the manifest".to_owned(), error };
        let agreement = agreement(store, schema, plan)?;
        let card = Describing { plan: card, schema, agreement: agreement.as_ref() };
        match written.folder() {
            Some(folder) => card.folder(folder, manifest),
            None => card.file(&mut written, manifest),
        }
        .map_err(failed)?;
    }
    Ok(Prepared { report, written })
}

/// How far those agree whose layers go out.
fn agreement(store: &dyn Store, schema: &Schema, plan: &ExportPlan) -> Result<Option<Agreement>, ExportError> {
    let named: &[Annotator] = match &plan.who {
        Who::Annotators(names) => names,
        Who::All => &[],
    };
    // What is not finished is not compared.
    let finished = plan.statuses.is_empty() || plan.statuses.contains(&Status::Finished);
    if !finished || !plan.format.has(Feature::Spans) {
        return Ok(None);
    }
    Ok(agreement::card::of_export(store, schema, named, &plan.labels)?)
}

fn chosen(plan: &ExportPlan, pseudonyms: Option<&Pseudonyms>) -> Chosen {
    let called = |name: &Annotator| pseudonyms.map_or_else(|| name.to_string(), |all| all.of(name.as_str()));
    Chosen {
        annotators: match &plan.who {
            Who::Annotators(names) => names.iter().map(called).collect(),
            Who::All => Vec::new(),
        },
        statuses: plan.statuses.iter().map(|status| status.as_str().to_owned()).collect(),
        labels: plan.labels.clone(),
    }
}

/// A pseudonym for everyone who is named in what is exported.
fn pseudonyms(selection: &Selection<'_>, key: &str) -> Result<Pseudonyms, ExportError> {
    // Who is not in the export may still be named in a note.
    let known = selection.store.counts()?.annotators.into_iter().map(|one| one.annotator);
    let mut names: BTreeSet<String> = known.collect();
    selection.each(&mut |Selected { layers, .. }| {
        for layer in layers {
            names.extend(pseudonyms::names(layer));
        }
        Ok(())
    })?;
    Ok(Pseudonyms::new(names.iter().map(String::as_str), key.as_bytes()))
}

/// The losses that are known.
#[derive(Default)]
pub(super) struct Recount {
    /// As far as they are kept one by one, by document.
    losses: HashMap<String, Vec<Loss>>,
    /// Each of them, and each layer that has one, as a number.
    all: HashSet<u64>,
}

impl Recount {
    pub(super) fn add(&mut self, loss: &Loss, report: &ExportReport) {
        self.all.insert(number(loss, true));
        self.all.insert(number(loss, false));
        if report.lost.len() < KEPT {
            self.losses.entry(loss.document.0.clone()).or_default().push(loss.clone());
        }
    }

    pub(super) fn of_document(&self, id: &str) -> &[Loss] {
        self.losses.get(id).map_or(&[], Vec::as_slice)
    }

    /// Said before, be it in a part of the report that is only counted.
    pub(super) fn knows(&self, loss: &Loss) -> bool {
        self.all.contains(&number(loss, loss.item.is_some()))
    }
}

/// A loss, or the layer it is of.
fn number(loss: &Loss, item: bool) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&loss.document, loss.annotator.as_str(), loss.item.as_ref().filter(|_| item)).hash(&mut hasher);
    hasher.finish()
}

/// What writers are told: the schema, and what may come.
fn options(store: &dyn Store, schema: &Schema, plan: &ExportPlan) -> Result<WriteOptions, ExportError> {
    let counts = store.counts()?;
    let today = |id: &str| match schema.resolve(id) {
        Some(label) if !plan.format.has(Feature::FormerIds) => label.id.clone(),
        _ => LabelId::from(id),
    };
    let wanted = |label: &LabelId| plan.labels.is_empty() || schema.accepts(&plan.labels, label);
    let mut labels: Vec<LabelId> = schema.labels.iter().map(|label| label.id.clone()).filter(wanted).collect();
    let used = counts.annotators.iter().flat_map(|one| &one.spans).map(|(id, _)| today(id.as_str()));
    let others: BTreeSet<LabelId> = used.filter(|label| !labels.contains(label) && wanted(label)).collect();
    labels.extend(others);
    let annotators = match &plan.who {
        Who::Annotators(names) => names.clone(),
        Who::All => counts.annotators.iter().map(|one| Annotator::from(one.annotator.clone())).collect(),
    };
    Ok(WriteOptions {
        offsets: plan.offsets,
        schema: Arc::new(schema.clone()),
        labels,
        annotators,
        misaligned: plan.tokens.misaligned,
        scheme: plan.tokens.scheme,
        priority: plan.tokens.priority.clone(),
        split: "",
    })
}

impl ExportReport {
    /// One document more.
    pub(super) fn count(&mut self, format: &Format, document: &Document, layers: &[Arc<Layer>]) {
        self.documents += 1;
        self.layers += layers.len() as u64;
        for span in layers.iter().flat_map(|layer| layer.spans.iter()) {
            self.spans += 1;
            match self.labels.get_mut(&span.label) {
                Some(count) => *count += 1,
                None => drop(self.labels.insert(span.label.clone(), 1)),
            }
        }
        self.metadata += u64::from(!format.has(Feature::Metadata) && !document.meta.is_empty());
    }

    pub(super) fn lose(&mut self, loss: &Loss) {
        *self.losses.entry(loss.what).or_default() += 1;
        if self.lost.len() < KEPT {
            self.lost.push(loss.clone());
        }
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
            sentence.push_str(if lost.is_empty() {
                " Read back and compared: the same."
            } else {
                " Read back and compared: nothing else differs."
            });
        }
        if !lost.is_empty() {
            sentence.extend([" Left out: ", &lost, "."]);
        }
        if let Some(split) = &self.split {
            let part = |part: &PartCounts| format!("{} {}", part.name, part.documents);
            let parts: Vec<String> = split.parts.iter().map(part).collect();
            sentence.extend([" Split: ", &parts.join(", "), "."]);
            let alike = split.identical + split.near;
            if alike > 0 {
                let pairs = counted(alike, "pair of like documents stays", "pairs of like documents stay");
                sentence.extend([" ", &pairs, " together."]);
            }
        }
        if self.unread > 0 {
            let unread = counted(self.unread, "document or span", "documents or spans");
            sentence.extend([" Not read: ", &unread, "."]);
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
