//! [`Rows`]: rows of one height that scroll by whole numbers, with a cursor and a bar, so that a million of them cost what thirty do.

use egui::{CornerRadius, Id, Rect, Response, Sense, Ui, pos2, vec2};

use super::super::parts::ROW;
use super::super::theme::Theme;

/// Scroll place and cursor.
#[derive(Debug, Default)]
pub struct Rows {
    /// The row at the top and how much of it is past, in points; f32 alone would lose rows after the first million points.
    pub top: usize,
    pub past: f32,
    /// The row that arrow keys move.
    pub cursor: usize,
    /// Rows that were visible in the last frame.
    pub visible: usize,
    /// Where on the thumb the bar is held.
    held: Option<f32>,
}

impl Rows {
    pub fn scroll(&mut self, ui: &Ui, response: &Response, height: f32, count: usize) {
        if !ui.rect_contains_pointer(response.rect) {
            return;
        }
        let by = -ui.input(|input| input.smooth_scroll_delta().y);
        if by != 0.0 {
            self.by(by);
            self.clamp(height, count);
        }
    }

    fn by(&mut self, points: f32) {
        let past = self.past + points;
        let rows = (past / ROW).floor();
        self.past = past - rows * ROW;
        let top = self.top.saturating_add_signed(rows as isize);
        if rows < 0.0 && self.top < (-rows) as usize {
            self.past = 0.0;
        }
        self.top = top;
    }

    pub fn clamp(&mut self, height: f32, count: usize) {
        let fit = height / ROW;
        let most = count as f64 - f64::from(fit);
        let place = self.top as f64 + f64::from(self.past / ROW);
        if most <= 0.0 {
            (self.top, self.past) = (0, 0.0);
        } else if place > most {
            self.top = most.floor() as usize;
            self.past = (most.fract() * f64::from(ROW)) as f32;
        }
        self.cursor = self.cursor.min(count.saturating_sub(1));
    }

    /// Scrolls as little as shows the row with one beside it.
    pub fn show(&mut self, row: usize, height: f32) {
        let fit = (height / ROW).floor().max(1.0) as usize;
        if row <= self.top {
            (self.top, self.past) = (row.saturating_sub(1), 0.0);
        } else if row + 1 >= self.top + fit {
            (self.top, self.past) = ((row + 2).saturating_sub(fit), 0.0);
        }
    }

    pub fn bar(&mut self, ui: &Ui, id: Id, rect: Rect, count: usize, theme: &Theme) {
        let height = rect.height();
        let total = count as f64 * f64::from(ROW);
        if total <= f64::from(height) {
            return;
        }
        let length = (f64::from(height) / total * f64::from(height)).max(28.0) as f32;
        let place = (self.top as f64 * f64::from(ROW) + f64::from(self.past)) / (total - f64::from(height));
        let y = rect.top() + place.clamp(0.0, 1.0) as f32 * (height - length);
        let track = Rect::from_min_max(pos2(rect.right() - 4.0, rect.top()), pos2(rect.right() + 7.0, rect.bottom()));
        let response = ui.interact(track, id.with("bar"), Sense::drag());
        if let Some(pos) = response.interact_pointer_pos() {
            let held =
                *self.held.get_or_insert(if (y..y + length).contains(&pos.y) { pos.y - y } else { length / 2.0 });
            let part = f64::from(((pos.y - held - rect.top()) / (height - length)).clamp(0.0, 1.0));
            let row = part * (total - f64::from(height)) / f64::from(ROW);
            (self.top, self.past) = (row.floor() as usize, (row.fract() * f64::from(ROW)) as f32);
        } else {
            self.held = None;
        }
        if response.hovered() || response.dragged() || ui.rect_contains_pointer(rect) {
            let thumb = Rect::from_min_size(pos2(rect.right() + 1.0, y), vec2(4.0, length));
            ui.painter().rect_filled(thumb, CornerRadius::same(2), theme.tertiary.gamma_multiply(0.5));
        }
    }
}
