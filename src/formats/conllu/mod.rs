//! CoNLL-U, the format of Universal Dependencies (<https://universaldependencies.org/format.html>): ten columns, of which the last holds
//! what the others do not: `NER=B-PER`, `SpaceAfter=No`, and white space that is more than one blank in `SpacesAfter=\s\n`, as `UDPipe`
//! writes it. So the text is rebuilt exactly.
//!
//! White space beyond blank, tab and line break (NBSP above all) is a word of its own: at the end of a line the conllu library strips it.
//! spaCy's converter reads only `name=` with BILOU and labels of capitals: it gets them beside `NER=`, which is what we read.
//! Lemmas, parts of speech and trees are kept in the document's metadata, and go out again with the words that they belong to.

mod kept;
mod mentions;
mod misc;
mod plus;
mod read;
mod write;

use super::glimpse::Glimpse;
use super::table::{Feature, Features, Format, Shape};
use super::tsv;
use crate::text::convert::Unit;

/// Words, white space and tags.
pub(super) static FORMAT: Format = Format {
    id: "conllu",
    name: "CoNLL-U",
    about: "ten columns of Universal Dependencies; tags in NER= of the last, one layer",
    extensions: &["conllu", "conllup"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: Features::only(&[Feature::Spans, Feature::Edges, Feature::Metadata]),
    looks,
    reader: Some(read::read),
    writer: Some(write::writer),
    vocabulary: None,
    words: None,
};

/// The comments that hold what Universal Dependencies has no word for, in JSON.
const ID: &str = "spanwright.id";
const META: &str = "spanwright.meta";
const ANNOTATOR: &str = "annotator";

/// Most rows are an id and ten columns, and it does not say that it is something else.
fn looks(glimpse: &Glimpse) -> bool {
    if tsv::is_named(glimpse) {
        return false;
    }
    let lines = glimpse.text().lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')).take(200);
    let (mut rows, mut good) = (0_usize, 0_usize);
    for line in lines {
        rows += 1;
        let id = line.split('\t').next().unwrap_or_default();
        let number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
        good += usize::from(number && line.split('\t').count() == 10);
    }
    (rows > 0 && good * 5 >= rows * 4) || plus::Columns::of(glimpse.text()).is_some()
}
