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
    SkipWhy,
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
            Self::Skip => "Skip",
            Self::SkipWhy => "Skip with a reason…",
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
        Entry::SkipWhy,
        if done { Entry::Reopen } else { Entry::Finish },
        Entry::Hide,
    ]
}

impl StatusMenu {
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
            (Self::Reason { skip, words }, Key::Enter) => {
                let reason = words.trim().to_owned();
                let command = match (skip, reason.is_empty()) {
                    (true, _) => Command::Skip { reason },
                    (false, true) => Command::SetFlag(None),
                    (false, false) => Command::SetFlag(Some(reason)),
                };
                Some(vec![Ask::CloseOverlay, Ask::Run(command)])
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
                let ((), stays) = float(ui, "status", &At::Top, 380.0, theme, |ui| {
                    parts::heading(ui, title, theme);
                    let width = ui.available_width();
                    parts::field(ui, ids::overlay(), words, "Enter saves", title, width, theme);
                });
                stays
            }
        }
    }
}

fn asks(entry: Entry, session: &Session) -> Vec<Ask> {
    let reason = |skip| vec![Ask::Open(Overlay::Status(StatusMenu::Reason { skip, words: String::new() }))];
    match entry {
        Entry::Flag => vec![Ask::Open(Overlay::Status(StatusMenu::flag(session)))],
        Entry::SkipWhy => reason(true),
        Entry::Unflag => vec![Ask::CloseOverlay, Ask::Run(Command::SetFlag(None))],
        Entry::Note => vec![Ask::CloseOverlay, Ask::Act(Action::EditNote)],
        Entry::Skip => vec![Ask::CloseOverlay, Ask::Act(Action::Skip)],
        Entry::Finish => vec![Ask::CloseOverlay, Ask::Run(Command::SetStatus(Status::Finished))],
        Entry::Reopen => vec![Ask::CloseOverlay, Ask::Run(Command::SetStatus(Status::InProgress))],
        Entry::Hide => vec![Ask::CloseOverlay, Ask::Act(Action::HideDocument)],
    }
}
