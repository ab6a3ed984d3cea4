//! From the fields of one record (a JSON object, a row of a table) to an article.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::fields::{FieldMap, Role, Roles};
use super::intake::Draft;
use crate::text::{Place, Problem};

/// A record as it was read: its fields in their order, and beside them what is not metadata.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub fields: Vec<(String, Value)>,
    pub apart: Vec<(String, Box<RawValue>)>,
    /// Names that stood there twice; the last value was taken.
    pub twice: Vec<String>,
}

impl Record {
    /// Which field is what, for this record alone: other records of the file may have other fields.
    pub(super) fn roles(&self, map: &FieldMap) -> Roles {
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        Roles::of(map, &names, |role, index| match (&self.fields[index].1, role) {
            (Value::String(text), Role::Id) => !text.trim().is_empty(),
            (Value::String(_), _) | (Value::Number(_), Role::Id | Role::Date) => true,
            (Value::Null, _) | (_, Role::Text | Role::Id) => false,
            _ => true,
        })
    }

    /// The article, or why it is none.
    pub(super) fn draft(self, map: &FieldMap, roles: Roles, place: Place) -> Result<Draft, Box<Problem>> {
        let Some(text) = roles.index(Role::Text) else {
            return Err(Box::new(self.no_text(map, place)));
        };
        if !self.fields[text].1.is_string() {
            let name = self.fields[text].0.as_str();
            let problem =
                Problem::error(place.field(name), format!("the text is {}, not a string", kind(&self.fields[text].1)));
            return Err(Box::new(problem.fix("Put a string there, or name another field: --map text=FIELD")));
        }
        let mut draft = Draft { apart: self.apart, ..Draft::default() };
        for name in self.twice {
            let problem =
                Problem::warning(place.clone().field(name), "the field is given twice; the last value was taken");
            draft.notes.push(problem);
        }
        if let Some(field) = map.field(Role::Id.key())
            && roles.index(Role::Id).is_none()
        {
            let problem =
                Problem::warning(place.clone().field(field), "the field that was named for the id is not there");
            draft.notes.push(problem.fix("The id was made from the text"));
        }
        for (index, (name, value)) in self.fields.into_iter().enumerate() {
            if roles.index(Role::Id) == Some(index) {
                match &value {
                    Value::String(id) if !id.trim().is_empty() => draft.id = Some(id.clone()),
                    Value::Number(id) => draft.id = Some(id.to_string()),
                    other => {
                        let sentence = format!("the id is {}; it was made from the text instead", kind(other));
                        draft.notes.push(Problem::warning(place.clone().field(name.as_str()), sentence));
                    }
                }
            }
            match (roles.key(map, index, &name), value) {
                (_, Value::String(words)) if index == text => draft.text = words,
                // The text and the id stand elsewhere; an id that is null was not given.
                (None, _) | (Some("id"), Value::Null) => (),
                (Some("meta"), Value::Object(meta)) => {
                    for (key, value) in meta {
                        put(&mut draft.meta, "meta", &key, value);
                    }
                }
                (Some(key), value) => put(&mut draft.meta, &name, key, value),
            }
        }
        if !draft.meta.contains_key(Role::Source.key())
            && let Some(host) = draft.meta.get(Role::Url.key()).and_then(Value::as_str).and_then(host)
        {
            draft.meta.insert(Role::Source.key().to_owned(), Value::from(host));
        }
        draft.place = place;
        Ok(draft)
    }

    /// Names the fields that are there, and of those the one with the longest string.
    fn no_text(&self, map: &FieldMap, place: Place) -> Problem {
        let names: Vec<&str> = self.fields.iter().map(|(name, _)| name.as_str()).collect();
        let there = if names.is_empty() {
            "it has no fields".to_owned()
        } else {
            format!("its fields are {}", names.join(", "))
        };
        let sentence = match map.field(Role::Text.key()) {
            Some(field) => format!("there is no field {field} for the text; {there}"),
            None => format!("no field was recognised as the text; {there}"),
        };
        let longest = self.fields.iter().max_by_key(|(_, value)| value.as_str().map_or(0, str::len));
        let example = longest.map_or_else(String::new, |(name, _)| format!(", for example --map text={name}"));
        Problem::error(place, sentence).fix(format!("Say which field holds the text{example}"))
    }
}

/// Adds a metadata value; where the key is taken, under the field's own name or its path, so that none is lost.
fn put(meta: &mut Map<String, Value>, name: &str, key: &str, value: Value) {
    let mut free = key.to_owned();
    if meta.contains_key(&free) {
        free = if name == key || name == "meta" { format!("meta.{key}") } else { name.to_owned() };
    }
    while meta.contains_key(&free) {
        free.push('_');
    }
    meta.insert(free, value);
}

/// A JSON value's kind, for people.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(text) if text.trim().is_empty() => "empty",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The host of a web address, without `www.` and the port.
pub(super) fn host(url: &str) -> Option<&str> {
    let rest =
        url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).or_else(|| url.strip_prefix("//"))?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit('@').next()?;
    let host = host.split(':').next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}
