//! [`Corpus`]: what is compared: documents, and what each annotator marked in them, as numbers.
//!
//! Made once from layers; every statistic reads it and nothing else. It does not know which documents were left out, and why.

use std::sync::OnceLock;

use super::{Extent, Positions, Question};
use crate::annotation::{Attributes, ItemId};
use crate::text::DocumentId;

/// Documents with what each annotator marked in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Corpus {
    /// The annotators' names; everything else counts them from 0.
    pub annotators: Vec<String>,
    /// The schema's labels by id, those that occur though the schema lacks them after it; everything else counts them from 0.
    pub labels: Vec<String>,
    /// How many of the labels are the schema's: what is a possible answer even where nobody gave it.
    pub known: usize,
    /// Not to change once a measure has looked.
    pub items: Vec<Item>,
    /// What random numbers of a measure start from, where it needs some.
    pub seed: u64,
    positions: OnceLock<Positions>,
    questions: OnceLock<Vec<Question>>,
}

/// One document.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub document: DocumentId,
    /// How many positions (tokens or code points) the text has.
    pub length: u32,
    /// By annotator; `None` is missing data (not finished, not seen), an empty layer is data.
    pub layers: Vec<Option<Marked>>,
}

/// What one annotator marked in one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marked {
    /// Sorted by (characters, label); the same label on the same characters stands once.
    pub units: Vec<Unit>,
    pub relations: Vec<Link>,
}

/// One span. Discontinuous ones are one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Index into [`Corpus::labels`].
    pub label: usize,
    /// In code points of the text, whatever the corpus counts in: what is exactly equal, and what overlaps.
    pub chars: Extent,
    /// In the positions that the corpus counts in. A token that is touched is covered.
    pub place: Extent,
    pub attributes: Attributes,
    /// The span's id in its layer.
    pub id: ItemId,
}

/// One relation, by indices into [`Marked::units`].
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub kind: String,
    pub from: usize,
    pub to: usize,
    pub attributes: Attributes,
}

impl Corpus {
    /// Label ids as in [`Corpus::labels`], of which the first `known` are the schema's.
    pub fn new(annotators: Vec<String>, labels: Vec<String>, known: usize, items: Vec<Item>) -> Self {
        assert!(
            items.iter().all(|item| item.layers.len() == annotators.len()),
            "each annotator has a place in each item"
        );
        Self { annotators, labels, known, items, seed: 1, positions: OnceLock::new(), questions: OnceLock::new() }
    }

    /// Which labels stand on which positions; worked out when first asked.
    pub fn positions(&self) -> &Positions {
        self.positions.get_or_init(|| Positions::new(self))
    }

    /// Attributes that somebody gave, with the answers that occur; worked out when first asked.
    pub fn questions(&self) -> &[Question] {
        self.questions.get_or_init(|| Question::all(&self.items))
    }
}

impl Unit {
    /// A unit without attributes, whose characters are its positions.
    pub fn new(label: usize, extent: impl Into<Extent>) -> Self {
        let extent = extent.into();
        let id = ItemId::from(format!("{label}@{}", extent.start()));
        Self { label, chars: extent.clone(), place: extent, attributes: Attributes::new(), id }
    }
}

impl Marked {
    /// Sorts, and lets equal decisions stand once.
    pub fn new(mut units: Vec<Unit>) -> Self {
        units.sort_by(|a, b| (&a.chars, a.label).cmp(&(&b.chars, b.label)));
        units.dedup_by(|a, b| a.label == b.label && a.chars == b.chars);
        Self { units, relations: Vec::new() }
    }
}

/// One document as some annotators see it: of all labels, or of one.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub corpus: &'a Corpus,
    pub item: &'a Item,
    /// Indices of annotators; each has a layer in the item.
    pub who: &'a [usize],
    pub label: Option<usize>,
}

impl<'a> View<'a> {
    /// The item's place in the corpus.
    #[allow(clippy::expect_used, reason = "a view is of an item of its corpus")]
    pub fn place(&self) -> usize {
        self.corpus.items.element_offset(self.item).expect("a view is of an item of its corpus")
    }

    /// The units of the annotator at this place of [`View::who`], in order, of the label that is looked at.
    pub fn units(&self, index: usize) -> impl Iterator<Item = &'a Unit> + Clone + use<'a> {
        let label = self.label;
        let layer = self.item.layers[self.who[index]].as_ref();
        layer
            .into_iter()
            .flat_map(|layer| &layer.units)
            .filter(move |unit| label.is_none_or(|label| unit.label == label))
    }
}
