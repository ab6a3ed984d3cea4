//! Lines, pairs and corpora of training data, as records.

use std::collections::{HashSet, VecDeque};
use std::fs::File;
use std::io::{self, BufRead};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::super::articles::stream::Stream;
use super::super::options::ReadOptions;
use super::super::record::{Record, Records};
use super::super::values::{self, Element, Values};
use super::training;
use crate::annotation::exchange::{RawDocument, RawLayer};
use crate::annotation::{RawSpan, Status};
use crate::text::{Place, Problem, Text};

pub fn reader(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let file = path.display().to_string();
    let limit = options.limits.document_bytes.saturating_mul(2);
    let mut first = String::new();
    // What is no text fails where it is read.
    let _ = io::Read::take(values::open(path)?, limit).read_line(&mut first);
    let source = values::open(path)?;
    let elements: Box<dyn Iterator<Item = Result<Element, Box<Problem>>> + Send> = if pair(&first).is_some() {
        Box::new(Pairs { source, file: file.clone(), limit, line: 0, read: 0, over: false })
    } else {
        Box::new(Values::new(source, file.clone(), limit))
    };
    Ok(Box::new(Examples { elements, file, waiting: VecDeque::new() }))
}

/// `["text", {"entities": …}]`, alone on its line.
pub fn pair(line: &str) -> Option<Value> {
    let line = line.trim_start_matches('\u{feff}').trim();
    let value: Value = if line.starts_with("[\"") { serde_json::from_str(line).ok()? } else { return None };
    matches!(value.as_array()?.as_slice(), [Value::String(_), Value::Object(_)]).then_some(value)
}

/// Lines that are arrays, which in other files would be one array that holds everything.
struct Pairs {
    source: Stream<File>,
    file: String,
    limit: u64,
    line: usize,
    read: u64,
    over: bool,
}

impl Iterator for Pairs {
    type Item = Result<Element, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.line += 1;
            let place = Place::file(self.file.clone()).at_line(self.line);
            let mut line = Vec::new();
            match io::Read::take(&mut self.source, self.limit).read_until(b'\n', &mut line) {
                Ok(0) => {
                    let note = self.source.note(&Place::file(self.file.clone())).filter(|_| !self.over);
                    self.over = true;
                    return note.map(|note| Err(Box::new(note)));
                }
                Ok(count) => self.read += count as u64,
                Err(error) => {
                    self.limit = 0;
                    let sentence = format!("the file could not be read further: {error}");
                    return Some(Err(Box::new(Problem::error(place, sentence))));
                }
            }
            let bytes = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
            if !bytes.is_empty() {
                return Some(match serde_json::from_slice(bytes) {
                    Ok(value) => Ok(Element { value, line: self.line, read: self.read, list: None }),
                    Err(error) => Err(Box::new(Problem::error(place, format!("it is no JSON value: {error}")))),
                });
            }
        }
    }
}

/// Takes every value apart into documents.
struct Examples {
    elements: Box<dyn Iterator<Item = Result<Element, Box<Problem>>> + Send>,
    file: String,
    /// Documents of a value that has several.
    waiting: VecDeque<Result<Record, Box<Problem>>>,
}

impl Iterator for Examples {
    type Item = Result<Record, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.waiting.pop_front() {
                return Some(record);
            }
            let element = match self.elements.next()? {
                Ok(element) => element,
                Err(problem) => return Some(Err(problem)),
            };
            let place = Place::file(self.file.clone()).at_line(element.line);
            self.take(element.value, &place, element.read);
        }
    }
}

impl Examples {
    fn take(&mut self, value: Value, place: &Place, read: u64) {
        let refused = |sentence: &str| Err(Box::new(Problem::error(place.clone(), sentence)));
        match value {
            Value::Array(pair) => match <[Value; 2]>::try_from(pair) {
                Ok([Value::String(text), Value::Object(about)]) => {
                    self.waiting.push_back(Ok(example(&text, about, place, read)));
                }
                _ => self.waiting.push_back(refused("it is no pair of a text and its entities; it was not imported")),
            },
            Value::Object(mut record) => {
                if record.get("paragraphs").is_some_and(Value::is_array) {
                    let records = training::documents(record, place, read);
                    self.waiting.extend(records);
                } else if let Some(Value::Array(pairs)) =
                    record.shift_remove("annotations").filter(|_| !record.contains_key("text"))
                {
                    for pair in pairs.into_iter().filter(Value::is_array) {
                        self.take(pair, place, read);
                    }
                } else if let Some(Value::String(text)) = record.shift_remove("text") {
                    self.waiting.push_back(Ok(example(&text, record, place, read)));
                } else {
                    self.waiting.push_back(refused("it has no text; it was not imported"));
                }
            }
            Value::Null => {}
            _ => self.waiting.push_back(refused("it is neither a line with a text nor a pair; it was not imported")),
        }
    }
}

/// One text with its entities, span groups and whatever else is said of it.
fn example(source: &str, mut about: Map<String, Value>, place: &Place, read: u64) -> Record {
    let mut problems = Vec::new();
    let mut spans = Vec::new();
    let seen = about.contains_key("entities") || about.contains_key("spans");
    let chars: Vec<char> = source.chars().collect();
    let mut known = HashSet::new();
    if let Some(Value::Object(groups)) = about.get("spans") {
        for (group, list) in groups {
            for value in list.as_array().into_iter().flatten() {
                let Some(mut span) = span(value, place, &mut problems) else { continue };
                if group != "sc" {
                    span.extra.insert("spacy".to_owned(), json!({"groups": [group]}));
                }
                known
                    .extend(span.ranges.iter().map(|(start, end)| (trimmed(&chars, *start, *end), span.label.clone())));
                spans.push(span);
            }
        }
        about.shift_remove("spans");
    }
    match about.shift_remove("entities") {
        Some(Value::Array(list)) => {
            for value in list {
                let Some(span) = span(&value, place, &mut problems) else { continue };
                // What stands in a group is no second span.
                let again = |(start, end): &(usize, usize)| known.contains(&((*start, *end), span.label.clone()));
                if !span.ranges.iter().any(again) {
                    spans.push(span);
                }
            }
        }
        Some(Value::Null) | None => {}
        Some(_) => problems.push(Problem::error(place.clone(), "its entities are no list; they were not imported")),
    }
    let status = about.get("status").and_then(Value::as_str).and_then(Status::parse);
    let annotator = text_of(&mut about, "annotator");
    if status.is_some() {
        about.shift_remove("status");
    }
    let layer = RawLayer { annotator, status, spans, ..RawLayer::default() };
    record(source, about, if seen { vec![layer] } else { Vec::new() }, problems, place, read)
}

/// The document itself. What else is said of it goes into its metadata.
pub fn record(
    source: &str,
    mut about: Map<String, Value>,
    layers: Vec<RawLayer>,
    problems: Vec<Problem>,
    place: &Place,
    read: u64,
) -> Record {
    let (text, newlines) = Text::from_source(source);
    let id = match about.get("id") {
        Some(Value::String(id)) if !id.is_empty() => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    if id.is_some() {
        about.shift_remove("id");
    }
    let mut meta = match about.get_mut("meta") {
        Some(Value::Object(meta)) => std::mem::take(meta),
        _ => Map::new(),
    };
    if about.get("meta").is_some_and(Value::is_object) {
        about.shift_remove("meta");
    }
    if !about.is_empty() {
        meta.insert("spacy_json".to_owned(), Value::Object(about));
    }
    let counting = newlines.clone();
    let document = RawDocument { id, text: Some((text, newlines)), counting, meta, layers, ..RawDocument::default() };
    Record { place: place.clone(), document, has_spans: false, problems, read }
}

fn text_of(about: &mut Map<String, Value>, key: &str) -> Option<String> {
    let text = about.get(key)?.as_str().filter(|text| !text.is_empty())?.to_owned();
    about.shift_remove(key);
    Some(text)
}

/// `[start, end, label]`, `[start, end, label, entry]` or an object that says the same.
pub fn span(value: &Value, place: &Place, problems: &mut Vec<Problem>) -> Option<RawSpan> {
    let offset = |value: &Value| value.as_u64().and_then(|offset| usize::try_from(offset).ok());
    let mut extra = Map::new();
    let (start, end, label, quote) = match value {
        Value::Array(list) => {
            if let Some(entry) = list.get(3).and_then(Value::as_str).filter(|entry| !entry.is_empty()) {
                extra.insert("spacy".to_owned(), json!({"kb_id": entry}));
            }
            (list.first(), list.get(1), list.get(2), None)
        }
        Value::Object(object) => (object.get("start"), object.get("end"), object.get("label"), object.get("text")),
        _ => (None, None, None, None),
    };
    match (start.and_then(offset), end.and_then(offset), label.and_then(Value::as_str)) {
        (Some(start), Some(end), Some(label)) => Some(RawSpan {
            label: label.to_owned(),
            ranges: vec![(start, end)],
            quote: quote.and_then(Value::as_str).map(str::to_owned),
            extra,
            ..RawSpan::default()
        }),
        _ => {
            let mut shown = value.to_string();
            if let Some((cut, _)) = shown.char_indices().nth(60) {
                shown.truncate(cut);
            }
            let sentence = format!("{shown} is no start, end and label; it was not imported");
            problems.push(Problem::error(place.clone(), sentence));
            None
        }
    }
}

/// An extent without the white space at its edges.
fn trimmed(chars: &[char], mut start: usize, end: usize) -> (usize, usize) {
    let mut end = end.min(chars.len());
    while start < end && chars[start].is_whitespace() {
        start += 1;
    }
    while start < end && chars[end - 1].is_whitespace() {
        end -= 1;
    }
    (start, end)
}
