//! The page's scroll bar: thin, at the right edge, wider under the pointer. Heights are f64: texts may be any length.

use std::ops::Range;

use egui::{CursorIcon, Id, Rect, Sense, Ui, pos2};

use super::column::Column;
use crate::app::theme::Theme;

/// Points: room to point at, bar at rest, bar under the pointer, shortest thumb.
const ROOM: f32 = 12.0;
const THIN: f32 = 4.0;
const WIDE: f32 = 8.0;
const SHORTEST: f32 = 28.0;
/// Height of a tick, in points.
const STEP: f32 = 2.0;

/// From the top of the thumb to where it was taken hold of, in points.
#[derive(Debug, Default)]
pub(super) struct Bar {
    grip: Option<f32>,
}

/// The view within the whole, in pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub top: f64,
    pub view: f64,
    pub total: f64,
}

impl Bar {
    /// Where to scroll to, in pixels, if the pointer asks for it. A click beside the thumb goes there.
    pub fn interact(&mut self, ui: &Ui, id: Id, page: Rect, span: Span) -> Option<f64> {
        let track = track(page);
        if span.total <= span.view + 1.0 {
            self.grip = None;
            return None;
        }
        let response = ui.interact(track, id, Sense::click_and_drag()).on_hover_cursor(CursorIcon::Default);
        let pos = response.interact_pointer_pos();
        let (true, Some(pos)) = (response.is_pointer_button_down_on() || response.dragged(), pos) else {
            self.grip = None;
            return None;
        };
        let thumb = thumb(track, span);
        let grip = *self.grip.get_or_insert_with(|| {
            let inside = thumb.y_range().contains(pos.y);
            if inside { pos.y - thumb.top() } else { thumb.height() / 2.0 }
        });
        let way = f64::from(track.height() - thumb.height()).max(1.0);
        let part = (f64::from(pos.y - grip - track.top()) / way).clamp(0.0, 1.0);
        Some(part * (span.total - span.view))
    }

    pub fn paint(&self, ui: &Ui, page: Rect, span: Span, theme: &Theme) {
        if span.total <= span.view + 1.0 {
            return;
        }
        let track = track(page);
        let pointed = self.grip.is_some() || ui.rect_contains_pointer(track);
        let width = if pointed { WIDE } else { THIN };
        let thumb = thumb(track, span);
        let right = track.right() - 2.0;
        let rect = Rect::from_min_max(pos2(right - width, thumb.top()), pos2(right, thumb.bottom()));
        let colour = if pointed { theme.tertiary } else { theme.tertiary.gamma_multiply(0.45) };
        ui.painter().rect_filled(rect, width / 2.0, colour);
    }
}

/// Where in the whole text something was found: a tick for each pixel beside the bar that has any. `header`: pixels above the text.
pub(super) fn ticks(
    ui: &Ui,
    page: Rect,
    span: Span,
    header: f64,
    column: &Column,
    found: &[Range<usize>],
    theme: &Theme,
) {
    if found.is_empty() || span.total <= span.view + 1.0 {
        return;
    }
    let track = track(page);
    let offset = |y: f32| {
        let down = f64::from((y - track.top()) / track.height()) * span.total - header;
        let (block, below) = column.heights().find(down);
        let range = column.block(block).range();
        let height = (column.heights().top(block + 1) - column.heights().top(block)).max(1.0);
        range.start + (range.len() as f64 * (below / height).clamp(0.0, 1.0)) as usize
    };
    let mut y = track.top();
    let mut from = offset(y);
    while y < track.bottom() {
        let to = offset(y + STEP).max(from);
        let first = found.partition_point(|range| range.start < from);
        if found.get(first).is_some_and(|range| range.start < to) {
            let tick = Rect::from_min_max(pos2(track.right() - 7.0, y), pos2(track.right() - 1.0, y + STEP));
            ui.painter().rect_filled(tick, 0.0, theme.warning);
        }
        (y, from) = (y + STEP, to);
    }
}

fn track(page: Rect) -> Rect {
    Rect::from_min_max(pos2(page.right() - ROOM, page.top() + 2.0), pos2(page.right(), page.bottom() - 2.0))
}

fn thumb(track: Rect, span: Span) -> Rect {
    let height = (track.height() * (span.view / span.total) as f32).max(SHORTEST).min(track.height());
    let part = (span.top / (span.total - span.view)).clamp(0.0, 1.0) as f32;
    let top = track.top() + part * (track.height() - height);
    Rect::from_min_max(pos2(track.left(), top), pos2(track.right(), top + height))
}
