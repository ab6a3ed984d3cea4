//! The sample project: what it holds, and that its folder and the copy inside the program say the same.

use std::path::{Path, PathBuf};
use std::process::Command;

use spanwright::annotation::{Annotator, Status};
use spanwright::session::sample;
use spanwright::store::{Job, Memory, Query, Store, open_store};

fn newsroom() -> PathBuf {
    dataset("newsroom")
}

fn dataset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets").join(name)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            if entry.file_name() != ".store" {
                copy(&entry.path(), &target);
            }
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn the_folders_export_what_the_program_carries() {
    for name in ["newsroom", "scripts"] {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join(name);
        copy(&dataset(name), &project);
        let out = folder.path().join("all.jsonl");
        let export = ["export", project.to_str().unwrap(), "--format", "spanwright", "--all", "--out"];
        let done = Command::new(env!("CARGO_BIN_EXE_spanwright")).args(export).arg(&out).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        let kept = std::fs::read(dataset(name).join(format!("{name}.jsonl"))).unwrap();
        assert!(std::fs::read(&out).unwrap() == kept, "datasets/{name}/{name}.jsonl is not what the project exports");
    }
}

#[test]
fn the_articles_in_every_script_have_no_mistakes() {
    let mut store = Memory::new("");
    sample::fill_scripts(&mut store, |_| true).unwrap();
    assert_eq!(store.counts().unwrap().documents, 11);
    assert_eq!(store.check(&Job::default()).unwrap(), []);
    let id = "lanes".into();
    let (layer, _) = store.layer(&id, &Annotator::from("ana")).unwrap().unwrap();
    let document = store.document(&id, None).unwrap().unwrap();
    let place = document.text.as_str().find("Saltmarsh").unwrap();
    assert_eq!(layer.spans.at(place).len(), 12, "more than ten lie over one letter");
}

#[test]
fn the_sample_has_the_schema_for_news() {
    let kept = std::fs::read_to_string(newsroom().join("schema.ron")).unwrap();
    assert_eq!(kept, include_str!("../schemas/news.ron"));
}

#[test]
fn the_sample_leaves_work_to_do() {
    let mut store = Memory::new(include_str!("../schemas/news.ron"));
    sample::fill(&mut store).unwrap();
    let counts = store.counts().unwrap();
    assert_eq!(counts.documents, 24);
    let names: Vec<&str> = counts.annotators.iter().map(|counts| counts.annotator.as_str()).collect();
    assert_eq!(names, ["ana", "ben", "gold"]);
    let query = Query { annotator: Some(Annotator::from("ana")), ..Query::default() };
    let rows = store.list(&query, None, 100).unwrap();
    let count = |status| rows.iter().filter(|row| row.status == status).count();
    assert_eq!((count(Status::Finished), count(Status::InProgress), count(Status::Untouched)), (18, 1, 5));
    let open = rows.iter().find(|row| row.status == Status::InProgress).unwrap();
    assert_eq!(open.id.as_str(), sample::FIRST);
}

#[test]
fn the_sample_becomes_a_project_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let project = sample::create(&folder.path().join("newsroom")).unwrap();
    let (store, _) = open_store(&project, &Job::default()).unwrap();
    let (layer, _) = store.layer(&sample::FIRST.into(), &Annotator::from("ana")).unwrap().unwrap();
    assert_eq!(layer.spans.len(), 61);
    assert_eq!(store.check(&Job::default()).unwrap(), []);
}
