//! What an export leaves out: how much of what, and each place in a row that leads to it. Only the rows that are seen are drawn.

use egui::{EventFilter, Id, Key, Modifiers, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::super::fonts;
use super::super::super::panels::rows::Rows;
use super::super::super::parts::{self, ROW};
use super::super::super::reading::{Line, Reading};
use super::super::super::theme::Theme;
use super::super::form;
use crate::formats::loss::Loss;
use crate::formats::table::Feature;
use crate::session::export::ExportReport;
use crate::text::wording;

/// The table, and how it is seen.
#[derive(Debug)]
pub struct Losses {
    /// What is shown: everything, or one kind; with its words.
    kinds: Vec<(Option<Feature>, String)>,
    kind: usize,
    /// The losses of that kind, by their place among those of the report.
    shown: Vec<usize>,
    /// They are not all of one annotator.
    several: bool,
    rows: Rows,
    follow: bool,
}

impl Losses {
    pub fn new(report: &ExportReport) -> Self {
        let all: u64 = report.losses.values().sum();
        let mut kinds = vec![(None, format!("All {}", wording::thousands(all)))];
        kinds.extend(report.losses.iter().map(|(what, count)| (Some(*what), what.counted(*count))));
        let first = report.lost.first().map(|loss| &loss.annotator);
        let several = report.lost.iter().any(|loss| Some(&loss.annotator) != first);
        let shown = (0..report.lost.len()).collect();
        Self { kinds, kind: 0, shown, several, rows: Rows::default(), follow: false }
    }

    /// Draws it. Returns the loss that was chosen.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        report: &ExportReport,
        height: f32,
        reading: &mut Reading,
        theme: &Theme,
    ) -> Option<Loss> {
        let top = ui.cursor().top();
        if self.kinds.len() > 2 {
            let words: Vec<&str> = self.kinds.iter().map(|(_, words)| words.as_str()).collect();
            if let Some(kind) = form::segments(ui, self.kind, &words, theme) {
                self.choose(kind, &report.lost);
            }
            ui.add_space(8.0);
        }
        let foot = 24.0;
        let room = (height - (ui.cursor().top() - top) - foot).max(3.0 * ROW);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), room), Sense::hover());
        let chosen = self.table(ui, rect, &report.lost, reading, theme);
        ui.add_space(6.0);
        let all: u64 = report.losses.values().sum();
        let words = if all > report.lost.len() as u64 {
            let first = wording::thousands(report.lost.len() as u64);
            format!("The first {first} are listed. A row opens its document at that place; nothing is written then")
        } else {
            "A row opens its document at that place; nothing is written then".to_owned()
        };
        form::small(ui, &words, theme.secondary);
        chosen.and_then(|index| report.lost.get(index)).cloned()
    }

    fn choose(&mut self, kind: usize, lost: &[Loss]) {
        self.kind = kind;
        let wanted = self.kinds.get(kind).and_then(|(what, _)| *what);
        let fits = |loss: &Loss| wanted.is_none_or(|what| loss.what == what);
        self.shown = lost.iter().enumerate().filter(|(_, loss)| fits(loss)).map(|(index, _)| index).collect();
        self.rows = Rows::default();
    }

    fn table(&mut self, ui: &mut Ui, rect: Rect, lost: &[Loss], reading: &mut Reading, theme: &Theme) -> Option<usize> {
        let id = Id::unique("export losses");
        let list = ui.interact(rect, id, Sense::click());
        list.widget_info(|| WidgetInfo::labeled(Role::List, true, "What is left out"));
        let mut chosen = None;
        if list.has_focus() {
            let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
            if self.key(ui) {
                chosen = self.shown.get(self.rows.cursor).copied();
            }
        }
        parts::follow(&list);
        let count = self.shown.len();
        self.rows.scroll(ui, &list, rect.height(), count);
        if std::mem::take(&mut self.follow) {
            self.rows.show(self.rows.cursor, rect.height());
        }
        self.rows.visible = (rect.height() / ROW).floor().max(1.0) as usize;
        self.rows.clamp(rect.height(), count);
        let shown = rect.expand2(vec2(form::OUT, 0.0));
        let mut child = ui.new_child(UiBuilder::new().max_rect(shown));
        child.set_clip_rect(shown.intersect(ui.clip_rect()));
        let last = (self.rows.top + self.rows.visible + 2).min(count);
        for row in self.rows.top..last {
            let Some((index, loss)) = self.shown.get(row).and_then(|index| Some((*index, lost.get(*index)?))) else {
                break;
            };
            let y = rect.top() - self.rows.past + (row - self.rows.top) as f32 * ROW;
            let place = Rect::from_min_size(pos2(shown.left(), y), vec2(shown.width(), ROW));
            // One focus for the table: the rows have none of their own.
            let response = child.interact(place, id.with(row), Sense::CLICK);
            let here = list.has_focus() && self.rows.cursor == row;
            parts::back(&child, place.shrink2(vec2(0.0, 0.5)), &response, here, theme);
            if here {
                parts::ring(child.painter(), place, theme);
            }
            self.row(&child, place.shrink2(vec2(form::OUT, 0.0)), loss, reading, theme);
            let name = format!("{}, {}: {}", loss.document, loss.annotator, loss.sentence);
            response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, here, &name));
            if response.on_hover_text(&loss.sentence).clicked() {
                chosen = Some(index);
            }
        }
        self.rows.bar(ui, id, shown.shrink2(vec2(form::OUT, 0.0)), count, theme);
        chosen
    }

    /// Document, annotator, what is lost.
    fn row(&self, ui: &Ui, rect: Rect, loss: &Loss, reading: &mut Reading, theme: &Theme) {
        let middle = rect.center().y;
        let first = (rect.width() * 0.3).min(200.0);
        Line::new(loss.document.as_str(), 13.0, theme.secondary, first - 12.0).show(
            ui,
            reading,
            pos2(rect.left(), middle),
        );
        let mut left = rect.left() + first;
        if self.several {
            let second = (rect.width() * 0.15).min(96.0);
            let font = fonts::regular(12.0);
            parts::text(ui, pos2(left, middle), loss.annotator.as_str(), font, theme.secondary, second - 12.0);
            left += second;
        }
        Line::new(&loss.sentence, 13.0, theme.text, rect.right() - left).show(ui, reading, pos2(left, middle));
    }

    /// Moves the cursor. `true`: Enter.
    fn key(&mut self, ui: &Ui) -> bool {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let last = self.shown.len().saturating_sub(1);
        let (at, page) = (self.rows.cursor, self.rows.visible.max(1));
        let to = [
            (Key::ArrowDown, at + 1),
            (Key::ArrowUp, at.saturating_sub(1)),
            (Key::PageDown, at + page),
            (Key::PageUp, at.saturating_sub(page)),
            (Key::Home, 0),
            (Key::End, last),
        ];
        if let Some((_, to)) = to.into_iter().find(|(key, _)| pressed(*key)) {
            self.rows.cursor = to.min(last);
            self.follow = true;
        }
        pressed(Key::Enter)
    }
}
