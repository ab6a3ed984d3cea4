//! Settling the difference that is looked at, and going on to the next.

use super::super::command::Outcome;
use super::super::session::Session;
use super::news;
use super::walk;
use super::words;
use crate::annotation::Annotator;
use crate::edit::{Edit, LayerEdit};
use crate::review::{Reviewer, Ruling, Settlement};
use crate::text::DocumentId;

pub(super) const NOTHING: &str = "There is nothing to settle here";
pub(super) const READ_ONLY: &str = "This is feedback: gold is read, not changed. F9 begins a review";

/// Enter: what was drawn is settled, else the next one.
pub(super) fn next(session: &mut Session) -> Outcome {
    let drawn = session.reviewing.as_ref().and_then(|reviewing| reviewing.draft.edges.clone());
    match drawn {
        Some(ranges) => settle(session, Ruling::Edges(ranges)),
        None => walk::next(session),
    }
}

pub(super) fn take(session: &mut Session, digit: u8) -> Outcome {
    let Some(reviewing) = &session.reviewing else { return Outcome::default() };
    let seat = usize::from(digit).checked_sub(1);
    let Some(who) = seat.and_then(|seat| reviewing.seats().get(seat).copied()) else {
        return Outcome::refused(format!("Nobody has the digit {digit}"));
    };
    settle(session, Ruling::Take(who))
}

/// Settles it, and shows the next.
pub(super) fn settle(session: &mut Session, ruling: Ruling) -> Outcome {
    if let Some(reason) = session.store.read_only() {
        return Outcome::refused(reason);
    }
    let reviewer = Reviewer { by: session.me.clone(), at: session.clock.now() };
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    if reviewing.feedback {
        return Outcome::refused(READ_ONLY);
    }
    let (Some(number), Some(difference)) = (reviewing.current, reviewing.difference().cloned()) else {
        return Outcome::refused(NOTHING);
    };
    let Some(desk) = &mut reviewing.desk else { return Outcome::refused(NOTHING) };
    let settlement = Settlement { why: reviewing.draft.reason.clone(), ..Settlement::by_hand(ruling) };
    let comparison = desk.comparison.clone();
    let edits = match desk.gold.settle(&comparison, &difference, &settlement, &reviewer) {
        Ok(edits) => edits,
        Err(refusal) => return Outcome::refused(refusal.0),
    };
    let words = words::subject(&desk.document.text, &difference, 32);
    let document = desk.document.id.clone();
    let key = super::case::key(&difference.id);
    let changed = desk.renew(key);
    reviewing.changed();
    if edits.is_empty() {
        return walk::next(session);
    }
    match session.transact(format!("Settle “{words}”"), of_gold(&document, edits)) {
        Ok(id) => {
            if let Some(reviewing) = &mut session.reviewing {
                reviewing.touched.insert(document.clone());
                reviewing.written.insert(document.clone());
                for (key, progress) in changed {
                    let case = if key == super::case::key(&difference.id) { Some(number) } else { None };
                    let case = case.or_else(|| reviewing.queue.find(&document, key));
                    if let Some(case) = case {
                        reviewing.queue.set(case, progress);
                    }
                }
            }
            let mut outcome = walk::next(session);
            outcome.transaction = Some(id);
            outcome
        }
        Err(why) => {
            news::reload_desk(session);
            Outcome::refused(format!("Not settled: {why}. It is shown as it is now"))
        }
    }
}

/// Edits of gold in one document.
pub(super) fn of_gold(document: &DocumentId, edits: Vec<LayerEdit>) -> Vec<Edit> {
    let gold = Annotator::gold();
    let edit = |edit| Edit::Layer { document: document.clone(), annotator: gold.clone(), edit };
    edits.into_iter().map(edit).collect()
}
