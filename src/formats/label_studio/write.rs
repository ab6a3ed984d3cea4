//! Tasks as Label Studio imports them: one array, a task on each line.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::controls::Controls;
use super::results::owner;
use super::{LABELS, MODEL, OURS, TEXT, split};
use crate::annotation::exchange::{Offsets, to_json};
use crate::annotation::{Annotator, Clock, Layer, Origin, OriginKind, Relation, Span, Status};
use crate::formats::loss::Loss;
use crate::formats::options::WriteOptions;
use crate::formats::table::{Sink, Writer};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Document, TextRange};

pub(super) fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let Sink::Stream(out) = sink else { unreachable!("the table says that this format is one file") };
    Ok(Box::new(Tasks {
        out,
        original: options.offsets == Offsets::Original,
        controls: Controls::of(&options.schema),
        annotators: options.annotators.clone(),
        count: 0,
    }))
}

struct Tasks<'a> {
    out: Box<dyn io::Write + Send + 'a>,
    original: bool,
    controls: Controls,
    annotators: Vec<Annotator>,
    count: u64,
}

impl Writer for Tasks<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        self.out.write_all(if self.count == 0 { b"[\n" } else { b",\n" })?;
        self.count += 1;
        let task = self.task(document, layers);
        self.out.write_all(&to_json(&task)?)?;
        Ok(Vec::new())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.write_all(if self.count == 0 { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}

/// A document in the making.
struct Place<'a> {
    document: &'a Document,
    index: OffsetIndex<'a>,
    original: bool,
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
struct Region<'a> {
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
enum Item<'a> {
    Region(Box<Region<'a>>),
    Other(Map<String, Value>),
}

/// What stands in a task's lists: its own keys, then the results.
#[derive(Serialize)]
struct Annotation<'a> {
    #[serde(flatten)]
    fields: Map<String, Value>,
    result: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Task<'a> {
    id: Value,
    data: Map<String, Value>,
    annotations: Vec<Annotation<'a>>,
    predictions: Vec<Annotation<'a>>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    meta: Map<String, Value>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

fn put(object: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    object.insert(key.to_owned(), value.into());
}

fn object(value: Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(object)) => object,
        _ => Map::new(),
    }
}

impl Tasks<'_> {
    fn task<'a>(&self, document: &'a Document, layers: &'a [Arc<Layer>]) -> Task<'a> {
        let place = Place { document, index: OffsetIndex::new(&document.text), original: self.original };
        let (mut theirs, meta) = split(&document.meta);
        let mut rest = object(theirs.shift_remove("task"));
        let mut ours = object(theirs.shift_remove(OURS));
        ours.extend(theirs);
        let mut data = Map::new();
        let text = document.text.as_str();
        if self.original {
            put(&mut data, TEXT, document.newlines.restore(text));
        } else {
            put(&mut data, TEXT, text);
            if !document.newlines.is_empty() {
                put(&mut ours, "newlines", serde_json::to_value(&document.newlines).unwrap_or_default());
            }
        }
        put(&mut data, "id", document.id.as_str());
        let mut beside = Map::new();
        for (key, value) in meta {
            let taken = key == TEXT || key == "id";
            if taken { &mut beside } else { &mut data }.insert(key, value);
        }
        if !beside.is_empty() {
            put(&mut ours, "meta", beside);
        }
        if !document.extra.is_empty() {
            put(&mut ours, "extra", document.extra.clone());
        }
        let id = rest.shift_remove("id").unwrap_or_else(|| {
            put(&mut ours, "numbered", true);
            Value::from(self.count)
        });
        let mut meta = object(rest.shift_remove("meta"));
        if !ours.is_empty() {
            put(&mut meta, OURS, ours);
        }
        for key in ["data", "annotations", "predictions"] {
            rest.shift_remove(key);
        }
        let (mut annotations, mut predictions) = (Vec::new(), Vec::new());
        for layer in layers {
            match layer.annotator.as_str().strip_prefix(MODEL) {
                Some(version) => predictions.push(self.annotation(layer, Some(version), &place)),
                None => annotations.push(self.annotation(layer, None, &place)),
            }
        }
        Task { id, data, annotations, predictions, meta, rest }
    }

    fn annotation<'a>(&self, layer: &'a Layer, model: Option<&str>, place: &Place<'a>) -> Annotation<'a> {
        let (mut theirs, extra) = split(&layer.extra);
        let mut ours = object(theirs.shift_remove(OURS));
        let kept = match theirs.shift_remove("result") {
            Some(Value::Array(kept)) => kept,
            _ => Vec::new(),
        };
        let name = layer.annotator.as_str();
        let mut fields = Map::new();
        if let Some(version) = model {
            put(&mut fields, "model_version", version);
        } else {
            let known = owner(&theirs);
            // A layer that has changed hands does not tell who had it before.
            if known.as_ref().is_some_and(|known| name != known && !name.starts_with(&format!("{known} ("))) {
                theirs = Map::new();
            }
            if !theirs.contains_key("completed_by") {
                let number = self.annotators.iter().position(|known| *known == layer.annotator);
                put(&mut ours, "owner", true);
                put(
                    &mut fields,
                    "id",
                    number.map_or(0, |number| number + 1) as u64
                        + (self.count - 1) * self.annotators.len().max(1) as u64,
                );
                put(&mut fields, "completed_by", json!({ "id": number.map_or(0, |number| number + 1), "email": name }));
            }
            put(&mut fields, "was_cancelled", layer.status == Status::Skipped);
            put(&mut fields, "ground_truth", layer.annotator.is_gold());
        }
        let exact =
            theirs.get("lead_time").and_then(Value::as_f64).is_some_and(|time| time.round() as u64 == layer.seconds);
        if !exact {
            theirs.shift_remove("lead_time");
            if layer.seconds > 0 {
                put(&mut fields, "lead_time", layer.seconds);
            }
        }
        if let Some(updated) = &layer.updated {
            put(&mut fields, "updated_at", updated.to_string());
        }
        let settled = match (model, layer.status) {
            (None, Status::Skipped) | (_, Status::Finished) => None,
            (_, status) => Some(status.as_str()),
        };
        if let Some(status) = settled {
            put(&mut ours, "status", status);
        }
        if let Some(flag) = &layer.flag {
            put(&mut ours, "flag", flag.as_str());
        }
        if !layer.schema.is_empty() {
            put(&mut ours, "schema", layer.schema.as_str());
        }
        if layer.version > 1 {
            put(&mut ours, "version", layer.version);
        }
        if layer.clock != Clock::default() {
            put(&mut ours, "clock", serde_json::to_value(&layer.clock).unwrap_or_default());
        }
        if !layer.decisions.is_empty() {
            put(&mut ours, "decisions", layer.decisions.clone());
        }
        if !extra.is_empty() {
            put(&mut ours, "extra", extra);
        }
        let (values, misfits) = self.controls.results(None, &layer.attributes);
        if !misfits.is_empty() {
            put(&mut ours, "attributes", misfits);
        }
        let result = self.results(layer, model, values, kept, place);
        fields.extend(theirs);
        if !ours.is_empty() {
            put(&mut fields, OURS, ours);
        }
        Annotation { fields, result }
    }

    fn results<'a>(
        &self,
        layer: &'a Layer,
        model: Option<&str>,
        values: Vec<Map<String, Value>>,
        kept: Vec<Value>,
        place: &Place<'a>,
    ) -> Vec<Item<'a>> {
        let mut taken: HashSet<String> = layer.spans.iter().map(|span| span.id.as_str().to_owned()).collect();
        let mut result = Vec::with_capacity(layer.spans.len());
        for span in layer.spans.iter() {
            self.span(span, model, place, &mut taken, &mut result);
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
    fn span<'a>(
        &self,
        span: &'a Span,
        model: Option<&str>,
        place: &Place<'a>,
        taken: &mut HashSet<String>,
        result: &mut Vec<Item<'a>>,
    ) {
        let (mut rest, extra) = split(&span.extra);
        let (values, misfits) = self.controls.results(Some(&span.label), &span.attributes);
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
