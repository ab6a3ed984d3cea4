//! [`Schema::stamp`]: a short name for what a schema means, which each layer keeps.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Attribute, AttributeKind, Schema};

impl Schema {
    /// `news@5d1c2f0a9b3e`: the name, and 12 hex digits of the sha256 of what the schema means: ids, former ids, parents,
    /// attributes and rules. Display names, colours, lines, keys, definitions, examples, comments and the order of labels
    /// are not part of it.
    pub fn stamp(&self) -> String {
        let hash = Sha256::digest(self.meaning().to_string().as_bytes());
        let digits = hash[..6].iter().fold(0_u64, |digits, byte| digits << 8 | u64::from(*byte));
        format!("{}@{digits:012x}", self.name)
    }

    /// One form for all schemas that mean the same.
    fn meaning(&self) -> Value {
        let labels = self.labels.iter().map(|label| {
            json!({
                "id": label.id, "parent": label.parent, "snap": format!("{:?}", label.snap),
                "overlap": format!("{:?}", label.overlap), "fragments": label.fragments, "was": sorted(&label.was),
                "retired": label.retired, "attributes": attributes(&label.attributes),
            })
        });
        let relations = self.relations.iter().map(|relation| {
            json!({
                "id": relation.id, "from": sorted(&relation.from), "to": sorted(&relation.to), "at_most": relation.at_most,
                "was": sorted(&relation.was), "retired": relation.retired, "attributes": attributes(&relation.attributes),
            })
        });
        json!([by_text(labels), by_text(relations), attributes(&self.document)])
    }
}

fn attributes(attributes: &[Attribute]) -> Vec<Value> {
    by_text(attributes.iter().map(|attribute| {
        let (kind, values) = match &attribute.kind {
            AttributeKind::OneOf(values) => ("OneOf", sorted(values)),
            AttributeKind::AnyOf(values) => ("AnyOf", sorted(values)),
            AttributeKind::Flag => ("Flag", Vec::new()),
            AttributeKind::Number => ("Number", Vec::new()),
            AttributeKind::Text => ("Text", Vec::new()),
        };
        let when = attribute.when.as_ref().map(|when| json!([when.attribute, sorted(&when.values)]));
        json!([attribute.name, kind, values, attribute.required, attribute.default, when])
    }))
}

fn sorted<T: Ord>(items: &[T]) -> Vec<&T> {
    let mut items: Vec<&T> = items.iter().collect();
    items.sort();
    items
}

fn by_text(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut values: Vec<Value> = values.collect();
    values.sort_by_cached_key(Value::to_string);
    values
}
