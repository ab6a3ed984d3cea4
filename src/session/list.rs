//! [`DocumentList`]: the documents that match the filter, by row. A million of them cost four bytes each; rows are read when seen.

use std::cell::RefCell;
use std::collections::HashMap;

use super::queue;
use super::search::{Free, Mistake, Search, Vocabulary};
use crate::annotation::{Annotator, Status};
use crate::store::{Job, Query, Row, Store, StoreError};
use crate::text::DocumentId;

/// The documents that match the filter, in its order.
#[derive(Debug)]
pub struct DocumentList {
    /// What is chosen in the menu, and in `words` the filter as it is typed: any [`Search`], whose own words are those of title, id and
    /// source.
    pub query: Query,
    /// What the store is asked for the rows.
    shown: Query,
    /// Why what is typed filters nothing; the list is as it was before.
    pub mistake: Option<Mistake>,
    /// The store's numbers, in order.
    numbers: Vec<u32>,
    /// Rows that were read; bounded.
    cache: RefCell<HashMap<u32, Row>>,
    /// The row of the open document, where it is in the list.
    pub current: Option<usize>,
    /// Grows whenever the numbers change.
    pub revision: u64,
    /// Documents come by chance, in the order of this seed.
    pub shuffled: Option<u64>,
    /// Only what is assigned to me, unless what is typed says whose.
    pub mine: bool,
    /// What is typed says whose.
    pub says_whose: bool,
    /// It was made before assignments changed, and is to be made anew.
    pub stale: bool,
}

/// Rows kept at most.
const CACHE: usize = 4096;

impl DocumentList {
    pub(super) fn new(annotator: &Annotator) -> Self {
        Self {
            query: Query { annotator: Some(annotator.clone()), ..Query::default() },
            shown: Query { annotator: Some(annotator.clone()), ..Query::default() },
            mistake: None,
            numbers: Vec::new(),
            cache: RefCell::default(),
            current: None,
            revision: 0,
            shuffled: None,
            mine: false,
            says_whose: false,
            stale: false,
        }
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The present query, ready to be carried out by a worker or this thread. Where what is typed makes no sense, says so in
    /// [`DocumentList::mistake`] instead.
    pub fn search(&mut self, known: Vocabulary<'_>) -> Option<Search> {
        let read = Search::read(&self.query.words, Free::Names, &self.query, known);
        self.mistake = read.as_ref().err().cloned();
        let mut search = read.ok()?;
        self.says_whose = search.says_whose();
        if self.mine
            && !self.says_whose
            && let (Some(assigned), Some(me)) = (known.assigned, &self.query.annotator)
        {
            search.only(assigned, me);
        }
        Some(search)
    }

    /// Assignments say what is in it, besides the query.
    pub fn is_limited(&self) -> bool {
        self.mine || self.says_whose
    }

    /// Takes the documents that a search found, in its order, or by chance.
    pub fn fill(&mut self, search: Search, mut numbers: Vec<u32>) {
        self.shown = search.list;
        if let Some(seed) = self.shuffled {
            queue::shuffle(&mut numbers, seed);
        }
        self.numbers = numbers;
        self.cache.borrow_mut().clear();
        self.current = None;
        self.revision += 1;
    }

    /// Makes the list anew on this thread.
    pub fn load(&mut self, store: &dyn Store, known: Vocabulary<'_>) -> Result<(), StoreError> {
        if let Some(search) = self.search(known) {
            let numbers = search.documents(store, &Job::default())?;
            self.fill(search, numbers);
        }
        Ok(())
    }

    /// Some rows, for drawing: those not yet known are read at once.
    pub fn rows(&self, store: &dyn Store, range: std::ops::Range<usize>) -> Result<Vec<Row>, StoreError> {
        let range = range.start.min(self.len())..range.end.min(self.len());
        let wanted = &self.numbers[range];
        let mut cache = self.cache.borrow_mut();
        let missing: Vec<u32> = wanted.iter().copied().filter(|number| !cache.contains_key(number)).collect();
        if !missing.is_empty() {
            if cache.len() + missing.len() > CACHE {
                cache.clear();
                drop(cache);
                return self.read(store, wanted);
            }
            for (number, row) in missing.iter().zip(store.rows(&missing, &self.shown)?) {
                cache.insert(*number, row);
            }
        }
        Ok(wanted.iter().filter_map(|number| cache.get(number).cloned()).collect())
    }

    /// At most so many rows, evenly spread over the list; all of them where it is no longer. They are not kept.
    pub(super) fn spread(&self, store: &dyn Store, most: usize) -> Result<Vec<Row>, StoreError> {
        let step = self.len().div_ceil(most.max(1)).max(1);
        let numbers: Vec<u32> = self.numbers.iter().copied().step_by(step).collect();
        store.rows(&numbers, &self.shown)
    }

    fn read(&self, store: &dyn Store, wanted: &[u32]) -> Result<Vec<Row>, StoreError> {
        let rows = store.rows(wanted, &self.shown)?;
        let mut cache = self.cache.borrow_mut();
        cache.extend(wanted.iter().copied().zip(rows.iter().cloned()));
        Ok(rows)
    }

    /// The row of a document, if the list has it. Looks near the current one first, then through the list in pages.
    pub fn find(&self, store: &dyn Store, id: &DocumentId) -> Result<Option<usize>, StoreError> {
        let Some(number) = store.number(id)? else { return Ok(None) };
        Ok(self.numbers.iter().position(|known| *known == number))
    }

    /// The next row after (or before) `from` whose document still wants work: not finished, not skipped.
    pub(super) fn next_open(&self, store: &dyn Store, from: usize) -> Result<Option<Row>, StoreError> {
        const PAGE: usize = 256;
        let mut start = from;
        while start < self.len() {
            let rows = self.rows(store, start..start + PAGE)?;
            let open = |row: &&Row| !matches!(row.status, Status::Finished | Status::Skipped);
            if let Some(row) = rows.iter().find(open) {
                return Ok(Some(row.clone()));
            }
            start += PAGE;
        }
        Ok(None)
    }

    /// A document changed: its row is read again when it is seen.
    pub(super) fn forget(&mut self, id: &DocumentId) {
        self.cache.borrow_mut().retain(|_, row| row.id != *id);
    }

    /// Every row is read again when it is seen.
    pub(super) fn forget_all(&mut self) {
        self.cache.borrow_mut().clear();
    }
}
