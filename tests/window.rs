//! The window without a display: a text before, keys and mouse, the text after. `⟨label …⟩` are spans.

use egui::{Event, Modifiers, PointerButton, pos2, vec2};
use spanwright::app::{Screen, input};

use crate::stage::{A, Stage};

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
    stage.click("Maria", 2).keys("Ctrl+Shift+L").types("e1");
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
    stage.keys("Ctrl+. 3 Enter");
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
    for keys in [
        "",
        "Enter",
        "Esc Ctrl+M",
        "Esc Ctrl+F",
        "Esc Ctrl+K",
        "Esc Ctrl+.",
        "1",
        "Esc ?",
        "Esc F1",
        "F1 Esc F4",
        "Esc Ctrl+Shift+L",
    ] {
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
    assert_eq!(key(K::Slash, Some(K::Num7), Modifiers::SHIFT).as_deref(), Some("/"));
    assert_eq!(key(K::OpenBracket, Some(K::OpenBracket), plain).as_deref(), Some("["));
    assert_eq!(
        key(K::Exclamationmark, Some(K::Num1), Modifiers::COMMAND | Modifiers::SHIFT).as_deref(),
        Some("Ctrl+Shift+1")
    );
    assert_eq!(key(K::OpenCurlyBracket, Some(K::OpenBracket), Modifiers::SHIFT).as_deref(), Some("Shift+["));
    assert_eq!(key(K::Z, Some(K::Y), Modifiers::COMMAND).as_deref(), Some("Ctrl+Z"));
    assert_eq!(key(K::Questionmark, Some(K::Slash), Modifiers::SHIFT).as_deref(), Some("?"));
}
