//! The palette (Ctrl+K): every action, every label, and documents by title, found by a few letters. `>` looks for commands alone,
//! `@` for labels and relations, `#` for documents.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{CornerRadius, Role, ScrollArea, Ui, WidgetInfo, pos2, vec2};

use super::super::fonts;
use super::super::parts;
use super::super::request::Ask;
use super::super::theme::Theme;
use super::super::view::ids;
use super::super::work::Draw;
use super::fuzzy::{self, Found};
use super::{At, float};
use crate::schema::Schema;
use crate::session::keymap::{Chord, Key};
use crate::session::{Action, Command, Reason, Session};
use crate::store::Row;
use crate::text::DocumentId;

/// What is being looked for, and what was found.
#[derive(Debug, Default)]
pub struct Palette {
    words: String,
    /// What was chosen here before, the last one first.
    used: Vec<Action>,
    /// What `found` was made for.
    made_for: Option<String>,
    /// Documents that were looked up, and for which words.
    documents: (String, Vec<Row>),
    looked_up: bool,
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
    /// Letters of the title that were found, counted in characters.
    letters: Vec<usize>,
    /// It was chosen before, and nothing is looked for yet.
    recent: bool,
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

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Among {
    All,
    Commands,
    Labels,
    Documents,
}

const PREFIXES: [(char, Among, &str); 3] =
    [('>', Among::Commands, "commands"), ('@', Among::Labels, "labels"), ('#', Among::Documents, "documents")];

impl Palette {
    pub fn new(used: &[Action]) -> Self {
        Self { used: used.to_vec(), ..Self::default() }
    }

    /// What is looked for, and by which letters.
    fn sought(&self) -> (Among, &str) {
        let words = self.words.trim();
        for (sign, among, _) in PREFIXES {
            if let Some(rest) = words.strip_prefix(sign) {
                return (among, rest.trim_start());
            }
        }
        (Among::All, words)
    }

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
                    entry.draw(ui, rect, &session.schema, theme);
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
            if self.words.is_empty() {
                hints(ui, theme);
            }
            asks
        });
        draw.asks.extend(asks);
        stays
    }

    /// Documents are looked for, by these words.
    fn looks_up(&self) -> Option<&str> {
        let (among, words) = self.sought();
        (among == Among::Documents || (among == Among::All && words.chars().count() >= 2)).then_some(words)
    }

    /// The words for which documents are still to be looked up.
    pub fn wanted(&self) -> Option<&str> {
        self.looks_up().filter(|words| !self.looked_up || self.documents.0 != *words)
    }

    /// Takes documents whose names have these words.
    pub fn take(&mut self, words: String, rows: Vec<Row>) {
        self.documents = (words, rows);
        self.looked_up = true;
        self.made_for = None;
    }

    fn find(&mut self, session: &Session) {
        if self.made_for.as_deref() == Some(&self.words) {
            return;
        }
        self.made_for = Some(self.words.clone());
        let (among, plain) = self.sought();
        let words = plain.to_lowercase();
        let mut scored: Vec<(i32, Entry)> = Vec::new();
        for mut entry in actions(session).into_iter().filter(|entry| entry.is_among(among)) {
            let found = fuzzy::find(&words, &entry.title).or_else(|| {
                let place = fuzzy::find(&words, &entry.place)?;
                Some(Found { points: place.points / 2 - 160, letters: Vec::new() })
            });
            let Some(Found { mut points, letters }) = found else { continue };
            let used = self.used.iter().position(|action| matches!(&entry.what, What::Act(known) if known == action));
            if let Some(place) = used {
                entry.recent = words.is_empty();
                points += if words.is_empty() { 1000 - place as i32 } else { 30 };
            }
            // What can be done goes before what cannot.
            points -= if entry.reason.is_some() && !words.is_empty() { 100 } else { 0 };
            entry.letters = letters;
            scored.push((points, entry));
        }
        let (made_for, rows) = &self.documents;
        if self.looks_up().is_some() {
            // Those of other words stay until these are looked up, as far as they fit.
            let known = made_for == plain;
            scored.extend(rows.iter().filter_map(|row| {
                let title = if row.title.is_empty() { row.id.to_string() } else { row.title.clone() };
                let found = fuzzy::find(&words, &title);
                let Found { points, letters } = if known { found.unwrap_or_default() } else { found? };
                let points = points - 40;
                let place = if row.source.is_empty() { "Document".to_owned() } else { row.source.clone() };
                Some((points, Entry { letters, ..Entry::new(title, place, What::Open(row.id.clone())) }))
            }));
        }
        // Stable: what is equally good stays in the order of the menus.
        scored.sort_by_key(|(points, _)| -points);
        self.found = scored.into_iter().take(MOST).map(|(_, entry)| entry).collect();
        self.chosen = self.chosen.min(self.found.len().saturating_sub(1));
    }
}

/// What else can be looked for, below what is found.
fn hints(ui: &mut Ui, theme: &Theme) {
    parts::hairline(ui, 6.0, theme);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), egui::Sense::hover());
    let mut x = rect.left() + 8.0;
    for (sign, _, words) in PREFIXES {
        let cap = parts::cap(ui, pos2(x + 17.0, rect.center().y), &sign.to_string(), theme);
        let at = pos2(cap.right() + 6.0, rect.center().y);
        x = at.x + parts::text(ui, at, words, fonts::regular(12.0), theme.secondary, rect.right() - at.x) + 16.0;
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, "> commands, @ labels, # documents"));
}

impl Entry {
    const fn new(title: String, place: String, what: What) -> Self {
        Self { title, place, key: String::new(), what, letters: Vec::new(), recent: false, reason: None }
    }

    fn is_among(&self, among: Among) -> bool {
        let label = matches!(self.what, What::Act(Action::Mark(_) | Action::Arm(_) | Action::Relate(_)));
        match among {
            Among::All => true,
            Among::Commands => !label,
            Among::Labels => label,
            Among::Documents => false,
        }
    }

    fn asks(&self) -> Vec<Ask> {
        match &self.what {
            // What cannot be done says so and leaves the palette open.
            What::Act(action) if self.reason.is_some() => vec![Ask::Act(action.clone())],
            What::Act(action) => {
                vec![Ask::Used(action.clone()), Ask::CloseOverlay, Ask::Act(action.clone())]
            }
            What::Open(id) => vec![Ask::CloseOverlay, Ask::Run(Command::Open(id.clone()))],
        }
    }

    fn draw(&self, ui: &Ui, rect: egui::Rect, schema: &Schema, theme: &Theme) {
        let middle = rect.center().y;
        let mut right = rect.right() - 8.0;
        if !self.key.is_empty() {
            right = parts::cap(ui, pos2(right, middle), &self.key, theme).left() - 8.0;
        }
        let mut left = rect.left() + 8.0;
        if let What::Act(Action::Mark(label) | Action::Arm(label)) = &self.what {
            let bar = egui::Rect::from_center_size(pos2(left + 1.5, middle), vec2(3.0, 14.0));
            ui.painter().rect_filled(bar, CornerRadius::same(1), parts::colour(schema, label, theme));
            left += 10.0;
        }
        let room = right - left;
        let galley = ui.fonts_mut(|fonts| fonts.layout_job(self.title(room * 0.66, theme)));
        let width = parts::put(ui.painter(), pos2(left, middle), galley);
        let words = match self.reason {
            Some(reason) => reason,
            None if self.recent => "Recent",
            None => &self.place,
        };
        let galley = parts::line(ui, words, fonts::regular(12.0), theme.secondary, room - width - 16.0);
        parts::put(ui.painter(), pos2(right - galley.size().x, middle), galley);
    }

    /// The title with the letters that were found.
    fn title(&self, width: f32, theme: &Theme) -> LayoutJob {
        let colour = if self.reason.is_some() { theme.secondary } else { theme.text };
        let mut job = LayoutJob { wrap: TextWrapping::truncate_at_width(width.max(0.0)), ..LayoutJob::default() };
        let letters: Vec<char> = self.title.chars().collect();
        let is_found = |at: usize| self.letters.binary_search(&at).is_ok();
        let mut from = 0;
        while from < letters.len() {
            let hit = is_found(from);
            let until = (from..letters.len()).find(|at| is_found(*at) != hit).unwrap_or(letters.len());
            let (font, colour) =
                if hit { (fonts::semibold(13.0), theme.accent) } else { (fonts::regular(13.0), colour) };
            let run: String = letters[from..until].iter().collect();
            job.append(&run, 0.0, TextFormat::simple(font, colour));
            from = until;
        }
        job
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
        key: session.keymap.key_of(&action).map(parts::spelled).unwrap_or_default(),
        reason: action.available(session).err().map(|Reason(reason)| reason),
        ..Entry::new(title, action.info().group.title().to_owned(), What::Act(action))
    };
    rest.chain(marks).chain(links).chain(arms).map(entry).collect()
}
