//! `spanwright restore`: goes back to a backup; without one, lists those there are.

use std::io::Write as _;
use std::path::PathBuf;

use jiff::Timestamp;
use serde_json::json;

use super::args::Restore;
use super::manners::{Done, Failure, Manners, Outcome, unheard};
use super::table::Table;
use crate::store::{Project, backups, restore};

pub(super) fn run(arguments: &Restore, manners: &Manners) -> Outcome {
    let project = Project::open(&arguments.project)?;
    let known = backups(&project)?;
    let Some(wanted) = &arguments.backup else {
        let mut table = Table::new(&["at", "file"]);
        for backup in &known {
            table.row([json!(backup.at.to_string()), json!(backup.file.display().to_string())]);
        }
        table.print(arguments.format)?;
        if known.is_empty() {
            manners.say("There are no backups yet. `spanwright backup` makes one");
        }
        return Ok(Done::Fully);
    };
    let file = if wanted.as_os_str() == "newest" {
        let newest = known.first().map(|backup| backup.file.clone());
        newest.ok_or_else(|| Failure::Said("There are no backups. Nothing was changed".to_owned()))?
    } else {
        let named = known.iter().find(|backup| backup.file.file_name() == Some(wanted.as_os_str()));
        named.map_or_else(|| PathBuf::from(wanted), |backup| backup.file.clone())
    };
    if !file.is_file() {
        let sentence = format!("There is no backup {}. Nothing was changed", wanted.display());
        return Err(Failure::Said(sentence));
    }
    let kept = restore(&project, &file, Timestamp::now())?;
    manners.say(format!("Went back to {}. What was there until now is kept:", file.display()));
    writeln!(std::io::stdout(), "{}", kept.display()).map_err(|error| unheard(&error))?;
    Ok(Done::Fully)
}
