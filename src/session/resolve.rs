//! From an [`Action`] to the [`Command`] it means at this moment.

use std::sync::Arc;

use super::action::{Action, Motion};
use super::command::{Command, Edge, Owner};
use super::motion;
use super::reviewing::Review;
use super::session::Session;
use crate::annotation::{ItemId, Span};
use crate::review::Ruling;
use crate::schema::LabelId;
use crate::text::TextRange;

/// The command, where the session alone can tell. `None` for what needs a window: dialogs, panes, scrolling, text fields.
pub(super) fn command(session: &Session, action: &Action) -> Option<Command> {
    use Action as A;
    let selected = || session.selected().cloned();
    if session.reviewing().is_some()
        && let Some(review) = review(action)
    {
        return Some(Command::Review(review));
    }
    Some(match action {
        A::Review => Command::Review(Review::Begin(Vec::new())),
        A::Feedback => Command::Review(Review::Feedback),
        A::Save => Command::Save,
        A::Undo => Command::Undo,
        A::Redo => Command::Redo,
        A::Escape => Command::Escape,
        A::NextDocument => Command::NextDocument,
        A::PreviousDocument => Command::PreviousDocument,
        A::FinishAndNext => Command::FinishAndNext,
        A::Skip => Command::Skip { reason: String::new() },
        A::HideDocument => Command::Hide { document: session.open.as_ref()?.id().clone(), hidden: true },
        A::Back => Command::Back,
        A::Forward => Command::Forward,
        A::NextStop => Command::SelectSpan(Some(stop(session, true)?)),
        A::PreviousStop => Command::SelectSpan(Some(stop(session, false)?)),
        A::NextSame => Command::SelectSpan(Some(same(session, true)?)),
        A::PreviousSame => Command::SelectSpan(Some(same(session, false)?)),
        A::NextMissing => Command::NextGap { forward: true },
        A::PreviousMissing => Command::NextGap { forward: false },
        A::Confirm if session.linking().is_some() => Command::FixEnd,
        A::Confirm if session.marks_on_enter() => Command::Mark(session.armed()?.clone()),
        A::Confirm => Command::Ask,
        A::Answer(digit) => Command::Answer(*digit),
        A::Remove => match session.selected_relation() {
            Some(relation) => Command::Unlink(relation.id.clone()),
            None => Command::Remove(selected()?),
        },
        A::RepeatLabel => Command::Mark(session.last_label()?.clone()),
        A::MarkAllEqual => Command::MarkAllEqual,
        A::AddFragment => {
            Command::AddFragment { span: session.open.as_ref()?.last_span.clone()?, range: session.selection()? }
        }
        A::SelectAll => Command::Select { range: session.open.as_ref()?.text().all(), exact: true },
        A::LeftEdgeOut => edge(session, Edge::Left, true, false)?,
        A::LeftEdgeIn => edge(session, Edge::Left, false, false)?,
        A::LeftEdgeOutFine => edge(session, Edge::Left, true, true)?,
        A::LeftEdgeInFine => edge(session, Edge::Left, false, true)?,
        A::RightEdgeOut => edge(session, Edge::Right, true, false)?,
        A::RightEdgeIn => edge(session, Edge::Right, false, false)?,
        A::RightEdgeOutFine => edge(session, Edge::Right, true, true)?,
        A::RightEdgeInFine => edge(session, Edge::Right, false, true)?,
        A::Move(motion) => caret(session, *motion, false)?,
        A::Extend(motion) => caret(session, *motion, true)?,
        A::Mark(label) => Command::Mark(label.clone()),
        A::Arm(label) => Command::Arm(Some(label.clone()).filter(|label| session.armed() != Some(label))),
        A::Relate(kind) => Command::ChooseEnd(kind.clone()),
        _ => return None,
    })
}

/// What an action means while differences are settled.
fn review(action: &Action) -> Option<Review> {
    use Action as A;
    let edge = |edge, outward, fine| Review::MoveEdge { edge, outward, fine };
    Some(match action {
        A::Review | A::LeaveReview => Review::Leave,
        A::Take(digit) => Review::Take(*digit),
        A::TakeUnion => Review::Settle(Ruling::Union),
        A::TakeIntersection => Review::Settle(Ruling::Intersection),
        A::NothingHere => Review::Settle(Ruling::Nothing),
        A::NextDifference => Review::Next,
        A::PreviousDifference => Review::Previous,
        A::SkipDifference => Review::Skip,
        A::ChooseLabel => Review::ChooseLabel,
        A::Relabel(label) => Review::Settle(Ruling::Relabel(label.clone())),
        A::GuidelineCase => Review::Guideline,
        A::LeftEdgeOut => edge(Edge::Left, true, false),
        A::LeftEdgeIn => edge(Edge::Left, false, false),
        A::LeftEdgeOutFine => edge(Edge::Left, true, true),
        A::LeftEdgeInFine => edge(Edge::Left, false, true),
        A::RightEdgeOut => edge(Edge::Right, true, false),
        A::RightEdgeIn => edge(Edge::Right, false, false),
        A::RightEdgeOutFine => edge(Edge::Right, true, true),
        A::RightEdgeInFine => edge(Edge::Right, false, true),
        _ => return None,
    })
}

fn edge(session: &Session, edge: Edge, outward: bool, fine: bool) -> Option<Command> {
    Some(Command::MoveEdge { span: session.selected()?.clone(), edge, outward, fine })
}

fn caret(session: &Session, motion: Motion, extend: bool) -> Option<Command> {
    let open = session.open.as_ref()?;
    let selection = open.selection().filter(|_| !extend);
    // Without Shift, left and right first leave the selection at its end on that side.
    let to = match (motion, selection) {
        (Motion::Left, Some(range)) => range.start(),
        (Motion::Right, Some(range)) => range.end(),
        _ => motion::target(open.text(), open.caret, motion),
    };
    Some(Command::Caret { to, extend })
}

/// The next or previous span in reading order: from the selected one, else from the caret; around at the ends.
fn stop(session: &Session, forward: bool) -> Option<ItemId> {
    let open = session.open.as_ref()?;
    let spans = &open.shown()?.spans;
    let here: TextRange = match session.selected_span() {
        Some(span) => span.hull(),
        None => open.text().range(open.caret, open.caret).ok()?,
    };
    let id = open.span.as_ref();
    let found = if forward {
        spans.after(here, id).or_else(|| spans.iter().next())
    } else {
        spans.before(here, id).or_else(|| spans.iter().next_back())
    };
    found.map(|span| span.id.clone())
}

/// The label that one goes along: that of the selected span, else the one that is armed or was used last.
pub(super) fn same_label(session: &Session) -> Option<&LabelId> {
    let known = |span: &Arc<Span>| session.schema.resolve(span.label.as_str());
    match session.selected_span() {
        Some(span) => known(span).map(|label| &label.id),
        None => session.armed().or(session.last_label()),
    }
}

/// The next or previous span with this label: from the selected one, else from the caret; around at the ends.
fn same(session: &Session, forward: bool) -> Option<ItemId> {
    let open = session.open.as_ref()?;
    let label = same_label(session)?;
    let spans = &open.shown()?.spans;
    let is = |span: &&Arc<Span>| session.schema.resolve(span.label.as_str()).is_some_and(|known| known.id == *label);
    let here = match session.selected_span() {
        Some(span) => (span.hull(), Some(&span.id)),
        None => (open.text().range(open.caret, open.caret).ok()?, None),
    };
    let beyond = |span: &&Arc<Span>| match (forward, here.1) {
        (true, Some(id)) => span.order() > (here.0, id),
        (true, None) => span.hull().start() >= here.0.start(),
        (false, Some(id)) => span.order() < (here.0, id),
        (false, None) => span.hull().start() < here.0.start(),
    };
    let found = if forward {
        spans.iter().filter(is).find(beyond).or_else(|| spans.iter().find(is))
    } else {
        spans.iter().rev().filter(is).find(beyond).or_else(|| spans.iter().rev().find(is))
    };
    found.map(|span| span.id.clone())
}

/// What the attribute keys set: the selected relation, else the selected span, else the document.
pub fn owner(session: &Session) -> Owner {
    if let Some(relation) = session.selected_relation() {
        return Owner::Relation(relation.id.clone());
    }
    session.selected().map_or(Owner::Document, |span| Owner::Span(span.clone()))
}
