//! Thrift's compact protocol, in which a Parquet file's footer and the heads of its pages are written: as far as it takes to find a number.

use std::io::{self, Read};

use super::guard::wrong;

/// Structs within structs.
const DEPTH: usize = 32;

pub(super) const I32: u8 = 5;
pub(super) const LIST: u8 = 9;
pub(super) const STRUCT: u8 = 12;

/// Reads one struct, field by field.
pub(super) struct Thrift<R> {
    pub source: R,
    /// Bytes read so far.
    pub read: u64,
}

impl<R: Read> Thrift<R> {
    pub fn new(source: R) -> Self {
        Self { source, read: 0 }
    }

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

    pub fn number(&mut self) -> io::Result<i64> {
        let value = self.varint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn pass(&mut self, count: u64) -> io::Result<()> {
        let passed = io::copy(&mut self.source.by_ref().take(count), &mut io::sink())?;
        self.read += passed;
        if passed < count { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Count and type of a list’s elements.
    pub fn list(&mut self) -> io::Result<(u64, u8)> {
        let head = self.byte()?;
        let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        Ok((count, head & 15))
    }

    /// Gives each field of a struct to `take`, which says whether it has read it.
    pub fn fields(
        &mut self,
        depth: usize,
        take: &mut dyn FnMut(&mut Self, i16, u8) -> io::Result<bool>,
    ) -> io::Result<()> {
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
