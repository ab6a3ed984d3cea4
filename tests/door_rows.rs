//! Rows of JSON as scripts and shared tasks write them: spans that count words, lists of texts in one object.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;
use spanwright::annotation::{ItemId, Relation};
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::table::Format;
use tempfile::TempDir;

use crate::doors;

fn file(content: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("in.json");
    fs::write(&path, content).unwrap();
    (folder, path)
}

/// What a file is, its texts with their spans, relations and metadata, and what is said.
fn told(content: &str) -> (&'static str, Vec<String>, Vec<String>) {
    let (_folder, path) = file(content);
    let format = Format::of(&Glimpse::at(&path).unwrap()).map_or("none", |format| format.id);
    let (corpus, problems) = doors::read(format, &path);
    let mut lines = Vec::new();
    for (document, layers) in &corpus {
        let split = document
            .meta
            .get("huggingface")
            .or(Some(&json!(document.meta)))
            .and_then(|meta| meta.get("split"))
            .cloned();
        lines.push(format!(
            "{} {}: {}",
            document.id,
            split.unwrap_or_default(),
            document.text.as_str().replace('\n', "/")
        ));
        for layer in layers {
            lines.extend(doors::seen(document, layer));
            let quote = |id: &ItemId| layer.span(id).unwrap().ranges.quote(&document.text);
            let arrow = |one: &Arc<Relation>| format!("{}: {} → {}", one.kind, quote(&one.from), quote(&one.to));
            let mut arrows: Vec<String> = layer.relations.values().map(arrow).collect();
            arrows.sort();
            lines.extend(arrows);
        }
    }
    (format, lines, problems.into_iter().map(|problem| problem.sentence).collect())
}

const COUNTED: &str =
    "the rows hold words and no text, and their spans count words: the text is the words, joined by spaces";

#[test]
fn spans_that_count_words() {
    let gliner = r#"[{"tokenized_text": ["Ada", "Lind", "met", "Bo", "👍"], "ner": [[0, 1, "person"], [3, 3, "person"], [4, 9, "x"]]},
        {"tokenized_text": ["Nobody"], "ner": []}]"#;
    assert_eq!(
        told(gliner),
        (
            "rows",
            ["in-1 null: Ada Lind met Bo 👍", "person 0..8 “Ada Lind”", "person 13..15 “Bo”", "in-2 null: Nobody"]
                .map(str::to_owned)
                .to_vec(),
            [r#"[4,9,"x"] lies outside the 5 words; the span was not imported"#, COUNTED].map(str::to_owned).to_vec()
        )
    );
    let scierc = r#"{"doc_key": "P1", "sentences": [["We", "parse", "trees"], ["It", "works"]], "clusters": [[[2, 2], [3, 3]]],
        "ner": [[[1, 2, "Task"]], [[3, 3, "Generic", 0.5]]], "relations": [[], [[3, 3, 1, 2, "USED-FOR"], [0, 0, 1, 2, "X"]]]}"#;
    assert_eq!(
        told(&scierc.replace('\n', " ")),
        (
            "rows",
            [
                "P1 null: We parse trees/It works",
                "Generic 15..17 “It”",
                "Task 3..14 “parse trees”",
                "USED-FOR: It → parse trees"
            ]
            .map(str::to_owned)
            .to_vec(),
            [r#"the relation [0,0,1,2,"X"] joins words where no span is; it was not imported"#, COUNTED]
                .map(str::to_owned)
                .to_vec()
        )
    );
    let crossre = r#"{"doc_key": "7", "sentence": ["Ada", "runs", "Acme"], "ner": [[0, 0, "person"], [2, 2, "organisation"]], "relations": [[0, 0, 2, 2, "role", "boss", false, true]]}"#;
    assert_eq!(
        told(crossre).1,
        ["7 null: Ada runs Acme", "organisation 9..13 “Acme”", "person 0..3 “Ada”", "role: Ada → Acme"]
    );
    let spert = r#"[{"tokens": ["Ada", "runs", "Acme"], "entities": [{"type": "Peop", "start": 0, "end": 1}, {"type": "Org", "start": 2, "end": 3}], "relations": [{"type": "Work_For", "head": 0, "tail": 1}], "orig_id": 5121}]"#;
    assert_eq!(
        told(spert).1,
        ["5121 null: Ada runs Acme", "Org 9..13 “Acme”", "Peop 0..3 “Ada”", "Work_For: Ada → Acme"]
    );
}

#[test]
fn lists_in_one_object() {
    let rows = r#"{"version": 2, "labels": ["a, b", {"x": "]}"}], "train": [{"id": 1, "text": "Ada ran", "entities": [{"start": 0, "end": 3, "label": "PER"}]}],
        "test": [{"id": 1, "text": "Bo", "entities": []}], "note": "\"end\""}"#;
    assert_eq!(
        told(rows),
        (
            "rows",
            [r#"train/1 "train": Ada ran"#, "PER 0..3 “Ada”", r#"test/1 "test": Bo"#].map(str::to_owned).to_vec(),
            ["beside its lists the file says version, labels, note, which was not imported"]
                .map(str::to_owned)
                .to_vec()
        )
    );
    let pairs =
        r#"{"train": [["Ada ran", {"entities": [[0, 3, "PER"]]}]], "test": [["Bo", {"entities": [[0, 2, "PER"]]}]]}"#;
    let (format, lines, said) = told(pairs);
    assert_eq!((format, lines.len(), said.len()), ("spacy-json", 4, 0), "{lines:?} {said:?}");
    let words = r#"{"data": [{"tokens": ["Ada"], "ner_tags": ["B-PER"]}, {"tokens": ["Ada"], "ner_tags": ["O"]}]}"#;
    assert_eq!(told(words).1, ["in-1 null: Ada", "PER 0..3 “Ada”", "in-2 null: Ada"]);
    let cut = told(r#"{"data": [{"tokens": ["Ada"], "ner_tags": ["B-PER"]}"#);
    assert_eq!((cut.0, cut.1.len()), ("rows", 2));
    assert_eq!(cut.2[1], "the file could not be read further: the array is not closed; it may be cut off");
    for other in [r#"{"title": "x", "data": [{"text": "a"}]}"#, r#"{"data": [{"text": "a", "title": "b"}]}"#] {
        let (_folder, path) = file(other);
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), None, "{other}");
    }
}

#[test]
fn json_in_another_encoding() {
    let records = [
        ("doccano", r#"{"id": 1, "text": "Señor Peña, León", "label": [[0, 10, "PER"], [12, 16, "LOC"]]}"#),
        ("spacy-json", r#"["Señor Peña, León", {"entities": [[0, 10, "PER"], [12, 16, "LOC"]]}]"#),
        ("spacy-json", r#"{"annotations": [["Señor Peña, León", {"entities": [[0, 10, "PER"], [12, 16, "LOC"]]}]]}"#),
        (
            "prodigy",
            r#"{"text": "Señor Peña, León", "spans": [{"start": 0, "end": 10, "label": "PER"},
                {"start": 12, "end": 16, "label": "LOC"}], "answer": "accept", "_task_hash": 1}"#,
        ),
        (
            "rows",
            r#"[{"sentence": "Señor Peña, León", "entities": [{"start": 0, "end": 10, "label": "PER"},
                {"start": 12, "end": 16, "label": "LOC"}]}]"#,
        ),
        (
            "label-studio",
            r#"[{"id": 1, "data": {"text": "Señor Peña, León"}, "annotations": [{"id": 1, "result": [
                {"id": "a", "type": "labels", "from_name": "label", "to_name": "text",
                 "value": {"start": 0, "end": 10, "labels": ["PER"]}},
                {"id": "b", "type": "labels", "from_name": "label", "to_name": "text",
                 "value": {"start": 12, "end": 16, "labels": ["LOC"]}}]}]}]"#,
        ),
    ];
    for (format, content) in records {
        let guesses = [Some("windows-1252"), None, Some("UTF-16LE")];
        for (bytes, guess) in doors::encodings(content).into_iter().zip(guesses) {
            let (_folder, path) = file("");
            fs::write(&path, &bytes).unwrap();
            assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), Some(format), "{guess:?}");
            let (corpus, problems) = doors::read(format, &path);
            assert_eq!(corpus[0].0.text.as_str(), "Señor Peña, León", "{format}");
            assert_eq!(
                doors::seen(&corpus[0].0, &corpus[0].1[0]),
                ["LOC 12..16 “León”", "PER 0..10 “Señor Peña”"],
                "{format}"
            );
            let said: Vec<&str> = problems.iter().map(|problem| problem.sentence.as_str()).collect();
            let guess: Vec<String> = guess.iter().map(|name| format!("the encoding was guessed: {name}")).collect();
            assert_eq!(said, guess, "{format}");
        }
    }
}
