//! The part of the linter that reads attributes: their values, defaults and conditions.

use super::check::Check;
use super::source::Step;
use super::suggest::{did_you_mean, listed, nearest};
use super::{Attribute, AttributeKind};

impl Check<'_> {
    /// Attributes of one owner.
    pub(super) fn attributes(&mut self, list: &[Step], attributes: &[Attribute]) {
        for (at, attribute) in attributes.iter().enumerate() {
            let at_field = |field: &'static str| [list, &[Step::Index(at), Step::Field(field)]].concat();
            let name = &attribute.name;
            let path = at_field("name");
            if name.trim().is_empty() && self.is_written(&path) {
                self.error(&path, "the attribute’s name is empty", "Write a short word, as in name: \"type\"");
            }
            let twin = attributes[..at].iter().position(|before| before.name == *name && !name.is_empty());
            if let Some(before) = twin {
                let point = self.point(&[list, &[Step::Index(before), Step::Field("name")]].concat());
                let fix = "Give one of the two another name";
                self.error(&path, format!("the attribute “{name}” is there already at {point}"), fix);
            }
            self.values(&at_field("kind"), attribute);
            self.default(&at_field("default"), attribute);
            self.when(&at_field("when"), attribute, attributes);
        }
    }

    fn values(&mut self, path: &[Step], attribute: &Attribute) {
        let Some(values) = attribute.kind.values() else { return };
        let name = &attribute.name;
        if values.is_empty() {
            self.error(
                path,
                format!("“{name}” has no values to choose from"),
                "Write at least one, as in OneOf([\"yes\", \"no\"])",
            );
        }
        for (at, value) in values.iter().enumerate() {
            let path = [path, &[Step::Index(0), Step::Index(at)]].concat();
            if value.is_empty() && self.is_written(&path) {
                self.error(&path, format!("a value of “{name}” is empty"), "Write a word, or remove it");
            } else if !value.is_empty() && values[..at].contains(value) {
                self.error(&path, format!("the value “{value}” of “{name}” is given twice"), "Remove one of them");
            }
        }
    }

    fn default(&mut self, path: &[Step], attribute: &Attribute) {
        let Some(default) = attribute.default.as_ref().filter(|default| !attribute.kind.fits(default)) else { return };
        let name = &attribute.name;
        let values = || attribute.kind.values().unwrap_or_default().iter().map(String::as_str);
        let fix = match (&attribute.kind, default.as_str()) {
            (AttributeKind::OneOf(_), Some(word)) => match nearest(word, values()) {
                Some(near) => format!("Did you mean \"{near}\"?"),
                None => format!("Its values are {}", listed(values())),
            },
            (AttributeKind::OneOf(_), None) => format!("Write one of {}, in quotation marks", listed(values())),
            (AttributeKind::AnyOf(_), _) => format!("Write a list of {}, each once", listed(values())),
            (AttributeKind::Flag, _) => "Write true or false".into(),
            (AttributeKind::Number, _) => "Write a number".into(),
            (AttributeKind::Text, _) => "Write a string".into(),
        };
        self.error(path, format!("the default {default} is no value of “{name}”"), fix);
    }

    fn when(&mut self, path: &[Step], attribute: &Attribute, all: &[Attribute]) {
        let Some(when) = &attribute.when else { return };
        let name = &attribute.name;
        let at_name = [path, &[Step::Field("attribute")]].concat();
        if when.attribute == *name {
            self.error(&at_name, format!("“{name}” waits for itself"), "Name another attribute");
            return;
        }
        let Some(other) = all.iter().find(|other| other.name == when.attribute) else {
            let others = all.iter().map(|other| other.name.as_str()).filter(|other| other != name);
            let sentence = format!("“{name}” waits for “{}”, which is no attribute here", when.attribute);
            self.error(&at_name, sentence, did_you_mean(&when.attribute, others));
            return;
        };
        if waits_for(other, name, all) {
            let sentence = format!("“{name}” and “{}” wait for each other", other.name);
            self.error(&at_name, sentence, "Leave when out at one of them");
        }
        let values: Vec<&str> = match &other.kind {
            AttributeKind::OneOf(values) | AttributeKind::AnyOf(values) => values.iter().map(String::as_str).collect(),
            AttributeKind::Flag => vec!["true", "false"],
            AttributeKind::Number | AttributeKind::Text => {
                let sentence = format!("“{name}” waits for “{}”, which has no fixed values", other.name);
                self.error(&at_name, sentence, "Name a OneOf, an AnyOf or a Flag");
                return;
            }
        };
        if when.values.is_empty() {
            let path = [path, &[Step::Field("is")]].concat();
            self.error(
                &path,
                format!("“{name}” waits for no value and is never offered"),
                "Name a value, or leave when out",
            );
        }
        for (at, value) in when.values.iter().enumerate().filter(|(_, value)| !values.contains(&value.as_str())) {
            let path = [path, &[Step::Field("is"), Step::Index(at)]].concat();
            let sentence = format!("“{value}” is no value of “{}”, which “{name}” waits for", other.name);
            self.error(&path, sentence, did_you_mean(value, values.iter().copied()));
        }
    }
}

/// Following the conditions from `attribute` leads to `name`.
fn waits_for(attribute: &Attribute, name: &str, all: &[Attribute]) -> bool {
    let next = |attribute: &&Attribute| {
        let when = attribute.when.as_ref()?;
        all.iter().find(|other| other.name == when.attribute)
    };
    std::iter::successors(Some(attribute), next).take(all.len()).any(|attribute| attribute.name == name)
}
