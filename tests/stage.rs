//! [`Stage`]: a window without a display, driven as a person would, for tests of the form before, keys and mouse, after.

use egui::{Event, Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
use spanwright::app::headless::Headless;
use spanwright::app::{Screen, StartUp, Window, input};
use spanwright::session::keymap::{Chord, Key};
use spanwright::session::settings::{Settings, ThemeChoice};
use spanwright::session::{Action, Command, Session};

use crate::session::{project, session_of};
use crate::support::picture;

/// A window of 1280 × 800 points in which a document is open.
pub struct Stage {
    pub screen: Headless,
    pub window: Window,
    pub held: Modifiers,
}

pub const A: PointerButton = PointerButton::Primary;

impl Stage {
    pub fn new(text: &str) -> Self {
        Self::of(&[("d", text)])
    }

    /// Opens the first document.
    pub fn of(articles: &[(&str, &str)]) -> Self {
        let mut session = session_of(&project(articles), "ana");
        session.run(Command::Open(articles[0].0.into()));
        Self::with(session)
    }

    pub fn with(session: Session) -> Self {
        let screen = Headless::new(vec2(1280.0, 800.0), 1.0, false);
        let settings = Settings { theme: ThemeChoice::Light, ..Settings::default() };
        let window = Window::new(&screen.ctx, StartUp { session: Some(session), settings, ..StartUp::default() });
        let mut stage = Self { screen, window, held: Modifiers::NONE };
        stage.rest();
        stage
    }

    pub fn session(&self) -> &Session {
        self.window.session().unwrap()
    }

    /// One frame. Whether another is wanted at once.
    pub fn send(&mut self, events: Vec<Event>) -> bool {
        let window = &mut self.window;
        self.screen.frame(events, |ui| window.frame(ui))
    }

    pub fn rest(&mut self) {
        for _ in 0..3 {
            self.send(Vec::new());
        }
    }

    /// Presses keys as a keyboard would: with what they type.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for spelling in keys.split_whitespace() {
            let chord = Chord::parse(spelling).unwrap_or_else(|| panic!("{spelling} is no chord"));
            self.key(chord);
        }
        self
    }

    pub fn key(&mut self, chord: Chord) {
        let modifiers = input::modifiers(chord);
        let name = match chord.key {
            Key::Char(character) => character.to_uppercase().to_string(),
            Key::Escape => "Escape".to_owned(),
            key => Chord::plain(key).to_string(),
        };
        let Some(key) = egui::Key::from_name(&name) else {
            // The number pad's * is one: all that comes is what it types.
            let typed = chord.types().unwrap_or_else(|| panic!("egui has no key {name}"));
            self.send(vec![Event::Text(typed.to_string())]);
            self.rest();
            return;
        };
        let pressed = |pressed| Event::Key { key, physical_key: Some(key), pressed, repeat: false, modifiers };
        let mut events = vec![pressed(true)];
        if chord == Chord::parse("Ctrl+C").unwrap() {
            events = vec![Event::Copy];
        }
        events.extend(chord.types().map(|character| Event::Text(character.to_string())));
        self.send(events);
        self.send(vec![pressed(false)]);
        self.rest();
    }

    /// Types into whatever has the focus.
    pub fn types(&mut self, words: &str) -> &mut Self {
        for character in words.chars() {
            let chord = Chord::plain(if character == ' ' { Key::Space } else { Key::Char(character) });
            if egui::Key::from_name(&character.to_uppercase().to_string()).is_some() || character == ' ' {
                self.key(chord);
            } else {
                self.send(vec![Event::Text(character.to_string())]);
                self.rest();
            }
        }
        self
    }

    /// Does an action, however it is reached.
    pub fn act(&mut self, action: &Action) -> &mut Self {
        let context = self.screen.ctx.clone();
        let Screen::Work(work) = &mut self.window.screen else { panic!("no project is open") };
        work.act(action, &context, &mut self.window.shared);
        self.rest();
        self
    }

    /// Runs a command, however it is asked for.
    pub fn command(&mut self, command: Command) -> &mut Self {
        let Screen::Work(work) = &mut self.window.screen else { panic!("no project is open") };
        work.session.run(command);
        self.rest();
        self
    }

    pub fn button(&mut self, at: Pos2, button: PointerButton, pressed: bool) {
        let modifiers = self.held;
        self.send(vec![
            Event::ModifiersChanged(modifiers),
            Event::PointerMoved(at),
            Event::PointerButton { pos: at, button, pressed, modifiers },
        ]);
    }

    pub fn click_at(&mut self, at: Pos2, button: PointerButton) -> &mut Self {
        self.send(vec![Event::PointerMoved(at)]);
        self.button(at, button, true);
        self.button(at, button, false);
        self.rest();
        self
    }

    /// Clicks on words of the text, so many times in quick succession.
    pub fn click(&mut self, words: &str, times: usize) -> &mut Self {
        // Earlier clicks belong to another gesture.
        self.screen.wait(2.0);
        let at = self.place(words).center();
        for _ in 0..times {
            self.click_at(at, A);
        }
        self
    }

    /// From the first letter of `from` to the last of `to`.
    pub fn drag(&mut self, from: &str, to: &str, held: Modifiers) -> &mut Self {
        self.screen.wait(2.0);
        let (from, to) = (self.place(from), self.place(to));
        self.drag_at(from.left_center() + vec2(1.0, 0.0), to.right_center() - vec2(1.0, 0.0), held)
    }

    pub fn drag_at(&mut self, from: Pos2, to: Pos2, held: Modifiers) -> &mut Self {
        self.held = held;
        self.send(vec![Event::PointerMoved(from)]);
        self.button(from, A, true);
        self.send(vec![Event::PointerMoved(from.lerp(to, 0.5))]);
        self.send(vec![Event::PointerMoved(to)]);
        self.button(to, A, false);
        self.held = Modifiers::NONE;
        self.rest();
        self
    }

    /// Presses and keeps holding.
    pub fn hold(&mut self, at: Pos2, held: Modifiers) -> &mut Self {
        self.screen.wait(2.0);
        self.held = held;
        self.send(vec![Event::PointerMoved(at)]);
        self.button(at, A, true);
        self
    }

    /// Moves what is held.
    pub fn pull(&mut self, to: Pos2) -> &mut Self {
        self.send(vec![Event::PointerMoved(to)]);
        self.rest();
        self
    }

    pub fn release(&mut self, at: Pos2) -> &mut Self {
        self.button(at, A, false);
        self.held = Modifiers::NONE;
        self.rest();
        self
    }

    /// Where words are on the screen; the first row of them.
    pub fn place(&self, words: &str) -> Rect {
        let text = self.session().open.as_ref().unwrap().text().clone();
        let at = text.as_str().find(words).unwrap_or_else(|| panic!("“{words}” is not in the text"));
        self.window.place_of(at..at + words.len()).unwrap_or_else(|| panic!("“{words}” is not on the screen"))
    }

    pub fn see(&self) -> String {
        let open = self.session().open.as_ref().unwrap();
        picture(open.text(), open.shown())
    }

    pub fn selected(&self) -> &str {
        let session = self.session();
        session.selection().map_or("", |range| session.open.as_ref().unwrap().text().slice(range))
    }

    pub fn told(&self) -> Vec<&str> {
        self.window.shared.toasts.sentences().collect()
    }

    /// Name and place of everything a screen reader is told of.
    pub fn named(&mut self) -> Vec<(accesskit::Role, String, Option<Rect>)> {
        let window = &mut self.window;
        let update = self.screen.described(|ui| window.frame(ui)).unwrap();
        let rect = |node: &accesskit::Node| {
            let bounds = node.bounds()?;
            Some(Rect::from_min_max(pos2(bounds.x0 as f32, bounds.y0 as f32), pos2(bounds.x1 as f32, bounds.y1 as f32)))
        };
        let name = |node: &accesskit::Node| node.label().or(node.value()).unwrap_or_default().to_owned();
        update.nodes.iter().map(|(_, node)| (node.role(), name(node), rect(node))).collect()
    }

    /// Clicks on a control by its accessible name, or the beginning of it.
    pub fn press(&mut self, name: &str) -> &mut Self {
        let named = self.named();
        let found = named.iter().find(|(_, known, rect)| known.starts_with(name) && rect.is_some());
        let Some((_, _, Some(rect))) = found else { panic!("nothing is called {name}: {named:#?}") };
        let at = rect.center();
        self.click_at(at, A)
    }

    /// What can be ticked and whether it is, from top to bottom.
    pub fn ticks(&mut self) -> Vec<(String, bool)> {
        let window = &mut self.window;
        let update = self.screen.described(|ui| window.frame(ui)).unwrap();
        let mut boxes: Vec<&accesskit::Node> =
            update.nodes.iter().map(|(_, node)| node).filter(|node| node.role() == accesskit::Role::CheckBox).collect();
        boxes.sort_by_key(|node| node.bounds().map(|bounds| bounds.y0 as i32));
        let tick = |node: &&accesskit::Node| node.toggled() == Some(accesskit::Toggled::True);
        boxes.iter().map(|node| (node.label().unwrap_or_default().to_owned(), tick(node))).collect()
    }

    /// Frames until threads have done their work.
    pub fn until(&mut self, what: &str, so: impl Fn(&mut Self) -> bool) -> &mut Self {
        for _ in 0..200_000 {
            if so(self) {
                self.rest();
                return self;
            }
            self.send(Vec::new());
            std::thread::yield_now();
        }
        panic!("never came: {what}");
    }

    /// Saves a picture of the window where `SPANWRIGHT_PICTURES` says so.
    pub fn picture(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("SPANWRIGHT_PICTURES") else { return };
        let window = &mut self.window;
        let image = self.screen.picture(Vec::new(), egui::Color32::WHITE, |ui| window.frame(ui));
        let png = spanwright::app::raster::png(&image).unwrap();
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).unwrap();
    }
}
