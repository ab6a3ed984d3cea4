//! Sentences of ten columns become a text, with the white space that the last column tells of, and spans from its tags.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::super::options::ReadOptions;
use super::super::record::{Record, Records};
use super::super::tags::{Cell, Census, Notation, Tag, cell, faults, spans};
use super::kept::{KEY, SENTENCES};
use super::mentions::Mentions;
use super::misc::{brackets, is_ours, tag, unescape, value};
use super::plus::Rows;
use super::{ANNOTATOR, ID, META};
use crate::annotation::RawSpan;
use crate::annotation::exchange::{RawDocument, RawLayer};
use crate::text::{Place, Problem, Text};

/// A file without documents of its own is cut behind a sentence when one has this many bytes.
const LONG: usize = 1 << 20;

/// Words of one multiword token.
const MOST: usize = 50;

pub(super) fn read(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let (mut census, mut line, mut marked) = (Census::default(), String::new(), false);
    let mut lines = Rows::open(path, options)?;
    while lines.next(&mut line)? {
        marked |= comment(&line).is_some_and(|(key, _)| is_newdoc(key));
        match row(&line) {
            Some((id, _, misc)) if !id.contains('.') => census.word(tag(misc).unwrap_or("O")),
            _ if line.trim().is_empty() => census.sentence(),
            _ => {}
        }
    }
    let stem = path.file_stem().map_or_else(|| "conllu".to_owned(), |stem| stem.to_string_lossy().into_owned());
    Ok(Box::new(Documents {
        rows: Rows::open(path, options)?,
        path: path.to_owned(),
        stem,
        marked,
        notation: census.notation(),
        given: 0,
        entity: None,
        draft: Some(Draft::default()),
    }))
}

/// Id, form and the last column.
pub(super) fn row(line: &str) -> Option<(&str, &str, &str)> {
    let mut columns = line.split('\t');
    let (id, form) = (columns.next()?, columns.next()?);
    let misc = columns.nth(7)?;
    let number = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    let sound = id.split(['-', '.']).all(number) && id.split(['-', '.']).count() <= 2;
    (sound && columns.next().is_none()).then_some((id, form, misc.trim_end()))
}

/// Key and value of a comment; no value where there is none.
pub(super) fn comment(line: &str) -> Option<(&str, &str)> {
    let comment = line.strip_prefix('#')?;
    let (key, value) = comment.split_once('=').unwrap_or((comment, ""));
    Some((key.trim(), value.trim_matches([' ', '\t', '\r'])))
}

fn is_newdoc(key: &str) -> bool {
    key == "newdoc" || key == "newdoc id"
}

struct Documents {
    rows: Rows,
    path: PathBuf,
    stem: String,
    /// There are comments that begin documents.
    marked: bool,
    notation: Notation,
    given: usize,
    /// The fields of mentions in brackets, which one document says for all.
    entity: Option<String>,
    draft: Option<Draft>,
}

/// A document as far as it is read.
#[derive(Default)]
struct Draft {
    line: usize,
    marked: bool,
    id: Option<String>,
    annotator: Option<String>,
    meta: Map<String, Value>,
    text: String,
    /// Code points of the text.
    length: usize,
    /// White space that follows the last word; `None` where the file says nothing of it.
    gap: Option<String>,
    sentence: Sentence,
    spans: Vec<RawSpan>,
    mentions: Mentions,
    /// The sentences as they are in the file; kept if there is more in them than we would write.
    sentences: Vec<String>,
    rich: bool,
    problems: Vec<Problem>,
}

/// The sentence at hand.
#[derive(Default)]
struct Sentence {
    /// `# text = …`.
    text: Option<String>,
    paragraph: bool,
    pieces: Vec<Piece>,
    words: Vec<Word>,
    /// The last columns of words with mentions in brackets, and their pieces and lines.
    mentions: Vec<(String, usize, usize)>,
    /// The last word of the multiword token at hand, which has a tag itself.
    until: usize,
    whole: bool,
    /// Its lines.
    lines: String,
}

/// A stretch of text: a word, or a multiword token.
struct Piece {
    form: String,
    before: Option<String>,
    /// What follows, where the file says so.
    after: Option<String>,
}

/// A word with its tag, in a piece.
struct Word {
    piece: usize,
    line: usize,
    tag: Option<Tag>,
}

impl Word {
    fn tag(&self) -> Option<&Tag> {
        self.tag.as_ref()
    }
}

impl Draft {
    fn is_begun(&self) -> bool {
        self.marked || !self.text.is_empty() || !self.sentence.pieces.is_empty()
    }

    fn row(&mut self, (id, form, misc): (&str, &str, &str), notation: Notation, place: &Place) {
        let sentence = &mut self.sentence;
        let line = place.line.unwrap_or_default();
        let tag = match tag(misc).map(|tag| (tag, cell(tag, notation))) {
            None | Some((_, Cell::Outside)) => None,
            Some((_, Cell::Tag(tag))) => Some(tag),
            Some((tag, Cell::Other)) => {
                let sentence = format!("“{tag}” is no tag of {}: taken as O", notation.as_str());
                self.problems.push(Problem::warning(place.clone(), sentence));
                None
            }
        };
        let inner = !id.contains('-') && id.parse::<usize>().is_ok_and(|number| number <= sentence.until);
        if !brackets(misc).is_empty() {
            let piece = sentence.pieces.len().saturating_sub(usize::from(inner));
            sentence.mentions.push((misc.to_owned(), piece, line));
        }
        let (first, last) = id.split_once('-').unwrap_or((id, id));
        let number = |id: &str| id.parse::<usize>().unwrap_or_default();
        if inner {
            // A word of a multiword token: its text is that of the whole.
            if let Some(piece) = sentence.pieces.len().checked_sub(1).filter(|_| !sentence.whole) {
                sentence.words.push(Word { piece, line, tag });
            }
            return;
        }
        let several = first != last;
        if several {
            sentence.until = number(last).min(number(first).saturating_add(MOST));
            sentence.whole = tag.is_some();
        }
        let after = match (value(misc, "SpaceAfter"), value(misc, "SpacesAfter")) {
            (_, Some(after)) => Some(unescape(after)),
            (Some("No"), None) => Some(String::new()),
            _ => None,
        };
        let form = value(misc, "SpacesInToken").map_or_else(|| form.to_owned(), unescape);
        if !several || tag.is_some() {
            sentence.words.push(Word { piece: sentence.pieces.len(), line, tag });
        }
        sentence.pieces.push(Piece { form, before: value(misc, "SpacesBefore").map(unescape), after });
    }

    /// The sentence is over: it joins the text.
    fn sentence(&mut self, notation: Notation, place: &Place) {
        let mut sentence = std::mem::take(&mut self.sentence);
        if sentence.pieces.is_empty() {
            return;
        }
        self.sentences.push(std::mem::take(&mut sentence.lines));
        let gaps = match sentence.text.as_deref().map(|text| sentence.fit(text)) {
            None | Some(Fit::Same) => None,
            Some(Fit::Gaps(gaps)) => Some(gaps),
            Some(Fit::Other) => {
                let said = "its words are not those of “# text”: the words were taken";
                self.problems.push(Problem::warning(place.clone(), said));
                None
            }
        };
        let mut places = Vec::with_capacity(sentence.pieces.len());
        for (index, piece) in sentence.pieces.iter().enumerate() {
            let told = self.gap.take();
            let between = match (&piece.before, told) {
                (Some(before), told) => {
                    let usual = if self.text.is_empty() { "" } else { " " };
                    format!("{}{before}", told.as_deref().unwrap_or(usual))
                }
                (None, Some(told)) => told,
                (None, None) if self.text.is_empty() => String::new(),
                (None, None) if index == 0 && sentence.paragraph => "\n\n".to_owned(),
                (None, None) => " ".to_owned(),
            };
            self.push(&between);
            let start = self.length;
            self.push(&piece.form);
            places.push((start, self.length));
            let gap = gaps.as_ref().and_then(|gaps| gaps.get(index));
            self.gap = match (&piece.after, gap) {
                (after, None) => after.clone(),
                (Some(after), Some(gap)) if after.is_empty() == gap.is_empty() => Some(after.clone()),
                (_, Some(gap)) => Some(gap.clone()),
            };
        }
        for (misc, piece, line) in &sentence.mentions {
            let (Some(at), place) = (places.get(*piece), place.clone().at_line(*line)) else { continue };
            for bracket in brackets(misc) {
                self.mentions.bracket(bracket, *at, &place, &mut self.spans, &mut self.problems);
            }
        }
        self.mentions.sentence(place, &mut self.problems);
        let words = &sentence.words;
        for index in 0..=words.len() {
            let (one, two) = (index.checked_sub(1).and_then(|index| words.get(index)), words.get(index));
            let [first, second] = faults(notation, one.and_then(Word::tag), two.and_then(Word::tag));
            for (fault, word) in [(first, one), (second, two)] {
                if let (Some(fault), Some(word)) = (fault, word)
                    && let Some(tag) = &word.tag
                {
                    let place = place.clone().at_line(word.line);
                    self.problems.push(Problem::warning(place, fault.sentence(tag, notation)));
                }
            }
        }
        let tags: Vec<Option<&Tag>> = words.iter().map(Word::tag).collect();
        for (range, label) in spans(&tags) {
            let (Some(first), Some(last)) = (words.get(range.start), words.get(range.end - 1)) else { continue };
            let (Some((start, _)), Some((_, end))) = (places.get(first.piece), places.get(last.piece)) else {
                continue;
            };
            let other = |at: Option<usize>, piece| {
                at.and_then(|at| words.get(at)).is_some_and(|word: &Word| word.piece == piece)
            };
            if other(range.start.checked_sub(1), first.piece) || other(Some(range.end), last.piece) {
                let said = format!("{label} covers a part of a multiword token: it was taken as covering the whole");
                self.problems.push(Problem::warning(place.clone().at_line(first.line), said));
            }
            self.spans.push(RawSpan {
                line: Some(first.line),
                label: label.to_owned(),
                ranges: vec![(*start, *end)],
                ..RawSpan::default()
            });
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += text.chars().count();
    }
}

/// How the words of a sentence and its `# text` go together.
enum Fit {
    /// The words have the white space of the text.
    Same,
    /// The text has other white space: what follows each piece but the last.
    Gaps(Vec<String>),
    Other,
}

impl Sentence {
    fn fit(&self, text: &str) -> Fit {
        let mut gaps = Vec::with_capacity(self.pieces.len());
        let (mut rest, mut same) = (text, true);
        for (index, piece) in self.pieces.iter().enumerate() {
            // A piece may be white space itself.
            let blank = rest.len() - rest.trim_start().len();
            let starts = rest[..blank].char_indices().map(|(at, _)| at).chain([blank]);
            let at = starts.into_iter().find(|at| rest[*at..].starts_with(&piece.form));
            let (gap, found) = (&rest[..at.unwrap_or_default()], at.map(|at| &rest[at + piece.form.len()..]));
            let Some(found) = found else {
                let blank = piece.form.chars().all(char::is_whitespace);
                return if blank { Fit::Same } else { Fit::Other };
            };
            if let Some(before) = index.checked_sub(1).and_then(|index| self.pieces.get(index)) {
                same &= before.after.as_deref().is_some_and(|after| after.is_empty() == gap.is_empty())
                    || (before.after.is_none() && !gap.is_empty());
                gaps.push(gap.to_owned());
            }
            rest = found;
        }
        match rest.trim().is_empty() {
            true if same => Fit::Same,
            true => Fit::Gaps(gaps),
            false => Fit::Other,
        }
    }
}

impl Documents {
    /// A comment line. True where a document begins.
    fn comment(&mut self, draft: &mut Draft, key: &str, content: &str) {
        match key {
            "text" => draft.sentence.text = Some(content.to_owned()),
            "newpar" | "newpar id" => draft.sentence.paragraph = true,
            ANNOTATOR => draft.annotator = Some(content.to_owned()),
            ID => draft.id = serde_json::from_str(content).ok().or(draft.id.take()),
            META => match serde_json::from_str(content) {
                Ok(meta) => draft.meta = meta,
                Err(_) => {
                    let sentence = "the metadata is no JSON object; it was left out";
                    draft.problems.push(Problem::warning(self.rows.lines.place(), sentence));
                }
            },
            "global.Entity" => {
                draft.mentions.name(content);
                self.entity = Some(content.to_owned());
            }
            "sent_id" | "global.columns" => {}
            _ => draft.rich = true,
        }
    }

    /// The next document.
    fn draft(&self, line: usize) -> Draft {
        let mut draft = Draft { line, ..Draft::default() };
        if let Some(fields) = &self.entity {
            draft.mentions.name(fields);
        }
        draft
    }

    fn finish(&mut self, mut draft: Draft, last: bool) -> Record {
        self.given += 1;
        draft.problems.append(&mut self.rows.lines.problems);
        let place = || Place::file(self.path.display().to_string());
        if let Some(gap) = draft.gap.take() {
            draft.push(&gap);
        }
        if self.given == 1 && self.notation != Notation::Iob2 {
            let sentence = format!("its tags are {}", self.notation.as_str());
            draft.problems.push(Problem::note(place(), sentence));
        }
        let numbered = || {
            if last && self.given == 1 { self.stem.clone() } else { format!("{}-{:05}", self.stem, self.given) }
        };
        let id = draft.id.filter(|id| !id.is_empty()).unwrap_or_else(numbered);
        if draft.rich {
            draft.meta.insert(KEY.to_owned(), json!({ SENTENCES: draft.sentences }));
        }
        let (text, counting) = Text::from_source(&draft.text);
        let layer = RawLayer { annotator: draft.annotator, spans: draft.spans, ..RawLayer::default() };
        Record {
            place: place().at_line(draft.line.max(1)),
            document: RawDocument {
                id: Some(id),
                text: Some((text, counting.clone())),
                counting,
                meta: draft.meta,
                layers: vec![layer],
                ..RawDocument::default()
            },
            has_spans: false,
            problems: draft.problems,
            read: self.rows.lines.read,
        }
    }
}

impl Iterator for Documents {
    type Item = Result<Record, Box<Problem>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut draft = self.draft.take()?;
        let mut line = String::new();
        loop {
            let read = self.rows.next(&mut line);
            let place = self.rows.lines.place();
            match read {
                Err(error) => {
                    return Some(Err(Box::new(Problem::error(
                        place,
                        format!("the file could not be read further: {error}"),
                    ))));
                }
                Ok(false) => {
                    draft.sentence(self.notation, &place);
                    let any = draft.is_begun() || !draft.problems.is_empty();
                    return any.then(|| Ok(self.finish(draft, true)));
                }
                Ok(true) => {}
            }
            if let Some((key, content)) = comment(&line) {
                if is_newdoc(key) {
                    draft.sentence(self.notation, &place);
                    let id = Some(content.to_owned()).filter(|id| !id.is_empty());
                    let next = Draft { marked: true, id, ..self.draft(self.rows.lines.number) };
                    if draft.is_begun() {
                        self.draft = Some(next);
                        return Some(Ok(self.finish(draft, false)));
                    }
                    let before = std::mem::replace(&mut draft, next);
                    (draft.problems, draft.sentence, draft.rich) = (before.problems, before.sentence, before.rich);
                } else {
                    self.comment(&mut draft, key, content);
                    if !matches!(key, ID | META | ANNOTATOR | "global.Entity" | "global.columns") {
                        draft.keep(&line);
                    }
                }
            } else if line.trim_matches([' ', '\t', '\r']).is_empty() {
                draft.sentence(self.notation, &place);
                if !self.marked && draft.text.len() >= LONG {
                    self.draft = Some(self.draft(self.rows.lines.number + 1));
                    return Some(Ok(self.finish(draft, false)));
                }
            } else if let Some((id, form, misc)) = row(&line) {
                draft.keep(&line);
                draft.rich |= id.contains('-')
                    || (id.contains('.') && form != "_")
                    || line.split('\t').skip(2).take(7).any(|column| column != "_")
                    || !misc.split('|').all(is_ours);
                if id.contains('.') {
                    if let Some(text) = value(misc, "SpacesAfter").filter(|_| form == "_" && !draft.text_begun()) {
                        draft.gap = Some(unescape(text));
                    }
                } else {
                    draft.row((id, form, misc), self.notation, &place);
                }
            } else {
                let sentence = if self.rows.are_ten() {
                    "it is no row of ten columns with tabs between; it was left out"
                } else {
                    "its columns are not those of the file; it was left out"
                };
                draft.problems.push(Problem::error(place, sentence));
            }
        }
    }
}

impl Draft {
    fn text_begun(&self) -> bool {
        !self.text.is_empty() || !self.sentence.pieces.is_empty()
    }

    /// Keeps a line of the sentence.
    fn keep(&mut self, line: &str) {
        if !self.sentence.lines.is_empty() {
            self.sentence.lines.push('\n');
        }
        self.sentence.lines.push_str(line.trim_end_matches('\r'));
    }
}
