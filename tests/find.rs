//! Finding, without a window: what a pattern finds in a text, and what a scan finds in a project. `[…]` are hits.

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use serde_json::json;
use spanwright::annotation::{Annotator, Relation, Status};
use spanwright::session::Command;
use spanwright::session::assign::{Assigned, Assignments};
use spanwright::session::search::{
    FIELDS, Found, Free, Line, MOST, Match, Pattern, Results, Row, Search, Vocabulary, scan,
};
use spanwright::store::{Job, Memory, Query, Sieve, Store};
use spanwright::text::{Document, Text, TextRange};

use crate::session::session_of;
use crate::storing::{SCHEMA, add_documents, add_layer, document, folder, layer, open, span};
use crate::support::{ODD, news};

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
    let needles: BTreeSet<String> = texts
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

// ── queries

/// Five documents, layers of Ana and Ben.
fn newsroom(store: &mut dyn Store) {
    let with = |id: &str, source: &str, date: &str, text: &str| {
        let mut one = document(id, text);
        let meta = json!({"title": format!("Title of {id}"), "source": source, "date": date});
        one.meta.clone_from(meta.as_object().unwrap());
        one
    };
    let harbour = with("harbour", "The Fen Lantern", "2026-03-02", "“Ships sail,” said Maria Lind. Kerry agreed.");
    let bridge = with("bridge", "Fen Post", "2026-05-31T10:00:00Z", "Kerry built a bridge.\n“It holds,” he said.");
    let ledger = with("ledger", "Fen Post", "2026-06-01", "A ledger. Nobody spoke of ships.");
    let moscow = with("moscow", "", "", "Говорит Москва: «Слушайте».");
    let empty = with("empty", "The Fen Lantern", "2025", "");
    add_documents(store, &[harbour.clone(), bridge.clone(), ledger.clone(), moscow, empty]);

    let mut quote = span(&harbour, "q1", "quote", "“Ships sail,”");
    "her first words".clone_into(&mut quote.note);
    quote.attributes.insert("kind".to_owned(), json!("direct"));
    let mut lind = span(&harbour, "e1", "entity", "Maria Lind");
    lind.attributes.insert("type".to_owned(), json!("person"));
    let mut ana = layer("ana", "desk", 1, vec![quote, lind, span(&harbour, "e2", "entity", "Kerry")]);
    let speaker = Relation::new("r1".into(), "speaker".into(), "q1".into(), "e1".into());
    ana.relations.insert("r1".into(), Arc::new(speaker));
    add_layer(store, &harbour, ana);

    let mut ana = layer("ana", "desk", 1, vec![span(&bridge, "q1", "quote", "“It holds,”")]);
    ana.status = Status::InProgress;
    ana.flag = Some("is this the bridge?".to_owned());
    ana.attributes.insert("topic".to_owned(), json!(["economy", "politics"]));
    add_layer(store, &bridge, ana);
    let mut ben = layer("ben", "desk", 1, vec![span(&ledger, "b1", "event", "spoke of ships")]);
    ben.status = Status::Skipped;
    add_layer(store, &ledger, ben);
    add_layer(store, &bridge, layer("ben", "desk", 1, Vec::new()));
}

fn base() -> Query {
    Query { annotator: Some(Annotator::from("ana")), ..Query::default() }
}

fn read(store: &dyn Store, typed: &str, free: Free) -> Result<Search, String> {
    let (schema, counts) = (news(), store.counts().unwrap());
    let two = ["ana", "ben"].map(Annotator::from).to_vec();
    let assignments = Assignments { annotators: two, ..Assignments::default() };
    let assigned = Arc::new(Assigned::of(&assignments, store).unwrap());
    let known = Vocabulary { schema: &schema, counts: &counts, assigned: Some(&assigned) };
    Search::read(typed, free, &base(), known).map_err(|mistake| {
        format!(
            "{}⟨{}⟩{}: {mistake}",
            &typed[..mistake.place.start],
            &typed[mistake.place.clone()],
            &typed[mistake.place.end..]
        )
    })
}

/// What a search finds, in the order of the list: `harbour: [Ships] sail | …`.
fn search(store: &dyn Store, typed: &str) -> String {
    let search = read(store, typed, Free::Texts).unwrap_or_else(|told| panic!("{told}"));
    let mut results = Results::default();
    let mut all: Vec<Match> = Vec::new();
    let troubles = search.run(store, &Job::default(), &mut |found| {
        all.push(found);
        true
    });
    assert_eq!(troubles.unwrap(), []);
    results.add(all);
    let line = |found: &Match| {
        let hits = found.hits.iter().map(|hit| {
            let (words, at) = (&hit.line.words, &hit.line.hit);
            format!("{}[{}]{}", &words[..at.start], &words[at.clone()], &words[at.end..])
        });
        format!("{}: {}", found.document, hits.collect::<Vec<_>>().join(" | ")).trim().to_owned()
    };
    let found = results.documents().iter().map(line).collect::<Vec<_>>().join("\n");
    // The list, asked for the same, has the same documents in the same order.
    let numbers = search.documents(store, &Job::default()).unwrap();
    let ids: Vec<_> = store.rows(&numbers, &search.list).unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(ids, results.documents().iter().map(|found| found.document.clone()).collect::<Vec<_>>(), "{typed}");
    found
}

/// Every question is put to both stores.
#[track_caller]
fn ask(cases: &[(&str, &str)]) {
    let (mut memory, folder) = (Memory::new(SCHEMA), folder());
    let mut disk = open(folder.path());
    newsroom(&mut memory);
    newsroom(&mut disk);
    for (typed, expected) in cases {
        let expected = expected.trim_start_matches('\n').lines().map(str::trim).collect::<Vec<_>>().join("\n");
        assert_eq!(search(&memory, typed), expected, "{typed}");
        assert_eq!(search(&disk, typed), expected, "{typed} on disk");
    }
}

#[test]
fn words_must_all_be_in_the_text() {
    ask(&[
        ("kerry", "bridge: [Kerry] built a bridge.\nharbour: “Ships sail,” said Maria Lind. [Kerry] agreed."),
        (
            "kerry ships",
            "harbour: “[Ships] sail,” said Maria Lind. Kerry agreed. | “Ships sail,” said Maria Lind. [Kerry] agreed.",
        ),
        ("kerry -ships", "bridge: [Kerry] built a bridge."),
        ("\"maria lind\"", "harbour: “Ships sail,” said [Maria Lind]. Kerry agreed."),
        ("\"bridge.\n“it\"", "bridge: Kerry built a [bridge. “It] holds,” he said."),
        ("/^kerry|ledger/", "bridge: [Kerry] built a bridge.\nledger: A [ledger]. Nobody spoke of ships."),
        (
            "text:ships,Kerry case:yes",
            "bridge: [Kerry] built a bridge.\nharbour: “Ships sail,” said Maria Lind. [Kerry] agreed.\nledger: A ledger. Nobody spoke of [ships].",
        ),
        ("ship", "harbour: “[Ship]s sail,” said Maria Lind. Kerry agreed.\nledger: A ledger. Nobody spoke of [ship]s."),
        ("ship word:yes", ""),
        ("москва", "moscow: Говорит [Москва]: «Слушайте»."),
        (
            "ships sort:-date",
            "ledger: A ledger. Nobody spoke of [ships].\nharbour: “[Ships] sail,” said Maria Lind. Kerry agreed.",
        ),
    ]);
}

#[test]
fn conditions_on_documents_need_no_words() {
    ask(&[
        ("source:\"the fen lantern\"", "empty: \nharbour: "),
        ("source:*post*", "bridge: \nledger: "),
        ("-source:\"Fen Post\",\"The Fen Lantern\"", "moscow: "),
        ("title:ledger", "ledger: "),
        ("id:/^m/", "moscow: "),
        ("date:2026-03..2026-05", "bridge: \nharbour: "),
        ("date:>2026-05", "ledger: "),
        ("date:>=2026-05", "bridge: \nledger: "),
        ("date:<2026-03-03", "empty: \nharbour: "),
        ("date:..2026-03-02", "empty: \nharbour: "),
        ("date:2025,2026-06", "empty: \nledger: "),
        ("-date:2025..", "moscow: "),
        ("hidden:yes", ""),
    ]);
}

#[test]
fn conditions_on_layers_are_of_mine_unless_another_is_named() {
    ask(&[
        ("status:finished", "harbour: "),
        ("-status:untouched", "bridge: \nharbour: "),
        ("status:finished,in-progress", "bridge: \nharbour: "),
        ("status:skipped", ""),
        ("status:skipped by:ben", "ledger: "),
        ("by:ben", "bridge: \nledger: "),
        ("by:BEN -status:finished", "empty: \nharbour: \nledger: \nmoscow: "),
        ("by:ana,ben", "bridge: \nharbour: \nledger: "),
        ("-by:ben", "empty: \nharbour: \nmoscow: "),
        ("by:* status:untouched", "empty: \nmoscow: "),
        ("flag:*", "bridge: "),
        ("flag:", "bridge: "),
        ("flag:BRIDGE", "bridge: "),
        ("flag:tunnel", ""),
        ("-flag:* -status:untouched", "harbour: "),
        ("topic:economy", "bridge: "),
        ("attr:topic=politics,sport", "bridge: "),
        ("has:topic by:ben", ""),
    ]);
}

#[test]
fn where_spans_are_asked_for_they_are_the_hits() {
    ask(&[
        ("label:quote", "bridge: [“It holds,”] he said.\nharbour: [“Ships sail,”] said Maria Lind. Kerry agreed."),
        ("label:quote -has:speaker", "bridge: [“It holds,”] he said."),
        (
            "has:speaker",
            "harbour: [“Ships sail,”] said Maria Lind. Kerry agreed. | “Ships sail,” said [Maria Lind]. Kerry agreed.",
        ),
        ("label:Quote text:ships", "harbour: [“Ships sail,”] said Maria Lind. Kerry agreed."),
        ("label:quote -text:/ships/", "bridge: [“It holds,”] he said."),
        ("label:entity kerry", "harbour: “Ships sail,” said Maria Lind. [Kerry] agreed."),
        ("label:quote kerry", ""),
        (
            "label:quote label:entity",
            "harbour: [“Ships sail,”] said Maria Lind. Kerry agreed. | “Ships sail,” said [Maria Lind]. Kerry agreed. | “Ships sail,” said Maria Lind. [Kerry] agreed.",
        ),
        ("label:quote -label:entity", "bridge: [“It holds,”] he said."),
        (
            "label:event,quote by:*",
            "bridge: [“It holds,”] he said.\nharbour: [“Ships sail,”] said Maria Lind. Kerry agreed.\nledger: A ledger. Nobody [spoke of ships].",
        ),
        ("attr:type=person", "harbour: “Ships sail,” said [Maria Lind]. Kerry agreed."),
        ("type:Person,place", "harbour: “Ships sail,” said [Maria Lind]. Kerry agreed."),
        ("label:entity -has:type", "harbour: “Ships sail,” said Maria Lind. [Kerry] agreed."),
        ("note:first", "harbour: [“Ships sail,”] said Maria Lind. Kerry agreed."),
        ("note:* label:entity", ""),
        (
            "has:note,type",
            "harbour: [“Ships sail,”] said Maria Lind. Kerry agreed. | “Ships sail,” said [Maria Lind]. Kerry agreed.",
        ),
        // What is only ruled out holds for documents.
        ("-label:quote status:finished", ""),
        ("-has:speaker -status:untouched", "bridge: "),
        ("-label:quote date:2026-06", "ledger: "),
    ]);
}

#[test]
fn what_makes_no_sense_is_said_with_its_place_and_the_nearest_that_does() {
    let mut store = Memory::new(SCHEMA);
    newsroom(&mut store);
    for (typed, told) in [
        ("label:qoute kerry", "label:⟨qoute⟩ kerry: There is no label “qoute”; did you mean “quote”?"),
        ("-lable:quote", "-⟨lable⟩:quote: There is no field “lable”; did you mean “label”?"),
        ("has:speeker", "has:⟨speeker⟩: There is no attribute or relation “speeker”; did you mean “speaker”?"),
        ("attr:typ=person", "attr:⟨typ⟩=person: There is no attribute “typ”; did you mean “type”?"),
        ("type:persn", "type:⟨persn⟩: There is no type “persn”; did you mean “person”?"),
        ("by:anna", "by:⟨anna⟩: There is no annotator “anna”; did you mean “ana”?"),
        ("source:\"Fen Pots\"", "source:⟨\"Fen Pots\"⟩: There is no source “Fen Pots”; did you mean “Fen Post”?"),
        ("status:done", "status:⟨done⟩: “done” is no status. There are untouched, in-progress, finished and skipped"),
        (
            "a date:march",
            "a date:⟨march⟩: “march” is no date. Write 2026, 2026-03 or 2026-03-15, or 2026-03..2026-05 for all between",
        ),
        ("date:2026..2025", "date:⟨2026..2025⟩: “2026..2025” is no time: its end lies before its beginning"),
        ("sort:size", "sort:⟨size⟩: “size” is no order. There are id, title, source, date and length"),
        ("text:/(a/", "text:⟨/(a/⟩: /(a/ is no regular expression: unclosed group"),
        ("case:perhaps", "⟨case:perhaps⟩: “perhaps” is neither yes nor no"),
        ("label:", "⟨label:⟩: Say what after “label:”"),
        ("text:*", "⟨text:*⟩: Every text has some words; say which"),
    ] {
        assert_eq!(read(&store, typed, Free::Texts).err().as_deref(), Some(told), "{typed}");
    }
    // Words with a colon in them are words.
    for typed in ["https://x.example", "7:30", "\"label:qoute\"", "/a", "he said: no", "- 5", "“x”:"] {
        let search = read(&store, typed, Free::Texts).unwrap();
        assert!(search.reads_texts(), "{typed}");
    }
}

#[test]
fn a_filter_looks_for_its_words_in_title_id_and_source() {
    let mut store = Memory::new(SCHEMA);
    newsroom(&mut store);
    let mut session = session_of(&store, "ana");
    let mut filter = |words: &str| {
        session.run(Command::Filter(Query { words: words.to_owned(), ..session.list.query.clone() }));
        let rows = session.list.rows(session.store(), 0..9).unwrap();
        (rows.iter().map(|row| row.id.0.clone()).collect::<Vec<_>>().join(" "), session.list.mistake.clone())
    };
    assert_eq!(filter("fen POST").0, "bridge ledger");
    assert_eq!(filter("\"of bridge\"").0, "bridge");
    assert_eq!(filter("-fen").0, "moscow");
    assert_eq!(filter("label:quote text:kerry").0, "", "no quote has it");
    assert_eq!(filter("text:kerry status:finished").0, "harbour");
    assert_eq!(filter("label:quote").0, "bridge harbour");
    let (rows, mistake) = filter("label:qu");
    assert_eq!(rows, "bridge harbour", "what makes no sense yet leaves the list as it was");
    assert_eq!(
        mistake.unwrap().sentence,
        "There is no label “qu”. There are entity, quote, event, boilerplate, cue, time"
    );
    assert_eq!(filter(""), ("bridge empty harbour ledger moscow".to_owned(), None));
}

/// The examples of the documentation are queries, and each of its fields is one.
#[test]
fn the_documented_grammar_is_the_one_that_is_read() {
    let mut store = Memory::new(SCHEMA);
    newsroom(&mut store);
    let page = include_str!("../ARCHITECTURE.md");
    let section = page.split("\n## Queries\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<Vec<&str>> =
        section.lines().filter(|line| line.starts_with("| `")).map(|line| line.split(" | ").collect()).collect();
    let documented: BTreeSet<&str> =
        rows.iter().filter_map(|row| row[0].trim_matches(['|', ' ', '`']).strip_suffix(':')).collect();
    assert_eq!(documented, FIELDS.iter().map(|(field, ..)| *field).collect());
    for row in &rows {
        for example in row[1].split('`').skip(1).step_by(2) {
            let example = example.replace("\\|", "|");
            let read = read(&store, &example, Free::Texts);
            assert!(read.is_ok_and(|search| !search.is_empty() || example.starts_with("case")), "{example}");
        }
    }
    for (field, example, _) in FIELDS {
        assert!(read(&store, example, Free::Names).is_ok(), "{field}: {example}");
    }
}

#[test]
fn a_line_shows_the_hit_with_what_stands_around_it() {
    let line = |text: &str, hit: &str| {
        let text = Text::new(text);
        let start = text.as_str().find(hit).unwrap();
        let Line { words, hit } = Line::around(&text, text.range(start, start + hit.len()).unwrap());
        format!("{}[{}]{}", &words[..hit.start], &words[hit.clone()], &words[hit.end..])
    };
    assert_eq!(line("first\n  a\tb c\nlast", "b"), "a [b] c");
    assert_eq!(line("one\ntwo\nthree", "e\ntwo\nt"), "on[e two t]hree");
    assert_eq!(line("end", "end"), "[end]");
    let long = line(&format!("{}hit {}", "before ".repeat(100), "after ".repeat(100)), "hit");
    assert!(long.starts_with("…before ") && long.ends_with(" after…") && long.len() < 500, "{long}");
    assert_eq!(line("قال الوزير في موسكو", "موسكو"), "قال الوزير في [موسكو]");
    let arabic = line(&format!("قال {} Kerry في موسكو", "Kerry ".repeat(60)), "موسكو");
    assert!(arabic.starts_with("\u{200f}…Kerry "), "a part reads as its line does: {arabic}");
    // A word that is longer than the window, and one that is a hit.
    let word = "👩‍👩‍👧".repeat(400);
    let around = line(&format!("{word}x{word}"), "x");
    assert!(around.contains("👧[x]👩") && around.starts_with('…') && around.ends_with('…'));
    let hit = line(&word, &word);
    assert!(hit.starts_with("[👩‍👩‍👧") && hit.ends_with("…]"), "{hit}");
}

#[test]
fn results_stand_in_the_order_of_the_list_and_are_cut_at_a_number_that_is_said() {
    let folder = folder();
    let mut store = open(folder.path());
    let much = "ships ".repeat(30_000);
    let texts = (0..5).map(|at| document(&format!("{}", 9 - at), &much));
    add_documents(&mut store, &texts.collect::<Vec<_>>());
    let search = read(&store, "ships", Free::Texts).unwrap();
    let mut results = Results::default();
    search
        .run(&store, &Job::default(), &mut |found| {
            results.add([found]);
            true
        })
        .unwrap();
    assert_eq!((results.hits(), results.is_cut()), (150_000, true));
    let ids: Vec<&str> = results.documents().iter().map(|found| found.document.as_str()).collect();
    assert_eq!(ids, ["6", "7", "8", "9"], "imported backwards; the fifth found no room");
    assert_eq!(results.rows().len() as u64, MOST + 4);
    assert_eq!(results.rows()[0], Row::Document(0));
    assert_eq!(results.step(None, true), Some(1));
    assert_eq!(results.step(Some(1), false), Some(results.rows().len() - 1), "round the end");
    let (found, hit) = results.at(10_000).unwrap();
    assert_eq!((found.document.as_str(), hit.unwrap().range.start()), ("6", 59_994));
}

#[test]
fn a_layer_in_an_older_text_is_found_in_that_text() {
    let mut store = Memory::new(SCHEMA);
    let old = document("d", "old ships");
    add_documents(&mut store, std::slice::from_ref(&old));
    add_layer(&mut store, &old, layer("ana", "desk", 1, vec![span(&old, "s", "entity", "ships")]));
    let mut options = crate::storing::import("New versions", "ana");
    options.new_versions = true;
    let mut import = store.import(options).unwrap();
    import.document(&document("d", "a new text about ships")).unwrap();
    import.finish().unwrap();
    assert_eq!(search(&store, "label:entity"), "d: old [ships]");
}
