//! What holds of units in any text: they cover it, cut no grapheme, snap to themselves; and the caret's way through them.

use proptest::prelude::*;
use spanwright::text::segment::{self, Snap};
use spanwright::text::{Text, TextRange};

const ALL: [Snap; 5] = [Snap::Graphemes, Snap::Words, Snap::Sentences, Snap::Lines, Snap::Quotation];

type Step = fn(&Text, usize) -> usize;

/// The text with `|` at every place where a motion stops, from the start or from the end.
fn stops(given: &str, step: Step, from_end: bool) -> String {
    let text = Text::new(given);
    let (mut at, last) = if from_end { (text.len(), 0) } else { (0, text.len()) };
    let mut places = Vec::new();
    while at != last {
        let next = step(&text, at);
        assert!(if from_end { next < at } else { next > at }, "no progress at {at} of {given:?}");
        places.push(next);
        at = next;
    }
    places.sort_unstable();
    let (mut shown, mut at) = (String::new(), 0);
    for place in places {
        shown += &given[at..place];
        shown.push('|');
        at = place;
    }
    shown + &given[at..]
}

fn check(step: Step, from_end: bool, expected: &str) {
    assert_eq!(stops(&expected.replace('|', ""), step, from_end), expected);
}

#[test]
fn the_caret_moves() {
    check(segment::next_grapheme, false, "a|e\u{301}|👩‍👩‍👧|🇩🇪|🇫🇷|\r\n|x|");
    check(segment::previous_grapheme, true, "|a|e\u{301}|👩‍👩‍👧|🇩🇪|🇫🇷|\r\n|x");
    check(segment::next_word, false, "Kerry|’s| plan|, he| said|.|");
    check(segment::next_word, false, " “build-up|”  in| the| U.S.|\n\nx| |");
    check(segment::next_word, false, "— …|");
    check(segment::previous_word, true, "|Kerry|’s |plan, |he |said.");
    check(segment::previous_word, true, "| “|build-up”  |in |the |U.S.\n\n|x ");
    check(segment::previous_word, true, "|— …");
    check(segment::next_sentence, false, "One. |Two.\n\n |Three|");
    check(segment::previous_sentence, true, "| |One. |Two.\n\n |Three ");
    check(segment::next_paragraph, false, "One\n \n|Two\n\n\n|  Three\n|");
    check(segment::next_paragraph, false, "\n\n|");
    check(segment::previous_paragraph, true, "|\n|One\n \n|Two\n\n\n|  Three\n");
    check(segment::previous_paragraph, true, "|\n\n");
}

/// One line, one word, one quotation longer than anything that is looked at as a whole.
#[test]
fn long_stretches_are_cut_the_same_from_everywhere() {
    for text in [
        "Lind left the house. ".repeat(8_000),
        "x".repeat(20_000),
        "国".repeat(40_000),
        "“Never closed. ".repeat(12_000),
        "“Para.\n\n".repeat(20_000),
        "a-b.c’s,".repeat(3_000),
        "👩‍👩‍👧".repeat(3_000),
        " ".repeat(200_000),
        "a".to_owned() + &"\u{301}".repeat(10_000),
    ] {
        let text = Text::new(text);
        for how in [Snap::Words, Snap::Sentences, Snap::Quotation] {
            for part in 0..=12 {
                let offset = segment::snap_to_grapheme(&text, text.len() * part / 12);
                let Some(unit) = segment::unit_at(&text, offset, how) else { continue };
                let touches = unit.start() <= offset && offset <= unit.end() + usize::from(how == Snap::Sentences);
                assert!(touches, "{how:?} at {offset}: {unit:?}");
                assert_eq!(segment::snap(&text, unit, how), unit, "{how:?} at {offset}");
                assert!(segment::is_grapheme_boundary(&text, unit.start()));
                assert!(segment::is_grapheme_boundary(&text, unit.end()));
            }
        }
        assert_covered(&text, &segment::sentences(&text, text.all()).collect::<Vec<_>>());
    }
    let text = Text::new("Lind left the house. ".repeat(8_000));
    assert_eq!(segment::sentences(&text, text.all()).count(), 8_000);
    assert_eq!(segment::words(&text, text.all()).count(), 32_000);
    let text = Text::new("国".repeat(40_000));
    assert_eq!(segment::words(&text, text.all()).count(), 40_000);
}

/// The ranges are in order, apart, and leave out only what cannot be seen.
fn assert_covered(text: &Text, ranges: &[TextRange]) {
    let mut at = 0;
    for range in ranges {
        assert!(at <= range.start() && !range.is_empty(), "{ranges:?}");
        assert!(invisible(&text.as_str()[at..range.start()]), "{:?} is left out", &text.as_str()[at..range.start()]);
        at = range.end();
    }
    assert!(invisible(&text.as_str()[at..]), "{:?} is left out", &text.as_str()[at..]);
}

fn invisible(part: &str) -> bool {
    part.chars().all(|character| character.is_whitespace() || "\u{ad}\u{200b}\u{200f}\u{feff}".contains(character))
}

/// Text from what makes segmentation hard.
fn odd_text() -> impl Strategy<Value = Text> {
    const PARTS: &[&str] = &[
        "Kerry",
        "’s",
        "'s",
        "’",
        "'",
        "\"",
        "“",
        "”",
        "‘",
        "„",
        "«",
        "»",
        "「",
        "」",
        ".",
        "...",
        "…",
        "?",
        "!",
        "。",
        "؟",
        ",",
        ":",
        "-",
        "—",
        "%",
        "$",
        "@",
        "#",
        "/",
        "5",
        "10",
        "U.S.",
        "Mr.",
        "Inc.",
        "No.",
        "The",
        "he",
        "l’",
        "e\u{301}",
        "\u{301}",
        "👩‍👩‍👧",
        "🇩🇪",
        "\u{1f1e9}",
        "\u{200d}",
        "\u{200f}",
        "\u{feff}",
        "\u{200b}",
        "\u{ad}",
        "\u{a0}",
        "\u{202f}",
        "\u{600}",
        "国",
        "カ",
        "สวัสดีน้ำ",
        "한국",
        "क्ष",
        "مرحبا",
        "Он",
        " ",
        " ",
        " ",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\r\n",
        "\u{2028}",
        "\t",
        "http://a.b/",
        "(",
        ")",
        "[",
        "]",
        "``",
        "''",
    ];
    prop::collection::vec(prop::sample::select(PARTS), 0..40).prop_map(|parts| Text::new(parts.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn snapping_covers_and_settles(text in odd_text(), one: prop::sample::Index, other: prop::sample::Index) {
        let place = |index: prop::sample::Index| text.as_str().floor_char_boundary(index.index(text.len() + 1));
        let (one, other) = (place(one), place(other));
        let range = text.range(one.min(other), one.max(other)).unwrap();
        for how in ALL {
            let snapped = segment::snap(&text, range, how);
            prop_assert_eq!(segment::snap(&text, snapped, how), snapped, "{:?} is not idempotent", how);
            for end in [snapped.start(), snapped.end()] {
                prop_assert!(segment::is_grapheme_boundary(&text, end), "{:?} cuts a grapheme at {}", how, end);
            }
            let visible = segment::snap(&text, range, Snap::Graphemes);
            prop_assert!(snapped.covers(visible), "{:?} {:?} does not cover {:?}", how, snapped, visible);
        }
    }

    #[test]
    fn units_touch_the_caret(text in odd_text(), index: prop::sample::Index) {
        let offset = segment::snap_to_grapheme(&text, index.index(text.len() + 1));
        for how in ALL {
            let Some(unit) = segment::unit_at(&text, offset, how) else { continue };
            prop_assert!(!unit.is_empty());
            if how != Snap::Graphemes {
                prop_assert_eq!(segment::snap(&text, unit, how), unit, "{:?}", how);
            }
            let line = segment::line_at(&text, offset);
            let touches = unit.start() <= offset && offset <= unit.end();
            let is_lenient = matches!(how, Snap::Lines | Snap::Sentences) && line.covers(unit);
            prop_assert!(touches || is_lenient, "{:?} {:?}", how, unit);
        }
    }

    #[test]
    fn units_cover_the_text(text in odd_text()) {
        assert_covered(&text, &segment::sentences(&text, text.all()).collect::<Vec<_>>());
        let words: Vec<TextRange> = segment::words(&text, text.all()).collect();
        let lettered = |part: &str| part.contains(char::is_alphanumeric);
        let mut at = 0;
        for word in &words {
            prop_assert!(at <= word.start() && lettered(text.slice(*word)));
            prop_assert!(!lettered(&text.as_str()[at..word.start()]));
            at = word.end();
        }
        prop_assert!(!lettered(&text.as_str()[at..]));
    }

    #[test]
    fn quotations_nest(text in odd_text()) {
        let found = segment::quotations(&text, text.all());
        for (index, quotation) in found.iter().enumerate() {
            prop_assert!(quotation.range.covers(quotation.inner) && !quotation.inner.is_empty());
            for other in &found[index + 1..] {
                prop_assert!(!quotation.range.crosses(other.range));
                prop_assert!(quotation.range < other.range);
            }
            let around = found.iter().filter(|other| other.closed && other.range != quotation.range && other.range.covers(quotation.range));
            prop_assert_eq!(quotation.depth, around.count());
            prop_assert!(!quotation.closed || segment::snap(&text, quotation.range, Snap::Quotation) == quotation.range);
        }
    }

    #[test]
    fn the_caret_always_arrives(text in odd_text()) {
        for step in [segment::next_grapheme, segment::next_word, segment::next_sentence, segment::next_paragraph] {
            stops(text.as_str(), step, false);
        }
        for step in [segment::previous_grapheme, segment::previous_word, segment::previous_sentence, segment::previous_paragraph] {
            stops(text.as_str(), step, true);
        }
    }
}
