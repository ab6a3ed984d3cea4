//! The short variant (JSON-MIN): each annotation is one object, the task's data and its controls side by side. Made into the task that it
//! was made of, so far as it says; controls that look like data stay data, unless the configuration knows them.

use serde_json::{Map, Value, json};

use super::config::Config;

/// Keys of the annotation, not of the task's data.
const ANNOTATION: [&str; 4] = ["annotation_id", "created_at", "updated_at", "lead_time"];

/// Some field is a list of regions with labels.
pub(super) fn looks(record: &Map<String, Value>) -> bool {
    !record.contains_key("data")
        && record.values().any(|field| {
            field.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(|item| labelled(item).is_some()))
        })
        || (record.contains_key("annotation_id")
            && record.contains_key("annotator")
            && record.contains_key("lead_time"))
}

/// The type of a region: it has a place, and labels under a key of that name.
fn labelled(item: &Value) -> Option<&'static str> {
    let placed = item.get("start").is_some() && item.get("end").is_some();
    ["labels", "hypertextlabels"].into_iter().find(|kind| placed && item.get(*kind).is_some_and(Value::is_array))
}

/// The type of what stands at a region or the task.
fn attribute(item: &Value) -> Option<&'static str> {
    let kinds = [("choices", "choices"), ("taxonomy", "taxonomy"), ("rating", "rating"), ("number", "number")];
    kinds.into_iter().find(|(key, _)| item.get(*key).is_some()).map(|(_, kind)| kind)
}

pub(super) fn task(mut record: Map<String, Value>, config: &Config) -> Map<String, Value> {
    let mut annotation = Map::new();
    if let Some(annotator) = record.shift_remove("annotator") {
        let owner = if annotator.is_string() { json!({ "email": annotator }) } else { annotator };
        annotation.insert("completed_by".to_owned(), owner);
    }
    for key in ANNOTATION {
        if let Some(value) = record.shift_remove(key) {
            annotation.insert(if key == "annotation_id" { "id" } else { key }.to_owned(), value);
        }
    }
    let id = record.shift_remove("id");
    let (mut data, mut results, mut places) = (Map::new(), Vec::new(), Vec::<(String, String)>::new());
    let mut later = Vec::new();
    for (key, value) in record {
        let regions = value.as_array().filter(|list| {
            !list.is_empty() && list.iter().all(|item| labelled(item).or_else(|| attribute(item)).is_some())
        });
        let Some(regions) = regions else {
            match config.short(&key, &value) {
                Some((kind, value)) => later.push(json!({ "from_name": key, "type": kind, "value": value })),
                None => drop(data.insert(key, value)),
            }
            continue;
        };
        for item in regions {
            match labelled(item) {
                Some(kind) => {
                    let id = format!("r{}", places.len());
                    places.push((place(item), id.clone()));
                    results.push(json!({ "id": id, "from_name": key, "type": kind, "value": item }));
                }
                None => later.push(json!({ "from_name": key, "type": attribute(item), "value": item })),
            }
        }
    }
    for mut result in later {
        // A region's attributes stand where it stands.
        let here = place(&result["value"]);
        if let Some((_, id)) = places.iter().find(|(place, _)| *place == here) {
            result["id"] = json!(id);
        }
        results.push(result);
    }
    annotation.insert("result".to_owned(), Value::Array(results));
    let mut task = Map::new();
    if let Some(id) = id {
        task.insert("id".to_owned(), id);
    }
    task.insert("data".to_owned(), Value::Object(data));
    task.insert("annotations".to_owned(), json!([annotation]));
    task
}

fn place(item: &Value) -> String {
    format!("{}..{}", item["start"], item["end"])
}
