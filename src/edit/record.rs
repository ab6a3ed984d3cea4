//! Edits as JSON, for the log. Offsets are **bytes** of the document's text, so this is for the store only, never for exchange.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Edit, LayerEdit};
use crate::annotation::{Annotator, Attributes, Clock, ItemId, Layer, Origin, Ranges, Relation, Span, Spans, Status};
use crate::schema::{LabelId, RelationId};
use crate::text::{DocumentId, Text};

/// Why a record of the log cannot be read: it is damaged, or the text is not the one it was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordError(pub String);

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the record cannot be read: {}", self.0)
    }
}

impl std::error::Error for RecordError {}

impl From<serde_json::Error> for RecordError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// A span with its ranges as numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpanRecord {
    pub id: ItemId,
    pub label: LabelId,
    pub ranges: Vec<(usize, usize)>,
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(default)]
    pub origin: Origin,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

impl From<&Span> for SpanRecord {
    fn from(span: &Span) -> Self {
        Self {
            id: span.id.clone(),
            label: span.label.clone(),
            ranges: span.ranges.as_slice().iter().map(|range| (range.start(), range.end())).collect(),
            attributes: span.attributes.clone(),
            note: span.note.clone(),
            origin: span.origin.clone(),
            extra: span.extra.clone(),
        }
    }
}

impl SpanRecord {
    /// The span again, checked against its text.
    pub fn into_span(self, text: &Text) -> Result<Span, RecordError> {
        let ranges: Result<Vec<_>, _> = self.ranges.iter().map(|(start, end)| text.range(*start, *end)).collect();
        let ranges = ranges.map_err(|error| RecordError(format!("span {}: {error}", self.id)))?;
        let ranges =
            Ranges::new(ranges).map_err(|_| RecordError(format!("span {}: overlapping fragments", self.id)))?;
        let Self { id, label, attributes, note, origin, extra, .. } = self;
        Ok(Span { id, label, ranges, attributes, note, origin, extra })
    }
}

/// A relation as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RelationRecord {
    pub id: ItemId,
    pub kind: RelationId,
    pub from: ItemId,
    pub to: ItemId,
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}

impl From<&Relation> for RelationRecord {
    fn from(relation: &Relation) -> Self {
        let Relation { id, kind, from, to, attributes, extra } = relation.clone();
        Self { id, kind, from, to, attributes, extra }
    }
}

impl From<RelationRecord> for Relation {
    fn from(record: RelationRecord) -> Self {
        let RelationRecord { id, kind, from, to, attributes, extra } = record;
        Self { id, kind, from, to, attributes, extra }
    }
}

/// A whole layer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerRecord {
    pub annotator: Annotator,
    pub version: u64,
    #[serde(default)]
    pub clock: Clock,
    pub updated: Option<jiff::Timestamp>,
    pub status: Status,
    pub flag: Option<String>,
    pub schema: String,
    pub attributes: Attributes,
    pub seconds: u64,
    pub spans: Vec<SpanRecord>,
    pub relations: Vec<RelationRecord>,
    pub decisions: Vec<Value>,
    #[serde(default)]
    pub extra: Map<String, Value>,
}

impl From<&Layer> for LayerRecord {
    fn from(layer: &Layer) -> Self {
        Self {
            annotator: layer.annotator.clone(),
            version: layer.version,
            clock: layer.clock.clone(),
            updated: layer.updated,
            status: layer.status,
            flag: layer.flag.clone(),
            schema: layer.schema.clone(),
            attributes: layer.attributes.clone(),
            seconds: layer.seconds,
            spans: layer.spans.iter().map(|span| SpanRecord::from(&**span)).collect(),
            relations: layer.relations.values().map(|relation| RelationRecord::from(&**relation)).collect(),
            decisions: layer.decisions.clone(),
            extra: layer.extra.clone(),
        }
    }
}

impl LayerRecord {
    /// The two say the same, whatever their versions and times: [`Layer::same_content`] of the layers they are records of.
    pub fn same_content(&self, other: &Self) -> bool {
        fn by_id<T>(items: &[T], id: impl Fn(&T) -> &ItemId) -> Vec<&T> {
            let mut items: Vec<&T> = items.iter().collect();
            items.sort_by(|a, b| id(a).cmp(id(b)));
            items
        }
        self.annotator == other.annotator
            && self.status == other.status
            && self.flag == other.flag
            && self.attributes == other.attributes
            && self.decisions == other.decisions
            && self.extra == other.extra
            && by_id(&self.spans, |span| &span.id) == by_id(&other.spans, |span| &span.id)
            && by_id(&self.relations, |relation| &relation.id) == by_id(&other.relations, |relation| &relation.id)
    }

    /// The layer again, checked against its text.
    pub fn into_layer(self, text: &Text) -> Result<Layer, RecordError> {
        let spans: Result<Vec<_>, _> = self.spans.into_iter().map(|span| span.into_span(text).map(Arc::new)).collect();
        let spans =
            Spans::try_from(spans?).map_err(|span| RecordError(format!("two spans have the id {}", span.id)))?;
        let relations = self.relations.into_iter().map(Relation::from);
        Ok(Layer {
            annotator: self.annotator,
            version: self.version,
            clock: self.clock,
            updated: self.updated,
            status: self.status,
            flag: self.flag,
            schema: self.schema,
            attributes: self.attributes,
            seconds: self.seconds,
            spans,
            relations: relations.map(|relation| (relation.id.clone(), Arc::new(relation))).collect(),
            decisions: self.decisions,
            extra: self.extra,
        })
    }
}

/// One edit as JSON.
pub fn encode(edit: &Edit) -> Value {
    let span = |span: &Option<Arc<Span>>| json!(span.as_deref().map(SpanRecord::from));
    let relation = |relation: &Option<Arc<Relation>>| json!(relation.as_deref().map(RelationRecord::from));
    let mut record = match edit {
        Edit::Whole { document, annotator, before, after } => {
            let layer = |layer: &Option<Arc<Layer>>| layer.as_deref().map(LayerRecord::from);
            return encode_whole(document, annotator, layer(before).as_ref(), layer(after).as_ref());
        }
        Edit::Hidden { before, after, .. } => json!({"what": "hidden", "before": before, "after": after}),
        Edit::Meta { key, before, after, .. } => json!({"what": "meta", "key": key, "before": before, "after": after}),
        Edit::Schema { before, after } => json!({"what": "schema", "before": before, "after": after}),
        Edit::Layer { edit, .. } => match edit {
            LayerEdit::Span { before, after } => json!({"what": "span", "before": span(before), "after": span(after)}),
            LayerEdit::Relation { before, after } => {
                json!({"what": "relation", "before": relation(before), "after": relation(after)})
            }
            LayerEdit::Attribute { name, before, after } => {
                json!({"what": "attribute", "key": name, "before": before, "after": after})
            }
            LayerEdit::Status { before, after } => json!({"what": "status", "before": before, "after": after}),
            LayerEdit::Flag { before, after } => json!({"what": "flag", "before": before, "after": after}),
            LayerEdit::Decision { before, after } => json!({"what": "decision", "before": before, "after": after}),
        },
    };
    if let Some(object) = record.as_object_mut() {
        if let Some(document) = edit.document() {
            object.insert("document".to_owned(), json!(document));
        }
        if let Some((_, annotator)) = edit.layer() {
            object.insert("annotator".to_owned(), json!(annotator));
        }
    }
    record
}

/// A whole layer that changed, from records.
pub fn encode_whole(
    document: &DocumentId,
    annotator: &Annotator,
    before: Option<&LayerRecord>,
    after: Option<&LayerRecord>,
) -> Value {
    json!({"what": "layer", "before": before, "after": after, "document": document, "annotator": annotator})
}

/// One edit again. `text` gives the text that a document's offsets count, asked for only where there are offsets.
pub fn decode(record: &Value, text: impl FnOnce(&DocumentId) -> Option<Text>) -> Result<Edit, RecordError> {
    let lost = |what: &str| RecordError(format!("it has no {what}"));
    let get = |key: &str| record.get(key).cloned().unwrap_or(Value::Null);
    let what: String = serde_json::from_value(get("what"))?;
    let key = || record.get("key").and_then(Value::as_str).map(str::to_owned).ok_or_else(|| lost("key"));
    if what == "schema" {
        return Ok(Edit::Schema {
            before: serde_json::from_value(get("before"))?,
            after: serde_json::from_value(get("after"))?,
        });
    }
    let document: DocumentId = serde_json::from_value(get("document"))?;
    let some = |key: &str| Some(get(key)).filter(|value| !value.is_null());
    match what.as_str() {
        "hidden" => {
            let (before, after) = (serde_json::from_value(get("before"))?, serde_json::from_value(get("after"))?);
            return Ok(Edit::Hidden { document, before, after });
        }
        "meta" => return Ok(Edit::Meta { document, key: key()?, before: some("before"), after: some("after") }),
        _ => {}
    }
    let annotator: Annotator = serde_json::from_value(get("annotator"))?;
    if what == "layer" {
        let text = text(&document).ok_or_else(|| lost("text"))?;
        let layer = |key: &str| -> Result<Option<Arc<Layer>>, RecordError> {
            let record: Option<LayerRecord> = serde_json::from_value(get(key))?;
            record.map(|record| record.into_layer(&text).map(Arc::new)).transpose()
        };
        return Ok(Edit::Whole { before: layer("before")?, after: layer("after")?, document, annotator });
    }
    let edit = match what.as_str() {
        "span" => {
            let text = text(&document).ok_or_else(|| lost("text"))?;
            let span = |key: &str| -> Result<Option<Arc<Span>>, RecordError> {
                let record: Option<SpanRecord> = serde_json::from_value(get(key))?;
                record.map(|record| record.into_span(&text).map(Arc::new)).transpose()
            };
            LayerEdit::Span { before: span("before")?, after: span("after")? }
        }
        "relation" => {
            let relation = |key: &str| -> Result<Option<Arc<Relation>>, RecordError> {
                let record: Option<RelationRecord> = serde_json::from_value(get(key))?;
                Ok(record.map(|record| Arc::new(record.into())))
            };
            LayerEdit::Relation { before: relation("before")?, after: relation("after")? }
        }
        "attribute" => LayerEdit::Attribute { name: key()?, before: some("before"), after: some("after") },
        "status" => LayerEdit::Status {
            before: serde_json::from_value(get("before"))?,
            after: serde_json::from_value(get("after"))?,
        },
        "flag" => LayerEdit::Flag {
            before: serde_json::from_value(get("before"))?,
            after: serde_json::from_value(get("after"))?,
        },
        "decision" => LayerEdit::Decision { before: some("before"), after: some("after") },
        other => return Err(RecordError(format!("“{other}” is nothing we know"))),
    };
    Ok(Edit::Layer { document, annotator, edit })
}
