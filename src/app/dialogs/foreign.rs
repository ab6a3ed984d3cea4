//! What other programs' data holds, as it was seen in reading it through: a sentence for each format, whose layers there are, the first
//! documents, labels that the schema lacks, the first problems.

use egui::Ui;

use super::super::theme::Theme;
use super::{form, look};
use crate::formats::record::Record;
use crate::formats::survey::Sum;
use crate::schema::Schema;
use crate::session::surveys::Surveys;
use crate::text::Problem;
use crate::text::wording;

/// Annotators, documents and labels that are told one by one.
const NAMES: usize = 12;
const DOCUMENTS: usize = 5;
const LABELS: usize = 12;

/// Draws it. `schema`: that of the project everything would go into.
pub fn show(ui: &mut Ui, surveys: &Surveys, schema: Option<&Schema>, theme: &Theme) {
    for sum in Sum::by_format(&surveys.each) {
        form::value(ui, &sum.sentence(), theme.text);
        if let Some(whose) = whose(&sum) {
            form::small(ui, &whose, theme.secondary);
        }
    }
    let records: Vec<&Record> = surveys.each.iter().flat_map(|survey| &survey.first).take(DOCUMENTS).collect();
    if !records.is_empty() {
        ui.add_space(8.0);
        for record in &records {
            document(ui, record, theme);
        }
        let all: u64 = surveys.each.iter().map(|survey| survey.documents).sum();
        let more = all.saturating_sub(records.len() as u64);
        if more > 0 {
            form::small(ui, &format!("and {} more", wording::thousands(more)), theme.secondary);
        }
    }
    if let Some(lacking) = schema.and_then(|schema| lacking(surveys, schema)) {
        ui.add_space(8.0);
        form::small(ui, &lacking, theme.warning);
    }
    let problems: Vec<&Problem> =
        surveys.problems.iter().chain(surveys.each.iter().flat_map(|survey| &survey.problems)).collect();
    look::first_problems(ui, &problems, theme);
}

fn whose(sum: &Sum<'_>) -> Option<String> {
    let more = sum.annotators.len().saturating_sub(NAMES);
    let mut names = sum.annotators.iter().take(NAMES).copied().collect::<Vec<_>>().join(", ");
    if more > 0 {
        names.push_str(&format!(" and {more} more"));
    }
    match (names.as_str(), sum.nameless) {
        ("", false) => None,
        ("", true) => Some("It names nobody whose spans these are".to_owned()),
        (names, false) => Some(format!("Layers of {names}")),
        (names, true) => Some(format!("Layers of {names}, and of nobody by name")),
    }
}

fn document(ui: &mut Ui, record: &Record, theme: &Theme) {
    let raw = &record.document;
    let id = raw.document_id().map(|id| id.to_string()).unwrap_or_default();
    let title = raw.meta.get("title").and_then(serde_json::Value::as_str).unwrap_or(&id);
    let spans = raw.spans.len() + raw.layers.iter().map(|layer| layer.spans.len()).sum::<usize>();
    let names: Vec<&str> = raw.layers.iter().filter_map(|layer| layer.annotator.as_deref()).collect();
    let characters = raw.text.as_ref().map_or(0, |(text, _)| text.as_str().chars().count());
    let length = format!(
        "{}, {}",
        wording::counted(characters as u64, "character", "characters"),
        wording::counted(spans as u64, "span", "spans")
    );
    look::document_row(ui, title, &names.join(", "), &length, theme);
}

/// `The schema lacks 2 of its labels: PER (412), LOC (98). …`
fn lacking(surveys: &Surveys, schema: &Schema) -> Option<String> {
    let vocabulary = surveys.vocabulary();
    let mut lacking: Vec<(&String, u64)> = vocabulary
        .labels
        .iter()
        .filter(|(label, using)| using.spans > 0 && schema.resolve(label).is_none())
        .map(|(label, using)| (label, using.spans))
        .collect();
    if lacking.is_empty() {
        return None;
    }
    lacking.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let count = wording::counted(lacking.len() as u64, "label", "labels");
    let names: Vec<String> =
        lacking.iter().take(LABELS).map(|(label, spans)| format!("{label} ({})", wording::thousands(*spans))).collect();
    let more = lacking.len().saturating_sub(LABELS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!(
        "The project’s schema lacks {count}: {}{more}. The spans come in as they are; add the labels to schema.ron to mark with them",
        names.join(", ")
    ))
}
