//! spaCy's training data as JSON: triples, pairs, paragraphs.

use proptest::prelude::*;
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::table::Format;
use spanwright::text::Severity;

use crate::doors::{self, check, corpora, document, layer, options, rich, shared, stress};

#[test]
fn everything_comes_back() {
    doors::check_round_trip("spacy-json", &options(&stress()), &stress());
    doors::keep("spacy-json", &options(&stress()), &stress());
    doors::made("spacy-json");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_written_is_read(corpus in corpora()) {
        doors::check_round_trip("spacy-json", &options(&corpus), &corpus);
    }
}

#[test]
fn lines_are_what_training_scripts_read() {
    let one = document("a", "Ana met 東京 \u{85}x");
    let spans: &[(&str, &[(usize, usize)])] = &[("entity", &[(0, 3)]), ("entity", &[(8, 11)]), ("quote", &[(0, 7)])];
    let two = document("b", "Bo");
    let corpus = vec![
        (one.clone(), vec![layer(&one, "ana", spans)]),
        (two.clone(), vec![layer(&two, "ana", &[("entity", &[(0, 2)])])]),
    ];
    let (_folder, path, losses) = doors::write("spacy-json", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    let written = std::fs::read_to_string(path).unwrap();
    let expected = [
        r#"{"id":"a","text":"Ana met 東京 \u0085x","entities":[[0,7,"quote"],[8,10,"entity"]],"spans":{"sc":[[0,7,"quote"],[0,3,"entity"],[8,11,"entity"]]},"annotator":"ana"}"#,
        r#"{"id":"b","text":"Bo","entities":[[0,2,"entity"]],"annotator":"ana"}"#,
    ];
    assert_eq!(written.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn every_shape_is_read() {
    let spans = [["A 0..3 “Ana”"], ["B 1..2 “😀”"]];
    for content in [
        "{\"text\":\"Ana met\",\"entities\":[[0,3,\"A\"]]}\n{\"text\":\"a😀b\",\"entities\":[[1,2,\"B\"]]}\n",
        "[[\"Ana met\",{\"entities\":[[0,3,\"A\"]]}],\n [\"a😀b\",{\"entities\":[[1,2,\"B\",\"Q5\"]]}]]",
        "[\"Ana met\",{\"entities\":[[0,3,\"A\"]]}]\n[\"a😀b\",{\"entities\":[[1,2,\"B\"]]}]\n",
        "[{\"text\":\"Ana met\",\"entities\":[[0,3,\"A\"]]},\n{\"text\":\"a😀b\",\"entities\":[[1,2,\"B\"]],\"spans\":{\"sc\":[[1,2,\"B\"]]}}]",
        "{\"annotations\":[[\"Ana met\",{\"entities\":[[0,3,\"A\"]]}],[\"a😀b\",{\"entities\":[[1,2,\"B\"]]}]]}",
        "{\"classes\":[\"A\"],\"annotations\":[[\"Ana met\",{\"entities\":[[0,3,\"A\"]]}],null,[\"a😀b\",{\"entities\":[[1,2,\"B\"]]}]]}",
    ] {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("in.json");
        std::fs::write(&path, content).unwrap();
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()), Format::named("spacy-json"), "{content}");
        assert_eq!(
            check("spacy-json", content),
            (spans.map(|list| list.map(str::to_owned).to_vec()).to_vec(), vec![]),
            "{content}"
        );
    }
}

#[test]
fn paragraphs_find_their_tokens_in_the_raw_text() {
    let content = r#"[{"id":4,"paragraphs":[{"raw":"“Hi (Bo)”  said\nAna Lind.","sentences":[{"tokens":[
        {"orth":"``","ner":"O"},{"orth":"Hi","ner":"O","tag":"UH"},{"orth":"-LRB-","ner":"O"},{"orth":"Bo","ner":"U-PER"},{"orth":"-RRB-","ner":"-"},
        {"orth":"''","ner":"O"},{"orth":"said","ner":"O"},{"orth":"Ana","ner":"B-PER"},{"orth":"Lind","ner":"L-PER"},{"orth":".","ner":"O"}],
        "brackets":[{"first":7,"last":8,"label":"NP"},{"first":7,"last":80,"label":"NP"}]}]},
        {"raw":null,"cats":[{"label":"x","value":1.0}],"sentences":[{"tokens":[{"orth":"A","space":"","ner":"I-X"},{"orth":"B","ner":"I-X"}]},{"tokens":[{"orth":"C","ner":"L-X"}]}]},
        {"raw":"no such","sentences":[{"tokens":[{"orth":"missing","ner":"U-Y"}]}]}]}]"#;
    let (read, said) = check("spacy-json", content);
    assert_eq!(
        read,
        [vec!["PER 16..24 “Ana Lind”", "PER 5..7 “Bo”", "NP 16..24 “Ana Lind”"], vec!["X 0..4 “AB C”"], vec![]]
    );
    assert_eq!(
        said,
        [
            "the bracket {\"first\":7,\"last\":80,\"label\":\"NP\"} has no place; it was not imported",
            "what it says of single words is not read: tag",
            "1 of its entities begin with I- or L-: read as beginnings",
            "1 of its tokens are not in its raw text, “missing” first: they have no place",
        ]
    );
}

#[test]
fn what_is_wrong_is_said() {
    let (read, said) = check(
        "spacy-json",
        "{\"text\":\"abc\",\"entities\":[[0,1,\"A\"],[0,1],[0,9,\"B\"],{\"start\":1,\"end\":2,\"label\":\"C\"},\"O\",[-1,2,\"D\"]]}\n{\"entities\":[]}\n7\n{\"text\":\"x\",\"entities\":7}\n{\"text\":",
    );
    assert_eq!(read, [vec!["A 0..1 “a”", "C 1..2 “b”"], vec![]]);
    assert_eq!(
        said,
        [
            "[0,1] is no start, end and label; it was not imported",
            "\"O\" is no start, end and label; it was not imported",
            "[-1,2,\"D\"] is no start, end and label; it was not imported",
            "0..9 is no place in the text, which has 3 characters; the span was not imported",
            "it has no text; it was not imported",
            "it is neither a line with a text nor a pair; it was not imported",
            "its entities are no list; they were not imported",
            "it is no JSON value: EOF while parsing a value",
        ]
    );
}

#[test]
fn damage_is_an_answer() {
    let (_folder, path, _) = doors::write("spacy-json", &options(&rich()), &rich());
    doors::survive("spacy-json", &path, 300);
}

#[test]
fn real_files_are_read_whole() {
    for (name, documents, spans) in [
        ("spacy/ner_demo_replace-train.json", 8, [8, 0]),
        ("spacy/spancat_demo-train.json", 3, [4, 0]),
        // Eleven entities, and the constituents in a layer of their own.
        ("spacy/v2-training-data.json", 1, [11, 37]),
    ] {
        let Some(path) = shared(name) else { return };
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()), Format::named("spacy-json"), "{name}");
        let (corpus, problems) = doors::read("spacy-json", &path);
        let found = [false, true].map(|brackets| {
            let layers = corpus.iter().flat_map(|(_, layers)| layers);
            let layers = layers.filter(|layer| (layer.annotator.as_str() == "brackets") == brackets);
            layers.map(|layer| layer.spans.len()).sum::<usize>()
        });
        assert_eq!((corpus.len(), found), (documents, spans), "{name}");
        assert!(problems.iter().all(|problem| problem.severity == Severity::Note), "{name}: {problems:?}");
    }
}
