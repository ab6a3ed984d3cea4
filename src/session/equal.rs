//! Marking every equal string: at once in the document on the page, or as a plan says.

use std::borrow::Cow;
use std::collections::HashSet;

use super::clock::Ids;
use super::command::Outcome;
use super::marking;
use super::plan::{Marking, Means, Model, Plan};
use super::session::Session;
use crate::annotation::{ItemId, Ranges};
use crate::edit::TransactionId;
use crate::store::Job;
use crate::text::DocumentId;

/// What was marked a moment ago, so that asking again lets one choose among it.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// Nothing else was done since.
    by: TransactionId,
    /// The span whose equals they are.
    model: ItemId,
    spans: HashSet<ItemId>,
}

/// More than this is not marked without a look at the list.
const AT_ONCE: usize = 100;

/// Marks every string of the document that is equal to what is selected and that nothing speaks against.
pub(super) fn mark_all(session: &mut Session) -> Outcome {
    let plan = match session.plan(None) {
        Ok(plan) => plan,
        Err(why) => return Outcome::refused(why),
    };
    if plan.count().mark == 0 {
        let words = plan.model.brief();
        return Outcome::refused(match plan.count().left_out {
            0 => format!("“{words}” occurs nowhere else in this document"),
            left_out => format!("No more of “{words}” is marked: {left_out} left out"),
        });
    }
    apply(session, &plan, true)
}

/// Marks what is ticked. `at_once`: without a look at the list, so that what was left out is told.
pub(super) fn apply(session: &mut Session, plan: &Plan, at_once: bool) -> Outcome {
    let count = plan.count();
    let ids = session.clock.ids(count.mark);
    let (Some(open), schema, me) = (&session.open, &session.schema, &session.me) else { return Outcome::default() };
    let mut present =
        |id: &DocumentId| Ok((open.id() == id).then(|| (open.text().sha256(), open.shown().map(Cow::Borrowed))));
    let means = Means { schema, me, ids, present: &mut present };
    match plan.edits(means, &Job::default()) {
        Ok(marking) => {
            let doubtful = if at_once { plan.doubtful() } else { 0 };
            let spans = marking.made.iter().cloned().collect();
            let outcome = commit(session, marking, doubtful);
            // Selected text is a span now, if it was marked with the rest.
            let model = plan.model.span.clone().or_else(|| {
                let open = session.open.as_ref()?;
                marking::same_decision(open, &plan.model.label, &Ranges::from(plan.model.range))
            });
            if let (Some(by), Some(model)) = (outcome.transaction.clone(), model) {
                marking::select(session, &model);
                session.made = Some(Made { by, model, spans });
            }
            outcome
        }
        Err(error) => Outcome::error(error.to_string()),
    }
}

/// Carries out what a plan came to.
pub(super) fn commit(session: &mut Session, marking: Marking, left_out: usize) -> Outcome {
    if marking.edits.is_empty() {
        return Outcome::refused(match marking.stale {
            0 => "Nothing is ticked".to_owned(),
            stale => format!("Nothing was marked: {stale} places changed in the meantime"),
        });
    }
    let sentence = marking.sentence(left_out);
    match session.transact(marking.title, marking.edits) {
        Ok(id) => Outcome { transaction: Some(id), ..Outcome::default() }.tell(sentence, true),
        Err(why) => Outcome::refused(format!("Nothing was marked: {why}")),
    }
}

impl Session {
    /// The spans that were made a moment ago as equals of this model.
    pub(super) fn made_for(&self, model: &Model) -> Option<&HashSet<ItemId>> {
        let made = self.made.as_ref().filter(|made| Some(&made.model) == model.span.as_ref());
        made.filter(|made| self.newest.as_ref() == Some(&made.by)).map(|made| &made.spans)
    }

    /// Ids for spans that another thread makes.
    pub fn set_aside(&mut self, count: usize) -> Ids {
        self.clock.ids(count)
    }

    /// Ctrl+D should show the list rather than mark: it did so a moment ago, there is much to mark, or only what is doubtful.
    pub fn wants_list(&self) -> bool {
        let Ok(plan) = self.plan(None) else { return false };
        let count = plan.count();
        let again = self.made_for(&plan.model).is_some();
        again || count.mark > AT_ONCE || (count.mark == 0 && plan.is_worth_showing())
    }
}
