//! What a Doc has no place for, as `user_data["spanwright"]`: the document's id and metadata and the layer, in the shape of a line of
//! Spanwright JSONL without its text. Beside it, what `user_data` held before the Doc came to us.

use std::io;

use rmp::encode;
use serde_json::{Map, Value, json};

use super::NOTE;
use super::pack::{self, Fields};
use super::words::Words;
use super::write::Pieces;
use crate::annotation::{Attributes, Layer, Span};
use crate::text::Document;
use crate::text::convert::{OffsetIndex, Unit};

/// The whole `user_data` of one Doc.
pub fn write(
    out: &mut Vec<u8>,
    document: &Document,
    layer: Option<&Layer>,
    words: &Words,
    pieces: &Pieces<'_>,
) -> io::Result<()> {
    let mut user = Fields::begin(out);
    let foreign = document.meta.get("spacy").and_then(|spacy| spacy.get("user_data")).and_then(Value::as_object);
    for (key, value) in foreign.into_iter().flatten().filter(|(key, _)| *key != NOTE) {
        // The keys of extension attributes are lists.
        match serde_json::from_str(key) {
            Ok(list @ Value::Array(_)) => user.put_under(out, &list, value)?,
            _ => user.put(out, key, value)?,
        }
    }
    user.key(out, NOTE)?;
    let mut fields = Fields::begin(out);
    fields.text(out, "id", document.id.as_str())?;
    if !document.meta.is_empty() {
        fields.key(out, "meta")?;
        object(out, &document.meta)?;
    }
    if !document.newlines.is_empty() {
        fields.put(out, "newlines", &serde_json::to_value(&document.newlines)?)?;
    }
    fields.key(out, "layers")?;
    encode::write_array_len(out, u32::from(layer.is_some()))?;
    if let Some(layer) = layer {
        self::layer(out, document, layer, words, pieces)?;
    }
    fields.rest(out, &document.extra)?;
    fields.end(out);
    user.end(out);
    Ok(())
}

fn layer(out: &mut Vec<u8>, document: &Document, layer: &Layer, words: &Words, pieces: &Pieces<'_>) -> io::Result<()> {
    let mut fields = Fields::begin(out);
    fields.text(out, "annotator", layer.annotator.as_str())?;
    fields.put(out, "version", &json!(layer.version))?;
    if !layer.clock.0.is_empty() {
        fields.put(out, "clock", &serde_json::to_value(&layer.clock)?)?;
    }
    if let Some(updated) = layer.updated {
        fields.text(out, "updated", &updated.to_string())?;
    }
    fields.text(out, "status", layer.status.as_str())?;
    if let Some(flag) = &layer.flag {
        fields.text(out, "flag", flag)?;
    }
    if !layer.schema.is_empty() {
        fields.text(out, "schema", &layer.schema)?;
    }
    attributes(&mut fields, out, &layer.attributes)?;
    if layer.seconds > 0 {
        fields.put(out, "seconds", &json!(layer.seconds))?;
    }
    fields.key(out, "spans")?;
    encode::write_array_len(out, pack::size(pieces.list.len())?)?;
    for (span, pieces) in &pieces.list {
        let mut ranges: Vec<(usize, usize)> = Vec::with_capacity(pieces.len());
        ranges.extend(
            pieces.iter().map(|piece| (words.list[piece.start].place.start, words.list[piece.end - 1].place.end)),
        );
        if pieces.len() < span.ranges.as_slice().len() {
            // No word stands for what covers nothing.
            let index = OffsetIndex::new(&document.text);
            let empty = span.ranges.as_slice().iter().filter(|range| range.is_empty());
            ranges.extend(empty.map(|range| index.give(Unit::CodePoint, *range)));
        }
        self::span(out, span, &ranges)?;
    }
    fields.key(out, "relations")?;
    let relations =
        || layer.relations.values().filter(|relation| pieces.has(&relation.from) && pieces.has(&relation.to));
    encode::write_array_len(out, pack::size(relations().count())?)?;
    for relation in relations() {
        let mut fields = Fields::begin(out);
        fields.text(out, "id", relation.id.as_str())?;
        fields.text(out, "kind", relation.kind.as_str())?;
        fields.text(out, "from", relation.from.as_str())?;
        fields.text(out, "to", relation.to.as_str())?;
        attributes(&mut fields, out, &relation.attributes)?;
        fields.rest(out, &relation.extra)?;
        fields.end(out);
    }
    if !layer.decisions.is_empty() {
        fields.put(out, "decisions", &Value::from(layer.decisions.clone()))?;
    }
    fields.rest(out, &layer.extra)?;
    fields.end(out);
    Ok(())
}

fn span(out: &mut Vec<u8>, span: &Span, ranges: &[(usize, usize)]) -> io::Result<()> {
    let mut fields = Fields::begin(out);
    fields.text(out, "id", span.id.as_str())?;
    fields.text(out, "label", span.label.as_str())?;
    fields.key(out, "ranges")?;
    encode::write_array_len(out, pack::size(ranges.len())?)?;
    for (start, end) in ranges {
        encode::write_array_len(out, 2)?;
        encode::write_uint(out, *start as u64)?;
        encode::write_uint(out, *end as u64)?;
    }
    attributes(&mut fields, out, &span.attributes)?;
    if !span.note.is_empty() {
        fields.text(out, "note", &span.note)?;
    }
    fields.put(out, "origin", &serde_json::to_value(&span.origin)?)?;
    fields.rest(out, &span.extra)?;
    fields.end(out);
    Ok(())
}

fn attributes(fields: &mut Fields, out: &mut Vec<u8>, attributes: &Attributes) -> io::Result<()> {
    if attributes.is_empty() {
        return Ok(());
    }
    fields.key(out, "attributes")?;
    encode::write_map_len(out, pack::size(attributes.len())?)?;
    for (name, value) in attributes {
        encode::write_str(out, name)?;
        pack::value(out, value)?;
    }
    Ok(())
}

fn object(out: &mut Vec<u8>, object: &Map<String, Value>) -> io::Result<()> {
    let mut fields = Fields::begin(out);
    fields.rest(out, object)?;
    fields.end(out);
    Ok(())
}
