//! The relations of the selected span: from it and to it, with a way there and a way to take them back.

use egui::{Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::fonts;
use super::super::parts::{self, ROW};
use super::super::reading::Line;
use super::super::view::View;
use super::super::work::Draw;
use super::attributes;
use crate::annotation::{ItemId, Layer};
use crate::session::{Action, Command, Owner};

/// Rows of relations, then those that could be made, with their keys.
pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let session = draw.session;
    let (Some(open), Some(span)) = (&session.open, session.selected_span()) else { return };
    let Some(layer) = open.shown() else { return };
    let theme = draw.theme;
    let mut relations = view.found.relations_of(layer, &span.id);
    relations.sort_by_key(|relation| {
        let outward = relation.from == span.id;
        let place = layer.span(if outward { &relation.to } else { &relation.from }).map(|span| span.hull().start());
        (!outward, relation.kind.clone(), place, relation.id.clone())
    });
    for relation in relations {
        let outward = relation.from == span.id;
        let other = if outward { &relation.to } else { &relation.from };
        let kind = session.schema.resolve_relation(relation.kind.as_str());
        let name = kind.map_or(relation.kind.as_str(), |kind| kind.name.as_str()).to_lowercase();
        let words = words_of(draw, layer, other);
        let selected = open.relation.as_ref() == Some(&relation.id);
        let (rect, response) = parts::row(ui, ROW, selected, 8.0, theme);
        let title = if outward { name.clone() } else { format!("{name} of") };
        parts::text(ui, rect.left_center(), &title, fonts::regular(13.0), theme.secondary, 76.0);
        let left = rect.left() + 84.0;
        let line = Line::new(&words, 13.0, theme.text, rect.right() - 24.0 - left);
        line.show(ui, &mut draw.reading.borrow_mut(), pos2(left, rect.center().y));
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, format!("{title} {words}")));
        let place = Rect::from_center_size(pos2(rect.right() - 8.0, rect.center().y), vec2(20.0, 20.0));
        if session.editable().is_ok() {
            let cross = ui.interact(place, response.id.with("unlink"), Sense::click());
            if cross.hovered() || response.contains_pointer() || cross.has_focus() {
                parts::cross_at(ui, place, &cross, theme);
            }
            cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Unlink {title} {words}")));
            if cross.on_hover_text("Unlink").clicked() {
                draw.run(Command::Unlink(relation.id.clone()));
            }
        }
        if response.contains_pointer() {
            view.pointed = Some(other.clone());
        }
        if response.clicked() {
            draw.run(Command::SelectSpan(Some(other.clone())));
        }
        if kind.is_some_and(|kind| !kind.attributes.is_empty()) {
            let inner = ui.available_rect_before_wrap().with_min_x(rect.left() + 12.0);
            ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
                attributes::show(ui, draw, view, &Owner::Relation(relation.id.clone()));
            });
        }
    }
    possible(ui, draw, &span.label);
}

/// The relations that may start here, as `key name`.
fn possible(ui: &mut Ui, draw: &mut Draw<'_>, label: &crate::schema::LabelId) {
    let (session, theme) = (draw.session, draw.theme);
    if session.editable().is_err() {
        return;
    }
    let kinds =
        session.schema.relations.iter().filter(|kind| !kind.retired && session.schema.accepts(&kind.from, label));
    for kind in kinds {
        let linking = session.linking().is_some_and(|linking| linking.kind == kind.id);
        let (rect, response) = parts::row(ui, ROW, linking, 8.0, theme);
        let words = if linking {
            format!("{}: click its end, or ↵", kind.name)
        } else {
            format!("Link {}…", kind.name.to_lowercase())
        };
        let colour = if linking { theme.accent } else { theme.secondary };
        parts::text(ui, rect.left_center(), &words, fonts::regular(13.0), colour, rect.width() - 28.0);
        if let Some(key) = kind.key {
            parts::cap(ui, rect.right_center(), &key.to_uppercase().to_string(), theme);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
        if response.clicked() {
            draw.act(Action::Relate(kind.id.clone()));
        }
        if !kind.definition.is_empty() {
            response.on_hover_text(&kind.definition);
        }
    }
}

fn words_of(draw: &Draw<'_>, layer: &Layer, id: &ItemId) -> String {
    let (Some(open), Some(span)) = (&draw.session.open, layer.span(id)) else {
        return "a span that is gone".to_owned();
    };
    parts::excerpt(&span.ranges.quote(open.text()), 80)
}
