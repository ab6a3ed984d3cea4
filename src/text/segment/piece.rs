//! How far a question about one place looks: pieces of bounded length that do not depend on where one asks.
//!
//! A text falls into natural stretches (runs without white space, lines, groups of paragraphs). A stretch no longer than
//! [`Division::CAP`] is one piece. A longer one is cut near the multiples of that number, at a place that depends on the text
//! there and on nothing else; so all questions about one text see the same pieces, and none looks further than three caps.

use std::ops::Range;

use super::{TextRange, graphemes};

/// One way to divide a text.
pub(super) trait Division {
    /// The longest stretch that is looked at as a whole, in bytes.
    const CAP: usize;

    /// The start of the stretch to which `offset` belongs; `None` if it lies before `floor`.
    fn start(text: &str, offset: usize, floor: usize) -> Option<usize>;

    /// The end of the stretch to which `offset` belongs; `None` if it lies past `ceiling`.
    fn end(text: &str, offset: usize, ceiling: usize) -> Option<usize>;

    /// The best place to cut a stretch that is too long; `window` is a part of it.
    fn cut(window: &str) -> usize;

    /// Where the next piece begins after one that ended at `end`: past what stands between stretches.
    fn skip(text: &str, end: usize) -> usize;
}

/// The piece to which `offset` (a character boundary) belongs.
pub(super) fn piece<D: Division>(text: &str, offset: usize) -> Range<usize> {
    let floor = text.floor_char_boundary(offset.saturating_sub(3 * D::CAP));
    let ceiling = text.ceil_char_boundary(offset.saturating_add(3 * D::CAP));
    let (start, end) = (D::start(text, offset, floor), D::end(text, offset, ceiling));
    if let (Some(start), Some(end)) = (start, end)
        && end - start <= D::CAP
    {
        return start..end;
    }
    let here = offset / D::CAP;
    let (mut from, mut to) = (cut::<D>(text, here), here + 1);
    if from > offset {
        from = cut::<D>(text, here - 1);
        to = here;
    }
    let mut until = cut::<D>(text, to);
    while until <= offset && until < text.len() {
        to += 1;
        until = cut::<D>(text, to);
    }
    start.map_or(from, |start| start.max(from))..end.map_or(until, |end| end.min(until))
}

/// The cut that belongs to the `multiple`-th multiple of the cap: there, or within a quarter of a cap after it.
fn cut<D: Division>(text: &str, multiple: usize) -> usize {
    let from = text.ceil_char_boundary(multiple * D::CAP);
    if from == 0 || from == text.len() {
        return from;
    }
    let to = text.floor_char_boundary(from + D::CAP / 4);
    let to = D::end(text, from, to).unwrap_or(to);
    graphemes::floor(text, from + D::cut(&text[from..to]))
}

/// The pieces from the one at the start of `range` to the one at its end.
pub(super) fn pieces<D: Division>(text: &str, range: TextRange) -> impl Iterator<Item = Range<usize>> {
    let mut at = range.start();
    std::iter::from_fn(move || {
        if at >= range.end() {
            return None;
        }
        let piece = piece::<D>(text, at);
        at = D::skip(text, piece.end);
        Some(piece)
    })
}
