//! What dialogs are made of: rows with a name at the left, buttons, choices, check boxes, words.

use egui::{
    Color32, CornerRadius, Id, Label, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::super::theme::Theme;
use super::super::{fonts, parts};

/// How a button looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What Enter does.
    Default,
    Plain,
    /// Plain, as high as a field.
    Beside,
}

/// How far rows are drawn out to both sides, in points.
pub const OUT: f32 = 10.0;

/// Width of the names at the left, in points.
const NAMES: f32 = 92.0;

/// A button with words.
pub fn button(ui: &mut Ui, words: &str, kind: Kind, enabled: bool, theme: &Theme) -> Response {
    let colour = match kind {
        _ if !enabled => theme.tertiary,
        Kind::Default => theme.on_accent,
        Kind::Plain | Kind::Beside => theme.text,
    };
    let height = if kind == Kind::Beside { 28.0 } else { 30.0 };
    let galley = parts::line(ui, words, fonts::medium(13.0), colour, 320.0);
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 28.0, height), sense);
    let fill = match kind {
        _ if !enabled => theme.panel,
        Kind::Default if response.hovered() => theme.accent.gamma_multiply(0.88),
        Kind::Default => theme.accent,
        _ if response.hovered() => theme.hover,
        _ => theme.panel,
    };
    let edge = if kind == Kind::Default && enabled { Color32::TRANSPARENT } else { theme.hairline };
    ui.painter().rect(rect, CornerRadius::same(6), fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    parts::put(ui.painter(), pos2(rect.center().x - galley.size().x / 2.0, rect.center().y), galley);
    if response.has_focus() {
        let ring = Stroke::new(1.5, theme.accent);
        ui.painter().rect_stroke(rect.expand(2.5), CornerRadius::same(8), ring, StrokeKind::Inside);
    }
    parts::follow(&response);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, words));
    response
}

/// A row: its name at the left, in grey, its contents beside it. Where there is no room beside it, below it.
pub fn row<R>(ui: &mut Ui, name: &str, theme: &Theme, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let narrow = ui.available_width() < 380.0;
    let words = RichText::new(name).font(fonts::regular(13.0)).color(theme.secondary);
    let out = if narrow {
        ui.add(Label::new(words));
        ui.add_space(4.0);
        contents(ui)
    } else {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let (rect, _) = ui.allocate_exact_size(vec2(NAMES, 28.0), Sense::hover());
            parts::text(ui, rect.left_center(), name, fonts::regular(13.0), theme.secondary, NAMES - 8.0);
            ui.vertical(|ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
                contents(ui)
            })
            .inner
        })
        .inner
    };
    ui.add_space(10.0);
    out
}

/// Words beside a name: their first line stands at its height.
pub fn value(ui: &mut Ui, told: &str, colour: Color32) {
    ui.add_space(4.0);
    words(ui, told, colour);
}

/// Words over as many lines as they need.
pub fn words(ui: &mut Ui, words: &str, colour: Color32) {
    ui.add(Label::new(RichText::new(words).font(fonts::regular(13.0)).color(colour).line_height(Some(19.0))).wrap());
}

/// Small words, for what explains something else.
pub fn small(ui: &mut Ui, words: &str, colour: Color32) {
    ui.add(Label::new(RichText::new(words).font(fonts::regular(12.0)).color(colour).line_height(Some(17.0))).wrap());
}

/// A field over the whole width that is left.
pub fn field(ui: &mut Ui, id: Id, words: &mut String, hint: &str, name: &str, theme: &Theme) -> Response {
    let width = ui.available_width();
    parts::field(ui, id, words, hint, name, width, theme)
}

/// A box with a check mark, and what it means.
pub fn check(ui: &mut Ui, on: &mut bool, name: &str, about: &str, theme: &Theme) -> Response {
    let galley = parts::line(ui, name, fonts::regular(13.0), theme.text, ui.available_width() - 28.0);
    let width = galley.size().x + 26.0;
    let (rect, mut response) = ui.allocate_exact_size(vec2(width, 28.0), Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    let place = egui::Rect::from_center_size(pos2(rect.left() + 8.0, rect.center().y), vec2(16.0, 16.0));
    let (fill, edge) = match (*on, response.hovered()) {
        (true, _) => (theme.accent, theme.accent),
        (false, true) => (theme.hover, theme.tertiary),
        (false, false) => (theme.page, theme.tertiary),
    };
    ui.painter().rect(place, CornerRadius::same(4), fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    if *on {
        parts::check(ui.painter(), place.center(), theme.on_accent);
    }
    parts::put(ui.painter(), pos2(rect.left() + 26.0, rect.center().y), galley);
    if response.has_focus() {
        parts::ring(ui.painter(), rect.expand2(vec2(4.0, 0.0)), theme);
    }
    parts::follow(&response);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, *on, name));
    if !about.is_empty() {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.add_space(26.0);
            ui.vertical(|ui| small(ui, about, theme.secondary));
        });
    }
    response
}

/// One of several, in a row of its own: a ring at the left, with a dot if it is chosen, a name, and what it is for.
pub fn option(ui: &mut Ui, on: bool, name: &str, about: &str, theme: &Theme) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), parts::ROW), Sense::click());
    parts::back(ui, rect.expand2(vec2(OUT, 0.0)), &response, on, theme);
    option_at(ui, rect, &response, on, name, about, theme);
    response
}

/// The inside of an option.
pub fn option_at(ui: &Ui, rect: egui::Rect, response: &Response, on: bool, name: &str, about: &str, theme: &Theme) {
    let centre = pos2(rect.left() + 7.0, rect.center().y);
    let edge = if on { theme.accent } else { theme.tertiary };
    ui.painter().circle_stroke(centre, 6.5, Stroke::new(1.0, edge));
    if on {
        ui.painter().circle_filled(centre, 3.5, theme.accent);
    }
    let left = rect.left() + 26.0;
    let width =
        parts::text(ui, pos2(left, rect.center().y), name, fonts::medium(13.0), theme.text, rect.width() - 26.0);
    let at = (left + width + 12.0).max(left + 136.0);
    parts::text(ui, pos2(at, rect.center().y), about, fonts::regular(12.0), theme.secondary, rect.right() - at);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, format!("{name}. {about}")));
}

/// One of a few short words, side by side, in as many rows as they need. Returns the place of the one that was chosen.
pub fn segments(ui: &mut Ui, chosen: usize, words: &[&str], theme: &Theme) -> Option<usize> {
    chips(ui, words, Role::RadioButton, |index| (index == chosen).then_some(""), theme)
}

/// Short words that are pressed in the order that they shall have; a number says which is which. Pressed again, one leaves the order.
pub fn numbered(ui: &mut Ui, words: &[&str], order: &mut Vec<usize>, theme: &Theme) {
    let numbers: Vec<String> = (1..=order.len()).map(|number| number.to_string()).collect();
    let number = |index| Some(numbers.get(order.iter().position(|at| *at == index)?)?.as_str());
    if let Some(pressed) = chips(ui, words, Role::CheckBox, number, theme) {
        match order.iter().position(|at| *at == pressed) {
            Some(at) => drop(order.remove(at)),
            None => order.push(pressed),
        }
    }
}

/// Words side by side; what stands before a word says that it is chosen. Returns the place of the one that was pressed.
fn chips<'w>(
    ui: &mut Ui,
    words: &[&str],
    role: Role,
    mark: impl Fn(usize) -> Option<&'w str>,
    theme: &Theme,
) -> Option<usize> {
    let mut pressed = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for (index, word) in words.iter().enumerate() {
            let mark = mark(index);
            let on = mark.is_some();
            let colour = if on { theme.text } else { theme.secondary };
            let galley = parts::line(ui, word, fonts::medium(13.0), colour, 240.0);
            let mark = mark.filter(|mark| !mark.is_empty());
            let mark = mark.map(|mark| parts::line(ui, mark, fonts::medium(13.0), theme.accent, 40.0));
            let room = mark.as_ref().map_or(0.0, |mark| mark.size().x + 7.0);
            let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + room + 24.0, 28.0), Sense::click());
            let fill = if on || response.hovered() { theme.hover } else { Color32::TRANSPARENT };
            let edge = if on { theme.hairline } else { Color32::TRANSPARENT };
            ui.painter().rect(rect, CornerRadius::same(6), fill, Stroke::new(1.0, edge), StrokeKind::Inside);
            let (left, middle) = (rect.left() + 12.0, rect.center().y);
            parts::put(ui.painter(), pos2(left + room, middle), galley);
            if let Some(mark) = mark {
                parts::put(ui.painter(), pos2(left, middle), mark);
            }
            if response.has_focus() {
                parts::ring(ui.painter(), rect, theme);
            }
            parts::follow(&response);
            response.widget_info(|| WidgetInfo::selected(role, true, on, *word));
            if response.clicked() {
                pressed = Some(index);
            }
        }
    });
    pressed
}

/// A small name in front of a field in the same line.
pub fn beside(ui: &mut Ui, words: &str, theme: &Theme) {
    let galley = parts::line(ui, words, fonts::regular(13.0), theme.secondary, 200.0);
    let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, 28.0), Sense::hover());
    parts::put(ui.painter(), rect.left_center(), galley);
}

/// A heading inside a dialog, with room above.
pub fn heading(ui: &mut Ui, words: &str, theme: &Theme) {
    ui.add_space(6.0);
    parts::heading(ui, words, theme);
}
