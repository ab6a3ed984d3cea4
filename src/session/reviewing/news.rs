//! What changes while differences are settled: what the thread finds, what others change, what undo takes back.

use std::sync::Arc;

use super::super::session::Session;
use super::case::{self, Progress};
use super::queue::{Queue, Title};
use super::survey::{self, Told};
use super::walk::{first, go, open, put, read};
use super::{Case, Reviewing};
use crate::edit::{Edit, LayerEdit, Transaction};
use crate::review::{Difference, Gold};
use crate::text::{DocumentId, TextRange};

/// A step of more edits than this has every state of its documents looked at again.
const FEW: usize = 200;

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
                    fill(reviewing, title, &cases);
                }
            }
            Told::Done(summary) => {
                reviewing.summary = Some(summary);
                done = true;
            }
            Told::Ahead(desk) => {
                let id = desk.document.id.clone();
                // What was on the desk since it was asked for has changed since.
                if reviewing.asked.remove(&id) {
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

fn fill(reviewing: &mut Reviewing, title: Title, cases: &[(Case, Arc<Difference>)]) {
    let current = current(reviewing);
    put_in(&mut reviewing.queue, title, cases);
    reviewing.current = current.and_then(|(id, key)| reviewing.queue.find(&id, key));
}

fn put_in(queue: &mut Queue, title: Title, cases: &[(Case, Arc<Difference>)]) {
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
    fill(reviewing, title, &cases);
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
    reviewing.asked.clear();
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

/// The document and the decision that a step in gold was about, while a review is under way; of several the first.
pub(in crate::session) fn decided(session: &Session, step: &Transaction) -> Option<(DocumentId, String)> {
    session.reviewing.as_ref()?;
    let gold = |edit: &&Edit| edit.layer().is_some_and(|(_, annotator)| annotator.is_gold());
    step.edits.iter().filter(gold).find_map(|edit| match edit {
        Edit::Layer { document, edit: LayerEdit::Decision { before, after }, .. } => {
            let decision = after.as_ref().or(before.as_ref())?;
            Some((document.clone(), crate::annotation::decision_id(decision).to_owned()))
        }
        _ => None,
    })
}

/// After such a step was undone or done again: goes back to the difference and shows it.
pub(in crate::session) fn follow_step(
    session: &mut Session,
    step: &Transaction,
    (document, decision): (DocumentId, String),
) -> Option<TextRange> {
    session.list.forget_all();
    if step.edits.len() > FEW {
        reload(session);
    }
    let here = session.reviewing.as_ref()?.desk.as_ref().is_some_and(|desk| desk.document.id == document);
    if here && follow_here(session, step) {
    } else if here {
        reload_desk(session);
    } else if open(session, &document).is_err() {
        return None;
    } else {
        // The queue knows it as it was.
        reload_desk(session);
    }
    let found = session.reviewing.as_ref()?.queue.find(&document, case::key(&decision));
    go(session, found?).reveal
}
