//! A [`Difference`]: one typed disagreement between the layers of one document, or, typed as nothing, one thing they agree on.

use std::sync::Arc;

use serde_json::Value;

use super::SourceItem;
use crate::annotation::{Annotator, Layer, Relation, Span};
use crate::schema::LabelId;
use crate::text::{DocumentId, TextHash, TextRange};

/// What the layers of one document have in common, and where they differ.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub document: DocumentId,
    /// The text that all of it counts in.
    pub text: TextHash,
    /// Those compared, in the order that digits take them: 1 is the first. The same for every document.
    pub annotators: Arc<[Annotator]>,
    /// By annotator; `None` is one who has not finished this document, or finished it in another text: missing data, not "nothing".
    pub layers: Vec<Option<Arc<Layer>>>,
    /// Spans in reading order, then relations, then attributes of the document; what is agreed, too.
    pub differences: Vec<Arc<Difference>>,
}

/// One disagreement; one thing agreed on where [`Difference::kinds`] is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Hashed from the sources and what they say: the same whoever compares, in whatever order the annotators are named; another
    /// as soon as one of the sources changes.
    pub id: String,
    pub document: DocumentId,
    pub subject: Subject,
    /// What differs, the worst first; empty where all who finished the document say the same.
    pub kinds: Vec<Kind>,
    /// One for each of [`Comparison::annotators`].
    pub sides: Vec<Side>,
    /// By annotator, what of their layer this is about, and what it says there.
    pub sources: Vec<Vec<SourceItem>>,
    /// From the first byte that anyone marked to the last; for relations over both ends; the whole text for the document's attributes.
    pub extent: TextRange,
    /// 0 agreed … 5 worst; see [`Kind::severity`].
    pub severity: u8,
    /// The label most of them gave (ties: of the annotator named first); of the span that a relation starts at.
    pub label: Option<LabelId>,
    /// What it is a case of, from the narrowest to the widest; a queue puts it into the narrowest that has two cases.
    pub shapes: Vec<Shape>,
}

/// What a difference is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    Spans,
    Relation,
    /// The attribute of the document with this name.
    Attribute(String),
}

/// What one annotator says.
#[derive(Clone, Debug, PartialEq)]
pub enum Side {
    /// The document is not finished: missing data.
    Absent,
    /// The document is finished, and there is nothing of this in it.
    Nothing,
    /// The aligned span; several where the others have one ([`Kind::Split`]).
    Spans(Vec<Arc<Span>>),
    /// The aligned relation, with its ends.
    Relation { relation: Arc<Relation>, from: Arc<Span>, to: Arc<Span> },
    /// The value of the document's attribute.
    Value(Value),
}

/// One way in which sides differ. Annotators are indices into [`Comparison::annotators`].
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Those compared marked it when it was settled; nobody does any more.
    Withdrawn,
    /// These finished the document and have nothing here.
    Missing { by: Vec<usize> },
    /// These have several spans where others have one.
    Split { by: Vec<usize> },
    /// Different labels.
    Label,
    /// Different arrows between aligned spans.
    Relation(LinkKind),
    /// Different extents.
    Boundary(Boundary),
    /// Different values of these attributes, by name.
    Attribute { names: Vec<String> },
}

/// How relations differ. One that only some have is [`Kind::Missing`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LinkKind {
    /// The same ends, different kinds.
    Kind,
    /// The same kind, another span at one end.
    End,
}

/// How far extents lie apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Boundary {
    pub left: Step,
    pub right: Step,
    /// Fragments differ between the outer edges.
    pub inside: bool,
    /// What is in one and not in another is only this.
    pub trivial: Option<Trivial>,
    /// The least intersection over union of any two of them, in code points.
    pub iou: f64,
}

/// What lies between the innermost and the outermost of one edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Empty where all have the same edge.
    pub range: TextRange,
    /// Code points in it.
    pub chars: usize,
    /// Words that it touches.
    pub words: usize,
}

/// A boundary that hardly matters. In the order of what they contain: a quotation mark with a space is `Quotation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Trivial {
    /// White space, or nothing that can be seen (fragments that touch).
    Whitespace,
    Quotation,
    Punctuation,
}

/// What a difference is a case of: all with the same key ask the same question.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shape {
    pub key: String,
    /// For people, without number and full stop: `Entity: “Dr” at the left edge is in or out`.
    pub sentence: String,
}

impl Difference {
    /// All who finished the document say the same.
    pub fn is_agreed(&self) -> bool {
        self.kinds.is_empty()
    }

    /// The worst of what differs.
    pub fn kind(&self) -> Option<&Kind> {
        self.kinds.first()
    }
}

impl Kind {
    /// As rows and filters name it.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Missing { .. } => "missing",
            Self::Split { .. } => "split",
            Self::Label => "label",
            Self::Relation(_) => "relation",
            Self::Boundary(Boundary { trivial: Some(_), .. }) => "boundary-trivial",
            Self::Boundary(_) => "boundary",
            Self::Attribute { .. } => "attribute",
        }
    }

    /// From 1, punctuation in or out, to 5, marked or not.
    pub fn severity(&self) -> u8 {
        match self {
            Self::Missing { .. } | Self::Withdrawn => 5,
            Self::Label | Self::Split { .. } => 4,
            Self::Boundary(Boundary { trivial: None, iou, .. }) if *iou < 0.5 => 4,
            Self::Relation(_) | Self::Boundary(Boundary { trivial: None, .. }) => 3,
            Self::Attribute { .. } => 2,
            Self::Boundary(_) => 1,
        }
    }
}

impl Side {
    /// The annotator finished the document.
    pub const fn is_data(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The annotator marked something here.
    pub const fn is_something(&self) -> bool {
        !matches!(self, Self::Absent | Self::Nothing)
    }

    /// The spans of a side about spans.
    pub fn spans(&self) -> &[Arc<Span>] {
        match self {
            Self::Spans(spans) => spans,
            _ => &[],
        }
    }
}
