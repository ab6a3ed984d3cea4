//! Writing: the same document and layers always give the same bytes.

use std::cell::OnceCell;
use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde::ser::Serializer;
use serde_json::{Map, Value};

use super::super::{Attributes, Layer, Ranges, Relation, Span};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Document, NewlineMap, Text, TextHash, TextRange};

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
    let index = OnceCell::new();
    let counting = Counting { document: line.document, index: &index, original };
    let mut layers: Vec<&Layer> = line.layers.iter().map(|layer| &**layer).collect();
    layers.sort_by(|a, b| a.annotator.cmp(&b.annotator));
    let mut bytes = Vec::with_capacity(text.len() + text.len() / 8 + 512);
    let mut fields = Fields::new(&mut bytes);
    fields.put("id", &line.document.id)?;
    fields.put("sha256", &Hex(text.sha256()))?;
    if line.with_text {
        fields.put("text", text.as_str())?;
        fields.put("meta", &line.document.meta)?;
        if !original && !line.document.newlines.is_empty() {
            fields.put::<NewlineMap>("newlines", &line.document.newlines)?;
        }
    }
    fields.list("layers", layers, |layer, out| write_layer(out, layer, counting))?;
    if line.with_text {
        fields.rest(&line.document.extra)?;
    }
    fields.end();
    bytes.push(b'\n');
    out.write_all(&bytes)
}

/// Writes a document alone, as the files under `articles/` have it: the line without `layers`, and its LF.
pub fn write_document(out: &mut impl io::Write, document: &Document) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(document.text.len() + document.text.len() / 8 + 512);
    let mut fields = Fields::new(&mut bytes);
    fields.put("id", &document.id)?;
    fields.put("sha256", &Hex(document.text.sha256()))?;
    fields.put("text", document.text.as_str())?;
    fields.put("meta", &document.meta)?;
    if !document.newlines.is_empty() {
        fields.put::<NewlineMap>("newlines", &document.newlines)?;
    }
    fields.rest(&document.extra)?;
    fields.end();
    bytes.push(b'\n');
    out.write_all(&bytes)
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
    /// Made when the first span asks.
    index: &'a OnceCell<OffsetIndex<'a>>,
    original: bool,
}

impl Counting<'_> {
    /// In code points of our text.
    fn give(self, range: TextRange) -> (usize, usize) {
        self.index.get_or_init(|| OffsetIndex::new(&self.document.text)).give(Unit::CodePoint, range)
    }

    fn ranges(self, ranges: &Ranges) -> Vec<(usize, usize)> {
        let place = |offset| if self.original { self.document.newlines.to_source(offset) } else { offset };
        ranges.as_slice().iter().map(|range| self.give(*range)).map(|(start, end)| (place(start), place(end))).collect()
    }

    fn quote(self, ranges: &Ranges) -> String {
        let quote = ranges.quote(&self.document.text);
        if !self.original {
            return quote;
        }
        let newlines = &self.document.newlines;
        let pieces = ranges.as_slice().iter().map(|range| {
            let (start, _) = self.give(*range);
            newlines.restore_piece(self.document.text.slice(*range), start)
        });
        pieces.collect::<Vec<_>>().join(" ")
    }
}

fn write_layer(out: &mut Vec<u8>, layer: &Layer, counting: Counting<'_>) -> io::Result<()> {
    let mut fields = Fields::new(out);
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
    fields.list("spans", layer.spans.iter(), |span, out| write_span(out, span, counting))?;
    fields.list("relations", layer.relations.values(), |relation, out| write_relation(out, relation))?;
    fields.put("decisions", &layer.decisions)?;
    fields.rest(&layer.extra)?;
    fields.end();
    Ok(())
}

fn write_span(out: &mut Vec<u8>, span: &Span, counting: Counting<'_>) -> io::Result<()> {
    let mut fields = Fields::new(out);
    fields.put("id", &span.id)?;
    fields.put("label", &span.label)?;
    fields.put("ranges", &counting.ranges(&span.ranges))?;
    fields.put("quote", &counting.quote(&span.ranges))?;
    fields.put("attributes", &span.attributes)?;
    fields.put("note", &span.note)?;
    fields.put("origin", &span.origin)?;
    fields.rest(&span.extra)?;
    fields.end();
    Ok(())
}

fn write_relation(out: &mut Vec<u8>, relation: &Relation) -> io::Result<()> {
    let mut fields = Fields::new(out);
    fields.put("id", &relation.id)?;
    fields.put("kind", &relation.kind)?;
    fields.put("from", &relation.from)?;
    fields.put("to", &relation.to)?;
    fields.put("attributes", &relation.attributes)?;
    fields.rest(&relation.extra)?;
    fields.end();
    Ok(())
}

/// A JSON object in the making, at the end of what is written already.
struct Fields<'a> {
    out: &'a mut Vec<u8>,
    first: bool,
}

impl<'a> Fields<'a> {
    fn new(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, first: true }
    }

    fn comma(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.out.push(b',');
        }
    }

    fn begin(&mut self, key: &str) {
        self.comma();
        self.out.push(b'"');
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    fn put<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> io::Result<()> {
        self.begin(key);
        write_value(self.out, value)
    }

    fn list<T>(
        &mut self,
        key: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(T, &mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        self.begin(key);
        self.out.push(b'[');
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            write(item, self.out)?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Unknown keys, in the order they came.
    fn rest(&mut self, extra: &Map<String, Value>) -> io::Result<()> {
        for (key, value) in extra {
            self.comma();
            write_value(self.out, key)?;
            self.out.push(b':');
            write_value(self.out, value)?;
        }
        Ok(())
    }

    fn end(self) {
        self.out.push(b'}');
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
