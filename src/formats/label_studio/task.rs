//! One task: its text, its metadata, its layers.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::config::Config;
use super::paragraphs::{Fits, Paragraphs};
use super::region::source;
use super::{OURS, min, put_theirs, results, take_ours, word};
use crate::annotation::exchange::{RawDocument, RawLayer};
use crate::formats::articles::node_text;
use crate::formats::record::Record;
use crate::text::{NewlineMap, Place, Problem, Text};

/// The object is a task, an annotation of one from a storage, or a line of the short variant.
pub(super) fn looks(record: &Map<String, Value>) -> bool {
    const TASK: [&str; 9] =
        ["id", "data", "meta", "created_at", "updated_at", "project", "inner_id", "overlap", "is_labeled"];
    let data = record.get("data").is_some_and(Value::is_object);
    let lists = ["annotations", "completions", "predictions"];
    let worked = lists.iter().any(|list| record.get(*list).is_some_and(Value::is_array));
    (data && (worked || record.keys().all(|key| TASK.contains(&key.as_str())))) || stored(record) || min::looks(record)
}

/// An annotation with its task inside, as Label Studio writes to a storage.
fn stored(record: &Map<String, Value>) -> bool {
    record.get("result").is_some_and(Value::is_array)
        && record.get("task").and_then(|task| task.get("data")).is_some_and(Value::is_object)
}

/// `fits`: what the regions of the file's dialogues said so far of what offsets count.
pub(super) fn record(
    value: Value,
    file: &str,
    line: usize,
    config: &Config,
    fits: &mut Fits,
) -> Result<Record, Box<Problem>> {
    let place = Place::file(file).at_line(line);
    let refused = |sentence: &str| Box::new(Problem::error(place.clone(), sentence));
    let Value::Object(mut task) = value else {
        return Err(refused("it is no task: a task of Label Studio is an object with “data”"));
    };
    if stored(&task)
        && let Some(Value::Object(mut inner)) = task.shift_remove("task")
    {
        inner.insert("annotations".to_owned(), Value::Array(vec![Value::Object(task)]));
        task = inner;
    } else if !task.get("data").is_some_and(Value::is_object) && min::looks(&task) {
        task = min::task(task, config);
    }
    let Some(Value::Object(mut data)) = task.shift_remove("data") else {
        return Err(refused("it is no task: a task of Label Studio has “data”"));
    };
    let annotations: Vec<Value> =
        ["annotations", "completions"].iter().flat_map(|key| take_list(&mut task, key)).collect();
    let predictions = take_list(&mut task, "predictions");
    let mut dialogue = dialogue(&data, config, annotations.iter().chain(&predictions));
    if let Some((_, paragraphs)) = &mut dialogue {
        paragraphs.look(results_of(annotations.iter().chain(&predictions)), fits);
    }
    let (field, source) = match &dialogue {
        Some((field, paragraphs)) => (field.clone(), paragraphs.text.clone()),
        None => {
            let Some(field) = field(&data, config, &annotations.iter().chain(&predictions)) else {
                return Err(refused("none of the fields of its “data” is a text; the task was not imported"));
            };
            let Some(Value::String(source)) = data.shift_remove(&field) else {
                return Err(refused("its text is no string; the task was not imported"));
            };
            (field, source)
        }
    };
    let paragraphs = dialogue.as_ref().map(|(_, paragraphs)| paragraphs);
    let names = match paragraphs {
        Some(_) => None,
        None => names(&field, &source, &data, config, annotations.iter().chain(&predictions)),
    };
    let mut kept = match task.shift_remove("meta") {
        Some(Value::Object(meta)) => meta,
        Some(Value::Null) | None => Map::new(),
        Some(other) => Map::from_iter([("meta".to_owned(), other)]),
    };
    let mut ours = take_ours(&mut kept);
    let id = id(&mut data, &task);
    let mut place = place;
    place.document.clone_from(&id);
    // Regions of rich text count its nodes' text, not its HTML.
    let is_rich = paragraphs.is_none() && is_rich(&source, &field, config, annotations.iter().chain(&predictions));
    let rich = is_rich.then(|| node_text(&source)).flatten();
    let (text, newlines, counting) = text(rich.as_deref().unwrap_or(&source), ours.shift_remove("newlines"));

    let mut problems = Vec::new();
    if rich.is_some() {
        let sentence = format!("“{field}” is HTML: its text without tags is imported, which is what the regions count");
        problems.push(Problem::note(place.clone(), sentence));
    }
    if paragraphs.is_some() {
        let sentence =
            format!("“{field}” is a dialogue: its utterances are the lines of the text, behind who said them");
        problems.push(Problem::note(place.clone(), sentence));
    }
    let mut layers = Vec::new();
    let mut owners = HashSet::new();
    for (annotation, predicted) in
        annotations.into_iter().map(|one| (one, false)).chain(predictions.into_iter().map(|one| (one, true)))
    {
        let Value::Object(annotation) = annotation else {
            problems.push(Problem::error(place.clone(), "an annotation is no object; it was not imported"));
            continue;
        };
        let context = results::Context {
            text: text.as_str(),
            field: &field,
            data: &data,
            rich: rich.is_some(),
            paragraphs,
            config,
            names: names.as_deref(),
            place: &place,
        };
        let mut layer = results::layer(annotation, predicted, &context, &mut problems);
        own(&mut layer, &mut owners, &place, &mut problems);
        layers.push(layer);
    }

    let mut meta = data;
    if let Some(Value::Object(more)) = ours.shift_remove("meta") {
        meta.extend(more);
    }
    let extra = match ours.shift_remove("extra") {
        Some(Value::Object(extra)) => extra,
        _ => Map::new(),
    };
    let mut theirs = Map::new();
    if ours.shift_remove("numbered").is_some() {
        task.shift_remove("id");
    }
    let field = match ours.shift_remove("field") {
        Some(Value::String(first)) => first,
        _ => field,
    };
    if rich.is_some() {
        theirs.insert("html".to_owned(), Value::String(source));
    }
    if field != super::TEXT && paragraphs.is_none() {
        theirs.insert("field".to_owned(), Value::String(field));
    }
    if !kept.is_empty() {
        task.insert("meta".to_owned(), Value::Object(kept));
    }
    if !ours.is_empty() {
        theirs.insert(OURS.to_owned(), Value::Object(ours));
    }
    if !task.is_empty() {
        theirs.insert("task".to_owned(), Value::Object(task));
    }
    put_theirs(&mut meta, theirs);
    let document =
        RawDocument { id, text: Some((text, newlines)), counting, meta, layers, extra, ..RawDocument::default() };
    Ok(Record { place, document, has_spans: false, problems, read: 0 })
}

fn take_list(task: &mut Map<String, Value>, key: &str) -> Vec<Value> {
    match task.get(key) {
        Some(Value::Array(_)) => match task.shift_remove(key) {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// `data.id`, else the task's number.
fn id(data: &mut Map<String, Value>, task: &Map<String, Value>) -> Option<String> {
    if let Some(id) = data.get("id").and_then(word) {
        data.shift_remove("id");
        return Some(id);
    }
    task.get("id").and_then(word).map(|id| format!("task-{id}"))
}

/// Our text, and what its offsets go through. A file of ours may say how the source wrote its newlines.
fn text(source: &str, newlines: Option<Value>) -> (Text, NewlineMap, NewlineMap) {
    let given = newlines.and_then(|map| serde_json::from_value::<NewlineMap>(map).ok());
    if let Some(map) = given.filter(|map| NewlineMap::normalise(&map.restore(source)) == (source.into(), map.clone())) {
        return (Text::new(source), map, NewlineMap::default());
    }
    let (text, map) = Text::from_source(source);
    (text, map.clone(), map)
}

fn results_of<'a>(layers: impl Iterator<Item = &'a Value>) -> impl Iterator<Item = &'a Value> {
    layers.filter_map(|layer| layer.get("result").and_then(Value::as_array)).flatten()
}

/// The list of utterances that the task shows, and the text that it makes: what the configuration says, or what regions are drawn on.
fn dialogue<'a>(
    data: &Map<String, Value>,
    config: &Config,
    layers: impl Iterator<Item = &'a Value>,
) -> Option<(String, Paragraphs)> {
    let mut results = results_of(layers);
    let mut drawn = || results.any(|result| result["type"] == "paragraphlabels");
    let told = config.shows("paragraphs");
    let of = |field: &str| Some((field.to_owned(), Paragraphs::of(data.get(field)?)?));
    told.and_then(of).or_else(|| if drawn() { data.keys().find_map(|field| of(field)) } else { None })
}

/// The text has tags, and a region of rich text is drawn on it, or the configuration shows it as such.
fn is_rich<'a>(source: &str, field: &str, config: &Config, mut layers: impl Iterator<Item = &'a Value>) -> bool {
    let tagged = source
        .split('<')
        .skip(1)
        .any(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/'));
    let shown = config.shows("hypertext") == Some(field);
    tagged
        && (shown
            || layers.any(|layer| {
                let mut results = layer.get("result").and_then(Value::as_array).into_iter().flatten();
                results.any(|result| result["type"] == "hypertextlabels" || !result["value"]["globalOffsets"].is_null())
            }))
}

/// Two layers of one annotator in one document become those of two.
fn own(layer: &mut RawLayer, owners: &mut HashSet<Option<String>>, place: &Place, problems: &mut Vec<Problem>) {
    if owners.insert(layer.annotator.clone()) {
        return;
    }
    let name = layer.annotator.clone().unwrap_or_else(|| "annotator".to_owned());
    // One more name than there are owners: one of them is free.
    let names = (2..owners.len() + 3).map(|count| format!("{name} ({count})"));
    let free = names.into_iter().find(|name| !owners.contains(&Some(name.clone())));
    layer.annotator = free;
    owners.insert(layer.annotator.clone());
    let new = layer.annotator.as_deref().unwrap_or_default();
    let sentence = format!("{name} has several annotations of the task: this one is the layer of “{new}”");
    problems.push(Problem::note(place.clone().of_annotator(new), sentence));
}

/// Which field is the text: as the configuration says, else by what the regions are drawn on and cover, else by name.
fn field<'a>(
    data: &Map<String, Value>,
    config: &Config,
    layers: &(impl Iterator<Item = &'a Value> + Clone),
) -> Option<String> {
    const NAMES: [&str; 10] =
        ["text", "ner", "content", "body", "article", "document", "sentence", "html", "description", "passage"];
    let is_text = |key: &str| data.get(key).is_some_and(Value::is_string);
    let regions = || {
        let results = layers.clone().filter_map(|layer| layer.get("result").and_then(Value::as_array)).flatten();
        results.filter(|result| result["value"]["text"].is_string())
    };
    let name = |region: &'a Value| region["to_name"].as_str();
    if let Some(field) = regions().find_map(name).and_then(|name| config.field(name)).filter(|field| is_text(field)) {
        return Some(field.to_owned());
    }
    let source = |region: &'a Value| source(region.as_object()?);
    if let Some(field) = regions().find_map(source).filter(|field| is_text(field)) {
        return Some(field.to_owned());
    }
    if let Some(field) = config.only_field().filter(|field| is_text(field)) {
        return Some(field.to_owned());
    }
    let fields = || data.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
    let named = || NAMES.into_iter().find(|key| is_text(key));
    // The field that has the text of most of the first regions.
    let quotes: Vec<&str> = regions()
        .filter_map(|region| region["value"]["text"].as_str())
        .filter(|quote| !quote.is_empty())
        .take(20)
        .collect();
    let hits = |text: &str| quotes.iter().filter(|quote| text.contains(**quote)).count();
    let most = fields().map(|(_, text)| hits(text)).max().filter(|most| *most > 0);
    if let Some(most) = most {
        let best: Vec<&str> = fields().filter(|(_, text)| hits(text) == most).map(|(key, _)| key).collect();
        let preferred = named().filter(|name| best.contains(name));
        return preferred.or_else(|| best.first().copied()).map(str::to_owned);
    }
    let longest = || fields().max_by_key(|(_, text)| text.len()).map(|(key, _)| key);
    named().or_else(longest).map(str::to_owned)
}

/// What regions of the imported text call it, where they are drawn on texts of several names; the others are not to be taken for its own.
/// As the configuration says, else those whose quoted words stand where they say in this text and in no other so often.
fn names<'a>(
    field: &str,
    source: &str,
    data: &Map<String, Value>,
    config: &Config,
    layers: impl Iterator<Item = &'a Value>,
) -> Option<Vec<String>> {
    let drawn = |result: &&Map<String, Value>| {
        matches!(result.get("type").and_then(Value::as_str), Some("labels" | "hypertextlabels"))
            && !super::region::is_elsewhere(result)
    };
    let regions: Vec<&Map<String, Value>> = results_of(layers).filter_map(Value::as_object).filter(drawn).collect();
    let name = |region: &Map<String, Value>| region.get("to_name").and_then(Value::as_str).map(str::to_owned);
    let mut all: Vec<String> = regions.iter().filter_map(|region| name(region)).collect();
    all.sort_unstable();
    all.dedup();
    let others: Vec<&str> = data.values().filter_map(Value::as_str).collect();
    if all.len() < 2 || others.is_empty() {
        return None;
    }
    let fits = |text: &str, of: &str| {
        let own = regions.iter().filter(|region| name(region).as_deref() == Some(of)).take(FITTED);
        own.filter(|region| super::region::fits(region, text)).count()
    };
    all.retain(|name| match config.field(name) {
        Some(shown) => shown == field,
        None => {
            let here = fits(source, name);
            others.iter().all(|other| fits(other, name) < here)
        }
    });
    Some(all)
}

/// Regions of a name that are tried.
const FITTED: usize = 20;
