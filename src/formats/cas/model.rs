//! A CAS taken apart: feature structures with their features, whatever syntax they came in.

use std::collections::HashMap;

use serde_json::Value;

/// A feature's value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Feature {
    /// A primitive, or a list of them.
    Value(Value),
    /// Other structures, by id.
    Refs(Vec<i64>),
}

/// One feature structure.
#[derive(Clone, Debug)]
pub(super) struct Structure {
    pub id: i64,
    /// Its type, in full.
    pub kind: String,
    /// In their order.
    pub features: Vec<(String, Feature)>,
}

impl Structure {
    pub fn get(&self, name: &str) -> Option<&Feature> {
        self.features.iter().find(|(known, _)| known == name).map(|(_, feature)| feature)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Feature::Value(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// A whole number, also one that is written as text.
    pub fn number(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Feature::Value(Value::Number(number)) => number.as_i64(),
            Feature::Value(Value::String(text)) => text.trim().parse().ok(),
            Feature::Refs(refs) => refs.first().copied(),
            Feature::Value(_) => None,
        }
    }

    /// Where it stands in the text, in the file's numbers.
    pub fn place(&self) -> Option<(i64, i64)> {
        Some((self.number("begin")?, self.number("end")?))
    }

    /// The type's own name.
    pub fn short(&self) -> &str {
        short(&self.kind)
    }
}

/// The last part of a type's name.
pub(super) fn short(kind: &str) -> &str {
    kind.rsplit('.').next().unwrap_or(kind)
}

/// All structures of a file, in its order.
#[derive(Debug, Default)]
pub(super) struct Cas {
    pub structures: Vec<Structure>,
    /// Id → place in the list; the first of an id.
    index: HashMap<i64, usize>,
}

impl Cas {
    pub fn push(&mut self, structure: Structure) {
        self.index.entry(structure.id).or_insert(self.structures.len());
        self.structures.push(structure);
    }

    pub fn find(&self, id: i64) -> Option<&Structure> {
        self.index.get(&id).and_then(|at| self.structures.get(*at))
    }
}
