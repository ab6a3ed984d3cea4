//! Blind review: whose mark is whose is hidden, and the sides stand in another order at every difference.

use sha2::{Digest, Sha256};

/// The order in which the sides of a difference are shown: which annotator (by index) stands first, second, …. The same seed and
/// difference always give the same order.
pub fn shuffled(seed: u64, difference: &str, annotators: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..annotators).collect();
    order.sort_by_cached_key(|who| {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update((*who as u64).to_le_bytes());
        hash.update(difference);
        <[u8; 32]>::from(hash.finalize())
    });
    order
}

/// What a blind reviewer reads in the place of a name: A, B, …, Z, AA, ….
pub fn letter(place: usize) -> String {
    let last = char::from(b'A' + (place % 26) as u8);
    if place < 26 { last.to_string() } else { format!("{}{last}", letter(place / 26 - 1)) }
}
