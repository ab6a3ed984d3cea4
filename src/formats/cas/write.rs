//! A folder for each document, a file in it for each annotator, and the type system.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::build::{Declared, Out, OutValue, Place, SOFA_ID, feature_name, structures};
use super::{ANNOTATION, DOCUMENT, LAYER, METADATA, OURS, RELATION, SOFA, SPAN, Syntax};
use crate::annotation::exchange::{Offsets, to_json};
use crate::annotation::{Annotator, ItemId, Layer};
use crate::formats::loss::Loss;
use crate::formats::options::WriteOptions;
use crate::formats::table::{Feature, Sink, Writer};
use crate::formats::text::Names;
use crate::schema::AttributeKind;
use crate::text::convert::OffsetIndex;
use crate::text::{Document, Text};

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
        types: types_json(&types),
        names: Names::default(),
    }))
}

struct Files {
    folder: PathBuf,
    syntax: Syntax,
    original: bool,
    declared: Declared,
    types: Value,
    names: Names,
}

impl Writer for Files {
    fn document(&mut self, document: &Document, layers: &[Arc<Layer>]) -> io::Result<Vec<Loss>> {
        let name = self.names.name(&document.id);
        let folder = self.folder.join(name.strip_suffix(".txt").filter(|name| !name.is_empty()).unwrap_or(&name));
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

/// Types that are written: name, type above, features with what they hold.
type Described = Vec<(&'static str, &'static str, Vec<(String, &'static str)>)>;

fn described(declared: &Declared) -> Described {
    const TEXT: &str = "uima.cas.String";
    let own = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), TEXT)).collect::<Vec<_>>();
    let range = |kind: &AttributeKind| match kind {
        AttributeKind::OneOf(_) | AttributeKind::Text => TEXT,
        AttributeKind::AnyOf(_) => "uima.cas.StringArray",
        AttributeKind::Flag => "uima.cas.Boolean",
        AttributeKind::Number => "uima.cas.Double",
    };
    let more = |declared: &[(String, AttributeKind)]| {
        declared.iter().map(|(name, kind)| (feature_name(name), range(kind))).collect::<Vec<_>>()
    };
    let mut span = own(&["label", "id", "note", OURS]);
    span.extend(more(&declared.span));
    let mut relation = vec![("Governor".to_owned(), SPAN), ("Dependent".to_owned(), SPAN)];
    relation.extend(own(&["label", "id", OURS]));
    relation.extend(more(&declared.relation));
    let metadata = own(&["documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri"]);
    vec![
        (SPAN, ANNOTATION, span),
        (RELATION, ANNOTATION, relation),
        (METADATA, DOCUMENT, metadata),
        (LAYER, ANNOTATION, own(&[OURS])),
    ]
}

fn types_xml(types: &Described) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\">\n<types>\n",
    );
    for (name, above, features) in types {
        let _ = write!(
            xml,
            "<typeDescription>\n<name>{name}</name>\n<description/>\n<supertypeName>{above}</supertypeName>\n<features>\n"
        );
        for (name, range) in features {
            let _ = writeln!(
                xml,
                "<featureDescription><name>{name}</name><description/><rangeTypeName>{range}</rangeTypeName></featureDescription>"
            );
        }
        xml.push_str("</features>\n</typeDescription>\n");
    }
    xml.push_str("</types>\n</typeSystemDescription>\n");
    xml
}

fn types_json(types: &Described) -> Value {
    let mut all = Map::new();
    for (name, above, features) in types {
        let mut one = Map::from_iter([("%NAME".to_owned(), json!(name)), ("%SUPER_TYPE".to_owned(), json!(above))]);
        for (feature, range) in features {
            let range = if *range == "uima.cas.StringArray" { "uima.cas.String[]" } else { range };
            one.insert(feature.clone(), json!({ "%NAME": feature, "%RANGE": range }));
        }
        all.insert((*name).to_owned(), Value::Object(one));
    }
    Value::Object(all)
}

impl Files {
    fn json(&self, text: &str, list: Vec<Out>) -> Value {
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
        json!({
            "%TYPES": self.types,
            "%FEATURE_STRUCTURES": structures,
            "%VIEWS": { "_InitialView": { "%SOFA": SOFA_ID, "%MEMBERS": members } },
        })
    }
}

fn xmi(text: &str, list: &[Out]) -> String {
    let mut xml = String::with_capacity(text.len() * 2 + list.len() * 160 + 1024);
    xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\"");
    let spaces = [("custom", SPAN), ("spanwright", LAYER), ("type", METADATA)];
    for (prefix, kind) in spaces {
        let package = kind.rsplit_once('.').map_or("", |(package, _)| package).replace('.', "/");
        let _ = write!(xml, " xmlns:{prefix}=\"http:///{package}.ecore\"");
    }
    xml.push_str(" xmi:version=\"2.0\">\n<cas:NULL xmi:id=\"0\"/>\n");
    for out in list {
        let (package, name) = out.kind.rsplit_once('.').unwrap_or(("", out.kind));
        let prefix = package.rsplit('.').next().unwrap_or_default();
        let _ = write!(xml, "<{prefix}:{name} xmi:id=\"{}\"", out.id);
        let mut inner = String::new();
        for (feature, value) in &out.features {
            match value {
                OutValue::Text(text) => {
                    let _ = write!(xml, " {feature}=\"");
                    escape(text, &mut xml);
                    xml.push('"');
                }
                OutValue::Number(number) => {
                    let _ = write!(xml, " {feature}=\"{number}\"");
                }
                OutValue::Flag(flag) => {
                    let _ = write!(xml, " {feature}=\"{flag}\"");
                }
                OutValue::Ref(id) => {
                    let _ = write!(xml, " {feature}=\"{id}\"");
                }
                OutValue::Words(words) => {
                    for word in words {
                        let _ = write!(inner, "<{feature}>");
                        escape(word, &mut inner);
                        let _ = write!(inner, "</{feature}>");
                    }
                }
            }
        }
        if inner.is_empty() {
            xml.push_str("/>\n");
        } else {
            let _ = writeln!(xml, ">{inner}</{prefix}:{name}>");
        }
    }
    let _ = write!(
        xml,
        "<cas:Sofa xmi:id=\"{SOFA_ID}\" sofaNum=\"1\" sofaID=\"_InitialView\" mimeType=\"text\" sofaString=\""
    );
    escape(text, &mut xml);
    let _ = write!(xml, "\"/>\n<cas:View sofa=\"{SOFA_ID}\" members=\"");
    for (count, out) in list.iter().enumerate() {
        let _ = write!(xml, "{}{}", if count == 0 { "" } else { " " }, out.id);
    }
    xml.push_str("\"/>\n</xmi:XMI>\n");
    xml
}

/// XML 1.0 holds the character.
const fn is_held(character: char) -> bool {
    !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// As an attribute's value. What XML would change is a reference; what it cannot hold is U+FFFD, which counts the same.
fn escape(text: &str, out: &mut String) {
    let special = |character: char| {
        matches!(character, '<' | '>' | '&' | '"' | '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}') || !is_held(character)
    };
    let mut rest = text;
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        let mut characters = rest[at..].chars();
        match characters.next() {
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('&') => out.push_str("&amp;"),
            Some('"') => out.push_str("&quot;"),
            Some(character) if is_held(character) => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            _ => out.push('\u{fffd}'),
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
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
    let mut losses = Vec::new();
    let count = document.text.as_str().chars().filter(|character| !is_held(*character)).count();
    if count > 0 {
        let sentence = format!("the text has {count} control characters that XML cannot hold: U+FFFD stands for each");
        losses.push(loss(None, Feature::Metadata, sentence));
    }
    for span in layer.spans.iter() {
        let values = span.attributes.values().filter_map(|value| match value {
            Value::String(text) => Some(odd(text)),
            Value::Array(list) => Some(list.iter().filter_map(Value::as_str).any(odd)),
            _ => None,
        });
        if odd(span.label.as_str()) || odd(span.id.as_str()) || odd(&span.note) || values.into_iter().any(|odd| odd) {
            let sentence =
                "its label, id, note or a value has control characters that XML cannot hold: U+FFFD stands for each";
            losses.push(loss(Some(&span.id), Feature::Attributes, sentence.to_owned()));
        }
    }
    for relation in layer.relations.values() {
        if odd(relation.kind.as_str()) || odd(relation.id.as_str()) {
            let sentence = "its kind or id has control characters that XML cannot hold: U+FFFD stands for each";
            losses.push(loss(Some(&relation.id), Feature::Relations, sentence.to_owned()));
        }
    }
    losses
}
