//! [`Look`]: what the first articles of an import look like: a sentence, the fields, the first documents, the first problems; and what
//! other programs' data among them holds.

use std::path::PathBuf;

use egui::{ComboBox, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use serde_json::Value;

use super::super::theme::Theme;
use super::super::{fonts, parts};
use super::articles::name_of;
use super::{foreign, form};
use crate::formats::articles::{Article, LoadOptions, Preview, Role as Is, preview};
use crate::formats::recognise::recognise;
use crate::schema::Schema;
use crate::session::import::is_spanwright;
use crate::session::surveys::{Surveys, survey};
use crate::store::{Job, StoreError};
use crate::text::wording;
use crate::text::{Problem, Severity};

/// What the first articles look like.
#[derive(Debug)]
pub struct Look {
    /// `None` where all of it is other programs' data.
    preview: Option<Preview>,
    surveys: Surveys,
    /// A schema for the labels of other programs' data: its source, and what it says.
    pub proposed: Option<(String, Schema)>,
    /// Everything is Spanwright JSONL, which may lack the texts.
    ours: bool,
    /// Whose layers there are among the first.
    annotators: Vec<String>,
    /// There are layers or spans without an owner.
    pub nameless: bool,
}

/// Documents and problems that are shown.
const ROWS: usize = 5;
const PROBLEMS: usize = 3;
/// What a field may be said to be.
const ROLES: [Is; 5] = [Is::Text, Is::Id, Is::Title, Is::Source, Is::Date];

impl Look {
    /// Articles are looked at from their beginning; other programs' data is read through.
    pub fn new(paths: &[PathBuf], load: &LoadOptions, job: &Job) -> Result<Self, StoreError> {
        let as_articles = load.encoding.is_some() || load.fields.pairs().next().is_some();
        let is_foreign = |path: &&PathBuf| {
            !as_articles && {
                let recognised = recognise(path, &load.limits);
                recognised.danger.is_some() || !(recognised.found.is_empty() || recognised.articles > 0)
            }
        };
        let (others, articles): (Vec<&PathBuf>, Vec<&PathBuf>) = paths.iter().partition(is_foreign);
        let others: Vec<PathBuf> = others.into_iter().cloned().collect();
        let articles: Vec<PathBuf> = articles.into_iter().cloned().collect();
        let surveys = survey(&others, None, job)?;
        let source = surveys.schema(&name_of(paths));
        let proposed = source.and_then(|source| {
            let schema = Schema::parse(&source, "schema.ron").schema?;
            Some((source, schema))
        });
        let mut look = Self {
            preview: (!articles.is_empty()).then(|| preview(&articles, load)),
            ours: articles.iter().all(|path| is_spanwright(path)),
            annotators: Vec::new(),
            nameless: surveys.each.iter().any(|survey| survey.nameless),
            surveys,
            proposed,
        };
        look.layers();
        Ok(look)
    }

    /// Whose layers there are among the first articles.
    fn layers(&mut self) {
        for article in self.preview.iter().flat_map(|preview| &preview.articles) {
            for (key, raw) in &article.apart {
                let Ok(Value::Array(items)) = serde_json::from_str::<Value>(raw.get()) else { continue };
                self.nameless |= key == "spans" && !items.is_empty();
                for layer in items.iter().filter(|_| key == "layers") {
                    match layer.get("annotator").and_then(Value::as_str) {
                        Some(name) if !self.annotators.iter().any(|known| known == name) => {
                            self.annotators.push(name.to_owned());
                        }
                        Some(_) => {}
                        None => self.nameless = true,
                    }
                }
            }
        }
    }

    /// Draws it. `schema`: that of the project everything would go into. Returns a field that was given another meaning.
    pub fn show(&self, ui: &mut Ui, schema: Option<&Schema>, theme: &Theme) -> Option<(Is, String)> {
        foreign::show(ui, &self.surveys, schema, theme);
        let preview = self.preview.as_ref()?;
        if !self.surveys.each.is_empty() {
            ui.add_space(12.0);
        }
        form::value(ui, &self.sentence(preview), theme.text);
        let mut changed = None;
        if !preview.columns.is_empty() && !self.ours {
            ui.add_space(8.0);
            changed = fields(ui, preview, theme);
        }
        if !preview.articles.is_empty() {
            ui.add_space(8.0);
            table(ui, preview, theme);
        }
        problems(ui, preview, self.ours, theme);
        changed
    }

    /// `214 text files, 3 HTML. UTF-8, windows-1251. With layers of ana and ben.`
    fn sentence(&self, preview: &Preview) -> String {
        let mut kinds: Vec<String> = preview
            .formats
            .iter()
            .map(|(format, count)| {
                let format = if self.ours { "Spanwright JSONL" } else { format.name() };
                wording::counted(*count, &format!("{format} file"), &format!("{format} files"))
            })
            .collect();
        if preview.archives > 0 {
            kinds.push(wording::counted(preview.archives, "archive", "archives"));
        }
        if kinds.is_empty() {
            return "Nothing that can be read".to_owned();
        }
        if preview.others > 0 {
            kinds.push(format!("{} not text", wording::thousands(preview.others)));
        }
        let more = if preview.more_files { " and more" } else { "" };
        let mut sentence = format!("{}{more}", kinds.join(", "));
        if !preview.encodings.is_empty() {
            let names: Vec<&str> = preview.encodings.keys().map(String::as_str).collect();
            sentence.extend([", in ", &names.join(", ")]);
        }
        match (self.annotators.as_slice(), self.nameless) {
            ([], false) => {}
            ([], true) => sentence.push_str(", with spans of nobody by name"),
            (names, _) => sentence.extend([", with layers of ", &names.join(", ")]),
        }
        sentence
    }
}

/// Which field holds what. Returns what was changed.
fn fields(ui: &mut Ui, preview: &Preview, theme: &Theme) -> Option<(Is, String)> {
    let mut changed = None;
    for role in ROLES {
        ui.add_space(4.0);
        let column = preview.columns.iter().find(|column| column.taken_for == role.key());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let (rect, _) = ui.allocate_exact_size(vec2(60.0, 28.0), Sense::hover());
            parts::text(ui, rect.left_center(), role.key(), fonts::regular(12.0), theme.secondary, 60.0);
            let name = column.map_or("—", |column| column.name.as_str());
            let chosen =
                ComboBox::from_id_salt(("field", role.key())).selected_text(name).width(130.0).show_ui(ui, |ui| {
                    let mut chosen = None;
                    for other in &preview.columns {
                        if ui.selectable_label(other.name == name, &other.name).clicked() {
                            chosen = Some(other.name.clone());
                        }
                    }
                    chosen
                });
            chosen
                .response
                .widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, format!("Field for {}: {name}", role.key())));
            if let Some(other) = chosen.inner.flatten() {
                changed = Some((role, other));
            }
            ui.add_space(12.0);
            let value = column.and_then(|column| column.values.first()).map_or("", String::as_str);
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
            parts::text(ui, rect.left_center(), &value, fonts::regular(12.0), theme.secondary, rect.width());
        });
    }
    changed
}

/// The first documents: title, source and date, length.
fn table(ui: &mut Ui, preview: &Preview, theme: &Theme) {
    for article in preview.articles.iter().take(ROWS) {
        let document = &article.document;
        let length = wording::counted(document.text.as_str().chars().count() as u64, "character", "characters");
        document_row(ui, &document.title(), &about(article), &length, theme);
    }
    let more = preview.articles.len().saturating_sub(ROWS);
    if more > 0 || preview.more {
        let words = if preview.more { "and many more".to_owned() } else { format!("and {more} more") };
        form::small(ui, &words, theme.secondary);
    }
}

/// A document: its title, what else is known of it, and how much it is.
pub fn document_row(ui: &mut Ui, title: &str, about: &str, length: &str, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let middle = rect.center().y;
    let galley = parts::line(ui, length, fonts::regular(12.0), theme.secondary, 200.0);
    let right = rect.right() - galley.size().x;
    parts::put(ui.painter(), pos2(right, middle), galley);
    let room = right - 16.0 - rect.left();
    let width = parts::text(ui, pos2(rect.left(), middle), title, fonts::regular(13.0), theme.text, room * 0.7);
    let at = rect.left() + width + 10.0;
    parts::text(ui, pos2(at, middle), about, fonts::regular(12.0), theme.secondary, right - 16.0 - at);
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, format!("{title}, {about}, {length}")));
}

fn about(article: &Article) -> String {
    let document = &article.document;
    let parts = ["source", "date"].map(|key| document.meta_text(key).unwrap_or_default().to_owned());
    parts.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("  ·  ")
}

fn problems(ui: &mut Ui, preview: &Preview, ours: bool, theme: &Theme) {
    let found: Vec<&Problem> = preview.problems.iter().collect();
    if ours && preview.articles.is_empty() {
        ui.add_space(4.0);
        form::small(ui, "Layers without texts: they come in where the project has the documents", theme.secondary);
        return;
    }
    first_problems(ui, &found, theme);
}

/// The first of what was found wrong.
pub fn first_problems(ui: &mut Ui, found: &[&Problem], theme: &Theme) {
    if found.is_empty() {
        return;
    }
    ui.add_space(8.0);
    for problem in found.iter().take(PROBLEMS) {
        let colour = match problem.severity {
            Severity::Error => theme.error,
            Severity::Warning => theme.warning,
            Severity::Note => theme.secondary,
        };
        form::small(ui, &super::report::sentence(problem), colour);
        ui.add_space(2.0);
    }
    let more = found.len().saturating_sub(PROBLEMS);
    if more > 0 {
        form::small(ui, &format!("and {more} more; the report lists them all"), theme.secondary);
    }
}
