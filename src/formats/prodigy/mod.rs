//! Prodigy JSONL: one task per line, as `db-out` writes and every recipe takes it. Offsets count code points, half open; `token_start`
//! and `token_end` are both inclusive; a relation names the last token of each of its spans.
//!
//! `answer` is the status: accept is finished, ignore is skipped, reject and no answer are in progress (reject with a flag). Who answered
//! stands in `_annotator_id`, else in `_session_id`. What Prodigy has no key for lies in `spanwright` beside its own keys, in the task,
//! its spans and its relations; Prodigy keeps such keys and does not look at them. Fragments of one span are spans of one id.

mod read;
mod write;

use serde_json::{Map, Value};

use super::glimpse::Glimpse;
use super::table::{Feature, Features, Format, Shape, Words};
use crate::text::convert::Unit;

/// The key for what is ours.
const NOTE: &str = "spanwright";
/// The key, in our metadata and extras, for what is Prodigy's.
const THEIRS: &str = "prodigy";
/// What a rejected task is flagged with.
const REJECTED: &str = "rejected in Prodigy";

/// Prodigy's tasks.
pub(super) static FORMAT: Format = Format {
    id: "prodigy",
    name: "Prodigy JSONL",
    about: "tasks with tokens, spans, relations and answers",
    extensions: &["jsonl"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: Features::all_but(&[Feature::Labels]),
    looks: |glimpse: &Glimpse| glimpse.record().is_some_and(looks),
    reader: Some(read::reader),
    writer: Some(write::writer),
    vocabulary: None,
    words: Some(Words { tool: "Prodigy", document: ("task", "tasks"), span: ("span", "spans") }),
};

/// A text with Prodigy's hashes or its answer, or with tokens that spans are counted in.
pub(super) fn looks(record: &Map<String, Value>) -> bool {
    let answer = matches!(record.get("answer").and_then(Value::as_str), Some("accept" | "reject" | "ignore"));
    let hashes = record.contains_key("_input_hash") || record.contains_key("_task_hash");
    let token = |token: &Value| token["start"].is_u64() && token["end"].is_u64() && token["id"].is_u64();
    let tokens = record.get("tokens").and_then(Value::as_array).and_then(|list| list.first()).is_some_and(token);
    record.get("text").is_some_and(Value::is_string) && (answer || hashes || tokens)
}
