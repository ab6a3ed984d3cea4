//! Assignments: dealing out, the file and its mistakes, the command line, lists and counts that follow from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use proptest::prelude::*;
use spanwright::annotation::{Annotator, Status};
use spanwright::session::assign::{
    Assigned, Assignments, Dealing, FILE, Hands, Refused, Sheet, Terms, Wish, deal, load,
};
use spanwright::session::keymap::{Chord, Context};
use spanwright::session::team::Team;
use spanwright::session::{Command, Session};
use spanwright::store::{Job, Memory, Project, Query, Store, open_store};
use spanwright::text::DocumentId;

use crate::cli::Shell;
use crate::session::{project, session_of};
use crate::storing::{document, folder};

fn sheet(id: &str, source: usize, length: u64) -> Sheet {
    Sheet { id: DocumentId::from(id), source, length, before: Hands::NOBODY, set_aside: false }
}

fn all(annotators: usize) -> Hands {
    (0..annotators).collect()
}

fn terms(annotators: usize, overlap: f64, seed: u64) -> Terms {
    Terms { to: all(annotators), overlap, seed }
}

/// So many documents of each source, of many lengths.
fn sheets(sources: &[usize]) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    for (source, count) in sources.iter().enumerate() {
        for at in 0..*count {
            sheets.push(sheet(&format!("документ-{source}-{at}"), source, 200 + (at as u64 * 7919) % 5000));
        }
    }
    sheets
}

fn loads(sheets: &[Sheet], hands: &[Hands], of: impl Fn(&Sheet) -> bool) -> BTreeMap<usize, (u64, u64)> {
    let mut loads = BTreeMap::new();
    for (sheet, hands) in sheets.iter().zip(hands).filter(|(sheet, _)| of(sheet)) {
        for place in hands.places() {
            let load: &mut (u64, u64) = loads.entry(place).or_default();
            load.0 += 1;
            load.1 += sheet.length;
        }
    }
    loads
}

// ── dealing out

#[test]
fn the_overlap_is_taken_of_every_source_and_the_rest_goes_round_evenly() {
    let sheets = sheets(&[50, 30, 20]);
    let hands = deal(&sheets, terms(3, 0.2, 7));
    for (source, shared) in [(0, 10), (1, 6), (2, 4)] {
        let of = |sheet: &Sheet| sheet.source == source;
        let everybody = sheets.iter().zip(&hands).filter(|(sheet, hands)| of(sheet) && **hands == all(3)).count();
        assert_eq!(everybody, shared, "source {source}");
        let counts: Vec<u64> = loads(&sheets, &hands, of).values().map(|load| load.0).collect();
        let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
        assert!(most - least <= 1, "source {source}: {counts:?}");
    }
    assert!(hands.iter().all(|hands| hands.len() == 1 || *hands == all(3)));
    let whole = loads(&sheets, &hands, |_| true);
    let lengths: Vec<u64> = whole.values().map(|load| load.1).collect();
    let (least, most) = (*lengths.iter().min().unwrap() as f64, *lengths.iter().max().unwrap() as f64);
    assert!(most / least < 1.05, "lengths {lengths:?}");
}

proptest! {
    #[test]
    fn numbers_are_even_whatever_there_is(
        sources in prop::collection::vec(0_usize..25, 0..6),
        annotators in 1_usize..13,
        overlap in 0.0_f64..=1.0,
        seed in any::<u64>(),
    ) {
        let sheets = sheets(&sources);
        let terms = terms(annotators, overlap, seed);
        let hands = deal(&sheets, terms);
        prop_assert!(hands.iter().all(|hands| hands.len() == 1 || *hands == all(annotators)));
        let shared = hands.iter().filter(|hands| hands.is_shared()).count();
        let wanted = if annotators > 1 { (sheets.len() as f64 * overlap).round() as usize } else { 0 };
        prop_assert_eq!(shared, wanted);
        let whole = loads(&sheets, &hands, |_| true);
        let of = |place| whole.get(&place).map_or(0, |load| load.0);
        let counts: Vec<u64> = (0..annotators).map(of).collect();
        prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{:?}", counts);

        // The order of the documents says nothing.
        let mut turned = sheets.clone();
        turned.reverse();
        let mut again = deal(&turned, terms);
        again.reverse();
        prop_assert_eq!(&again, &hands);

        // Once more changes nothing, and whatever was given stays, with another share, more people, another seed.
        let given: Vec<Sheet> = sheets.iter().zip(&hands).map(|(sheet, hands)| Sheet { before: *hands, ..sheet.clone() }).collect();
        prop_assert_eq!(&deal(&given, terms), &hands);
        let more = deal(&given, Terms { to: all(annotators + 1), overlap: 0.5, seed: seed ^ 1 });
        prop_assert!(more.iter().zip(&hands).all(|(now, before)| now.among(*before) == *before));
    }
}

#[test]
fn who_comes_later_gets_the_overlap_and_what_is_new() {
    let mut sheets = sheets(&[20, 20]);
    let first = deal(&sheets, terms(2, 0.2, 1));
    for (sheet, hands) in sheets.iter_mut().zip(first) {
        sheet.before = hands;
    }
    sheets.extend((0..20).map(|at| sheet(&format!("new-{at}"), at % 2, 1000)));
    let hands = deal(&sheets, terms(3, 0.2, 1));
    let shared = sheets.iter().zip(&hands).filter(|(_, hands)| **hands == all(3)).count();
    assert_eq!(shared, 12, "a fifth of 60, the 8 that were shared among them");
    assert!(sheets.iter().zip(&hands).filter(|(sheet, _)| sheet.before.is_shared()).all(|(_, hands)| *hands == all(3)));
    // 16 single ones and 12 shared ones were there for both; 16 new ones go to the third.
    let counts: Vec<u64> = loads(&sheets, &hands, |_| true).values().map(|load| load.0).collect();
    assert_eq!(counts, [28, 28, 28]);
    let third = |source| loads(&sheets, &hands, |sheet| sheet.source == source && sheet.before.is_empty())[&2].0;
    assert_eq!((third(0), third(1)), (10, 10), "of both sources alike");
}

#[test]
fn a_document_that_is_set_aside_goes_to_nobody() {
    let mut sheets = sheets(&[4]);
    sheets[2].set_aside = true;
    let hands = deal(&sheets, terms(2, 0.5, 1));
    assert!(hands[2].is_empty());
    assert_eq!(hands.iter().filter(|hands| hands.is_shared()).count(), 2);
    assert_eq!(deal(&[], terms(2, 0.5, 1)), []);
}

// ── the file

const PAGE: &str = include_str!("../ARCHITECTURE.md");

fn example() -> &'static str {
    PAGE.split("```assignments\n").nth(1).unwrap().split("```").next().unwrap()
}

#[test]
fn the_example_of_the_documentation_is_read_and_written_as_it_stands() {
    let (read, problems) = Assignments::read(example());
    assert_eq!(problems, []);
    let read = read.unwrap();
    assert_eq!(read.annotators, ["ana", "ben", "Łucja"].map(Annotator::from));
    assert_eq!((read.overlap, read.seed), (0.2, 1));
    assert_eq!(read.hands(&"brexit-14".into()), Some(all(3)));
    assert_eq!(read.hands(&"иск-3".into()), Some(Hands::one(2)));
    assert_eq!(read.hands(&"t-00ab12cd34ef".into()), Some(Hands::NOBODY), "set aside is not the same as new");
    assert_eq!(read.hands(&"harbour-8".into()), None);
    assert_eq!(read.write(""), example());
}

/// Both readers say the same: what we wrote, what an editor made of it.
#[test]
fn any_ron_will_do() {
    let plain = "// ours\n(documents: {\"b\": [\"ben\", \"ana\",], /* first */ \"a\": [],},\n seed: 0, annotators: [\"ana\", \"ben\"], overlap: 0, format: 1)";
    let (read, problems) = Assignments::read(plain);
    assert_eq!(problems, []);
    let read = read.unwrap();
    assert_eq!(read.documents, [("a".into(), Hands::NOBODY), ("b".into(), all(2))]);
    let odd = [" ", "\"quoted\"", "back\\slash", "two\nlines", "👩‍👩‍👧", "ليلى", "{x: [1]}", "// no comment", ""];
    let documents: BTreeMap<DocumentId, Hands> = odd.iter().map(|id| ((*id).into(), Hands::one(1))).collect();
    let names = ["Anna “die Rote”", "o'ben, jr.", "\\"].map(Annotator::from).to_vec();
    let strange =
        Assignments { annotators: names, overlap: 1.0, seed: u64::MAX, documents: documents.into_iter().collect() };
    let (read, problems) = Assignments::read(&strange.write("// mine\n\n"));
    assert_eq!((read.as_ref(), problems), (Some(&strange), Vec::new()));
    assert!(strange.write("// mine\n").starts_with("// mine\nAssignments("));
}

proptest! {
    #[test]
    fn what_is_written_is_read(ids in prop::collection::btree_set(".{0,12}", 0..30), people in 1_usize..9, overlap in 0.0_f64..=1.0) {
        let annotators: Vec<Annotator> = (0..people).map(|at| Annotator::from(format!("person {at}"))).collect();
        let documents = ids.iter().enumerate().map(|(at, id)| (DocumentId::from(id.as_str()), [at % people].into_iter().collect())).collect();
        let assignments = Assignments { annotators, overlap, seed: 3, documents };
        let (read, problems) = Assignments::read(&assignments.write(""));
        prop_assert_eq!(problems, []);
        prop_assert_eq!(read, Some(assignments));
    }
}

/// Every mistake at once, with its place and what was probably meant.
#[test]
fn mistakes_are_told_with_their_places() {
    let told = |text: &str| {
        let (read, problems) = Assignments::read(text);
        assert!(read.is_none(), "{text}");
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let broken = "Assignments(\n    format: 1,\n    anotators: [\"x\"],\n    annotators: [\"ana\", ben, \"ana\", \"gold\", \"\"],\n    overlap: 20,\n    seed: -1,\n    documents: {\n        \"a\": [\"ana\", \"anna\"],\n        \"b\": \"ana\",\n        \"a\": [\"ana\"],\n        c: [\"ana\", \"ana\"],\n    },\n)\n";
    assert_eq!(
        told(broken),
        [
            "assignments.ron:3:5 · error: there is no field anotators. Did you mean annotators?",
            "assignments.ron:4:25 · error: ben lacks its quotation marks. Write \"ben\"",
            "assignments.ron:4:30 · error: ana is there twice. Remove one of them",
            "assignments.ron:4:37 · error: “gold” is the name of the layers that adjudication makes. Give the annotator another name",
            "assignments.ron:4:45 · error: a name is empty. Write one, or remove it",
            "assignments.ron:5:14 · error: the overlap is no share from 0 to 1. Write 0.2 for 20 %",
            "assignments.ron:6:11 · error: the seed is no whole number. Write a number from 0 on, as in seed: 1",
            "assignments.ron:8:22 · error: anna is not among the annotators. Did you mean ana; or add them to annotators",
            "assignments.ron:9:14 · error: the annotators of a document are no list of names. Write [\"ana\", \"ben\"]",
            "assignments.ron:10:9 · error: the document a is there twice, first in line 8. Keep one of the two lines",
            "assignments.ron:11:9 · error: this is no id of a document. Write it in quotation marks, as in \"a-1\"",
        ]
    );
    let newer = told("Assignments(format: 2, annotators: [], documents: {})");
    assert!(newer[0].contains("assignments.ron:1:21") && newer[0].ends_with("Install a newer one"), "{newer:?}");
    assert_eq!(told("Assignments(format: 1)").len(), 2);
    assert!(told("[\"ana\"]")[0].contains("It should read like Assignments("));
    let unclosed =
        told("Assignments(format: 1, annotators: [\"ana\"], documents: {\n  \"a\": [\"ana\",\n  \"b: [\"ana\"],\n})");
    assert!(unclosed[0].starts_with("assignments.ron:3"), "{unclosed:?}");
    assert_eq!(told(&example().replace("\"ben\"],\n        \"t-", "\"bne\"],\n        \"t-")).len(), 1);
    assert!(told("").len() == 1);
}

// ── the command line

/// Twelve articles of two sources, imported under `news`.
fn shell() -> Shell {
    let shell = Shell::new();
    let line = |at: usize| {
        let source = if at.is_multiple_of(3) { "fen" } else { "post" };
        let text = "word ".repeat(10 + at);
        format!(
            "{{\"id\":\"a-{at:02}\",\"text\":\"{text}\",\"meta\":{{\"source\":\"{source}\",\"title\":\"T{at}\"}}}}\n"
        )
    };
    shell.file("articles.jsonl", (0..12).map(line).collect::<String>());
    shell.story("$ spanwright new news articles.jsonl --quiet");
    shell
}

fn read(shell: &Shell) -> Assignments {
    let (read, problems) = Assignments::read(&fs::read_to_string(shell.path("news/assignments.ron")).unwrap());
    assert_eq!(problems, []);
    read.unwrap()
}

#[test]
fn from_a_share_to_lists_of_their_own() {
    let shell = shell();
    shell.story(
        "
        $ spanwright assign news
        ! Say who gets the documents: --annotator ana,ben
        = 2
        $ spanwright assign news --annotator ana,ben,ana
        ! ana is named twice
        = 2
        $ spanwright assign news --annotator ana,gold
        ! “gold”: “gold” is the name of the layers that adjudication makes. Take another name
        = 2
        $ spanwright assign news --annotator ana --overlap 120%
        ! error: …a share such as 20% or 0.2
        ! …
        = 2
        $ spanwright list news assigned:ana
        ! No documents are assigned in this project yet
        = 2
        $ spanwright assign news --annotator ana,ben --overlap 50% --seed 3 --dry-run --format csv
        > annotator,documents,shared,new,done,bytes
        > ana,9,6,9,0,…
        > ben,9,6,9,0,…
        ! 12 of 12 documents are given to somebody, 6 to two or more. Nothing was written
        $ spanwright assign news --annotator ana,ben --overlap 50% --seed 3
        > ana\t9\t6\t9\t0\t…
        > ben\t9\t6\t9\t0\t…
        ! 12 of 12 documents are given to somebody, 6 to two or more. assignments.ron says who has which
        $ spanwright assign news --overlap 0.5
        > ana\t9\t6\t0\t0\t…
        > ben\t9\t6\t0\t0\t…
        ! 12 of 12 documents are given to somebody, 6 to two or more. assignments.ron says so already
        $ spanwright list news overlap:yes --format jsonl
        > …
        ! 6 documents as ana sees them
        $ spanwright list news overlap:yes source:fen --quiet
        > …
        $ spanwright list news --format md
        > …
        ! 9 documents as ana sees them
        ! Only what is assigned to ana; --all lists every document
        $ spanwright list news --all --format md
        > …
        ! 12 documents as ana sees them
        $ spanwright list news --annotator cleo --format md
        > …
        ! 12 documents as cleo sees them
        $ spanwright list news -assigned:ben --format md
        > …
        ! 3 documents as ana sees them
        $ spanwright list news assigned:bne
        ! There is no annotator with assigned documents “bne”; did you mean “ben”?
        = 2
        $ spanwright check news
        ! news: nothing is wrong
        ",
    );
    let fen = String::from_utf8(shell.run("list news overlap:yes source:fen --quiet").stdout).unwrap();
    assert_eq!(fen.lines().count(), 2, "half of four: {fen}");
}

#[test]
fn what_was_given_and_what_was_begun_stay_where_they_are() {
    let shell = shell();
    shell.story("$ spanwright assign news --annotator ana,ben --overlap 0 --quiet\n> …");
    let first = read(&shell);
    let more: String = (12..18)
        .map(|at| format!("{{\"id\":\"b-{at}\",\"text\":\"more {at}\",\"meta\":{{\"source\":\"fen\"}}}}\n"))
        .collect();
    shell.file("more.jsonl", more);
    let begun = first.documents.iter().find(|(_, hands)| hands.has(1)).unwrap().0.clone();
    let text = "word ".repeat(10 + begun.as_str()[2..].parse::<usize>().unwrap());
    shell.file("ben.jsonl", format!("{{\"id\":\"{begun}\",\"text\":\"{text}\",\"spans\":[]}}\n"));
    shell.story(
        "
        $ spanwright import news more.jsonl --quiet
        $ spanwright import news ben.jsonl --annotator ben --quiet
        $ spanwright assign news --annotator ana,ben,cleo
        > ana\t6\t0\t0\t0\t…
        > ben\t6\t0\t0\t1\t…
        > cleo\t6\t0\t6\t0\t…
        ! 18 of 18 documents are given to somebody, none to two or more. assignments.ron says who has which
        ",
    );
    let second = read(&shell);
    assert!(first.documents.iter().all(|(id, hands)| second.hands(id) == Some(*hands)));
    let before = fs::read_to_string(shell.path("news/.store/assignments.before.ron")).unwrap();
    assert_eq!(Assignments::read(&before).0.unwrap(), first, "the file as it was is kept");
    shell.story(
        "
        $ spanwright assign news --annotator ana,cleo --anew --seed 9
        > ana\t8\t0\t…
        > ben\t1\t0\t0\t1\t…
        > cleo\t9\t0\t…
        ! 18 of 18 documents are given to somebody, none to two or more. assignments.ron says who has which
        ",
    );
    let third = read(&shell);
    assert_eq!(third.hands(&begun), Some(Hands::one(1)), "ben keeps what he finished");
    assert_eq!(third.seed, 9);
}

#[test]
fn a_file_with_mistakes_is_never_written_over() {
    let shell = shell();
    shell.story("$ spanwright assign news --annotator ana,ben --quiet\n> …");
    let text = fs::read_to_string(shell.path("news/assignments.ron")).unwrap();
    let broken = text.replacen("[\"ana\"]", "[\"anna\"]", 1).replace("overlap", "overlapp");
    shell.file("news/assignments.ron", &broken);
    shell.story(
        "
        $ spanwright assign news --anew --annotator ana,ben
        ! Could not read line 6, column 5 of assignments.ron: there is no field overlapp. Did you mean overlap?
        ! Could not read line …, column … of assignments.ron: anna is not among the annotators. Did you mean ana; or add them to annotators
        ! assignments.ron cannot be read, so nothing was changed. Mend it, or give it another name
        = 2
        $ spanwright list news --format md
        > …
        ! Could not read …
        ! Could not read …
        ! 12 documents as ana sees them
        $ spanwright check news --format jsonl
        > {\"severity\":\"error\",\"file\":\"assignments.ron\",\"line\":…}
        > {\"severity\":\"error\",\"file\":\"assignments.ron\",\"line\":…}
        ! news: 2 errors, 0 warnings, 0 notes
        = 1
        ",
    );
    assert_eq!(fs::read_to_string(shell.path("news/assignments.ron")).unwrap(), broken);
    let edited =
        text.replace("\"a-03\": ", "\"a-0\": ").replace("    documents: {", "    // the second week\n    documents: {");
    shell.file(
        "news/assignments.ron",
        format!(
            "// Ours. Ask Maria\n{}",
            edited.split_once("Assignments").map(|(_, rest)| format!("Assignments{rest}")).unwrap()
        ),
    );
    shell.story(
        "
        $ spanwright check news --format jsonl
        > {\"severity\":\"warning\",\"file\":\"assignments.ron\",\"line\":…,\"document\":\"a-0\",…\"fix\":\"Did you mean a-00?\"}
        ! news: 0 errors, 1 warning, 0 notes
        $ spanwright assign news
        > …
        ! 1 document of the file is not in this project; it stays in the file
        ! 1 comment below the head of assignments.ron will be gone; .store/assignments.before.ron keeps the file as it was
        ! 12 of 12 …
        ",
    );
    let written = fs::read_to_string(shell.path("news/assignments.ron")).unwrap();
    assert!(written.starts_with("// Ours. Ask Maria\nAssignments("), "{written}");
    assert!(written.contains("\"a-0\": ["), "what others may have stays");
}

#[test]
fn statistics_tell_how_far_everybody_is() {
    let shell = shell();
    shell.story("$ spanwright assign news --annotator ana,ben --overlap 50% --quiet\n> …");
    let assignments = read(&shell);
    let shared: Vec<&DocumentId> =
        assignments.documents.iter().filter(|(_, hands)| hands.is_shared()).map(|(id, _)| id).collect();
    let lines = |ids: &[&DocumentId]| {
        let line = |id: &&DocumentId| {
            let text = "word ".repeat(10 + id.as_str()[2..].parse::<usize>().unwrap());
            format!("{{\"id\":\"{id}\",\"text\":\"{text}\",\"spans\":[]}}\n")
        };
        ids.iter().map(line).collect::<String>()
    };
    shell.file("ana.jsonl", lines(&shared[..3]));
    shell.file("ben.jsonl", lines(&shared[2..4]));
    shell.story(
        "
        $ spanwright import news ana.jsonl --annotator ana --quiet
        $ spanwright import news ben.jsonl --annotator ben --quiet
        $ spanwright stats news
        > …
        > assigned\t\tnobody\t0
        > assigned\tana\tdocuments\t9
        > assigned\tana\tfinished\t3
        > assigned\tana\tin-progress\t0
        > assigned\tana\tskipped\t0
        > assigned\tana\tflagged\t0
        > assigned\tana\tleft\t6
        > assigned\tben\tdocuments\t9
        > assigned\tben\tfinished\t2
        > …
        > assigned\tben\tleft\t7
        > overlap\t\t\t6
        > overlap-two\t\t\t1
        > overlap-ready\t\t\t1
        > overlap\t\tpost\t4
        > …
        > overlap\t\tfen\t2
        > …
        $ spanwright list news overlap:ready --quiet --format jsonl
        > {…}
        $ spanwright list news 'assigned:ben by:ben -status:finished,skipped' --format md
        > …
        ! 7 documents as ben sees them
        ",
    );
}

// ── a session

fn assigned(store: &dyn Store, annotators: &[&str], documents: &[(&str, &[usize])]) -> Arc<Assigned> {
    let documents: BTreeMap<DocumentId, Hands> =
        documents.iter().map(|(id, places)| ((*id).into(), places.iter().copied().collect())).collect();
    let assignments = Assignments {
        annotators: annotators.iter().map(|name| Annotator::from(*name)).collect(),
        documents: documents.into_iter().collect(),
        ..Assignments::default()
    };
    Arc::new(Assigned::of(&assignments, store).unwrap())
}

fn ids(session: &Session) -> Vec<String> {
    let rows = session.list.rows(session.store(), 0..100).unwrap();
    rows.into_iter().map(|row| row.id.0).collect()
}

/// A project in a folder with documents a to e, open for ana.
struct Place {
    #[allow(dead_code, reason = "it goes with the place")]
    home: tempfile::TempDir,
    project: Project,
    session: Session,
}

impl Place {
    fn new(file: Option<&str>) -> Self {
        let home = folder();
        let project = Project::create(&home.path().join("news"), "news", include_str!("../schemas/news.ron")).unwrap();
        let (mut store, _) = open_store(&project, &Job::default()).unwrap();
        crate::storing::add_documents(&mut *store, &["a", "b", "c", "d", "e"].map(|id| document(id, "Lind came")));
        if let Some(text) = file {
            fs::write(project.folder().join(FILE), text).unwrap();
        }
        let mut session = session_of(&*store, "ana");
        session.settle_in(project.folder());
        session.poll();
        Self { home, project, session }
    }

    fn write(&mut self, text: &str) -> Vec<String> {
        let file = self.project.folder().join(FILE);
        let other = file.with_extension("new");
        fs::write(&other, text).unwrap();
        fs::rename(other, file).unwrap();
        self.session.look();
        self.session.flush();
        self.session.poll().into_iter().map(|notice| notice.sentence).collect()
    }
}

fn file(documents: &str) -> String {
    format!("Assignments(format: 1, annotators: [\"ana\", \"ben\"], documents: {{{documents}}})")
}

#[test]
fn my_list_is_what_is_mine_and_finishing_stays_within_it() {
    let mut place = Place::new(Some(&file("\"b\": [\"ana\"], \"c\": [\"ben\"], \"d\": [\"ana\", \"ben\"]")));
    let session = &mut place.session;
    assert!(session.is_assigned() && session.list.mine);
    assert_eq!(ids(session), ["b", "d"]);
    assert_eq!((session.pace.done, session.pace.total), (0, 2));
    session.run(Command::Open("b".into()));
    let finish = Chord::parse("Ctrl+Enter").unwrap();
    session.press(Context::Page, finish);
    assert_eq!(session.open.as_ref().unwrap().id().as_str(), "d", "c is not mine");
    let told = session.press(Context::Page, finish).notices;
    assert_eq!(told[0].sentence, "Every document of this list is finished or skipped");
    session.flush();
    assert_eq!((session.pace.done, session.pace.total), (2, 2));
    session.run(Command::Mine(false));
    assert_eq!(ids(session), ["a", "b", "c", "d", "e"]);
    session.poll();
    assert_eq!((session.pace.done, session.pace.total), (2, 5));
    let filter = |session: &mut Session, words: &str| {
        let query = Query { words: words.to_owned(), ..session.list.query.clone() };
        session.run(Command::Filter(query));
        ids(session).join("")
    };
    session.run(Command::Mine(true));
    assert_eq!(filter(session, "assigned:ben"), "cd", "what is typed says whose");
    assert_eq!(filter(session, "status:finished"), "bd");
    assert_eq!(filter(session, "-assigned:*"), "ae");
    assert_eq!(filter(session, "assigned:ana assigned:BEN"), "d");
    assert_eq!(filter(session, "overlap:yes,ready"), "d");
    assert_eq!(filter(session, "overlap:ready"), "", "ben has not finished");
    assert_eq!(filter(session, "assigned:ben by:ben -status:finished,skipped"), "cd", "ben has not begun");
    assert_eq!(filter(session, "overlap:ready"), "");
    let row = session.list.mistake.clone();
    assert_eq!(filter(session, "overlap:some"), "", "what makes no sense leaves the list as it was");
    assert_eq!((row, session.list.mistake.is_some()), (None, true));
}

#[test]
fn the_file_is_watched_and_a_broken_one_changes_nothing() {
    let mut place = Place::new(None);
    assert!(!place.session.list.mine);
    assert_eq!(ids(&place.session).len(), 5);
    assert_eq!(place.write(&file("\"a\": [\"ana\"], \"e\": [\"ben\"]")), Vec::<String>::new());
    assert_eq!(ids(&place.session), ["a"]);
    assert_eq!(place.write(&file("\"a\": [\"ana\"], \"e\": [\"anna\"]")), Vec::<String>::new());
    let problems = &place.session.around.assignment_problems;
    assert!(problems[0].to_string().contains("Did you mean ana"), "{problems:?}");
    assert_eq!(ids(&place.session), ["a"], "what was read last holds");
    assert_eq!(place.write(&file("\"a\": [\"ana\"], \"e\": [\"ben\"]")), ["assignments.ron can be read again"]);
    assert_eq!(place.write(&file("\"a\": [\"ana\"], \"e\": [\"ben\", \"ana\"]")), ["The assignments changed"]);
    assert_eq!(ids(&place.session), ["a", "e"]);
    place.session.run(Command::Mine(false));
    place.write(&file("\"b\": [\"ana\"]"));
    assert_eq!(ids(&place.session).len(), 5, "I asked for all");
    place.session.run(Command::Mine(true));
    fs::remove_file(place.project.folder().join(FILE)).unwrap();
    place.session.look();
    place.session.flush();
    place.session.poll();
    assert!(!place.session.list.mine && place.session.around.assigned.is_none());
    assert_eq!(ids(&place.session).len(), 5);
}

#[test]
fn documents_that_come_later_are_found_in_the_file() {
    let mut place = Place::new(Some(&file("\"a\": [\"ana\"], \"f\": [\"ana\"]")));
    assert_eq!(place.session.around.assigned.as_ref().unwrap().absent, 1);
    let (mut store, _) = open_store(&place.project, &Job::default()).unwrap();
    crate::storing::add_documents(&mut *store, &[document("f", "Анна came")]);
    for _ in 0..3 {
        place.session.look();
        place.session.flush();
        place.session.poll();
    }
    assert_eq!(ids(&place.session), ["a", "f"]);
}

#[test]
fn a_plan_is_written_once_and_not_over_somebody_elses() {
    let mut place = Place::new(None);
    let wish = Wish { annotators: vec!["ana".into(), "ben".into()], overlap: Some(0.4), ..Wish::default() };
    let plan = |place: &Place| Dealing::plan(place.project.folder(), place.session.store(), &wish, &Job::default());
    let dealing = plan(&place).unwrap();
    assert!(dealing.changes() && !place.project.folder().join(FILE).exists(), "a plan writes nothing");
    assert_eq!((dealing.given, dealing.shared), (5, 2));
    place.write("// begun by hand\n");
    let told = place.session.run(Command::Assign(Box::new(dealing.clone()))).notices;
    assert!(told[0].sentence.contains("was changed by somebody else meanwhile"), "{told:?}");
    assert_eq!(fs::read_to_string(place.project.folder().join(FILE)).unwrap(), "// begun by hand\n");
    assert!(matches!(plan(&place), Err(Refused::File(_))));
    fs::remove_file(place.project.folder().join(FILE)).unwrap();
    let told = place.session.run(Command::Assign(Box::new(dealing))).notices;
    assert_eq!(told[0].sentence, "5 of 5 documents are given to somebody, 2 to two or more");
    assert!(place.session.list.mine && ids(&place.session).len() < 5);
    assert!(!plan(&place).unwrap().changes());
    let assigned = load(place.project.folder(), place.session.store()).unwrap().unwrap();
    assert_eq!(Some(assigned), place.session.around.assigned);
}

// ── the team

#[test]
fn the_team_is_counted_in_what_it_was_given() {
    let store: Memory = project(&[("a", "one"), ("b", "two"), ("c", "three"), ("d", "four"), ("e", "five")]);
    let mark = |who: &str, ids: &[(&str, Status)]| {
        let mut session = session_of(&store, who);
        for (id, status) in ids {
            session.run(Command::Open((*id).into()));
            session.run(Command::SetStatus(*status));
        }
        session.flush();
    };
    mark("ana", &[("a", Status::Finished), ("b", Status::Finished), ("c", Status::Skipped), ("e", Status::Finished)]);
    mark("ben", &[("a", Status::Finished), ("b", Status::InProgress)]);
    mark("zoe", &[("d", Status::Finished)]);
    let shares: &[(&str, &[usize])] = &[("a", &[0, 1]), ("b", &[0, 1, 2]), ("c", &[0]), ("d", &[1])];
    let team = Team::read(&store, Some(&assigned(&store, &["ana", "ben", "cleo"], shares)), &Job::default()).unwrap();
    let member = |name: &str| team.members.iter().find(|member| member.annotator.as_str() == name).unwrap();
    let numbers = |name: &str| {
        let member = member(name);
        (member.given, member.finished, member.in_progress, member.skipped, member.left, member.besides)
    };
    assert_eq!(numbers("ana"), (Some(3), 2, 0, 1, Some(0), 1));
    assert_eq!(numbers("ben"), (Some(3), 1, 1, 0, Some(2), 0));
    assert_eq!(numbers("cleo"), (Some(1), 0, 0, 0, Some(1), 0));
    assert_eq!(numbers("zoe"), (None, 1, 0, 0, None, 0));
    let overlap = &team.overlap[0];
    assert_eq!((overlap.documents, overlap.two, overlap.ready), (2, 1, 1));
    assert_eq!((team.documents, team.ungiven, team.done()), (5, 1, (4, 7)));

    let nobody = Team::read(&store, None, &Job::default()).unwrap();
    assert!(!nobody.assigned && nobody.overlap.is_empty());
    let names: BTreeSet<&str> = nobody.members.iter().map(|member| member.annotator.as_str()).collect();
    assert_eq!(names, BTreeSet::from(["ana", "ben", "zoe"]));
    let empty = Team::read(&project(&[]), Some(&assigned(&project(&[]), &["ana"], &[])), &Job::default()).unwrap();
    assert_eq!((empty.members[0].given, empty.members[0].left, empty.done()), (Some(0), Some(0), (0, 0)));
}
