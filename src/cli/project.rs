//! Opening a project for a command.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::manners::{Failure, Manners};
use crate::schema::Schema;
use crate::session::assign::{self, Assigned};
use crate::session::report::told;
use crate::store::{Job, Project, Store, open_store};
use crate::text::Severity;

/// A project that is open, with its schema as far as it can be read.
#[derive(Debug)]
pub(super) struct Opened {
    pub store: Box<dyn Store>,
    /// The text of `schema.ron`.
    pub source: String,
    /// An empty one where the source is broken.
    pub schema: Schema,
    pub broken: bool,
    folder: PathBuf,
}

impl Opened {
    /// Who marks which documents, where `assignments.ron` says so. What is wrong with it is told; then it says nothing.
    pub(super) fn assigned(&self, manners: &Manners) -> Option<Arc<Assigned>> {
        match assign::load(&self.folder, &*self.store) {
            Ok(assigned) => assigned,
            Err(problems) => {
                for problem in &problems {
                    manners.error(told(problem));
                }
                None
            }
        }
    }
}

/// Opens the project in a folder. What was found on the way is told; a broken schema does not keep data from coming out.
pub(super) fn open(folder: &Path, manners: &Manners) -> Result<Opened, Failure> {
    if !folder.exists() {
        return Err(Failure::Said(format!("There is no folder {}", folder.display())));
    }
    let project = Project::open(folder)?;
    let job = Job::default();
    let progress = manners.progress(&job, "Opening");
    let (store, found) = open_store(&project, &job)?;
    drop(progress);
    for problem in &found.problems {
        manners.error(told(problem));
    }
    let source = project.schema()?;
    let parsed = Schema::parse(&source, "schema.ron");
    let broken = parsed.schema.is_none();
    if broken {
        let errors = parsed.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
        manners.error(format!("schema.ron has {errors} errors; `spanwright check {}` lists them", folder.display()));
    }
    Ok(Opened { store, source, schema: parsed.schema.unwrap_or_default(), broken, folder: project.folder().to_owned() })
}
