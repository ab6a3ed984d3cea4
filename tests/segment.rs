//! Units of text, as a reader sees them: `|` is a caret, `{…}` a drag, `[…]` what comes of it.

use proptest::prelude::*;
use spanwright::text::segment::{self, Snap};
use spanwright::text::{Text, TextRange};

/// Runs every case and shows all that differ at once.
#[track_caller]
fn table(cases: &[(&str, &str)], actual: impl Fn(&str) -> String) {
    let differing: Vec<String> = cases
        .iter()
        .filter_map(|(given, expected)| {
            let actual = actual(given);
            (actual != *expected).then(|| format!("  given    {given}\n  expected {expected}\n  actual   {actual}\n"))
        })
        .collect();
    assert!(differing.is_empty(), "{} of {} cases differ\n{}", differing.len(), cases.len(), differing.join("\n"));
}

/// The text with brackets around the ranges, which may nest.
fn bracketed(text: &Text, ranges: impl IntoIterator<Item = (TextRange, &'static str, &'static str)>) -> String {
    let mut marks: Vec<(usize, usize, &str)> = Vec::new();
    for (range, open, close) in ranges {
        // At one place: what closes, the innermost first, then what opens, the outermost first.
        marks.push((range.start(), 1_000_000 + 100_000 - range.len(), open));
        marks.push((range.end(), range.len(), close));
    }
    marks.sort();
    let (mut shown, mut at) = (String::new(), 0);
    for (place, _, mark) in marks {
        shown += &text.as_str()[at..place];
        shown += mark;
        at = place;
    }
    shown + &text.as_str()[at..]
}

fn brackets(text: &Text, ranges: impl IntoIterator<Item = TextRange>) -> String {
    bracketed(text, ranges.into_iter().map(|range| (range, "[", "]")))
}

/// `the |cat` as a text and a caret.
fn caret(given: &str) -> (Text, usize) {
    let at = given.find('|').expect("a caret");
    (Text::new(given.replacen('|', "", 1)), at)
}

/// `the {cat}` as a text and a range.
fn drag(given: &str) -> (Text, TextRange) {
    let (start, end) = (given.find('{').expect("a start"), given.find('}').expect("an end") - 1);
    let text = Text::new(given.replacen('{', "", 1).replacen('}', "", 1));
    let range = text.range(start, end).unwrap();
    (text, range)
}

fn unit(how: Snap) -> impl Fn(&str) -> String {
    move |given| {
        let (text, offset) = caret(given);
        brackets(&text, segment::unit_at(&text, offset, how))
    }
}

fn snapped(how: Snap) -> impl Fn(&str) -> String {
    move |given| {
        let (text, range) = drag(given);
        brackets(&text, [segment::snap(&text, range, how)])
    }
}

/// `|` at every place where a motion stops.
fn stops(given: &str, step: fn(&Text, usize) -> usize, from_end: bool) -> String {
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

#[test]
fn words_are_what_an_annotator_marks() {
    let cases = [
        // Possessives are parted, contractions are not.
        "[Kerry][’s] [plan]",
        "[Kerry]['s] [plan]",
        "[KERRY]['S] [PLAN]",
        "[it][’s] [the] [officials]’ [plan]",
        "[don’t] [we’ve] [O’Neill] [rock] ’[n]’ [roll]",
        "[the] [’90s] [and] ['80s]",
        "([IS])[’s] [men]",
        "“[Kerry][’s]”, ‘[Lind][’s]’",
        "[c’][est] [l’][Union] [d’][Alembert] [aujourd’hui] [qu’][il] [L’Oréal]",
        "[dell’][Unione] [all’][alba]",
        // Hyphens.
        "[build-up] [al-Qaeda] [anti-ISIL] [US-led] [F-16] [COVID-19] [5-year-old] [well\u{2011}known]",
        "[Jean-Claude] [Juncker] -- [pre]- [and] [post-war] -[x]-",
        "[Moscow]–[Kyiv] [talks]—[again]",
        // Acronyms keep their last full stop.
        "[U.S.] [U.N.] [e.g.] [i.e.] [Ph.D.] [a.m.] [U.S.A.] [EE.UU.]",
        "[U.S.], ([U.N.]) “[D.C.]” [U.S.-led] [anti-U.S.] [D.C.-based] [U.S.][’s]",
        "[the] [U.S]... [in] [the] [end].",
        "[т.е.] [С.В.Лавров] [сказал].",
        "[Nordbank] [Inc.], [Mr.] [Lind] [Jr.] [and] [Co.] [left].",
        "[Malcolm] [X]. [No]. [end].",
        // Numbers, amounts, times, dates.
        "[1,000.5] [12:30] [3.5%] [$5] [€3,5] [5€] [$5bn] [US$5] [20°] [5/9/2015] [24/7] [1st]",
        "[10\u{202f}000] [10\u{a0}000] [habitants], [5\u{a0}] [amis]",
        "[No]. [5], [5]; [6]: [7] ([8]) [9]%[x]",
        "[2–1]",
        // Joined by something else.
        "[AT&T] [R&D] [Q&A] & [Co]",
        "[@kerry] [#syria] [#2015] [a.lind@nordbank.com] @ #",
        "[www.nordbank.com], [https://nordbank.com/a/b?c=d&e=f]. [(see] ",
        "([https://nordbank.com/a_(b)]) [HTTP://A.COM/x]… [nordbank.com]",
        "[left].[Then] [Photo]:[Reuters] [EU:n] [USA:s] [and]/[or]",
        "[snake_case] [file.txt]",
        // Scripts.
        "[Заголовок] [открываемого] [материала]",
        "[مرحبا] [بالعالم]، [نعم]",
        "[צה\"ל] [אמר]",
        "[ジョン]·[ケリー][国][务][卿]，[中][国]。",
        "[한국어] [뉴스]",
        "[नमस्ते] [दुनिया]। [क्षेत्र]",
        // Marks and emoji are no words.
        "— … “” 👩‍👩‍👧 🇩🇪 [ok] © ...",
        "[e\u{301}te\u{301}] [Ker\u{ad}ry] [Kerry]\u{200f} \u{feff}[x]",
        "[a]\u{200b}[b]\n[c]\t[d]\u{3000}[e]",
        "",
        "   \n ",
    ];
    let cases: Vec<(String, &str)> =
        cases.iter().map(|case| (case.replace(['[', ']'], ""), *case)).collect();
    let cases: Vec<(&str, &str)> = cases.iter().map(|(given, expected)| (given.as_str(), *expected)).collect();
    table(&cases, |given| {
        let text = Text::new(given);
        brackets(&text, segment::words(&text, text.all()))
    });
}

#[test]
fn words_of_a_range_are_whole() {
    let words = |given: &str| {
        let (text, range) = drag(given);
        brackets(&text, segment::words(&text, range))
    };
    table(
        &[
            ("on{e two thr}ee four", "[one] [two] [three] four"),
            ("one{ }two", "one two"),
            ("one {}two", "one two"),
            ("{one} two", "[one] two"),
            ("one{ two }three", "one [two] three"),
        ],
        words,
    );
}

#[test]
fn the_word_at_a_caret() {
    table(
        &[
            ("the |Kerry’s plan", "the [Kerry]’s plan"),
            ("the Ker|ry’s plan", "the [Kerry]’s plan"),
            ("the Kerry|’s plan", "the [Kerry]’s plan"),
            ("the Kerry’|s plan", "the [Kerry’s] plan"),
            ("the Kerry’s| plan", "the [Kerry’s] plan"),
            ("the| Kerry", "[the] Kerry"),
            ("|the", "[the]"),
            ("the|", "[the]"),
            ("said|, he", "[said], he"),
            ("said,| he", "said[,] he"),
            ("“|Go|”".replacen('|', "", 1).as_str(), "“[Go]”"),
            ("|“Go”", "[“]Go”"),
            ("a | b", "a  b"),
            ("|", ""),
            (" | ", "  "),
            ("the U.|S. left", "the [U.S.] left"),
            ("the U.S.| left", "the [U.S.] left"),
            ("build|-up", "[build-up]"),
            ("中|国", "中[国]"),
            ("hi 👩‍👩|‍👧", "hi [👩‍👩‍👧]"),
            ("a\n|b", "a\n[b]"),
            ("a|\nb", "[a]\nb"),
        ],
        unit(Snap::Words),
    );
}

#[test]
fn drags_snap_to_words() {
    table(
        &[
            ("the Jo{hn Ker}ry said", "the [John Kerry] said"),
            ("the{ John Kerry }said", "the [John Kerry] said"),
            ("the {Kerr}y’s plan", "the [Kerry]’s plan"),
            ("the {Kerry}’s plan", "the [Kerry]’s plan"),
            ("the {Kerry’}s plan", "the [Kerry’s] plan"),
            ("the {Kerry’s }plan", "the [Kerry’s] plan"),
            ("military {build}-up", "military [build-up]"),
            ("{U}.S. Secretary", "[U.S.] Secretary"),
            ("in the U{.S.}", "in the [U.S.]"),
            ("{“Go,” h}e said", "[“Go,” he] said"),
            ("{Kerry,} he", "[Kerry,] he"),
            ("a{   }b", "a[   ]b"),
            ("a{}b", "a[]b"),
            ("a{\n\n}b", "a[\n\n]b"),
            ("x\n{ y\n }z", "x\n [y]\n z"),
            ("👩‍👩‍{👧 o}k", "[👩‍👩‍👧 ok]"),
            ("cost {3}.5% more", "cost [3.5%] more"),
            ("cost {$5}bn more", "cost [$5bn] more"),
            ("пре{зидент Пу}тин", "[президент Путин]"),
            ("{Kerry\u{200f}} x", "[Kerry]\u{200f} x"),
            ("\u{feff}{\u{feff}Kerry\u{200b}} x", "\u{feff}\u{feff}[Kerry]\u{200b} x"),
            ("{a} \u{301}b", "[a] \u{301}b"),
        ],
        snapped(Snap::Words),
    );
}

#[test]
fn drags_snap_to_other_units() {
    table(
        &[
            ("{ a 👩‍👩‍}👧 b", " [a 👩‍👩‍👧] b"),
            ("e{\u{301} x}y", "[e\u{301} x]y"),
            ("a{\r\n}b", "a[\r\n]b"),
        ],
        snapped(Snap::Graphemes),
    );
    table(
        &[
            ("One. T{w}o. Three.", "One. [Two.] Three."),
            ("One. T{wo. T}hree.", "One. [Two. Three.]"),
            ("One.{ }Two.", "One.[ ]Two."),
            ("One.{ T}wo.", "One. [Two.]"),
            ("One\nT{wo\n\nThr}ee", "One\n[Two\n\nThree]"),
        ],
        snapped(Snap::Sentences),
    );
    table(
        &[
            ("One. Two.\nT{hree", "One. Two.\n[Three"),
            ("  one l{in}e \nx", "  [one line] \nx"),
            ("a\nb{b\n\nc}c\nd", "a\n[bb\n\ncc]\nd"),
            ("a{\n}b", "a[\n]b"),
            ("a{\nb}b", "a\n[bb]"),
        ]
        .map(|(given, expected)| (if given.contains('}') { given } else { "One. Two.\nT{hre}e" }, expected))
        .map(|(given, expected)| (given, if expected.ends_with("[Three") { "One. Two.\n[Three]" } else { expected })),
        snapped(Snap::Lines),
    );
}
