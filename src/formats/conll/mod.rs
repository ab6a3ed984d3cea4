//! CoNLL-2002 and CoNLL-2003: one word per line with its tag in the last column, a blank line after each sentence,
//! `-DOCSTART- -X- O O` before each document (<https://www.clips.uantwerpen.be/conll2003/ner/>). Also sentence-per-line IOB and the brackets of CoNLL-2012, read
//! only.
//!
//! There is no offset in such a file, and no text: what is read is put together from its words, and what is written keeps the words and
//! the tags. No reader tolerates more than that: spaCy's converter splits at exactly that mark and takes the shortest row of a sentence
//! for its width, so that a line with an id would cost the tags. seqeval takes what its caller has split.

mod layout;
mod ontonotes;
mod read;
mod write;

use super::glimpse::Glimpse;
use super::table::{Feature, Features, Format, Shape};
use super::tsv;
use crate::text::convert::Unit;

/// Words and tags.
pub(super) static FORMAT: Format = Format {
    id: "conll",
    name: "CoNLL",
    about: "a word and its tag on each line (BIO, BIOES, BILOU); holds no ids and no white space",
    extensions: &["conll", "iob", "bio"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: Features::only(&[Feature::Spans, Feature::Edges]),
    looks,
    reader: Some(read::read),
    writer: Some(write::writer),
    vocabulary: None,
    words: None,
};

/// The line that begins a document.
const MARK: &str = "-DOCSTART-";

fn looks(glimpse: &Glimpse) -> bool {
    ontonotes::looks(glimpse.text()) || (!tsv::is_named(glimpse) && layout::looks(glimpse.text()))
}
