//! [`Measure`]: one statistic, as sums over documents, so that a bootstrap over documents is a sum of sums.

use std::fmt;

use super::{Corpus, View};

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

/// What sums are of: everything of a [`View`] but the document.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub corpus: &'a Corpus,
    /// Indices of annotators.
    pub who: &'a [usize],
    pub label: Option<usize>,
}

/// One statistic of agreement.
pub trait Measure: Sync {
    /// As rows, `--measure` and `--min` name it: `f1-exact`.
    fn id(&self) -> &'static str;

    /// What it says, in one sentence for people, with its source.
    fn about(&self) -> &'static str;

    /// It is defined for more than two annotators at once. All are for two.
    fn joint(&self) -> bool;

    /// Of many annotators, a document that only some (two at least) finished counts too: its view has only those.
    fn partial(&self) -> bool {
        false
    }

    /// Measures of one basis give the same tally of the same view, so that it need be made, and summed, only once.
    fn basis(&self) -> &'static str {
        self.id()
    }

    /// It takes long: computed only where it is asked for by name.
    fn on_request(&self) -> bool {
        false
    }

    /// What one document adds. Always of the same length for the same frame.
    fn tally(&self, view: &View<'_>) -> Vec<f64>;

    /// The number that the sums over documents come to. There are two annotators and one document at least.
    fn value(&self, frame: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined>;

    /// How many things (spans, tokens, pairs) the sums are about.
    fn counted(&self, sums: &[f64]) -> f64;

    /// What was done to the data so that it could be measured at all, with how often, as a sentence without full stop.
    fn note(&self, sums: &[f64]) -> Option<String> {
        let _ = sums;
        None
    }
}

impl Frame<'_> {
    /// How a document looks in this frame; `None` where too few of the annotators finished it for the measure.
    pub fn view<'a>(&'a self, measure: &dyn Measure, item: usize, present: &'a mut Vec<usize>) -> Option<View<'a>> {
        let item = &self.corpus.items[item];
        present.clear();
        present.extend(self.who.iter().filter(|who| item.layers[**who].is_some()));
        let enough = present.len() == self.who.len() || measure.partial() && present.len() >= 2;
        enough.then_some(View { corpus: self.corpus, item, who: present, label: self.label })
    }

    /// What a measure says of these documents, by their places in the corpus.
    pub fn value(&self, measure: &dyn Measure, items: impl IntoIterator<Item = usize>) -> Result<f64, Undefined> {
        if self.who.len() < 2 {
            return Err(Undefined::OneAnnotator);
        }
        let mut present = Vec::new();
        let mut sums: Option<Vec<f64>> = None;
        for item in items {
            let Some(view) = self.view(measure, item, &mut present) else { continue };
            let tally = measure.tally(&view);
            match &mut sums {
                Some(sums) => sums.iter_mut().zip(&tally).for_each(|(sum, add)| *sum += add),
                None => sums = Some(tally),
            }
        }
        measure.value(self, &sums.ok_or(Undefined::NoDocuments)?)
    }
}
