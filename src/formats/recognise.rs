//! What a path holds: another program's data, by its content, or what would be read as articles.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::articles::{ArticleFormat, Limits};
use super::glimpse::Glimpse;
use super::labelled::{Labelled, below};
use super::table::{Format, Shape};
use super::unread::{BESIDE, unread};
use super::{inception, packed};
use crate::text::{Place, Problem};

/// What a path holds.
#[derive(Debug, Default)]
pub struct Recognised {
    /// Another program's data: the path as a whole, or files of the folder or archive.
    pub found: Vec<Labelled>,
    /// How many files would be read as articles.
    pub articles: usize,
    /// Files whose endings say nothing.
    pub left_out: Vec<PathBuf>,
    /// What of an archive or a project could not be taken along.
    pub problems: Vec<Problem>,
    /// Why nothing of it should be read.
    pub danger: Option<Box<Problem>>,
}

/// So many files in a row that are nothing special, and the folder is taken for articles.
const ENOUGH: usize = 20;

/// Looks at a file, at the files of a folder, or into an archive. An archive of labelled data is unpacked; what it was unpacked to lasts
/// as long as what was found.
pub fn recognise(path: &Path, limits: &Limits) -> Recognised {
    let mut recognised = Recognised::default();
    if let Err(problem) = recognised.look(path, limits, false) {
        recognised.danger = Some(problem);
    }
    recognised
}

/// The same where the format was said: a file or folder is of it without a look, an archive and a project are looked into for it.
pub fn told(path: &Path, format: &'static Format, limits: &Limits) -> Recognised {
    let mut recognised = Recognised::default();
    if let Err(problem) = recognised.told(path, format, limits) {
        recognised.danger = Some(problem);
    }
    recognised
}

fn of(path: &Path) -> Option<&'static Format> {
    Format::of(&Glimpse::at(path).ok()?).filter(|format| format.reader.is_some())
}

impl Recognised {
    /// Why labelled data at a path is read as articles nevertheless.
    pub fn mixed(&self, path: &Path) -> Option<Problem> {
        let first = self.found.first().filter(|_| self.articles > 0)?;
        let what = if path.is_dir() { "folder" } else { "archive" };
        let name = first.format.name;
        let sentence = format!("it looks like {name}, but the {what} holds articles too: all were read as articles");
        let problem = Problem::warning(Place::file(first.path.display().to_string()), sentence);
        Some(problem.fix("Import its labelled files by themselves, or say what they are with --format"))
    }

    /// `inside` of an archive, no further one is opened.
    fn look(&mut self, path: &Path, limits: &Limits, inside: bool) -> Result<(), Box<Problem>> {
        if path.is_dir()
            && let Some(project) = inception::project(path, limits)?
        {
            self.found.extend(project.found);
            self.problems.extend(project.problems);
            return Ok(());
        }
        if let Some(format) = of(path) {
            self.found.push(Labelled::new(path, format));
            let archives =
                files(path).into_iter().filter(|file| packed::is_archive(file) && packed::holds_labels(file, limits));
            self.problems.extend(archives.map(|file| {
                let sentence = format!("it is an archive in a folder of {}, and was not looked into", format.name);
                Problem::warning(Place::file(file.display().to_string()), sentence).fix("Import it by itself")
            }));
            return Ok(());
        }
        if !path.is_dir() {
            return unread(path).map_or_else(|| self.archive(path, limits), |problem| Err(Box::new(problem)));
        }
        for file in files(path) {
            // What comes with an export is no article, and no data either.
            let is_beside =
                |name: &&OsStr| BESIDE.iter().chain(&["manifest.json", "README.md"]).any(|known| name == known);
            if file.file_name().as_ref().is_some_and(is_beside) {
                continue;
            }
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if let Some(format) = of(&file) {
                self.found.push(Labelled::new(&file, format));
            } else if !inside && packed::is_archive(&file) {
                self.archive(&file, limits)?;
            } else if let Some(problem) = unread(&file) {
                self.problems.push(problem);
            } else if ArticleFormat::of_ending(ending).is_some() {
                self.articles += 1;
            } else {
                self.left_out.push(file);
            }
            if self.found.is_empty() && self.articles + self.left_out.len() >= ENOUGH {
                break;
            }
        }
        if self.found.is_empty() && self.articles + self.left_out.len() == 0 && !self.problems.is_empty() {
            return Err(Box::new(self.problems.remove(0)));
        }
        Ok(())
    }

    fn told(&mut self, path: &Path, format: &'static Format, limits: &Limits) -> Result<(), Box<Problem>> {
        if path.is_dir()
            && let Some(project) = inception::project(path, limits)?
            && project.found.iter().any(|found| found.format == format)
        {
            self.problems.extend(project.problems);
            self.found.extend(project.found.into_iter().filter(|found| found.format == format));
            return Ok(());
        }
        if of(path).is_some() || !packed::is_archive(path) {
            self.found.push(Labelled::new(path, format));
            return Ok(());
        }
        let (folder, problems) = packed::unpack(path, limits)?;
        let mut inner = Self::default();
        inner.told(folder.path(), format, limits)?;
        let named = |file: &PathBuf| {
            let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            format.extensions.iter().any(|known| known.eq_ignore_ascii_case(ending))
        };
        if format.shape == Shape::File
            && inner.found.iter().all(|found| found.at == folder.path())
            && of(folder.path()) != Some(format)
        {
            inner.found = files(folder.path())
                .iter()
                .filter(|file| named(file))
                .map(|file| Labelled::new(file, format))
                .collect();
        }
        self.problems.extend(problems);
        self.take(inner, &folder, path);
        Ok(())
    }

    /// A file that is no labelled data itself.
    fn archive(&mut self, path: &Path, limits: &Limits) -> Result<(), Box<Problem>> {
        if !packed::is_archive(path) || !packed::holds_labels(path, limits) {
            self.articles += 1;
            return Ok(());
        }
        let (folder, problems) = packed::unpack(path, limits)?;
        let mut inner = Self::default();
        inner.look(folder.path(), limits, true)?;
        self.problems.extend(problems);
        self.take(inner, &folder, path);
        Ok(())
    }

    /// Takes what was found in an archive, by the names that the user knows.
    fn take(&mut self, inner: Self, folder: &Arc<TempDir>, archive: &Path) {
        let shown = |file: &Path| below(file, folder.path(), archive).unwrap_or_else(|| file.to_owned());
        self.left_out.extend(inner.left_out.iter().map(|file| shown(file)));
        self.found.extend(inner.found.into_iter().map(|found| found.out_of(folder, archive)));
        self.articles += inner.articles;
        self.problems.extend(inner.problems.into_iter().map(|mut problem| {
            problem.place.file = problem.place.file.map(|file| shown(Path::new(&file)).display().to_string());
            problem
        }));
    }
}

/// The files below a folder, sorted by path. Hidden files and links do not count.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                _ if entry.file_name().to_string_lossy().starts_with('.') => {}
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => found.push(entry.path()),
                _ => {}
            }
        }
    }
    found.sort();
    found
}
