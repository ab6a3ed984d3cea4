//! A labelling configuration that is read: which field is the text, what labels there are, what else may be set.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Value, json};

use super::colours;
use crate::formats::vocabulary::{AttributeUse, LabelUse, RelationUse, Vocabulary};

/// Bytes of a configuration that are read.
const BYTES: u64 = 8 << 20;

/// What a configuration says. Without one, nothing.
#[derive(Default)]
pub(super) struct Config {
    /// Texts by name, and the field each shows.
    texts: Vec<(String, String)>,
    /// The tag of each text.
    tags: Vec<String>,
    /// In their order.
    labels: Vec<Label>,
    controls: BTreeMap<String, Control>,
    relations: Vec<String>,
}

struct Label {
    id: String,
    name: String,
    colour: Option<String>,
    key: Option<char>,
}

/// Something that may be set beside a label.
#[derive(Default)]
struct Control {
    tag: String,
    /// Of each region, not of the task.
    region: bool,
    several: bool,
    /// Labels it is shown for; all if empty.
    only: Vec<String>,
    values: Vec<String>,
}

/// The labels and values that an input's configuration names.
pub(super) fn vocabulary(path: &Path) -> Vocabulary {
    Config::beside(path).vocabulary()
}

impl Config {
    /// The configuration in the folder, or beside the file.
    pub fn beside(path: &Path) -> Self {
        let folder = if path.is_dir() { Some(path) } else { path.parent() };
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Ok(entries) = fs::read_dir(folder) else { return Self::default() };
        let is_xml = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml"));
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_xml).collect();
        let usual = |path: &PathBuf| {
            let name = path.file_stem().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
            !matches!(name.as_str(), "config" | "label_config" | "labeling_config" | "labelling_config")
        };
        files.sort_by_key(|path| (usual(path), path.clone()));
        files.iter().take(20).find_map(|path| Self::at(path)).unwrap_or_default()
    }

    fn at(path: &Path) -> Option<Self> {
        let mut text = String::new();
        File::open(path).ok()?.take(BYTES).read_to_string(&mut text).ok()?;
        let config = Self::parse(&text);
        // Any other XML has none of these.
        (!config.texts.is_empty() || !config.labels.is_empty()).then_some(config)
    }

    /// Reads as far as it is XML. Entities that a document type declares are not expanded.
    pub fn parse(text: &str) -> Self {
        let mut reader = quick_xml::Reader::from_str(text);
        let (mut config, mut open) = (Self::default(), Vec::<Open>::new());
        loop {
            match reader.read_event() {
                Ok(Event::Start(tag)) => {
                    let inner = config.tag(&tag, open.last());
                    open.push(inner);
                }
                Ok(Event::Empty(tag)) => drop(config.tag(&tag, open.last())),
                Ok(Event::End(_)) => drop(open.pop()),
                Ok(Event::Eof) | Err(_) => return config,
                Ok(_) => {}
            }
        }
    }

    fn tag(&mut self, tag: &BytesStart<'_>, above: Option<&Open>) -> Open {
        let attributes = Attributes::of(tag);
        let name = String::from_utf8_lossy(tag.name().as_ref()).to_lowercase();
        let control = above.and_then(|open| open.control.clone());
        let get = |key: &str| attributes.get(key);
        match name.as_str() {
            "text" | "hypertext" | "paragraphs" => {
                let tag_name = name.clone();
                if let (Some(name), Some(value)) = (get("name"), get("value")) {
                    self.texts.push((name, value.trim_start_matches('$').to_owned()));
                    self.tags.push(tag_name);
                }
            }
            "label" => {
                if let Some(value) = get("value") {
                    self.labels.push(Label {
                        id: get("alias").unwrap_or_else(|| value.clone()),
                        name: get("hint").unwrap_or(value),
                        colour: get("background").and_then(|colour| colours::hex(&colour)),
                        key: get("hotkey").and_then(|key| one(&key)),
                    });
                }
            }
            "choice" => {
                let path = above.map(|open| open.path.clone()).unwrap_or_default();
                let Some(value) = get("alias").or_else(|| get("value")) else { return Open { control, path } };
                let taxonomy = control.as_ref().and_then(|name| self.controls.get_mut(name));
                if let Some(known) = taxonomy {
                    let nested = known.tag == "taxonomy" && !path.is_empty();
                    let value = if nested { format!("{path} / {value}") } else { value };
                    known.values.push(value.clone());
                    let path = if known.tag == "taxonomy" { value } else { String::new() };
                    return Open { control, path };
                }
            }
            "relation" => self.relations.extend(get("value")),
            "choices" | "textarea" | "rating" | "number" | "taxonomy" | "datetime" => {
                if let Some(named) = get("name").filter(|_| attributes.get("toName").is_some()) {
                    let only = get("whenLabelValue").unwrap_or_default();
                    let known = Control {
                        several: name == "taxonomy" || get("choice").as_deref() == Some("multiple"),
                        region: get("perRegion").as_deref() == Some("true"),
                        only: only
                            .split(',')
                            .map(str::trim)
                            .filter(|label| !label.is_empty())
                            .map(str::to_owned)
                            .collect(),
                        tag: name,
                        values: Vec::new(),
                    };
                    self.controls.insert(named.clone(), known);
                    return Open { control: Some(named), path: String::new() };
                }
            }
            _ => {}
        }
        Open { control, path: String::new() }
    }

    /// The field that a text of this name shows.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| known == name).map(|(_, field)| field.as_str())
    }

    /// The field that the first of the texts with this tag shows.
    pub fn shows(&self, tag: &str) -> Option<&str> {
        let place = self.tags.iter().position(|known| known == tag)?;
        self.texts.get(place).map(|(_, field)| field.as_str())
    }

    /// The field of the one text there is.
    pub fn only_field(&self) -> Option<&str> {
        match self.texts.as_slice() {
            [(_, field)] => Some(field),
            _ => None,
        }
    }

    /// The control takes several values.
    pub fn several(&self, control: &str) -> bool {
        self.controls.get(control).is_some_and(|control| control.several)
    }

    /// The control says yes or no.
    pub fn flag(&self, control: &str) -> bool {
        self.controls.get(control).is_some_and(Control::is_flag)
    }

    /// What a field of the short variant is, if it is a control of the task: a result's type and value.
    pub fn short(&self, name: &str, value: &Value) -> Option<(&'static str, Value)> {
        let control = self.controls.get(name)?;
        let list = if value.is_array() { value.clone() } else { json!([value]) };
        match control.tag.as_str() {
            "choices" => Some(("choices", json!({ "choices": value.get("choices").cloned().unwrap_or(list) }))),
            "textarea" => Some(("textarea", json!({ "text": list }))),
            _ => None,
        }
    }

    fn vocabulary(&self) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for label in &self.labels {
            let name = if label.name == label.id { String::new() } else { label.name.clone() };
            let known = LabelUse { name, colour: label.colour.clone(), key: label.key, ..LabelUse::default() };
            vocabulary.labels.insert(label.id.clone(), known);
        }
        for (name, control) in &self.controls {
            let known = control.vocabulary();
            if !control.region {
                vocabulary.document.insert(name.clone(), known);
                continue;
            }
            for (label, owner) in &mut vocabulary.labels {
                if control.only.is_empty() || control.only.contains(label) {
                    owner.attributes.insert(name.clone(), known.clone());
                }
            }
        }
        for relation in &self.relations {
            vocabulary.relations.insert(relation.clone(), RelationUse::default());
        }
        vocabulary
    }
}

/// A tag that is open: the control whose choices stand in it, and the path of the choice it is.
struct Open {
    control: Option<String>,
    path: String,
}

impl Control {
    fn is_flag(&self) -> bool {
        self.tag == "choices"
            && !self.values.is_empty()
            && self.values.iter().all(|value| value == "true" || value == "false")
    }

    fn vocabulary(&self) -> AttributeUse {
        let mut known = AttributeUse { several: self.several, ..AttributeUse::default() };
        match self.tag.as_str() {
            "rating" | "number" => known.numbers = true,
            "textarea" | "datetime" => known.free = true,
            _ if self.is_flag() => known.flags = true,
            _ => {
                for value in &self.values {
                    known.see(&Value::String(value.clone()));
                }
                known.free |= self.values.is_empty();
            }
        }
        known
    }
}

/// The attributes of a tag by name, entities of XML itself resolved; one that cannot be read is absent.
struct Attributes(Vec<(String, String)>);

impl Attributes {
    fn of(tag: &BytesStart<'_>) -> Self {
        let known = tag.attributes().flatten().filter_map(|attribute| {
            let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            Some((key, attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned()))
        });
        Self(known.collect())
    }

    fn get(&self, key: &str) -> Option<String> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }
}

fn one(key: &str) -> Option<char> {
    let mut characters = key.chars();
    characters.next().filter(|_| characters.next().is_none())
}
