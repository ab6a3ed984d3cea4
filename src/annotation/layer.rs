//! A [`Layer`]: everything one annotator marked in one document.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Annotator, Attributes, ItemId, Relation, Span, Spans};

/// How far the work on a layer is. A layer that was never written is untouched: there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Never written. "Not seen" is missing data; it is never stored.
    #[default]
    Untouched,
    InProgress,
    /// Finished and empty is data.
    Finished,
    Skipped,
}

impl Status {
    /// As files and the command line write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::InProgress => "in-progress",
            Self::Finished => "finished",
            Self::Skipped => "skipped",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Untouched, Self::InProgress, Self::Finished, Self::Skipped]
            .into_iter()
            .find(|status| status.as_str() == word)
    }
}

/// How many changes each device made: a layer descends from another if no device's count is smaller in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clock(pub BTreeMap<String, u64>);

impl Clock {
    /// One more change on this device.
    pub fn tick(&mut self, device: &str) {
        *self.0.entry(device.to_owned()).or_default() += 1;
    }

    /// Every change that `other` knows is known here too.
    pub fn descends_from(&self, other: &Self) -> bool {
        other.0.iter().all(|(device, count)| self.0.get(device).is_some_and(|ours| ours >= count))
    }

    /// The clock that knows what both know.
    #[must_use]
    pub fn joined(&self, other: &Self) -> Self {
        let mut clock = self.clone();
        for (device, count) in &other.0 {
            let ours = clock.0.entry(device.clone()).or_default();
            *ours = (*ours).max(*count);
        }
        clock
    }
}

/// Everything one annotator marked in one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub annotator: Annotator,
    /// How many transactions made it; 0 for one that was never written.
    pub version: u64,
    /// Where those transactions were made.
    pub clock: Clock,
    pub updated: Option<Timestamp>,
    pub status: Status,
    /// Why a second look is wanted; stands beside any status.
    pub flag: Option<String>,
    /// The schema's stamp when it was last written.
    pub schema: String,
    /// Attributes of the document as this annotator sees it.
    pub attributes: Attributes,
    /// Active time spent.
    pub seconds: u64,
    pub spans: Spans,
    pub relations: BTreeMap<ItemId, Arc<Relation>>,
    /// In gold only: each settled difference, as given, sorted by [`decision_id`].
    pub decisions: Vec<Value>,
    /// Keys of the file that we do not know, kept.
    pub extra: Map<String, Value>,
}

/// The id of a decision: what decisions are found and sorted by.
pub fn decision_id(decision: &Value) -> &str {
    decision.get("id").and_then(Value::as_str).unwrap_or_default()
}

impl Layer {
    /// One that was never written.
    pub fn untouched(annotator: Annotator) -> Self {
        Self {
            annotator,
            version: 0,
            clock: Clock::default(),
            updated: None,
            status: Status::Untouched,
            flag: None,
            schema: String::new(),
            attributes: Attributes::new(),
            seconds: 0,
            spans: Spans::default(),
            relations: BTreeMap::new(),
            decisions: Vec::new(),
            extra: Map::new(),
        }
    }

    pub fn span(&self, id: &ItemId) -> Option<&Arc<Span>> {
        self.spans.get(id)
    }

    /// The relations that start or end at the span. Linear in the relations of the layer.
    pub fn relations_of<'a>(&'a self, span: &'a ItemId) -> impl Iterator<Item = &'a Arc<Relation>> {
        self.relations.values().filter(move |relation| relation.joins(span))
    }

    /// The two say the same: everything but version, clock, time stamps and time spent.
    pub fn same_content(&self, other: &Self) -> bool {
        self.annotator == other.annotator
            && self.status == other.status
            && self.flag == other.flag
            && self.attributes == other.attributes
            && self.spans == other.spans
            && self.relations == other.relations
            && self.decisions == other.decisions
            && self.extra == other.extra
    }
}
