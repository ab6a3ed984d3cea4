//! The beginning of the files as they will be written.

use egui::{
    CornerRadius, EventFilter, FontId, Id, Key, Modifiers, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use super::super::super::parts;
use super::super::super::reading::blocks::is_rtl;
use super::super::super::reading::{Line, Reading};
use super::super::super::theme::Theme;
use super::super::form;

/// Bytes of each file that are shown.
pub const BYTES: u64 = 6_000;

const PAD: f32 = 12.0;
/// Bytes of a line that are laid out together; [`Line`] cuts off what is much longer.
const PART: usize = 1_000;

/// Draws one of the files, and a choice among them. `about` is what to say where none is text.
pub fn show(
    ui: &mut Ui,
    files: &[(String, String)],
    chosen: &mut usize,
    height: f32,
    about: &str,
    reading: &mut Reading,
    theme: &Theme,
) {
    let Some((name, text)) = files.get(*chosen).or(files.first()) else {
        form::value(ui, about, theme.secondary);
        return;
    };
    let top = ui.cursor().top();
    if files.len() > 1 {
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        *chosen = form::segments(ui, *chosen, &names, theme).unwrap_or(*chosen);
        ui.add_space(8.0);
    }
    let room = (height - (ui.cursor().top() - top) - 24.0).max(64.0);
    page(ui, name, text, room, reading, theme);
    ui.add_space(6.0);
    // A character may have been cut in two at the end.
    let cut = text.len() as u64 + 4 > BYTES;
    let words = if cut { "The beginning of the file" } else { "The whole file" };
    form::small(ui, words, theme.secondary);
}

/// A file, on a ground of its own. Scrolls by wheel, and by keys once it has the focus.
fn page(ui: &mut Ui, name: &str, text: &str, height: f32, reading: &mut Reading, theme: &Theme) {
    let id = Id::unique("export sample");
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    ui.painter().rect_filled(rect, CornerRadius::same(6), theme.panel);
    let mut inside = ui.new_child(egui::UiBuilder::new().max_rect(rect));
    let by = if ui.memory(|memory| memory.has_focus(id)) { steps(ui, height) } else { 0.0 };
    ScrollArea::vertical().id_salt(("export sample", name)).auto_shrink([false, false]).show(&mut inside, |ui| {
        let top = ui.cursor().min;
        let width = ui.available_width() - 2.0 * PAD;
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(PAD);
        for lines in runs(text.trim_end_matches('\n')) {
            if lines.contains(is_rtl) {
                leftward(ui, lines, width, reading, theme);
            } else {
                let galley =
                    ui.fonts_mut(|fonts| fonts.layout(lines.to_owned(), FontId::monospace(12.0), theme.text, width));
                let (place, _) = ui.allocate_exact_size(vec2(width, galley.size().y), Sense::hover());
                ui.painter().galley(place.min + vec2(PAD, 0.0), galley, theme.text);
            }
        }
        ui.add_space(PAD);
        let place = egui::Rect::from_min_max(top, pos2(top.x + width, ui.cursor().top()));
        let label = ui.interact(place, id.with("words"), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
        if by != 0.0 {
            ui.scroll_with_delta(vec2(0.0, -by));
        }
    });
    let all = ui.interact(rect, id, Sense::focusable_noninteractive());
    all.widget_info(|| WidgetInfo::labeled(Role::ScrollView, true, format!("Beginning of {name}")));
    if all.has_focus() {
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        let ring = Stroke::new(1.5, theme.accent);
        ui.painter().rect_stroke(rect, CornerRadius::same(6), ring, StrokeKind::Inside);
    }
    parts::follow(&all);
}

/// Lines without a right-to-left letter, as many as there are, and each that has one by itself. Linear.
fn runs(text: &str) -> Vec<&str> {
    let (mut runs, mut start, mut end) = (Vec::new(), 0, 0);
    for line in text.split('\n') {
        if line.contains(is_rtl) {
            // Without the newline before it.
            if start < end {
                runs.push(&text[start..end - 1]);
            }
            runs.push(line);
            start = end + line.len() + 1;
        }
        end += line.len() + 1;
    }
    if start < text.len() {
        runs.push(&text[start..]);
    }
    runs
}

/// A line with right-to-left letters, in their order. The line itself begins at the left: columns and braces do so too.
fn leftward(ui: &mut Ui, line: &str, width: f32, reading: &mut Reading, theme: &Theme) {
    let mut rest = line;
    while !rest.is_empty() {
        let mut end = rest.floor_char_boundary(PART.min(rest.len()));
        if end < rest.len() {
            end = rest[..end].rfind(' ').map_or(end, |space| space + 1);
        }
        let words = format!("\u{200E}{}", rest[..end].replace('\t', "    "));
        let part = Line { rows: u8::MAX, ..Line::new(&words, 13.0, theme.text, width) };
        let size = part.size(ui, reading);
        let (place, _) = ui.allocate_exact_size(vec2(width, size.y), Sense::hover());
        part.show(ui, reading, pos2(place.left() + PAD, place.center().y));
        rest = &rest[end..];
    }
}

/// How far keys scroll, in points.
fn steps(ui: &Ui, height: f32) -> f32 {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let keys = [
        (Key::ArrowDown, 36.0),
        (Key::ArrowUp, -36.0),
        (Key::PageDown, height - 36.0),
        (Key::PageUp, 36.0 - height),
        (Key::Home, -1.0e6),
        (Key::End, 1.0e6),
    ];
    keys.into_iter().filter(|(key, _)| pressed(*key)).map(|(_, by)| by).sum()
}
