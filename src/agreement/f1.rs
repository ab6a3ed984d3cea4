//! F1 of two sets of spans: [`F1Exact`] and [`F1Overlap`]. Symmetric, so that neither annotator need be right: with many true
//! negatives, which spans cannot count, it is what kappa tends to (Hripcsak & Rothschild 2005).

use super::pairing::matched;
use super::{Frame, Measure, Undefined, View};

/// Harmonic mean of precision and recall.
///
/// Nothing marked by either is undefined; marked by one alone, or nothing in common, is 0.
pub fn f1(both: f64, ours: f64, theirs: f64) -> Result<f64, Undefined> {
    if ours + theirs == 0.0 { Err(Undefined::NothingMarked) } else { Ok(2.0 * both / (ours + theirs)) }
}

/// Spans with the same label on the same characters. Sums are [both, ours, theirs].
#[derive(Clone, Copy, Debug)]
pub struct F1Exact;

impl Measure for F1Exact {
    fn id(&self) -> &'static str {
        "f1-exact"
    }

    fn about(&self) -> &'static str {
        "Of all spans of two annotators, the share that the other marked with the same label and the same edges (Hripcsak & Rothschild 2005)."
    }

    fn joint(&self) -> bool {
        false
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        let (mut ours, mut theirs) = (view.units(0).peekable(), view.units(1).peekable());
        let mut sums = [0.0; 3];
        while let (Some(a), Some(b)) = (ours.peek(), theirs.peek()) {
            let order = (&a.chars, a.label).cmp(&(&b.chars, b.label));
            sums[0] += f64::from(order.is_eq());
            sums[1] += f64::from(order.is_le());
            sums[2] += f64::from(order.is_ge());
            if order.is_le() {
                ours.next();
            }
            if order.is_ge() {
                theirs.next();
            }
        }
        vec![sums[0], sums[1] + ours.count() as f64, sums[2] + theirs.count() as f64]
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        f1(sums[0], sums[1], sums[2])
    }

    /// Spans marked by either, a pair once.
    fn counted(&self, sums: &[f64]) -> f64 {
        sums[1] + sums[2] - sums[0]
    }
}

/// Spans of the same label that share a character, matched one to one so that there are as many pairs as possible: what is marked
/// in two parts by one of them is one pair and one span left over. Sums are [pairs, ours, theirs].
#[derive(Clone, Copy, Debug)]
pub struct F1Overlap;

impl Measure for F1Overlap {
    fn id(&self) -> &'static str {
        "f1-overlap"
    }

    fn about(&self) -> &'static str {
        "Of all spans of two annotators, the share that can be matched one to one with a span of the same label that overlaps (optimal matching)."
    }

    fn joint(&self) -> bool {
        false
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        let (ours, theirs): (Vec<_>, Vec<_>) = (view.units(0).collect(), view.units(1).collect());
        vec![matched(&ours, &theirs).len() as f64, ours.len() as f64, theirs.len() as f64]
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        f1(sums[0], sums[1], sums[2])
    }

    /// Spans marked by either, a pair once.
    fn counted(&self, sums: &[f64]) -> f64 {
        sums[1] + sums[2] - sums[0]
    }
}
