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

/// Every how many bytes the index keeps a count (with what is left of a character, so few that a byte can count them), and how many are
/// looked at together.
const STEP: usize = 64;
const PIECE: usize = 16;

/// Converts offsets of one text in constant time (a scan of few bytes); built in linear time.
#[derive(Clone, Debug)]
pub struct OffsetIndex<'t> {
    text: &'t Text,
    /// Units before the character boundary at or after each multiple of [`STEP`] bytes. Empty for ASCII, and for UTF-16 where it counts
    /// as code points do.
    code_points: Vec<usize>,
    utf16: Vec<usize>,
}

impl<'t> OffsetIndex<'t> {
    pub fn new(text: &'t Text) -> Self {
        let content = text.as_str();
        let marks = |unit: Unit| {
            let (mut marks, mut units, mut place) = (Vec::with_capacity(content.len() / STEP + 1), 0, 0);
            let mut from = 0;
            while place < content.len() {
                marks.push(units);
                place += STEP;
                let to = content.ceil_char_boundary(place);
                units += unit.of_piece(&content.as_bytes()[from..to]);
                from = to;
            }
            marks
        };
        let code_points = if content.is_ascii() { Vec::new() } else { marks(Unit::CodePoint) };
        let has_pairs =
            !code_points.is_empty() && content.as_bytes().iter().fold(0, |most, byte| most.max(*byte)) >= 0xf0;
        let utf16 = if has_pairs { marks(Unit::Utf16) } else { Vec::new() };
        Self { text, code_points, utf16 }
    }

    /// The counts for a unit; empty where it counts as bytes do.
    fn marks(&self, unit: Unit) -> &[usize] {
        match unit {
            Unit::Byte => &[],
            Unit::Utf16 if !self.utf16.is_empty() => &self.utf16,
            Unit::CodePoint | Unit::Utf16 => &self.code_points,
        }
    }

    /// From bytes to `unit`. The offset must be a character boundary of the text.
    pub fn to(&self, unit: Unit, byte: usize) -> usize {
        let marks = self.marks(unit);
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
        let marks = self.marks(unit);
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

/// Leads bytes of one text to code points, each at or after the one before: quicker than the index where they are many.
#[derive(Clone, Debug)]
pub struct CodePoints<'t> {
    bytes: &'t [u8],
    /// Bytes seen so far that go on with a character.
    beyond: usize,
    /// Up to here they are seen; from the last place that was asked for, all is ASCII.
    plain: usize,
}

impl<'t> CodePoints<'t> {
    pub fn of(text: &'t Text) -> Self {
        Self { bytes: text.as_str().as_bytes(), beyond: 0, plain: 0 }
    }

    /// Code points before a byte, which must be a character boundary of the text, and not before the last one that was asked for.
    #[inline]
    pub fn before(&mut self, byte: usize) -> usize {
        if byte > self.plain {
            self.count(byte);
        }
        byte - self.beyond
    }

    fn count(&mut self, byte: usize) {
        let here = self.bytes.get(self.plain..byte).unwrap_or_default();
        self.beyond += here.len() - count(here, begins);
        self.plain = byte + plain(self.bytes.get(byte..).unwrap_or_default());
    }
}

/// How many bytes at the start are ASCII.
fn plain(bytes: &[u8]) -> usize {
    let (eights, rest) = bytes.as_chunks();
    let foreign = |eight: &[u8; 8]| u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080;
    let count = eights.iter().take_while(|eight| foreign(eight) == 0).count();
    match eights.get(count) {
        Some(eight) => 8 * count + foreign(eight).trailing_zeros() as usize / 8,
        None => 8 * count + rest.iter().take_while(|byte| byte.is_ascii()).count(),
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
