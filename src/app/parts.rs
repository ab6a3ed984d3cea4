//! Small parts that every panel uses: rows, chips, key caps, text on one line, fields. All take their colours from the theme.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Color32, CornerRadius, FontId, Frame, Galley, Id, Margin, Painter, Pos2, Rect, Response, Role, Sense, Stroke,
    StrokeKind, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use super::fonts;
use super::theme::Theme;
use crate::schema::{Label, LabelId, Schema};
use crate::session::keymap::{Chord, Key};
use crate::session::{Action, Session};

/// Height of a row, in points.
pub const ROW: f32 = 28.0;
/// Left and right of everything in a side panel.
pub const PAD: f32 = 16.0;
const CHIP: f32 = 20.0;
const CAP: f32 = 17.0;

/// Text on one line, ending in `…` where it does not fit.
pub fn line(ui: &Ui, text: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.fonts_mut(|fonts| fonts.layout_job(job))
}

/// Draws laid-out text with its left middle at a point.
pub fn put(painter: &Painter, at: Pos2, galley: Arc<Galley>) -> f32 {
    let size = galley.size();
    painter.galley(pos2(at.x, (at.y - size.y / 2.0).round()), galley, Color32::PLACEHOLDER);
    size.x
}

/// One line of text with its left middle at a point. Returns its width.
pub fn text(ui: &Ui, at: Pos2, text: &str, font: FontId, colour: Color32, width: f32) -> f32 {
    put(ui.painter(), at, line(ui, text, font, colour, width))
}

/// A heading of a panel, with room above.
pub fn heading(ui: &mut Ui, words: &str, theme: &Theme) -> Rect {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    text(ui, rect.left_center(), words, fonts::semibold(13.0), theme.text, rect.width());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, words));
    rect
}

/// A hairline over the whole width, with the same room above and below.
pub fn hairline(ui: &mut Ui, room: f32, theme: &Theme) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 2.0 * room + 1.0), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.center().y.round() + 0.5, Stroke::new(1.0, theme.hairline));
}

/// A row that can be clicked: over the whole width, drawn wider by `out` on both sides when hovered or chosen.
pub fn row(ui: &mut Ui, height: f32, chosen: bool, out: f32, theme: &Theme) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    back(ui, rect.expand2(vec2(out, 0.0)), &response, chosen, theme);
    (rect, response)
}

/// The background of a row that is hovered, chosen or focused.
pub fn back(ui: &Ui, rect: Rect, response: &Response, chosen: bool, theme: &Theme) {
    if chosen || response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(6), theme.hover);
    }
    if response.has_focus() {
        ring(ui.painter(), rect, theme);
    }
    follow(response);
}

/// What gets the focus comes into view.
pub fn follow(response: &Response) {
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
}

/// The focus ring.
pub fn ring(painter: &Painter, rect: Rect, theme: &Theme) {
    painter.rect_stroke(rect, CornerRadius::same(6), Stroke::new(1.5, theme.accent), StrokeKind::Inside);
}

/// A label's name with its colour: 20 high, a bar of 3 at its left. `at` is its left middle. Returns its rectangle.
pub fn chip(ui: &Ui, at: Pos2, name: &str, colour: Color32, width: f32, theme: &Theme) -> Rect {
    let galley = line(ui, name, fonts::medium(12.5), theme.text, width - 22.0);
    let rect = Rect::from_min_size(pos2(at.x, (at.y - CHIP / 2.0).round()), vec2(galley.size().x + 20.0, CHIP));
    let painter = ui.painter();
    painter.rect_filled(rect, CornerRadius::same(4), colour.gamma_multiply(theme.fill));
    let bar = Rect::from_min_size(rect.min, vec2(3.0, CHIP));
    painter.rect_filled(bar, CornerRadius { nw: 2, sw: 2, ne: 0, se: 0 }, colour);
    put(painter, pos2(rect.left() + 10.0, rect.center().y), galley);
    rect
}

/// A key, with its right middle at a point. Returns its rectangle.
pub fn cap(ui: &Ui, right: Pos2, words: &str, theme: &Theme) -> Rect {
    let galley = line(ui, words, fonts::medium(11.0), theme.secondary, 200.0);
    let width = (galley.size().x + 9.0).max(CAP);
    let rect = Rect::from_min_size(pos2((right.x - width).round(), (right.y - CAP / 2.0).round()), vec2(width, CAP));
    ui.painter().rect(rect, CornerRadius::same(4), theme.page, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    let left = rect.center().x - galley.size().x / 2.0;
    put(ui.painter(), pos2(left, rect.center().y), galley);
    rect
}

/// A chord as a cap shows it.
pub fn spelled(chord: Chord) -> String {
    let key = match chord.key {
        Key::Enter => "↵".to_owned(),
        Key::Left => "←".to_owned(),
        Key::Right => "→".to_owned(),
        Key::Up => "↑".to_owned(),
        Key::Down => "↓".to_owned(),
        Key::PageUp => "PgUp".to_owned(),
        Key::PageDown => "PgDn".to_owned(),
        Key::Char(',') => ",".to_owned(),
        key => Chord::plain(key).to_string(),
    };
    let mac = cfg!(target_os = "macos");
    let (ctrl, alt, shift) = if mac { ("⌘", "⌥", "⇧") } else { ("Ctrl+", "Alt+", "Shift+") };
    let held = |is: bool, name: &'static str| if is { name } else { "" };
    format!("{}{}{}{key}", held(chord.ctrl, ctrl), held(chord.alt, alt), held(chord.shift, shift))
}

/// What an icon says: the action's name and its key.
pub fn tip(session: &Session, action: &Action) -> String {
    let key = session.keymap.key_of(action).map(spelled).unwrap_or_default();
    format!("{}  {key}", action.info().title).trim_end().to_owned()
}

/// Words that can be clicked, in the accent colour.
pub fn link(ui: &mut Ui, words: &str, theme: &Theme) -> Response {
    let galley = line(ui, words, fonts::medium(13.0), theme.accent, 400.0);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, 24.0), Sense::click());
    put(ui.painter(), rect.left_center(), galley);
    if response.hovered() {
        ui.painter().hline(rect.x_range(), rect.center().y + 8.0, Stroke::new(1.0, theme.accent));
    }
    if response.has_focus() {
        ring(ui.painter(), rect.expand2(vec2(3.0, 0.0)), theme);
    }
    follow(&response);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
    response
}

/// A small cross that removes or closes something; `name` says what.
pub fn cross(ui: &mut Ui, name: &str, theme: &Theme) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::click());
    cross_at(ui, rect, &response, theme);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response.on_hover_text(name)
}

pub fn cross_at(ui: &Ui, rect: Rect, response: &Response, theme: &Theme) {
    back(ui, rect, response, false, theme);
    let stroke = Stroke::new(1.2, theme.secondary);
    let (c, r) = (rect.center(), 3.5);
    ui.painter().line_segment([c + vec2(-r, -r), c + vec2(r, r)], stroke);
    ui.painter().line_segment([c + vec2(-r, r), c + vec2(r, -r)], stroke);
}

/// A check mark around a point.
pub fn check(painter: &Painter, c: Pos2, colour: Color32) {
    let stroke = Stroke::new(1.3, colour);
    painter.line_segment([c + vec2(-4.0, 0.3), c + vec2(-1.3, 3.0)], stroke);
    painter.line_segment([c + vec2(-1.3, 3.0), c + vec2(4.2, -3.2)], stroke);
}

/// A field for one line of text.
pub fn field(ui: &mut Ui, id: Id, words: &mut String, hint: &str, name: &str, width: f32, theme: &Theme) -> Response {
    let focused = ui.memory(|memory| memory.has_focus(id));
    let edge = if focused { theme.accent } else { theme.hairline };
    let frame = Frame::NONE
        .fill(theme.page)
        .stroke(Stroke::new(1.0, edge))
        .corner_radius(CornerRadius::same(6))
        .inner_margin(Margin::symmetric(8, 5));
    let hint = egui::RichText::new(hint).color(theme.tertiary);
    let edit =
        TextEdit::singleline(words).id(id).hint_text(hint).desired_width(width).frame(frame).font(fonts::regular(13.0));
    let response = ui.add(edit).accessible_name(name);
    follow(&response);
    response
}

/// The colour of a label in this theme; grey for one that the schema does not know.
pub fn colour(schema: &Schema, label: &LabelId, theme: &Theme) -> Color32 {
    schema.resolve(label.as_str()).map_or(theme.secondary, |label| colour_of(label, theme))
}

pub fn colour_of(label: &Label, theme: &Theme) -> Color32 {
    let [r, g, b] = label.colour.rgb()[usize::from(theme.dark)];
    Color32::from_rgb(r, g, b)
}

/// What people read for a label.
pub fn name<'a>(schema: &'a Schema, label: &'a LabelId) -> &'a str {
    schema.resolve(label.as_str()).map_or(label.as_str(), |label| label.name.as_str())
}

/// Words of a text on one line, at most so many characters of them.
pub fn excerpt(words: &str, most: usize) -> String {
    let mut line: String = words.chars().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if words.chars().nth(most).is_some() {
        line.push('…');
    }
    line
}
