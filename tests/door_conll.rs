//! CoNLL-2002 and CoNLL-2003, in and out: schemes found, dirt repaired and said, words and tags the same after a round trip.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use spanwright::annotation::Layer;
use spanwright::formats::glimpse::Glimpse;
use spanwright::formats::options::WriteOptions;
use spanwright::formats::table::Format;
use spanwright::formats::tokens::{Misaligned, Scheme};
use spanwright::text::{Document, Problem, Severity};
use tempfile::TempDir;

use crate::doors::{self, Corpus};

/// A folder of the shared data, where it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    path.exists().then_some(path)
}

fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    (folder, path)
}

fn read(content: impl AsRef<[u8]>) -> (Corpus, Vec<Problem>) {
    let (_folder, path) = file("words.conll", content);
    doors::read("conll", &path)
}

/// What is read: each document's text, then its spans.
#[track_caller]
fn check(content: impl AsRef<[u8]>, expected: &[(&str, &[&str])]) -> Vec<String> {
    let (corpus, problems) = read(content);
    let found: Vec<(String, Vec<String>)> = corpus
        .iter()
        .map(|(document, layers)| {
            let spans = layers.iter().flat_map(|layer| doors::seen(document, layer)).collect();
            (document.text.as_str().to_owned(), spans)
        })
        .collect();
    let expected: Vec<(String, Vec<String>)> = expected
        .iter()
        .map(|(text, spans)| ((*text).to_owned(), spans.iter().map(|span| (*span).to_owned()).collect()))
        .collect();
    assert_eq!(found, expected);
    let told = |problem: &Problem| match problem.place.line {
        Some(line) => format!("{line}: {}", problem.sentence),
        None => problem.sentence.clone(),
    };
    problems.iter().filter(|problem| problem.severity > Severity::Note).map(told).collect()
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn the_scheme_is_found_over_the_whole_file() {
    let spans: &[(&str, &[&str])] = &[(
        "Mara Lind met Ivo\nOslo Radio fell",
        &["LOC 18..22 “Oslo”", "ORG 23..28 “Radio”", "PER 0..9 “Mara Lind”", "PER 14..17 “Ivo”"],
    )];
    let notes = |tags: [&str; 7]| {
        let words = ["Mara", "Lind", "met", "Ivo", "\nOslo", "Radio", "fell"];
        let content: String = words.iter().zip(tags).map(|(word, tag)| format!("{word} {tag}\n")).collect();
        assert_eq!(check(&content, spans), none());
        let (_, problems) = read(&content);
        problems[0].sentence.split(';').next().unwrap().to_owned()
    };
    assert_eq!(notes(["B-PER", "I-PER", "O", "B-PER", "B-LOC", "B-ORG", "O"]), "its tags are BIO (IOB2)");
    assert_eq!(notes(["I-PER", "I-PER", "O", "I-PER", "I-LOC", "I-ORG", "O"]), "its tags are IOB1");
    assert_eq!(notes(["B-PER", "E-PER", "O", "S-PER", "S-LOC", "S-ORG", "O"]), "its tags are BIOES");
    assert_eq!(notes(["B-PER", "L-PER", "O", "U-PER", "U-LOC", "U-ORG", "O"]), "its tags are BILOU");
    assert_eq!(notes(["PER", "PER", "O", "PER", "LOC", "ORG", "O"]), "its tags are bare labels");
}

#[test]
fn neighbours_with_one_label_stay_two_spans() {
    let expected: &[(&str, &[&str])] = &[("a b c d", &["X 0..3 “a b”", "X 4..5 “c”"])];
    assert_eq!(check("a B-X\nb I-X\nc B-X\nd O\n", expected), none());
    assert_eq!(check("a I-X\nb I-X\nc B-X\nd O\n", expected), none());
    assert_eq!(check("a B-X\nb E-X\nc S-X\nd O\n", expected), none());
    assert_eq!(check("a B-X\nb L-X\nc U-X\nd O\n", expected), none());
}

#[test]
fn one_dirty_tag_in_a_clean_file_is_repaired_and_said() {
    let clean = "Ada B-PER\nwent O\n\n".repeat(5);
    let texts = "Ada went\n".repeat(5);
    let dirty = format!("{clean}x O\nOslo I-LOC\nBay I-LOC\nRadio I-ORG\n");
    let (corpus, problems) = read(&dirty);
    assert_eq!(corpus[0].0.text.as_str(), format!("{texts}x Oslo Bay Radio"));
    let spans = doors::seen(&corpus[0].0, &corpus[0].1[0]);
    assert!(spans.contains(&"LOC 47..55 “Oslo Bay”".to_owned()), "{spans:?}");
    assert!(spans.contains(&"ORG 56..61 “Radio”".to_owned()), "{spans:?}");
    let told: Vec<(Option<usize>, &str)> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Warning)
        .map(|problem| (problem.place.line, problem.sentence.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (Some(17), "I-LOC goes on no span of LOC: taken as the beginning of one"),
            (Some(19), "I-ORG goes on no span of ORG: taken as the beginning of one"),
        ]
    );
}

#[test]
fn bioes_without_an_end_and_with_a_strange_letter() {
    let clean = "Ada S-PER\nwent O\n\n".repeat(3);
    let text = format!("{}a b c d", "Ada went\n".repeat(3));
    let problems = {
        let (corpus, problems) = read(format!("{clean}a B-X\nb I-X\nc O\nd U-Y\n"));
        assert_eq!(corpus[0].0.text.as_str(), text);
        let spans = doors::seen(&corpus[0].0, &corpus[0].1[0]);
        assert!(spans.contains(&"X 27..30 “a b”".to_owned()), "{spans:?}");
        assert!(spans.contains(&"Y 33..34 “d”".to_owned()), "{spans:?}");
        problems
    };
    let told: Vec<String> = problems.iter().map(|problem| problem.to_string()).collect();
    assert!(
        told.iter().any(|line| line.contains(":11") && line.contains("I-X leaves its span without an end")),
        "{told:?}"
    );
    assert!(told.iter().any(|line| line.contains(":13") && line.contains("BIOES has no U-Y")), "{told:?}");
}

#[test]
fn documents_begin_at_their_marks() {
    let content = "-DOCSTART- -X- O O\n\nMara NNP I-NP B-PER\nslept VBD I-VP O\n\n-DOCSTART- -X- -X- O\n\n-DOCSTART- (7 Oslo)\nbye UH O O";
    let problems = check(content, &[("Mara slept", &["PER 0..4 “Mara”"]), ("", &[]), ("bye", &[])]);
    assert_eq!(problems, none());
    let (corpus, _) = read(content);
    let ids: Vec<&str> = corpus.iter().map(|(document, _)| document.id.as_str()).collect();
    assert_eq!(ids, ["words-00001", "words-00002", "words-00003"]);
    assert_eq!(corpus[0].0.meta["conll"]["columns"], serde_json::json!(["NNP VBD", "I-NP I-VP"]));
    assert_eq!(corpus[2].0.meta["conll"]["docstart"], "(7 Oslo)");
}

#[test]
fn windows_lines_a_mark_trailing_blanks_and_no_last_newline() {
    let expected: &[(&str, &[&str])] = &[("Mara Lind\nGo", &["PER 0..9 “Mara Lind”"])];
    assert_eq!(check("\u{feff}Mara B-PER\r\nLind I-PER  \r\n \t\r\n\r\nGo O", expected), none());
    assert_eq!(check("Mara\tB-PER\nLind\tI-PER\t\n\nGo\tO\n\n\n", expected), none());
}

#[test]
fn words_behind_tabs_may_hold_spaces() {
    check(
        "New York\tB-LOC\nis\tO\n10\u{a0}000\tB-NUM\n",
        &[("New York is 10\u{a0}000", &["LOC 0..8 “New York”", "NUM 12..18 “10\u{a0}000”"])],
    );
    check("10\u{a0}000 B-NUM\nkm O\n", &[("10\u{a0}000 km", &["NUM 0..6 “10\u{a0}000”"])]);
}

#[test]
fn ragged_rows_are_said_and_lose_no_word() {
    let rows = "a NN O O\nb NN O B-X\nc NN I-X\nd\ne x y z I-X\nf NN O nonsense\n\tO\ng NN O O\n";
    assert_eq!(
        check(rows, &[("a b c d e f O g", &["X 2..3 “b”", "X 8..9 “e”"])]),
        [
            "3: the row has 3 columns, the file 4: “c” is taken as outside",
            "4: “d” has no tag: taken as outside",
            "5: the row has 5 columns, the file 4: the first was taken as the word, the last as its tag",
            "6: “nonsense” is no tag of BIO (IOB2): taken as O",
            "7: “O” has no tag: taken as outside",
            "5: I-X goes on no span of X: taken as the beginning of one",
        ]
    );
    assert_eq!(check("a\tO\n\tO\nb\tO\n", &[("a b", &[])]), ["2: the row has no word; it was left out"]);
}

#[test]
fn a_sentence_per_line() {
    let content = "Mara|NNP|B-PER Lind|NNP|I-PER ||SYM|O ,|,|O\nOslo|NNP|B-LOC\n";
    assert_eq!(check(content, &[("Mara Lind | ,\nOslo", &["LOC 14..18 “Oslo”", "PER 0..9 “Mara Lind”"])]), none());
    assert_eq!(check("I|O like|O Oslo|I-LOC\n", &[("I like Oslo", &["LOC 7..11 “Oslo”"])]), none());
}

#[test]
fn lines_of_comments_are_counted() {
    let content = "# id 5239-d80\tdomain=en\nMara _ _ B-PER\n# _ _ O\n\n# id 5240\nOslo _ _ B-LOC\n";
    check(content, &[("Mara #\nOslo", &["LOC 7..11 “Oslo”", "PER 0..4 “Mara”"])]);
    let (_, problems) = read(content);
    assert!(problems.iter().any(|problem| problem.sentence == "2 lines that begin with # were passed over"));
}

#[test]
fn another_encoding_is_decoded_and_said() {
    let mut content = b"Mu\xf1oz B-PER\nlleg\xf3 O\na O\nM\xe1laga B-LOC\n".repeat(20);
    content.push(b'\n');
    let (corpus, problems) = read(&content);
    assert!(corpus[0].0.text.as_str().starts_with("Muñoz llegó a Málaga"), "{}", corpus[0].0.text.as_str());
    assert!(problems.iter().any(|problem| problem.sentence.starts_with("the encoding was guessed")), "{problems:?}");
}

#[test]
fn a_long_file_without_marks_is_cut_between_sentences() {
    let content = format!("{} B-PER\nslept O\n\n", "Mara".repeat(250)).repeat(1_500);
    let (corpus, _) = read(&content);
    assert_eq!(corpus.len(), 2);
    let words: usize = corpus.iter().map(|(document, _)| document.text.as_str().split_whitespace().count()).sum();
    assert_eq!(words, 3_000);
    assert_eq!(corpus.iter().map(|(_, layers)| layers[0].spans.len()).sum::<usize>(), 1_500);
}

#[test]
fn one_export_byte_by_byte() {
    let document = doors::document("d", "Mara Lind\u{a0}said: “Go.” Oslo fell.\n");
    let layer = doors::layer(&document, "ana", &[("per son", &[(0, 10)]), ("LOC", &[(22, 26)]), ("LOC", &[(22, 23)])]);
    let corpus: Corpus = vec![(document, vec![layer])];
    let options = |scheme| WriteOptions { scheme, ..doors::options(&corpus) };
    let bytes = |scheme| {
        let (_folder, path, losses) = doors::write("conll", &options(scheme), &corpus);
        (fs::read_to_string(path).unwrap(), losses)
    };
    let (text, losses) = bytes(Scheme::Bio);
    assert_eq!(
        text,
        "-DOCSTART- -X- O O\n\nMara _ _ B-per_son\nLind _ _ I-per_son\nsaid _ _ O\n: _ _ O\n“ _ _ O\nGo _ _ O\n. _ _ O\n” _ _ O\n\n\
         O _ _ B-LOC\nslo _ _ I-LOC\nfell _ _ O\n. _ _ O\n\n"
    );
    let told: Vec<(&str, &str)> =
        losses.iter().map(|loss| (loss.item.as_ref().unwrap().as_str(), loss.sentence.as_str())).collect();
    assert_eq!(
        told,
        [
            ("s2", "it lies over a span that is written, and each token holds one label: left out"),
            ("s0", "the white space at its edge has no row: left out"),
            ("s0", "its label per son cannot stand in a tag: written as per_son"),
        ]
    );
    assert!(bytes(Scheme::Bioes).0.contains("Lind _ _ E-per_son\n"));
    assert!(bytes(Scheme::Bilou).0.contains("Lind _ _ L-per_son\n"));
}

#[test]
fn a_file_that_came_in_goes_out_the_same() {
    let content = "-DOCSTART- -X- O O\n\nThe DT I-NP O\nU.S.-led NN I-NP B-MISC\n3.5% CD I-NP O\n\n\
                   “Go.” UH O B-X\nx-y NN O I-X\n. . O O\n\n-DOCSTART- -X- O O\n\n";
    let (corpus, _) = read(content);
    let (_folder, path, losses) = doors::write("conll", &doors::options(&corpus), &corpus);
    assert_eq!(fs::read_to_string(path).unwrap(), content);
    assert_eq!(losses, []);
}

#[test]
fn a_word_that_is_the_mark_begins_no_document() {
    let (corpus, problems) = read("see -DOCSTART-\tB-X\nnow\tO\n");
    assert_eq!(problems.iter().filter(|problem| problem.severity > Severity::Note).count(), 0);
    assert_eq!(doors::seen(&corpus[0].0, &corpus[0].1[0]), ["X 0..14 “see -DOCSTART-”"]);
    check_words(&doors::options(&corpus), &corpus);
}

/// The text without white space, and the spans of a layer that are wanted, counted in it: all that a column file holds.
fn solid(document: &Document, layer: &Layer, wanted: impl Fn(&str) -> bool) -> (String, Vec<String>) {
    let gap = |c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c);
    let text = document.text.as_str();
    let place = |byte: usize| text[..byte].chars().filter(|c| !gap(*c)).count();
    let spans = layer.spans.iter().filter(|span| wanted(span.id.as_str()));
    let pieces = spans.flat_map(|span| span.ranges.as_slice().iter().map(move |range| (span, range)));
    let mut spans: Vec<String> = pieces
        .map(|(span, range)| format!("{} {}..{}", span.label, place(range.start()), place(range.end())))
        .collect();
    spans.sort();
    (text.chars().filter(|c| !gap(*c)).collect(), spans)
}

/// Words and tags read back as they were, but for the spans in the losses.
fn check_words(options: &WriteOptions, corpus: &Corpus) {
    let (_folder, path, losses) = doors::write("conll", options, corpus);
    let (back, problems) = doors::read("conll", &path);
    let dirt: Vec<&Problem> = problems.iter().filter(|problem| problem.severity > Severity::Note).collect();
    assert_eq!(dirt, Vec::<&Problem>::new(), "{}", fs::read_to_string(&path).unwrap());
    assert_eq!(back.len(), corpus.len());
    for ((document, layers), (read, found)) in corpus.iter().zip(&back) {
        let lost = |id: &str| {
            losses
                .iter()
                .any(|loss| loss.document == document.id && loss.item.as_ref().is_some_and(|item| item.as_str() == id))
        };
        let (text, kept) = solid(document, &layers[0], |id| !lost(id));
        let (same, found) = solid(read, &found[0], |_| true);
        assert_eq!(same, text, "{}", document.id);
        for span in &kept {
            assert!(found.contains(span), "{}: {span} is neither written nor lost: {found:?}", document.id);
        }
        if layers[0].spans.iter().all(|span| !lost(span.id.as_str())) {
            assert_eq!(found, kept, "{}", document.id);
        }
    }
}

#[test]
fn the_stress_corpus_keeps_its_words_and_tags() {
    let corpus = doors::stress();
    for scheme in Scheme::ALL {
        for misaligned in Misaligned::ALL {
            check_words(&WriteOptions { scheme, misaligned, ..doors::options(&corpus) }, &corpus);
        }
    }
    doors::keep("conll", &doors::options(&corpus), &corpus);
}

#[test]
fn of_the_stress_corpus_no_more_is_lost_than_must_be() {
    let corpus = doors::stress();
    let (_folder, _, losses) = doors::write("conll", &doors::options(&corpus), &corpus);
    let lost: Vec<String> =
        losses.iter().map(|loss| format!("{} {}", loss.document, loss.item.as_ref().unwrap())).collect();
    // Crossing, white space at an edge; nested twice; crossing; in pieces; of one extent.
    let expected =
        ["04-lines s1", "04-lines s3", "06-nested s3", "06-nested s1", "07-crossing s1", "08-pieces s0", "11-same s1"];
    assert_eq!(lost, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_words_and_tags_read_back(corpus in doors::corpora(), scheme in 0..3_usize) {
        check_words(&WriteOptions { scheme: Scheme::ALL[scheme], ..doors::options(&corpus) }, &corpus);
    }
}

#[test]
fn labels_that_no_tag_holds_get_names_of_their_own() {
    let document = doors::document("d", "a b c d e");
    let labels = ["my label", "my_label", "-", "x-", "a:b|c 👍"];
    let spans: Vec<(&str, [(usize, usize); 1])> =
        labels.iter().enumerate().map(|(index, label)| (*label, [(index * 2, index * 2 + 1)])).collect();
    let spans: Vec<(&str, &[(usize, usize)])> = spans.iter().map(|(label, range)| (*label, &range[..])).collect();
    let corpus: Corpus = vec![(document.clone(), vec![doors::layer(&document, "ana", &spans)])];
    let (_folder, path, losses) = doors::write("conll", &doors::options(&corpus), &corpus);
    let tags: Vec<String> = fs::read_to_string(&path)
        .unwrap()
        .lines()
        .filter_map(|line| line.split_once(" _ _ "))
        .map(|(_, tag)| tag.to_owned())
        .collect();
    assert_eq!(tags, ["B-my_label_", "B-my_label", "B-_", "B-x_", "B-a:b|c_👍"]);
    assert_eq!(losses.len(), 4);
    check_words(&doors::options(&corpus), &corpus);
}

#[test]
fn damaged_files_are_survived() {
    let corpus = doors::stress();
    let (_folder, path, _) = doors::write("conll", &doors::options(&corpus), &corpus);
    doors::survive("conll", &path, 300);
}

#[test]
fn it_is_recognised_by_what_it_holds() {
    let named = |content: &str| {
        let (_folder, path) = file("some.txt", content);
        Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id)
    };
    assert_eq!(named("Mara B-PER\nslept O\n"), Some("conll"));
    assert_eq!(named("Mara\tNNP\tB-PER\nslept\tVBD\tO\n"), Some("conll"));
    assert_eq!(named("-DOCSTART- -X- O O\n\nslept VBD _ O\n"), Some("conll"));
    assert_eq!(named("Mara|B-PER slept|O\n"), Some("conll"));
    assert_eq!(named("Mara Lind slept.\nShe took B-12 vitamins.\n"), None);
    assert_eq!(named("id,text\n1,O\n"), None);
    assert_eq!(named("-DOCSTART- -X- O O\n"), None);
    assert_eq!(named(""), None);
}

#[test]
fn the_real_files() {
    let Some(folder) = shared("conll") else { return };
    let told = |name: &str| {
        let (corpus, problems) = doors::read("conll", &folder.join(name));
        let spans: usize = corpus.iter().flat_map(|(_, layers)| layers).map(|layer| layer.spans.len()).sum();
        let words: usize = corpus.iter().map(|(document, _)| document.text.as_str().split_whitespace().count()).sum();
        let dirt: Vec<String> = problems
            .iter()
            .filter(|problem| problem.severity > Severity::Note)
            .map(|problem| format!("{}: {}", problem.place.line.unwrap_or_default(), problem.sentence))
            .collect();
        (corpus.len(), words, spans, dirt)
    };
    assert_eq!(told("doccano-example.conll"), (1, 4, 2, none()));
    assert_eq!(told("doccano-labeling.trailing.conll"), (1, 12, 2, none()));
    let invalid = vec!["1: “SOCCERO SOCCERO SOCCERO” has no tag: taken as outside".to_owned()];
    assert_eq!(told("doccano-labeling.invalid.conll"), (1, 22, 5, invalid));
    let (_, words, spans, dirt) = told("ner-sent-per-line.iob");
    let other = told("ner-token-per-line.iob");
    assert_eq!((words, spans, dirt), (other.1, other.2, other.3));
    assert_eq!(told("ner-token-per-line-conll2003.iob").2, other.2);
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(
            Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id),
            Some("conll"),
            "{}",
            path.display()
        );
    }
}

#[test]
fn a_column_of_numbers_is_no_word_and_each_column_of_tags_is_a_level() {
    let content = "#\thttp://desk.example/1\t[2010]\n1\tDie\tO\tO\n2\tUni\tB-ORG\tO\n3\tKöln\tI-ORG\tB-LOC\n4\tlädt\tO\tO\n\n\
                   1\tAda\tB-PER\tO\n2\tKölner\tB-LOCderiv\tO\n3\tHof\tO\tO\n";
    let told = check(
        content,
        &[(
            "Die Uni Köln lädt\nAda Kölner Hof",
            &["LOC 8..12 “Köln”", "LOCderiv 22..28 “Kölner”", "ORG 4..12 “Uni Köln”", "PER 18..21 “Ada”"],
        )],
    );
    assert_eq!(told, none());
}

#[test]
fn one_level_may_be_empty_and_chunks_are_none() {
    check("1 Ada B-PER O\n2 ran O O\n3 on O O\n", &[("Ada ran on", &["PER 0..3 “Ada”"])]);
    check("Ada NNP B-NP O\nran VBD B-VP O\n", &[("Ada ran", &[])]);
    check("Ada NNP B-NP B-PER\nran VBD B-VP O\n", &[("Ada ran", &["PER 0..3 “Ada”"])]);
    // What was right, and what was guessed.
    let guessed = "Ada B-PER B-PER\nLind I-PER I-PER\nsaw O O\nOslo B-LOC B-PER\n";
    check(guessed, &[("Ada Lind saw Oslo", &["PER 0..8 “Ada Lind”", "PER 13..17 “Oslo”"])]);
    // Numbers that are words.
    check("1 CD B-NUM\n7 CD B-NUM\n", &[("1 7", &["NUM 0..1 “1”", "NUM 2..3 “7”"])]);
}

#[test]
fn words_with_bare_labels_behind_tabs_are_recognised() {
    let rows = "Ada\tperson\nran\tO\nto\tO\nthe\tplace\nharbour\tplace\nof\tplace\nOslo\tplace\n.\tO\n";
    let (_folder, path) = file("a.tsv", format!("\n{rows}\n{rows}"));
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), Some("conll"));
    let (_folder, path) = file("b.tsv", "title\tbody\nOne\tThe bridge is open.\nTwo\tIt closed.\n".repeat(5));
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), None);
}

#[test]
fn what_it_is_shows_in_any_encoding() {
    let text = "El O\nSeñor B-PER\nPeña I-PER\n, O\nhoy O\n";
    let mut files = vec![text.as_bytes().to_vec()];
    files.extend(doors::encodings(text));
    files.extend(doors::encodings(&text.replace('\n', "\r\n")));
    // As old Macs wrote them.
    files.push(text.replace('\n', "\r").into_bytes());
    files.extend(doors::encodings(&text.replace('\n', "\r")));
    for bytes in files {
        let (_folder, path) = file("words.txt", &bytes);
        assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), Some("conll"), "{bytes:?}");
        check(&bytes, &[("El Señor Peña , hoy", &["PER 3..13 “Señor Peña”"])]);
    }
}

#[test]
fn brackets_of_ontonotes() {
    let row = |number: usize, word: &str, names: &str, chain: &str| {
        format!("nw/a_0001   0   {number}   {word}   NN   (TOP(S*   -   -   -   Ana   {names}   (ARG0*   {chain}\n")
    };
    let content = [
        "#begin document (nw/a_0001); part 000\n".to_owned(),
        row(0, "Mara", "(PERSON*", "(1|(2)"),
        row(1, "Lind", "*)", "1)"),
        row(2, "left", "*", "-"),
        row(3, "Oslo", "(GPE)", "-"),
        row(4, "(", "*", "-"),
        row(5, "#", "*", "-"),
        "\n".to_owned(),
        row(0, "Bo", "(PERSON", "-"),
        "nw/a_0001   0   1   fell   VB\n\n".to_owned(),
        "#end document\n#begin document (nw/a_0001); part 001\n".to_owned(),
        row(0, "Radio", "(ORG)", "-"),
        row(1, "Oslo", "(ORG*", "-"),
        row(2, "Bay", "*", "-"),
        row(3, "Two", "*)", "-"),
        "\n#end document\n".to_owned(),
    ];
    let content = content.concat();
    let (_folder, path) = file("a.gold_conll", &content);
    assert_eq!(Format::of(&Glimpse::at(&path).unwrap()).map(|format| format.id), Some("conll"));
    let said = check(
        &content,
        &[
            (
                "Mara Lind left Oslo ( #\nBo fell",
                &["GPE 15..19 “Oslo”", "PERSON 0..9 “Mara Lind”", "PERSON 24..26 “Bo”"],
            ),
            ("Radio Oslo Bay Two", &["ORG 0..5 “Radio”", "ORG 6..18 “Oslo Bay Two”"]),
        ],
    );
    assert_eq!(
        said,
        [
            "10: “fell” has no tag: taken as outside",
            "what it says of trees, senses, speakers, roles and coreference is not read"
        ]
    );
    let (corpus, _) = read(&content);
    assert_eq!(corpus[1].0.meta["conll"]["docstart"], "nw/a_0001 part 001");
}
