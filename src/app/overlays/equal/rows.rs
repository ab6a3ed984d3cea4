//! The rows of the preview: a heading for each document, a line in context for each place.

use egui::{Color32, CornerRadius, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::super::reading::Line;
use super::super::super::theme::Theme;
use super::super::super::work::Draw;
use super::super::super::{fonts, parts};
use super::Equal;
use crate::session::plan::Why;

/// Of every row, in points.
pub const HEIGHT: f32 = 26.0;

/// A document's heading, or one of its places.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub document: u32,
    pub place: Option<u32>,
}

impl Equal {
    /// Adds the rows of the documents that came since.
    pub(super) fn list(&mut self) {
        let first = self.rows.is_empty();
        for at in self.taken..self.plan.documents.len() {
            let document = at as u32;
            let seen =
                |place: &usize| !self.hides || self.plan.why(at, *place).is_none() || self.plan.ticked(at, *place);
            let places: Vec<u32> =
                (0..self.plan.documents[at].places.len()).filter(seen).map(|place| place as u32).collect();
            if self.project && !places.is_empty() {
                self.rows.push(Row { document, place: None });
            }
            self.rows.extend(places.into_iter().map(|place| Row { document, place: Some(place) }));
        }
        self.taken = self.plan.documents.len();
        if first {
            self.roll.cursor = self.rows.iter().position(|row| row.place.is_some()).unwrap_or(0);
        }
    }

    /// Takes the tick of a row away, or gives it one; of a heading, that of all its places.
    pub(super) fn turn(&mut self, row: usize) {
        let Some(Row { document, place }) = self.rows.get(row).copied() else { return };
        let document = document as usize;
        match place {
            Some(place) => {
                let on = !self.plan.ticked(document, place as usize);
                self.plan.tick(document, place as usize, on);
            }
            None => {
                let (ticked, _) = self.ticked(document);
                self.plan.tick_document(document, ticked == 0);
            }
        }
        self.recount();
    }

    /// How many places of a document are ticked, and how many there are.
    fn ticked(&self, document: usize) -> (usize, usize) {
        let all = self.plan.documents[document].places.len();
        ((0..all).filter(|place| self.plan.ticked(document, *place)).count(), all)
    }

    pub(super) fn list_rows(&mut self, ui: &mut Ui, draw: &Draw<'_>, height: f32) {
        let (rect, back) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        back.widget_info(|| WidgetInfo::labeled(Role::List, true, "Places"));
        if self.rows.is_empty() {
            let words = match (&self.looking, self.hides && self.count.left_out > 0) {
                (None, true) => "All of them are left out",
                // While it is looked for there is nothing to say yet; then the heading says that it occurs nowhere else.
                _ => "",
            };
            let at = rect.left_top() + vec2(8.0, HEIGHT / 2.0);
            parts::text(ui, at, words, fonts::regular(13.0), draw.theme.secondary, rect.width());
            return;
        }
        let rows = self.roll.rows(ui, rect, HEIGHT, self.rows.len());
        let mut child = ui.new_child(UiBuilder::new().max_rect(rect));
        child.set_clip_rect(rect.intersect(ui.clip_rect()));
        for (index, place) in rows {
            let response = child.interact(place, back.id.with(index), Sense::click());
            let chosen = self.roll.cursor == index;
            parts::back(&child, place.shrink2(vec2(0.0, 0.5)), &response, chosen, draw.theme);
            let (name, on) = self.row(&child, draw, place, self.rows[index]);
            response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, &name));
            if response.clicked() && !self.is_busy() {
                self.roll.cursor = index;
                self.turn(index);
            }
        }
        self.roll.bar(ui, rect, HEIGHT, self.rows.len(), draw.theme);
    }

    /// Draws one row. Its name, and whether it is ticked.
    fn row(&self, ui: &Ui, draw: &Draw<'_>, rect: Rect, row: Row) -> (String, bool) {
        match row.place {
            None => self.heading(ui, draw, rect, row.document as usize),
            Some(place) => self.place(ui, draw, rect, row.document as usize, place as usize),
        }
    }

    fn heading(&self, ui: &Ui, draw: &Draw<'_>, rect: Rect, document: usize) -> (String, bool) {
        let theme = draw.theme;
        let (ticked, all) = self.ticked(document);
        let found = &self.plan.documents[document];
        let tick = match ticked {
            0 => Tick::Off,
            some if some == all => Tick::On,
            _ => Tick::Some,
        };
        boxed(ui, pos2(rect.left() + 16.0, rect.center().y), tick, true, theme);
        let words = if ticked == all { all.to_string() } else { format!("{ticked} of {all}") };
        let galley = parts::line(ui, &words, fonts::regular(12.0), theme.secondary, 100.0);
        let right = rect.right() - 14.0 - galley.size().x;
        parts::put(ui.painter(), pos2(right, rect.center().y), galley);
        let left = rect.left() + 32.0;
        let line = Line::new(&found.title, 13.0, theme.text, right - left - 12.0);
        line.show(ui, &mut draw.reading.borrow_mut(), pos2(left, rect.center().y));
        (format!("{}, {ticked} of {all}", found.title), ticked > 0)
    }

    fn place(&self, ui: &Ui, draw: &Draw<'_>, rect: Rect, document: usize, place: usize) -> (String, bool) {
        let theme = draw.theme;
        let ticked = self.plan.ticked(document, place);
        let found = &self.plan.documents[document].places[place];
        let why = self.plan.why(document, place);
        let can = why.as_ref().is_none_or(Why::may_be_ticked);
        let indent = if self.project { 24.0 } else { 0.0 };
        boxed(
            ui,
            pos2(rect.left() + 16.0 + indent, rect.center().y),
            if ticked { Tick::On } else { Tick::Off },
            can,
            theme,
        );
        let left = rect.left() + 32.0 + indent;
        let mut right = rect.right() - 14.0;
        let reason = why.as_ref().map(|why| why.words(&draw.session.schema));
        let reason = reason.or_else(|| found.made.is_some().then(|| "just marked".to_owned()));
        if let Some(words) = &reason {
            let galley = parts::line(ui, words, fonts::regular(12.0), theme.secondary, rect.width() * 0.36);
            right -= galley.size().x;
            parts::put(ui.painter(), pos2(right, rect.center().y), galley);
            right -= 12.0;
        }
        let colour = parts::colour(&draw.session.schema, &self.plan.model.label, theme);
        let ground = if ticked { colour.gamma_multiply(theme.fill * 1.4) } else { Color32::TRANSPARENT };
        let emphasis = [found.excerpt.hit.clone()];
        let line = Line {
            serif: true,
            emphasis: &emphasis,
            strong: Some((theme.text, ground)),
            ..Line::new(&found.excerpt.text, 14.5, theme.secondary, right - left)
        };
        line.show(ui, &mut draw.reading.borrow_mut(), pos2(left, rect.center().y));
        let name = match reason {
            Some(reason) => format!("{}, {reason}", found.excerpt.text),
            None => found.excerpt.text.to_string(),
        };
        (name, ticked)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tick {
    Off,
    Some,
    On,
}

/// A box with a check mark, a dash where some of several are ticked, or nothing.
fn boxed(ui: &Ui, centre: Pos2, tick: Tick, can: bool, theme: &Theme) {
    let place = Rect::from_center_size(centre, vec2(14.0, 14.0));
    let (fill, edge) = match (tick, can) {
        (Tick::Off, true) => (theme.page, theme.tertiary),
        (Tick::Off, false) => (Color32::TRANSPARENT, theme.hairline),
        _ => (theme.accent, theme.accent),
    };
    let painter = ui.painter();
    painter.rect(place, CornerRadius::same(3), fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    match tick {
        Tick::On => parts::check(painter, centre, theme.on_accent),
        Tick::Some => {
            painter.hline(centre.x - 3.5..=centre.x + 3.5, centre.y, Stroke::new(1.5, theme.on_accent));
        }
        Tick::Off => {}
    }
}

/// An option with its key, on or off. `true`: clicked.
pub fn pill(ui: &mut Ui, on: bool, name: &str, key: char, theme: &Theme) -> bool {
    let colour = if on { theme.text } else { theme.secondary };
    let galley = parts::line(ui, name, fonts::regular(12.5), colour, 200.0);
    let width = galley.size().x + 24.0 + 17.0 + 14.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click());
    let fill = if response.hovered() { theme.hover } else { Color32::TRANSPARENT };
    ui.painter().rect(rect, CornerRadius::same(6), fill, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    if on {
        parts::check(ui.painter(), pos2(rect.left() + 13.0, rect.center().y), theme.accent);
    }
    parts::put(ui.painter(), pos2(rect.left() + 24.0, rect.center().y), galley);
    parts::cap(ui, pos2(rect.right() - 6.0, rect.center().y), &key.to_uppercase().to_string(), theme);
    if response.has_focus() {
        parts::ring(ui.painter(), rect, theme);
    }
    response.widget_info(|| WidgetInfo::selected(Role::Switch, true, on, name));
    response.clicked()
}

/// Keys that help, as many as there is room for.
pub fn hints(ui: &Ui, at: Pos2, room: f32, theme: &Theme) {
    let mut x = at.x;
    for (key, words) in [("Space", "tick"), ("Ctrl+A", "all"), ("Esc", "leave")] {
        let galley = parts::line(ui, words, fonts::regular(12.0), theme.secondary, 100.0);
        let cap = parts::line(ui, key, fonts::medium(11.0), theme.secondary, 100.0).size().x + 9.0;
        let width = cap.max(17.0) + 6.0 + galley.size().x;
        if x + width > at.x + room {
            return;
        }
        parts::cap(ui, pos2(x + cap.max(17.0), at.y), key, theme);
        parts::put(ui.painter(), pos2(x + cap.max(17.0) + 6.0, at.y), galley);
        x += width + 14.0;
    }
}
