//! From one difference to the next, across documents.

use std::sync::Arc;

use super::super::command::Outcome;
use super::super::open::OpenDocument;
use super::super::session::Session;
use super::super::time;
use super::case::Progress;
use super::desk::Desk;
use super::news;
use super::queue::{Filter, Order};
use crate::annotation::Annotator;
use crate::text::{DocumentId, TextRange};

/// Documents that are compared before they are needed.
const AHEAD: usize = 2;
/// Documents that are kept so; what a reviewer did not come to is dropped.
const KEPT: usize = 6;

pub(super) fn next(session: &mut Session) -> Outcome {
    let Some(reviewing) = &session.reviewing else { return Outcome::default() };
    let from = reviewing.current.and_then(|current| reviewing.queue.place(current));
    let current = reviewing.case().map(|case| (case.document, case.key));
    let other = |case: &super::Case| current != Some((case.document, case.key));
    let fresh = |case: &super::Case| matches!(case.progress, Progress::Open | Progress::Stale) && other(case);
    let queue = &reviewing.queue;
    let ready = |case: &super::Case| fresh(case) && !queue.waits(case);
    let later = |case: &super::Case| case.progress == Progress::Skipped && other(case);
    // Spans first: an arrow is settled when its ends stand.
    let found = queue.seek(from, true, ready).or_else(|| queue.seek(from, true, fresh));
    let found = found.or_else(|| queue.seek(from, true, later));
    let found = if reviewing.feedback { queue.seek(from, true, other) } else { found };
    match found {
        Some(case) => go(session, case),
        None => at_the_end(session),
    }
}

fn at_the_end(session: &mut Session) -> Outcome {
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    reviewing.draft = super::Draft::default();
    reviewing.changed();
    let (_, open) = reviewing.queue.counts();
    let words = match (open, reviewing.queue.filter().is_empty()) {
        _ if reviewing.progress().is_some() => "Documents are still being compared",
        (1.., _) => "This is the last one that is open",
        (0, true) => "Every difference is settled",
        (0, false) => "Every difference that is shown is settled",
    };
    Outcome::default().tell(words, false)
}

pub(super) fn previous(session: &mut Session) -> Outcome {
    let Some(reviewing) = &session.reviewing else { return Outcome::default() };
    let from = reviewing.current.and_then(|current| reviewing.queue.place(current));
    match reviewing.queue.seek(from, false, |_| true) {
        Some(case) => go(session, case),
        None => Outcome::refused(super::settle::NOTHING),
    }
}

pub(super) fn skip(session: &mut Session) -> Outcome {
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    let open = reviewing.case().is_some_and(|case| case.progress.is_open());
    if let Some(current) = reviewing.current.filter(|_| open) {
        reviewing.queue.set(current, Progress::Skipped);
    }
    next(session)
}

pub(super) fn arrange(session: &mut Session, order: Order) -> Outcome {
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    reviewing.queue.arrange_by(order);
    reviewing.changed();
    Outcome::default()
}

/// Shows only some; where the one that is looked at is not among them, the first of them.
pub(super) fn narrow(session: &mut Session, filter: Filter) -> Outcome {
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    reviewing.queue.narrow(filter);
    reviewing.changed();
    match reviewing.current {
        Some(current) if reviewing.queue.place(current).is_some() => Outcome::default(),
        _ => first(session),
    }
}

/// The first one that is open, else the first.
pub(super) fn first(session: &mut Session) -> Outcome {
    let Some(reviewing) = &session.reviewing else { return Outcome::default() };
    let queue = &reviewing.queue;
    let ready = |case: &super::Case| case.progress.is_open() && !queue.waits(case);
    let found = queue.seek(None, true, ready).or_else(|| queue.seek(None, true, |case| case.progress.is_open()));
    let found = found.or_else(|| queue.seek(None, true, |_| true));
    found.map_or_else(Outcome::default, |case| go(session, case))
}

/// Shows a case: its document, unless that is open, and its place.
pub(super) fn go(session: &mut Session, number: u32) -> Outcome {
    let Some(reviewing) = &session.reviewing else { return Outcome::default() };
    let Some(case) = reviewing.queue.case(number) else { return Outcome::refused(super::settle::NOTHING) };
    let (id, key) = (reviewing.queue.document(case).id.clone(), case.key);
    if let Err(outcome) = open(session, &id) {
        return outcome;
    }
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    reviewing.current = Some(number);
    reviewing.draft = super::Draft::default();
    reviewing.changed();
    let difference = reviewing.desk.as_ref().and_then(|desk| desk.difference(key)).cloned();
    let Some(difference) = difference else {
        news::reload_desk(session);
        return Outcome::refused("This difference is not there any more");
    };
    if let Some(desk) = &reviewing.desk
        && let crate::review::State::Settled(id) = desk.state(&difference)
        && let Some(decision) = desk.gold.decision(&id)
    {
        reviewing.draft.reason.clone_from(&decision.why);
    }
    look_ahead(session);
    let range = near(session, difference.extent);
    Outcome { reveal: range, ..Outcome::default() }
}

/// A place to scroll to: what is longer than a page shows its beginning.
fn near(session: &Session, extent: TextRange) -> Option<TextRange> {
    let text = session.open.as_ref()?.text();
    let end = text.as_str().floor_char_boundary(extent.end().min(extent.start() + 1_000));
    text.range(extent.start(), end.max(extent.start())).ok()
}

/// Puts a document on the desk and on the page.
pub(super) fn open(session: &mut Session, id: &DocumentId) -> Result<(), Outcome> {
    let Some(reviewing) = &mut session.reviewing else { return Ok(()) };
    if reviewing.desk.as_ref().is_some_and(|desk| desk.document.id == *id) {
        return Ok(());
    }
    time::leave(session);
    let Some(reviewing) = &mut session.reviewing else { return Ok(()) };
    let desk = match reviewing.ahead.remove(id) {
        Some(desk) => desk,
        None => read(session, id)?,
    };
    put(session, desk);
    Ok(())
}

pub(super) fn read(session: &mut Session, id: &DocumentId) -> Result<Desk, Outcome> {
    let Some(reviewing) = &session.reviewing else { return Err(Outcome::default()) };
    let annotators = Arc::clone(&reviewing.annotators);
    // What was just done is read from the store, so it must be there.
    if !session.is_saved() {
        session.flush();
    }
    match Desk::read(&*session.store, &session.schema, &annotators, id) {
        Ok(Some(desk)) => Ok(desk),
        Ok(None) => Err(Outcome::refused(format!("There is no document {id} in this project"))),
        Err(error) => Err(Outcome::error(error.to_string())),
    }
}

pub(super) fn put(session: &mut Session, desk: Desk) {
    let id = desk.document.id.clone();
    let before = session.open.as_ref().filter(|open| *open.id() == id).map_or(0, |open| open.revision + 1);
    let mut open =
        OpenDocument::of(Arc::clone(&desk.document), Annotator::gold(), desk.stored.clone(), desk.heads.clone());
    open.revision = before;
    session.open = Some(open);
    session.list.current = session.list.find(&*session.store, &id).ok().flatten();
    if let Some(reviewing) = &mut session.reviewing {
        // What is on the desk changes; compared ahead it would be old.
        reviewing.ahead.remove(&id);
        reviewing.asked.remove(&id);
        reviewing.desk = Some(desk);
        reviewing.changed();
    }
}

/// Has the next documents of the queue compared on the thread.
fn look_ahead(session: &mut Session) {
    let saved = session.is_saved();
    let Some(reviewing) = &mut session.reviewing else { return };
    let Some(from) = reviewing.current.and_then(|current| reviewing.queue.place(current)) else { return };
    let here = reviewing.case().map(|case| case.document);
    let mut wanted: Vec<u32> = Vec::new();
    for line in reviewing.queue.lines()[from..].iter().take(2_000) {
        let super::Line::Case(case) = line else { continue };
        let Some(case) = reviewing.queue.case(*case) else { continue };
        if Some(case.document) != here && case.progress.is_open() && !wanted.contains(&case.document) {
            wanted.push(case.document);
            if wanted.len() == AHEAD {
                break;
            }
        }
    }
    let ids: Vec<DocumentId> =
        wanted.into_iter().map(|document| reviewing.queue.documents[document as usize].id.clone()).collect();
    if reviewing.ahead.len() >= KEPT {
        reviewing.ahead.retain(|id, _| ids.contains(id));
    }
    for id in ids {
        // What was written and is not on disk yet, the thread would not see.
        let there = saved || !reviewing.written.contains(&id);
        if there
            && !reviewing.ahead.contains_key(&id)
            && reviewing.asked.insert(id.clone())
            && let Some(reader) = &reviewing.reader
        {
            reader.ask(id);
        }
    }
}
