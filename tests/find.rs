//! Finding, without a window: what a pattern finds in a text, and what a scan finds in a project. `[…]` are hits.

use std::fs;

use spanwright::session::search::{Found, Pattern, scan};
use spanwright::store::{Job, Memory, Query, Sieve, Store};
use spanwright::text::{Document, Text, TextRange};

use crate::storing::{SCHEMA, add_documents, document, folder, open};
use crate::support::ODD;

/// The text with its hits in brackets.
fn with(text: &Text, hits: impl IntoIterator<Item = TextRange>) -> String {
    let mut out = String::new();
    let mut place = 0;
    for hit in hits {
        out += &text.as_str()[place..hit.start()];
        out += &format!("[{}]", text.slice(hit));
        place = hit.end();
    }
    out + &text.as_str()[place..]
}

fn hits(pattern: &Pattern, text: &str) -> String {
    let text = Text::new(text);
    with(&text, pattern.hits(&text))
}

#[test]
fn words_are_found_as_they_are_typed_in_every_script() {
    let find = |words: &str, text: &str| hits(&Pattern::words(words, false, false).unwrap(), text);
    assert_eq!(find("kerry", "Kerry told KERRY, not Kery"), "[Kerry] told [KERRY], not Kery");
    assert_eq!(find("москва", "Говорит Москва: МОСКВА"), "Говорит [Москва]: [МОСКВА]");
    assert_eq!(find("σοφος", "ΣΟΦΟΣ σοφος"), "[ΣΟΦΟΣ] [σοφος]", "a sigma at the end folds like the others");
    assert_eq!(find("straße", "STRAẞE STRASSE"), "[STRAẞE] STRASSE", "simple folding keeps the number of letters");
    assert_eq!(find("موسكو", "قال الوزير في موسكو"), "قال الوزير في [موسكو]");
    assert_eq!(find("协议", "停火协议谈判。"), "停火[协议]谈判。");
    assert_eq!(find("👩‍👩‍👧", "family 👩‍👩‍👧 end"), "family [👩‍👩‍👧] end");
    assert_eq!(find("said, ‘", "“Curly,” she said, ‘quotes’."), "“Curly,” she [said, ‘]quotes’.");
    assert_eq!(find("a.c*", "abc a.c*"), "abc [a.c*]", "no sign has a meaning");
    assert_eq!(find("aa", "aaaaa"), "[aa][aa]a", "hits never overlap");
    let exact = Pattern::words("Kerry", true, false).unwrap();
    assert_eq!(hits(&exact, "Kerry kerry"), "[Kerry] kerry");
    let whole = Pattern::words("on", false, true).unwrap();
    assert_eq!(hits(&whole, "On one condition: on. on-off"), "[On] one condition: [on]. on-off");
    let possessive = Pattern::words("kerry", false, true).unwrap();
    assert_eq!(hits(&possessive, "Kerry’s visit"), "[Kerry]’s visit");
}

#[test]
fn expressions_are_found_line_by_line_and_never_empty() {
    let find = |source: &str, text: &str| hits(&Pattern::regex(source, false, false).unwrap(), text);
    assert_eq!(find("^line (one|two)$", "line one\nline two\nline 2"), "[line one]\n[line two]\nline 2");
    assert_eq!(find("x*", "axxb"), "a[xx]b");
    assert_eq!(find(r"\p{Cyrillic}+", "a Жук б"), "a [Жук] [б]");
    let told = Pattern::regex("(unclosed", false, false).unwrap_err();
    assert_eq!(told, "/(unclosed/ is no regular expression: unclosed group");
    assert!(Pattern::words("", false, false).is_err());
}

/// What a scan of the whole project finds.
fn found(store: &dyn Store, pattern: &Pattern) -> Vec<Found> {
    let numbers = store.listing(&Query::default(), &Job::default()).unwrap();
    let mut all = Vec::new();
    let job = Job::default();
    let troubles = scan(store, &numbers, pattern, &job, &mut |found| {
        all.push(found);
        true
    });
    assert_eq!(troubles.unwrap(), []);
    assert_eq!(job.progress(), (numbers.len() as u64, numbers.len() as u64));
    all
}

fn seen(found: &[Found]) -> Vec<String> {
    found.iter().map(|found| format!("{}: {}", found.document, with(&found.text, found.hits.clone()))).collect()
}

#[test]
fn a_scan_finds_the_same_on_disk_and_in_memory_whatever_json_escapes() {
    let mut texts: Vec<String> = ODD.iter().map(|text| (*text).to_owned()).collect();
    texts.extend(["say \"so\" or C:\\users".to_owned(), "a/b\u{2028}c\u{7f}d\u{85}e\u{1}f".to_owned()]);
    let documents: Vec<Document> =
        texts.iter().enumerate().map(|(at, text)| document(&format!("d{at:02}"), text)).collect();
    let (mut memory, folder) = (Memory::new(SCHEMA), folder());
    let mut disk = open(folder.path());
    add_documents(&mut memory, &documents);
    add_documents(&mut disk, &documents);
    // Every stretch of three characters of every text is looked for.
    let needles: std::collections::BTreeSet<String> = texts
        .iter()
        .flat_map(|text| {
            let chars: Vec<char> = text.chars().collect();
            chars.windows(3).map(|window| window.iter().collect()).collect::<Vec<String>>()
        })
        .collect();
    for needle in needles {
        let pattern = Pattern::words(&needle, true, false).unwrap();
        let plain: Vec<&Document> = documents.iter().filter(|it| it.text.as_str().contains(&needle)).collect();
        for store in [&memory as &dyn Store, &disk] {
            let all = found(store, &pattern);
            let ids: Vec<_> = all.iter().map(|found| &found.document).collect();
            assert_eq!(ids, plain.iter().map(|it| &it.id).collect::<Vec<_>>(), "{needle:?}");
            assert!(all.iter().zip(&plain).all(|(found, it)| found.text == it.text));
        }
    }
}

#[test]
fn a_scan_reads_files_that_were_written_by_others() {
    let folder = folder();
    drop(open(folder.path()));
    // All that JSON lets one write otherwise: letters as escapes, slashes, surrogates.
    let line = r#"{"id":"d","text":"\u041c\u043e\u0441\u043a\u0432\u0430 a\/b \ud83d\ude00 K\u0065rry"}"#;
    fs::write(folder.path().join("articles/0001-hand.jsonl"), format!("\u{feff}{line}\n")).unwrap();
    let (store, _) = spanwright::store::Sqlite::open(
        &crate::storing::project(folder.path()),
        spanwright::store::Options::default(),
        &Job::default(),
    )
    .unwrap();
    for (words, expected) in [
        ("москва", "d: [Москва] a/b 😀 Kerry"),
        ("A/B", "d: Москва [a/b] 😀 Kerry"),
        ("😀", "d: Москва a/b [😀] Kerry"),
        ("kerry", "d: Москва a/b 😀 [Kerry]"),
    ] {
        let pattern = Pattern::words(words, false, false).unwrap();
        assert_eq!(seen(&found(&store, &pattern)), [expected]);
    }
}

/// More documents than one thread gets at a time.
fn many(store: &mut dyn Store) {
    let texts = (0..900).map(|at| document(&format!("{:03}", at * 7 % 900), &format!("Number {at} of ships")));
    add_documents(store, &texts.collect::<Vec<_>>());
}

#[test]
fn a_scan_gives_the_same_order_every_time_and_stops_when_told() {
    let folder = folder();
    let mut store = open(folder.path());
    many(&mut store);
    let pattern = Pattern::words("SHIPS", false, false).unwrap();
    let all = found(&store, &pattern);
    assert_eq!(all.len(), 900);
    assert!(all.is_sorted_by_key(|found| found.number));
    let numbers: Vec<u32> = all.iter().map(|found| found.number).collect();
    // A few of them, in another order.
    let few: Vec<u32> = numbers.iter().rev().step_by(300).copied().collect();
    let mut again = Vec::new();
    scan(&store, &few, &pattern, &Job::default(), &mut |found| {
        again.push(found.number);
        true
    })
    .unwrap();
    assert_eq!(again, few.iter().rev().copied().collect::<Vec<_>>());
    // Whoever has enough says so.
    let mut count = 0;
    scan(&store, &numbers, &pattern, &Job::default(), &mut |_| {
        count += 1;
        count < 3
    })
    .unwrap();
    assert_eq!(count, 3);
    let job = Job::default();
    job.cancel();
    let mut none = true;
    scan(&store, &numbers, &pattern, &job, &mut |_| {
        none = false;
        true
    })
    .unwrap();
    assert!(none, "cancelled before it began");
}

#[test]
fn a_text_that_is_damaged_is_told_and_the_others_are_found() {
    let folder = folder();
    let mut store = open(folder.path());
    add_documents(&mut store, &[document("a", "ships sail"), document("b", "ships sink"), document("c", "ships wait")]);
    let articles = fs::read_dir(folder.path().join("articles")).unwrap();
    let file = articles.map(|entry| entry.unwrap().path()).find(|path| !path.ends_with("changes.jsonl"));
    let file = file.unwrap();
    let damaged = fs::read_to_string(&file).unwrap().replace("ships sink", "ships sank");
    fs::write(&file, damaged).unwrap();
    let numbers = store.listing(&Query::default(), &Job::default()).unwrap();
    let mut ids = Vec::new();
    let pattern = Pattern::words("ships", false, false).unwrap();
    let troubles = scan(&store, &numbers, &pattern, &Job::default(), &mut |found| {
        ids.push(found.document.0);
        true
    });
    assert_eq!(ids, ["a", "c"]);
    let troubles = troubles.unwrap();
    assert_eq!(troubles.len(), 1);
    assert!(troubles[0].to_string().contains("document b"), "{}", troubles[0]);
}

#[test]
fn a_sieve_may_hold_nothing_back_that_has_the_words() {
    let folder = folder();
    let mut store = open(folder.path());
    add_documents(&mut store, &[document("a", "one \"two\" three"), document("b", "four")]);
    let numbers = store.listing(&Query::default(), &Job::default()).unwrap();
    let passed = |sieve: &Sieve| {
        let mut ids = Vec::new();
        store
            .texts(&numbers, sieve, &mut |_, id, text| {
                assert!(!text.unwrap().is_empty());
                ids.push(id.0);
                Ok(true)
            })
            .unwrap();
        ids
    };
    assert_eq!(passed(&Sieve::open()), ["a", "b"]);
    assert_eq!(passed(&Sieve::containing("e \"TWO\" t", false)), ["a"]);
    assert_eq!(passed(&Sieve::containing("e \"TWO\" t", true)), Vec::<String>::new());
    assert_eq!(passed(&Sieve::containing("\"", false)), ["a", "b"], "what may be escaped says nothing");
}
