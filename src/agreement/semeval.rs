//! [`F1Partial`] and [`F1Type`]: the scores of MUC-5 (Chinchor & Sundheim 1993) that SemEval-2013 task 9 uses: a span is correct,
//! incorrect, partial, missing or spurious.
//!
//! Tools that give these scores go through the spans once and take the first that fits, so that the order of spans decides. Here the
//! spans are matched optimally ([`super::pairing::aligned`]): equal edges first, then equal labels, then as many pairs as possible.
//! For one label alone only its spans are matched, so that no label is incorrect there.

use super::f1::f1;
use super::pairing::{aligned, candidates};
use super::{Frame, Measure, Undefined, View};

/// What both are counted from: pairs with [equal edges and labels, equal edges alone, equal labels alone, neither], ours, theirs.
///
/// Missing are ours without a pair, spurious theirs.
fn tally(view: &View<'_>) -> Vec<f64> {
    let (ours, theirs): (Vec<_>, Vec<_>) = (view.units(0).collect(), view.units(1).collect());
    let candidates = candidates(&ours, &theirs);
    let mut sums = vec![0.0, 0.0, 0.0, 0.0, ours.len() as f64, theirs.len() as f64];
    for (ours_at, theirs_at) in aligned(&ours, &theirs, &candidates) {
        let (a, b) = (ours[ours_at], theirs[theirs_at]);
        sums[usize::from(a.chars != b.chars) * 2 + usize::from(a.label != b.label)] += 1.0;
    }
    sums
}

/// Spans marked by either, a pair once.
fn counted(sums: &[f64]) -> f64 {
    sums[4] + sums[5] - sums[..4].iter().sum::<f64>()
}

/// Labels ignored: equal edges are correct, overlapping ones half.
#[derive(Clone, Copy, Debug)]
pub struct F1Partial;

impl Measure for F1Partial {
    fn id(&self) -> &'static str {
        "f1-partial"
    }

    fn about(&self) -> &'static str {
        "F1 of edges, whatever the label: equal ones count 1, overlapping ones ½ (MUC-5, SemEval-2013 task 9; optimal matching)."
    }

    fn joint(&self) -> bool {
        false
    }

    fn basis(&self) -> &'static str {
        "semeval"
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        tally(view)
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        f1(sums[0] + sums[1] + 0.5 * (sums[2] + sums[3]), sums[4], sums[5])
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        counted(sums)
    }
}

/// Edges ignored as long as the two overlap: equal labels are correct.
#[derive(Clone, Copy, Debug)]
pub struct F1Type;

impl Measure for F1Type {
    fn id(&self) -> &'static str {
        "f1-type"
    }

    fn about(&self) -> &'static str {
        "F1 of labels of spans that overlap; another label on the same edges is wrong (MUC-5, SemEval-2013 task 9; optimal matching)."
    }

    fn joint(&self) -> bool {
        false
    }

    fn basis(&self) -> &'static str {
        "semeval"
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        tally(view)
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        f1(sums[0] + sums[2], sums[4], sums[5])
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        counted(sums)
    }
}
