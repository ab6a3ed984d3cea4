//! Zip archives: entries are read one after the other, straight from the archive. Their names become ids, never paths.
//!
//! Limits count what is really read, whatever the headers say. An archive that expands beyond them is taken for an attack:
//! reading stops for good.

use std::io::{self, BufReader, Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::folder::{Kind, articles, is_hidden};
use super::intake::{Flow, Intake, Source, Stop, bytes};
use super::{ArticleFormat, Limits};
use crate::text::{Place, Problem};

/// Reads all entries of the archive called `file`, which has `size` bytes.
pub(super) fn read(intake: &mut Intake<'_>, file: &str, reader: impl Read + Seek, size: u64) -> Flow {
    let place = Place::file(file);
    let limits = intake.options.limits;
    let mut archive = match ZipArchive::new(BufReader::new(reader)) {
        Ok(archive) => archive,
        Err(error) => {
            let problem =
                Problem::error(place, format!("it is not a zip archive that can be read: {}", reason(&error)));
            return intake.refuse(problem.fix("Pack it again, or unpack it and import the folder"));
        }
    };
    if archive.len() > limits.entries {
        let sentence = format!("the archive has {} entries, more than the {} allowed", archive.len(), limits.entries);
        return intake.abort(Problem::error(place, sentence).fix("Unpack it and import the folder"));
    }
    if archive.has_duplicate_names() {
        let problem =
            Problem::error(place, "several entries of the archive have the same name; the last of each name was read");
        intake.refuse(problem.fix("Unpack it and import the folder"))?;
    }
    let mut expanded = 0;
    for index in 0..archive.len() {
        let Some(source) = entry(intake, &archive, file, index)? else { continue };
        match archive.by_index(index) {
            Err(error) => {
                let problem = Problem::error(source.place(), format!("the entry cannot be read: {}", reason(&error)));
                intake.refuse(problem.fix("Unpack the archive and import the folder"))?;
            }
            Ok(entry) => {
                let mut metered = Metered { source: entry, file, packed: size, expanded: &mut expanded, limits };
                articles(intake, &source, &mut metered)?;
            }
        }
    }
    Flow::Continue(())
}

/// What to read of an entry, by its name and its headers; what is not read is told here.
fn entry<R: Read + Seek>(
    intake: &mut Intake<'_>,
    archive: &ZipArchive<R>,
    file: &str,
    index: usize,
) -> std::ops::ControlFlow<(), Option<Source>> {
    let go_on = std::ops::ControlFlow::Continue(None);
    let Ok(entry) = archive.by_index_data(index) else { return go_on };
    let given = entry
        .name()
        .map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), std::borrow::Cow::into_owned);
    if entry.is_dir() {
        return go_on;
    }
    let id = safe(&given).unwrap_or_else(|| format!("entry-{}", index + 1));
    let mut source = Source {
        file: format!("{file}/{id}"),
        id,
        format: ArticleFormat::Plain,
        size: entry.size(),
        notes: Vec::new(),
    };
    if source.id != given {
        let problem = Problem::warning(
            source.place(),
            format!("the entry is called {given:?}, which is no plain path; its id is the safe part"),
        );
        source.notes.push(problem);
    }
    let name = source.id.rsplit('/').next().unwrap_or_default();
    if source.id.split('/').any(is_hidden) {
        intake.leave_out("hidden files and folders".to_owned(), &source.file, "");
        return go_on;
    }
    if entry.is_symlink() {
        intake.leave_out("symbolic links".to_owned(), &source.file, "");
        return go_on;
    }
    let refused = match Kind::of(name, intake.options) {
        Kind::Archive => Some((
            "it is an archive inside an archive, which is not opened",
            "Unpack the outer one and import the inner",
        )),
        Kind::Articles(_) if entry.encrypted() => {
            Some(("the entry is encrypted", "Unpack the archive with its password and import the folder"))
        }
        Kind::Articles(format) => {
            source.format = format;
            None
        }
        unknown => {
            unknown.leave_out(intake, &source.file);
            return go_on;
        }
    };
    match refused {
        Some((sentence, fix)) => {
            intake.refuse(Problem::error(source.place(), sentence).fix(fix))?;
            go_on
        }
        None => std::ops::ControlFlow::Continue(Some(source)),
    }
}

/// The plain relative path in an entry's name: no drive, no root, no way up. `None` if nothing is left.
pub(in crate::formats) fn safe(name: &str) -> Option<String> {
    let name = name.replace('\\', "/");
    let parts: Vec<&str> = name
        .split('/')
        .enumerate()
        .filter(|(index, part)| !(part.is_empty() || *part == "." || *part == ".." || (*index == 0 && is_drive(part))))
        .map(|(_, part)| part)
        .collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

pub(in crate::formats) fn reason(error: &ZipError) -> String {
    match error {
        ZipError::Io(error) => error.to_string(),
        ZipError::InvalidArchive(reason) => reason.to_string(),
        other => other.to_string(),
    }
}

/// Counts what an archive expands to, and stops where it is too much.
#[derive(Debug)]
pub(in crate::formats) struct Metered<'a, R> {
    pub source: R,
    pub file: &'a str,
    /// Bytes of the archive itself.
    pub packed: u64,
    /// Bytes read of all its entries so far.
    pub expanded: &'a mut u64,
    pub limits: Limits,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        *self.expanded += count as u64;
        let Limits { ratio, ratio_from, archive_bytes, .. } = self.limits;
        let sentence = if *self.expanded > archive_bytes {
            format!("the archive expands to more than the {} allowed", bytes(archive_bytes))
        } else if *self.expanded > ratio_from && *self.expanded > self.packed.saturating_mul(ratio) {
            format!(
                "the archive has {} and expands to more than {ratio} times that, as a zip bomb does",
                bytes(self.packed)
            )
        } else {
            return Ok(count);
        };
        let problem =
            Problem::error(Place::file(self.file), sentence).fix("If you trust it, unpack it and import the folder");
        Err(io::Error::other(Stop::Abort(Box::new(problem))))
    }
}
