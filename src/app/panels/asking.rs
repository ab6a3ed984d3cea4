//! What is asked of a span right after it was marked (careful work), or while one goes from gap to gap: a card below the span with the values
//! and their digits, so that the eyes can stay on the text.

use egui::{Area, Frame, Id, Margin, Order, Rect, Role, Stroke, Ui, WidgetInfo, pos2, vec2};
use serde_json::Value;

use super::super::fonts;
use super::super::parts;
use super::super::style;
use super::super::view::View;
use super::super::work::Draw;
use crate::schema::{Attribute, AttributeKind};
use crate::session::asking;
use crate::session::{Action, Command, resolve};

/// Values that have a digit.
const SEEN: usize = 9;
const WIDTH: f32 = 208.0;

pub fn show(ui: &Ui, draw: &mut Draw<'_>, view: &View, page: Rect) {
    if view.overlay.is_some() || view.attribute.is_some() {
        return;
    }
    let session = draw.session;
    let Some((attribute, now)) = asking::question(session) else { return };
    let span = session.selected_span().map(|span| span.hull());
    let rects = span.and_then(|range| Some(view.page.as_ref()?.page.rects_of(range.start()..range.end())));
    let under = rects.and_then(|rects| rects.last().copied());
    let at = under
        .map_or(pos2(page.center().x - WIDTH / 2.0, page.top() + 12.0), |rect| rect.left_bottom() + vec2(0.0, 12.0));
    let theme = draw.theme;
    let frame = Frame::NONE
        .fill(style::raised(theme))
        .stroke(Stroke::new(1.0, theme.hairline))
        .corner_radius(8)
        .shadow(style::shadow(theme))
        .inner_margin(Margin::same(8));
    let area = Area::new(Id::unique("asking")).order(Order::Foreground).constrain_to(page).fixed_pos(at);
    area.show(ui.ctx(), |ui| {
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            let head = parts::heading(ui, &attribute.name, theme);
            let words = if attribute.required { "required" } else { "optional" };
            let galley = parts::line(ui, words, fonts::regular(12.0), theme.secondary, 80.0);
            parts::put(ui.painter(), pos2(head.right() - galley.size().x, head.center().y), galley);
            values(ui, draw, attribute, now);
        });
    });
}

fn values(ui: &mut Ui, draw: &mut Draw<'_>, attribute: &Attribute, now: Option<&Value>) {
    let theme = draw.theme;
    let words: Vec<&str> = match &attribute.kind {
        AttributeKind::OneOf(values) | AttributeKind::AnyOf(values) => values.iter().map(String::as_str).collect(),
        AttributeKind::Flag => vec!["yes", "no"],
        AttributeKind::Number | AttributeKind::Text => Vec::new(),
    };
    let several = matches!(attribute.kind, AttributeKind::AnyOf(_));
    for (place, word) in words.iter().enumerate().take(SEEN) {
        let on = match now {
            Some(Value::Bool(value)) => *value == (place == 0),
            Some(Value::String(value)) => value == word,
            Some(Value::Array(values)) => values.iter().any(|value| value == word),
            _ => false,
        };
        let (rect, response) = parts::row(ui, 26.0, false, 0.0, theme);
        if on {
            parts::check(ui.painter(), rect.left_center() + vec2(9.0, 0.0), theme.accent);
        }
        let left = rect.left_center() + vec2(20.0, 0.0);
        parts::text(ui, left, word, fonts::regular(13.0), theme.text, rect.width() - 48.0);
        parts::cap(ui, rect.right_center() - vec2(4.0, 0.0), &(place + 1).to_string(), theme);
        let role = if several { Role::CheckBox } else { Role::RadioButton };
        let name = format!("{} {word}", attribute.name);
        response.widget_info(|| WidgetInfo::selected(role, true, on, &name));
        if response.clicked()
            && let Some(value) = asking::value_at(attribute, now, place)
        {
            let owner = resolve::owner(draw.session);
            draw.run(Command::SetAttribute { owner, name: attribute.name.clone(), value });
        }
    }
    if words.len() > SEEN {
        let more = format!("{} more, Enter shows all", words.len() - SEEN);
        let (rect, response) = parts::row(ui, 26.0, false, 0.0, theme);
        parts::text(ui, rect.left_center() + vec2(20.0, 0.0), &more, fonts::regular(12.0), theme.secondary, WIDTH);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &more));
        if response.clicked() {
            draw.act(Action::Confirm);
        }
    }
}
