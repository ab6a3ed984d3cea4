//! Beginning a review, and leaving it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::super::command::Outcome;
use super::super::place;
use super::super::session::Session;
use super::super::time;
use super::survey::Reader;
use super::{Draft, Queue, Reviewing, case};
use crate::annotation::Annotator;

/// More than this cannot be compared at once.
const MOST: usize = 128;

/// Compares these, or everybody who has finished a document. Gold is what it makes, and is not compared.
pub(super) fn review(session: &mut Session, annotators: Vec<Annotator>) -> Outcome {
    let finished = session.counts.annotators.iter().filter(|counts| counts.finished > 0);
    let finished = finished.map(|counts| Annotator::from(counts.annotator.as_str()));
    let mut chosen = if annotators.is_empty() { finished.collect() } else { annotators };
    chosen.retain(|annotator| !annotator.is_gold());
    chosen.dedup();
    if chosen.len() > MOST {
        return Outcome::refused(format!("{} annotators are more than can be compared at once: {MOST}", chosen.len()));
    }
    start(session, chosen, false)
}

/// My layers beside gold.
pub(super) fn feedback(session: &mut Session) -> Outcome {
    let annotators = vec![session.me.clone(), Annotator::gold()];
    start(session, annotators, true)
}

fn start(session: &mut Session, annotators: Vec<Annotator>, feedback: bool) -> Outcome {
    if !session.is_saved() {
        session.flush();
    }
    time::leave(session);
    (session.linking, session.armed, session.mending) = (None, None, None);
    let before = match session.reviewing.take() {
        Some(reviewing) => reviewing.before,
        None => session.open.as_ref().map(|open| open.id().clone()),
    };
    let annotators: Arc<[Annotator]> = annotators.into();
    let store = match session.store.another() {
        Ok(store) => store,
        Err(error) => return Outcome::error(error.to_string()),
    };
    let reader = Reader::start(store, Arc::clone(&session.schema), Arc::clone(&annotators));
    session.reviewing = Some(Box::new(Reviewing {
        annotators,
        feedback,
        queue: Queue::default(),
        desk: None,
        current: None,
        draft: Draft::default(),
        summary: None,
        revision: 1,
        blind: None,
        reader: Some(reader),
        ahead: HashMap::new(),
        asked: BTreeSet::new(),
        written: BTreeSet::new(),
        arranged: 0,
        renewal: None,
        again: false,
        touched: BTreeSet::new(),
        before,
        reveal: None,
    }));
    session.open = None;
    Outcome::default()
}

/// Back to where one was.
pub(in crate::session) fn leave(session: &mut Session) -> Outcome {
    let Some(reviewing) = session.reviewing.take() else { return Outcome::default() };
    let here = reviewing.desk.as_ref().map(|desk| desk.document.id.clone());
    session.open = None;
    match reviewing.before.or(here) {
        Some(id) => place::run(session, super::super::Command::Open(id)),
        None => Outcome::default(),
    }
}

/// Hides names. The order of this session is nobody's to guess, and another the next time.
pub(super) fn blind(session: &mut Session, on: bool) -> Outcome {
    let seed = case::key(&session.clock.id());
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    if on != reviewing.is_blind() {
        reviewing.blind = on.then_some(seed);
        reviewing.changed();
    }
    Outcome::default()
}
