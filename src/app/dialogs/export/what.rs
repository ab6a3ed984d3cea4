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
use crate::annotation::exchange::Offsets;
use crate::annotation::{Annotator, Status};
use crate::formats::duplicates::Likeness;
use crate::formats::split::Wish;
use crate::formats::table::{FORMATS, Feature, Format, Shape};
use crate::formats::tokens::{Misaligned, Scheme};
use crate::schema::{LabelId, Schema};
use crate::session::Session;
use crate::session::export::{CardPlan, ExportPlan, Target, TokenPlan, Who};
use crate::session::workspace::typed;
use crate::store::AnnotatorCounts;
use crate::text::wording;

/// An export, while it is being described.
#[derive(Debug)]
pub struct What {
    pub format: &'static Format,
    whose: Whose,
    /// Whose layers there are, and whether they were chosen.
    annotators: Vec<(AnnotatorCounts, bool)>,
    /// Finished, in progress, skipped.
    statuses: [bool; 3],
    /// Only the labels that are ticked.
    some_labels: bool,
    labels: Vec<(LabelId, String, bool)>,
    misaligned: usize,
    scheme: usize,
    original: bool,
    /// Into [`SPLITS`].
    split: usize,
    /// Articles of one source stay in one part.
    by_source: bool,
    place: PathField,
    placed: bool,
    folder: PathBuf,
    project: String,
    guidelines: Option<Arc<str>>,
    me: Annotator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    Mine,
    Chosen,
    All,
}

const WHOSE: [Whose; 3] = [Whose::Mine, Whose::Chosen, Whose::All];
const STATUSES: [(Status, &str); 3] =
    [(Status::Finished, "Finished"), (Status::InProgress, "In progress"), (Status::Skipped, "Skipped")];
/// What becomes of a span that ends inside a word, in the order of [`Misaligned::ALL`].
const MISALIGNED: [(&str, &str); 4] = [
    ("Cut", "Words are cut where spans begin and end: no span is changed"),
    ("Expand", "Spans that end inside a word grow to the whole word; each is listed"),
    ("Contract", "Spans that end inside a word shrink to the whole words in them; each is listed"),
    ("Drop", "Spans that end inside a word are left out; each is listed"),
];
/// Parts to train, tune and test on, in percent.
const SPLITS: [&str; 4] = ["No split", "80/10/10", "70/15/15", "90/10"];
const SCHEMES: [&str; 3] = ["BIO", "BIOES", "BILOU"];

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
            whose: Whose::Mine,
            annotators: session.counts.annotators.iter().map(|counts| (counts.clone(), true)).collect(),
            statuses: [true; 3],
            some_labels: false,
            labels: session.schema.labels.iter().map(label).collect(),
            misaligned: 0,
            scheme: 0,
            original: false,
            split: 0,
            by_source: true,
            place: PathField::default(),
            placed: false,
            folder,
            project: session.project.clone(),
            guidelines: session.around.guidelines.clone(),
            me: session.annotator().clone(),
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
        let chosen: Vec<Annotator> = self
            .annotators
            .iter()
            .filter(|(_, on)| *on)
            .map(|(counts, _)| Annotator::from(counts.annotator.as_str()))
            .collect();
        let who = match self.whose {
            _ if !self.format.has(Feature::Spans) => Who::All,
            Whose::Mine => Who::Annotators(vec![self.me.clone()]),
            Whose::Chosen if chosen.is_empty() => return None,
            Whose::Chosen => Who::Annotators(chosen),
            Whose::All => Who::All,
        };
        let labels: Vec<LabelId> =
            self.labels.iter().filter(|(.., on)| self.some_labels && *on).map(|(id, ..)| id.clone()).collect();
        if !self.statuses.contains(&true) || (self.some_labels && labels.is_empty()) {
            return None;
        }
        let all = !self.statuses.contains(&false);
        let statuses = STATUSES.iter().zip(self.statuses).filter(|(_, on)| *on && !all).map(|((status, _), _)| *status);
        let original = self.original && self.format.keeps_sources();
        Some(ExportPlan {
            statuses: statuses.collect(),
            labels: if self.format.has(Feature::Spans) { labels } else { Vec::new() },
            offsets: if original { Offsets::Original } else { Offsets::Normalised },
            verify: true,
            tokens: TokenPlan {
                misaligned: Misaligned::ALL.get(self.misaligned).copied().unwrap_or_default(),
                scheme: Scheme::ALL.get(self.scheme).copied().unwrap_or_default(),
                priority: Vec::new(),
            },
            split: self.wish(),
            in_folder: self.splits(),
            card: self.is_described().then(|| CardPlan {
                beside: false,
                title: self.project.clone(),
                guidelines: self.guidelines.as_deref().map(str::to_owned),
                licence: None,
            }),
            ..ExportPlan::new(
                self.format,
                if self.is_per_annotator() { Target::PerAnnotator(path) } else { Target::Path(path) },
                who,
            )
        })
    }

    fn splits(&self) -> bool {
        self.split > 0 && self.format.has(Feature::Spans)
    }

    fn wish(&self) -> Option<Wish> {
        let shares = SPLITS.get(self.split).filter(|_| self.splits())?.parse().ok()?;
        let group_by = self.by_source.then(|| "source".to_owned());
        Some(Wish { shares, seed: 1, group_by, likeness: Some(Likeness::default()) })
    }

    /// A manifest and a card lie in the folder.
    fn is_described(&self) -> bool {
        self.splits() || (self.format.shape == Shape::Folder && self.format.reader.is_some())
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
        let several = match self.whose {
            Whose::Mine => false,
            Whose::Chosen => self.annotators.iter().filter(|(_, on)| *on).count() > 1,
            Whose::All => true,
        };
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
                self.layers(ui, theme);
                self.chosen_labels(ui, schema, theme);
                self.tokens(ui, theme);
                self.parts(ui, theme);
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

    fn layers(&mut self, ui: &mut Ui, theme: &Theme) {
        if !self.format.has(Feature::Spans) {
            form::row(ui, "Layers", theme, |ui| {
                let left = "The texts go out without what was marked in them";
                form::value(ui, left, theme.secondary);
            });
            return;
        }
        form::row(ui, "Layers", theme, |ui| {
            let mine = format!("Mine ({})", self.me);
            let at = WHOSE.iter().position(|whose| *whose == self.whose).unwrap_or(0);
            if let Some(at) = form::segments(ui, at, &[&mine, "Chosen", "All layers, every document"], theme) {
                self.whose = WHOSE[at];
                self.follow();
            }
            if self.whose == Whose::Chosen {
                ui.add_space(4.0);
                let mut changed = false;
                for (counts, on) in &mut self.annotators {
                    let documents = counts.in_progress + counts.finished + counts.skipped;
                    let words =
                        format!("{}, {}", counts.annotator, wording::counted(documents, "document", "documents"));
                    changed |= form::check(ui, on, &words, "", theme).changed();
                }
                if self.annotators.is_empty() {
                    form::small(ui, "Nobody has marked anything yet", theme.secondary);
                }
                if changed {
                    self.follow();
                }
            }
        });
        form::row(ui, "Status", theme, |ui| {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 20.0;
                for ((_, name), on) in STATUSES.iter().zip(&mut self.statuses) {
                    form::check(ui, on, name, "", theme);
                }
            });
        });
    }

    fn chosen_labels(&mut self, ui: &mut Ui, schema: &Schema, theme: &Theme) {
        if !self.format.has(Feature::Spans) || self.labels.len() < 2 {
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

    fn tokens(&mut self, ui: &mut Ui, theme: &Theme) {
        if cuts_words(self.format) {
            form::row(ui, "Words", theme, |ui| {
                let names = MISALIGNED.map(|(name, _)| name);
                self.misaligned = form::segments(ui, self.misaligned, &names, theme).unwrap_or(self.misaligned);
                if let Some((_, about)) = MISALIGNED.get(self.misaligned) {
                    ui.add_space(4.0);
                    form::small(ui, about, theme.secondary);
                }
            });
        }
        if writes_tags(self.format) {
            form::row(ui, "Tags", theme, |ui| {
                self.scheme = form::segments(ui, self.scheme, &SCHEMES, theme).unwrap_or(self.scheme);
            });
        }
    }

    fn parts(&mut self, ui: &mut Ui, theme: &Theme) {
        if !self.format.has(Feature::Spans) {
            return;
        }
        form::row(ui, "Split", theme, |ui| {
            if let Some(split) = form::segments(ui, self.split, &SPLITS, theme) {
                self.split = split;
                self.follow();
            }
            if self.split > 0 {
                ui.add_space(4.0);
                let about = "Near-duplicates always stay together; parts to train, tune and test on";
                form::check(ui, &mut self.by_source, "Keep each source in one part", about, theme);
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
            let (words, colour) = match (self.is_per_annotator(), folder) {
                (true, _) => {
                    ("This format holds one layer: the folder gets a file for each annotator", theme.secondary)
                }
                (_, true) if self.is_described() => {
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

/// Words are made of the text, and a span may end inside one.
fn cuts_words(format: &Format) -> bool {
    writes_tags(format) || format.id == "spacy"
}

/// A word has a tag that says where a span begins and ends.
fn writes_tags(format: &Format) -> bool {
    let flat = !format.has(Feature::Overlaps) || !format.has(Feature::Edges);
    format.has(Feature::Spans) && (flat || matches!(format.id, "parquet" | "hf"))
}
