//! What every reader gives: one document of a file, taken apart but not yet checked against its text.

use crate::annotation::exchange::RawDocument;
use crate::text::{Place, Problem};

/// One document as a file has it. A file with several annotators may give one document as several records.
#[derive(Debug)]
pub struct Record {
    /// The file, and the line where the document begins.
    pub place: Place,
    /// Offsets of its spans count the file's own text in the format's unit (see [`super::settle`]).
    pub document: RawDocument,
    /// The document has `spans` of its own, be it an empty list: finished and empty is data.
    pub has_spans: bool,
    /// What was repaired or refused, each with its place.
    pub problems: Vec<Problem>,
    /// Bytes of the input up to the end of this document, as far as they are known.
    pub read: u64,
}

/// The documents of one input. An error costs one document (or the rest, where the file cannot be read on), and says so.
pub type Records = Box<dyn Iterator<Item = Result<Record, Box<Problem>>> + Send>;
