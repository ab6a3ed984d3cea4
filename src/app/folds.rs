//! [`Folds`]: which boilerplate of the open document is folded away. What is folded is decided when a document is opened or folding is
//! switched on; what is marked later stays open, so that nothing vanishes under the pointer.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::marks::is_boilerplate;
use super::parts;
use super::reading::Fold;
use crate::annotation::{Annotator, ItemId, Span};
use crate::schema::{LabelId, Schema};
use crate::session::{OpenDocument, Session};
use crate::text::wording;
use crate::text::{DocumentId, Text, TextHash};

/// What is folded away.
#[derive(Debug, Default)]
pub struct Folds {
    of: Option<Of>,
    ids: Vec<ItemId>,
    /// Those that were looked into.
    open: HashSet<ItemId>,
    /// Those that are open as long as the words are in them that are being looked for.
    peeked: HashSet<ItemId>,
    stale: bool,
    revision: u64,
    /// Everything that can be folded, and what of it is.
    all: Vec<Found>,
    found: Vec<Found>,
    shown: Arc<[Fold]>,
}

/// For what it was decided.
#[derive(Debug, PartialEq)]
struct Of {
    document: DocumentId,
    text: TextHash,
    showing: Annotator,
    schema: usize,
}

#[derive(Clone, Debug)]
struct Found {
    range: Range<usize>,
    label: LabelId,
    ids: Vec<ItemId>,
}

impl Folds {
    /// What the page shows folded now; nothing where folding is off. `searching`: the selection is what is found while words are typed,
    /// and what it opens it closes again. A frame in which nothing changed costs nothing that grows with the
    /// layer; opening a document looks at every span once.
    pub fn sync(&mut self, session: &Session, on: bool, searching: bool) -> Arc<[Fold]> {
        let Some(open) = session.open.as_ref().filter(|_| on) else {
            *self = Self::default();
            return Arc::default();
        };
        let of = Of {
            document: open.id().clone(),
            text: open.text().sha256(),
            showing: open.showing.clone(),
            schema: Arc::as_ptr(&session.schema).addr(),
        };
        if self.of.as_ref() != Some(&of) {
            let boilerplate = |span: &&Arc<Span>| is_label(&session.schema, span);
            let spans = open.shown().into_iter().flat_map(|layer| layer.spans.iter());
            let ids = spans.filter(boilerplate).map(|span| span.id.clone()).collect();
            *self = Self { of: Some(of), ids, stale: true, ..Self::default() };
        }
        let stale = std::mem::take(&mut self.stale);
        if stale || self.revision != open.revision {
            self.find(open, &session.schema);
        }
        let selection = open.caret.min(open.anchor)..open.caret.max(open.anchor);
        if open.span.is_none() && self.look(&selection, searching) {
            self.find(open, &session.schema);
        }
        Arc::clone(&self.shown)
    }

    /// Opens what lies there.
    pub fn unfold(&mut self, at: usize) {
        if let Some(found) = self.found.iter().find(|found| found.range.contains(&at) || found.range.start == at) {
            self.open.extend(found.ids.iter().cloned());
            self.stale = true;
        }
    }

    /// Opens what the caret went into, and what a selection begins or ends in. `false`: nothing changed.
    fn look(&mut self, selection: &Range<usize>, searching: bool) -> bool {
        let inside = |fold: &Range<usize>, at: usize| fold.start < at && at < fold.end;
        let looked = |found: &&Found| {
            let whole =
                !selection.is_empty() && found.range.start <= selection.start && selection.end <= found.range.end;
            whole || inside(&found.range, selection.start) || inside(&found.range, selection.end)
        };
        let ids: Vec<ItemId> = self.all.iter().filter(looked).flat_map(|found| found.ids.iter().cloned()).collect();
        if searching {
            let ids = ids.into_iter().collect();
            let other = self.peeked != ids;
            self.peeked = ids;
            return other;
        }
        let known = self.open.len();
        self.open.extend(ids);
        let peeked = !std::mem::take(&mut self.peeked).is_empty();
        self.open.len() > known || peeked
    }

    fn find(&mut self, open: &OpenDocument, schema: &Schema) {
        if self.revision != open.revision || self.all.is_empty() {
            self.revision = open.revision;
            self.all = self.ids.iter().flat_map(|id| found(open, schema, id)).collect();
            self.all.sort_by_key(|found| found.range.start);
        }
        let text = open.text();
        let closed = |found: &&Found| found.ids.iter().all(|id| !self.open.contains(id) && !self.peeked.contains(id));
        let mut shown: Vec<Found> = Vec::new();
        for next in self.all.iter().filter(closed).cloned() {
            match shown.last_mut() {
                Some(last) if last.label == next.label && blank_between(text, &last.range, &next.range) => {
                    last.range.end = last.range.end.max(next.range.end);
                    last.ids.extend(next.ids);
                }
                // Of two that share a line, the first.
                Some(last) if next.range.start <= last.range.end => {}
                _ => shown.push(next),
            }
        }
        let fold = |found: &Found| {
            let lines = text.as_str()[found.range.clone()].lines().filter(|line| !line.trim().is_empty()).count();
            let lines = wording::counted(lines as u64, "line", "lines");
            let words = format!("{lines} of {}", parts::name(schema, &found.label).to_lowercase());
            Fold { range: found.range.clone(), words }
        };
        self.shown = shown.iter().map(fold).collect();
        self.found = shown;
    }
}

/// What a span lets fold: whole lines that hold nothing else.
fn found(open: &OpenDocument, schema: &Schema, id: &ItemId) -> Vec<Found> {
    let text = open.text();
    let Some((layer, span)) = open.shown().and_then(|layer| Some((layer, layer.span(id)?))) else { return Vec::new() };
    let alone = |range: &Range<usize>| {
        let range = text.range(range.start, range.end).unwrap_or_else(|_| text.all());
        layer.spans.touching(range).all(|span| is_label(schema, span))
    };
    let ranges = span.ranges.as_slice().iter().map(|range| range.start()..range.end());
    let lines = ranges.filter_map(|range| whole_lines(text, range)).filter(alone);
    lines.map(|range| Found { range, label: span.label.clone(), ids: vec![id.clone()] }).collect()
}

fn is_label(schema: &Schema, span: &Span) -> bool {
    schema.resolve(span.label.as_str()).is_some_and(is_boilerplate)
}

/// The lines that a range takes, without the last newline; `None` where it leaves letters of them out.
fn whole_lines(text: &Text, range: Range<usize>) -> Option<Range<usize>> {
    let words = text.as_str();
    let start = words[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = words[range.end..].find('\n').map_or(words.len(), |newline| range.end + newline);
    let end = if range.end > start && words[..range.end].ends_with('\n') { range.end - 1 } else { end };
    let blank = |words: &str| words.trim().is_empty();
    (start < end && blank(&words[start..range.start]) && blank(words.get(range.end..end).unwrap_or_default()))
        .then_some(start..end)
}

fn blank_between(text: &Text, first: &Range<usize>, second: &Range<usize>) -> bool {
    second.start <= first.end || text.as_str()[first.end..second.start].trim().is_empty()
}
