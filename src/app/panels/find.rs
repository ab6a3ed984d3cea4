//! The find bar: words, how many hits, from one to the next. Enter selects the hit and goes back to the page.

use egui::{Align, Layout, Sense, Stroke, Ui, UiBuilder, vec2};

use super::super::fonts;
use super::super::parts::{self, PAD};
use super::super::view::ids;
use super::super::work::Draw;
use crate::session::{Action, Command, OpenDocument};
use crate::text::TextHash;

/// What is looked for.
#[derive(Debug, Default)]
pub struct FindBar {
    pub open: bool,
    pub words: String,
    hits: Option<Hits>,
}

/// First bytes of the hits in one text, sorted; at most [`MOST`].
#[derive(Debug)]
struct Hits {
    words: String,
    text: TextHash,
    starts: Vec<usize>,
}

const MOST: usize = 10_000;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, bar: &mut FindBar) {
    let theme = draw.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme.panel);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.hairline));
    let inner = rect.shrink2(vec2(PAD, 8.0));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
    let width = (inner.width() - 190.0).clamp(100.0, 320.0);
    let response =
        parts::field(&mut ui, ids::find(), &mut bar.words, "Find in document", "Find in document", width, theme);
    if response.changed() {
        draw.run(Command::Find { words: bar.words.clone(), forward: true, here: true });
    }
    let words = bar.place(draw);
    let galley = parts::line(&ui, &words, fonts::regular(12.0), theme.secondary, 110.0);
    let (place, label) = ui.allocate_exact_size(vec2(galley.size().x.max(60.0), 28.0), Sense::hover());
    parts::put(ui.painter(), place.left_center(), galley);
    label.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, &words));
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
        bar.open = false;
        draw.asks.push(super::super::request::Ask::Focus(super::super::view::Pane::Page));
    }
}

impl FindBar {
    /// `2 of 14`
    fn place(&mut self, draw: &Draw<'_>) -> String {
        let Some(open) = &draw.session.open else { return String::new() };
        if self.words.is_empty() {
            return String::new();
        }
        let starts = self.starts(open);
        let at = open.caret.min(open.anchor);
        match starts.binary_search(&at).ok().filter(|_| open.caret != open.anchor) {
            _ if starts.is_empty() => "No hits".to_owned(),
            Some(place) if starts.len() < MOST => format!("{} of {}", place + 1, starts.len()),
            None if starts.len() < MOST => parts::counted(starts.len() as u64, "hit", "hits"),
            _ => format!("{}+ hits", parts::thousands(MOST as u64)),
        }
    }

    fn starts(&mut self, open: &OpenDocument) -> &[usize] {
        let text = open.text().sha256();
        if !self.hits.as_ref().is_some_and(|hits| hits.words == self.words && hits.text == text) {
            // As the session looks for it: case matters only where the words have capitals.
            let exact = self.words.contains(char::is_uppercase);
            let pattern = regex::RegexBuilder::new(&regex::escape(&self.words)).case_insensitive(!exact).build();
            let starts = pattern
                .map(|pattern| pattern.find_iter(open.text().as_str()).take(MOST).map(|hit| hit.start()).collect());
            self.hits = Some(Hits { words: self.words.clone(), text, starts: starts.unwrap_or_default() });
        }
        self.hits.as_ref().map_or(&[], |hits| &hits.starts)
    }
}
