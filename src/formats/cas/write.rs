//! A folder for each document, a file in it for each annotator, and the type system.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::build::{Declared, Out, OutValue, Place, SOFA_ID, structures};
use super::describe::{described, types_json, types_xml};
use super::xml::{is_held, xmi};
use super::{SOFA, Syntax};
use crate::annotation::exchange::{Offsets, to_json};
use crate::annotation::{Annotator, Attributes, ItemId, Layer};
use crate::formats::loss::Loss;
use crate::formats::options::WriteOptions;
use crate::formats::table::{Feature, Sink, Writer};
use crate::formats::text::Names;
use crate::text::convert::OffsetIndex;
use crate::text::{Document, DocumentId, Text};

pub(super) fn writer<'a>(sink: Sink<'a>, options: &WriteOptions, syntax: Syntax) -> io::Result<Box<dyn Writer + 'a>> {
    let Sink::Folder(folder) = sink else { unreachable!("the table says that this format is a folder") };
    let types = described(&Declared::of(&options.schema));
    if syntax == Syntax::Xmi {
        fs::write(folder.join("TypeSystem.xml"), types_xml(&types))?;
    }
    Ok(Box::new(Files {
        folder,
        syntax,
        original: options.offsets == Offsets::Original,
        declared: Declared::of(&options.schema),
        types: RawValue::from_string(json_text(&types_json(&types))?)?,
        names: Names::default(),
    }))
}

struct Files {
    folder: PathBuf,
    syntax: Syntax,
    original: bool,
    declared: Declared,
    /// As it stands in every file.
    types: Box<RawValue>,
    names: Names,
}

impl Writer for Files {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        // One folder beside the other, with an ending that no file here has.
        let folder = self.folder.join(self.names.name(&DocumentId(document.id.as_str().replace('/', "+"))));
        fs::create_dir_all(&folder)?;
        let original = self.original && !document.newlines.is_empty();
        let source = original.then(|| Text::new(document.newlines.restore(document.text.as_str())));
        let text = source.as_ref().unwrap_or(&document.text);
        let (index, ours) = (OffsetIndex::new(text), OffsetIndex::new(&document.text));
        let place = Place { document, index: &index, ours: &ours, original };
        let mut losses = Vec::new();
        let owners: Vec<Option<&Layer>> = match layers {
            [] => vec![None],
            layers => layers.iter().map(|layer| Some(&**layer)).collect(),
        };
        for layer in owners {
            let list = structures(&place, layer, &self.declared);
            let name = layer.map_or_else(|| "INITIAL_CAS".to_owned(), |layer| layer.annotator.folder());
            let path = folder.join(format!("{name}.{}", self.syntax.ending()));
            match self.syntax {
                Syntax::Xmi => {
                    if let Some(layer) = layer {
                        losses.extend(forbidden(document, layer));
                    }
                    fs::write(path, xmi(text.as_str(), &list))?;
                }
                Syntax::Json => fs::write(path, to_json(&self.json(text.as_str(), list))?)?,
            }
        }
        Ok(losses)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }
}

impl Files {
    fn json(&self, text: &str, list: Vec<Out>) -> Cas<'_> {
        let mut structures = vec![json!({
            "%ID": SOFA_ID, "%TYPE": SOFA, "sofaNum": 1, "sofaID": "_InitialView", "mimeType": "text", "sofaString": text,
        })];
        let members: Vec<usize> = list.iter().map(|out| out.id).collect();
        let mut free = list.last().map_or(SOFA_ID, |out| out.id) + 1;
        for out in list {
            let mut one = Map::from_iter([("%ID".to_owned(), json!(out.id)), ("%TYPE".to_owned(), json!(out.kind))]);
            let mut arrays = Vec::new();
            for (name, value) in out.features {
                match value {
                    OutValue::Text(text) => drop(one.insert(name, Value::String(text))),
                    OutValue::Number(number) => drop(one.insert(name, number)),
                    OutValue::Flag(flag) => drop(one.insert(name, Value::Bool(flag))),
                    OutValue::Ref(id) => drop(one.insert(format!("@{name}"), json!(id))),
                    OutValue::Words(words) => {
                        one.insert(format!("@{name}"), json!(free));
                        arrays.push(json!({ "%ID": free, "%TYPE": "uima.cas.StringArray", "%ELEMENTS": words }));
                        free += 1;
                    }
                }
            }
            structures.push(Value::Object(one));
            structures.append(&mut arrays);
        }
        let views = json!({ "_InitialView": { "%SOFA": SOFA_ID, "%MEMBERS": members } });
        Cas { types: &self.types, structures, views }
    }
}

/// A file of JSON.
#[derive(Serialize)]
struct Cas<'a> {
    #[serde(rename = "%TYPES")]
    types: &'a RawValue,
    #[serde(rename = "%FEATURE_STRUCTURES")]
    structures: Vec<Value>,
    #[serde(rename = "%VIEWS")]
    views: Value,
}

fn json_text(value: &Value) -> io::Result<String> {
    String::from_utf8(to_json(value)?).map_err(io::Error::other)
}

/// What XML cannot hold of a layer: characters of the text, of labels, ids, notes and values.
fn forbidden(document: &Document, layer: &Layer) -> Vec<Loss> {
    let odd = |text: &str| !text.chars().all(is_held);
    let loss = |item: Option<&ItemId>, what: Feature, sentence: String| Loss {
        document: document.id.clone(),
        annotator: Annotator::clone(&layer.annotator),
        item: item.cloned(),
        what,
        sentence,
    };
    let any_odd = |attributes: &Attributes| {
        attributes.values().any(|value| match value {
            Value::String(text) => odd(text),
            Value::Array(list) => list.iter().filter_map(Value::as_str).any(odd),
            _ => false,
        })
    };
    let mut losses = Vec::new();
    let count = document.text.as_str().chars().filter(|character| !is_held(*character)).count();
    if count > 0 {
        let sentence = format!("the text has {count} control characters that XML cannot hold: U+FFFD stands for each");
        losses.push(loss(None, Feature::Metadata, sentence));
    }
    for span in layer.spans.iter() {
        let strings = [span.label.as_str(), span.id.as_str(), &span.note];
        if strings.into_iter().any(odd) || any_odd(&span.attributes) {
            let sentence =
                "its label, id, note or a value has control characters that XML cannot hold: U+FFFD stands for each";
            losses.push(loss(Some(&span.id), Feature::Attributes, sentence.to_owned()));
        }
    }
    for relation in layer.relations.values() {
        if odd(relation.kind.as_str()) || odd(relation.id.as_str()) || any_odd(&relation.attributes) {
            let sentence =
                "its kind, id or a value has control characters that XML cannot hold: U+FFFD stands for each";
            losses.push(loss(Some(&relation.id), Feature::Relations, sentence.to_owned()));
        }
    }
    losses
}
