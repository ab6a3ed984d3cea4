//! Choosing the other end of a relation: the legal spans, nearest first.

use std::collections::HashSet;
use std::sync::Arc;

use super::open::OpenDocument;
use crate::annotation::{ItemId, Layer, Relation, Span};
use crate::schema::{LabelId, RelationId, RelationKind, Schema};

/// A relation in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linking {
    pub kind: RelationId,
    pub from: ItemId,
    /// Legal ends, nearest first.
    pub candidates: Vec<ItemId>,
    /// Which of them is chosen.
    pub chosen: usize,
    legal: HashSet<ItemId>,
}

impl Linking {
    /// The ends that `kind` allows for the selected span; the sentence says why there are none.
    pub fn begin(schema: &Schema, open: &OpenDocument, kind: &RelationKind) -> Result<Self, String> {
        let layer = open.shown().ok_or("Nothing is marked yet")?;
        let from = open.span.as_ref().and_then(|id| layer.span(id)).ok_or("Select the span it starts at first")?;
        if !schema.accepts(&kind.from, &from.label) {
            let starts: Vec<&str> = kind.from.iter().map(LabelId::as_str).collect();
            return Err(format!("“{}” starts at {}, not at {}", kind.name, starts.join(" or "), from.label));
        }
        let taken = |to: &ItemId| {
            layer
                .relations
                .values()
                .any(|relation| relation.kind == kind.id && relation.from == from.id && relation.to == *to)
        };
        let mut ends: Vec<(usize, usize, ItemId)> = layer
            .spans
            .iter()
            .filter(|span| span.id != from.id && schema.accepts(&kind.to, &span.label) && !taken(&span.id))
            .map(|span| (distance(from, span), span.hull().start(), span.id.clone()))
            .collect();
        ends.sort();
        if ends.is_empty() {
            let ends: Vec<&str> = kind.to.iter().map(LabelId::as_str).collect();
            return Err(format!("No {} is marked that “{}” could end at", ends.join(" or "), kind.name));
        }
        let candidates: Vec<ItemId> = ends.into_iter().map(|(_, _, id)| id).collect();
        let legal = candidates.iter().cloned().collect();
        Ok(Self { kind: kind.id.clone(), from: from.id.clone(), candidates, chosen: 0, legal })
    }

    /// Whether the relation may end at this span.
    pub fn allows(&self, end: &ItemId) -> bool {
        self.legal.contains(end)
    }

    /// The end that is chosen now.
    pub fn end(&self) -> &ItemId {
        &self.candidates[self.chosen]
    }

    /// The next candidate, around.
    pub fn cycle(&mut self) {
        self.chosen = (self.chosen + 1) % self.candidates.len();
    }
}

/// A relation that two spans may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Possible {
    pub kind: RelationId,
    pub from: ItemId,
    pub to: ItemId,
}

/// Every relation that a person may draw from one span to another: those that begin at the first, then those that end there.
pub fn possible(schema: &Schema, layer: &Layer, one: &Span, other: &Span) -> Vec<Possible> {
    let mut found = Vec::new();
    if one.id == other.id {
        return found;
    }
    for (from, to) in [(one, other), (other, one)] {
        for kind in schema.relations.iter().filter(|kind| !kind.retired) {
            let fits = schema.accepts(&kind.from, &from.label) && schema.accepts(&kind.to, &to.label);
            if fits && !is_linked(layer, &kind.id, &from.id, &to.id) {
                found.push(Possible { kind: kind.id.clone(), from: from.id.clone(), to: to.id.clone() });
            }
        }
    }
    found
}

/// Whether spans of these labels may have a relation, in either direction.
pub fn may_link(schema: &Schema, one: &LabelId, other: Option<&LabelId>) -> bool {
    let takes = |ends: &[LabelId], label: Option<&LabelId>| label.is_none_or(|label| schema.accepts(ends, label));
    let live = schema.relations.iter().filter(|kind| !kind.retired);
    let mut fits = live.map(|kind| {
        (takes(&kind.from, Some(one)) && takes(&kind.to, other))
            || (takes(&kind.to, Some(one)) && takes(&kind.from, other))
    });
    fits.any(|fits| fits)
}

fn is_linked(layer: &Layer, kind: &RelationId, from: &ItemId, to: &ItemId) -> bool {
    let same = |relation: &Arc<Relation>| relation.kind == *kind && relation.from == *from && relation.to == *to;
    layer.relations.values().any(same)
}

/// Bytes between two spans; a span inside the other is as far as the other is long, so that a speaker outside a quote comes before
/// the names it mentions.
fn distance(from: &Span, to: &Span) -> usize {
    let (from, to) = (from.hull(), to.hull());
    if from.overlaps(to) {
        return from.len().max(to.len());
    }
    if to.start() >= from.end() { to.start() - from.end() } else { from.start() - to.end() }
}
