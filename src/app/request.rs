//! [`Request`] and [`Ask`]: what the parts of the window ask for. Drawing changes nothing; it returns these.

use crate::session::settings::ThemeChoice;
use crate::session::{Action, Command, Notice, Session};

use super::dialogs::Dialog;
use super::view::{Overlay, Pane};

/// What a screen or a dialog asks of the window.
#[derive(Debug)]
pub enum Request {
    /// Show a dialog over the screen; it takes the keys until it closes.
    Show(Dialog),
    /// An action of the catalogue that only the window can do: open, import, export, settings, full screen, quit.
    Act(Action),
    /// Work on this from now on.
    Open(Box<Session>),
    /// Leave the project for the welcome screen.
    Close,
    Theme(ThemeChoice),
    Tell(Notice),
    Quit,
}

/// What a part of the work screen asks for while it is drawn.
#[derive(Debug)]
pub enum Ask {
    Run(Command),
    Act(Action),
    Request(Request),
    Open(Overlay),
    /// Close whatever lies over the page.
    CloseOverlay,
    Focus(Pane),
    /// Set this attribute (by its place among those shown) of the selected span or the document.
    Attribute(Option<usize>),
}
