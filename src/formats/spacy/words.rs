//! A text as spaCy's words: one U+0020 behind a word belongs to it, all other white space is words of its own.

use std::ops::Range;

use super::super::tokens::Tokens;
use crate::text::Document;

/// One word of a Doc.
#[derive(Clone, Debug)]
pub struct Word {
    pub bytes: Range<usize>,
    /// In code points.
    pub place: Range<usize>,
    /// One U+0020 follows.
    pub space: bool,
    /// Nothing but white space.
    pub blank: bool,
}

/// The words of a text, and which of them holds each of our tokens.
#[derive(Debug, Default)]
pub struct Words {
    pub list: Vec<Word>,
    at: Vec<usize>,
}

impl Words {
    /// White space in one run is one word, but where a span begins or ends.
    pub fn new(document: &Document, tokens: &Tokens<'_>) -> Self {
        let mut begins = vec![false; tokens.list.len() + 1];
        let mut ends = begins.clone();
        for placed in &tokens.placed {
            begins[placed.tokens.start] = true;
            ends[placed.tokens.end] = true;
        }
        let mut words = Self { list: Vec::with_capacity(tokens.list.len()), at: Vec::with_capacity(tokens.list.len()) };
        let mut place = 0;
        for (index, token) in tokens.list.iter().enumerate() {
            let piece = document.text.slice(token.range);
            let count = if piece.is_ascii() { piece.len() } else { piece.chars().count() };
            let mut word = Word {
                bytes: token.range.start()..token.range.end(),
                place: place..place + count,
                space: false,
                blank: token.blank,
            };
            place += count;
            if token.blank && !begins[index] && words.swallow(&mut word, piece, ends[index], ends[index + 1]) {
                words.at.push(words.list.len() - 1);
                continue;
            }
            words.list.push(word);
            words.at.push(words.list.len() - 1);
        }
        words
    }

    /// Gives white space to the word before it, as far as that may have it; `true` if nothing of it is left.
    fn swallow(&mut self, blank: &mut Word, piece: &str, ends_before: bool, ends_behind: bool) -> bool {
        let Some(last) = self.list.last_mut() else { return false };
        if last.blank {
            if ends_before {
                return false;
            }
            last.bytes.end = blank.bytes.end;
            last.place.end = blank.place.end;
            return true;
        }
        // A span that ends behind the space needs a word to end with.
        if last.space || !piece.starts_with(' ') || (piece.len() == 1 && ends_behind) {
            return false;
        }
        last.space = true;
        blank.bytes.start += 1;
        blank.place.start += 1;
        blank.bytes.is_empty()
    }

    /// Our tokens as words.
    pub fn of(&self, tokens: &Range<usize>) -> Range<usize> {
        self.at[tokens.start]..self.at[tokens.end - 1] + 1
    }
}
