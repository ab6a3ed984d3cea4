//! Where everything that is imported arrives, document by document: what it is, whether the store takes it, what is said of it.

use std::collections::HashMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::BufReader;
use std::path::Path;

use serde_json::{Map, Value};

use super::import::{ImportError, ImportPlan, ImportReport};
use crate::annotation::exchange::{RawDocument, RawLayer};
use crate::annotation::{Annotator, Layer};
use crate::edit::record::LayerRecord;
use crate::formats::articles::{Article, Loaded, Loader};
use crate::formats::labelled::Labelled;
use crate::formats::options::ReadOptions;
use crate::formats::record::Record;
use crate::formats::settle::settle;
use crate::formats::spanwright::Records;
use crate::formats::survey::Survey;
use crate::store::{Added, Import, Job, LayerAdded, Store, StoreError};
use crate::text::{Document, DocumentId, NewlineMap, Place, Problem, Severity, TextHash};

/// One running import.
pub(super) struct Intake<'a> {
    pub plan: &'a ImportPlan,
    /// Sees the project as it was before.
    pub reader: &'a dyn Store,
    pub import: Box<dyn Import + 'a>,
    pub report: ImportReport,
    pub job: &'a Job,
    /// Bytes of the sources that are done, and of all.
    pub before: u64,
    pub total: u64,
    /// The document that came last.
    pub last: Option<DocumentId>,
    /// What this import has brought of each person for each document, as hashes: of who and what, of the layers.
    pub brought: HashMap<u64, Vec<u64>>,
}

impl Intake<'_> {
    fn go_on(&self, done: u64, total: u64) -> Result<(), ImportError> {
        self.job.set(self.before + done, self.total + total);
        if self.job.is_cancelled() { Err(StoreError::Cancelled.into()) } else { Ok(()) }
    }

    /// A file of Spanwright JSONL, or of spans.
    pub(super) fn lines(&mut self, path: &Path) -> Result<(), ImportError> {
        let name = path.display().to_string();
        let file = match File::open(path) {
            Ok(file) => BufReader::with_capacity(1 << 20, file),
            Err(error) => {
                self.refuse(Problem::error(Place::file(name), error.to_string()));
                return Ok(());
            }
        };
        let limit = self.plan.articles.limits.document_bytes.saturating_mul(4);
        for record in Records::new(file, name, limit) {
            match record {
                Ok(record) => {
                    self.go_on(record.read, 0)?;
                    self.record(record)?;
                }
                Err(problem) => self.refuse(*problem),
            }
        }
        Ok(())
    }

    /// Data of another program: read once to see what its offsets count and what it holds, then taken in.
    pub(super) fn foreign(&mut self, labelled: &Labelled) -> Result<(), ImportError> {
        let (format, size) = (labelled.format, labelled.size());
        let name = || Place::file(labelled.path.display().to_string());
        let options = ReadOptions { limits: self.plan.articles.limits, ..ReadOptions::default() };
        let survey = {
            let mut go = |read: u64| {
                self.job.set(self.before + read.min(size), self.total);
                !self.job.is_cancelled()
            };
            Survey::of(labelled, &options, &mut go)
        };
        let (survey, records) = match survey.and_then(|survey| Ok((survey, labelled.records(&options)?))) {
            Ok(both) => both,
            Err(error) => {
                self.refuse(Problem::error(name(), format!("it could not be read as {}: {error}", format.name)));
                return Ok(());
            }
        };
        self.before += size;
        self.report.findings.push(Problem::note(name(), survey.sentence()));
        let way = survey.counting();
        if (way.unit, way.source) != (format.unit, true) {
            let sentence = format!("its offsets count {}, by the texts that they cover: taken so", way.words());
            self.report.findings.push(Problem::note(name(), sentence));
        }
        for record in records {
            match record {
                Ok(mut record) => {
                    self.go_on(record.read.min(size), 0)?;
                    let place = match record.document.document_id() {
                        Some(id) => record.place.clone().in_document(id.as_str()),
                        None => record.place.clone(),
                    };
                    let mut problems = Vec::new();
                    settle(&mut record.document, way, &place, &mut problems);
                    let refused = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
                    self.report.spans_refused += refused as u64;
                    record.problems.extend(problems);
                    self.record(record)?;
                }
                Err(problem) => self.refuse(*problem),
            }
        }
        self.before += size;
        self.last = None;
        Ok(())
    }

    fn record(&mut self, record: Record) -> Result<(), ImportError> {
        let Record { place, document: mut raw, has_spans, problems, .. } = record;
        self.report.findings.extend(problems);
        let Some(id) = raw.document_id() else {
            let fix =
                "Each line needs \"id\" and \"text\", or \"id\" and \"sha256\" for a document that is there already";
            self.refuse(Problem::error(place, "the line has neither \"id\" nor \"text\"").fix(fix));
            return Ok(());
        };
        let layers = layers_of(&mut raw, has_spans);
        let RawDocument { sha256, text, counting, meta, extra, .. } = raw;
        let place = place.in_document(id.as_str());
        if let Some((text, newlines)) = text {
            let document = Document { id, text, meta, newlines, extra };
            if self.document(&document, sha256, &place)? {
                self.layers(&document, &counting, layers, &place)?;
            } else {
                self.report.layers_refused += layers.len() as u64;
            }
            return Ok(());
        }
        if let Some(document) = self.reader.document(&id, sha256)? {
            return self.layers(&document, &counting, layers, &place);
        }
        let sentence = match self.reader.document(&id, None)? {
            Some(_) => "its layers count in a text that the project does not have",
            None => "it has no text, and the project has no such document",
        };
        self.report.layers_refused += layers.len() as u64;
        self.refuse(Problem::error(place, sentence).fix("Import the article first"));
        Ok(())
    }

    /// Articles as sources have them.
    pub(super) fn articles(&mut self, mut loader: Loader) -> Result<(), ImportError> {
        while let Some(loaded) = loader.next() {
            self.go_on(loader.bytes_done(), loader.bytes_total().unwrap_or_default())?;
            match loaded {
                Loaded::Article(article) => self.article(*article)?,
                Loaded::Refused(problem) => self.refuse(problem),
                Loaded::Skipped(problem) | Loaded::Note(problem) => self.report.findings.push(problem),
                Loaded::Aborted(problem) => return Err(ImportError::Aborted(Box::new(problem))),
            }
        }
        self.before += loader.bytes_done();
        Ok(())
    }

    fn article(&mut self, article: Article) -> Result<(), ImportError> {
        let Article { document, place, notes, apart, .. } = article;
        self.report.findings.extend(notes);
        if apart.is_empty() {
            self.document(&document, None, &place)?;
            return Ok(());
        }
        let value = |raw: &str| serde_json::from_str::<Value>(raw).unwrap_or_default();
        let object: Map<String, Value> = apart.into_iter().map(|(key, raw)| (key, value(raw.get()))).collect();
        let has_spans = object.get("spans").is_some_and(Value::is_array);
        let mut problems = Vec::new();
        let mut raw = RawDocument::read(object, &place, &mut problems);
        self.report.findings.extend(problems);
        let layers = layers_of(&mut raw, has_spans);
        let place = place.in_document(document.id.as_str());
        if self.document(&document, raw.sha256, &place)? {
            return self.layers(&document, &document.newlines, layers, &place);
        }
        self.report.layers_refused += layers.len() as u64;
        Ok(())
    }

    /// `false` where the document was refused.
    fn document(&mut self, document: &Document, sha256: Option<TextHash>, place: &Place) -> Result<bool, ImportError> {
        if let Some(given) = sha256.filter(|given| !is_of(*given, document)) {
            let sentence = format!("the text is not the one that \"sha256\" stands for ({given})");
            let fix = "The file was changed or damaged: get it again, or take \"sha256\" out";
            self.refuse(Problem::error(place.clone(), sentence).fix(fix));
            return Ok(false);
        }
        match self.import.document(document)? {
            Added::New => self.report.new += 1,
            // Several annotators of one document come one after the other.
            Added::Same if self.last.as_ref() == Some(&document.id) => {}
            Added::Same => self.report.same += 1,
            Added::NewVersion => self.report.new_versions += 1,
            Added::Different(ours) => {
                let (ours, theirs) = (short(ours), short(document.text.sha256()));
                let place = place.clone().in_document(document.id.as_str());
                let sentence = format!("another text has this id (there {ours}, here {theirs}); it was not imported");
                self.refuse(
                    Problem::error(place, sentence)
                        .fix("Import it as a new version (--new-versions) to keep both, or give it another id"),
                );
                return Ok(false);
            }
        }
        self.last = Some(document.id.clone());
        Ok(true)
    }

    fn layers(
        &mut self,
        document: &Document,
        counting: &NewlineMap,
        layers: Vec<RawLayer>,
        place: &Place,
    ) -> Result<(), ImportError> {
        for mut raw in layers {
            let owner = raw.annotator.take().map(Annotator::from).or_else(|| self.plan.annotator.clone());
            let Some(owner) = owner else {
                self.report.layers_refused += 1;
                let problem = Problem::error(place.clone(), "its spans name no annotator; they were not imported");
                self.report.findings.push(problem.fix("Say whose they are: --annotator NAME"));
                continue;
            };
            let mut problems = Vec::new();
            let layer = raw.check(owner.clone(), document, counting, place, &mut problems);
            let refused = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
            self.report.spans_refused += refused as u64;
            self.report.findings.extend(problems);
            self.layer(document, layer, &owner, place)?;
        }
        Ok(())
    }

    fn layer(
        &mut self,
        document: &Document,
        mut layer: Layer,
        owner: &Annotator,
        place: &Place,
    ) -> Result<(), ImportError> {
        let spans = layer.spans.len() as u64;
        let place = place.clone().of_annotator(owner.as_str());
        // A layer that says nothing of its changes is no newer than the one that came before it in the same import.
        if layer.clock.0.is_empty() {
            let before = self.brought.entry(hash(&(&document.id, document.text.sha256(), owner))).or_default();
            let content = hash(&serde_json::to_string(&LayerRecord::from(&layer)).map_err(StoreError::from)?);
            if before.contains(&content) {
                self.report.layers_equal += 1;
                return Ok(());
            }
            before.push(content);
            if before.len() > 1 {
                layer.annotator = Annotator::from(format!("{owner} ({})", before.len()));
                let sentence =
                    format!("{owner} has several layers of this text: this one was kept as “{}”", layer.annotator);
                self.report.findings.push(Problem::warning(place.clone(), sentence));
            }
        }
        match self.import.layer(&document.id, document.text.sha256(), layer)? {
            LayerAdded::New => self.report.layers_new += 1,
            LayerAdded::Replaced => self.report.layers_replaced += 1,
            LayerAdded::Equal => {
                self.report.layers_equal += 1;
                return Ok(());
            }
            LayerAdded::Beside(name) => {
                self.report.layers_beside += 1;
                let sentence =
                    format!("the layer here has other changes; the imported one was kept beside it as “{name}”");
                self.report.findings.push(Problem::warning(place, sentence));
            }
            LayerAdded::NoText => {
                self.report.layers_refused += 1;
                let sentence = "its layer counts in a text that the project does not have; it was not imported";
                self.report.findings.push(Problem::error(place, sentence).fix("Import the article first"));
                return Ok(());
            }
        }
        self.report.spans += spans;
        Ok(())
    }

    fn refuse(&mut self, problem: Problem) {
        self.report.refused += u64::from(problem.severity == Severity::Error);
        self.report.findings.push(problem);
    }
}

/// The layers of a line; its own spans are one more, without an owner.
fn layers_of(raw: &mut RawDocument, has_spans: bool) -> Vec<RawLayer> {
    let mut layers = std::mem::take(&mut raw.layers);
    if has_spans {
        layers.push(RawLayer { spans: std::mem::take(&mut raw.spans), ..RawLayer::default() });
    }
    layers
}

/// The hash is of the document's text, as it is here or as its source had it.
fn is_of(hash: TextHash, document: &Document) -> bool {
    hash == document.text.sha256()
        || (!document.newlines.is_empty() && hash == TextHash::of(&document.newlines.restore(document.text.as_str())))
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Enough of a hash to tell texts apart.
fn short(hash: TextHash) -> String {
    hash.to_string()[..12].to_owned()
}
