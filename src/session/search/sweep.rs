//! Looking through many documents on all cores: [`scan`] for a [`Pattern`], [`sweep`] for anything else.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;
use std::thread;

use super::Pattern;
use crate::store::{Job, Sieve, Store, StoreError};
use crate::text::{DocumentId, Text, TextRange};

/// A document with hits.
#[derive(Clone, Debug)]
pub struct Found {
    /// As [`Store::listing`] numbers it.
    pub number: u32,
    pub document: DocumentId,
    pub text: Text,
    /// In reading order; there is at least one.
    pub hits: Vec<TextRange>,
}

/// Documents are handed to the workers so many at a time.
const CHUNK: usize = 256;

/// Looks for a pattern in the newest texts of the documents with these numbers, as [`Store::listing`] gives them, in any order.
///
/// Works on all cores and calls `each` on this thread with every document that has hits, while it goes on, by growing number: nearly
/// the order in which the documents were imported, and always the same. `each` says `false` to stop. Ends early when the job is
/// cancelled; its progress counts documents. Texts that cannot be read are passed over: why is returned.
/// Linear in the bytes of the texts; holds no more than a few chunks of documents at a time.
pub fn scan(
    store: &dyn Store,
    numbers: &[u32],
    pattern: &Pattern,
    job: &Job,
    each: &mut dyn FnMut(Found) -> bool,
) -> Result<Vec<StoreError>, StoreError> {
    let look = |_: &dyn Store, number, document, text: Text| {
        let hits: Vec<TextRange> = pattern.hits(&text).collect();
        Ok((!hits.is_empty()).then_some(Found { number, document, text, hits }))
    };
    sweep(store, numbers, pattern.sieve(), job, &look, each)
}

/// What [`sweep`] asks of each document: a connection of this thread, number, id, text.
pub type Look<'a, T> = dyn Fn(&dyn Store, u32, DocumentId, Text) -> Result<Option<T>, StoreError> + Sync + 'a;

/// As [`scan`], with anything that is to be found out about a document. `look` is called on many threads; not for documents that the
/// sieve holds back. An error that it gives is kept as that document's, and the others follow.
pub fn sweep<T: Send>(
    store: &dyn Store,
    numbers: &[u32],
    sieve: &Sieve,
    job: &Job,
    look: &Look<'_, T>,
    each: &mut dyn FnMut(T) -> bool,
) -> Result<Vec<StoreError>, StoreError> {
    let part = |store: &dyn Store, numbers: &[u32], over: Over<'_>, found: &mut Vec<T>| {
        let mut troubles = Vec::new();
        store.texts(numbers, sieve, &mut |number, document, text| {
            match text.and_then(|text| look(store, number, document, text)) {
                Ok(one) => found.extend(one),
                Err(error) => troubles.push(error),
            }
            Ok(!over())
        })?;
        Ok(troubles)
    };
    spread(store, numbers, job, &part, each)
}

/// Nobody waits for the rest any more.
pub(super) type Over<'a> = &'a dyn Fn() -> bool;

/// What [`spread`] does with some documents, on any thread with a connection of that thread: adds what it found, gives what it had to pass
/// over. Numbers grow; between documents it asks whether it is over.
pub(super) type Part<'a, T> =
    dyn Fn(&dyn Store, &[u32], Over<'_>, &mut Vec<T>) -> Result<Vec<StoreError>, StoreError> + Sync + 'a;

/// What one chunk came to.
struct Chunk<T> {
    place: usize,
    seen: usize,
    found: Vec<T>,
    troubles: Vec<StoreError>,
}

/// As [`scan`], with anything that is to be found out about some documents at a time.
pub(super) fn spread<T: Send>(
    store: &dyn Store,
    numbers: &[u32],
    job: &Job,
    part: &Part<'_, T>,
    each: &mut dyn FnMut(T) -> bool,
) -> Result<Vec<StoreError>, StoreError> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let chunks: Vec<&[u32]> = numbers.chunks(CHUNK).collect();
    let total = numbers.len() as u64;
    job.set(0, total);
    let mut gather = Gather { waiting: BTreeMap::new(), next: 0, seen: 0, total, troubles: Vec::new(), job, each };
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(chunks.len());
    if workers <= 1 {
        for (place, chunk) in chunks.iter().enumerate() {
            let done = work(store, place, chunk, part, &|| job.is_cancelled())?;
            if !gather.take(done) {
                break;
            }
        }
        return Ok(gather.troubles);
    }
    let stores = (0..workers).map(|_| store.another()).collect::<Result<Vec<_>, _>>()?;
    let (next, stopped) = (AtomicUsize::new(0), Job::default());
    let (sender, receiver) = sync_channel(workers * 4);
    let over = || job.is_cancelled() || stopped.is_cancelled();
    thread::scope(|scope| {
        for store in stores {
            let (sender, next, chunks, over) = (sender.clone(), &next, &chunks, &over);
            scope.spawn(move || {
                while !over() {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(chunk) = chunks.get(place) else { return };
                    // Nobody takes any more: the search was stopped.
                    if sender.send(work(&*store, place, chunk, part, over)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut gathered = Ok(true);
        while let Ok(true) = gathered
            && let Ok(done) = receiver.recv()
        {
            gathered = done.map(|chunk| gather.take(chunk));
        }
        // Who still works is told, and finds nobody to hand it to.
        stopped.cancel();
        drop(receiver);
        gathered.map(|_| gather.troubles)
    })
}

/// One chunk on one thread.
fn work<T>(
    store: &dyn Store,
    place: usize,
    numbers: &[u32],
    part: &Part<'_, T>,
    over: Over<'_>,
) -> Result<Chunk<T>, StoreError> {
    let mut found = Vec::new();
    let troubles = part(store, numbers, over, &mut found)?;
    Ok(Chunk { place, seen: numbers.len(), found, troubles })
}

/// Hands on what the workers found, in order.
struct Gather<'a, T> {
    waiting: BTreeMap<usize, Chunk<T>>,
    next: usize,
    seen: u64,
    total: u64,
    troubles: Vec<StoreError>,
    job: &'a Job,
    each: &'a mut dyn FnMut(T) -> bool,
}

impl<T> Gather<'_, T> {
    /// `false`: it is to stop.
    fn take(&mut self, chunk: Chunk<T>) -> bool {
        self.waiting.insert(chunk.place, chunk);
        while let Some(chunk) = self.waiting.remove(&self.next) {
            self.next += 1;
            self.seen += chunk.seen as u64;
            self.troubles.extend(chunk.troubles);
            self.job.set(self.seen, self.total);
            if !chunk.found.into_iter().all(&mut *self.each) || self.job.is_cancelled() {
                return false;
            }
        }
        true
    }
}
