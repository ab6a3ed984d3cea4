//! [`Ranks`]: the lanes of one row, closed up. A span keeps its lane along a paragraph; a row in which lanes below its own are empty
//! draws it nearer to the words.

use std::ops::Range;

use super::Mark;

/// Which lanes are used in a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ranks([u64; 4]);

impl Ranks {
    /// `row`: bytes of the text. Linear in the marks.
    pub(super) fn of(marks: &[Mark], row: &Range<usize>) -> Self {
        let touches = |mark: &&Mark| mark.extent().start < row.end && row.start < mark.extent().end;
        marks.iter().filter(touches).map(|mark| mark.lane).collect()
    }

    /// Where a lane is drawn: how many used ones lie between it and the words.
    pub fn rank(&self, lane: u8) -> u8 {
        let word = usize::from(lane / 64);
        let below: u32 = self.0[..word].iter().map(|lanes| lanes.count_ones()).sum();
        let own = self.0[word] & ((1 << (lane % 64)) - 1);
        u8::try_from(below + own.count_ones()).unwrap_or(u8::MAX)
    }

    /// How many lanes are used.
    pub fn count(&self) -> u8 {
        let all: u32 = self.0.iter().map(|lanes| lanes.count_ones()).sum();
        u8::try_from(all).unwrap_or(u8::MAX)
    }
}

impl FromIterator<u8> for Ranks {
    fn from_iter<I: IntoIterator<Item = u8>>(lanes: I) -> Self {
        let mut ranks = Self::default();
        for lane in lanes {
            ranks.0[usize::from(lane / 64)] |= 1 << (lane % 64);
        }
        ranks
    }
}
