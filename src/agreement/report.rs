//! [`evaluate`]: every statistic that was asked for, of all, of every pair, label and document, as [`Row`]s.
//!
//! Each measure tells what a document adds; that is made once for every pair of annotators and label, and once for all measures with
//! the same basis. Values are what the sums come to; intervals what the sums of drawn documents come to ([`bootstrap`]).

use std::fmt;

use super::bootstrap::{self, Draws, Tallies};
use super::{Corpus, Coverage, Excluded, Frame, Measure, Row, Scope, Undefined};

/// What is asked of a corpus.
#[derive(Clone)]
pub struct Asked {
    /// Rows come in this order.
    pub measures: Vec<&'static dyn Measure>,
    /// Rows of each pair.
    pub pairs: bool,
    /// Rows of each label.
    pub labels: bool,
    /// Rows of each document.
    pub documents: bool,
    /// How many samples an interval is made of; none for no intervals.
    pub samples: usize,
    pub seed: u64,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let measures: Vec<&str> = self.measures.iter().map(|measure| measure.id()).collect();
        f.debug_struct("Asked")
            .field("measures", &measures)
            .field("pairs", &self.pairs)
            .field("labels", &self.labels)
            .field("documents", &self.documents)
            .field("samples", &self.samples)
            .field("seed", &self.seed)
            .finish()
    }
}

/// The fewest documents that an interval is made of.
pub const ENOUGH: usize = 5;

/// All rows, by measure, then scope (overall, joint, pairs, labels, documents). `coverage` says what is left out of the corpus; `going`
/// is told how much of the work is done, from 0 to 1, and stops it with `false`: then there are no rows.
///
/// For P pairs, L labels, D documents, S samples and C numbers that a document adds: P·L·D tallies, and S·P·L·D·C additions.
pub fn evaluate(
    corpus: &Corpus,
    coverage: &Coverage,
    asked: &Asked,
    going: &mut dyn FnMut(f64) -> bool,
) -> Option<Vec<Row>> {
    let all: Vec<usize> = (0..corpus.annotators.len()).collect();
    let pairs: Vec<[usize; 2]> = all.iter().flat_map(|a| (a + 1..all.len()).map(move |b| [*a, b])).collect();
    let engine = Engine {
        corpus,
        asked,
        draws: Draws::new(asked.seed, asked.samples, if pairs.is_empty() { 0 } else { corpus.items.len() }),
        excluded: Left::new(coverage, &all, &pairs),
        all,
        pairs,
    };
    let bases = bases(&asked.measures);
    let labels: Vec<Option<usize>> =
        std::iter::once(None).chain((0..corpus.labels.len()).filter(|_| asked.labels).map(Some)).collect();
    let mut rows: Vec<(usize, Row)> = Vec::new();
    let steps = (bases.len() * labels.len()) as f64;
    for (step, (label, basis)) in
        labels.iter().flat_map(|label| bases.iter().map(move |basis| (label, basis))).enumerate()
    {
        if !going(step as f64 / steps) {
            return None;
        }
        engine.rows(basis, *label, &mut rows, &mut || going(step as f64 / steps))?;
    }
    // Stable: within a scope they stay in the order they were made.
    rows.sort_by_key(|(measure, row)| (*measure, row.scope));
    Some(rows.into_iter().map(|(_, row)| row).collect())
}

/// Measures that share a basis, by their places, in the order of their first.
fn bases(measures: &[&'static dyn Measure]) -> Vec<Vec<usize>> {
    let mut bases: Vec<Vec<usize>> = Vec::new();
    for (place, measure) in measures.iter().enumerate() {
        let same = |basis: &&mut Vec<usize>| basis.iter().any(|first| measures[*first].basis() == measure.basis());
        match bases.iter_mut().find(same) {
            Some(basis) => basis.push(place),
            None => bases.push(vec![place]),
        }
    }
    bases
}

/// How many documents are left out, for whom.
struct Left {
    /// No pair finished it.
    overall: Excluded,
    /// Not all finished it.
    joint: Excluded,
    pairs: Vec<Excluded>,
}

impl Left {
    fn new(coverage: &Coverage, all: &[usize], pairs: &[[usize; 2]]) -> Self {
        Self {
            overall: coverage.excluded(all, 2),
            joint: coverage.excluded(all, all.len().max(2)),
            pairs: pairs.iter().map(|pair| coverage.excluded(pair, 2)).collect(),
        }
    }
}

struct Engine<'a> {
    corpus: &'a Corpus,
    asked: &'a Asked,
    draws: Draws,
    excluded: Left,
    all: Vec<usize>,
    pairs: Vec<[usize; 2]>,
}

/// What the documents add in one frame.
struct Summed {
    tallies: Tallies,
    /// Which documents count, by their places in the corpus.
    counting: Vec<usize>,
    sums: Vec<f64>,
    /// By sample.
    drawn: Vec<f64>,
}

/// One number of one frame.
struct Estimate {
    value: Result<f64, Undefined>,
    n: f64,
    note: Option<String>,
    /// Not a number where a sample has no value.
    samples: Vec<f64>,
}

impl Engine<'_> {
    /// The rows of measures that share a basis, of one label or of all.
    /// `None` where `going` said so, which is asked before each document of a measure that takes long.
    fn rows(
        &self,
        basis: &[usize],
        label: Option<usize>,
        rows: &mut Vec<(usize, Row)>,
        going: &mut dyn FnMut() -> bool,
    ) -> Option<()> {
        let measures = basis.iter().map(|place| (*place, self.asked.measures[*place]));
        let (_, first) = measures.clone().next()?;
        let frame = |who| Frame { corpus: self.corpus, who, label };
        let summed: Option<Vec<Summed>> =
            self.pairs.iter().map(|pair| self.summed(&frame(pair), first, going)).collect();
        let summed = summed?;
        let many = self.all.len() > 2;
        // Which documents count for all at once depends on the measure; for two, those that both finished.
        let mut joint = [None, None];
        for partial in [false, true] {
            let measure = measures.clone().map(|(_, it)| it).find(|it| it.joint() && it.partial() == partial);
            if let Some(measure) = measure.filter(|_| many) {
                joint[usize::from(partial)] = Some(self.summed(&frame(&self.all), measure, going)?);
            }
        }
        let mut counting: Vec<usize> = summed.iter().flat_map(|summed| summed.counting.iter().copied()).collect();
        counting.sort_unstable();
        counting.dedup();
        for (place, measure) in measures {
            let pairs: Vec<Estimate> = self
                .pairs
                .iter()
                .zip(&summed)
                .map(|(pair, summed)| self.estimate(&frame(pair), measure, summed))
                .collect();
            let (scope, each) =
                if label.is_some() { (Scope::Label, Scope::Label) } else { (Scope::Overall, Scope::Pair) };
            let row = |scope, who: &[usize], estimate: Estimate, documents: usize, excluded: &Excluded| {
                (place, self.row(measure, (scope, label), who, estimate, (documents, excluded)))
            };
            rows.push(row(scope, &self.all, mean(&pairs), counting.len(), &self.excluded.overall));
            if let Some(joint) = joint[usize::from(measure.partial())].as_ref().filter(|_| measure.joint()) {
                let estimate = self.estimate(&frame(&self.all), measure, joint);
                let excluded = if measure.partial() { &self.excluded.overall } else { &self.excluded.joint };
                rows.push(row(Scope::Joint, &self.all, estimate, joint.counting.len(), excluded));
            }
            // Two annotators' only pair says of a label what the mean over pairs said.
            if self.asked.pairs && (label.is_none() || many) {
                for (((pair, estimate), summed), excluded) in
                    self.pairs.iter().zip(pairs).zip(&summed).zip(&self.excluded.pairs)
                {
                    rows.push(row(each, pair, estimate, summed.counting.len(), excluded));
                }
            }
            if label.is_none() && self.asked.documents {
                rows.extend(self.documents(measure, &summed, &counting).map(|row| (place, row)));
            }
        }
        Some(())
    }

    fn summed(&self, frame: &Frame<'_>, measure: &dyn Measure, going: &mut dyn FnMut() -> bool) -> Option<Summed> {
        let items = self.corpus.items.len();
        let mut counting = Vec::new();
        let mut values: Vec<f64> = Vec::new();
        let mut sums: Vec<f64> = Vec::new();
        let mut present = Vec::new();
        for item in 0..items {
            let Some(view) = frame.view(measure, item, &mut present) else { continue };
            if measure.on_request() && !going() {
                return None;
            }
            let tally = measure.tally(&view);
            if counting.is_empty() {
                sums = vec![0.0; tally.len()];
                values = vec![0.0; tally.len() * items];
            }
            assert_eq!(tally.len(), sums.len(), "{} adds as much for every document", measure.id());
            sums.iter_mut().zip(&tally).for_each(|(sum, add)| *sum += add);
            values[item * sums.len()..][..sums.len()].copy_from_slice(&tally);
            counting.push(item);
        }
        let tallies = Tallies { columns: sums.len(), values };
        let drawn = self.draws.sums(&tallies);
        Some(Summed { tallies, counting, sums, drawn })
    }

    fn estimate(&self, frame: &Frame<'_>, measure: &dyn Measure, summed: &Summed) -> Estimate {
        if summed.counting.is_empty() {
            return Estimate { value: Err(Undefined::NoDocuments), n: 0.0, note: None, samples: Vec::new() };
        }
        let drawn = if summed.sums.is_empty() { &[] } else { summed.drawn.as_slice() };
        Estimate {
            value: defined(measure, frame, &summed.sums),
            n: measure.counted(&summed.sums),
            note: measure.note(&summed.sums),
            samples: drawn
                .chunks_exact(summed.sums.len().max(1))
                .map(|sums| defined(measure, frame, sums).unwrap_or(f64::NAN))
                .collect(),
        }
    }

    fn row(
        &self,
        measure: &dyn Measure,
        (scope, label): (Scope, Option<usize>),
        who: &[usize],
        mut estimate: Estimate,
        (documents, excluded): (usize, &Excluded),
    ) -> Row {
        let too_few = documents < ENOUGH && self.asked.samples > 0;
        let interval =
            if too_few || estimate.value.is_err() { None } else { bootstrap::interval(&mut estimate.samples) };
        let few = (too_few && estimate.value.is_ok())
            .then(|| format!("fewer than {ENOUGH} documents are too few for an interval"));
        let notes: Vec<String> = estimate.note.into_iter().chain(few).collect();
        Row {
            measure: measure.id(),
            scope,
            label: label.map(|label| self.corpus.labels[label].clone()),
            document: None,
            annotators: who.iter().map(|who| self.corpus.annotators[*who].clone()).collect(),
            value: if self.all.len() < 2 { Err(Undefined::OneAnnotator) } else { estimate.value },
            interval,
            n: estimate.n,
            documents,
            excluded: excluded.clone(),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
        }
    }

    /// One row per document that some pair finished.
    fn documents(&self, measure: &dyn Measure, summed: &[Summed], counting: &[usize]) -> impl Iterator<Item = Row> {
        let mut rows: Vec<(Vec<usize>, Vec<Estimate>)> = counting.iter().map(|_| Default::default()).collect();
        for (pair, summed) in self.pairs.iter().zip(summed) {
            let frame = Frame { corpus: self.corpus, who: pair, label: None };
            for item in &summed.counting {
                let Ok(place) = counting.binary_search(item) else { continue };
                let tally = &summed.tallies.values[item * summed.sums.len()..][..summed.sums.len()];
                let (value, n) = (defined(measure, &frame, tally), measure.counted(tally));
                let (who, estimates) = &mut rows[place];
                who.extend(pair);
                estimates.push(Estimate { value, n, note: measure.note(tally), samples: Vec::new() });
            }
        }
        counting
            .iter()
            .zip(rows)
            .map(|(item, (mut who, estimates))| {
                who.sort_unstable();
                who.dedup();
                let Estimate { value, n, note, .. } = mean(&estimates);
                Row {
                    measure: measure.id(),
                    scope: Scope::Document,
                    label: None,
                    document: Some(self.corpus.items[*item].document.clone()),
                    annotators: who.iter().map(|who| self.corpus.annotators[*who].clone()).collect(),
                    value,
                    interval: None,
                    n,
                    documents: 1,
                    excluded: Excluded::new(),
                    note,
                }
            })
            .collect::<Vec<_>>()
            .into_iter()
    }
}

fn defined(measure: &dyn Measure, frame: &Frame<'_>, sums: &[f64]) -> Result<f64, Undefined> {
    let value = measure.value(frame, sums);
    assert!(
        value.as_ref().is_ok_and(|value| value.is_finite()) || value.is_err(),
        "{} is a number or has a reason",
        measure.id()
    );
    value
}

/// The mean of those that have a value; of each sample too.
fn mean(estimates: &[Estimate]) -> Estimate {
    let n = estimates.iter().map(|one| one.n).sum();
    let values: Vec<f64> = estimates.iter().filter_map(|one| one.value.as_ref().ok().copied()).collect();
    let undefined = || estimates.iter().filter_map(|one| one.value.as_ref().err());
    let value = match undefined().next() {
        _ if !values.is_empty() => Ok(average(&values)),
        None => Err(Undefined::NoDocuments),
        // A reason that tells of something in a document says more than that there is none.
        Some(first) => Err(undefined().find(|reason| **reason != Undefined::NoDocuments).unwrap_or(first).clone()),
    };
    let longest = estimates.iter().map(|one| one.samples.len()).max().unwrap_or(0);
    let sample = |sample: usize| {
        let values = estimates.iter().filter(|one| one.value.is_ok()).filter_map(|one| one.samples.get(sample));
        let values: Vec<f64> = values.copied().filter(|value| !value.is_nan()).collect();
        if values.is_empty() { f64::NAN } else { average(&values) }
    };
    let left = undefined().count();
    let note = (left > 0 && !values.is_empty()).then(|| format!("{left} of {} pairs have no value", estimates.len()));
    let mut notes: Vec<String> = estimates.iter().filter_map(|one| one.note.clone()).collect();
    notes.dedup();
    notes.truncate(1);
    let notes: Vec<String> = note.into_iter().chain(notes).collect();
    Estimate {
        value,
        n,
        note: (!notes.is_empty()).then(|| notes.join("; ")),
        samples: (0..longest).map(sample).collect(),
    }
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
