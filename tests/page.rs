//! The reading page, without a display: what is at a point, where things stand, what the pointer does.

use std::ops::Range;
use std::sync::Arc;

use egui::{Color32, Event, Modifiers, PointerButton, Pos2, pos2, vec2};
use spanwright::app::headless::Headless;
use spanwright::app::raster;
use spanwright::app::reading::{
    Affinity, Fold, Grip, Header, Hit, Invisibles, MarginPhase, Mark, Marks, Page, PageEvent, PageInput, PageOutput,
    Pattern, Reading, ReadingSettings, Side,
};
use spanwright::app::theme::{Theme, contrast};
use spanwright::text::Text;
use unicode_segmentation::UnicodeSegmentation;

/// Marks as a plain list.
#[derive(Default)]
struct List {
    marks: Vec<Mark>,
    version: u64,
}

impl Marks for List {
    fn touching(&self, range: Range<usize>, out: &mut Vec<Mark>) {
        let touches = |mark: &&Mark| mark.extent().start < range.end && range.start < mark.extent().end;
        out.extend(self.marks.iter().filter(touches).cloned());
    }

    fn lanes(&self, range: Range<usize>) -> u8 {
        let mut marks = Vec::new();
        self.touching(range, &mut marks);
        marks.iter().map(|mark| mark.lane + 1).max().unwrap_or(0)
    }

    fn version(&self) -> u64 {
        self.version
    }
}

fn mark(id: u64, text: &str, words: &str, lane: u8) -> Mark {
    let start = text.find(words).unwrap();
    Mark {
        incomplete: false,
        id,
        ranges: std::iter::once(start..start + words.len()).collect(),
        lane,
        above: false,
        colour: Color32::from_rgb(43, 80, 184),
        line: Pattern::Solid,
        tint: true,
        selected: false,
        hovered: false,
        grey_text: false,
        tag: "entity".to_owned(),
        short: String::new(),
        owner: None,
    }
}

/// A page on a screen of its own.
struct Desk {
    screen: Headless,
    reading: Reading,
    page: Page,
    marks: List,
    settings: ReadingSettings,
    caret: Option<usize>,
    selection: Option<Range<usize>>,
    dark: bool,
    folds: Arc<[Fold]>,
    /// The last frame asked for another one.
    busy: bool,
}

impl Desk {
    fn new(text: &str, width: f32, height: f32, scale: f32) -> Self {
        let mut desk = Self {
            screen: Headless::new(vec2(width, height), scale, false),
            reading: Reading::new(false),
            page: Page::new(&Text::new(text)),
            marks: List::default(),
            settings: ReadingSettings::default(),
            caret: None,
            selection: None,
            dark: false,
            folds: Arc::default(),
            busy: false,
        };
        desk.frame(vec![]);
        desk.frame(vec![]);
        desk
    }

    fn frame(&mut self, events: Vec<Event>) -> PageOutput {
        let Self { screen, reading, page, marks, settings, caret, selection, dark, folds, busy } = self;
        let mut output = None;
        let input = input(marks, *settings, *caret, selection.clone(), *dark, folds);
        *busy = screen.frame(events, |ui| output = Some(page.ui(ui, reading, &input)));
        output.unwrap()
    }

    fn picture(&mut self) -> egui::ColorImage {
        let Self { screen, reading, page, marks, settings, caret, selection, dark, folds, .. } = self;
        let input = input(marks, *settings, *caret, selection.clone(), *dark, folds);
        screen.picture(vec![], Color32::WHITE, |ui| {
            page.ui(ui, reading, &input);
        })
    }

    fn hit(&self, pos: Pos2) -> Hit {
        self.page.hit(pos, &self.marks)
    }

    /// The middle of a stretch of text on the screen.
    fn middle(&self, range: Range<usize>) -> Pos2 {
        self.page.rect_of(range.clone()).unwrap_or_else(|| panic!("{range:?} is not on the screen")).center()
    }
}

fn input<'a>(
    marks: &'a List,
    settings: ReadingSettings,
    caret: Option<usize>,
    selection: Option<Range<usize>>,
    dark: bool,
    folds: &'a Arc<[Fold]>,
) -> PageInput<'a> {
    PageInput {
        theme: if dark { Theme::dark() } else { Theme::light() },
        settings,
        header: Header { title: "A title", meta: "a source" },
        marks,
        caret,
        affinity: Affinity::default(),
        folds,
        selection,
        preview: None,
        arrows: &[],
        handle: None,
    }
}

fn moved(pos: Pos2) -> Event {
    Event::PointerMoved(pos)
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

const SCRIPTS: [&str; 20] = [
    "The office said the affluent ceasefire office was efficient.",
    "Cafe\u{301} nai\u{308}ve, decomposed; \u{e9} composed.",
    "Россия и Украина договорились о прекращении огня.",
    "Η συμφωνία υπογράφηκε στη Γενεύη.",
    "قال الوزير في موسكو إن الهدنة دخلت حيز التنفيذ.",
    "قَالَ الوَزِيرُ لَا",
    "השר אמר במוסקבה כי הפסקת האש תחל.",
    "בְּרֵאשִׁית בָּרָא",
    "Mixed: Kern told قال الوزير في موسكو that שלום is 123 said.",
    "قال (United Nations) دخلت 24 نوفمبر 2026، وأضاف.",
    "मंत्री ने कहा कि क्षेत्रीय युद्धविराम पर बातचीत।",
    "รัฐมนตรีกล่าวที่กรุงเทพฯ ว่าการเจรจา",
    "“Curly” ‘quotes’ — and… «others» „too“",
    "北京：外交部长“表示”停火协议。外務大臣が発表した。",
    "외무장관은 \u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}",
    "A family 👩‍👩‍👧‍👦 a flag 🇫🇷🇩🇪 a thumb 👍🏽 a heart ❤️ ok",
    "Z\u{300}\u{301}\u{302}\u{303}\u{304}algo t\u{30a}\u{30b}ext",
    "tab\there nul\u{0}x del\u{7f} next\u{85}line sep\u{2028}end",
    "a\u{200b}b\u{feff}c so\u{ad}ft \u{202e}turned\u{202c} می\u{200c}خواهم",
    "bare words then two  spaces   three",
];

#[test]
fn the_pointer_finds_each_grapheme_in_every_script() {
    let mut asked = 0;
    for scale in [1.0, 1.5, 2.0] {
        let text = SCRIPTS.join("\n");
        let desk = Desk::new(&text, 700.0, 1400.0, scale);
        let mut start = 0;
        for line in SCRIPTS {
            for (at, grapheme) in line.grapheme_indices(true) {
                let range = start + at..start + at + grapheme.len();
                let rect = desk.page.rect_of(range.clone()).unwrap();
                // What takes no room cannot be pointed at.
                if rect.width() < 1.0 {
                    continue;
                }
                for part in [0.3, 0.5, 0.7] {
                    let pos = pos2(rect.left() + rect.width() * part, rect.center().y);
                    let hit = desk.hit(pos);
                    assert_eq!(hit.grapheme, range, "{grapheme:?} of {line:?}, {scale} pixels to the point");
                    assert!(hit.offset == range.start || hit.offset == range.end, "{grapheme:?} of {line:?}");
                    asked += 1;
                }
            }
            start += line.len() + 1;
        }
    }
    assert!(asked > 5000, "only {asked} places were asked for");
}

#[test]
fn the_caret_stands_at_the_edge_that_was_clicked() {
    for line in [SCRIPTS[0], SCRIPTS[2], SCRIPTS[4], SCRIPTS[6], SCRIPTS[10], SCRIPTS[11]] {
        let desk = Desk::new(line, 700.0, 300.0, 1.0);
        for (at, grapheme) in line.grapheme_indices(true) {
            let rect = desk.page.rect_of(at..at + grapheme.len()).unwrap();
            for (part, edge) in [(0.2, rect.left()), (0.8, rect.right())] {
                let hit = desk.hit(pos2(rect.left() + rect.width() * part, rect.center().y));
                let caret = desk.page.rect_of(hit.offset..hit.offset).unwrap();
                assert!((caret.center().x - edge).abs() <= 1.5, "{grapheme:?} of {line:?}: {caret:?}, not {edge}");
            }
        }
    }
}

#[test]
fn beside_a_row_its_ends_are_nearest() {
    let desk = Desk::new("left to right\nقال الوزير", 700.0, 400.0, 1.0);
    let (latin, arabic) = (desk.middle(0..4).y, desk.middle(14..20).y);
    let offsets = |y: f32| [desk.hit(pos2(50.0, y)).offset, desk.hit(pos2(690.0, y)).offset];
    assert_eq!(offsets(latin), [0, 13]);
    assert_eq!(
        offsets(arabic),
        ["left to right\nقال الوزير".len(), 14],
        "a paragraph that reads leftwards ends at the left"
    );
    assert!(desk.hit(pos2(690.0, latin)).marks.is_empty());
}

#[test]
fn a_span_over_a_change_of_direction_covers_its_own_letters_only() {
    let line = "Mixed: Kern told قال الوزير في موسكو that שלום is 123 said.";
    let desk = Desk::new(line, 900.0, 300.0, 1.0);
    let start = line.find("Kern").unwrap();
    for words in ["told قال الوزير", "الوزير في", "موسكو that", "told قال الوزير في موسكو that", "שלום is"]
    {
        let at = line.find(words).unwrap();
        let range = at..at + words.len();
        let rects = desk.page.rects_of(range.clone());
        for (at, grapheme) in line.grapheme_indices(true).skip_while(|(at, _)| *at < start) {
            let own = desk.page.rect_of(at..at + grapheme.len()).unwrap();
            let covered = rects.iter().any(|rect| rect.left() <= own.center().x && own.center().x <= rect.right());
            assert_eq!(covered, range.contains(&at), "{grapheme:?} under {words:?}");
        }
    }
    let at = line.find("told").unwrap();
    assert_eq!(desk.page.rects_of(at..at + "told قال".len()).len(), 2, "the second word stands apart from the first");
    assert_eq!(desk.page.rects_of(0..11).len(), 1);
}

#[test]
fn a_span_over_rows_ends_with_their_words() {
    let desk = Desk::new(WRAPPED, 700.0, 500.0, 1.0);
    let rects = desk.page.rects_of(0..WRAPPED.len());
    let mut rows: Vec<f32> = rects.iter().map(|rect| rect.top()).collect();
    rows.dedup();
    assert_eq!(rects.len(), rows.len(), "one rectangle for a row");
    assert_eq!(rows.len(), 5, "three rows, and one for each of the last two lines");
    assert!(rects.iter().all(|rect| rect.right() <= 700.0));
}

#[test]
fn before_the_first_frame_nothing_moves() {
    let mut page = Page::new(&Text::new(WRAPPED));
    let mut reading = Reading::new(false);
    assert_eq!(page.line_start(&mut reading, 9, Affinity::Downstream).0, 9);
    assert_eq!(page.line_end(&mut reading, 9, Affinity::Downstream).0, 9);
    assert_eq!(page.line(&mut reading, (9, Affinity::Downstream), None, true).0.0, 9);
    assert_eq!(page.rect_of(0..5), None);
    assert_eq!(page.scroll().offset, 0);
}

#[test]
fn empty_and_blank_texts_have_a_place_for_the_caret() {
    for text in ["", "\n", "\n\n\n", "   ", "a\n", "\u{feff}"] {
        let mut desk = Desk::new(text, 700.0, 400.0, 1.0);
        for offset in 0..=text.len() {
            if text.is_char_boundary(offset) {
                desk.caret = Some(offset);
                assert!(desk.frame(vec![]).caret.is_some(), "no caret at {offset} of {text:?}");
            }
        }
        assert!(desk.hit(pos2(300.0, 200.0)).offset <= text.len());
    }
}

const WRAPPED: &str = "The first line of this text is long enough to be wrapped more than once at the width of the page, since it \
                       goes on and on about nothing at all until it has filled three rows.\n\nshort\nAnd a last one.";

#[test]
fn the_caret_moves_by_rows() {
    let mut desk = Desk::new(WRAPPED, 700.0, 500.0, 1.0);
    let Desk { page, reading, .. } = &mut desk;
    let start = WRAPPED.find("on and on").unwrap();
    let ((mut at, mut affinity), mut goal) = ((start, Affinity::Downstream), None);
    let mut way = vec![at];
    while at < WRAPPED.len() {
        let ((next, side), heading) = page.line(reading, (at, affinity), goal, true);
        assert!(next > at, "stuck at {at}");
        (at, affinity, goal) = (next, side, Some(heading));
        way.push(at);
    }
    let end = way.pop().unwrap();
    assert_eq!(end, WRAPPED.len(), "below the last row: the end");
    at = *way.last().unwrap();
    for &before in way.iter().rev().skip(1) {
        let ((next, side), heading) = page.line(reading, (at, affinity), goal, false);
        (at, affinity, goal) = (next, side, Some(heading));
        assert_eq!(at, before, "the way up is the way down");
    }
    let side = Affinity::Downstream;
    assert_eq!(page.line_start(reading, start + 3, side), page.line_start(reading, start, side));
    let row_end = page.line_end(reading, 5, side).0;
    assert_eq!(&WRAPPED[row_end..=row_end], " ", "a row ends before the space that stands between it and the next");
    assert_eq!(page.line_start(reading, row_end, side).0, 0);
    assert_eq!(page.line_start(reading, row_end + 1, side).0, row_end + 1);
}

#[test]
fn the_page_says_what_was_pressed() {
    let text = "Maria Lind of Nordbank said so.";
    let mut desk = Desk::new(text, 800.0, 300.0, 1.0);
    desk.marks.marks =
        vec![mark(7, text, "Maria Lind of Nordbank", 1), mark(8, text, "Maria Lind", 0), mark(9, text, "said", 0)];
    desk.marks.marks[2].selected = true;
    desk.marks.version = 1;
    desk.frame(vec![]);

    let on = |desk: &Desk, words: &str| desk.middle(text.find(words).unwrap()..text.find(words).unwrap() + words.len());
    assert_eq!(desk.hit(on(&desk, "Lind")).marks, [8, 7], "innermost first");
    let below = on(&desk, "Lind") + vec2(0.0, 0.0);
    let line = desk.page.rect_of(0..5).unwrap().bottom();
    assert_eq!(desk.hit(pos2(below.x, line + 5.5)).marks, [7, 8], "a line that is pointed at comes first");
    assert_eq!(desk.hit(on(&desk, "of")).marks, [7]);
    assert!(desk.hit(on(&desk, "so")).marks.is_empty());

    let said = desk.page.rect_of(text.find("said").unwrap()..text.find("said").unwrap() + 4).unwrap();
    assert_eq!(
        desk.hit(pos2(said.left() + 1.0, said.center().y)).edge,
        Some(Grip { mark: 9, fragment: 0, side: Side::Start })
    );
    assert_eq!(
        desk.hit(pos2(said.right() - 1.0, said.center().y)).edge,
        Some(Grip { mark: 9, fragment: 0, side: Side::End })
    );
    assert_eq!(desk.hit(on(&desk, "Lind")).edge, None);
}

#[test]
fn a_drag_comes_as_events_in_order() {
    let text = "Maria Lind of Nordbank said so.";
    let mut desk = Desk::new(text, 800.0, 300.0, 1.0);
    let (from, to) = (desk.page.rect_of(6..7).unwrap(), desk.page.rect_of(13..14).unwrap());
    let (from, to) = (pos2(from.left() + 1.0, from.center().y), pos2(to.left() + 1.0, to.center().y));
    desk.frame(vec![moved(from)]);
    let mut events = desk.frame(vec![button(from, true)]).events;
    events.extend(desk.frame(vec![moved(to)]).events);
    events.extend(desk.frame(vec![button(to, false)]).events);
    let told: Vec<_> = events
        .iter()
        .map(|event| match event {
            PageEvent::Pressed { hit, clicks, .. } => format!("pressed {} x{clicks}", hit.offset),
            PageEvent::Dragged { hit, .. } => format!("dragged {}", hit.offset),
            PageEvent::Released { hit, .. } => format!("released {}", hit.offset),
            PageEvent::Margin { .. } => "margin".to_owned(),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(told, ["pressed 6 x1", "dragged 13", "released 13"]);

    // All of it in one frame.
    desk.screen.wait(5.0);
    let events = desk.frame(vec![moved(from), button(from, true), moved(to), button(to, false)]).events;
    assert_eq!(events.len(), 3, "{events:?}");
}

#[test]
fn quick_presses_count_to_four() {
    let mut desk = Desk::new("Some words.", 800.0, 300.0, 1.0);
    let pos = desk.middle(5..10);
    desk.frame(vec![moved(pos)]);
    let mut counted = Vec::new();
    for _ in 0..5 {
        for event in desk.frame(vec![button(pos, true), button(pos, false)]).events {
            if let PageEvent::Pressed { clicks, .. } = event {
                counted.push(clicks);
            }
        }
    }
    assert_eq!(counted, [1, 2, 3, 4, 1]);
    desk.screen.wait(1.0);
    let slow = desk.frame(vec![button(pos, true), button(pos, false)]).events;
    assert!(matches!(slow[0], PageEvent::Pressed { clicks: 1, .. }), "{slow:?}");
}

#[test]
fn the_margin_marks_whole_lines() {
    let text = "First line.\nSecond line.\nThird line.";
    let mut desk = Desk::new(text, 900.0, 400.0, 1.0);
    let beside = |desk: &Desk, range: Range<usize>| pos2(40.0, desk.middle(range).y);
    let (first, third) = (beside(&desk, 0..5), beside(&desk, 25..30));
    desk.frame(vec![moved(first)]);
    let events = desk.frame(vec![button(first, true), moved(third), button(third, false)]).events;
    let lines: Vec<_> = events
        .iter()
        .map(|event| match event {
            PageEvent::Margin { lines, phase, .. } => (lines.clone(), *phase),
            other => panic!("{other:?}"),
        })
        .collect();
    let all = 0..text.len();
    assert_eq!(
        lines,
        [(0..11, MarginPhase::Pressed), (all.clone(), MarginPhase::Dragged), (all, MarginPhase::Released)]
    );
}

fn long_text() -> String {
    (0..3000).map(|i| format!("Paragraph {i} says something, at more length than its neighbours say it.\n")).collect()
}

#[test]
fn what_is_revealed_is_seen_well_inside() {
    let text = long_text();
    let mut desk = Desk::new(&text, 800.0, 600.0, 1.0);
    for words in ["Paragraph 2999 ", "Paragraph 1500 ", "Paragraph 1503 ", "Paragraph 1490 ", "Paragraph 0 "] {
        let start = text.find(words).unwrap();
        desk.page.reveal(start..start + words.len());
        desk.frame(vec![]);
        let rect = desk.page.rect_of(start..start + words.len()).unwrap_or_else(|| panic!("{words:?} is not seen"));
        assert!(rect.top() > 40.0 && rect.bottom() < 560.0, "{words:?} is seen at {rect:?}");
        let before = desk.page.scroll();
        desk.page.reveal(start..start + words.len());
        desk.frame(vec![]);
        assert_eq!(desk.page.scroll(), before, "what is seen already stays where it is");
    }
}

#[test]
fn scrolling_there_and_back_ends_where_it_began() {
    let text = long_text();
    let mut desk = Desk::new(&text, 800.0, 600.0, 1.0);
    let top = desk.page.scroll();
    for step in [700.0, -700.0, 90_000.0, -95_000.0] {
        desk.page.scroll_by(step);
        desk.frame(vec![]);
    }
    assert_eq!(desk.page.scroll(), top);
    desk.page.reveal(text.len()..text.len());
    desk.page.scroll_by(0.0);
    desk.frame(vec![]);
    desk.page.scroll_by(5000.0);
    let end = desk.frame(vec![]).visible.end;
    assert_eq!(end, text.len());
    let bottom = desk.page.rect_of(text.len() - 10..text.len() - 1).unwrap().bottom();
    assert!(bottom < 600.0 && bottom > 400.0, "the end stands at {bottom}");
}

#[test]
fn scrolling_up_through_what_was_never_seen_does_not_jump() {
    let text = long_text();
    let mut desk = Desk::new(&text, 620.0, 600.0, 1.0);
    desk.page.reveal(text.len() / 2..text.len() / 2);
    desk.frame(vec![]);
    for _ in 0..200 {
        let visible = desk.frame(vec![]).visible;
        let line = visible.start + text[visible.start..].find('\n').unwrap() + 1;
        let before = desk.middle(line..line + 5).y;
        desk.page.scroll_by(-37.0);
        desk.frame(vec![]);
        assert_eq!(desk.middle(line..line + 5).y, before + 37.0);
    }
}

#[test]
fn the_bar_goes_where_it_is_dragged() {
    let text = long_text();
    let mut desk = Desk::new(&text, 800.0, 600.0, 1.0);
    let (top, middle) = (pos2(795.0, 10.0), pos2(795.0, 300.0));
    desk.frame(vec![moved(top)]);
    let mut events = desk.frame(vec![button(top, true)]).events;
    events.extend(desk.frame(vec![moved(middle)]).events);
    let visible = desk.frame(vec![]).visible;
    events.extend(desk.frame(vec![button(middle, false)]).events);
    assert!(events.is_empty(), "{events:?}");
    let part = visible.start as f32 / text.len() as f32;
    assert!((0.4..0.6).contains(&part), "{visible:?} of {}", text.len());
}

#[test]
fn the_wheel_scrolls() {
    let text = long_text();
    let mut desk = Desk::new(&text, 800.0, 600.0, 1.0);
    let pos = pos2(300.0, 300.0);
    let wheel = Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -120.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    };
    desk.frame(vec![moved(pos)]);
    desk.frame(vec![wheel]);
    for _ in 0..60 {
        desk.frame(vec![]);
    }
    let scroll = desk.page.scroll();
    assert!(scroll.offset > 0 || scroll.below > 0.0, "{scroll:?}");
    assert!(!desk.busy, "the page is at rest again");
}

#[test]
fn another_width_or_zoom_keeps_the_place() {
    let text = long_text();
    let mut desk = Desk::new(&text, 800.0, 600.0, 1.0);
    desk.page.reveal(text.len() / 3..text.len() / 3);
    desk.frame(vec![]);
    let place = desk.page.scroll();
    for (width, scale) in [(700.0, 1.0), (520.0, 1.0), (800.0, 2.0), (800.0, 1.0)] {
        desk.screen.resize(vec2(width, 600.0), scale);
        desk.frame(vec![]);
        desk.frame(vec![]);
        let now = desk.page.scroll();
        assert!(now.offset <= place.offset + 80 && place.offset <= now.offset + 80, "{place:?} became {now:?}");
    }
    let mut other = Desk::new(&text, 800.0, 600.0, 1.0);
    other.page.restore(place);
    other.frame(vec![]);
    assert_eq!(other.page.scroll().offset, place.offset, "a place survives a restart");
}

#[test]
fn lanes_make_room_below_the_pointer_not_above_it() {
    let text = long_text();
    let mut desk = Desk::new(&text, 800.0, 600.0, 1.0);
    desk.page.reveal(text.len() / 2..text.len() / 2);
    let visible = desk.frame(vec![]).visible;
    let lines: Vec<usize> = text[visible.clone()].match_indices('\n').map(|(at, _)| visible.start + at + 1).collect();
    let (above, pointed) = (lines[2], lines[5]);
    let pos = desk.middle(pointed..pointed + 9);
    desk.frame(vec![moved(pos)]);
    let before = desk.middle(above..above + 9).y;
    desk.marks.marks = (0..6)
        .map(|lane| Mark { ranges: vec![above..above + 9], lane, ..mark(lane.into(), &text, "Paragraph", lane) })
        .collect();
    desk.marks.version = 1;
    desk.frame(vec![]);
    assert_eq!(desk.middle(pointed..pointed + 9), pos, "the row under the pointer stays");
    assert_eq!(desk.middle(above..above + 9).y, before - 18.0, "four lanes more than every row has room for");
    desk.marks.marks.truncate(2);
    desk.marks.version = 2;
    desk.frame(vec![]);
    assert_eq!(desk.middle(above..above + 9).y, before, "two lanes need no room of their own");
}

#[test]
fn long_lines_are_seen_without_a_seam() {
    let text = "word and another ".repeat(60_000);
    let mut desk = Desk::new(&text, 800.0, 600.0, 1.0);
    desk.page.reveal(text.len() / 2..text.len() / 2);
    desk.frame(vec![]);
    let mut tops = Vec::new();
    for _ in 0..40 {
        let visible = desk.frame(vec![]).visible;
        assert!(visible.len() < 40_000, "{visible:?} laid out for one screen");
        let rows = visible.clone().step_by(20).filter_map(|at| desk.page.rect_of(at..at + 1));
        let mut rows: Vec<f32> = rows.map(|rect| rect.top()).collect();
        rows.sort_by(f32::total_cmp);
        rows.dedup();
        tops.extend(rows.windows(2).map(|pair| pair[1] - pair[0]));
        desk.page.scroll_by(500.0);
    }
    assert!(tops.iter().all(|&height| height == 30.0), "{tops:?}");
    let mut none = desk;
    none.marks.marks = vec![mark(1, &text, &text[..600_000], 0)];
    none.marks.version = 1;
    assert!(none.frame(vec![]).visible.len() < 40_000);
}

#[test]
fn a_page_at_rest_asks_for_no_frames_and_draws_the_same_bytes() {
    let text = SCRIPTS.join("\n");
    let picture = |dark: bool| {
        let mut desk = Desk::new(&text, 700.0, 500.0, 1.5);
        desk.dark = dark;
        desk.marks.marks = vec![mark(1, &text, "Россия", 0), mark(2, &text, "الوزير", 2)];
        desk.marks.marks[1].selected = true;
        desk.marks.marks[0].line = Pattern::Wavy;
        desk.selection = Some(10..30);
        desk.caret = Some(30);
        desk.settings.invisibles = Invisibles::All;
        for _ in 0..3 {
            desk.frame(vec![]);
        }
        assert!(!desk.busy);
        desk.picture()
    };
    let (light, dark) = (picture(false), picture(true));
    assert_eq!(light.pixels, picture(false).pixels);
    assert_eq!(light.pixels[0], Theme::light().page);
    assert_eq!(dark.pixels[0], Theme::dark().page);
    let png = raster::png(&light).unwrap();
    assert_eq!(png, raster::png(&picture(false)).unwrap());
    let shades = |image: &egui::ColorImage| image.pixels.iter().collect::<std::collections::HashSet<_>>().len();
    assert!(shades(&light) > 100 && shades(&dark) > 100, "there is something to see");
}

#[test]
fn selected_spans_are_drawn_where_they_are() {
    let text = "Maria Lind of Nordbank said so.";
    let mut desk = Desk::new(text, 800.0, 300.0, 1.0);
    let plain = desk.picture();
    desk.marks.marks = vec![mark(1, text, "Nordbank", 0)];
    desk.marks.version = 1;
    desk.frame(vec![]);
    let marked = desk.picture();
    let changed = (0..plain.pixels.len()).filter(|&i| plain.pixels[i] != marked.pixels[i]);
    let changed: Vec<_> = changed.map(|i| ((i % 800) as f32, (i / 800) as f32)).collect();
    let x0 = changed.iter().map(|at| at.0).fold(f32::MAX, f32::min);
    let x1 = changed.iter().map(|at| at.0).fold(f32::MIN, f32::max);
    let word = desk.page.rect_of(14..22).unwrap();
    assert!((x0 - word.left()).abs() <= 3.0 && (x1 - word.right()).abs() <= 3.0, "{x0}..{x1}, not {word:?}");
}

#[test]
fn screen_readers_are_told_the_words_in_their_order() {
    let text = "First “line”.\n\nKern told قال الوزير في موسكو that 👩‍👩‍👧 is 123.\nLast.";
    let mut desk = Desk::new(text, 800.0, 400.0, 1.0);
    let told = text.find("قال").unwrap();
    desk.selection = Some(told..told + "قال الوزير".len());
    desk.caret = Some(told);
    let Desk { screen, reading, page, marks, settings, caret, selection, folds, .. } = &mut desk;
    let input = input(marks, *settings, *caret, selection.clone(), false, folds);
    let tree = screen.described(|ui| {
        page.ui(ui, reading, &input);
    });
    let nodes = tree.unwrap().nodes;
    let node = |id: accesskit::NodeId| nodes.iter().find(|(other, _)| *other == id).map(|(_, node)| node).unwrap();
    let (_, document) = nodes.iter().find(|(_, node)| node.role() == accesskit::Role::Document).unwrap();
    let runs: Vec<accesskit::NodeId> =
        document.children().iter().flat_map(|&paragraph| node(paragraph).children().iter().copied()).collect();
    let words: String = runs.iter().map(|&run| node(run).value().unwrap()).collect();
    assert_eq!(words, text);
    for &run in &runs {
        let run = node(run);
        let lengths: usize = run.character_lengths().iter().map(|&length| usize::from(length)).sum();
        assert_eq!(lengths, run.value().unwrap().len());
        assert_eq!(run.character_lengths().len(), run.character_positions().unwrap().len());
        let leftwards = run.text_direction() == Some(accesskit::TextDirection::RightToLeft);
        assert_eq!(leftwards, run.value().unwrap().contains("الوزير"), "{run:?}");
    }
    let selection = document.text_selection().unwrap();
    assert_eq!(selection.focus.node, selection.anchor.node, "both ends are in the Arabic run");
    assert_eq!((selection.focus.character_index, selection.anchor.character_index), (0, "قال الوزير".chars().count()));
    let family = runs.iter().map(|&run| node(run)).find(|run| run.value().unwrap().contains('👩')).unwrap();
    assert!(family.character_lengths().contains(&("👩‍👩‍👧".len() as u8)), "a family is one character");
}

#[test]
fn the_themes_can_be_read() {
    for theme in [Theme::light(), Theme::dark()] {
        let texts = [theme.text, theme.secondary, theme.accent, theme.error, theme.warning, theme.good];
        for (text, name) in texts.iter().zip(["text", "secondary", "accent", "error", "warning", "good"]) {
            for (ground, under) in [(theme.page, "page"), (theme.panel, "panel"), (theme.hover, "hover")] {
                let contrast = contrast(*text, ground);
                assert!(contrast >= 4.5, "{name} on {under} is {contrast:.2}:1, dark: {}", theme.dark);
            }
        }
        assert!(contrast(theme.on_accent, theme.accent) >= 4.5);
        for slot in 1..=8 {
            let contrast = contrast(theme.slot(slot), theme.page);
            assert!(contrast >= 3.3, "slot {slot} on the page is {contrast:.2}:1, dark: {}", theme.dark);
        }
    }
    assert_eq!(Theme::light().slot(9), Theme::light().slot(1), "colours repeat");
}

#[test]
fn a_row_in_two_directions_is_one_box() {
    let text = "قالت المديرة إن شركة Corda Shipping وصلت أمس وأن شركة Harbour Post International كتبت عنها";
    for width in [260.0, 300.0, 340.0, 380.0, 420.0, 500.0] {
        let mut desk = Desk::new(text, width, 600.0, 1.0);
        desk.frame(vec![]);
        let boxes = desk.page.rects_of(0..text.len());
        let mut rows: Vec<f32> = boxes.iter().map(|rect| rect.top()).collect();
        rows.dedup();
        assert!(rows.len() > 1, "the text is broken at {width}");
        assert_eq!(boxes.len(), rows.len(), "{width}: {boxes:?}");
    }
}
