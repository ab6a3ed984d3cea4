//! `spanwright agree`: how far annotators agree.

use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{Agree, Form};
use super::manners::{Done, Failure, Manners, Outcome, unheard};
use super::project::{self, Opened};
use super::table::Table;
use crate::agreement::{Asked, Grain, MEASURES, Measure, Row, Scope, measure};
use crate::annotation::Annotator;
use crate::schema::LabelId;
use crate::schema::suggest::did_you_mean;
use crate::session::agreement::{Comparison, Plan, compare, page};
use crate::store::Job;
use crate::text::wording::counted;

pub(super) fn run(arguments: &Agree, given: Option<&str>, manners: &Manners) -> Outcome {
    let file = arguments.report.as_deref().map(|path| Ok::<_, Failure>((path, form_of(path)?))).transpose()?;
    let goals = goals(&arguments.min)?;
    let measures = measures(&arguments.measure, &goals)?;
    let opened = project::open(&arguments.project, manners)?;
    let plan = Plan {
        annotators: annotators(given, &opened)?,
        labels: labels(&arguments.label, &opened)?,
        grain: Grain::ALL.into_iter().find(|grain| grain.as_str() == arguments.unit).unwrap_or_default(),
        asked: Asked { measures, seed: arguments.seed, samples: arguments.samples, ..Plan::new().asked },
        drift: arguments.drift,
        leave_one_out: arguments.leave_one_out,
    };
    let job = Job::default();
    let progress = manners.progress(&job, "Comparing");
    let comparison = compare(&*opened.store, &opened.schema, &plan, &job)?;
    if let Some((path, form)) = file {
        let bytes = match form {
            Report::Page => page(&comparison, &opened.schema, &*opened.store, &job)?.into_bytes(),
            Report::Rows(form) => {
                let mut bytes = Vec::new();
                write(&comparison, Some(form), &mut bytes, false).map_err(|error| unheard(&error))?;
                bytes
            }
        };
        fs::write(path, bytes)
            .map_err(|error| Failure::Said(format!("Could not write the report {}: {error}", path.display())))?;
    }
    drop(progress);
    let terminal = io::IsTerminal::is_terminal(&io::stdout());
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&comparison, arguments.format, &mut out, terminal).map_err(|error| unheard(&error))?;
    comparison.parameters.notes.iter().for_each(|note| manners.say(note));
    let documents = comparison.corpus.items.len() as u64;
    manners.say(format!(
        "{} by two annotators or more, of {}",
        counted(documents, "document is finished", "documents are finished"),
        counted(comparison.parameters.documents, "document", "documents"),
    ));
    Ok(if short(&comparison, &goals, manners) { Done::Short } else { Done::Fully })
}

/// Tells of each goal that is not reached.
fn short(comparison: &Comparison, goals: &[(&str, f64)], manners: &Manners) -> bool {
    let mut short = false;
    for (id, least) in goals {
        let found = match comparison.overall(id).map(|row| &row.value) {
            Some(Ok(value)) if value >= least => continue,
            Some(Ok(value)) => format!("{value:.3}"),
            Some(Err(reason)) => format!("undefined: {reason}"),
            None => "undefined".to_owned(),
        };
        manners.error(format!("{id} is under {least}: {found}"));
        short = true;
    }
    short
}

/// What a report is written as.
enum Report {
    /// HTML, for people.
    Page,
    Rows(Form),
}

fn form_of(path: &Path) -> Result<Report, Failure> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html" | "htm") => Ok(Report::Page),
        Some("json") => Ok(Report::Rows(Form::Json)),
        Some("jsonl") => Ok(Report::Rows(Form::Jsonl)),
        Some("csv") => Ok(Report::Rows(Form::Csv)),
        Some("md") => Ok(Report::Rows(Form::Md)),
        Some("txt") => Ok(Report::Rows(Form::Table)),
        _ => {
            let sentence = "a report ends in .html, .json, .jsonl, .csv, .md or .txt";
            Err(Failure::Said(format!("{}: {sentence}", path.display())))
        }
    }
}

/// JSON holds everything. Lines and CSV hold the rows; what people read, not those of documents.
fn write(comparison: &Comparison, form: Option<Form>, out: &mut impl io::Write, terminal: bool) -> io::Result<()> {
    if form == Some(Form::Json) {
        writeln!(out, "{:#}", comparison.to_json())?;
        return out.flush();
    }
    if form == Some(Form::Jsonl) {
        comparison.rows.iter().try_for_each(|row| writeln!(out, "{}", Value::from(row)))?;
        return out.flush();
    }
    let data = form == Some(Form::Csv);
    let mut table = Table::new(&[
        "measure",
        "scope",
        "label",
        "document",
        "annotators",
        "value",
        "low",
        "high",
        "n",
        "documents",
        "excluded",
        "reason",
        "note",
    ]);
    for row in comparison.rows.iter().filter(|row| data || row.scope != Scope::Document) {
        // As text: what is data is not rounded, what is read is, alike everywhere.
        let number = |value: Option<f64>| match value {
            Some(value) if data => json!(value.to_string()),
            Some(value) => json!(format!("{value:.3}")),
            None => Value::Null,
        };
        table.row([
            json!(row.measure),
            json!(row.scope.as_str()),
            json!(row.label),
            json!(row.document),
            json!(row.annotators.join(", ")),
            number(row.value.as_ref().ok().copied()),
            number(row.interval.map(|(low, _)| low)),
            number(row.interval.map(|(_, high)| high)),
            json!(row.n),
            json!(row.documents),
            json!(excluded(row)),
            json!(row.value.as_ref().err().map(ToString::to_string)),
            json!(row.note),
        ]);
    }
    table.write(out, form, terminal)
}

/// `untouched 3, skipped 1`
fn excluded(row: &Row) -> String {
    row.excluded.iter().map(|(reason, documents)| format!("{reason} {documents}")).collect::<Vec<_>>().join(", ")
}

fn known(id: &str) -> Result<&'static dyn Measure, Failure> {
    let ids = MEASURES.iter().map(|measure| measure.id());
    measure(id).ok_or_else(|| Failure::Said(format!("“{id}” is no measure. {}", did_you_mean(id, ids))))
}

/// `f1-exact=0.8`
fn goals(given: &[String]) -> Result<Vec<(&'static str, f64)>, Failure> {
    let goal = |words: &String| {
        let (id, least) = words.split_once('=').unwrap_or((words, ""));
        let measure = known(id.trim())?;
        match least.trim().parse::<f64>() {
            Ok(least) if least.is_finite() => Ok((measure.id(), least)),
            _ => Err(Failure::Said(format!("--min {words}: write it as {}=0.8", measure.id()))),
        }
    };
    given.iter().map(goal).collect()
}

/// Those that are named, else all that do not take long; and those that have a goal.
fn measures(named: &[String], goals: &[(&str, f64)]) -> Result<Vec<&'static dyn Measure>, Failure> {
    let named = named.iter().map(|id| known(id.trim())).collect::<Result<Vec<_>, _>>()?;
    let wanted = |measure: &dyn Measure| {
        let is = |other: &str| other == measure.id();
        let named = if named.is_empty() { !measure.on_request() } else { named.iter().any(|other| is(other.id())) };
        named || goals.iter().any(|(other, _)| is(other))
    };
    Ok(MEASURES.iter().copied().filter(|measure| wanted(*measure)).collect())
}

/// Nobody where nobody is named. A single name in the environment says who I am, not who is compared.
pub(super) fn annotators(given: Option<&str>, opened: &Opened) -> Result<Vec<Annotator>, Failure> {
    let mine = std::env::var("SPANWRIGHT_ANNOTATOR").ok();
    let Some(given) = given.filter(|given| mine.as_deref() != Some(*given)) else { return Ok(Vec::new()) };
    let counts = opened.store.counts()?;
    let known: Vec<&str> = counts.annotators.iter().map(|one| one.annotator.as_str()).collect();
    // A name that is known is one name, commas and all.
    let names = if known.contains(&given) { vec![given] } else { given.split(',').map(str::trim).collect() };
    let mut annotators: Vec<Annotator> = Vec::new();
    for name in names.into_iter().filter(|name| !name.is_empty()) {
        if !known.contains(&name) {
            let hint = did_you_mean(name, known.iter().copied());
            return Err(Failure::Said(format!("{name} has no layers here. {hint}")));
        }
        if !annotators.iter().any(|other| other.as_str() == name) {
            annotators.push(Annotator::from(name));
        }
    }
    Ok(annotators)
}

/// The schema's, and those that occur though it lacks them.
pub(super) fn labels(given: &[String], opened: &Opened) -> Result<Vec<LabelId>, Failure> {
    let counts = opened.store.counts()?;
    let used: Vec<&str> = counts.annotators.iter().flat_map(|one| &one.spans).map(|(id, _)| id.as_str()).collect();
    let label = |id: &String| match opened.schema.resolve(id) {
        Some(label) => Ok(label.id.clone()),
        None if used.contains(&id.as_str()) => Ok(LabelId::from(id.as_str())),
        None => {
            let mut all: Vec<&str> =
                opened.schema.labels.iter().map(|label| label.id.as_str()).chain(used.clone()).collect();
            all.sort_unstable();
            all.dedup();
            Err(Failure::Said(format!("“{id}” is no label of this schema. {}", did_you_mean(id, all))))
        }
    };
    given.iter().map(label).collect()
}
