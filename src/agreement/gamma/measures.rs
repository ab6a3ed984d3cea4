//! `gamma` and `gamma-cat` as [`Measure`]s: sums over documents of observed and expected disorder, each document with its own chance.
//!
//! `gamma` of one label looks at that label's units only. `gamma-cat` of one label is gamma-k: the best alignment of all units, of it the pairs
//! in which the label occurs. Neither is cheap: to be asked for, not to be drawn on every frame.

use super::super::{Frame, Measure, Undefined, View};
use super::align::Link;
use super::continuum::Continuum;
use super::estimate::{Estimate, Parameters};

/// γ over documents: `1 − Σ(observed · units) / Σ(expected · units)`.
#[derive(Clone, Copy, Debug)]
pub struct Gamma(pub Parameters);

/// γcat and γk over documents: as gamma, each document with the weight of its aligned pairs.
#[derive(Clone, Copy, Debug)]
pub struct GammaCat(pub Parameters);

impl Parameters {
    /// Several documents err less than one: the precision is that of the sum.
    fn estimate(&self, continuum: &Continuum, view: &View<'_>) -> Option<Estimate> {
        let precision = self.precision * (view.corpus.items.len().max(1) as f64).sqrt();
        Estimate::new(continuum, &Self { precision, ..*self }, view.corpus.seed, &|| false)
    }
}

impl Gamma {
    pub const USUAL: Self = Self(Parameters::USUAL);

    /// Where gamma lies in 95 of 100 draws of chance samples, from the sums of [`Measure::tally`]. It says nothing about other
    /// documents; for that the documents are resampled.
    pub fn by_chance(sums: &[f64]) -> Option<(f64, f64)> {
        let [low, high, least, most, variance, ..] = sums[..] else { return None };
        let off = 1.96 * variance.sqrt();
        (least > off).then(|| (1.0 - high / (least - off), 1.0 - low / (most + off)))
    }
}

impl Measure for Gamma {
    fn id(&self) -> &'static str {
        "gamma"
    }

    fn about(&self) -> &'static str {
        "Agreement about places and labels at once over the best alignment, corrected for chance (Mathet, Widlöcher and Métivier 2015)."
    }

    fn joint(&self) -> bool {
        true
    }

    fn on_request(&self) -> bool {
        true
    }

    /// Observed at least and at most, expected at least and at most, variance of the expected, all times units per annotator; units per annotator;
    /// units; samples.
    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        let continuum = Continuum::of(view);
        if continuum.units() == 0 {
            return vec![0.0; 8];
        }
        let Some(found) = self.0.estimate(&continuum, view) else { return vec![0.0; 8] };
        let (units, expected) = (found.mean_units, found.expected());
        vec![
            found.observed.low * units,
            found.observed.high * units,
            expected.low * units,
            expected.high * units,
            found.variance() * units * units,
            units,
            continuum.units() as f64,
            found.chance.len() as f64,
        ]
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        let [low, high, least, most, _, units, ..] = sums[..] else { return Err(Undefined::NoDocuments) };
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
        sums.get(6).copied().unwrap_or(0.0)
    }

    /// What others can compare: disorders, and how far the samples let gamma vary.
    fn note(&self, sums: &[f64]) -> Option<String> {
        let [_, observed, _, expected, _, units, _, samples] = sums[..] else { return None };
        if units == 0.0 {
            return None;
        }
        let (observed, expected) = (observed / units, expected / units);
        let spread = match Self::by_chance(sums) {
            Some((low, high)) if observed > 0.0 => format!(", which alone put it between {low:.3} and {high:.3}"),
            _ => String::new(),
        };
        Some(format!("disorder {observed:.7} where {expected:.7} was expected by {samples} samples{spread}"))
    }
}

impl GammaCat {
    pub const USUAL: Self = Self(Parameters::USUAL);
}

impl Measure for GammaCat {
    fn id(&self) -> &'static str {
        "gamma-cat"
    }

    fn about(&self) -> &'static str {
        "Agreement about labels where the best alignment says that annotators marked the same, corrected for chance (Mathet 2017)."
    }

    fn joint(&self) -> bool {
        true
    }

    fn on_request(&self) -> bool {
        true
    }

    /// Observed and expected dissimilarity of labels, each times the weight of the aligned pairs; that weight; pairs; 1 where the alignment is not
    /// known to be the best; units (of the label).
    fn tally(&self, view: &View<'_>) -> Vec<f64> {
        let (continuum, labels) = Continuum::labelled(&View { label: None, ..*view });
        let label = match view.label.map(|label| labels.get(label)) {
            None => None,
            Some(Some(rank)) if *rank < usize::MAX => Some(*rank as u32),
            Some(_) => return vec![0.0; 6],
        };
        let of_label = |of: u32| label.is_none_or(|label| of == label);
        let count = continuum.annotators().iter().flatten().filter(|piece| of_label(piece.label)).count() as f64;
        let without = |inexact: bool| vec![0.0, 0.0, 0.0, 0.0, f64::from(u8::from(inexact)), count];
        if count == 0.0 {
            return without(false);
        }
        let Some(found) = self.0.estimate(&continuum, view) else { return without(true) };
        let inexact = found.chance.iter().chain([&found.observed]).any(|range| range.low < range.high);
        let weighed = |linked: &[Link]| {
            let pairs = linked.iter().filter(|link| of_label(link.labels.0) || of_label(link.labels.1));
            pairs.fold((0.0, 0.0, 0.0), |sum, link| {
                (sum.0 + link.weight, sum.1 + link.weight * link.unlike, sum.2 + 1.0)
            })
        };
        let (weight, unlike, pairs) = weighed(&found.alignment.links);
        let chance: Vec<f64> = found
            .links
            .iter()
            .map(|links| weighed(links))
            .filter(|(weight, ..)| *weight > 0.0)
            .map(|(weight, unlike, _)| unlike / weight)
            .collect();
        if weight == 0.0 || chance.is_empty() {
            return without(inexact);
        }
        let expected = chance.iter().sum::<f64>() / chance.len() as f64;
        vec![unlike, expected * weight, weight, pairs, f64::from(u8::from(inexact)), count]
    }

    fn value(&self, _: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
        let [unlike, expected, weight, _, inexact, units] = sums[..] else { return Err(Undefined::NoDocuments) };
        let because = |reason: &str| Err(Undefined::Because(reason.to_owned()));
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
