//! Prodigy JSONL: tokens with inclusive ends, answers, relations between words.

use proptest::prelude::*;
use serde_json::{Value, json};
use spanwright::annotation::Status;
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::WriteOptions;
use spanwright::formats::table::Format;
use spanwright::formats::tokens::Misaligned;

use crate::doors::{self, check, corpora, options, related, rich, shared, stress};

#[test]
fn everything_comes_back() {
    doors::check_round_trip("prodigy", &options(&stress()), &stress());
    doors::keep("prodigy", &options(&stress()), &stress());
    doors::made("prodigy");
    let (_folder, path, losses) = doors::write("prodigy", &options(&rich()), &rich());
    assert_eq!(losses, []);
    doors::same(&rich(), &doors::read("prodigy", &path).0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_written_is_read(corpus in corpora(), policy in 0..4_usize) {
        let options = WriteOptions { misaligned: Misaligned::ALL[policy], ..options(&corpus) };
        doors::check_round_trip("prodigy", &options, &corpus);
    }
}

#[test]
fn a_task_is_what_prodigy_writes() {
    let document = doors::document("a/1", "Ana met  Bo.");
    let spans: &[(&str, &[(usize, usize)])] = &[("entity", &[(0, 3)]), ("entity", &[(9, 11)])];
    let corpus = vec![(document.clone(), vec![related(&document, "ben", spans, &[("knows", "s0", "s1")])])];
    let (_folder, path, _) = doors::write("prodigy", &options(&corpus), &corpus);
    let line = std::fs::read_to_string(&path).unwrap();
    let task: Value = serde_json::from_str(&line).unwrap();
    let token = |id: usize, text: &str, start: usize, end: usize, ws: bool| json!({"text": text, "start": start, "end": end, "id": id, "ws": ws});
    assert_eq!(
        task["tokens"],
        json!([
            token(0, "Ana", 0, 3, true),
            token(1, "met", 4, 7, true),
            token(2, " ", 8, 9, false),
            token(3, "Bo", 9, 11, false),
            token(4, ".", 11, 12, false),
        ])
    );
    let place = |span: &Value| {
        let at = |key: &str| span[key].as_u64().unwrap();
        (at("start"), at("end"), at("token_start"), at("token_end"))
    };
    assert_eq!(place(&task["spans"][1]), (9, 11, 3, 3));
    let relation = &task["relations"][0];
    assert_eq!((relation["head"].as_u64(), relation["child"].as_u64()), (Some(0), Some(3)));
    assert_eq!(place(&relation["child_span"]), (9, 11, 3, 3));
    assert_eq!((&task["answer"], &task["_annotator_id"]), (&json!("accept"), &json!("ben")));
}

#[test]
fn answers_are_statuses() {
    let line = |answer: &str| format!(r#"{{"text":"x {answer}","spans":[],"answer":"{answer}","_annotator_id":"a"}}"#);
    let text = ["accept", "reject", "ignore"].map(line).join("\n");
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("in.jsonl");
    std::fs::write(&path, text + "\n{\"text\":\"open\",\"_input_hash\":7}\n").unwrap();
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()), Format::named("prodigy"));
    let (corpus, problems) = doors::read("prodigy", &path);
    assert_eq!(problems, []);
    let told: Vec<_> =
        corpus.iter().map(|(_, layers)| layers.first().map(|layer| (layer.status, layer.flag.as_deref()))).collect();
    let rejected = Some("rejected in Prodigy");
    assert_eq!(
        told,
        [Some((Status::Finished, None)), Some((Status::InProgress, rejected)), Some((Status::Skipped, None)), None]
    );
    // And back again: the answers and the hash stand where they stood.
    let (_folder, path, losses) = doors::write("prodigy", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    let written = std::fs::read_to_string(&path).unwrap();
    let tasks: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answers: Vec<&Value> = tasks.iter().map(|task| &task["answer"]).collect();
    assert_eq!(answers, [&json!("accept"), &json!("reject"), &json!("ignore"), &Value::Null]);
    assert_eq!(tasks[3]["_input_hash"], json!(7));
    doors::same(&corpus, &doors::read("prodigy", &path).0);
}

#[test]
fn what_is_wrong_is_said() {
    let spans = |spans: &str| {
        format!(
            r#"{{"text":"Ana met Bo","answer":"accept","tokens":[{{"text":"Ana","start":0,"end":3,"id":0}}],{spans}}}"#
        )
    };
    let (read, said) = check(
        "prodigy",
        &spans(
            r#""spans":[{"token_start":0,"token_end":0,"label":"A"},{"start":4,"end":7,"token_start":0,"token_end":0,"label":"B"},{"label":"C"},7,{"start":8,"end":40,"label":"D"}]"#,
        ),
    );
    assert_eq!(read, [["A 0..3 “Ana”", "B 4..7 “met”"]]);
    assert_eq!(
        said,
        [
            "its tokens lie elsewhere than its start and end, which were taken",
            "the span has no start and end; it was not imported",
            "the span is no object; it was not imported",
            "8..40 is no place in the text, which has 10 characters; the span was not imported",
        ]
    );
    let (read, said) = check(
        "prodigy",
        &spans(
            r#""spans":[],"relations":[{"head":0,"child":0,"head_span":{"start":0,"end":3},"child_span":{"start":0,"end":3},"label":"r"}]"#,
        ),
    );
    assert_eq!(read, [[""; 0]]);
    assert_eq!(said, ["the relation joins words that are no spans; it was kept for an export to Prodigy"]);
    let (_, said) = check("prodigy", "{\"html\":\"x\",\"answer\":\"accept\"}\n{\"text\":\"a\",\"answer\":\"accept\"}");
    assert_eq!(said, ["the task has no text; it was not imported"]);
}

#[test]
fn words_that_offsets_and_tokens_agree_on_are_believed() {
    let line = |tokens: &str| {
        format!(
            r#"{{"text":"👍 Ľubietovej hrad","tokens":[{tokens}],"answer":"accept","spans":[{{"start":2,"end":12,"token_start":1,"token_end":1,"label":"LOC","text":"Ľubietov"}}]}}"#
        )
    };
    let sound = r#"{"text":"👍","start":0,"end":1,"id":0},{"text":"Ľubietovej","start":2,"end":12,"id":1}"#;
    let (read, said) = check("prodigy", &line(sound));
    assert_eq!(read, [["LOC 2..12 “Ľubietovej”"]]);
    assert_eq!(said, ["its text is “Ľubietov”, but start, end and tokens agree on “Ľubietovej”, which was taken"]);
    // Tokens that are not where they say are no witnesses.
    let (read, _) = check("prodigy", &line(&sound.replace("Ľubietovej", "ubietovej")));
    assert_eq!(read, [["LOC 2..10 “Ľubietov”"]]);
}

#[test]
fn damage_is_an_answer() {
    let (_folder, path, _) = doors::write("prodigy", &options(&rich()), &rich());
    doors::survive("prodigy", &path, 300);
}

#[test]
fn a_real_file_is_read_whole() {
    let Some(path) = shared("prodigy/rel_component-first60.jsonl") else { return };
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()), Format::named("prodigy"));
    let (corpus, problems) = doors::read("prodigy", &path);
    assert_eq!(problems, []);
    let layers: Vec<_> = corpus.iter().flat_map(|(_, layers)| layers).collect();
    let spans: usize = layers.iter().map(|layer| layer.spans.len()).sum();
    let relations: usize = layers.iter().map(|layer| layer.relations.len()).sum();
    assert_eq!((corpus.len(), layers.len(), spans, relations), (60, 60, 193, 113));
    let (_folder, path, losses) = doors::write("prodigy", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    doors::same(&corpus, &doors::read("prodigy", &path).0);
}

/// A tokenizer of a model that put a blank between all of its words, in a task whose text has none there.
#[test]
fn tokens_that_lie_elsewhere_take_their_spans_along() {
    let task = json!({
        "text": "Ana’s 👍 (Lind) met Bo.",
        "tokens": [
            {"text": "Ana", "start": 0, "end": 3, "id": 0}, {"text": "’s", "start": 4, "end": 6, "id": 1},
            {"text": "👍", "start": 7, "end": 8, "id": 2}, {"text": "(", "start": 9, "end": 10, "id": 3},
            {"text": "Lind", "start": 11, "end": 15, "id": 4}, {"text": ")", "start": 16, "end": 17, "id": 5},
            {"text": "met", "start": 18, "end": 21, "id": 6}, {"text": "Bo", "start": 22, "end": 24, "id": 7},
            {"text": ".", "start": 25, "end": 26, "id": 8}],
        "spans": [
            {"start": 0, "end": 3, "token_start": 0, "token_end": 0, "label": "PER"},
            {"start": 11, "end": 15, "token_start": 4, "token_end": 4, "label": "PER"},
            {"start": 22, "end": 24, "label": "PER"},
            {"start": 18, "end": 26, "token_start": 6, "token_end": 8, "label": "ACT", "text": "met Bo."}],
        "relations": [{"head": 4, "child": 7, "label": "MEETS",
            "head_span": {"start": 11, "end": 15, "token_start": 4, "token_end": 4, "label": "PER"},
            "child_span": {"start": 22, "end": 24, "token_start": 7, "token_end": 7, "label": "PER"}}],
        "answer": "accept", "_task_hash": 1
    });
    let (spans, said) = check("prodigy", &task.to_string());
    assert_eq!(spans, [["ACT 15..22 “met Bo.”", "PER 0..3 “Ana”", "PER 19..21 “Bo”", "PER 9..13 “Lind”"]]);
    assert_eq!(
        said,
        [
            "its tokens do not lie where they say: they were found in the text one after the other, and the spans with them"
        ]
    );
    // Where some tokens are other words than the text’s, the others are still looked for.
    let other = task.to_string().replace("\"text\":\"(\"", "\"text\":\"[UNK]\"");
    let (spans, said) = check("prodigy", &other);
    assert_eq!(spans, [["ACT 15..22 “met Bo.”", "PER 0..3 “Ana”", "PER 19..21 “Bo”", "PER 9..13 “Lind”"]]);
    let moved = |by: u8| format!("its text stands {by} characters away from its offsets: moved there");
    assert_eq!(said, [moved(2), moved(3), moved(3)]);
}
