//! A [`Ruling`]: what a reviewer says of a difference.

use jiff::Timestamp;

use crate::annotation::{Annotator, Attributes, Ranges};
use crate::schema::LabelId;

/// What is to stand in gold.
#[derive(Clone, Debug, PartialEq)]
pub enum Ruling {
    /// What this annotator has, by index into [`super::Comparison::annotators`]: their spans, or nothing.
    Take(usize),
    /// Everything that anyone covered, with the label and attributes most of them gave.
    Union,
    /// What all who marked it covered.
    Intersection,
    /// This extent. Label and attributes are those of gold where it is settled, else most of them gave.
    Edges(Ranges),
    /// This label. Extent and attributes as for [`Ruling::Edges`].
    Relabel(LabelId),
    /// These attributes. Extent and label as for [`Ruling::Edges`]; for an attribute of the document, the value under its name.
    Attributes(Attributes),
    /// Nothing here: a recorded rejection.
    Nothing,
    /// What all say.
    Unanimous,
    /// What more than half of those who finished the document say: the same label, extent and attributes, or nothing.
    Majority,
}

/// A rule that settled many differences at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    Unanimous,
    Majority,
    /// Boundaries that differ by white space, quotation marks or punctuation only.
    Trivial,
}

/// A ruling with what is said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Settlement {
    pub ruling: Ruling,
    /// The rule that gave it; `None` for one made by hand.
    pub rule: Option<Rule>,
    /// The reason, as the guidelines may tell it.
    pub why: String,
    pub note: String,
}

/// Who settles, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    pub by: Annotator,
    pub at: Timestamp,
}

impl Settlement {
    /// By hand, without a word.
    pub const fn by_hand(ruling: Ruling) -> Self {
        Self { ruling, rule: None, why: String::new(), note: String::new() }
    }
}

impl From<Ruling> for Settlement {
    fn from(ruling: Ruling) -> Self {
        Self::by_hand(ruling)
    }
}

impl Ruling {
    /// As decisions name it.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Take(_) => "take",
            Self::Union => "union",
            Self::Intersection => "intersection",
            Self::Edges(_) => "edges",
            Self::Relabel(_) => "relabel",
            Self::Attributes(_) => "attributes",
            Self::Nothing => "nothing",
            Self::Unanimous => "unanimous",
            Self::Majority => "majority",
        }
    }
}
