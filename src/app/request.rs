//! [`Request`] and [`Ask`]: what the parts of the window ask for. Drawing changes nothing; it returns these.

use crate::session::plan::Options;
use crate::session::report::Report;
use crate::session::settings::ThemeChoice;
use crate::session::workspace::{NewProject, Opened};
use crate::session::{Action, Command, Notice};

use super::dialogs::Dialog;
use super::errand::Errand;
use super::view::{Overlay, Pane};

/// What a screen or a dialog asks of the window.
#[derive(Debug)]
pub enum Request {
    /// Show a dialog over the screen; it takes the keys until it closes.
    Show(Dialog),
    /// An action of the catalogue that only the window can do: open, import, export, settings, full screen, quit.
    Act(Action),
    /// Run a command on the open project, and give the keys to its page.
    Run(Command),
    /// Go to a project.
    Go(Errand),
    /// Work on this from now on. With the report of its making, where there is something to tell.
    Opened(Box<Opened>, Option<Report>),
    /// Change what a new project was to be, and try again.
    Again(Box<NewProject>),
    /// Something was imported into the open project.
    Imported,
    /// The annotator's name may have changed.
    Renamed,
    /// Leave the project for the welcome screen.
    Close,
    Theme(ThemeChoice),
    Tell(Notice),
    /// Open a file with the system's program for it.
    OpenFile(std::path::PathBuf),
    Quit,
}

/// What a part of the work screen asks for while it is drawn.
#[derive(Debug)]
pub enum Ask {
    Run(Command),
    /// What the pointer did on the page: nothing scrolls, for the text must not move away under it.
    Pointed(Command),
    Act(Action),
    /// It was chosen in the palette, and stands at its top next time.
    Used(Action),
    Request(Request),
    Open(Overlay),
    /// Make the plan in the preview anew: with these options, in the project or in the document.
    Plan {
        options: Option<Options>,
        project: bool,
    },
    /// Carry out the plan in the preview.
    Mark,
    /// Close whatever lies over the page.
    CloseOverlay,
    Focus(Pane),
    /// Give the keys to a field.
    Field(egui::Id),
    /// Open `guidelines.md` with the system's program for it.
    OpenGuidelines,
    /// Set this attribute (by its place among those shown) of the selected span or the document.
    Attribute(Option<usize>),
    /// Of the search through the project.
    Look(Looking),
    /// Of the find bar.
    Find(Finds),
}

/// What the find bar asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finds {
    /// Something else is looked for from now on.
    Typed,
    Close,
}

/// What the search panel asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking {
    /// Look for what is typed.
    Begin,
    /// Give the keys to its field.
    Field,
    /// Go to the next result, or the previous one.
    Step(bool),
    /// Go to this row of the results.
    Visit(usize),
    /// Show the documents that were found in the list.
    List,
    Stop,
    Close,
}
