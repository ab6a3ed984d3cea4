//! A document and one layer as feature structures, before they are XMI or JSON.

use serde_json::{Map, Value, json};

use super::{LAYER, METADATA, OURS, RELATION, RESERVED, SPAN};
use crate::annotation::{Attributes, Clock, Layer, Origin, OriginKind};
use crate::schema::{Attribute, AttributeKind, Schema};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::{Document, TextRange};

/// A structure that is written.
pub(super) struct Out {
    pub id: usize,
    pub kind: &'static str,
    pub features: Vec<(String, OutValue)>,
}

pub(super) enum OutValue {
    Text(String),
    Number(Value),
    Flag(bool),
    Words(Vec<String>),
    Ref(usize),
}

/// The sofa's id in every file.
pub(super) const SOFA_ID: usize = 1;

/// The features that attributes of the schema are, by the name of the attribute.
pub(super) struct Declared {
    pub span: Vec<(String, AttributeKind)>,
    pub relation: Vec<(String, AttributeKind)>,
}

impl Declared {
    pub fn of(schema: &Schema) -> Self {
        let spans = schema.labels.iter().flat_map(|label| &label.attributes);
        let relations = schema.relations.iter().flat_map(|relation| &relation.attributes);
        Self { span: features(spans), relation: features(relations) }
    }
}

/// Each name once; one that means different things is a feature for the first of them.
fn features<'a>(attributes: impl Iterator<Item = &'a Attribute>) -> Vec<(String, AttributeKind)> {
    let mut features: Vec<(String, AttributeKind)> = Vec::new();
    for attribute in attributes {
        let mut letters = attribute.name.chars();
        let sound = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            && !attribute.name.ends_with('_');
        if sound && !features.iter().any(|(known, _)| *known == attribute.name) {
            features.push((attribute.name.clone(), attribute.kind.clone()));
        }
    }
    features
}

/// The feature that an attribute is.
pub(super) fn feature_name(name: &str) -> String {
    if RESERVED.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// Sorts attributes into features and the rest.
fn sorted(
    attributes: &Attributes,
    declared: &[(String, AttributeKind)],
    out: &mut Vec<(String, OutValue)>,
) -> Map<String, Value> {
    let mut rest = Map::new();
    for (name, value) in attributes {
        let kind = declared.iter().find(|(known, _)| known == name).map(|(_, kind)| kind);
        let value = match (kind, value) {
            (Some(AttributeKind::OneOf(_) | AttributeKind::Text), Value::String(text)) => OutValue::Text(text.clone()),
            (Some(AttributeKind::Flag), Value::Bool(flag)) => OutValue::Flag(*flag),
            (Some(AttributeKind::Number), Value::Number(_)) => OutValue::Number(value.clone()),
            (Some(AttributeKind::AnyOf(_)), Value::Array(list))
                if !list.is_empty() && list.iter().all(Value::is_string) =>
            {
                OutValue::Words(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
            }
            _ => {
                rest.insert(name.clone(), value.clone());
                continue;
            }
        };
        out.push((feature_name(name), value));
    }
    rest
}

fn put(object: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    object.insert(key.to_owned(), value.into());
}

/// Puts the object into the feature that holds what no other takes.
fn put_ours(out: &mut Vec<(String, OutValue)>, ours: Map<String, Value>) {
    if !ours.is_empty() {
        // Two that JSON writes as they are and XML cannot hold.
        let json = Value::Object(ours).to_string().replace('\u{fffe}', "\\ufffe").replace('\u{ffff}', "\\uffff");
        out.push((OURS.to_owned(), OutValue::Text(json)));
    }
}

/// The text that is written, and how its offsets are counted.
pub(super) struct Place<'a> {
    pub document: &'a Document,
    pub index: &'a OffsetIndex<'a>,
    pub ours: &'a OffsetIndex<'a>,
    pub original: bool,
}

impl Place<'_> {
    fn units(&self, byte: usize) -> usize {
        if !self.original {
            return self.index.to(Unit::Utf16, byte);
        }
        let source = self.document.newlines.to_source(self.ours.to(Unit::CodePoint, byte));
        // A place of our text is a place of the source's.
        self.index.from(Unit::CodePoint, source).map_or(0, |byte| self.index.to(Unit::Utf16, byte))
    }

    fn range(&self, range: TextRange) -> [(String, OutValue); 3] {
        let number = |byte| OutValue::Number(json!(self.units(byte)));
        [
            ("sofa".to_owned(), OutValue::Ref(SOFA_ID)),
            ("begin".to_owned(), number(range.start())),
            ("end".to_owned(), number(range.end())),
        ]
    }
}

/// The structures of one file, but for the sofa.
pub(super) fn structures(place: &Place<'_>, layer: Option<&Layer>, declared: &Declared) -> Vec<Out> {
    let document = place.document;
    let text = |text: &str| OutValue::Text(text.to_owned());
    let mut list = Vec::new();
    let mut features = Vec::from(place.range(document.text.all()));
    features.push(("language".to_owned(), text("x-unspecified")));
    features.push(("documentTitle".to_owned(), text(document.meta_text("title").unwrap_or(document.id.as_str()))));
    features.push(("documentId".to_owned(), text(document.id.as_str())));
    list.push(Out { id: 2, kind: METADATA, features });
    let mut features = Vec::from(place.range(document.text.all()));
    put_ours(&mut features, about(place, layer));
    list.push(Out { id: 3, kind: LAYER, features });
    let Some(layer) = layer else { return list };
    let mut first = std::collections::HashMap::new();
    for span in layer.spans.iter() {
        for (count, range) in span.ranges.as_slice().iter().enumerate() {
            let id = list.len() + 2;
            let mut features = Vec::from(place.range(*range));
            features.push(("label".to_owned(), text(span.label.as_str())));
            features.push(("id".to_owned(), text(span.id.as_str())));
            let mut ours = Map::new();
            if count == 0 {
                first.insert(&span.id, (id, *range));
                if !span.note.is_empty() {
                    features.push(("note".to_owned(), text(&span.note)));
                }
                let rest = sorted(&span.attributes, &declared.span, &mut features);
                if span.origin != Origin::of(OriginKind::Import) {
                    put(&mut ours, "origin", serde_json::to_value(&span.origin).unwrap_or_default());
                }
                if !rest.is_empty() {
                    put(&mut ours, "attributes", rest);
                }
                if !span.extra.is_empty() {
                    put(&mut ours, "extra", span.extra.clone());
                }
            }
            if span.ranges.is_discontinuous() {
                put(&mut ours, "part_of", span.id.as_str());
            }
            put_ours(&mut features, ours);
            list.push(Out { id, kind: SPAN, features });
        }
    }
    for relation in layer.relations.values() {
        let (Some((from, _)), Some((to, range))) = (first.get(&relation.from), first.get(&relation.to)) else {
            continue;
        };
        let mut features = Vec::from(place.range(*range));
        features.push(("Governor".to_owned(), OutValue::Ref(*from)));
        features.push(("Dependent".to_owned(), OutValue::Ref(*to)));
        features.push(("label".to_owned(), text(relation.kind.as_str())));
        features.push(("id".to_owned(), text(relation.id.as_str())));
        let rest = sorted(&relation.attributes, &declared.relation, &mut features);
        let mut ours = Map::new();
        if !rest.is_empty() {
            put(&mut ours, "attributes", rest);
        }
        if !relation.extra.is_empty() {
            put(&mut ours, "extra", relation.extra.clone());
        }
        put_ours(&mut features, ours);
        list.push(Out { id: list.len() + 2, kind: RELATION, features });
    }
    list
}

/// What is known of the document and the layer.
fn about(place: &Place<'_>, layer: Option<&Layer>) -> Map<String, Value> {
    let document = place.document;
    let mut known = Map::new();
    put(&mut known, "id", document.id.as_str());
    if !document.meta.is_empty() {
        put(&mut known, "meta", document.meta.clone());
    }
    if !document.newlines.is_empty() && !place.original {
        put(&mut known, "newlines", serde_json::to_value(&document.newlines).unwrap_or_default());
    }
    if !document.extra.is_empty() {
        put(&mut known, "extra", document.extra.clone());
    }
    let mut about = Map::new();
    put(&mut about, "document", known);
    let Some(layer) = layer else {
        put(&mut about, "annotator", Value::Null);
        return about;
    };
    put(&mut about, "annotator", layer.annotator.as_str());
    put(&mut about, "status", layer.status.as_str());
    if layer.version > 1 {
        put(&mut about, "version", layer.version);
    }
    if layer.clock != Clock::default() {
        put(&mut about, "clock", serde_json::to_value(&layer.clock).unwrap_or_default());
    }
    if let Some(updated) = &layer.updated {
        put(&mut about, "updated", updated.to_string());
    }
    if let Some(flag) = &layer.flag {
        put(&mut about, "flag", flag.as_str());
    }
    if !layer.schema.is_empty() {
        put(&mut about, "schema", layer.schema.as_str());
    }
    if layer.seconds > 0 {
        put(&mut about, "seconds", layer.seconds);
    }
    if !layer.attributes.is_empty() {
        put(&mut about, "attributes", json!(layer.attributes));
    }
    if !layer.decisions.is_empty() {
        put(&mut about, "decisions", layer.decisions.clone());
    }
    if !layer.extra.is_empty() {
        put(&mut about, "extra", layer.extra.clone());
    }
    about
}
