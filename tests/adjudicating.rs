//! Reviewing a project: what is compared and what is left out, settling through a session, two reviewers at once, the command line.

use std::sync::Arc;

use spanwright::annotation::{Annotator, Layer, Status};
use spanwright::edit::{LayerEdit, Transaction, TransactionId};
use spanwright::review::{Accept, Gold, Reviewer, Ruling, State};
use spanwright::session::review::{Found, Look, Reading, Why, edits_of_gold, everybody};
use spanwright::store::{CommitError, ImportOptions, Job, Memory, Store};
use spanwright::text::{DocumentId, Text};

use crate::cli::Shell;
use crate::review::marked;
use crate::session::{author, project};
use crate::support::{news, picture};

fn add(store: &mut dyn Store, document: &str, annotator: &str, source: &str, change: impl Fn(&mut Layer)) {
    let (text, mut layer) = marked(annotator, source);
    change(&mut layer);
    let options =
        ImportOptions { by: author("lead", "2026-02-01T00:00:00Z"), title: "Import".to_owned(), new_versions: true };
    let mut import = store.import(options).unwrap();
    import.document(&crate::support::document(document, &text)).unwrap();
    import.layer(&document.into(), Text::new(text).sha256(), layer).unwrap();
    import.finish().unwrap();
}

/// Documents by id, each as `a` and `b` marked it; `-` has not finished it.
fn filled(documents: &[(&str, [&str; 2])]) -> Memory {
    let mut store = project(&[]);
    for (id, sources) in documents {
        for (annotator, source) in ["a", "b"].into_iter().zip(sources) {
            if *source != "-" {
                add(&mut store, id, annotator, source, |_| {});
            }
        }
    }
    store
}

fn reading(store: &dyn Store) -> Reading {
    Reading { schema: news(), annotators: everybody(store).unwrap() }
}

fn looks(store: &dyn Store) -> Vec<String> {
    let mut told = Vec::new();
    let mut look = |look| {
        told.push(match look {
            Look::Found(found) => format!(
                "{}: {} differences, older {:?}",
                found.document.id,
                found.comparison.differences.len(),
                found.older
            ),
            Look::LeftOut(id, Why::OnlyOne(annotator)) => format!("{id}: only {annotator}"),
            Look::LeftOut(id, Why::OlderText(annotators)) => format!("{id}: older {annotators:?}"),
        });
        true
    };
    reading(store).each(store, &Job::default(), &mut look).unwrap();
    told
}

fn found(store: &dyn Store, id: &str) -> Found {
    match reading(store).document(store, &id.into()).unwrap() {
        Some(Look::Found(found)) => *found,
        other => panic!("{other:?}"),
    }
}

fn gold(store: &dyn Store, id: &str) -> String {
    let layer = store.layer(&id.into(), &Annotator::gold()).unwrap().map(|(layer, _)| layer);
    let document = store.document(&id.into(), None).unwrap().unwrap();
    let status = layer.as_ref().map_or(Status::Untouched, |layer| layer.status);
    format!("{} {}", status.as_str(), picture(&document.text, layer.as_ref()))
}

fn reviewer(name: &str) -> Reviewer {
    Reviewer { by: name.into(), at: "2026-11-22T10:00:00Z".parse().unwrap() }
}

fn commit(
    store: &mut dyn Store,
    name: &str,
    documents: Vec<(DocumentId, Vec<LayerEdit>)>,
) -> Result<Transaction, CommitError> {
    let by = author(name, "2026-11-22T10:00:00Z");
    let transaction = by.transaction("Settle".to_owned(), edits_of_gold(documents));
    store.commit(&transaction, &by.schema).map(|()| transaction)
}

/// Settles a difference and writes it.
fn settle(
    store: &mut dyn Store,
    name: &str,
    found: &mut Found,
    place: usize,
    ruling: Ruling,
) -> Result<Transaction, CommitError> {
    let difference = Arc::clone(&found.comparison.differences[place]);
    let edits = found.gold.settle(&found.comparison, &difference, &ruling.into(), &reviewer(name)).unwrap();
    commit(store, name, vec![(found.document.id.clone(), edits)])
}

#[test]
fn documents_are_compared_that_two_finished_in_the_newest_text() {
    assert_eq!(looks(&project(&[("d", "x")])), [""; 0], "nobody finished anything");
    let mut store = filled(&[
        ("both", ["[entity Oslo] x", "Oslo x"]),
        ("empty", ["Oslo x", "Oslo x"]),
        ("one", ["[entity Oslo] x", "-"]),
        ("texts", ["[entity Oslo] x", "[entity Oslo] y"]),
        ("older", ["[entity Oslo] x", "[entity Oslo] x"]),
    ]);
    add(&mut store, "both", "c", "[entity Oslo] x", |layer| layer.status = Status::InProgress);
    add(&mut store, "older", "c", "[entity Oslo] z", |_| {});
    assert_eq!(
        looks(&store),
        [
            "both: 1 differences, older []",
            "empty: 0 differences, older []",
            "older: older [Annotator(\"a\"), Annotator(\"b\")]",
            "one: only a",
            "texts: older [Annotator(\"a\")]",
        ]
    );
}

#[test]
fn layers_of_different_schema_versions_are_compared() {
    let mut store = filled(&[("d", ["[entity Oslo] x", "-"])]);
    add(&mut store, "d", "b", "[entity Oslo] x", |layer| layer.schema = "news@000000000000".to_owned());
    assert!(found(&store, "d").comparison.differences[0].is_agreed());
}

#[test]
fn what_is_settled_is_stored_and_taken_back() {
    let mut store = filled(&[("d", ["[entity Dr Smith] met [entity Lind]", "Dr [entity Smith] met Lind"])]);
    let mut here = found(&store, "d");
    settle(&mut store, "maria", &mut here, 0, Ruling::Take(0)).unwrap();
    assert_eq!(gold(&store, "d"), "in-progress ⟨entity Dr Smith⟩ met Lind");
    let last = settle(&mut store, "maria", &mut here, 1, Ruling::Nothing).unwrap();
    assert_eq!(gold(&store, "d"), "finished ⟨entity Dr Smith⟩ met Lind");
    let undo = last.inverse(TransactionId("undo".to_owned()), reviewer("maria").at);
    store.commit(&undo, "").unwrap();
    assert_eq!(gold(&store, "d"), "in-progress ⟨entity Dr Smith⟩ met Lind");
    let again = found(&store, "d");
    assert_eq!(again.gold.state(&again.comparison, &again.comparison.differences[1]), State::Open);
}

#[test]
fn two_reviewers_settle_different_things_and_the_second_ruling_on_one_thing_is_refused() {
    let mut store = filled(&[("d", ["[entity A] [event B] [quote C]", "A B C"])]);
    let mut here = found(&store, "d");
    settle(&mut store, "maria", &mut here, 2, Ruling::Take(0)).unwrap();
    let (mut first, mut second) = (found(&store, "d"), found(&store, "d"));
    settle(&mut store, "maria", &mut first, 0, Ruling::Take(0)).unwrap();
    settle(&mut store, "jo", &mut second, 1, Ruling::Take(0)).unwrap();
    assert_eq!(gold(&store, "d"), "in-progress ⟨entity A⟩ ⟨event B⟩ ⟨quote C⟩");
    // The other one still believes that the first is open.
    let refused = settle(&mut store, "jo", &mut second, 0, Ruling::Nothing);
    assert!(matches!(refused, Err(CommitError::Stale(_))), "{refused:?}");
    assert_eq!(gold(&store, "d"), "in-progress ⟨entity A⟩ ⟨event B⟩ ⟨quote C⟩");
    // Looked at again, everything is settled; settling once more finishes it.
    let mut now = found(&store, "d");
    let settled = |it| matches!(now.gold.state(&now.comparison, it), State::Settled(_));
    assert!(now.comparison.differences.iter().all(|it| settled(it)));
    settle(&mut store, "jo", &mut now, 0, Ruling::Nothing).unwrap();
    assert_eq!(gold(&store, "d"), "finished A ⟨event B⟩ ⟨quote C⟩");
}

#[test]
fn many_documents_are_settled_as_one_action() {
    let mut store = filled(&[
        ("d1", ["[entity A] x", "[entity A] x"]),
        ("d2", ["[entity B] x", "[entity B] x"]),
        ("d3", ["[entity C] x", "C x"]),
    ]);
    let mut settled = Vec::new();
    let mut look = |look| {
        let Look::Found(found) = look else { return true };
        let mut gold: Gold = found.gold;
        let proposals = gold.proposals(&found.comparison, Accept::Unanimous);
        let (edits, refused) = gold.settle_all(&found.comparison, &proposals, &reviewer("maria"));
        assert!(refused.is_empty());
        settled.push((found.document.id.clone(), edits));
        true
    };
    reading(&store).each(&store, &Job::default(), &mut look).unwrap();
    let done = commit(&mut store, "maria", settled).unwrap();
    let all = |store: &Memory| ["d1", "d2", "d3"].map(|id| gold(store, id));
    assert_eq!(all(&store), ["finished ⟨entity A⟩ x", "finished ⟨entity B⟩ x", "untouched C x"]);
    store.commit(&done.inverse(TransactionId("undo".to_owned()), reviewer("maria").at), "").unwrap();
    assert_eq!(all(&store), ["untouched A x", "untouched B x", "untouched C x"]);
}

#[test]
fn gold_in_an_older_text_is_not_written_and_yours_against_gold_is_a_comparison() {
    let mut store = filled(&[("d", ["[entity Oslo] x", "Oslo x"])]);
    let mut here = found(&store, "d");
    settle(&mut store, "maria", &mut here, 0, Ruling::Nothing).unwrap();
    let mine = Reading { schema: news(), annotators: ["a".into(), Annotator::gold()].into() };
    let Some(Look::Found(feedback)) = mine.document(&store, &"d".into()).unwrap() else { panic!("both finished it") };
    assert_eq!(feedback.comparison.differences[0].kind().unwrap().id(), "missing");
    for annotator in ["c", "e"] {
        add(&mut store, "d", annotator, "[entity Oslo] y", |_| {});
    }
    let now = found(&store, "d");
    assert!(now.gold_is_older && now.older.len() == 2);
}

/// A project in which ana, ben and cem finished what was imported.
fn shell() -> Shell {
    let shell = Shell::new();
    let text = "Then Dr Smith of Oslo spoke.";
    let span = |start: usize, end: usize, label: &str| format!(r#"{{"start":{start},"end":{end},"label":"{label}"}}"#);
    let file = |spans: &[String]| format!(r#"{{"id":"d1","text":"{text}","spans":[{}]}}"#, spans.join(","));
    shell.file("ana.jsonl", file(&[span(5, 13, "entity"), span(17, 21, "entity")]));
    shell.file("ben.jsonl", file(&[span(8, 13, "entity"), span(17, 21, "entity")]));
    shell.file("cem.jsonl", file(&[span(8, 13, "entity")]));
    shell.story("$ spanwright new news --schema news\n! …");
    for annotator in ["ana", "ben", "cem"] {
        shell.story(&format!("$ spanwright import news {annotator}.jsonl --annotator {annotator}\n! …"));
    }
    shell
}

#[test]
fn differences_are_printed_one_per_line() {
    let shell = shell();
    shell.story(
        "$ spanwright diff news --annotator ana,ben --format csv
         > document,kind,also,severity,label,start,end,text,left,right,iou,state,cluster,sides
         > d1,boundary,,3,entity,5,13,Dr Smith,3,0,0.625,open,Entity: a title at the left edge is in or out,…
         ! 1 difference in 1 document
         $ spanwright diff news --label quote
         ! 0 differences in 1 document
         $ spanwright diff news --annotator ana
         ! There is nobody to compare ana with. Name two or more: --annotator ana,ben
         = 2
         $ spanwright diff news --annotator ana,bem
         ! bem has no layers here. Did you mean ben?
         = 2",
    );
    let rows = shell.run("diff news --format jsonl --quiet");
    let rows: Vec<serde_json::Value> =
        String::from_utf8(rows.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1]["kind"], "missing");
    assert_eq!(rows[1]["sides"]["cem"], serde_json::json!([]));
    assert_eq!(rows[1]["sides"]["ben"][0]["quote"], "Oslo");
}

#[test]
fn what_is_agreed_on_is_settled_and_what_was_settled_stays() {
    let shell = shell();
    shell.story(
        "$ spanwright adjudicate news --accept majority --dry-run
         > d1\tmajority\tboundary\tentity\t5\t13\tDr Smith
         > d1\tmajority\tmissing\tentity\t17\t21\tOslo
         ! 2 things that were open in 1 document would be settled. Nothing was written
         ! 0 differences are left for a reviewer
         $ spanwright adjudicate news --annotator ana,ben --accept unanimous --by maria
         ! 1 thing that was open in 1 document settled by maria
         ! 1 difference is left for a reviewer
         $ spanwright adjudicate news --annotator ana,ben --accept unanimous --by maria
         ! There is nothing left that this rule settles
         ! 1 difference is left for a reviewer
         $ spanwright diff news --format csv
         > …
         > d1,boundary,…,open,…
         > d1,missing,…,settled,…
         ! 2 differences in 1 document
         $ spanwright diff news --open --format csv
         > …
         > d1,boundary,…,open,…
         ! 1 difference in 1 document
         $ spanwright adjudicate news --accept majority --report done.json
         ! 1 thing that was open in 1 document settled by ana
         ! 0 differences are left for a reviewer
         $ spanwright export news --gold --format spans --out -
         > {…\"spans\":[{\"start\":8,\"end\":13,\"label\":\"entity\"},{\"start\":17,\"end\":21,\"label\":\"entity\"}]}
         ! …",
    );
    let report = std::fs::read_to_string(shell.path("done.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(
        report["counts"],
        serde_json::json!({"settled": 1, "refused": 0, "open": 0, "waiting": 0, "documents": 1})
    );
}

#[test]
fn a_changed_text_is_left_out_and_said_so() {
    let shell = shell();
    shell.file("dan.jsonl", r#"{"id":"d1","text":"Then Dr Smith of Oslo left.","spans":[]}"#);
    shell.file(
        "eve.jsonl",
        r#"{"id":"d1","text":"Then Dr Smith of Oslo left.","spans":[{"start":5,"end":13,"label":"entity"}]}"#,
    );
    shell.story(
        "$ spanwright import news dan.jsonl --annotator dan --new-versions
         ! …
         $ spanwright import news eve.jsonl --annotator eve
         ! …
         $ spanwright diff news --format csv
         > …
         > d1,missing,…
         ! …the layer counts in an older text of the document; it was left out
         !   and 2 more like it
         ! 1 difference in 1 document
         = 1",
    );
}
