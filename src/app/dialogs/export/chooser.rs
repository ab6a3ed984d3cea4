//! The formats to choose from: a list that scrolls, with one focus for all of it; the arrow keys choose.

use egui::{EventFilter, Id, Key, Modifiers, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::super::super::parts::{self, ROW};
use super::super::super::theme::Theme;
use super::super::form;
use crate::formats::table::{FORMATS, Format};

/// Rows that are seen at once; half a one says that there are more.
const SEEN: f32 = 5.5;

pub fn id() -> Id {
    Id::unique("export formats")
}

/// Draws the list. `true`: another format is chosen now.
pub fn show(ui: &mut Ui, chosen: &mut &'static Format, theme: &Theme) -> bool {
    let offered: Vec<&'static Format> = FORMATS.iter().copied().filter(|format| format.writer.is_some()).collect();
    let before = offered.iter().position(|format| format == chosen).unwrap_or(0);
    let moved = ui.memory(|memory| memory.has_focus(id())).then(|| step(ui, before, offered.len())).flatten();
    let mut at = moved.unwrap_or(before);
    let height = (offered.len() as f32).min(SEEN) * ROW;
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let mut inside = ui.new_child(UiBuilder::new().max_rect(place));
    let area = ScrollArea::vertical().id_salt("export formats").auto_shrink([false, false]);
    area.show(&mut inside, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (index, format) in offered.iter().enumerate() {
            // One focus for the list: the rows have none of their own.
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::CLICK);
            if response.clicked() {
                at = index;
            }
            parts::back(ui, rect, &response, index == at, theme);
            let inside = rect.shrink2(vec2(8.0, 0.0));
            form::option_at(ui, inside, &response, index == at, &name(format), format.about, theme);
            if moved == Some(index) {
                // Clear of the fade at the edges of the list.
                ui.scroll_to_rect(rect.expand2(vec2(0.0, ROW / 2.0)), None);
            }
        }
    });
    let all = ui.interact(place, id(), Sense::focusable_noninteractive());
    all.widget_info(|| WidgetInfo::labeled(Role::List, true, "Formats"));
    if all.has_focus() {
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id(), filter));
        parts::ring(ui.painter(), all.rect, theme);
    }
    parts::follow(&all);
    if let Some(format) = offered.get(at) {
        *chosen = format;
    }
    at != before
}

/// Where a key leads to.
fn step(ui: &Ui, at: usize, count: usize) -> Option<usize> {
    let last = count.saturating_sub(1);
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let to =
        [(Key::ArrowDown, (at + 1).min(last)), (Key::ArrowUp, at.saturating_sub(1)), (Key::Home, 0), (Key::End, last)];
    to.into_iter().find(|(key, _)| pressed(*key)).map(|(_, to)| to)
}

/// The format's name at the beginning of a line.
pub fn name(format: &Format) -> String {
    // Names that are written small stay so.
    match format.name {
        name @ ("spaCy DocBin" | "spaCy JSON" | "doccano JSONL" | "brat standoff") => name.to_owned(),
        name => {
            let mut letters = name.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}
