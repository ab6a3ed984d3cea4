//! `spanwright backup`: a verified copy of what cannot be rebuilt; prints where it is.

use std::io::Write as _;

use jiff::Timestamp;

use super::args::Backup;
use super::manners::{Done, Manners, Outcome, unheard};
use super::project;

pub(super) fn run(arguments: &Backup, manners: &Manners) -> Outcome {
    let mut opened = project::open(&arguments.project, manners)?;
    let path = opened.store.backup(Timestamp::now())?;
    writeln!(std::io::stdout(), "{}", path.display()).map_err(|error| unheard(&error))?;
    Ok(Done::Fully)
}
