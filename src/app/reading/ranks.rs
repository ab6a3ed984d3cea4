//! [`Ranks`]: the lanes of one row, closed up. A span keeps its lane along a paragraph; a row in which lanes below its own are empty
//! draws it nearer to the words.

use std::ops::Range;

use super::Mark;
use super::spans::Place;

/// Which lanes are used in a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ranks([u64; 4]);

/// The lanes of a row on both sides of its words.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lanes {
    pub under: Ranks,
    pub above: Ranks,
}

impl Lanes {
    /// `row`: bytes of the text. Linear in the marks.
    pub fn of(marks: &[Mark], row: &Range<usize>) -> Self {
        let on = |above: bool| {
            let touches = |mark: &&Mark| mark.extent().start < row.end && row.start < mark.extent().end;
            marks.iter().filter(move |mark| mark.above == above).filter(touches).map(|mark| mark.lane).collect()
        };
        Self { under: on(false), above: on(true) }
    }

    /// How many used lanes of its side lie between a mark's line and the words.
    pub fn rank(&self, mark: &Mark) -> u8 {
        let side = if mark.above { &self.above } else { &self.under };
        side.rank(mark.lane)
    }

    /// Upper edge of a mark's line, for a row whose baseline is at `base`. Pixels.
    pub fn line(&self, place: &Place, base: f32, mark: &Mark) -> f32 {
        let rank = self.rank(mark);
        if mark.above { place.lane_above(base, rank) } else { place.lane(base, rank) }
    }
}

impl Ranks {
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
