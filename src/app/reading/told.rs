//! [`Told`]: what a screen reader was told of the page in the last frame, so that what it asks for is understood.

use accesskit::{Action, ActionData, NodeId, TextPosition};
use egui::{Event, Id, Ui};

use super::PageEvent;

/// Nodes of the accessible tree, and what they stand for.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// A run of text: where each of its graphemes begins in the document, and where it ends.
    pub runs: Vec<(NodeId, Vec<usize>, usize)>,
    /// The first byte of a paragraph.
    pub paragraphs: Vec<(NodeId, usize)>,
    /// A mark: what the caller calls it, its first byte.
    pub marks: Vec<(NodeId, u64, usize)>,
}

/// What a screen reader asks for.
pub(super) enum Wish {
    /// To see what is at a byte.
    Show(usize),
    Event(PageEvent),
}

impl Told {
    /// What was asked for since the last frame.
    pub fn wishes(&self, ui: &Ui, page: Id) -> Vec<Wish> {
        ui.input(|input| {
            let requests = input.events.iter().filter_map(|event| match event {
                Event::AccessKitActionRequest(request) => Some(request),
                _ => None,
            });
            requests
                .filter_map(|request| match (request.action, &request.data) {
                    (Action::SetTextSelection, Some(ActionData::SetTextSelection(selection)))
                        if request.target_node == page.accesskit_id() =>
                    {
                        let (anchor, focus) = (self.offset(selection.anchor)?, self.offset(selection.focus)?);
                        Some(Wish::Event(PageEvent::Selected { anchor, focus }))
                    }
                    (Action::Click, _) => {
                        let (_, mark, _) = self.marks.iter().find(|(node, ..)| *node == request.target_node)?;
                        Some(Wish::Event(PageEvent::Chosen(*mark)))
                    }
                    (Action::ScrollIntoView, _) => self.place(request.target_node).map(Wish::Show),
                    _ => None,
                })
                .collect()
        })
    }

    /// The byte before which a position stands.
    fn offset(&self, position: TextPosition) -> Option<usize> {
        let (_, starts, end) = self.runs.iter().find(|(node, ..)| *node == position.node)?;
        Some(starts.get(position.character_index).copied().unwrap_or(*end))
    }

    fn place(&self, node: NodeId) -> Option<usize> {
        let run = self.runs.iter().find(|(known, ..)| *known == node).and_then(|(_, starts, _)| starts.first());
        let paragraph = self.paragraphs.iter().find(|(known, _)| *known == node).map(|(_, at)| at);
        let mark = self.marks.iter().find(|(known, ..)| *known == node).map(|(.., at)| at);
        run.or(paragraph).or(mark).copied()
    }
}
