//! [`F1Token`]: F1 of the positions that are covered, label by label.
//!
//! Right where coverage counts rather than edges; it does not see where one span ends and the next of the same label begins, and
//! long spans weigh more. A position that two units of one label cover counts twice, as in bratiaa (Kolditz and others 2019).

use super::{Frame, Measure, Undefined, View};

/// Twice the positions of one label that both cover, over those that each covers.
#[derive(Clone, Copy, Debug)]
pub struct F1Token;

impl Measure for F1Token {
    fn id(&self) -> &'static str {
        "f1-token"
    }

    fn about(&self) -> &'static str {
        "Twice the positions that both covered by the same label, over all that each covered (F1)."
    }

    fn joint(&self) -> bool {
        false
    }

    /// Covered by both, by the first, by the second.
    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        let mut edges: Vec<(usize, u32, usize, bool)> = Vec::new();
        for who in 0..view.who.len() {
            for unit in view.units(who) {
                for (start, end) in unit.place.fragments() {
                    edges.extend([(unit.label, *start, who, true), (unit.label, *end, who, false)]);
                }
            }
        }
        edges.sort_unstable();
        let mut sums = [0; 3];
        let (mut depth, mut at) = ([0_i64; 2], 0);
        for (_, position, who, opens) in edges {
            let length = i64::from(position) - at;
            let covered = [depth[0].min(depth[1]), depth[0], depth[1]];
            sums.iter_mut().zip(covered).for_each(|(sum, covered)| *sum += covered * length);
            depth[who] += if opens { 1 } else { -1 };
            at = i64::from(position);
        }
        sums.map(|sum| sum as f64).to_vec()
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        let [both, first, second] = sums else { return Err(Undefined::NoDocuments) };
        if first + second == 0.0 { Err(Undefined::NothingMarked) } else { Ok(2.0 * both / (first + second)) }
    }

    /// Positions covered by either, each by label.
    fn counted(&self, sums: &[f64]) -> f64 {
        sums[1] + sums[2] - sums[0]
    }
}
