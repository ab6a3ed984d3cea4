//! [`Row`]: one number with all that belongs to it, as files and the window have it.

use serde_json::{Value, json};

use super::{Excluded, Undefined};
use crate::text::DocumentId;

/// What a number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The mean over pairs of annotators, of those that have a value.
    Overall,
    /// All annotators at once, for measures that are defined for more than two; with a label: of that label.
    Joint,
    /// Two annotators.
    Pair,
    /// One label: the mean over pairs, and where there are several pairs, each of them.
    Label,
    /// One document: the mean over pairs.
    Document,
}

impl Scope {
    pub const ALL: [Self; 5] = [Self::Overall, Self::Joint, Self::Pair, Self::Label, Self::Document];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overall => "overall",
            Self::Joint => "joint",
            Self::Pair => "pair",
            Self::Label => "label",
            Self::Document => "document",
        }
    }
}

/// One number about agreement.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The measure's id.
    pub measure: &'static str,
    pub scope: Scope,
    pub label: Option<String>,
    pub document: Option<DocumentId>,
    /// Whose layers, in the order they were asked for.
    pub annotators: Vec<String>,
    pub value: Result<f64, Undefined>,
    /// The 95 % interval of a bootstrap over documents; none for one document, for fewer than five, and where there is no value.
    pub interval: Option<(f64, f64)>,
    /// How many things (spans, tokens, pairs: the measure says which) it is about; over pairs, their sum.
    pub n: f64,
    /// Documents that count; over pairs, those that count for one of them at least.
    pub documents: usize,
    /// Documents that do not count though one of the annotators has a layer there. Empty in rows of one document.
    pub excluded: Excluded,
    /// What else should be known of the number; a sentence without full stop.
    pub note: Option<String>,
}

impl Row {
    /// It is about these two, of all labels and documents.
    pub fn is_pair(&self, one: &str, other: &str) -> bool {
        self.scope == Scope::Pair
            && [(0, 1), (1, 0)].iter().any(|(a, b)| self.annotators[*a] == one && self.annotators[*b] == other)
    }
}

impl From<&Row> for Value {
    fn from(row: &Row) -> Self {
        json!({
            "measure": row.measure,
            "scope": row.scope.as_str(),
            "label": row.label,
            "document": row.document.as_ref().map(DocumentId::as_str),
            "annotators": row.annotators,
            "value": row.value.as_ref().ok(),
            "low": row.interval.map(|(low, _)| low),
            "high": row.interval.map(|(_, high)| high),
            "n": if row.n.fract() == 0.0 { json!(row.n as u64) } else { json!(row.n) },
            "documents": row.documents,
            "excluded": row.excluded,
            "reason": row.value.as_ref().err().map(ToString::to_string),
            "note": row.note,
        })
    }
}
