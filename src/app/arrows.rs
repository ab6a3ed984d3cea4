//! Which relations are drawn as arrows: those of the span that is selected or under the pointer, or the one that is being made.

use egui::Color32;

use super::gesture::Gesture;
use super::marks::Ends;
use super::reading::Arrow;
use super::theme::Theme;
use super::view::View;
use crate::annotation::{ItemId, Layer, Ranges, Relation};
use crate::session::Session;

/// A span may have hundreds of relations; the inspector lists them all.
const MOST: usize = 24;

/// The arrows of this frame.
pub fn shown(session: &Session, view: &View, theme: &Theme) -> Vec<Arrow> {
    let Some(open) = &session.open else { return Vec::new() };
    let Some(layer) = open.shown() else { return Vec::new() };
    if let Some(making) = making(session, view, layer, theme) {
        return making;
    }
    let selected = session.selected();
    let hovered =
        view.pointed.as_ref().or(view.stack.pointed()).or(view.hovered.as_ref()).filter(|id| Some(*id) != selected);
    let chosen = open.relation.as_ref();
    let mut arrows: Vec<Arrow> = Vec::new();
    for (id, of_selected) in selected.map(|id| (id, true)).into_iter().chain(hovered.map(|id| (id, false))) {
        let all = view.found.relations_of(layer, id);
        let relations = all.iter().filter(|relation| {
            // Between the selected and the hovered span: drawn once.
            of_selected || !selected.is_some_and(|selected| relation.joins(selected))
        });
        for relation in relations.take(MOST - arrows.len().min(MOST)) {
            let strong = of_selected && chosen.is_none_or(|chosen| *chosen == relation.id);
            let colour = if strong { theme.text } else { theme.secondary };
            arrows.extend(arrow(session, layer, relation, colour));
        }
    }
    arrows
}

fn arrow(session: &Session, layer: &Layer, relation: &Relation, colour: Color32) -> Option<Arrow> {
    let kind = session.schema.resolve_relation(relation.kind.as_str());
    Some(Arrow {
        from: bytes(&layer.span(&relation.from)?.ranges),
        to: bytes(&layer.span(&relation.to)?.ranges),
        name: kind.map_or(relation.kind.as_str(), |kind| kind.name.as_str()).to_owned(),
        colour,
        dashed: false,
    })
}

/// The relation that is being made, by key or by dragging: dashed, to the end it would have.
fn making(session: &Session, view: &View, layer: &Layer, theme: &Theme) -> Option<Vec<Arrow>> {
    let dashed = |from: &ItemId, to: Vec<std::ops::Range<usize>>, name: String| {
        let from = bytes(&layer.span(from)?.ranges);
        Some(vec![Arrow { from, to, name, colour: theme.accent, dashed: true }])
    };
    if let Some((from, to, place)) = view.gesture.linking() {
        let end = to.and_then(|to| layer.span(to));
        let ranges = end.map_or_else(|| vec![place.clone()], |end| bytes(&end.ranges));
        return dashed(from, ranges, view.gesture.kinds(session).unwrap_or_default());
    }
    let linking = session.linking()?;
    let pointed = view.hovered.as_ref().filter(|id| linking.allows(id));
    let end = layer.span(pointed.unwrap_or_else(|| linking.end()))?;
    let name = session.schema.relation(&linking.kind).map(|kind| kind.name.clone());
    dashed(&linking.from, bytes(&end.ranges), name.unwrap_or_default())
}

/// Which spans may be the other end of what is being made: they light up, the others fade.
pub fn ends<'a>(session: &'a Session, gesture: &'a Gesture) -> Option<Ends<'a>> {
    if let Some((from, ..)) = gesture.linking() {
        let span = session.open.as_ref()?.shown()?.span(from)?;
        return Some(Ends::Of(span));
    }
    session.linking().map(Ends::Legal)
}

fn bytes(ranges: &Ranges) -> Vec<std::ops::Range<usize>> {
    ranges.as_slice().iter().map(|range| range.start()..range.end()).collect()
}
