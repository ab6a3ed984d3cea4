//! The menus, made from the catalogue of actions: whatever can be asked for is in them, with its key and, where it cannot be done
//! now, why.

use egui::{
    Button, Frame, Key, MenuBar, Modifiers, Panel, Popup, Response, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo,
    vec2,
};

use super::super::fonts;
use super::super::parts::{self, PAD};
use super::super::request::{Ask, Request};
use super::super::theme::Theme;
use super::super::view::View;
use super::super::window::Shared;
use super::super::work::Draw;
use crate::session::settings::ThemeChoice;
use crate::session::{Action, Group, Reason};

/// In the order that programs have; what belongs to no menu of its own stands below a line.
const MENUS: [&[Group]; 7] = [
    &[Group::File],
    &[Group::Edit, Group::Find],
    &[Group::View],
    &[Group::Document],
    &[Group::Mark],
    &[Group::Review],
    &[Group::Help],
];

/// The menus, as the keys see them.
#[derive(Debug, Default)]
pub struct Menus {
    /// One is to be opened.
    pub wanted: bool,
    /// The one that is open, by its place.
    open: Option<usize>,
}

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, shared: &Shared) {
    let bar = Panel::top("menus").exact_size(28.0).resizable(false).show_separator_line(false);
    bar.frame(Frame::NONE.fill(draw.theme.panel)).show(ui, |ui| {
        let rect = ui.max_rect();
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, draw.theme.hairline));
        MenuBar::new().ui(ui, |ui| {
            ui.add_space(PAD - 8.0);
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.spacing_mut().button_padding = vec2(8.0, 3.0);
            ui.visuals_mut().widgets.inactive.fg_stroke.color = draw.theme.secondary;
            let sideways = if view.menus.open.is_some() { sideways(ui) } else { 0 };
            let mut buttons = Vec::with_capacity(MENUS.len());
            for groups in MENUS {
                let words = egui::RichText::new(groups[0].title()).font(fonts::regular(12.5));
                let shown = ui.menu_button(words, |ui| menu(ui, draw, groups, shared));
                if shown.response.has_focus() {
                    parts::ring(ui.painter(), shown.response.rect, draw.theme);
                }
                buttons.push(shown.response);
            }
            follow(ui, draw, view, &buttons, sideways);
        });
    });
}

/// Left and right go from one open menu to the next: -1 or 1. Taken from egui, which would go to the nearest control.
fn sideways(ui: &Ui) -> i8 {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let way = i8::from(pressed(Key::ArrowRight)) - i8::from(pressed(Key::ArrowLeft));
    if way != 0 {
        ui.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
    }
    way
}

/// Opens what was asked for, and gives the keys back when the last menu closes.
fn follow(ui: &Ui, draw: &mut Draw<'_>, view: &mut View, buttons: &[Response], sideways: i8) {
    let popup = |button: &Response| Popup::default_response_id(button);
    let open = buttons.iter().position(|button| Popup::is_id_open(ui.ctx(), popup(button)));
    let next = match (open, sideways) {
        _ if std::mem::take(&mut view.menus.wanted) => Some(0),
        (Some(_), 0) | (None, _) => None,
        (Some(open), 1) => Some((open + 1) % buttons.len()),
        (Some(open), _) => Some((open + buttons.len() - 1) % buttons.len()),
    };
    if let Some(next) = next {
        Popup::open_id(ui.ctx(), popup(&buttons[next]));
        buttons[next].request_focus();
        ui.ctx().request_repaint();
    } else if open.is_none() && view.menus.open.is_some() && buttons.iter().any(Response::has_focus) {
        draw.asks.push(Ask::Focus(view.pane));
    }
    view.menus.open = next.or(open);
}

fn menu(ui: &mut Ui, draw: &mut Draw<'_>, groups: &[Group], shared: &Shared) {
    let height = (ui.ctx().content_rect().height() - 60.0).max(120.0);
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
        ui.set_width(WIDTH);
        ui.spacing_mut().button_padding = vec2(8.0, 3.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        for (index, group) in groups.iter().enumerate() {
            if index > 0 {
                parts::hairline(ui, 4.0, draw.theme);
            }
            items(ui, draw, *group, shared);
        }
    });
}

const WIDTH: f32 = 264.0;

fn items(ui: &mut Ui, draw: &mut Draw<'_>, group: Group, shared: &Shared) {
    if group == Group::Mark {
        schema_actions(ui, draw);
        parts::hairline(ui, 4.0, draw.theme);
    }
    let actions = || Action::catalogue().iter().filter(|action| action.info().group == group);
    if group == Group::View {
        themes(ui, draw, shared);
        parts::hairline(ui, 4.0, draw.theme);
        for action in actions() {
            if let Some(on) = shared.settings.is_on(action) {
                switch(ui, draw, action, on);
            }
        }
        parts::hairline(ui, 4.0, draw.theme);
        egui::gui_zoom::zoom_menu_buttons(ui);
        parts::hairline(ui, 4.0, draw.theme);
    }
    for action in actions().filter(|action| shared.settings.is_on(action).is_none()) {
        if *action == Action::Quit {
            parts::hairline(ui, 4.0, draw.theme);
        }
        item(ui, draw, action, &title(draw, action));
    }
}

/// Something that is on or off.
fn switch(ui: &mut Ui, draw: &mut Draw<'_>, action: &Action, on: bool) {
    let response = choice(ui, on, action.info().title, draw.theme);
    if response.clicked() {
        draw.act(action.clone());
        ui.close();
    }
    response.on_hover_text(action.info().help);
}

/// Labels and relations, with their keys.
fn schema_actions(ui: &mut Ui, draw: &mut Draw<'_>) {
    let schema = draw.session.schema.clone();
    for label in schema.labels.iter().filter(|label| !label.retired) {
        item(ui, draw, &Action::Mark(label.id.clone()), &format!("Mark {}", label.name));
    }
    for relation in schema.relations.iter().filter(|relation| !relation.retired) {
        item(ui, draw, &Action::Relate(relation.id.clone()), &format!("Link {}…", relation.name));
    }
}

fn themes(ui: &mut Ui, draw: &mut Draw<'_>, shared: &Shared) {
    let choices =
        [(ThemeChoice::System, "Like the system"), (ThemeChoice::Light, "Light"), (ThemeChoice::Dark, "Dark")];
    for (choice, words) in choices {
        if self::choice(ui, shared.settings.theme == choice, words, draw.theme).clicked() {
            draw.asks.push(Ask::Request(Request::Theme(choice)));
            ui.close();
        }
    }
}

/// What undo and redo would do is said in their titles.
pub fn title(draw: &Draw<'_>, action: &Action) -> String {
    let what = match action {
        Action::Undo => draw.session.undo_title(),
        Action::Redo => draw.session.redo_title(),
        _ => None,
    };
    match what {
        Some(what) => format!("{}: {what}", action.info().title),
        None => action.info().title.to_owned(),
    }
}

fn item(ui: &mut Ui, draw: &mut Draw<'_>, action: &Action, title: &str) {
    let key = draw.session.keymap.key_of(action).map(parts::spelled).unwrap_or_default();
    let available = action.available(draw.session);
    let words = egui::RichText::new(key).font(fonts::regular(12.0)).color(draw.theme.secondary);
    let button = Button::new(title).truncate().shortcut_text(words).min_size(vec2(ui.available_width(), 26.0));
    let response = ui.add_enabled(available.is_ok(), button);
    if response.has_focus() {
        parts::ring(ui.painter(), response.rect, draw.theme);
    }
    parts::follow(&response);
    if response.clicked() {
        draw.act(action.clone());
        ui.close();
    }
    match available {
        Ok(()) => response.on_hover_text(action.info().help),
        Err(Reason(reason)) => response.on_disabled_hover_text(reason),
    };
}

/// One of several choices: a check mark at the one that holds.
pub fn choice(ui: &mut Ui, on: bool, words: &str, theme: &Theme) -> Response {
    let galley = parts::line(ui, words, fonts::regular(13.0), theme.text, 400.0);
    let width = ui.available_width().max(galley.size().x + 40.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click());
    parts::back(ui, rect, &response, false, theme);
    if on {
        parts::check(ui.painter(), rect.left_center() + vec2(12.0, 0.0), theme.accent);
    }
    parts::put(ui.painter(), rect.left_center() + vec2(26.0, 0.0), galley);
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, true, on, words));
    response
}
