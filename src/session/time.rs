//! Active time: how long a person is at work on a document.
//!
//! Whoever shows the session says when there was a sign of life (a key, the pointer on the page, scrolling). The stretch between two
//! signs counts if it is a minute at most; a longer one counts nothing. Only a document that is worked on gets time: looking at one that
//! is untouched or finished changes no file. Time goes to the store in whole seconds, at most once a minute, and when a document is left;
//! a program that is killed loses less than a minute.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::open::OpenDocument;
use super::session::Session;
use crate::annotation::Status;
use crate::edit::Edit;
use crate::text::DocumentId;

/// What is counted for the document on the page.
#[derive(Debug, Default)]
pub(super) struct Stopwatch {
    /// The last sign of life.
    seen: Option<Timestamp>,
    /// Counted and not yet handed to the journal, in milliseconds.
    counted: i64,
    /// I changed the document since it was opened.
    worked: bool,
    /// Seconds that could not be written yet.
    owed: BTreeMap<DocumentId, u64>,
}

/// A longer stretch without a sign of life is a pause, in milliseconds.
const IDLE: i64 = 60_000;
/// What is counted goes to the store when there is so much of it, in milliseconds.
const ENOUGH: i64 = 60_000;

/// A sign of life.
pub(super) fn active(session: &mut Session) {
    let mine = session.open.as_ref().is_some_and(|open| open.showing == session.me);
    if !session.timed || !mine {
        session.stopwatch.seen = None;
        return;
    }
    let now = session.clock.now();
    let watch = &mut session.stopwatch;
    if let Some(seen) = watch.seen.replace(now) {
        let gap = now.as_millisecond() - seen.as_millisecond();
        watch.counted += if (0..=IDLE).contains(&gap) { gap } else { 0 };
    }
    if watch.counted >= ENOUGH {
        hand_over(session);
    }
}

/// The person turns to something else: another window, another program. What passes until the next sign of life is not counted here.
pub(super) fn pause(session: &mut Session) {
    if session.stopwatch.seen.is_some() {
        active(session);
    }
    session.stopwatch.seen = None;
    hand_over(session);
}

/// A change of mine: its document is worked on.
pub(super) fn changed(session: &mut Session, edits: &[Edit]) {
    let open = session.open.as_ref().map(OpenDocument::id);
    if open.is_some() && edits.iter().any(|edit| edit.layer().map(|(document, _)| document) == open) {
        session.stopwatch.worked = true;
    }
}

/// Gives what is counted to the store, if the document is one that is worked on.
pub(super) fn hand_over(session: &mut Session) {
    let Some(open) = &session.open else { return };
    let status = open.shown().map_or(Status::Untouched, |layer| layer.status);
    let due = open.showing == session.me && (session.stopwatch.worked || status == Status::InProgress);
    let seconds = session.stopwatch.counted / 1000;
    if due && seconds > 0 {
        session.stopwatch.counted -= seconds * 1000;
        *session.stopwatch.owed.entry(open.id().clone()).or_default() += seconds.unsigned_abs();
    }
    if session.trouble().is_none() {
        for (document, seconds) in std::mem::take(&mut session.stopwatch.owed) {
            session.journal.spend(document, session.me.clone(), seconds);
        }
    }
}

/// The document is left; what was counted for one that nobody worked on is forgotten.
pub(super) fn leave(session: &mut Session) {
    hand_over(session);
    session.stopwatch.counted = 0;
    session.stopwatch.worked = false;
}

/// The store could not take it: it is kept for the next time.
pub(super) fn owe(session: &mut Session, document: DocumentId, seconds: u64) {
    *session.stopwatch.owed.entry(document).or_default() += seconds;
}
