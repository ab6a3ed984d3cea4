//! Pictures of the window for `screenshots/`: drawn on the CPU from the sample inside the program, with the fonts inside the program and a
//! clock that stands still. No display, no graphics card, the same bytes on every machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use egui::{Ui, Vec2, vec2};

use super::headless::Headless;
use super::raster::png;
use super::theme::Theme;
use super::window::{Screen, StartUp, Waker, Window};
use crate::annotation::Annotator;
use crate::session::settings::{Settings, ThemeChoice};
use crate::session::{Action, Clock, Command, Session, Start, sample};
use crate::store::{Memory, StoreError};
use crate::text::DocumentId;

/// One picture.
struct Picture {
    /// The file's name without `.png`.
    name: &'static str,
    size: Vec2,
    dark: bool,
    /// The document; without one, the welcome screen.
    document: Option<&'static str>,
    /// The first span that covers these words is selected, and so comes into view.
    select: &'static str,
    /// What is open over the page.
    action: Option<Action>,
}

const WIDE: Vec2 = vec2(1240.0, 780.0);

const PICTURES: [Picture; 9] = [
    Picture { name: "welcome-light", size: WIDE, dark: false, document: None, select: "", action: None },
    Picture {
        name: "annotating-light",
        size: WIDE,
        dark: false,
        document: Some(sample::FIRST),
        select: "The arrival of Ostranan gunboats",
        action: None,
    },
    Picture {
        name: "annotating-dark",
        size: WIDE,
        dark: true,
        document: Some(sample::FIRST),
        select: "The arrival of Ostranan gunboats",
        action: None,
    },
    Picture {
        name: "nested-and-discontinuous",
        size: WIDE,
        dark: false,
        document: Some("hidden-ledger-archive"),
        select: "“There are 212 names in it,”",
        action: None,
    },
    Picture {
        name: "right-to-left",
        size: WIDE,
        dark: false,
        document: Some("qasira-desalination"),
        select: "ليلى الرملي",
        action: None,
    },
    Picture {
        name: "commands",
        size: WIDE,
        dark: false,
        document: Some(sample::FIRST),
        select: "",
        action: Some(Action::Palette),
    },
    Picture {
        name: "keys",
        size: WIDE,
        dark: true,
        document: Some(sample::FIRST),
        select: "",
        action: Some(Action::KeySheet),
    },
    Picture {
        name: "narrow",
        size: vec2(480.0, 780.0),
        dark: false,
        document: Some(sample::FIRST),
        select: "",
        action: None,
    },
    Picture {
        name: "export",
        size: WIDE,
        dark: false,
        document: Some(sample::FIRST),
        select: "",
        action: Some(Action::Export),
    },
];

/// Draws every picture into a folder; gives the files. The sentence of an error says which one.
pub fn take(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let told = |what: &Path, why: &dyn std::fmt::Display| format!("Could not write {}: {why}", what.display());
    fs::create_dir_all(folder).map_err(|error| told(folder, &error))?;
    let mut files = Vec::new();
    for picture in &PICTURES {
        let file = folder.join(format!("{}.png", picture.name));
        let bytes = picture.draw().map_err(|error| told(&file, &error))?;
        fs::write(&file, bytes).map_err(|error| told(&file, &error))?;
        files.push(file);
    }
    Ok(files)
}

impl Picture {
    fn draw(&self) -> Result<Vec<u8>, String> {
        let mut stage = Headless::new(self.size, 1.5, self.dark);
        let waker = Waker::default();
        let session = match self.document {
            Some(document) => Some(session(document, &waker).map_err(|error| error.to_string())?),
            None => None,
        };
        let theme = if self.dark { ThemeChoice::Dark } else { ThemeChoice::Light };
        let settings = Settings { annotator: Some(sample::ANNOTATOR.to_owned()), theme, ..Settings::default() };
        let start = StartUp { session, settings, waker, ..StartUp::default() };
        let mut window = Window::new(&stage.ctx, start);
        let show = |ui: &mut Ui, window: &mut Window| window.frame(ui);
        // Frames until everything stands where it will stand; the clock goes on so that nothing is caught while it moves.
        for frame in 0..8 {
            if frame == 3
                && let Screen::Work(work) = &mut window.screen
            {
                self.begin(work, &stage.ctx, &mut window.shared);
            }
            stage.wait(0.5);
            stage.frame(Vec::new(), |ui| show(ui, &mut window));
        }
        let ground = if self.dark { Theme::dark().page } else { Theme::light().page };
        let image = stage.picture(Vec::new(), ground, |ui| show(ui, &mut window));
        png(&image).map_err(|error| error.to_string())
    }

    fn begin(&self, work: &mut super::Work, context: &egui::Context, shared: &mut super::Shared) {
        if !self.select.is_empty() {
            let span = work.session.open.as_ref().and_then(|open| {
                let layer = open.shown()?;
                layer.spans.iter().find(|span| span.ranges.quote(open.text()).contains(self.select)).cloned()
            });
            if let Some(span) = span {
                work.run(Command::SelectSpan(Some(span.id.clone())), shared);
            }
        }
        if let Some(action) = &self.action {
            work.act(action, context, shared);
        }
    }
}

/// The sample, open at a document, over a store that is nowhere on disk.
pub(super) fn session(document: &str, waker: &Waker) -> Result<Session, StoreError> {
    let mut store = Memory::new("");
    sample::fill(&mut store)?;
    let start = Start {
        store: Box::new(store),
        project: "newsroom".to_owned(),
        schema: sample::schema(),
        annotator: Annotator::from(sample::ANNOTATOR),
        device: "sample".to_owned(),
        clock: Clock::fixed("2026-10-28T14:03:22Z".parse().unwrap_or_default()),
        keys: BTreeMap::new(),
        careful: false,
    };
    let mut session = Session::start(start, waker.wake())?;
    let query = session.list.query.clone();
    session.run(Command::Filter(query));
    session.run(Command::Open(DocumentId::from(document)));
    Ok(session)
}
