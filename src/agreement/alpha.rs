//! [`Alpha`]: Krippendorff's alpha on the positions, for any number of annotators, with documents that not all of them finished.
//!
//! K. Krippendorff, Content Analysis, 2nd edition, Sage 2004, chapter 11. A position's category is its set of labels; of one label,
//! that it is absent or present.

use super::coding::{Coding, Metric, tally};
use super::{Frame, Measure, Undefined, View};

/// One minus the disagreement observed over the one expected by chance.
#[derive(Clone, Copy, Debug)]
pub struct Alpha {
    pub metric: Metric,
}

/// Alpha, up to 1: `disagreement` is that of [`Coding::disagreement`], `given` how often each category was. Quadratic in the categories given.
pub fn alpha(disagreement: f64, given: &[f64], distance: impl Fn(usize, usize) -> f64) -> Result<f64, Undefined> {
    let given: Vec<(usize, f64)> = given.iter().copied().enumerate().filter(|(_, given)| *given > 0.0).collect();
    let values: f64 = given.iter().map(|(_, given)| given).sum();
    let mut expected = 0.0;
    for (place, (a, often)) in given.iter().enumerate() {
        let far: f64 = given[..place].iter().map(|(b, often)| often * distance(*a, *b)).sum();
        expected += 2.0 * often * far;
    }
    corrected(disagreement, expected, values)
}

/// Alpha where all categories are equally far apart. Linear in them.
pub fn nominal(coding: Coding<'_>) -> Result<f64, Undefined> {
    let values = coding.values();
    let expected = coding.given().iter().map(|given| given * (values - given)).sum();
    corrected(coding.disagreement(Metric::Nominal), expected, values)
}

/// `expected` is summed over ordered pairs of all values.
fn corrected(disagreement: f64, expected: f64, values: f64) -> Result<f64, Undefined> {
    if expected == 0.0 { Err(Undefined::OneCategory) } else { Ok(1.0 - disagreement * (values - 1.0) / expected) }
}

impl Measure for Alpha {
    fn id(&self) -> &'static str {
        match self.metric {
            Metric::Nominal => "alpha",
            Metric::Masi => "alpha-masi",
            Metric::Jaccard => "alpha-jaccard",
        }
    }

    fn about(&self) -> &'static str {
        match self.metric {
            Metric::Nominal => {
                "Agreement on the positions beyond chance; other labels are wholly different (Krippendorff 2004)."
            }
            Metric::Masi => {
                "Krippendorff's alpha on the positions; sets of labels that share some differ less, by MASI (Passonneau 2006)."
            }
            Metric::Jaccard => {
                "Krippendorff's alpha on the positions; sets of labels differ by the share they do not have in common (Jaccard)."
            }
        }
    }

    fn joint(&self) -> bool {
        true
    }

    fn partial(&self) -> bool {
        true
    }

    fn basis(&self) -> &'static str {
        "coding"
    }

    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        tally(view)
    }

    fn value(&self, frame: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        let coding = Coding::marked(sums)?;
        let which = match self.metric {
            Metric::Masi if frame.label.is_none() => 0,
            Metric::Jaccard if frame.label.is_none() => 1,
            _ => return nominal(coding),
        };
        let positions = frame.corpus.positions();
        alpha(coding.disagreement(self.metric), coding.given(), |a, b| positions.apart(a as u32, b as u32)[which])
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        Coding::new(sums).units()
    }
}
