//! Texts, articles and spans that nobody wrote: the same from the same seed, everywhere. They look like news to a program: words of
//! usual lengths and frequencies, sentences, paragraphs, now and then a quotation.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::annotation::{Annotator, ItemId, Layer, Ranges, Span, Spans, Status};
use crate::schema::LabelId;
use crate::text::{Document, NewlineMap, Text, TextRange};

/// Random numbers by `SplitMix64` (Steele, Lea and Flood 2014).
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `end` - 1.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.roll() % end as u64) as usize
    }

    /// 0 to `end` - 1, small numbers much more often, as words and signs are used: of 3,000 the first 300 make 60 %.
    fn often_small(&mut self, end: usize) -> usize {
        let end = self.below(end) + 1;
        let end = self.below(end) + 1;
        self.below(end)
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Script {
    Latin,
    Arabic,
    Chinese,
}

/// Makes texts of one script.
#[derive(Debug)]
pub(super) struct Words {
    script: Script,
    dice: Dice,
    known: Vec<String>,
}

impl Script {
    pub(super) const ALL: [Self; 3] = [Self::Latin, Self::Arabic, Self::Chinese];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Latin => "latin",
            Self::Arabic => "arabic",
            Self::Chinese => "chinese",
        }
    }
}

impl Words {
    pub(super) fn new(script: Script, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let words = match script {
            Script::Latin => (0..4000).map(|_| latin(&mut dice)).collect(),
            Script::Arabic => (0..4000).map(|_| arabic(&mut dice)).collect(),
            Script::Chinese => {
                (0..3000).filter_map(|sign| char::from_u32(0x4e00 + sign * 5)).map(String::from).collect()
            }
        };
        Self { script, dice, known: words }
    }

    /// So many of its words.
    pub(super) fn some(&self, count: usize) -> Vec<String> {
        self.known.iter().take(count).cloned().collect()
    }

    /// About so many bytes, in paragraphs.
    pub(super) fn text(&mut self, bytes: usize) -> String {
        let mut text = String::with_capacity(bytes + 1024);
        while text.len() < bytes {
            for _ in 0..3 + self.dice.below(4) {
                self.sentence(&mut text);
            }
            text.push('\n');
        }
        text
    }

    fn sentence(&mut self, text: &mut String) {
        let spaced = !matches!(self.script, Script::Chinese);
        let (comma, stop) = match self.script {
            Script::Latin => (",", "."),
            Script::Arabic => ("،", "."),
            Script::Chinese => ("，", "。"),
        };
        if spaced && !text.is_empty() && !text.ends_with('\n') {
            text.push(' ');
        }
        let quoted = self.dice.below(6) == 0;
        if quoted {
            text.push('“');
        }
        let words = 6 + self.dice.below(18);
        for index in 0..words {
            let word = &self.known[self.dice.often_small(self.known.len())];
            match word.chars().next() {
                Some(first) if index == 0 && first.is_ascii() => {
                    text.push(first.to_ascii_uppercase());
                    text.push_str(&word[1..]);
                }
                _ => text.push_str(word),
            }
            if index + 1 < words {
                if self.dice.below(9) == 0 {
                    text.push_str(comma);
                }
                if spaced {
                    text.push(' ');
                }
            }
        }
        text.push_str(stop);
        if quoted {
            text.push('”');
        }
    }

    /// Article number `number`, with about so many bytes of text. Its id says nothing of its place, as ids of scraped articles.
    pub(super) fn article(&mut self, number: u64, bytes: usize) -> Article {
        self.dice = Dice::new(number);
        let text = self.text(bytes);
        let title: String = text.chars().take(50).take_while(|c| *c != '\n').collect();
        let day = number % 3650;
        Article {
            id: format!("{:016x}", self.dice.roll()),
            title,
            source: format!("site-{}.example", number % 40),
            date: format!("{}-{:02}-{:02}", 2015 + day / 365, 1 + day / 31 % 12, 1 + day % 28),
            text,
        }
    }
}

fn latin(dice: &mut Dice) -> String {
    const SYLLABLES: [&str; 24] = [
        "an", "er", "in", "to", "ri", "la", "men", "sta", "no", "ke", "de", "or", "vi", "ter", "sal", "mo", "ba",
        "fin", "gu", "lo", "par", "tu", "che", "wy",
    ];
    (0..=dice.below(4)).map(|_| SYLLABLES[dice.below(SYLLABLES.len())]).collect()
}

fn arabic(dice: &mut Dice) -> String {
    const LETTERS: [char; 24] = [
        'ا', 'ل', 'م', 'ن', 'ي', 'ر', 'و', 'ت', 'ب', 'ع', 'د', 'س', 'ف', 'ه', 'ك', 'ق', 'ح', 'ج', 'ش', 'ط', 'ص', 'خ',
        'ذ', 'غ',
    ];
    (0..2 + dice.below(5)).map(|_| LETTERS[dice.below(LETTERS.len())]).collect()
}

/// An article as it was scraped.
#[derive(Debug)]
pub(super) struct Article {
    pub id: String,
    title: String,
    source: String,
    date: String,
    text: String,
}

impl Article {
    /// A line of JSONL, as scrapers write it.
    pub(super) fn line(&self) -> String {
        let Self { id, title, source, date, text } = self;
        let mut line = json!({"id": id, "title": title, "source": source, "date": date, "text": text}).to_string();
        line.push('\n');
        line
    }

    pub(super) fn document(self) -> Document {
        let meta = [("title", self.title), ("source", self.source), ("date", self.date)];
        let meta: Map<String, Value> = meta.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
        document_of(&self.id, &self.text, meta)
    }
}

/// A document without metadata.
pub(super) fn document(id: &str, text: &str) -> Document {
    document_of(id, text, Map::new())
}

fn document_of(id: &str, text: &str, meta: Map<String, Value>) -> Document {
    let (id, text) = (id.into(), Text::new(text));
    Document { id, text, meta, newlines: NewlineMap::default(), extra: Map::new() }
}

/// A layer with `count` spans, spread evenly over the text; none overlap.
pub(super) fn layer(text: &Text, annotator: Annotator, count: usize) -> Layer {
    let mut layer = Layer::untouched(annotator);
    (layer.status, layer.version) = (Status::InProgress, 1);
    let stride = text.len() / count.max(1);
    let spans = (0..count).filter_map(|index| {
        let label = LabelId::from(["entity", "entity", "event"][index % 3]);
        let ranges = Ranges::new(vec![word(text, index * stride)?]).ok()?;
        Some(Arc::new(Span::manual(ItemId::from(format!("s{index:06}").as_str()), label, ranges)))
    });
    // The ids are all different.
    layer.spans = Spans::try_from(spans.collect::<Vec<_>>()).unwrap_or_default();
    layer
}

/// The first word that begins after a place; where words have no spaces between them, a few signs.
pub(super) fn word(text: &Text, from: usize) -> Option<TextRange> {
    let words = text.as_str();
    let from = words.floor_char_boundary(from);
    let near = &words[from..words.floor_char_boundary(from + 60)];
    let gap = |c: char| c == ' ' || c == '\n';
    let start = if near.contains(' ') { near.find(gap)? + 1 } else { 0 };
    let length = near[start..].find(|c: char| !c.is_alphabetic()).unwrap_or(near.len() - start);
    let end = near.floor_char_boundary((start + length).min(start + 24));
    text.range(from + start, from + end).ok().filter(|range| !range.is_empty())
}
