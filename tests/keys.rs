//! Working without the mouse. `[…]` is the selection, `|` the caret, `⟨label …⟩` are spans: a text before, keys, the text after.

use std::collections::BTreeMap;

use egui::{Event, Modifiers};
use spanwright::app::dialogs::Dialog;
use spanwright::app::{Screen, input};
use spanwright::schema::Schema;
use spanwright::session::keymap::{Chord, Context, Keymap, Own};
use spanwright::session::rebind::{self, Obstacle};
use spanwright::session::system::System;
use spanwright::session::{Action, Motion};

use crate::session::begin;
use crate::stage::Stage;

const TEXT: &str = "Maria Lind met Tomas Berg in Oslo.\n“We are ready,” Lind said.\nRead more";

fn chord(spelling: &str) -> Chord {
    Chord::parse(spelling).unwrap_or_else(|| panic!("{spelling} is no chord"))
}

fn schemas() -> Vec<Schema> {
    let parse = |name: &str| {
        let path = format!("{}/schemas/{name}.ron", env!("CARGO_MANIFEST_DIR"));
        Schema::parse(&std::fs::read_to_string(path).unwrap(), name).schema.unwrap()
    };
    ["news", "entities", "events", "blank"].map(parse).into()
}

/// The text with its spans, and the selection or caret where no span is selected.
fn see(stage: &Stage) -> String {
    let session = stage.session();
    let open = session.open.as_ref().unwrap();
    let marked = stage.see();
    if marked != open.text().as_str() || session.selected().is_some() {
        return marked;
    }
    let text = open.text().as_str();
    match session.selection() {
        Some(range) => {
            format!("{}[{}]{}", &text[..range.start()], &text[range.start()..range.end()], &text[range.end()..])
        }
        None => format!("{}|{}", &text[..open.caret], &text[open.caret..]),
    }
}

#[track_caller]
fn check(before: &str, keys: &str, after: &str) {
    let mut stage = Stage::with(begin(before));
    stage.keys(keys);
    assert_eq!(see(&stage), after, "after {keys}; told {:?}", stage.told());
}

// ── DESIGN's table of keys, row by row

#[test]
fn digits_and_letters_of_labels() {
    check("[Maria Lind] met", "1", "⟨entity Maria Lind⟩ met");
    check("[Maria Lind] met", "1 3", "⟨event Maria Lind⟩ met");
    check("Maria Li|nd met", "1", "Maria ⟨entity Lind⟩ met");
    check("“We are re|ady,” Lind said.", "2", "⟨quote “We are ready,”⟩ Lind said.");
    check("One.\nRead| more\nTwo.", "4", "One.\n⟨boilerplate Read more⟩\nTwo.");
    check("мэр Бер|г сказал", "1", "мэр ⟨entity Берг⟩ сказал");
    check("the 👩‍👩‍👧[ family]", "1", "the 👩‍👩‍👧 ⟨entity family⟩");
    check("to the very en|d", "1", "to the very ⟨entity end⟩");
}

#[test]
fn letters_of_relations_choose_cycle_and_enter_fixes() {
    let mut stage = Stage::new(TEXT);
    stage.click("Maria", 2).keys("1").click("Tomas", 2).keys("1").click("ready", 1).keys("Esc 2");
    assert_eq!(stage.session().selected_span().unwrap().label.as_str(), "quote", "{}", stage.see());
    stage.keys("s s Enter");
    let relations = |stage: &Stage| stage.session().open.as_ref().unwrap().shown().unwrap().relations.len();
    assert_eq!(relations(&stage), 1, "{:?}", stage.told());
    stage.keys("s Esc");
    assert_eq!((relations(&stage), stage.session().linking().is_some()), (1, false), "Esc leaves it");
}

#[test]
fn tab_goes_from_span_to_span_and_around() {
    let mut stage = Stage::new(TEXT);
    stage.click("Maria", 2).keys("1").click("Oslo", 2).keys("1 Esc Ctrl+Home");
    let selected = |stage: &Stage| {
        let session = stage.session();
        let text = session.open.as_ref().unwrap().text().clone();
        session.selected_span().map(|span| span.ranges.quote(&text))
    };
    assert_eq!(selected(stage.keys("Tab")).as_deref(), Some("Maria"));
    assert_eq!(selected(stage.keys("Tab")).as_deref(), Some("Oslo"));
    assert_eq!(selected(stage.keys("Tab")).as_deref(), Some("Maria"));
    assert_eq!(selected(stage.keys("Shift+Tab")).as_deref(), Some("Oslo"));
}

#[test]
fn enter_asks_and_backspace_or_delete_removes() {
    for remove in ["Backspace", "Delete"] {
        let mut stage = Stage::with(begin("[Maria] met"));
        stage.keys("1 Enter 1");
        assert_eq!(stage.session().selected_span().unwrap().attributes["type"], "person");
        stage.keys(remove);
        assert_eq!(stage.see(), "Maria met");
    }
}

#[test]
fn arrows_go_by_grapheme_word_sentence_line_and_paragraph() {
    check("ab|c", "Left", "a|bc");
    check("|👩‍👩‍👧x", "Right", "👩‍👩‍👧|x");
    check("|one two", "Ctrl+Right", "one| two");
    check("one two|", "Ctrl+Left", "one |two");
    check("One. Two.| Three.", "Alt+Up", "One. |Two. Three.");
    check("|One. Two.", "Alt+Down", "One. |Two.");
    check("one\ntw|o\nthree", "Ctrl+Up", "one\n|two\nthree");
    check("|one\ntwo", "Ctrl+Down", "one\n|two");
    check("one\nt|wo", "Home", "one\n|two");
    check("o|ne\ntwo", "End", "one|\ntwo");
    check("one\ntw|o", "Ctrl+Home", "|one\ntwo");
    check("o|ne\ntwo", "Ctrl+End", "one\ntwo|");
    check("o|ne\ntwo", "Down", "one\nt|wo");
    check("one\nt|wo", "Up", "o|ne\ntwo");
    check("ab|cd", "Shift+Right Shift+Right", "ab[cd]");
    check("|one two", "Ctrl+Shift+Right", "[one] two");
    check("|One. Two.", "Alt+Shift+Down", "[One. ]Two.");
    check("one\nt|wo", "Shift+Home", "one\n[t]wo");
    check("on|e\ntwo", "Ctrl+Shift+End", "on[e\ntwo]");
    check("|قال الوزير", "Left Left", "قا|ل الوزير");
}

#[test]
fn brackets_move_edges_by_words_and_finely() {
    for (keys, after) in [
        ("[", "⟨entity one two⟩ three four"),
        ("]", "one ⟨entity two three⟩ four"),
        ("] Shift+[", "one two ⟨entity three⟩ four"),
        ("] Shift+]", "one ⟨entity two⟩ three four"),
        ("Ctrl+[", "one⟨entity  two⟩ three four"),
        ("Ctrl+]", "one ⟨entity two ⟩three four"),
        ("Ctrl+Shift+[", "one t⟨entity wo⟩ three four"),
        ("Ctrl+Shift+]", "one ⟨entity tw⟩o three four"),
        ("Alt+Shift+[", "one t⟨entity wo⟩ three four"),
        ("Alt+]", "one ⟨entity two ⟩three four"),
    ] {
        check("one [two] three four", &format!("1 {keys}"), after);
    }
}

#[test]
fn repeating_arming_and_marking_all() {
    check("[Kerry] met Tom", "1 Esc Ctrl+End .", "⟨entity Kerry⟩ met ⟨entity Tom⟩");
    check("[Kerry] met Kerry", "1 Ctrl+D", "⟨entity Kerry⟩ met ⟨entity Kerry⟩");
    let mut stage = Stage::new(TEXT);
    stage.keys("Ctrl+Shift+1");
    assert_eq!(stage.session().armed().map(|label| label.as_str()), Some("entity"));
    stage.keys("Esc");
    assert_eq!(stage.session().armed(), None);
}

#[test]
fn documents_undo_and_panes() {
    let mut stage = Stage::of(&[("a", "One"), ("b", "Two"), ("c", "Three")]);
    let open = |stage: &Stage| stage.session().open.as_ref().unwrap().id().to_string();
    assert_eq!(open(stage.keys("Ctrl+Enter")), "b");
    assert_eq!(open(stage.keys("Ctrl+PageDown")), "c");
    assert_eq!(open(stage.keys("Ctrl+PageUp")), "b");
    assert_eq!(open(stage.keys("Alt+Left")), "c");
    assert_eq!(open(stage.keys("Alt+Right")), "b");
    stage.keys("1 Ctrl+Z");
    assert_eq!(stage.see(), "Two");
    stage.keys("Ctrl+Shift+Z");
    assert_eq!(stage.see(), "⟨entity Two⟩");
    stage.keys("Ctrl+Z Ctrl+Y");
    assert_eq!(stage.see(), "⟨entity Two⟩");
    stage.keys("Shift+F6 Down Enter");
    assert_eq!(open(&stage), "c");
}

#[test]
fn what_opens_something_opens_it() {
    for (keys, told) in [
        ("Ctrl+F", "Find in document"),
        ("/", "Find in document"),
        ("Ctrl+K", "Look for a command, a label or a document"),
        ("Ctrl+P", "Look for a command, a label or a document"),
        ("?", "Keys"),
        ("F1", "How to begin"),
        ("Ctrl+O", "Open a project"),
        ("Ctrl+E", "Export"),
        ("Ctrl+,", "Settings"),
        ("Ctrl+.", "Skip"),
        ("F10", "Open…"),
    ] {
        let mut stage = Stage::new(TEXT);
        let named = |stage: &mut Stage| stage.named().into_iter().map(|(_, name, _)| name).collect::<Vec<_>>();
        let before = named(&mut stage).iter().filter(|name| name.starts_with(told)).count();
        stage.keys(keys);
        let names = named(&mut stage);
        assert!(names.iter().filter(|name| name.starts_with(told)).count() > before, "{keys}: {names:#?}");
    }
}

// ── every key of the catalogue

#[test]
fn defaults_clash_on_no_system_and_leave_what_the_system_keeps() {
    for system in System::ALL {
        for schema in schemas() {
            let keymap = Keymap::on(system, &schema, &Own::new());
            assert_eq!(keymap.clashes(), [], "{}", system.name());
            let labels =
                schema.labels.iter().flat_map(|label| [Action::Mark(label.id.clone()), Action::Arm(label.id.clone())]);
            for action in Action::catalogue().iter().cloned().chain(labels) {
                for chord in keymap.keys_of(&action) {
                    assert_eq!(system.keeps(chord, &action), None, "{chord} of {action:?} on {}", system.name());
                }
            }
        }
        for action in Action::catalogue() {
            let had = system.defaults(action).len();
            assert_eq!(had == 0, action.info().keys.is_empty(), "{action:?} on {}", system.name());
        }
    }
}

#[test]
fn a_kept_key_is_refused_and_says_why() {
    let own = Own::new();
    let refused = |system, action: &Action, key| rebind::obstacle(system, None, &own, action, chord(key));
    for (system, key) in [
        (System::Linux, "Alt+F4"),
        (System::Linux, "Ctrl+Alt+F2"),
        (System::Windows, "Ctrl+Alt+Q"),
        (System::Windows, "Ctrl+V"),
        (System::MacOs, "Ctrl+H"),
        (System::MacOs, "Ctrl+Shift+4"),
        (System::MacOs, "Ctrl+-"),
        (System::Linux, "Ctrl+0"),
        (System::Linux, "Esc"),
    ] {
        let found = refused(system, &Action::Undo, key);
        assert!(matches!(found, Some(Obstacle::Kept(why)) if !why.is_empty()), "{key}: {found:?}");
    }
    assert_eq!(refused(System::MacOs, &Action::Quit, "Ctrl+Q"), None, "what it does anyway");
    assert_eq!(refused(System::Linux, &Action::Undo, "Ctrl+U"), None);
    let news = &schemas()[0];
    let found = rebind::obstacle(System::Linux, Some(news), &own, &Action::Skip, chord("1"));
    assert!(matches!(found, Some(Obstacle::Schema(Action::Mark(label))) if label.as_str() == "entity"));
    let found = rebind::obstacle(System::Linux, Some(news), &own, &Action::Undo, chord("Ctrl+S"));
    assert_eq!(found, Some(Obstacle::Taken(vec![Action::Save])));
}

#[test]
fn a_key_is_given_taken_over_and_taken_away() {
    let mut own = Own::new();
    let here = System::Linux;
    let keys = |own: &Own, id: &str| own.get(id).map(|keys| keys.join(" "));
    rebind::give(here, &mut own, &Action::Redo, chord("Ctrl+U"), Some(chord("Ctrl+Y")));
    assert_eq!(keys(&own, "redo").as_deref(), Some("Ctrl+Shift+Z Ctrl+U"));
    rebind::give(here, &mut own, &Action::Undo, chord("Ctrl+S"), None);
    assert_eq!(keys(&own, "undo").as_deref(), Some("Ctrl+Z Ctrl+S"));
    assert_eq!(keys(&own, "save").as_deref(), Some(""), "it was taken over");
    rebind::take(here, &mut own, &Action::Undo, chord("Ctrl+S"));
    assert_eq!(keys(&own, "undo"), None, "what is as at first is not written down");
    let schema = &schemas()[0];
    assert_eq!(Keymap::on(here, schema, &own).clashes(), []);
    // Written by hand: the schema's key goes first.
    let own = Own::from([("skip".to_owned(), vec!["1".to_owned(), "x".to_owned()])]);
    let keymap = Keymap::on(here, schema, &own);
    assert!(matches!(keymap.action(Context::Page, chord("1")), Some(Action::Mark(_))));
    assert_eq!(keymap.action(Context::Page, chord("x")), Some(&Action::Skip));
    assert_eq!(keymap.action(Context::TextField, chord("x")), None, "a field keeps what it types");
    assert!(keymap.clashes().iter().all(|clash| clash.second == Action::Skip && clash.chord == chord("1")));
    assert!(!keymap.clashes().is_empty());
}

#[test]
fn every_key_of_the_catalogue_is_spelled_as_it_is_read() {
    for system in System::ALL {
        for action in Action::catalogue() {
            for chord in system.defaults(action) {
                assert_eq!(Chord::parse(&chord.to_string()), Some(chord));
            }
            assert_eq!(Action::by_id(action.info().id), Some(action));
        }
    }
}

/// Every key of the catalogue in every field: the field has it, or it does what it does everywhere; nothing on the page changes.
#[test]
fn text_fields_neither_swallow_nor_leak_keys() {
    let fields: [(&str, &str); 6] = [
        ("find", "Ctrl+F"),
        ("filter", "Ctrl+Shift+L"),
        ("search", "F4"),
        ("note", "Ctrl+Home Tab Ctrl+M"),
        ("palette", "Ctrl+K"),
        ("flag", "Ctrl+. 1"),
    ];
    let mut chords: Vec<Chord> = Action::catalogue().iter().flat_map(|action| System::HERE.defaults(action)).collect();
    chords.extend(["1", "2", "s", "x", "Shift+1", "Ctrl+Shift+1"].map(chord));
    let leaves = |action: &Action| {
        use Action as A;
        matches!(action, A::NextDocument | A::PreviousDocument | A::FinishAndNext | A::Save | A::Review)
    };
    for (name, open) in fields {
        let mut stage = Stage::new(TEXT);
        stage.click("Oslo", 2).keys("1");
        let spans = stage.see();
        for chord in &chords {
            let keymap = &stage.session().keymap;
            if keymap.action(Context::TextField, *chord).is_some_and(leaves) {
                continue;
            }
            stage.keys(open).types("ab");
            let screen_before = matches!(stage.window.screen, Screen::Work(_));
            stage.key(*chord);
            assert_eq!(stage.see(), spans, "{chord} in {name} reaches the page");
            assert!(screen_before && matches!(stage.window.screen, Screen::Work(_)));
            stage.window.dialog = None;
            stage.keys("Esc Esc Esc Esc");
            let undo = stage.see();
            assert_eq!(undo, spans, "{chord} in {name}, after leaving it");
        }
    }
}

#[test]
fn what_is_typed_goes_into_the_field_that_has_the_focus() {
    let mut stage = Stage::new(TEXT);
    stage.keys("Ctrl+Shift+L").types("a1.s[/ ?ä");
    assert_eq!(stage.session().list.query.words, "a1.s[/ ?ä");
    assert_eq!(stage.see(), TEXT);
}

// ── keyboards

/// A key as a layout sends it: what the key is, where it is, what it types.
fn typed(logical: egui::Key, physical: egui::Key, held: Modifiers, text: &str) -> String {
    let event =
        Event::Key { key: logical, physical_key: Some(physical), pressed: true, repeat: false, modifiers: held };
    let text = (!text.is_empty()).then_some(text);
    input::pressed(&event, text, false).map(|pressed| pressed.chord.to_string()).unwrap_or_default()
}

#[test]
fn digits_and_brackets_on_french_and_german_keyboards() {
    use egui::Key as K;
    let (plain, shift, ctrl) = (Modifiers::NONE, Modifiers::SHIFT, Modifiers::COMMAND);
    // AZERTY: digits with Shift, brackets with AltGr, a dead key and $ where they stand elsewhere.
    assert_eq!(typed(K::Num1, K::Num1, plain, "&"), "1");
    assert_eq!(typed(K::Quote, K::Num4, plain, "'"), "4");
    assert_eq!(typed(K::Minus, K::Num6, plain, "-"), "6");
    assert_eq!(typed(K::Num1, K::Num1, shift, "1"), "1", "Shift is the layout’s");
    assert_eq!(typed(K::Num1, K::Num1, plain, "1"), "1", "CapsLock");
    assert_eq!(typed(K::Num1, K::Num1, ctrl | shift, ""), "Ctrl+Shift+1");
    assert_eq!(typed(K::OpenBracket, K::Num5, plain, "["), "[", "AltGr");
    assert_eq!(typed(K::OpenCurlyBracket, K::Num4, plain, "{"), "Shift+[");
    assert_eq!(typed(K::OpenBracket, K::OpenBracket, plain, ""), "[", "a dead key");
    assert_eq!(typed(K::CloseBracket, K::CloseBracket, plain, "$"), "]");
    assert_eq!(typed(K::Period, K::Comma, shift, "."), ".");
    assert_eq!(typed(K::Questionmark, K::M, shift, "?"), "?");
    assert_eq!(typed(K::A, K::Q, plain, "a"), "A");
    assert_eq!(typed(K::A, K::Q, plain, "A"), "A", "CapsLock");
    // What AltGr types is not the digit or the letter below it.
    assert_eq!(typed(K::Num3, K::Num3, plain, "#"), "#");
    assert_eq!(typed(K::E, K::E, plain, "€"), "€");
    // QWERTZ: / is Shift+7, ü and + stand where the brackets are.
    assert_eq!(typed(K::Slash, K::Num7, shift, "/"), "/");
    assert_eq!(typed(K::Z, K::Y, plain, "z"), "Z");
    assert_eq!(typed(K::OpenBracket, K::OpenBracket, plain, "ü"), "[");
    assert_eq!(typed(K::Plus, K::CloseBracket, plain, "+"), "]");
    assert_eq!(typed(K::Plus, K::CloseBracket, ctrl, ""), "Ctrl++", "zooms");
    assert_eq!(typed(K::Semicolon, K::Semicolon, plain, "ö"), "Ö");
    // A number pad, with NumLock and without.
    assert_eq!(typed(K::Num2, K::Num2, plain, "2"), "2");
    assert_eq!(typed(K::ArrowDown, K::Num2, plain, ""), "Down");
    // US: Shift makes another sign of a digit, and that is no label.
    assert_eq!(typed(K::Exclamationmark, K::Num1, shift, "!"), "Shift+1");
}

#[test]
fn letters_are_those_that_are_typed_else_those_that_stand_there() {
    let key = |physical, text: &str| {
        let event = Event::Key {
            key: physical,
            physical_key: Some(physical),
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        vec![event, Event::Text(text.to_owned())]
    };
    // ы stands where s is: the relation’s letter.
    let mut stage = Stage::new(TEXT);
    stage.click("Maria", 2).keys("1").click("ready", 1).keys("Esc 2");
    stage.send(key(egui::Key::S, "ы"));
    stage.rest();
    assert!(stage.session().linking().is_some(), "{:?}", stage.told());
    // ą is typed with AltGr on a Polish keyboard and is no a.
    let mut stage = Stage::new(TEXT);
    stage.click("Maria", 2).keys("1").click("ready", 1).keys("Esc 2");
    stage.send(key(egui::Key::S, "ś"));
    stage.rest();
    assert!(stage.session().linking().is_none());
    // The same with a dead key before it: the letter itself.
    stage.send(vec![Event::Key {
        key: egui::Key::Backtick,
        physical_key: Some(egui::Key::Backtick),
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    }]);
    stage.send(key(egui::Key::S, "ś"));
    stage.rest();
    assert!(stage.session().linking().is_some());
}

#[test]
fn control_of_a_mac_is_not_command() {
    let event = |modifiers| Event::Key {
        key: egui::Key::Num1,
        physical_key: Some(egui::Key::Num1),
        pressed: true,
        repeat: false,
        modifiers,
    };
    assert_eq!(input::chord(&event(Modifiers::CTRL)), None);
    let command = Modifiers { mac_cmd: true, command: true, ..Modifiers::NONE };
    assert_eq!(input::chord(&event(command)), Some(chord("Ctrl+1")));
}

// ── held keys, and many keys in one frame

fn press(key: egui::Key, modifiers: Modifiers) -> Event {
    Event::Key { key, physical_key: Some(key), pressed: true, repeat: false, modifiers }
}

fn release(key: egui::Key) -> Event {
    Event::Key { key, physical_key: Some(key), pressed: false, repeat: false, modifiers: Modifiers::NONE }
}

#[test]
fn a_held_key_never_outruns_the_page() {
    let mut stage = Stage::new(&"word ".repeat(2000));
    let caret = |stage: &Stage| stage.session().open.as_ref().unwrap().caret;
    // Two hundred repeats, queued while a frame took long, and then the release.
    let mut events = vec![press(egui::Key::ArrowRight, Modifiers::NONE); 200];
    events.push(release(egui::Key::ArrowRight));
    stage.send(events);
    assert_eq!(caret(&stage), 5, "the press, and four repeats");
    stage.rest();
    assert_eq!(caret(&stage), 5, "nothing goes on after the release");
    for frame in 0..10 {
        stage.send(vec![press(egui::Key::ArrowRight, Modifiers::NONE)]);
        assert_eq!(caret(&stage), 6 + frame, "a repeat a frame is followed");
    }
}

#[test]
fn a_decision_is_made_once_a_press() {
    let mut stage = Stage::of(&[("a", "One"), ("b", "Two"), ("c", "Three"), ("d", "Four")]);
    let open = |stage: &Stage| stage.session().open.as_ref().unwrap().id().to_string();
    for _ in 0..30 {
        stage.send(vec![press(egui::Key::Enter, Modifiers::COMMAND)]);
    }
    assert_eq!(open(&stage), "b", "holding Ctrl+Enter finishes one document");
    stage.send(vec![release(egui::Key::Enter)]);
    stage.keys("Ctrl+Enter");
    assert_eq!(open(&stage), "c");
    // A digit that closed a menu goes on to mark nothing.
    stage.keys("Ctrl+.");
    let three = |events: usize| vec![press(egui::Key::Num3, Modifiers::NONE); events];
    stage.send(three(1));
    stage.send(three(20));
    assert_eq!((open(&stage).as_str(), stage.see().as_str()), ("c", "Three"), "it asks for a reason");
    stage.send(vec![release(egui::Key::Num3)]);
    stage.keys("Enter");
    assert_eq!((open(&stage).as_str(), stage.see().as_str()), ("d", "Four"));
    // The key that opened a field types nothing into it.
    let slash = || vec![press(egui::Key::Slash, Modifiers::NONE), Event::Text("/".to_owned())];
    stage.send(slash());
    stage.send(slash().into_iter().chain(slash()).collect());
    stage.send(vec![release(egui::Key::Slash)]);
    stage.rest();
    stage.types("our");
    assert_eq!(stage.selected(), "our");
}

#[test]
fn keys_that_come_in_one_frame_go_where_they_were_meant() {
    let mut stage = Stage::new(TEXT);
    let mut events = Vec::new();
    for (key, text) in [("/", "/"), ("B", "b"), ("E", "e"), ("R", "r"), ("G", "g")] {
        events.push(press(egui::Key::from_name(key).unwrap(), Modifiers::NONE));
        events.push(Event::Text(text.to_owned()));
    }
    events.push(press(egui::Key::Enter, Modifiers::NONE));
    events.push(press(egui::Key::Num1, Modifiers::NONE));
    events.push(Event::Text("1".to_owned()));
    stage.send(events);
    for _ in 0..6 {
        stage.rest();
    }
    assert!(stage.see().contains("Tomas ⟨entity Berg⟩ in"), "{}", stage.see());
}

#[test]
fn input_methods_are_left_alone() {
    let mut stage = Stage::new(TEXT);
    let commit = || vec![Event::Ime(egui::ImeEvent::Commit("１".to_owned()))];
    stage.send(commit());
    stage.rest();
    assert_eq!(stage.see(), TEXT);
    stage.keys("Ctrl+Shift+L");
    stage.send(commit());
    stage.rest();
    assert_eq!(stage.session().list.query.words, "１");
}

// ── other keys

#[test]
fn keys_are_changed_by_pressing_them() {
    let mut stage = Stage::new(TEXT);
    stage.keys("?").press("Change keys…").press("Undo: Ctrl+Z");
    stage.keys("Ctrl+U");
    assert_eq!(stage.window.shared.settings.keys, BTreeMap::from([("undo".to_owned(), vec!["Ctrl+U".to_owned()])]));
    // A second one, which belongs to another: named, and taken over.
    stage.press("Add a key").keys("Ctrl+S");
    let says = |stage: &mut Stage, words: &str| stage.named().iter().any(|(_, name, _)| name.contains(words));
    assert!(says(&mut stage, "belongs to “Save now”"));
    stage.press("Leave it");
    assert!(!stage.window.shared.settings.keys.contains_key("save"));
    stage.press("Add a key").keys("Ctrl+S").press("Take it over");
    assert_eq!(stage.window.shared.settings.keys["undo"], ["Ctrl+U", "Ctrl+S"]);
    assert!(stage.window.shared.settings.keys["save"].is_empty());
    // One that nobody can have, and one of a label.
    stage.press("Add a key").keys("Ctrl+0");
    assert!(says(&mut stage, "Zooms the window"));
    stage.press("Leave it").press("Add a key").keys("1");
    assert!(says(&mut stage, "belongs to “Mark Entity”"));
    stage.press("Leave it").press("Remove Ctrl+S").press("As at first");
    assert_eq!(stage.window.shared.settings.keys.keys().collect::<Vec<_>>(), ["save"]);
    stage.press("Reset all keys");
    assert!(stage.window.shared.settings.keys.is_empty());
    // Esc leaves the key as it is, then the dialog.
    stage.press("Add a key").keys("Esc");
    assert!(matches!(stage.window.dialog, Some(Dialog::Settings(_))));
    stage.keys("Esc");
    assert!(stage.window.dialog.is_none());
}

#[test]
fn a_changed_key_holds_at_once() {
    let mut stage = Stage::new(TEXT);
    stage
        .click("Oslo", 2)
        .keys("1 Ctrl+K")
        .types("change keys")
        .keys("Enter")
        .press("Undo: Ctrl+Z")
        .keys("Ctrl+U Esc Ctrl+Z");
    assert!(stage.see().contains("⟨entity Oslo⟩"), "Ctrl+Z means nothing any more: {}", stage.see());
    stage.keys("Ctrl+U");
    assert_eq!(stage.see(), TEXT);
}

#[test]
fn a_command_is_found_by_pressing_its_key() {
    let mut stage = Stage::new(TEXT);
    stage.keys("Ctrl+,").press("Keys").press("By key").keys("Ctrl+D");
    let named = stage.named();
    let rows: Vec<&str> =
        named.iter().filter(|(_, name, _)| name.contains(": Ctrl+D")).map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(rows, ["Mark every equal string: Ctrl+D"]);
    assert!(!named.iter().any(|(_, name, _)| name.starts_with("Undo")));
}

#[test]
fn motions_repeat_and_decisions_do_not() {
    let entity = spanwright::schema::LabelId::from("entity");
    for action in [Action::Move(Motion::LineDown), Action::Undo, Action::NextStop] {
        assert!(action.repeats());
    }
    for action in [Action::Mark(entity), Action::FinishAndNext, Action::Remove, Action::Confirm, Action::Skip] {
        assert!(!action.repeats());
    }
}

// ── the palette

#[test]
fn the_palette_lists_what_was_chosen_before_and_narrows_by_a_sign() {
    let mut stage = Stage::of(&[("d", TEXT), ("harbour", "Lights over the harbour")]);
    let options = |stage: &mut Stage| {
        let mut options = stage.named();
        options.retain(|(role, _, rect)| *role == accesskit::Role::ListBoxOption && rect.is_some());
        options.sort_by(|a, b| a.2.unwrap().top().total_cmp(&b.2.unwrap().top()));
        options.into_iter().map(|(_, name, _)| name).collect::<Vec<_>>()
    };
    stage.keys("Ctrl+K").types("full screen").keys("Enter Ctrl+K");
    assert_eq!(options(&mut stage)[0], "Full screen", "what was chosen last stands first");
    stage.types("@ev");
    assert_eq!(options(&mut stage)[..2], ["Mark Event", "Mark Event at every drag"]);
    stage.keys("Ctrl+A").types(">lod");
    assert_eq!(options(&mut stage)[0], "Light or dark", "letters here and there");
    stage.keys("Ctrl+A").types("#lights").keys("Enter");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "harbour");
}

#[test]
fn the_palette_changes_settings_and_says_why_something_cannot_be_done() {
    let mut stage = Stage::new(TEXT);
    let size = stage.window.shared.settings.text_size;
    stage.keys("Ctrl+K").types("larger").keys("Enter");
    assert_eq!(stage.window.shared.settings.text_size, size + 0.5);
    stage.keys("Ctrl+K").types("light or").keys("Enter");
    assert_eq!(stage.screen.ctx.theme(), egui::Theme::Dark);
    stage.keys("Ctrl+K").types("careful").keys("Enter");
    assert!(stage.window.shared.settings.careful && stage.session().careful);
    stage.keys("Ctrl+K").types("remove span");
    let named = stage.named();
    assert!(named.iter().any(|(_, name, _)| name == "Remove span. Select a span first"), "{named:#?}");
}

// ── menus

#[test]
fn menus_open_with_a_key_and_arrows_go_through_them() {
    let mut stage = Stage::new(TEXT);
    let shows = |stage: &mut Stage, words: &str| stage.named().iter().any(|(_, name, _)| name.starts_with(words));
    stage.keys("F10");
    assert!(shows(&mut stage, "Import articles…"));
    stage.keys("Right");
    assert!(shows(&mut stage, "Undo") && !shows(&mut stage, "Import articles…"));
    stage.keys("Left Left");
    assert!(shows(&mut stage, "Key sheet") || shows(&mut stage, "Keys"), "around to the last one");
    stage.keys("Esc 1");
    assert!(stage.see().starts_with("⟨entity Maria⟩"), "the page has the keys again: {}", stage.see());
    stage.keys("F10 Right Down Enter");
    assert_eq!(stage.see(), TEXT, "{:?}", stage.told());
}
