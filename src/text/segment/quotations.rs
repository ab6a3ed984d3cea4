//! Quotations in every kind of marks, nested, and over several paragraphs each of which begins with an opening mark.
//!
//! “ ” ‘ ’ „ “ ‚ ‘ „ ” « » » « ‹ › ” ” 「 」『 』 〝 〟, doubled graves and apostrophes, and straight ones. A quotation ends at the latest with
//! its paragraph, unless the next one begins with the same mark; what is still open then is unclosed. Paragraphs that hang together
//! so are one piece; a piece of more than 64 KiB is cut between its lines, so that a missing mark never runs away.

use std::ops::Range;

use memchr::{memchr, memrchr};

use super::blank::{is_blank, trim};
use super::marks::{Context, Mark, Role};
use super::piece::{Division, piece, pieces};
use super::{Text, TextRange, graphemes, words};

/// A stretch between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// With its marks. Unclosed: from the opening mark to the end of its paragraph.
    pub range: TextRange,
    /// Without its outer marks and the blanks beside them.
    pub inner: TextRange,
    /// How many closed quotations stand around it.
    pub depth: usize,
    /// A closing mark was found.
    pub closed: bool,
}

/// The quotations that the range touches, outer before inner. Linear in the paragraphs touched.
///
/// An unclosed single mark is taken for an apostrophe and gives no quotation; empty ones are left out.
pub fn quotations(text: &Text, range: TextRange) -> Vec<Quotation> {
    let text = text.as_str();
    let all = pieces::<Passages>(text, range).flat_map(|passage| scan(text, passage));
    all.filter(|quotation| quotation.range.overlaps(range)).collect()
}

/// The innermost quotation that a caret at `offset` touches, before or behind its marks or within; closed or not.
pub fn quotation_at(text: &Text, offset: usize) -> Option<Quotation> {
    let offset = text.as_str().floor_char_boundary(offset);
    innermost(around(text.as_str(), offset).into_iter(), offset)
}

/// The innermost closed quotation at a caret.
pub(super) fn closed_at(text: &str, offset: usize) -> Option<TextRange> {
    innermost(around(text, offset).into_iter().filter(|quotation| quotation.closed), offset)
        .map(|quotation| quotation.range)
}

/// The one that starts at the caret, else the shortest that touches it.
fn innermost(all: impl Iterator<Item = Quotation>, offset: usize) -> Option<Quotation> {
    all.filter(|quotation| quotation.range.start() <= offset && offset <= quotation.range.end())
        .min_by_key(|quotation| (quotation.range.start() != offset, quotation.range.len()))
}

/// The innermost closed quotation that covers `start..end`; else the words of the range and every quotation that they cut.
pub(super) fn cover(text: &str, start: usize, end: usize) -> TextRange {
    let (first, last) = (piece::<Passages>(text, start), graphemes::previous(text, end));
    let other = (last >= first.end).then(|| around(text, last));
    let mut all = scan(text, first);
    all.extend(other.unwrap_or_default());
    all.retain(|quotation| quotation.closed);
    let mut extent = TextRange::new(start, end);
    loop {
        let covering = all.iter().map(|quotation| quotation.range).filter(|range| range.covers(extent));
        if let Some(range) = covering.min_by_key(|range| range.len()) {
            return range;
        }
        let words = words::cover(text, extent.start(), extent.end());
        let crossing = all.iter().map(|quotation| quotation.range).filter(|range| range.crosses(words));
        let wider = crossing.fold(words, TextRange::hull);
        if wider == extent {
            return extent;
        }
        extent = wider;
    }
}

fn around(text: &str, offset: usize) -> Vec<Quotation> {
    scan(text, piece::<Passages>(text, offset))
}

/// A quotation that is still open.
struct Open {
    mark: Mark,
    start: usize,
    /// Behind the mark.
    inner: usize,
}

/// All quotations of a passage, outer before inner.
fn scan(text: &str, passage: Range<usize>) -> Vec<Quotation> {
    let mut found = Vec::new();
    let (mut open, mut marks): (Vec<Open>, Vec<Mark>) = (Vec::new(), Vec::new());
    let (mut at, mut line) = (passage.start, passage.start);
    while let Some(character) = text[at..passage.end].chars().next() {
        if character == '\n' {
            let (next, kept) = continued(&text[..passage.end], at, &marks);
            close(text, &mut found, &mut open, kept, at, None);
            marks.truncate(kept);
            line = at + 1;
            at = next;
            continue;
        }
        let Some((mark, length)) = Mark::at(&text[at..passage.end]) else {
            at += character.len_utf8();
            continue;
        };
        let context = Context { mark, before: &text[line..at], after: &text[at + length..passage.end], open: &marks };
        match context.role() {
            Role::Opens => {
                open.push(Open { mark, start: at, inner: at + length });
                marks.push(mark);
            }
            Role::Closes => {
                if let Some(kept) = marks.iter().rposition(|open| open.closes_with(mark)) {
                    close(text, &mut found, &mut open, kept, at, Some(at + length));
                    marks.truncate(kept);
                }
            }
            Role::Nothing => {}
        }
        at += length;
    }
    close(text, &mut found, &mut open, 0, passage.end, None);
    found.sort_by_key(|quotation| quotation.range);
    let mut around: Vec<usize> = Vec::new();
    for quotation in &mut found {
        while around.last().is_some_and(|end| *end <= quotation.range.start()) {
            around.pop();
        }
        quotation.depth = around.len();
        if quotation.closed {
            around.push(quotation.range.end());
        }
    }
    found
}

/// At the LF at `lf`: where to go on, and how many of the open quotations the next paragraph continues.
fn continued(text: &str, lf: usize, open: &[Mark]) -> (usize, usize) {
    if open.is_empty() {
        return (lf + 1, 0);
    }
    let mut at = lf + text[lf..].find(|character| !is_blank(character)).unwrap_or(text.len() - lf);
    let mut kept = 0;
    while let Some((mark, length)) = Mark::at(&text[at..])
        && open.get(kept).is_some_and(|open| mark.continues(*open))
    {
        kept += 1;
        at += length;
    }
    if kept == 0 { (lf + 1, 0) } else { (at, kept) }
}

/// Ends the quotations beyond the first `kept`: the outermost of them with the mark at `at..end`, the others (or all) unclosed.
fn close(text: &str, found: &mut Vec<Quotation>, open: &mut Vec<Open>, kept: usize, at: usize, end: Option<usize>) {
    for (index, quotation) in open.drain(kept..).enumerate() {
        let end = end.filter(|_| index == 0);
        let (inner, inner_end) = trim(text, graphemes::ceil(text, quotation.inner), graphemes::floor(text, at));
        if inner >= inner_end || (end.is_none() && quotation.mark.is_single()) {
            continue;
        }
        let (start, end) = (graphemes::floor(text, quotation.start), end.map(|end| graphemes::ceil(text, end)));
        found.push(Quotation {
            range: TextRange::new(start, end.unwrap_or(inner_end)),
            inner: TextRange::new(inner, inner_end),
            depth: 0,
            closed: end.is_some(),
        });
    }
}

/// Paragraphs that a quotation may join: a line and those after it that begin with a quotation mark, with blank lines between.
struct Passages;

impl Division for Passages {
    const CAP: usize = 64 * 1024;

    fn start(text: &str, offset: usize, floor: usize) -> Option<usize> {
        let mut before = offset;
        loop {
            let start = memrchr(b'\n', &text.as_bytes()[floor..before]).map(|lf| floor + lf + 1);
            let start = start.or((floor == 0).then_some(0))?;
            if start == 0 || stands_alone(&text[start..]) {
                return Some(start);
            }
            before = start - 1;
        }
    }

    fn end(text: &str, offset: usize, ceiling: usize) -> Option<usize> {
        let mut at = offset;
        loop {
            let Some(lf) = memchr(b'\n', &text.as_bytes()[at..ceiling]) else {
                return (ceiling == text.len()).then_some(ceiling);
            };
            at += lf + 1;
            if stands_alone(&text[at..]) {
                return Some(at);
            }
        }
    }

    fn cut(window: &str) -> usize {
        memchr(b'\n', window.as_bytes()).map_or_else(|| window.find(char::is_whitespace).unwrap_or(0), |lf| lf + 1)
    }

    fn skip(_: &str, end: usize) -> usize {
        end
    }
}

/// The line that `text` begins with has content and begins with no quotation mark: nothing goes on from before it.
fn stands_alone(text: &str) -> bool {
    let first = text.chars().find(|character| *character == '\n' || !is_blank(*character));
    first.is_some_and(|first| first != '\n') && Mark::at(text.trim_start_matches(is_blank)).is_none()
}
