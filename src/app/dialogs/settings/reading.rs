//! How the text that is read is set: rows of the settings.

use egui::{Sense, Ui, pos2, vec2};

use super::super::super::theme::Theme;
use super::super::super::window::Shared;
use super::super::super::{fonts, parts};
use super::super::form;
use crate::session::Action;
use crate::session::settings::{ColumnWidth, LineSpacing, TEXT_SIZES};

const SAMPLE: &str = "The ferry left at dawn, “an hour late as ever,” and nobody on the quay minded.";
const SWITCHES: [(Action, &str, &str); 3] = [
    (Action::LineNumbers, "Line numbers", ""),
    (Action::FoldBoilerplate, "Fold boilerplate", "What is not the article shows as one quiet line; a click opens it"),
    (Action::ShowInvisible, "Show invisible characters", "Spaces, tabs, line ends, and by name what has no width"),
];

pub fn show(ui: &mut Ui, shared: &mut Shared, theme: &Theme) {
    let mut wanted = shared.settings.clone();
    form::row(ui, "Text", theme, |ui| {
        if let Some(at) = form::segments(ui, usize::from(!wanted.serif), &["Serif", "Sans"], theme) {
            wanted.serif = at == 0;
        }
    });
    form::row(ui, "Size", theme, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let (least, most, size) = (*TEXT_SIZES.start(), *TEXT_SIZES.end(), wanted.text_size);
            if form::button(ui, "−", form::Kind::Beside, size > least, theme).on_hover_text("Smaller").clicked() {
                wanted.read(&Action::SmallerText);
            }
            let (rect, _) = ui.allocate_exact_size(vec2(52.0, 28.0), Sense::hover());
            let galley = parts::line(ui, &format!("{size:.1}"), fonts::regular(13.0), theme.text, 52.0);
            parts::put(ui.painter(), pos2(rect.center().x - galley.size().x / 2.0, rect.center().y), galley);
            if form::button(ui, "+", form::Kind::Beside, size < most, theme).on_hover_text("Larger").clicked() {
                wanted.read(&Action::LargerText);
            }
        });
    });
    form::row(ui, "Lines", theme, |ui| {
        let at = LineSpacing::ALL.iter().position(|choice| *choice == wanted.line_spacing).unwrap_or(0);
        if let Some(at) = form::segments(ui, at, &["Compact", "Normal", "Loose"], theme) {
            wanted.line_spacing = LineSpacing::ALL[at];
        }
    });
    form::row(ui, "Column", theme, |ui| {
        let at = ColumnWidth::ALL.iter().position(|choice| *choice == wanted.column_width).unwrap_or(0);
        if let Some(at) = form::segments(ui, at, &["Narrow", "Normal", "Wide", "Widest"], theme) {
            wanted.column_width = ColumnWidth::ALL[at];
        }
        ui.add_space(8.0);
        let size = wanted.text_size;
        let font = if wanted.serif { fonts::serif(size) } else { fonts::regular(size) };
        let height = (size * wanted.line_spacing.height()).round();
        let words = egui::RichText::new(SAMPLE).font(font).color(theme.text).line_height(Some(height));
        ui.add(egui::Label::new(words).wrap());
    });
    form::row(ui, "Show", theme, |ui| {
        for (action, name, about) in SWITCHES {
            let mut on = wanted.is_on(&action).unwrap_or_default();
            if form::check(ui, &mut on, name, about, theme).changed() {
                wanted.read(&action);
            }
        }
    });
    if wanted != shared.settings {
        shared.change(|settings| {
            settings.text_size = wanted.text_size;
            settings.serif = wanted.serif;
            settings.line_spacing = wanted.line_spacing;
            settings.column_width = wanted.column_width;
            settings.line_numbers = wanted.line_numbers;
            settings.fold_boilerplate = wanted.fold_boilerplate;
            settings.show_invisible = wanted.show_invisible;
        });
    }
}
