//! TSV 3.x of `WebAnno`, in only: what it and older versions of `INCEpTION` exported, one document per file
//! (<https://webanno.github.io/webanno/releases/3.6.6/docs/user-guide.html#sect_webannotsv>). Offsets count UTF-16 units.
//!
//! Span layers, relations and slots are read; of chains the cells are kept in the document's metadata. The text is in the file sentence
//! by sentence; what stands between sentences is not, but how long it is.

mod cell;
mod head;
mod marks;
mod read;
mod text;

use super::glimpse::Glimpse;
use super::table::{Feature, Features, Format, Shape};
use crate::text::convert::Unit;

/// Read, not written: `INCEpTION` itself points to UIMA CAS.
pub(super) static FORMAT: Format = Format {
    id: "tsv",
    name: "WebAnno TSV",
    about: "WebAnno TSV 3.x, read only",
    extensions: &["tsv"],
    unit: Unit::Utf16,
    shape: Shape::File,
    carries: Features::only(&[
        Feature::Spans,
        Feature::Overlaps,
        Feature::Fragments,
        Feature::Edges,
        Feature::Attributes,
        Feature::Relations,
        Feature::Labels,
    ]),
    looks: is_named,
    reader: Some(read::read),
    writer: None,
    vocabulary: None,
    words: None,
};

/// Its first lines say so. Versions 1 and 2 are known too, so that nothing else takes them, and are refused with a sentence.
pub(super) fn is_named(glimpse: &Glimpse) -> bool {
    let text = glimpse.text();
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let is_text = |line: &str| line.starts_with("#text=");
    let old = head::is_old(first) && (is_text(second) || head::is_old(second));
    text.starts_with(head::FORMAT) || old
}
