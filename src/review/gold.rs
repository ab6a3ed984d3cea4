//! [`Gold`]: the layer that adjudication makes, with its decisions found by what they were made from. It says what is settled, what
//! came back, and what is open.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::compare::plain;
use super::{Comparison, Decision, Difference, Kind, Shape, Side, SourceItem, Subject, identity};
use crate::annotation::{Annotator, ItemId, Layer, decision_id};
use crate::edit::{LayerEdit, apply_edit};
use crate::text::TextRange;

/// How far a difference is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has settled it.
    Open,
    /// By the decision with this id.
    Settled(String),
    /// It was settled by these, and a source has changed since. Gold stays as it is until it is settled again.
    Stale(Vec<String>),
    /// A relation that has lost an end: "nothing here" was said of a span it starts or ends at.
    Moot,
}

impl State {
    /// A reviewer is wanted.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open | Self::Stale(_))
    }

    /// As rows name it.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Settled(_) => "settled",
            Self::Stale(_) => "stale",
            Self::Moot => "moot",
        }
    }
}

/// The gold layer of one document while it is worked on. One for each document; kept as long as the layer does not change elsewhere.
#[derive(Clone, Debug)]
pub struct Gold {
    pub(super) layer: Layer,
    pub(super) decisions: BTreeMap<String, Decision>,
    /// Decisions by the annotator and the id of a source.
    by_source: HashMap<(Annotator, ItemId), BTreeSet<String>>,
    /// How many decisions hold a span or relation of gold to be theirs.
    claims: HashMap<ItemId, usize>,
}

impl Gold {
    /// Of the layer as it is stored; `None` where there is none yet.
    pub fn of(layer: Option<&Layer>) -> Self {
        let layer = layer.cloned().unwrap_or_else(|| Layer::untouched(Annotator::gold()));
        let read: Vec<Decision> = layer.decisions.iter().filter_map(Decision::read).collect();
        let (decisions, by_source, claims) = Default::default();
        let mut gold = Self { layer, decisions, by_source, claims };
        for decision in read {
            gold.know(decision);
        }
        gold
    }

    /// The layer as it is after what was settled here.
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    pub fn decision(&self, id: &str) -> Option<&Decision> {
        self.decisions.get(id)
    }

    /// How far a difference of the comparison is. Logarithmic in the decisions.
    pub fn state(&self, comparison: &Comparison, difference: &Difference) -> State {
        let touching = self.touching(comparison, difference);
        if touching.is_empty() {
            return if self.is_moot(comparison, difference) { State::Moot } else { State::Open };
        }
        if difference.kinds.contains(&Kind::Withdrawn) || !is_fresh(comparison, difference, &touching) {
            return State::Stale(touching.into_iter().map(|decision| decision.id.clone()).collect());
        }
        State::Settled(touching[0].id.clone())
    }

    /// The decisions that were made from one of its sources.
    pub(super) fn touching(&self, comparison: &Comparison, difference: &Difference) -> Vec<&Decision> {
        if let Subject::Attribute(name) = &difference.subject {
            return self.decisions.values().filter(|decision| decision.attribute.as_ref() == Some(name)).collect();
        }
        let own = self.decisions.get(&difference.id).map(|decision| &decision.id);
        let mut ids: BTreeSet<&String> = own.into_iter().collect();
        for (annotator, items) in comparison.annotators.iter().zip(&difference.sources) {
            for item in items {
                ids.extend(self.by_source.get(&(annotator.clone(), item.id.clone())).into_iter().flatten());
            }
        }
        ids.into_iter().filter_map(|id| self.decisions.get(id)).collect()
    }

    fn is_moot(&self, comparison: &Comparison, difference: &Difference) -> bool {
        let mut any = false;
        for (annotator, side) in comparison.annotators.iter().zip(&difference.sides) {
            if let Side::Relation { from, to, .. } = side {
                let gone = [from, to].into_iter().any(|end| self.is_rejected(annotator, &end.id));
                if !gone {
                    return false;
                }
                any = true;
            }
        }
        any
    }

    fn is_rejected(&self, annotator: &Annotator, span: &ItemId) -> bool {
        let decisions = self.by_source.get(&(annotator.clone(), span.clone()));
        decisions.is_some_and(|ids| ids.iter().all(|id| self.decisions[id].spans.is_empty()))
    }

    /// The spans of gold that were made from this span of this annotator.
    pub(super) fn made_from(&self, annotator: &Annotator, span: &ItemId) -> Vec<ItemId> {
        let decisions = self.by_source.get(&(annotator.clone(), span.clone())).into_iter().flatten();
        let spans = decisions.flat_map(|id| &self.decisions[id].spans);
        spans.filter(|id| self.layer.span(id).is_some()).cloned().collect()
    }

    /// What was settled from spans that are all gone now, and still stands in gold: nobody else would bring it back.
    pub fn withdrawn(&self, comparison: &Comparison) -> Vec<Arc<Difference>> {
        let withdrawn = self.decisions.values().filter_map(|decision| self.withdrawn_by(comparison, decision));
        withdrawn.map(Arc::new).collect()
    }

    fn withdrawn_by(&self, comparison: &Comparison, decision: &Decision) -> Option<Difference> {
        let told = decision.sources.iter().filter(|source| !source.items.is_empty());
        let mut gone = told.map(|source| {
            let who = comparison.annotators.iter().position(|annotator| *annotator == source.annotator)?;
            let layer = comparison.layers[who].as_ref()?;
            source.items.iter().all(|item| said_now(layer, &item.id).is_none()).then_some(())
        });
        gone.next()??;
        if !gone.all(|gone| gone.is_some()) {
            return None;
        }
        let spans = decision.spans.iter().filter_map(|id| self.layer.span(id));
        let relations: Vec<_> = decision.relations.iter().filter_map(|id| self.layer.relations.get(id)).collect();
        let ends = relations.iter().flat_map(|relation| [&relation.from, &relation.to]);
        let standing: Vec<_> = spans.chain(ends.filter_map(|id| self.layer.span(id))).collect();
        let sides = comparison.layers.iter().map(|layer| if layer.is_some() { Side::Nothing } else { Side::Absent });
        Some(Difference {
            id: decision.id.clone(),
            document: comparison.document.clone(),
            subject: if relations.is_empty() { Subject::Spans } else { Subject::Relation },
            kinds: vec![Kind::Withdrawn],
            sides: sides.collect(),
            sources: vec![Vec::new(); comparison.annotators.len()],
            extent: standing.iter().map(|span| span.hull()).reduce(TextRange::hull)?,
            severity: Kind::Withdrawn.severity(),
            label: standing.first().map(|span| span.label.clone()),
            shapes: vec![Shape { key: "withdrawn".to_owned(), sentence: "Settled, and withdrawn since".to_owned() }],
        })
    }

    /// Carries out edits here as the store will; `decision` is the one that is new among them.
    pub(super) fn apply(&mut self, edits: &[LayerEdit], decision: Option<Decision>) {
        for edit in edits {
            let applied = apply_edit(&mut self.layer, edit);
            assert!(applied.is_ok(), "edits are made for the layer as it is");
            if let LayerEdit::Decision { before: Some(before), .. } = edit {
                self.forget(decision_id(before));
            }
        }
        if let Some(decision) = decision {
            self.know(decision);
        }
    }

    fn know(&mut self, decision: Decision) {
        for source in &decision.sources {
            for item in &source.items {
                let key = (source.annotator.clone(), item.id.clone());
                self.by_source.entry(key).or_default().insert(decision.id.clone());
            }
        }
        for id in decision.spans.iter().chain(&decision.relations) {
            *self.claims.entry(id.clone()).or_default() += 1;
        }
        self.decisions.insert(decision.id.clone(), decision);
    }

    fn forget(&mut self, id: &str) {
        let Some(decision) = self.decisions.remove(id) else { return };
        for source in &decision.sources {
            for item in &source.items {
                let key = (source.annotator.clone(), item.id.clone());
                if let Some(ids) = self.by_source.get_mut(&key) {
                    ids.remove(id);
                    if ids.is_empty() {
                        self.by_source.remove(&key);
                    }
                }
            }
        }
        for id in decision.spans.iter().chain(&decision.relations) {
            if let Some(claims) = self.claims.get_mut(id) {
                *claims -= 1;
            }
        }
    }

    /// How many decisions hold it to be theirs.
    pub(super) fn claims(&self, id: &ItemId) -> usize {
        self.claims.get(id).copied().unwrap_or(0)
    }
}

/// The span or relation of this id, as a source is told now.
fn said_now(layer: &Layer, id: &ItemId) -> Option<SourceItem> {
    let span = layer.span(id).map(|span| identity::of_span(span));
    span.or_else(|| layer.relations.get(id).map(|relation| identity::of_relation(relation)))
}

/// Everything the decisions were made from is still there and the same, and nothing has joined it. Annotators who are not compared
/// now, or were not then, say nothing.
fn is_fresh(comparison: &Comparison, difference: &Difference, decisions: &[&Decision]) -> bool {
    for (who, annotator) in comparison.annotators.iter().enumerate() {
        let Some(layer) = &comparison.layers[who] else { continue };
        let sources =
            || decisions.iter().flat_map(|decision| &decision.sources).filter(|it| it.annotator == *annotator);
        if sources().next().is_none() {
            continue;
        }
        if let Subject::Attribute(name) = &difference.subject {
            let now = layer.attributes.get(name).map(plain);
            if sources().any(|source| source.value.as_ref().map(plain) != now) {
                return false;
            }
        }
        let now = &difference.sources[who];
        let mut items = sources().flat_map(|source| &source.items);
        let is_there = |item: &SourceItem| now.contains(item) || said_now(layer, &item.id).as_ref() == Some(item);
        let was_there = |item: &SourceItem| sources().any(|source| source.items.contains(item));
        if !items.all(is_there) || !now.iter().all(was_there) {
            return false;
        }
    }
    true
}
