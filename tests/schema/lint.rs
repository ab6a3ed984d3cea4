//! Schemas that can be read and do not hold together.

use super::{check, check_labels};

#[test]
fn sound() {
    check_labels(r#"( id: "a", key: "1" ), ( id: "b", key: 'b' ),"#, "");
}

#[test]
fn ids() {
    check_labels(
        r#"( id: "a", key: "1" ),
( id: "a", key: "2" ),
( id: "a", name: "B", key: "3" ),"#,
        "
            3:7 error the label id “a” is taken at 2:7. Give one of the two another id
            4:7 error the label id “a” is taken at 2:7. Give one of the two another id
        ",
    );
    check_labels(
        r#"( id: "", key: "1" ),
( id: " ", key: "2" ),
( id: "a b", key: "3" ),"#,
        r#"
            2:7 error the label’s id is empty. Write a short word, as in id: "entity"
            3:7 error the label’s id is empty. Write a short word, as in id: "entity"
            4:7 warning the label id “a b” holds white space, which many formats cannot. Write id: "a_b" and name: "a b"
        "#,
    );
    check_labels(
        r#"( id: "a", key: "1", was: ["b", "a", "old"] ),
( id: "b", key: "2", was: ["old"] ),"#,
        "
            2:28 error “b” is what “a” was, and also a label of its own at 3:7. Remove it from was, or remove the other
            2:33 warning “a” names itself as what it was. Remove it
            3:28 error “old” is given twice as a former id, by “a” and “b”. Leave it to the one that took over its spans
        ",
    );
    check(
        r#"(name: "a@b", labels: [])"#,
        r#"
            1:8 error “a@b” cannot name a schema. Write a short word, as in name: "news"
            1:23 warning the schema has no labels. Write labels: [ ( id: "entity", key: "1" ) ]
        "#,
    );
    check(
        r#"(name: "", labels: [(id: "a", key: "1")], relations: [(id: "a", key: "2"), (id: "a", key: "3")])"#,
        r#"
            1:8 error “” cannot name a schema. Write a short word, as in name: "news"
            1:81 error the relation id “a” is taken at 1:60. Give one of the two another id
        "#,
    );
    check_labels(
        r#"( id: "a", key: "1", name: "Same" ),
( id: "b", key: "2", name: "Same" ),"#,
        "
            3:28 warning “a” and “b” are both shown as “Same”. Give one of them another name
        ",
    );
}

#[test]
fn keys() {
    check_labels(
        r#"( id: "a", key: "a" ),
( id: "b", key: "A" ),
( id: "c" ),
( id: "d", key: "?" ), ( id: "e", key: "a", retired: true ),"#,
        r#"
            3:17 error the key “a” of “b” belongs to “a” at 2:17. Take a free one, such as "b"
            4:1 note “c” has no key and is reached only by mouse and palette. Write key: "c"
            5:17 error the key “?” is no letter or digit; commands use the others. Take a letter or digit, such as "d"
        "#,
    );
    check(
        r#"(name: "t", labels: [(id: "a", key: "s")],
relations: [(id: "same", key: "s")])"#,
        r#"
            2:31 error the key “s” of “same” belongs to “a” at 1:37. Take a free one, such as "a"
        "#,
    );
}

#[test]
fn parents() {
    check_labels(
        r#"( id: "a", key: "1", parent: "b" ),
( id: "b", key: "2", parent: "a" ),
( id: "c", key: "3", parent: "a" ),"#,
        "
            2:30 error the parents run in a circle: “a” → “b” → “a”. Leave parent out at one of them
            3:30 error the parents run in a circle: “b” → “a” → “b”. Leave parent out at one of them
        ",
    );
    check_labels(
        r#"( id: "a", key: "1", parent: "a" ),"#,
        "
            2:30 error the parents run in a circle: “a” → “a”. Leave parent out at one of them
        ",
    );
    check_labels(
        r#"( id: "entity", key: "1", was: ["name"] ),
( id: "b", key: "2", parent: "entty" ),
( id: "c", key: "3", parent: "name" ),
( id: "d", key: "4", parent: "zebra" ),"#,
        r#"
            3:30 error the parent “entty” is no label. Did you mean entity?
            4:30 error the parent “name” is no label. It is now called “entity”: write "entity"
            5:30 error the parent “zebra” is no label. There are entity, b, c and d
        "#,
    );
    check_labels(
        r#"( id: "a", retired: true ),
( id: "b", key: "2", parent: "a" ),"#,
        "
            3:30 warning the parent “a” of “b” is retired. Name a label in use, or leave parent out
        ",
    );
}

#[test]
fn ends() {
    check(
        r#"(name: "t", labels: [(id: "quote", key: "1"), (id: "old", retired: true)],
relations: [(id: "r", key: "r", from: ["qote", "quote", "quote"], to: ["old", ""], at_most: 0)])"#,
        "
            2:40 error “qote” in “from” is no label. Did you mean quote?
            2:57 warning “quote” stands twice in “from”. Remove one of them
            2:72 warning “old” in “to” is retired, so nothing new can be linked. Name a label in use
            2:79 error a label’s id is expected here, not nothing. Write one, or leave it out
            2:93 error at_most: 0 allows no relation at all. Write at_most: 1, or leave it out for no limit
        ",
    );
}

#[test]
fn attributes() {
    check(
        r#"(name: "t", labels: [(id: "l", key: "1")], document: [
(name: "a", kind: OneOf(["x", "y", "x", ""])),
(name: "a", kind: OneOf([])),
(name: "", kind: Text),
(name: "b", kind: OneOf(["person", "place"]), default: "persn"),
(name: "c", kind: AnyOf(["x"]), default: "x"),
(name: "d", kind: AnyOf(["x"]), default: ["x", "x"]),
(name: "e", kind: Flag, default: "true"),
(name: "f", kind: Number, default: "3"),
(name: "g", kind: Text, default: 3),
(name: "h", kind: OneOf(["x"]), default: true),
])"#,
        r#"
            2:36 error the value “x” of “a” is given twice. Remove one of them
            2:41 error a value of “a” is empty. Write a word, or remove it
            3:8 error the attribute “a” is there already at 2:8. Give one of the two another name
            3:19 error “a” has no values to choose from. Write at least one, as in OneOf(["yes", "no"])
            4:8 error the attribute’s name is empty. Write a short word, as in name: "type"
            5:56 error the default "persn" is no value of “b”. Did you mean "person"?
            6:42 error the default "x" is no value of “c”. Write a list of x, each once
            7:42 error the default ["x","x"] is no value of “d”. Write a list of x, each once
            8:34 error the default "true" is no value of “e”. Write true or false
            9:36 error the default "3" is no value of “f”. Write a number
            10:34 error the default 3 is no value of “g”. Write a string
            11:42 error the default true is no value of “h”. Write one of x, in quotation marks
        "#,
    );
}

#[test]
fn conditions() {
    check(
        r#"(name: "t", labels: [(id: "l", key: "1")], document: [
(name: "type", kind: OneOf(["person", "place"])),
(name: "sure", kind: Flag),
(name: "note", kind: Text),
(name: "a", kind: Text, when: (attribute: "typ", is: ["person"])),
(name: "b", kind: Text, when: (attribute: "type", is: ["persons", "place", "zebra"])),
(name: "c", kind: Text, when: (attribute: "sure", is: [true])),
(name: "d", kind: Text, when: (attribute: "sure", is: true)),
(name: "e", kind: Text, when: (attribute: "note", is: ["x"])),
(name: "f", kind: Text, when: (attribute: "f", is: ["x"])),
(name: "g", kind: Text, when: (attribute: "type", is: [])),
(name: "h", kind: Flag, when: (attribute: "i", is: [true])),
(name: "i", kind: Flag, when: (attribute: "h", is: [true])),
])"#,
        "
            5:43 error “a” waits for “typ”, which is no attribute here. Did you mean type?
            6:56 error “persons” is no value of “type”, which “b” waits for. Did you mean person?
            6:76 error “zebra” is no value of “type”, which “b” waits for. There are person and place
            9:43 error “e” waits for “note”, which has no fixed values. Name a OneOf, an AnyOf or a Flag
            10:43 error “f” waits for itself. Name another attribute
            11:55 error “g” waits for no value and is never offered. Name a value, or leave when out
            12:43 error “h” and “i” wait for each other. Leave when out at one of them
            13:43 error “i” and “h” wait for each other. Leave when out at one of them
        ",
    );
}

#[test]
fn examples() {
    check_labels(
        r#"( id: "a", key: "1", yes: ["no mark", "[one] two", "[[nested] one]", "open [one", "close] one"], no: ["none"] ),"#,
        r#"
            2:28 warning the example “no mark” marks nothing. Put [ ] around what is meant, as in "the [bank]"
            2:70 warning the brackets of the example “open [one” do not match. Close each [ by a ]
            2:83 warning the brackets of the example “close] one” do not match. Close each [ by a ]
            2:103 warning the example “none” marks nothing. Put [ ] around what is meant, as in "the [bank]"
        "#,
    );
    check_labels(
        r#"( id: "a", key: "1", fragments: true, overlap: Exclude ),"#,
        "
            2:33 warning spans of “a” may have gaps, but nothing may stand in them. Write overlap: Contain, or leave fragments out
        ",
    );
}

#[test]
fn colours() {
    check_labels(
        r#"( id: "a", key: "1", colour: Slot(2) ),
( id: "b", key: "2", colour: Slot(2) ),"#,
        "
            3:30 warning “a” and “b” have the same colour. Write colour: Slot(1)
        ",
    );
    check_labels(
        r##"( id: "a", key: "1", colour: Rgb("#2b50b8", "#5b9bf0") ),
( id: "b", key: "2", colour: Rgb("#2b50c0", "#f0804f") ),"##,
        "
            3:30 warning the colours of “a” and “b” are hard to tell apart in the light theme: OKLab distance 1.3, and 8 is safe. Write colour: Slot(1)
        ",
    );
    // Red and green of one brightness: apart for most, not for all.
    check_labels(
        r##"( id: "a", key: "1", colour: Rgb("#b03030", "#e06060") ),
( id: "b", key: "2", colour: Rgb("#4f6b12", "#60a5ff") ),"##,
        "
            3:30 warning the colours of “a” and “b” are hard to tell apart in the light theme for readers who do not see green: OKLab distance 2.9, and 8 is safe. Write colour: Slot(1)
        ",
    );
    check_labels(
        r##"( id: "a", key: "1", colour: Rgb("#ffe066", "#202428") ),"##,
        "
            2:30 warning #ffe066 of “a” is hard to see on the light page: contrast 1.2:1, and lines need 3:1. #a38f41 would do
            2:30 warning #202428 of “a” is hard to see on the dark page: contrast 1.1:1, and lines need 3:1. #626568 would do
        ",
    );
    let nine = (1..=9).map(|key| format!("( id: \"l{key}\", key: \"{key}\" ),")).collect::<Vec<_>>().join("\n");
    check_labels(
        &nine,
        "
            10:1 note with 9 labels the colours repeat; a short tag beside each span tells them apart. Where attributes can say the same, eight labels are easier to work with
        ",
    );
}
