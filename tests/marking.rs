//! Marking many at once, with an armed label, and what is missing before a document is finished: before, keys and mouse, after.

use egui::{Modifiers, vec2};
use spanwright::session::Command;

use crate::session::{project, session_of};
use crate::stage::Stage;
use crate::support::picture;

/// What lies over the page, row by row: `[x]` is ticked.
fn preview(stage: &mut Stage) -> Vec<String> {
    stage.ticks().into_iter().map(|(name, on)| format!("[{}] {name}", if on { "x" } else { " " })).collect()
}

/// The first thing a screen reader is told that begins so.
#[track_caller]
fn said(stage: &mut Stage, beginning: &str) -> String {
    let named = stage.named();
    let found = named.iter().filter(|(role, name, _)| name.starts_with(beginning) && *role != accesskit::Role::Button);
    found
        .max_by_key(|(_, name, _)| name.len())
        .unwrap_or_else(|| panic!("nobody says {beginning}: {named:#?}"))
        .1
        .clone()
}

/// The search through the project has ended.
fn looked(stage: &mut Stage) {
    stage.until("the end of the search", |stage| {
        stage.named().iter().all(|(_, name, _)| !name.starts_with("Looking"))
            && stage.named().iter().any(|(_, name, _)| name.starts_with("Mark ") || name.starts_with("Nothing"))
    });
}

/// Another document of the same project, as the store has it.
fn in_store(stage: &Stage, id: &str) -> String {
    let store = stage.session().store();
    let document = store.document(&id.into(), None).unwrap().unwrap();
    let layer = store.layer(&id.into(), &"ana".into()).unwrap().map(|(layer, _)| layer);
    picture(&document.text, layer.as_ref())
}

#[test]
fn ctrl_d_marks_in_one_key_and_again_lets_one_choose() {
    let mut stage = Stage::new("Kerry met Kerry’s aide, and Kerryman met Kerry.");
    stage.click("Kerry", 2).keys("1 Ctrl+D");
    assert_eq!(stage.see(), "⟨entity Kerry⟩ met ⟨entity Kerry⟩’s aide, and Kerryman met ⟨entity Kerry⟩.");
    assert_eq!(stage.told(), ["2 more marked"]);
    stage.keys("Ctrl+D");
    assert_eq!(
        preview(&mut stage),
        [
            "[x] Kerry met Kerry’s aide, and Kerryman met Kerry., just marked",
            "[ ] Kerry met Kerry’s aide, and Kerryman met Kerry., part of a longer word",
            "[x] Kerry met Kerry’s aide, and Kerryman met Kerry., just marked",
        ]
    );
    stage.picture("equal-document");
    stage.keys("Space Enter");
    assert_eq!(stage.see(), "⟨entity Kerry⟩ met Kerry’s aide, and Kerryman met ⟨entity Kerry⟩.");
    stage.keys("Ctrl+Z Ctrl+Z");
    assert_eq!(stage.see(), "⟨entity Kerry⟩ met Kerry’s aide, and Kerryman met Kerry.");
}

#[test]
fn the_list_is_left_without_a_change() {
    let mut stage = Stage::new("Lind, Lindberg");
    stage.click("Lind", 2).keys("1 Ctrl+D");
    assert_eq!(preview(&mut stage), ["[ ] Lind, Lindberg, part of a longer word"]);
    stage.keys("Space");
    assert_eq!(preview(&mut stage), ["[x] Lind, Lindberg, part of a longer word"]);
    stage.keys("Esc");
    assert_eq!((stage.see().as_str(), preview(&mut stage).len()), ("⟨entity Lind⟩, Lindberg", 0));
    // Rules guide, they do not forbid.
    stage.keys("Ctrl+D Space Enter");
    assert_eq!(stage.see(), "⟨entity Lind⟩, ⟨entity Lind⟩berg");
}

const NEWS: [(&str, &str); 4] = [
    ("a", "Kerry spoke. KERRY left."),
    ("b", "In Geneva Kerry met Lavrov; Kerry smiled."),
    ("c", "Subscribe to Kerry news\nKerrygold"),
    ("d", "ذهب كيري مع Kerry إلى جنيف 👩‍👩‍👧."),
];

#[test]
fn every_equal_string_of_the_project_is_shown_chosen_and_marked_at_once() {
    let mut stage = Stage::of(&NEWS);
    stage.click("Kerry", 2).keys("1 1 Enter 1 Ctrl+Shift+D");
    looked(&mut stage);
    assert_eq!(
        preview(&mut stage),
        [
            "[x] In Geneva Kerry met Lavrov; Kerry smiled., 2 of 2",
            "[x] In Geneva Kerry met Lavrov; Kerry smiled.",
            "[x] In Geneva Kerry met Lavrov; Kerry smiled.",
            "[x] Subscribe to Kerry news, 1 of 2",
            "[x] Subscribe to Kerry news",
            "[ ] Kerrygold, part of a longer word",
            "[x] ذهب كيري مع Kerry إلى جنيف 👩‍👩‍👧., 1 of 1",
            "[x] ذهب كيري مع Kerry إلى جنيف 👩‍👩‍👧.",
        ]
    );
    assert_eq!(said(&mut stage, "Mark 4"), "Mark 4 more as Entity in 3 documents. “Kerry”  ·  1 left out");
    stage.picture("equal-project");
    // Not the first one, and nothing of the third document.
    stage.keys("Space Down Down Up Down Space");
    assert_eq!(said(&mut stage, "Mark "), "Mark 2 more as Entity in 2 documents. “Kerry”  ·  3 left out");
    stage.keys("Space Space Enter");
    stage.until("the marks", |stage| stage.told().iter().any(|told| told.contains("marked")));
    assert_eq!(stage.told(), ["2 more marked in 2 documents"]);
    stage.keys("Ctrl+S");
    assert_eq!(in_store(&stage, "b"), "In Geneva Kerry met Lavrov; ⟨entity Kerry⟩ smiled.");
    assert_eq!(in_store(&stage, "c"), "Subscribe to Kerry news\nKerrygold");
    assert_eq!(in_store(&stage, "d"), "ذهب كيري مع ⟨entity Kerry⟩ إلى جنيف 👩‍👩‍👧.");
    let (layer, _) = stage.session().store().layer(&"d".into(), &"ana".into()).unwrap().unwrap();
    let span = layer.spans.iter().next().unwrap();
    assert_eq!(serde_json::to_string(&span.attributes).unwrap(), r#"{"type":"person"}"#);
    assert_eq!(serde_json::to_string(&span.origin).unwrap(), r#"{"by":"manual"}"#);
    // One undo takes everything back.
    stage.keys("Ctrl+Z");
    for id in ["b", "c", "d"] {
        let text = NEWS.iter().find(|news| news.0 == id).unwrap().1;
        assert_eq!(in_store(&stage, id), text);
    }
}

#[test]
fn options_are_turned_by_their_letters() {
    let mut stage = Stage::of(&NEWS);
    stage.click("Kerry", 2).keys("1 Ctrl+Shift+D");
    looked(&mut stage);
    let mark = |stage: &mut Stage| said(stage, "Mark ").split('.').next().unwrap().to_owned();
    assert_eq!(mark(&mut stage), "Mark 4 more as Entity in 3 documents");
    stage.keys("C");
    looked(&mut stage);
    assert_eq!(mark(&mut stage), "Mark 5 more as Entity in 4 documents");
    stage.keys("W");
    looked(&mut stage);
    assert_eq!(mark(&mut stage), "Mark 6 more as Entity in 4 documents");
    stage.keys("Ctrl+A");
    assert_eq!(said(&mut stage, "Nothing"), "Nothing is ticked. “Kerry”  ·  6 left out");
    stage.keys("Enter");
    assert_eq!(stage.told(), ["Nothing is ticked"]);
    stage.keys("Ctrl+A H Esc");
    assert_eq!(stage.see(), "⟨entity Kerry⟩ spoke. KERRY left.");
}

#[test]
fn finished_documents_are_left_alone_unless_asked_for() {
    let mut session = session_of(&project(&NEWS), "ana");
    session.run(Command::Open("b".into()));
    session.run(Command::FinishAndNext);
    session.run(Command::Open("a".into()));
    let mut stage = Stage::with(session);
    stage.click("Kerry", 2).keys("1 Ctrl+Shift+D");
    looked(&mut stage);
    assert_eq!(said(&mut stage, "Mark "), "Mark 2 more as Entity in 2 documents. “Kerry”  ·  3 left out");
    assert_eq!(preview(&mut stage)[1], "[ ] In Geneva Kerry met Lavrov; Kerry smiled., finished");
    stage.keys("F");
    assert_eq!(
        said(&mut stage, "Mark "),
        "Mark 4 more as Entity in 3 documents. “Kerry”  ·  1 left out  ·  1 document opens again"
    );
    stage.keys("Enter");
    stage.until("the marks", |stage| stage.told().iter().any(|told| told.contains("marked")));
    assert_eq!(stage.told(), ["4 more marked in 3 documents; 1 document is open again"]);
}

#[test]
fn the_preview_fits_a_narrow_dark_window() {
    let mut stage = Stage::of(&NEWS);
    stage.screen.resize(vec2(480.0, 760.0), 1.5);
    stage.window.shared.settings.theme = spanwright::session::settings::ThemeChoice::Dark;
    stage.screen.ctx.set_theme(egui::Theme::Dark);
    stage.rest();
    stage.click("Kerry", 2).keys("1 Ctrl+Shift+D");
    looked(&mut stage);
    stage.picture("equal-narrow-dark");
    let outside = stage.named().into_iter().filter(|(role, _, rect)| {
        *role == accesskit::Role::CheckBox && rect.is_some_and(|rect| rect.left() < 0.0 || rect.right() > 480.0)
    });
    assert_eq!(outside.count(), 0);
    assert_eq!(preview(&mut stage).len(), 8);
}

#[test]
fn what_is_much_is_shown_first_and_goes_on_other_threads() {
    let mut stage = Stage::new(&"Lind. ".repeat(1_100));
    stage.click("Lind", 2).keys("1 Ctrl+D");
    assert_eq!(said(&mut stage, "Mark 1,099"), "Mark 1,099 more as Entity. “Lind”");
    stage.keys("End PageUp Space Enter");
    stage.until("the marks", |stage| stage.told().iter().any(|told| told.contains("marked")));
    assert!(stage.told().contains(&"1098 more marked"), "{:?}", stage.told());
    stage.until("the disk", |stage| stage.session().is_saved());
    stage.keys("Ctrl+Z");
    stage.until("the undo", |stage| stage.told().iter().any(|told| told.starts_with("Undone")));
    assert!(stage.told().contains(&"Undone: Mark 1098 × Entity"), "{:?}", stage.told());
    assert_eq!(stage.session().open.as_ref().unwrap().shown().unwrap().spans.len(), 1);
    stage.keys("Ctrl+Y");
    stage.until("the redo", |stage| stage.told().iter().any(|told| told.starts_with("Done again")));
    assert_eq!(stage.session().open.as_ref().unwrap().shown().unwrap().spans.len(), 1_099);
}

const PLACES: &str = "Lavrov met Kerry in Geneva, and Geneva was cold.";

#[test]
fn an_armed_label_marks_at_every_drag_until_escape() {
    let mut stage = Stage::new(PLACES);
    stage.keys("Ctrl+Shift+1");
    assert_eq!(said(&mut stage, "Entity marks"), "Entity marks every drag");
    stage.picture("armed");
    stage.drag("Kerry", "Kerry", Modifiers::NONE).drag("Geneva", "Geneva", Modifiers::NONE);
    assert_eq!(stage.see(), "Lavrov met ⟨entity Kerry⟩ in ⟨entity Geneva⟩, and Geneva was cold.");
    // With the keyboard: Shift and arrows select, Enter marks.
    stage.keys("Ctrl+Home Ctrl+Shift+Right Enter");
    assert_eq!(stage.see(), "⟨entity Lavrov⟩ met ⟨entity Kerry⟩ in ⟨entity Geneva⟩, and Geneva was cold.");
    stage.keys("Esc");
    assert!(stage.session().armed().is_none());
    stage.drag("cold", "cold", Modifiers::NONE);
    assert_eq!((stage.selected(), stage.session().open.as_ref().unwrap().shown().unwrap().spans.len()), ("cold", 3));
}

#[test]
fn in_rapid_work_the_label_used_last_stays_armed() {
    let mut stage = Stage::new(PLACES);
    stage.window.shared.settings.rapid = true;
    stage.rest();
    stage.drag("Kerry", "Kerry", Modifiers::NONE).keys("1");
    stage.drag("Geneva", "Geneva", Modifiers::NONE);
    assert_eq!(stage.see(), "Lavrov met ⟨entity Kerry⟩ in ⟨entity Geneva⟩, and Geneva was cold.");
    // Another label takes its place; Esc lets go.
    stage.keys("Esc").drag("cold", "cold", Modifiers::NONE).keys("3");
    assert_eq!(stage.session().armed().unwrap().as_str(), "event");
    stage.keys("Esc");
    assert!(stage.session().armed().is_none());
}

#[test]
fn the_last_label_is_repeated_by_a_dot() {
    let mut stage = Stage::new(PLACES);
    stage.click("Kerry", 2).keys("1").click("Lavrov", 2).keys(".");
    assert_eq!(stage.see(), "⟨entity Lavrov⟩ met ⟨entity Kerry⟩ in Geneva, and Geneva was cold.");
}

#[test]
fn in_careful_work_what_is_required_is_asked_for_at_once() {
    let mut stage = Stage::new(PLACES);
    stage.window.shared.settings.careful = true;
    stage.rest();
    stage.click("Geneva", 2).keys("1");
    assert_eq!(said(&mut stage, "type place"), "type place");
    stage.picture("careful");
    stage.keys("3");
    assert_eq!(attributes(&stage), [r#"Geneva {"type":"place"}"#]);
    assert!(stage.named().iter().all(|(_, name, _)| name != "type place"));
    // Everything but a digit goes on meaning what it means on the page.
    stage.click("Kerry", 2).keys("1 Ctrl+Home Ctrl+Shift+Right 1 1");
    assert_eq!(attributes(&stage), [r#"Lavrov {"type":"person"}"#, "Kerry {}", r#"Geneva {"type":"place"}"#]);
    // With the mouse.
    stage.click("Kerry", 2).keys("1").press("type person");
    assert_eq!(attributes(&stage)[1], r#"Kerry {"type":"person"}"#);
}

/// Words and attributes of each span.
fn attributes(stage: &Stage) -> Vec<String> {
    let open = stage.session().open.as_ref().unwrap();
    let spans = open.shown().unwrap().spans.iter();
    spans
        .map(|span| format!("{} {}", span.ranges.quote(open.text()), serde_json::to_string(&span.attributes).unwrap()))
        .collect()
}

/// Three names without a type, one with.
fn untyped() -> Stage {
    let mut stage = Stage::of(&[("a", PLACES), ("b", "Another")]);
    for words in ["Lavrov", "Kerry", "Geneva"] {
        stage.click(words, 2).keys("1");
    }
    stage.click("cold", 2).keys("3 Ctrl+Home");
    stage
}

#[test]
fn what_is_missing_is_gone_through_by_one_key() {
    let mut stage = untyped();
    stage.picture("incomplete");
    stage.keys("F8 2");
    assert_eq!(attributes(&stage)[0], r#"Lavrov {"type":"organisation"}"#);
    // The next question is asked at once.
    stage.keys("1 3");
    assert_eq!(
        attributes(&stage)[..3],
        [r#"Lavrov {"type":"organisation"}"#, r#"Kerry {"type":"person"}"#, r#"Geneva {"type":"place"}"#]
    );
    assert_eq!(stage.told(), ["Nothing is missing any more"]);
    stage.keys("F8");
    assert_eq!(stage.told(), ["Nothing is missing any more", "Nothing is missing"]);
}

#[test]
fn the_keys_go_back_and_around_too() {
    let mut stage = untyped();
    let at = |stage: &Stage| {
        let open = stage.session().open.as_ref().unwrap();
        stage.session().selected_span().map_or(String::new(), |span| span.ranges.quote(open.text()))
    };
    for (key, words) in
        [("F8", "Lavrov"), ("F8", "Kerry"), ("Shift+F8", "Lavrov"), ("Shift+F8", "Geneva"), ("F8", "Lavrov")]
    {
        stage.keys(key);
        assert_eq!(at(&stage), words, "{key}");
    }
    stage.keys("Esc Esc").click("cold", 1);
    for (key, words) in [("F7", "cold"), ("Shift+F7", "cold")] {
        stage.keys(key);
        assert_eq!(at(&stage), words, "{key}");
    }
    stage.click("Kerry", 1);
    for (key, words) in [("F7", "Geneva"), ("F7", "Lavrov"), ("Shift+F7", "Geneva")] {
        stage.keys(key);
        assert_eq!(at(&stage), words, "{key}");
    }
}

#[test]
fn before_finishing_what_is_missing_is_listed_and_mended() {
    let mut stage = untyped();
    stage.keys("Ctrl+Enter");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "a");
    let rows = |stage: &mut Stage| -> Vec<String> {
        let mut named = stage.named();
        named.retain(|(role, ..)| *role == accesskit::Role::ListBoxOption);
        named.sort_by_key(|(.., rect)| rect.map(|rect| rect.top() as i32));
        named.into_iter().map(|(_, name, _)| name).collect()
    };
    assert_eq!(rows(&mut stage), ["Entity Lavrov, no type", "Entity Kerry, no type", "Entity Geneva, no type"]);
    assert_eq!(said(&mut stage, "3 spans"), "3 spans have no type");
    stage.picture("missing");
    stage.keys("Enter 1 1 3");
    assert_eq!(stage.told(), ["Nothing is missing any more"]);
    stage.keys("Ctrl+Enter");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "b");
}

#[test]
fn finishing_again_finishes_all_the_same() {
    let mut stage = untyped();
    stage.keys("Ctrl+Enter Ctrl+Enter");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "b");
    assert!(in_store(&stage, "a").starts_with("⟨entity Lavrov⟩"));
    // And by setting nothing is asked.
    let mut stage = untyped();
    stage.window.shared.settings.check_before_finishing = false;
    stage.rest();
    stage.keys("Ctrl+Enter");
    assert_eq!(stage.session().open.as_ref().unwrap().id().as_str(), "b");
}

#[test]
fn spans_that_may_not_share_text_are_in_the_list_too() {
    let mut stage = Stage::of(&[("a", "Subscribe to Kerry news\nText"), ("b", "Another")]);
    stage.click("Kerry", 2).keys("1 1 Enter 1");
    stage.click("Subscribe", 4).keys("4");
    stage.keys("Ctrl+Enter");
    assert_eq!(said(&mut stage, "1 span"), "1 span shares text against the rules");
    assert_eq!(said(&mut stage, "Entity Kerry"), "Entity Kerry, may not share text with Boilerplate");
    stage.keys("Enter Delete");
    assert_eq!(stage.see(), "⟨boilerplate Subscribe to Kerry news⟩\nText");
    assert_eq!(stage.told().last(), Some(&"Nothing is missing any more"));
}

#[test]
fn the_inspector_sums_up_what_is_missing() {
    let mut stage = untyped();
    assert_eq!(said_by(&mut stage, "3 spans"), "3 spans have no type");
    stage.press("3 spans").keys("1 1 1");
    assert!(stage.named().iter().all(|(_, name, _)| !name.contains("have no")));
    assert_eq!(stage.told().last(), Some(&"Nothing is missing any more"));
}

/// As [`said`], by a button.
#[track_caller]
fn said_by(stage: &mut Stage, beginning: &str) -> String {
    let named = stage.named();
    named.into_iter().find(|(_, name, _)| name.starts_with(beginning)).unwrap().1
}

#[test]
fn a_field_that_is_opened_over_the_preview_takes_what_is_typed() {
    let mut stage = Stage::of(&NEWS);
    stage.click("Kerry", 2).keys("1 Ctrl+Shift+D");
    looked(&mut stage);
    stage.keys("F4").types("geneva");
    assert_eq!(preview(&mut stage).len(), 0, "the preview has gone");
    // `a` would have turned an option: the whole word was found.
    stage.until("the hit", |stage| stage.named().iter().any(|(_, name, _)| name.starts_with("1 hit in 1 document")));
}

#[test]
fn a_preview_of_nothing_says_so_and_enter_leaves_it() {
    let mut stage = Stage::of(&[("a", "Lind spoke."), ("b", "Nobody else did.")]);
    stage.click("Lind", 2).keys("1 Ctrl+Shift+D");
    stage.until("the end of the search", |stage| {
        stage.named().iter().any(|(_, name, _)| name.starts_with("It occurs nowhere else"))
    });
    stage.keys("Enter");
    assert!(!stage.named().iter().any(|(_, name, _)| name.starts_with("It occurs nowhere else")));
    assert_eq!(stage.told(), [""; 0]);
}
