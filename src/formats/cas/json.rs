//! JSON CAS 0.4: `%TYPES`, `%FEATURE_STRUCTURES` (a list, or an object by id) and `%VIEWS`.

use serde_json::{Map, Value};

use super::model::{Cas, Feature, Structure};
use super::types::Types;
use crate::text::{Place, Problem};

/// Takes a parsed file apart; its own types are given back with it.
pub(super) fn read(value: Value, place: &Place, problems: &mut Vec<Problem>) -> Result<(Cas, Types), String> {
    let Value::Object(mut file) = value else { return Err("it is no object".to_owned()) };
    let types = Types::from_json(file.get("%TYPES").unwrap_or(&Value::Null));
    let mut cas = Cas::default();
    let mut wrong = 0_u64;
    let mut add = |id: Option<i64>, value: Value| match (id, value) {
        (Some(id), Value::Object(fields)) => match structure(id, fields) {
            Some(structure) => cas.push(structure),
            None => wrong += 1,
        },
        _ => wrong += 1,
    };
    match file.shift_remove("%FEATURE_STRUCTURES") {
        Some(Value::Array(list)) => {
            for value in list {
                add(value["%ID"].as_i64(), value);
            }
        }
        Some(Value::Object(by_id)) => {
            for (id, value) in by_id {
                add(id.parse().ok(), value);
            }
        }
        _ => return Err("it has no %FEATURE_STRUCTURES".to_owned()),
    }
    if wrong > 0 {
        let sentence = format!("{wrong} feature structures have no id or no type; they were not imported");
        problems.push(Problem::warning(place.clone(), sentence));
    }
    Ok((cas, types))
}

fn structure(id: i64, fields: Map<String, Value>) -> Option<Structure> {
    let kind = fields.get("%TYPE")?.as_str()?.to_owned();
    let mut features = Vec::with_capacity(fields.len());
    for (key, value) in fields {
        if key == "%ELEMENTS" {
            let elements = if is_refs(&kind) { refs(&value) } else { Some(Feature::Value(value)) };
            features.extend(elements.map(|elements| ("elements".to_owned(), elements)));
        } else if let Some(name) = key.strip_prefix(['@', '^']) {
            features.extend(refs(&value).map(|refs| (name.to_owned(), refs)));
        } else if let Some(name) = key.strip_prefix('#') {
            features.push((name.to_owned(), Feature::Value(value)));
        } else if !key.starts_with('%') && !value.is_null() {
            features.push((key, Feature::Value(value)));
        }
    }
    Some(Structure { id, kind, features })
}

/// An array of structures, not of primitives.
fn is_refs(kind: &str) -> bool {
    match kind.strip_prefix("uima.cas.") {
        Some(name) => matches!(name, "FSArray" | "TOP[]"),
        None => kind.ends_with("[]"),
    }
}

fn refs(value: &Value) -> Option<Feature> {
    match value {
        Value::Array(list) => Some(Feature::Refs(list.iter().filter_map(Value::as_i64).collect())),
        one => one.as_i64().map(|id| Feature::Refs(vec![id])),
    }
}
