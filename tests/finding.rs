//! Finding in the window: the panel of hits, the bar on the page, the filter of the list. What is typed, which keys, where one ends.

use egui::vec2;
use spanwright::app::headless::Headless;
use spanwright::app::raster::png;
use spanwright::app::theme::Theme;
use spanwright::app::{StartUp, Window};
use spanwright::session::settings::{Settings, ThemeChoice};
use spanwright::session::{Command, sample};
use spanwright::store::Memory;

use crate::session::session_of;
use crate::stage::Stage;

const SHIPS: [(&str, &str); 4] = [
    ("a", "Ships sail.\nOld ships sail slowly."),
    ("b", "Nothing sails here."),
    ("c", "قال الوزير: السفن تعود. Ships, he said, and مركب."),
    ("d", "The last ship."),
];

impl Stage {
    /// Frames until nothing is looked for any more.
    fn found(&mut self) -> &mut Self {
        while self.window.is_looking() {
            std::thread::yield_now();
            self.send(Vec::new());
        }
        self.rest();
        self
    }

    /// Document and selected words.
    fn here(&self) -> String {
        format!("{}: {}", self.session().open.as_ref().unwrap().id(), self.selected())
    }

    /// What a screen reader is told of with this role.
    fn told_as(&mut self, role: accesskit::Role) -> Vec<String> {
        let mut found: Vec<_> = self.named().into_iter().filter(|(known, ..)| *known == role).collect();
        found.sort_by_key(|(_, _, rect)| rect.map(|rect| rect.top() as i32));
        found.into_iter().map(|(_, name, _)| name).collect()
    }

    /// The rows of the results.
    fn rows(&mut self) -> Vec<String> {
        self.told_as(accesskit::Role::ListItem)
    }

    /// `3 hits in 2 documents of 24`
    fn counted(&mut self) -> String {
        self.told_as(accesskit::Role::Status).into_iter().find(|words| words.contains("document")).unwrap_or_default()
    }
}

#[test]
fn what_is_typed_is_found_in_all_documents_and_stepped_through() {
    let mut stage = Stage::of(&SHIPS);
    stage.keys("F4").types("ships").found();
    assert_eq!(stage.counted(), "3 hits in 2 documents of 4");
    let rows = stage.rows();
    assert_eq!(rows[..3], ["Ships sail., 2 hits", "Ships sail.", "Old ships sail slowly."]);
    assert_eq!(rows.len(), 5);
    // Enter goes to the first; the keys belong to the page then.
    stage.keys("Enter");
    assert_eq!(stage.here(), "a: Ships");
    stage.keys("F3");
    assert_eq!(stage.here(), "a: ships");
    stage.keys("F3");
    assert_eq!(stage.here(), "c: Ships");
    stage.keys("F3");
    assert_eq!(stage.here(), "a: Ships", "round the end");
    stage.keys("Shift+F3");
    assert_eq!(stage.here(), "c: Ships");
    stage.keys("1");
    assert!(stage.see().contains("⟨entity Ships⟩, he said"), "a label’s key marks the hit: {}", stage.see());
    // Back leads through the hits.
    stage.keys("Alt+Left");
    assert!(stage.here().starts_with("a: "));
    stage.keys("Alt+Right");
    assert!(stage.here().starts_with("c: "));
}

#[test]
fn the_field_the_results_and_the_page_hand_the_keys_on() {
    let mut stage = Stage::of(&SHIPS);
    stage.keys("F4").types("ships").found().keys("Down Down");
    assert_eq!(stage.here(), "a: ", "the cursor goes through the hits; the page waits");
    stage.keys("Enter");
    assert_eq!(stage.here(), "a: ships");
    // Again: the same words, selected, so that typing begins anew.
    stage.keys("F4").types("sails").found();
    assert_eq!(stage.counted(), "1 hit in 1 document of 4");
    stage.keys("Down Enter");
    assert_eq!(stage.here(), "b: sails");
    // Up in an empty field brings back what was looked for, Down goes forth again.
    stage.keys("Esc Esc F4 Ctrl+A Backspace").found();
    stage.keys("Up Up").found();
    assert_eq!(stage.counted(), "3 hits in 2 documents of 4");
    stage.keys("Down").found();
    assert_eq!(stage.counted(), "1 hit in 1 document of 4");
    // Up from the first result leads back into the field; Esc closes and gives the page back.
    stage.keys("Down Up").types("x").found();
    assert_eq!(stage.counted(), "Nothing was found in 4 documents");
    stage.keys("Esc 1");
    assert!(stage.see().contains("⟨entity sails⟩"), "the hit is still selected: {}", stage.see());
    assert_eq!(stage.rows().len(), 4, "the list is back");
}

#[test]
fn what_is_selected_is_looked_for() {
    let mut stage = Stage::of(&[("a", "He said “no” (twice)."), ("b", "No “no” here.")]);
    stage.drag("“", "no”", egui::Modifiers::ALT).keys("Ctrl+Shift+F").found();
    assert_eq!(stage.counted(), "2 hits in 2 documents of 2", "its signs mean nothing");
    stage.keys("Enter F3");
    assert_eq!(stage.here(), "b: “no”");
    stage.keys("Esc Esc").click("here", 2).keys("F4").found();
    assert_eq!(stage.counted(), "1 hit in 1 document of 2");
}

#[test]
fn spans_are_found_and_selected_and_what_changed_is_said() {
    let mut stage = Stage::of(&SHIPS);
    stage.click("Ships", 2).keys("1 Esc").click("slowly", 2).keys("1 Esc");
    stage.keys("F4").types("label:entity").found();
    assert_eq!(stage.counted(), "2 hits in 1 document of 4");
    stage.keys("Enter");
    assert_eq!(
        stage.session().selected_span().unwrap().ranges.quote(stage.session().open.as_ref().unwrap().text()),
        "Ships"
    );
    stage.keys("F3 Delete");
    assert!(stage.see().contains("sail slowly."), "the second was removed: {}", stage.see());
    assert_eq!(stage.counted(), "2 hits in 1 document of 4", "results stay as they are while one works on them");
    stage.press("Changed since. Search again").found();
    assert_eq!(stage.counted(), "1 hit in 1 document of 4");
    // A span that is gone is said to be gone.
    stage.keys("F3 Delete F3");
    assert!(stage.told().contains(&"This span is not there any more. Search again"), "{:?}", stage.told());
}

#[test]
fn a_mistake_is_said_and_what_was_found_before_stays() {
    let mut stage = Stage::of(&SHIPS);
    stage.keys("F4").types("label:qoute");
    stage.found();
    assert!(stage.named().iter().any(|(_, name, _)| name == "There is no label “qoute”; did you mean “quote”?"));
}

#[test]
fn the_documents_found_become_the_list() {
    let mut stage = Stage::of(&SHIPS);
    stage.keys("F4").types("sails, -ships").found();
    stage.keys("Ctrl+A").types("sail -slowly").found();
    assert_eq!(stage.counted(), "1 hit in 1 document of 4");
    stage.press("Show these documents in the list").found();
    assert_eq!(stage.rows(), ["Nothing sails here., untouched, 0 spans"]);
    assert_eq!(stage.session().list.query.words, "text:sail -text:slowly");
    stage.keys("Enter");
    assert_eq!(stage.here(), "b: ");
}

#[test]
fn the_filter_takes_every_field_and_says_what_it_does_not_know() {
    let mut stage = Stage::of(&SHIPS);
    stage.keys("Ctrl+Shift+L").types("text:/ships?/").found();
    assert_eq!(stage.session().list.len(), 3);
    stage.keys("Ctrl+A");
    stage.send(vec![egui::Event::Text("status:fin".to_owned())]);
    stage.rest();
    stage.found();
    let told = "“fin” is no status. There are untouched, in-progress, finished and skipped";
    assert!(stage.named().iter().any(|(_, name, _)| name == told), "{:#?}", stage.named());
    assert_eq!(stage.session().list.len(), 3, "the rows stay until it is right");
    stage.types("ished").found();
    assert_eq!(stage.session().list.len(), 0);
}

// ── on the page

#[test]
fn the_bar_counts_the_hits_and_goes_round_them() {
    let mut stage = Stage::of(&[("d", "Lind met Lind; lind. ΛΙΝΔ лінд")]);
    let place = |stage: &mut Stage| stage.told_as(accesskit::Role::Status).join(" ");
    stage.keys("Ctrl+F").types("lind");
    assert_eq!(stage.selected(), "Lind");
    assert!(place(&mut stage).contains("1 of 3"), "{}", place(&mut stage));
    stage.keys("F3 F3");
    assert_eq!(stage.selected(), "lind");
    stage.keys("F3");
    assert!(place(&mut stage).contains("1 of 3"), "round the end");
    stage.keys("Shift+F3");
    assert!(place(&mut stage).contains("3 of 3"));
    // Capitals count where that is asked for.
    stage.press("Capitals count").rest();
    assert!(place(&mut stage).contains("No hits") || place(&mut stage).contains("1 of 1"), "{}", place(&mut stage));
    stage
        .press("Capitals count")
        .press("Regular expression")
        .press("Find in document")
        .keys("Ctrl+A")
        .types("[mi](et|nd)");
    assert!(place(&mut stage).contains("of 4"), "{}", place(&mut stage));
    stage.keys("Enter");
    assert_eq!(stage.selected().len(), 3);
    stage.keys("Esc 1");
    assert!(stage.see().contains("⟨entity "), "Esc closes the bar, the hit stays selected");
    assert!(!place(&mut stage).contains("of 4"));
}

#[test]
fn what_does_not_occur_is_said_only_when_asked() {
    let mut stage = Stage::of(&[("d", "one")]);
    stage.keys("Ctrl+F").types("two");
    assert_eq!(stage.told(), Vec::<&str>::new(), "while it is typed, the bar says enough");
    stage.keys("F3");
    assert_eq!(stage.told(), ["“two” does not occur in this document"]);
}

#[test]
fn a_long_text_is_looked_through_by_a_worker() {
    let text = "e ".repeat(200_000) + "the end";
    let mut stage = Stage::of(&[("d", &text)]);
    stage.keys("Ctrl+F");
    stage.send(vec![egui::Event::Text("e".to_owned())]);
    stage.rest();
    stage.found();
    assert!(stage.told_as(accesskit::Role::Status).join(" ").contains("1 of 200,002"));
    stage.keys("Shift+F3");
    let range = stage.session().selection().unwrap();
    assert_eq!(range.start(), text.len() - 3, "round the beginning, to the last of them");
}

/// Pictures of every state, where `SPANWRIGHT_PICTURES` names a folder. Each must show something of what was looked for.
#[test]
fn the_panel_can_be_looked_at() {
    let keep = std::env::var_os("SPANWRIGHT_PICTURES").map(std::path::PathBuf::from);
    let shots: [(&str, f32, bool, &str, &str, &str); 14] = [
        ("bar", 1280.0, false, "Ctrl+F", "the", "1 of"),
        ("bar-dark", 1280.0, true, "Ctrl+F", "the", "1 of"),
        ("bar-narrow", 480.0, false, "Ctrl+F", "the", "1 of"),
        ("filter", 1280.0, false, "Ctrl+Shift+L", "text:/harbou?r/ label:quote", "documents"),
        ("filter-wrong", 1280.0, false, "Ctrl+Shift+L", "lable:quote", "did you mean"),
        ("empty", 1280.0, false, "F4", "", "label:quote -has:speaker"),
        ("words", 1280.0, false, "F4", "saltmarsh", "hits in"),
        ("words-dark", 1280.0, true, "F4", "saltmarsh", "hits in"),
        ("spans", 1280.0, false, "F4", "label:quote -has:speaker", "hits in"),
        ("arabic", 1280.0, false, "F4", "/[ء-ي]{5,}/", "hits in"),
        ("mistake", 1280.0, true, "F4", "label:qoute", "did you mean"),
        ("nothing", 900.0, false, "F4", "zebra", "Nothing was found"),
        ("narrow", 480.0, false, "F4", "said", "hits in"),
        ("wide", 1800.0, true, "F4", "said", "hits in"),
    ];
    for (name, width, dark, keys, words, shows) in shots {
        let mut store = Memory::new("");
        sample::fill(&mut store).unwrap();
        let mut session = session_of(&store, "ana");
        session.run(Command::Open(sample::FIRST.into()));
        let mut stage = Stage::with(session);
        let screen = Headless::new(vec2(width, 780.0), 1.0, dark);
        let theme = if dark { ThemeChoice::Dark } else { ThemeChoice::Light };
        let settings = Settings { theme, ..Settings::default() };
        let mut session = session_of(&store, "ana");
        session.run(Command::Open(sample::FIRST.into()));
        stage.window = Window::new(&screen.ctx, StartUp { session: Some(session), settings, ..StartUp::default() });
        stage.screen = screen;
        stage.rest();
        stage.keys(keys);
        stage.send(vec![egui::Event::Text(words.to_owned())]);
        stage.rest();
        stage.found();
        let named = stage.named();
        assert!(named.iter().any(|(_, known, _)| known.contains(shows)), "{name}: {named:#?}");
        if let Some(folder) = &keep {
            let ground = if dark { Theme::dark().page } else { Theme::light().page };
            let Stage { window, screen, .. } = &mut stage;
            screen.wait(1.0);
            let image = screen.picture(Vec::new(), ground, |ui| window.frame(ui));
            std::fs::write(folder.join(format!("find-{name}.png")), png(&image).unwrap()).unwrap();
        }
    }
}
