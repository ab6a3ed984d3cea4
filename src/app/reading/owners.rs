//! Whose line is which, where several people's marks are on one page: a letter beside each row, at the height of the line, on the side
//! where the row begins.

use super::Mark;
use super::captions::{Caption, Captions};
use super::column::Column;
use super::paint::Sheet;
use super::ranks::Lanes;
use super::scroll::Visible;
use super::spans::{Place, each_line};

/// Points from the text to the letters, and from the upper edge of a line to their middle.
const AWAY: f32 = 9.0;
const MIDDLE: f32 = 1.0;

pub(super) fn wanted(marks: &[Mark]) -> impl Iterator<Item = Caption> + '_ {
    marks.iter().filter_map(|mark| mark.owner.as_ref()).map(|owner| Caption::Owner(owner.initial.clone()))
}

/// Each side and lane of a row is named once.
pub(super) fn paint(
    sheet: &mut Sheet,
    captions: &Captions,
    column: &Column,
    visible: &[Visible],
    place: &Place,
    marks: &[Mark],
) {
    let owned: Vec<&Mark> = marks.iter().filter(|mark| mark.owner.is_some()).collect();
    if owned.is_empty() {
        return;
    }
    let mut segments = Vec::new();
    each_line(column, visible, place, |line| {
        let lanes = Lanes::of(marks, &line.range);
        let rtl = column.laid(line.visible.block).paragraph.rtl;
        // The middle of the last one on each side: nested lines of one person are nearer to each other than letters are high.
        let mut named: Vec<(bool, f32)> = Vec::new();
        let mut here: Vec<&Mark> = owned.iter().copied().filter(|mark| touches(mark, &line.range)).collect();
        here.sort_by_key(|mark| (mark.above, mark.lane));
        here.dedup_by(|b, a| a.above == b.above && a.owner == b.owner);
        for mark in here {
            let Some(owner) = &mark.owner else { continue };
            segments.clear();
            for range in &mark.ranges {
                line.segments(range, &mut segments);
                if !segments.is_empty() {
                    break;
                }
            }
            if segments.is_empty() {
                continue;
            }
            let middle = lanes.line(place, line.base, mark) + place.px(MIDDLE);
            if named.iter().any(|(above, y)| *above == mark.above && (y - middle).abs() < place.px(6.0)) {
                continue;
            }
            named.push((mark.above, middle));
            let caption = Caption::Owner(owner.initial.clone());
            let width = captions.width(&caption).ceil();
            let x = if rtl { place.x + place.width + place.px(AWAY) } else { place.x - place.px(AWAY) - width };
            captions.words(sheet, &caption, x.round(), middle, owner.colour);
        }
    });
}

fn touches(mark: &Mark, row: &std::ops::Range<usize>) -> bool {
    mark.extent().start < row.end && row.start < mark.extent().end
}
