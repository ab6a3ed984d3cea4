//! Frames of the window, drawn without a display: every event goes the way that a person's goes.

use super::row::{Goal, MILLIS, Row};
use super::words::{self, Dice, Script, Words};
use super::{Bench, Samples, clock, key};
use crate::cli::manners::Failure;
use crate::cli::schema;
use crate::session::{Command, Session};
use crate::store::{Memory, Store as _};
use crate::text::DocumentId;

/// What the next frame is to show.
#[derive(Debug)]
pub enum Frame<'a> {
    /// The whole window, made anew, with the sample.
    Start,
    /// That window again.
    Rest,
    /// A window anew, with this session.
    Work(Box<Session>),
    Open(&'a DocumentId),
    /// The next document of the list.
    Next,
    /// So many points further down.
    Scroll(f32),
    /// The place at this byte.
    Jump(usize),
    /// The same, when no picture of any glyph is known.
    Cold(usize),
    /// The pointer a little further, with its button held.
    Drag,
    Release,
    /// This character typed into the field for finding; without one, the field, empty.
    Find(Option<char>),
}

/// Draws frames, each up to the triangles that a graphics card gets; says whether it wants another one soon. The window makes it.
pub type Screen = Box<dyn FnMut(Frame<'_>) -> Result<bool, String>>;

const NAMES: [&str; 7] =
    ["scroll-latin", "scroll-arabic", "jump-latin", "jump-arabic", "jump-chinese", "first-frame", "idle"];

pub(super) fn rows(bench: &Bench<'_>, screen: fn() -> Option<Screen>) -> Result<Vec<Row>, Failure> {
    if !bench.wants_any(&NAMES) {
        return Ok(Vec::new());
    }
    let (first, made) = clock::timed(|| {
        screen().map(|mut screen| {
            let drawn = screen(Frame::Start);
            drawn.map(|_| screen)
        })
    });
    let Some(made) = made else {
        return Ok(NAMES.into_iter().map(|name| Row::missing(name, "needs a build with the window")).collect());
    };
    let mut stage = Stage(made.map_err(Failure::Said)?);

    let mut rows = Vec::new();
    let note = "without a display";
    let first: Samples = [first].into_iter().collect();
    rows.push(Row::new("first-frame").median(&first, MILLIS).goal(Goal::Below(300.0)).note(note));
    rows.push(Row::new("idle").value(f64::from(stage.idle()?), "").goal(Goal::Below(1.0)).note(note));

    let size = if bench.quick { Size::Large } else { Size::Huge };
    let note = if bench.quick { size.about() } else { "" };
    let scripts = [
        (Script::Latin, Some("scroll-latin"), "jump-latin"),
        (Script::Arabic, Some("scroll-arabic"), "jump-arabic"),
        (Script::Chinese, None, "jump-chinese"),
    ];
    for (script, scroll, jump) in scripts {
        let scroll = scroll.filter(|scroll| bench.wants(scroll));
        if scroll.is_none() && !bench.wants(jump) {
            continue;
        }
        bench.say(&format!("Drawing frames, {script:?} …"));
        let length = stage.open(bench, script, size)?;
        if let Some(scroll) = scroll {
            let samples = stage.scroll(bench.many(2000, 500))?;
            rows.push(Row::new(scroll).spread(&samples, MILLIS).goal(SCROLL).note(note));
        }
        if bench.wants(jump) {
            let cold = matches!(script, Script::Chinese);
            let samples = stage.jump(bench.many(500, 100), length, cold)?;
            rows.push(Row::new(jump).spread(&samples, MILLIS).goal(if cold { COLD } else { JUMP }).note(note));
        }
    }
    Ok(rows)
}

pub(super) const SCROLL: Goal = Goal::Below(2.0);
pub(super) const JUMP: Goal = Goal::Below(4.0);
pub(super) const COLD: Goal = Goal::Below(8.0);
/// One frame of sixty a second.
pub(super) const FRAME: Goal = Goal::Below(16.0);

/// How much a document holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Size {
    Small,
    Large,
    Huge,
}

impl Size {
    pub(super) const ALL: [Self; 3] = [Self::Small, Self::Large, Self::Huge];

    pub(super) const fn about(self) -> &'static str {
        match self {
            Self::Small => "3 kB, 30 spans",
            Self::Large => "1 MB, 10,000 spans",
            Self::Huge => "10 MB, 100,000 spans",
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Small => "3k",
            Self::Large => "1m",
            Self::Huge => "10m",
        }
    }

    const fn bytes(self) -> usize {
        match self {
            Self::Small => 3_000,
            Self::Large => 1_000_000,
            Self::Huge => 10_000_000,
        }
    }
}

/// A window on which frames are measured.
pub(super) struct Stage(pub(super) Screen);

impl Stage {
    pub(super) fn draw(&mut self, frame: Frame<'_>) -> Result<bool, Failure> {
        (self.0)(frame).map_err(Failure::Said)
    }

    fn timed(&mut self, frame: Frame<'_>) -> Result<std::time::Duration, Failure> {
        let (time, drawn) = clock::timed(|| self.draw(frame));
        drawn.map(|_| time)
    }

    /// A window in which a document of this size is open, with a hundredth as many spans as bytes; and twenty small ones after it.
    /// Returns its length.
    pub(super) fn open(&mut self, bench: &Bench<'_>, script: Script, size: Size) -> Result<usize, Failure> {
        let mut store = Memory::new(schema::source("news")?);
        let mut import = store.import(key::options(bench))?;
        let mut length = 0;
        for number in 0..=20 {
            let bytes = if number == 0 { size.bytes() } else { Size::Small.bytes() };
            let document = words::document(&format!("d{number:02}"), &Words::new(script, 5 + number).text(bytes));
            let layer = words::layer(&document.text, bench.me.annotator.clone(), bytes / 100);
            import.document(&document)?;
            import.layer(&document.id, document.text.sha256(), layer)?;
            length = length.max(document.text.len());
        }
        import.finish()?;
        let mut session = key::session(bench, Box::new(store))?;
        session.run(Command::Open(DocumentId::from("d00")));
        self.draw(Frame::Work(Box::new(session)))?;
        Ok(length)
    }

    /// Of a hundred frames in which nothing happens, how many ask for another one.
    pub(super) fn idle(&mut self) -> Result<u32, Failure> {
        let mut asked = 0;
        for frame in 0..160 {
            // A second in which things may still come to rest.
            asked += u32::from(self.draw(Frame::Rest)? && frame >= 60);
        }
        Ok(asked)
    }

    pub(super) fn scroll(&mut self, frames: usize) -> Result<Samples, Failure> {
        (0..frames).map(|_| self.timed(Frame::Scroll(90.0))).collect()
    }

    pub(super) fn jump(&mut self, frames: usize, length: usize, cold: bool) -> Result<Samples, Failure> {
        let mut dice = Dice::new(11);
        let place = move |_| dice.below(length);
        (0..frames)
            .map(place)
            .map(|place| self.timed(if cold { Frame::Cold(place) } else { Frame::Jump(place) }))
            .collect()
    }

    pub(super) fn drag(&mut self, frames: usize) -> Result<Samples, Failure> {
        let samples = (0..frames).map(|_| self.timed(Frame::Drag)).collect();
        self.draw(Frame::Release)?;
        samples
    }

    /// Types words of the text, letter by letter; the field is emptied after each, which does not count.
    pub(super) fn find(&mut self, words: &[String]) -> Result<Samples, Failure> {
        let mut samples = Samples::default();
        for word in words {
            self.draw(Frame::Find(None))?;
            for letter in word.chars() {
                samples.push(self.timed(Frame::Find(Some(letter)))?);
                self.draw(Frame::Rest)?;
            }
        }
        Ok(samples)
    }

    /// From one document to the next.
    pub(super) fn hop(&mut self, frames: usize) -> Result<Samples, Failure> {
        (0..frames)
            .map(|frame| {
                // Back to the first before the list ends.
                if frame % 20 == 0 {
                    self.draw(Frame::Open(&DocumentId::from("d00")))?;
                }
                self.timed(Frame::Next)
            })
            .collect()
    }
}
