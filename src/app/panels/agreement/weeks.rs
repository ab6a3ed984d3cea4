//! Agreement week by week, with its interval.

use egui::epaint::Mesh;
use egui::{Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::super::super::dialogs::form;
use super::super::super::work::Draw;
use super::super::super::{fonts, parts};
use super::{AgreementView, section, told};
use crate::agreement::Row;
use crate::session::agreement::Comparison;

const HEIGHT: f32 = 150.0;
/// Room of the scale at the left and of the weeks below.
const SCALE: f32 = 36.0;
const WEEKS: f32 = 22.0;

pub fn show(ui: &mut Ui, draw: &Draw<'_>, view: &AgreementView, found: &Comparison) {
    let theme = draw.theme;
    let id = view.measure().id();
    let row = |rows: &'_ [Row]| rows.iter().find(|row| row.measure == id).cloned();
    let weeks: Vec<(&str, Row)> =
        found.drift.iter().filter_map(|part| Some((part.name.as_str(), row(&part.rows)?))).collect();
    section(ui, "Week by week", "By when a document was changed last; the band is the interval", theme);
    if weeks.len() < 2 {
        return form::small(ui, "All was finished in one week: there is no course to show yet", theme.secondary);
    }
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    response.widget_info(|| {
        let words: Vec<String> = weeks.iter().map(|(week, row)| format!("{week}: {}", told(row))).collect();
        WidgetInfo::labeled(Role::Image, true, words.join("; "))
    });
    let plot = Rect::from_min_max(rect.min + vec2(SCALE, 8.0), rect.max - vec2(8.0, WEEKS));
    let painter = ui.painter();
    for part in [0.0_f32, 0.5, 1.0] {
        let y = plot.bottom() - part * plot.height();
        painter.hline(plot.x_range(), y.round() + 0.5, Stroke::new(1.0, theme.hairline));
        parts::text(ui, pos2(rect.left(), y), &format!("{part:.1}"), fonts::regular(11.0), theme.secondary, SCALE);
    }
    let step = plot.width() / weeks.len() as f32;
    let at = |index: usize, value: f64| -> Pos2 {
        pos2(plot.left() + (index as f32 + 0.5) * step, plot.bottom() - value.clamp(0.0, 1.0) as f32 * plot.height())
    };
    let mut band = Mesh::default();
    let colour = theme.accent.gamma_multiply(0.2);
    for (index, pair) in weeks.windows(2).enumerate() {
        if let (Some((low, high)), Some((next_low, next_high))) = (pair[0].1.interval, pair[1].1.interval) {
            let first = band.vertices.len() as u32;
            for point in [at(index, low), at(index, high), at(index + 1, next_high), at(index + 1, next_low)] {
                band.colored_vertex(point, colour);
            }
            band.add_triangle(first, first + 1, first + 2);
            band.add_triangle(first, first + 2, first + 3);
        }
        if let (Ok(value), Ok(next)) = (&pair[0].1.value, &pair[1].1.value) {
            painter.line_segment([at(index, *value), at(index + 1, *next)], Stroke::new(2.0, theme.accent));
        }
    }
    painter.add(Shape::mesh(band));
    // Where there are many weeks, some names are left out.
    let every = (64.0 / step).ceil().max(1.0) as usize;
    for (index, (week, row)) in weeks.iter().enumerate() {
        if let Ok(value) = row.value {
            painter.circle_filled(at(index, value), 3.5, theme.accent);
        }
        if index % every == 0 {
            let galley = parts::line(ui, week, fonts::regular(11.0), theme.secondary, 72.0);
            let left = at(index, 0.0).x - galley.size().x / 2.0;
            parts::put(painter, pos2(left, rect.bottom() - 8.0), galley);
        }
        let column =
            Rect::from_x_y_ranges(at(index, 0.0).x - step / 2.0..=at(index, 0.0).x + step / 2.0, plot.y_range());
        ui.interact(column, ui.scope_id().with(("week", index)), Sense::hover())
            .on_hover_text(format!("{week}: {}", told(row)));
    }
}
