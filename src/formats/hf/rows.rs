//! A document and one of its layers as a row of columns: what the Parquet file and the JSON lines hold alike.

use std::borrow::Cow;
use std::io;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::columns::Classes;
use crate::annotation::exchange::{Offsets, to_json};
use crate::annotation::{Annotator, Attributes, Clock, Layer, Origin, OriginKind, Ranges, Relation, Span};
use crate::formats::options::WriteOptions;
use crate::formats::tokens::{flat, tokenise};
use crate::text::convert::{CodePoints, OffsetIndex, Unit};
use crate::text::{Document, NewlineMap, Text, TextHash, TextRange};

/// A row, its fields in the order of the columns. JSON is text in it: Arrow has no type for values of any shape.
#[derive(Debug, Serialize)]
pub(in crate::formats) struct Row<'a> {
    pub id: &'a str,
    pub text: Cow<'a, str>,
    pub text_sha256: String,
    /// `None` where nobody has looked at the document.
    pub spans: Option<Vec<SpanCell<'a>>>,
    pub relations: Option<Vec<RelationCell<'a>>>,
    pub tokens: Pieces<'a>,
    pub offsets: Vec<[usize; 2]>,
    pub ner_tags: Option<Tags<'a>>,
    pub annotator: Option<&'a str>,
    pub status: Option<&'a str>,
    pub flag: Option<&'a str>,
    pub document_attributes: Option<String>,
    pub split: Option<&'a str>,
    pub meta: Option<String>,
    /// What only we read; that it is there says that the row is ours.
    pub spanwright: String,
}

#[derive(Debug, Serialize)]
pub(in crate::formats) struct SpanCell<'a> {
    pub id: &'a str,
    /// Of the hull, in code points.
    pub start: usize,
    pub end: usize,
    pub label: Class<'a>,
    pub text: Cow<'a, str>,
    /// Empty where there is one.
    pub fragments: Vec<[usize; 2]>,
    pub attributes: Option<String>,
    pub note: Option<&'a str>,
    /// Origin and unknown keys; `None` for a span made by hand.
    pub more: Option<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::formats) struct RelationCell<'a> {
    pub id: &'a str,
    pub kind: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub attributes: Option<String>,
    pub more: Option<String>,
}

/// A name with its number: JSON has the name, Parquet the number.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats) struct Class<'a> {
    pub number: usize,
    name: &'a str,
}

impl Serialize for Class<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name)
    }
}

/// A tag for each token, by its number.
#[derive(Debug)]
pub(in crate::formats) struct Tags<'a> {
    pub numbers: Vec<usize>,
    names: &'a [String],
}

impl Serialize for Tags<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.numbers.iter().filter_map(|number| self.names.get(*number)))
    }
}

/// Words of a text.
#[derive(Debug)]
pub(in crate::formats) struct Pieces<'a> {
    pub text: &'a Text,
    pub ranges: Vec<TextRange>,
}

impl Serialize for Pieces<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.ranges.iter().map(|range| self.text.slice(*range)))
    }
}

/// The rows of a document: one for each layer, or one without.
pub(in crate::formats) fn rows<'a>(
    document: &'a Document,
    layers: &'a [impl AsRef<Layer>],
    options: &'a WriteOptions,
    classes: &'a Classes,
) -> impl Iterator<Item = io::Result<Row<'a>>> {
    let none = layers.is_empty().then_some(None);
    let layers = layers.iter().map(|layer| Some(layer.as_ref())).chain(none);
    layers.map(move |layer| row(document, layer, options, classes))
}

fn row<'a>(
    document: &'a Document,
    layer: Option<&'a Layer>,
    options: &'a WriteOptions,
    classes: &'a Classes,
) -> io::Result<Row<'a>> {
    let original = options.offsets == Offsets::Original && !document.newlines.is_empty();
    let counting = Counting { document, index: OffsetIndex::new(&document.text), original };
    let (text, sha256) = if original {
        let text = document.newlines.restore(document.text.as_str());
        let sha256 = TextHash::of(&text);
        (Cow::Owned(text), sha256)
    } else {
        (Cow::Borrowed(document.text.as_str()), document.text.sha256())
    };
    let words = words(document, layer, options, classes, original)?;
    let mut row = Row {
        id: document.id.as_str(),
        text,
        text_sha256: sha256.to_string(),
        spans: None,
        relations: None,
        tokens: words.tokens,
        offsets: words.offsets,
        ner_tags: layer.map(|_| Tags { numbers: words.tags, names: &classes.tags }),
        annotator: None,
        status: None,
        flag: None,
        document_attributes: None,
        split: Some(options.split).filter(|split| !split.is_empty()),
        meta: object(&document.meta)?,
        spanwright: rest(document, layer, original)?,
    };
    if let Some(layer) = layer {
        let span = |span| span_cell(span, &counting, classes);
        row.spans = Some(layer.spans.iter().map(|it| span(it)).collect::<io::Result<_>>()?);
        row.relations = Some(layer.relations.values().map(|it| relation_cell(it)).collect::<io::Result<_>>()?);
        row.annotator = Some(layer.annotator.as_str());
        row.status = Some(layer.status.as_str());
        row.flag = layer.flag.as_deref();
        row.document_attributes = attributes(&layer.attributes)?;
    }
    Ok(row)
}

struct Counting<'a> {
    document: &'a Document,
    index: OffsetIndex<'a>,
    original: bool,
}

impl<'a> Counting<'a> {
    fn give(&self, range: TextRange) -> [usize; 2] {
        let (start, end) = self.index.give(Unit::CodePoint, range);
        if self.original { [start, end].map(|offset| self.document.newlines.to_source(offset)) } else { [start, end] }
    }

    fn quote(&self, ranges: &Ranges) -> Cow<'a, str> {
        if !self.original {
            return match ranges.as_slice() {
                [range] => Cow::Borrowed(self.document.text.slice(*range)),
                _ => Cow::Owned(ranges.quote(&self.document.text)),
            };
        }
        let piece = |range: &TextRange| {
            let start = self.index.to(Unit::CodePoint, range.start());
            self.document.newlines.restore_piece(self.document.text.slice(*range), start)
        };
        Cow::Owned(ranges.as_slice().iter().map(piece).collect::<Vec<_>>().join(" "))
    }
}

fn span_cell<'a>(span: &'a Span, counting: &Counting<'a>, classes: &'a Classes) -> io::Result<SpanCell<'a>> {
    let number = classes.label(&span.label)?;
    let [start, end] = counting.give(span.hull());
    let fragments = if span.ranges.is_discontinuous() { span.ranges.as_slice() } else { &[] };
    let more = More { origin: Some(&span.origin).filter(|origin| !is_manual(origin)), extra: &span.extra };
    Ok(SpanCell {
        id: span.id.as_str(),
        start,
        end,
        label: Class { number, name: span.label.as_str() },
        text: counting.quote(&span.ranges),
        fragments: fragments.iter().map(|range| counting.give(*range)).collect(),
        attributes: attributes(&span.attributes)?,
        note: Some(span.note.as_str()).filter(|note| !note.is_empty()),
        more: if more.is_empty() { None } else { Some(json_text(&more)?) },
    })
}

fn is_manual(origin: &Origin) -> bool {
    origin.by == OriginKind::Manual && origin.details.is_empty()
}

/// The origin, and the unknown keys; one of them may be called `origin`.
struct More<'a> {
    origin: Option<&'a Origin>,
    extra: &'a Map<String, Value>,
}

impl More<'_> {
    fn is_empty(&self) -> bool {
        self.origin.is_none() && self.extra.is_empty()
    }
}

impl Serialize for More<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(origin) = self.origin {
            match self.extra.get("origin") {
                Some(other) => map.serialize_entry("origin", other)?,
                None => map.serialize_entry("origin", origin)?,
            }
        }
        for (key, value) in self.extra.iter().filter(|(key, _)| self.origin.is_none() || *key != "origin") {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

fn relation_cell(relation: &Relation) -> io::Result<RelationCell<'_>> {
    Ok(RelationCell {
        id: relation.id.as_str(),
        kind: relation.kind.as_str(),
        from: relation.from.as_str(),
        to: relation.to.as_str(),
        attributes: attributes(&relation.attributes)?,
        more: object(&relation.extra)?,
    })
}

struct Words<'a> {
    tokens: Pieces<'a>,
    offsets: Vec<[usize; 2]>,
    tags: Vec<usize>,
}

/// The words without white space between them, with one tag each. What the tags leave out is in `spans`, so it is no loss.
fn words<'a>(
    document: &'a Document,
    layer: Option<&Layer>,
    options: &WriteOptions,
    classes: &Classes,
    original: bool,
) -> io::Result<Words<'a>> {
    let none;
    let layer = match layer {
        Some(layer) => layer,
        None => {
            none = Layer::untouched(Annotator::from(""));
            &none
        }
    };
    let tokens = tokenise(document, layer, options);
    let (kept, _) = flat(document, layer, &tokens, options);
    // Outside, until a span says otherwise.
    let mut tags = vec![0; tokens.list.len()];
    for placed in kept {
        let label = classes.label(&placed.span.label)?;
        let inside: Vec<usize> = placed.tokens.filter(|index| !tokens.list[*index].blank).collect();
        for (place, index) in inside.iter().enumerate() {
            tags[*index] = classes.tag(label, options.scheme.letter(place, inside.len()));
        }
    }
    let most = tokens.list.len();
    let (mut ranges, mut offsets) = (Vec::with_capacity(most), Vec::with_capacity(most));
    let mut count = CodePoints::of(&document.text);
    for token in tokens.list.iter().filter(|token| !token.blank) {
        ranges.push(token.range);
        offsets.push([count.before(token.range.start()), count.before(token.range.end())]);
    }
    if original {
        offsets.as_flattened_mut().iter_mut().for_each(|offset| *offset = document.newlines.to_source(*offset));
    }
    let mut seen = tokens.list.iter().map(|token| !token.blank);
    tags.retain(|_| seen.next().unwrap_or_default());
    Ok(Words { tokens: Pieces { text: &document.text, ranges }, offsets, tags })
}

/// Everything of document and layer that has no column.
#[derive(Serialize)]
struct Rest<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    newlines: Option<&'a NewlineMap>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    extra: &'a Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<RestOfLayer<'a>>,
}

/// Values of their own only; the unknown keys are none of these.
#[derive(Serialize)]
struct RestOfLayer<'a> {
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<&'a Clock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    updated: Option<String>,
    #[serde(skip_serializing_if = "str::is_empty")]
    schema: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    decisions: &'a [Value],
    #[serde(flatten)]
    extra: &'a Map<String, Value>,
}

fn rest(document: &Document, layer: Option<&Layer>, original: bool) -> io::Result<String> {
    let layer = layer.map(|layer| RestOfLayer {
        version: layer.version,
        clock: Some(&layer.clock).filter(|clock| !clock.0.is_empty()),
        updated: layer.updated.map(|time| time.to_string()),
        schema: &layer.schema,
        seconds: Some(layer.seconds).filter(|seconds| *seconds > 0),
        decisions: &layer.decisions,
        extra: &layer.extra,
    });
    let newlines = Some(&document.newlines).filter(|newlines| !original && !newlines.is_empty());
    json_text(&Rest { newlines, extra: &document.extra, layer })
}

fn attributes(attributes: &Attributes) -> io::Result<Option<String>> {
    if attributes.is_empty() { Ok(None) } else { json_text(attributes).map(Some) }
}

fn object(object: &Map<String, Value>) -> io::Result<Option<String>> {
    if object.is_empty() { Ok(None) } else { json_text(object).map(Some) }
}

fn json_text<T: Serialize + ?Sized>(value: &T) -> io::Result<String> {
    String::from_utf8(to_json(value)?).map_err(io::Error::other)
}
