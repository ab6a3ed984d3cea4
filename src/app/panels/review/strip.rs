//! The strip below the page: what differs, who says what, and the key that takes it; the reason, and what else can be said.

use std::sync::Arc;

use egui::{CornerRadius, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::super::super::parts::{self, PAD};
use super::super::super::reading::Line;
use super::super::super::request::Ask;
use super::super::super::sides::person;
use super::super::super::view::{DraftOf, Pane, View, ids};
use super::super::super::work::Draw;
use super::super::super::{fonts, theme::Theme};
use crate::review::{Difference, Side, State};
use crate::session::reviewing::{Desk, Progress, Review, words};
use crate::session::{Action, Command, Reviewing};
use crate::text::wording;

/// Points: a row, the head with what differs, the foot with other keys, and room around.
const ROW: f32 = 30.0;
const HEAD: f32 = 34.0;
const FOOT: f32 = 36.0;
const AROUND: f32 = 12.0;
/// Narrower windows show the keys without words.
pub const WIDE: f32 = 620.0;

/// The same answer, and who gives it: seats and places.
#[derive(Debug)]
pub struct Answer {
    pub who: Vec<(usize, usize)>,
}

/// Those who say the same stand together, in the order of their digits; who has not finished the document comes last.
pub fn answers(reviewing: &Reviewing, difference: &Difference) -> Vec<Answer> {
    let says = reviewing.case().map(|case| Arc::<[u8]>::from(&*case.says)).unwrap_or_default();
    let mut answers: Vec<(u8, Answer)> = Vec::new();
    for (seat, who) in reviewing.seats().into_iter().enumerate() {
        if who >= difference.sides.len() {
            continue;
        }
        let said = says.get(who).copied().unwrap_or(0);
        match answers.iter_mut().find(|(known, _)| *known == said) {
            Some((_, answer)) => answer.who.push((seat, who)),
            None => answers.push((said, Answer { who: vec![(seat, who)] })),
        }
    }
    answers.sort_by_key(|(said, _)| *said == 0);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// How high the strip is: at most two fifths of what there is.
pub fn height(answers: &[Answer], room: f32) -> f32 {
    (HEAD + FOOT + AROUND + ROW * answers.len() as f32).min((room * 0.4).max(HEAD + FOOT + AROUND + ROW))
}

pub fn show(
    ui: &mut Ui,
    draw: &mut Draw<'_>,
    view: &mut View,
    (reviewing, desk, difference): (&Reviewing, &Desk, &Arc<Difference>),
    answers: &[Answer],
) {
    let panel = ui.max_rect();
    let theme = draw.theme;
    ui.painter().hline(panel.x_range(), panel.top() + 0.5, Stroke::new(1.0, theme.hairline));
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let inner = panel.shrink2(vec2(PAD, 0.0));
    ui.scope_builder(UiBuilder::new().max_rect(inner), |ui| {
        ui.add_space(4.0);
        head(ui, draw, reviewing, difference);
        let room = (inner.bottom() - ui.cursor().top() - FOOT - 8.0).max(ROW);
        ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
            for answer in answers {
                row(ui, draw, (reviewing, desk, difference), answer);
            }
        });
        foot(ui, draw, view, reviewing, inner);
    });
}

/// What differs, what it is about, and how far it is.
fn head(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing, difference: &Difference) {
    let (session, theme) = (draw.session, draw.theme);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let middle = rect.center().y;
    let mut x = rect.left();
    if let Some(label) = &difference.label {
        let colour = parts::colour(&session.schema, label, theme);
        let chip = parts::chip(ui, pos2(x, middle), parts::name(&session.schema, label), colour, 160.0, theme);
        x = chip.right() + 10.0;
    }
    let what = words::what(difference);
    let cluster = reviewing.case().and_then(|case| reviewing.queue.cluster(case)).filter(|cluster| cluster.cases > 1);
    let cases = cluster.map(|cluster| format!("{} like it", wording::thousands(u64::from(cluster.cases))));
    let mut right = rect.right();
    let state = match reviewing.case().map(|case| case.progress) {
        _ if reviewing.feedback => None,
        Some(Progress::Settled) => Some(("settled", theme.good)),
        Some(Progress::Stale) => Some(("changed since it was settled", theme.warning)),
        Some(Progress::Skipped) => Some(("left for later", theme.secondary)),
        _ => None,
    };
    if let Some((words, colour)) = state {
        let galley = parts::line(ui, words, fonts::medium(12.5), colour, 200.0);
        right -= galley.size().x;
        parts::put(ui.painter(), pos2(right, middle), galley);
        right -= 16.0;
    }
    if let (Some(cases), Some(cluster)) = (&cases, cluster) {
        let galley = parts::line(ui, cases, fonts::regular(12.0), theme.accent, 120.0);
        right -= galley.size().x;
        let place = Rect::from_min_size(pos2(right - 4.0, middle - 11.0), galley.size() + vec2(8.0, 8.0));
        let link = ui.interact(place, ui.scope_id().with("cluster"), Sense::click());
        parts::back(ui, place, &link, false, theme);
        parts::put(ui.painter(), pos2(right, middle), galley);
        link.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("Show only {cases}")));
        if link.clicked() {
            let filter = crate::session::reviewing::Filter {
                cluster: Some(cluster.shape.key.clone()),
                ..crate::session::reviewing::Filter::default()
            };
            draw.run(Command::Review(Review::Narrow(filter)));
            draw.asks.push(Ask::Focus(Pane::Page));
        }
        link.on_hover_text(&cluster.shape.sentence);
        right -= 16.0;
    }
    parts::text(ui, pos2(x, middle), &what, fonts::semibold(13.0), theme.text, right - x);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &what));
}

/// One answer: the keys that take it, who gives it, what it is.
fn row(
    ui: &mut Ui,
    draw: &mut Draw<'_>,
    (reviewing, desk, difference): (&Reviewing, &Desk, &Arc<Difference>),
    answer: &Answer,
) {
    let theme = draw.theme;
    let Some((first, who)) = answer.who.first().copied() else { return };
    let side = &difference.sides[who];
    let can = side.is_data() && !reviewing.feedback;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let place = rect.expand2(vec2(8.0, 0.0));
    if can {
        parts::back(ui, place.shrink2(vec2(0.0, 0.5)), &response, false, theme);
    }
    let middle = rect.center().y;
    let mut x = rect.left();
    // As many digits as there is room for; who sits past nine has none.
    for (seat, _) in answer.who.iter().filter(|(seat, _)| can && *seat < 9).take(4) {
        x = parts::cap(ui, pos2(x + 19.0, middle), &(seat + 1).to_string(), theme).right() + 3.0;
    }
    x = (x + 5.0).max(rect.left() + 27.0);
    let taken = taken(reviewing, desk, difference, who);
    for (seat, who) in answer.who.iter().take(4) {
        x = badge(ui, pos2(x, middle), &reviewing.initial(*who), person(*seat, theme), theme) + 4.0;
    }
    let mut names: Vec<String> = answer.who.iter().map(|(_, who)| reviewing.name(*who)).collect();
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    let names = if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") };
    let least = if ui.max_rect().width() < WIDE { 60.0 } else { 120.0 };
    let width = parts::text(ui, pos2(x + 2.0, middle), &names, fonts::medium(13.0), theme.text, 190.0);
    x += width.max(least - 40.0) + 16.0;
    let mut right = rect.right();
    if taken {
        parts::check(ui.painter(), pos2(right - 8.0, middle), theme.good);
        right -= 24.0;
    }
    say(ui, draw, desk, side, (x, right, middle));
    let said = words::says(&draw.session.schema, &desk.document.text, side);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, can, format!("Take {names}: {said}")));
    if response.clicked() && can {
        let digit = u8::try_from(first + 1).unwrap_or(u8::MAX);
        draw.run(Command::Review(Review::Take(digit)));
        draw.asks.push(Ask::Focus(Pane::Page));
    }
}

/// It stands in gold as this one has it.
fn taken(reviewing: &Reviewing, desk: &Desk, difference: &Difference, who: usize) -> bool {
    let State::Settled(id) = desk.state(difference) else { return false };
    let Some(decision) = desk.gold.decision(&id) else { return false };
    !reviewing.is_blind() && decision.annotator.as_ref() == reviewing.annotators.get(who)
}

/// What they say: a chip with the label and the words, or in words what it is not.
fn say(ui: &Ui, draw: &Draw<'_>, desk: &Desk, side: &Side, (mut x, right, middle): (f32, f32, f32)) {
    let (session, theme) = (draw.session, draw.theme);
    let reading = &mut *draw.reading.borrow_mut();
    match side {
        Side::Spans(spans) => {
            for (index, span) in spans.iter().enumerate() {
                if index > 0 {
                    x += parts::text(ui, pos2(x + 6.0, middle), "and", fonts::regular(12.0), theme.secondary, 40.0)
                        + 12.0;
                }
                let colour = parts::colour(&session.schema, &span.label, theme);
                let name = parts::name(&session.schema, &span.label);
                let chip = parts::chip(ui, pos2(x, middle), name, colour, 150.0, theme);
                x = chip.right() + 8.0;
                let quote: String = span.ranges.quote(&desk.document.text).chars().take(300).collect();
                let values = words::values(&span.attributes);
                let values = parts::line(ui, &values, fonts::regular(12.0), theme.secondary, (right - x) * 0.5);
                let room = right - x - values.size().x - 4.0;
                let line = Line { serif: true, ..Line::new(&quote, 14.5, theme.text, room.max(20.0)) };
                let shown = line.show(ui, reading, pos2(x, middle));
                x = shown.right() + 4.0;
                x += parts::put(ui.painter(), pos2(x, middle), values);
            }
        }
        side => {
            let said = words::says(&session.schema, &desk.document.text, side);
            let quiet = matches!(side, Side::Absent | Side::Nothing);
            let colour = if quiet { theme.secondary } else { theme.text };
            Line::new(&said, 13.0, colour, (right - x).max(20.0)).show(ui, reading, pos2(x, middle));
        }
    }
}

/// A disc with a letter in someone's colour. Returns its right edge.
pub fn badge(ui: &Ui, left: egui::Pos2, initial: &str, colour: egui::Color32, theme: &Theme) -> f32 {
    let galley = parts::line(ui, initial, fonts::semibold(10.5), theme.page, 30.0);
    let width = (galley.size().x + 8.0).max(17.0);
    let rect = Rect::from_min_size(pos2(left.x, (left.y - 8.5).round()), vec2(width, 17.0));
    ui.painter().rect_filled(rect, CornerRadius::same(8), colour);
    let at = pos2(rect.center().x - galley.size().x / 2.0, rect.center().y);
    parts::put(ui.painter(), at, galley);
    rect.right()
}

/// The reason, and the keys for what nobody said.
fn foot(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, reviewing: &Reviewing, inner: Rect) {
    let theme = draw.theme;
    let rect =
        Rect::from_min_max(pos2(inner.left(), inner.bottom() - FOOT - 4.0), pos2(inner.right(), inner.bottom() - 4.0));
    let middle = rect.center().y;
    let mut x = rect.left();
    if reviewing.draft.chooses_label {
        x += parts::text(ui, pos2(x, middle), "Which label?", fonts::semibold(13.0), theme.text, 120.0) + 12.0;
        for label in draw.session.schema.labels.iter().filter(|label| !label.retired) {
            let Some(key) = label.key else { continue };
            let colour = parts::colour_of(label, theme);
            let cap = parts::cap(ui, pos2(x + 17.0, middle), &key.to_uppercase().to_string(), theme);
            let chip = parts::chip(ui, pos2(cap.right() + 6.0, middle), &label.name, colour, 140.0, theme);
            x = chip.right() + 16.0;
            if x > rect.right() - 60.0 {
                break;
            }
        }
        return;
    }
    if matches!(&view.draft, Some(draft) if draft.of == DraftOf::Reason) {
        let place = Rect::from_min_max(pos2(rect.left(), rect.top() + 2.0), pos2(rect.right(), rect.bottom() - 2.0));
        let mut child = ui.new_child(UiBuilder::new().max_rect(place));
        if let Some(draft) = &mut view.draft {
            let width = place.width() - 20.0;
            parts::field(&mut child, ids::reason(), &mut draft.words, "Why it is settled so", "Reason", width, theme);
        }
        return;
    }
    if reviewing.feedback {
        parts::text(ui, pos2(x, middle), "To read, not to change", fonts::regular(12.0), theme.secondary, rect.width());
        return;
    }
    let drawn = reviewing.draft.edges.is_some();
    let settled = reviewing.case().is_some_and(|case| case.progress == Progress::Settled);
    let actions: &[(Action, &str)] = if settled && !drawn {
        &[
            (Action::Reason, "reason"),
            (Action::GuidelineCase, "into the guidelines"),
            (Action::NothingHere, "nothing here"),
            (Action::ChooseLabel, "another label"),
            (Action::TakeUnion, "all of it"),
            (Action::TakeIntersection, "what all marked"),
        ]
    } else if drawn {
        &[(Action::NextDifference, "settle these edges"), (Action::Escape, "give them up")]
    } else {
        &[
            (Action::TakeUnion, "all of it"),
            (Action::TakeIntersection, "what all marked"),
            (Action::NothingHere, "nothing here"),
            (Action::ChooseLabel, "another label"),
            (Action::Reason, "reason"),
            (Action::SkipDifference, "later"),
        ]
    };
    for (action, words) in actions {
        let words = match action {
            Action::Reason if !settled && !reviewing.draft.reason.is_empty() => reviewing.draft.reason.as_str(),
            _ => words,
        };
        let key = draw.session.keymap.key_of(action).map(parts::spelled).unwrap_or_default();
        let galley = parts::line(ui, words, fonts::regular(12.0), theme.secondary, 180.0);
        let cap = parts::line(ui, &key, fonts::medium(11.0), theme.secondary, 80.0).size().x.max(8.0) + 9.0;
        let width = cap + 6.0 + galley.size().x;
        if x + width > rect.right() {
            break;
        }
        let place = Rect::from_min_size(pos2(x - 4.0, middle - 12.0), vec2(width + 8.0, 24.0));
        let response = ui.interact(place, ui.scope_id().with(action.info().id), Sense::click());
        parts::back(ui, place, &response, false, theme);
        let cap = parts::cap(ui, pos2(x + cap, middle), &key, theme);
        parts::put(ui.painter(), pos2(cap.right() + 6.0, middle), galley);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, action.info().title));
        if response.clicked() {
            draw.act(action.clone());
            if *action != Action::Reason {
                draw.asks.push(Ask::Focus(Pane::Page));
            }
        }
        response.on_hover_text(action.info().help);
        x += width + 16.0;
    }
}
