//! Labelled data that is taken in as one: a file or a folder, or the files of one format in an archive or in the export of a project.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::options::ReadOptions;
use super::record::{Record, Records};
use super::survey::records;
use super::table::Format;
use crate::annotation::exchange::RawLayer;
use crate::text::{Place, Problem};

/// Where labelled data is, and what it is.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub format: &'static Format,
    /// As the user named it.
    pub path: PathBuf,
    /// The file or folder that is read, be it of what was unpacked.
    pub at: PathBuf,
    /// Its files, where they are read one by one. Several users of one document come one after the other.
    parts: Vec<Part>,
    unpacked: Unpacked,
}

/// One file of several.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub path: PathBuf,
    /// What its place in a project says.
    pub named: Option<Named>,
}

/// Which document a file is of, and whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub document: String,
    /// `None`: nobody's, the text alone.
    pub annotator: Option<String>,
}

/// What came out of archives: how the user knows each folder. They go when nothing refers to them any more.
#[derive(Clone, Debug, Default)]
pub(super) struct Unpacked(Vec<(Arc<TempDir>, PathBuf)>);

impl Unpacked {
    pub fn add(&mut self, folder: &Arc<TempDir>, known_as: &Path) {
        self.0.push((Arc::clone(folder), known_as.to_owned()));
    }

    /// A path as the user knows it.
    fn shown(&self, path: &str) -> Option<String> {
        let mut path = PathBuf::from(path);
        let before = path.clone();
        for (folder, known_as) in &self.0 {
            path = below(&path, folder.path(), known_as).unwrap_or(path);
        }
        (path != before).then(|| path.display().to_string())
    }

    fn place(&self, place: &mut Place) {
        if let Some(shown) = place.file.as_deref().and_then(|file| self.shown(file)) {
            place.file = Some(shown);
        }
    }
}

/// A path below one folder as one below another.
pub(super) fn below(path: &Path, folder: &Path, known_as: &Path) -> Option<PathBuf> {
    let rest = path.strip_prefix(folder).ok()?;
    Some(if rest.as_os_str().is_empty() { known_as.to_owned() } else { known_as.join(rest) })
}

impl Labelled {
    /// A file or folder that its format reads as it is.
    pub fn new(path: &Path, format: &'static Format) -> Self {
        let (path, at) = (path.to_owned(), path.to_owned());
        Self { format, path, at, parts: Vec::new(), unpacked: Unpacked::default() }
    }

    /// Files of one format below `at`.
    pub(super) fn files(at: &Path, format: &'static Format, parts: Vec<Part>, unpacked: Unpacked) -> Self {
        Self { parts, unpacked, ..Self::new(at, format) }
    }

    /// It came out of an archive, which stands where the user put it.
    pub(super) fn out_of(mut self, folder: &Arc<TempDir>, archive: &Path) -> Self {
        self.unpacked.add(folder, archive);
        if let Some(shown) = self.unpacked.shown(&self.path.display().to_string()) {
            self.path = PathBuf::from(shown);
        }
        self
    }

    /// Reads another of the same format behind it, as one.
    pub fn join(&mut self, mut other: Self) {
        for one in [&mut *self, &mut other] {
            if one.parts.is_empty() {
                one.parts.push(Part { path: one.at.clone(), named: None });
            }
        }
        self.parts.append(&mut other.parts);
        self.unpacked.0.append(&mut other.unpacked.0);
    }

    /// It is read along with another: the text and the annotations of a brat document, named one by one.
    pub fn comes_with(&self, other: &Self) -> bool {
        let stem = |path: &Path| path.with_extension("");
        let paths = || other.parts.iter().map(|part| &part.path).chain([&other.at]);
        self.format.id == "brat"
            && other.format == self.format
            && self.at.is_file()
            && paths().any(|path| path.is_file() && stem(path) == stem(&self.at))
    }

    /// Bytes of everything that is read.
    pub fn size(&self) -> u64 {
        match self.parts.as_slice() {
            [] => size(&self.at),
            parts => parts.iter().map(|part| size(&part.path)).sum(),
        }
    }

    /// The documents. An error where there is nothing to read at all.
    pub fn records(&self, options: &ReadOptions) -> io::Result<Records> {
        if self.parts.is_empty() && self.unpacked.0.is_empty() {
            return records(self.format, &self.at, options);
        }
        let whole = Part { path: self.at.clone(), named: None };
        let parts = if self.parts.is_empty() { vec![whole] } else { self.parts.clone() };
        let (format, unpacked, options) = (self.format, self.unpacked.clone(), *options);
        let mut before = 0;
        Ok(Box::new(parts.into_iter().flat_map(move |part| {
            let (start, unpacked) = (before, unpacked.clone());
            before += size(&part.path);
            let records = records(format, &part.path, &options).unwrap_or_else(|error| {
                let sentence = format!("it could not be read as {}: {error}", format.name);
                let place = Place::file(part.path.display().to_string());
                Box::new(std::iter::once(Err(Box::new(Problem::error(place, sentence)))))
            });
            let mut count = 0;
            records.map(move |record| match record {
                Ok(mut record) => {
                    record.read += start;
                    unpacked.place(&mut record.place);
                    record.problems.iter_mut().for_each(|problem| unpacked.place(&mut problem.place));
                    count += 1;
                    if let Some(named) = &part.named {
                        named.give(&mut record, count);
                    }
                    Ok(record)
                }
                Err(mut problem) => {
                    unpacked.place(&mut problem.place);
                    Err(problem)
                }
            })
        })))
    }
}

impl Named {
    /// Names the record of a file, the `count`th of it.
    fn give(&self, record: &mut Record, count: usize) {
        let raw = &mut record.document;
        raw.id = Some(match count {
            ..=1 => self.document.clone(),
            _ => format!("{}-{count:05}", self.document),
        });
        record.place.document.clone_from(&raw.id);
        let Some(annotator) = &self.annotator else {
            raw.layers.clear();
            raw.spans.clear();
            record.has_spans = false;
            return;
        };
        if std::mem::take(&mut record.has_spans) || raw.layers.is_empty() {
            raw.layers.push(RawLayer { spans: std::mem::take(&mut raw.spans), ..RawLayer::default() });
        }
        for layer in &mut raw.layers {
            layer.annotator = Some(annotator.clone());
        }
    }
}

/// Bytes of a file, or of the files in a folder. Links are not followed.
fn size(path: &Path) -> u64 {
    let (mut bytes, mut folders) = (0, vec![path.to_owned()]);
    while let Some(path) = folders.pop() {
        let Ok(found) = fs::metadata(&path) else { continue };
        if !found.is_dir() {
            bytes += found.len();
            continue;
        }
        for entry in fs::read_dir(&path).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => bytes += entry.metadata().map_or(0, |found| found.len()),
                _ => {}
            }
        }
    }
    bytes
}
