//! Applying edits to a [`Layer`]: all or nothing, and only to what the edit says was there before.

use std::fmt;
use std::sync::Arc;

use super::{Edit, Kind, LayerEdit, Transaction};
use crate::annotation::{Annotator, Layer, decision_id};
use crate::text::DocumentId;

/// The present is not what the edit says was before. The sentence says what differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale(pub String);

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Stale {}

/// Carries out what `transaction` says of this layer, and stamps it: version, clock, time, schema. `None` in, or out, is a layer
/// that was never written. On an error the layer is as it was.
///
/// Costs the edits' own work: `layer` is changed in place, and changed back where a later edit does not fit.
pub fn apply(
    layer: &mut Option<Layer>,
    document: &DocumentId,
    annotator: &Annotator,
    transaction: &Transaction,
    schema: &str,
) -> Result<(), Stale> {
    let edits = || transaction.edits.iter().filter(|edit| edit.layer() == Some((document, annotator)));
    let stamp = layer.as_ref().map(|layer| (layer.version, layer.clock.clone()));
    let untouched = layer.is_none();
    for (done, edit) in edits().enumerate() {
        if let Err(stale) = apply_one(layer, annotator, edit) {
            let back: Vec<Edit> = edits().take(done).map(Edit::inverse).collect();
            for edit in back.iter().rev() {
                let restored = apply_one(layer, annotator, edit);
                assert!(restored.is_ok(), "an edit that was applied can be taken back");
            }
            if untouched {
                *layer = None;
            }
            return Err(stale);
        }
    }
    // Taking back the very first edit leaves an untouched layer: none at all.
    if layer.as_ref().is_some_and(|layer| layer.same_content(&Layer::untouched(annotator.clone()))) {
        *layer = None;
    }
    let (version, clock) = stamp.unwrap_or_default();
    let imported = transaction.kind == Kind::Do && edits().any(|edit| matches!(edit, Edit::Whole { .. }));
    if let Some(layer) = layer.as_mut().filter(|_| !imported) {
        layer.version = version.max(layer.version) + 1;
        layer.clock = layer.clock.joined(&clock);
        layer.clock.tick(&transaction.device);
        layer.updated = Some(transaction.at);
        schema.clone_into(&mut layer.schema);
    }
    Ok(())
}

fn apply_one(layer: &mut Option<Layer>, annotator: &Annotator, edit: &Edit) -> Result<(), Stale> {
    match edit {
        Edit::Layer { edit, .. } => apply_edit(layer.get_or_insert_with(|| Layer::untouched(annotator.clone())), edit),
        Edit::Whole { before, after, .. } => {
            let fits = match (layer.as_ref(), before) {
                (None, None) => true,
                (Some(now), Some(before)) => now.same_content(before),
                _ => false,
            };
            if !fits {
                return Err(Stale(format!("the layer of {annotator} has changed since")));
            }
            *layer = after.as_deref().cloned();
            Ok(())
        }
        Edit::Hidden { .. } | Edit::Meta { .. } | Edit::Schema { .. } => Ok(()),
    }
}

/// Carries out one edit inside a layer, without stamping it. On an error the layer is as it was.
pub fn apply_edit(layer: &mut Layer, edit: &LayerEdit) -> Result<(), Stale> {
    match edit {
        LayerEdit::Span { before, after } => {
            let id = before.as_ref().or(after.as_ref()).map(|span| span.id.clone());
            let Some(id) = id else { return Ok(()) };
            if layer.span(&id) != before.as_ref() {
                return Err(Stale(format!("the span {id} has changed since")));
            }
            if after.is_none()
                && let Some(relation) = layer.relations_of(&id).next()
            {
                return Err(Stale(format!("the span {id} has a relation “{}”", relation.kind)));
            }
            layer.spans.remove(&id);
            if let Some(after) = after {
                let inserted = layer.spans.insert(after.clone());
                assert!(inserted, "the id of the span was just freed");
            }
        }
        LayerEdit::Relation { before, after } => {
            let id = before.as_ref().or(after.as_ref()).map(|relation| relation.id.clone());
            let Some(id) = id else { return Ok(()) };
            if layer.relations.get(&id) != before.as_ref() {
                return Err(Stale(format!("the relation {id} has changed since")));
            }
            if let Some(after) = after {
                if let Some(end) = [&after.from, &after.to].into_iter().find(|end| layer.span(end).is_none()) {
                    return Err(Stale(format!("the span {end} is gone")));
                }
                layer.relations.insert(id, Arc::clone(after));
            } else {
                layer.relations.remove(&id);
            }
        }
        LayerEdit::Attribute { name, before, after } => {
            if layer.attributes.get(name) != before.as_ref() {
                return Err(Stale(format!("the attribute “{name}” has changed since")));
            }
            match after {
                Some(value) => layer.attributes.insert(name.clone(), value.clone()),
                None => layer.attributes.remove(name),
            };
        }
        LayerEdit::Status { before, after } => swap(&mut layer.status, before, after, "status")?,
        LayerEdit::Flag { before, after } => swap(&mut layer.flag, before, after, "flag")?,
        LayerEdit::Decision { before, after } => {
            let wanted = before.as_ref().or(after.as_ref()).map(decision_id);
            // Sorted in every layer that a file or the store gave.
            let place = wanted.and_then(|id| layer.decisions.binary_search_by(|it| decision_id(it).cmp(id)).ok());
            if place.map(|place| &layer.decisions[place]) != before.as_ref() {
                return Err(Stale("the decision has changed since".to_owned()));
            }
            match (place, after) {
                (Some(place), Some(after)) => layer.decisions[place] = after.clone(),
                (Some(place), None) => drop(layer.decisions.remove(place)),
                (None, Some(after)) => {
                    let place = layer.decisions.partition_point(|decision| decision_id(decision) < decision_id(after));
                    layer.decisions.insert(place, after.clone());
                }
                (None, None) => {}
            }
        }
    }
    Ok(())
}

fn swap<T: Clone + PartialEq>(now: &mut T, before: &T, after: &T, what: &str) -> Result<(), Stale> {
    if now != before {
        return Err(Stale(format!("the {what} of the document has changed since")));
    }
    now.clone_from(after);
    Ok(())
}
