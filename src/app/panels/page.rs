//! The page: hands it the layer's marks, takes what the pointer did.

use egui::{Align2, Role, Sense, Ui, WidgetInfo};

use super::super::marks::{Emphasis, LayerMarks};
use super::super::reading::{Header, PageInput, ReadingSettings};
use super::super::request::Ask;
use super::super::view::{Overlay, View};
use super::super::window::Shared;
use super::super::work::Draw;
use super::super::{arrows, fonts, parts};
use crate::session::{Action, linking};

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, shared: &mut Shared) {
    let session = draw.session;
    let (Some(open), Some(_)) = (&session.open, &view.page) else {
        nothing_open(ui, draw);
        return;
    };
    let settings = ReadingSettings {
        size: shared.settings.text_size,
        line_height: (shared.settings.text_size * 30.0 / 17.5).round(),
        column: 610.0 * shared.settings.text_size / 17.5,
        serif: shared.settings.serif,
        ..ReadingSettings::default()
    };
    let document = &open.document;
    let meta = ["source", "date"].iter().filter_map(|key| document.meta_text(key)).filter(|words| !words.is_empty());
    let meta = meta.collect::<Vec<_>>().join("  ·  ");
    let title = document.meta_text("title").filter(|title| !title.is_empty()).unwrap_or(document.id.as_str());
    let arrows = arrows::shown(session, view, draw.theme);
    let end = match (view.gesture.linking(), session.linking()) {
        (Some((_, to, _)), _) => to,
        (None, Some(linking)) => {
            Some(view.hovered.as_ref().filter(|id| linking.allows(id)).unwrap_or_else(|| linking.end()))
        }
        (None, None) => None,
    };
    let name = arrows.first().map_or("", |arrow| arrow.name.as_str());
    let candidate = end.map(|end| (end, name));
    let ends = arrows::ends(session, &view.gesture);
    let selected = session.selected();
    let can_link = session.selected_span().is_some_and(|span| linking::may_link(&session.schema, &span.label, None))
        && session.editable().is_ok()
        && session.linking().is_none();
    let handle = selected.filter(|_| can_link).map(|id| view.found.numbers.borrow_mut().of(id));
    let Some(seen) = &mut view.page else { return };
    let marks = LayerMarks {
        layer: open.shown(),
        text: open.text(),
        schema: &session.schema,
        theme: draw.theme,
        found: &view.found,
        emphasis: Emphasis { selected, hovered: view.pointed.as_ref().or(view.hovered.as_ref()), candidate, ends },
    };
    let selection = session.selection().filter(|_| view.gesture.preview.is_none());
    let input = PageInput {
        theme: draw.theme,
        settings,
        header: Header { title, meta: &meta },
        marks: &marks,
        caret: (open.span.is_none()).then_some(open.caret),
        selection: selection.map(|range| range.start()..range.end()),
        preview: view
            .gesture
            .preview_colour(session, draw.theme)
            .map(|(range, colour)| (std::iter::once(range).collect(), colour)),
        arrows: &arrows,
        handle,
    };
    let output = ui.push_id("page", |ui| seen.page.ui(ui, &mut shared.reading.borrow_mut(), &input)).inner;

    view.page_id = Some(output.response.id);
    output.response.widget_info(|| WidgetInfo::labeled(Role::Document, true, title));
    let numbers = view.found.numbers.borrow();
    let before = view.gesture.drawn();
    let mut asks = Vec::new();
    for event in output.events {
        view.gesture.take(event, session, &numbers, &mut asks);
    }
    draw.asks.extend(asks.into_iter().map(|ask| match ask {
        Ask::Run(command) => Ask::Pointed(command),
        ask => ask,
    }));
    let mut under = output.hovered.iter().flat_map(|hit| &hit.marks).filter_map(|number| numbers.id(*number));
    let hovered = match session.linking() {
        Some(linking) => under.find(|id| linking.allows(id)),
        None => under.next(),
    };
    let over = matches!(view.overlay, Some(Overlay::Picker(_)));
    let hovered = hovered.filter(|_| !over).cloned();
    if before != view.gesture.drawn() || (hovered != view.hovered && ui.input(|input| input.pointer.is_moving())) {
        ui.ctx().request_repaint();
    }
    view.hovered = hovered;
}

/// One sentence and one action.
fn nothing_open(ui: &mut Ui, draw: &mut Draw<'_>) {
    let rect = ui.available_rect_before_wrap();
    ui.allocate_rect(rect, Sense::hover());
    let empty = draw.session.counts.documents == 0;
    let (sentence, action, words) = if empty {
        ("This project has no documents yet", Action::Import, "Import articles…")
    } else {
        ("No document is open", Action::NextDocument, "Open the first of the list")
    };
    let above = rect.center() - egui::vec2(0.0, 24.0);
    ui.painter().text(above, Align2::CENTER_CENTER, sentence, fonts::serif(20.0), draw.theme.text);
    let key = draw.session.keymap.key_of(&action).map(parts::spelled).unwrap_or_default();
    let button = egui::Button::new(words).shortcut_text(key).min_size(egui::vec2(0.0, 32.0));
    let place = egui::Rect::from_center_size(rect.center() + egui::vec2(0.0, 16.0), egui::vec2(260.0, 32.0));
    if ui.put(place, button).clicked() {
        draw.act(action);
    }
}
