//! Settling: what each ruling leaves in gold, what is recorded, what comes back; taking it back leaves nothing behind.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use spanwright::annotation::{Annotator, Layer, Ranges, Relation, Span, Spans, Status};
use spanwright::edit::{LayerEdit, apply_edit};
use spanwright::review::{
    Accept, Comparison, Decision, Difference, Gold, Reviewer, Rule, Ruling, Settlement, State, Trivial, compare,
};
use spanwright::schema::LabelId;
use spanwright::text::{Document, Text};

use crate::review::{comparison, in_words, marked};
use crate::support::{document, news, picture};

pub fn reviewer() -> Reviewer {
    Reviewer { by: Annotator::from("maria"), at: "2026-11-22T10:00:00Z".parse().unwrap() }
}

fn gold_after(sources: &[&str], ruling: impl Fn(&Document, &Difference) -> Option<Ruling>) -> String {
    let (document, compared) = comparison(sources);
    let mut gold = Gold::of(None);
    let mut said = String::new();
    for difference in &compared.differences {
        if let Some(ruling) = ruling(&document, difference)
            && let Err(refusal) = gold.settle(&compared, difference, &ruling.into(), &reviewer())
        {
            said += &format!(" ({refusal})");
        }
    }
    let relations: Vec<String> =
        gold.layer().relations.values().map(|it| in_gold(&document.text, gold.layer(), it)).collect();
    let arrows = if relations.is_empty() { String::new() } else { format!(" | {}", relations.join(", ")) };
    picture(&document.text, Some(gold.layer())) + &arrows + &said
}

fn in_gold(text: &Text, layer: &Layer, relation: &Relation) -> String {
    let end = |id| layer.span(id).unwrap().ranges.quote(text);
    format!("{} {} → {}", relation.kind, end(&relation.from), end(&relation.to))
}

/// Every difference, and what is agreed on, with one ruling.
#[track_caller]
fn settles(sources: &[&str], ruling: &Ruling, expected: &str) {
    assert_eq!(gold_after(sources, |_, _| Some(ruling.clone())), expected, "{sources:?} {ruling:?}");
}

#[test]
fn each_ruling_leaves_what_it_says() {
    let edges = ["[entity Dr Smith] x", "Dr [entity Smith x]"];
    settles(&edges, &Ruling::Take(0), "⟨entity Dr Smith⟩ x");
    settles(&edges, &Ruling::Take(1), "Dr ⟨entity Smith x⟩");
    settles(&edges, &Ruling::Union, "⟨entity Dr Smith x⟩");
    settles(&edges, &Ruling::Intersection, "Dr ⟨entity Smith⟩ x");
    settles(&edges, &Ruling::Nothing, "Dr Smith x");
    settles(&edges, &Ruling::Relabel("event".into()), "⟨event Dr Smith⟩ x");
    let whole = Ranges::from(Text::new("Dr Smith x").all());
    settles(&edges, &Ruling::Edges(whole), "⟨entity Dr Smith x⟩");
    settles(&edges, &Ruling::Majority, "Dr Smith x (No more than half of them say the same)");
    settles(&edges, &Ruling::Unanimous, "Dr Smith x (They do not all say the same)");
    settles(&["[entity Oslo] x", "Oslo x"], &Ruling::Take(1), "Oslo x");
    settles(&["[entity Oslo] x", "Oslo x"], &Ruling::Take(0), "⟨entity Oslo⟩ x");
    settles(
        &["[entity Oslo] x", "-", "Oslo x"],
        &Ruling::Take(1),
        "Oslo x (This annotator has not finished the document)",
    );
    settles(&["[quote a b c]", "[quote a] [quote b c]"], &Ruling::Take(1), "⟨quote a⟩ ⟨quote b c⟩");
    settles(&["[quote a b c]", "[quote a] [quote b c]"], &Ruling::Union, "⟨quote a b c⟩");
    settles(&["[quote#q a] b [»#q c]", "[quote#q a b] [»#q c]"], &Ruling::Union, "⟨quote a b⟩ ⟨+quote c⟩");
    settles(&["[quote#q a] b [»#q c]", "[quote a b c]"], &Ruling::Intersection, "⟨quote a⟩ b ⟨+quote c⟩");
    settles(&["[event ab]cd[event ef]", "a[event bcde]f"], &Ruling::Take(1), "a⟨event bcde⟩f");
}

#[test]
fn a_majority_is_more_than_half_of_those_who_finished() {
    settles(&["[entity Oslo] x", "[entity Oslo] x", "[entity Oslo x]"], &Ruling::Majority, "⟨entity Oslo⟩ x");
    settles(&["[entity Oslo] x", "Oslo x", "Oslo x"], &Ruling::Majority, "Oslo x");
    settles(
        &["[entity Oslo] x", "[entity Oslo] x", "Oslo x", "Oslo x"],
        &Ruling::Majority,
        "Oslo x (No more than half of them say the same)",
    );
    settles(&["[entity Oslo] x", "[entity Oslo] x", "Oslo x", "-"], &Ruling::Majority, "⟨entity Oslo⟩ x");
}

#[test]
fn attributes_come_along_and_where_they_differ_most_decide() {
    let attributes = |sources: &[&str], ruling: Ruling| {
        let (_, compared) = comparison(sources);
        let mut gold = Gold::of(None);
        gold.settle(&compared, &compared.differences[0], &ruling.into(), &reviewer()).unwrap();
        let span = gold.layer().spans.iter().next().unwrap().clone();
        json!(span.attributes).to_string()
    };
    let three = ["[entity,type=person Dr A] x", "Dr [entity,type=place A] x", "Dr [entity,type=place A] x"];
    assert_eq!(attributes(&three, Ruling::Take(0)), r#"{"type":"person"}"#);
    assert_eq!(attributes(&three, Ruling::Union), r#"{"type":"place"}"#);
    assert_eq!(attributes(&three[..2], Ruling::Union), r#"{"type":"person"}"#);
    let other = [("type".to_owned(), json!("other"))].into();
    assert_eq!(attributes(&three, Ruling::Attributes(other)), r#"{"type":"other"}"#);
    // Those of one label are none of another's.
    assert_eq!(attributes(&three, Ruling::Relabel("event".into())), "{}");
    let labels = ["[entity,type=person A] x", "[event,realis=actual A] x"];
    assert_eq!(attributes(&labels, Ruling::Relabel("event".into())), r#"{"realis":"actual"}"#);
}

#[test]
fn a_decision_says_by_whom_when_why_and_from_what() {
    let (_, compared) = comparison(&["[entity#e Dr Smith] x", "Dr [entity#f Smith] x"]);
    let mut gold = Gold::of(None);
    let why = "Titles belong to the name".to_owned();
    let settlement = Settlement { why, ..Settlement::by_hand(Ruling::Take(0)) };
    gold.settle(&compared, &compared.differences[0], &settlement, &reviewer()).unwrap();
    let layer = gold.layer();
    let decision = Decision::read(&layer.decisions[0]).unwrap();
    assert_eq!(decision.to_value(), layer.decisions[0]);
    assert_eq!((decision.ruling.as_str(), decision.by.as_str()), ("take", "maria"));
    assert_eq!(decision.annotator, Some(Annotator::from("a")));
    assert_eq!(decision.when, reviewer().at);
    let sources: Vec<_> =
        decision.sources.iter().map(|it| (it.annotator.as_str(), it.version, it.items[0].id.as_str())).collect();
    assert_eq!(sources, [("a", 1, "e"), ("b", 1, "f")]);
    let span = layer.span(&decision.spans[0]).unwrap();
    assert_eq!(
        json!(span.origin),
        json!({"by": "adjudication", "sources": [{"annotator": "a", "span": "e"}, {"annotator": "b", "span": "f"}], "decision": decision.id})
    );
}

#[test]
fn nothing_here_is_recorded() {
    let (_, compared) = comparison(&["[entity Oslo] x", "Oslo x"]);
    let mut gold = Gold::of(None);
    gold.settle(&compared, &compared.differences[0], &Ruling::Nothing.into(), &reviewer()).unwrap();
    let decision = Decision::read(&gold.layer().decisions[0]).unwrap();
    assert_eq!((decision.ruling.as_str(), decision.spans.len()), ("nothing", 0));
    assert_eq!(gold.state(&compared, &compared.differences[0]), State::Settled(decision.id));
    assert_eq!(gold.layer().status, Status::Finished);
}

#[test]
fn settling_again_takes_the_place_of_what_was_settled() {
    let (document, compared) = comparison(&["[entity Dr Smith] x", "Dr [entity Smith] x"]);
    let mut gold = Gold::of(None);
    for (ruling, expected) in [
        (Ruling::Take(0), "⟨entity Dr Smith⟩ x"),
        (Ruling::Take(1), "Dr ⟨entity Smith⟩ x"),
        // From here on, what stands in gold is what is changed.
        (Ruling::Relabel("event".into()), "Dr ⟨event Smith⟩ x"),
        (Ruling::Edges(document.text.all().into()), "⟨event Dr Smith x⟩"),
        (Ruling::Nothing, "Dr Smith x"),
        (Ruling::Union, "⟨entity Dr Smith⟩ x"),
    ] {
        gold.settle(&compared, &compared.differences[0], &ruling.into(), &reviewer()).unwrap();
        assert_eq!(picture(&document.text, Some(gold.layer())), expected);
        assert_eq!(gold.layer().decisions.len(), 1);
    }
}

#[test]
fn gold_is_finished_with_the_last_difference_and_what_all_agree_on_comes_along() {
    let (document, compared) = comparison(&[
        "[quote#q So] said [entity#k Kerry] of [entity#o Oslo] | speaker q k",
        "[quote#q So] said [entity#k Kerry] of Oslo | speaker q k",
    ]);
    let mut gold = Gold::of(None);
    let open = |it: &&Arc<Difference>| !it.is_agreed();
    let last = compared.differences.iter().find(open).unwrap();
    gold.settle(&compared, last, &Ruling::Take(0).into(), &reviewer()).unwrap();
    assert_eq!(picture(&document.text, Some(gold.layer())), "⟨quote So⟩ said ⟨entity Kerry⟩ of ⟨entity Oslo⟩");
    assert_eq!(gold.layer().relations.len(), 1);
    assert_eq!(gold.layer().status, Status::Finished);
    let rules: Vec<_> = gold.layer().decisions.iter().filter_map(|it| Decision::read(it)?.rule).collect();
    assert_eq!(rules, [Rule::Unanimous; 3]);
}

#[test]
fn a_relation_wants_both_its_ends() {
    let sources =
        ["[quote#q So] said [entity#k Kerry] [entity#l Lind] | speaker q k", "[quote#q So] said [entity#k Kerry] Lind"];
    let (document, compared) = comparison(&sources);
    let arrow = compared.differences.iter().find(|it| in_words(&document, it).contains("speaker")).unwrap();
    // Ends that all agree on are brought along.
    let mut gold = Gold::of(None);
    gold.settle(&compared, arrow, &Ruling::Take(0).into(), &reviewer()).unwrap();
    assert_eq!(picture(&document.text, Some(gold.layer())), "⟨quote So⟩ said ⟨entity Kerry⟩ Lind");
    assert_eq!(gold.layer().status, Status::InProgress);
    let mut relations = gold.layer().relations.values();
    assert_eq!(in_gold(&document.text, gold.layer(), relations.next().unwrap()), "speaker So → Kerry");
    // An end that is open must be settled first; one that is rejected takes the question away.
    let sources = ["[quote#q So] said [entity#k Mr Kerry] | speaker q k", "[quote#q So] said Mr [entity#k Kerry]"];
    settles(&sources, &Ruling::Nothing, "So said Mr Kerry");
    let (document, compared) = comparison(&sources);
    let arrow = compared.differences.iter().find(|it| in_words(&document, it).contains("speaker")).unwrap();
    let end = compared.differences.iter().find(|it| in_words(&document, it).starts_with("boundary")).unwrap();
    let mut gold = Gold::of(None);
    let refused = gold.settle(&compared, arrow, &Ruling::Take(0).into(), &reviewer()).unwrap_err();
    assert_eq!(refused.0, "Settle the spans at its ends first");
    assert_eq!(gold.layer(), Gold::of(None).layer());
    gold.settle(&compared, end, &Ruling::Nothing.into(), &reviewer()).unwrap();
    assert_eq!(gold.state(&compared, arrow), State::Moot);
    assert_eq!(gold.layer().status, Status::Finished);
    // Whoever's end was taken, the arrow goes to what stands for it.
    gold.settle(&compared, end, &Ruling::Take(1).into(), &reviewer()).unwrap();
    gold.settle(&compared, arrow, &Ruling::Take(0).into(), &reviewer()).unwrap();
    let mut relations = gold.layer().relations.values();
    assert_eq!(in_gold(&document.text, gold.layer(), relations.next().unwrap()), "speaker So → Kerry");
    // Rejecting the end takes the arrow with it, and what was decided of it.
    gold.settle(&compared, end, &Ruling::Nothing.into(), &reviewer()).unwrap();
    assert!(gold.layer().relations.is_empty());
    assert_eq!(gold.state(&compared, arrow), State::Moot);
}

/// One annotator marks it all again: the same ids where the marks are the same.
fn again(document: &Document, compared: &Comparison, who: usize, source: &str) -> Comparison {
    let (_, mut layer) = marked(compared.annotators[who].as_str(), source);
    layer.version = 2;
    let mut layers = compared.layers.clone();
    layers[who] = Some(Arc::new(layer));
    compare(document, &news(), &compared.annotators, layers)
}

fn states(gold: &Gold, document: &Document, compared: &Comparison) -> Vec<String> {
    let withdrawn = gold.withdrawn(compared);
    let all = compared.differences.iter().chain(&withdrawn);
    let told = all.map(|it| {
        let state = match gold.state(compared, it) {
            State::Open => "open",
            State::Settled(_) => "settled",
            State::Stale(_) => "stale",
            State::Moot => "moot",
        };
        format!("{state}: {}", in_words(document, it))
    });
    told.collect()
}

#[test]
fn what_changes_after_it_was_settled_comes_back_and_gold_stays() {
    let (document, compared) =
        comparison(&["[entity#1 Dr Smith] met [entity#2 Lind]", "Dr [entity#1 Smith] met [entity#2 Lind]"]);
    let mut gold = Gold::of(None);
    gold.settle(&compared, &compared.differences[0], &Ruling::Take(0).into(), &reviewer()).unwrap();
    let settled = "⟨entity Dr Smith⟩ met ⟨entity Lind⟩";
    assert_eq!(picture(&document.text, Some(gold.layer())), settled);
    // The same again, and a note: nothing comes back.
    let same = again(&document, &compared, 0, "[entity#1 Dr Smith] met [entity#2 Lind]");
    assert_eq!(
        states(&gold, &document, &same),
        ["settled: boundary left 3/1: entity Dr Smith / entity Smith", "settled: agreed: entity Lind / entity Lind",]
    );
    // One edge moves.
    let moved = again(&document, &compared, 1, "Dr [entity#1 Smith met] [entity#2 Lind]");
    assert_eq!(
        states(&gold, &document, &moved),
        [
            "stale: boundary left 3/1 right 4/1: entity Dr Smith / entity Smith met",
            "settled: agreed: entity Lind / entity Lind",
        ]
    );
    assert_eq!(picture(&document.text, Some(gold.layer())), settled);
    let mut after = gold.clone();
    after.settle(&moved, &moved.differences[0], &Ruling::Take(1).into(), &reviewer()).unwrap();
    assert_eq!(picture(&document.text, Some(after.layer())), "Dr ⟨entity Smith met⟩ ⟨entity Lind⟩");
    assert_eq!(after.layer().decisions.len(), 2);
    // One goes: the other's mark is still there.
    let gone = again(&document, &compared, 1, "Dr Smith met [entity#2 Lind]");
    assert_eq!(states(&gold, &document, &gone)[0], "stale: missing by b: entity Dr Smith / –");
    // Both go: gold alone has it.
    let neither = again(
        &document,
        &again(&document, &compared, 0, "Dr Smith met [entity#2 Lind]"),
        1,
        "Dr Smith met [entity#2 Lind]",
    );
    assert_eq!(
        states(&gold, &document, &neither),
        ["settled: agreed: entity Lind / entity Lind", "stale: withdrawn: – / –",]
    );
    let withdrawn = gold.withdrawn(&neither);
    assert_eq!(document.text.slice(withdrawn[0].extent), "Dr Smith");
    gold.settle(&neither, &withdrawn[0], &Ruling::Nothing.into(), &reviewer()).unwrap();
    assert_eq!(picture(&document.text, Some(gold.layer())), "Dr Smith met ⟨entity Lind⟩");
    assert!(gold.withdrawn(&neither).is_empty());
}

#[test]
fn somebody_new_joins_and_nothing_settled_is_lost() {
    let sources = ["[entity#1 Dr Smith] x", "Dr [entity#1 Smith] x", "[entity#1 Dr Smith x]"];
    let (document, two) = comparison(&sources[..2]);
    let mut gold = Gold::of(None);
    gold.settle(&two, &two.differences[0], &Ruling::Take(0).into(), &reviewer()).unwrap();
    let (_, three) = comparison(&sources);
    assert_eq!(
        states(&gold, &document, &three),
        ["settled: boundary left 3/1 right 2/1: entity Dr Smith / entity Smith / entity Dr Smith x",]
    );
    // And in another order, and without one of the first two.
    let annotators: Arc<[Annotator]> = [three.annotators[2].clone(), three.annotators[0].clone()].into();
    let layers = vec![three.layers[2].clone(), three.layers[0].clone()];
    let others = compare(&document, &news(), &annotators, layers);
    assert!(matches!(gold.state(&others, &others.differences[0]), State::Settled(_)));
}

#[test]
fn two_rulings_with_one_result_are_one_span() {
    let (document, compared) = comparison(&["[entity#1 A] B [entity#2 C]", "[entity#1 A B] [entity#2 C]"]);
    let mut gold = Gold::of(None);
    let whole: Ranges = document.text.all().into();
    gold.settle(&compared, &compared.differences[0], &Ruling::Edges(whole.clone()).into(), &reviewer()).unwrap();
    gold.settle(&compared, &compared.differences[1], &Ruling::Edges(whole).into(), &reviewer()).unwrap();
    assert_eq!(picture(&document.text, Some(gold.layer())), "⟨entity A B C⟩");
    // Taking one of them back leaves it to the other.
    gold.settle(&compared, &compared.differences[0], &Ruling::Nothing.into(), &reviewer()).unwrap();
    assert_eq!(picture(&document.text, Some(gold.layer())), "⟨entity A B C⟩");
}

#[test]
fn rules_settle_what_is_open_and_nothing_else() {
    let sources = [
        "[quote “So] [entity Dr A] [event B] [entity C]",
        "“[quote So] Dr [entity A] [event B] C",
        "“[quote So] Dr [entity A] [event B] C",
    ];
    let accepted = |sources: &[&str], accept: Accept| {
        let (document, compared) = comparison(sources);
        let mut gold = Gold::of(None);
        let proposals = gold.proposals(&compared, accept);
        let (_, refused) = gold.settle_all(&compared, &proposals, &reviewer());
        assert!(refused.is_empty(), "{refused:?}");
        picture(&document.text, Some(gold.layer()))
    };
    assert_eq!(accepted(&sources, Accept::Unanimous), "“So Dr A ⟨event B⟩ C");
    assert_eq!(accepted(&sources, Accept::Majority), "“⟨quote So⟩ Dr ⟨entity A⟩ ⟨event B⟩ C");
    let marks = |worst, wide| Accept::Trivial { worst, wide };
    assert_eq!(accepted(&sources, marks(Trivial::Quotation, false)), "“⟨quote So⟩ Dr A B C");
    assert_eq!(accepted(&sources, marks(Trivial::Punctuation, true)), "⟨quote “So⟩ Dr A B C");
    assert_eq!(accepted(&sources, marks(Trivial::Whitespace, true)), "“So Dr A B C");
    // What was settled by hand stays.
    let (document, compared) = comparison(&sources);
    let mut gold = Gold::of(None);
    let event = compared.differences.iter().find(|it| it.is_agreed()).unwrap();
    gold.settle(&compared, event, &Ruling::Nothing.into(), &reviewer()).unwrap();
    let proposals = gold.proposals(&compared, Accept::Majority);
    gold.settle_all(&compared, &proposals, &reviewer());
    assert_eq!(picture(&document.text, Some(gold.layer())), "“⟨quote So⟩ Dr ⟨entity A⟩ B C");
}

#[test]
fn two_reviewers_settle_different_things_at_once_and_the_same_thing_once() {
    let (document, compared) = comparison(&["[entity A] [event B] [quote C]", "A B C"]);
    let mut shared = Gold::of(None);
    shared.settle(&compared, &compared.differences[2], &Ruling::Take(0).into(), &reviewer()).unwrap();
    let mut store = shared.layer().clone();
    let (mut one, mut other) = (shared.clone(), shared.clone());
    let first = one.settle(&compared, &compared.differences[0], &Ruling::Take(0).into(), &reviewer()).unwrap();
    let second = other.settle(&compared, &compared.differences[1], &Ruling::Take(0).into(), &reviewer()).unwrap();
    for edit in first.iter().chain(&second) {
        apply_edit(&mut store, edit).unwrap();
    }
    assert_eq!(picture(&document.text, Some(&store)), "⟨entity A⟩ ⟨event B⟩ ⟨quote C⟩");
    let third = shared.settle(&compared, &compared.differences[0], &Ruling::Nothing.into(), &reviewer()).unwrap();
    assert!(third.iter().any(|edit| apply_edit(&mut store.clone(), edit).is_err()), "the first was settled elsewhere");
}

fn undone(mut layer: Layer, edits: &[LayerEdit]) -> Layer {
    for edit in edits.iter().rev() {
        let edit =
            spanwright::edit::Edit::Layer { document: "d".into(), annotator: Annotator::gold(), edit: edit.clone() };
        let spanwright::edit::Edit::Layer { edit, .. } = edit.inverse() else { unreachable!() };
        apply_edit(&mut layer, &edit).unwrap();
    }
    layer
}

/// A layer over a text with odd characters in it.
fn a_layer(annotator: &'static str) -> impl Strategy<Value = Layer> {
    let span = (0..3_usize, 0..WORDS.len(), 1..4_usize, 0..3_usize);
    (proptest::collection::vec(span, 0..8), proptest::collection::vec((0..8_usize, 0..8_usize), 0..3)).prop_map(
        move |(spans, arrows)| {
            let text = Text::new(WORDS.join(" "));
            let mut layer = Layer::untouched(Annotator::from(annotator));
            (layer.status, layer.version) = (Status::Finished, 1);
            let mut made: Vec<Span> = Vec::new();
            for (number, (label, from, length, kind)) in spans.into_iter().enumerate() {
                let start = WORDS[..from].iter().map(|word| word.len() + 1).sum::<usize>();
                let to = (from + length).min(WORDS.len());
                let end = WORDS[..to].iter().map(|word| word.len() + 1).sum::<usize>() - 1;
                let label = LabelId::from(["entity", "quote", "event"][label]);
                let range = Ranges::from(text.range(start, end).unwrap());
                let mut span = Span::manual(format!("s{number}").into(), label, range);
                if kind > 0 {
                    span.attributes.insert("kind".to_owned(), json!(kind));
                }
                if !made.iter().any(|known| known.same_decision(&span)) {
                    made.push(span);
                }
            }
            for (number, (from, to)) in arrows.into_iter().enumerate() {
                if let (Some(from), Some(to)) = (made.get(from), made.get(to)) {
                    let there = |it: &Arc<Relation>| it.from == from.id && it.to == to.id;
                    if !layer.relations.values().any(there) {
                        let id = spanwright::annotation::ItemId::from(format!("r{number}"));
                        let relation = Relation::new(id.clone(), "speaker".into(), from.id.clone(), to.id.clone());
                        layer.relations.insert(id, Arc::new(relation));
                    }
                }
            }
            layer.spans = Spans::try_from(made.into_iter().map(Arc::new).collect::<Vec<_>>()).unwrap();
            layer
        },
    )
}

const WORDS: [&str; 9] = ["“Curly”", "👩‍👩‍👧", "Говорит", "e\u{301}te\u{301}", "Dr", "Smith,", "the", "停火协议", "end"];

fn compared(layers: &[Layer]) -> (Document, Comparison) {
    let document = document("d", &WORDS.join(" "));
    let annotators: Arc<[Annotator]> = layers.iter().map(|layer| layer.annotator.clone()).collect();
    let layers = layers.iter().map(|layer| Some(Arc::new(layer.clone()))).collect();
    let compared = compare(&document, &news(), &annotators, layers);
    (document, compared)
}

/// What a layer says, without ids.
fn content(document: &Document, layer: &Layer) -> Vec<String> {
    let span = |span: &Span| format!("{} {:?} {}", span.label, span.ranges, json!(span.attributes));
    let mut said: Vec<String> = layer.spans.iter().map(|it| span(it)).collect();
    let end = |id| span(layer.span(id).unwrap());
    said.extend(layer.relations.values().map(|it| format!("{} {} {}", it.kind, end(&it.from), end(&it.to))));
    said.sort();
    assert!(layer.spans.iter().all(|span| document.text.len() >= span.hull().end()));
    said
}

proptest! {
    #[test]
    fn taking_all_from_one_makes_gold_that_ones_layer(a in a_layer("a"), b in a_layer("b"), c in a_layer("c"), who in 0..3_usize) {
        let layers = [a, b, c];
        let (document, compared) = compared(&layers);
        let mut gold = Gold::of(None);
        for difference in &compared.differences {
            gold.settle(&compared, difference, &Ruling::Take(who).into(), &reviewer()).unwrap();
        }
        prop_assert_eq!(content(&document, gold.layer()), content(&document, &layers[who]));
        prop_assert_eq!(gold.layer().status, if compared.differences.is_empty() { Status::Untouched } else { Status::Finished });
        prop_assert!(gold.withdrawn(&compared).is_empty());
    }

    #[test]
    fn settling_is_taken_back_and_survives_another_look(
        a in a_layer("a"), b in a_layer("b"), rulings in proptest::collection::vec((0..9_usize, 0..20_usize), 1..12)
    ) {
        let (_, compared) = compared(&[a, b]);
        prop_assume!(!compared.differences.is_empty());
        let mut gold = Gold::of(None);
        for (ruling, place) in rulings {
            let difference = &compared.differences[place % compared.differences.len()];
            let ruling = match ruling {
                0 | 1 => Ruling::Take(ruling),
                2 => Ruling::Union,
                3 => Ruling::Intersection,
                4 => Ruling::Relabel("boilerplate".into()),
                5 => Ruling::Edges(difference.extent.into()),
                6 => Ruling::Majority,
                7 => Ruling::Unanimous,
                _ => Ruling::Nothing,
            };
            let before = gold.layer().clone();
            match gold.settle(&compared, difference, &ruling.into(), &reviewer()) {
                Err(_) => prop_assert!(gold.layer().same_content(&before), "what is refused changes nothing"),
                Ok(edits) => {
                    let mut layer = before.clone();
                    for edit in &edits {
                        apply_edit(&mut layer, edit).unwrap();
                    }
                    prop_assert!(layer.same_content(gold.layer()), "the edits are what was done");
                    prop_assert!(undone(layer, &edits).same_content(&before), "and are taken back");
                    // Read again, and compared again, nothing is lost.
                    let again = Gold::of(Some(gold.layer()));
                    prop_assert!(!again.state(&compared, difference).is_open());
                    for other in &compared.differences {
                        prop_assert_eq!(again.state(&compared, other), gold.state(&compared, other));
                    }
                }
            }
        }
    }

    #[test]
    fn who_compares_in_which_order_changes_nothing(a in a_layer("a"), b in a_layer("b"), c in a_layer("c")) {
        let (document, forth) = compared(&[a.clone(), b.clone(), c.clone()]);
        let (_, back) = compared(&[c, a, b]);
        prop_assert_eq!(forth.differences.len(), back.differences.len());
        for (one, other) in forth.differences.iter().zip(&back.differences) {
            prop_assert_eq!(&one.id, &other.id, "{} {}", in_words(&document, one), in_words(&document, other));
            prop_assert_eq!(one.kinds.len(), other.kinds.len());
        }
    }

    #[test]
    fn everything_that_was_marked_is_in_one_difference(a in a_layer("a"), b in a_layer("b")) {
        let (_, compared) = compared(&[a.clone(), b.clone()]);
        for (who, layer) in [a, b].iter().enumerate() {
            let mut seen: Vec<_> = compared.differences.iter().flat_map(|it| &it.sources[who]).map(|it| it.id.clone()).collect();
            seen.sort();
            let mut there: Vec<_> = layer.spans.iter().map(|span| span.id.clone()).chain(layer.relations.keys().cloned()).collect();
            there.sort();
            prop_assert_eq!(seen, there);
        }
    }
}
