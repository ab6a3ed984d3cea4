//! How many spans of each label go out, as quiet bars.

use egui::{CornerRadius, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::super::theme::Theme;
use super::super::super::{fonts, parts};
use crate::schema::{LabelId, Schema};
use crate::text::wording;

/// Draws a row for each label, as they come.
pub fn show(ui: &mut Ui, counts: &[(LabelId, u64)], schema: &Schema, theme: &Theme) {
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1);
    for (label, count) in counts {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), parts::ROW), Sense::hover());
        let name = parts::name(schema, label);
        let colour = parts::colour(schema, label, theme);
        let names = (rect.width() * 0.4).min(180.0);
        parts::chip(ui, rect.left_center(), name, colour, names - 12.0, theme);
        let digits = wording::thousands(*count);
        let galley = parts::line(ui, &digits, fonts::regular(13.0), theme.text, 72.0);
        parts::put(ui.painter(), pos2(rect.right() - galley.size().x, rect.center().y), galley);
        let room = (rect.width() - names - 84.0).max(0.0);
        let length = (room * (*count as f32 / most as f32)).max(2.0);
        let bar = Rect::from_min_size(pos2(rect.left() + names, rect.center().y - 3.0), vec2(length, 6.0));
        ui.painter().rect_filled(bar, CornerRadius::same(3), theme.hairline);
        let spans = wording::counted(*count, "span", "spans");
        response.widget_info(|| WidgetInfo::labeled(Role::Row, true, format!("{name}, {spans}")));
    }
}
