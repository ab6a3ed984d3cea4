//! [`Estimate`]: observed and expected disorder of one text, the expected from chance samples.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::align::{Alignment, Link};
use super::chance::{Chance, Sampler, spread};
use super::continuum::Continuum;
use super::dissimilarity::Dissimilarity;

/// What gamma depends on besides the units; to be printed with every value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameters {
    pub measure: Dissimilarity,
    pub sampler: Sampler,
    /// Chance samples of a text, at first.
    pub samples: usize,
    /// How far off, relatively, the expected disorder may be in 95 of 100 cases: where the first samples vary more, more are
    /// drawn, once (section 5.3). 0 is never.
    pub precision: f64,
    /// Of each alignment of more than two annotators; where the first ones need more, a fiftieth for the others.
    pub steps: u64,
    /// How many samples are aligned at a time at most, 0 for as many as the machine has processors; changes no result.
    pub threads: usize,
}

impl Parameters {
    /// What is computed unless told otherwise.
    pub const USUAL: Self = Self {
        measure: Dissimilarity::USUAL,
        sampler: Sampler::Shuffle,
        samples: 30,
        precision: 0.02,
        steps: 50_000_000,
        threads: 0,
    };

    /// As `agree` prints them.
    pub fn to_json(&self) -> Value {
        json!({
            "alpha": self.measure.alpha,
            "beta": self.measure.beta,
            "empty": self.measure.empty,
            "sampler": self.sampler.name(),
            "samples": self.samples,
            "precision": self.precision,
            "steps": self.steps,
        })
    }

    fn threads(&self, continuum: &Continuum) -> usize {
        // Less is done sooner than threads are started.
        if continuum.units() < 100 {
            return 1;
        }
        let most = if self.threads == 0 { usize::MAX } else { self.threads };
        std::thread::available_parallelism().map_or(1, NonZero::get).min(most)
    }
}

/// At least, and at most; the same where it is exact.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
}

/// One text.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Units per annotator.
    pub mean_units: f64,
    pub observed: Range,
    /// By sample.
    pub chance: Vec<Range>,
    pub(super) alignment: Alignment,
    /// By sample: what gamma-cat reads off its alignment.
    pub(super) links: Vec<Vec<Link>>,
}

struct Sampled {
    range: Range,
    links: Vec<Link>,
}

impl Estimate {
    /// Of a continuum with at least two annotators and one unit. `seed` decides the samples. `None` where `stop` said so.
    pub fn new(
        continuum: &Continuum,
        parameters: &Parameters,
        seed: u64,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Option<Self> {
        let chance = Chance::new(continuum, parameters.sampler, seed);
        let alignment = Alignment::best(continuum, parameters.measure, parameters.steps, stop)?;
        let mut sampled = draw(&chance, parameters, 0, 1.min(parameters.samples), stop)?;
        // What comes to a range anyway is not worth the same work thirty times.
        let hard = !alignment.exact() || sampled.iter().any(|sample| sample.range.low < sample.range.high);
        let parameters =
            &Parameters { steps: if hard { parameters.steps / 50 } else { parameters.steps }, ..*parameters };
        sampled.extend(draw(&chance, parameters, sampled.len(), parameters.samples, stop)?);
        if parameters.precision > 0.0 {
            let middles: Vec<f64> =
                sampled.iter().map(|sample| f64::midpoint(sample.range.low, sample.range.high)).collect();
            let (mean, deviation) = spread(&middles);
            let needed = (deviation / mean * 1.96 / parameters.precision).powi(2).ceil();
            if needed > sampled.len() as f64 {
                sampled.extend(draw(&chance, parameters, sampled.len(), needed as usize, stop)?);
            }
        }
        let (chance, links) = sampled.into_iter().map(|sample| (sample.range, sample.links)).unzip();
        let observed = range(&alignment, continuum);
        Some(Self { mean_units: continuum.mean_units(), observed, chance, alignment, links })
    }

    /// Mean over the samples.
    pub fn expected(&self) -> Range {
        let count = self.chance.len() as f64;
        Range {
            low: self.chance.iter().map(|sample| sample.low).sum::<f64>() / count,
            high: self.chance.iter().map(|sample| sample.high).sum::<f64>() / count,
        }
    }

    /// Variance of the expected disorder, as the mean of so many samples.
    pub fn variance(&self) -> f64 {
        let middles: Vec<f64> = self.chance.iter().map(|sample| f64::midpoint(sample.low, sample.high)).collect();
        spread(&middles).1.powi(2) / (middles.len() as f64 - 1.0).max(1.0)
    }

    /// The best alignment.
    pub fn alignment(&self) -> &Alignment {
        &self.alignment
    }
}

fn range(alignment: &Alignment, continuum: &Continuum) -> Range {
    let units = continuum.mean_units();
    Range { low: alignment.least / units, high: alignment.cost / units }
}

/// Samples `first..end`, in order, whichever thread made them.
fn draw(
    chance: &Chance<'_>,
    parameters: &Parameters,
    first: usize,
    end: usize,
    stop: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<Sampled>> {
    let one = |number: usize| {
        let sample = chance.sample(number);
        let alignment = Alignment::best(&sample, parameters.measure, parameters.steps, stop)?;
        Some(Sampled { range: range(&alignment, &sample), links: alignment.links })
    };
    let many = parameters.threads(chance.real()).min(end - first);
    if many < 2 {
        return (first..end).map(|number| if stop() { None } else { one(number) }).collect();
    }
    let next = AtomicUsize::new(first);
    let worker = || {
        let mut made = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= end || stop() {
                return made;
            }
            made.push((number, one(number)));
        }
    };
    let mut made: Vec<(usize, Option<Sampled>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..many).map(|_| scope.spawn(worker)).collect();
        // A thread that broke a promise takes this one with it.
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
            .collect()
    });
    made.sort_unstable_by_key(|sample| sample.0);
    if made.len() < end - first { None } else { made.into_iter().map(|sample| sample.1).collect() }
}
