//! [`Piece`]: a short text of the page that is not the document's: a title, a label's name.

use egui::Color32;

use super::Reading;
use super::blocks::Direction;
use super::glyphs::Quad;
use super::layout::Style;
use super::paint::Sheet;
use super::point::Paragraph;

pub(super) struct Piece {
    text: String,
    paragraph: Paragraph,
    quads: Vec<Quad>,
    atlas: Option<u64>,
}

impl Piece {
    /// In as many rows as it takes. Newlines count as spaces.
    pub fn new(text: &str, style: Style, reading: &mut Reading) -> Self {
        let paragraph = reading.shaper.lay_out(text, Direction::Auto, style);
        Self { text: text.to_owned(), paragraph, quads: Vec::new(), atlas: None }
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
        let text = format!("{}…", text[..end].trim_end());
        let paragraph = reading.shaper.lay_out(&text, left, unbroken);
        Self { text, paragraph, quads: Vec::new(), atlas: None }
    }

    pub fn height(&self) -> f32 {
        self.paragraph.height()
    }

    pub fn width(&self) -> f32 {
        self.paragraph.rows.iter().map(|row| self.paragraph.extent(row).1).fold(0.0, f32::max)
    }

    /// Finds the pictures of its glyphs.
    pub fn ink(&mut self, reading: &mut Reading) {
        if self.atlas != Some(reading.atlas.generation()) {
            self.atlas = Some(reading.atlas.generation());
            self.quads = reading.atlas.quads(&self.paragraph, &self.text, &reading.shaper);
        }
    }

    /// `x` and `y`: the upper left corner, in pixels of the screen.
    pub fn paint(&self, sheet: &mut Sheet, x: f32, y: f32, colour: Color32) {
        for row in &self.paragraph.rows {
            let base = y + row.top + row.base;
            for quad in &self.quads[row.glyphs.start as usize..row.glyphs.end as usize] {
                sheet.glyph(quad, x, base, colour);
            }
        }
    }
}
