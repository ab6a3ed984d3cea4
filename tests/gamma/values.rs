//! Gamma and gamma-cat as measures: one, nothing, and what changes no value.

use spanwright::agreement::gamma::Parameters;
use spanwright::agreement::{Frame, Gamma, GammaCat, Measure, Undefined, View};

use crate::agreeing::{corpus, documents, value};

fn gamma() -> Gamma {
    Gamma::USUAL
}

fn cat() -> GammaCat {
    GammaCat::USUAL
}

#[test]
fn identical_is_one() {
    let same = "a0-5 b3-8 a20-22+24-27 c30-40";
    let corpus = corpus(60, &[same, same, same]);
    for who in [&[0, 1][..], &[0, 1, 2]] {
        assert_eq!(value(&gamma(), &corpus, who, None), Ok(1.0));
        assert_eq!(value(&gamma(), &corpus, who, Some(0)), Ok(1.0));
        assert_eq!(value(&cat(), &corpus, who, None), Ok(1.0));
    }
}

#[test]
fn undefined_has_its_reason() {
    let nothing = documents(&[(10, &["", ""]), (20, &["", ""])]);
    assert_eq!(value(&gamma(), &nothing, &[0, 1], None), Err(Undefined::NothingMarked));
    assert_eq!(value(&cat(), &nothing, &[0, 1], None), Err(Undefined::NothingMarked));
    let missing = documents(&[(10, &["a0-2", "-"])]);
    assert_eq!(value(&gamma(), &missing, &[0, 1], None), Err(Undefined::NoDocuments));
    let one = corpus(50, &["a0-5 a20-25", "a0-5 a21-25"]);
    assert_eq!(value(&cat(), &one, &[0, 1], None), Err(Undefined::OneCategory));
    let apart = corpus(100, &["a0-5", "b80-82"]);
    assert!(matches!(value(&cat(), &apart, &[0, 1], None), Err(Undefined::Because(_))));
    let only_one = corpus(100, &["a0-5", "a0-5"]);
    assert_eq!(value(&gamma(), &only_one, &[0, 1], Some(7)), Err(Undefined::NothingMarked));
}

#[test]
fn one_unit_against_none_is_no_agreement() {
    let corpus = corpus(100, &["a10-15", ""]);
    assert!(value(&gamma(), &corpus, &[0, 1], None).unwrap() <= 0.0);
}

#[test]
fn order_and_names_change_nothing() {
    let (a, b, c) = ("a0-5 b3-8 a20-22", "a0-6 b20-22 c30-33", "c0-5 c20-22");
    let plain = corpus(60, &[a, b, c]);
    let turned = corpus(60, &[c, a, b]);
    let renamed = corpus(60, &["z0-5 q3-8 z20-22", "z0-6 q20-22 y30-33", "y0-5 y20-22"]);
    for measure in [&gamma() as &dyn Measure, &cat()] {
        let found = value(measure, &plain, &[0, 1, 2], None).unwrap();
        for (other, who) in [(&plain, [2, 0, 1]), (&plain, [1, 2, 0]), (&turned, [0, 1, 2]), (&renamed, [0, 1, 2])] {
            assert_eq!(value(measure, other, &who, None), Ok(found), "{}", measure.id());
        }
    }
}

/// A missed entity inside a quote that both marked is seen.
#[test]
fn nested_misses_count() {
    let both = corpus(200, &["q0-100 e5-8 e20-24 e40-43 e70-75", "q0-100 e5-8 e20-24 e40-43 e70-75"]);
    let missed = corpus(200, &["q0-100 e5-8 e20-24 e40-43 e70-75", "q0-100"]);
    assert_eq!(value(&gamma(), &both, &[0, 1], None), Ok(1.0));
    assert!(value(&gamma(), &missed, &[0, 1], None).unwrap() < 0.5);
    assert!(value(&gamma(), &missed, &[0, 1], Some(1)).unwrap() <= 0.0);
    assert_eq!(value(&gamma(), &missed, &[0, 1], Some(0)), Ok(1.0));
}

/// A gap is part of the unit: the stretch around it is something else.
#[test]
fn a_gap_is_not_nothing() {
    let gaps = corpus(200, &["a0-4+8-12 a50-54", "a0-12 a50-54"]);
    assert!(value(&gamma(), &gaps, &[0, 1], None).unwrap() < 1.0);
    let same = corpus(200, &["a0-4+8-12 a50-54", "a0-4+8-12 a50-54"]);
    assert_eq!(value(&gamma(), &same, &[0, 1], None), Ok(1.0));
}

/// Documents are pooled by their sums, each with chance of its own.
#[test]
fn documents_are_sums() {
    let both = documents(&[(80, &["a0-5 b20-30", "a1-5 b20-28"]), (40, &["a3-9", "b3-9"]), (10, &["", ""])]);
    let sums: Vec<Vec<f64>> =
        both.items.iter().map(|item| gamma().tally(&View { corpus: &both, item, who: &[0, 1], label: None })).collect();
    let observed = sums[0][0] + sums[1][0];
    let expected = sums[0][2] + sums[1][2];
    assert_eq!(value(&gamma(), &both, &[0, 1], None), Ok(1.0 - observed / expected));
    let total: Vec<f64> = (0..sums[0].len()).map(|at| sums.iter().map(|sums| sums[at]).sum()).collect();
    assert_eq!(gamma().counted(&total), 6.0);
    let found = gamma().value(&Frame { corpus: &both, who: &[0, 1], label: None }, &total).unwrap();
    let (low, high) = Gamma::by_chance(&total).unwrap();
    assert!(low < found && found < high);
}

/// Gamma-cat asks about labels where something was marked alike, gamma-k about one label.
#[test]
fn labels_alone() {
    let far = corpus(300, &["a0-10 b50-60 a100-110 c150-160", "a0-10 a50-60 a100-110 c150-160"]);
    let all = value(&cat(), &far, &[0, 1], None).unwrap();
    assert!((0.0..1.0).contains(&all), "{all}");
    assert_eq!(value(&cat(), &far, &[0, 1], Some(2)), Ok(1.0));
    assert!(value(&cat(), &far, &[0, 1], Some(1)).unwrap() <= 0.0);
}

/// More annotators than can be proven in the work allowed: the reason names what it lies between.
#[test]
fn what_is_not_proven_is_no_value() {
    let layers: Vec<String> = (0..6)
        .map(|who| (0..20).map(|unit| format!("a{}-{} ", unit * 3 + who % 3, unit * 3 + 4 + who * unit % 5)).collect())
        .collect();
    let layers: Vec<&str> = layers.iter().map(String::as_str).collect();
    let corpus = corpus(80, &layers);
    let hurried = Gamma(Parameters { steps: 1_000, samples: 2, precision: 0.0, ..Parameters::USUAL });
    let found = value(&hurried, &corpus, &[0, 1, 2, 3, 4, 5], None);
    let Err(Undefined::Because(reason)) = found else { panic!("{found:?}") };
    assert!(reason.starts_with("it lies between "), "{reason}");
    assert!(value(&hurried, &corpus, &[3, 4], None).is_ok());
}
