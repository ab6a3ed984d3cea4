//! Differences between annotators, and settling them: what differs, typed and clustered; a queue of it; rulings that become edits
//! of the gold layer, each with a decision that says by whom, when, why, and from which spans.
//!
//! Pure functions of layers: nothing here reads files, knows a clock, or draws. [`compare`] gives a [`Comparison`] of one document,
//! [`Gold`] says what of it is settled, [`Gold::settle`] turns a [`Ruling`] into edits, [`Queue`] puts all documents in an order.

mod align;
mod blind;
mod boundary;
mod case;
mod compare;
mod decision;
mod difference;
mod forest;
mod gold;
mod identity;
mod links;
mod queue;
mod row;
mod rules;
mod ruling;
mod settle;
mod shape;
mod wanted;

pub use blind::{letter, shuffled};
pub use case::{Case, with_case};
pub use compare::compare;
pub use decision::{Decision, Source, SourceItem};
pub use difference::{Boundary, Comparison, Difference, Kind, LinkKind, Shape, Side, Step, Subject, Trivial};
pub use gold::{Gold, State};
pub use queue::{Cluster, Entry, Filter, InDocument, Order, Place, Queue};
pub use row::{COLUMNS, row, sides_in_words};
pub use rules::Accept;
pub use ruling::{Reviewer, Rule, Ruling, Settlement};
pub use settle::Refusal;
