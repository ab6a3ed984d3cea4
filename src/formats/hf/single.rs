//! One file of rows by itself: JSON lines, or one array, of a data set or of a script. What the columns usually are called is known
//! ([`super::foreign`]); a card beside it names the labels where they are numbers.

use serde_json::{Map, Value};

use super::{foreign, indexed};
use crate::formats::glimpse::Glimpse;
use crate::formats::table::{Format, Shape};
use crate::formats::values::Values;
use crate::text::convert::Unit;

/// Rows that nobody else knows.
pub(in crate::formats) static ROWS: Format = Format {
    id: "rows",
    name: "JSON rows",
    about: "texts with spans in any usual spelling, or tokens with tags, one row each",
    extensions: &["jsonl", "json"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: super::CARRIES,
    looks,
    reader: Some(super::read),
    writer: None,
    vocabulary: None,
    words: None,
};

/// Rows that are looked at: those without spans may come first.
const ROWS_LOOKED_AT: usize = 100;

fn looks(glimpse: &Glimpse) -> bool {
    let Some(first) = glimpse.record() else { return false };
    if is_labelled(first) {
        return true;
    }
    let rows: Values<_> = Values::new(glimpse.start.as_slice(), String::new(), glimpse.start.len() as u64);
    rows.take(ROWS_LOOKED_AT).flatten().any(|row| row.value.as_object().is_some_and(is_labelled))
}

fn is_labelled(row: &Map<String, Value>) -> bool {
    foreign::has_spans(row) || foreign::has_tags(row) || indexed::is_one(row)
}
