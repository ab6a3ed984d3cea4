//! Opening a long document again, from disk to the session, and to the first frame.

use super::frames::{Frame, Screen};
use super::row::{Goal, MILLIS, Row};
use super::{Bench, Samples, clock, key};
use crate::cli::manners::Failure;
use crate::session::Command;
use crate::text::DocumentId;

pub(super) fn rows(bench: &Bench<'_>, screen: fn() -> Option<Screen>) -> Result<Vec<Row>, Failure> {
    if !bench.wants_any(&["open-document", "open-page"]) {
        return Ok(Vec::new());
    }
    bench.say("Opening a long document …");
    let mut session = key::session(bench, key::on_disk(bench, "document")?)?;
    let mut screen = if bench.wants("open-page") { screen() } else { None };
    let (mut opened, mut drawn) = (Samples::default(), Samples::default());
    let (short, long) = (DocumentId::from("short"), DocumentId::from("long"));
    for round in 0..=bench.many(50, 20) {
        session.run(Command::Open(short.clone()));
        let (time, _) = clock::timed(|| session.run(Command::Open(long.clone())));
        if session.open.as_ref().is_none_or(|open| open.shown().is_none()) {
            return Err(Failure::Said("The document for the benchmark could not be opened".to_owned()));
        }
        // The first time nothing is warm.
        if round > 0 {
            opened.push(time);
        }
    }
    if let Some(screen) = &mut screen {
        let mut draw = |frame: Frame<'_>| screen(frame).map_err(Failure::Said);
        draw(Frame::Work(Box::new(session)))?;
        for round in 0..=bench.many(50, 20) {
            draw(Frame::Open(&short))?;
            let (time, done) = clock::timed(|| draw(Frame::Open(&long)));
            done?;
            if round > 0 {
                drawn.push(time);
            }
        }
    }
    let page = match screen {
        Some(_) => Row::new("open-page").spread(&drawn, MILLIS).goal(Goal::Below(16.0)),
        None => Row::missing("open-page", "needs a build with the window"),
    };
    Ok(vec![Row::new("open-document").spread(&opened, MILLIS).goal(Goal::Below(16.0)), page])
}
