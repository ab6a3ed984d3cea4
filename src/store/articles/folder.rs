//! The folder `articles/`: which files count, in which order, and the marks that keep unfinished imports out of sight.
//!
//! An article file is named `0003-k3f9.jsonl`: a number that grows, and the tag of the import that wrote it, so that two machines
//! never choose the same name. While an import runs, a mark `importing-k3f9` lies in `.store/` and is locked by the process; if the
//! process dies the lock goes, and whoever comes next removes what the import left.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use ulid::Ulid;

use super::fault::io as told;
use crate::store::StoreError;

/// Hidden documents, metadata edits and new versions.
pub(super) const CHANGES: &str = "changes.jsonl";

/// A file as the folder lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub name: String,
    pub size: u64,
    /// Nanoseconds since 1970.
    pub modified: i64,
}

impl Found {
    pub(super) fn at(path: &Path) -> Result<Option<Self>, StoreError> {
        let meta = match fs::metadata(path) {
            Ok(meta) => meta,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(told(path, &error)),
        };
        let modified = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let modified = modified.map_or(0, |time| time.as_nanos() as i64);
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        Ok(meta.is_file().then_some(Self { name, size: meta.len(), modified }))
    }
}

/// The article files, in the order in which they count: by number, then by the bytes of the name. [`CHANGES`] is not among them.
pub(super) fn article_files(folder: &Path) -> Result<Vec<Found>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(told(folder, &error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| told(folder, &error))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if path.extension().is_some_and(|ending| ending == "jsonl") && !name.starts_with('.') && name != CHANGES {
            files.extend(Found::at(&path)?);
        }
    }
    files.sort_by(|a, b| (number(&a.name), &a.name).cmp(&(number(&b.name), &b.name)));
    Ok(files)
}

/// The number a name begins with; a file that came in by hand and has none goes last.
pub(super) fn number(name: &str) -> u64 {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    name[..digits].parse::<u32>().map_or(u64::MAX, u64::from)
}

/// A number that no file has yet.
pub(super) fn next_number(folder: &Path) -> Result<u64, StoreError> {
    let numbers = article_files(folder)?.into_iter().map(|found| number(&found.name));
    Ok(numbers.filter(|number| *number != u64::MAX).max().map_or(1, |number| number + 1))
}

pub(super) fn name(number: u64, tag: &str) -> String {
    format!("{number:04}-{tag}.jsonl")
}

/// The name of a part while its import runs; not `.jsonl`, so nobody reads it.
pub(super) fn draft(part: usize, tag: &str) -> String {
    format!("{part:04}-{tag}.unfinished")
}

/// Whose import wrote the file.
pub(super) fn tag(name: &str) -> Option<&str> {
    name.strip_suffix(".jsonl").or_else(|| name.strip_suffix(".unfinished"))?.split_once('-').map(|(_, tag)| tag)
}

/// Makes names that were changed in a folder durable.
pub(super) fn sync(folder: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| told(folder, &error))?;
    }
    Ok(())
}

/// The mark of an import that this process is running, or whose remains it is clearing away. Locked as long as it lives.
#[derive(Debug)]
pub(super) struct Mark {
    pub tag: String,
    path: PathBuf,
    _lock: File,
}

impl Mark {
    pub(super) fn new(store: &Path) -> Result<Self, StoreError> {
        loop {
            let random = Ulid::generate().to_string().to_lowercase();
            let tag = random[random.len() - 4..].to_owned();
            let path = store.join(format!("importing-{tag}"));
            let file = match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(told(&path, &error)),
            };
            // Someone who tidies up may have been quicker than our lock: then the mark is gone, and another is made.
            if file.try_lock().is_ok() && path.exists() {
                return Ok(Self { tag, path, _lock: file });
            }
        }
    }

    /// The import is over, one way or the other.
    pub(super) fn remove(self) -> Result<(), StoreError> {
        fs::remove_file(&self.path).map_err(|error| told(&self.path, &error))?;
        sync(self.path.parent().unwrap_or(Path::new(".")))
    }
}

/// The marks there are, by tag: `None` for an import that is running, a locked mark for one that died.
pub(super) fn marks(store: &Path) -> Result<BTreeMap<String, Option<Mark>>, StoreError> {
    let mut marks = BTreeMap::new();
    let Ok(entries) = fs::read_dir(store) else { return Ok(marks) };
    for entry in entries {
        let path = entry.map_err(|error| told(store, &error))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(tag) = name.strip_prefix("importing-").map(str::to_owned) else { continue };
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(told(&path, &error)),
        };
        let mark = match file.try_lock() {
            Ok(()) if !path.exists() => continue,
            Ok(()) => Some(Mark { tag: tag.clone(), path, _lock: file }),
            Err(TryLockError::WouldBlock) => None,
            Err(TryLockError::Error(error)) => return Err(told(&path, &error)),
        };
        marks.insert(tag, mark);
    }
    Ok(marks)
}
