//! `spanwright new`: makes a project, and imports articles into it.

use std::path::Path;

use super::args::{Import, New};
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome};
use super::{import, schema};
use crate::store::Project;
use crate::text::Severity;

pub(super) fn run(new: &New, me: &Identity, manners: &Manners) -> Outcome {
    let source = schema::source(&new.schema)?;
    let parsed = crate::schema::Schema::parse(&source, &new.schema);
    if parsed.schema.is_none() {
        for problem in parsed.problems.iter().filter(|problem| problem.severity == Severity::Error) {
            manners.error(problem);
        }
        return Err(Failure::Said(format!("The schema {} has errors. No project was made", new.schema)));
    }
    if let Some(missing) = new.articles.iter().find(|path| !path.exists() && path.as_os_str() != "-") {
        return Err(Failure::Said(format!("There is no file or folder {}. No project was made", missing.display())));
    }
    let folder = new.project.as_path();
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) && !is_bare(folder) {
        let sentence = format!("{} is not empty. No project was made. Name a new folder", folder.display());
        return Err(Failure::Said(sentence));
    }
    let name = folder.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned());
    Project::create(folder, &name, &source)?;
    manners.say(format!("Made the project {}", folder.display()));
    if new.articles.is_empty() {
        return Ok(Done::Fully);
    }
    let import = Import {
        project: new.project.clone(),
        paths: new.articles.clone(),
        format: None,
        map: None,
        encoding: None,
        new_versions: false,
        report: None,
    };
    import::run(&import, me, manners)
}

/// Nothing but what version control puts there.
fn is_bare(folder: &Path) -> bool {
    let bare = |name: &str| name.starts_with(".git") || name.starts_with("LICENSE") || name.starts_with("README");
    std::fs::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().all(|entry| entry.file_name().to_str().is_some_and(bare)))
}
