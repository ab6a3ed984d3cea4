//! [`best`] and [`highest`]: which of ours belongs to which of theirs: an optimal one-to-one assignment in a sparse bipartite graph,
//! exact, never greedy.
//!
//! Shortest augmenting paths with potentials (Jonker & Volgenant 1987), over the edges that there are: whatever is not connected
//! is never looked at. It does not know spans; who may pair with whom, and how well, is the caller's to say.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What is made as large as possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// The number of pairs, and among those the sum of weights.
    Pairs,
    /// The sum of weights. Edges without a positive weight are never taken.
    Weight,
}

/// The best one-to-one assignment, sorted by left. `edges` are (left, right, weight), weights finite, in any order; of edges
/// between the same two the heaviest counts.
///
/// Weights are compared in 52 bits of fixed point, so that a sum does not depend on its order. For ties and time see [`highest`].
pub fn best(left: usize, right: usize, edges: &[(usize, usize, f64)], aim: Aim) -> Vec<(usize, usize)> {
    const STEPS: f64 = (1u64 << 52) as f64;
    assert!(edges.iter().all(|edge| edge.2.is_finite()), "an edge without a weight");
    let heaviest = edges.iter().map(|edge| edge.2.abs()).fold(f64::MIN_POSITIVE, f64::max);
    // One pair is above all that weights can add up to.
    let pair = if aim == Aim::Pairs { (2 * left.min(right) as i128 + 1) << 52 } else { 0 };
    let ranks = edges.iter().map(|(l, r, weight)| (*l, *r, pair + (weight / heaviest * STEPS).round() as i128));
    highest(left, right, ranks.collect())
}

/// The largest size of a side for which ties are broken by position.
const ORDERED: usize = 4096;

/// The one-to-one assignment with the largest sum of ranks, sorted by left. Ranks must be below 2⁷⁴; those that are not positive are never taken.
///
/// Ties prefer pairs that do not cross and the first of both sides, also when the sides are swapped; beyond 4,096 a side they
/// are broken by the order of the vertices alone.
///
/// Time is O(n·m·log n) for n vertices on the left and m edges if every path crosses the whole graph; paths end at the first
/// free vertex, so that it is close to O(m log m) where spans overlap only their neighbours.
pub fn highest(left: usize, right: usize, mut edges: Vec<(usize, usize, i128)>) -> Vec<(usize, usize)> {
    edges.retain(|edge| edge.2 > 0);
    edges.sort_unstable_by_key(|(l, r, rank)| (*l, *r, Reverse(*rank)));
    edges.dedup_by_key(|edge| (edge.0, edge.1));
    let ordered = left.max(right) <= ORDERED;
    let step = if ordered { (left.min(right) * left * right) as i128 + 1 } else { 1 };
    let mut graph = Graph { first: vec![0; left + 1], edges: Vec::with_capacity(edges.len()), degrees: vec![0; right] };
    for (l, r, rank) in edges {
        assert!(rank >> 74 == 0, "a rank beyond what can be added up");
        let order = if ordered { ((left - l) * (right - r)) as i128 } else { 0 };
        graph.first[l + 1] += 1;
        graph.degrees[r] += 1;
        graph.edges.push((r, -(rank * step + order)));
    }
    for l in 0..left {
        graph.first[l + 1] += graph.first[l];
    }
    let taken = Search::new(left, right).run(&graph);
    taken.iter().enumerate().filter_map(|(l, edge)| Some((l, graph.edges[(*edge)?].0))).collect()
}

/// Edges as (right, cost), those of left vertex `l` from `first[l]` to `first[l + 1]`, and how many each right vertex has.
struct Graph {
    first: Vec<usize>,
    edges: Vec<(usize, i128)>,
    degrees: Vec<u32>,
}

/// The assignment of the left vertices so far, which is optimal for them, and what proves it.
struct Search {
    /// By left vertex: the edge taken. `None` is the vertex alone, at cost 0.
    taken: Vec<Option<usize>>,
    /// By right vertex: who took it.
    owner: Vec<Option<usize>>,
    /// By right vertex: its price.
    price: Vec<i128>,
    /// By right vertex: distance from the vertex searched from, the edge and the left vertex it was reached by.
    reached: Vec<Option<(i128, usize, usize)>>,
}

impl Search {
    fn new(left: usize, right: usize) -> Self {
        Self { taken: vec![None; left], owner: vec![None; right], price: vec![0; right], reached: vec![None; right] }
    }

    fn run(mut self, graph: &Graph) -> Vec<Option<usize>> {
        for l in 0..self.taken.len() {
            let edge = graph.first[l];
            match graph.first[l + 1] - edge {
                0 => {}
                // Two that have only each other.
                1 if graph.degrees[graph.edges[edge].0] == 1 => self.taken[l] = Some(edge),
                _ => self.augment(graph, l),
            }
        }
        self.taken
    }

    /// Dijkstra from a left vertex to the nearest end: a free right vertex, or a left one that is better left alone.
    fn augment(&mut self, graph: &Graph, from: usize) {
        let mut heap = BinaryHeap::new();
        let (mut touched, mut settled) = (Vec::new(), Vec::new());
        let (mut l, mut distance) = (from, 0);
        // The cheapest end so far: to leave one of the vertices visited alone. What it pays now is the way back.
        let mut alone = (0, from);
        let (length, end) = loop {
            let paid = self.taken[l].map_or(0, |edge| graph.edges[edge].1 - self.price[graph.edges[edge].0]);
            alone = alone.min((distance - paid, l));
            for edge in graph.first[l]..graph.first[l + 1] {
                let (r, cost) = graph.edges[edge];
                let length = distance - paid + cost - self.price[r];
                let known = self.reached[r].map(|known| known.0);
                if known.is_none() {
                    touched.push(r);
                }
                if known.is_none_or(|known| length < known) {
                    self.reached[r] = Some((length, edge, l));
                    heap.push(Reverse((length, r)));
                }
            }
            // A shorter way may have been found since it was pushed.
            let late = |(length, r): (i128, usize)| self.reached[r].is_some_and(|known| known.0 < length);
            while heap.peek().is_some_and(|next| late(next.0)) {
                heap.pop();
            }
            match heap.pop() {
                Some(Reverse((length, r))) if length <= alone.0 => match self.owner[r] {
                    None => break (length, Ok(r)),
                    Some(owner) => {
                        settled.push((length, r));
                        (l, distance) = (owner, length);
                    }
                },
                _ => break (alone.0, Err(alone.1)),
            }
        };
        for (distance, r) in settled {
            self.price[r] += distance - length;
        }
        self.flip(graph, end);
        for r in touched {
            self.reached[r] = None;
        }
    }

    /// Takes the edges of the path that ends at a free right vertex, or leaves a left one alone, and drops those between.
    fn flip(&mut self, graph: &Graph, end: Result<usize, usize>) {
        let mut freed = match end {
            Ok(r) => Some(r),
            Err(l) => self.taken[l].take().map(|edge| graph.edges[edge].0),
        };
        while let Some(r) = freed
            && let Some((_, edge, l)) = self.reached[r]
        {
            self.owner[r] = Some(l);
            freed = self.taken[l].replace(edge).map(|edge| graph.edges[edge].0);
        }
    }
}
