//! XMI, read as a stream: one element is one feature structure. No entity but XML's own is expanded, nothing is nested.

use std::collections::{BTreeSet, HashMap};
use std::io::BufRead;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Number, Value};

use super::model::{Cas, Feature, Structure};
use super::types::{Range, Types};
use crate::text::{Place, Problem};

/// Elements within elements that are followed; XMI has three levels.
const DEPTH: usize = 64;

/// Reads a file. An error is why nothing of it could be read.
pub(super) fn read(
    source: impl BufRead,
    types: &Types,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Result<Cas, String> {
    let mut reader = quick_xml::Reader::from_reader(source);
    let mut file =
        File { cas: Cas::default(), spaces: HashMap::new(), types, unknown: BTreeSet::new(), place, problems };
    let (mut buffer, mut depth) = (Vec::new(), 0_usize);
    let (mut child, mut text) = (None::<String>, String::new());
    let mut open: Option<Open> = None;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        match event {
            Ok(Event::Start(tag)) => {
                match depth {
                    0 => file.root(&tag)?,
                    1 => open = file.structure(&tag)?,
                    2 => {
                        child = Some(String::from_utf8_lossy(tag.local_name().as_ref()).into_owned());
                        text.clear();
                    }
                    _ => {}
                }
                depth += 1;
                if depth > DEPTH {
                    return Err("its elements are nested too deeply for XMI".to_owned());
                }
            }
            Ok(Event::Empty(tag)) => match depth {
                0 => file.root(&tag)?,
                1 => {
                    if let Some(open) = file.structure(&tag)? {
                        file.close(open);
                    }
                }
                2 => {
                    if let Some(open) = &mut open {
                        let name = String::from_utf8_lossy(tag.local_name().as_ref()).into_owned();
                        open.lists.entry(name).or_default().push(String::new());
                    }
                }
                _ => {}
            },
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                match depth {
                    1 => {
                        if let Some(open) = open.take() {
                            file.close(open);
                        }
                    }
                    2 => {
                        if let (Some(open), Some(name)) = (&mut open, child.take()) {
                            open.lists.entry(name).or_default().push(std::mem::take(&mut text));
                        }
                    }
                    _ => {}
                }
            }
            Ok(Event::Text(piece)) if depth == 3 => {
                text.push_str(&piece.xml_content(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?);
            }
            Ok(Event::CData(piece)) if depth == 3 => {
                text.push_str(&piece.decode().map_err(|error| error.to_string())?);
            }
            Ok(Event::GeneralRef(entity)) if depth == 3 => {
                let name = entity.decode().map_err(|error| error.to_string())?;
                match (entity.resolve_char_ref(), resolve_xml_entity(&name)) {
                    (Ok(Some(character)), _) => text.push(character),
                    (_, Some(known)) => text.push_str(known),
                    _ => file.warn(format!("the entity “{name}” is not expanded")),
                }
            }
            Ok(Event::DocType(_)) => {
                file.warn("its document type is not read, and no entity of it is expanded".to_owned());
            }
            Ok(Event::Eof) if depth > 0 => return Err("it is cut off".to_owned()),
            Ok(Event::Eof) if file.spaces.is_empty() => return Err("it is no XMI".to_owned()),
            Ok(Event::Eof) => return Ok(file.done()),
            Ok(_) => {}
            Err(error) => return Err(format!("it is no sound XML at byte {}: {error}", reader.error_position())),
        }
    }
}

/// A structure whose element is open.
struct Open {
    id: i64,
    kind: String,
    attributes: Vec<(String, String)>,
    /// Values that stand in elements of their own.
    lists: HashMap<String, Vec<String>>,
}

struct File<'a> {
    cas: Cas,
    /// Prefix → package.
    spaces: HashMap<String, String>,
    types: &'a Types,
    /// Types that the type system lacks.
    unknown: BTreeSet<String>,
    place: &'a Place,
    problems: &'a mut Vec<Problem>,
}

impl File<'_> {
    fn warn(&mut self, sentence: String) {
        self.problems.push(Problem::warning(self.place.clone(), sentence));
    }

    fn root(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        if tag.local_name().as_ref() != b"XMI" {
            return Err("it is no XMI".to_owned());
        }
        self.attributes(tag).map(|_| ())
    }

    /// The attributes of an element; declarations of prefixes are taken out.
    fn attributes(&mut self, tag: &BytesStart<'_>) -> Result<Vec<(String, String)>, String> {
        let mut attributes = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| format!("it is no sound XML: {error}"))?;
            let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| format!("“{key}” cannot be read, entities are not expanded: {error}"))?;
            match key.strip_prefix("xmlns:") {
                Some(prefix) => drop(self.spaces.insert(prefix.to_owned(), package(&value))),
                None => attributes.push((key, value.into_owned())),
            }
        }
        Ok(attributes)
    }

    fn structure(&mut self, tag: &BytesStart<'_>) -> Result<Option<Open>, String> {
        let mut attributes = self.attributes(tag)?;
        let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
        let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
        let kind = match self.spaces.get(prefix).map(String::as_str) {
            Some("") | None => local.to_owned(),
            Some(package) => format!("{package}.{local}"),
        };
        if matches!(kind.as_str(), "uima.cas.NULL" | "uima.cas.View") {
            return Ok(None);
        }
        let id = attributes.iter().position(|(key, _)| key == "xmi:id").map(|at| attributes.remove(at).1);
        let Some(id) = id.and_then(|id| id.parse().ok()) else {
            self.warn(format!("a {kind} has no id; it was not imported"));
            return Ok(None);
        };
        Ok(Some(Open { id, kind, attributes, lists: HashMap::new() }))
    }

    fn close(&mut self, open: Open) {
        let Open { id, kind, attributes, lists } = open;
        if !self.types.is_empty() && !self.types.knows(&kind) {
            self.unknown.insert(kind.clone());
        }
        let mut features = Vec::with_capacity(attributes.len() + lists.len());
        for (name, value) in attributes {
            if name.contains(':') {
                continue;
            }
            let feature = feature(self.types.range(&kind, &name), &name, value);
            features.push((name, feature));
        }
        let mut lists: Vec<(String, Vec<String>)> = lists.into_iter().collect();
        lists.sort();
        for (name, values) in lists {
            features.push((name, Feature::Value(Value::Array(values.into_iter().map(Value::String).collect()))));
        }
        self.cas.push(Structure { id, kind, features });
    }

    fn done(mut self) -> Cas {
        for kind in std::mem::take(&mut self.unknown) {
            self.warn(format!("the type {kind} is not in the type system: its features are read as text"));
        }
        self.cas
    }
}

/// `http:///a/b.ecore` is the package `a.b`.
fn package(space: &str) -> String {
    let path = space.strip_prefix("http:///").unwrap_or(space);
    let package = path.strip_suffix(".ecore").unwrap_or(path).replace('/', ".");
    if package == "uima.noNamespace" { String::new() } else { package }
}

/// A feature from its text. What the type system does not know is text, but for names that always refer.
fn feature(range: Option<Range>, name: &str, value: String) -> Feature {
    let numbers = |value: &str| value.split_ascii_whitespace().map(str::parse).collect::<Result<Vec<i64>, _>>().ok();
    let text = |value: String| Feature::Value(Value::String(value));
    match range {
        None if matches!(name, "Governor" | "Dependent" | "source" | "target") => {
            numbers(&value).map_or_else(|| text(value), Feature::Refs)
        }
        None | Some(Range::Text) => text(value),
        Some(Range::Ref | Range::Refs) => numbers(&value).map_or_else(|| text(value), Feature::Refs),
        Some(Range::Whole | Range::Decimal) => number(&value).map_or_else(|| text(value), Feature::Value),
        Some(Range::Flag) => match value.as_str() {
            "true" => Feature::Value(Value::Bool(true)),
            "false" => Feature::Value(Value::Bool(false)),
            _ => text(value),
        },
        Some(Range::Values { numbers }) => {
            let one = |word: &str| number(word).filter(|_| numbers).unwrap_or_else(|| Value::String(word.to_owned()));
            Feature::Value(Value::Array(value.split_ascii_whitespace().map(one).collect()))
        }
    }
}

fn number(text: &str) -> Option<Value> {
    let whole = text.parse::<i64>().ok().map(Value::from).or_else(|| text.parse::<u64>().ok().map(Value::from));
    whole.or_else(|| Number::from_f64(text.parse().ok()?).map(Value::Number))
}
