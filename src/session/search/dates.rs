//! Times in a query: `2026`, `2026-03`, `2026-03..2026-05`, `>2026-01`. Dates of documents are compared as they are written, which is right
//! for dates that begin with the year.

use std::ops::Range;

use super::read::Mistake;
use super::token::Piece;

/// After every date that begins with what stands before it.
const LAST: char = char::MAX;

/// From the first that is meant (included) to the first that is not any more. A document without a date is in none.
pub(super) fn read(piece: &Piece) -> Result<Range<String>, Mistake> {
    let words = piece.words.as_str();
    let date = |words: &str| {
        if is_date(words) {
            return Ok(words.to_owned());
        }
        let sentence =
            format!("“{words}” is no date. Write 2026, 2026-03 or 2026-03-15, or 2026-03..2026-05 for all between");
        Err(Mistake { place: piece.place.clone(), sentence })
    };
    let after = |words: &str| date(words).map(|date| format!("{date}{LAST}"));
    let (first, last) = ("\u{1}".to_owned(), LAST.to_string());
    let range = if let Some((from, to)) = words.split_once("..") {
        let from = if from.is_empty() { first } else { date(from)? };
        let to = if to.is_empty() { last } else { after(to)? };
        from..to
    } else if let Some(words) = words.strip_prefix(">=") {
        date(words)?..last
    } else if let Some(words) = words.strip_prefix('>') {
        after(words)?..last
    } else if let Some(words) = words.strip_prefix("<=") {
        first..after(words)?
    } else if let Some(words) = words.strip_prefix('<') {
        first..date(words)?
    } else {
        date(words)?..after(words)?
    };
    if range.start >= range.end {
        let sentence = format!("“{words}” is no time: its end lies before its beginning");
        return Err(Mistake { place: piece.place.clone(), sentence });
    }
    Ok(range)
}

/// A year, a month, a day, or a beginning of an RFC 3339 time.
fn is_date(words: &str) -> bool {
    let form = "dddd-dd-ddTdd:dd:dd";
    let fits =
        words.chars().zip(form.chars()).all(|(c, form)| if form == 'd' { c.is_ascii_digit() } else { c == form });
    fits && matches!(words.len(), 4 | 7 | 10 | 13 | 16 | 19)
}
