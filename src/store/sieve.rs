//! [`Sieve`]: what a text must contain to be worth reading, for looking through very many of them.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use regex::bytes::{Regex, RegexBuilder};

/// Lets a text pass unless it surely lacks some words. A store may try it on a text as it lies on disk, before anything is parsed; it may
/// also let everything pass.
#[derive(Clone, Debug, Default)]
pub struct Sieve(Option<Regex>);

impl Sieve {
    /// Holds nothing back.
    pub fn open() -> Self {
        Self::default()
    }

    /// Holds back texts without these words; `case`: in this very spelling, else by simple case folding.
    pub fn containing(words: &str, case: bool) -> Self {
        // Of what JSON may write in another way, only what it writes as `\u…` is looked for below.
        let mut parts: Vec<&str> = words.split(|c: char| matches!(c, '"' | '\\' | '/') || c.is_control()).collect();
        parts.sort_by_key(|part| part.len());
        let Some(longest) = parts.pop().filter(|part| !part.is_empty()) else { return Self::open() };
        Self(RegexBuilder::new(&regex::escape(longest)).case_insensitive(!case).build().ok())
    }

    /// A line of JSON may hold a text with the words. Never `false` for one that does, whatever it writes as an escape.
    pub(super) fn passes(&self, line: &[u8]) -> bool {
        static ESCAPE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\\u"));
        self.0.as_ref().is_none_or(|words| words.is_match(line) || ESCAPE.find(line).is_some())
    }
}
