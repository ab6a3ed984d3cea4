//! Which units of two annotators may belong together, and which do: the matchings that spans, attributes, relations and confusion
//! are counted on.
//!
//! A pair shares a character, or has the same extent (two of no length share none). Discontinuous units share what their
//! fragments share. Nothing here is greedy: the order of units changes nothing.

use super::{Aim, Unit, best, highest};

/// Two units that may belong together, by their places in the lists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Possible {
    pub ours: usize,
    pub theirs: usize,
    pub same_label: bool,
    /// The same characters.
    pub same_extent: bool,
    /// Intersection over union of the characters, above 0.
    pub iou: f64,
}

/// All pairs that share a character or are the same. Both lists must be sorted by their characters, as [`super::View::units`] are.
/// O(n + k) for k pairs whose hulls touch.
pub fn candidates(ours: &[&Unit], theirs: &[&Unit]) -> Vec<Possible> {
    let mut found = Vec::new();
    // Those of theirs that started before and have not ended.
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    for (index, unit) in ours.iter().enumerate() {
        open.retain(|other| theirs[*other].chars.end() >= unit.chars.start());
        while next < theirs.len() && theirs[next].chars.start() <= unit.chars.start() {
            if theirs[next].chars.end() >= unit.chars.start() {
                open.push(next);
            }
            next += 1;
        }
        let ahead = (next..theirs.len()).take_while(|other| theirs[*other].chars.start() < unit.chars.end());
        for other in open.iter().copied().chain(ahead) {
            let (chars, others) = (&unit.chars, &theirs[other].chars);
            let iou = chars.iou(others);
            if iou > 0.0 {
                let same_label = unit.label == theirs[other].label;
                found.push(Possible { ours: index, theirs: other, same_label, same_extent: chars == others, iou });
            }
        }
    }
    found
}

/// Units of one label matched one to one: as many pairs as there can be, and of those the largest sum of intersection over union.
pub fn matched(ours: &[&Unit], theirs: &[&Unit]) -> Vec<(usize, usize)> {
    let same = candidates(ours, theirs).into_iter().filter(|candidate| candidate.same_label);
    let edges: Vec<_> = same.map(|candidate| (candidate.ours, candidate.theirs, candidate.iou)).collect();
    best(ours.len(), theirs.len(), &edges, Aim::Pairs)
}

/// Units matched one to one whatever their labels: as many equal extents as there can be, then as many equal labels, then as many
/// pairs, then the largest sum of intersection over union.
///
/// Equal labels go before many pairs, so that a quote is matched with the quote that ends elsewhere and not with a name inside it.
pub fn aligned(ours: &[&Unit], theirs: &[&Unit], candidates: &[Possible]) -> Vec<(usize, usize)> {
    let most = ours.len().min(theirs.len()) as i128 + 1;
    let ranks = candidates.iter().map(|candidate| {
        let pairs = (i128::from(candidate.same_extent) * most + i128::from(candidate.same_label)) * most + 1;
        let rank = ((pairs * most) << 16) + (candidate.iou * f64::from(1 << 16)) as i128;
        (candidate.ours, candidate.theirs, rank)
    });
    highest(ours.len(), theirs.len(), ranks.collect())
}
