//! [`Kappa`]: Cohen's kappa on the positions.
//!
//! J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20, 1960. Spans have no
//! countable negatives, so that kappa is of positions (tokens or code points), most of which are unmarked.

use super::coding::{Coding, tally};
use super::{Frame, Measure, Undefined, View};

/// Agreement on the positions, beyond that of two who give categories by chance, each as often as they did.
#[derive(Clone, Copy, Debug)]
pub struct Kappa;

/// Kappa of two annotators, −1 to 1.
pub fn kappa(coding: Coding<'_>) -> Result<f64, Undefined> {
    if coding.uniform() {
        return Err(Undefined::OneCategory);
    }
    let units = coding.units();
    let chance = |(first, given): (&f64, &f64)| first / units * ((given - first) / units);
    let expected: f64 = coding.first().iter().zip(coding.given()).map(chance).sum();
    Ok((coding.observed() - expected) / (1.0 - expected))
}

impl Measure for Kappa {
    fn id(&self) -> &'static str {
        "kappa"
    }

    fn about(&self) -> &'static str {
        "Agreement on the positions beyond chance, each annotator with their own frequencies of labels (Cohen 1960)."
    }

    fn joint(&self) -> bool {
        false
    }

    fn basis(&self) -> &'static str {
        "coding"
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        tally(view)
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        kappa(Coding::marked(sums)?)
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        Coding::new(sums).units()
    }
}
