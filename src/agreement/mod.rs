//! How far annotators agree: pure functions of what they marked, one file per statistic, each naming the source it follows.
//!
//! Nothing here reads files or knows a store: [`Corpus`] is what is compared, [`Measure`] how. What is undefined is
//! [`Undefined`], with its reason: never 0, never 1.

mod assignment;
mod corpus;
mod extent;
mod measure;

pub use assignment::{Aim, best};
pub use corpus::{Corpus, Item, Link, Marked, Unit, View};
pub use extent::Extent;
pub use measure::{Frame, Measure, Undefined};

/// Every statistic there is, in the order of rows; each adds its line.
pub static MEASURES: &[&dyn Measure] = &[];

/// The measure of that id.
pub fn measure(id: &str) -> Option<&'static dyn Measure> {
    MEASURES.iter().copied().find(|measure| measure.id() == id)
}
