//! `spanwright` without a subcommand: what the window is to open.

use std::path::{Path, PathBuf};

use super::args::command;
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome};

/// What the window begins with.
#[derive(Clone, Debug)]
pub struct Open {
    /// A throw-away copy of the sample.
    pub sample: bool,
    /// A project's folder.
    pub project: Option<PathBuf>,
    /// Articles to make a project of.
    pub articles: Vec<PathBuf>,
    pub me: Identity,
}

/// `spanwright demo`.
pub(super) fn demo(me: &Identity, window: impl FnOnce(Open) -> Result<(), String>) -> Outcome {
    let open = Open { sample: true, project: None, articles: Vec::new(), me: me.clone() };
    window(open).map_err(Failure::Said)?;
    Ok(Done::Fully)
}

/// `spanwright screenshot`.
pub(super) fn pictures(folder: &Path, draw: fn(&Path) -> Result<Vec<PathBuf>, String>, manners: &Manners) -> Outcome {
    let files = draw(folder).map_err(Failure::Said)?;
    manners.say(format!("{} pictures in {}", files.len(), folder.display()));
    Ok(Done::Fully)
}

pub(super) fn run(paths: Vec<PathBuf>, me: &Identity, window: impl FnOnce(Open) -> Result<(), String>) -> Outcome {
    for path in &paths {
        if !path.exists() {
            let word = path.to_string_lossy();
            let mut near: Vec<_> = command().get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
            near.retain(|name| strsim::damerau_levenshtein(name, &word) <= 2);
            let near = near.first().map(|near| format!(" Did you mean `spanwright {near}`?")).unwrap_or_default();
            return Err(Failure::Said(format!(
                "There is no file, folder or command “{word}”.{near} See spanwright --help"
            )));
        }
    }
    let (projects, articles): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.join("project.ron").is_file());
    let project = match projects.as_slice() {
        [] => None,
        [project] if articles.is_empty() => Some(project.clone()),
        _ => return Err(Failure::Said("Name one project, or articles, not both".to_owned())),
    };
    window(Open { sample: false, project, articles, me: me.clone() }).map_err(Failure::Said)?;
    Ok(Done::Fully)
}
