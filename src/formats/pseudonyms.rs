//! Annotators' names replaced by `annotator-1`, `annotator-2` … wherever they stand in a layer, for data that leaves the house.
//!
//! Numbers follow a hash of the names under a key, not their alphabet: who has not got the key learns nothing from them, so the key must not
//! go out with the data (a split's seed does). The same names and key give the same pseudonyms. `gold` stays `gold`. Ids that were derived
//! from names ([`ItemId::derived`]) are derived anew, since whoever guesses a name could try it on them. Names in sentences (notes, flags,
//! reasons) go too, as whole words. Attributes are the schema's, texts the articles': these stay, and so do numbers that stand for people.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::annotation::{Annotator, ItemId, Layer, Relation, Span, Spans};
use crate::text::Document;

/// Who is called what.
#[derive(Clone, Debug)]
pub struct Pseudonyms {
    names: BTreeMap<String, String>,
    key: [u8; 32],
}

/// One thing that was replaced. For whoever exports: it tells the name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replaced {
    /// `annotator`, `devices`, `note of s1`, `decision d1`, `id of x12…`
    pub place: String,
    pub before: String,
    /// Empty: it was left out.
    pub after: String,
}

/// Keys whose values are names of annotators, ours and those that imports keep from other programs.
const HOLD_NAMES: [&str; 20] = [
    "annotator",
    "annotators",
    "annotated_by",
    "_annotator_id",
    "_session_id",
    "by",
    "user",
    "username",
    "user_name",
    "email",
    "first_name",
    "last_name",
    "completed_by",
    "created_by",
    "created_username",
    "updated_by",
    "reviewed_by",
    "reviewer",
    "adjudicator",
    "curator",
];

/// Of these, what metadata of an article says by itself: there they are names of other people, unless they stand within something.
const OF_ARTICLES: [&str; 8] =
    ["by", "user", "username", "user_name", "email", "first_name", "last_name", "created_by"];

impl Pseudonyms {
    /// For these names; [`names`] finds those of a layer. `key` is secret: the same next time gives the same pseudonyms.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>, key: &[u8]) -> Self {
        let key: [u8; 32] = Sha256::digest(key).into();
        let names: BTreeSet<&str> =
            names.into_iter().filter(|name| !name.is_empty() && *name != Annotator::GOLD).collect();
        let mut order: Vec<(String, &str)> = names.into_iter().map(|name| (hash(&key, name), name)).collect();
        order.sort();
        let named =
            order.iter().enumerate().map(|(at, (_, name))| ((*name).to_owned(), format!("annotator-{}", at + 1)));
        let names: BTreeMap<String, String> = named.collect();
        Self { names, key }
    }

    /// Who is called what, by name.
    pub const fn list(&self) -> &BTreeMap<String, String> {
        &self.names
    }

    /// What this one is called. Someone who was not named in [`new`](Self::new) gets a name made from the hash.
    pub fn of(&self, name: &str) -> String {
        match self.names.get(name) {
            _ if name == Annotator::GOLD => name.to_owned(),
            Some(pseudonym) => pseudonym.clone(),
            None => format!("annotator-{}", &hash(&self.key, name)[..12]),
        }
    }

    /// The same for an annotator.
    pub fn annotator(&self, annotator: &Annotator) -> Annotator {
        Annotator::from(self.of(annotator.as_str()))
    }

    /// The layer under its pseudonym, and what was replaced in it.
    pub fn layer(&self, layer: &Layer) -> (Layer, Vec<Replaced>) {
        let mut at = At { names: self, replaced: Vec::new(), ours: true };
        let mut layer = layer.clone();
        layer.annotator = Annotator::from(at.name("annotator", layer.annotator.as_str()));
        if !layer.clock.0.is_empty() {
            let devices: Vec<String> = std::mem::take(&mut layer.clock).0.into_keys().collect();
            at.replaced.push(Replaced {
                place: "devices".to_owned(),
                before: devices.join(", "),
                after: String::new(),
            });
        }
        if let Some(flag) = &mut layer.flag {
            at.text("flag", flag);
        }
        at.object("layer", &mut layer.extra);
        for decision in &mut layer.decisions {
            let place = format!("decision {}", crate::annotation::decision_id(decision));
            at.decision(&place, decision);
        }
        let mut spans = Spans::default();
        for span in layer.spans.iter() {
            let new = spans.insert(Arc::new(at.span(span)));
            assert!(new, "ids that are made anew differ, as their hashes do");
        }
        layer.spans = spans;
        let relations = layer.relations.values().map(|relation| at.relation(relation));
        layer.relations = relations.map(|relation| (relation.id.clone(), Arc::new(relation))).collect();
        (layer, at.replaced)
    }

    /// The document, where imports have kept names of annotators in what is known about it; `None` where they have not. Its text and what it
    /// says of its authors stay.
    pub fn document(&self, document: &Document) -> Option<(Document, Vec<Replaced>)> {
        let mut at = At { names: self, replaced: Vec::new(), ours: false };
        let mut named = document.clone();
        for map in [&mut named.meta, &mut named.extra] {
            for (key, value) in map.iter_mut() {
                let place = format!("metadata {key}");
                if !OF_ARTICLES.contains(&key.as_str()) {
                    at.value(&place, Some(key), value);
                }
            }
        }
        (!at.replaced.is_empty()).then_some((named, at.replaced))
    }
}

/// Every annotator's name that a layer holds in a place made for it: its own, and those who decided.
pub fn names(layer: &Layer) -> BTreeSet<String> {
    let mut names = BTreeSet::from([layer.annotator.as_str().to_owned()]);
    let mut see = |map: &Map<String, Value>| {
        for key in HOLD_NAMES {
            names.extend(map.get(key).and_then(Value::as_str).map(str::to_owned));
        }
    };
    layer.decisions.iter().filter_map(Value::as_object).for_each(&mut see);
    see(&layer.extra);
    for span in layer.spans.iter() {
        see(&span.origin.details);
        see(&span.extra);
    }
    layer.relations.values().for_each(|relation| see(&relation.extra));
    names.retain(|name| !name.is_empty() && name != Annotator::GOLD);
    names
}

/// A pass over one layer or document.
struct At<'a> {
    names: &'a Pseudonyms,
    replaced: Vec<Replaced>,
    /// It is annotators' work: whatever is a known name there is meant as one.
    ours: bool,
}

impl At<'_> {
    fn say(&mut self, place: &str, before: &str, after: &str) {
        if before != after {
            self.replaced.push(Replaced {
                place: place.to_owned(),
                before: before.to_owned(),
                after: after.to_owned(),
            });
        }
    }

    fn name(&mut self, place: &str, name: &str) -> String {
        let after = if name.is_empty() { String::new() } else { self.names.of(name) };
        self.say(place, name, &after);
        after
    }

    /// Names as words of a sentence.
    fn text(&mut self, place: &str, text: &mut String) {
        let part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let (mut after, mut rest, mut inside) = (String::with_capacity(text.len()), text.as_str(), false);
        while let Some(letter) = rest.chars().next() {
            let found = self.names.names.iter().filter(|_| !inside).filter_map(|(name, pseudonym)| {
                let end = begins(rest, name)?;
                (!rest[end..].starts_with(part)).then_some((end, pseudonym))
            });
            // The longest: `Ana Lind` before `Ana`.
            let step = match found.max_by_key(|(end, _)| *end) {
                Some((end, pseudonym)) => {
                    after.push_str(pseudonym);
                    end
                }
                None => {
                    after.push(letter);
                    letter.len_utf8()
                }
            };
            inside = rest[..step].ends_with(part);
            rest = &rest[step..];
        }
        self.say(place, text, &after);
        *text = after;
    }

    /// An id that was derived from a name is derived anew.
    fn id(&mut self, place: &str, id: &ItemId) -> ItemId {
        match self.names.derived(id.as_str()) {
            Some(after) => {
                self.say(place, id.as_str(), &after);
                ItemId::from(after)
            }
            None => id.clone(),
        }
    }

    fn span(&mut self, span: &Span) -> Span {
        let mut span = span.clone();
        let name = span.id.to_string();
        span.id = self.id(&format!("id of {name}"), &span.id);
        self.text(&format!("note of {name}"), &mut span.note);
        self.object(&format!("origin of {name}"), &mut span.origin.details);
        self.object(&name, &mut span.extra);
        span
    }

    fn relation(&mut self, relation: &Relation) -> Relation {
        let mut relation = relation.clone();
        let name = relation.id.to_string();
        relation.id = self.id(&format!("id of {name}"), &relation.id);
        // The ids of spans were told where the spans were.
        let end = |id: &ItemId| self.names.derived(id.as_str()).map_or_else(|| id.clone(), ItemId::from);
        (relation.from, relation.to) = (end(&relation.from), end(&relation.to));
        self.object(&name, &mut relation.extra);
        relation
    }

    /// What was ruled and why is a sentence, too.
    fn decision(&mut self, place: &str, decision: &mut Value) {
        for key in ["ruling", "why", "note"] {
            if let Some(Value::String(text)) = decision.get_mut(key) {
                self.text(place, text);
            }
        }
        self.value(place, None, decision);
    }

    fn object(&mut self, place: &str, object: &mut Map<String, Value>) {
        for (key, value) in std::mem::take(object) {
            let mut value = value;
            self.value(place, Some(&key), &mut value);
            let key = if self.is_name(&key) { self.name(place, &key) } else { key };
            object.insert(key, value);
        }
    }

    fn is_name(&self, text: &str) -> bool {
        self.ours && self.names.names.contains_key(text)
    }

    /// Names in values of known keys, and derived ids, at any depth. Depth is bounded by what JSON readers let in.
    fn value(&mut self, place: &str, key: Option<&str>, value: &mut Value) {
        match value {
            Value::String(text) if key.is_some_and(|key| HOLD_NAMES.contains(&key)) || self.is_name(text) => {
                *text = self.name(place, text);
            }
            Value::String(text) => {
                if let Some(after) = self.names.derived(text) {
                    *text = after;
                }
            }
            Value::Array(list) => list.iter_mut().for_each(|value| self.value(place, key, value)),
            Value::Object(object) => self.object(place, object),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

impl Pseudonyms {
    /// Another id in place of one that [`ItemId::derived`] made; `None` for any other.
    fn derived(&self, id: &str) -> Option<String> {
        let digits = id.strip_prefix('x').filter(|digits| digits.len() == 20)?;
        let hex = digits.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit));
        hex.then(|| format!("x{}", &hash(&self.key, id)[..20]))
    }
}

/// A keyed hash in hex digits: nested as in HMAC, so that no key can be had from it.
fn hash(key: &[u8; 32], name: &str) -> String {
    let inner = Sha256::new().chain_update(key).chain_update(name).finalize();
    let outer: [u8; 32] = Sha256::new().chain_update(key).chain_update(inner).finalize().into();
    crate::text::TextHash(outer).to_string()
}

/// How many bytes of the text are the name, which it begins with: from three letters on whatever their case, of two as they are written.
/// One letter is no name in a sentence.
fn begins(text: &str, name: &str) -> Option<usize> {
    let letters = name.chars().count();
    if letters < 3 {
        return (letters == 2 && text.starts_with(name)).then_some(name.len());
    }
    let mut wanted = name.chars().flat_map(char::to_lowercase).peekable();
    for (at, letter) in text.char_indices() {
        if wanted.peek().is_none() {
            return Some(at);
        }
        if letter.to_lowercase().any(|letter| wanted.next() != Some(letter)) {
            return None;
        }
    }
    wanted.peek().is_none().then_some(text.len())
}
