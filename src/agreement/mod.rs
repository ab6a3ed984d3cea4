//! How far annotators agree: pure functions of what they marked, one file per statistic, each naming the source it follows.
//!
//! Nothing here reads files or knows a store: [`Corpus`] is what is compared, [`Measure`] how. What is undefined is
//! [`Undefined`], with its reason: never 0, never 1.

mod corpus;
mod extent;
pub mod gamma;
mod measure;

pub use corpus::{Corpus, Item, Link, Marked, Unit, View};
pub use extent::Extent;
pub use measure::{Measure, Undefined};
