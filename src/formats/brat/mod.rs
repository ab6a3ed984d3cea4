//! brat standoff: `NAME.txt` with the text, `NAME.ann` with one annotation per line, `annotation.conf` with what there may be.
//!
//! ```text
//! T1  Person 0 9;12 15   Mara Lind Joe     a span; fragments joined by one space
//! E1  Merge:T2 Org:T1 Org2:T3              an event: a trigger and who takes part in which role
//! R1  Family Arg1:T1 Arg2:T4               a relation
//! *   Alias T1 T4 T5                       an equivalence
//! A1  Mention T1 Name   ·   A2  Negated E1 an attribute with a value; a flag (M in old files)
//! N1  Reference T1 Wiki:64488   Mara Lind  a normalisation
//! #1  AnnotatorNotes T1   so says the desk a note
//! ```
//!
//! Offsets count code points (brat.nlplab.org/standoff.html; `server/src/annotation.py` is the reader that decides). An event is its
//! trigger span here, with a relation per role; what makes it an event stands in `extra.brat`. Several annotators are a folder each.
//! What brat lacks stands in `spanwright-extra.jsonl` beside the files ([`aside`]), which brat passes over.

mod aside;
mod config;
mod extra;
mod folder;
mod layer;
mod lines;
mod names;
mod read;
mod settings;
mod standoff;
mod values;
mod write;

use super::glimpse::Glimpse;
use super::table::{Feature, Features, Format, Shape};
use crate::text::convert::Unit;

/// Standoff files in a folder.
pub(super) static FORMAT: Format = Format {
    id: "brat",
    name: "brat standoff",
    about: "a folder of .txt and .ann files with annotation.conf",
    extensions: &["ann"],
    unit: Unit::CodePoint,
    shape: Shape::Folder,
    carries: Features::all_but(&[Feature::Empty, Feature::Labels]),
    looks,
    reader: Some(read::records),
    writer: Some(write::writer),
    vocabulary: Some(config::vocabulary),
    words: None,
};

/// A folder that holds standoff or a configuration for it; an `.ann` file of lines with ids; a text that has one beside it.
fn looks(glimpse: &Glimpse) -> bool {
    if glimpse.is_folder() {
        let standoff = |name: &String| {
            let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
            name == config::ANNOTATION || name.strip_suffix(".ann").is_some_and(|stem| !stem.is_empty())
        };
        return glimpse.names.iter().any(standoff);
    }
    let beside = |ending: &str| glimpse.path.with_extension(ending).is_file();
    match glimpse.ending().as_str() {
        "ann" | "a1" | "a2" => match glimpse.text().lines().find(|line| !line.trim().is_empty()) {
            Some(line) => lines::parse(line.trim_end()).is_ok(),
            None => glimpse.start.is_empty() && beside("txt"),
        },
        "txt" => beside("ann"),
        _ => false,
    }
}
