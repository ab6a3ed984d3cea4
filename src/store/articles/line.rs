//! One line of an article file: a document in Spanwright JSONL, without layers. And the checksum that guards it.

use serde_json::{Map, Value};

use crate::text::{Document, DocumentId, NewlineMap, Text, TextHash};

/// Reads a line. The text is taken byte for byte: it was normalised when it was imported. An error says what is wrong, without a place.
pub(super) fn read(line: &[u8]) -> Result<Document, String> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let mut fields: Map<String, Value> =
        serde_json::from_slice(line).map_err(|error| format!("it is no JSON object ({error})"))?;
    let Some(Value::String(text)) = fields.shift_remove("text") else {
        return Err("it has no \"text\"".to_owned());
    };
    let text = Text::new(text);
    match fields.shift_remove("sha256") {
        None => {}
        Some(Value::String(hex)) if TextHash::parse(&hex) == Some(text.sha256()) => {}
        Some(_) => return Err("its text does not match its checksum".to_owned()),
    }
    let id = match fields.shift_remove("id") {
        Some(Value::String(id)) if !id.is_empty() => DocumentId(id),
        None => DocumentId::of_text(&text),
        Some(_) => return Err("its \"id\" is no string".to_owned()),
    };
    let meta = match fields.shift_remove("meta") {
        Some(Value::Object(meta)) => meta,
        None | Some(Value::Null) => Map::new(),
        Some(_) => return Err("its \"meta\" is no object".to_owned()),
    };
    let newlines = match fields.shift_remove("newlines") {
        Some(map) => {
            serde_json::from_value(map).map_err(|error| format!("its \"newlines\" cannot be read ({error})"))?
        }
        None => NewlineMap::default(),
    };
    for layers in ["layers", "spans"] {
        if fields.shift_remove(layers).is_some_and(|value| value.as_array().is_none_or(|list| !list.is_empty())) {
            return Err(format!("it has \"{layers}\": layers come in by an import, not as article files"));
        }
    }
    Ok(Document { id, text, meta, newlines, extra: fields })
}

/// A checksum of bytes: any change within one aligned group of eight is found for certain, others with odds of 2⁶⁴ to 1. Not against
/// malice. Eight bytes a step, by the multiply and rotate of Firefox's `FxHasher`.
pub(super) fn sum(bytes: &[u8]) -> u64 {
    let mut groups = bytes.chunks_exact(8);
    let mut sum = bytes.len() as u64;
    for group in &mut groups {
        let mut word = [0; 8];
        word.copy_from_slice(group);
        sum = fold(sum, u64::from_le_bytes(word));
    }
    let mut word = [0; 8];
    word[..groups.remainder().len()].copy_from_slice(groups.remainder());
    fold(sum, u64::from_le_bytes(word))
}

/// The checksum of a file goes on by one line (or one group of bytes).
pub(super) fn fold(sum: u64, next: u64) -> u64 {
    (sum.rotate_left(5) ^ next).wrapping_mul(0x517c_c1b7_2722_0a95)
}
