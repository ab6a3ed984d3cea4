//! `spanwright list`: the documents, as the list in the window shows them.

use serde_json::json;

use super::args::List;
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome};
use super::project;
use super::table::Table;
use crate::session::query;
use crate::session::report::counted;
use crate::store::Job;

pub(super) fn run(arguments: &List, me: &Identity, manners: &Manners) -> Outcome {
    let words: Vec<String> = arguments.query.iter().map(|word| quoted(word)).collect();
    let query = query::parse(&words.join(" "), Some(&me.annotator)).map_err(Failure::Said)?;
    let opened = project::open(&arguments.project, manners)?;
    let numbers = opened.store.listing(&query, &Job::default())?;
    let mut table = Table::new(&["id", "status", "spans", "flag", "source", "date", "bytes", "title"]);
    for page in numbers.chunks(1000) {
        for row in opened.store.rows(page, &query)? {
            table.row([
                json!(row.id),
                json!(row.status.as_str()),
                json!(row.spans),
                json!(row.flag),
                json!(row.source),
                json!(row.date),
                json!(row.length),
                json!(row.title),
            ]);
        }
    }
    table.print(arguments.format)?;
    let seen_by = query.annotator.map(|annotator| format!(" as {annotator} sees them")).unwrap_or_default();
    manners.say(format!("{}{seen_by}", counted(numbers.len() as u64, "document", "documents")));
    Ok(Done::Fully)
}

/// An argument that the shell has taken the quotes of: `source:The Lantern` is one field.
fn quoted(word: &str) -> String {
    match word.split_once(':') {
        Some((field, value)) if value.contains(char::is_whitespace) && !field.contains(char::is_whitespace) => {
            format!("{field}:\"{}\"", value.replace('"', ""))
        }
        _ => word.to_owned(),
    }
}
