//! Spanwright JSONL: exact bytes, what is kept, what is refused; the examples of ARCHITECTURE.md.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use spanwright::annotation::exchange::{Line, Offsets, RawDocument, RawLayer, write_line};
use spanwright::annotation::{
    Annotator, Attributes, Clock, ItemId, Layer, Origin, OriginKind, Ranges, RawSpan, Relation, Span, Spans, Status,
};
use spanwright::formats::spanwright::Records;
use spanwright::schema::{LabelId, RelationId};
use spanwright::text::{Document, Place, Problem, Severity, Text};

use crate::support::{ODD, document};

/// What the lines of a file say, and everything that was wrong with them. Spans at document level belong to `me`.
fn read(source: &str) -> (Vec<(Document, Vec<Layer>)>, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut documents = Vec::new();
    for record in Records::new(Cursor::new(source), "test.jsonl".to_owned(), 1 << 20) {
        let record = match record {
            Ok(record) => record,
            Err(problem) => {
                problems.push(*problem);
                continue;
            }
        };
        problems.extend(record.problems);
        let mut raw = record.document;
        let id = raw.document_id().expect("the line has an id or a text");
        if record.has_spans {
            let spans = std::mem::take(&mut raw.spans);
            raw.layers.push(RawLayer { spans, ..Default::default() });
        }
        let (text, newlines) = raw.text.unwrap_or_else(|| panic!("{id} has no text"));
        let document = Document { id, text, meta: raw.meta, newlines, extra: raw.extra };
        let layers = raw.layers.into_iter().map(|mut layer| {
            let owner = Annotator::from(layer.annotator.take().unwrap_or_else(|| "me".to_owned()));
            layer.check(owner, &document, &raw.counting, &record.place, &mut problems)
        });
        let layers = layers.collect();
        documents.push((document, layers));
    }
    (documents, problems)
}

fn write(document: &Document, layers: &[Layer], offsets: Offsets) -> String {
    let layers: Vec<Arc<Layer>> = layers.iter().cloned().map(Arc::new).collect();
    let mut out = Vec::new();
    write_line(&mut out, Line { document, layers: &layers, with_text: true, offsets }).unwrap();
    String::from_utf8(out).unwrap()
}

/// Reads, expects nothing wrong, writes again.
fn again(source: &str) -> String {
    let (documents, problems) = read(source);
    assert_eq!(problems, [], "{source}");
    documents.iter().map(|(document, layers)| write(document, layers, Offsets::Normalised)).collect()
}

/// The fenced blocks of a kind in ARCHITECTURE.md.
fn examples(kind: &str) -> Vec<String> {
    let text = include_str!("../ARCHITECTURE.md");
    let blocks = text.split("\n```").skip(1).step_by(2);
    let blocks = blocks.filter_map(|block| block.strip_prefix(kind)?.strip_prefix('\n'));
    blocks.map(|block| format!("{block}\n")).collect()
}

#[test]
fn the_example_of_the_architecture_reads_and_writes_the_same_bytes() {
    let examples = examples("jsonl");
    assert_eq!(examples.len(), 1);
    assert_eq!(again(&examples[0]), examples[0]);
    let (documents, _) = read(&examples[0]);
    let (document, layers) = &documents[0];
    let quote = layers[0].span(&"01JD0000000000000000000001".into()).unwrap();
    assert_eq!(quote.ranges.quote(&document.text), "“We will rebuild,” “and soon.”");
    assert_eq!(document.newlines.restore(document.text.as_str()).matches("\r\n").count(), 1);
    assert_eq!(document.extra["url"], "https://harbourpost.example/7");
}

#[test]
fn the_other_examples_of_the_architecture_parse() {
    for spans in examples("spans") {
        let (documents, problems) = read(&spans);
        assert_eq!(problems, []);
        assert_eq!(documents[0].1[0].spans.len(), 3);
    }
    let reports = examples("json");
    assert_eq!(reports.len(), 1);
    let report: Value = serde_json::from_str(&reports[0]).unwrap();
    let columns: Vec<&String> = report["problems"][0].as_object().unwrap().keys().collect();
    assert_eq!(columns, spanwright::session::report::COLUMNS);
}

#[test]
fn the_exact_bytes_of_a_small_document() {
    let document = document("a12", "Kerry said: “No.”");
    let mut layer = Layer::untouched(Annotator::from("ana"));
    layer.version = 1;
    layer.status = Status::Finished;
    let whole = document.text.range(0, 5).unwrap();
    let span = Span::manual(ItemId::from("s1"), LabelId::from("entity"), Ranges::from(whole));
    assert!(layer.spans.insert(Arc::new(span)));
    let expected = concat!(
        r#"{"id":"a12","sha256":"8478aff9f802bbd74030e6007b0d9af5355794703c2a83bf7e5468c224bddbb1","text":"Kerry said: “No.”","meta":{},"#,
        r#""layers":[{"annotator":"ana","version":1,"updated":null,"status":"finished","flag":null,"schema":"","attributes":{},"#,
        r#""seconds":0,"spans":[{"id":"s1","label":"entity","ranges":[[0,5]],"quote":"Kerry","attributes":{},"note":"","#,
        r#""origin":{"by":"manual"}}],"relations":[],"decisions":[]}]}"#,
        "\n"
    );
    assert_eq!(write(&document, &[layer], Offsets::Normalised), expected);
}

#[test]
fn unknown_keys_are_kept_at_every_level_in_their_order() {
    let line = concat!(
        r#"{"id":"a","text":"ab cd","meta":{"z":1,"a":[1.5e+300,null]},"layers":[{"annotator":"x","spans":[{"id":"1","label":"l","#,
        r#""ranges":[[0,2]],"origin":{"by":"suggestion","z":1,"y":2,"x":3,"w":4},"zz":1,"aa":{"deep":true}},{"id":"2","label":"l","ranges":[[3,5]]}],"#,
        r#""relations":[{"id":"r","kind":"k","from":"1","to":"2","colour":"red"}],"mood":"good","decisions":[{"id":"d","why":"so"}]}],"z":0,"b":1,"a":2}"#,
    );
    let once = again(line);
    for kept in [
        r#""meta":{"z":1,"a":[1.5e+300,null]}"#,
        r#""origin":{"by":"suggestion","z":1,"y":2,"x":3,"w":4},"zz":1,"aa":{"deep":true}}"#,
        r#""colour":"red"}"#,
        r#""decisions":[{"id":"d","why":"so"}],"mood":"good"}"#,
        r#"],"z":0,"b":1,"a":2}"#,
    ] {
        assert!(once.contains(kept), "{kept} is not in {once}");
    }
    assert_eq!(again(&once), once);
}

#[test]
fn what_some_readers_take_for_line_ends_is_escaped() {
    let document = document("odd\u{2028}id", "a\u{2028}b\u{2029}c\u{85}d €\n");
    let line = write(&document, &[], Offsets::Normalised);
    assert!(line.contains(r"odd\u2028id") && line.contains(r"a\u2028b\u2029c\u0085d €\n"), "{line}");
    assert_eq!(line.chars().filter(|c| matches!(c, '\n' | '\u{2028}' | '\u{2029}' | '\u{85}')).count(), 1);
    assert_eq!(again(&line), line);
}

#[test]
fn ids_that_are_made_are_the_same_every_time_and_all_different() {
    let line = r#"{"text":"Ana Ana","layers":[{"annotator":"x","spans":[{"label":"e","ranges":[[0,3]]},{"label":"e","ranges":[[4,7]]},{"label":"q","ranges":[[0,3]]}],"relations":[]}],"spans":[{"start":0,"end":3,"label":"e"}]}"#;
    let (first, second) = (again(line), again(line));
    assert_eq!(first, second);
    let (documents, _) = read(line);
    let (document, layers) = &documents[0];
    assert_eq!(document.id.as_str(), &format!("t-{}", &document.text.sha256().to_string()[..12]));
    let ids: std::collections::BTreeSet<&str> =
        layers.iter().flat_map(|layer| layer.spans.iter().map(|span| span.id.as_str())).collect();
    assert_eq!(ids.len(), 4, "one layer has other ids than another");
    assert_eq!(layers[1].annotator.as_str(), "me");
    assert!(layers.iter().all(|layer| layer.status == Status::Finished));
}

/// One line with these spans over `👍 «Да» e\u{301}nd`, and what is said about them.
fn refusals(spans: &str) -> (usize, Vec<String>) {
    let line = format!(r#"{{"id":"a","text":"👍 «Да» e\u0301nd","layers":[{{"annotator":"x","spans":[{spans}]}}]}}"#);
    let (documents, problems) = read(&line);
    let said = problems.iter().map(|problem| {
        assert_eq!(problem.place.line, Some(1), "every problem has its line");
        let word = if problem.severity == Severity::Error { "error" } else { "note" };
        format!("{word}: {}", problem.sentence)
    });
    (documents[0].1[0].spans.len(), said.collect())
}

#[test]
fn what_is_wrong_is_refused_or_told_and_the_rest_goes_on() {
    let good = r#"{"id":"good","label":"e","ranges":[[2,6]],"quote":"«Да»"}"#;
    let cases = [
        (
            r#"{"label":"e","ranges":[[6,2]]}"#,
            "error: the span 6..2 is no place in the text: the start 6 lies after the end 2",
        ),
        (
            r#"{"label":"e","ranges":[[2,999]]}"#,
            "the end is 999 but the text has 11 characters; the span was not imported",
        ),
        (
            r#"{"label":"e","ranges":[[2,6]],"quote":"«Нет»"}"#,
            "the file says the span covers “«Нет»”, the text there is “«Да»”",
        ),
        (r#"{"label":"e","ranges":[]}"#, "error: the span has no start and end"),
        (r#"{"label":"","ranges":[[0,1]]}"#, "error: the span has no label"),
        (r#"{"label":"e","ranges":[[0,3],[2,6]]}"#, "error: two fragments of the span overlap"),
        (r#"{"label":"e","ranges":[[0,1.5]]}"#, "\"ranges\" should be pairs of whole numbers, as in [[10,52]]"),
        (r#"{"label":"e","ranges":[[-1,5]]}"#, "\"ranges\" should be pairs of whole numbers, as in [[10,52]]"),
        (r#"{"label":"e","ranges":[[18446744073709551615,18446744073709551615]]}"#, "the end is 18446744073709551615"),
        (r#""a span""#, "error: it should be an object"),
        (r#"{"id":"good","label":"q","ranges":[[0,1]]}"#, "note: the id good is taken in this layer"),
        (
            r#"{"id":"other","label":"e","ranges":[[2,6]]}"#,
            "note: the same label on the same extent as good: kept once",
        ),
        (r#"{"label":"e","ranges":[[3,3]]}"#, "note: the span covers nothing; it was kept"),
    ];
    for (span, expected) in cases {
        let (count, said) = refusals(&format!("{good},{span}"));
        assert_eq!(said.len(), 1, "{span}: {said:?}");
        assert!(said[0].contains(expected), "{span}: {said:?} does not say {expected:?}");
        let kept = usize::from(said[0].starts_with("note") && !said[0].contains("kept once"));
        assert_eq!(count, 1 + kept, "{span}");
    }
    assert_eq!(refusals(good), (1, vec![]));
}

#[test]
fn broken_lines_do_not_stop_the_file() {
    let mut lines: Vec<String> = (1..=20).map(|n| format!(r#"{{"id":"d{n}","text":"text {n}"}}"#)).collect();
    lines[13] = r#"{"id":"d14","text":"cut sh"#.to_owned();
    lines[14] = String::new();
    let (documents, problems) = read(&lines.join("\n"));
    assert_eq!(documents.len(), 18);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].place.line, Some(14));
    assert!(problems[0].sentence.starts_with("it is no JSON object"), "{}", problems[0]);
}

#[test]
fn lines_that_are_too_long_are_passed_over() {
    let source = format!("{{\"id\":\"a\",\"text\":\"{}\"}}\n{{\"id\":\"b\",\"text\":\"b\"}}\n", "x".repeat(200));
    let records: Vec<_> = Records::new(Cursor::new(source), "f".to_owned(), 100).collect();
    assert_eq!(records.len(), 2);
    let problem = records[0].as_ref().unwrap_err();
    assert_eq!(problem.place.line, Some(1));
    assert_eq!(records[1].as_ref().unwrap().document.id.as_deref(), Some("b"));
}

#[test]
fn offsets_count_the_text_as_the_line_has_it() {
    // BOM, CRLF, CR: in the file the name stands at 8..13, here at 6..11.
    let line = r#"{"id":"a","text":"\ufeffone\r\ntw\rKerry\r\n","spans":[{"start":9,"end":14,"label":"e"}]}"#;
    let (documents, problems) = read(line);
    assert_eq!(problems, []);
    let (document, layers) = &documents[0];
    assert_eq!(document.text.as_str(), "one\ntw\nKerry\n");
    let span = layers[0].spans.iter().next().unwrap();
    assert_eq!(span.ranges.quote(&document.text), "Kerry");
    let original = write(document, layers, Offsets::Original);
    assert!(
        original.contains(r#""text":"\ufeffone\r\ntw\rKerry\r\n""#.replace(r"\ufeff", "\u{feff}").as_str()),
        "{original}"
    );
    assert!(original.contains(r#""ranges":[[9,14]]"#) && !original.contains("newlines"), "{original}");
    let (back, problems) = read(&original);
    assert_eq!(problems, []);
    assert_eq!(&back[0].0, document);
    assert_eq!(&back[0].1, layers);
}

#[test]
fn a_newline_map_that_does_not_fit_is_told_and_not_believed() {
    for map in [r#"{"crlf":[0]}"#, r#"{"crlf":[99]}"#, r#"{"crlf":[3,3]}"#, r#"{"crlf":"x"}"#] {
        let (documents, problems) = read(&format!(r#"{{"id":"a","text":"one\ntwo","newlines":{map}}}"#));
        assert!(documents[0].0.newlines.is_empty(), "{map}");
        assert_eq!(problems.len(), 1, "{map}");
    }
    assert!(again(r#"{"id":"a","text":"one\ntwo","newlines":{"crlf":[3]}}"#).contains(r#""newlines":{"crlf":[3]}"#));
    // Two marks: one goes at the door, the other is text, also the second time.
    let (documents, _) = read("{\"id\":\"a\",\"text\":\"\u{feff}\u{feff}two marks\"}");
    let line = write(&documents[0].0, &[], Offsets::Normalised);
    assert_eq!(again(&line), line);
}

// ── any document and layers come back as they were

fn any_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(ODD).prop_map(str::to_owned);
    prop_oneof![odd, "[ab«😀\r\n\u{2028}é]{0,30}", ".{0,20}"]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no other numbers", |number| number.is_finite()).prop_map(Value::from),
        "[a-z\u{85}😀\"\\\\]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,3}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Keys that no level knows.
fn any_extra() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map(
        "x-[a-z]{1,3}",
        any_json().prop_filter("null is absent", |value| !value.is_null()),
        0..3,
    )
    .prop_map(|map| map.into_iter().rev().collect())
}

fn any_attributes() -> impl Strategy<Value = Attributes> {
    prop::collection::btree_map("[a-z]{1,4}", any_json(), 0..3)
}

type Seed =
    (prop::sample::Index, prop::sample::Index, Option<prop::sample::Index>, String, Attributes, Map<String, Value>);

fn any_seed() -> impl Strategy<Value = Seed> {
    let index = any::<prop::sample::Index>;
    (index(), index(), prop::option::of(index()), "[ -~«\n]{0,10}", any_attributes(), any_extra())
}

/// A layer over the text whose spans stand at character boundaries chosen by the seeds.
fn layer_of(name: &str, text: &Text, seeds: Vec<Seed>, extra: Map<String, Value>) -> Layer {
    let content = text.as_str();
    let places: Vec<usize> = content.char_indices().map(|(place, _)| place).chain([content.len()]).collect();
    let mut spans: Vec<Arc<Span>> = Vec::new();
    let mut relations = BTreeMap::new();
    for (number, (a, b, c, note, attributes, extra)) in seeds.into_iter().enumerate() {
        let mut ends: Vec<usize> =
            [Some(a), Some(b), c].into_iter().flatten().map(|at| places[at.index(places.len())]).collect();
        ends.sort_unstable();
        ends.dedup();
        let ranges: Vec<_> = ends.windows(2).map(|pair| text.range(pair[0], pair[1]).unwrap()).collect();
        let Ok(ranges) = Ranges::new(ranges) else { continue };
        let id = ItemId::from(format!("s{number}"));
        let label = LabelId::from(["entity", "quote", "événement"][number % 3]);
        if spans.iter().any(|span| span.label == label && span.ranges == ranges) {
            continue;
        }
        let mut span = Span::manual(id.clone(), label, ranges);
        span.note = note;
        span.attributes = attributes;
        span.origin = Origin { by: OriginKind::Suggestion, details: extra.clone() };
        span.extra = extra;
        if let Some(first) = spans.first() {
            let mut relation =
                Relation::new(ItemId::from(format!("r{number}")), RelationId::from("speaker"), id, first.id.clone());
            relation.attributes = span.attributes.clone();
            relations.insert(relation.id.clone(), Arc::new(relation));
        }
        spans.push(Arc::new(span));
    }
    let mut layer = Layer::untouched(Annotator::from(name));
    layer.version = 3;
    layer.clock = Clock([("d-1".to_owned(), 3)].into());
    layer.updated = Some("2026-11-22T10:00:00.123456789Z".parse().unwrap());
    layer.status = Status::InProgress;
    layer.flag = (relations.len() > 1).then(|| "\u{2029}?".to_owned());
    layer.spans = Spans::try_from(spans).unwrap();
    layer.relations = relations;
    layer.decisions = vec![json!({"id": "d", "z": extra.len()})];
    layer.extra = extra;
    layer
}

proptest! {
    #[test]
    fn whatever_is_written_reads_back_and_writes_the_same(
        text in any_text(),
        meta in any_extra(),
        extra in any_extra(),
        ana in prop::collection::vec(any_seed(), 0..6),
        ben in prop::collection::vec(any_seed(), 0..3),
        original in any::<bool>(),
    ) {
        let mut document = document("d\u{85}1", &text);
        document.meta = meta;
        document.extra.clone_from(&extra);
        let layers = vec![layer_of("ana", &document.text, ana, extra), layer_of("ben", &document.text, ben, Map::new())];
        let offsets = if original { Offsets::Original } else { Offsets::Normalised };
        let line = write(&document, &layers, offsets);
        prop_assert_eq!(line.matches('\n').count(), 1);
        let (back, problems) = read(&line);
        prop_assert_eq!(&problems, &[]);
        prop_assert_eq!(&back[0].0, &document);
        prop_assert_eq!(&back[0].1, &layers);
        prop_assert_eq!(write(&back[0].0, &back[0].1, offsets), line);
    }
}

/// A line as it is read at one go, and as it is read from a tree of values, with what is said of it.
fn both_ways(line: &str) -> (Option<String>, String, Vec<Problem>) {
    let texts = |document: &RawDocument| document.text.as_ref().map(|(text, _)| text.as_str().to_owned());
    let quick = RawDocument::quick(line.as_bytes());
    let quick = quick.map(|(document, has_spans)| format!("{document:?} {:?} {has_spans}", texts(&document)));
    let object: Map<String, Value> = serde_json::from_str(line).unwrap();
    let has_spans = object.get("spans").is_some_and(Value::is_array);
    let mut problems = Vec::new();
    let document = RawDocument::read(object, &Place::default(), &mut problems);
    (quick, format!("{document:?} {:?} {has_spans}", texts(&document)), problems)
}

/// What a survey sees of a line, and what it would see of the whole of it.
fn surveyed(line: &str) -> [Option<String>; 2] {
    let read = [RawDocument::glance(line.as_bytes()), RawDocument::quick(line.as_bytes())];
    read.map(|read| {
        let (document, has_spans) = read?;
        // Relations alone ask what spans are called.
        let spans = |spans: &[RawSpan], related: bool| -> Vec<String> {
            let id = |span: &RawSpan| span.id.clone().filter(|_| related);
            spans.iter().map(|span| format!("{:?} {} {:?}", id(span), span.label, span.attributes)).collect()
        };
        let layer = |layer: &RawLayer| {
            let spans = spans(&layer.spans, !layer.relations.is_empty());
            format!("{:?} {:?} {spans:?} {:?}", layer.annotator, layer.attributes, layer.relations)
        };
        let layers: Vec<String> = document.layers.iter().map(layer).collect();
        Some(format!("{:?} {layers:?} {:?} {has_spans}", document.id, spans(&document.spans, false)))
    })
}

#[test]
fn a_line_of_known_keys_is_read_at_one_go() {
    for line in [
        "{}",
        r#"{"id":"a","text":"Mara\r\nLind “é” \ud83d\ude00","meta":{"title":"T","n":1.50},"layers":[]}"#,
        r#"{"text":"Mara","spans":[]}"#,
        r#"{"text":"Mara","spans":[{"start":0,"end":4,"label":"x"},{"start":0,"label":"y"},{"label":null,"start":0,"end":null}]}"#,
        r#"{"id":null,"text":null,"meta":null,"layers":null,"spans":null,"sha256":null}"#,
        r#"{"id":"","text":"a","layers":[{"annotator":"","version":2,"clock":{"d":1},"updated":"2026-11-22T10:00:00Z","status":"skipped",
            "flag":"f","schema":"s","attributes":{"a":[1]},"seconds":3,"decisions":[{"id":"d"}],"relations":[{"id":"r","kind":"k","from":"a",
            "to":"b","attributes":{"x":true}}],"spans":[{"id":"a","label":"l","ranges":[[0,1],[1,1]],"quote":"a","note":"n",
            "attributes":{"b":2,"a":1},"origin":{"z":1,"by":"suggestion","score":0.5}},{"origin":{}},{"ranges":[]}]}]}"#,
    ] {
        let (quick, read, problems) = both_ways(line);
        assert_eq!(quick.as_deref(), Some(&*read), "{line}");
        assert_eq!(problems, []);
        let [glance, whole] = surveyed(line);
        assert!(glance.is_some());
        assert_eq!(glance, whole, "{line}");
    }
}

#[test]
fn a_line_with_anything_else_is_left_to_who_can_say_so() {
    for line in [
        r#"{"id":5}"#,
        r#"{"id":"a","id":"b"}"#,
        r#"{"text":7}"#,
        r#"{"meta":[]}"#,
        r#"{"sha256":"ab"}"#,
        r#"{"source":"x"}"#,
        r#"{"text":"a\nb","newlines":{"crlf":[1]}}"#,
        r#"{"layers":{}}"#,
        r#"{"layers":[["ana",1,null,null,null,null,null,null,0,[],[],[]]]}"#,
        r#"{"layers":[{"status":"done"}]}"#,
        r#"{"layers":[{"updated":"yesterday"}]}"#,
        r#"{"layers":[{"version":-1}]}"#,
        r#"{"layers":[{"clock":{"a":"b"}}]}"#,
        r#"{"layers":[{"colour":"red"}]}"#,
        r#"{"spans":[{"ranges":[[0,1]],"start":0}]}"#,
        r#"{"spans":[{"ranges":[[0]]}]}"#,
        r#"{"spans":[{"ranges":[[0,1.0]]}]}"#,
        r#"{"spans":[{"label":"a","label":"b"}]}"#,
        r#"{"spans":[{"origin":{"by":"magic"}}]}"#,
        r#"{"spans":[{"origin":{"by":"manual","by":"import"}}]}"#,
        r#"{"spans":[{"score":1}]}"#,
    ] {
        assert_eq!(both_ways(line).0, None, "{line}");
    }
}

#[test]
fn a_start_that_is_null_beside_ranges_says_nothing() {
    let line = r#"{"id":"d","text":"Mara","spans":[{"label":"x","ranges":[[0,1]],"start":null,"end":null}]}"#;
    let (quick, read, problems) = both_ways(line);
    assert_eq!(quick, Some(read.clone()));
    assert!(read.contains("extra: {} }], extra: {}") && problems.is_empty(), "{read} {problems:?}");
}

fn any_value() -> impl Strategy<Value = Value> {
    let odd = [
        json!(null),
        json!(true),
        json!(0),
        json!(-3),
        json!(1.5),
        json!(""),
        json!("word"),
        json!("finished"),
        json!([]),
        json!({}),
        json!([[0, 1]]),
        json!({"by": "import"}),
        json!([{"label": "x"}]),
        json!("2026-11-22T10:00:00Z"),
        json!({"a": {"$b": []}}),
    ];
    prop::sample::select(odd.to_vec())
}

proptest! {
    /// One value somewhere in a line becomes another, or one key another.
    #[test]
    fn what_is_read_at_one_go_is_what_is_read_with_care(
        at in any::<prop::sample::Index>(),
        value in any_value(),
        key in prop::option::of(prop::sample::select(&["id", "text", "spans", "start", "end", "ranges", "origin", "by", "note", "more"][..])),
    ) {
        let mut line = json!({
            "id": "d", "text": "Mara Lind", "meta": {"title": "T"}, "sha256": null, "spans": [{"start": 0, "end": 4, "label": "x"}],
            "layers": [{
                "annotator": "ana", "version": 2, "clock": {"d": 1}, "updated": null, "status": "finished", "flag": null, "schema": "s",
                "attributes": {"tone": "calm"}, "seconds": 3, "decisions": [{"id": "d"}],
                "spans": [{"id": "a", "label": "l", "ranges": [[0, 4]], "quote": "Mara", "attributes": {"b": 2}, "note": "n",
                    "origin": {"by": "suggestion", "score": 0.5}}],
                "relations": [{"id": "r", "kind": "k", "from": "a", "to": "a", "attributes": {}}],
            }],
        });
        change(&mut line, &mut at.index(60), &value, key);
        let line = line.to_string();
        let (quick, read, problems) = both_ways(&line);
        if let Some(quick) = quick {
            prop_assert_eq!(quick, read, "{}", &line);
            prop_assert_eq!(&problems, &[], "{}", &line);
        }
        if let [Some(glance), Some(whole)] = surveyed(&line) {
            prop_assert_eq!(glance, whole, "{}", &line);
        }
    }
}

/// Counts down over the values of a tree and changes the one at zero.
fn change(tree: &mut Value, left: &mut usize, value: &Value, key: Option<&str>) -> bool {
    match tree {
        Value::Object(object) => {
            for name in object.keys().cloned().collect::<Vec<_>>() {
                if *left == 0 {
                    match key {
                        Some(key) => drop(object.insert(key.to_owned(), value.clone())),
                        None => drop(object.insert(name, value.clone())),
                    }
                    return true;
                }
                *left -= 1;
                if object.get_mut(&name).is_some_and(|inner| change(inner, left, value, key)) {
                    return true;
                }
            }
            false
        }
        Value::Array(list) => list.iter_mut().any(|inner| change(inner, left, value, key)),
        _ => false,
    }
}
