//! Which files of a folder make which documents, and whose they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::aside::{self, Asides};
use super::write::NO_LAYER;
use crate::annotation::Annotator;
use crate::formats::articles::{Limits, decode};
use crate::text::{Place, Problem, Text};

/// Endings of files with annotations; those behind the first are parts of one (`BioNLP` shared tasks).
const PARTS: [&str; 5] = ["ann", "a1", "a2", "co", "rel"];

/// One text with one annotator's annotations.
#[derive(Clone, Debug, Default)]
pub(super) struct Job {
    /// The path without its ending, relative, with `/`, below the annotator's folder.
    pub stem: String,
    /// The annotator's folder.
    pub folder: Option<String>,
    pub annotator: Option<String>,
    pub text: Option<PathBuf>,
    pub parts: Vec<PathBuf>,
    /// Where its aside stands.
    pub aside: Option<usize>,
}

impl Job {
    /// What an aside calls its text.
    pub fn file(&self) -> String {
        let ending = self.text.as_ref().and_then(|text| text.extension());
        format!("{}.{}", self.stem, ending.map_or("txt".into(), |ending| ending.to_string_lossy()))
    }
}

/// A folder, or one file with its partner, listed.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Sorted by stem, then folder.
    pub jobs: Vec<Job>,
    pub asides: Vec<Asides>,
    pub problems: Vec<Problem>,
}

impl Listing {
    pub fn of(path: &Path, limits: &Limits) -> io::Result<Self> {
        let mut listing = Self::default();
        if !path.is_dir() {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let mut job = Job { stem, ..Job::default() };
            job.text = Some(path.with_extension("txt")).filter(|text| text.is_file());
            job.parts = PARTS.iter().map(|part| path.with_extension(part)).filter(|part| part.is_file()).collect();
            whole(&mut job);
            if let Some(asides) = path.parent().and_then(|folder| Asides::of(folder, &mut listing.problems)) {
                listing.asides.push(asides);
                job.aside = Some(0);
            }
            listing.jobs.push(job);
            return Ok(listing);
        }
        let mut found = BTreeMap::new();
        walk(path, "", &mut found)?;
        found.values_mut().for_each(whole);
        listing.jobs = found.into_values().collect();
        if let Some(asides) = Asides::of(path, &mut listing.problems) {
            listing.asides.push(asides);
            listing.jobs.iter_mut().for_each(|job| job.aside = Some(0));
            listing.sort();
            return Ok(listing);
        }
        let folders: BTreeSet<String> =
            listing.jobs.iter().filter_map(|job| top(&job.stem)).map(str::to_owned).collect();
        let ours: BTreeSet<&String> =
            folders.iter().filter(|folder| path.join(folder).join(aside::NAME).is_file()).collect();
        let people: BTreeSet<String> =
            if ours.is_empty() { listing.annotators(&folders, limits) } else { ours.into_iter().cloned().collect() };
        listing.give(path, &people);
        Ok(listing)
    }

    /// The folders that hold annotations of the same texts: an annotator each.
    fn annotators(&self, folders: &BTreeSet<String>, limits: &Limits) -> BTreeSet<String> {
        let mut shared: BTreeMap<&str, Vec<&Job>> = BTreeMap::new();
        let texts: BTreeMap<&str, &Job> =
            self.jobs.iter().filter(|job| job.text.is_some()).map(|job| (job.stem.as_str(), job)).collect();
        let mut people = BTreeSet::new();
        for job in self.jobs.iter().filter(|job| !job.parts.is_empty()) {
            let Some((folder, stem)) = job.stem.split_once('/') else { continue };
            if job.text.is_some() {
                shared.entry(stem).or_default().push(job);
            } else if texts.contains_key(stem) {
                people.insert(folder.to_owned());
            }
        }
        let mut votes = 0_i32;
        for jobs in shared.values().filter(|jobs| jobs.len() > 1).take(20) {
            let mut texts = jobs.iter().filter_map(|job| job.text.as_deref()).map(|path| {
                let read = read(path, limits.document_bytes, &mut Vec::new()).ok()?;
                Some(Text::from_source(&read).0.sha256())
            });
            let first = texts.next().flatten();
            votes += if first.is_some() && texts.any(|other| other == first) { 1 } else { -1 };
        }
        if votes > 0 {
            let several = shared.values().filter(|jobs| jobs.len() > 1).flatten();
            people.extend(several.filter_map(|job| top(&job.stem)).map(str::to_owned));
        }
        people.retain(|folder| folders.contains(folder));
        people
    }

    /// Makes the folders annotators: their files are of the stems below them.
    fn give(&mut self, path: &Path, people: &BTreeSet<String>) {
        let mut asides = BTreeMap::new();
        for folder in people {
            if let Some(found) = Asides::of(&path.join(folder), &mut self.problems) {
                asides.insert(folder.clone(), self.asides.len());
                self.asides.push(found);
            }
        }
        let texts: BTreeMap<String, PathBuf> =
            self.jobs.iter().filter_map(|job| Some((job.stem.clone(), job.text.clone()?))).collect();
        let mut given: BTreeSet<String> = BTreeSet::new();
        for job in &mut self.jobs {
            let Some((folder, stem)) = job.stem.split_once('/').filter(|(folder, _)| people.contains(*folder)) else {
                continue;
            };
            let (folder, stem) = (folder.to_owned(), stem.to_owned());
            job.text = job.text.take().or_else(|| texts.get(&stem).cloned());
            job.aside = asides.get(&folder).copied();
            if folder != NO_LAYER || job.aside.is_none() {
                let name = Annotator::from_folder(&folder).filter(|_| job.aside.is_some());
                job.annotator = Some(name.map_or_else(|| folder.clone(), |name| name.as_str().to_owned()));
            }
            given.insert(stem.clone());
            (job.stem, job.folder) = (stem, Some(folder));
        }
        // A text that stands above its annotators is no document of its own.
        self.jobs.retain(|job| job.folder.is_some() || !job.parts.is_empty() || !given.contains(&job.stem));
        self.sort();
    }

    /// By ids, as an export was written; else by names.
    fn sort(&mut self) {
        let asides = &self.asides;
        let id = |job: &Job| {
            let id = job.aside.and_then(|index| asides.get(index)?.id(&job.file()));
            (id.map_or_else(|| job.stem.clone(), str::to_owned), job.folder.clone())
        };
        self.jobs.sort_by_cached_key(id);
    }
}

/// Where there is an `.ann` file, the others are what it was made from.
fn whole(job: &mut Job) {
    let is_whole = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(PARTS[0]));
    if job.parts.iter().any(is_whole) {
        job.parts.retain(is_whole);
    }
}

fn top(stem: &str) -> Option<&str> {
    stem.split_once('/').map(|(folder, _)| folder)
}

/// Links are not followed; hidden files and folders are passed over.
fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Job>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if name.starts_with('.') || kind.is_symlink() {
            continue;
        }
        if kind.is_dir() {
            // A folder that cannot be listed is not there for this import; depth is what the system allows.
            walk(&entry.path(), &format!("{prefix}{name}/"), found)?;
            continue;
        }
        let Some((stem, ending)) = name.rsplit_once('.') else { continue };
        let ending = ending.to_lowercase();
        let part = PARTS.contains(&ending.as_str());
        if !part && ending != "txt" {
            continue;
        }
        let stem = format!("{prefix}{stem}");
        let job = found.entry(stem.clone()).or_insert_with(|| Job { stem, ..Job::default() });
        if part {
            job.parts.push(entry.path());
            job.parts.sort();
        } else {
            job.text = Some(entry.path());
        }
    }
    Ok(())
}

/// A whole file as text; what had to be guessed is noted.
pub(super) fn read(path: &Path, limit: u64, problems: &mut Vec<Problem>) -> Result<String, Box<Problem>> {
    let place = Place::file(path.display().to_string());
    let failed = |error: io::Error| Box::new(Problem::error(place.clone(), format!("it could not be read: {error}")));
    let size = fs::metadata(path).map_err(failed)?.len();
    if size > limit {
        let sentence = format!("the file has {} MiB, and {} MiB are allowed", size >> 20, limit >> 20);
        return Err(Box::new(Problem::error(place, sentence)));
    }
    let decoded = decode(fs::read(path).map_err(failed)?, None, None, &place)?;
    problems.extend(decoded.notes);
    Ok(decoded.text)
}
