//! What counts as empty: white space that separates, and what is invisible at a span's ends.

use super::graphemes;

/// White space that stands between words: Unicode `White_Space` and the zero width space.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || character == '\u{200b}'
}

/// Nothing to see: white space, soft hyphen, byte order mark, word joiner, marks and controls of direction.
///
/// Such characters may stand inside a word; at the ends of a unit they are trimmed.
pub(super) fn is_blank(character: char) -> bool {
    is_space(character)
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

/// The range without blank graphemes at both ends; empty, at its start, if there is nothing else. Linear in what goes.
pub(super) fn trim(text: &str, start: usize, end: usize) -> (usize, usize) {
    let (mut from, mut to) = (start, end);
    while from < to && text[from..to].starts_with(is_blank) {
        let plain = plain_spaces(text[from..to].bytes());
        let next = if plain > 1 { from + plain - 1 } else { graphemes::next(text, from).min(to) };
        if !text[from..next].chars().all(is_blank) {
            break;
        }
        from = next;
    }
    while from < to && text[from..to].ends_with(is_blank) {
        let plain = plain_spaces(text[from..to].bytes().rev());
        let previous = if plain > 1 { to - (plain - 1) } else { graphemes::previous(text, to).max(from) };
        if !text[previous..to].chars().all(is_blank) {
            break;
        }
        to = previous;
    }
    if from < to { (from, to) } else { (start, start) }
}

/// How many bytes of ASCII white space come first; all but the last of them are surely graphemes by themselves or CRLF.
fn plain_spaces(bytes: impl Iterator<Item = u8>) -> usize {
    bytes.take_while(u8::is_ascii_whitespace).count()
}
