//! Draws [`Arrow`]s and their names. [`super::ground`] knows where their ends are and what they have to go around, [`super::route`] finds
//! the way.

use std::ops::Range;

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};

use super::column::Column;
use super::ground::Rows;
use super::layout::Style;
use super::paint::Sheet;
use super::piece::Piece;
use super::route::{self, Frame, Margin, Route};
use super::scroll::Visible;
use super::spans::Place;
use super::{Arrow, Mark, Reading};
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
