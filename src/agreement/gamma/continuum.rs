//! [`Continuum`]: one document as gamma sees it: who marked which stretches, as real numbers, in an order that neither the annotators' order nor the labels' names decide.
//!
//! Mathet, Widlöcher and Métivier 2015, section 3.

use std::sync::Arc;

use super::super::{Extent, View};

/// One unit. Half open, in the positions that the corpus counts in; chance moves units to fractions too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    pub start: f64,
    pub end: f64,
    pub label: u32,
    /// Index into the gaps of its continuum; 0 is a unit without gap.
    pub(super) shape: u32,
}

/// What several annotators marked in one text.
#[derive(Clone, Debug, PartialEq)]
pub struct Continuum {
    /// By annotator; each sorted by (start, end, label).
    annotators: Vec<Vec<Piece>>,
    length: f64,
    gaps: Gaps,
}

/// The gaps of discontinuous units, counted from the unit's start; the first is of none.
pub(super) type Gaps = Arc<[Vec<(f64, f64)>]>;

impl Piece {
    pub fn new(start: f64, end: f64, label: u32) -> Self {
        Self { start, end, label, shape: 0 }
    }

    pub fn length(&self) -> f64 {
        self.end - self.start
    }

    pub(super) fn shifted(self, by: f64) -> Self {
        Self { start: self.start + by, end: self.end + by, ..self }
    }
}

impl Continuum {
    /// `length` is that of the text; units beyond it make it longer.
    pub fn new(annotators: Vec<Vec<Piece>>, length: f64) -> Self {
        Self::with_gaps(annotators, length, Arc::new([Vec::new()]))
    }

    pub(super) fn with_gaps(mut annotators: Vec<Vec<Piece>>, length: f64, gaps: Gaps) -> Self {
        for pieces in &mut annotators {
            pieces.sort_by(|a, b| {
                let places = a.start.total_cmp(&b.start).then(a.end.total_cmp(&b.end));
                places.then((a.shape, a.label).cmp(&(b.shape, b.label)))
            });
        }
        let length = annotators.iter().flatten().map(|piece| piece.end).fold(length, f64::max);
        Self { annotators, length, gaps }
    }

    /// What the view shows. Annotators are ordered by what they marked, labels numbered by where they stand, so that names and
    /// orders change no random sample.
    pub fn of(view: &View<'_>) -> Self {
        Self::labelled(view).0
    }

    /// And the number that each of the corpus's labels has in it; those of no unit may be left out at the end.
    pub(super) fn labelled(view: &View<'_>) -> (Self, Vec<usize>) {
        let mut rows: Vec<Vec<(&Extent, usize)>> = (0..view.who.len())
            .map(|index| view.units(index).map(|unit| (&unit.place, unit.label)).collect())
            .collect();
        let rank = ranks(&rows);
        for row in &mut rows {
            for unit in &mut *row {
                unit.1 = rank[unit.1];
            }
            row.sort_unstable();
        }
        rows.sort_by(|a, b| {
            let places = a.iter().map(|unit| unit.0).cmp(b.iter().map(|unit| unit.0));
            places.then_with(|| a.iter().map(|unit| unit.1).cmp(b.iter().map(|unit| unit.1)))
        });
        let mut gaps = vec![Vec::new()];
        let annotators = rows
            .iter()
            .map(|row| row.iter().map(|(extent, label)| piece(extent, *label as u32, &mut gaps)).collect())
            .collect();
        (Self::with_gaps(annotators, f64::from(view.item.length), gaps.into()), rank)
    }

    pub fn annotators(&self) -> &[Vec<Piece>] {
        &self.annotators
    }

    /// Of the text, or to the end of the last unit.
    pub fn length(&self) -> f64 {
        self.length
    }

    pub(super) fn gaps(&self) -> &Gaps {
        &self.gaps
    }

    /// Units of all annotators.
    pub fn units(&self) -> usize {
        self.annotators.iter().map(Vec::len).sum()
    }

    /// Units per annotator.
    pub fn mean_units(&self) -> f64 {
        self.units() as f64 / self.annotators.len() as f64
    }
}

/// A number for each label, by the places where it stands: the same whatever the labels are called.
fn ranks(rows: &[Vec<(&Extent, usize)>]) -> Vec<usize> {
    let mut by_label: Vec<(usize, &Extent)> = rows.iter().flatten().map(|(extent, label)| (*label, *extent)).collect();
    by_label.sort_unstable();
    let mut places: Vec<&[(usize, &Extent)]> = by_label.chunk_by(|a, b| a.0 == b.0).collect();
    places.sort_by(|a, b| a.iter().map(|unit| unit.1).cmp(b.iter().map(|unit| unit.1)).then(a[0].0.cmp(&b[0].0)));
    let mut rank = vec![usize::MAX; by_label.last().map_or(0, |last| last.0 + 1)];
    for (number, units) in places.iter().enumerate() {
        rank[units[0].0] = number;
    }
    rank
}

fn piece(extent: &Extent, label: u32, gaps: &mut Vec<Vec<(f64, f64)>>) -> Piece {
    let start = extent.start();
    let inside: Vec<(f64, f64)> = extent
        .fragments()
        .windows(2)
        .filter(|pair| pair[0].1 < pair[1].0)
        .map(|pair| (f64::from(pair[0].1 - start), f64::from(pair[1].0 - start)))
        .collect();
    let shape = gaps.iter().position(|known| *known == inside).unwrap_or_else(|| {
        gaps.push(inside);
        gaps.len() - 1
    });
    Piece { start: f64::from(start), end: f64::from(extent.end()), label, shape: shape as u32 }
}
