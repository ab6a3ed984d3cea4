//! spaCy `DocBin`: what goes out and comes back, what other tools write, what is broken.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use proptest::prelude::*;
use rmp::encode;
use serde_json::{Value, json};
use spanwright::annotation::Layer;
use spanwright::formats::articles::Limits;
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::{ReadOptions, WriteOptions};
use spanwright::formats::settle::{Votes, settle};
use spanwright::formats::table::Format;
use spanwright::formats::tokens::Misaligned;
use spanwright::text::convert::Unit;
use spanwright::text::{Document, Problem};
use tempfile::TempDir;

use crate::doors::{self, corpora, document, layer, options, rich, seen, stress};

#[test]
fn everything_comes_back() {
    doors::check_round_trip("spacy", &options(&stress()), &stress());
    doors::keep("spacy", &options(&stress()), &stress());
    doors::made("spacy");
    let (_folder, path, losses) = doors::write("spacy", &options(&rich()), &rich());
    assert_eq!(losses, []);
    let (read, problems) = doors::read("spacy", &path);
    doors::same(&rich(), &read);
    assert_eq!(sentences(&problems), ["the span covers nothing; it was kept"]);
}

fn sentences(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.sentence.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_written_is_read(corpus in corpora()) {
        let (_folder, path, losses) = doors::write("spacy", &options(&corpus), &corpus);
        prop_assert_eq!(losses, vec![]);
        doors::same(&corpus, &doors::read("spacy", &path).0);
    }

    #[test]
    fn every_policy_says_what_it_changes(corpus in corpora(), policy in 1..4_usize) {
        let options = WriteOptions { misaligned: Misaligned::ALL[policy], ..options(&corpus) };
        doors::check_round_trip("spacy", &options, &corpus);
    }
}

/// A value in `MessagePack`: JSON, or what JSON has no words for.
enum Pack {
    Json(Value),
    Bytes(Vec<u8>),
    List(Vec<Pack>),
    Map(Vec<(Pack, Pack)>),
}

use Pack::{Bytes, Json, List};

fn pack(value: &Pack) -> Vec<u8> {
    let mut out = Vec::new();
    match value {
        Bytes(bytes) => encode::write_bin(&mut out, bytes).unwrap(),
        List(list) => {
            encode::write_array_len(&mut out, list.len() as u32).unwrap();
            out.extend(list.iter().flat_map(pack));
        }
        Pack::Map(map) => {
            encode::write_map_len(&mut out, map.len() as u32).unwrap();
            out.extend(map.iter().flat_map(|(key, value)| [pack(key), pack(value)].concat()));
        }
        Json(Value::Null) => encode::write_nil(&mut out).unwrap(),
        Json(Value::Bool(yes)) => encode::write_bool(&mut out, *yes).unwrap(),
        Json(Value::Number(number)) => match number.as_u64() {
            Some(number) => drop(encode::write_uint(&mut out, number).unwrap()),
            None => encode::write_f64(&mut out, number.as_f64().unwrap()).unwrap(),
        },
        Json(Value::String(text)) => encode::write_str(&mut out, text).unwrap(),
        Json(Value::Array(list)) => out = pack(&List(list.iter().cloned().map(Json).collect())),
        Json(Value::Object(map)) => {
            let entry = |(key, value): (&String, &Value)| (Json(json!(key)), Json(value.clone()));
            out = pack(&Pack::Map(map.iter().map(entry).collect()));
        }
    }
    out
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn unzlib(path: &Path) -> Vec<u8> {
    let mut inner = Vec::new();
    ZlibDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut inner).unwrap();
    inner
}

/// A `DocBin` with rows of words as another program may have written them.
fn bin(
    attrs: &[u64],
    docs: &[&[&[u64]]],
    spaces: &[u8],
    strings: &[&str],
    more: Vec<(&str, Pack)>,
) -> Vec<(Pack, Pack)> {
    let tokens = docs.iter().copied().flatten().copied().flatten().flat_map(|number| number.to_le_bytes()).collect();
    let lengths = docs.iter().flat_map(|doc| (doc.len() as i32).to_le_bytes()).collect();
    let mut parts = vec![
        ("version", Json(json!("0.1"))),
        ("attrs", Json(json!(attrs))),
        ("tokens", Bytes(tokens)),
        ("spaces", Bytes(spaces.to_vec())),
        ("lengths", Bytes(lengths)),
        ("strings", Json(json!(strings))),
        ("cats", List(docs.iter().map(|_| Json(json!({}))).collect())),
        ("flags", List(docs.iter().map(|_| Json(json!({"has_unknown_spaces": false}))).collect())),
    ];
    parts.extend(more);
    parts.into_iter().map(|(key, value)| (Json(json!(key)), value)).collect()
}

/// Reads a `DocBin` of these parts: each document's text with its spans, and what was said.
fn told(parts: Vec<(Pack, Pack)>) -> (Vec<(String, Vec<String>)>, Vec<String>) {
    let (_folder, path) = file(&zlib(&pack(&Pack::Map(parts))));
    let (corpus, problems) = doors::read("spacy", &path);
    let spans = |(document, layers): &(Document, Vec<Layer>)| {
        let spans = layers.iter().flat_map(|layer| seen(document, layer)).collect();
        (document.text.as_str().to_owned(), spans)
    };
    (corpus.iter().map(spans).collect(), problems.into_iter().map(|problem| problem.sentence).collect())
}

fn file(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("in.spacy");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

// What spaCy hashes these to; PERSON is 380 and GPE 384 whatever they hash to.
const HELLO: u64 = 5_983_625_672_228_268_878;
const TOKYO: u64 = 15_594_865_911_123_665_242;

fn row(ids: [u64; 3], places: [i32; 4]) -> Pack {
    let ids = ids.iter().flat_map(|id| id.to_be_bytes());
    Bytes(ids.chain(places.iter().flat_map(|place| place.to_be_bytes())).collect())
}

fn group(name: &str, rows: Vec<Pack>) -> Vec<u8> {
    let key = |key: &str| Json(json!(key));
    pack(&Pack::Map(vec![(key("name"), key(name)), (key("attrs"), Json(json!({}))), (key("spans"), List(rows))]))
}

#[test]
fn entities_are_read_as_spacy_reads_them() {
    // Columns in any order, unknown ones among them; B and I, I without B, an entity without a label, and a word named PERSON.
    let words: &[&[u64]] = &[
        &[3, HELLO, 380, 7],
        &[1, TOKYO, 380, 7],
        &[2, 380, 0, 7],
        &[1, HELLO, 384, 7],
        &[3, HELLO, 0, 7],
        &[3, TOKYO, 384, 7],
        &[3, TOKYO, 380, 7],
    ];
    let blank: &[&[u64]] = &[&[0, HELLO, 0, 0]];
    let parts = bin(&[77, 65, 78, 75], &[words, blank], &[1, 0, 1, 1, 1, 1, 1, 0], &["hello", "東京タワー"], vec![]);
    let (read, said) = told(parts);
    let spans = [
        "GPE 18..23 “hello”",
        "GPE 30..35 “東京タワー”",
        "PERSON 0..11 “hello 東京タワー”",
        "PERSON 36..41 “東京タワー”",
    ];
    let text = "hello 東京タワーPERSON hello hello 東京タワー 東京タワー ";
    assert_eq!(read, [(text.to_owned(), spans.map(str::to_owned).to_vec()), ("hello".to_owned(), vec![])]);
    assert_eq!(
        said,
        [
            "what the file says of single words is not read: TAG",
            "1 of its entities begin within an entity (I without B): read as beginnings",
        ]
    );
}

#[test]
fn groups_are_read_in_both_of_their_shapes() {
    let words: &[&[u64]] = &[&[HELLO, 0, 0], &[TOKYO, 3, 384]];
    let rows = || vec![row([0, 0, 384], [1, 2, 6, 11]), row([0, 0, 380], [0, 2, 0, 11])];
    let new = pack(&Pack::Map(vec![
        (Bytes(group("sc", rows())), Json(json!(["sc", "again"]))),
        // Offsets that do not fit their words: the words count.
        (Bytes(group("other", vec![row([HELLO, 0, 385], [0, 1, 1, 6])])), Json(json!(["other"]))),
    ]));
    let old = pack(&List(vec![Bytes(group("sc", rows()))]));
    let groups = vec![("span_groups", List(vec![Bytes(new), Bytes(old), Bytes(vec![])]))];
    let parts = bin(&[65, 77, 78], &[words, words, words], &[1, 0, 1, 0, 1, 0], &["hello", "東京タワー"], groups);
    let (_folder, path) = file(&zlib(&pack(&Pack::Map(parts))));
    let (corpus, problems) = doors::read("spacy", &path);
    // All three have the same text, and so the same id.
    let [(document, layers)] = corpus.as_slice() else { panic!("{corpus:?}") };
    let both = ["GPE 6..11 “東京タワー”", "PERSON 0..11 “hello 東京タワー”"];
    assert_eq!(
        seen(document, &layers[0]),
        ["GPE 6..11 “東京タワー”", "LOC 0..5 “hello”", "PERSON 0..11 “hello 東京タワー”"]
    );
    assert_eq!(seen(document, &layers[1]), both);
    assert_eq!(seen(document, &layers[2]), both[..1]);
    assert_eq!(sentences(&problems), ["its text stands 1 characters away from its offsets: moved there"]);
    let other = layers[0].spans.iter().find(|span| span.label.as_str() == "LOC").unwrap();
    assert_eq!(other.extra["spacy"], json!({"groups": ["other"], "id": "hello"}));
}

#[test]
fn what_the_strings_lack_is_refused_and_the_rest_goes_on() {
    let (one, two): (&[&[u64]], &[&[u64]]) = (&[&[77_777, 0, 0]], &[&[HELLO, 3, 99_999]]);
    let (read, said) = told(bin(&[65, 77, 78], &[one, two, two], &[0, 0, 0], &["hello"], vec![]));
    assert_eq!(read, [("hello".to_owned(), vec![])]);
    let label = "the file’s strings are without number 99999, the label of the span 0..5; it was not imported";
    assert_eq!(
        said,
        [
            "its words cannot be read: the file’s strings are without number 77777; the document was not imported",
            label,
            label,
        ]
    );
}

#[test]
fn what_is_spacys_alone_comes_back_to_it() {
    let user = Pack::Map(vec![
        (Json(json!(["._.", "title", null, null])), Json(json!("A title"))),
        (Json(json!("plain")), Json(json!([1, {"a": -0.5}]))),
        (Json(json!("raw")), Bytes(vec![1, 2])),
    ]);
    let words: &[&[u64]] = &[&[HELLO, 2, 0]];
    let mut parts = bin(&[65, 77, 78], &[words], &[0], &["hello"], vec![("user_data", List(vec![Bytes(pack(&user))]))]);
    parts[6].1 = List(vec![Json(json!({"news": 0.5}))]);
    let (_folder, path) = file(&zlib(&pack(&Pack::Map(parts))));
    let (corpus, problems) = doors::read("spacy", &path);
    assert_eq!(sentences(&problems), ["what user_data has under raw could not be kept: it holds raw bytes"]);
    let kept = json!({"cats": {"news": 0.5}, "user_data": {"[\"._.\",\"title\",null,null]": "A title", "plain": [1, {"a": -0.5}]}});
    assert_eq!(corpus[0].0.meta["spacy"], kept);
    let (_folder, path, losses) = doors::write("spacy", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    let inner = unzlib(&path);
    for piece in [
        pack(&Json(json!({"news": 0.5}))),
        [pack(&Json(json!(["._.", "title", null, null]))), pack(&Json(json!("A title")))].concat(),
    ] {
        assert!(inner.windows(piece.len()).any(|window| window == piece), "{piece:?}");
    }
    doors::same(&corpus, &doors::read("spacy", &path).0);
}

#[test]
fn a_doc_that_was_changed_since_is_believed() {
    let words: &[&[u64]] = &[&[HELLO, 3, 380], &[TOKYO, 3, 384]];
    let spans = json!([
        {"id": "gone", "label": "GPE", "ranges": [[0, 5]]},
        {"id": "here", "label": "LOC", "ranges": [[6, 11]], "note": "kept"},
    ]);
    let note =
        json!({"spanwright": {"id": "d", "layers": [{"annotator": "ana", "status": "in-progress", "spans": spans}]}});
    let group =
        pack(&Pack::Map(vec![(Bytes(group("sc", vec![row([0, 0, 385], [1, 2, 6, 11])])), Json(json!(["sc"])))]));
    let more = vec![("span_groups", List(vec![Bytes(group)])), ("user_data", List(vec![Bytes(pack(&Json(note)))]))];
    let parts = bin(&[65, 77, 78], &[words], &[1, 0], &["hello", "東京タワー"], more);
    let (_folder, path) = file(&zlib(&pack(&Pack::Map(parts))));
    let (corpus, problems) = doors::read("spacy", &path);
    let (document, layers) = &corpus[0];
    let expected = ["GPE 6..11 “東京タワー”", "LOC 6..11 “東京タワー”", "PERSON 0..5 “hello”"];
    assert_eq!(seen(document, &layers[0]), expected);
    assert_eq!(sentences(&problems), ["the note of this program knows the span, the Doc does not: left out"]);
    assert_eq!((document.id.as_str(), layers[0].annotator.as_str()), ("d", "ana"));
    assert_eq!(layers[0].spans.iter().find(|span| span.id.as_str() == "here").unwrap().note, "kept");
}

#[test]
fn a_small_export_byte_by_byte() {
    let document = document("d", "hello タワー \n");
    let spans: &[(&str, &[(usize, usize)])] = &[("PERSON", &[(0, 9)]), ("GPE", &[(6, 10)])];
    let corpus = vec![(document.clone(), vec![layer(&document, "ana", spans)])];
    let (_folder, path, losses) = doors::write("spacy", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    // One entity, the longest; the space at the end of GPE is a word, because the span ends behind it.
    let space = 8_532_415_787_641_010_193;
    let newline = 962_983_613_142_996_970;
    let tower = 3_576_846_206_290_623_234;
    let words: &[&[u64]] = &[&[HELLO, 3, 380], &[tower, 1, 380], &[space, 2, 0], &[newline, 2, 0]];
    let group = group("sc", vec![row([0, 0, 380], [0, 2, 0, 9]), row([0, 0, 384], [1, 3, 6, 10])]);
    let groups = pack(&Pack::Map(vec![(Bytes(group), Json(json!(["sc"])))]));
    let more = vec![("span_groups", List(vec![Bytes(groups)])), ("user_data", List(vec![]))];
    let strings = ["PERSON", "hello", "タワー", " ", "\n", "GPE"];
    let parts = bin(&[65, 77, 78], &[words], &[1, 0, 0, 0], &strings, more);
    let expected = pack(&Pack::Map(parts));
    let expected = &expected[..expected.len() - 1];
    assert_eq!(&unzlib(&path)[..expected.len()], expected);
}

#[test]
fn what_is_no_docbin_says_so() {
    let said = |bytes: &[u8]| {
        let (_folder, path) = file(bytes);
        let (corpus, problems) = doors::read("spacy", &path);
        assert_eq!(corpus, []);
        sentences(&problems).join("; ")
    };
    let words: &[&[u64]] = &[&[HELLO, 0, 0]];
    let good = || bin(&[65, 77, 78], &[words], &[0], &["hello"], vec![]);
    let changed = |index: usize, value: Pack| {
        let mut parts = good();
        parts[index].1 = value;
        said(&zlib(&pack(&Pack::Map(parts))))
    };
    let no = |why: &str| format!("it is no DocBin that spaCy could read: {why}; nothing of it was imported");
    assert_eq!(
        changed(4, Bytes(vec![2, 0, 0, 0])),
        no("its lengths speak of 2 words, of which 1 are there, and 1 spaces")
    );
    assert_eq!(changed(4, Bytes(vec![255; 4])), no("one of its lengths is negative"));
    assert_eq!(changed(3, Bytes(vec![])), no("its lengths speak of 1 words, of which 1 are there, and 0 spaces"));
    assert_eq!(changed(1, Json(json!([77]))), no("its attrs are without ORTH: nobody knows its words"));
    assert_eq!(changed(1, Json(json!([]))), no("its attrs are without ORTH: nobody knows its words"));
    assert_eq!(changed(2, Bytes(vec![0; 23])), no("its tokens or lengths are cut off"));
    assert_eq!(changed(5, Json(json!({}))), no("its strings are no list"));
    let whole = pack(&Pack::Map(good()));
    let cut = "the file is cut off: nothing of it was imported";
    assert_eq!(said(&zlib(&whole[..whole.len() - 3])), cut);
    let file = zlib(&whole);
    assert_eq!(said(&file[..file.len() / 2]), cut);
    assert_eq!(said(&zlib(&[&whole[..], b"x"].concat())), no("there is more behind its end"));
    assert_eq!(said(b"{\"text\":\"no\"}"), no("corrupt deflate stream"));
    assert_eq!(said(&zlib(&vec![0x91; 2_000_000])), no("it holds no map"));
    // A length without its bytes takes no memory, and a bomb goes off harmlessly.
    let announced = [&[0x81, 0xa6][..], b"tokens", &[0xc6, 0xff, 0xff, 0xff, 0xff, 0]].concat();
    assert_eq!(said(&zlib(&announced)), cut);
    let beyond = no("it grows beyond all measure when unpacked");
    let narrow = |ratio_from: u64, archive_bytes: u64, parts: Vec<(Pack, Pack)>| {
        let (_folder, path) = self::file(&zlib(&pack(&Pack::Map(parts))));
        let limits = Limits { ratio_from, archive_bytes, ..Limits::default() };
        let mut records =
            Format::named("spacy").unwrap().reader.unwrap()(&path, &ReadOptions { limits, ..ReadOptions::default() })
                .unwrap();
        records.next().unwrap().unwrap_err().sentence
    };
    let with = |key, value| bin(&[65, 77, 78], &[words], &[0], &["hello"], vec![(key, value)]);
    let mib = 1 << 20;
    assert_eq!(narrow(mib, 1 << 30, with("strings", Json(json!(["x".repeat(2 * mib as usize)])))), beyond);
    assert_eq!(narrow(mib, 1 << 30, with("user_data", List(vec![Bytes(vec![0; 2 * mib as usize])]))), beyond);
    assert_eq!(narrow(mib, mib, with("unknown", Bytes(vec![0; 2 * mib as usize]))), beyond);
    // Lists within lists, deeper than any stack.
    let deep = [&[0x81, 0xa1, b'x'][..], &vec![0x91; 1_000_000]].concat();
    assert_eq!(said(&zlib(&deep)), cut);
}

#[test]
fn damage_is_an_answer() {
    let (_folder, path, _) = doors::write("spacy", &options(&rich()), &rich());
    doors::survive("spacy", &path, 300);
    // Behind the checksum too.
    let inner = unzlib(&path);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..600 {
        let mut bytes = inner.clone();
        for _ in 0..=random(3) {
            let at = random(bytes.len());
            match random(3) {
                0 => bytes[at] ^= 1 << random(8),
                1 => bytes[at] = [0, 0xff, 0x7f, 0x80, 0x91, 0xc6, 0xdf][random(7)],
                _ => bytes.truncate(at.max(1)),
            }
        }
        let (_folder, path) = file(&zlib(&bytes));
        let records = Format::named("spacy").unwrap().reader.unwrap()(&path, &ReadOptions::default()).unwrap();
        let mut problems = Vec::new();
        for mut record in records.flatten() {
            let way = Votes::default().winner(Unit::CodePoint);
            settle(&mut record.document, way, &record.place, &mut problems);
        }
    }
}

#[test]
fn files_and_folders_are_recognised() {
    let (folder, path, _) = doors::write("spacy", &options(&rich()), &rich());
    let format = |path: &Path| Format::of(&Glimpse::at(path).unwrap()).map(|format| format.id);
    assert_eq!(format(&path), Some("spacy"));
    assert_eq!(format(folder.path()), Some("spacy"));
    fs::copy(&path, folder.path().join("b.spacy")).unwrap();
    let reader = Format::named("spacy").unwrap().reader.unwrap();
    assert_eq!(reader(folder.path(), &ReadOptions::default()).unwrap().count(), 8);
    let (_folder, other) = file(&zlib(b"plain text, packed"));
    assert_eq!(format(&other), None);
}
