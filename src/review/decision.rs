//! A [`Decision`]: one settled difference, as gold's `decisions` hold it in every file and in the store.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Rule;
use crate::annotation::{Annotator, ItemId};

/// One settled difference. Fields are those of the JSON object; ARCHITECTURE.md says what each holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// [`super::Difference::id`] of the difference as it was when it was settled.
    pub id: String,
    /// [`super::Ruling::id`].
    pub ruling: String,
    /// Who was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotator: Option<Annotator>,
    /// The rule that settled it among many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    pub by: Annotator,
    pub when: Timestamp,
    #[serde(default)]
    pub why: String,
    #[serde(default)]
    pub note: String,
    /// The document's attribute that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// One for each annotator compared who had finished the document, sorted by name.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// What it made, or found there already: spans of gold. Empty is "nothing here".
    #[serde(default)]
    pub spans: Vec<ItemId>,
    /// The same for relations of gold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<ItemId>,
    /// Keys of the file that we do not know, kept.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What one annotator had.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    pub annotator: Annotator,
    /// The layer's version when it was settled.
    pub version: u64,
    /// Their spans, or their relation; empty where they had nothing.
    #[serde(default)]
    pub items: Vec<SourceItem>,
    /// Their value of the document's attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// A span or relation as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceItem {
    pub id: ItemId,
    /// 16 hex digits of a hash over label, ranges and attributes (of a relation: kind, ends and attributes); notes do not count.
    pub hash: String,
}

impl Decision {
    /// From gold's JSON; `None` where it is none of ours.
    pub fn read(value: &Value) -> Option<Self> {
        Self::deserialize(value).ok()
    }

    /// As gold holds it.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
