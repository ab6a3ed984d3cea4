//! Ranges, offsets in other units, newlines: against the naive count.

use proptest::prelude::*;
use spanwright::text::convert::{OffsetIndex, Unit};
use spanwright::text::{Document, DocumentId, NewlineMap, RangeError, Text, TextHash, TextRange};

const UNITS: [Unit; 3] = [Unit::Byte, Unit::CodePoint, Unit::Utf16];

/// What counting one by one gives.
fn naive(unit: Unit, text: &str) -> usize {
    match unit {
        Unit::Byte => text.len(),
        Unit::CodePoint => text.chars().count(),
        Unit::Utf16 => text.encode_utf16().count(),
    }
}

/// Every offset of the text, and some beyond, there and back.
fn agrees_with_naive(text: &str) {
    let text = Text::new(text);
    let index = OffsetIndex::new(&text);
    let content = text.as_str();
    for unit in UNITS {
        let len = naive(unit, content);
        assert_eq!(index.len(unit), len, "{unit:?}");
        // The byte at which each offset in `unit` stands; `None` inside a character.
        let mut bytes = vec![None; len + 1];
        let mut count = 0;
        for (byte, character) in content.char_indices() {
            assert_eq!(index.to(unit, byte), count, "{unit:?} at byte {byte}");
            bytes[count] = Some(byte);
            count += naive(unit, character.encode_utf8(&mut [0; 4]));
        }
        bytes[count] = Some(content.len());
        assert_eq!(index.to(unit, content.len()), count);
        for (offset, byte) in bytes.into_iter().enumerate() {
            let expected = byte.ok_or(RangeError::InsideCharacter { offset });
            assert_eq!(index.from(unit, offset), expected, "{unit:?} at {offset}");
        }
        for end in [len + 1, len + 5000, usize::MAX] {
            assert_eq!(index.from(unit, end), Err(RangeError::Outside { end, len }), "{unit:?}");
        }
    }
}

#[test]
fn offsets_agree_with_counting() {
    for text in ["", "a", "é", "👩‍👩‍👧", "\u{feff}x", "пре“зи”дент", "a\nb\u{301}"] {
        agrees_with_naive(text);
    }
}

/// The index keeps a mark every 1,024 bytes: characters of each length across each mark, and texts that end on one.
#[test]
fn offsets_agree_across_the_marks() {
    for character in ["a", "é", "国", "👩"] {
        for shift in 0..5 {
            agrees_with_naive(&("x".repeat(shift) + &character.repeat(1300)));
            agrees_with_naive(&(character.repeat(700) + &"x".repeat(shift + 1020)));
        }
    }
    for len in 1020..1030 {
        agrees_with_naive(&("x".repeat(len) + "👩"));
        agrees_with_naive(&("é".to_owned() + &"x".repeat(len)));
        agrees_with_naive(&("é".to_owned() + &"x".repeat(len + 1024)));
        agrees_with_naive(&"x".repeat(len));
    }
}

#[test]
fn ranges_are_checked() {
    let text = Text::new("né👩");
    assert_eq!(text.len(), 7);
    assert_eq!(text.range(3, 1), Err(RangeError::Reversed { start: 3, end: 1 }));
    assert_eq!(text.range(0, 8), Err(RangeError::Outside { end: 8, len: 7 }));
    assert_eq!(text.range(8, 9), Err(RangeError::Outside { end: 9, len: 7 }));
    assert_eq!(text.range(2, 3), Err(RangeError::InsideCharacter { offset: 2 }));
    assert_eq!(text.range(1, 5), Err(RangeError::InsideCharacter { offset: 5 }));
    assert_eq!(text.slice(text.range(1, 7).unwrap()), "é👩");
    assert_eq!(text.range(7, 7).map(TextRange::is_empty), Ok(true));
    let index = OffsetIndex::new(&text);
    assert_eq!(index.range(Unit::CodePoint, 1, 3), text.range(1, 7));
    assert_eq!(index.range(Unit::Utf16, 1, 4), text.range(1, 7));
    assert_eq!(index.range(Unit::Utf16, 1, 3), Err(RangeError::InsideCharacter { offset: 3 }));
    assert_eq!(index.range(Unit::CodePoint, 2, 1), Err(RangeError::Reversed { start: 2, end: 1 }));
    assert_eq!(index.range(Unit::CodePoint, 2, 4), Err(RangeError::Outside { end: 4, len: 3 }));
    assert_eq!(index.give(Unit::CodePoint, text.range(1, 7).unwrap()), (1, 3));
    assert_eq!(index.give(Unit::Utf16, text.range(3, 7).unwrap()), (2, 4));
}

#[test]
fn ranges_meet_in_every_way() {
    let text = Text::new("0123456789");
    let range = |start, end| text.range(start, end).unwrap();
    let (a, b, c) = (range(0, 5), range(3, 8), range(5, 9));
    assert!(a.overlaps(b) && b.overlaps(a) && a.crosses(b) && !a.covers(b));
    assert!(!a.overlaps(c) && !a.crosses(c), "touching is not overlapping");
    assert!(a.covers(range(0, 5)) && a.covers(range(5, 5)) && !a.crosses(range(0, 5)));
    assert_eq!((a.hull(c), a.intersection(b), a.intersection(c)), (range(0, 9), Some(range(3, 5)), None));
    assert!(a.contains(4) && !a.contains(5));
    let mut order = [range(3, 4), range(0, 2), range(3, 8), range(0, 9)];
    order.sort();
    assert_eq!(order, [range(0, 9), range(0, 2), range(3, 8), range(3, 4)]);
}

#[test]
fn texts_are_known_by_their_bytes() {
    let text = Text::new("abc");
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(text.sha256().to_string(), hash);
    assert_eq!(TextHash::parse(hash), Some(text.sha256()));
    for wrong in ["", "ba78", &hash.replace('f', "g"), &hash.replacen("ba", "é", 1)] {
        assert_eq!(TextHash::parse(wrong), None);
    }
    assert_eq!(DocumentId::of_text(&text).as_str(), "t-ba7816bf8f01");
    assert_ne!(text, Text::new("abd"));
}

#[test]
fn documents_have_a_title() {
    let title = |text: &str, title: Option<&str>| {
        let mut meta = serde_json::Map::new();
        if let Some(title) = title {
            meta.insert("title".to_owned(), title.into());
        }
        let (text, newlines) = Text::from_source(text);
        Document { id: "a1".into(), text, meta, newlines, extra: serde_json::Map::new() }.title()
    };
    assert_eq!(title("One", Some(" Two ")), "Two");
    assert_eq!(title("\n  \r\n One \r\nTwo", Some(" ")), "One");
    assert_eq!(title(" \n", None), "a1");
    let long = title(&"é".repeat(81), None);
    assert_eq!((long.chars().count(), long.ends_with("é…")), (80, true));
    assert_eq!(title(&"é".repeat(80), None).chars().count(), 80);
}

/// A naive map: for each code point of the source, the offset of ours at which it is found.
fn naive_from_source(source: &str) -> Vec<usize> {
    let characters: Vec<char> = source.chars().collect();
    let (mut ours, mut count) = (Vec::new(), 0);
    for (index, character) in characters.iter().enumerate() {
        ours.push(count);
        let is_mark = index == 0 && *character == '\u{feff}';
        let starts_pair = *character == '\r' && characters.get(index + 1) == Some(&'\n');
        count += usize::from(!is_mark && !starts_pair);
    }
    ours.push(count);
    ours
}

fn check_newlines(source: &str) {
    let (text, map) = NewlineMap::normalise(source);
    assert_eq!(map.restore(&text), source);
    assert_eq!(map.is_empty(), text == source);
    assert!(!text.contains('\r'));
    let body = source.strip_prefix('\u{feff}').unwrap_or(source);
    assert_eq!(text, body.replace("\r\n", "\n").replace('\r', "\n"));
    let (crlf, bare) = map.counts();
    assert_eq!((crlf, crlf + bare), (source.matches("\r\n").count(), source.matches('\r').count()));
    assert_eq!(map.had_bom(), source.starts_with('\u{feff}'));

    let ours = naive_from_source(source);
    for (there, here) in ours.iter().enumerate() {
        assert_eq!(map.from_source(there), *here, "from {there} in {source:?}");
    }
    // Back: the first place there that is this place here, but after the mark.
    for here in 0..=text.chars().count() {
        let there =
            ours.iter().enumerate().filter(|(there, _)| *there > 0 || !map.had_bom()).find(|(_, ours)| **ours == here);
        assert_eq!(Some(map.to_source(here)), there.map(|(there, _)| there), "to {here} in {source:?}");
    }
    let stored: NewlineMap = serde_json::from_str(&serde_json::to_string(&map).unwrap()).unwrap();
    assert_eq!(stored, map);
}

#[test]
fn newlines_there_and_back() {
    for source in [
        "",
        "a",
        "\u{feff}",
        "\u{feff}\u{feff}a",
        "\n",
        "\r",
        "\r\n",
        "\n\r",
        "\r\r\n",
        "\r\n\n",
        "\u{feff}\r\n",
        "a\r\nb\rc\nd\r\n",
        "é\r\n👩‍👩‍👧\r\r\n\r\n",
        "a\u{feff}\r",
        "\r\n\r\n\r\n",
        "x\r\n\ry",
    ] {
        check_newlines(source);
    }
    let (text, map) = Text::from_source("\u{feff}a\r\nb");
    assert_eq!((text.as_str(), map.from_source(4), map.to_source(2)), ("a\nb", 2, 4));
    assert_eq!(serde_json::to_string(&NewlineMap::default()).unwrap(), "{}");
}

proptest! {
    #[test]
    fn newlines_are_restored(parts in prop::collection::vec(prop::sample::select(vec!["\r", "\n", "\r\n", "a", "é", "👩", "\u{feff}"]), 0..30)) {
        check_newlines(&parts.concat());
    }

    #[test]
    fn short_texts_agree_with_counting(text in any::<String>()) {
        agrees_with_naive(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn long_texts_agree_with_counting(
        parts in prop::collection::vec((prop::sample::select(vec!["a", "é", "国", "👩", "e\u{301}", "\n"]), 1..900_usize), 1..12),
    ) {
        let text: String = parts.iter().map(|(part, times)| part.repeat(*times)).collect();
        agrees_with_naive(&text);
    }
}
