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

/// A new project, while it is being described.
#[derive(Debug)]
pub struct New {
    articles: Articles,
    name: String,
    place: PathField,
    template: usize,
    schemas: Vec<Schema>,
    /// Name and place follow the articles until they are written by hand.
    named: bool,
    placed: bool,
}

impl New {
    pub fn of(articles: Vec<PathBuf>) -> Self {
        let schemas =
            TEMPLATES.iter().map(|template| Schema::parse(template.source, template.id).schema.unwrap_or_default());
        let mut new = Self {
            articles: Articles::default(),
            name: String::new(),
            place: PathField::default(),
            template: 0,
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
        new.template = TEMPLATES.iter().position(|template| template.source == before.schema).unwrap_or(0);
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
                self.articles.show(ui, &mut enter, shared);
                if self.articles.paths.len() != before {
                    self.follow();
                }
                self.about(ui, shared, theme);
            });
            sheet.enter = enter;
            let ready = !self.name.trim().is_empty() && typed(&self.place.words).is_some();
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

    fn described(&self) -> NewProject {
        NewProject {
            folder: typed(&self.place.words).unwrap_or_default(),
            name: self.name.trim().to_owned(),
            schema: TEMPLATES[self.template].source.to_owned(),
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
            for (index, template) in TEMPLATES.iter().enumerate() {
                if form::option(ui, self.template == index, template.name, template.about, theme).clicked() {
                    self.template = index;
                }
            }
            ui.add_space(8.0);
            chips(ui, &self.schemas[self.template], theme);
            ui.add_space(6.0);
            form::small(ui, "It is a file in the project, schema.ron, and can be changed at any time", theme.secondary);
        });
    }
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
