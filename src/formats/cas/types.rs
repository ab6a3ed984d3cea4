//! A type system: what types there are, above which others, and what their features hold.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use quick_xml::XmlVersion;
use quick_xml::events::Event;
use serde_json::Value;

/// Bytes of a type system that are read.
const BYTES: u64 = 32 << 20;
/// Types above a type; more is a circle.
const ABOVE: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Types(HashMap<String, Type>);

#[derive(Debug, Default)]
struct Type {
    above: String,
    features: HashMap<String, Range>,
}

/// What a feature holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Range {
    Text,
    Whole,
    Decimal,
    Flag,
    /// Primitives, several; `true`: numbers.
    Values {
        numbers: bool,
    },
    /// Another structure.
    Ref,
    /// Several structures.
    Refs,
}

impl Range {
    /// Of the name of a feature's type. An array that several may refer to is a structure of its own.
    fn of(name: &str, shared: bool) -> Self {
        let plain = match name.strip_prefix("uima.cas.") {
            Some("String") => return Self::Text,
            Some("Integer" | "Long" | "Short" | "Byte") => return Self::Whole,
            Some("Float" | "Double") => return Self::Decimal,
            Some("Boolean") => return Self::Flag,
            Some(name) => name,
            None if name.ends_with("[]") => "FSArray",
            None => return Self::Ref,
        };
        match plain {
            _ if shared => Self::Ref,
            "StringArray" | "StringList" | "BooleanArray" | "String[]" | "Boolean[]" => Self::Values { numbers: false },
            "FSArray" | "FSList" | "TOP[]" => Self::Refs,
            plain if plain.ends_with("Array") || plain.ends_with("List") || plain.ends_with("[]") => {
                Self::Values { numbers: true }
            }
            _ => Self::Ref,
        }
    }
}

impl Types {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn knows(&self, kind: &str) -> bool {
        kind.starts_with("uima.") || self.0.contains_key(kind)
    }

    /// The type and those above it.
    fn line<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        let above =
            |kind: &&'a str| self.0.get(*kind).map(|known| known.above.as_str()).filter(|above| !above.is_empty());
        std::iter::successors(Some(kind), above).take(ABOVE)
    }

    /// The type is `above` or below it.
    pub fn is(&self, kind: &str, above: &str) -> bool {
        self.line(kind).any(|known| known == above)
    }

    /// What the feature of a type holds. Features that every type of UIMA has are known without a type system.
    pub fn range(&self, kind: &str, feature: &str) -> Option<Range> {
        match (kind, feature) {
            (_, "begin" | "end" | "sofaNum") => return Some(Range::Whole),
            (_, "sofa") | ("uima.cas.NonEmptyFSList", "head" | "tail") => return Some(Range::Ref),
            ("uima.cas.FSArray", "elements") => return Some(Range::Refs),
            ("uima.cas.StringArray" | "uima.cas.BooleanArray", "elements") => {
                return Some(Range::Values { numbers: false });
            }
            _ => {}
        }
        self.line(kind).find_map(|kind| self.0.get(kind)?.features.get(feature).copied())
    }

    /// Reads `TypeSystem.xml`; an error says why it is none.
    pub fn at(path: &Path) -> Result<Self, String> {
        let mut text = String::new();
        let file = File::open(path).map_err(|error| error.to_string())?;
        file.take(BYTES).read_to_string(&mut text).map_err(|error| error.to_string())?;
        Self::from_xml(&text)
    }

    /// Entities that a document type declares are not expanded.
    fn from_xml(text: &str) -> Result<Self, String> {
        let mut reader = quick_xml::Reader::from_str(text);
        let mut types = Self::default();
        let (mut open, mut name, mut value) = (Vec::<String>::new(), String::new(), String::new());
        let mut feature: Option<(String, String, bool)> = None;
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(tag) => {
                    let tag = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                    match tag.as_str() {
                        "typeDescription" => name.clear(),
                        "featureDescription" => feature = Some(Default::default()),
                        _ => {}
                    }
                    value.clear();
                    open.push(tag);
                }
                Event::Text(text) => {
                    value.push_str(&text.xml_content(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?);
                }
                Event::End(_) => {
                    let tag = open.pop().unwrap_or_default();
                    let word = value.trim().to_owned();
                    value.clear();
                    match (tag.as_str(), &mut feature) {
                        ("name", Some(feature)) => feature.0 = word,
                        ("name", None) if open.last().is_some_and(|above| above == "typeDescription") => {
                            types.0.entry(word.clone()).or_default();
                            name = word;
                        }
                        ("supertypeName", None) => {
                            if let Some(known) = types.0.get_mut(&name) {
                                known.above = word;
                            }
                        }
                        ("rangeTypeName", Some(feature)) => feature.1 = word,
                        ("multipleReferencesAllowed", Some(feature)) => feature.2 = word == "true",
                        ("featureDescription", _) => {
                            if let (Some((feature, range, shared)), Some(known)) =
                                (feature.take(), types.0.get_mut(&name))
                            {
                                known.features.insert(feature, Range::of(&range, shared));
                            }
                        }
                        _ => {}
                    }
                }
                Event::Eof if types.is_empty() => return Err("it describes no types".to_owned()),
                Event::Eof => return Ok(types),
                _ => {}
            }
        }
    }

    /// The `%TYPES` of a JSON file.
    pub fn from_json(value: &Value) -> Self {
        let mut types = Self::default();
        for (name, described) in value.as_object().into_iter().flatten() {
            let features = described.as_object().into_iter().flatten().filter(|(key, _)| !key.starts_with('%'));
            let features = features.map(|(key, feature)| {
                let range = feature["%RANGE"].as_str().unwrap_or_default();
                (key.clone(), Range::of(range, false))
            });
            let above = described["%SUPER_TYPE"].as_str().unwrap_or_default().to_owned();
            types.0.insert(name.clone(), Type { above, features: features.collect() });
        }
        types
    }
}
