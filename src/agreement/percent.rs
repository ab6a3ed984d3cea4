//! [`Percent`]: how many positions have the same labels.
//!
//! Not a measure of quality: most positions have no label in any layer, and those agree. It is undefined where nothing is marked.

use super::coding::{Coding, tally};
use super::{Frame, Measure, Undefined, View};

/// The share of positions on which two annotators put the same set of labels.
#[derive(Clone, Copy, Debug)]
pub struct Percent;

impl Measure for Percent {
    fn id(&self) -> &'static str {
        "percent"
    }

    fn about(&self) -> &'static str {
        "The share of positions with the same labels, unmarked ones included; nothing is corrected for chance."
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
        Ok(Coding::marked(sums)?.observed())
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        Coding::new(sums).units()
    }
}
