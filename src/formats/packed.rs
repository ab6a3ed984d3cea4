//! Archives of labelled data: told from archives of articles by the beginnings of a few of their files, and unpacked under the limits
//! of articles into a folder that goes again.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use zip::ZipArchive;

use super::articles::Limits;
use super::articles::packed::{Metered, Stop, is_hidden, reason, safe};
use super::glimpse::{self, Glimpse};
use super::inception;
use super::table::Format;
use crate::text::{Place, Problem};

/// Of each ending so many files are looked into, of so many endings.
const FILES: usize = 3;
const ENDINGS: usize = 64;

/// A file of an archive that may be unpacked.
struct Entry {
    index: usize,
    /// A plain relative path.
    name: String,
    encrypted: bool,
}

impl Entry {
    fn ending(&self) -> String {
        let name = self.name.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase()
    }
}

/// Its ending says that it is an archive.
pub(super) fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) && path.is_file()
}

fn open(path: &Path) -> io::Result<ZipArchive<BufReader<File>>> {
    ZipArchive::new(BufReader::new(File::open(path)?)).map_err(|error| io::Error::other(reason(&error)))
}

/// What may be unpacked: no links, nothing hidden.
fn entries<R: Read + Seek>(archive: &ZipArchive<R>) -> Vec<Entry> {
    let entry = |index| {
        let found = archive.by_index_data(index).ok()?;
        let name = found.name().map_or_else(|_| String::from_utf8_lossy(found.name_raw()).into_owned(), Into::into);
        let name = safe(&name)?;
        let left_out = found.is_dir() || found.is_symlink() || name.split('/').any(is_hidden);
        (!left_out).then(|| Entry { index, name, encrypted: found.encrypted() })
    };
    (0..archive.len()).filter_map(entry).collect()
}

/// An archive holds labelled data. Unpacks the beginnings of a few files.
pub(super) fn holds_labels(path: &Path, limits: &Limits) -> bool {
    let Ok(mut archive) = open(path) else { return false };
    if archive.len() > limits.entries {
        return false; // Whoever reads it as articles says so.
    }
    let entries = entries(&archive);
    if entries.iter().any(|entry| inception::is_project_file(&entry.name)) {
        return true;
    }
    let Ok(folder) = TempDir::new() else { return false };
    let is_labelled = |path: &Path| {
        Glimpse::at(path).is_ok_and(|look| Format::of(&look).is_some_and(|format| format.reader.is_some()))
    };
    let mut met = BTreeMap::<String, usize>::new();
    for entry in entries.iter().filter(|entry| !entry.encrypted) {
        let ending = entry.ending();
        if met.len() >= ENDINGS && !met.contains_key(&ending) {
            continue;
        }
        // Of JSON the first value is looked at, whole.
        let most = if ending.contains("json") { glimpse::VALUE } else { glimpse::BYTES };
        let count = met.entry(ending).or_default();
        *count += 1;
        if *count > FILES {
            continue;
        }
        let to = folder.path().join(&entry.name);
        let written =
            archive.by_index(entry.index).map_err(io::Error::other).and_then(|entry| write(&mut entry.take(most), &to));
        if written.is_ok() && is_labelled(&to) {
            return true;
        }
    }
    is_labelled(folder.path())
}

/// Unpacks an archive into a folder of its own. An error where it is dangerous; files that cannot be unpacked become problems.
pub(super) fn unpack(path: &Path, limits: &Limits) -> Result<(Arc<TempDir>, Vec<Problem>), Box<Problem>> {
    let name = path.display().to_string();
    let failed = |error: io::Error| {
        let sentence = format!("it could not be unpacked: {error}");
        Box::new(Problem::error(Place::file(name.clone()), sentence).fix("Unpack it and import the folder"))
    };
    let folder = TempDir::new().map_err(failed)?;
    let mut problems = Vec::new();
    into(folder.path(), path, &name, limits, &mut problems)?;
    Ok((Arc::new(folder), problems))
}

/// Unpacks an archive, called `name` in reports, into a folder; gives the bytes that it has there.
pub(super) fn into(
    folder: &Path,
    path: &Path,
    name: &str,
    limits: &Limits,
    problems: &mut Vec<Problem>,
) -> Result<u64, Box<Problem>> {
    let fix = "Unpack it and import the folder";
    let mut archive = match open(path) {
        Ok(archive) => archive,
        Err(error) => {
            let sentence = format!("it is not a zip archive that can be read: {error}");
            problems.push(Problem::error(Place::file(name), sentence).fix(fix));
            return Ok(0);
        }
    };
    if archive.len() > limits.entries {
        let sentence = format!("the archive has {} entries, more than the {} allowed", archive.len(), limits.entries);
        return Err(Box::new(Problem::error(Place::file(name), sentence).fix(fix)));
    }
    let packed = fs::metadata(path).map_or(0, |found| found.len());
    let mut expanded = 0;
    for Entry { index, name: inner, encrypted } in entries(&archive) {
        let place = Place::file(format!("{name}/{inner}"));
        if encrypted {
            let fix = "Unpack the archive with its password and import the folder";
            problems.push(Problem::error(place, "the entry is encrypted").fix(fix));
            continue;
        }
        let written = archive.by_index(index).map_err(io::Error::other).and_then(|source| {
            let mut metered = Metered { source, file: name, packed, expanded: &mut expanded, limits: *limits };
            write(&mut metered, &folder.join(&inner))
        });
        match written.map_err(io::Error::downcast::<Stop>) {
            Ok(()) => {}
            Err(Ok(Stop::Abort(problem))) => return Err(problem),
            Err(Ok(Stop::Refuse { sentence, fix })) => problems.push(Problem::error(place, sentence).fix(fix)),
            Err(Err(error)) => {
                problems.push(Problem::error(place, format!("the entry could not be unpacked: {error}")).fix(fix));
            }
        }
    }
    Ok(expanded)
}

/// Writes a new file, in folders that are made for it.
fn write(source: &mut dyn Read, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    io::copy(source, &mut File::create_new(to)?).map(drop)
}
