//! [`compare`]: from the layers of one document to what they agree on and where they differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use super::align::{Group, align, label_of};
use super::boundary::boundary;
use super::identity::{identity, items};
use super::links::{Links, align_links};
use super::shape::shapes;
use super::{Comparison, Difference, Kind, LinkKind, Side, Subject};
use crate::annotation::{Annotator, Attributes, Layer, Ranges, Span};
use crate::schema::{LabelId, Schema};
use crate::text::{Document, TextRange};

/// Compares the layers of those who finished a document, all of which count in its text; `None` is missing data. At most 128 annotators.
///
/// Notes and origins are never a disagreement. Time is nearly linear in the spans, the text they cover, and the pairs that overlap.
pub fn compare(
    document: &Document,
    schema: &Schema,
    annotators: &Arc<[Annotator]>,
    layers: Vec<Option<Arc<Layer>>>,
) -> Comparison {
    assert!(
        annotators.len() <= 128 && layers.len() == annotators.len(),
        "a layer or none for each of at most 128 annotators"
    );
    let here: Vec<Option<&Layer>> = layers.iter().map(Option::as_deref).collect();
    let comparing = Comparing { document, schema, annotators, layers: &here };
    let groups = align(schema, &here);
    let place = places(&groups);
    let mut differences: Vec<Arc<Difference>> = Vec::with_capacity(groups.len());
    let links = align_links(schema, &here, |who, id| place.get(&(who, id.as_str())).copied());
    differences.extend(groups.iter().map(|group| Arc::new(comparing.of_spans(group))));
    let mut arrows: Vec<_> = links.iter().map(|links| Arc::new(comparing.of_relation(links))).collect();
    arrows.sort_by(|a, b| (a.extent, &a.id).cmp(&(b.extent, &b.id)));
    differences.extend(arrows);
    let names: BTreeSet<&String> = here.iter().flatten().flat_map(|layer| layer.attributes.keys()).collect();
    differences.extend(names.into_iter().map(|name| Arc::new(comparing.of_attribute(name))));
    Comparison {
        document: document.id.clone(),
        text: document.text.sha256(),
        annotators: Arc::clone(annotators),
        layers,
        differences,
    }
}

/// In which group each span of each annotator stands.
fn places(groups: &[Group]) -> HashMap<(usize, &str), usize> {
    let mut places = HashMap::new();
    for (place, group) in groups.iter().enumerate() {
        for (who, spans) in group.iter().enumerate() {
            places.extend(spans.iter().map(|span| ((who, span.id.as_str()), place)));
        }
    }
    places
}

/// What all differences of a document are made from.
struct Comparing<'a> {
    document: &'a Document,
    schema: &'a Schema,
    annotators: &'a [Annotator],
    layers: &'a [Option<&'a Layer>],
}

impl Comparing<'_> {
    fn of_spans(&self, group: &Group) -> Difference {
        let sides: Vec<Side> = self.sides(|who| (!group[who].is_empty()).then(|| Side::Spans(group[who].clone())));
        let spans: Vec<&Arc<Span>> = group.iter().flatten().collect();
        let mut kinds = missing(&sides);
        let labels: Vec<LabelId> = spans.iter().map(|span| label_of(self.schema, &span.label)).collect();
        let by = numbers(group.iter().map(|spans| spans.len() > 1));
        let one_label = labels.windows(2).all(|pair| pair[0] == pair[1]);
        if !one_label {
            kinds.push(Kind::Label);
        }
        if by.is_empty() {
            let extents: Vec<&Ranges> = spans.iter().map(|span| &span.ranges).collect();
            if extents.windows(2).any(|pair| pair[0] != pair[1]) {
                kinds.push(Kind::Boundary(boundary(&self.document.text, &extents)));
            }
        } else {
            kinds.push(Kind::Split { by });
        }
        if one_label {
            kinds.extend(differing(&spans.iter().map(|span| &span.attributes).collect::<Vec<_>>()));
        }
        let extent = spans.iter().map(|span| span.hull()).reduce(TextRange::hull);
        self.difference(Subject::Spans, kinds, sides, extent, most(&labels))
    }

    fn of_relation(&self, links: &Links) -> Difference {
        let ends = |who: usize| {
            let relation = links.relations[who].as_ref()?;
            let layer = self.layers[who]?;
            let (from, to) = (layer.span(&relation.from)?, layer.span(&relation.to)?);
            Some(Side::Relation { relation: Arc::clone(relation), from: Arc::clone(from), to: Arc::clone(to) })
        };
        let sides = self.sides(ends);
        let mut kinds = missing(&sides);
        let there: Vec<_> = links.relations.iter().flatten().collect();
        let kind =
            |id: &str| self.schema.resolve_relation(id).map_or_else(|| id.to_owned(), |kind| kind.id.to_string());
        let one_kind = there.windows(2).all(|pair| kind(pair[0].kind.as_str()) == kind(pair[1].kind.as_str()));
        if !one_kind {
            kinds.push(Kind::Relation(LinkKind::Kind));
        }
        if !links.same_ends {
            kinds.push(Kind::Relation(LinkKind::End));
        }
        if one_kind {
            kinds.extend(differing(&there.iter().map(|relation| &relation.attributes).collect::<Vec<_>>()));
        }
        let spans: Vec<&Arc<Span>> = sides
            .iter()
            .flat_map(|side| match side {
                Side::Relation { from, to, .. } => vec![from, to],
                _ => Vec::new(),
            })
            .collect();
        let extent = spans.iter().map(|span| span.hull()).reduce(TextRange::hull);
        let labels: Vec<LabelId> = spans.iter().step_by(2).map(|span| label_of(self.schema, &span.label)).collect();
        self.difference(Subject::Relation, kinds, sides, extent, most(&labels))
    }

    fn of_attribute(&self, name: &str) -> Difference {
        let value = |who: usize| self.layers[who].and_then(|layer| layer.attributes.get(name));
        let sides = self.sides(|who| value(who).map(|value| Side::Value(value.clone())));
        let here = (0..self.layers.len()).filter(|who| self.layers[*who].is_some());
        let values: Vec<Option<Value>> = here.map(|who| value(who).map(plain)).collect();
        let differ = values.windows(2).any(|pair| pair[0] != pair[1]);
        let kinds = if differ { vec![Kind::Attribute { names: vec![name.to_owned()] }] } else { Vec::new() };
        self.difference(Subject::Attribute(name.to_owned()), kinds, sides, None, None)
    }

    fn sides(&self, of: impl Fn(usize) -> Option<Side>) -> Vec<Side> {
        let side =
            |who: usize| if self.layers[who].is_none() { Side::Absent } else { of(who).unwrap_or(Side::Nothing) };
        (0..self.annotators.len()).map(side).collect()
    }

    fn difference(
        &self,
        subject: Subject,
        mut kinds: Vec<Kind>,
        sides: Vec<Side>,
        extent: Option<TextRange>,
        label: Option<LabelId>,
    ) -> Difference {
        kinds.sort_by_key(|kind| std::cmp::Reverse(kind.severity()));
        let worst = kinds.first().map_or(0, Kind::severity);
        let sources: Vec<_> = sides.iter().map(items).collect();
        let mut difference = Difference {
            id: identity(&self.document.id, self.annotators, &subject, &sides, &sources),
            document: self.document.id.clone(),
            severity: if subject == Subject::Spans { worst } else { worst.min(3) },
            subject,
            kinds,
            sides,
            sources,
            extent: extent.unwrap_or_else(|| self.document.text.all()),
            label,
            shapes: Vec::new(),
        };
        difference.shapes = shapes(&self.document.text, self.schema, &difference);
        difference
    }
}

/// Those who finished the document and have nothing here.
fn missing(sides: &[Side]) -> Vec<Kind> {
    let by = numbers(sides.iter().map(|side| *side == Side::Nothing));
    if by.is_empty() { Vec::new() } else { vec![Kind::Missing { by }] }
}

/// The places that hold.
fn numbers(holds: impl Iterator<Item = bool>) -> Vec<usize> {
    holds.enumerate().filter_map(|(number, holds)| holds.then_some(number)).collect()
}

/// The label that stands most often; of several, the one that stands first.
fn most(labels: &[LabelId]) -> Option<LabelId> {
    let mut counts: BTreeMap<&LabelId, (usize, std::cmp::Reverse<usize>)> = BTreeMap::new();
    for (place, label) in labels.iter().enumerate() {
        counts.entry(label).or_insert((0, std::cmp::Reverse(place))).0 += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(label, _)| label.clone())
}

/// Where attributes differ, by name.
fn differing(all: &[&Attributes]) -> Option<Kind> {
    let names: BTreeSet<&String> = all.iter().flat_map(|attributes| attributes.keys()).collect();
    let differs = |name: &&String| {
        let values: Vec<Option<Value>> = all.iter().map(|attributes| attributes.get(*name).map(plain)).collect();
        values.windows(2).any(|pair| pair[0] != pair[1])
    };
    let names: Vec<String> = names.into_iter().filter(differs).cloned().collect();
    (!names.is_empty()).then_some(Kind::Attribute { names })
}

/// A list of values says the same in any order.
pub(super) fn plain(value: &Value) -> Value {
    match value {
        Value::Array(list) => {
            let mut list = list.clone();
            list.sort_by_key(Value::to_string);
            Value::Array(list)
        }
        value => value.clone(),
    }
}
