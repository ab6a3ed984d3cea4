//! Going from place to place, and what is said of a document as a whole: status, flag, hidden, metadata.

use super::command::{Command, Outcome, Visit};
use super::open::OpenDocument;
use super::search::Vocabulary;
use super::session::Session;
use super::trail::Spot;
use super::{motion, queue, reviewing, time};
use crate::annotation::{Annotator, ItemId, Layer, Status};
use crate::edit::{Edit, LayerEdit, Transaction};
use crate::store::{Query, Row, StoreError};
use crate::text::{DocumentId, TextRange};

pub(super) fn run(session: &mut Session, command: Command) -> Outcome {
    match command {
        Command::Open(id) => travel(session, &id),
        Command::Visit(visit) => go(session, visit),
        Command::VisitItem { document, owner, item } => go_to_item(session, &document, &owner, item),
        Command::NextDocument => neighbour(session, true),
        Command::PreviousDocument => neighbour(session, false),
        Command::Back => along(session, false),
        Command::Forward => along(session, true),
        Command::Filter(query) => filter(session, query),
        Command::Shuffle(on) => shuffle(session, on),
        Command::Mine(on) => {
            session.list.mine = on;
            relist(session)
        }
        Command::Show(annotator) => show(session, &annotator),
        Command::SetStatus(status) => set_status(session, status, title_of(status)),
        Command::SetFlag(flag) => set_flag(session, flag),
        Command::FinishAndNext => {
            let finished = set_status(session, Status::Finished, title_of(Status::Finished));
            then_next(session, finished)
        }
        Command::Skip { reason } => skip(session, reason),
        Command::CopyIntoMine => copy_into_mine(session),
        Command::Hide { document, hidden } => {
            let edit = Edit::Hidden { document, before: !hidden, after: hidden };
            let (title, told) =
                if hidden { ("Hide document", "Document hidden") } else { ("Show document", "Document shown again") };
            done(session.transact(title, vec![edit]), told, true)
        }
        Command::SetMeta { document, key, value } => {
            let now = match session.store.document(&document, None) {
                Ok(Some(found)) => found.meta.get(&key).cloned(),
                Ok(None) => return Outcome::refused(format!("There is no document {document}")),
                Err(error) => return Outcome::error(error.to_string()),
            };
            if now == value {
                return Outcome::default();
            }
            let edit = Edit::Meta { document, key: key.clone(), before: now, after: value };
            done(session.transact(format!("Change {key}"), vec![edit]), "", true)
        }
        _ => Outcome::default(),
    }
}

/// What a transaction's result is to the user; an empty sentence says nothing.
pub(super) fn done(result: Result<crate::edit::TransactionId, String>, told: &str, undo: bool) -> Outcome {
    match result {
        Ok(id) => {
            let outcome = Outcome { transaction: Some(id), ..Outcome::default() };
            if told.is_empty() { outcome } else { outcome.tell(told, undo) }
        }
        Err(why) => Outcome::refused(format!("Not done: {why}")),
    }
}

fn title_of(status: Status) -> &'static str {
    match status {
        Status::Finished => "Finish document",
        Status::Skipped => "Skip document",
        Status::InProgress | Status::Untouched => "Reopen document",
    }
}

/// Opens a document as a user's step: the place left can be gone back to.
fn travel(session: &mut Session, id: &DocumentId) -> Outcome {
    if let Some(spot) = here(session) {
        session.trail.leave(spot);
    }
    open(session, id)
}

/// Goes to what was found, and selects it. Says so where it is not there any more.
fn go(session: &mut Session, visit: Visit) -> Outcome {
    let Visit { document, text, range, span } = visit;
    if let Err(outcome) = go_to_document(session, &document) {
        return outcome;
    }
    if let Some((owner, span)) = span {
        if session.open.as_ref().is_some_and(|open| open.showing != owner) {
            show(session, &owner);
        }
        let found = session.open.as_mut().and_then(|open| open.select_span(&span));
        return found
            .map_or_else(|| Outcome::refused("This span is not there any more. Search again"), Outcome::reveal);
    }
    let Some(open) = session.open.as_mut() else { return Outcome::default() };
    if open.text().sha256() != text {
        return Outcome::refused("What is shown is another version of the text than the one that was searched");
    }
    open.put_caret(range.end());
    open.anchor = range.start();
    open.exact = false;
    Outcome::reveal(range)
}

/// Opens the document unless it is open; the place left can be gone back to.
fn go_to_document(session: &mut Session, document: &DocumentId) -> Result<(), Outcome> {
    let is_here = |open: &OpenDocument| open.id() == document;
    if !session.open.as_ref().is_some_and(is_here) {
        let outcome = travel(session, document);
        return if session.open.as_ref().is_some_and(is_here) { Ok(()) } else { Err(outcome) };
    }
    if let Some(spot) = here(session) {
        session.trail.leave(spot);
    }
    Ok(())
}

/// Goes to a span or a relation, or to the layer. Nobody's layer is whatever is shown.
fn go_to_item(session: &mut Session, document: &DocumentId, owner: &Annotator, item: Option<ItemId>) -> Outcome {
    if let Err(outcome) = go_to_document(session, document) {
        return outcome;
    }
    if !owner.as_str().is_empty() && session.open.as_ref().is_some_and(|open| open.showing != *owner) {
        show(session, owner);
    }
    let (Some(open), Some(item)) = (session.open.as_mut(), item) else { return Outcome::default() };
    if let Some(range) = open.select_span(&item) {
        return Outcome::reveal(range);
    }
    if open.shown().is_some_and(|layer| layer.relations.contains_key(&item)) {
        return motion::select_relation(open, Some(item));
    }
    Outcome::refused("This is not there any more")
}

fn here(session: &Session) -> Option<Spot> {
    session.open.as_ref().map(|open| Spot { document: open.id().clone(), caret: open.caret })
}

/// Opens a document, showing my layer.
fn open(session: &mut Session, id: &DocumentId) -> Outcome {
    // What was just done is read from the store, so it must be there.
    if !session.is_saved() {
        session.flush();
    }
    session.linking = None;
    time::leave(session);
    match OpenDocument::read(&*session.store, id, &session.me.clone()) {
        Ok(Some(open)) => {
            session.open = Some(open);
            session.list.current = session.list.find(&*session.store, id).ok().flatten();
            Outcome::default()
        }
        Ok(None) => Outcome::refused(format!("There is no document {id} in this project")),
        Err(error) => Outcome::error(error.to_string()),
    }
}

fn neighbour(session: &mut Session, next: bool) -> Outcome {
    let current = session.list.current;
    let row = match (current, next) {
        (Some(row), true) => row + 1,
        (Some(0), false) => return Outcome::refused("This is the first document of the list"),
        (Some(row), false) => row - 1,
        (None, _) => 0,
    };
    match session.list.rows(&*session.store, row..row + 1) {
        Ok(rows) => match rows.first() {
            Some(row) => travel(session, &row.id.clone()),
            None => Outcome::refused("This is the last document of the list"),
        },
        Err(error) => Outcome::error(error.to_string()),
    }
}

fn along(session: &mut Session, forward: bool) -> Outcome {
    let Some(present) = here(session) else { return Outcome::default() };
    let spot = if forward { session.trail.forward(present) } else { session.trail.back(present) };
    let Some(spot) = spot else { return Outcome::default() };
    let mut outcome = open(session, &spot.document);
    if let Some(open) = &mut session.open {
        let caret = open.text().as_str().floor_char_boundary(spot.caret.min(open.text().len()));
        open.put_caret(caret);
        outcome.reveal = open.text().range(caret, caret).ok();
    }
    outcome
}

fn filter(session: &mut Session, query: Query) -> Outcome {
    session.list.query = query;
    session.list.stale = false;
    if let Err(error) = load(session) {
        return Outcome::error(error.to_string());
    }
    find_current(session);
    Outcome::default()
}

/// The list again: documents came or went.
pub(super) fn relist(session: &mut Session) -> Outcome {
    filter(session, session.list.query.clone())
}

fn shuffle(session: &mut Session, on: bool) -> Outcome {
    let seed = on.then(|| queue::seed(&session.project, &session.me));
    if seed == session.list.shuffled {
        return Outcome::default();
    }
    session.list.shuffled = seed;
    relist(session)
}

fn load(session: &mut Session) -> Result<(), StoreError> {
    let known =
        Vocabulary { schema: &session.schema, counts: &session.counts, assigned: session.around.assigned.as_ref() };
    session.list.load(&*session.store, known)
}

pub(super) fn find_current(session: &mut Session) {
    let id = session.open.as_ref().map(|open| open.id().clone());
    session.list.current = id.and_then(|id| session.list.find(&*session.store, &id).ok().flatten());
}

fn show(session: &mut Session, annotator: &Annotator) -> Outcome {
    let Some(now) = &session.open else { return Outcome::default() };
    let id = now.id().clone();
    let caret = now.caret;
    time::leave(session);
    session.flush();
    match OpenDocument::read(&*session.store, &id, annotator) {
        Ok(Some(mut open)) => {
            open.put_caret(open.text().as_str().floor_char_boundary(caret.min(open.text().len())));
            session.open = Some(open);
            Outcome::default()
        }
        Ok(None) => Outcome::default(),
        Err(error) => Outcome::error(error.to_string()),
    }
}

/// The edits that make a layer one that has been worked on: an untouched one begins, a finished or skipped one is reopened.
/// The second value says so.
pub(super) fn begin_work(session: &Session) -> (Vec<Edit>, Option<&'static str>) {
    let Some(open) = &session.open else { return (Vec::new(), None) };
    let status = open.shown().map_or(Status::Untouched, |layer| layer.status);
    let notice = match status {
        Status::InProgress => return (Vec::new(), None),
        Status::Untouched => None,
        Status::Finished => Some("The document was finished; it is open again"),
        Status::Skipped => Some("The document was skipped; it is open again"),
    };
    (vec![layer_edit(session, LayerEdit::Status { before: status, after: Status::InProgress })], notice)
}

/// An edit of the layer that is shown.
pub(super) fn layer_edit(session: &Session, edit: LayerEdit) -> Edit {
    let document = session.open.as_ref().map(|open| open.id().clone());
    Edit::Layer { document: document.unwrap_or_else(|| DocumentId::from("")), annotator: session.me.clone(), edit }
}

fn status(session: &Session) -> Status {
    session.open.as_ref().and_then(OpenDocument::shown).map_or(Status::Untouched, |layer| layer.status)
}

fn set_status(session: &mut Session, after: Status, title: &str) -> Outcome {
    if let Err(reason) = session.editable() {
        return Outcome::refused(reason.0);
    }
    let before = status(session);
    if before == after {
        return Outcome::default();
    }
    let edit = layer_edit(session, LayerEdit::Status { before, after });
    done(session.transact(title, vec![edit]), "", false)
}

fn set_flag(session: &mut Session, after: Option<String>) -> Outcome {
    if let Err(reason) = session.editable() {
        return Outcome::refused(reason.0);
    }
    let before = session.open.as_ref().and_then(OpenDocument::shown).and_then(|layer| layer.flag.clone());
    if before == after {
        return Outcome::default();
    }
    let title = if after.is_some() { "Flag document" } else { "Remove flag" };
    let mut edits = Vec::new();
    if status(session) == Status::Untouched {
        edits.extend(begin_work(session).0);
    }
    edits.push(layer_edit(session, LayerEdit::Flag { before, after }));
    done(session.transact(title, edits), "", false)
}

/// Sets the document aside, with the reason as its flag: one change, one undo.
fn skip(session: &mut Session, reason: String) -> Outcome {
    if let Err(reason) = session.editable() {
        return Outcome::refused(reason.0);
    }
    let (before, after) = (status(session), Status::Skipped);
    let flag = session.open.as_ref().and_then(OpenDocument::shown).and_then(|layer| layer.flag.clone());
    let reason = Some(reason).filter(|reason| !reason.is_empty());
    let mut edits = Vec::new();
    if before != after {
        edits.push(layer_edit(session, LayerEdit::Status { before, after }));
    }
    if reason.is_some() && reason != flag {
        edits.push(layer_edit(session, LayerEdit::Flag { before: flag, after: reason }));
    }
    let skipped =
        if edits.is_empty() { Outcome::default() } else { done(session.transact(title_of(after), edits), "", false) };
    then_next(session, skipped)
}

/// Goes on to the next document that wants work, after this one was finished or skipped.
fn then_next(session: &mut Session, first: Outcome) -> Outcome {
    if first.transaction.is_none() && !first.notices.is_empty() {
        return first;
    }
    time::hand_over(session);
    session.flush();
    let from = session.list.current.map_or(0, |row| row + 1);
    session.list.forget_all();
    let next = session.list.next_open(&*session.store, from).and_then(|found| match found {
        None if from > 0 => session.list.next_open(&*session.store, 0),
        found => Ok(found),
    });
    match next {
        Ok(Some(Row { id, .. })) => {
            let mut outcome = travel(session, &id);
            outcome.transaction = first.transaction;
            outcome
        }
        Ok(None) => first.tell("Every document of this list is finished or skipped", false),
        Err(error) => Outcome::error(error.to_string()),
    }
}

fn copy_into_mine(session: &mut Session) -> Outcome {
    let Some(open) = &session.open else { return Outcome::default() };
    let (id, from) = (open.id().clone(), open.showing.clone());
    if from == session.me {
        return Outcome::refused("This is your own layer");
    }
    let Some(theirs) = open.shown() else { return Outcome::refused(format!("{from} has marked nothing here")) };
    let mut copy =
        Layer { annotator: session.me.clone(), status: Status::InProgress, decisions: Vec::new(), ..theirs.clone() };
    session.flush();
    let mine = match session.store.layer(&id, &session.me) {
        Ok(mine) => mine,
        Err(error) => return Outcome::error(error.to_string()),
    };
    let text = session.open.as_ref().map(|open| open.text().sha256());
    if mine.as_ref().is_some_and(|(_, hash)| Some(*hash) != text) {
        return Outcome::refused(format!("Your layer and {from}’s count in different versions of the text"));
    }
    let mine = mine.map(|(layer, _)| layer);
    copy.seconds = mine.as_ref().map_or(0, |mine| mine.seconds);
    copy.version = mine.as_ref().map_or(0, |mine| mine.version) + 1;
    copy.clock = mine.as_ref().map(|mine| mine.clock.clone()).unwrap_or_default();
    copy.clock.tick(session.device());
    copy.updated = Some(session.now());
    let edit = Edit::Whole {
        document: id,
        annotator: session.me.clone(),
        before: mine.map(std::sync::Arc::new),
        after: Some(std::sync::Arc::new(copy)),
    };
    let result = session.transact(format!("Copy {from}’s layer into mine"), vec![edit]);
    let outcome = done(result, &format!("{from}’s layer is now yours as well"), true);
    session.flush();
    let me = session.me.clone();
    show(session, &me);
    outcome
}

/// After an undo or redo: opens the document it was in and gives the place to show.
pub(super) fn go_to_edit(session: &mut Session, step: &Transaction) -> Option<TextRange> {
    if session.reviewing.is_some() && step.edits.iter().any(|edit| edit.layer().is_some()) {
        reviewing::leave(session);
    }
    session.list.forget_all();
    let changed =
        step.edits.iter().find_map(|edit| edit.layer().map(|(id, annotator)| (id.clone(), annotator.clone())));
    let Some((id, _)) = changed else {
        reload(session);
        if step.edits.iter().any(|edit| matches!(edit, Edit::Hidden { .. })) && load(session).is_ok() {
            find_current(session);
        }
        return None;
    };
    if session.open.as_ref().is_some_and(|open| *open.id() == id && open.showing == session.me) {
        reload(session);
    } else {
        travel(session, &id);
    }
    let open = session.open.as_mut()?;
    let place = step.edits.iter().find_map(|edit| match edit {
        Edit::Layer { document, edit: LayerEdit::Span { before, after }, .. } if *document == id => {
            after.as_ref().or(before.as_ref()).map(|span| (span.hull(), after.as_ref().map(|span| span.id.clone())))
        }
        Edit::Layer { document, edit: LayerEdit::Relation { before, after }, .. } if *document == id => {
            let relation = after.as_ref().or(before.as_ref())?;
            let span = open.shown()?.span(&relation.from)?;
            Some((span.hull(), Some(span.id.clone())))
        }
        _ => None,
    });
    let (range, span) = place?;
    open.put_caret(range.end());
    if let Some(span) = span {
        open.select_span(&span);
    }
    Some(range)
}

/// Reads the open layer and the list's rows again: someone else changed them, or an undo did.
pub(super) fn reload(session: &mut Session) {
    session.list.forget_all();
    if let Some(open) = &mut session.open {
        // A failure shows itself at the next command, which reads the same rows.
        let _ = open.reload(&*session.store);
    }
}
