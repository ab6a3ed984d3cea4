//! What labels, attributes and relations a foreign input uses, or says that it may use: what a schema is proposed from.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::record::Record;
use crate::annotation::Attributes;

/// Names as the input has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    pub labels: BTreeMap<String, LabelUse>,
    pub relations: BTreeMap<String, RelationUse>,
    /// Attributes of whole documents.
    pub document: BTreeMap<String, AttributeUse>,
}

/// How a label is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelUse {
    pub spans: u64,
    /// As people are to read it; empty: as the label is named.
    pub name: String,
    /// `#rrggbb`, where the input gives one.
    pub colour: Option<String>,
    /// A key that the input gives it.
    pub key: Option<char>,
    /// The label above it, where the input has a tree of them.
    pub parent: Option<String>,
    pub attributes: BTreeMap<String, AttributeUse>,
}

/// How an attribute is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeUse {
    /// Strings that were met or are allowed; no more than 50 are kept.
    pub values: BTreeSet<String>,
    pub flags: bool,
    pub numbers: bool,
    pub several: bool,
    /// There were more than 50 values, or long ones: it is free text.
    pub free: bool,
}

/// How a relation is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelationUse {
    pub count: u64,
    /// Labels at its ends.
    pub from: BTreeSet<String>,
    pub to: BTreeSet<String>,
}

const VALUES: usize = 50;
const LONG: usize = 60;

impl Vocabulary {
    /// Counts what one document uses.
    pub fn add(&mut self, record: &Record) {
        for layer in &record.document.layers {
            see(&mut self.document, &layer.attributes);
            let label = |id: &str| {
                let found = layer.spans.iter().find(|span| span.id.as_deref() == Some(id));
                found.map(|span| span.label.clone())
            };
            for relation in &layer.relations {
                let known = self.relations.entry(relation.kind.clone()).or_default();
                known.count += 1;
                known.from.extend(label(&relation.from));
                known.to.extend(label(&relation.to));
            }
        }
        let spans = record.document.layers.iter().flat_map(|layer| &layer.spans).chain(&record.document.spans);
        for span in spans.filter(|span| !span.label.is_empty()) {
            let known = match self.labels.get_mut(&span.label) {
                Some(known) => known,
                None => self.labels.entry(span.label.clone()).or_default(),
            };
            known.spans += 1;
            see(&mut known.attributes, &span.attributes);
        }
    }
}

fn see(known: &mut BTreeMap<String, AttributeUse>, attributes: &Attributes) {
    for (name, value) in attributes {
        known.entry(name.clone()).or_default().see(value);
    }
}

impl Vocabulary {
    /// Adds what another input uses.
    pub fn join(&mut self, other: &Self) {
        for (label, using) in &other.labels {
            let ours = self.labels.entry(label.clone()).or_default();
            ours.spans += using.spans;
            if ours.name.is_empty() {
                ours.name.clone_from(&using.name);
            }
            ours.colour = ours.colour.take().or_else(|| using.colour.clone());
            ours.key = ours.key.or(using.key);
            ours.parent = ours.parent.take().or_else(|| using.parent.clone());
            join(&mut ours.attributes, &using.attributes);
        }
        for (kind, using) in &other.relations {
            let ours = self.relations.entry(kind.clone()).or_default();
            ours.count += using.count;
            ours.from.extend(using.from.iter().cloned());
            ours.to.extend(using.to.iter().cloned());
        }
        join(&mut self.document, &other.document);
    }
}

fn join(ours: &mut BTreeMap<String, AttributeUse>, theirs: &BTreeMap<String, AttributeUse>) {
    for (name, using) in theirs {
        let known = ours.entry(name.clone()).or_default();
        known.values.extend(using.values.iter().cloned());
        known.flags |= using.flags;
        known.numbers |= using.numbers;
        known.several |= using.several;
        known.free |= using.free || known.values.len() > VALUES;
    }
}

impl AttributeUse {
    /// One value more.
    pub fn see(&mut self, value: &Value) {
        match value {
            Value::Bool(_) => self.flags = true,
            Value::Number(_) => self.numbers = true,
            Value::String(text)
                if text.chars().count() > LONG || self.values.len() >= VALUES && !self.values.contains(text) =>
            {
                self.free = true;
            }
            Value::String(text) => drop(self.values.insert(text.clone())),
            Value::Array(list) => {
                self.several = true;
                for value in list {
                    self.see(value);
                }
            }
            Value::Null | Value::Object(_) => self.free = true,
        }
    }
}
