//! What comes with an export: near-duplicates, splits that do not leak, the manifest, the card, pseudonyms.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use spanwright::annotation::exchange::{Line, Offsets, write_line};
use spanwright::annotation::{Annotator, Layer, Status};
use spanwright::formats::card::{self, Agreement, Facts, card};
use spanwright::formats::duplicates::{Duplicates, Fingerprint, Found, Group, Likeness, Pair};
use spanwright::formats::loss::of_layer;
use spanwright::formats::manifest::{FormatName, Manifest, Tokenising, Written};
use spanwright::formats::options::WriteOptions;
use spanwright::formats::pseudonyms::{Pseudonyms, Replaced, names};
use spanwright::formats::split::{Member, Shares, Split, Splitter, Wish, split};
use spanwright::formats::table::Format;
use spanwright::formats::tokens::{Misaligned, Scheme};
use spanwright::schema::LabelId;
use spanwright::text::{Document, DocumentId, Text, TextHash};
use tempfile::TempDir;

use crate::doors;

/// Words of nobody's, the same for the same number.
fn words(number: u64, count: usize) -> Vec<String> {
    const SOUNDS: [&str; 16] =
        ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "dra", "fle", "gri", "pro", "stu", "wen"];
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        SOUNDS[(state >> 40) as usize % 16]
    };
    (0..count).map(|_| format!("{}{}{}", next(), next(), next())).collect()
}

/// Shingles in common by shingles in all, the slow way.
fn jaccard(one: &[String], other: &[String]) -> f64 {
    let shingles = |words: &[String]| words.windows(5).map(<[String]>::to_vec).collect::<HashSet<_>>();
    let (one, other) = (shingles(one), shingles(other));
    one.intersection(&other).count() as f64 / one.union(&other).count() as f64
}

fn found(likeness: Likeness, texts: &[&str]) -> Found {
    let mut duplicates = Duplicates::new(likeness);
    for (number, text) in texts.iter().enumerate() {
        assert_eq!(duplicates.add(Fingerprint::of(&Text::new(*text), &likeness)), number);
    }
    duplicates.finish()
}

fn members(found: &Found) -> Vec<Vec<usize>> {
    found.groups.iter().map(|group| group.members.clone()).collect()
}

fn alike(one: &str, other: &str) -> f64 {
    let likeness = Likeness::default();
    Fingerprint::of(&Text::new(one), &likeness).resembles(&Fingerprint::of(&Text::new(other), &likeness))
}

#[test]
fn the_resemblance_of_two_articles_is_that_of_their_shingles() {
    let base = words(1, 400);
    for (number, changed) in [0, 1, 5, 20, 60, 200, 400].into_iter().enumerate() {
        let mut other = base.clone();
        for place in 0..changed {
            other[place * 400 / changed] = format!("changed{number}x{place}");
        }
        assert_eq!(alike(&base.join(" "), &other.join(" ")), jaccard(&base, &other), "{changed} words changed");
    }
}

#[test]
fn a_long_text_is_compared_by_a_sample_of_bounded_size() {
    let base = words(2, 20_000);
    let mut other = base.clone();
    for place in (0..20_000).step_by(100) {
        other[place] = format!("changed{place}");
    }
    let (real, found) = (jaccard(&base, &other), alike(&base.join(" "), &other.join(" ")));
    assert!(real > 0.85 && (found - real).abs() < 0.05, "{found} for {real}");
    // The head of a long text is in it, and still not like it.
    assert!(alike(&base.join(" "), &base[..400].join(" ")) < 0.1);
}

#[test]
fn case_marks_and_spaces_make_no_difference_and_words_of_every_script_count() {
    let same = |one: &str, other: &str| assert_eq!(alike(one, other), 1.0, "{one} / {other}");
    same("“We act,” said Mara Lind of Port Vale.", "\"WE ACT\"  said\nMara Lind, of Port Vale");
    same("Говорит Москва: слушайте все наши новости", "говорит москва слушайте ВСЕ наши новости!");
    same("soft\u{ad}hyphen and zero\u{200b}width are not seen here", "softhyphen and zerowidth are not seen here");
    same("停火协议谈判。", "停火协议谈判");
    assert_eq!(alike("停火协议谈判继续", "停火协议谈判失败"), 1.0 / 3.0);
    same("one two", "One, two!");
    assert_eq!(alike("one two", "two one"), 0.0);
    assert_eq!(alike("", "— … —"), 0.0);
    // Accents and letters apart are other words, as long as they are letters.
    assert!(alike("the cafe is open all day long", "the café is open all day long") < 1.0);
}

#[test]
fn reprints_are_found_and_tied_with_their_likeness() {
    let base = words(3, 300);
    let text = base.join(" ");
    let reprint = format!("Exclusive. {}", base[..280].join(" "));
    let chained = format!("Exclusive. {} {}", base[..240].join(" "), words(4, 40).join(" "));
    let (stranger, other) = (words(5, 300).join(" "), words(6, 300).join(" "));
    let found = found(Likeness::default(), &[&stranger, &text, &reprint, &other, &text, &chained, "", ""]);
    assert_eq!(members(&found), [vec![1, 2, 4, 5], vec![6, 7]]);
    let pairs = &found.groups[0].pairs;
    assert!(pairs.contains(&Pair { one: 1, other: 4, similarity: 1.0, identical: true }), "{pairs:?}");
    let near: Vec<&Pair> = pairs.iter().filter(|pair| !pair.identical).collect();
    assert_eq!(near.len(), 2, "{near:?}");
    assert!(near.iter().all(|pair| pair.similarity >= 0.7 && pair.similarity < 1.0 && pair.one < pair.other));
    assert_eq!(found.passed_over, 0);
}

#[test]
fn the_threshold_is_held_exactly() {
    let base = words(7, 104);
    let mut other = base.clone();
    other[50] = "changed".to_owned();
    let real = jaccard(&base, &other);
    assert_eq!(real, 95.0 / 105.0);
    let (base, other) = (base.join(" "), other.join(" "));
    let at = |threshold: f64| members(&found(Likeness::new(threshold, 3).unwrap(), &[&base, &other])).len();
    assert_eq!([at(0.9), at(real), at(0.905), at(1.0)], [1, 1, 0, 0]);
    for wrong in [0.0, 0.29, 1.01, -1.0, f64::NAN] {
        assert!(Likeness::new(wrong, 0).unwrap_err().contains("from 0.3"), "{wrong}");
    }
}

#[test]
fn of_pairs_just_alike_enough_hardly_one_is_missed_and_none_is_made_up() {
    // 400 pairs at a resemblance of about 0.72, in 800 documents which otherwise share a third of their words in place.
    let frame = words(8, 30);
    let mut texts = Vec::new();
    for number in 0..400 {
        let mut body = frame.clone();
        body.extend(words(1000 + number, 170));
        let mut other = body.clone();
        for place in [45, 80, 110, 140, 160, 190] {
            other[place] = format!("changed{place}");
        }
        assert!(jaccard(&body, &other) > 0.7);
        texts.extend([body.join(" "), other.join(" ")]);
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = found(Likeness::default(), &texts);
    assert!(found.groups.len() >= 398, "{} of 400", found.groups.len());
    assert!(
        found.groups.iter().all(|group| group.members.len() == 2 && group.members[0] % 2 == 0),
        "strangers are tied"
    );
    assert!(found.groups.iter().all(|group| group.members[1] == group.members[0] + 1), "strangers are tied");
}

#[test]
fn pages_of_one_template_do_not_take_forever() {
    let frame = words(9, 60);
    let page = |number: u64| format!("{} {}", frame.join(" "), words(number + 5000, 40).join(" "));
    let texts: Vec<String> = (0..1500).map(page).collect();
    let mut texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let twin = format!("{} again", texts[7]);
    texts.push(&twin);
    let found = found(Likeness::default(), &texts);
    assert_eq!(members(&found), [[7, 1500]]);
}

#[test]
fn the_groups_do_not_depend_on_the_order_of_the_texts() {
    let texts: Vec<String> = (0..60)
        .map(|number| {
            let mut text = words(number / 3, 120);
            text.truncate(120 - (number % 3) as usize * 5);
            text.join(" ")
        })
        .collect();
    let forwards: Vec<&str> = texts.iter().map(String::as_str).collect();
    let backwards: Vec<&str> = texts.iter().rev().map(String::as_str).collect();
    let turned: BTreeSet<BTreeSet<usize>> = members(&found(Likeness::default(), &backwards))
        .into_iter()
        .map(|group| group.into_iter().map(|index| 59 - index).collect())
        .collect();
    let straight: BTreeSet<BTreeSet<usize>> =
        members(&found(Likeness::default(), &forwards)).into_iter().map(|group| group.into_iter().collect()).collect();
    assert_eq!(straight.len(), 20);
    assert_eq!(straight, turned);
}

fn shares(written: &str) -> Shares {
    written.parse().unwrap()
}

#[test]
fn shares_are_read_as_people_write_them() {
    let show = |written: &str| format!("{} {:?}", shares(written), shares(written).names());
    assert_eq!(show("80/10/10"), r#"80/10/10 ["train", "dev", "test"]"#);
    assert_eq!(show(" 80 / 20 "), r#"80/20 ["train", "dev"]"#);
    assert_eq!(show("80%/20%"), r#"80/20 ["train", "dev"]"#);
    assert_eq!(show("0.8/0.1/0.1"), r#"80/10/10 ["train", "dev", "test"]"#);
    assert_eq!(show("33.3/33.3/33.3"), r#"33.3/33.3/33.3 ["train", "dev", "test"]"#);
    assert!((shares("33.3/33.3/33.3").percent().iter().sum::<f64>() - 100.0).abs() < 1e-9);
    let wrong = |written: &str, sentence: &str| {
        let error = written.parse::<Shares>().unwrap_err();
        assert!(error.contains(sentence), "{written}: {error}");
    };
    wrong("80", "“80” is one part. A split has two parts");
    wrong("", "“” is one part");
    wrong("70/10/10/10", "has 4 parts");
    wrong("80/ten/10", "“ten” in “80/ten/10” is no number");
    wrong("80//20", "“” in “80//20” is no number");
    wrong("80/20/0", "test gets nothing");
    wrong("120/-20", "dev gets nothing");
    wrong("8/1/1", "is 10 in all, not 100. Did you mean 80/10/10?");
    wrong("80/10/20", "is 110 in all, not 100. Did you mean 72.7/9.1/18.2?");
    wrong("NaN/20", "is no number");
    wrong("inf/20", "is no number");
}

fn wish(written: &str, group_by: Option<&str>) -> Wish {
    Wish {
        shares: shares(written),
        seed: 7,
        group_by: group_by.map(str::to_owned),
        likeness: Some(Likeness::default()),
    }
}

fn member(id: &str, groups: &[&str], labels: &[(&str, u64)]) -> Member {
    Member {
        id: id.to_owned(),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        labels: labels.iter().map(|(label, spans)| (LabelId::from(*label), *spans)).collect(),
    }
}

fn dealt(wish: &Wish, members: &[Member]) -> Split {
    split(wish, members, &Found::default(), &BTreeSet::new())
}

fn documents(split: &Split) -> Vec<u64> {
    split.report.parts.iter().map(|part| part.documents).collect()
}

#[test]
fn single_documents_are_dealt_out_to_the_document_and_a_rare_label_reaches_every_part() {
    let members: Vec<Member> = (0..100)
        .map(|number| {
            let rare: &[(&str, u64)] = if number % 10 == 3 { &[("common", 4), ("rare", 1)] } else { &[("common", 4)] };
            member(&format!("d{number}"), &[], rare)
        })
        .collect();
    let split = dealt(&wish("80/10/10", None), &members);
    assert_eq!(documents(&split), [80, 10, 10]);
    let of = |label: &str| split.report.parts.iter().map(|part| part.labels[label]).collect::<Vec<_>>();
    assert_eq!((of("common"), of("rare")), (vec![320, 40, 40], vec![8, 1, 1]));
    assert_eq!(split.report.notes, Vec::<String>::new());
    // Another seed, another deal; the same seed, the same.
    let parts = |seed| {
        let split = dealt(&Wish { seed, ..wish("80/10/10", None) }, &members);
        members.iter().map(|member| split.part(&member.id.as_str().into()).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(parts(7), parts(7));
    assert_ne!(parts(7), parts(8));
}

#[test]
fn skewed_labels_are_nearer_to_their_shares_than_by_lot() {
    // Each label in a tenth of 40 sources, which are of very different size.
    let mut members = Vec::new();
    for source in 0..40_usize {
        for number in 0..=source % 9 {
            let label = format!("l{}", source % 10);
            let name = format!("s{source}");
            members.push(member(&format!("{source}-{number}"), &[&name], &[(&label, 3), ("all", 2)]));
        }
    }
    // How far from its share everything is, labels in squares.
    let off = |parts: &dyn Fn(&Member) -> usize| {
        let mut counts: BTreeMap<&str, [f64; 3]> = BTreeMap::new();
        for member in &members {
            counts.entry("").or_default()[parts(member)] += 1.0;
            for (label, spans) in &member.labels {
                counts.entry(label.as_str()).or_default()[parts(member)] += *spans as f64;
            }
        }
        let one = |count: &[f64; 3]| -> f64 {
            let total: f64 = count.iter().sum();
            count.iter().zip([0.6, 0.2, 0.2]).map(|(count, share)| (count / total - share).powi(2)).sum()
        };
        let labels = counts.iter().filter(|(label, _)| !label.is_empty()).map(|(_, count)| one(count)).sum::<f64>();
        (one(&counts[""]), labels)
    };
    let split = dealt(&wish("60/20/20", Some("source")), &members);
    let ours = off(&|member| {
        let part = split.part(&DocumentId::from(member.id.as_str())).unwrap();
        ["train", "dev", "test"].iter().position(|name| *name == part).unwrap()
    });
    assert!(ours.0 < 0.001, "{ours:?}");
    for seed in 0..200_u64 {
        let mut lots: BTreeMap<&str, usize> = BTreeMap::new();
        for (member, lot) in members.iter().zip(words(seed + 1, members.len())) {
            let sum = lot.bytes().map(usize::from).sum::<usize>() % 5;
            lots.entry(&member.groups[0]).or_insert(sum.saturating_sub(2));
        }
        let theirs = off(&|member| lots[member.groups[0].as_str()]);
        assert!(ours.1 < theirs.1 / 2.0, "{ours:?} and by lot {theirs:?}");
    }
}

#[test]
fn one_source_that_holds_nearly_everything_is_said() {
    let members: Vec<Member> = (0..20)
        .map(|number| {
            member(&format!("d{number:02}"), &[if number < 18 { "The Fen Lantern" } else { "" }], &[("e", 1)])
        })
        .map(|mut member| {
            member.groups.retain(|group| !group.is_empty());
            member
        })
        .collect();
    let split = dealt(&wish("60/20/20", Some("source")), &members);
    assert_eq!(documents(&split), [18, 1, 1]);
    assert_eq!(
        split.report.notes,
        [
            "2 documents have no “source”: each was taken by itself",
            "The parts are 90/5/5 % of the documents instead of 60/20/20: 18 documents must stay together, 90 % of all, tied by source “The Fen Lantern”",
        ]
    );
}

#[test]
fn too_few_documents_and_a_label_in_one_group_are_said() {
    let split = dealt(&wish("80/10/10", None), &[member("a", &[], &[("e", 2)]), member("b", &[], &[])]);
    assert_eq!(documents(&split), [1, 1, 0]);
    assert_eq!(
        split.report.notes,
        [
            "The parts are 50/50/0 % of the documents instead of 80/10/10: there are only 2 documents",
            "test is empty: there are 2 groups to deal out",
            "dev has no “e”: 2 spans of it in 1 group of documents",
        ]
    );
    assert_eq!(documents(&dealt(&wish("80/10/10", None), &[])), [0, 0, 0]);
}

fn article(id: &str, text: &str, meta: &Value) -> (Document, Vec<Arc<Layer>>) {
    let mut document = doors::document(id, text);
    document.meta.clone_from(meta.as_object().unwrap());
    let layer = doors::layer(&document, "ana", &[("entity", &[(0, 3)])]);
    (document, vec![Arc::new(layer)])
}

#[test]
fn documents_of_one_source_and_reprints_and_versions_stay_together() {
    let base = words(11, 200);
    let mut corpus = vec![
        article("a1", &base.join(" "), &json!({"source": "A"})),
        article("a2", &words(12, 200).join(" "), &json!({"source": " A "})),
        // The reprint ties source B to source A.
        article("b1", &base[..190].join(" "), &json!({"source": "B"})),
        article("b2", &words(13, 200).join(" "), &json!({"source": "B"})),
        article("v", &words(14, 200).join(" "), &json!({})),
        article("v", &words(15, 200).join(" "), &json!({})),
        article("l", &words(16, 200).join(" "), &json!({"source": ["C", 5]})),
        article("m", &words(17, 200).join(" "), &json!({"source": 5})),
    ];
    for number in 20..40 {
        corpus.push(article(
            &format!("z{number}"),
            &words(number, 100).join(" "),
            &json!({"source": null, "date": "x"}),
        ));
    }
    let mut splitter = Splitter::new(wish("50/50", Some("source")));
    for (document, layers) in &corpus {
        splitter.document(document, layers);
    }
    let split = splitter.finish();
    let part = |id: &str| split.part(&DocumentId::from(id)).unwrap();
    assert_eq!([part("a2"), part("b1"), part("b2")], [part("a1"); 3]);
    assert_eq!(part("l"), part("m"));
    assert_eq!((split.report.groups, split.report.largest), (23, 4));
    assert_eq!((split.report.identical, split.report.near), (0, 1));
    let pair = &split.report.duplicates[0];
    assert_eq!((pair.one.as_str(), pair.other.as_str(), pair.part), ("a1", "b1", part("a1")));
    assert_eq!(pair.similarity, 186.0 / 196.0);
    let problems: Vec<String> = split.report.problems().map(|problem| problem.to_string()).collect();
    assert_eq!(problems.len(), 2);
    assert!(problems[0].contains("22 documents have no “source”"), "{problems:?}");
    assert!(problems[1].contains(&format!("94.8 % alike with b1: both are in {}", part("a1"))), "{problems:?}");
    assert_eq!(split.part(&DocumentId::from("nobody")), None);
    assert_eq!(documents(&split), [14, 14]);
}

#[test]
fn a_field_that_nobody_has_is_said_with_the_one_that_is_near() {
    let mut splitter = Splitter::new(wish("50/50", Some("sorce")));
    for number in 0..4 {
        let (document, layers) = article(&format!("d{number}"), &words(number, 30).join(" "), &json!({"source": "A"}));
        splitter.document(&document, &layers);
    }
    let notes = splitter.finish().report.notes;
    assert_eq!(notes, ["No document has “sorce”: nothing was grouped by it. Did you mean source?"]);
}

/// Members with random sizes of groups and labels, ties by likeness among them, and two or three shares.
fn cases() -> impl Strategy<Value = (Vec<Member>, Vec<(usize, usize)>, Shares)> {
    let one = (0..30_u32, proptest::collection::btree_map(0..5_u32, 1..9_u64, 0..4));
    let members = proptest::collection::vec(one, 1..120).prop_map(|members| {
        let make = |(number, (group, labels)): (usize, (u32, BTreeMap<u32, u64>))| Member {
            id: format!("d{number}"),
            // Half of them stand alone, a few groups are large.
            groups: (group < 15).then(|| format!("g{}", group * group / 30)).into_iter().collect(),
            labels: labels.into_iter().map(|(label, spans)| (LabelId::from(format!("l{label}")), spans)).collect(),
        };
        members.into_iter().enumerate().map(make).collect::<Vec<_>>()
    });
    let ties = proptest::collection::vec((0..120_usize, 0..120_usize), 0..8);
    let wishes = proptest::sample::select(vec!["80/10/10", "50/50", "34/33/33", "98/1/1", "1/1/98", "5/95"]);
    (members, ties, wishes).prop_map(|(members, ties, written)| {
        let ties = ties.iter().map(|(one, other)| (one % members.len(), other % members.len()));
        (members.clone(), ties.filter(|(one, other)| one != other).collect(), shares(written))
    })
}

fn tied(ties: &[(usize, usize)]) -> Found {
    let group = |(one, other): &(usize, usize)| Group {
        members: vec![*one.min(other), *one.max(other)],
        pairs: vec![Pair { one: *one.min(other), other: *one.max(other), similarity: 0.8, identical: false }],
    };
    Found { groups: ties.iter().map(group).collect(), passed_over: 0 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_group_is_cut_every_document_has_a_part_and_shares_hold((members, ties, shares) in cases(), seed in 0..5_u64) {
        let wish = Wish { shares, seed, group_by: Some("g".to_owned()), likeness: None };
        let result = split(&wish, &members, &tied(&ties), &BTreeSet::new());
        let part = |member: &Member| result.part(&DocumentId::from(member.id.as_str()));
        let mut of_group: BTreeMap<&String, &str> = BTreeMap::new();
        for member in &members {
            let part = part(member);
            prop_assert!(part.is_some());
            for group in &member.groups {
                prop_assert_eq!(*of_group.entry(group).or_insert(part.unwrap()), part.unwrap(), "{} is cut", group);
            }
        }
        for (one, other) in &ties {
            prop_assert_eq!(part(&members[*one]), part(&members[*other]));
        }
        // The counts are those of the parts, and near the shares.
        for (counts, share) in result.report.parts.iter().zip(wish.shares.percent()) {
            let here: Vec<&Member> =
                members.iter().filter(|member| part(member) == Some(counts.name.as_str())).collect();
            prop_assert_eq!(here.len() as u64, counts.documents);
            let spans: u64 = here.iter().flat_map(|member| member.labels.values()).sum();
            prop_assert_eq!((spans, spans), (counts.spans, counts.labels.values().sum()));
            let wished = share * members.len() as f64 / 100.0;
            let off = (here.len() as f64 - wished).abs();
            prop_assert!(off <= result.report.largest as f64 + 1e-6, "{} is {} off", counts.name, off);
        }
        prop_assert_eq!(result.report.parts.iter().map(|part| part.groups).sum::<u64>(), result.report.groups);
        // In another order, the same.
        let last = members.len() - 1;
        let turned: Vec<Member> = members.iter().rev().cloned().collect();
        let ties: Vec<(usize, usize)> = ties.iter().map(|(one, other)| (last - one, last - other)).collect();
        let again = split(&wish, &turned, &tied(&ties), &BTreeSet::new());
        for member in &members {
            prop_assert_eq!(again.part(&DocumentId::from(member.id.as_str())), part(member));
        }
        prop_assert_eq!(&again.report, &result.report);
    }
}

/// An export of four documents in two parts, counted but not written.
fn counted() -> Manifest {
    let labels = ["entity", "quote", "gone"].map(LabelId::from).to_vec();
    let options = WriteOptions { schema: crate::support::news(), labels, ..WriteOptions::default() };
    let format = Format::named("spans").unwrap();
    let mut manifest = Manifest::new(format, &options);
    let mut splitter = Splitter::new(wish("50/50", Some("source")));
    for (id, source) in [("a", "Harbour Post"), ("b", "Harbour Post"), ("c", "Fen | <Lantern>"), ("d", "")] {
        let mut document = doors::document(id, &format!("Mara Lind of {id} spoke."));
        document.meta.insert("source".to_owned(), json!(source));
        let spans: &[(&str, &[(usize, usize)])] = &[("entity", &[(0, 9)]), ("gone", &[(15, 20)])];
        let mut layer = doors::related(&document, "ana", spans, &[("speaker", "s0", "s1")]);
        layer.status = if id == "d" { Status::InProgress } else { Status::Finished };
        manifest.lose(&of_layer(format, &document, &layer));
        let layers = [Arc::new(layer)];
        splitter.document(&document, &layers);
        manifest.count(&document, &layers);
    }
    manifest.split = Some(splitter.finish().report);
    manifest
}

#[test]
fn a_manifest_counts_what_is_written_and_hashes_every_file() {
    let folder = TempDir::new().unwrap();
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    write("train.jsonl", b"{}\n");
    write("dev/0001.jsonl", b"");
    write("dev/0002.jsonl", &vec![b'x'; 200_000]);
    write("training.md", b"no part");
    write("manifest.json", b"not in its own list");
    let mut manifest = counted();
    manifest.seal(folder.path()).unwrap();
    let rows: Vec<String> = manifest
        .files
        .iter()
        .map(|file| format!("{} {} {:?} {:?}", file.path, file.bytes, file.part.as_deref(), file.documents))
        .collect();
    let train = manifest.split.as_ref().unwrap().parts[0].documents;
    assert_eq!(
        rows,
        [
            "dev/0001.jsonl 0 Some(\"dev\") None".to_owned(),
            "dev/0002.jsonl 200000 Some(\"dev\") None".to_owned(),
            format!("train.jsonl 3 Some(\"train\") Some({train})"),
            "training.md 7 None None".to_owned(),
        ]
    );
    assert_eq!(manifest.files[0].sha256, TextHash::of("").to_string());
    assert_eq!(manifest.files[1].sha256, TextHash::of(&"x".repeat(200_000)).to_string());
    assert_eq!((manifest.file_of("train"), manifest.file_of("dev")), (Some("train.jsonl"), None));
    write("README.md", b"card");
    manifest.add(folder.path(), "README.md").unwrap();
    manifest.add(folder.path(), "README.md").unwrap();
    let paths: Vec<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["README.md", "dev/0001.jsonl", "dev/0002.jsonl", "train.jsonl", "training.md"]);
    assert!(manifest.seal(&folder.path().join("nowhere")).is_err());

    assert_eq!((manifest.documents, manifest.layers, manifest.spans, manifest.relations), (4, 4, 8, 4));
    let json: Value = serde_json::from_slice(&manifest.to_json().unwrap()).unwrap();
    assert_eq!(json["labels"], json!({"entity": 4, "gone": 4, "quote": 0}));
    assert_eq!(json["statuses"], json!({"finished": 3, "in-progress": 1}));
    assert_eq!(json["sources"], json!({"": 1, "Fen | <Lantern>": 1, "Harbour Post": 2}));
    assert_eq!(json["losses"], json!({"relations": 4, "statuses": 1}));
    assert_eq!(json["offsets"], json!({"unit": "code points", "newlines": "lf"}));
    assert_eq!((&json["tokens"], json.get("created")), (&Value::Null, None));
    assert_eq!(manifest.to_json().unwrap(), manifest.clone().to_json().unwrap());
}

#[test]
fn a_single_file_without_a_split_has_its_number_of_documents() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("train.jsonl"), "{}").unwrap();
    std::fs::write(folder.path().join("README.md"), "card").unwrap();
    let mut manifest = Manifest { split: None, ..counted() };
    manifest.seal(folder.path()).unwrap();
    let file = manifest.files.last().unwrap();
    assert_eq!((file.documents, file.part.as_ref()), (Some(4), None));
}

#[test]
fn the_manifest_of_the_architecture_is_one() {
    let page = include_str!("../ARCHITECTURE.md");
    let example = page.split("```manifest\n").nth(1).unwrap().split("```").next().unwrap();
    let manifest: Manifest = serde_json::from_str(example).unwrap();
    assert_eq!(String::from_utf8(manifest.to_json().unwrap()).unwrap(), example);
    // Every field is told.
    let section = page.split("\n## Manifest\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let fields: serde_json::Map<String, Value> = serde_json::from_str(example).unwrap();
    for (field, value) in &fields {
        assert!(section.contains(&format!("`{field}`")), "{field} is not told");
        let elements = value.as_array().into_iter().flatten();
        for inner in elements.chain([value]).filter_map(Value::as_object).flat_map(|object| object.keys()) {
            let free = matches!(field.as_str(), "labels" | "annotators" | "statuses" | "sources" | "losses");
            assert!(free || section.contains(&format!("`{inner}`")), "{field}.{inner} is not told");
        }
    }
}

#[test]
fn a_card_says_what_the_manifest_says() {
    let mut manifest = counted();
    manifest.created = Some("2026-11-22".to_owned());
    manifest.pseudonyms = true;
    manifest.files = ["dev.jsonl", "train.jsonl"]
        .map(|path| Written {
            path: path.to_owned(),
            part: path.strip_suffix(".jsonl").map(str::to_owned),
            ..Written::default()
        })
        .to_vec();
    let schema = crate::support::news();
    let guidelines = "# Marking\n\nMark names.\n\n".to_owned() + &"A long rule. ".repeat(200);
    let agreement = Agreement {
        measure: "f1-exact".into(),
        about: "The share that is equal.".into(),
        value: Ok(0.8123),
        between: Some((0.7, 0.9)),
        documents: 1234,
    };
    let facts = Facts {
        guidelines: Some(&guidelines),
        agreement: Some(&agreement),
        licence: Some("CC-BY-4.0"),
        ..Facts::new("The *harbour* corpus", &manifest, &schema)
    };
    let body = card(&facts);
    assert_eq!(body, card(&facts));
    for words in [
        "# The \\*harbour\\* corpus\n",
        "4 documents with 8 spans that 1 annotator marked and 4 relations, as span JSONL. Offsets count code points, half open; line ends are LF.",
        &format!("Made with {} on 2026-11-22, under the schema `{}`.", manifest.program, schema.stamp()),
        "| label | name | spans | train | dev | what it is |\n| --- | --- | --- | --- | --- | --- |\n| `entity` | Entity | 4 | ",
        "| `quote` | Quote | 0 | 0 | 0 | ",
        "| `gone` |  | 4 | 2 | 2 | not in the schema |",
        "- Entity: type (one of person, organisation, place, other)",
        "| train | 50 % | 2 | 50.0 % | ",
        "Never in two parts: documents with the same source, near-duplicates (0 pairs with at least 0.7 of their runs of five words in common).",
        "Shares 50/50, seed 7.",
        "- 1 document has no “source”: each was taken by itself",
        "| ana | 4 |",
        "3 finished, 1 in-progress. Names are pseudonyms.",
        "| `f1-exact` | 0.812 | 0.700 to 0.900 | 1,234 |\n\nThe share that is equal.\n",
        "this is how they begin:\n\n> # Marking\n>\n> Mark names.\n\n## Sources",
        "| Harbour Post | 2 |\n| not known | 1 |\n| Fen \\| \\<Lantern\\> | 1 |",
        "span JSONL cannot hold everything that the annotators made. Left out or changed:\n\n- relations: 4\n- statuses: 1\n",
        "data = load_dataset(\"json\", data_files={\"train\": \"train.jsonl\", \"validation\": \"dev.jsonl\"})",
        "## Licence\n\nCC-BY-4.0\n",
    ] {
        assert!(body.contains(words), "{words}\nis not in\n{body}");
    }
    let bare = card(&Facts::new("x", &Manifest { split: None, losses: BTreeMap::new(), ..manifest }, &schema));
    assert!(bare.contains("## What is left out\n\nNothing that an annotator made.\n"), "{bare}");
    assert!(bare.contains("## Licence\n\nNot stated. "), "{bare}");
    assert!(!bare.contains("## Parts") && !bare.contains("## Agreement"), "{bare}");
}

#[test]
fn a_card_has_the_commands_of_its_format() {
    let schema = crate::support::news();
    let usage = |format: &str, files: &[(&str, Option<&str>)]| {
        let mut manifest = Manifest { split: None, ..counted() };
        manifest.format = FormatName { id: format.to_owned(), name: format.to_owned() };
        manifest.files = files
            .iter()
            .map(|(path, part)| Written {
                path: (*path).to_owned(),
                part: part.map(str::to_owned),
                ..Written::default()
            })
            .collect();
        let body = card(&Facts { language: Some("de"), ..Facts::new("x", &manifest, &schema) });
        body.split_once("## Use\n\n").map(|(_, rest)| rest.split("\n\n## Licence").next().unwrap().to_owned())
    };
    let spacy = usage(
        "spacy",
        &[("dev.spacy", Some("dev")), ("it's test.spacy", Some("test")), ("train.spacy", Some("train"))],
    );
    assert_eq!(
        spacy.unwrap(),
        "Flat entities (`doc.ents`: no span lies over another):\n\n```sh\n\
         python -m spacy init config ner.cfg --lang de --pipeline ner\n\
         python -m spacy debug data ner.cfg --paths.train train.spacy --paths.dev dev.spacy\n\
         python -m spacy train ner.cfg --output ner --paths.train train.spacy --paths.dev dev.spacy\n\
         python -m spacy evaluate ner/model-best 'it'\\''s test.spacy'\n```\n\n\
         All spans, nested and crossing too (`doc.spans[\"sc\"]`). The sizes are the numbers of tokens that a span may have:\n\n```sh\n\
         python -m spacy init config spancat.cfg --lang de --pipeline spancat\n\
         python -m spacy train spancat.cfg --output spancat --paths.train train.spacy --paths.dev dev.spacy \
         --components.spancat.suggester.sizes \"[1, 2, 3, 4, 5, 6, 7, 8]\"\n\
         python -m spacy evaluate spancat/model-best 'it'\\''s test.spacy'\n```"
    );
    let alone = usage("spacy", &[("all.spacy", None)]).unwrap();
    assert!(
        alone.starts_with("This export has no part to try a model on. Export again with `--split 80/10/10`"),
        "{alone}"
    );
    let parquet = usage("parquet", &[("README.md", None), ("a \"b\".parquet", None)]).unwrap();
    assert!(parquet.contains(r#"data = load_dataset("parquet", data_files="a \"b\".parquet")"#), "{parquet}");
    let conll = usage("conll", &[("x/dev.conll", Some("dev")), ("x/train.conll", Some("train"))]).unwrap();
    assert!(conll.contains("python -m spacy convert x/train.conll . --converter ner\n"), "{conll}");
    assert!(conll.contains("--paths.train train.spacy --paths.dev dev.spacy\n"), "{conll}");
    assert!(usage("hf", &[]).unwrap().contains("load_dataset(\"path/to/this/folder\")"));
    assert_eq!(usage("brat", &[]), None);
}

#[test]
fn a_card_goes_below_the_head_that_a_format_has_written() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("README.md");
    card::write(folder.path(), "# Body\n").unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "# Body\n");
    std::fs::write(&path, "---\nconfigs: []\n---\n").unwrap();
    card::write(folder.path(), "# Body\n").unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "---\nconfigs: []\n---\n\n# Body\n");
}

#[test]
fn tokens_are_told_of_formats_that_have_them() {
    let told = |id: &str, options: &WriteOptions| {
        let format = Format::named(id).unwrap();
        Tokenising::of(format, options).map(|tokens| (tokens.tokeniser, tokens.misaligned, tokens.scheme))
    };
    let as_is = WriteOptions::default();
    assert_eq!(["spanwright", "spans", "text", "brat"].map(|id| told(id, &as_is)), [None, None, None, None]);
    assert_eq!(told("spacy", &as_is), Some(("uax29-cut".into(), "cut".into(), None)));
    let whole = WriteOptions { misaligned: Misaligned::Expand, scheme: Scheme::Bilou, ..WriteOptions::default() };
    assert_eq!(told("conll", &whole), Some(("uax29".into(), "expand".into(), Some("bilou".into()))));
}

/// A gold layer in which names stand wherever they can.
fn telling() -> (Document, Layer) {
    let line = r#"{"id":"d","text":"ana spoke to ben.","meta":{"author":"ana","by":"ben","label_studio":{"completed_by":{"email":"ana@house.example","id":7},"user":"ben"}},"layers":[{"annotator":"gold","clock":{"laptop-of-ana":3},"status":"finished","flag":"Ana, look (ben’s idea; banana)","attributes":{"topic":["ana"]},"spans":[{"id":"x0123456789abcdef0123","label":"entity","start":0,"end":3,"note":"as BEN_2 or ben_ said; so ben","attributes":{"type":"ana"},"origin":{"by":"adjudication","from":["xaaaaaaaaaaaaaaaaaaaa",{"annotator":"ana","span":"01J"}]},"_annotator_id":"jd"},{"id":"s2","label":"entity","start":13,"end":16}],"relations":[{"id":"r","kind":"k","from":"x0123456789abcdef0123","to":"s2","created_by":"eve"}],"decisions":[{"id":"d1","ruling":"take ana","by":"cem","at":"2026-10-24T09:57:09Z","why":"jd says so, JD not","votes":{"ana":"quote","ben":["gold","ana"]}}],"reviewed_by":["ana","gold",""]}]}"#;
    let mut problems = Vec::new();
    let object = serde_json::from_str(line).unwrap();
    let mut raw = spanwright::annotation::exchange::RawDocument::read(object, &Default::default(), &mut problems);
    let mut document = doors::document("d", "ana spoke to ben.");
    document.meta.clone_from(&raw.meta);
    let layer = raw.layers.remove(0);
    let newlines = Default::default();
    let layer = layer.check(Annotator::gold(), &document, &newlines, &Default::default(), &mut problems);
    assert_eq!(problems, []);
    (document, layer)
}

fn written(document: &Document, layer: &Layer) -> String {
    let mut out = Vec::new();
    let layers = [Arc::new(layer.clone())];
    write_line(&mut out, Line { document, layers: &layers, with_text: false, offsets: Offsets::Normalised }).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn names_are_replaced_wherever_they_stand_in_a_layer() {
    let (document, layer) = telling();
    let mut people = names(&layer);
    assert_eq!(people.iter().map(String::as_str).collect::<Vec<_>>(), ["cem", "eve", "jd"]);
    people.extend(["ana", "ben", "gold"].map(str::to_owned));
    let pseudonyms = Pseudonyms::new(people.iter().map(String::as_str), b"a secret");
    let called = |name: &str| pseudonyms.of(name);
    let numbers: BTreeSet<&String> = pseudonyms.list().values().collect();
    assert_eq!(
        numbers.iter().map(|name| name.as_str()).collect::<Vec<_>>(),
        (1..=5).map(|n| format!("annotator-{n}")).collect::<Vec<_>>()
    );
    assert_eq!(called("gold"), "gold");
    assert!(called("stranger").starts_with("annotator-") && called("stranger").len() == 22);

    let (named, replaced) = pseudonyms.layer(&layer);
    assert!(named.annotator.is_gold() && named.clock.0.is_empty());
    assert_eq!(
        named.flag.as_deref(),
        Some(format!("{}, look ({}’s idea; banana)", called("ana"), called("ben")).as_str())
    );
    let first = named.spans.iter().next().unwrap();
    assert_eq!(first.note, format!("as BEN_2 or ben_ said; so {}", called("ben")));
    assert_eq!(first.extra["_annotator_id"], json!(called("jd")));
    assert_eq!(first.attributes["type"], json!("ana"), "attributes are the schema's");
    let from = &first.origin.details["from"];
    assert_eq!(from[1], json!({"annotator": called("ana"), "span": "01J"}));
    assert_ne!(from[0], json!("xaaaaaaaaaaaaaaaaaaaa"));
    // Derived ids are new, everywhere the same, and still found.
    assert_ne!(first.id.as_str(), "x0123456789abcdef0123");
    let relation = named.relations.values().next().unwrap();
    assert_eq!((&relation.from, relation.to.as_str()), (&first.id, "s2"));
    assert!(named.span(&first.id).is_some());
    assert_eq!(relation.extra["created_by"], json!(called("eve")));
    let decision = &named.decisions[0];
    assert_eq!(decision["ruling"], json!(format!("take {}", called("ana"))));
    assert_eq!(decision["by"], json!(called("cem")));
    assert_eq!(decision["why"], json!(format!("{} says so, JD not", called("jd"))));
    assert_eq!(decision["votes"], json!({called("ana"): "quote", called("ben"): ["gold", called("ana")]}));
    assert_eq!((decision["id"].as_str(), decision["at"].as_str()), (Some("d1"), Some("2026-10-24T09:57:09Z")));
    assert_eq!(named.extra["reviewed_by"], json!([called("ana"), "gold", ""]));
    // What is no name is as it was.
    assert_eq!((named.version, named.status, named.spans.len()), (layer.version, layer.status, 2));
    let text = written(&document, &named);
    // Twice in attributes and once in the text.
    for name in ["\"ana\"", "cem", "eve", "laptop", "x0123456789abcdef0123"] {
        assert_eq!(text.matches(name).count(), usize::from(name == "\"ana\"") * 3, "{name} in {text}");
    }
    let told = |place: &str, before: &str, after: &str| Replaced {
        place: place.into(),
        before: before.into(),
        after: after.into(),
    };
    assert!(replaced.contains(&told("devices", "laptop-of-ana", "")), "{replaced:?}");
    assert!(replaced.contains(&told("decision d1", "cem", &called("cem"))), "{replaced:?}");
    assert!(
        replaced.contains(&told("id of x0123456789abcdef0123", "x0123456789abcdef0123", first.id.as_str())),
        "{replaced:?}"
    );
}

#[test]
fn pseudonyms_are_stable_follow_the_key_and_do_not_give_the_alphabet_away() {
    let people: Vec<String> = (0..20).map(|number| format!("person{number:02}")).collect();
    let of = |key: &[u8], turned: bool| {
        let mut people: Vec<&str> = people.iter().map(String::as_str).collect();
        if turned {
            people.reverse();
        }
        Pseudonyms::new(people, key).list().clone()
    };
    assert_eq!(of(b"one", false), of(b"one", true));
    assert_ne!(of(b"one", false), of(b"two", false));
    let numbers: Vec<usize> =
        of(b"one", false).values().map(|name| name["annotator-".len()..].parse().unwrap()).collect();
    assert!(!numbers.is_sorted(), "{numbers:?}");
    let layer = Layer::untouched(Annotator::from("person03"));
    let pseudonyms = Pseudonyms::new(people.iter().map(String::as_str), b"one");
    let (named, replaced) = pseudonyms.layer(&layer);
    assert_eq!(named.annotator, pseudonyms.annotator(&layer.annotator));
    assert_eq!(replaced.len(), 1);
    assert_eq!(named, Layer::untouched(Annotator::from(pseudonyms.of("person03"))));
}

#[test]
fn what_imports_kept_of_annotators_is_replaced_in_the_metadata_and_authors_stay() {
    let (document, _) = telling();
    let pseudonyms = Pseudonyms::new(["ana", "ben"], b"k");
    let (named, replaced) = pseudonyms.document(&document).unwrap();
    assert_eq!((&named.meta["author"], &named.meta["by"]), (&json!("ana"), &json!("ben")));
    let kept = &named.meta["label_studio"];
    assert_eq!(kept["user"], json!(pseudonyms.of("ben")));
    assert_eq!(kept["completed_by"], json!({"email": pseudonyms.of("ana@house.example"), "id": 7}));
    assert_eq!(replaced.len(), 2);
    assert_eq!(named.text, document.text);
    assert!(pseudonyms.document(&doors::document("e", "ana")).is_none());
}
