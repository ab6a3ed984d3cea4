//! The text of a file, put together from its sentences, and where its words stand in it.

use super::cell::plain;

/// What stands between two sentences is not in the file, only how long it is; no text leaves out more than this.
const GAP: usize = 1 << 16;

/// How far behind the last word the next one is looked for, in bytes.
const NEAR: usize = 1 << 14;

/// One row: a word, or a piece of the word before it (`1-2.1`).
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub line: usize,
    /// The whole line.
    pub cells: String,
    /// The file's own numbers.
    pub begin: usize,
    pub end: usize,
    /// Where it stands in the text, in UTF-16 units; `None` if it is nowhere.
    pub at: Option<(usize, usize)>,
    /// Which word it is, or is a piece of, counted over the file; and where that stands.
    pub word: usize,
    pub whole: Option<(usize, usize)>,
}

impl Row {
    /// A line such as `1-1`, tab, `0-4`, tab, word, tab and cells.
    pub fn read(line: &str, number: usize) -> Option<Self> {
        let mut cells = line.split('\t');
        let (id, offsets, _) = (cells.next()?, cells.next()?, cells.next()?);
        let (begin, end) = offsets.split_once('-')?;
        id.split_once('-').filter(|(sentence, _)| sentence.bytes().all(|byte| byte.is_ascii_digit()))?;
        let (begin, end) = (begin.parse().ok()?, end.parse().ok()?);
        Some(Self { line: number, cells: line.to_owned(), begin, end, at: None, word: 0, whole: None })
    }

    /// `1-2`, or `1-2.1`.
    pub fn id(&self) -> &str {
        self.cell(0)
    }

    /// The cell of a column; `_` where the row has none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.split('\t').nth(column).unwrap_or("_")
    }

    fn is_piece(&self) -> bool {
        self.id().contains('.')
    }
}

/// A text that grows by sentences.
#[derive(Debug, Default)]
pub(super) struct Story {
    pub text: String,
    /// UTF-16 units of the text.
    units: usize,
    /// Where the file's numbers are at its end.
    theirs: usize,
    words: usize,
    /// Rows whose numbers are other than where they stand; rows that stand nowhere.
    pub moved: usize,
    /// Characters that stand for what is not in the file.
    pub filled: usize,
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

impl Story {
    /// Adds a sentence: its text, if the file has it, and its rows, which are placed.
    pub fn sentence(&mut self, text: Option<String>, rows: &mut [Row]) {
        let text = text.unwrap_or_else(|| joined(rows));
        let places = places(&text, rows);
        let lead = places.iter().flatten().next().map_or(0, |(start, _)| units(&text[..*start]));
        let first = rows.iter().zip(&places).find(|(_, place)| place.is_some()).map(|(row, _)| row.begin);
        let gap = first.and_then(|begin| begin.checked_sub(lead)?.checked_sub(self.theirs));
        let gap = gap.filter(|gap| *gap <= GAP).unwrap_or(usize::from(!self.text.is_empty()));
        self.text.extend(std::iter::repeat_n('\n', gap));
        self.filled += gap;
        self.units += gap;
        let (mut at, mut seen) = (self.units, 0);
        let mut whole = None;
        let mut last = (0, self.theirs + gap);
        for (row, place) in rows.iter_mut().zip(places) {
            if !row.is_piece() {
                self.words += 1;
            }
            row.word = self.words;
            let Some((start, end)) = place else { continue };
            // Pieces begin before the end of the word that they are of.
            at = if start >= seen { at + units(&text[seen..start]) } else { self.units + units(&text[..start]) };
            seen = start;
            let here = (at, at + units(&text[start..end]));
            row.at = Some(here);
            if !row.is_piece() {
                whole = Some(here);
            }
            row.whole = whole;
            self.moved += usize::from(here != (row.begin, row.end));
            if end > last.0 {
                last = (end, row.end);
            }
        }
        self.theirs = last.1.saturating_add(units(&text[last.0..]));
        self.units += units(&text);
        self.text.push_str(&text);
    }
}

/// A sentence without text: its words, as far apart as their numbers are.
fn joined(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut end = None;
    for row in rows.iter().filter(|row| !row.is_piece()) {
        let gap = end.map_or(0, |end| row.begin.saturating_sub(end).min(100));
        text.extend(std::iter::repeat_n(' ', gap));
        text.push_str(&plain(row.cell(2)));
        end = Some(row.end);
    }
    text
}

/// Where each row's word stands in its sentence, in bytes: one after the other, pieces within their word.
fn places(text: &str, rows: &[Row]) -> Vec<Option<(usize, usize)>> {
    let (mut from, mut word, mut begin) = (0, (0, 0), 0);
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        let form = plain(row.cell(2));
        let place = if row.is_piece() {
            let inside = &text[word.0..word.1];
            let wanted = row.begin.saturating_sub(begin);
            let mut count = 0;
            let exact = inside.char_indices().find(|(_, character)| {
                let here = count >= wanted;
                count += character.len_utf16();
                here
            });
            let exact = exact.map_or(inside.len(), |(at, _)| at);
            let exact = Some(exact).filter(|at| inside[*at..].starts_with(&form));
            exact.or_else(|| inside.find(&form)).map(|at| (word.0 + at, word.0 + at + form.len()))
        } else {
            let near = text.ceil_char_boundary((from + NEAR + form.len()).min(text.len()));
            let found = text[from..near].find(&form).map(|at| (from + at, from + at + form.len()));
            if let Some(found) = found {
                (from, word, begin) = (found.1, found, row.begin);
            }
            found
        };
        // A piece may be nothing at all, a word not.
        places.push(place.filter(|(start, end)| start < end || row.is_piece()));
    }
    places
}
