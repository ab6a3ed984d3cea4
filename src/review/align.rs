//! [`align`]: which spans of different annotators are about the same stretch of text.
//!
//! What is equal (label and extent) belongs together. The rest is assigned one to one, for each two annotators so that the sum of
//! weights is greatest ([`best`]); with three and more the pairs so found are joined, the heaviest first, as long as no
//! group gets two spans of one annotator. What is left over joins a group as a further part where another annotator has it whole.
//! Nothing depends on the order in which annotators or spans are given.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::forest::Forest;
use crate::agreement::{Aim, best};
use crate::annotation::{Layer, Ranges, Span};
use crate::schema::{LabelId, Schema};
use crate::text::TextRange;

/// Spans that are about the same: by annotator none, one, or the several parts of what another has as one.
pub(super) type Group = Vec<Vec<Arc<Span>>>;

/// Different labels are about the same only where they share at least this much of what both cover: an entity inside a quote is not.
const SAME_PLACE: f64 = 0.5;

/// The groups, in reading order. The same label on the same extent twice in one layer counts once, by its first id.
///
/// A sweep over the text: linear in the spans and the pairs of them that overlap, but for the sorting; assignment within stretches
/// that overlap without a gap.
pub(super) fn align(schema: &Schema, layers: &[Option<&Layer>]) -> Vec<Group> {
    let nodes = nodes(schema, layers);
    let edges = edges(&nodes);
    let mut forest = Forest::new(nodes.len());
    let mut taken: Vec<u128> = nodes.iter().map(Node::who).collect();
    let mut join = |edge: &Edge| {
        let (a, b) = (forest.root(edge.a), forest.root(edge.b));
        if a != b && taken[a] & taken[b] == 0 {
            let root = forest.join(a, b);
            taken[root] = taken[a] | taken[b];
        }
    };
    let mut paired = assigned(&nodes, &edges);
    paired.sort_by(heavier);
    paired.iter().for_each(&mut join);
    let mut others = edges.clone();
    others.sort_by(heavier);
    others.iter().for_each(&mut join);
    join_parts(&nodes, &edges, &mut forest, &taken);
    groups(&nodes, &mut forest, layers.len())
}

/// Equal spans of different annotators.
struct Node<'a> {
    label: LabelId,
    ranges: &'a Ranges,
    /// By annotator, ascending.
    spans: Vec<(usize, &'a Arc<Span>)>,
}

impl Node<'_> {
    /// Its annotators as bits.
    fn who(&self) -> u128 {
        self.spans.iter().fold(0, |bits, (who, _)| bits | 1 << who)
    }
}

/// Two nodes that may be about the same.
#[derive(Clone, Copy)]
struct Edge {
    a: usize,
    b: usize,
    /// Intersection over union; one more where the labels are the same.
    weight: f64,
    /// Bytes that both cover.
    shared: usize,
}

fn heavier(a: &Edge, b: &Edge) -> std::cmp::Ordering {
    b.weight.total_cmp(&a.weight).then((a.a, a.b).cmp(&(b.a, b.b)))
}

/// In reading order, then by label and fragments: an order that says nothing of who.
fn nodes<'a>(schema: &Schema, layers: &[Option<&'a Layer>]) -> Vec<Node<'a>> {
    let mut known: BTreeMap<&LabelId, LabelId> = BTreeMap::new();
    let mut all = Vec::new();
    for (who, layer) in layers.iter().enumerate() {
        for span in layer.iter().flat_map(|layer| layer.spans.iter()) {
            let label = known.entry(&span.label).or_insert_with(|| label_of(schema, &span.label));
            all.push((span.hull(), label.clone(), &span.ranges, who, span));
        }
    }
    all.sort_by(|a, b| (a.0, &a.1, a.2, a.3, &a.4.id).cmp(&(b.0, &b.1, b.2, b.3, &b.4.id)));
    let mut nodes: Vec<Node<'a>> = Vec::new();
    for (_, label, ranges, who, span) in all {
        match nodes.last_mut().filter(|node| node.label == label && node.ranges == ranges) {
            Some(node) if node.spans.last().is_some_and(|last| last.0 == who) => {}
            Some(node) => node.spans.push((who, span)),
            None => nodes.push(Node { label, ranges, spans: vec![(who, span)] }),
        }
    }
    nodes
}

/// The label's id of today.
pub(super) fn label_of(schema: &Schema, label: &LabelId) -> LabelId {
    schema.resolve(label.as_str()).map_or_else(|| label.clone(), |known| known.id.clone())
}

/// Every two nodes that may be about the same, each once, by one sweep.
fn edges(nodes: &[Node<'_>]) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (b, node) in nodes.iter().enumerate() {
        let hull = node.ranges.hull();
        open.retain(|a| {
            let reach = nodes[*a].ranges.hull();
            reach.end() > hull.start() || reach == hull
        });
        for &a in &open {
            if nodes[a].who() & node.who() == 0 {
                edges.extend(edge(nodes, a, b));
            }
        }
        open.push(b);
    }
    edges
}

fn edge(nodes: &[Node<'_>], a: usize, b: usize) -> Option<Edge> {
    let (one, other) = (&nodes[a], &nodes[b]);
    let shared = shared(one.ranges, other.ranges);
    let union = one.ranges.covered() + other.ranges.covered() - shared;
    let iou = if one.ranges == other.ranges { 1.0 } else { shared as f64 / union.max(1) as f64 };
    let same = one.label == other.label;
    let weight = if same { 1.0 + iou } else { iou };
    (if same { iou > 0.0 } else { iou >= SAME_PLACE }).then_some(Edge { a, b, weight, shared })
}

/// Bytes that both cover. Linear in the fragments.
pub(super) fn shared(a: &Ranges, b: &Ranges) -> usize {
    let (mut a, mut b, mut shared) = (a.as_slice(), b.as_slice(), 0);
    while let ([ours, rest_of_ours @ ..], [theirs, rest_of_theirs @ ..]) = (a, b) {
        shared += ours.intersection(*theirs).map_or(0, TextRange::len);
        if ours.end() <= theirs.end() {
            a = rest_of_ours;
        } else {
            b = rest_of_theirs;
        }
    }
    shared
}

/// The edges that the best assignment of some two annotators takes. Stretches that overlap without a gap are looked at one by one.
fn assigned(nodes: &[Node<'_>], edges: &[Edge]) -> Vec<Edge> {
    let mut stretches = Forest::new(nodes.len());
    for edge in edges {
        stretches.join(edge.a, edge.b);
    }
    let mut by_stretch: BTreeMap<usize, Vec<Edge>> = BTreeMap::new();
    for edge in edges {
        by_stretch.entry(stretches.root(edge.a)).or_default().push(*edge);
    }
    by_stretch.into_values().flat_map(|edges| if edges.len() == 1 { edges } else { within(nodes, &edges) }).collect()
}

fn within(nodes: &[Node<'_>], edges: &[Edge]) -> Vec<Edge> {
    let annotators = edges.iter().fold(0, |bits, edge| bits | nodes[edge.a].who() | nodes[edge.b].who());
    let among: Vec<usize> = (0..128).filter(|who| annotators >> who & 1 == 1).collect();
    let mut taken = Vec::new();
    for (place, &i) in among.iter().enumerate() {
        for &j in &among[place + 1..] {
            let has = |node: usize, who: usize| nodes[node].who() >> who & 1 == 1;
            // Who has both is settled: that is one node. Who has neither is not asked.
            let between: BTreeMap<(usize, usize), Edge> = edges
                .iter()
                .filter_map(|edge| {
                    let forth = has(edge.a, i) && has(edge.b, j);
                    let back = has(edge.a, j) && has(edge.b, i);
                    forth.then_some(((edge.a, edge.b), *edge)).or(back.then_some(((edge.b, edge.a), *edge)))
                })
                .collect();
            let (left, right) = (numbered(between.keys().map(|key| key.0)), numbered(between.keys().map(|key| key.1)));
            let at = |list: &[usize], node: usize| list.partition_point(|known| *known < node);
            let weights: Vec<(usize, usize, f64)> =
                between.iter().map(|((l, r), edge)| (at(&left, *l), at(&right, *r), edge.weight)).collect();
            for (l, r) in best(left.len(), right.len(), &weights, Aim::Weight) {
                taken.extend(between.get(&(left[l], right[r])));
            }
        }
    }
    taken.sort_by(heavier);
    taken.dedup_by_key(|edge| (edge.a, edge.b));
    taken
}

/// Ascending, each once.
fn numbered(nodes: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut nodes: Vec<usize> = nodes.collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

/// Left-overs that lie with at least half of their text in what another annotator has whole, beside a part that is aligned with it.
fn join_parts(nodes: &[Node<'_>], edges: &[Edge], forest: &mut Forest, taken: &[u128]) {
    let mut wholes: Vec<(Reverse<usize>, usize, usize)> = Vec::new();
    for edge in edges {
        for (part, whole) in [(edge.a, edge.b), (edge.b, edge.a)] {
            let same = nodes[part].label == nodes[whole].label;
            if same && edge.shared * 2 >= nodes[part].ranges.covered() && edge.shared > 0 {
                wholes.push((Reverse(edge.shared), part, whole));
            }
        }
    }
    wholes.sort_unstable();
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for node in 0..nodes.len() {
        members.entry(forest.root(node)).or_default().push(node);
    }
    for (_, part, whole) in wholes {
        let (p, w) = (forest.root(part), forest.root(whole));
        if p == w {
            continue;
        }
        let (parts, group) = (&members[&p], &members[&w]);
        let has_whole = nodes[whole].who() & parts.iter().fold(0, |bits, node| bits | nodes[*node].who()) == 0;
        let beside = group.iter().any(|node| nodes[*node].who() & taken[p] != 0);
        let apart = parts.iter().all(|part| {
            let mine = |node: &&usize| nodes[**node].who() & nodes[*part].who() != 0;
            group.iter().filter(mine).all(|node| shared(nodes[*node].ranges, nodes[*part].ranges) == 0)
        });
        if has_whole && beside && apart {
            let root = forest.join(p, w);
            let mut all: Vec<usize> = parts.iter().chain(group).copied().collect();
            all.sort_unstable();
            members.remove(&p);
            members.remove(&w);
            members.insert(root, all);
        }
    }
}

fn groups(nodes: &[Node<'_>], forest: &mut Forest, annotators: usize) -> Vec<Group> {
    let mut place: BTreeMap<usize, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for (index, node) in nodes.iter().enumerate() {
        let place = *place.entry(forest.root(index)).or_insert_with(|| {
            groups.push(vec![Vec::new(); annotators]);
            groups.len() - 1
        });
        for (who, span) in &node.spans {
            groups[place][*who].push(Arc::clone(span));
        }
    }
    groups
}
