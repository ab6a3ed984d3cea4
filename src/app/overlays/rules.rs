//! Settling by a rule: which rule, and what it would settle in all documents, before it does: one change, one undo.

use std::collections::HashMap;

use egui::{Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use super::super::dialogs::form;
use super::super::fonts;
use super::super::parts::{self, ROW};
use super::super::reading::Line;
use super::super::request::Ask;
use super::super::task::Task;
use super::super::window::Waker;
use super::super::work::Draw;
use super::{At, float};
use crate::review::{Accept, Trivial};
use crate::session::keymap::{Chord, Key};
use crate::session::reviewing::{Bulk, Bulking, Review};
use crate::session::{Command, Session};
use crate::store::StoreError;
use crate::text::wording;

/// The rules, as they are offered.
const RULES: [(Accept, &str, &str); 4] = [
    (Accept::Unanimous, "What all agree on", "Nothing that differs is touched"),
    (Accept::Majority, "What most say", "More than half of those who finished the document"),
    (
        Accept::Trivial { worst: Trivial::Punctuation, wide: true },
        "Trivial edges, wide",
        "White space, quotation marks, punctuation: with them",
    ),
    (
        Accept::Trivial { worst: Trivial::Punctuation, wide: false },
        "Trivial edges, narrow",
        "White space, quotation marks, punctuation: without them",
    ),
];

/// The rule that is chosen, and what it comes to.
#[derive(Debug)]
pub struct Rules {
    chosen: usize,
    waker: Waker,
    /// What was asked for and is being worked out.
    wanted: Option<usize>,
    running: Option<(usize, Task<Result<Bulk, StoreError>>)>,
    known: HashMap<usize, Result<Bulk, String>>,
}

impl Rules {
    pub fn new(waker: &Waker) -> Self {
        Self { chosen: 0, waker: waker.clone(), wanted: Some(0), running: None, known: HashMap::new() }
    }

    /// What must be worked out now: the session gives what it takes.
    pub fn wants(&mut self) -> Option<Accept> {
        if self.running.is_some() {
            return None;
        }
        Some(RULES[self.wanted?].0)
    }

    /// Begins working it out.
    pub fn begin(&mut self, bulking: Result<Bulking, String>) {
        let Some(rule) = self.wanted.take() else { return };
        match bulking {
            Ok(bulking) => self.running = Some((rule, Task::start(&self.waker, move |job| bulking.run(job)))),
            Err(sentence) => drop(self.known.insert(rule, Err(sentence))),
        }
    }

    /// What it comes to is being worked out.
    pub fn is_looking(&self) -> bool {
        self.running.is_some() || self.wanted.is_some()
    }

    fn poll(&mut self) {
        let Some((rule, task)) = &self.running else { return };
        let Some(done) = task.poll() else { return };
        let done = match done {
            Ok(Ok(bulk)) => Ok(bulk),
            Ok(Err(error)) => Err(error.to_string()),
            Err(sentence) => Err(sentence.to_owned()),
        };
        self.known.insert(*rule, done);
        self.running = None;
        self.wanted = Some(self.chosen).filter(|chosen| !self.known.contains_key(chosen));
    }

    fn choose(&mut self, rule: usize) {
        self.chosen = rule;
        self.wanted = Some(rule).filter(|rule| !self.known.contains_key(rule));
    }

    pub fn key(&mut self, _: &Session, chord: Chord) -> Option<Vec<Ask>> {
        match chord.key {
            Key::Up => self.choose(self.chosen.checked_sub(1).unwrap_or(RULES.len() - 1)),
            Key::Down => self.choose((self.chosen + 1) % RULES.len()),
            Key::Char(digit @ '1'..='4') if !chord.ctrl && !chord.alt => self.choose(digit as usize - '1' as usize),
            Key::Enter => return Some(self.apply()),
            _ => return None,
        }
        Some(Vec::new())
    }

    fn apply(&mut self) -> Vec<Ask> {
        match self.known.remove(&self.chosen) {
            Some(Ok(bulk)) if bulk.settled > 0 => {
                vec![Ask::CloseOverlay, Ask::Run(Command::Review(Review::Apply(Box::new(bulk))))]
            }
            Some(known) => {
                self.known.insert(self.chosen, known);
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    pub fn show(&mut self, ui: &Ui, draw: &mut Draw<'_>) -> bool {
        self.poll();
        let theme = draw.theme;
        let height = (ui.ctx().content_rect().height() - 420.0).clamp(84.0, 260.0);
        let (asks, stays) = float(ui, "rules", &At::Top, 560.0, theme, |ui| {
            let mut asks = Vec::new();
            parts::heading(ui, "Settle by a rule", theme);
            for (index, (_, title, help)) in RULES.iter().enumerate() {
                let chosen = index == self.chosen;
                let (rect, response) = parts::row(ui, ROW, chosen, 0.0, theme);
                let at = rect.left_center() + vec2(8.0, 0.0);
                let width = parts::text(ui, at, title, fonts::medium(13.0), theme.text, 200.0);
                let right = parts::cap(ui, rect.right_center() - vec2(8.0, 0.0), &(index + 1).to_string(), theme);
                let at = at + vec2(width + 12.0, 0.0);
                parts::text(ui, at, help, fonts::regular(12.0), theme.secondary, right.left() - at.x - 8.0);
                response
                    .widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, format!("{title}. {help}")));
                if response.clicked() {
                    self.choose(index);
                }
            }
            parts::hairline(ui, 8.0, theme);
            match (self.known.get(&self.chosen), &mut self.running) {
                (Some(Ok(bulk)), _) => asks.extend(comes_to(ui, draw, bulk, height).then_some(())),
                (Some(Err(sentence)), _) => told(ui, sentence, theme.error),
                (None, Some((_, task))) => {
                    if task.is_long(ui) {
                        task.bar(ui, "Looking through all documents", theme);
                    } else {
                        told(ui, "Looking…", theme.secondary);
                    }
                }
                (None, None) => told(ui, "Looking…", theme.secondary),
            }
            if asks.is_empty() { Vec::new() } else { self.apply() }
        });
        draw.asks.extend(asks);
        stays
    }
}

/// What the rule comes to. `true`: it is wanted.
fn comes_to(ui: &mut Ui, draw: &Draw<'_>, bulk: &Bulk, height: f32) -> bool {
    let theme = draw.theme;
    if bulk.settled == 0 {
        told(ui, "This rule settles nothing that is still open", theme.secondary);
        return false;
    }
    let agreed = bulk.settled - bulk.differences;
    let what = match (bulk.differences, agreed) {
        (0, agreed) => format!("{} that all agree on", wording::counted(agreed, "thing", "things")),
        (some, 0) => wording::counted(some, "difference", "differences"),
        (some, agreed) => {
            format!(
                "{} and {} that all agree on",
                wording::counted(some, "difference", "differences"),
                wording::thousands(agreed)
            )
        }
    };
    let sentence = format!("{what}, in {}", wording::counted(bulk.documents, "document", "documents"));
    told(ui, &sentence, theme.text);
    let left = match bulk.left {
        0 => "Nothing is left open".to_owned(),
        left => format!("{} stay open", wording::counted(left, "difference", "differences")),
    };
    told(ui, &left, theme.secondary);
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show_rows(
        ui,
        24.0,
        bulk.samples.len(),
        |ui, rows| {
            for share in &bulk.samples[rows] {
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
                let galley = parts::line(ui, &share.what, fonts::regular(12.0), theme.secondary, rect.width() * 0.45);
                let right = rect.right() - 14.0 - galley.size().x;
                parts::put(ui.painter(), pos2(right, rect.center().y), galley);
                let line =
                    Line { serif: true, ..Line::new(&share.words, 14.0, theme.text, right - rect.left() - 20.0) };
                line.show(ui, &mut draw.reading.borrow_mut(), rect.left_center() + vec2(8.0, 0.0));
                response.widget_info(|| {
                    WidgetInfo::labeled(Role::ListItem, true, format!("{}, {}", share.words, share.what))
                });
            }
        },
    );
    let mut clicked = false;
    ui.add_space(8.0);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), 34.0),
        egui::Layout::right_to_left(egui::Align::Center),
        |ui| {
            let words = format!("Settle {}", wording::thousands(bulk.settled));
            clicked = form::button(ui, &words, form::Kind::Default, true, theme).clicked();
        },
    );
    clicked
}

fn told(ui: &mut Ui, words: &str, colour: egui::Color32) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    parts::text(ui, rect.left_center() + vec2(8.0, 0.0), words, fonts::regular(13.0), colour, rect.width() - 16.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, words));
}
