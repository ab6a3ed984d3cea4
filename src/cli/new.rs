//! `spanwright new`: makes a project, and imports articles into it.

use super::args::{Import, New};
use super::identity::Identity;
use super::manners::{Done, Failure, Manners, Outcome};
use super::{import, schema};
use crate::schema::Schema;
use crate::session::surveys::survey;
use crate::session::workspace;
use crate::store::Job;
use crate::text::Severity;

pub(super) fn run(new: &New, me: &Identity, manners: &Manners) -> Outcome {
    if let Some(missing) = new.articles.iter().find(|path| !path.exists() && path.as_os_str() != "-") {
        return Err(Failure::Said(format!("There is no file or folder {}. No project was made", missing.display())));
    }
    let folder = new.project.as_path();
    let name = folder.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned());
    let (source, origin) = match &new.schema {
        Some(which) => (schema::source(which)?, which.clone()),
        None => match survey(&new.articles, None, &Job::default())?.schema(&name) {
            Some(proposed) => {
                manners.say("The schema is made of the labels in the files; schema.ron is yours to edit");
                (proposed, "made of the files".to_owned())
            }
            None => (schema::source("news")?, "news".to_owned()),
        },
    };
    let parsed = Schema::parse(&source, &origin);
    if parsed.schema.is_none() {
        for problem in parsed.problems.iter().filter(|problem| problem.severity == Severity::Error) {
            manners.error(problem);
        }
        return Err(Failure::Said(format!("The schema {origin} has errors. No project was made")));
    }
    workspace::create(folder, &name, &source).map_err(|error| Failure::Said(error.to_string()))?;
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
        dry_run: false,
        report: None,
    };
    import::run(&import, me, manners)
}
