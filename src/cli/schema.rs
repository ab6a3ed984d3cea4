//! `spanwright schema`: prints a project's schema, one for another tool's data, or one of those that come along.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use super::args::Schema;
use super::manners::{Done, Failure, Manners, Outcome, unheard};
use crate::session::surveys::survey;
use crate::session::templates::TEMPLATES;
use crate::store::{Job, Project};

pub(super) fn run(arguments: &Schema, _: &Manners) -> Outcome {
    let source = source(&arguments.which)?;
    let out = if arguments.stamp {
        let broken = || Failure::Said(format!("{} has errors; `spanwright check` lists them", arguments.which));
        let schema = crate::schema::Schema::parse(&source, &arguments.which).schema.ok_or_else(broken)?;
        format!("{}\n", schema.stamp())
    } else {
        source
    };
    std::io::stdout().write_all(out.as_bytes()).map_err(|error| unheard(&error))?;
    Ok(Done::Fully)
}

/// The source of a schema: of a project, in a file, or one that comes along.
pub(super) fn source(which: &str) -> Result<String, Failure> {
    let path = Path::new(which);
    if path.join("project.ron").is_file() {
        return Ok(Project::open(path)?.schema()?);
    }
    if path.exists()
        && let Some(proposed) = survey(&[path.to_owned()], None, &Job::default())?.schema("imported")
    {
        return Ok(proposed);
    }
    if path.is_file() {
        return fs::read_to_string(path).map_err(|error| Failure::Said(format!("Could not read {which}: {error}")));
    }
    if let Some(template) = TEMPLATES.iter().find(|template| template.id == which) {
        return Ok(template.source.to_owned());
    }
    let names: Vec<&str> = TEMPLATES.iter().map(|template| template.id).collect();
    let near = names.iter().find(|name| strsim::damerau_levenshtein(name, which) <= 2);
    let near = near.map(|near| format!(" Did you mean {near}?")).unwrap_or_default();
    Err(Failure::Said(format!(
        "There is no schema {which}.{near} Give a file, a project, or one of {}",
        names.join(", ")
    )))
}
