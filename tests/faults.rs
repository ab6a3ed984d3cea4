//! What the store survives: kills, full disks, failing writes, flipped bits, two processes at once.
//!
//! Kills need another process: the tests start this same binary again, with a variable that tells [`child`] what to do.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use spanwright::annotation::{Annotator, ItemId, Ranges, Span};
use spanwright::edit::record::LayerRecord;
use spanwright::edit::{Direction, Edit, Kind, LayerEdit, Transaction, TransactionId};
use spanwright::schema::LabelId;
use spanwright::store::{CommitError, Disk, Job, Memory, Options, Sqlite, Store, StoreError};
use spanwright::text::{Document, DocumentId};

use crate::storing::{
    SCHEMA, STAMP, add_documents, at, check, document, first_mark, folder, import, in_layer, layer, mark, open,
    project, span, started, transaction,
};

const DO: &str = "SPANWRIGHT_TEST_CHILD";
const FOLDER: &str = "SPANWRIGHT_TEST_FOLDER";
const COUNT: &str = "SPANWRIGHT_TEST_COUNT";
const WHO: &str = "SPANWRIGHT_TEST_WHO";

/// Numbers below a limit, the same at every run.
struct Numbers(TestRng);

fn random(seed: u8) -> Numbers {
    Numbers(TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0.next_u64() % limit
    }
}

fn articles() -> Vec<Document> {
    (0..3)
        .map(|number| document(&format!("d{number}"), &format!("Article {number}: “yes,” said Анна 👩‍👩‍👧. ").repeat(60)))
        .collect()
}

/// The `number`-th scripted edit: the same on every store that has made the ones before. Each is one entry of the log.
fn scripted(store: &dyn Store, number: u64) -> Transaction {
    let id = TransactionId(format!("S{number:06}"));
    let second = at(i64::try_from(number).unwrap());
    let who = if (number / 3).is_multiple_of(2) { "ben" } else { "ana" };
    let annotator = Annotator::from(who);
    let taken = match number % 11 {
        7 => Some(Direction::Undo),
        9 => Some(Direction::Redo),
        _ => None,
    };
    if let Some(newest) = taken.and_then(|direction| store.newest(&annotator, direction).unwrap()) {
        return newest.inverse(id, second);
    }
    let document = &articles()[(number % 3) as usize];
    let there = store.layer(&document.id, &annotator).unwrap().map(|(layer, _)| layer);
    let mut edits = Vec::new();
    if there.is_none() {
        edits.push(started());
    }
    let text = document.text.as_str();
    let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
    let start = (number as usize * 7) % (places.len() - 5);
    let range = document.text.range(places[start], places[start + 4]).unwrap();
    let span = Span::manual(ItemId::from(format!("s{number}")), LabelId::from("entity"), Ranges::from(range));
    let old =
        there.as_ref().and_then(|layer| layer.spans.iter().nth(number as usize % layer.spans.len().max(1)).cloned());
    match (number % 5, old) {
        (3, Some(old)) => edits.push(LayerEdit::remove(&old)),
        (4, Some(old)) => {
            edits.push(LayerEdit::change(&old, Span { note: format!("note {number}"), ..(*old).clone() }));
        }
        _ => edits.push(LayerEdit::add(span)),
    }
    let edits = edits.into_iter().map(|edit| in_layer(document.id.as_str(), who, edit)).collect();
    let (author, device) = (annotator, "desk".to_owned());
    Transaction { id, title: format!("Edit {number}"), at: second, author, device, kind: Kind::Do, edits }
}

fn run(store: &mut dyn Store, number: u64) -> Result<(), CommitError> {
    let transaction = scripted(store, number);
    store.commit(&transaction, STAMP)
}

fn written(store: &dyn Store) -> u64 {
    store.log(None, 100_000).unwrap().len() as u64
}

/// All layers, as records.
fn layers(store: &dyn Store) -> Vec<(String, LayerRecord)> {
    let mut layers = Vec::new();
    for document in articles() {
        for head in store.heads(&document.id).unwrap() {
            let (layer, _) = store.layer(&document.id, &head.annotator).unwrap().unwrap();
            layers.push((document.id.to_string(), LayerRecord::from(&layer)));
        }
    }
    layers
}

/// The model after so many scripted edits.
struct Model {
    memory: Memory,
    done: u64,
}

impl Model {
    fn new() -> Self {
        let mut memory = Memory::new(SCHEMA);
        add_documents(&mut memory, &articles());
        Self { memory, done: 0 }
    }

    /// The store holds exactly the first `count` scripted edits.
    fn agrees(&mut self, store: &dyn Store, count: u64) {
        assert!(count >= self.done);
        while self.done < count {
            run(&mut self.memory, self.done).unwrap();
            self.done += 1;
        }
        assert_eq!(layers(store), layers(&self.memory));
        assert_eq!(store.counts().unwrap(), self.memory.counts().unwrap());
    }
}

// ── the other process

/// Does nothing unless this binary was started by one of the tests below.
#[test]
fn child() {
    let Ok(task) = std::env::var(DO) else { return };
    let folder = PathBuf::from(std::env::var(FOLDER).unwrap());
    let count: u64 = std::env::var(COUNT).unwrap().parse().unwrap();
    let mut store = open(&folder);
    match task.as_str() {
        "edits" => {
            let start = written(&store);
            for number in start..start + count {
                match run(&mut store, number) {
                    Ok(()) => tell("ack"),
                    Err(error) => {
                        tell(&format!("failed {error:?}"));
                        tell(&format!("then {:?}", run(&mut store, number)));
                        break;
                    }
                }
                if number % 8 == 5 {
                    store.mirror(&Job::default()).unwrap();
                }
            }
        }
        "imports" => {
            for number in store.counts().unwrap().documents / 3.. {
                bring(&mut store, number);
                tell("ack");
            }
        }
        "shared" => {
            let who = std::env::var(WHO).unwrap();
            shared(&mut store, &who, count);
            tell("ack");
        }
        other => panic!("{other}"),
    }
}

fn tell(what: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "\n={what}").unwrap();
    out.flush().unwrap();
}

fn start(task: &str, folder: &Path, count: u64) -> Child {
    command(&mut Command::new(std::env::current_exe().unwrap()), task, folder, count).spawn().unwrap()
}

fn command<'a>(command: &'a mut Command, task: &str, folder: &Path, count: u64) -> &'a mut Command {
    command
        .args(["--exact", "faults::child", "--nocapture", "--test-threads=1"])
        .env(DO, task)
        .env(FOLDER, folder)
        .env(COUNT, count.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
}

/// Reads what the child tells until it is killed, after so many acknowledgements and a moment. How many there were.
fn kill_after(mut child: Child, acknowledged: u64, moment: Duration) -> u64 {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut count = 0;
    let is_ack = |line: &str| {
        assert!(!line.starts_with("=failed"), "{line}");
        u64::from(line == "=ack")
    };
    while count < acknowledged {
        match lines.next() {
            Some(line) => count += is_ack(&line.unwrap()),
            None => break,
        }
    }
    let since = Instant::now();
    while since.elapsed() < moment {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    // What it told before it died counts.
    let rest: u64 = lines.map_while(Result::ok).map(|line| is_ack(&line)).sum();
    child.wait().unwrap();
    count + rest
}

// ── kills

#[test]
fn every_acknowledged_edit_survives_a_kill() {
    let folder = folder();
    let mut random = random(1);
    let mut model = Model::new();
    add_documents(&mut open(folder.path()), &articles());
    let (mut count, mut kills) = (0, 0);
    while count < 1000 {
        let acknowledged = random.below(90);
        let moment = Duration::from_micros(random.below(3000));
        let seen = kill_after(start("edits", folder.path(), 10_000), acknowledged, moment);
        kills += 1;
        let store = open(folder.path());
        let there = written(&store);
        let acknowledged = count + seen;
        assert!(there == acknowledged || there == acknowledged + 1, "{acknowledged} acknowledged, {there} there");
        model.agrees(&store, there);
        if kills % 5 == 0 {
            check(&store);
        }
        count = there;
    }
    let mut store = open(folder.path());
    store.mirror(&Job::default()).unwrap();
    check(&store);
    drop(store);
    fs::remove_dir_all(folder.path().join(".store")).unwrap();
    model.agrees(&open(folder.path()), count);
}

/// One import: three documents with a layer of each of three annotators.
fn bring(store: &mut dyn Store, number: u64) {
    let mut running = store.import(import("Three documents", "ana")).unwrap();
    for part in 0..3 {
        let document = document(&format!("i{number:04}-{part}"), &format!("Text {number} {part}: Lind."));
        running.document(&document).unwrap();
        for who in ["ana", "ben", "cem"] {
            let spans = vec![span(&document, "s", "entity", "Lind")];
            running.layer(&document.id, document.text.sha256(), layer(who, "lap", 1, spans)).unwrap();
        }
    }
    running.finish().unwrap();
}

#[test]
fn an_import_that_is_killed_is_there_whole_or_not_at_all() {
    let folder = folder();
    let mut random = random(2);
    drop(open(folder.path()));
    let mut count = 0;
    for kill in 0..20 {
        let moment = Duration::from_micros(random.below(20_000));
        let acknowledged = count + kill_after(start("imports", folder.path(), 0), random.below(3), moment);
        let store = open(folder.path());
        let documents = store.counts().unwrap().documents;
        count = documents / 3;
        assert!(documents == 3 * acknowledged || documents == 3 * (acknowledged + 1), "{documents} of {acknowledged}");
        assert_eq!(written(&store), count, "one entry of the log for each");
        let finished: Vec<u64> = store.counts().unwrap().annotators.iter().map(|who| who.finished).collect();
        assert!(finished.iter().all(|finished| *finished == documents), "{documents} documents, layers: {finished:?}");
        if kill % 5 == 0 {
            check(&store);
        }
        let names: BTreeSet<String> = fs::read_dir(folder.path().join(".store"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert!(names.iter().all(|name| !name.starts_with("import")), "nothing is left over: {names:?}");
    }
    assert!(count > 0);
}

// ── two processes

/// Marks so many spans in the one layer, trying again whenever the other was quicker.
fn shared(store: &mut dyn Store, who: &str, count: u64) {
    let document = &articles()[0];
    for number in 0..count {
        loop {
            let there = store.layer(&document.id, &Annotator::from("both")).unwrap();
            let mut edits = Vec::new();
            let flag = match &there {
                None => {
                    edits.push(in_layer("d0", "both", started()));
                    None
                }
                Some((layer, _)) => layer.flag.clone(),
            };
            // Every change reads what stands there, so two at once cannot both fit.
            let next = Some(format!("{who} {number}"));
            edits.push(in_layer("d0", "both", LayerEdit::Flag { before: flag, after: next }));
            let mut span = span(document, "", "entity", "Анна");
            span.id = ItemId::from(format!("{who}-{number}"));
            edits.push(in_layer("d0", "both", LayerEdit::add(span)));
            let mut transaction = transaction("both", "Mark", edits);
            transaction.id = TransactionId(format!("{who}-{number}"));
            match store.commit(&transaction, STAMP) {
                Ok(()) => break,
                Err(CommitError::Stale(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn two_processes_lose_nothing() {
    let folder = folder();
    let mut store = open(folder.path());
    add_documents(&mut store, &articles());
    let mut child = Command::new(std::env::current_exe().unwrap());
    let mut child = command(&mut child, "shared", folder.path(), 60).env(WHO, "child").spawn().unwrap();
    shared(&mut store, "parent", 60);
    let mut told = String::new();
    child.stdout.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(child.wait().unwrap().success() && told.contains("=ack"), "{told}");
    let (layer, _) = store.layer(&DocumentId::from("d0"), &Annotator::from("both")).unwrap().unwrap();
    assert_eq!((layer.spans.len(), layer.version, written(&store)), (120, 120, 120), "no gap, nothing twice");
    check(&store);
}

// ── full and failing disks

/// Runs the script until it fails; how many edits were acknowledged, and how it failed.
fn until_failure(store: &mut dyn Store, most: u64) -> (u64, Option<CommitError>) {
    for number in written(store)..most {
        if let Err(error) = run(store, number) {
            return (number, Some(error));
        }
    }
    (most, None)
}

#[test]
fn a_database_that_is_full_keeps_what_it_has() {
    let folder = folder();
    add_documents(&mut open(folder.path()), &articles());
    let pages = |folder: &Path| -> u32 {
        let db = rusqlite::Connection::open(folder.join(".store/work.db")).unwrap();
        db.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap()
    };
    let mut model = Model::new();
    let mut failures = 0;
    for limit in pages(folder.path()).. {
        let options = Options { pages: Some(limit), ..Options::default() };
        let (mut store, _) = Sqlite::open(&project(folder.path()), options, &Job::default()).unwrap();
        let (acknowledged, failure) = until_failure(&mut store, 150);
        assert_eq!(written(&store), acknowledged);
        model.agrees(&store, acknowledged);
        drop(store);
        let store = open(folder.path());
        model.agrees(&store, acknowledged);
        match failure {
            None => {
                check(&store);
                break;
            }
            Some(error) => assert!(matches!(error, CommitError::Store(StoreError::Full { .. })), "{error:?}"),
        }
        failures += 1;
    }
    assert!(failures > 5, "the limit was met {failures} times");
}

#[test]
fn a_file_system_that_is_full_keeps_what_it_has_and_works_again() {
    let Some(mount) = SmallDisk::mount("8m") else { return };
    let mut failures = 0;
    for free in (0..40).map(|step| step * 12) {
        let folder = mount.0.path().join("project");
        let mut store = open(&folder);
        add_documents(&mut store, &articles());
        let mut model = Model::new();
        for number in 0..3 {
            run(&mut store, number).unwrap();
        }
        let ballast = mount.fill(free * 1024);
        let (acknowledged, failure) = until_failure(&mut store, 60);
        model.agrees(&store, acknowledged);
        if let Some(error) = failure {
            assert!(matches!(error, CommitError::Store(StoreError::Full { .. })), "{error:?} with {free} KiB");
            failures += 1;
        }
        // Mirrors are as they were, or new, and never half.
        let mirrored = store.mirror(&Job::default());
        assert!(matches!(mirrored, Ok(_) | Err(StoreError::Full { .. })), "{mirrored:?}");
        fs::remove_file(ballast).unwrap();
        let (acknowledged, failure) = until_failure(&mut store, 70);
        assert_eq!((acknowledged, failure), (70, None), "with room again, the same window goes on");
        model.agrees(&store, 70);
        store.mirror(&Job::default()).unwrap();
        check(&store);
        drop(store);
        model.agrees(&open(&folder), 70);
        fs::remove_dir_all(folder).unwrap();
    }
    assert!(failures > 5, "the disk was full {failures} times");
}

/// A file system of its own, where the test may mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Option<Self> {
        let at = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"]).arg(at.path());
        let mounted = mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        mounted.then_some(Self(at))
    }

    /// A file that leaves only so many bytes.
    fn fill(&self, free: usize) -> PathBuf {
        let path = self.0.path().join("ballast");
        let mut file = fs::File::create(&path).unwrap();
        let block = vec![1_u8; 64 * 1024];
        while file.write_all(&block).is_ok() {}
        while file.write_all(&block[..512]).is_ok() {}
        let size = file.metadata().unwrap().len();
        file.set_len(size.saturating_sub(free as u64)).unwrap();
        path
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[cfg(unix)]
#[test]
fn after_a_failed_write_nothing_more_is_written() {
    let mut failures = 0;
    for blocks in (400..900).step_by(60) {
        let folder = folder();
        let mut store = open(folder.path());
        add_documents(&mut store, &articles());
        drop(store);
        // Files may not grow beyond so many blocks: the system refuses the write, which is not a full disk.
        let mut shell = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        shell.arg("-c").arg(script).arg(std::env::current_exe().unwrap());
        let mut child = command(&mut shell, "edits", folder.path(), 400).spawn().unwrap();
        let mut told = String::new();
        child.stdout.take().unwrap().read_to_string(&mut told).unwrap();
        child.wait().unwrap();
        let acknowledged = told.lines().filter(|line| *line == "=ack").count() as u64;
        if told.contains("=failed") {
            failures += 1;
            assert!(told.contains("=failed Store(Io"), "{told}");
            assert!(told.contains("=then Err(Store(ReadOnly"), "{told}");
        }
        let store = open(folder.path());
        let there = written(&store);
        assert!(
            there == acknowledged || there == acknowledged + 1,
            "{acknowledged} acknowledged, {there} there\n{told}"
        );
        Model::new().agrees(&store, there);
        check(&store);
    }
    assert!(failures > 2, "the limit was met {failures} times");
}

#[test]
fn a_mirror_that_cannot_be_written_is_written_later() {
    let template = folder();
    let mut store = open(template.path());
    add_documents(&mut store, &articles());
    until_failure(&mut store, 30);
    store.mirror(&Job::default()).unwrap();
    until_failure(&mut store, 60);
    drop(store);
    let expected = {
        let copy = copied(template.path());
        open(copy.path()).mirror(&Job::default()).unwrap();
        files(&copy.path().join("layers"))
    };
    let mut failures = 0;
    for call in 1.. {
        let copy = copied(template.path());
        let before = files(&copy.path().join("layers"));
        let options = Options { disk: Disk::failing_at(call), ..Options::default() };
        let (mut store, _) = Sqlite::open(&project(copy.path()), options, &Job::default()).unwrap();
        let mirrored = store.mirror(&Job::default());
        for (name, content) in files(&copy.path().join("layers")) {
            let whole = [&before, &expected].iter().any(|files| files.contains(&(name.clone(), content.clone())));
            assert!(whole, "{name} is half written");
        }
        drop(store);
        let mut store = open(copy.path());
        store.mirror(&Job::default()).unwrap();
        assert_eq!(files(&copy.path().join("layers")), expected);
        check(&store);
        if mirrored.is_ok() {
            break;
        }
        assert!(matches!(mirrored, Err(StoreError::Full { .. })), "{mirrored:?}");
        failures += 1;
    }
    assert!(failures >= 6 * 5, "every call failed once: {failures}");
}

fn copied(project: &Path) -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    let to = folder();
    copy(project, to.path());
    to
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for owner in fs::read_dir(folder).unwrap() {
        for file in fs::read_dir(owner.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            found.push((path.strip_prefix(folder).unwrap().display().to_string(), fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_change_of_documents_that_was_cut_short_is_carried_over() {
    let folder = folder();
    let mut store = open(folder.path());
    add_documents(&mut store, &articles());
    let hide = |hidden: bool| Edit::Hidden { document: DocumentId::from("d1"), before: !hidden, after: hidden };
    store.commit(&transaction("ana", "Hide", vec![hide(true)]), STAMP).unwrap();
    drop(store);
    // As after a kill between the commit and the file: the change waits, the file does not have it.
    let changes = folder.path().join("articles/changes.jsonl");
    fs::remove_file(&changes).unwrap();
    let db = rusqlite::Connection::open(folder.path().join(".store/work.db")).unwrap();
    let record = serde_json::json!({"at": at(1), "by": "ana", "edit": spanwright::edit::record::encode(&hide(true))})
        .to_string();
    let sum = {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(record.as_bytes());
        hasher.update(&[0]);
        hasher.finalize()
    };
    db.execute("INSERT INTO outbox(record, crc) VALUES (?1, ?2)", rusqlite::params![record, sum]).unwrap();
    drop(db);
    let store = open(folder.path());
    assert_eq!(store.counts().unwrap().hidden, 1);
    assert!(fs::read_to_string(&changes).unwrap().contains("\"hidden\":true"));
    check(&store);
}

// ── damage

/// A bit of one byte among so many is flipped, all through the file.
const STEP: usize = 200;

#[test]
fn a_flipped_bit_is_found_or_without_effect() {
    let template = folder();
    let mut store = open(template.path());
    add_documents(&mut store, &articles());
    until_failure(&mut store, 40);
    let hide = Edit::Hidden { document: DocumentId::from("d2"), before: false, after: true };
    store.commit(&transaction("ana", "Hide", vec![hide]), STAMP).unwrap();
    store.mirror(&Job::default()).unwrap();
    store.keep_schema(SCHEMA).unwrap();
    run(&mut store, 40).unwrap();
    drop(store);
    let work = template.path().join(".store/work.db");
    assert!(!template.path().join(".store/work.db-wal").exists(), "the last to close tidies up");
    let sound = fs::read(&work).unwrap();
    let truth = everything(&open(template.path()));
    let mut random = random(3);
    let mut found = 0;
    let places: Vec<usize> =
        (0..sound.len() / STEP).map(|step| step * STEP + random.below(STEP as u64) as usize).collect();
    for place in places.into_iter().filter(|place| sound[place / 4096 * 4096..][..4096].iter().any(|byte| *byte != 0)) {
        if sound[place] == 0
            && sound[place.saturating_sub(8)..(place + 8).min(sound.len())].iter().all(|byte| *byte == 0)
        {
            continue; // unused room in the page
        }
        let copy = copied(template.path());
        let mut damaged = sound.clone();
        damaged[place] ^= 1 << (random.below(8));
        fs::write(copy.path().join(".store/work.db"), &damaged).unwrap();
        let opened = Sqlite::open(&project(copy.path()), Options::default(), &Job::default());
        let Ok((store, _)) = opened else {
            found += 1;
            continue;
        };
        let noticed =
            store.read_only().is_some() || store.check(&Job::default()).map_or(true, |problems| !problems.is_empty());
        if noticed {
            found += 1;
        } else {
            assert_eq!(
                everything(&store),
                truth,
                "byte {place} (page {}, {:#x}) changed something unseen",
                place / 4096,
                place % 4096
            );
        }
    }
    assert!(found > 100, "{found} found");
}

/// All that a store can say.
fn everything(store: &dyn Store) -> String {
    let log: Vec<_> = store.log(None, 1000).unwrap();
    let newest = ["ana", "ben"].map(|who| {
        [Direction::Undo, Direction::Redo]
            .map(|direction| store.newest(&Annotator::from(who), direction).unwrap().map(|it| it.id))
    });
    format!("{:?} {:?} {log:?} {newest:?} {:?}", layers(store), store.counts().unwrap(), store.last_schema().unwrap())
}

#[test]
fn damage_is_named_with_document_and_annotator() {
    let folder = folder();
    let mut store = open(folder.path());
    add_documents(&mut store, &articles());
    until_failure(&mut store, 20);
    let db = rusqlite::Connection::open(folder.path().join(".store/work.db")).unwrap();
    db.execute(
        "UPDATE span SET record = replace(record, 'entity', 'entitx') WHERE doc = 'd1' AND annotator = 'ana'",
        [],
    )
    .unwrap();
    let problems = store.check(&Job::default()).unwrap();
    let told = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(told.contains("document d1") && told.contains("ana") && told.contains("restore"), "{told}");
    let error = store.layer(&DocumentId::from("d1"), &Annotator::from("ana")).unwrap_err().to_string();
    assert!(error.contains("ana in the document d1"), "{error}");
}

#[test]
fn a_read_only_folder_is_read() {
    let Some(mount) = SmallDisk::mount("8m") else { return };
    let folder = mount.0.path().join("project");
    let mut store = open(&folder);
    add_documents(&mut store, &articles());
    until_failure(&mut store, 20);
    store.mirror(&Job::default()).unwrap();
    let mut model = Model::new();
    drop(store);
    let remount = |how: &str| {
        let status = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(mount.0.path()).status();
        assert!(status.unwrap().success());
    };
    let local = crate::storing::folder();
    let look = |model: &mut Model| {
        let project = spanwright::store::Project::open_with(&folder, &[], local.path()).unwrap();
        let (mut store, _) = Sqlite::open(&project, Options::default(), &Job::default()).unwrap();
        assert!(store.read_only().is_some());
        model.agrees(&store, 20);
        let result = run(&mut store, 20);
        assert!(matches!(result, Err(CommitError::Store(StoreError::ReadOnly { .. }))), "{result:?}");
    };
    remount("ro");
    look(&mut model);
    remount("rw");
    // Without a database that can be read there, one is made from the mirrors elsewhere.
    fs::remove_dir_all(folder.join(".store")).unwrap();
    remount("ro");
    look(&mut model);
    assert!(!folder.join(".store").exists());
    remount("rw");
}

// ── size

#[test]
fn a_commit_touches_its_own_rows_only() {
    let folder = folder();
    let mut store = open(folder.path());
    let many = document("many", &"word ".repeat(100_000));
    add_documents(&mut store, std::slice::from_ref(&many));
    let spans = (0..100_000).map(|number| {
        let range = many.text.range(number * 5, number * 5 + 4).unwrap();
        Span::manual(ItemId::from(format!("s{number:06}")), LabelId::from("entity"), Ranges::from(range))
    });
    let mut running = store.import(import("Many", "ana")).unwrap();
    running.layer(&many.id, many.text.sha256(), layer("ana", "lap", 1, spans.collect())).unwrap();
    running.finish().unwrap();
    drop(store);
    let mut store = open(folder.path());
    let log = folder.path().join(".store/work.db-wal");
    let size = || fs::metadata(&log).map_or(0, |meta| meta.len());
    let before = size();
    let mut last = None;
    for number in 0..10 {
        let range = many.text.range(number * 5, number * 5 + 9).unwrap();
        let span = Span::manual(ItemId::from(format!("t{number}")), LabelId::from("event"), Ranges::from(range));
        store.commit(&mark(&many, "ana", span.clone()), STAMP).unwrap();
        last = Some(span);
    }
    let grown = (size() - before) / 10;
    assert!(grown < 64 * 1024, "{grown} bytes a commit");
    let head = &store.heads(&many.id).unwrap()[0];
    assert_eq!((head.spans, head.version), (100_010, 11));
    let again = first_mark(&many, "ana", last.unwrap());
    assert!(matches!(store.commit(&again, STAMP), Err(CommitError::Stale(_))));
}
