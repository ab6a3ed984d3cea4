//! What a reviewer is about to say: edges that are being drawn, a reason, a label that is being chosen.

use super::super::command::{Edge, Outcome};
use super::super::marking;
use super::super::session::Session;
use super::settle::NOTHING;
use crate::annotation::Ranges;
use crate::edit::{Edit, LayerEdit};
use crate::review::{Difference, Side, State, Subject};
use crate::text::TextRange;

/// What is about to be said of the difference that is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The extent as it is drawn so far.
    pub edges: Option<Ranges>,
    pub reason: String,
    /// The next key of a label gives it.
    pub chooses_label: bool,
}

pub(super) fn choose_label(session: &mut Session) -> Outcome {
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    match reviewing.difference() {
        None => Outcome::refused(NOTHING),
        Some(difference) if difference.subject != Subject::Spans => Outcome::refused("Only spans have labels"),
        Some(_) => {
            reviewing.draft.chooses_label = !reviewing.draft.chooses_label;
            Outcome::default()
        }
    }
}

pub(super) fn move_edge(session: &mut Session, edge: Edge, outward: bool, fine: bool) -> Outcome {
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    if reviewing.feedback {
        return Outcome::refused(super::settle::READ_ONLY);
    }
    let (Some(desk), Some(difference)) = (&reviewing.desk, reviewing.difference()) else {
        return Outcome::refused(NOTHING);
    };
    if difference.subject != Subject::Spans {
        return Outcome::refused("Only spans have edges");
    }
    let now = reviewing.draft.edges.clone().or_else(|| extent(reviewing, difference));
    let Some(now) = now else { return Outcome::refused("There is nothing to draw edges around") };
    let mut ranges = now.as_slice().to_vec();
    let fragment = if edge == Edge::Left { 0 } else { ranges.len() - 1 };
    let Some(moved) = marking::moved(&desk.document.text, ranges[fragment], edge, outward, fine) else {
        return Outcome::refused("The edge cannot go further");
    };
    ranges[fragment] = moved;
    match Ranges::new(ranges) {
        Ok(ranges) => {
            let hull = ranges.hull();
            reviewing.draft.edges = Some(ranges);
            reviewing.revision += 1;
            Outcome::reveal(hull)
        }
        Err(_) => Outcome::refused("Its parts would overlap"),
    }
}

/// Where drawing begins: what stands in gold, else what the first who marked it marked.
fn extent(reviewing: &super::Reviewing, difference: &Difference) -> Option<Ranges> {
    let desk = reviewing.desk.as_ref()?;
    if let State::Settled(id) = desk.state(difference) {
        let span = desk.gold.decision(&id)?.spans.iter().find_map(|span| desk.gold.layer().span(span));
        if let Some(span) = span {
            return Some(span.ranges.clone());
        }
    }
    let seats = reviewing.seats();
    seats
        .iter()
        .find_map(|who| difference.sides.get(*who).and_then(|side| Side::spans(side).first()))
        .map(|span| span.ranges.clone())
}

/// Kept until the difference is settled; of one that is settled it changes the record.
pub(super) fn reason(session: &mut Session, words: &str) -> Outcome {
    let words = words.trim().to_owned();
    let Some(reviewing) = &mut session.reviewing else { return Outcome::default() };
    let (Some(desk), Some(difference)) = (&mut reviewing.desk, reviewing.current) else {
        return Outcome::refused(NOTHING);
    };
    let Some(key) = reviewing.queue.case(difference).map(|case| case.key) else { return Outcome::default() };
    let Some(difference) = desk.difference(key).cloned() else { return Outcome::default() };
    reviewing.draft.reason.clone_from(&words);
    let State::Settled(id) = desk.state(&difference) else { return Outcome::default() };
    let Some(mut decision) = desk.gold.decision(&id).cloned() else { return Outcome::default() };
    if decision.why == words || reviewing.feedback {
        return Outcome::default();
    }
    let before = decision.to_value();
    decision.why = words;
    let edit = LayerEdit::Decision { before: Some(before), after: Some(decision.to_value()) };
    let edit =
        Edit::Layer { document: desk.document.id.clone(), annotator: crate::annotation::Annotator::gold(), edit };
    let result = session.transact("Say why", vec![edit]);
    super::news::reload_desk(session);
    super::super::place::done(result, "", false)
}

impl Draft {
    /// There is something that Esc would give up.
    pub fn is_under_way(&self) -> bool {
        self.edges.is_some() || self.chooses_label
    }

    pub(in crate::session) fn give_up(&mut self) {
        (self.edges, self.chooses_label) = (None, false);
    }

    /// The extent that is drawn.
    pub fn drawn(&self) -> &[TextRange] {
        self.edges.as_ref().map_or(&[], |ranges| ranges.as_slice())
    }
}
