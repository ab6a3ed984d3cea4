//! TSV 3.x of `WebAnno`, in: text from sentences, spans by numbers, relations, slots, escapes, pieces of words.

use std::fs;
use std::path::{Path, PathBuf};

use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::ReadOptions;
use spanwright::formats::table::Format;
use spanwright::text::{Problem, Severity};
use tempfile::TempDir;

use crate::doors::{self, Corpus};

fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    path.exists().then_some(path)
}

fn file(content: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("page.tsv");
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn read(content: &str) -> (Corpus, Vec<String>) {
    let (_folder, path) = file(content);
    let (corpus, problems) = doors::read("tsv", &path);
    let told = |problem: &Problem| format!("{}: {}", problem.place.line.unwrap_or_default(), problem.sentence);
    (corpus, problems.iter().filter(|problem| problem.severity > Severity::Note).map(told).collect())
}

/// Text, spans, relations.
#[track_caller]
fn check(content: &str, text: &str, spans: &[&str], relations: &[&str]) -> Corpus {
    let (corpus, problems) = read(content);
    let (document, layers) = &corpus[0];
    assert_eq!(document.text.as_str(), text);
    assert_eq!(doors::seen(document, &layers[0]), spans);
    let quote = |id| layers[0].span(id).unwrap().ranges.quote(&document.text);
    let mut found: Vec<String> = layers[0]
        .relations
        .values()
        .map(|relation| format!("{}: {} → {}", relation.kind, quote(&relation.from), quote(&relation.to)))
        .collect();
    found.sort();
    assert_eq!(found, relations);
    assert_eq!(problems, Vec::<String>::new());
    corpus
}

const NAMES: &str = "#FORMAT=WebAnno TSV 3.2\n#T_SP=custom.Name|identifier|value\n\n\n";

#[test]
fn numbers_tie_words_and_the_value_is_the_label() {
    let content = format!(
        "{NAMES}#Text=Mara Lind met Ivo .\n1-1\t0-4\tMara\thttp:q1[1]\tPER[1]\t\n1-2\t5-9\tLind\thttp:q1[1]\tPER[1]\t\n\
         1-3\t10-13\tmet\t_\t_\t\n1-4\t14-17\tIvo\t*\tPER\t\n1-5\t18-19\t.\t_\t_\t\n\n\
         #Text=Oslo .\n2-1\t20-24\tOslo\t*\t*\t\n2-2\t25-26\t.\t_\t_\t\n"
    );
    let corpus = check(
        &content,
        "Mara Lind met Ivo .\nOslo .",
        &["Name 20..24 “Oslo”", "PER 0..9 “Mara Lind”", "PER 14..17 “Ivo”"],
        &[],
    );
    let (document, layers) = &corpus[0];
    assert_eq!(document.id.as_str(), "page");
    let first = layers[0].spans.iter().next().unwrap();
    assert_eq!(first.id.as_str(), "Name-1");
    assert_eq!(first.attributes["identifier"], "http:q1");
    assert_eq!(first.extra["layer"], "custom.Name");
    assert_eq!(document.meta["tsv"]["head"][1], "#T_SP=custom.Name|identifier|value");
}

#[test]
fn offsets_count_utf_16() {
    let content = format!(
        "{NAMES}#Text=👩‍👩‍👧 saw 👍🏽Лена\n1-1\t0-8\t👩‍👩‍👧\t_\tX\n1-2\t9-12\tsaw\t_\t_\n1-3\t13-17\t👍🏽\t_\tY[1]\n1-4\t17-21\tЛена\t_\tY[1]|Z[2]\n"
    );
    check(&content, "👩‍👩‍👧 saw 👍🏽Лена", &["X 0..5 “👩‍👩‍👧”", "Y 10..16 “👍🏽Лена”", "Z 12..16 “Лена”"], &[]);
}

#[test]
fn a_text_has_the_gaps_that_its_offsets_say() {
    let content = format!(
        "{NAMES}#Text=Ada\n1-1\t2-5\tAda\t_\tX\n\n#Text=went off.\n2-1\t7-11\twent\t_\tY[1]\n2-2\t12-15\toff\t_\tY[1]\n2-3\t15-16\t.\t_\t_\n\n#Text=So.\n3-1\t16-18\tSo\t_\t_\n3-2\t18-19\t.\t_\t_\n"
    );
    check(&content, "\n\nAda\n\nwent off.So.", &["X 2..5 “Ada”", "Y 7..15 “went off”"], &[]);
}

#[test]
fn a_sentence_of_several_lines() {
    let content = format!(
        "{NAMES}#Text=Ada\n#Text= went\\toff\n1-1\t0-3\tAda\t_\tX[1]\n1-2\t5-9\twent\t_\tX[1]\n1-3\t10-13\toff\t_\t_\n"
    );
    check(&content, "Ada\n went\toff", &["X 0..9 “Ada\n went”"], &[]);
}

#[test]
fn escapes_are_taken_off() {
    let content = format!(
        "{NAMES}#Text=a | b\n1-1\t0-1\ta\t\\_\tx\\|y\\[1\\]\n1-2\t2-3\t\\|\ta\\\\b[2]\t\\*[2]|p\\;q[3]\n1-3\t4-5\tb\t_\t_\n"
    );
    let corpus = check(&content, "a | b", &["* 2..3 “|”", "p;q 2..3 “|”", "x|y[1] 0..1 “a”"], &[]);
    let values: Vec<String> =
        corpus[0].1[0].spans.iter().filter_map(|span| Some(span.attributes.get("identifier")?.to_string())).collect();
    assert_eq!(values.len(), 2, "{values:?}");
    assert!(values.contains(&"\"_\"".to_owned()) && values.contains(&"\"a\\\\b\"".to_owned()), "{values:?}");
}

#[test]
fn pieces_of_words_and_gaps_between_words() {
    let content = format!(
        "{NAMES}#Text=Paris-based Acme Corp is big\n1-1\t0-11\tParis-based\t_\t_\n1-1.1\t0-5\tParis\t_\tLOC\n1-1.2\t6-11\tbased\t_\tV[4]\n\
         1-2\t12-16\tAcme\t_\tV[4]|ORG[5]\n1-3\t17-21\tCorp\t_\t_\n1-4\t22-24\tis\t_\tORG[5]\n1-5\t25-28\tbig\t_\t_\n"
    );
    check(
        &content,
        "Paris-based Acme Corp is big",
        &["LOC 0..5 “Paris”", "ORG 12..16,22..24 “Acme is”", "V 6..16 “based Acme”"],
        &[],
    );
}

#[test]
fn relations_point_from_the_word_they_name() {
    let content = "#FORMAT=WebAnno TSV 3.2\n#T_SP=custom.Mention|kind\n#T_RL=custom.Coref|type|flavour|BT_custom.Mention\n\n\n\
        #Text=Ada saw her and him\n1-1\t0-3\tAda\tperson[1]|she[2]\tana|ana\tx|*\t1-3[0_1]|1-5[7_2]\n1-2\t4-7\tsaw\tevent\t_\t_\t_\n\
        1-3\t8-11\ther\tpron\t*\t*\t1-2\n1-4\t12-15\tand\t_\t_\t_\t_\n1-5\t16-19\thim\tpron[7]\t_\t_\t_\n";
    let corpus = check(
        content,
        "Ada saw her and him",
        &["event 4..7 “saw”", "person 0..3 “Ada”", "pron 16..19 “him”", "pron 8..11 “her”", "she 0..3 “Ada”"],
        &["Coref: saw → her", "ana: her → Ada", "ana: him → Ada"],
    );
    let with: Vec<_> =
        corpus[0].1[0].relations.values().filter_map(|relation| relation.attributes.get("flavour")).collect();
    assert_eq!(with, ["x"]);
}

#[test]
fn slots_are_relations_by_role() {
    let content = "#FORMAT=WebAnno TSV 3.2\n#T_SP=custom.Frame|frame|ROLE_custom.Frame:roles_custom.Link|custom.Arg\n#T_SP=custom.Arg|role\n\n\n\
        #Text=Ada buys red cake\n1-1\t0-3\tAda\t_\t_\t_\tagent\n1-2\t4-8\tbuys\tbuying[7]\tbuyer;goods[7]\t1-1;1-3[4]\t_\n\
        1-3\t9-12\tred\tbuying[7]\tbuyer;goods[7]\t1-1;1-3[4]\tthing[4]\n1-4\t13-17\tcake\t_\t_\t_\tthing[4]\n";
    check(
        content,
        "Ada buys red cake",
        &["agent 0..3 “Ada”", "buying 4..12 “buys red”", "thing 9..17 “red cake”"],
        &["buyer: buys red → Ada", "goods: buys red → red cake"],
    );
}

#[test]
fn words_are_no_labels_and_chains_are_kept_apart() {
    let content = "#FORMAT=WebAnno TSV 3.3\n#T_SP=core.Lemma|value\n#T_CH=core.Link|type|link\n#Sentence.id=s1\n\n#Text=Ada ran\n\
        1-1\t0-3\tAda\tada\tnam\t*->1-1\n1-2\t4-7\tran\trun\t_\t_\n";
    let corpus = check(content, "Ada ran", &["Lemma 0..3 “Ada”", "Lemma 4..7 “ran”"], &[]);
    assert_eq!(corpus[0].0.meta["tsv"]["chains"]["core.Link 1-1"], serde_json::json!(["nam", "*->1-1"]));
    assert_eq!(corpus[0].0.meta["tsv"]["comments"], serde_json::json!(["#Sentence.id=s1"]));
    assert_eq!(corpus[0].1[0].spans.iter().next().unwrap().attributes["value"], "ada");
}

#[test]
fn dirty_rows_are_said() {
    let content = format!(
        "{NAMES}#Text=Ada ran far\n1-1\t0-3\tAda\t_\tX\nnonsense\n1-2\t4-7\trun\t_\tY\n1-3\t9-12\tfar\t_\n1-x\t9-12\tfar\t_\tZ\nq\t1-2\tz\n"
    );
    let (corpus, problems) = read(&content);
    assert_eq!(doors::seen(&corpus[0].0, &corpus[0].1[0]), ["X 0..3 “Ada”"]);
    let no_row =
        "it is no row: a number such as 1-1, offsets such as 0-4, a word and cells, with tabs between; it was left out";
    assert_eq!(
        problems,
        [
            format!("7: {no_row}"),
            format!("11: {no_row}"),
            "8: the word “run” is not in the text of its sentence".to_owned(),
            "9: the row has 4 columns, the head says 5: the others are taken as empty".to_owned(),
            "10: the word “far” is not in the text of its sentence".to_owned(),
            "8: its word is not in the text of its sentence; this part of the span was not imported".to_owned(),
            "10: its word is not in the text of its sentence; this part of the span was not imported".to_owned(),
            "1: 1 of 4 words do not stand where their offsets say: they were found in the sentences".to_owned(),
        ]
    );
    assert_eq!(read("1-1\t0-1\ta\n").0.len(), 0);
    let huge = format!("{NAMES}#Text=a\n1-1\t99999999999-100000000000\ta\t_\tX\n");
    let (corpus, problems) = read(&huge);
    assert_eq!(corpus[0].0.text.as_str(), "a");
    assert_eq!(problems.len(), 1);
}

#[test]
fn words_that_a_relation_joins_become_spans() {
    let content = "#FORMAT=WebAnno TSV 3.2\n#T_SP=core.Name|value\n#T_RL=core.Dependency|type|BT_core.Token\n\n\n\
        #Text=Ada met Bo\n1-1\t0-3\tAda\tPER\tnsubj\t1-2\n1-2\t4-7\tmet\t_\troot\t1-2\n1-3\t8-10\tBo\t_\tobj\t1-2\n";
    let corpus = check(
        content,
        "Ada met Bo",
        &["PER 0..3 “Ada”", "Token 0..3 “Ada”", "Token 4..7 “met”", "Token 8..10 “Bo”"],
        &["nsubj: met → Ada", "obj: met → Bo", "root: met → met"],
    );
    let token = corpus[0].1[0].spans.iter().find(|span| span.label.as_str() == "Token").unwrap();
    assert_eq!(token.extra["layer"], "core.Token");
}

#[test]
fn versions_before_3_are_known_and_refused() {
    let second = " # webanno.custom.Name | value # webanno.custom.Link | kind | AttachTo=webanno.custom.Name\n#id=1\n#text=Ada ran\n1-1\tAda\tB-PER\t_\t_\t\n1-2\tran\tO\tx\t1-1\t\n\n";
    let first =
        "#id=1\n#text=Ada ran\n1\tAda\tada\tN\tB-PER\t_\t2\tsubj\t_\t_\n2\tran\trun\tV\tO\t_\t0\troot\t_\t_\n\n";
    let named = second.replacen(" # ", "#FORMAT=WebAnno TSV 2\n # ", 1);
    for content in [first, second, &named] {
        let (_folder, path) = file(content);
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), Some("tsv"), "{content}");
        let (corpus, problems) = read(content);
        assert_eq!(corpus.len(), 0);
        assert_eq!(
            problems,
            ["1: it is WebAnno TSV 1 or 2, whose numbers and types are other ones; it was not imported"]
        );
    }
}

#[test]
fn relations_to_nothing_are_refused_with_their_line() {
    let content = "#FORMAT=WebAnno TSV 3.2\n#T_SP=core.POS|PosValue\n#T_RL=core.Dependency|type|BT_core.POS\n\n#Text=Ada ran\n1-1\t0-3\tAda\tN\tnsubj\t1-2\n1-2\t4-7\tran\t_\t_\t_\n";
    let (corpus, problems) = read(content);
    assert_eq!(corpus[0].1[0].relations.len(), 0);
    assert_eq!(problems, ["6: the relation nsubj joins “1-2”, where no span is; it was not imported"]);
}

#[test]
fn damaged_files_are_survived() {
    let (_folder, path) = file(
        "#FORMAT=WebAnno TSV 3.2\n#T_SP=custom.Mention|kind\n#T_RL=custom.Coref|type|BT_custom.Mention\n\n\n\
         #Text=👍 Ada saw her\n1-1\t0-2\t👍\t_\t_\t_\n1-2\t3-6\tAda\tperson[1]|she[2]\tana|ana\t1-4[0_1]|1-4[0_2]\n1-2.1\t3-4\tA\tletter\t_\t_\n1-3\t7-10\tsaw\tevent\t_\t_\n\
         1-4\t11-14\ther\tpron\t*\t1-3\n",
    );
    doors::survive("tsv", &path, 300);
}

#[test]
fn it_is_recognised_by_its_first_line() {
    let named = |content: &str| {
        let (_folder, path) = file(content);
        Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id)
    };
    assert_eq!(named(NAMES), Some("tsv"));
    assert_eq!(named(&format!("\u{feff}{NAMES}")), Some("tsv"));
    assert_eq!(named("id\ttext\n1\tAda\n"), None);
}

#[test]
fn the_real_files() {
    let Some(folder) = shared("gum-news") else { return };
    let told = |name: &str| {
        let path = folder.join(format!("coref__gum__tsv__GUM_news_{name}.tsv"));
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), Some("tsv"));
        // As it is read, before anything is settled: offsets of the file, word by word.
        let reader = Format::named("tsv").unwrap().reader.unwrap();
        let record = reader(&path, &ReadOptions::default()).unwrap().next().unwrap().unwrap();
        let wrong: Vec<&Problem> = record.problems.iter().filter(|problem| problem.severity > Severity::Note).collect();
        assert_eq!(wrong, Vec::<&Problem>::new());
        let text: Vec<u16> = record.document.text.unwrap().0.as_str().encode_utf16().collect();
        let content = fs::read_to_string(&path).unwrap();
        let mut words = 0;
        for row in content.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let cells: Vec<&str> = row.split('\t').collect();
            let (start, end) = cells[1].split_once('-').unwrap();
            let covered = &text[start.parse().unwrap()..end.parse().unwrap()];
            assert_eq!(String::from_utf16(covered).unwrap(), cells[2], "{name}: {row}");
            words += 1;
        }
        let (corpus, problems) = doors::read("tsv", &path);
        let wrong = problems.iter().filter(|problem| problem.severity > Severity::Note).count();
        let layer = &corpus[0].1[0];
        (corpus.len(), words, layer.spans.len(), layer.relations.len(), wrong)
    };
    assert_eq!(told("asylum"), (1, 373, 102, 48, 0));
    assert_eq!(told("expo"), (1, 773, 249, 85, 0));
    assert_eq!(told("korea"), (1, 428, 107, 56, 0));
    assert_eq!(told("stampede"), (1, 254, 67, 23, 0));
}

#[test]
fn what_covers_nothing_stands_where_its_offsets_say() {
    let content = "#FORMAT=WebAnno TSV 3.3\n#T_SP=custom.Gap|value\n\n\n#Text=Ada left .\n1-1\t0-3\tAda\t_\t\n1-1.1\t0-0\t\tTITLE\t\n\
                   1-2\t4-8\tleft\t_\t\n1-2.1\t6-6\t\tA[1]|B[2]\t\n1-2.2\t8-8\t\tTIME\t\n1-3\t9-10\t.\t_\t\n1-3.1\t10-10\t\t*\t\n";
    check(content, "Ada left .", &["A 6..6 “”", "B 6..6 “”", "Gap 10..10 “”", "TIME 8..8 “”", "TITLE 0..0 “”"], &[]);
}

#[test]
fn slots_alone_say_that_a_span_is_there() {
    let head = "#FORMAT=WebAnno TSV 3.3\n#T_SP=custom.Name|\n#T_SP=custom.Frame|ROLE_custom.Frame:roles_custom.Link|custom.Name\n\n\n";
    let content = format!(
        "{head}#Text=Ada gave Bo tea\n1-1\t0-3\tAda\t*\t_\t_\t\n1-2\t4-8\tgave\t_\twho;whom\t1-1;1-3\t\n1-3\t9-11\tBo\t*\t_\t_\t\n1-4\t12-15\ttea\t_\t_\t*\t\n"
    );
    check(
        &content,
        "Ada gave Bo tea",
        &["Frame 12..15 “tea”", "Frame 4..8 “gave”", "Name 0..3 “Ada”", "Name 9..11 “Bo”"],
        &["who: gave → Ada", "whom: gave → Bo"],
    );
    let stacked = content.replace("who;whom\t1-1;1-3", "who[1]|whom[2]\t1-1|1-3");
    let (corpus, problems) = read(&stacked);
    assert_eq!((corpus[0].1[0].relations.len(), problems), (2, Vec::new()));
}

#[test]
fn slots_may_hold_spans_of_any_layer() {
    let content = "#FORMAT=WebAnno TSV 3.3\n#T_SP=custom.Name|\n#T_SP=custom.Frame|ROLE_custom.Frame:roles_custom.Link|uima.tcas.Annotation\n\n\n\
                   #Text=Ada ran on\n1-1\t0-3\tAda\t*[1]\t_\t_\t\n1-2\t4-7\tran\t_\twho;how\t1-1[1];*\t\n1-3\t8-10\ton\t_\t_\t_\t\n";
    let (corpus, problems) = read(content);
    let (document, layers) = &corpus[0];
    assert_eq!(doors::seen(document, &layers[0]), ["Frame 4..7 “ran”", "Name 0..3 “Ada”"]);
    assert_eq!(layers[0].relations.len(), 1);
    assert_eq!(problems, ["8: the slot how of Frame@1-2 is empty; it was left out"]);
}

#[test]
fn ten_columns_do_not_make_it_conllu() {
    let content =
        "#FORMAT=WebAnno TSV 3.3\n#T_SP=custom.Name|a|b|c|d|e|f\n\n\n#Text=Ada\n1-1\t0-3\tAda\t1\t2\t3\t4\t5\t6\t\n";
    let (_folder, path) = file(content);
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).unwrap().id, "tsv");
}

#[test]
fn what_a_second_span_of_the_same_label_alone_says_is_told() {
    let content = format!("{NAMES}#Text=Ada\n1-1\t0-3\tAda\tQ1[1]|Q2[2]\tPER[1]|PER[2]\n");
    let (corpus, problems) = read(&content);
    assert_eq!(doors::seen(&corpus[0].0, &corpus[0].1[0]), ["PER 0..3 “Ada”"]);
    assert_eq!(problems, ["1: the same label on the same extent as Name-1: kept once, without identifier: \"Q2\""]);
}
