//! [`Question`]: one attribute of one label, and the answers that occur, so that they can be counted without knowing the schema.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Item;

/// One attribute of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Index into [`super::Corpus::labels`].
    pub label: usize,
    pub name: String,
    /// The answers that occur, sorted. Not set at all is another one.
    answers: Vec<String>,
}

/// More answers than that are free text or numbers, of which chance agreement says nothing.
const CATEGORIES: usize = 64;

impl Question {
    /// All that are answered anywhere, by label, then name. Linear in the attributes.
    pub(super) fn all(items: &[Item]) -> Vec<Self> {
        let mut found: BTreeMap<(usize, &str), BTreeSet<Cow<'_, str>>> = BTreeMap::new();
        for unit in items.iter().flat_map(|item| item.layers.iter().flatten()).flat_map(|layer| &layer.units) {
            for (name, value) in &unit.attributes {
                if let Some(answer) = answer(value) {
                    found.entry((unit.label, name)).or_default().insert(answer);
                }
            }
        }
        let question = |((label, name), answers): ((usize, &str), BTreeSet<Cow<'_, str>>)| Self {
            label,
            name: name.to_owned(),
            answers: answers.into_iter().map(Cow::into_owned).collect(),
        };
        found.into_iter().map(question).collect()
    }

    /// What can be answered, not set included; `None` where answers are free.
    pub fn categories(&self) -> Option<usize> {
        (self.answers.len() <= CATEGORIES).then_some(self.answers.len() + 1)
    }

    /// The place of an answer among [`Question::categories`]; 0 is not set.
    pub fn category(&self, value: Option<&Value>) -> usize {
        let answer = value.and_then(answer);
        answer.map_or(0, |answer| self.answers.partition_point(|known| *known.as_str() <= *answer))
    }
}

/// A value as it is compared: several at once are a set, numbers are equal by value. `None` says nothing: null, an empty list, a flag
/// that is not set.
fn answer(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some("true".into()),
        Value::String(text) => Some(text.as_str().into()),
        Value::Number(number) => {
            Some(number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string()).into())
        }
        Value::Array(values) => {
            let set: BTreeSet<_> = values.iter().filter_map(answer).collect();
            (!set.is_empty()).then(|| set.into_iter().collect::<Vec<_>>().join("\u{1f}").into())
        }
        Value::Object(_) => Some(value.to_string().into()),
    }
}
