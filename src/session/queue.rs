//! The order in which documents come: that of the list, or one by chance that stays the same for each annotator and project, so that
//! several people do not all begin with the same documents.

use sha2::{Digest, Sha256};

use crate::annotation::Annotator;

/// Where the order by chance begins.
pub(super) fn seed(project: &str, annotator: &Annotator) -> u64 {
    let hash = Sha256::new().chain_update(project).chain_update([0]).chain_update(annotator.as_str()).finalize();
    hash.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

/// Puts numbers in the order of the seed. Those that come later do not change the order of the others. O(n log n).
pub(super) fn shuffle(numbers: &mut [u32], seed: u64) {
    numbers.sort_by_cached_key(|number| (mixed(seed ^ u64::from(*number)), *number));
}

/// Stafford's mix 13, as in `SplitMix64`: close numbers give far ones.
pub(super) fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
