//! Words that come again and again, each written once: a column's dictionary. In texts most of them do.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher as _;

/// Bytes at which no row more is looked up: it lies in memory as a whole, with us and with who reads.
const FULL: usize = 1 << 20;

/// The words seen so far, numbered as they came.
#[derive(Default)]
pub(super) struct Dictionary {
    /// As the page has them: each behind its length in four bytes.
    page: Vec<u8>,
    /// Where each begins in the page, and its number.
    table: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl Dictionary {
    pub fn len(&self) -> usize {
        self.table.len()
    }

    pub fn is_full(&self) -> bool {
        self.page.len() >= FULL
    }

    pub fn page(&self) -> &[u8] {
        &self.page
    }

    pub fn clear(&mut self) {
        self.page.clear();
        self.table.clear();
    }

    /// The number of a word, new or not.
    pub fn number(&mut self, word: &str) -> u32 {
        let word = word.as_bytes();
        let hash = |word: &[u8]| self.hasher.hash_one(word);
        let known = self.table.find(hash(word), |(start, _)| at(&self.page, *start) == word);
        if let Some((_, number)) = known {
            return *number;
        }
        let (start, number) = (self.page.len() as u32, self.table.len() as u32);
        self.page.extend_from_slice(&(word.len() as u32).to_le_bytes());
        self.page.extend_from_slice(word);
        let page = &self.page;
        self.table.insert_unique(hash(word), (start, number), |(start, _)| hash(at(page, *start)));
        number
    }
}

/// The word that begins at a byte of the page.
fn at(page: &[u8], start: u32) -> &[u8] {
    let rest = &page[start as usize..];
    let Some((len, rest)) = rest.split_first_chunk() else { return rest };
    rest.get(..u32::from_le_bytes(*len) as usize).unwrap_or(rest)
}
