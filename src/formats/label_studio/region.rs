//! One result: a region of text, which is a span (or one for each of its labels), or a value at a region or the task.

use serde_json::{Map, Value};

use super::config::Config;
use super::results::Context;
use super::{put_theirs, take_ours};
use crate::annotation::{Origin, OriginKind, RawSpan};

/// The region is one piece of a discontinuous span.
pub(super) struct Part {
    /// The span's id.
    pub of: String,
}

/// A region of text with labels.
pub(super) fn is_span(result: &Map<String, Value>, context: &Context<'_>) -> bool {
    let known = match result.get("type").and_then(Value::as_str) {
        Some("labels" | "hypertextlabels") => {
            let other = |field: &str| field != context.field && context.data.contains_key(field);
            !is_elsewhere(result) && !is_other(result, context) && !source(result).is_some_and(other)
        }
        Some("paragraphlabels") => context.paragraphs.is_some(),
        _ => false,
    };
    known && result.get("value").is_some_and(Value::is_object)
}

/// The region is drawn on another text of the task than the one that is imported, as far as its name for it tells.
pub(super) fn is_other(result: &Map<String, Value>, context: &Context<'_>) -> bool {
    let name = result.get("to_name").and_then(Value::as_str);
    context.names.zip(name).is_some_and(|(names, name)| !names.iter().any(|own| own == name))
}

/// The field that a region is drawn on, where it says so.
pub(super) fn source(result: &Map<String, Value>) -> Option<&str> {
    result.get("source")?.as_str()?.strip_prefix('$')
}

/// The region is drawn on a picture, or is a stretch of sound or film.
pub(super) fn is_elsewhere(result: &Map<String, Value>) -> bool {
    const RESULT: [&str; 3] = ["original_width", "original_length", "image_rotation"];
    const VALUE: [&str; 7] = ["x", "points", "rle", "channel", "sequence", "ranges", "vertices"];
    RESULT.iter().any(|key| result.contains_key(*key))
        || result.get("value").is_some_and(|value| VALUE.iter().any(|key| value.get(*key).is_some()))
}

pub(super) fn number(value: Option<&Value>) -> Option<usize> {
    match value? {
        Value::Number(number) => {
            let whole =
                |number: f64| (number >= 0.0 && number.fract() == 0.0 && number < 1e15).then_some(number as u64);
            let number = number.as_u64().or_else(|| number.as_f64().and_then(whole))?;
            usize::try_from(number).ok()
        }
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// Where a region stands: `globalOffsets` where it has them, else `start` and `end`; in a rich text these are paths, and
/// what stands beside them counts within one node, which is the whole text if that is plain.
fn range(value: &Map<String, Value>) -> Option<(usize, usize)> {
    let pair = |object: &Map<String, Value>, start: &str, end: &str| {
        Some((number(object.get(start))?, number(object.get(end))?))
    };
    if let Some(Value::Object(global)) = value.get("globalOffsets") {
        return pair(global, "start", "end");
    }
    pair(value, "start", "end").or_else(|| pair(value, "startOffset", "endOffset"))
}

/// The words that the region quotes stand in the text where it says, or anywhere if it counts something else. Linear.
pub(super) fn fits(result: &Map<String, Value>, text: &str) -> bool {
    let Some(Value::Object(value)) = result.get("value") else { return false };
    let quote = value.get("text").and_then(Value::as_str).filter(|quote| !quote.is_empty());
    quote.is_some_and(|quote| match range(value) {
        Some((start, _)) if value.get("globalOffsets").is_none() => {
            let at = text.char_indices().nth(start).map(|(at, _)| at);
            at.is_some_and(|at| text[at..].starts_with(quote)) || (!text.is_ascii() && text.contains(quote))
        }
        _ => text.contains(quote),
    })
}

/// The spans of a region, one for each label; `model`: the version that predicted it, if one did. An error says why it is none.
pub(super) fn spans(
    mut result: Map<String, Value>,
    context: &Context<'_>,
    model: Option<&str>,
) -> Result<(Vec<RawSpan>, Option<Part>), String> {
    let kind = result.shift_remove("type").as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(Value::Object(mut value)) = result.shift_remove("value") else {
        return Err("it has no value".to_owned());
    };
    let paragraphs = context.paragraphs.filter(|_| kind == "paragraphlabels");
    let range = match paragraphs {
        Some(paragraphs) => paragraphs.range(&value).ok_or("its start and end are no places in the dialogue")?,
        None => range(&value).ok_or("its start and end are no whole numbers")?,
    };
    let labels = [kind.as_str(), "labels", "hypertextlabels"].into_iter().find_map(|key| value.shift_remove(key));
    let labels: Vec<String> = match labels {
        Some(Value::Array(labels)) => labels.iter().filter_map(super::word).collect(),
        Some(Value::String(label)) => vec![label],
        _ => Vec::new(),
    };
    // Of several utterances the file says the words without those who said them.
    let across = paragraphs.is_some() && value.get("start") != value.get("end");
    let quote = match value.get("text") {
        Some(Value::String(quote)) if !across => Some(plain(quote.clone(), range, context)),
        _ => None,
    };
    if !across {
        value.shift_remove("text");
    }
    if kind == "labels" {
        value.shift_remove("start");
        value.shift_remove("end");
    }
    let mut span = RawSpan {
        id: result.shift_remove("id").as_ref().and_then(super::word),
        ranges: vec![range],
        quote,
        ..RawSpan::default()
    };
    let mut meta = match result.shift_remove("meta") {
        Some(Value::Object(meta)) => meta,
        _ => Map::new(),
    };
    let mut ours = take_ours(&mut meta);
    match meta.shift_remove("text") {
        Some(Value::String(note)) => span.note = note,
        Some(Value::Array(lines)) if lines.iter().all(Value::is_string) => {
            span.note = lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n");
        }
        Some(other) => drop(meta.insert("text".to_owned(), other)),
        None => {}
    }
    span.origin = origin(&mut result, &mut ours, model);
    if let Some(Value::Object(attributes)) = ours.shift_remove("attributes") {
        span.attributes = attributes.into_iter().collect();
    }
    if let Some(Value::Object(extra)) = ours.shift_remove("extra") {
        span.extra = extra;
    }
    let part = ours.shift_remove("part_of").as_ref().and_then(super::word).map(|of| Part { of });
    if let Some(part) = &part {
        span.id = Some(part.of.clone());
    }
    for (key, ours) in [("from_name", super::LABELS), ("to_name", super::TEXT)] {
        if result.get(key).and_then(Value::as_str) == Some(ours) {
            result.shift_remove(key);
        }
    }
    if kind != "labels" {
        result.insert("type".to_owned(), Value::String(kind));
    }
    if !value.is_empty() {
        result.insert("value".to_owned(), Value::Object(value));
    }
    if !meta.is_empty() {
        result.insert("meta".to_owned(), Value::Object(meta));
    }
    put_theirs(&mut span.extra, result);
    let mut labels = labels.into_iter();
    span.label = labels.next().unwrap_or_default();
    let others: Vec<RawSpan> = labels.map(|label| RawSpan { id: None, label, ..span.clone() }).collect();
    Ok((std::iter::once(span).chain(others).collect(), part))
}

/// Old exports write a line break in a region's text as a backslash and an n; rich text has none where a `br` stands.
fn plain(quote: String, (start, end): (usize, usize), context: &Context<'_>) -> String {
    if context.text.contains(&quote) {
        return quote;
    }
    let quote = quote.replace("\\n", "\n");
    if context.rich {
        let found: String = context.text.chars().skip(start).take(end.saturating_sub(start)).collect();
        let bare = |text: &str| text.replace(['\n', '\r'], "");
        return if bare(&found) == bare(&quote) { found } else { quote };
    }
    quote
}

fn origin(result: &mut Map<String, Value>, ours: &mut Map<String, Value>, model: Option<&str>) -> Option<Origin> {
    if let Some(origin) = ours.shift_remove("origin").and_then(|origin| serde_json::from_value(origin).ok()) {
        result.shift_remove("origin");
        return Some(origin);
    }
    let predicted = result.get("origin").and_then(Value::as_str) == Some("prediction");
    if matches!(result.get("origin").and_then(Value::as_str), Some("prediction" | "manual")) {
        result.shift_remove("origin");
    }
    if model.is_none() && !predicted {
        return None;
    }
    let mut origin = Origin::of(OriginKind::Suggestion);
    if let Some(version) = model {
        origin.details.insert("version".to_owned(), Value::String(version.to_owned()));
    }
    if let Some(score) = result.get("score").filter(|score| score.is_number()).cloned() {
        result.shift_remove("score");
        origin.details.insert("score".to_owned(), score);
    }
    Some(origin)
}

/// The value of a result that is an attribute; `None` for what is none.
pub(super) fn attribute(result: &Map<String, Value>, config: &Config) -> Option<Value> {
    let value = result.get("value")?;
    let name = result.get("from_name").and_then(Value::as_str).unwrap_or_default();
    let hint = result.get("meta").and_then(|meta| meta[super::OURS]["kind"].as_str());
    let one_or_all = |value: &Value| -> Option<Value> {
        let list = match value {
            Value::String(_) => return Some(value.clone()),
            Value::Array(list) if list.iter().all(Value::is_string) => list,
            _ => return None,
        };
        let several = hint == Some("list") || (hint.is_none() && config.several(name));
        let flag = hint == Some("flag") || (hint.is_none() && config.flag(name));
        Some(match list.as_slice() {
            [Value::String(word)] if flag && (word == "true" || word == "false") => Value::Bool(word == "true"),
            [one] if !several => one.clone(),
            _ => Value::Array(list.clone()),
        })
    };
    match result.get("type").and_then(Value::as_str)? {
        "choices" => one_or_all(value.get("choices")?),
        "textarea" => one_or_all(value.get("text")?),
        "rating" => value.get("rating").filter(|rating| rating.is_number()).cloned(),
        "number" => value.get("number").filter(|number| number.is_number()).cloned(),
        "datetime" => value.get("datetime").filter(|time| time.is_string()).cloned(),
        "taxonomy" => {
            let path = |path: &Value| {
                let steps: Option<Vec<&str>> = path.as_array()?.iter().map(Value::as_str).collect();
                Some(Value::String(steps?.join(" / ")))
            };
            value.get("taxonomy")?.as_array()?.iter().map(path).collect::<Option<Vec<_>>>().map(Value::Array)
        }
        _ => None,
    }
}
