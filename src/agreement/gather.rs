//! [`Gather`]: from texts and layers to a [`Corpus`], one document after the other; only numbers are kept.
//!
//! Which layers count is not decided here: what is given counts.

use std::collections::HashMap;

use super::{Corpus, Extent, Item, Link, Marked, Unit};
use crate::annotation::{Annotator, ItemId, Layer, Ranges, Relation};
use crate::schema::{LabelId, Schema};
use crate::text::convert::{OffsetIndex, Unit as Offsets};
use crate::text::{Document, Text, segment};

/// What positions are: `--unit`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Grain {
    /// Words and marks between Unicode word bounds (UAX #29); white space is none.
    #[default]
    Token,
    /// Code points.
    Char,
}

impl Grain {
    pub const ALL: [Self; 2] = [Self::Token, Self::Char];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Char => "char",
        }
    }
}

/// A corpus in the making.
#[derive(Debug)]
pub struct Gather<'s> {
    schema: &'s Schema,
    /// Only these labels and those below them; all where empty.
    wanted: &'s [LabelId],
    grain: Grain,
    /// By the label's id as a layer has it; `None` is not wanted.
    numbers: HashMap<LabelId, Option<usize>>,
    annotators: Vec<String>,
    labels: Vec<String>,
    known: usize,
    items: Vec<Item>,
}

impl<'s> Gather<'s> {
    pub fn new(schema: &'s Schema, annotators: &[Annotator], wanted: &'s [LabelId], grain: Grain) -> Self {
        let labels = schema.labels.iter().map(|label| &label.id);
        let labels: Vec<String> = labels.filter(|id| schema.accepts(wanted, id)).map(ToString::to_string).collect();
        let annotators = annotators.iter().map(ToString::to_string).collect();
        let known = labels.len();
        Self { schema, wanted, grain, numbers: HashMap::new(), annotators, labels, known, items: Vec::new() }
    }

    /// Adds a document with the layers that count, by annotator. Each must count in this text. Linear in the text, n log n in the spans.
    pub fn document(&mut self, document: &Document, layers: &[Option<Layer>]) {
        let ruler = Ruler::new(&document.text, self.grain);
        let layers = layers.iter().map(|layer| layer.as_ref().map(|layer| self.marked(layer, &ruler))).collect();
        self.items.push(Item { document: document.id.clone(), length: ruler.length, layers });
    }

    pub fn finish(self) -> Corpus {
        Corpus::new(self.annotators, self.labels, self.known, self.items)
    }

    fn marked(&mut self, layer: &Layer, ruler: &Ruler<'_>) -> Marked {
        let mut units = Vec::with_capacity(layer.spans.len());
        for span in layer.spans.iter() {
            if let Some(label) = self.label(&span.label) {
                let (chars, place) = (ruler.chars(&span.ranges), ruler.place(&span.ranges));
                units.push(Unit { label, chars, place, attributes: span.attributes.clone(), id: span.id.clone() });
            }
        }
        let decisions: HashMap<ItemId, (usize, Extent)> = if layer.relations.is_empty() {
            HashMap::new()
        } else {
            units.iter().map(|unit| (unit.id.clone(), (unit.label, unit.chars.clone()))).collect()
        };
        let mut marked = Marked::new(units);
        // The ends of a relation may be spans that stand for an equal one.
        let end = |id: &ItemId| {
            let (label, chars) = decisions.get(id)?;
            marked.units.binary_search_by(|unit| (&unit.chars, unit.label).cmp(&(chars, *label))).ok()
        };
        let link = |relation: &Relation| {
            let kind = self.schema.resolve_relation(relation.kind.as_str()).map_or(&relation.kind, |kind| &kind.id);
            let (from, to) = (end(&relation.from)?, end(&relation.to)?);
            Some(Link { kind: kind.to_string(), from, to, attributes: relation.attributes.clone() })
        };
        let mut relations: Vec<Link> = layer.relations.values().filter_map(|relation| link(relation)).collect();
        relations.sort_by(|a, b| (a.from, a.to, &a.kind).cmp(&(b.from, b.to, &b.kind)));
        relations.dedup_by(|a, b| (a.from, a.to, &a.kind) == (b.from, b.to, &b.kind));
        marked.relations = relations;
        marked
    }

    /// The label's index, under its id of today.
    fn label(&mut self, id: &LabelId) -> Option<usize> {
        if let Some(known) = self.numbers.get(id) {
            return *known;
        }
        let today = self.schema.resolve(id.as_str()).map_or(id, |label| &label.id);
        let index = self.schema.accepts(self.wanted, today).then(|| {
            let labels = &mut self.labels;
            labels.iter().position(|label| label == today.as_str()).unwrap_or_else(|| {
                labels.push(today.to_string());
                labels.len() - 1
            })
        });
        self.numbers.insert(id.clone(), index);
        index
    }
}

/// Turns bytes of one text into code points and positions.
struct Ruler<'t> {
    index: OffsetIndex<'t>,
    /// The tokens that are not blank, in bytes; `None` where positions are code points.
    tokens: Option<Vec<(usize, usize)>>,
    length: u32,
}

impl<'t> Ruler<'t> {
    fn new(text: &'t Text, grain: Grain) -> Self {
        let index = OffsetIndex::new(text);
        let tokens: Option<Vec<(usize, usize)>> = (grain == Grain::Token).then(|| {
            let all = segment::tokens(text, &[]).0.into_iter();
            all.filter(|token| !token.blank).map(|token| (token.range.start(), token.range.end())).collect()
        });
        let length = tokens.as_ref().map_or_else(|| index.len(Offsets::CodePoint), Vec::len);
        Self { index, tokens, length: small(length) }
    }

    fn chars(&self, ranges: &Ranges) -> Extent {
        let give = |range: &_| {
            let (start, end) = self.index.give(Offsets::CodePoint, *range);
            (small(start), small(end))
        };
        Extent::new(ranges.as_slice().iter().map(give).collect())
    }

    /// A token that is touched is covered; one that two fragments touch joins them. White space alone is a place without length.
    fn place(&self, ranges: &Ranges) -> Extent {
        let Some(tokens) = &self.tokens else { return self.chars(ranges) };
        let mut fragments: Vec<(u32, u32)> = Vec::new();
        for range in ranges.as_slice() {
            let first = tokens.partition_point(|(_, end)| *end <= range.start());
            let end = tokens.partition_point(|(start, _)| *start < range.end()).max(first);
            let (first, end) = (small(first), small(if range.is_empty() { first } else { end }));
            match fragments.last_mut() {
                Some(last) if first < last.1 => last.1 = last.1.max(end),
                _ => fragments.push((first, end)),
            }
        }
        Extent::new(fragments)
    }
}

/// Texts end far below four thousand million characters.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
