//! Carrying out a [`Search`]: what the lists know first, then the texts, then the layers, so that each looks at no more documents than it must.

use std::sync::Arc;

use super::Pattern;
use super::line::Line;
use super::query::{Given, LayerTest, Owners, Search, SpanTest, Test};
use super::sweep::{Over, spread};
use crate::annotation::{Annotator, ItemId, Layer, Span, Status};
use crate::schema::LabelId;
use crate::session::assign::Hands;
use crate::store::{Job, Row, Sieve, Store, StoreError};
use crate::text::{DocumentId, Text, TextHash, TextRange};

/// A document that a search found.
#[derive(Clone, Debug)]
pub struct Match {
    /// As [`Store::listing`] numbers it.
    pub number: u32,
    /// Its place in the order that was asked for, counted from 0, among all documents that were looked at.
    pub place: u32,
    pub document: DocumentId,
    /// What the hits count in; `None` where there are none.
    pub text: Option<TextHash>,
    /// In reading order. None where the query speaks only of documents.
    pub hits: Vec<Hit>,
    /// Hits beyond those, which are not kept.
    pub more: u64,
}

/// A place that a search found: words of the text or, where the query asks for spans, a span.
#[derive(Clone, Debug)]
pub struct Hit {
    pub range: TextRange,
    pub span: Option<HitSpan>,
    pub line: Line,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitSpan {
    pub owner: Annotator,
    pub id: ItemId,
    pub label: LabelId,
}

/// Of one document so many hits are kept.
const MOST: usize = 100_000;

impl Search {
    /// Finds, on all cores, and calls `each` on this thread with one document after the other, by growing number: always in the same
    /// order, which is not that of the list ([`Match::place`] is). `each` says `false` to stop. Ends early when the job is cancelled; its
    /// progress counts documents. What could not be read is passed over, and returned.
    pub fn run(
        &self,
        store: &dyn Store,
        job: &Job,
        each: &mut dyn FnMut(Match) -> bool,
    ) -> Result<Vec<StoreError>, StoreError> {
        let mut numbers = store.listing(&self.list, job)?;
        self.keep_given(store, &mut numbers, job)?;
        self.run_in(store, &numbers, true, job, each)
    }

    /// The documents that match, in the order asked for: as [`Store::listing`], for any query.
    pub fn documents(&self, store: &dyn Store, job: &Job) -> Result<Vec<u32>, StoreError> {
        let mut numbers = store.listing(&self.list, job)?;
        self.keep_given(store, &mut numbers, job)?;
        if self.is_answered_by_store() {
            return Ok(numbers);
        }
        let mut those = vec![false; numbers.iter().max().map_or(0, |most| *most as usize + 1)];
        let troubles = self.run_in(store, &numbers, false, job, &mut |found| {
            those[found.number as usize] = true;
            true
        })?;
        // A list that lacks documents without saying so would be wrong.
        if let Some(trouble) = troubles.into_iter().next() {
            return Err(trouble);
        }
        numbers.retain(|number| those[*number as usize]);
        Ok(numbers)
    }

    /// Which documents match is what [`Store::listing`] says; a label that it looked for need not be looked for again.
    fn is_answered_by_store(&self) -> bool {
        let LayerTest { labels, spans, .. } = &self.layer;
        let known = spans.is_empty() && labels.len() == 1 && self.list.label.as_slice() == labels[0].as_slice();
        let rest = LayerTest { labels: Vec::new(), ..self.layer.clone() };
        self.is_listing() || known && Self { layer: rest, ..self.clone() }.is_listing()
    }

    /// Leaves only what is given to those it asks for.
    fn keep_given(&self, store: &dyn Store, numbers: &mut Vec<u32>, job: &Job) -> Result<(), StoreError> {
        let Some(assigned) = self.assigned.as_ref().filter(|_| self.says_whose()) else { return Ok(()) };
        let asks = |given| self.given.iter().any(|test| test.of.contains(&given));
        let finished = if asks(Given::Two) || asks(Given::Ready) {
            assigned.with(Status::Finished, store, job)?
        } else {
            Vec::new()
        };
        let is = |given: Given, number: u32| {
            let hands = assigned.hands(number);
            let by = || finished.get(number as usize).copied().unwrap_or(Hands::NOBODY);
            match given {
                Given::To(these) => !hands.among(these).is_empty(),
                Given::Anybody => !hands.is_empty(),
                Given::Shared => hands.is_shared(),
                Given::Two => hands.is_shared() && by().is_shared(),
                Given::Ready => hands.is_shared() && by() == hands,
            }
        };
        numbers
            .retain(|number| self.given.iter().all(|test| test.holds(|of| of.iter().any(|given| is(*given, *number)))));
        Ok(())
    }

    fn run_in(
        &self,
        store: &dyn Store,
        numbers: &[u32],
        hits: bool,
        job: &Job,
        each: &mut dyn FnMut(Match) -> bool,
    ) -> Result<Vec<StoreError>, StoreError> {
        let mut places = vec![0; numbers.iter().max().map_or(0, |most| *most as usize + 1)];
        for (place, number) in numbers.iter().enumerate() {
            places[*number as usize] = place as u32;
        }
        let part = |store: &dyn Store, numbers: &[u32], over: Over<'_>, found: &mut Vec<Match>| {
            Look { search: self, store, hits, places: &places }.chunk(numbers, over, found)
        };
        spread(store, numbers, job, &part, each)
    }

    /// The longest words that every text must have.
    fn sieve(&self) -> Sieve {
        let needed = self.texts.iter().filter(|test| !test.negated).filter_map(|test| match &test.of[..] {
            [one] => Some(one),
            _ => None,
        });
        needed.max_by_key(|pattern| pattern.weight()).map_or_else(Sieve::open, |pattern| pattern.sieve().clone())
    }
}

/// One thread's part of a search.
struct Look<'a> {
    search: &'a Search,
    store: &'a dyn Store,
    /// Hits are wanted, not only documents.
    hits: bool,
    places: &'a [u32],
}

impl Look<'_> {
    fn chunk(&self, numbers: &[u32], over: Over<'_>, found: &mut Vec<Match>) -> Result<Vec<StoreError>, StoreError> {
        let search = self.search;
        let mut troubles = Vec::new();
        let numbers = self.named(numbers)?;
        let layer = &search.layer;
        let texts = search.reads_texts() || (layer.finds_spans() && self.hits);
        if texts {
            self.store.texts(&numbers, &search.sieve(), &mut |number, id, text| {
                match text.and_then(|text| self.document(number, id, Some(&text))) {
                    Ok(one) => found.extend(one),
                    Err(error) => troubles.push(error),
                }
                Ok(!over())
            })?;
            return Ok(troubles);
        }
        for number in numbers {
            if over() {
                break;
            }
            let Some(row) = self.store.rows(&[number], &search.list)?.pop() else { continue };
            match self.document(number, row.id, None) {
                Ok(one) => found.extend(one),
                Err(error) => troubles.push(error),
            }
        }
        Ok(troubles)
    }

    /// Those of which the list already shows that they may match.
    fn named(&self, numbers: &[u32]) -> Result<Vec<u32>, StoreError> {
        let search = self.search;
        let layer = &search.layer;
        if search.names.is_empty() && (layer.is_nothing() || layer.owners != Owners::One) {
            return Ok(numbers.to_vec());
        }
        let may = |row: &Row| {
            search.names.iter().all(|test| test.holds(|test| test.holds(row)))
                && (layer.owners != Owners::One || layer.may_hold(row))
        };
        let rows = self.store.rows(numbers, &search.list)?;
        if rows.len() == numbers.len() {
            return Ok(numbers.iter().zip(&rows).filter(|(_, row)| may(row)).map(|(number, _)| *number).collect());
        }
        // Some are gone; which, is not said.
        let mut those = Vec::new();
        for number in numbers {
            if self.store.rows(&[*number], &search.list)?.first().is_some_and(may) {
                those.push(*number);
            }
        }
        Ok(those)
    }

    fn document(&self, number: u32, id: DocumentId, text: Option<&Text>) -> Result<Option<Match>, StoreError> {
        let search = self.search;
        let mut places: Vec<(TextRange, Option<HitSpan>)> = Vec::new();
        let mut of = text.cloned();
        let spans = search.layer.finds_spans();
        if let Some(text) = text {
            let passes = search.texts.iter().all(|test| {
                let occurs = || test.of.iter().any(|pattern| pattern.hits(text).next().is_some());
                // Of spans, the very words are asked later.
                if spans { test.negated || occurs() } else { occurs() != test.negated }
            });
            if !passes {
                return Ok(None);
            }
        }
        if !self.layers(&id, text, &mut places, &mut of)? {
            return Ok(None);
        }
        if let Some(text) = text.filter(|_| !spans && self.hits) {
            let wanted = search.texts.iter().filter(|test| !test.negated).flat_map(|test| &test.of);
            places = wanted.flat_map(|pattern| pattern.hits(text)).map(|range| (range, None)).collect();
            places.sort_by_key(|(range, _)| *range);
            places.dedup_by_key(|(range, _)| *range);
        }
        let more = places.len().saturating_sub(MOST) as u64;
        places.truncate(MOST);
        let hits: Vec<Hit> = match &of {
            Some(text) if self.hits => {
                places.into_iter().map(|(range, span)| Hit { range, span, line: Line::around(text, range) }).collect()
            }
            _ => Vec::new(),
        };
        let text = of.filter(|_| !hits.is_empty()).map(|text| text.sha256());
        let place = self.places[number as usize];
        Ok(Some(Match { number, place, document: id, text, hits, more }))
    }

    /// Whether the layers are as they are asked to be; adds the spans that were found, and says what text they count in.
    fn layers(
        &self,
        id: &DocumentId,
        text: Option<&Text>,
        places: &mut Vec<(TextRange, Option<HitSpan>)>,
        of: &mut Option<Text>,
    ) -> Result<bool, StoreError> {
        let (search, store) = (self.search, self.store);
        let test = &search.layer;
        if !search.not_by.is_empty() && store.heads(id)?.iter().any(|head| search.not_by.contains(&head.annotator)) {
            return Ok(false);
        }
        if test.is_nothing() {
            return Ok(true);
        }
        let mut owners: Vec<Annotator> = match &test.owners {
            Owners::One => search.list.annotator.iter().cloned().collect(),
            Owners::These(these) => these.clone(),
            Owners::All => store.heads(id)?.into_iter().map(|head| head.annotator).collect(),
        };
        if owners.is_empty() {
            // Nobody’s layer is an untouched one.
            owners.push(Annotator::from(""));
        }
        let mut any = false;
        for owner in owners {
            let (layer, hash) = match store.layer(id, &owner)? {
                Some((layer, hash)) => (layer, Some(hash)),
                None => (Layer::untouched(owner.clone()), None),
            };
            let counted = match (hash, text) {
                (Some(hash), Some(text)) if text.sha256() == hash => Some(text.clone()),
                (Some(hash), _) => store.document(id, Some(hash))?.map(|document| document.text.clone()),
                (None, _) => None,
            };
            let Some(spans) = test.find(&layer, counted.as_ref(), &search.texts) else { continue };
            any = true;
            let hit =
                |span: &Arc<Span>| HitSpan { owner: owner.clone(), id: span.id.clone(), label: span.label.clone() };
            // Hits of one document count in one text: that of the first layer that has any.
            if !spans.is_empty() && (places.is_empty() || counted == *of) {
                of.clone_from(&counted);
                places.extend(spans.into_iter().map(|span| (span.hull(), Some(hit(span)))));
            }
        }
        places.sort_by_key(|(range, _)| *range);
        Ok(any)
    }
}

impl LayerTest {
    /// What the list shows of the layer does not speak against it.
    fn may_hold(&self, row: &Row) -> bool {
        let written = self.written || self.document.iter().any(|test| !test.negated);
        (!written || row.status != Status::Untouched)
            && (!self.finds_spans() || row.spans > 0)
            && self.head_holds(row.status, row.flag.as_deref())
    }

    fn head_holds(&self, status: Status, flag: Option<&str>) -> bool {
        self.statuses.iter().all(|test| test.holds(|these| these.contains(&status)))
            && self
                .flags
                .iter()
                .all(|test| test.holds(|words| flag.is_some_and(|flag| words.0.is_empty() || words.fits(flag))))
    }

    /// `None` where the layer is not as it is asked to be; else the spans that are, where spans are asked for.
    fn find<'a>(
        &self,
        layer: &'a Layer,
        text: Option<&Text>,
        texts: &[Test<Vec<Pattern>>],
    ) -> Option<Vec<&'a Arc<Span>>> {
        let written = !self.written || layer.status != Status::Untouched;
        let document = || self.document.iter().all(|test| test.holds(|it| it.holds(layer.attributes.get(&it.name))));
        let without = || layer.spans.iter().all(|span| !self.without.contains(&span.label));
        if !written || !self.head_holds(layer.status, layer.flag.as_deref()) || !document() || !without() {
            return None;
        }
        let passes =
            |span: &Span| self.spans.iter().all(|test| test.holds(|any| any.iter().any(|it| it.holds(span, layer))));
        if !self.finds_spans() {
            // What is only ruled out must be true of no span.
            let none = layer.spans.iter().all(|span| passes(span));
            return none.then(Vec::new);
        }
        let says = |span: &Span| {
            texts.iter().all(|test| {
                test.holds(|any| {
                    let fragments = span.ranges.as_slice();
                    text.is_some_and(|text| {
                        any.iter().any(|it| fragments.iter().any(|part| it.hits_in(text, *part).next().is_some()))
                    })
                })
            })
        };
        let wanted =
            |span: &Span| self.labels.is_empty() || self.labels.iter().any(|these| these.contains(&span.label));
        let found: Vec<&Arc<Span>> =
            layer.spans.iter().filter(|span| wanted(span) && passes(span) && says(span)).collect();
        let all = self.labels.iter().all(|these| found.iter().any(|span| these.contains(&span.label)));
        (all && !found.is_empty()).then_some(found)
    }
}

impl SpanTest {
    fn holds(&self, span: &Span, layer: &Layer) -> bool {
        match self {
            Self::Attribute(test) => test.holds(span.attributes.get(&test.name)),
            Self::Relation(kind) => layer.relations_of(&span.id).any(|relation| relation.kind == *kind),
            Self::Note(words) => words.fits(&span.note),
        }
    }
}
