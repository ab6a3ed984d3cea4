//! Spans of a layer, lanes, names, clocks.

use std::sync::Arc;

use proptest::prelude::*;
use spanwright::annotation::lanes::lanes;
use spanwright::annotation::{Annotator, Clock, ItemId, Ranges, RangesError, Span, Spans};
use spanwright::text::{Text, TextRange};

use crate::support::span;

const LENGTH: usize = 200;

fn text() -> Text {
    Text::new("x".repeat(LENGTH))
}

fn range() -> impl Strategy<Value = TextRange> {
    (0..=LENGTH, 0..=40usize).prop_map(|(start, len)| text().range(start, (start + len).min(LENGTH)).unwrap())
}

#[derive(Clone, Debug)]
enum Step {
    Insert(u16, TextRange),
    Remove(u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..900u16, range()).prop_map(|(id, range)| Step::Insert(id, range)),
        1 => (0..900u16).prop_map(Step::Remove),
    ];
    proptest::collection::vec(step, 0..1500)
}

/// The obvious list the quick one must agree with.
fn run(steps: &[Step]) -> (Spans, Vec<Arc<Span>>) {
    let mut spans = Spans::default();
    let mut model: Vec<Arc<Span>> = Vec::new();
    for step in steps {
        match step {
            Step::Insert(id, range) => {
                let new = Arc::new(span(&id.to_string(), "entity", &[*range]));
                let taken = model.iter().any(|known| known.id == new.id);
                assert_eq!(spans.insert(new.clone()), !taken);
                if !taken {
                    model.push(new);
                }
            }
            Step::Remove(id) => {
                let id = ItemId::from(id.to_string());
                let known = model.iter().position(|known| known.id == id).map(|place| model.remove(place));
                assert_eq!(spans.remove(&id), known);
            }
        }
    }
    model.sort_by(|a, b| a.order().cmp(&b.order()));
    (spans, model)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn spans_agree_with_a_plain_list(steps in steps(), asked in range(), offset in 0..LENGTH) {
        let (spans, model) = run(&steps);
        prop_assert_eq!(spans.iter().cloned().collect::<Vec<_>>(), model.clone());
        prop_assert_eq!(spans.len(), model.len());
        for known in &model {
            prop_assert_eq!(spans.get(&known.id), Some(known));
        }
        let touching: Vec<_> = spans.touching(asked).cloned().collect();
        let expected: Vec<_> = model.iter().filter(|span| {
            let hull = span.hull();
            if hull.is_empty() || asked.is_empty() {
                hull.start() <= asked.end() && asked.start() <= hull.end()
            } else {
                hull.overlaps(asked)
            }
        }).cloned().collect();
        prop_assert_eq!(touching, expected);
        let mut at: Vec<_> = model.iter().filter(|span| {
            span.ranges.contains(offset) || (span.hull().is_empty() && span.hull().start() == offset)
        }).collect();
        at.sort_by_key(|span| (span.ranges.covered(), std::cmp::Reverse(span.hull()), span.id.clone()));
        prop_assert_eq!(spans.at(offset), at);
    }

    #[test]
    fn next_and_previous_walk_every_span_once(steps in steps()) {
        let (spans, model) = run(&steps);
        let mut forward = Vec::new();
        let start = text().range(0, 0).unwrap();
        let mut here = spans.after(start, None).cloned();
        while let Some(span) = here {
            here = spans.after(span.hull(), Some(&span.id)).cloned();
            forward.push(span);
        }
        prop_assert_eq!(&forward, &model);
        let mut backward = Vec::new();
        let mut here = model.last().cloned();
        while let Some(span) = here {
            here = spans.before(span.hull(), Some(&span.id)).cloned();
            backward.push(span);
        }
        backward.reverse();
        prop_assert_eq!(backward, model);
    }

    #[test]
    fn no_two_overlapping_spans_share_a_lane_and_inner_ones_are_nearer(ranges in proptest::collection::vec(range(), 0..60)) {
        let spans: Vec<Arc<Span>> = ranges.iter().enumerate().map(|(id, range)| Arc::new(span(&id.to_string(), "e", &[*range]))).collect();
        let lanes = lanes(&spans, text().all());
        for (a, lane_a) in spans.iter().zip(&lanes) {
            for (b, lane_b) in spans.iter().zip(&lanes) {
                if a.id != b.id && a.hull().overlaps(b.hull()) {
                    prop_assert_ne!(lane_a, lane_b);
                    if a.hull().covers(b.hull()) && a.hull() != b.hull() {
                        prop_assert!(lane_a > lane_b, "{:?} holds {:?}", a, b);
                    }
                }
            }
        }
    }

    #[test]
    fn folder_names_are_safe_and_lead_back(name in "\\PC{1,60}") {
        let annotator = Annotator::from(name.as_str());
        let folder = annotator.folder();
        prop_assert!(folder.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_%".contains(&byte)), "{}", folder);
        prop_assert!(folder.len() <= 120);
        match Annotator::from_folder(&folder) {
            Some(back) => prop_assert_eq!(back, annotator),
            None => prop_assert!(folder.len() > 100),
        }
    }
}

#[test]
fn folder_names_of_names_that_file_systems_confuse() {
    let folder = |name: &str| Annotator::from(name).folder();
    assert_eq!(folder("ana"), "ana");
    assert_eq!(folder("Ana"), "%41na");
    assert_eq!(folder("CON"), "%43%4f%4e");
    assert_eq!(folder("con"), "%63on");
    assert_eq!(folder("com7"), "%63om7");
    assert_eq!(folder("../x"), "%2e%2e%2fx");
    assert_eq!(folder("ana (2)"), "ana%20%282%29");
    assert_eq!(folder("Ана"), "%d0%90%d0%bd%d0%b0");
    assert_ne!(folder(&"a".repeat(300)), folder(&"a".repeat(301)));
}

#[test]
fn fragments_are_sorted_disjoint_and_may_touch() {
    let text = text();
    let range = |start, end| text.range(start, end).unwrap();
    let ranges = Ranges::new(vec![range(10, 20), range(0, 5), range(5, 8)]).unwrap();
    assert_eq!(ranges.as_slice(), [range(0, 5), range(5, 8), range(10, 20)]);
    assert_eq!((ranges.hull(), ranges.covered()), (range(0, 20), 18));
    assert_eq!(Ranges::new(vec![]), Err(RangesError::None));
    assert_eq!(Ranges::new(vec![range(0, 5), range(4, 6)]), Err(RangesError::Overlap(range(0, 5), range(4, 6))));
    assert_eq!(Ranges::new(vec![range(3, 3), range(3, 3)]), Err(RangesError::Overlap(range(3, 3), range(3, 3))));
}

#[test]
fn a_clock_descends_from_what_it_has_seen() {
    let mut laptop = Clock::default();
    laptop.tick("laptop");
    let mut desk = laptop.clone();
    desk.tick("desk");
    assert!(desk.descends_from(&laptop) && !laptop.descends_from(&desk));
    laptop.tick("laptop");
    assert!(!desk.descends_from(&laptop) && !laptop.descends_from(&desk), "both changed");
    let both = laptop.joined(&desk);
    assert!(both.descends_from(&laptop) && both.descends_from(&desk));
}

#[test]
fn a_hundred_thousand_spans_keep_their_order() {
    let text = Text::new("word ".repeat(100_000));
    let spans: Vec<Arc<Span>> = (0..100_000)
        .map(|index| {
            Arc::new(span(&format!("s{index:06}"), "entity", &[text.range(index * 5, index * 5 + 4).unwrap()]))
        })
        .collect();
    let mut layer = Spans::try_from(spans).unwrap();
    let middle = text.range(250_000, 250_010).unwrap();
    assert_eq!(layer.touching(middle).count(), 2);
    assert_eq!(layer.at(499_999 - 2)[0].id.as_str(), "s099999");
    assert!(layer.insert(Arc::new(span("whole", "quote", &[text.all()]))));
    assert_eq!(layer.touching(middle).count(), 3);
    assert!(layer.remove(&ItemId::from("whole")).is_some());
    assert_eq!(layer.len(), 100_000);
}
