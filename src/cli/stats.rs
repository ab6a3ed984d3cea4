//! `spanwright stats`: what a project holds, in numbers.

use serde_json::json;

use super::args::Stats;
use super::manners::{Done, Manners, Outcome};
use super::project;
use super::table::Table;
use crate::session::stats::{of_team, stats};
use crate::session::team::Team;
use crate::store::Job;

pub(super) fn run(arguments: &Stats, manners: &Manners) -> Outcome {
    let opened = project::open(&arguments.project, manners)?;
    let mut table = Table::new(&["what", "annotator", "name", "value"]);
    let mut numbers = stats(&opened.store.counts()?);
    if let Some(assigned) = opened.assigned(manners) {
        numbers.extend(of_team(&Team::read(&*opened.store, Some(&assigned), &Job::default())?));
    }
    for stat in numbers {
        let value = if stat.value.fract() == 0.0 { json!(stat.value as u64) } else { json!(stat.value) };
        table.row([json!(stat.what), json!(stat.annotator), json!(stat.name), value]);
    }
    table.print(arguments.format)?;
    Ok(Done::Fully)
}
