//! What may be marked: labels, relations, attributes and the rules, read from RON that people edit.
//!
//! Knows texts only through how a selection snaps; knows nothing of spans or layers.

mod colour;
mod id;
#[expect(clippy::module_inception, reason = "`schema::schema` holds `Schema`")]
mod schema;

pub use colour::{Colour, PAGE, SLOTS};
pub use id::{LabelId, RelationId};
pub use schema::{Attribute, AttributeKind, KeyTarget, Label, Line, Overlap, RelationKind, Schema, Snap, When};
