//! Reading the fields of a struct: which there are, which are missing, and of what type. Knows no schema.

use super::literal::quoted;
use super::source::{Node, Source, Value};
use super::suggest::{did_you_mean, listed, nearest};
use crate::text::Problem;

pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) problems: Vec<Problem>,
}

/// The fields of one struct, the first of each name.
pub(super) struct Fields<'a> {
    node: &'a Node,
    of: &'static str,
    found: Vec<(&'a str, &'a Node)>,
}

impl<'a> Fields<'a> {
    /// The value of a field; what is absent or `None` has its default.
    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        let node = self.found.iter().find(|(field, _)| *field == name).map(|(_, node)| node.bare())?;
        let absent = matches!(&node.value, Value::Broken) || matches!(&node.value, Value::Word(word) if word == "None");
        (!absent).then_some(node)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.found.iter().any(|(field, _)| *field == name)
    }
}

impl<'a> Reader<'a> {
    pub(super) fn error(&mut self, at: usize, sentence: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem::error(self.source.place(at), sentence).fix(fix));
    }

    /// `“key” is a number, not …`
    pub(super) fn wrong(&mut self, node: &Node, field: &str, wanted: &str, fix: impl Into<String>) {
        if !matches!(node.value, Value::Broken) {
            self.error(node.range.start, format!("“{field}” is {}, not {wanted}", node.describe()), fix);
        }
    }

    /// The fields of a struct, which may stand under one of `names`.
    pub(super) fn fields(
        &mut self,
        node: &'a Node,
        of: &'static str,
        names: &[&str],
        allowed: &[&'static str],
    ) -> Fields<'a> {
        let node = node.bare();
        let mut read = Fields { node, of, found: Vec::new() };
        let (name, fields) = match &node.value {
            Value::Struct(name, fields) => (name, fields.as_slice()),
            Value::Tuple(name, items) if items.is_empty() => (name, &[][..]),
            Value::Broken => return read,
            _ => {
                let sentence = format!("{of} is expected here, not {}", node.describe());
                self.error(node.range.start, sentence, format!("Write ( {}: …, {}: … )", allowed[0], allowed[1]));
                // Nothing more can be said of what is not there.
                read.node = &BROKEN;
                return read;
            }
        };
        if let Some(name) = name.as_deref().filter(|name| !names.contains(name)) {
            self.error(
                node.range.start,
                format!("{of} is expected here, not {name}(…)"),
                format!("Write {}( … )", names[0]),
            );
        }
        for field in fields {
            if !allowed.contains(&field.name.as_str()) {
                let fix = match nearest(&field.name, allowed.iter().copied()) {
                    Some(near) => format!("Did you mean {near}?"),
                    None => format!("Its fields are {}", listed(allowed.iter().copied())),
                };
                self.error(field.at.start, format!("{of} has no field “{}”", field.name), fix);
            } else if read.has(&field.name) {
                self.error(field.at.start, format!("“{}” is given twice", field.name), "Remove one of them");
            } else {
                read.found.push((&field.name, &field.value));
            }
        }
        read
    }

    /// A field that must be there.
    pub(super) fn required(&mut self, fields: &Fields<'a>, name: &'static str, example: &str) -> Option<&'a Node> {
        if !fields.has(name) && fields.node.closed && !matches!(fields.node.value, Value::Broken) {
            let sentence = format!("{} has no “{name}”", fields.of);
            self.error(fields.node.range.start, sentence, format!("Write {name}: {example}"));
        }
        let node = fields.get(name);
        let given = fields.found.iter().find(|(field, _)| *field == name).map(|(_, node)| node.bare());
        if let Some(none) = given.filter(|given| node.is_none() && !matches!(given.value, Value::Broken)) {
            self.error(none.range.start, format!("“{name}” may not be None"), format!("Write {name}: {example}"));
        }
        node
    }

    pub(super) fn word<T: Copy>(&mut self, fields: &Fields<'a>, name: &str, words: &[(&str, T)]) -> Option<T> {
        let node = fields.get(name)?;
        let all = words.iter().map(|(word, _)| *word);
        match &node.value {
            Value::Word(word) => {
                let found = words.iter().find(|(known, _)| known == word).map(|(_, value)| *value);
                if found.is_none() {
                    self.error(node.range.start, format!("there is no {name} “{word}”"), did_you_mean(word, all));
                }
                found
            }
            Value::String(word) if words.iter().any(|(known, _)| known == word) => {
                self.wrong(node, name, "a word", format!("Write {name}: {word}, without quotation marks"));
                None
            }
            _ => {
                self.wrong(node, name, "a word", format!("Write one of {}", listed(all)));
                None
            }
        }
    }

    pub(super) fn flag(&mut self, fields: &Fields<'a>, name: &str) -> bool {
        match fields.get(name).map(|node| (node, &node.value)) {
            Some((_, Value::Word(word))) if word == "true" || word == "false" => word == "true",
            Some((node, _)) => {
                self.wrong(node, name, "true or false", format!("Write {name}: true or {name}: false"));
                false
            }
            None => false,
        }
    }

    pub(super) fn optional_string(&mut self, fields: &Fields<'a>, name: &str) -> Option<String> {
        fields.get(name).and_then(|node| self.string(node, name))
    }

    pub(super) fn string(&mut self, node: &Node, field: &str) -> Option<String> {
        match &node.bare().value {
            Value::String(text) => return Some(text.clone()),
            Value::Word(word) => self.wrong(node, field, "a string", format!("Write \"{word}\"")),
            Value::Number(number) => self.wrong(node, field, "a string", format!("Write \"{number}\"")),
            _ => self.wrong(node, field, "a string", "Write it in quotation marks"),
        }
        None
    }

    pub(super) fn strings(&mut self, fields: &Fields<'a>, name: &str) -> Vec<String> {
        fields.get(name).map(|node| self.strings_in(node, name)).unwrap_or_default()
    }

    /// Keeps the place of an unreadable element by an empty string, so that positions stay those of the file.
    pub(super) fn strings_in(&mut self, node: &Node, name: &str) -> Vec<String> {
        match &node.value {
            Value::List(items) => items.iter().map(|item| self.string(item, name).unwrap_or_default()).collect(),
            Value::String(text) => {
                self.wrong(node, name, "a list", format!("Write {name}: [{}]", quoted(text)));
                Vec::new()
            }
            _ => {
                self.wrong(node, name, "a list", format!("Write {name}: [\"…\", \"…\"]"));
                Vec::new()
            }
        }
    }

    pub(super) fn list<T>(
        &mut self,
        fields: &Fields<'a>,
        name: &str,
        read: impl Fn(&mut Self, &'a Node) -> T,
    ) -> Vec<T> {
        let Some(node) = fields.get(name) else { return Vec::new() };
        let Value::List(items) = &node.value else {
            self.wrong(node, name, "a list", format!("Write {name}: [ ( … ), ( … ) ]"));
            return Vec::new();
        };
        items.iter().map(|item| read(self, item)).collect()
    }
}

static BROKEN: Node = Node { value: Value::Broken, range: 0..0, closed: true };
