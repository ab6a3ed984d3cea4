//! [`Seen`]: which ids an import has met, in fixed memory.

use super::line;

/// 16 MiB; pages that are never touched cost nothing.
const BITS: u32 = 27;

/// A Bloom filter: what was never met is almost always known to be new (at a million ids all but one in a million, at ten million
/// all but four in a thousand), what was met always seems so.
#[derive(Debug)]
pub(super) struct Seen(Vec<u64>);

impl Seen {
    pub(super) fn new() -> Self {
        Self(vec![0; 1 << (BITS - 6)])
    }

    /// Adds an id. False: it was never met before.
    pub(super) fn meet(&mut self, id: &str) -> bool {
        let met = self.met(id);
        places(id).for_each(|(word, mask)| self.0[word] |= mask);
        met
    }

    /// False: it was never met.
    pub(super) fn met(&self, id: &str) -> bool {
        places(id).all(|(word, mask)| self.0[word] & mask != 0)
    }
}

/// The four bits of an id.
fn places(id: &str) -> impl Iterator<Item = (usize, u64)> {
    let first = line::sum(id.as_bytes());
    let step = line::fold(first, 1);
    (0..4).map(move |turn| {
        let bit = first.wrapping_add(step.wrapping_mul(turn)) >> (64 - BITS);
        ((bit >> 6) as usize, 1 << (bit & 63))
    })
}
