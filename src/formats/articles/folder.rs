//! From the paths that were asked for to the files in them, in an order that is the same on every machine.
//!
//! Files come sorted by the bytes of their path below the folder. One folder's names are held at a time (with those of the
//! folders above it). Links are followed only where the user named them, so that nothing is read twice or for ever.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::intake::{Flow, Intake, Source};
use super::loader::{Counted, Progress};
use super::{ArticleFormat, LoadOptions, archive, html, jsonl, plain, table};
use crate::text::{Place, Problem};

/// What a file's name says it is.
pub(super) enum Kind {
    Articles(ArticleFormat),
    Archive,
    Hidden,
    /// Its ending, without the dot.
    Unknown(String),
}

impl Kind {
    pub(super) fn of(name: &str, options: &LoadOptions) -> Self {
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        match (ArticleFormat::of_ending(ending), options.format) {
            _ if is_hidden(name) => Self::Hidden,
            _ if ending.eq_ignore_ascii_case("zip") => Self::Archive,
            (_, Some(format)) | (Some(format), None) => Self::Articles(format),
            (None, None) => Self::Unknown(ending.to_lowercase()),
        }
    }

    /// A file that is not read by itself is counted by its ending.
    pub(super) fn leave_out(&self, intake: &mut Intake<'_>, path: &str) {
        let kind = match self {
            Self::Unknown(ending) if !ending.is_empty() => format!("files ending in .{ending}"),
            _ => "files without an ending".to_owned(),
        };
        intake.leave_out(kind, path, "If they are articles, give them a known ending or say what format they have");
    }
}

/// Hidden files and folders, and what systems leave beside files.
pub(in crate::formats) fn is_hidden(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "__MACOSX" | "Thumbs.db" | "desktop.ini")
}

const ENDINGS: &str = ".txt, .md, .html, .jsonl, .json, .csv, .tsv or .zip";

/// Reads everything that was asked for, in the order it was asked for.
pub(super) fn read(intake: &mut Intake<'_>, paths: &[PathBuf], progress: &Arc<Progress>) -> Flow {
    for path in paths {
        match fs::metadata(path) {
            Err(error) => intake.failed(Place::file(path.display().to_string()), error)?,
            Ok(found) if found.is_dir() => walk(intake, path, progress)?,
            Ok(found) => {
                let (name, kind) = named(path, intake.options);
                file(intake, path, name, &kind, found.len(), progress)?;
            }
        }
    }
    Flow::Continue(())
}

/// The name of a file that was asked for, and what it says. A hidden file is wanted, if it was asked for.
fn named(path: &Path, options: &LoadOptions) -> (String, Kind) {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let kind = Kind::of(name.trim_start_matches('.'), options);
    (name, kind)
}

/// One file, by what its name says. `id` is its path below what was asked for.
fn file(intake: &mut Intake<'_>, path: &Path, id: String, kind: &Kind, size: u64, progress: &Arc<Progress>) -> Flow {
    let place = Place::file(path.display().to_string());
    let format = match kind {
        Kind::Articles(format) => Some(*format),
        Kind::Archive => None,
        Kind::Hidden | Kind::Unknown(_) => {
            let sentence = "its ending does not say what it is";
            return intake.refuse(Problem::error(place, sentence).fix(format!("Give it one of the endings {ENDINGS}")));
        }
    };
    let before = progress.done();
    let flow = match (File::open(path), format) {
        (Err(error), _) => intake.failed(place, error),
        (Ok(file), None) => archive::read(intake, &path.display().to_string(), Counted::new(file, progress), size),
        (Ok(file), Some(format)) => {
            let mut source = Source { file: path.display().to_string(), id, format, size, notes: Vec::new() };
            if path.to_str().is_none() {
                let problem = Problem::warning(
                    source.place(),
                    "the file's name is not UTF-8; its id has � in place of the odd bytes",
                );
                source.notes.push(problem.fix("Rename the file if the id matters"));
            }
            articles(intake, &source, &mut Counted::new(file, progress))
        }
    };
    progress.set(before + size);
    flow
}

/// The articles of one file or archive entry.
pub(super) fn articles(intake: &mut Intake<'_>, source: &Source, reader: &mut dyn Read) -> Flow {
    match source.format {
        ArticleFormat::Plain => plain::read(intake, source, reader),
        ArticleFormat::Jsonl => jsonl::read(intake, source, reader),
        ArticleFormat::Csv | ArticleFormat::Tsv => table::read(intake, source, reader),
        ArticleFormat::Html => html::read(intake, source, reader),
    }
}

/// What is in a folder.
struct Entry {
    name: OsString,
    kind: fs::FileType,
}

impl Entry {
    fn key(&self) -> impl Iterator<Item = &u8> {
        self.name.as_encoded_bytes().iter().chain(self.kind.is_dir().then_some(&b'/'))
    }
}

/// One folder's entries in the order of the bytes of their paths: a folder stands where its name and a slash would.
fn entries(folder: &Path) -> io::Result<std::vec::IntoIter<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        entries.push(Entry { name: entry.file_name(), kind: entry.file_type()? });
    }
    entries.sort_unstable_by(|a, b| a.key().cmp(b.key()));
    Ok(entries.into_iter())
}

/// All files below a folder.
fn walk(intake: &mut Intake<'_>, top: &Path, progress: &Arc<Progress>) -> Flow {
    let mut path = top.to_path_buf();
    let mut open = Vec::new();
    match entries(top) {
        Ok(entries) => open.push(entries),
        Err(error) => intake.failed(Place::file(top.display().to_string()), error)?,
    }
    while let Some(folder) = open.last_mut() {
        let Some(entry) = folder.next() else {
            open.pop();
            path.pop();
            continue;
        };
        path.push(&entry.name);
        let name = entry.name.to_string_lossy();
        let id = below(top, &path);
        if is_hidden(&name) {
            intake.leave_out("hidden files and folders".to_owned(), &id, "");
        } else if entry.kind.is_symlink() {
            intake.leave_out("symbolic links".to_owned(), &id, "To follow one, name it in the import");
        } else if entry.kind.is_dir() {
            match entries(&path) {
                Ok(entries) => {
                    open.push(entries);
                    continue;
                }
                Err(error) => intake.failed(Place::file(path.display().to_string()), error)?,
            }
        } else if !entry.kind.is_file() {
            intake.leave_out("devices, pipes and sockets".to_owned(), &id, "");
        } else {
            match Kind::of(&name, intake.options) {
                unknown @ Kind::Unknown(_) => unknown.leave_out(intake, &id),
                kind => {
                    let size = fs::symlink_metadata(&path).map_or(0, |found| found.len());
                    file(intake, &path, id, &kind, size, progress)?;
                }
            }
        }
        path.pop();
    }
    Flow::Continue(())
}

/// The path below `top`, with `/` on every system.
fn below(top: &Path, path: &Path) -> String {
    let rest = path.strip_prefix(top).unwrap_or(path);
    let parts: Vec<_> = rest.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Every file that is not hidden, in no order, with its size in bytes, until `visit` says false; of those that are [`Kind::Unknown`]
/// none is read. Touches no file's content.
pub(super) fn survey(paths: &[PathBuf], options: &LoadOptions, mut visit: impl FnMut(Kind, u64) -> bool) {
    let mut folders = Vec::new();
    for path in paths {
        let Ok(found) = fs::metadata(path) else { continue };
        if found.is_dir() {
            folders.push(path.clone());
        } else if !visit(named(path, options).1, found.len()) {
            return;
        }
    }
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && !is_hidden(&name) {
                folders.push(entry.path());
            } else if kind.is_file()
                && let kind @ (Kind::Articles(_) | Kind::Archive | Kind::Unknown(_)) = Kind::of(&name, options)
                && !visit(kind, entry.metadata().map_or(0, |found| found.len()))
            {
                return;
            }
        }
    }
}
