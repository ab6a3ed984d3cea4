//! [`Rehearsal`]: the window without a display, for measuring frames. Everything is what a person's window does, from the event to the
//! triangles that a graphics card gets.

use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, pos2, vec2};

use super::headless::Headless;
use super::pictures;
use super::window::{Screen, StartUp, Waker, Window};
use crate::session::{Command, Session, sample};
use crate::text::DocumentId;

/// A window on a screen of its own.
#[derive(Default)]
#[allow(missing_debug_implementations, reason = "caches say nothing to a reader")]
pub struct Rehearsal {
    stage: Option<(Headless, Window)>,
    drags: usize,
}

/// Where the pointer is when it is on the page.
const PAGE: Pos2 = pos2(640.0, 420.0);

impl Rehearsal {
    /// Makes a window anew, with the sample open, and draws its first frame. An error says why there is no sample.
    pub fn start(&mut self) -> Result<(), String> {
        let waker = Waker::default();
        let session = pictures::session(sample::FIRST, &waker).map_err(|error| error.to_string())?;
        self.begin(session, waker);
        self.rest();
        Ok(())
    }

    /// Makes a window anew for a session.
    pub fn work(&mut self, session: Session) {
        self.begin(session, Waker::default());
        for _ in 0..30 {
            self.rest();
        }
    }

    fn begin(&mut self, session: Session, waker: Waker) {
        let screen = Headless::new(vec2(1280.0, 840.0), 1.0, false);
        let start = StartUp { session: Some(session), waker, system_fonts: true, ..StartUp::default() };
        let window = Window::new(&screen.ctx, start);
        self.stage = Some((screen, window));
    }

    /// Draws the window again, after a sixtieth of a second; says whether it wants another frame soon.
    pub fn rest(&mut self) -> bool {
        self.send(Vec::new())
    }

    fn send(&mut self, events: Vec<Event>) -> bool {
        self.stage.as_mut().is_some_and(|(screen, window)| screen.prepare(events, |ui| window.frame(ui)))
    }

    fn run(&mut self, command: Command) {
        if let Some((_, Window { screen: Screen::Work(work), shared, .. })) = &mut self.stage {
            work.run(command, shared);
        }
    }

    /// Opens a document and draws it.
    pub fn open(&mut self, document: &DocumentId) {
        self.run(Command::Open(document.clone()));
        self.rest();
    }

    /// The next document of the list, by its key.
    pub fn next(&mut self) {
        let modifiers = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
        let pressed = |pressed| key(Key::PageDown, modifiers, pressed);
        self.send(vec![pressed(true), pressed(false)]);
    }

    /// Turns the wheel over the page by so many points.
    pub fn scroll(&mut self, points: f32) {
        let wheel = Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, -points),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        };
        self.send(vec![Event::PointerMoved(PAGE), wheel]);
    }

    /// Goes to the place at a byte.
    pub fn jump(&mut self, to: usize) {
        self.run(Command::Caret { to, extend: false });
        self.rest();
    }

    /// The same, when no picture of any glyph is known.
    pub fn jump_cold(&mut self, to: usize) {
        if let Some((_, window)) = &self.stage {
            window.shared.reading.borrow_mut().forget_glyphs();
        }
        self.jump(to);
    }

    /// Moves the pointer on with its button held; the first time presses it.
    pub fn drag(&mut self) {
        let from = pos2(400.0, 200.0);
        self.drags += 1;
        if self.drags == 1 {
            self.send(vec![Event::PointerMoved(from), button(from, true)]);
            return;
        }
        let (x, y) = (self.drags * 13 % 460, self.drags * 7 % 520);
        self.send(vec![Event::PointerMoved(from + vec2(x as f32, y as f32))]);
    }

    pub fn release(&mut self) {
        self.drags = 0;
        self.send(vec![button(PAGE, false)]);
    }

    /// Types a character into the field for finding; without one, opens it and empties it.
    pub fn find(&mut self, typed: Option<char>) {
        let command = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
        match typed {
            Some(typed) => {
                self.send(vec![Event::Text(typed.to_string())]);
            }
            None => {
                for (name, modifiers) in [(Key::Escape, Modifiers::NONE), (Key::F, command), (Key::A, command)] {
                    self.send(vec![key(name, modifiers, true), key(name, modifiers, false)]);
                    self.rest();
                }
                self.send(vec![
                    key(Key::Backspace, Modifiers::NONE, true),
                    key(Key::Backspace, Modifiers::NONE, false),
                ]);
                self.rest();
            }
        }
    }
}

fn key(key: Key, modifiers: Modifiers, pressed: bool) -> Event {
    Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers }
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}
