//! Texts and places in them. Knows nothing of labels, spans or files.
//!
//! Byte offsets everywhere; [`convert`] is the only door to other units.

pub mod convert;
mod document;
mod newlines;
mod offset;
mod problem;
pub mod segment;
#[expect(clippy::module_inception, reason = "`text::text` holds `Text`")]
mod text;
pub mod wording;

pub use document::{Document, DocumentId};
pub use newlines::NewlineMap;
pub use offset::TextRange;
pub use problem::{Place, Problem, Severity};
pub use text::{RangeError, Text, TextHash};
