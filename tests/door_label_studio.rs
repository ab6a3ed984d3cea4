//! Label Studio JSON in and out.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use spanwright::annotation::exchange::{Offsets, RawLayer};
use spanwright::annotation::{Annotator, Layer, Origin, OriginKind, RawSpan, Status};
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::label_studio::configuration;
use spanwright::formats::options::WriteOptions;
use spanwright::formats::table::Format;
use spanwright::schema::LabelId;
use spanwright::text::{NewlineMap, Place, Problem};
use tempfile::TempDir;

use crate::doors::{self, Corpus};

const ID: &str = "label-studio";

/// A file of the folder beside the project, where there is one.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    path.exists().then_some(path)
}

/// A folder with the files, and the first of them.
pub fn file(files: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().join(files[0].0);
    (folder, path)
}

pub fn sentences(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| problem.sentence.clone()).collect()
}

/// What one file of tasks reads as: `id annotator: spans`, and the problems.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let (_folder, path) = file(&[("tasks.json", text)]);
    seen(&path)
}

fn seen(path: &Path) -> (Vec<String>, Vec<String>) {
    let (corpus, problems) = doors::read(ID, path);
    let lines = corpus.iter().flat_map(|(document, layers)| {
        layers.iter().map(move |layer| {
            let spans = doors::seen(document, layer).join("; ");
            format!("{} {}: {spans}", document.id, layer.annotator)
        })
    });
    (lines.collect(), sentences(&problems))
}

/// Everything that a layer may have, twice, and once of a model.
pub fn rich() -> Corpus {
    let mut corpus = doors::stress();
    let mut document = doors::document("rich/ä", "Mara Lind\r\nsaid “no” 👍🏽 to Nordbank, and left.");
    let object = |value: Value| serde_json::from_value::<serde_json::Map<String, Value>>(value).unwrap();
    document.meta =
        object(json!({"title": "On “no”", "id": 7, "text": "a name that is taken", "tags": ["a", {"b": null}]}));
    document.extra = object(json!({"added": true}));
    let relations = [("speaker", "s1", "s0"), ("coref", "s0", "s2")];
    let spans: [(&str, &[(usize, usize)]); 4] =
        [("entity", &[(0, 9)]), ("quote", &[(15, 19)]), ("entity", &[(26, 34)]), ("event", &[(10, 14), (40, 44)])];
    let mut ana = doors::related(&document, "ana", &spans, &relations);
    let change = |layer: &mut Layer, id: &str, change: &dyn Fn(&mut spanwright::annotation::Span)| {
        let old = layer.span(&id.into()).unwrap().clone();
        let mut new = (*old).clone();
        change(&mut new);
        layer.spans.remove(&old.id);
        assert!(layer.spans.insert(new.into()));
    };
    change(&mut ana, "s0", &|span| {
        span.attributes.insert("type".to_owned(), json!("person"));
        span.attributes.insert("unknown".to_owned(), json!({"deep": [1, null]}));
        span.note = String::from("who?\nshe");
        span.extra.insert("ours".to_owned(), json!(1));
    });
    change(&mut ana, "s2", &|span| drop(span.attributes.insert("type".to_owned(), json!("no such type"))));
    change(&mut ana, "s3", &|span| span.origin = Origin::of(OriginKind::Manual));
    ana.status = Status::InProgress;
    ana.flag = Some("look again".to_owned());
    ana.seconds = 75;
    ana.attributes.insert("genre".to_owned(), json!("report"));
    ana.attributes.insert("odd".to_owned(), json!([1, 2]));
    ana.decisions = vec![json!({"id": "d1", "keep": "ana"})];
    ana.extra.insert("mine".to_owned(), json!("x"));
    let mut ben = doors::layer(&document, "ben@example.org", &spans[..1]);
    ben.status = Status::Skipped;
    let mut model = doors::layer(&document, "model:v1", &spans[1..3]);
    let suggested = json!({"by": "suggestion", "version": "v1", "score": 0.5});
    change(&mut model, "s0", &|span| span.origin = serde_json::from_value(suggested.clone()).unwrap());
    let gold = doors::layer(&document, "gold", &spans[..2]);
    corpus.push((document, vec![ana, ben, gold, model]));
    corpus
}

#[test]
fn label_studio_gives_back_what_it_was_given() {
    let corpus = rich();
    let options = doors::options(&corpus);
    doors::check_round_trip(ID, &options, &corpus);
    doors::keep(ID, &options, &corpus);
    if let Some(folder) = std::env::var_os("SPANWRIGHT_INTEROP") {
        let xml = configuration(&options.schema, &options.labels);
        fs::write(Path::new(&folder).join(ID).join("config.xml"), xml).unwrap();
    }
    let (_folder, path, losses) = doors::write(ID, &options, &corpus);
    assert!(losses.is_empty(), "{losses:?}");
    let (back, problems) = doors::read(ID, &path);
    assert_eq!(sentences(&problems), Vec::<String>::new());
    for ((document, layers), (read, found)) in corpus.iter().zip(&back) {
        assert_eq!(read, document);
        assert_eq!(found.len(), layers.len(), "{}", document.id);
        for (layer, found) in layers.iter().zip(found) {
            assert_eq!(found, layer, "{}", document.id);
        }
    }
}

#[test]
fn label_studio_counts_the_sources_text_where_it_is_asked_to() {
    let corpus = rich();
    let options = WriteOptions { offsets: Offsets::Original, ..doors::options(&corpus) };
    doors::check_round_trip(ID, &options, &corpus);
    let (_folder, path, _) = doors::write(ID, &options, &corpus);
    let tasks: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let task = tasks.as_array().unwrap().last().unwrap();
    assert!(task["data"]["text"].as_str().unwrap().starts_with("Mara Lind\r\nsaid"), "{task}");
    let quote =
        &task["annotations"][0]["result"].as_array().unwrap().iter().find(|one| one["id"] == "s1").unwrap()["value"];
    assert_eq!(*quote, json!({"start": 16, "end": 20, "text": "“no”", "labels": ["quote"]}));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn label_studio_gives_back_any_layers(corpus in doors::corpora()) {
        doors::check_round_trip(ID, &doors::options(&corpus), &corpus);
    }
}

#[test]
fn an_export_to_label_studio_is_these_bytes() {
    let document = doors::document("a", "Lind 👍 said");
    let layer = doors::related(
        &document,
        "ana",
        &[("entity", &[(0, 4)]), ("event", &[(5, 6), (7, 11)])],
        &[("by", "s1", "s0")],
    );
    let corpus: Corpus = vec![(document, vec![layer])];
    let (_folder, path, _) = doors::write(ID, &doors::options(&corpus), &corpus);
    let expected = concat!(
        "[\n",
        r#"{"id":1,"data":{"text":"Lind 👍 said","id":"a"},"annotations":[{"id":1,"completed_by":{"id":1,"email":"ana"},"#,
        r#""was_cancelled":false,"ground_truth":false,"spanwright":{"owner":true},"result":["#,
        r#"{"id":"s0","from_name":"label","to_name":"text","type":"labels","origin":"manual","#,
        r#""value":{"start":0,"end":4,"text":"Lind","labels":["entity"]}},"#,
        r#"{"id":"s1","from_name":"label","to_name":"text","type":"labels","origin":"manual","#,
        r#""value":{"start":5,"end":6,"text":"👍","labels":["event"]},"meta":{"spanwright":{"part_of":"s1"}}},"#,
        r#"{"id":"s1#2","from_name":"label","to_name":"text","type":"labels","origin":"manual","#,
        r#""value":{"start":7,"end":11,"text":"said","labels":["event"]},"meta":{"spanwright":{"part_of":"s1"}}},"#,
        r#"{"type":"relation","from_id":"s1","to_id":"s0","direction":"right","labels":["by"],"meta":{"spanwright":{"id":"r0"}}}"#,
        r#"]}],"predictions":[],"meta":{"spanwright":{"numbered":true}}}"#,
        "\n]\n",
    );
    assert_eq!(fs::read_to_string(path).unwrap(), expected);
    let (_folder, path, _) = doors::write(ID, &WriteOptions::default(), &Corpus::new());
    assert_eq!(fs::read_to_string(path).unwrap(), "[]\n");
}

/// A task with one annotation of these results.
fn task(text: &str, results: &Value) -> String {
    json!([{"id": 5, "data": {"text": text}, "annotations": [{"id": 1, "completed_by": 3, "result": results}]}])
        .to_string()
}

fn region(id: &str, start: usize, end: usize, text: &str, label: &str) -> Value {
    json!({"id": id, "from_name": "ner", "to_name": "text", "type": "labels",
        "value": {"start": start, "end": end, "text": text, "labels": [label]}})
}

#[test]
fn several_annotators_and_models_are_layers() {
    let result = json!([region("a", 0, 4, "Lind", "PER")]);
    let text = json!([
        {"id": 5, "data": {"text": "Lind left."}, "annotations": [
            {"completed_by": {"id": 4, "email": "ana@example.org"}, "result": result, "lead_time": 12.7},
            {"completed_by": 9, "result": result, "was_cancelled": true},
            {"completed_by": 9, "result": result},
            {"result": []},
        ], "predictions": [{"model_version": "v1", "score": 0.25, "result": result}, {"result": result}]},
        {"id": 6, "data": {"text": "Old."}, "completions": [{"created_username": "ben", "result": [region("b", 0, 3, "Old", "X")]}]},
        {"data": {"id": "own", "text": "No annotation."}},
    ]);
    let (lines, problems) = read(&text.to_string());
    assert_eq!(
        lines,
        [
            "task-5 ana@example.org: PER 0..4 “Lind”",
            "task-5 user-9: PER 0..4 “Lind”",
            "task-5 user-9 (2): PER 0..4 “Lind”",
            "task-5 me: ",
            "task-5 model:v1: PER 0..4 “Lind”",
            "task-5 model:unknown: PER 0..4 “Lind”",
            "task-6 ben: X 0..3 “Old”",
        ]
    );
    assert_eq!(problems, ["user-9 has several annotations of the task: this one is the layer of “user-9 (2)”"]);
    let (_folder, path) = file(&[("t.json", &text.to_string())]);
    let (corpus, _) = doors::read(ID, &path);
    let layers = &corpus[0].1;
    assert_eq!((layers[0].seconds, layers[0].status, layers[1].status), (13, Status::Finished, Status::Skipped));
    let origin = &layers[4].spans.iter().next().unwrap().origin;
    assert_eq!(serde_json::to_value(origin).unwrap(), json!({"by": "suggestion", "version": "v1"}));
    assert_eq!(corpus[2].0.id.as_str(), "own");
}

#[test]
fn results_at_a_region_are_its_attributes_and_others_the_documents() {
    let results = json!([
        {"id": "a", "from_name": "kind", "to_name": "text", "type": "choices", "value": {"choices": ["person"]}},
        {"id": "a", "from_name": "roles", "to_name": "text", "type": "choices", "value": {"choices": ["x", "y"]}},
        region("a", 0, 4, "Lind", "PER"),
        {"id": "b", "from_name": "h", "to_name": "text", "type": "hypertextlabels", "meta": {"text": ["look", "again"]},
            "value": {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "startOffset": 2, "endOffset": 6,
                "globalOffsets": {"start": 5, "end": 9}, "text": "left", "hypertextlabels": ["ACT", "VERB"]}},
        {"id": "a", "from_name": "sure", "to_name": "text", "type": "rating", "value": {"rating": 4}},
        {"id": "a", "from_name": "why", "to_name": "text", "type": "textarea", "value": {"text": ["a reason"]}},
        {"id": "a", "from_name": "tree", "to_name": "text", "type": "taxonomy", "value": {"taxonomy": [["A", "B"], ["C"]]}},
        {"id": "q", "from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["calm"]}},
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "left", "labels": ["by", "for"]},
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "bi"},
        {"id": "r", "from_name": "box", "to_name": "img", "type": "rectanglelabels", "value": {"x": 1, "rectanglelabels": ["Z"]}},
    ]);
    let (_folder, path) = file(&[("tasks.json", &task("Lind left.", &results))]);
    let (corpus, problems) = doors::read(ID, &path);
    let (document, layers) = &corpus[0];
    let layer = &layers[0];
    assert_eq!(doors::seen(document, layer), ["ACT 5..9 “left”", "PER 0..4 “Lind”", "VERB 5..9 “left”"]);
    let lind = layer.span(&"a".into()).unwrap();
    assert_eq!(
        serde_json::to_value(&lind.attributes).unwrap(),
        json!({"kind": "person", "roles": ["x", "y"], "sure": 4, "tree": ["A / B", "C"], "why": "a reason"})
    );
    assert_eq!(layer.span(&"b".into()).unwrap().note, "look\nagain");
    assert_eq!(serde_json::to_value(&layer.attributes).unwrap(), json!({"mood": "calm"}));
    let mut arrows: Vec<String> =
        layer.relations.values().map(|one| format!("{} {}→{}", one.kind, one.from, one.to)).collect();
    arrows.sort();
    assert_eq!(arrows, ["by b→a", "for b→a", "relation a→b"]);
    assert_eq!(
        sentences(&problems),
        ["a result of rectanglelabels is no mark in a text: it is kept under “label_studio” as it is"]
    );

    // Everything that has no place with us goes back.
    let (_out, path, _) = doors::write(ID, &doors::options(&corpus), &corpus);
    let tasks: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(tasks[0]["id"], 5);
    assert_eq!(tasks[0]["annotations"][0]["id"], 1);
    assert_eq!(tasks[0]["annotations"][0]["completed_by"], 3);
    let back = tasks[0]["annotations"][0]["result"].as_array().unwrap();
    assert!(back.contains(&results[10]), "{tasks:#}");
    assert!(back.iter().any(|one| one["direction"] == "bi" && one["from_id"] == "a"), "{tasks:#}");
}

#[test]
fn a_layer_under_another_name_does_not_tell_who_had_it() {
    let text = json!([{"data": {"text": "Lind"}, "annotations": [
        {"completed_by": {"id": 4, "email": "ana@example.org"}, "updated_by": "ana", "result": []}]}]);
    let (_folder, path) = file(&[("tasks.json", &text.to_string())]);
    let (mut corpus, _) = doors::read(ID, &path);
    corpus[0].1[0].annotator = Annotator::from("A");
    let (_out, path, _) = doors::write(ID, &doors::options(&corpus), &corpus);
    let written = fs::read_to_string(path).unwrap();
    assert!(!written.contains("ana") && written.contains("\"email\":\"A\""), "{written}");
}

#[test]
fn old_offsets_and_old_line_breaks_are_settled_by_the_regions_text() {
    // UTF-16 units, as old exports count.
    let results = json!([region("a", 3, 7, "Lind", "PER"), region("b", 13, 18, "Oslo.", "LOC")]);
    let (lines, problems) = read(&task("👍 Lind 👍🏽 Oslo.", &results));
    assert_eq!(lines, ["task-5 user-3: LOC 10..15 “Oslo.”; PER 2..6 “Lind”"]);
    assert_eq!(problems, Vec::<String>::new());
    let results = json!([region("a", 0, 7, "one\\ntwo", "X"), region("b", 8, 13, "\\next", "Y")]);
    let (lines, problems) = read(&task("one\ntwo \\next", &results));
    assert_eq!(lines, ["task-5 user-3: X 0..7 “one\ntwo”; Y 8..13 “\\next”"]);
    assert_eq!(problems, Vec::<String>::new());
    // The end lies behind the text; another text is meant altogether.
    let results = json!([region("a", 2, 90, "wo", "X"), region("b", 0, 3, "ten", "Y"), region("c", 1, 4, "one", "Z")]);
    let (lines, problems) = read(&task("one two", &results));
    assert_eq!(lines, ["task-5 user-3: X 5..7 “wo”; Z 0..3 “one”"]);
    assert_eq!(
        problems,
        [
            "its text stands 3 characters away from its offsets: moved there",
            "the file says it covers “ten”, the text there is “one”, and it is nowhere near; the span was not imported",
            "its text stands 1 characters away from its offsets: moved there",
        ]
    );
}

#[test]
fn regions_of_rich_text_count_its_nodes() {
    let html = "<h1>Tom &amp; Mara</h1>\n<p>said <b>“yes”</b><br>to all</p> <!-- no -->";
    let rich = |start: usize, end: usize, text: &str| {
        json!({"type": "hypertextlabels", "from_name": "h", "to_name": "t", "value": {"start": "/p[1]/text()[1]",
            "end": "/p[1]/text()[2]", "startOffset": 0, "endOffset": 4, "globalOffsets": {"start": start, "end": end},
            "text": text, "hypertextlabels": ["X"]}})
    };
    let results = json!([rich(6, 10, "Mara"), rich(16, 24, "“yes”to"), rich(11, 15, "\\nsaid")]);
    let text = json!([{"id": 1, "data": {"html": html}, "annotations": [{"result": results}]}]).to_string();
    let (_folder, path) = file(&[("tasks.json", &text)]);
    let (corpus, problems) = doors::read(ID, &path);
    let (document, layers) = &corpus[0];
    assert_eq!(document.text.as_str(), "Tom & Mara\nsaid “yes”\nto all ");
    assert_eq!(doors::seen(document, &layers[0]), ["X 11..15 “said”", "X 16..24 ““yes”\nto”", "X 6..10 “Mara”"]);
    assert_eq!(document.meta["label_studio"]["html"], html);
    assert_eq!(
        problems[0].sentence,
        "“html” is HTML: its text without tags is imported, which is what the regions count"
    );
}

#[test]
fn a_dialogue_is_a_text_of_its_utterances() {
    let dialogue = json!([{"author": "Mara:", "text": "Where is 👍🏽 Ola?", "start": 1.5}, {"text": "In Oslo."}]);
    let region = |start: usize, from: usize, end: usize, to: usize, text: Value| {
        json!({"type": "paragraphlabels", "from_name": "ner", "to_name": "t", "value": {"start": start.to_string(),
            "end": end.to_string(), "startOffset": from, "endOffset": to, "paragraphlabels": ["X"], "text": text}})
    };
    let results = json!([
        region(0, 12, 0, 15, json!("Ola")),
        region(1, 3, 1, 7, json!("Oslo")),
        region(0, 12, 1, 2, json!("Ola?\n\nIn")),
        region(7, 0, 7, 1, Value::Null),
    ]);
    let data = json!({"audio": "https://example.org/a/long/way/to/the/sound.mp3", "dialogue": dialogue});
    let text = json!([{"id": 1, "data": data, "annotations": [{"result": results}]}]).to_string();
    let (_folder, path) = file(&[("tasks.json", &text)]);
    let (corpus, problems) = doors::read(ID, &path);
    let (document, layers) = &corpus[0];
    assert_eq!(document.text.as_str(), "Mara: Where is 👍🏽 Ola?\nIn Oslo.");
    assert_eq!(doors::seen(document, &layers[0]), ["X 18..21 “Ola”", "X 18..25 “Ola?\nIn”", "X 26..30 “Oslo”"]);
    assert!(["audio", "dialogue"].iter().all(|key| document.meta[*key] == data[*key]), "everything else is kept");
    let said: Vec<&str> = problems.iter().map(|problem| problem.sentence.as_str()).collect();
    assert_eq!(
        said,
        [
            "“dialogue” is a dialogue: its utterances are the lines of the text, behind who said them",
            "its start and end are no places in the dialogue; the region was not imported",
        ]
    );
}

#[test]
fn a_table_is_read_as_the_short_variant() {
    let rows = [
        ["annotation_id", "annotator", "created_at", "id", "label", "lead_time", "text", "topic"],
        [
            "7",
            "ana@example.org",
            "2024-01-01",
            "1",
            r#"[{"start": 2, "end": 6, "text": "Lind", "labels": ["PER"]}]"#,
            "3.5",
            "👍 Lind said \"no\",\nand left",
            "news",
        ],
        ["8", "3", "2024-01-01", "2", "", "", "[1]", ""],
    ];
    for (name, mark) in [("out.csv", ","), ("out.tsv", "\t")] {
        let cell = |cell: &&str| format!("\"{}\"", cell.replace('"', "\"\""));
        let line = |row: &[&str; 8]| row.iter().map(cell).collect::<Vec<_>>().join(mark) + "\r\n";
        let text: String = rows.iter().map(line).collect();
        let (_folder, path) = file(&[(name, &(text + "\"x\"\n"))]);
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).unwrap().id, ID);
        let (corpus, problems) = doors::read(ID, &path);
        let (document, layers) = &corpus[0];
        assert_eq!(document.text.as_str(), "👍 Lind said \"no\",\nand left");
        assert_eq!(doors::seen(document, &layers[0]), ["PER 2..6 “Lind”"]);
        assert_eq!((document.meta["topic"].as_str(), layers[0].annotator.as_str()), (Some("news"), "ana@example.org"));
        assert_eq!((corpus.len(), corpus[1].0.text.as_str(), corpus[1].1[0].spans.len()), (2, "[1]", 0));
        assert_eq!(
            problems.iter().map(|problem| problem.sentence.as_str()).collect::<Vec<_>>(),
            ["the row has 1 cells, the first one 8"]
        );
        doors::survive(ID, &path, 100);
    }
}

#[test]
fn offsets_in_utterances_count_what_the_quoted_ones_fit() {
    let dialogue = json!([{"author": "👩‍👩‍👧", "text": "👍 Ola left"}, {"text": "👍👍 In Oslo."}]);
    let region = |utterance: usize, from: usize, to: usize, text: Value| {
        json!({"type": "paragraphlabels", "from_name": "ner", "to_name": "t", "value": {"start": utterance.to_string(),
            "end": utterance.to_string(), "startOffset": from, "endOffset": to, "paragraphlabels": ["X"], "text": text}})
    };
    let task =
        |id: u64, results: Value| json!({"id": id, "data": {"d": dialogue}, "annotations": [{"result": results}]});
    let read = |tasks: Value| {
        let (_folder, path) = file(&[("tasks.json", &tasks.to_string())]);
        let (corpus, problems) = doors::read(ID, &path);
        assert!(problems.iter().all(|problem| problem.severity == spanwright::text::Severity::Note), "{problems:?}");
        corpus.iter().map(|(document, layers)| doors::seen(document, &layers[0])).collect::<Vec<_>>()
    };
    let ola = |offset: usize, text: Value| region(0, 2 + offset, 5 + offset, text);
    let oslo = |offset: usize, text: Value| region(1, 6 + offset, 10 + offset, text);
    let wanted = vec!["X 24..28 “Oslo”".to_owned(), "X 9..12 “Ola”".to_owned()];
    // UTF-16 units: one quoted region tells it of its task, and of those behind it.
    let units = json!([
        task(1, json!([ola(1, json!("Ola")), oslo(2, Value::Null)])),
        task(2, json!([ola(1, Value::Null), oslo(2, Value::Null)]))
    ]);
    assert_eq!(read(units), [wanted.clone(), wanted.clone()]);
    let points = json!([
        task(1, json!([ola(0, json!("Ola")), oslo(0, Value::Null)])),
        task(2, json!([ola(0, Value::Null), oslo(0, Value::Null)]))
    ]);
    assert_eq!(read(points), [wanted.clone(), wanted]);
}

#[test]
fn what_is_drawn_on_pictures_and_sounds_is_no_span() {
    let results = json!([
        {"id": "a", "type": "labels", "from_name": "l", "original_width": 9, "value": {"x": 1, "y": 2, "width": 3, "labels": ["Box"]}},
        {"id": "a", "type": "textarea", "from_name": "said", "original_width": 9, "value": {"x": 1, "y": 2, "text": ["one"]}},
        {"id": "b", "type": "textarea", "from_name": "said", "original_width": 9, "value": {"x": 1, "y": 2, "text": ["two"]}},
        {"id": "c", "type": "labels", "from_name": "l", "original_length": 9.5, "value": {"start": 0, "end": 2, "labels": ["Noise"]}},
        {"id": "s", "type": "labels", "from_name": "l", "source": "$sound", "value": {"start": 0, "end": 2, "labels": ["Voice"]}},
        {"id": "d", "type": "choices", "from_name": "kind", "value": {"choices": ["yes"]}},
        {"id": "e", "type": "choices", "from_name": "kind", "value": {"choices": ["no"]}},
    ]);
    let data = json!({"text": "one two", "sound": "https://example.org/a.mp3"});
    let text = json!([{"id": 1, "data": data, "annotations": [{"result": results}]}]).to_string();
    let (_folder, path) = file(&[("tasks.json", &text)]);
    let (corpus, problems) = doors::read(ID, &path);
    let layer = &corpus[0].1[0];
    assert_eq!((layer.spans.len(), problems.len()), (0, 6));
    assert_eq!(serde_json::to_value(&layer.attributes).unwrap(), json!({"kind": "yes"}));
    let kept = serde_json::to_string(&layer.extra).unwrap();
    assert!(
        ["Box", "one", "two", "Noise", "Voice", "no"].iter().all(|word| kept.contains(&format!("[\"{word}\"]"))),
        "{kept}"
    );
}

#[test]
fn html_that_the_configuration_shows_as_such_is_read_without_regions() {
    let html = json!([{"data": {"dialogs": "<div style=\"a\">Hello <b>you</b></div>"}, "annotations": []}]).to_string();
    let xml = r#"<View><HyperText name="d" value="$dialogs"/><Choices name="c" toName="d"><Choice value="x"/></Choices></View>"#;
    let (_folder, path) = file(&[("tasks.json", &html), ("config.xml", xml)]);
    assert_eq!(doors::read(ID, &path).0[0].0.text.as_str(), "Hello you");
}

#[test]
fn which_field_is_the_text() {
    let results = json!([region("a", 0, 4, "Lind", "PER")]);
    let data = json!({"title": "Nobody", "story": "Lind left.", "url": "https://example.org/a/very/long/path/to/it"});
    let text = json!([{"data": data, "annotations": [{"result": results}]}]).to_string();
    assert_eq!(read(&text).0, [format!("{} me: PER 0..4 “Lind”", doc_id("Lind left."))]);
    // The configuration is believed first.
    let xml = r#"<View><Labels name="ner" toName="text"><Label value="PER"/></Labels><Text name="text" value="$title"/></View>"#;
    let (_folder, path) = file(&[("tasks.json", &text), ("config.xml", xml)]);
    let (lines, problems) = seen(&path);
    assert_eq!(lines, [format!("{} me: ", doc_id("Nobody"))]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    // The other fields are metadata.
    let (_folder, path) = file(&[("tasks.json", &text)]);
    let (corpus, _) = doors::read(ID, &path);
    assert_eq!(
        Value::Object(corpus[0].0.meta.clone()),
        json!({"title": "Nobody", "url": "https://example.org/a/very/long/path/to/it", "label_studio": {"field": "story"}})
    );
}

/// A task that shows two texts: a region is never taken for one of the other text.
#[test]
fn a_region_of_another_text_is_not_set_in_this_one() {
    let region = |id: &str, name: &str, start: usize, end: usize, words: Option<&str>| {
        let mut value = json!({"start": start, "end": end, "labels": ["X"]});
        if let Some(words) = words {
            value["text"] = json!(words);
        }
        json!({"id": id, "from_name": "l", "to_name": name, "type": "labels", "value": value})
    };
    let task = |first: Value, second: Value| {
        json!([{"id": 1, "data": {"a": "Ann met Bob", "b": "Ann is ill"}, "annotations": [{"completed_by": 1, "result": [first, second]}]}])
            .to_string()
    };
    let told = |text: &str, config: Option<&str>| {
        let mut files = vec![("tasks.json", text)];
        files.extend(config.map(|config| ("config.xml", config)));
        let (_folder, path) = file(&files);
        let (corpus, problems) = doors::read(ID, &path);
        let (document, layers) = &corpus[0];
        let spans: Vec<String> = layers[0].spans.iter().map(|span| span.ranges.quote(&document.text)).collect();
        let others = problems.iter().filter(|problem| problem.sentence.contains("shows several texts")).count();
        (document.text.as_str().to_owned(), spans.join(" "), others)
    };
    // “Ann” begins both texts: nothing says which it is.
    let quoted = task(region("x", "t1", 8, 11, Some("Bob")), region("y", "t2", 0, 3, Some("Ann")));
    assert_eq!(told(&quoted, None), ("Ann met Bob".to_owned(), "Bob".to_owned(), 1));
    let silent = task(region("x", "t1", 0, 3, None), region("y", "t2", 0, 3, None));
    assert_eq!((told(&silent, None).1.as_str(), told(&silent, None).2), ("", 2));
    // The configuration knows.
    let xml = r#"<View><Labels name="l" toName="t1"><Label value="X"/></Labels><Text name="t1" value="$a"/><Text name="t2" value="$b"/></View>"#;
    assert_eq!(told(&quoted, Some(xml)), ("Ann met Bob".to_owned(), "Bob".to_owned(), 1));
    // Two names for the only text there is.
    let one = json!([{"id": 1, "data": {"a": "Ann met Bob"}, "annotations": [{"completed_by": 1, "result": [region("x", "t1", 8, 11, None), region("y", "t2", 0, 3, None)]}]}]);
    assert_eq!(told(&one.to_string(), None), ("Ann met Bob".to_owned(), "Ann Bob".to_owned(), 0));
}

fn doc_id(text: &str) -> String {
    spanwright::text::DocumentId::of_text(&spanwright::text::Text::new(text)).0
}

#[test]
fn the_short_variant_is_read() {
    let text = json!([
        {"text": "Lind left.", "id": 12, "mood": "calm", "label": [{"start": 0, "end": 4, "text": "Lind", "labels": ["PER"]}],
            "kind": [{"start": 0, "end": 4, "text": "Lind", "choices": ["person"]}],
            "annotator": "ana@example.org", "annotation_id": 3, "created_at": "2026-01-01T10:00:00Z", "lead_time": 4.0},
        {"text": "Lind left.", "id": 12, "label": [{"start": 5, "end": 9, "text": "left", "labels": ["ACT"]}], "annotator": 2,
            "annotation_id": 4, "lead_time": 2.5},
    ])
    .to_string();
    let (_folder, path) = file(&[("short.json", &text)]);
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).unwrap().id, ID);
    let (lines, problems) = seen(&path);
    assert_eq!(lines, ["task-12 ana@example.org: PER 0..4 “Lind”", "task-12 user-2: ACT 5..9 “left”"]);
    assert_eq!(problems, Vec::<String>::new());
    let (corpus, _) = doors::read(ID, &path);
    let span = corpus[0].1[0].spans.iter().next().unwrap();
    assert_eq!(serde_json::to_value(&span.attributes).unwrap(), json!({"kind": "person"}));
    assert_eq!(corpus[0].0.meta_text("mood"), Some("calm"));
    let xml = r#"<View><Text name="text" value="$text"/><Choices name="mood" toName="text"><Choice value="calm"/></Choices></View>"#;
    let (_folder, path) = file(&[("short.json", &text), ("config.xml", xml)]);
    let (corpus, _) = doors::read(ID, &path);
    assert_eq!(serde_json::to_value(&corpus[0].1[0].attributes).unwrap(), json!({"mood": "calm"}));
}

#[test]
fn tasks_and_their_annotations_may_stand_in_several_files() {
    let region = region("a", 0, 4, "Lind", "PER");
    let tasks = json!([{"data": {"text": "Lind left."}, "predictions": [{"model_version": "m", "result": [region]}]}]);
    let annotations =
        json!({"id": 1, "data": {"text": "Lind left."}, "annotations": [{"completed_by": 7, "result": [region]}]});
    let stored =
        json!({"id": 8, "result": [region], "completed_by": 9, "task": {"id": 30, "data": {"text": "Lind won."}}});
    let (folder, path) = file(&[
        ("annotations-1.json", &annotations.to_string()),
        ("tasks.json", &tasks.to_string()),
        ("30", &stored.to_string()),
        ("package.json", "{\"name\": \"x\"}"),
        ("config.xml", "<View/>"),
    ]);
    assert_eq!(Format::of(&Glimpse::at(folder.path()).unwrap()).unwrap().id, ID);
    let id = doc_id("Lind left.");
    let (lines, problems) = seen(folder.path());
    assert_eq!(
        lines,
        [
            format!("{id} model:m: PER 0..4 “Lind”"),
            format!("{id} user-7: PER 0..4 “Lind”"),
            "task-30 user-9: PER 0..4 “Lind”".to_owned(),
        ]
    );
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(seen(&path).0, ["task-1 user-7: PER 0..4 “Lind”"]);
}

#[test]
fn pieces_that_were_changed_in_label_studio_stay_what_they_are() {
    let piece = |id: &str, start, end, text: &str, label: &str| {
        let mut piece = region(id, start, end, text, label);
        piece["meta"] = json!({"spanwright": {"part_of": "s"}});
        piece
    };
    let results =
        json!([piece("s#2", 4, 7, "two", "X"), piece("s#3", 8, 13, "three", "X"), piece("s#4", 0, 3, "one", "Y")]);
    let (lines, problems) = read(&task("one two three", &results));
    assert_eq!(lines, ["task-5 user-3: X 4..7,8..13 “two three”; Y 0..3 “one”"]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("the id s is taken in this layer"), "{problems:?}");
}

#[test]
fn what_is_wrong_is_said() {
    let results = json!([
        7,
        {"id": "f", "type": "labels", "value": {"start": 0.5, "end": 1.5, "labels": ["X"]}},
        {"id": "n", "type": "labels", "value": {"start": 0, "end": 3, "text": "one"}},
        {"type": "relation", "from_id": "gone", "to_id": "n", "direction": "right"},
    ]);
    let text = format!(
        "[{},\n [5],\n {{\"data\": {{\"image\": 7}}}},\n {{\"broken\": }},\n {{\"id\": 9, \"data\": {{\"text\": \"fine\"}}, \"annotations\": [3, {{\"result\": 4}}]}},\n",
        task("one two", &results).trim_matches(['[', ']'])
    );
    let (_folder, path) = file(&[("tasks.json", &text)]);
    let (corpus, problems) = doors::read(ID, &path);
    assert_eq!(corpus.len(), 2);
    let told: Vec<String> =
        problems.iter().map(|problem| format!("{}: {}", problem.place.line.unwrap_or(0), problem.sentence)).collect();
    assert_eq!(
        told,
        [
            "1: a result is no object; it was not imported",
            "1: its start and end are no whole numbers; the region was not imported",
            "1: the span has no label; the span was not imported",
            "1: the relation joins the span “gone”, which is not in the layer; it was not imported",
            "2: it is no task: a task of Label Studio is an object with “data”",
            "3: none of the fields of its “data” is a text; the task was not imported",
            "4: it is no JSON value: expected value",
            "5: an annotation is no object; it was not imported",
            "5: its “result” is no list; it was read as empty",
            "6: the file could not be read further: the array is not closed; it may be cut off",
        ]
    );
}

#[test]
fn nesting_without_end_is_an_answer() {
    let deep = format!("[{{\"data\": {{\"text\": \"a\"}}, \"meta\": {}{}}}]", "[".repeat(10_000), "]".repeat(10_000));
    let (lines, problems) = read(&deep);
    assert_eq!(lines, Vec::<String>::new());
    assert_eq!(problems, ["it is no JSON value: recursion limit exceeded"]);
    let xml = format!("{}<Labels name=\"l\" toName=\"t\"><Label value=\"A\"/>", "<View>".repeat(50_000));
    let (_folder, path) = file(&[("tasks.json", "[{\"data\": {\"text\": \"a\"}}]"), ("config.xml", &xml)]);
    let labels = Format::named(ID).unwrap().vocabulary.unwrap()(&path).labels;
    assert_eq!(labels.keys().collect::<Vec<_>>(), ["A"]);
}

#[test]
fn label_studio_survives_damage() {
    let corpus = rich().split_off(12);
    let (_folder, path, _) = doors::write(ID, &doors::options(&corpus), &corpus);
    doors::survive(ID, &path, 300);
}

#[test]
fn other_files_are_not_taken_for_tasks() {
    let others = [
        "{\"id\": \"a\", \"title\": \"t\", \"url\": \"u\", \"text\": \"x\", \"meta\": {}}",
        "{\"id\": \"a\", \"text\": \"x\", \"layers\": []}",
        "{\"id\": 1, \"text\": \"x\", \"label\": [[0, 1, \"A\"]]}",
        "{\"text\": \"x\", \"spans\": [{\"start\": 0, \"end\": 1, \"label\": \"A\"}]}",
        "{\"data\": {\"text\": \"x\"}, \"title\": \"an article about data\"}",
        "[]",
        "",
        "plain",
    ];
    for text in others {
        let (_folder, path) = file(&[("a.json", text)]);
        let format = Format::of(&Glimpse::at(&path).unwrap());
        assert!(format.is_none_or(|format| format.id != ID), "{text}");
    }
}

#[test]
fn a_configuration_is_written_and_read_as_a_vocabulary() {
    let corpus = rich();
    let mut options = doors::options(&corpus);
    options.labels.push(LabelId::from("$odd <\"&\n"));
    let xml = configuration(&options.schema, &options.labels);
    let (_folder, path) = file(&[("tasks.json", "[]"), ("config.xml", &xml)]);
    let known = Format::named(ID).unwrap().vocabulary.unwrap()(&path);
    let mut labels: Vec<&str> = options.labels.iter().map(LabelId::as_str).collect();
    labels.sort_unstable();
    assert_eq!(known.labels.keys().map(String::as_str).collect::<Vec<_>>(), labels);
    let entity = &known.labels["entity"];
    assert_eq!((entity.name.as_str(), entity.key), ("Entity", Some('1')));
    let types: Vec<&str> = entity.attributes["type"].values.iter().map(String::as_str).collect();
    assert_eq!(types, ["organisation", "other", "person", "place"]);
    assert!(entity.colour.as_ref().is_some_and(|colour| colour.len() == 7));
    assert_eq!(known.relations.len(), options.schema.relations.len());

    let foreign = r##"<!DOCTYPE View [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
        <View><Relations><Relation value="by"/></Relations>
        <Labels name="l" toName="t"><Label value="PER" background="darkorange" hotkey="p"/><Label value="L&amp;G" background="#F0a"/>
        <Label value="&b;"/><Label value="X" alias="x" background="rgba(1, 2, 3, 0.5)"/></Labels>
        <Choices name="sure" toName="t" perRegion="true" whenLabelValue="PER, x" choice="multiple"><Choice value="a"/><Choice value="b"/></Choices>
        <Choices name="real" toName="t" perRegion="true"><Choice value="true"/><Choice value="false"/></Choices>
        <TextArea name="why" toName="t" perRegion="true"/><Rating name="stars" toName="t"/>
        <Taxonomy name="tree" toName="t"><Choice value="A"><Choice value="B"/></Choice></Taxonomy>
        <Text name="t" value="$body"/></View>"##;
    let (_folder, path) =
        file(&[("tasks.json", "[{\"data\": {\"text\": \"no\", \"body\": \"yes\"}}]"), ("config.xml", foreign)]);
    let known = Format::named(ID).unwrap().vocabulary.unwrap()(&path);
    let colours: Vec<(&str, Option<&str>)> =
        known.labels.iter().map(|(label, known)| (label.as_str(), known.colour.as_deref())).collect();
    assert_eq!(colours, [("L&G", Some("#ff00aa")), ("PER", Some("#ff8c00")), ("x", Some("#010203"))]);
    let names = |label: &str| known.labels[label].attributes.keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!((names("PER"), names("L&G")), (vec!["real", "sure", "why"], vec!["real", "why"]));
    let per = &known.labels["PER"].attributes;
    assert!(per["real"].flags && per["sure"].several && per["why"].free);
    assert!(known.document["stars"].numbers);
    assert_eq!(known.document["tree"].values.iter().map(String::as_str).collect::<Vec<_>>(), ["A", "A / B"]);
    assert_eq!(doors::read(ID, &path).0[0].0.text.as_str(), "yes");
}

#[test]
fn fifty_thousand_spans_in_one_task() {
    let text = "ab ".repeat(50_000);
    let document = doors::document("long", &text);
    let spans = (0..50_000).map(|index| RawSpan {
        id: Some(format!("s{index}")),
        label: "entity".to_owned(),
        ranges: vec![(index * 3, index * 3 + 2)],
        ..RawSpan::default()
    });
    let raw = RawLayer { spans: spans.collect(), ..RawLayer::default() };
    let layer = raw.check("ana".into(), &document, &NewlineMap::default(), &Place::default(), &mut Vec::new());
    let corpus: Corpus = vec![(document, vec![layer])];
    let (_folder, path, _) = doors::write(ID, &doors::options(&corpus), &corpus);
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).unwrap().id, ID);
    let (back, problems) = doors::read(ID, &path);
    assert_eq!((back[0].1[0].spans.len(), problems.len()), (50_000, 0));
}

#[test]
fn the_front_ends_examples_are_read() {
    let Some(folder) = shared("label-studio") else { return };
    let (lines, problems) = seen(&folder.join("named_entity"));
    let id = lines[0].split(' ').next().unwrap().to_owned();
    assert_eq!(
        lines,
        [format!("{id} model:model 1: Date 343..354 “February 22”"), format!("{id} me: Date 343..354 “February 22”")]
    );
    assert_eq!(problems, Vec::<String>::new());
    let (corpus, problems) = doors::read(ID, &folder.join("references"));
    assert_eq!((corpus.len(), corpus[0].1.len(), corpus[1].1.len(), problems.len()), (2, 2, 0, 0));
    assert_eq!(serde_json::to_value(&corpus[0].1[0].attributes).unwrap(), json!({"validation-label": "valid"}));
    // Its regions belong to the other example's text.
    let (corpus, problems) = doors::read(ID, &folder.join("rich_text_plain"));
    assert_eq!((corpus.len(), corpus[0].1.len()), (1, 2));
    assert!(corpus[0].1.iter().all(|layer| layer.spans.is_empty()));
    assert_eq!(problems.len(), 2);
    assert!(problems.iter().all(|problem| problem.sentence.starts_with("the file says it covers “February 22”")));
    let known = Format::named(ID).unwrap().vocabulary.unwrap()(&folder.join("rich_text_plain"));
    assert_eq!(known.labels["ORG"].colour.as_deref(), Some("#ff8c00"));
}
