//! Tasks as records.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::super::hf::placed;
use super::super::late::Loose;
use super::super::options::ReadOptions;
use super::super::record::{Record, Records};
use super::super::values::{self, Element, Values};
use super::{NOTE, REJECTED, THEIRS};
use crate::annotation::exchange::{RawDocument, RawLayer, RawRelation};
use crate::annotation::{Attributes, RawSpan, Status};
use crate::text::convert::{OffsetIndex, Unit};
use crate::text::wording::brief;
use crate::text::{Place, Problem, Text};

type Object = Map<String, Value>;

pub fn reader(path: &Path, options: &ReadOptions) -> io::Result<Records> {
    let file = path.display().to_string();
    let limit = options.limits.document_bytes.saturating_mul(2);
    let source = values::open(path)?;
    Ok(Box::new(Values::new(source, file.clone(), limit).map(move |element: Result<Element<Loose>, _>| {
        let element = element?;
        let place = Place::file(file.clone()).at_line(element.line);
        match element.value {
            Loose::Object(mut task) if task.get("text").is_some_and(Value::is_string) => {
                let quick = task.take::<Vec<Token>>("tokens");
                let Ok(mut task) = task.whole() else {
                    return Err(Box::new(Problem::error(place, "its words are nested too deep; it was not imported")));
                };
                let tokens = quick.unwrap_or_else(|| list(&mut task, "tokens").iter().map(Token::of).collect());
                Ok(Task { place, problems: Vec::new() }.read(task, &tokens, element.read))
            }
            _ => Err(Box::new(Problem::error(place, "the task has no text; it was not imported"))),
        }
    })))
}

struct Task {
    place: Place,
    problems: Vec<Problem>,
}

impl Task {
    fn read(mut self, mut task: Object, tokens: &[Token], read: u64) -> Record {
        let mut note = object(&mut task, NOTE);
        let source = Text::new(task.get("text").and_then(Value::as_str).unwrap_or_default());
        let seen = ["spans", "relations", "answer"].iter().any(|key| task.contains_key(*key));
        let spans = list(&mut task, "spans");
        let relations = list(&mut task, "relations");
        let answer = string(&mut task, "answer");

        // What is ours, in the shape of our own lines.
        let mut line = object(&mut note, "document");
        line.insert("text".to_owned(), task.shift_remove("text").unwrap_or_default());
        if let Some(id) = task.get("id").filter(|id| id.is_string() || id.is_number()) {
            line.insert("id".to_owned(), id.clone());
            task.shift_remove("id");
        }
        if task.get("meta").is_some_and(Value::is_object) {
            line.insert("meta".to_owned(), task.shift_remove("meta").unwrap_or_default());
        }
        let ours = note.shift_remove("layer");
        let noted = ours.is_some();
        line.insert("layers".to_owned(), Value::Array(ours.into_iter().collect()));
        let mut document = RawDocument::read(line, &self.place, &mut self.problems);
        if let Some(hash) = task.shift_remove("_input_hash") {
            keep(&mut document.meta, Object::from_iter([("_input_hash".to_owned(), hash)]));
        }

        let answered = seen && (answer.is_some() || !spans.is_empty() || !relations.is_empty());
        if !noted && !answered {
            keep(&mut document.meta, task);
            return Record { place: self.place, document, has_spans: false, problems: self.problems, read };
        }
        let mut layer = document.layers.pop().unwrap_or_default();
        let session = task.get("_session_id").and_then(Value::as_str).map(str::to_owned);
        if let Some(annotator) = string(&mut task, "_annotator_id").or_else(|| session.clone()) {
            if session.as_ref() == Some(&annotator) {
                task.shift_remove("_session_id");
            }
            layer.annotator = Some(annotator);
        }
        match answer.as_deref() {
            Some("accept") => layer.status = Some(Status::Finished),
            Some("ignore") => layer.status = Some(Status::Skipped),
            Some(other) => {
                layer.status = Some(Status::InProgress);
                if other == "reject" {
                    layer.flag.get_or_insert_with(|| REJECTED.to_owned());
                }
                task.insert("answer".to_owned(), Value::from(other));
            }
            None => layer.status = layer.status.or(Some(Status::InProgress)),
        }
        let tokens = Tokens::new(tokens, &source);
        self.spans(spans, &tokens, &mut layer);
        let kept = self.relations(relations, &tokens, &mut layer);
        if tokens.moved.get().is_some_and(Option::is_some) {
            let sentence = "its tokens do not lie where they say: they were found in the text one after the other, and the spans with them";
            self.problems.push(Problem::warning(self.place.clone(), sentence));
        }
        if !kept.is_empty() {
            task.insert("relations".to_owned(), Value::Array(kept));
        }
        keep(&mut layer.extra, task);
        document.layers.push(layer);
        Record { place: self.place, document, has_spans: false, problems: self.problems, read }
    }

    /// Adds the spans to those that the note has (they cover nothing, and Prodigy has no such spans).
    fn spans(&mut self, spans: Vec<Value>, tokens: &Tokens<'_>, layer: &mut RawLayer) {
        let mut ids: HashMap<String, usize> =
            layer.spans.iter().enumerate().filter_map(|(index, span)| Some((span.id.clone()?, index))).collect();
        for (index, span) in spans.into_iter().enumerate() {
            let place = self.place.clone().field(format!("spans[{index}]"));
            let Value::Object(mut span) = span else {
                self.problems.push(Problem::error(place, "the span is no object; it was not imported"));
                continue;
            };
            let number = |value: Option<Value>| usize::try_from(value?.as_u64()?).ok();
            let given = number(span.shift_remove("start")).zip(number(span.shift_remove("end")));
            let inclusive = number(span.shift_remove("token_start")).zip(number(span.shift_remove("token_end")));
            let counted = inclusive.and_then(|(first, last)| tokens.cover(first, last));
            let Some(range) = given.or(counted) else {
                self.problems.push(Problem::error(place, "the span has no start and end; it was not imported"));
                continue;
            };
            if counted.is_some_and(|counted| counted != range) {
                let sentence = "its tokens lie elsewhere than its start and end, which were taken";
                self.problems.push(Problem::warning(place.clone(), sentence));
            }
            // Tokens that agree with start and end may both be of another text.
            let agreed = inclusive.filter(|_| counted == Some(range)).or_else(|| tokens.within(range));
            let elsewhere = agreed.and_then(|agreed| tokens.elsewhere(agreed));
            let range = elsewhere.unwrap_or(range);
            let mut note = object(&mut span, NOTE);
            let id = string(&mut note, "id");
            let label = string(&mut span, "label").unwrap_or_default();
            let mut quote = string(&mut span, "text");
            // Prodigy fits a suggestion to words and leaves its text as it was.
            let words = agreed.and_then(|(first, last)| tokens.words(first, last));
            if let (Some(words), Some(said)) = (words, &quote)
                && words != said
            {
                let sentence = format!(
                    "its text is “{}”, but start, end and tokens agree on “{}”, which was taken",
                    brief(said, 60),
                    brief(words, 60)
                );
                self.problems.push(Problem::warning(place, sentence));
                quote = None;
            }
            if let (None, None, Some((first, last))) = (words, &quote, agreed) {
                quote = tokens.said(first, last);
            }
            if let Some(first) = id.as_ref().and_then(|id| ids.get(id)).and_then(|index| layer.spans.get_mut(*index)) {
                // A fragment more.
                first.ranges.push(range);
                first.quote = first.quote.take().zip(quote).map(|(first, more)| format!("{first} {more}"));
                continue;
            }
            let mut extra = object(&mut note, "extra");
            keep(&mut extra, span);
            if let Some(id) = &id {
                ids.insert(id.clone(), layer.spans.len());
            }
            layer.spans.push(RawSpan {
                id,
                label,
                ranges: vec![range],
                quote,
                attributes: attributes(&mut note),
                note: string(&mut note, "note").unwrap_or_default(),
                origin: note.shift_remove("origin").and_then(|origin| serde_json::from_value(origin).ok()),
                extra,
                ..RawSpan::default()
            });
        }
    }

    /// Adds the relations; gives back those that join what is no span.
    fn relations(&mut self, relations: Vec<Value>, tokens: &Tokens<'_>, layer: &mut RawLayer) -> Vec<Value> {
        // Relations need spans with names.
        if !relations.is_empty() {
            for (index, span) in layer.spans.iter_mut().enumerate() {
                span.id.get_or_insert_with(|| format!("{index}"));
            }
        }
        let mut at: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        for (index, span) in layer.spans.iter().enumerate() {
            if let [range] = span.ranges.as_slice() {
                at.entry(*range).or_default().push(index);
            }
        }
        let end = |span: &Value| {
            let offset = |key: &str| usize::try_from(span[key].as_u64()?).ok();
            let range = (offset("start")?, offset("end")?);
            let found = at.get(&range).or_else(|| at.get(&tokens.elsewhere(tokens.within(range)?)?))?;
            let named = found.iter().find(|index| span["label"].as_str() == Some(&layer.spans[**index].label));
            layer.spans.get(*named.or(found.first())?)?.id.clone()
        };
        let mut kept = Vec::new();
        for (index, value) in relations.into_iter().enumerate() {
            let place = self.place.clone().field(format!("relations[{index}]"));
            let Value::Object(mut relation) = value.clone() else {
                self.problems.push(Problem::error(place, "the relation is no object; it was not imported"));
                continue;
            };
            let mut note = object(&mut relation, NOTE);
            let ends = string(&mut note, "from").zip(string(&mut note, "to"));
            let found = || end(value.get("head_span")?).zip(end(value.get("child_span")?));
            let Some((from, to)) = ends.or_else(found) else {
                let sentence = "the relation joins words that are no spans; it was kept for an export to Prodigy";
                self.problems.push(Problem::warning(place, sentence));
                kept.push(value);
                continue;
            };
            for key in ["head", "child", "head_span", "child_span"] {
                relation.shift_remove(key);
            }
            let kind = string(&mut relation, "label").unwrap_or_default();
            let mut extra = object(&mut note, "extra");
            keep(&mut extra, relation);
            let id = string(&mut note, "id");
            layer.relations.push(RawRelation { id, kind, from, to, attributes: attributes(&mut note), extra });
        }
        kept
    }
}

/// A token as all have it.
#[derive(Deserialize)]
struct Token {
    start: usize,
    end: usize,
    text: Option<String>,
}

impl Token {
    /// One that is made otherwise.
    fn of(value: &Value) -> Self {
        let offset =
            |key: &str| value[key].as_u64().and_then(|offset| usize::try_from(offset).ok()).unwrap_or_default();
        Self { start: offset("start"), end: offset("end"), text: value["text"].as_str().map(str::to_owned) }
    }
}

/// The words of a task.
struct Tokens<'t> {
    all: &'t [Token],
    text: &'t Text,
    index: OffsetIndex<'t>,
    /// Where the tokens are, in code points, if that is not where they say; looked for where one is missed.
    moved: OnceCell<Option<Vec<(usize, usize)>>>,
}

impl<'t> Tokens<'t> {
    fn new(tokens: &'t [Token], text: &'t Text) -> Self {
        Self { all: tokens, text, index: OffsetIndex::new(text), moved: OnceCell::new() }
    }

    fn slice(&self, start: usize, end: usize) -> Option<&'t str> {
        Some(self.text.slice(self.index.range(Unit::CodePoint, start, end).ok()?))
    }

    /// The text has the token where it says.
    fn is_sound(&self, token: &Token) -> bool {
        token.text.is_some() && self.slice(token.start, token.end) == token.text.as_deref()
    }

    /// The first and the last token of a span, by where they say that they lie.
    fn within(&self, range: (usize, usize)) -> Option<(usize, usize)> {
        let first = self.all.iter().position(|token| token.start == range.0)?;
        Some((first, first + self.all.get(first..)?.iter().position(|token| token.end == range.1)?))
    }

    /// Where a span is, if the text does not have its first and its last token where they say.
    fn elsewhere(&self, (first, last): (usize, usize)) -> Option<(usize, usize)> {
        if self.is_sound(self.all.get(first)?) && self.is_sound(self.all.get(last)?) {
            return None;
        }
        let find = || {
            let words: Option<Vec<&str>> = self.all.iter().map(|token| token.text.as_deref()).collect();
            placed(self.text.as_str(), &words?)
        };
        let moved = self.moved.get_or_init(find).as_ref()?;
        Some((moved.get(first)?.0, moved.get(last)?.1))
    }

    /// From where to where tokens lie, the last included.
    fn cover(&self, first: usize, last: usize) -> Option<(usize, usize)> {
        Some((self.all.get(first)?.start, self.all.get(last)?.end))
    }

    /// What their own words are, if the text has these, elsewhere.
    fn said(&self, first: usize, last: usize) -> Option<String> {
        let words: Option<Vec<&str>> = self.all.get(first..=last)?.iter().map(|token| token.text.as_deref()).collect();
        let words = words.filter(|words| !words.is_empty())?;
        [" ", ""].iter().map(|gap| words.join(gap)).find(|said| self.text.as_str().contains(said.as_str()))
    }

    /// What they cover, if they are the text's.
    fn words(&self, first: usize, last: usize) -> Option<&'t str> {
        if let Some(moved) = self.moved.get().and_then(Option::as_ref) {
            return self.slice(moved.get(first)?.0, moved.get(last)?.1);
        }
        let (from, to) = (self.all.get(first)?, self.all.get(last)?);
        if self.is_sound(from) && self.is_sound(to) { self.slice(from.start, to.end) } else { None }
    }
}

/// Puts what is Prodigy's beside what is kept of it already.
fn keep(extra: &mut Object, more: Object) {
    if more.is_empty() {
        return;
    }
    let mut theirs = object(extra, THEIRS);
    theirs.extend(more);
    extra.insert(THEIRS.to_owned(), Value::Object(theirs));
}

/// Takes a field; one of another type stays where it is.
fn string(object: &mut Object, key: &str) -> Option<String> {
    let text = object.get(key)?.as_str()?.to_owned();
    object.shift_remove(key);
    Some(text)
}

/// Likewise; empty where there is none.
fn object(object: &mut Object, key: &str) -> Object {
    match object.get_mut(key) {
        Some(Value::Object(inner)) => {
            let inner = std::mem::take(inner);
            object.shift_remove(key);
            inner
        }
        _ => Object::new(),
    }
}

fn list(object: &mut Object, key: &str) -> Vec<Value> {
    match object.get_mut(key) {
        Some(Value::Array(inner)) => {
            let inner = std::mem::take(inner);
            object.shift_remove(key);
            inner
        }
        _ => Vec::new(),
    }
}

fn attributes(note: &mut Object) -> Attributes {
    object(note, "attributes").into_iter().collect()
}
