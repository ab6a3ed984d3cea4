//! From one difference to the next, across documents, and taking in what changed meanwhile.

use std::sync::Arc;

use super::super::command::Outcome;
use super::super::open::OpenDocument;
use super::super::session::Session;
use super::super::time;
use super::Reviewing;
use super::case::{self, Progress};
use super::desk::Desk;
use super::queue::{Filter, Order, Queue, Title};
use super::survey::{self, Told};
use crate::annotation::Annotator;
use crate::edit::{Edit, LayerEdit, Transaction};
use crate::review::Gold;
use crate::text::{DocumentId, TextRange};

/// Documents that are compared before they are needed.
const AHEAD: usize = 2;
/// Documents that are kept so; what a reviewer did not come to is dropped.
const KEPT: usize = 6;
/// A step of more edits than this has every state of its documents looked at again.
const FEW: usize = 200;

pub(super) fn next(session: &mut Session) -> Outcome {
    let Some(reviewing) = &session.reviewing else { return Outcome::default() };
    let from = reviewing.current.and_then(|current| reviewing.queue.place(current));
    let current = reviewing.case().map(|case| (case.document, case.key));
    let other = |case: &super::Case| current != Some((case.document, case.key));
    let fresh = |case: &super::Case| matches!(case.progress, Progress::Open | Progress::Stale) && other(case);
    let queue = &reviewing.queue;
    let found = queue
        .seek(from, true, fresh)
        .or_else(|| queue.seek(from, true, |case| case.progress == Progress::Skipped && other(case)));
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
    let found = queue.seek(None, true, |case| case.progress.is_open()).or_else(|| queue.seek(None, true, |_| true));
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
        reload_desk(session);
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
fn open(session: &mut Session, id: &DocumentId) -> Result<(), Outcome> {
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

fn read(session: &mut Session, id: &DocumentId) -> Result<Desk, Outcome> {
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

fn put(session: &mut Session, desk: Desk) {
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
        reviewing.desk = Some(desk);
        reviewing.changed();
    }
}

/// Has the next documents of the queue compared on the thread.
fn look_ahead(session: &mut Session) {
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
        if !reviewing.ahead.contains_key(&id) && reviewing.asked.as_ref() != Some(&id) {
            reviewing.asked = Some(id.clone());
            if let Some(reader) = &reviewing.reader {
                reader.ask(id);
            }
        }
    }
}

/// Takes in what the thread found. Called each frame; cheap where there is nothing.
pub(in crate::session) fn poll(session: &mut Session) {
    let Some(reviewing) = &mut session.reviewing else { return };
    let Some(reader) = &reviewing.reader else { return };
    let told: Vec<Told> = reader.told().collect();
    if told.is_empty() {
        return;
    }
    let (mut came, mut done) = (false, false);
    for told in told {
        match told {
            Told::Cases(title, cases) => {
                if let Some(renewal) = &mut reviewing.renewal {
                    put_in(renewal, title, &cases);
                    continue;
                }
                came = true;
                // What is on the desk is newer than what the thread read.
                if reviewing.desk.as_ref().is_none_or(|desk| desk.document.id != title.id) {
                    fill(reviewing, title, cases);
                }
            }
            Told::Done(summary) => {
                reviewing.summary = Some(summary);
                done = true;
            }
            Told::Ahead(desk) => {
                let id = desk.document.id.clone();
                reviewing.asked = reviewing.asked.take().filter(|asked| *asked != id);
                if reviewing.desk.as_ref().is_none_or(|open| open.document.id != id) {
                    reviewing.ahead.insert(id, *desk);
                }
            }
        }
    }
    // Putting them in order takes as long as there are many: not for every document that comes.
    let many = reviewing.queue.len() >= 2 * reviewing.arranged.max(500);
    if done || (came && (many || reviewing.arranged == 0)) {
        arranged(reviewing);
    }
    if done && (reviewing.renewal.is_some() || reviewing.again) {
        renewed(session);
        return;
    }
    if done && reviewing.current.is_none() {
        let found = first(session);
        session.untold.extend(found.notices);
        if let (Some(range), Some(reviewing)) = (found.reveal, &mut session.reviewing) {
            reviewing.reveal = Some(range);
        }
    }
}

fn fill(reviewing: &mut Reviewing, title: Title, cases: Vec<(super::Case, Arc<crate::review::Difference>)>) {
    let current = current(reviewing);
    put_in(&mut reviewing.queue, title, &cases);
    reviewing.current = current.and_then(|(id, key)| reviewing.queue.find(&id, key));
}

fn put_in(queue: &mut Queue, title: Title, cases: &[(super::Case, Arc<crate::review::Difference>)]) {
    let cases = cases.iter().map(|(case, difference)| (case.clone(), &**difference)).collect();
    queue.put(title, cases);
}

/// The queue that was made anew takes the place of the other: order, filter, what is looked at and what was left for later stay.
fn renewed(session: &mut Session) {
    let Some(reviewing) = &mut session.reviewing else { return };
    let here = current(reviewing);
    let again = std::mem::take(&mut reviewing.again);
    if let Some(mut queue) = reviewing.renewal.take() {
        let desk = reviewing.desk.as_ref().map(|desk| desk.document.id.clone());
        let touched: Vec<DocumentId> = std::mem::take(&mut reviewing.touched).into_iter().chain(desk).collect();
        let skipped = reviewing.queue.all_skipped();
        let (order, filter) = (reviewing.queue.order(), reviewing.queue.filter().clone());
        for id in touched {
            // What was settled meanwhile is newer than what the thread read.
            if let Ok(desk) = read(session, &id) {
                let title = Title::of(&desk.document);
                put_in(&mut queue, title, &survey::cases(&desk));
            }
        }
        let Some(reviewing) = &mut session.reviewing else { return };
        reviewing.queue = queue;
        reviewing.queue.arrange_by(order);
        reviewing.queue.narrow(filter);
        for (id, key) in skipped {
            if let Some(case) = reviewing.queue.find(&id, key).filter(|case| is_open(&reviewing.queue, *case)) {
                reviewing.queue.set(case, Progress::Skipped);
            }
        }
        reviewing.current = here.and_then(|(id, key)| reviewing.queue.find(&id, key));
        reviewing.arranged = reviewing.queue.len();
        reviewing.changed();
    }
    if again {
        survey_again(session);
    }
}

fn is_open(queue: &Queue, case: u32) -> bool {
    queue.case(case).is_some_and(|case| case.progress.is_open())
}

/// Compares everything anew on the thread; what is shown stays until that is whole.
fn survey_again(session: &mut Session) {
    let store = session.store.another();
    let schema = Arc::clone(&session.schema);
    let Some(reviewing) = &mut session.reviewing else { return };
    if reviewing.summary.is_none() {
        // The thread is at it; what it read already may be old.
        reviewing.again = true;
        return;
    }
    if let Ok(store) = store {
        reviewing.reader = Some(survey::Reader::start(store, schema, Arc::clone(&reviewing.annotators)));
        reviewing.renewal = Some(Queue::default());
        reviewing.touched.clear();
        reviewing.summary = None;
    }
}

fn current(reviewing: &Reviewing) -> Option<(DocumentId, u64)> {
    let case = reviewing.case()?;
    Some((reviewing.queue.document(case).id.clone(), case.key))
}

fn arranged(reviewing: &mut Reviewing) {
    reviewing.queue.arrange();
    reviewing.arranged = reviewing.queue.len();
    reviewing.changed();
}

/// Reads the open document again, and what the queue says of it.
pub(super) fn reload_desk(session: &mut Session) {
    let Some(reviewing) = &session.reviewing else { return };
    let Some(id) = reviewing.desk.as_ref().map(|desk| desk.document.id.clone()) else { return };
    let Ok(desk) = read(session, &id) else { return };
    let cases = survey::cases(&desk);
    let title = Title::of(&desk.document);
    put(session, desk);
    let Some(reviewing) = &mut session.reviewing else { return };
    let skipped: Vec<u64> = reviewing.queue.skipped(&id);
    fill(reviewing, title, cases);
    arranged(reviewing);
    for key in skipped {
        if let Some(case) = reviewing.queue.find(&id, key) {
            reviewing.queue.set(case, Progress::Skipped);
        }
    }
}

/// Something was changed elsewhere: the open document at once, all others on the thread.
pub(in crate::session) fn reload(session: &mut Session) {
    if session.reviewing.is_none() {
        return;
    }
    let before = session.reviewing.as_ref().and_then(|reviewing| current(reviewing));
    reload_desk(session);
    let Some(reviewing) = &mut session.reviewing else { return };
    reviewing.ahead.clear();
    reviewing.asked = None;
    survey_again(session);
    let Some(reviewing) = &session.reviewing else { return };
    if before.is_some() && reviewing.current.is_none() {
        // What was looked at is gone: it was changed by its annotator, and stands in the queue under another id.
        let place = reviewing.desk.as_ref().and_then(|desk| {
            let id = desk.document.id.clone();
            reviewing.queue.seek(None, true, |case| case.progress.is_open() && reviewing.queue.document(case).id == id)
        });
        if let Some(case) = place {
            let _ = go(session, case);
        }
    }
}

/// A small step in the document on the desk: what it says is applied here, and only the states it is about are looked at again.
fn follow_here(session: &mut Session, step: &Transaction) -> bool {
    let decisions: Vec<u64> = step
        .edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::Layer { edit: LayerEdit::Decision { before, after }, .. } => {
                Some(case::key(crate::annotation::decision_id(after.as_ref().or(before.as_ref())?)))
            }
            _ => None,
        })
        .collect();
    let (Some(open), Some(reviewing)) = (&mut session.open, &mut session.reviewing) else { return false };
    let Some(desk) = &mut reviewing.desk else { return false };
    let known: Vec<u64> = decisions.into_iter().filter(|key| desk.difference(*key).is_some()).collect();
    if step.edits.len() > FEW || known.is_empty() || open.apply(step, &session.stamp).is_err() {
        return false;
    }
    desk.gold = Gold::of(open.shown());
    let id = desk.document.id.clone();
    let changed: Vec<(u64, Progress)> = known.into_iter().flat_map(|key| desk.renew(key)).collect();
    reviewing.touched.insert(id.clone());
    for (key, progress) in changed {
        if let Some(case) = reviewing.queue.find(&id, key) {
            reviewing.queue.set(case, progress);
        }
    }
    reviewing.changed();
    true
}

/// After an undo or redo that touched gold: goes back to the difference and shows it. `None`: it is not the review's.
pub(in crate::session) fn follow_step(session: &mut Session, step: &Transaction) -> Option<Option<TextRange>> {
    session.reviewing.as_ref()?;
    let gold = |edit: &&Edit| edit.layer().is_some_and(|(_, annotator)| annotator.is_gold());
    let decided = step.edits.iter().filter(gold).find_map(|edit| match edit {
        Edit::Layer { document, edit: LayerEdit::Decision { before, after }, .. } => {
            let decision = after.as_ref().or(before.as_ref())?;
            Some((document.clone(), crate::annotation::decision_id(decision).to_owned()))
        }
        _ => None,
    });
    let (document, decision) = decided?;
    session.list.forget_all();
    if step.edits.len() > FEW {
        reload(session);
    }
    let here = session.reviewing.as_ref()?.desk.as_ref().is_some_and(|desk| desk.document.id == document);
    if here && follow_here(session, step) {
    } else if here {
        reload_desk(session);
    } else if open(session, &document).is_err() {
        return Some(None);
    } else {
        // The queue knows it as it was.
        reload_desk(session);
    }
    let found = session.reviewing.as_ref()?.queue.find(&document, case::key(&decision));
    Some(found.and_then(|case| go(session, case).reveal))
}
