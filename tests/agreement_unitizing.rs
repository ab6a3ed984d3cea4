//! Krippendorff's alpha for unitizing against published examples, and what it does with units that it does not know.

use spanwright::agreement::alpha_u::{Changed, Stretches, expected, observed, stretches};
use spanwright::agreement::{AlphaU, Corpus, Measure, Undefined, View};

use crate::agreeing::{corpus, documents, value};

/// Continua that the sources write as start and length: `2+8 14+6`.
fn stretch(annotators: &[&str], scale: u32) -> Vec<Stretches> {
    let one = |unit: &str| {
        let (start, length) = unit.split_once('+').unwrap();
        let (start, length): (u32, u32) = (start.parse().unwrap(), length.parse().unwrap());
        (start * scale, (start + length) * scale)
    };
    annotators.iter().map(|units| units.split_whitespace().map(one).collect()).collect()
}

fn alpha(annotators: &[Stretches], length: u32) -> f64 {
    1.0 - observed(annotators, length) / expected(annotators, length)
}

fn near(value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{value}, expected {expected}");
}

/// Krippendorff, Content Analysis, 2004, p. 254: positions 150 to 450, of two observers and two categories.
#[test]
fn krippendorff_2004_page_254() {
    let c = stretch(&["75+70 220+30", "70+80 205+20 250+20"], 1);
    near(observed(&c, 300), 0.0144, 5e-5);
    near(expected(&c, 300), 0.05322, 5e-6);
    near(alpha(&c, 300), 0.728_599, 5e-7);
    let k = stretch(&["30+60 150+50", "30+60 150+50"], 1);
    assert_eq!(observed(&k, 300), 0.0);
    near(expected(&k, 300), 0.0490, 5e-5);
    let corpus = corpus(300, &["c75-145 c220-250 k30-90 k150-200", "c70-150 c205-225 c250-270 k30-90 k150-200"]);
    near(value(&AlphaU, &corpus, &[0, 1], None).unwrap(), 0.858_665_405_184, 1e-12);
    near(value(&AlphaU, &corpus, &[0, 1], Some(0)).unwrap(), 0.728_599, 5e-7);
    assert_eq!(value(&AlphaU, &corpus, &[0, 1], Some(1)), Ok(1.0));
}

/// Krippendorff, On the reliability of unitizing continuous data, 1995, p. 57. Observed disagreement is the paper's; agreement is what `DKPro`
/// Statistics 2.3.1 gives, as the paper's expected disagreement has an error.
#[test]
fn krippendorff_1995() {
    let cases: [(&[&str], f64, f64, f64); 4] = [
        (&["2+8 14+6", "4+4 15+2"], 0.03125, 0.515_287_769_8, 0.552_946_8),
        (&["0+18", "0+2 2+1 3+1 4+1 5+1 6+3 9+1"], 2.26736, -1.081_078_508_6, -0.928_384_7),
        (&["2+6 10+2 14+4 20+2", "0+2 4+4 10+4 16+2 20+2"], 0.02778, 0.603_347_889_4, 0.693_078_8),
        (&["0+2 2+8 10+4 14+6 20+4", "0+4 4+4 8+7 15+2 17+7"], 0.38715, -0.206_848_659_0, 0.065_868_9),
    ];
    let (mut of_all, mut by_chance) = (0.0, 0.0);
    for (annotators, disagreement, agreement, scaled) in cases {
        let continuum = stretch(annotators, 1);
        near(observed(&continuum, 24), disagreement, 5e-6);
        near(alpha(&continuum, 24), agreement, 5e-11);
        near(alpha(&stretch(annotators, 50_000), 24 * 50_000), scaled, 5e-8);
        of_all += observed(&continuum, 24);
        by_chance += expected(&continuum, 24);
    }
    near(1.0 - of_all / by_chance, -0.756_552_738_7, 5e-11);
}

/// The cases of `DKPro`'s `UnitizingAgreementTest`. Where it gives NaN or, of units without length, 0, we give a reason.
#[test]
fn dkpro_unitizing() {
    let long_and_short = stretch(&["1+8", "2+1 4+1 6+1"], 1);
    near(observed(&long_and_short, 10), 0.91, 1e-12);
    near(observed(&stretch(&["1+8", "2+1"], 1), 10), 0.37, 1e-12);
    near(observed(&stretch(&["1+8", "4+1"], 1), 10), 0.25, 1e-12);
    near(observed(&stretch(&["1+8", "6+1"], 1), 10), 0.29, 1e-12);
    near(expected(&long_and_short, 10), 0.5352, 5e-5);
    near(alpha(&long_and_short, 10), -0.7003, 5e-5);
    near(alpha(&stretch(&["0+1", "", ""], 1), 20), 0.0, 1e-12);
    assert_eq!(value(&AlphaU, &corpus(20, &["", "", ""]), &[0, 1, 2], None), Err(Undefined::NothingMarked));
    assert_eq!(value(&AlphaU, &corpus(20, &["a3-3", "a4-4"]), &[0, 1], None), Err(Undefined::NothingMarked));
}

/// The distances that Krippendorff (2004) draws: of a unit of six to units of two and more, and to gaps.
#[test]
fn units_differ_by_the_squares_of_their_edges() {
    let unit = |other: &str| observed(&stretch(&["5+6", other], 1), 20) * 400.0;
    for (other, distance) in [
        ("2+2", 40.0),
        ("3+2", 40.0),
        ("4+2", 26.0),
        ("5+2", 16.0),
        ("6+2", 10.0),
        ("7+2", 8.0),
        ("6+4", 2.0),
        ("5+6", 0.0),
    ] {
        near(unit(other), distance, 1e-9);
    }
}

fn sums(corpus: &Corpus, label: Option<usize>) -> Vec<f64> {
    AlphaU.tally(&View { corpus, item: &corpus.items[0], who: &[0, 1], label })
}

#[test]
fn touching_units_stay_two_overlapping_ones_become_one_and_are_counted() {
    let corpus = corpus(30, &["a0-4 a4-8 a10-14 a12-16 a15-18 b0-9", "a0-8 a10-11+13-18 a20-20"]);
    let [first, second] = [0, 1].map(|who| corpus.items[0].layers[who].as_ref().unwrap());
    let of_a = first.units.iter().filter(|unit| unit.label == 0).map(|unit| &unit.place);
    assert_eq!(stretches(of_a), (vec![(0, 4), (4, 8), (10, 18)], Changed { merged: 2, ..Changed::default() }));
    let all = second.units.iter().map(|unit| &unit.place);
    assert_eq!(stretches(all), (vec![(0, 8), (10, 18)], Changed { filled: 1, left_out: 1, ..Changed::default() }));
    assert_eq!(
        AlphaU.note(&sums(&corpus, None)).unwrap(),
        "units that overlap one of the same label were merged with it: 2; discontinuous units were taken with their gaps: 1; \
         units that cover no position were left out: 1"
    );
    assert_eq!(AlphaU.counted(&sums(&corpus, Some(0))), 5.0);
    assert_eq!(AlphaU.note(&sums(&corpus, Some(1))), None);
}

/// Two documents of 300 and 24 positions: both disagreements are means by length, then the ratio.
#[test]
fn documents_weigh_by_their_lengths() {
    let corpus =
        documents(&[(300, &["c75-145 c220-250", "c70-150 c205-225 c250-270"]), (24, &["c2-10 c14-20", "c4-8 c15-17"])]);
    let [long, short] = [stretch(&["75+70 220+30", "70+80 205+20 250+20"], 1), stretch(&["2+8 14+6", "4+4 15+2"], 1)];
    let weighed = |of: fn(&[Stretches], u32) -> f64| 300.0 * of(&long, 300) + 24.0 * of(&short, 24);
    near(value(&AlphaU, &corpus, &[0, 1], None).unwrap(), 1.0 - weighed(observed) / weighed(expected), 1e-12);
}

/// A document in which nobody has the label adds nothing, and one of no length is no trouble.
#[test]
fn documents_without_the_label_add_nothing() {
    let with = documents(&[(24, &["c2-10 c14-20", "c4-8 c15-17"]), (90, &["", ""]), (0, &["", ""])]);
    near(value(&AlphaU, &with, &[0, 1], None).unwrap(), 0.515_287_769_8, 5e-11);
    let tiny = documents(&[(1, &["c0-1", "c0-1"])]);
    assert!(matches!(value(&AlphaU, &tiny, &[0, 1], None), Err(Undefined::Because(_))));
}
