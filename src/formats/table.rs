//! What data formats there are: one row each, with what it can carry. Help, reports and the README's table are made from it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::glimpse::Glimpse;
use super::loss::Loss;
use super::options::{ReadOptions, WriteOptions};
use super::record::Records;
use super::vocabulary::Vocabulary;
use crate::annotation::Layer;
use crate::text::Document;
use crate::text::convert::Unit;

/// One data format. Each has its row in its own module; [`FORMATS`] lists them.
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
    pub carries: Features,
    /// A file or folder is of this format, by its content.
    pub looks: fn(&Glimpse) -> bool,
    /// Reads a file or folder; `None` where the format is not read, or (articles, our own lines) read elsewhere.
    pub reader: Option<fn(&Path, &ReadOptions) -> io::Result<Records>>,
    pub writer: Option<Begin>,
    /// What the input says of its labels beside using them (a configuration in the folder); `None` where formats have no such thing.
    pub vocabulary: Option<fn(&Path) -> Vocabulary>,
    /// What the tool itself calls what its files hold; `None` where it has no other words than ours.
    pub words: Option<Words>,
}

/// What a tool and the things in its files are called: one of them, and many.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    pub tool: &'static str,
    pub document: (&'static str, &'static str),
    pub span: (&'static str, &'static str),
}

/// Begins to write.
pub type Begin = for<'a> fn(Sink<'a>, &WriteOptions) -> io::Result<Box<dyn Writer + 'a>>;

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
    /// Spans that cover nothing.
    Empty,
    /// Spans that begin or end inside a token.
    Edges,
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
    /// Labels with whatever characters they have.
    Labels,
    /// Labels as they are stored, even where the schema has renamed them since.
    FormerIds,
}

/// Several features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Features(u32);

impl Features {
    pub const ALL: Self = Self(u32::MAX);

    pub const fn only(features: &[Feature]) -> Self {
        let mut bits = 0;
        let mut place = 0;
        while place < features.len() {
            bits |= 1 << features[place] as u32;
            place += 1;
        }
        Self(bits)
    }

    pub const fn all_but(features: &[Feature]) -> Self {
        Self(!Self::only(features).0)
    }

    pub const fn contains(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u32) != 0
    }
}

impl Feature {
    /// How a count of what was lost is headed in a report.
    pub const fn lost(self) -> &'static str {
        self.words().1
    }

    /// As reports and scripts name it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Spans => "spans",
            Self::Overlaps => "overlaps",
            Self::Fragments => "fragments",
            Self::Empty => "empty",
            Self::Edges => "edges",
            Self::Attributes => "attributes",
            Self::Notes => "notes",
            Self::Relations => "relations",
            Self::DocumentAttributes => "document-attributes",
            Self::Status => "status",
            Self::Flag => "flag",
            Self::Decisions => "decisions",
            Self::SeveralLayers => "several-layers",
            Self::Metadata => "metadata",
            Self::FormerIds => "former-ids",
            Self::Labels => "labels",
        }
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
            Self::Empty => ("empty span", "empty spans"),
            Self::Edges => ("span (token edges)", "spans (token edges)"),
            Self::Attributes => ("span’s attributes", "spans’ attributes"),
            Self::Notes => ("note", "notes"),
            Self::Relations => ("relation", "relations"),
            Self::DocumentAttributes => ("document’s attributes", "documents’ attributes"),
            Self::Status => ("status", "statuses"),
            Self::Flag => ("flag", "flags"),
            Self::Decisions => ("list of decisions", "lists of decisions"),
            Self::SeveralLayers => ("second layer", "second layers"),
            Self::Metadata => ("document’s metadata", "documents’ metadata"),
            Self::Labels => ("label’s name (changed)", "labels’ names (changed)"),
            Self::FormerIds => ("former label id", "former label ids"),
        }
    }
}

/// Where a format writes to.
pub enum Sink<'a> {
    Stream(Box<dyn io::Write + Send + 'a>),
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

#[rustfmt::skip]
/// All formats, the lossless one first. Where several recognise a file, the first is meant.
pub static FORMATS: &[&Format] = &[
    &super::spanwright::FORMAT,
    &super::spans::FORMAT,
    &super::spacy::FORMAT,
    &super::parquet::FORMAT,
    &super::hf::FORMAT,
    &super::conllu::FORMAT,
    &super::conll::FORMAT,
    &super::brat::FORMAT,
    &super::doccano::FORMAT,
    &super::label_studio::FORMAT,
    &super::prodigy::FORMAT,
    &super::spacy_json::FORMAT,
    &super::cas::XMI,
    &super::cas::JSON,
    &super::text::FORMAT,
    &super::tsv::FORMAT,
    &super::hf::ROWS,
];

impl Format {
    /// By its id.
    pub fn named(id: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.id == id).copied()
    }

    /// What a file or folder is, by its content; `None` for articles and for what nobody knows.
    pub fn of(glimpse: &Glimpse) -> Option<&'static Self> {
        FORMATS.iter().find(|format| (format.looks)(glimpse)).copied()
    }

    /// The parts of a split are files in one folder, and not folders of their own.
    pub fn keeps_parts_together(&self) -> bool {
        self.id == "hf"
    }

    /// Its texts may be written as their sources had them, byte order mark and CRLF included. Where words are cut and counted, texts
    /// are always with LF alone.
    pub fn keeps_sources(&self) -> bool {
        !matches!(self.id, "spacy" | "spacy-json" | "prodigy" | "conll" | "conllu")
    }

    /// Its files are lines that our own reader reads.
    pub fn is_lines(&self) -> bool {
        matches!(self.id, "spanwright" | "spans")
    }

    pub fn has(&self, feature: Feature) -> bool {
        self.carries.contains(feature)
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
