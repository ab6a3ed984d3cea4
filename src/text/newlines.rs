//! How a source wrote its newlines: CRLF and lone CR become LF at the door, a leading byte order mark goes, and the
//! [`NewlineMap`] leads offsets from the source's counting to ours and back.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What was changed at the door, in **code points** of the source. Empty (and not stored) for the usual text with LF only.
///
/// A lone CR counts one code point in both texts, so only its place is kept; a CRLF counts two there and one here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewlineMap {
    /// A byte order mark stood at the very start.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    bom: bool,
    /// The LFs of our text, as code point offsets, that were CRLF. Ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    crlf: Vec<usize>,
    /// The LFs of our text, as code point offsets, that were a lone CR. Ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cr: Vec<usize>,
}

impl NewlineMap {
    /// Our text, and how to get back. Linear; borrows where nothing changes.
    pub fn normalise(source: &str) -> (Cow<'_, str>, Self) {
        let mut map = Self { bom: source.starts_with('\u{feff}'), ..Self::default() };
        let body = if map.bom { &source['\u{feff}'.len_utf8()..] } else { source };
        if memchr::memchr(b'\r', body.as_bytes()).is_none() {
            return (Cow::Borrowed(body), map);
        }
        let mut text = String::with_capacity(body.len());
        let mut count = 0;
        let mut chars = body.chars().peekable();
        while let Some(character) = chars.next() {
            if character == '\r' {
                if chars.next_if_eq(&'\n').is_some() {
                    map.crlf.push(count);
                } else {
                    map.cr.push(count);
                }
                text.push('\n');
            } else {
                text.push(character);
            }
            count += 1;
        }
        (Cow::Owned(text), map)
    }

    /// Nothing was changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The source had a byte order mark.
    pub fn had_bom(&self) -> bool {
        self.bom
    }

    /// How many CRLFs and how many lone CRs became LF.
    pub fn counts(&self) -> (usize, usize) {
        (self.crlf.len(), self.cr.len())
    }

    /// From the source's code points to ours. An offset inside a CRLF, or before the mark, goes to the place the pair has here.
    pub fn from_source(&self, offset: usize) -> usize {
        let offset = offset.saturating_sub(usize::from(self.bom));
        // The i-th pair stands at crlf[i] here and at crlf[i] + i there; all pairs that end at or before `offset` shorten it.
        let pairs = partition(&self.crlf, |index, place| place + index + 2 <= offset);
        offset - pairs - usize::from(self.crlf.get(pairs).is_some_and(|place| place + pairs + 1 == offset))
    }

    /// From our code points to the source's: before a CRLF rather than inside it, after the mark rather than before it.
    pub fn to_source(&self, offset: usize) -> usize {
        usize::from(self.bom) + offset + self.crlf.partition_point(|place| *place < offset)
    }

    /// The source again, from our text: mark, CRLF and CR as they were.
    pub fn restore(&self, text: &str) -> String {
        let mut source = String::with_capacity(text.len() + self.crlf.len() + 3);
        if self.bom {
            source.push('\u{feff}');
        }
        self.restore_into(&mut source, text, 0);
        source
    }

    /// A piece of the source again, from the piece of our text that starts at code point `start`.
    pub fn restore_piece(&self, piece: &str, start: usize) -> String {
        let mut source = String::with_capacity(piece.len());
        self.restore_into(&mut source, piece, start);
        source
    }

    fn restore_into(&self, source: &mut String, piece: &str, start: usize) {
        let from = |places: &[usize]| places.partition_point(|place| *place < start);
        let mut crlf = self.crlf[from(&self.crlf)..].iter().peekable();
        let mut cr = self.cr[from(&self.cr)..].iter().peekable();
        for (index, character) in (start..).zip(piece.chars()) {
            if crlf.next_if_eq(&&index).is_some() {
                source.push_str("\r\n");
            } else if cr.next_if_eq(&&index).is_some() {
                source.push('\r');
            } else {
                source.push(character);
            }
        }
    }
}

/// The first index at which `holds(index, value)` is false; it must be true up to there and false from there on.
fn partition(values: &[usize], holds: impl Fn(usize, usize) -> bool) -> usize {
    let (mut low, mut high) = (0, values.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        if holds(middle, values[middle]) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}
