//! Reviewing in the window: the queue at the left, the page with all layers at once, the strip below it with what each says, and at the
//! right where gold comes from.

mod empty;
pub mod gold;
mod page;
mod queue;
mod strip;

use egui::{CentralPanel, Frame, Panel, Ui};

use super::super::sides::Kept;
use super::super::view::View;
use super::super::window::Shared;
use super::super::work::Draw;
use super::rows::Rows;
use crate::session::Reviewing;

/// What is only for the eye.
#[derive(Debug, Default)]
pub struct ReviewView {
    rows: Rows,
    /// The row that was brought into view last, and the revision of the review then.
    followed: Option<(u32, usize)>,
    pub kept: Kept,
}

/// Points: the panels beside the page.
pub const LEFT: f32 = 288.0;
pub const RIGHT: f32 = 252.0;

/// At the left, in the place of the list.
pub fn left(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, reviewing: &Reviewing) {
    queue::show(ui, draw, &mut view.review, reviewing);
}

/// At the right, in the place of the inspector.
pub fn right(ui: &mut Ui, draw: &mut Draw<'_>, reviewing: &Reviewing) {
    gold::show(ui, draw, reviewing);
}

/// In the middle.
pub fn middle(ui: &mut Ui, draw: &mut Draw<'_>, view: &mut View, shared: &mut Shared, reviewing: &Reviewing) {
    let shown = reviewing.desk.as_ref().filter(|_| reviewing.current.is_some());
    let (Some(desk), Some(_)) = (shown, &view.page) else {
        empty::show(ui, draw, reviewing);
        return;
    };
    if let Some(difference) = reviewing.difference() {
        let answers = strip::answers(reviewing, difference);
        let height = strip::height(&answers, ui.max_rect().height());
        let bar = Panel::bottom("difference").exact_size(height).resizable(false).show_separator_line(false);
        bar.frame(Frame::NONE.fill(draw.theme.panel)).show(ui, |ui| {
            strip::show(ui, draw, view, (reviewing, desk, difference), &answers);
        });
    }
    CentralPanel::default().frame(Frame::NONE.fill(draw.theme.page)).show(ui, |ui| {
        page::show(ui, draw, view, shared, (reviewing, desk));
    });
}
