//! Differences between annotators, and settling them: what differs, typed and clustered; a queue of it; rulings that become edits
//! of the gold layer, each with a decision that says by whom, when, why, and from which spans.
//!
//! Pure functions of layers: nothing here reads files, knows a clock, or draws. `compare` gives a [`Comparison`] of one document,
//! `Gold` says what of it is settled, `Gold::settle` turns a [`Ruling`] into edits, `Queue` puts all documents in an order.

mod decision;
mod difference;
mod ruling;

pub use decision::{Decision, Source, SourceItem};
pub use difference::{Boundary, Comparison, Difference, Kind, LinkKind, Shape, Side, Step, Subject, Trivial};
pub use ruling::{Reviewer, Rule, Ruling, Settlement};
