//! Rows that others have made: a text with spans in one of the usual spellings, or tokens with tags.

use serde_json::{Map, Value, json};

use super::record::{Reading, is_part};
use super::{indexed, tags};
use crate::text::{Place, Problem};

const TEXTS: [&str; 5] = ["text", "content", "sentence", "document", "passage"];
const SPANS: [&str; 7] = ["spans", "entities", "ents", "annotations", "annotation", "labels", "ner"];
const TOKENS: [&str; 2] = ["tokens", "words"];
const TAGS: [&str; 6] = ["ner_tags", "tags", "ner", "labels", "ner_labels", "entity_tags"];
const LABELS: [&str; 7] = ["label", "type", "entity_type", "entity_group", "tag", "label_", "entity"];
const STARTS: [(&str, &str); 5] = [
    ("start", "end"),
    ("start_offset", "end_offset"),
    ("start_char", "end_char"),
    ("begin", "end"),
    ("start_idx", "end_idx"),
];
/// What a start and an end together are called.
const PAIRS: [&str; 4] = ["pos", "position", "span", "offsets"];
const IDS: [&str; 4] = ["id", "doc_id", "doc_key", "orig_id"];
/// Columns that are metadata as they are.
const META: [&str; 6] = ["title", "source", "date", "url", "author", "language"];

/// The row as a line of Spanwright JSONL, and whether it has spans at all. What has no place is in `meta`, below `huggingface`.
pub(super) fn line(
    mut row: Map<String, Value>,
    number: usize,
    reading: &mut Reading,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Result<(Map<String, Value>, bool), Box<Problem>> {
    let mut line = Map::new();
    let columns = row.keys().cloned().collect::<Vec<_>>();
    let text_column = TEXTS.into_iter().find(|name| row.get(*name).is_some_and(Value::is_string));
    let span_column = SPANS.into_iter().find(|name| row.get(*name).is_some_and(is_spans));
    let tag_column = TAGS.into_iter().find(|name| row.get(*name).is_some_and(is_tags));
    let token_column = TOKENS.into_iter().find(|name| row.get(*name).is_some_and(is_strings));
    let mut id = match IDS.into_iter().find_map(|name| row.shift_remove(name)) {
        Some(Value::String(id)) if !id.is_empty() => Some(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    if let Some(bare) = id.as_ref().filter(|id| reading.several && id.bytes().all(|byte| byte.is_ascii_digit())) {
        id = Some(format!("{}/{bare}", reading.split));
    }
    let mut text = text_column.and_then(|name| row.get(name)).and_then(Value::as_str).map(str::to_owned);
    let mut spans: Option<Vec<Value>> = None;
    let mut relations = Vec::new();
    let has_tags = tag_column.and_then(|name| row.get(name)?.as_array()).is_some_and(|tags| !tags.is_empty());
    let counted = if text.is_none() && !has_tags { indexed::take(&mut row, place, problems) } else { None };
    if let Some(counted) = counted {
        let sentence =
            "the rows hold words and no text, and their spans count words: the text is the words, joined by spaces";
        reading.tell(sentence, place, problems);
        text = Some(counted.text);
        spans = Some(counted.spans);
        relations = counted.relations;
        id = id.or_else(|| Some(reading.new_id(number)));
    } else if let (Some(_), Some(column)) = (&text, span_column) {
        let taken = row.shift_remove(column).unwrap_or_default();
        spans = Some(items(taken).into_iter().flat_map(spellings).map(span).collect());
        row.shift_remove(text_column.unwrap_or_default());
    } else if let Some(tokens) = token_column.and_then(|name| row.get(name)).and_then(Value::as_array).cloned() {
        let words: Vec<&str> = tokens.iter().filter_map(Value::as_str).collect();
        let offsets = row.get("offsets").and_then(pairs).filter(|pairs| text.is_some() && pairs.len() == words.len());
        let known = offsets.or_else(|| text.as_deref().and_then(|text| tags::placed(text, &words)));
        let places = match known {
            Some(places) => {
                row.shift_remove(text_column.unwrap_or_default());
                places
            }
            None => {
                let sentence = if text.is_some() {
                    "the tokens are not those of the text: the tokens were taken, joined by spaces, and the text is kept in meta"
                } else {
                    "the rows hold tokens and no text: the text is the tokens, joined by spaces"
                };
                reading.tell(sentence, place, problems);
                let (joined, places) = tags::joined(&words);
                text = Some(joined);
                // The same few tokens often stand in several rows.
                id = id.or_else(|| Some(reading.new_id(number)));
                places
            }
        };
        if let Some(tags) = tag_column.and_then(|name| row.shift_remove(name)) {
            let tags = tags.as_array().cloned().unwrap_or_default();
            if tags.iter().any(Value::is_number) {
                let sentence = "the tags are numbers and no names are given for them: 0 was taken for no label, the others are the labels";
                reading.tell(sentence, place, problems);
            }
            if tags.len() == words.len() {
                let one = |(first, end, label): tags::Tagged| {
                    let (start, end) = (places.get(first)?.0, places.get(end.checked_sub(1)?)?.1);
                    Some(json!({"start": start, "end": end, "label": label}))
                };
                spans = Some(tags::spans(&tags).into_iter().filter_map(one).collect());
            } else {
                let sentence = format!("there are {} tokens and {} tags: no span was read", words.len(), tags.len());
                problems.push(Problem::error(place.clone(), sentence));
            }
        }
        row.shift_remove("offsets");
        row.shift_remove(token_column.unwrap_or_default());
    } else if let Some(column) = text_column {
        row.shift_remove(column);
    }
    let Some(text) = text else {
        let sentence = match columns.as_slice() {
            [] => "the row is empty".to_owned(),
            columns => format!("the row has no text and no tokens; its columns are {}", columns.join(", ")),
        };
        return Err(Box::new(
            Problem::error(place.clone(), sentence).fix("One column must be named \"text\" or \"tokens\""),
        ));
    };
    if let Some(id) = id {
        line.insert("id".to_owned(), id.into());
    }
    line.insert("text".to_owned(), text.into());
    let annotator = row.shift_remove("annotator").filter(|name| name.as_str().is_some_and(|name| !name.is_empty()));
    let has_spans = spans.is_some() && annotator.is_none() && relations.is_empty();
    match (spans, annotator) {
        (Some(spans), annotator) if !relations.is_empty() => {
            let mut layer = json!({"spans": spans, "relations": relations});
            if let Some(annotator) = annotator {
                layer["annotator"] = annotator;
            }
            line.insert("layers".to_owned(), json!([layer]));
        }
        (Some(spans), Some(annotator)) => {
            line.insert("layers".to_owned(), json!([{"annotator": annotator, "spans": spans}]));
        }
        (Some(spans), None) => drop(line.insert("spans".to_owned(), spans.into())),
        (None, Some(annotator)) => drop(row.insert("annotator".to_owned(), annotator)),
        (None, None) => {}
    }
    line.insert("meta".to_owned(), meta(row, &reading.split).into());
    Ok((line, has_spans))
}

/// What is known of the document, and everything that has no place.
fn meta(mut row: Map<String, Value>, split: &str) -> Map<String, Value> {
    let mut meta = match row.shift_remove("meta") {
        Some(Value::Object(meta)) => meta,
        Some(other) => {
            row.insert("meta".to_owned(), other);
            Map::new()
        }
        None => Map::new(),
    };
    for key in META {
        if !meta.contains_key(key)
            && row.get(key).is_some_and(Value::is_string)
            && let Some(value) = row.shift_remove(key)
        {
            meta.insert(key.to_owned(), value);
        }
    }
    row.retain(|_, value| !value.is_null());
    if is_part(split) && !row.contains_key("split") {
        row.insert("split".to_owned(), split.into());
    }
    if !row.is_empty() {
        meta.insert("huggingface".to_owned(), row.into());
    }
    meta
}

fn is_spans(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(|item| match item {
            Value::Object(item) => start_of(item).is_some() || item.contains_key("offsets") || is_spelled(item),
            Value::Array(triple) => {
                matches!(triple.as_slice(), [start, end, label] if start.is_u64() && end.is_u64() && label.is_string())
            }
            _ => false,
        }),
        // A struct of lists.
        Value::Object(columns) => start_of(columns).is_some() && columns.values().any(Value::is_array),
        _ => false,
    }
}

fn is_tags(value: &Value) -> bool {
    let is_tag = |tag: &Value| tag.is_string() || tag.is_i64() || tag.is_null();
    value.as_array().is_some_and(|tags| tags.iter().all(is_tag))
}

fn is_strings(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(Value::is_string))
}

/// A text with spans, one at least.
pub(super) fn has_spans(row: &Map<String, Value>) -> bool {
    let is_one = |value: &Value| match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(columns) => columns.values().filter_map(Value::as_array).any(|column| !column.is_empty()),
        _ => false,
    };
    TEXTS.iter().any(|name| row.get(*name).is_some_and(Value::is_string))
        && SPANS.iter().filter_map(|name| row.get(*name)).any(|column| is_one(column) && is_spans(column))
}

/// Tokens with a tag each.
pub(super) fn has_tags(row: &Map<String, Value>) -> bool {
    let tokens = TOKENS.iter().filter_map(|name| row.get(*name)).find(|column| is_strings(column));
    let count = tokens.and_then(Value::as_array).map_or(0, Vec::len);
    let tags = TAGS.iter().filter_map(|name| row.get(*name)).find(|column| is_tags(column));
    count > 0 && tags.and_then(Value::as_array).is_some_and(|tags| tags.len() == count)
}

/// What start and end are called there.
fn start_of(item: &Map<String, Value>) -> Option<(&'static str, &'static str)> {
    STARTS.into_iter().find(|(start, end)| item.contains_key(*start) && item.contains_key(*end))
}

/// Spans in spellings that are not a start and an end: an offset with a length; a pair; and the points of Dataturks, whose last
/// character is inside, with several labels at once.
fn spelled(item: &mut Map<String, Value>) -> Option<Vec<Value>> {
    let number = |value: &Value| value.as_u64();
    if let (Some(start), Some(length)) = (item.get("offset").and_then(number), item.get("length").and_then(number)) {
        item.shift_remove("offset");
        item.shift_remove("length");
        item.insert("start".to_owned(), start.into());
        item.insert("end".to_owned(), start.saturating_add(length).into());
        return None;
    }
    for name in PAIRS {
        if let Some([start, end]) = item.get(name).and_then(Value::as_array).map(Vec::as_slice)
            && start.is_u64()
            && end.is_u64()
        {
            let (start, end) = (start.clone(), end.clone());
            item.shift_remove(name);
            item.insert("start".to_owned(), start);
            item.insert("end".to_owned(), end);
            return None;
        }
    }
    let points = item.get("points").and_then(Value::as_array)?;
    let labels = item.get("label").and_then(Value::as_array)?;
    let one = |(point, label): (&Value, &Value)| {
        let end = point["end"].as_u64()?.saturating_add(1);
        Some(json!({"start": point["start"], "end": end, "text": point["text"], "label": label}))
    };
    let all = points.iter().flat_map(|point| labels.iter().map(move |label| (point, label)));
    Some(all.filter_map(one).collect())
}

fn is_spelled(item: &Map<String, Value>) -> bool {
    let is_pair =
        |value: &Value| value.as_array().is_some_and(|pair| pair.len() == 2 && pair.iter().all(Value::is_u64));
    let is_number = |name: &str| item.get(name).is_some_and(Value::is_u64);
    let is_list = |name: &str| item.get(name).is_some_and(Value::is_array);
    (is_number("offset") && is_number("length"))
        || PAIRS.iter().any(|name| item.get(*name).is_some_and(is_pair))
        || (is_list("points") && is_list("label"))
}

fn pairs(value: &Value) -> Option<Vec<(usize, usize)>> {
    serde_json::from_value(value.clone()).ok()
}

/// The spans of a column, whether it is a list of structs or a struct of lists.
fn items(column: Value) -> Vec<Value> {
    match column {
        Value::Array(items) => items,
        Value::Object(columns) => {
            let count = columns.values().filter_map(Value::as_array).map(Vec::len).max().unwrap_or_default();
            let item = |index: usize| {
                let field = |(name, list): (&String, &Value)| Some((name.clone(), list.get(index)?.clone()));
                Value::Object(columns.iter().filter_map(field).collect())
            };
            (0..count).map(item).collect()
        }
        _ => Vec::new(),
    }
}

/// An item as spans with a start and an end.
fn spellings(item: Value) -> Vec<Value> {
    let Value::Object(mut item) = item else { return vec![item] };
    match (start_of(&item), is_spelled(&item)) {
        (None, true) => spelled(&mut item).unwrap_or_else(|| vec![item.into()]),
        _ => vec![item.into()],
    }
}

/// One span in our spelling; what it has beside is kept.
fn span(item: Value) -> Value {
    let mut item = match item {
        Value::Object(item) => item,
        Value::Array(triple) => {
            let mut triple = triple.into_iter();
            let mut next = || triple.next().unwrap_or_default();
            return json!({"start": next(), "end": next(), "label": next()});
        }
        other => return other,
    };
    item.retain(|_, value| !value.is_null());
    let mut line = Map::new();
    if let Some(id) = item.shift_remove("id") {
        line.insert("id".to_owned(), id);
    }
    if let Some((start, end)) = start_of(&item) {
        line.insert("start".to_owned(), item.shift_remove(start).unwrap_or_default());
        line.insert("end".to_owned(), item.shift_remove(end).unwrap_or_default());
    } else if let Some(offsets) = item.shift_remove("offsets") {
        line.insert("ranges".to_owned(), offsets);
    }
    if let Some(label) = LABELS.into_iter().find_map(|name| item.shift_remove(name)) {
        let label = match label {
            Value::Number(label) => label.to_string().into(),
            label => label,
        };
        line.insert("label".to_owned(), label);
    }
    let quote = ["quote", "text", "word", "mention", "span"].into_iter().find(|name| item.contains_key(*name));
    if let Some(quote) = quote.and_then(|name| item.shift_remove(name)) {
        match quote {
            Value::String(quote) => drop(line.insert("quote".to_owned(), quote.into())),
            Value::Array(pieces) if pieces.iter().all(Value::is_string) => {
                let pieces: Vec<&str> = pieces.iter().filter_map(Value::as_str).collect();
                line.insert("quote".to_owned(), pieces.join(" ").into());
            }
            other => drop(item.insert("text".to_owned(), other)),
        }
    }
    for (key, value) in item {
        let fits = match key.as_str() {
            "attributes" | "origin" => value.is_object(),
            "note" => value.is_string(),
            _ => !line.contains_key(&key),
        };
        // What is of another kind than ours is kept under a name that we do not read.
        let key = if fits { key } else { format!("{key}_") };
        line.insert(key, value);
    }
    line.into()
}
