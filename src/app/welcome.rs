//! [`Welcome`]: the first screen, where no project is open.

use egui::Ui;

use super::request::Request;
use super::window::Shared;

/// The screen before a project is open.
#[derive(Debug, Default)]
pub struct Welcome {}

impl Welcome {
    pub fn frame(&mut self, ui: &mut Ui, shared: &mut Shared) -> Vec<Request> {
        ui.painter().rect_filled(ui.max_rect(), 0.0, shared.theme(ui.ctx()).page);
        Vec::new()
    }
}
