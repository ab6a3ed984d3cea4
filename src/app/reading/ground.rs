//! [`Rows`]: what arrows have to go around: the letters of every row on the screen, and the lines under them.

use std::ops::Range;

use egui::{Rect, pos2, vec2};

use super::column::Column;
use super::point::Segment;
use super::ranks::Lanes;
use super::route::{End, Foot, Frame, Gap, Ground};
use super::scroll::Visible;
use super::spans::{Line, Place, each_line};
use super::{Arrow, Mark, shorts, spans};

/// The rows on the screen and what stands in them.
pub(super) struct Rows<'a> {
    column: &'a Column,
    place: &'a Place,
    seen: Vec<Line<'a>>,
    /// For each row: where the lines of spans end below it, as left, right and lower edge.
    lines: Vec<Vec<(f32, f32, f32)>>,
}

impl<'a> Rows<'a> {
    pub fn find(column: &'a Column, visible: &[Visible], place: &'a Place, marks: &[Mark]) -> Self {
        let mut rows = Vec::new();
        each_line(column, visible, place, |line| rows.push(line.clone()));
        let mut segments = Vec::new();
        let mut below = |line: &Line<'_>| {
            let mut out = Vec::new();
            let lanes = Lanes::of(marks, &line.range);
            for mark in marks.iter().filter(|mark| !mark.above) {
                let own = if mark.selected { spans::outlined(mark, place) } else { place.px(2.0) };
                let lower = lanes.line(place, line.base, mark) + own + 1.5 * place.scale;
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
    pub fn ends(&self, arrow: &Arrow, frame: &Frame) -> (End, End) {
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
