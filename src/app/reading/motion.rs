//! Movements of a caret that depend on how the text is laid out: by rows as they are seen.

use super::page::Page;
use super::point::{Affinity, Paragraph};
use super::{Column, Reading};

impl Page {
    /// The place one row down (up where `down` is false), and where the movement is heading: pass it on to the next one, so that short
    /// rows on the way do not change the column. Below the last row: the end; above the first: the start.
    pub fn line(
        &mut self,
        reading: &mut Reading,
        (offset, affinity): (usize, Affinity),
        goal: Option<f32>,
        down: bool,
    ) -> ((usize, Affinity), f32) {
        let scale = self.column.setting().map_or(1.0, |setting| setting.scale);
        let Some((block, row)) = self.row_of(reading, offset, affinity) else {
            return ((offset, affinity), goal.unwrap_or(0.0));
        };
        let start = self.column.block(block).range().start;
        let here = |column: &Column| column.laid(block).paragraph.caret(offset - start, affinity).1 / scale;
        let goal = goal.unwrap_or_else(|| here(&self.column));
        let Some((block, row)) = self.neighbour(reading, block, row, down, false) else {
            return ((if down { self.column.text().len() } else { 0 }, Affinity::default()), goal);
        };
        let hit = self.column.laid(block).paragraph.hit(self.column.words(block), goal * scale, row);
        ((self.column.block(block).range().start + hit.offset, hit.affinity), goal)
    }

    /// Where the row begins.
    pub fn line_start(&mut self, reading: &mut Reading, offset: usize, affinity: Affinity) -> (usize, Affinity) {
        let Some((block, row)) = self.row_of(reading, offset, affinity) else { return (offset, affinity) };
        let start = self.column.block(block).range().start;
        (start + self.column.laid(block).paragraph.rows[row].start as usize, Affinity::Downstream)
    }

    /// Where the row ends; if it goes on in another, before the space that stands between them. The caret then belongs to the last
    /// letter of this row.
    pub fn line_end(&mut self, reading: &mut Reading, offset: usize, affinity: Affinity) -> (usize, Affinity) {
        let Some((block, row)) = self.row_of(reading, offset, affinity) else { return (offset, affinity) };
        let start = self.column.block(block).range().start;
        let row = &self.column.laid(block).paragraph.rows[row];
        let end = Paragraph::caret_end(self.column.words(block), row);
        (start + end, if end > row.start as usize { Affinity::Upstream } else { Affinity::Downstream })
    }

    /// The block and the row in it; `None` before the first frame, when nothing has a place yet.
    pub(super) fn row_of(
        &mut self,
        reading: &mut Reading,
        offset: usize,
        affinity: Affinity,
    ) -> Option<(usize, usize)> {
        self.column.setting()?;
        let block = self.column.block_of_caret(offset, affinity);
        self.column.ensure(block, reading, None);
        let at = offset - self.column.block(block).range().start;
        Some((block, self.column.laid(block).paragraph.row_of_caret(at, affinity)))
    }

    /// The row below (above) a row, wherever it is; that of a fold only where `folds` says so.
    pub(super) fn neighbour(
        &mut self,
        reading: &mut Reading,
        block: usize,
        row: usize,
        down: bool,
        folds: bool,
    ) -> Option<(usize, usize)> {
        let rows = self.column.laid(block).paragraph.rows.len();
        match down {
            true if row + 1 < rows => return Some((block, row + 1)),
            false if row > 0 => return Some((block, row - 1)),
            _ => {}
        }
        let mut other = block;
        loop {
            let next = if down { Some(self.column.after(other)) } else { self.column.before(other) };
            other = next.filter(|next| *next < self.column.len())?;
            if folds || self.column.fold(other).is_none() {
                break;
            }
        }
        self.column.ensure(other, reading, None);
        Some((other, if down { 0 } else { self.column.laid(other).paragraph.rows.len() - 1 }))
    }
}
