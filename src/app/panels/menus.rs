//! The menus, made from the catalogue of actions: whatever can be asked for is in them, with its key and, where it cannot be done
//! now, why.

use egui::{Button, Frame, MenuBar, Panel, Response, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::super::fonts;
use super::super::parts::{self, PAD};
use super::super::request::{Ask, Request};
use super::super::theme::Theme;
use super::super::window::Shared;
use super::super::work::Draw;
use crate::session::settings::ThemeChoice;
use crate::session::{Action, Group, Reason};

const MENUS: [Group; 7] =
    [Group::File, Group::Edit, Group::Find, Group::Document, Group::Mark, Group::View, Group::Help];

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, shared: &Shared) {
    let bar = Panel::top("menus").exact_size(28.0).resizable(false).show_separator_line(false);
    bar.frame(Frame::NONE.fill(draw.theme.panel)).show(ui, |ui| {
        let rect = ui.max_rect();
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, draw.theme.hairline));
        MenuBar::new().ui(ui, |ui| {
            ui.add_space(PAD - 8.0);
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.spacing_mut().button_padding = vec2(8.0, 3.0);
            ui.visuals_mut().widgets.inactive.fg_stroke.color = draw.theme.secondary;
            for group in MENUS {
                ui.menu_button(egui::RichText::new(group.title()).font(fonts::regular(12.5)), |ui| {
                    menu(ui, draw, group, shared);
                });
            }
        });
    });
}

fn menu(ui: &mut Ui, draw: &mut Draw<'_>, group: Group, shared: &Shared) {
    ui.set_width(264.0);
    ui.spacing_mut().button_padding = vec2(8.0, 3.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    if group == Group::Mark {
        schema_actions(ui, draw);
        parts::hairline(ui, 4.0, draw.theme);
    }
    if group == Group::View {
        themes(ui, draw, shared);
        parts::hairline(ui, 4.0, draw.theme);
        egui::gui_zoom::zoom_menu_buttons(ui);
        parts::hairline(ui, 4.0, draw.theme);
    }
    for action in Action::catalogue().iter().filter(|action| action.info().group == group) {
        if *action == Action::Quit {
            parts::hairline(ui, 4.0, draw.theme);
        }
        match shared.settings.is_on(action) {
            Some(on) => switch(ui, draw, action, on),
            None => item(ui, draw, action, &title(draw, action)),
        }
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
    let button = Button::new(title).shortcut_text(words).min_size(vec2(ui.available_width(), 26.0));
    let response = ui.add_enabled(available.is_ok(), button);
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
