//! A [`Relation`]: a typed arrow between two spans of one layer.

use serde_json::{Map, Value};

use super::{Attributes, ItemId};
use crate::schema::RelationId;

/// A typed arrow between two spans of one layer (quote → speaker).
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    pub id: ItemId,
    pub kind: RelationId,
    pub from: ItemId,
    pub to: ItemId,
    pub attributes: Attributes,
    /// Keys of the file that we do not know, kept.
    pub extra: Map<String, Value>,
}

impl Relation {
    pub fn new(id: ItemId, kind: RelationId, from: ItemId, to: ItemId) -> Self {
        Self { id, kind, from, to, attributes: Attributes::new(), extra: Map::new() }
    }

    /// One of its ends is the span.
    pub fn joins(&self, span: &ItemId) -> bool {
        self.from == *span || self.to == *span
    }
}
