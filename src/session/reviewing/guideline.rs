//! Writing a settled difference into `guidelines.md` as a case: the example, the ruling, the reason.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::super::command::Outcome;
use super::super::session::Session;
use super::super::watch::GUIDELINES;
use super::words;
use crate::review::{Decision, Difference, State};

const HEADING: &str = "## Cases";

/// Under the heading “Cases”, which is made at the end where there is none.
pub(super) fn write(session: &mut Session) -> Outcome {
    let Some(reviewing) = &session.reviewing else { return Outcome::default() };
    let (Some(desk), Some(difference)) = (&reviewing.desk, reviewing.difference()) else {
        return Outcome::refused(super::settle::NOTHING);
    };
    let decision = match desk.state(difference) {
        State::Settled(id) => desk.gold.decision(&id).cloned(),
        _ => None,
    };
    let Some(decision) = decision else { return Outcome::refused("Settle it first; then G writes it down") };
    let case = case(session, difference, &decision);
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
    if before.contains(case.trim()) {
        return Outcome::refused("This case is in the guidelines already");
    }
    let after = with(&before, &case);
    match replace(&path, &after) {
        Ok(()) => {
            session.around.guidelines = Some(Arc::from(after));
            Outcome::default().tell("The case is in the guidelines", false)
        }
        Err(error) => Outcome::error(format!("Could not write {}: {error}. The guidelines are as they were", path.display())),
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

/// One line of a list.
fn case(session: &Session, difference: &Difference, decision: &Decision) -> String {
    let Some(desk) = session.reviewing.as_ref().and_then(|reviewing| reviewing.desk.as_ref()) else {
        return String::new();
    };
    let text = &desk.document.text;
    let stands: Vec<String> = decision
        .spans
        .iter()
        .filter_map(|id| desk.gold.layer().span(id))
        .map(|span| {
            let name = session.schema.resolve(span.label.as_str()).map_or(span.label.as_str(), |label| &label.name);
            format!("{name} [{}]", words::brief(&span.ranges.quote(text), 120))
        })
        .collect();
    let ruling = if stands.is_empty() { "not marked".to_owned() } else { stands.join(" and ") };
    let about = words::subject(text, difference, 120);
    let why = if decision.why.is_empty() { String::new() } else { format!(". {}", decision.why.replace('\n', " ")) };
    format!("- “{about}” ({}): {ruling}{why}\n", words::what(difference).to_lowercase())
}

/// The text with one more case at the end of its part.
pub(super) fn with(before: &str, case: &str) -> String {
    let start = before.find(&format!("{HEADING}\n"));
    let Some(start) = start else {
        return format!("{}\n\n{HEADING}\n\n{case}", before.trim_end());
    };
    let rest = start + HEADING.len();
    let end = before[rest..].find("\n## ").map_or(before.len(), |end| rest + end);
    let (part, after) = before.split_at(end);
    let gap = if part.trim_end().ends_with(HEADING) { "\n\n" } else { "\n" };
    format!("{}{gap}{case}{after}", part.trim_end())
}
