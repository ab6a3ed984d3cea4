//! [`Fleiss`]: Fleiss' kappa on the positions; of two annotators, Scott's pi.
//!
//! J. L. Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76, 1971; W. A. Scott, Reliability of
//! content analysis, Public Opinion Quarterly 19, 1955. It needs the same number of codes everywhere: documents that not all
//! finished do not count ([`super::Alpha`] can use them).

use super::coding::{Coding, tally};
use super::{Frame, Measure, Undefined, View};

/// Agreement on the positions, beyond that of annotators who all give categories by chance, as often as they are given in all.
#[derive(Clone, Copy, Debug)]
pub struct Fleiss;

/// Fleiss' kappa, up to 1, of things that all have the same number of codes.
pub fn fleiss(coding: Coding<'_>) -> Result<f64, Undefined> {
    if coding.uniform() {
        return Err(Undefined::OneCategory);
    }
    let values = coding.values();
    let expected: f64 = coding.given().iter().map(|given| (given / values).powi(2)).sum();
    Ok((coding.observed() - expected) / (1.0 - expected))
}

impl Measure for Fleiss {
    fn id(&self) -> &'static str {
        "fleiss"
    }

    fn about(&self) -> &'static str {
        "Agreement on the positions beyond chance, with common frequencies of labels (Fleiss 1971; of two annotators, Scott's pi)."
    }

    fn joint(&self) -> bool {
        true
    }

    fn basis(&self) -> &'static str {
        "coding"
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        tally(view)
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        fleiss(Coding::marked(sums)?)
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        Coding::new(sums).units()
    }
}
