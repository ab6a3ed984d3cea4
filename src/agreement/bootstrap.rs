//! Percentile bootstrap over documents: what the sums of a [`Measure`](super::Measure) come to in samples of documents drawn with
//! replacement (Efron 1979). Documents, not tokens or spans, are independent.
//!
//! How often each sample holds each document is drawn once and serves every statistic. Sums are weighted sums of whole numbers in
//! 16 bits: what is fractional, or larger, is split in two such numbers and keeps 29 bits, which is far below what the drawing itself
//! is worth. Only intervals are made of them, never values.

use std::collections::HashMap;
use std::rc::Rc;

/// How often each sample holds each document.
#[derive(Debug)]
pub struct Draws {
    samples: usize,
    documents: usize,
    /// By sample, then document.
    weights: Vec<i16>,
}

/// Documents whose weighted sums are made at a time: sums of 16-bit products stay in 32 bits, and all fits into near caches.
const BLOCK: usize = 1024;

/// What documents add: numbers by document and column, each document's together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tallies {
    pub columns: usize,
    /// Which documents, sorted; all others add nothing.
    pub documents: Vec<usize>,
    pub values: Vec<f64>,
}

/// A column, as sums of columns of whole numbers.
#[derive(Debug)]
struct Column {
    /// How often which of [`Parts`] is in it.
    parts: Vec<(f64, usize)>,
}

/// Different columns of whole numbers by document. Many numbers are asked for again and again: how many spans an annotator has.
#[derive(Debug, Default)]
struct Parts {
    places: HashMap<Rc<[i16]>, usize>,
    all: Vec<Rc<[i16]>>,
}

impl Draws {
    /// The same numbers give the same draws on every machine. Linear in samples × documents, in time and (2 bytes) in memory.
    pub fn new(seed: u64, samples: usize, documents: usize) -> Self {
        let mut weights = vec![0_i16; samples * documents];
        let mut random = Random(seed);
        if documents > 0 {
            for sample in weights.chunks_exact_mut(documents) {
                for _ in 0..documents {
                    let weight = &mut sample[random.below(documents)];
                    *weight = weight.saturating_add(1);
                }
            }
        }
        Self { samples, documents, weights }
    }

    pub fn samples(&self) -> usize {
        self.samples
    }

    /// The sums of the columns of each in each sample, by sample. Samples × documents × different columns. `None` where `going`, which is
    /// told how much is done, said so.
    pub fn sums(&self, tallies: &[&Tallies], going: &mut dyn FnMut(f64) -> bool) -> Option<Vec<Vec<f64>>> {
        let mut parts = Parts::default();
        let columns: Vec<Vec<Column>> = tallies.iter().map(|it| it.columns(self.documents, &mut parts)).collect();
        let mut sums: Vec<Vec<f64>> = tallies.iter().map(|it| vec![0.0; self.samples * it.columns]).collect();
        let mut dots = vec![0.0; parts.all.len()];
        for start in (0..self.documents).step_by(BLOCK) {
            let end = (start + BLOCK).min(self.documents);
            if !going(start as f64 / self.documents as f64) {
                return None;
            }
            for sample in 0..self.samples {
                let weights = &self.weights[sample * self.documents..][start..end];
                for (value, part) in dots.iter_mut().zip(&parts.all) {
                    *value = f64::from(dot(weights, &part[start..end]));
                }
                for (sums, columns) in sums.iter_mut().zip(&columns) {
                    let sums = &mut sums[sample * columns.len()..][..columns.len()];
                    for (sum, column) in sums.iter_mut().zip(columns) {
                        *sum += column.parts.iter().map(|(times, part)| times * dots[*part]).sum::<f64>();
                    }
                }
            }
        }
        Some(sums)
    }
}

impl Tallies {
    fn columns(&self, documents: usize, parts: &mut Parts) -> Vec<Column> {
        assert_eq!(self.values.len(), self.columns * self.documents.len(), "every document has every column");
        (0..self.columns).map(|column| self.column(column, documents, parts)).collect()
    }

    fn column(&self, column: usize, documents: usize, parts: &mut Parts) -> Column {
        let values = || self.values.iter().skip(column).step_by(self.columns);
        let (mut largest, mut whole) = (0.0_f64, true);
        for value in values() {
            largest = largest.max(value.abs());
            whole &= value.fract() == 0.0;
        }
        if largest == 0.0 {
            return Column { parts: Vec::new() };
        }
        let mut dense = |part: &dyn Fn(f64) -> i16| {
            let mut dense = vec![0; documents];
            for (document, value) in self.documents.iter().zip(values()) {
                dense[*document] = part(*value);
            }
            parts.place(dense)
        };
        if whole && largest <= f64::from(i16::MAX) {
            return Column { parts: vec![(1.0, dense(&|value| value as i16))] };
        }
        // A power of two, so that scaling is exact: the largest comes to 29 bits.
        let spare = (29 - largest.log2().ceil() as i32).min(1000);
        let scale = if whole && spare >= 0 { 1.0 } else { 2.0_f64.powi(spare) };
        let scaled = |value: f64| (value * scale).round() as i32;
        let low = dense(&|value| (scaled(value) & 0x7fff) as i16);
        let high = dense(&|value| (scaled(value) >> 15) as i16);
        Column { parts: vec![(1.0 / scale, low), (32_768.0 / scale, high)] }
    }
}

impl Parts {
    fn place(&mut self, part: Vec<i16>) -> usize {
        let part: Rc<[i16]> = part.into();
        *self.places.entry(part.clone()).or_insert_with(|| {
            self.all.push(part);
            self.all.len() - 1
        })
    }
}

/// The sum of products. No sum of a block leaves 32 bits unless a sample holds its documents 65,536 times. Two products at a time are one
/// instruction for eight of them where processors have it, and compilers see it.
fn dot(weights: &[i16], values: &[i16]) -> i32 {
    let product = |weight: i16, value: i16| i32::from(weight).wrapping_mul(i32::from(value));
    let (weights, rest) = weights.as_chunks::<2>();
    let (values, others) = values.as_chunks::<2>();
    let last = rest.iter().zip(others).map(|(weight, value)| product(*weight, *value)).fold(0, i32::wrapping_add);
    let pairs = weights.iter().zip(values);
    pairs.fold(last, |sum, (w, v)| sum.wrapping_add(product(w[0], v[0]).wrapping_add(product(w[1], v[1]))))
}

/// The middle 95 % of what the samples came to; those that are undefined (not finite) are left out, and more than half of them leave
/// nothing to say. Sorts. Between two samples it goes in proportion.
pub fn interval(samples: &mut Vec<f64>) -> Option<(f64, f64)> {
    let all = samples.len();
    samples.retain(|value| value.is_finite());
    samples.sort_by(f64::total_cmp);
    if samples.is_empty() || samples.len() * 2 < all {
        return None;
    }
    let at = |share: f64| {
        let place = share * (samples.len() - 1) as f64;
        let (below, above) = (samples[place.floor() as usize], samples[place.ceil() as usize]);
        (above - below).mul_add(place.fract(), below)
    };
    Some((at(0.025), at(0.975)))
}

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Even to one in 2⁶⁴ / `limit`.
    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }
}
