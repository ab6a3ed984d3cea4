//! How the text that is read is set: choices, and the actions that change them.

use serde::{Deserialize, Serialize};

use super::{Settings, TEXT_SIZES};
use crate::session::Action;

/// From one line to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LineSpacing {
    Compact,
    #[default]
    Normal,
    Loose,
}

/// How long a line is at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ColumnWidth {
    Narrow,
    #[default]
    Normal,
    Wide,
    Widest,
}

impl LineSpacing {
    pub const ALL: [Self; 3] = [Self::Compact, Self::Normal, Self::Loose];

    /// Height of a line, in sizes of the text.
    pub const fn height(self) -> f32 {
        match self {
            Self::Compact => 1.5,
            Self::Normal => 30.0 / 17.5,
            Self::Loose => 2.1,
        }
    }
}

impl ColumnWidth {
    pub const ALL: [Self; 4] = [Self::Narrow, Self::Normal, Self::Wide, Self::Widest];

    /// Points at a text size of 17.5; larger text has longer lines.
    pub const fn points(self) -> f32 {
        match self {
            Self::Narrow => 480.0,
            Self::Normal => 610.0,
            Self::Wide => 750.0,
            Self::Widest => 900.0,
        }
    }
}

impl Settings {
    /// Whether what an action switches is on; `None` for actions that are no switch.
    pub const fn is_on(&self, action: &Action) -> Option<bool> {
        match action {
            Action::SansSerif => Some(!self.serif),
            Action::LineNumbers => Some(self.line_numbers),
            Action::FoldBoilerplate => Some(self.fold_boilerplate),
            Action::ShowInvisible => Some(self.show_invisible),
            _ => None,
        }
    }

    /// Does an action that says how text is read; other actions do nothing.
    pub fn read(&mut self, action: &Action) {
        match action {
            Action::LargerText => self.text_size = (self.text_size + 0.5).min(*TEXT_SIZES.end()),
            Action::SmallerText => self.text_size = (self.text_size - 0.5).max(*TEXT_SIZES.start()),
            Action::SansSerif => self.serif = !self.serif,
            Action::ColumnWider => self.column_width = beside(ColumnWidth::ALL, self.column_width, true),
            Action::ColumnNarrower => self.column_width = beside(ColumnWidth::ALL, self.column_width, false),
            Action::LinesApart => self.line_spacing = beside(LineSpacing::ALL, self.line_spacing, true),
            Action::LinesTogether => self.line_spacing = beside(LineSpacing::ALL, self.line_spacing, false),
            Action::LineNumbers => self.line_numbers = !self.line_numbers,
            Action::FoldBoilerplate => self.fold_boilerplate = !self.fold_boilerplate,
            Action::ShowInvisible => self.show_invisible = !self.show_invisible,
            _ => {}
        }
    }
}

/// The next choice, or the one before; the last and the first stay.
fn beside<T: Copy + PartialEq, const N: usize>(all: [T; N], now: T, next: bool) -> T {
    let at = all.iter().position(|choice| *choice == now).unwrap_or(0);
    let at = if next { (at + 1).min(N - 1) } else { at.saturating_sub(1) };
    all.get(at).copied().unwrap_or(now)
}
