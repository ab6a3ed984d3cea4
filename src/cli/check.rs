//! `spanwright check`: every problem of a project or of a schema, with its place and what to do.

use std::fs;

use serde_json::Value;

use super::args::Check;
use super::manners::{Done, Failure, Manners, Outcome};
use super::project;
use super::table::Table;
use crate::schema::Schema;
use crate::session::assign;
use crate::session::check::check;
use crate::session::report::{COLUMNS, Findings, row};
use crate::store::Job;
use crate::text::Severity;
use crate::text::wording::counted;

pub(super) fn run(arguments: &Check, manners: &Manners) -> Outcome {
    let path = &arguments.path;
    let findings = if path.is_file() {
        let source = fs::read_to_string(path)
            .map_err(|error| Failure::Said(format!("Could not read {}: {error}", path.display())))?;
        let mut findings = Findings::default();
        findings.extend(Schema::parse(&source, &path.display().to_string()).problems);
        findings
    } else {
        let opened = project::open(path, manners)?;
        let job = Job::default();
        let progress = manners.progress(&job, "Checking");
        let mut findings = check(&*opened.store, &opened.source, &job)?;
        findings.extend(assign::check(path, &*opened.store)?);
        drop(progress);
        findings
    };
    let mut table = Table::new(&COLUMNS);
    for problem in &findings {
        let row = row(problem);
        table.row(COLUMNS.map(|column| row.get(column).cloned().unwrap_or(Value::Null)));
    }
    if !findings.is_empty() || arguments.format.is_some() {
        table.print(arguments.format)?;
    }
    let of = |severity| findings.count(severity);
    let (errors, warnings, notes) = (of(Severity::Error), of(Severity::Warning), of(Severity::Note));
    manners.say(if findings.is_empty() {
        format!("{}: nothing is wrong", path.display())
    } else {
        let counts = [
            counted(errors, "error", "errors"),
            counted(warnings, "warning", "warnings"),
            counted(notes, "note", "notes"),
        ];
        format!("{}: {}", path.display(), counts.join(", "))
    });
    if findings.len() > findings.iter().len() as u64 {
        manners.say(format!("The first {} are listed", findings.iter().len()));
    }
    Ok(if errors > 0 { Done::Short } else { Done::Fully })
}
