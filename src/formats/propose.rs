//! A schema for the labels, attributes and relations that foreign data uses, as the source of a `schema.ron` that people may edit.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::vocabulary::{AttributeUse, LabelUse, Vocabulary};
use crate::schema::{SLOTS, quoted};

/// Writes the schema. Every label that was met can be marked again; nothing is required, and spans may lie over each other in any way,
/// because foreign data does. A name that no id may have is kept as a former id, so that the spans still count.
pub fn propose(vocabulary: &Vocabulary, name: &str) -> String {
    let mut out = format!(
        "// Proposed from the labels that were found. Names, colours, keys, definitions and rules are yours to write;\n\
         // `spanwright check` names every mistake. Ids stand in the data: change `name`, not `id`.\n\
         Schema(\n    name: {},\n    labels: [\n",
        quoted(&word(name, "imported"))
    );
    let mut keys = Keys::default();
    let mut ids = Ids::default();
    let mut order: Vec<(&String, &LabelUse)> = vocabulary.labels.iter().collect();
    order.sort_by(|a, b| b.1.spans.cmp(&a.1.spans).then_with(|| a.0.cmp(b.0)));
    for (label, _) in &order {
        ids.of(label);
    }
    for (index, (label, using)) in order.into_iter().enumerate() {
        let id = ids.of(label);
        let shown = if using.name.is_empty() { label } else { &using.name };
        let _ = write!(out, "        (\n            id: {}, name: {}", quoted(&id), quoted(shown));
        if let Some(key) = keys.of(using.key, shown) {
            let _ = write!(out, ", key: {}", quoted(&key.to_string()));
        }
        match &using.colour {
            Some(colour) => {
                let _ = write!(out, ", colour: Rgb({}, {})", quoted(colour), quoted(colour));
            }
            None => {
                let _ = write!(out, ", colour: Slot({})", index % SLOTS.len() + 1);
            }
        }
        out.push_str(", overlap: Any, fragments: true");
        if let Some(parent) = using.parent.as_ref().filter(|parent| vocabulary.labels.contains_key(*parent)) {
            let _ = write!(out, ", parent: {}", quoted(&ids.of(parent)));
        }
        if id != *label {
            let _ = write!(out, ",\n            was: [{}]", quoted(label));
        }
        attributes(&mut out, &using.attributes, "            ");
        out.push_str(",\n        ),\n");
    }
    out.push_str("    ],\n");
    if !vocabulary.relations.is_empty() {
        out.push_str("    relations: [\n");
        let mut kinds = Ids::default();
        for (kind, using) in &vocabulary.relations {
            let id = kinds.of(kind);
            let mut ends = |labels: &BTreeSet<String>| {
                let known = labels.iter().filter(|label| vocabulary.labels.contains_key(*label));
                known.map(|label| quoted(&ids.of(label))).collect::<Vec<_>>().join(", ")
            };
            let (from, to) = (ends(&using.from), ends(&using.to));
            let _ = write!(out, "        (id: {}, name: {}, from: [{from}], to: [{to}]", quoted(&id), quoted(kind));
            if id != *kind {
                let _ = write!(out, ", was: [{}]", quoted(kind));
            }
            if let Some(key) = keys.of(None, kind) {
                let _ = write!(out, ", key: {}", quoted(&key.to_string()));
            }
            out.push_str("),\n");
        }
        out.push_str("    ],\n");
    }
    if !vocabulary.document.is_empty() {
        out.push_str("    document: [\n");
        for (name, using) in &vocabulary.document {
            let _ = writeln!(out, "        (name: {}, kind: {}),", quoted(name), kind(using));
        }
        out.push_str("    ],\n");
    }
    out + ")\n"
}

fn attributes(out: &mut String, attributes: &BTreeMap<String, AttributeUse>, indent: &str) {
    if attributes.is_empty() {
        return;
    }
    let _ = write!(out, ",\n{indent}attributes: [");
    for (name, using) in attributes {
        let _ = write!(out, "\n{indent}    (name: {}, kind: {}),", quoted(name), kind(using));
    }
    let _ = write!(out, "\n{indent}]");
}

/// What the values allow.
fn kind(using: &AttributeUse) -> String {
    let values: Vec<String> =
        using.values.iter().filter(|value| !value.is_empty()).map(|value| quoted(value)).collect();
    match using {
        AttributeUse { free: false, flags: false, numbers: false, .. } if !values.is_empty() => {
            let kind = if using.several { "AnyOf" } else { "OneOf" };
            format!("{kind}([{}])", values.join(", "))
        }
        AttributeUse { free: false, flags: true, numbers: false, several: false, .. } if values.is_empty() => {
            "Flag".to_owned()
        }
        AttributeUse { free: false, flags: false, numbers: true, several: false, .. } if values.is_empty() => {
            "Number".to_owned()
        }
        _ => "Text".to_owned(),
    }
}

/// Ids for names: letters, digits, `-` and `_`; no two the same.
#[derive(Default)]
struct Ids {
    known: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Ids {
    fn of(&mut self, name: &str) -> String {
        if let Some(id) = self.known.get(name) {
            return id.clone();
        }
        let base = word(name, "label");
        let mut id = base.clone();
        let mut number = 2;
        while self.taken.contains(&id) {
            id = format!("{base}-{number}");
            number += 1;
        }
        self.taken.insert(id.clone());
        self.known.insert(name.to_owned(), id.clone());
        id
    }
}

fn word(name: &str, otherwise: &str) -> String {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut id = String::new();
    for part in name.split(|c| !fits(c)).filter(|part| !part.is_empty()) {
        if !id.is_empty() {
            id.push('-');
        }
        id.push_str(part);
    }
    if id.is_empty() { otherwise.to_owned() } else { id }
}

/// A key for each label: the one it asks for, a digit, then the first free letter of its name.
#[derive(Default)]
struct Keys {
    taken: BTreeSet<char>,
}

impl Keys {
    fn of(&mut self, wish: Option<char>, name: &str) -> Option<char> {
        let fits = |key: &char| key.is_ascii_lowercase() || ('1'..='9').contains(key);
        let wish = wish.map(|key| key.to_ascii_lowercase()).into_iter();
        let letters = name.chars().map(|letter| letter.to_ascii_lowercase()).filter(char::is_ascii_lowercase);
        let key =
            wish.chain('1'..='9').chain(letters).chain('a'..='z').filter(fits).find(|key| !self.taken.contains(key))?;
        self.taken.insert(key);
        Some(key)
    }
}
