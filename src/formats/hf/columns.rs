//! What columns we write, said once: in the JSON of a Parquet file's schema, in the YAML of a dataset card, and in Arrow's types.
//!
//! A list of plain values is a `Sequence`, because `List` is unknown to `datasets` before 4; a list of structs is a JSON list of one,
//! because a `Sequence` of a struct is read as a struct of lists.

use std::collections::HashMap;
use std::io;

use serde_json::{Value, json};

use crate::formats::options::WriteOptions;
use crate::schema::LabelId;

/// Type of a column, or of what is in it.
pub(in crate::formats) enum Kind<'a> {
    Text,
    Number,
    /// A number that stands for a name.
    Class(&'a [String]),
    List(Box<Kind<'a>>),
    Structs(Vec<(&'static str, Kind<'a>)>),
}

/// Every column, in order.
pub(in crate::formats) fn columns(classes: &Classes) -> Vec<(&'static str, Kind<'_>)> {
    let list = |kind| Kind::List(Box::new(kind));
    vec![
        ("id", Kind::Text),
        ("text", Kind::Text),
        ("text_sha256", Kind::Text),
        (
            "spans",
            Kind::Structs(vec![
                ("id", Kind::Text),
                ("start", Kind::Number),
                ("end", Kind::Number),
                ("label", Kind::Class(&classes.names)),
                ("text", Kind::Text),
                ("fragments", list(list(Kind::Number))),
                ("attributes", Kind::Text),
                ("note", Kind::Text),
                ("more", Kind::Text),
            ]),
        ),
        (
            "relations",
            Kind::Structs(vec![
                ("id", Kind::Text),
                ("kind", Kind::Text),
                ("from", Kind::Text),
                ("to", Kind::Text),
                ("attributes", Kind::Text),
                ("more", Kind::Text),
            ]),
        ),
        ("tokens", list(Kind::Text)),
        ("offsets", list(list(Kind::Number))),
        ("ner_tags", list(Kind::Class(&classes.tags))),
        ("annotator", Kind::Text),
        ("status", Kind::Text),
        ("flag", Kind::Text),
        ("document_attributes", Kind::Text),
        ("split", Kind::Text),
        ("meta", Kind::Text),
        ("spanwright", Kind::Text),
    ]
}

/// The `huggingface` entry of a Parquet file's metadata.
pub(in crate::formats) fn metadata(columns: &[(&'static str, Kind<'_>)]) -> String {
    json!({"info": {"features": features(columns)}}).to_string()
}

fn features(columns: &[(&'static str, Kind<'_>)]) -> Value {
    columns.iter().map(|(name, kind)| ((*name).to_owned(), feature(kind))).collect::<serde_json::Map<_, _>>().into()
}

fn feature(kind: &Kind<'_>) -> Value {
    match kind {
        Kind::Text => json!({"dtype": "string", "_type": "Value"}),
        Kind::Number => json!({"dtype": "int64", "_type": "Value"}),
        Kind::Class(names) => json!({"names": names, "_type": "ClassLabel"}),
        Kind::List(kind) => json!({"feature": feature(kind), "_type": "Sequence"}),
        Kind::Structs(fields) => json!([features(fields)]),
    }
}

/// The same below `features:` of a card, each line with `indent` blanks before it.
pub(super) fn yaml(columns: &[(&'static str, Kind<'_>)], indent: usize, out: &mut String) {
    let gap = " ".repeat(indent);
    for (name, kind) in columns {
        out.push_str(&format!("{gap}- name: {name}\n"));
        match kind {
            Kind::Class(_) => {
                out.push_str(&format!("{gap}  dtype:\n"));
                inner(kind, indent + 4, out);
            }
            Kind::Text | Kind::Number => {
                out.push_str(&format!("{gap}  dtype: "));
                inner(kind, 0, out);
            }
            Kind::List(_) | Kind::Structs(_) => inner(kind, indent + 2, out),
        }
    }
}

fn inner(kind: &Kind<'_>, indent: usize, out: &mut String) {
    let gap = " ".repeat(indent);
    match kind {
        Kind::Text => out.push_str("string\n"),
        Kind::Number => out.push_str("int64\n"),
        Kind::Class(names) => {
            let none = if names.is_empty() { " {}" } else { "" };
            out.push_str(&format!("{gap}class_label:\n{gap}  names:{none}\n"));
            for (index, name) in names.iter().enumerate() {
                out.push_str(&format!("{gap}    '{index}': {}\n", quoted(name)));
            }
        }
        Kind::List(kind) if matches!(**kind, Kind::Text | Kind::Number) => {
            out.push_str(&format!("{gap}sequence: "));
            inner(kind, 0, out);
        }
        Kind::List(kind) => {
            out.push_str(&format!("{gap}sequence:\n"));
            inner(kind, indent + 2, out);
        }
        Kind::Structs(fields) => {
            out.push_str(&format!("{gap}list:\n"));
            yaml(fields, indent + 2, out);
        }
    }
}

/// A string as YAML reads it, whatever is in it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            _ if character.is_control()
                || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') =>
            {
                out.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// Numbers of labels and of tags.
#[derive(Debug)]
pub(in crate::formats) struct Classes {
    pub names: Vec<String>,
    /// `O` first, then for each label its letters.
    pub tags: Vec<String>,
    numbers: HashMap<LabelId, usize>,
    letters: &'static [char],
}

impl Classes {
    pub fn new(options: &WriteOptions) -> Self {
        use crate::formats::tokens::Scheme;
        let letters: &[char] = match options.scheme {
            Scheme::Bio => &['B', 'I'],
            Scheme::Bioes => &['B', 'I', 'E', 'S'],
            Scheme::Bilou => &['B', 'I', 'L', 'U'],
        };
        let names: Vec<String> = options.labels.iter().map(|label| label.as_str().to_owned()).collect();
        let tags = names.iter().flat_map(|name| letters.iter().map(move |letter| format!("{letter}-{name}")));
        let tags = std::iter::once("O".to_owned()).chain(tags).collect();
        let numbers = options.labels.iter().cloned().enumerate().map(|(number, label)| (label, number)).collect();
        Self { names, tags, numbers, letters }
    }

    /// A label's number and name. An export that was not told of a label is an error.
    pub fn label(&self, label: &LabelId) -> io::Result<usize> {
        let error = || io::Error::other(format!("the label {label} is not among those of the export"));
        self.numbers.get(label).copied().ok_or_else(error)
    }

    /// The number of a tag.
    pub fn tag(&self, label: usize, letter: char) -> usize {
        let place = self.letters.iter().position(|other| *other == letter);
        1 + label * self.letters.len() + place.unwrap_or_default()
    }
}
