//! The lines of a document's `.ann` file, put together to a layer.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::aside::{Aside, Item};
use super::extra::{self, RelationExtra, SpanExtra};
use super::lines::{Entry, Line, parse, pieces, place, split_role};
use super::names::unescape;
use super::values;
use crate::annotation::exchange::{RawLayer, RawRelation};
use crate::annotation::{Attributes, RawSpan};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::wording::brief;
use crate::text::{Place, Problem, Text};

/// A file with annotations.
pub(super) struct Part {
    pub file: String,
    pub content: String,
}

/// A line that was understood.
struct Row<'p> {
    part: usize,
    number: usize,
    line: Line<'p>,
    /// A span's text that runs over several lines.
    joined: Option<String>,
    /// What comes next is no more of it.
    closed: bool,
}

/// A relation, its ends as places in the list of spans.
#[derive(Default)]
struct Link {
    raw: RawRelation,
    extra: RelationExtra,
    from: usize,
    to: usize,
    /// What an aside calls it, and must say that it is.
    key: String,
    is: String,
}

/// What something is said of: a span or a relation, by its place.
#[derive(Clone, Copy)]
enum Said {
    OfSpan(usize),
    OfLink(usize),
}

/// What the lines say, so far.
struct Layer<'p, 'o> {
    parts: &'p [Part],
    escaped: bool,
    problems: &'o mut Vec<Problem>,
    spans: Vec<RawSpan>,
    extras: Vec<SpanExtra>,
    /// Second fields of the span lines.
    places: Vec<String>,
    by_id: HashMap<&'p str, usize>,
    /// Events by id: the span that is their trigger.
    events: HashMap<&'p str, usize>,
    links: Vec<Link>,
    /// Relations by id.
    by_link: HashMap<&'p str, usize>,
    /// Attributes and normalisations by id: what they are said of, and what their lines are called.
    said: HashMap<&'p str, (Said, String)>,
    /// Equivalences so far.
    chains: u64,
    taken: HashSet<&'p str>,
}

/// `own` is the text as its file has it.
pub(super) fn layer(
    parts: &[Part],
    own: &Text,
    escaped: bool,
    aside: Option<&mut Aside>,
    problems: &mut Vec<Problem>,
) -> RawLayer {
    let escaped = escaped || aside.is_some();
    let index = OffsetIndex::new(own);
    let rows = rows(parts, own, &index, problems);
    let mut layer = Layer {
        parts,
        escaped,
        problems,
        spans: Vec::new(),
        extras: Vec::new(),
        places: Vec::new(),
        by_id: HashMap::new(),
        events: HashMap::new(),
        links: Vec::new(),
        by_link: HashMap::new(),
        said: HashMap::new(),
        chains: 0,
        taken: HashSet::new(),
    };
    for row in &rows {
        layer.span(row);
    }
    for row in &rows {
        layer.event(row);
    }
    for row in &rows {
        layer.link(row);
    }
    for row in &rows {
        layer.attribute(row);
    }
    for row in &rows {
        layer.normalisation(row);
    }
    for row in &rows {
        layer.comment(row);
    }
    let mut nothing = Aside::default();
    let aside = aside.unwrap_or(&mut nothing);
    let (spans, relations) = layer.finish(aside, own, &index);
    let said = aside.layer.take().unwrap_or_default();
    RawLayer {
        status: said.status,
        flag: said.flag,
        schema: said.schema,
        attributes: said.attributes,
        seconds: said.seconds,
        decisions: said.decisions,
        extra: said.extra,
        spans,
        relations,
        ..RawLayer::default()
    }
}

/// Takes the files apart. A broken line is an error, unless a span's text goes on in it.
fn rows<'p>(parts: &'p [Part], own: &Text, index: &OffsetIndex<'_>, problems: &mut Vec<Problem>) -> Vec<Row<'p>> {
    let mut rows: Vec<Row<'p>> = Vec::new();
    for (part, Part { file, content }) in parts.iter().enumerate() {
        let content = content.strip_prefix('\u{feff}').unwrap_or(content);
        let end = if content.contains('\n') { '\n' } else { '\r' };
        let mut blank = 0;
        for (number, line) in (1..).zip(content.split(end)) {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() {
                blank += 1;
                continue;
            }
            let place = || Place::file(file.clone()).at_line(number);
            match parse(line) {
                Ok(line) => rows.push(Row { part, number, line, joined: None, closed: false }),
                Err(shape) => {
                    let before = rows.last_mut().filter(|row| row.part == part && !row.closed);
                    let problem = match before.and_then(|row| row.more(line, blank, own, index)) {
                        Some(id) => {
                            Problem::note(place(), format!("the text of {id} goes on in this line: they were joined"))
                        }
                        None => {
                            let sentence = format!("the line “{}” is broken; it was not imported", brief(line, 60));
                            Problem::error(place(), sentence).fix(format!("Such a line reads {shape}"))
                        }
                    };
                    problems.push(problem);
                }
            }
            blank = 0;
        }
    }
    rows
}

impl Row<'_> {
    /// Takes a line as more of a span's text, behind so many empty ones, if the text goes on so; gives the span's id.
    fn more(&mut self, line: &str, blank: usize, own: &Text, index: &OffsetIndex<'_>) -> Option<&str> {
        let Entry::Span { fragments, quote: Some(quote), .. } = &self.line.entry else { return None };
        let start = index.from(Unit::CodePoint, fragments.first()?.0).ok()?;
        let rest = own.as_str().get(start..)?;
        let so_far = self.joined.as_deref().unwrap_or(quote);
        let end = if rest.get(so_far.len()..)?.starts_with('\r') { "\r\n" } else { "\n" };
        let joined = format!("{so_far}{}{line}", end.repeat(blank + 1));
        if !rest.starts_with(&joined) {
            self.closed = true;
            return None;
        }
        self.joined = Some(joined);
        Some(self.line.id)
    }
}

/// Characters of a span's text: its fragments, joined by one space.
fn length(fragments: &[(usize, usize)]) -> usize {
    let covered = fragments.iter().fold(0_usize, |sum, (start, end)| sum.saturating_add(end.saturating_sub(*start)));
    covered.saturating_add(fragments.len().saturating_sub(1))
}

impl<'p> Layer<'p, '_> {
    fn place(&self, row: &Row<'p>) -> Place {
        let file = self.parts.get(row.part).map_or("", |part| &part.file);
        Place::file(file).at_line(row.number).item(row.line.id)
    }

    fn error(&mut self, row: &Row<'p>, sentence: String) {
        self.problems.push(Problem::error(self.place(row), sentence));
    }

    fn note(&mut self, row: &Row<'p>, sentence: String) {
        self.problems.push(Problem::note(self.place(row), sentence));
    }

    fn name(&self, name: &str) -> String {
        if self.escaped { unescape(name) } else { name.to_owned() }
    }

    /// The row's id, if no line before has it.
    fn free(&mut self, row: &Row<'p>) -> Option<&'p str> {
        let id = row.line.id;
        if self.taken.insert(id) {
            return Some(id);
        }
        let sentence = format!("the id {id} is taken by a line before: this one was imported under another id");
        self.problems.push(Problem::warning(self.place(row), sentence));
        None
    }

    fn span(&mut self, row: &Row<'p>) {
        let Entry::Span { label, fragments, quote } = &row.line.entry else { return };
        let id = self.free(row);
        let quote = row.joined.as_deref().or(*quote).and_then(|quote| text_of(quote, fragments));
        if quote.is_none() {
            self.note(row, "the line does not say what the span covers: its place could not be checked".to_owned());
        }
        if let Some(id) = id {
            self.by_id.insert(id, self.spans.len());
        }
        self.places.push(place(label, fragments));
        self.extras.push(SpanExtra::default());
        self.spans.push(RawSpan {
            line: Some(row.number),
            id: id.map(str::to_owned),
            label: self.name(label),
            ranges: fragments.clone(),
            quote,
            ..RawSpan::default()
        });
    }

    fn event(&mut self, row: &Row<'p>) {
        let Entry::Event { label, trigger, .. } = &row.line.entry else { return };
        let Some(&span) = self.by_id.get(trigger) else {
            self.error(row, format!("its trigger {trigger} is not there; the event was not imported"));
            return;
        };
        if self.free(row).is_none() {
            return;
        }
        if self.spans[span].label != self.name(label) {
            let sentence = format!("it is {label}, but its trigger {trigger} is another label, which was kept");
            self.problems.push(Problem::warning(self.place(row), sentence));
        }
        self.extras[span].events.push(row.line.id.to_owned());
        self.events.insert(row.line.id, span);
    }

    /// The span of an id: its own, or the trigger of the event.
    fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).or_else(|| self.events.get(id)).copied()
    }

    /// `id`, unless it is what the span is called anyway.
    fn unusual(&self, id: &str, span: usize) -> Option<String> {
        let usual = self.extras[span].events.first().or(self.spans[span].id.as_ref());
        (usual.map(String::as_str) != Some(id)).then(|| id.to_owned())
    }

    fn link(&mut self, row: &Row<'p>) {
        match &row.line.entry {
            Entry::Relation { kind, ends } => self.relation(row, kind, *ends),
            Entry::Event { arguments, .. } => {
                if let Some(&from) = self.events.get(row.line.id) {
                    self.roles(row, from, arguments);
                }
            }
            Entry::Equivalence { kind, members } => {
                let chain = Some(self.chains);
                self.chains += 1;
                let mut known = Vec::new();
                for member in members {
                    match self.find(member) {
                        Some(span) => known.push((*member, span)),
                        None => self.error(row, format!("{member} is not there; it was left out of the equivalence")),
                    }
                }
                for pair in known.windows(2) {
                    let (from, to) = (pair[0], pair[1]);
                    let extra = RelationExtra {
                        chain,
                        from: self.unusual(from.0, from.1),
                        to: self.unusual(to.0, to.1),
                        ..RelationExtra::default()
                    };
                    let raw = RawRelation { kind: self.name(kind), ..RawRelation::default() };
                    let (key, is) = (format!("* {} {}", from.0, to.0), (*kind).to_owned());
                    self.links.push(Link { raw, extra, from: from.1, to: to.1, key, is });
                }
            }
            _ => {}
        }
    }

    fn relation(&mut self, row: &Row<'p>, kind: &str, ends: [(&'p str, &'p str); 2]) {
        let id = self.free(row);
        let is = format!("{kind} {}:{} {}:{}", ends[0].0, ends[0].1, ends[1].0, ends[1].1);
        // `Arg2` may come first.
        let ends = if ends[0].0 == "Arg2" && ends[1].0 == "Arg1" { [ends[1], ends[0]] } else { ends };
        let [(first, from), (second, to)] = ends;
        let (Some(start), Some(end)) = (self.find(from), self.find(to)) else {
            let missing = if self.find(from).is_some() { to } else { from };
            self.error(row, format!("{missing} is not there; the relation was not imported"));
            return;
        };
        let extra = RelationExtra {
            ends: (first != "Arg1" || second != "Arg2").then(|| [first.to_owned(), second.to_owned()]),
            from: self.unusual(from, start),
            to: self.unusual(to, end),
            ..RelationExtra::default()
        };
        let raw = RawRelation { id: id.map(str::to_owned), kind: self.name(kind), ..RawRelation::default() };
        if let Some(id) = id {
            self.by_link.insert(id, self.links.len());
        }
        self.links.push(Link { raw, extra, from: start, to: end, key: row.line.id.to_owned(), is });
    }

    fn roles(&mut self, row: &Row<'p>, from: usize, arguments: &[(&'p str, &'p str)]) {
        let event = row.line.id;
        if !self.extras[from].events.iter().any(|known| known == event) {
            return;
        }
        let names: HashSet<&str> = arguments.iter().map(|(role, _)| *role).collect();
        for (at, (role, target)) in arguments.iter().enumerate() {
            let Some(to) = self.find(target) else {
                self.error(row, format!("{target} is not there; it was left out of the event as {role}"));
                continue;
            };
            // `Org2` beside `Org` is the second in that role.
            let (base, digits) = split_role(role);
            let kind = if !digits.is_empty() && names.contains(base) { base } else { role };
            let extra = RelationExtra {
                event: Some(event.to_owned()),
                at: Some(at as u64),
                role: (kind != *role).then(|| self.name(role)),
                to: self.unusual(target, to),
                ..RelationExtra::default()
            };
            let raw = RawRelation { kind: self.name(kind), ..RawRelation::default() };
            let (key, is) = (format!("{event} {role}"), (*target).to_owned());
            self.links.push(Link { raw, extra, from, to, key, is });
        }
    }

    fn attribute(&mut self, row: &Row<'p>) {
        let Entry::Attribute { name, target, value } = &row.line.entry else { return };
        let name = self.name(name);
        let line = extra::on_attribute(&name, *value);
        if let Some(span) = self.find(target) {
            self.said.entry(row.line.id).or_insert((Said::OfSpan(span), line));
            let events = &self.extras[span].events;
            if events.len() > 1 && events.iter().skip(1).any(|event| event == target) {
                let value = value.map(|value| self.name(value));
                self.extras[span].attributes.push(((*target).to_owned(), name, value));
                self.note(
                    row,
                    format!(
                        "{target} shares its trigger with {}: {}",
                        self.extras[span].events[0], "the attribute is kept for an export to brat, and not shown"
                    ),
                );
                return;
            }
            add(&mut self.spans[span].attributes, name, *value, self.escaped);
        } else if let Some((at, link)) = self.by_link.get(target).and_then(|at| Some((*at, self.links.get_mut(*at)?))) {
            self.said.entry(row.line.id).or_insert((Said::OfLink(at), line));
            add(&mut link.raw.attributes, name, *value, self.escaped);
        } else {
            self.error(row, format!("{target} is not there; its attribute {name} was not imported"));
        }
    }

    /// A comment on a span or event, on a relation, or on what is said of one.
    fn comment(&mut self, row: &Row<'p>) {
        let Entry::Comment { kind, target, text } = &row.line.entry else { return };
        let comment = ((*kind).to_owned(), (*text).to_owned());
        if let Some(span) = self.find(target) {
            if *kind == "AnnotatorNotes" {
                let note = &mut self.spans[span].note;
                if !note.is_empty() {
                    note.push('\n');
                }
                note.push_str(text);
            } else {
                self.extras[span].comments.push(comment);
            }
        } else if let Some(link) = self.by_link.get(target).and_then(|link| self.links.get_mut(*link)) {
            link.extra.comments.push(comment);
        } else if let Some((of, line)) = self.said.get(target).cloned() {
            let remarks = match of {
                Said::OfSpan(span) => self.extras.get_mut(span).map(|extra| &mut extra.remarks),
                Said::OfLink(link) => self.links.get_mut(link).map(|link| &mut link.extra.remarks),
            };
            if let Some(remarks) = remarks {
                remarks.push((line, comment.0, comment.1));
            }
            self.note(row, format!("a note on {target}, which has none here: it is kept for an export to brat"));
        } else {
            self.error(row, format!("{target} is nothing that was read here; the note was not imported"));
        }
    }

    fn normalisation(&mut self, row: &Row<'p>) {
        let Entry::Normalisation { kind, target, reference, text } = &row.line.entry else { return };
        let Some(span) = self.find(target) else {
            self.error(row, format!("{target} is no span or event here; the normalisation was not imported"));
            return;
        };
        let kind = self.name(kind);
        let line = extra::on_normalisation(&kind, reference);
        self.said.entry(row.line.id).or_insert((Said::OfSpan(span), line));
        let known = &mut self.extras[span].normalisations;
        let first = !known.iter().any(|(before, ..)| *before == kind);
        known.push((kind.clone(), (*reference).to_owned(), (*text).to_owned()));
        if first && self.spans[span].attributes.contains_key(&kind) {
            self.note(
                row,
                format!("{target} has an attribute {kind} too: the normalisation is kept for an export to brat"),
            );
            return;
        }
        add(&mut self.spans[span].attributes, kind, Some(reference), false);
    }

    /// What the aside says is put in, where it still holds.
    fn finish(mut self, aside: &mut Aside, own: &Text, index: &OffsetIndex<'_>) -> (Vec<RawSpan>, Vec<RawRelation>) {
        for ((span, extra), is) in self.spans.iter_mut().zip(&self.extras).zip(&self.places) {
            let said = span.id.as_ref().and_then(|id| aside.spans.remove(id)).filter(|item| item.is == *is);
            if let Some(item) = said {
                apply(&item, &mut span.attributes, &mut span.extra);
                if cut(own, index, &item.ranges)
                    .is_some_and(|(places, quote)| places == span.ranges && span.quote.as_ref() == Some(&quote))
                {
                    (span.ranges, span.quote) = (item.ranges, None);
                }
                if let Some(note) = item.note.filter(|note| values::note_lines(note).join("\n") == span.note) {
                    span.note = note;
                }
                span.id = item.id.or(span.id.take());
            }
            extra::put(&mut span.extra, extra);
        }
        let mut relations = Vec::with_capacity(self.links.len());
        for mut link in self.links {
            let said = aside.relations.remove(&link.key).filter(|item| item.is == link.is);
            if let Some(item) = said {
                apply(&item, &mut link.raw.attributes, &mut link.raw.extra);
                link.raw.id = item.id.or(link.raw.id.take());
            }
            extra::put(&mut link.raw.extra, &link.extra);
            let name = |span: usize| self.spans.get(span).and_then(|span| span.id.clone()).unwrap_or_default();
            (link.raw.from, link.raw.to) = (name(link.from), name(link.to));
            relations.push(link.raw);
        }
        (self.spans, relations)
    }
}

/// What a span line says that it covers: without what stands behind it, with the spaces that brat before 1.3 left out.
fn text_of(quote: &str, fragments: &[(usize, usize)]) -> Option<String> {
    let length = length(fragments);
    if quote.is_empty() && length > 0 {
        return None;
    }
    let gaps = fragments.len() - 1;
    let count = quote.chars().count();
    if count > length {
        let end = quote.char_indices().nth(length).map_or(quote.len(), |(at, _)| at);
        if quote[end..].starts_with(char::is_whitespace) {
            return Some(quote[..end].to_owned());
        }
    } else if gaps > 0 && count == length - gaps {
        let mut spaced = String::with_capacity(quote.len() + gaps);
        let mut rest = quote.chars();
        for (index, (start, end)) in fragments.iter().enumerate() {
            if index > 0 {
                spaced.push(' ');
            }
            spaced.extend(rest.by_ref().take(end.saturating_sub(*start)));
        }
        return Some(spaced);
    }
    Some(quote.to_owned())
}

/// Ranges as brat can hold them, and what they cover.
fn cut(own: &Text, index: &OffsetIndex<'_>, ranges: &[(usize, usize)]) -> Option<(Vec<(usize, usize)>, String)> {
    let (mut places, mut quotes) = (Vec::new(), Vec::new());
    for (start, end) in ranges {
        let range = index.range(Unit::CodePoint, *start, *end).ok()?;
        for (start, end) in pieces(own.as_str(), range.start(), range.end()) {
            places.push((index.to(Unit::CodePoint, start), index.to(Unit::CodePoint, end)));
            quotes.push(own.as_str().get(start..end)?);
        }
    }
    (!places.is_empty()).then(|| (places, quotes.join(" ")))
}

fn add(attributes: &mut Attributes, name: String, value: Option<&str>, escaped: bool) {
    let mut whole = attributes.remove(&name);
    values::add(&mut whole, value, escaped);
    if let Some(whole) = whole {
        attributes.insert(name, whole);
    }
}

/// Values that brat writes otherwise come back, where it still has what was written for them.
fn apply(item: &Item, attributes: &mut Attributes, extra: &mut Map<String, Value>) {
    for (name, value) in &item.attributes {
        if values::read(values::lines(value, true), true).as_ref() == attributes.get(name) {
            attributes.insert(name.clone(), value.clone());
        }
    }
    extra.extend(item.extra.clone());
}
