//! [`Results`]: what a search has found so far, in the order of the list, as rows that scroll by whole numbers.

use super::run::{Hit, Match};

/// Documents and hits, in order.
#[derive(Debug, Default)]
pub struct Results {
    documents: Vec<Match>,
    /// A heading for each document, a row for each hit.
    rows: Vec<Row>,
    hits: u64,
    kept: u64,
}

/// A row of the results, by places in [`Results::document`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    Document(u32),
    Hit(u32, u32),
}

/// So many hits are kept, and so many documents.
pub const MOST: u64 = 100_000;

impl Results {
    /// Takes in what was found meanwhile. Linear in what is kept.
    pub fn add(&mut self, found: impl IntoIterator<Item = Match>) {
        for mut one in found {
            let hits = one.hits.len() as u64;
            self.hits += hits + one.more;
            let room = MOST.saturating_sub(self.kept);
            if room == 0 {
                continue;
            }
            one.hits.truncate(room as usize);
            self.kept += (one.hits.len() as u64).max(1);
            self.documents.push(one);
        }
        self.documents.sort_by_key(|one| one.place);
        self.rows.clear();
        for (at, document) in self.documents.iter().enumerate() {
            let at = at as u32;
            self.rows.push(Row::Document(at));
            self.rows.extend((0..document.hits.len() as u32).map(|hit| Row::Hit(at, hit)));
        }
    }

    pub fn documents(&self) -> &[Match] {
        &self.documents
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// All hits, also those that are not kept.
    pub fn hits(&self) -> u64 {
        self.hits
    }

    /// There are more than are kept.
    pub fn is_cut(&self) -> bool {
        self.kept >= MOST
    }

    pub fn document(&self, at: u32) -> Option<&Match> {
        self.documents.get(at as usize)
    }

    /// The document of a row, and the hit if it is one.
    pub fn at(&self, row: usize) -> Option<(&Match, Option<&Hit>)> {
        match *self.rows.get(row)? {
            Row::Document(at) => Some((self.document(at)?, None)),
            Row::Hit(at, hit) => {
                let document = self.document(at)?;
                Some((document, document.hits.get(hit as usize)))
            }
        }
    }

    /// Where a step leads: the next or previous hit; a document's heading where it has none. Around at the ends.
    pub fn step(&self, from: Option<usize>, forward: bool) -> Option<usize> {
        let stops = |row: &usize| match self.rows[*row] {
            Row::Hit(..) => true,
            Row::Document(at) => self.document(at).is_some_and(|document| document.hits.is_empty()),
        };
        let count = self.rows.len();
        let all = 0..count;
        if forward {
            let next = from.map_or(0, |row| row + 1);
            (next..count).find(stops).or_else(|| all.into_iter().find(stops))
        } else {
            let before = from.unwrap_or(0).min(count);
            (0..before).rev().find(stops).or_else(|| all.rev().find(stops))
        }
    }

    /// The same row after others came in between: of the same document and hit.
    pub fn row_of(&self, number: u32, hit: Option<usize>) -> Option<usize> {
        let at = self.documents.iter().position(|document| document.number == number)? as u32;
        let row = hit.map_or(Row::Document(at), |hit| Row::Hit(at, hit as u32));
        self.rows.iter().position(|known| *known == row)
    }
}
