//! Files that are no RON, or RON of another shape: every mistake, with its place.

use super::{check, check_labels};

#[test]
fn empty() {
    check("", "");
    check("// nothing yet\n", "");
    check("\u{feff}", "");
    check("()", "");
}

#[test]
fn cut_short() {
    check("Schema(\n  name: \"t\",\n  labels: [\n    (\n      id: \"entity\",\n      name: \"Ent", "");
    check("Schema(\n  name: \"t\",\n  labels: [\n    ( id: \"entity\", key: \"1\" ),\n    ( ", "");
    check("Schema(\n  name: \"t\",\n  labels: [\n    ( id: \"entity\", key:", "");
    check("Schema(\n  name: \"t\",\n  labels: [\n    ( id: \"entity\", ke", "");
    check("Schema(\n  name: \"t\",\n  lab", "");
    check("Schema(name: \"t\", labels: [(id: \"a\", key: \"1\")]", "");
    check("Schema", "");
    check("(name: \"t\", /* labels", "");
}

#[test]
fn brackets() {
    check_labels("( id: \"a\", key: \"1\",\n( id: \"b\", key: \"2\" ),", "");
    check_labels("( id: \"a\", key: \"1\"\n( id: \"b\", key: \"2\" ),", "");
    check_labels("( id: \"a\", key: \"1\", was: [\"x\", \"y\" ),\n( id: \"b\", key: \"2\" ),", "");
    check_labels("( id: \"a\", key: \"1\" )),\n( id: \"b\", key: \"2\" ),", "");
    check_labels("( id: \"a\", key: \"1\" ],", "");
    check("(name: \"t\")\n]", "");
    check("(name: \"t\") (name: \"u\")", "");
}

#[test]
fn signs() {
    check_labels("( id: \"a\" key: \"1\" )\n( id: \"b\", key: \"2\" )", "");
    check_labels("( id = \"a\", key: \"1\" );\n( id: \"b\"; key: \"2\", )", "");
    check_labels("( id: \"a\", key: , ),\n( id: , key: \"2\" )", "");
    check_labels("( \"id\": \"a\", \"key\": \"1\" )", "");
    check_labels("{ \"id\": \"a\", \"key\": \"1\" }", "");
    check_labels("( id: \"a\", key: \"1\", \"stray\" )", "");
    check_labels("( id: \"a\",, key: \"1\" )", "");
    check_labels("id: \"a\", key: \"1\"", "");
    check_labels("( id: \"a\", key: \"1\" @ )", "");
}

#[test]
fn strings() {
    check_labels("( id: \"a, key: \"1\" ),\n( id: \"b\", key: \"2\" ),", "");
    check_labels("( id: \"a\",\n  name: \"A,\n  key: \"1\" ),\n( id: \"b\", key: \"2\" ),", "");
    check_labels("( id: “a”, key: \"1\" ),", "");
    check_labels("( id: \"a\", key: \"1\", definition: \"C:\\dir\" ),", "");
    check_labels("( id: \"a\", key: '1, name: \"A\" ),", "");
    check_labels("( id: \"a\", key: '12' ),", "");
    check_labels("( id: \"a\", key: \"1\", definition: r#\"no end ),", "");
}

#[test]
fn columns_are_code_points() {
    check_labels("( id: \"жена\", name: \"👩‍👩‍👧\", kee: \"1\" ),", "");
    check("\u{feff}(nome: \"t\")", "");
    check("(\r\n  name: \"t\",\r\n  lables: []\r\n)", "");
}

#[test]
fn deep() {
    let source = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    check(&source, "");
}

#[test]
fn fields() {
    check("(name: \"t\", lables: [])", "");
    check("(labels: [(id: \"a\", key: \"1\")])", "");
    check_labels("( name: \"A\", key: \"1\" ),\n( id: None, key: \"2\" ),", "");
    check_labels("( id: \"a\", key: \"1\", color: Slot(1), hotkey: \"x\" ),", "");
    check_labels("( id: \"a\", key: \"1\", key: \"2\" ),", "");
    check_labels("Labl( id: \"a\", key: \"1\" ),", "");
    check("Project(name: \"t\", labels: [(id: \"a\", key: \"1\")])", "");
    check("[(id: \"a\")]", "");
    check_labels("\"a\"", "");
}

#[test]
fn types() {
    check_labels(
        "( id: a, name: 3, key: 1, colour: \"red\", line: \"Solid\", snap: Word, overlap: 3, fragments: yes, was: \"b\" ),",
        "",
    );
    check_labels(
        "( id: \"a\", key: \"11\", colour: Slot(9), parent: [\"b\"], definition: true, yes: [1], retired: \"no\", attributes: () ),",
        "",
    );
    check_labels(
        "( id: \"a\", key: \"1\", colour: Rgb(\"#12345\", \"blue\") ), ( id: \"b\", key: \"2\", colour: Rgb(\"#123456\") ),",
        "",
    );
    check(
        "(name: \"t\", labels: (id: \"a\"), relations: [(id: \"r\", key: \"r\", at_most: -1, from: \"a\")], document: \"topic\")",
        "",
    );
}

#[test]
fn attributes() {
    check(
        "(name: \"t\", labels: [(id: \"l\", key: \"1\")], document: [
(name: \"a\"),
(kind: Text),
(name: \"b\", kind: OneOf),
(name: \"c\", kind: Oneof([\"x\"])),
(name: \"d\", kind: OneOf(\"x\", \"y\")),
(name: \"e\", kind: Flag(true)),
(name: \"f\", kind: [\"x\"]),
(name: \"g\", kind: AnyOf([\"x\", 3])),
(name: \"h\", kind: Text, default: Solid),
(name: \"i\", kind: Text, default: (1)),
(name: \"j\", kind: Text, when: (\"a\", [\"x\"])),
(name: \"k\", kind: Text, when: (attribute: \"h\")),
(name: \"l\", kind: Number, default: 1u8),
])",
        "",
    );
}
