//! What brat is told of labels, relations, roles and attributes: `annotation.conf`, `visual.conf`, `kb_shortcuts.conf`. From the schema, and
//! from what was seen while the documents were written.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use super::config;
use super::names::{MARK, escape, escape_listed, unescape};
use crate::formats::options::WriteOptions;
use crate::schema::{Attribute, AttributeKind, LabelId, Schema, contrast, hex};

/// Whose attribute it is.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    Entity(&'a LabelId),
    Event(&'a LabelId),
    Relation,
}

/// Labels at the ends of a kind of relation.
#[derive(Debug, Default)]
struct Ends {
    from: BTreeSet<LabelId>,
    to: BTreeSet<LabelId>,
}

/// Values of an attribute, as they are written.
#[derive(Debug, Default)]
struct Using {
    owners: BTreeSet<LabelId>,
    relations: bool,
    flag: bool,
    values: Vec<String>,
    /// Some value cannot stand in a list.
    free: bool,
}

/// More values than these are no list.
const VALUES: usize = 50;

impl Using {
    fn value(&mut self, value: &str) {
        let listable = !value.contains(|c: char| c.is_whitespace() || matches!(c, ',' | '|' | '<' | '>'));
        if !listable || (self.values.len() >= VALUES && !self.values.iter().any(|known| known == value)) {
            self.free = true;
        } else if !self.values.iter().any(|known| known == value) {
            self.values.push(value.to_owned());
        }
    }
}

/// What an export used.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Attributes whose values the schema lists.
    listed: HashSet<String>,
    /// Labels, and whether they are events.
    labels: BTreeMap<LabelId, bool>,
    /// Of each event: roles, and the labels that take part in them.
    roles: BTreeMap<LabelId, BTreeMap<String, BTreeSet<LabelId>>>,
    relations: BTreeMap<String, Ends>,
    equivalences: BTreeMap<String, Ends>,
    /// By the name as it is written.
    attributes: BTreeMap<String, Using>,
}

impl Seen {
    pub fn new(options: &WriteOptions) -> Self {
        let mut seen = Self::default();
        let labels = options.schema.labels.iter();
        for (label, attribute) in labels.flat_map(|label| label.attributes.iter().map(move |one| (label, one))) {
            seen.declare(attribute).owners.insert(label.id.clone());
        }
        for attribute in options.schema.relations.iter().flat_map(|relation| &relation.attributes) {
            seen.declare(attribute).relations = true;
        }
        seen
    }

    fn declare(&mut self, attribute: &Attribute) -> &mut Using {
        let known = self.attributes.entry(escape(&attribute.name)).or_default();
        match &attribute.kind {
            AttributeKind::OneOf(values) | AttributeKind::AnyOf(values) => {
                self.listed.insert(attribute.name.clone());
                for value in values {
                    known.value(&escape_listed(value));
                }
            }
            AttributeKind::Flag => known.flag = true,
            AttributeKind::Number | AttributeKind::Text => {}
        }
        known
    }

    /// Its values stand in a list: they hold no white space.
    pub fn is_listed(&self, name: &str) -> bool {
        self.listed.contains(name)
    }

    pub fn label(&mut self, label: &LabelId, event: bool) {
        match self.labels.get_mut(label) {
            Some(known) => *known |= event,
            None => drop(self.labels.insert(label.clone(), event)),
        }
    }

    pub fn role(&mut self, event: &LabelId, kind: &str, to: &LabelId) {
        self.roles.entry(event.clone()).or_default().entry(kind.to_owned()).or_default().insert(to.clone());
    }

    pub fn relation(&mut self, kind: &str, from: &LabelId, to: &LabelId) {
        ends(&mut self.relations, kind, from, to);
    }

    pub fn equivalence(&mut self, kind: &str, from: &LabelId, to: &LabelId) {
        ends(&mut self.equivalences, kind, from, to);
    }

    /// Name and value as they are written.
    pub fn attribute(&mut self, name: &str, owner: Owner<'_>, value: Option<&str>) {
        let known = match self.attributes.get_mut(name) {
            Some(known) => known,
            None => self.attributes.entry(name.to_owned()).or_default(),
        };
        match owner {
            Owner::Entity(label) | Owner::Event(label) if known.owners.contains(label) => {}
            Owner::Entity(label) | Owner::Event(label) => drop(known.owners.insert(label.clone())),
            Owner::Relation => known.relations = true,
        }
        match value {
            None => known.flag = true,
            Some(value) => known.value(value),
        }
    }

    fn is_event(&self, label: &LabelId) -> bool {
        self.labels.get(label).copied().unwrap_or_default()
    }
}

fn ends(known: &mut BTreeMap<String, Ends>, kind: &str, from: &LabelId, to: &LabelId) {
    let known = match known.get_mut(kind) {
        Some(known) => known,
        None => known.entry(kind.to_owned()).or_default(),
    };
    if !known.from.contains(from) {
        known.from.insert(from.clone());
    }
    if !known.to.contains(to) {
        known.to.insert(to.clone());
    }
}

/// Writes the three files.
pub(super) fn write(folder: &Path, options: &WriteOptions, seen: &Seen) -> io::Result<()> {
    let schema = &*options.schema;
    let mut labels: Vec<LabelId> = schema.labels.iter().map(|label| label.id.clone()).collect();
    let others = options.labels.iter().chain(seen.labels.keys());
    for label in others {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    let settings = Settings { schema, seen, labels };
    fs::write(folder.join(config::ANNOTATION), settings.annotation())?;
    fs::write(folder.join(config::VISUAL), settings.visual())?;
    let keys = settings.keys();
    if keys.is_empty() { Ok(()) } else { fs::write(folder.join(config::KEYS), keys) }
}

struct Settings<'a> {
    schema: &'a Schema,
    seen: &'a Seen,
    labels: Vec<LabelId>,
}

impl Settings<'_> {
    fn annotation(&self) -> String {
        let mut out = format!("{MARK}\n\n[entities]\n");
        self.tree(&mut out, false, None, 0);
        out.push_str("\n[relations]\n");
        self.relations(&mut out);
        out.push_str("\n[events]\n");
        self.tree(&mut out, true, None, 0);
        out.push_str("\n[attributes]\n");
        self.attributes(&mut out);
        out
    }

    fn parent(&self, label: &LabelId) -> Option<&LabelId> {
        self.schema.label(label).and_then(|label| label.parent.as_ref())
    }

    /// Labels below `parent`, one tab deeper each; a label whose parent stands in the other section is a root of its own.
    fn tree(&self, out: &mut String, events: bool, parent: Option<&LabelId>, depth: usize) {
        if depth > self.labels.len() {
            return;
        }
        for label in self.labels.iter().filter(|label| self.seen.is_event(label) == events) {
            let above = self.parent(label).filter(|parent| self.seen.is_event(parent) == events);
            let above = above.filter(|parent| self.labels.contains(parent));
            if above != parent {
                continue;
            }
            out.push_str(&"\t".repeat(depth));
            out.push_str(&escape(label.as_str()));
            if let Some(roles) = self.seen.roles.get(label).filter(|_| events) {
                let role = |(kind, to): (&String, &BTreeSet<LabelId>)| {
                    let digit = kind.ends_with(|c: char| c.is_ascii_digit());
                    let ends = self.schema.resolve_relation(kind).map(|kind| kind.to.as_slice()).unwrap_or_default();
                    format!("{}{}:{}", escape(kind), if digit { '?' } else { '*' }, self.ends(ends, to))
                };
                let roles: Vec<String> = roles.iter().map(role).collect();
                out.push_str(&format!("\t{}", roles.join(", ")));
            }
            out.push('\n');
            self.tree(out, events, Some(label), depth + 1);
        }
    }

    /// Labels that may stand at an end, with those below them.
    fn ends(&self, ends: &[LabelId], seen: &BTreeSet<LabelId>) -> String {
        let allowed =
            |label: &&LabelId| seen.contains(*label) || (!ends.is_empty() && self.schema.accepts(ends, label));
        let names: Vec<String> = self.labels.iter().filter(allowed).map(|label| escape(label.as_str())).collect();
        if names.is_empty() || (ends.is_empty() && seen.is_empty()) { "<ANY>".to_owned() } else { names.join("|") }
    }

    fn relations(&self, out: &mut String) {
        let nothing = Ends::default();
        let is_role = |kind: &str| self.seen.roles.values().any(|roles| roles.contains_key(kind));
        let mut line = |kind: &str, from: &[LabelId], to: &[LabelId], seen: &Ends, rest: &str| {
            let any = BTreeSet::new();
            // Any label is more than those that were seen.
            let start = self.ends(from, if from.is_empty() && rest.is_empty() { &any } else { &seen.from });
            let end = self.ends(to, if to.is_empty() && rest.is_empty() { &any } else { &seen.to });
            out.push_str(&format!("{}\tArg1:{start}, Arg2:{end}{rest}\n", escape(kind)));
        };
        for relation in &self.schema.relations {
            let kind = relation.id.as_str();
            let used = self.seen.relations.get(kind);
            if self.seen.equivalences.contains_key(kind) || (used.is_none() && is_role(kind)) {
                continue;
            }
            line(kind, &relation.from, &relation.to, used.unwrap_or(&nothing), "");
        }
        for (kind, seen) in &self.seen.relations {
            if !self.schema.relations.iter().any(|relation| relation.id == *kind.as_str()) {
                let (from, to): (Vec<_>, Vec<_>) =
                    (seen.from.iter().cloned().collect(), seen.to.iter().cloned().collect());
                line(kind, &from, &to, seen, "");
            }
        }
        for (kind, seen) in &self.seen.equivalences {
            line(kind, &[], &[], seen, ", <REL-TYPE>:symmetric-transitive");
        }
        out.push_str("<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>\n");
    }

    fn attributes(&self, out: &mut String) {
        for (name, known) in &self.seen.attributes {
            let mut owners: Vec<String> = self
                .labels
                .iter()
                .filter(|label| known.owners.contains(*label))
                .map(|label| escape(label.as_str()))
                .collect();
            if known.relations {
                owners.push("<RELATION>".to_owned());
            }
            let owners = owners.join("|");
            if known.free || (known.values.is_empty() && !known.flag) {
                out.push_str(&format!("# {name} of {} takes any text\n", owners.replace('|', ", ")));
            } else if known.values.is_empty() {
                out.push_str(&format!("{name}\tArg:{owners}\n"));
            } else {
                out.push_str(&format!("{name}\tArg:{owners}, Value:{}\n", known.values.join("|")));
            }
        }
    }

    fn visual(&self) -> String {
        let mut out = "[labels]\n".to_owned();
        let mut line = |id: &str, name: &str| {
            out.push_str(&format!("{} | {}\n", escape(id), shown(name)));
        };
        for label in &self.labels {
            line(label.as_str(), self.schema.label(label).map_or(label.as_str(), |known| &known.name));
        }
        let kinds: BTreeSet<&str> = (self.schema.relations.iter().map(|relation| relation.id.as_str()))
            .chain(self.seen.relations.keys().chain(self.seen.equivalences.keys()).map(String::as_str))
            .chain(self.seen.roles.values().flat_map(BTreeMap::keys).map(String::as_str))
            .filter(|kind| !self.labels.iter().any(|label| label.as_str() == *kind))
            .collect();
        for kind in &kinds {
            let known = self.schema.relations.iter().find(|relation| relation.id == **kind);
            line(kind, known.map_or(kind, |known| &known.name));
        }
        for name in self.seen.attributes.keys() {
            let plain = unescape(name);
            if plain != *name && !kinds.contains(plain.as_str()) {
                line(&plain, &plain);
            }
        }
        out.push_str("\n[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken\n");
        out.push_str("ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5\nATTRIBUTE_DEFAULT\tglyph:*\n");
        for label in self.labels.iter().filter_map(|id| self.schema.label(id)) {
            let [light, _] = label.colour.rgb();
            let ink = if contrast(light, [255; 3]) > contrast(light, [0; 3]) { "white" } else { "black" };
            out.push_str(&format!("{}\tbgColor:{}, fgColor:{ink}\n", escape(label.id.as_str()), hex(light)));
        }
        out
    }

    fn keys(&self) -> String {
        let mut out = String::new();
        for label in self.labels.iter().filter_map(|id| self.schema.label(id)) {
            if let Some(key) = label.key.filter(char::is_ascii) {
                out.push_str(&format!("{}\t{}\n", key.to_ascii_uppercase(), escape(label.id.as_str())));
            }
        }
        out
    }
}

/// A name to be read, without what a configuration takes for its own.
fn shown(name: &str) -> String {
    let character = |character: char| match character {
        '|' => '¦',
        '<' => '‹',
        '>' => '›',
        _ if character.is_whitespace() || character.is_control() => ' ',
        _ => character,
    };
    name.chars().map(character).collect()
}
