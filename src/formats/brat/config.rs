//! What a folder's configuration says of its labels: `annotation.conf`, with names and colours from `visual.conf` and keys from
//! `kb_shortcuts.conf`. brat looks for them in the folder and above it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::names::{MARK, unescape};
use crate::formats::vocabulary::{AttributeUse, LabelUse, RelationUse, Vocabulary};
use crate::schema::{hex, parse_hex};

pub(super) const ANNOTATION: &str = "annotation.conf";
pub(super) const VISUAL: &str = "visual.conf";
pub(super) const KEYS: &str = "kb_shortcuts.conf";

/// Bytes that a configuration may have.
const LIMIT: u64 = 4 << 20;

/// How many folders above the input are looked at.
const ABOVE: usize = 3;

/// A configuration that is there: the input's, or of a folder above it, else of the first folder in it that has one.
fn find(path: &Path, name: &str) -> Option<String> {
    let read = |folder: &Path| {
        let file = folder.join(name);
        let fits = fs::metadata(&file).is_ok_and(|about| about.is_file() && about.len() <= LIMIT);
        fits.then(|| fs::read(&file).ok()).flatten().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    let start = if path.is_dir() { path } else { path.parent()? };
    start.ancestors().take(ABOVE + 1).find_map(read).or_else(|| {
        let mut below: Vec<PathBuf> = fs::read_dir(path).ok()?.flatten().map(|entry| entry.path()).collect();
        below.sort();
        below.iter().filter(|folder| folder.is_dir()).find_map(|folder| read(folder))
    })
}

/// Its names are escaped.
pub(super) fn is_escaped(path: &Path) -> bool {
    find(path, ANNOTATION).is_some_and(|content| content.lines().any(|line| line.trim() == MARK))
}

/// Everything that the configuration declares.
pub(super) fn vocabulary(path: &Path) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    let Some(content) = find(path, ANNOTATION) else { return vocabulary };
    let escaped = content.lines().any(|line| line.trim() == MARK);
    let name = |name: &str| if escaped { unescape(name) } else { name.to_owned() };
    let sections = sections(&content, false);
    let section = |names: &[&str]| -> Vec<&Term> {
        sections.iter().filter(|(name, _)| names.contains(&name.as_str())).flat_map(|(_, terms)| terms).collect()
    };
    let (entities, events) = (section(&["entities", "spans"]), section(&["events"]));
    let markable = |terms: &[&Term]| -> Vec<String> {
        terms.iter().filter(|term| !term.unused).map(|term| name(&term.name)).collect()
    };
    let kinds = Kinds { entities: markable(&entities), events: markable(&events) };
    for term in entities.iter().chain(&events) {
        let known = vocabulary.labels.entry(name(&term.name)).or_default();
        known.parent = term.parent.as_deref().map(name);
    }
    for term in &events {
        for (role, types) in &term.arguments {
            let known = vocabulary.relations.entry(name(role)).or_default();
            known.from.insert(name(&term.name));
            known.to.extend(kinds.expand(types, &name));
        }
    }
    for term in section(&["relations"]) {
        let known: &mut RelationUse = vocabulary.relations.entry(name(&term.name)).or_default();
        for ((_, types), ends) in term.arguments.iter().zip([&mut known.from, &mut known.to]) {
            ends.extend(kinds.expand(types, &name));
        }
    }
    for term in section(&["attributes"]) {
        let argument = |key: &str| term.arguments.iter().find(|(known, _)| known == key).map(|(_, types)| types);
        let mut usage = AttributeUse::default();
        match argument("Value") {
            Some(values) => usage.values.extend(values.iter().map(|value| name(value))),
            None => usage.flags = true,
        }
        let owners = match argument("Arg") {
            Some(types) if types.iter().any(|kind| kind == "<ANY>") => kinds.all(),
            Some(types) => kinds.expand(types, &name),
            None => kinds.all(),
        };
        for owner in owners {
            if let Some(label) = vocabulary.labels.get_mut(&owner) {
                label.attributes.insert(name(&term.name), usage.clone());
            }
        }
    }
    looks(path, &mut vocabulary.labels, &name);
    vocabulary
}

/// Names to be read, colours and keys.
fn looks(path: &Path, labels: &mut BTreeMap<String, LabelUse>, name: &impl Fn(&str) -> String) {
    let visual = find(path, VISUAL).unwrap_or_default();
    for (section, terms) in sections(&visual, true) {
        for term in terms {
            let Some(label) = labels.get_mut(&name(&term.name)) else { continue };
            if section == "labels"
                && let Some(shown) = term.others.first().filter(|shown| **shown != term.name)
            {
                label.name.clone_from(shown);
            }
            let colour = term.arguments.iter().find(|(key, _)| section == "drawing" && key == "bgColor");
            if let Some(colour) = colour.and_then(|(_, values)| parse_hex(values.first()?)) {
                label.colour = Some(hex(colour));
            }
        }
    }
    for line in find(path, KEYS).unwrap_or_default().lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        if let (Some(key), Some(label), None) = (words.next(), words.next(), words.next())
            && let Some(label) = labels.get_mut(&name(label))
        {
            let mut letters = key.chars().flat_map(char::to_lowercase);
            label.key = letters.next().filter(|_| letters.next().is_none());
        }
    }
}

/// Labels that can be marked.
struct Kinds {
    entities: Vec<String>,
    events: Vec<String>,
}

impl Kinds {
    fn all(&self) -> BTreeSet<String> {
        self.entities.iter().chain(&self.events).cloned().collect()
    }

    /// Labels as a configuration lists them; none where any will do.
    fn expand(&self, types: &[String], name: &impl Fn(&str) -> String) -> BTreeSet<String> {
        let mut labels = BTreeSet::new();
        for kind in types {
            match kind.as_str() {
                "<ENTITY>" => labels.extend(self.entities.iter().cloned()),
                "<EVENT>" => labels.extend(self.events.iter().cloned()),
                other if other.starts_with('<') => {}
                other => drop(labels.insert(name(other))),
            }
        }
        labels
    }
}

/// One line of a configuration.
#[derive(Debug, Default)]
struct Term {
    name: String,
    /// Other names of the same.
    others: Vec<String>,
    /// It only groups.
    unused: bool,
    parent: Option<String>,
    /// Keys without `?`, `*`, `+` and `{2}`, with what they take.
    arguments: Vec<(String, Vec<String>)>,
}

/// The sections of a configuration with their terms; special lines (`<OVERLAP>`, separators) are passed over.
fn sections(content: &str, visual: bool) -> Vec<(String, Vec<Term>)> {
    let mut sections: Vec<(String, Vec<Term>)> = Vec::new();
    let mut macros: Vec<(String, String)> = Vec::new();
    let mut above: Vec<String> = Vec::new();
    for line in content.trim_start_matches('\u{feff}').lines() {
        let plain = line.trim();
        if plain.is_empty() || plain.starts_with('#') || plain.bytes().all(|byte| byte == b'-') {
            continue;
        }
        if let Some(section) = plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push((section.to_owned(), Vec::new()));
            macros.clear();
            above.clear();
            continue;
        }
        let Some((section, terms)) = sections.last_mut() else { continue };
        if let Some((short, long)) = line.split_once(">=").filter(|(short, _)| short.starts_with('<')) {
            macros.push((format!("{short}>"), long.trim().to_owned()));
            continue;
        }
        // Macros stand for one another at most a few deep; a line that grows without end is none.
        let mut expanded = line.to_owned();
        for (short, long) in &macros {
            if expanded.len() < 100_000 {
                expanded = expanded.replace(short, long);
            }
        }
        let depth = (expanded.len() - expanded.trim_start().len()).min(64);
        if let Some(mut term) = term(expanded.trim(), visual && section == "labels") {
            above.truncate(depth);
            term.parent = above.last().cloned().filter(|_| depth > 0 && !visual);
            above.resize(depth, String::new());
            above.push(term.name.clone());
            term.parent = term.parent.filter(|parent| !parent.is_empty());
            terms.push(term);
        }
    }
    sections
}

/// In `[labels]` only a tab ends the names.
fn term(line: &str, labels: bool) -> Option<Term> {
    let end = if labels { line.find('\t') } else { line.find(char::is_whitespace) };
    let (names, arguments) = line.split_at(end.unwrap_or(line.len()));
    let mut names = names.split('|').map(str::trim).filter(|name| !name.is_empty());
    let first = names.next()?;
    let unused = first.starts_with('!');
    let name = first.trim_start_matches('!');
    if name.is_empty() || name.starts_with('<') || name == "ENTITY-NESTING" {
        return None;
    }
    let argument = |argument: &str| {
        let (key, types) = argument.trim().split_once(':')?;
        let key = key.split('{').next().unwrap_or(key).trim_end_matches(['?', '*', '+']);
        (!key.starts_with('<')).then(|| (key.to_owned(), types.split('|').map(|kind| kind.trim().to_owned()).collect()))
    };
    Some(Term {
        name: name.to_owned(),
        others: names.map(str::to_owned).collect(),
        unused,
        parent: None,
        arguments: arguments.split(',').filter_map(argument).collect(),
    })
}
