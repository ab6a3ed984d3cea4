//! [`Text`]: the words of one article, immutable, and the only maker of [`TextRange`]s.

use std::fmt;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};

use super::TextRange;
use super::newlines::NewlineMap;

/// The text of one document. It never changes; a changed text is a new version of the document.
///
/// Newlines are LF and there is no leading byte order mark: [`Text::from_source`] sees to it once, at the door, and
/// remembers in a [`NewlineMap`] how the source counted. Cloning is cheap.
#[derive(Clone)]
pub struct Text {
    text: Arc<str>,
    /// Taken when somebody asks.
    sha256: OnceLock<TextHash>,
}

/// The sha256 of a text's UTF-8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextHash(pub [u8; 32]);

impl TextHash {
    /// Of any UTF-8 text, normalised or not.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// From 64 hex digits.
    pub fn parse(hex: &str) -> Option<Self> {
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = (digit(pair[0])? * 16 + digit(pair[1])?) as u8;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let hex: String = digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect();
        f.pad(&hex)
    }
}

impl fmt::Debug for TextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why two numbers are no range of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeError {
    /// `start` is greater than `end`.
    Reversed { start: usize, end: usize },
    /// `end` lies past the text, which has `len` units.
    Outside { end: usize, len: usize },
    /// The offset lies inside a code point (bytes, UTF-16) or inside a newline pair of the source.
    InsideCharacter { offset: usize },
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reversed { start, end } => write!(f, "the start {start} lies after the end {end}"),
            Self::Outside { end, len } => write!(f, "the end is {end} but the text has {len} characters"),
            Self::InsideCharacter { offset } => write!(f, "the offset {offset} lies inside a character"),
        }
    }
}

impl std::error::Error for RangeError {}

impl Text {
    /// From text that is already as we keep it: as it is, byte for byte.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), sha256: OnceLock::new() }
    }

    /// From text as a source has it: CRLF and lone CR become LF, one leading byte order mark goes, nothing else changes.
    /// The map leads offsets of the source to offsets here and back.
    pub fn from_source(source: &str) -> (Self, NewlineMap) {
        let (text, map) = NewlineMap::normalise(source);
        (Self::new(text.into_owned()), map)
    }

    /// From text whose hash was taken when it was stored, and a checksum says that it is still the same.
    pub(crate) fn known(text: impl Into<Arc<str>>, sha256: TextHash) -> Self {
        Self { text: text.into(), sha256: sha256.into() }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Linear the first time.
    pub fn sha256(&self) -> TextHash {
        *self.sha256.get_or_init(|| TextHash::of(&self.text))
    }

    /// The range `start..end` in bytes. Errors name the offset that is wrong.
    pub fn range(&self, start: usize, end: usize) -> Result<TextRange, RangeError> {
        if start > end {
            return Err(RangeError::Reversed { start, end });
        }
        if end > self.len() {
            return Err(RangeError::Outside { end, len: self.len() });
        }
        for offset in [start, end] {
            if !self.text.is_char_boundary(offset) {
                return Err(RangeError::InsideCharacter { offset });
            }
        }
        Ok(TextRange::new(start, end))
    }

    /// The whole text.
    pub fn all(&self) -> TextRange {
        TextRange::new(0, self.len())
    }

    /// The words a range covers.
    pub fn slice(&self, range: TextRange) -> &str {
        &self.text[range.bytes()]
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        match (self.sha256.get(), other.sha256.get()) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => Arc::ptr_eq(&self.text, &other.text) || self.text == other.text,
        }
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.len())
    }
}
