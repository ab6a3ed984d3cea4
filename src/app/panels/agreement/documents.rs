//! Documents from worst to best.

use egui::Ui;

use super::super::super::parts;
use super::super::super::work::Draw;
use super::bars::{self, Name};
use super::{AgreementView, differences, section};
use crate::session::agreement::Comparison;
use crate::session::reviewing::Filter;
use crate::store::Query;
use crate::text::DocumentId;

/// So many of the worst are listed at first, and so many at most: what comes after them is better still.
const WORST: usize = 8;
const MOST: usize = 500;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut AgreementView, found: &Comparison) {
    let theme = draw.theme;
    let rows = found.worst(view.measure().id());
    if rows.is_empty() {
        return;
    }
    section(ui, "Documents", "From worst to best", theme);
    let shown = rows.len().min(if view.all_documents { MOST } else { WORST });
    let mut opened = None;
    for row in &rows[..shown] {
        let Some(document) = &row.document else { continue };
        let title = title(draw, view, document);
        if bars::row(ui, &Name::Words(title), row, theme).clicked() {
            opened = Some(document.clone());
        }
    }
    if rows.len() > WORST {
        let words = match (view.all_documents, rows.len() > MOST) {
            (true, _) => "Only the worst".to_owned(),
            (false, true) => format!("The worst {MOST}"),
            (false, false) => format!("All {}", rows.len()),
        };
        if parts::link(ui, &words, theme).clicked() {
            view.all_documents = !view.all_documents;
        }
    }
    if opened.is_some() {
        differences(draw, &found.parameters.annotators, Filter { document: opened, ..Filter::default() });
    }
}

/// The document's title, asked for once; its id where it has none.
fn title<'a>(draw: &Draw<'_>, view: &'a mut AgreementView, document: &DocumentId) -> &'a str {
    view.titles.entry(document.clone()).or_insert_with(|| {
        let store = draw.session.store();
        let row = store
            .number(document)
            .ok()
            .flatten()
            .and_then(|number| store.rows(&[number], &Query::default()).ok()?.pop());
        row.map(|row| row.title).filter(|title| !title.is_empty()).unwrap_or_else(|| document.to_string())
    })
}
