//! The page of the one who leads: how far everybody is with what was given to them, how fast, and how much of the overlap can be compared. Stands
//! in the place of the page; every number lists its documents.

use std::sync::Arc;
use std::time::Duration;

use egui::{CornerRadius, Pos2, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::dialogs::form;
use super::super::request::Ask;
use super::super::task::Task;
use super::super::theme::Theme;
use super::super::view::Pane;
use super::super::window::Waker;
use super::super::work::Draw;
use super::super::{fonts, parts};
use crate::session::assign::Assigned;
use crate::session::team::{Count, Member, Overlap, Team, UNGIVEN};
use crate::session::{Action, Command, Session};
use crate::store::{Counts, Query, StoreError};
use crate::text::wording::{counted, thousands};

/// What was counted, and what it was counted of.
#[derive(Debug, Default)]
pub struct TeamView {
    team: Option<Result<Team, String>>,
    of: Option<Of>,
    counting: Option<Task<Result<Team, StoreError>>>,
}

type Of = (Counts, Option<Arc<Assigned>>);

/// In projects of so many documents they are counted within a frame.
const AT_ONCE: u64 = 5_000;
/// Widest, and least room at both sides, in points.
const WIDEST: f32 = 940.0;
const SIDES: f32 = 32.0;

impl TeamView {
    /// Counts anew where something is different.
    fn keep_up(&mut self, session: &Session, waker: &Waker) {
        if let Some(answer) = self.counting.as_ref().and_then(Task::poll) {
            self.counting = None;
            self.take(answer.unwrap_or(Err(StoreError::Cancelled)));
        }
        let now = (&session.counts, &session.around.assigned);
        if self.of.as_ref().is_some_and(|(counts, assigned)| (counts, assigned) == now) || self.counting.is_some() {
            return;
        }
        let assigned = session.around.assigned.clone();
        self.of = Some((session.counts.clone(), assigned.clone()));
        if session.counts.documents <= AT_ONCE {
            self.take(Team::read(session.store(), assigned.as_deref(), &crate::store::Job::default()));
            return;
        }
        match session.another_store() {
            Ok(store) => {
                self.counting = Some(Task::start(waker, move |job| Team::read(&*store, assigned.as_deref(), job)));
            }
            Err(error) => self.take(Err(error)),
        }
    }

    fn take(&mut self, team: Result<Team, StoreError>) {
        self.team = Some(team.map_err(|error| error.to_string()));
    }
}

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut TeamView, waker: &Waker) {
    view.keep_up(draw.session, waker);
    let outer = ui.max_rect();
    let width = (outer.width() - 2.0 * SIDES).clamp(120.0, WIDEST);
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        let left = ui.max_rect().left() + (outer.width() - width) / 2.0;
        let inner = Rect::from_min_size(pos2(left, ui.cursor().top()), vec2(width, f32::INFINITY));
        ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            ui.add_space(28.0);
            heading(ui, draw);
            match &view.team {
                None => form::small(ui, "Counting…", draw.theme.secondary),
                Some(Err(sentence)) => form::words(ui, sentence, draw.theme.error),
                Some(Ok(team)) => {
                    summary(ui, draw, team);
                    members(ui, draw, team);
                    overlap(ui, draw, team);
                }
            }
            ui.add_space(32.0);
        });
    });
}

fn heading(ui: &mut Ui, draw: &mut Draw<'_>) {
    let theme = draw.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    let words = Action::Team.info().title;
    parts::text(ui, rect.left_center(), words, fonts::semibold(20.0), theme.text, rect.width() - 32.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, words));
    let place = Rect::from_center_size(pos2(rect.right() - 10.0, rect.center().y), vec2(20.0, 20.0));
    let cross = ui.interact(place, ui.scope_id().with("close"), Sense::click());
    parts::cross_at(ui, place, &cross, theme);
    cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Back to the page"));
    if cross.on_hover_text("Back to the page  Esc").clicked() {
        draw.asks.push(Ask::CloseOverlay);
    }
}

/// One sentence, and what to do where something is missing.
fn summary(ui: &mut Ui, draw: &mut Draw<'_>, team: &Team) {
    let theme = draw.theme;
    let offer = |ui: &mut Ui, draw: &mut Draw<'_>, words: &str, button: Option<&str>| {
        form::words(ui, words, theme.secondary);
        if let Some(button) = button {
            ui.add_space(8.0);
            if form::button(ui, button, form::Kind::Default, Action::Assign.available(draw.session).is_ok(), theme)
                .clicked()
            {
                draw.act(Action::Assign);
            }
        }
    };
    ui.add_space(4.0);
    if !team.assigned {
        let words = "No documents are assigned yet: everybody has them all. Assign some to everybody and the rest to one each, and this page shows how far each is with theirs.";
        return offer(ui, draw, words, Some("Assign documents…"));
    }
    let (done, given) = team.done();
    let people = team.members.iter().filter(|member| member.given.is_some_and(|given| given > 0)).count();
    let words = match (people, given) {
        (0, _) => "Nobody has documents yet".to_owned(),
        (1, _) => format!(
            "{} of {} are done. One annotator has all that is given out, so nothing can be compared",
            thousands(done),
            thousands(given)
        ),
        _ => format!(
            "{} of {} are done, where a document counts for everybody who has it",
            thousands(done),
            thousands(given)
        ),
    };
    offer(ui, draw, &words, None);
    if team.ungiven > 0 {
        let words = counted(team.ungiven, "document is given to nobody", "documents are given to nobody");
        ui.horizontal(|ui| {
            if parts::link(ui, &words, theme).clicked() {
                list(ui, draw, UNGIVEN.to_owned());
            }
            ui.add_space(16.0);
            if Action::Assign.available(draw.session).is_ok() && parts::link(ui, "Assign documents…", theme).clicked()
            {
                draw.act(Action::Assign);
            }
        });
    }
    if team.absent > 0 {
        let words = counted(team.absent, "document of assignments.ron is", "documents of assignments.ron are");
        form::small(ui, &format!("{words} not in this project"), theme.secondary);
    }
}

/// Shows the documents of a query in the list, whoever they belong to.
fn list(ui: &Ui, draw: &mut Draw<'_>, words: String) {
    let before = &draw.session.list.query;
    let query = Query {
        words,
        annotator: before.annotator.clone(),
        sort: before.sort,
        descending: before.descending,
        ..Query::default()
    };
    draw.run(Command::Mine(false));
    draw.run(Command::Filter(query));
    if ui.ctx().content_rect().width() < 760.0 {
        // The list has no room beside this.
        draw.asks.extend([Ask::CloseOverlay, Ask::Focus(Pane::List)]);
    }
}

/// What a cell says.
enum Cell {
    /// A number whose documents can be listed.
    Number(u64, String),
    Words(String),
    Nothing,
}

/// A column: its name, its width in points, and how soon it goes where there is little room; 0 never.
type Column = (&'static str, f32, u8);

/// Height of a row with a bar below its name.
const TALL: f32 = 48.0;

/// The columns that there is room for beside the names, with their right edges from the left.
fn fit(columns: &[Column], width: f32, names: f32) -> Vec<(usize, &Column, f32)> {
    let mut shown: Vec<usize> = (0..columns.len()).collect();
    while shown.iter().map(|at| columns[*at].1).sum::<f32>() > width - names {
        let Some(first) = shown.iter().copied().filter(|at| columns[*at].2 > 0).max_by_key(|at| columns[*at].2) else {
            break;
        };
        shown.retain(|at| *at != first);
    }
    let mut edge = width;
    let mut placed = Vec::new();
    for at in shown.into_iter().rev() {
        placed.push((at, &columns[at], edge));
        edge -= columns[at].1;
    }
    placed.reverse();
    placed
}

fn head(ui: &mut Ui, name: &str, columns: &[(usize, &Column, f32)], theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    let room = columns.first().map_or(rect.width(), |(_, column, edge)| edge - column.1);
    parts::text(ui, rect.left_center(), name, fonts::semibold(13.0), theme.text, room);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, name));
    for (_, (words, width, _), edge) in columns {
        let galley = parts::line(ui, words, fonts::regular(12.0), theme.secondary, *width);
        parts::put(ui.painter(), pos2(rect.left() + edge - galley.size().x, rect.center().y), galley);
    }
    ui.painter().hline(rect.x_range(), rect.bottom().round() - 0.5, Stroke::new(1.0, theme.hairline));
}

/// A row's cells. `name` is whose they are, `what` what each counts.
fn cells(ui: &mut Ui, draw: &mut Draw<'_>, rect: Rect, name: &str, columns: &[(usize, &Column, f32)], all: &[Cell]) {
    let theme = draw.theme;
    let mut asked = None;
    for (at, (what, width, _), edge) in columns {
        let right = pos2(rect.left() + edge, rect.top() + 15.0);
        match &all[*at] {
            Cell::Nothing => put_right(ui, right, "–", *width, theme.tertiary),
            Cell::Words(words) => put_right(ui, right, words, *width, theme.secondary),
            Cell::Number(0, _) => put_right(ui, right, "0", *width, theme.secondary),
            Cell::Number(number, query) => {
                let galley = parts::line(ui, &thousands(*number), fonts::medium(13.0), theme.text, *width);
                let size = galley.size();
                let place = Rect::from_center_size(right - vec2(size.x / 2.0, 0.0), size).expand2(vec2(6.0, 4.0));
                let response = ui.interact(place, ui.scope_id().with((name, what)), Sense::click());
                parts::back(ui, place, &response, false, theme);
                parts::put(ui.painter(), right - vec2(size.x, 0.0), galley);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{name}, {what}, {number}")));
                if response.clicked() {
                    asked = Some(query.clone());
                }
                response.on_hover_text(format!("List them  {query}"));
            }
        }
    }
    if let Some(query) = asked {
        list(ui, draw, query);
    }
}

fn put_right(ui: &Ui, right: Pos2, words: &str, width: f32, colour: egui::Color32) {
    let galley = parts::line(ui, words, fonts::regular(13.0), colour, width);
    parts::put(ui.painter(), right - vec2(galley.size().x, 0.0), galley);
}

/// A bar of parts of a whole, one after the other.
fn bar(ui: &Ui, place: Rect, whole: u64, parts: &[(u64, egui::Color32)], theme: &Theme) {
    let painter = ui.painter().with_clip_rect(place.intersect(ui.clip_rect()));
    ui.painter().rect_filled(place, CornerRadius::same(2), theme.hairline);
    let mut left = place.left();
    for (part, colour) in parts.iter().filter(|(part, _)| *part > 0) {
        let width = (*part as f64 / whole.max(1) as f64) as f32 * place.width();
        let rect = Rect::from_min_size(pos2(left, place.top()), vec2(width.max(2.0), place.height()));
        painter.rect_filled(rect, CornerRadius::same(2), *colour);
        left = rect.right();
    }
}

const MEMBERS: [Column; 9] = [
    ("Given", 62.0, 0),
    ("Finished", 72.0, 0),
    ("In progress", 82.0, 4),
    ("Skipped", 68.0, 5),
    ("Flagged", 68.0, 3),
    ("Left", 58.0, 0),
    ("Per hour", 76.0, 2),
    ("Active", 76.0, 6),
    ("Time left", 88.0, 1),
];
/// So much room the names have at least.
const NAMES: f32 = 150.0;
const COUNTS: [Count; 6] =
    [Count::Given, Count::Finished, Count::InProgress, Count::Skipped, Count::Flagged, Count::Left];

fn members(ui: &mut Ui, draw: &mut Draw<'_>, team: &Team) {
    let theme = draw.theme;
    ui.add_space(24.0);
    let width = ui.available_width();
    let columns = fit(&MEMBERS, width, NAMES);
    head(ui, "Annotators", &columns, theme);
    if team.members.is_empty() {
        ui.add_space(8.0);
        form::words(ui, "Nobody has marked anything yet", theme.secondary);
    }
    let room = columns.first().map_or(width, |(_, column, edge)| edge - column.1);
    for member in &team.members {
        let name = member.annotator.to_string();
        let (rect, response) = ui.allocate_exact_size(vec2(width, TALL), Sense::hover());
        let at = pos2(rect.left(), rect.top() + 15.0);
        let me = if member.annotator == *draw.session.annotator() { " · you" } else { "" };
        let end = parts::text(ui, at, &name, fonts::medium(13.0), theme.text, room - 40.0);
        parts::text(ui, at + vec2(end, 0.0), me, fonts::regular(12.0), theme.secondary, room - end);
        let place = Rect::from_min_size(pos2(rect.left(), rect.top() + 30.0), vec2((room - 8.0).max(60.0), 4.0));
        let whole = member.given.unwrap_or(team.documents);
        let done = [
            (member.finished, theme.accent),
            (member.skipped, theme.tertiary),
            (member.in_progress, theme.accent.gamma_multiply(0.4)),
        ];
        bar(ui, place, whole, &done, theme);
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, told(member)));
        response.on_hover_text(told(member));
        let number = |count: Count| {
            member.count(count).map_or(Cell::Nothing, |number| Cell::Number(number, member.query(count)))
        };
        let mut all: Vec<Cell> = COUNTS.into_iter().map(number).collect();
        let words = |words: Option<String>| words.map_or(Cell::Nothing, Cell::Words);
        all.push(words(member.an_hour.map(|an_hour| format!("{an_hour:.1}"))));
        all.push(words((member.seconds > 0).then(|| hours(Duration::from_secs(member.seconds)))));
        let over = member.left == Some(0) && member.given > Some(0);
        all.push(words(if over {
            Some("done".to_owned())
        } else {
            member.time_left.map(|left| format!("~ {}", hours(left)))
        }));
        cells(ui, draw, rect, &name, &columns, &all);
        ui.painter().hline(
            rect.x_range(),
            rect.bottom().round() - 0.5,
            Stroke::new(1.0, theme.hairline.gamma_multiply(0.6)),
        );
    }
    if team.members.iter().any(|member| member.finished > 0) {
        ui.add_space(8.0);
        let words = "A number lists its documents. Per hour counts documents in an hour of active time, without pauses; the time left is reckoned from the last documents and their length";
        form::small(ui, words, theme.secondary);
    }
}

/// A member in one sentence.
fn told(member: &Member) -> String {
    let Member { annotator, finished, skipped, in_progress, besides, .. } = member;
    let of = member.given.map(|given| format!(" of {} given", thousands(given))).unwrap_or_default();
    let besides = if *besides > 0 { format!(", {} finished besides", thousands(*besides)) } else { String::new() };
    format!(
        "{annotator}: {}{of} finished, {} skipped, {} in progress{besides}",
        thousands(*finished),
        thousands(*skipped),
        thousands(*in_progress)
    )
}

/// `45 min`, `3.5 h`, `120 h`
fn hours(time: Duration) -> String {
    let minutes = time.as_secs_f64() / 60.0;
    match minutes {
        ..1.0 => "1 min".to_owned(),
        ..59.5 => format!("{minutes:.0} min"),
        ..5_970.0 => format!("{:.1} h", minutes / 60.0),
        _ => format!("{} h", thousands((minutes / 60.0).round() as u64)),
    }
}

const OVERLAP: [Column; 3] = [("Shared", 80.0, 0), ("Finished by two", 120.0, 1), ("Ready", 80.0, 0)];

fn overlap(ui: &mut Ui, draw: &mut Draw<'_>, team: &Team) {
    let theme = draw.theme;
    if !team.assigned {
        return;
    }
    ui.add_space(28.0);
    let width = ui.available_width();
    let columns = fit(&OVERLAP, width, NAMES);
    head(ui, "Overlap", &columns, theme);
    let Some(all) = team.overlap.first() else {
        ui.add_space(8.0);
        let words = "No document is given to two annotators, so nothing can be compared. Assign documents with an overlap: what was given out stays";
        return form::words(ui, words, theme.secondary);
    };
    let room = columns.first().map_or(width, |(_, column, edge)| edge - column.1);
    let by_source = team.overlap.len() > 2
        || team.overlap.iter().any(|row| row.source.as_deref().is_some_and(|source| !source.is_empty()));
    for row in team.overlap.iter().filter(|row| by_source || row.source.is_none()) {
        overlap_row(ui, draw, row, room, &columns);
    }
    ui.add_space(8.0);
    let words = if all.ready == all.documents {
        "All of it is ready: everybody who has these documents has finished them"
    } else {
        "Ready is what everybody who has it has finished; what two have finished can be compared already"
    };
    form::small(ui, words, theme.secondary);
}

fn overlap_row(ui: &mut Ui, draw: &mut Draw<'_>, row: &Overlap, room: f32, columns: &[(usize, &Column, f32)]) {
    let theme = draw.theme;
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, TALL), Sense::hover());
    let (name, font) = match row.source.as_deref() {
        None => ("All sources", fonts::medium(13.0)),
        Some("") => ("No source", fonts::regular(13.0)),
        Some(source) => (source, fonts::regular(13.0)),
    };
    parts::text(ui, pos2(rect.left(), rect.top() + 15.0), name, font, theme.text, room - 8.0);
    let place = Rect::from_min_size(pos2(rect.left(), rect.top() + 30.0), vec2((room - 24.0).clamp(60.0, 320.0), 4.0));
    let two = row.two.saturating_sub(row.ready);
    bar(ui, place, row.documents, &[(row.ready, theme.accent), (two, theme.accent.gamma_multiply(0.4))], theme);
    let told = format!(
        "{name}: {} of {} shared ready, {} finished by two",
        row.ready,
        counted(row.documents, "document", "documents"),
        row.two
    );
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &told));
    let number = |number, which| Cell::Number(number, row.query(which));
    let all = vec![number(row.documents, "yes"), number(row.two, "two"), number(row.ready, "ready")];
    cells(ui, draw, rect, name, columns, &all);
    ui.painter().hline(
        rect.x_range(),
        rect.bottom().round() - 0.5,
        Stroke::new(1.0, theme.hairline.gamma_multiply(0.6)),
    );
}
