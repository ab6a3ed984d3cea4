//! What a source says, and what a difference is, as hashes: to see later whether an annotator changed something.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::{Side, SourceItem, Subject};
use crate::annotation::{Annotator, Attributes, Relation, Span};
use crate::text::DocumentId;

/// The first so many hex digits of the hash of the parts.
fn hex(digits: usize, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut hex = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex.truncate(digits);
    hex
}

fn said(attributes: &Attributes) -> String {
    serde_json::to_string(attributes).unwrap_or_default()
}

/// A span as a source: label, ranges and attributes count; its note and where it came from do not.
pub(super) fn of_span(span: &Span) -> SourceItem {
    let mut ranges = String::new();
    for range in span.ranges.as_slice() {
        let _ = write!(ranges, "{range:?},");
    }
    SourceItem { id: span.id.clone(), hash: hex(16, &[span.label.as_str(), &ranges, &said(&span.attributes)]) }
}

/// A relation as a source: kind, ends and attributes count.
pub(super) fn of_relation(relation: &Relation) -> SourceItem {
    let (kind, from, to) = (relation.kind.as_str(), relation.from.as_str(), relation.to.as_str());
    SourceItem { id: relation.id.clone(), hash: hex(16, &[kind, from, to, &said(&relation.attributes)]) }
}

/// The sources of a side.
pub(super) fn items(side: &Side) -> Vec<SourceItem> {
    match side {
        Side::Spans(spans) => spans.iter().map(|span| of_span(span)).collect(),
        Side::Relation { relation, .. } => vec![of_relation(relation)],
        Side::Absent | Side::Nothing | Side::Value(_) => Vec::new(),
    }
}

/// The id of a difference: the same in whatever order the annotators stand.
pub(super) fn identity(
    document: &DocumentId,
    annotators: &[Annotator],
    subject: &Subject,
    sides: &[Side],
    items: &[Vec<SourceItem>],
) -> String {
    let mut sources: Vec<String> = Vec::new();
    let told = annotators.iter().zip(sides).zip(items);
    for ((annotator, side), items) in told.filter(|((_, side), _)| side.is_data()) {
        let value = if let Side::Value(value) = side { value.to_string() } else { String::new() };
        let mut source = format!("{annotator}\0{value}");
        for item in items {
            let _ = write!(source, "\0{}\0{}", item.id, item.hash);
        }
        sources.push(source);
    }
    sources.sort_unstable();
    let subject = match subject {
        Subject::Spans => "spans",
        Subject::Relation => "relation",
        Subject::Attribute(name) => name,
    };
    let mut parts = vec![document.as_str(), subject];
    parts.extend(sources.iter().map(String::as_str));
    format!("d{}", hex(24, &parts))
}
