//! The linter: whether what a schema names exists, is said once, and can be reached. Colours are [`super::looks`]'s.

use std::collections::HashMap;
use std::fmt::Display;

use super::read::{did_you_mean, listed, nearest};
use super::source::{Source, Step, Value};
use super::{Attribute, AttributeKind, Label, LabelId, Overlap, Schema};
use crate::text::{Place, Problem, Severity};

/// Every problem of a schema that was read from `source`, errors or not, in no order.
pub(super) fn check(schema: &Schema, source: &Source) -> Vec<Problem> {
    let mut check = Check { schema, source, problems: Vec::new() };
    check.name();
    check.ids(
        "labels",
        "label",
        &schema.labels.iter().map(|label| (label.id.as_str(), strs(&label.was))).collect::<Vec<_>>(),
    );
    let relations = schema.relations.iter().map(|relation| (relation.id.as_str(), strs(&relation.was)));
    check.ids("relations", "relation", &relations.collect::<Vec<_>>());
    check.names();
    check.keys();
    for (at, label) in schema.labels.iter().enumerate() {
        let path = [Step::Field("labels"), Step::Index(at)];
        check.parent(&path, label);
        check.examples(&path, "yes", &label.yes);
        check.examples(&path, "no", &label.no);
        check.fragments(&path, label);
        check.attributes(&[path[0], path[1], Step::Field("attributes")], &label.attributes);
    }
    for (at, relation) in schema.relations.iter().enumerate() {
        let path = [Step::Field("relations"), Step::Index(at)];
        check.ends(&path, "from", &relation.from);
        check.ends(&path, "to", &relation.to);
        if relation.at_most == Some(0) {
            let fix = "Write at_most: 1, or leave it out for no limit";
            check.error(&[path[0], path[1], Step::Field("at_most")], "at_most: 0 allows no relation at all", fix);
        }
        check.attributes(&[path[0], path[1], Step::Field("attributes")], &relation.attributes);
    }
    check.attributes(&[Step::Field("document")], &schema.document);
    super::looks::looks(&mut check);
    check.problems
}

/// A schema, its places, and what was found so far.
pub(super) struct Check<'a> {
    pub(super) schema: &'a Schema,
    source: &'a Source,
    problems: Vec<Problem>,
}

fn strs<T: std::borrow::Borrow<str>>(ids: &[T]) -> Vec<&str> {
    ids.iter().map(T::borrow).collect()
}

impl Check<'_> {
    /// The place of what stands at `path`; where nothing does, of what should hold it.
    fn place(&self, path: &[Step]) -> Place {
        let node = (0..=path.len()).rev().find_map(|steps| self.source.find(&path[..steps]));
        self.source.place(node.map_or(0, |node| node.range.start))
    }

    /// `line:column` of the same.
    fn point(&self, path: &[Step]) -> String {
        let place = self.place(path);
        format!("{}:{}", place.line.unwrap_or(1), place.column.unwrap_or(1))
    }

    fn is_written(&self, path: &[Step]) -> bool {
        self.source.find(path).is_some_and(|node| node.bare().string().is_some())
    }

    fn find(&mut self, severity: Severity, path: &[Step], sentence: impl Into<String>, fix: impl Into<String>) {
        let place = self.place(path);
        self.problems.push(Problem { severity, place, sentence: sentence.into(), fix: fix.into() });
    }

    fn error(&mut self, path: &[Step], sentence: impl Into<String>, fix: impl Into<String>) {
        self.find(Severity::Error, path, sentence, fix);
    }

    pub(super) fn warning(&mut self, path: &[Step], sentence: impl Into<String>, fix: impl Into<String>) {
        self.find(Severity::Warning, path, sentence, fix);
    }

    pub(super) fn note(&mut self, path: &[Step], sentence: impl Into<String>, fix: impl Into<String>) {
        self.find(Severity::Note, path, sentence, fix);
    }

    fn name(&mut self) {
        let path = [Step::Field("name")];
        if self.is_written(&path) && (self.schema.name.trim().is_empty() || self.schema.name.contains('@')) {
            let fix = "Write a short word, as in name: \"news\"";
            self.error(&path, format!("“{}” cannot name a schema", self.schema.name), fix);
        }
        if self.schema.labels.is_empty() && !matches!(self.source.root().value, Value::Broken) {
            self.warning(
                &[Step::Field("labels")],
                "the schema has no labels",
                "Write labels: [ ( id: \"entity\", key: \"1\" ) ]",
            );
        }
    }

    /// Ids and former ids of labels, or of relations.
    fn ids(&mut self, list: &str, what: &str, ids: &[(&str, Vec<&str>)]) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (at, (id, _)) in ids.iter().enumerate() {
            let path = [Step::Field(list), Step::Index(at), Step::Field("id")];
            if !self.is_written(&path) {
                continue;
            }
            if id.trim().is_empty() {
                self.error(&path, format!("the {what}’s id is empty"), "Write a short word, as in id: \"entity\"");
            } else if let Some(before) = first.get(id) {
                let point = self.point(&[Step::Field(list), Step::Index(*before), Step::Field("id")]);
                self.error(
                    &path,
                    format!("the {what} id “{id}” is taken at {point}"),
                    "Give one of the two another id",
                );
            } else if id.chars().any(|c| c.is_whitespace() || c.is_control()) {
                let joined = id.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty());
                let joined = joined.collect::<Vec<_>>().join("_");
                let sentence =
                    format!("the {what} id “{}” holds white space, which many formats cannot", id.escape_debug());
                self.warning(&path, sentence, format!("Write id: \"{joined}\" and name: \"{}\"", id.trim()));
            }
            first.entry(id).or_insert(at);
        }
        let mut former: HashMap<&str, &str> = HashMap::new();
        for (at, (id, was)) in ids.iter().enumerate() {
            for (position, old) in was.iter().enumerate().filter(|(_, old)| !old.is_empty()) {
                let path = [Step::Field(list), Step::Index(at), Step::Field("was"), Step::Index(position)];
                if old == id {
                    self.warning(&path, format!("“{id}” names itself as what it was"), "Remove it");
                } else if let Some(now) = first.get(old) {
                    let point = self.point(&[Step::Field(list), Step::Index(*now), Step::Field("id")]);
                    let sentence = format!("“{old}” is what “{id}” was, and also a {what} of its own at {point}");
                    self.error(&path, sentence, "Remove it from was, or remove the other");
                } else if let Some(other) = former.insert(old, id) {
                    let sentence = format!("“{old}” is given twice as a former id, by “{other}” and “{id}”");
                    self.error(&path, sentence, "Leave it to the one that took over its spans");
                }
            }
        }
    }

    /// Display names that cannot be told apart.
    fn names(&mut self) {
        let mut first: HashMap<&str, &LabelId> = HashMap::new();
        for (at, label) in self.schema.labels.iter().enumerate().filter(|(_, label)| !label.retired) {
            let Some(before) = first.insert(&label.name, &label.id).filter(|before| **before != label.id) else {
                continue;
            };
            let path = [Step::Field("labels"), Step::Index(at), Step::Field("name")];
            let sentence = format!("“{before}” and “{}” are both shown as “{}”", label.id, label.name);
            self.warning(&path, sentence, "Give one of them another name");
        }
    }

    /// Keys of what is not retired: each a letter or digit, each once.
    fn keys(&mut self) {
        let schema = self.schema;
        let labels = schema.labels.iter().enumerate().filter(|(_, label)| !label.retired);
        let labels = labels.map(|(at, label)| ("labels", at, label.id.as_str(), label.key));
        let relations = schema.relations.iter().enumerate().filter(|(_, relation)| !relation.retired);
        let relations = relations.map(|(at, relation)| ("relations", at, relation.id.as_str(), relation.key));
        let mut taken: HashMap<char, (&str, usize, &str)> = HashMap::new();
        for (list, at, id, key) in labels.chain(relations) {
            let path = [Step::Field(list), Step::Index(at), Step::Field("key")];
            match key {
                None if self.source.find(&path).is_none() => {
                    let sentence = format!("“{id}” has no key and is reached only by mouse and palette");
                    let fix = format!("Write key: \"{}\"", self.free_key(id));
                    self.note(&path, sentence, fix);
                }
                None => {}
                Some(key) if !key.is_alphanumeric() => {
                    let fix = format!("Take a letter or digit, such as \"{}\"", self.free_key(id));
                    self.error(
                        &path,
                        format!("the key “{}” is no letter or digit; commands use the others", key.escape_debug()),
                        fix,
                    );
                }
                Some(key) => {
                    if let Some((other_list, other_at, other)) = taken.get(&key) {
                        let point = self.point(&[Step::Field(other_list), Step::Index(*other_at), Step::Field("key")]);
                        let fix = format!("Take a free one, such as \"{}\"", self.free_key(id));
                        self.error(&path, format!("the key “{key}” of “{id}” belongs to “{other}” at {point}"), fix);
                    } else {
                        taken.insert(key, (list, at, id));
                    }
                }
            }
        }
    }

    /// A letter of the id that no other has, else a digit, else any letter.
    fn free_key(&self, id: &str) -> char {
        let letters = id.to_lowercase();
        let letters = letters.chars().filter(char::is_ascii_lowercase);
        let any = letters.chain('1'..='9').chain('a'..='z').chain(std::iter::once('0'));
        let mut free = any.filter(|key| {
            !self.schema.labels.iter().any(|label| label.key == Some(*key))
                && !self.schema.relations.iter().any(|relation| relation.key == Some(*key))
        });
        free.next().unwrap_or('ä')
    }

    fn parent(&mut self, label_path: &[Step; 2], label: &Label) {
        let path = [label_path[0], label_path[1], Step::Field("parent")];
        let Some(parent) = label.parent.as_ref() else { return };
        match self.schema.label(parent) {
            None => self.dangling(&path, "the parent", parent),
            Some(found) if found.retired && !label.retired => {
                let fix = "Name a label in use, or leave parent out";
                self.warning(&path, format!("the parent “{parent}” of “{}” is retired", label.id), fix);
            }
            Some(_) if self.is_own_ancestor(label) => {
                let circle: Vec<String> = self.circle(label).iter().map(|id| format!("“{id}”")).collect();
                let fix = "Leave parent out at one of them";
                self.error(&path, format!("the parents run in a circle: {}", circle.join(" → ")), fix);
            }
            Some(_) => {}
        }
    }

    fn is_own_ancestor(&self, label: &Label) -> bool {
        let above = label.parent.as_ref().map(|parent| self.schema.lineage(parent));
        above.is_some_and(|mut above| above.any(|ancestor| *ancestor == label.id))
    }

    fn circle<'b>(&'b self, label: &'b Label) -> Vec<&'b LabelId> {
        let above = label.parent.as_ref().map(|parent| self.schema.lineage(parent)).into_iter().flatten();
        let mut circle = vec![&label.id];
        circle.extend(above.take_while(|ancestor| **ancestor != label.id));
        circle.push(&label.id);
        circle
    }

    /// `id` names no label: it may be misspelled, or have another id now.
    fn dangling(&mut self, path: &[Step], what: &str, id: &LabelId) {
        if id.as_str().is_empty() {
            if self.is_written(path) {
                self.error(path, format!("{what} is empty"), "Write a label’s id, or leave it out");
            }
            return;
        }
        let fix = match self.schema.resolve(id.as_str()) {
            Some(now) => format!("It is now called “{}”: write \"{}\"", now.id, now.id),
            None => did_you_mean(id.as_str(), self.schema.labels.iter().map(|label| label.id.as_str())),
        };
        self.error(path, format!("{what} “{id}” is no label"), fix);
    }

    fn ends(&mut self, relation: &[Step; 2], end: &'static str, labels: &[LabelId]) {
        for (at, id) in labels.iter().enumerate() {
            let path = [relation[0], relation[1], Step::Field(end), Step::Index(at)];
            match self.schema.label(id) {
                None => self.dangling(&path, &format!("the end {end}"), id),
                Some(label) if label.retired => {
                    self.warning(
                        &path,
                        format!("the end “{id}” is retired, so nothing new can be linked"),
                        "Name a label in use",
                    );
                }
                Some(_) if labels[..at].contains(id) => {
                    self.warning(&path, format!("the end “{id}” is given twice"), "Remove one of them");
                }
                Some(_) => {}
            }
        }
    }

    fn fragments(&mut self, label: &[Step; 2], of: &Label) {
        if of.fragments && of.overlap == Overlap::Exclude {
            let sentence = format!("spans of “{}” may have gaps, but nothing may stand in them", of.id);
            let path = [label[0], label[1], Step::Field("fragments")];
            self.warning(&path, sentence, "Write overlap: Contain, or leave fragments out");
        }
    }

    fn examples(&mut self, label: &[Step; 2], field: &'static str, examples: &[String]) {
        for (at, example) in examples.iter().enumerate() {
            let path = [label[0], label[1], Step::Field(field), Step::Index(at)];
            if !self.is_written(&path) {
                continue;
            }
            match brackets(example) {
                Some(0) => {
                    let fix = "Put [ ] around what is meant, as in \"the [bank]\"";
                    self.warning(&path, format!("the example “{example}” marks nothing"), fix);
                }
                Some(_) => {}
                None => {
                    let fix = "Close each [ by a ]";
                    self.warning(&path, format!("the brackets of the example “{example}” do not match"), fix);
                }
            }
        }
    }

    fn attributes(&mut self, list: &[Step], attributes: &[Attribute]) {
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

/// How many pairs of `[ ]` an example has; `None` where they do not match.
fn brackets(example: &str) -> Option<usize> {
    let (mut open, mut pairs) = (0_usize, 0);
    for c in example.chars() {
        match c {
            '[' => open += 1,
            ']' => {
                open = open.checked_sub(1)?;
                pairs += 1;
            }
            _ => {}
        }
    }
    (open == 0).then_some(pairs)
}

/// `“a” and “b”`
pub(super) fn pair(a: impl Display, b: impl Display) -> String {
    format!("“{a}” and “{b}”")
}
