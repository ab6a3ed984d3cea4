//! One line per layer: `{"id","text","entities"}`, with `spans` where entities cannot say everything.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::loss::{Loss, of_layer};
use super::super::options::WriteOptions;
use super::super::table::{Feature, Sink, Writer};
use super::FORMAT;
use crate::annotation::exchange::to_json;
use crate::annotation::{Layer, Status};
use crate::schema::LabelId;
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Document, TextRange};

pub fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let priority = options.priority.clone();
    Ok(match sink {
        Sink::Stream(out) => Box::new(Lines { out, priority }),
        Sink::Folder(_) => unreachable!("the table says that this format is one file"),
    })
}

struct Lines<'a> {
    out: Box<dyn Write + Send + 'a>,
    priority: Vec<LabelId>,
}

impl Writer for Lines<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        let mut losses = Vec::new();
        for layer in layers {
            losses.extend(of_layer(&FORMAT, document, layer));
            losses.extend(empty(document, layer));
            self.line(document, Some(layer))?;
        }
        if layers.is_empty() {
            self.line(document, None)?;
        }
        Ok(losses)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// No entity covers nothing.
fn empty<'a>(document: &'a Document, layer: &'a Layer) -> impl Iterator<Item = Loss> + 'a {
    let empty = layer.spans.iter().filter(|span| span.ranges.as_slice().iter().any(|range| range.is_empty()));
    empty.map(|span| Loss {
        document: document.id.clone(),
        annotator: layer.annotator.clone(),
        item: Some(span.id.clone()),
        what: Feature::Empty,
        sentence: "it covers nothing: left out".to_owned(),
    })
}

impl Lines<'_> {
    fn line(&mut self, document: &Document, layer: Option<&Arc<Layer>>) -> io::Result<()> {
        let mut line = Map::new();
        line.insert("id".to_owned(), json!(document.id));
        line.insert("text".to_owned(), json!(document.text.as_str()));
        if let Some(layer) = layer {
            self.spans(&mut line, document, layer);
            line.insert("annotator".to_owned(), json!(layer.annotator.as_str()));
            if layer.status != Status::Finished {
                line.insert("status".to_owned(), json!(layer.status.as_str()));
            }
        }
        let mut meta = document.meta.clone();
        let ours = meta.shift_remove("spacy_json");
        if !meta.is_empty() {
            line.insert("meta".to_owned(), Value::Object(meta));
        }
        let others = ours.as_ref().and_then(Value::as_object);
        for (key, value) in others.into_iter().flatten().chain(&document.extra) {
            line.entry(key).or_insert_with(|| value.clone());
        }
        self.out.write_all(&to_json(&line)?)?;
        self.out.write_all(b"\n")
    }

    /// Every fragment once for each label: all of them, and those that can be entities beside each other.
    fn spans(&self, line: &mut Map<String, Value>, document: &Document, layer: &Layer) {
        let index = OffsetIndex::new(&document.text);
        let triple = |(range, label): (TextRange, &LabelId)| {
            let (start, end) = index.give(Unit::CodePoint, range);
            json!([start, end, label])
        };
        let fragments = layer.spans.iter().flat_map(|span| span.ranges.as_slice().iter().map(|at| (*at, &span.label)));
        let mut all: Vec<(TextRange, &LabelId)> = fragments.filter(|(range, _)| !range.is_empty()).collect();
        all.sort();
        all.dedup();
        let trimmed = |(range, label): &(TextRange, &'_ LabelId)| {
            let text = document.text.slice(*range);
            let start = range.start() + text.len() - text.trim_start().len();
            let end = start + text.trim().len();
            Some((document.text.range(start, end).ok().filter(|range| !range.is_empty())?, (*label).clone()))
        };
        let mut order: Vec<(TextRange, LabelId)> = all.iter().filter_map(trimmed).collect();
        let rank = |label: &LabelId| self.priority.iter().position(|other| other == label).unwrap_or(usize::MAX);
        order.sort_by_key(|(range, label)| (rank(label), Reverse(range.len()), range.start()));
        let mut taken: BTreeMap<usize, (TextRange, LabelId)> = BTreeMap::new();
        for (range, label) in order {
            let before = taken.range(..range.end()).next_back();
            if before.is_none_or(|(_, (other, _))| other.end() <= range.start()) {
                taken.insert(range.start(), (range, label));
            }
        }
        let entities: Vec<(TextRange, &LabelId)> = taken.values().map(|(range, label)| (*range, label)).collect();
        line.insert("entities".to_owned(), entities.iter().copied().map(triple).collect());
        if entities != all {
            line.insert("spans".to_owned(), json!({"sc": all.into_iter().map(triple).collect::<Vec<_>>()}));
        }
    }
}
