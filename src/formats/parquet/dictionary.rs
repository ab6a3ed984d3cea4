//! Words that come again and again, each written once: a column's dictionary. In texts most of them do.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher as _;
use std::ops::Range;

/// Bytes at which no row more is looked up: it lies in memory as a whole, with us and with who reads.
const FULL: usize = 1 << 20;

/// The words seen so far, numbered as they came.
#[derive(Default)]
pub(super) struct Dictionary {
    /// As the page has them: each behind its length in four bytes.
    page: Vec<u8>,
    table: HashTable<Entry>,
    hasher: DefaultHashBuilder,
}

/// A word, told from most others without a look at the page.
#[derive(Clone, Copy)]
struct Entry {
    /// Its first bytes, filled with zeros.
    head: u128,
    len: u32,
    number: u32,
    /// Where it begins in the page.
    start: u32,
}

/// Bytes in a head.
const HEAD: usize = 16;

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

    /// The number of a word of a text, new or not.
    pub fn number(&mut self, text: &[u8], word: Range<usize>) -> u32 {
        let (len, head) = (word.len() as u32, head(text, &word));
        let hash = self.hasher.hash_one(head);
        let rest = |word: Range<usize>| text.get(word.start + HEAD..word.end);
        let same = |entry: &Entry| {
            entry.head == head
                && entry.len == len
                && (word.len() <= HEAD || rest(word.clone()) == entry.rest(&self.page))
        };
        if let Some(known) = self.table.find(hash, same) {
            return known.number;
        }
        let number = self.table.len() as u32;
        self.page.extend_from_slice(&len.to_le_bytes());
        let entry = Entry { head, len, number, start: self.page.len() as u32 };
        self.page.extend_from_slice(text.get(word).unwrap_or_default());
        self.table.insert_unique(hash, entry, |entry| self.hasher.hash_one(entry.head));
        number
    }
}

impl Entry {
    /// What follows the head.
    fn rest<'a>(&self, page: &'a [u8]) -> Option<&'a [u8]> {
        let start = self.start as usize;
        page.get(start + HEAD..start + self.len as usize)
    }
}

fn head(text: &[u8], word: &Range<usize>) -> u128 {
    let here = text.get(word.start..).unwrap_or_default();
    let bytes = here.first_chunk().copied().unwrap_or_else(|| {
        let mut bytes = [0; HEAD];
        bytes.iter_mut().zip(here).for_each(|(byte, there)| *byte = *there);
        bytes
    });
    let unused = 8 * (HEAD - word.len().min(HEAD)) as u32;
    u128::from_le_bytes(bytes) & u128::MAX.checked_shr(unused).unwrap_or_default()
}
