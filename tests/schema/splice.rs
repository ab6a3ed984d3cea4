//! Edits that leave every other byte alone.

use spanwright::schema::{Source, SpliceError, Step};

/// `labels[0].key` as steps.
fn steps(path: &str) -> Vec<Step<'_>> {
    path.split(['.', '['])
        .filter(|step| !step.is_empty())
        .map(|step| step.strip_suffix(']').map_or(Step::Field(step), |index| Step::Index(index.parse().unwrap())))
        .collect()
}

#[track_caller]
fn check(before: &str, edit: impl FnOnce(&mut Source) -> Result<(), SpliceError>, after: &str) {
    let mut source = Source::parse(before, "t.ron");
    edit(&mut source).unwrap();
    assert_eq!(source.text(), after);
    assert!(source.problems().is_empty(), "{:?}", source.problems());
}

#[track_caller]
fn refuse(before: &str, edit: impl FnOnce(&mut Source) -> Result<(), SpliceError>, why: &str) {
    let mut source = Source::parse(before, "t.ron");
    assert_eq!(edit(&mut source).unwrap_err().to_string(), why);
    assert_eq!(source.text(), before, "a refused edit changes nothing");
}

const TWO: &str = "// head\r\n(\r\n  name: \"t\", // the name\r\n  labels: [\r\n    // first\r\n    ( id: \"a\", key: \"1\", /* why */ ),\r\n    ( id: \"жена 👩‍👩‍👧\", key: \"2\" ) // last\r\n  ],\r\n)\r\n// tail";

#[test]
fn set() {
    check(TWO, |s| s.set(&steps("labels[1].key"), "\"x\""), &TWO.replace("\"2\"", "\"x\""));
    check(TWO, |s| s.set(&steps("name"), "r#\"a \"b\"\"#"), &TWO.replace("\"t\"", "r#\"a \"b\"\"#"));
    check("(a: Slot(1), b: Some([1, 2]))", |s| s.set(&steps("b[1]"), "3"), "(a: Slot(1), b: Some([1, 3]))");
    check("(a: Slot(1))", |s| s.set(&steps("a[0]"), "2"), "(a: Slot(2))");
    check("(a: {\"k\": 1, \"l\": 2})", |s| s.set(&steps("a.l"), "[3]"), "(a: {\"k\": 1, \"l\": [3]})");
    check("1 // one", |s| s.set(&[], "2"), "2 // one");
}

#[test]
fn set_inserts_a_field_that_is_missing() {
    check(TWO, |s| s.set(&steps("labels[1].name"), "\"B\""), &TWO.replace("\"2\" )", "\"2\", name: \"B\" )"));
    check(TWO, |s| s.set(&steps("labels[0].name"), "\"A\""), &TWO.replace("\"1\",", "\"1\", name: \"A\""));
    check(TWO, |s| s.set(&steps("document"), "[]"), &TWO.replace("  ],\r\n)", "  ],\n  document: [],\r\n)"));
    check("()", |s| s.set(&steps("name"), "\"t\""), "(name: \"t\")");
    check("Schema()", |s| s.set(&steps("name"), "\"t\""), "Schema(name: \"t\")");
    check("({})", |s| s.set(&[Step::Index(0), Step::Field("k")], "1"), "({\"k\": 1})");
    check("(\n  a: 1 // one\n)", |s| s.set(&steps("b"), "2"), "(\n  a: 1, // one\n  b: 2,\n)");
}

#[test]
fn insert() {
    check("[]", |s| s.insert(&[], 0, "1"), "[1]");
    check("[1]", |s| s.insert(&[], 0, "0"), "[0, 1]");
    check("[ 1, 2 ]", |s| s.insert(&[], 1, "9"), "[ 1, 9, 2 ]");
    check("[1, 2,]", |s| s.insert(&[], 2, "3"), "[1, 2, 3]");
    check("[1, 2 /* two */]", |s| s.insert(&[], 2, "3"), "[1, 2, 3 /* two */]");
    check("[\n  1, // one\n  2, // two\n]", |s| s.insert(&[], 1, "9"), "[\n  1, // one\n  9,\n  2, // two\n]");
    check("[ // head\n  1,\n]", |s| s.insert(&[], 0, "0"), "[ // head\n  0,\n  1,\n]");
    check(
        "[\n  1,\n  // two is\n  2 // two\n]",
        |s| s.insert(&[], 2, "3"),
        "[\n  1,\n  // two is\n  2, // two\n  3,\n]",
    );
    check(
        TWO,
        |s| s.insert(&steps("labels"), 2, "( id: \"c\" )"),
        &TWO.replace(") // last", "), // last\n    ( id: \"c\" ),"),
    );
}

#[test]
fn remove() {
    check("[1]", |s| s.remove(&steps("[0]")), "[]");
    check("[1, 2, 3]", |s| s.remove(&steps("[0]")), "[2, 3]");
    check("[1, 2, 3]", |s| s.remove(&steps("[1]")), "[1, 3]");
    check("[1, 2, 3]", |s| s.remove(&steps("[2]")), "[1, 2]");
    check("[1, 2, /* three */ 3]", |s| s.remove(&steps("[2]")), "[1, 2, /* three */ ]");
    check("[1 /* one */, 2]", |s| s.remove(&steps("[0]")), "[ /* one */ 2]");
    check("[\n  1,\n  2, // two\n  3\n]", |s| s.remove(&steps("[2]")), "[\n  1,\n  2, // two\n]");
    check("[\n  1,\n  2, // two\n  3\n]", |s| s.remove(&steps("[1]")), "[\n  1,\n  // two\n  3\n]");
    check("(a: 1, b: 2)", |s| s.remove(&steps("a")), "(b: 2)");
    check("(a: 1, b: {\"k\": 1, \"l\": 2})", |s| s.remove(&steps("b.l")), "(a: 1, b: {\"k\": 1})");
    check(TWO, |s| s.remove(&steps("labels[0]")), &TWO.replace("    ( id: \"a\", key: \"1\", /* why */ ),\r\n", ""));
    check(TWO, |s| s.remove(&steps("labels[1].key")), &TWO.replace(", key: \"2\"", ""));
}

#[test]
fn refused() {
    refuse("(a: 1)", |s| s.set(&steps("b.c"), "2"), "the file has no b.c");
    refuse("(a: [1])", |s| s.set(&steps("a[1]"), "2"), "the file has no a[1]");
    refuse("(a: [1])", |s| s.insert(&steps("a"), 3, "2"), "the file has no a[3]");
    refuse("(a: [1])", |s| s.remove(&steps("a[1]")), "the file has no a[1]");
    refuse("(a: 1)", |s| s.insert(&steps("a"), 0, "2"), "the file has no a");
    refuse("(a: 1)", |s| s.set(&steps("a"), "2, b: 3"), "“2, b: 3” is no value a schema can hold");
    refuse("(a: 1)", |s| s.set(&steps("a"), "2 // two"), "“2 // two” is no value a schema can hold");
    refuse("(a: 1)", |s| s.set(&steps("a"), ""), "“” is no value a schema can hold");
    refuse(
        "(a: 1",
        |s| s.set(&steps("a"), "2"),
        "the file has mistakes to repair first: t.ron:1:1 · error: the file ends before the “(” opened here closes. If the file was cut short, take a whole copy; else put ) at the end",
    );
}

#[test]
fn an_edit_of_a_schema_file_changes_one_line() {
    let news = include_str!("../../schemas/news.ron");
    let mut source = Source::parse(news, "news.ron");
    source.set(&steps("labels[1].definition"), "\"Words.\"").unwrap();
    let changed = news.lines().zip(source.text().lines()).filter(|(before, after)| before != after).count();
    assert_eq!((changed, news.lines().count()), (1, source.text().lines().count()));
}
