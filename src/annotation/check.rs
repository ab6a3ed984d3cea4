//! What can be wrong with a layer, one function per invariant. Checks report and never change anything.
//!
//! Offsets need no check here: a [`Span`] holds ranges that its text made. What the schema asks for guides marking, so its
//! breaches are warnings, and nothing is dropped for them.

use std::sync::Arc;

use super::{Attributes, Layer, Span};
use crate::schema::{Attribute, LabelId, Overlap, Schema};
use crate::text::{Document, Place, Problem};

/// Every problem of a layer, in reading order of the check, not of the text.
pub fn check(schema: &Schema, document: &Document, layer: &Layer) -> Vec<Problem> {
    let here = Place::document(document.id.as_str()).of_annotator(layer.annotator.as_str());
    let mut problems = Vec::new();
    labels(schema, layer, &here, &mut problems);
    extents(document, layer, &here, &mut problems);
    overlaps(schema, layer, &here, &mut problems);
    attributes(schema, layer, &here, &mut problems);
    relations(schema, layer, &here, &mut problems);
    problems
}

/// Each span has a label that the schema knows.
fn labels(schema: &Schema, layer: &Layer, here: &Place, problems: &mut Vec<Problem>) {
    for span in layer.spans.iter().filter(|span| schema.resolve(span.label.as_str()).is_none()) {
        let sentence = format!("the label “{}” is not in the schema", span.label);
        let problem = Problem::warning(here.clone().item(span.id.as_str()), sentence);
        problems.push(problem.fix("Add it to schema.ron, or name it in `was` of the label that took its place"));
    }
}

/// No span covers nothing, or white space only; none stands where the same decision already does.
fn extents(document: &Document, layer: &Layer, here: &Place, problems: &mut Vec<Problem>) {
    let mut seen = std::collections::HashMap::new();
    for span in layer.spans.iter() {
        let quote = span.ranges.quote(&document.text);
        if quote.trim().is_empty() {
            let what = if quote.is_empty() { "nothing" } else { "white space only" };
            problems.push(Problem::warning(here.clone().item(span.id.as_str()), format!("the span covers {what}")));
        }
        if let Some(first) = seen.insert((&span.label, &span.ranges), &span.id) {
            let sentence = format!("the span stands where {first} already has the same label and extent");
            problems.push(Problem::warning(here.clone().item(span.id.as_str()), sentence).fix("Remove one of them"));
        }
    }
}

/// Spans share text only as their labels allow.
fn overlaps(schema: &Schema, layer: &Layer, here: &Place, problems: &mut Vec<Problem>) {
    for (_, inner, sentence) in clashes(schema, layer) {
        problems.push(Problem::warning(here.clone().item(inner.id.as_str()), sentence));
    }
}

/// Pairs of spans that share text as their labels do not allow, the outer or first one before the other, and why. In reading order.
/// Compares each span with those that start inside it.
pub fn clashes<'a>(
    schema: &'a Schema,
    layer: &'a Layer,
) -> impl Iterator<Item = (&'a Arc<Span>, &'a Arc<Span>, String)> {
    let spans: Vec<&Arc<Span>> = layer.spans.iter().collect();
    (0..spans.len()).flat_map(move |index| {
        let outer = spans[index];
        let reached = spans[index + 1..].iter().take_while(|inner| inner.hull().start() < outer.hull().end());
        let found = reached.filter_map(|inner| Some((outer, *inner, clash(schema, outer, inner)?)));
        found.collect::<Vec<_>>()
    })
}

/// Why the labels of two spans, the first of which starts first or is longer, do not allow their overlap.
pub fn clash(schema: &Schema, outer: &Span, inner: &Span) -> Option<String> {
    let shares = |span: &Span, other: &Span| other.ranges.as_slice().iter().any(|range| span.ranges.touches(*range));
    if !shares(outer, inner) {
        return None;
    }
    let rule = |span: &Span| schema.resolve(span.label.as_str()).map_or(Overlap::Any, |label| label.overlap);
    let crossing = outer.hull().crosses(inner.hull());
    let both = format!("{} “{}” and {} “{}”", outer.label, outer.id, inner.label, inner.id);
    for span in [outer, inner] {
        match rule(span) {
            Overlap::Exclude => return Some(format!("{both} share text, and {} shares text with no span", span.label)),
            Overlap::Nest | Overlap::Contain if crossing => {
                return Some(format!("{both} cross, and {} may not cross other spans", span.label));
            }
            _ => {}
        }
    }
    let inside = rule(inner) == Overlap::Contain && inner.label != outer.label;
    inside.then(|| format!("{both} are nested, and {} lies inside no other label", inner.label))
}

/// Attributes have values their kinds take; required ones are set.
fn attributes(schema: &Schema, layer: &Layer, here: &Place, problems: &mut Vec<Problem>) {
    attributes_of(&schema.document, &layer.attributes, here, problems);
    for span in layer.spans.iter() {
        if let Some(label) = schema.resolve(span.label.as_str()) {
            attributes_of(&label.attributes, &span.attributes, &here.clone().item(span.id.as_str()), problems);
        }
    }
    for relation in layer.relations.values() {
        if let Some(kind) = schema.resolve_relation(relation.kind.as_str()) {
            attributes_of(&kind.attributes, &relation.attributes, &here.clone().item(relation.id.as_str()), problems);
        }
    }
}

fn attributes_of(known: &[Attribute], given: &Attributes, here: &Place, problems: &mut Vec<Problem>) {
    for (name, value) in given {
        let Some(attribute) = known.iter().find(|attribute| attribute.name == *name) else {
            let sentence = format!("the attribute “{name}” is not in the schema");
            problems.push(Problem::warning(here.clone().field(name), sentence));
            continue;
        };
        if !attribute.kind.fits(value) {
            let sentence = format!("{value} is no value that the attribute “{name}” takes");
            problems.push(Problem::warning(here.clone().field(name), sentence));
        }
    }
    for attribute in missing(known, given) {
        let sentence = format!("the required attribute “{}” is not set", attribute.name);
        problems.push(Problem::warning(here.clone().field(&attribute.name), sentence));
    }
}

/// The required attributes that apply and are not set.
pub fn missing<'a>(known: &'a [Attribute], given: &'a Attributes) -> impl Iterator<Item = &'a Attribute> {
    known
        .iter()
        .filter(|attribute| attribute.required && !given.contains_key(&attribute.name) && applies(attribute, given))
}

/// The attribute is offered: its condition holds, or it has none.
pub fn applies(attribute: &Attribute, given: &Attributes) -> bool {
    attribute.when.as_ref().is_none_or(|when| when.holds(given.get(&when.attribute)))
}

/// Relations have a known kind, ends that exist and that the kind accepts, and are not too many.
fn relations(schema: &Schema, layer: &Layer, here: &Place, problems: &mut Vec<Problem>) {
    let mut counts = std::collections::BTreeMap::new();
    for relation in layer.relations.values() {
        let here = here.clone().item(relation.id.as_str());
        let (Some(from), Some(to)) = (layer.span(&relation.from), layer.span(&relation.to)) else {
            problems.push(Problem::error(here, "an end of the relation is not in the layer"));
            continue;
        };
        let Some(kind) = schema.resolve_relation(relation.kind.as_str()) else {
            let sentence = format!("the relation “{}” is not in the schema", relation.kind);
            problems.push(Problem::warning(here, sentence));
            continue;
        };
        for (word, ends, span) in [("starts", &kind.from, from), ("ends", &kind.to, to)] {
            let label = schema.resolve(span.label.as_str()).map_or(&span.label, |label| &label.id);
            if !schema.accepts(ends, label) {
                let sentence = format!("the relation “{}” {word} at a span with label “{label}”", kind.id);
                let allowed: Vec<&str> = ends.iter().map(LabelId::as_str).collect();
                problems
                    .push(Problem::warning(here.clone(), sentence).fix(format!("It may be {}", allowed.join(", "))));
            }
        }
        let count: &mut u32 = counts.entry((&kind.id, &relation.from)).or_default();
        *count += 1;
        if kind.at_most.is_some_and(|most| *count > most) {
            let sentence = format!("the span {} has more relations “{}” than allowed", relation.from, kind.id);
            problems.push(Problem::warning(here, sentence));
        }
    }
}
