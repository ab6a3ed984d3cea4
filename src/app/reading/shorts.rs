//! A few letters under the beginning of each mark, where colours alone do not tell labels apart.

use std::ops::Range;

use super::captions::{Caption, Captions};
use super::column::Column;
use super::paint::Sheet;
use super::ranks::Lanes;
use super::scroll::Visible;
use super::spans::{LANE, LINE_BELOW, Line, Place, each_line};
use super::{Mark, Marks};
use crate::app::theme::Theme;

/// Points below the last line that they need.
const ROOM: f32 = 9.5;
/// Points: a bar in the colour of the mark, from there to the letters, and from one to the next.
const BAR: f32 = 2.0;
const INSET: f32 = 4.0;
const APART: f32 = 5.0;

/// How many points a row with `lanes` lanes must reach below its baseline for them; 0 without.
pub(super) fn depth(marks: &dyn Marks, lanes: u8) -> f32 {
    if lanes == 0 || !marks.shorts() { 0.0 } else { LINE_BELOW + LANE * f32::from(lanes) + ROOM }
}

pub(super) fn wanted(marks: &[Mark]) -> impl Iterator<Item = Caption> + '_ {
    marks.iter().filter(|mark| !mark.short.is_empty()).map(|mark| Caption::Short(mark.short.clone()))
}

/// The lowest edge of what stands below a row between two places, if anything does. Pixels of the screen.
pub(super) fn lower_edge(line: &Line<'_>, place: &Place, marks: &[Mark]) -> Option<f32> {
    let lanes = Lanes::of(marks, &line.range).under.count();
    let any = marks.iter().any(|mark| !mark.short.is_empty() && begins(mark, &line.range));
    any.then(|| place.lane(line.base, lanes) + place.px(ROOM))
}

/// In the order of the row; those that would overlap stand one after the other.
pub(super) fn paint(
    sheet: &mut Sheet,
    captions: &Captions,
    column: &Column,
    visible: &[Visible],
    place: &Place,
    marks: &[Mark],
    theme: &Theme,
) {
    if marks.iter().all(|mark| mark.short.is_empty()) {
        return;
    }
    let mut segments = Vec::new();
    each_line(column, visible, place, |line| {
        let rtl = column.laid(line.visible.block).paragraph.rtl;
        let mut here: Vec<(f32, &Mark)> = Vec::new();
        for mark in marks.iter().filter(|mark| !mark.short.is_empty()) {
            for range in mark.ranges.iter().filter(|range| line.range.contains(&range.start)) {
                line.segments(range, &mut segments);
                let edge =
                    if rtl { segments.last().map(|last| -last.x1) } else { segments.first().map(|first| first.x0) };
                here.extend(edge.map(|edge| (edge, mark)));
            }
        }
        // Leftwards, distances are counted from the right.
        here.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.lane.cmp(&b.1.lane)));
        let top = place.lane(line.base, Lanes::of(marks, &line.range).under.count());
        let middle = top + place.px(ROOM / 2.0 - 0.5);
        let mut free = f32::MIN;
        for (edge, mark) in here {
            let caption = Caption::Short(mark.short.clone());
            let width = captions.width(&caption).ceil() + place.px(INSET);
            let start = edge.max(free);
            free = start + width + place.px(APART);
            let x = (place.x + if rtl { -start - width } else { start }).round();
            if x < place.left || x + width > place.x + place.width + place.px(28.0) {
                continue;
            }
            sheet.rect(x, middle - place.px(3.0), x + place.px(BAR), middle + place.px(3.5), mark.colour);
            captions.words(sheet, &caption, x + place.px(INSET), middle, theme.secondary);
        }
    });
}

fn begins(mark: &Mark, row: &Range<usize>) -> bool {
    mark.ranges.iter().any(|range| row.contains(&range.start))
}
