//! The label picker: what a right click offers.

use egui::{Pos2, Role, ScrollArea, Ui, WidgetInfo, vec2};

use super::super::fonts;
use super::super::parts;
use super::super::request::Ask;
use super::super::work::Draw;
use super::{At, float};
use crate::schema::KeyTarget;
use crate::session::keymap::{Chord, Key};
use crate::session::{Action, Session};

/// The key of a label, or of a relation, chooses it.
pub fn key(session: &Session, chord: Chord) -> Option<Vec<Ask>> {
    if chord.ctrl || chord.alt || chord.shift {
        return None;
    }
    let action = match chord.key {
        Key::Char(key) => match session.schema.with_key(key)? {
            KeyTarget::Label(label) => Action::Mark(label),
            KeyTarget::Relation(kind) => Action::Relate(kind),
        },
        Key::Backspace | Key::Delete => Action::Remove,
        Key::Enter => Action::Confirm,
        _ => return None,
    };
    Some(vec![Ask::CloseOverlay, Ask::Act(action)])
}

pub fn show(ui: &Ui, draw: &mut Draw<'_>, place: Pos2) -> bool {
    let (session, theme) = (draw.session, draw.theme);
    let span = session.selected_span().cloned();
    let (chosen, stays) = float(ui, "picker", &At::Point(place), 256.0, theme, |ui| {
        let mut chosen = None;
        let room = (ui.ctx().content_rect().height() - 190.0).max(104.0);
        ScrollArea::vertical().max_height(room).show(ui, |ui| {
            for label in session.schema.labels.iter().filter(|label| !label.retired) {
                let on = span.as_ref().is_some_and(|span| span.label == label.id);
                let (rect, response) = parts::row(ui, 26.0, on, 0.0, theme);
                parts::chip(
                    ui,
                    rect.left_center() + vec2(6.0, 0.0),
                    &label.name,
                    parts::colour_of(label, theme),
                    rect.width() - 44.0,
                    theme,
                );
                if let Some(key) = label.key {
                    parts::cap(ui, rect.right_center() - vec2(6.0, 0.0), &key.to_uppercase().to_string(), theme);
                }
                let words =
                    if span.is_some() { format!("Relabel as {}", label.name) } else { format!("Mark {}", label.name) };
                response.widget_info(|| WidgetInfo::selected(Role::MenuItem, true, on, &words));
                if response.clicked() {
                    chosen = Some(Action::Mark(label.id.clone()));
                }
            }
        });
        let further: &[Action] = if span.is_some() {
            &[Action::Confirm, Action::EditNote, Action::MarkAllEqual, Action::Remove]
        } else {
            &[Action::MarkAllEqual, Action::AddFragment, Action::Copy]
        };
        parts::hairline(ui, 4.0, theme);
        for action in further {
            let possible = action.available(session).is_ok();
            if entry(ui, draw, action, possible) {
                chosen = Some(action.clone());
            }
        }
        chosen
    });
    match chosen {
        Some(action) => {
            draw.asks.extend([Ask::CloseOverlay, Ask::Act(action)]);
            true
        }
        None => stays,
    }
}

fn entry(ui: &mut Ui, draw: &Draw<'_>, action: &Action, possible: bool) -> bool {
    let theme = draw.theme;
    let (rect, response) = parts::row(ui, 26.0, false, 0.0, theme);
    let colour = if possible { theme.text } else { theme.tertiary };
    let title = action.info().title;
    parts::text(ui, rect.left_center() + vec2(6.0, 0.0), title, fonts::regular(13.0), colour, rect.width() - 80.0);
    if let Some(key) = draw.session.keymap.key_of(action) {
        let words = parts::spelled(key);
        let galley = parts::line(ui, &words, fonts::regular(12.0), theme.secondary, 100.0);
        parts::put(ui.painter(), rect.right_center() - vec2(6.0 + galley.size().x, 0.0), galley);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, possible, title));
    response.clicked() && possible
}
