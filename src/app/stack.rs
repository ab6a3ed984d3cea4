//! [`Stack`]: a small list under the pointer that names the spans lying on one another there, innermost first. It goes as soon as the
//! pointer or a key does something else.

use egui::{Area, Frame, Id, Order, Pos2, Rect, Role, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::parts;
use super::reading::Line;
use super::request::Ask;
use super::style;
use super::work::Draw;
use crate::annotation::ItemId;
use crate::session::keymap::{Chord, Key};
use crate::session::{Command, Session};

#[derive(Debug, Default)]
pub struct Stack {
    /// What the pointer rests on, and since when.
    under: Vec<ItemId>,
    since: f64,
    shown: Option<Shown>,
}

#[derive(Debug)]
struct Shown {
    spans: Vec<ItemId>,
    /// Its upper left corner.
    place: Pos2,
    /// Where it was drawn.
    rect: Rect,
    /// The row under the pointer, or that keys chose.
    row: Option<usize>,
    /// It was asked for by key: digits and arrows are its own.
    keys: bool,
}

/// Seconds for which the pointer rests before the list is shown.
const REST: f64 = 0.5;
const WIDTH: f32 = 250.0;
const ROW: f32 = 26.0;
/// More spans than digits are not listed.
const MOST: usize = 9;

impl Stack {
    /// The span that a row of the list speaks of.
    pub fn pointed(&self) -> Option<&ItemId> {
        let shown = self.shown.as_ref()?;
        shown.spans.get(shown.row?)
    }

    /// Those in the list, from the innermost; none while it is not shown.
    pub fn spans(&self) -> &[ItemId] {
        self.shown.as_ref().map_or(&[], |shown| &shown.spans)
    }

    /// Whether anything was shown.
    pub fn hide(&mut self) -> bool {
        self.under.clear();
        self.shown.take().is_some()
    }

    /// Shows the list for keys.
    pub fn open(&mut self, spans: Vec<ItemId>, place: Pos2) {
        self.shown = Some(Shown { spans, place, rect: Rect::from_pos(place), row: Some(0), keys: true });
    }

    /// Takes in what lies under the pointer in this frame: `spans` from the innermost, below `place`. `clicked`: there was a click on them.
    /// Returns after how many seconds another frame is wanted.
    pub fn follow(&mut self, spans: Vec<ItemId>, place: Pos2, clicked: bool, ui: &Ui) -> Option<f64> {
        if self.shown.as_ref().is_some_and(|shown| shown.keys) {
            return None;
        }
        let (time, pointer) = ui.input(|input| (input.time, input.pointer.latest_pos()));
        if let Some(shown) = &self.shown {
            let reach = Rect::from_min_max(shown.rect.min - vec2(8.0, 16.0), shown.rect.max + vec2(8.0, 8.0));
            let inside = pointer.is_some_and(|pos| reach.contains(pos));
            if inside || (same(&shown.spans, &spans) && !clicked) {
                return None;
            }
            self.shown = None;
        }
        if spans.len() < 2 {
            self.under.clear();
            return None;
        }
        let moved = ui.input(|input| input.pointer.delta() != egui::Vec2::ZERO);
        if clicked {
            self.since = time - REST;
        } else if moved || !same(&self.under, &spans) {
            self.since = time;
        }
        self.under = spans;
        let left = self.since + REST - time;
        if left > 0.0 {
            return Some(left);
        }
        let spans = self.under.iter().take(MOST).cloned().collect();
        self.shown = Some(Shown { spans, place, rect: Rect::from_pos(place), row: None, keys: false });
        Some(0.0)
    }

    /// A key while the list is shown. `None`: it means nothing to it, and the list goes.
    pub fn key(&mut self, chord: Chord) -> Option<Vec<Ask>> {
        let shown = self.shown.as_mut()?;
        let (last, plain) = (shown.spans.len().checked_sub(1)?, !chord.ctrl && !chord.alt && !chord.shift);
        // Digits belong to the labels unless the list was asked for, or the pointer is in it.
        let ours = plain && (shown.keys || shown.row.is_some());
        let row = match chord.key {
            Key::Char(digit @ '1'..='9') if ours => (digit as usize) - ('1' as usize),
            Key::Up if ours && shown.keys => {
                shown.row = Some(shown.row.and_then(|row| row.checked_sub(1)).unwrap_or(last));
                return Some(Vec::new());
            }
            Key::Down if ours && shown.keys => {
                shown.row = Some(shown.row.map_or(0, |row| row + 1)).filter(|row| *row <= last).or(Some(0));
                return Some(Vec::new());
            }
            Key::Enter if ours && shown.keys => shown.row?,
            Key::Escape if plain => {
                self.hide();
                return Some(Vec::new());
            }
            _ => {
                self.hide();
                return None;
            }
        };
        let chosen = shown.spans.get(row).cloned();
        let asks = chosen.map(|id| vec![Ask::Run(Command::SelectSpan(Some(id)))]).unwrap_or_default();
        self.hide();
        Some(asks)
    }

    pub fn show(&mut self, ui: &Ui, draw: &mut Draw<'_>) {
        let Some(shown) = &mut self.shown else { return };
        let screen = ui.ctx().content_rect();
        let width = WIDTH.min(screen.width() - 16.0);
        let height = shown.spans.len() as f32 * ROW + 8.0;
        // Above the row where there is no room below it.
        let below = shown.place.y + height < screen.bottom() - 30.0;
        let top = if below { shown.place.y } else { shown.place.y - height - 44.0 };
        let left = shown.place.x.clamp(screen.left() + 8.0, (screen.right() - width - 8.0).max(8.0));
        let area = Area::new(Id::unique("stacked spans")).order(Order::Foreground).fixed_pos(pos2(left, top));
        let theme = draw.theme;
        let frame = Frame::NONE.fill(style::raised(theme)).stroke(Stroke::new(1.0, theme.hairline)).corner_radius(8);
        let drawn = area.show(ui.ctx(), |ui| {
            frame
                .inner_margin(4)
                .show(ui, |ui| {
                    ui.set_width(width - 8.0);
                    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
                    rows(ui, draw, shown)
                })
                .inner
        });
        shown.rect = drawn.response.rect;
        let beside = ui.input(|input| input.pointer.any_pressed())
            && ui.input(|input| input.pointer.interact_pos()).is_some_and(|pos| !shown.rect.contains(pos));
        if let Some(id) = drawn.inner {
            draw.run(Command::SelectSpan(Some(id)));
            self.hide();
        } else if beside {
            self.hide();
        }
    }
}

/// Label, words and digit of each; gives the one that was clicked.
fn rows(ui: &mut Ui, draw: &Draw<'_>, shown: &mut Shown) -> Option<ItemId> {
    let (session, theme) = (draw.session, draw.theme);
    let open = session.open.as_ref()?;
    let layer = open.shown()?;
    let (mut clicked, mut pointed) = (None, None);
    let lit = shown.keys || shown.row.is_some();
    for (index, id) in shown.spans.iter().enumerate() {
        let Some(span) = layer.span(id) else { continue };
        let chosen = open.span.as_ref() == Some(id) || (shown.keys && shown.row == Some(index));
        let (rect, response) = parts::row(ui, ROW, chosen, 0.0, theme);
        let (name, colour) =
            (parts::name(&session.schema, &span.label), parts::colour(&session.schema, &span.label, theme));
        let chip = parts::chip(ui, rect.left_center() + vec2(4.0, 0.0), name, colour, 110.0, theme);
        let words = parts::excerpt(&span.ranges.quote(open.text()), 80);
        let at = pos2(chip.right() + 8.0, rect.center().y);
        let line = Line::new(&words, 13.0, theme.secondary, rect.right() - 30.0 - at.x);
        line.show(ui, &mut draw.reading.borrow_mut(), at);
        if lit {
            parts::cap(ui, rect.right_center() - vec2(4.0, 0.0), &(index + 1).to_string(), theme);
        }
        response.widget_info(|| WidgetInfo::selected(Role::MenuItem, true, chosen, format!("{name}: {words}")));
        if response.contains_pointer() {
            pointed = Some(index);
        }
        if response.clicked() {
            clicked = Some(id.clone());
        }
    }
    if !shown.keys || pointed.is_some() {
        if shown.row != pointed {
            ui.ctx().request_repaint();
        }
        shown.row = pointed;
    }
    clicked
}

fn same(one: &[ItemId], other: &[ItemId]) -> bool {
    let found = |id: &ItemId| other.contains(id);
    !one.is_empty() && one.len() == other.len().min(one.len().max(MOST)) && one.iter().all(found)
}

/// The spans over the caret, or over the beginning of the selected one, from the innermost.
pub fn here(session: &Session) -> Vec<ItemId> {
    let Some(open) = &session.open else { return Vec::new() };
    let Some(layer) = open.shown() else { return Vec::new() };
    let at = session.selected_span().map_or(open.caret, |span| span.hull().start());
    layer.spans.at(at).into_iter().take(MOST).map(|span| span.id.clone()).collect()
}
