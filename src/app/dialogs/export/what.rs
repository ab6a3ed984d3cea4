//! The first step of an export: which format, whose layers, what of them, and where to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Context, Id, Key, Ui};

use super::super::super::files::Choice;
use super::super::super::theme::Theme;
use super::super::super::window::Shared;
use super::super::form;
use super::super::path::PathField;
use super::super::sheet::{self, Head};
use super::chooser;
use super::company::{Card, Company};
use super::division::Division;
use super::layers::Layers;
use super::words::Words;
use crate::annotation::exchange::Offsets;
use crate::formats::table::{FORMATS, Feature, Format, Shape};
use crate::schema::{LabelId, Schema};
use crate::session::Session;
use crate::session::export::{CardPlan, ExportPlan, Target, Who};
use crate::session::workspace::typed;

/// An export, while it is being described.
#[derive(Debug)]
pub struct What {
    pub format: &'static Format,
    layers: Layers,
    /// Only the labels that are ticked.
    some_labels: bool,
    labels: Vec<(LabelId, String, bool)>,
    words: Words,
    division: Division,
    company: Company,
    original: bool,
    place: PathField,
    placed: bool,
    folder: PathBuf,
    project: String,
    guidelines: Option<Arc<str>>,
}

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressed {
    Preview,
    Close,
}

impl What {
    /// `folder` is where the file would go.
    pub fn new(session: &Session, folder: PathBuf) -> Self {
        let label = |label: &crate::schema::Label| (label.id.clone(), label.name.clone(), true);
        let mut new = Self {
            format: FORMATS[0],
            layers: Layers::new(session),
            some_labels: false,
            labels: session.schema.labels.iter().map(label).collect(),
            words: Words::new(&session.schema),
            division: Division::default(),
            company: Company::default(),
            original: false,
            place: PathField::default(),
            placed: false,
            folder,
            project: session.project.clone(),
            guidelines: session.around.guidelines.clone(),
        };
        new.follow();
        new
    }

    /// Where it goes, as it is written now.
    pub fn target(&self) -> Option<PathBuf> {
        typed(&self.place.words)
    }

    /// What is to be done; `None` while something is missing.
    pub fn plan(&self) -> Option<ExportPlan> {
        let path = self.target()?;
        let labelled = self.format.has(Feature::Spans);
        let who = if labelled { self.layers.who()? } else { Who::All };
        let labels: Vec<LabelId> =
            self.labels.iter().filter(|(.., on)| self.some_labels && *on).map(|(id, ..)| id.clone()).collect();
        if self.some_labels && labels.is_empty() {
            return None;
        }
        let original = self.original && self.format.keeps_sources();
        let target = if self.is_per_annotator() { Target::PerAnnotator(path) } else { Target::Path(path) };
        Some(ExportPlan {
            statuses: self.layers.statuses()?,
            labels: if labelled { labels } else { Vec::new() },
            offsets: if original { Offsets::Original } else { Offsets::Normalised },
            verify: true,
            tokens: self.words.plan(),
            split: if labelled { self.division.wish().ok()? } else { None },
            in_folder: self.is_folder(),
            pseudonyms: if labelled { self.company.pseudonyms().ok()? } else { None },
            card: self.is_described().then(|| CardPlan {
                beside: self.card() != Card::Inside,
                title: self.project.clone(),
                guidelines: self.guidelines.as_deref().map(str::to_owned),
                licence: self.company.licence(),
            }),
            ..ExportPlan::new(self.format, target, who)
        })
    }

    fn splits(&self) -> bool {
        self.division.is_wished() && self.format.has(Feature::Spans)
    }

    /// Several files go out, and a folder has them all.
    fn is_folder(&self) -> bool {
        self.splits() || (self.company.card && self.card() == Card::Among)
    }

    /// Where a manifest and a card would lie.
    fn card(&self) -> Card {
        if self.splits() || (self.format.shape == Shape::Folder && self.format.reader.is_some()) {
            Card::Inside
        } else if self.is_per_annotator() {
            Card::Among
        } else {
            Card::Beside
        }
    }

    fn is_described(&self) -> bool {
        self.card() == Card::Inside || self.company.card
    }

    /// The place, as long as nobody wrote one.
    fn follow(&mut self) {
        if self.placed {
            return;
        }
        let safe: String = self
            .project
            .chars()
            .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
            .collect();
        let format = self.format;
        let name = if self.is_per_annotator() || format.shape == Shape::Folder || self.splits() {
            format!("{safe}-{}", format.id)
        } else {
            format!("{safe}.{}", format.extensions.first().copied().unwrap_or("txt"))
        };
        self.place.words = self.folder.join(name).display().to_string();
    }

    /// The format holds one layer and several were asked for: a file each.
    fn is_per_annotator(&self) -> bool {
        let several = self.format.has(Feature::Spans) && self.layers.are_several();
        several && self.format.shape == Shape::File && !self.format.has(Feature::SeveralLayers)
    }

    /// Draws it. `failed`: why the last try came to nothing.
    pub fn show(
        &mut self,
        context: &Context,
        schema: &Arc<Schema>,
        failed: Option<&str>,
        shared: &Shared,
    ) -> Option<Pressed> {
        let id = Id::unique("export place");
        let head = Head { name: "export", title: "Export", width: 720.0, first: Some(chooser::id()), closable: true };
        // The list of formats takes no Enter of its own.
        let in_list = context.memory(|memory| memory.has_focus(chooser::id()));
        let (pressed, escaped) = sheet::show(context, &head, |sheet| {
            let theme = sheet.theme;
            sheet.enter |= in_list && sheet.ui.input(|input| input.key_pressed(Key::Enter));
            sheet.body(|ui| {
                form::row(ui, "Format", theme, |ui| {
                    if chooser::show(ui, &mut self.format, theme) {
                        self.follow();
                    }
                });
                self.contents(ui, schema, theme);
                self.place(ui, id, shared, theme);
            });
            if let Some(why) = failed {
                sheet.ui.add_space(6.0);
                form::words(sheet.ui, why, theme.error);
            }
            sheet.foot(("Preview", self.plan().is_some()), &["Cancel"])
        });
        match pressed {
            Some(0) => Some(Pressed::Preview),
            Some(_) => Some(Pressed::Close),
            None => escaped.then_some(Pressed::Close),
        }
    }

    /// What of the format is a matter of choice.
    fn contents(&mut self, ui: &mut Ui, schema: &Schema, theme: &Theme) {
        let mut changed = false;
        if self.format.has(Feature::Spans) {
            changed |= self.layers.show(ui, theme);
            self.chosen_labels(ui, schema, theme);
            self.words.show(ui, self.format, theme);
            changed |= self.division.show(ui, theme);
            self.company.names(ui, theme);
        } else {
            form::row(ui, "Layers", theme, |ui| {
                form::value(ui, "The texts go out without what was marked in them", theme.secondary);
            });
        }
        let card = self.card();
        changed |= self.company.card(ui, card, theme);
        if changed {
            self.follow();
        }
    }

    fn chosen_labels(&mut self, ui: &mut Ui, schema: &Schema, theme: &Theme) {
        if self.labels.len() < 2 {
            return;
        }
        form::row(ui, "Labels", theme, |ui| {
            if let Some(at) = form::segments(ui, usize::from(self.some_labels), &["All labels", "Only some"], theme) {
                self.some_labels = at == 1;
            }
            if !self.some_labels {
                return;
            }
            ui.add_space(4.0);
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 20.0;
                for (_, name, on) in &mut self.labels {
                    form::check(ui, on, name, "", theme);
                }
            });
            if schema.labels.iter().any(|label| label.parent.is_some()) {
                form::small(ui, "Labels below a chosen one go with it", theme.secondary);
            }
        });
    }

    fn place(&mut self, ui: &mut Ui, id: Id, shared: &Shared, theme: &Theme) {
        form::row(ui, "Place", theme, |ui| {
            let path = self.target();
            let name = path.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
            let start = path.as_deref().and_then(Path::parent).map(PathBuf::from).unwrap_or_default();
            let choice = Choice::Save { title: "Export to".to_owned(), name: name.unwrap_or_default(), start };
            let event =
                self.place.show(ui, id, "A file or folder", "Place of the export", &[("Choose…", choice)], shared);
            if let Some(path) = event.chosen.first() {
                self.place.words = path.display().to_string();
            }
            self.placed |= event.changed || !event.chosen.is_empty();
            let there = path.is_some_and(|path| path.is_file());
            let folder = self.format.shape == Shape::Folder || self.splits();
            let described = self.is_described();
            let (words, colour) = match (self.is_per_annotator(), folder) {
                (true, false) if described => {
                    ("This format holds one layer: a new folder gets a file for each annotator", theme.secondary)
                }
                (true, _) => {
                    ("This format holds one layer: the folder gets a file for each annotator", theme.secondary)
                }
                (_, true) if described => {
                    ("A new folder, with a manifest and a card that says what is in it", theme.secondary)
                }
                (_, true) => ("A new folder", theme.secondary),
                _ if there => ("This file is there; it will be replaced", theme.warning),
                _ => ("Nothing is written there before you have seen it", theme.secondary),
            };
            ui.add_space(4.0);
            form::small(ui, words, colour);
        });
        if self.format.keeps_sources() {
            form::row(ui, "Offsets", theme, |ui| {
                let about = "With the byte order mark and the line ends that it had";
                form::check(ui, &mut self.original, "Count in the original file", about, theme);
            });
        }
    }
}
