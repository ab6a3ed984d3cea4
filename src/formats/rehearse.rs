//! An export read back by the program's own reader, before it counts, and compared with what it was made from: what comes back
//! otherwise and is in no loss yet becomes one.

use std::collections::HashMap;
use std::io;
use std::iter::Peekable;
use std::path::Path;
use std::sync::Arc;

use super::articles::Limits;
use super::loss::Loss;
use super::options::ReadOptions;
use super::record::{Record, Records};
use super::settle::{Votes, settle};
use super::table::{Feature, Format};
use crate::annotation::exchange::RawLayer;
use crate::annotation::{Annotator, ItemId, Layer, Span};
use crate::text::{Document, NewlineMap, Problem, Severity, Text, TextRange};

/// An export that is read again, in the order in which it was written.
pub struct Rehearsal {
    format: &'static Format,
    records: Peekable<Records>,
    /// Records that came before their turn: a folder is read by the names of its files.
    early: HashMap<String, Vec<Record>>,
    problems: Vec<Problem>,
}

impl std::fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rehearsal").field("format", self.format).finish_non_exhaustive()
    }
}

impl Rehearsal {
    /// `path` is the file, or the folder, that was written. `None` for formats without a reader of their own.
    pub fn new(format: &'static Format, path: &Path) -> io::Result<Option<Self>> {
        let limits = Limits { document_bytes: u64::MAX >> 8, ..Limits::default() };
        let Some(reader) = format.reader else { return Ok(None) };
        let records = reader(path, &ReadOptions { limits, ..ReadOptions::default() })?.peekable();
        Ok(Some(Self { format, records, early: HashMap::new(), problems: Vec::new() }))
    }

    /// Compares the next document. `known` are the losses that were reported of it; what else comes back otherwise is given.
    pub fn document(&mut self, document: &Document, layers: &[Arc<Layer>], known: &[Loss]) -> Vec<Loss> {
        let mut found: Vec<(Document, Option<String>, Layer)> = Vec::new();
        let mut there = false;
        while found.len() < layers.len().max(1) {
            let Some(record) = self.next(document, there) else { break };
            there = true;
            let several = !record.document.layers.is_empty() || record.has_spans;
            self.take(record, &mut found);
            if !several && layers.is_empty() {
                break;
            }
        }
        let lose = |annotator: &Annotator, item: Option<&ItemId>, what, sentence: String| Loss {
            document: document.id.clone(),
            annotator: annotator.clone(),
            item: item.cloned(),
            what,
            sentence,
        };
        let nobody = Annotator::from(String::new());
        if !there {
            return vec![lose(&nobody, None, Feature::Spans, "the document does not read back at all".to_owned())];
        }
        let mut losses = Vec::new();
        for (index, layer) in layers.iter().enumerate() {
            let of_layer: Vec<&Loss> =
                known.iter().filter(|loss| loss.document == document.id && loss.annotator == layer.annotator).collect();
            let whole = of_layer.iter().any(|loss| loss.what == Feature::Spans && loss.item.is_none());
            let named = found.iter().find(|(_, name, _)| name.as_deref() == Some(layer.annotator.as_str()));
            let back = named.or_else(|| found.get(index).filter(|(_, name, _)| name.is_none() || layers.len() == 1));
            let Some((read, _, back)) = back else {
                if !whole {
                    let sentence = "the layer does not read back".to_owned();
                    losses.push(lose(&layer.annotator, None, Feature::Spans, sentence));
                }
                continue;
            };
            let Some(ruler) = Ruler::between(&document.text, &read.text) else {
                let sentence = "its text reads back otherwise".to_owned();
                losses.push(lose(&layer.annotator, None, Feature::Spans, sentence));
                continue;
            };
            let lost = |id: &ItemId| of_layer.iter().any(|loss| loss.item.as_ref() == Some(id));
            let mut seen: HashMap<Decision<'_>, Vec<&Arc<Span>>> = HashMap::new();
            for span in back.spans.iter() {
                seen.entry((span.label.as_str(), ruler.theirs(span))).or_default().push(span);
            }
            let mut missing = 0;
            for span in layer.spans.iter() {
                let Some(same) = seen.get(&(span.label.as_str(), ruler.ours(span))) else {
                    missing += 1;
                    if !lost(&span.id) {
                        let sentence = "it does not read back as it was written".to_owned();
                        losses.push(lose(&layer.annotator, Some(&span.id), Feature::Spans, sentence));
                    }
                    continue;
                };
                if lost(&span.id) {
                    continue;
                }
                if self.format.has(Feature::Attributes) && !same.iter().any(|back| back.attributes == span.attributes) {
                    let sentence = "its attributes read back otherwise".to_owned();
                    losses.push(lose(&layer.annotator, Some(&span.id), Feature::Attributes, sentence));
                }
                if self.format.has(Feature::Notes) && !same.iter().any(|back| back.note == span.note) {
                    let sentence = "its note reads back otherwise".to_owned();
                    losses.push(lose(&layer.annotator, Some(&span.id), Feature::Notes, sentence));
                }
            }
            if back.spans.len() + missing > layer.spans.len() && of_layer.is_empty() {
                let sentence = format!("{} spans read back, {} were written", back.spans.len(), layer.spans.len());
                losses.push(lose(&layer.annotator, None, Feature::Spans, sentence));
            }
            let lost_relations = layer.relations.keys().filter(|id| lost(id)).count();
            if self.format.has(Feature::Relations) && back.relations.len() + lost_relations < layer.relations.len() {
                let (read, written) = (back.relations.len(), layer.relations.len() - lost_relations);
                let sentence = format!("{read} of {written} relations read back");
                losses.push(lose(&layer.annotator, None, Feature::Relations, sentence));
            }
            let said = |what| of_layer.iter().any(|loss| loss.what == what);
            for (what, same) in [
                (Feature::Status, layer.status == back.status),
                (Feature::Flag, layer.flag == back.flag),
                (Feature::DocumentAttributes, layer.attributes == back.attributes),
            ] {
                if self.format.has(what) && !same && !said(what) {
                    let sentence = format!("its {} reads back otherwise", what.counted(1).trim_start_matches("1 "));
                    losses.push(lose(&layer.annotator, None, what, sentence));
                }
            }
        }
        losses
    }

    /// Nothing may be left.
    pub fn finish(mut self) -> Result<(), String> {
        let more = self.records.by_ref().flatten().count() + self.early.values().map(Vec::len).sum::<usize>();
        match (more, self.problems.iter().find(|problem| problem.severity == Severity::Error)) {
            (0, None) => Ok(()),
            (0, Some(problem)) => Err(problem.sentence.clone()),
            (more, _) => Err(format!("{more} documents more were read than were written")),
        }
    }

    /// The next record of this document; without ids, the next one. `more`: of the same document once more.
    fn next(&mut self, document: &Document, more: bool) -> Option<Record> {
        let wanted = document.id.as_str();
        if let Some(early) = self.early.get_mut(wanted) {
            let record = early.remove(0);
            if early.is_empty() {
                self.early.remove(wanted);
            }
            return Some(record);
        }
        loop {
            if more {
                let same = match self.records.peek()? {
                    Ok(record) => match record.document.id.as_deref() {
                        Some(id) if id == wanted => true,
                        Some(_) => false,
                        None => record.document.text.as_ref().is_some_and(|(text, _)| *text == document.text),
                    },
                    Err(_) => true,
                };
                if !same && self.format.shape == super::table::Shape::File {
                    return None;
                }
            }
            match self.records.next()? {
                Err(problem) => self.problems.push(*problem),
                Ok(record) => match record.document.id.as_deref() {
                    // A format without ids: the reader made one.
                    Some(id) if id != wanted && !is_same(&record, document) => {
                        let id = id.to_owned();
                        self.early.entry(id).or_default().push(record);
                    }
                    _ => return Some(record),
                },
            }
        }
    }

    /// The layers of a record, checked.
    fn take(&mut self, record: Record, found: &mut Vec<(Document, Option<String>, Layer)>) {
        let mut raw = record.document;
        self.problems.extend(record.problems.into_iter().filter(|problem| problem.severity == Severity::Error));
        settle(&mut raw, Votes::default().winner(self.format.unit), &record.place, &mut self.problems);
        let Some((text, newlines)) = raw.text.take() else { return };
        let id =
            raw.id.as_deref().map_or_else(|| crate::text::DocumentId::of_text(&text), crate::text::DocumentId::from);
        let document = Document { id, text, meta: raw.meta, newlines, extra: raw.extra };
        let own = (record.has_spans || raw.layers.is_empty())
            .then(|| RawLayer { spans: std::mem::take(&mut raw.spans), ..RawLayer::default() });
        for mut layer in raw.layers.into_iter().chain(own) {
            let name = layer.annotator.take();
            let owner = Annotator::from(name.clone().unwrap_or_default());
            let layer = layer.check(owner, &document, &NewlineMap::default(), &record.place, &mut self.problems);
            found.push((document.clone(), name, layer));
        }
    }
}

/// A label and extents in a measure that two texts share.
type Decision<'a> = (&'a str, Vec<(usize, usize)>);

/// The texts differ in white space at most.
fn is_same(record: &Record, document: &Document) -> bool {
    let text = record.document.text.as_ref();
    text.is_some_and(|(text, _)| Ruler::between(&document.text, text).is_some())
}

/// Places of two texts in one measure: bytes where the texts are the same, characters that leave ink where only white space differs.
enum Ruler {
    Same,
    /// For each text, the ink before each byte.
    Ink(Vec<usize>, Vec<usize>),
}

impl Ruler {
    /// `None` where the texts differ in more than white space.
    fn between(ours: &Text, theirs: &Text) -> Option<Self> {
        if ours == theirs {
            return Some(Self::Same);
        }
        let ink = |text: &Text| text.as_str().chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>();
        (ink(ours) == ink(theirs)).then(|| Self::Ink(counts(ours), counts(theirs)))
    }

    fn ours(&self, span: &Span) -> Vec<(usize, usize)> {
        match self {
            Self::Same => ranges(span, |byte| byte),
            Self::Ink(ours, _) => ranges(span, |byte| ours.get(byte).copied().unwrap_or_default()),
        }
    }

    fn theirs(&self, span: &Span) -> Vec<(usize, usize)> {
        match self {
            Self::Same => ranges(span, |byte| byte),
            Self::Ink(_, theirs) => ranges(span, |byte| theirs.get(byte).copied().unwrap_or_default()),
        }
    }
}

fn ranges(span: &Span, place: impl Fn(usize) -> usize) -> Vec<(usize, usize)> {
    span.ranges.as_slice().iter().map(|range: &TextRange| (place(range.start()), place(range.end()))).collect()
}

fn counts(text: &Text) -> Vec<usize> {
    let mut counts = vec![0; text.len() + 1];
    let mut ink = 0;
    for (at, c) in text.as_str().char_indices() {
        counts[at] = ink;
        ink += usize::from(!c.is_whitespace());
    }
    counts[text.len()] = ink;
    counts
}
