//! The right side: labels, and below them what is known of the selected span, or of the document.

use egui::{ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use super::super::fonts;
use super::super::parts::{self, PAD, ROW};
use super::super::reading::Line;
use super::super::view::{Offsets, View};
use super::super::work::Draw;
use super::review::gold;
use super::{attributes, labels, missing, relations};
use crate::annotation::{OriginKind, Span};
use crate::session::{Action, Command, OpenDocument, Owner};
use crate::text::wording;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let panel = ui.max_rect();
    ui.painter().vline(panel.left() + 0.5, panel.y_range(), egui::Stroke::new(1.0, draw.theme.hairline));
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let inner = ui.max_rect().shrink2(vec2(PAD, 0.0));
        ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            ui.add_space(12.0);
            labels::show(ui, draw, view);
            parts::hairline(ui, 12.0, draw.theme);
            match draw.session.selected_span().cloned() {
                Some(span) => selected(ui, draw, view, &span),
                None => document(ui, draw, view),
            }
            ui.add_space(24.0);
        });
    });
}

fn selected(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, span: &Span) {
    let (session, theme) = (draw.session, draw.theme);
    let Some(open) = &session.open else { return };
    parts::heading(ui, "Selected span", theme);
    ui.add_space(2.0);
    let quote: String =
        span.ranges.quote(open.text()).chars().map(|c| if c == '\n' { ' ' } else { c }).take(200).collect();
    excerpt(ui, draw, &quote);
    fact(ui, draw, "label", parts::name(&session.schema, &span.label));
    let (start, end) = offsets(view, open, span.hull().start(), span.hull().end());
    let fragments = span.ranges.as_slice().len();
    let range = if fragments > 1 { format!("{start}–{end}, {fragments} parts") } else { format!("{start}–{end}") };
    fact(ui, draw, "range", &range);
    attributes::show(ui, draw, view, &Owner::Span(span.id.clone()));
    relations::show(ui, draw, view);
    attributes::note(ui, draw, view);
    match open.shown().and_then(|layer| Some((layer, gold::decision_of(layer, span)?))) {
        Some((layer, decision)) => {
            parts::hairline(ui, 12.0, theme);
            parts::heading(ui, "Where it comes from", theme);
            gold::provenance(ui, draw, &decision, layer, open.text(), None);
        }
        None => fact(ui, draw, "made by", &made_by(draw, open, span)),
    }
    if session.editable().is_ok() {
        command_row(ui, draw, &Action::Remove);
    }
    let label = session.schema.resolve(span.label.as_str());
    if let Some(label) = label.filter(|label| !label.definition.is_empty()) {
        parts::hairline(ui, 12.0, theme);
        let text = egui::RichText::new(&label.definition).font(fonts::regular(12.0)).color(theme.secondary);
        ui.add(egui::Label::new(text.line_height(Some(17.0))).wrap());
    }
}

/// The words of the span on two lines at most.
fn excerpt(ui: &mut Ui, draw: &Draw<'_>, words: &str) {
    let reading = &mut *draw.reading.borrow_mut();
    let line = Line { serif: true, rows: 2, ..Line::new(words, 14.0, draw.theme.text, ui.available_width()) };
    let height = line.size(ui, reading).y;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height + 6.0), Sense::hover());
    line.show(ui, reading, pos2(rect.left(), rect.top() + height / 2.0));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
}

/// What cannot be changed here: its name and its value.
fn fact(ui: &mut Ui, draw: &Draw<'_>, name: &str, value: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    parts::text(ui, rect.left_center(), name, fonts::regular(13.0), draw.theme.secondary, 76.0);
    let at = pos2(rect.left() + 84.0, rect.center().y);
    parts::text(ui, at, value, fonts::regular(13.0), draw.theme.text, rect.right() - at.x);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{name} {value}")));
}

/// An action with its key, as a row.
fn command_row(ui: &mut Ui, draw: &mut Draw<'_>, action: &Action) {
    let (rect, response) = parts::row(ui, ROW, false, 8.0, draw.theme);
    let title = action.info().title;
    parts::text(ui, rect.left_center(), title, fonts::regular(13.0), draw.theme.secondary, rect.width() - 60.0);
    if let Some(key) = draw.session.keymap.key_of(action) {
        parts::cap(ui, rect.right_center(), &parts::spelled(key), draw.theme);
    }
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, title));
    if response.clicked() {
        draw.act(action.clone());
    }
}

fn made_by(draw: &Draw<'_>, open: &OpenDocument, span: &Span) -> String {
    let who = open.showing.as_str();
    let time = ulid::Ulid::from_string(span.id.as_str()).ok();
    let time = time.and_then(|id| jiff::Timestamp::from_millisecond(i64::try_from(id.timestamp_ms()).ok()?).ok());
    let words = match span.origin.by {
        OriginKind::Manual => who.to_owned(),
        OriginKind::Import => "import".to_owned(),
        OriginKind::Suggestion => format!("{who}, suggested"),
        OriginKind::Adjudication => "adjudication".to_owned(),
    };
    let Some(time) = time.filter(|_| span.origin.by != OriginKind::Import) else { return words };
    let zone = jiff::tz::TimeZone::system();
    let (then, today) = (time.to_zoned(zone.clone()), draw.session.now().to_zoned(zone));
    let when = if then.date() == today.date() { then.strftime("%H:%M") } else { then.strftime("%-d %b %Y") };
    format!("{words}, {when}")
}

/// Without a selected span: the document's own attributes, its flag, and whose layers there are.
fn document(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let session = draw.session;
    let Some(open) = &session.open else { return };
    parts::heading(ui, "Document", draw.theme);
    ui.add_space(2.0);
    fact(ui, draw, "id", open.id().as_str());
    if let Some(flag) = open.shown().and_then(|layer| layer.flag.clone()) {
        fact(ui, draw, "flag", &flag);
    }
    attributes::show(ui, draw, view, &Owner::Document);
    missing::show(ui, draw, view);
    layers(ui, draw, open);
}

/// Whose layers there are; a click shows one.
fn layers(ui: &mut Ui, draw: &mut Draw<'_>, open: &OpenDocument) {
    let (session, theme) = (draw.session, draw.theme);
    let mine = session.annotator();
    if open.heads.iter().all(|head| head.annotator == *mine) {
        return;
    }
    parts::hairline(ui, 12.0, theme);
    parts::heading(ui, "Layers", theme);
    ui.add_space(2.0);
    let others = open.heads.iter().filter(|head| head.annotator != *mine).map(|head| (&head.annotator, head.spans));
    let own = open.heads.iter().find(|head| head.annotator == *mine).map_or(0, |head| head.spans);
    for (annotator, spans) in std::iter::once((mine, own)).chain(others) {
        let chosen = open.showing == *annotator;
        let (rect, response) = parts::row(ui, ROW, chosen, 8.0, theme);
        let words = if annotator == mine { format!("{annotator} (you)") } else { annotator.to_string() };
        parts::text(ui, rect.left_center(), &words, fonts::regular(13.0), theme.text, rect.width() - 70.0);
        let count = wording::counted(spans, "span", "spans");
        let galley = parts::line(ui, &count, fonts::regular(12.0), theme.secondary, 80.0);
        parts::put(ui.painter(), pos2(rect.right() - galley.size().x, rect.center().y), galley);
        response.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::Button, true, chosen, format!("Show the layer of {words}, {count}"))
        });
        if response.clicked() {
            draw.run(Command::Show(annotator.clone()));
        }
    }
}

/// Code points of two bytes, remembered: counting them in a long text takes milliseconds.
pub fn offsets(view: &mut View, open: &OpenDocument, start: usize, end: usize) -> (usize, usize) {
    let of = (open.id().clone(), start, end);
    if let Some(known) = view.offsets.as_ref().filter(|known| known.of == of) {
        return known.shown;
    }
    let text = open.text().as_str();
    let before = text.get(..start).map_or(0, |before| before.chars().count());
    let inside = text.get(start..end).map_or(0, |inside| inside.chars().count());
    let shown = (before, before + inside);
    view.offsets = Some(Offsets { of, shown });
    shown
}
