//! The queue of differences: clusters of the same question, orders, blind sides, cases for the guidelines, and very many at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use spanwright::annotation::{Annotator, Layer, Ranges, Span, Spans, Status};
use spanwright::review::{
    Accept, COLUMNS, Case, Comparison, Decision, Filter, Gold, Order, Queue, Ruling, Settlement, State, Trivial,
    compare, letter, row, shuffled, sides_in_words, with_case,
};
use spanwright::schema::LabelId;
use spanwright::text::convert::OffsetIndex;
use spanwright::text::{Document, Text};

use crate::review::{comparison, in_words, marked};
use crate::settling::reviewer;
use crate::support::{document, news};

/// Several documents, `d0`, `d1`, …, each as two annotators marked it.
fn documents(pairs: &[[&str; 2]]) -> Vec<(Document, Comparison)> {
    let annotators: Arc<[Annotator]> = [Annotator::from("a"), Annotator::from("b")].into();
    let one = |(number, [a, b]): (usize, &[&str; 2])| {
        let ((text, a), (_, b)) = (marked("a", a), marked("b", b));
        let document = document(&format!("d{number}"), &text);
        let compared = compare(&document, &news(), &annotators, vec![Some(Arc::new(a)), Some(Arc::new(b))]);
        (document, compared)
    };
    pairs.iter().enumerate().map(one).collect()
}

fn queue(pairs: &[[&str; 2]]) -> Queue {
    let mut queue = Queue::default();
    for (_, compared) in documents(pairs) {
        queue.put(&compared, &Gold::of(None));
    }
    queue.cluster();
    queue
}

#[track_caller]
fn clusters(pairs: &[[&str; 2]], expected: &[&str]) {
    let told: Vec<String> = queue(pairs).clusters.iter().map(|cluster| cluster.sentence()).collect();
    assert_eq!(told, expected);
}

#[test]
fn the_same_question_is_one_cluster() {
    clusters(
        &[
            ["[entity Dr Smith] x", "Dr [entity Smith] x"],
            ["Dr [entity Jones] x", "[entity Dr Jones] x"],
            ["[entity Mr Lind] x", "Mr [entity Lind] x"],
            ["[entity the Bank] x", "the [entity Bank] x"],
            ["[entity The Times] x", "The [entity Times] x"],
        ],
        &[
            "Entity: “Dr” at the left edge is in or out – 2 cases",
            "Entity: “the” at the left edge is in or out – 2 cases",
            "Entity: a title at the left edge is in or out – 1 case",
        ],
    );
}

#[test]
fn rare_words_go_by_what_they_are() {
    clusters(
        &[
            ["[entity Minister Lind] x", "Minister [entity Lind] x"],
            ["[entity Президент Иванов] x", "Президент [entity Иванов] x"],
            ["[event Talks 2015] x", "[event Talks] 2015 x"],
            ["[event Vote 12] x", "[event Vote] 12 x"],
            ["[quote “So”]", "“[quote So]”"],
            ["[quote «Да»]", "«[quote Да]»"],
        ],
        &[
            "Entity: a title at the left edge is in or out – 2 cases",
            "Event: a number at the right edge is in or out – 2 cases",
            "Quote: a quotation mark at the left edge and a quotation mark at the right edge are in or out – 2 cases",
        ],
    );
}

#[test]
fn every_kind_has_its_question() {
    clusters(
        &[
            ["[entity Oslo] x", "Oslo x"],
            ["Oslo x", "[entity Oslo] x"],
            ["[entity Rome] x", "Rome x"],
            ["[entity Summit] x", "[event Summit] x"],
            ["[event Summit] x", "[entity Summit] x"],
            ["[entity,type=person A] x", "[entity,type=place A] x"],
            ["[entity,type=place B] x", "[entity,type=person B] x"],
            ["[quote a b] x", "[quote a] [quote b] x"],
            ["[quote#q a] [entity#e b] | speaker q e", "[quote#q a] [entity#e b]"],
        ],
        &[
            "Entity: type is “person” or “place” – 2 cases",
            "“Summit”: Entity or Event – 2 cases",
            "Entity: “Oslo” is marked or not – 2 cases",
            "Entity: marked or not – 1 case",
            "Speaker: linked or not – 1 case",
            "Quote: one span or several – 1 case",
        ],
    );
}

#[test]
fn a_queue_is_ordered_and_filtered() {
    let pairs = [
        ["[quote So.] [entity Oslo] [event Vote]", "[quote So]. Oslo [entity Vote]"],
        ["[quote Da.] [entity Rome]", "[quote Da]. [entity Rome]"],
    ];
    let queue = queue(&pairs);
    assert_eq!(queue.counts(), (4, 4));
    assert_eq!(queue.documents[1].agreed, 1);
    let told = |order, filter: &Filter| -> Vec<String> {
        let one = |place| {
            let entry = queue.get(place).unwrap();
            format!("{} {}", entry.difference.document, entry.difference.kind().unwrap().id())
        };
        queue.order(order, filter).into_iter().map(one).collect()
    };
    let all = Filter::default();
    assert_eq!(told(Order::Document, &all), ["d0 boundary-trivial", "d0 missing", "d0 label", "d1 boundary-trivial"]);
    assert_eq!(told(Order::Severity, &all), ["d0 missing", "d0 label", "d0 boundary-trivial", "d1 boundary-trivial"]);
    assert_eq!(told(Order::Cluster, &all)[..2], ["d0 boundary-trivial", "d1 boundary-trivial"]);
    assert_eq!(told(Order::Label, &all)[0], "d0 missing");
    let only = Filter { kind: Some("boundary-trivial".to_owned()), ..Filter::default() };
    assert_eq!(told(Order::Kind, &only), ["d0 boundary-trivial", "d1 boundary-trivial"]);
    let only = Filter { cluster: Some(queue.clusters[0].shape.key.clone()), document: Some("d1".into()), ..all };
    assert_eq!(told(Order::Kind, &only), ["d1 boundary-trivial"]);
}

#[test]
fn what_is_settled_stays_in_the_queue_and_is_not_open() {
    let found = documents(&[["[entity Oslo] x", "Oslo x"], ["[entity Rome] x", "Rome x"]]);
    let mut queue = Queue::default();
    for (_, compared) in &found {
        queue.put(compared, &Gold::of(None));
    }
    let mut gold = Gold::of(None);
    let (_, compared) = &found[0];
    gold.settle(compared, &compared.differences[0], &Ruling::Take(0).into(), &reviewer()).unwrap();
    queue.put(compared, &gold);
    queue.cluster();
    assert_eq!(queue.counts(), (2, 1));
    assert_eq!((queue.clusters[0].cases, queue.clusters[0].open), (2, 1));
    let open = queue.order(Order::Document, &Filter { open: true, ..Filter::default() });
    assert_eq!(open.iter().map(|place| queue[*place].difference.document.as_str()).collect::<Vec<_>>(), ["d1"]);
}

#[test]
fn blind_sides_are_shuffled_the_same_way_each_time() {
    let orders: BTreeSet<Vec<usize>> = (0..50).map(|number| shuffled(7, &format!("d{number}"), 3)).collect();
    assert_eq!(orders.len(), 6, "every order comes up");
    for order in &orders {
        assert_eq!(order.iter().copied().collect::<BTreeSet<_>>().len(), 3);
    }
    assert_eq!(shuffled(7, "d1", 12), shuffled(7, "d1", 12));
    assert_ne!(
        (0..50).map(|n| shuffled(7, &n.to_string(), 2)).collect::<Vec<_>>(),
        (0..50).map(|n| shuffled(8, &n.to_string(), 2)).collect::<Vec<_>>()
    );
    assert_eq!((letter(0), letter(25), letter(26)), ("A".to_owned(), "Z".to_owned(), "AA".to_owned()));
}

fn case(sources: &[&str], ruling: Ruling, why: &str) -> Option<Case> {
    let (document, compared) = comparison(sources);
    let mut gold = Gold::of(None);
    let settlement = Settlement { why: why.to_owned(), ..Settlement::by_hand(ruling) };
    gold.settle(&compared, &compared.differences[0], &settlement, &reviewer()).unwrap();
    Case::of(&document.text, &news(), &gold, &compared, &compared.differences[0])
}

#[test]
fn a_decision_becomes_a_case() {
    let sources = [
        "Then it rained.\nHere [entity Dr Smith] spoke. And so on.",
        "Then it rained.\nHere Dr [entity Smith] spoke. And so on.",
    ];
    let told = case(&sources, Ruling::Take(0), "Titles belong\nto the name.").unwrap();
    assert_eq!(told.label, "Entity");
    assert_eq!(
        with_case("", &told),
        "## Entity\n\n**Cases**\n\n- Here [Dr Smith] spoke. — Not “Smith”: Titles belong to the name.\n"
    );
    let told = case(&["[entity Oslo] x", "Oslo x"], Ruling::Nothing, "").unwrap();
    assert!(with_case("", &told).ends_with("- Oslo x — Nothing is marked here.\n"));
    let told = case(&["[entity Vote] x", "[event Vote] x"], Ruling::Take(1), "it happens").unwrap();
    assert_eq!((told.label.as_str(), told.ruling.as_str()), ("Event", "Not Entity “Vote”"));
}

#[test]
fn a_case_goes_under_its_label_and_the_rest_stays() {
    let told = case(&["[entity Oslo] x", "Oslo x"], Ruling::Take(0), "").unwrap();
    let item = "- [Oslo] x — Marked.";
    let before = "# Guide\r\n\r\n## entity ##\r\n\r\nA name.\r\n\r\n### More\r\n\r\ntext\r\n\r\n```\r\n## Quote\r\n```\r\n\r\n## Quote\r\n\r\nWords.\r\n";
    let after = with_case(before, &told);
    let cases = format!("\r\n**Cases**\r\n\r\n{item}\r\n");
    assert_eq!(after, before.replace("```\r\n\r\n## Quote", &format!("```\r\n{cases}\r\n## Quote")));
    assert_eq!(with_case(&after, &told), after, "it is not told twice");
    let other = Case { example: "[Rome] x".to_owned(), ..told.clone() };
    assert_eq!(with_case(&after, &other), after.replace(item, &format!("{item}\r\n- [Rome] x — Marked.")));
    // At the very end, without a line end; and where the label has no part yet.
    assert_eq!(with_case("## Entity\nA name.", &told), format!("## Entity\nA name.\n\n**Cases**\n\n{item}\n"));
    assert_eq!(with_case("# Guide", &told), format!("# Guide\n\n## Entity\n\n**Cases**\n\n{item}\n"));
}

#[test]
fn a_row_counts_in_code_points() {
    let (document, compared) = comparison(&["👩‍👩‍👧 «Да» [entity Dr Smith] x", "👩‍👩‍👧 «Да» Dr [entity Smith] x"]);
    let index = OffsetIndex::new(&document.text);
    let difference = &compared.differences[0];
    let row = row(&document, &index, &compared, difference, &State::Open, "Entity: “Dr” at the left edge is in or out");
    assert_eq!(row.keys().map(String::as_str).collect::<Vec<_>>(), COLUMNS);
    assert_eq!((row["start"].as_u64(), row["end"].as_u64(), row["left"].as_u64()), (Some(11), Some(19), Some(3)));
    assert_eq!(row["sides"]["b"][0]["ranges"], serde_json::json!([[14, 19]]));
    assert_eq!(sides_in_words(&document, &compared, difference), "a: Dr Smith · b: Smith");
}

/// So many words, every one of them marked by both, differently: 20,000 differences of every sort in one document.
fn very_many() -> (Document, Comparison) {
    let words = 40_000;
    let document = document("d", &"word ".repeat(words));
    let span = |number: usize, label: &str, from: usize, to: usize| {
        let range = document.text.range(from * 5, to * 5 - 1).unwrap();
        Arc::new(Span::manual(format!("s{number}").into(), LabelId::from(label), Ranges::from(range)))
    };
    let (mut a, mut b) = (vec![span(90_000, "boilerplate", 0, words)], Vec::new());
    for number in 0..20_000 {
        let at = number * 2;
        match number % 5 {
            0 => a.push(span(number, "entity", at, at + 1)),
            1 => b.push(span(number, "entity", at, at + 2)),
            // A chain in which each overlaps the next.
            2 | 3 => {
                a.push(span(number, "event", at, at + 2));
                b.push(span(number, "event", at + 1, at + 3));
            }
            _ => {
                a.push(span(number, "entity", at, at + 2));
                b.push(span(number, "quote", at, at + 2));
            }
        }
    }
    let layer = |name: &str, spans: Vec<Arc<Span>>| {
        let mut layer = Layer::untouched(Annotator::from(name));
        layer.status = Status::Finished;
        layer.spans = Spans::try_from(spans).unwrap();
        Some(Arc::new(layer))
    };
    let annotators: Arc<[Annotator]> = [Annotator::from("a"), Annotator::from("b")].into();
    let compared = compare(&document, &news(), &annotators, vec![layer("a", a), layer("b", b)]);
    (document, compared)
}

#[test]
fn twenty_thousand_differences_in_one_document_are_settled() {
    let (document, compared) = very_many();
    assert_eq!(compared.differences.len(), 20_001);
    let mut queue = Queue::default();
    let mut gold = Gold::of(None);
    queue.put(&compared, &gold);
    queue.cluster();
    assert_eq!(queue.order(Order::Cluster, &Filter { open: true, ..Filter::default() }).len(), 20_001);
    let all: Vec<(_, Settlement)> =
        compared.differences.iter().map(|difference| (Arc::clone(difference), Ruling::Take(0).into())).collect();
    let (edits, refused) = gold.settle_all(&compared, &all[..20_000], &reviewer());
    assert_eq!((refused.len(), gold.layer().decisions.len()), (0, 20_000));
    assert!(edits.len() > 30_000);
    let last = gold.settle(&compared, &all[20_000].0, &all[20_000].1, &reviewer()).unwrap();
    assert!(last.len() < 10 && gold.layer().status == Status::Finished);
    let theirs = compared.layers[0].as_ref().unwrap();
    assert_eq!(gold.layer().spans.len(), theirs.spans.len(), "{}", in_words(&document, &compared.differences[0]));
    let again = Gold::of(Some(gold.layer()));
    assert!(compared.differences.iter().all(|difference| !again.state(&compared, difference).is_open()));
    assert!(again.proposals(&compared, Accept::Trivial { worst: Trivial::Punctuation, wide: true }).is_empty());
}

#[test]
fn odd_texts_have_differences_too() {
    for text in crate::support::ODD {
        let document = document("d", text);
        let whole = Text::new(*text).all();
        let spans =
            if whole.is_empty() { Vec::new() } else { vec![Span::manual("s".into(), "entity".into(), whole.into())] };
        let layer = |name: &str, spans: Vec<Span>| Some(Arc::new(crate::support::layer(name, spans)));
        let annotators: Arc<[Annotator]> = [Annotator::from("a"), Annotator::from("b")].into();
        let compared =
            compare(&document, &news(), &annotators, vec![layer("a", spans.clone()), layer("b", Vec::new())]);
        assert_eq!(compared.differences.len(), spans.len());
        let index = OffsetIndex::new(&document.text);
        for difference in &compared.differences {
            let row = row(&document, &index, &compared, difference, &State::Open, "");
            assert_eq!(row["end"], document.text.as_str().chars().count());
        }
    }
}

/// The fenced block of a kind in ARCHITECTURE.md.
fn example(kind: &str) -> serde_json::Value {
    let page = include_str!("../ARCHITECTURE.md");
    let block = page.split("\n```").find_map(|block| block.strip_prefix(kind)?.strip_prefix('\n')).unwrap();
    serde_json::from_str(block).unwrap()
}

#[test]
fn the_examples_of_the_architecture_are_decisions_and_rows() {
    let value = example("decision");
    let decision = Decision::read(&value).unwrap();
    assert_eq!((&decision.to_value(), decision.extra.len()), (&value, 0));
    let row = example("diff");
    assert_eq!(row.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>(), COLUMNS);
    let text = "“We will rebuild,” said Maria Lind 👍, “and soon.”";
    let (_, ana) = marked("ana", "“We will rebuild,” said [entity,type=person#s2 Maria Lind] 👍, “and soon.”");
    let (_, ben) = marked("ben", "“We will rebuild,” [event#s7 said Maria Lind] 👍, “and soon.”");
    let annotators: Arc<[Annotator]> = ["ana", "ben", "cem"].map(Annotator::from).into();
    let document = document("harbour-7", text);
    let compared = compare(&document, &news(), &annotators, vec![Some(Arc::new(ana)), Some(Arc::new(ben)), None]);
    let index = OffsetIndex::new(&document.text);
    let made = self::row(&document, &index, &compared, &compared.differences[0], &State::Open, "Entity or Event");
    assert_eq!(serde_json::Value::Object(made), row);
}
