//! Draws marks: fills, lines in lanes, outlines, and the tags in the margin.

use std::ops::Range;

use egui::{Color32, Rect, pos2};

use super::arrows::Drawn;
use super::column::Column;
use super::layout::Style;
use super::paint::Sheet;
use super::piece::Piece;
use super::point::{Row, Segment};
use super::ranks::Lanes;
use super::scroll::Visible;
use super::{Mark, Pattern, Reading};
use crate::app::theme::Theme;

/// Points from the baseline to the first line under it, and to the upper edge of fills above it.
pub(super) const LINE_BELOW: f32 = 2.5;
pub(super) const FILL_ABOVE: f32 = 19.5;
/// Points from the baseline up to the upper edge of the first line above the words.
pub(super) const LINE_ABOVE: f32 = 20.0;
/// From one lane to the next, usually.
pub(super) const LANE: f32 = 4.5;

/// Where the page stands on the screen, in whole pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Place {
    /// Left edge of the text.
    pub x: f32,
    /// Upper edge of the view.
    pub y: f32,
    pub width: f32,
    pub height: f32,
    /// Left edge of the view.
    pub left: f32,
    /// Pixels per point.
    pub scale: f32,
    /// Points from one lane to the next.
    pub lane: f32,
}

impl Place {
    pub fn px(&self, points: f32) -> f32 {
        (points * self.scale).round()
    }

    /// Upper edge of a lane's line, for a row whose baseline is at `base`.
    pub fn lane(&self, base: f32, lane: u8) -> f32 {
        base + self.px(LINE_BELOW + self.lane * f32::from(lane))
    }

    /// The same for a lane above the words.
    pub fn lane_above(&self, base: f32, lane: u8) -> f32 {
        base - self.px(LINE_ABOVE + self.lane * f32::from(lane))
    }
}

/// The rectangles that a stretch of text covers, in pixels of the screen.
pub(super) fn rects(column: &Column, visible: &[Visible], place: &Place, range: &Range<usize>) -> Vec<Rect> {
    let (mut found, mut segments) = (Vec::new(), Vec::new());
    each_line(column, visible, place, |line| {
        line.segments(range, &mut segments);
        found.extend(segments.iter().map(|segment| {
            let (x0, x1) = (place.x + segment.x0, place.x + segment.x1);
            let (top, bottom) = (line.base - place.px(FILL_ABOVE), place.lane(line.base, 0));
            Rect::from_min_max(pos2(x0, top), pos2(x1, bottom))
        }));
    });
    found
}

/// A visible row.
#[derive(Clone)]
pub(super) struct Line<'a> {
    column: &'a Column,
    pub visible: Visible,
    pub row: &'a Row,
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Of the screen.
    pub base: f32,
}

impl Line<'_> {
    pub fn segments(&self, range: &Range<usize>, out: &mut Vec<Segment>) {
        let start = self.column.block(self.visible.block).range().start;
        let inside = range.start.saturating_sub(start)..range.end.saturating_sub(start);
        self.column.laid(self.visible.block).paragraph.segments(self.row, &inside, out);
    }
}

/// Calls `draw` for each row on the screen.
pub(super) fn each_line<'a>(column: &'a Column, visible: &[Visible], place: &Place, mut draw: impl FnMut(&Line<'a>)) {
    for &visible in visible {
        let start = column.block(visible.block).range().start;
        for row in &column.laid(visible.block).paragraph.rows {
            let (top, bottom) = (visible.top + row.top, visible.top + row.bottom);
            if bottom > 0.0 && top < place.height {
                let range = start + row.start as usize..start + row.end as usize;
                draw(&Line { column, visible, row, range, base: place.y + top + row.base });
            }
        }
    }
}

/// Everything that lies behind the text and under it.
pub(super) fn marks(
    sheet: &mut Sheet,
    column: &Column,
    visible: &[Visible],
    place: &Place,
    marks: &[Mark],
    theme: &Theme,
) {
    let mut segments = Vec::new();
    each_line(column, visible, place, |line| {
        let lanes = Lanes::of(marks, &line.range);
        for mark in touching(marks, &line.range) {
            let y = lanes.line(place, line.base, mark);
            let strong = mark.selected || mark.hovered;
            if (mark.tint || strong) && mark.line != Pattern::Dashed {
                let more = if mark.selected && mark.tint { 1.2 } else { 1.0 };
                let colour = mark.colour.gamma_multiply(theme.fill * more);
                for range in &mark.ranges {
                    line.segments(range, &mut segments);
                    for segment in &segments {
                        let rect = frame(place, line.base, segment, mark.above, y);
                        sheet.fill(rect, (!segment.open_left, !segment.open_right), colour);
                    }
                }
            }
            for range in &mark.ranges {
                line.segments(range, &mut segments);
                let ring = (mark.incomplete && mark.ranges.last() == Some(range) && range.end <= line.range.end)
                    .then(|| last_segment(line, &segments))
                    .flatten();
                for (index, segment) in segments.iter().enumerate() {
                    let (mut x0, mut x1) = (place.x + segment.x0.round(), place.x + segment.x1.round());
                    if let Some((last, rtl)) = ring
                        && last == index
                    {
                        let (room, middle) = (place.px(RING_ROOM), place.px(RING_ROOM / 2.0));
                        let x = if rtl { x0 + middle } else { x1 - middle };
                        sheet.ring(pos2(x, y + place.px(1.0)), RING, mark.colour);
                        if rtl {
                            x0 += room;
                        } else {
                            x1 -= room;
                        }
                    }
                    sheet.line(mark.line, x0, x1, y, strong, mark.colour);
                }
            }
            if strong && mark.ranges.len() > 1 {
                let faint = mark.colour.gamma_multiply(0.6);
                for gap in mark.ranges.windows(2).map(|pair| pair[0].end..pair[1].start) {
                    line.segments(&gap, &mut segments);
                    for segment in &segments {
                        let (x0, x1) = (place.x + segment.x0.round(), place.x + segment.x1.round());
                        sheet.line(Pattern::Dashed, x0, x1, y, false, faint);
                    }
                }
            }
        }
    });
}

/// Points: how large the ring is at the end of what is incomplete, and how much of its line it takes.
const RING: f32 = 2.25;
const RING_ROOM: f32 = 7.0;

/// The segment of a row in which a mark ends, and whether it ends at its left.
fn last_segment(line: &Line<'_>, segments: &[Segment]) -> Option<(usize, bool)> {
    let rtl = line.column.laid(line.visible.block).paragraph.rtl;
    let last = if rtl { 0 } else { segments.len().checked_sub(1)? };
    (!segments.is_empty()).then_some((last, rtl))
}

/// Outlines of the selected marks, above the text.
pub(super) fn outlines(sheet: &mut Sheet, column: &Column, visible: &[Visible], place: &Place, marks: &[Mark]) {
    let mut segments = Vec::new();
    let selected: Vec<&Mark> = marks.iter().filter(|mark| mark.selected && mark.line != Pattern::Dashed).collect();
    if selected.is_empty() {
        return;
    }
    let thick = place.px(1.5).max(1.0);
    each_line(column, visible, place, |line| {
        let lanes = Lanes::of(marks, &line.range);
        for mark in &selected {
            let y = lanes.line(place, line.base, mark);
            for range in &mark.ranges {
                line.segments(range, &mut segments);
                for segment in &segments {
                    let mut rect = frame(place, line.base, segment, mark.above, y);
                    if mark.above {
                        rect.min.y = y;
                    } else {
                        // Clear of the letters above.
                        rect.min.y -= place.px(1.0);
                        rect.max.y = y + outlined(mark, place);
                    }
                    outline(sheet, rect, segment, thick, mark.colour);
                }
            }
        }
    });
}

/// How far below the upper edge of its line a selected mark reaches: a plain line is the lower edge of its outline itself.
pub(super) fn outlined(mark: &Mark, place: &Place) -> f32 {
    match mark.line {
        Pattern::Solid => place.px(2.0),
        Pattern::Double => place.px(1.0) * 3.0,
        Pattern::Dotted | Pattern::Wavy | Pattern::Dashed => place.px(5.0),
    }
}

fn outline(sheet: &mut Sheet, rect: Rect, open: &Segment, thick: f32, colour: Color32) {
    let Rect { min, max } = rect;
    sheet.rect(min.x, min.y, max.x, min.y + thick, colour);
    sheet.rect(min.x, max.y - thick, max.x, max.y, colour);
    if !open.open_left {
        sheet.rect(min.x, min.y + thick, min.x + thick, max.y - thick, colour);
    }
    if !open.open_right {
        sheet.rect(max.x - thick, min.y + thick, max.x, max.y - thick, colour);
    }
}

/// The box around a segment: from above the letters to below the mark's own line, or from that line to below the letters.
fn frame(place: &Place, base: f32, segment: &Segment, above: bool, line: f32) -> Rect {
    // One point beyond the letters and no more: what is beside them must be seen not to belong to the span.
    let pad = |open: bool| if open { 0.0 } else { place.px(1.0) };
    let x0 = place.x + segment.x0.round() - pad(segment.open_left);
    let x1 = place.x + segment.x1.round() + pad(segment.open_right);
    let thick = place.px(3.0).max(2.0);
    let (top, bottom) =
        if above { (line, place.lane(base, 0) + thick) } else { (base - place.px(FILL_ABOVE), line + thick) };
    Rect::from_min_max(pos2(x0, top), pos2(x1, bottom))
}

/// Fills what was found: sorted ranges, of which only those on the screen are looked at. What is selected has a colour already.
pub(super) fn found(
    sheet: &mut Sheet,
    column: &Column,
    visible: &[Visible],
    place: &Place,
    found: &[Range<usize>],
    selection: Option<&Range<usize>>,
    colour: Color32,
) {
    let mut segments = Vec::new();
    each_line(column, visible, place, |line| {
        let (top, bottom) = (line.base - place.px(FILL_ABOVE), line.base + place.px(6.0));
        // The one before may reach into this line.
        let first = found.partition_point(|range| range.start < line.range.start).saturating_sub(1);
        let these = found[first..].iter().take_while(|range| range.start < line.range.end);
        for range in these.filter(|range| Some(*range) != selection) {
            line.segments(range, &mut segments);
            for segment in &segments {
                let (x0, x1) = (place.x + segment.x0.round(), place.x + segment.x1.round());
                sheet.fill(Rect::from_min_max(pos2(x0, top), pos2(x1, bottom)), (true, true), colour);
            }
        }
    });
}

/// Fills `ranges`: a selection, or what a drag would mark. `newlines`: shows where a range goes on in the next line.
pub(super) fn stretch(
    sheet: &mut Sheet,
    column: &Column,
    visible: &[Visible],
    place: &Place,
    ranges: &[Range<usize>],
    newlines: bool,
    colour: Color32,
) {
    let mut segments = Vec::new();
    each_line(column, visible, place, |line| {
        let top = place.y + line.visible.top + line.row.top + line.row.above;
        let bottom = place.y + line.visible.top + line.row.bottom;
        for range in ranges {
            line.segments(range, &mut segments);
            for segment in &segments {
                let (x0, x1) = (place.x + segment.x0.round(), place.x + segment.x1.round());
                sheet.fill(Rect::from_min_max(pos2(x0, top), pos2(x1, bottom)), (false, false), colour);
            }
            let block = column.block(line.visible.block);
            let end = line.range.end;
            if newlines && block.ends_line && end == block.range().end && range.start <= end && end < range.end {
                let paragraph = &column.laid(line.visible.block).paragraph;
                let (left, right) = paragraph.extent(line.row);
                let stub = place.px(6.0);
                let x0 = place.x + if paragraph.rtl { left.round() - stub } else { right.round() };
                sheet.fill(Rect::from_min_max(pos2(x0, top), pos2(x0 + stub, bottom)), (false, false), colour);
            }
        }
    });
}

fn touching<'a>(marks: &'a [Mark], range: &Range<usize>) -> impl Iterator<Item = &'a Mark> + use<'a> {
    let range = range.clone();
    marks.iter().filter(move |mark| {
        let extent = mark.extent();
        extent.start < range.end && range.start < extent.end
    })
}

/// A label's name beside the first visible row of each mark that is selected or hovered.
pub(super) struct Tag {
    /// Where there is no room: only the bar.
    piece: Option<Piece>,
    colour: Color32,
    pub rect: Rect,
}

/// Points: height, text size, the bar at its left, from there to the text, and the least distances kept.
const TAG_HEIGHT: f32 = 20.0;
const TAG_SIZE: f32 = 12.0;
const TAG_BAR: f32 = 3.0;
const TAG_INSET: f32 = 10.0;
const TAG_PAD: f32 = 8.0;
const TAG_NARROWEST: f32 = 40.0;

pub(super) fn tags(
    column: &Column,
    visible: &[Visible],
    place: &Place,
    marks: &[Mark],
    arrows: &Drawn,
    reading: &mut Reading,
) -> Vec<Tag> {
    let mut wanted: Vec<&Mark> =
        marks.iter().filter(|mark| (mark.selected || mark.hovered) && !mark.tag.is_empty()).collect();
    wanted.sort_by_key(|mark| !mark.selected);
    let right = place.x - place.px(10.0).max(arrows.left + place.px(5.0));
    let room = right - place.left - place.px(6.0);
    let mut tags: Vec<Tag> = Vec::new();
    for mark in wanted {
        let mut base = None;
        each_line(column, visible, place, |line| {
            let touches = mark.ranges.iter().any(|range| range.start < line.range.end && line.range.start < range.end);
            if touches && base.is_none() {
                base = Some(line.base);
            }
        });
        let Some(base) = base else { continue };
        let height = place.px(TAG_HEIGHT);
        let inner = room - place.px(TAG_INSET + TAG_PAD);
        let style = Style { size: TAG_SIZE * place.scale, line_height: height, width: inner, serif: false };
        let piece = (room >= place.px(TAG_NARROWEST)).then(|| Piece::line(&mark.tag, style, reading));
        let text = |piece: &Piece| piece.width().ceil() + place.px(TAG_INSET + TAG_PAD);
        let width = piece.as_ref().map_or(place.px(TAG_BAR), text);
        let mut top = base - place.px(15.0);
        let others = || arrows.names().filter(|name| name.left() < right).chain(tags.iter().map(|tag| tag.rect));
        while let Some(other) = others().find(|other| other.top() < top + height && top < other.bottom()) {
            top = other.bottom() + place.px(2.0);
        }
        let rect = Rect::from_min_max(pos2(right - width, top), pos2(right, top + height));
        tags.push(Tag { piece, colour: mark.colour, rect });
    }
    tags
}

impl Tag {
    pub fn ink(&mut self, reading: &mut Reading) {
        if let Some(piece) = &mut self.piece {
            piece.ink(&mut reading.atlas, &reading.shaper);
        }
    }

    pub fn paint(&self, sheet: &mut Sheet, place: &Place, theme: &Theme) {
        let Rect { min, max } = self.rect;
        sheet.fill(self.rect, (true, true), self.colour.gamma_multiply(theme.fill));
        sheet.rect(min.x, min.y, min.x + place.px(TAG_BAR), max.y, self.colour);
        if let Some(piece) = &self.piece {
            piece.paint(sheet, min.x + place.px(TAG_INSET), min.y, theme.text);
        }
    }
}
