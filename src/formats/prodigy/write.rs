//! One task per layer.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::Range;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value, json};

use super::super::loss::Loss;
use super::super::options::WriteOptions;
use super::super::spacy::words::Words;
use super::super::table::{Feature, Sink, Writer};
use super::super::tokens::tokenise;
use super::{NOTE, THEIRS};
use crate::annotation::exchange::to_json;
use crate::annotation::{Annotator, ItemId, Layer, Relation, Span, Status};
use crate::text::Document;
use crate::text::convert::{OffsetIndex, Unit};

type Object = Map<String, Value>;

pub fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let options = options.clone();
    Ok(match sink {
        Sink::Stream(out) => Box::new(Tasks { out, options }),
        Sink::Folder(_) => unreachable!("the table says that this format is one file"),
    })
}

struct Tasks<'a> {
    out: Box<dyn Write + Send + 'a>,
    options: WriteOptions,
}

impl Writer for Tasks<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        let mut losses = Vec::new();
        for layer in layers {
            losses.extend(self.task(document, Some(layer))?);
        }
        if layers.is_empty() {
            self.task(document, None)?;
        }
        Ok(losses)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

impl Tasks<'_> {
    fn task(&mut self, document: &Document, layer: Option<&Arc<Layer>>) -> io::Result<Vec<Loss>> {
        let nobody = Layer::untouched(Annotator::from(""));
        let seen = layer.map_or(&nobody, |layer| &**layer);
        let mut tokens = tokenise(document, seen, &self.options);
        let words = Words::new(document, &tokens);
        let mut losses = std::mem::take(&mut tokens.losses);
        losses.retain(|loss| loss.what != Feature::Empty);

        let mut task = Object::new();
        put(&mut task, "id", json!(document.id));
        put(&mut task, "text", json!(document.text.as_str()));
        let mut meta = document.meta.clone();
        let of_document = taken(&mut meta);
        if !meta.is_empty() {
            put(&mut task, "meta", Value::Object(meta));
        }
        // Written below; here it has its place among the keys.
        put(&mut task, TOKENS, Value::Null);

        let mut note = Object::new();
        let mut about = document.extra.clone();
        if !document.newlines.is_empty() {
            put(&mut about, "newlines", serde_json::to_value(&document.newlines)?);
        }
        if !about.is_empty() {
            put(&mut note, "document", Value::Object(about));
        }
        let mut of_layer = Object::new();
        if layer.is_some() {
            let mut placed = Placed::default();
            for piece in &tokens.placed {
                placed.add(piece.span, words.of(&piece.tokens));
            }
            let spans: Vec<Value> =
                placed.list.iter().map(|(span, at)| self::span(span, &words, at)).collect::<io::Result<_>>()?;
            put(&mut task, "spans", Value::Array(spans));
            let mut about = of(seen)?;
            let empty = empty(document, seen)?;
            let has = |id: &ItemId| {
                placed.at.contains_key(id.as_str())
                    || seen.span(id).is_some_and(|span| span.ranges.as_slice().iter().any(|range| range.is_empty()))
            };
            let (mut relations, mut others) = (Vec::new(), Vec::new());
            for relation in seen.relations.values() {
                match (placed.last(&relation.from), placed.last(&relation.to)) {
                    (Some(from), Some(to)) => relations.push(self::relation(relation, &words, from, to)),
                    _ if has(&relation.from) && has(&relation.to) => others.push(bare(relation)),
                    _ => losses.push(Loss {
                        document: document.id.clone(),
                        annotator: seen.annotator.clone(),
                        item: Some(relation.id.clone()),
                        what: Feature::Relations,
                        sentence: "one of the spans that it joins is left out: left out".to_owned(),
                    }),
                }
            }
            of_layer = taken(&mut about);
            if let Some(Value::Array(kept)) = of_layer.shift_remove("relations") {
                relations.extend(kept);
            }
            if !relations.is_empty() {
                put(&mut task, "relations", Value::Array(relations));
            }
            for (key, list) in [("spans", empty), ("relations", others)] {
                if !list.is_empty() {
                    put(&mut about, key, Value::Array(list));
                }
            }
            let rejected = of_layer.shift_remove("answer").filter(|answer| answer == "reject");
            match seen.status {
                Status::Finished => put(&mut task, "answer", json!("accept")),
                Status::Skipped => put(&mut task, "answer", json!("ignore")),
                Status::InProgress | Status::Untouched => {
                    if let Some(answer) = rejected {
                        put(&mut task, "answer", answer);
                    }
                }
            }
            put(&mut task, "_annotator_id", json!(seen.annotator.as_str()));
            put(&mut task, "_session_id", json!(seen.annotator.as_str()));
            if let Some(session) = of_layer.shift_remove("_session_id") {
                put(&mut task, "_session_id", session);
            }
            put(&mut note, "layer", Value::Object(about));
        }
        if !note.is_empty() {
            put(&mut task, NOTE, Value::Object(note));
        }
        for (key, value) in of_document.into_iter().chain(of_layer) {
            task.entry(key).or_insert(value);
        }
        self.out.write_all(&to_json(&Task { keys: &task, document, words: &words })?)?;
        self.out.write_all(b"\n")?;
        Ok(losses)
    }
}

fn put(object: &mut Object, key: &str, value: Value) {
    object.insert(key.to_owned(), value);
}

/// Takes out what is Prodigy's.
fn taken(object: &mut Object) -> Object {
    match object.get(THEIRS) {
        Some(Value::Object(theirs)) => {
            let theirs = theirs.clone();
            object.shift_remove(THEIRS);
            theirs
        }
        _ => Object::new(),
    }
}

const TOKENS: &str = "tokens";

/// A task with its tokens, of which there are too many to make values of.
struct Task<'a> {
    keys: &'a Object,
    document: &'a Document,
    words: &'a Words,
}

impl Serialize for Task<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.keys.len()))?;
        for (key, value) in self.keys {
            if key == TOKENS {
                map.serialize_entry(key, &Tokens { document: self.document, words: self.words })?;
            } else {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }
}

struct Tokens<'a> {
    document: &'a Document,
    words: &'a Words,
}

#[derive(serde::Serialize)]
struct Token<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    id: usize,
    ws: bool,
}

impl Serialize for Tokens<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.words.list.iter().enumerate().map(|(id, word)| Token {
            text: &self.document.text.as_str()[word.bytes.clone()],
            start: word.place.start,
            end: word.place.end,
            id,
            ws: word.space,
        }))
    }
}

/// The pieces of a layer's spans, in words.
#[derive(Default)]
struct Placed<'a> {
    list: Vec<(&'a Arc<Span>, Range<usize>)>,
    /// The last piece of each span.
    at: HashMap<&'a str, usize>,
}

impl<'a> Placed<'a> {
    fn add(&mut self, span: &'a Arc<Span>, at: Range<usize>) {
        let before = self.at.get(span.id.as_str()).and_then(|index| self.list.get_mut(*index));
        if let Some((_, before)) = before.filter(|(_, before)| at.start < before.end) {
            // Fragments that have grown into each other are one.
            before.end = before.end.max(at.end);
            return;
        }
        self.at.insert(span.id.as_str(), self.list.len());
        self.list.push((span, at));
    }

    fn last(&self, id: &ItemId) -> Option<(&Span, &Range<usize>)> {
        let (span, at) = self.list.get(*self.at.get(id.as_str())?)?;
        Some((span, at))
    }
}

/// Where a piece lies: in code points, and its first and last token.
fn place(words: &Words, at: &Range<usize>) -> Object {
    let mut place = Object::new();
    put(&mut place, "start", json!(words.list[at.start].place.start));
    put(&mut place, "end", json!(words.list[at.end - 1].place.end));
    put(&mut place, "token_start", json!(at.start));
    put(&mut place, "token_end", json!(at.end - 1));
    place
}

fn span(span: &Span, words: &Words, at: &Range<usize>) -> io::Result<Value> {
    let mut row = place(words, at);
    put(&mut row, "label", json!(span.label));
    let mut extra = span.extra.clone();
    let theirs = taken(&mut extra);
    let mut note = Object::new();
    put(&mut note, "id", json!(span.id));
    if !span.attributes.is_empty() {
        put(&mut note, "attributes", json!(span.attributes));
    }
    if !span.note.is_empty() {
        put(&mut note, "note", json!(span.note));
    }
    put(&mut note, "origin", serde_json::to_value(&span.origin)?);
    if !extra.is_empty() {
        put(&mut note, "extra", Value::Object(extra));
    }
    put(&mut row, NOTE, Value::Object(note));
    for (key, value) in theirs {
        row.entry(key).or_insert(value);
    }
    Ok(Value::Object(row))
}

fn relation(relation: &Relation, words: &Words, from: (&Span, &Range<usize>), to: (&Span, &Range<usize>)) -> Value {
    let end = |(span, at): (&Span, &Range<usize>)| {
        let mut end = place(words, at);
        put(&mut end, "label", json!(span.label));
        Value::Object(end)
    };
    let mut extra = relation.extra.clone();
    let theirs = taken(&mut extra);
    let mut note = Object::new();
    put(&mut note, "id", json!(relation.id));
    put(&mut note, "from", json!(relation.from));
    put(&mut note, "to", json!(relation.to));
    if !relation.attributes.is_empty() {
        put(&mut note, "attributes", json!(relation.attributes));
    }
    if !extra.is_empty() {
        put(&mut note, "extra", Value::Object(extra));
    }
    let mut row = Object::new();
    put(&mut row, "head", json!(from.1.end - 1));
    put(&mut row, "child", json!(to.1.end - 1));
    put(&mut row, "head_span", end(from));
    put(&mut row, "child_span", end(to));
    put(&mut row, "label", json!(relation.kind));
    put(&mut row, NOTE, Value::Object(note));
    for (key, value) in theirs {
        row.entry(key).or_insert(value);
    }
    Value::Object(row)
}

/// A relation as our own lines have it.
fn bare(relation: &Relation) -> Value {
    let mut row = relation.extra.clone();
    put(&mut row, "id", json!(relation.id));
    put(&mut row, "kind", json!(relation.kind));
    put(&mut row, "from", json!(relation.from));
    put(&mut row, "to", json!(relation.to));
    put(&mut row, "attributes", json!(relation.attributes));
    Value::Object(row)
}

/// A layer as our own lines have it, without its spans and relations.
fn of(layer: &Layer) -> io::Result<Object> {
    let mut about = layer.extra.clone();
    put(&mut about, "version", json!(layer.version));
    if !layer.clock.0.is_empty() {
        put(&mut about, "clock", serde_json::to_value(&layer.clock)?);
    }
    if let Some(updated) = layer.updated {
        put(&mut about, "updated", json!(updated.to_string()));
    }
    put(&mut about, "status", json!(layer.status.as_str()));
    if let Some(flag) = &layer.flag {
        put(&mut about, "flag", json!(flag));
    }
    if !layer.schema.is_empty() {
        put(&mut about, "schema", json!(layer.schema));
    }
    if !layer.attributes.is_empty() {
        put(&mut about, "attributes", json!(layer.attributes));
    }
    if layer.seconds > 0 {
        put(&mut about, "seconds", json!(layer.seconds));
    }
    if !layer.decisions.is_empty() {
        put(&mut about, "decisions", json!(layer.decisions));
    }
    Ok(about)
}

/// The fragments that cover nothing, as spans of our own lines: Prodigy has no such spans.
fn empty(document: &Document, layer: &Layer) -> io::Result<Vec<Value>> {
    let mut list = Vec::new();
    for span in layer.spans.iter() {
        let empty: Vec<_> = span.ranges.as_slice().iter().filter(|range| range.is_empty()).collect();
        if empty.is_empty() {
            continue;
        }
        let index = OffsetIndex::new(&document.text);
        let ranges: Vec<(usize, usize)> = empty.into_iter().map(|range| index.give(Unit::CodePoint, *range)).collect();
        let mut row = span.extra.clone();
        put(&mut row, "id", json!(span.id));
        put(&mut row, "label", json!(span.label));
        put(&mut row, "ranges", json!(ranges));
        put(&mut row, "attributes", json!(span.attributes));
        put(&mut row, "note", json!(span.note));
        put(&mut row, "origin", serde_json::to_value(&span.origin)?);
        list.push(Value::Object(row));
    }
    Ok(list)
}
