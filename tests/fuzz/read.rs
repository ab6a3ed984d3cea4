//! What every target does: bytes as a file, read by the format's own reader and settled as an import does. Whatever comes of it, it must
//! be an answer.

use spanwright::formats::options::ReadOptions;
use spanwright::formats::settle::{Votes, settle};
use spanwright::formats::table::Format;

pub fn read(format: &str, ending: &str, bytes: &[u8]) {
    // A library's panic that the reader catches is an answer; one that nobody catches still ends the run, by the driver's own hand.
    static QUIET: std::sync::Once = std::sync::Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let Some(format) = Format::named(format) else { return };
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join(format!("input.{ending}"));
    if std::fs::write(&path, bytes).is_err() {
        return;
    }
    let Some(Ok(records)) = format.reader.map(|reader| reader(&path, &ReadOptions::default())) else { return };
    let (mut votes, mut problems) = (Votes::default(), Vec::new());
    for mut record in records.flatten() {
        votes.add(&record.document);
        settle(&mut record.document, votes.winner(format.unit), &record.place, &mut problems);
    }
}
