//! The training data of spaCy 2: `{"id","paragraphs":[{"raw","sentences":[{"tokens":[{"orth","ner"}],"brackets"}]}]}`. Each paragraph is
//! a document, as it is an example for spaCy. Its entities are tags on tokens, and the tokens are found in the raw text again.

use serde_json::{Map, Value, json};

use super::super::record::Record;
use super::read::{record, span};
use crate::annotation::RawSpan;
use crate::annotation::exchange::RawLayer;
use crate::text::{Place, Problem};

/// How far behind its place a token is looked for, in bytes.
const NEAR: usize = 200;
/// Who the constituents are by: they would only be in the way of the entities.
const BRACKETS: &str = "brackets";

/// The paragraphs of one document of the corpus.
pub fn documents(mut corpus: Map<String, Value>, place: &Place, read: u64) -> Vec<Result<Record, Box<Problem>>> {
    let Some(Value::Array(paragraphs)) = corpus.shift_remove("paragraphs") else { return Vec::new() };
    let several = paragraphs.len() > 1;
    let name = match corpus.get("id") {
        Some(Value::String(id)) if !id.is_empty() => Some(id.clone()),
        Some(Value::Number(id)) => Some(id.to_string()),
        _ => None,
    };
    let mut records = Vec::new();
    for (index, paragraph) in paragraphs.into_iter().enumerate() {
        let place = place.clone().field(format!("paragraphs[{index}]"));
        let Value::Object(paragraph) = paragraph else {
            let sentence = "the paragraph is no object; it was not imported";
            records.push(Err(Box::new(Problem::error(place, sentence))));
            continue;
        };
        let id = name.as_ref().map(|name| if several { format!("{name}-{index}") } else { name.clone() });
        records.push(Ok(self::paragraph(paragraph, id, &place, read)));
    }
    records
}

/// One token with its place in the text, in code points.
struct Token {
    place: Option<(usize, usize)>,
    tag: Option<String>,
}

fn paragraph(mut paragraph: Map<String, Value>, id: Option<String>, place: &Place, read: u64) -> Record {
    let mut problems = Vec::new();
    let raw = match paragraph.shift_remove("raw") {
        Some(Value::String(raw)) => Some(raw),
        _ => None,
    };
    let sentences = match paragraph.shift_remove("sentences") {
        Some(Value::Array(sentences)) => sentences,
        _ => Vec::new(),
    };
    let mut text = Build { raw, built: String::new(), bytes: 0, chars: 0, missing: 0, first_missing: None };
    let (mut entities, mut brackets, mut tagged, mut columns) = (Vec::new(), Vec::new(), false, Vec::new());
    let mut tokens = Vec::new();
    for sentence in &sentences {
        let first = tokens.len();
        for token in sentence["tokens"].as_array().into_iter().flatten() {
            let Some(orth) = token["orth"].as_str() else {
                problems.push(Problem::error(place.clone(), "a token has no orth; it was passed over"));
                continue;
            };
            let tag = token["ner"].as_str().filter(|tag| !tag.is_empty() && *tag != "-").map(str::to_owned);
            tagged |= tag.is_some();
            tokens.push(Token { place: text.token(orth, token["space"].as_str()), tag });
            for column in ["tag", "pos", "morph", "lemma", "dep", "head"] {
                if token.get(column).is_some_and(|value| !value.is_null()) && !columns.contains(&column) {
                    columns.push(column);
                }
            }
        }
        for bracket in sentence["brackets"].as_array().into_iter().flatten() {
            let offset = |key: &str| bracket[key].as_u64().and_then(|offset| usize::try_from(offset).ok());
            let at = |offset: usize| tokens.get(first.checked_add(offset)?).and_then(|token: &Token| token.place);
            let ends = offset("first").and_then(at).zip(offset("last").and_then(at));
            match (ends, bracket["label"].as_str()) {
                (Some(((start, _), (_, end))), Some(label)) => brackets.push(raw_span(label, start, end)),
                _ => problems.push(Problem::error(
                    place.clone(),
                    format!("the bracket {bracket} has no place; it was not imported"),
                )),
            }
        }
    }
    if let Some(orth) = &text.first_missing {
        let sentence =
            format!("{} of its tokens are not in its raw text, “{orth}” first: they have no place", text.missing);
        problems.push(Problem::warning(place.clone(), sentence));
    }
    if !columns.is_empty() {
        let sentence = format!("what it says of single words is not read: {}", columns.join(", "));
        problems.push(Problem::note(place.clone(), sentence));
    }
    biluo(&tokens, &mut entities, place, &mut problems);
    let listed = paragraph.shift_remove("entities");
    if !tagged && let Some(Value::Array(listed)) = &listed {
        tagged = !listed.is_empty();
        entities.extend(listed.iter().filter_map(|value| span(value, place, &mut problems)));
    }
    let mut layers = Vec::new();
    if tagged {
        layers.push(RawLayer { spans: entities, ..RawLayer::default() });
    }
    if !brackets.is_empty() {
        let annotator = Some(BRACKETS.to_owned());
        layers.push(RawLayer { annotator, spans: brackets, ..RawLayer::default() });
    }
    paragraph.retain(|_, value| !value.is_null() && *value != json!([]) && *value != json!({}));
    if let Some(id) = id {
        paragraph.insert("id".to_owned(), Value::String(id));
    }
    let content = text.raw.take().unwrap_or(text.built);
    record(&content, paragraph, layers, problems, place, read)
}

/// A text whose tokens come one after the other: the raw one, or one that is put together from them.
struct Build {
    raw: Option<String>,
    built: String,
    /// How far the text is used up.
    bytes: usize,
    chars: usize,
    missing: usize,
    first_missing: Option<String>,
}

impl Build {
    fn token(&mut self, orth: &str, space: Option<&str>) -> Option<(usize, usize)> {
        let Some(raw) = &self.raw else {
            let start = self.chars;
            let end = start + orth.chars().count();
            let space = space.unwrap_or(" ");
            self.built.push_str(orth);
            self.built.push_str(space);
            self.chars = end + space.chars().count();
            return Some((start, end));
        };
        let rest = raw.get(self.bytes..).unwrap_or_default();
        // White space is skipped, unless it is the token.
        let blank = if orth.trim().is_empty() { 0 } else { rest.len() - rest.trim_start().len() };
        let here = &rest[blank..];
        let near = &here[..here.ceil_char_boundary(NEAR.min(here.len()))];
        let found = spellings(orth)
            .filter(|spelling| !spelling.is_empty())
            .find(|spelling| here.starts_with(spelling))
            .map(|spelling| (0, spelling.len()))
            .or_else(|| near.find(orth).filter(|_| !orth.is_empty()).map(|at| (at, orth.len())));
        let Some((skipped, len)) = found else {
            self.missing += 1;
            self.first_missing.get_or_insert_with(|| orth.to_owned());
            return None;
        };
        let (from, to) = (blank + skipped, blank + skipped + len);
        let start = self.chars + rest[..from].chars().count();
        let end = start + rest[from..to].chars().count();
        self.bytes += to;
        self.chars = end;
        Some((start, end))
    }
}

/// How a token may stand in the text: treebanks write quotation marks and brackets in their own way.
fn spellings(orth: &str) -> impl Iterator<Item = &str> {
    let others: &[&str] = match orth {
        "``" => &["\"", "“", "«", "„", "''"],
        "''" => &["\"", "”", "»", "“", "``"],
        "`" => &["'", "‘"],
        "'" => &["’", "`"],
        "-LRB-" => &["("],
        "-RRB-" => &[")"],
        "-LSB-" => &["["],
        "-RSB-" => &["]"],
        "-LCB-" => &["{"],
        "-RCB-" => &["}"],
        "..." => &["…"],
        "--" => &["—", "–"],
        _ => &[],
    };
    std::iter::once(orth).chain(others.iter().copied())
}

fn raw_span(label: &str, start: usize, end: usize) -> RawSpan {
    RawSpan { label: label.to_owned(), ranges: vec![(start, end)], ..RawSpan::default() }
}

/// Entities from tags: `B-` begins, `I-` and `L-` go on, `U-` stands alone. What goes on without a beginning begins.
fn biluo(tokens: &[Token], entities: &mut Vec<RawSpan>, place: &Place, problems: &mut Vec<Problem>) {
    let mut open: Option<(&str, usize, usize)> = None;
    let mut repaired = 0;
    let mut close = |open: &mut Option<(&str, usize, usize)>| {
        if let Some((label, start, end)) = open.take() {
            entities.push(raw_span(label, start, end));
        }
    };
    for token in tokens {
        let tag = token.tag.as_deref().unwrap_or("O");
        let Some((letter, label)) = tag.split_once('-').filter(|(_, label)| !label.is_empty()) else {
            close(&mut open);
            continue;
        };
        let Some((start, end)) = token.place else { continue };
        let goes_on = matches!(letter, "I" | "L") && open.is_some_and(|(known, ..)| known == label);
        if goes_on {
            open = open.map(|(known, start, _)| (known, start, end));
        } else {
            close(&mut open);
            repaired += usize::from(matches!(letter, "I" | "L"));
            open = Some((label, start, end));
        }
        if matches!(letter, "L" | "U") {
            close(&mut open);
        }
    }
    close(&mut open);
    if repaired > 0 {
        let sentence = format!("{repaired} of its entities begin with I- or L-: read as beginnings");
        problems.push(Problem::warning(place.clone(), sentence));
    }
}
