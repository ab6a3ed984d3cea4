//! Rows: what is evaluated for whom, intervals, and which documents count.

use proptest::prelude::*;
use spanwright::agreement::bootstrap::{Draws, Tallies, interval};
use spanwright::agreement::{
    Asked, Candidate, Coverage, MEASURES, Measure, Presence, Row, Scope, Undefined, evaluate, measure,
};
use spanwright::text::DocumentId;

use crate::agreeing::documents;

fn asked(ids: &[&str]) -> Asked {
    let measures: Vec<&'static dyn Measure> = ids.iter().map(|id| measure(id).unwrap()).collect();
    Asked { measures, pairs: true, labels: true, documents: true, samples: 200, seed: 7 }
}

fn rows(texts: &[(u32, &[&str])], asked: &Asked) -> Vec<Row> {
    evaluate(&documents(texts), &Coverage::default(), asked, &mut |_| true).unwrap()
}

/// `scope label annotators: value`
fn told(row: &Row) -> String {
    let value = row.value.as_ref().map_or_else(|reason| reason.to_string(), |value| format!("{value:.3}"));
    let label = row.label.as_deref().or(row.document.as_ref().map(DocumentId::as_str)).unwrap_or("all");
    format!("{} {label} {}: {value}", row.scope.as_str(), row.annotators.join("+"))
}

const THREE: [(u32, &[&str]); 2] = [(20, &["a0-5 b8-9", "a0-5", "a0-5 b8-9"]), (10, &["", "", "a1-2"])];

#[test]
fn rows_are_of_all_of_pairs_of_labels_and_of_documents() {
    let found: Vec<String> = rows(&THREE, &asked(&["f1-exact"])).iter().map(told).collect();
    assert_eq!(
        found,
        [
            "overall all ann0+ann1+ann2: 0.656",
            "pair all ann0+ann1: 0.667",
            "pair all ann0+ann2: 0.800",
            "pair all ann1+ann2: 0.500",
            "label a ann0+ann1+ann2: 0.778",
            "label a ann0+ann1: 1.000",
            "label a ann0+ann2: 0.667",
            "label a ann1+ann2: 0.667",
            "label b ann0+ann1+ann2: 0.333",
            "label b ann0+ann1: 0.000",
            "label b ann0+ann2: 1.000",
            "label b ann1+ann2: 0.000",
            "document d0 ann0+ann1+ann2: 0.778",
            "document d1 ann0+ann1+ann2: 0.000",
        ]
    );
    let row = &rows(&THREE, &asked(&["f1-exact"]))[0];
    assert_eq!((row.documents, row.interval), (2, None));
    assert!(row.note.as_ref().unwrap().contains("too few"), "{row:?}");
}

#[test]
fn what_is_defined_for_many_has_a_joint_row_where_there_are_many() {
    let joint = |texts: &[(u32, &[&str])]| {
        let rows = rows(texts, &asked(&["alpha", "f1-exact", "fleiss"]));
        rows.iter()
            .filter(|row| row.scope == Scope::Joint)
            .map(|row| format!("{} {}", row.measure, told(row).split(':').next().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        joint(&THREE),
        [
            "alpha joint all ann0+ann1+ann2",
            "alpha joint a ann0+ann1+ann2",
            "alpha joint b ann0+ann1+ann2",
            "fleiss joint all ann0+ann1+ann2",
            "fleiss joint a ann0+ann1+ann2",
            "fleiss joint b ann0+ann1+ann2",
        ]
    );
    assert_eq!(joint(&[(20, &["a0-5", "a0-5"])]), Vec::<String>::new());
}

#[test]
fn alpha_counts_documents_that_only_two_of_three_finished_and_fleiss_does_not() {
    let texts: [(u32, &[&str]); 2] = [(20, &["a0-5", "a0-5", "a1-5"]), (10, &["a2-4", "-", "a1-2"])];
    let rows = rows(&texts, &asked(&["fleiss", "alpha"]));
    let documents: Vec<usize> =
        rows.iter().filter(|row| row.scope == Scope::Joint && row.label.is_none()).map(|row| row.documents).collect();
    assert_eq!(documents, [1, 2]);
}

#[test]
fn the_mean_over_pairs_leaves_out_pairs_without_a_value_and_says_so() {
    let texts: [(u32, &[&str]); 1] = [(20, &["a0-5", "a0-5", "-"])];
    let rows = rows(&texts, &asked(&["f1-exact"]));
    assert_eq!(rows[0].value, Ok(1.0));
    assert_eq!(rows[0].note.as_deref().unwrap().split(';').next(), Some("2 of 3 pairs have no value"));
    assert_eq!(rows[2].value, Err(Undefined::NoDocuments));
    assert_eq!((rows[2].documents, rows[2].n), (0, 0.0));
}

#[test]
fn nothing_is_ever_zero_that_is_not_known() {
    let reason = |texts: &[(u32, &[&str])]| {
        let all: Vec<&str> = MEASURES.iter().map(|measure| measure.id()).collect();
        let rows = rows(texts, &asked(&all));
        assert!(rows.iter().all(|row| row.value.is_err() && row.interval.is_none()), "{rows:#?}");
        rows[0].value.clone().unwrap_err()
    };
    assert_eq!(reason(&[(20, &["a0-5"])]), Undefined::OneAnnotator);
    assert_eq!(reason(&[(20, &["a0-5", "-"]), (20, &["-", "a1-2"])]), Undefined::NoDocuments);
    assert_eq!(reason(&[(20, &["", ""])]), Undefined::NothingMarked);
    assert_eq!(reason(&[(0, &["", ""])]), Undefined::NothingMarked);
}

#[test]
fn each_document_that_does_not_count_counts_once_under_one_reason() {
    use Presence::{Counts, InProgress, Skipped, TextDiffers, Untouched};
    let layers = [
        [Counts, Counts, Untouched],
        [Counts, Untouched, Untouched],
        [Counts, InProgress, Skipped],
        [TextDiffers, InProgress, Counts],
        [Untouched, Untouched, Skipped],
    ];
    let candidate = |(at, layers): (usize, &[Presence; 3])| Candidate {
        document: DocumentId(format!("d{at}")),
        layers: layers.to_vec(),
    };
    let coverage = Coverage(layers.iter().enumerate().map(candidate).collect());
    let told = |who: &[usize], enough| {
        let excluded = coverage.excluded(who, enough);
        excluded.iter().map(|(reason, documents)| format!("{reason} {documents}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(told(&[0, 1], 2), "in-progress 1, text-differs 1, untouched 1");
    assert_eq!(told(&[0, 2], 2), "skipped 2, text-differs 1, untouched 2");
    assert_eq!(told(&[0, 1, 2], 2), "in-progress 1, skipped 1, text-differs 1, untouched 1");
    assert_eq!(told(&[1], 2), "in-progress 2");
}

#[test]
fn an_interval_is_of_the_documents_and_the_seed_decides_it() {
    let agree: (u32, &[&str]) = (20, &["a0-5", "a0-5"]);
    let differ: (u32, &[&str]) = (20, &["a0-5", "a1-5"]);
    let texts = [agree, agree, agree, agree, agree, agree, agree, agree, differ, differ];
    let interval = |seed| rows(&texts, &Asked { seed, samples: 2000, ..asked(&["f1-exact"]) })[0].interval.unwrap();
    // A share of 8 in 10 documents: 2.5 % of binomial samples have 5 or fewer, or 10.
    assert_eq!(interval(1), (0.5, 1.0));
    let fine: Vec<_> = (0..40).map(|at| if at % 4 == 0 { differ } else { agree }).collect();
    let of = |seed| rows(&fine, &Asked { seed, ..asked(&["f1-exact"]) })[0].interval.unwrap();
    assert_eq!(of(1), of(1));
    assert!((1..20).any(|seed| of(seed) != of(1)));
    let same = rows(&[agree; 6], &asked(&["f1-exact", "kappa"]));
    assert!(
        same.iter().filter(|row| row.scope != Scope::Document).all(|row| row.interval == Some((1.0, 1.0))),
        "{same:#?}"
    );
    assert!(
        rows(&texts, &Asked { samples: 0, ..asked(&["f1-exact"]) })
            .iter()
            .all(|row| row.interval.is_none() && row.note.is_none())
    );
}

#[test]
fn work_can_be_stopped() {
    let corpus = documents(&THREE);
    let mut shares = Vec::new();
    let stopped = evaluate(&corpus, &Coverage::default(), &asked(&["f1-exact", "alpha"]), &mut |share| {
        shares.push(share);
        share < 0.5
    });
    assert_eq!(stopped, None);
    assert!(shares.is_sorted() && *shares.last().unwrap() >= 0.5, "{shares:?}");
}

fn layer() -> impl Strategy<Value = String> {
    let unit = (0..3_u8, 0..12_u32, 1..6_u32)
        .prop_map(|(label, start, length)| format!("{}{start}-{}", char::from(b'a' + label), start + length));
    let marked = prop::collection::vec(unit, 0..5).prop_map(|units| units.join(" "));
    prop_oneof![1 => Just("-".to_owned()), 6 => marked]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_measure_says_the_same_alone_as_among_others(texts in prop::collection::vec([layer(), layer(), layer()], 5..9)) {
        let texts: Vec<Vec<&str>> = texts.iter().map(|layers| layers.iter().map(String::as_str).collect()).collect();
        let texts: Vec<(u32, &[&str])> = texts.iter().map(|layers| (18, layers.as_slice())).collect();
        let cheap: Vec<&str> = MEASURES.iter().filter(|measure| !measure.on_request()).map(|measure| measure.id()).collect();
        let together = rows(&texts, &asked(&cheap));
        let alone: Vec<Row> = cheap.iter().flat_map(|id| rows(&texts, &asked(&[id]))).collect();
        prop_assert_eq!(&together, &alone);
        for row in &together {
            if let Some((low, high)) = row.interval {
                prop_assert!(low <= high && row.value.is_ok() && row.documents >= 5, "{:?}", row);
            }
        }
    }

    #[test]
    fn sums_of_samples_are_sums_of_drawn_documents(
        values in prop::collection::vec(prop_oneof![Just(0.0), (0..40_000_u32).prop_map(f64::from), -1e6..1e6_f64, 0.0..1e-9_f64], 1..3000),
        seed: u64,
    ) {
        let draws = Draws::new(seed, 3, values.len());
        let sums = |tallies: Tallies| draws.sums(&[&tallies], &mut |_| true).unwrap().remove(0);
        // A column of ones tells how often each document was drawn: one column per document is one at that document.
        let all: Vec<usize> = (0..values.len()).collect();
        let ones = Tallies { columns: 1, documents: all.clone(), values: vec![1.0; values.len()] };
        prop_assert_eq!(sums(ones), vec![values.len() as f64; 3]);
        let found = sums(Tallies { columns: 1, documents: all, values: values.clone() });
        let mut exact = [0.0; 3];
        for (at, value) in values.iter().enumerate().filter(|(_, value)| **value != 0.0).take(200) {
            let often = sums(Tallies { columns: 1, documents: vec![at], values: vec![1.0] });
            exact.iter_mut().zip(often).for_each(|(sum, often)| *sum += often * value);
        }
        if values.iter().filter(|value| **value != 0.0).count() <= 200 {
            let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
            for (sum, exact) in found.iter().zip(exact) {
                prop_assert!((sum - exact).abs() <= largest * values.len() as f64 * 3e-9, "{} is not {}", sum, exact);
            }
        }
    }
}

#[test]
fn percentiles_go_in_proportion_and_need_half_of_the_samples() {
    let mut hundred: Vec<f64> = (0..=100).rev().map(f64::from).collect();
    assert_eq!(interval(&mut hundred), Some((2.5, 97.5)));
    assert_eq!(interval(&mut vec![f64::NAN, 1.0]), Some((1.0, 1.0)));
    assert_eq!(interval(&mut vec![f64::NAN, f64::NAN, 1.0]), None);
    assert_eq!(interval(&mut Vec::new()), None);
}
