//! From one data format to another without a project: read, settled and checked as an import does, written and read back as an export
//! does. Streams: memory depends on the largest document, as far as both formats allow.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::export::{ExportError, ExportPlan, ExportReport, Recount, Target};
use super::output::Output;
use crate::annotation::exchange::RawLayer;
use crate::annotation::{Annotator, Layer};
use crate::formats::articles::Limits;
use crate::formats::glimpse::Glimpse;
use crate::formats::labelled::Labelled;
use crate::formats::options::{ReadOptions, WriteOptions};
use crate::formats::propose::propose;
use crate::formats::recognise::{Recognised, recognise, told};
use crate::formats::record::{Record, Records};
use crate::formats::settle::{Counting, settle};
use crate::formats::survey::Survey;
use crate::formats::table::{Feature, Format, Shape};
use crate::schema::{LabelId, Schema};
use crate::store::{Job, StoreError};
use crate::text::wording::counted;
use crate::text::{Document, Place, Problem, Severity};

/// What to convert.
#[derive(Clone, Debug)]
pub struct ConvertPlan {
    /// Files, folders and archives of labelled data, of one format.
    pub inputs: Vec<PathBuf>,
    /// What it is; recognised where not given.
    pub from: Option<&'static Format>,
    /// Whose the layers are that name nobody.
    pub annotator: Annotator,
    /// The schema that targets are told; made of the labels in the input where there is none.
    pub schema: Option<Schema>,
    pub export: ExportPlan,
}

/// Converts everything. On an error, or when cancelled, no file has changed.
pub fn convert(
    plan: &ConvertPlan,
    stream: &mut (dyn io::Write + Send),
    job: &Job,
) -> Result<ExportReport, ExportError> {
    let input = Input::open(plan)?;
    let survey = input.survey(job)?;
    let options = options(plan, &survey, schema(plan, &survey))?;
    let mut report = ExportReport::default();
    let rehearsed = plan.export.rehearses();
    let mut recount = Recount::default();
    let total = survey.documents * (1 + u64::from(rehearsed));
    let kept = rehearsed || plan.export.strict;
    let mut output = Output::begin(&plan.export, options, vec![""], kept, stream)?;
    input.each(&survey, Some(&mut report), &mut |document, layers, report| {
        let Some(report) = report else { return Ok(()) };
        job.set(report.documents, total);
        if job.is_cancelled() {
            return Err(StoreError::Cancelled.into());
        }
        report.count(plan.export.format, document, layers);
        for loss in output.document(0, document, layers)? {
            report.lose(&loss);
            recount.add(&loss, report);
        }
        Ok(())
    })?;
    let written = output.finish()?;
    report.refused = plan.export.strict && !report.losses.is_empty();
    if !report.refused && rehearsed {
        let mut back = written.read_back(&plan.export)?;
        let mut found = Vec::new();
        input.each(&survey, None, &mut |document, layers, _| {
            if job.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            let differs = back.document(0, document, layers, recount.of_document(document.id.as_str()));
            found.extend(differs.map_err(ExportError::Differs)?.into_iter().filter(|loss| !recount.knows(loss)));
            Ok(())
        })?;
        back.finish().map_err(ExportError::Differs)?;
        report.verified = found.is_empty();
        for loss in &found {
            report.lose(loss);
        }
        report.refused = plan.export.strict && !report.losses.is_empty();
    }
    if !report.refused {
        report.files = written.publish(stream)?;
    }
    Ok(report)
}

/// An input in memory, read and checked: for measurements of what writing alone takes.
#[derive(Debug)]
pub struct Loaded {
    documents: Vec<(Document, Vec<Arc<Layer>>)>,
    options: WriteOptions,
}

impl Loaded {
    pub fn read(plan: &ConvertPlan, job: &Job) -> Result<Self, ExportError> {
        let input = Input::open(plan)?;
        let survey = input.survey(job)?;
        let options = options(plan, &survey, schema(plan, &survey))?;
        let mut documents = Vec::new();
        input.each(&survey, None, &mut |document, layers, _| {
            documents.push((document.clone(), layers.to_vec()));
            Ok(())
        })?;
        Ok(Self { documents, options })
    }

    /// How many documents were written.
    pub fn write(self, plan: &ConvertPlan, stream: &mut (dyn io::Write + Send)) -> Result<usize, ExportError> {
        let mut output = Output::begin(&plan.export, self.options, vec![""], false, stream)?;
        for (document, layers) in &self.documents {
            output.document(0, document, layers)?;
        }
        output.finish()?.publish(stream)?;
        Ok(self.documents.len())
    }
}

fn schema(plan: &ConvertPlan, survey: &Survey) -> Schema {
    match &plan.schema {
        Some(schema) => schema.clone(),
        None => Schema::parse(&propose(&survey.vocabulary, "converted"), "schema.ron").schema.unwrap_or_default(),
    }
}

fn options(plan: &ConvertPlan, survey: &Survey, schema: Schema) -> Result<WriteOptions, ExportError> {
    let mut annotators: BTreeSet<Annotator> =
        survey.annotators.iter().map(|name| Annotator::from(name.clone())).collect();
    if survey.nameless || annotators.is_empty() {
        annotators.insert(plan.annotator.clone());
    }
    let format = plan.export.format;
    let alone = format.shape == Shape::File && !format.has(Feature::SeveralLayers);
    if annotators.len() > 1 && alone && !matches!(plan.export.target, Target::PerAnnotator(_)) {
        let names: Vec<&str> = annotators.iter().map(Annotator::as_str).collect();
        return Err(ExportError::Plan(format!(
            "A file of {} holds one layer, and there are several: {}. Name a folder that ends in / for one file each",
            format.name,
            names.join(", ")
        )));
    }
    let mut labels: Vec<LabelId> = schema.labels.iter().map(|label| label.id.clone()).collect();
    let named: BTreeSet<&str> = survey.vocabulary.labels.keys().map(String::as_str).collect();
    // Labels go out as they came in.
    labels.retain(|label| named.contains(label.as_str()));
    labels.extend(
        named.iter().map(|name| LabelId::from(*name)).filter(|label| !labels.contains(label)).collect::<Vec<_>>(),
    );
    Ok(WriteOptions {
        offsets: plan.export.offsets,
        schema: Arc::new(schema),
        labels,
        annotators: annotators.into_iter().collect(),
        misaligned: plan.export.tokens.misaligned,
        scheme: plan.export.tokens.scheme,
        priority: plan.export.tokens.priority.clone(),
        split: "",
    })
}

/// What is converted.
struct Input<'a> {
    plan: &'a ConvertPlan,
    labelled: Labelled,
    /// What of an archive could not be taken along.
    problems: Vec<Problem>,
}

type Visit<'v> = dyn FnMut(&Document, &[Arc<Layer>], Option<&mut ExportReport>) -> Result<(), ExportError> + 'v;

impl<'a> Input<'a> {
    fn open(plan: &'a ConvertPlan) -> Result<Self, ExportError> {
        let limits = Limits::default();
        let (mut whole, mut problems): (Option<Labelled>, _) = (None, Vec::new());
        for path in &plan.inputs {
            let failed = |error| ExportError::Io { what: path.display().to_string(), error };
            let lines = match plan.from {
                Some(format) => Some(format),
                None if path.is_file() => Format::of(&Glimpse::at(path).map_err(failed)?),
                None => None,
            };
            let found = match (lines.filter(|format| format.is_lines()), plan.from) {
                (Some(format), _) => Recognised { found: vec![Labelled::new(path, format)], ..Recognised::default() },
                (None, Some(format)) => told(path, format, &limits),
                (None, None) => recognise(path, &limits),
            };
            if let Some(danger) = found.danger {
                return Err(ExportError::Plan(format!("{danger}. Nothing was converted")));
            }
            if let Some(problem) = found.problems.first().filter(|_| found.found.is_empty()) {
                return Err(ExportError::Plan(format!("{problem}. Nothing was converted")));
            }
            if found.found.is_empty() {
                return Err(ExportError::Plan(format!(
                    "{} is no labelled data in a format that is known. Say what it is with --from",
                    path.display()
                )));
            }
            problems.extend(found.problems);
            for name in found.left_out {
                let sentence = "it is no labelled file that is known; it was left out";
                problems.push(Problem::warning(Place::file(name.display().to_string()), sentence));
            }
            if found.articles > 0 {
                let count = counted(found.articles as u64, "file in it is", "files in it are");
                let sentence = format!("{count} no labelled data, and left out");
                problems.push(Problem::warning(Place::file(path.display().to_string()), sentence));
            }
            for next in found.found {
                match &mut whole {
                    None => whole = Some(next),
                    Some(whole) if whole.format == next.format && !whole.format.is_lines() => {
                        if !next.comes_with(whole) {
                            whole.join(next);
                        }
                    }
                    Some(whole) => {
                        return Err(ExportError::Plan(format!(
                            "{} is {}, and {} is {}: they cannot be converted as one. Convert each by itself, or say which it is with --from",
                            whole.path.display(),
                            whole.format.name,
                            next.path.display(),
                            next.format.name
                        )));
                    }
                }
            }
        }
        let labelled = whole.ok_or_else(|| ExportError::Plan("There is nothing to convert".to_owned()))?;
        Ok(Self { plan, labelled, problems })
    }

    /// With `glancing`, whatever a survey does not need may be left out.
    fn records(&self, glancing: bool) -> Result<Records, ExportError> {
        let failed = |error| ExportError::Io { what: self.labelled.path.display().to_string(), error };
        self.labelled.records(&ReadOptions { limits: Limits::default(), glancing }).map_err(failed)
    }

    fn survey(&self, job: &Job) -> Result<Survey, ExportError> {
        let mut survey = Survey::new(&self.labelled);
        for record in self.records(true)? {
            if job.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
            survey.see(record);
        }
        Ok(survey)
    }

    /// Every document with its layers, in the order of the input. With a report, what is wrong is told.
    fn each(
        &self,
        survey: &Survey,
        mut report: Option<&mut ExportReport>,
        visit: &mut Visit<'_>,
    ) -> Result<(), ExportError> {
        let way = survey.counting();
        if let Some(report) = report.as_deref_mut() {
            report.unread += self.problems.iter().filter(|problem| problem.severity == Severity::Error).count() as u64;
            report.findings.extend(self.problems.iter().cloned());
        }
        let mut waiting: Option<(Document, Vec<Arc<Layer>>)> = None;
        for record in self.records(false)? {
            let mut problems = Vec::new();
            let read = match record {
                Ok(record) => self.document(record, way, &mut problems),
                Err(problem) => {
                    problems.push(*problem);
                    None
                }
            };
            if let Some(report) = report.as_deref_mut() {
                report.unread += problems.iter().filter(|problem| problem.severity == Severity::Error).count() as u64;
                report.findings.extend(problems);
            }
            let Some((document, layers)) = read else { continue };
            // Several annotators of one document may come as records one after the other.
            match &mut waiting {
                Some((before, known))
                    if before.id == document.id && before.text == document.text && are_others(known, &layers) =>
                {
                    known.extend(layers);
                }
                _ => {
                    if let Some((document, layers)) = waiting.replace((document, layers)) {
                        visit(&document, &layers, report.as_deref_mut())?;
                    }
                }
            }
        }
        match waiting {
            Some((document, layers)) => visit(&document, &layers, report),
            None => Ok(()),
        }
    }

    fn document(
        &self,
        record: Record,
        way: Counting,
        problems: &mut Vec<Problem>,
    ) -> Option<(Document, Vec<Arc<Layer>>)> {
        let Record { place, document: mut raw, has_spans, problems: said, .. } = record;
        problems.extend(said);
        let Some(id) = raw.document_id() else {
            problems.push(Problem::error(place, "the document has neither text nor id"));
            return None;
        };
        let place = place.in_document(id.as_str());
        if self.labelled.format.reader.is_some() {
            settle(&mut raw, way, &place, problems);
        }
        let Some((text, newlines)) = raw.text.take() else {
            problems.push(Problem::error(place, "it has no text").fix("Convert a file that holds the texts too"));
            return None;
        };
        let own = has_spans.then(|| RawLayer { spans: std::mem::take(&mut raw.spans), ..RawLayer::default() });
        let counting = std::mem::take(&mut raw.counting);
        let document = Document { id, text, meta: raw.meta, newlines, extra: raw.extra };
        let check = |mut layer: RawLayer| {
            let owner = layer.annotator.take().map_or_else(|| self.plan.annotator.clone(), Annotator::from);
            Arc::new(layer.check(owner, &document, &counting, &place, problems))
        };
        let layers = raw.layers.into_iter().chain(own).map(check).collect();
        Some((document, layers))
    }
}

/// No layer of `more` is of someone who has one among `known`: their second one goes out as a document of its own.
fn are_others(known: &[Arc<Layer>], more: &[Arc<Layer>]) -> bool {
    more.iter().all(|layer| known.iter().all(|other| other.annotator != layer.annotator))
}
