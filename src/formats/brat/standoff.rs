//! A layer as the lines of an `.ann` file, with what they cannot say told apart.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::aside::Item;
use super::extra::{self, RelationExtra, SpanExtra};
use super::lines::{is_blank, pieces, place, split_role};
use super::names::{escape, unescape};
use super::settings::{Owner, Seen};
use super::values;
use crate::annotation::{Attributes, ItemId, Layer, Relation, Span};
use crate::formats::loss::Loss;
use crate::formats::table::Feature;
use crate::text::Document;
use crate::text::convert::{OffsetIndex, Unit};

/// What is written of one layer.
#[derive(Debug, Default)]
pub(super) struct Standoff {
    pub lines: String,
    pub spans: BTreeMap<String, Item>,
    pub relations: BTreeMap<String, Item>,
    pub losses: Vec<Loss>,
}

/// A span that is written.
struct Written<'a> {
    id: String,
    extra: SpanExtra,
    events: Vec<String>,
    span: &'a Span,
}

impl Written<'_> {
    /// What others call it: brat lets nothing but events refer to a trigger.
    fn reference(&self) -> &str {
        self.events.first().unwrap_or(&self.id)
    }

    /// The name that a file gave it, if it is still one of its names.
    fn called<'s>(&'s self, name: Option<&'s String>) -> &'s str {
        name.filter(|name| **name == self.id || self.events.contains(name)).map_or(self.reference(), String::as_str)
    }
}

/// Ids of one kind: those that are brat's already stay, the others get the next free number.
struct Ids {
    letter: char,
    taken: HashSet<String>,
    next: u64,
}

impl Ids {
    fn new<'a>(letter: char, given: impl Iterator<Item = &'a str>) -> Self {
        let taken = given.filter(|id| fits(letter, id)).map(str::to_owned).collect();
        Self { letter, taken, next: 1 }
    }

    fn new_id(&mut self) -> String {
        loop {
            let id = format!("{}{}", self.letter, self.next);
            self.next += 1;
            if !self.taken.contains(&id) {
                return id;
            }
        }
    }
}

/// `T12`: the letter and a number.
fn fits(letter: char, id: &str) -> bool {
    id.strip_prefix(letter).is_some_and(|number| {
        (1..=9).contains(&number.len())
            && !number.starts_with('0')
            && number.bytes().all(|digit| digit.is_ascii_digit())
    })
}

/// Offsets count our text, or with `original` that of the source.
pub(super) fn standoff(document: &Document, layer: &Layer, original: bool, seen: &mut Seen) -> Standoff {
    let mut made = Standoff::default();
    let extras: Vec<SpanExtra> = layer.spans.iter().map(|span| extra::of(&span.extra)).collect();
    let mut ids = Ids::new('T', layer.spans.iter().map(|span| span.id.as_str()));
    let mut events = Ids::new('E', extras.iter().flat_map(|extra| &extra.events).map(String::as_str));
    let index = OffsetIndex::new(&document.text);
    let text = document.text.as_str();
    let number = |byte: usize| {
        let place = index.to(Unit::CodePoint, byte);
        if original { document.newlines.to_source(place) } else { place }
    };
    let loss = |item: &ItemId, what: Feature, sentence: String| Loss {
        document: document.id.clone(),
        annotator: layer.annotator.clone(),
        item: Some(item.clone()),
        what,
        sentence,
    };

    let mut written: Vec<Written<'_>> = Vec::with_capacity(layer.spans.len());
    let mut places: HashMap<&ItemId, usize> = HashMap::with_capacity(layer.spans.len());
    let mut taken: HashSet<String> = HashSet::new();
    for (span, extra) in layer.spans.iter().zip(extras) {
        let mut fragments = Vec::new();
        let mut quote = String::new();
        for range in span.ranges.as_slice() {
            for (start, end) in pieces(text, range.start(), range.end()) {
                if !fragments.is_empty() {
                    quote.push(' ');
                }
                quote.push_str(&text[start..end]);
                fragments.push((number(start), number(end)));
            }
        }
        if quote.chars().all(is_blank) {
            let sentence = "it covers nothing but white space, which brat’s files cannot hold: it is left out";
            made.losses.push(loss(&span.id, Feature::Empty, sentence.to_owned()));
            continue;
        }
        let id = if fits('T', span.id.as_str()) { span.id.as_str().to_owned() } else { ids.new_id() };
        // Two spans of an edited layer may say that they are the same event.
        let mut name = |event: &String| {
            let given = fits('E', event) && taken.insert(event.clone());
            if given { event.clone() } else { events.new_id() }
        };
        let names: Vec<String> = extra.events.iter().map(&mut name).collect();
        let label = escape(span.label.as_str());
        let is = place(&label, &fragments);
        made.lines.push_str(&format!("{id}\t{is}\t{quote}\n"));
        let ranges: Vec<(usize, usize)> =
            span.ranges.as_slice().iter().map(|range| (number(range.start()), number(range.end()))).collect();
        let item = Item {
            id: (id != span.id.as_str()).then(|| span.id.as_str().to_owned()),
            ranges: if ranges == fragments { Vec::new() } else { ranges },
            attributes: told_apart(&span.attributes, seen),
            note: (values::note_lines(&span.note).join("\n") != span.note).then(|| span.note.clone()),
            extra: without(&span.extra),
            is,
        };
        if !item.is_empty() {
            made.spans.insert(id.clone(), item);
        }
        seen.label(&span.label, !names.is_empty());
        places.insert(&span.id, written.len());
        written.push(Written { id, extra, events: names, span });
    }
    relations(layer, &written, &places, seen, &mut made, &loss);
    made
}

/// Values that read back otherwise.
fn told_apart(attributes: &Attributes, seen: &Seen) -> Attributes {
    let differs = |(name, value): &(&String, &Value)| {
        let lines = values::lines(value, seen.is_listed(name));
        values::read(lines, true).as_ref() != Some(*value)
    };
    attributes.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn without(extra: &Map<String, Value>) -> Map<String, Value> {
    let mut extra = extra.clone();
    extra.shift_remove(extra::KEY);
    extra
}

/// A relation that is a role: its place among the event's arguments, and the written span that it leads to.
type Role<'a> = (u64, &'a Relation, RelationExtra, usize);

/// Numbers of the lines that refer to others.
#[derive(Default)]
struct Numbers {
    attributes: u64,
    normalisations: u64,
    comments: u64,
}

fn relations(
    layer: &Layer,
    written: &[Written<'_>],
    places: &HashMap<&ItemId, usize>,
    seen: &mut Seen,
    made: &mut Standoff,
    loss: &dyn Fn(&ItemId, Feature, String) -> Loss,
) {
    let mut numbers = Numbers::default();
    let mut roles: BTreeMap<(usize, usize), Vec<Role<'_>>> = BTreeMap::new();
    let mut chains: BTreeMap<(u64, &str), Vec<ChainLink<'_>>> = BTreeMap::new();
    let mut plain = Vec::new();
    for relation in layer.relations.values() {
        let (Some(&from), Some(&to)) = (places.get(&relation.from), places.get(&relation.to)) else {
            let sentence = format!("the {} joins a span that is left out, and is left out too", relation.kind);
            made.losses.push(loss(&relation.id, Feature::Relations, sentence));
            continue;
        };
        let extra: RelationExtra = extra::of(&relation.extra);
        let trigger = &written[from];
        if let Some(chain) = extra.chain {
            chains.entry((chain, relation.kind.as_str())).or_default().push((relation, extra, from, to));
        } else if !trigger.events.is_empty() && !fits('R', relation.id.as_str()) {
            // A role of its event; of the first one, where it was made here.
            let event = trigger.extra.events.iter().position(|event| Some(event) == extra.event.as_ref());
            let list = roles.entry((from, event.unwrap_or(0))).or_default();
            list.push((extra.at.unwrap_or(u64::MAX), relation, extra, to));
        } else {
            plain.push((relation, extra, from, to));
        }
    }
    for (place, span) in written.iter().enumerate() {
        for (nth, event) in span.events.iter().enumerate() {
            let _ = write!(made.lines, "{event}\t{}:{}", escape(span.span.label.as_str()), span.id);
            let mut list = roles.remove(&(place, nth)).unwrap_or_default();
            list.sort_by_key(|(at, ..)| *at);
            let names = role_names(
                &list
                    .iter()
                    .map(|(_, relation, extra, _)| (relation.kind.as_str(), extra.role.as_deref()))
                    .collect::<Vec<_>>(),
            );
            for ((_, relation, extra, to), name) in list.iter().zip(names) {
                let target = written[*to].called(extra.to.as_ref());
                let _ = write!(made.lines, " {name}:{target}");
                seen.role(&span.span.label, relation.kind.as_str(), &written[*to].span.label);
                aside(made, format!("{event} {name}"), target.to_owned(), relation, None, seen);
            }
            made.lines.push('\n');
        }
    }
    let mut ids = Ids::new('R', layer.relations.keys().map(ItemId::as_str));
    for (relation, extra, from, to) in plain {
        let id = relation.id.as_str();
        let id = if fits('R', id) { id.to_owned() } else { ids.new_id() };
        let [first, second] = extra.ends.clone().unwrap_or_else(|| ["Arg1".to_owned(), "Arg2".to_owned()]);
        let (from, to) = (&written[from], &written[to]);
        let is = format!(
            "{} {first}:{} {second}:{}",
            escape(relation.kind.as_str()),
            from.called(extra.from.as_ref()),
            to.called(extra.to.as_ref())
        );
        made.lines.push_str(&format!("{id}\t{is}\n"));
        seen.relation(relation.kind.as_str(), &from.span.label, &to.span.label);
        let lines = attributes(made, &mut numbers, &relation.attributes, &id, Owner::Relation, seen);
        remarks(made, &mut numbers, &extra.remarks, &lines, &id);
        comments(made, &mut numbers, &extra.comments, &id);
        aside(made, id.clone(), is, relation, Some(&id), seen);
    }
    for ((_, kind), links) in chains {
        chain(made, written, kind, &links, seen);
    }
    for span in written {
        about(made, &mut numbers, span, seen);
    }
}

/// Names of an event's arguments, all different: `Org`, `Org2`, `Org3`. What a file called them stays if it still reads so.
fn role_names(list: &[(&str, Option<&str>)]) -> Vec<String> {
    let given: Vec<String> = list.iter().map(|(kind, role)| escape(role.unwrap_or(kind))).collect();
    let names: HashSet<&str> = given.iter().map(String::as_str).collect();
    let reads = |(name, (kind, _)): (&String, &(&str, Option<&str>))| {
        let (base, digits) = split_role(name);
        unescape(if !digits.is_empty() && names.contains(base) { base } else { name }) == *kind
    };
    if names.len() == list.len() && given.iter().zip(list).all(reads) {
        return given;
    }
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for (kind, _) in list {
        *counts.entry(kind).or_default() += 1;
    }
    let plain = |kind: &str| {
        let (base, digits) = split_role(kind);
        match kind.chars().last() {
            // It would read as a further `base`, or its number could not be told from the count.
            Some(last) if !digits.is_empty() && (counts.contains_key(base) || counts.get(kind) > Some(&1)) => {
                format!("{}_x{:x}_", escape(&kind[..kind.len() - 1]), u32::from(last))
            }
            _ => escape(kind),
        }
    };
    let mut so_far: HashMap<&str, u64> = HashMap::new();
    let name = |(kind, _): &(&'_ str, Option<&str>)| plain(kind);
    let names: Vec<String> = list.iter().map(name).collect();
    list.iter()
        .zip(names)
        .map(|((kind, _), name)| {
            let count = so_far.entry(kind).or_default();
            *count += 1;
            if *count == 1 { name } else { format!("{name}{count}") }
        })
        .collect()
}

/// A relation of a chain of equivalents, from and to a written span.
type ChainLink<'a> = (&'a Relation, RelationExtra, usize, usize);

/// One `*` line for each run of links that hang together.
fn chain(made: &mut Standoff, written: &[Written<'_>], kind: &str, links: &[ChainLink<'_>], seen: &mut Seen) {
    let mut by_start: HashMap<usize, Vec<usize>> = HashMap::new();
    for (place, (.., from, _)) in links.iter().enumerate() {
        by_start.entry(*from).or_default().push(place);
    }
    let ends: HashSet<usize> = links.iter().map(|(.., to)| *to).collect();
    // A run begins where no link leads to; what is left after those is a ring.
    let heads = (0..links.len()).filter(|place| !ends.contains(&links[*place].2));
    let starts: Vec<usize> = heads.chain(0..links.len()).collect();
    let mut done = vec![false; links.len()];
    for start in starts {
        let mut members: Vec<&str> = Vec::new();
        let mut run = Vec::new();
        let mut next = Some(start).filter(|start| !done[*start]);
        while let Some(place) = next {
            done[place] = true;
            let (relation, extra, from, to) = &links[place];
            if members.is_empty() {
                members.push(written[*from].called(extra.from.as_ref()));
            }
            members.push(written[*to].called(extra.to.as_ref()));
            run.push(*relation);
            seen.equivalence(kind, &written[*from].span.label, &written[*to].span.label);
            let onward = by_start.get_mut(to);
            next = onward.and_then(|list| {
                list.retain(|place| !done[*place]);
                list.pop()
            });
        }
        if run.is_empty() {
            continue;
        }
        made.lines.push_str(&format!("*\t{} {}\n", escape(kind), members.join(" ")));
        for (relation, pair) in run.iter().zip(members.windows(2)) {
            aside(made, format!("* {} {}", pair[0], pair[1]), escape(kind), relation, None, seen);
        }
    }
}

/// What a relation's line does not say. `line` is its id in the file, where it can have attributes there.
fn aside(made: &mut Standoff, key: String, is: String, relation: &Relation, line: Option<&str>, seen: &Seen) {
    let attributes = match line {
        Some(_) => told_apart(&relation.attributes, seen),
        None => relation.attributes.clone(),
    };
    let item = Item {
        id: (line != Some(relation.id.as_str())).then(|| relation.id.as_str().to_owned()),
        attributes,
        extra: without(&relation.extra),
        is,
        ..Item::default()
    };
    if !item.is_empty() {
        made.relations.insert(key, item);
    }
}

fn attributes(
    made: &mut Standoff,
    numbers: &mut Numbers,
    attributes: &Attributes,
    target: &str,
    owner: Owner<'_>,
    seen: &mut Seen,
) -> Vec<Remarkable> {
    let mut written = Vec::new();
    for (name, value) in attributes {
        for line in values::lines(value, seen.is_listed(name)) {
            numbers.attributes += 1;
            written.push((extra::on_attribute(name, line.as_deref()), format!("A{}", numbers.attributes)));
            let (number, name) = (numbers.attributes, escape(name));
            match &line {
                None => made.lines.push_str(&format!("A{number}\t{name} {target}\n")),
                Some(value) => made.lines.push_str(&format!("A{number}\t{name} {target} {value}\n")),
            }
            seen.attribute(&name, owner, line.as_deref());
        }
    }
    written
}

/// A line that may have remarks: what it is called where numbers change, and its id.
type Remarkable = (String, String);

/// Comments on lines about `target`; on the target itself where its line is gone.
fn remarks(
    made: &mut Standoff,
    numbers: &mut Numbers,
    remarks: &[(String, String, String)],
    lines: &[Remarkable],
    target: &str,
) {
    for (of, kind, text) in remarks {
        let line = lines.iter().find(|(line, _)| line == of).map_or(target, |(_, id)| id);
        comments(made, numbers, &[(kind.clone(), text.clone())], line);
    }
}

fn comments(made: &mut Standoff, numbers: &mut Numbers, comments: &[(String, String)], target: &str) {
    for (kind, text) in comments {
        for line in values::note_lines(text) {
            numbers.comments += 1;
            made.lines.push_str(&format!("#{}\t{} {target}\t{line}\n", numbers.comments, escape(kind)));
        }
    }
}

/// What stands behind a span: attributes, normalisations, notes.
fn about(made: &mut Standoff, numbers: &mut Numbers, span: &Written<'_>, seen: &mut Seen) {
    let target = span.reference().to_owned();
    let owner = if span.events.is_empty() { Owner::Entity(&span.span.label) } else { Owner::Event(&span.span.label) };
    let mut left = span.span.attributes.clone();
    let mut lines = Vec::new();
    for (kind, reference, text) in &span.extra.normalisations {
        let Some(references) = left.get(kind).map(references) else { continue };
        match references {
            Some(references) if references.contains(&reference.as_str()) => lines.push((kind, reference.clone(), text)),
            Some(_) => {}
            // The attribute of that name is another thing.
            None => lines.push((kind, reference.clone(), text)),
        }
    }
    let nothing = String::new();
    for kind in span.extra.normalisations.iter().map(|(kind, ..)| kind) {
        let Some(references) = left.get(kind).and_then(references) else { continue };
        for reference in references {
            if !lines.iter().any(|(known, before, _)| *known == kind && before == reference) {
                lines.push((kind, reference.to_owned(), &nothing));
            }
        }
        left.remove(kind);
    }
    let mut remarkable = Vec::new();
    for (kind, reference, text) in lines {
        numbers.normalisations += 1;
        let text = values::note_lines(text).join(" ");
        made.lines.push_str(&format!("N{}\t{} {target} {reference}\t{text}\n", numbers.normalisations, escape(kind)));
        remarkable.push((extra::on_normalisation(kind, &reference), format!("N{}", numbers.normalisations)));
    }
    remarkable.extend(attributes(made, numbers, &left, &target, owner, seen));
    for (event, name, value) in &span.extra.attributes {
        let Some(place) = span.extra.events.iter().position(|known| known == event) else { continue };
        let Some(event) = span.events.get(place) else { continue };
        let value = Value::String(value.clone().unwrap_or_default());
        let value = if value == "" { Value::Bool(true) } else { value };
        let one = Attributes::from([(name.clone(), value)]);
        remarkable.extend(attributes(made, numbers, &one, event, owner, seen));
    }
    for line in values::note_lines(&span.span.note) {
        numbers.comments += 1;
        made.lines.push_str(&format!("#{}\tAnnotatorNotes {target}\t{line}\n", numbers.comments));
    }
    comments(made, numbers, &span.extra.comments, &target);
    remarks(made, numbers, &span.extra.remarks, &remarkable, &target);
}

/// The references that an attribute holds, if it holds nothing else: `Wikipedia:64488`.
fn references(value: &Value) -> Option<Vec<&str>> {
    let one = |value: &'_ Value| {
        value.as_str().is_some_and(|text| {
            text.split_once(':').is_some_and(|(base, id)| !base.is_empty() && !id.is_empty())
                && !text.contains(is_blank)
        })
    };
    match value {
        Value::Array(items) if items.iter().all(one) => Some(items.iter().filter_map(Value::as_str).collect()),
        Value::String(text) if one(value) => Some(vec![text]),
        _ => None,
    }
}
