//! What one annotator called what the other called otherwise: labels by labels, with "nothing" for what only one marked.

use egui::{CornerRadius, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::super::dialogs::form;
use super::super::super::work::Draw;
use super::super::super::{fonts, parts};
use super::{AgreementView, differences, section};
use crate::agreement::Confusion;
use crate::schema::LabelId;
use crate::session::agreement::Comparison;
use crate::session::reviewing::Filter;
use crate::text::wording::{counted, thousands};

const CELL: f32 = 32.0;
const WIDE: f32 = 88.0;
const NARROW: f32 = 52.0;
const NAMES: f32 = 130.0;
/// Of more annotators, pairs are chosen from a row of names.
const NOTHING: &str = "nothing";

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut AgreementView, found: &Comparison) {
    let theme = draw.theme;
    let who = &found.parameters.annotators;
    section(ui, "Labels against labels", "Spans of the same place; a cell opens the differences in it", theme);
    if who.len() > 2 {
        pairs(ui, draw, view, who);
    }
    let (ours, theirs) = view.pair;
    let confusion = view.confusion.get_or_insert_with(|| Confusion::of(&found.corpus, ours, theirs));
    let size = confusion.labels.len() + 1;
    let count = |row: usize, column: usize| confusion.cell(row, column).len();
    // A label that neither of them used would be an empty row and column.
    let used: Vec<usize> =
        (0..size).filter(|at| (0..size).any(|other| count(*at, other) + count(other, *at) > 0)).collect();
    if used.is_empty() {
        return form::small(ui, "Neither of them marked anything", theme.secondary);
    }
    let name = |at: usize| -> String {
        let Some(label) = confusion.labels.get(at) else { return NOTHING.to_owned() };
        parts::name(&draw.session.schema, &LabelId::from(label.as_str())).to_owned()
    };
    let words = format!("Rows: {}.  Columns: {}", who[ours], who[theirs]);
    form::small(ui, &words, theme.secondary);
    let width = ((ui.available_width() - NAMES) / used.len() as f32).clamp(NARROW, WIDE);
    let whole = vec2(NAMES + width * used.len() as f32, CELL * (used.len() as f32 + 1.0));
    let mut opened = None;
    egui::ScrollArea::horizontal().id_salt("confusion").auto_shrink([false, true]).show(ui, |ui| {
        let (rect, _) = ui.allocate_exact_size(whole, Sense::hover());
        for (place, column) in used.iter().enumerate() {
            let galley = parts::line(ui, &name(*column), fonts::medium(12.0), theme.secondary, width - 6.0);
            let middle = rect.left() + NAMES + (place as f32 + 0.5) * width;
            parts::put(ui.painter(), pos2(middle - galley.size().x / 2.0, rect.top() + CELL / 2.0), galley);
        }
        for (line, row) in used.iter().enumerate() {
            let top = rect.top() + (line as f32 + 1.0) * CELL;
            let at = pos2(rect.left(), top + CELL / 2.0);
            parts::text(ui, at, &name(*row), fonts::medium(13.0), theme.text, NAMES - 12.0);
            let total: usize = used.iter().map(|column| count(*row, *column)).sum();
            for (place, column) in used.iter().enumerate() {
                let corner = pos2(rect.left() + NAMES + place as f32 * width, top);
                let cell = Rect::from_min_size(corner, vec2(width, CELL)).shrink(1.5);
                let cases = count(*row, *column);
                if *row == size - 1 && row == column {
                    continue;
                }
                let share = cases as f32 / total.max(1) as f32;
                let colour = if row == column { theme.accent } else { theme.error };
                let strength = if cases == 0 { 0.0 } else { 0.06 + 0.3 * share.sqrt() };
                ui.painter().rect_filled(cell, CornerRadius::same(4), theme.hover);
                ui.painter().rect_filled(cell, CornerRadius::same(4), colour.gamma_multiply(strength));
                let shade = if cases == 0 { theme.tertiary } else { theme.text };
                let galley = parts::line(ui, &thousands(cases as u64), fonts::medium(12.5), shade, width);
                parts::put(ui.painter(), pos2(cell.center().x - galley.size().x / 2.0, cell.center().y), galley);
                if cases == 0 || row == column {
                    continue;
                }
                let response = ui.interact(cell, ui.scope_id().with(("confused", *row, *column)), Sense::click());
                if response.hovered() || response.has_focus() {
                    parts::ring(ui.painter(), cell, theme);
                }
                parts::follow(&response);
                let about = format!(
                    "{}: {}, {}: {} – {}",
                    who[ours],
                    name(*row),
                    who[theirs],
                    name(*column),
                    counted(cases as u64, "span", "spans")
                );
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &about));
                if response.clicked() {
                    opened = Some((*row, *column));
                }
                response.on_hover_text(format!("{about}\nOpen the differences"));
            }
        }
    });
    if let Some((row, column)) = opened {
        // A difference of labels goes by what the first of the two said.
        let told = if row == size - 1 { column } else { row };
        let label = confusion.labels.get(told).map(|label| LabelId::from(label.as_str()));
        let kind = if row == size - 1 || column == size - 1 { "missing" } else { "label" };
        let filter = Filter { label, kind: Some(kind.to_owned()), ..Filter::default() };
        differences(draw, &[who[ours].clone(), who[theirs].clone()], filter);
    }
}

/// Whose labels are held against each other.
fn pairs(ui: &mut Ui, draw: &Draw<'_>, view: &mut AgreementView, who: &[String]) {
    let names: Vec<&str> = who.iter().map(String::as_str).collect();
    let (mut ours, mut theirs) = view.pair;
    for (side, what) in [(&mut ours, "Rows"), (&mut theirs, "Columns")] {
        let chosen = form::row(ui, what, draw.theme, |ui| form::segments(ui, *side, &names, draw.theme));
        if let Some(chosen) = chosen {
            *side = chosen;
        }
    }
    if ours != theirs && (ours, theirs) != view.pair {
        view.pair = (ours, theirs);
        view.confusion = None;
    }
}
