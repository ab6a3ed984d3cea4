//! [`Window`]: everything the program shows, without the system's window around it, so that tests and `screenshot` can drive it.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use egui::{Context, Ui, ViewportCommand};
use jiff::Timestamp;

use super::dialogs::{Dialog, New};
use super::errand::{Errand, Home};
use super::files::{self, FileDialogs};
use super::hovering;
use super::leaving::Leaving;
use super::reading::{Page, Reading};
use super::request::{Ask, Request};
use super::theme::Theme;
use super::toasts::Toasts;
use super::view::Pane;
use super::welcome::Welcome;
use super::work::Work;
use super::{fonts, style};
use crate::annotation::Annotator;
use crate::session::settings::{Geometry, Settings, SettingsFile, ThemeChoice};
use crate::session::workspace::Opened;
use crate::session::{Action, Notice, NoticeKind, Session, Wake};

/// Everything that is shown. Call [`Window::frame`] once a frame.
#[derive(Debug)]
pub struct Window {
    pub screen: Screen,
    pub dialog: Option<Dialog>,
    pub shared: Shared,
    /// Where the open project is; a session that was given at the start has none.
    pub(super) home: Option<Home>,
    /// The system's window, as it was last seen.
    pub(super) geometry: Option<Geometry>,
    leaving: Leaving,
    title: String,
}

/// What fills the window.
#[derive(Debug)]
pub enum Screen {
    Welcome(Welcome),
    Work(Box<Work>),
}

/// What every screen and dialog uses.
pub struct Shared {
    pub settings: Settings,
    pub settings_file: SettingsFile,
    /// Who works, where that was said when the program was started; goes before the settings.
    pub annotator: Option<Annotator>,
    pub device: String,
    /// The system's dialogs.
    pub files: Arc<dyn FileDialogs>,
    /// The present for pictures; else the machine's.
    pub now: Option<Timestamp>,
    pub toasts: Toasts,
    /// Fonts and glyph pictures of all pages.
    pub reading: Rc<RefCell<Reading>>,
    pub waker: Waker,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Shared {
    pub fn theme(&self, ctx: &Context) -> &'static Theme {
        Theme::of(ctx.theme())
    }

    /// Who works, as far as it is known.
    pub fn annotator(&self) -> Option<Annotator> {
        self.annotator.clone().or_else(|| self.settings.annotator())
    }

    /// Changes the settings and keeps them. Where they cannot be kept, that is told.
    pub fn change(&mut self, change: impl Fn(&mut Settings)) {
        if let Err(sentence) = self.settings_file.change(&mut self.settings, change) {
            self.toasts.tell(Notice { kind: NoticeKind::Error, sentence, undo: false });
        }
    }
}

/// What the window begins with.
#[derive(Debug, Default)]
pub struct StartUp {
    /// The project to work on; without one, the welcome screen.
    pub session: Option<Session>,
    /// The same, with its place on disk: it is remembered.
    pub opened: Option<Opened>,
    /// What to go to at once.
    pub errand: Option<Errand>,
    pub settings: Settings,
    pub settings_file: SettingsFile,
    /// Who works, where the command line or the environment said so.
    pub annotator: Option<Annotator>,
    /// What there is to tell at once.
    pub notices: Vec<Notice>,
    /// Asks for files and folders; the system's dialogs where not given.
    pub files: Option<Arc<dyn FileDialogs>>,
    /// A present that stands still, for pictures.
    pub now: Option<Timestamp>,
    /// The one whose [`Waker::wake`] the session was given.
    pub waker: Waker,
    /// Fonts of the system for scripts whose fonts are not inside the binary.
    pub system_fonts: bool,
}

/// Wakes the window from other threads, also from those that were started before it was open.
#[derive(Clone, Debug, Default)]
pub struct Waker(Arc<OnceLock<Context>>);

impl Waker {
    /// For [`Session::start`] and for workers.
    pub fn wake(&self) -> Wake {
        let context = self.0.clone();
        Box::new(move || {
            if let Some(context) = context.get() {
                context.request_repaint();
            }
        })
    }

    fn attach(&self, context: &Context) {
        // A second window in one process keeps the first one's.
        let _ = self.0.set(context.clone());
    }
}

impl Window {
    /// Prepares the context (fonts, styles) and shows the first screen in the next frame.
    pub fn new(context: &Context, start: StartUp) -> Self {
        start.waker.attach(context);
        context.set_fonts(fonts::definitions());
        style::apply(context);
        context.set_theme(preference(start.settings.theme));
        if let Some(Geometry { zoom, .. }) = start.settings.window {
            context.set_zoom_factor(zoom.clamp(*ZOOMS.start(), *ZOOMS.end()));
        }
        let mut toasts = Toasts::at(start.now);
        toasts.extend(start.notices);
        let shared = Shared {
            settings: start.settings,
            device: start.settings_file.device(),
            settings_file: start.settings_file,
            annotator: start.annotator,
            files: start.files.unwrap_or_else(|| Arc::new(files::System)),
            now: start.now,
            toasts,
            reading: Rc::new(RefCell::new(Reading::new(start.system_fonts))),
            waker: start.waker,
        };
        let screen = match start.session {
            Some(session) => Screen::Work(Box::new(Work::new(session))),
            None => Screen::Welcome(Welcome::default()),
        };
        let mut window = Self {
            screen,
            dialog: None,
            shared,
            home: None,
            geometry: None,
            leaving: Leaving::No,
            title: String::new(),
        };
        if let Some(opened) = start.opened {
            window.arrive(opened, None);
        }
        if let Some(errand) = start.errand {
            window.go(errand);
        }
        window
    }

    /// One frame: takes the input of `ui`'s context, changes the session, draws everything.
    pub fn frame(&mut self, ui: &mut Ui) {
        let blocked = self.dialog.is_some();
        let mut requests = match &mut self.screen {
            Screen::Welcome(welcome) => welcome.frame(ui, &mut self.shared, blocked),
            Screen::Work(work) => work.frame(ui, &mut self.shared, blocked),
        };
        if let Some(dialog) = &mut self.dialog
            && !dialog.frame(ui, &mut self.shared, &mut requests)
        {
            self.dialog = None;
        }
        let undo = self.shared.toasts.frame(ui);
        if undo && let Screen::Work(work) = &mut self.screen {
            work.act(&Action::Undo, ui.ctx(), &mut self.shared);
        }
        for request in requests {
            self.answer(request, ui.ctx());
        }
        let zoom = ui.ctx().zoom_factor();
        if !ZOOMS.contains(&zoom) {
            ui.ctx().set_zoom_factor(zoom.clamp(*ZOOMS.start(), *ZOOMS.end()));
        }
        self.keep_up(ui.ctx());
        self.leaving.frame(ui.ctx(), self.dialog.as_ref());
        hovering::show(ui, matches!(self.screen, Screen::Work(_)), self.shared.theme(ui.ctx()));
        self.name(ui.ctx());
    }

    /// The session, where a project is open.
    pub fn session(&self) -> Option<&Session> {
        match &self.screen {
            Screen::Work(work) => Some(&work.session),
            Screen::Welcome(_) => None,
        }
    }

    /// A search or a filter is under way on another thread.
    pub fn is_looking(&self) -> bool {
        matches!(&self.screen, Screen::Work(work) if work.is_looking())
    }

    /// Where the first row of a stretch of the open document is on the screen, as of the last frame, in points.
    pub fn place_of(&self, range: std::ops::Range<usize>) -> Option<egui::Rect> {
        match &self.screen {
            Screen::Work(work) => work.view.place_of(range),
            Screen::Welcome(_) => None,
        }
    }

    /// The page of the open document, as of the last frame.
    pub fn page(&self) -> Option<&Page> {
        match &self.screen {
            Screen::Work(work) => work.view.page(),
            Screen::Welcome(_) => None,
        }
    }

    fn answer(&mut self, request: Request, context: &Context) {
        context.request_repaint();
        match request {
            Request::Show(dialog) => self.dialog = Some(dialog),
            Request::Act(Action::Quit) | Request::Quit => context.send_viewport_cmd(ViewportCommand::Close),
            Request::Act(Action::FullScreen) => {
                let full = context.input(|input| input.viewport().fullscreen.unwrap_or(false));
                context.send_viewport_cmd(ViewportCommand::Fullscreen(!full));
            }
            Request::Act(action) => {
                let folder = self.home.as_ref().map(Home::beside).unwrap_or_default();
                self.dialog = Dialog::of(&action, self.session(), &folder, &self.shared);
            }
            Request::Run(command) => {
                if let Screen::Work(work) = &mut self.screen {
                    work.answer(Ask::Run(command), context, &mut self.shared);
                    work.answer(Ask::Focus(Pane::Page), context, &mut self.shared);
                }
            }
            Request::Go(errand) => self.go(errand),
            Request::Opened(opened, report) => self.arrive(*opened, report),
            Request::Again(new) => self.dialog = Some(Dialog::New(Box::new(New::again(&new)))),
            Request::Imported => self.imported(),
            Request::Renamed => self.rename(),
            Request::Close => {
                self.leave();
                self.screen = Screen::Welcome(Welcome::default());
            }
            Request::Theme(choice) => {
                self.shared.change(|settings| settings.theme = choice);
                context.set_theme(preference(choice));
            }
            Request::OpenFile(path) => {
                if let Err(error) = self.shared.files.open(&path) {
                    let sentence = format!(
                        "Could not open {} with another program: {error}. Edit it with any editor",
                        path.display()
                    );
                    self.shared.toasts.tell(Notice { kind: NoticeKind::Error, sentence, undo: false });
                }
            }
            Request::Tell(notice) => self.shared.toasts.tell(notice),
        }
    }

    /// Title of the system's window, sent when it changes.
    fn name(&mut self, context: &Context) {
        let title = match &self.screen {
            Screen::Welcome(_) => "Spanwright".to_owned(),
            Screen::Work(work) => work.title(),
        };
        if title != self.title {
            context.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

/// How large the window may be made.
const ZOOMS: std::ops::RangeInclusive<f32> = 0.5..=3.0;

fn preference(choice: ThemeChoice) -> egui::ThemePreference {
    match choice {
        ThemeChoice::System => egui::ThemePreference::System,
        ThemeChoice::Light => egui::ThemePreference::Light,
        ThemeChoice::Dark => egui::ThemePreference::Dark,
    }
}
