//! The key `spanwright` of a line: what doccano has no place for. What it says of a span or relation holds only while the line still has
//! it; the rest was changed in doccano since.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::annotation::{Attributes, Status};
use crate::text::NewlineMap;

pub(super) const KEY: &str = "spanwright";

/// Of a document and its layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Aside {
    /// There is no layer: the empty list of labels says nothing.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unseen: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub schema: String,
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Value>,
    /// Of the layer.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
    /// Of the document.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub document: Map<String, Value>,
    /// How the source wrote its newlines, where the line's text has them as LF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newlines: Option<NewlineMap>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Item<(usize, usize, String)>>,
    /// Told by their kind and the numbers of their ends in the line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Item<(String, String, String)>>,
}

/// Of a span or relation: what it must still be, and what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Item<K> {
    pub is: K,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub extra: Map<String, Value>,
}
