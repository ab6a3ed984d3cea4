//! A row of any data set as a document: our own rows exactly, others by the names their columns usually have.
//!
//! A row becomes what a line of Spanwright JSONL would say, and that is read by the one reader of such lines, which checks the types.

use std::path::Path;

use serde_json::{Map, Value, json};

use super::features::Features;
use super::foreign;
use crate::annotation::exchange::RawDocument;
use crate::formats::record::Record;
use crate::text::{Place, Problem, TextHash};

/// The column that says of a row that it is ours: of such a one the words are not read, for they follow from the text and the spans.
pub(in crate::formats) const OURS: &str = "spanwright";

/// What is known of a file while its rows are read.
#[derive(Debug)]
pub(in crate::formats) struct Reading {
    file: String,
    features: Features,
    /// Which part of the data set it is, by its name.
    pub(super) split: String,
    /// There are other files of the data set, so that numbers alone are no ids.
    pub(super) several: bool,
    /// The number in the last id that was made; rows may stand on one line.
    last: usize,
    /// What is true of many rows, told of the first.
    told: Vec<&'static str>,
    /// What is wrong with the file as a whole: goes with its first row.
    pub pending: Vec<Problem>,
}

impl Reading {
    pub fn new(path: &Path, features: Features, several: bool) -> Self {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        // `train-00000-of-00002`
        let split = stem.split_once("-0").map_or(stem.as_str(), |(split, _)| split).to_owned();
        let several = several || is_part(&split);
        Self {
            file: path.display().to_string(),
            features,
            split,
            several,
            last: 0,
            told: Vec::new(),
            pending: Vec::new(),
        }
    }

    /// The rows from here on are in a list of their own, by its name.
    pub(super) fn in_list(&mut self, list: &str) {
        if is_part(list) && self.split != list {
            list.clone_into(&mut self.split);
            self.several = true;
        }
    }

    /// An id for a row that has none and may be the same as another.
    pub(super) fn new_id(&mut self, number: usize) -> String {
        self.last = number.max(self.last + 1);
        format!("{}-{}", self.split, self.last)
    }

    /// Says once what is true of many rows.
    pub(super) fn tell(&mut self, sentence: &'static str, place: &Place, problems: &mut Vec<Problem>) {
        if !self.told.contains(&sentence) {
            self.told.push(sentence);
            problems.push(Problem::warning(place.clone(), sentence));
        }
    }
}

/// What parts of a split are called.
pub(super) fn is_part(name: &str) -> bool {
    ["train", "validation", "valid", "dev", "test"].contains(&name)
}

/// Takes a row apart. `number` counts rows from 1, `read` the bytes up to here.
pub(in crate::formats) fn record(
    mut row: Map<String, Value>,
    number: usize,
    read: u64,
    reading: &mut Reading,
) -> Result<Record, Box<Problem>> {
    let place = Place::file(reading.file.clone()).at_line(number);
    let mut problems = std::mem::take(&mut reading.pending);
    reading.features.name(&mut row);
    let (line, has_spans) = if row.get(OURS).is_some_and(Value::is_string) {
        (own(row, &place, &mut problems), false)
    } else {
        foreign::line(row, number, reading, &place, &mut problems)?
    };
    let document = RawDocument::read(line, &place, &mut problems);
    Ok(Record { place, document, has_spans, problems, read })
}

/// A row that we have written.
fn own(mut row: Map<String, Value>, place: &Place, problems: &mut Vec<Problem>) -> Map<String, Value> {
    let mut take = |key: &str| row.shift_remove(key).unwrap_or_default();
    let mut rest = parsed(take("spanwright"), "spanwright", place, problems);
    let meta = parsed(take("meta"), "meta", place, problems);
    let attributes = parsed(take("document_attributes"), "document_attributes", place, problems);
    let hash = take("text_sha256").as_str().and_then(TextHash::parse);
    let (id, text, annotator, spans) = (take("id"), take("text"), take("annotator"), take("spans"));
    if let (Some(text), Some(hash)) = (text.as_str(), hash)
        && TextHash::of(text) != hash
    {
        let sentence = "the text is not the one that was exported (text_sha256): it was taken as it is now";
        problems.push(Problem::warning(place.clone(), sentence));
    }
    let mut line = Map::new();
    line.insert("id".to_owned(), id);
    line.insert("text".to_owned(), text);
    line.insert("meta".to_owned(), meta.into());
    if let Some(newlines) = rest.shift_remove("newlines") {
        line.insert("newlines".to_owned(), newlines);
    }
    if let Value::Array(spans) = spans {
        let mut layer = object(rest.shift_remove("layer").unwrap_or_default());
        layer.insert("annotator".to_owned(), annotator);
        layer.insert("status".to_owned(), take("status"));
        layer.insert("flag".to_owned(), take("flag"));
        layer.insert("attributes".to_owned(), attributes.into());
        let spans = spans.into_iter().map(|span| span_line(object(span), place, problems)).collect();
        layer.insert("spans".to_owned(), Value::Array(spans));
        if let Value::Array(relations) = take("relations") {
            let relations = relations.into_iter().map(|relation| with_more(object(relation), place, problems));
            let relations = relations.collect();
            layer.insert("relations".to_owned(), Value::Array(relations));
        }
        line.insert("layers".to_owned(), json!([layer]));
    }
    line.extend(object(rest.shift_remove("extra").unwrap_or_default()));
    line
}

fn span_line(mut span: Map<String, Value>, place: &Place, problems: &mut Vec<Problem>) -> Value {
    let (start, end) = (span.shift_remove("start").unwrap_or_default(), span.shift_remove("end").unwrap_or_default());
    match span.shift_remove("fragments") {
        Some(Value::Array(fragments)) if !fragments.is_empty() => {
            span.insert("ranges".to_owned(), fragments.into());
        }
        _ => drop(span.insert("ranges".to_owned(), json!([[start, end]]))),
    }
    if let Some(text) = span.shift_remove("text") {
        span.insert("quote".to_owned(), text);
    }
    if let Some(Value::Number(label)) = span.get("label") {
        // The names are gone from the file: the number is all there is.
        let label = label.to_string();
        span.insert("label".to_owned(), label.into());
    }
    let mut span = with_more(span, place, problems);
    if let Value::Object(span) = &mut span
        && !span.contains_key("origin")
    {
        span.insert("origin".to_owned(), json!({"by": "manual"}));
    }
    span
}

/// Attributes and the keys of `more`, which stand in the row as JSON text.
fn with_more(mut item: Map<String, Value>, place: &Place, problems: &mut Vec<Problem>) -> Value {
    let attributes = parsed(item.shift_remove("attributes").unwrap_or_default(), "attributes", place, problems);
    let more = parsed(item.shift_remove("more").unwrap_or_default(), "more", place, problems);
    item.insert("attributes".to_owned(), attributes.into());
    item.extend(more);
    item.into()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// An object that stands in a column as text.
fn parsed(value: Value, column: &str, place: &Place, problems: &mut Vec<Problem>) -> Map<String, Value> {
    let Value::String(text) = value else { return Map::new() };
    serde_json::from_str(&text).unwrap_or_else(|error| {
        let sentence = format!("the column {column} holds no JSON object ({error}): it was left out");
        problems.push(Problem::error(place.clone().field(column), sentence));
        Map::new()
    })
}
