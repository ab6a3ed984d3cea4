//! Every script on the page: the caret goes where the key points, rows are broken where words end, the fonts inside the binary have the
//! letters they promise.

use egui::vec2;
use spanwright::app::fonts;
use spanwright::app::headless::Headless;
use spanwright::app::reading::{Affinity, Page, PageInput, Reading, ReadingSettings};
use spanwright::app::theme::Theme;
use spanwright::text::Text;
use unicode_segmentation::UnicodeSegmentation;

use crate::stage::Stage;

/// A page of 700 points on which a caret moves.
struct Walk {
    text: Text,
    page: Page,
    reading: Reading,
    screen: Headless,
}

impl Walk {
    fn new(text: &str, width: f32, serif: bool) -> Self {
        let text = Text::new(text);
        let (page, reading) = (Page::new(&text), Reading::new(false));
        let mut walk = Self { text, page, reading, screen: Headless::new(vec2(width, 600.0), 1.0, false) };
        walk.frame(None, serif);
        walk.frame(None, serif);
        walk
    }

    fn frame(&mut self, caret: Option<(usize, Affinity)>, serif: bool) -> Option<egui::Rect> {
        let Self { page, reading, screen, .. } = self;
        let folds = std::sync::Arc::default();
        let input = PageInput {
            theme: Theme::light(),
            settings: ReadingSettings { serif, ..ReadingSettings::default() },
            header: Default::default(),
            marks: &(),
            caret: caret.map(|caret| caret.0),
            affinity: caret.map_or(Affinity::default(), |caret| caret.1),
            folds: &folds,
            selection: None,
            preview: None,
            arrows: &[],
            handle: None,
        };
        let mut drawn = None;
        screen.frame(vec![], |ui| drawn = page.ui(ui, reading, &input).caret);
        drawn
    }

    /// Every place from `from` on, until the text ends.
    fn walk(&mut self, from: (usize, Affinity), right: bool) -> Vec<(usize, Affinity)> {
        let mut way = vec![from];
        for _ in 0..self.text.len() + 2 {
            let (at, affinity) = *way.last().unwrap();
            let next = self.page.step(&mut self.reading, at, affinity, right);
            if next.0 == at {
                break;
            }
            way.push(next);
        }
        way
    }

    /// Rows of the text as they are broken.
    fn rows(&mut self) -> Vec<String> {
        let mut rows = Vec::new();
        let mut at = 0;
        loop {
            let end = self.page.line_end(&mut self.reading, at, Affinity::Downstream).0;
            rows.push(self.text.as_str()[at..end].to_owned());
            if end == self.text.len() {
                return rows;
            }
            at = self.page.line(&mut self.reading, (at, Affinity::Downstream), Some(-1000.0), true).0.0;
        }
    }
}

const LINES: [&str; 10] = [
    "Кern said so.",
    "قال الوزير في موسكو",
    "השר אמר במוסקבה",
    "Kern told قال الوزير في موسكو that שלום is 123 said.",
    "قال (United Nations) دخلت 24 نوفمبر 2026، وأضاف.",
    "मंत्री ने कहा कि क्षेत्रीय",
    "รัฐมนตรีกล่าวที่",
    "A family 👩‍👩‍👧‍👦 a flag 🇫🇷🇩🇪 ok",
    "a\u{200b}b\u{feff}c \u{202e}turned\u{202c} می\u{200c}خواهم",
    "외무장관은 회담을",
];

#[test]
fn the_right_key_goes_right_through_every_letter() {
    for line in LINES {
        let mut walk = Walk::new(line, 700.0, true);
        let leftwards = walk.page.reads_leftwards(&mut walk.reading, 0);
        // The leftmost place of the row.
        let begin = if leftwards { (line.len(), Affinity::Upstream) } else { (0, Affinity::Downstream) };
        let way = walk.walk(begin, true);
        let xs: Vec<f32> = way.iter().map(|at| walk.frame(Some(*at), true).unwrap().left()).collect();
        assert!(xs.windows(2).all(|pair| pair[0] <= pair[1]), "{line:?} jumps back: {xs:?} {way:?}");
        let graphemes = line.graphemes(true).count();
        assert_eq!(way.len(), graphemes + 1, "{line:?}: one place more than letters: {way:?}");
        let back = walk.walk(*way.last().unwrap(), false);
        let there: Vec<f32> = back.iter().rev().map(|at| walk.frame(Some(*at), true).unwrap().left()).collect();
        assert_eq!(there, xs, "{line:?}: the way back is another one");
    }
}

#[test]
fn the_caret_goes_on_in_the_next_row() {
    let text = "停火协议谈判在日内瓦举行".repeat(12);
    for text in [text.as_str(), &"word ".repeat(60), &"قال الوزير في موسكو ".repeat(20), &"x".repeat(400)]
    {
        let mut walk = Walk::new(text, 700.0, true);
        let leftwards = walk.page.reads_leftwards(&mut walk.reading, 0);
        let way = walk.walk((0, Affinity::Downstream), !leftwards);
        let mut offsets: Vec<usize> = way.iter().map(|at| at.0).collect();
        assert!(offsets.is_sorted(), "{offsets:?}");
        offsets.dedup();
        assert_eq!(offsets.len(), way.len(), "every press moves on");
        assert_eq!(offsets.last(), Some(&text.len()));
        assert_eq!(offsets.len(), text.graphemes(true).count() + 1, "{text:?}");
    }
}

#[test]
fn the_end_key_stays_in_its_row() {
    // No space stands where the row is broken.
    let text = "停火协议谈判在日内瓦举行".repeat(12);
    let mut walk = Walk::new(&text, 700.0, true);
    let start = walk.frame(Some((0, Affinity::Downstream)), true).unwrap();
    let end = walk.page.line_end(&mut walk.reading, 0, Affinity::Downstream);
    let caret = walk.frame(Some(end), true).unwrap();
    assert_eq!(caret.top(), start.top(), "in the same row");
    assert!(caret.left() > start.left() + 400.0, "at its end: {caret:?}");
    // Home goes back, Down to the end of the next row.
    assert_eq!(walk.page.line_start(&mut walk.reading, end.0, end.1).0, 0);
    let (below, _) = walk.page.line(&mut walk.reading, end, None, true);
    let caret = walk.frame(Some(below), true).unwrap();
    assert_eq!(caret.top(), start.top() + 30.0);
    assert!(caret.left() > start.left() + 400.0, "{caret:?}");
}

#[test]
fn keys_in_the_window_follow_the_direction() {
    let text = "قال الوزير في موسكو";
    let mut stage = Stage::new(text);
    let caret = |stage: &Stage| stage.session().open.as_ref().unwrap().caret;
    stage.keys("Left Left");
    assert_eq!(caret(&stage), "قا".len(), "to the left is on");
    stage.keys("Right");
    assert_eq!(caret(&stage), "ق".len());
    stage.keys("Right Ctrl+Left");
    assert_eq!(caret(&stage), "قال".len());
    stage.keys("Ctrl+Shift+Left");
    assert_eq!(stage.selected(), " الوزير");
    stage.keys("Left Shift+Right");
    assert_eq!(stage.selected(), "ر", "what is selected is one stretch");
}

#[test]
fn lines_are_broken_between_words() {
    let korean = "대한민국외교부장관은오늘 기자회견에서휴전협정이 발효되었다고밝혔다 ".repeat(5);
    for row in Walk::new(&korean, 400.0, true).rows() {
        let row = row.trim();
        let broken = korean.find(row).unwrap() + row.len();
        assert!(korean[broken..].is_empty() || korean[broken..].starts_with(' ') || !row.contains(' '), "{row:?}");
    }
    let words = [
        "รัฐมนตรี",
        "ต่าง",
        "ประเทศ",
        "กล่าว",
        "ที่",
        "กรุงเทพมหานคร",
        "ว่า",
        "การ",
        "เจรจา",
        "หยุด",
        "ยิง",
        "จะ",
        "เริ่ม",
        "ใน",
        "สัปดาห์",
        "หน้า",
    ];
    let thai = words.concat().repeat(3);
    let ends: Vec<usize> = words
        .iter()
        .cycle()
        .take(48)
        .scan(0, |at, word| {
            *at += word.len();
            Some(*at)
        })
        .collect();
    let rows = Walk::new(&thai, 420.0, true).rows();
    assert!(rows.len() > 3, "{rows:?}");
    let mut at = 0;
    for row in &rows {
        at += row.len();
        assert!(ends.contains(&at), "{row:?} ends inside a word");
    }
    let japanese = "外務大臣は、停戦合意が発効したと発表した。「これは第一歩だ。」".repeat(4);
    for row in Walk::new(&japanese, 400.0, true).rows() {
        assert!(!row.starts_with(['、', '。', '」']), "{row:?}");
        assert!(!row.ends_with('「'), "{row:?}");
    }
}

#[test]
fn paragraphs_that_read_leftwards_stand_right() {
    for serif in [true, false] {
        let mut walk = Walk::new("left\nقال الوزير\nהשר אמר\n", 900.0, serif);
        let mut at = |offset: usize| walk.frame(Some((offset, Affinity::Downstream)), serif).unwrap().left();
        let left = at(0);
        assert!(at("left\n".len()) > left + 400.0);
        assert!(at("left\nقال الوزير\n".len()) > left + 400.0);
    }
}

/// Letters of each script that the fonts inside the binary must have.
const LETTERS: [(&str, &str); 18] = [
    (
        "Vietnamese",
        "ĂăÂâĐđÊêÔôƠơƯưẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹ",
    ),
    ("Polish, Czech, Hungarian", "ĄąĆćĘęŁłŃńÓóŚśŹźŻżČčĎďĚěŇňŘřŠšŤťŮůŽžŐőŰű"),
    ("Turkish, Azeri, Romanian, Baltic", "ĞğİıŞşÇçƏəȘșȚțĀāĒēĪīŪūĢģĶķĻļŅņĖėĮįŲų"),
    ("Western and northern", "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿŒœŸẞ"),
    ("Punctuation", "“”‘’„‚«»‹›–—…·•†‡°€£¥©®™§¶¡¿№"),
    ("Russian, Ukrainian, Belarusian", "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюяҐґЄєІіЇїЎў"),
    ("Serbian, Macedonian, Bulgarian", "ЂђЈјЉљЊњЋћЏџЃѓЅѕЌќЀѐЍѝ"),
    ("Kazakh, Tatar, Mongolian", "ӘәҒғҚқҢңӨөҰұҮүҺһҖҗ"),
    ("Greek", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψωΆΈΉΊΌΎΏάέήίόύώϊϋΐΰ"),
    ("Polytonic Greek", "ἀἁἂἃἄἅἆἇἐἑἒἓἔἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὐὑὒὓὔὕὖὗὠὡὢὣὤὥὦὧᾳῃῳᾶῆῖῦῶὰὲὴὶὸὺὼῥ"),
    ("Arabic", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْٰ٠١٢٣٤٥٦٧٨٩،؛؟ـ"),
    ("Persian", "پچژکگی۰۱۲۳۴۵۶۷۸۹ۀ"),
    ("Urdu, Pashto, Sindhi, Uyghur", "ٹڈڑںھہۂۃےۓټځڅډړږښڼېۍئەۇۆۈۋڭې"),
    ("Hebrew", "אבגדהוזחטיךכלםמןנסעףפץצקרשת׳״"),
    ("Hebrew points", "ְֱֲֳִֵֶַָֹֻּֽׁׂ־"),
    ("Devanagari", "अआइईउऊऋएऐओऔकखगघङचछजझञटठडढणतथदधनपफबभमयरलळवशषसहािीुूृेैोौ्ंःँ़०१२३४५६७८९।॥"),
    ("Thai", "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะัาำิีึืฺุู฿เแโใไๅๆ็่้๊๋์๐๑๒๓๔๕๖๗๘๙"),
    ("Digits and Latin", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
];

#[test]
fn the_fonts_inside_the_binary_have_these_letters() {
    use skrifa::MetadataProvider as _;
    let has = |font: fonts::Font, c: char| skrifa::FontRef::new(font.file).unwrap().charmap().map(c).is_some();
    let mut missing = Vec::new();
    for (name, first) in [("serif", fonts::SERIF), ("sans", fonts::SANS)] {
        for (script, letters) in LETTERS {
            let lost: String = letters
                .chars()
                .filter(|c| !has(first, *c) && !fonts::OTHER_SCRIPTS.iter().any(|font| has(*font, *c)))
                .collect();
            if !lost.is_empty() {
                missing.push(format!("{script} in {name}: {lost}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn an_input_method_has_its_keys_for_itself() {
    use egui::{Event, ImeEvent, Modifiers};
    let mut stage = Stage::new("北京：外交部长表示停火协议。");
    stage.keys("Ctrl+F");
    let preedit = |text: &str| Event::Ime(ImeEvent::Preedit { text: text.to_owned(), active_range_chars: None });
    let key = |key: egui::Key| Event::Key {
        key,
        physical_key: Some(key),
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    stage.send(vec![preedit("wai")]);
    stage.rest();
    // Enter would leave the field; now it chooses a word.
    stage.send(vec![key(egui::Key::Enter)]);
    stage.send(vec![Event::Ime(ImeEvent::Commit("外交".to_owned())), key(egui::Key::Enter)]);
    stage.rest();
    assert_eq!(stage.selected(), "外交", "what was composed is looked for");
    assert!(stage.named().iter().any(|(_, words, _)| words == "Find in document"), "the field is still open");
    stage.keys("Esc");
    stage.keys("Right 1");
    assert!(stage.see().contains('⟨'), "then the keys are ours again: {}", stage.see());
}
