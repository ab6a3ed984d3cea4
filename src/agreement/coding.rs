//! [`Coding`]: how often which category was given, and how often the same one, for everything that several annotators coded.
//!
//! All coefficients of coding (percent, kappa, Fleiss, alpha, AC1) are functions of these counts, which can be added over
//! documents. What is coded here are positions of texts ([`tally`]) or the rows of a table ([`Codes`]).

use super::{Undefined, View};

const UNITS: usize = 0;
const AGREEMENT: usize = 1;
const DISAGREEMENT: usize = 2;
const CATEGORIES: usize = 5;

/// Counts over everything that at least two annotators coded.
#[derive(Clone, Copy, Debug)]
pub struct Coding<'a>(&'a [f64]);

impl<'a> Coding<'a> {
    /// `sums` are of [`tally`] or of [`Codes::sums`].
    pub fn new(sums: &'a [f64]) -> Self {
        Self(sums)
    }

    /// The counts of positions, whose first category is that nothing is marked, where anything is.
    pub fn marked(sums: &'a [f64]) -> Result<Self, Undefined> {
        let coding = Self(sums);
        if coding.given()[1..].iter().all(|given| *given == 0.0) { Err(Undefined::NothingMarked) } else { Ok(coding) }
    }

    /// How many things two annotators at least coded.
    pub fn units(&self) -> f64 {
        self.0[UNITS]
    }

    /// How many codes they were given in all.
    pub fn values(&self) -> f64 {
        self.given().iter().sum()
    }

    /// The share of pairs of codes of one thing that are equal, as a mean over things: 0 to 1.
    pub fn observed(&self) -> f64 {
        self.0[AGREEMENT] / self.units()
    }

    /// How far the codes of one thing are apart, summed over all things: ordered pairs of codes, over one less than the codes of the
    /// thing (what stands off the diagonal in Krippendorff's matrix of coincidences).
    pub fn disagreement(&self, metric: Metric) -> f64 {
        self.0[DISAGREEMENT + metric as usize]
    }

    /// How often each category was given.
    pub fn given(&self) -> &'a [f64] {
        &self.0[CATEGORIES..][..self.categories()]
    }

    /// How often the first of two annotators gave each category; of more than two, nothing.
    pub fn first(&self) -> &'a [f64] {
        &self.0[CATEGORIES + self.categories()..]
    }

    /// Only one category was given, or none.
    pub fn uniform(&self) -> bool {
        self.given().iter().filter(|given| **given > 0.0).count() <= 1
    }

    fn categories(&self) -> usize {
        (self.0.len() - CATEGORIES) / 2
    }
}

/// What makes two categories differ: by all or nothing, or as sets of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    Nominal,
    Masi,
    Jaccard,
}

/// Counts in the making.
struct Counts(Vec<f64>);

impl Counts {
    fn new(categories: usize) -> Self {
        Self(vec![0.0; CATEGORIES + 2 * categories])
    }

    /// So many things that got these codes, of which there are two at least. Quadratic in them where they differ.
    fn add(&mut self, codes: &[u32], times: f64, apart: impl Fn(u32, u32) -> [f64; 2]) {
        let Self(sums) = self;
        let categories = (sums.len() - CATEGORIES) / 2;
        let m = codes.len() as f64;
        sums[UNITS] += times;
        if codes.len() == 2 {
            sums[CATEGORIES + categories + codes[0] as usize] += times;
        }
        for code in codes {
            sums[CATEGORIES + *code as usize] += times;
        }
        if codes.iter().all(|code| *code == codes[0]) {
            sums[AGREEMENT] += times;
            return;
        }
        let (mut differ, mut far) = (0.0, [0.0; 2]);
        for (place, a) in codes.iter().enumerate() {
            for b in codes[..place].iter().filter(|b| *b != a) {
                let apart = apart(*a, *b);
                differ += 2.0;
                far[0] += 2.0 * apart[0];
                far[1] += 2.0 * apart[1];
            }
        }
        sums[AGREEMENT] += times * (1.0 - differ / (m * (m - 1.0)));
        for (place, pairs) in [differ, far[0], far[1]].into_iter().enumerate() {
            sums[DISAGREEMENT + place] += times * pairs / (m - 1.0);
        }
    }
}

/// What one document adds. Of all labels, the categories are the sets of labels that occur in the corpus; of one label, that
/// it is absent or present.
pub fn tally(view: &View<'_>) -> Vec<f64> {
    let positions = view.corpus.positions();
    let layers = positions.of(view);
    let mut counts = Counts::new(if view.label.is_some() { 2 } else { positions.sets().len() });
    let mut next = vec![0; layers.len()];
    let mut codes = vec![0; layers.len()];
    let mut at = 0;
    while at < view.item.length {
        let mut end = view.item.length;
        for ((code, next), runs) in codes.iter_mut().zip(&mut next).zip(&layers) {
            if runs[*next].end == at {
                *next += 1;
            }
            let run = runs[*next];
            *code = run.set;
            end = end.min(run.end);
            if let Some(label) = view.label {
                *code = u32::from(positions.sets()[run.set as usize].contains(&(label as u32)));
            }
        }
        let times = f64::from(end - at);
        match view.label {
            None => counts.add(&codes, times, |a, b| positions.apart(a, b)),
            // Of one label, both distances are the nominal one.
            Some(_) => counts.add(&codes, times, |_, _| [0.0; 2]),
        }
        at = end;
    }
    counts.0
}

/// A table of codes: a row for each thing, in it a category or nothing for each annotator.
#[derive(Clone, Debug)]
pub struct Codes {
    categories: usize,
    annotators: usize,
    /// One more than the category; 0 where there is none.
    cells: Vec<u32>,
}

impl Codes {
    /// An empty table for so many categories, counted from 0, and annotators.
    pub fn new(categories: usize, annotators: usize) -> Self {
        assert!(annotators > 0, "somebody codes");
        Self { categories, annotators, cells: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[Option<usize>]) {
        assert!(row.len() == self.annotators, "a row has a place for each annotator");
        assert!(row.iter().flatten().all(|code| *code < self.categories), "a code is a category");
        self.cells.extend(row.iter().map(|code| code.map_or(0, |code| code as u32 + 1)));
    }

    /// The counts, for [`Coding`]; rows with fewer than two codes do not count. `apart` gives up to two distances of different categories,
    /// which take the places of [`Metric::Masi`] and [`Metric::Jaccard`]; by [`Metric::Nominal`] they are 1 apart.
    pub fn sums(&self, apart: impl Fn(usize, usize) -> [f64; 2]) -> Vec<f64> {
        let mut counts = Counts::new(self.categories);
        let mut codes = Vec::with_capacity(self.annotators);
        for row in self.cells.chunks_exact(self.annotators) {
            codes.clear();
            codes.extend(row.iter().filter(|cell| **cell > 0).map(|cell| cell - 1));
            if codes.len() >= 2 {
                counts.add(&codes, 1.0, |a, b| apart(a as usize, b as usize));
            }
        }
        counts.0
    }
}
