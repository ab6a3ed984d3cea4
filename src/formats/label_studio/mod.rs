//! Label Studio JSON: tasks with their annotations and predictions, as Label Studio exports and imports them.
//! <https://labelstud.io/guide/task_format>, <https://labelstud.io/guide/export#Label-Studio-JSON-format-of-annotated-tasks>
//!
//! A task is one document; each of its annotations is the layer of who completed it, each prediction the layer of
//! `model:` and its version. A region is a span; results with the same region's id are its attributes, results of no
//! region are attributes of the document. What Label Studio has no place for stands in keys that it keeps and ignores:
//! `meta.spanwright` of a task or region, `spanwright` of an annotation. What we have no place for stands under
//! `label_studio` in the document's metadata or the item's unknown keys, and goes back where it came from.
//!
//! Regions count code points (old exports: UTF-16 units, which [`super::settle`] finds out by their text). The text is
//! always written to the field `text`, its controls are always those of [`configuration`].

mod colours;
mod config;
mod controls;
mod min;
mod paragraphs;
mod read;
mod region;
mod regions;
mod results;
mod sheet;
mod task;
mod write;

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

pub use controls::configuration;

use super::glimpse::Glimpse;
use super::table::{Feature, Features, Format, Shape, Words};
use crate::text::convert::Unit;

/// Tasks, annotations, predictions.
pub(super) static FORMAT: Format = Format {
    id: "label-studio",
    name: "Label Studio JSON",
    about: "tasks with annotations and predictions, as Label Studio exports and imports them",
    extensions: &["json"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: Features::all_but(&[Feature::Labels, Feature::FormerIds]),
    looks,
    reader: Some(read::reader),
    writer: Some(write::writer),
    vocabulary: Some(config::vocabulary),
    words: Some(Words { tool: "Label Studio", document: ("task", "tasks"), span: ("region", "regions") }),
};

/// The key under which ours stands in theirs.
const OURS: &str = "spanwright";
/// The key under which theirs stands in ours.
const THEIRS: &str = "label_studio";
/// Names in the configuration we write: of the labels, and of the text and its field.
const LABELS: &str = "label";
const TEXT: &str = "text";
/// Predictions are layers of nobody: their owner is this and the model's version.
const MODEL: &str = "model:";

/// How many files of a folder are looked into.
const LOOKS: usize = 12;

fn looks(glimpse: &Glimpse) -> bool {
    if glimpse.is_folder() {
        return files(&glimpse.path).into_iter().take(LOOKS).any(|file| is_file(&file));
    }
    match glimpse.value() {
        Some(Value::Object(record)) => task::looks(record),
        Some(_) => false,
        // The first task is larger than the look.
        None => {
            let text = glimpse.text();
            text.trim_start().starts_with(['[', '{'])
                && ["\"from_name\"", "\"to_name\"", "\"result\"", "\"data\""].iter().all(|key| text.contains(key))
                || sheet::looks(text)
        }
    }
}

/// The file holds tasks.
fn is_file(path: &Path) -> bool {
    Glimpse::at(path).is_ok_and(|glimpse| !glimpse.is_folder() && looks(&glimpse))
}

/// The files of a folder that may hold tasks or annotations: `.json`, and without an ending (as Label Studio writes to a storage);
/// tasks first, then by name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    let name = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    found.retain(|path| {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        ending.is_none_or(|ending| ending == "json") && !name(path).starts_with('.')
    });
    found.sort_by_key(|path| (!name(path).starts_with("task"), name(path)));
    found
}

/// Takes our own keys out of an object that Label Studio keeps and ignores.
fn take_ours(object: &mut Map<String, Value>) -> Map<String, Value> {
    match object.shift_remove(OURS) {
        Some(Value::Object(ours)) => ours,
        _ => Map::new(),
    }
}

/// Puts what is theirs under one key of ours, if there is anything.
fn put_theirs(into: &mut Map<String, Value>, theirs: Map<String, Value>) {
    if !theirs.is_empty() {
        into.insert(THEIRS.to_owned(), Value::Object(theirs));
    }
}

/// What of an item's unknown keys is theirs, and the rest.
fn split(extra: &Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    let mut rest = extra.clone();
    match rest.shift_remove(THEIRS) {
        Some(Value::Object(theirs)) => (theirs, rest),
        Some(other) => {
            rest.insert(THEIRS.to_owned(), other);
            (Map::new(), rest)
        }
        None => (Map::new(), rest),
    }
}

/// A string or a number, as a name.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(word) if !word.is_empty() => Some(word.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
