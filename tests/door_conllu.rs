//! CoNLL-U, in and out: the text rebuilt exactly from what the last column says of white space, tags from wherever programs put them.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::WriteOptions;
use spanwright::formats::table::Format;
use spanwright::formats::tokens::{Misaligned, Scheme};
use spanwright::text::{Problem, Severity};
use tempfile::TempDir;

use crate::doors::{self, Corpus};

fn file(name: &str, content: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn read(content: &str) -> (Corpus, Vec<String>) {
    let (_folder, path) = file("tree.conllu", content);
    let (corpus, problems) = doors::read("conllu", &path);
    let told = |problem: &Problem| format!("{}: {}", problem.place.line.unwrap_or_default(), problem.sentence);
    (corpus, problems.iter().filter(|problem| problem.severity > Severity::Note).map(told).collect())
}

/// Rows given as `(id, form, misc)`.
fn rows(rows: &[(&str, &str, &str)]) -> String {
    rows.iter().map(|(id, form, misc)| format!("{id}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n")).collect::<String>()
        + "\n"
}

#[track_caller]
fn check(content: &str, text: &str, spans: &[&str]) {
    let (corpus, problems) = read(content);
    let (document, layers) = &corpus[0];
    assert_eq!(document.text.as_str(), text);
    assert_eq!(doors::seen(document, &layers[0]), spans);
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn white_space_is_what_the_last_column_says() {
    let content = rows(&[
        ("1", "Mara", "SpacesBefore=\\n\\s|NER=B-PER"),
        ("2", "Lind", "NER=I-PER|SpaceAfter=No"),
        ("3", ",", "SpacesAfter=\\s\\s"),
        ("4", "a|b\\c", "SpacesAfter=\\t\\p\\\\"),
    ]) + &rows(&[("1", "Oslo", "NER=B-LOC|SpacesAfter=\\n\\n")])
        + &rows(&[("1", "So", "_"), ("2", "on", "SpacesAfter=\\r\\n")]);
    check(&content, "\n Mara Lind,  a|b\\c\t|\\Oslo\n\nSo on\n", &["LOC 22..26 “Oslo”", "PER 2..11 “Mara Lind”"]);
}

#[test]
fn tags_stand_where_programs_put_them() {
    for (first, second) in [
        ("NER=B-X", "NER=I-X"),
        ("name=B-X", "name=L-X"),
        ("NE=B-X", "NE=E-X"),
        ("Entity=B-X", "Entity=I-X"),
        ("B-X", "I-X"),
        ("NER=X", "NER=X"),
        ("Gloss=a|NER=I-X", "NER=I-X|SpaceAfter=No"),
    ] {
        check(
            &rows(&[("1", "a", first), ("2", "b", second), ("3", "c", "NER=O")]),
            match second {
                "NER=I-X|SpaceAfter=No" => "a bc",
                _ => "a b c",
            },
            &["X 0..3 “a b”"],
        );
    }
}

#[test]
fn multiword_tokens_are_one_stretch_of_text() {
    let content = rows(&[
        ("1", "ida", "_"),
        ("2-3", "del", "_"),
        ("2", "de", "_"),
        ("3", "el", "NER=B-LOC"),
        ("4", "Río", "NER=I-LOC|SpaceAfter=No"),
        ("4.1", "fue", "_"),
        ("5", ".", "_"),
    ]);
    let (corpus, problems) = read(&content);
    assert_eq!(corpus[0].0.text.as_str(), "ida del Río.");
    assert_eq!(doors::seen(&corpus[0].0, &corpus[0].1[0]), ["LOC 4..11 “del Río”"]);
    assert_eq!(problems, ["4: LOC covers a part of a multiword token: it was taken as covering the whole"]);
    let whole =
        rows(&[("1-2", "al", "NER=B-X|SpaceAfter=No"), ("1", "a", "NER=B-X"), ("2", "el", "NER=I-X"), ("3", "!", "_")]);
    check(&whole, "al!", &["X 0..2 “al”"]);
    let both = rows(&[("1-2", "al", "SpaceAfter=No"), ("1", "a", "NER=B-X"), ("2", "el", "NER=I-X"), ("3", "!", "_")]);
    check(&both, "al!", &["X 0..2 “al”"]);
}

#[test]
fn a_text_in_a_comment_tells_where_no_blank_is() {
    let content = "# text = Ada went (off).\n".to_owned()
        + &rows(&[
            ("1", "Ada", "NER=B-X"),
            ("2", "went", "_"),
            ("3", "(", "_"),
            ("4", "off", "NER=B-Y"),
            ("5", ")", "_"),
            ("6", ".", "_"),
        ]);
    check(&content, "Ada went (off).", &["X 0..3 “Ada”", "Y 10..13 “off”"]);
    let other = "# text = Bob went.\n".to_owned() + &rows(&[("1", "Ada", "NER=B-X"), ("2", "went", "_")]);
    let (corpus, problems) = read(&other);
    assert_eq!(corpus[0].0.text.as_str(), "Ada went");
    assert_eq!(problems, ["4: its words are not those of “# text”: the words were taken"]);
}

#[test]
fn documents_have_their_ids_and_paragraphs() {
    let content = "# newdoc id = first one\n# sent_id = 1\n".to_owned()
        + &rows(&[("1", "a", "_")])
        + "# newpar\n# speaker = Ada\n"
        + &rows(&[("1", "b", "NER=S-X"), ("2", "c", "NER=O")])
        + "# newdoc\n"
        + &rows(&[("1", "d", "_")]);
    let (corpus, problems) = read(&content);
    assert_eq!(problems, Vec::<String>::new());
    let found: Vec<(&str, &str)> =
        corpus.iter().map(|(document, _)| (document.id.as_str(), document.text.as_str())).collect();
    assert_eq!(found, [("first one", "a\n\nb c"), ("tree-00002", "d")]);
    assert_eq!(corpus[0].0.meta["conllu"]["comments"], serde_json::json!(["speaker = Ada"]));
    assert_eq!(doors::seen(&corpus[0].0, &corpus[0].1[0]), ["X 3..4 “b”"]);
}

#[test]
fn dirty_rows_are_said() {
    let content = rows(&[("1", "a", "NER=B-X"), ("2", "b", "NER=what"), ("3", "c", "NER=B-Y")])
        + "4\td\t_\nx\ty\n"
        + &rows(&[("5", "e", "NER=I-Y"), ("6", "f", "_")]);
    let (corpus, problems) = read(&content);
    assert_eq!(corpus[0].0.text.as_str(), "a b c e f");
    assert_eq!(doors::seen(&corpus[0].0, &corpus[0].1[0]), ["X 0..1 “a”", "Y 4..5 “c”", "Y 6..7 “e”"]);
    assert_eq!(
        problems,
        [
            "2: “what” is no tag of BIO (IOB2): taken as O",
            "5: it is no row of ten columns with tabs between; it was left out",
            "6: it is no row of ten columns with tabs between; it was left out",
            "7: I-Y goes on no span of Y: taken as the beginning of one",
        ]
    );
}

#[test]
fn one_export_byte_by_byte() {
    let document = doors::document("a b", "Mara Lind\u{a0}left.\n\nOslo fell. ");
    let layer = doors::layer(&document, "ana", &[("per son", &[(0, 9)]), ("LOC", &[(17, 21)]), ("LOC", &[(17, 18)])]);
    let corpus: Corpus = vec![(document, vec![layer])];
    let (_folder, path, losses) = doors::write("conllu", &doors::options(&corpus), &corpus);
    assert_eq!(
        fs::read_to_string(path).unwrap(),
        "# newdoc id = a b\n# annotator = ana\n# sent_id = a_b-1\n# text = Mara Lind\u{a0}left.\n\
         1\tMara\t_\t_\t_\t_\t_\t_\t_\tNER=B-per_son|name=B-PER_SON\n\
         2\tLind\t_\t_\t_\t_\t_\t_\t_\tNER=I-per_son|name=L-PER_SON|SpaceAfter=No\n\
         3\t\u{a0}\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\
         4\tleft\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\
         5\t.\t_\t_\t_\t_\t_\t_\t_\tSpacesAfter=\\n\\n\n\n\
         # sent_id = a_b-2\n# text = Oslo fell.\n\
         1\tO\t_\t_\t_\t_\t_\t_\t_\tNER=B-LOC|name=B-LOC|SpaceAfter=No\n\
         2\tslo\t_\t_\t_\t_\t_\t_\t_\tNER=I-LOC|name=L-LOC\n\
         3\tfell\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n\
         4\t.\t_\t_\t_\t_\t_\t_\t_\tSpacesAfter=\\s\n\n"
    );
    let told: Vec<(&str, &str)> =
        losses.iter().map(|loss| (loss.item.as_ref().unwrap().as_str(), loss.sentence.as_str())).collect();
    assert_eq!(
        told,
        [
            ("s2", "it lies over a span that is written, and each token holds one label: left out"),
            ("s0", "its label per son cannot stand in a tag: written as per_son"),
        ]
    );
}

#[test]
fn the_stress_corpus_reads_back() {
    let corpus = doors::stress();
    for scheme in Scheme::ALL {
        for misaligned in Misaligned::ALL {
            let options = WriteOptions { scheme, misaligned, ..doors::options(&corpus) };
            doors::check_round_trip("conllu", &options, &corpus);
        }
    }
    doors::keep("conllu", &doors::options(&corpus), &corpus);
}

#[test]
fn nothing_but_white_space_metadata_and_odd_ids_read_back() {
    let mut corpus: Corpus = Vec::new();
    for (id, text) in
        [("e", ""), (" \n odd\u{1}", " \n\t"), ("a = b", "\u{a0}"), ("p", "_ # 1 | \\n"), ("q", "a \u{a0} b\u{a0}\n")]
    {
        let mut document = doors::document(id, text);
        document.meta.insert("title".to_owned(), "Two\nlines".into());
        let layer = doors::layer(&document, "ana", &[]);
        corpus.push((document, vec![layer]));
    }
    doors::check_round_trip("conllu", &doors::options(&corpus), &corpus);
    let (_folder, path, _) = doors::write("conllu", &doors::options(&corpus), &corpus);
    let (back, problems) = doors::read("conllu", &path);
    assert_eq!(problems, []);
    for ((document, layers), (read, found)) in corpus.iter().zip(&back) {
        assert_eq!(read.meta, document.meta);
        assert_eq!(found[0].annotator, layers[0].annotator);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_documents_read_back(corpus in doors::corpora(), scheme in 0..3_usize) {
        let options = WriteOptions { scheme: Scheme::ALL[scheme], ..doors::options(&corpus) };
        doors::check_round_trip("conllu", &options, &corpus);
    }
}

#[test]
fn a_long_file_without_documents_is_cut_between_sentences() {
    let content = rows(&[("1", "Mara", "NER=B-PER"), ("2", "slept", "_")]).repeat(120_000);
    let (corpus, _) = read(&content);
    assert_eq!(corpus.len(), 2);
    assert_eq!(corpus.iter().map(|(_, layers)| layers[0].spans.len()).sum::<usize>(), 120_000);
}

#[test]
fn damaged_files_are_survived() {
    let corpus = doors::stress();
    let (_folder, path, _) = doors::write("conllu", &doors::options(&corpus), &corpus);
    doors::survive("conllu", &path, 300);
    let (_folder, path) = file(
        "tree.conllu",
        &("# newdoc id = x\n# text = ida del Río.\n".to_owned()
            + &rows(&[
                ("1", "ida", "_"),
                ("2-3", "del", "_"),
                ("2", "de", "_"),
                ("3", "el", "B-X"),
                ("3.1", "fue", "_"),
            ])),
    );
    doors::survive("conllu", &path, 300);
}

#[test]
fn it_is_recognised_by_what_it_holds() {
    let named = |content: &str| {
        let (_folder, path) = file("some.txt", content);
        Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id)
    };
    assert_eq!(named(&rows(&[("1", "a", "_"), ("2-3", "b", "O")])), Some("conllu"));
    assert_eq!(named(&rows(&[("1", "a", "O"), ("2", "b", "B-PER")])), Some("conllu"));
    assert_eq!(named("# just a heading\n\nand text\n"), None);
    assert_eq!(named("1\t2\n"), None);
}
