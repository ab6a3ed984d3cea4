//! [`AlphaU`]: Krippendorff's alpha for unitizing: where units of a label begin and end, beyond chance.
//!
//! K. Krippendorff, On the reliability of unitizing continuous data, Sociological Methodology 25, 1995; Content Analysis, 2nd
//! edition, Sage 2004, chapter 11.6. (The values printed in 1995 have an error in the expected disagreement; the formula is that of 2004.)
//!
//! The method knows stretches of one label that do not overlap in one annotator's layer, so some units are changed, and counted in the note:
//! overlapping units of a label become one, from the first start to the last end (those that only touch stay two); a discontinuous unit is
//! one stretch with its gaps; units that cover no position are left out. Lengths count squared, so that one long unit weighs much.

use super::{Extent, Frame, Measure, Undefined, View};

/// One minus the disagreement observed over the one expected, both summed over labels, and over documents by their lengths.
#[derive(Clone, Copy, Debug)]
pub struct AlphaU;

/// Stretches of one label in one annotator's layer: start and end, sorted, not overlapping, none empty.
pub type Stretches = Vec<(u32, u32)>;

/// How often units were changed so that they can be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Units that became part of another which they overlap.
    pub merged: usize,
    /// Discontinuous units, taken with their gaps.
    pub filled: usize,
    /// Units that cover no position.
    pub left_out: usize,
}

/// Stretches of units in any order, and what was changed for it.
pub fn stretches<'a>(units: impl IntoIterator<Item = &'a Extent>) -> (Stretches, Changed) {
    let mut changed = Changed::default();
    let mut all = Stretches::new();
    for unit in units {
        if unit.start() == unit.end() {
            changed.left_out += 1;
        } else {
            changed.filled += usize::from(unit.fragments().len() > 1);
            all.push((unit.start(), unit.end()));
        }
    }
    all.sort_unstable();
    let before = all.len();
    all.dedup_by(|next, last| {
        let overlap = next.0 < last.1;
        if overlap {
            last.1 = last.1.max(next.1);
        }
        overlap
    });
    changed.merged = before - all.len();
    (all, changed)
}

/// The disagreement observed between annotators, two at least, on a text of so many positions: overlapping stretches by the squares of the
/// distances of their starts and of their ends, others by the square of their length. Linear in the stretches, quadratic in the annotators.
pub fn observed(annotators: &[Stretches], length: u32) -> f64 {
    let mut sum = 0.0;
    for (place, a) in annotators.iter().enumerate() {
        for b in &annotators[..place] {
            sum += between(a, b);
        }
    }
    let (r, length) = (annotators.len() as f64, f64::from(length));
    2.0 * sum / (r * (r - 1.0) * length * length)
}

/// The disagreement of two, in squared positions.
fn between(a: &[(u32, u32)], b: &[(u32, u32)]) -> f64 {
    let mut sum = 0.0;
    let mut first = 0;
    let mut met = vec![false; b.len()];
    for ours in a {
        while b.get(first).is_some_and(|theirs| theirs.1 <= ours.0) {
            first += 1;
        }
        let mut alone = true;
        for (theirs, met) in b[first..].iter().zip(&mut met[first..]).take_while(|(theirs, _)| theirs.0 < ours.1) {
            sum += square(ours.0.abs_diff(theirs.0)) + square(ours.1.abs_diff(theirs.1));
            (*met, alone) = (true, false);
        }
        if alone {
            sum += square(ours.1 - ours.0);
        }
    }
    sum + b.iter().zip(met).filter(|(_, met)| !met).map(|(theirs, _)| square(theirs.1 - theirs.0)).sum::<f64>()
}

fn square(length: u32) -> f64 {
    f64::from(length) * f64::from(length)
}

/// The disagreement expected where the stretches of all annotators, and the gaps between them, could stand anywhere.
/// As sorting them.
pub fn expected(annotators: &[Stretches], length: u32) -> f64 {
    let mut gaps: Vec<f64> = annotators.iter().flat_map(|stretches| gaps(stretches, length)).map(f64::from).collect();
    let mut lengths: Vec<f64> = annotators.iter().flatten().map(|(start, end)| f64::from(end - start)).collect();
    gaps.sort_by(|a, b| b.total_cmp(a));
    lengths.sort_by(|a, b| b.total_cmp(a));
    let others = lengths.len() as f64 - 1.0;
    let (mut sum, mut pairs) = (0.0, 0.0);
    // The gaps that are no shorter, longest first, and what they come to.
    let (mut wide, mut room) = (0, 0.0);
    for l in &lengths {
        while gaps.get(wide).is_some_and(|gap| gap >= l) {
            room += gaps[wide];
            wide += 1;
        }
        sum += others * (2.0 * l * l * l - 3.0 * l * l + l) / 3.0 + l * l * (room - wide as f64 * (l - 1.0));
        pairs += l * (l - 1.0);
    }
    let all = annotators.len() as f64 * f64::from(length);
    if lengths.is_empty() { 0.0 } else { 2.0 / f64::from(length) * sum / (all * (all - 1.0) - pairs) }
}

/// The lengths of what one annotator left between the stretches, and before and after them.
fn gaps(stretches: &[(u32, u32)], length: u32) -> impl Iterator<Item = u32> {
    let starts = stretches.iter().map(|(start, _)| *start).chain([length]);
    let ends = [0].into_iter().chain(stretches.iter().map(|(_, end)| *end));
    starts.zip(ends).map(|(start, end)| start - end).filter(|gap| *gap > 0)
}

impl Measure for AlphaU {
    fn id(&self) -> &'static str {
        "alpha-u"
    }

    fn about(&self) -> &'static str {
        "Agreement on where units begin and end, beyond chance, label by label (Krippendorff 1995, 2004)."
    }

    fn joint(&self) -> bool {
        true
    }

    /// Disagreement observed and expected, times the length of the text; stretches; units merged, filled, left out.
    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        let mut units: Vec<(usize, usize, &Extent)> = (0..view.who.len())
            .flat_map(|who| view.units(who).map(move |unit| (unit.label, who, &unit.place)))
            .collect();
        units.sort_by_key(|(label, who, _)| (*label, *who));
        let length = view.item.length;
        let mut sums = [0.0; 6];
        for of_label in units.chunk_by(|a, b| a.0 == b.0) {
            let mut annotators = vec![Stretches::new(); view.who.len()];
            for of_one in of_label.chunk_by(|a, b| a.1 == b.1) {
                let (stretches, changed) = stretches(of_one.iter().map(|(_, _, place)| *place));
                let counts = [stretches.len(), changed.merged, changed.filled, changed.left_out];
                sums[2..].iter_mut().zip(counts).for_each(|(sum, count)| *sum += count as f64);
                annotators[of_one[0].1] = stretches;
            }
            if annotators.iter().any(|stretches| !stretches.is_empty()) {
                sums[0] += f64::from(length) * observed(&annotators, length);
                sums[1] += f64::from(length) * expected(&annotators, length);
            }
        }
        sums.to_vec()
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        let [observed, expected, stretches, ..] = sums else { return Err(Undefined::NoDocuments) };
        if *stretches == 0.0 {
            return Err(Undefined::NothingMarked);
        }
        if *expected == 0.0 {
            return Err(Undefined::Because("the texts are too short for units to stand elsewhere".to_owned()));
        }
        Ok(1.0 - observed / expected)
    }

    /// Stretches.
    fn counted(&self, sums: &[f64]) -> f64 {
        sums[2]
    }

    fn note(&self, sums: &[f64]) -> Option<String> {
        let done = [
            (sums[3], "units that overlap one of the same label were merged with it"),
            (sums[4], "discontinuous units were taken with their gaps"),
            (sums[5], "units that cover no position were left out"),
        ];
        let done: Vec<String> =
            done.iter().filter(|(count, _)| *count > 0.0).map(|(count, what)| format!("{what}: {count}")).collect();
        (!done.is_empty()).then(|| done.join("; "))
    }
}
