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
        assert!(!range.is_empty() || open == "[");
        if range.is_empty() {
            marks.push((range.start(), 0, "[]"));
            continue;
        }
        // At one place: what closes, the innermost first, then what opens, the outermost first.
        marks.push((range.start(), 1_000_000 + 100_000 - range.len(), open));
        marks.push((range.end(), range.len(), close));
    }
    marks.sort_unstable();
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
        "[10\u{202f}000] [10\u{a0}000] [habitants], [5]\u{a0}[amis]",
        "[No]. [5], [5]; [6]: [7] ([8]) [9%][x]",
        "[2]–[1]",
        // Joined by something else.
        "[AT&T] [R&D] [Q&A] & [Co]",
        "[@kerry] [#syria] [#2015] [a.lind@nordbank.com] @ #",
        "[www.nordbank.com], [https://nordbank.com/a/b?c=d&e=f]. ([see]) ",
        "([https://nordbank.com/a_(b)]) [HTTP://A.COM/x]… [nordbank.com]",
        "[left].[Then] [Photo]:[Reuters] [EU:n] [USA:s] [and]/[or]",
        "[snake_case] [file.txt]",
        // Scripts.
        "[Заголовок] [открываемого] [материала]",
        "[مرحبا] [بالعالم]، [نعم]",
        "[צה\"ל] [אמר]",
        "[ジョン]·[ケリー][国务卿]，[中国]。",
        "[한국어] [뉴스]",
        "[नमस्ते] [दुनिया]। [क्षेत्र]",
        // Marks and emoji are no words.
        "— … “” 👩‍👩‍👧 🇩🇪 [ok] © ...",
        "[e\u{301}te\u{301}] [Ker\u{ad}ry] [Kerry]\u{200f} \u{feff}[x]",
        "[a]\u{200b}[b]\n[c]\t[d]\u{3000}[e]",
        "",
        "   \n ",
    ];
    let cases: Vec<(String, &str)> = cases.iter().map(|case| (case.replace(['[', ']'], ""), *case)).collect();
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
            ("“|Go”", "“[Go]”"),
            ("“Go|”", "“[Go]”"),
            ("|“Go”", "[“]Go”"),
            ("a | b", "a  b"),
            ("|", ""),
            (" | ", "  "),
            ("the U.|S. left", "the [U.S.] left"),
            ("the U.S.| left", "the [U.S.] left"),
            ("build|-up", "[build-up]"),
            ("中|国", "[中国]"),
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
        &[("{ a 👩‍👩‍}👧 b", " [a 👩‍👩‍👧] b"), ("e{\u{301} x}y", "[e\u{301} x]y"), ("a{\r\n}b", "a[\r\n]b")],
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
            ("One. Two.\nT{hr}ee.", "One. Two.\n[Three.]"),
            ("  one l{in}e \nx", "  [one line] \nx"),
            ("a\nb{b\n\nc}c\nd", "a\n[bb\n\ncc]\nd"),
            ("a{\n}b", "a[\n]b"),
            ("a{\nb}b", "a\n[bb]"),
        ],
        snapped(Snap::Lines),
    );
    table(
        &[
            ("He said “we {will} go” now", "He said [“we will go”] now"),
            ("He said {“we will} go” now", "He said [“we will go”] now"),
            ("He said “we {will go”} now", "He said [“we will go”] now"),
            ("He {said “we wi}ll go” now", "He [said “we will go”] now"),
            ("He said “we w{ill go” no}w", "He said [“we will go” now]"),
            ("“He said ‘n{o}’ to us”", "“He said [‘no’] to us”"),
            ("“He said ‘n{o’ t}o us”", "[“He said ‘no’ to us”]"),
            ("“A{” and “}B” too", "[“A” and “B”] too"),
            ("He sa{id he wou}ld go", "He [said he would] go"),
            ("the of{ficials’ plan don’}t", "the [officials’ plan don’t]"),
            ("“One.\n\n“T{w}o,” he said.", "[“One.\n\n“Two,”] he said."),
            ("“One, h{e} said.\nTwo.", "“One, [he] said.\nTwo."),
        ],
        snapped(Snap::Quotation),
    );
}

#[test]
fn units_at_a_caret() {
    table(
        &[
            ("a|bc", "a[b]c"),
            ("|👩‍👩‍👧", "[👩‍👩‍👧]"),
            ("ab|", "a[b]"),
            ("ab|\nc", "a[b]\nc"),
            ("|\n", "\n"),
            ("a\n|", "a\n"),
            ("|", ""),
        ],
        unit(Snap::Graphemes),
    );
    table(
        &[
            ("O|ne. Two.", "[One.] Two."),
            ("One.| Two.", "[One.] Two."),
            ("One.  | Two.", "[One.]   Two."),
            ("One. |Two.", "One. [Two.]"),
            ("One. Two.|", "One. [Two.]"),
            (" | One.\nTwo.", "  [One.]\nTwo."),
            ("One.|\nTwo.", "[One.]\nTwo."),
            ("One.\n|Two.", "One.\n[Two.]"),
            ("One.\n|\nTwo.", "One.\n\nTwo."),
            ("走吧。|他说。", "走吧。[他说。]"),
            ("|", ""),
        ],
        unit(Snap::Sentences),
    );
    table(
        &[
            ("one t|wo\nthree", "[one two]\nthree"),
            ("one two|\nthree", "[one two]\nthree"),
            ("one two\n|three", "one two\n[three]"),
            ("| one ", " [one] "),
            ("one\n|\ntwo", "one\n\ntwo"),
            ("one\n |\ntwo", "one\n \ntwo"),
            ("one\n|", "one\n"),
        ],
        unit(Snap::Lines),
    );
    table(
        &[
            ("He said |“go” now", "He said [“go”] now"),
            ("He said “g|o” now", "He said [“go”] now"),
            ("He said “go”| now", "He said [“go”] now"),
            ("He said| “go” now", "He said “go” now"),
            ("“He said ‘n|o’ to us”", "“He said [‘no’] to us”"),
            ("“He said ‘no’| to us”", "“He said [‘no’] to us”"),
            ("“He said ‘no’ |to us”", "[“He said ‘no’ to us”]"),
            ("‘a’|“b”", "‘a’[“b”]"),
            ("“One, |he said.\nTwo.", "“One, he said.\nTwo."),
            ("“One, “tw|o” he said.\nTwo.", "“One, [“two”] he said.\nTwo."),
            ("do|n’t", "don’t"),
            ("|", ""),
        ],
        unit(Snap::Quotation),
    );
}

#[test]
fn lines_lie_between_line_feeds() {
    let line = |given: &str| {
        let (text, offset) = caret(given);
        brackets(&text, [segment::line_at(&text, offset)])
    };
    table(
        &[
            ("one\nt|wo \nthree", "one\n[two ]\nthree"),
            ("one|\ntwo", "[one]\ntwo"),
            ("one\n|two", "one\n[two]"),
            ("one\n|", "one\n[]"),
            ("|", "[]"),
            ("|\n", "[]\n"),
        ],
        line,
    );
}

#[test]
fn places_outside_are_taken_for_the_nearest() {
    let text = Text::new("é👩‍👩‍👧");
    assert_eq!(segment::snap_to_grapheme(&text, 1), 0);
    assert_eq!(segment::snap_to_grapheme(&text, 9), 2);
    assert_eq!(segment::snap_to_grapheme(&text, 999), text.len());
    assert!(segment::is_grapheme_boundary(&text, 2) && segment::is_grapheme_boundary(&text, text.len()));
    assert!(!segment::is_grapheme_boundary(&text, 1) && !segment::is_grapheme_boundary(&text, 6));
    assert!(!segment::is_grapheme_boundary(&text, 999));
    assert_eq!(segment::previous_grapheme(&text, 999), 2);
    assert_eq!(segment::next_word(&text, 999), text.len());
    assert_eq!(segment::line_at(&text, 999), text.all());
}

#[test]
fn sentences_end_where_a_reader_says() {
    let cases = [
        "Mr. Lind left.| “Go.” he said.|",
        "He met Dr. Kerry, Gen. Smith and Mrs. Lind.| They left.|",
        "MR. LIND LEFT.| HE SAID NO.|",
        "The U.S. President left.| He is in the U.S.| He stays.|",
        "It was in the U.S. Congress.| It passed.|",
        "It was made in the (U.S.) Senate.| “In the U.S.”| The end.|",
        "See No. 5 of the list.| No.| He said no.| It is no.| Yes.|",
        "J. K. Rowling and George W. Bush met John F. Kennedy Jr. in Washington, D.C.| Then they left.|",
        "Ursula K. Le Guin wrote it.| A. A. Milne did not.|",
        "Plan B.| It failed.|",
        "Prices rose 3.5 percent to 1,000.5 points.| Then they fell.|",
        "It was 2014.| Then came 2015.| 5 people left.|",
        "Well... he left.| Well…| He left.| And then...| Nothing.|",
        "“It was read.”| Next came Lind.| (“It was.”)| Next.|",
        "“Why?” he asked.| “Why?”| “Because!” she cried.|",
        "He left (at last!) and slept.| (He was tired.)| Then he woke.|",
        "He said […] that.| […] And [...] Lind left.|",
        "走吧。|他说：“为什么？”|我不知道！|「行く。」|そうだ。|",
        "“走吧！”，他说。|",
        "走吧。|“好。”|",
        "لماذا؟| لا أعرف.| نعم|",
        "वह गया।| वह आया॥|",
        "یہ ہے۔| وہ ہے۔|",
        "A caption without a stop|\nSubscribe|\n\nNext.|",
        "One.|  Two.|",
        "See www.nordbank.com.| Or a.b.c for 12.30 Uhr.|",
        "1. First point.|",
        "One.| 2. Second point.|",
        "Am 3. Oktober kam Dr. Lind, z. B. nach Berlin, bzw. Nr. 5.| Er ging.|",
        "В 2015 г. Россия и т.д.| Он ушёл.|",
        "М. Лермонтов и А. С. Пушкин.| Они писали.|",
        "— Иди. — сказал он.| — Иду.|",
        "At 5 p.m. Monday he left.| At 6 a.m. he came.| It was 7 p.m.| He slept.|",
        "On Sept. 5 and Oct. 6, Nordbank Inc. Chief Lind spoke.| He left Nordbank Inc.| The end.|",
        "Really?!| Yes!!!| “No?!” he said.|",
        "He wrote to “Mr. Lind.”| She did not.|",
        "“‘No.’”| She left.|",
        "He said: \"Go.\"| \"Stay.\"| 'Now.'| \"Why?\" he asked.|",
        "« Allez. »| Il partit.|",
        "Il dit : « Allez.\u{a0}» dit-il.| Fin.|",
        "„Geh.“| Er ging.| »Komm.«| »Na.«|",
        "»Geh.«| Er ging.|",
        "iPhone sales rose at Yahoo! and others.|",
        "St. Petersburg is fine.|",
        "What is it, e.g. Syria, i.e. Damascus vs. Aleppo?| Right.|",
        "The end.|\u{2028}Next|",
        "... and he left.| ...|",
        "🙂 Go.| 🙂|",
        "",
    ];
    let cases = cases.map(|case| (case.replace('|', ""), case));
    let cases: Vec<(&str, &str)> = cases.iter().map(|(given, expected)| (given.as_str(), *expected)).collect();
    table(&cases, |given| {
        let text = Text::new(given);
        bracketed(&text, segment::sentences(&text, text.all()).map(|sentence| (sentence, "", "|")))
    });
}

/// `[…]` closed, `{…}` unclosed.
#[test]
fn quotations_of_every_kind() {
    let cases = [
        "He said [“go”] and [“stay”].",
        "[“He said [‘no’] to us”], she wrote.",
        "[‘He said [“no”] to us’], she wrote.",
        "[“He said [‘she said [“no”] there’] to us”]",
        "[„Geh“], sagte er. [„Er sagte [‚nein‘] zu uns“]",
        "[„Idź”], powiedział. [„Nee”], zei hij.",
        "[« Allez »], dit-il. [«\u{a0}Il dit [“non”]\u{a0}»]",
        "[«Иди»], — сказал [„он“]",
        "[»Geh«], sagte er. [»Er sagte [›nein‹]«].",
        "[»Gå»], sade han. [”Gå”], sade han. [”Han sa [’nej’] till oss”]",
        "[‹ oui ›] [‹oui›] [›ja‹]",
        "他说：[“走吧。”]然后[‘好’]。",
        "[「彼は[『いいえ』]と言った。」]と[〝言〟]。",
        "他说[\"走\"]。",
        "He said [\"go\"] and [\"stay\"]. ([\"x\"]) [\"y\"]-[\"z\"]",
        "[\"He said ['no'] to us\"], she wrote. ['Go,'] he said.",
        "[``Go,''] he said. [''Go,''] he said.",
        "[“Go,\"] he said. [\"Stay,”] he said.",
        "[“word“] and [„word„ und wort“]",
        "\u{200f}[\"نعم\"]\u{200f} و[«لا»]",
        // Apostrophes.
        "don’t, Lavrov’s, the officials’ plan, the ’90s, '80s, ’tis, rock ’n’ roll",
        "don't, Lavrov's, the officials' plan, O'Neill, 'em and 'twas",
        "[‘I don’t know Lavrov’s plan’], he said.",
        "[‘The officials’ plan failed’], he said.",
        "[‘no ifs’] and [‘no buts’] he said",
        "[“The officials’ plan”] and [‘others’] too",
        "['The officials' plan failed,'] he said. ['It's gone,'] she said.",
        "[‘Go’], said the officials’ man",
        "[“It’s the ’90s,”] he said of ‘em all",
        // What is no quotation.
        "a 12\" disk, 5'10\" tall, 6′ 2″",
        "Home » News » Syria",
        "צה\"ל אמר",
        "“” \"\" ''  “ ”",
        // Several paragraphs.
        "[“One.\n\n“Two.\n“Three,”] he said. [“Four.”]",
        "[\"One.\n\n\"Two,\"] he said.",
        "[«Un.\n»Deux.»] Fin.",
        "[„Eins.\n„Zwei.“] Ende.",
        "[“One [‘two.\n“‘Three’] four.”]",
        "[“One,”] he said.\n[“Two,”] she said.",
        // Missing marks.
        "{“One, he said.}\nTwo.",
        "{“One.}\nSubscribe\n[“Two,”] he said.",
        "{“One, he said. [“Two,”] she said.}",
        "One,” he said. [“Two.”]",
        "‘One, he said.\nTwo.",
        "[“One ‘two”] three’",
        "[“One {«two}”] three",
        "",
    ];
    let cases = cases.map(|case| (case.replace(['[', ']', '{', '}'], ""), case));
    let cases: Vec<(&str, &str)> = cases.iter().map(|(given, expected)| (given.as_str(), *expected)).collect();
    table(&cases, |given| {
        let text = Text::new(given);
        let marks = |closed| if closed { ("[", "]") } else { ("{", "}") };
        let quotations = segment::quotations(&text, text.all());
        bracketed(&text, quotations.iter().map(|found| (found.range, marks(found.closed).0, marks(found.closed).1)))
    });
}

#[test]
fn quotations_know_their_depth_and_what_they_hold() {
    let text = Text::new("“He said ‘no’ to « us »”, “one");
    let found: Vec<(&str, usize, bool)> = segment::quotations(&text, text.all())
        .iter()
        .map(|quotation| (text.slice(quotation.inner), quotation.depth, quotation.closed))
        .collect();
    assert_eq!(found, [("He said ‘no’ to « us »", 0, true), ("no", 1, true), ("us", 1, true), ("one", 0, false)]);
    let unclosed = segment::quotation_at(&text, text.len()).unwrap();
    assert_eq!((text.slice(unclosed.range), unclosed.closed), ("“one", false));
}

#[test]
fn snap_is_written_as_in_a_schema() {
    assert_eq!(ron::to_string(&Snap::Quotation).unwrap(), "Quotation");
    assert_eq!(ron::from_str::<Snap>("Graphemes").unwrap(), Snap::Graphemes);
    assert_eq!(Snap::default(), Snap::Words);
}

/// What Unicode word bounds depend on: letters, digits, what joins them, spaces and line ends, and characters beyond ASCII that take part
/// in the rules.
const PARTS: [&str; 34] = [
    "a", "Zb", "1", "23", "_", ":", ",", ".", "'", "\"", "-", " ", "  ", "\n", "\r", "\t", "\u{301}", "é", "\u{200d}",
    "👩", "日", "🇩", "\u{a0}", "א", "’", "‘", "“", "” ", "–", "…", "\u{2024}", "‧", "\u{202f}", "‼",
];

proptest! {
    #[test]
    fn tokens_are_the_pieces_between_unicode_word_bounds(
        parts in proptest::collection::vec(proptest::sample::select(&PARTS[..]), 0..150),
        ascii in "[ -~\r\n\t]{0,150}",
        mostly_ascii in proptest::bool::ANY,
    ) {
        use unicode_segmentation::UnicodeSegmentation as _;
        let mixed: String = parts.concat();
        let text = Text::new(if mostly_ascii { format!("{ascii}{mixed}{ascii}") } else { mixed });
        let (tokens, cut) = segment::tokens(&text, &[]);
        let ours: Vec<&str> = tokens.iter().map(|token| text.slice(token.range)).collect();
        let theirs: Vec<&str> = text.as_str().split_word_bounds().collect();
        prop_assert_eq!(ours, theirs);
        prop_assert_eq!(cut, 0);
        for token in tokens {
            prop_assert_eq!(token.blank, text.slice(token.range).chars().all(char::is_whitespace));
        }
    }
}

#[test]
fn every_pair_of_ascii_has_the_word_bounds_of_unicode_whatever_follows() {
    use unicode_segmentation::UnicodeSegmentation as _;
    let ascii = || (0..128_u8).map(char::from);
    for first in ascii() {
        let text =
            ascii().flat_map(|second| "a1_:,.'\" -\r\n".chars().flat_map(move |third| [first, second, third, '\n']));
        let text = Text::new(text.collect::<String>());
        let ours = segment::tokens(&text, &[]).0;
        let theirs = text.as_str().split_word_bound_indices().map(|(start, piece)| (start, start + piece.len()));
        assert!(
            ours.iter().map(|token| (token.range.start(), token.range.end())).eq(theirs),
            "beginning with {first:?}"
        );
    }
}
