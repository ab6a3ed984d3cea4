//! The first screen and the dialogs, without a display: what a person does before and after marking.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use egui::{Event, Modifiers, PointerButton, Rect, Vec2, pos2, vec2};
use jiff::Timestamp;
use spanwright::annotation::Annotator;
use spanwright::app::dialogs::{Dialog, Working};
use spanwright::app::files::{Choice, FileDialogs};
use spanwright::app::headless::Headless;
use spanwright::app::leaving::Leaving;
use spanwright::app::{Errand, Screen, StartUp, Window, input, raster};
use spanwright::formats::articles::LoadOptions;
use spanwright::session::keymap::{Chord, Key};
use spanwright::session::settings::{Geometry, Recent, Settings, SettingsFile, ThemeChoice};
use spanwright::session::templates::TEMPLATES;
use spanwright::session::workspace::{self, Found, NewProject, OpenError, Opening};
use spanwright::session::{Clock, Session};
use spanwright::store::{Job, Project, StoreError};
use spanwright::text::Severity;
use tempfile::TempDir;

use crate::storing::folder;

/// What the system's dialogs answer, in order; nothing when they run out.
#[derive(Debug, Default)]
struct Answers(Mutex<VecDeque<PathBuf>>);

impl FileDialogs for Answers {
    fn choose(&self, _: &Choice) -> Vec<PathBuf> {
        self.0.lock().unwrap().pop_front().into_iter().collect()
    }

    fn open(&self, _: &Path) -> std::io::Result<()> {
        Ok(())
    }
}

/// A window, and a folder for everything it touches.
struct Stage {
    home: Arc<TempDir>,
    screen: Headless,
    window: Window,
    answers: Arc<Answers>,
}

const WIDE: Vec2 = vec2(1400.0, 900.0);
const NARROW: Vec2 = vec2(760.0, 640.0);

impl Stage {
    fn new() -> Self {
        Self::of(&Arc::new(folder()), WIDE, false, |_| ())
    }

    /// `before` changes what the window begins with. The settings are those that are in the folder.
    fn of(home: &Arc<TempDir>, size: Vec2, dark: bool, before: impl FnOnce(&mut StartUp)) -> Self {
        let screen = Headless::new(size, 1.0, dark);
        let answers = Arc::new(Answers::default());
        let settings_file = SettingsFile::at(home.path().join("config"));
        let (mut settings, _) = settings_file.read();
        settings.theme = if dark { ThemeChoice::Dark } else { ThemeChoice::Light };
        let files: Arc<dyn FileDialogs> = Arc::clone(&answers) as Arc<dyn FileDialogs>;
        let mut start = StartUp {
            settings,
            settings_file,
            files: Some(files),
            now: Some("2026-11-22T10:00:00Z".parse().unwrap()),
            ..StartUp::default()
        };
        before(&mut start);
        let window = Window::new(&screen.ctx, start);
        let mut stage = Self { home: Arc::clone(home), screen, window, answers };
        stage.rest();
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn frame(&mut self, events: Vec<Event>) -> bool {
        let window = &mut self.window;
        self.screen.frame(events, |ui| window.frame(ui))
    }

    fn rest(&mut self) {
        for _ in 0..3 {
            self.frame(Vec::new());
        }
    }

    /// Frames until it is so; other threads may work meanwhile.
    fn until(&mut self, what: &str, so: impl Fn(&mut Self) -> bool) -> &mut Self {
        for _ in 0..200_000 {
            if so(self) {
                self.rest();
                return self;
            }
            self.frame(Vec::new());
            std::thread::yield_now();
        }
        panic!("never came: {what}. There is:\n{}", self.words().join("\n"));
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for spelling in keys.split_whitespace() {
            let chord = Chord::parse(spelling).unwrap_or_else(|| panic!("{spelling} is no chord"));
            let modifiers = input::modifiers(chord);
            let name = match chord.key {
                Key::Char(',') => "Comma".to_owned(),
                Key::Char(character) => character.to_uppercase().to_string(),
                Key::Escape => "Escape".to_owned(),
                key => Chord::plain(key).to_string(),
            };
            let key = egui::Key::from_name(&name).unwrap_or_else(|| panic!("egui has no key {name}"));
            let pressed = |pressed| Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers };
            let mut events = vec![pressed(true)];
            events.extend(chord.types().map(|character| Event::Text(character.to_string())));
            self.frame(events);
            self.frame(vec![pressed(false)]);
            self.rest();
        }
        self
    }

    /// Types into whatever has the focus.
    fn types(&mut self, words: &str) -> &mut Self {
        self.frame(vec![Event::Text(words.to_owned())]);
        self.rest();
        self
    }

    fn types_path(&mut self, path: &Path) -> &mut Self {
        let words = path.display().to_string();
        self.types(&words)
    }

    /// Role, name and place of everything a screen reader is told of.
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

    fn words(&mut self) -> Vec<String> {
        self.named().into_iter().map(|(_, name, _)| name).filter(|name| !name.is_empty()).collect()
    }

    fn says(&mut self, words: &str) -> bool {
        self.words().iter().any(|said| said.contains(words))
    }

    #[track_caller]
    fn must_say(&mut self, words: &str) -> &mut Self {
        assert!(self.says(words), "“{words}” is not said. There is:\n{}", self.words().join("\n"));
        self
    }

    /// Clicks the middle of what has this name.
    fn click(&mut self, name: &str) -> &mut Self {
        let found = self.named().into_iter().rfind(|(_, known, rect)| known == name && rect.is_some());
        let Some((_, _, Some(rect))) = found else {
            panic!("nothing is called “{name}”. There is:\n{}", self.words().join("\n"))
        };
        let pos = rect.center();
        let button =
            |pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        self.frame(vec![Event::PointerMoved(pos)]);
        self.frame(vec![button(true)]);
        self.frame(vec![button(false)]);
        self.frame(vec![Event::PointerGone]);
        self.rest();
        self
    }

    fn session(&self) -> &Session {
        self.window.session().expect("a project is open")
    }

    fn is_open(&self) -> bool {
        matches!(self.window.screen, Screen::Work(_)) && self.window.dialog.is_none()
    }

    fn toasts(&self) -> Vec<&str> {
        self.window.shared.toasts.sentences().collect()
    }
}

/// Three articles in a folder.
fn articles(at: &Path) {
    fs::create_dir_all(at).unwrap();
    fs::write(at.join("a.txt"), "Ferry delayed\n\nThe ferry to Holm was late, “as ever,” said Ida Brandt.\n").unwrap();
    fs::write(at.join("b.txt"), "Паром опоздал.\n").unwrap();
    fs::write(at.join("c.txt"), "Third 👩‍👩‍👧 article.\r\n").unwrap();
}

/// A project of these three.
fn project(stage: &Stage) -> PathBuf {
    let (from, folder) = (stage.path("articles"), stage.path("harbour"));
    articles(&from);
    let settings = Settings { annotator: Some("ana".to_owned()), ..Settings::default() };
    let new = NewProject {
        folder: folder.clone(),
        name: "harbour".to_owned(),
        schema: TEMPLATES[0].source.to_owned(),
        articles: vec![from],
        load: LoadOptions::default(),
    };
    let (_, report) = workspace::make(&new, opening(&settings), &Job::default()).unwrap();
    assert_eq!((report.new, report.refused), (3, 0));
    folder
}

fn opening(settings: &Settings) -> Opening<'_> {
    Opening { settings, annotator: None, device: "here".to_owned(), clock: Clock::system(), wake: Box::new(|| ()) }
}

/// The first screen, where ana is known.
fn named_ana() -> Stage {
    let home = Arc::new(folder());
    SettingsFile::at(home.path().join("config"))
        .change(&mut Settings::default(), |settings| settings.annotator = Some("ana".to_owned()))
        .unwrap();
    Stage::of(&home, WIDE, false, |_| ())
}

/// A window in which the project of three is open, by ana.
fn at_work() -> Stage {
    let mut stage = named_ana();
    let folder = project(&stage);
    stage.types_path(&folder).keys("Enter").until("the project", |stage| stage.is_open());
    stage
}

// ── stories

#[test]
fn from_a_folder_of_articles_to_the_first_document() {
    let mut stage = Stage::new();
    let from = stage.path("articles");
    articles(&from);
    stage.must_say("Spanwright").must_say("Try the sample project").types_path(&from);
    stage.must_say("A folder that is no project yet").keys("Enter");
    stage.until("the preview", |stage| stage.says("3 text files, in UTF-8"));
    stage.must_say("Ferry delayed");
    stage.keys("Ctrl+Enter").must_say("Who are you?");
    stage.types("gold").must_say("adjudication").keys("Enter").must_say("Who are you?");
    stage.keys("Ctrl+A").types("Ana").keys("Enter");
    stage.until("the report", |stage| matches!(stage.window.dialog, Some(Dialog::Report(_))));
    stage.must_say("3 documents imported").must_say("CRLF to LF: 1").keys("Enter");
    assert!(stage.is_open());

    let session = stage.session();
    assert_eq!(session.open.as_ref().unwrap().id().as_str(), "a.txt");
    assert_eq!(
        (session.counts.documents, session.annotator().as_str(), session.project.as_str()),
        (3, "Ana", "articles")
    );
    assert_eq!(fs::read_dir(&from).unwrap().count(), 3, "the articles stay as they are");
    assert!(stage.path("articles-spanwright/project.ron").is_file());
    let (kept, problems) = SettingsFile::at(stage.path("config")).read();
    assert_eq!((kept.annotator.as_deref(), problems.len()), (Some("Ana"), 0));
    assert_eq!((kept.recent[0].name.as_str(), kept.recent[0].document.as_deref()), ("articles", Some("a.txt")));
}

/// Story (a): from the first start to the first span.
#[test]
fn the_first_span_takes_at_most_eight_gestures() {
    let mut stage = Stage::new();
    let from = stage.path("articles");
    fs::create_dir_all(&from).unwrap();
    for at in 0..200 {
        fs::write(from.join(format!("{at:03}.txt")), "The ferry to Holm was late, said Ida Brandt.\n").unwrap();
    }
    let mut gestures = 0;
    let mut gesture = || gestures += 1;
    stage.screen.dropped = vec![Arc::new(Dropped(from))];
    stage.frame(Vec::new());
    gesture();
    stage.until("the preview", |stage| stage.says("200 text files"));
    stage.keys("Ctrl+Enter");
    gesture();
    // A name counts as one gesture, whatever its length.
    stage.must_say("Who are you?").types("Ana");
    gesture();
    stage.keys("Enter");
    gesture();
    stage.until("the project", |stage| matches!(stage.window.screen, Screen::Work(_)));
    if stage.window.dialog.is_some() {
        stage.keys("Enter");
        gesture();
    }
    let text = stage.session().open.as_ref().unwrap().text().clone();
    let at = text.as_str().find("Brandt").unwrap();
    let place = stage.window.place_of(at..at + 6).unwrap().center();
    let button = |pressed| Event::PointerButton {
        pos: place,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    for events in [
        vec![Event::PointerMoved(place)],
        vec![button(true)],
        vec![button(false)],
        vec![button(true)],
        vec![button(false)],
    ] {
        stage.frame(events);
    }
    gesture();
    stage.keys("1");
    gesture();
    let open = stage.session().open.as_ref().unwrap();
    let spans: Vec<String> = open.shown().unwrap().spans.iter().map(|span| span.ranges.quote(open.text())).collect();
    assert_eq!(spans, ["Brandt"]);
    assert!(gestures <= 8, "{gestures} gestures");
}

#[test]
fn the_sample_opens_without_a_name_and_is_not_remembered() {
    let mut stage = Stage::new();
    stage.keys("Ctrl+T").until("the sample", |stage| stage.is_open());
    assert_eq!(stage.session().counts.documents, 24);
    stage.window.close();
    let (kept, _) = SettingsFile::at(stage.path("config")).read();
    assert_eq!((kept.recent.len(), kept.annotator), (0, None));
}

#[test]
fn a_broken_import_ends_with_a_report_that_can_be_saved() {
    let mut stage = at_work();
    let file = stage.path("wire.jsonl");
    fs::write(
        &file,
        "{\"id\":\"w1\",\"text\":\"One.\"}\n{\"id\":\"w2\",\"text\":\n{\"id\":\"w3\",\"text\":\"Three.\"}\n",
    )
    .unwrap();
    stage.keys("Ctrl+I").must_say("Import into this project").types_path(&file).keys("Enter");
    stage.until("the preview", |stage| stage.says("1 JSONL file"));
    stage.keys("Enter").until("the report", |stage| matches!(stage.window.dialog, Some(Dialog::Report(_))));
    stage.must_say("Imported, not everything").must_say("line 2 of");
    assert_eq!(stage.session().counts.documents, 5);
    assert_eq!(stage.session().list.len(), 5, "the list is read again");

    let report = stage.path("report.csv");
    stage.answers.0.lock().unwrap().push_back(report.clone());
    stage.click("Save report…").until("the saved report", |stage| stage.says("Saved as"));
    assert!(fs::read_to_string(&report).unwrap().starts_with("severity,file,line"));
    stage.keys("Enter");
    assert!(stage.window.dialog.is_none());
}

#[test]
fn a_clean_import_is_one_line() {
    let mut stage = at_work();
    let file = stage.path("d.txt");
    fs::write(&file, "A fourth one.").unwrap();
    stage.keys("Ctrl+I").types_path(&file).keys("Enter");
    stage.until("the preview", |stage| stage.says("1 text file"));
    stage.keys("Enter").until("the import", |stage| stage.is_open());
    assert_eq!(stage.toasts(), ["1 document imported."]);
    assert_eq!(stage.session().list.len(), 4);
}

#[test]
fn an_export_writes_the_file_and_says_what_it_could_not_hold() {
    let mut stage = at_work();
    stage.keys("1 Ctrl+Enter").keys("Ctrl+E").must_say("Spanwright JSONL");
    let file = stage.path("out.jsonl");
    stage.click("Span JSONL. one layer: {\"id\",\"text\",\"spans\":[{\"start\",\"end\",\"label\"}]} on each line");
    stage.click("Place of the export").keys("Ctrl+A").types_path(&file).keys("Enter");
    stage.until("the preview", |stage| stage.says("before it is written")).keys("Enter");
    stage.until("the report", |stage| matches!(stage.window.dialog, Some(Dialog::Report(_))));
    stage.must_say("1 document exported with 1 layer (1 span)").must_say("out.jsonl");
    let written = fs::read_to_string(&file).unwrap();
    assert_eq!(
        written,
        "{\"id\":\"a.txt\",\"text\":\"Ferry delayed\\n\\nThe ferry to Holm was late, “as ever,” said Ida Brandt.\\n\",\"spans\":[{\"start\":0,\"end\":5,\"label\":\"entity\"}]}\n"
    );
}

#[test]
fn an_export_that_cannot_be_written_says_so() {
    let mut stage = at_work();
    stage.keys("1 Ctrl+E").click("Place of the export").keys("Ctrl+A");
    let nowhere = stage.path("no/such/folder/out.jsonl");
    stage.types_path(&nowhere).keys("Enter");
    stage.until("the answer", |stage| stage.says("Nothing was exported"));
    stage.must_say("out.jsonl").must_say("Place of the export");
}

/// A file of another program, with labels that the schema for news lacks.
fn foreign(stage: &Stage) -> PathBuf {
    let file = stage.path("names.conll");
    let lines = "Ida B-PER\nBrandt I-PER\nleft O\nHolm B-LOC\n. O\n\nAnd O\nHolm B-LOC\nslept O\n. O\n";
    fs::write(&file, lines).unwrap();
    file
}

#[test]
fn foreign_data_says_what_it_holds_before_it_comes_in() {
    let mut stage = at_work();
    let file = foreign(&stage);
    stage.keys("Ctrl+I").types_path(&file).keys("Enter");
    stage.until("the look", |stage| stage.says("CoNLL: 1 document, 3 spans"));
    stage.must_say("It names nobody whose spans these are").must_say("Annotator of spans that name nobody");
    stage.must_say("The project’s schema lacks 2 labels: LOC (2), PER (1)");
    assert_eq!(stage.session().counts.documents, 3, "looking changes nothing");
    stage.keys("Ctrl+Enter").until("the import", |stage| stage.window.session().unwrap().counts.documents == 4);
}

/// A folder of many files of one format, each with what it holds, is one sum.
#[test]
fn files_of_one_format_are_told_as_one() {
    let mut stage = at_work();
    let folder = stage.path("both");
    fs::create_dir(&folder).unwrap();
    fs::copy(foreign(&stage), folder.join("first.conll")).unwrap();
    fs::write(folder.join("second.conll"), "Ida B-PER\nleft O\n. O\n").unwrap();
    stage.keys("Ctrl+I").types_path(&folder).keys("Enter");
    stage.until("the look", |stage| stage.says("CoNLL, 2 inputs: 2 documents, 4 spans"));
    assert!(!stage.says("CoNLL: 1 document"), "neither by itself");
}

#[test]
fn a_new_project_of_foreign_data_has_its_labels() {
    let mut stage = named_ana();
    let file = foreign(&stage);
    stage.types_path(&file).keys("Enter").until("the look", |stage| stage.says("CoNLL: 1 document, 3 spans"));
    stage.must_say("From these files. 2 labels, as the files have them").keys("Ctrl+Enter");
    stage.until("the project", |stage| matches!(stage.window.screen, Screen::Work(_)));
    let labels: Vec<&str> = stage.session().schema.labels.iter().map(|label| label.id.as_str()).collect();
    assert_eq!(labels, ["LOC", "PER"]);
}

#[test]
fn a_schema_that_was_chosen_goes_before_the_one_of_the_files() {
    let mut stage = named_ana();
    let file = foreign(&stage);
    stage.types_path(&file).keys("Enter").until("the look", |stage| stage.says("From these files"));
    stage.click("Entities. People, organisations, places and more, a label each").keys("Ctrl+Enter");
    stage.until("the project", |stage| matches!(stage.window.screen, Screen::Work(_)));
    assert!(stage.session().schema.resolve("PER").is_none());
}

#[test]
fn recent_projects_open_with_a_click_and_missing_ones_say_so() {
    let mut stage = at_work();
    stage.keys("Ctrl+PageDown Right Right Right");
    stage.window.close();
    let home = Arc::clone(&stage.home);
    let gone = stage.path("gone");
    drop(stage);
    let file = SettingsFile::at(home.path().join("config"));
    let (mut settings, _) = file.read();
    let at: Timestamp = "2026-11-21T09:00:00Z".parse().unwrap();
    file.change(&mut settings, |settings| settings.remember(&gone, "gone", None, at)).unwrap();

    let mut stage = Stage::of(&home, WIDE, false, |_| ());
    stage.until("the look for missing ones", |stage| stage.says("not there any more"));
    let row = |stage: &mut Stage, name: &str| stage.words().into_iter().find(|words| words.starts_with(name)).unwrap();
    let missing = row(&mut stage, "gone, ");
    stage.click(&missing);
    assert!(stage.window.dialog.is_none() && !stage.is_open());
    let there = row(&mut stage, "harbour, ");
    stage.click(&there).until("the project", |stage| stage.is_open());
    let open = stage.session().open.as_ref().unwrap();
    assert_eq!((open.id().as_str(), open.caret), ("b.txt", 6));
}

#[test]
fn a_path_that_is_nothing_says_what_is_there() {
    let mut stage = Stage::new();
    let nothing = stage.path("no/such");
    stage.types_path(&nothing).must_say("There is no file or folder of this name").keys("Enter");
    assert!(stage.window.dialog.is_none());
}

#[test]
fn without_a_dialog_of_the_system_the_path_is_typed() {
    let mut stage = Stage::new();
    let folder = project(&stage);
    stage.keys("Ctrl+O").until("the answer", |stage| stage.says("Nothing was chosen"));
    stage.types_path(&folder).must_say("The project harbour").keys("Enter").must_say("Who are you?");
    stage.types("ben").keys("Enter").until("the project", |stage| stage.is_open());
    assert_eq!(stage.session().annotator().as_str(), "ben");
}

#[test]
fn the_dialog_of_the_system_opens_what_was_chosen() {
    let mut stage = Stage::of(&Arc::new(folder()), WIDE, false, |start| start.annotator = Some(Annotator::from("cem")));
    let folder = project(&stage);
    stage.answers.0.lock().unwrap().push_back(folder);
    stage.keys("Ctrl+O").until("the project", |stage| stage.is_open());
    assert_eq!(stage.session().annotator().as_str(), "cem");
}

#[test]
fn dropped_files_go_where_they_belong() {
    let mut stage = at_work();
    stage.screen.hovered = vec![egui::HoveredFile::default()];
    stage.rest();
    stage.screen.hovered.clear();
    let file = stage.path("dropped.txt");
    fs::write(&file, "Dropped.").unwrap();
    stage.screen.dropped = vec![Arc::new(Dropped(file))];
    stage.until("the preview", |stage| stage.says("1 text file"));
    stage.keys("Enter").until("the import", |stage| stage.is_open());
    assert_eq!(stage.session().counts.documents, 4);
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn settings_hold_at_once_and_are_kept() {
    let mut stage = at_work();
    stage.keys("Ctrl+,").must_say("Settings");
    stage.click("Careful").click("Dark").click("Reading").click("Sans").click("+");
    assert!(stage.session().careful);
    assert_eq!(stage.screen.ctx.theme(), egui::Theme::Dark);
    let (kept, _) = SettingsFile::at(stage.path("config")).read();
    assert_eq!((kept.careful, kept.serif, kept.theme, kept.text_size), (true, false, ThemeChoice::Dark, 18.0));
    stage.click("Reset").keys("Esc");
    let (kept, _) = SettingsFile::at(stage.path("config")).read();
    assert_eq!((kept.careful, kept.serif, kept.theme, kept.text_size), (false, true, ThemeChoice::System, 17.5));
    assert_eq!(kept.annotator.as_deref(), Some("ana"));
}

#[test]
fn another_name_opens_the_project_as_that_annotator() {
    let mut stage = at_work();
    stage.keys("Ctrl+,").click("Your name").keys("Ctrl+A").types("Ben").keys("Enter");
    stage.until("the project", |stage| stage.is_open() && stage.session().annotator().as_str() == "Ben");
}

#[test]
fn escape_closes_every_dialog_and_changes_nothing() {
    for keys in ["Ctrl+O", "Ctrl+I", "Ctrl+E", "Ctrl+,"] {
        let mut stage = at_work();
        stage.keys(keys);
        assert!(stage.window.dialog.is_some(), "{keys} opens a dialog");
        stage.keys("Esc");
        assert!(stage.window.dialog.is_none(), "Esc closes what {keys} opened");
        assert_eq!(stage.session().counts.documents, 3);
    }
    let mut stage = Stage::new();
    stage.keys("Ctrl+N").must_say("New project").keys("Esc");
    assert!(stage.window.dialog.is_none());
}

#[test]
fn tab_stays_in_the_dialog() {
    let mut stage = at_work();
    stage.keys("Ctrl+E");
    let page = stage.session().open.as_ref().unwrap().caret;
    for _ in 0..30 {
        stage.keys("Tab");
        assert!(stage.screen.ctx.memory(egui::Memory::focused).is_some());
    }
    stage.keys("Right 1");
    assert_eq!(stage.session().open.as_ref().map(|open| open.caret), Some(page), "no key reaches the page");
    assert!(stage.session().open.as_ref().unwrap().shown().is_none());
}

#[test]
fn nothing_is_drawn_while_nothing_happens() {
    let mut stage = at_work();
    for keys in ["", "Ctrl+E", "Esc Ctrl+,", "Esc Ctrl+I"] {
        stage.keys(keys);
        stage.screen.wait(10.0);
        stage.rest();
        stage.screen.wait(10.0);
        assert!(!stage.frame(Vec::new()), "after {keys}");
    }
}

// ── the workspace

fn made(home: &Path, schema: &str) -> PathBuf {
    let folder = home.join("p");
    workspace::create(&folder, "p", schema).unwrap();
    folder
}

#[test]
fn a_broken_schema_opens_with_the_last_good_one_or_says_where() {
    let home = folder();
    let settings = Settings { annotator: Some("ana".to_owned()), ..Settings::default() };
    let folder = made(home.path(), "Schema(name: \"s\", labels: [(id: \"first\")])");
    fs::write(folder.join("schema.ron"), "Schema(name: \"s\",\n  labels: [(id: 7)])").unwrap();
    let refused = workspace::open(&folder, opening(&settings), &Job::default()).unwrap_err();
    assert!(refused.to_string().contains("2:17"), "{refused}");

    fs::write(folder.join("schema.ron"), "Schema(name: \"s\", labels: [(id: \"second\")])").unwrap();
    assert!(workspace::open(&folder, opening(&settings), &Job::default()).unwrap().notices.is_empty());
    fs::write(folder.join("schema.ron"), "Schema(").unwrap();
    let opened = workspace::open(&folder, opening(&settings), &Job::default()).unwrap();
    assert_eq!(opened.session.schema.labels[0].id.as_str(), "second");
    let sentence = &opened.notices[0].sentence;
    assert!(sentence.contains("1:") && sentence.contains("as it was before"), "{sentence}");
}

#[test]
fn nobody_and_gold_open_nothing() {
    let home = folder();
    let folder = made(home.path(), TEMPLATES[3].source);
    let open = |name: Option<&str>| {
        let settings = Settings { annotator: name.map(str::to_owned), ..Settings::default() };
        workspace::open(&folder, opening(&settings), &Job::default()).map(|_| ())
    };
    assert!(matches!(open(None), Err(OpenError::Nobody)));
    assert!(matches!(open(Some("gold")), Err(OpenError::Nobody)));
    assert!(open(Some("ana")).is_ok());
    let settings = Settings::default();
    let gold = Opening { annotator: Some(Annotator::gold()), ..opening(&settings) };
    assert!(workspace::open(&folder, gold, &Job::default()).is_err());
}

#[test]
fn a_project_that_was_not_made_leaves_nothing() {
    let home = folder();
    let from = home.path().join("articles");
    articles(&from);
    let settings = Settings { annotator: Some("ana".to_owned()), ..Settings::default() };
    let new = NewProject {
        folder: home.path().join("new"),
        name: "new".to_owned(),
        schema: TEMPLATES[0].source.to_owned(),
        articles: vec![from.clone()],
        load: LoadOptions::default(),
    };
    let job = Job::default();
    job.cancel();
    let cancelled = workspace::make(&new, opening(&settings), &job).unwrap_err();
    assert!(matches!(cancelled, OpenError::Store(StoreError::Cancelled)), "{cancelled}");
    assert!(!new.folder.exists());

    // A folder that is not empty is not touched.
    let taken = NewProject { folder: from.clone(), ..new };
    let refused = workspace::make(&taken, opening(&settings), &Job::default()).unwrap_err();
    assert!(refused.to_string().contains("is not empty"), "{refused}");
    assert_eq!(fs::read_dir(&from).unwrap().count(), 3);
}

#[test]
fn a_remembered_document_that_is_gone_leaves_the_first_that_wants_work() {
    let stage = Stage::new();
    let folder = project(&stage);
    let mut settings = Settings { annotator: Some("ana".to_owned()), ..Settings::default() };
    settings.remember(&folder.canonicalize().unwrap(), "harbour", Some(("no such", 9999)), Timestamp::UNIX_EPOCH);
    let opened = workspace::open(&folder, opening(&settings), &Job::default()).unwrap();
    assert_eq!(opened.session.open.unwrap().id().as_str(), "a.txt");
}

#[test]
fn paths_as_people_type_them() {
    let home = folder();
    let at = |name: &str| home.path().join(name);
    fs::create_dir_all(at("my articles")).unwrap();
    fs::write(at("my articles/a.txt"), "A.").unwrap();
    fs::write(at("picture.png"), "P").unwrap();
    let project = made(home.path(), TEMPLATES[3].source);
    let folder = home.path().display();
    let articles = |name: &str| Found::Articles(at(name));
    let cases = [
        (format!("{folder}/my articles"), articles("my articles")),
        (format!("  \"{folder}/my articles\" "), articles("my articles")),
        (format!("'{folder}/my articles'"), articles("my articles")),
        (format!("file://{folder}/my%20articles"), articles("my articles")),
        (format!("{folder}/my articles/a.txt"), articles("my articles/a.txt")),
        (format!("{folder}/p"), Found::Project(project.clone())),
        (format!("{folder}/p/project.ron"), Found::Project(project.clone())),
        (format!("{folder}/p/articles"), Found::Project(project.clone())),
    ];
    for (words, found) in cases {
        assert_eq!(workspace::look(&words), Some(found), "{words}");
    }
    assert_eq!(workspace::look("  "), None);
    for nothing in ["no such", "picture.png"] {
        assert!(matches!(workspace::look(&format!("{folder}/{nothing}")), Some(Found::Nothing(_))), "{nothing}");
    }
    let user = directories::BaseDirs::new().unwrap();
    assert_eq!(workspace::typed("~/x"), Some(user.home_dir().join("x")));

    fs::create_dir(at("news.2016")).unwrap();
    assert_eq!(workspace::beside(&[at("news.2016")]), at("news.2016-spanwright"));
    assert_eq!(workspace::beside(&[at("all.jsonl")]), at("all-spanwright"));
    assert_eq!(workspace::beside(&[at("my articles")]), at("my articles-spanwright"));
    fs::create_dir(at("my articles-spanwright")).unwrap();
    assert_eq!(workspace::beside(&[at("my articles")]), at("my articles-spanwright-2"));
}

#[test]
fn when_in_words() {
    let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let ago = |then: &str| workspace::ago(then.parse().unwrap(), now);
    assert_eq!(ago("2026-11-22T11:00:00Z"), "today");
    assert_eq!(ago("2026-11-21T12:00:00Z"), "yesterday");
    assert_eq!(ago("2026-03-05T12:00:00Z"), "5 Mar");
    assert_eq!(ago("2025-12-31T12:00:00Z"), "31 Dec 2025");
}

#[test]
fn every_template_is_a_schema() {
    for template in TEMPLATES {
        let folder = folder();
        workspace::create(&folder.path().join("p"), template.name, template.source).unwrap();
        assert_eq!(Project::open(&folder.path().join("p")).unwrap().name(), template.name);
    }
}

// ── the settings' file

#[test]
fn settings_come_back_as_they_went() {
    let folder = folder();
    let file = SettingsFile::at(folder.path().join("deep/config"));
    let mut settings = Settings::default();
    let at: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    file.change(&mut settings, |settings| {
        settings.annotator = Some("Ana “B.” \\ d'Été".to_owned());
        settings.theme = ThemeChoice::Dark;
        settings.text_size = 18.5;
        settings.serif = false;
        settings.careful = true;
        settings.keys.insert("undo".to_owned(), vec!["Ctrl+U".to_owned()]);
        settings.window = Some(Geometry::default());
        settings.remember(Path::new("/data/one"), "one", Some(("a", 7)), at);
        settings.remember(Path::new("/data/two"), "two", None, at);
        settings.remember(Path::new("/data/one"), "one", None, at);
    })
    .unwrap();
    let (read, problems) = file.read();
    assert_eq!((&read, problems), (&settings, Vec::new()));
    let paths: Vec<_> = read.recent.iter().map(|recent| recent.path.to_str().unwrap()).collect();
    assert_eq!(paths, ["/data/one", "/data/two"]);
    assert_eq!(read.place(Path::new("/data/one")), Some(("a", 7)), "a place is kept until there is another");
}

#[test]
fn a_change_leaves_comments_and_unknown_fields_alone() {
    let folder = folder();
    let file = SettingsFile::at(folder.path());
    let source = "// mine\nSettings(\n    theme: Dark, // by night\n    colour_of_tea: \"green\",\n    text_size: \"big\",\n    serife: false,\n)\n";
    fs::write(file.path().unwrap(), source).unwrap();
    let (mut settings, problems) = file.read();
    assert_eq!((settings.theme, settings.text_size), (ThemeChoice::Dark, 17.5));
    let told: Vec<String> = problems.iter().map(|problem| format!("{problem}")).collect();
    assert_eq!(problems.len(), 3, "{told:#?}");
    assert!(problems.iter().all(|problem| problem.severity == Severity::Warning));
    let places: Vec<_> =
        problems.iter().map(|problem| (problem.place.line.unwrap(), problem.place.column.unwrap())).collect();
    assert_eq!(places, [(5, 16), (4, 5), (6, 5)]);
    assert!(told[2].contains("Did you mean serif?"), "{}", told[2]);

    file.change(&mut settings, |settings| settings.annotator = Some("ana".to_owned())).unwrap();
    let after = fs::read_to_string(file.path().unwrap()).unwrap();
    assert!(
        after.starts_with("// mine\nSettings(\n    theme: Dark, // by night\n    colour_of_tea: \"green\",\n"),
        "{after}"
    );
    assert!(after.contains("annotator: ") && after.contains("serife: false"), "{after}");
}

#[test]
fn what_another_window_changed_is_kept() {
    let folder = folder();
    let file = SettingsFile::at(folder.path());
    let (mut here, mut there) = (Settings::default(), Settings::default());
    file.change(&mut here, |settings| settings.serif = false).unwrap();
    file.change(&mut there, |settings| settings.careful = true).unwrap();
    assert_eq!((there.serif, there.careful), (false, true));
    let (kept, _) = file.read();
    assert_eq!((kept.serif, kept.careful), (false, true));
}

#[test]
fn a_broken_file_is_kept_and_told() {
    for broken in ["Settings(theme: Dark", "[1, 2]", "theme = dark", "\u{0}\u{1}"] {
        let folder = folder();
        let file = SettingsFile::at(folder.path());
        fs::write(file.path().unwrap(), broken).unwrap();
        let (mut settings, problems) = file.read();
        assert_eq!(settings, Settings::default());
        assert_eq!(problems.len(), 1, "{broken}");
        file.change(&mut settings, |settings| settings.serif = false).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("settings.ron.broken")).unwrap(), broken);
        assert_eq!(file.read(), (settings, Vec::new()));
    }
}

#[test]
fn the_device_is_named_once() {
    let folder = folder();
    let file = SettingsFile::at(folder.path());
    let name = file.device();
    assert!(name.starts_with("d-") && name.len() == 10, "{name}");
    assert_eq!(file.device(), name);
    assert_ne!(SettingsFile::default().device(), name);
}

#[test]
fn a_read_only_folder_is_told_and_changes_hold_until_the_end() {
    let folder = folder();
    let blocked = folder.path().join("file");
    fs::write(&blocked, "").unwrap();
    let file = SettingsFile::at(blocked.join("config"));
    let mut settings = Settings::default();
    let told = file.change(&mut settings, |settings| settings.serif = false).unwrap_err();
    assert!(told.contains("could not be written"), "{told}");
    assert!(!settings.serif);
}

// ── pictures

/// Everything that can be looked at, in both themes and both sizes. Whatever is pressed to go on is on the screen.
#[test]
fn every_screen_fits_and_shows_its_default_button() {
    let keep = std::env::var_os("SPANWRIGHT_PICTURES").map(PathBuf::from);
    for (size, dark, name) in [
        (WIDE, false, "wide-light"),
        (WIDE, true, "wide-dark"),
        (NARROW, false, "narrow-light"),
        (NARROW, true, "narrow-dark"),
    ] {
        for (screen, go, button) in SCREENS {
            let mut stage = furnished(size, dark);
            go(&mut stage);
            stage.screen.wait(1.0);
            stage.rest();
            let there = stage.named().into_iter().find(|(_, words, _)| words == button);
            let (_, _, place) = there.unwrap_or_else(|| panic!("{screen}: no “{button}” in {:#?}", stage.words()));
            let all = Rect::from_min_size(pos2(0.0, 0.0), size);
            assert!(place.is_some_and(|place| all.contains_rect(place)), "{screen}, {name}: “{button}” at {place:?}");
            assert_eq!(crate::access::wrongs(&stage.named()), Vec::<String>::new(), "{screen}, {name}");
            if let Some(folder) = &keep {
                let Stage { screen: stage, window, .. } = &mut stage;
                let ground = window.shared.theme(&stage.ctx).page;
                let image = stage.picture(Vec::new(), ground, |ui| window.frame(ui));
                fs::create_dir_all(folder).unwrap();
                fs::write(folder.join(format!("{screen}-{name}.png")), raster::png(&image).unwrap()).unwrap();
            }
        }
    }
}

type Show = (&'static str, fn(&mut Stage), &'static str);

const SCREENS: [Show; 17] = [
    ("welcome", |_| (), "Try the sample project"),
    ("welcome-path", |stage| _ = stage.types("/no/such/place"), "Try the sample project"),
    ("welcome-drop", |stage| stage.screen.hovered = vec![egui::HoveredFile::default(); 3], "Try the sample project"),
    ("open", |stage| _ = stage.keys("Ctrl+O").until("the answer", |stage| stage.says("Nothing was chosen")), "Open"),
    (
        "who",
        |stage| {
            stage.window.shared.settings.annotator = None;
            let folder = stage.path("harbour");
            stage.types_path(&folder).keys("Enter");
        },
        "Continue",
    ),
    (
        "new",
        |stage| {
            let folder = stage.path("articles");
            stage.types_path(&folder).keys("Enter").until("the preview", |stage| stage.says("3 text files"));
        },
        "Create project",
    ),
    (
        "new-fields",
        |stage| {
            let file = stage.path("scraped.jsonl");
            stage.types_path(&file).keys("Enter").until("the preview", |stage| stage.says("1 JSONL file"));
        },
        "Create project",
    ),
    (
        "import",
        |stage| {
            open(stage);
            let file = stage.path("scraped.jsonl");
            stage
                .keys("Ctrl+I")
                .types_path(&file)
                .keys("Enter")
                .until("the preview", |stage| stage.says("1 JSONL file"));
        },
        "Import",
    ),
    (
        "report",
        |stage| {
            open(stage);
            let file = stage.path("scraped.jsonl");
            stage
                .keys("Ctrl+I")
                .types_path(&file)
                .keys("Enter")
                .until("the preview", |stage| stage.says("1 JSONL file"));
            stage.keys("Enter").until("the report", |stage| matches!(stage.window.dialog, Some(Dialog::Report(_))));
        },
        "Close",
    ),
    (
        "export",
        |stage| {
            open(stage);
            stage.keys("Ctrl+E").click("Chosen");
        },
        "Preview",
    ),
    (
        "export-preview",
        |stage| {
            open(stage);
            stage.keys("1 Ctrl+E Enter").until("the preview", |stage| stage.says("before it is written"));
        },
        "Write",
    ),
    (
        "import-foreign",
        |stage| {
            open(stage);
            let file = foreign(stage);
            stage.keys("Ctrl+I").types_path(&file).keys("Enter").until("the look", |stage| stage.says("CoNLL: "));
        },
        "Import",
    ),
    (
        "new-foreign",
        |stage| {
            let file = foreign(stage);
            stage.types_path(&file).keys("Enter").until("the look", |stage| stage.says("CoNLL: "));
        },
        "Create project",
    ),
    (
        "settings",
        |stage| {
            open(stage);
            stage.keys("Ctrl+,");
        },
        "Close",
    ),
    (
        "settings-reading",
        |stage| {
            open(stage);
            stage.keys("Ctrl+,").click("Reading");
        },
        "Close",
    ),
    (
        "settings-keys",
        |stage| {
            open(stage);
            stage.keys("Ctrl+,").click("Keys").click("Undo: Ctrl+Z");
        },
        "Close",
    ),
    (
        "failure",
        |stage| {
            fs::write(stage.path("harbour/schema.ron"), "Schema(name: \"s\",\n  labels: [(id: 7)])").unwrap();
            fs::remove_dir_all(stage.path("harbour/.store")).unwrap();
            let folder = stage.path("harbour");
            stage.types_path(&folder).keys("Enter");
            stage.until("the failure", |stage| stage.says("The project was not opened"));
        },
        "Close",
    ),
];

fn open(stage: &mut Stage) {
    let folder = stage.path("harbour");
    stage.types_path(&folder).keys("Enter").until("the project", |stage| stage.is_open());
}

/// A window with recent projects, and things to import.
fn furnished(size: Vec2, dark: bool) -> Stage {
    let home = Arc::new(folder());
    let mut stage = Stage::of(&home, size, dark, |_| ());
    project(&stage);
    let mut lines = String::new();
    for (index, title) in [
        "Harbour wall to be raised",
        "Strike at the cannery ends",
        "New ferry tested",
        "Council splits",
        "A quiet winter",
    ]
    .iter()
    .enumerate()
    {
        let body = format!("{title}\\n\\nIda Brandt spoke of “a slow tide” on day {index}.");
        lines += &format!(
            "{{\"url\":\"https://example.org/{index}\",\"headline\":\"{title}\",\"body\":\"{body}\",\"published\":\"2026-11-0{}\",\"site\":\"The Fen Lantern\"}}\n",
            index + 1
        );
    }
    lines += "{\"url\":\"https://example.org/9\",\"headline\":\"Torn off\n";
    lines +=
        "{\"url\":\"https://example.org/0\",\"headline\":\"Again\",\"body\":\"The same address with another text.\"}\n";
    fs::write(stage.path("scraped.jsonl"), lines).unwrap();
    let at = |text: &str| Some(text.parse().unwrap());
    let recent = |path: PathBuf, name: &str, opened: Option<Timestamp>| Recent {
        path,
        name: name.to_owned(),
        opened,
        ..Recent::default()
    };
    stage.window.shared.settings.annotator = Some("ana".to_owned());
    stage.window.shared.settings.recent = vec![
        recent(stage.path("harbour"), "harbour", at("2026-11-22T08:00:00Z")),
        recent(PathBuf::from("/data/brexit-2016"), "brexit-2016", at("2026-11-21T08:00:00Z")),
    ];
    let settings = stage.window.shared.settings.clone();
    let mut before = Settings::default();
    let keep = move |kept: &mut Settings| {
        kept.annotator.clone_from(&settings.annotator);
        kept.recent.clone_from(&settings.recent);
    };
    SettingsFile::at(home.path().join("config")).change(&mut before, keep).unwrap();
    let mut stage = Stage::of(&home, size, dark, |_| ());
    stage.until("the look for missing ones", |stage| stage.says("not there any more"));
    stage
}

#[test]
fn an_errand_at_the_start_is_gone_on() {
    let home = Arc::new(folder());
    let first = Stage::of(&home, WIDE, false, |_| ());
    let folder = project(&first);
    let mut stage = Stage::of(&home, WIDE, false, |start| {
        start.errand = Some(Errand::Open(folder));
        start.annotator = Some(Annotator::from("dee"));
    });
    stage.until("the project", |stage| stage.is_open());
    assert_eq!(stage.session().annotator().as_str(), "dee");
}

#[test]
fn the_file_reads_as_people_write() {
    let folder = folder();
    let file = SettingsFile::at(folder.path());
    let at: Timestamp = "2026-11-22T10:00:00.5Z".parse().unwrap();
    file.change(&mut Settings::default(), |settings| {
        settings.annotator = Some("ana".to_owned());
        settings.remember(Path::new("/data/one"), "one", Some(("a", 7)), at);
        settings.remember(Path::new("/data/two"), "two", None, at);
    })
    .unwrap();
    let expected = r#"// What you chose in Spanwright. You may edit it; comments stay.
Settings(
    theme: System,
    annotator: "ana",
    recent: [
        (path: "/data/two", name: "two", document: None, caret: 0, opened: "2026-11-22T10:00:00Z"),
        (path: "/data/one", name: "one", document: "a", caret: 7, opened: "2026-11-22T10:00:00Z"),
    ],
)
"#;
    assert_eq!(fs::read_to_string(file.path().unwrap()).unwrap(), expected);
}

// ── leaving

#[test]
fn closing_asks_once_while_something_is_under_way() {
    let stage = Stage::new();
    let errand = Errand::Open(stage.home.path().join("nowhere"));
    let dialog = Dialog::Working(Working::start(errand, &stage.window.shared));
    let mut screen = Headless::new(WIDE, 1.0, false);
    let mut leaving = Leaving::No;
    let mut frame = |leaving: &mut Leaving, dialog: Option<&Dialog>, close: bool, events: Vec<Event>| {
        screen.closing = close;
        screen.frame(events, |ui| leaving.frame(ui.ctx(), dialog));
        screen.commands.clone()
    };
    let (close, stay) = (egui::ViewportCommand::Close, egui::ViewportCommand::CancelClose);

    assert!(!frame(&mut leaving, None, true, vec![]).contains(&stay), "with nothing under way nobody is asked");
    assert!(frame(&mut leaving, Some(&dialog), true, vec![]).contains(&stay));
    assert_eq!(leaving, Leaving::Asked);
    frame(&mut leaving, Some(&dialog), false, input::events(Chord::plain(Key::Escape)));
    assert_eq!(leaving, Leaving::No, "Esc goes on");
    frame(&mut leaving, Some(&dialog), true, vec![]);
    assert!(frame(&mut leaving, None, false, vec![]).contains(&close), "it was done while the question stood there");
    assert!(!frame(&mut leaving, Some(&dialog), true, vec![]).contains(&stay), "it is asked once");
}
