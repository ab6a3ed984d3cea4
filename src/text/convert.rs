//! Bytes, code points, UTF-16 units: the one place where they meet. Files count in the latter two, memory in bytes.

use super::{RangeError, Text, TextRange};

/// What a file counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// UTF-8 bytes.
    Byte,
    /// Unicode code points: Python, and every format unless it says otherwise.
    CodePoint,
    /// UTF-16 code units: Java, JavaScript.
    Utf16,
}

impl Unit {
    /// How much one character counts.
    const fn of(self, character: char) -> usize {
        match self {
            Self::Byte => character.len_utf8(),
            Self::CodePoint => 1,
            Self::Utf16 => character.len_utf16(),
        }
    }

    /// How much the characters count that begin among these bytes.
    fn of_piece(self, bytes: &[u8]) -> usize {
        match self {
            Self::Byte => bytes.len(),
            Self::CodePoint => count(bytes, begins),
            Self::Utf16 => count(bytes, begins) + count(bytes, begins_pair),
        }
    }
}

/// Every how many bytes the index keeps a count, and how many are looked at together.
const STEP: usize = 256;
const PIECE: usize = 16;

/// Converts offsets of one text in constant time (a scan of at most 256 bytes); built in linear time.
#[derive(Clone, Debug)]
pub struct OffsetIndex<'t> {
    text: &'t Text,
    /// Units before the character boundary at or after each multiple of [`STEP`] bytes; empty for ASCII.
    code_points: Vec<usize>,
    utf16: Vec<usize>,
}

impl<'t> OffsetIndex<'t> {
    pub fn new(text: &'t Text) -> Self {
        let mut index = Self { text, code_points: Vec::new(), utf16: Vec::new() };
        let content = text.as_str();
        if !content.is_ascii() {
            let (mut code_points, mut utf16, mut place) = (0, 0, 0);
            while place < content.len() {
                index.code_points.push(code_points);
                index.utf16.push(utf16);
                let next = content.ceil_char_boundary(place + STEP);
                let here = content.floor_char_boundary(next);
                // Every byte but those that go on with a character begins one; of four bytes, one of two units.
                let piece = &content.as_bytes()[content.ceil_char_boundary(place)..here];
                code_points += Unit::CodePoint.of_piece(piece);
                utf16 += Unit::Utf16.of_piece(piece);
                place += STEP;
            }
        }
        index
    }

    /// From bytes to `unit`. The offset must be a character boundary of the text.
    pub fn to(&self, unit: Unit, byte: usize) -> usize {
        let marks = match unit {
            Unit::Byte => return byte,
            Unit::CodePoint => &self.code_points,
            Unit::Utf16 => &self.utf16,
        };
        if marks.is_empty() {
            return byte;
        }
        let content = self.text.as_str();
        let mut mark = (byte / STEP).min(marks.len() - 1);
        if content.ceil_char_boundary(mark * STEP) > byte {
            mark -= 1;
        }
        let from = content.ceil_char_boundary(mark * STEP);
        let piece = &content.as_bytes()[from..byte];
        marks[mark] + unit.of_piece(piece)
    }

    /// From `unit` to bytes; an error past the end or inside a character.
    pub fn from(&self, unit: Unit, offset: usize) -> Result<usize, RangeError> {
        let content = self.text.as_str();
        let outside = || RangeError::Outside { end: offset, len: self.to(unit, content.len()) };
        let marks = match unit {
            Unit::CodePoint => &self.code_points,
            Unit::Utf16 => &self.utf16,
            Unit::Byte => &Vec::new(),
        };
        if marks.is_empty() {
            return match offset {
                _ if offset > content.len() => Err(outside()),
                _ if content.is_char_boundary(offset) => Ok(offset),
                _ => Err(RangeError::InsideCharacter { offset }),
            };
        }
        let mark = marks.partition_point(|count| *count <= offset).saturating_sub(1);
        let mut place = content.ceil_char_boundary(mark * STEP);
        let mut seen = marks[mark];
        while let Some(piece) = content.as_bytes().get(place..place + PIECE)
            && seen + unit.of_piece(piece) <= offset
        {
            seen += unit.of_piece(piece);
            place += PIECE;
        }
        // What is left of the last character counts nothing.
        place = content.ceil_char_boundary(place);
        let mut rest = content[place..].chars();
        while seen < offset {
            let Some(character) = rest.next() else { return Err(outside()) };
            seen += unit.of(character);
            place += character.len_utf8();
        }
        if seen == offset { Ok(place) } else { Err(RangeError::InsideCharacter { offset }) }
    }

    /// A range given in `unit`, checked.
    pub fn range(&self, unit: Unit, start: usize, end: usize) -> Result<TextRange, RangeError> {
        if start > end {
            return Err(RangeError::Reversed { start, end });
        }
        let (start, end) = (self.from(unit, start)?, self.from(unit, end)?);
        self.text.range(start, end)
    }

    /// A range as `unit` counts it.
    pub fn give(&self, unit: Unit, range: TextRange) -> (usize, usize) {
        (self.to(unit, range.start()), self.to(unit, range.end()))
    }

    /// Length of the text in `unit`.
    pub fn len(&self, unit: Unit) -> usize {
        self.to(unit, self.text.len())
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

/// Every byte of a text but those that go on with a character.
const fn begins(byte: u8) -> bool {
    byte.cast_signed() >= -64
}

/// The first byte of a character that is two units in UTF-16: it has four.
const fn begins_pair(byte: u8) -> bool {
    byte >= 0xf0
}

/// How many bytes are such. Counted in bytes, as many at once as the processor can.
fn count(bytes: &[u8], such: impl Fn(u8) -> bool) -> usize {
    let pieces = bytes.chunks(usize::from(u8::MAX));
    pieces.map(|piece| usize::from(piece.iter().fold(0_u8, |sum, byte| sum.wrapping_add(u8::from(such(*byte)))))).sum()
}
