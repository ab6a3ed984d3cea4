//! The [`Desk`]: one document as a reviewer has it on the page: the layers compared, gold, and where each difference is found.

use std::collections::HashMap;
use std::sync::Arc;

use super::case::{self, Progress};
use crate::annotation::{Annotator, ItemId, Layer, Status};
use crate::review::{Comparison, Difference, Gold, Side, State, compare};
use crate::schema::Schema;
use crate::store::{Head, Store, StoreError};
use crate::text::{Document, DocumentId};

/// One document with everything that is compared in it.
#[derive(Debug)]
pub struct Desk {
    pub document: Arc<Document>,
    pub comparison: Arc<Comparison>,
    pub gold: Gold,
    /// The layer of gold as it is stored.
    pub(super) stored: Option<Layer>,
    pub(super) heads: Vec<Head>,
    /// Who finished the document in another text than its newest, and is left out.
    pub left_out: Vec<Annotator>,
    /// Differences in the order of the queue's cases: all that differ, then what was withdrawn.
    cases: Vec<(Arc<Difference>, Progress)>,
    by_key: HashMap<u64, u32>,
    /// The case that a span of an annotator is part of; relations by their ends.
    by_span: HashMap<(usize, ItemId), Vec<u32>>,
}

impl Desk {
    /// `None` where there is no such document.
    pub(super) fn read(
        store: &dyn Store,
        schema: &Schema,
        annotators: &Arc<[Annotator]>,
        id: &DocumentId,
    ) -> Result<Option<Self>, StoreError> {
        let Some(document) = store.document(id, None)? else { return Ok(None) };
        let text = document.text.sha256();
        let (mut layers, mut left_out) = (Vec::with_capacity(annotators.len()), Vec::new());
        let heads = store.heads(id)?;
        for annotator in annotators.iter() {
            let head = heads.iter().find(|head| head.annotator == *annotator && head.status == Status::Finished);
            layers.push(match head {
                Some(head) if head.text == text => store.layer(id, annotator)?.map(|(layer, _)| Arc::new(layer)),
                Some(_) => {
                    left_out.push(annotator.clone());
                    None
                }
                None => None,
            });
        }
        let stored = store.layer(id, &Annotator::gold())?.filter(|(_, hash)| *hash == text).map(|(layer, _)| layer);
        let comparison = Arc::new(compare(&document, schema, annotators, layers));
        Ok(Some(Self::new(document, comparison, stored, heads, left_out)))
    }

    fn new(
        document: Arc<Document>,
        comparison: Arc<Comparison>,
        stored: Option<Layer>,
        heads: Vec<Head>,
        left_out: Vec<Annotator>,
    ) -> Self {
        let gold = Gold::of(stored.as_ref());
        let (mut by_key, mut by_span) = (HashMap::new(), HashMap::<_, Vec<u32>>::new());
        let mut cases = Vec::new();
        for (difference, state) in case::states(&comparison, &gold) {
            let place = u32::try_from(cases.len()).unwrap_or(u32::MAX);
            by_key.insert(case::key(&difference.id), place);
            for (who, side) in difference.sides.iter().enumerate() {
                let ends = match side {
                    Side::Relation { from, to, .. } => vec![from.id.clone(), to.id.clone()],
                    side => side.spans().iter().map(|span| span.id.clone()).collect(),
                };
                for id in ends {
                    by_span.entry((who, id)).or_default().push(place);
                }
            }
            cases.push((difference, Progress::from(&state)));
        }
        Self { document, comparison, gold, stored, heads, left_out, cases, by_key, by_span }
    }

    /// At least two have finished it.
    pub fn is_compared(&self) -> bool {
        self.comparison.layers.iter().flatten().count() > 1
    }

    /// The difference of a case.
    pub fn difference(&self, key: u64) -> Option<&Arc<Difference>> {
        self.cases.get(*self.by_key.get(&key)? as usize).map(|(difference, _)| difference)
    }

    pub fn cases(&self) -> impl Iterator<Item = (&Arc<Difference>, Progress)> {
        self.cases.iter().map(|(difference, progress)| (difference, *progress))
    }

    /// How far the case is that a span of an annotator belongs to, and its key; `None`: it is agreed on.
    pub fn case_of(&self, who: usize, span: &ItemId) -> Option<(u64, Progress)> {
        let places = self.by_span.get(&(who, span.clone()))?;
        let of_spans = |place: &&u32| matches!(self.cases[**place as usize].0.subject, crate::review::Subject::Spans);
        let place = *places.iter().find(of_spans)?;
        let (difference, progress) = &self.cases[place as usize];
        Some((case::key(&difference.id), *progress))
    }

    /// How far the difference is, as gold is now.
    pub fn state(&self, difference: &Difference) -> State {
        self.gold.state(&self.comparison, difference)
    }

    /// Looks again at a case that was settled, and at the relations that start or end at its spans. Gives those that are otherwise now.
    pub(super) fn renew(&mut self, key: u64) -> Vec<(u64, Progress)> {
        let Some(own) = self.by_key.get(&key).copied() else { return Vec::new() };
        let mut places = vec![own];
        let sides = &self.cases[own as usize].0.sides;
        for (who, side) in sides.iter().enumerate() {
            for span in side.spans() {
                places.extend(self.by_span.get(&(who, span.id.clone())).into_iter().flatten());
            }
        }
        places.sort_unstable();
        places.dedup();
        let (gold, comparison) = (&self.gold, &self.comparison);
        let mut changed = Vec::new();
        for place in places {
            let (difference, progress) = &mut self.cases[place as usize];
            let now = Progress::from(&gold.state(comparison, difference));
            if now != *progress {
                *progress = now;
                changed.push((case::key(&difference.id), now));
            }
        }
        changed
    }
}
