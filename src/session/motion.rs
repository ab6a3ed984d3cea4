//! The caret and the selection. Nothing here is saved or undone.

use super::action::Motion;
use super::command::{Command, Outcome};
use super::open::OpenDocument;
use super::session::Session;
use crate::annotation::ItemId;
use crate::text::segment::{self, Snap};
use crate::text::{Text, TextRange};

pub(super) fn run(session: &mut Session, command: Command) -> Outcome {
    let Some(open) = &mut session.open else { return Outcome::refused("No document is open") };
    match command {
        Command::Caret { to, extend } => {
            let to = segment::snap_to_grapheme(open.text(), to.min(open.text().len()));
            let anchor = open.anchor;
            open.put_caret(to);
            if extend {
                open.anchor = anchor;
            }
            at(open, to, to)
        }
        Command::Select { range, exact } => {
            open.put_caret(range.end());
            open.anchor = range.start();
            open.exact = exact;
            Outcome::reveal(range)
        }
        Command::SelectSpan(Some(id)) => open.select_span(&id).map_or_else(Outcome::default, Outcome::reveal),
        Command::SelectRelation(id) => select_relation(open, id),
        Command::SelectSpan(None) => {
            open.span = None;
            open.relation = None;
            Outcome::default()
        }
        _ => Outcome::default(),
    }
}

pub(super) fn select_relation(open: &mut OpenDocument, id: Option<ItemId>) -> Outcome {
    let relation = id.as_ref().and_then(|id| open.shown()?.relations.get(id)).cloned();
    let Some(relation) = relation else {
        open.relation = None;
        return Outcome::default();
    };
    let mut outcome = Outcome::default();
    if !open.span.as_ref().is_some_and(|span| relation.joins(span)) {
        outcome = open.select_span(&relation.from).map_or_else(Outcome::default, Outcome::reveal);
    }
    open.relation = id;
    outcome
}

fn at(open: &OpenDocument, start: usize, end: usize) -> Outcome {
    open.text().range(start, end).map_or_else(|_| Outcome::default(), Outcome::reveal)
}

/// Where a motion leads from `offset`. Lines are those of the text (between newlines): a window that wraps them resolves the
/// four line motions itself.
pub fn target(text: &Text, offset: usize, motion: Motion) -> usize {
    match motion {
        Motion::Left => segment::previous_grapheme(text, offset),
        Motion::Right => segment::next_grapheme(text, offset),
        Motion::WordLeft => segment::previous_word(text, offset),
        Motion::WordRight => segment::next_word(text, offset),
        Motion::SentenceUp => segment::previous_sentence(text, offset),
        Motion::SentenceDown => segment::next_sentence(text, offset),
        Motion::ParagraphUp => segment::previous_paragraph(text, offset),
        Motion::ParagraphDown => segment::next_paragraph(text, offset),
        Motion::LineStart => segment::line_at(text, offset).start(),
        Motion::LineEnd => segment::line_at(text, offset).end(),
        Motion::LineUp => {
            let line = segment::line_at(text, offset);
            beside(text, offset - line.start(), line.start().checked_sub(1))
        }
        Motion::LineDown => {
            let line = segment::line_at(text, offset);
            beside(text, offset - line.start(), Some(line.end() + 1).filter(|next| *next <= text.len()))
        }
        Motion::TextStart => 0,
        Motion::TextEnd => text.len(),
    }
}

/// The same distance into the line that holds `other`; the nearest end of the text where there is none.
fn beside(text: &Text, column: usize, other: Option<usize>) -> usize {
    let Some(other) = other else { return if column == 0 { 0 } else { text.len() } };
    let line = segment::line_at(text, other);
    segment::snap_to_grapheme(text, (line.start() + column).min(line.end()))
}

/// What a label's key marks where nothing is selected: its unit at the caret.
pub(super) fn unit(text: &Text, caret: usize, snap: Snap) -> Option<TextRange> {
    segment::unit_at(text, caret, snap).filter(|range| !range.is_empty())
}
