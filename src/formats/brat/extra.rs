//! `extra.brat`: what a span or relation has of brat that has no place here, kept so that an export gives it back.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(super) const KEY: &str = "brat";

/// Of a span.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct SpanExtra {
    /// Ids of the events whose trigger it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Normalisations: type, reference, text. The attribute of that type has the reference.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub normalisations: Vec<(String, String, String)>,
    /// Comments that are no notes: type and text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<(String, String)>,
    /// Comments on its attributes and normalisations: the line as [`on_attribute`] and [`on_normalisation`] name it, type and text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<(String, String, String)>,
    /// Attributes of its second and further events: id of the event, name, value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<(String, String, Option<String>)>,
}

/// Of a relation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct RelationExtra {
    /// It is a role of this event…
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// …at this place among its arguments…
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// …under this name, where that is not the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What its ends are called, where that is not the span's first event, or its own id if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Names of its ends, where they are not `Arg1` and `Arg2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<[String; 2]>,
    /// It is a link of this chain of equivalents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chain: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<(String, String)>,
    /// Comments on its attributes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<(String, String, String)>,
}

/// What the line of an attribute is called where its number may change.
pub(super) fn on_attribute(name: &str, value: Option<&str>) -> String {
    format!("A {name} {}", value.unwrap_or_default())
}

/// The same of a normalisation.
pub(super) fn on_normalisation(kind: &str, reference: &str) -> String {
    format!("N {kind} {reference}")
}

/// Takes it out of an `extra`; what does not fit reads as nothing.
pub(super) fn of<T: Default + for<'a> Deserialize<'a>>(extra: &Map<String, Value>) -> T {
    extra.get(KEY).and_then(|value| T::deserialize(value).ok()).unwrap_or_default()
}

/// Puts it into an `extra`, unless there is nothing to say.
pub(super) fn put<T: Default + PartialEq + Serialize>(extra: &mut Map<String, Value>, value: &T) {
    if *value != T::default()
        && let Ok(value) = serde_json::to_value(value)
    {
        extra.insert(KEY.to_owned(), value);
    }
}
