//! What a Doc's groups, its entities and our note say of its spans, brought together. The Doc is right: it may have been changed since
//! the note was written.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::doc::Words;
use super::{GROUP, is_space};
use crate::annotation::RawSpan;
use crate::annotation::exchange::{RawDocument, RawLayer};
use crate::text::{Place, Problem};

/// One entity, or one span of a group.
#[derive(Debug)]
pub struct Entry {
    /// In code points.
    pub start: usize,
    pub end: usize,
    /// The text of its words, where that stands elsewhere.
    pub quote: Option<String>,
    /// Or the number that stands for nothing.
    pub label: Result<String, u64>,
    pub kb: Option<String>,
    pub id: Option<String>,
    /// Empty for an entity.
    pub groups: Vec<String>,
}

type Extent = (usize, usize, String);

/// Gives the document its layer. `seen`: somebody has annotated it, be it with nothing.
pub fn agree(
    document: &mut RawDocument,
    entries: Vec<Entry>,
    ents: Vec<Entry>,
    seen: bool,
    words: &Words,
    place: &Place,
    problems: &mut Vec<Problem>,
) {
    let mut found = Found::default();
    let ours = document.layers.first_mut();
    if let Some(layer) = &ours {
        // Our entities are spans of the group without the white space at their edges.
        let chars: Vec<char> = words.text.chars().collect();
        for span in &layer.spans {
            for (start, end) in &span.ranges {
                found.known.insert(trimmed(&chars, *start, *end, &span.label));
            }
        }
    }
    for entry in entries.into_iter().chain(ents) {
        found.add(entry, place, problems);
    }
    match ours {
        Some(layer) => found.compare(layer, place, problems),
        None if seen => document.layers.push(RawLayer { spans: found.spans(), ..RawLayer::default() }),
        None => {}
    }
}

fn trimmed(chars: &[char], mut start: usize, mut end: usize, label: &str) -> Extent {
    end = end.min(chars.len());
    while start < end && is_space(chars[start]) {
        start += 1;
    }
    while start < end && is_space(chars[end - 1]) {
        end -= 1;
    }
    (start, end, label.to_owned())
}

/// What the Doc itself says, each extent and label once, in their order.
#[derive(Default)]
struct Found {
    at: HashMap<Extent, usize>,
    list: Vec<Met>,
    /// Entities that need no span of their own.
    known: HashSet<Extent>,
}

/// An extent with its label, and where it was met.
struct Met {
    entry: Entry,
    label: String,
    ent: bool,
    /// The note has it.
    noted: bool,
}

impl Found {
    fn add(&mut self, entry: Entry, place: &Place, problems: &mut Vec<Problem>) {
        let (start, end) = (entry.start, entry.end);
        let label = match &entry.label {
            Ok(label) if !label.is_empty() => label.clone(),
            Ok(_) => {
                let sentence = format!("the span {start}..{end} has no label; it was not imported");
                problems.push(Problem::error(place.clone(), sentence));
                return;
            }
            Err(number) => {
                let sentence = format!(
                    "the file’s strings are without number {number}, the label of the span {start}..{end}; it was not imported"
                );
                problems.push(Problem::error(place.clone(), sentence));
                return;
            }
        };
        let ent = entry.groups.is_empty();
        let extent = (start, end, label.clone());
        match self.at.get(&extent).and_then(|index| self.list.get_mut(*index)) {
            Some(met) => {
                met.ent |= ent;
                met.entry.groups.extend(entry.groups);
            }
            None if ent && self.known.contains(&extent) => {}
            None => {
                self.at.insert(extent, self.list.len());
                self.list.push(Met { entry, label, ent, noted: false });
            }
        }
    }

    /// Takes from the note what the Doc still says, and adds what only the Doc says.
    fn compare(mut self, layer: &mut RawLayer, place: &Place, problems: &mut Vec<Problem>) {
        layer.spans.retain(|span| {
            let pieces = span.ranges.iter().filter(|(start, end)| start < end);
            let met: Vec<Option<usize>> =
                pieces.map(|(start, end)| self.at.get(&(*start, *end, span.label.clone())).copied()).collect();
            if met.contains(&None) {
                let sentence = "the note of this program knows the span, the Doc does not: left out";
                let place = place.clone().item(span.id.clone().unwrap_or_default());
                problems.push(Problem::warning(place, sentence));
                return false;
            }
            for index in met.into_iter().flatten() {
                self.list[index].noted = true;
            }
            true
        });
        self.list.retain(|met| !met.noted);
        layer.spans.extend(self.spans());
    }

    fn spans(self) -> Vec<RawSpan> {
        self.list.into_iter().map(span).collect()
    }
}

/// What has no place in a span is kept under `spacy`, as the writer finds it there.
fn span(met: Met) -> RawSpan {
    let Met { entry, label, ent, .. } = met;
    let mut groups = entry.groups;
    groups.sort();
    groups.dedup();
    let mut spacy = Map::new();
    if !groups.is_empty() && groups != [GROUP] {
        spacy.insert("groups".to_owned(), json!(groups));
        if ent {
            spacy.insert("ent".to_owned(), Value::Bool(true));
        }
    }
    for (key, value) in [("kb_id", entry.kb), ("id", entry.id)] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            spacy.insert(key.to_owned(), Value::String(value));
        }
    }
    let mut extra = Map::new();
    if !spacy.is_empty() {
        extra.insert("spacy".to_owned(), Value::Object(spacy));
    }
    RawSpan { label, ranges: vec![(entry.start, entry.end)], quote: entry.quote, extra, ..RawSpan::default() }
}
