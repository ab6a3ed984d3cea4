//! The page: hands it the layer's marks, takes what the pointer did.

use std::time::Duration;

use egui::{Align2, Role, Sense, Ui, WidgetInfo, pos2};

use super::super::marks::{Emphasis, LayerMarks};
use super::super::reading::{Header, Invisibles, PageEvent, PageInput, PageOutput, ReadingSettings};
use super::super::request::Ask;
use super::super::view::{Focused, View};
use super::super::window::Shared;
use super::super::work::Draw;
use super::super::{arrows, fonts, parts};
use super::{armed, asking};
use crate::annotation::ItemId;
use crate::session::settings::Settings;
use crate::session::{Action, Command, linking};

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, shared: &mut Shared) {
    let session = draw.session;
    let affinity = view.affinity(session.open.as_ref().map_or(0, |open| open.caret));
    let (Some(open), Some(_)) = (&session.open, &view.page) else {
        nothing_open(ui, draw);
        return;
    };
    let settings = reading_settings(&shared.settings);
    let folds = {
        let searching = matches!(view.focused, Focused::Field(_));
        view.folds.sync(session, shared.settings.fold_boilerplate, searching)
    };
    let document = &open.document;
    let meta = ["source", "date"].iter().filter_map(|key| document.meta_text(key)).filter(|words| !words.is_empty());
    let meta = meta.collect::<Vec<_>>().join("  ·  ");
    let title = document.meta_text("title").filter(|title| !title.is_empty()).unwrap_or(document.id.as_str());
    let arrows = arrows::shown(session, view, draw.theme);
    let candidate = match (view.gesture.linking(), session.linking()) {
        (Some((_, to, _)), _) => to,
        (None, Some(linking)) => {
            Some(view.hovered.as_ref().filter(|id| linking.allows(id)).unwrap_or_else(|| linking.end()))
        }
        (None, None) => None,
    };
    let ends = arrows::ends(session, &view.gesture);
    let selected = session.selected();
    let can_link = session.selected_span().is_some_and(|span| linking::may_link(&session.schema, &span.label, None))
        && session.editable().is_ok()
        && session.linking().is_none();
    let handle = selected.filter(|_| can_link).map(|id| view.found.numbers.borrow_mut().of(id));
    let hovered = view.pointed.as_ref().or(view.stack.pointed()).or(view.hovered.as_ref());
    let Some(seen) = &mut view.page else { return };
    if !std::mem::replace(&mut seen.warmed, true) {
        shared.reading.borrow().prewarm(open.text());
    }
    let marks = LayerMarks {
        layer: open.shown(),
        text: open.text(),
        schema: &session.schema,
        theme: draw.theme,
        found: &view.found,
        emphasis: Emphasis { selected, hovered, candidate, ends },
    };
    let selection = session.selection().filter(|_| view.gesture.preview.is_none());
    let input = PageInput {
        theme: draw.theme,
        settings,
        header: Header { title, meta: &meta },
        marks: &marks,
        caret: (open.span.is_none() && !matches!(view.focused, Focused::Field(_))).then_some(open.caret),
        affinity,
        folds: &folds,
        selection: selection.map(|range| range.start()..range.end()),
        preview: view
            .gesture
            .preview_colour(session, draw.theme)
            .map(|(range, colour)| (std::iter::once(range).collect(), colour)),
        arrows: &arrows,
        handle,
    };
    let room = ui.available_rect_before_wrap();
    let output = ui.push_id("page", |ui| seen.page.ui(ui, &mut shared.reading.borrow_mut(), &input)).inner;

    view.page_id = Some(output.response.id);
    output.response.widget_info(|| WidgetInfo::labeled(Role::Document, true, title));
    take(ui, draw, view, output);
    armed::show(ui, draw, room);
    asking::show(ui, draw, view, room);
}

/// What the pointer did, and what lies under it.
fn take(ui: &Ui, draw: &mut Draw<'_>, view: &mut View, output: PageOutput) {
    let session = draw.session;
    let numbers = view.found.numbers.borrow();
    let before = view.gesture.drawn();
    let mut asks = Vec::new();
    for event in output.events {
        if let PageEvent::Unfold(range) = &event {
            view.folds.unfold(range.start);
            ui.ctx().request_repaint();
        }
        if let Some(hit) = event.hit() {
            view.lean = Some((hit.offset, hit.affinity));
        }
        view.gesture.take(event, session, &numbers, &mut asks);
    }
    let clicked = asks.iter().any(|ask| matches!(ask, Ask::Run(Command::SelectSpan(Some(_)))));
    draw.asks.extend(asks.into_iter().map(|ask| match ask {
        Ask::Run(command) => Ask::Pointed(command),
        ask => ask,
    }));
    let over = view.overlay.is_some();
    let hit = output.hovered.filter(|_| !over);
    let under: Vec<ItemId> =
        hit.iter().flat_map(|hit| &hit.marks).filter_map(|number| numbers.id(*number)).cloned().collect();
    let hovered = match session.linking() {
        Some(linking) => under.iter().find(|id| linking.allows(id)),
        None => under.first(),
    };
    let hovered = hovered.cloned();
    if before != view.gesture.drawn() || (hovered != view.hovered && ui.input(|input| input.pointer.is_moving())) {
        ui.ctx().request_repaint();
    }
    view.hovered = hovered;
    if over || view.gesture.holds() || session.linking().is_some() {
        view.stack.hide();
        return;
    }
    let place = hit.and_then(|hit| {
        let row = view.page.as_ref()?.page.rect_of(hit.grapheme)?;
        // Clear of the lines under the words.
        Some(pos2(hit.pos.x - 24.0, (row.bottom() + 4.5 * hit.marks.len() as f32).min(row.bottom() + 24.0) + 4.0))
    });
    if let Some(wait) = view.stack.follow(under, place.unwrap_or_default(), clicked, ui) {
        ui.ctx().request_repaint_after(Duration::from_secs_f64(wait));
    }
}

/// As a person chose it.
pub(super) fn reading_settings(settings: &Settings) -> ReadingSettings {
    let size = settings.text_size;
    ReadingSettings {
        size,
        line_height: (size * settings.line_spacing.height()).round(),
        column: settings.column_width.points() * size / 17.5,
        serif: settings.serif,
        invisibles: if settings.show_invisible { Invisibles::All } else { Invisibles::Odd },
        numbers: settings.line_numbers,
        ..ReadingSettings::default()
    }
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
