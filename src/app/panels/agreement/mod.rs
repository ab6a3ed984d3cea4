//! The dashboard of agreement: annotators by annotators, labels, what was called what, documents from worst to best, weeks. Stands in the
//! place of the page; every number opens the differences behind it.

mod bars;
mod documents;
mod heat;
mod labels;
mod matrix;
mod weeks;

use std::collections::BTreeMap;

use egui::{Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::dialogs::form;
use super::super::request::Ask;
use super::super::task::Task;
use super::super::theme::Theme;
use super::super::window::Waker;
use super::super::work::Draw;
use super::super::{fonts, parts};
use crate::agreement::{Confusion, MEASURES, Measure, Row};
use crate::annotation::Annotator;
use crate::session::agreement::{Comparison, Plan, compare};
use crate::session::reviewing::Filter;
use crate::session::reviewing::Review;
use crate::session::{Action, Command, Session};
use crate::store::{Counts, StoreError};
use crate::text::DocumentId;
use crate::text::wording::{counted, thousands};

/// What was computed, and what is looked at.
#[derive(Debug, Default)]
pub struct AgreementView {
    found: Option<Result<Comparison, String>>,
    /// What the project counted when it was computed.
    of: Option<Counts>,
    computing: Option<Task<Result<Comparison, StoreError>>>,
    /// Place in [`MEASURES`].
    measure: usize,
    /// Whose labels are held against each other: places among the annotators.
    pair: (usize, usize),
    confusion: Option<Confusion>,
    /// All documents are listed, not the worst alone.
    all_documents: bool,
    titles: BTreeMap<DocumentId, String>,
}

/// Widest, and least room at both sides, in points.
const WIDEST: f32 = 940.0;
const SIDES: f32 = 32.0;

impl AgreementView {
    pub fn is_computing(&self) -> bool {
        self.computing.is_some()
    }

    fn measure(&self) -> &'static dyn Measure {
        MEASURES[self.measure]
    }

    /// Begins to compute what is not there yet, and takes in what arrived.
    fn keep_up(&mut self, session: &Session, waker: &Waker) {
        if let Some(answer) = self.computing.as_ref().and_then(Task::poll) {
            self.computing = None;
            match answer.unwrap_or(Err(StoreError::Cancelled)) {
                Ok(found) => self.take(found),
                // What was asked for on top of the rest can be left; the rest stays.
                Err(StoreError::Cancelled) if self.found.is_some() => self.measure = 0,
                Err(error) => self.found = Some(Err(error.to_string())),
            }
        }
        let id = self.measure().id();
        let lacks = match &self.found {
            None => true,
            Some(Ok(found)) => !found.parameters.measures.iter().any(|(known, _)| *known == id),
            Some(Err(_)) => false,
        };
        if lacks && self.computing.is_none() {
            self.start(session, waker);
        }
    }

    fn start(&mut self, session: &Session, waker: &Waker) {
        let store = match session.another_store() {
            Ok(store) => store,
            Err(error) => return self.found = Some(Err(error.to_string())),
        };
        let mut plan = Plan::new();
        if self.found.is_some() {
            plan.asked.measures = vec![self.measure()];
        } else {
            self.of = Some(session.counts.clone());
        }
        plan.drift = true;
        let schema = session.schema.clone();
        self.computing = Some(Task::start(waker, move |job| compare(&*store, &schema, &plan, job)));
    }

    fn take(&mut self, mut found: Comparison) {
        if let Some(Ok(before)) = &mut self.found {
            before.rows.append(&mut found.rows);
            before.parameters.measures.append(&mut found.parameters.measures);
            for part in found.drift {
                if let Some(known) = before.drift.iter_mut().find(|known| known.name == part.name) {
                    known.rows.extend(part.rows);
                }
            }
            return;
        }
        self.pair = (0, 1);
        self.confusion = None;
        self.found = Some(Ok(found));
    }

    /// Everything is computed again.
    fn again(&mut self) {
        let (measure, all_documents) = (self.measure, self.all_documents);
        *self = Self { measure, all_documents, ..Self::default() };
    }
}

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut AgreementView, waker: &Waker) {
    view.keep_up(draw.session, waker);
    let outer = ui.max_rect();
    let width = (outer.width() - 2.0 * SIDES).clamp(120.0, WIDEST);
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let left = ui.max_rect().left() + (outer.width() - width) / 2.0;
        let inner = Rect::from_min_size(pos2(left, ui.cursor().top()), vec2(width, f32::INFINITY));
        ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            ui.add_space(28.0);
            heading(ui, draw);
            contents(ui, draw, view);
            ui.add_space(32.0);
        });
    });
}

fn heading(ui: &mut Ui, draw: &mut Draw<'_>) {
    let theme = draw.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    let words = Action::Agreement.info().title;
    parts::text(ui, rect.left_center(), words, fonts::semibold(20.0), theme.text, rect.width() - 32.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, words));
    let place = Rect::from_center_size(pos2(rect.right() - 10.0, rect.center().y), vec2(20.0, 20.0));
    let cross = ui.interact(place, ui.scope_id().with("close"), Sense::click());
    parts::cross_at(ui, place, &cross, theme);
    cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Back to the page"));
    if cross.on_hover_text("Back to the page  Esc").clicked() {
        draw.asks.push(Ask::CloseOverlay);
    }
}

fn contents(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut AgreementView) {
    let theme = draw.theme;
    ui.add_space(4.0);
    let found = match view.found.take() {
        None => return waiting(ui, view, theme),
        Some(Err(sentence)) => {
            form::words(ui, &sentence, theme.error);
            view.found = Some(Err(sentence));
            return;
        }
        Some(Ok(found)) => found,
    };
    if let Some(words) = nothing(&found) {
        form::words(ui, &words, theme.secondary);
    } else {
        choose(ui, view, theme);
        ui.add_space(16.0);
        if view.computing.is_some() {
            waiting(ui, view, theme);
        } else {
            summary(ui, view, &found, theme);
            matrix::show(ui, draw, view, &found);
            labels::show(ui, draw, view, &found);
            heat::show(ui, draw, view, &found);
            documents::show(ui, draw, view, &found);
            weeks::show(ui, draw, view, &found);
        }
    }
    let changed = view.of.as_ref().is_some_and(|of| *of != draw.session.counts);
    view.found = Some(Ok(found));
    if changed {
        ui.add_space(16.0);
        form::small(ui, "Something was marked or finished since this was computed", theme.secondary);
        if parts::link(ui, "Compute again", theme).clicked() {
            view.again();
        }
    }
}

/// Why there is nothing to show, and what to do.
fn nothing(found: &Comparison) -> Option<String> {
    let who = &found.parameters.annotators;
    match who.len() {
        0 => return Some(
            "Nobody has marked anything yet. Agreement is computed from documents that two annotators have finished"
                .to_owned(),
        ),
        1 => {
            return Some(format!(
                "Only {} has layers here. Import the layers of a second annotator, or assign documents with an overlap",
                who[0]
            ));
        }
        _ => {}
    }
    let both = found.corpus.items.iter().any(|item| item.layers.iter().flatten().count() > 1);
    (!both).then(|| {
        "No document is finished by two annotators yet. Finished and empty counts; in progress does not".to_owned()
    })
}

fn waiting(ui: &mut Ui, view: &AgreementView, theme: &Theme) {
    let Some(task) = &view.computing else { return };
    task.bar(ui, "Comparing…", theme);
    if parts::link(ui, "Cancel", theme).clicked() {
        task.cancel();
    }
}

fn choose(ui: &mut Ui, view: &mut AgreementView, theme: &Theme) {
    ui.add_space(8.0);
    let names: Vec<&str> = MEASURES.iter().map(|measure| measure.id()).collect();
    if let Some(chosen) = form::segments(ui, view.measure, &names, theme) {
        view.measure = chosen;
    }
    ui.add_space(6.0);
    form::small(ui, view.measure().about(), theme.secondary);
}

/// The number, large, with its interval and what it is of.
fn summary(ui: &mut Ui, view: &AgreementView, found: &Comparison, theme: &Theme) {
    let Some(row) = found.overall(view.measure().id()) else { return };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
    let number = figure(row);
    let end = parts::text(ui, rect.left_center(), &number, fonts::semibold(32.0), theme.text, rect.width());
    let about = about(row, found);
    let at = rect.left_center() + vec2(end + 14.0, 6.0);
    parts::text(ui, at, &about, fonts::regular(13.0), theme.secondary, rect.right() - at.x);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{number}, {about}")));
    for note in row.note.iter().chain(&found.parameters.notes) {
        form::small(ui, note, theme.secondary);
    }
    let left_out = found.parameters.left_out.len();
    if left_out > 0 {
        let words = counted(
            left_out as u64,
            "layer is not finished or counts in another text, and is",
            "layers are not finished or count in another text, and are",
        );
        form::small(ui, &format!("{words} left out"), theme.secondary);
    }
}

fn about(row: &Row, found: &Comparison) -> String {
    let mut words = Vec::new();
    match (&row.value, row.interval) {
        (Err(why), _) => words.push(why.to_string()),
        (Ok(_), Some((low, high))) => words.push(format!("{low:.3} to {high:.3}, 95 %")),
        (Ok(_), None) => words.push("too few documents for an interval".to_owned()),
    }
    words.push(counted(row.documents as u64, "document", "documents"));
    let pairs = found.parameters.annotators.len();
    if pairs > 2 {
        words.push(format!("mean over pairs of {pairs} annotators"));
    }
    words.push(format!("n = {}", thousands(row.n.round() as u64)));
    words.join("  ·  ")
}

/// `0.851`; a dash where it is undefined.
fn figure(row: &Row) -> String {
    row.value.as_ref().map_or_else(|_| "–".to_owned(), |value| format!("{value:.3}"))
}

/// What is told of a number when the pointer rests on it.
fn told(row: &Row) -> String {
    match (&row.value, row.interval) {
        (Err(why), _) => format!("Undefined: {why}"),
        (Ok(value), Some((low, high))) => {
            format!(
                "{value:.4}  ({low:.4} to {high:.4}, 95 %)  n = {}  {}",
                row.n.round(),
                counted(row.documents as u64, "document", "documents")
            )
        }
        (Ok(value), None) => {
            format!("{value:.4}  n = {}  {}", row.n.round(), counted(row.documents as u64, "document", "documents"))
        }
    }
}

/// Opens the differences of these annotators that a filter lets through.
fn differences(draw: &mut Draw<'_>, annotators: &[String], filter: Filter) {
    let annotators = annotators.iter().map(|name| Annotator::from(name.as_str())).collect();
    draw.asks.push(Ask::CloseOverlay);
    draw.run(Command::Review(Review::Begin(annotators)));
    draw.run(Command::Review(Review::Narrow(filter)));
}

/// A section's heading, with room above.
fn section(ui: &mut Ui, words: &str, about: &str, theme: &Theme) {
    ui.add_space(28.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let end = parts::text(ui, rect.left_center(), words, fonts::semibold(13.0), theme.text, rect.width());
    let at = rect.left_center() + vec2(end + 12.0, 0.0);
    parts::text(ui, at, about, fonts::regular(12.0), theme.secondary, rect.right() - at.x);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, words));
    ui.painter().hline(rect.x_range(), rect.bottom().round() - 0.5, egui::Stroke::new(1.0, theme.hairline));
    ui.add_space(6.0);
}
