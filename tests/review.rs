//! What differs between annotators, as words: two marked strings, the typed differences.

use std::sync::Arc;

use serde_json::json;
use spanwright::annotation::{Annotator, ItemId, Layer, Ranges, Relation, Span, Spans, Status};
use spanwright::review::{Comparison, Difference, Kind, LinkKind, Side, Subject, Trivial, compare};
use spanwright::schema::{LabelId, RelationId, Schema};
use spanwright::text::{Document, Text};

use crate::support::{document, news};

/// `[entity type=person#e1 Dr Smith] said` is a text with a span; `»` continues the last span with the same id: `[quote#q We] x [»quote#q will]`.
/// What stands after ` | ` are relations: `speaker q e1`. Ids are `label` and a number where none is given.
pub fn marked(annotator: &str, source: &str) -> (String, Layer) {
    let (body, arrows) = source.split_once(" | ").unwrap_or((source, ""));
    let mut text = String::new();
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut found: Vec<(String, Vec<(usize, usize)>)> = Vec::new();
    let mut rest = body.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '[' => {
                let mut head = String::new();
                for character in rest.by_ref() {
                    if character == ' ' {
                        break;
                    }
                    head.push(character);
                }
                open.push((head, text.len()));
            }
            ']' => {
                let (head, start) = open.pop().unwrap();
                let here = (start, text.len());
                match head.strip_prefix('»').and_then(|id| found.iter_mut().find(|(known, _)| known.ends_with(id))) {
                    Some((_, ranges)) => ranges.push(here),
                    None => found.push((head, vec![here])),
                }
            }
            character => text.push(character),
        }
    }
    let whole = Text::new(text.as_str());
    let mut layer = Layer::untouched(Annotator::from(annotator));
    (layer.status, layer.version) = (Status::Finished, 1);
    let mut spans = Vec::new();
    for (number, (head, ranges)) in found.into_iter().enumerate() {
        let (head, id) = head.split_once('#').map_or((head.as_str(), None), |(head, id)| (head, Some(id)));
        let mut parts = head.split(',');
        let label = parts.next().unwrap();
        let id = id.map_or_else(|| format!("{label}{number}"), str::to_owned);
        let ranges = ranges.iter().map(|(start, end)| whole.range(*start, *end).unwrap()).collect();
        let mut span = Span::manual(ItemId::from(id), LabelId::from(label), Ranges::new(ranges).unwrap());
        span.attributes =
            parts.map(|part| part.split_once('=').unwrap()).map(|(k, v)| (k.to_owned(), json!(v))).collect();
        spans.push(Arc::new(span));
    }
    layer.spans = Spans::try_from(spans).unwrap();
    for (number, arrow) in arrows.split(", ").filter(|arrow| !arrow.is_empty()).enumerate() {
        let [kind, from, to] = arrow.split(' ').collect::<Vec<_>>()[..] else { panic!("{arrow}") };
        let id = ItemId::from(format!("r{number}"));
        let relation = Relation::new(id.clone(), RelationId::from(kind), from.into(), to.into());
        layer.relations.insert(id, Arc::new(relation));
    }
    (text, layer)
}

/// The same text as each of them marked it; `-` has not finished it. Annotators are `a`, `b`, `c`, ….
pub fn comparison(sources: &[&str]) -> (Document, Comparison) {
    let names: Vec<String> = ('a'..).take(sources.len()).map(String::from).collect();
    let given: Vec<_> = names.iter().zip(sources).map(|(name, it)| (*it != "-").then(|| marked(name, it))).collect();
    let text = given.iter().flatten().next().unwrap().0.clone();
    assert!(given.iter().flatten().all(|(other, _)| *other == text), "the texts are the same: {sources:?}");
    let document = document("d", &text);
    let annotators: Arc<[Annotator]> = names.iter().map(|name| Annotator::from(name.as_str())).collect();
    let layers = given.into_iter().map(|it| it.map(|(_, layer)| Arc::new(layer))).collect();
    let compared = compare(&document, &news(), &annotators, layers);
    (document, compared)
}

fn kind_in_words(kind: &Kind) -> String {
    let names = |who: &[usize]| who.iter().map(|who| char::from(b'a' + *who as u8)).collect::<String>();
    match kind {
        Kind::Missing { by } => format!("missing by {}", names(by)),
        Kind::Split { by } => format!("split by {}", names(by)),
        Kind::Attribute { names } => format!("attribute {}", names.join(" ")),
        Kind::Relation(LinkKind::Kind) => "another kind".to_owned(),
        Kind::Relation(LinkKind::End) => "another end".to_owned(),
        Kind::Boundary(boundary) => {
            let mut words = "boundary".to_owned();
            for (edge, step) in [("left", boundary.left), ("right", boundary.right)] {
                if step.chars > 0 {
                    words += &format!(" {edge} {}/{}", step.chars, step.words);
                }
            }
            words += if boundary.inside { " inside" } else { "" };
            words += match boundary.trivial {
                None => "",
                Some(Trivial::Whitespace) => " (white space)",
                Some(Trivial::Quotation) => " (quotation marks)",
                Some(Trivial::Punctuation) => " (punctuation)",
            };
            words
        }
        other => other.id().to_owned(),
    }
}

/// One difference: what differs, then what each one has.
pub fn in_words(document: &Document, difference: &Difference) -> String {
    let span = |span: &Arc<Span>| format!("{} {}", span.label, span.ranges.quote(&document.text));
    let side = |side: &Side| match side {
        Side::Absent => "?".to_owned(),
        Side::Nothing => "–".to_owned(),
        Side::Spans(spans) => spans.iter().map(span).collect::<Vec<_>>().join(" + "),
        Side::Relation { relation, from, to } => {
            let end = |span: &Arc<Span>| span.ranges.quote(&document.text);
            format!("{} {} → {}", relation.kind, end(from), end(to))
        }
        Side::Value(value) => value.to_string(),
    };
    let kinds: Vec<String> = difference.kinds.iter().map(kind_in_words).collect();
    let kinds = if kinds.is_empty() { "agreed".to_owned() } else { kinds.join(", ") };
    format!("{kinds}: {}", difference.sides.iter().map(side).collect::<Vec<_>>().join(" / "))
}

fn differences(sources: &[&str]) -> Vec<String> {
    let (document, compared) = comparison(sources);
    compared.differences.iter().map(|difference| in_words(&document, difference)).collect()
}

#[track_caller]
fn differ(sources: &[&str], expected: &[&str]) {
    assert_eq!(differences(sources), expected, "{sources:?}");
}

#[test]
fn each_kind_of_difference_is_told() {
    differ(&["[entity Oslo] x", "[entity Oslo] x"], &["agreed: entity Oslo / entity Oslo"]);
    differ(&["[entity Oslo] x", "Oslo x"], &["missing by b: entity Oslo / –"]);
    differ(&["[entity Oslo] x", "[event Oslo] x"], &["label: entity Oslo / event Oslo"]);
    differ(&["[entity Dr Smith] x", "Dr [entity Smith] x"], &["boundary left 3/1: entity Dr Smith / entity Smith"]);
    differ(&["a [quote b c d] e", "a b [quote c] d e"], &["boundary left 2/1 right 2/1: quote b c d / quote c"]);
    differ(
        &["[entity,type=person Oslo] x", "[entity,type=place Oslo] x"],
        &["attribute type: entity Oslo / entity Oslo"],
    );
    differ(&["[entity,type=person Oslo] x", "[entity Oslo] x"], &["attribute type: entity Oslo / entity Oslo"]);
    differ(&["[quote one two] x", "[quote one] [quote two] x"], &["split by b: quote one two / quote one + quote two"]);
}

#[test]
fn one_pair_of_spans_may_differ_in_several_ways_the_worst_first() {
    differ(
        &["[entity,type=person Dr Smith] x", "Dr [event,realis=actual Smith] x"],
        &["label, boundary left 3/1: entity Dr Smith / event Smith"],
    );
    differ(
        &["[entity,type=person Dr Smith] x", "Dr [entity,type=place Smith] x", "Dr Smith x"],
        &["missing by c, boundary left 3/1, attribute type: entity Dr Smith / entity Smith / –"],
    );
}

#[test]
fn boundaries_that_hardly_matter_are_called_so() {
    differ(
        &["[quote “So”] x", "“[quote So]” x"],
        &["boundary left 1/0 right 1/0 (quotation marks): quote “So” / quote So"],
    );
    differ(&["[quote So ]x", "[quote So] x"], &["boundary right 1/0 (white space): quote So  / quote So"]);
    differ(
        &["[quote “So, ]x", "“[quote So], x"],
        &["boundary left 1/0 right 2/0 (punctuation): quote “So,  / quote So"],
    );
    differ(
        &["[quote «Да».] x", "«[quote Да]». x"],
        &["boundary left 1/0 right 2/0 (punctuation): quote «Да». / quote Да"],
    );
    // A thumb is none of these, and is counted in code points.
    differ(&["[quote So 👍🏽] x", "[quote So] 👍🏽 x"], &["boundary right 3/0: quote So 👍🏽 / quote So"]);
}

#[test]
fn spans_in_spans_are_not_each_other() {
    // A quote and the entity in it are two things, whoever misses one of them.
    differ(
        &["[quote we met [entity Kerry] today]", "[quote we met Kerry today]"],
        &["agreed: quote we met Kerry today / quote we met Kerry today", "missing by b: entity Kerry / –"],
    );
    differ(
        &["[quote we met Kerry today]", "we met [entity Kerry] today"],
        &["missing by b: quote we met Kerry today / –", "missing by a: – / entity Kerry"],
    );
    // Of one label, what is equal goes first.
    differ(
        &["[entity Bank of [entity Norway]]", "Bank of [entity Norway]"],
        &["missing by b: entity Bank of Norway / –", "agreed: entity Norway / entity Norway"],
    );
    // A nested one that is left over is no part of its twin.
    differ(
        &["[entity the Bank of Norway]", "the [entity Bank of [entity Norway]]"],
        &["boundary left 4/1: entity the Bank of Norway / entity Bank of Norway", "missing by a: – / entity Norway"],
    );
}

#[test]
fn several_labels_on_one_extent_find_their_own() {
    differ(
        &["[entity [event Summit]] x", "[event [entity Summit]] x"],
        &["agreed: entity Summit / entity Summit", "agreed: event Summit / event Summit"],
    );
    differ(
        &["[entity [quote Summit]] x", "[event [quote Summit x]]"],
        // The quotes go together, for the sake of their label; and so do the others, which share their place.
        &[
            "label, boundary right 2/1: entity Summit / event Summit x",
            "boundary right 2/1: quote Summit / quote Summit x",
        ],
    );
}

#[test]
fn crossing_spans_are_assigned_so_that_the_whole_is_best() {
    differ(
        &["[event a b c d] e f g [event h]", "a b c [event d e f g h]"],
        &["missing by b: event a b c d / –", "boundary left 8/4: event h / event d e f g h"],
    );
    // The two that share most would leave the other two alone.
    differ(
        &["ab[event cdefghi][event jklmn]", "[event abcd][event efghijkl]mn"],
        &[
            "boundary left 2/1 right 5/1: event cdefghi / event abcd",
            "boundary left 5/1 right 2/1: event jklmn / event efghijkl",
        ],
    );
    differ(
        &["[event a b c d] e [event f g h]", "a [event b c d e] [event f g] h"],
        &["boundary left 2/1 right 2/1: event a b c d / event b c d e", "boundary right 2/1: event f g h / event f g"],
    );
}

#[test]
fn a_tie_goes_to_the_first_and_nobody_gets_two() {
    differ(
        &["[entity one ]two[entity  three]", "one[entity  two ]three"],
        &["boundary left 3/1 right 4/1: entity one  / entity  two ", "missing by b: entity  three / –"],
    );
    differ(&["[event ab]", "[event a][event b]"], &["split by b: event ab / event a + event b"]);
}

#[test]
fn parts_are_joined_where_someone_else_has_the_whole() {
    differ(
        &["[quote a b c d e f]", "[quote a b] [quote c d] [quote e f]"],
        &["split by b: quote a b c d e f / quote a b + quote c d + quote e f"],
    );
    differ(
        &["[quote a b c d]", "[quote a b] [quote c d]", "[quote a b] [quote c d]"],
        &["split by bc: quote a b c d / quote a b + quote c d / quote a b + quote c d"],
    );
    // Two that only touch are two in both.
    differ(
        &["[event a b][event  c]", "[event a b][event  c]"],
        &["agreed: event a b / event a b", "agreed: event  c / event  c"],
    );
    // Another label is no part.
    differ(
        &["[quote a b c d]", "[quote a b c] [event d]"],
        &["boundary right 2/1: quote a b c d / quote a b c", "missing by a: – / event d"],
    );
}

#[test]
fn three_and_more_are_one_group() {
    differ(
        &["[entity Dr Smith] x", "Dr [entity Smith] x", "[entity Dr Smith x]"],
        &["boundary left 3/1 right 2/1: entity Dr Smith / entity Smith / entity Dr Smith x"],
    );
    differ(&["[entity Oslo] x", "-", "[entity Oslo] x"], &["agreed: entity Oslo / ? / entity Oslo"]);
    differ(&["[entity Oslo] x", "-", "Oslo x"], &["missing by c: entity Oslo / ? / –"]);
    let twelve: Vec<String> =
        (0..12).map(|who| if who < 7 { "[entity Oslo] x" } else { "Oslo x" }.to_owned()).collect();
    let twelve: Vec<&str> = twelve.iter().map(String::as_str).collect();
    let told = differences(&twelve);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("missing by hijkl: entity Oslo"), "{told:?}");
}

#[test]
fn discontinuous_spans_are_one_and_their_gaps_are_told() {
    differ(
        &["[quote#q we] said [»#q will]", "[quote#q we] said [»#q will]"],
        &["agreed: quote we will / quote we will"],
    );
    differ(
        &["[quote#q we] said [»#q will]", "[quote we said will]"],
        &["boundary inside: quote we will / quote we said will"],
    );
    differ(
        &["[quote#q we] said [»#q will]", "[quote we] said will"],
        &["boundary right 10/2: quote we will / quote we"],
    );
}

#[test]
fn notes_and_origins_are_no_difference() {
    let (text, one) = marked("a", "[entity Oslo] x");
    let (_, mut other) = marked("b", "[entity Oslo] x");
    let span = other.spans.iter().next().unwrap().clone();
    let changed = Span { note: "sure?".to_owned(), ..(*span).clone() };
    other.spans = Spans::try_from(vec![Arc::new(changed)]).unwrap();
    let annotators: Arc<[Annotator]> = [Annotator::from("a"), Annotator::from("b")].into();
    let document = document("d", &text);
    let layers = vec![Some(Arc::new(one)), Some(Arc::new(other))];
    let compared = compare(&document, &news(), &annotators, layers);
    assert!(compared.differences.iter().all(|difference| difference.is_agreed()));
}

#[test]
fn relations_are_compared_between_what_is_aligned() {
    let same = "[quote#q So] said [entity#k Kerry] | speaker q k";
    differ(
        &[same, "[quote#1 So] said [entity#2 Kerry] | speaker 1 2"],
        &[
            "agreed: quote So / quote So",
            "agreed: entity Kerry / entity Kerry",
            "agreed: speaker So → Kerry / speaker So → Kerry",
        ],
    );
    // The ends are aligned though their edges differ.
    differ(
        &[same, "[quote#1 So said] [entity#2 Kerry] | speaker 1 2"],
        &[
            "boundary right 5/1: quote So / quote So said",
            "agreed: entity Kerry / entity Kerry",
            "agreed: speaker So → Kerry / speaker So said → Kerry",
        ],
    );
    differ(
        &[same, "[quote#1 So] said [entity#2 Kerry]"],
        &["agreed: quote So / quote So", "agreed: entity Kerry / entity Kerry", "missing by b: speaker So → Kerry / –"],
    );
    differ(
        &[same, "[quote#1 So] said [entity#2 Kerry] | participant 1 2"],
        &[
            "agreed: quote So / quote So",
            "agreed: entity Kerry / entity Kerry",
            "another kind: speaker So → Kerry / participant So → Kerry",
        ],
    );
    differ(
        &[
            "[quote#q So] [entity#k Kerry] [entity#l Lind] | speaker q k",
            "[quote#q So] [entity#k Kerry] [entity#l Lind] | speaker q l",
        ],
        &[
            "agreed: quote So / quote So",
            "agreed: entity Kerry / entity Kerry",
            "agreed: entity Lind / entity Lind",
            "another end: speaker So → Kerry / speaker So → Lind",
        ],
    );
}

#[test]
fn attributes_of_the_document_are_compared_in_any_order() {
    let (text, mut one) = marked("a", "x");
    let (_, mut other) = marked("b", "x");
    one.attributes.insert("topic".to_owned(), json!(["sport", "economy"]));
    other.attributes.insert("topic".to_owned(), json!(["economy", "sport"]));
    let annotators: Arc<[Annotator]> = [Annotator::from("a"), Annotator::from("b")].into();
    let document = document("d", &text);
    let told = |one: &Layer, other: &Layer| {
        let layers = vec![Some(Arc::new(one.clone())), Some(Arc::new(other.clone()))];
        let compared = compare(&document, &news(), &annotators, layers);
        assert_eq!(compared.differences[0].subject, Subject::Attribute("topic".to_owned()));
        in_words(&document, &compared.differences[0])
    };
    assert_eq!(told(&one, &other), r#"agreed: ["sport","economy"] / ["economy","sport"]"#);
    other.attributes.clear();
    assert_eq!(told(&one, &other), r#"attribute topic: ["sport","economy"] / –"#);
}

#[test]
fn labels_are_those_of_today() {
    let source = r#"Schema(name: "n", labels: [(id: "actor", was: ["entity"])])"#;
    let schema = Schema::parse(source, "schema.ron").schema.unwrap();
    let (text, one) = marked("a", "[entity Oslo] x");
    let (_, other) = marked("b", "[actor Oslo] x");
    let annotators: Arc<[Annotator]> = [Annotator::from("a"), Annotator::from("b")].into();
    let layers = vec![Some(Arc::new(one)), Some(Arc::new(other))];
    let compared = compare(&document("d", &text), &schema, &annotators, layers);
    assert!(compared.differences[0].is_agreed());
    assert_eq!(compared.differences[0].label, Some(LabelId::from("actor")));
}

#[test]
fn the_order_of_annotators_changes_nothing_but_the_sides() {
    let sources = [
        "[entity Dr [entity Smith]] of [event a b c d] e [event f g h] [quote one two]",
        "Dr [entity Smith] of a [event b c d e] [event f g] h [quote one] [quote two]",
        "[entity Dr Smith] of [event a b c d e f g h] one two",
    ];
    let (document, forth) = comparison(&sources);
    let names: Arc<[Annotator]> = forth.annotators.iter().rev().cloned().collect();
    let layers = forth.layers.iter().rev().cloned().collect();
    let back = compare(&document, &news(), &names, layers);
    let ids = |compared: &Comparison| compared.differences.iter().map(|it| it.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&forth), ids(&back));
    for (one, other) in forth.differences.iter().zip(&back.differences) {
        assert_eq!(one.sides, other.sides.iter().rev().cloned().collect::<Vec<_>>());
        assert_eq!(one.severity, other.severity);
    }
}
