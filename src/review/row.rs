//! A difference as one row, for `diff` and reports: offsets in code points, everything named.

use serde_json::{Map, Value, json};

use super::{Comparison, Difference, Kind, Side, State};
use crate::annotation::Span;
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Document, TextRange};

/// The fields of a row, in order.
pub const COLUMNS: [&str; 14] = [
    "document", "kind", "also", "severity", "label", "start", "end", "text", "left", "right", "iou", "state",
    "cluster", "sides",
];

/// The row of a difference. `cluster` is the sentence of its cluster. `index` is of the document's text.
pub fn row(
    document: &Document,
    index: &OffsetIndex<'_>,
    comparison: &Comparison,
    difference: &Difference,
    state: &State,
    cluster: &str,
) -> Map<String, Value> {
    let (start, end) = index.give(Unit::CodePoint, difference.extent);
    let ids: Vec<&str> = difference.kinds.iter().map(Kind::id).collect();
    let boundary = difference
        .kinds
        .iter()
        .find_map(|kind| if let Kind::Boundary(boundary) = kind { Some(boundary) } else { None });
    let sides: Map<String, Value> = comparison
        .annotators
        .iter()
        .zip(&difference.sides)
        .map(|(annotator, side)| (annotator.to_string(), of_side(document, index, side)))
        .collect();
    let values = [
        json!(difference.document),
        json!(ids.first().unwrap_or(&"agreed")),
        json!(ids.get(1..).unwrap_or_default().join(" ")),
        json!(difference.severity),
        json!(difference.label),
        json!(start),
        json!(end),
        json!(document.text.slice(difference.extent)),
        json!(boundary.map(|boundary| boundary.left.chars)),
        json!(boundary.map(|boundary| boundary.right.chars)),
        json!(boundary.map(|boundary| boundary.iou)),
        json!(state.id()),
        json!(cluster),
        Value::Object(sides),
    ];
    COLUMNS.iter().map(|column| (*column).to_owned()).zip(values).collect()
}

/// What one annotator has: `null` is missing data, an empty list nothing here.
fn of_side(document: &Document, index: &OffsetIndex<'_>, side: &Side) -> Value {
    match side {
        Side::Absent => Value::Null,
        Side::Nothing => json!([]),
        Side::Spans(spans) => spans.iter().map(|span| of_span(document, index, span)).collect(),
        Side::Relation { relation, from, to } => json!([{
            "id": relation.id, "kind": relation.kind, "attributes": relation.attributes,
            "from": of_span(document, index, from), "to": of_span(document, index, to),
        }]),
        Side::Value(value) => json!([{ "value": value }]),
    }
}

fn of_span(document: &Document, index: &OffsetIndex<'_>, span: &Span) -> Value {
    let ranges = span.ranges.as_slice().iter();
    let ranges: Vec<_> = ranges.map(|range: &TextRange| index.give(Unit::CodePoint, *range)).collect();
    json!({
        "id": span.id, "label": span.label, "ranges": ranges, "quote": span.ranges.quote(&document.text),
        "attributes": span.attributes,
    })
}

/// The sides in words, for people: `ana: Dr Smith · ben: –`.
pub fn sides_in_words(document: &Document, comparison: &Comparison, difference: &Difference) -> String {
    let mut one_label: Vec<_> = difference.sides.iter().flat_map(Side::spans).map(|span| &span.label).collect();
    one_label.dedup();
    let span = |span: &Span| {
        let quote = span.ranges.quote(&document.text);
        let label = if one_label.len() > 1 { format!("{} ", span.label) } else { String::new() };
        let attributes: Vec<String> = span.attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let attributes = if attributes.is_empty() { String::new() } else { format!(" ({})", attributes.join(", ")) };
        format!("{label}{quote}{attributes}")
    };
    let words = |side: &Side| match side {
        Side::Absent => "not finished".to_owned(),
        Side::Nothing => "–".to_owned(),
        Side::Spans(spans) => spans.iter().map(|it| span(it)).collect::<Vec<_>>().join(" + "),
        Side::Relation { relation, from, to } => {
            let end = |it: &Span| it.ranges.quote(&document.text);
            format!("{} {} → {}", relation.kind, end(from), end(to))
        }
        Side::Value(value) => value.to_string(),
    };
    let sides = comparison.annotators.iter().zip(&difference.sides);
    sides.map(|(annotator, side)| format!("{annotator}: {}", words(side))).collect::<Vec<_>>().join(" · ")
}
