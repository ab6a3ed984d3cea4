//! The palette (Ctrl+K): every action, every label, and documents by title, found by a few letters.

use egui::{Role, ScrollArea, Ui, WidgetInfo, vec2};

use super::super::fonts;
use super::super::parts;
use super::super::request::Ask;
use super::super::view::ids;
use super::super::work::Draw;
use super::{At, float};
use crate::session::keymap::{Chord, Key};
use crate::session::{Action, Command, Reason, Session};
use crate::store::Row;
use crate::text::DocumentId;

/// What is being looked for, and what was found.
#[derive(Debug, Default)]
pub struct Palette {
    words: String,
    /// What `found` was made for.
    made_for: Option<String>,
    /// Documents that were looked up, and for which words.
    documents: (String, Vec<Row>),
    found: Vec<Entry>,
    chosen: usize,
    moved: bool,
}

#[derive(Clone, Debug)]
struct Entry {
    title: String,
    /// Where it belongs: a menu's title, or the document's id.
    place: String,
    key: String,
    what: What,
    /// Why it cannot be done now.
    reason: Option<&'static str>,
}

#[derive(Clone, Debug)]
enum What {
    Act(Action),
    Open(DocumentId),
}

const MOST: usize = 60;
/// Documents that are shown at most.
pub const DOCUMENTS: usize = 12;

impl Palette {
    pub fn key(&mut self, session: &Session, chord: Chord) -> Option<Vec<Ask>> {
        self.find(session);
        let last = self.found.len().saturating_sub(1);
        match chord.key {
            Key::Up => self.chosen = self.chosen.checked_sub(1).unwrap_or(last),
            Key::Down => self.chosen = if self.chosen >= last { 0 } else { self.chosen + 1 },
            Key::PageUp => self.chosen = self.chosen.saturating_sub(10),
            Key::PageDown => self.chosen = (self.chosen + 10).min(last),
            Key::Enter => return Some(self.found.get(self.chosen).map(Entry::asks).unwrap_or_default()),
            _ => return None,
        }
        self.moved = true;
        Some(Vec::new())
    }

    pub fn show(&mut self, ui: &Ui, draw: &mut Draw<'_>) -> bool {
        let (session, theme) = (draw.session, draw.theme);
        let height = (ui.ctx().content_rect().height() - 200.0).clamp(120.0, 420.0);
        let (asks, stays) = float(ui, "palette", &At::Top, 560.0, theme, |ui| {
            let width = ui.available_width();
            let hint = "Commands, labels, documents";
            let response = parts::field(
                ui,
                ids::overlay(),
                &mut self.words,
                hint,
                "Look for a command, a label or a document",
                width,
                theme,
            );
            if response.changed() {
                (self.chosen, self.moved) = (0, true);
            }
            self.find(session);
            ui.add_space(8.0);
            let mut asks = Vec::new();
            if self.found.is_empty() {
                let (rect, _) = ui.allocate_exact_size(vec2(width, 28.0), egui::Sense::hover());
                let left = rect.left_center() + vec2(8.0, 0.0);
                parts::text(ui, left, "Nothing is called like that", fonts::regular(13.0), theme.secondary, width);
            }
            ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
                for (index, entry) in self.found.iter().enumerate() {
                    let chosen = index == self.chosen;
                    let (rect, response) = parts::row(ui, 28.0, chosen, 0.0, theme);
                    entry.draw(ui, rect, theme);
                    let name = match entry.reason {
                        Some(reason) => format!("{}. {reason}", entry.title),
                        None => entry.title.clone(),
                    };
                    response.widget_info(|| {
                        WidgetInfo::selected(Role::ListBoxOption, entry.reason.is_none(), chosen, &name)
                    });
                    if chosen && self.moved {
                        response.scroll_to_me(None);
                    }
                    if response.clicked() {
                        asks = entry.asks();
                    }
                }
            });
            self.moved = false;
            asks
        });
        draw.asks.extend(asks);
        stays
    }

    /// The words for which documents are to be looked up.
    pub fn wanted(&self) -> Option<&str> {
        let known = self.documents.0 == self.words;
        (!known && self.words.trim().chars().count() >= 2).then_some(&self.words)
    }

    /// Takes documents whose names have these words.
    pub fn take(&mut self, words: String, rows: Vec<Row>) {
        self.documents = (words, rows);
        self.made_for = None;
    }

    fn find(&mut self, session: &Session) {
        if self.made_for.as_deref() == Some(&self.words) {
            return;
        }
        self.made_for = Some(self.words.clone());
        let words = self.words.trim().to_lowercase();
        let mut scored: Vec<(i32, Entry)> = actions(session)
            .into_iter()
            .filter_map(|entry| {
                Some((score(&words, &entry.title).or_else(|| score(&words, &entry.place).map(|at| at - 40))?, entry))
            })
            .collect();
        let (made_for, rows) = &self.documents;
        if words.chars().count() >= 2 {
            // Those of other words stay until these are looked up, as far as they fit.
            let fit = |title: &str| score(&words, title).or((*made_for == self.words).then_some(0));
            scored.extend(rows.iter().filter_map(|row| {
                let title = if row.title.is_empty() { row.id.to_string() } else { row.title.clone() };
                let points = fit(&title)? - 10;
                let place = if row.source.is_empty() { "Document".to_owned() } else { row.source.clone() };
                let what = What::Open(row.id.clone());
                Some((points, Entry { title, place, key: String::new(), what, reason: None }))
            }));
        }
        // Stable: what is equally good stays in the order of the menus.
        scored.sort_by_key(|(points, _)| -points);
        self.found = scored.into_iter().take(MOST).map(|(_, entry)| entry).collect();
        self.chosen = self.chosen.min(self.found.len().saturating_sub(1));
    }
}

impl Entry {
    fn asks(&self) -> Vec<Ask> {
        match &self.what {
            // What cannot be done says so and leaves the palette open.
            What::Act(action) if self.reason.is_some() => vec![Ask::Act(action.clone())],
            What::Act(action) => vec![Ask::CloseOverlay, Ask::Act(action.clone())],
            What::Open(id) => vec![Ask::CloseOverlay, Ask::Run(Command::Open(id.clone()))],
        }
    }

    fn draw(&self, ui: &Ui, rect: egui::Rect, theme: &super::super::theme::Theme) {
        let mut right = rect.right() - 8.0;
        if !self.key.is_empty() {
            right = parts::cap(ui, egui::pos2(right, rect.center().y), &self.key, theme).left() - 8.0;
        }
        let colour = if self.reason.is_some() { theme.secondary } else { theme.text };
        let left = rect.left() + 8.0;
        let room = right - left;
        let width =
            parts::text(ui, egui::pos2(left, rect.center().y), &self.title, fonts::regular(13.0), colour, room * 0.66);
        let words = self.reason.unwrap_or(&self.place);
        let galley = parts::line(ui, words, fonts::regular(12.0), theme.secondary, room - width - 16.0);
        parts::put(ui.painter(), egui::pos2(right - galley.size().x, rect.center().y), galley);
    }
}

fn actions(session: &Session) -> Vec<Entry> {
    let schema = &session.schema;
    let labels = schema.labels.iter().filter(|label| !label.retired);
    let marks = labels.clone().map(|label| (Action::Mark(label.id.clone()), format!("Mark {}", label.name)));
    let arms = labels.map(|label| (Action::Arm(label.id.clone()), format!("Mark {} at every drag", label.name)));
    let links = schema.relations.iter().filter(|kind| !kind.retired);
    let links = links.map(|kind| (Action::Relate(kind.id.clone()), format!("Link {}…", kind.name)));
    let rest = Action::catalogue()
        .iter()
        .filter(|action| !matches!(action, Action::Palette | Action::Escape | Action::Move(_) | Action::Extend(_)));
    let rest = rest.map(|action| (action.clone(), action.info().title.to_owned()));
    let entry = |(action, title): (Action, String)| Entry {
        title,
        place: action.info().group.title().to_owned(),
        key: session.keymap.key_of(&action).map(parts::spelled).unwrap_or_default(),
        reason: action.available(session).err().map(|Reason(reason)| reason),
        what: What::Act(action),
    };
    rest.chain(marks).chain(links).chain(arms).map(entry).collect()
}

/// How well the letters, in this order, are found in a title: all together is best, then at word starts and side by side.
/// `None`: not all are there.
fn score(words: &str, title: &str) -> Option<i32> {
    let mut points = match title.to_lowercase().find(words) {
        Some(0) => 60,
        Some(_) => 30,
        None => 0,
    };
    let mut rest = title.chars().flat_map(char::to_lowercase).peekable();
    let (mut before, mut beside) = (' ', true);
    for wanted in words.chars() {
        loop {
            let next = rest.next()?;
            let start = !before.is_alphanumeric();
            before = next;
            if next == wanted {
                points += 1 + if start { 8 } else { 0 } + if beside { 6 } else { 0 };
                beside = true;
                break;
            }
            beside = false;
        }
    }
    // Of equally good ones the shorter; where the words begin the title, in the order of the menus.
    let longer = if points >= 60 { 0 } else { rest.count().min(40) as i32 };
    Some(points * 4 - longer)
}
