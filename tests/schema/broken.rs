//! Files that are no RON, or RON of another shape: every mistake, with its place.

use super::{check, check_labels};

#[test]
fn empty() {
    check(
        "",
        r#"
            1:1 error there is nothing in this file. Write Schema( name: "…", labels: […] )
        "#,
    );
    check(
        "// nothing yet
",
        r#"
            1:1 error there is nothing in this file. Write Schema( name: "…", labels: […] )
        "#,
    );
    check(
        "\u{feff}",
        r#"
            1:1 error there is nothing in this file. Write Schema( name: "…", labels: […] )
        "#,
    );
    check(
        "()",
        r#"
            1:1 error a schema has no “name”. Write name: "news"
            1:1 warning the schema has no labels. Write labels: [ ( id: "entity", key: "1" ) ]
        "#,
    );
}

#[test]
fn cut_short() {
    check(
        r#"Schema(
  name: "t",
  labels: [
    (
      id: "entity",
      name: "Ent"#,
        r#"
            4:5 error the file ends before the “(” opened here closes, nor does “[” at 3:11, nor “(” at 1:7. If the file was cut short, take a whole copy; else put )]) at the end
            6:13 error the string opened here never closes. Put " at its end, or at the end of one before it on this line; inside, write \"
        "#,
    );
    check(
        r#"Schema(
  name: "t",
  labels: [
    ( id: "entity", key: "1" ),
    ( "#,
        "
            5:5 error the file ends before the “(” opened here closes, nor does “[” at 3:11, nor “(” at 1:7. If the file was cut short, take a whole copy; else put )]) at the end
        ",
    );
    check(
        r#"Schema(
  name: "t",
  labels: [
    ( id: "entity", key:"#,
        "
            4:5 error the file ends before the “(” opened here closes, nor does “[” at 3:11, nor “(” at 1:7. If the file was cut short, take a whole copy; else put )]) at the end
        ",
    );
    check(
        r#"Schema(
  name: "t",
  labels: [
    ( id: "entity", ke"#,
        "
            4:5 error the file ends before the “(” opened here closes, nor does “[” at 3:11, nor “(” at 1:7. If the file was cut short, take a whole copy; else put )]) at the end
        ",
    );
    check(
        r#"Schema(
  name: "t",
  lab"#,
        "
            1:7 error the file ends before the “(” opened here closes. If the file was cut short, take a whole copy; else put ) at the end
        ",
    );
    check(
        r#"Schema(name: "t", labels: [(id: "a", key: "1")]"#,
        "
            1:7 error the file ends before the “(” opened here closes. If the file was cut short, take a whole copy; else put ) at the end
        ",
    );
    check(
        "Schema",
        "
            1:1 error a schema is expected here, not the word Schema. Write ( name: …, labels: … )
        ",
    );
    check(
        r#"(name: "t", /* labels"#,
        "
            1:1 error the file ends before the “(” opened here closes. If the file was cut short, take a whole copy; else put ) at the end
            1:13 error the comment opened here never closes. Put */ at its end
        ",
    );
}

#[test]
fn brackets() {
    check_labels(
        r#"( id: "a", key: "1",
( id: "b", key: "2" ),"#,
        "
            2:1 error the “(” opened here is not closed before the “(” at 3:1. Put “)” before it
        ",
    );
    check_labels(
        r#"( id: "a", key: "1"
( id: "b", key: "2" ),"#,
        "
            2:1 error the “(” opened here is not closed before the “(” at 3:1. Put “)” before it
        ",
    );
    check_labels(
        r#"( id: "a", key: "1", was: ["x", "y" ),
( id: "b", key: "2" ),"#,
        "
            2:27 error the “[” opened here is not closed before the “)” at 2:37. Put “]” before it
        ",
    );
    check_labels(
        r#"( id: "a", key: "1" )),
( id: "b", key: "2" ),"#,
        "
            2:22 error nothing is open that “)” could close. Remove it, or make it “]”
        ",
    );
    check_labels(
        r#"( id: "a", key: "1" ],"#,
        "
            2:1 error the “(” opened here is not closed before the “]” at 2:21. Put “)” before it
            3:1 error nothing is open that “]” could close. Remove it, or make it “)”
        ",
    );
    check(
        r#"(name: "t")
]"#,
        r#"
            1:1 warning the schema has no labels. Write labels: [ ( id: "entity", key: "1" ) ]
            2:1 error something follows after the end. Remove it, or move it inside the brackets
        "#,
    );
    check(
        r#"(name: "t") (name: "u")"#,
        r#"
            1:1 warning the schema has no labels. Write labels: [ ( id: "entity", key: "1" ) ]
            1:13 error something follows after the end. Remove it, or move it inside the brackets
        "#,
    );
}

#[test]
fn signs() {
    check_labels(
        r#"( id: "a" key: "1" )
( id: "b", key: "2" )"#,
        "
            2:10 error a comma is missing. Write “,”
            2:21 error a comma is missing. Write “,”
        ",
    );
    check_labels(
        r#"( id = "a", key: "1" );
( id: "b"; key: "2", )"#,
        "
            2:6 error “=” stands where “:” belongs. Write “:”
            2:23 error elements are parted by “,”, not “;”. Write “,”
            3:10 error elements are parted by “,”, not “;”. Write “,”
        ",
    );
    check_labels(
        r#"( id: "a", key: , ),
( id: , key: "2" )"#,
        "
            2:16 error a value is missing after “:”. Write one, or remove the field
            3:6 error a value is missing after “:”. Write one, or remove the field
        ",
    );
    check_labels(
        r#"( "id": "a", "key": "1" )"#,
        r#"
            2:3 error the field name "id" stands in quotation marks. Write id
            2:14 error the field name "key" stands in quotation marks. Write key
        "#,
    );
    check_labels(
        r#"{ "id": "a", "key": "1" }"#,
        "
            2:1 error a label is expected here, not a map {…}. Write ( id: …, name: … )
        ",
    );
    check_labels(
        r#"( id: "a", key: "1", "stray" )"#,
        "
            2:22 error a value without a field name stands here. Write name: before it
        ",
    );
    check_labels(
        r#"( id: "a",, key: "1" )"#,
        "
            2:11 error a value is missing before “,”. Write one, or remove the comma
        ",
    );
    check_labels(
        r#"id: "a", key: "1""#,
        r#"
            1:21 warning the schema has no labels. Write labels: [ ( id: "entity", key: "1" ) ]
            2:1 error a named value stands where only values stand. Put the struct it belongs to in ( )
        "#,
    );
    check_labels(
        r#"( id: "a", key: "1" @ )"#,
        r#"
            2:21 error “@” means nothing here. Remove it, or put the text in "…"
        "#,
    );
}

#[test]
fn strings() {
    check_labels(
        r#"( id: "a, key: "1" ),
( id: "b", key: "2" ),"#,
        r#"
            2:18 error the string opened here never closes. Put " at its end, or at the end of one before it on this line; inside, write \"
        "#,
    );
    check_labels(
        r#"( id: "a",
  name: "A,
  key: "1" ),
( id: "b", key: "2" ),"#,
        r#"
            3:9 error the string opened here never closes. Put " at its end, or at the end of one before it on this line; inside, write \"
        "#,
    );
    check_labels(
        r#"( id: “a”, key: "1" ),"#,
        r#"
            2:7 error the typographic mark “ opens no string. Use straight quotation marks, "…"
        "#,
    );
    check_labels(
        "( id: \"a\", key: \"1\", definition: \"C:\\dir\" ),",
        r##"
            2:37 error “\d” is no escape. Write \\ for a backslash, or use r#"…"#
        "##,
    );
    check_labels(
        r#"( id: "a", key: '1, name: "A" ),"#,
        r#"
            2:17 error the character opened here never closes. Put ' behind it, or write a string in "…"
        "#,
    );
    check_labels(
        r#"( id: "a", key: '12' ),"#,
        r#"
            2:17 error '…' holds exactly one character. Write "…" for a string
        "#,
    );
    check_labels(
        r#"( id: "a", key: "1", definition: r#"no end ),"#,
        r#"
            2:34 error the string opened here never closes. Put " at its end, or at the end of one before it on this line; inside, write \"
        "#,
    );
}

#[test]
fn columns_are_code_points() {
    check_labels(
        r#"( id: "жена", name: "👩‍👩‍👧", kee: "1" ),"#,
        r#"
            2:1 note “жена” has no key and is reached only by mouse and palette. Write key: "1"
            2:30 error a label has no field “kee”. Did you mean key?
        "#,
    );
    check(
        "\u{feff}(nome: \"t\")",
        r#"
            1:1 error a schema has no “name”. Write name: "news"
            1:1 warning the schema has no labels. Write labels: [ ( id: "entity", key: "1" ) ]
            1:2 error a schema has no field “nome”. Did you mean name?
        "#,
    );
    check(
        "(\r\n  name: \"t\",\r\n  lables: []\r\n)",
        r#"
            1:1 warning the schema has no labels. Write labels: [ ( id: "entity", key: "1" ) ]
            3:3 error a schema has no field “lables”. Did you mean labels?
        "#,
    );
}

#[test]
fn deep() {
    let source = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    check(
        &source,
        "
            1:1 error a schema is expected here, not a list […]. Write ( name: …, labels: … )
            1:101 error more than 100 brackets stand open. Nest less deeply
        ",
    );
}

#[test]
fn fields() {
    check(
        r#"(name: "t", lables: [])"#,
        r#"
            1:1 warning the schema has no labels. Write labels: [ ( id: "entity", key: "1" ) ]
            1:13 error a schema has no field “lables”. Did you mean labels?
        "#,
    );
    check(
        r#"(labels: [(id: "a", key: "1")])"#,
        r#"
            1:1 error a schema has no “name”. Write name: "news"
        "#,
    );
    check_labels(
        r#"( name: "A", key: "1" ),
( id: None, key: "2" ),"#,
        r#"
            2:1 error a label has no “id”. Write id: "entity"
            3:7 error “id” may not be None. Write id: "entity"
        "#,
    );
    check_labels(
        r#"( id: "a", key: "1", color: Slot(1), hotkey: "x" ),"#,
        "
            2:22 error a label has no field “color”. Did you mean colour?
            2:38 error a label has no field “hotkey”. Its fields are id, name, key, colour, line, definition, yes, no, parent, snap, overlap, fragments, was, retired and attributes
        ",
    );
    check_labels(
        r#"( id: "a", key: "1", key: "2" ),"#,
        "
            2:22 error “key” is given twice. Remove one of them
        ",
    );
    check_labels(
        r#"Labl( id: "a", key: "1" ),"#,
        "
            2:1 error a label is expected here, not Labl(…). Write Label( … )
        ",
    );
    check(
        r#"Project(name: "t", labels: [(id: "a", key: "1")])"#,
        "
            1:1 error a schema is expected here, not Project(…). Write Schema( … )
        ",
    );
    check(
        r#"[(id: "a")]"#,
        "
            1:1 error a schema is expected here, not a list […]. Write ( name: …, labels: … )
        ",
    );
    check_labels(
        r#""a""#,
        "
            2:1 error a label is expected here, not a string. Write ( id: …, name: … )
        ",
    );
}

#[test]
fn types() {
    check_labels(
        r#"( id: a, name: 3, key: 1, colour: "red", line: "Solid", snap: Word, overlap: 3, fragments: yes, was: "b" ),"#,
        r##"
            2:7 error “id” is the word a, not a string. Write "a"
            2:16 error “name” is a number, not a string. Write "3"
            2:24 error “key” is a number, not a letter or digit in quotation marks. Write key: "1"
            2:35 error “colour” is a string, not a colour. Write Slot(1) to Slot(8), or Rgb("#2b50b8", "#5b9bf0") for light and dark
            2:48 error “line” is a string, not a word. Write line: Solid, without quotation marks
            2:63 error there is no snap “Word”. Did you mean Words?
            2:78 error “overlap” is a number, not a word. Write one of Exclude, Nest, Contain and Any
            2:92 error “fragments” is the word yes, not true or false. Write fragments: true or fragments: false
            2:102 error “was” is a string, not a list. Write was: ["b"]
        "##,
    );
    check_labels(
        r#"( id: "a", key: "11", colour: Slot(9), parent: ["b"], definition: true, yes: [1], retired: "no", attributes: () ),"#,
        r#"
            2:17 error “key” is "11", not one letter or digit. Write one, as in key: "1"
            2:36 error there is no colour slot 9. Write Slot(1) to Slot(8)
            2:48 error “parent” is a list […], not a string. Write it in quotation marks
            2:67 error “definition” is true, not a string. Write "true"
            2:79 error “yes” is a number, not a string. Write "1"
            2:92 error “retired” is a string, not true or false. Write retired: true or retired: false
            2:110 error “attributes” is a tuple (…), not a list. Write attributes: [ ( … ), ( … ) ]
        "#,
    );
    check_labels(
        r##"( id: "a", key: "1", colour: Rgb("#12345", "blue") ), ( id: "b", key: "2", colour: Rgb("#123456") ),"##,
        r##"
            2:34 error “#12345” is no colour. Write # and six hexadecimal digits, as in "#2b50b8"
            2:44 error “blue” is no colour. Write # and six hexadecimal digits, as in "#2b50b8"
            2:84 error “colour” is Rgb(…), not a colour. Write Slot(1) to Slot(8), or Rgb("#2b50b8", "#5b9bf0") for light and dark
        "##,
    );
    check(
        r#"(name: "t", labels: (id: "a"), relations: [(id: "r", key: "r", at_most: -1, from: "a")], document: "topic")"#,
        r#"
            1:21 error “labels” is a struct (name: …), not a list. Write labels: [ ( … ), ( … ) ]
            1:73 error “at_most” is not a whole number from 1 up. Write at_most: 1, or leave it out for no limit
            1:83 error “from” is a string, not a list. Write from: ["a"]
            1:100 error “document” is a string, not a list. Write document: [ ( … ), ( … ) ]
        "#,
    );
}

#[test]
fn attributes() {
    check(
        r#"(name: "t", labels: [(id: "l", key: "1")], document: [
(name: "a"),
(kind: Text),
(name: "b", kind: OneOf),
(name: "c", kind: Oneof(["x"])),
(name: "d", kind: OneOf("x", "y")),
(name: "e", kind: Flag(true)),
(name: "f", kind: ["x"]),
(name: "g", kind: AnyOf(["x", 3])),
(name: "h", kind: Text, default: Solid),
(name: "i", kind: Text, default: (1)),
(name: "j", kind: Text, when: ("a", ["x"])),
(name: "k", kind: Text, when: (attribute: "h")),
(name: "l", kind: Number, default: 1u8),
])"#,
        r#"
            2:1 error an attribute has no “kind”. Write kind: OneOf(["person", "place"])
            3:1 error an attribute has no “name”. Write name: "type"
            4:19 error OneOf lacks its list of values. Write OneOf(["first", "second"])
            5:19 error there is no attribute kind “Oneof”. Did you mean OneOf?
            6:19 error OneOf lacks its list of values. Write OneOf(["first", "second"])
            7:19 error Flag takes nothing in brackets. Write Flag
            8:19 error “kind” is a list […], not a kind of attribute. Write one of OneOf, AnyOf, Flag, Number and Text
            9:31 error “kind” is a number, not a string. Write "3"
            10:34 error “default” is the word Solid, not a value. Write "Solid"
            11:34 error “default” is a tuple (…), not a value. Write a string, a number, true, false or a list of strings
            12:31 error a condition is expected here, not a tuple (…). Write ( attribute: …, is: … )
            13:31 error a condition has no “is”. Write is: ["person"]
            14:36 error “1u8” is no number. Write it like 12, -3 or 0.5
        "#,
    );
}
