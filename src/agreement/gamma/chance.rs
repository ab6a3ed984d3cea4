//! [`Chance`]: what annotators would have marked who do not look at the text: random continua made from the real one, the same for the same seed.
//!
//! Random numbers are `SplitMix64` (Steele, Lea and Flood 2014), one stream per sample, so that it does not matter who draws when.

use std::fmt;

use super::continuum::{Continuum, Piece};

/// How a chance continuum is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sampler {
    /// Each annotator becomes a random one of the real ones, all units moved on by one random number of positions, round the end of the text. The
    /// numbers differ by half a unit's mean length at least, counted round the end: Mathet et al. 2015, section 5.2, with the distance of
    /// the Gamma Software and of pygamma-agreement (the paper has the whole mean length).
    #[default]
    Shuffle,
    /// Numbers of units, gaps and lengths after normal distributions with the real means and deviations, labels by how often they occur;
    /// the text's length is not kept: what pygamma-agreement does unless told otherwise.
    Statistical,
}

impl Sampler {
    pub const ALL: [Self; 2] = [Self::Shuffle, Self::Statistical];

    /// As parameters name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shuffle => "shuffle",
            Self::Statistical => "statistical",
        }
    }
}

impl fmt::Display for Sampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Makes chance continua of one real continuum with at least one unit.
#[derive(Clone, Debug)]
pub struct Chance<'a> {
    real: &'a Continuum,
    sampler: Sampler,
    seed: u64,
    habits: Habits,
}

/// What the real annotators usually do: means and deviations.
#[derive(Clone, Debug)]
struct Habits {
    count: (f64, f64),
    gap: (f64, f64),
    length: (f64, f64),
    /// All labels that were given.
    labels: Vec<u32>,
}

impl<'a> Chance<'a> {
    /// Each continuum has random numbers of its own, by what is in it: neither names nor orders change them.
    pub fn new(real: &'a Continuum, sampler: Sampler, seed: u64) -> Self {
        assert!(real.units() > 0, "nothing is made from nothing");
        let mut hash = mixed(seed);
        let mut add = |number: u64| hash = mixed(hash ^ number);
        add(real.length().to_bits());
        for pieces in real.annotators() {
            add(pieces.len() as u64);
            for piece in pieces {
                add(piece.start.to_bits());
                add(piece.end.to_bits());
                add(u64::from(piece.label));
            }
        }
        Self { real, sampler, seed: hash, habits: Habits::of(real) }
    }

    pub(super) fn real(&self) -> &Continuum {
        self.real
    }

    /// The sample with this number. It has a unit at least.
    pub fn sample(&self, number: usize) -> Continuum {
        let mut dice = Dice(mixed(self.seed ^ mixed(number as u64)));
        match self.sampler {
            Sampler::Shuffle => loop {
                let sample = self.shuffled(&mut dice);
                if sample.units() > 0 {
                    return sample;
                }
            },
            Sampler::Statistical => self.habitual(&mut dice),
        }
    }

    fn shuffled(&self, dice: &mut Dice) -> Continuum {
        let length = self.real.length();
        let away = self.habits.length.0 / 2.0;
        let real = self.real.annotators();
        let mut free = vec![(0.0, length)];
        let annotators = (0..real.len()).map(|_| {
            let pivot = dice.within(&free).unwrap_or_else(|| dice.uniform() * length).floor();
            for round in [-length, 0.0, length] {
                free = without(&free, pivot + round - away, pivot + round + away);
            }
            let model = &real[dice.below(real.len())];
            let moved =
                |piece: &Piece| piece.shifted(if piece.start + pivot >= length { pivot - length } else { pivot });
            model.iter().map(moved).collect()
        });
        let annotators = annotators.collect();
        Continuum::with_gaps(annotators, length, self.real.gaps().clone())
    }

    fn habitual(&self, dice: &mut Dice) -> Continuum {
        let habits = &self.habits;
        let mut any = false;
        let annotators = self.real.annotators().iter().map(|_| {
            let count = dice.normal(habits.count).trunc().abs() as usize;
            let count = if any { count } else { count.max(1) };
            any = true;
            let mut last = 0.0;
            let mut pieces = Vec::with_capacity(count);
            for _ in 0..count {
                let start = last + dice.normal(habits.gap);
                let mut length = dice.normal(habits.length).abs();
                while length < 1e-6 && habits.length.0 + habits.length.1 > 1e-6 {
                    length = dice.normal(habits.length).abs();
                }
                last = start + length;
                pieces.push(Piece::new(start, last, habits.labels[dice.below(habits.labels.len())]));
            }
            pieces
        });
        Continuum::new(annotators.collect(), self.real.length())
    }
}

impl Habits {
    fn of(real: &Continuum) -> Self {
        let counts: Vec<f64> = real.annotators().iter().map(|pieces| pieces.len() as f64).collect();
        let all = || real.annotators().iter().flatten();
        let lengths: Vec<f64> = all().map(Piece::length).collect();
        // As pygamma-agreement counts: one gap of nothing, those between units, those before the first.
        let mut gaps = vec![0.0];
        for pieces in real.annotators() {
            gaps.extend(pieces.windows(2).map(|pair| pair[1].start - pair[0].end));
            gaps.extend(pieces.first().map(|first| first.start).filter(|start| *start > 0.0));
        }
        Self {
            count: spread(&counts),
            gap: spread(&gaps),
            length: spread(&lengths),
            labels: all().map(|piece| piece.label).collect(),
        }
    }
}

/// Mean and deviation of the whole, not of a sample.
pub(super) fn spread(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

/// The stretches less one of them.
fn without(stretches: &[(f64, f64)], start: f64, end: f64) -> Vec<(f64, f64)> {
    let sides = stretches.iter().flat_map(|(first, last)| [(*first, last.min(start)), (first.max(end), *last)]);
    sides.filter(|(first, last)| first < last).collect()
}

fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        let rolled = mixed(self.0);
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        rolled
    }

    /// 0 to below 1, in 2⁻⁵³.
    fn uniform(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// 0 to `end` - 1.
    fn below(&mut self, end: usize) -> usize {
        ((self.uniform() * end as f64) as usize).min(end - 1)
    }

    /// Somewhere in these stretches; `None` where there is none.
    fn within(&mut self, stretches: &[(f64, f64)]) -> Option<f64> {
        let mut at = self.uniform() * stretches.iter().map(|(start, end)| end - start).sum::<f64>();
        for (start, end) in stretches {
            if at < end - start {
                return Some(start + at);
            }
            at -= end - start;
        }
        stretches.last().map(|(_, end)| *end)
    }

    /// Box and Muller 1958.
    fn normal(&mut self, (mean, deviation): (f64, f64)) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        mean + deviation * radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
