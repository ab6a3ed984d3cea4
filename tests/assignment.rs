//! The assignment against every possible one.

use proptest::prelude::*;
use spanwright::agreement::{Aim, best};

type Edges = Vec<(usize, usize, f64)>;

/// The best (pairs, weight), by trying everything.
fn tried(edges: &Edges, aim: Aim) -> (usize, f64) {
    fn go(edges: &[(usize, usize, f64)], aim: Aim, left: u64, right: u64) -> (usize, f64) {
        let Some(((l, r, weight), rest)) = edges.split_first() else { return (0, 0.0) };
        let without = go(rest, aim, left, right);
        if left >> l & 1 == 1 || right >> r & 1 == 1 {
            return without;
        }
        let with = go(rest, aim, left | 1 << l, right | 1 << r);
        let with = (with.0 + 1, with.1 + weight);
        let better = match aim {
            Aim::Pairs => with.0.cmp(&without.0).then(with.1.total_cmp(&without.1)),
            Aim::Weight => with.1.total_cmp(&without.1),
        };
        if better.is_gt() { with } else { without }
    }
    go(edges, aim, 0, 0)
}

fn weight(edges: &Edges, pairs: &[(usize, usize)]) -> f64 {
    let of = |pair: &(usize, usize)| {
        edges.iter().filter(|edge| (edge.0, edge.1) == *pair).map(|edge| edge.2).fold(f64::NEG_INFINITY, f64::max)
    };
    pairs.iter().map(of).sum()
}

fn turned(edges: &Edges) -> Edges {
    edges.iter().map(|(l, r, weight)| (*r, *l, *weight)).collect()
}

#[test]
fn more_pairs_go_before_more_weight() {
    let edges = vec![(0, 0, 0.9), (0, 1, 0.1), (1, 0, 0.1)];
    assert_eq!(best(2, 2, &edges, Aim::Pairs), [(0, 1), (1, 0)]);
    assert_eq!(best(2, 2, &edges, Aim::Weight), [(0, 0)]);
    assert_eq!(best(2, 2, &[(0, 0, -1.0), (1, 1, 0.0)], Aim::Pairs), [(0, 0), (1, 1)]);
    assert_eq!(best(2, 2, &[(0, 0, -1.0), (1, 1, 0.0)], Aim::Weight), []);
    assert_eq!(best(0, 3, &[], Aim::Pairs), []);
}

#[test]
fn of_equals_the_first_and_those_that_do_not_cross() {
    let all: Edges = (0..4).flat_map(|l| (0..4).map(move |r| (l, r, 0.5))).collect();
    assert_eq!(best(4, 4, &all, Aim::Pairs), [(0, 0), (1, 1), (2, 2), (3, 3)]);
    let two: Edges = all.iter().copied().filter(|edge| edge.0 < 2).collect();
    assert_eq!(best(4, 4, &two, Aim::Weight), [(0, 0), (1, 1)]);
}

#[test]
fn a_path_through_everything_is_found() {
    // Everybody prefers the next one; the last has only its own, so that all must give way.
    let n = 3000;
    let mut edges: Edges = (0..n).flat_map(|l| [(l, l, 0.1), (l, l + 1, 0.9)]).filter(|edge| edge.1 < n).collect();
    edges.reverse();
    assert_eq!(best(n, n, &edges, Aim::Pairs), (0..n).map(|l| (l, l)).collect::<Vec<_>>());
    assert_eq!(best(n, n, &edges, Aim::Weight).len(), n - 1);
}

fn edges() -> impl Strategy<Value = Edges> {
    let edge = (0..5usize, 0..5usize, prop_oneof![0..4i32, -3..40i32])
        .prop_map(|(l, r, weight)| (l, r, f64::from(weight) / 4.0));
    proptest::collection::vec(edge, 0..14)
}

proptest! {
    #[test]
    fn nothing_is_better(edges in edges(), pairs in any::<bool>()) {
        let aim = if pairs { Aim::Pairs } else { Aim::Weight };
        let found = best(5, 5, &edges, aim);
        let (mut left, mut right) = (0u64, 0u64);
        for (l, r) in &found {
            prop_assert!(left >> l & 1 == 0 && right >> r & 1 == 0, "one to one: {found:?}");
            (left, right) = (left | 1 << l, right | 1 << r);
        }
        let (number, sum) = tried(&edges, aim);
        prop_assert!((weight(&edges, &found) - sum).abs() < 1e-9, "{found:?} {sum}");
        if pairs {
            prop_assert_eq!(found.len(), number);
        }
    }

    #[test]
    fn order_does_not_matter(edges in edges(), pairs in any::<bool>(), seed in any::<u64>()) {
        let aim = if pairs { Aim::Pairs } else { Aim::Weight };
        let mut shuffled = edges.clone();
        shuffled.sort_by_key(|edge| (edge.0 as u64 * 31 + edge.1 as u64 * 17 + edge.2.to_bits()).wrapping_mul(seed | 1));
        prop_assert_eq!(best(5, 5, &edges, aim), best(5, 5, &shuffled, aim));
        let other = best(5, 5, &turned(&edges), aim);
        let sum = weight(&edges, &best(5, 5, &edges, aim));
        prop_assert!((weight(&turned(&edges), &other) - sum).abs() < 1e-9, "the sides are equal");
    }
}
