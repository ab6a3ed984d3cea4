//! What stands beside the text and between it, and is no part of it: line numbers in the margin, the quiet line that a fold leaves.

use egui::Rect;

use super::captions::{Caption, Captions};
use super::column::Column;
use super::paint::Sheet;
use super::scroll::Visible;
use super::spans::Place;
use super::{Fold, Mark};
use crate::app::theme::Theme;

/// Points from the text to its numbers.
const NUMBER_GAP: f32 = 14.0;

/// Every caption that the visible blocks need.
pub(super) fn wanted(column: &Column, visible: &[Visible], numbers: bool) -> Vec<Caption> {
    let mut wanted: Vec<Caption> = Vec::new();
    if numbers {
        wanted.extend((0..10).map(Caption::Digit));
    }
    for visible in visible {
        wanted.extend(column.laid(visible.block).signs.iter().filter_map(|sign| sign.shape.caption()));
        wanted.extend(column.fold(visible.block).map(|fold| Caption::Fold(fold.words.clone())));
    }
    wanted
}

/// Room that numbers up to that of the last line need beside the text, in points.
pub(super) fn room(lines: usize) -> f32 {
    let digits = lines.max(1).ilog10() + 1;
    digits as f32 * 7.0 + NUMBER_GAP + 6.0
}

/// What there is to draw beside.
pub(super) struct Aside<'a> {
    pub captions: &'a Captions,
    pub column: &'a Column,
    pub visible: &'a [Visible],
    pub place: &'a Place,
    pub theme: &'a Theme,
}

impl Aside<'_> {
    /// The number of each line of the text beside its first row: at the right of a paragraph that reads leftwards. Not where a tag is.
    pub fn numbers(&self, sheet: &mut Sheet, tags: &[Rect]) {
        let Self { captions, column, visible, place, theme } = *self;
        for visible in visible {
            let Some(line) = column.number(visible.block) else { continue };
            let paragraph = &column.laid(visible.block).paragraph;
            let Some(row) = paragraph.rows.first() else { continue };
            let middle = place.y + visible.top + row.top + row.base - place.px(4.5);
            if tags.iter().any(|tag| tag.top() <= middle && middle <= tag.bottom()) && !paragraph.rtl {
                continue;
            }
            let (text, width) = (place.x, paragraph.width);
            let x = if paragraph.rtl { text + width + place.px(NUMBER_GAP) } else { text - place.px(NUMBER_GAP) };
            captions.number(sheet, line, (x, middle), paragraph.rtl, theme.secondary);
        }
    }

    /// The words of each fold and a hairline to the end of the column; an outline where a selected span lies in it. `pointed`: the first
    /// byte of the one under the pointer.
    pub fn folds(&self, sheet: &mut Sheet, marks: &[Mark], pointed: Option<usize>) {
        let Self { captions, column, visible, place, theme } = *self;
        for visible in visible {
            let Some(Fold { range, words }) = column.fold(visible.block) else { continue };
            let row = &column.laid(visible.block).paragraph.rows[0];
            let (top, bottom) = (place.y + visible.top + row.top, place.y + visible.top + row.bottom);
            let middle = f32::midpoint(top, bottom).round();
            let ink = if pointed == Some(range.start) { theme.accent } else { theme.secondary };
            let (x, thin) = (place.x, place.px(1.0).max(1.0));
            // A small cross: there is more.
            let (arm, at) = (place.px(3.0).max(2.0), x + place.px(5.0));
            sheet.rect(at - arm, middle, at + arm + thin, middle + thin, ink);
            sheet.rect(at, middle - arm, at + thin, middle + arm + thin, ink);
            let left = x + place.px(16.0);
            let right = left + captions.words(sheet, &Caption::Fold(words.clone()), left, middle, ink) + place.px(10.0);
            let end = x + column.laid(visible.block).paragraph.width;
            sheet.rect(right, middle, end, middle + thin, theme.hairline);
            let inside = |mark: &&Mark| mark.extent().start < range.end && range.start < mark.extent().end;
            if let Some(mark) = marks.iter().filter(|mark| mark.selected).find(inside) {
                let (thick, x0, x1) = (place.px(1.5).max(1.0), x - place.px(6.0), end + place.px(6.0));
                let (top, bottom) = (top + place.px(2.0), bottom - place.px(2.0));
                sheet.rect(x0, top, x1, top + thick, mark.colour);
                sheet.rect(x0, bottom - thick, x1, bottom, mark.colour);
                sheet.rect(x0, top, x0 + thick, bottom, mark.colour);
                sheet.rect(x1 - thick, top, x1, bottom, mark.colour);
            }
        }
    }
}
