//! The whole program without a window: what can be asked for, what it means now, and doing it.

pub mod action;
pub mod asking;
pub mod check;
mod clock;
mod command;
pub mod export;
pub mod import;
mod intake;
mod journal;
pub mod keymap;
mod linking;
mod list;
mod marking;
pub mod motion;
mod open;
mod output;
mod path;
mod place;
pub mod report;
pub mod resolve;
pub mod sample;
pub mod search;
mod selection;
#[expect(clippy::module_inception, reason = "`session::session` holds `Session`")]
mod session;
pub mod settings;
mod sources;
pub mod stats;
pub mod templates;
mod trail;
pub mod workspace;

pub use action::{Action, Group, Info, Motion, Reason};
pub use asking::Asking;
pub use clock::Clock;
pub use command::{Command, Edge, Notice, NoticeKind, Outcome, Owner};
pub use journal::Wake;
pub use linking::Linking;
pub use list::DocumentList;
pub use open::OpenDocument;
pub use session::{Session, Start};
