//! [`Positions`]: which labels every annotator put on every position of every document, as runs of equal label sets.
//!
//! Made once for a corpus. The sets are numbered over the whole corpus, so that counts of them can be added over documents,
//! and runs stand for positions, so that the cost is in the units and not in the length of the texts.

use std::collections::HashMap;

use super::{Corpus, Item, Marked, View, distance};

/// The sets of labels that occur in a corpus, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Positions {
    /// Sorted indices of labels, by category. The first is the empty set; the others in the order of their first occurrence.
    sets: Vec<Box<[u32]>>,
    runs: Vec<Run>,
    /// Where the runs of each layer begin, by item and annotator; and the end of all.
    begins: Vec<usize>,
    annotators: usize,
    /// By two categories, how far they are apart; of so many categories only that it fits in little memory.
    apart: Vec<[f64; 2]>,
}

/// Of so many label sets the distances are kept: 4 MB.
const KEPT: usize = 512;

/// Positions that follow each other and have the same labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// One past the last position. The run begins where the one before ends.
    pub end: u32,
    /// The label set, as its place in [`Positions::sets`].
    pub set: u32,
}

impl Positions {
    /// Linear in the edges of units, but for sorting them.
    pub fn new(corpus: &Corpus) -> Self {
        let annotators = corpus.annotators.len();
        let mut sets = Interned::new(corpus.labels.len());
        let mut runs = Vec::new();
        let mut begins = vec![0];
        let mut counts = vec![0; corpus.labels.len()];
        for item in &corpus.items {
            assert!(item.layers.len() == annotators, "each annotator has a place in each item");
            for layer in &item.layers {
                if let Some(layer) = layer {
                    run(item, layer, &mut counts, &mut sets, &mut runs);
                }
                begins.push(runs.len());
            }
        }
        let sets = sets.sets;
        let kept = if sets.len() <= KEPT { &sets[..] } else { &[] };
        let apart = kept.iter().flat_map(|a| kept.iter().map(|b| distance::both(a, b))).collect();
        Self { sets, runs, begins, annotators, apart }
    }

    /// The label sets that occur, as sorted indices of labels. The first is the empty one.
    pub fn sets(&self) -> &[Box<[u32]>] {
        &self.sets
    }

    /// How far two label sets are apart, by [`distance::masi`] and by [`distance::jaccard`].
    pub fn apart(&self, a: u32, b: u32) -> [f64; 2] {
        let (a, b) = (a as usize, b as usize);
        match self.apart.get(a * self.sets.len() + b) {
            Some(apart) => *apart,
            None => distance::both(&self.sets[a], &self.sets[b]),
        }
    }

    /// The runs of one layer, which end where the text does; none of a missing layer, or of a text of no length.
    pub fn runs(&self, item: usize, annotator: usize) -> &[Run] {
        let layer = item * self.annotators + annotator;
        &self.runs[self.begins[layer]..self.begins[layer + 1]]
    }

    /// The runs of each annotator of a view.
    pub fn of(&self, view: &View<'_>) -> Vec<&[Run]> {
        let item = view.place();
        view.who.iter().map(|who| self.runs(item, *who)).collect()
    }
}

/// The sets found so far.
struct Interned {
    sets: Vec<Box<[u32]>>,
    /// By label, the category of the set that has it alone; 0 where there is none yet.
    single: Vec<u32>,
    many: HashMap<Box<[u32]>, u32>,
}

impl Interned {
    fn new(labels: usize) -> Self {
        Self { sets: vec![Box::default()], single: vec![0; labels], many: HashMap::new() }
    }

    fn category(&mut self, set: &[u32]) -> u32 {
        let next = index(self.sets.len());
        let category = match set {
            [] => 0,
            [label] => {
                let known = &mut self.single[*label as usize];
                if *known == 0 {
                    *known = next;
                }
                *known
            }
            _ => match self.many.get(set) {
                Some(known) => *known,
                None => *self.many.entry(set.into()).or_insert(next),
            },
        };
        if category == next {
            self.sets.push(set.into());
        }
        category
    }
}

/// Appends the runs of one layer. `counts` are zeros by label, and are left so.
fn run(item: &Item, layer: &Marked, counts: &mut [u32], sets: &mut Interned, runs: &mut Vec<Run>) {
    // Ends before starts: those of units that follow each other are in order then, and sorting them is quick.
    let mut edges: Vec<(u32, bool, u32)> = Vec::with_capacity(layer.units.len() * 2);
    for unit in &layer.units {
        for (start, end) in unit.place.fragments() {
            assert!(*end <= item.length, "a unit ends in its text");
            if start < end {
                edges.extend([(*start, true, index(unit.label)), (*end, false, index(unit.label))]);
            }
        }
    }
    edges.sort_unstable();
    let first = runs.len();
    let mut set: Vec<u32> = Vec::new();
    for group in edges.chunk_by(|a, b| a.0 == b.0) {
        lengthen(runs, first, Run { end: group[0].0, set: sets.category(&set) });
        for (_, opens, label) in group {
            let count = &mut counts[*label as usize];
            *count = if *opens { *count + 1 } else { *count - 1 };
        }
        for (_, _, label) in group {
            match (set.binary_search(label), counts[*label as usize] > 0) {
                (Err(place), true) => set.insert(place, *label),
                (Ok(place), false) => drop(set.remove(place)),
                _ => {}
            }
        }
    }
    lengthen(runs, first, Run { end: item.length, set: 0 });
}

/// Appends a run to those from `first` on, or makes the last one longer where it has the same labels.
fn lengthen(runs: &mut Vec<Run>, first: usize, run: Run) {
    match runs[first..].last_mut() {
        Some(last) if last.end == run.end => {}
        Some(last) if last.set == run.set => last.end = run.end,
        None if run.end == 0 => {}
        _ => runs.push(run),
    }
}

/// Labels and label sets are far fewer than 2³².
fn index(number: usize) -> u32 {
    number as u32
}
