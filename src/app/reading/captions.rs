//! [`Captions`]: the smallest words of the page, none of them the document's: line numbers, names of invisible characters, what a fold
//! holds. Laid out once and kept.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{Color32, Rect, pos2};

use super::Reading;
use super::column::Setting;
use super::layout::Style;
use super::paint::Sheet;
use super::piece::Piece;
use crate::app::theme::Theme;

/// Points: sizes of the text.
const NUMBER: f32 = 11.0;
const NAME: f32 = 8.5;
const FOLD: f32 = 13.0;
const SHORT: f32 = 9.0;
const OWNER: f32 = 9.5;
const PILCROW: f32 = 13.0;

/// What is written. Its size goes with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Caption {
    Digit(u8),
    Name(&'static str),
    Pilcrow,
    Fold(String),
    /// Of a label.
    Short(String),
    /// Of a person.
    Owner(Arc<str>),
}

#[derive(Default)]
pub(super) struct Captions {
    made_for: Option<(u32, u64)>,
    pieces: HashMap<Caption, Piece>,
}

/// Folds are of one document each; a page that saw thousands forgets them.
const KEPT: usize = 1000;

impl Captions {
    /// Lays out what is not yet known and finds its pictures.
    pub fn ensure(&mut self, wanted: impl Iterator<Item = Caption>, setting: &Setting, reading: &mut Reading) {
        let made_for = Some((setting.scale.to_bits(), setting.epoch));
        if self.made_for != made_for || self.pieces.len() > KEPT {
            self.made_for = made_for;
            self.pieces.clear();
        }
        for caption in wanted {
            let piece = self.pieces.entry(caption.clone()).or_insert_with(|| {
                let (text, size) = match &caption {
                    Caption::Digit(digit) => (digit.to_string(), NUMBER),
                    Caption::Name(name) => ((*name).to_owned(), NAME),
                    Caption::Pilcrow => ("¶".to_owned(), PILCROW),
                    Caption::Fold(words) => (words.clone(), FOLD),
                    Caption::Short(name) => (name.clone(), SHORT),
                    Caption::Owner(initial) => (initial.to_string(), OWNER),
                };
                let size = size * setting.scale;
                let style = Style { size, line_height: (size * 1.3).round(), width: 1e6, serif: false };
                Piece::line(&text, style, reading)
            });
            piece.ink(&mut reading.atlas, &reading.shaper);
        }
    }

    /// A number with its right end at `x` and its middle at `y`, or with its left end there. Pixels.
    pub fn number(&self, sheet: &mut Sheet, number: usize, at: (f32, f32), from_left: bool, colour: Color32) {
        let digits = number.to_string();
        let pieces = || digits.bytes().filter_map(|digit| self.pieces.get(&Caption::Digit(digit - b'0')));
        let width: f32 = pieces().map(Piece::width).sum();
        let mut x = if from_left { at.0 } else { at.0 - width.round() };
        for piece in pieces() {
            piece.paint(sheet, x.round(), (at.1 - piece.height() / 2.0).round(), colour);
            x += piece.width();
        }
    }

    /// The name of an invisible character in a small frame above its place, not left of `least`, and a hairline down to there.
    /// Returns where the frame ends.
    pub fn name(
        &self,
        sheet: &mut Sheet,
        name: &'static str,
        (x, least): (f32, f32),
        top: f32,
        base: f32,
        theme: &Theme,
    ) -> f32 {
        let Some(piece) = self.pieces.get(&Caption::Name(name)) else { return least };
        let px = |points: f32| (points * sheet.scale).round().max(1.0);
        let (thin, pad) = (px(1.0), px(2.0));
        let (width, height) = (piece.width().ceil() + 2.0 * pad, px(NAME + 1.5));
        let left = (x - width / 2.0).round().max(least);
        let frame = Rect::from_min_max(pos2(left, top), pos2(left + width, top + height));
        sheet.rect(x, top + height, x + thin, base + px(3.0), theme.warning);
        sheet.rect(frame.left(), frame.top(), frame.right(), frame.bottom(), theme.warning);
        let Rect { min, max } = frame.shrink(thin);
        sheet.rect(min.x, min.y, max.x, max.y, theme.page);
        piece.paint(sheet, left + pad, (top + height / 2.0 - piece.height() / 2.0).round(), theme.warning);
        left + width - thin
    }

    pub fn width(&self, caption: &Caption) -> f32 {
        self.pieces.get(caption).map_or(0.0, Piece::width)
    }

    /// With its left end at `x` and its middle at `y`; returns its width. Pixels.
    pub fn words(&self, sheet: &mut Sheet, caption: &Caption, x: f32, y: f32, colour: Color32) -> f32 {
        let Some(piece) = self.pieces.get(caption) else { return 0.0 };
        piece.paint(sheet, x, (y - piece.height() / 2.0).round(), colour);
        piece.width()
    }
}
