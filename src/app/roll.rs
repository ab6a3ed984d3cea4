//! [`Roll`]: a list that scrolls by whole rows and a rest in points, so that a million rows cost what thirty do and none is lost to
//! rounding; and the cursor that keys move in it.

use egui::{CornerRadius, Rect, Ui, pos2, vec2};

use super::theme::Theme;
use crate::session::keymap::{Chord, Key};

/// Scroll place and cursor of a list whose rows are all as high as each other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Roll {
    top: usize,
    /// How much of the row at the top is past, in points.
    past: f32,
    pub cursor: usize,
    /// Rows that had room in the last frame.
    fit: usize,
}

impl Roll {
    /// Moves the cursor; `false` where the key is not one for it.
    pub fn key(&mut self, chord: Chord, count: usize) -> bool {
        if chord.ctrl || chord.alt || chord.shift {
            return false;
        }
        let page = self.fit.max(2) - 1;
        let to = match chord.key {
            Key::Up => self.cursor.saturating_sub(1),
            Key::Down => self.cursor + 1,
            Key::PageUp => self.cursor.saturating_sub(page),
            Key::PageDown => self.cursor + page,
            Key::Home => 0,
            Key::End => usize::MAX,
            _ => return false,
        };
        self.go(to, count);
        true
    }

    /// Puts the cursor on a row and scrolls as little as shows it with one beside it.
    pub fn go(&mut self, row: usize, count: usize) {
        self.cursor = row.min(count.saturating_sub(1));
        let fit = self.fit.max(3);
        if self.cursor <= self.top {
            (self.top, self.past) = (self.cursor.saturating_sub(1), 0.0);
        } else if self.cursor + 1 >= self.top + fit {
            (self.top, self.past) = ((self.cursor + 2).saturating_sub(fit), 0.0);
        }
    }

    /// Takes the wheel, and gives the rows that are seen in `rect` with their places.
    pub fn rows(&mut self, ui: &Ui, rect: Rect, height: f32, count: usize) -> Vec<(usize, Rect)> {
        self.fit = (rect.height() / height).floor().max(1.0) as usize;
        if ui.rect_contains_pointer(rect) {
            let wheel = ui.input(|input| input.smooth_scroll_delta().y);
            self.by(if wheel.is_finite() { -wheel } else { 0.0 }, height);
        }
        let most = count as f64 - f64::from(rect.height() / height);
        if most <= 0.0 {
            (self.top, self.past) = (0, 0.0);
        } else if self.top as f64 + f64::from(self.past / height) > most {
            (self.top, self.past) = (most.floor() as usize, (most.fract() * f64::from(height)) as f32);
        }
        self.cursor = self.cursor.min(count.saturating_sub(1));
        let place = |row: usize| {
            let y = rect.top() - self.past + (row - self.top) as f32 * height;
            Rect::from_min_size(pos2(rect.left(), y), vec2(rect.width(), height))
        };
        (self.top..(self.top + self.fit + 2).min(count)).map(|row| (row, place(row))).collect()
    }

    fn by(&mut self, points: f32, height: f32) {
        let past = self.past + points;
        let rows = (past / height).floor();
        let short = rows < 0.0 && self.top < (-rows) as usize;
        self.top = self.top.saturating_add_signed(rows as isize);
        self.past = if short { 0.0 } else { past - rows * height };
    }

    /// Where the list is, as a thumb at its right edge. Nothing where all of it is seen.
    pub fn bar(&self, ui: &Ui, rect: Rect, height: f32, count: usize, theme: &Theme) {
        let total = count as f64 * f64::from(height);
        let seen = f64::from(rect.height());
        if total <= seen {
            return;
        }
        let length = (seen / total * seen).max(28.0) as f32;
        let place = (self.top as f64 * f64::from(height) + f64::from(self.past)) / (total - seen);
        let y = rect.top() + place.clamp(0.0, 1.0) as f32 * (rect.height() - length);
        let thumb = Rect::from_min_size(pos2(rect.right() - 5.0, y), vec2(4.0, length));
        ui.painter().rect_filled(thumb, CornerRadius::same(2), theme.tertiary.gamma_multiply(0.5));
    }
}
