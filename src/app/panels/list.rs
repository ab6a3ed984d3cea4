//! The documents: progress, filter, and rows that scroll by whole numbers, so that a million of them cost what thirty do.

use egui::{CornerRadius, Pos2, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::dialogs::form;
use super::super::parts::{PAD, ROW};
use super::super::reading::Line;
use super::super::request::Ask;
use super::super::view::{Pane, ids};
use super::super::work::Draw;
use super::super::{fonts, parts};
use super::rows::Rows;
use crate::annotation::Status;
use crate::session::keymap::{Chord, Key};
use crate::session::{Action, Command, Session};
use crate::store::{Query, Row, Sort};
use crate::text::DocumentId;
use crate::text::wording;

/// Scroll place and cursor of the list, and what is typed in its filter.
#[derive(Debug, Default)]
pub struct ListView {
    rows: Rows,
    /// The document of the row that arrow keys move, and the revision of the list in which it was there.
    at: Option<(u64, DocumentId)>,
    /// Scroll to the open document in the next frame.
    pub follow: bool,
    words: String,
}

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut ListView) {
    let panel = ui.max_rect();
    ui.painter().vline(panel.right() - 0.5, panel.y_range(), egui::Stroke::new(1.0, draw.theme.hairline));
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let inner = panel.shrink2(vec2(PAD, 0.0));
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.add_space(14.0);
        header(ui, draw);
        ui.add_space(12.0);
        whose(ui, draw, view);
        filter_field(ui, draw, view);
        filter_line(ui, draw, view);
        ui.add_space(8.0);
        rows(ui, draw, view);
    });
}

/// The project's name, how far I am, and a bar.
fn header(ui: &mut Ui, draw: &Draw<'_>) {
    let (session, theme) = (draw.session, draw.theme);
    let (done, total) = progress(session);
    let progress = format!("{} of {}", wording::thousands(done), wording::thousands(total));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let galley = parts::line(ui, &progress, fonts::regular(12.0), theme.secondary, 120.0);
    let width = galley.size().x;
    parts::put(ui.painter(), pos2(rect.right() - width, rect.center().y), galley);
    parts::text(
        ui,
        rect.left_center(),
        &session.project,
        fonts::semibold(13.0),
        theme.text,
        rect.width() - width - 12.0,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, format!("{}, {progress} done", session.project)));
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 8.0), Sense::hover());
    let bar = Rect::from_min_size(pos2(bar.left(), bar.bottom() - 3.0), vec2(bar.width(), 3.0));
    ui.painter().rect_filled(bar, CornerRadius::same(2), theme.hairline);
    if done > 0 && total > 0 {
        let part = (done as f32 / total as f32).clamp(0.0, 1.0) * bar.width();
        let rect = Rect::from_min_size(bar.min, vec2(part.max(3.0), bar.height()));
        ui.painter().rect_filled(rect, CornerRadius::same(2), theme.accent);
    }
    if let Some(words) = session.pace.words() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
        parts::text(
            ui,
            rect.left_center() + vec2(0.0, 2.0),
            &words,
            fonts::regular(12.0),
            theme.secondary,
            rect.width(),
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
        let count = session.pace.from;
        response.on_hover_text(format!(
            "Working time for the documents of this list that you have not finished, from your last {count} finished ones and their length"
        ));
    }
}

/// Documents done, and how many there are: of the list, where that is known, else of the project.
fn progress(session: &Session) -> (u64, u64) {
    if session.pace.total > 0 {
        return (session.pace.done, session.pace.total);
    }
    let mine = session.counts.annotators.iter().find(|counts| counts.annotator == session.annotator().as_str());
    (mine.map_or(0, |counts| counts.finished + counts.skipped), session.counts.documents)
}

/// Where documents are assigned to me: only those, or all.
fn whose(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut ListView) {
    let session = draw.session;
    if !session.is_assigned() {
        return;
    }
    let chosen = if session.list.says_whose { 2 } else { usize::from(!session.list.mine) };
    if let Some(all) = form::segments(ui, chosen, &["Assigned to me", "All"], draw.theme) {
        view.rows.top = 0;
        draw.run(Command::Mine(all == 0));
    }
    ui.add_space(6.0);
}

fn filter_field(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut ListView) {
    let query = &draw.session.list.query;
    let id = ids::filter();
    if !ui.memory(|memory| memory.has_focus(id)) {
        query.words.clone_into(&mut view.words);
    }
    let width = ui.available_width();
    ui.horizontal(|ui| {
        let response = parts::field(ui, id, &mut view.words, "Filter", "Filter documents", width - 32.0, draw.theme);
        if response.changed() {
            view.rows.top = 0;
            draw.run(Command::Filter(Query { words: view.words.clone(), ..query.clone() }));
        }
        ui.add_space(4.0);
        let active = Query { words: String::new(), annotator: None, ..query.clone() } != Query::default();
        let (rect, response) = ui.allocate_exact_size(vec2(28.0, 28.0), Sense::click());
        parts::back(ui, rect, &response, false, draw.theme);
        funnel(ui, rect.center(), if active { draw.theme.accent } else { draw.theme.secondary });
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Filter and sort"));
        let response = response.on_hover_text("Filter and sort");
        egui::Popup::menu(&response).width(200.0).show(|ui| filter_menu(ui, draw));
    });
}

fn funnel(ui: &Ui, c: Pos2, colour: egui::Color32) {
    let stroke = egui::Stroke::new(1.3, colour);
    for (index, half) in [5.5_f32, 3.5, 1.5].into_iter().enumerate() {
        let y = c.y - 4.0 + 4.0 * index as f32;
        ui.painter().hline(c.x - half..=c.x + half, y, stroke);
    }
}

const STATUSES: [(Option<Status>, &str); 5] = [
    (None, "Any status"),
    (Some(Status::Untouched), "Untouched"),
    (Some(Status::InProgress), "In progress"),
    (Some(Status::Finished), "Finished"),
    (Some(Status::Skipped), "Skipped"),
];

const SORTS: [(Sort, &str); 5] = [
    (Sort::Id, "By id"),
    (Sort::Title, "By title"),
    (Sort::Source, "By source"),
    (Sort::Date, "By date"),
    (Sort::Length, "By length"),
];

fn filter_menu(ui: &mut Ui, draw: &mut Draw<'_>) {
    let session = draw.session;
    let query = session.list.query.clone();
    let mut chosen = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.spacing_mut().button_padding = vec2(26.0, 3.0);
    let mut choice = |ui: &mut Ui, on: bool, words: &str, next: Query| {
        if super::menus::choice(ui, on, words, draw.theme).clicked() {
            chosen = Some(next);
        }
    };
    for (status, words) in STATUSES {
        choice(ui, query.status == status, words, Query { status, ..query.clone() });
    }
    choice(ui, query.flagged, "Flagged", Query { flagged: !query.flagged, ..query.clone() });
    choice(ui, query.hidden, "Hidden", Query { hidden: !query.hidden, ..query.clone() });
    parts::hairline(ui, 4.0, draw.theme);
    ui.menu_button("Label", |ui| {
        choice(ui, query.label.is_none(), "Any label", Query { label: None, ..query.clone() });
        for label in &session.schema.labels {
            let next = Query { label: Some(label.id.clone()), ..query.clone() };
            choice(ui, query.label.as_ref() == Some(&label.id), &label.name, next);
        }
    });
    ui.menu_button("Source", |ui| {
        choice(ui, query.source.is_none(), "Any source", Query { source: None, ..query.clone() });
        for (source, count) in session.counts.sources.iter().take(24) {
            let words =
                if source.is_empty() { "None".to_owned() } else { format!("{source}  {}", wording::thousands(*count)) };
            choice(
                ui,
                query.source.as_ref() == Some(source),
                &words,
                Query { source: Some(source.clone()), ..query.clone() },
            );
        }
    });
    parts::hairline(ui, 4.0, draw.theme);
    let shuffled = session.list.shuffled.is_some();
    let mut by_chance = None;
    for (sort, words) in SORTS {
        let on = !shuffled && query.sort == sort;
        if super::menus::choice(ui, on, words, draw.theme).clicked() {
            by_chance = Some(false);
            chosen = Some(Query { sort, ..query.clone() });
        }
    }
    let about = "The same order every time, and another one for each annotator";
    if super::menus::choice(ui, shuffled, "Random order", draw.theme).on_hover_text(about).clicked() {
        by_chance = Some(true);
    }
    ui.add_enabled_ui(!shuffled, |ui| {
        if super::menus::choice(ui, query.descending, "Backwards", draw.theme).clicked() {
            chosen = Some(Query { descending: !query.descending, ..query.clone() });
        }
    });
    if let Some(query) = chosen {
        draw.run(Command::Filter(query));
    }
    if let Some(on) = by_chance {
        draw.run(Command::Shuffle(on));
    }
}

/// What is filtered, in words, with a way back; how many there are.
fn filter_line(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut ListView) {
    let session = draw.session;
    let query = &session.list.query;
    if let Some(mistake) = &session.list.mistake {
        ui.add_space(4.0);
        ui.add(egui::Label::new(egui::RichText::new(&mistake.sentence).size(12.0).color(draw.theme.error)).wrap());
    }
    let mut words: Vec<String> = Vec::new();
    words.extend(
        query
            .status
            .and_then(|status| STATUSES.iter().find(|(known, _)| *known == Some(status)))
            .map(|(_, words)| (*words).to_owned()),
    );
    words.extend(query.flagged.then(|| "Flagged".to_owned()));
    words.extend(query.hidden.then(|| "Hidden".to_owned()));
    words.extend(query.label.as_ref().map(|label| parts::name(&session.schema, label).to_owned()));
    words.extend(query.source.clone().map(|source| if source.is_empty() { "No source".to_owned() } else { source }));
    if words.is_empty() && query.words.is_empty() {
        return;
    }
    words.insert(0, wording::counted(session.list.len() as u64, "document", "documents"));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    parts::text(
        ui,
        rect.left_center(),
        &words.join("  ·  "),
        fonts::regular(12.0),
        draw.theme.secondary,
        rect.width() - 24.0,
    );
    let place = Rect::from_center_size(pos2(rect.right() - 14.0, rect.center().y), vec2(20.0, 20.0));
    let cross = ui.interact(place, ui.scope_id().with("show all"), Sense::click());
    parts::cross_at(ui, place, &cross, draw.theme);
    cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Show all documents"));
    if cross.on_hover_text("Show all documents").clicked() {
        view.words.clear();
        draw.run(Command::Filter(Query {
            annotator: query.annotator.clone(),
            sort: query.sort,
            descending: query.descending,
            ..Query::default()
        }));
    }
}

fn rows(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut ListView) {
    let (session, theme) = (draw.session, draw.theme);
    let rect = ui.available_rect_before_wrap();
    let back = ui.interact(rect.expand2(vec2(8.0, 0.0)), ids::list(), Sense::click());
    back.widget_info(|| WidgetInfo::labeled(Role::List, true, "Documents"));
    let count = session.list.len();
    if count == 0 {
        let unfiltered = Query { annotator: None, ..session.list.query.clone() } == Query::default();
        let words = match (session.counts.documents, session.list.mine && unfiltered) {
            (0, _) => "No documents yet",
            (_, true) => "Nothing is assigned to you",
            (_, false) => "Nothing matches this filter",
        };
        parts::text(ui, rect.left_top() + vec2(0.0, 16.0), words, fonts::regular(13.0), theme.secondary, rect.width());
        return;
    }
    view.stay(session);
    view.rows.scroll(ui, &back, rect.height(), count);
    if std::mem::take(&mut view.follow)
        && let Some(current) = session.list.current
    {
        view.rows.cursor = current;
        view.rows.show(current, rect.height());
    }
    view.rows.visible = (rect.height() / ROW).floor().max(1.0) as usize;
    view.rows.clamp(rect.height(), count);
    let last = (view.rows.top + view.rows.visible + 2).min(count);
    let found = session.list.rows(session.store(), view.rows.top..last).unwrap_or_default();
    let cursor = view.rows.cursor.checked_sub(view.rows.top).and_then(|row| found.get(row));
    if let Some(row) = cursor.filter(|row| view.at.as_ref().is_none_or(|(_, id)| *id != row.id)) {
        view.at = Some((session.list.revision, row.id.clone()));
    }
    let focused = back.has_focus();
    let shown = rect.expand2(vec2(8.0, 0.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(shown));
    child.set_clip_rect(shown.intersect(ui.clip_rect()));
    for (offset, row) in found.iter().enumerate() {
        let index = view.rows.top + offset;
        let y = rect.top() - view.rows.past + offset as f32 * ROW;
        let place = Rect::from_min_size(pos2(shown.left(), y), vec2(shown.width(), ROW));
        let response = child.interact(place, back.id.with(index), Sense::click());
        let current = session.list.current == Some(index);
        draw_row(&child, place, &response, row, current, focused && view.rows.cursor == index, draw);
        if response.clicked() {
            view.rows.cursor = index;
            draw.run(Command::Open(row.id.clone()));
            draw.asks.push(Ask::Focus(Pane::Page));
        }
    }
    view.rows.bar(ui, back.id, shown, count, theme);
}

fn draw_row(ui: &Ui, place: Rect, response: &Response, row: &Row, current: bool, cursor: bool, draw: &Draw<'_>) {
    let theme = draw.theme;
    parts::back(ui, place.shrink2(vec2(0.0, 0.5)), response, current, theme);
    if cursor {
        parts::ring(ui.painter(), place, theme);
    }
    let right = place.right() - 16.0;
    mark(ui, pos2(right, place.center().y), row, theme);
    let mut room = right - 12.0;
    if row.spans > 0 {
        let galley = parts::line(ui, &wording::thousands(row.spans), fonts::regular(12.0), theme.secondary, 60.0);
        room -= galley.size().x;
        parts::put(ui.painter(), pos2(room, place.center().y), galley);
        room -= 8.0;
    }
    let colour = if current || row.status == Status::InProgress { theme.text } else { theme.secondary };
    let left = place.left() + 8.0;
    let title = if row.title.is_empty() { row.id.as_str() } else { &row.title };
    let reading = &mut *draw.reading.borrow_mut();
    Line::new(title, 13.0, colour, room - left).show(ui, reading, pos2(left, place.center().y));
    let status = match row.status {
        Status::Untouched => "untouched",
        Status::InProgress => "in progress",
        Status::Finished => "finished",
        Status::Skipped => "skipped",
    };
    let flag = row.flag.as_ref().map(|flag| format!(", flagged: {flag}")).unwrap_or_default();
    response.widget_info(|| {
        let name = format!("{title}, {status}{flag}, {}", wording::counted(row.spans, "span", "spans"));
        WidgetInfo::selected(Role::ListItem, true, current, name)
    });
    if response.hovered() && ui.input(|input| input.pointer.is_still()) {
        response.clone().on_hover_ui(|ui| {
            ui.label(title);
            let parts = [row.source.as_str(), row.date.as_str(), status];
            let words = parts.iter().filter(|words| !words.is_empty()).copied().collect::<Vec<_>>().join("  ·  ");
            ui.label(egui::RichText::new(format!("{words}{flag}")).small().color(theme.secondary));
        });
    }
}

/// The status by a sign: nothing, a dot, a check, a dash; a flag instead of it.
fn mark(ui: &Ui, at: Pos2, row: &Row, theme: &super::super::theme::Theme) {
    let painter = ui.painter();
    if row.flag.is_some() {
        let stroke = egui::Stroke::new(1.3, theme.warning);
        painter.line_segment([at + vec2(-2.5, 5.0), at + vec2(-2.5, -5.0)], stroke);
        let corners = vec![at + vec2(-2.5, -5.0), at + vec2(4.0, -2.5), at + vec2(-2.5, 0.0)];
        painter.add(egui::Shape::convex_polygon(corners, theme.warning, egui::Stroke::NONE));
        return;
    }
    match row.status {
        Status::Untouched => {}
        Status::InProgress => {
            painter.circle_filled(at, 2.5, theme.accent);
        }
        Status::Finished => parts::check(painter, at, theme.secondary),
        Status::Skipped => {
            painter.hline(at.x - 4.0..=at.x + 4.0, at.y, egui::Stroke::new(1.3, theme.secondary));
        }
    }
}

impl ListView {
    /// Documents came or went: the cursor stays on its document, and the rows stay under the eye.
    fn stay(&mut self, session: &Session) {
        let revision = session.list.revision;
        let Some((known, id)) = &mut self.at else { return };
        if *known == revision {
            return;
        }
        *known = revision;
        if let Ok(Some(row)) = session.list.find(session.store(), id) {
            self.rows.top = (self.rows.top + row).saturating_sub(self.rows.cursor);
            self.rows.cursor = row;
        }
    }
}

/// Arrows move the cursor, Enter opens.
pub fn key(view: &mut ListView, session: &Session, chord: Chord) -> Option<Ask> {
    let count = session.list.len();
    let last = count.checked_sub(1)?;
    if chord.ctrl || chord.alt || chord.shift {
        return None;
    }
    let to = match chord.key {
        Key::Up => view.rows.cursor.saturating_sub(1),
        Key::Down => view.rows.cursor + 1,
        Key::PageUp => view.rows.cursor.saturating_sub(view.rows.visible),
        Key::PageDown => view.rows.cursor + view.rows.visible,
        Key::Home => 0,
        Key::End => last,
        Key::Enter => {
            let rows = session.list.rows(session.store(), view.rows.cursor..view.rows.cursor + 1).ok()?;
            return Some(Ask::Run(Command::Open(rows.first()?.id.clone())));
        }
        Key::Right | Key::Tab => return Some(Ask::Focus(Pane::Page)),
        Key::Char('/') => return Some(Ask::Act(Action::FilterList)),
        _ => return None,
    };
    view.rows.cursor = to.min(last);
    view.rows.show(view.rows.cursor, view.rows.visible as f32 * ROW);
    // Nothing is asked of the session; the key is taken all the same.
    Some(Ask::Focus(Pane::List))
}
