//! The units of a text: graphemes, words, sentences, lines, paragraphs, quotations; snapping to them, moving among them.
//!
//! Pure functions of a text and a place. Offsets are bytes; one past the end, or inside a character, counts as the place before. No
//! function that asks about one place reads the whole text, however long it is or its lines are: each says how far it looks.

mod abbreviations;
mod address;
mod blank;
mod block;
mod bounds;
mod dictionary;
mod graphemes;
mod join;
mod lines;
mod marks;
mod piece;
mod quotations;
mod sentences;
mod stops;
mod tokens;
mod words;

use serde::{Deserialize, Serialize};

use super::{Text, TextRange};

pub use dictionary::writes_no_spaces;
pub use graphemes::{is_grapheme_boundary, next_grapheme, previous_grapheme, snap_to_grapheme, whole_graphemes};
pub use lines::{line_at, next_paragraph, previous_paragraph};
pub use quotations::{Quotation, quotation_at, quotations};
pub use sentences::{next_sentence, previous_sentence, sentences};
pub use tokens::{Token, tokens};
pub use words::{next_word, previous_word, words};

/// The units to which a label's spans snap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Snap {
    /// What a reader takes for one character.
    Graphemes,
    /// Words and marks: `Kerry`, `build-up`, `U.S.`, `3.5%`.
    #[default]
    Words,
    Sentences,
    Lines,
    /// A balanced quotation with its marks; words where there is none.
    Quotation,
}

/// The smallest extent made of whole units that covers `range`, without blank ends.
///
/// A range with nothing to see in it stays as it is, widened to graphemes. Snapping twice is snapping once.
pub fn snap(text: &Text, range: TextRange, how: Snap) -> TextRange {
    let exact = whole_graphemes(text, range);
    let content = text.as_str();
    let (start, end) = blank::trim(content, exact.start(), exact.end());
    if start == end {
        return exact;
    }
    match how {
        Snap::Graphemes => TextRange::new(start, end),
        Snap::Words => words::cover(content, start, end),
        Snap::Sentences => sentences::cover(content, start, end),
        Snap::Lines => lines::lines_of(content, start, end).unwrap_or(exact),
        Snap::Quotation => quotations::cover(content, start, end),
    }
}

/// The unit at a caret; `None` where there is none to mark.
///
/// - `Graphemes`: the one after the caret, at the end of a line the one before.
/// - `Words`: the word that the caret touches, before any mark; the one after it if both sides have one.
/// - `Sentences`, `Lines`: the one on which the caret stands, white space between belonging to what precedes it.
/// - `Quotation`: the innermost balanced quotation that the caret touches, with its marks.
pub fn unit_at(text: &Text, offset: usize, how: Snap) -> Option<TextRange> {
    let offset = snap_to_grapheme(text, offset);
    let content = text.as_str();
    match how {
        Snap::Graphemes => graphemes::grapheme_at(content, offset),
        Snap::Words => words::word_at(content, offset),
        Snap::Sentences => sentences::sentence_at(content, offset),
        Snap::Lines => lines::lines_of(content, offset, offset),
        Snap::Quotation => quotations::closed_at(content, offset),
    }
}
