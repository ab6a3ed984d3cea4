//! What a split came to: how much of each label is in each part, and which documents stay together because they are alike.

use egui::{Color32, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::super::reading::{Line, Reading};
use super::super::super::theme::Theme;
use super::super::super::{fonts, parts};
use super::super::form;
use crate::formats::split::{Alike, PartCounts, SplitReport};
use crate::schema::Schema;
use crate::text::wording;

/// Pairs that are listed.
const PAIRS: usize = 100;

/// Draws it.
pub fn show(ui: &mut Ui, report: &SplitReport, schema: &Schema, reading: &mut Reading, theme: &Theme) {
    let names: Vec<String> = report.parts.iter().map(|part| part.name.clone()).collect();
    row(ui, "", &names, theme.secondary, theme, |_, _| {});
    let counts = |of: fn(&PartCounts) -> u64| -> Vec<String> {
        report.parts.iter().map(|part| wording::thousands(of(part))).collect()
    };
    let plain = |name: &'static str| {
        move |ui: &Ui, rect: Rect| {
            parts::text(ui, rect.left_center(), name, fonts::regular(13.0), theme.text, rect.width());
        }
    };
    row(ui, "Documents", &counts(|part| part.documents), theme.text, theme, plain("Documents"));
    row(ui, "Spans", &counts(|part| part.spans), theme.text, theme, plain("Spans"));
    for label in report.parts.first().into_iter().flat_map(|part| part.labels.keys()) {
        let of = |part: &PartCounts| wording::thousands(part.labels.get(label).copied().unwrap_or(0));
        let counts: Vec<String> = report.parts.iter().map(of).collect();
        let name = parts::name(schema, label);
        row(ui, name, &counts, theme.text, theme, |ui, rect| {
            let colour = parts::colour(schema, label, theme);
            parts::chip(ui, rect.left_center(), name, colour, rect.width(), theme);
        });
    }
    ui.add_space(8.0);
    for note in &report.notes {
        form::words(ui, note, theme.warning);
    }
    let alike = report.duplicates.len();
    if alike == 0 {
        form::small(ui, "No two documents are the same or nearly so", theme.secondary);
        return;
    }
    let pairs = wording::counted(alike as u64, "pair of documents is", "pairs of documents are");
    form::words(ui, &format!("{pairs} the same or nearly so. Both of a pair are in one part"), theme.text);
    ui.add_space(4.0);
    for pair in report.duplicates.iter().take(PAIRS) {
        duplicates(ui, pair, reading, theme);
    }
    if alike > PAIRS {
        let more = wording::thousands((alike - PAIRS) as u64);
        form::small(ui, &format!("{more} more are in the report of the export"), theme.secondary);
    }
}

/// A name, and a number for each part, below the part's name.
fn row(ui: &mut Ui, name: &str, cells: &[String], colour: Color32, theme: &Theme, head: impl FnOnce(&Ui, Rect)) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), parts::ROW), Sense::hover());
    let names = (rect.width() * 0.4).min(200.0);
    head(ui, Rect::from_min_size(rect.min, vec2(names - 12.0, rect.height())));
    let width = ((rect.width() - names) / cells.len().max(1) as f32).min(120.0);
    for (index, cell) in cells.iter().enumerate() {
        let galley = parts::line(ui, cell, fonts::regular(13.0), colour, width - 8.0);
        let right = rect.left() + names + width * (index + 1) as f32;
        parts::put(ui.painter(), pos2(right - galley.size().x, rect.center().y), galley);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), egui::Stroke::new(1.0, theme.hairline));
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, format!("{name} {}", cells.join(", ")).trim()));
}

/// One document, the other, how alike they are, and where they went.
fn duplicates(ui: &mut Ui, pair: &Alike, reading: &mut Reading, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let how = if pair.identical {
        "the same".to_owned()
    } else {
        // Rounded down: 100 % would say that they are the same.
        format!("{} % alike", (pair.similarity * 100.0).floor())
    };
    let (y, width) = (rect.center().y, (rect.width() - 150.0) / 2.0);
    Line::new(&pair.one, 13.0, theme.text, width - 12.0).show(ui, reading, pos2(rect.left(), y));
    Line::new(&pair.other, 13.0, theme.text, width - 12.0).show(ui, reading, pos2(rect.left() + width, y));
    let words = format!("{how}, {}", pair.part);
    let galley = parts::line(ui, &words, fonts::regular(12.0), theme.secondary, 146.0);
    parts::put(ui.painter(), pos2(rect.right() - galley.size().x, y), galley);
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, format!("{} and {}: {words}", pair.one, pair.other)));
}
