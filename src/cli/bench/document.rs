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
    for round in 0..=bench.many(50, 20) {
        session.run(Command::Open(DocumentId::from("short")));
        let (open_time, _) = clock::timed(|| session.run(Command::Open(DocumentId::from("long"))));
        let Some((open, layer)) = session.open.as_ref().and_then(|open| Some((open, open.shown()?))) else {
            return Err(Failure::Said("The document for the benchmark could not be opened".to_owned()));
        };
        let frame = Frame::Open(open.text(), layer, &session.schema);
        let (frame_time, drawing) = clock::timed(|| screen.as_mut().map_or(Ok(false), |screen| screen(frame)));
        drawing.map_err(Failure::Said)?;
        // The first time nothing is warm.
        if round > 0 {
            opened.push(open_time);
            drawn.push(open_time + frame_time);
        }
    }
    let page = match screen {
        Some(_) => Row::new("open-page").spread(&drawn, MILLIS).goal(Goal::Below(16.0)),
        None => Row::missing("open-page", "needs a build with the window"),
    };
    Ok(vec![Row::new("open-document").spread(&opened, MILLIS).goal(Goal::Below(16.0)), page])
}
