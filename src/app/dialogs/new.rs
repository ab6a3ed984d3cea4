//! [`New`]: a new project: its articles, name, place and schema.

use std::path::PathBuf;

use egui::{Context, Id, Sense, Ui, pos2, vec2};

use super::super::errand::Errand;
use super::super::files::Choice;
use super::super::parts;
use super::super::request::Request;
use super::super::theme::Theme;
use super::super::window::Shared;
use super::articles::{Articles, name_of};
use super::form;
use super::path::PathField;
use super::sheet::{self, Head};
use crate::schema::Schema;
use crate::session::templates::TEMPLATES;
use crate::session::workspace::{NewProject, beside, typed};
use crate::text::wording;

/// A new project, while it is being described.
#[derive(Debug)]
pub struct New {
    articles: Articles,
    name: String,
    place: PathField,
    /// The schema to begin with, where it was chosen by hand.
    base: Option<Base>,
    schemas: Vec<Schema>,
    /// Name and place follow the articles until they are written by hand.
    named: bool,
    placed: bool,
}

/// A schema to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    /// Made of the labels in other programs' data.
    Proposed,
    /// One that comes along.
    Template(usize),
}

impl New {
    pub fn of(articles: Vec<PathBuf>) -> Self {
        let schemas =
            TEMPLATES.iter().map(|template| Schema::parse(template.source, template.id).schema.unwrap_or_default());
        let mut new = Self {
            articles: Articles::default(),
            name: String::new(),
            place: PathField::default(),
            base: None,
            schemas: schemas.collect(),
            named: false,
            placed: false,
        };
        new.add(articles);
        new
    }

    /// What was described before, to be changed.
    pub fn again(before: &NewProject) -> Self {
        let mut new = Self::of(before.articles.clone());
        new.articles.load = before.load.clone();
        new.name.clone_from(&before.name);
        new.place = PathField::new(&before.folder);
        new.base = TEMPLATES.iter().position(|template| template.source == before.schema).map(Base::Template);
        (new.named, new.placed) = (true, true);
        new
    }

    pub fn add(&mut self, paths: Vec<PathBuf>) {
        self.articles.add(paths);
        self.follow();
    }

    fn follow(&mut self) {
        if self.articles.paths.is_empty() {
            return;
        }
        if !self.named {
            self.name = name_of(&self.articles.paths);
        }
        if !self.placed {
            self.place.words = beside(&self.articles.paths).display().to_string();
        }
    }

    pub fn frame(&mut self, context: &Context, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        let first = Id::unique("new name");
        let first = if self.articles.paths.is_empty() { Articles::field_id() } else { first };
        let head = Head { name: "new", title: "New project", width: 680.0, first: Some(first), closable: true };
        let (pressed, escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            let mut enter = sheet.enter;
            sheet.body(|ui| {
                let before = self.articles.paths.len();
                self.articles.show(ui, &mut enter, None, shared);
                if self.articles.paths.len() != before {
                    self.follow();
                }
                self.about(ui, shared, theme);
            });
            sheet.enter = enter;
            // The labels in the files decide on the schema, unless somebody does.
            let known = self.base.is_some() || !self.articles.is_looking();
            let ready = known && !self.name.trim().is_empty() && typed(&self.place.words).is_some();
            sheet.foot(("Create project", ready), &["Cancel"])
        });
        match pressed {
            Some(0) => {
                self.articles.take_typed();
                requests.push(Request::Go(Errand::Make(Box::new(self.described()))));
                false
            }
            Some(_) => false,
            None => !escaped,
        }
    }

    fn base(&self) -> Base {
        match (self.base, self.articles.proposed()) {
            (Some(template @ Base::Template(_)), _) => template,
            (_, Some(_)) => Base::Proposed,
            _ => Base::Template(0),
        }
    }

    fn described(&self) -> NewProject {
        let schema = match (self.base(), self.articles.proposed()) {
            (Base::Proposed, Some((source, _))) => source.clone(),
            (Base::Template(at), _) => TEMPLATES[at].source.to_owned(),
            (Base::Proposed, None) => TEMPLATES[0].source.to_owned(),
        };
        NewProject {
            folder: typed(&self.place.words).unwrap_or_default(),
            name: self.name.trim().to_owned(),
            schema,
            articles: self.articles.paths.clone(),
            load: self.articles.load.clone(),
        }
    }

    fn about(&mut self, ui: &mut Ui, shared: &Shared, theme: &Theme) {
        form::row(ui, "Name", theme, |ui| {
            if form::field(ui, Id::unique("new name"), &mut self.name, "brexit-2016", "Name of the project", theme)
                .changed()
            {
                self.named = true;
            }
        });
        form::row(ui, "Place", theme, |ui| {
            let start = typed(&self.place.words).and_then(|path| path.parent().map(PathBuf::from)).unwrap_or_default();
            let name = if self.name.trim().is_empty() { "project" } else { self.name.trim() };
            let choice = Choice::Save { title: "Place of the project".to_owned(), name: name.to_owned(), start };
            let buttons = [("Choose…", choice)];
            let event =
                self.place.show(ui, Id::unique("new place"), "A new folder", "Place of the project", &buttons, shared);
            if let Some(path) = event.chosen.first() {
                self.place.words = path.display().to_string();
            }
            self.placed |= event.changed || !event.chosen.is_empty();
            ui.add_space(4.0);
            let there = typed(&self.place.words).is_some_and(|path| path.exists());
            let (words, colour) = if there {
                ("This folder is there. It must be empty", theme.warning)
            } else {
                ("A new folder. The articles are copied into it; yours stay as they are", theme.secondary)
            };
            form::small(ui, words, colour);
        });
        form::row(ui, "Schema", theme, |ui| {
            let base = self.base();
            let proposed = self.articles.proposed();
            let mut chosen = None;
            if let Some((_, schema)) = proposed
                && form::option(ui, base == Base::Proposed, "From these files", &held(schema), theme).clicked()
            {
                chosen = Some(Base::Proposed);
            }
            for (index, template) in TEMPLATES.iter().enumerate() {
                let this = Base::Template(index);
                if form::option(ui, base == this, template.name, template.about, theme).clicked() {
                    chosen = Some(this);
                }
            }
            ui.add_space(8.0);
            let schema = match (base, proposed) {
                (Base::Proposed, Some((_, schema))) => Some(schema),
                (Base::Template(at), _) => self.schemas.get(at),
                _ => None,
            };
            if let Some(schema) = schema {
                chips(ui, schema, theme);
            }
            self.base = chosen.or(self.base);
            ui.add_space(6.0);
            form::small(ui, "It is a file in the project, schema.ron, and can be changed at any time", theme.secondary);
        });
    }
}

/// `4 labels, 1 relation, as the files have them`
fn held(schema: &Schema) -> String {
    let labels = wording::counted(schema.labels.len() as u64, "label", "labels");
    let relations = schema.relations.len() as u64;
    let relations = if relations == 0 {
        String::new()
    } else {
        format!(" and {}", wording::counted(relations, "relation", "relations"))
    };
    format!("{labels}{relations}, as the files have them")
}

/// The labels of a schema, as many rows as they need.
fn chips(ui: &mut Ui, schema: &Schema, theme: &Theme) {
    let width = ui.available_width();
    let (mut x, mut rows) = (0.0, 1.0);
    let widths: Vec<f32> = schema
        .labels
        .iter()
        .map(|label| parts::line(ui, &label.name, super::super::fonts::medium(12.5), theme.text, width).size().x + 26.0)
        .collect();
    for wide in &widths {
        if x + wide > width && x > 0.0 {
            (x, rows) = (0.0, rows + 1.0);
        }
        x += wide;
    }
    let (rect, _) = ui.allocate_exact_size(vec2(width, rows * 26.0), Sense::hover());
    let (mut x, mut y) = (0.0, 12.0);
    for (label, wide) in schema.labels.iter().zip(widths) {
        if x + wide > width && x > 0.0 {
            (x, y) = (0.0, y + 26.0);
        }
        let at = pos2(rect.left() + x, rect.top() + y);
        parts::chip(ui, at, &label.name, parts::colour_of(label, theme), width, theme);
        x += wide;
    }
}
