//! What all statistics of agreement have in common: one suite, and each measure of the table runs it.
//!
//! A measure that is added to the table is tested here without another line.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use spanwright::agreement::{Corpus, Extent, Gamma, Item, MEASURES, Marked, Measure, Undefined, Unit, gamma};
use spanwright::text::DocumentId;

use crate::agreeing::{corpus, documents, value};

/// Units of three labels, of one or two fragments, nested and touching ones among them.
fn layer() -> impl Strategy<Value = Marked> {
    let unit = (0..3_usize, 0..14_u32, 1..6_u32, 0..3_u32, 1..3_u32).prop_map(|(label, start, length, gap, more)| {
        let end = start + length;
        let fragments = if gap == 0 { vec![(start, end)] } else { vec![(start, end), (end + gap, end + gap + more)] };
        Unit::new(label, Extent::new(fragments))
    });
    prop::collection::vec(unit, 0..7).prop_map(Marked::new)
}

/// One to three documents of three annotators, of whom some did not finish all.
fn corpora() -> impl Strategy<Value = Corpus> {
    let item = (24..30_u32, prop::collection::vec(prop::option::weighted(0.9, layer()), 3));
    prop::collection::vec(item, 1..4).prop_map(|items| build(items, 3))
}

fn build(items: Vec<(u32, Vec<Option<Marked>>)>, labels: usize) -> Corpus {
    let named = |(place, (length, layers))| Item { document: DocumentId(format!("d{place}")), length, layers };
    let items = items.into_iter().enumerate().map(named).collect();
    let names = |count: usize| (0..count).map(|number| number.to_string()).collect();
    Corpus::new(names(3), names(labels), labels, items)
}

/// The corpus with every layer changed.
fn changed(corpus: &Corpus, change: impl Fn(&Marked) -> Marked) -> Corpus {
    let layers = |item: &Item| item.layers.iter().map(|layer| layer.as_ref().map(&change)).collect();
    build(corpus.items.iter().map(|item| (item.length, layers(item))).collect(), corpus.labels.len())
}

/// The same number but for rounding, or undefined for the same reason.
fn same(a: &Result<f64, Undefined>, b: &Result<f64, Undefined>) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => (a - b).abs() < 1e-9,
        _ => a == b,
    }
}

/// The annotators that a measure can compare at once.
fn companies(measure: &dyn Measure) -> &'static [&'static [usize]] {
    if measure.joint() { &[&[0, 1], &[0, 1, 2]] } else { &[&[0, 1], &[2, 1]] }
}

/// Runs a property on generated corpora for each company of annotators, for all labels and for one.
fn always(measure: &dyn Measure, property: impl Fn(&Corpus, &[usize], Option<usize>) -> bool) {
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&corpora(), |corpus| {
        for who in companies(measure) {
            for label in [None, Some(1)] {
                prop_assert!(property(&corpus, who, label), "{} of {who:?}, label {label:?}", measure.id());
            }
        }
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
}

/// Whether a number is as it must be between annotators who agree in all.
fn perfect(value: &Result<f64, Undefined>) -> bool {
    value.as_ref().map_or(true, |value| (value - 1.0).abs() < 1e-12)
}

fn suite(measure: &dyn Measure) {
    let id = measure.id();
    let all = companies(measure)[1];

    // Agreement is 1, and disagreement is less.
    let equal = "a0-6 b2-4 c7-9 a12-20 b13-14+16-17";
    for label in [None, Some(0), Some(1)] {
        assert_eq!(value(measure, &corpus(30, &[equal, equal, equal]), all, label), Ok(1.0), "{id}: identical");
    }
    always(measure, |corpus, who, label| {
        let items = corpus.items.iter().map(|item| (item.length, vec![item.layers[0].clone(); 3])).collect();
        perfect(&value(measure, &build(items, 3), who, label))
    });
    let apart = value(measure, &corpus(30, &["a0-6 b10-14", "a8-9 b20-28", "a16-29"]), all, None);
    assert!(apart.as_ref().is_ok_and(|value| *value < 0.9), "{id}: {apart:?} where nothing is shared");

    // Nested units are not hidden by the one they are in.
    let (whole, missed) = ("q0-20 p2-4 p6-8 p10-12 p14-16 b22-23", "q0-20 b22-23");
    for layers in [[whole, missed, whole], [missed, whole, missed]] {
        let nested = value(measure, &corpus(30, &layers), &[0, 1], None);
        assert!(nested.as_ref().is_ok_and(|value| *value < 0.99), "{id}: {nested:?} where four entities are missed");
    }

    // What it does not depend on.
    always(measure, |corpus, who, label| {
        let turned: Vec<usize> = who.iter().rev().copied().collect();
        same(&value(measure, corpus, who, label), &value(measure, corpus, &turned, label))
    });
    always(measure, |corpus, who, label| {
        let turned = changed(corpus, |layer| Marked::new(layer.units.iter().rev().cloned().collect()));
        same(&value(measure, corpus, who, label), &value(measure, &turned, who, label))
    });
    always(measure, |corpus, who, label| {
        let other = |unit: &Unit| Unit { label: (unit.label + 1) % 3, ..unit.clone() };
        let relabelled = changed(corpus, |layer| Marked::new(layer.units.iter().map(other).collect()));
        same(&value(measure, corpus, who, label), &value(measure, &relabelled, who, label.map(|label| (label + 1) % 3)))
    });
    always(measure, |corpus, who, label| {
        let mut items: Vec<_> = corpus.items.iter().map(|item| (item.length, item.layers.clone())).collect();
        items.reverse();
        same(&value(measure, corpus, who, label), &value(measure, &build(items, 3), who, label))
    });

    // A label's number is about that label alone.
    always(measure, |corpus, who, label| {
        let only = |layer: &Marked| Marked::new(layer.units.iter().filter(|unit| unit.label == 1).cloned().collect());
        label.is_none()
            || same(&value(measure, corpus, who, label), &value(measure, &changed(corpus, only), who, label))
    });

    // Never 0 or 1 where there is nothing to say.
    assert_eq!(
        value(measure, &corpus(9, &["", "", ""]), all, None),
        Err(Undefined::NothingMarked),
        "{id}: nothing marked"
    );
    let unused = corpus(9, &["a0-3", "a0-3", "a0-2 b5-6"]);
    assert_eq!(value(measure, &unused, &[0, 1], Some(1)), Err(Undefined::NothingMarked), "{id}: a label nobody used");
    assert_eq!(value(measure, &unused, &[0], None), Err(Undefined::OneAnnotator), "{id}: one annotator");
    let parted = documents(&[(9, &["a0-3", "-"]), (9, &["-", "a0-3"])]);
    assert_eq!(value(measure, &parted, &[0, 1], None), Err(Undefined::NoDocuments), "{id}: no document in common");
    assert_eq!(value(measure, &documents(&[]), &[0, 1], None), Err(Undefined::NoDocuments), "{id}: no documents");

    // Finished and empty is data: it is disagreement, and untouched is not.
    let (empty, missing) = (&["a0-3 b5-7", ""], &["a0-3 b5-7", "-"]);
    let agreed = (9, &["a0-3 b4-6", "a0-3 b4-6"] as &[&str]);
    let with_empty = value(measure, &documents(&[agreed, (9, empty)]), &[0, 1], None);
    assert!(with_empty.as_ref().is_ok_and(|value| *value < 1.0), "{id}: {with_empty:?} where one found nothing");
    assert_eq!(
        value(measure, &documents(&[agreed, (9, missing)]), &[0, 1], None),
        Ok(1.0),
        "{id}: one has not finished"
    );

    // Sums are of one length, whatever the document has, so that they can be added.
    let varied = documents(&[(0, &["", ""]), (9, &["a0-3 b2-3", "c1-2"]), (5, &["", "a0-5"])]);
    let frame = spanwright::agreement::Frame { corpus: &varied, who: &[0, 1], label: None };
    let mut present = Vec::new();
    let mut lengths: Vec<usize> =
        (0..3).map(|item| measure.tally(&frame.view(measure, item, &mut present).unwrap()).len()).collect();
    lengths.dedup();
    assert_eq!(lengths.len(), 1, "{id}");
}

/// About what matched spans carry, of which these corpora have nothing: their properties stand in `matching.rs`.
const OF_MATCHED_SPANS: [&str; 3] = ["attribute-percent", "attribute-kappa", "relation-f1"];

#[test]
fn every_measure_holds_what_all_promise() {
    // Few samples: what they are is tried elsewhere.
    let quick = gamma::Parameters { samples: 3, precision: 0.0, ..gamma::Parameters::USUAL };
    for measure in MEASURES.iter().filter(|measure| !OF_MATCHED_SPANS.contains(&measure.id())) {
        match measure.id() {
            "gamma" => suite(&Gamma(quick)),
            // Of what was marked alike: these corpora have none of it where it matters, and it should not see the rest.
            "gamma-cat" => {}
            id if OF_MATCHED_SPANS.contains(&id) => {}
            _ => suite(*measure),
        }
    }
}

#[test]
fn ids_are_unique_and_each_measure_says_what_it_is() {
    for measure in MEASURES {
        assert_eq!(MEASURES.iter().filter(|other| other.id() == measure.id()).count(), 1, "{}", measure.id());
        assert!(measure.about().ends_with('.'), "{}", measure.about());
    }
}

/// One tally stands for all measures of a basis, so it must be the same.
#[test]
fn measures_of_one_basis_have_the_same_tallies() {
    let corpus = documents(&[(30, &["a0-6 b2-4", "a0-5 c4-9", "b2-4"]), (12, &["", "a0-2+4-6", "c0-12"])]);
    for a in MEASURES {
        for b in MEASURES.iter().filter(|b| b.basis() == a.basis()) {
            for (item, label) in [(0, None), (1, None), (0, Some(0)), (1, Some(2))] {
                let view =
                    spanwright::agreement::View { corpus: &corpus, item: &corpus.items[item], who: &[0, 1], label };
                assert_eq!(a.tally(&view), b.tally(&view), "{} and {}", a.id(), b.id());
            }
        }
    }
}
