//! The labelling configuration that goes with an export: a control for the labels, and one for each attribute that Label Studio can
//! hold as people set it. What no control takes is carried beside, where Label Studio keeps it and does not show it.

use std::collections::BTreeMap;
use std::fmt::Write;

use quick_xml::escape::escape;
use serde_json::{Map, Value, json};

use super::{LABELS, OURS, TEXT};
use crate::schema::{Attribute, AttributeKind, LabelId, Schema};

/// The attributes of a schema that are controls, by name. A name that means different things at different labels is a control where
/// it was first.
#[derive(Default)]
pub(super) struct Controls(BTreeMap<String, Control>);

struct Control {
    kind: AttributeKind,
    /// Labels that have it; none: it is the document's.
    of: Vec<LabelId>,
}

impl Controls {
    pub fn of(schema: &Schema) -> Self {
        let mut controls = Self::default();
        for attribute in &schema.document {
            controls.add(attribute, None);
        }
        for label in &schema.labels {
            for attribute in &label.attributes {
                controls.add(attribute, Some(&label.id));
            }
        }
        controls
    }

    fn add(&mut self, attribute: &Attribute, label: Option<&LabelId>) {
        let name = attribute.name.as_str();
        if name.is_empty() || [LABELS, TEXT].contains(&name) {
            return;
        }
        let Some(known) = self.0.get_mut(name) else {
            let of = label.into_iter().cloned().collect();
            self.0.insert(name.to_owned(), Control { kind: attribute.kind.clone(), of });
            return;
        };
        let Some(label) = label.filter(|_| !known.of.is_empty()) else { return };
        match (&mut known.kind, &attribute.kind) {
            (AttributeKind::OneOf(values), AttributeKind::OneOf(more))
            | (AttributeKind::AnyOf(values), AttributeKind::AnyOf(more)) => {
                for value in more {
                    if !values.contains(value) {
                        values.push(value.clone());
                    }
                }
            }
            (kind, more) if kind == more => {}
            _ => return,
        }
        known.of.push(label.clone());
    }

    /// The results that hold attributes of a span of `label` (of the document, if none), each with what it is a value of; and the
    /// attributes that no control takes.
    pub fn results<'a>(
        &self,
        label: Option<&LabelId>,
        attributes: impl IntoIterator<Item = (&'a String, &'a Value)>,
    ) -> (Vec<Map<String, Value>>, Map<String, Value>) {
        let (mut results, mut rest) = (Vec::new(), Map::new());
        for (name, value) in attributes {
            let control = self.0.get(name).filter(|control| match label {
                Some(label) => control.of.contains(label),
                None => control.of.is_empty(),
            });
            match control.filter(|control| control.kind.fits(value)) {
                Some(control) => results.push(result(name, &control.kind, value)),
                None => drop(rest.insert(name.clone(), value.clone())),
            }
        }
        (results, rest)
    }
}

/// A result without its id.
fn result(name: &str, kind: &AttributeKind, value: &Value) -> Map<String, Value> {
    let (tag, value, hint) = match kind {
        AttributeKind::OneOf(_) => ("choices", json!({ "choices": [value] }), None),
        AttributeKind::AnyOf(_) => ("choices", json!({ "choices": value }), Some("list")),
        AttributeKind::Flag => {
            let word = if *value == Value::Bool(true) { "true" } else { "false" };
            ("choices", json!({ "choices": [word] }), Some("flag"))
        }
        AttributeKind::Number => ("number", json!({ "number": value }), None),
        AttributeKind::Text => ("textarea", json!({ "text": [value] }), None),
    };
    let mut result = Map::new();
    result.insert("from_name".to_owned(), json!(name));
    result.insert("to_name".to_owned(), json!(TEXT));
    result.insert("type".to_owned(), json!(tag));
    result.insert("value".to_owned(), value);
    if let Some(hint) = hint {
        result.insert("meta".to_owned(), json!({ OURS: { "kind": hint } }));
    }
    result
}

/// The labelling configuration (XML) of a project that takes an export: `labels` in the order given, with colours and keys of the schema,
/// then its relations and attributes.
pub fn configuration(schema: &Schema, labels: &[LabelId]) -> String {
    let mut xml = String::from("<View>\n");
    let _ = writeln!(xml, "  <Labels name=\"{LABELS}\" toName=\"{TEXT}\">");
    for id in labels {
        let _ = write!(xml, "    <Label {}", value(id.as_str()));
        if let Some(label) = schema.resolve(id.as_str()) {
            let [red, green, blue] = label.colour.rgb()[0];
            let _ = write!(xml, " background=\"#{red:02x}{green:02x}{blue:02x}\"");
            if let Some(key) = label.key.filter(|_| label.id == *id) {
                let _ = write!(xml, " hotkey=\"{}\"", text(&key.to_string()));
            }
            if label.name != id.as_str() {
                let _ = write!(xml, " hint=\"{}\"", text(&label.name));
            }
        }
        xml.push_str("/>\n");
    }
    xml.push_str("  </Labels>\n");
    if !schema.relations.is_empty() {
        xml.push_str("  <Relations>\n");
        for relation in &schema.relations {
            let _ = writeln!(xml, "    <Relation {}/>", value(relation.id.as_str()));
        }
        xml.push_str("  </Relations>\n");
    }
    let _ = writeln!(xml, "  <Text name=\"{TEXT}\" value=\"${TEXT}\"/>");
    for (name, control) in Controls::of(schema).0 {
        control.write(&name, &mut xml);
    }
    xml.push_str("</View>\n");
    xml
}

impl Control {
    fn write(&self, name: &str, xml: &mut String) {
        let mut rest = format!("name=\"{}\" toName=\"{TEXT}\"", text(name));
        if !self.of.is_empty() {
            let labels: Vec<&str> = self.of.iter().map(LabelId::as_str).collect();
            let labels = text(&labels.join(","));
            let _ = write!(rest, " perRegion=\"true\" whenTagName=\"{LABELS}\" whenLabelValue=\"{labels}\"");
        }
        let yes_no = ["true".to_owned(), "false".to_owned()];
        let (several, values) = match &self.kind {
            AttributeKind::Number => {
                let _ = writeln!(xml, "  <Number {rest}/>");
                return;
            }
            AttributeKind::Text => {
                let _ = writeln!(xml, "  <TextArea {rest} editable=\"true\"/>");
                return;
            }
            AttributeKind::OneOf(values) => ("single", values.as_slice()),
            AttributeKind::AnyOf(values) => ("multiple", values.as_slice()),
            AttributeKind::Flag => ("single", yes_no.as_slice()),
        };
        let _ = writeln!(xml, "  <Choices {rest} choice=\"{several}\">");
        for one in values {
            let _ = writeln!(xml, "    <Choice {}/>", value(one));
        }
        xml.push_str("  </Choices>\n");
    }
}

/// What an item stands for. A value that begins with `$` would name a field of the task: it is shown otherwise.
fn value(id: &str) -> String {
    match id.strip_prefix('$') {
        None => format!("value=\"{}\"", text(id)),
        Some(rest) => format!("value=\"＄{}\" alias=\"{}\"", text(rest), text(id)),
    }
}

/// As an attribute's value: what XML would make a space of is written as a reference.
fn text(text: &str) -> String {
    let escaped = escape(text);
    let mut out = String::with_capacity(escaped.len());
    for character in escaped.chars() {
        match character {
            '\n' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            // No XML holds these.
            '\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
