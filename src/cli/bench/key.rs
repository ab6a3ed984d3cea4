//! From a key to a changed layer: a session over a store in memory, and one on disk for the time until it is saved.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use super::row::{Goal, MICROS, MILLIS, Row};
use super::words::{self, Dice, Script, Words};
use super::{Bench, Samples, clock};
use crate::annotation::Annotator;
use crate::cli::manners::{Failure, Manners};
use crate::cli::{project, schema};
use crate::schema::Schema;
use crate::session::keymap::{Chord, Context};
use crate::session::{Clock, Command, Session, Start};
use crate::store::{ImportOptions, Memory, Project, Store};
use crate::text::{Document, DocumentId};

pub(super) const SPANS: usize = 5000;
pub(super) const BYTES: usize = 1_000_000;

pub(super) fn rows(bench: &Bench<'_>) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    if bench.wants("key") {
        bench.say("Pressing keys …");
        let mut store = Memory::new(schema::source("news")?);
        fill(bench, &mut store)?;
        let mut session = session(bench, Box::new(store))?;
        let mut samples = Samples::default();
        press(&mut session, bench.many(2000, 300), |session, chord| {
            let (time, marked) = clock::timed(|| session.press(Context::Page, chord).transaction.is_some());
            samples.push(time);
            marked
        })?;
        rows.push(Row::new("key").spread(&samples, MICROS).goal(Goal::Below(100.0)));
    }
    if bench.wants("saved") {
        bench.say("Pressing keys, and waiting for the disk …");
        let store = on_disk(bench, "saved")?;
        let mut session = session(bench, store)?;
        let (mut samples, mut wall) = (Samples::default(), Samples::default());
        press(&mut session, bench.many(500, 100), |session, chord| {
            let (begun, cpu) = (Instant::now(), clock::process());
            let marked = session.press(Context::Page, chord).transaction.is_some();
            session.flush();
            samples.push(clock::process().saturating_sub(cpu));
            wall.push(begun.elapsed());
            marked && session.is_saved()
        })?;
        let note = format!("wall time {:.1} ms (median)", wall.median().as_secs_f64() * 1e3);
        rows.push(Row::new("saved").spread(&samples, MILLIS).note(note));
    }
    Ok(rows)
}

/// Selects words one after the other and lets `one` press the first label's key on each; it says whether that marked something.
fn press(session: &mut Session, times: usize, mut one: impl FnMut(&mut Session, Chord) -> bool) -> Result<(), Failure> {
    let chord = Chord::parse("1").ok_or_else(|| Failure::Said("“1” is no key".to_owned()))?;
    session.run(Command::Open(DocumentId::from("long")));
    let mut dice = Dice::new(7);
    let mut left = times;
    while left > 0 {
        let Some(open) = &session.open else {
            return Err(Failure::Said("The document for the benchmark could not be opened".to_owned()));
        };
        let (text, spans) = (open.text(), open.shown().map(|layer| &layer.spans));
        let Some(range) = words::word(text, dice.below(text.len())) else { continue };
        if spans.is_some_and(|spans| spans.touching(range).next().is_some()) {
            continue;
        }
        session.run(Command::Select { range, exact: false });
        if !one(session, chord) {
            return Err(Failure::Said("A key that should mark a span did not".to_owned()));
        }
        left -= 1;
    }
    Ok(())
}

/// A new project on disk with the long document.
pub(super) fn on_disk(bench: &Bench<'_>, name: &str) -> Result<Box<dyn Store>, Failure> {
    let folder = bench.folder().join(name);
    Project::create(&folder, name, &schema::source("news")?)?;
    let mut store = project::open(&folder, &Manners::new(true))?.store;
    fill(bench, &mut *store)?;
    Ok(store)
}

/// The long document with its spans, and a short one.
fn fill(bench: &Bench<'_>, store: &mut dyn Store) -> Result<(), Failure> {
    let long = words::document("long", &Words::new(Script::Latin, 1).text(BYTES));
    let layer = words::layer(&long.text, bench.me.annotator.clone(), SPANS);
    let short = words::document("short", "A short one.");
    let mut import = store.import(options(bench))?;
    for document in [&long, &short] {
        let Document { id, text, .. } = document;
        import.document(document)?;
        if std::ptr::eq(document, &raw const long) {
            import.layer(id, text.sha256(), layer.clone())?;
        }
    }
    import.finish()?;
    Ok(())
}

pub(super) fn options(bench: &Bench<'_>) -> ImportOptions {
    ImportOptions { by: bench.me.author(String::new()), title: "Import".to_owned(), new_versions: false }
}

/// A session as the window begins one, with its list.
pub(super) fn session(bench: &Bench<'_>, store: Box<dyn Store>) -> Result<Session, Failure> {
    session_of(&bench.me.annotator, &bench.me.device, store)
}

pub(super) fn session_of(me: &Annotator, device: &str, store: Box<dyn Store>) -> Result<Session, Failure> {
    let source = schema::source("news")?;
    let schema = Schema::parse(&source, "schema.ron").schema.unwrap_or_default();
    let start = Start {
        store,
        project: "bench".to_owned(),
        schema: Arc::new(schema),
        annotator: me.clone(),
        device: device.to_owned(),
        clock: Clock::system(),
        keys: BTreeMap::new(),
        careful: false,
    };
    let mut session = Session::start(start, Box::new(|| ()))?;
    session.run(Command::Filter(session.list.query.clone()));
    Ok(session)
}
