//! The window without a display: a text before, keys and mouse, the text after. `⟨label …⟩` are spans.

use egui::{Event, Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
use spanwright::app::headless::Headless;
use spanwright::app::{Screen, StartUp, Window, input};
use spanwright::session::keymap::{Chord, Key};
use spanwright::session::settings::{Settings, ThemeChoice};
use spanwright::session::{Command, Session};

use crate::session::{project, session_of};
use crate::support::picture;

/// A window of 1280 × 800 points in which a document is open.
struct Stage {
    screen: Headless,
    window: Window,
    held: Modifiers,
}

const A: PointerButton = PointerButton::Primary;

impl Stage {
    fn new(text: &str) -> Self {
        Self::of(&[("d", text)])
    }

    /// Opens the first document.
    fn of(articles: &[(&str, &str)]) -> Self {
        let mut session = session_of(&project(articles), "ana");
        session.run(Command::Open(articles[0].0.into()));
        Self::with(session)
    }

    fn with(session: Session) -> Self {
        let screen = Headless::new(vec2(1280.0, 800.0), 1.0, false);
        let settings = Settings { theme: ThemeChoice::Light, ..Settings::default() };
        let window = Window::new(&screen.ctx, StartUp { session: Some(session), settings, ..StartUp::default() });
        let mut stage = Self { screen, window, held: Modifiers::NONE };
        stage.rest();
        stage
    }

    fn session(&self) -> &Session {
        self.window.session().unwrap()
    }

    /// One frame. Whether another is wanted at once.
    fn send(&mut self, events: Vec<Event>) -> bool {
        let window = &mut self.window;
        self.screen.frame(events, |ui| window.frame(ui))
    }

    fn rest(&mut self) {
        for _ in 0..3 {
            self.send(Vec::new());
        }
    }

    /// Presses keys as a keyboard would: with what they type.
    fn keys(&mut self, keys: &str) -> &mut Self {
        for spelling in keys.split_whitespace() {
            let chord = Chord::parse(spelling).unwrap_or_else(|| panic!("{spelling} is no chord"));
            self.key(chord);
        }
        self
    }

    fn key(&mut self, chord: Chord) {
        let modifiers = input::modifiers(chord);
        let name = match chord.key {
            Key::Char(character) => character.to_uppercase().to_string(),
            Key::Escape => "Escape".to_owned(),
            key => Chord::plain(key).to_string(),
        };
        let key = egui::Key::from_name(&name).unwrap_or_else(|| panic!("egui has no key {name}"));
        let pressed = |pressed| Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers };
        let mut events = vec![pressed(true)];
        if chord == Chord::parse("Ctrl+C").unwrap() {
            events = vec![Event::Copy];
        }
        events.extend(chord.types().map(|character| Event::Text(character.to_string())));
        self.send(events);
        self.send(vec![pressed(false)]);
        self.rest();
    }

    /// Types into whatever has the focus.
    fn types(&mut self, words: &str) -> &mut Self {
        for character in words.chars() {
            let chord = Chord::plain(if character == ' ' { Key::Space } else { Key::Char(character) });
            if egui::Key::from_name(&character.to_uppercase().to_string()).is_some() || character == ' ' {
                self.key(chord);
            } else {
                self.send(vec![Event::Text(character.to_string())]);
                self.rest();
            }
        }
        self
    }

    fn button(&mut self, at: Pos2, button: PointerButton, pressed: bool) {
        let modifiers = self.held;
        self.send(vec![
            Event::ModifiersChanged(modifiers),
            Event::PointerMoved(at),
            Event::PointerButton { pos: at, button, pressed, modifiers },
        ]);
    }

    fn click_at(&mut self, at: Pos2, button: PointerButton) -> &mut Self {
        self.send(vec![Event::PointerMoved(at)]);
        self.button(at, button, true);
        self.button(at, button, false);
        self.rest();
        self
    }

    /// Clicks on words of the text, so many times in quick succession.
    fn click(&mut self, words: &str, times: usize) -> &mut Self {
        // Earlier clicks belong to another gesture.
        self.screen.wait(2.0);
        let at = self.place(words).center();
        for _ in 0..times {
            self.click_at(at, A);
        }
        self
    }

    /// From the first letter of `from` to the last of `to`.
    fn drag(&mut self, from: &str, to: &str, held: Modifiers) -> &mut Self {
        self.screen.wait(2.0);
        let (from, to) = (self.place(from), self.place(to));
        self.drag_at(from.left_center() + vec2(1.0, 0.0), to.right_center() - vec2(1.0, 0.0), held)
    }

    fn drag_at(&mut self, from: Pos2, to: Pos2, held: Modifiers) -> &mut Self {
        self.held = held;
        self.send(vec![Event::PointerMoved(from)]);
        self.button(from, A, true);
        self.send(vec![Event::PointerMoved(from.lerp(to, 0.5))]);
        self.send(vec![Event::PointerMoved(to)]);
        self.button(to, A, false);
        self.held = Modifiers::NONE;
        self.rest();
        self
    }

    /// Where words are on the screen; the first row of them.
    fn place(&self, words: &str) -> Rect {
        let text = self.session().open.as_ref().unwrap().text().clone();
        let at = text.as_str().find(words).unwrap_or_else(|| panic!("“{words}” is not in the text"));
        self.window.place_of(at..at + words.len()).unwrap_or_else(|| panic!("“{words}” is not on the screen"))
    }

    fn see(&self) -> String {
        let open = self.session().open.as_ref().unwrap();
        picture(open.text(), open.shown())
    }

    fn selected(&self) -> &str {
        let session = self.session();
        session.selection().map_or("", |range| session.open.as_ref().unwrap().text().slice(range))
    }

    fn told(&self) -> Vec<&str> {
        self.window.shared.toasts.sentences().collect()
    }

    /// Name and place of everything a screen reader is told of.
    fn named(&mut self) -> Vec<(accesskit::Role, String, Option<Rect>)> {
        let window = &mut self.window;
        let update = self.screen.described(|ui| window.frame(ui)).unwrap();
        let rect = |node: &accesskit::Node| {
            let bounds = node.bounds()?;
            Some(Rect::from_min_max(pos2(bounds.x0 as f32, bounds.y0 as f32), pos2(bounds.x1 as f32, bounds.y1 as f32)))
        };
        let name = |node: &accesskit::Node| node.label().or(node.value()).unwrap_or_default().to_owned();
        update.nodes.iter().map(|(_, node)| (node.role(), name(node), rect(node))).collect()
    }

    /// Clicks on a control by its accessible name, or the beginning of it.
    fn press(&mut self, name: &str) -> &mut Self {
        let named = self.named();
        let found = named.iter().find(|(_, known, rect)| known.starts_with(name) && rect.is_some());
        let Some((_, _, Some(rect))) = found else { panic!("nothing is called {name}: {named:#?}") };
        let at = rect.center();
        self.click_at(at, A)
    }
}

const KERRY: &str = "Maria Lind met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more";

#[test]
fn a_drag_over_words_and_a_key_make_a_span() {
    let mut stage = Stage::new(KERRY);
    stage.drag("ria", "Li", Modifiers::NONE);
    assert_eq!(stage.selected(), "Maria Lind", "the drag snaps to words");
    stage.keys("1");
    assert_eq!(stage.see(), "⟨entity Maria Lind⟩ met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more");
    stage.keys("Ctrl+Z");
    assert_eq!(stage.see(), KERRY);
    stage.keys("Ctrl+Y");
    assert!(stage.see().starts_with("⟨entity Maria Lind⟩"));
}

#[test]
fn alt_makes_a_drag_exact() {
    let mut stage = Stage::new(KERRY);
    stage.drag("ria", "Li", Modifiers::ALT);
    assert_eq!(stage.selected(), "ria Li");
    stage.keys("1");
    assert!(stage.see().starts_with("Ma⟨entity ria Li⟩nd"), "{}", stage.see());
}

#[test]
fn double_triple_and_quadruple_clicks_take_word_sentence_and_paragraph() {
    let mut stage = Stage::new("One two. Three four.\nFive six.");
    assert_eq!(stage.click("Three", 2).selected(), "Three");
    assert_eq!(stage.click("Three", 3).selected(), "Three four.");
    assert_eq!(stage.click("Three", 4).selected(), "One two. Three four.");
    stage.click("six", 2).keys("1");
    assert_eq!(stage.see(), "One two. Three four.\nFive ⟨entity six⟩.");
}

#[test]
fn a_click_on_stacked_spans_goes_one_out_each_time() {
    let mut stage = Stage::new(KERRY);
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2");
    stage.click("ready", 2).keys("1 Esc");
    let selected = |stage: &Stage| stage.session().selected_span().map(|span| span.label.to_string());
    assert_eq!(selected(stage.click("ready", 1)).as_deref(), Some("entity"));
    assert_eq!(selected(stage.click("ready", 1)).as_deref(), Some("quote"));
    assert_eq!(selected(stage.click("ready", 1)), None);
    assert_eq!(selected(stage.click("ready", 1)).as_deref(), Some("entity"));
    stage.click("met", 1);
    assert_eq!(selected(&stage), None);
}

#[test]
fn an_edge_is_dragged_with_snapping() {
    let mut stage = Stage::new(KERRY);
    stage.click("Maria", 2).keys("1");
    let (from, to) = (stage.place("Maria").right_center(), stage.place("Li").right_center());
    stage.screen.wait(2.0);
    stage.drag_at(from, to, Modifiers::NONE);
    assert!(stage.see().starts_with("⟨entity Maria Lind⟩ met"), "{}", stage.see());
    stage.keys("Ctrl+Z");
    assert!(stage.see().starts_with("⟨entity Maria⟩ Lind met"), "{}", stage.see());
}

#[test]
fn ctrl_and_a_drag_add_a_fragment() {
    let mut stage = Stage::new("“We are ready,” Lind said, “and we will go.”");
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2");
    stage.drag("“and", "go.”", Modifiers::COMMAND);
    assert_eq!(stage.see(), "⟨quote “We are ready,”⟩ Lind said, ⟨+quote “and we will go.”⟩", "{:?}", stage.told());
}

#[test]
fn an_armed_label_marks_at_every_drag_until_esc() {
    let mut stage = Stage::new(KERRY);
    stage.keys("Ctrl+Shift+1");
    stage.drag("Maria", "Lind", Modifiers::NONE).drag("Tomas", "Be", Modifiers::NONE);
    let twice = "⟨entity Maria Lind⟩ met ⟨entity Tomas Berg⟩ in Oslo.";
    assert!(stage.see().starts_with(twice), "{}", stage.see());
    stage.keys("Esc").drag("Oslo", "Oslo", Modifiers::NONE);
    assert!(stage.see().starts_with(twice));
    assert_eq!(stage.selected(), "Oslo");
}

#[test]
fn the_margin_takes_whole_lines() {
    let mut stage = Stage::new(KERRY);
    let margin = pos2(stage.place("Read").left() - 30.0, stage.place("Read").center().y);
    stage.click_at(margin, A);
    assert_eq!(stage.selected(), "Read more");
    stage.keys("4");
    assert!(stage.see().ends_with("⟨boilerplate Read more⟩"), "{}", stage.see());
    let margin = pos2(margin.x, stage.place("Maria").center().y);
    stage.screen.wait(2.0);
    stage.click_at(margin, A);
    assert!(stage.see().starts_with("⟨boilerplate Maria Lind met Tomas Berg in Oslo.⟩"), "{}", stage.see());
}

#[test]
fn a_right_click_offers_labels() {
    let mut stage = Stage::new(KERRY);
    let at = stage.place("Oslo").center();
    stage.click_at(at, PointerButton::Secondary).press("Mark Entity");
    assert!(stage.see().contains("in ⟨entity Oslo⟩."), "{}", stage.see());
    stage.click_at(at, PointerButton::Secondary).keys("3");
    assert!(stage.see().contains("in ⟨event Oslo⟩."), "{}", stage.see());
    stage.click_at(at, PointerButton::Secondary).keys("Esc 1");
    assert!(
        stage.see().contains("in ⟨entity Oslo⟩."),
        "the picker is closed, the span still selected: {}",
        stage.see()
    );
}

#[test]
fn tab_enter_and_a_digit_set_an_attribute() {
    let mut stage = Stage::new(KERRY);
    stage.drag("Maria", "Lind", Modifiers::NONE).keys("1 Esc Tab Enter 2");
    let span = stage.session().selected_span().unwrap();
    assert_eq!(span.attributes["type"], "organisation");
    // The digits mean labels again.
    stage.keys("3");
    assert!(stage.see().starts_with("⟨event Maria Lind⟩"), "{}", stage.see());
}

#[test]
fn find_selects_the_hit_and_gives_the_page_back() {
    let mut stage = Stage::new(KERRY);
    stage.keys("/").types("berg");
    assert_eq!(stage.selected(), "Berg");
    assert_eq!(stage.see(), KERRY, "typing marks nothing");
    stage.keys("Enter 1");
    assert!(stage.see().contains("Tomas ⟨entity Berg⟩ in"), "{}", stage.see());
    stage.keys("Ctrl+F").types(" in ").keys("Esc");
    assert_eq!(stage.selected(), " in ", "Esc keeps the selection");
}

#[test]
fn what_is_typed_into_the_filter_marks_nothing() {
    let mut stage = Stage::of(&[("d", KERRY), ("e1", "Another one"), ("e2", "Another two")]);
    stage.click("Maria", 2).keys("F4").types("e1");
    assert_eq!(stage.session().list.query.words, "e1");
    assert_eq!(stage.session().list.len(), 1);
    assert_eq!(stage.see(), KERRY);
    stage.keys("Enter Enter");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "e1");
    stage.keys("Esc Right 1");
    assert!(stage.see().starts_with("⟨entity Another⟩"), "{}", stage.see());
}

#[test]
fn a_field_takes_the_keys_when_it_is_clicked_and_gives_them_back() {
    let mut stage = Stage::of(&[("d", KERRY), ("e1", "Another one")]);
    stage.press("Filter documents").types("1");
    assert_eq!(stage.session().list.query.words, "1");
    stage.click("Maria", 2).keys("1");
    assert!(stage.see().starts_with("⟨entity Maria⟩ Lind"), "{}", stage.see());
    assert_eq!(stage.session().list.query.words, "1");
}

#[test]
fn a_label_is_marked_with_by_clicking_it_and_armed_without_a_selection() {
    let mut stage = Stage::new(KERRY);
    stage.click("Oslo", 2).press("Entity, key 1");
    assert!(stage.see().contains("⟨entity Oslo⟩"), "{}", stage.see());
    stage.keys("Esc").press("Event, key 3");
    assert_eq!(stage.session().armed().unwrap().as_str(), "event");
    stage.drag("met", "met", Modifiers::NONE);
    assert!(stage.see().contains("⟨event met⟩"), "{}", stage.see());
}

#[test]
fn a_span_over_paragraphs_is_one_span_in_each_of_them() {
    let mut stage = Stage::new("“We are ready.\n“We go,” said Lind.\nNothing else.");
    stage.drag("“We are", "go,”", Modifiers::ALT).keys("2");
    stage.click("ready", 2).keys("1").click("go", 2).keys("1 Esc Esc");
    for words in ["are", "“We go"] {
        stage.keys("Esc").click(words, 1);
        assert_eq!(stage.session().selected_span().map(|span| span.label.as_str()), Some("quote"), "{words}");
    }
    for words in ["ready", "go"] {
        stage.keys("Esc").click(words, 1);
        assert_eq!(stage.session().selected_span().map(|span| span.label.as_str()), Some("entity"), "{words}");
    }
}

#[test]
fn a_narrow_window_shows_a_side_only_while_it_has_the_focus() {
    let mut stage = Stage::of(&[("a", KERRY), ("b", "Another one")]);
    stage.screen.resize(vec2(480.0, 700.0), 1.0);
    stage.rest();
    let shown = |stage: &mut Stage, name: &str| stage.named().iter().any(|(_, known, _)| known.starts_with(name));
    assert!(!shown(&mut stage, "Filter documents") && !shown(&mut stage, "Entity, key"));
    stage.keys("Shift+F6");
    assert!(shown(&mut stage, "Filter documents"));
    stage.keys("Down Enter F6");
    assert!(!shown(&mut stage, "Filter documents"));
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "b");
    stage.keys("F6");
    assert!(shown(&mut stage, "Entity, key"));
}

#[test]
fn esc_goes_one_step_at_a_time() {
    let mut stage = Stage::new(KERRY);
    stage.click("Maria", 2).keys("1 Ctrl+F Ctrl+K Esc");
    assert!(stage.session().selected().is_some());
    stage.keys("Esc");
    assert!(stage.session().selected().is_some(), "the find bar closes first");
    stage.keys("Esc");
    assert!(stage.session().selected().is_none());
}

#[test]
fn the_palette_finds_and_runs() {
    let mut stage = Stage::of(&[("d", KERRY), ("harbour", "Lights over the harbour")]);
    stage.click("Oslo", 2).keys("Ctrl+K").types("mark event").keys("Enter");
    assert!(stage.see().contains("in ⟨event Oslo⟩."), "{}", stage.see());
    stage.keys("Ctrl+K").types("harbour").keys("Enter");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "harbour");
    stage.keys("Ctrl+K").types("redo").keys("Enter");
    assert_eq!(stage.told(), ["Nothing was undone"]);
}

#[test]
fn the_status_menu_flags_and_skips_with_digits() {
    let mut stage = Stage::of(&[("d", KERRY), ("e", "Another")]);
    stage.keys("Ctrl+. 1").types("twice").keys("Enter");
    let layer = stage.session().open.as_ref().unwrap().shown().unwrap();
    assert_eq!(layer.flag.as_deref(), Some("twice"));
    stage.keys("Ctrl+. 3");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "e");
}

#[test]
fn a_note_is_written_and_saved_when_left() {
    let mut stage = Stage::new(KERRY);
    stage.click("Oslo", 2).keys("1 Ctrl+M").types("12 or 13").keys("Enter");
    assert_eq!(stage.session().selected_span().unwrap().note, "12 or 13");
    stage.keys("Ctrl+M").types("x").keys("Esc");
    assert_eq!(stage.session().selected_span().unwrap().note, "12 or 13", "Esc leaves it as it was");
}

#[test]
fn a_relation_is_linked_shown_and_taken_back() {
    let mut stage = Stage::new(KERRY);
    stage.click("Lind said", 2);
    let before = stage.selected().to_owned();
    stage.drag("Lind said", "Lind said", Modifiers::NONE).click("Tomas", 2).keys("1");
    stage.drag("“We", "ready,”", Modifiers::NONE).keys("2 s Enter");
    let relations = |stage: &Stage| stage.session().open.as_ref().unwrap().shown().unwrap().relations.len();
    assert_eq!(relations(&stage), 1, "{before} {:?}", stage.told());
    stage.press("Unlink speaker");
    assert_eq!(relations(&stage), 0);
    stage.keys("Ctrl+Z");
    assert_eq!(relations(&stage), 1);
}

#[test]
fn up_and_down_go_by_the_rows_that_are_seen() {
    let words = "word ".repeat(60);
    let mut stage = Stage::new(words.trim());
    let before = stage.session().open.as_ref().unwrap().caret;
    stage.keys("Down Down");
    let below = stage.session().open.as_ref().unwrap().caret;
    assert!(below > before && below < 250, "two rows down, not at the end: {below}");
    stage.keys("Up Up");
    assert_eq!(stage.session().open.as_ref().unwrap().caret, before);
    stage.keys("Shift+End");
    assert!(stage.selected().len() > 20 && stage.selected().len() < 120, "{}", stage.selected());
}

#[test]
fn f6_goes_from_pane_to_pane() {
    let mut stage = Stage::of(&[("a", KERRY), ("b", "Another one")]);
    stage.keys("Shift+F6 Down Enter");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "b");
    stage.keys("F6 1");
    assert!(stage.see().starts_with("⟨entity Another⟩"), "{}", stage.see());
}

#[test]
fn a_document_is_opened_by_clicking_its_row() {
    let mut stage = Stage::of(&[("a", KERRY), ("b", "Another one")]);
    stage.press("Another one, untouched");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "b");
}

#[test]
fn every_control_has_a_name() {
    use accesskit::Role as R;
    let nameless = |stage: &mut Stage| -> Vec<String> {
        let controls = [
            R::Button,
            R::Link,
            R::TextInput,
            R::MultilineTextInput,
            R::CheckBox,
            R::RadioButton,
            R::MenuItem,
            R::MenuItemRadio,
            R::ListItem,
            R::ListBoxOption,
            R::Slider,
            R::Document,
        ];
        let named = stage.named();
        let without = named.iter().filter(|(role, name, _)| controls.contains(role) && name.trim().is_empty());
        without.map(|(role, _, rect)| format!("{role:?} {rect:?}")).collect()
    };
    let mut stage = Stage::of(&[("a", KERRY), ("b", "Another one")]);
    stage.drag("Maria", "Lind", Modifiers::NONE).keys("1");
    for keys in ["", "Enter", "Esc Ctrl+M", "Esc Ctrl+F", "Esc Ctrl+K", "Esc Ctrl+.", "1", "Esc ?", "Esc F1", "Esc F4"]
    {
        stage.keys(keys);
        assert_eq!(nameless(&mut stage), Vec::<String>::new(), "after {keys}");
    }
    let named = stage.named();
    for name in ["Entity, key 1", "Filter documents", "Filter and sort", "Documents", "File"] {
        assert!(named.iter().any(|(_, known, _)| known == name), "{name}: {named:#?}");
    }
}

#[test]
fn nothing_is_drawn_while_nothing_happens() {
    let mut stage = Stage::new(KERRY);
    stage.click("Maria", 2).keys("1");
    // Long enough for toasts to go and for the mirrors to be written.
    stage.screen.wait(20.0);
    stage.rest();
    let Screen::Work(work) = &mut stage.window.screen else { panic!("no project is open") };
    work.session.flush();
    stage.screen.wait(20.0);
    stage.rest();
    assert!(!stage.send(Vec::new()), "an idle window asks for no frame");
}

#[test]
fn digits_and_brackets_are_those_of_the_physical_key() {
    use egui::Key as K;
    let key = |key, physical_key, modifiers| {
        let event = Event::Key { key, physical_key, pressed: true, repeat: false, modifiers };
        input::chord(&event).map(|chord| chord.to_string())
    };
    let plain = Modifiers::NONE;
    // A French layout: the key with the 1 on it types &.
    assert_eq!(key(K::Exclamationmark, Some(K::Num1), plain).as_deref(), Some("1"));
    // A German one: / is Shift+7, ü stands where [ is.
    assert_eq!(key(K::Slash, Some(K::Num7), Modifiers::SHIFT).as_deref(), Some("Shift+/"));
    assert_eq!(key(K::OpenBracket, Some(K::OpenBracket), plain).as_deref(), Some("["));
    assert_eq!(
        key(K::Exclamationmark, Some(K::Num1), Modifiers::COMMAND | Modifiers::SHIFT).as_deref(),
        Some("Ctrl+Shift+1")
    );
    assert_eq!(key(K::OpenCurlyBracket, Some(K::OpenBracket), Modifiers::SHIFT).as_deref(), Some("Shift+["));
    assert_eq!(key(K::Z, Some(K::Y), Modifiers::COMMAND).as_deref(), Some("Ctrl+Z"));
    assert_eq!(key(K::Questionmark, Some(K::Slash), Modifiers::SHIFT).as_deref(), Some("Shift+?"));
}
