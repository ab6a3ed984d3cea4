//! Sentences that a document came with, lemmas and trees and all: they go out again as they were, with the tags of today.

use serde_json::Value;

use super::super::words::Words;
use super::misc::{is_tag, value};
use super::read::row;
use crate::text::{Document, TextRange};

/// Where a document keeps its sentences: below this key of its metadata.
pub(super) const KEY: &str = "conllu";
pub(super) const SENTENCES: &str = "sentences";

/// The sentences of a document, and where each row that has text stands.
#[derive(Debug)]
pub(super) struct Kept<'d> {
    sentences: Vec<&'d str>,
    /// In the order of the rows.
    pieces: Vec<TextRange>,
}

/// The tag of a piece: which span, its place in it, and of how many.
pub(super) type Mark = (usize, usize, usize);

/// A line of a sentence.
pub(super) enum Line<'d> {
    Comment(&'d str),
    /// The columns up to the last, and of that what is no tag; a tag may be put here.
    Row(&'d str, Vec<&'d str>, Option<Mark>),
}

/// Whether a row has text of its own: no empty node has, nor a word of a multiword token.
fn has_text(id: &str, until: &mut usize) -> bool {
    let number = |id: &str| id.parse::<usize>().unwrap_or_default();
    match id.split_once('-') {
        Some((_, last)) => {
            *until = number(last);
            true
        }
        None => !id.contains('.') && number(id) > *until,
    }
}

impl<'d> Kept<'d> {
    /// What the document kept, if it still fits its text.
    pub fn of(document: &'d Document) -> Option<Self> {
        let sentences = document.meta.get(KEY)?.get(SENTENCES)?.as_array()?;
        let sentences: Vec<&str> = sentences.iter().filter_map(Value::as_str).collect();
        let text = document.text.as_str();
        let (mut pieces, mut at) = (Vec::new(), 0);
        for sentence in &sentences {
            let mut until = 0;
            for (id, form, misc) in sentence.lines().filter_map(row) {
                if !has_text(id, &mut until) {
                    continue;
                }
                let form = value(misc, "SpacesInToken").map_or_else(|| form.to_owned(), super::misc::unescape);
                let rest = text.get(at..)?;
                let blank = rest.len() - rest.trim_start().len();
                let starts = rest[..blank].char_indices().map(|(at, _)| at).chain([blank]);
                let start = at + starts.into_iter().find(|start| rest[*start..].starts_with(&form))?;
                at = start + form.len();
                pieces.push(document.text.range(start, at).ok()?);
            }
        }
        text.get(at..)?.trim().is_empty().then_some(Self { sentences, pieces })
    }

    /// The mark of each piece; `None` if a span begins or ends inside one.
    pub fn marks(&self, words: &Words<'_>) -> Option<Vec<Option<Mark>>> {
        let mut marks = vec![None; self.pieces.len()];
        for run in words.list.chunk_by(|one, two| one.span == two.span) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let Some(span) = first.span else { continue };
            let start = self.pieces.binary_search_by_key(&first.range.start(), |piece| piece.start()).ok()?;
            let end = self.pieces.binary_search_by_key(&last.range.end(), |piece| piece.end()).ok()?;
            for (index, mark) in marks.get_mut(start..=end)?.iter_mut().enumerate() {
                *mark = Some((span, index, end - start + 1));
            }
        }
        Some(marks)
    }

    /// The sentences, line by line.
    pub fn lines(&self, marks: &[Option<Mark>]) -> Vec<Vec<Line<'d>>> {
        let mut marks = marks.iter().copied();
        let line = |line: &'d str, until: &mut usize| {
            let Some((id, _, misc)) = row(line) else { return Line::Comment(line) };
            let mark = if has_text(id, until) { marks.next().flatten() } else { None };
            let columns = line.rsplit_once('\t').map_or(line, |(columns, _)| columns);
            let rest = misc.split('|').filter(|part| *part != "_" && !is_tag(part)).collect();
            Line::Row(columns, rest, mark)
        };
        let mut line = line;
        self.sentences
            .iter()
            .map(|sentence| {
                let mut until = 0;
                sentence.lines().map(|text| line(text, &mut until)).collect()
            })
            .collect()
    }
}
