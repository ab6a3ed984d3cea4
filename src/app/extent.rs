//! Which stretch of the text a drag means: from what was pressed to where the pointer is, in the units of a label.

use std::ops::Range;

use super::reading::{Hit, Side};
use crate::annotation::{ItemId, Span};
use crate::schema::{LabelId, Snap};
use crate::session::{OpenDocument, Session};
use crate::text::segment::{self, Snap as Unit};
use crate::text::{Text, TextRange};

/// The unit a drag snaps to: that of the label it will have; where that is not known, words, or the finest any label has.
pub fn unit_of(session: &Session, armed: Option<&LabelId>) -> Unit {
    if let Some(label) = armed.and_then(|label| session.schema.label(label)) {
        return label.snap;
    }
    let fine = session.schema.labels.iter().any(|label| !label.retired && label.snap == Snap::Graphemes);
    if fine { Unit::Graphemes } else { Unit::Words }
}

/// From what the press took to where the pointer is, whole units of `unit`.
pub fn stretched(text: &Text, from: &Range<usize>, to: &Hit, unit: Unit) -> Option<TextRange> {
    let reached = match unit {
        Unit::Graphemes => None,
        _ => segment::unit_at(text, to.grapheme.start, unit),
    };
    let (start, end) = reached.map_or((to.offset, to.offset), |unit| (unit.start(), unit.end()));
    text.range(from.start.min(start), from.end.max(end)).ok()
}

pub fn snapped(text: &Text, range: Option<TextRange>, unit: Unit) -> Option<TextRange> {
    range.filter(|range| !range.is_empty()).map(|range| segment::snap(text, range, unit))
}

pub fn span_of<'a>(open: &'a OpenDocument, id: &ItemId) -> Option<&'a Span> {
    open.shown()?.span(id).map(|span| &**span)
}

/// The extent of a fragment with one edge at `offset`, or at the next fragment if that is nearer. The other edge stays where it is.
pub fn resized(
    session: &Session,
    open: &OpenDocument,
    span: &Span,
    fragment: usize,
    side: Side,
    offset: usize,
    exact: bool,
) -> Option<TextRange> {
    let fragments = span.ranges.as_slice();
    let before = *fragments.get(fragment)?;
    let (start, end) = (before.start(), before.end());
    let lowest = fragment.checked_sub(1).map_or(0, |other| fragments[other].end());
    let highest = fragments.get(fragment + 1).map_or(usize::MAX, |other| other.start());
    let text = open.text();
    let unit = match session.schema.resolve(span.label.as_str()).map(|label| label.snap) {
        _ if exact => Unit::Graphemes,
        Some(Snap::Graphemes) => Unit::Graphemes,
        Some(Snap::Lines) => Unit::Lines,
        _ => Unit::Words,
    };
    let range = match side {
        Side::Start if offset < end => {
            let snapped = segment::snap(text, text.range(offset, end).ok()?, unit);
            text.range(snapped.start().max(lowest), end)
        }
        Side::End if offset > start => {
            let snapped = segment::snap(text, text.range(start, offset).ok()?, unit);
            text.range(start, snapped.end().min(highest))
        }
        _ => return None,
    };
    range.ok().filter(|range| *range != before && !range.is_empty())
}
