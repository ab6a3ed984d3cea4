//! [`best`]: which of ours belongs to which of theirs: an optimal one-to-one assignment in a sparse bipartite graph, exact, never greedy.
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
/// Weights are compared in fixed point (50 bits for 10,000 vertices a side, 35 for 100,000), so that a sum does not
/// depend on its order. Ties prefer pairs that do not cross, and the first of both sides; swapping the sides keeps that.
///
/// Time is O(n·m·log n) for n vertices on the left and m edges if every path crosses the whole graph; paths end at the first
/// free vertex, so that it is close to O(m log m) where spans overlap only their neighbours.
pub fn best(left: usize, right: usize, edges: &[(usize, usize, f64)], aim: Aim) -> Vec<(usize, usize)> {
    let mut edges: Vec<_> = edges.iter().copied().filter(|edge| aim == Aim::Pairs || edge.2 > 0.0).collect();
    assert!(
        edges.iter().all(|edge| edge.0 < left && edge.1 < right && edge.2.is_finite()),
        "an edge without ends or weight"
    );
    edges.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
    edges.dedup_by_key(|edge| (edge.0, edge.1));
    let gain = Gain::of(left, right, &edges, aim);
    let mut graph = Graph { first: vec![0; left + 1], edges: Vec::with_capacity(edges.len()) };
    for &(l, r, weight) in &edges {
        graph.first[l + 1] += 1;
        graph.edges.push((r, -gain.at(l, r, weight)));
    }
    for l in 0..left {
        graph.first[l + 1] += graph.first[l];
    }
    let taken = Search::new(left, right).run(&graph);
    taken.iter().enumerate().filter_map(|(l, edge)| Some((l, graph.edges[(*edge)?].0))).collect()
}

/// Number of pairs, weight and order of a pair in one number, so that sums of them compare as the three do one after another.
struct Gain {
    left: i128,
    right: i128,
    /// One pair, above all that weights and order can add up to; 0 where pairs do not count.
    pair: i128,
    /// One step of weight, above all that order can add up to.
    step: i128,
    /// Steps in a weight of 1.
    scale: f64,
}

impl Gain {
    fn of(left: usize, right: usize, edges: &[(usize, usize, f64)], aim: Aim) -> Self {
        let (left, right) = (left as i128, right as i128);
        let most = left.min(right);
        let step = most * left * right + 1;
        let bits = 128 - left.max(right).leading_zeros() as i32;
        let precision = (120 - 5 * bits).clamp(1, 52);
        let heaviest = edges.iter().map(|edge| edge.2.abs()).fold(0.0, f64::max);
        let scale = if heaviest > 0.0 { 2f64.powi(precision) / heaviest } else { 0.0 };
        let pair = if aim == Aim::Pairs { (2 * most * (1 << precision) + 1) * step } else { 0 };
        Self { left, right, pair, step, scale }
    }

    fn at(&self, l: usize, r: usize, weight: f64) -> i128 {
        let steps = (weight * self.scale).round() as i128;
        self.pair + steps * self.step + (self.left - l as i128) * (self.right - r as i128)
    }
}

/// Edges as (right, cost), those of left vertex `l` from `first[l]` to `first[l + 1]`.
struct Graph {
    first: Vec<usize>,
    edges: Vec<(usize, i128)>,
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
            if graph.first[l] < graph.first[l + 1] {
                self.augment(graph, l);
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
            while heap
                .peek()
                .is_some_and(|Reverse((length, r))| self.reached[*r].is_some_and(|known| known.0 < *length))
            {
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
