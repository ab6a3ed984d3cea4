//! `gamma` and `gamma-cat` as [`Measure`]s: sums over documents of observed and expected disorder, each document with its own chance.
//!
//! `gamma` of one label looks at that label's units only. `gamma-cat` of one label is gamma-k: the best alignment of all units, of it the pairs
//! in which the label occurs. Neither is cheap: to be asked for, not to be drawn on every frame.

use super::super::{Measure, Undefined, View};
use super::continuum::Continuum;
use super::estimate::{Estimate, Parameters};

/// Both read the same estimate.
#[derive(Clone, Copy)]
struct Source<'a> {
    parameters: Parameters,
    stop: &'a (dyn Fn() -> bool + Sync),
}

/// γ over documents: `1 − Σ(observed · units) / Σ(expected · units)`.
#[derive(Clone, Copy)]
pub struct Gamma<'a>(Source<'a>);

/// γcat and γk over documents: as gamma, each document with the weight of its aligned pairs.
#[derive(Clone, Copy)]
pub struct GammaCat<'a>(Source<'a>);

impl std::fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parameters.fmt(f)
    }
}

impl std::fmt::Debug for Gamma<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::fmt::Debug for GammaCat<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Source<'_> {
    /// Several documents err less than one: the precision is that of the sum.
    fn estimate(&self, continuum: &Continuum, view: &View<'_>) -> Option<Estimate> {
        let precision = self.parameters.precision * (view.corpus.items.len().max(1) as f64).sqrt();
        let parameters = Parameters { precision, ..self.parameters };
        Estimate::new(continuum, &parameters, view.item.document.as_str(), self.stop)
    }
}

const STOPPED: &str = "it was stopped";

impl<'a> Gamma<'a> {
    /// `stop` is asked now and then, from several threads; what it stopped is undefined.
    pub fn new(parameters: Parameters, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self(Source { parameters, stop })
    }

    /// Where gamma lies in 95 of 100 draws of chance samples, from the sums of [`Measure::tally`]. It says nothing about other
    /// documents; for that the documents are resampled.
    pub fn by_chance(sums: &[f64]) -> Option<(f64, f64)> {
        let [low, high, least, most, variance, ..] = sums[..] else { return None };
        let off = 1.96 * variance.sqrt();
        (least > off).then(|| (1.0 - high / (least - off), 1.0 - low / (most + off)))
    }
}

impl Measure for Gamma<'_> {
    fn id(&self) -> &'static str {
        "gamma"
    }

    fn about(&self) -> &'static str {
        "Agreement about places and labels at once over the best alignment, corrected for chance (Mathet, Widlöcher and Métivier 2015)"
    }

    fn joint(&self) -> bool {
        true
    }

    /// Observed at least and at most, expected at least and at most, variance of the expected, all times units per annotator; units; 1 where it was
    /// stopped.
    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        let continuum = Continuum::of(view);
        let count = continuum.units() as f64;
        if continuum.units() == 0 || continuum.annotators().len() < 2 {
            return vec![0.0, 0.0, 0.0, 0.0, 0.0, count, 0.0];
        }
        let Some(found) = self.0.estimate(&continuum, view) else { return vec![0.0, 0.0, 0.0, 0.0, 0.0, count, 1.0] };
        let (units, expected) = (found.mean_units, found.expected());
        vec![
            found.observed.low * units,
            found.observed.high * units,
            expected.low * units,
            expected.high * units,
            found.variance() * units * units,
            count,
            0.0,
        ]
    }

    fn value(&self, sums: &[f64]) -> Result<f64, Undefined> {
        let [low, high, least, most, _, units, stopped] = sums[..] else { return Err(Undefined::NoDocuments) };
        if stopped > 0.0 {
            return Err(Undefined::Because(STOPPED.to_owned()));
        }
        if units == 0.0 {
            return Err(Undefined::NothingMarked);
        }
        if high == 0.0 {
            return Ok(1.0);
        }
        if least == 0.0 {
            return Err(Undefined::Because("chance shows no disorder".to_owned()));
        }
        let (from, to) = (1.0 - high / least, 1.0 - low / most);
        if to - from > 1e-9 {
            return Err(Undefined::Because(format!(
                "it lies between {from:.4} and {to:.4}: the best alignment was not found within the work allowed"
            )));
        }
        Ok(from)
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        sums.get(5).copied().unwrap_or(0.0)
    }
}

impl<'a> GammaCat<'a> {
    /// As [`Gamma::new`].
    pub fn new(parameters: Parameters, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self(Source { parameters, stop })
    }
}

/// Weight, and weight times dissimilarity, of the pairs (of this label).
fn weighed(linked: &[(u32, u32, f64, f64)], label: Option<u32>) -> (f64, f64) {
    let of_label = linked.iter().filter(|(a, b, ..)| label.is_none_or(|label| *a == label || *b == label));
    of_label.fold((0.0, 0.0), |sum, (_, _, weight, unlike)| (sum.0 + weight, sum.1 + unlike))
}

impl Measure for GammaCat<'_> {
    fn id(&self) -> &'static str {
        "gamma-cat"
    }

    fn about(&self) -> &'static str {
        "Agreement about labels where the best alignment says that annotators marked the same, corrected for chance (Mathet 2017)"
    }

    fn joint(&self) -> bool {
        true
    }

    /// Observed and expected dissimilarity of labels, each times the weight of the aligned pairs; that weight; pairs; 1 where the alignment is not
    /// known to be the best; units; 1 where it was stopped.
    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        let (continuum, labels) = Continuum::labelled(&View { label: None, ..*view });
        let count = continuum.units() as f64;
        let nothing = |stopped: f64| vec![0.0, 0.0, 0.0, 0.0, 0.0, count, stopped];
        let label = match view.label {
            None => None,
            Some(label) => match labels.get(label) {
                Some(rank) if *rank < usize::MAX => Some(*rank as u32),
                _ => return nothing(0.0),
            },
        };
        if continuum.units() == 0 || continuum.annotators().len() < 2 {
            return nothing(0.0);
        }
        let Some(found) = self.0.estimate(&continuum, view) else { return nothing(1.0) };
        let inexact = found.chance.iter().chain([&found.observed]).any(|range| range.low < range.high);
        let (weight, unlike) = weighed(&found.alignment.linked, label);
        let chance: Vec<f64> = found
            .linked
            .iter()
            .map(|linked| weighed(linked, label))
            .filter(|(weight, _)| *weight > 0.0)
            .map(|(weight, unlike)| unlike / weight)
            .collect();
        if weight == 0.0 || chance.is_empty() {
            return vec![0.0, 0.0, 0.0, 0.0, f64::from(u8::from(inexact)), count, 0.0];
        }
        let expected = chance.iter().sum::<f64>() / chance.len() as f64;
        let pairs =
            found.alignment.linked.iter().filter(|(a, b, ..)| label.is_none_or(|label| *a == label || *b == label));
        vec![unlike, expected * weight, weight, pairs.count() as f64, f64::from(u8::from(inexact)), count, 0.0]
    }

    fn value(&self, sums: &[f64]) -> Result<f64, Undefined> {
        let [unlike, expected, weight, _, inexact, units, stopped] = sums[..] else {
            return Err(Undefined::NoDocuments);
        };
        let because = |reason: &str| Err(Undefined::Because(reason.to_owned()));
        if stopped > 0.0 {
            return because(STOPPED);
        }
        if units == 0.0 {
            return Err(Undefined::NothingMarked);
        }
        if inexact > 0.0 {
            return because("the best alignment was not found within the work allowed");
        }
        if weight == 0.0 {
            return because("no unit of one annotator stands with a unit of another");
        }
        if expected == 0.0 {
            return Err(Undefined::OneCategory);
        }
        Ok(1.0 - unlike / expected)
    }

    fn counted(&self, sums: &[f64]) -> f64 {
        sums.get(3).copied().unwrap_or(0.0)
    }
}
