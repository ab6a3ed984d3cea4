//! What a changed schema says it means.

use spanwright::schema::compare;

use super::parse;

/// The changes from `before` to `after`, one per line; those that layers must be asked about start with `!`.
#[track_caller]
fn check(before: &str, after: &str, expected: &str) {
    let (before, after) = (parse(before), parse(after));
    let changes = compare(&before, &after);
    let lines: Vec<String> =
        changes.iter().map(|change| format!("{}{change}", if change.leaves_behind() { "! " } else { "" })).collect();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, expected);
}

fn labels(labels: &str) -> String {
    super::with_labels(labels)
}

#[test]
fn nothing() {
    let same = labels("(id: \"a\", key: \"1\")");
    check(&same, &same, "");
}

#[test]
fn labels_come_and_go() {
    check(
        &labels("(id: \"a\"), (id: \"b\"), (id: \"c\"), (id: \"d\"), (id: \"e\"), (id: \"f\", retired: true)"),
        &labels(
            "(id: \"z\"), (id: \"a2\", was: [\"a\"]), (id: \"c\", was: [\"b\", \"never\"]), (id: \"e\", retired: true), (id: \"f\"), (id: \"g\", colour: Slot(5))",
        ),
        "! label “d” is gone
         label “z” is new
         label “a2” was “a” before
         label “a2” looks different: name, colour, line
         label “c” takes over “b”
         label “e” is retired
         label “e” looks different: colour, line
         label “f” is in use again
         label “f” looks different: line
         label “g” is new",
    );
}

#[test]
fn two_become_one_new_label() {
    check(
        &labels("(id: \"a\", name: \"X\"), (id: \"b\")"),
        &labels("(id: \"ab\", name: \"X\", was: [\"a\", \"b\"])"),
        "label “ab” was “a” before
         label “ab” takes over “b”",
    );
}

#[test]
fn rules_and_looks() {
    check(
        &labels("(id: \"a\", key: \"1\"), (id: \"b\", key: \"2\")"),
        &labels(
            "(id: \"a\", key: \"x\", overlap: Any, fragments: true), (id: \"b\", key: \"2\", parent: \"a\", definition: \"New.\")",
        ),
        "label “a” has other rules: overlap, fragments
         label “a” looks different: key
         label “b” has other rules: parent
         label “b” looks different: definition",
    );
}

#[test]
fn attributes() {
    let with = |attributes: &str| labels(&format!("(id: \"a\", attributes: [{attributes}])"));
    check(
        &with(
            "(name: \"gone\", kind: Text), (name: \"kind\", kind: Text), (name: \"type\", kind: OneOf([\"x\", \"y\"]))",
        ),
        &with(
            "(name: \"kind\", kind: Flag), (name: \"type\", kind: OneOf([\"y\", \"z\"]), required: true, default: \"z\"), (name: \"new\", kind: Flag), (name: \"must\", kind: Flag, required: true)",
        ),
        "! label “a” has lost the attribute “gone”
         ! label “a”: the attribute “kind” takes another kind of value
         ! label “a”: “type” has lost the value “x”
         label “a”: “type” has a new value “z”
         label “a”: the attribute “type” has other rules: required, default
         label “a” has a new attribute “new”
         label “a” has a new, required attribute “must”",
    );
}

#[test]
fn relations_and_documents() {
    check(
        "(name: \"t\", labels: [(id: \"a\")], relations: [(id: \"r\"), (id: \"s\")], document: [(name: \"topic\", kind: Text)])",
        "(name: \"t\", labels: [(id: \"a\")], relations: [(id: \"r\", at_most: 1), (id: \"t\")])",
        "! relation “s” is gone
         relation “r” has other rules: at_most
         relation “t” is new
         ! document has lost the attribute “topic”",
    );
}
