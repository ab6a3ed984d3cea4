//! The files under `layers/`: their names, and finding them. One file holds an annotator's layers in every document whose id hashes to
//! the same two hex digits, a line each, in Spanwright JSONL without texts.

use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::StoreError;
use super::disk::UNFINISHED;
use crate::annotation::Annotator;

/// A mirror file as the folder shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Relative to `layers/`, with `/`: `ana/3f.jsonl`.
    pub file: String,
    pub size: i64,
    /// Nanoseconds since 1970.
    pub modified: i64,
}

/// The name of a mirror, relative to `layers/`.
pub(super) fn name(annotator: &Annotator, shard: u8) -> String {
    format!("{}/{shard:02x}.jsonl", annotator.folder())
}

/// The mirrors there are, by name. Files of unfinished writes are removed on the way.
pub(super) fn find(layers: &Path) -> Result<Vec<Found>, StoreError> {
    let mut found = Vec::new();
    for folder in names(layers)? {
        for name in names(&layers.join(&folder))? {
            let file = format!("{folder}/{name}");
            if name.starts_with(UNFINISHED) {
                // If it stays, it does no harm.
                let _ = fs::remove_file(layers.join(&file));
            } else if Path::new(&name).extension().is_some_and(|ending| ending == "jsonl") {
                // Copies that a sync program made of a clash have other names; they are read and never written.
                found.extend(stat(layers, &file)?);
            }
        }
    }
    found.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

/// The shard that a file's name says: `3f.jsonl`.
pub(super) fn shard(name: &str) -> Option<u8> {
    let digits = name.strip_suffix(".jsonl").filter(|digits| digits.len() == 2)?;
    let lower = digits.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    u8::from_str_radix(digits, 16).ok().filter(|_| lower)
}

/// One mirror, if it is there.
pub(super) fn stat(layers: &Path, file: &str) -> Result<Option<Found>, StoreError> {
    let path = layers.join(file);
    let meta = match fs::metadata(&path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::of_file(&path, &error)),
    };
    let modified = meta.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = modified.map_or(0, |time| time.as_nanos() as i64);
    let size = i64::try_from(meta.len()).unwrap_or(i64::MAX);
    Ok(meta.is_file().then(|| Found { file: file.to_owned(), size, modified }))
}

fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(StoreError::of_file(folder, &error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| StoreError::of_file(folder, &error))?;
        names.extend(entry.file_name().into_string());
    }
    Ok(names)
}
