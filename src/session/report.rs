//! What came of long work, told: findings with a bound on their number, and reports in the forms that people and programs read.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value, json};

use crate::text::{Place, Problem, Severity};

/// Problems in the order they were found. All are counted, the first [`KEPT`] are kept: memory does not grow with the input.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    kept: Vec<Problem>,
    errors: u64,
    warnings: u64,
    notes: u64,
}

/// How many problems a report lists.
pub const KEPT: usize = 10_000;

impl Findings {
    pub fn push(&mut self, problem: Problem) {
        match problem.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Note => self.notes += 1,
        }
        if self.kept.len() < KEPT {
            self.kept.push(problem);
        }
    }

    /// Those that are kept.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.kept.iter()
    }

    /// How many were found.
    pub fn len(&self) -> u64 {
        self.errors + self.warnings + self.notes
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn count(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Note => self.notes,
        }
    }
}

impl Extend<Problem> for Findings {
    fn extend<T: IntoIterator<Item = Problem>>(&mut self, problems: T) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// What came of an import, an export or a check.
#[derive(Clone, Debug)]
pub struct Report {
    /// In words.
    pub sentence: String,
    /// By name, in a fixed order.
    pub counts: Vec<(&'static str, u64)>,
    pub findings: Findings,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Csv,
    Markdown,
    Text,
}

impl Form {
    /// By a file's ending.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "md" => Some(Self::Markdown),
            "txt" | "text" => Some(Self::Text),
            _ => None,
        }
    }
}

/// The columns of a problem, as every form names them.
pub const COLUMNS: [&str; 9] =
    ["severity", "file", "line", "document", "annotator", "item", "field", "sentence", "fix"];

impl Report {
    /// The whole report.
    pub fn render(&self, form: Form) -> String {
        match form {
            Form::Json => {
                let counts: Map<String, Value> =
                    self.counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect();
                let problems: Vec<Value> = self.findings.iter().map(row).map(Value::Object).collect();
                let report = json!({
                    "sentence": self.sentence, "counts": counts, "found": self.findings.len(), "problems": problems,
                });
                format!("{report:#}\n")
            }
            Form::Csv => {
                let mut csv = csv::Writer::from_writer(Vec::new());
                // Writing to memory does not fail.
                let _ = csv.write_record(COLUMNS);
                for problem in &self.findings {
                    let row = row(problem);
                    let _ = csv.write_record(COLUMNS.map(|column| harmless(cell(&row[column]))));
                }
                csv.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
            }
            Form::Markdown => {
                let mut out = format!("{}\n\n| | |\n|---|---:|\n", self.sentence);
                for (name, count) in &self.counts {
                    let _ = writeln!(out, "| {name} | {count} |");
                }
                if !self.findings.is_empty() {
                    let _ = write!(out, "\n| {} |\n|{}\n", COLUMNS.join(" | "), "---|".repeat(COLUMNS.len()));
                }
                for problem in &self.findings {
                    let row = row(problem);
                    let cells = COLUMNS.map(|column| cell(&row[column]).replace('|', "\\|").replace('\n', " "));
                    let _ = writeln!(out, "| {} |", cells.join(" | "));
                }
                out + &self.more()
            }
            Form::Text => {
                let mut out = format!("{}\n", self.sentence);
                for problem in &self.findings {
                    let _ = writeln!(out, "{}", told(problem));
                }
                out + &self.more()
            }
        }
    }

    /// How many findings are counted but not listed.
    fn more(&self) -> String {
        match self.findings.len() - self.findings.iter().len() as u64 {
            0 => String::new(),
            more => format!("\nand {more} more\n"),
        }
    }
}

/// A problem by column; what is unknown is null.
pub fn row(problem: &Problem) -> Map<String, Value> {
    let Place { file, line, document, annotator, item, field, .. } = &problem.place;
    let severity = match problem.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let values = [
        json!(severity),
        json!(file),
        json!(line),
        json!(document),
        json!(annotator),
        json!(item),
        json!(field),
        json!(problem.sentence),
        json!(problem.fix),
    ];
    COLUMNS.iter().map(|column| (*column).to_owned()).zip(values).collect()
}

/// A spreadsheet takes what begins so for a formula: an apostrophe before it makes it text.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A problem as a person is told: what happened, to which document, what to do.
pub fn told(problem: &Problem) -> String {
    let Place { file, line, column, document, annotator, item, field } = &problem.place;
    let mut place = String::new();
    if let Some(line) = line {
        let _ = write!(place, "line {line}");
        if let Some(column) = column.filter(|_| document.is_none() && field.is_none()) {
            let _ = write!(place, ", column {column}");
        }
        place.push_str(" of ");
    }
    place.push_str(file.as_deref().unwrap_or_default());
    // Of a loss, the field is its kind, which the sentence says.
    let field = if file.is_some() { field.as_ref() } else { None };
    for (word, value) in
        [("document", document.as_ref()), ("layer of", annotator.as_ref()), ("item", item.as_ref()), ("field", field)]
    {
        if let Some(value) = value {
            let _ = write!(place, "{}{word} {value}", if place.is_empty() { "" } else { ", " });
        }
    }
    let sentence = &problem.sentence;
    let mut out = match problem.severity {
        _ if place.is_empty() => sentence.clone(),
        Severity::Error if line.is_some() && document.is_none() => format!("Could not read {place}: {sentence}"),
        Severity::Error if file.is_some() && document.is_none() => format!("Could not read {place}: {sentence}"),
        _ => format!("{}: {sentence}", capital(&place)),
    };
    if !problem.fix.is_empty() {
        let _ = write!(out, ". {}", problem.fix);
    }
    out
}

/// `line 14` at the start of a sentence; a file's name stays as it is.
fn capital(place: &str) -> String {
    for (small, large) in [("line ", "Line "), ("document ", "Document "), ("layer ", "Layer ")] {
        if let Some(rest) = place.strip_prefix(small) {
            return format!("{large}{rest}");
        }
    }
    place.to_owned()
}
