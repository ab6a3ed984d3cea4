//! What annotators make: spans, relations, layers; questions about them; their one exchange format.
//!
//! Knows the schema and the text; knows nothing of files' places, storage or who may change what.

mod annotator;
pub mod check;
pub mod exchange;
pub mod lanes;
mod layer;
mod relation;
mod span;
mod spans;

pub use annotator::Annotator;
pub use layer::{Clock, Layer, Status, decision_id};
pub use relation::Relation;
pub use span::{Attributes, ItemId, Origin, OriginKind, Ranges, RangesError, RawSpan, Span, SpanError};
pub use spans::Spans;
