//! [`Ac1`]: Gwet's AC1 on the positions.
//!
//! K. L. Gwet, Computing inter-rater reliability and its variance in the presence of high agreement, British Journal of Mathematical
//! and Statistical Psychology 61, 2008. How many categories there are counts, given or not. Of one label there are two: absent and present.
//! Of the whole schema, on which a position can have several labels, they are nothing, each label of the schema alone, and those
//! sets of labels besides that occur in the corpus: all 2ⁿ thinkable sets would make chance vanish, and those that occur alone would
//! make it depend on who is compared. In a flat annotation this is the number of labels and one.

use super::coding::{Coding, tally};
use super::{Corpus, Frame, Measure, Undefined, View};

/// Agreement on the positions, beyond that of annotators who guess where they are not sure; hardly lower where one category prevails.
#[derive(Clone, Copy, Debug)]
pub struct Ac1;

/// AC1, up to 1, of things that all have the same number of codes, of so many categories.
pub fn ac1(coding: Coding<'_>, categories: usize) -> Result<f64, Undefined> {
    if categories < 2 {
        return Err(Undefined::OneCategory);
    }
    let values = coding.values();
    let guessed: f64 = coding.given().iter().map(|given| given / values * (1.0 - given / values)).sum();
    let expected = guessed / (categories - 1) as f64;
    Ok((coding.observed() - expected) / (1.0 - expected))
}

/// The categories of the whole schema.
fn categories(corpus: &Corpus) -> usize {
    let of_schema = |set: &[u32]| matches!(set, [] | [_]) && set.iter().all(|label| (*label as usize) < corpus.known);
    1 + corpus.known + corpus.positions().sets().iter().filter(|set| !of_schema(set)).count()
}

impl Measure for Ac1 {
    fn id(&self) -> &'static str {
        "ac1"
    }

    fn about(&self) -> &'static str {
        "Agreement on the positions beyond guessing, steady where one category prevails (Gwet 2008)."
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

    fn value(&self, frame: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        ac1(Coding::marked(sums)?, if frame.label.is_some() { 2 } else { categories(frame.corpus) })
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        Coding::new(sums).units()
    }
}
