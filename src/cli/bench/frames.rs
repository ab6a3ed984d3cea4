//! Frames of the window and of the page, drawn by the window without a display.

use std::sync::Arc;

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
    /// The whole window, made anew, with the sample.
    Start,
    /// That window again.
    Rest,
    /// A page: this text, from its beginning, with a layer of spans.
    Open(&'a Text, &'a Layer, &'a Arc<Schema>),
    /// The page, so many points further down.
    Scroll(f32),
    /// The page at this byte.
    Jump(usize),
    /// The same, when no picture of any glyph is known.
    Cold(usize),
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
    let mut screen = made.map_err(Failure::Said)?;
    let mut draw = |frame: Frame<'_>| screen(frame).map_err(Failure::Said);

    let mut rows = Vec::new();
    let note = "without a display";
    let first: Samples = [first].into_iter().collect();
    rows.push(Row::new("first-frame").median(&first, MILLIS).goal(Goal::Below(300.0)).note(note));
    let mut asked = 0;
    for frame in 0..160 {
        // A second in which things may still come to rest.
        asked += u32::from(draw(Frame::Rest)? && frame >= 60);
    }
    rows.push(Row::new("idle").value(f64::from(asked), "").goal(Goal::Below(1.0)).note(note));

    let schema = Arc::new(Schema::parse(&schema::source("news")?, "news.ron").schema.unwrap_or_default());
    let bytes = bench.many(10_000_000, 1_000_000);
    let note = if bench.quick { "1 MB, 10,000 spans" } else { "" };
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
        let text = Text::new(Words::new(script, 5).text(bytes));
        let layer = words::layer(&text, bench.me.annotator.clone(), bytes / 100);
        draw(Frame::Open(&text, &layer, &schema))?;
        if let Some(scroll) = scroll {
            let mut samples = Samples::default();
            for _ in 0..bench.many(2000, 500) {
                let (time, drawn) = clock::timed(|| draw(Frame::Scroll(90.0)));
                drawn?;
                samples.push(time);
            }
            rows.push(Row::new(scroll).spread(&samples, MILLIS).goal(Goal::Below(2.0)).note(note));
        }
        if bench.wants(jump) {
            let cold = matches!(script, Script::Chinese);
            let (mut samples, mut dice) = (Samples::default(), Dice::new(11));
            for _ in 0..bench.many(500, 100) {
                let place = dice.below(text.len());
                let frame = if cold { Frame::Cold(place) } else { Frame::Jump(place) };
                let (time, drawn) = clock::timed(|| draw(frame));
                drawn?;
                samples.push(time);
            }
            let goal = Goal::Below(if cold { 8.0 } else { 4.0 });
            rows.push(Row::new(jump).spread(&samples, MILLIS).goal(goal).note(note));
        }
    }
    Ok(rows)
}
