//! Sentences of news: they survive `Mr.`, `U.S.`, `J. K.`, `No. 5`, decimals, ellipses and quotation marks after the stop.
//!
//! A rule of thumb in code, not a model. A line break always ends a sentence (captions, “Subscribe”). After a full stop, a question or an
//! exclamation mark and what closes behind it, white space must follow, and not a lower-case letter: `“Why?” he asked.` is one
//! sentence, but `“Why?” Kerry asked.` is two, as in UAX #29. Chinese, Japanese, Indic and Arabic stops end a sentence by themselves.
//! A line of more than 64 KiB is cut at an end of a sentence, so that no question costs more than that.

use std::ops::Range;

use memchr::{memchr, memrchr};

use super::blank::{is_space, trim};
use super::piece::{Division, piece, pieces};
use super::{Text, TextRange, graphemes, stops};

/// The sentences that the range touches, each whole, without white space around. Linear in the lines touched.
pub fn sentences(text: &Text, range: TextRange) -> impl Iterator<Item = TextRange> {
    let text = text.as_str();
    pieces::<Lines>(text, range)
        .flat_map(move |line| sentences_of(text, line))
        .filter(move |sentence| sentence.overlaps(range))
}

/// The start of the next sentence, or the end of the text.
pub fn next_sentence(text: &Text, offset: usize) -> usize {
    let text = text.as_str();
    let offset = text.floor_char_boundary(offset);
    let mut at = offset;
    while at < text.len() {
        let line = piece::<Lines>(text, at);
        at = Lines::skip(text, line.end);
        if let Some(next) = sentences_of(text, line).find(|sentence| sentence.start() > offset) {
            return next.start();
        }
    }
    text.len()
}

/// The start of this sentence, or of the one before if the caret stands there already; 0 at the top.
pub fn previous_sentence(text: &Text, offset: usize) -> usize {
    let text = text.as_str();
    let offset = text.floor_char_boundary(offset);
    let mut at = offset;
    loop {
        let line = piece::<Lines>(text, at);
        let start = line.start;
        if let Some(sentence) = sentences_of(text, line).take_while(|sentence| sentence.start() < offset).last() {
            return sentence.start();
        }
        if start == 0 {
            return 0;
        }
        at = text.floor_char_boundary(start - 1);
    }
}

/// The sentence to which `offset` belongs: each has the white space after it, the first of a line also that before it.
pub(super) fn sentence_at(text: &str, offset: usize) -> Option<TextRange> {
    let mut found = None;
    for sentence in sentences_of(text, piece::<Lines>(text, offset)) {
        if found.is_some() && sentence.start() > offset {
            break;
        }
        found = Some(sentence);
    }
    found
}

/// The smallest extent of whole sentences that covers `start..end`, both ends of which are visible.
pub(super) fn cover(text: &str, start: usize, end: usize) -> TextRange {
    let range = TextRange::new(start, end);
    let first = sentence_at(text, start).unwrap_or(range);
    if first.covers(range) {
        first
    } else {
        first.hull(sentence_at(text, graphemes::previous(text, end)).unwrap_or(range))
    }
}

fn sentences_of(text: &str, line: Range<usize>) -> impl Iterator<Item = TextRange> {
    let mut start = line.start;
    std::iter::from_fn(move || {
        while start < line.end {
            let end =
                end_of_sentence(&text[start..line.end]).map_or(line.end, |end| graphemes::ceil(text, start + end));
            let (from, to) = trim(text, start, end);
            start = end;
            if from < to {
                return Some(TextRange::new(from, to));
            }
        }
        None
    })
}

/// Where the first sentence of `line` ends, behind its closing marks; `None` if it is the last.
fn end_of_sentence(line: &str) -> Option<usize> {
    let (mut has_word, mut at) = (false, 0);
    while let Some(character) = line[at..].chars().next() {
        let next = at + character.len_utf8();
        if matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}') {
            return Some(next);
        }
        has_word |= character.is_alphanumeric();
        if !has_word || !stops::is_stop(character) {
            at = next;
            continue;
        }
        let after = line[at..].find(|next| !stops::is_stop(next)).map_or(line.len(), |length| at + length);
        if let Some(end) = stops::end_at(line, at, after) {
            return (end < line.len()).then_some(end);
        }
        at = after;
    }
    None
}

/// Lines, as stretches that hold whole sentences.
struct Lines;

impl Division for Lines {
    const CAP: usize = 64 * 1024;

    fn start(text: &str, offset: usize, floor: usize) -> Option<usize> {
        let lf = memrchr(b'\n', &text.as_bytes()[floor..offset]).map(|lf| floor + lf + 1);
        lf.or((floor == 0).then_some(0))
    }

    fn end(text: &str, offset: usize, ceiling: usize) -> Option<usize> {
        let lf = memchr(b'\n', &text.as_bytes()[offset..ceiling]).map(|lf| offset + lf);
        lf.or((ceiling == text.len()).then_some(ceiling))
    }

    fn cut(window: &str) -> usize {
        let space =
            || window.find(is_space).map_or(0, |space| window[space..].find(|c| !is_space(c)).map_or(0, |c| space + c));
        end_of_sentence(window).unwrap_or_else(space)
    }

    fn skip(text: &str, end: usize) -> usize {
        if text.as_bytes().get(end) == Some(&b'\n') { end + 1 } else { end }
    }
}
