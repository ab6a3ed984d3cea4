//! One suite for every store. What a store does is said here once and tried on all of them; then random commands are given to the
//! model and to the store on disk, and every answer must be the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use spanwright::annotation::{Annotator, ItemId, Layer, Relation, Status};
use spanwright::edit::record::{LayerRecord, encode};
use spanwright::edit::{Direction, Edit, LayerEdit, Transaction};
use spanwright::schema::{LabelId, RelationId};
use spanwright::store::{Added, CommitError, Job, LayerAdded, Memory, Query, RowKey, Sort, Store, StoreError};
use spanwright::text::{Document, DocumentId};

use crate::storing::{
    SCHEMA, STAMP, add_documents, add_layer, at, author, check, document, first_mark, import, in_layer, layer, mark,
    open, span, started, transaction,
};

/// Runs a test on every store.
fn each(test: impl Fn(&mut dyn Store)) {
    test(&mut Memory::new(SCHEMA));
    let folder = crate::storing::folder();
    test(&mut open(folder.path()));
}

fn news() -> [Document; 2] {
    [
        document("a/1", "“Ships sail,” said Maria Lind of Nordbank. 👩‍👩‍👧 Ένα, Анна."),
        document("b", "First line.\nSecond line, with café and naïve façade.\n"),
    ]
}

fn ana() -> Annotator {
    Annotator::from("ana")
}

/// Takes back, or does again, as a session does.
fn take_back(store: &mut dyn Store, who: &str, direction: Direction) -> Option<String> {
    let newest = store.newest(&Annotator::from(who), direction).unwrap();
    let title = store.newest_title(&Annotator::from(who), direction).unwrap();
    assert_eq!(newest.as_ref().map(|newest| (newest.title.clone(), newest.edits.len() as u64)), title);
    let newest = newest?;
    let inverse = newest.inverse(transaction(who, "", Vec::new()).id, at(99));
    store.commit(&inverse, STAMP).unwrap();
    Some(inverse.title)
}

fn ids(layer: &Layer) -> Vec<&str> {
    layer.spans.iter().map(|span| span.id.as_str()).collect()
}

#[test]
fn a_committed_edit_is_there() {
    each(|store| {
        let [a, b] = news();
        add_documents(store, &[a.clone(), b.clone()]);
        assert_eq!(store.layer(&a.id, &ana()).unwrap(), None, "never written");
        store.commit(&first_mark(&a, "ana", span(&a, "s1", "entity", "Maria Lind")), STAMP).unwrap();
        store.commit(&mark(&a, "ana", span(&a, "s2", "quote", "“Ships sail,”")), STAMP).unwrap();
        let (layer, text) = store.layer(&a.id, &ana()).unwrap().unwrap();
        assert_eq!(text, a.text.sha256());
        assert_eq!(ids(&layer), ["s2", "s1"], "in reading order");
        assert_eq!((layer.version, layer.status, layer.schema.as_str()), (2, Status::InProgress, STAMP));
        assert_eq!(layer.clock.0, [("desk".to_owned(), 2)].into());
        assert_eq!(store.layer(&b.id, &ana()).unwrap(), None);
        let heads = store.heads(&a.id).unwrap();
        assert_eq!((heads.len(), heads[0].spans, heads[0].version), (1, 2, 2));
        check(store);
    });
}

#[test]
fn a_stale_transaction_changes_nothing() {
    each(|store| {
        let [a, _] = news();
        add_documents(store, std::slice::from_ref(&a));
        let ship = span(&a, "s1", "entity", "Ships");
        store.commit(&first_mark(&a, "ana", ship.clone()), STAMP).unwrap();
        let before = store.layer(&a.id, &ana()).unwrap();
        let stale = |edits: Vec<LayerEdit>| {
            let edits = edits.into_iter().map(|edit| in_layer("a/1", "ana", edit)).collect();
            transaction("ana", "Stale", edits)
        };
        let other = Arc::new(span(&a, "s1", "quote", "Ships"));
        let add = || LayerEdit::add(span(&a, "s9", "entity", "Lind"));
        let relation = Relation::new("r".into(), RelationId::from("speaker"), "s1".into(), "gone".into());
        let link = LayerEdit::Relation { before: None, after: Some(Arc::new(relation)) };
        for transaction in [
            stale(vec![add(), LayerEdit::add(ship)]),
            stale(vec![add(), LayerEdit::remove(&other)]),
            stale(vec![add(), started()]),
            stale(vec![add(), link]),
            stale(vec![add(), LayerEdit::Flag { before: Some("why".to_owned()), after: None }]),
            transaction("ana", "Nowhere", vec![in_layer("no such document", "ana", started())]),
        ] {
            let result = store.commit(&transaction, STAMP);
            assert!(matches!(result, Err(CommitError::Stale(_))), "{result:?}");
            assert_eq!(store.layer(&a.id, &ana()).unwrap(), before);
        }
        assert_eq!(store.log(None, 10).unwrap().len(), 1);
        check(store);
    });
}

#[test]
fn a_span_with_a_relation_stays() {
    each(|store| {
        let [a, _] = news();
        add_documents(store, std::slice::from_ref(&a));
        let (quote, person) = (span(&a, "q", "quote", "“Ships sail,”"), span(&a, "p", "entity", "Maria Lind"));
        let relation = Arc::new(Relation::new("r".into(), "speaker".into(), "q".into(), "p".into()));
        let edits = [
            started(),
            LayerEdit::add(quote.clone()),
            LayerEdit::add(person),
            LayerEdit::Relation { before: None, after: Some(relation.clone()) },
        ];
        let edits = edits.into_iter().map(|edit| in_layer("a/1", "ana", edit)).collect();
        store.commit(&transaction("ana", "Link", edits), STAMP).unwrap();
        let remove = LayerEdit::remove(&Arc::new(quote));
        let alone = transaction("ana", "Remove", vec![in_layer("a/1", "ana", remove.clone())]);
        let result = store.commit(&alone, STAMP);
        assert_eq!(result, Err(CommitError::Stale("the span q has a relation “speaker”".to_owned())));
        let unlink = LayerEdit::Relation { before: Some(relation), after: None };
        let both = vec![in_layer("a/1", "ana", unlink), in_layer("a/1", "ana", remove)];
        store.commit(&transaction("ana", "Remove", both), STAMP).unwrap();
        assert_eq!(ids(&store.layer(&a.id, &ana()).unwrap().unwrap().0), ["p"]);
        check(store);
    });
}

#[test]
fn undo_goes_back_to_nothing_and_forth() {
    each(|store| {
        let [a, _] = news();
        add_documents(store, std::slice::from_ref(&a));
        store.commit(&first_mark(&a, "ana", span(&a, "s1", "entity", "Lind")), STAMP).unwrap();
        store.commit(&first_mark(&a, "ben", span(&a, "s1", "entity", "Maria")), STAMP).unwrap();
        store.commit(&mark(&a, "ana", span(&a, "s2", "entity", "Nordbank")), STAMP).unwrap();
        let full = store.layer(&a.id, &ana()).unwrap().unwrap().0;
        assert_eq!(take_back(store, "ana", Direction::Redo), None, "nothing was undone yet");
        assert!(take_back(store, "ana", Direction::Undo).is_some());
        assert!(take_back(store, "ana", Direction::Undo).is_some());
        assert_eq!(take_back(store, "ana", Direction::Undo), None);
        assert_eq!(store.layer(&a.id, &ana()).unwrap(), None, "as if it had never been written");
        assert_eq!(store.counts().unwrap().annotators.len(), 1, "only ben is left");
        assert!(take_back(store, "ana", Direction::Redo).is_some());
        assert!(take_back(store, "ana", Direction::Redo).is_some());
        assert_eq!(take_back(store, "ana", Direction::Redo), None);
        assert!(full.same_content(&store.layer(&a.id, &ana()).unwrap().unwrap().0));
        let effective: Vec<bool> = store.log(None, 10).unwrap().iter().map(|row| row.effective).collect();
        assert_eq!(effective, [true; 7]);
        // Something new ends what could be redone.
        take_back(store, "ana", Direction::Undo);
        store.commit(&mark(&a, "ana", span(&a, "s3", "entity", "Анна")), STAMP).unwrap();
        assert_eq!(take_back(store, "ana", Direction::Redo), None);
        check(store);
    });
}

#[test]
fn undo_is_refused_where_the_present_is_another() {
    each(|store| {
        let [a, _] = news();
        add_documents(store, std::slice::from_ref(&a));
        let lind = span(&a, "s1", "entity", "Lind");
        store.commit(&first_mark(&a, "ana", lind.clone()), STAMP).unwrap();
        let mut changed = lind.clone();
        changed.note = "her surname".to_owned();
        let by_ben = vec![in_layer("a/1", "ana", LayerEdit::change(&Arc::new(lind), changed))];
        store.commit(&transaction("ben", "Note", by_ben), STAMP).unwrap();
        let newest = store.newest(&ana(), Direction::Undo).unwrap().unwrap();
        let result = store.commit(&newest.inverse(transaction("", "", vec![]).id, at(5)), STAMP);
        assert_eq!(result, Err(CommitError::Stale("the span s1 has changed since".to_owned())));
        // Nor can a transaction be taken back twice, or by someone else.
        take_back(store, "ben", Direction::Undo).unwrap();
        let newest = store.newest(&ana(), Direction::Undo).unwrap().unwrap();
        let undo = newest.inverse(transaction("", "", vec![]).id, at(5));
        let mut theirs = undo.clone();
        theirs.author = Annotator::from("ben");
        assert!(matches!(store.commit(&theirs, STAMP), Err(CommitError::Stale(_))));
        store.commit(&undo, STAMP).unwrap();
        let again = Transaction { id: transaction("", "", vec![]).id, ..undo };
        assert!(matches!(store.commit(&again, STAMP), Err(CommitError::Stale(_))));
        check(store);
    });
}

#[test]
fn documents_are_hidden_edited_and_undone() {
    each(|store| {
        let [a, b] = news();
        add_documents(store, &[a.clone(), b.clone()]);
        store.commit(&first_mark(&a, "ana", span(&a, "s1", "entity", "Lind")), STAMP).unwrap();
        let (id, key) = (a.id.clone(), "title".to_owned());
        let (before, after) = (Some(json!("Title of a/1")), Some(json!("A better title")));
        let edits = vec![
            Edit::Hidden { document: id.clone(), before: false, after: true },
            Edit::Meta { document: id.clone(), key, before, after },
        ];
        let hide = transaction("ana", "Hide", edits);
        store.commit(&hide, STAMP).unwrap();
        let shown = |store: &dyn Store, hidden| {
            let query = Query { hidden, ..Query::default() };
            store.list(&query, None, 9).unwrap().into_iter().map(|row| row.title).collect::<Vec<_>>()
        };
        assert_eq!(shown(store, false), ["Title of b"]);
        assert_eq!(shown(store, true), ["A better title"]);
        let counts = store.counts().unwrap();
        assert_eq!((counts.documents, counts.hidden, counts.annotators.len()), (1, 1, 0), "hidden work is not counted");
        assert!(matches!(store.commit(&transaction("ana", "Hide", hide.edits), STAMP), Err(CommitError::Stale(_))));
        take_back(store, "ana", Direction::Undo).unwrap();
        assert_eq!(shown(store, false), ["Title of a/1", "Title of b"]);
        assert_eq!(store.counts().unwrap().annotators[0].spans, [(LabelId::from("entity"), 1)]);
        check(store);
    });
}

#[test]
fn an_import_is_visible_at_its_end_only() {
    each(|store| {
        let [a, b] = news();
        add_documents(store, std::slice::from_ref(&a));
        let revision = store.revision().unwrap();
        let theirs = || layer("ben", "lap", 3, vec![span(&b, "x1", "entity", "café")]);
        {
            let mut running = store.import(import("Given up", "ana")).unwrap();
            assert_eq!(running.document(&b).unwrap(), Added::New);
            assert_eq!(running.layer(&b.id, b.text.sha256(), theirs()).unwrap(), LayerAdded::New);
        }
        assert_eq!(store.document(&b.id, None).unwrap(), None);
        assert_eq!(store.revision().unwrap(), revision);
        let mut running = store.import(import("Two files", "ana")).unwrap();
        assert_eq!(running.document(&a).unwrap(), Added::Same);
        let other = document("a/1", "Another text.");
        assert_eq!(running.document(&other).unwrap(), Added::Different(a.text.sha256()));
        assert_eq!(running.layer(&b.id, b.text.sha256(), theirs()).unwrap(), LayerAdded::NoText);
        assert_eq!(running.document(&b).unwrap(), Added::New);
        assert_eq!(running.layer(&b.id, b.text.sha256(), theirs()).unwrap(), LayerAdded::New);
        assert_eq!(running.layer(&b.id, b.text.sha256(), theirs()).unwrap(), LayerAdded::Equal);
        assert!(running.finish().unwrap().is_some());
        assert!(store.revision().unwrap() > revision);
        let (there, _) = store.layer(&b.id, &Annotator::from("ben")).unwrap().unwrap();
        assert_eq!(there, theirs(), "to the last field, version and clock too");
        assert_eq!(take_back(store, "ana", Direction::Undo), Some("Two files".to_owned()));
        assert_eq!(store.layer(&b.id, &Annotator::from("ben")).unwrap(), None);
        assert!(store.document(&b.id, None).unwrap().is_some(), "documents stay");
        check(store);
    });
}

#[test]
fn a_layer_that_comes_in_is_settled_with_ours() {
    each(|store| {
        let [a, _] = news();
        add_documents(store, std::slice::from_ref(&a));
        let make = |changes, quotes: &[&str]| {
            let spans = quotes.iter().map(|quote| span(&a, quote, "entity", quote)).collect();
            layer("ben", "lap", changes, spans)
        };
        let ben = Annotator::from("ben");
        let spans = |store: &dyn Store, name: &str| {
            let layer = store.layer(&a.id, &Annotator::from(name)).unwrap();
            layer.map_or(Vec::new(), |(layer, _)| layer.spans.iter().map(|span| span.id.to_string()).collect())
        };
        assert_eq!(add_layer(store, &a, make(2, &["Lind"])), LayerAdded::New);
        assert_eq!(add_layer(store, &a, make(2, &["Lind"])), LayerAdded::Equal);
        assert_eq!(add_layer(store, &a, make(3, &["Lind", "Maria"])), LayerAdded::Replaced);
        assert_eq!(add_layer(store, &a, make(2, &["Lind"])), LayerAdded::Equal, "we know that and more");
        take_back(store, "ana", Direction::Undo).unwrap();
        assert_eq!(spans(store, "ben"), ["Lind"], "one undo takes the replacement back");
        take_back(store, "ana", Direction::Redo).unwrap();
        store.commit(&mark(&a, "ben", span(&a, "Nordbank", "entity", "Nordbank")), STAMP).unwrap();
        let beside = LayerAdded::Beside(Annotator::from("ben (2)"));
        assert_eq!(add_layer(store, &a, make(4, &["Ships"])), beside, "both changed");
        assert_eq!(add_layer(store, &a, make(4, &["Ships"])), LayerAdded::Equal, "it is there as ben (2)");
        assert_eq!(spans(store, "ben"), ["Maria", "Lind", "Nordbank"]);
        assert_eq!(spans(store, "ben (2)"), ["Ships"]);
        // A file of another program has no clock: what it says is not known to be old.
        let beside = LayerAdded::Beside(Annotator::from("ben (3)"));
        assert_eq!(add_layer(store, &a, make(0, &["Анна"])), beside);
        assert_eq!(store.heads(&a.id).unwrap().len(), 3);
        assert!(store.layer(&a.id, &ben).unwrap().is_some());
        check(store);
    });
}

#[test]
fn a_layer_counts_in_its_own_version_of_the_text() {
    each(|store| {
        let [a, _] = news();
        let longer = document("a/1", "Now in: “Ships sail,” said Maria Lind.");
        add_documents(store, std::slice::from_ref(&a));
        store.commit(&first_mark(&a, "ana", span(&a, "s1", "entity", "Maria")), STAMP).unwrap();
        take_back(store, "ana", Direction::Undo).unwrap();
        let mut options = import("New version", "ana");
        options.new_versions = true;
        let mut running = store.import(options).unwrap();
        assert_eq!(running.document(&longer).unwrap(), Added::NewVersion);
        let theirs = layer("ben", "lap", 1, vec![span(&longer, "x", "entity", "Maria")]);
        assert_eq!(running.layer(&a.id, longer.text.sha256(), theirs).unwrap(), LayerAdded::New);
        running.finish().unwrap();
        let text = |store: &dyn Store, who: &str| store.layer(&a.id, &Annotator::from(who)).unwrap().unwrap().1;
        assert_eq!(text(store, "ben"), longer.text.sha256());
        // The import is ana's newest now; her layer comes back with the text it was made in.
        take_back(store, "ana", Direction::Undo).unwrap();
        assert_eq!(take_back(store, "ana", Direction::Redo).as_deref(), Some("New version"));
        store.commit(&first_mark(&longer, "cem", span(&longer, "s1", "entity", "Lind")), STAMP).unwrap();
        assert_eq!(text(store, "cem"), longer.text.sha256(), "new work counts in the newest text");
        assert_eq!(store.document(&a.id, Some(a.text.sha256())).unwrap().unwrap().text, a.text);
        assert_eq!(store.document(&a.id, None).unwrap().unwrap().text, longer.text);
        check(store);
    });
}

#[test]
fn redo_brings_a_layer_back_in_its_old_text() {
    each(|store| {
        let [a, _] = news();
        let longer = document("a/1", "Now in: “Ships sail,” said Maria Lind.");
        add_documents(store, std::slice::from_ref(&a));
        store.commit(&first_mark(&a, "ana", span(&a, "s1", "entity", "Maria")), STAMP).unwrap();
        take_back(store, "ana", Direction::Undo).unwrap();
        let mut options = import("New version", "ben");
        options.new_versions = true;
        let mut running = store.import(options).unwrap();
        running.document(&longer).unwrap();
        running.finish().unwrap();
        take_back(store, "ana", Direction::Redo).unwrap();
        let (layer, text) = store.layer(&a.id, &ana()).unwrap().unwrap();
        assert_eq!(text, a.text.sha256());
        assert_eq!(layer.spans.iter().next().unwrap().ranges.quote(&a.text), "Maria");
        check(store);
    });
}

#[test]
fn an_annotator_gets_another_name() {
    each(|store| {
        let [a, b] = news();
        add_documents(store, &[a.clone(), b.clone()]);
        store.commit(&first_mark(&a, "ana", span(&a, "s1", "entity", "Lind")), STAMP).unwrap();
        store.commit(&first_mark(&b, "ana", span(&b, "s1", "entity", "café")), STAMP).unwrap();
        store.commit(&first_mark(&b, "A1", span(&b, "s1", "entity", "naïve")), STAMP).unwrap();
        let before = store.layer(&a.id, &ana()).unwrap().unwrap().0;
        let renamed = store.rename_annotator(&ana(), &Annotator::from("A1"), &author("lead")).unwrap();
        assert_eq!((renamed.layers, renamed.clashes), (1, vec![b.id.clone()]));
        let (there, _) = store.layer(&a.id, &Annotator::from("A1")).unwrap().unwrap();
        assert_eq!(there, Layer { annotator: Annotator::from("A1"), ..before });
        assert_eq!(store.layer(&a.id, &ana()).unwrap(), None);
        assert_eq!(take_back(store, "lead", Direction::Undo).as_deref(), Some("Rename ana to A1"));
        assert!(store.layer(&a.id, &ana()).unwrap().is_some());
        assert_eq!(store.heads(&a.id).unwrap().len(), 1);
        check(store);
    });
}

#[test]
fn the_order_is_that_of_the_log_and_not_of_clocks() {
    each(|store| {
        let [a, _] = news();
        add_documents(store, std::slice::from_ref(&a));
        let mut first = first_mark(&a, "ana", span(&a, "s1", "entity", "Lind"));
        first.at = at(1_000_000);
        store.commit(&first, STAMP).unwrap();
        let mut second = mark(&a, "ana", span(&a, "s2", "entity", "Maria"));
        second.at = at(-1_000_000);
        second.title = "Later, by an earlier clock".to_owned();
        store.commit(&second, STAMP).unwrap();
        assert_eq!(store.log(None, 1).unwrap()[0].title, second.title);
        assert_eq!(take_back(store, "ana", Direction::Undo), Some(second.title));
        check(store);
    });
}

#[test]
fn time_is_added_up() {
    each(|store| {
        let [a, _] = news();
        add_documents(store, std::slice::from_ref(&a));
        store.spend(&a.id, &ana(), 30).unwrap();
        assert_eq!(store.layer(&a.id, &ana()).unwrap(), None, "looking is not writing");
        store.commit(&first_mark(&a, "ana", span(&a, "s1", "entity", "Lind")), STAMP).unwrap();
        store.spend(&a.id, &ana(), 30).unwrap();
        store.spend(&a.id, &ana(), 12).unwrap();
        assert_eq!(store.layer(&a.id, &ana()).unwrap().unwrap().0.seconds, 42);
        assert_eq!(store.counts().unwrap().annotators[0].seconds, 42);
        check(store);
    });
}

#[test]
fn a_second_connection_sees_and_is_seen() {
    each(|store| {
        let [a, _] = news();
        add_documents(store, std::slice::from_ref(&a));
        let mut other = store.another().unwrap();
        let revision = store.revision().unwrap();
        let first = first_mark(&a, "ana", span(&a, "s1", "entity", "Lind"));
        other.commit(&first, STAMP).unwrap();
        assert!(store.revision().unwrap() > revision);
        assert_eq!(ids(&store.layer(&a.id, &ana()).unwrap().unwrap().0), ["s1"]);
        // What this window made from what it saw before is refused, not merged by guess.
        let late = first_mark(&a, "ana", span(&a, "s2", "entity", "Maria"));
        assert!(matches!(store.commit(&late, STAMP), Err(CommitError::Stale(_))));
        check(store);
    });
}

// ── random commands

/// What a random command does; numbers choose among what there is.
#[derive(Clone, Debug)]
enum Command {
    Mark { document: usize, who: usize, at: (usize, usize), label: usize },
    Change { document: usize, who: usize, span: usize, label: usize },
    Remove { document: usize, who: usize, span: usize },
    Link { document: usize, who: usize, from: usize, to: usize },
    Unlink { document: usize, who: usize, relation: usize },
    Set { document: usize, who: usize, what: usize, value: usize },
    Stale { document: usize, who: usize },
    TakeBack { who: usize, redo: bool },
    Hide { document: usize },
    Title { document: usize, title: usize },
    Layer { document: usize, who: usize, changes: u64, spans: Vec<(usize, usize)> },
    Rename { from: usize, to: usize },
    Spend { document: usize, who: usize },
}

const WHO: [&str; 3] = ["ana", "Ana", "ben"];
const LABELS: [&str; 3] = ["entity", "quote", "event"];
const TEXTS: [&str; 3] = ["Ένα δύο — “three”, 👩‍👩‍👧 four.", "α", "A longer line\nand another, to the very end"];

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let (d, w) = (0..TEXTS.len(), 0..WHO.len());
    let pair = || (0..40_usize, 0..40_usize);
    let two = (d.clone(), w.clone());
    let command = prop_oneof![
        8 => (two.clone(), pair(), 0..3_usize)
            .prop_map(|((document, who), at, label)| Command::Mark { document, who, at, label }),
        3 => (two.clone(), 0..9_usize, 0..3_usize)
            .prop_map(|((document, who), span, label)| Command::Change { document, who, span, label }),
        3 => (two.clone(), 0..9_usize).prop_map(|((document, who), span)| Command::Remove { document, who, span }),
        2 => (two.clone(), pair()).prop_map(|((document, who), (from, to))| Command::Link { document, who, from, to }),
        1 => (two.clone(), 0..9_usize)
            .prop_map(|((document, who), relation)| Command::Unlink { document, who, relation }),
        3 => (two.clone(), 0..3_usize, 0..4_usize)
            .prop_map(|((document, who), what, value)| Command::Set { document, who, what, value }),
        1 => two.clone().prop_map(|(document, who)| Command::Stale { document, who }),
        6 => (w.clone(), any::<bool>()).prop_map(|(who, redo)| Command::TakeBack { who, redo }),
        1 => d.clone().prop_map(|document| Command::Hide { document }),
        1 => (d.clone(), 0..3_usize).prop_map(|(document, title)| Command::Title { document, title }),
        2 => (two.clone(), 0..5_u64, prop::collection::vec(pair(), 0..3))
            .prop_map(|((document, who), changes, spans)| Command::Layer { document, who, changes, spans }),
        1 => (w.clone(), w).prop_map(|(from, to)| Command::Rename { from, to }),
        1 => two.prop_map(|(document, who)| Command::Spend { document, who }),
    ];
    prop::collection::vec(command, 1..40)
}

fn texts() -> Vec<Document> {
    TEXTS.iter().enumerate().map(|(number, text)| document(&format!("d{number}"), text)).collect()
}

/// A range of the text between two of its character boundaries, chosen by two numbers.
fn stretch(document: &Document, (from, to): (usize, usize)) -> spanwright::annotation::Ranges {
    let text = document.text.as_str();
    let places: Vec<usize> = text.char_indices().map(|(place, _)| place).chain([text.len()]).collect();
    let (one, other) = (places[from % places.len()], places[to % places.len()]);
    document.text.range(one.min(other), one.max(other)).unwrap().into()
}

/// The transaction of a command, made from what the store shows, as a session makes it.
fn edits(store: &dyn Store, command: &Command) -> Option<(&'static str, Vec<Edit>)> {
    use Command::{Change, Hide, Link, Mark, Remove, Set, Stale, Title, Unlink};
    let documents = texts();
    let (document, who) = match command {
        Mark { document, who, .. }
        | Change { document, who, .. }
        | Remove { document, who, .. }
        | Link { document, who, .. }
        | Unlink { document, who, .. }
        | Set { document, who, .. }
        | Stale { document, who } => (&documents[*document], WHO[*who]),
        Hide { document } | Title { document, .. } => (&documents[*document], "lead"),
        _ => return None,
    };
    let layer = store.layer(&document.id, &Annotator::from(who)).unwrap().map(|(layer, _)| layer);
    let mut edits = Vec::new();
    if layer.is_none() {
        edits.push(started());
    }
    let layer = layer.unwrap_or_else(|| Layer::untouched(Annotator::from(who)));
    let choose = |number: usize| {
        let spans: Vec<_> = layer.spans.iter().collect();
        (!spans.is_empty()).then(|| spans[number % spans.len()].clone())
    };
    match command {
        Mark { at, label, .. } => {
            let id = ItemId::from(format!("s{}-{}", at.0, at.1));
            let span = spanwright::annotation::Span::manual(id, LabelId::from(LABELS[*label]), stretch(document, *at));
            edits.push(LayerEdit::add(span));
        }
        Change { span, label, .. } => {
            let before = choose(*span)?;
            let mut after = (*before).clone();
            after.label = LabelId::from(LABELS[*label]);
            after.attributes.insert("score".to_owned(), json!(0.1 + 0.2 * (*label as f64)));
            edits.push(LayerEdit::change(&before, after));
        }
        Remove { span, .. } => edits.push(LayerEdit::remove(&choose(*span)?)),
        Link { from, to, .. } => {
            let (from, to) = (choose(*from)?, choose(*to)?);
            let id = ItemId::from(format!("r{}{}", from.id, to.id));
            let relation = Relation::new(id, "speaker".into(), from.id.clone(), to.id.clone());
            edits.push(LayerEdit::Relation { before: None, after: Some(Arc::new(relation)) });
        }
        Unlink { relation, .. } => {
            let relations: Vec<_> = layer.relations.values().collect();
            let before = relations.get(relation % relations.len().max(1)).map(|relation| (*relation).clone());
            edits.push(LayerEdit::Relation { before: Some(before?), after: None });
        }
        Set { what: 0, value, .. } => {
            let after = [Status::InProgress, Status::Finished, Status::Skipped][value % 3];
            let before = if edits.is_empty() { layer.status } else { Status::InProgress };
            edits.push(LayerEdit::Status { before, after });
        }
        Set { what: 1, value, .. } => {
            let after = [None, Some("check".to_owned()), Some("“odd”".to_owned())][value % 3].clone();
            edits.push(LayerEdit::Flag { before: layer.flag.clone(), after });
        }
        Set { value, .. } => {
            let (name, after) =
                ("topic".to_owned(), [None, Some(json!(["sport"])), Some(json!(1.5e300))][value % 3].clone());
            edits.push(LayerEdit::Attribute { before: layer.attributes.get(&name).cloned(), name, after });
        }
        Stale { .. } => edits.push(LayerEdit::Flag { before: Some("never set".to_owned()), after: None }),
        Hide { .. } => {
            let hidden = store.list(&Query { hidden: true, ..Query::default() }, None, 9).unwrap();
            let before = hidden.iter().any(|row| row.id == document.id);
            return Some(("Hide", vec![Edit::Hidden { document: document.id.clone(), before, after: !before }]));
        }
        Title { title, .. } => {
            let before = store.document(&document.id, None).unwrap()?.meta.get("title").cloned();
            let after = [Some(json!("Ältere")), None, Some(json!("Zebra"))][*title].clone();
            let (document, key) = (document.id.clone(), "title".to_owned());
            return Some(("Title", vec![Edit::Meta { document, key, before, after }]));
        }
        _ => return None,
    }
    let title = if matches!(command, Stale { .. }) { "Stale" } else { "Edit" };
    Some((title, edits.into_iter().map(|edit| in_layer(document.id.as_str(), who, edit)).collect()))
}

/// Carries a command out and says what came of it.
fn carry_out(store: &mut dyn Store, command: &Command, transaction: Option<&Transaction>) -> String {
    if let Some(transaction) = transaction {
        return format!("{:?}", store.commit(transaction, STAMP));
    }
    let documents = texts();
    match command {
        Command::TakeBack { who, redo } => {
            let direction = if *redo { Direction::Redo } else { Direction::Undo };
            let Some(newest) = store.newest(&Annotator::from(WHO[*who]), direction).unwrap() else {
                return "nothing".to_owned();
            };
            let inverse = newest.inverse(crate::storing::transaction("", "", vec![]).id, at(1234));
            let edits: Vec<_> = inverse.edits.iter().map(encode).collect();
            format!("{edits:?} {:?}", store.commit(&inverse, STAMP))
        }
        Command::Layer { document, who, changes, spans } => {
            let document = &documents[*document];
            let spans = spans.iter().enumerate().map(|(number, at)| {
                let id = ItemId::from(format!("i{number}"));
                spanwright::annotation::Span::manual(id, LabelId::from("event"), stretch(document, *at))
            });
            let layer = layer(WHO[*who], "lap", *changes, spans.collect());
            format!("{:?}", add_layer(store, document, layer))
        }
        Command::Rename { from, to } => {
            let (from, to) = (Annotator::from(WHO[*from]), Annotator::from(WHO[*to]));
            format!("{:?}", store.rename_annotator(&from, &to, &author("lead")))
        }
        Command::Spend { document, who } => {
            format!("{:?}", store.spend(&documents[*document].id, &Annotator::from(WHO[*who]), 5))
        }
        _ => "nothing".to_owned(),
    }
}

/// Everything a store says, but for ids that imports make.
fn answers(store: &dyn Store) -> Vec<String> {
    let mut answers = Vec::new();
    let mut say = |what: String| answers.push(what);
    for document in texts() {
        for head in store.heads(&document.id).unwrap() {
            let (layer, text) = store.layer(&document.id, &head.annotator).unwrap().unwrap();
            say(format!("{head:?} {:?} {text}", LayerRecord::from(&layer)));
        }
        // Where a key stands that was removed and came back is each store's own.
        let there = store.document(&document.id, None).unwrap().unwrap();
        say(format!("{} {:?}", there.text.sha256(), there.meta.iter().collect::<BTreeMap<_, _>>()));
        let log = store.log(Some(&document.id), 3).unwrap();
        say(format!("{:?}", log.iter().map(|row| (&row.title, row.at, row.edits, row.effective)).collect::<Vec<_>>()));
    }
    say(format!("{:?}", store.counts().unwrap()));
    let log = store.log(None, 100).unwrap();
    say(format!("{:?}", log.iter().map(|row| (&row.title, &row.author, row.effective)).collect::<Vec<_>>()));
    for sort in [Sort::Id, Sort::Title, Sort::Source, Sort::Date, Sort::Length] {
        for descending in [false, true] {
            let query = Query { annotator: Some(ana()), sort, descending, ..Query::default() };
            say(format!("{:?}", pages(store, &query)));
        }
    }
    for query in [
        Query { status: Some(Status::Untouched), annotator: Some(ana()), ..Query::default() },
        Query { status: Some(Status::Finished), annotator: Some(ana()), ..Query::default() },
        Query { status: Some(Status::Finished), ..Query::default() },
        Query { label: Some(LabelId::from("entity")), ..Query::default() },
        Query { label: Some(LabelId::from("event")), annotator: Some(ana()), ..Query::default() },
        Query { flagged: true, annotator: Some(ana()), ..Query::default() },
        Query { words: "ÄLT post".to_owned(), ..Query::default() },
        Query { source: Some("The Harbour Post".to_owned()), hidden: true, ..Query::default() },
    ] {
        say(format!("{:?}", pages(store, &query)));
    }
    answers
}

/// A list read page by page; by numbers it must be the same.
fn pages(store: &dyn Store, query: &Query) -> Vec<spanwright::store::Row> {
    let mut rows = Vec::new();
    loop {
        let key = rows.last().map(|row: &spanwright::store::Row| RowKey {
            value: match query.sort {
                Sort::Id => String::new(),
                Sort::Title => row.title.clone(),
                Sort::Source => row.source.clone(),
                Sort::Date => row.date.clone(),
                Sort::Length => row.length.to_string(),
            },
            id: row.id.clone(),
        });
        let page = store.list(query, key.as_ref(), 2).unwrap();
        if page.is_empty() {
            break;
        }
        rows.extend(page);
    }
    let numbers = store.listing(query, &Job::default()).unwrap();
    assert_eq!(store.rows(&numbers, query).unwrap(), rows);
    rows
}

/// The database says what the model says, during and after these commands, and once it is opened again.
fn same(commands: &[Command]) {
    let mut model = Memory::new(SCHEMA);
    let folder = crate::storing::folder();
    let mut sqlite = open(folder.path());
    add_documents(&mut model, &texts());
    add_documents(&mut sqlite, &texts());
    for command in commands {
        let transaction = edits(&model, command).map(|(title, edits)| {
            let author = match edits[0].layer() {
                Some((_, owner)) => owner.as_str().to_owned(),
                None => "lead".to_owned(),
            };
            transaction(&author, title, edits)
        });
        let expected = carry_out(&mut model, command, transaction.as_ref());
        let found = carry_out(&mut sqlite, command, transaction.as_ref());
        assert_eq!(expected, found, "{command:?}");
    }
    for (expected, found) in answers(&model).into_iter().zip(answers(&sqlite)) {
        assert_eq!(expected, found);
    }
    check(&model);
    check(&sqlite);
    drop(sqlite);
    let sqlite = open(folder.path());
    for (expected, found) in answers(&model).into_iter().zip(answers(&sqlite)) {
        assert_eq!(expected, found, "after opening again");
    }
}

#[test]
fn what_is_done_again_after_its_layer_went_to_another_name_is_listed() {
    let mark = |document, at| Command::Mark { document, who: 0, at, label: 0 };
    let back = |redo| Command::TakeBack { who: 0, redo };
    same(&[mark(2, (0, 0)), mark(2, (0, 1)), back(false), Command::Rename { from: 0, to: 1 }, back(true)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_store_answers_like_the_model(commands in commands()) {
        same(&commands);
    }
}

#[test]
fn memory_has_no_backup_and_says_so() {
    let result = Memory::new("").backup(at(0));
    assert!(matches!(result, Err(StoreError::Io { .. })));
    assert!(Memory::new("").document(&DocumentId::from("x"), None).unwrap().is_none());
}
