//! A bounded look at a path, from which every format says whether it is one of its own. Content decides, not the ending.

use std::cell::OnceCell;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::articles::stream::Stream;
use super::lines::is_of_old_macs;
use super::lists;
use super::values::{self, Values};

/// Bytes of a file, and names of a folder, that are looked at.
pub(super) const BYTES: u64 = 1 << 20;
const NAMES: usize = 2_000;
/// Bytes of the first value of a file of JSON, where it is longer.
pub(super) const VALUE: u64 = 32 << 20;

/// The beginning of a file, or the names in a folder.
#[derive(Debug)]
pub struct Glimpse {
    pub path: PathBuf,
    /// The first MiB, text in another encoding as UTF-8, carriage returns that end lines alone as newlines; empty for a folder.
    pub start: Vec<u8>,
    /// The files of a folder and its folders, relative, with `/`, sorted; at most 2,000; hidden ones left out. Empty for a file.
    pub names: Vec<String>,
    value: OnceCell<Option<Value>>,
}

impl Glimpse {
    pub fn at(path: &Path) -> io::Result<Self> {
        let (mut start, mut names) = (Vec::new(), Vec::new());
        if path.is_dir() {
            list(path, "", &mut names);
            names.sort();
        } else {
            File::open(path)?.take(BYTES).read_to_end(&mut start)?;
            if is_of_another_encoding(&start) {
                let mut text = Vec::new();
                Stream::new(start.as_slice(), None).read_to_end(&mut text)?;
                start = String::from_utf8_lossy(&text).into_owned().into_bytes();
            }
            if is_of_old_macs(&start) && !start.iter().copied().any(|byte| byte == 0 || is_control(byte)) {
                start.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
            }
        }
        Ok(Self { path: path.to_owned(), start, names, value: OnceCell::new() })
    }

    pub fn is_folder(&self) -> bool {
        self.start.is_empty() && self.path.is_dir()
    }

    /// The ending without its dot, in small letters.
    pub fn ending(&self) -> String {
        self.path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
    }

    /// The start as text, as far as it is UTF-8, without a byte order mark.
    pub fn text(&self) -> &str {
        let bytes = self.start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.start);
        match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
        }
    }

    /// The first JSON value of a file of them: of JSON Lines, of one array's elements, of the lists in one object, or
    /// the one object there is.
    pub fn value(&self) -> Option<&Value> {
        let read = || {
            let first = Values::new(self.start.as_slice(), String::new(), BYTES).next()?;
            match first {
                Ok(element) => Some(element.value),
                // One document with very many spans.
                Err(_) if self.start.len() as u64 >= BYTES && self.text().trim_start().starts_with(['{', '[']) => {
                    Values::new(values::open(&self.path).ok()?, String::new(), VALUE)
                        .next()?
                        .ok()
                        .map(|element| element.value)
                }
                Err(_) => None,
            }
        };
        self.value.get_or_init(read).as_ref()
    }

    /// The values are in the lists of one object.
    pub fn has_lists(&self) -> bool {
        lists::are_in(self.text().trim_start().as_bytes())
    }

    /// The first value, if it is an object.
    pub fn record(&self) -> Option<&Map<String, Value>> {
        self.value()?.as_object()
    }
}

/// Text that is no UTF-8: no control characters but those of lines, unless it has two bytes for each.
fn is_of_another_encoding(start: &[u8]) -> bool {
    let is_utf_8 =
        || std::str::from_utf8(start).map_or_else(|error| error.error_len().is_none(), |_| !start.contains(&0));
    start.starts_with(b"\xff\xfe")
        || start.starts_with(b"\xfe\xff")
        || (!start.iter().copied().any(is_control) && !is_utf_8())
}

/// No part of a text, in whatever encoding.
fn is_control(byte: u8) -> bool {
    byte < b' ' && !matches!(byte, b'\0' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

fn list(folder: &Path, prefix: &str, names: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if names.len() >= NAMES || name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        // Links are not followed.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            list(&entry.path(), &format!("{name}/"), names);
        }
        names.push(name);
    }
}
