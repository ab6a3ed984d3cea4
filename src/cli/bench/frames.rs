//! Frames of the page, drawn by the window without a display.

use super::row::{Goal, MILLIS, Row};
use super::words::{self, Dice, Script, Words};
use super::{Bench, Samples, clock};
use crate::annotation::Layer;
use crate::cli::manners::Failure;
use crate::cli::schema;
use crate::schema::Schema;
use crate::text::Text;

/// What the next frame is to show.
#[derive(Clone, Copy, Debug)]
pub enum Frame<'a> {
    /// Another text, from its beginning, with a layer of spans.
    Open(&'a Text, &'a Layer, &'a Schema),
    /// So many points further down.
    Scroll(f32),
    /// The place at this byte.
    Jump(usize),
    /// That place, and every picture of a glyph is forgotten first.
    Cold(usize),
    /// What it showed before.
    Rest,
}

/// Draws frames, each up to the triangles that a graphics card gets; says whether another frame is wanted at once. The window makes it.
pub type Screen = Box<dyn FnMut(Frame<'_>) -> bool>;

const NO_WINDOW: &str = "needs a build with the window";

const NAMES: [&str; 7] =
    ["scroll-latin", "scroll-arabic", "jump-latin", "jump-arabic", "jump-chinese", "first-frame", "idle"];

pub(super) fn rows(bench: &Bench<'_>, screen: &dyn Fn() -> Option<Screen>) -> Result<Vec<Row>, Failure> {
    if !bench.wants_any(&NAMES) {
        return Ok(Vec::new());
    }
    let schema = Schema::parse(&schema::source("news")?, "news.ron").schema.unwrap_or_default();
    let mut rows = Vec::new();

    bench.say("Drawing a first frame …");
    let short = Text::new(Words::new(Script::Latin, 3).text(3000));
    let layer = words::layer(&short, bench.me.annotator.clone(), 30);
    let (time, drawn) = clock::timed(|| {
        let mut screen = screen()?;
        screen(Frame::Open(&short, &layer, &schema));
        Some(screen)
    });
    let Some(mut screen) = drawn else {
        return Ok(NAMES.into_iter().map(|name| Row::missing(name, NO_WINDOW)).collect());
    };
    let first: Samples = [time].into_iter().collect();
    rows.push(Row::new("first-frame").median(&first, MILLIS).goal(Goal::Below(300.0)).note("without a display"));
    // egui settles in its first frames.
    let asked = (0..110).map(|_| screen(Frame::Rest)).skip(10).filter(|asks| *asks).count();
    rows.push(Row::new("idle").value(asked as f64, "").goal(Goal::Below(1.0)).note("without a display"));

    let bytes = bench.many(10_000_000, 1_000_000);
    let scripts = [
        (Script::Latin, "scroll-latin", "jump-latin"),
        (Script::Arabic, "scroll-arabic", "jump-arabic"),
        (Script::Chinese, "", "jump-chinese"),
    ];
    for (script, scroll, jump) in scripts {
        if !bench.wants_any(&[scroll, jump]) {
            continue;
        }
        bench.say(&format!("Drawing frames, {script:?} …"));
        let text = Text::new(Words::new(script, 5).text(bytes));
        let layer = words::layer(&text, bench.me.annotator.clone(), bytes / 100);
        screen(Frame::Open(&text, &layer, &schema));
        let mut dice = Dice::new(11);
        let note = if bench.quick { "1 MB, 10,000 spans" } else { "" };
        if bench.wants(scroll) && !scroll.is_empty() {
            let samples: Samples =
                (0..bench.many(2000, 500)).map(|_| clock::timed(|| screen(Frame::Scroll(90.0))).0).collect();
            rows.push(Row::new(scroll).spread(&samples, MILLIS).goal(Goal::Below(2.0)).note(note));
        }
        if bench.wants(jump) {
            let cold = matches!(script, Script::Chinese);
            let samples: Samples = (0..bench.many(500, 100))
                .map(|_| {
                    let place = dice.below(text.len());
                    let frame = if cold { Frame::Cold(place) } else { Frame::Jump(place) };
                    clock::timed(|| screen(frame)).0
                })
                .collect();
            let goal = Goal::Below(if cold { 8.0 } else { 4.0 });
            rows.push(Row::new(jump).spread(&samples, MILLIS).goal(goal).note(note));
        }
    }
    Ok(rows)
}
