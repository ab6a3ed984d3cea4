//! F1 of spans, the scores of `SemEval`, confusion, attributes and relations: what is counted on matched spans.

use proptest::prelude::*;
use serde_json::{Value, json};
use spanwright::agreement::{
    AttributeKappa, AttributePercent, Confusion, Corpus, F1Exact, F1Overlap, F1Partial, F1Type, Link, Measure,
    RelationF1, Undefined, View, answered, candidates, relation_kinds,
};

use crate::agreeing::{corpus, documents, value};

/// Of two annotators, all labels.
fn two(measure: &dyn Measure, ours: &str, theirs: &str) -> Result<f64, Undefined> {
    value(measure, &corpus(100, &[ours, theirs]), &[0, 1], None)
}

fn tally(measure: &dyn Measure, ours: &str, theirs: &str) -> Vec<f64> {
    let corpus = corpus(100, &[ours, theirs]);
    measure.tally(&View { corpus: &corpus, item: &corpus.items[0], who: &[0, 1], label: None })
}

#[test]
fn exact_is_label_and_edges() {
    assert_eq!(two(&F1Exact, "a0-5 b10-15", "a0-5 b10-14"), Ok(0.5));
    assert_eq!(two(&F1Exact, "a0-5", "b0-5"), Ok(0.0));
    assert_eq!(two(&F1Exact, "a0-5 a0-5 b0-5", "b0-5 a0-5"), Ok(1.0), "marked twice is marked once");
    assert_eq!(two(&F1Exact, "a0-2+4-6", "a0-6"), Ok(0.0), "a gap is an edge");
    assert_eq!(tally(&F1Exact, "a0-5 a7-9 b0-5", "a1-5 a7-9 c0-9 b0-5 c20-30"), [2.0, 3.0, 5.0]);
}

#[test]
fn nothing_is_undefined_and_no_hit_is_zero() {
    for measure in [&F1Exact as &dyn Measure, &F1Overlap, &F1Partial, &F1Type] {
        assert_eq!(two(measure, "", ""), Err(Undefined::NothingMarked), "{}", measure.id());
        // MedTator gives null where nothing is common; here it is the 0 that it is.
        assert_eq!(two(measure, "a0-5", ""), Ok(0.0), "{}", measure.id());
        assert_eq!(two(measure, "a0-5", "b10-15"), Ok(0.0), "{}", measure.id());
        assert_eq!(value(measure, &corpus(9, &["a0-5", "-"]), &[0, 1], None), Err(Undefined::NoDocuments));
        let empty = documents(&[(9, &["a0-5", "a0-5"]), (9, &["a0-5", ""])]);
        let found = value(measure, &empty, &[0, 1], None);
        assert_eq!(found, Ok(2.0 / 3.0), "finished and empty counts: {}", measure.id());
    }
}

/// One misses four names inside the quote that both marked.
#[test]
fn what_is_missed_inside_a_quote_is_seen() {
    let (ours, theirs) = ("q0-60 e2-5 e10-15 e20-25 e30-35", "q0-60");
    for measure in [&F1Exact as &dyn Measure, &F1Overlap, &F1Partial, &F1Type] {
        assert_eq!(two(measure, ours, theirs), Ok(1.0 / 3.0), "{}", measure.id());
    }
    let corpus = corpus(60, &[ours, theirs]);
    assert_eq!(value(&F1Exact, &corpus, &[0, 1], Some(0)), Ok(1.0));
    assert_eq!(value(&F1Exact, &corpus, &[0, 1], Some(1)), Ok(0.0));
}

#[test]
fn overlap_is_one_to_one_and_never_greedy() {
    assert_eq!(two(&F1Overlap, "a0-5", "a4-9"), Ok(1.0));
    assert_eq!(two(&F1Overlap, "a0-5", "a5-9"), Ok(0.0), "touching is not sharing");
    assert_eq!(two(&F1Overlap, "a0-30", "a0-9 a10-19 a20-29"), Ok(0.5), "a long span swallows one");
    assert_eq!(two(&F1Overlap, "a0-2+8-10", "a3-7"), Ok(0.0), "in the gap");
    // Who takes the first that fits leaves the last without one.
    assert_eq!(two(&F1Overlap, "a0-10 a12-20", "a8-14 a9-11"), Ok(1.0));
    assert_eq!(two(&F1Overlap, "a0-10 a8-20", "a9-12 a0-3"), Ok(1.0));
    assert_eq!(two(&F1Overlap, "a5-5", "a5-5"), Ok(1.0), "of no length, but the same");
    assert_eq!(two(&F1Overlap, "a5-5", "a0-9"), Ok(0.0));
}

/// The six scenarios of nervaluate's README, with its counts of correct, incorrect, partial, missing and spurious.
#[test]
fn scores_of_nervaluate() {
    let gold = "b0-7 d20-28 d40-51 d60-69 d70-82 g90-100";
    let found = "b10-17 d17-28 b40-51 d60-69 d70-82 d85-100";
    let sums = tally(&F1Type, gold, found);
    let [both, edges, labels, neither, ours, theirs] = sums[..] else { panic!("six sums") };
    let left = [ours, theirs].map(|side| side - both - edges - labels - neither);
    assert_eq!(left, [1.0, 1.0], "missing, spurious");
    assert_eq!([both + labels, edges + neither], [3.0, 2.0], "type: correct, incorrect");
    assert_eq!([both + edges, labels + neither], [3.0, 2.0], "partial: correct, partial; exact: correct, incorrect");
    assert_eq!([both, edges + labels + neither], [2.0, 3.0], "strict: correct, incorrect");
    assert_eq!(two(&F1Type, gold, found), Ok(0.5));
    assert_eq!(two(&F1Partial, gold, found), Ok(4.0 / 6.0));
    assert_eq!(two(&F1Exact, gold, found), Ok(2.0 / 6.0));
}

#[test]
fn another_label_on_the_same_edges_is_wrong_even_beside_one_that_overlaps() {
    assert_eq!(two(&F1Type, "a0-5", "b0-5 a4-9"), Ok(0.0));
    assert_eq!(two(&F1Overlap, "a0-5", "b0-5 a4-9"), Ok(2.0 / 3.0));
    assert_eq!(two(&F1Type, "a0-5 b0-5", "b0-5 a0-5"), Ok(1.0));
    // Names inside a quote whose end differs do not take its place.
    assert_eq!(two(&F1Type, "q0-50 e3-8", "q0-48 e20-30"), Ok(0.5));
    assert_eq!(two(&F1Partial, "q0-50 e3-8", "q0-48 e20-30"), Ok(0.25));
}

#[test]
fn confusion_says_who_called_what_how() {
    let corpus = documents(&[
        (99, &["a0-5 b10-20 q30-60 a32-36", "b0-5 b10-15 q30-58 a70-75"]),
        (99, &["a0-5", "-"]),
        (99, &["", "a0-5"]),
    ]);
    let confusion = Confusion::of(&corpus, 0, 1);
    let nothing = confusion.nothing();
    let (a, b, q) = (0, 1, 2);
    let filled = |row, column| confusion.cell(row, column).iter().map(|case| case.item).collect::<Vec<_>>();
    assert_eq!((filled(a, b), filled(b, b), filled(q, q)), (vec![0], vec![0], vec![0]));
    assert_eq!(filled(a, nothing), [0], "the name in the quote is no other name for the quote");
    assert_eq!(filled(nothing, a), [0, 2]);
    let all: usize =
        (0..=nothing).map(|row| (0..=nothing).map(|column| confusion.cell(row, column).len()).sum::<usize>()).sum();
    assert_eq!(all, 6, "each pair once, each span left over once");
    let case = &confusion.cell(a, b)[0];
    assert_eq!((case.ours.as_ref().unwrap().as_str(), case.theirs.as_ref().unwrap().as_str()), ("0@0", "1@0"));
    let turned = Confusion::of(&corpus, 1, 0);
    assert_eq!(turned.cell(b, a).len(), 1);
    assert_eq!(turned.cell(a, nothing).len(), 2);
}

/// The corpus with attributes: by annotator and place of a unit.
fn asked(layers: &[&str], attributes: &[(usize, usize, &str, Value)]) -> Corpus {
    let mut corpus = corpus(100, layers);
    for (who, unit, name, value) in attributes {
        let layer = corpus.items[0].layers[*who].as_mut().unwrap();
        layer.units[*unit].attributes.insert((*name).to_owned(), value.clone());
    }
    Corpus::new(corpus.annotators, corpus.labels, corpus.known, corpus.items)
}

#[test]
fn attributes_are_compared_on_matched_spans() {
    let corpus = asked(
        &["q0-10 q20-30 q40-50 e60-65", "q0-11 q20-30 q40-50 e70-75"],
        &[
            (0, 0, "kind", json!("direct")),
            (1, 0, "kind", json!("direct")),
            (0, 1, "kind", json!("direct")),
            (1, 1, "kind", json!("indirect")),
            (0, 2, "kind", json!("scare")),
            (0, 0, "topics", json!(["art", "money"])),
            (1, 0, "topics", json!(["money", "art", "art"])),
            (0, 1, "topics", json!([])),
            (0, 2, "sure", json!(false)),
            (0, 3, "kind", json!("not compared")),
        ],
    );
    assert_eq!(value(&AttributePercent, &corpus, &[0, 1], None), Ok(0.5));
    let rows = answered(&corpus, [0, 1]);
    let seen: Vec<_> = rows.iter().map(|row| (row.attribute.as_str(), row.compared, row.percent)).collect();
    assert_eq!(seen, [("kind", 3, 1.0 / 3.0), ("topics", 1, 1.0)]);
    // By hand: direct, direct; direct, indirect; scare, not set. Expected: 2/3 · 1/3.
    let kappa = rows[0].kappa.clone().unwrap();
    assert!((kappa - (1.0 / 3.0 - 2.0 / 9.0) / (1.0 - 2.0 / 9.0)).abs() < 1e-12, "{kappa}");
    assert_eq!(rows[1].kappa, Err(Undefined::OneCategory));
    assert_eq!(value(&AttributeKappa, &corpus, &[0, 1], None), Ok(kappa), "an attribute without choice weighs nothing");
    let entity = corpus.labels.iter().position(|label| label == "e");
    assert!(matches!(value(&AttributePercent, &corpus, &[0, 1], entity), Err(Undefined::Because(_))));
}

/// Artstein & Poesio 2008, first example: 20, 10, 20 and 50 spans that both marked. κ = 0.348.
#[test]
fn kappa_of_an_attribute_is_cohens() {
    let layer = (0..100).map(|at| format!("a{at}-{}", at + 1)).collect::<Vec<_>>().join(" ");
    let answers = [("yes", "yes", 20), ("yes", "no", 10), ("no", "yes", 20), ("no", "no", 50)];
    let mut attributes = Vec::new();
    for (ours, theirs, times) in answers {
        for _ in 0..times {
            let at = attributes.len() / 2;
            attributes.extend([(0, at, "kind", json!(ours)), (1, at, "kind", json!(theirs))]);
        }
    }
    let corpus = asked(&[&layer, &layer], &attributes);
    assert_eq!(value(&AttributePercent, &corpus, &[0, 1], None), Ok(0.7));
    let kappa = value(&AttributeKappa, &corpus, &[0, 1], None).unwrap();
    assert!((kappa - 8.0 / 23.0).abs() < 1e-12, "{kappa}");
}

#[test]
fn free_text_has_no_kappa() {
    let layer = (0..100).map(|at| format!("a{at}-{}", at + 1)).collect::<Vec<_>>().join(" ");
    let attributes: Vec<_> =
        (0..100).flat_map(|at| [(0, at, "said", json!(format!("“{at}” 👩‍👩‍👧"))), (1, at, "said", json!(at))]).collect();
    let corpus = asked(&[&layer, &layer], &attributes);
    assert_eq!(value(&AttributePercent, &corpus, &[0, 1], None), Ok(0.0));
    let Err(Undefined::Because(reason)) = value(&AttributeKappa, &corpus, &[0, 1], None) else { panic!("no number") };
    assert!(reason.starts_with("free text"), "{reason}");
}

fn linked(layers: &[&str], links: &[(usize, &str, usize, usize)]) -> Corpus {
    let mut corpus = corpus(100, layers);
    for (who, kind, from, to) in links {
        let link = Link { kind: (*kind).to_owned(), from: *from, to: *to, attributes: Default::default() };
        corpus.items[0].layers[*who].as_mut().unwrap().relations.push(link);
    }
    corpus
}

#[test]
fn relations_count_where_both_ends_are_matched() {
    let layers = ["q0-10 e12-15 q20-30 e32-35", "q0-11 e12-15 q20-30 e80-85"];
    let corpus = linked(
        &layers,
        &[(0, "speaker", 0, 1), (1, "speaker", 0, 1), (0, "speaker", 2, 3), (0, "cites", 0, 2), (1, "cites", 2, 0)],
    );
    assert_eq!(value(&RelationF1, &corpus, &[0, 1], None), Ok(0.5), "turned round is another one");
    let kinds = relation_kinds(&corpus, [0, 1]);
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        [("cites".to_owned(), [0.0, 1.0, 1.0]), ("speaker".to_owned(), [1.0, 1.0, 1.0])]
    );
    assert_eq!(value(&RelationF1, &corpus, &[0, 1], Some(0)), Ok(0.5));
    assert!(matches!(value(&RelationF1, &corpus, &[0, 1], Some(1)), Err(Undefined::Because(_))));
    let none = linked(&layers, &[(0, "speaker", 2, 3)]);
    assert!(matches!(value(&RelationF1, &none, &[0, 1], None), Err(Undefined::Because(_))));
}

/// Units as text: nested, equal, empty and in two parts.
fn layer() -> impl Strategy<Value = String> {
    let unit = ("[abc]", 0..18u32, 0..9u32, prop_oneof![3 => Just(0u32), 1 => 1..4u32]).prop_map(
        |(label, start, length, more)| {
            let end = start + length;
            if more == 0 {
                format!("{label}{start}-{end}")
            } else {
                format!("{label}{start}-{end}+{}-{}", end + more, end + 2 * more)
            }
        },
    );
    proptest::collection::vec(unit, 0..9).prop_map(|units| units.join(" "))
}

/// The layers with an attribute on each unit and relations between them, as the numbers say.
fn told(layers: &[&str], numbers: &[usize]) -> Corpus {
    let mut corpus = corpus(100, layers);
    for (who, layer) in corpus.items[0].layers.iter_mut().flatten().enumerate() {
        let count = layer.units.len();
        for (at, number) in numbers.iter().enumerate().skip(who) {
            if count > 0 {
                let kind = ["speaker", "cites"][number % 2].to_owned();
                layer.relations.push(Link {
                    kind,
                    from: at % count,
                    to: number % count,
                    attributes: Default::default(),
                });
                let value = [json!("direct"), json!(["a", "b"]), json!(null), json!(number % 5)][number % 4].clone();
                layer.units[at % count].attributes.insert(["kind", "who"][number / 4 % 2].to_owned(), value);
            }
        }
    }
    Corpus::new(corpus.annotators, corpus.labels, corpus.known, corpus.items)
}

proptest! {
    #[test]
    fn what_matched_spans_carry_is_symmetric_and_whole(ours in layer(), theirs in layer(), numbers in proptest::collection::vec(0..40usize, 0..24)) {
        let there = told(&[&ours, &theirs], &numbers);
        for measure in [&AttributePercent as &dyn Measure, &AttributeKappa, &RelationF1] {
            for label in [None, Some(0)] {
                let (one, other) = (value(measure, &there, &[0, 1], label), value(measure, &there, &[1, 0], label));
                let same = match (&one, &other) {
                    (Ok(one), Ok(other)) => (one - other).abs() < 1e-12,
                    _ => one == other,
                };
                prop_assert!(same, "{} {one:?} {other:?}", measure.id());
                prop_assert!(one.as_ref().map_or(true, |value| *value <= 1.0), "{} {one:?}", measure.id());
                let alone = value(measure, &there, &[0, 0], label);
                prop_assert!(alone.as_ref().map_or(true, |value| (value - 1.0).abs() < 1e-12), "{} {alone:?}", measure.id());
            }
        }
    }

    #[test]
    fn every_pair_that_shares_a_character_is_found(ours in layer(), theirs in layer()) {
        let corpus = corpus(100, &[&ours, &theirs]);
        let units = [0, 1].map(|who| corpus.items[0].layers[who].as_ref().unwrap().units.iter().collect::<Vec<_>>());
        let mut found: Vec<_> = candidates(&units[0], &units[1]).iter().map(|pair| (pair.ours, pair.theirs)).collect();
        found.sort_unstable();
        let mut all = Vec::new();
        for (a, unit) in units[0].iter().enumerate() {
            for (b, other) in units[1].iter().enumerate() {
                if unit.chars == other.chars || unit.chars.shared(&other.chars) > 0 {
                    all.push((a, b));
                }
            }
        }
        prop_assert_eq!(found, all);
    }

    #[test]
    fn scores_are_symmetric_and_in_their_order(ours in layer(), theirs in layer()) {
        let there = corpus(100, &[&ours, &theirs]);
        for measure in [&F1Exact as &dyn Measure, &F1Overlap, &F1Partial, &F1Type] {
            prop_assert_eq!(value(measure, &there, &[0, 1], None), value(measure, &there, &[1, 0], None), "{}", measure.id());
            let same = value(measure, &there, &[0, 0], None);
            prop_assert!(same == Ok(1.0) || ours.is_empty(), "{} {same:?}", measure.id());
        }
        if let (Ok(exact), Ok(kind), Ok(overlap)) = (two(&F1Exact, &ours, &theirs), two(&F1Type, &ours, &theirs), two(&F1Overlap, &ours, &theirs)) {
            prop_assert!(exact <= kind && kind <= overlap, "{exact} {kind} {overlap}");
        }
    }

    #[test]
    fn by_label_overlaps_add_up(ours in layer(), theirs in layer()) {
        let corpus = corpus(100, &[&ours, &theirs]);
        let view = |label| View { corpus: &corpus, item: &corpus.items[0], who: &[0, 1], label };
        let mut sums = vec![0.0; 3];
        for label in 0..corpus.labels.len() {
            sums.iter_mut().zip(F1Overlap.tally(&view(Some(label)))).for_each(|(sum, add)| *sum += add);
        }
        prop_assert_eq!(sums, F1Overlap.tally(&view(None)));
    }
}
