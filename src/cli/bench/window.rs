//! `spanwright bench window`: frames of the window for everything a hand does on a page, on documents of three sizes in three scripts.

use super::frames::{COLD, FRAME, JUMP, SCROLL, Screen, Size, Stage};
use super::row::{Goal, MILLIS, Row};
use super::words::{Script, Words};
use super::{Bench, clock};
use crate::cli::manners::Failure;

/// Names of all rows, for those who want only some.
pub(super) fn names() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (script, size) in pairs() {
        names.extend(["scroll", "jump", "cold", "drag", "find"].map(|what| name(what, script, size)));
    }
    names.extend(Script::ALL.map(|script| name("hop", script, Size::Small)));
    names.extend(["window-memory", "window-idle"].map(str::to_owned));
    names
}

fn pairs() -> impl Iterator<Item = (Script, Size)> {
    Size::ALL.into_iter().flat_map(|size| Script::ALL.map(|script| (script, size)))
}

fn name(what: &str, script: Script, size: Size) -> String {
    format!("{what}-{}-{}", size.name(), script.name())
}

pub(super) fn rows(bench: &Bench<'_>, screen: fn() -> Option<Screen>) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    let Some(made) = screen() else {
        return Ok(names().into_iter().map(|name| Row::missing(name, "needs a build with the window")).collect());
    };
    let mut stage = Stage(made);
    let before = clock::resident();
    let mut most = 0;
    for (script, size) in pairs() {
        let wanted = |what: &str| bench.wants(&name(what, script, size));
        let hops = matches!(size, Size::Small) && wanted("hop");
        if !["scroll", "jump", "cold", "drag", "find"].into_iter().any(wanted) && !hops {
            continue;
        }
        bench.say(&format!("Drawing frames, {script:?}, {} …", size.about()));
        let length = stage.open(bench, script, size)?;
        let mut row = |what: &str, samples: &super::Samples, goal: Goal| {
            let row = Row::new(name(what, script, size)).spread(samples, MILLIS).goal(goal);
            rows.push(row.what(format!("{}, {script:?}, {}", sentence(what), size.about())));
        };
        if wanted("scroll") {
            row("scroll", &stage.scroll(bench.many(1000, 200))?, SCROLL);
        }
        if wanted("jump") {
            row("jump", &stage.jump(bench.many(300, 50), length, false)?, JUMP);
        }
        if wanted("cold") {
            row("cold", &stage.jump(bench.many(100, 20), length, true)?, COLD);
        }
        if wanted("drag") {
            row("drag", &stage.drag(bench.many(300, 50))?, FRAME);
        }
        if wanted("find") {
            let words: Vec<String> = Words::new(script, 5).some(bench.many(20, 5));
            row("find", &stage.find(&words)?, FRAME);
        }
        if hops {
            row("hop", &stage.hop(bench.many(200, 40))?, FRAME);
        }
        most = most.max(clock::resident().unwrap_or_default());
    }
    if bench.wants("window-idle") {
        let asked = f64::from(stage.idle()?);
        rows.push(
            Row::new("window-idle").value(asked, "").goal(Goal::Below(1.0)).what("frames asked for at rest, of 100"),
        );
    }
    if bench.wants("window-memory") {
        let row = Row::new("window-memory").what("most memory with one of these documents open, above the start");
        rows.push(match before {
            Some(before) => row.value(most.saturating_sub(before) as f64 / 1e6, "MB"),
            None => row.note("the system does not tell"),
        });
    }
    Ok(rows)
}

fn sentence(what: &str) -> &'static str {
    match what {
        "scroll" => "frame while scrolling",
        "jump" => "frame after a jump",
        "cold" => "frame after a jump, no glyph known",
        "drag" => "frame while a selection is dragged",
        "find" => "frame after a letter typed to find",
        _ => "frame after the key for the next document",
    }
}
