//! Articles from files, folders and archives, one at a time: text files, JSONL, CSV and TSV, HTML, zip of any of these.
//!
//! [`load`] streams: memory depends on the largest article (and the largest single folder's list of names), never on the
//! size of the input. Nothing is dropped without a word: what cannot be read is [`Loaded::Refused`], what was not meant
//! to be read is [`Loaded::Skipped`], and after either the rest goes on. Whether an id is taken, and what then, is
//! decided by whoever stores the articles.

mod archive;
mod decode;
mod fields;
mod folder;
mod html;
mod intake;
mod json;
mod jsonl;
pub(in crate::formats) mod lines;
mod loader;
mod nodes;
mod page;
mod plain;
mod preview;
mod record;
pub(in crate::formats) mod rows;
pub(in crate::formats) mod stream;
mod table;
mod visible;

use encoding_rs::Encoding;
use serde_json::value::RawValue;

pub use fields::{FieldMap, Role};
pub use loader::{Loader, load};
pub use nodes::node_text;
pub use preview::{Column, Preview, preview};

/// What guards an archive, for labelled data in one.
pub(super) mod packed {
    pub(in crate::formats) use super::archive::{Metered, reason, safe};
    pub(in crate::formats) use super::folder::is_hidden;
    pub(in crate::formats) use super::intake::Stop;
}

/// Bytes to text, for every format.
pub(super) use decode::decode;

use crate::text::{Document, Place, Problem};

/// How to read. The default guesses everything that can be guessed.
#[derive(Clone, Debug)]
pub struct LoadOptions {
    /// Read every file in this encoding, strictly; guessed where not given.
    pub encoding: Option<&'static Encoding>,
    /// Which field or column holds the text, the id and so on; guessed where not given.
    pub fields: FieldMap,
    pub limits: Limits,
    /// Read every file as this, whatever its ending says. Archives stay archives.
    pub format: Option<ArticleFormat>,
    /// Keys of a JSON line that are no metadata: they come beside the article, unread, in [`Article::apart`].
    pub apart: Vec<String>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            encoding: None,
            fields: FieldMap::default(),
            limits: Limits::default(),
            format: None,
            apart: ["sha256", "layers", "spans"].map(str::to_owned).to_vec(),
        }
    }
}

/// Where reading stops, so that a hostile file costs an error and not the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one document's text (UTF-8), and of one text or HTML file. A JSON line or a CSV row may have twice as many.
    pub document_bytes: u64,
    /// How many times its own size an archive may grow, once it has grown past [`Limits::ratio_from`].
    pub ratio: u64,
    /// Expanded bytes of one archive below which the ratio is not looked at.
    pub ratio_from: u64,
    /// Expanded bytes of one archive, as they are read, whatever its headers say.
    pub archive_bytes: u64,
    /// Entries of one archive.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { document_bytes: 128 << 20, ratio: 200, ratio_from: 16 << 20, archive_bytes: 8 << 30, entries: 1_000_000 }
    }
}

impl Limits {
    /// Bytes of one JSON line, one JSON object or one CSV row: escapes and other fields need room beside the text.
    const fn record_bytes(&self) -> u64 {
        self.document_bytes.saturating_mul(2)
    }
}

/// What a file of articles is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArticleFormat {
    /// One article, as it is.
    Plain,
    /// One JSON object per line, or one array of objects.
    Jsonl,
    Csv,
    Tsv,
    /// One web page.
    Html,
}

impl ArticleFormat {
    /// By a file's ending, without the dot, in any case.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Some(match ending.to_ascii_lowercase().as_str() {
            "txt" | "text" | "md" => Self::Plain,
            "jsonl" | "ndjson" | "json" => Self::Jsonl,
            "csv" => Self::Csv,
            "tsv" => Self::Tsv,
            "html" | "htm" | "xhtml" => Self::Html,
            _ => return None,
        })
    }

    /// As people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Jsonl => "JSONL",
            Self::Csv => "CSV",
            Self::Tsv => "TSV",
            Self::Html => "HTML",
        }
    }
}

/// One article as a source gave it.
#[derive(Debug)]
pub struct Article {
    /// The source's own id; for text and HTML files the path below the folder or in the archive, with `/`. Where it is
    /// `None` the document has the id made from its text.
    pub id: Option<String>,
    pub document: Document,
    /// The file and, in files of many, the line or row it came from.
    pub place: Place,
    /// What was repaired or is worth knowing about this one article.
    pub notes: Vec<Problem>,
    /// The values of [`LoadOptions::apart`] as they stand in the JSON line, in its order.
    pub apart: Vec<(String, Box<RawValue>)>,
}

/// What comes out of [`load`].
#[derive(Debug)]
pub enum Loaded {
    Article(Box<Article>),
    /// Something that should have been an article is none; the rest goes on.
    Refused(Problem),
    /// Files that were not meant to be read, one problem per kind, at the end.
    Skipped(Problem),
    /// Worth knowing about a whole file or about all of them: an encoding that was guessed, newlines that were changed.
    Note(Problem),
    /// Reading has stopped for good, because the source is dangerous. Nothing of this import should be kept.
    Aborted(Problem),
}

/// An encoding by any of its names on the web (`windows-1251`, `latin1`, `utf-16le`, `shift_jis` …).
pub fn encoding_named(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.trim().as_bytes()).filter(|encoding| *encoding != encoding_rs::REPLACEMENT)
}
