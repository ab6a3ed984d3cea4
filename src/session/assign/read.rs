//! Reading `assignments.ron` as people leave it: every mistake is told at once, with line, column and what was probably meant.

use std::collections::HashMap;
use std::ops::Range;

use super::{Assignments, FILE, FORMAT, Hands};
use crate::annotation::Annotator;
use crate::schema::Source;
use crate::schema::source::{Field, Node, Value};
use crate::schema::suggest::did_you_mean;
use crate::text::{DocumentId, Problem, Severity};

const FIELDS: [&str; 5] = ["format", "annotators", "overlap", "seed", "documents"];
const FORM: &str = "It should read like Assignments(format: 1, annotators: [\"ana\", \"ben\"], overlap: 0.2, seed: 1, documents: {\"a-1\": [\"ana\"]})";

/// `None` where anything is wrong.
pub(super) fn read(text: &str) -> (Option<Assignments>, Vec<Problem>) {
    let source = Source::parse(text, FILE);
    let mut reader = Reader { source: &source, problems: source.problems().to_vec(), read: Assignments::default() };
    if reader.problems.is_empty() {
        reader.root();
    }
    reader.problems.sort_by_key(|problem| (problem.place.line, problem.place.column));
    let wrong = reader.problems.iter().any(|problem| problem.severity == Severity::Error);
    ((!wrong).then_some(reader.read), reader.problems)
}

struct Reader<'a> {
    source: &'a Source,
    problems: Vec<Problem>,
    read: Assignments,
}

impl Reader<'_> {
    fn wrong(&mut self, at: &Range<usize>, sentence: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem::error(self.source.place(at.start), sentence).fix(fix));
    }

    fn root(&mut self) {
        let root = self.source.root();
        let fields = match &root.value {
            Value::Struct(name, fields) if name.as_deref().is_none_or(|name| name == "Assignments") => fields,
            _ => return self.wrong(&root.range, "this is no list of assignments", FORM),
        };
        for (at, field) in fields.iter().enumerate() {
            if !FIELDS.contains(&field.name.as_str()) {
                let fix = did_you_mean(&field.name, FIELDS);
                self.wrong(&field.at, format!("there is no field {}", field.name), fix);
            } else if fields[..at].iter().any(|earlier| earlier.name == field.name) {
                self.wrong(&field.at, format!("{} is given twice", field.name), "Remove one of them");
            }
        }
        let find = |name: &str| fields.iter().find(|field| field.name == name);
        match find("format") {
            None => self.wrong(&root.range, "the format is not given", format!("Write format: {FORMAT}")),
            Some(field) => self.format(field),
        }
        match find("annotators") {
            None => self.wrong(&root.range, "the annotators are not given", "Write annotators: [\"ana\", \"ben\"]"),
            Some(field) => self.annotators(&field.value),
        }
        if let Some(field) = find("overlap") {
            self.overlap(&field.value);
        }
        if let Some(field) = find("seed") {
            match &field.value.value {
                Value::Number(number) if number.is_u64() => self.read.seed = number.as_u64().unwrap_or_default(),
                _ => self.wrong(
                    &field.value.range,
                    "the seed is no whole number",
                    "Write a number from 0 on, as in seed: 1",
                ),
            }
        }
        match find("documents") {
            None => self.wrong(&root.range, "the documents are not given", "Write documents: {\"a-1\": [\"ana\"]}"),
            Some(field) => self.documents(&field.value),
        }
    }

    fn format(&mut self, field: &Field) {
        let format = match &field.value.value {
            Value::Number(number) => number.as_u64(),
            _ => None,
        };
        match format {
            Some(FORMAT) => {}
            Some(newer) if newer > FORMAT => {
                let sentence = format!("the format is {newer}, and this Spanwright knows formats up to {FORMAT}");
                self.wrong(&field.value.range, sentence, "Install a newer one");
            }
            _ => self.wrong(&field.value.range, "there is no such format", format!("Write format: {FORMAT}")),
        }
    }

    fn overlap(&mut self, node: &Node) {
        let share = match &node.value {
            Value::Number(number) => number.as_f64(),
            _ => None,
        };
        match share.filter(|share| (0.0..=1.0).contains(share)) {
            Some(share) => self.read.overlap = share,
            None => self.wrong(&node.range, "the overlap is no share from 0 to 1", "Write 0.2 for 20 %"),
        }
    }

    /// The strings of a list, with their places.
    fn strings<'n>(&mut self, node: &'n Node, of: &str) -> Vec<(&'n str, &'n Range<usize>)> {
        let Value::List(items) = &node.value else {
            self.wrong(&node.range, format!("{of} are no list of names"), "Write [\"ana\", \"ben\"]");
            return Vec::new();
        };
        let mut strings = Vec::new();
        for item in items {
            match &item.value {
                Value::String(name) => strings.push((name.as_str(), &item.range)),
                Value::Word(word) => {
                    self.wrong(&item.range, format!("{word} lacks its quotation marks"), format!("Write \"{word}\""));
                }
                _ => self.wrong(&item.range, "this is no name", "Write it in quotation marks, as in \"ana\""),
            }
        }
        strings
    }

    fn annotators(&mut self, node: &Node) {
        for (name, at) in self.strings(node, "the annotators") {
            let annotator = Annotator::from(name);
            if name.trim().is_empty() {
                self.wrong(at, "a name is empty", "Write one, or remove it");
            } else if annotator.is_gold() {
                self.wrong(
                    at,
                    "“gold” is the name of the layers that adjudication makes",
                    "Give the annotator another name",
                );
            } else if self.read.annotators.contains(&annotator) {
                self.wrong(at, format!("{name} is there twice"), "Remove one of them");
            } else if self.read.annotators.len() == Hands::MOST {
                return self.wrong(
                    at,
                    format!("there are more than {} annotators", Hands::MOST),
                    "Make two projects of it",
                );
            } else {
                self.read.annotators.push(annotator);
            }
        }
    }

    fn documents(&mut self, node: &Node) {
        let entries = match &node.value {
            Value::Map(entries) => &entries[..],
            _ => return self.wrong(&node.range, "the documents are no map", "Write documents: {\"a-1\": [\"ana\"]}"),
        };
        let mut seen: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
        for (key, value) in entries {
            let Value::String(id) = &key.value else {
                self.wrong(&key.range, "this is no id of a document", "Write it in quotation marks, as in \"a-1\"");
                continue;
            };
            let line = self.source.position(key.range.start).0;
            if let Some(first) = seen.insert(id, line) {
                self.wrong(
                    &key.range,
                    format!("the document {id} is there twice, first in line {first}"),
                    "Keep one of the two lines",
                );
                continue;
            }
            let mut hands = Hands::NOBODY;
            for (name, at) in self.strings(value, "the annotators of a document") {
                let Some(place) = self.read.place(&Annotator::from(name)) else {
                    let known: Vec<String> = self.read.annotators.iter().map(ToString::to_string).collect();
                    let fix = did_you_mean(name, known.iter().map(String::as_str));
                    let fix = format!("{}; or add them to annotators", fix.trim_end_matches('?'));
                    self.wrong(at, format!("{name} is not among the annotators"), fix);
                    continue;
                };
                let one = Hands::one(place);
                if !hands.among(one).is_empty() {
                    self.wrong(at, format!("{name} is given {id} twice"), "Remove one of them");
                }
                hands = hands.and(one);
            }
            self.read.documents.push((DocumentId::from(id.as_str()), hands));
        }
        self.read.documents.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
}
