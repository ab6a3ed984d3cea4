//! Schemas that can be read and do not hold together.

use super::{check, check_labels};

#[test]
fn sound() {
    check_labels("( id: \"a\", key: \"1\" ), ( id: \"b\", key: 'b' ),", "");
}

#[test]
fn ids() {
    check_labels("( id: \"a\", key: \"1\" ),\n( id: \"a\", key: \"2\" ),\n( id: \"a\", name: \"B\", key: \"3\" ),", "");
    check_labels("( id: \"\", key: \"1\" ),\n( id: \" \", key: \"2\" ),\n( id: \"a b\", key: \"3\" ),", "");
    check_labels(
        "( id: \"a\", key: \"1\", was: [\"b\", \"a\", \"old\"] ),\n( id: \"b\", key: \"2\", was: [\"old\"] ),",
        "",
    );
    check("(name: \"a@b\", labels: [])", "");
    check(
        "(name: \"\", labels: [(id: \"a\", key: \"1\")], relations: [(id: \"a\", key: \"2\"), (id: \"a\", key: \"3\")])",
        "",
    );
    check_labels("( id: \"a\", key: \"1\", name: \"Same\" ),\n( id: \"b\", key: \"2\", name: \"Same\" ),", "");
}

#[test]
fn keys() {
    check_labels(
        "( id: \"a\", key: \"a\" ),\n( id: \"b\", key: \"A\" ),\n( id: \"c\" ),\n( id: \"d\", key: \"?\" ), ( id: \"e\", key: \"a\", retired: true ),",
        "",
    );
    check("(name: \"t\", labels: [(id: \"a\", key: \"s\")],\nrelations: [(id: \"same\", key: \"s\")])", "");
}

#[test]
fn parents() {
    check_labels(
        "( id: \"a\", key: \"1\", parent: \"b\" ),\n( id: \"b\", key: \"2\", parent: \"a\" ),\n( id: \"c\", key: \"3\", parent: \"a\" ),",
        "",
    );
    check_labels("( id: \"a\", key: \"1\", parent: \"a\" ),", "");
    check_labels(
        "( id: \"entity\", key: \"1\", was: [\"name\"] ),\n( id: \"b\", key: \"2\", parent: \"entty\" ),\n( id: \"c\", key: \"3\", parent: \"name\" ),\n( id: \"d\", key: \"4\", parent: \"zebra\" ),",
        "",
    );
    check_labels("( id: \"a\", retired: true ),\n( id: \"b\", key: \"2\", parent: \"a\" ),", "");
}

#[test]
fn ends() {
    check(
        "(name: \"t\", labels: [(id: \"quote\", key: \"1\"), (id: \"old\", retired: true)],\nrelations: [(id: \"r\", key: \"r\", from: [\"qote\", \"quote\", \"quote\"], to: [\"old\", \"\"], at_most: 0)])",
        "",
    );
}

#[test]
fn attributes() {
    check(
        "(name: \"t\", labels: [(id: \"l\", key: \"1\")], document: [
(name: \"a\", kind: OneOf([\"x\", \"y\", \"x\", \"\"])),
(name: \"a\", kind: OneOf([])),
(name: \"\", kind: Text),
(name: \"b\", kind: OneOf([\"person\", \"place\"]), default: \"persn\"),
(name: \"c\", kind: AnyOf([\"x\"]), default: \"x\"),
(name: \"d\", kind: AnyOf([\"x\"]), default: [\"x\", \"x\"]),
(name: \"e\", kind: Flag, default: \"true\"),
(name: \"f\", kind: Number, default: \"3\"),
(name: \"g\", kind: Text, default: 3),
(name: \"h\", kind: OneOf([\"x\"]), default: true),
])",
        "",
    );
}

#[test]
fn conditions() {
    check(
        "(name: \"t\", labels: [(id: \"l\", key: \"1\")], document: [
(name: \"type\", kind: OneOf([\"person\", \"place\"])),
(name: \"sure\", kind: Flag),
(name: \"note\", kind: Text),
(name: \"a\", kind: Text, when: (attribute: \"typ\", is: [\"person\"])),
(name: \"b\", kind: Text, when: (attribute: \"type\", is: [\"persons\", \"place\", \"zebra\"])),
(name: \"c\", kind: Text, when: (attribute: \"sure\", is: [true])),
(name: \"d\", kind: Text, when: (attribute: \"sure\", is: true)),
(name: \"e\", kind: Text, when: (attribute: \"note\", is: [\"x\"])),
(name: \"f\", kind: Text, when: (attribute: \"f\", is: [\"x\"])),
(name: \"g\", kind: Text, when: (attribute: \"type\", is: [])),
(name: \"h\", kind: Flag, when: (attribute: \"i\", is: [true])),
(name: \"i\", kind: Flag, when: (attribute: \"h\", is: [true])),
])",
        "",
    );
}

#[test]
fn examples() {
    check_labels(
        "( id: \"a\", key: \"1\", yes: [\"no mark\", \"[one] two\", \"[[nested] one]\", \"open [one\", \"close] one\"], no: [\"none\"] ),",
        "",
    );
    check_labels("( id: \"a\", key: \"1\", fragments: true, overlap: Exclude ),", "");
}

#[test]
fn colours() {
    check_labels("( id: \"a\", key: \"1\", colour: Slot(2) ),\n( id: \"b\", key: \"2\", colour: Slot(2) ),", "");
    check_labels(
        "( id: \"a\", key: \"1\", colour: Rgb(\"#2b50b8\", \"#5b9bf0\") ),\n( id: \"b\", key: \"2\", colour: Rgb(\"#2b50c0\", \"#f0804f\") ),",
        "",
    );
    // Red and green of one brightness: apart for most, not for all.
    check_labels(
        "( id: \"a\", key: \"1\", colour: Rgb(\"#b03030\", \"#e06060\") ),\n( id: \"b\", key: \"2\", colour: Rgb(\"#4f6b12\", \"#60a5ff\") ),",
        "",
    );
    check_labels("( id: \"a\", key: \"1\", colour: Rgb(\"#ffe066\", \"#202428\") ),", "");
    let nine: String = (1..=9).map(|key| format!("( id: \"l{key}\", key: \"{key}\" ),\n")).collect();
    check_labels(&nine, "");
}
