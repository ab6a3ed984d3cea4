//! A dialogue (`Paragraphs`): a list of utterances, whose regions name an utterance and count within it. It becomes one text, an
//! utterance on each line behind its author; the list itself stays in the metadata.
//!
//! Within an utterance offsets count code points or UTF-16 units, as the regions' own texts say: those of the task, else those of the
//! file so far.

use serde_json::{Map, Value};

use super::region::number;
use crate::text::Text;
use crate::text::convert::{OffsetIndex, Unit};

/// The text, and where each utterance begins in it.
pub(super) struct Paragraphs {
    pub text: String,
    /// In code points, and in UTF-16 units.
    starts: Vec<(usize, usize)>,
    /// Where characters of two UTF-16 units begin, in these.
    wide: Vec<usize>,
    /// Regions count UTF-16 units.
    utf16: bool,
}

/// How many regions of a file fit what they quote one way alone.
#[derive(Debug, Default)]
pub(super) struct Fits {
    code_points: u64,
    utf16: u64,
}

impl Fits {
    /// `None` where neither has more.
    fn utf16(&self) -> Option<bool> {
        (self.utf16 != self.code_points).then_some(self.utf16 > self.code_points)
    }
}

impl Paragraphs {
    /// The list, if it is one of utterances.
    pub fn of(list: &Value) -> Option<Self> {
        let list = list.as_array().filter(|list| !list.is_empty())?;
        let mut made = Self { text: String::new(), starts: Vec::new(), wide: Vec::new(), utf16: false };
        let mut at = (0, 0);
        for utterance in list {
            let said = utterance["text"].as_str()?;
            if !made.starts.is_empty() {
                made.add("\n", &mut at);
            }
            if let Some(author) = utterance["author"].as_str().map(|author| author.trim_end_matches([':', ' ']))
                && !author.is_empty()
            {
                made.add(author, &mut at);
                made.add(": ", &mut at);
            }
            made.starts.push(at);
            made.add(said, &mut at);
        }
        Some(made)
    }

    fn add(&mut self, text: &str, at: &mut (usize, usize)) {
        for character in text.chars() {
            let units = character.len_utf16();
            if units > 1 {
                self.wide.push(at.1);
            }
            *at = (at.0 + 1, at.1 + units);
        }
        self.text.push_str(text);
    }

    /// Looks at what the regions of the task quote. `before` has what those of the file said.
    pub fn look<'a>(&mut self, regions: impl Iterator<Item = &'a Value>, before: &mut Fits) {
        if self.wide.is_empty() {
            return;
        }
        let (text, mut here) = (Text::new(self.text.as_str()), Fits::default());
        let index = OffsetIndex::new(&text);
        for value in regions.filter_map(|region| region.get("value")?.as_object()) {
            let Some(quote) = value.get("text").and_then(Value::as_str).filter(|quote| !quote.is_empty()) else {
                continue;
            };
            let fits = |utf16: bool| {
                let range =
                    self.place(value, utf16).and_then(|(start, end)| index.range(Unit::CodePoint, start, end).ok());
                range.is_some_and(|range| text.slice(range) == quote)
            };
            match (fits(false), fits(true)) {
                (true, false) => here.code_points += 1,
                (false, true) => here.utf16 += 1,
                _ => {}
            }
        }
        before.code_points += here.code_points;
        before.utf16 += here.utf16;
        self.utf16 = here.utf16().or(before.utf16()).unwrap_or(false);
    }

    /// Where a region stands in the text, in code points.
    pub fn range(&self, value: &Map<String, Value>) -> Option<(usize, usize)> {
        self.place(value, self.utf16)
    }

    fn place(&self, value: &Map<String, Value>, utf16: bool) -> Option<(usize, usize)> {
        let place = |utterance: &str, offset: &str| {
            let (code_points, units) = *self.starts.get(number(value.get(utterance))?)?;
            let offset = number(value.get(offset))?;
            if !utf16 {
                return code_points.checked_add(offset);
            }
            let at = units.checked_add(offset)?;
            Some(at - self.wide.partition_point(|wide| *wide < at))
        };
        Some((place("start", "startOffset")?, place("end", "endOffset")?))
    }
}
