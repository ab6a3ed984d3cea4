//! What the pointer does on the page: before, keys and mouse, after. `⟨label …⟩` are spans.

use egui::{Event, Modifiers, PointerButton, Pos2, pos2, vec2};
use spanwright::app::Screen;
use spanwright::session::Command;

use crate::session::{project, session_of};
use crate::stage::{A, Stage};

const KERRY: &str = "Maria Lind met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more";

impl Stage {
    fn work(&self) -> &spanwright::app::Work {
        let Screen::Work(work) = &self.window.screen else { panic!("no project is open") };
        work
    }

    /// What a release would mark or select.
    fn previewed(&self) -> &str {
        let text = self.session().open.as_ref().unwrap().text();
        self.work().view.preview().map_or("", |range| &text.as_str()[range])
    }

    /// Presses a modifier key while the pointer stands still.
    fn hold_key(&mut self, held: Modifiers) -> &mut Self {
        self.held = held;
        self.send(vec![Event::ModifiersChanged(held)]);
        self.rest();
        self
    }

    /// The words of the spans in the list under the pointer.
    fn listed(&self) -> Vec<String> {
        let open = self.session().open.as_ref().unwrap();
        let words = |id| {
            let span = open.shown().unwrap().span(id).unwrap();
            format!("{} {}", span.label, span.ranges.quote(open.text()))
        };
        self.work().view.stacked().iter().map(words).collect()
    }

    /// Moves the pointer without pressing anything, and lets it rest.
    fn hover(&mut self, at: Pos2) -> &mut Self {
        self.send(vec![Event::PointerMoved(at)]);
        self.rest();
        self.screen.wait(1.0);
        self.rest();
        self
    }

    /// The middle of a row of a list; spans on the page have the same names.
    fn row(&mut self, name: &str) -> Pos2 {
        let rows = self.named().into_iter().filter(|(role, ..)| *role == accesskit::Role::MenuItem);
        let mut rows = rows.filter(|(_, known, _)| known.starts_with(name));
        rows.next().and_then(|(.., rect)| rect).unwrap_or_else(|| panic!("no row is called {name}")).center()
    }

    fn fragments(&self) -> Vec<String> {
        let open = self.session().open.as_ref().unwrap();
        let span = self.session().selected_span().unwrap();
        span.ranges.as_slice().iter().map(|range| open.text().slice(*range).to_owned()).collect()
    }
}

#[test]
fn the_snapped_extent_shows_while_dragging_and_alt_makes_it_exact() {
    let mut stage = Stage::new(KERRY);
    let (from, to) = (stage.place("ria").left_center() + vec2(1.0, 0.0), stage.place("To").right_center());
    stage.hold(from, Modifiers::NONE).pull(from.lerp(to, 0.5));
    assert_eq!(stage.pull(to).previewed(), "Maria Lind met Tomas");
    assert_eq!(stage.hold_key(Modifiers::ALT).previewed(), "ria Lind met To", "Alt, with the pointer at rest");
    assert_eq!(stage.hold_key(Modifiers::NONE).previewed(), "Maria Lind met Tomas");
    stage.hold_key(Modifiers::ALT).release(to).keys("1");
    assert!(stage.see().starts_with("Ma⟨entity ria Lind met To⟩mas"), "{}", stage.see());
    assert_eq!(stage.previewed(), "");
}

#[test]
fn esc_lets_go_of_what_is_held() {
    let mut stage = Stage::new(KERRY);
    let (from, to) = (stage.place("Maria").left_center(), stage.place("Lind").right_center());
    stage.hold(from, Modifiers::NONE).pull(to).keys("Esc");
    assert_eq!(stage.previewed(), "");
    stage.release(to);
    assert_eq!(stage.selected(), "");
    stage.keys("Ctrl+Shift+1").hold(from, Modifiers::NONE).pull(to).keys("Esc").release(to);
    assert_eq!(stage.see(), KERRY);
    stage.drag("Maria", "Lind", Modifiers::NONE);
    assert!(stage.see().starts_with("⟨entity Maria Lind⟩"), "the label stays armed: {}", stage.see());
}

#[test]
fn words_of_every_script_are_taken_whole() {
    let cases = [
        ("قال الوزير في موسكو إن الهدنة دخلت حيز التنفيذ.", "وزي", "الوزير", ""),
        ("שר החוץ אמר במוסקבה כי הפסקת האש תחל.", "מוסק", "במוסקבה", ""),
        ("मंत्री ने कहा कि क्षेत्रीय युद्धविराम पर बातचीत।", "षेत्री", "क्षेत्रीय", ""),
        ("Россия и Украина договорились.", "краи", "Украина", ""),
        ("A 👩‍👩‍👧‍👦 came", "👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
        ("e\u{301}te\u{301} o\u{308}l", "te\u{301}", "e\u{301}te\u{301}", "te\u{301}"),
    ];
    for (text, inside, word, exact) in cases {
        let mut stage = Stage::new(text);
        assert_eq!(stage.click(inside, 2).selected(), word, "double click in {text}");
        stage.keys("Esc");
        let letters = stage.place(inside);
        let (from, to) = (letters.left_center() + vec2(0.5, 0.0), letters.right_center() - vec2(0.5, 0.0));
        stage.hold(from, Modifiers::NONE).pull(to);
        assert_eq!(stage.previewed(), word, "drag in {text}");
        stage.hold_key(Modifiers::ALT);
        if !exact.is_empty() {
            assert_eq!(stage.previewed(), exact, "exactly in {text}");
        }
        let preview = stage.previewed().to_owned();
        assert!(!preview.is_empty() && word.contains(&preview), "{preview} in {text}");
        stage.hold_key(Modifiers::NONE).release(to).keys("1");
        assert_eq!(stage.see(), text.replacen(word, &format!("⟨entity {word}⟩"), 1));
    }
}

#[test]
fn where_words_have_no_spaces_a_drag_takes_whole_letters() {
    for (text, words) in [("รัฐมนตรีกล่าวที่กรุงเทพฯ ว่าการเจรจา", "กรุงเทพฯ"), ("北京：外交部长表示停火。", "外交部长")]
    {
        let mut stage = Stage::new(text);
        stage.drag(words, words, Modifiers::NONE).keys("1");
        assert_eq!(stage.see(), text.replacen(words, &format!("⟨entity {words}⟩"), 1));
    }
}

#[test]
fn triple_and_fourfold_clicks_take_sentence_and_paragraph_in_any_direction() {
    let mut stage = Stage::new("قال الوزير إن الهدنة بدأت. وأضاف أنها ستستمر.\nSecond line.");
    assert_eq!(stage.click("الهدنة", 3).selected(), "قال الوزير إن الهدنة بدأت.");
    assert_eq!(stage.click("الهدنة", 4).selected(), "قال الوزير إن الهدنة بدأت. وأضاف أنها ستستمر.");
}

#[test]
fn edges_are_dragged_with_the_new_extent_shown() {
    let mut stage = Stage::new(KERRY);
    stage.drag("Maria", "Lind", Modifiers::NONE).keys("1");
    let (from, to) = (stage.place("Lind").right_center(), stage.place("To").right_center());
    stage.hold(from, Modifiers::NONE).pull(to);
    assert_eq!(stage.previewed(), "Maria Lind met Tomas", "an edge snaps to words");
    assert_eq!(stage.hold_key(Modifiers::ALT).previewed(), "Maria Lind met To");
    stage.hold_key(Modifiers::NONE).release(to);
    assert!(stage.see().starts_with("⟨entity Maria Lind met Tomas⟩"), "{}", stage.see());
    // The left edge, inward.
    let (from, to) = (stage.place("Maria").left_center(), stage.place("met").left_center() + vec2(2.0, 0.0));
    stage.hold(from, Modifiers::NONE).pull(to).release(to);
    assert!(stage.see().starts_with("Maria Lind ⟨entity met Tomas⟩"), "{}", stage.see());
}

#[test]
fn an_edge_in_arabic_is_where_the_word_ends() {
    let text = "قال الوزير في موسكو إن الهدنة بدأت.";
    let mut stage = Stage::new(text);
    stage.click("الوزير", 2).keys("1");
    let (from, to) = (stage.place("الوزير").left_center(), stage.place("موسكو").left_center() + vec2(2.0, 0.0));
    stage.hold(from, Modifiers::NONE).pull(to);
    assert_eq!(stage.previewed(), "الوزير في موسكو");
    stage.release(to);
    assert_eq!(stage.see(), "قال ⟨entity الوزير في موسكو⟩ إن الهدنة بدأت.");
}

#[test]
fn every_fragment_has_edges() {
    let mut stage = Stage::new("“We are ready,” Lind said again, “and we will go,” she said, “and soon.”");
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2");
    stage.drag("“and we", "go,”", Modifiers::COMMAND).drag("“and soon", "soon.”", Modifiers::COMMAND);
    assert_eq!(stage.fragments(), ["“We are ready,”", "“and we will go,”", "“and soon.”"]);
    let drag = |stage: &mut Stage, from: Pos2, to: Pos2| {
        stage.hold(from, Modifiers::NONE).pull(to).release(to);
    };
    // The end of the first, the start of the one in the middle.
    let (from, to) = (stage.place("ready,”").right_center(), stage.place("Lind").right_center() - vec2(2.0, 0.0));
    drag(&mut stage, from, to);
    assert_eq!(stage.fragments()[0], "“We are ready,” Lind");
    let (from, to) = (stage.place("“and we").left_center(), stage.place("we will").left_center() + vec2(2.0, 0.0));
    drag(&mut stage, from, to);
    assert_eq!(stage.fragments()[1], "we will go,”");
    // As far as the next one, and no further.
    let (from, to) = (stage.place("go,”").right_center(), stage.place("soon").right_center());
    drag(&mut stage, from, to);
    assert_eq!(stage.fragments()[1..], ["we will go,” she said, ", "“and soon.”"]);
    stage.keys("Ctrl+Z Ctrl+Z Ctrl+Z");
    assert_eq!(stage.fragments(), ["“We are ready,”", "“and we will go,”", "“and soon.”"]);
}

#[test]
fn ctrl_and_a_drag_show_the_fragment_before_it_is_added() {
    let mut stage = Stage::new("“We are ready,” Lind said, “and we will go.”");
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2");
    let (from, to) = (stage.place("nd we").left_center(), stage.place("will g").right_center());
    stage.hold(from, Modifiers::COMMAND).pull(to);
    assert_eq!(stage.previewed(), "and we will go");
    stage.release(to);
    assert_eq!(stage.see(), "⟨quote “We are ready,”⟩ Lind said, “⟨+quote and we will go⟩.”");
    stage.drag("are", "said", Modifiers::COMMAND);
    assert_eq!(stage.told().last().copied(), Some("This text belongs to the span already"));
}

#[test]
fn the_margin_takes_several_lines() {
    let mut stage = Stage::new("One line\nRead more\nSign up\nLog in\nThe end");
    let margin = |stage: &Stage, words: &str| pos2(stage.place("Read").left() - 30.0, stage.place(words).center().y);
    let (from, to) = (margin(&stage, "Read"), margin(&stage, "Log"));
    stage.hold(from, Modifiers::NONE).pull(to);
    assert_eq!(stage.previewed(), "Read more\nSign up\nLog in");
    stage.release(to).keys("4");
    assert_eq!(stage.see(), "One line\n⟨boilerplate Read more\nSign up\nLog in⟩\nThe end");
    // Upwards too.
    stage.keys("Ctrl+Z").hold(to, Modifiers::NONE).pull(from).release(from);
    assert_eq!(
        stage.see(),
        "One line\n⟨boilerplate Read more\nSign up\nLog in⟩\nThe end",
        "the last label takes lines"
    );
}

#[test]
fn a_drag_past_the_edge_scrolls() {
    let lines: Vec<String> = (0..120).map(|line| format!("Line {line} of a long article.")).collect();
    let mut stage = Stage::new(&lines.join("\n"));
    let from = stage.place("Line 3 ").left_center();
    stage.hold(from, Modifiers::NONE);
    for _ in 0..200 {
        stage.send(vec![Event::PointerMoved(pos2(500.0, 900.0))]);
    }
    let reached = stage.previewed().to_owned();
    assert!(reached.starts_with("Line 3 ") && reached.contains("Line 40 "), "{reached}");
    stage.release(pos2(500.0, 900.0));
    assert_eq!(stage.selected(), reached);
    // And back up.
    stage.hold(pos2(500.0, 700.0), Modifiers::NONE);
    for _ in 0..400 {
        stage.send(vec![Event::PointerMoved(pos2(500.0, -100.0))]);
    }
    assert!(stage.previewed().contains("\nLine 1 of"), "{}", stage.previewed());
    stage.release(pos2(500.0, -100.0));
}

#[test]
fn an_armed_label_shows_its_own_unit() {
    let mut stage = Stage::new(KERRY);
    stage.keys("Ctrl+Shift+4");
    let (from, to) = (stage.place("are").left_center(), stage.place("ready").right_center());
    stage.hold(from, Modifiers::NONE).pull(to);
    assert_eq!(stage.previewed(), "“We are ready,” Lind said.", "boilerplate takes lines");
    stage.release(to);
    assert!(stage.see().contains("⟨boilerplate “We are ready,” Lind said.⟩"), "{}", stage.see());
}

#[test]
fn a_right_click_takes_the_word_under_it_in_any_script() {
    for (text, word) in [("قال الوزير في موسكو.", "الوزير"), ("मंत्री ने कहा", "मंत्री"), ("Привет, мир", "мир")]
    {
        let mut stage = Stage::new(text);
        let at = stage.place(word).center();
        stage.click_at(at, PointerButton::Secondary).press("Mark Entity");
        assert_eq!(stage.see(), text.replacen(word, &format!("⟨entity {word}⟩"), 1));
    }
}

#[test]
fn in_the_layer_of_somebody_else_every_gesture_says_why_not() {
    let store = project(&[("d", KERRY)]);
    let mut hers = session_of(&store, "ana");
    hers.run(Command::Open("d".into()));
    let mut stage = Stage::with(hers);
    stage.drag("Maria", "Lind", Modifiers::NONE).keys("1 Ctrl+S");
    let mut his = session_of(&store, "ben");
    his.run(Command::Open("d".into()));
    let mut stage = Stage::with(his);
    stage.keys("Ctrl+Shift+1");
    let Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.run(Command::Show("ana".into()));
    stage.rest();
    let before = "⟨entity Maria Lind⟩ met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more";
    assert_eq!(stage.see(), before);
    let why = "This layer is someone else's";
    let refused = |stage: &mut Stage, what: &str| {
        assert_eq!(stage.see(), before, "{what}");
        let told: Vec<String> = stage.told().iter().map(|told| (*told).to_owned()).collect();
        assert!(told.last().is_some_and(|told| told.starts_with(why)), "{what}: {told:?}");
        stage.window.shared.toasts = Default::default();
    };
    stage.drag("Tomas", "Berg", Modifiers::NONE);
    refused(&mut stage, "a drag with an armed label");
    stage.drag("Tomas", "Berg", Modifiers::COMMAND);
    stage.click("Maria", 1);
    let (from, to) = (stage.place("Lind").right_center(), stage.place("Tomas").right_center());
    stage.hold(from, Modifiers::NONE).pull(to);
    assert_eq!(stage.previewed(), "", "nothing is promised");
    stage.release(to);
    refused(&mut stage, "an edge");
    stage.click("Maria", 1).drag("Tomas", "Berg", Modifiers::COMMAND);
    refused(&mut stage, "a fragment");
    let margin = pos2(stage.place("Read").left() - 30.0, stage.place("Read").center().y);
    stage.click_at(margin, A);
    refused(&mut stage, "the margin with an armed label");
    stage.click("Oslo", 2).keys("1");
    refused(&mut stage, "a key");
}

#[test]
fn stacked_spans_are_named_under_the_pointer() {
    let mut stage = Stage::new(KERRY);
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2");
    stage.click("ready", 2).keys("1 Esc Esc");
    let ready = stage.place("ready").center();
    // Passing by shows nothing, resting does.
    stage.send(vec![Event::PointerMoved(ready)]);
    stage.rest();
    assert_eq!(stage.listed(), [""; 0]);
    stage.hover(ready);
    assert_eq!(stage.listed(), ["entity ready", "quote “We are ready,”"]);
    stage.snap("stacked");
    assert!(!stage.send(Vec::new()), "nothing is drawn while the pointer rests");
    // A row shows the extent of its span; a click selects it.
    let row = stage.row("Quote: “We are");
    stage.click_at(row, A);
    assert_eq!(stage.session().selected_span().unwrap().label.as_str(), "quote");
    assert_eq!(stage.listed(), [""; 0]);
    // It goes when the pointer does, with Esc, and with any key.
    stage.keys("Esc").hover(pos2(700.0, 600.0)).hover(ready);
    assert_eq!(stage.listed().len(), 2);
    stage.hover(pos2(700.0, 600.0));
    assert_eq!(stage.listed(), [""; 0]);
    stage.hover(ready).keys("Esc");
    assert_eq!(stage.listed(), [""; 0]);
    // One span alone needs no list.
    let alone = stage.place("We").center();
    stage.hover(alone);
    assert_eq!(stage.listed(), [""; 0]);
}

#[test]
fn digits_stay_with_the_labels_until_the_pointer_is_in_the_list() {
    let mut stage = Stage::new(KERRY);
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2");
    stage.click("ready", 2).keys("1 Esc");
    // A click on the stack selects the innermost and lists both; a digit relabels at once.
    stage.click("ready", 1);
    assert_eq!(stage.listed().len(), 2);
    stage.keys("3");
    assert!(stage.see().contains("⟨event ready⟩"), "{}", stage.see());
    assert_eq!(stage.listed(), [""; 0]);
    stage.keys("Esc").click("ready", 1);
    let row = stage.row("Quote: “We");
    stage.hover(row).keys("2");
    assert_eq!(stage.session().selected_span().unwrap().label.as_str(), "quote");
    assert!(stage.see().contains("⟨event ready⟩"), "{}", stage.see());
}

#[test]
fn the_spans_at_the_caret_are_listed_by_key() {
    let mut stage = Stage::new(KERRY);
    stage.keys("Ctrl+L");
    assert_eq!(stage.told().last().copied(), Some("There is no span at the caret"));
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2");
    stage.click("ready", 2).keys("1 Ctrl+L");
    assert_eq!(stage.listed(), ["entity ready", "quote “We are ready,”"]);
    stage.keys("2");
    assert_eq!(stage.session().selected_span().unwrap().label.as_str(), "quote");
    stage.keys("Esc").click("ready", 1).keys("Ctrl+L Down Enter");
    assert_eq!(stage.session().selected_span().unwrap().label.as_str(), "quote");
    stage.keys("Ctrl+L Esc");
    assert!(stage.session().selected_span().is_some(), "Esc closes the list and nothing else");
}
