//! [`Errand`]: going to a project. Opening, making, the sample; and what the window does when it is there.

use std::path::{Path, PathBuf};

use egui::Context;
use jiff::Timestamp;
use tempfile::TempDir;

use super::dialogs::{Dialog, Import, New, ReportView, Who, Working};
use super::request::Request;
use super::task::Task;
use super::window::{Screen, Shared, Window};
use super::work::Work;
use crate::annotation::Annotator;
use crate::session::report::Report;
use crate::session::settings::Geometry;
use crate::session::workspace::{self, Found, NewProject, OpenError, Opened, Opening};
use crate::session::{Clock, Command};

/// A way to a project.
#[derive(Clone, Debug)]
pub enum Errand {
    Open(PathBuf),
    /// A project is to be made of these: asks for the rest first.
    Begin(Vec<PathBuf>),
    Make(Box<NewProject>),
    /// A throw-away copy of the sample.
    Sample,
}

/// The project on the screen, as far as it is a place on disk.
#[derive(Debug)]
pub struct Home {
    pub folder: PathBuf,
    /// The sample's folder: goes with the window.
    throwaway: Option<TempDir>,
    /// The document that is remembered.
    remembered: Option<String>,
}

impl Home {
    /// Where an export would go: beside the project, or to the user's documents.
    pub(super) fn beside(&self) -> PathBuf {
        let users =
            || directories::UserDirs::new().map(|user| user.document_dir().unwrap_or(user.home_dir()).to_owned());
        let beside = self.folder.parent().filter(|_| self.throwaway.is_none()).map(Path::to_owned);
        beside.or_else(users).unwrap_or_default()
    }
}

impl Errand {
    /// What to do with what is at a path.
    pub fn of(found: Found) -> Option<Self> {
        match found {
            Found::Project(folder) => Some(Self::Open(folder)),
            Found::Articles(path) => Some(Self::Begin(vec![path])),
            Found::Nothing(_) => None,
        }
    }

    /// Nobody is asked for a name to look at the sample.
    fn needs_annotator(&self) -> bool {
        matches!(self, Self::Open(_) | Self::Make(_))
    }

    pub fn title(&self) -> String {
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match self {
            Self::Open(folder) => format!("Opening {}", name(folder)),
            Self::Make(new) => format!("Making {}", new.name),
            Self::Begin(_) | Self::Sample => "Opening the sample".to_owned(),
        }
    }

    /// What the bar says.
    pub fn step(&self) -> &'static str {
        match self {
            Self::Make(_) => "Reading the articles…",
            _ => "Looking through the articles…",
        }
    }

    pub fn failure(&self) -> &'static str {
        match self {
            Self::Make(_) => "The project was not made",
            _ => "The project was not opened",
        }
    }

    /// What was typed can be changed and tried again.
    pub fn can_change(&self) -> bool {
        matches!(self, Self::Make(_))
    }

    /// Back to where it was typed.
    pub fn again(&self) -> Option<Request> {
        match self {
            Self::Make(new) => Some(Request::Again(new.clone())),
            _ => None,
        }
    }

    /// Does it on a thread of its own.
    pub fn start(self, shared: &Shared) -> Task<Result<(Opened, Option<Report>), OpenError>> {
        let (settings, annotator, device) = (shared.settings.clone(), shared.annotator.clone(), shared.device.clone());
        let wake = shared.waker.wake();
        Task::start(&shared.waker, move |job| {
            let opening = Opening { settings: &settings, annotator, device, clock: Clock::system(), wake };
            match self {
                Self::Open(folder) => workspace::open(&folder, opening, job).map(|opened| (opened, None)),
                Self::Make(new) => {
                    let (opened, report) = workspace::make(&new, opening, job)?;
                    let worth = !report.findings.is_empty() || report.new == 0;
                    let report = (worth && !new.articles.is_empty()).then(|| report.report());
                    Ok((opened, report))
                }
                Self::Begin(_) | Self::Sample => workspace::open_sample(opening, job).map(|opened| (opened, None)),
            }
        })
    }
}

impl Window {
    /// Begins an errand; where nobody is named who works, asks first.
    pub(super) fn go(&mut self, errand: Errand) {
        let known = self.shared.annotator().is_some() || !errand.needs_annotator();
        self.dialog = Some(match errand {
            Errand::Begin(articles) => Dialog::New(Box::new(New::of(articles))),
            errand if !known => Dialog::Who(Who::before(errand)),
            errand => Dialog::Working(Working::start(errand, &self.shared)),
        });
    }

    /// Shows a project that was opened.
    pub(super) fn arrive(&mut self, opened: Opened, report: Option<Report>) {
        self.leave();
        let Opened { session, notices, folder, throwaway } = opened;
        self.shared.toasts.extend(notices);
        self.home = Some(Home { folder, throwaway, remembered: None });
        self.screen = Screen::Work(Box::new(Work::new(session)));
        self.dialog = report.map(|report| Dialog::Report(ReportView::new(report, "Articles imported")));
        self.remember();
    }

    /// Keeps the place for the next time, and lets the project go.
    pub(super) fn leave(&mut self) {
        self.remember();
        self.home = None;
    }

    /// Keeps the place of work in the user's settings. Called when a document is opened, when the project is left and when the
    /// window closes.
    pub fn remember(&mut self) {
        let (Some(home), Screen::Work(work)) = (&mut self.home, &self.screen) else { return };
        let place = work.session.open.as_ref().map(|open| (open.id().to_string(), open.caret));
        home.remembered = place.as_ref().map(|(document, _)| document.clone());
        if home.throwaway.is_some() {
            return;
        }
        let shuffled = work.session.list.shuffled.is_some();
        let (folder, name, now) = (home.folder.clone(), work.session.project.clone(), Timestamp::now());
        self.shared.change(|settings| {
            let place = place.as_ref().map(|(document, caret)| (document.as_str(), *caret));
            settings.remember(&folder, &name, place, now);
            settings
                .recent
                .iter_mut()
                .filter(|recent| recent.path == folder)
                .for_each(|recent| recent.shuffled = shuffled);
        });
    }

    /// The window closes: keeps the place and the size for the next time, writes everything that is not written yet.
    pub fn close(&mut self) {
        self.remember();
        let now = self.geometry;
        if now.is_some() && now != self.shared.settings.window {
            self.shared.change(|settings| settings.window = now);
        }
        if let Screen::Work(work) = &mut self.screen {
            work.session.mirror();
            work.session.flush();
        }
    }

    /// What other parts changed since the last frame: another document, other settings, files that were dropped.
    pub(super) fn keep_up(&mut self, context: &Context) {
        if let Screen::Work(work) = &mut self.screen {
            let settings = &self.shared.settings;
            work.session.careful = settings.careful;
            work.session.rapid = settings.rapid;
            work.session.checks = settings.check_before_finishing;
            work.session.set_keys(&settings.keys);
            work.session.timed = settings.time;
            let now = work.session.open.as_ref().map(|open| open.id().as_str());
            if self.home.as_ref().is_some_and(|home| home.remembered.as_deref() != now) {
                self.remember();
            }
        }
        self.geometry = geometry(context).or(self.geometry);
        let dropped: Vec<PathBuf> =
            context.input(|input| input.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect());
        if !dropped.is_empty() {
            self.dropped(dropped);
        }
    }

    /// Files that were dropped on the window: a project is opened, articles go into the project that is open, or into a new one. A dialog
    /// that takes paths gets them.
    fn dropped(&mut self, paths: Vec<PathBuf>) {
        match &mut self.dialog {
            Some(Dialog::New(new)) => return new.add(paths),
            Some(Dialog::Import(import)) => return import.add(paths),
            Some(Dialog::Working(_) | Dialog::Who(_)) => return,
            _ => {}
        }
        if let [only] = paths.as_slice()
            && let Found::Project(folder) = workspace::look_at(only)
        {
            return self.go(Errand::Open(folder));
        }
        match &self.screen {
            Screen::Work(work) => self.dialog = Some(Dialog::import(&work.session, paths)),
            Screen::Welcome(_) => self.go(Errand::Begin(paths)),
        }
    }

    /// An import is done: the list and the counts are read again.
    pub(super) fn imported(&mut self) {
        let Screen::Work(work) = &mut self.screen else { return };
        let query = work.session.list.query.clone();
        let outcome = work.session.run(Command::Filter(query));
        self.shared.toasts.extend(outcome.notices);
        if let Err(error) = work.session.refresh() {
            self.shared.toasts.tell(crate::session::Notice {
                kind: crate::session::NoticeKind::Error,
                sentence: error.to_string(),
                undo: false,
            });
        }
        if work.session.open.is_none() {
            let outcome = work.session.run(Command::NextDocument);
            self.shared.toasts.extend(outcome.notices);
        }
        work.session.mirror();
    }

    /// Somebody else works now: the project is opened again under that name.
    pub(super) fn rename(&mut self) {
        let Screen::Work(work) = &self.screen else { return };
        let now: Option<Annotator> = self.shared.annotator();
        let home = self.home.as_ref().filter(|home| home.throwaway.is_none());
        if let (Some(home), Some(now)) = (home, now)
            && now != *work.session.annotator()
        {
            let folder = home.folder.clone();
            self.remember();
            self.go(Errand::Open(folder));
        }
    }
}

/// The window as it is now, where the system says so. A full screen is left with the program.
fn geometry(context: &Context) -> Option<Geometry> {
    let zoom = context.zoom_factor();
    context.input(|input| {
        let viewport = input.viewport();
        let size = viewport.inner_rect?.size() * zoom;
        let usual = !viewport.fullscreen.unwrap_or(false) && !viewport.minimized.unwrap_or(false);
        let maximised = viewport.maximized.unwrap_or(false);
        usual.then_some(Geometry { width: size.x.round(), height: size.y.round(), maximised, zoom })
    })
}

impl Dialog {
    /// The import dialog, with these paths to begin with.
    pub fn import(session: &crate::session::Session, paths: Vec<PathBuf>) -> Self {
        match Import::new(session, paths) {
            Ok(import) => Self::Import(Box::new(import)),
            Err(error) => Self::Report(ReportView::failed("Nothing can be imported", &error.to_string())),
        }
    }
}
