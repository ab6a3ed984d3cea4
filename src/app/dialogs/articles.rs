//! [`Articles`]: the part of a dialog in which articles are named and looked at before anything happens.

use std::path::{Path, PathBuf};

use egui::{ComboBox, Id, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use serde_json::Value;

use super::super::files::Choice;
use super::super::recent::shortened;
use super::super::task::Task;
use super::super::theme::Theme;
use super::super::window::Shared;
use super::super::{fonts, parts};
use super::form;
use super::path::PathField;
use crate::formats::articles::{Article, LoadOptions, Preview, Role as Is, preview};
use crate::session::import::is_spanwright;
use crate::session::workspace::typed;
use crate::text::{Problem, Severity};

/// Articles that were named, and what they look like.
#[derive(Debug, Default)]
pub struct Articles {
    pub paths: Vec<PathBuf>,
    pub load: LoadOptions,
    field: PathField,
    looking: Option<Task<Look>>,
    look: Option<Look>,
    /// Paths or fields changed since the last look.
    stale: bool,
}

/// What the first articles look like.
#[derive(Debug)]
struct Look {
    preview: Preview,
    /// Everything is Spanwright JSONL, which may lack the texts.
    ours: bool,
    /// Whose layers there are among the first.
    annotators: Vec<String>,
    /// There are layers or spans without an owner.
    nameless: bool,
}

/// Documents and problems that are shown.
const ROWS: usize = 5;
const PROBLEMS: usize = 3;
/// What a field may be said to be.
const ROLES: [Is; 5] = [Is::Text, Is::Id, Is::Title, Is::Source, Is::Date];

impl Articles {
    pub fn new(paths: Vec<PathBuf>) -> Self {
        let mut articles = Self::default();
        articles.add(paths);
        articles
    }

    pub fn add(&mut self, paths: Vec<PathBuf>) {
        for path in paths {
            if !self.paths.contains(&path) {
                self.paths.push(path);
                self.stale = true;
            }
        }
    }

    /// Layers come without a name, as far as was looked.
    pub fn has_nameless_layers(&self) -> bool {
        self.look.as_ref().is_some_and(|look| look.nameless)
    }

    pub fn field_id() -> Id {
        Id::unique("articles path")
    }

    /// `sheet.enter` is taken where it adds a path.
    pub fn show(&mut self, ui: &mut Ui, enter: &mut bool, shared: &Shared) {
        let theme = shared.theme(ui.ctx());
        self.poll(shared);
        form::row(ui, "Articles", theme, |ui| {
            self.list(ui, theme);
            self.adding(ui, enter, shared);
        });
        if let Some(look) = &self.look {
            let mut map = None;
            form::row(ui, "Found", theme, |ui| {
                form::value(ui, &look.sentence(), theme.text);
                if !look.preview.columns.is_empty() && !look.ours {
                    ui.add_space(8.0);
                    map = fields(ui, &look.preview, theme);
                }
                if !look.preview.articles.is_empty() {
                    ui.add_space(8.0);
                    table(ui, &look.preview, theme);
                }
                problems(ui, &look.preview, look.ours, theme);
            });
            if let Some((role, column)) = map {
                self.load.fields.set(role.key(), column);
                self.stale = true;
            }
        } else if self.looking.is_some() {
            form::row(ui, "Found", theme, |ui| form::value(ui, "Looking…", theme.secondary));
        }
    }

    fn poll(&mut self, shared: &Shared) {
        if let Some(look) = self.looking.as_ref().and_then(Task::poll) {
            self.looking = None;
            self.look = look.ok().filter(|_| !self.paths.is_empty());
        }
        if self.stale && self.looking.is_none() {
            self.stale = false;
            if self.paths.is_empty() {
                self.look = None;
                return;
            }
            let (paths, load) = (self.paths.clone(), self.load.clone());
            self.looking = Some(Task::start(&shared.waker, move |_| Look::new(&paths, &load)));
        }
    }

    fn list(&mut self, ui: &mut Ui, theme: &Theme) {
        let mut gone = None;
        for (index, path) in self.paths.iter().enumerate() {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
            let name =
                path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
            let name = if path.is_dir() { format!("{name}/") } else { name };
            let room = rect.width() - 32.0;
            let width = parts::text(ui, rect.left_center(), &name, fonts::medium(13.0), theme.text, room * 0.7);
            let folder = path.parent().map(shortened).unwrap_or_default();
            let at = pos2(rect.left() + width + 10.0, rect.center().y);
            parts::text(ui, at, &folder, fonts::regular(12.0), theme.secondary, room - width - 10.0);
            let place = egui::Rect::from_center_size(pos2(rect.right() - 12.0, rect.center().y), vec2(20.0, 20.0));
            let cross = ui.interact(place, ui.scope_id().with(("leave out", index)), Sense::click());
            parts::cross_at(ui, place, &cross, theme);
            cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Leave out {name}")));
            if cross.on_hover_text("Leave out").clicked() {
                gone = Some(index);
            }
        }
        if !self.paths.is_empty() {
            ui.add_space(4.0);
        }
        if let Some(index) = gone {
            self.paths.remove(index);
            self.stale = true;
        }
    }

    fn adding(&mut self, ui: &mut Ui, enter: &mut bool, shared: &Shared) {
        let theme = shared.theme(ui.ctx());
        let title = "Choose articles".to_owned();
        let buttons = [("Files…", Choice::Files { title: title.clone() }), ("Folder…", Choice::Folder { title })];
        let hint = if self.paths.is_empty() { "Path of a file or folder; or drop them here" } else { "Another path" };
        let event = self.field.show(ui, Self::field_id(), hint, "Path of articles", &buttons, shared);
        self.add(event.chosen);
        let Some(path) = typed(&self.field.words) else { return };
        let there = path.exists();
        if *enter {
            *enter = false;
            if there {
                self.field.words.clear();
                self.add(vec![path]);
            }
            return;
        }
        ui.add_space(4.0);
        if there {
            form::small(ui, "Enter adds it", theme.secondary);
        } else {
            form::small(ui, "There is no file or folder of this name", theme.warning);
        }
    }

    /// What was typed and not yet added.
    pub fn take_typed(&mut self) {
        if let Some(path) = typed(&self.field.words).filter(|path| path.exists()) {
            self.field.words.clear();
            self.add(vec![path]);
        }
    }
}

impl Look {
    fn new(paths: &[PathBuf], load: &LoadOptions) -> Self {
        let preview = preview(paths, load);
        let ours = paths.iter().all(|path| is_spanwright(path));
        let mut annotators = Vec::new();
        let mut nameless = false;
        for article in &preview.articles {
            for (key, raw) in &article.apart {
                let Ok(Value::Array(items)) = serde_json::from_str::<Value>(raw.get()) else { continue };
                nameless |= key == "spans" && !items.is_empty();
                for layer in items.iter().filter(|_| key == "layers") {
                    match layer.get("annotator").and_then(Value::as_str) {
                        Some(name) if !annotators.iter().any(|known| known == name) => annotators.push(name.to_owned()),
                        Some(_) => {}
                        None => nameless = true,
                    }
                }
            }
        }
        Self { preview, ours, annotators, nameless }
    }

    /// `214 text files, 3 HTML. UTF-8, windows-1251. With layers of ana and ben.`
    fn sentence(&self) -> String {
        let preview = &self.preview;
        let mut kinds: Vec<String> = preview
            .formats
            .iter()
            .map(|(format, count)| {
                let format = if self.ours { "Spanwright JSONL" } else { format.name() };
                parts::counted(*count, &format!("{format} file"), &format!("{format} files"))
            })
            .collect();
        if preview.archives > 0 {
            kinds.push(parts::counted(preview.archives, "archive", "archives"));
        }
        if kinds.is_empty() {
            return "Nothing that can be read".to_owned();
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
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
        let middle = rect.center().y;
        let document = &article.document;
        let title = document.title();
        let length = parts::counted(document.text.as_str().chars().count() as u64, "character", "characters");
        let galley = parts::line(ui, &length, fonts::regular(12.0), theme.secondary, 120.0);
        let right = rect.right() - galley.size().x;
        parts::put(ui.painter(), pos2(right, middle), galley);
        let about = about(article);
        let room = right - 16.0 - rect.left();
        let width = parts::text(ui, pos2(rect.left(), middle), &title, fonts::regular(13.0), theme.text, room * 0.7);
        let at = rect.left() + width + 10.0;
        parts::text(ui, pos2(at, middle), &about, fonts::regular(12.0), theme.secondary, right - 16.0 - at);
        response.widget_info(|| WidgetInfo::labeled(Role::Row, true, format!("{title}, {about}, {length}")));
    }
    let more = preview.articles.len().saturating_sub(ROWS);
    if more > 0 || preview.more {
        let words = if preview.more { "and many more".to_owned() } else { format!("and {more} more") };
        form::small(ui, &words, theme.secondary);
    }
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

/// A project's name for these articles.
pub fn name_of(paths: &[PathBuf]) -> String {
    let first = paths.first().map_or(Path::new(""), PathBuf::as_path);
    let named = match paths.len() {
        2.. => first.parent().and_then(Path::file_name),
        _ if first.is_dir() => first.file_name(),
        _ => first.file_stem(),
    };
    named.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
