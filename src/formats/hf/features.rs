//! What a data set says of its columns: which numbers are labels, and which. From the `huggingface` entry of a Parquet schema, the
//! `dataset_info` of a card, or the `dataset_infos.json` that there was before cards.

use serde_json::{Map, Value};

/// Features by column. Empty where nothing is said.
#[derive(Clone, Debug, Default)]
pub(in crate::formats) struct Features(Vec<(String, Feature)>);

#[derive(Clone, Debug)]
enum Feature {
    /// Nothing that matters here.
    Plain,
    Names(Vec<String>),
    List(Box<Feature>),
    Fields(Features),
}

impl Features {
    /// From the schema's `huggingface` entry; empty if that is not what it should be.
    pub fn of_schema(entry: &str) -> Self {
        let entry: Value = serde_json::from_str(entry).unwrap_or_default();
        entry.pointer("/info/features").and_then(Value::as_object).map(Self::of_object).unwrap_or_default()
    }

    fn of_object(fields: &Map<String, Value>) -> Self {
        Self(fields.iter().map(|(name, value)| (name.clone(), Feature::of_json(value))).collect())
    }

    /// From the head of a card, as [`super::yaml`] reads it. Of several configurations the one of this name, or the first.
    pub fn of_card(head: &Value, config: &str) -> Self {
        let info = match &head["dataset_info"] {
            Value::Array(several) => {
                let named = several.iter().find(|info| info["config_name"] == config);
                named.or(several.first()).unwrap_or(&Value::Null)
            }
            one => one,
        };
        Self::of_items(&info["features"])
    }

    /// From `dataset_infos.json`.
    pub fn of_infos(infos: &Map<String, Value>, config: &str) -> Self {
        let info = infos.get(config).or_else(|| infos.values().next());
        info.and_then(|info| info["features"].as_object()).map(Self::of_object).unwrap_or_default()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of_items(items: &Value) -> Self {
        let one = |item: &Value| Some((item["name"].as_str()?.to_owned(), Feature::of_yaml(item)));
        Self(items.as_array().into_iter().flatten().filter_map(one).collect())
    }

    /// Puts names in the place of their numbers.
    pub fn name(&self, row: &mut Map<String, Value>) {
        for (column, feature) in &self.0 {
            if let Some(value) = row.get_mut(column) {
                feature.name(value);
            }
        }
    }
}

impl Feature {
    fn of_json(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(Box::new(items.first().map_or(Self::Plain, Self::of_json))),
            Value::Object(object) => match object.get("_type") {
                Some(Value::String(kind)) if kind == "ClassLabel" => {
                    Self::Names(object.get("names").map(names).unwrap_or_default())
                }
                Some(Value::String(_)) => match object.get("feature") {
                    Some(feature) => Self::List(Box::new(Self::of_json(feature))),
                    None => Self::Plain,
                },
                _ => Self::Fields(Features::of_object(object)),
            },
            _ => Self::Plain,
        }
    }

    fn of_yaml(value: &Value) -> Self {
        let inner = |value: &Value| match value {
            Value::Array(_) => Self::Fields(Features::of_items(value)),
            other => Self::of_yaml(other),
        };
        if let Some(label) = value.get("class_label").or_else(|| value.pointer("/dtype/class_label")) {
            return Self::Names(names(&label["names"]));
        }
        let list = ["sequence", "list", "large_list"].into_iter().find_map(|key| value.get(key));
        match (list, value.get("struct"), value.get("dtype")) {
            (Some(item), ..) => Self::List(Box::new(inner(item))),
            (None, Some(fields), _) => Self::Fields(Features::of_items(fields)),
            (None, None, Some(kind)) if kind.is_object() => Self::of_yaml(kind),
            _ => Self::Plain,
        }
    }

    fn name(&self, value: &mut Value) {
        match (self, value) {
            (Self::Names(names), value @ Value::Number(_)) => {
                let name = value.as_u64().and_then(|number| names.get(usize::try_from(number).ok()?));
                if let Some(name) = name {
                    *value = Value::from(name.as_str());
                } else if value.as_i64() == Some(-1) {
                    // How the library says that there is no label.
                    *value = Value::Null;
                }
            }
            (Self::List(feature), Value::Array(items)) => {
                for item in items {
                    feature.name(item);
                }
            }
            // A sequence of a struct is a struct of lists.
            (Self::List(feature), Value::Object(object)) => {
                if let Self::Fields(fields) = &**feature {
                    for (column, feature) in &fields.0 {
                        for item in object.get_mut(column).and_then(Value::as_array_mut).into_iter().flatten() {
                            feature.name(item);
                        }
                    }
                }
            }
            (Self::Fields(fields), Value::Object(object)) => fields.name(object),
            _ => {}
        }
    }
}

/// A list of names, or names by number.
fn names(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Array(names) => names.iter().map(text).collect(),
        Value::Object(names) => {
            let mut names: Vec<(usize, String)> =
                names.iter().filter_map(|(number, name)| Some((number.parse().ok()?, text(name)))).collect();
            names.sort();
            names.into_iter().map(|(_, name)| name).collect()
        }
        _ => Vec::new(),
    }
}
