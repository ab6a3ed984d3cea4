//! Stamps, colours, conditions: what a schema means once it is read.

use serde_json::json;
use spanwright::schema::{AttributeKind, LabelId, PAGE, SLOTS, Sight, When, contrast, distance};

use super::{parse, with_labels};

#[test]
fn a_stamp_is_name_and_twelve_digits() {
    let stamp = parse(&with_labels("(id: \"a\")")).stamp();
    let (name, digits) = stamp.split_once('@').unwrap();
    assert_eq!((name, digits.len()), ("t", 12));
    assert!(digits.chars().all(|digit| digit.is_ascii_hexdigit()));
    // Layers keep stamps for years: this one must never change.
    assert_eq!(stamp, "t@dcf04c6efe69");
}

#[test]
fn a_stamp_follows_meaning_alone() {
    let stamp = |labels: &str| parse(&with_labels(labels)).stamp();
    let plain = stamp("(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]))]), (id: \"b\")");
    for same in [
        "/* a comment */ (id: \"b\"), (id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"y\", \"x\"]))]),",
        "(id: \"a\", name: \"A\", key: \"1\", colour: Slot(7), line: Wavy, definition: \"D.\", yes: [\"[a]\"], no: [\"[b]\"], \
          attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]), definition: \"K.\")]), (id: \"b\", snap: Words, parent: None)",
    ] {
        assert_eq!(stamp(same), plain, "{same}");
    }
    for other in [
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]))])",
        "(id: \"a\", attributes: [(name: \"k\", kind: AnyOf([\"x\", \"y\"]))]), (id: \"b\")",
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]), required: true)]), (id: \"b\")",
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]), default: \"x\")]), (id: \"b\")",
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\"]))]), (id: \"b\")",
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]))]), (id: \"b\", parent: \"a\")",
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]))]), (id: \"b\", was: [\"c\"])",
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]))]), (id: \"b\", overlap: Any)",
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]))]), (id: \"b\", fragments: true)",
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]))]), (id: \"b\", snap: Lines)",
        "(id: \"a\", attributes: [(name: \"k\", kind: OneOf([\"x\", \"y\"]))]), (id: \"b\", retired: true)",
    ] {
        assert_ne!(stamp(other), plain, "{other}");
    }
}

#[test]
fn former_ids_resolve() {
    let schema = parse(&with_labels("(id: \"a\", was: [\"old\", \"older\"]), (id: \"b\")"));
    let resolve = |id: &str| schema.resolve(id).map(|label| label.id.as_str());
    assert_eq!(["a", "old", "older", "b", "c"].map(resolve), [Some("a"), Some("a"), Some("a"), Some("b"), None]);
    assert!(schema.label(&LabelId::from("old")).is_none(), "only the present id is the label's");
}

#[test]
fn ids_are_plain_strings_in_json() {
    let id = LabelId::from("entity");
    assert_eq!(serde_json::to_string(&id).unwrap(), "\"entity\"");
    assert_eq!(serde_json::from_str::<LabelId>("\"entity\"").unwrap(), id);
}

#[test]
fn values_fit_their_kind() {
    let words = |words: [&str; 2]| words.map(String::from).to_vec();
    let (one, any) = (AttributeKind::OneOf(words(["x", "y"])), AttributeKind::AnyOf(words(["x", "y"])));
    for (kind, fits, does_not) in [
        (&one, vec![json!("x")], vec![json!("z"), json!(["x"]), json!(true), json!(null)]),
        (&any, vec![json!([]), json!(["y", "x"])], vec![json!("x"), json!(["x", "x"]), json!(["z"]), json!([1])]),
        (&AttributeKind::Flag, vec![json!(true), json!(false)], vec![json!("true"), json!(1)]),
        (&AttributeKind::Number, vec![json!(1), json!(-0.5)], vec![json!("1")]),
        (&AttributeKind::Text, vec![json!(""), json!("x")], vec![json!(1), json!(["x"])]),
    ] {
        assert!(fits.iter().all(|value| kind.fits(value)), "{kind:?}");
        assert!(!does_not.iter().any(|value| kind.fits(value)), "{kind:?}");
    }
}

#[test]
fn conditions_hold() {
    let when = When { attribute: "type".into(), values: vec!["person".into(), "true".into()] };
    for (value, holds) in [
        (Some(json!("person")), true),
        (Some(json!("place")), false),
        (Some(json!(["place", "person"])), true),
        (Some(json!([])), false),
        (Some(json!(true)), true),
        (Some(json!(false)), false),
        (None, false),
    ] {
        assert_eq!(when.holds(value.as_ref()), holds, "{value:?}");
    }
}

#[test]
fn slots_stay_apart_and_are_seen() {
    let mut nearest = [f64::MAX; 2];
    for theme in 0..2 {
        for (at, slot) in SLOTS.iter().enumerate() {
            assert!(contrast(slot[theme], PAGE[theme]) >= 3.3, "slot {} in theme {theme}", at + 1);
            for other in &SLOTS[..at] {
                for sight in Sight::ALL {
                    nearest[theme] = nearest[theme].min(distance(slot[theme], other[theme], sight));
                }
            }
        }
    }
    assert_eq!(nearest.map(|distance| format!("{distance:.1}")), ["9.6", "8.2"], "light, dark");
}

#[test]
fn colours_are_measured_as_published() {
    let near = |a: f64, b: f64| (a - b).abs() < 0.01;
    assert!(near(contrast([0; 3], [255; 3]), 21.0));
    assert!(near(distance([0; 3], [255; 3], Sight::Usual), 100.0));
    // OKLab of sRGB red is (0.6280, 0.2249, 0.1258), as its author gives it.
    assert!(near(
        distance([255, 0, 0], [0; 3], Sight::Usual),
        100.0 * (0.6280_f64.powi(2) + 0.2249_f64.powi(2) + 0.1258_f64.powi(2)).sqrt()
    ));
}
