//! The type system that is written: our types, with the schema's attributes as features.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::build::{Declared, feature_name};
use super::{ANNOTATION, DOCUMENT, LAYER, METADATA, OURS, RELATION, SPAN};
use crate::schema::AttributeKind;

/// Types that are written: name, type above, features with what they hold.
pub(super) type Described = Vec<(&'static str, &'static str, Vec<(String, &'static str)>)>;

pub(super) fn described(declared: &Declared) -> Described {
    const TEXT: &str = "uima.cas.String";
    let own = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), TEXT)).collect::<Vec<_>>();
    let range = |kind: &AttributeKind| match kind {
        AttributeKind::OneOf(_) | AttributeKind::Text => TEXT,
        AttributeKind::AnyOf(_) => "uima.cas.StringArray",
        AttributeKind::Flag => "uima.cas.Boolean",
        AttributeKind::Number => "uima.cas.Double",
    };
    let more = |declared: &[(String, AttributeKind)]| {
        declared.iter().map(|(name, kind)| (feature_name(name), range(kind))).collect::<Vec<_>>()
    };
    let mut span = own(&["label", "id", "note", OURS]);
    span.extend(more(&declared.span));
    let mut relation = vec![("Governor".to_owned(), SPAN), ("Dependent".to_owned(), SPAN)];
    relation.extend(own(&["label", "id", OURS]));
    relation.extend(more(&declared.relation));
    let metadata = own(&["documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri"]);
    vec![
        (SPAN, ANNOTATION, span),
        (RELATION, ANNOTATION, relation),
        (METADATA, DOCUMENT, metadata),
        (LAYER, ANNOTATION, own(&[OURS])),
    ]
}

pub(super) fn types_xml(types: &Described) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\">\n<types>\n",
    );
    for (name, above, features) in types {
        let _ = write!(
            xml,
            "<typeDescription>\n<name>{name}</name>\n<description/>\n<supertypeName>{above}</supertypeName>\n<features>\n"
        );
        for (name, range) in features {
            let _ = writeln!(
                xml,
                "<featureDescription><name>{name}</name><description/><rangeTypeName>{range}</rangeTypeName></featureDescription>"
            );
        }
        xml.push_str("</features>\n</typeDescription>\n");
    }
    xml.push_str("</types>\n</typeSystemDescription>\n");
    xml
}

pub(super) fn types_json(types: &Described) -> Value {
    let mut all = Map::new();
    for (name, above, features) in types {
        let mut one = Map::from_iter([("%NAME".to_owned(), json!(name)), ("%SUPER_TYPE".to_owned(), json!(above))]);
        for (feature, range) in features {
            let range = if *range == "uima.cas.StringArray" { "uima.cas.String[]" } else { range };
            one.insert(feature.clone(), json!({ "%NAME": feature, "%RANGE": range }));
        }
        all.insert((*name).to_owned(), Value::Object(one));
    }
    Value::Object(all)
}
