//! A document as rows of words and tags: what both column formats write. No row holds white space, no sentence ends inside a span.

use std::sync::Arc;

use super::loss::Loss;
use super::options::WriteOptions;
use super::table::Feature;
use super::tags::{Names, is_blank};
use super::tokens::{Placed, flat, tokenise};
use crate::annotation::{Layer, Span};
use crate::text::{Document, TextRange, segment};

/// One row.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub range: TextRange,
    /// Which span it is in: into [`Words::spans`].
    pub span: Option<usize>,
    /// Its place among the words of the span, and how many there are.
    pub index: usize,
    pub length: usize,
    /// It begins a sentence.
    pub first: bool,
}

/// A document in words.
#[derive(Debug)]
pub(super) struct Words<'a> {
    pub list: Vec<Word>,
    pub spans: Vec<&'a Arc<Span>>,
    /// Everything that the rows do not hold of the layer's spans.
    pub losses: Vec<Loss>,
}

/// Where words and sentences end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Words by the rules of Unicode, sentences by ours.
    Rules,
    /// Words at white space alone, sentences at line breaks: a document that came in rows goes out in the same.
    White,
}

/// Takes a document apart. `is_gap` says what no row holds: white space at the edge of a span goes, and is a loss; a span of nothing else
/// is left out. Linear in the text.
pub(super) fn words<'a>(
    document: &Document,
    layer: &'a Layer,
    options: &WriteOptions,
    names: &Names,
    cut: Cut,
    is_gap: fn(char) -> bool,
) -> Words<'a> {
    let tokens = tokenise(document, layer, options);
    let (kept, dropped) = flat(document, layer, &tokens, options);
    let text = &document.text;
    let mut words = Words { list: Vec::with_capacity(tokens.list.len()), spans: Vec::new(), losses: Vec::new() };
    let mut ahead = kept.iter().enumerate().peekable();
    for (index, token) in tokens.list.iter().enumerate() {
        while ahead.next_if(|(_, placed)| placed.tokens.end <= index).is_some() {}
        let span = ahead.peek().filter(|(_, placed)| placed.tokens.start <= index).map(|(span, _)| *span);
        for (start, end) in pieces(text.slice(token.range), is_gap) {
            let range = text.range(token.range.start() + start, token.range.start() + end);
            let Ok(range) = range else { continue };
            match words.list.last_mut() {
                Some(last) if cut == Cut::White && last.range.end() == range.start() && last.span == span => {
                    last.range = last.range.hull(range);
                }
                _ => words.list.push(Word { range, span, index: 0, length: 0, first: false }),
            }
        }
    }
    words.count();
    words.sentences(document, cut);
    words.losses.extend(tokens.losses.iter().cloned());
    words.losses.extend(dropped);
    for placed in &kept {
        words.spans.push(placed.span);
        let covered = text.slice(tokens.list[placed.tokens.start].range.hull(tokens.list[placed.tokens.end - 1].range));
        words.look(document, layer, placed, covered.trim_matches(is_gap), covered, names);
    }
    words
}

/// The stretches without gaps.
fn pieces(token: &str, is_gap: fn(char) -> bool) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + token[at..].find(|character| !is_gap(character))?;
        at = token[start..].find(is_gap).map_or(token.len(), |length| start + length);
        Some((start, at))
    })
}

impl Words<'_> {
    /// Counts the words of each span.
    fn count(&mut self) {
        for run in self.list.chunk_by_mut(|one, two| one.span == two.span) {
            let length = run.len();
            for (index, word) in run.iter_mut().enumerate() {
                (word.index, word.length) = (index, length);
            }
        }
    }

    fn sentences(&mut self, document: &Document, cut: Cut) {
        let text = &document.text;
        let starts: Box<dyn Iterator<Item = usize>> = match cut {
            Cut::Rules => Box::new(segment::sentences(text, text.all()).map(TextRange::start)),
            Cut::White => Box::new(text.as_str().match_indices('\n').map(|(at, _)| at)),
        };
        let mut starts = starts.peekable();
        let mut before: Option<usize> = None;
        for (index, word) in self.list.iter_mut().enumerate() {
            let mut begins = index == 0;
            while starts.next_if(|start| *start <= word.range.start()).is_some() {
                begins = true;
            }
            let inside = index > 0 && word.span.is_some() && before == word.span;
            word.first = begins && !inside;
            before = word.span;
        }
    }

    /// Says what became of a span that is written.
    fn look(
        &mut self,
        document: &Document,
        layer: &Layer,
        placed: &Placed<'_>,
        written: &str,
        covered: &str,
        names: &Names,
    ) {
        let mut lose = |what, sentence: String| {
            self.losses.push(Loss {
                document: document.id.clone(),
                annotator: layer.annotator.clone(),
                item: Some(placed.span.id.clone()),
                what,
                sentence,
            });
        };
        if written.is_empty() {
            lose(Feature::Edges, "it covers white space alone, which has no row: left out".to_owned());
            return;
        }
        if written.len() < covered.len() {
            lose(Feature::Edges, "the white space at its edge has no row: left out".to_owned());
        }
        let name = names.of(&placed.span.label);
        if name != placed.span.label.as_str() {
            lose(Feature::Labels, format!("its label {} cannot stand in a tag: written as {name}", placed.span.label));
        }
    }
}

/// A name without white space and without a dash at its ends, which seqeval would take off.
pub(super) fn sound(label: &str) -> bool {
    !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && !label.chars().any(is_blank)
}

/// The name with `_` for what a tag cannot hold.
pub(super) fn mended(label: &str) -> String {
    let inner: String = label.chars().map(|character| if is_blank(character) { '_' } else { character }).collect();
    let core = inner.trim_matches('-');
    let (before, after) =
        (inner.len() - inner.trim_start_matches('-').len(), inner.len() - inner.trim_end_matches('-').len());
    if core.is_empty() {
        "_".repeat(before.max(1))
    } else {
        format!("{}{core}{}", "_".repeat(before), "_".repeat(after))
    }
}
