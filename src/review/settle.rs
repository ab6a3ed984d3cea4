//! Settling: from a ruling on a difference to the edits of the gold layer. Pure: the same gold, difference, ruling, person and time
//! always give the same edits.
//!
//! Every id that gold gets is made from the difference's, so that two reviewers who settle the same one at once do not both succeed:
//! the second is refused as stale. Settling different ones at once touches nothing in common.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::{Value, json};

use super::align::shared;
use super::wanted::{Wanted, majority, no_majority, refuse, wanted};
use super::{Comparison, Decision, Difference, Gold, Reviewer, Rule, Ruling, Settlement, Side, Source, State, Subject};
use crate::annotation::{Annotator, Attributes, ItemId, Origin, OriginKind, Relation, Span, Status, decision_id};
use crate::edit::LayerEdit;
use crate::schema::RelationId;

/// Why a ruling cannot be carried out, as a sentence for the reviewer, without full stop. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

impl Gold {
    /// Settles one difference, or settles it again: what the earlier decision made goes or changes, and its record with it. Relations that
    /// all agree on come along as soon as both their ends stand. Where this was the last open difference of the document, what all agree
    /// on is taken over and gold is finished. The edits are one action; undoing them is turning them around.
    pub fn settle(
        &mut self,
        comparison: &Comparison,
        difference: &Difference,
        settlement: &Settlement,
        reviewer: &Reviewer,
    ) -> Result<Vec<LayerEdit>, Refusal> {
        let mut edits = self.one(comparison, difference, settlement, reviewer)?;
        edits.extend(self.along(comparison, reviewer));
        let here = comparison.differences.iter().position(|it| it.id == difference.id);
        edits.extend(self.finish(comparison, here.unwrap_or(0), reviewer));
        Ok(edits)
    }

    /// Settles many at once; what is refused is left out and given back. As [`Gold::settle`] otherwise.
    pub fn settle_all(
        &mut self,
        comparison: &Comparison,
        settlements: &[(Arc<Difference>, Settlement)],
        reviewer: &Reviewer,
    ) -> (Vec<LayerEdit>, Vec<(Arc<Difference>, Refusal)>) {
        let (mut edits, mut refused) = (Vec::new(), Vec::new());
        // By id: records are kept in that order, and adding one at the end of very many costs nothing.
        let mut settlements: Vec<_> = settlements.iter().collect();
        settlements.sort_by(|(a, _), (b, _)| (&a.subject, &a.id).cmp(&(&b.subject, &b.id)));
        for (difference, settlement) in settlements {
            match self.one(comparison, difference, settlement, reviewer) {
                Ok(more) => edits.extend(more),
                Err(refusal) => refused.push((Arc::clone(difference), refusal)),
            }
        }
        if !edits.is_empty() {
            edits.extend(self.along(comparison, reviewer));
            edits.extend(self.finish(comparison, 0, reviewer));
        }
        (edits, refused)
    }

    fn one(
        &mut self,
        comparison: &Comparison,
        difference: &Difference,
        settlement: &Settlement,
        reviewer: &Reviewer,
    ) -> Result<Vec<LayerEdit>, Refusal> {
        let task = Task { comparison, difference, settlement, reviewer };
        match &difference.subject {
            Subject::Spans => self.spans(task),
            Subject::Relation => self.relation(task),
            Subject::Attribute(name) => self.attribute(task, name),
        }
    }

    fn spans(&mut self, task: Task<'_>) -> Result<Vec<LayerEdit>, Refusal> {
        let olds = self.olds(task);
        let mine = self.only_theirs(&olds, |decision| &decision.spans);
        let mut free: VecDeque<Arc<Span>> = mine.iter().filter_map(|id| self.layer.span(id)).cloned().collect();
        let now = if free.len() == 1 { free.front().cloned() } else { None };
        let wanted = wanted(task.difference, &task.settlement.ruling, now.as_deref())?;
        let mut decision = task.record();
        let mut edits = Vec::new();
        let mut fresh = (1..).map(|ordinal| task.new_id(ordinal));
        for wanted in wanted {
            if let Some(same) = self.same(&wanted, &mine) {
                decision.spans.push(same);
                continue;
            }
            let before = free.pop_front();
            let is_free = |id: &ItemId| self.layer.span(id).is_none() && !self.layer.relations.contains_key(id);
            let id = before.as_ref().map(|span| span.id.clone()).or_else(|| fresh.find(is_free));
            let Some(id) = id else { continue };
            decision.spans.push(id.clone());
            let Wanted { label, ranges, attributes } = wanted;
            let origin = task.origin();
            let after = Span { attributes, origin, ..Span::manual(id, label, ranges) };
            edits.push(LayerEdit::Span { before, after: Some(Arc::new(after)) });
        }
        for span in free {
            edits.extend(self.unlink(&span.id));
            edits.push(LayerEdit::remove(&span));
        }
        Ok(self.decide(edits, &olds, decision))
    }

    fn relation(&mut self, task: Task<'_>) -> Result<Vec<LayerEdit>, Refusal> {
        let olds = self.olds(task);
        let mine = self.only_theirs(&olds, |decision| &decision.relations);
        let mut free: VecDeque<_> = mine.iter().filter_map(|id| self.layer.relations.get(id)).cloned().collect();
        let mut decision = task.record();
        let (mut stood, mut edits) = (Vec::new(), Vec::new());
        if let Some(chosen) = task.arrow()? {
            let missing: Result<Vec<_>, _> =
                chosen.ends.iter().map(|(whose, span)| self.missing(task, whose, span)).collect();
            for difference in missing?.into_iter().flatten() {
                stood.extend(self.one(task.comparison, &difference, &unanimous(), task.reviewer)?);
            }
            let ends: Vec<ItemId> = chosen.ends.iter().filter_map(|(whose, span)| self.end(whose, span)).collect();
            let [from, to] = &ends[..] else { return refuse("One of its ends is not in gold") };
            let Arrow { kind, attributes, .. } = chosen;
            let alike = |known: &&Arc<Relation>| (&known.kind, &known.from, &known.to) == (&kind, from, to);
            let same = self.layer.relations_of(from).filter(|known| !mine.contains(&known.id)).find(alike);
            if let Some(same) = same {
                decision.relations.push(same.id.clone());
            } else {
                let before = free.pop_front();
                let id = before.as_ref().map_or_else(|| task.new_id(1), |relation| relation.id.clone());
                decision.relations.push(id.clone());
                let after = Relation { attributes, ..Relation::new(id, kind, from.clone(), to.clone()) };
                edits.push(LayerEdit::Relation { before, after: Some(Arc::new(after)) });
            }
        }
        edits.extend(free.into_iter().map(|relation| LayerEdit::Relation { before: Some(relation), after: None }));
        stood.extend(self.decide(edits, &olds, decision));
        Ok(stood)
    }

    fn attribute(&mut self, task: Task<'_>, name: &str) -> Result<Vec<LayerEdit>, Refusal> {
        let olds = self.olds(task);
        let before = self.layer.attributes.get(name).cloned();
        let after = match &task.settlement.ruling {
            Ruling::Nothing => None,
            Ruling::Attributes(attributes) => attributes.get(name).cloned(),
            ruling => match task.side(ruling)? {
                Side::Value(value) => Some(value.clone()),
                _ => None,
            },
        };
        let differs = before != after;
        let edit = LayerEdit::Attribute { name: name.to_owned(), before, after };
        Ok(self.decide(differs.then_some(edit).into_iter().collect(), &olds, task.record()))
    }

    /// Relations that all agree on, and nobody ruled on, whose ends both stand.
    fn along(&mut self, comparison: &Comparison, reviewer: &Reviewer) -> Vec<LayerEdit> {
        let mut edits = Vec::new();
        for difference in comparison.differences.iter().filter(|it| it.subject == Subject::Relation && it.is_agreed()) {
            let stands = comparison.annotators.iter().zip(&difference.sides).any(|(annotator, side)| match side {
                Side::Relation { from, to, .. } => [from, to].iter().all(|end| self.end(annotator, end).is_some()),
                _ => false,
            });
            if stands && self.state(comparison, difference) == State::Open {
                edits.extend(self.one(comparison, difference, &unanimous(), reviewer).unwrap_or_default());
            }
        }
        edits
    }

    /// Where nothing is open that they differ on: takes over what they agree on, and finishes gold. Looks from the place `first` on, where
    /// the next open one most likely is.
    fn finish(&mut self, comparison: &Comparison, first: usize, reviewer: &Reviewer) -> Vec<LayerEdit> {
        let mut agreed = Vec::new();
        let (before, after) = comparison.differences.split_at(first);
        for difference in after.iter().chain(before) {
            match self.state(comparison, difference) {
                State::Settled(_) | State::Moot => {}
                State::Open if difference.is_agreed() => agreed.push(Arc::clone(difference)),
                // What came back wants a look, though all agree on it by now.
                State::Open | State::Stale(_) => return Vec::new(),
            }
        }
        if !self.withdrawn(comparison).is_empty() {
            return Vec::new();
        }
        let mut edits = Vec::new();
        for difference in agreed {
            edits.extend(self.one(comparison, &difference, &unanimous(), reviewer).unwrap_or_default());
        }
        let before = self.layer.status;
        if before != Status::Finished {
            let finished = LayerEdit::Status { before, after: Status::Finished };
            self.apply(std::slice::from_ref(&finished), None);
            edits.push(finished);
        }
        edits
    }

    /// The decisions that this one takes the place of.
    fn olds(&self, task: Task<'_>) -> Vec<Decision> {
        self.touching(task.comparison, task.difference).into_iter().cloned().collect()
    }

    /// What these decisions made and no other one holds to be its own.
    fn only_theirs<'a>(&self, olds: &'a [Decision], made: impl Fn(&'a Decision) -> &'a Vec<ItemId>) -> Vec<ItemId> {
        let mut counts: Vec<(&ItemId, usize)> = Vec::new();
        for id in olds.iter().flat_map(made) {
            match counts.iter_mut().find(|(known, _)| *known == id) {
                Some((_, count)) => *count += 1,
                None => counts.push((id, 1)),
            }
        }
        counts.into_iter().filter(|(id, count)| self.claims(id) == *count).map(|(id, _)| id.clone()).collect()
    }

    /// A span of gold that says this already: the same label on the same extent is one span.
    fn same(&self, wanted: &Wanted, but: &[ItemId]) -> Option<ItemId> {
        let mut there = self.layer.spans.touching(wanted.ranges.hull());
        let is =
            |span: &&Arc<Span>| span.label == wanted.label && span.ranges == wanted.ranges && !but.contains(&span.id);
        there.find(is).map(|span| span.id.clone())
    }

    /// The edits that take a span's relations away, and what was decided of them.
    fn unlink(&self, span: &ItemId) -> Vec<LayerEdit> {
        let mut edits = Vec::new();
        for relation in self.layer.relations_of(span) {
            edits.push(LayerEdit::Relation { before: Some(Arc::clone(relation)), after: None });
            let of = self.decisions.values().filter(|decision| decision.relations.contains(&relation.id));
            edits.extend(
                of.map(|decision| LayerEdit::Decision { before: self.stored(&decision.id).cloned(), after: None }),
            );
        }
        edits
    }

    /// What must be settled before this end of a relation stands in gold: nothing, or something that all agree on.
    fn missing(&self, task: Task<'_>, whose: &Annotator, span: &Span) -> Result<Option<Arc<Difference>>, Refusal> {
        if self.end(whose, span).is_some() {
            return Ok(None);
        }
        let who = task.comparison.annotators.iter().position(|known| known == whose);
        let has = |it: &&Arc<Difference>| {
            who.is_some_and(|who| it.sides[who].spans().iter().any(|known| known.id == span.id))
        };
        let difference = task.comparison.differences.iter().find(has);
        match difference.map(|difference| (difference, self.state(task.comparison, difference))) {
            Some((agreed, State::Open)) if agreed.is_agreed() => Ok(Some(Arc::clone(agreed))),
            Some((_, State::Open | State::Stale(_))) => refuse("Settle the spans at its ends first"),
            _ => refuse("One of its ends is not in gold"),
        }
    }

    /// The span of gold that stands for this one: of several parts the one that shares most with it.
    fn end(&self, annotator: &Annotator, span: &Span) -> Option<ItemId> {
        let made = self.made_from(annotator, &span.id);
        let shares = |id: &ItemId| self.layer.span(id).map_or(0, |gold| shared(&gold.ranges, &span.ranges));
        made.into_iter().rev().max_by_key(shares)
    }

    /// A decision as it is stored.
    fn stored(&self, id: &str) -> Option<&Value> {
        let place = self.layer.decisions.binary_search_by(|decision| decision_id(decision).cmp(id)).ok()?;
        self.layer.decisions.get(place)
    }

    /// Adds the record, takes those away that it takes the place of, begins the layer, and carries everything out here.
    fn decide(&mut self, mut edits: Vec<LayerEdit>, olds: &[Decision], decision: Decision) -> Vec<LayerEdit> {
        for old in olds.iter().filter(|old| old.id != decision.id) {
            edits.push(LayerEdit::Decision { before: self.stored(&old.id).cloned(), after: None });
        }
        let before = self.stored(&decision.id).cloned();
        edits.push(LayerEdit::Decision { before, after: Some(decision.to_value()) });
        if matches!(self.layer.status, Status::Untouched | Status::Skipped) {
            edits.insert(0, LayerEdit::Status { before: self.layer.status, after: Status::InProgress });
        }
        self.apply(&edits, Some(decision));
        edits
    }
}

fn unanimous() -> Settlement {
    Settlement { rule: Some(Rule::Unanimous), ..Settlement::by_hand(Ruling::Unanimous) }
}

/// One ruling to carry out.
#[derive(Clone, Copy)]
struct Task<'a> {
    comparison: &'a Comparison,
    difference: &'a Difference,
    settlement: &'a Settlement,
    reviewer: &'a Reviewer,
}

/// A relation that is to stand in gold, with the spans of an annotator that it joins.
struct Arrow<'a> {
    kind: RelationId,
    attributes: Attributes,
    ends: [(&'a Annotator, &'a Span); 2],
}

impl<'a> Task<'a> {
    /// An id that gold does not have, made from the difference's.
    fn new_id(self, ordinal: usize) -> ItemId {
        let hash = self.difference.id.trim_start_matches('d');
        ItemId::from(if ordinal == 1 { format!("g{hash}") } else { format!("g{hash}-{ordinal}") })
    }

    fn origin(self) -> Origin {
        let mut origin = Origin::of(OriginKind::Adjudication);
        let told = self.comparison.annotators.iter().zip(&self.difference.sources);
        let sources = told.flat_map(|(annotator, items)| {
            items.iter().map(move |item| json!({ "annotator": annotator, "span": item.id }))
        });
        origin.details.insert("sources".to_owned(), sources.collect());
        origin.details.insert("decision".to_owned(), Value::from(self.difference.id.as_str()));
        origin
    }

    /// The record of it, without what it makes.
    fn record(self) -> Decision {
        let Settlement { ruling, rule, why, note } = self.settlement;
        let Comparison { annotators, layers, .. } = self.comparison;
        let mut sources = Vec::new();
        for (who, annotator) in annotators.iter().enumerate() {
            if let Some(layer) = &layers[who] {
                let value =
                    if let Side::Value(value) = &self.difference.sides[who] { Some(value.clone()) } else { None };
                let items = self.difference.sources[who].clone();
                sources.push(Source { annotator: annotator.clone(), version: layer.version, items, value });
            }
        }
        sources.sort_by(|a, b| a.annotator.cmp(&b.annotator));
        let taken = if let Ruling::Take(who) = ruling { annotators.get(*who).cloned() } else { None };
        let attribute = if let Subject::Attribute(name) = &self.difference.subject { Some(name.clone()) } else { None };
        Decision {
            id: self.difference.id.clone(),
            ruling: ruling.id().to_owned(),
            annotator: taken,
            rule: *rule,
            by: self.reviewer.by.clone(),
            when: self.reviewer.at,
            why: why.clone(),
            note: note.clone(),
            attribute,
            sources,
            spans: Vec::new(),
            relations: Vec::new(),
            extra: serde_json::Map::new(),
        }
    }

    /// The side that a ruling chooses.
    fn side(self, ruling: &Ruling) -> Result<&'a Side, Refusal> {
        let first = || self.difference.sides.iter().position(Side::is_something);
        let who = match ruling {
            Ruling::Take(who) => Some(*who),
            Ruling::Unanimous if self.difference.is_agreed() => first(),
            Ruling::Unanimous => return refuse("They do not all say the same"),
            Ruling::Majority => Some(majority(self.difference).ok_or_else(no_majority)?),
            Ruling::Nothing | Ruling::Relabel(_) | Ruling::Attributes(_) => first(),
            Ruling::Union | Ruling::Intersection | Ruling::Edges(_) => return refuse("Only spans have edges"),
        };
        let side = who.and_then(|who| self.difference.sides.get(who)).filter(|side| side.is_data());
        side.map_or_else(|| refuse("This annotator has not finished the document"), Ok)
    }

    fn arrow(self) -> Result<Option<Arrow<'a>>, Refusal> {
        let ruling = &self.settlement.ruling;
        if *ruling == Ruling::Nothing {
            return Ok(None);
        }
        let side = self.side(ruling)?;
        let Side::Relation { relation, from, to } = side else { return Ok(None) };
        let whose = self.difference.sides.iter().position(|known| std::ptr::eq(known, side)).unwrap_or_default();
        let annotator = &self.comparison.annotators[whose];
        let kind =
            if let Ruling::Relabel(kind) = ruling { RelationId::from(kind.as_str()) } else { relation.kind.clone() };
        let attributes = if let Ruling::Attributes(these) = ruling { these } else { &relation.attributes }.clone();
        Ok(Some(Arrow { kind, attributes, ends: [(annotator, from), (annotator, to)] }))
    }
}
