//! What stands above the text: title, and a small grey line.

use super::column::Setting;
use super::layout::Style;
use super::paint::Sheet;
use super::piece::Piece;
use super::{Header, Reading};
use crate::app::theme::Theme;

/// Points above the title, between title and meta line, and below.
const ABOVE: f32 = 40.0;
const BETWEEN: f32 = 4.0;
const BELOW: f32 = 16.0;

/// A header that is laid out.
#[derive(Default)]
pub(super) struct LaidHeader {
    made_for: Option<(String, String, Setting)>,
    title: Option<Piece>,
    meta: Option<Piece>,
    pub height: f32,
}

impl LaidHeader {
    /// Does nothing if header and setting are as before.
    pub fn lay_out(&mut self, header: Header<'_>, setting: &Setting, reading: &mut Reading) {
        let same = |(title, meta, made_for): &(String, String, Setting)| {
            title == header.title && meta == header.meta && made_for == setting
        };
        if self.made_for.as_ref().is_some_and(same) {
            return;
        }
        let mut piece = |text: &str, size: f32, line_height: f32, serif: bool| {
            let (size, line_height) = (size * setting.scale, (line_height * setting.scale).round());
            let style = Style { size, line_height, width: setting.style.width, serif };
            (!text.is_empty()).then(|| Piece::new(text, style, reading))
        };
        self.title = piece(header.title, 24.0, 32.0, true);
        self.meta = piece(header.meta, 13.0, 20.0, false);
        self.height = ((ABOVE + BELOW) * setting.scale).round();
        for piece in [&self.title, &self.meta].into_iter().flatten() {
            self.height += piece.height();
        }
        if self.title.is_some() && self.meta.is_some() {
            self.height += (BETWEEN * setting.scale).round();
        }
        self.made_for = Some((header.title.to_owned(), header.meta.to_owned(), *setting));
    }

    pub fn ink(&mut self, reading: &mut Reading) {
        for piece in [&mut self.title, &mut self.meta].into_iter().flatten() {
            piece.ink(&mut reading.atlas, &reading.shaper);
        }
    }

    /// `x` and `y`: the upper left corner, in pixels of the screen.
    pub fn paint(&self, sheet: &mut Sheet, x: f32, y: f32, theme: &Theme) {
        let mut y = y + (ABOVE * sheet.scale).round();
        let from_right = self.title.as_ref().is_some_and(Piece::is_from_right);
        for (piece, colour) in [(&self.title, theme.text), (&self.meta, theme.secondary)] {
            if let Some(piece) = piece {
                // The small line stands under the title, on the side where that begins.
                let aside = if from_right && !piece.is_from_right() { piece.room() - piece.width() } else { 0.0 };
                piece.paint(sheet, x + aside.round(), y, colour);
                y += piece.height() + (BETWEEN * sheet.scale).round();
            }
        }
    }
}
