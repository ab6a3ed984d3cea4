//! How far two sets of labels are apart: 0 for equal ones, 1 for those that share nothing.
//!
//! Two empty sets are equal. (nltk 3.10 divides by zero there.)

use std::cmp::Ordering;

/// MASI, one minus Jaccard's index times 1 for equal sets, ⅔ where one holds the other, ⅓ where they overlap, 0 where they do not
/// (Passonneau 2006). Sets are sorted.
pub fn masi<T: Ord>(a: &[T], b: &[T]) -> f64 {
    both(a, b)[0]
}

/// One minus the size of the intersection over that of the union (Jaccard 1901). Sets are sorted.
pub fn jaccard<T: Ord>(a: &[T], b: &[T]) -> f64 {
    both(a, b)[1]
}

/// [`masi`] and [`jaccard`]. Linear in the sets.
pub fn both<T: Ord>(a: &[T], b: &[T]) -> [f64; 2] {
    let shared = shared(a, b);
    let union = a.len() + b.len() - shared;
    if shared == union {
        return [0.0, 0.0];
    }
    let jaccard = shared as f64 / union as f64;
    let monotone = if shared == a.len().min(b.len()) { 2.0 / 3.0 } else { 1.0 / 3.0 };
    [1.0 - jaccard * monotone, 1.0 - jaccard]
}

fn shared<T: Ord>(mut a: &[T], mut b: &[T]) -> usize {
    let mut shared = 0;
    while let ([ours, a_rest @ ..], [theirs, b_rest @ ..]) = (a, b) {
        match ours.cmp(theirs) {
            Ordering::Less => a = a_rest,
            Ordering::Greater => b = b_rest,
            Ordering::Equal => {
                shared += 1;
                (a, b) = (a_rest, b_rest);
            }
        }
    }
    shared
}
