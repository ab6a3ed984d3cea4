//! Labelled data among the paths of an import, looked through before anything is taken in: what it holds, and a schema for it.

use std::path::PathBuf;

use super::import::recognise;
use super::sources::size;
use crate::formats::glimpse::Glimpse;
use crate::formats::options::ReadOptions;
use crate::formats::propose::propose;
use crate::formats::survey::Survey;
use crate::formats::table::Format;
use crate::formats::vocabulary::Vocabulary;
use crate::store::{Job, StoreError};
use crate::text::{Place, Problem};

/// What the foreign data among some paths holds.
#[derive(Debug, Default)]
pub struct Surveys {
    pub each: Vec<Survey>,
    /// Files that could not be read at all.
    pub problems: Vec<Problem>,
}

/// Reads every foreign file or folder among the paths once. `format`: what they all are, where that was said.
pub fn survey(paths: &[PathBuf], format: Option<&'static Format>, job: &Job) -> Result<Surveys, StoreError> {
    let mut surveys = Surveys::default();
    let found = |path: &PathBuf| match format {
        Some(format) if format.reader.is_some() || format.is_lines() => vec![(path.clone(), format)],
        Some(_) => Vec::new(),
        None => {
            let mut found = recognise(path).found;
            // Lines of ours are read as such, and are something to look at too.
            if found.is_empty()
                && let Some(format) = Glimpse::at(path).ok().and_then(|glimpse| Format::of(&glimpse))
                && format.is_lines()
            {
                found.push((path.clone(), format));
            }
            found
        }
    };
    let found: Vec<(PathBuf, &'static Format)> = paths.iter().flat_map(found).collect();
    let total = found.iter().map(|(path, _)| size(path)).sum();
    let mut before = 0;
    for (path, format) in found {
        let mut go = |read| {
            job.set(before + read, total);
            !job.is_cancelled()
        };
        match Survey::of(format, &path, &ReadOptions::default(), &mut go) {
            Ok(survey) => surveys.each.push(survey),
            Err(error) => {
                let sentence = format!("it could not be read as {}: {error}", format.name);
                surveys.problems.push(Problem::error(Place::file(path.display().to_string()), sentence));
            }
        }
        if job.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        before += size(&path);
    }
    Ok(surveys)
}

impl Surveys {
    /// Everything that the data uses.
    pub fn vocabulary(&self) -> Vocabulary {
        let mut all = Vocabulary::default();
        self.each.iter().for_each(|survey| all.join(&survey.vocabulary));
        all
    }

    /// The source of a schema for it; `None` where no label was met.
    pub fn schema(&self, name: &str) -> Option<String> {
        let vocabulary = self.vocabulary();
        (!vocabulary.labels.is_empty()).then(|| propose(&vocabulary, name))
    }
}
