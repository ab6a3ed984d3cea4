//! Tasks as Label Studio imports them: one array, a task on each line.

use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::controls::Controls;
use super::regions::{Item, Place, object, put, results};
use super::results::owner;
use super::{MODEL, OURS, TEXT, split};
use crate::annotation::exchange::{Offsets, to_json};
use crate::annotation::{Annotator, Clock, Layer, Status};
use crate::formats::loss::Loss;
use crate::formats::options::WriteOptions;
use crate::formats::table::{Sink, Writer};
use crate::text::Document;
use crate::text::convert::OffsetIndex;

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
        let result = results(&self.controls, layer, model, values, kept, place);
        fields.extend(theirs);
        if !ours.is_empty() {
            put(&mut fields, OURS, ours);
        }
        Annotation { fields, result }
    }
}
