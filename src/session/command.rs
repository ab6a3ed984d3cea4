//! [`Command`]: what is to be done, as plain data with its arguments. [`Session::run`](super::Session::run) is the only way to change
//! anything; it answers with an [`Outcome`].

use serde_json::Value;

use super::assign::Dealing;
use super::missing::Gap;
use super::plan::{Marking, Plan};
use super::reviewing::Review;
use crate::annotation::{Annotator, ItemId, Status};
use crate::edit::TransactionId;
use crate::schema::{LabelId, RelationId};
use crate::store::Query;
use crate::text::{DocumentId, TextHash, TextRange};

/// A place that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    pub document: DocumentId,
    /// The text that the range counts in.
    pub text: TextHash,
    /// Is selected.
    pub range: TextRange,
    /// Is selected instead, in this annotator's layer.
    pub span: Option<(Annotator, ItemId)>,
}

/// What is to be done. Ranges belong to the open document's text.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    // ── places
    Open(DocumentId),
    /// Goes to something that was found, in any document; back leads to where one was.
    Visit(Visit),
    /// Goes to a span or a relation of this annotator's layer, or to the layer; back leads to where one was.
    VisitItem {
        document: DocumentId,
        owner: Annotator,
        item: Option<ItemId>,
    },
    NextDocument,
    PreviousDocument,
    Back,
    Forward,
    Filter(Query),
    /// Documents come by chance, in an order that stays the same for me and this project; or in that of the list.
    Shuffle(bool),
    /// List only what is assigned to me, or everything.
    Mine(bool),
    /// Show this annotator's layer; others' are read-only.
    Show(Annotator),
    // ── caret and selection: nothing of these is undone or saved
    /// Puts the caret there; `extend` keeps the other end of the selection.
    Caret {
        to: usize,
        extend: bool,
    },
    /// Selects text. `exact` keeps it from growing to whole units when it is marked.
    Select {
        range: TextRange,
        exact: bool,
    },
    SelectSpan(Option<ItemId>),
    /// Selects a relation, with the span it starts at unless its other end is selected.
    SelectRelation(Option<ItemId>),
    /// Marks with this label at every drag, until `None`.
    Arm(Option<LabelId>),
    // ── marking
    /// Marks what is selected, else relabels the selected span, else marks the label's unit at the caret.
    Mark(LabelId),
    /// Marks exactly this extent, after snapping unless `exact`.
    MarkRange {
        label: LabelId,
        range: TextRange,
        exact: bool,
    },
    /// Marks every string of the document that equals the selected span (or the selection, with the last label).
    MarkAllEqual,
    /// Marks what is ticked in a plan for the document on the page.
    Apply(Box<Plan>),
    /// Carries out what a plan came to, in however many documents.
    Commit(Box<Marking>),
    Remove(ItemId),
    Relabel {
        span: ItemId,
        label: LabelId,
    },
    /// Gives one fragment of a span another extent.
    Resize {
        span: ItemId,
        fragment: usize,
        range: TextRange,
    },
    /// Moves one edge of a span by a word or, `fine`, by a character.
    MoveEdge {
        span: ItemId,
        edge: Edge,
        outward: bool,
        fine: bool,
    },
    AddFragment {
        span: ItemId,
        range: TextRange,
    },
    SetAttribute {
        owner: Owner,
        name: String,
        value: Option<Value>,
    },
    SetNote {
        span: ItemId,
        note: String,
    },
    Link {
        kind: RelationId,
        from: ItemId,
        to: ItemId,
    },
    Unlink(ItemId),
    /// Asks for the first attribute of the selected span, or for the next one.
    Ask,
    /// Gives the attribute that is asked for its value number n, counted from 1; 0 takes it away.
    Answer(u8),
    /// Goes to what is missing, and asks for it.
    Mend(Gap),
    /// Goes to the next thing that is missing after the caret or the selected span, or to the one before.
    NextGap {
        forward: bool,
    },
    /// Begins choosing the other end, or goes to the next candidate.
    ChooseEnd(RelationId),
    /// Makes the relation that is being chosen.
    FixEnd,
    // ── the document
    SetStatus(Status),
    SetFlag(Option<String>),
    FinishAndNext,
    Skip {
        reason: String,
    },
    /// Makes my layer like the one that is shown.
    CopyIntoMine,
    Hide {
        document: DocumentId,
        hidden: bool,
    },
    SetMeta {
        document: DocumentId,
        key: String,
        value: Option<Value>,
    },
    // ── review
    Review(Review),
    // ── the project
    /// Makes `guidelines.md`, with a part for each label to fill in. Nothing is overwritten.
    WriteGuidelines,
    /// Writes who marks which documents, as it was planned.
    Assign(Box<Dealing>),
    // ── history
    Undo,
    Redo,
    // ── the whole
    /// One step: leave choosing an end, disarm, deselect the relation, deselect the span, clear the selection.
    Escape,
    /// Everything to disk, mirrors too.
    Save,
}

/// Which end of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    Left,
    Right,
}

/// What has attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    Span(ItemId),
    Relation(ItemId),
    Document,
}

/// What a command did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The change it made, if it made one.
    pub transaction: Option<TransactionId>,
    pub notices: Vec<Notice>,
    /// A place in the text that should come into view.
    pub reveal: Option<TextRange>,
}

/// Something to tell, in words: a toast in the window, a line on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub kind: NoticeKind,
    pub sentence: String,
    /// Offer to undo.
    pub undo: bool,
}

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    Done,
    Refused,
    /// Stays until dismissed.
    Error,
}

impl Command {
    /// Carried out while the other end of a relation is being chosen, it ends the choosing.
    pub(super) fn leaves_linking(&self) -> bool {
        !matches!(
            self,
            Self::ChooseEnd(_)
                | Self::FixEnd
                | Self::Link { .. }
                | Self::Escape
                | Self::Save
                | Self::Filter(_)
                | Self::Mine(_)
        )
    }
}

impl Outcome {
    /// Nothing changed, and this is why.
    pub fn refused(sentence: impl Into<String>) -> Self {
        Self::with(NoticeKind::Refused, sentence)
    }

    pub fn error(sentence: impl Into<String>) -> Self {
        Self::with(NoticeKind::Error, sentence)
    }

    pub fn reveal(range: TextRange) -> Self {
        Self { reveal: Some(range), ..Self::default() }
    }

    fn with(kind: NoticeKind, sentence: impl Into<String>) -> Self {
        Self { notices: vec![Notice { kind, sentence: sentence.into(), undo: false }], ..Self::default() }
    }

    /// One more thing to tell.
    #[must_use]
    pub fn tell(mut self, sentence: impl Into<String>, undo: bool) -> Self {
        self.notices.push(Notice { kind: NoticeKind::Done, sentence: sentence.into(), undo });
        self
    }
}
