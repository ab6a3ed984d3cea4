//! What may be marked: labels, relations, attributes and the rules, read from RON that people edit.
//!
//! Knows texts only through how a selection snaps; knows nothing of spans or layers.

mod attributes;
mod check;
mod colour;
mod compare;
mod fields;
mod id;
mod literal;
mod looks;
mod parse;
mod read;
#[expect(clippy::module_inception, reason = "`schema::schema` holds `Schema`")]
mod schema;
pub mod source;
mod splice;
mod stamp;
pub(crate) mod suggest;
mod token;

pub use colour::{Colour, PAGE, SLOTS, Sight, contrast, distance};
pub(crate) use colour::{hex, parse_hex};
pub use compare::{Change, Owner, compare};
pub use id::{LabelId, RelationId};
pub use literal::quoted;
pub use read::Parsed;
pub use schema::{Attribute, AttributeKind, KeyTarget, Label, Line, Overlap, RelationKind, Schema, When};

pub use crate::text::segment::Snap;
pub use source::{Source, Step};
pub use splice::SpliceError;
pub use token::{Token, TokenKind};
