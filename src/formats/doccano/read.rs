//! Reading: a record per value.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::Path;

use serde_json::{Map, Value};

use super::KEYS;
use super::aside::{self, Aside};
use crate::annotation::RawSpan;
use crate::annotation::exchange::{RawDocument, RawLayer, RawRelation};
use crate::formats::options::ReadOptions;
use crate::formats::record::{Record, Records};
use crate::formats::values::{self, Element, Values};
use crate::text::{NewlineMap, Place, Problem, Text};

pub(super) fn records(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let file = path.display().to_string();
    let source = values::open(path)?;
    let values = Values::new(source, file.clone(), options.limits.document_bytes.saturating_mul(2));
    Ok(Box::new(values.map(move |value| record(value?, &file))))
}

fn record(element: Element, file: &str) -> Result<Record, Box<Problem>> {
    let place = Place::file(file).at_line(element.line);
    let Value::Object(mut object) = element.value else {
        return Err(Box::new(Problem::error(place, "it is no JSON object; the document was not imported")));
    };
    let mut problems = Vec::new();
    let said = object.shift_remove(aside::KEY);
    let mut aside = said.and_then(|said| serde_json::from_value::<Aside>(said).ok()).unwrap_or_default();
    let source = match ["text", "data"].iter().find_map(|key| object.shift_remove(*key)) {
        Some(Value::String(text)) => text,
        Some(_) => return Err(Box::new(Problem::error(place, "its text is no string; the document was not imported"))),
        None => return Err(Box::new(Problem::error(place, "it has no text; the document was not imported"))),
    };
    let id = ["id", "doc_id"].iter().find_map(|key| match object.shift_remove(*key) {
        Some(Value::String(id)) if !id.is_empty() => Some(id),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    });
    let mut line = Line { layer: RawLayer::default(), place: &place, problems: &mut problems };
    let labelled = line.labels(&mut object);
    line.relations(object.shift_remove("relations"));
    let mut layer = line.layer;
    if let Some(cats) = object.shift_remove("cats").filter(|cats| !matches!(cats, Value::Null)) {
        layer.attributes.insert("cats".to_owned(), cats);
    }
    let (text, newlines, counting) = text(&source, aside.newlines.take());
    let meta = meta(object);
    let layers = if labelled && !aside.unseen {
        put(&mut layer, &mut aside);
        vec![layer]
    } else {
        Vec::new()
    };
    let document = RawDocument {
        id,
        text: Some((text, newlines)),
        counting,
        meta,
        layers,
        extra: aside.document,
        ..RawDocument::default()
    };
    Ok(Record { place, document, has_spans: false, problems, read: element.read })
}

/// What is read of one line.
struct Line<'a> {
    layer: RawLayer,
    place: &'a Place,
    problems: &'a mut Vec<Problem>,
}

impl Line<'_> {
    /// Spans and document labels, wherever they stand; whether there was a list of them, be it empty.
    fn labels(&mut self, object: &mut Map<String, Value>) -> bool {
        let mut labelled = false;
        for key in ["entities", "label", "labels", "annotations"] {
            let items = match object.shift_remove(key) {
                Some(Value::Array(items)) => items,
                Some(Value::String(label)) if !label.is_empty() => vec![Value::String(label)],
                Some(Value::Null | Value::String(_)) | None => continue,
                Some(_) => {
                    self.wrong(key, None, "it is no list; it was not imported");
                    continue;
                }
            };
            // An export of a project with relations may have older labels among its metadata.
            if labelled && !items.is_empty() && !self.layer.spans.is_empty() {
                self.wrong(key, None, "the line has entities too, which were imported; these labels were not");
                continue;
            }
            labelled = true;
            let mut names = Vec::new();
            for (index, item) in items.into_iter().enumerate() {
                match item {
                    Value::String(label) => names.push(Value::String(label)),
                    item => match span(item) {
                        Ok(span) => self.layer.spans.push(span),
                        Err(sentence) => self.wrong(key, Some(index), sentence),
                    },
                }
            }
            if !names.is_empty() {
                self.layer.attributes.insert(key.to_owned(), Value::Array(names));
            }
        }
        labelled
    }

    fn relations(&mut self, list: Option<Value>) {
        let items = match list {
            Some(Value::Array(items)) => items,
            None | Some(Value::Null) => return,
            Some(_) => return self.wrong("relations", None, "it is no list; it was not imported"),
        };
        for (index, item) in items.into_iter().enumerate() {
            let Value::Object(mut item) = item else {
                self.wrong("relations", Some(index), "it is no relation; it was not imported");
                continue;
            };
            let mut take = |key: &str| item.shift_remove(key).as_ref().and_then(word);
            let (Some(from), Some(to), Some(kind)) = (take("from_id"), take("to_id"), take("type")) else {
                self.wrong("relations", Some(index), "it lacks from_id, to_id or type; it was not imported");
                continue;
            };
            // Numbers of relations and entities are counted apart.
            let id = take("id").map(|id| format!("r{id}"));
            self.layer.relations.push(RawRelation { id, kind, from, to, extra: extra(item), ..RawRelation::default() });
        }
    }

    fn wrong(&mut self, key: &str, index: Option<usize>, sentence: &str) {
        let field = index.map_or_else(|| key.to_owned(), |index| format!("{key}[{index}]"));
        self.problems.push(Problem::error(self.place.clone().field(field), sentence));
    }
}

/// A span in either spelling.
fn span(item: Value) -> Result<RawSpan, &'static str> {
    const OFFSETS: &str = "its offsets are no whole numbers from 0; it was not imported";
    let number = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok()).ok_or(OFFSETS);
    match item {
        Value::Array(parts) => match parts.as_slice() {
            [start, end, label] => {
                let label = word(label).ok_or("its label is no string; it was not imported")?;
                Ok(RawSpan { label, ranges: vec![(number(start)?, number(end)?)], ..RawSpan::default() })
            }
            _ => Err("it is no [start, end, label]; it was not imported"),
        },
        Value::Object(mut object) => {
            let mut take = |key: &str| object.shift_remove(key).unwrap_or(Value::Null);
            let (start, end, label, id) = (take("start_offset"), take("end_offset"), take("label"), take("id"));
            let label = word(&label).ok_or("it has no label; it was not imported")?;
            let ranges = vec![(number(&start)?, number(&end)?)];
            Ok(RawSpan { id: word(&id), label, ranges, extra: extra(object), ..RawSpan::default() })
        }
        _ => Err("it is neither a label nor a span; it was not imported"),
    }
}

/// A non-empty string, or a number as one.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What is left of an item, kept for an export to doccano.
fn extra(left: Map<String, Value>) -> Map<String, Value> {
    let mut extra = Map::new();
    if !left.is_empty() {
        extra.insert(super::FORMAT.id.to_owned(), Value::Object(left));
    }
    extra
}

/// doccano spreads a document's metadata over the line. Comments have no place here: they are kept.
fn meta(mut object: Map<String, Value>) -> Map<String, Value> {
    let mut meta = match object.shift_remove("meta") {
        Some(Value::Object(meta)) => meta,
        // Old exports have it as a string.
        Some(Value::String(text)) => match serde_json::from_str(&text) {
            Ok(Value::Object(meta)) => meta,
            _ if text.is_empty() => Map::new(),
            _ => Map::from_iter([("meta".to_owned(), Value::String(text))]),
        },
        Some(Value::Null) | None => Map::new(),
        Some(other) => Map::from_iter([("meta".to_owned(), other)]),
    };
    let comments = object.shift_remove("Comments");
    for (key, value) in object {
        if !KEYS.contains(&key.as_str()) {
            meta.entry(key).or_insert(value);
        }
    }
    if let Some(comments) = comments.filter(|comments| comments.as_array().is_none_or(|list| !list.is_empty())) {
        let kept = meta.entry(super::FORMAT.id).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(kept) = kept {
            kept.insert("Comments".to_owned(), comments);
        }
    }
    meta
}

/// What we said of the layer, its spans and relations, where the line still has them.
fn put(layer: &mut RawLayer, aside: &mut Aside) {
    layer.annotator = aside.annotator.take();
    layer.status = aside.status;
    layer.flag = aside.flag.take();
    layer.schema = std::mem::take(&mut aside.schema);
    layer.seconds = aside.seconds.unwrap_or_default();
    layer.decisions = std::mem::take(&mut aside.decisions);
    layer.extra = std::mem::take(&mut aside.extra);
    layer.attributes.append(&mut aside.attributes);
    let mut said: HashMap<_, VecDeque<_>> = HashMap::new();
    for item in aside.spans.drain(..) {
        said.entry(item.is.clone()).or_default().push_back(item);
    }
    // Numbers of the line → ids.
    let mut names: HashMap<String, String> = HashMap::new();
    for span in &mut layer.spans {
        let Some((start, end)) = span.ranges.first().copied() else { continue };
        let item = said.get_mut(&(start, end, span.label.clone())).and_then(VecDeque::pop_front);
        let Some(item) = item else { continue };
        (span.attributes, span.note) = (item.attributes, item.note);
        span.extra.extend(item.extra);
        if let Some(id) = item.id
            && let Some(number) = span.id.replace(id.clone())
        {
            names.insert(number, id);
        }
    }
    let mut said: HashMap<_, VecDeque<_>> = HashMap::new();
    for item in aside.relations.drain(..) {
        said.entry(item.is.clone()).or_default().push_back(item);
    }
    for relation in &mut layer.relations {
        for end in [&mut relation.from, &mut relation.to] {
            if let Some(id) = names.get(end) {
                end.clone_from(id);
            }
        }
        let key = (relation.kind.clone(), relation.from.clone(), relation.to.clone());
        let Some(item) = said.get_mut(&key).and_then(VecDeque::pop_front) else { continue };
        relation.attributes = item.attributes;
        relation.extra.extend(item.extra);
        relation.id = item.id.or(relation.id.take());
    }
}

/// Our text, how its source wrote its newlines, and what the offsets go through.
fn text(source: &str, given: Option<NewlineMap>) -> (Text, NewlineMap, NewlineMap) {
    if let Some(map) = given.filter(|map| NewlineMap::normalise(&map.restore(source)) == (source.into(), map.clone())) {
        return (Text::new(source), map, NewlineMap::default());
    }
    let (text, map) = Text::from_source(source);
    (text, map.clone(), map)
}
