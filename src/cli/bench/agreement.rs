//! `spanwright bench agreement`: how long statistics take, on continua and projects made from a seed. `tests/interop/bench_agreement.py`
//! gives the same data to this and to the libraries that people use otherwise, and prints the ratios.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::Bench;
use super::clock;
use super::row::{Goal, Row};
use super::words::Dice;
use crate::agreement::gamma::{Continuum, Dissimilarity, Estimate, Parameters, Piece};
use crate::agreement::{
    Asked, Codes, Coding, Corpus, Coverage, Item, MEASURES, Marked, Unit, evaluate, fleiss, kappa, nominal,
};
use crate::cli::manners::{Done, Failure, Outcome};
use crate::text::DocumentId;

const SECONDS: &str = "s";
const LABELS: usize = 4;

/// The names of all rows.
pub(super) fn names() -> Vec<String> {
    ["gamma-2x1000", "gamma-3x124", "alpha-200000", "all"].map(str::to_owned).into()
}

pub(super) fn rows(bench: &Bench<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, annotators, units) in [("gamma-2x1000", 2, 1000), ("gamma-3x124", 3, 124)] {
        if bench.wants(name) {
            bench.say("Aligning …");
            // A fifth is missed.
            let (took, value) = gamma(&continuum(annotators, units * 5 / 4));
            let note = value.map_or_else(|| "no value".to_owned(), |value| format!("gamma {value:.4}"));
            let what = format!("gamma, {annotators} annotators × {units} units, 30 chance samples");
            rows.push(Row::new(name).what(what).value(took.as_secs_f64(), SECONDS).note(note));
        }
    }
    if bench.wants("alpha-200000") {
        let mut dice = Dice::new(4);
        let row = |_| {
            let truth = dice.below(5);
            [(); 3]
                .map(|()| (dice.below(20) > 0).then(|| if dice.below(5) == 0 { dice.below(5) } else { truth }))
                .to_vec()
        };
        let codes: Vec<Vec<Option<usize>>> = (0..200_000).map(row).collect();
        let (took, value) = coded(&codes, 5, |coding| nominal(coding).ok());
        let note = value.map_or_else(String::new, |value| format!("alpha {value:.4}"));
        let what = "nominal alpha of 200,000 things, 3 annotators, 5 categories";
        rows.push(Row::new("alpha-200000").what(what).value(took.as_secs_f64() * 1e3, "ms").note(note));
    }
    if bench.wants("all") {
        bench.say("Everything but gamma …");
        let documents = bench.many(10_000, 1_000);
        let corpus = project(documents, 3);
        let measures = MEASURES.iter().copied().filter(|measure| !measure.on_request()).collect();
        let asked = Asked { measures, pairs: true, labels: true, documents: true, samples: 1000, seed: 1 };
        let (took, rows_made) = clock::timed(|| evaluate(&corpus, &Coverage::default(), &asked, &mut |_| true));
        let note = format!("{} rows", rows_made.map_or(0, |rows| rows.len()));
        let what = format!("all measures but gamma, {documents} documents × 3 annotators, 1,000 bootstrap samples");
        let row = Row::new("all").what(what).value(took.as_secs_f64(), SECONDS).note(note);
        rows.push(if bench.quick { row } else { row.goal(Goal::Below(2.0)) });
    }
    rows
}

/// Data of which something is measured, as `tests/interop/bench_agreement.py` writes it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    /// By annotator, each unit's label, start and end.
    Continuum { length: f64, annotators: Vec<Vec<(u32, f64, f64)>> },
    /// By thing, then annotator.
    Codes { categories: usize, codes: Vec<Vec<Option<usize>>> },
}

/// Measures what a file holds and prints it: the measure, its value, seconds of CPU.
pub(super) fn run(file: &Path) -> Outcome {
    let given: Given = serde_json::from_slice(&fs::read(file)?).map_err(|error| Failure::Said(error.to_string()))?;
    let told = |measure: &str, (took, value): (Duration, Option<f64>)| {
        println!("{}", json!({ "measure": measure, "value": value, "cpu": took.as_secs_f64() }));
    };
    match given {
        Given::Continuum { length, annotators } => {
            let piece = |(label, start, end): &(u32, f64, f64)| Piece::new(*start, *end, *label);
            let annotators = annotators.iter().map(|units| units.iter().map(piece).collect()).collect();
            told("gamma", gamma(&Continuum::new(annotators, length)));
        }
        Given::Codes { categories, codes } => {
            told("alpha", coded(&codes, categories, |coding| nominal(coding).ok()));
            told("fleiss", coded(&codes, categories, |coding| fleiss(coding).ok()));
            told("kappa", coded(&codes, categories, |coding| kappa(coding).ok()));
        }
    }
    Ok(Done::Fully)
}

/// With the parameters that pygamma's tests and the Gamma Software have, and no more samples than asked for. All threads count.
fn gamma(continuum: &Continuum) -> (Duration, Option<f64>) {
    let parameters = Parameters { measure: Dissimilarity::GAMMA_SOFTWARE, precision: 0.0, ..Parameters::USUAL };
    let begun = clock::process();
    let found = Estimate::new(continuum, &parameters, 1, &|| false);
    let took = clock::process().saturating_sub(begun);
    (took, found.map(|found| 1.0 - found.observed.high / found.expected().high))
}

fn coded(
    codes: &[Vec<Option<usize>>],
    categories: usize,
    value: impl Fn(Coding<'_>) -> Option<f64>,
) -> (Duration, Option<f64>) {
    let annotators = codes.first().map_or(1, Vec::len);
    let mut table = Codes::new(categories, annotators);
    for row in codes {
        table.push(row);
    }
    clock::timed(|| value(Coding::new(&table.sums(|_, _| [1.0; 2]))))
}

/// What one annotator makes of the truth: a fifth is missed, a fifth is moved, a tenth has another label.
fn seen(dice: &mut Dice, truth: &[(usize, usize, usize)]) -> Vec<(usize, usize, usize)> {
    let mut seen = Vec::new();
    for (label, start, end) in truth {
        let (missed, moved, relabelled) = (dice.below(5) == 0, dice.below(5) == 0, dice.below(10) == 0);
        let by = if moved { 1 + dice.below(3) } else { 0 };
        let label = if relabelled { dice.below(LABELS) } else { *label };
        if !missed {
            seen.push((label, start + by, end + by));
        }
    }
    seen
}

/// So many units before annotators miss some, one after the other with gaps.
fn continuum(annotators: usize, units: usize) -> Continuum {
    let mut dice = Dice::new(2);
    let mut at = 0;
    let truth: Vec<_> = (0..units)
        .map(|_| {
            let start = at + dice.below(12);
            at = start + 2 + dice.below(8);
            (dice.below(LABELS), start, at)
        })
        .collect();
    let piece = |(label, start, end): (usize, usize, usize)| Piece::new(start as f64, end as f64, label as u32);
    let layers = (0..annotators).map(|_| seen(&mut dice, &truth).into_iter().map(piece).collect()).collect();
    Continuum::new(layers, (at + 10) as f64)
}

/// Documents of 300 tokens with eight spans, some over others.
fn project(documents: usize, annotators: usize) -> Corpus {
    let mut dice = Dice::new(3);
    let item = |number| {
        let truth: Vec<_> = (0..8)
            .map(|_| {
                let start = dice.below(285);
                (dice.below(LABELS), start, start + 1 + dice.below(9))
            })
            .collect();
        let unit = |(label, start, end): (usize, usize, usize)| Unit::new(label, (start as u32, end as u32));
        let layer = |_| Some(Marked::new(seen(&mut dice, &truth).into_iter().map(unit).collect()));
        Item {
            document: DocumentId(format!("d{number:06}")),
            length: 300,
            layers: (0..annotators).map(layer).collect(),
        }
    };
    let items = (0..documents).map(item).collect();
    let names = |first: char, many: usize| (0..many).map(|number| format!("{first}{number}")).collect();
    Corpus::new(names('a', annotators), names('l', LABELS), LABELS, items)
}
