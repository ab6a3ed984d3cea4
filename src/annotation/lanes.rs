//! In which lane under the text each span's line runs: the shortest span nearest the text, no two that overlap in one lane.

use std::sync::Arc;

use super::Span;
use crate::text::TextRange;

/// The lane (0 is nearest the text) of each of `spans`, looked at within one stretch of text (a paragraph): extents are cut to it first.
///
/// Greedy by length, so a span inside another is always nearer the text. O(n² / 64) at worst, n log n for spans that do not pile up.
/// The lane depends only on the stretch, not on what happens to be visible.
pub fn lanes(spans: &[Arc<Span>], within: TextRange) -> Vec<u8> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    let cut = |index: usize| spans[index].hull().intersection(within).unwrap_or_else(|| spans[index].hull());
    order.sort_by_key(|index| (spans[*index].hull().len(), cut(*index).start(), spans[*index].id.clone()));
    let mut lanes = vec![0; spans.len()];
    let mut taken: Vec<Occupied> = Vec::new();
    for index in order {
        let extent = cut(index);
        let free = taken.iter_mut().position(|lane| lane.is_free(extent));
        let lane = free.unwrap_or_else(|| {
            taken.push(Occupied::default());
            taken.len() - 1
        });
        taken[lane].take(extent);
        lanes[index] = u8::try_from(lane).unwrap_or(u8::MAX);
    }
    lanes
}

/// The stretches of one lane that are taken, sorted and disjoint.
#[derive(Default)]
struct Occupied(Vec<(usize, usize)>);

impl Occupied {
    fn is_free(&self, extent: TextRange) -> bool {
        let next = self.0.partition_point(|(_, end)| *end <= extent.start());
        self.0.get(next).is_none_or(|(start, _)| *start >= extent.end().max(extent.start() + 1))
    }

    fn take(&mut self, extent: TextRange) {
        let place = self.0.partition_point(|(start, _)| *start < extent.start());
        self.0.insert(place, (extent.start(), extent.end().max(extent.start() + 1)));
    }
}
