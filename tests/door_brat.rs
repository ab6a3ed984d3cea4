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
    Corpus, check_round_trip, corpora, document, keep, layer, options, read, related, seen, stress, survive, write,
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
    let mut corpus = stress();
    let (document, layer) = spoken();
    corpus.push((document, vec![layer]));
    check_round_trip("brat", &options(&corpus), &corpus);
    keep("brat", &options(&corpus), &corpus);
}

/// A document with everything that can be said of spans, in names that brat forbids too.
fn spoken() -> (spanwright::text::Document, Layer) {
    let document = document("16-said", "Ana knows Ben, and Ben knows her.");
    let spans: &[(&str, &[(usize, usize)])] =
        &[("entity", &[(0, 3)]), ("odd: name|😀", &[(10, 13)]), ("_x20_", &[(29, 32)]), ("event", &[(4, 9), (23, 28)])];
    let mut made =
        related(&document, "ana", spans, &[("speaker", "s0", "s1"), ("a b", "s3", "s2"), ("self", "s0", "s0")]);
    let spans = made.spans.iter().map(|span| {
        let mut span = (**span).clone();
        span.note = format!("of {}\nand more", span.id);
        span.attributes = serde_json::from_value(
            json!({"type": "person", "sure": true, "odd name": "plain", "free": "two words", "many": ["a", "b"], "n": 3, "no": false}),
        )
        .unwrap();
        Arc::new(span)
    });
    made.spans = spans.collect::<Vec<_>>().try_into().unwrap();
    (document, made)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_layers_read_back(corpus in corpora()) {
        check_round_trip("brat", &options(&corpus), &corpus);
    }
}

/// A span’s lines of every kind: flags, values, notes, normalisations, roles, equivalents.
const ANN: &str = "\
T1\tPerson 0 9\tMara Lind
T2\tMerge 10 16\tmerged
T3\tOrg 17 21\tAcme
T4\tOrg 26 30\tBolt
E1\tMerge:T2 Agent:T1 Org:T3 Org2:T4
E2\tMerge:T2 Org:E1
R1\tOwns Arg1:T3 Arg2:T4\t
R2\tCoref Anaphora:T4 Antecedent:E1
*\tAlias T4 T3 T1
A1\tSure R1 very much
A2\tNegated E1
M3\tLikely E2
A4\tMention T1 Name
A5\tTopic T3 a
A6\tTopic T3 b
N1\tReference T1 Wiki:64488\tMara Lind, politician
#1\tAnnotatorNotes T1\tsay who
#2\tAnnotatorNotes T1\tand why
#3\tNormal T3\tkept
#4\tAnnotatorNotes R1\tof a relation
#5\tAnnotatorNotes N1\tthe right one?
#6\tSource A1\tthe register
";
const TXT: &str = "Mara Lind merged Acme and Bolt.\n";

#[test]
fn every_kind_of_line_is_read() {
    let folder = folder(&[("a.txt", TXT), ("a.ann", ANN)]);
    let (corpus, problems) = read("brat", folder.path());
    let (document, layers) = &corpus[0];
    let layer = &layers[0];
    assert_eq!(
        seen(document, layer),
        ["Merge 10..16 “merged”", "Org 17..21 “Acme”", "Org 26..30 “Bolt”", "Person 0..9 “Mara Lind”"]
    );
    assert_eq!(
        arrows(document, layer),
        [
            "Agent: “merged” → “Mara Lind”",
            "Alias: “Acme” → “Mara Lind”",
            "Alias: “Bolt” → “Acme”",
            "Coref: “Bolt” → “merged”",
            "Org: “merged” → “Acme”",
            "Org: “merged” → “Bolt”",
            "Org: “merged” → “merged”",
            "Owns: “Acme” → “Bolt”",
        ]
    );
    let attributes = |id: &str| json!(layer.span(&id.into()).unwrap().attributes);
    assert_eq!(attributes("T1"), json!({"Mention": "Name", "Reference": "Wiki:64488"}));
    assert_eq!(attributes("T2"), json!({"Negated": true}));
    assert_eq!(attributes("T3"), json!({"Topic": ["a", "b"]}));
    assert_eq!(layer.span(&"T1".into()).unwrap().note, "say who\nand why");
    assert_eq!(json!(layer.relations[&"R1".into()].attributes), json!({"Sure": "very much"}));
    assert_eq!(
        said(&problems),
        [
            "a.ann:12 note: E2 shares its trigger with E1: the attribute is kept for an export to brat, and not shown",
            "a.ann:21 note: a note on N1, which has none here: it is kept for an export to brat",
            "a.ann:22 note: a note on A1, which has none here: it is kept for an export to brat",
        ]
    );
}

#[test]
fn what_came_from_brat_goes_back_to_it() {
    let folder = folder(&[("a.txt", TXT), ("a.ann", ANN)]);
    let (corpus, _) = read("brat", folder.path());
    let (_folder, out, losses) = write("brat", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    let lines = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(|line| line.trim_end().replace("M3", "A3")).collect();
        // Numbers of attributes and notes are given anew; ids of what others name stay.
        let number = |line: &mut String| {
            let end = line.find('\t').unwrap();
            if line.starts_with(['A', '#', 'N']) {
                line.replace_range(1..end, "");
            }
        };
        lines.iter_mut().for_each(number);
        lines.sort();
        lines
    };
    assert_eq!(lines(&fs::read_to_string(out.join("a.ann")).unwrap()), lines(ANN));
    assert_eq!(fs::read_to_string(out.join("a.txt")).unwrap(), TXT);
    let (back, problems) = read("brat", &out);
    assert_eq!(problems.iter().filter(|problem| problem.severity > Severity::Note).count(), 0, "{problems:#?}");
    assert!(back[0].1[0].same_content(&corpus[0].1[0]), "{:#?}\n{:#?}", back[0].1[0], corpus[0].1[0]);
}

#[test]
fn an_export_is_these_bytes() {
    let document = document("a", "Mara Lind said:\n“We go.”\n");
    let mut layer =
        related(&document, "ana", &[("entity", &[(0, 9)]), ("quote", &[(10, 24)])], &[("speaker", "s1", "s0")]);
    layer.spans = {
        let mut spans: Vec<_> = layer.spans.iter().map(|span| (**span).clone()).collect();
        spans[0].attributes = serde_json::from_value(json!({"type": "person", "sure": false})).unwrap();
        spans[0].note = "who?".to_owned();
        spanwright::annotation::Spans::try_from(spans.into_iter().map(Arc::new).collect::<Vec<_>>()).unwrap()
    };
    let corpus = vec![(document, vec![layer])];
    let (_folder, out, losses) = write("brat", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    let text = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    assert_eq!(text("a.txt"), "Mara Lind said:\n“We go.”\n");
    assert_eq!(
        text("a.ann"),
        "T1\tentity 0 9\tMara Lind\n\
         T2\tquote 10 15;16 24\tsaid: “We go.”\n\
         R1\tspeaker Arg1:T2 Arg2:T1\n\
         A1\ttype T1 person\n\
         #1\tAnnotatorNotes T1\twho?\n"
    );
    assert_eq!(
        text("spanwright-extra.jsonl"),
        "{\"file\":\"a.txt\",\"id\":\"a\",\"annotator\":\"ana\",\"layer\":{},\"spans\":{\
         \"T1\":{\"is\":\"entity 0 9\",\"id\":\"s0\",\"attributes\":{\"sure\":false}},\
         \"T2\":{\"is\":\"quote 10 15;16 24\",\"id\":\"s1\",\"ranges\":[[10,24]]}},\
         \"relations\":{\"R1\":{\"is\":\"speaker Arg1:T2 Arg2:T1\",\"id\":\"r0\"}}}\n"
    );
    let annotation = text("annotation.conf");
    for line in [
        "# Names: _x20_ and the like stand for characters that brat forbids\n",
        "[entities]\nentity\nquote\nevent\nboilerplate\n",
        "[relations]\nspeaker\tArg1:quote, Arg2:entity\n",
        "<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>\n",
        "type\tArg:entity, Value:person|organisation|place|other\n",
    ] {
        assert!(annotation.contains(line), "{line}\n{annotation}");
    }
    assert!(text("visual.conf").contains("entity | Entity\n"));
    assert!(text("visual.conf").contains("\nentity\tbgColor:#2b50b8, fgColor:white\n"));
    assert!(text("kb_shortcuts.conf").contains("1\tentity\n"));
}

#[test]
fn a_change_made_in_brat_counts_more_than_what_was_said_aside() {
    let document = document("a", "One\ntwo three");
    let corpus =
        vec![(document.clone(), vec![layer(&document, "ana", &[("entity", &[(0, 7)]), ("event", &[(8, 13)])])])];
    let (_folder, out, _) = write("brat", &options(&corpus), &corpus);
    let ann = out.join("a.ann");
    assert_eq!(fs::read_to_string(&ann).unwrap(), "T1\tentity 0 3;4 7\tOne two\nT2\tevent 8 13\tthree\n");
    fs::write(&ann, "T1\tentity 0 3\tOne\nT2\tevent 8 13\tthree\nT3\tevent 4 7\ttwo\n").unwrap();
    let (back, _) = read("brat", &out);
    assert_eq!(seen(&back[0].0, &back[0].1[0]), ["entity 0..3 “One”", "event 4..7 “two”", "event 8..13 “three”"]);
    let ids: Vec<&str> = back[0].1[0].spans.iter().map(|span| span.id.as_str()).collect();
    assert_eq!(ids, ["T1", "T3", "s1"]);
}

#[test]
fn fragments_are_joined_again_only_where_the_export_says_so() {
    let text = "Uno\tdos\r\n\r\ntres \u{2028} fin";
    let document = document("a", text);
    let spans = layer(&document, "ana", &[("entity", &[(0, 13)]), ("event", &[(0, 3), (4, 7)]), ("quote", &[(8, 17)])]);
    let corpus = vec![(document, vec![spans])];
    let (_folder, out, losses) = write("brat", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    let lines = fs::read_to_string(out.join("a.ann")).unwrap();
    assert!(lines.lines().all(|line| line.matches('\t').count() == 2), "{lines}");
    assert!(!lines.contains('\u{2028}'), "{lines}");
    let (back, _) = read("brat", &out);
    assert_eq!(seen(&back[0].0, &back[0].1[0]), seen(&corpus[0].0, &corpus[0].1[0]));
    assert_eq!(back[0].0, corpus[0].0);
    fs::remove_file(out.join("spanwright-extra.jsonl")).unwrap();
    let (alone, _) = read("brat", &out);
    assert!(
        seen(&alone[0].0, &alone[0].1[0]).contains(&"event 0..3,4..7 “Uno dos”".to_owned()),
        "{:?}",
        seen(&alone[0].0, &alone[0].1[0])
    );
}

#[test]
fn the_state_of_a_layer_and_what_is_known_of_a_document_come_back() {
    let mut document = document("news/01: “odd” | name", "Uno\r\ndos");
    document.meta = json!({"title": "T", "n": [1]}).as_object().unwrap().clone();
    document.extra = json!({"lang": "es"}).as_object().unwrap().clone();
    let mut made = layer(&document, "Ana María", &[("entity", &[(0, 3)])]);
    made.status = Status::Skipped;
    made.flag = Some("look\tagain".to_owned());
    made.attributes = serde_json::from_value(json!({"topic": ["a"], "n": 3})).unwrap();
    made.decisions = vec![json!({"id": "d1"})];
    let mut span = (**made.spans.iter().next().unwrap()).clone();
    span.attributes = serde_json::from_value(
        json!({"a b": "x y", "empty": "", "no": false, "n": 1.5, "one": ["x"], "odd": [true, 2], "pipe|": "a|b\tc\n", "_x20_": "_x20_", "o": {"k": 1}}),
    )
    .unwrap();
    span.note = "  two\n\n lines ".to_owned();
    span.extra = json!({"own": 1}).as_object().unwrap().clone();
    made.spans = vec![Arc::new(span)].try_into().unwrap();
    let corpus = vec![(document, vec![made])];
    let (_folder, out, losses) = write("brat", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    let (back, problems) = read("brat", &out);
    assert_eq!(problems, []);
    assert_eq!(back[0].0, corpus[0].0);
    let origin = |layer: &Layer| {
        let mut layer = layer.clone();
        let plain = |span: &Arc<spanwright::annotation::Span>| {
            let mut span = (**span).clone();
            span.origin = Default::default();
            Arc::new(span)
        };
        layer.spans = layer.spans.iter().map(plain).collect::<Vec<_>>().try_into().unwrap();
        layer
    };
    assert_eq!(origin(&back[0].1[0]), origin(&corpus[0].1[0]));
}

#[test]
fn names_that_brat_forbids_come_back() {
    let labels = ["a b", "a:b|c", "😀", "_x20_", "a_x", "-", "--", "x_", "Größe", "<ENTITY>", "#", "!no", "T1", "42"];
    let document = document("a", "abcdefghijklmnopqrstuvwxyz");
    let spans: Vec<(&str, Vec<(usize, usize)>)> =
        labels.iter().enumerate().map(|(at, label)| (*label, vec![(at, at + 1)])).collect();
    let spans: Vec<(&str, &[(usize, usize)])> = spans.iter().map(|(label, at)| (*label, at.as_slice())).collect();
    let relations = [("a b", "s0", "s1"), ("->", "s2", "s3"), ("Arg2", "s4", "s5")];
    let corpus = vec![(document.clone(), vec![related(&document, "ana", &spans, &relations)])];
    check_round_trip("brat", &options(&corpus), &corpus);
    let (_folder, out, _) = write("brat", &options(&corpus), &corpus);
    for line in fs::read_to_string(out.join("a.ann")).unwrap().lines() {
        let name = line.split('\t').nth(1).unwrap().split(' ').next().unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')), "{line}");
    }
    let (back, _) = read("brat", &out);
    assert_eq!(arrows(&back[0].0, &back[0].1[0]), arrows(&document, &corpus[0].1[0]));
    let vocabulary = Format::named("brat").unwrap().vocabulary.unwrap()(&out);
    for label in labels {
        assert!(vocabulary.labels.contains_key(label), "{label}: {:?}", vocabulary.labels.keys());
    }
}

#[test]
fn roles_keep_their_kinds_whatever_numbers_they_have() {
    let ann = "T1\tM 0 1\ta\nT2\tO 2 3\tb\nT3\tO 4 5\tc\nT4\tO 6 7\td\nE1\tM:T1 Org2:T2 Org:T3 Org3:T4 Part7:T2\n";
    let folder = folder(&[("a.txt", "a b c d"), ("a.ann", ann)]);
    let (mut corpus, _) = read("brat", folder.path());
    let kinds = |layer: &Layer| {
        let mut kinds: Vec<String> = layer.relations.values().map(|one| format!("{} {}", one.kind, one.to)).collect();
        kinds.sort();
        kinds
    };
    assert_eq!(kinds(&corpus[0].1[0]), ["Org T2", "Org T3", "Org T4", "Part7 T2"]);
    let (_folder, out, _) = write("brat", &options(&corpus), &corpus);
    assert_eq!(fs::read_to_string(out.join("a.ann")).unwrap().lines().last().unwrap(), ann.lines().last().unwrap());
    // The plain one is taken away, and one more of a numbered kind added.
    let layer = &mut corpus[0].1[0];
    layer.relations.retain(|_, relation| relation.to != "T3".into());
    let more = spanwright::annotation::Relation::new("new".into(), "Part7".into(), "T1".into(), "T3".into());
    layer.relations.insert("new".into(), Arc::new(more));
    let before = kinds(layer);
    let (_folder, out, _) = write("brat", &options(&corpus), &corpus);
    assert_eq!(kinds(&read("brat", &out).0[0].1[0]), before, "{}", fs::read_to_string(out.join("a.ann")).unwrap());
}

#[test]
fn each_annotator_has_a_folder() {
    let (one, two, three) = (document("x/1", "one two"), document("2", "three"), document("3", "nobody saw it"));
    let both = vec![layer(&one, "ana", &[("entity", &[(0, 3)])]), layer(&one, "Ben O’Neil", &[("event", &[(4, 7)])])];
    let corpus = vec![(two.clone(), vec![layer(&two, "Ben O’Neil", &[])]), (three, vec![]), (one, both)];
    let options = options(&corpus);
    check_round_trip("brat", &options, &corpus);
    let (_folder, out, losses) = write("brat", &options, &corpus);
    assert_eq!(losses, []);
    for file in ["ana/x/1.ann", "%42en%20%4f%e2%80%99%4eeil/2.ann", "No-layer/3.txt", "annotation.conf"] {
        assert!(out.join(file).is_file(), "{file}");
    }
    assert!(!out.join("No-layer/3.ann").exists());
    let (back, problems) = read("brat", &out);
    assert_eq!(problems, []);
    assert_eq!(find(&back, "3").len(), 0);
    assert_eq!(find(&back, "2")[0].annotator, Annotator::from("Ben O’Neil"));
    assert_eq!(find(&back, "x/1").len(), 2);
}

#[test]
fn folders_with_annotations_of_the_same_texts_are_annotators() {
    let ann = "T1\tA 0 3\tone\n";
    let same = folder(&[
        ("ana/1.txt", "one two"),
        ("ana/1.ann", ann),
        ("ben/1.txt", "one two"),
        ("ben/1.ann", ""),
        ("ben/2.txt", "one more"),
        ("ben/2.ann", ann),
        ("3.txt", "one above"),
        ("cleo/3.ann", ann),
    ]);
    let (corpus, problems) = read("brat", same.path());
    let owners = |id: &str| find(&corpus, id).iter().map(|layer| layer.annotator.as_str()).collect::<Vec<_>>();
    assert_eq!((owners("1"), owners("2"), owners("3")), (vec!["ana", "ben"], vec!["ben"], vec!["cleo"]));
    assert_eq!(corpus.len(), 3, "{problems:#?}");
    assert_eq!(problems, []);
    let other =
        folder(&[("news/1.txt", "one two"), ("news/1.ann", ann), ("blog/1.txt", "one three"), ("blog/1.ann", ann)]);
    let (corpus, _) = read("brat", other.path());
    let mut ids: Vec<&str> = corpus.iter().map(|(document, _)| document.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["blog/1", "news/1"]);
    let odd = folder(&[
        ("ana/1.txt", "one two"),
        ("ana/1.ann", ann),
        ("ben/1.txt", "one two"),
        ("ben/1.ann", ann),
        ("ana/2.txt", "one\r\n"),
        ("ana/2.ann", ann),
        ("ben/2.txt", "one\n"),
        ("ben/2.ann", ann),
        ("ana/3.txt", "one"),
        ("ana/3.ann", ann),
        ("ben/3.txt", "one changed"),
        ("ben/3.ann", ann),
    ]);
    let (corpus, problems) = read("brat", odd.path());
    let ids: Vec<&str> = corpus.iter().map(|(document, _)| document.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3", "ben/3"]);
    assert_eq!(
        said(&problems),
        ["3.txt warning: its text is another one than that of the other annotators: it was read as ben/3"]
    );
}

#[test]
fn texts_without_annotations_and_the_reverse_are_said() {
    let folder = folder(&[("a.txt", "a text"), ("b.ann", "T1\tA 0 1\tb\n"), ("c.txt", "empty"), ("c.ann", "")]);
    let (corpus, problems) = read("brat", folder.path());
    assert_eq!(find(&corpus, "a").len(), 0);
    assert_eq!(find(&corpus, "c")[0].status, Status::Finished);
    assert_eq!(corpus.len(), 2);
    assert_eq!(
        said(&problems),
        [
            "a.txt note: there is no a.ann beside it: the document comes without a layer",
            "b.ann error: there is no b.txt beside it: its annotations were not imported",
        ]
    );
    for file in ["c.txt", "c.ann"] {
        assert_eq!(spans(&folder.path().join(file)).0, Vec::<String>::new());
    }
}

#[test]
fn broken_lines_are_said_and_the_rest_is_read() {
    let ann = "\u{feff}T1\tA 0 3\tone\r\n\
               T1\tA 4 7\ttwo\r\n\
               T2 A 0 3 one\r\n\
               T3\tA 0\tone\r\n\
               T4\tA 0 99999999999999999999999\tone\r\n\
               T5\tA 8 13\tthree\r\n\
               T6\tA 90 95\tgone\r\n\
               R1\tX Arg1:T1 Arg2:T9\r\n\
               R2\tX Arg1:T1\r\n\
               E1\tA:T9\r\n\
               E2\tB:T5 Role:T1 Other:T8\r\n\
               A1\tFlag T77\r\n\
               *\tSame T1 T8\r\n\
               N1\tRef T1 nocolon\r\n\
               #1\tAnnotatorNotes A1\tof nothing\r\n\
               Z1\twhat\r\n\
               \r\n\
               word\r\n";
    let folder = folder(&[("a.txt", "one two three"), ("a.ann", ann)]);
    let (found, problems) = spans(folder.path());
    assert_eq!(found, ["A 0..3 “one”", "A 4..7 “two”", "A 8..13 “three”"]);
    let expected = [
        "a.ann:2 warning: the id T1 is taken by a line before: this one was imported under another id",
        "a.ann:3 error: the line “T2 A 0 3 one” is broken; it was not imported",
        "a.ann:4 error: the line “T3\tA 0\tone” is broken; it was not imported",
        "a.ann:5 error: the line “T4\tA 0 99999999999999999999999\tone” is broken; it was not imported",
        "a.ann:7 error: 90..95 is no place in the text, which has 13 characters; the span was not imported",
        "a.ann:8 error: T9 is not there; the relation was not imported",
        "a.ann:9 error: the line “R2\tX Arg1:T1” is broken; it was not imported",
        "a.ann:10 error: its trigger T9 is not there; the event was not imported",
        "a.ann:11 error: T8 is not there; it was left out of the event as Other",
        "a.ann:11 warning: it is B, but its trigger T5 is another label, which was kept",
        "a.ann:12 error: T77 is not there; its attribute Flag was not imported",
        "a.ann:13 error: T8 is not there; it was left out of the equivalence",
        "a.ann:14 error: the line “N1\tRef T1 nocolon” is broken; it was not imported",
        "a.ann:15 error: A1 is nothing that was read here; the note was not imported",
        "a.ann:16 error: the line “Z1\twhat” is broken; it was not imported",
        "a.ann:18 error: the line “word” is broken; it was not imported",
    ];
    let mut said = said(&problems);
    said.sort_by_key(|line| line[6..].split(' ').next().unwrap().parse::<u64>().unwrap_or_default());
    for line in expected {
        assert!(said.iter().any(|found| found == line), "{line}\n{said:#?}");
    }
    assert_eq!(said.len(), expected.len(), "{said:#?}");
}

/// The text, the lines, and what is read: code points and other units, line ends counted once or twice, marks, old spellings.
#[test]
fn offsets_are_settled_by_the_text() {
    let check = |text: &str, ann: &str, expected: &[&str]| {
        let folder = folder(&[("a.txt", text), ("a.ann", ann)]);
        let (found, problems) = spans(folder.path());
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        assert_eq!((found.as_slice(), errors), (expected.map_owned().as_slice(), 0), "{problems:#?}");
    };
    check("Mara 😀 Lind", "T1\tA 0 4\tMara\nT2\tA 7 11\tLind\n", &["A 0..4 “Mara”", "A 7..11 “Lind”"]);
    check("Mara 😀 Lind", "T1\tA 0 4\tMara\nT2\tA 8 12\tLind\n", &["A 0..4 “Mara”", "A 7..11 “Lind”"]);
    check("Mara 😀 Lind", "T1\tA 0 4\tMara\nT2\tA 10 14\tLind\n", &["A 0..4 “Mara”", "A 7..11 “Lind”"]);
    check("one\r\ntwo\r\nsix", "T1\tA 5 8\ttwo\r\nT2\tA 10 13\tsix\r\n", &["A 4..7 “two”", "A 8..11 “six”"]);
    check("one\r\ntwo\r\nsix", "T1\tA 4 7\ttwo\nT2\tA 8 11\tsix\n", &["A 4..7 “two”", "A 8..11 “six”"]);
    check("\u{feff}one two", "\u{feff}T1\tA 5 8\ttwo\n", &["A 4..7 “two”"]);
    check("\u{feff}one two", "T1\tA 4 7\ttwo\n", &["A 4..7 “two”"]);
    // Discontinuous, and as brat before 1.3 wrote it.
    check("one two six", "T1\tA 0 3;8 11\tone six\n", &["A 0..3,8..11 “one six”"]);
    check("one two six", "T1\tA 0 3;8 11\tonesix\n", &["A 0..3,8..11 “one six”"]);
    // A line end in the text, as some programs write it; a tab; something behind the text.
    check("one\ntwo six", "T1\tA 0 7\tone\ntwo\nT2\tA 8 11\tsix\n", &["A 0..7 “one\ntwo”", "A 8..11 “six”"]);
    check("one\ntwo six", "T1\tA 0 7\tone two\n", &["A 0..7 “one\ntwo”"]);
    check("one\ttwo six", "T1\tA 0 7\tone\ttwo\nT2\tA 8 11\tsix\tmore\n", &["A 0..7 “one\ttwo”", "A 8..11 “six”"]);
    // Without its text, and a little off its place.
    check("one two six", "T1\tA 0 3\nT2\tA 5 8\ttwo\n", &["A 0..3 “one”", "A 4..7 “two”"]);
    check("one\rtwo", "T1\tA 4 7\ttwo\r", &["A 4..7 “two”"]);
}

trait Owned {
    fn map_owned(&self) -> Vec<String>;
}

impl Owned for [&str] {
    fn map_owned(&self) -> Vec<String> {
        self.iter().map(|one| (*one).to_owned()).collect()
    }
}

#[test]
fn files_of_shared_tasks_are_read_from_their_parts() {
    let folder = folder(&[
        ("a.txt", "p53 binds it"),
        ("a.a1", "T1\tProtein 0 3\tp53\n"),
        (
            "a.a2",
            "T2\tBinding 4 9\tbinds\nE1\tBinding:T2 Theme:T1\nN1\tReference Annotation:T1 Referent:UniProt:P04637\nM1\tNegation E1\n",
        ),
    ]);
    let (corpus, problems) = read("brat", folder.path());
    assert_eq!(problems, []);
    assert_eq!(seen(&corpus[0].0, &corpus[0].1[0]), ["Binding 4..9 “binds”", "Protein 0..3 “p53”"]);
    assert_eq!(arrows(&corpus[0].0, &corpus[0].1[0]), ["Theme: “binds” → “p53”"]);
}

#[test]
fn a_configuration_says_what_there_may_be() {
    let annotation = "\
[spans]
!Thing
\tPerson
\t\tPolitician|Pol
Org
-----
[relations]
Works   Arg1:Person|Politician, Arg2:Org
Alias   Arg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive
<OVERLAP> Arg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>
[events]
<WHO>=Person|Org
Merge\tOrg-Arg+:Org, By-Arg?:<WHO>, Of-Arg{2}:<EVENT>
[attributes]
Mention\tArg:<ENTITY>, Value:Name|Nominal
Negated\tArg:<EVENT>
";
    let visual = "[labels]\nPolitician | A politician | Pol\n[drawing]\nPerson\tbgColor:#FF821C, fgColor:black\nOrg\tbgColor:red\n";
    let folder = folder(&[
        ("annotation.conf", annotation),
        ("visual.conf", visual),
        ("kb_shortcuts.conf", "P\tPerson\n"),
        ("sub/a.txt", "a"),
        ("sub/a.ann", ""),
    ]);
    let read = Format::named("brat").unwrap().vocabulary.unwrap();
    let vocabulary = read(folder.path());
    let labels: Vec<String> = vocabulary
        .labels
        .iter()
        .map(|(id, label)| {
            let names: Vec<&String> = label.attributes.keys().collect();
            format!("{id} {:?} {:?} {:?} {:?} {names:?}", label.name, label.parent, label.colour, label.key)
        })
        .collect();
    assert_eq!(
        labels,
        [
            r#"Merge "" None None None ["Negated"]"#,
            r#"Org "" None None None ["Mention"]"#,
            r##"Person "" Some("Thing") Some("#ff821c") Some('p') ["Mention"]"##,
            r#"Politician "A politician" Some("Person") None None ["Mention"]"#,
            r#"Thing "" None None None []"#,
        ]
    );
    let relations: Vec<String> =
        vocabulary.relations.iter().map(|(id, ends)| format!("{id}: {:?} → {:?}", ends.from, ends.to)).collect();
    assert_eq!(
        relations,
        [
            r#"Alias: {"Org", "Person", "Politician"} → {"Org", "Person", "Politician"}"#,
            r#"By-Arg: {"Merge"} → {"Org", "Person"}"#,
            r#"Of-Arg: {"Merge"} → {"Merge"}"#,
            r#"Org-Arg: {"Merge"} → {"Org"}"#,
            r#"Works: {"Person", "Politician"} → {"Org"}"#,
        ]
    );
    let values = &vocabulary.labels["Org"].attributes["Mention"].values;
    assert_eq!(values.iter().collect::<Vec<_>>(), ["Name", "Nominal"]);
    assert_eq!(read(&folder.path().join("sub/a.ann")), vocabulary);
}

#[test]
fn what_it_is_shows_in_its_content() {
    let is = |path: &Path| Format::of(&Glimpse::at(path).unwrap()).map(|format| format.id);
    let folder = folder(&[
        ("brat/a.txt", "one"),
        ("brat/a.ann", "T1\tA 0 3\tone\n"),
        ("brat/b.ann", "what is this?\n"),
        ("brat/c.txt", "lone"),
        ("texts/a.txt", "one"),
        ("conf/annotation.conf", "[entities]\nA\n"),
        ("deep/x/y.ann", ""),
    ]);
    let at = |name: &str| is(&folder.path().join(name));
    for name in ["brat", "brat/a.ann", "brat/a.txt", "conf", "deep"] {
        assert_eq!(at(name), Some("brat"), "{name}");
    }
    for name in ["brat/b.ann", "brat/c.txt", "texts", "texts/a.txt"] {
        assert_eq!(at(name), None, "{name}");
    }
}

#[test]
fn spans_that_brat_cannot_hold_are_said() {
    let document = document("a", "a \n b");
    let layer = related(
        &document,
        "ana",
        &[("entity", &[(1, 4)]), ("event", &[(2, 2)]), ("quote", &[(0, 1)]), ("quote", &[(2, 3), (4, 5)])],
        &[("speaker", "s2", "s0")],
    );
    let corpus = vec![(document, vec![layer])];
    let (_folder, out, losses) = write("brat", &options(&corpus), &corpus);
    let mut said: Vec<String> =
        losses.iter().map(|loss| format!("{} {}", loss.item.as_ref().unwrap(), loss.sentence)).collect();
    said.sort();
    assert_eq!(
        said,
        [
            "r0 the speaker joins a span that is left out, and is left out too",
            "s0 it covers nothing but white space, which brat’s files cannot hold: it is left out",
            "s1 it covers nothing but white space, which brat’s files cannot hold: it is left out",
        ]
    );
    let (back, _) = read("brat", &out);
    assert_eq!(seen(&back[0].0, &back[0].1[0]), ["quote 0..1 “a”", "quote 2..3,4..5 “\n b”"]);
}

#[test]
fn documents_keep_their_ids_whatever_they_are() {
    let ids =
        ["../../x", "CON", "a", "A", "a.txt", "a.ann/b", "x.conf/y", "ünï/çode", "a/b", ".hidden", "x.TXT", "%41"];
    let mut corpus: Corpus = Vec::new();
    for id in ids {
        let document = document(id, "one two");
        let layer = layer(&document, "ana", &[("entity", &[(0, 3)])]);
        corpus.push((document, vec![layer]));
    }
    check_round_trip("brat", &options(&corpus), &corpus);
    check_round_trip(
        "brat",
        &WriteOptions { annotators: vec!["ana".into(), "ben".into()], ..options(&corpus) },
        &corpus,
    );
}

#[test]
fn the_sources_line_ends_can_be_kept() {
    let document = document("a", "\u{feff}uno\r\ndos\rtres\n");
    let layer = layer(&document, "ana", &[("entity", &[(4, 7)]), ("event", &[(0, 12)])]);
    let corpus = vec![(document, vec![layer])];
    let options = WriteOptions { offsets: spanwright::annotation::exchange::Offsets::Original, ..options(&corpus) };
    check_round_trip("brat", &options, &corpus);
    let (_folder, out, _) = write("brat", &options, &corpus);
    assert_eq!(fs::read_to_string(out.join("a.txt")).unwrap(), "\u{feff}uno\r\ndos\rtres\n");
    assert_eq!(
        fs::read_to_string(out.join("a.ann")).unwrap(),
        "T1\tevent 1 4;6 9;10 14\tuno dos tres\nT2\tentity 6 9\tdos\n"
    );
    let (back, _) = read("brat", &out);
    assert_eq!(back[0].0, corpus[0].0);
}

#[test]
fn damage_is_survived() {
    let corpus = stress();
    let (_folder, out, _) = write("brat", &options(&corpus), &corpus);
    survive("brat", &out, 300);
    let own = folder(&[("a.txt", TXT), ("a.ann", ANN), ("annotation.conf", "[entities]\nPerson\n")]);
    survive("brat", own.path(), 300);
    let vocabulary = Format::named("brat").unwrap().vocabulary.unwrap();
    let spaces = " ".repeat(100_000);
    let odd =
        folder(&[("annotation.conf", &format!("[entities]\n<A>=<A><A>\n<B>=<A><A>\n{spaces}<A>\n<B>\n|||\n!\n[\n"))]);
    assert!(vocabulary(odd.path()).labels.len() < 10);
}

#[test]
fn many_spans_in_one_document_take_no_squares_of_time() {
    let text = "ab ".repeat(50_000);
    let mut ann = String::new();
    for at in 0..50_000 {
        let (start, end) = (at * 3, at * 3 + 2);
        ann.push_str(&format!("T{}\tA {start} {end}\tab\nA{}\tX T{} v\n", at + 1, at + 1, at + 1));
    }
    let members: Vec<String> = (1..=50_000).map(|at| format!("T{at}")).collect();
    ann.push_str(&format!("*\tSame {}\n", members.join(" ")));
    let folder = folder(&[("a.txt", &text), ("a.ann", &ann)]);
    let (corpus, problems) = read("brat", folder.path());
    assert_eq!((corpus[0].1[0].spans.len(), corpus[0].1[0].relations.len(), problems.len()), (50_000, 49_999, 0));
    let (_folder, out, losses) = write("brat", &options(&corpus), &corpus);
    assert_eq!(losses.len(), 0);
    let lines = fs::read_to_string(out.join("a.ann")).unwrap();
    assert!(lines.contains(&format!("*\tSame {}\n", members.join(" "))));
}

#[test]
fn the_tutorial_is_read_and_written_back() {
    let Some(path) = shared("brat") else { return };
    let (corpus, problems) = read("brat", &path);
    let counts: Vec<(&str, usize, usize)> = corpus
        .iter()
        .map(|(document, layers)| (document.id.as_str(), layers[0].spans.len(), layers[0].relations.len()))
        .collect();
    assert_eq!(
        counts,
        [
            ("000-introduction", 7, 6),
            ("060-relation_annotation", 10, 3),
            ("080-event-annotation", 21, 10),
            ("090-event_structures", 22, 12),
        ]
    );
    assert_eq!(problems, []);
    let (_folder, out, losses) = write("brat", &options(&corpus), &corpus);
    assert_eq!(losses, []);
    let lines = |path: PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        // Attributes and notes are numbered anew.
        let plain = |line: &str| match line.trim_end().split_once('\t') {
            Some((id, rest)) if id.starts_with(['A', 'N', '#']) => format!("{}\t{rest}", &id[..1]),
            _ => line.trim_end().to_owned(),
        };
        let mut lines: Vec<String> = text.lines().map(plain).collect();
        lines.sort();
        lines
    };
    for (document, _) in &corpus {
        let name = format!("{}.ann", document.id);
        assert_eq!(lines(out.join(&name)), lines(path.join(&name)), "{name}");
    }
    let vocabulary = Format::named("brat").unwrap().vocabulary.unwrap()(&path);
    assert_eq!((vocabulary.labels.len(), vocabulary.relations.len()), (17, 20));
    assert_eq!(vocabulary.labels["Marry"].parent.as_deref(), Some("Life"));
}

#[test]
fn files_of_utf_16_are_recognised_and_read() {
    let wide = |text: &str| {
        text.encode_utf16().fold(vec![0xff, 0xfe], |bytes, unit| [bytes, unit.to_le_bytes().to_vec()].concat())
    };
    let folder = folder(&[]);
    fs::write(folder.path().join("a.txt"), wide("Ada ran")).unwrap();
    fs::write(folder.path().join("a.ann"), wide("T1\tPER 0 3\tAda\n")).unwrap();
    for name in ["a.ann", "a.txt", ""] {
        let path = folder.path().join(name);
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), Some("brat"), "{name}");
        assert_eq!(spans(&path).0, ["PER 0..3 “Ada”"], "{name}");
    }
}

#[test]
fn an_end_outside_the_text_is_put_where_the_words_end() {
    let folder = folder(&[("a.txt", "Ada ran"), ("a.ann", "T1\tPER 0 99\tAda\n")]);
    let (found, problems) = spans(folder.path());
    assert_eq!(found, ["PER 0..3 “Ada”"]);
    let sentence = "its text begins where its offsets say, but does not end there: its end was moved";
    assert_eq!(said(&problems), [format!("a.ann:1 warning: {sentence}")]);
}
