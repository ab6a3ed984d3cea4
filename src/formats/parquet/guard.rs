//! What is looked at before the library may read: numbers of a file that would have it reserve, unpack or descend without bound.
//!
//! The library checks the lengths of the lists in a file's footer, not the depth of its schema, nor what the head of a page says of
//! the page's size and of how many values it holds. Both are in Thrift's compact protocol, read here as far as these numbers go.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};

use ::parquet::basic::Compression;
use ::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

/// Levels and elements of a schema, and structs within structs of a page's head.
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
    let mut thrift = Thrift { source: BufReader::new(&*file).take(length), read: 0 };
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

/// The pages of one row group are no larger than they can be.
pub(super) fn row_group(file: &mut File, size: u64, group: &RowGroupMetaData) -> io::Result<()> {
    for chunk in group.columns() {
        let repeated = chunk.column_descr().max_rep_level() > 0;
        let bound = VALUES.max(size.saturating_mul(VALUES_PER_BYTE));
        let values = pages(file, size, chunk)?;
        if repeated && values > bound {
            return Err(wrong("a list holds more values than the file has room for"));
        }
    }
    Ok(())
}

/// Walks over the heads of a column's pages; how many values they hold.
fn pages(file: &mut File, size: u64, chunk: &ColumnChunkMetaData) -> io::Result<u64> {
    let start = chunk.dictionary_page_offset().map_or(chunk.data_page_offset(), |at| at.min(chunk.data_page_offset()));
    let start = u64::try_from(start).map_err(|_| wrong("a column begins before the file"))?;
    let length = u64::try_from(chunk.compressed_size()).map_err(|_| wrong("a column has no size"))?;
    let end =
        start.checked_add(length).filter(|end| *end <= size).ok_or_else(|| wrong("a column lies past its end"))?;
    let expected = u64::try_from(chunk.num_values()).map_err(|_| wrong("a column has no count"))?;
    let (mut at, mut values) = (start, 0_u64);
    file.seek(SeekFrom::Start(start))?;
    let mut source = BufReader::new(&*file);
    while at < end && values < expected {
        let mut thrift = Thrift { source: source.take(end - at), read: 0 };
        let page = Page::read(&mut thrift)?;
        at += thrift.read;
        source = thrift.source.into_inner();
        let packed = u64::try_from(page.packed).map_err(|_| wrong("a page has no size"))?;
        let unpacked = u64::try_from(page.unpacked).map_err(|_| wrong("a page has no size"))?;
        if chunk.compression() == Compression::SNAPPY && unpacked > packed.saturating_mul(SNAPPY) + 1024 {
            return Err(wrong("a page is said to unpack to more than it can"));
        }
        if packed > end - at {
            return Err(wrong("a page lies past the end of its column"));
        }
        if page.dictionary.unwrap_or_default() > i64::try_from(unpacked).unwrap_or(i64::MAX) {
            return Err(wrong("a dictionary is said to hold more than it can"));
        }
        if let Some(encoding @ 6..=7) = page.encoding {
            return Err(wrong(&format!("a column is encoded as deltas ({encoding}), which is not read here")));
        }
        values = values.saturating_add(u64::try_from(page.values.unwrap_or_default()).unwrap_or(u64::MAX));
        at += packed;
        source.seek_relative(i64::try_from(packed).map_err(io::Error::other)?)?;
    }
    if values > expected {
        return Err(wrong("a column’s pages hold more values than the column"));
    }
    Ok(values)
}

/// What the head of a page says.
#[derive(Default)]
struct Page {
    unpacked: i64,
    packed: i64,
    values: Option<i64>,
    dictionary: Option<i64>,
    encoding: Option<i64>,
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

fn wrong(sentence: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, sentence.to_owned())
}

const I32: u8 = 5;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// Thrift's compact protocol, as far as it is needed to find a number.
struct Thrift<R> {
    source: R,
    read: u64,
}

impl<R: Read> Thrift<R> {
    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.source.read_exact(&mut byte)?;
        self.read += 1;
        let [byte] = byte;
        Ok(byte)
    }

    fn varint(&mut self) -> io::Result<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(wrong("a number in it does not end"))
    }

    fn number(&mut self) -> io::Result<i64> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn pass(&mut self, count: u64) -> io::Result<()> {
        let passed = io::copy(&mut self.source.by_ref().take(count), &mut io::sink())?;
        self.read += passed;
        if passed < count { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Count and type of a list’s elements.
    fn list(&mut self) -> io::Result<(u64, u8)> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        Ok((count, head & 15))
    }

    /// Gives each field of a struct to `take`, which says whether it has read it.
    fn fields(&mut self, depth: usize, take: &mut dyn FnMut(&mut Self, i16, u8) -> io::Result<bool>) -> io::Result<()> {
        let mut id = 0_i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            id = match head >> 4 {
                0 => self.number()? as i16,
                step => id.wrapping_add(i16::from(step)),
            };
            let kind = head & 15;
            if !take(self, id, kind)? {
                self.skip(kind, depth + 1)?;
            }
        }
    }

    fn skip(&mut self, kind: u8, depth: usize) -> io::Result<()> {
        if depth > DEPTH {
            return Err(wrong("it is nested too deep"));
        }
        match kind {
            1 | 2 => Ok(()),
            3 => self.pass(1),
            4..=6 => self.varint().map(drop),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            LIST | 10 => {
                let (count, kind) = self.list()?;
                // A truth value in a list has a byte of its own.
                let kind = if kind <= 2 { 3 } else { kind };
                (0..count).try_for_each(|_| self.skip(kind, depth + 1))
            }
            11 => {
                let count = self.varint()?;
                let kinds = if count > 0 { self.byte()? } else { 0 };
                let plain = |kind: u8| if kind <= 2 { 3 } else { kind };
                (0..count).try_for_each(|_| {
                    self.skip(plain(kinds >> 4), depth + 1)?;
                    self.skip(plain(kinds & 15), depth + 1)
                })
            }
            STRUCT => self.fields(depth, &mut |_, _, _| Ok(false)),
            13 => self.pass(16),
            _ => Err(wrong("it is damaged")),
        }
    }
}
