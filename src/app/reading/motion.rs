//! Movements of a caret that depend on how the text is laid out: by rows as they are seen.

use super::page::Page;
use super::point::Paragraph;
use super::{Column, Reading};

impl Page {
    /// The place one row up, and where the movement is heading: pass it on to the next [`Self::line_up`] or
    /// [`Self::line_down`], so that short rows on the way do not change the column. In the first row: the start.
    pub fn line_up(&mut self, reading: &mut Reading, offset: usize, goal: Option<f32>) -> (usize, f32) {
        self.move_row(reading, offset, goal, false)
    }

    /// One row down; in the last row: the end.
    pub fn line_down(&mut self, reading: &mut Reading, offset: usize, goal: Option<f32>) -> (usize, f32) {
        self.move_row(reading, offset, goal, true)
    }

    /// Where the row begins.
    pub fn line_start(&mut self, reading: &mut Reading, offset: usize) -> usize {
        let Some((block, row)) = self.row_of(reading, offset) else { return offset };
        let start = self.column.block(block).range().start;
        start + self.column.laid(block).paragraph.rows[row].start as usize
    }

    /// Where the row ends; if it goes on in another, before the space that stands between them.
    pub fn line_end(&mut self, reading: &mut Reading, offset: usize) -> usize {
        let Some((block, row)) = self.row_of(reading, offset) else { return offset };
        let start = self.column.block(block).range().start;
        let paragraph = &self.column.laid(block).paragraph;
        start + Paragraph::caret_end(self.column.words(block), &paragraph.rows[row])
    }

    /// About a page of rows below the place (above if `pages` is negative).
    pub fn page_down(&mut self, reading: &mut Reading, offset: usize, goal: Option<f32>, pages: f32) -> (usize, f32) {
        let rows = self.rows_per_page() * pages;
        let (mut at, mut goal) = (offset, goal);
        for _ in 0..rows.abs() as usize {
            let (next, heading) = self.move_row(reading, at, goal, rows > 0.0);
            (at, goal) = (next, Some(heading));
        }
        (at, goal.unwrap_or(0.0))
    }

    /// The block and the row in it; `None` before the first frame, when nothing has a place yet.
    fn row_of(&mut self, reading: &mut Reading, offset: usize) -> Option<(usize, usize)> {
        self.column.setting()?;
        let block = self.column.block_at(offset);
        self.column.ensure(block, reading, None);
        let start = self.column.block(block).range().start;
        Some((block, self.column.laid(block).paragraph.row_of(offset - start)))
    }

    fn move_row(&mut self, reading: &mut Reading, offset: usize, goal: Option<f32>, down: bool) -> (usize, f32) {
        let scale = self.column.setting().map_or(1.0, |setting| setting.scale);
        let Some((block, row)) = self.row_of(reading, offset) else { return (offset, goal.unwrap_or(0.0)) };
        let start = self.column.block(block).range().start;
        let here = |column: &Column| column.laid(block).paragraph.caret(offset - start).1 / scale;
        let goal = goal.unwrap_or_else(|| here(&self.column));
        let rows = self.column.laid(block).paragraph.rows.len();
        let (block, row) = match down {
            true if row + 1 < rows => (block, row + 1),
            true if block + 1 < self.column.len() => (block + 1, 0),
            true => return (self.column.text().len(), goal),
            false if row > 0 => (block, row - 1),
            false if block > 0 => {
                self.column.ensure(block - 1, reading, None);
                (block - 1, self.column.laid(block - 1).paragraph.rows.len() - 1)
            }
            false => return (0, goal),
        };
        self.column.ensure(block, reading, None);
        let words = self.column.words(block);
        let hit = self.column.laid(block).paragraph.hit(words, goal * scale, row);
        (self.column.block(block).range().start + hit.offset, goal)
    }
}
