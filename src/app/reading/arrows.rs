//! Draws [`Arrow`]s: finds where their ends are on the screen and what they have to go around; [`super::route`] finds the way.

use std::ops::Range;

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

use super::column::Column;
use super::layout::Style;
use super::paint::Sheet;
use super::piece::Piece;
use super::point::Segment;
use super::route::{self, End, Foot, Frame, Gap, Ground, Margin, Route};
use super::scroll::Visible;
use super::spans::{Line, Place, each_line};
use super::{Arrow, Mark, Reading, shorts, spans};
use crate::app::theme::Theme;

/// Arrows of this frame with their ways, and the names beside them.
#[derive(Default)]
pub(super) struct Drawn {
    arrows: Vec<(Route, Color32, bool)>,
    names: Vec<Name>,
    scale: f32,
    /// How far they reach into the left margin, in pixels: tags keep clear of it.
    pub left: f32,
}

struct Name {
    piece: Piece,
    colour: Color32,
    rect: Rect,
}

/// Points: strokes, the dot at the start, half the width of a head, letters and height of names, their distance, and the least room.
const STROKE: f32 = 1.25;
const DOT: f32 = 2.25;
const HALF: f32 = 2.8;
const NAME_SIZE: f32 = 11.5;
const NAME_HEIGHT: f32 = 16.0;
const NAME_GAP: f32 = 5.0;
const NAME_NARROWEST: f32 = 22.0;

/// Finds every way. The letters of what is visible must have been found before.
pub(super) fn find(
    column: &Column,
    visible: &[Visible],
    place: &Place,
    marks: &[Mark],
    arrows: &[Arrow],
    room: Range<f32>,
    reading: &mut Reading,
) -> Drawn {
    let mut drawn = Drawn { scale: place.scale, ..Drawn::default() };
    if arrows.is_empty() {
        return drawn;
    }
    let ground = Rows::find(column, visible, place, marks);
    let margin = place.px(8.0);
    let frame = Frame {
        left: place.x,
        right: place.x + place.width,
        top: place.y + margin,
        bottom: place.y + place.height - margin,
        scale: place.scale,
    };
    let ends: Vec<_> = arrows.iter().map(|arrow| ground.ends(arrow, &frame)).collect();
    let routes = route::routes(&ends, &frame, &ground);
    let reach = |edge| route::width(&routes, edge, &frame);
    let (left, right) = (reach(Margin::Left), reach(Margin::Right));
    drawn.left = left;
    // The name stands where an arrow comes from or goes to that the others do not.
    let fans_out = arrows.iter().all(|arrow| arrow.from == arrows[0].from);
    let fans_in = arrows.iter().all(|arrow| arrow.to == arrows[0].to);
    for (arrow, route) in arrows.iter().zip(routes) {
        let Some(route) = route else { continue };
        let gap = place.px(NAME_GAP);
        let (edge, free) = match route.side {
            Margin::Left => (frame.left - left - gap, frame.left - left - gap - room.start),
            Margin::Right => (frame.right + right + gap, room.end - frame.right - right - gap),
        };
        if !arrow.name.is_empty() && free >= place.px(NAME_NARROWEST) {
            let height = place.px(NAME_HEIGHT);
            let style = Style { size: NAME_SIZE * place.scale, line_height: height, width: free, serif: false };
            let piece = Piece::line(&arrow.name, style, reading);
            let x = if route.side == Margin::Left { edge - piece.width().ceil() } else { edge };
            let size = vec2(piece.width().ceil(), height);
            let (start, end) = route.heights;
            let wish = match (fans_out, fans_in) {
                (true, false) => end,
                (false, true) => start,
                _ => f32::midpoint(start, end),
            };
            let (top, bottom) = (frame.top, (frame.bottom - height).max(frame.top));
            let mut at = pos2(x.round(), (wish - height / 2.0).round().clamp(top, bottom));
            while let Some(other) = drawn.names.iter().find(|name| name.rect.intersects(Rect::from_min_size(at, size)))
            {
                at.y = other.rect.bottom() + 1.0;
            }
            drawn.names.push(Name { piece, colour: arrow.colour, rect: Rect::from_min_size(at, size) });
        }
        drawn.arrows.push((route, arrow.colour, arrow.dashed));
    }
    drawn
}

impl Drawn {
    pub fn ink(&mut self, reading: &mut Reading) {
        for name in &mut self.names {
            name.piece.ink(&mut reading.atlas, &reading.shaper);
        }
    }

    /// Where the names stand in the margins, in pixels.
    pub fn names(&self) -> impl Iterator<Item = Rect> {
        self.names.iter().map(|name| name.rect)
    }

    /// What of the left margin they take that line numbers would stand in, in pixels.
    pub fn beside(&self, place: &Place) -> impl Iterator<Item = Rect> {
        let (text, numbers) = (place.x, place.x - place.px(12.0));
        let ways = self.arrows.iter().map(|(route, ..)| Rect::from_points(&route.points));
        self.names().filter(move |name| name.left() < text).chain(ways.filter(move |way| way.left() < numbers))
    }

    pub fn paint_names(&self, sheet: &mut Sheet) {
        for name in &self.names {
            name.piece.paint(sheet, name.rect.left(), name.rect.top(), name.colour);
        }
    }

    /// Lines and heads, in points.
    pub fn paint(&self, painter: &Painter) {
        let scale = self.scale;
        for (route, colour, dashed) in &self.arrows {
            let stroke = Stroke::new(STROKE, *colour);
            let mut points: Vec<Pos2> = route.points.iter().map(|point| *point / scale).collect();
            let head = head(&points, route.head / scale);
            if let Some([_, a, b]) = head
                && let Some(last) = points.last_mut()
            {
                *last = a.lerp(b, 0.5);
            }
            if route.starts {
                painter.circle_filled(points[0], DOT, *colour);
            }
            if *dashed {
                painter.extend(Shape::dashed_line(&points, stroke, 4.0, 3.0));
            } else {
                painter.add(Shape::line(points, stroke));
            }
            painter.extend(head.map(|head| Shape::convex_polygon(head.to_vec(), *colour, Stroke::NONE)));
        }
    }

    /// The ways as they are drawn, in points.
    pub fn ways(&self) -> Vec<Vec<Pos2>> {
        self.arrows.iter().map(|(route, ..)| route.points.iter().map(|point| *point / self.scale).collect()).collect()
    }
}

/// The tip of an arrow and the two corners behind it.
fn head(points: &[Pos2], height: f32) -> Option<[Pos2; 3]> {
    let tip = *points.last()?;
    let before = points.iter().rev().find(|point| point.distance(tip) > 0.5)?;
    let along = (tip - *before).normalized();
    let back = tip - along * height;
    let across = vec2(-along.y, along.x) * HALF;
    Some([tip, back + across, back - across])
}

/// The handle of a mark, from which an arrow can be drawn. `at` in points.
pub(super) fn handle(painter: &Painter, at: Pos2, theme: &Theme) {
    painter.circle(at, 4.0, theme.page, Stroke::new(1.5, theme.accent));
    painter.circle_filled(at, 1.5, theme.accent);
}

/// The rows on the screen and what stands in them.
struct Rows<'a> {
    column: &'a Column,
    place: &'a Place,
    seen: Vec<Line<'a>>,
    /// For each row: where the lines of spans end below it, as left, right and lower edge.
    lines: Vec<Vec<(f32, f32, f32)>>,
}

impl<'a> Rows<'a> {
    fn find(column: &'a Column, visible: &[Visible], place: &'a Place, marks: &[Mark]) -> Self {
        let mut rows = Vec::new();
        each_line(column, visible, place, |line| rows.push(line.clone()));
        let mut segments = Vec::new();
        let mut below = |line: &Line<'_>| {
            let mut out = Vec::new();
            for mark in marks {
                let own = if mark.selected { spans::outlined(mark, place) } else { place.px(2.0) };
                let lower = place.lane(line.base, mark.lane) + own + place.px(1.0);
                for range in &mark.ranges {
                    line.segments(range, &mut segments);
                    out.extend(segments.iter().map(|segment| (place.x + segment.x0, place.x + segment.x1, lower)));
                }
            }
            let shorts = shorts::lower_edge(line, place, marks);
            out.extend(shorts.map(|lower| (place.x, place.x + place.width, lower)));
            out
        };
        let lines = rows.iter().map(&mut below).collect();
        Self { column, place, seen: rows, lines }
    }

    fn top(&self, row: usize) -> f32 {
        self.place.y + self.seen[row].visible.top + self.seen[row].row.top
    }

    /// Upper and lower edge of the letters of a row between two places.
    fn letters(&self, row: usize, x0: f32, x1: f32) -> Option<(f32, f32)> {
        let boxes =
            inked(self.column, self.place, &self.seen[row]).filter(|rect| rect.left() < x1 && x0 < rect.right());
        boxes.map(|rect| (rect.top(), rect.bottom())).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// Whether a row can be pointed at: it is on the screen with the gap above it.
    fn is_seen(&self, row: usize, frame: &Frame) -> bool {
        let top = self.top(row);
        top > frame.top && top + self.place.px(20.0) < frame.bottom
    }

    /// In which rows the stretches stand; else on which side of the screen.
    fn feet(&self, ranges: &[Range<usize>], frame: &Frame) -> Result<Vec<Foot>, End> {
        let mut feet = Vec::new();
        let mut segments: Vec<Segment> = Vec::new();
        for (row, line) in self.seen.iter().enumerate().filter(|(row, _)| self.is_seen(*row, frame)) {
            for range in ranges {
                line.segments(range, &mut segments);
                let foot =
                    |segment: &Segment| Foot { row, x0: self.place.x + segment.x0, x1: self.place.x + segment.x1 };
                feet.extend(segments.iter().map(foot));
            }
        }
        let first = self.seen.iter().enumerate().find(|(row, _)| self.is_seen(*row, frame));
        let start = ranges.first().map_or(0, |range| range.start);
        if !feet.is_empty() {
            Ok(feet)
        } else if first.is_none_or(|(_, line)| start < line.range.start) {
            Err(End::Above)
        } else {
            Err(End::Below)
        }
    }

    /// The parts of both spans that are nearest to each other.
    fn ends(&self, arrow: &Arrow, frame: &Frame) -> (End, End) {
        let toward = |feet: &[Foot], end: End| {
            let foot = if end == End::Above { feet.first() } else { feet.last() };
            foot.map_or(end, |foot| End::Seen(*foot))
        };
        match (self.feet(&arrow.from, frame), self.feet(&arrow.to, frame)) {
            (Ok(from), Ok(to)) => {
                let pairs = from.iter().flat_map(|a| to.iter().map(move |b| (a, b)));
                let apart = |(a, b): &(&Foot, &Foot)| {
                    let x = (a.x0 - b.x1).max(b.x0 - a.x1).max(0.0);
                    (a.row.abs_diff(b.row), x as u32)
                };
                pairs.min_by_key(apart).map_or((End::Above, End::Above), |(a, b)| (End::Seen(*a), End::Seen(*b)))
            }
            (Ok(from), Err(end)) => (toward(&from, end), end),
            (Err(end), Ok(to)) => (end, toward(&to, end)),
            (Err(from), Err(to)) => (from, to),
        }
    }
}

impl Ground for Rows<'_> {
    fn gap(&self, row: usize, x0: f32, x1: f32) -> Option<Gap> {
        let around = self.place.px(4.0);
        let (x0, x1) = (x0 - around, x1 + around);
        let best = self.top(row);
        let clear = self.place.px(1.5);
        let mut top = best - self.place.px(7.0);
        let mut bottom = best + self.place.px(5.0);
        if let Some((upper, _)) = self.letters(row, x0, x1) {
            bottom = bottom.min(upper - clear);
        }
        let mut wish = best - self.place.px(2.5);
        if let Some(above) = row.checked_sub(1) {
            if let Some((_, lower)) = self.letters(above, x0, x1) {
                top = top.max(lower + clear);
            }
            // Lines under words may be crossed, but not followed.
            let lines = self.lines[above].iter().filter(|(left, right, _)| *left < x1 && x0 < *right);
            wish = lines.map(|line| line.2).fold(wish, f32::max).min(bottom);
        }
        (bottom >= top).then(|| Gap { top, bottom, best: wish.clamp(top, bottom) })
    }

    fn tip(&self, row: usize, x: f32) -> f32 {
        let around = self.place.px(5.0);
        let nominal = self.top(row) + self.place.px(8.0);
        let letters = self.letters(row, x - around, x + around);
        letters.map_or(nominal, |(upper, _)| nominal.min(upper - self.place.px(1.0)))
    }
}

/// The boxes of all letters of a row, in pixels of the screen.
pub(super) fn inked<'a>(
    column: &'a Column,
    place: &'a Place,
    line: &'a Line<'a>,
) -> impl Iterator<Item = Rect> + use<'a> {
    let quads = &column.laid(line.visible.block).quads;
    let glyphs = line.row.glyphs.start as usize..line.row.glyphs.end as usize;
    let quads = quads.get(glyphs).unwrap_or_default();
    let (x, base) = (place.x, line.base);
    quads.iter().filter(|quad| quad.sprite.width > 0).map(move |quad| {
        let size = vec2(f32::from(quad.sprite.width), f32::from(quad.sprite.height));
        Rect::from_min_size(pos2(x + quad.x as f32, base + quad.y as f32), size)
    })
}
