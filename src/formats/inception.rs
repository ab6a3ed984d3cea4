//! The export of a whole project of `INCEpTION` or `WebAnno`, unpacked: which of its files are whose, of which document.
//!
//! ```text
//! exportedproject.json
//! annotation/DOCUMENT/USER.zip          a user's layer: an archive of one file and its type system; or the file itself
//! annotation/DOCUMENT/INITIAL_CAS.zip   the text, before anyone came
//! curation/DOCUMENT/CURATION_USER.zip   what was made of all of them
//! source/DOCUMENT                       what was imported there
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::articles::Limits;
use super::glimpse::Glimpse;
use super::labelled::{Labelled, Named, Part, Unpacked};
use super::packed;
use super::table::Format;
use crate::text::wording::counted;
use crate::text::{Place, Problem};

/// The user who is nobody.
const NOBODY: &str = "INITIAL_CAS";
/// The folders of layers.
const LAYERS: [&str; 2] = ["annotation", "curation"];

/// The path of a file, relative to the archive, is one that only such an export has.
pub(super) fn is_project_file(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        [file] | [_, file] if is_description(file) => true,
        [kind, _, file] | [_, kind, _, file] => LAYERS.contains(kind) && is_layer(file),
        _ => false,
    }
}

fn is_description(file: &str) -> bool {
    file.strip_suffix(".json").is_some_and(|stem| stem.starts_with("exportedproject"))
}

/// A layer that nothing else would call so, or an archive.
fn is_layer(file: &str) -> bool {
    file.rsplit_once('.')
        .is_some_and(|(user, ending)| ending.eq_ignore_ascii_case("zip") || user == NOBODY || user == "CURATION_USER")
}

/// What a project holds.
#[derive(Debug, Default)]
pub(super) struct Project {
    pub found: Vec<Labelled>,
    pub problems: Vec<Problem>,
}

/// The project in a folder; `None` where it is none. An error where an archive in it is dangerous.
pub(super) fn project(folder: &Path, limits: &Limits) -> Result<Option<Project>, Box<Problem>> {
    let inside = names(folder).into_iter().map(|name| folder.join(name)).filter(|path| path.is_dir());
    let Some(root) = std::iter::once(folder.to_owned()).chain(inside.take(1)).find(|root| is_root(root)) else {
        return Ok(None);
    };
    let failed = |error: io::Error| {
        let sentence = format!("it could not be unpacked: {error}");
        Box::new(Problem::error(Place::file(root.display().to_string()), sentence))
    };
    let unpacking = Unpacking {
        folder: Arc::new(TempDir::new().map_err(failed)?),
        left: limits.archive_bytes,
        limits: *limits,
        problems: Vec::new(),
    };
    unpacking.project(&root).map(Some)
}

fn is_root(folder: &Path) -> bool {
    let is_layers = |kind: &&str| {
        let documents = names(&folder.join(kind));
        documents.iter().take(50).any(|name| names(&folder.join(kind).join(name)).iter().any(|file| is_layer(file)))
    };
    names(folder).iter().any(|name| is_description(name)) || LAYERS.iter().any(is_layers)
}

/// Sorted; none where it is no folder. What is hidden does not count.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

/// A project on its way out of the archives in it.
struct Unpacking {
    /// Where they are unpacked, each where it stands in the project.
    folder: Arc<TempDir>,
    /// Bytes that may still come.
    left: u64,
    limits: Limits,
    problems: Vec<Problem>,
}

impl Unpacking {
    fn project(mut self, root: &Path) -> Result<Project, Box<Problem>> {
        let mut parts: Vec<(Named, PathBuf, &'static Format)> = Vec::new();
        let mut unread = BTreeSet::new();
        for kind in LAYERS {
            for document in names(&root.join(kind)) {
                for name in names(&root.join(kind).join(&document)) {
                    let below: PathBuf = [kind, &document, &name].iter().collect();
                    let path = root.join(&below);
                    let user = path.file_stem().map(|user| user.to_string_lossy().into_owned());
                    let annotator = user.filter(|user| user != NOBODY);
                    match self.layer(&path, &below)? {
                        Some((path, format)) => {
                            parts.push((Named { document: document.clone(), annotator }, path, format));
                        }
                        None => {
                            unread.insert(below.display().to_string());
                        }
                    }
                }
            }
        }
        // The text first, then its users; curation last.
        parts.sort_by(|a, b| (&a.0.document, a.0.annotator.is_some()).cmp(&(&b.0.document, b.0.annotator.is_some())));
        let known: BTreeSet<&str> = parts.iter().map(|part| part.0.document.as_str()).collect();
        let sources = names(&root.join("source"));
        let alone: Vec<&String> = sources.iter().filter(|name| !known.contains(name.as_str())).collect();
        let place = || Place::file(root.display().to_string());
        if let Some(first) = unread.first() {
            let count = counted(unread.len() as u64, "file of layers is", "files of layers are");
            let sentence = format!("{count} in no format that is read, and left out (the first: {first})");
            self.problems.push(
                Problem::warning(place(), sentence)
                    .fix("Export the project again, with UIMA CAS XMI as the format of its layers"),
            );
        }
        if let Some(first) = alone.first() {
            let count = counted(alone.len() as u64, "document has", "documents have");
            let sentence = format!("{count} no layer that is read, and did not come (the first: {first})");
            self.problems.push(Problem::warning(place(), sentence).fix(
                "Export the project again, with UIMA CAS XMI as the format of its layers; for the texts alone, import the folder source/",
            ));
        }
        let mut unpacked = Unpacked::default();
        unpacked.add(&self.folder, root);
        let mut formats = BTreeMap::<&str, (&'static Format, Vec<Part>)>::new();
        for (named, path, format) in parts {
            let part = Part { path, named: Some(named) };
            formats.entry(format.id).or_insert_with(|| (format, Vec::new())).1.push(part);
        }
        let found = formats
            .into_values()
            .map(|(format, parts)| Labelled::files(root, format, parts, unpacked.clone()))
            .collect();
        Ok(Project { found, problems: self.problems })
    }

    /// The labelled file that a layer's file or folder is, or has in it.
    fn layer(&mut self, path: &Path, below: &Path) -> Result<Option<(PathBuf, &'static Format)>, Box<Problem>> {
        if path.is_file() && !packed::is_archive(path) {
            return Ok(readable(path));
        }
        let folder = if path.is_dir() {
            path.to_owned()
        } else {
            let into = self.folder.path().join(below);
            let limits = Limits { archive_bytes: self.left, ..self.limits };
            let bytes = packed::into(&into, path, &path.display().to_string(), &limits, &mut self.problems)?;
            self.left = self.left.saturating_sub(bytes);
            into
        };
        Ok(names(&folder).into_iter().map(|name| folder.join(name)).find_map(|file| readable(&file)))
    }
}

fn readable(path: &Path) -> Option<(PathBuf, &'static Format)> {
    let format = path.is_file().then(|| Format::of(&Glimpse::at(path).ok()?)).flatten()?;
    format.reader.is_some().then(|| (path.to_owned(), format))
}
