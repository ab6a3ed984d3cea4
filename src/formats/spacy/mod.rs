//! spaCy `DocBin`, the `.spacy` files that `spacy train` reads: `MessagePack` in zlib, words as rows of 64-bit numbers.
//!
//! Laid out as in spaCy's `tokens/_serialize.py` (3.8): a map of `attrs`, `tokens` (row by row, little-endian), `spaces`, `lengths`,
//! `strings`, `cats`, `flags`, `span_groups` and `user_data`. A string's number is its hash, but for spaCy's own names ([`symbols`]).
//!
//! **What is written.** One Doc per layer, with everything in the span group `sc` (where spaCy's span categoriser looks), discontinuous
//! spans as one entry per fragment. `ents`, which the entity recogniser learns from, can hold one label per word: of overlapping spans
//! the labels of the export's priority first, then the longest, then the first; white space at the edges of an entity is left out, and
//! what is nothing but white space is none, because spaCy refuses both. Words outside of entities are `O` in a finished layer and
//! missing in any other. Nothing that is no entity is lost by that: it stands in the group. Ids, fragments, attributes, notes, relations,
//! status, annotator and metadata lie in `user_data["spanwright"]`, which spaCy loads and leaves alone.
//!
//! **What is read.** The groups and the entities of the Doc itself; the note about them is believed where it agrees. Of other tools'
//! files: every group, and the entities where no group has them. Annotations of single words (tags, lemmas, heads) are not read.

mod agree;
mod bin;
mod doc;
mod note;
mod pack;
mod spool;
mod symbols;
pub(super) mod words;
mod write;

use std::io::Read;
use std::path::Path;

use flate2::read::ZlibDecoder;

use super::glimpse::Glimpse;
use super::table::{Feature, Features, Format, Shape, Words};
use crate::text::convert::Unit;

/// spaCy's numbers for what may be known of a word.
const ORTH: u64 = 65;
const ENT_IOB: u64 = 77;
const ENT_TYPE: u64 = 78;
const ENT_KB_ID: u64 = 452;
const ENT_ID: u64 = 454;

/// The span group for everything.
const GROUP: &str = "sc";
/// The key in `user_data`.
const NOTE: &str = "spanwright";

/// What spaCy trains from.
pub(super) static FORMAT: Format = Format {
    id: "spacy",
    name: "spaCy DocBin",
    about: "what spaCy trains from: entities and span groups",
    extensions: &["spacy"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: Features::all_but(&[Feature::Labels]),
    looks,
    reader: Some(bin::reader),
    writer: Some(write::writer),
    vocabulary: None,
    words: Some(Words { tool: "spaCy", document: ("Doc", "Docs"), span: ("span", "spans") }),
};

fn looks(glimpse: &Glimpse) -> bool {
    if glimpse.is_folder() {
        return glimpse.names.iter().any(|name| bin::is_named(Path::new(name)));
    }
    let mut source = ZlibDecoder::new(glimpse.start.as_slice()).take(1 << 10);
    let Ok(pack::Kind::Map(1..)) = pack::kind(&mut source) else { return false };
    let Ok(pack::Kind::Text(len @ 1..=20)) = pack::kind(&mut source) else { return false };
    pack::text(&mut source, len).is_ok_and(|key| bin::KEYS.contains(&key.as_str()))
}

/// What Python takes for white space: `str.isspace` counts four separators that Unicode's property leaves out.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}
