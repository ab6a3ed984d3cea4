//! Structures as spans and relations.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::document::{object_of, text_of};
use super::model::{Cas, Feature, Structure, short};
use super::types::Types;
use super::{DOCUMENT, LAYER, OURS, RELATION, RESERVED, SPAN, THEIRS};
use crate::annotation::exchange::{RawLayer, RawRelation};
use crate::annotation::{Attributes, RawSpan};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Place, Problem, RangeError, Text};

/// Features that are a label, in any case.
const LABELS: [&str; 4] = ["label", "value", "category", "tag"];

/// A file in reading.
pub(super) struct Reading<'a> {
    pub cas: &'a Cas,
    pub types: &'a Types,
    pub sofa: i64,
    /// The file is one of ours.
    pub own: bool,
    pub left_out: u64,
    /// References that lead to nothing that can be kept.
    pub lost: usize,
    pub layer: RawLayer,
    /// Structures that are spans, and the ids of these.
    pub ids: HashMap<i64, String>,
    /// The span that pieces belong to → where it is.
    pub pieces: HashMap<String, usize>,
    /// What refers from one span to another: kind, from, to.
    pub links: Vec<(String, i64, i64)>,
}

impl Reading<'_> {
    /// The type is made of what every text has: tokens, sentences, notes on words, what is known of the document.
    fn is_ground(&self, kind: &str) -> bool {
        const WORDS: [&str; 10] = [
            "Token",
            "Sentence",
            "Lemma",
            "Stem",
            "TokenForm",
            "MorphologicalFeatures",
            "DocumentMetaData",
            "TagsetDescription",
            "CASMetadata",
            "SofaChangeAnnotation",
        ];
        const ABOVE: [&str; 3] = [
            DOCUMENT,
            "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token",
            "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence",
        ];
        kind == LAYER || WORDS.contains(&short(kind)) || ABOVE.iter().any(|above| self.types.is(kind, above))
    }

    /// A relation's ends, if it is one.
    fn ends(structure: &Structure) -> Option<(i64, i64)> {
        let one = |names: [&str; 3]| {
            names.iter().find_map(|name| match structure.get(name)? {
                Feature::Refs(refs) => refs.first().copied(),
                Feature::Value(_) => None,
            })
        };
        Some((one(["Governor", "governor", "source"])?, one(["Dependent", "dependent", "target"])?))
    }

    /// Every structure with a place in the text that is no relation and no ground.
    pub fn spans(&mut self, source: &str, place: &Place, problems: &mut Vec<Problem>) {
        let text = Text::new(source);
        let index = OffsetIndex::new(&text);
        let cas = self.cas;
        for structure in &cas.structures {
            let Some((begin, end)) = structure.place() else {
                self.about_document(structure);
                continue;
            };
            if structure.number("sofa").is_some_and(|sofa| sofa != self.sofa) {
                continue;
            }
            if self.is_ground(&structure.kind) {
                self.left_out += u64::from(!matches!(
                    structure.short(),
                    "DocumentMetaData" | "DocumentAnnotation" | "Layer" | "CASMetadata"
                ));
                continue;
            }
            if Self::ends(structure).is_some() {
                continue;
            }
            let at = |offset: i64| {
                usize::try_from(offset).map_err(|_| RangeError::Outside { end: 0, len: index.len(Unit::Utf16) })
            };
            let range = at(begin).and_then(|begin| Ok((begin, at(end)?)));
            let range = range.and_then(|(begin, end)| Ok(((begin, end), index.range(Unit::Utf16, begin, end)?)));
            match range {
                Ok((range, found)) => self.span(structure, range, text.slice(found).to_owned()),
                Err(error) => {
                    let sentence =
                        format!("{begin}..{end} is no place in the text: {error}; the span was not imported");
                    let name = format!("{} {}", structure.short(), structure.id);
                    problems.push(Problem::error(place.clone().item(name), sentence));
                }
            }
        }
    }

    /// What stands nowhere in the text says something of the document, as layers of documents do in `INCEpTION`: attributes, named as the
    /// type and the feature.
    fn about_document(&mut self, structure: &Structure) {
        let in_view = structure.number("sofa") == Some(self.sofa);
        if self.own || !in_view || self.is_ground(&structure.kind) || Self::ends(structure).is_some() {
            return;
        }
        for (name, feature) in structure.features.iter().filter(|(name, _)| name != "sofa") {
            let name = format!("{}.{name}", structure.short());
            match feature {
                Feature::Value(value) => add(&mut self.layer.attributes, name, value.clone()),
                Feature::Refs(refs) => {
                    let mut attributes = std::mem::take(&mut self.layer.attributes);
                    let links = self.links.len();
                    self.refer(structure.id, &name, refs, &mut attributes);
                    // A document is no end of a relation.
                    self.lost += self.links.len() - links;
                    self.links.truncate(links);
                    self.layer.attributes = attributes;
                }
            }
        }
    }

    fn span(&mut self, structure: &Structure, range: (usize, usize), quote: String) {
        let own = self.own && structure.kind == SPAN;
        let (label, mut attributes) = self.features(structure, own);
        let mut span = RawSpan { ranges: vec![range], quote: Some(quote), ..RawSpan::default() };
        let mut text = |name: &str| match attributes.remove(name) {
            Some(Value::String(text)) if own => Some(text),
            Some(other) => {
                attributes.insert(name.to_owned(), other);
                None
            }
            None => None,
        };
        let id = text("id").unwrap_or_else(|| structure.id.to_string());
        span.note = text("note").unwrap_or_default();
        let json = text(OURS).and_then(|json| serde_json::from_str::<Map<String, Value>>(&json).ok());
        span.label = label;
        span.attributes = unreserved(attributes, own);
        let mut json = json.unwrap_or_default();
        span.origin = json.shift_remove("origin").and_then(|origin| serde_json::from_value(origin).ok());
        span.attributes.extend(object_of(&mut json, "attributes"));
        span.extra = object_of(&mut json, "extra");
        if !own {
            span.extra.insert(THEIRS.to_owned(), serde_json::json!({ "type": structure.kind }));
        }
        self.ids.insert(structure.id, id.clone());
        if let Some(of) = text_of(&mut json, "part_of") {
            if let Some(whole) = self
                .pieces
                .get(&of)
                .and_then(|at| self.layer.spans.get_mut(*at))
                .filter(|whole| whole.label == span.label)
            {
                whole.ranges.extend_from_slice(&span.ranges);
                whole.quote = whole.quote.take().zip(span.quote).map(|(quote, piece)| format!("{quote} {piece}"));
                return;
            }
            self.pieces.entry(of).or_insert(self.layer.spans.len());
        }
        span.id = Some(id);
        self.layer.spans.push(span);
    }

    /// A structure's label, and its other features as attributes. What refers to other spans becomes links.
    fn features(&mut self, structure: &Structure, own: bool) -> (String, Attributes) {
        let mut attributes = Attributes::new();
        for (name, feature) in &structure.features {
            if matches!(name.as_str(), "begin" | "end" | "sofa") {
                continue;
            }
            match feature {
                Feature::Value(value) => drop(attributes.insert(name.clone(), value.clone())),
                Feature::Refs(refs) => self.refer(structure.id, name, refs, &mut attributes),
            }
        }
        let is_label = |name: &&String, wanted: &str| name.eq_ignore_ascii_case(wanted);
        let wanted: &[&str] = if own { &["label"] } else { &LABELS };
        let named = wanted.iter().find_map(|wanted| {
            let name = attributes.keys().find(|name| is_label(name, wanted))?;
            attributes.get(name)?.as_str().filter(|label| !label.is_empty())?;
            Some(name.clone())
        });
        match named.and_then(|name| attributes.remove(&name)) {
            Some(Value::String(label)) => (label, attributes),
            _ => (structure.short().to_owned(), attributes),
        }
    }

    /// A feature that refers: to lists of primitives, to spans, to links with a role and a target, or to what stands nowhere, of which the
    /// primitives are kept as `feature.theirs`.
    fn refer(&mut self, from: i64, name: &str, refs: &[i64], attributes: &mut Attributes) {
        let mut open: Vec<i64> = refs.iter().rev().copied().collect();
        let mut steps = 0;
        while let Some(id) = open.pop() {
            steps += 1;
            // A list that runs in a circle ends here.
            if steps > self.cas.structures.len() {
                return;
            }
            let Some(found) = self.cas.find(id) else {
                self.lost += usize::from(id != 0);
                continue;
            };
            match (found.get("elements"), found.get("target")) {
                (Some(Feature::Refs(elements)), _) => open.extend(elements.iter().rev()),
                (Some(Feature::Value(elements)), _) => drop(attributes.insert(name.to_owned(), elements.clone())),
                (None, Some(Feature::Refs(targets))) if found.place().is_none() => {
                    let role = found.text("role").filter(|role| !role.is_empty()).unwrap_or(name);
                    self.links.extend(targets.iter().map(|target| (role.to_owned(), from, *target)));
                }
                _ if found.place().is_some() => self.links.push((name.to_owned(), from, id)),
                _ if found.get("head").is_some() || found.get("tail").is_some() => {
                    for next in ["tail", "head"] {
                        match found.get(next) {
                            Some(Feature::Refs(refs)) => open.extend(refs),
                            Some(Feature::Value(value)) => add(attributes, name.to_owned(), value.clone()),
                            None => {}
                        }
                    }
                }
                _ => self.simple(found, name, attributes),
            }
        }
    }

    /// The primitives of a structure that stands nowhere; where it refers on itself, that is counted.
    fn simple(&mut self, found: &Structure, name: &str, attributes: &mut Attributes) {
        for (theirs, feature) in found.features.iter().filter(|(theirs, _)| theirs != "sofa") {
            match feature {
                Feature::Value(value) => add(attributes, format!("{name}.{theirs}"), value.clone()),
                Feature::Refs(refs) => {
                    let list = |id: &i64| match self.cas.find(*id)?.get("elements")? {
                        Feature::Value(elements) => Some(elements.clone()),
                        Feature::Refs(_) => None,
                    };
                    match refs.iter().map(list).collect::<Option<Vec<Value>>>() {
                        Some(lists) => {
                            for list in lists {
                                add(attributes, format!("{name}.{theirs}"), list);
                            }
                        }
                        None => self.lost += 1,
                    }
                }
            }
        }
    }

    /// What joins spans; after them.
    pub fn relations(&mut self) {
        let cas = self.cas;
        for structure in &cas.structures {
            let Some((from, to)) = Self::ends(structure) else { continue };
            let in_view = structure.number("sofa").is_none_or(|sofa| sofa == self.sofa);
            let ground = [from, to].iter().any(|end| cas.find(*end).is_some_and(|end| self.is_ground(&end.kind)));
            if ground {
                self.left_out += 1;
            }
            if structure.place().is_none() || ground || !in_view {
                continue;
            }
            let own = self.own && structure.kind == RELATION;
            let links = self.links.len();
            let (kind, mut attributes) = self.features(structure, own);
            // Its ends are no further relations, and a relation is no end of one.
            self.lost += (self.links.len() - links).saturating_sub(2);
            self.links.truncate(links);
            let mut text = |name: &str| match attributes.remove(name).filter(|_| own) {
                Some(Value::String(text)) => Some(text),
                _ => None,
            };
            let (id, json) = if own { (text("id"), text(OURS)) } else { (None, None) };
            let mut json =
                json.and_then(|json| serde_json::from_str::<Map<String, Value>>(&json).ok()).unwrap_or_default();
            let mut relation = RawRelation {
                id: id.or_else(|| Some(structure.id.to_string())),
                kind,
                from: self.end(from),
                to: self.end(to),
                attributes: unreserved(attributes, own),
                extra: object_of(&mut json, "extra"),
            };
            relation.attributes.extend(object_of(&mut json, "attributes"));
            if !own {
                relation.extra.insert(THEIRS.to_owned(), serde_json::json!({ "type": structure.kind }));
            }
            self.layer.relations.push(relation);
        }
        for (kind, from, to) in std::mem::take(&mut self.links) {
            if self.ids.contains_key(&from) && self.ids.contains_key(&to) {
                let relation = RawRelation { kind, from: self.end(from), to: self.end(to), ..RawRelation::default() };
                self.layer.relations.push(relation);
            } else {
                self.left_out += 1;
            }
        }
    }

    fn end(&self, id: i64) -> String {
        self.ids.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// Adds a value to those of the name.
fn add(attributes: &mut Attributes, name: String, value: Value) {
    match attributes.get_mut(&name) {
        Some(Value::Array(list)) => list.push(value),
        Some(before) => *before = Value::Array(vec![before.take(), value]),
        None => drop(attributes.insert(name, value)),
    }
}

/// Attributes as they were called before they got out of the way of other features.
fn unreserved(attributes: Attributes, own: bool) -> Attributes {
    let name = |name: String| match name.strip_suffix('_') {
        Some(plain) if own && RESERVED.contains(&plain) => plain.to_owned(),
        _ => name,
    };
    attributes.into_iter().map(|(key, value)| (name(key), value)).collect()
}
