//! How a review speaks: of kinds, of rulings, of where gold came from.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Reviewing;
use crate::annotation::{Annotator, Attributes, Span};
use crate::review::{Boundary, Decision, Difference, Kind, Rule, Side, Subject, Trivial};
use crate::schema::Schema;
use crate::text::Text;

/// The words that a difference is about, on one line, at most so many characters of them.
pub fn subject(text: &Text, difference: &Difference, most: usize) -> String {
    let words = match &difference.subject {
        Subject::Attribute(name) => return name.clone(),
        Subject::Relation | Subject::Spans => {
            let first = difference.sides.iter().flat_map(Side::spans).max_by_key(|span| span.ranges.covered());
            first.map_or_else(|| text.slice(difference.extent).to_owned(), |span| span.ranges.quote(text))
        }
    };
    brief(&words, most)
}

/// On one line, cut after so many characters.
pub fn brief(words: &str, most: usize) -> String {
    let mut line: String = words.chars().take(most).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if words.chars().nth(most).is_some() {
        line.push('…');
    }
    line
}

/// A kind by its id, as headings and filters show it.
pub fn kind(id: &str) -> &str {
    match id {
        "missing" => "Marked or not",
        "withdrawn" => "Withdrawn since",
        "split" => "One span or several",
        "label" => "Different labels",
        "relation" => "Different relations",
        "boundary" => "Different edges",
        "boundary-trivial" => "Edges differ by a sign",
        "attribute" => "Different attributes",
        "agreed" => "Agreed by now",
        other => other,
    }
}

/// In which order kinds stand that are as bad as each other.
pub(super) fn kind_rank(id: &str) -> u64 {
    let order = ["withdrawn", "missing", "split", "label", "boundary", "relation", "attribute", "boundary-trivial"];
    order.iter().position(|known| *known == id).map_or(9, |place| place as u64)
}

pub fn severity(severity: u8) -> &'static str {
    match severity {
        5.. => "Marked or not",
        4 => "Other label, or far apart",
        3 => "Other edges or relations",
        2 => "Other attributes",
        1 => "Hardly different",
        0 => "Agreed by now",
    }
}

/// What differs, in a few words.
pub fn what(difference: &Difference) -> String {
    let Some(first) = difference.kind() else { return "All say the same by now".to_owned() };
    match (first, &difference.subject) {
        (Kind::Withdrawn, _) => "Nobody marks it any more".to_owned(),
        (Kind::Missing { .. }, Subject::Relation) => "Linked or not".to_owned(),
        (Kind::Missing { .. }, Subject::Attribute(_)) => "Given or not".to_owned(),
        (Kind::Missing { .. }, Subject::Spans) => "Marked or not".to_owned(),
        (Kind::Split { .. }, _) => "One span or several".to_owned(),
        (Kind::Label, _) => "Different labels".to_owned(),
        (Kind::Relation(_), _) => "Different relations".to_owned(),
        (Kind::Boundary(boundary), _) => edges(boundary),
        (Kind::Attribute { names }, _) => format!("Different {}", names.join(", ")),
    }
}

fn edges(boundary: &Boundary) -> String {
    match boundary.trivial {
        Some(Trivial::Whitespace) => "Edges differ by white space".to_owned(),
        Some(Trivial::Quotation) => "Edges differ by quotation marks".to_owned(),
        Some(Trivial::Punctuation) => "Edges differ by punctuation".to_owned(),
        None => match (boundary.left.chars > 0, boundary.right.chars > 0) {
            (true, true) => "Both edges differ".to_owned(),
            (true, false) => "The beginning differs".to_owned(),
            (false, true) => "The end differs".to_owned(),
            (false, false) => "The parts differ".to_owned(),
        },
    }
}

/// What someone says, in words: `quote: “We will rebuild”`.
pub fn says(schema: &Schema, text: &Text, side: &Side) -> String {
    let name = |span: &Span| {
        schema.resolve(span.label.as_str()).map_or_else(|| span.label.to_string(), |label| label.name.clone())
    };
    match side {
        Side::Absent => "not finished".to_owned(),
        Side::Nothing => "nothing".to_owned(),
        Side::Spans(spans) => {
            let one = |span: &std::sync::Arc<Span>| {
                format!("{} “{}”{}", name(span), brief(&span.ranges.quote(text), 80), values(&span.attributes))
            };
            spans.iter().map(one).collect::<Vec<_>>().join(" and ")
        }
        Side::Relation { relation, from, to } => {
            let quote = |span: &Span| brief(&span.ranges.quote(text), 40);
            let kind = schema.resolve_relation(relation.kind.as_str());
            let kind = kind.map_or_else(|| relation.kind.to_string(), |kind| kind.name.clone());
            format!("“{}” {} “{}”{}", quote(from), kind.to_lowercase(), quote(to), values(&relation.attributes))
        }
        Side::Value(value) => plain(value),
    }
}

/// ` · type person`
pub fn values(attributes: &Attributes) -> String {
    let each: Vec<String> = attributes.iter().map(|(name, value)| format!(" · {name} {}", plain(value))).collect();
    each.concat()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(words) => words.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
}

/// The first letter, or the first two where it takes that to tell them apart; else the number of their place.
pub(super) fn initial(annotators: &[Annotator], who: usize) -> String {
    let head = |annotator: &Annotator, letters: usize| annotator.as_str().chars().take(letters).collect::<String>();
    let apart = |letters: &usize| {
        let heads: BTreeSet<String> = annotators.iter().map(|annotator| head(annotator, *letters)).collect();
        heads.len() == annotators.len()
    };
    match ((1..=2).find(|letters| apart(letters)), annotators.get(who)) {
        (Some(letters), Some(own)) => head(own, letters),
        _ => (who + 1).to_string(),
    }
}

/// A decision's ruling, as a past participle: `Taken from ana`.
pub fn ruling(decision: &Decision, reviewing: Option<&Reviewing>) -> String {
    let hidden = reviewing.is_some_and(Reviewing::is_blind);
    let words = match (decision.ruling.as_str(), &decision.annotator) {
        ("take", Some(_)) if hidden => "Taken from one of them".to_owned(),
        ("take", Some(annotator)) => format!("Taken from {annotator}"),
        ("union", _) => "Everything that anyone marked".to_owned(),
        ("intersection", _) => "What all marked".to_owned(),
        ("edges", _) => "Edges set by hand".to_owned(),
        ("relabel", _) => "Label set by hand".to_owned(),
        ("attributes", _) => "Attributes set by hand".to_owned(),
        ("nothing", _) => "Nothing here".to_owned(),
        ("unanimous", _) => "All say the same".to_owned(),
        ("majority", _) => "What most say".to_owned(),
        (other, _) => other.to_owned(),
    };
    match decision.rule {
        Some(rule) => format!("{words}, by rule ({})", self::rule(rule)),
        None => words,
    }
}

pub const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Unanimous => "unanimous",
        Rule::Majority => "majority",
        Rule::Trivial => "trivial edges",
    }
}
