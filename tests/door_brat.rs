//! brat standoff: folders of `.txt` and `.ann` files, in and out.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use spanwright::annotation::{Annotator, Layer, Status};
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::WriteOptions;
use spanwright::formats::table::Format;
use spanwright::text::{Problem, Severity};
use tempfile::TempDir;

use crate::doors::{
    self, Corpus, check_round_trip, corpora, document, keep, layer, options, read, related, seen, stress, survive,
    write,
};

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn find<'a>(corpus: &'a Corpus, id: &str) -> &'a [Layer] {
    &corpus.iter().find(|(document, _)| document.id == id.into()).unwrap_or_else(|| panic!("no {id}")).1
}

/// The spans of the one layer of the one document.
fn spans(path: &Path) -> (Vec<String>, Vec<Problem>) {
    let (corpus, problems) = read("brat", path);
    assert_eq!(corpus.len(), 1, "{problems:#?}");
    assert_eq!(corpus[0].1.len(), 1, "{problems:#?}");
    (seen(&corpus[0].0, &corpus[0].1[0]), problems)
}

/// `speaker: “words” → “Lind”`, sorted.
fn arrows(document: &spanwright::text::Document, layer: &Layer) -> Vec<String> {
    let quote = |id| layer.span(id).unwrap().ranges.quote(&document.text);
    let mut arrows: Vec<String> = layer
        .relations
        .values()
        .map(|relation| format!("{}: “{}” → “{}”", relation.kind, quote(&relation.from), quote(&relation.to)))
        .collect();
    arrows.sort();
    arrows
}

/// Sentences with file name and line: `a.ann:3 error: …`.
fn said(problems: &[Problem]) -> Vec<String> {
    let line = |problem: &Problem| {
        let file = problem.place.file.as_deref().unwrap_or_default();
        let file = file.rsplit(['/', '\\']).next().unwrap();
        let line = problem.place.line.map_or(String::new(), |line| format!(":{line}"));
        let severity = match problem.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        format!("{file}{line} {severity}: {}", problem.sentence)
    };
    problems.iter().map(line).collect()
}

fn shared(name: &str) -> Option<PathBuf> {
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name)).filter(|path| path.exists())
}

#[test]
fn everything_that_ever_went_wrong_reads_back() {
    let corpus = stress();
    check_round_trip("brat", &options(&corpus), &corpus);
    keep("brat", &options(&corpus), &corpus);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_layers_read_back(corpus in corpora()) {
        check_round_trip("brat", &options(&corpus), &corpus);
    }
}
