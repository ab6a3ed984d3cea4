//! How far annotators agree: pure functions of what they marked, one file per statistic, each naming the source it follows.
//!
//! Nothing here reads files or knows a store: [`Corpus`] is what is compared, [`Measure`] how. What is undefined is
//! [`Undefined`], with its reason: never 0, never 1.

mod assignment;
mod attributes;
mod confusion;
mod corpus;
mod extent;
mod f1;
mod measure;
mod pairing;
mod question;
mod relations;
mod semeval;

pub use assignment::{Aim, best, highest};
pub use attributes::{Answered, AttributeKappa, AttributePercent, answered};
pub use confusion::{Case, Confusion};
pub use corpus::{Corpus, Item, Link, Marked, Unit, View};
pub use extent::Extent;
pub use f1::{F1Exact, F1Overlap, f1};
pub use measure::{Frame, Measure, Undefined};
pub use pairing::{Candidate, aligned, candidates, matched};
pub use question::Question;
pub use relations::{RelationF1, relation_kinds};
pub use semeval::{F1Partial, F1Type};

/// Every statistic there is, in the order of rows; each adds its line.
pub static MEASURES: &[&dyn Measure] =
    &[&F1Exact, &F1Overlap, &F1Partial, &F1Type, &AttributePercent, &AttributeKappa, &RelationF1];

/// The measure of that id.
pub fn measure(id: &str) -> Option<&'static dyn Measure> {
    MEASURES.iter().copied().find(|measure| measure.id() == id)
}
