//! Work in flow, below the window: active time, pace, the order of documents, skipping, files that change beside the program, crash reports.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use spanwright::annotation::{Annotator, Status};
use spanwright::schema::LabelId;
use spanwright::session::keymap::{Chord, Context};
use spanwright::session::settings::{Recent, Settings};
use spanwright::session::workspace::{self, Opening};
use spanwright::session::{Action, Clock, Command, Pace, Session, Start, crash, guide, stats};
use spanwright::store::{Job, Memory, Project, Query, Store, Worked, open_store};
use spanwright::text::DocumentId;

use crate::session::{author, project, session_of};
use crate::storing::folder;
use crate::support::{ODD, document, news, picture};

/// A session whose clock is moved by hand, over a store of some articles.
struct Watch {
    session: Session,
    clock: Arc<AtomicI64>,
}

/// A morning, in seconds since 1970.
const MORNING: i64 = 1_795_000_000;

impl Watch {
    fn over(store: &dyn Store, annotator: &str) -> Self {
        let clock = Arc::new(AtomicI64::new(MORNING * 1000));
        let start = Start {
            store: store.another().unwrap(),
            project: "test".to_owned(),
            schema: news(),
            annotator: Annotator::from(annotator),
            device: "here".to_owned(),
            clock: Clock::by_hand(Arc::clone(&clock)),
            keys: BTreeMap::new(),
            careful: false,
        };
        let mut session = Session::start(start, Box::new(|| ())).unwrap();
        session.run(Command::Filter(session.list.query.clone()));
        Self { session, clock }
    }

    /// So many seconds pass, then there is a sign of life.
    fn after(&mut self, seconds: i64) -> &mut Self {
        self.clock.fetch_add(seconds * 1000, Ordering::Relaxed);
        self.session.active();
        self
    }

    fn open(&mut self, id: &str) -> &mut Self {
        self.session.run(Command::Open(id.into()));
        self
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace() {
            self.session.press(Context::Page, Chord::parse(key).unwrap());
        }
        self
    }

    fn seconds(&mut self, id: &str) -> Option<u64> {
        self.session.flush();
        let layer = self.session.store().layer(&DocumentId::from(id), self.session.annotator()).unwrap();
        layer.map(|(layer, _)| layer.seconds)
    }
}

fn articles() -> Vec<(String, String)> {
    (0..12).map(|number| (format!("d{number:02}"), format!("Lind {number} sagte „nein“. ").repeat(20))).collect()
}

fn store() -> Memory {
    let articles = articles();
    project(&articles.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>())
}

// ── active time

/// Signs of life, in seconds after the one before; `m` and `n` mark, `f` finishes and comes back, `o` opens the next document and comes back. What is counted at the end.
#[track_caller]
fn counts(story: &str, seconds: Option<u64>) {
    let mut watch = Watch::over(&store(), "ana");
    watch.open("d00").after(0);
    for step in story.split_whitespace() {
        match step {
            "m" => drop(watch.press("1 Right")),
            "n" => drop(watch.press("Ctrl+Right Ctrl+Right 1")),
            "f" => drop(watch.press("Ctrl+Enter").open("d00")),
            "o" => drop(watch.open("d01").open("d00")),
            "away" => watch.session.pause(),
            "off" => watch.session.timed = false,
            step => drop(watch.after(step.parse().unwrap())),
        }
    }
    watch.open("d01");
    assert_eq!(watch.seconds("d00"), seconds, "{story}");
}

#[test]
fn time_between_signs_of_life_counts_up_to_a_minute() {
    counts("m 10 20 5", Some(35));
    counts("10 m 10", Some(20));
    counts("m 60 60 60", Some(180));
    counts("m 10 61 10", Some(20));
    counts("m 10 100000 10", Some(20));
    // The machine's clock was set back, and on again.
    counts("m 10 -3600 10 3590 10", Some(30));
    counts("m 10 10 f", Some(20));
    counts("m", Some(0));
}

#[test]
fn only_a_document_that_is_worked_on_gets_time() {
    // Looked at, never touched: no layer, no file.
    counts("30 30", None);
    // What was looked at earlier and left is not counted when it is marked later.
    counts("30 o 10 m 10", Some(20));
    // Finished, looked at again: nothing is added…
    counts("m 10 f 30 30 o", Some(10));
    // …until it is worked on again: then the reading that led to it counts too.
    counts("m 10 f 30 n 5", Some(45));
}

#[test]
fn another_window_and_the_setting_stop_the_count() {
    counts("m 10 away 30 10", Some(20));
    counts("m 10 off 30 10", Some(10));
}

#[test]
fn two_windows_never_count_more_than_the_clock() {
    let store = store();
    let (mut one, mut two) = (Watch::over(&store, "ana"), Watch::over(&store, "ana"));
    one.open("d00").after(0).press("1");
    one.session.flush();
    two.session.look();
    two.session.flush();
    two.open("d00");
    // Half a minute here, half a minute there, four times; the system tells which has the keys.
    for _ in 0..4 {
        one.after(30).session.pause();
        two.clock.fetch_add(30_000, Ordering::Relaxed);
        two.after(0).after(30).session.pause();
        one.clock.fetch_add(30_000, Ordering::Relaxed);
        one.session.active();
    }
    one.open("d01");
    two.open("d01");
    two.seconds("d00");
    let (seconds, wall) = (one.seconds("d00").unwrap(), 240);
    assert_eq!(seconds, wall);
}

#[test]
fn a_killed_program_loses_less_than_a_minute() {
    let mut watch = Watch::over(&store(), "ana");
    watch.open("d00").after(0).press("1");
    for seconds in 1..=50 {
        watch.after(7);
        let on_disk = watch.seconds("d00").unwrap();
        assert!(on_disk <= seconds * 7 && on_disk + 60 > seconds * 7, "{on_disk} of {} seconds", seconds * 7);
    }
    // Not one entry in the log was made for it.
    assert_eq!(watch.session.store().log(None, 100).unwrap().iter().filter(|row| row.title != "Import").count(), 1);
}

#[test]
fn time_reaches_the_store_the_statistics_and_the_files_for_colleagues() {
    let home = folder();
    let project = Project::create(&home.path().join("news"), "news", include_str!("../schemas/news.ron")).unwrap();
    let (mut store, _) = open_store(&project, &Job::default()).unwrap();
    let mut import = store.import(import("ana")).unwrap();
    import.document(&document("a", "“Yes,” said Анна 👩‍👩‍👧.")).unwrap();
    import.finish().unwrap();
    let mut watch = Watch::over(&*store, "ana");
    watch.open("a").after(0).press("1").after(42).press("Ctrl+Enter");
    watch.session.mirror();
    watch.session.flush();
    let mirror = files(&project.folder().join("layers"));
    assert!(mirror.contains("\"status\":\"finished\"") && mirror.contains("\"seconds\":42"), "{mirror}");
    let found = stats::stats(&store.counts().unwrap());
    let of = |what: &str| found.iter().find(|stat| stat.what == what).map(|stat| stat.value);
    assert_eq!(of("seconds"), Some(42.0));
    assert!((of("pace").unwrap() - 3600.0 / 42.0).abs() < 1e-9);
    assert_eq!(store.check(&Job::default()).unwrap(), []);
}

fn import(name: &str) -> spanwright::store::ImportOptions {
    let by = author(name, "2026-01-01T00:00:00Z");
    spanwright::store::ImportOptions { by, title: "Import".to_owned(), new_versions: false }
}

/// All files under a folder, one after the other.
fn files(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.push_str(&files(&path));
        } else {
            all.push_str(&String::from_utf8_lossy(&fs::read(&path).unwrap()));
        }
    }
    all
}

#[test]
fn a_copied_layer_does_not_bring_its_makers_time() {
    let store = store();
    let mut ben = Watch::over(&store, "ben");
    ben.open("d00").after(0).press("1").after(50).open("d01");
    assert_eq!(ben.seconds("d00"), Some(50));
    let mut ana = Watch::over(&store, "ana");
    ana.open("d00").session.run(Command::Show(Annotator::from("ben")));
    ana.session.run(Command::CopyIntoMine);
    assert_eq!(ana.seconds("d00"), Some(0));
}

// ── pace

#[test]
fn an_estimate_is_as_exact_as_it_can_be() {
    for (seconds, words) in [
        (1, "about a minute left"),
        (89, "about a minute left"),
        (130, "about 2 minutes left"),
        (9 * 60, "about 9 minutes left"),
        (11 * 60, "about 10 minutes left"),
        (42 * 60, "about 40 minutes left"),
        (58 * 60, "about an hour left"),
        (88 * 60, "about 1½ hours left"),
        (2 * 3600, "about 2 hours left"),
        (9 * 3600, "about 9 hours left"),
        (31 * 3600 + 60, "about 31 hours left"),
    ] {
        let pace = Pace { left: Some(std::time::Duration::from_secs(seconds)), ..Pace::default() };
        assert_eq!(pace.words().as_deref(), Some(words), "{seconds}");
    }
    assert_eq!(Pace::default().words(), None);
}

#[test]
fn the_pace_is_silent_until_three_documents_are_done_then_that_of_the_middle_ones() {
    let mut watch = Watch::over(&store(), "ana");
    watch.open("d00").after(0);
    let mut said = Vec::new();
    // Equally long documents; one of them took a long pause over coffee without leaving the mouse alone.
    for seconds in [30, 60, 60, 60, 600] {
        watch.press("1");
        for _ in 0..seconds / 30 {
            watch.after(30);
        }
        watch.press("Ctrl+Enter");
        said.push((watch.session.pace.done, watch.session.pace.total, watch.session.pace.words()));
    }
    let words = |words: &str| Some(words.to_owned());
    assert_eq!(
        said,
        [
            (1, 12, None),
            (2, 12, None),
            // 50 seconds each, 9 left
            (3, 12, words("about 8 minutes left")),
            (4, 12, words("about 7 minutes left")),
            // Without the quickest and the slowest: a minute each, 7 left
            (5, 12, words("about 7 minutes left")),
        ]
    );
}

#[test]
fn the_pace_is_that_of_the_list() {
    let mut watch = Watch::over(&store(), "ana");
    watch.open("d00").after(0);
    for _ in 0..3 {
        watch.press("1").after(60).press("Ctrl+Enter");
    }
    let query = Query { words: "d0".to_owned(), ..watch.session.list.query.clone() };
    watch.session.run(Command::Filter(query));
    watch.session.poll();
    let pace = watch.session.pace;
    assert_eq!((pace.done, pace.total, pace.from), (3, 10, 3));
    assert_eq!(pace.words().as_deref(), Some("about 7 minutes left"));
    let query = Query { words: "nothing is called so".to_owned(), ..watch.session.list.query.clone() };
    watch.session.run(Command::Filter(query));
    watch.session.poll();
    assert_eq!(watch.session.pace, Pace::default());
}

#[test]
fn both_stores_know_what_was_worked_on_last() {
    let home = folder();
    let project = Project::create(&home.path().join("news"), "news", include_str!("../schemas/news.ron")).unwrap();
    let (mut disk, _) = open_store(&project, &Job::default()).unwrap();
    let mut running = disk.import(import("ana")).unwrap();
    for (id, text) in articles() {
        running.document(&document(&id, &text)).unwrap();
    }
    running.finish().unwrap();
    let memory = store();
    let mut found: Vec<Vec<Worked>> = Vec::new();
    for store in [&*disk as &dyn Store, &memory] {
        let mut watch = Watch::over(store, "ana");
        watch.open("d03").after(0).press("1").after(10).press("Ctrl+Enter");
        watch.open("d01").press("1").after(20).press("Ctrl+Enter");
        // Not finished, and finished without a second: neither says anything about pace.
        watch.open("d07").press("1").after(30);
        watch.open("d08").press("1 Ctrl+Enter");
        watch.session.flush();
        let ana = Annotator::from("ana");
        assert_eq!(store.worked(&Annotator::from("ben"), 9).unwrap(), []);
        assert_eq!(store.worked(&ana, 1).unwrap().len(), 1);
        found.push(store.worked(&ana, 9).unwrap());
    }
    let seen: Vec<_> = found[0].iter().map(|one| (one.document.as_str(), one.seconds)).collect();
    assert_eq!(seen, [("d01", 20), ("d03", 10)]);
    assert_eq!(found[0], found[1]);
}

// ── the order of documents

fn order(session: &Session) -> Vec<String> {
    let rows = session.list.rows(session.store(), 0..100).unwrap();
    rows.into_iter().map(|row| row.id.to_string()).collect()
}

#[test]
fn documents_come_by_chance_in_the_same_order_every_time() {
    let store = store();
    let shuffled = |annotator: &str| {
        let mut session = session_of(&store, annotator);
        session.run(Command::Shuffle(true));
        order(&session)
    };
    let ana = shuffled("ana");
    let mut sorted = ana.clone();
    sorted.sort();
    assert_eq!(sorted, articles().into_iter().map(|(id, _)| id).collect::<Vec<_>>(), "every document once");
    assert_ne!(ana, sorted);
    assert_eq!(ana, shuffled("ana"));
    assert_ne!(ana, shuffled("ben"));
}

#[test]
fn what_comes_next_follows_the_order_by_chance() {
    let mut session = session_of(&store(), "ana");
    session.run(Command::Shuffle(true));
    let order = order(&session);
    session.run(Command::Open(order[0].as_str().into()));
    let here = |session: &Session| session.open.as_ref().unwrap().id().to_string();
    session.act(&Action::NextDocument);
    assert_eq!(here(&session), order[1]);
    session.act(&Action::FinishAndNext);
    assert_eq!(here(&session), order[2]);
    session.act(&Action::Skip);
    assert_eq!(here(&session), order[3]);
    session.act(&Action::PreviousDocument);
    assert_eq!(here(&session), order[2]);
    // Around at the end, past what is done.
    session.run(Command::Open(order[11].as_str().into()));
    session.act(&Action::FinishAndNext);
    assert_eq!(here(&session), order[0]);
    // The filter holds too, and back in the order of the list.
    session.run(Command::Filter(Query { words: "d0".to_owned(), ..session.list.query.clone() }));
    let expected: Vec<String> = order.into_iter().filter(|id| id.starts_with("d0")).collect();
    assert_eq!(self::order(&session), expected);
    session.run(Command::Shuffle(false));
    assert!(self::order(&session).is_sorted());
}

#[test]
fn random_order_and_uncounted_time_are_remembered() {
    let home = folder();
    let project = Project::create(&home.path().join("news"), "news", SCHEMA).unwrap();
    let at = |shuffled: bool, time: bool| {
        let recent = Recent { path: project.folder().to_owned(), shuffled, ..Recent::default() };
        let settings = Settings { recent: vec![recent], time, ..Settings::default() };
        let opening = Opening {
            settings: &settings,
            annotator: Some(Annotator::from("ana")),
            device: "here".to_owned(),
            clock: Clock::system(),
            wake: Box::new(|| ()),
        };
        let session = workspace::open(project.folder(), opening, &Job::default()).unwrap().session;
        (session.list.shuffled.is_some(), session.timed)
    };
    assert_eq!(at(true, false), (true, false));
    assert_eq!(at(false, true), (false, true));
}

// ── skipping

#[test]
fn skipping_with_a_reason_is_one_change_and_one_undo() {
    let mut session = session_of(&store(), "ana");
    session.run(Command::Open("d00".into()));
    session.run(Command::Skip { reason: "По-русски 👩‍👩‍👧".to_owned() });
    assert_eq!(session.open.as_ref().unwrap().id().as_str(), "d01");
    let of = |session: &Session| {
        let layer = session.store().layer(&"d00".into(), session.annotator()).unwrap();
        layer.map(|(layer, _)| (layer.status, layer.flag))
    };
    assert_eq!(of(&session), Some((Status::Skipped, Some("По-русски 👩‍👩‍👧".to_owned()))));
    assert_eq!(session.undo_title(), Some("Skip document"));
    session.act(&Action::Undo);
    assert_eq!(of(&session), None);
    session.run(Command::Skip { reason: String::new() });
    assert_eq!(of(&session), Some((Status::Skipped, None)));
    // A reason that comes later.
    session.run(Command::Open("d00".into()));
    session.run(Command::Skip { reason: "Damaged".to_owned() });
    assert_eq!(of(&session), Some((Status::Skipped, Some("Damaged".to_owned()))));
}

// ── files that change beside the program

struct Beside {
    home: tempfile::TempDir,
    session: Session,
}

const SCHEMA: &str = "Schema(name: \"news\", labels: [(id: \"entity\", key: \"1\"), (id: \"quote\", key: \"2\")])\n";

impl Beside {
    fn new() -> Self {
        let home = folder();
        let project = Project::create(&home.path().join("news"), "news", SCHEMA).unwrap();
        let (mut store, _) = open_store(&project, &Job::default()).unwrap();
        let mut running = store.import(import("ana")).unwrap();
        for (id, text) in [("b", "Lind came"), ("c", "Анна came")] {
            running.document(&document(id, text)).unwrap();
        }
        running.finish().unwrap();
        let mut watch = Watch::over(&*store, "ana");
        watch.session.schema = Arc::new(spanwright::schema::Schema::parse(SCHEMA, "schema.ron").schema.unwrap());
        watch.session.settle_in(project.folder());
        watch.open("b");
        Self { home, session: watch.session }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.home.path().join("news").join(name)
    }

    /// Writes a file as an editor does, and lets the session see it.
    fn write(&mut self, name: &str, text: &str) -> Vec<String> {
        let other = self.path("written");
        fs::write(&other, text).unwrap();
        fs::rename(other, self.path(name)).unwrap();
        self.look()
    }

    fn look(&mut self) -> Vec<String> {
        self.session.look();
        self.session.flush();
        self.session.poll().into_iter().map(|notice| notice.sentence).collect()
    }

    fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.session.press(Context::Page, Chord::parse(key).unwrap());
        }
    }

    fn see(&self) -> String {
        let open = self.session.open.as_ref().unwrap();
        picture(open.text(), open.shown())
    }
}

#[test]
fn a_schema_that_is_edited_outside_holds_at_once() {
    let mut beside = Beside::new();
    beside.press("1");
    assert_eq!(beside.see(), "⟨entity Lind⟩ came");
    let more = SCHEMA.replace("])", ", (id: \"event\", key: \"3\")])");
    assert_eq!(beside.write("schema.ron", &more), ["Schema changed: 1 label added"]);
    beside.press("Esc Ctrl+End 3");
    assert_eq!(beside.see(), "⟨entity Lind⟩ ⟨event came⟩");
    // The same again is no news.
    assert_eq!(beside.write("schema.ron", &more), Vec::<String>::new());
    assert_eq!(beside.write("schema.ron", &format!("// a remark\n{more}")), Vec::<String>::new());
}

#[test]
fn a_label_that_vanishes_takes_no_span_with_it() {
    let mut beside = Beside::new();
    beside.press("1");
    beside.session.flush();
    beside.session.run(Command::Arm(Some(LabelId::from("entity"))));
    beside.session.run(Command::SelectSpan(beside.session.open.as_ref().unwrap().last_span.clone()));
    let told = beside.write("schema.ron", "Schema(name: \"news\", labels: [(id: \"quote\", key: \"1\")])\n");
    assert_eq!(told, ["Schema changed: 1 label gone, 1 label changed. 1 span keeps what is gone"]);
    assert_eq!((beside.session.armed(), beside.session.last_label()), (None, None));
    assert_eq!(beside.session.selected_span().unwrap().label, LabelId::from("entity"));
    assert_eq!(beside.see(), "⟨entity Lind⟩ came");
    // Every key still does something that makes sense, or says why not.
    beside.press("] [ . Tab Enter 1 Ctrl+D Backspace Ctrl+Z s");
    beside.session.flush();
    assert!(beside.session.is_saved());
}

#[test]
fn a_broken_schema_changes_nothing_and_says_where() {
    let mut beside = Beside::new();
    let broken = SCHEMA.replace("key: \"2\"", "key: \"1\", colour: Sloth(1)");
    beside.write("schema.ron", &broken);
    let problems = &beside.session.around.schema_problems;
    assert!(!problems.is_empty() && problems.iter().all(|problem| problem.place.line == Some(1)), "{problems:?}");
    beside.press("1");
    assert_eq!(beside.see(), "⟨entity Lind⟩ came");
    // A schema that is being replaced is not there for a moment.
    fs::remove_file(beside.path("schema.ron")).unwrap();
    assert_eq!(beside.look(), Vec::<String>::new());
    assert_eq!(beside.write("schema.ron", SCHEMA), ["schema.ron can be read again"]);
    assert_eq!(beside.session.around.schema_problems, []);
}

#[test]
fn guidelines_that_are_written_outside_are_shown() {
    let mut beside = Beside::new();
    assert!(beside.session.around.guidelines.as_deref().unwrap().contains("news"));
    for text in ODD {
        beside.write("guidelines.md", &format!("# {text}"));
        assert_eq!(beside.session.around.guidelines.as_deref(), Some(format!("# {text}").as_str()));
    }
    fs::remove_file(beside.path("guidelines.md")).unwrap();
    beside.look();
    assert_eq!(beside.session.around.guidelines, None);
    beside.session.run(Command::WriteGuidelines);
    let written = fs::read_to_string(beside.path("guidelines.md")).unwrap();
    assert_eq!(beside.session.around.guidelines.as_deref(), Some(written.as_str()));
    // What somebody wrote meanwhile is not overwritten.
    fs::write(beside.path("guidelines.md"), "ours").unwrap();
    beside.session.run(Command::WriteGuidelines);
    beside.look();
    assert_eq!(beside.session.around.guidelines.as_deref(), Some("ours"));
}

#[test]
fn new_guidelines_have_a_part_for_everything_that_can_be_marked() {
    let text = guide::beginning("Хроника", &news());
    assert!(text.starts_with("# Guidelines for Хроника\n"));
    for label in &news().labels {
        assert!(text.contains(&format!("\n## {}\n\n{}", label.name, label.definition)), "{}", label.name);
        assert!(label.yes.iter().chain(&label.no).all(|example| text.contains(&format!("\n- {example}\n"))));
    }
    for relation in &news().relations {
        assert!(text.contains(&format!("\n| {} | ", relation.name)));
    }
}

#[test]
fn documents_that_another_process_brings_and_hides_come_and_go() {
    let mut beside = Beside::new();
    let (mut other, _) = open_store(&Project::open(&beside.path("")).unwrap(), &Job::default()).unwrap();
    assert_eq!((order(&beside.session), beside.session.list.current), (vec!["b".to_owned(), "c".to_owned()], Some(0)));
    let mut running = other.import(import("ben")).unwrap();
    running.document(&document("a", "new, and before the others")).unwrap();
    running.finish().unwrap();
    beside.look();
    assert_eq!(order(&beside.session), ["a", "b", "c"]);
    assert_eq!(beside.session.list.current, Some(1), "the open document is the same");
    // Finished by the same annotator in another window.
    let mut twin = Watch::over(&*other, "ana");
    twin.open("c").press("Ctrl+Enter");
    twin.session.flush();
    beside.look();
    let rows = beside.session.list.rows(beside.session.store(), 0..3).unwrap();
    assert_eq!(rows[2].status, Status::Finished);
    twin.session.run(Command::Hide { document: DocumentId::from("a"), hidden: true });
    twin.session.flush();
    beside.look();
    assert_eq!((order(&beside.session), beside.session.list.current), (vec!["b".to_owned(), "c".to_owned()], Some(0)));
    assert_eq!(beside.session.open.as_ref().unwrap().id().as_str(), "b");
}

#[test]
fn a_folder_that_goes_away_takes_nothing_with_it() {
    let mut beside = Beside::new();
    beside.press("1");
    beside.session.flush();
    let (here, away) = (beside.path(""), beside.home.path().join("away"));
    fs::rename(&here, &away).unwrap();
    // Even before anybody looked, nothing is called saved that is not there.
    beside.press("Esc Ctrl+End 2");
    beside.session.flush();
    beside.session.poll();
    assert!(!beside.session.is_saved());
    beside.look();
    assert!(beside.session.trouble().unwrap().contains("is not there any more"), "{:?}", beside.session.trouble());
    beside.press("Esc Home");
    beside.session.run(Command::SetFlag(Some("later".to_owned())));
    beside.session.act(&Action::Save);
    assert!(!here.exists(), "nothing is made where the project was");
    assert_eq!(beside.see(), "⟨entity Lind⟩ ⟨quote came⟩");
    fs::rename(&away, &here).unwrap();
    assert_eq!(beside.look(), ["The project’s folder is back. All changes saved"]);
    assert!(beside.session.is_saved() && beside.session.trouble().is_none());
    // And it goes on as before.
    beside.press("Ctrl+Z Ctrl+End 2");
    beside.session.flush();
    assert!(beside.session.is_saved());
    let (store, _) = open_store(&Project::open(&here).unwrap(), &Job::default()).unwrap();
    let (layer, _) = store.layer(&"b".into(), &Annotator::from("ana")).unwrap().unwrap();
    assert_eq!(layer.spans.len(), 2);
    assert_eq!(store.check(&Job::default()).unwrap(), []);
}

// ── crash reports

#[test]
fn a_message_keeps_nothing_that_could_quote_a_text() {
    for (message, kept) in [
        (
            "index out of bounds: the len is 3 but the index is 7",
            "index out of bounds: the len is 3 but the index is 7",
        ),
        ("attempt to subtract with overflow", "attempt to subtract with overflow"),
        (
            "byte index 2 is not a char boundary; it is inside 'é' (bytes 1..3) of `le été de Кузьма`",
            "byte index 2 is not a char boundary; it is inside … (the rest is left out, because it could quote a text)",
        ),
        (
            "called `Result::unwrap()` on an `Err` value: Stale(\"Kuzma\")",
            "called `Result::unwrap()` on an `Err` value … (the rest is left out, because it could quote a text)",
        ),
        (
            "assertion `left == right` failed: Kuzma\n  left: \"Kuzma\"",
            "assertion `left == right` failed … (the rest is left out, because it could quote a text)",
        ),
        ("Kuzma left", "a message of 10 characters; the rest is left out, because it could quote a text"),
        ("", "a message of 0 characters; the rest is left out, because it could quote a text"),
    ] {
        assert_eq!(crash::cleaned(message), kept);
        assert!(!crash::cleaned(message).contains("uz"));
    }
}

const CRASH: &str = "SPANWRIGHT_TEST_CRASH";

/// Does nothing unless this binary was started by the test below.
#[test]
fn child() {
    let Ok(place) = std::env::var(CRASH) else { return };
    let place = Path::new(&place);
    crash::watch(place.join("crashes"));
    let project = Project::create(&place.join("news"), "news", include_str!("../schemas/news.ron")).unwrap();
    let (mut store, _) = open_store(&project, &Job::default()).unwrap();
    let mut running = store.import(import("zuzana")).unwrap();
    running.document(&document("quizzical", "Kuzma’s été “zigzag” 👩‍👩‍👧")).unwrap();
    running.finish().unwrap();
    let mut watch = Watch::over(&*store, "zuzana");
    watch.open("quizzical");
    for number in 0..30 {
        crash::trail(format!("action-{number}"));
    }
    watch.press("1");
    let text = watch.session.open.as_ref().unwrap().text().as_str().to_owned();
    match std::env::var("SPANWRIGHT_TEST_HOW").unwrap().as_str() {
        "abort" => {
            for number in 0..400 {
                watch.session.run(Command::SetFlag(Some(number.to_string())));
            }
            let broken = std::thread::spawn(|| panic!("a worker broke")).join();
            assert!(broken.is_err());
            // Nothing is tidied up: what is not on disk by now never will be.
            std::process::abort();
        }
        "slice" => drop(text[..=text.find('’').unwrap()].to_owned()),
        "format" => panic!("no span covers {text}"),
        "unwrap" => drop(text.parse::<u64>().map_err(|_| text).unwrap()),
        "assert" => assert_eq!(text, "something else", "in quizzical"),
        "literal" => panic!("a promise was broken"),
        other => panic!("{other}"),
    }
}

fn crash_of(how: &str, home: &Path) -> std::process::Output {
    let output = Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "flow::child", "--nocapture", "--test-threads=1"])
        .env(CRASH, home)
        .env("SPANWRIGHT_TEST_HOW", how)
        .stdout(Stdio::null())
        .output()
        .unwrap();
    assert!(!output.status.success());
    output
}

#[test]
fn before_a_crash_is_reported_everything_is_on_disk() {
    let home = folder();
    crash_of("abort", home.path());
    let (store, _) = open_store(&Project::open(&home.path().join("news")).unwrap(), &Job::default()).unwrap();
    let (layer, _) = store.layer(&"quizzical".into(), &Annotator::from("zuzana")).unwrap().unwrap();
    assert_eq!(layer.flag.as_deref(), Some("399"));
    let report = fs::read_to_string(crash::untold(&home.path().join("crashes")).unwrap()).unwrap();
    assert!(report.contains("changes    brought to disk") && report.contains("message    a worker broke"), "{report}");
}

#[test]
fn a_crash_leaves_a_report_without_a_word_of_the_text_and_loses_nothing() {
    for (how, message) in [
        ("slice", "byte index 6 is not a char boundary"),
        ("format", "a message of "),
        ("unwrap", "called `Result::unwrap()` on an `Err` value"),
        ("assert", "assertion `left == right` failed"),
        ("literal", "a promise was broken"),
    ] {
        let home = folder();
        let output = crash_of(how, home.path());
        let crashes = home.path().join("crashes");
        let path = crash::untold(&crashes).unwrap();
        let report = fs::read_to_string(&path).unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        for text in [&report, &said] {
            assert!(text.contains(message), "{how}: {text}");
            for word in ["uzma", "été", "zigzag", "👩", "quizzical", "zuzana", "Entity", "entity", "something else"]
            {
                assert!(!text.contains(word), "{how}: “{word}” is in\n{text}");
            }
            for place in [env!("CARGO_MANIFEST_DIR"), ".cargo", "registry"] {
                assert!(!text.contains(place), "{how}: {text}");
            }
        }
        assert!(said.contains(path.to_str().unwrap()), "{said}");
        assert!(report.contains(concat!("Spanwright ", env!("CARGO_PKG_VERSION"))), "{report}");
        assert!(report.contains(std::env::consts::OS) && report.contains("thread     flow::child"), "{report}");
        let last: Vec<&str> = report.lines().filter_map(|line| line.strip_prefix("  action-")).collect();
        assert_eq!((last.len(), last[0], last[19]), (20, "10", "29"), "the last twenty actions");
        assert!(report.contains("backtrace") && report.contains("flow::child"), "{report}");
        // What was marked just before is on disk.
        let (store, _) = open_store(&Project::open(&home.path().join("news")).unwrap(), &Job::default()).unwrap();
        let (layer, _) = store.layer(&"quizzical".into(), &Annotator::from("zuzana")).unwrap().unwrap();
        assert_eq!(layer.spans.len(), 1, "{how}");
        // It is told once.
        assert_eq!(crash::untold(&crashes), None);
        assert!(path.exists());
    }
}
