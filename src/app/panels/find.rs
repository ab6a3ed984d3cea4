//! The find bar: words, how many hits, from one to the next. Enter selects the hit and goes back to the page.

use std::ops::Range;
use std::sync::Arc;

use egui::{Align, Layout, Sense, Stroke, Ui, UiBuilder, vec2};

use super::super::fonts;
use super::super::parts::{self, PAD};
use super::super::request::{Ask, Finds};
use super::super::task::Task;
use super::super::view::ids;
use super::super::window::Waker;
use super::super::work::Draw;
use crate::session::search::Pattern;
use crate::session::{Action, OpenDocument};
use crate::store::Job;
use crate::text::wording;
use crate::text::{Text, TextHash, TextRange};

/// What is looked for on the page, and where it is.
#[derive(Debug, Default)]
pub struct FindBar {
    pub open: bool,
    pub words: String,
    /// Capitals count.
    pub case: bool,
    /// The words are a regular expression.
    pub regex: bool,
    hits: Option<Hits>,
    running: Option<(Key, Task<Result<Places, String>>)>,
    /// Select the first hit from this byte on as soon as it is known.
    pub wanted: Option<Wanted>,
}

/// Which hit is to be selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The one at the selection, or the next: while words are typed.
    Here,
    Next,
    Previous,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    words: String,
    case: bool,
    regex: bool,
    text: TextHash,
}

/// Sorted, in bytes; they do not overlap.
type Places = Arc<[Range<usize>]>;

#[derive(Debug)]
struct Hits {
    key: Key,
    places: Result<Places, String>,
}

/// Texts up to so many bytes are looked through at once, longer ones by a worker.
const AT_ONCE: usize = 128 << 10;
/// So many hits are kept.
const MOST: usize = 1_000_000;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, bar: &mut FindBar) {
    let theme = draw.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme.panel);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.hairline));
    let inner = rect.shrink2(vec2(PAD, 8.0));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    ui.spacing_mut().item_spacing = vec2(4.0, 0.0);
    let width = (inner.width() - 244.0).clamp(90.0, 320.0);
    let response =
        parts::field(&mut ui, ids::find(), &mut bar.words, "Find in document", "Find in document", width, theme);
    let mut changed = response.changed();
    for (on, sign, name) in [(&mut bar.case, "Aa", "Capitals count"), (&mut bar.regex, ".*", "Regular expression")] {
        let (place, response) = ui.allocate_exact_size(vec2(26.0, 24.0), Sense::click());
        parts::back(&ui, place, &response, *on, theme);
        let colour = if *on { theme.accent } else { theme.secondary };
        ui.painter().text(place.center(), egui::Align2::CENTER_CENTER, sign, fonts::medium(12.0), colour);
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, *on, name));
        if response.on_hover_text(name).clicked() {
            *on = !*on;
            changed = true;
        }
    }
    if changed {
        draw.asks.push(Ask::Find(Finds::Typed));
    }
    ui.add_space(4.0);
    let (words, wrong) = bar.place(draw.session.open.as_ref());
    let colour = if wrong { theme.error } else { theme.secondary };
    let galley = parts::line(&ui, &words, fonts::regular(12.0), colour, (inner.width() - width - 160.0).max(84.0));
    let (place, label) = ui.allocate_exact_size(vec2(galley.size().x.max(60.0), 28.0), Sense::hover());
    parts::put(ui.painter(), place.left_center(), galley);
    label.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, &words));
    if wrong {
        label.on_hover_text(&words);
    }
    for (action, up) in [(Action::FindPrevious, true), (Action::FindNext, false)] {
        let (place, response) = ui.allocate_exact_size(vec2(24.0, 24.0), Sense::click());
        parts::back(&ui, place, &response, false, theme);
        let (c, sign) = (place.center(), if up { -1.0 } else { 1.0 });
        let stroke = Stroke::new(1.3, theme.secondary);
        ui.painter().line_segment([c + vec2(-4.0, -2.0 * sign), c + vec2(0.0, 2.0 * sign)], stroke);
        ui.painter().line_segment([c + vec2(0.0, 2.0 * sign), c + vec2(4.0, -2.0 * sign)], stroke);
        let info = action.info();
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, info.title));
        if response.on_hover_text(parts::tip(draw.session, &action)).clicked() {
            draw.act(action);
        }
    }
    if parts::cross(&mut ui, "Close find  Esc", theme).clicked() {
        draw.asks.push(Ask::Find(Finds::Close));
    }
}

impl FindBar {
    /// Takes care that the hits are those of these words in this text: at once, or soon.
    pub fn keep_up(&mut self, text: &Text, waker: &Waker) {
        if let Some((key, task)) = &self.running
            && let Some(places) = task.poll()
        {
            let places = places.unwrap_or_else(|sentence| Err(sentence.to_owned()));
            self.hits = Some(Hits { key: key.clone(), places });
            self.running = None;
        }
        let Self { words, case, regex, .. } = &*self;
        let key = Key { words: words.clone(), case: *case, regex: *regex, text: text.sha256() };
        if words.is_empty() {
            (self.hits, self.running) = (None, None);
        } else if self.hits.as_ref().is_none_or(|hits| hits.key != key)
            && self.running.as_ref().is_none_or(|(running, _)| *running != key)
        {
            if let Some((_, task)) = self.running.take() {
                task.cancel();
            }
            if text.len() <= AT_ONCE {
                let places = key.find(text, &Job::default());
                self.hits = Some(Hits { key, places });
            } else {
                let (sought, text) = (key.clone(), text.clone());
                self.running = Some((key, Task::start(waker, move |job| sought.find(&text, job))));
            }
        }
    }

    /// It is still being looked through the text.
    pub fn is_looking(&self) -> bool {
        self.running.is_some()
    }

    /// The hits, where they are known; those of other words until then.
    pub fn places(&self) -> Option<&Places> {
        self.hits.as_ref()?.places.as_ref().ok()
    }

    /// Which hit is to be selected now that the hits are known; nothing more is wanted then.
    pub fn take_wanted(&mut self) -> Option<Wanted> {
        if self.running.is_some() { None } else { self.wanted.take() }
    }

    /// The hit that is wanted, if there is one.
    pub fn hit(&self, open: &OpenDocument, wanted: Wanted) -> Option<TextRange> {
        let (start, end) = (open.caret.min(open.anchor), open.caret.max(open.anchor));
        let places = self.places().cloned().unwrap_or_default();
        let at = |offset: usize| places.partition_point(|place| place.start < offset);
        let found = match wanted {
            Wanted::Here => places.get(at(start)).or(places.first()),
            Wanted::Next if start == end => places.get(at(start)).or(places.first()),
            Wanted::Next => places.get(at(end.max(start + 1))).or(places.first()),
            Wanted::Previous => at(start).checked_sub(1).map(|before| &places[before]).or(places.last()),
        };
        found.and_then(|place| open.text().range(place.start, place.end).ok())
    }

    /// `2 of 14`; `true`: it says what is wrong.
    fn place(&self, open: Option<&OpenDocument>) -> (String, bool) {
        let Some(open) = open.filter(|_| !self.words.is_empty()) else { return (String::new(), false) };
        if self.is_looking() {
            return ("Looking…".to_owned(), false);
        }
        let places = match self.hits.as_ref().map(|hits| &hits.places) {
            Some(Ok(places)) => places,
            Some(Err(sentence)) => return (sentence.clone(), true),
            None => return (String::new(), false),
        };
        let (start, end) = (open.caret.min(open.anchor), open.caret.max(open.anchor));
        let here = places.binary_search_by_key(&start, |place| place.start).ok();
        let count = wording::thousands(places.len() as u64);
        let more = if places.len() >= MOST { "+" } else { "" };
        let words = match here.filter(|at| places[*at].end == end) {
            _ if places.is_empty() => "No hits".to_owned(),
            Some(at) => format!("{} of {count}{more}", wording::thousands(at as u64 + 1)),
            None => format!("{count}{more} {}", if places.len() == 1 { "hit" } else { "hits" }),
        };
        (words, false)
    }
}

impl Key {
    fn find(&self, text: &Text, job: &Job) -> Result<Places, String> {
        let make = if self.regex { Pattern::regex } else { Pattern::words };
        let pattern = make(&self.words, self.case, false)?;
        let hits = pattern.hits(text).take(MOST).enumerate();
        let wanted = hits.take_while(|(at, _)| at % 1024 != 0 || !job.is_cancelled());
        Ok(wanted.map(|(_, hit)| hit.bytes()).collect())
    }
}
