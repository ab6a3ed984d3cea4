//! An [`Edit`]: the smallest change, told as what was before and what is after, so that turning it around undoes it.

use std::sync::Arc;

use serde_json::Value;

use crate::annotation::{Annotator, Layer, Relation, Span, Status};
use crate::text::DocumentId;

/// One change of one thing. `before` is what must stand there now; `after` is what stands there then; `None` is nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Something in one annotator's layer of one document.
    Layer { document: DocumentId, annotator: Annotator, edit: LayerEdit },
    /// A whole layer: imported, replaced, renamed, removed.
    Whole { document: DocumentId, annotator: Annotator, before: Option<Arc<Layer>>, after: Option<Arc<Layer>> },
    /// Hidden documents keep their layers and are left out of lists, exports and statistics.
    Hidden { document: DocumentId, before: bool, after: bool },
    /// One metadata value of a document.
    Meta { document: DocumentId, key: String, before: Option<Value>, after: Option<Value> },
    /// The source of `schema.ron`.
    Schema { before: String, after: String },
}

/// One change inside a layer.
#[derive(Clone, Debug, PartialEq)]
pub enum LayerEdit {
    /// Add, remove, or (same id) resize, relabel, change fragments, attributes, note.
    Span {
        before: Option<Arc<Span>>,
        after: Option<Arc<Span>>,
    },
    /// Link, unlink, or change attributes.
    Relation {
        before: Option<Arc<Relation>>,
        after: Option<Arc<Relation>>,
    },
    /// An attribute of the document, as this annotator sees it.
    Attribute {
        name: String,
        before: Option<Value>,
        after: Option<Value>,
    },
    Status {
        before: Status,
        after: Status,
    },
    Flag {
        before: Option<String>,
        after: Option<String>,
    },
    /// A settled difference, in gold; found by its `id`.
    Decision {
        before: Option<Value>,
        after: Option<Value>,
    },
}

impl Edit {
    /// The edit that takes this one back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let mut edit = self.clone();
        match &mut edit {
            Self::Layer { edit, .. } => edit.invert(),
            Self::Whole { before, after, .. } => std::mem::swap(before, after),
            Self::Hidden { before, after, .. } => std::mem::swap(before, after),
            Self::Meta { before, after, .. } => std::mem::swap(before, after),
            Self::Schema { before, after } => std::mem::swap(before, after),
        }
        edit
    }

    /// The document it is about; the schema is about none.
    pub fn document(&self) -> Option<&DocumentId> {
        match self {
            Self::Layer { document, .. }
            | Self::Whole { document, .. }
            | Self::Hidden { document, .. }
            | Self::Meta { document, .. } => Some(document),
            Self::Schema { .. } => None,
        }
    }

    /// The layer it changes.
    pub fn layer(&self) -> Option<(&DocumentId, &Annotator)> {
        match self {
            Self::Layer { document, annotator, .. } | Self::Whole { document, annotator, .. } => {
                Some((document, annotator))
            }
            _ => None,
        }
    }
}

impl LayerEdit {
    /// A new span.
    pub fn add(span: Span) -> Self {
        Self::Span { before: None, after: Some(Arc::new(span)) }
    }

    /// A span goes.
    pub fn remove(span: &Arc<Span>) -> Self {
        Self::Span { before: Some(span.clone()), after: None }
    }

    /// A span becomes another with the same id.
    pub fn change(before: &Arc<Span>, after: Span) -> Self {
        assert_eq!(before.id, after.id, "a changed span keeps its id");
        Self::Span { before: Some(before.clone()), after: Some(Arc::new(after)) }
    }

    fn invert(&mut self) {
        match self {
            Self::Span { before, after } => std::mem::swap(before, after),
            Self::Relation { before, after } => std::mem::swap(before, after),
            Self::Attribute { before, after, .. } | Self::Decision { before, after } => std::mem::swap(before, after),
            Self::Status { before, after } => std::mem::swap(before, after),
            Self::Flag { before, after } => std::mem::swap(before, after),
        }
    }
}
