//! A dialogue (`Paragraphs`): a list of utterances, whose regions name an utterance and count within it. It becomes one text, an
//! utterance on each line behind its author; the list itself stays in the metadata.

use serde_json::{Map, Value};

use super::region::number;

/// The text, and where each utterance begins in it, in code points.
pub(super) struct Paragraphs {
    pub text: String,
    starts: Vec<usize>,
}

impl Paragraphs {
    /// The list, if it is one of utterances.
    pub fn of(list: &Value) -> Option<Self> {
        let list = list.as_array().filter(|list| !list.is_empty())?;
        let (mut text, mut starts, mut count) = (String::new(), Vec::new(), 0);
        for utterance in list {
            let said = utterance["text"].as_str()?;
            if !starts.is_empty() {
                text.push('\n');
                count += 1;
            }
            if let Some(author) = utterance["author"].as_str().map(|author| author.trim_end_matches([':', ' ']))
                && !author.is_empty()
            {
                text.extend([author, ": "]);
                count += author.chars().count() + 2;
            }
            starts.push(count);
            text.push_str(said);
            count += said.chars().count();
        }
        Some(Self { text, starts })
    }

    /// Where a region stands in the text.
    pub fn range(&self, value: &Map<String, Value>) -> Option<(usize, usize)> {
        let place = |utterance: &str, offset: &str| {
            let start = self.starts.get(number(value.get(utterance))?)?;
            start.checked_add(number(value.get(offset))?)
        };
        Some((place("start", "startOffset")?, place("end", "endOffset")?))
    }
}
