//! The linter: whether what a schema names exists, is said once, and can be reached. Colours are [`super::looks`]'s.

use std::collections::HashMap;
use std::fmt::Display;

use super::source::{Source, Step, Value};
use super::suggest::did_you_mean;
use super::{Label, LabelId, Overlap, Schema};
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
    pub(super) fn point(&self, path: &[Step]) -> String {
        let place = self.place(path);
        format!("{}:{}", place.line.unwrap_or(1), place.column.unwrap_or(1))
    }

    pub(super) fn is_written(&self, path: &[Step]) -> bool {
        self.source.find(path).is_some_and(|node| node.bare().string().is_some())
    }

    fn is_struct(&self, path: &[Step]) -> bool {
        self.source.find(path).is_some_and(|node| matches!(node.bare().value, Value::Struct(..)))
    }

    fn find(&mut self, severity: Severity, path: &[Step], sentence: impl Into<String>, fix: impl Into<String>) {
        let place = self.place(path);
        self.problems.push(Problem { severity, place, sentence: sentence.into(), fix: fix.into() });
    }

    pub(super) fn error(&mut self, path: &[Step], sentence: impl Into<String>, fix: impl Into<String>) {
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
        let labels = self.source.find(&[Step::Field("labels")]).map(|node| &node.bare().value);
        let root = &self.source.root().bare().value;
        let none =
            matches!(labels, None | Some(Value::List(_))) && matches!(root, Value::Struct(..) | Value::Tuple(..));
        if self.schema.labels.is_empty() && none {
            let fix = "Write labels: [ ( id: \"entity\", key: \"1\" ) ]";
            self.warning(&[Step::Field("labels")], "the schema has no labels", fix);
        }
    }

    /// Ids and former ids of labels, or of relations.
    fn ids(&mut self, list: &str, what: &str, ids: &[(&str, Vec<&str>)]) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (at, (id, _)) in ids.iter().enumerate() {
            let path = [Step::Field(list), Step::Index(at), Step::Field("id")];
            if !self.is_struct(&path[..2]) || !self.is_written(&path) {
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
                None if !id.is_empty() && self.source.find(&path).is_none() => {
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
            None => self.dangling(&path, &format!("the parent “{parent}”"), parent),
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
    fn dangling(&mut self, path: &[Step], named: &str, id: &LabelId) {
        if id.as_str().is_empty() {
            if self.is_written(path) {
                self.error(path, "a label’s id is expected here, not nothing", "Write one, or leave it out");
            }
            return;
        }
        let fix = match self.schema.resolve(id.as_str()) {
            Some(now) => format!("It is now called “{}”: write \"{}\"", now.id, now.id),
            None => did_you_mean(id.as_str(), self.schema.labels.iter().map(|label| label.id.as_str())),
        };
        self.error(path, format!("{named} is no label"), fix);
    }

    fn ends(&mut self, relation: &[Step; 2], end: &'static str, labels: &[LabelId]) {
        for (at, id) in labels.iter().enumerate() {
            let path = [relation[0], relation[1], Step::Field(end), Step::Index(at)];
            match self.schema.label(id) {
                None => self.dangling(&path, &format!("“{id}” in “{end}”"), id),
                Some(label) if label.retired => {
                    self.warning(
                        &path,
                        format!("“{id}” in “{end}” is retired, so nothing new can be linked"),
                        "Name a label in use",
                    );
                }
                Some(_) if labels[..at].contains(id) => {
                    self.warning(&path, format!("“{id}” stands twice in “{end}”"), "Remove one of them");
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
