//! Tags of words: how a column of `B-PER`, `I-PER`, `O` is read as spans, in whichever scheme, clean or not, and what a label must be to
//! stand in one.
//!
//! Reading is lenient as conlleval and seqeval's default are: a tag that does not go on what is before it begins a span. Which scheme is
//! meant only decides what is said to be wrong, so the scheme with the fewest faults over a whole file is taken.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::schema::LabelId;

/// How a file writes where spans begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// `B-` starts every span.
    Iob2,
    /// `B-` only starts a span that touches one of the same label.
    Iob1,
    Bioes,
    Bilou,
    /// The bare label: words side by side with the same one are one span.
    Bare,
}

impl Notation {
    const PREFIXED: [Self; 4] = [Self::Iob2, Self::Iob1, Self::Bioes, Self::Bilou];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Iob2 => "BIO (IOB2)",
            Self::Iob1 => "IOB1",
            Self::Bioes => "BIOES",
            Self::Bilou => "BILOU",
            Self::Bare => "bare labels",
        }
    }

    const fn has(self, letter: char) -> bool {
        match self {
            Self::Iob1 | Self::Iob2 => matches!(letter, 'B' | 'I'),
            Self::Bioes => matches!(letter, 'B' | 'I' | 'E' | 'S' | 'M' | 'W'),
            Self::Bilou => matches!(letter, 'B' | 'I' | 'L' | 'U'),
            Self::Bare => true,
        }
    }
}

/// The tag of one word that is in a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    /// One of `BIESLUMW`.
    pub letter: char,
    pub label: String,
}

/// What stands in a tag column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Outside,
    Tag(Tag),
    /// Neither `O` nor a letter with a label.
    Other,
}

/// Reads a tag as the notation writes it.
pub(super) fn cell(text: &str, notation: Notation) -> Cell {
    if matches!(text, "O" | "_" | "-" | "") {
        return Cell::Outside;
    }
    if notation == Notation::Bare {
        return Cell::Tag(Tag { letter: 'I', label: text.to_owned() });
    }
    let mut rest = text.chars();
    match rest.next() {
        Some(letter @ ('B' | 'I' | 'E' | 'S' | 'L' | 'U' | 'M' | 'W')) => match rest.as_str().strip_prefix('-') {
            Some("") => Cell::Tag(Tag { letter, label: "_".to_owned() }),
            Some(label) => Cell::Tag(Tag { letter, label: label.to_owned() }),
            None if rest.as_str().is_empty() => Cell::Tag(Tag { letter, label: "_".to_owned() }),
            None => Cell::Other,
        },
        _ => Cell::Other,
    }
}

/// The word goes on the span of the word before it.
fn joins(before: &Tag, tag: &Tag) -> bool {
    before.label == tag.label
        && !matches!(before.letter, 'E' | 'L' | 'S' | 'U' | 'W')
        && matches!(tag.letter, 'I' | 'M' | 'E' | 'L')
}

/// What is wrong between two words; `None` is a word outside, or the edge of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The second has a letter that the scheme lacks.
    Letter,
    /// The second goes on a span that is not there.
    NoStart,
    /// The second has a `B-` that IOB1 would not write.
    Needless,
    /// The first leaves its span without an end.
    NoEnd,
}

impl Fault {
    /// What is wrong with the tag, and how it was read.
    pub fn sentence(self, tag: &Tag, notation: Notation) -> String {
        let written = format!("{}-{}", tag.letter, tag.label);
        match self {
            Self::Letter => format!("{} has no {written}: read by its letter all the same", notation.as_str()),
            Self::NoStart => {
                format!("{written} goes on no span of {}: taken as the beginning of one", tag.label)
            }
            Self::Needless => format!("{written} begins a span that touches none of {}: read all the same", tag.label),
            Self::NoEnd => format!("{written} leaves its span without an end: taken as its end"),
        }
    }
}

/// What is wrong between two words, and whether it is the second's fault.
pub(super) fn faults(notation: Notation, before: Option<&Tag>, tag: Option<&Tag>) -> [Option<Fault>; 2] {
    let goes_on = matches!((before, tag), (Some(before), Some(tag)) if joins(before, tag));
    let first =
        before.filter(|_| !goes_on && matches!(notation, Notation::Bioes | Notation::Bilou)).and_then(|before| {
            let open = notation.has(before.letter) && matches!(before.letter, 'B' | 'I' | 'M');
            open.then_some(Fault::NoEnd)
        });
    let second = tag.filter(|_| notation != Notation::Bare).and_then(|tag| {
        let same = before.is_some_and(|before| before.label == tag.label);
        match notation {
            _ if !notation.has(tag.letter) => Some(Fault::Letter),
            Notation::Iob1 => (tag.letter == 'B' && !same).then_some(Fault::Needless),
            _ if goes_on || matches!(tag.letter, 'B' | 'S' | 'U' | 'W') => None,
            _ => Some(Fault::NoStart),
        }
    });
    [first, second]
}

/// Counts over a file which notation it is in.
#[derive(Debug, Default)]
pub(super) struct Census {
    before: Option<Tag>,
    faults: [u64; 4],
    tags: u64,
    other: u64,
}

impl Census {
    /// The next word's tag.
    pub fn word(&mut self, text: &str) {
        let tag = match cell(text, Notation::Iob2) {
            Cell::Tag(tag) => Some(tag),
            Cell::Outside => None,
            Cell::Other => {
                self.other += 1;
                None
            }
        };
        self.tags += u64::from(tag.is_some());
        self.step(tag);
    }

    /// A sentence ends.
    pub fn sentence(&mut self) {
        self.step(None);
    }

    fn step(&mut self, tag: Option<Tag>) {
        if self.before.is_some() || tag.is_some() {
            for (notation, count) in Notation::PREFIXED.into_iter().zip(&mut self.faults) {
                *count += faults(notation, self.before.as_ref(), tag.as_ref()).into_iter().flatten().count() as u64;
            }
        }
        self.before = tag;
    }

    /// The notation that fits best.
    pub fn notation(&self) -> Notation {
        if self.other > self.tags {
            return Notation::Bare;
        }
        let best = Notation::PREFIXED.into_iter().zip(self.faults).min_by_key(|(_, count)| *count);
        best.map_or(Notation::Iob2, |(notation, _)| notation)
    }
}

/// The spans of one sentence: words and labels.
pub(super) fn spans<'t>(tags: &[Option<&'t Tag>]) -> Vec<(Range<usize>, &'t str)> {
    let mut spans: Vec<(Range<usize>, &str)> = Vec::new();
    let mut before: Option<&Tag> = None;
    for (index, tag) in tags.iter().enumerate() {
        if let Some(tag) = tag {
            match spans.last_mut() {
                Some((words, _)) if before.is_some_and(|before| joins(before, tag)) => words.end = index + 1,
                _ => spans.push((index..index + 1, &tag.label)),
            }
        }
        before = *tag;
    }
    spans
}

/// White space as Python's `str.split` and `str.strip` see it, which the readers of such files are written in.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\x1c'..='\x1f')
}

/// Labels as they can stand in a tag: only those that cannot have another name.
pub(super) struct Names {
    others: BTreeMap<LabelId, String>,
    sound: fn(&str) -> bool,
    mend: fn(&str) -> String,
}

impl Names {
    /// `sound` says whether a name can stand; `mend` makes one that can out of one that cannot. No two of `labels` get the same name.
    pub fn new(labels: &[LabelId], sound: fn(&str) -> bool, mend: fn(&str) -> String) -> Self {
        let as_is = labels.iter().map(|label| label.as_str().to_owned()).filter(|label| sound(label));
        let mut taken: BTreeSet<String> = as_is.collect();
        let mut others = BTreeMap::new();
        for label in labels.iter().filter(|label| !sound(label.as_str())) {
            let mut name = mend(label.as_str());
            while !taken.insert(name.clone()) {
                name.push('_');
            }
            others.insert(label.clone(), name);
        }
        Self { others, sound, mend }
    }

    /// The label as it is written.
    pub fn of<'a>(&'a self, label: &'a LabelId) -> Cow<'a, str> {
        match self.others.get(label) {
            Some(name) => Cow::Borrowed(name),
            None if (self.sound)(label.as_str()) => Cow::Borrowed(label.as_str()),
            None => Cow::Owned((self.mend)(label.as_str())),
        }
    }
}
