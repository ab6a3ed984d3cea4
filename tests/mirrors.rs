//! The project's folder: mirrors, taking in what others changed, losing `.store/`, backups, places, formats.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use spanwright::annotation::exchange::{Line, Offsets, write_line};
use spanwright::annotation::{Annotator, Status};
use spanwright::edit::{Direction, Edit, LayerEdit};
use spanwright::store::{
    CommitError, Job, LayerAdded, Mirrored, Mount, Options, Project, Sqlite, Store, StoreError, backups, restore,
    why_not_here,
};
use spanwright::text::{Document, DocumentId};

use crate::storing::{
    SCHEMA, STAMP, add_documents, add_layer, at, check, document, first_mark, in_layer, layer, mark, open, project,
    span, transaction,
};

fn news() -> [Document; 2] {
    [document("a/1", "“Ships sail,” said Maria Lind. 👩‍👩‍👧 Ένα."), document("b", "Second one, with café.\n")]
}

/// Every file under a folder with its content.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                files.insert(name, String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned());
            }
        }
    }
    files
}

/// Everything there is, as an export writes it.
fn export(store: &dyn Store) -> String {
    let mut out = Vec::new();
    let mut documents = Vec::new();
    store
        .each_document(&mut |document| {
            documents.push(document);
            Ok(true)
        })
        .unwrap();
    for document in documents {
        let heads = store.heads(&document.id).unwrap();
        let layer = |owner: &Annotator| store.layer(&document.id, owner).unwrap().unwrap().0.into();
        let layers: Vec<_> = heads.iter().map(|head| layer(&head.annotator)).collect();
        let line = Line { document: &document, layers: &layers, with_text: true, offsets: Offsets::Normalised };
        write_line(&mut out, line).unwrap();
    }
    String::from_utf8(out).unwrap()
}

fn mirror(store: &mut dyn Store) -> Mirrored {
    store.mirror(&Job::default()).unwrap()
}

/// A project in which ana has marked something and a layer of ben came in.
fn worked(folder: &Path) -> Sqlite {
    let [a, b] = news();
    let mut store = open(folder);
    add_documents(&mut store, &[a.clone(), b.clone()]);
    store.commit(&first_mark(&a, "ana", span(&a, "s1", "entity", "Maria Lind")), STAMP).unwrap();
    store.commit(&mark(&a, "ana", span(&a, "s2", "quote", "“Ships sail,”")), STAMP).unwrap();
    store.commit(&first_mark(&b, "ana", span(&b, "s1", "entity", "café")), STAMP).unwrap();
    store.spend(&b.id, &Annotator::from("ana"), 61).unwrap();
    let theirs = layer("ben", "lap", 3, vec![span(&b, "x", "event", "Second")]);
    assert_eq!(add_layer(&mut store, &b, theirs), LayerAdded::New);
    store
}

fn only_file(folder: &Path, annotator: &str) -> std::path::PathBuf {
    let files = tree(&folder.join("layers").join(annotator));
    assert_eq!(files.len(), 1, "{files:?}");
    folder.join("layers").join(annotator).join(files.keys().next().unwrap())
}

#[test]
fn mirrors_follow_the_layers() {
    let folder = crate::storing::folder();
    let mut store = worked(folder.path());
    let layers = folder.path().join("layers");
    assert_eq!(tree(&layers).len(), 0, "nothing is written before it is asked for");
    assert_eq!(mirror(&mut store), Mirrored { written: 3, ..Mirrored::default() });
    let files = tree(&layers);
    assert_eq!(files.len(), 3);
    assert_eq!(files.keys().filter(|name| name.starts_with("ana/")).count(), 2);
    let line = files.iter().find(|(name, _)| name.starts_with("ben/")).unwrap().1;
    assert!(line.starts_with("{\"id\":\"b\",\"sha256\":\"") && line.ends_with("}\n") && !line.contains("\"text\""));
    check(&store);
    assert_eq!(mirror(&mut store), Mirrored::default(), "nothing is due");
    // A change rewrites its own file only; what is gone leaves its file.
    let newest = store.newest(&Annotator::from("ana"), Direction::Undo).unwrap().unwrap();
    assert_eq!(newest.title, "Import a layer");
    store.commit(&newest.inverse(transaction("", "", vec![]).id, at(50)), STAMP).unwrap();
    assert_eq!(mirror(&mut store).written, 1);
    assert_eq!(tree(&layers).len(), 2);
    assert!(!layers.join("ben").exists(), "an empty folder goes too");
    check(&store);
}

#[test]
fn without_its_databases_a_project_is_the_same() {
    let folder = crate::storing::folder();
    let mut store = worked(folder.path());
    mirror(&mut store);
    let (before, files) = (export(&store), tree(&folder.path().join("layers")));
    let counts = store.counts().unwrap();
    drop(store);
    fs::remove_dir_all(folder.path().join(".store")).unwrap();
    let mut store = open(folder.path());
    assert_eq!(export(&store), before);
    assert_eq!(store.counts().unwrap(), counts);
    check(&store);
    assert_eq!(mirror(&mut store).written, 0, "nothing was changed here");
    assert_eq!(tree(&folder.path().join("layers")), files);
    assert_eq!(store.newest(&Annotator::from("ana"), Direction::Undo).unwrap(), None, "only undo is lost");
    let [a, _] = news();
    store.commit(&mark(&a, "ana", span(&a, "s3", "entity", "Ένα")), STAMP).unwrap();
    check(&store);
}

#[test]
fn what_others_changed_is_taken_in_first() {
    let (here, there) = (crate::storing::folder(), crate::storing::folder());
    let [a, b] = news();
    let mut store = worked(here.path());
    mirror(&mut store);
    // Ben has the same project and goes on with his layer, and starts one in another document.
    let mut ben = open(there.path());
    add_documents(&mut ben, &[a.clone(), b.clone()]);
    drop(ben);
    fs::create_dir_all(there.path().join("layers")).unwrap();
    let theirs = only_file(here.path(), "ben");
    let name = Path::new("ben").join(theirs.file_name().unwrap());
    fs::create_dir_all(there.path().join("layers/ben")).unwrap();
    fs::copy(&theirs, there.path().join("layers").join(&name)).unwrap();
    let mut ben = open(there.path());
    let mut by_ben = mark(&b, "ben", span(&b, "y", "entity", "café"));
    by_ben.device = "lap".to_owned();
    ben.commit(&by_ben, STAMP).unwrap();
    assert_eq!(mirror(&mut ben).written, 1);
    fs::copy(there.path().join("layers").join(&name), &theirs).unwrap();
    let report = mirror(&mut store);
    assert_eq!((report.taken_in, report.written, report.problems.len()), (1, 0, 0));
    let who = Annotator::from("ben");
    assert_eq!(store.layer(&b.id, &who).unwrap(), ben.layer(&b.id, &who).unwrap());
    check(&store);
    // Now both change it. Nothing is lost: theirs comes beside ours.
    let mut by_ben = mark(&b, "ben", span(&b, "z", "entity", "one"));
    by_ben.device = "lap".to_owned();
    ben.commit(&by_ben, STAMP).unwrap();
    mirror(&mut ben);
    store.commit(&mark(&b, "ben", span(&b, "w", "entity", "with")), STAMP).unwrap();
    fs::copy(there.path().join("layers").join(&name), &theirs).unwrap();
    let report = mirror(&mut store);
    assert_eq!((report.taken_in, report.written, report.problems.len()), (1, 2, 1), "{report:?}");
    let ids = |store: &dyn Store, who: &str| -> Vec<String> {
        let (layer, _) = store.layer(&b.id, &Annotator::from(who)).unwrap().unwrap();
        layer.spans.iter().map(|span| span.id.to_string()).collect()
    };
    assert_eq!(ids(&store, "ben"), ["x", "w", "y"]);
    assert_eq!(ids(&store, "ben (2)"), ["x", "z", "y"]);
    assert_eq!(mirror(&mut store), Mirrored::default());
    check(&store);
}

#[test]
fn lines_that_cannot_be_read_are_kept_aside() {
    let folder = crate::storing::folder();
    let mut store = worked(folder.path());
    mirror(&mut store);
    let file = only_file(folder.path(), "ben");
    let good = fs::read_to_string(&file).unwrap();
    let torn = &good[..good.len() / 2];
    let wrong = good.replace("\"quote\":\"Second\"", "\"quote\":\"Third\"");
    let wrong = wrong.trim_end();
    fs::write(&file, format!("<<<<<<< ours\n{good}{torn}\n{wrong}")).unwrap();
    let report = mirror(&mut store);
    assert_eq!(report.taken_in, 1);
    let told = report.problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(told.contains(".aside") && told.contains("no JSON object") && told.contains("Third"), "{told}");
    let name = format!("{}.aside", file.file_name().unwrap().to_string_lossy());
    let aside = fs::read_to_string(file.with_file_name(name)).unwrap();
    assert_eq!(aside, format!("<<<<<<< ours\n{torn}\n{wrong}\n"));
    assert!(store.layer(&DocumentId::from("b"), &Annotator::from("ben")).unwrap().is_some());
}

#[test]
fn a_line_waits_for_its_document() {
    let folder = crate::storing::folder();
    let mut store = worked(folder.path());
    mirror(&mut store);
    let late = document("late", "It comes later, with a name: Lind.");
    let file = only_file(folder.path(), "ben");
    let other = crate::storing::folder();
    let mut elsewhere = open(other.path());
    add_documents(&mut elsewhere, std::slice::from_ref(&late));
    let theirs = layer("ben", "lap", 2, vec![span(&late, "n", "entity", "Lind")]);
    add_layer(&mut elsewhere, &late, theirs.clone());
    mirror(&mut elsewhere);
    let line = fs::read_to_string(only_file(other.path(), "ben")).unwrap();
    let name = only_file(other.path(), "ben").file_name().unwrap().to_owned();
    let target = file.with_file_name(name);
    fs::write(&target, &line).unwrap();
    assert_eq!(mirror(&mut store).taken_in, 1);
    assert_eq!(fs::read_to_string(&target).unwrap(), line);
    assert!(store.heads(&late.id).unwrap().is_empty());
    add_documents(&mut store, std::slice::from_ref(&late));
    mirror(&mut store);
    assert_eq!(store.layer(&late.id, &Annotator::from("ben")).unwrap().unwrap().0, theirs);
    assert_eq!(fs::read_to_string(&target).unwrap(), line);
    check(&store);
}

#[test]
fn a_mirror_that_was_removed_is_written_again() {
    let folder = crate::storing::folder();
    let mut store = worked(folder.path());
    mirror(&mut store);
    let files = tree(&folder.path().join("layers"));
    fs::remove_dir_all(folder.path().join("layers/ana")).unwrap();
    assert_eq!(mirror(&mut store).written, 2);
    assert_eq!(tree(&folder.path().join("layers")), files);
}

#[test]
fn names_of_annotators_are_safe() {
    let folder = crate::storing::folder();
    let [a, _] = news();
    let mut store = open(folder.path());
    add_documents(&mut store, std::slice::from_ref(&a));
    let long = "Åsa ".repeat(90);
    let names = ["CON", "../x", "Ana", "ana", "a b/c", &long];
    for name in names {
        store.commit(&first_mark(&a, name, span(&a, "s1", "entity", "Lind")), STAMP).unwrap();
    }
    assert_eq!(mirror(&mut store).written, names.len());
    let before = export(&store);
    assert!(!folder.path().join("x").exists());
    drop(store);
    fs::remove_dir_all(folder.path().join(".store")).unwrap();
    let mut store = open(folder.path());
    assert_eq!(export(&store), before);
    store.commit(&mark(&a, &long, span(&a, "s2", "entity", "Maria")), STAMP).unwrap();
    assert_eq!(mirror(&mut store).written, 1);
    assert_eq!(tree(&folder.path().join("layers")).len(), names.len());
    check(&store);
}

#[test]
fn the_schema_is_written_by_its_edit() {
    let folder = crate::storing::folder();
    let mut store = open(folder.path());
    let file = folder.path().join("schema.ron");
    let after = SCHEMA.replace("entity", "person");
    let edit = Edit::Schema { before: SCHEMA.to_owned(), after: after.clone() };
    store.commit(&transaction("ana", "Rename a label", vec![edit.clone()]), STAMP).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), after);
    let again = store.commit(&transaction("ana", "Rename a label", vec![edit]), STAMP);
    assert!(matches!(again, Err(CommitError::Stale(_))));
    let newest = store.newest(&Annotator::from("ana"), Direction::Undo).unwrap().unwrap();
    store.commit(&newest.inverse(transaction("", "", vec![]).id, at(3)), STAMP).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), SCHEMA);
    store.keep_schema(SCHEMA).unwrap();
    fs::write(&file, "Schema(labels: [(id").unwrap();
    drop(store);
    assert_eq!(open(folder.path()).last_schema().unwrap().as_deref(), Some(SCHEMA));
}

// ── backups

#[test]
fn ten_backups_are_kept_and_one_is_made_at_open() {
    let folder = crate::storing::folder();
    let store = worked(folder.path());
    let count = || backups(&project(folder.path())).unwrap().len();
    assert_eq!(count(), 1);
    drop(store);
    let mut store = open(folder.path());
    assert_eq!(count(), 1, "the newest is young");
    for second in 0..12 {
        store.backup(at(second)).unwrap();
    }
    assert_eq!(count(), 10);
    let again = store.backup(at(11)).unwrap();
    assert!(again.to_string_lossy().ends_with("-1.db"), "{again:?}");
}

#[test]
fn a_backup_brings_the_past_back_and_keeps_the_present() {
    let folder = crate::storing::folder();
    let [a, _] = news();
    let mut store = worked(folder.path());
    mirror(&mut store);
    let (before, files) = (export(&store), tree(&folder.path().join("layers")));
    let backup = store.backup(at(100)).unwrap();
    store.commit(&mark(&a, "ana", span(&a, "s9", "entity", "Ένα")), STAMP).unwrap();
    mirror(&mut store);
    let present = export(&store);
    drop(store);
    let kept = restore(&project(folder.path()), &backup, at(200)).unwrap();
    let mut store = open(folder.path());
    assert_eq!(export(&store), before);
    mirror(&mut store);
    assert_eq!(tree(&folder.path().join("layers")), files, "the mirrors follow");
    check(&store);
    drop(store);
    restore(&project(folder.path()), &kept, at(300)).unwrap();
    assert_eq!(export(&open(folder.path())), present);
}

#[test]
fn a_database_that_is_rubbish_is_replaced_by_backup_and_mirrors() {
    let folder = crate::storing::folder();
    let [a, _] = news();
    let mut store = worked(folder.path());
    let backup = store.backup(at(100)).unwrap();
    store.commit(&mark(&a, "ana", span(&a, "s9", "entity", "Ένα")), STAMP).unwrap();
    mirror(&mut store);
    let present = export(&store);
    drop(store);
    fs::write(folder.path().join(".store/work.db"), "not a database, but long enough to be looked at ".repeat(200))
        .unwrap();
    let opened = Sqlite::open(&project(folder.path()), Options::default(), &Job::default());
    assert!(matches!(opened, Err(StoreError::Damaged { .. })), "{opened:?}");
    restore(&project(folder.path()), &backup, at(200)).unwrap();
    assert_eq!(export(&open(folder.path())), present, "what was newer came from layers/");
}

// ── places and formats

#[test]
fn databases_stay_on_local_disks() {
    let table = Mount::table(
        "/dev/sda1 / ext4 rw 0 0\nserver:/home /home/ana/net nfs4 rw 0 0\n/dev/sdb1 /home/ana/net/usb\\040stick fuseblk rw 0 0\n\
         ana@host: /mnt/host fuse.sshfs rw 0 0\n//nas/share /mnt/nas cifs rw 0 0\n",
    );
    let check = |folder: &str, local: bool| {
        assert_eq!(why_not_here(Path::new(folder), &table).is_none(), local, "{folder}");
    };
    check("/home/ana/news", true);
    check("/home/ana/net/news", false);
    check("/home/ana/network", true);
    check("/home/ana/net/usb stick/news", true);
    check("/mnt/host/news", false);
    check("/mnt/nas/a/b", false);
    check("/home/ana/Dropbox/news", false);
    check("/home/ana/Dropbox (Personal)/news", false);
    check("/home/ana/dropbox.old", true);
    check("/home/ana/OneDrive - Uni/news", false);
    check("/home/ana/Google Drive/news", false);
    check("/Users/ana/Library/Mobile Documents/com~apple~CloudDocs/news", false);
    check("/home/ana/cloudy", true);
}

#[test]
fn on_a_network_the_databases_are_elsewhere() {
    let (folder, local) = (crate::storing::folder(), crate::storing::folder());
    drop(worked(folder.path()));
    fs::remove_dir_all(folder.path().join(".store")).unwrap();
    let mounts = [Mount { at: folder.path().canonicalize().unwrap(), kind: "nfs4".to_owned() }];
    let project = Project::open_with(folder.path(), &mounts, local.path()).unwrap();
    assert!(project.store().starts_with(local.path()));
    let (store, _) = Sqlite::open(&project, Options::default(), &Job::default()).unwrap();
    assert_eq!(store.counts().unwrap().documents, 2);
    assert!(!folder.path().join(".store").exists());
}

#[test]
fn a_folder_without_a_project_is_refused_with_advice() {
    let folder = crate::storing::folder();
    let error = Project::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("no project.ron") && error.contains("spanwright new"), "{error}");
    fs::write(folder.path().join("project.ron"), "Project(format: 1, id").unwrap();
    let error = Project::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("project.ron") && error.contains("1:"), "{error}");
    assert!(Project::create(folder.path(), "Again", SCHEMA).is_err());
}

#[test]
fn project_ron_is_read_as_people_write_it() {
    let folder = crate::storing::folder();
    let source = "// ours\nProject(\n  format: 1, /* kept */ id: \"01J\", name: \"“News”\",\n  created: \"2026-11-22T10:00:00Z\", team: [\"ana\", (\"ben\", 2)],\n)\n";
    fs::write(folder.path().join("project.ron"), source).unwrap();
    let project = Project::open_with(folder.path(), &[], folder.path()).unwrap();
    assert_eq!((project.id(), project.name().as_str(), project.created()), ("01J", "“News”", "2026-11-22T10:00:00Z"));
    drop(Sqlite::open(&project, Options::default(), &Job::default()).unwrap());
    assert_eq!(fs::read_to_string(folder.path().join("project.ron")).unwrap(), source);
}

#[test]
fn a_newer_format_is_read_and_not_written() {
    let folder = crate::storing::folder();
    let [a, _] = news();
    drop(worked(folder.path()));
    let newer = |store: &mut Sqlite| {
        assert!(store.read_only().unwrap().contains("newer"), "{:?}", store.read_only());
        let (layer, _) = store.layer(&a.id, &Annotator::from("ana")).unwrap().unwrap();
        assert_eq!((layer.spans.len(), layer.status), (2, Status::InProgress));
        let edit = in_layer("a/1", "ana", LayerEdit::Flag { before: None, after: Some("?".to_owned()) });
        let result = store.commit(&transaction("ana", "Flag", vec![edit]), STAMP);
        assert!(matches!(result, Err(CommitError::Store(StoreError::ReadOnly { .. }))), "{result:?}");
        assert!(store.mirror(&Job::default()).is_err());
    };
    let file = folder.path().join("project.ron");
    let source = fs::read_to_string(&file).unwrap();
    fs::write(&file, source.replace("format: 1", "format: 2")).unwrap();
    newer(&mut open(folder.path()));
    fs::write(&file, source).unwrap();
    let db = rusqlite::Connection::open(folder.path().join(".store/work.db")).unwrap();
    db.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(db);
    newer(&mut open(folder.path()));
}

#[test]
fn a_copy_that_a_sync_program_made_is_read() {
    let folder = crate::storing::folder();
    let mut store = worked(folder.path());
    mirror(&mut store);
    let [_, b] = news();
    let file = only_file(folder.path(), "ben");
    let theirs = fs::read_to_string(&file).unwrap();
    store.commit(&mark(&b, "ben", span(&b, "w", "entity", "with")), STAMP).unwrap();
    mirror(&mut store);
    let copy = file.with_file_name("92 (ben's conflicted copy).jsonl");
    let other = theirs
        .replace("\"clock\":{\"lap\":3}", "\"clock\":{\"lap\":4}")
        .replace("\"label\":\"event\"", "\"label\":\"entity\"");
    fs::write(&copy, &other).unwrap();
    let report = mirror(&mut store);
    assert_eq!((report.taken_in, report.written, report.problems.len()), (1, 1, 1), "{report:?}");
    assert!(store.layer(&b.id, &Annotator::from("ben (2)")).unwrap().is_some());
    assert_eq!(fs::read_to_string(&copy).unwrap(), other, "it is not ours to change");
    assert_eq!(mirror(&mut store), Mirrored::default());
    check(&store);
    fs::remove_file(copy).unwrap();
    assert_eq!(mirror(&mut store), Mirrored::default());
    check(&store);
}
