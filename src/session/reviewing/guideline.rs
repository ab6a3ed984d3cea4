//! Writing a settled difference into `guidelines.md` as a case: the example, the ruling, the reason.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::super::command::Outcome;
use super::super::session::Session;
use super::super::watch::GUIDELINES;
use crate::review::{Case, with_case};

/// Under the heading of its label, at the end of its cases.
pub(super) fn write(session: &mut Session) -> Outcome {
    let Some(reviewing) = &session.reviewing else { return Outcome::default() };
    let (Some(desk), Some(difference)) = (&reviewing.desk, reviewing.difference()) else {
        return Outcome::refused(super::settle::NOTHING);
    };
    let case = Case::of(&desk.document.text, &session.schema, &desk.gold, &desk.comparison, difference);
    let Some(case) = case else {
        return Outcome::refused("Settle it first; then G writes it down");
    };
    let Some(folder) = session.around.folder.clone() else {
        return Outcome::refused("This project has no folder to keep guidelines in");
    };
    let path = folder.join(GUIDELINES);
    let before = match fs::read_to_string(&path) {
        Ok(before) => before,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            super::super::guide::beginning(&session.project, &session.schema)
        }
        Err(error) => return Outcome::error(format!("Could not read {}: {error}", path.display())),
    };
    let after = with_case(&before, &case);
    if after == before {
        return Outcome::refused("This case is in the guidelines already");
    }
    match replace(&path, &after) {
        Ok(()) => {
            session.around.guidelines = Some(Arc::from(after));
            Outcome::default().tell("The case is in the guidelines", false)
        }
        Err(error) => {
            Outcome::error(format!("Could not write {}: {error}. The guidelines are as they were", path.display()))
        }
    }
}

/// Beside it first, then in its place: whole or as it was.
fn replace(path: &Path, words: &str) -> std::io::Result<()> {
    let beside = path.with_extension("md.new");
    let mut file = fs::File::create(&beside)?;
    file.write_all(words.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, path)
}
