//! A `DocBin` taken apart: what belongs to each Doc put aside, to be read in step. The file cannot be read Doc by Doc, because what its
//! words are comes after them.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;
use serde_json::Value;

use super::super::articles::Limits;
use super::super::options::ReadOptions;
use super::super::record::Records;
use super::doc::Docs;
use super::pack::{self, Kind, Plain, broken};
use super::spool::{Kept, Spool};
use super::{ORTH, symbols};
use crate::text::{Place, Problem};

/// What a `DocBin` may hold at its top.
pub const KEYS: [&str; 10] =
    ["version", "attrs", "tokens", "spaces", "lengths", "strings", "cats", "flags", "span_groups", "user_data"];
const BEYOND: &str = "it grows beyond all measure when unpacked";
/// More columns than spaCy has attributes.
const COLUMNS: u32 = 1_000;
/// Unpacked bytes that are always read, however small the file: words that repeat pack well, and they are put aside on disk.
const DISK: u64 = 1 << 30;

/// One file, or the `.spacy` files of a folder, one after the other.
pub fn reader(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let mut files = Vec::new();
    if path.is_dir() {
        collect(path, &mut files)?;
        files.sort();
    } else {
        File::open(path)?;
        files.push(path.to_owned());
    }
    let limits = options.limits;
    Ok(Box::new(files.into_iter().flat_map(move |file| -> Records {
        let name = file.display().to_string();
        match Bin::open(&file, &limits) {
            Ok(bin) => Box::new(Docs::new(bin, name, limits)),
            Err(error) => {
                let cut = error.kind() == io::ErrorKind::UnexpectedEof;
                let sentence = if cut {
                    "the file is cut off: nothing of it was imported".to_owned()
                } else {
                    format!("it is no DocBin that spaCy could read: {error}; nothing of it was imported")
                };
                let fix = "Write it again with DocBin.to_disk and import it again";
                Box::new(std::iter::once(Err(Box::new(Problem::error(Place::file(name), sentence).fix(fix)))))
            }
        }
    })))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // Links are not followed.
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else if is_named(&entry.path()) {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// It ends as `DocBin`s do.
pub fn is_named(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("spacy"))
}

/// A file, taken apart. What is missing in it is empty here.
#[derive(Debug)]
pub struct Bin {
    pub attrs: Vec<u64>,
    pub strings: HashMap<u64, Box<str>>,
    pub tokens: Kept,
    pub spaces: Kept,
    pub lengths: Kept,
    pub docs: u64,
    /// One row each per Doc, where the file has them.
    pub cats: Kept,
    pub flags: Kept,
    pub groups: Kept,
    pub notes: Kept,
}

#[derive(Default)]
struct Parts {
    /// Bytes that all strings may have, and any one row.
    memory: u64,
    attrs: Option<Vec<u64>>,
    strings: HashMap<u64, Box<str>>,
    tokens: Spool,
    spaces: Spool,
    lengths: Spool,
    cats: Spool,
    flags: Spool,
    groups: Spool,
    notes: Spool,
}

impl Bin {
    fn open(path: &Path, limits: &Limits) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        let memory = size.saturating_mul(limits.ratio).max(limits.ratio_from).min(limits.archive_bytes);
        let most = memory.max(DISK).min(limits.archive_bytes);
        let inner = ZlibDecoder::new(BufReader::with_capacity(1 << 16, file));
        let mut source = BufReader::with_capacity(1 << 16, Bounded { inner, left: most });
        let Kind::Map(len) = pack::kind(&mut source)? else { return Err(broken("it holds no map")) };
        let mut parts = Parts { memory, ..Parts::default() };
        for _ in 0..len {
            let Kind::Text(len) = pack::kind(&mut source)? else { return Err(broken("a key is no string")) };
            let key = pack::text(&mut source, len)?;
            parts.read(&key, &mut source)?;
        }
        // The checksum stands behind the last byte.
        if source.read(&mut [0])? > 0 {
            return Err(broken("there is more behind its end"));
        }
        parts.check()
    }
}

impl Parts {
    fn read(&mut self, key: &str, source: &mut impl Read) -> io::Result<()> {
        let binary = |source: &mut _, spool: &mut Spool| match pack::kind(source)? {
            Kind::Bytes(len) | Kind::Text(len) => copy(source, len, spool),
            _ => Err(broken(format!("its {key} are no bytes"))),
        };
        match key {
            "tokens" => binary(source, &mut self.tokens)?,
            "spaces" => binary(source, &mut self.spaces)?,
            "lengths" => binary(source, &mut self.lengths)?,
            "attrs" => {
                let Kind::List(len @ ..=COLUMNS) = pack::kind(source)? else {
                    return Err(broken("its attrs are no list"));
                };
                let number = |source: &mut _| match pack::kind(source)? {
                    Kind::Plain(Plain::Unsigned(number)) => Ok(number),
                    _ => Err(broken("one of its attrs is no number")),
                };
                self.attrs = Some((0..len).map(|_| number(source)).collect::<io::Result<_>>()?);
            }
            "strings" => {
                let mut size = 0;
                for _ in 0..list(key, source)? {
                    let Kind::Text(len) = pack::kind(source)? else { return Err(broken("one of its strings is none")) };
                    size += u64::from(len) + 48;
                    if size > self.memory {
                        return Err(broken(BEYOND));
                    }
                    let text = pack::text(source, len)?;
                    self.strings.insert(symbols::hash(&text), text.into());
                }
            }
            "cats" => {
                for _ in 0..list(key, source)? {
                    let cats = pack::json(&mut source.take(self.memory))?;
                    let none = cats.as_object().is_none_or(serde_json::Map::is_empty);
                    self.cats.row(&if none { Vec::new() } else { serde_json::to_vec(&cats)? })?;
                }
            }
            "flags" => {
                for _ in 0..list(key, source)? {
                    let flags = pack::json(&mut source.take(self.memory))?;
                    self.flags.row(&[u8::from(flags.get("has_unknown_spaces") == Some(&Value::Bool(true)))])?;
                }
            }
            "span_groups" => rows(key, source, &mut self.groups, self.memory)?,
            "user_data" => rows(key, source, &mut self.notes, self.memory)?,
            _ => pack::skip(source)?,
        }
        Ok(())
    }

    /// Everything fits together, by its length.
    fn check(self) -> io::Result<Bin> {
        let attrs = self.attrs.ok_or_else(|| broken("it has no attrs"))?;
        if !attrs.contains(&ORTH) {
            return Err(broken("its attrs are without ORTH: nobody knows its words"));
        }
        let row = attrs.len() as u64 * 8;
        if !self.tokens.len().is_multiple_of(row) || !self.lengths.len().is_multiple_of(4) {
            return Err(broken("its tokens or lengths are cut off"));
        }
        let docs = self.lengths.len() / 4;
        let (words, mut sum) = (self.tokens.len() / row, 0);
        let mut lengths = self.lengths.read()?;
        for _ in 0..docs {
            let mut length = [0; 4];
            lengths.read_exact(&mut length)?;
            let length =
                u64::try_from(i32::from_le_bytes(length)).map_err(|_| broken("one of its lengths is negative"))?;
            sum += length;
        }
        if sum != words || self.spaces.len() != words {
            let sentence = format!(
                "its lengths speak of {sum} words, of which {words} are there, and {} spaces",
                self.spaces.len()
            );
            return Err(broken(sentence));
        }
        lengths.again()?;
        Ok(Bin {
            attrs,
            strings: self.strings,
            tokens: self.tokens.read()?,
            spaces: self.spaces.read()?,
            lengths,
            docs,
            cats: self.cats.read()?,
            flags: self.flags.read()?,
            groups: self.groups.read()?,
            notes: self.notes.read()?,
        })
    }
}

fn list(key: &str, source: &mut impl Read) -> io::Result<u32> {
    match pack::kind(source)? {
        Kind::List(len) => Ok(len),
        _ => Err(broken(format!("its {key} are no list"))),
    }
}

/// A list of bytes or nothing.
fn rows(key: &str, source: &mut impl Read, spool: &mut Spool, memory: u64) -> io::Result<()> {
    for _ in 0..list(key, source)? {
        match pack::kind(source)? {
            Kind::Bytes(len) | Kind::Text(len) if u64::from(len) > memory => return Err(broken(BEYOND)),
            Kind::Bytes(len) | Kind::Text(len) => {
                spool.begin(len)?;
                copy(source, len, spool)?;
            }
            Kind::Plain(Plain::Null) => spool.begin(0)?,
            _ => return Err(broken(format!("one of its {key} is no bytes"))),
        }
    }
    Ok(())
}

fn copy(source: &mut impl Read, len: u32, spool: &mut Spool) -> io::Result<()> {
    if io::copy(&mut source.take(u64::from(len)), spool)? < u64::from(len) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

/// Gives no more than it may.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| broken(BEYOND))?;
        Ok(read)
    }
}
