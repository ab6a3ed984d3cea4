//! Attributes of the selected span, or else of the document: what they are, and setting them with digits, mouse or text.

use egui::{Role, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};
use serde_json::Value;

use super::super::fonts;
use super::super::parts::{self, ROW};
use super::super::request::Ask;
use super::super::theme::Theme;
use super::super::view::{DraftOf, View, ids};
use super::super::work::Draw;
use crate::annotation::Attributes;
use crate::schema::{Attribute, AttributeKind};
use crate::session::{Command, Owner, Session, asking, resolve};

/// The attributes that apply now, and their values.
pub struct Shown<'a> {
    pub attributes: Vec<&'a Attribute>,
    pub values: &'a Attributes,
}

/// Of what the keys set: the selected relation, else the selected span, else the document.
pub fn shown(session: &Session) -> Shown<'_> {
    let (attributes, values) = asking::attributes_of(session, &resolve::owner(session));
    Shown { attributes, values }
}

/// It is written rather than chosen.
pub fn writes(attribute: &Attribute) -> bool {
    matches!(attribute.kind, AttributeKind::Number | AttributeKind::Text)
}

/// A value as people read it.
pub fn written(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(words)) => words.clone(),
        Some(Value::Bool(value)) => if *value { "yes" } else { "no" }.to_owned(),
        Some(Value::Array(values)) => values.iter().map(|value| written(Some(value))).collect::<Vec<_>>().join(", "),
        Some(value) => value.to_string(),
    }
}

/// From what was written to a value; nothing written takes the value away.
pub fn read(attribute: &Attribute, words: &str) -> Result<Option<Value>, String> {
    let words = words.trim();
    if words.is_empty() {
        return Ok(None);
    }
    match attribute.kind {
        AttributeKind::Number => match serde_json::from_str::<serde_json::Number>(words) {
            Ok(number) => Ok(Some(Value::Number(number))),
            Err(_) => Err(format!("“{words}” is no number; {} stays as it was", attribute.name)),
        },
        _ => Ok(Some(Value::from(words))),
    }
}

const NAME: f32 = 84.0;

/// One row an attribute; the one that digits set is spread out.
pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, owner: &Owner) {
    let (attributes, values) = asking::attributes_of(draw.session, owner);
    let editable = draw.session.editable().is_ok();
    let asked = resolve::owner(draw.session) == *owner;
    for (at, attribute) in attributes.into_iter().enumerate() {
        let value = values.get(&attribute.name);
        if asked && view.attribute == Some(at) && editable {
            let top = ui.cursor().left_top();
            spread(ui, draw, view, attribute, value);
            if view.revealed != view.attribute {
                let place = egui::Rect::from_min_max(top, pos2(ui.max_rect().right(), ui.cursor().top()));
                ui.scroll_to_rect(place.expand(8.0), None);
                view.revealed = view.attribute;
            }
        } else if summary(ui, draw.theme, attribute, value, editable) {
            if !asked {
                // What is being written belongs to what was asked before.
                draw.asks.push(Ask::Attribute(None));
                draw.run(Command::SelectRelation(match owner {
                    Owner::Relation(id) => Some(id.clone()),
                    Owner::Span(_) | Owner::Document => None,
                }));
            }
            draw.asks.push(Ask::Attribute(Some(at)));
        }
    }
    if view.attribute.is_none() {
        view.revealed = None;
    }
}

/// Name and value on one row. `true`: clicked.
fn summary(ui: &mut Ui, theme: &Theme, attribute: &Attribute, value: Option<&Value>, editable: bool) -> bool {
    let (rect, response) = parts::row(ui, ROW, false, 8.0, theme);
    parts::text(ui, rect.left_center(), &attribute.name, fonts::regular(13.0), theme.secondary, NAME - 8.0);
    let words = written(value);
    let unset = words.is_empty();
    let (words, colour) = match (unset, attribute.required) {
        (true, true) => ("choose…".to_owned(), theme.warning),
        (true, false) => ("—".to_owned(), theme.secondary),
        (false, _) => (words, theme.text),
    };
    let at = pos2(rect.left() + NAME, rect.center().y);
    parts::text(ui, at, &words, fonts::regular(13.0), colour, rect.right() - at.x);
    let name = format!("{}: {}", attribute.name, if unset { "not set" } else { &words });
    response.widget_info(|| WidgetInfo::labeled(Role::Button, editable, &name));
    let clicked = response.clicked() && editable;
    if !attribute.definition.is_empty() {
        response.on_hover_text(&attribute.definition);
    }
    clicked
}

/// The values with their digits, or a field.
fn spread(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, attribute: &Attribute, value: Option<&Value>) {
    let theme = draw.theme;
    let top = ui.cursor().top();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    parts::text(ui, rect.left_center(), &attribute.name, fonts::medium(13.0), theme.text, rect.width() - 40.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &attribute.name));
    let values: Vec<String> = match &attribute.kind {
        AttributeKind::OneOf(values) | AttributeKind::AnyOf(values) => values.clone(),
        AttributeKind::Flag => vec!["yes".to_owned(), "no".to_owned()],
        AttributeKind::Number | AttributeKind::Text => {
            field(ui, draw, view, attribute);
            Vec::new()
        }
    };
    for (place, words) in values.iter().enumerate() {
        let on = match (&attribute.kind, value) {
            (AttributeKind::Flag, Some(Value::Bool(value))) => *value == (place == 0),
            (_, Some(Value::String(value))) => value == words,
            (_, Some(Value::Array(values))) => values.iter().any(|value| value == words),
            _ => false,
        };
        let (rect, response) = parts::row(ui, 26.0, false, 8.0, theme);
        let colour = if on { theme.text } else { theme.secondary };
        if on {
            parts::check(ui.painter(), rect.left_center() + vec2(5.0, 0.0), theme.accent);
        }
        parts::text(ui, rect.left_center() + vec2(16.0, 0.0), words, fonts::regular(13.0), colour, rect.width() - 44.0);
        if place < 9 {
            parts::cap(ui, rect.right_center(), &(place + 1).to_string(), theme);
        }
        let role = if matches!(attribute.kind, AttributeKind::AnyOf(_)) { Role::CheckBox } else { Role::RadioButton };
        let name = format!("{} {words}", attribute.name);
        response.widget_info(|| WidgetInfo::selected(role, true, on, &name));
        if response.clicked()
            && let Some(value) = asking::value_at(attribute, value, place)
        {
            let several = matches!(attribute.kind, AttributeKind::AnyOf(_));
            let owner = resolve::owner(draw.session);
            draw.run(Command::SetAttribute { owner, name: attribute.name.clone(), value });
            if !several {
                draw.asks.push(Ask::Attribute(None));
            }
        }
    }
    let side = ui.min_rect().left() - 8.0;
    ui.painter().vline(side, top + 4.0..=ui.cursor().top() - 4.0, egui::Stroke::new(2.0, theme.accent));
}

fn field(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, attribute: &Attribute) {
    let of = DraftOf::Value(attribute.name.clone());
    let Some(draft) = view.draft.as_mut().filter(|draft| draft.of == of) else { return };
    let width = ui.available_width();
    let response = parts::field(ui, ids::value(), &mut draft.words, "", &attribute.name, width, draw.theme);
    if response.lost_focus() && !response.has_focus() {
        draw.asks.push(Ask::Attribute(None));
    }
    ui.add_space(4.0);
}

/// The note of the selected span.
pub fn note(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let Some(span) = draw.session.selected_span() else { return };
    let theme = draw.theme;
    let writing = view.draft.as_mut().filter(|draft| draft.of == DraftOf::Note(span.id.clone()));
    let Some(draft) = writing else {
        let (rect, response) = parts::row(ui, ROW, false, 8.0, theme);
        parts::text(ui, rect.left_center(), "note", fonts::regular(13.0), theme.secondary, NAME);
        let words = if span.note.is_empty() { "—" } else { &span.note };
        let at = pos2(rect.left() + NAME, rect.center().y);
        parts::text(ui, at, words, fonts::regular(13.0), theme.text, rect.right() - at.x);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Note: {}", span.note)));
        if response.clicked() {
            draw.act(crate::session::Action::EditNote);
        }
        if !span.note.is_empty() {
            response.on_hover_text(&span.note);
        }
        return;
    };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    parts::text(ui, rect.left_center(), "note", fonts::medium(13.0), theme.text, NAME);
    let edge = egui::Stroke::new(1.0, theme.accent);
    let frame =
        egui::Frame::NONE.fill(theme.page).stroke(edge).corner_radius(6).inner_margin(egui::Margin::symmetric(8, 6));
    let edit =
        TextEdit::multiline(&mut draft.words).id(ids::note()).desired_rows(3).frame(frame).font(fonts::regular(13.0));
    let shift_enter = egui::KeyboardShortcut::new(egui::Modifiers::SHIFT, egui::Key::Enter);
    let edit = edit.return_key(shift_enter).desired_width(ui.available_width());
    let response = ui.add(edit).accessible_name("Note");
    if response.lost_focus() {
        draw.asks.push(Ask::Focus(super::super::view::Pane::Page));
    }
    ui.add_space(4.0);
}
