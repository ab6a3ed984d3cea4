//! A layer as results: a region for each fragment of a span, an arrow for each relation, a value for each attribute.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::controls::Controls;
use super::{LABELS, OURS, TEXT, split};
use crate::annotation::{Layer, Origin, OriginKind, Relation, Span};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Document, TextRange};

/// A document in the making.
pub(super) struct Place<'a> {
    pub document: &'a Document,
    pub index: OffsetIndex<'a>,
    pub original: bool,
}

impl Place<'_> {
    fn range(&self, range: TextRange) -> (usize, usize) {
        let (start, end) = self.index.give(Unit::CodePoint, range);
        let newlines = &self.document.newlines;
        if self.original { (newlines.to_source(start), newlines.to_source(end)) } else { (start, end) }
    }

    fn text(&self, range: TextRange) -> String {
        let piece = self.document.text.slice(range);
        if self.original {
            self.document.newlines.restore_piece(piece, self.index.to(Unit::CodePoint, range.start()))
        } else {
            piece.to_owned()
        }
    }
}

#[derive(Serialize)]
pub(super) struct Region<'a> {
    id: String,
    from_name: &'static str,
    to_name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    origin: &'a str,
    value: RegionValue<'a>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    meta: Map<String, Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Serialize)]
struct RegionValue<'a> {
    start: usize,
    end: usize,
    text: String,
    labels: [&'a str; 1],
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Item<'a> {
    Region(Box<Region<'a>>),
    Other(Map<String, Value>),
}

/// Everything of a layer: its spans, relations and attributes, and what was kept of it.
pub(super) fn results<'a>(
    controls: &Controls,
    layer: &'a Layer,
    model: Option<&str>,
    values: Vec<Map<String, Value>>,
    kept: Vec<Value>,
    place: &Place<'a>,
) -> Vec<Item<'a>> {
    let mut taken: HashSet<String> = layer.spans.iter().map(|span| span.id.as_str().to_owned()).collect();
    let mut result = Vec::with_capacity(layer.spans.len());
    for span in layer.spans.iter() {
        span_regions(controls, span, model, place, &mut taken, &mut result);
    }
    result.extend(layer.relations.values().map(|relation| Item::Other(arrow(relation))));
    for mut value in values {
        let name = value.get("from_name").and_then(Value::as_str).unwrap_or_default();
        let id = free(&format!("document:{name}"), &mut taken);
        put(&mut value, "id", id);
        result.push(Item::Other(value));
    }
    result.extend(kept.into_iter().map(|value| Item::Other(object(Some(value)))));
    result
}

/// A region for each fragment, and the results that are its attributes.
fn span_regions<'a>(
    controls: &Controls,
    span: &'a Span,
    model: Option<&str>,
    place: &Place<'a>,
    taken: &mut HashSet<String>,
    result: &mut Vec<Item<'a>>,
) {
    let (mut rest, extra) = split(&span.extra);
    let (values, misfits) = controls.results(Some(&span.label), &span.attributes);
    let mut meta = object(rest.shift_remove("meta"));
    let mut ours = Map::new();
    if !extra.is_empty() {
        put(&mut ours, "extra", extra);
    }
    if !misfits.is_empty() {
        put(&mut ours, "attributes", misfits);
    }
    if !span.note.is_empty() {
        put(&mut meta, "text", json!([span.note]));
    }
    let origin = written(&span.origin, model, &mut rest, &mut ours);
    for key in ["id", "value", "type", "from_name", "to_name"] {
        rest.shift_remove(key);
    }
    for (count, range) in span.ranges.as_slice().iter().enumerate() {
        let mut ours = std::mem::take(&mut ours);
        if span.ranges.is_discontinuous() {
            put(&mut ours, "part_of", span.id.as_str());
        }
        let mut meta = std::mem::take(&mut meta);
        if !ours.is_empty() {
            put(&mut meta, OURS, ours);
        }
        let (start, end) = place.range(*range);
        let id = match count {
            0 => span.id.as_str().to_owned(),
            _ => free(&format!("{}#{}", span.id, count + 1), taken),
        };
        result.push(Item::Region(Box::new(Region {
            id,
            from_name: LABELS,
            to_name: TEXT,
            kind: "labels",
            origin,
            value: RegionValue { start, end, text: place.text(*range), labels: [span.label.as_str()] },
            meta,
            rest: std::mem::take(&mut rest),
        })));
    }
    for mut value in values {
        let mut whole = Map::from_iter([("id".to_owned(), json!(span.id))]);
        whole.append(&mut value);
        result.push(Item::Other(whole));
    }
}

/// An id that nothing in the annotation has.
fn free(id: &str, taken: &mut HashSet<String>) -> String {
    let names = std::iter::once(id.to_owned()).chain((2_usize..).map(|count| format!("{id}~{count}")));
    let id = names.into_iter().find(|name| !taken.contains(name)).unwrap_or_default();
    taken.insert(id.clone());
    id
}

/// The word for where a span came from; what the word does not say goes beside.
fn written(
    origin: &Origin,
    model: Option<&str>,
    rest: &mut Map<String, Value>,
    ours: &mut Map<String, Value>,
) -> &'static str {
    let mut derived = Origin::of(OriginKind::Import);
    if origin.by == OriginKind::Suggestion {
        derived.by = OriginKind::Suggestion;
        if let Some(version) = model {
            put(&mut derived.details, "version", version);
        }
        if let Some(score) = origin.details.get("score").filter(|score| score.is_number()) {
            put(&mut derived.details, "score", score.clone());
            put(rest, "score", score.clone());
        }
    }
    // Of a model's layer everything is taken for a suggestion.
    if derived != *origin || (model.is_some() && origin.by != OriginKind::Suggestion) {
        put(ours, "origin", serde_json::to_value(origin).unwrap_or_default());
    }
    rest.shift_remove("origin");
    if origin.by == OriginKind::Suggestion { "prediction" } else { "manual" }
}

fn arrow(relation: &Relation) -> Map<String, Value> {
    let (mut rest, extra) = split(&relation.extra);
    let mut meta = object(rest.shift_remove("meta"));
    let mut ours = Map::from_iter([("id".to_owned(), json!(relation.id))]);
    if !relation.attributes.is_empty() {
        put(&mut ours, "attributes", json!(relation.attributes));
    }
    if !extra.is_empty() {
        put(&mut ours, "extra", extra);
    }
    put(&mut meta, OURS, ours);
    let direction = rest.shift_remove("direction").filter(|direction| direction == "bi");
    let mut arrow = Map::new();
    put(&mut arrow, "type", "relation");
    put(&mut arrow, "from_id", relation.from.as_str());
    put(&mut arrow, "to_id", relation.to.as_str());
    put(&mut arrow, "direction", direction.unwrap_or_else(|| json!("right")));
    put(&mut arrow, "labels", json!([relation.kind.as_str()]));
    put(&mut arrow, "meta", meta);
    for (key, value) in rest {
        arrow.entry(key).or_insert(value);
    }
    arrow
}

pub(super) fn put(object: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    object.insert(key.to_owned(), value.into());
}

pub(super) fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}
