//! `spanwright list`: the documents, as the list in the window shows them.

use serde_json::json;

use super::args::List;
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome};
use super::project;
use super::table::Table;
use crate::session::search::{Free, Search, Vocabulary};
use crate::store::{Job, Query};
use crate::text::wording::counted;

pub(super) fn run(arguments: &List, me: &Identity, manners: &Manners) -> Outcome {
    let words: Vec<String> = arguments.query.iter().map(|word| quoted(word)).collect();
    let opened = project::open(&arguments.project, manners)?;
    let assigned = opened.assigned(manners);
    let known = Vocabulary { schema: &opened.schema, counts: &opened.store.counts()?, assigned: assigned.as_ref() };
    let base = Query { annotator: Some(me.annotator.clone()), ..Query::default() };
    let search = Search::read(&words.join(" "), Free::Names, &base, known);
    let mut search = search.map_err(|mistake| Failure::Said(mistake.to_string()))?;
    let mine = assigned
        .clone()
        .filter(|assigned| !arguments.all && !search.says_whose() && assigned.place(&me.annotator).is_some());
    if let Some(assigned) = &mine {
        search.only(assigned, &me.annotator);
    }
    let job = Job::default();
    let progress = manners.progress(&job, "Looking through the documents");
    let numbers = search.documents(&*opened.store, &job)?;
    drop(progress);
    let query = &search.list;
    let mut table = Table::new(&["id", "status", "spans", "flag", "source", "date", "bytes", "title"]);
    for page in numbers.chunks(1000) {
        for row in opened.store.rows(page, query)? {
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
    let seen_by = query.annotator.as_ref().map(|annotator| format!(" as {annotator} sees them")).unwrap_or_default();
    manners.say(format!("{}{seen_by}", counted(numbers.len() as u64, "document", "documents")));
    if mine.is_some() {
        manners.say(format!("Only what is assigned to {}; --all lists every document", me.annotator));
    }
    Ok(Done::Fully)
}

/// An argument that the shell has taken the quotes of: `source:The Lantern` is one field; `label:quote -has:speaker` is two.
fn quoted(word: &str) -> String {
    let word = word.trim_start();
    match word.split_once(':') {
        Some((field, value))
            if value.contains(char::is_whitespace)
                && !value.contains([':', '"', '/'])
                && !field.contains(char::is_whitespace) =>
        {
            format!("{field}:\"{}\"", value.replace('"', ""))
        }
        _ => word.to_owned(),
    }
}
