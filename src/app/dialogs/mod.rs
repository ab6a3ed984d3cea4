//! [`Dialog`]: what lies over a screen and takes the keys until it closes.

use egui::Ui;

use super::request::Request;
use super::window::Shared;
use crate::session::{Action, Session};

/// A dialog over the screen.
#[derive(Debug)]
pub enum Dialog {}

impl Dialog {
    /// The dialog that an action opens, if it opens one.
    pub fn of(action: &Action, session: Option<&Session>) -> Option<Self> {
        let _ = (action, session);
        None
    }

    /// Draws it. `false`: it closes.
    pub fn frame(&mut self, ui: &mut Ui, shared: &mut Shared, requests: &mut Vec<Request>) -> bool {
        let _ = (ui, shared, requests);
        match *self {}
    }
}
