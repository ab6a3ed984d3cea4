//! Reading an export back: the program's own output against what it was made from. `--verify` asks for it.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::Arc;

use super::spanwright::Records;
use super::table::{Feature, Format, Shape};
use super::text::Names;
use crate::annotation::exchange::{Offsets, RawLayer};
use crate::annotation::{Annotator, Layer};
use crate::text::{Document, Severity, TextRange};

/// An export that is read again, document by document, in the order in which it was written.
#[derive(Debug)]
pub enum ReadBack {
    Lines { records: Records<BufReader<File>>, lossless: bool },
    Files { folder: PathBuf, names: Names, offsets: Offsets },
}

impl ReadBack {
    /// `path` is the file, or the folder, that was written.
    pub fn new(format: &Format, path: PathBuf, offsets: Offsets) -> std::io::Result<Self> {
        Ok(match format.shape {
            Shape::Folder => Self::Files { folder: path, names: Names::default(), offsets },
            Shape::File => Self::Lines {
                records: Records::new(
                    BufReader::with_capacity(1 << 20, File::open(&path)?),
                    path.display().to_string(),
                    u64::MAX,
                ),
                lossless: format.has(Feature::SeveralLayers),
            },
        })
    }

    /// Compares the next document; says what differs.
    pub fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> Result<(), String> {
        let differs = |what: &str| Err(format!("{}: {what} does not read back as it was written", document.id));
        match self {
            Self::Files { folder, names, offsets } => {
                let expected = match offsets {
                    Offsets::Normalised => document.text.as_str().to_owned(),
                    Offsets::Original => document.newlines.restore(document.text.as_str()),
                };
                match fs::read(folder.join(names.name(&document.id))) {
                    Ok(bytes) if bytes == expected.as_bytes() => Ok(()),
                    Ok(_) => differs("the text"),
                    Err(error) => Err(format!("{}: {error}", document.id)),
                }
            }
            Self::Lines { records, lossless } => {
                let record = match records.next() {
                    None => return Err(format!("{}: the document is missing", document.id)),
                    Some(Err(problem)) => return Err(problem.to_string()),
                    Some(Ok(record)) => record,
                };
                let raw = record.document;
                let counting = raw.counting.clone();
                if raw.document_id().as_ref() != Some(&document.id) {
                    return differs("the id");
                }
                if raw.text.as_ref().map(|(text, _)| text) != Some(&document.text) {
                    return differs("the text");
                }
                let newlines = raw.text.as_ref().map(|(_, newlines)| newlines);
                if *lossless
                    && (raw.meta != document.meta
                        || raw.extra != document.extra
                        || newlines != Some(&document.newlines))
                {
                    return differs("the metadata");
                }
                let mut problems = record.problems;
                let mut check = |mut raw: RawLayer| {
                    let owner = Annotator::from(raw.annotator.take().unwrap_or_default());
                    raw.check(owner, document, &counting, &record.place, &mut problems)
                };
                let same = if *lossless {
                    let mut layers: Vec<&Layer> = layers.iter().map(|layer| &**layer).collect();
                    layers.sort_by(|a, b| a.annotator.cmp(&b.annotator));
                    let read: Vec<Layer> = raw.layers.into_iter().map(&mut check).collect();
                    read.iter().eq(layers)
                } else {
                    let read = check(RawLayer { spans: raw.spans, ..RawLayer::default() });
                    layers.iter().all(|layer| fragments(layer) == fragments(&read))
                };
                match problems.iter().find(|problem| problem.severity > Severity::Note) {
                    Some(problem) => Err(problem.to_string()),
                    None if same => Ok(()),
                    None => differs("a layer"),
                }
            }
        }
    }

    /// Nothing may be left.
    pub fn finish(self) -> Result<(), String> {
        match self {
            Self::Files { .. } => Ok(()),
            Self::Lines { mut records, .. } => match records.next() {
                None => Ok(()),
                Some(_) => Err("there is more than was written".to_owned()),
            },
        }
    }
}

/// What span JSONL holds of a layer: each stretch once for each label.
fn fragments(layer: &Layer) -> Vec<(TextRange, &str)> {
    let each =
        layer.spans.iter().flat_map(|span| span.ranges.as_slice().iter().map(|range| (*range, span.label.as_str())));
    let mut fragments: Vec<_> = each.collect();
    fragments.sort();
    fragments.dedup();
    fragments
}
