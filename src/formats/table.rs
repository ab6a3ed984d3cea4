//! What data formats there are: one row each, with what it can carry. Help, reports and the README's table are made from it.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::loss::Loss;
use super::{spans, spanwright, text};
use crate::annotation::Layer;
use crate::annotation::exchange::Offsets;
use crate::text::Document;
use crate::text::convert::Unit;

/// One data format.
#[derive(Clone, Copy)]
pub struct Format {
    /// As `--format` names it.
    pub id: &'static str,
    pub name: &'static str,
    /// One line for help.
    pub about: &'static str,
    /// Endings of its files, the usual one first.
    pub extensions: &'static [&'static str],
    /// What its offsets count.
    pub unit: Unit,
    pub shape: Shape,
    /// What it can hold besides texts, labels and extents.
    pub carries: &'static [Feature],
    /// The first record of a file is one of this format's.
    looks: fn(&serde_json::Map<String, serde_json::Value>) -> bool,
    writer: fn(Sink<'_>, Offsets) -> Box<dyn Writer + '_>,
}

/// What an export of a format is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    File,
    /// A folder with one file per document.
    Folder,
}

/// Something that a layer or document may have and a format may lack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    Spans,
    /// Spans over the same text: nested, crossing, of equal extent.
    Overlaps,
    /// Spans of several fragments.
    Fragments,
    Attributes,
    Notes,
    Relations,
    /// Attributes of the document.
    DocumentAttributes,
    /// In progress or skipped; finished is what every format means.
    Status,
    Flag,
    /// The rulings of gold.
    Decisions,
    /// Layers of several annotators side by side.
    SeveralLayers,
    /// Title, source, date and what else is known of the document.
    Metadata,
    /// Labels as they are stored, even where the schema has renamed them since.
    FormerIds,
}

impl Feature {
    /// How a count of what was lost is headed in a report.
    pub const fn lost(self) -> &'static str {
        self.words().1
    }

    /// `1 note`, `12 relations`.
    pub fn counted(self, count: u64) -> String {
        let (one, many) = self.words();
        format!("{count} {}", if count == 1 { one } else { many })
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Spans => ("layer", "layers"),
            Self::Overlaps => ("overlap", "overlaps"),
            Self::Fragments => ("discontinuous span (cut up)", "discontinuous spans (cut up)"),
            Self::Attributes => ("span’s attributes", "spans’ attributes"),
            Self::Notes => ("note", "notes"),
            Self::Relations => ("relation", "relations"),
            Self::DocumentAttributes => ("document’s attributes", "documents’ attributes"),
            Self::Status => ("status", "statuses"),
            Self::Flag => ("flag", "flags"),
            Self::Decisions => ("list of decisions", "lists of decisions"),
            Self::SeveralLayers => ("second layer", "second layers"),
            Self::Metadata => ("document’s metadata", "documents’ metadata"),
            Self::FormerIds => ("former label id", "former label ids"),
        }
    }
}

/// Where a format writes to.
pub enum Sink<'a> {
    Stream(Box<dyn io::Write + 'a>),
    /// An empty folder that is there.
    Folder(PathBuf),
}

/// Writes one export, document by document, in the order of their ids.
pub trait Writer {
    /// Writes a document with the layers that go with it; gives back what could not be held.
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>>;

    /// Everything was given: writes what is still kept back.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// All formats, the lossless one first.
pub static FORMATS: [Format; 3] = [
    Format {
        id: "spanwright",
        name: "Spanwright JSONL",
        about: "everything, losslessly: one document per line with its layers",
        extensions: &["jsonl", "ndjson"],
        unit: Unit::CodePoint,
        shape: Shape::File,
        carries: &[
            Feature::Spans,
            Feature::Overlaps,
            Feature::Fragments,
            Feature::Attributes,
            Feature::Notes,
            Feature::Relations,
            Feature::DocumentAttributes,
            Feature::Status,
            Feature::Flag,
            Feature::Decisions,
            Feature::SeveralLayers,
            Feature::Metadata,
            Feature::FormerIds,
        ],
        looks: spanwright::looks,
        writer: spanwright::writer,
    },
    Format {
        id: "spans",
        name: "span JSONL",
        about: "one layer: {\"id\",\"text\",\"spans\":[{\"start\",\"end\",\"label\"}]} on each line",
        extensions: &["jsonl", "ndjson"],
        unit: Unit::CodePoint,
        shape: Shape::File,
        carries: &[Feature::Spans, Feature::Overlaps],
        looks: spans::looks,
        writer: spans::writer,
    },
    Format {
        id: "text",
        name: "plain text",
        about: "the texts alone, one file per document",
        extensions: &["txt"],
        unit: Unit::CodePoint,
        shape: Shape::Folder,
        carries: &[],
        looks: |_| false,
        writer: text::writer,
    },
];

impl Format {
    /// By its id.
    pub fn named(id: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.id == id)
    }

    /// By the first record of a JSON Lines file.
    pub fn of_record(record: &serde_json::Map<String, serde_json::Value>) -> Option<&'static Self> {
        FORMATS.iter().find(|format| (format.looks)(record))
    }

    pub fn has(&self, feature: Feature) -> bool {
        self.carries.contains(&feature)
    }

    /// Begins an export.
    pub fn writer<'a>(&self, sink: Sink<'a>, offsets: Offsets) -> Box<dyn Writer + 'a> {
        (self.writer)(sink, offsets)
    }
}

impl PartialEq for Format {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

impl fmt::Debug for Sink<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stream(_) => f.write_str("a stream"),
            Self::Folder(folder) => folder.fmt(f),
        }
    }
}
