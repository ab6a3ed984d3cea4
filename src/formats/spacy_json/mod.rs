//! spaCy's training data as JSON: lines of `{"text","entities":[[start,end,label]]}`, lists of `[text,{"entities":…}]`, and the
//! `paragraphs` of spaCy 2. Offsets count code points, half open.
//!
//! Written are lines. `entities` is what spaCy's `Example.from_dict` takes: nothing overlaps (spaCy raises E103 otherwise; the labels of
//! the export's priority first, then the longest, then the first) and nothing has white space at its edges. Where that is not the
//! whole layer, everything stands in `spans` under `sc`, which `Example.from_dict` takes too and our reader believes.

mod read;
mod training;
mod write;

use serde_json::Value;

use super::glimpse::Glimpse;
use super::table::{Feature, Features, Format, Shape};
use crate::text::convert::Unit;

/// What training scripts hold in JSON.
pub(super) static FORMAT: Format = Format {
    id: "spacy-json",
    name: "spaCy JSON",
    about: "lines of {\"text\",\"entities\":[[start,end,label]]}; reads spaCy 2 training data too",
    extensions: &["jsonl", "json"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: Features::only(&[
        Feature::Spans,
        Feature::Overlaps,
        Feature::Edges,
        Feature::Status,
        Feature::SeveralLayers,
        Feature::Metadata,
        Feature::FormerIds,
    ]),
    looks,
    reader: Some(read::reader),
    writer: Some(write::writer),
    vocabulary: None,
    words: None,
};

fn looks(glimpse: &Glimpse) -> bool {
    if glimpse.value().is_some_and(of_ours) || read::pair(glimpse.text().lines().next().unwrap_or_default()).is_some() {
        return true;
    }
    // A corpus of spaCy 2 may be one value, longer than what is looked at.
    let start = glimpse.text();
    glimpse.value().is_none()
        && start.trim_start().starts_with(['[', '{'])
        && ["\"paragraphs\"", "\"sentences\"", "\"tokens\"", "\"orth\""].iter().all(|key| start.contains(key))
}

/// One record of any of the three.
fn of_ours(value: &Value) -> bool {
    let triples = |list: &Value| list.as_array().is_some_and(|list| list.iter().all(is_triple));
    match value {
        Value::Array(pair) => {
            matches!(pair.as_slice(), [Value::String(_), Value::Object(about)] if about.get("entities").is_some_and(triples))
        }
        Value::Object(record) => {
            let groups = |groups: &Value| {
                groups.as_object().is_some_and(|groups| !groups.is_empty() && groups.values().all(triples))
            };
            let line = record.get("text").is_some_and(Value::is_string)
                && (record.get("entities").is_some_and(triples) || record.get("spans").is_some_and(groups))
                && !record.contains_key("relations")
                && !record.contains_key("label");
            let listed = |key: &str| record.get(key).and_then(Value::as_array);
            let first = |list: &[Value]| list.iter().find(|value| !value.is_null()).is_some_and(of_ours);
            line || listed("paragraphs").is_some_and(|list| list.iter().all(|p| p["sentences"].is_array()))
                || (!record.contains_key("text") && listed("annotations").is_some_and(|list| first(list)))
        }
        _ => false,
    }
}

/// `[start, end, label]`, and perhaps an entry of a knowledge base.
fn is_triple(value: &Value) -> bool {
    matches!(value.as_array().map(Vec::as_slice), Some([start, end, Value::String(_), ..]) if start.is_u64() && end.is_u64())
}
