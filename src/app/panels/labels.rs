//! The labels with their keys, and the relations that start at what is selected.

use egui::{Role, ScrollArea, Ui, UiBuilder, WidgetInfo, pos2};

use super::super::fonts;
use super::super::parts::{self, PAD, ROW};
use super::super::view::View;
use super::super::work::Draw;
use crate::schema::Label;
use crate::session::Action;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let (session, theme) = (draw.session, draw.theme);
    let head = parts::heading(ui, "Labels", theme);
    if session.armed().is_some() {
        let galley = parts::line(ui, "armed", fonts::regular(12.0), theme.accent, 80.0);
        parts::put(ui.painter(), pos2(head.right() - galley.size().x, head.center().y), galley);
    }
    ui.add_space(2.0);
    let count = session.schema.labels.iter().filter(|label| !label.retired).count() as f32;
    let room = (ui.ctx().content_rect().height() * 0.5).max(4.0 * ROW);
    if count * ROW <= room {
        rows(ui, draw, view);
        return;
    }
    // More than half the window: they scroll by themselves, so that what is selected stays in sight.
    let wide = ui.available_rect_before_wrap().expand2(egui::vec2(PAD, 0.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(wide));
    ScrollArea::vertical().id_salt("labels").max_height(room).show(&mut child, |ui| {
        egui::Frame::NONE.inner_margin(egui::Margin::symmetric(PAD as i8, 0)).show(ui, |ui| rows(ui, draw, view));
    });
    ui.allocate_rect(child.min_rect().shrink2(egui::vec2(PAD, 0.0)), egui::Sense::hover());
}

fn rows(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View) {
    let (session, theme) = (draw.session, draw.theme);
    let live: Vec<&Label> = session.schema.labels.iter().filter(|label| !label.retired).collect();
    let chosen = session.selected_span().map(|span| &span.label).or(session.armed());
    for (index, label) in live.iter().enumerate() {
        let (rect, response) = parts::row(ui, ROW, chosen == Some(&label.id), 8.0, theme);
        let indent = if label.parent.is_some() { 12.0 } else { 0.0 };
        let colour = parts::colour_of(label, theme);
        let middle = rect.center().y;
        let width = rect.width() - indent - 32.0;
        parts::chip(ui, pos2(rect.left() + indent, middle), &label.name, colour, width, theme);
        let key = label.key.map(|key| key.to_uppercase().to_string());
        if let Some(key) = &key {
            parts::cap(ui, pos2(rect.right(), middle), key, theme);
        }
        let armed = session.armed() == Some(&label.id);
        let name = match &key {
            Some(key) => format!("{}, key {key}", label.name),
            None => label.name.clone(),
        };
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, armed, &name));
        if index == 0 {
            view.first_label = Some(response.id);
        }
        if armed {
            let bar = egui::Rect::from_min_max(
                pos2(rect.left() - PAD, rect.top() + 4.0),
                pos2(rect.left() - PAD + 3.0, rect.bottom() - 4.0),
            );
            ui.painter().rect_filled(bar, egui::CornerRadius::same(1), theme.accent);
        }
        if response.clicked() {
            draw.act(on_click(draw, label));
        }
        response.on_hover_ui(|ui| tooltip(ui, label, draw));
    }
}

/// With something to mark, a click marks; with nothing, it arms the label for dragging.
fn on_click(draw: &Draw<'_>, label: &Label) -> Action {
    let session = draw.session;
    if session.selection().is_some() || session.selected().is_some() {
        Action::Mark(label.id.clone())
    } else {
        Action::Arm(label.id.clone())
    }
}

fn tooltip(ui: &mut Ui, label: &Label, draw: &Draw<'_>) {
    let what = match on_click(draw, label) {
        Action::Mark(_) => format!("Mark as {}", label.name),
        _ => format!("Mark with {} at every drag", label.name),
    };
    ui.label(egui::RichText::new(what).color(draw.theme.secondary));
    ui.spacing_mut().item_spacing.y = 2.0;
    super::guidelines::meaning(ui, label, draw.theme);
}
