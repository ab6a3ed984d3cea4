//! The queue: the differences of all documents in groups, what of them is settled, what came back.

use egui::{CornerRadius, Id, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::super::fonts;
use super::super::super::parts::{self, PAD, ROW};
use super::super::super::reading::Line as Words;
use super::super::super::request::Ask;
use super::super::super::view::Pane;
use super::super::super::work::Draw;
use super::ReviewView;
use crate::session::reviewing::{Case, Filter, Line, Order, Progress, Review, words};
use crate::session::{Action, Command, Reviewing};
use crate::text::wording;

pub fn show(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut ReviewView, reviewing: &Reviewing) {
    let panel = ui.max_rect();
    ui.painter().vline(panel.right() - 0.5, panel.y_range(), Stroke::new(1.0, draw.theme.hairline));
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let inner = panel.shrink2(vec2(PAD, 0.0));
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.add_space(14.0);
        header(ui, draw, reviewing);
        ui.add_space(8.0);
        orders(ui, draw, reviewing);
        narrowed(ui, draw, reviewing);
        ui.add_space(6.0);
        rows(ui, draw, view, reviewing);
    });
}

/// What is done here, how far it is, and a way out.
fn header(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing) {
    let theme = draw.theme;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let title = if reviewing.feedback { "Yours against gold" } else { "Review" };
    let (all, open) = (reviewing.queue.len() as u64, u64::from(reviewing.queue.open()));
    let far = match reviewing.progress() {
        Some((done, total)) => format!("comparing {} of {}", wording::thousands(done), wording::thousands(total)),
        None if reviewing.feedback => wording::counted(all, "difference", "differences"),
        None => format!("{} of {} settled", wording::thousands(all.saturating_sub(open)), wording::thousands(all)),
    };
    let cross = Rect::from_center_size(pos2(rect.right() - 8.0, rect.center().y), vec2(20.0, 20.0));
    let galley = parts::line(ui, &far, fonts::regular(12.0), theme.secondary, 160.0);
    let right = cross.left() - 6.0 - galley.size().x;
    parts::put(ui.painter(), pos2(right, rect.center().y), galley);
    parts::text(ui, rect.left_center(), title, fonts::semibold(13.0), theme.text, right - rect.left() - 8.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, format!("{title}, {far}")));
    let close = ui.interact(cross, ui.scope_id().with("leave review"), Sense::click());
    parts::cross_at(ui, cross, &close, theme);
    close.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Leave review"));
    if close.on_hover_text(parts::tip(draw.session, &Action::Review)).clicked() {
        draw.run(Command::Review(Review::Leave));
    }
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 8.0), Sense::hover());
    let bar = Rect::from_min_size(pos2(bar.left(), bar.bottom() - 3.0), vec2(bar.width(), 3.0));
    ui.painter().rect_filled(bar, CornerRadius::same(2), theme.hairline);
    let part = match reviewing.progress() {
        Some((done, total)) if total > 0 => done as f32 / total as f32,
        None if all > 0 && !reviewing.feedback => (all - open) as f32 / all as f32,
        _ => 0.0,
    };
    if part > 0.0 {
        let done = Rect::from_min_size(bar.min, vec2((part.min(1.0) * bar.width()).max(3.0), bar.height()));
        ui.painter().rect_filled(done, CornerRadius::same(2), theme.accent);
    }
}

/// What they are put in groups by.
fn orders(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing) {
    let theme = draw.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
    let mut x = rect.left() - 6.0;
    for order in Order::ALL {
        let chosen = reviewing.queue.order() == order;
        let font = if chosen { fonts::semibold(12.0) } else { fonts::regular(12.0) };
        let colour = if chosen { theme.text } else { theme.secondary };
        let galley = parts::line(ui, order.name(), font, colour, 90.0);
        let place = Rect::from_min_size(pos2(x, rect.top() + 2.0), vec2(galley.size().x + 12.0, 22.0));
        let response = ui.interact(place, ui.scope_id().with(order), Sense::click());
        parts::back(ui, place, &response, chosen, theme);
        parts::put(ui.painter(), pos2(x + 6.0, place.center().y), galley);
        response.widget_info(|| {
            WidgetInfo::selected(Role::RadioButton, true, chosen, format!("Group by {}", order.name().to_lowercase()))
        });
        if response.clicked() {
            draw.run(Command::Review(Review::Arrange(order)));
            draw.asks.push(Ask::Focus(Pane::Page));
        }
        x = place.right();
    }
}

/// That only some are shown, and a way back.
fn narrowed(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing) {
    let filter = reviewing.queue.filter();
    if filter.is_empty() {
        return;
    }
    let theme = draw.theme;
    let said = only(draw, reviewing, filter);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let place = Rect::from_min_max(pos2(rect.right() - 20.0, rect.top() + 4.0), pos2(rect.right(), rect.top() + 24.0));
    let line = Words::new(&said, 12.0, theme.text, rect.width() - 26.0);
    line.show(ui, &mut draw.reading.borrow_mut(), rect.left_center());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Only {said}")));
    let cross = ui.interact(place, ui.scope_id().with("show all"), Sense::click());
    parts::cross_at(ui, place, &cross, theme);
    cross.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Show all differences"));
    if cross.on_hover_text("Show all").clicked() {
        draw.run(Command::Review(Review::Narrow(Filter::default())));
        draw.asks.push(Ask::Focus(Pane::Page));
    }
}

fn only(draw: &Draw<'_>, reviewing: &Reviewing, filter: &Filter) -> String {
    let mut said = Vec::new();
    if let Some(key) = &filter.cluster {
        let found = reviewing.queue.clusters.iter().find(|cluster| cluster.shape.key == *key);
        said.extend(found.map(|cluster| cluster.shape.sentence.clone()));
    }
    said.extend(filter.label.as_ref().map(|label| parts::name(&draw.session.schema, label).to_owned()));
    said.extend(filter.kind.as_ref().map(|kind| words::kind(kind).to_lowercase()));
    said.extend(filter.document.as_ref().map(ToString::to_string));
    said.extend(filter.pair.map(|(one, other)| format!("{} and {}", reviewing.name(one), reviewing.name(other))));
    said.join(" · ")
}

fn rows(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut ReviewView, reviewing: &Reviewing) {
    let theme = draw.theme;
    let rect = ui.available_rect_before_wrap();
    let shown = rect.expand2(vec2(8.0, 0.0));
    let back = ui.interact(shown, Id::unique("queue of differences"), Sense::hover());
    back.widget_info(|| WidgetInfo::labeled(Role::List, true, "Differences"));
    let lines = reviewing.queue.lines();
    let rows = &mut view.rows;
    rows.scroll(ui, &back, rect.height(), lines.len());
    let here = reviewing.current.and_then(|current| Some((current, reviewing.queue.place(current)?)));
    if here != view.followed {
        view.followed = here;
        if let Some((_, place)) = here {
            rows.show(place, rect.height());
            // Its heading, where it is the first below one.
            if place <= rows.top + 1 && place > 0 {
                rows.top = place - 1;
            }
        }
    }
    rows.visible = (rect.height() / ROW).floor().max(1.0) as usize;
    rows.clamp(rect.height(), lines.len());
    let mut child = ui.new_child(UiBuilder::new().max_rect(shown));
    child.set_clip_rect(shown.intersect(ui.clip_rect()));
    let last = (rows.top + rows.visible + 2).min(lines.len());
    for (row, line) in lines.iter().enumerate().take(last).skip(rows.top) {
        let y = rect.top() - rows.past + (row - rows.top) as f32 * ROW;
        let place = Rect::from_min_size(pos2(shown.left(), y), vec2(shown.width(), ROW));
        match *line {
            Line::Group(group) => heading(&mut child, draw, reviewing, place, group),
            Line::Case(number) => {
                let Some(case) = reviewing.queue.case(number) else { continue };
                let response = child.interact(place, back.id.with(row), Sense::click());
                let chosen = reviewing.current == Some(number);
                parts::back(&child, place.shrink2(vec2(0.0, 0.5)), &response, chosen, theme);
                let name = draw_case(&child, draw, reviewing, place, case);
                response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, chosen, &name));
                if response.clicked() {
                    draw.run(Command::Review(Review::Go(number)));
                    draw.asks.push(Ask::Focus(Pane::Page));
                }
                response.on_hover_text(&reviewing.queue.document(case).title);
            }
        }
    }
    rows.bar(ui, Id::unique("queue bar"), shown, lines.len(), theme);
}

/// A group's question and how many of its cases are open; a click shows it alone.
fn heading(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing, place: Rect, number: u32) {
    let theme = draw.theme;
    let group = reviewing.queue.group(number);
    let count = match (group.open, group.cases) {
        (_, cases) if reviewing.feedback => wording::thousands(cases.into()),
        (0, cases) => format!("{} settled", wording::thousands(cases.into())),
        (open, cases) if open == cases => wording::thousands(cases.into()),
        (open, cases) => format!("{} of {}", wording::thousands(open.into()), wording::thousands(cases.into())),
    };
    let narrows = group.filter != *reviewing.queue.filter();
    let response = ui.interact(
        place,
        ui.scope_id().with(("group", number)),
        if narrows { Sense::click() } else { Sense::hover() },
    );
    if narrows {
        parts::back(ui, place.shrink2(vec2(0.0, 0.5)), &response, false, theme);
    }
    let galley = parts::line(ui, &count, fonts::regular(12.0), theme.secondary, 90.0);
    let right = place.right() - 12.0 - galley.size().x;
    parts::put(ui.painter(), pos2(right, place.center().y + 2.0), galley);
    let title = match reviewing.queue.order() {
        Order::Label => reviewing.queue.labels.iter().find(|label| label.as_str() == group.title),
        _ => None,
    };
    let title = title.map_or(group.title.as_str(), |label| parts::name(&draw.session.schema, label));
    parts::text(
        ui,
        pos2(place.left() + 8.0, place.center().y + 2.0),
        title,
        fonts::semibold(12.0),
        theme.secondary,
        right - place.left() - 16.0,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, format!("{title}, {count}")));
    if response.clicked() {
        draw.run(Command::Review(Review::Narrow(group.filter.clone())));
        draw.asks.push(Ask::Focus(Pane::Page));
    }
    if narrows {
        response.on_hover_text(format!("{title}. A click shows these alone"));
    }
}

/// The label's colour, the words, and how far it is. Returns what a reader is told.
fn draw_case(ui: &Ui, draw: &Draw<'_>, reviewing: &Reviewing, place: Rect, case: &Case) -> String {
    let (session, theme) = (draw.session, draw.theme);
    let middle = place.center().y;
    let label = reviewing.queue.label(case);
    let colour = label.map_or(theme.secondary, |label| parts::colour(&session.schema, label, theme));
    let bar = Rect::from_min_size(pos2(place.left() + 8.0, middle - 7.0), vec2(3.0, 14.0));
    ui.painter().rect_filled(bar, CornerRadius::same(1), colour);
    let mut right = place.right() - 10.0;
    let said = match case.progress {
        Progress::Settled => {
            if !reviewing.feedback {
                parts::check(ui.painter(), pos2(right - 6.0, middle), theme.good);
                right -= 20.0;
            }
            "settled"
        }
        Progress::Stale => {
            let galley = parts::line(ui, "changed since", fonts::regular(12.0), theme.warning, 100.0);
            right -= galley.size().x;
            parts::put(ui.painter(), pos2(right, middle), galley);
            right -= 8.0;
            "changed since it was settled"
        }
        Progress::Skipped => {
            let galley = parts::line(ui, "later", fonts::regular(12.0), theme.secondary, 60.0);
            right -= galley.size().x;
            parts::put(ui.painter(), pos2(right, middle), galley);
            right -= 8.0;
            "left for later"
        }
        Progress::Moot => "gone with its span",
        Progress::Open => "open",
    };
    let quiet = !case.progress.is_open() && !reviewing.feedback;
    let ink = if quiet { theme.secondary } else { theme.text };
    let line = Words { serif: true, ..Words::new(&case.words, 14.0, ink, right - place.left() - 26.0) };
    line.show(ui, &mut draw.reading.borrow_mut(), pos2(place.left() + 18.0, middle));
    let name = label.map_or("", |label| parts::name(&session.schema, label));
    format!("{} {name}, {}, {said}", case.words, words::kind(case.kind).to_lowercase())
}
