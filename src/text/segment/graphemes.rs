//! Graphemes: what a reader takes for one character, be it one code point or ten (UAX #29, extended clusters).
//!
//! Each question costs the length of one grapheme (a row of flags counts as one, for only its start tells how to pair them).

use unicode_segmentation::GraphemeCursor;

use super::{Text, TextRange};

/// Whether a caret may stand at `offset`. Past the end, or inside a code point: no.
pub fn is_grapheme_boundary(text: &Text, offset: usize) -> bool {
    text.as_str().is_char_boundary(offset) && is_boundary(text.as_str(), offset)
}

/// The boundary at or before `offset`.
pub fn snap_to_grapheme(text: &Text, offset: usize) -> usize {
    floor(text.as_str(), offset)
}

/// The range, widened to whole graphemes. Nothing is trimmed: this is the exact extent of a drag.
pub fn whole_graphemes(text: &Text, range: TextRange) -> TextRange {
    let text = text.as_str();
    TextRange::new(floor(text, range.start()), ceil(text, range.end()))
}

/// The first boundary after `offset`; the end of the text at its end.
pub fn next_grapheme(text: &Text, offset: usize) -> usize {
    next(text.as_str(), text.as_str().floor_char_boundary(offset))
}

/// The last boundary before `offset`; 0 at the start.
pub fn previous_grapheme(text: &Text, offset: usize) -> usize {
    let text = text.as_str();
    previous(text, text.ceil_char_boundary(offset))
}

/// The grapheme after a caret, at the end of a line the one before it; `None` on an empty line.
pub(super) fn grapheme_at(text: &str, offset: usize) -> Option<TextRange> {
    let ends_line = |offset: usize| text[offset..].is_empty() || text[offset..].starts_with('\n');
    if !ends_line(offset) {
        return Some(TextRange::new(offset, next(text, offset)));
    }
    let before = previous(text, offset);
    (before < offset && !ends_line(before)).then(|| TextRange::new(before, offset))
}

pub(super) fn is_boundary(text: &str, offset: usize) -> bool {
    let bytes = text.as_bytes();
    if offset == 0 || offset >= bytes.len() {
        return offset <= bytes.len();
    }
    if bytes[offset - 1].is_ascii() && bytes[offset].is_ascii() {
        return bytes[offset - 1..=offset] != *b"\r\n";
    }
    GraphemeCursor::new(offset, text.len(), true).is_boundary(text, 0).unwrap_or(true)
}

pub(super) fn floor(text: &str, offset: usize) -> usize {
    let offset = text.floor_char_boundary(offset);
    if is_boundary(text, offset) { offset } else { previous(text, offset) }
}

pub(super) fn ceil(text: &str, offset: usize) -> usize {
    let offset = text.ceil_char_boundary(offset);
    if is_boundary(text, offset) { offset } else { next(text, offset) }
}

pub(super) fn next(text: &str, offset: usize) -> usize {
    GraphemeCursor::new(offset, text.len(), true).next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

pub(super) fn previous(text: &str, offset: usize) -> usize {
    GraphemeCursor::new(offset, text.len(), true).prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}
