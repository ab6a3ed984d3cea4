//! What readers and writers are told beside the input and the output.

use std::sync::Arc;

use super::articles::Limits;
use super::tokens::{Misaligned, Scheme};
use crate::annotation::Annotator;
use crate::annotation::exchange::Offsets;
use crate::schema::{LabelId, Schema};

/// How a file is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadOptions {
    pub limits: Limits,
    /// For a survey: texts, and where spans stand, may be left out where that is quicker.
    pub glancing: bool,
}

/// How an export is written. One for all files of an export.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    pub offsets: Offsets,
    /// What a target may need of it: names, colours, attributes, relations, in its order.
    pub schema: Arc<Schema>,
    /// Every label that may occur in the export, former and unknown ones too: the schema's in its order, then the others by name.
    pub labels: Vec<LabelId>,
    /// Everyone whose layers may occur, sorted.
    pub annotators: Vec<Annotator>,
    /// What becomes of a span that does not end where a token does.
    pub misaligned: Misaligned,
    /// How flat targets write their tags.
    pub scheme: Scheme,
    /// Flat targets keep these labels first, in this order; then the longest span.
    pub priority: Vec<LabelId>,
    /// The name of the part that is written: `train`, `dev`, `test`; empty without a split.
    pub split: &'static str,
}
