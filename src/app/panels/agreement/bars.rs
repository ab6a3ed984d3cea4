//! A number as a place between 0 and 1, with its interval: one row of labels or documents.

use egui::{Color32, CornerRadius, Rect, Response, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::super::super::theme::Theme;
use super::super::super::{fonts, parts};
use super::{figure, told};
use crate::agreement::Row;
use crate::text::wording::thousands;

/// Height of a row.
const ROW: f32 = 30.0;
/// Room of the number and of what it is made of.
const NUMBER: f32 = 56.0;
const COUNT: f32 = 76.0;
/// The track is at least so wide, or there is none.
const TRACK: f32 = 90.0;

/// What stands before the number.
pub enum Name<'a> {
    Label(&'a str, Color32),
    Words(&'a str),
}

/// One row; it can be clicked.
pub fn row(ui: &mut Ui, name: &Name<'_>, row: &Row, theme: &Theme) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    parts::back(ui, rect.expand2(vec2(8.0, 0.0)), &response, false, theme);
    let names = (rect.width() * 0.34).max(100.0);
    let words = match name {
        Name::Label(words, colour) => {
            parts::chip(ui, rect.left_center(), words, *colour, names - 12.0, theme);
            words
        }
        Name::Words(words) => {
            parts::text(ui, rect.left_center(), words, fonts::regular(13.0), theme.text, names - 12.0);
            words
        }
    };
    let number = Rect::from_min_size(rect.min + vec2(names, 0.0), vec2(NUMBER, ROW));
    let colour = if row.value.is_ok() { theme.text } else { theme.secondary };
    parts::text(ui, number.left_center(), &figure(row), fonts::medium(13.0), colour, NUMBER);
    let count = parts::line(ui, &thousands(row.n.round() as u64), fonts::regular(12.0), theme.secondary, COUNT);
    parts::put(ui.painter(), pos2(rect.right() - count.size().x, rect.center().y), count);
    let track = Rect::from_x_y_ranges(number.right()..=rect.right() - COUNT, rect.y_range());
    if track.width() >= TRACK {
        place(ui, track, row, theme);
    }
    let about = format!("{words}: {}", told(row));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &about));
    response.on_hover_text(format!("{about}\nOpen the differences"))
}

/// The interval as a bar and the value as a line on a track from 0 to 1.
fn place(ui: &Ui, track: Rect, row: &Row, theme: &Theme) {
    let middle = track.center().y;
    let at = |value: f64| track.left() + value.clamp(0.0, 1.0) as f32 * track.width();
    let painter = ui.painter();
    painter.hline(track.x_range(), middle.round() + 0.5, Stroke::new(1.0, theme.hairline));
    if let Some((low, high)) = row.interval {
        let bar = Rect::from_x_y_ranges(at(low)..=at(high).max(at(low) + 2.0), middle - 4.0..=middle + 4.0);
        painter.rect_filled(bar, CornerRadius::same(2), theme.accent.gamma_multiply(0.3));
    }
    if let Ok(value) = row.value {
        let line = Rect::from_center_size(pos2(at(value), middle), vec2(3.0, 14.0));
        painter.rect_filled(line, CornerRadius::same(1), theme.accent);
    }
}
