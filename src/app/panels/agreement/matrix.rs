//! Annotators by annotators. A cell opens the differences of the two, and their labels are held against each other below.

use egui::{CornerRadius, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::super::work::Draw;
use super::super::super::{fonts, parts};
use super::{AgreementView, differences, figure, section, told};
use crate::session::agreement::Comparison;
use crate::session::reviewing::Filter;

const CELL: f32 = 34.0;
/// A cell is at most so wide, and at least, where there is room.
const WIDE: f32 = 92.0;
const NARROW: f32 = 46.0;
const NAMES: f32 = 130.0;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut AgreementView, found: &Comparison) {
    let theme = draw.theme;
    section(ui, "Annotators", "Each with each; a cell opens their differences", theme);
    let who = &found.parameters.annotators;
    let matrix = found.matrix(view.measure().id());
    let width = ((ui.available_width() - NAMES) / who.len() as f32).clamp(NARROW, WIDE);
    let size = vec2(NAMES + width * who.len() as f32, CELL * (who.len() as f32 + 1.0));
    let mut opened = None;
    egui::ScrollArea::horizontal().id_salt("annotators").auto_shrink([false, true]).show(ui, |ui| {
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        for (column, name) in who.iter().enumerate() {
            let galley = parts::line(ui, name, fonts::medium(12.5), theme.secondary, width - 8.0);
            let middle = rect.left() + NAMES + (column as f32 + 0.5) * width;
            parts::put(ui.painter(), pos2(middle - galley.size().x / 2.0, rect.top() + CELL / 2.0), galley);
        }
        for (line, row) in matrix.iter().enumerate() {
            let top = rect.top() + (line as f32 + 1.0) * CELL;
            let at = pos2(rect.left(), top + CELL / 2.0);
            parts::text(ui, at, &who[line], fonts::medium(13.0), theme.text, NAMES - 12.0);
            for (column, cell) in row.iter().enumerate() {
                let place =
                    Rect::from_min_size(pos2(rect.left() + NAMES + column as f32 * width, top), vec2(width, CELL))
                        .shrink(1.5);
                let Some(cell) = cell else {
                    ui.painter().rect_filled(place, CornerRadius::same(4), theme.hover);
                    continue;
                };
                let shade = cell.value.as_ref().map_or(0.0, |value| value.clamp(0.0, 1.0) as f32);
                ui.painter().rect_filled(place, CornerRadius::same(4), theme.accent.gamma_multiply(0.05 + 0.3 * shade));
                let response = ui.interact(place, ui.scope_id().with(("pair", line, column)), Sense::click());
                if response.hovered() || response.has_focus() {
                    parts::ring(ui.painter(), place, theme);
                }
                parts::follow(&response);
                let galley = parts::line(ui, &figure(cell), fonts::medium(13.0), theme.text, width);
                parts::put(ui.painter(), pos2(place.center().x - galley.size().x / 2.0, place.center().y), galley);
                let about = format!("{} and {}: {}", who[line], who[column], told(cell));
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &about));
                if response.clicked() {
                    opened = Some((line, column));
                }
                response.on_hover_text(format!("{about}\nOpen the differences"));
            }
        }
    });
    if let Some((one, other)) = opened {
        differences(draw, &[who[one].clone(), who[other].clone()], Filter::default());
    }
}
