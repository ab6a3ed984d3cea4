//! The word bounds of UAX #29 for whole texts. Where a text is ASCII with the usual quotation marks and dashes they come a block at a time
//! ([`Block`]), many times quicker than from the general rules, which do the rest. The result is the same, byte for byte.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::block::{BLOCK, Block};

/// Gives each piece between two bounds: where it ends, and whether it is white space alone. Together they are the text. Linear.
pub(super) fn pieces(text: &str, mut each: impl FnMut(usize, bool)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    // Every block begins at a safe place, and what is taken of it ends at one.
    while at < bytes.len() {
        let block = Block::at(bytes, at);
        let horizon = match bytes.len() - at {
            rest if rest < BLOCK => rest,
            _ => last(block.safe),
        };
        let (foreign, end) = match first(block.foreign & below(horizon)) {
            _ if horizon == 0 => (0, next_safe(bytes, at + BLOCK)),
            Some(place) => {
                let after = first(block.safe & !below(place + 1)).map_or(horizon, |safe| safe.min(horizon));
                (last(block.safe & below(place + 1)), at + after)
            }
            None => (horizon, at + horizon),
        };
        let (mut start, mut ends) = (0, (block.begins & below(foreign) | 1 << foreign) & !1);
        while ends != 0 {
            let end = ends.trailing_zeros() as usize;
            each(at + end, block.blank >> start & 1 == 1);
            start = end;
            ends &= ends - 1;
        }
        if at + foreign < end {
            by_the_rules(text, at + foreign..end, &mut each);
        }
        at = end;
    }
}

fn by_the_rules(text: &str, range: Range<usize>, each: &mut dyn FnMut(usize, bool)) {
    for (start, piece) in text[range.clone()].split_word_bound_indices() {
        each(range.start + start + piece.len(), piece.chars().all(char::is_whitespace));
    }
}

/// White space of ASCII, each of which is a piece or part of one that is white space alone.
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

/// The next place at which no rule looks back, and none before it looks ahead: behind a line feed, and between a space and a mark or
/// letter of ASCII there is a bound whatever else stands around.
fn next_safe(bytes: &[u8], from: usize) -> usize {
    let safe = |at: &usize| match bytes[at - 1] {
        b'\n' => true,
        b' ' => bytes[*at].is_ascii() && bytes[*at] != b' ',
        _ => false,
    };
    (from.max(1)..bytes.len()).find(safe).unwrap_or(bytes.len())
}

/// The bits below one.
const fn below(bit: usize) -> u64 {
    (1 << bit) - 1
}

fn first(bits: u64) -> Option<usize> {
    (bits != 0).then(|| bits.trailing_zeros() as usize)
}

/// The uppermost bit; 0 where there is none.
fn last(bits: u64) -> usize {
    bits.checked_ilog2().map_or(0, |bit| bit as usize)
}
