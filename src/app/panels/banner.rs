//! What must be known about what is on the page: someone else's layer, a newer text, work that cannot be saved.

use egui::{Sense, Stroke, Ui, UiBuilder, vec2};

use super::super::dialogs::{Dialog, ReportView};
use super::super::fonts;
use super::super::parts::{self, PAD};
use super::super::request::{Ask, Request};
use super::super::work::Draw;
use crate::session::report::{Findings, Report, told};
use crate::session::{Action, Command};

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>) {
    let session = draw.session;
    if let Some(trouble) = session.trouble().map(str::to_owned)
        && strip(ui, draw, &trouble, true, Some("Try again"))
    {
        draw.act(Action::Save);
    }
    assignments(ui, draw);
    let problems = &session.around.schema_problems;
    if let Some(first) = problems.first() {
        let more = if problems.len() > 1 { format!(", and {} more", problems.len() - 1) } else { String::new() };
        let sentence = format!("The schema stays as it was. {}{more}", told(first));
        if strip(ui, draw, &sentence, true, Some("Show all")) {
            let mut findings = Findings::default();
            problems.iter().cloned().for_each(|problem| findings.push(problem));
            let sentence =
                "schema.ron was changed and cannot be read. You work with the schema as it was before".to_owned();
            let report = Report { sentence, counts: Vec::new(), findings };
            draw.asks.push(Ask::Request(Request::Show(Dialog::Report(ReportView::new(report, "Schema")))));
        }
    }
    let Some(open) = &session.open else { return };
    if open.showing != *session.annotator() && session.reviewing().is_none() {
        let sentence = format!("This is the layer of {}. It can be read, not changed", open.showing);
        if strip(ui, draw, &sentence, false, Some("Copy into mine")) {
            draw.run(Command::CopyIntoMine);
        }
    }
    if open.newer_text {
        strip(ui, draw, "A newer text of this document has come in. These spans count in the one you see", false, None);
    }
}

/// Why `assignments.ron` cannot be used.
fn assignments(ui: &mut Ui, draw: &mut Draw<'_>) {
    let problems = &draw.session.around.assignment_problems;
    let Some(first) = problems.first() else { return };
    let more = if problems.len() > 1 { format!(", and {} more", problems.len() - 1) } else { String::new() };
    let sentence = format!("The assignments stay as they were. {}{more}", told(first));
    if strip(ui, draw, &sentence, true, Some("Show all")) {
        let mut findings = Findings::default();
        problems.iter().cloned().for_each(|problem| findings.push(problem));
        let sentence = "assignments.ron cannot be read. Who marks what is as it was read last".to_owned();
        let report = Report { sentence, counts: Vec::new(), findings };
        draw.asks.push(Ask::Request(Request::Show(Dialog::Report(ReportView::new(report, "Assignments")))));
    }
}

/// One row over the page. `true`: its button was clicked.
fn strip(ui: &mut Ui, draw: &Draw<'_>, sentence: &str, error: bool, button: Option<&str>) -> bool {
    let theme = draw.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme.panel);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.hairline));
    let colour = if error { theme.error } else { theme.secondary };
    let width = rect.width() - 2.0 * PAD - if button.is_some() { 130.0 } else { 0.0 };
    parts::text(ui, rect.left_center() + vec2(PAD, 0.0), sentence, fonts::regular(13.0), colour, width);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Alert, true, sentence));
    let Some(words) = button else { return false };
    let place =
        egui::Rect::from_min_max(rect.right_top() - vec2(120.0 + PAD, 0.0), rect.right_bottom() - vec2(PAD, 0.0));
    let mut child =
        ui.new_child(UiBuilder::new().max_rect(place).layout(egui::Layout::right_to_left(egui::Align::Center)));
    let clicked = parts::link(&mut child, words, theme).clicked();
    response.on_hover_text(sentence);
    clicked
}
