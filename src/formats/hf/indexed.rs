//! Rows whose spans count words, not characters: `[first, last, label]` with the last word inside, as `GLiNER`, `SciERC` and `CrossRE` have
//! them, over one list of words or over sentences; or `{"start", "end", "type"}` with the first word after, as `SpERT` has them.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::text::{Place, Problem};

const WORDS: [&str; 4] = ["tokenized_text", "tokens", "words", "sentence"];
const SENTENCES: &str = "sentences";
const SPANS: [&str; 3] = ["ner", "entities", "spans"];

/// What such a row says, in the spelling of our own lines.
pub(super) struct Indexed {
    /// Words joined by spaces, sentences by line ends.
    pub text: String,
    pub spans: Vec<Value>,
    pub relations: Vec<Value>,
}

/// The row is such a one, and has a span at least.
pub(super) fn is_one(row: &Map<String, Value>) -> bool {
    let (Some((key, words)), Some((_, spans))) = (words(row), spans(row)) else { return false };
    !words.is_empty() && !spans.is_empty() && (key != "sentence" || row.get("text").is_none())
}

/// Takes words, spans and relations out of a row. What lies outside its words is refused.
pub(super) fn take(row: &mut Map<String, Value>, place: &Place, problems: &mut Vec<Problem>) -> Option<Indexed> {
    let (words_key, sentences) = words(row)?;
    let (spans_key, marks) = spans(row)?;
    let (mut text, mut places) = (String::new(), Vec::new());
    let mut at = 0;
    for (index, sentence) in sentences.iter().enumerate() {
        for (nth, word) in sentence.iter().enumerate() {
            if !text.is_empty() {
                text.push(if nth == 0 && index > 0 { '\n' } else { ' ' });
                at += 1;
            }
            let end = at + word.chars().count();
            places.push((at, end));
            text.push_str(word);
            at = end;
        }
    }
    let mut found = Indexed { text, spans: Vec::new(), relations: Vec::new() };
    let mut by_extent = HashMap::new();
    for (index, mark) in marks.iter().enumerate() {
        let id = format!("s{}", index + 1);
        let start = places.get(mark.first).map(|place| place.0);
        let end = mark.last.filter(|last| *last >= mark.first).and_then(|last| places.get(last)).map(|place| place.1);
        let (Some(start), Some(end)) = (start, end) else {
            let sentence = format!("{} lies outside the {} words; the span was not imported", mark.told, places.len());
            problems.push(Problem::error(place.clone().item(id), sentence));
            continue;
        };
        by_extent.entry((mark.first, mark.last.unwrap_or_default())).or_insert_with(|| id.clone());
        let mut span = json!({"id": id, "start": start, "end": end, "label": mark.label});
        if let (Value::Object(span), false) = (&mut span, mark.more.is_empty()) {
            span.insert("more".to_owned(), mark.more.clone().into());
        }
        found.spans.push(span);
    }
    let nested = words_key == SENTENCES;
    let relations: Vec<&Value> = row.get("relations").map(|list| items(list, nested)).unwrap_or_default();
    let read: Option<Vec<Link<'_>>> = relations.iter().map(|relation| Link::read(relation)).collect();
    if let Some(links) = read {
        for (link, value) in links.iter().zip(&relations) {
            let end = |end: &End| match end {
                End::Words(first, last) => by_extent.get(&(*first, *last)).cloned(),
                End::Span(index) => Some(format!("s{}", index + 1)).filter(|_| *index < marks.len()),
            };
            let (Some(from), Some(to)) = (end(&link.from), end(&link.to)) else {
                let sentence = format!("the relation {value} joins words where no span is; it was not imported");
                problems.push(Problem::error(place.clone(), sentence));
                continue;
            };
            let mut relation = json!({"kind": link.kind, "from": from, "to": to});
            if let (Value::Object(relation), false) = (&mut relation, link.more.is_empty()) {
                relation.insert("more".to_owned(), link.more.into());
            }
            found.relations.push(relation);
        }
        row.shift_remove("relations");
    }
    row.shift_remove(words_key);
    row.shift_remove(spans_key);
    Some(found)
}

/// The words, by sentence, and the column that has them.
fn words(row: &Map<String, Value>) -> Option<(&'static str, Vec<Vec<String>>)> {
    let strings = |list: &Value| {
        list.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect::<Option<Vec<String>>>()
    };
    let sentences = row.get(SENTENCES).and_then(Value::as_array).filter(|list| !list.is_empty());
    if let Some(sentences) = sentences.and_then(|list| list.iter().map(strings).collect::<Option<Vec<_>>>()) {
        return Some((SENTENCES, sentences));
    }
    let one = |key: &'static str| Some((key, strings(row.get(key)?).filter(|words| !words.is_empty())?));
    WORDS.into_iter().find_map(one).map(|(key, words)| (key, vec![words]))
}

/// One span, in words.
struct Mark {
    first: usize,
    last: Option<usize>,
    label: String,
    /// What stands behind the label.
    more: Vec<Value>,
    /// As the file has it.
    told: String,
}

fn spans(row: &Map<String, Value>) -> Option<(&'static str, Vec<Mark>)> {
    let nested = words(row)?.0 == SENTENCES;
    let one = |key: &'static str| {
        let marks = items(row.get(key).filter(|list| list.is_array())?, nested).into_iter().map(mark);
        Some((key, marks.collect::<Option<Vec<Mark>>>()?))
    };
    SPANS.into_iter().find_map(one)
}

/// The items of a list, or of the lists in it.
fn items(list: &Value, nested: bool) -> Vec<&Value> {
    let list = list.as_array().into_iter().flatten();
    if nested { list.flat_map(|inner| inner.as_array().into_iter().flatten()).collect() } else { list.collect() }
}

fn number(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|number| usize::try_from(number).ok())
}

fn mark(value: &Value) -> Option<Mark> {
    let told = value.to_string();
    match value {
        Value::Array(list) => match list.as_slice() {
            [first, last, Value::String(label), more @ ..] => Some(Mark {
                first: number(first)?,
                last: Some(number(last)?),
                label: label.clone(),
                more: more.to_vec(),
                told,
            }),
            _ => None,
        },
        Value::Object(object) => {
            let label = object.get("type").or_else(|| object.get("label"))?.as_str()?.to_owned();
            let (first, end) = (number(object.get("start")?)?, number(object.get("end")?)?);
            Some(Mark { first, last: end.checked_sub(1), label, more: Vec::new(), told })
        }
        _ => None,
    }
}

/// An end of a relation: the words of a span, or which of the spans.
enum End {
    Words(usize, usize),
    Span(usize),
}

struct Link<'a> {
    kind: &'a str,
    from: End,
    to: End,
    more: &'a [Value],
}

impl<'a> Link<'a> {
    fn read(value: &'a Value) -> Option<Self> {
        if let Value::Array(list) = value
            && let [a, b, c, d, Value::String(kind), more @ ..] = list.as_slice()
        {
            let (from, to) = (End::Words(number(a)?, number(b)?), End::Words(number(c)?, number(d)?));
            return Some(Self { kind, from, to, more });
        }
        let kind = value.get("type").or_else(|| value.get("label"))?.as_str()?;
        let (from, to) = (End::Span(number(value.get("head")?)?), End::Span(number(value.get("tail")?)?));
        Some(Self { kind, from, to, more: &[] })
    }
}
