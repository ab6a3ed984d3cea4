//! One step of the caret to the left or right, as the eye sees it: in a row where directions mix, the caret goes where the key points
//! and passes every letter once. So do GTK, macOS and the browsers. Selecting goes in reading order instead, so that a selection stays
//! one stretch: there the direction of the paragraph says which key leads on.

use unicode_segmentation::GraphemeCursor;

use super::page::Page;
use super::point::{Affinity, Cluster, Paragraph, grapheme_at};
use super::{Column, Reading};

impl Page {
    /// The place one grapheme to the left or right of a caret, and to which letter it belongs there.
    pub fn step(&mut self, reading: &mut Reading, offset: usize, affinity: Affinity, right: bool) -> (usize, Affinity) {
        let Some((block, row)) = self.row_of(reading, offset, affinity) else { return (offset, affinity) };
        let start = self.column.block(block).range().start;
        if self.column.fold(block).is_some() && self.column.block(block).range() != (offset..offset) {
            // Into what is folded away, in reading order: it is not laid out.
            let words = self.column.words(block);
            if right && offset - start < words.len() {
                return (start + grapheme_at(words, offset - start).end, Affinity::Downstream);
            } else if !right && offset > start {
                return (start + grapheme_at(words, offset - start - 1).start, Affinity::Downstream);
            }
        }
        if let Some(at) = step_in(&self.column, block, row, (offset - start, affinity), right) {
            return (start + at.0, at.1);
        }
        let forward = right != self.column.laid(block).paragraph.rtl;
        let Some((block, row)) = self.neighbour(reading, block, row, forward, true) else {
            return (offset, affinity);
        };
        let start = self.column.block(block).range().start;
        let paragraph = &self.column.laid(block).paragraph;
        let landed = if forward {
            (paragraph.rows[row].start as usize, Affinity::Downstream)
        } else {
            (Paragraph::caret_end(self.column.words(block), &paragraph.rows[row]), Affinity::Upstream)
        };
        // A row that was broken inside a word begins where the one before it ends.
        let landed = match landed {
            (at, affinity) if start + at == offset => {
                let right = forward != paragraph.rtl;
                step_in(&self.column, block, row, (at, affinity), right).unwrap_or((at, affinity))
            }
            landed => landed,
        };
        (start + landed.0, landed.1)
    }

    /// Whether the paragraph that a caret stands in reads from right to left.
    pub fn reads_leftwards(&mut self, reading: &mut Reading, offset: usize) -> bool {
        let row = self.row_of(reading, offset, Affinity::Downstream);
        row.is_some_and(|(block, _)| self.column.laid(block).paragraph.rtl)
    }
}

fn step_in(column: &Column, block: usize, row: usize, at: (usize, Affinity), right: bool) -> Option<(usize, Affinity)> {
    column.laid(block).paragraph.step(column.words(block), row, at, right)
}

impl Paragraph {
    /// The next place for a caret to the left or right in a row; `None` where the row ends.
    fn step(&self, text: &str, row: usize, at: (usize, Affinity), right: bool) -> Option<(usize, Affinity)> {
        let row = &self.rows[row];
        let all = self.clusters(row);
        // Spaces that hang over the edge of the column have no place of their own.
        let last = row.end as usize == text.len();
        let clusters: Vec<&Cluster> = all.iter().filter(|cluster| last || cluster.start < row.trim).collect();
        // The caret stands between two clusters: so many are left of it.
        let mut gap = gap(&clusters, at).unwrap_or(if self.rtl { 0 } else { clusters.len() });
        loop {
            let passed = if right {
                gap += 1;
                clusters.get(gap - 1)?
            } else {
                gap = gap.checked_sub(1)?;
                clusters.get(gap)?
            };
            // Past a letter that reads where the caret goes: after it. Else before it.
            let (offset, affinity) = if right == passed.rtl {
                (passed.start as usize, Affinity::Downstream)
            } else {
                (passed.end as usize, Affinity::Upstream)
            };
            let mut cursor = GraphemeCursor::new(offset, text.len(), true);
            if offset != at.0 && cursor.is_boundary(text, 0).unwrap_or(true) {
                return Some((offset, affinity));
            }
        }
    }
}

fn gap(clusters: &[&Cluster], (offset, affinity): (usize, Affinity)) -> Option<usize> {
    let next = || {
        let at = clusters.iter().position(|cluster| cluster.start as usize == offset)?;
        Some(if clusters[at].rtl { at + 1 } else { at })
    };
    let before = || {
        let at = clusters.iter().position(|cluster| cluster.end as usize == offset)?;
        Some(if clusters[at].rtl { at } else { at + 1 })
    };
    match affinity {
        Affinity::Upstream => before().or_else(next),
        Affinity::Downstream => next().or_else(before),
    }
}
