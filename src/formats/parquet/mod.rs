//! Parquet as the `datasets` library, pandas and every trainer read it: one row for each layer of a document, with labels and tags as
//! `ClassLabel` numbers whose names stand in the schema's `huggingface` entry.
//!
//! `spans` holds every span of the layer: nested, crossing, discontinuous, empty. `tokens`, `offsets` and `ner_tags` are what a flat
//! token classifier wants beside it: words without the white space between them, cut where a span ends inside one, with one tag each
//! in the scheme of the export; where spans lie over each other, the labels of the export's priority win, then the longest, then the
//! first. What the tags leave out is in `spans`, and so is no loss. All offsets count code points, half open.
//!
//! What a foreign file has beside texts and spans is kept in the document's `meta`, below `huggingface`, and goes out again in the
//! column `meta`, not in a column of its own. Every compression and encoding that those libraries, Polars and `DuckDB` write is read;
//! what is written is Snappy, with the words once in a dictionary and offsets as differences.
//!
//! Pages are written here (`column`, `encode`, `dictionary`), because levels and numbers are known in whole lists at a time; what frames
//! them in a file, and all reading, is the library's.
//!
//! The file format is the Apache project's (parquet-format, `parquet.thrift`); the entry in the schema is `datasets`' own.

mod column;
mod dictionary;
mod encode;
mod guard;
mod read;
mod thrift;
mod unpack;
mod values;
mod write;

pub(super) use read::Rows;

use super::table::{Format, Shape};
use crate::text::convert::Unit;

/// Everything, in columns.
pub(super) static FORMAT: Format = Format {
    id: "parquet",
    name: "Parquet",
    about: "columns for Hugging Face datasets and pandas: text, spans, tokens, tags",
    extensions: &["parquet"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: super::hf::CARRIES,
    looks: |glimpse| glimpse.start.starts_with(b"PAR1"),
    reader: Some(read::read),
    writer: Some(write::writer),
    vocabulary: None,
    words: None,
};
