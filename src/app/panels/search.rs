//! Find in documents: what is looked for, what was found as lines in context, one step after the other. Stands where the list stands.

use egui::{Align2, CornerRadius, Id, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::finding::{Asked, Finding, Progress};
use super::super::parts::{self, PAD, ROW};
use super::super::reading::Line;
use super::super::request::{Ask, Looking};
use super::super::view::{Pane, ids};
use super::super::work::Draw;
use super::super::{fonts, theme::Theme};
use super::rows::Rows;
use crate::session::keymap::{Chord, Key};
use crate::session::search::{FIELDS, Hit, MOST, Match};
use crate::text::wording;

/// The panel, and the search it shows.
#[derive(Debug, Default)]
pub struct SearchView {
    pub open: bool,
    pub finding: Finding,
    pub rows: Rows,
    /// Scroll to the cursor in the next frame.
    pub follow: bool,
    /// Which of the queries before is in the field, and what was typed instead of it.
    recalled: Option<usize>,
}

/// Width of the panel beside a page of this much room for both; all of it where that is little.
pub fn width(room: f32) -> f32 {
    if room < 760.0 { room } else { (room * 0.3).clamp(300.0, 420.0).round() }
}

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut SearchView) {
    let panel = ui.max_rect();
    ui.painter().vline(panel.right() - 0.5, panel.y_range(), Stroke::new(1.0, draw.theme.hairline));
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    ui.scope_builder(UiBuilder::new().max_rect(panel.shrink2(vec2(PAD, 0.0))), |ui| {
        ui.add_space(14.0);
        header(ui, draw);
        ui.add_space(8.0);
        field(ui, draw, view);
        ui.add_space(8.0);
        state(ui, draw, view);
        if view.finding.asked.is_some() {
            rows(ui, draw, view);
        } else if view.finding.words.trim().is_empty() {
            examples(ui, draw, view);
        }
    });
}

fn header(ui: &mut Ui, draw: &mut Draw<'_>) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let words = "Find in all documents";
    parts::text(ui, rect.left_center(), words, fonts::semibold(13.0), draw.theme.text, rect.width() - 28.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, words));
    let place = Rect::from_center_size(pos2(rect.right() - 10.0, rect.center().y), vec2(20.0, 20.0));
    let cross = ui.interact(place, ui.scope_id().with("close"), Sense::click());
    parts::cross_at(ui, place, &cross, draw.theme);
    cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Close find in documents"));
    if cross.on_hover_text("Close (Esc)").clicked() {
        draw.asks.push(Ask::Look(Looking::Close));
    }
}

fn field(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut SearchView) {
    let theme = draw.theme;
    ui.horizontal(|ui| {
        let width = ui.available_width() - 32.0;
        let (id, words) = (ids::search(), &mut view.finding.words);
        let response = parts::field(ui, id, words, "Words, or label:quote", "Look for", width, theme);
        if response.changed() {
            view.recalled = None;
            draw.asks.push(Ask::Look(Looking::Begin));
        }
        ui.add_space(4.0);
        let (rect, response) = ui.allocate_exact_size(vec2(28.0, 28.0), Sense::click());
        parts::back(ui, rect, &response, false, theme);
        let colour = theme.secondary;
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, "?", fonts::semibold(13.0), colour);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "What can be looked for"));
        let response = response.on_hover_text("What can be looked for");
        egui::Popup::menu(&response).width(392.0).show(|ui| {
            if let Some(example) = grammar(ui, theme) {
                take_example(view, example, draw);
            }
        });
    });
}

fn take_example(view: &mut SearchView, example: &str, draw: &mut Draw<'_>) {
    let words = &mut view.finding.words;
    if !words.is_empty() && !words.ends_with(' ') {
        words.push(' ');
    }
    words.push_str(example);
    draw.asks.extend([Ask::Look(Looking::Begin), Ask::Look(Looking::Field)]);
}

/// The fields, by examples that can be taken.
fn grammar(ui: &mut Ui, theme: &Theme) -> Option<&'static str> {
    let mut taken = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    for (example, means) in
        [("\"exact words\"", "As they stand; words alone must all be there"), ("/Ker+y/", "A regular expression")]
    {
        taken = taken.or(example_row(ui, example, means, theme));
    }
    for (_, example, means) in FIELDS {
        taken = taken.or(example_row(ui, example, means, theme));
    }
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
    let words = "A minus before a condition turns it round; commas mean any of them";
    parts::text(ui, rect.left_center() + vec2(8.0, 0.0), words, fonts::regular(12.0), theme.secondary, rect.width());
    taken
}

fn example_row(ui: &mut Ui, example: &'static str, means: &str, theme: &Theme) -> Option<&'static str> {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
    parts::back(ui, rect, &response, false, theme);
    let left = rect.left() + 8.0;
    let column = 132.0_f32.min(rect.width() * 0.45);
    let font = fonts::medium(12.0);
    parts::text(ui, pos2(left, rect.center().y), example, font, theme.text, column - 8.0);
    let room = rect.right() - left - column - 4.0;
    parts::text(ui, pos2(left + column, rect.center().y), means, fonts::regular(12.0), theme.secondary, room);
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, format!("{example}  {means}")));
    response.clicked().then_some(example)
}

/// Before anything is looked for: what was looked for before, and what can be.
fn examples(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut SearchView) {
    let theme = draw.theme;
    let mut chosen: Option<String> = None;
    let out = |ui: &mut Ui| ui.max_rect().expand2(vec2(8.0, 0.0));
    let title = |ui: &mut Ui, words: &str| {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        parts::text(ui, rect.left_center(), words, fonts::regular(12.0), theme.secondary, rect.width());
        response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, words));
    };
    if !view.finding.history.is_empty() {
        title(ui, "Looked for before");
        for words in view.finding.history.iter().take(6) {
            let (rect, response) = parts::row(ui, ROW, false, 8.0, theme);
            let reading = &mut *draw.reading.borrow_mut();
            Line::new(words, 13.0, theme.text, rect.width()).show(ui, reading, rect.left_center());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
            if response.clicked() {
                chosen = Some(words.clone());
            }
        }
        ui.add_space(8.0);
    }
    title(ui, "Words of the texts, or conditions");
    let rect = out(ui);
    ui.scope_builder(
        UiBuilder::new().max_rect(Rect::from_min_max(pos2(rect.left(), ui.cursor().top()), rect.max)),
        |ui| {
            for (example, means) in [
                ("\"exact words\"", "As they stand, capitals or not"),
                ("label:quote -has:speaker", "Quotes without a speaker"),
                ("type:person text:/Ker+y/", "Persons whose name fits an expression"),
                ("flag:*", "Flagged documents"),
                ("source:*post* date:2026-03..2026-05", "Articles from a place and a time"),
            ] {
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::click());
                parts::back(ui, rect, &response, false, theme);
                let at = rect.left_top() + vec2(8.0, 12.0);
                parts::text(ui, at, example, fonts::medium(12.5), theme.text, rect.width() - 16.0);
                let at = rect.left_top() + vec2(8.0, 29.0);
                parts::text(ui, at, means, fonts::regular(12.0), theme.secondary, rect.width() - 16.0);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{example}  {means}")));
                if response.clicked() {
                    chosen = Some(example.to_owned());
                }
            }
        },
    );
    if let Some(words) = chosen {
        view.finding.words = words;
        draw.asks.extend([Ask::Look(Looking::Begin), Ask::Look(Looking::Field)]);
    }
}

/// How many were found, how far the search is, what is wrong with the query.
fn state(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut SearchView) {
    let theme = draw.theme;
    let finding = &mut view.finding;
    if let Some(mistake) = &finding.mistake {
        told(ui, &mistake.sentence, theme.error);
        return;
    }
    let long = finding.is_long(ui);
    if finding.asked.is_none() && !long {
        return;
    }
    let words = counted(finding);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    parts::text(
        ui,
        rect.left_center(),
        &words,
        fonts::regular(12.0),
        theme.secondary,
        rect.width() - if long { 56.0 } else { 0.0 },
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &words));
    if long {
        let place = Rect::from_min_max(pos2(rect.right() - 48.0, rect.top()), rect.max);
        ui.scope_builder(
            UiBuilder::new().max_rect(place).layout(egui::Layout::right_to_left(egui::Align::Center)),
            |ui| {
                if parts::link(ui, "Stop", theme).clicked() {
                    draw.asks.push(Ask::Look(Looking::Stop));
                }
            },
        );
        let (done, total) = finding.progress().unwrap_or_default();
        let share = if total == 0 { 0.0 } else { (done as f32 / total as f32).clamp(0.0, 1.0) };
        let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 6.0), Sense::hover());
        let bar = Rect::from_min_size(pos2(bar.left(), bar.top() + 2.0), vec2(bar.width(), 2.0));
        ui.painter().rect_filled(bar, CornerRadius::same(1), theme.hairline);
        let done = Rect::from_min_size(bar.min, vec2(bar.width() * share, bar.height()));
        ui.painter().rect_filled(done, CornerRadius::same(1), theme.accent);
    }
    let stale = finding.is_stale(draw.session);
    let Some(asked) = &finding.asked else { return };
    let found = !finding.results.documents().is_empty();
    for trouble in asked.troubles.iter().take(2) {
        told(ui, trouble, theme.error);
    }
    if asked.troubles.len() > 2 {
        told(ui, &format!("and {} more that could not be read", asked.troubles.len() - 2), theme.error);
    }
    if finding.results.is_cut() {
        let most = wording::thousands(MOST);
        told(ui, &format!("Only the first {most} are kept. Say more closely what you look for"), theme.secondary);
    }
    if stale || found {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 16.0;
            if stale && parts::link(ui, "Changed since. Search again", theme).clicked() {
                draw.asks.push(Ask::Look(Looking::Begin));
            } else if !stale && parts::link(ui, "Show these documents in the list", theme).clicked() {
                draw.asks.push(Ask::Look(Looking::List));
            }
        });
    }
    ui.add_space(4.0);
}

/// `3 hits in 2 documents of 24`
fn counted(finding: &Finding) -> String {
    let Some(asked) = &finding.asked else { return "Looking…".to_owned() };
    let (hits, documents) = (finding.results.hits(), finding.results.documents().len() as u64);
    let Asked { of, progress, .. } = asked;
    let of = if finding.results.is_cut() { String::new() } else { format!(" of {}", wording::thousands(*of)) };
    let what = match (hits, documents) {
        (0, 0) if *progress == Progress::Running => return "Looking…".to_owned(),
        (0, 0) => return format!("Nothing was found in {}", wording::counted(asked.of, "document", "documents")),
        (0, count) => format!("{}{of}", wording::counted(count, "document", "documents")),
        (hits, count) => {
            format!(
                "{} in {}{of}",
                wording::counted(hits, "hit", "hits"),
                wording::counted(count, "document", "documents")
            )
        }
    };
    match progress {
        Progress::Running => format!("{what} so far"),
        Progress::Stopped => format!("{what}, then stopped"),
        Progress::Done => what,
    }
}

/// A sentence in as many rows as it takes.
fn told(ui: &mut Ui, words: &str, colour: egui::Color32) {
    ui.add(egui::Label::new(egui::RichText::new(words).size(12.0).color(colour)).wrap());
    ui.add_space(4.0);
}

fn rows(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut SearchView) {
    let theme = draw.theme;
    let rect = ui.available_rect_before_wrap();
    let shown = rect.expand2(vec2(8.0, 0.0));
    let back = ui.interact(shown, ids::list(), Sense::click());
    back.widget_info(|| WidgetInfo::labeled(Role::List, true, "Hits"));
    let SearchView { finding, rows, follow, .. } = view;
    let count = finding.results.rows().len();
    if count == 0 {
        return;
    }
    rows.scroll(ui, &back, rect.height(), count);
    if std::mem::take(follow) {
        rows.show(rows.cursor, rect.height());
    }
    rows.visible = (rect.height() / ROW).floor().max(1.0) as usize;
    rows.clamp(rect.height(), count);
    let focused = back.has_focus();
    let mut child = ui.new_child(UiBuilder::new().max_rect(shown));
    child.set_clip_rect(shown.intersect(ui.clip_rect()));
    let last = (rows.top + rows.visible + 2).min(count);
    for row in rows.top..last {
        let Some((found, hit)) = finding.results.at(row) else { break };
        let y = rect.top() - rows.past + (row - rows.top) as f32 * ROW;
        let place = Rect::from_min_size(pos2(shown.left(), y), vec2(shown.width(), ROW));
        let response = child.interact(place, back.id.with(row), Sense::click());
        let here = finding.here == Some(row);
        parts::back(&child, place.shrink2(vec2(0.0, 0.5)), &response, here, theme);
        if focused && rows.cursor == row {
            parts::ring(child.painter(), place, theme);
        }
        let name = match hit {
            Some(hit) => {
                draw_hit(&child, place, hit, draw);
                hit.line.words.clone()
            }
            None => draw_heading(&child, place, found, &finding.title(draw.session, found), draw),
        };
        response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, here, &name));
        if response.clicked() {
            draw.asks.extend([Ask::Look(Looking::Visit(row)), Ask::Focus(Pane::Page)]);
        }
    }
    rows.bar(ui, Id::unique("search bar"), shown, count, theme);
}

fn draw_heading(ui: &Ui, place: Rect, found: &Match, title: &str, draw: &Draw<'_>) -> String {
    let theme = draw.theme;
    let hits = found.hits.len() as u64 + found.more;
    let mut right = place.right() - 12.0;
    if hits > 1 {
        let galley = parts::line(ui, &wording::thousands(hits), fonts::regular(12.0), theme.secondary, 60.0);
        right -= galley.size().x;
        parts::put(ui.painter(), pos2(right, place.center().y + 2.0), galley);
        right -= 8.0;
    }
    let left = place.left() + 8.0;
    let current = draw.session.open.as_ref().is_some_and(|open| *open.id() == found.document);
    let colour = if current { theme.accent } else { theme.text };
    let reading = &mut *draw.reading.borrow_mut();
    Line::new(title, 13.0, colour, right - left).show(ui, reading, pos2(left, place.center().y + 2.0));
    format!("{title}, {}", wording::counted(hits, "hit", "hits"))
}

fn draw_hit(ui: &Ui, place: Rect, hit: &Hit, draw: &Draw<'_>) {
    let theme = draw.theme;
    let left = place.left() + 20.0;
    let mut ground = theme.accent.gamma_multiply(if theme.dark { 0.28 } else { 0.16 });
    if let Some(span) = &hit.span {
        let colour = parts::colour(&draw.session.schema, &span.label, theme);
        let bar = Rect::from_min_size(pos2(place.left() + 10.0, place.top() + 6.0), vec2(3.0, place.height() - 12.0));
        ui.painter().rect_filled(bar, CornerRadius::same(1), colour);
        ground = colour.gamma_multiply(theme.fill);
    }
    let emphasis = std::slice::from_ref(&hit.line.hit);
    let line = Line::new(&hit.line.words, 13.0, theme.secondary, place.right() - 10.0 - left);
    let line = Line { emphasis, strong: Some((theme.text, ground)), ..line };
    line.show(ui, &mut draw.reading.borrow_mut(), pos2(left, place.center().y));
}

/// Keys of the field: down into the results, Enter to the first of them, up to what was looked for before.
pub fn key_in_field(view: &mut SearchView, chord: Chord) -> Option<Vec<Ask>> {
    if chord.ctrl || chord.alt || (chord.shift && chord.key != Key::Enter) {
        return None;
    }
    let recalls = view.recalled.is_some() || view.finding.words.is_empty();
    match chord.key {
        Key::Enter if view.finding.words.is_empty() => Some(Vec::new()),
        Key::Enter => Some(vec![Ask::Look(Looking::Step(!chord.shift)), Ask::Focus(Pane::Page)]),
        Key::Up if recalls => {
            let next = view.recalled.map_or(0, |at| at + 1);
            let words = view.finding.history.get(next)?.clone();
            view.recalled = Some(next);
            view.finding.words = words;
            Some(vec![Ask::Look(Looking::Begin)])
        }
        Key::Down if view.recalled.is_some() => {
            view.recalled = view.recalled.and_then(|at| at.checked_sub(1));
            view.finding.words = view.recalled.map(|at| view.finding.history[at].clone()).unwrap_or_default();
            Some(vec![Ask::Look(Looking::Begin)])
        }
        Key::Down => {
            view.rows.cursor = view.finding.here.or(view.finding.results.step(None, true)).unwrap_or(0);
            view.follow = true;
            Some(vec![Ask::Focus(Pane::List)])
        }
        Key::Tab => Some(vec![Ask::Focus(Pane::Page)]),
        _ => None,
    }
}

/// Keys of the results.
pub fn key(view: &mut SearchView, chord: Chord) -> Option<Vec<Ask>> {
    if chord.ctrl || chord.alt || chord.shift {
        return None;
    }
    let results = &view.finding.results;
    let (cursor, page) = (view.rows.cursor, view.rows.visible.max(1));
    let last = results.rows().len().saturating_sub(1);
    let on = |from: usize| results.step(from.checked_sub(1), true).filter(|row| *row >= from);
    let to = match chord.key {
        // Up from the first goes back to the field.
        Key::Up if results.step(Some(cursor), false).is_none_or(|row| row >= cursor) => {
            return Some(vec![Ask::Look(Looking::Field)]);
        }
        Key::Up => results.step(Some(cursor), false),
        Key::Down => results.step(Some(cursor), true).filter(|row| *row > cursor),
        Key::PageUp => on(cursor.saturating_sub(page)),
        Key::PageDown => on((cursor + page).min(last)),
        Key::Home => on(0),
        Key::End => results.step(Some(last + 1), false),
        Key::Enter => return Some(vec![Ask::Look(Looking::Visit(cursor)), Ask::Focus(Pane::Page)]),
        Key::Right | Key::Tab => return Some(vec![Ask::Focus(Pane::Page)]),
        Key::Char('/') => return Some(vec![Ask::Look(Looking::Field)]),
        _ => return None,
    };
    view.rows.cursor = to.unwrap_or(cursor);
    view.follow = true;
    Some(vec![Ask::Focus(Pane::List)])
}
