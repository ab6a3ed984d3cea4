//! The key sheet (`?`): every key on one sheet, made from the actions and the schema.

use egui::{ScrollArea, Sense, Ui, pos2, vec2};

use super::super::fonts;
use super::super::parts;
use super::super::request::Ask;
use super::super::work::Draw;
use super::{At, float};
use crate::session::{Action, Group};

const ROW: f32 = 22.0;

pub fn show(ui: &Ui, draw: &mut Draw<'_>) -> bool {
    let theme = draw.theme;
    let screen = ui.ctx().content_rect();
    let columns = (((screen.width() - 60.0) / 290.0).floor() as usize).clamp(1, 3);
    let width = columns as f32 * 290.0 + 24.0;
    let sections = sections(draw);
    let (change, stays) = float(ui, "keys", &At::Top, width, theme, |ui| {
        let head = parts::heading(ui, "Keys", theme);
        let right = egui::Rect::from_min_max(pos2(head.right() - 130.0, head.top()), head.right_bottom());
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        let link = ui.new_child(egui::UiBuilder::new().max_rect(right).layout(layout));
        let change = parts::link(&mut { link }, Action::ChangeKeys.info().title, theme).clicked();
        ScrollArea::vertical().max_height(screen.height() - 160.0).auto_shrink([false, true]).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                for column in split(&sections, columns) {
                    ui.vertical(|ui| {
                        ui.set_width(270.0);
                        for (title, rows) in column {
                            section(ui, draw, title, rows);
                        }
                    });
                    ui.add_space(20.0);
                }
            });
        });
        change
    });
    if change {
        draw.asks.extend([Ask::CloseOverlay, Ask::Act(Action::ChangeKeys)]);
    }
    stays || change
}

type Section = (String, Vec<(String, Vec<String>)>);

fn section(ui: &mut Ui, draw: &Draw<'_>, title: &str, rows: &[(String, Vec<String>)]) {
    let theme = draw.theme;
    ui.add_space(8.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    parts::text(ui, rect.left_center(), title, fonts::semibold(12.0), theme.secondary, rect.width());
    for (words, keys) in rows {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let mut x = rect.right();
        for key in keys.iter().rev() {
            x = parts::cap(ui, pos2(x, rect.center().y), key, theme).left() - 4.0;
        }
        parts::text(ui, rect.left_center(), words, fonts::regular(12.5), theme.text, x - rect.left() - 8.0);
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{words}: {}", keys.join(", ")))
        });
    }
}

fn sections(draw: &Draw<'_>) -> Vec<Section> {
    let session = draw.session;
    let keys = |action: &Action| -> Vec<String> { session.keymap.keys_of(action).map(parts::spelled).collect() };
    let mut all = Vec::new();
    let labels = session
        .schema
        .labels
        .iter()
        .filter(|label| !label.retired)
        .map(|label| (label.name.clone(), keys(&Action::Mark(label.id.clone()))));
    all.push(("Labels".to_owned(), labels.collect::<Vec<_>>()));
    let relations = session.schema.relations.iter().filter(|kind| !kind.retired);
    let relations =
        relations.map(|kind| (format!("Link {}", kind.name.to_lowercase()), keys(&Action::Relate(kind.id.clone()))));
    all.push(("Relations".to_owned(), relations.collect::<Vec<_>>()));
    for group in Group::ALL {
        let actions = Action::catalogue()
            .iter()
            .filter(|action| action.info().group == group && !matches!(action, Action::Extend(_)));
        let mut rows: Vec<(String, Vec<String>)> =
            actions.map(|action| (action.info().title.to_owned(), keys(action))).collect();
        if group == Group::Review {
            rows.insert(2.min(rows.len()), ("Take annotator 1 to 9".to_owned(), vec!["1–9".to_owned()]));
            rows.push(("Edges".to_owned(), vec!["[ ]".to_owned()]));
        }
        if group == Group::Move {
            rows.push(("With any of these: select".to_owned(), vec!["Shift".to_owned()]));
        }
        all.push((group.title().to_owned(), rows));
    }
    for (_, rows) in &mut all {
        rows.retain(|(_, keys)| !keys.is_empty());
    }
    all.retain(|(_, rows)| !rows.is_empty());
    all
}

/// In columns of about the same height, in order.
fn split(sections: &[Section], columns: usize) -> Vec<&[Section]> {
    let height = |section: &Section| section.1.len() + 2;
    let total: usize = sections.iter().map(height).sum();
    let target = total.div_ceil(columns);
    let (mut out, mut start, mut sum) = (Vec::new(), 0, 0);
    for (index, section) in sections.iter().enumerate() {
        if sum > 0 && sum + height(section) / 2 > target && out.len() + 1 < columns {
            out.push(&sections[start..index]);
            (start, sum) = (index, 0);
        }
        sum += height(section);
    }
    out.push(&sections[start..]);
    out
}
