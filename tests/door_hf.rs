//! Hugging Face data sets: the folder of JSON lines with its card, and Parquet. What they hold alike is tried on both.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{Array as _, ArrayRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Encoding;
use proptest::prelude::*;
use proptest::test_runner::Config;
use spanwright::annotation::exchange::{Line, Offsets, RawDocument, RawLayer, write_line};
use spanwright::annotation::{Annotator, Layer};
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::{ReadOptions, WriteOptions};
use spanwright::formats::table::Format;
use spanwright::formats::tokens::Scheme;
use spanwright::schema::LabelId;
use spanwright::text::{Document, Place};
use tempfile::TempDir;

use crate::doors::{self, Corpus, check_round_trip, options, seen, stress, survive, write};

const BOTH: [&str; 2] = ["parquet", "hf"];

#[test]
fn everything_that_goes_wrong_elsewhere_comes_back() {
    for format in BOTH {
        let corpus = stress();
        check_round_trip(format, &options(&corpus), &corpus);
        let (_folder, _path, losses) = write(format, &options(&corpus), &corpus);
        assert_eq!(losses, Vec::new(), "{format}");
        doors::keep(format, &options(&corpus), &corpus);
    }
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(64) })]
    #[test]
    fn whatever_is_written_comes_back(corpus in doors::corpora()) {
        for format in BOTH {
            check_round_trip(format, &options(&corpus), &corpus);
        }
    }
}

/// Everything that a document and its layers may have.
const FULL: &str = concat!(
    "{\"id\":\"odd \u{1f469}\u{200d}\u{1f469}\",\"text\":\"\\ufeffOne\\r\\ntwo 👍🏽 «три»\\rend\",\"meta\":{\"title\":\"T\",\"z\":[1,{\"y\":null}]},",
    r#""layers":[{"annotator":"ana","version":4,"clock":{"d-1":4},"updated":"2026-11-22T10:00:00Z","status":"in-progress","flag":"look","#,
    r#""schema":"news@0123","attributes":{"topic":["politics"]},"seconds":9,"mood":"good","spans":["#,
    r#"{"id":"q","label":"quote","ranges":[[1,4],[13,18]],"quote":"One «три»","attributes":{"kind":"direct"},"note":"n","origin":{"by":"suggestion","score":0.1},"x":1},"#,
    r#"{"id":"e","label":"entity","ranges":[[13,18]],"origin":{"by":"manual"}},{"id":"end","label":"entity","ranges":[[19,22]]},{"id":"none","label":"entity","ranges":[[2,2]]}],"#,
    r#""relations":[{"id":"r","kind":"speaker","from":"q","to":"e","attributes":{"sure":true},"y":2}]},"#,
    r#"{"annotator":"gold","spans":[],"decisions":[{"id":"d1","ruling":"nothing here","why":"—"}]}],"url":"u"}"#,
);

/// A line of our own as a document and its layers.
fn full() -> Corpus {
    let object = serde_json::from_str(FULL).unwrap();
    let mut problems = Vec::new();
    let raw = RawDocument::read(object, &Place::default(), &mut problems);
    let (text, newlines) = raw.text.clone().unwrap();
    let id = raw.document_id().unwrap();
    let document = Document { id, text, meta: raw.meta, newlines, extra: raw.extra };
    let check = |mut layer: RawLayer| {
        let annotator = Annotator::from(layer.annotator.take().unwrap());
        layer.check(annotator, &document, &raw.counting, &Place::default(), &mut Vec::new())
    };
    let layers = raw.layers.into_iter().map(check).collect();
    assert_eq!(problems, Vec::new());
    vec![(document, layers)]
}

fn line(document: &Document, layers: &[Layer]) -> String {
    let layers: Vec<Arc<Layer>> = layers.iter().cloned().map(Arc::new).collect();
    let mut out = Vec::new();
    write_line(&mut out, Line { document, layers: &layers, with_text: true, offsets: Offsets::Normalised }).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn nothing_of_a_full_document_is_lost() {
    let corpus = full();
    let (document, layers) = &corpus[0];
    for format in BOTH {
        for offsets in [Offsets::Normalised, Offsets::Original] {
            let (_folder, path, losses) = write(format, &WriteOptions { offsets, ..options(&corpus) }, &corpus);
            assert_eq!(losses, Vec::new());
            let (back, problems) = doors::read(format, &path);
            assert_eq!(line(&back[0].0, &back[0].1), line(document, layers), "{format} {offsets:?}");
            let said: Vec<String> = problems.iter().map(|problem| problem.sentence.clone()).collect();
            assert_eq!(said, ["the span covers nothing; it was kept"], "{format} {offsets:?}");
        }
    }
}

#[test]
fn a_document_that_nobody_has_seen_stays_so() {
    let corpus = vec![(doors::document("unseen", "One two"), Vec::new())];
    for format in BOTH {
        let (_folder, path, _) = write(format, &options(&corpus), &corpus);
        let (back, problems) = doors::read(format, &path);
        assert_eq!((back[0].1.len(), problems.len()), (0, 0), "{format}");
        assert_eq!(back[0].0, corpus[0].0, "{format}");
    }
}

#[test]
fn the_words_of_a_line_and_their_tags() {
    let document = doors::document("a", "Mara Lind’s\tu2\u{a0}👍🏽 no");
    let layer = doors::layer(
        &document,
        "ana",
        &[("entity", &[(0, 9)]), ("quote", &[(5, 9)]), ("event", &[(12, 13)]), ("event", &[(15, 17)])],
    );
    let corpus = vec![(document, vec![layer])];
    let tags = |scheme, priority: &[&str]| {
        let priority = priority.iter().map(|label| (*label).into()).collect();
        let (_folder, path, losses) = write("hf", &WriteOptions { scheme, priority, ..options(&corpus) }, &corpus);
        assert_eq!(losses, Vec::new());
        let row: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(path.join("train.jsonl")).unwrap()).unwrap();
        (row["tokens"].to_string(), row["offsets"].to_string(), row["ner_tags"].to_string())
    };
    let (tokens, offsets, bio) = tags(Scheme::Bio, &[]);
    assert_eq!(tokens, r#"["Mara","Lind","’s","u","2","👍🏽","no"]"#);
    assert_eq!(offsets, "[[0,4],[5,9],[9,11],[12,13],[13,14],[15,17],[18,20]]");
    assert_eq!(bio, r#"["B-entity","I-entity","O","B-event","O","B-event","O"]"#);
    assert_eq!(tags(Scheme::Bioes, &[]).2, r#"["B-entity","E-entity","O","S-event","O","S-event","O"]"#);
    assert_eq!(tags(Scheme::Bilou, &["quote"]).2, r#"["O","U-quote","O","U-event","O","U-event","O"]"#);
}

/// Tokens, offsets and tags of each row, as Arrow reads them.
type Cells = (Vec<String>, Vec<i64>, Vec<i64>);

fn cells(path: &Path) -> Vec<Cells> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap().build().unwrap();
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        let column = |name: &str| batch.column_by_name(name).unwrap().as_list::<i32>().clone();
        let (tokens, offsets, tags) = (column("tokens"), column("offsets"), column("ner_tags"));
        let numbers = |array: ArrayRef| array.as_primitive::<Int64Type>().values().to_vec();
        rows.extend((0..batch.num_rows()).map(|row| {
            let words = tokens.value(row).as_string::<i32>().iter().map(|word| word.unwrap().to_owned()).collect();
            let pairs = offsets.value(row).as_list::<i32>().clone();
            let tags = if tags.is_null(row) { vec![-1] } else { numbers(tags.value(row)) };
            (words, (0..pairs.len()).flat_map(|pair| numbers(pairs.value(pair))).collect(), tags)
        }));
    }
    rows
}

/// Columns and JSON lines hold the same words, places and tags.
fn check_cells(corpus: &Corpus) {
    let options = options(corpus);
    let letters = |label: &LabelId| ["B", "I"].map(|letter| format!("{letter}-{label}"));
    let names: Vec<String> = ["O".to_owned()].into_iter().chain(options.labels.iter().flat_map(letters)).collect();
    let (_folder, path, _) = write("hf", &options, corpus);
    let lines = fs::read_to_string(path.join("train.jsonl")).unwrap();
    let row = |line: &str| -> Cells {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let number = |tag: &serde_json::Value| names.iter().position(|name| *name == text(tag)).unwrap() as i64;
        let tags = match &row["ner_tags"] {
            serde_json::Value::Null => vec![-1],
            tags => list(tags).iter().map(number).collect(),
        };
        let offsets = list(&row["offsets"]).iter().flat_map(list).map(|offset| offset.as_i64().unwrap()).collect();
        (list(&row["tokens"]).iter().map(text).collect(), offsets, tags)
    };
    let (_folder, path, _) = write("parquet", &options, corpus);
    assert!(cells(&path) == lines.lines().map(row).collect::<Vec<_>>(), "columns and lines differ");
}

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(64) })]
    #[test]
    fn columns_hold_what_lines_hold(corpus in doors::corpora()) {
        check_cells(&corpus);
    }
}

#[test]
fn pages_dictionaries_and_groups_begin_and_end_between_rows() {
    let mut corpus = stress();
    let mut add = |id: &str, text: &str, spans: &[(&str, &[(usize, usize)])]| {
        let document = doors::document(id, text);
        let layer = doors::layer(&document, "ana", spans);
        corpus.push((document, vec![layer]));
    };
    // More different words than a dictionary takes, and then some that it would have had.
    let words = |from: usize| (from..from + 60_000).map(|word| format!("w{word:x}")).collect::<Vec<_>>().join(" ");
    add("w1", &words(0x10_0000), &[("entity", &[(0, 7)]), ("event", &[(8, 31)])]);
    add("w2", &words(0x20_0000), &[]);
    add("w3", &words(0x30_0000), &[("entity", &[(479_984, 479_991)])]);
    add("w4", "w100000 w100001", &[("event", &[(0, 7)])]);
    // Texts that cannot be packed fill a group each.
    let mut seed = 7_u64;
    for id in ["g1", "g2"] {
        let letter = |_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[(seed >> 33) as usize % 62])
        };
        add(id, &(0..9 << 20).map(letter).collect::<String>(), &[("entity", &[(0, 3)])]);
        add(&format!("{id} after"), "Mara said it", &[("entity", &[(0, 4)])]);
    }
    check_cells(&corpus);
    check_round_trip("parquet", &options(&corpus), &corpus);
    let (_folder, path, _) = write("parquet", &options(&corpus), &corpus);
    let reader = ParquetRecordBatchReaderBuilder::try_new(fs::File::open(path).unwrap()).unwrap();
    assert_eq!(reader.metadata().num_row_groups(), 3);
    let tokens = |group: usize| {
        reader
            .metadata()
            .row_group(group)
            .columns()
            .iter()
            .find(|column| column.column_path().string() == "tokens.list.item")
            .unwrap()
    };
    let plain = tokens(0).encodings().filter(|encoding| *encoding == Encoding::PLAIN).count();
    assert_eq!((plain, tokens(0).dictionary_page_offset().is_some()), (1, true));
}

#[test]
fn the_folder_is_what_the_library_reads() {
    let document = doors::document("a", "Oslo\u{2028}1");
    let layer = doors::layer(&document, "ana", &[("a \"b\": 👍\u{2028}#", &[(0, 4)])]);
    let corpus = vec![(document, vec![layer])];
    let options = WriteOptions { split: "dev", ..options(&corpus) };
    let (_folder, path, _) = write("hf", &options, &corpus);
    assert_eq!(
        fs::read_to_string(path.join("dev.jsonl")).unwrap(),
        concat!(
            r#"{"id":"a","text":"Oslo\u20281","text_sha256":"3710bcc4a8d981e9d8aa0142aae1adad7d1c44220b08e346b617c97efd4ce53f","#,
            r#""spans":[{"id":"s0","start":0,"end":4,"label":"a \"b\": 👍\u2028#","text":"Oslo","fragments":[],"attributes":null,"#,
            r#""note":null,"more":"{\"origin\":{\"by\":\"import\"}}"}],"relations":[],"tokens":["Oslo","1"],"offsets":[[0,4],[5,6]],"#,
            r#""ner_tags":["B-a \"b\": 👍\u2028#","O"],"annotator":"ana","status":"finished","flag":null,"document_attributes":null,"#,
            r#""split":"dev","meta":null,"spanwright":"{\"layer\":{\"version\":1}}"}"#,
            "\n"
        )
    );
    let card = fs::read_to_string(path.join("README.md")).unwrap();
    for part in [
        "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: validation\n    path: \"dev.jsonl\"\ndataset_info:\n",
        "    - name: label\n        dtype:\n          class_label:\n            names:\n              '0': \"a \\\"b\\\": 👍\\u2028#\"\n",
        "  - name: ner_tags\n    sequence:\n      class_label:\n        names:\n          '0': \"O\"\n          '1': \"B-a \\\"b\\\": 👍\\u2028#\"\n",
    ] {
        assert!(card.contains(part), "{part}\n{card}");
    }
    // One part of a split does not know the others.
    assert!(!card.contains("Documents:"), "{card}");
}

/// A folder of files with these names.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// What is read of a folder: `id · annotator · spans`, and what is said about it.
fn told(format: &str, path: &Path) -> (Vec<String>, Vec<String>) {
    let (corpus, problems) = doors::read(format, path);
    let layers = corpus.iter().flat_map(|(document, layers)| {
        let of = move |layer: &Layer| {
            format!("{} · {} · {}", document.id, layer.annotator.as_str(), seen(document, layer).join(" · "))
        };
        layers.iter().map(of)
    });
    (layers.collect(), problems.iter().map(|problem| problem.sentence.clone()).collect())
}

const CARD: &str = "---\nlicense: cc0-1.0\n# a comment\ndataset_info:\n- config_name: default\n  features:\n  - name: text\n    dtype: string\n  - name: spans\n    list:\n    - name: start\n      dtype: int64\n    - name: label\n      dtype:\n        class_label:\n          names:\n            '1': 'a ''b'': c'\n            '0': person\n  - name: ner_tags\n    sequence:\n      class_label:\n        names:\n          '0': O\n          '1': B-PER\n          '2': I-PER\n  splits:\n  - name: train\n---\n# Card\n";

#[test]
fn numbers_are_labels_by_the_names_in_the_card() {
    let lines = r#"{"id":7,"text":"Mara 👍🏽 Lind","spans":[{"start":0,"end":4,"label":0,"score":0.5},{"start":5,"end":7,"label":1}],"annotator":"ana","source":"wire","n":3}
{"id":8,"tokens":["Mara","Lind","met","Ola"],"ner_tags":[1,2,0,2],"pos":["N","N","V","N"]}
{"id":9,"text":"Mara  met Ola","tokens":["Mara","met","Ola"],"ner_tags":[1,0,-1]}
"#;
    let folder = folder(&[("README.md", CARD), ("train.jsonl", lines), ("notes.txt", "x")]);
    let (read, problems) = told("hf", folder.path());
    assert_eq!(
        read,
        [
            "train/7 · ana · a 'b': c 5..7 “👍🏽” · person 0..4 “Mara”",
            "train/8 · me · PER 0..9 “Mara Lind” · PER 14..17 “Ola”",
            "train/9 · me · PER 0..4 “Mara”",
        ]
    );
    assert_eq!(problems, ["the rows hold tokens and no text: the text is the tokens, joined by spaces"]);
    let (corpus, _) = doors::read("hf", folder.path());
    let meta: Vec<String> = corpus.iter().map(|(document, _)| serde_json::to_string(&document.meta).unwrap()).collect();
    assert_eq!(
        meta,
        [
            r#"{"source":"wire","huggingface":{"n":3,"split":"train"}}"#,
            r#"{"huggingface":{"pos":["N","N","V","N"],"split":"train"}}"#,
            r#"{"huggingface":{"split":"train"}}"#,
        ]
    );
    let extra = &corpus[0].1[0].spans.iter().next().unwrap().extra;
    assert_eq!(serde_json::to_string(extra).unwrap(), r#"{"score":0.5}"#);
    assert_eq!(Format::of(&Glimpse::at(folder.path()).unwrap()).unwrap().id, "hf");
}

#[test]
fn spans_in_the_spellings_that_others_use() {
    let lines = r#"{"id":"columns","text":"Mara met Ola","entities":{"start":[0,9],"end":[4,12],"label":["A","B"]}}
{"id":"triples","text":"Mara met Ola","labels":[[0,4,"A"],[9,12,"B"]]}
{"id":"group","sentence":"Mara met Ola","entities":[{"start":0,"end":4,"entity_group":"A","word":"Mara"}]}
{"id":"pieces","text":"Mara met Ola","entities":[{"id":"e1","type":"A","text":["Mara","Ola"],"offsets":[[0,4],[9,12]],"normalized":[]}]}
{"id":"moved","text":"Mara met Ola","spans":[{"start_offset":2,"end_offset":6,"label":"A","text":"Mara"}]}
{"id":"points","content":"Mara met Ola","annotation":[{"label":["A","B"],"points":[{"start":0,"end":3,"text":"Mara"}]}]}
{"id":"length","text":"Mara met Ola","entities":[{"offset":9,"length":3,"type":"A"}]}
{"id":"pair","text":"Mara met Ola","entities":[{"pos":[0,4],"type":"A","name":"Mara"}]}
{"id":"bare","tokens":["Mara","Lind","met"],"tags":["PER","PER","O"]}
{"id":"numbers","tokens":["Mara","met"],"tags":[3,0]}
{"id":"apart","text":"Mara, met","tokens":["Mara","met"],"ner_tags":["B-A","O"]}
{"id":"uneven","tokens":["Mara","met"],"ner_tags":["B-A"]}
{"id":"no one"}
{}
[1]
{"id":"far","text":"Mara","spans":[{"start":0,"end":99999999999999999999,"label":"A"},{"start":-1,"end":2,"label":"A"},{"start":0,"end":4}]}
"#;
    let folder = folder(&[("data.jsonl", lines)]);
    let (read, problems) = told("hf", &folder.path().join("data.jsonl"));
    assert_eq!(
        read,
        [
            "columns · me · A 0..4 “Mara” · B 9..12 “Ola”",
            "triples · me · A 0..4 “Mara” · B 9..12 “Ola”",
            "group · me · A 0..4 “Mara”",
            "pieces · me · A 0..4,9..12 “Mara Ola”",
            "moved · me · A 0..4 “Mara”",
            "points · me · A 0..4 “Mara” · B 0..4 “Mara”",
            "length · me · A 9..12 “Ola”",
            "pair · me · A 0..4 “Mara”",
            "bare · me · PER 0..9 “Mara Lind”",
            "numbers · me · 3 0..4 “Mara”",
            "apart · me · A 0..4 “Mara”",
            "far · me · ",
        ]
    );
    assert_eq!(
        problems,
        [
            "its text stands 2 characters away from its offsets: moved there",
            "the rows hold tokens and no text: the text is the tokens, joined by spaces",
            "the tags are numbers and no names are given for them: 0 was taken for no label, the others are the labels",
            "the tokens are not those of the text: the tokens were taken, joined by spaces, and the text is kept in meta",
            "there are 2 tokens and 1 tags: no span was read",
            "the row has no text and no tokens; its columns are id",
            "the row is empty",
            "it is no JSON object; each line must be one",
            "\"end\" should be a whole number, 0 or more; it was not imported",
            "\"start\" should be a whole number, 0 or more; it was not imported",
            "the span has no start and end; the span was not imported",
            "the span has no start and end; the span was not imported",
            "the span has no label; the span was not imported",
        ]
    );
}

#[test]
fn files_of_one_data_set_do_not_clash() {
    let line = |text: &str| format!("{{\"id\":0,\"text\":\"{text}\",\"spans\":[]}}\n");
    let folder = folder(&[
        ("README.md", "---\nconfigs:\n- config_name: default\n---\n"),
        ("data/train-00000-of-00001.jsonl", &line("one")),
        ("data/test-00000-of-00001.jsonl", &line("two")),
    ]);
    let (read, problems) = told("hf", folder.path());
    assert_eq!((read, problems), (vec!["test/0 · me · ".to_owned(), "train/0 · me · ".to_owned()], Vec::new()));
}

#[test]
fn a_text_that_was_changed_since_is_said() {
    let corpus = stress();
    let (_folder, path, _) = write("hf", &options(&corpus), &corpus);
    let file = path.join("train.jsonl");
    let lines = fs::read_to_string(&file).unwrap().replacen("Mara Lind said", "So Mara Lind said", 1);
    fs::write(&file, lines).unwrap();
    let (read, problems) = doors::read("hf", &path);
    assert_eq!(seen(&read[0].0, &read[0].1[0])[0], "entity 3..12 “Mara Lind”");
    assert_eq!(
        problems[0].sentence,
        "the text is not the one that was exported (text_sha256): it was taken as it is now"
    );
    assert_eq!(problems[1].sentence, "its text stands 3 characters away from its offsets: moved there");
}

#[test]
fn other_files_are_not_taken_for_these() {
    let corpus = stress();
    let (_folder, path, _) = write("parquet", &options(&corpus), &corpus);
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).unwrap().id, "parquet");
    let (_folder, path, _) = write("hf", &options(&corpus), &corpus);
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).unwrap().id, "hf");
    for files in [
        &[("README.md", "# Articles\n"), ("a.jsonl", "{}")][..],
        &[("README.md", "---\ntitle: x\n---\n"), ("a.jsonl", "{}")],
        &[("README.md", CARD), ("a.txt", "")],
        &[("a.jsonl", "{}")],
    ] {
        let folder = folder(files);
        assert_eq!(Format::of(&Glimpse::at(folder.path()).unwrap()).map(|format| format.id), None, "{files:?}");
    }
}

#[test]
fn damaged_files_are_answered() {
    let corpus = stress();
    for format in BOTH {
        let (_folder, path, _) = write(format, &options(&corpus), &corpus);
        survive(format, &path, 300);
    }
}

/// What reading a file as Parquet says, as an error or of a row.
fn said(bytes: &[u8]) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("x.parquet");
    fs::write(&path, bytes).unwrap();
    match Format::named("parquet").unwrap().reader.unwrap()(&path, &ReadOptions::default()) {
        Err(error) => error.to_string().rsplit("file: ").next().unwrap().to_owned(),
        Ok(records) => records.filter_map(Result::err).map(|problem| problem.sentence).collect::<Vec<_>>().join(" · "),
    }
}

#[test]
fn hostile_parquet_is_refused_before_it_is_read() {
    let corpus = stress();
    let (_folder, path, _) = write("parquet", &options(&corpus), &corpus);
    let sound = fs::read(path).unwrap();
    assert_eq!(said(&sound), "");
    assert_eq!(said(b"PAR1"), "it is too short");
    assert_eq!(said(&sound[..sound.len() - 1]), "its end is missing; it may be cut off, or encrypted");
    assert_eq!(said(b"PAR1\xff\xff\xff\x7fPAR1"), "its footer is said to be longer than the file");
    // A schema of groups in groups: each element is a struct with a name and one child.
    let mut footer = vec![0x15, 2, 0x19, 0xfc, 0x90, 0x4e];
    for _ in 0..10_000 {
        footer.extend([0x48, 1, b'a', 0x15, 2, 0]);
    }
    footer.push(0);
    let mut deep = b"PAR1".to_vec();
    deep.extend(&footer);
    deep.extend((footer.len() as u32).to_le_bytes());
    deep.extend(b"PAR1");
    assert_eq!(said(&deep), "its schema is too large or too deep");
    // The first page begins at byte 4: its head says the type, the unpacked and the packed size.
    assert_eq!(sound[4..7], [0x15, 0, 0x15], "the first page has another head");
    let mut bomb = sound.clone();
    bomb.splice(7..9, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
    assert!(said(&bomb).contains("a page is said to unpack to more than it can"), "{}", said(&bomb));
}

#[test]
fn names_stand_in_the_folder_above_and_in_the_file_before_cards() {
    let infos = r#"{"one": {"features": {"tags": {"feature": {"names": ["O", "B-X"], "_type": "ClassLabel"}, "_type": "Sequence"}}},
        "data": {"features": {"tokens": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "Sequence"},
        "tags": {"feature": {"names": ["O", "B-LOC", "I-LOC"], "id": [0, 1, 2], "_type": "ClassLabel"}, "_type": "Sequence"}}}}"#;
    let card = "---\ndataset_info:\n- config_name: one\n  features:\n  - name: tags\n    sequence:\n      class_label:\n        names:\n          '0': O\n          '1': B-X\n\
        - config_name: data\n  features:\n  - name: tags\n    sequence:\n      class_label:\n        names:\n          '0': O\n          '1': B-LOC\n          '2': I-LOC\n---\n";
    let line = r#"{"tokens": ["New", "Oslo", "fell"], "tags": [1, 2, 0]}"#;
    for (name, content) in [("dataset_infos.json", infos), ("README.md", card)] {
        let folder = folder(&[(name, content)]);
        fs::create_dir(folder.path().join("data")).unwrap();
        let path = folder.path().join("data/train.jsonl");
        fs::write(&path, line).unwrap();
        for path in [path, folder.path().join("data")] {
            let (read, problems) = told("hf", &path);
            assert_eq!(read.len(), 1, "{name}");
            assert!(read[0].ends_with(" · me · LOC 0..8 “New Oslo”"), "{name}: {read:?}");
            assert_eq!(problems, ["the rows hold tokens and no text: the text is the tokens, joined by spaces"]);
        }
    }
}
