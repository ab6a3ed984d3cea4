//! Writing: the same document and layers always give the same bytes.

use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde::ser::Serializer;
use serde_json::{Map, Value};

use super::super::{Attributes, Layer, Ranges, Relation, Span};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Document, NewlineMap, Text, TextHash};

/// What offsets in the line count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offsets {
    /// Our text: LF newlines, no byte order mark.
    #[default]
    Normalised,
    /// The source's text, with its CRLF, CR and mark; the line carries that text.
    Original,
}

/// One line: a document and the layers that go with it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    pub document: &'a Document,
    /// Sorted by annotator here; any order will do.
    pub layers: &'a [Arc<Layer>],
    /// Mirrors leave the text and the metadata out.
    pub with_text: bool,
    pub offsets: Offsets,
}

/// Writes the line and its LF.
pub fn write_line(out: &mut impl io::Write, line: Line<'_>) -> io::Result<()> {
    let original = line.offsets == Offsets::Original && !line.document.newlines.is_empty();
    let restored = original.then(|| Text::new(line.document.newlines.restore(line.document.text.as_str())));
    let text = restored.as_ref().unwrap_or(&line.document.text);
    let index = OffsetIndex::new(&line.document.text);
    let counting = Counting { document: line.document, index: &index, original };
    let mut layers: Vec<&Layer> = line.layers.iter().map(|layer| &**layer).collect();
    layers.sort_by(|a, b| a.annotator.cmp(&b.annotator));
    let mut fields = Fields::new();
    fields.put("id", &line.document.id)?;
    fields.put("sha256", &Hex(text.sha256()))?;
    if line.with_text {
        fields.put("text", text.as_str())?;
        fields.put("meta", &line.document.meta)?;
        if !original && !line.document.newlines.is_empty() {
            fields.put::<NewlineMap>("newlines", &line.document.newlines)?;
        }
    }
    fields.begin("layers");
    fields.list(layers, |layer, out| write_layer(out, layer, counting))?;
    if line.with_text {
        fields.rest(&line.document.extra)?;
    }
    out.write_all(&fields.end())?;
    out.write_all(b"\n")
}

/// Writes a document alone, as the files under `articles/` have it: the line without `layers`, and its LF.
pub fn write_document(out: &mut impl io::Write, document: &Document) -> io::Result<()> {
    let mut fields = Fields::new();
    fields.put("id", &document.id)?;
    fields.put("sha256", &Hex(document.text.sha256()))?;
    fields.put("text", document.text.as_str())?;
    fields.put("meta", &document.meta)?;
    if !document.newlines.is_empty() {
        fields.put::<NewlineMap>("newlines", &document.newlines)?;
    }
    fields.rest(&document.extra)?;
    out.write_all(&fields.end())?;
    out.write_all(b"\n")
}

/// Any value as JSON in our spelling: compact, with the three line separators escaped.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    write_value(&mut out, value)?;
    Ok(out)
}

fn write_value<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> io::Result<()> {
    Ok(value.serialize(&mut serde_json::Serializer::with_formatter(out, Escaping))?)
}

/// How offsets of this document are given.
#[derive(Clone, Copy)]
struct Counting<'a> {
    document: &'a Document,
    index: &'a OffsetIndex<'a>,
    original: bool,
}

impl Counting<'_> {
    fn ranges(self, ranges: &Ranges) -> Vec<(usize, usize)> {
        let place = |offset| if self.original { self.document.newlines.to_source(offset) } else { offset };
        let give = |range| self.index.give(Unit::CodePoint, range);
        ranges.as_slice().iter().map(|range| give(*range)).map(|(start, end)| (place(start), place(end))).collect()
    }

    fn quote(self, ranges: &Ranges) -> String {
        let quote = ranges.quote(&self.document.text);
        if !self.original {
            return quote;
        }
        let newlines = &self.document.newlines;
        let pieces = ranges.as_slice().iter().map(|range| {
            let (start, _) = self.index.give(Unit::CodePoint, *range);
            newlines.restore_piece(self.document.text.slice(*range), start)
        });
        pieces.collect::<Vec<_>>().join(" ")
    }
}

fn write_layer(out: &mut Vec<u8>, layer: &Layer, counting: Counting<'_>) -> io::Result<()> {
    let mut fields = Fields::new();
    fields.put("annotator", &layer.annotator)?;
    fields.put("version", &layer.version)?;
    if !layer.clock.0.is_empty() {
        fields.put("clock", &layer.clock)?;
    }
    fields.put("updated", &layer.updated.map(|time| time.to_string()))?;
    fields.put("status", layer.status.as_str())?;
    fields.put("flag", &layer.flag)?;
    fields.put("schema", &layer.schema)?;
    fields.put::<Attributes>("attributes", &layer.attributes)?;
    fields.put("seconds", &layer.seconds)?;
    fields.begin("spans");
    fields.list(layer.spans.iter(), |span, out| write_span(out, span, counting))?;
    fields.begin("relations");
    fields.list(layer.relations.values(), |relation, out| write_relation(out, relation))?;
    fields.put("decisions", &layer.decisions)?;
    fields.rest(&layer.extra)?;
    out.extend(fields.end());
    Ok(())
}

fn write_span(out: &mut Vec<u8>, span: &Span, counting: Counting<'_>) -> io::Result<()> {
    let mut fields = Fields::new();
    fields.put("id", &span.id)?;
    fields.put("label", &span.label)?;
    fields.put("ranges", &counting.ranges(&span.ranges))?;
    fields.put("quote", &counting.quote(&span.ranges))?;
    fields.put("attributes", &span.attributes)?;
    fields.put("note", &span.note)?;
    fields.put("origin", &span.origin)?;
    fields.rest(&span.extra)?;
    out.extend(fields.end());
    Ok(())
}

fn write_relation(out: &mut Vec<u8>, relation: &Relation) -> io::Result<()> {
    let mut fields = Fields::new();
    fields.put("id", &relation.id)?;
    fields.put("kind", &relation.kind)?;
    fields.put("from", &relation.from)?;
    fields.put("to", &relation.to)?;
    fields.put("attributes", &relation.attributes)?;
    fields.rest(&relation.extra)?;
    out.extend(fields.end());
    Ok(())
}

/// A JSON object in the making.
struct Fields(Vec<u8>);

impl Fields {
    fn new() -> Self {
        Self(vec![b'{'])
    }

    fn begin(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        self.0.push(b'"');
        self.0.extend(key.as_bytes());
        self.0.extend(b"\":");
    }

    fn put<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> io::Result<()> {
        self.begin(key);
        write_value(&mut self.0, value)
    }

    fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(T, &mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.0.push(b'[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.0.push(b',');
            }
            write(item, &mut self.0)?;
        }
        self.0.push(b']');
        Ok(())
    }

    /// Unknown keys, in the order they came.
    fn rest(&mut self, extra: &Map<String, Value>) -> io::Result<()> {
        for (key, value) in extra {
            if self.0.len() > 1 {
                self.0.push(b',');
            }
            write_value(&mut self.0, key)?;
            self.0.push(b':');
            write_value(&mut self.0, value)?;
        }
        Ok(())
    }

    fn end(mut self) -> Vec<u8> {
        self.0.push(b'}');
        self.0
    }
}

/// A hash as hex digits.
struct Hex(TextHash);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Compact JSON that also escapes U+2028, U+2029 and U+0085, which some readers take for line ends.
struct Escaping;

impl serde_json::ser::Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let bytes = fragment.as_bytes();
        let mut written = 0;
        // All three begin with one of these bytes in UTF-8: C2 85, E2 80 A8, E2 80 A9.
        for place in memchr::memchr2_iter(0xc2, 0xe2, bytes) {
            let escape: &[u8] = match &bytes[place..] {
                [0xc2, 0x85, ..] => b"\\u0085",
                [0xe2, 0x80, 0xa8, ..] => b"\\u2028",
                [0xe2, 0x80, 0xa9, ..] => b"\\u2029",
                _ => continue,
            };
            writer.write_all(&bytes[written..place])?;
            writer.write_all(escape)?;
            written = place + if bytes[place] == 0xc2 { 2 } else { 3 };
        }
        writer.write_all(&bytes[written..])
    }
}
