//! `spanwright assign`: deals documents out to annotators, and writes who has what.

use serde_json::json;

use super::args::Assign;
use super::manners::{Done, Failure, Manners, Outcome};
use super::project;
use super::table::Table;
use crate::annotation::Annotator;
use crate::session::assign::{Dealing, FILE, Refused, Wish};
use crate::session::report::told;
use crate::session::settings;
use crate::store::Job;

pub(super) fn run(arguments: &Assign, given: Option<&str>, manners: &Manners) -> Outcome {
    let wish = Wish {
        annotators: given.filter(|_| is_given()).map(annotators).transpose()?.unwrap_or_default(),
        overlap: arguments.overlap,
        seed: arguments.seed,
        anew: arguments.anew,
    };
    let opened = project::open(&arguments.project, manners)?;
    let job = Job::default();
    let progress = manners.progress(&job, "Dealing out");
    let dealing = Dealing::plan(&arguments.project, &*opened.store, &wish, &job);
    drop(progress);
    let dealing = match dealing {
        Err(Refused::File(problems)) => {
            for problem in &problems {
                manners.error(told(problem));
            }
            return Err(Failure::Said(format!(
                "{FILE} cannot be read, so nothing was changed. Mend it, or give it another name"
            )));
        }
        dealing => dealing?,
    };
    let mut table = Table::new(&["annotator", "documents", "shared", "new", "done", "bytes"]);
    for share in &dealing.shares {
        table.row([
            json!(share.annotator.as_str()),
            json!(share.documents),
            json!(share.shared),
            json!(share.new),
            json!(share.done),
            json!(share.bytes),
        ]);
    }
    table.print(arguments.format)?;
    dealing.notes.iter().for_each(|note| manners.say(note));
    let sentence = dealing.sentence();
    if arguments.dry_run {
        manners.say(format!("{sentence}. Nothing was written"));
    } else if !dealing.changes() {
        manners.say(format!("{sentence}. {FILE} says so already"));
    } else {
        dealing.write(&arguments.project)?;
        manners.say(format!("{sentence}. {FILE} says who has which"));
    }
    Ok(Done::Fully)
}

/// Who gets documents is only what the command says; that I am somebody, as the environment may say, gives me none.
fn is_given() -> bool {
    std::env::args_os().any(|argument| argument.to_string_lossy().starts_with("--annotator"))
}

fn annotators(given: &str) -> Result<Vec<Annotator>, Failure> {
    let mut annotators = Vec::new();
    for name in given.split(',') {
        let annotator = settings::annotator(name).map_err(|why| Failure::Said(format!("“{name}”: {why}")))?;
        if annotators.contains(&annotator) {
            return Err(Failure::Said(format!("{annotator} is named twice")));
        }
        annotators.push(annotator);
    }
    Ok(annotators)
}
