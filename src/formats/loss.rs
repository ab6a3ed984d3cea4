//! What a format cannot hold: one [`Loss`] for each thing that an export leaves out, found from the format's row in the table.

use crate::annotation::{Annotator, ItemId, Layer, Status};
use crate::text::wording::brief;
use crate::text::{Document, DocumentId, Place, Problem};

use super::table::{Feature, Format};

/// One thing that an annotator made and an export could not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    pub document: DocumentId,
    pub annotator: Annotator,
    /// The span or relation, where it is one.
    pub item: Option<ItemId>,
    pub what: Feature,
    /// What was left out, and what stands there instead.
    pub sentence: String,
}

impl Loss {
    /// As a row of a report.
    pub fn problem(&self) -> Problem {
        let place = Place::document(self.document.as_str()).of_annotator(self.annotator.as_str()).field(self.what.id());
        let place = match &self.item {
            Some(item) => place.item(item.as_str()),
            None => place,
        };
        Problem::warning(place, self.sentence.clone())
    }
}

/// Everything of a layer that the format lacks. A format without spans loses the layer as a whole.
pub fn of_layer(format: &Format, document: &Document, layer: &Layer) -> Vec<Loss> {
    let mut losses = Losses { format, document, layer, found: Vec::new() };
    if !format.has(Feature::Spans) {
        let sentence = format!("{} holds no layers: {}", format.name, spans(layer.spans.len()));
        losses.add(Feature::Spans, None, sentence);
        return losses.found;
    }
    for span in layer.spans.iter() {
        let id = Some(&span.id);
        if span.ranges.is_discontinuous() {
            let sentence = format!("its {} fragments are written as spans of their own", span.ranges.as_slice().len());
            losses.add(Feature::Fragments, id, sentence);
        }
        if !span.attributes.is_empty() {
            let names: Vec<&str> = span.attributes.keys().map(String::as_str).collect();
            losses.add(Feature::Attributes, id, format!("its attributes are left out: {}", names.join(", ")));
        }
        if !span.note.is_empty() {
            losses.add(Feature::Notes, id, "its note is left out");
        }
    }
    for relation in layer.relations.values() {
        let quoted = |id: &ItemId| {
            layer.span(id).map_or_else(|| id.to_string(), |span| brief(&span.ranges.quote(&document.text), 40))
        };
        let (from, to) = (quoted(&relation.from), quoted(&relation.to));
        let sentence = format!("the relation {} from “{from}” to “{to}” is left out", relation.kind);
        losses.add(Feature::Relations, Some(&relation.id), sentence);
    }
    if !layer.attributes.is_empty() {
        let names: Vec<&str> = layer.attributes.keys().map(String::as_str).collect();
        let sentence = format!("the document's attributes are left out: {}", names.join(", "));
        losses.add(Feature::DocumentAttributes, None, sentence);
    }
    if layer.status != Status::Finished {
        losses.add(
            Feature::Status,
            None,
            format!("its status {} is left out: it reads as finished", layer.status.as_str()),
        );
    }
    if let Some(reason) = &layer.flag {
        losses.add(Feature::Flag, None, format!("its flag is left out: {reason}"));
    }
    if !layer.decisions.is_empty() {
        losses.add(Feature::Decisions, None, format!("its {} decisions are left out", layer.decisions.len()));
    }
    losses.found
}

struct Losses<'a> {
    format: &'a Format,
    document: &'a Document,
    layer: &'a Layer,
    found: Vec<Loss>,
}

impl Losses<'_> {
    fn add(&mut self, what: Feature, item: Option<&ItemId>, sentence: impl Into<String>) {
        if !self.format.has(what) {
            self.found.push(Loss {
                document: self.document.id.clone(),
                annotator: self.layer.annotator.clone(),
                item: item.cloned(),
                what,
                sentence: sentence.into(),
            });
        }
    }
}

fn spans(count: usize) -> String {
    match count {
        1 => "1 span is left out".to_owned(),
        count => format!("{count} spans are left out"),
    }
}
