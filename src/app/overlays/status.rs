//! The status menu (Ctrl+.): what is said of a document as a whole, with a digit each.

use egui::{Role, Ui, WidgetInfo, vec2};

use super::super::fonts;
use super::super::parts;
use super::super::request::Ask;
use super::super::view::{Overlay, ids};
use super::super::work::Draw;
use super::{At, float};
use crate::annotation::Status;
use crate::session::keymap::{Chord, Key};
use crate::session::{Action, Command, Session};

/// The menu, or the reason that one of its entries asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatusMenu {
    Menu,
    Reason { skip: bool, words: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Flag,
    Unflag,
    Note,
    Skip,
    Finish,
    Reopen,
    Hide,
}

impl Entry {
    const fn title(self) -> &'static str {
        match self {
            Self::Flag => "Flag with a reason…",
            Self::Unflag => "Remove the flag",
            Self::Note => "Note on the selected span…",
            Self::Skip => "Skip…",
            Self::Finish => "Finish, stay here",
            Self::Reopen => "Reopen",
            Self::Hide => "Hide document",
        }
    }
}

fn entries(session: &Session) -> Vec<Entry> {
    let layer = session.open.as_ref().and_then(|open| open.shown());
    let flagged = layer.is_some_and(|layer| layer.flag.is_some());
    let done = layer.is_some_and(|layer| matches!(layer.status, Status::Finished | Status::Skipped));
    vec![
        if flagged { Entry::Unflag } else { Entry::Flag },
        Entry::Note,
        Entry::Skip,
        if done { Entry::Reopen } else { Entry::Finish },
        Entry::Hide,
    ]
}

/// Reasons that one digit gives. They are kept as they stand here, as words of one's own would be.
const SKIPPED: [&str; 5] =
    ["Not an article", "Another language", "The same as another document", "Damaged text", "Not about our subject"];
const FLAGGED: [&str; 4] =
    ["I am not sure about a label", "The guidelines do not say", "The text is damaged", "A good example to discuss"];

fn reasons(skip: bool) -> &'static [&'static str] {
    if skip { &SKIPPED } else { &FLAGGED }
}

/// What a reason becomes.
fn because(skip: bool, reason: String) -> Vec<Ask> {
    let command = match (skip, reason.is_empty()) {
        (true, _) => Command::Skip { reason },
        (false, true) => Command::SetFlag(None),
        (false, false) => Command::SetFlag(Some(reason)),
    };
    vec![Ask::CloseOverlay, Ask::Run(command)]
}

impl StatusMenu {
    /// Straight to why it is skipped; nothing need be said.
    pub fn skip() -> Self {
        Self::Reason { skip: true, words: String::new() }
    }

    /// Straight to the flag's reason.
    pub fn flag(session: &Session) -> Self {
        let layer = session.open.as_ref().and_then(|open| open.shown());
        let words = layer.and_then(|layer| layer.flag.clone()).unwrap_or_default();
        Self::Reason { skip: false, words }
    }

    pub fn key(&mut self, session: &Session, chord: Chord) -> Option<Vec<Ask>> {
        if chord.ctrl || chord.alt || chord.shift {
            return None;
        }
        match (&*self, chord.key) {
            (Self::Menu, Key::Char(digit @ '1'..='9')) => {
                let entry = *entries(session).get(digit as usize - '1' as usize)?;
                Some(asks(entry, session))
            }
            (Self::Reason { skip, words }, Key::Enter) => Some(because(*skip, words.trim().to_owned())),
            // As long as nothing was typed, a digit is a choice.
            (Self::Reason { skip, words }, Key::Char(digit @ '1'..='9')) if words.is_empty() => {
                let reason = reasons(*skip).get(digit as usize - '1' as usize)?;
                Some(because(*skip, (*reason).to_owned()))
            }
            _ => None,
        }
    }

    pub fn show(&mut self, ui: &Ui, draw: &mut Draw<'_>) -> bool {
        let (session, theme) = (draw.session, draw.theme);
        match self {
            Self::Menu => {
                let (chosen, stays) = float(ui, "status", &At::Top, 300.0, theme, |ui| {
                    let mut chosen = None;
                    for (index, entry) in entries(session).into_iter().enumerate() {
                        let (rect, response) = parts::row(ui, 28.0, false, 0.0, theme);
                        let left = rect.left_center() + vec2(8.0, 0.0);
                        parts::text(ui, left, entry.title(), fonts::regular(13.0), theme.text, rect.width() - 48.0);
                        parts::cap(ui, rect.right_center() - vec2(8.0, 0.0), &(index + 1).to_string(), theme);
                        response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, entry.title()));
                        if response.clicked() {
                            chosen = Some(entry);
                        }
                    }
                    chosen
                });
                match chosen {
                    Some(entry) => {
                        draw.asks.extend(asks(entry, session));
                        true
                    }
                    None => stays,
                }
            }
            Self::Reason { skip, words } => {
                let title = if *skip { "Why is it skipped?" } else { "Why should someone look again?" };
                let hint = if *skip {
                    "Or in your own words; Enter alone skips without a reason"
                } else {
                    "Or in your own words"
                };
                let (chosen, stays) = float(ui, "status", &At::Top, 420.0, theme, |ui| {
                    parts::heading(ui, title, theme);
                    let mut chosen = None;
                    for (index, reason) in reasons(*skip).iter().enumerate() {
                        let (rect, response) = parts::row(ui, 28.0, false, 0.0, theme);
                        let left = rect.left_center() + vec2(8.0, 0.0);
                        parts::text(ui, left, reason, fonts::regular(13.0), theme.text, rect.width() - 48.0);
                        if words.is_empty() {
                            parts::cap(ui, rect.right_center() - vec2(8.0, 0.0), &(index + 1).to_string(), theme);
                        }
                        response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, *reason));
                        if response.clicked() {
                            chosen = Some(because(*skip, (*reason).to_owned()));
                        }
                    }
                    ui.add_space(8.0);
                    let width = ui.available_width();
                    parts::field(ui, ids::overlay(), words, hint, title, width, theme);
                    chosen
                });
                if let Some(asks) = chosen {
                    draw.asks.extend(asks);
                    return true;
                }
                stays
            }
        }
    }
}

fn asks(entry: Entry, session: &Session) -> Vec<Ask> {
    match entry {
        Entry::Flag => vec![Ask::Open(Overlay::Status(StatusMenu::flag(session)))],
        Entry::Unflag => vec![Ask::CloseOverlay, Ask::Run(Command::SetFlag(None))],
        Entry::Note => vec![Ask::CloseOverlay, Ask::Act(Action::EditNote)],
        Entry::Skip => vec![Ask::Act(Action::Skip)],
        Entry::Finish => vec![Ask::CloseOverlay, Ask::Run(Command::SetStatus(Status::Finished))],
        Entry::Reopen => vec![Ask::CloseOverlay, Ask::Run(Command::SetStatus(Status::InProgress))],
        Entry::Hide => vec![Ask::CloseOverlay, Ask::Act(Action::HideDocument)],
    }
}
