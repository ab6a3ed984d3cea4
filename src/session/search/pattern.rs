//! [`Pattern`]: what is looked for in a text, and where it is.

use regex::{Regex, RegexBuilder};

use crate::store::Sieve;
use crate::text::segment::{Snap, snap};
use crate::text::{Text, TextRange};

/// Words as they are typed, or a regular expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
    /// Only where both ends are ends of words.
    whole: bool,
    sieve: Sieve,
    /// Bytes that every hit has; 0 where that is not known.
    weight: usize,
}

/// A compiled expression may be so large, in bytes.
const LARGEST: usize = 16 << 20;

impl Pattern {
    /// These very words, white space included. Without `case` by Unicode's simple case folding: `straße` finds `STRAßE`, not `STRASSE`.
    /// `whole`: not inside of a longer word, as [`Snap::Words`] sees words. The error is a sentence.
    pub fn words(words: &str, case: bool, whole: bool) -> Result<Self, String> {
        if words.is_empty() {
            return Err("There is nothing to look for".to_owned());
        }
        let regex = RegexBuilder::new(&regex::escape(words)).case_insensitive(!case).size_limit(LARGEST).build();
        let regex = regex.map_err(|_| format!("{} characters are too many to look for", words.chars().count()))?;
        Ok(Self { regex, whole, sieve: Sieve::containing(words, case), weight: words.len() })
    }

    /// A regular expression of the `regex` crate; `^` and `$` stand for the ends of a line. The error is a sentence.
    pub fn regex(source: &str, case: bool, whole: bool) -> Result<Self, String> {
        let regex = RegexBuilder::new(source).case_insensitive(!case).multi_line(true).size_limit(LARGEST).build();
        let regex = regex.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => format!("/{source}/ is too large an expression"),
            error => format!("/{source}/ is no regular expression: {}", reason(&error)),
        })?;
        Ok(Self { regex, whole, sieve: Sieve::open(), weight: 0 })
    }

    /// The greater, the fewer texts have it.
    pub(super) fn weight(&self) -> usize {
        self.weight
    }

    /// What texts must contain to have a hit.
    pub fn sieve(&self) -> &Sieve {
        &self.sieve
    }

    /// There is a hit in some words.
    pub fn occurs(&self, words: &str) -> bool {
        if self.whole { self.hits(&Text::new(words)).next().is_some() } else { self.regex.is_match(words) }
    }

    /// The hits in reading order. They never overlap and are never empty. Linear in the text.
    pub fn hits<'a>(&'a self, text: &'a Text) -> impl Iterator<Item = TextRange> + 'a {
        self.hits_in(text, text.all())
    }

    /// The hits inside of a range of the text, as if the text ended with it.
    pub fn hits_in<'a>(&'a self, text: &'a Text, range: TextRange) -> impl Iterator<Item = TextRange> + 'a {
        let words = &text.as_str()[..range.end()];
        let mut from = range.start();
        std::iter::from_fn(move || {
            loop {
                let hit = self.regex.find_at(words, from)?;
                if hit.is_empty() {
                    // Nowhere to go on from but the next character.
                    from = hit.end() + words[hit.end()..].chars().next()?.len_utf8();
                    continue;
                }
                from = hit.end();
                if let Ok(range) = text.range(hit.start(), hit.end())
                    && (!self.whole || range.covers(snap(text, range, Snap::Words)))
                {
                    return Some(range);
                }
            }
        })
    }
}

/// The last line of what the crate says, which tells what is wrong; the others draw the place.
fn reason(error: &regex::Error) -> String {
    let told = error.to_string();
    let last = told.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}
