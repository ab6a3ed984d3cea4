//! [`Measure`]: one statistic, as sums over documents, so that a bootstrap over documents is a sum of sums.

use std::fmt;

use super::View;

/// Why a number is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undefined {
    /// No document is finished by all of them.
    NoDocuments,
    /// Nobody marked anything.
    NothingMarked,
    /// Only one category occurs: agreement by chance is certain, so that nothing can be corrected for it.
    OneCategory,
    /// Fewer than two annotators.
    OneAnnotator,
    /// Another reason, as a sentence without full stop.
    Because(String),
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoDocuments => "no document was finished by all of them",
            Self::NothingMarked => "nobody marked anything",
            Self::OneCategory => "only one category occurs, so chance agreement is certain",
            Self::OneAnnotator => "there is only one annotator",
            Self::Because(reason) => reason,
        })
    }
}

/// One statistic of agreement.
pub trait Measure: Sync {
    /// As rows, `--measure` and `--min` name it: `f1-exact`.
    fn id(&self) -> &'static str;

    /// What it says, in one sentence for people, with its source.
    fn about(&self) -> &'static str;

    /// It is defined for more than two annotators at once. All are for two.
    fn joint(&self) -> bool;

    /// What one document adds. Always of the same length for the same corpus, annotators and label.
    fn tally(&self, view: &View<'_>) -> Vec<f64>;

    /// The number that the sums over documents come to.
    fn value(&self, sums: &[f64]) -> Result<f64, Undefined>;

    /// How many things (spans, tokens, pairs) the sums are about.
    fn counted(&self, sums: &[f64]) -> f64;
}
