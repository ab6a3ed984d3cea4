//! Words as an annotator expects them, and the caret's way from word to word.
//!
//! UAX #29 cuts a run without white space; [`super::join`] then puts back together what one would mark as one:
//! `build-up`, `al-Qaeda`, `AT&T`, `U.S.`, `$5`, `3.5%`, `12:30`, `#tag`, `@handle`, addresses. A possessive `’s` is a unit of its own, so
//! that `Kerry’s` gives `Kerry` unless one reaches into the ending. Han, Kana, Thai, Lao, Khmer and Burmese are cut by
//! dictionaries ([`super::dictionary`]). A run of more than 4,096 bytes without white space is cut at its punctuation.

use std::ops::Range;

use super::blank::{is_space, trim};
use super::join::{self, Kind};
use super::piece::{Division, piece, pieces};
use super::{Text, TextRange, graphemes};

/// How far the caret goes at most to find a word, in bytes.
const REACH: usize = 64 * 1024;

/// The words that the range touches, each whole. Only what has letters or digits; a possessive `’s` counts. Linear in the range.
pub fn words(text: &Text, range: TextRange) -> impl Iterator<Item = TextRange> {
    let text = text.as_str();
    pieces::<Runs>(text, range)
        .flat_map(move |run| units(text, run))
        .filter(move |unit| unit.kind != Kind::Other && unit.range.overlaps(range))
        .map(|unit| unit.range)
}

/// The end of the word in which the caret stands, or of the next one. After 64 KiB without a word, that far.
pub fn next_word(text: &Text, offset: usize) -> usize {
    let text = text.as_str();
    let offset = text.floor_char_boundary(offset);
    let mut at = offset;
    while at < text.len() && at - offset < REACH {
        let run = piece::<Runs>(text, at);
        let after = run.end;
        if let Some(word) = units(text, run).find(|unit| unit.kind != Kind::Other && unit.range.end() > offset) {
            return word.range.end();
        }
        at = if after > at { after } else { graphemes::next(text, at) };
    }
    at
}

/// The start of the word in which the caret stands, or of the one before. After 64 KiB without a word, that far.
pub fn previous_word(text: &Text, offset: usize) -> usize {
    let text = text.as_str();
    let offset = text.floor_char_boundary(offset);
    let mut at = offset;
    while at > 0 && offset - at < REACH {
        let before = graphemes::previous(text, at);
        let run = piece::<Runs>(text, before);
        at = run.start.min(before);
        if let Some(word) =
            units(text, run).filter(|unit| unit.kind != Kind::Other && unit.range.start() < offset).last()
        {
            return word.range.start();
        }
    }
    at
}

/// The word touched by a caret, the one after it if that starts there; else whatever unit stands there.
///
/// A caret before `’s` touches the name; a caret inside or after it takes name and ending.
pub(super) fn word_at(text: &str, offset: usize) -> Option<TextRange> {
    let units: Vec<Unit> = units(text, piece::<Runs>(text, offset)).collect();
    let after = units.iter().position(|unit| unit.range.contains(offset));
    let before = units.iter().position(|unit| unit.range.end() == offset);
    let is = |index: Option<usize>, kind: Kind| index.is_some_and(|index| units[index].kind == kind);
    let chosen = match (after, before) {
        (Some(_), _) if is(after, Kind::Word) => after,
        (_, Some(_)) if is(before, Kind::Word) || is(before, Kind::Clitic) => before,
        _ => after.or(before),
    }?;
    let unit = units[chosen];
    let host = chosen.checked_sub(1).map(|index| units[index]);
    match host {
        Some(host) if unit.kind == Kind::Clitic && host.range.end() == unit.range.start() => {
            Some(host.range.hull(unit.range))
        }
        _ => Some(unit.range),
    }
}

/// The smallest extent of whole units that covers `start..end`, both ends of which are visible.
pub(super) fn cover(text: &str, start: usize, end: usize) -> TextRange {
    let range = TextRange::new(start, end);
    let first = unit_with(text, start).unwrap_or(range);
    if first.covers(range) {
        first
    } else {
        first.hull(unit_with(text, graphemes::previous(text, end)).unwrap_or(range))
    }
}

fn unit_with(text: &str, offset: usize) -> Option<TextRange> {
    units(text, piece::<Runs>(text, offset)).map(|unit| unit.range).find(|unit| unit.contains(offset))
}

/// A word, an ending, or a mark.
#[derive(Clone, Copy)]
struct Unit {
    range: TextRange,
    kind: Kind,
}

/// The units of a run, in order, without blank ends.
fn units(text: &str, run: Range<usize>) -> impl Iterator<Item = Unit> {
    join::join(&text[run.clone()]).into_iter().filter_map(move |(part, kind)| {
        let (start, end) = trim(text, run.start + part.start, run.start + part.end);
        (start < end).then(|| Unit { range: TextRange::new(start, end), kind })
    })
}

/// Runs without white space.
struct Runs;

impl Division for Runs {
    const CAP: usize = 4096;

    fn start(text: &str, offset: usize, floor: usize) -> Option<usize> {
        let before = text[floor..offset].char_indices().rev();
        let mut spaces = before.filter(|(_, character)| is_space(*character));
        let end =
            spaces.find_map(|(at, space)| separates(text, floor + at, space).then(|| floor + at + space.len_utf8()));
        end.or((floor == 0).then_some(0))
    }

    fn end(text: &str, offset: usize, ceiling: usize) -> Option<usize> {
        let mut spaces = text[offset..ceiling].char_indices().filter(|(_, character)| is_space(*character));
        let start = spaces.find_map(|(at, space)| separates(text, offset + at, space).then_some(offset + at));
        start.or((ceiling == text.len()).then_some(ceiling))
    }

    fn cut(window: &str) -> usize {
        window.find(|character: char| !character.is_alphanumeric()).unwrap_or(0)
    }

    fn skip(text: &str, end: usize) -> usize {
        let rest = text[end..].char_indices();
        let mut rest = rest.skip_while(|(at, character)| is_space(*character) && separates(text, end + at, *character));
        rest.next().map_or(text.len(), |(at, _)| end + at)
    }
}

/// The space at `at` parts two runs: it is a grapheme by itself, carries no accent, and does not group the digits of a number.
fn separates(text: &str, at: usize, space: char) -> bool {
    let after = at + space.len_utf8();
    let alone = graphemes::is_boundary(text, at) && graphemes::is_boundary(text, after);
    alone && !(matches!(space, '\u{a0}' | '\u{202f}') && groups_digits(&text[..at], &text[after..]))
}

/// `10` and `000` beside a no-break space: one number, as French, Russian and Swedish write it.
fn groups_digits(before: &str, after: &str) -> bool {
    let digits = after.bytes().take(4).take_while(u8::is_ascii_digit).count();
    before.ends_with(|character: char| character.is_ascii_digit()) && digits == 3
}
