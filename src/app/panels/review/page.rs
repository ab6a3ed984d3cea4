//! The page with all layers at once. A click on a line goes to its difference.

use std::ops::Range;

use egui::{Color32, Role, Ui, WidgetInfo};

use super::super::super::parts;
use super::super::super::reading::{Header, PageEvent, PageInput};
use super::super::super::sides::Sides;
use super::super::super::theme::Theme;
use super::super::super::view::View;
use super::super::super::window::Shared;
use super::super::super::work::Draw;
use super::super::page::reading_settings;
use crate::review::{Side, State};
use crate::session::reviewing::{Desk, Review};
use crate::session::{Command, Reviewing, Session};

/// Points from lane to lane where each person has one, so that their letters fit beside them.
const APART: f32 = 9.0;

pub fn show(
    ui: &mut Ui,
    draw: &mut Draw<'_>,
    view: &mut View,
    shared: &mut Shared,
    (reviewing, desk): (&Reviewing, &Desk),
) {
    let session = draw.session;
    let Some(open) = &session.open else { return };
    view.review.kept.at(reviewing.annotators.len(), open.revision + 1);
    let mut settings = reading_settings(&shared.settings);
    if reviewing.annotators.len() != 2 {
        settings.lane = APART;
    }
    let folds = std::sync::Arc::default();
    let document = &open.document;
    let meta = ["source", "date"].iter().filter_map(|key| document.meta_text(key)).filter(|words| !words.is_empty());
    let meta = meta.collect::<Vec<_>>().join("  ·  ");
    let title = document.meta_text("title").filter(|title| !title.is_empty()).unwrap_or(document.id.as_str());
    let Some(seen) = &mut view.page else { return };
    if !std::mem::replace(&mut seen.warmed, true) {
        shared.reading.borrow().prewarm(open.text());
    }
    let marks = Sides::new(session, reviewing, (desk, open), draw.theme, &view.review.kept);
    let drawn = reviewing.draft.drawn();
    let standing = if drawn.is_empty() { stands(reviewing, desk) } else { Vec::new() };
    let preview = match (drawn.is_empty(), standing.is_empty()) {
        (false, _) => Some((drawn.iter().map(|range| range.start()..range.end()).collect(), draw.theme.accent)),
        (true, false) => Some((standing, draw.theme.good)),
        (true, true) => looked_at(session, reviewing, draw.theme),
    };
    let input = PageInput {
        theme: draw.theme,
        settings,
        header: Header { title, meta: &meta },
        marks: &marks,
        caret: None,
        affinity: super::super::super::reading::Affinity::default(),
        folds: &folds,
        selection: session.selection().map(|range| range.start()..range.end()),
        preview,
        arrows: &[],
        handle: None,
    };
    let output = ui.push_id("page", |ui| seen.page.ui(ui, &mut shared.reading.borrow_mut(), &input)).inner;
    view.page_id = Some(output.response.id);
    output.response.widget_info(|| WidgetInfo::labeled(Role::Document, true, title));
    for event in output.events {
        let PageEvent::Pressed { hit, .. } = event else { continue };
        let case = hit.marks.iter().find_map(|mark| {
            let (who, span) = view.review.kept.span(*mark)?;
            let (key, _) = desk.case_of(who, &span)?;
            reviewing.queue.find(&desk.document.id, key)
        });
        if let Some(case) = case {
            draw.run(Command::Review(Review::Go(case)));
        }
    }
}

/// Where more than two are compared, what the difference is about is filled once and not for each.
fn looked_at(session: &Session, reviewing: &Reviewing, theme: &Theme) -> Option<(Vec<Range<usize>>, Color32)> {
    let difference = reviewing.difference().filter(|_| reviewing.annotators.len() != 2)?;
    let spans = difference.sides.iter().flat_map(Side::spans);
    let mut ranges: Vec<_> =
        spans.flat_map(|span| span.ranges.as_slice()).map(|range| range.start()..range.end()).collect();
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut().filter(|last| range.start <= last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => merged.push(range),
        }
    }
    let label = difference.label.as_ref()?;
    Some((merged, parts::colour(&session.schema, label, theme)))
}

/// What gold has here, of a difference that is settled.
fn stands(reviewing: &Reviewing, desk: &Desk) -> Vec<Range<usize>> {
    let decision = reviewing.difference().and_then(|difference| match desk.state(difference) {
        State::Settled(id) => desk.gold.decision(&id),
        _ => None,
    });
    let spans = decision.into_iter().flat_map(|decision| &decision.spans);
    let spans = spans.filter_map(|id| desk.gold.layer().span(id));
    let mut ranges: Vec<_> =
        spans.flat_map(|span| span.ranges.as_slice()).map(|range| range.start()..range.end()).collect();
    ranges.sort_by_key(|range| range.start);
    ranges
}
