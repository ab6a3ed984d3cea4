//! Writing: a line per document. Where the schema has relations, in the spelling that has them; an import asks for one of the two.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::FORMAT;
use super::aside::{Aside, Item};
use crate::annotation::exchange::{Offsets, to_json};
use crate::annotation::{ItemId, Layer, Status};
use crate::formats::loss::{Loss, of_layer};
use crate::formats::options::WriteOptions;
use crate::formats::table::{Feature, Sink, Writer};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Document, DocumentId};

pub(super) fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    Ok(match sink {
        Sink::Stream(out) => {
            let related = !options.schema.relations.is_empty();
            Box::new(Lines { out, original: options.offsets == Offsets::Original, related })
        }
        Sink::Folder(_) => unreachable!("the table says that this format is one file"),
    })
}

struct Lines<'a> {
    out: Box<dyn io::Write + Send + 'a>,
    original: bool,
    /// Entities and relations, not triples.
    related: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a DocumentId,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entities: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relations: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cats: Option<Value>,
    #[serde(rename = "Comments")]
    comments: Value,
    #[serde(skip_serializing_if = "Map::is_empty")]
    meta: Map<String, Value>,
    #[serde(skip_serializing_if = "is_nothing")]
    spanwright: Aside,
}

fn is_nothing(aside: &Aside) -> bool {
    *aside == Aside::default()
}

impl Writer for Lines<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        if layers.len() > 1 {
            let sentence = format!("{}: doccano JSONL holds one layer, not {}", document.id, layers.len());
            return Err(io::Error::other(sentence));
        }
        let original = self.original && !document.newlines.is_empty();
        let restored = original.then(|| document.newlines.restore(document.text.as_str()));
        let mut meta = document.meta.clone();
        let comments = comments(&mut meta);
        let mut line = Line {
            id: &document.id,
            text: restored.as_deref().unwrap_or(document.text.as_str()),
            label: None,
            entities: None,
            relations: None,
            cats: None,
            comments,
            meta,
            spanwright: Aside {
                unseen: layers.is_empty(),
                document: document.extra.clone(),
                newlines: Some(&document.newlines).filter(|map| !self.original && !map.is_empty()).cloned(),
                ..Aside::default()
            },
        };
        let losses = match layers.first() {
            Some(layer) => self.layer(document, layer, original, &mut line),
            None => {
                if self.related {
                    (line.entities, line.relations) = (Some(Vec::new()), Some(Vec::new()));
                } else {
                    line.label = Some(Value::Array(Vec::new()));
                }
                Vec::new()
            }
        };
        self.out.write_all(&to_json(&line)?)?;
        self.out.write_all(b"\n")?;
        Ok(losses)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

impl Lines<'_> {
    fn layer(&self, document: &Document, layer: &Layer, original: bool, line: &mut Line<'_>) -> Vec<Loss> {
        let mut losses = of_layer(&FORMAT, document, layer);
        let loss = |item: &ItemId, what: Feature, sentence: String| Loss {
            document: document.id.clone(),
            annotator: layer.annotator.clone(),
            item: Some(item.clone()),
            what,
            sentence,
        };
        let index = OffsetIndex::new(&document.text);
        let place = |byte: usize| {
            let place = index.to(Unit::CodePoint, byte);
            if original { document.newlines.to_source(place) } else { place }
        };
        let aside = &mut line.spanwright;
        let (mut triples, mut entities) = (Vec::new(), Vec::new());
        // Numbers that the file gave stay.
        let mut taken: HashSet<u64> = layer.spans.iter().filter_map(|span| number(span.id.as_str())).collect();
        let mut numbers: HashMap<&ItemId, u64> = HashMap::new();
        let mut next = 0;
        for span in layer.spans.iter() {
            let mut given = number(span.id.as_str());
            for range in span.ranges.as_slice().iter().filter(|range| !range.is_empty()) {
                let (start, end) = (place(range.start()), place(range.end()));
                let label = span.label.as_str();
                let first = !numbers.contains_key(&span.id);
                let mut extra = span.extra.clone();
                let mut entity = foreign(&mut extra);
                if self.related {
                    let number = given.take().unwrap_or_else(|| free(&mut next, &mut taken));
                    numbers.entry(&span.id).or_insert(number);
                    entity.insert("id".to_owned(), number.into());
                    entity.insert("label".to_owned(), label.into());
                    entity.insert("start_offset".to_owned(), start.into());
                    entity.insert("end_offset".to_owned(), end.into());
                    entities.push(Value::Object(entity));
                } else {
                    numbers.entry(&span.id).or_insert(0);
                    triples.push(Value::Array(vec![start.into(), end.into(), label.into()]));
                }
                let known = self.related && number(span.id.as_str()) == numbers.get(&span.id).copied();
                let item = Item {
                    is: (start, end, label.to_owned()),
                    id: (!known).then(|| span.id.as_str().to_owned()),
                    attributes: span.attributes.clone(),
                    note: span.note.clone(),
                    extra,
                };
                let silent = Item { is: item.is.clone(), ..Item::default() };
                if first && item != silent {
                    aside.spans.push(item);
                }
            }
            if !numbers.contains_key(&span.id) {
                let sentence = "it covers nothing, which doccano refuses: it is left out";
                losses.push(loss(&span.id, Feature::Empty, sentence.to_owned()));
            }
        }
        let mut relations = Vec::new();
        let given = |id: &ItemId| id.as_str().strip_prefix('r').and_then(number);
        let mut taken: HashSet<u64> = layer.relations.keys().filter_map(given).collect();
        let mut next = 0;
        for relation in layer.relations.values() {
            let (Some(&from), Some(&to)) = (numbers.get(&relation.from), numbers.get(&relation.to)) else {
                let sentence = format!("the {} joins a span that is left out, and is left out too", relation.kind);
                losses.push(loss(&relation.id, Feature::Relations, sentence));
                continue;
            };
            if !self.related {
                let sentence = format!("the schema has no relations: the {} is left out", relation.kind);
                losses.push(loss(&relation.id, Feature::Relations, sentence));
                continue;
            }
            let mut extra = relation.extra.clone();
            let mut row = foreign(&mut extra);
            let given = given(&relation.id);
            let id = given.unwrap_or_else(|| free(&mut next, &mut taken));
            row.insert("id".to_owned(), id.into());
            row.insert("from_id".to_owned(), from.into());
            row.insert("to_id".to_owned(), to.into());
            row.insert("type".to_owned(), relation.kind.as_str().into());
            relations.push(Value::Object(row));
            let item = Item {
                is: (
                    relation.kind.as_str().to_owned(),
                    relation.from.as_str().to_owned(),
                    relation.to.as_str().to_owned(),
                ),
                id: given.is_none().then(|| relation.id.as_str().to_owned()),
                attributes: relation.attributes.clone(),
                note: String::new(),
                extra,
            };
            if item != (Item { is: item.is.clone(), ..Item::default() }) {
                aside.relations.push(item);
            }
        }
        aside.annotator = Some(layer.annotator.as_str().to_owned());
        aside.status = Some(layer.status).filter(|status| !matches!(status, Status::Finished | Status::Untouched));
        aside.flag.clone_from(&layer.flag);
        aside.schema.clone_from(&layer.schema);
        aside.seconds = Some(layer.seconds).filter(|seconds| *seconds > 0);
        aside.decisions.clone_from(&layer.decisions);
        aside.extra.clone_from(&layer.extra);
        aside.attributes = layer.attributes.clone();
        let words = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
        line.cats = aside.attributes.get("cats").filter(|cats| words(cats)).cloned();
        if line.cats.is_some() {
            aside.attributes.remove("cats");
        }
        if self.related {
            (line.entities, line.relations) = (Some(entities), Some(relations));
        } else {
            line.label = Some(Value::Array(triples));
        }
        losses
    }
}

/// A number that doccano gave.
fn number(id: &str) -> Option<u64> {
    let digits = (1..=15).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
    id.parse().ok().filter(|_| digits && (id == "0" || !id.starts_with('0')))
}

fn free(next: &mut u64, taken: &mut HashSet<u64>) -> u64 {
    while !taken.insert(*next) {
        *next += 1;
    }
    *next
}

/// Takes what doccano had beside what has a place here.
fn foreign(extra: &mut Map<String, Value>) -> Map<String, Value> {
    match extra.shift_remove(FORMAT.id) {
        Some(Value::Object(foreign)) => foreign,
        _ => Map::new(),
    }
}

/// Takes the comments that came with the document.
fn comments(meta: &mut Map<String, Value>) -> Value {
    let found = meta.get_mut(FORMAT.id).and_then(|kept| kept.as_object_mut()?.shift_remove("Comments"));
    if meta.get(FORMAT.id).and_then(Value::as_object).is_some_and(Map::is_empty) {
        meta.shift_remove(FORMAT.id);
    }
    found.unwrap_or_else(|| Value::Array(Vec::new()))
}
