//! Plans for marking every equal string, below the window: where it stands, why a place is left out, and what comes of it.

use std::sync::Arc;

use spanwright::annotation::{Annotator, Layer};
use spanwright::schema::Schema;
use spanwright::session::plan::{Excerpt, InDocument, Options, Plan};
use spanwright::session::{Command, Session, missing};
use spanwright::store::{Job, Memory, Store};
use spanwright::text::Text;

use crate::session::{author, project, session_of};
use crate::support::{ODD, document, layer, news, picture, span};

/// A session with a document in which the first occurrence of `words` is marked as an entity.
fn marked(store: &Memory, id: &str, words: &str) -> Session {
    let mut session = session_of(store, "ana");
    session.run(Command::Open(id.into()));
    let text = session.open.as_ref().unwrap().text().clone();
    let at = text.as_str().find(words).unwrap();
    let range = text.range(at, at + words.len()).unwrap();
    session.run(Command::MarkRange { label: "entity".into(), range, exact: true });
    session
}

/// Each place: its line with the string in brackets, ticked or not, and why not.
fn rows(plan: &Plan, schema: &Schema) -> Vec<String> {
    let mut rows = Vec::new();
    for (at, document) in plan.documents.iter().enumerate() {
        for (place, found) in document.places.iter().enumerate() {
            let Excerpt { text, hit } = &found.excerpt;
            let line = format!("{}[{}]{}", &text[..hit.start], &text[hit.clone()], &text[hit.end..]);
            let tick = if plan.ticked(at, place) { "x" } else { " " };
            let why = plan.why(at, place).map_or_else(String::new, |why| format!(" ({})", why.words(schema)));
            rows.push(format!("{tick} {}: {line}{why}", document.id));
        }
    }
    rows
}

fn survey(session: &mut Session, options: Option<Options>) -> Plan {
    let (mut plan, survey) = session.plan_project(options).unwrap();
    let mut held = spanwright::session::plan::Held::of(&plan);
    let mut found: Vec<InDocument> = Vec::new();
    let unread = survey.run(&Job::default(), &mut |document| {
        found.push(document);
        true
    });
    assert_eq!(unread.unwrap(), []);
    for document in found {
        plan.add(document, &mut held);
    }
    plan
}

/// Carries a plan out as the window does.
fn apply(session: &mut Session, plan: &Plan) -> String {
    session.flush();
    let ids = session.set_aside(plan.count().mark);
    let me = session.annotator().clone();
    let marking = plan.prepare(session.store(), &session.schema.clone(), &me, ids, &Job::default()).unwrap();
    let outcome = session.run(Command::Commit(Box::new(marking)));
    session.flush();
    outcome.notices.iter().map(|notice| notice.sentence.as_str()).collect::<Vec<_>>().join("; ")
}

fn see(store: &dyn Store, id: &str) -> String {
    let document = store.document(&id.into(), None).unwrap().unwrap();
    picture(&document.text, store.layer(&id.into(), &"ana".into()).unwrap().map(|(layer, _)| layer).as_ref())
}

#[test]
fn every_place_says_why_it_is_left_out() {
    let text = "Kerry met John Kerry.\nSubscribe to Kerry\nKerrygold, Kerry’s, KERRY";
    let store = project(&[("a", text)]);
    let mut session = marked(&store, "a", "Kerry");
    let text = session.open.as_ref().unwrap().text().clone();
    let range = |words: &str| {
        let at = text.as_str().find(words).unwrap();
        text.range(at, at + words.len()).unwrap()
    };
    session.run(Command::MarkRange { label: "entity".into(), range: range("John Kerry"), exact: true });
    session.run(Command::MarkRange { label: "boilerplate".into(), range: range("Subscribe to Kerry"), exact: true });
    let first = session.open.as_ref().unwrap().shown().unwrap().spans.iter().next().unwrap().id.clone();
    session.run(Command::SelectSpan(Some(first)));
    let plan = session.plan(None).unwrap();
    assert_eq!(
        rows(&plan, &session.schema),
        [
            "  a: Kerry met John [Kerry]. (inside a longer span)",
            "  a: Subscribe to [Kerry] (not beside Boilerplate)",
            "  a: [Kerry]gold, Kerry’s, KERRY (part of a longer word)",
            "x a: Kerrygold, [Kerry]’s, KERRY",
        ]
    );
    let any = Options { whole_words: false, same_case: false, ..plan.options };
    assert_eq!(
        rows(&session.plan(Some(any)).unwrap(), &session.schema)[2..],
        ["x a: [Kerry]gold, Kerry’s, KERRY", "x a: Kerrygold, [Kerry]’s, KERRY", "x a: Kerrygold, Kerry’s, [KERRY]"]
    );
}

#[test]
fn a_letter_is_not_found_in_one_with_an_accent_nor_a_person_in_a_family() {
    let store = project(&[("a", "e e\u{301} e 👧 👩‍👩‍👧 👧")]);
    for (words, found) in [("e", 1), ("👧", 1)] {
        let session = marked(&store, "a", words);
        assert_eq!(session.plan(None).unwrap().count().mark, found, "{words}");
    }
}

#[test]
fn strings_of_every_script_are_found_where_they_are() {
    for text in ODD.iter().filter(|text| !text.trim().is_empty()) {
        let twice = format!("{text}\n{text}");
        let store = project(&[("a", &twice), ("b", text)]);
        let words = text.trim();
        let mut session = marked(&store, "a", words);
        let options = Options { whole_words: false, ..Options::of(&session.plan(None).unwrap().model) };
        let plan = survey(&mut session, Some(options));
        for document in &plan.documents {
            let whole = if document.id.as_str() == "a" { twice.as_str() } else { text };
            for place in &document.places {
                assert_eq!(&whole[place.range.start()..place.range.end()], words);
                assert!(place.excerpt.text.get(place.excerpt.hit.clone()).is_some());
            }
        }
        assert!(plan.count().mark >= 2, "{text:?}: {plan:?}");
        assert_eq!(plan.count().documents, 2);
    }
}

#[test]
fn an_excerpt_is_short_however_long_the_line_is() {
    let text = Text::new(format!("{} Kerry {}", "before ".repeat(9_000), "after ".repeat(9_000)));
    let at = text.as_str().find("Kerry").unwrap();
    let Excerpt { text: shown, hit } = Excerpt::new(&text, text.range(at, at + 5).unwrap());
    assert_eq!(&shown[hit.clone()], "Kerry");
    assert!(shown.len() < 300 && shown.starts_with('…') && shown.ends_with('…'), "{shown}");
    let text = Text::new("one\nKerry");
    let whole = Excerpt::new(&text, text.range(4, 9).unwrap());
    assert_eq!((&*whole.text, whole.hit), ("Kerry", 0..5));
}

#[test]
fn what_changed_since_the_plan_was_made_is_left_out_and_told() {
    let store = project(&[("a", "Kerry"), ("b", "Kerry and Kerry"), ("c", "Kerry"), ("d", "Kerry")]);
    let mut session = marked(&store, "a", "Kerry");
    let plan = survey(&mut session, None);
    assert_eq!(plan.count().mark, 4);
    // Another window of mine works meanwhile: one place is marked, one document finished.
    let mut other = marked(&store, "b", "Kerry");
    other.flush();
    other.run(Command::Open("c".into()));
    other.run(Command::FinishAndNext);
    other.flush();
    assert_eq!(apply(&mut session, &plan), "2 more marked in 2 documents; 2 not marked: changed in the meantime");
    assert_eq!(see(&store, "b"), "⟨entity Kerry⟩ and ⟨entity Kerry⟩");
    assert_eq!((see(&store, "c").as_str(), see(&store, "d").as_str()), ("Kerry", "⟨entity Kerry⟩"));
    session.run(Command::Undo);
    assert_eq!(see(&store, "b"), "⟨entity Kerry⟩ and Kerry");
    assert_eq!(see(&store, "d"), "Kerry");
}

#[test]
fn a_layer_that_counts_in_an_older_text_is_not_touched() {
    let mut store = project(&[("a", "Kerry"), ("b", "Kerry was here")]);
    let mut session = marked(&store, "b", "Kerry");
    session.flush();
    let options = spanwright::store::ImportOptions {
        by: author("ana", "2026-02-01T00:00:00Z"),
        title: "Import".to_owned(),
        new_versions: true,
    };
    let mut import = store.import(options).unwrap();
    import.document(&document("b", "Now Kerry is here, Kerry")).unwrap();
    import.finish().unwrap();
    let mut session = marked(&store, "a", "Kerry");
    let plan = survey(&mut session, None);
    assert_eq!(
        rows(&plan, &session.schema),
        [
            "  b: Now [Kerry] is here, Kerry (your spans count in an older text)",
            "  b: Now Kerry is here, [Kerry] (your spans count in an older text)",
        ]
    );
    let mut ticked = plan.clone();
    ticked.tick(0, 0, true);
    assert_eq!(ticked.count().mark, 0);
}

#[test]
fn many_thousand_places_are_found_and_marked_in_one_change() {
    let text = "Lind spoke. ".repeat(100);
    let articles: Vec<(String, &str)> = (0..60).map(|n| (format!("a{n:03}"), text.as_str())).collect();
    let articles: Vec<(&str, &str)> = articles.iter().map(|(id, text)| (id.as_str(), *text)).collect();
    let store = project(&articles);
    let mut session = marked(&store, "a000", "Lind");
    let plan = survey(&mut session, None);
    assert_eq!((plan.count().mark, plan.count().documents), (5_999, 60));
    assert_eq!(apply(&mut session, &plan), "5999 more marked in 60 documents");
    assert_eq!(session.counts.annotators[0].spans[0].1, 6_000);
    session.run(Command::Undo);
    assert_eq!(session.counts.annotators[0].spans[0].1, 1);
}

// ── what is missing

fn gaps(schema: &Schema, layer: &Layer) -> Vec<String> {
    let gaps = missing::gaps(schema, Some(layer));
    gaps.iter()
        .map(|gap| format!("{}: {}", gap.span().map_or("", |id| id.as_str()), gap.words(schema, Some(layer))))
        .collect()
}

#[test]
fn what_is_missing_comes_in_reading_order_and_is_summed_up() {
    let source = r#"Schema(
        name: "test",
        labels: [
            (id: "name", attributes: [(name: "type", kind: OneOf(["a", "b"]), required: true), (name: "why", kind: Text, required: true, when: (attribute: "type", is: ["b"]))]),
            (id: "line", overlap: Exclude),
        ],
        relations: [(id: "of", from: ["name"], to: ["name"], attributes: [(name: "sure", kind: Flag, required: true)])],
        document: [(name: "topic", kind: Text, required: true)],
    )"#;
    let parsed = Schema::parse(source, "schema.ron");
    let schema = parsed.schema.unwrap_or_else(|| panic!("{:#?}", parsed.problems));
    let text = Text::new("one two three four");
    let at = |start, end| text.range(start, end).unwrap();
    let mut typed = span("b", "name", &[at(4, 7)]);
    typed.attributes.insert("type".to_owned(), "b".into());
    let spans =
        vec![span("a", "name", &[at(0, 3)]), typed, span("c", "line", &[at(8, 18)]), span("d", "line", &[at(8, 13)])];
    let mut layer = layer("ana", spans);
    let relation = spanwright::annotation::Relation::new("r".into(), "of".into(), "a".into(), "b".into());
    layer.relations.insert("r".into(), Arc::new(relation));
    assert_eq!(
        gaps(&schema, &layer),
        ["a: no type", "b: no why", "d: may not share text with line", "a: of has no sure", ": no topic"]
    );
    assert_eq!(
        missing::summary(&missing::gaps(&schema, Some(&layer))),
        [
            "1 span has no type",
            "1 span has no why",
            "1 span shares text against the rules",
            "1 relation has no sure",
            "The document has no topic",
        ]
    );
    // An untouched document lacks what every document must have.
    assert_eq!(missing::gaps(&schema, None).len(), 1);
    assert_eq!(missing::gaps(&news(), Some(&Layer::untouched(Annotator::from("ana")))), []);
}
