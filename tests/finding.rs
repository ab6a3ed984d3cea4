//! Finding in the window: the panel of hits, the bar on the page, the filter of the list. What is typed, which keys, where one ends.

use egui::vec2;
use spanwright::app::headless::Headless;
use spanwright::app::raster::png;
use spanwright::app::theme::Theme;
use spanwright::app::{StartUp, Window};
use spanwright::session::settings::{Settings, ThemeChoice};
use spanwright::session::{Command, sample};
use spanwright::store::{Memory, Store};

use crate::session::{project, session_of};
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
        self.named().into_iter().filter(|(known, ..)| *known == role).map(|(_, name, _)| name).collect()
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

/// Pictures of every state, where `SPANWRIGHT_PICTURES` names a folder. Each must show something of what was looked for.
#[test]
fn the_panel_can_be_looked_at() {
    let keep = std::env::var_os("SPANWRIGHT_PICTURES").map(std::path::PathBuf::from);
    let shots: [(&str, f32, bool, &str, &str, &str); 9] = [
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
