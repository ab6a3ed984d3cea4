//! Words and tags become a text and spans: words joined by one space, sentences by a line break.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::options::ReadOptions;
use super::super::record::{Record, Records};
use super::super::tags::{Cell, Notation, Tag, cell, faults, spans};
use super::MARK;
use super::layout::{Columns, Layout, rows};
use super::ontonotes::Source;
use crate::annotation::RawSpan;
use crate::annotation::exchange::{RawDocument, RawLayer};
use crate::text::{Place, Problem, Text};

/// A file without marks is cut at the end of a sentence when a document has this many bytes, so that no file is too long to work with.
const LONG: usize = 1 << 20;

pub(super) fn read(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let layout = Layout::of(path, options)?;
    let stem = path.file_stem().map_or_else(|| "conll".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let source = Source::open(path, options)?;
    let draft = Draft::new(Place::file(path.display().to_string()).at_line(1));
    Ok(Box::new(Documents { source, path: path.to_owned(), layout, stem, given: 0, comments: 0, draft: Some(draft) }))
}

struct Documents {
    source: Source,
    path: PathBuf,
    layout: Layout,
    stem: String,
    /// Documents given so far.
    given: usize,
    /// Comment lines passed over.
    comments: u64,
    /// What is being read; `None` at the end.
    draft: Option<Draft>,
}

/// A document as far as it is read.
struct Draft {
    place: Place,
    /// It began with a mark: it is a document even without words.
    marked: bool,
    /// What else stood in the mark.
    mark: String,
    text: String,
    /// Code points in `text`.
    length: usize,
    words: Vec<Word>,
    spans: Vec<RawSpan>,
    /// The columns between word and tag: in each the values, words parted by a space, sentences by a line break.
    between: Vec<String>,
    problems: Vec<Problem>,
}

/// One word of the sentence at hand.
struct Word {
    start: usize,
    end: usize,
    line: usize,
    /// Of each level, the last column first.
    tags: Vec<Option<Tag>>,
}

impl Word {
    fn tag(&self, level: usize) -> Option<&Tag> {
        self.tags.get(level)?.as_ref()
    }
}

impl Draft {
    fn new(place: Place) -> Self {
        Self {
            place,
            marked: false,
            mark: String::new(),
            text: String::new(),
            length: 0,
            words: Vec::new(),
            spans: Vec::new(),
            between: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// One row.
    fn row(&mut self, row: super::layout::Row<'_>, layout: Layout, place: &Place) {
        let wrong = |sentence: String| Problem::warning(place.clone(), sentence);
        let columns: Vec<&str> = row.collect();
        let word = columns.get(layout.word).copied().unwrap_or_default();
        let word = word.trim_matches([' ', '\r', '\n']);
        if word.is_empty() {
            self.problems.push(wrong("the row has no word; it was left out".to_owned()));
            return;
        }
        let mut levels = 0;
        if columns.len() < layout.width && layout.columns != Columns::Bars {
            let sentence = match columns.len() {
                1 => format!("“{word}” has no tag: taken as outside"),
                few => format!("the row has {few} columns, the file {}: “{word}” is taken as outside", layout.width),
            };
            self.problems.push(wrong(sentence));
        } else if columns.len() > 1 {
            levels = layout.levels;
            if columns.len() > layout.width && layout.columns != Columns::Bars {
                let sentence = format!(
                    "the row has {} columns, the file {}: the first was taken as the word, the last as its tag",
                    columns.len(),
                    layout.width
                );
                self.problems.push(wrong(sentence));
            }
        } else {
            self.problems.push(wrong(format!("“{word}” has no tag: taken as outside")));
        }
        let mut tags = Vec::with_capacity(levels);
        for text in columns.iter().skip(1 + layout.word).rev().take(levels) {
            tags.push(match cell(text, layout.notation) {
                Cell::Tag(tag) => Some(tag),
                Cell::Outside => None,
                Cell::Other => {
                    let sentence = format!("“{text}” is no tag of {}: taken as O", layout.notation.as_str());
                    self.problems.push(wrong(sentence));
                    None
                }
            });
        }
        let gap = match (self.text.is_empty(), self.words.is_empty()) {
            (true, _) => "",
            (false, true) => "\n",
            (false, false) => " ",
        };
        self.text.push_str(gap);
        self.length += gap.len();
        let start = self.length;
        self.text.push_str(word);
        self.length += word.chars().count();
        self.words.push(Word { start, end: self.length, line: place.line.unwrap_or_default(), tags });
        self.between.resize(layout.width.saturating_sub(1 + layout.word + layout.levels), String::new());
        for (index, column) in self.between.iter_mut().enumerate() {
            let value =
                columns.get(layout.word + 1 + index).filter(|_| columns.len() == layout.width).copied().unwrap_or("_");
            column.push_str(gap);
            column.push_str(if value.is_empty() { "_" } else { value });
        }
    }

    /// The sentence is over: its tags become spans, and what is wrong with them is said.
    fn sentence(&mut self, layout: Layout) {
        let words = std::mem::take(&mut self.words);
        for level in 0..layout.levels {
            self.level(&words, level, layout.notation);
        }
    }

    fn level(&mut self, words: &[Word], level: usize, notation: Notation) {
        let tags: Vec<Option<&Tag>> = words.iter().map(|word| word.tag(level)).collect();
        for index in 0..=words.len() {
            let (one, two) = (index.checked_sub(1).and_then(|index| words.get(index)), words.get(index));
            let before = index.checked_sub(1).and_then(|index| *tags.get(index)?);
            let tag = tags.get(index).copied().flatten();
            for (fault, word) in faults(notation, before, tag).into_iter().zip([one, two]) {
                if let (Some(fault), Some(word)) = (fault, word)
                    && let Some(tag) = word.tag(level)
                {
                    let place = self.place.clone().at_line(word.line);
                    self.problems.push(Problem::warning(place, fault.sentence(tag, notation)));
                }
            }
        }
        for (range, label) in spans(&tags) {
            let (Some(first), Some(last)) = (words.get(range.start), words.get(range.end - 1)) else { continue };
            self.spans.push(RawSpan {
                line: Some(first.line),
                label: label.to_owned(),
                ranges: vec![(first.start, last.end)],
                ..RawSpan::default()
            });
        }
    }
}

impl Documents {
    /// The document at hand, finished.
    fn finish(&mut self, mut draft: Draft, last: bool) -> Record {
        draft.sentence(self.layout);
        self.given += 1;
        let id = if last && self.given == 1 { self.stem.clone() } else { format!("{}-{:05}", self.stem, self.given) };
        draft.problems.append(&mut self.source.lines.problems);
        let file = || Place::file(self.path.display().to_string());
        if self.given == 1 {
            let levels = match self.layout.levels {
                1 => String::new(),
                levels => format!(" in {levels} columns, each a level of spans"),
            };
            let sentence = format!(
                "its tags are {}{levels}; the file holds no text, so it was put together: words joined by a space, sentences by a line break",
                self.layout.notation.as_str()
            );
            draft.problems.push(Problem::note(file(), sentence));
            if self.source.brackets {
                let sentence = "what it says of trees, senses, speakers, roles and coreference is not read";
                draft.problems.push(Problem::warning(file(), sentence));
            }
        }
        if last && self.comments > 0 {
            let sentence = format!("{} lines that begin with # were passed over", self.comments);
            draft.problems.push(Problem::note(file(), sentence));
        }
        let (text, counting) = Text::from_source(&draft.text);
        let mut kept = json!({ "scheme": self.layout.notation.as_str() });
        // Columns in which every word has the same say nothing.
        let telling = |column: &String| {
            let mut values = column.split([' ', '\n']);
            let first = values.next();
            values.any(|value| Some(value) != first)
        };
        if draft.between.iter().any(telling) {
            kept["columns"] = Value::from(draft.between);
        }
        if !draft.mark.is_empty() {
            kept["docstart"] = Value::from(draft.mark);
        }
        let layer = RawLayer { spans: draft.spans, ..RawLayer::default() };
        Record {
            place: draft.place,
            document: RawDocument {
                id: Some(id),
                text: Some((text, counting.clone())),
                counting,
                meta: [("conll".to_owned(), kept)].into_iter().collect(),
                layers: vec![layer],
                ..RawDocument::default()
            },
            has_spans: false,
            problems: draft.problems,
            read: self.source.lines.read,
        }
    }

    /// A line that begins with # and is no row.
    fn is_comment(&self, line: &str) -> bool {
        line.starts_with('#')
            && self.layout.columns != Columns::Bars
            && rows(line, self.layout.columns).next().is_some_and(|row| {
                let width = row.clone().count();
                width != self.layout.width || cell(row.last().unwrap_or_default(), self.layout.notation) == Cell::Other
            })
    }
}

impl Iterator for Documents {
    type Item = Result<Record, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut draft = self.draft.take()?;
        let mut line = String::new();
        loop {
            match self.source.next(&mut line) {
                Err(error) => {
                    let sentence = format!("the file could not be read further: {error}");
                    return Some(Err(Box::new(Problem::error(self.source.lines.place(), sentence))));
                }
                Ok(false) => {
                    let any = draft.marked || !draft.text.is_empty() || !draft.problems.is_empty();
                    return any.then(|| Ok(self.finish(draft, true)));
                }
                Ok(true) => {}
            }
            if let Some(mark) = line.strip_prefix(MARK) {
                let mut next = Draft::new(self.source.lines.place());
                next.marked = true;
                let usual = |part: &&str| !matches!(*part, "-X-" | "O" | "_" | "-");
                next.mark = mark.split_whitespace().filter(usual).collect::<Vec<_>>().join(" ");
                if draft.marked || !draft.text.is_empty() {
                    self.draft = Some(next);
                    return Some(Ok(self.finish(draft, false)));
                }
                next.problems = draft.problems;
                draft = next;
                continue;
            }
            let place = self.source.lines.place();
            let mut rows = rows(&line, self.layout.columns).peekable();
            if rows.peek().is_none() || self.layout.columns == Columns::Bars {
                draft.sentence(self.layout);
                if !self.layout.marked && draft.text.len() >= LONG {
                    self.draft = Some(Draft::new(place));
                    return Some(Ok(self.finish(draft, false)));
                }
            }
            if self.is_comment(&line) {
                self.comments += 1;
                continue;
            }
            for row in rows {
                draft.row(row, self.layout, &place);
            }
        }
    }
}
