//! The schemas that come with the program.

use spanwright::schema::{Colour, KeyTarget, LabelId, Line, Schema, Snap};

use super::check;

const FILES: [(&str, &str); 4] = [
    ("news", include_str!("../../schemas/news.ron")),
    ("entities", include_str!("../../schemas/entities.ron")),
    ("events", include_str!("../../schemas/events.ron")),
    ("blank", include_str!("../../schemas/blank.ron")),
];

#[test]
fn nothing_to_report() {
    for (name, file) in FILES {
        check(file, "");
        assert_eq!(super::parse(file).name, name);
    }
}

#[test]
fn every_field_of_the_format_is_in_blank() {
    let (_, blank) = FILES[3];
    for field in [
        "name",
        "labels",
        "relations",
        "document",
        "id",
        "key",
        "colour",
        "line",
        "definition",
        "yes",
        "no",
        "parent",
        "snap",
        "overlap",
        "fragments",
        "was",
        "retired",
        "attributes",
        "kind",
        "required",
        "default",
        "when",
        "attribute",
        "is",
        "from",
        "to",
        "at_most",
    ] {
        assert!(blank.contains(&format!("{field}: ")), "{field}");
    }
}

#[test]
fn ron_itself_reads_them() {
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    for (name, file) in FILES {
        options.from_str::<ron::Value>(file).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn every_definition_is_a_sentence_and_every_label_has_examples() {
    for (name, file) in &FILES[..3] {
        for label in super::parse(file).labels {
            assert!(label.definition.ends_with('.'), "{name}: {}", label.id);
            assert!(!label.yes.is_empty() && !label.no.is_empty(), "{name}: {}", label.id);
        }
    }
}

#[test]
fn news_is_as_it_is_meant() {
    let news = super::parse(FILES[0].1);
    let labels: Vec<String> = news
        .labels
        .iter()
        .map(|label| {
            format!("{} {} {:?} {:?} {:?}", label.key.unwrap(), label.id, label.colour, label.line, label.snap)
        })
        .collect();
    assert_eq!(
        labels,
        [
            "1 entity Slot(1) Solid Words",
            "2 quote Slot(2) Double Quotation",
            "3 event Slot(3) Wavy Words",
            "4 boilerplate Slot(4) Dotted Lines",
            "5 cue Slot(5) Solid Words",
            "6 time Slot(6) Dotted Words",
        ]
    );
    let relations: Vec<String> = news
        .relations
        .iter()
        .map(|relation| format!("{} {} {:?} {:?}", relation.key.unwrap(), relation.id, relation.from, relation.to))
        .collect();
    assert_eq!(
        relations,
        [
            r#"s speaker ["quote"] ["entity"]"#,
            r#"c cue ["quote"] ["cue"]"#,
            r#"p participant ["event"] ["entity"]"#,
            r#"w place ["event"] ["entity"]"#,
            r#"t time ["event"] ["time"]"#,
        ]
    );
    assert_eq!(news.with_key('2'), Some(KeyTarget::Label("quote".into())));
    assert_eq!(news.with_key('S'), Some(KeyTarget::Relation("speaker".into())));
    assert_eq!(news.with_key('9'), None);
}

#[test]
fn a_parent_s_ends_accept_its_children() {
    let entities = super::parse(FILES[1].1);
    let same = &entities.resolve_relation("same").unwrap().from;
    let accepted = |id: &str| entities.accepts(same, &LabelId::from(id));
    assert_eq!(["entity", "person", "work", "date", "nothing"].map(accepted), [true, true, true, false, false]);
    assert!(entities.accepts(&[], &LabelId::from("date")), "no ends accept any label");
}

#[test]
fn what_is_left_out_has_the_defaults_of_blank() {
    let short = super::parse(r#"(name: "blank", labels: [(id: "first", name: "First", key: "1"), (id: "second")])"#);
    let blank: Schema = super::parse(FILES[3].1);
    let (short_first, blank_first) = (&short.labels[0], &blank.labels[0]);
    assert_eq!(short_first.colour, blank_first.colour);
    assert_eq!(short_first.line, blank_first.line);
    assert_eq!(short_first.definition, blank_first.definition);
    assert_eq!(short_first.parent, blank_first.parent);
    assert_eq!(short_first.snap, blank_first.snap);
    assert_eq!(short_first.overlap, blank_first.overlap);
    assert_eq!(short_first.fragments, blank_first.fragments);
    assert_eq!(short_first.was, blank_first.was);
    assert_eq!(short_first.retired, blank_first.retired);
    let second = &short.labels[1];
    assert_eq!((second.name.as_str(), second.key), ("second", None));
    assert_eq!((second.colour, second.line, second.snap), (Colour::Slot(2), Line::Double, Snap::Words));
}
