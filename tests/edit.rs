//! Edits: applied and taken back, refused where the present is another, read back from the log; what undo takes back.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use spanwright::annotation::{Annotator, ItemId, Layer, Relation, Span, Status};
use spanwright::edit::{Direction, Edit, History, Kind, LayerEdit, Transaction, TransactionId, apply, record};
use spanwright::schema::RelationId;
use spanwright::text::{DocumentId, Text};

use crate::support::{ODD, picture, span};

const TEXT: &str = "Lind said “we act” in Port Vale.";

fn text() -> Text {
    Text::new(TEXT)
}

fn ana() -> Annotator {
    Annotator::from("ana")
}

fn transaction(id: usize, kind: Kind, edits: Vec<LayerEdit>) -> Transaction {
    let edit = |edit| Edit::Layer { document: DocumentId::from("d"), annotator: ana(), edit };
    Transaction {
        id: TransactionId(format!("t{id}")),
        title: format!("Step {id}"),
        at: "2026-01-01T00:00:00Z".parse().unwrap(),
        author: ana(),
        device: "here".to_owned(),
        kind,
        edits: edits.into_iter().map(edit).collect(),
    }
}

fn on(layer: &mut Option<Layer>, transaction: &Transaction) -> Result<(), String> {
    apply(layer, &DocumentId::from("d"), &ana(), transaction, "news@1").map_err(|stale| stale.0)
}

fn entity(id: &str, start: usize, end: usize) -> Span {
    span(id, "entity", &[text().range(start, end).unwrap()])
}

#[test]
fn an_edit_is_applied_stamped_and_taken_back_to_nothing() {
    let mut layer = None;
    let status = LayerEdit::Status { before: Status::Untouched, after: Status::InProgress };
    let mark = transaction(1, Kind::Do, vec![status, LayerEdit::add(entity("s", 0, 4))]);
    on(&mut layer, &mark).unwrap();
    assert_eq!(picture(&text(), layer.as_ref()), "⟨entity Lind⟩ said “we act” in Port Vale.");
    let stamped = layer.as_ref().unwrap();
    assert_eq!((stamped.version, stamped.schema.as_str(), stamped.clock.0["here"]), (1, "news@1", 1));
    on(&mut layer, &mark.inverse(TransactionId("t2".into()), mark.at)).unwrap();
    assert_eq!(layer, None, "an untouched layer is none at all");
}

#[test]
fn a_transaction_that_does_not_fit_changes_nothing() {
    let mut layer = None;
    on(&mut layer, &transaction(1, Kind::Do, vec![LayerEdit::add(entity("s", 0, 4))])).unwrap();
    let before = layer.clone();
    let span = Arc::new(entity("s", 0, 4));
    let other = Arc::new(entity("s", 0, 9));
    let relation =
        Relation::new(ItemId::from("r"), RelationId::from("speaker"), ItemId::from("s"), ItemId::from("gone"));
    let cases: Vec<(Vec<LayerEdit>, &str)> = vec![
        (vec![LayerEdit::add(entity("s", 5, 9))], "the span s has changed since"),
        (vec![LayerEdit::remove(&other)], "the span s has changed since"),
        (vec![LayerEdit::remove(&span), LayerEdit::remove(&span)], "the span s has changed since"),
        (
            vec![
                LayerEdit::add(entity("t", 5, 9)),
                LayerEdit::Status { before: Status::Finished, after: Status::Skipped },
            ],
            "the status of the document has changed since",
        ),
        (vec![LayerEdit::Relation { before: None, after: Some(Arc::new(relation)) }], "the span gone is gone"),
        (
            vec![LayerEdit::Attribute { name: "topic".into(), before: Some(json!("x")), after: None }],
            "the attribute “topic” has changed since",
        ),
    ];
    for (edits, sentence) in cases {
        assert_eq!(on(&mut layer, &transaction(2, Kind::Do, edits)), Err(sentence.to_owned()));
        assert_eq!(layer, before);
    }
}

#[test]
fn a_span_with_a_relation_goes_only_after_its_relation() {
    let (quote, speaker) = (entity("q", 10, 22), entity("s", 0, 4));
    let relation = Arc::new(Relation::new("r".into(), "speaker".into(), "q".into(), "s".into()));
    let mut layer = None;
    let link = LayerEdit::Relation { before: None, after: Some(relation.clone()) };
    let marked = vec![LayerEdit::add(quote), LayerEdit::add(speaker.clone()), link];
    on(&mut layer, &transaction(1, Kind::Do, marked)).unwrap();
    let remove = LayerEdit::remove(&Arc::new(speaker));
    let refused = on(&mut layer, &transaction(2, Kind::Do, vec![remove.clone()]));
    assert_eq!(refused, Err("the span s has a relation “speaker”".to_owned()));
    let unlink = LayerEdit::Relation { before: Some(relation), after: None };
    let both = transaction(3, Kind::Do, vec![unlink, remove]);
    on(&mut layer, &both).unwrap();
    on(&mut layer, &both.inverse(TransactionId("t4".into()), both.at)).unwrap();
    assert_eq!(layer.unwrap().relations.len(), 1);
}

/// Random edits that fit the present layer.
fn grow(layer: &Layer, seeds: &[(u8, u8, u8)]) -> Vec<Vec<LayerEdit>> {
    let mut layer = Some(layer.clone());
    let mut all = Vec::new();
    for (index, (what, a, b)) in seeds.iter().enumerate() {
        let now = layer.clone().unwrap_or_else(|| Layer::untouched(ana()));
        let spans: Vec<Arc<Span>> = now.spans.iter().cloned().collect();
        let pick = |n: u8| spans.get(usize::from(n) % spans.len().max(1)).cloned();
        let edit = match (what % 7, pick(*a)) {
            (1, Some(span)) if now.relations_of(&span.id).next().is_none() => LayerEdit::remove(&span),
            (2, Some(span)) => {
                let mut after = (*span).clone();
                after.note = format!("note {b}");
                after.attributes.insert("type".into(), json!(b));
                LayerEdit::change(&span, after)
            }
            (3, Some(span)) => {
                let to = pick(*b).unwrap();
                let relation =
                    Relation::new(ItemId::from(format!("r{index}")), "speaker".into(), span.id.clone(), to.id.clone());
                LayerEdit::Relation { before: None, after: Some(Arc::new(relation)) }
            }
            (4, _) => LayerEdit::Attribute {
                name: "topic".into(),
                before: now.attributes.get("topic").cloned(),
                after: Some(json!([a, b])),
            },
            (5, _) => LayerEdit::Flag { before: now.flag.clone(), after: (b % 2 == 0).then(|| format!("why {a}")) },
            (6, _) => {
                let id = json!(format!("d{}", a % 3));
                let before = now.decisions.iter().find(|decision| decision["id"] == id).cloned();
                LayerEdit::Decision { before, after: (b % 3 > 0).then(|| json!({"id": id, "ruling": b})) }
            }
            _ => {
                let start = usize::from(*a) % 9;
                LayerEdit::add(entity(&format!("s{index}"), start, start + usize::from(*b % 2)))
            }
        };
        let step = transaction(index, Kind::Do, vec![edit.clone()]);
        on(&mut layer, &step).unwrap();
        all.push(vec![edit]);
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn taking_everything_back_leads_to_the_beginning(seeds in proptest::collection::vec(any::<(u8, u8, u8)>(), 0..40)) {
        let steps = grow(&Layer::untouched(ana()), &seeds);
        let mut layer: Option<Layer> = None;
        let mut past = vec![layer.clone()];
        let mut done = Vec::new();
        for (index, edits) in steps.into_iter().enumerate() {
            let step = transaction(index, Kind::Do, edits);
            on(&mut layer, &step).unwrap();
            past.push(layer.clone());
            done.push(step);
        }
        while let Some(step) = done.pop() {
            past.pop();
            on(&mut layer, &step.inverse(TransactionId("u".into()), step.at)).unwrap();
            let content = |layer: &Option<Layer>| layer.clone().unwrap_or_else(|| Layer::untouched(ana()));
            prop_assert!(content(&layer).same_content(&content(past.last().unwrap())));
        }
    }

    #[test]
    fn the_log_gives_every_edit_back(seeds in proptest::collection::vec(any::<(u8, u8, u8)>(), 0..40)) {
        for edit in grow(&Layer::untouched(ana()), &seeds).into_iter().flatten() {
            let edit = Edit::Layer { document: DocumentId::from("d"), annotator: ana(), edit };
            let stored = serde_json::to_string(&record::encode(&edit)).unwrap();
            let back = record::decode(&serde_json::from_str(&stored).unwrap(), |_| Some(text())).unwrap();
            prop_assert_eq!(&back, &edit);
            prop_assert_eq!(edit.inverse().inverse(), edit);
        }
    }

    /// What undo and redo do agrees with the obvious model: a list of steps and how many of them are in effect.
    #[test]
    fn history_is_a_stack(moves in proptest::collection::vec(0..4u8, 0..60)) {
        let mut log: Vec<Transaction> = Vec::new();
        let mut steps: Vec<TransactionId> = Vec::new();
        let mut effective: usize = 0;
        for what in moves {
            let number = log.len();
            let history = History::of(&ana(), &log);
            prop_assert_eq!(history.undo(), effective.checked_sub(1).map(|last: usize| &steps[last]));
            prop_assert_eq!(history.redo(), steps.get(effective));
            let kind = match what {
                0 if effective > 0 => { effective -= 1; Kind::Undo(steps[effective].clone()) }
                1 if effective < steps.len() => { effective += 1; Kind::Redo(steps[effective - 1].clone()) }
                _ => {
                    steps.truncate(effective);
                    steps.push(TransactionId(format!("t{number}")));
                    effective += 1;
                    Kind::Do
                }
            };
            log.push(transaction(number, kind, vec![]));
            let mut other = transaction(number, Kind::Do, vec![]);
            other.author = Annotator::from("ben");
            log.push(other);
        }
    }
}

#[test]
fn undo_of_a_redo_takes_back_the_first() {
    let first = transaction(1, Kind::Do, vec![]);
    let undo = first.inverse(TransactionId("u".into()), first.at);
    let redo = undo.inverse(TransactionId("r".into()), first.at);
    assert_eq!(undo.kind, Kind::Undo(first.id.clone()));
    assert_eq!(redo.kind, Kind::Redo(first.id.clone()));
    let again = redo.inverse(TransactionId("u2".into()), first.at);
    assert_eq!(again.kind, Kind::Undo(first.id.clone()));
    let log = [first, undo, redo];
    assert_eq!(History::of(&ana(), &log).undo(), Some(&log[0].id));
    assert_ne!(Direction::Undo, Direction::Redo);
}

#[test]
fn spans_of_odd_texts_come_back_from_the_log() {
    for source in ODD {
        let text = Text::new(*source);
        let whole = span("all", "entity", &[text.all()]);
        let edit = Edit::Layer { document: "d".into(), annotator: ana(), edit: LayerEdit::add(whole) };
        assert_eq!(record::decode(&record::encode(&edit), |_| Some(text.clone())).unwrap(), edit);
    }
}

#[test]
fn a_record_for_another_text_is_refused() {
    let edit = Edit::Layer { document: "d".into(), annotator: ana(), edit: LayerEdit::add(entity("s", 10, 22)) };
    let error = record::decode(&record::encode(&edit), |_| Some(Text::new("short"))).unwrap_err();
    assert_eq!(error.to_string(), "the record cannot be read: span s: the end is 22 but the text has 5 characters");
}
