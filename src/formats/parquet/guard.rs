//! What is looked at before the library may read: numbers of a file that would have it reserve, unpack or descend without bound.
//!
//! The library checks the lengths of the lists in a file's footer, not the depth of its schema, nor what the head of a page says of
//! the page's size and of how many values it holds. Where it would not keep to what the head says, the page itself is looked at
//! ([`super::unpack`]).

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use ::parquet::basic::Compression;
use ::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use super::thrift::{I32, LIST, STRUCT, Thrift};
use super::unpack;
use crate::formats::articles::Limits;

/// Levels and elements of a schema.
const DEPTH: usize = 32;
const ELEMENTS: usize = 10_000;
/// Values of a repeated column that a row group may hold however small the file, and for each byte of it.
const VALUES: u64 = 4 << 20;
const VALUES_PER_BYTE: u64 = 8;
/// Snappy cannot unpack to more than 22 times its input.
const SNAPPY: u64 = 32;

/// The schema in the footer is not too deep and not too large. The file has `size` bytes.
pub(super) fn footer(file: &mut File, size: u64) -> io::Result<()> {
    let mut tail = [0; 8];
    if size < 12 {
        return Err(wrong("it is too short"));
    }
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut tail)?;
    let [a, b, c, d, magic @ ..] = tail;
    let length = u64::from(u32::from_le_bytes([a, b, c, d]));
    if &magic != b"PAR1" {
        return Err(wrong("its end is missing; it may be cut off, or encrypted"));
    }
    if length > size - 12 {
        return Err(wrong("its footer is said to be longer than the file"));
    }
    file.seek(SeekFrom::Start(size - 8 - length))?;
    let mut thrift = Thrift::new(BufReader::new(&*file).take(length));
    let (mut left, mut elements): (Vec<u64>, usize) = (Vec::new(), 0);
    thrift.fields(0, &mut |thrift, id, kind| {
        if (id, kind) != (2, LIST) {
            return Ok(false);
        }
        let (count, kind) = thrift.list()?;
        for _ in 0..count {
            elements += 1;
            let mut children = 0;
            if kind != STRUCT {
                return Err(wrong("its schema is no schema"));
            }
            thrift.fields(1, &mut |thrift, id, kind| {
                if (id, kind) == (5, I32) {
                    children = thrift.number()?.max(0);
                }
                Ok((id, kind) == (5, I32))
            })?;
            if let Some(last) = left.last_mut() {
                *last = last.saturating_sub(1);
            }
            left.push(children.unsigned_abs());
            if elements > ELEMENTS || left.len() > DEPTH {
                return Err(wrong("its schema is too large or too deep"));
            }
            while left.last() == Some(&0) {
                left.pop();
            }
        }
        Ok(true)
    })
}

/// The pages of one row group are no larger than they can be, and what is in memory of them at a time is bounded by the file.
pub(super) fn row_group(file: &mut File, size: u64, group: &RowGroupMetaData, limits: &Limits) -> io::Result<()> {
    let most = size.saturating_mul(limits.ratio).max(limits.ratio_from).min(limits.archive_bytes);
    let mut memory = 0_u64;
    for chunk in group.columns() {
        let repeated = chunk.column_descr().max_rep_level() > 0;
        let bound = VALUES.max(size.saturating_mul(VALUES_PER_BYTE));
        let pages = pages(file, size, chunk, most)?;
        if repeated && pages.values > bound {
            return Err(wrong("a list holds more values than the file has room for"));
        }
        if let Some(values) = pages.deltas {
            let longest = unpack::deltas(file, chunk, group.num_rows(), values, most)?;
            memory = memory.saturating_add(longest);
        }
        memory = memory.saturating_add(pages.dictionary).saturating_add(pages.largest);
        if memory > most {
            return Err(wrong("it grows beyond all measure when unpacked"));
        }
    }
    Ok(())
}

/// What the heads of a column's pages say.
#[derive(Default)]
struct Pages {
    values: u64,
    /// Unpacked bytes of the largest page.
    largest: u64,
    dictionary: u64,
    /// Texts are encoded as deltas: the values of the page that has most.
    deltas: Option<u64>,
}

/// Walks over a column's pages.
fn pages(file: &mut File, size: u64, chunk: &ColumnChunkMetaData, most: u64) -> io::Result<Pages> {
    let start = chunk.dictionary_page_offset().map_or(chunk.data_page_offset(), |at| at.min(chunk.data_page_offset()));
    let start = u64::try_from(start).map_err(|_| wrong("a column begins before the file"))?;
    let length = u64::try_from(chunk.compressed_size()).map_err(|_| wrong("a column has no size"))?;
    let end =
        start.checked_add(length).filter(|end| *end <= size).ok_or_else(|| wrong("a column lies past its end"))?;
    let expected = u64::try_from(chunk.num_values()).map_err(|_| wrong("a column has no count"))?;
    let (mut at, mut seen) = (start, Pages::default());
    file.seek(SeekFrom::Start(start))?;
    let mut source = BufReader::new(&*file);
    while at < end && seen.values < expected {
        let mut thrift = Thrift::new(source.take(end - at));
        let page = Page::read(&mut thrift)?;
        at += thrift.read;
        source = thrift.source.into_inner();
        let packed = u64::try_from(page.packed).map_err(|_| wrong("a page has no size"))?;
        let unpacked = u64::try_from(page.unpacked).map_err(|_| wrong("a page has no size"))?;
        let values = u64::try_from(page.values.unwrap_or_default()).unwrap_or(u64::MAX);
        let snappy = chunk.compression() == Compression::SNAPPY;
        if unpacked > most || snappy && unpacked > packed.saturating_mul(SNAPPY) + 1024 {
            return Err(wrong("a page is said to unpack to more than it can"));
        }
        if packed > end - at {
            return Err(wrong("a page lies past the end of its column"));
        }
        if page.dictionary.unwrap_or_default() > i64::try_from(unpacked).unwrap_or(i64::MAX) {
            return Err(wrong("a dictionary is said to hold more than it can"));
        }
        if matches!(page.encoding, Some(DELTA_LENGTHS | DELTA_TEXTS)) {
            seen.deltas = seen.deltas.max(Some(values));
        }
        match page.dictionary {
            Some(_) => seen.dictionary = seen.dictionary.max(unpacked),
            None => seen.largest = seen.largest.max(unpacked),
        }
        seen.values = seen.values.saturating_add(values);
        at += packed;
        let mut rest = source.take(packed);
        unpack::no_larger(chunk.compression(), &mut rest, page.levels, unpacked)?;
        let left = i64::try_from(rest.limit()).map_err(io::Error::other)?;
        source = rest.into_inner();
        source.seek_relative(left)?;
    }
    if seen.values > expected {
        return Err(wrong("a column’s pages hold more values than the column"));
    }
    Ok(seen)
}

/// Encodings of texts that the library unpacks whole: lengths, and what a text shares with the one before.
const DELTA_LENGTHS: i64 = 6;
const DELTA_TEXTS: i64 = 7;

/// What the head of a page says.
#[derive(Default)]
struct Page {
    unpacked: i64,
    packed: i64,
    values: Option<i64>,
    dictionary: Option<i64>,
    encoding: Option<i64>,
    /// Bytes before the values that are never packed.
    levels: u64,
}

impl Page {
    fn read<R: Read>(thrift: &mut Thrift<R>) -> io::Result<Self> {
        let mut page = Self { unpacked: -1, packed: -1, ..Self::default() };
        thrift.fields(0, &mut |thrift, id, kind| {
            match (id, kind) {
                (2, I32) => page.unpacked = thrift.number()?,
                (3, I32) => page.packed = thrift.number()?,
                (5 | 7 | 8, STRUCT) => thrift.fields(1, &mut |thrift, inner, kind| {
                    match (id, inner, kind) {
                        (7, 1, I32) => page.dictionary = Some(thrift.number()?),
                        (5 | 8, 1, I32) => page.values = Some(thrift.number()?),
                        (5, 2, I32) | (8, 4, I32) => page.encoding = Some(thrift.number()?),
                        (8, 5 | 6, I32) => {
                            let levels = u64::try_from(thrift.number()?).unwrap_or(u64::MAX);
                            page.levels = page.levels.saturating_add(levels);
                        }
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(page)
    }
}

pub(super) fn wrong(sentence: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, sentence.to_owned())
}
