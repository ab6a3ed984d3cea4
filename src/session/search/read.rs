//! From what people type to a [`Search`]: `label:quote -has:speaker text:/Kerry/ "exact words"`. One grammar for the search, for the
//! filter of the list and for `spanwright list`; ARCHITECTURE.md describes it field by field.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value as Json;

use super::Pattern;
use super::dates;
use super::query::{AttributeTest, Given, NameTest, Owners, Search, SpanTest, Test, Wording};
use super::token::{self, Piece, Token, Value};
use crate::annotation::{Annotator, Status};
use crate::schema::suggest::nearest;
use crate::schema::{Attribute, AttributeKind, LabelId, Schema};
use crate::session::assign::{Assigned, Hands};
use crate::store::{Counts, Query, Sort};

/// What a query may speak of.
#[derive(Clone, Copy, Debug)]
pub struct Vocabulary<'a> {
    pub schema: &'a Schema,
    pub counts: &'a Counts,
    /// What `assignments.ron` says, if it is there.
    pub assigned: Option<&'a Arc<Assigned>>,
}

/// Where words without a field are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Free {
    /// In the texts: a search.
    Texts,
    /// In title, id and source: a filter.
    Names,
}

/// Why a query cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the query.
    pub place: Range<usize>,
    pub sentence: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Mistake {}

/// Every field, with an example of it and what it means.
pub const FIELDS: [(&str, &str, &str); 18] = [
    ("text", "text:/Kerry|Lavrov/", "In the text; where spans are asked for, in one of them"),
    ("label", "label:quote,event", "Spans with one of these labels"),
    ("has", "-has:speaker", "Spans with an attribute, a relation or a note"),
    ("attr", "attr:type=person", "Spans with this value; also type:person"),
    ("note", "note:*", "Spans whose note has these words"),
    ("by", "by:ana", "In this annotator’s layers; by:* is anyone’s"),
    ("assigned", "assigned:ana", "Given to this annotator; assigned:* is anyone"),
    ("overlap", "overlap:ready", "Given to two or more: yes, two (of them have finished) or ready (all have)"),
    ("status", "-status:finished", "untouched, in-progress, finished or skipped"),
    ("flag", "flag:bridge", "Flagged, for a reason with these words"),
    ("title", "title:harbour", "In the title"),
    ("id", "id:2026", "In the id"),
    ("source", "source:*post*", "From this source"),
    ("date", "date:2026-03..2026-05", "From this time; also date:>2026-01"),
    ("hidden", "hidden:yes", "Among the hidden documents"),
    ("sort", "sort:-date", "By id, title, source, date or length; - turns it round"),
    ("case", "case:yes", "Capitals count"),
    ("word", "word:yes", "Whole words only"),
];

impl Search {
    /// Reads a query. `base` says who looks, and what else must hold; its words are not looked at.
    pub fn read(typed: &str, free: Free, base: &Query, known: Vocabulary<'_>) -> Result<Self, Mistake> {
        let list = Query { words: String::new(), ..base.clone() };
        let mut reader = Reader {
            known,
            free,
            case: false,
            whole: false,
            search: Self { typed: typed.to_owned(), list, ..Self::default() },
            sources: Vec::new(),
        };
        let tokens = token::tokens(typed, |name| reader.is_field(name));
        for token in &tokens {
            match token.field.as_ref().map(|field| field.words.to_lowercase()).as_deref() {
                Some("case") => reader.case = yes(token)?,
                Some("word") => reader.whole = yes(token)?,
                _ => {}
            }
        }
        for token in &tokens {
            reader.token(token)?;
        }
        Ok(reader.finish())
    }
}

struct Reader<'a> {
    known: Vocabulary<'a>,
    free: Free,
    case: bool,
    whole: bool,
    search: Search,
    /// Exact sources that are asked for.
    sources: Vec<Test<Vec<String>>>,
}

type Read<T> = Result<T, Mistake>;

fn mistake<T>(place: &Range<usize>, sentence: impl Into<String>) -> Read<T> {
    Err(Mistake { place: place.clone(), sentence: sentence.into() })
}

/// `There is no label “qoute”; did you mean “quote”?`
fn unknown<'a, T>(what: &str, piece: &Piece, known: impl IntoIterator<Item = &'a str> + Clone) -> Read<T> {
    let name = &piece.words;
    let near = nearest(name, known.clone()).map(|near| format!("; did you mean “{near}”?"));
    let rest = || {
        let mut some: Vec<&str> = Vec::new();
        for name in known {
            if some.len() < 12 && !some.contains(&name) {
                some.push(name);
            }
        }
        if some.is_empty() { String::new() } else { format!(". There are {}", some.join(", ")) }
    };
    mistake(&piece.place, format!("There is no {what} “{name}”{}", near.unwrap_or_else(rest)))
}

fn yes(token: &Token) -> Read<bool> {
    match token.values.first().map(|value| value.piece().words.to_lowercase()).as_deref() {
        None | Some("yes" | "true") => Ok(!token.negated),
        Some("no" | "false") => Ok(token.negated),
        Some(other) => mistake(&token.place, format!("“{other}” is neither yes nor no")),
    }
}

impl Reader<'_> {
    /// Also what is nearly one: a slip is told, not looked for as a word.
    fn is_field(&self, name: &str) -> bool {
        let lower = name.to_lowercase();
        let slip = |field: &str| name.chars().count() > 2 && strsim::damerau_levenshtein(field, &lower) == 1;
        FIELDS.iter().any(|(field, ..)| *field == lower || slip(field)) || self.attribute(name).is_some()
    }

    fn attributes(&self) -> impl Iterator<Item = (&Attribute, bool)> + Clone {
        let of_spans = self.known.schema.labels.iter().flat_map(|label| &label.attributes).map(|it| (it, true));
        of_spans.chain(self.known.schema.document.iter().map(|it| (it, false)))
    }

    /// The name as the schema writes it, and whether spans have it (else documents).
    fn attribute(&self, name: &str) -> Option<(String, bool)> {
        let lower = name.to_lowercase();
        let found = self.attributes().find(|(attribute, _)| attribute.name.to_lowercase() == lower);
        found.map(|(attribute, of_spans)| (attribute.name.clone(), of_spans))
    }

    fn token(&mut self, token: &Token) -> Read<()> {
        let Some(field) = &token.field else {
            let words = token.values.iter().map(|value| self.pattern(value)).collect::<Read<Vec<_>>>()?;
            self.search.free.push(token.place.clone());
            self.free_words(token, words);
            return Ok(());
        };
        let negated = token.negated;
        let name = field.words.to_lowercase();
        if token.values.is_empty() && !matches!(name.as_str(), "flag" | "note" | "hidden" | "case" | "word") {
            return mistake(&token.place, format!("Say what after “{}:”", field.words));
        }
        match name.as_str() {
            "text" => {
                let of = self.wording(&token.values)?.0;
                if of.is_empty() {
                    return mistake(&token.place, "Every text has some words; say which");
                }
                self.search.texts.push(Test { negated, of });
            }
            "label" => self.labels(token)?,
            "has" => self.has(token)?,
            "attr" => self.attr(token)?,
            "note" => {
                let of = vec![SpanTest::Note(self.wording(&token.values)?)];
                self.search.layer.spans.push(Test { negated, of });
            }
            "by" => self.by(token)?,
            "assigned" => self.assigned(token)?,
            "overlap" => self.overlap(token)?,
            "status" => self.status(token)?,
            "flag" => {
                let of = self.wording(&token.values)?;
                self.search.layer.flags.push(Test { negated, of });
            }
            "title" => self.name(negated, NameTest::Title(self.wording(&token.values)?)),
            "id" => self.name(negated, NameTest::Id(self.wording(&token.values)?)),
            "source" => self.source(token)?,
            "date" => {
                let ranges = token.values.iter().map(Value::piece).map(dates::read).collect::<Read<Vec<_>>>()?;
                self.name(negated, NameTest::Dates(ranges));
            }
            "hidden" => self.search.list.hidden = yes(token)?,
            "sort" => self.sort(token)?,
            "case" | "word" => {}
            _ => return self.attribute_field(token, field),
        }
        Ok(())
    }

    fn name(&mut self, negated: bool, of: NameTest) {
        self.search.names.push(Test { negated, of });
    }

    fn free_words(&mut self, token: &Token, words: Vec<Pattern>) {
        let negated = token.negated;
        match (self.free, &token.values[..]) {
            (Free::Texts, _) => self.search.texts.push(Test { negated, of: words }),
            // What the store looks for by itself.
            (Free::Names, [Value::Plain(piece)]) if !negated && !self.case && !self.whole => {
                let list = &mut self.search.list.words;
                let gap = if list.is_empty() { "" } else { " " };
                *list += &format!("{gap}{}", piece.words);
            }
            (Free::Names, _) => self.name(negated, NameTest::Any(Wording(words))),
        }
    }

    /// Patterns for all values; none where any words will do.
    fn wording(&self, values: &[Value]) -> Read<Wording> {
        if values.iter().any(|value| matches!(value, Value::Plain(piece) if piece.words == "*")) {
            return Ok(Wording::default());
        }
        values.iter().map(|value| self.pattern(value)).collect::<Read<Vec<_>>>().map(Wording)
    }

    fn pattern(&self, value: &Value) -> Read<Pattern> {
        let Piece { words, place } = value.piece();
        let pattern = match value {
            Value::Regex(_) => Pattern::regex(words, self.case, self.whole),
            Value::Plain(_) | Value::Quoted(_) => Pattern::words(words, self.case, self.whole),
        };
        pattern.or_else(|sentence| mistake(place, sentence))
    }

    fn labels(&mut self, token: &Token) -> Read<()> {
        let schema = self.known.schema;
        let mut ids = BTreeSet::new();
        for value in &token.values {
            let piece = value.piece();
            let lower = piece.words.to_lowercase();
            let by_name = || {
                schema
                    .labels
                    .iter()
                    .find(|it| it.name.to_lowercase() == lower || it.id.as_str().to_lowercase() == lower)
            };
            let Some(label) = schema.resolve(&piece.words).or_else(by_name) else {
                // One that is in use, though the schema does not have it.
                let used = self.known.counts.annotators.iter().flat_map(|counts| &counts.spans).map(|(label, _)| label);
                if let Some(label) = used.clone().find(|label| label.as_str() == piece.words) {
                    ids.insert(label.clone());
                    continue;
                }
                return unknown("label", piece, schema.labels.iter().map(|it| &it.id).chain(used).map(LabelId::as_str));
            };
            // What stands below it counts as well, and what any of them was called before.
            for under in schema.labels.iter().filter(|it| schema.lineage(&it.id).any(|above| *above == label.id)) {
                ids.insert(under.id.clone());
                ids.extend(under.was.iter().cloned());
            }
        }
        let ids: Vec<LabelId> = ids.into_iter().collect();
        if token.negated {
            self.search.layer.without.extend(ids);
        } else {
            self.search.layer.labels.push(ids);
        }
        Ok(())
    }

    fn has(&mut self, token: &Token) -> Read<()> {
        let schema = self.known.schema;
        let (mut of, negated) = (Vec::new(), token.negated);
        for value in &token.values {
            let piece = value.piece();
            let lower = piece.words.to_lowercase();
            let kinds = || schema.relations.iter();
            let by_name = || kinds().find(|kind| kind.name.to_lowercase() == lower || kind.id.as_str() == lower);
            if let Some(kind) = schema.resolve_relation(&piece.words).or_else(by_name) {
                of.push(SpanTest::Relation(kind.id.clone()));
            } else if let Some((name, of_spans)) = self.attribute(&piece.words) {
                let test = AttributeTest { name, values: Vec::new() };
                if of_spans {
                    of.push(SpanTest::Attribute(test));
                } else {
                    self.search.layer.document.push(Test { negated, of: test });
                }
            } else if lower == "note" {
                of.push(SpanTest::Note(Wording::default()));
            } else {
                let names = self.attributes().map(|(attribute, _)| attribute.name.as_str());
                return unknown("attribute or relation", piece, names.chain(kinds().map(|kind| kind.id.as_str())));
            }
        }
        if !of.is_empty() {
            self.search.layer.spans.push(Test { negated, of });
        }
        Ok(())
    }

    /// `attr:type=person,organisation`
    fn attr(&mut self, token: &Token) -> Read<()> {
        let first = token.values[0].piece();
        let (name, value) = match first.words.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (first.words.as_str(), None),
        };
        let place = first.place.start..first.place.start + name.len();
        let name = Piece { words: name.to_owned(), place };
        let value = value.map(|value| Piece { words: value.to_owned(), place: first.place.clone() });
        let rest = token.values[1..].iter().map(|value| value.piece().clone());
        self.valued(token.negated, &name, &value.into_iter().chain(rest).collect::<Vec<_>>())
    }

    /// `type:person`, or a field that there is not.
    fn attribute_field(&mut self, token: &Token, field: &Piece) -> Read<()> {
        if self.attribute(&field.words).is_none() {
            let names = FIELDS.iter().map(|(name, ..)| *name);
            return unknown("field", field, names.collect::<Vec<_>>());
        }
        let any = matches!(&token.values[..], [Value::Plain(piece)] if piece.words == "*");
        let values = if any { Vec::new() } else { token.values.iter().map(|value| value.piece().clone()).collect() };
        self.valued(token.negated, field, &values)
    }

    fn valued(&mut self, negated: bool, name: &Piece, values: &[Piece]) -> Read<()> {
        let Some((known, of_spans)) = self.attribute(&name.words) else {
            return unknown("attribute", name, self.attributes().map(|(attribute, _)| attribute.name.as_str()));
        };
        let kinds: Vec<&AttributeKind> =
            self.attributes().filter(|(attribute, _)| attribute.name == known).map(|(it, _)| &it.kind).collect();
        let values = values.iter().map(|value| value_of(&known, &kinds, value)).collect::<Read<Vec<Json>>>()?;
        let test = AttributeTest { name: known, values };
        if of_spans {
            self.search.layer.spans.push(Test { negated, of: vec![SpanTest::Attribute(test)] });
        } else {
            self.search.layer.document.push(Test { negated, of: test });
        }
        Ok(())
    }

    fn by(&mut self, token: &Token) -> Read<()> {
        let mut owners = Vec::new();
        for value in &token.values {
            let piece = value.piece();
            if piece.words == "*" && !token.negated {
                self.search.layer.owners = Owners::All;
                return Ok(());
            }
            let me = self.search.list.annotator.as_ref().map(Annotator::as_str);
            // Also who has documents and has not begun.
            let given = self.known.assigned.iter().flat_map(|assigned| &assigned.annotators).map(Annotator::as_str);
            let marked = self.known.counts.annotators.iter().map(|it| it.annotator.as_str());
            let known = marked.chain(given).chain(me).chain([Annotator::GOLD]);
            let lower = piece.words.to_lowercase();
            match known.clone().find(|name| name.to_lowercase() == lower) {
                Some(name) => owners.push(Annotator::from(name)),
                None => return unknown("annotator", piece, known),
            }
        }
        if token.negated {
            self.search.not_by.extend(owners);
        } else {
            self.search.layer.owners = Owners::These(owners);
        }
        Ok(())
    }

    /// What says who has what; without it, nothing can be asked of it.
    fn assignments(&mut self, token: &Token) -> Read<Arc<Assigned>> {
        let Some(assigned) = self.known.assigned else {
            return mistake(&token.place, "No documents are assigned in this project yet");
        };
        self.search.assigned = Some(Arc::clone(assigned));
        Ok(Arc::clone(assigned))
    }

    fn assigned(&mut self, token: &Token) -> Read<()> {
        let assigned = self.assignments(token)?;
        let mut of = Vec::new();
        for value in &token.values {
            let piece = value.piece();
            let lower = piece.words.to_lowercase();
            let names = || assigned.annotators.iter().map(Annotator::as_str);
            let exact = || names().position(|name| name == piece.words);
            of.push(match exact().or_else(|| names().position(|name| name.to_lowercase() == lower)) {
                _ if lower == "*" => Given::Anybody,
                Some(place) => Given::To(Hands::one(place)),
                None => return unknown("annotator with assigned documents", piece, names().collect::<Vec<_>>()),
            });
        }
        self.search.given.push(Test { negated: token.negated, of });
        Ok(())
    }

    fn overlap(&mut self, token: &Token) -> Read<()> {
        self.assignments(token)?;
        let read = |value: &Value| {
            let Piece { words, place } = value.piece();
            match words.to_lowercase().as_str() {
                "yes" | "true" | "*" => Ok(Given::Shared),
                "two" => Ok(Given::Two),
                "ready" => Ok(Given::Ready),
                _ => mistake(place, format!("“{words}” is nothing an overlap can be. There are yes, two and ready")),
            }
        };
        let of = token.values.iter().map(read).collect::<Read<Vec<Given>>>()?;
        self.search.given.push(Test { negated: token.negated, of });
        Ok(())
    }

    fn status(&mut self, token: &Token) -> Read<()> {
        let read = |value: &Value| {
            let Piece { words, place } = value.piece();
            match Status::parse(&words.to_lowercase()) {
                Some(status) => Ok(status),
                None => mistake(
                    place,
                    format!("“{words}” is no status. There are untouched, in-progress, finished and skipped"),
                ),
            }
        };
        let of = token.values.iter().map(read).collect::<Read<Vec<Status>>>()?;
        self.search.layer.statuses.push(Test { negated: token.negated, of });
        Ok(())
    }

    /// By its whole name, or with `*` for anything; a pattern between slashes.
    fn source(&mut self, token: &Token) -> Read<()> {
        let (mut patterns, mut exact) = (Vec::new(), Vec::new());
        for value in &token.values {
            let Piece { words, place } = value.piece();
            let sources = self.known.counts.sources.iter().map(|(source, _)| source.as_str());
            let globbed = || words.split('*').map(regex::escape).collect::<Vec<_>>().join(".*");
            let pattern = match value {
                Value::Regex(_) => Pattern::regex(words, self.case, false),
                Value::Plain(piece) if piece.words.contains('*') => {
                    Pattern::regex(&format!("^{}$", globbed()), self.case, false)
                }
                _ => {
                    let lower = words.to_lowercase();
                    let Some(known) = sources.clone().find(|source| source.to_lowercase() == lower) else {
                        return unknown("source", value.piece(), sources);
                    };
                    exact.push(known.to_owned());
                    continue;
                }
            };
            patterns.push(pattern.or_else(|sentence| mistake(place, sentence))?);
        }
        if patterns.is_empty() {
            self.sources.push(Test { negated: token.negated, of: exact });
        } else {
            for source in exact {
                let whole = Pattern::regex(&format!("^{}$", regex::escape(&source)), true, false);
                patterns.push(whole.or_else(|sentence| mistake(&token.place, sentence))?);
            }
            self.name(token.negated, NameTest::Source(Wording(patterns)));
        }
        Ok(())
    }

    fn sort(&mut self, token: &Token) -> Read<()> {
        let Piece { words, place } = token.values[0].piece();
        let (name, descending) = words.strip_prefix('-').map_or((words.as_str(), false), |name| (name, true));
        self.search.list.sort = match name {
            "id" => Sort::Id,
            "title" => Sort::Title,
            "source" => Sort::Source,
            "date" => Sort::Date,
            "length" => Sort::Length,
            _ => {
                let sentence = format!("“{name}” is no order. There are id, title, source, date and length");
                return mistake(place, sentence);
            }
        };
        self.search.list.descending = descending;
        Ok(())
    }

    /// Gives the store as much as it can answer by itself.
    fn finish(self) -> Search {
        let Self { mut search, sources, .. } = self;
        let asked = !search.layer.is_nothing();
        let layer = &mut search.layer;
        if let Owners::These(these) = &layer.owners
            && let [one] = &these[..]
        {
            search.list.annotator = Some(one.clone());
            layer.owners = Owners::One;
            layer.written = !asked;
        } else if layer.owners != Owners::One {
            layer.written = !asked;
        }
        if layer.owners == Owners::One && search.list.annotator.is_some() {
            if let Some(at) = layer.statuses.iter().position(|test| !test.negated && test.of.len() == 1)
                && search.list.status.is_none()
            {
                search.list.status = Some(layer.statuses.remove(at).of[0]);
            }
            if layer.flags.iter().any(|test| !test.negated) {
                search.list.flagged = true;
                layer.flags.retain(|test| test.negated || !test.of.0.is_empty());
            }
            if let Some([label]) = layer.labels.first().map(Vec::as_slice)
                && search.list.label.is_none()
            {
                search.list.label = Some(label.clone());
            }
        }
        for test in sources {
            match &test.of[..] {
                [one] if !test.negated && search.list.source.is_none() => search.list.source = Some(one.clone()),
                _ => search.names.push(Test { negated: test.negated, of: NameTest::Sources(test.of) }),
            }
        }
        search
    }
}

/// The value an attribute of one of these kinds would have.
fn value_of(name: &str, kinds: &[&AttributeKind], piece: &Piece) -> Read<Json> {
    let lower = piece.words.to_lowercase();
    let mut known = BTreeSet::new();
    for kind in kinds {
        match kind {
            AttributeKind::OneOf(values) | AttributeKind::AnyOf(values) => {
                known.extend(values.iter().map(String::as_str));
            }
            AttributeKind::Flag => match lower.as_str() {
                "true" | "yes" => return Ok(Json::Bool(true)),
                "false" | "no" => return Ok(Json::Bool(false)),
                _ => {}
            },
            AttributeKind::Number => {
                if let Ok(number) = piece.words.parse::<f64>() {
                    return Ok(number.into());
                }
            }
            AttributeKind::Text => return Ok(Json::String(piece.words.clone())),
        }
    }
    if let Some(value) = known.iter().find(|value| value.to_lowercase() == lower) {
        return Ok(Json::String((*value).to_owned()));
    }
    if known.is_empty() {
        let wanted =
            if kinds.iter().any(|kind| matches!(kind, AttributeKind::Number)) { "a number" } else { "yes or no" };
        return mistake(&piece.place, format!("“{}” is no value of {name}; it takes {wanted}", piece.words));
    }
    unknown(name, piece, known)
}
