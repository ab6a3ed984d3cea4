//! [`Piece`]: a short text of the page that is not the document's: a title, a label's name.

use std::ops::Range;

use egui::{Color32, Rect, pos2};

use super::Reading;
use super::blocks::Direction;
use super::glyphs::{Atlas, Quad};
use super::layout::{Shaper, Style};
use super::paint::Sheet;
use super::point::Paragraph;

#[derive(Clone)]
pub(super) struct Piece {
    text: String,
    paragraph: Paragraph,
    quads: Vec<Quad>,
    atlas: Option<u64>,
}

impl Piece {
    /// In as many rows as it takes. Newlines count as spaces.
    pub fn new(text: &str, style: Style, reading: &mut Reading) -> Self {
        Self::of(text.to_owned(), Direction::Auto, style, reading)
    }

    pub fn of(text: String, direction: Direction, style: Style, reading: &mut Reading) -> Self {
        let paragraph = reading.shaper.lay_out(&text, direction, style);
        Self { text, paragraph, quads: Vec::new(), atlas: None }
    }

    /// In one row, cut with an ellipsis where it is wider than `style.width`.
    pub fn line(text: &str, style: Style, reading: &mut Reading) -> Self {
        let unbroken = Style { width: 1e6, ..style };
        let left = Direction::Paragraph { rtl: false };
        let whole = reading.shaper.lay_out(text, left, unbroken);
        let row = &whole.rows[0];
        let (_, right) = whole.extent(row);
        if right <= style.width {
            return Self { text: text.to_owned(), paragraph: whole, quads: Vec::new(), atlas: None };
        }
        let fits = whole.clusters(row).iter().filter(|cluster| cluster.x1 <= style.width - style.size);
        let end = fits.map(|cluster| cluster.end as usize).max().unwrap_or(0);
        Self::of(format!("{}…", text[..end].trim_end()), left, unbroken, reading)
    }

    /// It stands at the right of its column.
    pub fn is_from_right(&self) -> bool {
        self.paragraph.rtl
    }

    /// How wide the column is.
    pub fn room(&self) -> f32 {
        self.paragraph.width
    }

    pub fn rows(&self) -> usize {
        self.paragraph.rows.len()
    }

    pub fn height(&self) -> f32 {
        self.paragraph.height()
    }

    /// Of its words, wherever in the column they stand.
    pub fn width(&self) -> f32 {
        self.right() - self.left()
    }

    /// From the column's left edge to its words.
    pub fn left(&self) -> f32 {
        let lefts = self.paragraph.rows.iter().map(|row| self.paragraph.extent(row).0);
        lefts.reduce(f32::min).unwrap_or(0.0)
    }

    fn right(&self) -> f32 {
        self.paragraph.rows.iter().map(|row| self.paragraph.extent(row).1).fold(0.0, f32::max)
    }

    /// Finds the pictures of its glyphs.
    pub fn ink(&mut self, atlas: &mut Atlas, shaper: &Shaper) {
        if self.atlas != Some(atlas.generation()) {
            self.atlas = Some(atlas.generation());
            self.quads = atlas.quads(&self.paragraph, &self.text, shaper);
        }
    }

    /// `x` and `y`: the upper left corner of its column, in pixels of the screen.
    pub fn paint(&self, sheet: &mut Sheet, x: f32, y: f32, colour: Color32) {
        self.paint_with(sheet, x, y, |_| colour);
    }

    /// The same, with a colour for the grapheme at each byte.
    pub fn paint_with(&self, sheet: &mut Sheet, x: f32, y: f32, colour: impl Fn(usize) -> Color32) {
        for row in &self.paragraph.rows {
            let base = y + row.top + row.base;
            for quad in &self.quads[row.glyphs.start as usize..row.glyphs.end as usize] {
                sheet.glyph(quad, x, base, colour(quad.at as usize));
            }
        }
    }

    /// A ground behind a stretch of it.
    pub fn fill(&self, sheet: &mut Sheet, x: f32, y: f32, range: &Range<usize>, colour: Color32) {
        let mut segments = Vec::new();
        for row in &self.paragraph.rows {
            self.paragraph.segments(row, range, &mut segments);
            for segment in &segments {
                let (x0, x1) = (x + segment.x0.round() - 1.0, x + segment.x1.round() + 1.0);
                let rect = Rect::from_min_max(pos2(x0, y + row.top), pos2(x1, y + row.bottom));
                sheet.fill(rect, (true, true), colour);
            }
        }
    }
}
