//! Spanwright JSONL, the lossless exchange format: one document per line, with its layers. Exports, imports and the mirrors under
//! `layers/` all go through here; ARCHITECTURE.md describes the format field by field.
//!
//! All offsets are code points of the text as the line has it, half open.

mod quick;
mod read;
mod write;

pub use read::{RawDocument, RawLayer, RawRelation};
pub use write::{Line, Offsets, to_json, write_document, write_line};
