//! Where a string stands in a text, and the line around it.

use std::ops::Range;

use super::Options;
use crate::session::search::Pattern;
use crate::store::Sieve;
use crate::text::segment::{self, Snap};
use crate::text::{Text, TextRange};

/// Finds a string in texts. Make one for many texts.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    pattern: Pattern,
    whole_words: bool,
}

/// A place, and whether it is a part of a longer word.
pub(super) struct Found {
    pub range: TextRange,
    pub in_word: bool,
}

impl Finder {
    /// The sentence says why it cannot be looked for.
    pub fn new(words: &str, options: Options) -> Result<Self, String> {
        // What is a part of a longer word is found too, and said to be one.
        let pattern = Pattern::words(words, options.same_case, false)?;
        Ok(Self { pattern, whole_words: options.whole_words })
    }

    pub fn sieve(&self) -> &Sieve {
        self.pattern.sieve()
    }

    /// Every place, in order, none inside another. Whole graphemes only: an `e` is not found in an `e` with an accent.
    pub fn find<'a>(&'a self, text: &'a Text) -> impl Iterator<Item = Found> + 'a {
        let whole = |range: &TextRange| segment::whole_graphemes(text, *range) == *range;
        self.pattern.hits(text).filter(whole).map(|range| {
            let in_word = self.whole_words && segment::snap(text, range, Snap::Words) != range;
            Found { range, in_word }
        })
    }
}

/// A place with what stands around it in its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// On one line; cut ends have an ellipsis.
    pub text: Box<str>,
    /// Where the place is in it, in bytes.
    pub hit: Range<usize>,
}

/// Characters before a place, in it, and after it, at most.
const BEFORE: usize = 60;
const INSIDE: usize = 160;
const AFTER: usize = 120;

impl Excerpt {
    /// Costs what it shows, however long the line is.
    pub fn new(text: &Text, range: TextRange) -> Self {
        let content = text.as_str();
        let before = &content[..range.start()];
        let from = before.char_indices().rev().take(BEFORE).take_while(|(_, c)| *c != '\n').last();
        let from = from.map_or(range.start(), |(at, _)| segment::snap_to_grapheme(text, at));
        let is_cut = from > 0 && !content[..from].ends_with('\n');
        let mut shown = String::new();
        let lead = &content[from..range.start()];
        if is_cut {
            shown.push('…');
            // From the next word on, where there is one.
            let word = lead.find(char::is_whitespace).filter(|at| *at < lead.len() / 2);
            shown.push_str(word.map_or(lead, |at| lead[at..].trim_start()));
        } else {
            shown.push_str(lead.trim_start());
        }
        let start = shown.len();
        let inside = text.slice(range);
        let (words, inside_cut) = first(inside, INSIDE);
        shown.push_str(words);
        if inside_cut {
            shown.push('…');
        }
        let end = shown.len();
        if !inside_cut {
            let (words, cut) = first(&content[range.end()..], AFTER);
            let line = words.find('\n');
            let (words, cut) = (&words[..line.unwrap_or(words.len())], cut && line.is_none());
            shown.push_str(if cut { words } else { words.trim_end() });
            if cut {
                shown.push('…');
            }
        }
        Self { text: shown.replace(['\n', '\t'], " ").into(), hit: start..end }
    }
}

/// At most so many characters; whether that is not all.
fn first(text: &str, most: usize) -> (&str, bool) {
    match text.char_indices().nth(most) {
        Some((at, _)) => (&text[..at], true),
        None => (text, false),
    }
}
