//! The best alignment against all partitions that there are.

use proptest::prelude::*;
use spanwright::agreement::gamma::{Alignment, Continuum, Dissimilarity, Piece};

use super::best;

/// What each pair of units costs, by the formula and nothing else.
fn unlike(measure: Dissimilarity, a: &Piece, b: &Piece) -> f64 {
    let moved = (a.start - b.start).abs() + (a.end - b.end).abs();
    let place = if moved == 0.0 { 0.0 } else { (moved / (a.end - a.start + b.end - b.start)).powi(2) };
    (measure.alpha * place + if a.label == b.label { 0.0 } else { measure.beta }) * measure.empty
}

/// The least cost over all partitions of all units into unitary alignments, by trying them all.
fn least(continuum: &Continuum, measure: Dissimilarity) -> f64 {
    let units: Vec<(usize, Piece)> = continuum
        .annotators()
        .iter()
        .enumerate()
        .flat_map(|(owner, pieces)| pieces.iter().map(move |piece| (owner, *piece)))
        .collect();
    let n = continuum.annotators().len();
    let pairs = (n * (n - 1) / 2) as f64;
    fn go(
        units: &[(usize, Piece)],
        tuples: &mut Vec<Vec<(usize, Piece)>>,
        cost: f64,
        single: f64,
        measure: Dissimilarity,
        best: &mut f64,
    ) {
        let Some(((owner, piece), rest)) = units.split_first() else {
            *best = best.min(cost);
            return;
        };
        for at in 0..tuples.len() {
            if tuples[at].iter().any(|(other, _)| other == owner) {
                continue;
            }
            let more: f64 = tuples[at].iter().map(|(_, other)| unlike(measure, piece, other) - measure.empty).sum();
            tuples[at].push((*owner, *piece));
            go(rest, tuples, cost + more, single, measure, best);
            tuples[at].pop();
        }
        tuples.push(vec![(*owner, *piece)]);
        go(rest, tuples, cost + single, single, measure, best);
        tuples.pop();
    }
    let mut best = f64::INFINITY;
    go(&units, &mut Vec::new(), 0.0, pairs * measure.empty, measure, &mut best);
    best / pairs
}

fn pieces(most: usize) -> impl Strategy<Value = Vec<Piece>> {
    let piece = (0_u32..30, 1_u32..9, 0_u32..3)
        .prop_map(|(start, length, label)| Piece::new(f64::from(start), f64::from(start + length), label));
    proptest::collection::vec(piece, 0..=most)
}

fn measures() -> impl Strategy<Value = Dissimilarity> {
    (0_usize..4, 0_usize..3, 0_usize..2).prop_map(|(alpha, beta, empty)| Dissimilarity {
        alpha: [1.0, 3.0, 0.2, 0.0][alpha],
        beta: [1.0, 0.0, 2.0][beta],
        empty: [1.0, 0.5][empty],
    })
}

fn exact(annotators: Vec<Vec<Piece>>, measure: Dissimilarity) {
    let continuum = Continuum::new(annotators, 40.0);
    let found = best(&continuum, measure);
    let truth = least(&continuum, measure);
    assert!((found.cost - truth).abs() < 1e-9, "{} is not {truth}: {continuum:?}", found.cost);
    assert!(found.exact());
    let mut held: Vec<(usize, usize)> = found.tuples.concat();
    held.sort_unstable();
    let all = continuum.annotators().iter().enumerate();
    let all: Vec<(usize, usize)> =
        all.flat_map(|(owner, pieces)| (0..pieces.len()).map(move |at| (owner, at))).collect();
    assert_eq!(held, all);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn two_annotators_are_exact(a in pieces(5), b in pieces(5), measure in measures()) {
        exact(vec![a, b], measure);
    }

    #[test]
    fn three_annotators_are_exact(a in pieces(3), b in pieces(3), c in pieces(3), measure in measures()) {
        exact(vec![a, b, c], measure);
    }

    #[test]
    fn four_annotators_are_exact(units in proptest::collection::vec(pieces(2), 4), measure in measures()) {
        exact(units, measure);
    }

    #[test]
    fn little_work_still_bounds(units in proptest::collection::vec(pieces(2), 4), measure in measures(), steps in 0_u64..5_000) {
        let continuum = Continuum::new(units, 40.0);
        let found = Alignment::best(&continuum, measure, steps, &|| false).unwrap();
        let truth = least(&continuum, measure);
        prop_assert!(found.least <= truth + 1e-7 && truth <= found.cost + 1e-9, "{truth}: {found:?}");
        prop_assert!(!found.exact() || (found.cost - truth).abs() < 1e-7);
    }

    #[test]
    fn everybody_at_one_place_is_exact(units in proptest::collection::vec((0_u32..3, 0_u32..3, 0_u32..2), 9), measure in measures()) {
        let pieces = units.iter().map(|(start, more, label)| {
            Piece::new(f64::from(*start), f64::from(start + more + 1), *label)
        });
        let pieces: Vec<Piece> = pieces.collect();
        exact(pieces.chunks(3).map(<[Piece]>::to_vec).collect(), measure);
    }
}

/// Of text that is dense with spans, from several who work alike, without randomness of a library.
fn alike(annotators: u64, units: u64, apart: u64) -> Continuum {
    let mut state = 9_u64;
    let mut roll = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % end
    };
    let wanted: Vec<(u64, u64, u64)> = (0..units).map(|at| (at * apart + roll(3), 1 + roll(14), roll(4))).collect();
    let mut one = || -> Vec<Piece> {
        let units = wanted.iter().filter_map(|(start, length, label)| {
            let (fate, start) = (roll(10), *start as f64);
            let end = start + *length as f64 + if fate == 2 { 2.0 } else { 0.0 };
            (fate > 0).then(|| Piece::new(start, end, if fate == 1 { 9 } else { *label as u32 }))
        });
        units.collect()
    };
    Continuum::new((0..annotators).map(|_| one()).collect(), 0.0)
}

#[test]
fn a_news_article_of_three_is_proven() {
    let found = best(&alike(3, 100, 6), Dissimilarity::USUAL);
    assert!(found.exact() && found.cost > 0.0);
}

#[test]
fn six_in_a_short_text_are_proven() {
    let found = best(&alike(6, 15, 8), Dissimilarity::GAMMA_SOFTWARE);
    assert!(found.exact() && found.cost > 0.0);
}

/// Twelve, nested and dense: more than the work allowed, so between two numbers, and every unit still stands once.
#[test]
fn twelve_are_bounded() {
    let continuum = alike(12, 16, 3);
    let found = Alignment::best(&continuum, Dissimilarity::USUAL, 100_000, &|| false).unwrap();
    assert!(0.0 < found.least && found.least < found.cost);
    assert_eq!(found.tuples.concat().len(), continuum.units());
}

/// Everything ties with everything.
#[test]
fn ties_are_no_trouble() {
    for annotators in [2, 3, 5, 12] {
        let same = vec![Piece::new(5.0, 9.0, 0); 6];
        let continuum = Continuum::new(vec![same; annotators], 20.0);
        let found = best(&continuum, Dissimilarity::USUAL);
        assert_eq!((found.cost, found.tuples.len()), (0.0, 6), "{annotators}");
        assert!(found.exact());
        let chain = (0..annotators).map(|at| {
            (0..8)
                .map(|unit| {
                    Piece::new(f64::from(unit * 4 + at as u32 % 2 * 2), f64::from(unit * 4 + at as u32 % 2 * 2 + 4), 0)
                })
                .collect()
        });
        let chain = Continuum::new(chain.collect(), 20.0);
        let found = Alignment::best(&chain, Dissimilarity::USUAL, 3_000_000, &|| false).unwrap();
        assert!(found.least <= found.cost);
    }
}
