//! The articles of a project on disk: imports, reading, changes, lists, damage, crashes.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use proptest::prelude::*;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use spanwright::annotation::{Annotator, Status};
use spanwright::schema::LabelId;
use spanwright::store::articles::{Articles, Change};
use spanwright::store::{Added, Author, Job, Query, Row, RowKey, Sort, StoreError};
use spanwright::text::{Document, DocumentId, Problem};
use tempfile::TempDir;

use crate::support::{ODD, document};

/// Ids that break naive code.
const ODD_IDS: &[&str] = &[
    "a",
    "A",
    "a/b.txt",
    "a'b\"c",
    "é",
    "e\u{301}",
    "Я",
    "👩‍👩‍👧",
    "nul\u{0}in",
    "nul\u{0}",
    "%",
    "_",
    " ",
    "10",
    "9",
    "\u{feff}",
    "-- x;",
    "\u{10ffff}",
];

struct Project(TempDir);

impl Project {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn open_with(&self, read_only: bool) -> (Articles, Vec<Problem>) {
        Articles::open(self.0.path(), &self.path(".store"), read_only, &Job::default()).unwrap()
    }

    /// Opens; there is nothing to report.
    fn open(&self) -> Articles {
        let (articles, problems) = self.open_with(false);
        assert_eq!(problems, []);
        articles
    }

    /// The names in `articles/`, tags left out.
    fn files(&self) -> Vec<String> {
        let mut names = names(&self.path("articles"));
        for name in &mut names {
            if let Some((number, _)) = name.split_once('-') {
                *name = number.to_owned();
            }
        }
        names
    }

    /// The one article file with this number.
    fn article_file(&self, number: &str) -> PathBuf {
        let folder = self.path("articles");
        let name = names(&folder).into_iter().find(|name| name.starts_with(number)).unwrap();
        folder.join(name)
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn ana() -> Author {
    Author {
        annotator: Annotator::from("ana"),
        device: "d1".to_owned(),
        at: "2026-11-22T10:00:00Z".parse().unwrap(),
        schema: "news@1".to_owned(),
    }
}

fn import(articles: &mut Articles, new_versions: bool, documents: &[(&str, &str)]) -> Vec<Added> {
    let mut import = articles.begin(&ana(), new_versions).unwrap();
    let added = documents.iter().map(|(id, text)| import.add(&document(id, text)).unwrap()).collect();
    import.finish().unwrap();
    added
}

/// Everything a project says of its documents, hidden ones by their rows only.
fn picture(articles: &Articles) -> String {
    let mut lines = Vec::new();
    let mut each = |document: std::sync::Arc<Document>| {
        lines.push(format!("{:?} {:?} {}", document.id.0, document.text.as_str(), json!(document.meta)));
        Ok(true)
    };
    articles.each(&mut each).unwrap();
    for hidden in [false, true] {
        for row in articles.list(&Query { hidden, ..Query::default() }, None, 1000).unwrap() {
            lines.push(format!(
                "{:?} {:?} {:?} {:?} {} {}",
                row.id.0, row.title, row.source, row.date, row.length, row.hidden
            ));
        }
    }
    lines.push(format!("{:?}", articles.counts().unwrap()));
    lines.join("\n")
}

/// The picture stays the same when the project is opened again, read-only, and without its index.
fn check_reopened(project: &Project, articles: Articles) {
    let expected = picture(&articles);
    assert_eq!(articles.check(&Job::default()).unwrap(), []);
    drop(articles);
    assert_eq!(picture(&project.open()), expected);
    let index = fs::read(project.path(".store/docs.db")).unwrap();
    assert_eq!(picture(&project.open_with(true).0), expected);
    assert_eq!(fs::read(project.path(".store/docs.db")).unwrap(), index, "read-only writes nothing");
    fs::remove_dir_all(project.path(".store")).unwrap();
    assert_eq!(picture(&project.open_with(true).0), expected, "read-only without an index");
    assert!(!project.path(".store").exists());
    let (articles, _) = project.open_with(false);
    assert_eq!(picture(&articles), expected, "built anew");
}

#[test]
fn what_comes_in_can_be_read_back() {
    let project = Project::new();
    let mut articles = project.open();
    let mut import = articles.begin(&ana(), false).unwrap();
    let mut given = BTreeMap::new();
    for (number, id) in ODD_IDS.iter().enumerate() {
        let mut article = document(id, &format!("\u{feff}{}\r\nlast\r", ODD[number % ODD.len()]));
        article.meta.insert("title".to_owned(), json!(ODD[number % ODD.len()]));
        article.meta.insert("source".to_owned(), json!(["a.example", "b.example"][number % 2]));
        article.extra.insert("unknown".to_owned(), json!({"kept": [1, 2]}));
        assert_eq!(import.add(&article).unwrap(), Added::New);
        given.insert(article.id.clone(), article);
    }
    assert_eq!(import.finish().unwrap(), ODD_IDS.len() as u64);
    for (id, article) in &given {
        assert_eq!(articles.document(id, None).unwrap().as_deref(), Some(article));
        assert_eq!(articles.document(id, Some(article.text.sha256())).unwrap().as_deref(), Some(article));
        assert!(articles.text_exists(id, article.text.sha256()).unwrap());
    }
    let mut ids = Vec::new();
    articles
        .each(&mut |document| {
            ids.push(document.id.clone());
            Ok(true)
        })
        .unwrap();
    assert_eq!(ids, given.keys().cloned().collect::<Vec<_>>(), "in order of bytes");
    let other = document("a", "other").text.sha256();
    assert_eq!(articles.document(&"a".into(), Some(other)).unwrap(), None);
    assert_eq!(articles.document(&"none".into(), None).unwrap(), None);
    assert_eq!(project.files(), ["0001"]);
    check_reopened(&project, articles);
}

#[test]
fn known_ids_are_the_same_or_different_or_new_versions() {
    use Added::{Different, New, NewVersion, Same};
    let project = Project::new();
    let mut articles = project.open();
    let hash = |text: &str| document("", text).text.sha256();
    assert_eq!(
        import(&mut articles, false, &[("a", "one"), ("a", "one"), ("a", "two")]),
        [New, Same, Different(hash("one"))]
    );
    assert_eq!(import(&mut articles, false, &[("a", "one"), ("a", "two")]), [Same, Different(hash("one"))]);
    assert_eq!(project.files(), ["0001"], "an import that brings nothing leaves no file");
    articles.set_meta(&"a".into(), "title", Some(json!("Edited")), &ana()).unwrap();
    assert_eq!(
        import(&mut articles, true, &[("a", "two"), ("b", "b"), ("a", "three"), ("a", "two")]),
        [NewVersion, New, NewVersion, Same]
    );
    assert_eq!(import(&mut articles, true, &[("a", "one")]), [Same], "an older text is not new");
    let version = |articles: &Articles, text: Option<&str>| {
        let document = articles.document(&"a".into(), text.map(hash)).unwrap().unwrap();
        format!("{} {}", document.text.as_str(), document.title())
    };
    assert_eq!(version(&articles, None), "three three");
    assert_eq!(version(&articles, Some("two")), "two two");
    assert_eq!(version(&articles, Some("one")), "one Edited", "an edit stays with the versions there were");
    assert_eq!(project.files(), ["0001", "0002", "changes.jsonl"]);
    check_reopened(&project, articles);
    assert_eq!(version(&project.open(), Some("one")), "one Edited");
}

#[test]
fn an_import_is_all_or_nothing() {
    let project = Project::new();
    let mut articles = project.open();
    let other = articles.another().unwrap();
    let mut running = articles.begin(&ana(), false).unwrap().split_at(20);
    for id in ["a", "b", "c"] {
        running.add(&document(id, "a text")).unwrap();
    }
    assert_eq!(picture(&other), picture(&Project::new().open()), "not visible while it runs");
    assert_eq!(picture(&project.open()), picture(&other), "nor to another process, which leaves it alone");
    running.finish().unwrap();
    assert_eq!(other.counts().unwrap().documents, 3);
    assert_eq!(project.files(), ["0001", "0002", "0003"]);
    let mut dropped = articles.begin(&ana(), false).unwrap();
    dropped.add(&document("d", "a text")).unwrap();
    drop(dropped);
    assert_eq!(articles.counts().unwrap().documents, 3);
    assert_eq!(project.files(), ["0001", "0002", "0003"]);
    assert!(names(&project.path(".store")).iter().all(|name| name.starts_with("docs.db")));
    check_reopened(&project, articles);
}

/// Many at once are written in another way; the answers are the same.
#[test]
fn a_large_import_is_like_a_small_one() {
    const MANY: u64 = 20_001;
    let project = Project::new();
    let mut articles = project.open();
    for (round, sort) in [Sort::Title, Sort::Length].into_iter().enumerate() {
        let mut import = articles.begin(&ana(), false).unwrap();
        for number in 0..MANY {
            // Ids and titles in no order at all.
            let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32);
            let added = import.add(&document(&format!("{round}-{number:x}"), &format!("text {number:x}"))).unwrap();
            assert_eq!(added, Added::New);
        }
        assert_eq!(import.add(&document(&format!("{round}-0"), "text 0")).unwrap(), Added::Same);
        assert_eq!(import.finish().unwrap(), MANY);
        let count = MANY * (round as u64 + 1);
        assert_eq!(articles.counts().unwrap().documents, count);
        let query = Query { sort, ..Query::default() };
        let rows = articles.rows(&articles.listing(&query, &Job::default()).unwrap(), &query).unwrap();
        assert_eq!(rows.len() as u64, count);
        assert!(rows.is_sorted_by(|a, b| order(&query, a, b).is_lt()));
        assert_eq!(articles.check(&Job::default()).unwrap(), []);
    }
}

/// Runs as a process of its own, to be killed: imports three documents at a time, in files of one each, as new versions of the last three.
#[test]
#[ignore = "run by `killed_imports_leave_nothing`"]
fn writer() {
    let Some(folder) = std::env::var_os("SPANWRIGHT_TEST_PROJECT").map(PathBuf::from) else { return };
    let (mut articles, _) = Articles::open(&folder, &folder.join(".store"), false, &Job::default()).unwrap();
    let first = articles.document(&"a".into(), None).unwrap().map_or(0, |a| a.text.as_str().parse().unwrap());
    for round in first + 1.. {
        let mut import = articles.begin(&ana(), true).unwrap().split_at(1);
        for id in ["a", "b", "c"] {
            import.add(&document(id, &round.to_string())).unwrap();
        }
        import.finish().unwrap();
        println!("\nacknowledged {round}");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn killed_imports_leave_nothing() {
    let project = Project::new();
    // Killed between the line in `changes.jsonl` and the commit: the line names files that are taken away again, and that is said.
    let expected = |problem: &Problem| problem.sentence.ends_with("has new versions and is not here (yet)");
    let mut last = 0;
    for kill in 0..20 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["articles::writer", "--exact", "--ignored", "--nocapture"])
            .env("SPANWRIGHT_TEST_PROJECT", project.0.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = lines.filter_map(|line| line.unwrap().strip_prefix("acknowledged ")?.parse::<u64>().ok());
        last = acknowledged.take(1 + kill % 3).last().unwrap_or(last);
        child.kill().unwrap();
        child.wait().unwrap();
        let (articles, mut problems) = project.open_with(false);
        problems.retain(|problem| !expected(problem));
        assert_eq!(problems, []);
        let text =
            |id: &str| articles.document(&id.into(), None).unwrap().unwrap().text.as_str().parse::<u64>().unwrap();
        assert!(text("a") >= last, "{} was acknowledged, {} is there", last, text("a"));
        assert_eq!((text("b"), text("c")), (text("a"), text("a")));
        assert!(project.files().iter().all(|name| name != "unfinished"), "{:?}", project.files());
        assert!(names(&project.path(".store")).iter().all(|name| name.starts_with("docs.db")));
    }
    let articles = project.open();
    assert_eq!(articles.counts().unwrap().documents, 3);
    let problems = articles.check(&Job::default()).unwrap();
    assert_eq!(problems.into_iter().filter(|problem| !expected(problem)).collect::<Vec<_>>(), []);
}

#[test]
fn hiding_and_metadata() {
    let project = Project::new();
    let mut articles = project.open();
    import(&mut articles, false, &[("a", "First line\nof a"), ("b", "b"), ("c", "c")]);
    let seen = |articles: &Articles| {
        let row = |row: Row| format!("{}:{}:{}", row.id, row.title, row.source);
        let list = |hidden| articles.list(&Query { hidden, ..Query::default() }, None, 9).unwrap().into_iter().map(row);
        format!("{} / {}", list(false).collect::<Vec<_>>().join(" "), list(true).collect::<Vec<_>>().join(" "))
    };
    let check = |articles: &mut Articles, id: &str, change: (&str, Value), lines: usize, after: &str| {
        let id = DocumentId::from(id);
        let before = articles.revision().unwrap();
        for replay in 0..2 {
            match (change.0, &change.1) {
                ("hidden", hidden) => articles.set_hidden(&id, *hidden == json!(true), &ana()).unwrap(),
                (key, value) => articles.set_meta(&id, key, Some(value.clone()), &ana()).unwrap(),
            }
            assert_eq!(seen(articles), after, "replay {replay}");
        }
        assert_eq!(articles.revision().unwrap(), before + u64::from(lines > 0), "{change:?}");
    };
    check(&mut articles, "b", ("hidden", json!(true)), 1, "a:First line: c:c: / b:b:");
    check(&mut articles, "a", ("title", json!("A title")), 1, "a:A title: c:c: / b:b:");
    check(&mut articles, "a", ("source", json!("x.example")), 1, "a:A title:x.example c:c: / b:b:");
    check(&mut articles, "a", ("title", Value::Null), 1, "a:First line:x.example c:c: / b:b:");
    check(&mut articles, "b", ("hidden", json!(false)), 1, "a:First line:x.example b:b: c:c: / ");
    check(&mut articles, "c", ("hidden", json!(false)), 0, "a:First line:x.example b:b: c:c: / ");
    check(&mut articles, "c", ("none", Value::Null), 0, "a:First line:x.example b:b: c:c: / ");
    let hide = |id: &str, hidden| Change::Hidden { document: id.into(), hidden };
    articles.change(&[hide("a", true), hide("a", false), hide("c", true)], &ana()).unwrap();
    assert_eq!(seen(&articles), "a:First line:x.example b:b: / c:c:");
    assert!(matches!(articles.change(&[hide("b", true), hide("none", true)], &ana()), Err(StoreError::Io { .. })));
    assert_eq!(seen(&articles), "a:First line:x.example b:b: / c:c:", "all or nothing");
    assert_eq!(articles.counts().unwrap().sources, [(String::new(), 1), ("x.example".to_owned(), 1)]);
    let text = fs::read_to_string(project.path("articles/changes.jsonl")).unwrap();
    assert_eq!(text.lines().next(), Some(r#"{"at":"2026-11-22T10:00:00Z","by":"ana","id":"b","hidden":true}"#));
    assert_eq!(
        text.lines().nth(1),
        Some(r#"{"at":"2026-11-22T10:00:00Z","by":"ana","id":"a","meta":{"title":"A title"}}"#)
    );
    check_reopened(&project, articles);
}

#[test]
fn a_torn_last_change_is_held_back() {
    let project = Project::new();
    let mut articles = project.open();
    import(&mut articles, false, &[("a", "a"), ("b", "b")]);
    articles.set_hidden(&"a".into(), true, &ana()).unwrap();
    drop(articles);
    let path = project.path("articles/changes.jsonl");
    let mut text = fs::read_to_string(&path).unwrap();
    text += r#"{"id":"b","hidden":tr"#;
    fs::write(&path, &text).unwrap();
    let (mut articles, problems) = project.open_with(false);
    assert_eq!(
        problems[0].to_string(),
        "articles/changes.jsonl:2 · warning: the last line is cut short; it does not count. If it is complete, end it with a line end"
    );
    articles.set_hidden(&"a".into(), false, &ana()).unwrap();
    assert_eq!(articles.counts().unwrap().documents, 2, "the torn line did not swallow the next");
    assert!(fs::read_to_string(&path).unwrap().starts_with(&text), "nothing was rewritten");
    fs::remove_dir_all(project.path(".store")).unwrap();
    let (articles, problems) = project.open_with(false);
    assert_eq!(articles.counts().unwrap().documents, 2);
    assert!(
        problems[0]
            .to_string()
            .starts_with("articles/changes.jsonl:2 · error: the line does not count: it is no JSON object")
    );
}

#[test]
fn damage_in_an_article_file_is_named() {
    for (damage, why) in [("Texu", "its text does not match its checksum"), ("T\u{1}xt", "it is no JSON object")] {
        let project = Project::new();
        let mut articles = project.open();
        import(&mut articles, false, &[("a", "Text of a"), ("b", "Text of b"), ("c", "Text of c")]);
        let file = project.article_file("0001");
        let damaged = fs::read_to_string(&file).unwrap().replace("Text of b", &format!("{damage} of b"));
        fs::write(&file, damaged).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let error = articles.document(&"b".into(), None).unwrap_err().to_string();
        assert!(error.starts_with(&format!("articles/{name}:2 · document b is damaged: ")), "{error}");
        assert!(error.contains(why), "{error}");
        assert_eq!(articles.document(&"c".into(), None).unwrap().unwrap().text.as_str(), "Text of c");
        let found: Vec<String> = articles.check(&Job::default()).unwrap().iter().map(Problem::to_string).collect();
        assert!(
            found.iter().any(|problem| problem.starts_with(&format!(
                "articles/{name}:2 · document b · error: is damaged: its line cannot be read: {why}"
            ))),
            "{found:#?}"
        );
        drop(articles);
        let (articles, problems) = project.open_with(false);
        assert!(
            problems.iter().any(|problem| problem
                .to_string()
                .contains(&format!("articles/{name}:2 · error: the line is left out"))),
            "{problems:#?}"
        );
        assert_eq!(articles.counts().unwrap().documents, 2);
    }
}

#[test]
fn metadata_is_guarded_too() {
    let project = Project::new();
    let mut articles = project.open();
    let mut import = articles.begin(&ana(), false).unwrap();
    let mut article = document("a", "text");
    article.meta.insert("title".to_owned(), json!("Title"));
    import.add(&article).unwrap();
    import.finish().unwrap();
    let file = project.article_file("0001");
    fs::write(&file, fs::read_to_string(&file).unwrap().replace("Title", "Titlf")).unwrap();
    let error = articles.document(&"a".into(), None).unwrap_err().to_string();
    assert!(error.contains("its line is not what was written"), "{error}");
}

#[test]
fn files_from_elsewhere_are_taken_in() {
    let (here, there) = (Project::new(), Project::new());
    let (mut ours, mut theirs) = (here.open(), there.open());
    import(&mut ours, false, &[("a", "a"), ("b", "b")]);
    import(&mut theirs, false, &[("c", "c"), ("a", "a"), ("b", "another b")]);
    let before = ours.revision().unwrap();
    assert_eq!(ours.refresh().unwrap(), []);
    assert_eq!(ours.revision().unwrap(), before, "nothing happened");
    let theirs = there.article_file("0001");
    let theirs_here = here.path("articles").join("0002-xxxx.jsonl");
    fs::copy(&theirs, &theirs_here).unwrap();
    let problems = ours.refresh().unwrap();
    assert_eq!(
        problems.iter().map(Problem::to_string).collect::<Vec<_>>(),
        [
            "articles/0002-xxxx.jsonl:3 · document b · error: another text came in earlier under this id; this one is set aside. \
          Import it under another id, or as a new version"
        ]
    );
    assert!(ours.revision().unwrap() > before);
    assert_eq!(ours.counts().unwrap().documents, 3);
    assert_eq!(ours.document(&"b".into(), None).unwrap().unwrap().text.as_str(), "b");
    // Only the time differs: nothing is read again. The content differs: everything is.
    let file = fs::File::options().write(true).open(&theirs_here).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(ours.refresh().unwrap(), []);
    fs::write(&theirs_here, fs::read_to_string(&theirs_here).unwrap().lines().next().unwrap()).unwrap();
    let problems = ours.refresh().unwrap();
    assert!(problems[0].sentence.contains("was changed"), "{problems:#?}");
    fs::remove_file(&theirs_here).unwrap();
    let problems = ours.refresh().unwrap();
    assert!(problems[0].sentence.contains("is gone"), "{problems:#?}");
    assert_eq!(ours.counts().unwrap().documents, 2);
    check_reopened(&here, ours);
}

#[test]
fn changes_from_elsewhere_wait_for_their_documents() {
    let (here, there) = (Project::new(), Project::new());
    let (mut ours, mut theirs) = (here.open(), there.open());
    import(&mut ours, false, &[("a", "one")]);
    fs::copy(here.article_file("0001"), there.path("articles").join("0001-aaaa.jsonl")).unwrap();
    theirs.refresh().unwrap();
    import(&mut theirs, true, &[("a", "two"), ("b", "b")]);
    theirs.set_hidden(&"b".into(), true, &ana()).unwrap();
    let bring = |name: &Path| fs::copy(name, here.path("articles").join(name.file_name().unwrap())).unwrap();
    bring(&there.path("articles/changes.jsonl"));
    assert_eq!(ours.refresh().unwrap().len(), 2, "the versions and the hidden document are not here yet");
    assert_eq!(ours.document(&"a".into(), None).unwrap().unwrap().text.as_str(), "one");
    bring(&there.article_file("0002"));
    assert_eq!(ours.refresh().unwrap(), []);
    assert_eq!(ours.document(&"a".into(), None).unwrap().unwrap().text.as_str(), "two");
    assert_eq!(picture(&ours), picture(&theirs));
    check_reopened(&here, ours);
}

#[test]
fn two_at_once() {
    let project = Project::new();
    let (mut one, mut two) = (project.open(), project.open());
    let mut first = one.begin(&ana(), false).unwrap();
    let mut second = two.begin(&ana(), false).unwrap();
    first.add(&document("a", "a")).unwrap();
    second.add(&document("b", "b")).unwrap();
    second.add(&document("a", "a")).unwrap();
    first.finish().unwrap();
    second.finish().unwrap();
    assert_eq!(one.counts().unwrap().documents, 2);
    assert_eq!(one.revision().unwrap(), two.revision().unwrap());
    two.set_hidden(&"a".into(), true, &ana()).unwrap();
    one.set_hidden(&"b".into(), true, &ana()).unwrap();
    assert_eq!(one.counts().unwrap().hidden, 2);
    // The same id with two texts: the second import is refused as a whole.
    let mut first = one.begin(&ana(), false).unwrap();
    let mut second = two.begin(&ana(), false).unwrap();
    first.add(&document("c", "one")).unwrap();
    second.add(&document("d", "d")).unwrap();
    second.add(&document("c", "two")).unwrap();
    first.finish().unwrap();
    let error = second.finish().unwrap_err().to_string();
    assert!(error.contains("document c"), "{error}");
    assert_eq!(one.document(&"d".into(), None).unwrap(), None);
    check_reopened(&project, one);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever bit of the index flips: no wrong answer after a check and another open.
    #[test]
    fn a_damaged_index_is_built_anew(place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let project = Project::new();
        let mut articles = project.open();
        import(&mut articles, false, &ODD_IDS.iter().map(|id| (*id, "a text")).collect::<Vec<_>>());
        articles.set_meta(&"a".into(), "source", Some(json!("x.example")), &ana()).unwrap();
        let expected = picture(&articles);
        drop(articles);
        let path = project.path(".store/docs.db");
        let mut bytes = fs::read(&path).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        fs::write(&path, bytes).unwrap();
        let (articles, _) = project.open_with(false);
        let _ = articles.check(&Job::default());
        drop(articles);
        let (articles, _) = project.open_with(false);
        prop_assert_eq!(picture(&articles), expected);
    }

    /// Pages, listings and rows against a plain list.
    #[test]
    fn lists_say_what_a_plain_list_says(
        rows in prop::collection::vec(row(), 1..24),
        query in query(),
        limit in 1..6_usize,
    ) {
        let rows: BTreeMap<DocumentId, Model> = rows.into_iter().map(|model| (model.row.id.clone(), model)).collect();
        let project = Project::new();
        let mut articles = project.open();
        let mut import = articles.begin(&ana(), false).unwrap();
        for model in rows.values() {
            let mut article = document(model.row.id.as_str(), &"x".repeat(model.row.length as usize));
            for (key, value) in [("title", &model.row.title), ("source", &model.row.source), ("date", &model.row.date)] {
                article.meta.insert(key.to_owned(), json!(value));
            }
            import.add(&article).unwrap();
        }
        import.finish().unwrap();
        let hidden: Vec<Change> = rows.values().map(|model| Change::Hidden { document: model.row.id.clone(), hidden: model.row.hidden }).collect();
        articles.change(&hidden, &ana()).unwrap();
        prop_assert!(articles.list(&Query::default(), None, 1).is_ok(), "without work.db");
        write_layers(&project.path(".store/work.db"), rows.values());

        let mut expected: Vec<Row> = rows.values().filter(|model| model.matches(&query)).map(|model| model.seen(&query)).collect();
        expected.sort_by(|a, b| order(&query, a, b));
        let listing = articles.listing(&query, &Job::default()).unwrap();
        prop_assert_eq!(articles.rows(&listing, &query).unwrap(), expected.clone());
        let mut pages = Vec::new();
        loop {
            let after = pages.last().map(|row| key(&query, row));
            let page = articles.list(&query, after.as_ref(), limit).unwrap();
            prop_assert!(page.len() <= limit);
            if page.is_empty() {
                break;
            }
            pages.extend(page);
        }
        prop_assert_eq!(pages, expected);

        let counts = articles.counts().unwrap();
        let seen = |hidden: bool| rows.values().filter(move |model| model.row.hidden == hidden);
        prop_assert_eq!((counts.documents, counts.hidden), (seen(false).count() as u64, seen(true).count() as u64));
        for (source, documents) in counts.sources {
            prop_assert_eq!(documents, seen(false).filter(|model| model.row.source == source).count() as u64);
        }
    }
}

/// A document, and what one annotator, ana, did with it.
#[derive(Clone, Debug)]
struct Model {
    row: Row,
    label: bool,
}

impl Model {
    fn matches(&self, query: &Query) -> bool {
        let row = self.seen(query);
        let places = [&row.title, &row.id.0, &row.source].map(|place| place.to_lowercase());
        row.hidden == query.hidden
            && query.status.is_none_or(|status| row.status == status)
            && (!query.flagged || row.flag.is_some())
            && query.source.as_ref().is_none_or(|source| row.source == *source)
            && query.label.as_ref().is_none_or(|_| self.label && query.annotator != Some(Annotator::from("ben")))
            && query.words.to_lowercase().split_whitespace().all(|word| places.iter().any(|place| place.contains(word)))
    }

    fn seen(&self, query: &Query) -> Row {
        if query.annotator == Some(Annotator::from("ana")) {
            return self.row.clone();
        }
        Row { status: Status::Untouched, flag: None, spans: 0, ..self.row.clone() }
    }
}

fn order(query: &Query, a: &Row, b: &Row) -> std::cmp::Ordering {
    let value = match query.sort {
        Sort::Id => std::cmp::Ordering::Equal,
        Sort::Title => a.title.cmp(&b.title),
        Sort::Source => a.source.cmp(&b.source),
        Sort::Date => a.date.cmp(&b.date),
        Sort::Length => a.length.cmp(&b.length),
    };
    let order = value.then_with(|| a.id.cmp(&b.id));
    if query.descending { order.reverse() } else { order }
}

fn key(query: &Query, row: &Row) -> RowKey {
    let value = match query.sort {
        Sort::Id => String::new(),
        Sort::Title => row.title.clone(),
        Sort::Source => row.source.clone(),
        Sort::Date => row.date.clone(),
        Sort::Length => row.length.to_string(),
    };
    RowKey { value, id: row.id.clone() }
}

/// The tables of `work.db` that lists read, with ana's layers.
fn write_layers<'a>(path: &Path, rows: impl Iterator<Item = &'a Model>) {
    let db = Connection::open(path).unwrap();
    db.execute_batch(
        "CREATE TABLE layer(doc TEXT, annotator TEXT, text BLOB, version INTEGER, status TEXT, flag TEXT, spans INTEGER,
             PRIMARY KEY(doc, annotator)) WITHOUT ROWID;
         CREATE TABLE layer_label(annotator TEXT, label TEXT, doc TEXT, n INTEGER, PRIMARY KEY(annotator, label, doc)) WITHOUT ROWID;",
    )
    .unwrap();
    for Model { row, label } in rows {
        if row.status != Status::Untouched {
            db.execute(
                "INSERT INTO layer VALUES(?1, 'ana', x'', 1, ?2, ?3, ?4)",
                params![row.id.as_str(), row.status.as_str(), row.flag, row.spans as i64],
            )
            .unwrap();
        }
        let n = i64::from(*label);
        db.execute("INSERT INTO layer_label VALUES('ana', 'quote', ?1, ?2)", params![row.id.as_str(), n]).unwrap();
    }
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "A", "ab", "Б", "б", "é", "İ", "👩‍👩‍👧", "nul\u{0}b", "z a"]).prop_map(str::to_owned)
}

fn status() -> impl Strategy<Value = Status> {
    prop::sample::select(vec![Status::Untouched, Status::InProgress, Status::Finished, Status::Skipped])
}

prop_compose! {
    fn row()(
        id in prop::sample::select(ODD_IDS), title in word(), source in word(), date in prop::sample::select(vec!["", "2015-09-05", "2015"]),
        length in 0..3_u64, hidden in any::<bool>(), status in status(), flag in prop::option::of(word()), spans in 0..3_u64, label in any::<bool>(),
    ) -> Model {
        let touched = status != Status::Untouched;
        let row = Row {
            id: id.into(), title, source, date: date.to_owned(), length, hidden, status,
            flag: flag.filter(|_| touched), spans: if touched { spans } else { 0 },
        };
        Model { row, label }
    }
}

prop_compose! {
    fn query()(
        annotator in prop::sample::select(vec![None, Some("ana"), Some("ana"), Some("ben")]), status in prop::option::weighted(0.3, status()),
        label in prop::bool::weighted(0.2), source in prop::option::weighted(0.2, word()), flagged in prop::bool::weighted(0.2),
        words in prop::sample::select(vec!["", "", "", "a", "б", "A B"]), descending in any::<bool>(), hidden in prop::bool::weighted(0.2),
        sort in prop::sample::select(vec![Sort::Id, Sort::Title, Sort::Source, Sort::Date, Sort::Length]),
    ) -> Query {
        Query {
            annotator: annotator.map(Annotator::from), status, label: label.then(|| LabelId::from("quote")), source, flagged,
            words: words.to_owned(), sort, descending, hidden,
        }
    }
}
