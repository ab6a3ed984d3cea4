//! [`Assign`]: who gets documents, which share goes to everybody, and what it would come to for each, before anything is written.

use std::path::PathBuf;

use egui::{CornerRadius, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::request::Request;
use super::super::task::Task;
use super::super::theme::Theme;
use super::super::window::Shared;
use super::super::{fonts, parts};
use super::form;
use super::sheet::{self, Head};
use crate::annotation::Annotator;
use crate::session::assign::{Dealing, FILE, Refused, Wish};
use crate::session::{Command, Session, settings};
use crate::store::{Store, StoreError};
use crate::text::wording;

/// Dealing out, before it is done.
#[derive(Debug)]
pub struct Assign {
    folder: PathBuf,
    /// A connection of its own.
    store: Box<dyn Store>,
    names: String,
    overlap: String,
    seed: String,
    anew: bool,
    /// Who is known here, besides those who are named.
    known: Vec<Annotator>,
    /// The wish that the preview is of, or is being made of.
    asked: Option<Wish>,
    planning: Option<Task<Result<Dealing, Refused>>>,
    planned: Option<Result<Dealing, Refused>>,
}

impl Assign {
    pub fn new(session: &Session) -> Result<Self, StoreError> {
        let me = session.annotator().clone();
        let others = session.counts.annotators.iter().map(|counts| Annotator::from(counts.annotator.as_str()));
        let mut known: Vec<Annotator> = others.filter(|annotator| !annotator.is_gold()).collect();
        if !known.contains(&me) {
            known.insert(0, me);
        }
        let assigned = session.around.assigned.as_ref();
        let names = assigned.map_or_else(|| known.clone(), |assigned| assigned.annotators.clone());
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        Ok(Self {
            folder: session.around.folder.clone().unwrap_or_default(),
            store: session.another_store()?,
            names: names.join(", "),
            // What the file says is put in as soon as it was read.
            overlap: String::new(),
            seed: String::new(),
            anew: false,
            known,
            asked: None,
            planning: None,
            planned: None,
        })
    }

    /// What is typed, or why it makes no sense.
    fn wish(&self) -> Result<Wish, String> {
        let mut annotators = Vec::new();
        for name in self.names.split(',').filter(|name| !name.trim().is_empty()) {
            let annotator = settings::annotator(name)?;
            if annotators.contains(&annotator) {
                return Err(format!("{annotator} is named twice"));
            }
            annotators.push(annotator);
        }
        if annotators.is_empty() {
            return Err("Name at least one annotator".to_owned());
        }
        let percent = self.overlap.trim().trim_end_matches('%').trim();
        let share = percent.parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent));
        if share.is_none() && !percent.is_empty() {
            return Err("The share for everybody is a number from 0 to 100".to_owned());
        }
        let seed = self.seed.trim();
        if !seed.is_empty() && seed.parse::<u64>().is_err() {
            return Err("The seed is a whole number".to_owned());
        }
        Ok(Wish { annotators, overlap: share.map(|percent| percent / 100.0), seed: seed.parse().ok(), anew: self.anew })
    }

    fn keep_up(&mut self, wish: Option<&Wish>, shared: &Shared) {
        if let Some(wish) = wish.filter(|wish| self.asked.as_ref() != Some(wish)) {
            if let Some(task) = self.planning.take() {
                task.cancel();
            }
            match self.store.another() {
                Ok(store) => {
                    let (folder, wish) = (self.folder.clone(), wish.clone());
                    let plan = move |job: &crate::store::Job| Dealing::plan(&folder, &*store, &wish, job);
                    self.planning = Some(Task::start(&shared.waker, plan));
                }
                Err(error) => self.planned = Some(Err(error.into())),
            }
            self.asked = Some(wish.clone());
        }
        if let Some(answer) = self.planning.as_ref().and_then(Task::poll) {
            self.planning = None;
            self.planned = Some(answer.unwrap_or_else(|why| Err(Refused::Said(why.to_owned()))));
            if let Some(Ok(dealing)) = &self.planned {
                // What holds where nothing was typed.
                let percent = (dealing.assignments.overlap * 1000.0).round() / 10.0;
                let fill = |field: &mut String, value: String| {
                    if field.is_empty() {
                        *field = value;
                    }
                };
                fill(&mut self.overlap, percent.to_string());
                fill(&mut self.seed, dealing.assignments.seed.to_string());
                self.asked = self.wish().ok();
            }
        }
    }

    pub fn frame(&mut self, ui: &Ui, shared: &Shared, requests: &mut Vec<Request>) -> bool {
        let wish = self.wish();
        self.keep_up(wish.as_ref().ok(), shared);
        let first = Id::unique("assign names");
        let head = Head { name: "assign", title: "Assign documents", width: 620.0, first: Some(first), closable: true };
        let (pressed, escaped) = sheet::show(ui.ctx(), &head, |sheet| {
            let theme = sheet.theme;
            sheet.body(|ui| {
                self.fields(ui, first, theme);
                ui.add_space(6.0);
                match (&wish, &self.planned) {
                    (Err(why), _) => form::words(ui, why, theme.error),
                    (_, Some(Ok(dealing))) => preview(ui, dealing, theme),
                    (_, Some(Err(refused))) => form::words(ui, &refused.to_string(), theme.error),
                    (_, None) => form::small(ui, "Dealing out…", theme.secondary),
                }
            });
            sheet.foot((&format!("Write {FILE}"), self.is_ready(&wish)), &["Cancel"])
        });
        match (pressed, &self.planned) {
            (Some(0), Some(Ok(dealing))) => {
                requests.push(Request::Run(Command::Assign(Box::new(dealing.clone()))));
                false
            }
            (Some(_), _) => false,
            (None, _) => !escaped,
        }
    }

    /// What is shown is what is asked for, and the file would be another one.
    fn is_ready(&self, wish: &Result<Wish, String>) -> bool {
        let dealing = self.planned.as_ref().and_then(|planned| planned.as_ref().ok());
        wish.is_ok() && self.planning.is_none() && dealing.is_some_and(Dealing::changes)
    }

    fn fields(&mut self, ui: &mut Ui, first: Id, theme: &'static Theme) {
        form::row(ui, "Annotators", theme, |ui| {
            form::field(ui, first, &mut self.names, "ana, ben, cleo", "Who gets documents, separated by commas", theme);
            let unnamed: Vec<String> =
                self.known.iter().map(ToString::to_string).filter(|name| !self.names.contains(name)).collect();
            if !unnamed.is_empty() {
                ui.add_space(4.0);
                form::small(ui, &format!("Also known here: {}", unnamed.join(", ")), theme.secondary);
            }
        });
        let beside = |ui: &mut Ui, field: (Id, &mut String, &str), words: &str| {
            ui.horizontal(|ui| {
                parts::field(ui, field.0, field.1, "", field.2, 56.0, theme);
                form::small(ui, words, theme.secondary);
            });
        };
        form::row(ui, "To everybody", theme, |ui| {
            let name = "Share of the documents that goes to everybody, in percent";
            let field = (Id::unique("assign overlap"), &mut self.overlap, name);
            beside(ui, field, "% of the documents of each source, to be compared");
        });
        form::row(ui, "Seed", theme, |ui| {
            let field = (Id::unique("assign seed"), &mut self.seed, "Seed");
            beside(ui, field, "Another number deals otherwise");
        });
        form::row(ui, "", theme, |ui| {
            let about = "What an annotator has begun stays theirs. Otherwise only what is new is dealt out";
            form::check(ui, &mut self.anew, "Deal out everything again", about, theme);
        });
    }
}

/// Where the columns of the preview end, from the right, in points.
const COLUMNS: [(&str, f32); 4] = [("Documents", 270.0), ("New", 200.0), ("Shared", 130.0), ("Done", 70.0)];

/// What each would have.
fn preview(ui: &mut Ui, dealing: &Dealing, theme: &Theme) {
    parts::hairline(ui, 4.0, theme);
    let width = ui.available_width();
    let scale = (width / 572.0).min(1.0);
    let (head, _) = ui.allocate_exact_size(vec2(width, 24.0), Sense::hover());
    let right = |rect: Rect, at: f32| pos2(rect.right() - at * scale, rect.center().y);
    let put = |ui: &Ui, at: egui::Pos2, words: &str, colour| {
        let galley = parts::line(ui, words, fonts::regular(12.0), colour, 90.0);
        parts::put(ui.painter(), pos2(at.x - galley.size().x, at.y), galley);
    };
    for (name, at) in COLUMNS {
        put(ui, right(head, at), name, theme.secondary);
    }
    put(ui, right(head, 0.0), "Length", theme.secondary);
    let most = dealing.shares.iter().map(|share| share.bytes).max().unwrap_or(0).max(1);
    let all: u64 = dealing.shares.iter().map(|share| share.bytes).sum::<u64>().max(1);
    for share in &dealing.shares {
        let (rect, response) = ui.allocate_exact_size(vec2(width, parts::ROW), Sense::hover());
        let name = share.annotator.to_string();
        parts::text(ui, rect.left_center(), &name, fonts::medium(13.0), theme.text, width - 350.0 * scale);
        let numbers = [share.documents, share.new, share.shared, share.done];
        for ((_, at), number) in COLUMNS.into_iter().zip(numbers) {
            let colour = if number == 0 { theme.secondary } else { theme.text };
            let galley = parts::line(ui, &wording::thousands(number), fonts::regular(13.0), colour, 90.0);
            parts::put(ui.painter(), right(rect, at) - vec2(galley.size().x, 0.0), galley);
        }
        let track = Rect::from_min_max(right(rect, 50.0) - vec2(0.0, 2.0), right(rect, 0.0) + vec2(0.0, 2.0));
        ui.painter().rect_filled(track, CornerRadius::same(2), theme.hairline);
        let part = (share.bytes as f64 / most as f64) as f32 * track.width();
        let filled = Rect::from_min_size(track.min, vec2(part, track.height()));
        ui.painter().rect_filled(filled, CornerRadius::same(2), theme.accent);
        let percent = (share.bytes as f64 / all as f64 * 100.0).round();
        let told = format!(
            "{name}: {}, {} new, {} shared, {} done, {percent} % of all that is read",
            wording::counted(share.documents, "document", "documents"),
            share.new,
            share.shared,
            share.done
        );
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &told));
        response.on_hover_text(told);
    }
    ui.add_space(8.0);
    form::words(ui, &dealing.sentence(), theme.text);
    if !dealing.changes() {
        form::small(ui, &format!("{FILE} says so already"), theme.secondary);
    }
    for note in &dealing.notes {
        ui.add_space(4.0);
        form::small(ui, note, theme.warning);
    }
}
