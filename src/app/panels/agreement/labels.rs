//! Each label's number, with its interval.

use egui::Ui;

use super::super::super::parts;
use super::super::super::work::Draw;
use super::bars::{self, Name};
use super::{AgreementView, differences, section};
use crate::schema::LabelId;
use crate::session::agreement::Comparison;
use crate::session::reviewing::Filter;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &AgreementView, found: &Comparison) {
    let theme = draw.theme;
    let rows = found.labels(view.measure().id());
    if rows.is_empty() {
        return;
    }
    section(ui, "Labels", "The value, its interval between 0 and 1, and n", theme);
    let mut opened = None;
    for row in rows {
        let Some(label) = row.label.as_deref().map(LabelId::from) else { continue };
        let schema = &draw.session.schema;
        let name = Name::Label(parts::name(schema, &label), parts::colour(schema, &label, theme));
        if bars::row(ui, &name, row, theme).clicked() {
            opened = Some(label);
        }
    }
    if opened.is_some() {
        differences(draw, &found.parameters.annotators, Filter { label: opened, ..Filter::default() });
    }
}
