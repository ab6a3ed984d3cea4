//! [`Confusion`]: what one annotator called what the other called otherwise, with a row and a column for what only one marked.

use super::pairing::{aligned, candidates};
use super::{Corpus, View};
use crate::annotation::ItemId;

/// Two spans of different labels are one thing called differently only if they cover the same for the most part; otherwise they
/// are two decisions, as a name inside a quote is. Intersection over union.
const SAME_PLACE: f64 = 0.5;

/// Labels of one annotator by labels of another.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    /// Names of rows and columns; one more of each is "nothing".
    pub labels: Vec<String>,
    /// By row (the first annotator's label), then column (the second's).
    cells: Vec<Vec<Case>>,
}

/// One pair of spans, or one that the other has no counterpart of.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Index into [`Corpus::items`].
    pub item: usize,
    pub ours: Option<ItemId>,
    pub theirs: Option<ItemId>,
}

impl Confusion {
    /// Over the documents that both finished. Spans are matched one to one as in [`aligned`]; those of different labels only if
    /// at least half of what either covers is covered by both.
    pub fn of(corpus: &Corpus, ours: usize, theirs: usize) -> Self {
        let size = corpus.labels.len() + 1;
        let mut confusion = Self { labels: corpus.labels.clone(), cells: vec![Vec::new(); size * size] };
        for (index, item) in corpus.items.iter().enumerate() {
            if item.layers[ours].is_some() && item.layers[theirs].is_some() {
                confusion.add(index, &View { corpus, item, who: &[ours, theirs], label: None });
            }
        }
        confusion
    }

    fn add(&mut self, item: usize, view: &View<'_>) {
        let (ours, theirs): (Vec<_>, Vec<_>) = (view.units(0).collect(), view.units(1).collect());
        let mut candidates = candidates(&ours, &theirs);
        candidates.retain(|pair| pair.same_label || pair.iou >= SAME_PLACE);
        let pairs = aligned(&ours, &theirs, &candidates);
        let (mut ours_left, mut theirs_left) = (vec![true; ours.len()], vec![true; theirs.len()]);
        let nothing = self.nothing();
        for (a, b) in pairs {
            (ours_left[a], theirs_left[b]) = (false, false);
            let case = Case { item, ours: Some(ours[a].id.clone()), theirs: Some(theirs[b].id.clone()) };
            self.cell_mut(ours[a].label, theirs[b].label).push(case);
        }
        for (unit, _) in ours.iter().zip(ours_left).filter(|(_, left)| *left) {
            self.cell_mut(unit.label, nothing).push(Case { item, ours: Some(unit.id.clone()), theirs: None });
        }
        for (unit, _) in theirs.iter().zip(theirs_left).filter(|(_, left)| *left) {
            self.cell_mut(nothing, unit.label).push(Case { item, ours: None, theirs: Some(unit.id.clone()) });
        }
    }

    /// The row and the column of what only one of them marked.
    pub fn nothing(&self) -> usize {
        self.labels.len()
    }

    /// The cases of a cell, in the order of documents. Nothing and nothing is always empty: nobody counts it.
    pub fn cell(&self, row: usize, column: usize) -> &[Case] {
        &self.cells[row * (self.nothing() + 1) + column]
    }

    fn cell_mut(&mut self, row: usize, column: usize) -> &mut Vec<Case> {
        let size = self.nothing() + 1;
        &mut self.cells[row * size + column]
    }
}
