//! The sign that a label is armed: every drag marks with it until Esc. At the foot of the page, so that nothing on it moves.

use egui::{CornerRadius, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::super::work::Draw;
use super::super::{fonts, parts, style};

pub fn show(ui: &Ui, draw: &Draw<'_>, page: Rect) {
    let Some(label) = draw.session.armed() else { return };
    let theme = draw.theme;
    let name = parts::name(&draw.session.schema, label);
    let colour = parts::colour(&draw.session.schema, label, theme);
    let words = parts::line(ui, "marks every drag", fonts::regular(12.0), theme.secondary, 160.0);
    let chip = parts::line(ui, name, fonts::medium(12.5), theme.text, 140.0).size().x + 20.0;
    let escape = parts::line(ui, "Esc", fonts::medium(11.0), theme.secondary, 60.0).size().x + 9.0;
    let size = vec2(chip + words.size().x + escape + 36.0, 32.0);
    let rect = Rect::from_min_size(pos2(page.right() - size.x - 20.0, page.bottom() - size.y - 12.0), size);
    let (fill, edge) = (style::raised(theme), Stroke::new(1.0, theme.hairline));
    ui.painter().rect(rect, CornerRadius::same(8), fill, edge, StrokeKind::Inside);
    let chip = parts::chip(ui, rect.left_center() + vec2(8.0, 0.0), name, colour, 160.0, theme);
    parts::put(ui.painter(), pos2(chip.right() + 8.0, rect.center().y), words);
    parts::cap(ui, rect.right_center() - vec2(8.0, 0.0), "Esc", theme);
    let response = ui.interact(rect, ui.scope_id().with("armed"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, format!("{name} marks every drag")));
}
