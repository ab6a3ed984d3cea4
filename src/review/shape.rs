//! What a difference is a case of: “Dr” at the left edge, in or out. The narrow shape has the words, the wide one their class, so that
//! every difference has a cluster and the frequent questions stand out.

use std::fmt::Write as _;

use super::boundary::trifle;
use super::{Boundary, Difference, Kind, LinkKind, Shape, Side, Step, Subject, Trivial};
use crate::annotation::Span;
use crate::schema::{LabelId, Schema};
use crate::text::{Text, TextRange};

/// More words than this are nobody's recurring question.
const WORDS: usize = 5;

/// The shapes of a difference, the narrowest first; none of what is agreed.
pub(super) fn shapes(text: &Text, schema: &Schema, difference: &Difference) -> Vec<Shape> {
    let Some(kind) = difference.kind() else { return Vec::new() };
    let shaping = Shaping { text, schema, difference };
    match (&difference.subject, kind) {
        (Subject::Relation, kind) => shaping.relation(kind),
        (Subject::Attribute(name), _) => vec![shape(&["document", name], format!("The document: {name}"))],
        (Subject::Spans, Kind::Missing { .. }) => shaping.missing(),
        (Subject::Spans, Kind::Label) => shaping.label(),
        (Subject::Spans, Kind::Boundary(boundary)) => shaping.boundary(boundary),
        (Subject::Spans, Kind::Attribute { names }) => shaping.attribute(names),
        (Subject::Spans, Kind::Split { .. }) => shaping.only("split", "one span or several"),
        // These are told of relations, and by gold.
        (Subject::Spans, Kind::Withdrawn | Kind::Relation(_)) => Vec::new(),
    }
}

fn shape(key: &[&str], sentence: String) -> Shape {
    Shape { key: key.join("\u{1f}"), sentence }
}

struct Shaping<'a> {
    text: &'a Text,
    schema: &'a Schema,
    difference: &'a Difference,
}

impl Shaping<'_> {
    fn name(&self, label: &LabelId) -> String {
        self.schema.resolve(label.as_str()).map_or_else(|| label.to_string(), |label| label.name.clone())
    }

    /// The label's id and name.
    fn label_here(&self) -> (String, String) {
        let label = self.difference.label.as_ref();
        label.map_or_else(Default::default, |label| (label.to_string(), self.name(label)))
    }

    fn only(&self, what: &str, words: &str) -> Vec<Shape> {
        let (id, name) = self.label_here();
        vec![shape(&[what, &id], format!("{name}: {words}"))]
    }

    /// The words of the first who marked it, where they are few.
    fn quote(&self) -> Option<String> {
        let span = self.difference.sides.iter().flat_map(Side::spans).next()?;
        brief(&span.ranges.quote(self.text))
    }

    fn missing(&self) -> Vec<Shape> {
        let (id, name) = self.label_here();
        let narrow = self.quote().map(|quote| {
            shape(&["missing", &id, &quote.to_lowercase()], format!("{name}: “{quote}” is marked or not"))
        });
        let wide = shape(&["missing", &id], format!("{name}: marked or not"));
        narrow.into_iter().chain([wide]).collect()
    }

    fn label(&self) -> Vec<Shape> {
        let spans = || self.difference.sides.iter().flat_map(Side::spans);
        let mut labels: Vec<LabelId> = spans().map(|span: &std::sync::Arc<Span>| span.label.clone()).collect();
        labels.sort_unstable();
        labels.dedup();
        let ids = labels.iter().map(LabelId::as_str).collect::<Vec<_>>().join("\u{1e}");
        let names = labels.iter().map(|label| self.name(label)).collect::<Vec<_>>().join(" or ");
        let narrow =
            self.quote().map(|quote| shape(&["label", &ids, &quote.to_lowercase()], format!("“{quote}”: {names}")));
        narrow.into_iter().chain([shape(&["label", &ids], names)]).collect()
    }

    fn attribute(&self, names: &[String]) -> Vec<Shape> {
        let (id, label) = self.label_here();
        let list = names.join(", ");
        let wide = shape(&["attribute", &id, &list], format!("{label}: {list}"));
        let [name] = names else { return vec![wide] };
        let mut values: Vec<String> = self
            .difference
            .sides
            .iter()
            .flat_map(Side::spans)
            .map(|span| match span.attributes.get(name) {
                None => "none".to_owned(),
                Some(serde_json::Value::String(value)) => format!("“{value}”"),
                Some(value) => super::compare::plain(value).to_string(),
            })
            .collect();
        values.sort_unstable();
        values.dedup();
        let values = values.join(" or ");
        vec![shape(&["attribute", &id, name, &values], format!("{label}: {name} is {values}")), wide]
    }

    fn relation(&self, kind: &Kind) -> Vec<Shape> {
        let mut kinds: Vec<&str> = Vec::new();
        for side in &self.difference.sides {
            if let Side::Relation { relation, .. } = side {
                kinds.push(relation.kind.as_str());
            }
        }
        kinds.sort_unstable();
        kinds.dedup();
        let name =
            |id: &&str| self.schema.resolve_relation(id).map_or_else(|| (*id).to_owned(), |kind| kind.name.clone());
        let names = kinds.iter().map(name).collect::<Vec<_>>().join(" or ");
        let (what, sentence) = match kind {
            Kind::Relation(LinkKind::Kind) => ("kind", names),
            Kind::Relation(LinkKind::End) => ("end", format!("{names}: one end or another")),
            Kind::Attribute { names: attributes } => ("attribute", format!("{names}: {}", attributes.join(", "))),
            _ => ("missing", format!("{names}: linked or not")),
        };
        vec![shape(&["relation", what, &kinds.join("\u{1e}")], sentence)]
    }

    fn boundary(&self, boundary: &Boundary) -> Vec<Shape> {
        let (id, name) = self.label_here();
        let edges = [("left", boundary.left), ("right", boundary.right)];
        let edges: Vec<(&str, Step)> = edges.into_iter().filter(|(_, step)| !step.range.is_empty()).collect();
        if boundary.inside || edges.is_empty() {
            return vec![shape(&["boundary", &id, "inside"], format!("{name}: which parts belong to it"))];
        }
        let mut shapes = Vec::new();
        let words: Option<Vec<String>> = edges.iter().map(|(_, step)| brief(self.text.slice(step.range))).collect();
        if let Some(words) = words {
            let marked: Vec<String> = words.iter().map(|words| format!("“{words}”")).collect();
            let lower: Vec<String> = words.iter().map(|words| words.to_lowercase()).collect();
            shapes.push(at_edges(&id, &name, "words", &edges, &lower, &marked, false));
        }
        let classes: Vec<(&str, bool)> = edges.iter().map(|(_, step)| class(self.text, step.range)).collect();
        let plural = classes.iter().any(|(_, plural)| *plural);
        let classes: Vec<String> = classes.into_iter().map(|(class, _)| class.to_owned()).collect();
        shapes.push(at_edges(&id, &name, "class", &edges, &classes, &classes, plural));
        shapes
    }
}

/// One edge, or both.
fn at_edges(
    id: &str,
    name: &str,
    sort: &str,
    edges: &[(&str, Step)],
    keys: &[String],
    words: &[String],
    plural: bool,
) -> Shape {
    let mut key = format!("boundary\u{1f}{id}\u{1f}{sort}");
    let mut parts = Vec::new();
    for (((edge, _), part), words) in edges.iter().zip(keys).zip(words) {
        let _ = write!(key, "\u{1f}{edge}\u{1f}{part}");
        parts.push(format!("{words} at the {edge} edge"));
    }
    let are = if plural || parts.len() > 1 { "are" } else { "is" };
    Shape { key, sentence: format!("{name}: {} {are} in or out", parts.join(" and ")) }
}

/// On one line; `None` where it is long, or nothing to see.
fn brief(words: &str) -> Option<String> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let brief = words.join(" ");
    (!words.is_empty() && words.len() <= WORDS && brief.chars().count() <= 60).then_some(brief)
}

/// What stands between two edges, as people speak of it, and whether that is many.
fn class(text: &Text, range: TextRange) -> (&'static str, bool) {
    let content = text.slice(range);
    let worst = content.chars().map(trifle).try_fold(Trivial::Whitespace, |worst, trifle| Some(worst.max(trifle?)));
    match worst {
        Some(Trivial::Whitespace) => return ("white space", false),
        Some(Trivial::Quotation) => return ("a quotation mark", false),
        Some(Trivial::Punctuation) => return ("punctuation", false),
        None => {}
    }
    let words: Vec<String> = content
        .split_whitespace()
        .map(|word| word.trim_matches(|character| trifle(character).is_some()).to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    let all = |holds: &dyn Fn(&str) -> bool| words.iter().all(|word| holds(word));
    let among = |list: &'static [&str]| move |word: &str| list.contains(&word.to_lowercase().as_str());
    if words.len() > WORDS {
        ("a long stretch", false)
    } else if matches!(content.trim(), "'s" | "’s" | "'" | "’") {
        ("a possessive ending", false)
    } else if all(&among(ARTICLES)) {
        ("an article", false)
    } else if all(&among(TITLES)) {
        ("a title", false)
    } else if all(&|word| word.chars().any(char::is_numeric)) {
        ("a number", false)
    } else if all(&|word| word.chars().next().is_some_and(char::is_uppercase)) {
        ("a capitalised word", false)
    } else {
        ("other words", true)
    }
}

/// Articles and determiners of the languages that news comes in most; lower case.
const ARTICLES: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "its", "his", "her", "their", "our", "my", "your", "der",
    "die", "das", "den", "dem", "des", "ein", "eine", "einer", "einem", "einen", "le", "la", "les", "un", "une", "des",
    "du", "el", "los", "las", "una", "il", "lo", "gli", "i", "o", "os", "as", "um", "uma", "de", "het", "een",
];

/// Forms of address and offices that stand before a name; lower case, without full stop.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "doctor",
    "sir",
    "lady",
    "lord",
    "dame",
    "president",
    "minister",
    "prime",
    "chancellor",
    "senator",
    "governor",
    "mayor",
    "king",
    "queen",
    "prince",
    "princess",
    "pope",
    "general",
    "colonel",
    "major",
    "captain",
    "judge",
    "justice",
    "secretary",
    "ambassador",
    "chief",
    "director",
    "herr",
    "frau",
    "präsident",
    "präsidentin",
    "kanzler",
    "kanzlerin",
    "ministerin",
    "monsieur",
    "madame",
    "président",
    "présidente",
    "ministre",
    "señor",
    "señora",
    "don",
    "doña",
    "presidente",
    "ministro",
    "президент",
    "министр",
    "господин",
    "госпожа",
    "доктор",
    "профессор",
];
