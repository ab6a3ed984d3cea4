//! [`Coverage`]: which documents could be compared, which were, and why the others were not.

use std::collections::BTreeMap;

use crate::text::DocumentId;

/// What one annotator's layer in a document is to a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// Finished, in the newest text: it counts, empty or not.
    Counts,
    /// Finished in another version of the text.
    TextDiffers,
    InProgress,
    Skipped,
    /// There is none.
    Untouched,
}

impl Presence {
    /// As `excluded` names the reason.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::TextDiffers => "text-differs",
            Self::InProgress => "in-progress",
            Self::Skipped => "skipped",
            Self::Untouched => "untouched",
        }
    }
}

/// A document in which somebody who is compared has a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub document: DocumentId,
    /// By annotator.
    pub layers: Vec<Presence>,
}

/// Documents that were not compared, by reason. Each counts once, under the first reason of the order of [`Presence`].
pub type Excluded = BTreeMap<&'static str, usize>;

/// Every candidate, in order of id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage(pub Vec<Candidate>);

impl Coverage {
    /// Documents that fewer than `enough` of these annotators finished, though one of them has a layer there. Linear.
    pub fn excluded(&self, who: &[usize], enough: usize) -> Excluded {
        let mut excluded = Excluded::new();
        for candidate in &self.0 {
            if let Some(reason) = candidate.excluded(who, enough) {
                *excluded.entry(reason.as_str()).or_default() += 1;
            }
        }
        excluded
    }
}

impl Candidate {
    /// Why the document does not count for these annotators, of whom `enough` must have finished it. `None` too where none of them has
    /// a layer: then it is none of their business.
    pub fn excluded(&self, who: &[usize], enough: usize) -> Option<Presence> {
        let of = || who.iter().map(|who| self.layers[*who]);
        let counting = of().filter(|layer| *layer == Presence::Counts).count();
        let touched = of().any(|layer| layer != Presence::Untouched);
        (touched && counting < enough).then(|| of().filter(|layer| *layer != Presence::Counts).min()).flatten()
    }
}
