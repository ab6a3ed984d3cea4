//! Where gold comes from: the decision on the difference that is looked at, or the one that made the selected span of gold: what was
//! ruled, by whom, when, why, and what each had then. Below it who is compared.

use egui::{Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::super::fonts;
use super::super::super::parts::{self, PAD};
use super::super::super::sides::person;
use super::super::super::work::Draw;
use super::strip::badge;
use crate::annotation::{Layer, OriginKind, Span, decision_id};
use crate::review::{Decision, State};
use crate::session::Reviewing;
use crate::session::reviewing::words;
use crate::text::{Text, wording};

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing) {
    let panel = ui.max_rect();
    ui.painter().vline(panel.left() + 0.5, panel.y_range(), egui::Stroke::new(1.0, draw.theme.hairline));
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let inner = ui.max_rect().shrink2(vec2(PAD, 0.0));
        ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            ui.add_space(12.0);
            compared(ui, draw, reviewing);
            parts::hairline(ui, 12.0, draw.theme);
            decided(ui, draw, reviewing);
            ui.add_space(24.0);
        });
    });
}

/// Who is compared: digit, colour, name, and whether they finished this document.
fn compared(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing) {
    let theme = draw.theme;
    parts::heading(ui, "Compared", theme);
    ui.add_space(2.0);
    let layers = reviewing.desk.as_ref().map(|desk| &desk.comparison.layers);
    for (seat, who) in reviewing.seats().into_iter().enumerate() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
        let middle = rect.center().y;
        let x = badge(ui, rect.left_center(), &reviewing.initial(who), person(seat, theme), theme) + 8.0;
        let layer = layers.and_then(|layers| layers.get(who)).and_then(Option::as_ref);
        let said = match (layers, layer) {
            (None, _) => String::new(),
            (_, Some(layer)) => wording::counted(layer.spans.len() as u64, "span", "spans"),
            (_, None) => "not finished".to_owned(),
        };
        let galley = parts::line(ui, &said, fonts::regular(12.0), theme.secondary, 110.0);
        let mut right = rect.right();
        if seat < 9 {
            right = parts::cap(ui, pos2(right, middle), &(seat + 1).to_string(), theme).left() - 8.0;
        }
        right -= galley.size().x;
        parts::put(ui.painter(), pos2(right, middle), galley);
        let name = reviewing.name(who);
        let colour = if layer.is_some() { theme.text } else { theme.secondary };
        parts::text(ui, pos2(x, middle), &name, fonts::regular(13.0), colour, right - x - 8.0);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}, {said}")));
    }
    if reviewing.annotators.len() == 2 && !reviewing.is_blind() {
        quiet(ui, draw, &format!("{}’s lines under the words, {}’s above", reviewing.name(0), reviewing.name(1)));
    }
}

fn decided(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing) {
    let theme = draw.theme;
    let Some(desk) = &reviewing.desk else { return };
    let Some(difference) = reviewing.difference() else { return };
    let (title, ids) = match desk.state(difference) {
        State::Settled(id) => ("Settled", vec![id]),
        State::Stale(ids) => ("Settled, changed since", ids),
        State::Moot => ("Gone with its span", Vec::new()),
        State::Open => ("Not settled yet", Vec::new()),
    };
    if reviewing.feedback && ids.is_empty() {
        parts::heading(ui, "Gold", theme);
        quiet(ui, draw, "What stands in gold was settled by a reviewer, or is what all agreed on.");
        feedback(ui, draw, reviewing);
        return;
    }
    parts::heading(ui, title, theme);
    ui.add_space(2.0);
    if ids.is_empty() {
        quiet(ui, draw, "A digit takes what that annotator has. Everything can be undone.");
    }
    for decision in ids.iter().filter_map(|id| desk.gold.decision(id)) {
        provenance(ui, draw, decision, desk.gold.layer(), &desk.document.text, Some(reviewing));
    }
}

/// Why gold is otherwise than mine, where a reviewer said so.
fn feedback(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing) {
    let Some(desk) = &reviewing.desk else { return };
    let Some(difference) = reviewing.difference() else { return };
    let gold = difference.sides.iter().flat_map(crate::review::Side::spans);
    for span in gold.filter(|span| span.origin.by == OriginKind::Adjudication) {
        if let Some(decision) = decision_of(desk.gold.layer(), span) {
            provenance(ui, draw, &decision, desk.gold.layer(), &desk.document.text, Some(reviewing));
            return;
        }
    }
}

/// The decision that made a span of gold.
pub fn decision_of(layer: &Layer, span: &Span) -> Option<Decision> {
    let id = span.origin.details.get("decision")?.as_str()?;
    layer.decisions.iter().find(|decision| decision_id(decision) == id).and_then(Decision::read)
}

/// What was ruled, by whom, when, why, and from what.
pub fn provenance(
    ui: &mut Ui,
    draw: &Draw<'_>,
    decision: &Decision,
    layer: &Layer,
    text: &Text,
    reviewing: Option<&Reviewing>,
) {
    fact(ui, draw, "ruling", &words::ruling(decision, reviewing));
    let stands: Vec<String> = decision
        .spans
        .iter()
        .filter_map(|id| layer.span(id))
        .map(|span| {
            let name = parts::name(&draw.session.schema, &span.label);
            format!("{name} “{}”", words::brief(&span.ranges.quote(text), 60))
        })
        .collect();
    let gold = if stands.is_empty() && decision.relations.is_empty() && decision.attribute.is_none() {
        "nothing".to_owned()
    } else {
        stands.join(", ")
    };
    if !gold.is_empty() {
        fact(ui, draw, "gold", &gold);
    }
    fact(ui, draw, "by", decision.by.as_str());
    let when = decision.when.to_zoned(jiff::tz::TimeZone::system()).strftime("%-d %b %Y, %H:%M").to_string();
    fact(ui, draw, "when", &when);
    if !decision.why.is_empty() {
        fact(ui, draw, "why", &decision.why);
    }
    if !decision.note.is_empty() {
        fact(ui, draw, "note", &decision.note);
    }
    let hidden = reviewing.is_some_and(Reviewing::is_blind);
    if hidden {
        return;
    }
    for (index, source) in decision.sources.iter().enumerate() {
        let items = source.items.len() as u64;
        let said = match (&source.value, items) {
            (Some(value), _) => value.to_string(),
            (None, 0) => "nothing".to_owned(),
            (None, items) => wording::counted(items, "span", "spans"),
        };
        let name = if index == 0 { "from" } else { "" };
        fact(ui, draw, name, &format!("{}: {said}, version {}", source.annotator, source.version));
    }
}

/// A name and what it is, in as many rows as it takes.
fn fact(ui: &mut Ui, draw: &Draw<'_>, name: &str, value: &str) {
    let theme = draw.theme;
    let width = ui.available_width() - 60.0;
    let galley = ui.fonts_mut(|all| all.layout(value.to_owned(), fonts::regular(13.0), theme.text, width));
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), (galley.size().y + 8.0).max(24.0)), Sense::hover());
    parts::text(ui, pos2(rect.left(), rect.top() + 12.0), name, fonts::regular(13.0), theme.secondary, 56.0);
    ui.painter().galley(pos2(rect.left() + 60.0, rect.top() + 4.0), galley, theme.text);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name} {value}")));
}

fn quiet(ui: &mut Ui, draw: &Draw<'_>, words: &str) {
    ui.add_space(4.0);
    let text = egui::RichText::new(words).font(fonts::regular(12.0)).color(draw.theme.secondary);
    ui.add(egui::Label::new(text.line_height(Some(17.0))).wrap());
}
