//! Labelled data among the paths of an import, looked through before anything is taken in: what it holds, and a schema for it.

use std::path::PathBuf;

use crate::formats::articles::Limits;
use crate::formats::glimpse::Glimpse;
use crate::formats::labelled::Labelled;
use crate::formats::options::ReadOptions;
use crate::formats::propose::propose;
use crate::formats::recognise::{recognise, told};
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
    let limits = Limits::default();
    let mut found: Vec<Labelled> = Vec::new();
    for path in paths {
        let recognised = match format {
            Some(format) if format.reader.is_some() || format.is_lines() => told(path, format, &limits),
            Some(_) => continue,
            None => recognise(path, &limits),
        };
        if let Some(mixed) = recognised.mixed(path) {
            surveys.problems.push(mixed);
            continue;
        }
        // Lines of ours are read as such, and are something to look at too.
        if format.is_none()
            && recognised.found.is_empty()
            && let Some(format) = Glimpse::at(path).ok().and_then(|glimpse| Format::of(&glimpse))
            && format.is_lines()
        {
            found.push(Labelled::new(path, format));
        }
        surveys.problems.extend(recognised.problems);
        surveys.problems.extend(recognised.danger.map(|problem| *problem));
        for labelled in recognised.found {
            if !found.iter().any(|other| labelled.comes_with(other)) {
                found.push(labelled);
            }
        }
    }
    let total = found.iter().map(Labelled::size).sum();
    let mut before = 0;
    for labelled in found {
        let mut go = |read| {
            job.set(before + read, total);
            !job.is_cancelled()
        };
        match Survey::of(&labelled, &ReadOptions::default(), &mut go) {
            Ok(survey) => surveys.each.push(survey),
            Err(error) => {
                let sentence = format!("it could not be read as {}: {error}", labelled.format.name);
                surveys.problems.push(Problem::error(Place::file(labelled.path.display().to_string()), sentence));
            }
        }
        if job.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        before += labelled.size();
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
