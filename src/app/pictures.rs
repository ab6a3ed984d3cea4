//! Pictures of the window for `screenshots/`: drawn on the CPU from the sample inside the program, with the fonts inside the program and a
//! clock that stands still. No display, no graphics card, the same bytes on every machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use egui::{Event, Vec2, vec2};

use super::dialogs::Dialog;
use super::headless::Headless;
use super::input;
use super::raster::png;
use super::theme::Theme;
use super::window::{Screen, StartUp, Waker, Window};
use crate::annotation::{Annotator, Span};
use crate::schema::Schema;
use crate::session::assign::{Assigned, Assignments, Hands, Sheet, Terms, deal};
use crate::session::keymap::Chord;
use crate::session::reviewing::{self, Filter};
use crate::session::settings::{Settings, ThemeChoice};
use crate::session::{Action, Clock, Command, Session, Start, sample};
use crate::store::{Memory, Query, Row, StoreError};
use crate::text::DocumentId;

/// One picture.
struct Picture {
    /// The file's name without `.png`.
    name: &'static str,
    size: Vec2,
    dark: bool,
    of: Of,
    /// What is done before it is taken.
    steps: &'static [Step],
}

/// What is open.
enum Of {
    Welcome,
    /// A document of the newsroom.
    Newsroom(&'static str),
    /// What the newsroom's two annotators differ in, as a reviewer sees it.
    Review,
    /// The newsroom's documents, given out to three annotators.
    Team,
    /// One of the articles in every script.
    Script(&'static str),
    /// The same, in a script whose fonts must come from the system.
    SystemScript(&'static str),
}

/// What a person does.
enum Step {
    /// Selects the first span of these words, or the first that covers them, so that it comes into view.
    Select(&'static str),
    Act(Action),
    /// Shows only the differences of this document.
    Only(&'static str),
    /// Types into the field that has the keys.
    Type(&'static str),
    Press(&'static str),
}

use Of::{Newsroom, Review, Script, SystemScript, Team, Welcome};
use Step::{Act, Only, Press, Select, Type};

const WIDE: Vec2 = vec2(1240.0, 780.0);
const TALL: Vec2 = vec2(1240.0, 1480.0);
const NARROW: Vec2 = vec2(480.0, 780.0);
/// Who settles what the two differ in.
const REVIEWER: &str = "mara";
const QUOTE: &str = "The arrival of Ostranan gunboats";

const fn light(name: &'static str, of: Of, steps: &'static [Step]) -> Picture {
    Picture { name, size: WIDE, dark: false, of, steps }
}

const fn dark(name: &'static str, of: Of, steps: &'static [Step]) -> Picture {
    Picture { name, size: WIDE, dark: true, of, steps }
}

const PICTURES: &[Picture] = &[
    light("welcome-light", Welcome, &[]),
    light("annotating-light", Newsroom(sample::FIRST), &[Select(QUOTE)]),
    dark("annotating-dark", Newsroom(sample::FIRST), &[Select(QUOTE)]),
    light("nested", Newsroom("hidden-ledger-archive"), &[Select("“There are 212 names in it,”")]),
    light("discontinuous", Script("lanes"), &[Select("“We will rebuild,”")]),
    light("ten-lanes", Script("lanes"), &[Select("Saltmarsh, Maria")]),
    light("relations", Newsroom(sample::FIRST), &[Select("call")]),
    light("right-to-left", Newsroom("qasira-desalination"), &[Select("ليلى الرملي")]),
    light("arabic", Script("arabic"), &[Select("«السفن تعود")]),
    light("chinese", SystemScript("chinese"), &[Select("“船只正在返航")]),
    light("commands", Newsroom(sample::FIRST), &[Act(Action::Palette)]),
    light("find-in-project", Newsroom(sample::FIRST), &[Press("F4"), Type("Saltmarsh")]),
    light("mark-all", Newsroom(sample::FIRST), &[Select("Brenik"), Act(Action::MarkAllInProject)]),
    light("guidelines", Newsroom(sample::FIRST), &[Select(QUOTE), Act(Action::Help)]),
    dark("keys", Newsroom(sample::FIRST), &[Act(Action::KeySheet)]),
    Picture { name: "narrow", size: NARROW, dark: false, of: Newsroom(sample::FIRST), steps: &[] },
    Picture {
        name: "agreement-light",
        size: TALL,
        dark: false,
        of: Newsroom(sample::FIRST),
        steps: &[Act(Action::Agreement)],
    },
    Picture {
        name: "agreement-dark",
        size: TALL,
        dark: true,
        of: Newsroom(sample::FIRST),
        steps: &[Act(Action::Agreement)],
    },
    light("team-light", Team, &[Act(Action::Team)]),
    dark("team-dark", Team, &[Act(Action::Team)]),
    light("export", Newsroom(sample::FIRST), &[Act(Action::Export)]),
    dark("export-preview", Newsroom(sample::FIRST), PREVIEW),
    light("review-double-page", Review, &[Only("harbour-strike-talks"), Press("Enter")]),
    dark("review-double-page-dark", Review, &[Only("harbour-strike-talks"), Press("Enter")]),
    light("review-queue", Review, SOME_SETTLED),
    dark("review-queue-dark", Review, SOME_SETTLED),
    light("review-right-to-left", Review, &[Only("qasira-desalination"), Press("Enter")]),
    light("gold-provenance", Review, PROVENANCE),
    dark("gold-provenance-dark", Review, PROVENANCE),
    light("settle-by-rule", Review, &[Act(Action::SettleMany), Press("3")]),
];

/// What an export of words and tags will be.
const PREVIEW: &[Step] = &[
    Act(Action::Export),
    Press("Down"),
    Press("Down"),
    Press("Down"),
    Press("Down"),
    Press("Down"),
    Press("Down"),
    Press("Enter"),
];
/// Questions with their cases, the first of them settled.
const SOME_SETTLED: &[Step] =
    &[Press("O"), Press("Shift+Enter"), Press("Enter"), Press("1"), Press("2"), Press("1"), Press("S"), Press("1")];
/// A difference that was settled with a reason.
const PROVENANCE: &[Step] = &[
    Only("minister-resigns"),
    Press("Enter"),
    Press("N"),
    Type("What was only asked for is an event too"),
    Press("Enter"),
    Press("1"),
    Press("Shift+Enter"),
];

/// Draws every picture into a folder; gives the files. The sentence of an error says which one.
pub fn take(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let told = |what: &Path, why: &dyn std::fmt::Display| format!("Could not write {}: {why}", what.display());
    fs::create_dir_all(folder).map_err(|error| told(folder, &error))?;
    let mut files = Vec::new();
    for picture in PICTURES {
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
        let system_fonts = matches!(self.of, SystemScript(_));
        if system_fonts {
            stage.use_system_fonts();
        }
        let waker = Waker::default();
        let session = self.session(&waker).map_err(|error| error.to_string())?;
        let theme = if self.dark { ThemeChoice::Dark } else { ThemeChoice::Light };
        let settings = Settings { annotator: Some(sample::ANNOTATOR.to_owned()), theme, ..Settings::default() };
        let start = StartUp { session, settings, waker, system_fonts, ..StartUp::default() };
        let mut window = Window::new(&stage.ctx, start);
        rest(&mut stage, &mut window, Vec::new());
        for step in self.steps {
            let events = match step {
                Select(_) | Act(_) | Only(_) => Vec::new(),
                Type(words) => words.chars().map(|letter| Event::Text(letter.to_string())).collect(),
                Press(keys) => Chord::parse(keys).map(input::events).unwrap_or_default(),
            };
            if let Screen::Work(work) = &mut window.screen {
                take_step(step, work, &stage.ctx, &mut window.shared);
            }
            rest(&mut stage, &mut window, events);
        }
        let ground = if self.dark { Theme::dark().page } else { Theme::light().page };
        let image = stage.picture(Vec::new(), ground, |ui| window.frame(ui));
        png(&image).map_err(|error| error.to_string())
    }

    fn session(&self, waker: &Waker) -> Result<Option<Session>, StoreError> {
        match self.of {
            Welcome => Ok(None),
            Newsroom(document) => session(document, waker).map(Some),
            Review => {
                let mut store = Memory::new("");
                sample::fill_for_review(&mut store)?;
                let mut session = open(store, ("newsroom", REVIEWER), sample::schema(), sample::FIRST, waker)?;
                session.run(Command::Review(reviewing::Review::Begin(Vec::new())));
                Ok(Some(session))
            }
            Team => given_out(waker).map(Some),
            Script(document) | SystemScript(document) => {
                let mut store = Memory::new("");
                // Those whose fonts are not inside the program would be boxes in the list.
                let system = matches!(self.of, SystemScript(_));
                let elsewhere = ["chinese", "japanese", "korean", "emoji"];
                sample::fill_scripts(&mut store, |id| system || !elsewhere.contains(&id.as_str()))?;
                open(store, ("scripts", sample::ANNOTATOR), sample::scripts_schema(), document, waker).map(Some)
            }
        }
    }
}

/// Frames until everything stands where it will stand; the clock goes on so that nothing is caught while it moves. Work on other
/// threads is given time to come in.
fn rest(stage: &mut Headless, window: &mut Window, events: Vec<Event>) {
    let mut events = events.into_iter();
    let works = |window: &Window| {
        matches!(&window.screen, Screen::Work(work) if work.view.is_looking())
            || matches!(&window.dialog, Some(Dialog::Export(export)) if export.is_under_way())
    };
    // What came in last is laid out in frames of its own, or its dialog would have the height it had before.
    let (mut frames, mut still) = (0, 0);
    while still < 6 && frames < 400 {
        frames += 1;
        still = if works(window) { 0 } else { still + 1 };
        std::thread::sleep(Duration::from_millis(15));
        stage.wait(0.5);
        stage.frame(events.by_ref().collect(), |ui| window.frame(ui));
    }
}

fn take_step(step: &Step, work: &mut super::Work, context: &egui::Context, shared: &mut super::Shared) {
    match step {
        Select(words) => {
            let span = work.session.open.as_ref().and_then(|open| {
                let layer = open.shown()?;
                let covering = |exactly: bool| {
                    let quotes = |span: &&Arc<Span>| {
                        let quote = span.ranges.quote(open.text());
                        if exactly { quote == *words } else { quote.contains(words) }
                    };
                    layer.spans.iter().find(quotes).cloned()
                };
                covering(true).or_else(|| covering(false))
            });
            if let Some(span) = span {
                work.run(Command::SelectSpan(Some(span.id.clone())), shared);
            }
        }
        Act(action) => work.act(action, context, shared),
        Only(document) => {
            let filter = Filter { document: Some(DocumentId::from(*document)), ..Filter::default() };
            work.run(Command::Review(reviewing::Review::Narrow(filter)), shared);
        }
        Type(_) | Press(_) => {}
    }
}

/// The sample, open at a document, over a store that is nowhere on disk.
pub(super) fn session(document: &str, waker: &Waker) -> Result<Session, StoreError> {
    let mut store = Memory::new("");
    sample::fill(&mut store)?;
    let mut session = open(store, ("newsroom", sample::ANNOTATOR), sample::schema(), document, waker)?;
    session.around.guidelines = Some(sample::guidelines().into());
    Ok(session)
}

/// The sample as it is not on disk: half of it is given to everybody, the rest to one each.
fn given_out(waker: &Waker) -> Result<Session, StoreError> {
    let mut session = session(sample::FIRST, waker)?;
    let rows = session.store().list(&Query::default(), None, usize::MAX)?;
    let sources: BTreeSet<&str> = rows.iter().map(|row| row.source.as_str()).collect();
    let sheet = |row: &Row| Sheet {
        id: row.id.clone(),
        source: sources.iter().position(|source| *source == row.source).unwrap_or_default(),
        length: row.length,
        before: Hands::NOBODY,
        set_aside: false,
    };
    let sheets: Vec<Sheet> = rows.iter().map(sheet).collect();
    let annotators = [sample::ANNOTATOR, "ben", "cleo"].map(Annotator::from).to_vec();
    let two = Hands::one(0).and(Hands::one(1));
    let mut hands = deal(&sheets, Terms { to: two, overlap: 0.5, seed: 1 });
    // The third came later: a few documents of each kind.
    for (index, hands) in hands.iter_mut().enumerate().filter(|(index, _)| index % 4 == 0) {
        *hands = if index % 8 == 0 { hands.and(Hands::one(2)) } else { Hands::one(2) };
    }
    let documents = sheets.into_iter().map(|sheet| sheet.id).zip(hands).collect();
    let assignments = Assignments { annotators, overlap: 0.5, seed: 1, documents };
    session.around.assigned = Some(Arc::new(Assigned::of(&assignments, session.store())?));
    session.run(Command::Mine(true));
    Ok(session)
}

fn open(
    store: Memory,
    (project, annotator): (&str, &str),
    schema: Arc<Schema>,
    document: &str,
    waker: &Waker,
) -> Result<Session, StoreError> {
    let start = Start {
        store: Box::new(store),
        project: project.to_owned(),
        schema,
        annotator: Annotator::from(annotator),
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
