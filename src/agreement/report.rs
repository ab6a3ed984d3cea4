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
    for (step, label) in labels.iter().enumerate() {
        let steps = labels.len() as f64;
        let mut going = |share: f64| going((step as f64 + share) / steps);
        let mut tasks = engine.tasks(&bases, *label);
        engine.tally(&mut tasks, &mut |share| going(share / 2.0))?;
        let tallies: Vec<&Tallies> = tasks.iter().map(|task| &task.tallies).collect();
        let drawn = engine.draws.sums(&tallies, &mut |share| going(0.5 + share / 2.0))?;
        tasks.iter_mut().zip(drawn).for_each(|(task, drawn)| task.drawn = drawn);
        bases.iter().for_each(|basis| engine.rows(basis, *label, &tasks, &mut rows));
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

/// One frame of measures that share a basis, and what the documents add.
struct Task<'a> {
    /// The first measure of the basis: any of them tallies alike.
    measure: &'static dyn Measure,
    frame: Frame<'a>,
    /// Of the documents that count.
    tallies: Tallies,
    sums: Vec<f64>,
    /// The sums by sample.
    drawn: Vec<f64>,
}

/// One number of one frame.
struct Estimate {
    value: Result<f64, Undefined>,
    n: f64,
    note: Option<String>,
    /// Not finite where a sample has no value.
    samples: Vec<f64>,
}

impl Engine<'_> {
    /// For each basis: every pair, in order; then all at once, for measures that want all to have finished, and for those that do not.
    fn tasks<'a>(&'a self, bases: &[Vec<usize>], label: Option<usize>) -> Vec<Task<'a>> {
        let mut tasks = Vec::new();
        for basis in bases {
            let measures = || basis.iter().map(|place| self.asked.measures[*place]);
            let mut add = |measure, who| {
                let frame = Frame { corpus: self.corpus, who, label };
                tasks.push(Task { measure, frame, tallies: Tallies::default(), sums: Vec::new(), drawn: Vec::new() });
            };
            let Some(first) = measures().next() else { continue };
            self.pairs.iter().for_each(|pair| add(first, pair));
            for partial in [false, true] {
                let joint = measures().find(|it| it.joint() && it.partial() == partial);
                joint.filter(|_| self.all.len() > 2).into_iter().for_each(|measure| add(measure, &self.all));
            }
        }
        tasks
    }

    /// Document by document, since the nearest caches hold one. `None` where `going` said so, which is asked before each document and
    /// before each tally that takes long.
    fn tally(&self, tasks: &mut [Task<'_>], going: &mut dyn FnMut(f64) -> bool) -> Option<()> {
        let mut present = Vec::new();
        let many = self.corpus.items.len();
        for item in 0..many {
            let share = item as f64 / many as f64;
            if !going(share) {
                return None;
            }
            for Task { measure, frame, tallies, sums, .. } in tasks.iter_mut() {
                let Some(view) = frame.view(*measure, item, &mut present) else { continue };
                if measure.on_request() && !going(share) {
                    return None;
                }
                let tally = measure.tally(&view);
                if tallies.documents.is_empty() {
                    *sums = vec![0.0; tally.len()];
                    tallies.columns = tally.len();
                }
                assert_eq!(tally.len(), sums.len(), "{} adds as much for every document", measure.id());
                sums.iter_mut().zip(&tally).for_each(|(sum, add)| *sum += add);
                tallies.documents.push(item);
                tallies.values.extend(tally);
            }
        }
        Some(())
    }

    /// The rows of measures that share a basis, of one label or of all.
    fn rows(&self, basis: &[usize], label: Option<usize>, tasks: &[Task<'_>], rows: &mut Vec<(usize, Row)>) {
        let measures = basis.iter().map(|place| (*place, self.asked.measures[*place]));
        let same = |task: &&Task<'_>| measures.clone().any(|(_, it)| it.id() == task.measure.id());
        let tasks: Vec<&Task<'_>> = tasks.iter().filter(same).collect();
        let (pairs, joint) = tasks.split_at(self.pairs.len());
        let many = self.all.len() > 2;
        let mut counting: Vec<usize> = pairs.iter().flat_map(|task| task.tallies.documents.iter().copied()).collect();
        counting.sort_unstable();
        counting.dedup();
        for (place, measure) in measures {
            let estimates: Vec<Estimate> = pairs.iter().map(|task| estimate(measure, task)).collect();
            let (scope, each) =
                if label.is_some() { (Scope::Label, Scope::Label) } else { (Scope::Overall, Scope::Pair) };
            let row = |scope, who: &[usize], estimate: Estimate, documents: usize, excluded: &Excluded| {
                (place, self.row(measure, (scope, label), who, estimate, (documents, excluded)))
            };
            rows.push(row(scope, &self.all, mean(&estimates), counting.len(), &self.excluded.overall));
            let joint = joint.iter().find(|task| measure.joint() && task.measure.partial() == measure.partial());
            if let Some(task) = joint {
                let excluded = if measure.partial() { &self.excluded.overall } else { &self.excluded.joint };
                let documents = task.tallies.documents.len();
                rows.push(row(Scope::Joint, &self.all, estimate(measure, task), documents, excluded));
            }
            // Two annotators' only pair says of a label what the mean over pairs said.
            if self.asked.pairs && (label.is_none() || many) {
                for ((task, estimate), excluded) in pairs.iter().zip(estimates).zip(&self.excluded.pairs) {
                    rows.push(row(each, task.frame.who, estimate, task.tallies.documents.len(), excluded));
                }
            }
            if label.is_none() && self.asked.documents {
                rows.extend(self.documents(measure, pairs, &counting).into_iter().map(|row| (place, row)));
            }
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
    fn documents(&self, measure: &dyn Measure, pairs: &[&Task<'_>], counting: &[usize]) -> Vec<Row> {
        let mut next = vec![0; pairs.len()];
        let (mut who, mut estimates) = (Vec::<usize>::new(), Vec::new());
        let mut row = |item: &usize| {
            who.clear();
            estimates.clear();
            for (task, next) in
                pairs.iter().zip(&mut next).filter(|(task, next)| task.tallies.documents.get(**next) == Some(item))
            {
                let tally = &task.tallies.values[*next * task.sums.len()..][..task.sums.len()];
                let value = defined(measure, &task.frame, tally);
                who.extend(task.frame.who);
                estimates.push(Estimate {
                    value,
                    n: measure.counted(tally),
                    note: measure.note(tally),
                    samples: Vec::new(),
                });
                *next += 1;
            }
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
        };
        counting.iter().map(&mut row).collect()
    }
}

fn estimate(measure: &dyn Measure, task: &Task<'_>) -> Estimate {
    if task.tallies.documents.is_empty() {
        return Estimate { value: Err(Undefined::NoDocuments), n: 0.0, note: None, samples: Vec::new() };
    }
    let drawn = if task.sums.is_empty() { &[] } else { task.drawn.as_slice() };
    Estimate {
        value: defined(measure, &task.frame, &task.sums),
        n: measure.counted(&task.sums),
        note: measure.note(&task.sums),
        samples: drawn
            .chunks_exact(task.sums.len().max(1))
            .map(|sums| measure.value(&task.frame, sums).unwrap_or(f64::NAN))
            .collect(),
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
        let values: Vec<f64> = values.copied().filter(|value| value.is_finite()).collect();
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
