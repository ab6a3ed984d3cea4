//! Draws the words themselves, the caret, and the signs of invisible characters.

use egui::{Color32, Rect, pos2};

use super::captions::{Caption, Captions};
use super::column::{Column, Laid};
use super::paint::Sheet;
use super::scroll::Visible;
use super::signs::Shape;
use super::spans::Place;
use super::{Affinity, Mark};
use crate::app::theme::Theme;

/// The words of a block, grey where a mark says so.
pub(super) fn words(
    sheet: &mut Sheet,
    column: &Column,
    visible: Visible,
    place: &Place,
    marks: &[Mark],
    captions: &Captions,
    theme: &Theme,
) {
    let laid = column.laid(visible.block);
    let block = column.block(visible.block).range();
    let grey: Vec<_> = marks.iter().filter(|mark| mark.grey_text).flat_map(|mark| &mark.ranges).collect();
    let grey: Vec<_> = grey.into_iter().filter(|range| range.start < block.end && block.start < range.end).collect();
    for row in &laid.paragraph.rows {
        let (top, bottom) = (visible.top + row.top, visible.top + row.bottom);
        // Letters may be taller than their row.
        if bottom + row.bottom - row.top < 0.0 || top - (row.bottom - row.top) > place.height {
            continue;
        }
        let base = place.y + top + row.base;
        for quad in &laid.quads[row.glyphs.start as usize..row.glyphs.end as usize] {
            let at = block.start + quad.at as usize;
            let is_grey = grey.iter().any(|range| range.contains(&at));
            sheet.glyph(quad, place.x, base, if is_grey { theme.secondary } else { theme.text });
        }
    }
    signs(sheet, laid, visible, place, captions, theme);
}

/// The signs of invisible characters.
fn signs(sheet: &mut Sheet, laid: &Laid, visible: Visible, place: &Place, captions: &Captions, theme: &Theme) {
    // Names stand side by side, though their places may be the same.
    let mut taken = (0, f32::MIN);
    for sign in &laid.signs {
        let row = &laid.paragraph.rows[sign.row];
        let base = place.y + visible.top + row.top + row.base;
        if base < place.y || base > place.y + place.height + row.base {
            continue;
        }
        let (x0, x1) = (place.x + sign.x0.round(), place.x + sign.x1.round());
        match sign.shape {
            Shape::Name(name) => {
                let least = if taken.0 == sign.row { taken.1 } else { f32::MIN };
                let end = captions.name(sheet, name, (x0, least), base - place.px(24.0), base, theme);
                taken = (sign.row, end);
            }
            Shape::LineEnd => {
                let x = if laid.paragraph.rtl { x0 - place.px(11.0) } else { x0 + place.px(3.0) };
                captions.words(sheet, &Caption::Pilcrow, x, base - place.px(5.0), theme.tertiary);
            }
            shape => draw_sign(sheet, place, shape, x0, x1, base, theme),
        }
    }
}

fn draw_sign(sheet: &mut Sheet, place: &Place, shape: Shape, x0: f32, x1: f32, base: f32, theme: &Theme) {
    let px = |points: f32| place.px(points).max(1.0);
    let colour = theme.warning;
    let (thin, top, bottom) = (px(1.0), base - px(13.0), base + px(3.0));
    match shape {
        Shape::Bar | Shape::LeftToRight | Shape::RightToLeft => {
            sheet.rect(x0, top, x0 + thin, bottom, colour);
            match shape {
                Shape::LeftToRight => sheet.rect(x0, top, x0 + px(4.0), top + thin, colour),
                Shape::RightToLeft => sheet.rect(x0 - px(3.0), top, x0 + thin, top + thin, colour),
                _ => sheet.rect(x0 - px(1.0), top, x0 + thin + px(1.0), top + px(2.0), colour),
            }
        }
        Shape::Hyphen => sheet.rect(x0 - px(2.0), base - px(5.0), x0 + px(2.0), base - px(5.0) + thin, colour),
        Shape::Box => {
            let (x0, x1) = (x0 + thin, (x1 - thin).max(x0 + px(4.0)));
            let (top, bottom) = (base - px(9.0), base);
            sheet.rect(x0, top, x1, top + thin, colour);
            sheet.rect(x0, bottom - thin, x1, bottom, colour);
            sheet.rect(x0, top, x0 + thin, bottom, colour);
            sheet.rect(x1 - thin, top, x1, bottom, colour);
        }
        Shape::Space => {
            let (x, y, side) = (f32::midpoint(x0, x1), base - px(5.0), px(1.5));
            sheet.rect((x - side / 2.0).round(), y, (x - side / 2.0).round() + side, y + side, theme.tertiary);
        }
        // A bracket that lies: the space keeps together what stands on both sides.
        Shape::Dot => {
            let (x0, x1) = (x0 + thin.min((x1 - x0) / 4.0), (x1 - thin).max(x0 + px(2.0)));
            let y = base - px(1.0);
            sheet.rect(x0, y, x1, y + thin, theme.warning);
            sheet.rect(x0, y - px(3.0), x0 + thin, y, theme.warning);
            sheet.rect(x1 - thin, y - px(3.0), x1, y, theme.warning);
        }
        Shape::Tab => {
            let (x0, x1, y) = (x0 + px(2.0), x1 - px(3.0), base - px(5.0));
            sheet.rect(x0, y, x1, y + thin, theme.tertiary);
            for step in 1..=3_u8 {
                let step = f32::from(step) * thin;
                sheet.rect(x1 - step - thin, y - step, x1 - step, y - step + thin, theme.tertiary);
                sheet.rect(x1 - step - thin, y + step, x1 - step, y + step + thin, theme.tertiary);
            }
        }
        Shape::Name(_) | Shape::LineEnd => {}
    }
}

/// Where the caret before byte `offset` is on the screen, in pixels; at a change of direction also the other place
/// where it might be looked for, half as high.
pub(super) fn caret_rects(
    column: &Column,
    visible: &[Visible],
    place: &Place,
    offset: usize,
    affinity: Affinity,
) -> Vec<Rect> {
    let block = column.block_of_caret(offset, affinity);
    let Some(visible) = visible.iter().find(|visible| visible.block == block) else { return Vec::new() };
    let paragraph = &column.laid(block).paragraph;
    let (row, x, other) = paragraph.caret(offset - column.block(block).range().start, affinity);
    let row = &paragraph.rows[row];
    let base = place.y + visible.top + row.top + row.base;
    let (above, below) = if row.bottom - row.top < place.px(20.0) { (10.0, 2.0) } else { (16.0, 5.0) };
    let (top, bottom) = (base - place.px(above), base + place.px(below));
    let rect = |x: f32, top: f32| {
        let x = (place.x + x).round();
        Rect::from_min_max(pos2(x - 1.0, top), pos2(x - 1.0 + place.px(2.0).max(1.0), bottom))
    };
    [Some(rect(x, top)), other.map(|x| rect(x, f32::midpoint(top, bottom).round()))].into_iter().flatten().collect()
}

pub(super) fn caret(sheet: &mut Sheet, rects: &[Rect], colour: Color32) {
    for rect in rects {
        sheet.rect(rect.min.x, rect.min.y, rect.max.x, rect.max.y, colour);
    }
}
