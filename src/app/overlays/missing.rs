//! What is missing, before a document is finished: Enter goes to it, and on from one to the next as they are mended; Ctrl+Enter again finishes
//! all the same.

use egui::{Align, Layout, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::dialogs::form;
use super::super::reading::Line;
use super::super::request::Ask;
use super::super::roll::Roll;
use super::super::work::Draw;
use super::super::{fonts, parts};
use super::{At, float};
use crate::session::keymap::{Chord, Context, Key};
use crate::session::missing::{self, Gap};
use crate::session::{Action, Command, Session};

/// The list, and the row that Enter goes to.
#[derive(Debug)]
pub struct Missing {
    gaps: Vec<Gap>,
    roll: Roll,
}

const ROW: f32 = 30.0;

impl Missing {
    pub fn new(session: &Session) -> Self {
        Self { gaps: session.gaps(), roll: Roll::default() }
    }

    pub fn key(&mut self, session: &Session, chord: Chord) -> Option<Vec<Ask>> {
        if session.keymap.action(Context::Page, chord) == Some(&Action::FinishAndNext) {
            return Some(finish());
        }
        if self.roll.key(chord, self.gaps.len()) {
            return Some(Vec::new());
        }
        let plain = !chord.ctrl && !chord.alt && !chord.shift;
        (chord.key == Key::Enter && plain).then(|| self.mend(self.roll.cursor))
    }

    fn mend(&self, at: usize) -> Vec<Ask> {
        let gap = self.gaps.get(at).cloned();
        gap.map(|gap| vec![Ask::CloseOverlay, Ask::Run(Command::Mend(gap))]).unwrap_or_default()
    }

    pub fn show(&mut self, ui: &Ui, draw: &mut Draw<'_>) -> bool {
        let theme = draw.theme;
        let most = (ui.ctx().content_rect().height() - 320.0).max(ROW * 3.0);
        let (asks, stays) = float(ui, "missing", &At::Top, 560.0, theme, |ui| {
            let mut asks = Vec::new();
            parts::heading(ui, "Before you finish", theme);
            for sentence in missing::summary(&self.gaps).into_iter().take(4) {
                form::words(ui, &sentence, theme.secondary);
            }
            parts::hairline(ui, 6.0, theme);
            let height = (self.gaps.len() as f32 * ROW).min(most);
            if let Some(at) = self.rows(ui, draw, height) {
                asks = self.mend(at);
            }
            parts::hairline(ui, 6.0, theme);
            let size = vec2(ui.available_width(), 34.0);
            ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                let first = if self.roll.cursor == 0 { "Go to the first" } else { "Go there" };
                if form::button(ui, first, form::Kind::Default, true, theme).clicked() {
                    asks = self.mend(self.roll.cursor);
                }
                if form::button(ui, "Finish anyway", form::Kind::Plain, true, theme).clicked() {
                    asks = finish();
                }
                if let Some(key) = draw.session.keymap.key_of(&Action::FinishAndNext) {
                    let right = pos2(ui.min_rect().left() - 8.0, ui.max_rect().center().y);
                    if right.x - ui.max_rect().left() > 80.0 {
                        parts::cap(ui, right, &parts::spelled(key), theme);
                    }
                }
            });
            asks
        });
        draw.asks.extend(asks);
        stays
    }

    /// Which row was clicked.
    fn rows(&mut self, ui: &mut Ui, draw: &Draw<'_>, height: f32) -> Option<usize> {
        let (rect, back) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        back.widget_info(|| WidgetInfo::labeled(Role::List, true, "What is missing"));
        let mut child = ui.new_child(UiBuilder::new().max_rect(rect));
        child.set_clip_rect(rect.intersect(ui.clip_rect()));
        let mut clicked = None;
        for (index, place) in self.roll.rows(ui, rect, ROW, self.gaps.len()) {
            let response = child.interact(place, back.id.with(index), Sense::click());
            let chosen = self.roll.cursor == index;
            parts::back(&child, place.shrink2(vec2(0.0, 0.5)), &response, chosen, draw.theme);
            let name = row(&child, draw, place, &self.gaps[index]);
            response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen, &name));
            if response.clicked() {
                clicked = Some(index);
            }
        }
        self.roll.bar(ui, rect, ROW, self.gaps.len(), draw.theme);
        clicked
    }
}

fn finish() -> Vec<Ask> {
    vec![Ask::CloseOverlay, Ask::Run(Command::FinishAndNext)]
}

/// The span's label and words, and what is wrong with it. Returns what a reader is told.
fn row(ui: &Ui, draw: &Draw<'_>, rect: egui::Rect, gap: &Gap) -> String {
    let (session, theme) = (draw.session, draw.theme);
    let Some(open) = &session.open else { return String::new() };
    let layer = open.shown();
    let words = gap.words(&session.schema, layer);
    let middle = rect.center().y;
    let galley = parts::line(ui, &words, fonts::regular(12.5), theme.warning, rect.width() * 0.5);
    let right = rect.right() - 14.0 - galley.size().x;
    parts::put(ui.painter(), pos2(right, middle), galley);
    let left = rect.left() + 8.0;
    let Some(span) = gap.span().and_then(|id| layer?.span(id)) else {
        parts::text(ui, pos2(left, middle), "The document", fonts::regular(13.0), theme.text, right - left);
        return format!("The document, {words}");
    };
    let name = parts::name(&session.schema, &span.label);
    let chip = parts::chip(
        ui,
        pos2(left, middle),
        name,
        parts::colour(&session.schema, &span.label, theme),
        rect.width() * 0.3,
        theme,
    );
    let quote: String = span.ranges.quote(open.text()).chars().take(200).collect();
    let at = pos2(chip.right() + 10.0, middle);
    let line = Line { serif: true, ..Line::new(&quote, 14.5, theme.text, right - at.x - 12.0) };
    line.show(ui, &mut draw.reading.borrow_mut(), at);
    format!("{name} {quote}, {words}")
}
