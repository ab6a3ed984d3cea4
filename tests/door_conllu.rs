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
fn mentions_in_brackets_nest_and_come_in_pieces() {
    let content = "# global.Entity = eid-etype-head-infstat\n".to_owned()
        + &rows(&[
            ("1", "Ada", "Entity=(e1-person-1-new(e2-object-1"),
            ("2", "’s", "Entity=e1)"),
            ("3", "cat", "Entity=e2)"),
            ("4", "saw", "Entity=(e3[1/2]-event-1"),
            ("5", "it", "Entity=e3[1/2])(e2-object-1-giv)"),
            ("6", "off", "Entity=(e3[2/2]-event-1)"),
        ]);
    check(
        &content,
        "Ada ’s cat saw it off",
        &[
            "event 11..17,18..21 “saw it off”",
            "object 0..10 “Ada ’s cat”",
            "object 15..17 “it”",
            "person 0..6 “Ada ’s”",
        ],
    );
    let (corpus, _) = read(&content);
    let spans = &corpus[0].1[0].spans;
    let person = spans.iter().find(|span| span.label.as_str() == "person").unwrap();
    assert_eq!(person.attributes["eid"], "e1");
    assert_eq!(person.attributes["infstat"], "new");
    let open = rows(&[("1", "Ada", "Entity=(e1-person(e2-place)e7)"), ("2", "left", "_")]);
    let (corpus, problems) = read(&open);
    assert_eq!(doors::seen(&corpus[0].0, &corpus[0].1[0]), ["place 0..3 “Ada”"]);
    assert_eq!(
        problems,
        [
            "1: the mention e7 ends where none begins: left out",
            "1: the mention e1 has no end in its sentence: left out",
        ]
    );
}

#[test]
fn white_space_by_its_number() {
    let content = rows(&[
        ("1", "have", r"SpacesAfter=\u00A0"),
        ("2", "been", r"SpacesAfter=\u2003\s"),
        ("3", "so", r"SpacesAfter=\u20"),
    ]);
    let (corpus, _) = read(&content);
    assert_eq!(corpus[0].0.text.as_str(), "have\u{a0}been\u{2003} sou20");
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
    let kept = &corpus[0].0.meta["conllu"]["sentences"];
    assert!(kept[0].as_str().unwrap().starts_with("# sent_id = 1\n1\ta\t"), "{kept}");
    assert!(kept[1].as_str().unwrap().starts_with("# newpar\n# speaker = Ada\n1\tb\t"), "{kept}");
    assert_eq!(corpus[1].0.meta.len(), 0);
    assert_eq!(doors::seen(&corpus[0].0, &corpus[0].1[0]), ["X 3..4 “b”"]);
}

#[test]
fn a_tree_that_came_in_goes_out_with_the_tags_of_today() {
    let content = "# newdoc id = t\n# sent_id = one\n# text = Vámonos al mar.\n\
        1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\t_\n1\tVamos\tir\tVERB\t_\tMood=Imp\t0\troot\t_\t_\n\
        2\tnos\tnosotros\tPRON\t_\t_\t1\tobj\t_\tGloss=us\n3-4\tal\t_\t_\t_\t_\t_\t_\t_\tNER=B-LOC\n\
        3\ta\ta\tADP\t_\t_\t5\tcase\t_\t_\n4\tel\tel\tDET\t_\t_\t5\tdet\t_\t_\n\
        5\tmar\tmar\tNOUN\t_\t_\t1\tobl\t_\tNER=I-LOC|SpaceAfter=No|Gloss=sea\n5.1\tfue\t_\t_\t_\t_\t_\t_\t_\tCopyOf=1\n\
        6\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\tSpacesAfter=\\n\n\n";
    let (mut corpus, problems) = read(content);
    assert_eq!(problems, Vec::<String>::new());
    let write = |corpus: &Corpus| {
        let (_folder, path, losses) = doors::write("conllu", &doors::options(corpus), corpus);
        (fs::read_to_string(path).unwrap(), losses)
    };
    let (text, losses) = write(&corpus);
    let ours = content
        .replace("# sent_id", "# annotator = me\n# sent_id")
        .replace("NER=B-LOC", "NER=B-LOC|name=B-LOC")
        .replace("NER=I-LOC", "NER=I-LOC|name=L-LOC");
    assert_eq!(text, ours);
    assert_eq!(losses, []);
    // Other spans, other tags; inside a word, the tree cannot be kept.
    let document = corpus[0].0.clone();
    corpus[0].1 = vec![doors::layer(&document, "me", &[("X", &[(0, 7)])])];
    let (text, losses) = write(&corpus);
    assert!(text.contains("1-2\tVámonos\t_\t_\t_\t_\t_\t_\t_\tNER=B-X|name=U-X\n"), "{text}");
    assert!(text.contains("5\tmar\tmar\tNOUN\t_\t_\t1\tobl\t_\tSpaceAfter=No|Gloss=sea\n"), "{text}");
    assert_eq!(losses, []);
    doors::check_round_trip("conllu", &doors::options(&corpus), &corpus);
    corpus[0].1 = vec![doors::layer(&document, "me", &[("X", &[(0, 3)])])];
    let (text, losses) = write(&corpus);
    assert!(text.contains("1\tVám\t_\t_"), "{text}");
    assert_eq!(losses.len(), 1);
    assert_eq!(
        losses[0].sentence,
        "its lemmas and trees are left out: a span begins or ends inside one of their words"
    );
    doors::check_round_trip("conllu", &doors::options(&corpus), &corpus);
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
    let content = rows(&[("1", &"Mara".repeat(250), "NER=B-PER"), ("2", "slept", "_")]).repeat(1_200);
    let (corpus, _) = read(&content);
    assert_eq!(corpus.len(), 2);
    assert_eq!(corpus.iter().map(|(_, layers)| layers[0].spans.len()).sum::<usize>(), 1_200);
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

/// What a file is, its text and its spans.
#[track_caller]
fn check_columns(content: &str, text: &str, spans: &[&str]) {
    let (_folder, path) = file("words.txt", content);
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), Some("conllu"), "{content}");
    check(content, text, spans);
}

#[test]
fn columns_that_the_first_line_names() {
    let head = "# global.columns = ID FORM UPOS CONLL:NER MISC X:MWE\n# newdoc id = a\n";
    let rows =
        "1\tMara\tPROPN\tB-PER\t_\t*\n2\tLind\tPROPN\tI-PER\tSpaceAfter=No|Gloss=x\t1:a|b\n3\t!\tPUNCT\tO\t_\t_\n\n";
    check_columns(&format!("{head}{rows}"), "Mara Lind!", &["PER 0..9 “Mara Lind”"]);
    let (corpus, _) = read(&format!("{head}{rows}"));
    assert_eq!(
        corpus[0].0.meta["conllu"]["sentences"][0],
        "1\tMara\t_\tPROPN\t_\t_\t_\t_\t_\tNER=B-PER\n\
         2\tLind\t_\tPROPN\t_\t_\t_\t_\t_\tNER=I-PER|SpaceAfter=No|Gloss=x|X:MWE=1:a\\pb\n\
         3\t!\t_\tPUNCT\t_\t_\t_\t_\t_\t_"
    );
    check_columns(
        "# global.columns = form lemma ner\nOslo\tOslo\tB-LOC\nfell\tfall\tO\n\n",
        "Oslo fell",
        &["LOC 0..4 “Oslo”"],
    );
    let (_, problems) = read("# global.columns = FORM X:NE\nOslo\tB-LOC\nfell\nso\tO\tO\n\n");
    assert_eq!(
        problems,
        [
            "3: its columns are not those of the file; it was left out",
            "4: its columns are not those of the file; it was left out"
        ]
    );
}

#[test]
fn words_and_tags_below_the_comments_of_trees() {
    let uner = "# newdoc id = b\n# sent_id = 1\n# text = 美國總統#1\n1\t美國\tB-LOC\t-\t-\n2\t總統\tO\t-\tana\n3\t#\tO\t-\t-\n4\t1\tO\t-\t-\n\n";
    check_columns(uner, "美國總統#1", &["LOC 0..2 “美國”"]);
    check_columns(
        "# text = 顏淵問\n顏 B-SURNAME\n淵 B-NAME\n問 O\n\n",
        "顏淵問",
        &["NAME 1..2 “淵”", "SURNAME 0..1 “顏”"],
    );
}
