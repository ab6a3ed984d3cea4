//! The best alignment against all partitions that there are.

use proptest::prelude::*;
use spanwright::agreement::gamma::{Continuum, Dissimilarity, Piece};

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
    fn everybody_at_one_place_is_exact(units in proptest::collection::vec((0_u32..3, 0_u32..3, 0_u32..2), 9), measure in measures()) {
        let pieces = units.iter().map(|(start, more, label)| {
            Piece::new(f64::from(*start), f64::from(start + more + 1), *label)
        });
        let pieces: Vec<Piece> = pieces.collect();
        exact(pieces.chunks(3).map(<[Piece]>::to_vec).collect(), measure);
    }
}
