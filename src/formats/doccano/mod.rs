//! doccano JSONL, one layer per file, in the two spellings of its exports and imports (`backend/data_export/pipeline`):
//!
//! ```text
//! {"id":1,"text":"…","label":[[0,9,"Person"]],"Comments":[]}                                  sequence labelling
//! {"id":1,"text":"…","entities":[{"id":0,"label":"Person","start_offset":0,"end_offset":9}],
//!  "relations":[{"id":0,"from_id":0,"to_id":1,"type":"works_for"}],"Comments":[]}             with relations
//! ```
//!
//! Also the older `labels` and `annotations`, document labels (`cats`, or `label` as a list of strings), and values over many lines.
//! Offsets count code points unless a project counts graphemes, which the file does not say. Every other key is metadata to doccano, and
//! comes back in its exports: what it lacks stands under `spanwright`.

mod aside;
mod read;
mod write;

use serde_json::{Map, Value};

use super::table::{Feature, Features, Format, Shape};
use crate::text::convert::Unit;

/// JSON Lines of doccano.
pub(super) static FORMAT: Format = Format {
    id: "doccano",
    name: "doccano JSONL",
    about: "one layer: texts with label triples, or with entities and relations",
    extensions: &["jsonl", "json"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: Features::all_but(&[Feature::Fragments, Feature::Empty, Feature::SeveralLayers, Feature::Labels]),
    looks: |glimpse| glimpse.record().is_some_and(looks),
    reader: Some(read::records),
    writer: Some(write::writer),
    vocabulary: None,
    words: None,
};

/// Keys that are no metadata.
const KEYS: [&str; 13] = [
    "id",
    "doc_id",
    "text",
    "data",
    "label",
    "labels",
    "annotations",
    "entities",
    "relations",
    "Comments",
    "cats",
    "meta",
    aside::KEY,
];

/// Label triples; entities with offsets; what only doccano writes beside labels.
fn looks(record: &Map<String, Value>) -> bool {
    let list = |key: &str| record.get(key).and_then(Value::as_array);
    let all = |key: &str, fits: fn(&Value) -> bool| {
        list(key).is_some_and(|items| !items.is_empty() && items.iter().all(fits))
    };
    let own = list("Comments").is_some();
    let text = ["text", "data"].iter().any(|key| record.get(*key).is_some_and(Value::is_string));
    let spans = all("label", is_triple)
        || all("labels", is_triple)
        || all("entities", is_entity)
        || all("annotations", is_entity)
        || (all("entities", is_triple) && list("cats").is_some());
    let empty = list("label").is_some_and(Vec::is_empty)
        || (list("entities").is_some_and(Vec::is_empty) && list("relations").is_some());
    spans || (text && (empty || (own && list("label").is_some())))
}

fn is_triple(item: &Value) -> bool {
    match item.as_array().map(Vec::as_slice) {
        Some([start, end, label, ..]) => start.is_u64() && end.is_u64() && (label.is_string() || label.is_u64()),
        _ => false,
    }
}

fn is_entity(item: &Value) -> bool {
    item["start_offset"].is_u64() && item["end_offset"].is_u64() && !item["label"].is_null()
}
