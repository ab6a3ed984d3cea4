//! spaCy DocBin: what goes out and comes back, what other tools write, what is broken.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::json;
use spanwright::annotation::Status;
use spanwright::formats::options::WriteOptions;
use spanwright::formats::tokens::Misaligned;
use spanwright::text::Problem;

use crate::doors::{self, Corpus, corpora, document, layer, options, related, seen, stress};

/// Everything that a layer can hold, twice, and a document that nobody has seen.
fn rich() -> Corpus {
    let mut one = document("../../x", "He picked it\r\nright up and left Oslo.");
    one.meta = json!({"title": "A “title”", "n": [1, -2, 3.5, null, true], "spacy": {"cats": {"news": 1.0}}})
        .as_object()
        .unwrap()
        .clone();
    one.extra.insert("foreign".to_owned(), json!({"a": "b"}));
    let spans: &[(&str, &[(usize, usize)])] = &[
        ("event", &[(3, 9), (19, 21)]),
        ("event", &[(3, 9)]),
        ("entity", &[(31, 35)]),
        ("quote", &[(12, 13)]),
        ("quote", &[(4, 4), (6, 7)]),
        ("boilerplate", &[(2, 2)]),
    ];
    let mut ana = related(&one, "ana", spans, &[("names", "s2", "s0"), ("names", "s5", "s1")]);
    ana.status = Status::InProgress;
    ana.flag = Some("look again".to_owned());
    ana.attributes.insert("topic".to_owned(), json!("news"));
    ana.seconds = 12;
    ana.extra.insert("tool".to_owned(), json!("x"));
    let mut marked = (**ana.spans.iter().last().unwrap()).clone();
    marked.note = "unsure\nof this".to_owned();
    marked.attributes.insert("kind".to_owned(), json!(["place", 3]));
    marked.extra.insert("colour".to_owned(), json!({"deep": [[]]}));
    ana.spans.insert(Arc::new(marked));
    let ben = layer(&one, "ben", &[("entity", &[(31, 35)])]);
    vec![(document("CON", "Nobody has seen this."), Vec::new()), (one, vec![ana, ben]), (document("e", ""), vec![])]
}

fn same(written: &Corpus, read: &Corpus) {
    assert_eq!(written.len(), read.len());
    for ((document, layers), (found, others)) in written.iter().zip(read) {
        assert_eq!(document, found);
        assert_eq!(layers, others, "{}", document.id);
    }
}

#[test]
fn everything_comes_back() {
    doors::check_round_trip("spacy", &options(&stress()), &stress());
    doors::keep("spacy", &options(&stress()), &stress());
    doors::made("spacy");
    let (_folder, path, losses) = doors::write("spacy", &options(&rich()), &rich());
    assert_eq!(losses, []);
    let (read, problems) = doors::read("spacy", &path);
    same(&rich(), &read);
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
        same(&corpus, &doors::read("spacy", &path).0);
    }

    #[test]
    fn every_policy_says_what_it_changes(corpus in corpora(), policy in 1..4_usize) {
        let options = WriteOptions { misaligned: Misaligned::ALL[policy], ..options(&corpus) };
        doors::check_round_trip("spacy", &options, &corpus);
    }
}
