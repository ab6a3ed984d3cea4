//! Files of tasks, one after the other, task by task: arrays of any size.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, BufRead as _};
use std::path::{Path, PathBuf};

use super::config::Config;
use super::paragraphs::Fits;
use super::sheet::{self, Sheet};
use super::{files, is_file, task};
use crate::formats::articles::stream::Stream;
use crate::formats::options::ReadOptions;
use crate::formats::record::{Record, Records};
use crate::formats::values::{self, Element, Values};
use crate::text::{Problem, TextHash};

pub(super) fn reader(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let files: VecDeque<PathBuf> = if path.is_dir() {
        files(path).into_iter().filter(|file| is_file(file)).collect()
    } else {
        // Whether it can be opened is said at once.
        File::open(path)?;
        VecDeque::from([path.to_owned()])
    };
    Ok(Box::new(Tasks {
        files,
        current: None,
        config: Config::beside(path),
        earlier: HashMap::new(),
        fresh: Vec::new(),
        read: 0,
        // A task holds its text, and each annotation says again what its regions cover.
        limit: options.limits.document_bytes.saturating_mul(4),
    }))
}

struct Tasks {
    files: VecDeque<PathBuf>,
    current: Option<Current>,
    config: Config,
    /// Texts of the files before this one and the ids they got: a task and its annotations may stand in two files.
    earlier: HashMap<TextHash, String>,
    fresh: Vec<(TextHash, String)>,
    /// Bytes of the files that are done.
    read: u64,
    limit: u64,
}

/// The values of a file.
type Elements = Box<dyn Iterator<Item = Result<Element, Box<Problem>>> + Send>;

/// A table, or JSON.
fn elements(mut source: Stream<File>, file: String, limit: u64) -> Elements {
    let is_sheet = source.fill_buf().is_ok_and(|start| sheet::looks(&String::from_utf8_lossy(start)));
    if is_sheet { Box::new(Sheet::new(source, file, limit)) } else { Box::new(Values::new(source, file, limit)) }
}

struct Current {
    values: Elements,
    file: String,
    read: u64,
    fits: Fits,
}

impl Tasks {
    /// The document's id, where a file before this one had the same text.
    fn known(&mut self, record: &mut Record) {
        let Some((text, _)) = &record.document.text else { return };
        // One file that has the same text twice means two documents.
        if self.files.is_empty() && self.earlier.is_empty() {
            return;
        }
        let hash = text.sha256();
        if let Some(id) = self.earlier.get(&hash) {
            record.document.id = Some(id.clone());
            record.place.document = Some(id.clone());
        } else if let Some(id) = record.document.document_id() {
            self.fresh.push((hash, id.0));
        }
    }
}

impl Iterator for Tasks {
    type Item = Result<Record, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(current) = &mut self.current else {
                let path = self.files.pop_front()?;
                let file = path.display().to_string();
                match values::open(&path) {
                    Ok(source) => {
                        let values = elements(source, file.clone(), self.limit);
                        self.current = Some(Current { values, file, read: 0, fits: Fits::default() });
                    }
                    Err(error) => {
                        let place = crate::text::Place::file(file);
                        return Some(Err(Box::new(Problem::error(
                            place,
                            format!("the file could not be read: {error}"),
                        ))));
                    }
                }
                continue;
            };
            let Some(element) = current.values.next() else {
                self.read += current.read;
                self.current = None;
                self.earlier.extend(self.fresh.drain(..));
                continue;
            };
            let read = |element: Element, current: &mut Current| {
                current.read = element.read;
                let mut record =
                    task::record(element.value, &current.file, element.line, &self.config, &mut current.fits)?;
                record.read = self.read + element.read;
                Ok(record)
            };
            return Some(element.and_then(|element| read(element, current)).map(|mut record| {
                self.known(&mut record);
                record
            }));
        }
    }
}
