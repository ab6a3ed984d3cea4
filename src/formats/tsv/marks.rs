//! What the rows say: spans over words with the same number, relations between them, slots.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::cell::{Item, address, item, items, plain, split};
use super::head::{Column, Head, Kind};
use super::text::Row;
use crate::annotation::exchange::RawRelation;
use crate::annotation::{Attributes, RawSpan};
use crate::text::{Place, Problem};

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub spans: Vec<RawSpan>,
    pub relations: Vec<RawRelation>,
    /// Cells of chains: by word, each column.
    pub chains: Map<String, Value>,
    pub problems: Vec<Problem>,
    /// Spans that were made of words because a relation joins them.
    pub made: usize,
    /// Where the span with an id is.
    known: HashMap<String, Known>,
    /// Line and place of each word, where relations may join words themselves.
    words: HashMap<String, (usize, (usize, usize))>,
}

/// A span that may go on.
#[derive(Debug)]
struct Known {
    span: usize,
    /// The last word that it covers, and how far that goes.
    word: usize,
    whole: (usize, usize),
}

/// The id of a span: by its number, or by its word, if it has none.
fn name(head: &Head, number: Option<u64>, row: &str, position: usize) -> String {
    match (number, position) {
        (Some(number), _) => format!("{}-{number}", head.short),
        (None, 0) => format!("{}@{row}", head.short),
        (None, position) => format!("{}@{row}#{}", head.short, position + 1),
    }
}

/// The number of the annotation whose slots stand at a position, as its features have it.
fn owner(head: &Head, row: &Row, position: usize) -> Option<u64> {
    let first = head.columns.iter().position(|column| matches!(column, Column::Feature(_)))?;
    items(row.cell(head.at + first)).get(position)?.number
}

impl Marks {
    /// The spans of a row.
    pub fn spans(&mut self, heads: &[Head], row: &Row, place: &Place) {
        let is_bare = |head: &Head| matches!(&head.kind, Kind::Relations(base) if is_elsewhere(heads, base));
        if let Some(at) = row.at.filter(|_| heads.iter().any(is_bare)) {
            self.words.entry(row.id().to_owned()).or_insert((row.line, at));
        }
        for head in heads {
            match head.kind {
                Kind::Spans => self.layer(head, row, place),
                Kind::Chains => {
                    let cells: Vec<&str> = (0..head.columns.len()).map(|column| row.cell(head.at + column)).collect();
                    if cells.iter().any(|cell| *cell != "_") {
                        self.chains.insert(format!("{} {}", head.name, row.id()), json!(cells));
                    }
                }
                Kind::Relations(_) => {}
            }
        }
    }

    fn layer(&mut self, head: &Head, row: &Row, place: &Place) {
        let label = head.label();
        for (column, what) in head.columns.iter().enumerate() {
            let feature = match what {
                Column::Feature(feature) => feature,
                Column::Slots(_) => {
                    self.owners(head, row, column, place);
                    continue;
                }
                Column::Target => continue,
            };
            for (position, Item { value, number }) in items(row.cell(head.at + column)).into_iter().enumerate() {
                let id = name(head, number, row.id(), position);
                let Some(span) = self.cover(head, row, &id, place) else { continue };
                match value {
                    None => {}
                    Some(value) if label == Some(column) => span.label = value,
                    Some(value) if feature.is_empty() => span.label = value,
                    Some(value) => drop(span.attributes.insert(feature.clone(), Value::from(value))),
                }
            }
        }
    }

    /// The spans that have slots in a row: they are there, even if nothing else says so.
    fn owners(&mut self, head: &Head, row: &Row, column: usize, place: &Place) {
        let (roles, targets) = (row.cell(head.at + column), row.cell(head.at + column + 1));
        if [roles, targets].iter().all(|cell| matches!(*cell, "_" | "")) {
            return;
        }
        for (position, roles) in split(roles, '|').enumerate() {
            let number = owner(head, row, position).or(item(roles).number);
            self.cover(head, row, &name(head, number, row.id(), position), place);
        }
    }

    /// The span with the id, which covers the row from now on.
    fn cover(&mut self, head: &Head, row: &Row, id: &str, place: &Place) -> Option<&mut RawSpan> {
        let (Some(at), Some(whole)) = (row.at, row.whole) else {
            let sentence = "its word is not in the text of its sentence; this part of the span was not imported";
            self.problems.push(Problem::error(place.clone().item(id), sentence));
            return None;
        };
        if !self.known.contains_key(id) {
            self.known.insert(id.to_owned(), Known { span: self.spans.len(), word: row.word, whole });
            self.spans.push(RawSpan {
                line: Some(row.line),
                id: Some(id.to_owned()),
                label: head.short.clone(),
                extra: [("layer".to_owned(), Value::from(head.name.as_str()))].into_iter().collect(),
                ..RawSpan::default()
            });
        }
        let known = self.known.get_mut(id)?;
        let span = self.spans.get_mut(known.span)?;
        let next = row.word == known.word + 1 && at.0 == whole.0;
        match span.ranges.last_mut() {
            Some(last) if at.0 <= last.1 || (next && last.1 == known.whole.1) => last.1 = last.1.max(at.1),
            _ => span.ranges.push(at),
        }
        (known.word, known.whole) = (row.word, whole);
        Some(span)
    }

    /// The relations and slots of a row; all spans are known.
    pub fn relations(&mut self, heads: &[Head], row: &Row, place: &Place) {
        for head in heads {
            match &head.kind {
                Kind::Relations(base) => self.arcs(head, base, heads, row, place),
                Kind::Spans => self.slots(head, heads, row, place),
                Kind::Chains => {}
            }
        }
    }

    /// A relation stands in the row of its target and names its source.
    fn arcs(&mut self, head: &Head, base: &str, heads: &[Head], row: &Row, place: &Place) {
        let Some(target) = head.columns.iter().position(|column| *column == Column::Target) else { return };
        let cell = row.cell(head.at + target);
        if matches!(cell, "_" | "") {
            return;
        }
        let features: Vec<(usize, &str, Vec<Item>)> = head
            .columns
            .iter()
            .enumerate()
            .filter_map(|(column, what)| match what {
                Column::Feature(name) => Some((column, name.as_str(), items(row.cell(head.at + column)))),
                _ => None,
            })
            .collect();
        let label = head.label();
        for (position, text) in split(cell, '|').enumerate() {
            let (mut kind, mut attributes) = (head.short.clone(), Attributes::new());
            for (column, feature, values) in &features {
                match values.get(position).and_then(|item| item.value.clone()) {
                    Some(value) if label == Some(*column) => kind = value,
                    Some(value) => drop(attributes.insert((*feature).to_owned(), Value::from(value))),
                    None => {}
                }
            }
            let ends = address(text).map(|address| {
                (self.end(heads, base, address.there, address.word), self.end(heads, base, address.here, row.id()))
            });
            self.join(head, kind, attributes, ends, text, place);
        }
    }

    /// The slots of a predicate point to what fills them.
    fn slots(&mut self, head: &Head, heads: &[Head], row: &Row, place: &Place) {
        for (column, what) in head.columns.iter().enumerate() {
            let Column::Slots(base) = what else { continue };
            let (roles, targets) = (row.cell(head.at + column), row.cell(head.at + column + 1));
            if matches!(targets, "_" | "") {
                continue;
            }
            for (position, (roles, targets)) in split(roles, '|').zip(split(targets, '|')).enumerate() {
                let number = owner(head, row, position).or(item(roles).number);
                let from = Some(name(head, number, row.id(), position)).filter(|id| self.known.contains_key(id));
                // It stands in each row of its span; the first says it for all.
                let known =
                    from.as_ref().and_then(|id| self.known.get(id)).and_then(|known| self.spans.get(known.span));
                if known.is_some_and(|span| span.line != Some(row.line)) {
                    continue;
                }
                for (role, target) in split(roles, ';').map(strip).zip(split(targets, ';')) {
                    let named = !matches!(role, "*" | "_" | "");
                    if target == "*" {
                        if let (true, Some(of)) = (named, &from) {
                            let sentence = format!("the slot {} of {of} is empty; it was left out", plain(role));
                            self.problems.push(Problem::warning(place.clone(), sentence));
                        }
                        continue;
                    }
                    let kind = if named { plain(role) } else { head.short.clone() };
                    let to = address(target).and_then(|to| self.find(heads, base, to.there, to.word));
                    self.join(head, kind, Attributes::new(), Some((from.clone(), to)), target, place);
                }
            }
        }
    }

    /// The end of a relation: a span, or the word itself, where the file has no layer of what the relation joins.
    fn end(&mut self, heads: &[Head], layer: &str, number: u64, word: &str) -> Option<String> {
        let short = layer.rsplit('.').next().unwrap_or(layer);
        let elsewhere = is_elsewhere(heads, layer);
        let found = if elsewhere && short == "Token" { None } else { self.find(heads, layer, number, word) };
        if found.is_some() || !elsewhere || number > 0 {
            return found;
        }
        let (line, at) = *self.words.get(word)?;
        let id = format!("{short}@{word}");
        if !self.known.contains_key(&id) {
            self.known.insert(id.clone(), Known { span: self.spans.len(), word: 0, whole: at });
            self.made += 1;
            self.spans.push(RawSpan {
                line: Some(line),
                id: Some(id.clone()),
                label: short.to_owned(),
                ranges: vec![at],
                extra: [("layer".to_owned(), Value::from(layer))].into_iter().collect(),
                ..RawSpan::default()
            });
        }
        Some(id)
    }

    /// The id of a span of a layer, by its number or by its word. Of any layer, if it is none of the file: the only one there.
    fn find(&self, heads: &[Head], layer: &str, number: u64, word: &str) -> Option<String> {
        let any = is_elsewhere(heads, layer);
        let mut found = heads
            .iter()
            .filter(|head| head.kind == Kind::Spans && (any || head.name == layer))
            .map(|head| name(head, Some(number).filter(|number| *number > 0), word, 0))
            .filter(|id| self.known.contains_key(id));
        found.next().filter(|_| found.next().is_none())
    }

    fn join(
        &mut self,
        head: &Head,
        kind: String,
        attributes: Attributes,
        ends: Option<(Option<String>, Option<String>)>,
        text: &str,
        place: &Place,
    ) {
        let Some((Some(from), Some(to))) = ends else {
            let sentence = format!("the relation {kind} joins “{text}”, where no span is; it was not imported");
            self.problems.push(Problem::error(place.clone(), sentence));
            return;
        };
        let extra = [("layer".to_owned(), Value::from(head.name.as_str()))].into_iter().collect();
        self.relations.push(RawRelation { id: None, kind, from, to, attributes, extra });
    }
}

/// The file has no such layer of spans.
fn is_elsewhere(heads: &[Head], layer: &str) -> bool {
    heads.iter().all(|head| head.kind != Kind::Spans || head.name != layer)
}

/// A role without the number of the annotation that it is of.
fn strip(role: &str) -> &str {
    match role.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        Some((bare, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => bare,
        _ => role,
    }
}
