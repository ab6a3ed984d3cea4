//! Plain span JSONL: `{"id","text","spans":[{"start","end","label"}]}`, one document per line, the spans of one layer. What most
//! training scripts read. Offsets count code points, half open.

use std::io;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::loss::{Loss, of_layer};
use super::options::WriteOptions;
use super::prodigy;
use super::table::{Feature, Features, Format, Shape, Sink, Writer};
use crate::annotation::Layer;
use crate::annotation::exchange::{Offsets, to_json};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Document, DocumentId};

/// One layer, as most scripts read it.
pub(super) static FORMAT: Format = Format {
    id: "spans",
    name: "span JSONL",
    about: "one layer: {\"id\",\"text\",\"spans\":[{\"start\",\"end\",\"label\"}]} on each line",
    extensions: &["jsonl", "ndjson"],
    unit: Unit::CodePoint,
    shape: Shape::File,
    carries: Features::only(&[Feature::Spans, Feature::Overlaps, Feature::Empty, Feature::Edges, Feature::Labels]),
    looks: |glimpse| {
        let looks = |record| looks(record) && !prodigy::looks(record);
        glimpse.record().is_some_and(looks) && !glimpse.has_lists()
    },
    reader: None,
    writer: Some(writer),
    vocabulary: None,
    words: None,
};

/// A text, and spans with a start and an end.
pub(super) fn looks(record: &Map<String, Value>) -> bool {
    let offsets = |span: &Value| span["start"].is_u64() && span["end"].is_u64();
    record.get("text").is_some_and(Value::is_string)
        && record.get("spans").and_then(Value::as_array).is_some_and(|spans| spans.iter().all(offsets))
}

fn writer<'a>(sink: Sink<'a>, options: &WriteOptions) -> io::Result<Box<dyn Writer + 'a>> {
    let offsets = options.offsets;
    Ok(match sink {
        Sink::Stream(out) => Box::new(Lines { out, offsets }),
        Sink::Folder(_) => unreachable!("the table says that this format is one file"),
    })
}

struct Lines<'a> {
    out: Box<dyn io::Write + Send + 'a>,
    offsets: Offsets,
}

#[derive(Serialize)]
struct Line<'a> {
    id: &'a DocumentId,
    text: &'a str,
    /// None where nobody has seen the document: no spans is something else than spans that are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    spans: Option<Vec<Row<'a>>>,
}

#[derive(Serialize)]
struct Row<'a> {
    start: usize,
    end: usize,
    label: &'a str,
}

impl Writer for Lines<'_> {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        let layer = match layers {
            [] => None,
            [layer] => Some(&**layer),
            _ => {
                let sentence = format!("{}: span JSONL holds one layer, not {}", document.id, layers.len());
                return Err(io::Error::other(sentence));
            }
        };
        let original = self.offsets == Offsets::Original && !document.newlines.is_empty();
        let restored = original.then(|| document.newlines.restore(document.text.as_str()));
        let text = restored.as_deref().unwrap_or(document.text.as_str());
        let spans = layer.map(|layer| rows(document, layer, original));
        self.out.write_all(&to_json(&Line { id: &document.id, text, spans })?)?;
        self.out.write_all(b"\n")?;
        let lost = Format::named("spans").zip(layer).map(|(format, layer)| of_layer(format, document, layer));
        Ok(lost.unwrap_or_default())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// Every fragment as a span, by start, the longer first.
fn rows<'a>(document: &Document, layer: &'a Layer, original: bool) -> Vec<Row<'a>> {
    let index = OffsetIndex::new(&document.text);
    let place = |offset| if original { document.newlines.to_source(offset) } else { offset };
    let fragments =
        layer.spans.iter().flat_map(|span| span.ranges.as_slice().iter().map(|range| (*range, &span.label)));
    let mut fragments: Vec<_> = fragments.collect();
    fragments.sort();
    let row = |(range, label)| {
        let (start, end) = index.give(Unit::CodePoint, range);
        let label: &'a crate::schema::LabelId = label;
        Row { start: place(start), end: place(end), label: label.as_str() }
    };
    fragments.into_iter().map(row).collect()
}
