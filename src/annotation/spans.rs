//! [`Spans`]: the spans of one layer in reading order, quick to change and to ask with 100,000 of them.
//!
//! A list of short sorted chunks, each knowing how far its spans reach: a change touches one chunk, a question only the
//! chunks that may hold an answer.

use std::sync::Arc;

use hashbrown::HashMap;

use super::{ItemId, Span};
use crate::text::TextRange;

/// Chunks are split when they grow past this.
const CHUNK: usize = 256;

/// Spans ordered by (first start, longer first, id); ids are unique.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    chunks: Vec<Chunk>,
    /// Where each id stands: the extent it is sorted by.
    places: HashMap<ItemId, TextRange>,
}

#[derive(Clone, Debug)]
struct Chunk {
    spans: Vec<Arc<Span>>,
    /// The greatest end among them.
    reach: usize,
}

impl Chunk {
    fn new(spans: Vec<Arc<Span>>) -> Self {
        let mut chunk = Self { spans, reach: 0 };
        chunk.measure();
        chunk
    }

    fn measure(&mut self) {
        self.reach = self.spans.iter().map(|span| span.hull().end()).max().unwrap_or(0);
    }
}

impl Spans {
    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// All, in reading order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Span>> {
        self.chunks.iter().flat_map(|chunk| chunk.spans.iter())
    }

    /// O(log n).
    pub fn get(&self, id: &ItemId) -> Option<&Arc<Span>> {
        let hull = *self.places.get(id)?;
        let (chunk, place) = self.find(hull, id);
        self.chunks[chunk].spans.get(place)
    }

    /// False, and nothing changes, if the id is taken. O(log n + chunk).
    #[must_use]
    pub fn insert(&mut self, span: Arc<Span>) -> bool {
        if self.places.contains_key(&span.id) {
            return false;
        }
        let hull = span.hull();
        self.places.insert(span.id.clone(), hull);
        if self.chunks.is_empty() {
            self.chunks.push(Chunk::new(vec![span]));
            return true;
        }
        let (chunk, place) = self.find(hull, &span.id);
        let target = &mut self.chunks[chunk];
        target.reach = target.reach.max(hull.end());
        target.spans.insert(place, span);
        if target.spans.len() > CHUNK {
            let tail = target.spans.split_off(CHUNK / 2);
            target.measure();
            self.chunks.insert(chunk + 1, Chunk::new(tail));
        }
        true
    }

    /// The span that had the id. O(log n + chunk).
    pub fn remove(&mut self, id: &ItemId) -> Option<Arc<Span>> {
        let hull = self.places.remove(id)?;
        let (chunk, place) = self.find(hull, id);
        let target = &mut self.chunks[chunk];
        let span = target.spans.remove(place);
        target.measure();
        if target.spans.is_empty() {
            self.chunks.remove(chunk);
        }
        Some(span)
    }

    /// All spans whose extent (gaps included) shares a byte with `range`, or that start at or stand empty within it; in reading order.
    /// An empty range asks for what stands at that place: spans that begin, contain or end there.
    pub fn touching(&self, range: TextRange) -> impl Iterator<Item = &Arc<Span>> {
        self.chunks
            .iter()
            .take_while(move |chunk| chunk.spans[0].hull().start() <= range.end())
            .filter(move |chunk| chunk.reach >= range.start())
            .flat_map(|chunk| chunk.spans.iter())
            .filter(move |span| touches(span.hull(), range))
    }

    /// The spans over the byte at `offset` in one of their fragments, innermost (shortest) first.
    pub fn at(&self, offset: usize) -> Vec<&Arc<Span>> {
        let mut spans: Vec<_> = self
            .chunks
            .iter()
            .take_while(|chunk| chunk.spans[0].hull().start() <= offset)
            .filter(|chunk| chunk.reach >= offset)
            .flat_map(|chunk| chunk.spans.iter())
            .filter(|span| span.ranges.contains(offset) || (span.hull().is_empty() && span.hull().start() == offset))
            .collect();
        spans.sort_by_key(|span| (span.ranges.covered(), std::cmp::Reverse(span.hull()), span.id.clone()));
        spans
    }

    /// The first span after `(range, id)` in reading order; with `None` for the id, the first that starts at or after the range's start.
    pub fn after(&self, range: TextRange, id: Option<&ItemId>) -> Option<&Arc<Span>> {
        if self.chunks.is_empty() {
            return None;
        }
        let follows = |span: &Span| match id {
            Some(id) => span.order() > (range, id),
            None => span.hull().start() >= range.start(),
        };
        let chunk = self.chunks.partition_point(|chunk| chunk.spans.last().is_some_and(|span| !follows(span)));
        let chunk = self.chunks.get(chunk)?;
        chunk.spans.get(chunk.spans.partition_point(|span| !follows(span)))
    }

    /// The last span before `(range, id)` in reading order; with `None` for the id, the last that starts before the range's start.
    pub fn before(&self, range: TextRange, id: Option<&ItemId>) -> Option<&Arc<Span>> {
        let precedes = |span: &Span| match id {
            Some(id) => span.order() < (range, id),
            None => span.hull().start() < range.start(),
        };
        let chunk = self.chunks.partition_point(|chunk| precedes(&chunk.spans[0])).checked_sub(1)?;
        let spans = &self.chunks[chunk].spans;
        spans.get(spans.partition_point(|span| precedes(span)).checked_sub(1)?)
    }

    /// Chunk and place within it where `(hull, id)` stands or would be inserted. There must be a chunk.
    fn find(&self, hull: TextRange, id: &ItemId) -> (usize, usize) {
        let key = (hull, id);
        let chunk = self.chunks.partition_point(|chunk| chunk.spans[0].order() <= key).saturating_sub(1);
        let spans = &self.chunks[chunk].spans;
        (chunk, spans.partition_point(|span| span.order() < key))
    }
}

/// See [`Spans::touching`].
fn touches(hull: TextRange, range: TextRange) -> bool {
    if range.is_empty() || hull.is_empty() {
        return hull.start() <= range.end() && range.start() <= hull.end();
    }
    hull.overlaps(range)
}

/// From any order; `Err` gives back the first whose id is taken. O(n log n).
impl TryFrom<Vec<Arc<Span>>> for Spans {
    type Error = Arc<Span>;

    fn try_from(mut spans: Vec<Arc<Span>>) -> Result<Self, Arc<Span>> {
        spans.sort_by(|a, b| a.order().cmp(&b.order()));
        let mut places = HashMap::with_capacity(spans.len());
        for span in &spans {
            if places.insert(span.id.clone(), span.hull()).is_some() {
                return Err(span.clone());
            }
        }
        let chunks = spans.chunks(CHUNK * 3 / 4).map(|spans| Chunk::new(spans.to_vec())).collect();
        Ok(Self { chunks, places })
    }
}

impl PartialEq for Spans {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}
