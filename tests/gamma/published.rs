//! Values that others print: tables of pygamma-agreement, continua and chance samples that `DKPro` dumped from it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use spanwright::agreement::gamma::{Alignment, Chance, Continuum, Dissimilarity, Estimate, Parameters, Piece, Sampler};

use super::best;

/// Where the reference's data lies, if it does.
fn data() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/agreement");
    folder.is_dir().then_some(folder)
}

/// Units by annotator, labels by number.
#[derive(Default)]
struct Maker {
    who: BTreeMap<String, Vec<Piece>>,
    labels: Vec<String>,
}

impl Maker {
    fn add(&mut self, annotator: &str, label: &str, start: f64, end: f64) {
        let label = self.labels.iter().position(|known| known == label).unwrap_or_else(|| {
            self.labels.push(label.to_owned());
            self.labels.len() - 1
        });
        self.who.entry(annotator.to_owned()).or_default().push(Piece::new(start, end, label as u32));
    }

    fn made(self) -> Continuum {
        Continuum::new(self.who.into_values().collect(), 0.0)
    }
}

/// Lines of annotator, label, start, end.
fn table(name: &str) -> Option<Continuum> {
    let text = std::fs::read_to_string(data()?.join(name)).unwrap();
    let mut maker = Maker::default();
    for line in text.lines() {
        let fields: Vec<&str> = line.split(',').collect();
        maker.add(fields[0], fields[1], fields[2].parse().unwrap(), fields[3].parse().unwrap());
    }
    Some(maker.made())
}

fn dumped(units: &Value) -> Continuum {
    let mut maker = Maker::default();
    for unit in units.as_array().unwrap() {
        let text = |key: &str| unit[key].as_str().unwrap();
        maker.add(text("annotator"), text("category"), unit["start"].as_f64().unwrap(), unit["end"].as_f64().unwrap());
    }
    maker.made()
}

#[test]
fn disorder_of_published_tables() {
    for (name, disorder, tuples) in [("AlexPaulSuzan.csv", 0.960_625, 6), ("annotation_dalton.csv", 0.782_461, 3)] {
        let Some(continuum) = table(name) else { return };
        let found = best(&continuum, Dissimilarity::GAMMA_SOFTWARE);
        assert!((found.disorder(&continuum) - disorder).abs() < 1e-6, "{name}: {}", found.disorder(&continuum));
        assert_eq!(found.tuples.len(), tuples, "{name}");
        assert!(found.exact());
    }
}

/// `test_gammas.py` of pygamma-agreement: .44 to .47 with the paper's sampler.
#[test]
fn gamma_of_a_published_table() {
    let Some(continuum) = table("AlexPaulSuzan.csv") else { return };
    for (sampler, range) in [(Sampler::Shuffle, 0.44..0.47), (Sampler::Statistical, 0.40..0.46)] {
        let parameters =
            Parameters { measure: Dissimilarity::GAMMA_SOFTWARE, sampler, samples: 300, ..Parameters::USUAL };
        let found = Estimate::new(&continuum, &parameters, 1, &|| false).unwrap();
        let gamma = 1.0 - found.observed.high / found.expected().high;
        assert!(range.contains(&gamma), "{sampler}: {gamma}");
    }
}

/// The samples that pygamma-agreement drew are aligned anew; their mean is the expected disorder of the ten.
#[test]
fn dumped_chance_is_replayed() {
    let Some(folder) = data() else { return };
    for name in [
        "fixture_01_two_annotators_simple.json",
        "fixture_02_unequal_counts.json",
        "fixture_03_identical_perfect.json",
        "fixture_04_three_annotators.json",
        "fixture_05_larger_two_annotators.json",
        "fixture_06_weighted_alpha3_beta2.json",
    ] {
        let file: Value = serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap();
        let weight = |key: &str| file["params"][key].as_f64().unwrap();
        let measure = Dissimilarity { alpha: weight("alpha"), beta: weight("beta"), empty: weight("deltaEmpty") };
        let near = |ours: f64, theirs: &Value, what: &str| {
            let theirs = theirs.as_f64().unwrap();
            assert!((ours - theirs).abs() <= 1e-5 * theirs.abs().max(1e-3), "{name}, {what}: {ours} is not {theirs}");
        };
        let real = dumped(&file["continuum"]);
        let observed = best(&real, measure).disorder(&real);
        near(observed, &file["tier1"]["bestAlignmentDisorder"], "observed");
        for pair in file["tier1"]["pairDissimilarities"].as_array().unwrap() {
            let unit = |annotator: &str, index: &str| {
                let number: usize = pair[annotator].as_str().unwrap()[3..].parse().unwrap();
                real.annotators()[number - 1][pair[index].as_u64().unwrap() as usize]
            };
            let (a, b) = (unit("annotatorA", "unitIndexA"), unit("annotatorB", "unitIndexB"));
            near(measure.positional(&a, &b), &pair["positional"], "place");
            near(measure.categorical(&a, &b), &pair["categorical"], "label");
        }
        let samples = file["tier2"]["sampledContinua"].as_array().unwrap();
        assert_eq!(samples.len(), 10);
        for sample in samples {
            let continuum = dumped(&sample["units"]);
            let found = best(&continuum, measure);
            assert!(found.exact());
            near(found.disorder(&continuum), &sample["bestAlignmentDisorder"], "sample");
        }
        let expected = &file["tier3"]["expectedDisorder"];
        near(1.0 - observed / expected.as_f64().unwrap(), &file["tier3"]["gamma"], "gamma");
    }
}

/// Figure 10 of the paper and the twenty places of `test_dissimilarity.py`, with its Δ∅ of a half.
#[test]
fn places_as_published() {
    let unit = |(start, end): (u32, u32)| Piece::new(f64::from(start), f64::from(end), 0);
    let whole = Dissimilarity::USUAL;
    for (a, b, value) in [
        ((4, 14), (40, 44), 22.2),
        ((4, 14), (4, 14), 0.0),
        ((4, 14), (20, 25), 3.2),
        ((4, 14), (14, 24), 1.0),
        ((20, 30), (20, 25), 0.11),
        ((20, 25), (14, 24), 0.22),
    ] {
        let found: f64 = whole.positional(&unit(a), &unit(b));
        assert!((found - value).abs() <= 0.1 * value, "{a:?} {b:?}: {found}");
        assert_eq!(found, whole.positional(&unit(b), &unit(a)));
    }
    let half = Dissimilarity { empty: 0.5, ..whole };
    let mut values = [
        0.03125,
        1.62,
        0.78125,
        2.0,
        2.88,
        0.5,
        0.055_555_555,
        0.367_346_939,
        0.5,
        2.0,
        0.624_567_474,
        0.367_346_939,
        0.0008,
        0.268_888_889,
        0.067_867_036,
        2.42,
        2.295_918_367,
        0.055_555_556,
        1.125,
        0.0,
    ]
    .into_iter();
    for a in [(1, 5), (6, 8), (7, 20), (12, 18)] {
        for b in [(2, 6), (7, 8), (7, 19), (8, 10), (12, 18)] {
            let (found, value): (f64, f64) = (half.positional(&unit(a), &unit(b)), values.next().unwrap());
            assert!((found - value).abs() <= 0.001 * value.max(1e-6), "{a:?} {b:?}: {found} is not {value}");
        }
    }
    // The scale does not matter.
    assert_eq!(whole.positional(&unit((0, 7)), &unit((0, 10))), whole.positional(&unit((0, 21)), &unit((0, 30))));
}

/// What pygamma-agreement takes gamma-cat's disorder to be: the paper's, and for a unit that stands without another's a term of its own.
fn labels_apart((continuum, found): &(Continuum, Alignment), measure: Dissimilarity, label: Option<u32>) -> f64 {
    let (mut total, mut weights, mut any) = (0.0, 0.0, false);
    for tuple in &found.tuples {
        let units: Vec<Piece> = tuple.iter().map(|(who, at)| continuum.annotators()[*who][*at]).collect();
        let of_label = |unit: &Piece| label.is_none_or(|label| unit.label == label);
        for (at, a) in units.iter().enumerate() {
            for b in units[at + 1..].iter().filter(|b| of_label(a) || of_label(b)) {
                let weight = (1.0 - measure.alpha * measure.positional(a, b)).max(0.0) / (units.len() - 1) as f64;
                total += weight * measure.categorical(a, b);
                weights += weight;
                any = true;
            }
            let vacant = (continuum.annotators().len() - units.len()) as f64;
            if of_label(a) {
                total += vacant;
                weights += vacant;
            }
        }
    }
    if any && total > 0.0 { total / weights } else { 0.0 }
}

/// `test_gammas.py` of pygamma-agreement: gamma-cat .38 to .42, gamma-k of "1" and "5" 1, of "6" about .37, of the others not above 0.
#[test]
fn labels_of_a_published_table() {
    let Some(continuum) = table("AlexPaulSuzan.csv") else { return };
    let measure = Dissimilarity::GAMMA_SOFTWARE;
    let aligned = |continuum: Continuum| {
        let found = best(&continuum, measure);
        (continuum, found)
    };
    let chance = Chance::new(&continuum, Sampler::Shuffle, 5);
    let samples: Vec<_> = (0..300).map(|number| aligned(chance.sample(number))).collect();
    let real = aligned(continuum.clone());
    let value = |label| {
        let observed = labels_apart(&real, measure, label);
        let expected: f64 = samples.iter().map(|sample| labels_apart(sample, measure, label)).sum::<f64>() / 300.0;
        if observed == 0.0 { 1.0 } else { 1.0 - observed / expected }
    };
    let all = value(None);
    assert!((0.38..=0.42).contains(&all), "{all}");
    for (label, name) in ["1", "2", "5", "6", "7", "3", "4"].iter().enumerate() {
        let found = value(Some(label as u32));
        let right = match *name {
            "1" | "5" => found == 1.0,
            "6" => (found - 0.37).abs() <= 0.01,
            _ => found <= 0.0,
        };
        assert!(right, "{name}: {found}");
    }
}
