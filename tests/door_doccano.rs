//! doccano JSONL, in and out.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use spanwright::annotation::{Layer, Status};
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::WriteOptions;
use spanwright::formats::table::Format;
use spanwright::schema::Schema;
use tempfile::TempDir;

use crate::doors::{
    Corpus, check_round_trip, corpora, document, keep, layer, options, read, related, seen, stress, survive, write,
};

fn shared(name: &str) -> Option<PathBuf> {
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name)).filter(|path| path.exists())
}

/// Options of a schema without relations: labels are triples.
fn plain(corpus: &Corpus) -> WriteOptions {
    WriteOptions { schema: Schema::default().into(), ..options(corpus) }
}

#[test]
fn everything_that_ever_went_wrong_reads_back() {
    let corpus = stress();
    check_round_trip("doccano", &options(&corpus), &corpus);
    check_round_trip("doccano", &plain(&corpus), &corpus);
    keep("doccano", &options(&corpus), &corpus);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_layers_read_back(corpus in corpora()) {
        check_round_trip("doccano", &options(&corpus), &corpus);
        check_round_trip("doccano", &plain(&corpus), &corpus);
    }
}

fn file(content: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("admin.jsonl");
    fs::write(&path, content).unwrap();
    (folder, path)
}

/// What the documents hold, and what was said about them: `1 error: …` with the line.
fn check(content: &str, expected: &[&[&str]], said: &[&str]) -> Corpus {
    let (_folder, path) = file(content);
    let (corpus, problems) = read("doccano", &path);
    let found: Vec<Vec<String>> = corpus
        .iter()
        .map(|(document, layers)| layers.iter().flat_map(|layer| seen(document, layer)).collect())
        .collect();
    let line = |problem: &spanwright::text::Problem| {
        let field = problem.place.field.as_ref().map_or(String::new(), |field| format!(" {field}"));
        format!("{}{field} {:?}: {}", problem.place.line.unwrap_or_default(), problem.severity, problem.sentence)
    };
    assert_eq!(problems.iter().map(line).collect::<Vec<_>>(), said);
    assert_eq!(found, expected);
    corpus
}

#[test]
fn every_spelling_is_read() {
    let one: &[&str] = &["A 0..3 “one”"];
    check("{\"text\":\"one two\",\"label\":[[0,3,\"A\"]]}\n", &[one], &[]);
    check("{\"text\":\"one two\",\"labels\":[[0,3,\"A\"]]}\n", &[one], &[]);
    check("{\"id\":7,\"data\":\"one two\",\"label\":[[0,3,\"A\"]],\"Comments\":[]}\n", &[one], &[]);
    check(
        "{\"id\":7,\"text\":\"one two\",\"annotations\":[{\"label\":3,\"start_offset\":4,\"end_offset\":7,\"user\":1}]}\n",
        &[&["3 4..7 “two”"]],
        &[],
    );
    check("\u{feff}{\"text\":\"😀 one\",\"label\":[[2,5,\"A b:c|😀\"]]}\n", &[&["A b:c|😀 2..5 “one”"]], &[]);
    check("{\"text\":\"one\\r\\ntwo\",\"label\":[[5,8,\"A\"]]}\n", &[&["A 4..7 “two”"]], &[]);
    check("[{\"text\":\"one\",\"label\":[[0,3,\"A\"]]},\n{\"text\":\"one one\",\"label\":[]}]\n", &[one, &[]], &[]);
    let corpus = check(
        "{\n \"id\": 4,\n \"text\": \"Ana knows Ben\",\n \"entities\": [\n  {\"id\": 10, \"label\": \"P\", \"start_offset\": 0, \"end_offset\": 3},\n  \
         {\"id\": 12, \"label\": \"P\", \"start_offset\": 10, \"end_offset\": 13}\n ],\n \"relations\": [\n  \
         {\"id\": 10, \"from_id\": 10, \"to_id\": 12, \"type\": \"knows\"}\n ],\n \"Comments\": [\"sure?\"], \"source\": \"x\", \"cats\": [\"news\"]\n}\n\
         {\"id\":5,\"text\":\"next\",\"entities\":[],\"relations\":[]}\n",
        &[&["P 0..3 “Ana”", "P 10..13 “Ben”"], &[]],
        &[],
    );
    let (document, layers) = &corpus[0];
    assert_eq!(document.id.as_str(), "4");
    assert_eq!(json!(document.meta), json!({"source": "x", "doccano": {"Comments": ["sure?"]}}));
    assert_eq!(json!(layers[0].attributes), json!({"cats": ["news"]}));
    let relation = &layers[0].relations[&"r10".into()];
    assert_eq!((relation.kind.as_str(), relation.from.as_str(), relation.to.as_str()), ("knows", "10", "12"));
}

#[test]
fn labels_of_documents_and_metadata_are_kept() {
    let corpus = check(
        "{\"id\":1,\"text\":\"one\",\"label\":[\"good\",\"short\"],\"meta\":{\"n\":1},\"url\":\"u\",\"Comments\":[]}\n\
         {\"id\":2,\"text\":\"two\",\"label\":\"good\",\"meta\":\"{\\\"n\\\": 2}\"}\n\
         {\"id\":3,\"text\":\"six\"}\n",
        &[&[], &[], &[]],
        &[],
    );
    assert_eq!(json!(corpus[0].1[0].attributes), json!({"label": ["good", "short"]}));
    assert_eq!(json!(corpus[0].0.meta), json!({"n": 1, "url": "u"}));
    assert_eq!(json!(corpus[1].0.meta), json!({"n": 2}));
    assert_eq!((corpus[1].1.len(), corpus[2].1.len()), (1, 0));
}

#[test]
fn dirty_lines_are_said_and_the_rest_is_read() {
    check(
        "{\"text\":\"one two\",\"label\":[[0,3,\"A\"],[4,99,\"A\"],[3,1,\"A\"],[0,\"x\",\"A\"],[0,3],[0,3,null],[-1,2,\"A\"],7,[0,3,\"A\"]]}\n\
         not json\n\
         {\"label\":[[0,1,\"A\"]]}\n\
         {\"text\":3}\n\
         7\n\
         {\"id\":1,\"text\":\"one\",\"entities\":[{\"id\":1,\"start_offset\":0,\"end_offset\":3},{\"id\":2,\"label\":\"A\",\"start_offset\":0,\"end_offset\":3}],\
          \"relations\":[{\"from_id\":2,\"to_id\":1,\"type\":\"r\"},{\"from_id\":2,\"type\":\"r\"},5],\"label\":[[0,1,\"B\"]]}\n\
         {\"id\":2,\"text\":\"two\",\"label\":{\"a\":1},\"relations\":7}\n",
        &[&["A 0..3 “one”"], &["A 0..3 “one”"], &[]],
        &[
            "1 label[3] Error: its offsets are no whole numbers from 0; it was not imported",
            "1 label[4] Error: it is no [start, end, label]; it was not imported",
            "1 label[5] Error: its label is no string; it was not imported",
            "1 label[6] Error: its offsets are no whole numbers from 0; it was not imported",
            "1 label[7] Error: it is neither a label nor a span; it was not imported",
            "1 Error: 4..99 is no place in the text, which has 7 characters; the span was not imported",
            "1 Error: 3..1 is no place in the text, which has 7 characters; the span was not imported",
            "1 Note: the same label on the same extent as xe3264e39bd5ddc6fd5c7: kept once",
            "2 Error: it is no JSON value: expected ident",
            "3 Error: it has no text; the document was not imported",
            "4 Error: its text is no string; the document was not imported",
            "5 Error: it is no JSON object; the document was not imported",
            "6 entities[0] Error: it has no label; it was not imported",
            "6 label Error: the line has entities too, which were imported; these labels were not",
            "6 relations[1] Error: it lacks from_id, to_id or type; it was not imported",
            "6 relations[2] Error: it is no relation; it was not imported",
            "6 Error: the relation joins the span “1”, which is not in the layer; it was not imported",
            "7 label Error: it is no list; it was not imported",
            "7 relations Error: it is no list; it was not imported",
        ],
    );
    let deep = format!(
        "{{\"text\":\"a\",\"label\":{}{}}}\n{{\"text\":\"one\",\"label\":[[0,3,\"A\"]]}}\n",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let (_folder, path) = file(&deep);
    let (corpus, problems) = read("doccano", &path);
    assert_eq!((corpus.len(), problems.len()), (1, 1));
}

#[test]
fn an_export_is_these_bytes() {
    let text = document("a", "Mara said: “Go.”");
    let made = related(&text, "ana", &[("entity", &[(0, 4)]), ("quote", &[(11, 16)])], &[("speaker", "s1", "s0")]);
    let corpus = vec![(text, vec![made])];
    let content = |options: &WriteOptions| {
        let (_folder, path, losses) = write("doccano", options, &corpus);
        (fs::read_to_string(path).unwrap(), losses.len())
    };
    assert_eq!(
        content(&options(&corpus)),
        (
            "{\"id\":\"a\",\"text\":\"Mara said: “Go.”\",\"entities\":[\
             {\"id\":0,\"label\":\"entity\",\"start_offset\":0,\"end_offset\":4},\
             {\"id\":1,\"label\":\"quote\",\"start_offset\":11,\"end_offset\":16}],\
             \"relations\":[{\"id\":0,\"from_id\":1,\"to_id\":0,\"type\":\"speaker\"}],\"Comments\":[],\
             \"spanwright\":{\"annotator\":\"ana\",\"spans\":[{\"is\":[0,4,\"entity\"],\"id\":\"s0\"},{\"is\":[11,16,\"quote\"],\"id\":\"s1\"}]}}\n"
                .to_owned(),
            0
        )
    );
    assert_eq!(
        content(&plain(&corpus)),
        (
            "{\"id\":\"a\",\"text\":\"Mara said: “Go.”\",\"label\":[[0,4,\"entity\"],[11,16,\"quote\"]],\"Comments\":[],\
             \"spanwright\":{\"annotator\":\"ana\",\"spans\":[{\"is\":[0,4,\"entity\"],\"id\":\"s0\"},{\"is\":[11,16,\"quote\"],\"id\":\"s1\"}]}}\n"
                .to_owned(),
            1
        )
    );
}

#[test]
fn everything_but_fragments_and_empty_spans_comes_back() {
    let mut text = document("a", "Uno\r\ndos tres");
    text.meta = json!({"title": "T", "label": "not ours"}).as_object().unwrap().clone();
    text.extra = json!({"lang": "es"}).as_object().unwrap().clone();
    let mut made = related(
        &text,
        "ana",
        &[("entity", &[(0, 3)]), ("quote", &[(4, 7), (8, 12)]), ("event", &[(3, 3)]), ("event", &[(4, 7)])],
        &[("speaker", "s1", "s0"), ("participant", "s2", "s0"), ("participant", "s3", "s0")],
    );
    made.status = Status::InProgress;
    made.flag = Some("look".to_owned());
    made.attributes = serde_json::from_value(json!({"topic": ["a"], "cats": ["x", "y"]})).unwrap();
    let spans = made.spans.iter().map(|span| {
        let mut span = (**span).clone();
        span.note = format!("note of {}", span.id);
        span.attributes = serde_json::from_value(json!({"sure": false})).unwrap();
        span.into()
    });
    made.spans = spans.collect::<Vec<_>>().try_into().unwrap();
    let corpus = vec![(text, vec![made])];
    let (_folder, path, losses) = write("doccano", &options(&corpus), &corpus);
    let mut said: Vec<String> =
        losses.iter().map(|loss| format!("{} {}", loss.item.as_ref().unwrap(), loss.sentence)).collect();
    said.sort();
    assert_eq!(
        said,
        [
            "r1 the participant joins a span that is left out, and is left out too",
            "s1 its 2 fragments are written as spans of their own",
            "s2 it covers nothing, which doccano refuses: it is left out",
        ]
    );
    let (back, problems) = read("doccano", &path);
    assert_eq!(problems, []);
    let (document, layers) = &back[0];
    assert_eq!(*document, corpus[0].0);
    let (read, written): (&Layer, &Layer) = (&layers[0], &corpus[0].1[0]);
    assert_eq!((&read.status, &read.flag, &read.attributes), (&written.status, &written.flag, &written.attributes));
    for id in ["s0", "s3"] {
        let (read, written) = (read.span(&id.into()).unwrap(), written.span(&id.into()).unwrap());
        assert_eq!((&read.note, &read.attributes, &read.ranges), (&written.note, &written.attributes, &written.ranges));
    }
    assert_eq!(read.relations.keys().map(|id| id.as_str()).collect::<Vec<_>>(), ["r0", "r2"]);
    let line: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(line["cats"], json!(["x", "y"]));
}

#[test]
fn what_came_from_doccano_goes_back_to_it() {
    let content = "{\"id\":\"4\",\"text\":\"Ana knows Ben\",\"entities\":[{\"user\":2,\"id\":10,\"label\":\"P\",\"start_offset\":0,\"end_offset\":3},\
                   {\"id\":12,\"label\":\"P\",\"start_offset\":10,\"end_offset\":13}],\
                   \"relations\":[{\"id\":7,\"from_id\":10,\"to_id\":12,\"type\":\"knows\"}],\"cats\":[\"news\"],\"Comments\":[\"sure?\"],\"meta\":{\"source\":\"x\"}}\n";
    let (_folder, path) = file(content);
    let (corpus, _) = read("doccano", &path);
    let (_folder, out, losses) = write("doccano", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    let mut back: Value = serde_json::from_str(&fs::read_to_string(out).unwrap()).unwrap();
    back.as_object_mut().unwrap().shift_remove("spanwright");
    assert_eq!(back, serde_json::from_str::<Value>(content).unwrap());
}

#[test]
fn a_document_that_nobody_marked_stays_one() {
    let corpus =
        vec![(document("a", "one"), vec![]), (document("b", "two"), vec![layer(&document("b", "two"), "ana", &[])])];
    for options in [options(&corpus), plain(&corpus)] {
        let (_folder, path, _) = write("doccano", &options, &corpus);
        let (back, _) = read("doccano", &path);
        assert_eq!((back[0].1.len(), back[1].1.len()), (0, 1));
    }
}

#[test]
fn what_it_is_shows_in_its_content() {
    let is = |content: &str| {
        let (_folder, path) = file(content);
        Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id)
    };
    for content in [
        "{\"text\":\"a\",\"label\":[[0,1,\"A\"]]}",
        "{\"text\":\"a\",\"label\":[]}",
        "{\"text\":\"a\",\"labels\":[[0,1,\"A\"]]}",
        "{\"id\":1,\"text\":\"a\",\"label\":[\"good\"],\"Comments\":[]}",
        "{\"text\":\"a\",\"entities\":[{\"id\":0,\"start_offset\":0,\"end_offset\":1,\"label\":\"A\"}],\"relations\":[]}",
        "{\"text\":\"a\",\"entities\":[],\"relations\":[]}",
        "{\"text\":\"a\",\"entities\":[[0,1,\"A\"]],\"cats\":[\"x\"]}",
        "{\"label\":[[0,1,\"A\"]],\"meta\":{}}",
    ] {
        assert_eq!(is(content), Some("doccano"), "{content}");
    }
    for content in [
        "{\"id\":1,\"title\":\"t\",\"url\":\"u\",\"text\":\"a\",\"meta\":{}}",
        "{\"text\":\"a\",\"label\":\"good\"}",
        "{\"text\":\"a\",\"label\":[\"good\"]}",
        "{\"text\":\"a\",\"entities\":[]}",
        "{\"text\":\"a\",\"entities\":[\"x\"]}",
        "[[\"a\",{\"entities\":[[0,1,\"A\"]]}]]",
        "text,label\na,b\n",
    ] {
        assert_ne!(is(content), Some("doccano"), "{content}");
    }
}

#[test]
fn damage_is_survived() {
    let corpus = stress();
    for options in [options(&corpus), plain(&corpus)] {
        let (_folder, path, _) = write("doccano", &options, &corpus);
        survive("doccano", &path, 300);
    }
}

#[test]
fn real_exports_are_read() {
    let Some(folder) = shared("doccano") else { return };
    let counts = |name: &str| {
        let (corpus, problems) = read("doccano", &folder.join(name));
        let spans: usize = corpus.iter().flat_map(|(_, layers)| layers).map(|layer| layer.spans.len()).sum();
        let relations: usize = corpus.iter().flat_map(|(_, layers)| layers).map(|layer| layer.relations.len()).sum();
        let problems: Vec<String> = problems.into_iter().map(|problem| problem.sentence).collect();
        (corpus.len(), spans, relations, problems.join("; "))
    };
    assert_eq!(counts("export-relation-PRETTY.jsonl"), (1, 4, 3, String::new()));
    assert_eq!(counts("import-relation.jsonl"), (1, 4, 3, String::new()));
    assert_eq!(counts("export-seqlab.jsonl"), (3, 4, 0, String::new()));
    let missing = "it has no text; the document was not imported".to_owned();
    assert_eq!(counts("test-seqlab.jsonl"), (2, 1, 0, missing));
    let (documents, spans, _, problem) = counts("test-overlapping.jsonl");
    assert_eq!((documents, spans), (1, 1));
    assert!(
        problem.starts_with("the same label on the same extent as ") && problem.ends_with(": kept once"),
        "{problem}"
    );
    for name in [
        "export-relation-PRETTY.jsonl",
        "import-relation.jsonl",
        "export-seqlab.jsonl",
        "test-seqlab.jsonl",
        "test-overlapping.jsonl",
    ] {
        assert_eq!(
            Format::of(&Glimpse::at(&folder.join(name)).unwrap()).map(|format| format.id),
            Some("doccano"),
            "{name}"
        );
    }
    assert_eq!(Format::of(&Glimpse::at(&folder.join("label_types.json")).unwrap()).map(|format| format.id), None);
}

#[test]
fn many_spans_in_one_document_take_no_squares_of_time() {
    // Line ends and characters that count differently everywhere, in one value longer than what is looked at first.
    let text = "Lind 👍 met Olsen\r\n".repeat(40_000);
    let label: Vec<Value> = (0..40_000).map(|at| json!([at * 18, at * 18 + 4, "PER"])).collect();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("all.jsonl");
    fs::write(&path, json!({"id": 1, "text": text, "label": label}).to_string()).unwrap();
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).unwrap().id, "doccano");
    let (corpus, problems) = read("doccano", &path);
    assert_eq!((corpus[0].1[0].spans.len(), problems.len()), (40_000, 0));
}
