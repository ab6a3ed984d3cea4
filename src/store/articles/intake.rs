//! Keeping the index what the folder says: new files are read, a changed or lost file means building anew.
//!
//! Article files count in the order of their names, except those that `changes.jsonl` declares to be new versions: they count where
//! its line stands. The first text of an id wins; another one under the same id is a clash, unless it came as a new version.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use rusqlite::{Connection, params};

use super::bulk::Bulk;
use super::changes;
use super::fault::{Fault, io as told};
use super::folder::{self, CHANGES, Found};
use super::index::{self, Entry, Put, Spot};
use super::line;
use super::shelf::Shelf;
use crate::store::{Job, StoreError};
use crate::text::{Place, Problem};

/// About so many bytes make a document.
const TYPICAL: u64 = 3 << 10;

/// Nothing in the folder differs from what the index knows, by names, sizes and times. No file is read.
pub(super) fn is_current(db: &Connection, folder: &Path, store: &Path) -> Result<bool, Fault> {
    let mut found = folder::article_files(folder)?;
    found.extend(Found::at(&folder.join(CHANGES))?);
    let marks = folder::marks(store)?;
    let known = known(db)?;
    let running = |name: &str| folder::tag(name).is_some_and(|tag| marks.contains_key(tag));
    found.retain(|found| known.contains_key(&found.name) || !running(&found.name));
    Ok(marks.values().all(Option::is_none)
        && found.len() == known.len()
        && found.iter().all(|found| known.get(&found.name).is_some_and(|known| known.found == *found)))
}

/// A file as the index knows it.
pub(super) struct Known {
    found: Found,
    sum: u64,
}

/// The files that the index was made from, by name.
pub(super) fn known(db: &Connection) -> Result<BTreeMap<String, Known>, Fault> {
    let mut select = db.prepare_cached("SELECT name, size, modified, sum FROM file")?;
    let rows = select.query_map([], |row| {
        let found = Found { name: row.get(0)?, size: row.get::<_, i64>(1)? as u64, modified: row.get(2)? };
        Ok((found.name.clone(), Known { found, sum: row.get::<_, i64>(3)?.cast_unsigned() }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes in everything that differs. Runs inside a write transaction, so no import can finish meanwhile. `tidy`: what dead imports
/// left is removed; else it is only not looked at. Returns whether anything changed.
pub(super) fn catch_up(
    db: &Connection,
    shelf: &Shelf,
    store: &Path,
    tidy: bool,
    job: &Job,
    problems: &mut Vec<Problem>,
) -> Result<bool, Fault> {
    let folder = shelf.folder.as_path();
    if is_current(db, folder, store)? {
        return Ok(false);
    }
    shelf.forget();
    let known = known(db)?;
    let running = running(folder, store, tidy, &known)?;
    let mut found = folder::article_files(folder)?;
    let unfinished = |name: &str| folder::tag(name).is_some_and(|tag| running.contains(tag));
    found.retain(|found| known.contains_key(&found.name) || !unfinished(&found.name));
    let versions = changes::versions(folder)?;

    let mut stale = false;
    for (name, known) in known.iter().filter(|(name, _)| *name != CHANGES) {
        let place = Place::file(format!("articles/{name}"));
        match found.iter().find(|found| found.name == *name) {
            None => {
                problems.push(
                    Problem::warning(place, "the file is gone, and its documents with it")
                        .fix("If that was not meant, restore it from a backup or from version control"),
                );
                stale = true;
            }
            Some(found) if *found == known.found => {}
            Some(found) if found.size == known.found.size && sum_of(&folder.join(name))? == known.sum => {
                db.execute("UPDATE file SET modified = ?2 WHERE name = ?1", params![name, found.modified])?;
            }
            Some(_) => {
                problems.push(Problem::note(place, "the file was changed; all articles were read again"));
                stale = true;
            }
        }
    }
    let ordinary = || found.iter().filter(|found| !versions.contains(&found.name));
    if !stale {
        let fresh: Vec<&Found> = ordinary().filter(|found| !known.contains_key(&found.name)).collect();
        stale = !fresh.is_empty() && index::state(db, "unresolved")? > 0;
        if !stale {
            let mut said = Vec::new();
            let clash = take_files(db, folder, &fresh, job, &mut said)?;
            let order_matters = clash && !known.is_empty();
            let rewritten = changes::take(db, shelf, changes::From::Verified, &mut said)?;
            let late = found
                .iter()
                .any(|found| versions.contains(&found.name) && !index_has(db, &found.name).unwrap_or(false));
            stale = order_matters || rewritten || late;
            if !stale {
                problems.append(&mut said);
            }
        }
    }
    if stale {
        index::clear(db)?;
        take_files(db, folder, &ordinary().collect::<Vec<_>>(), job, problems)?;
        changes::take(db, shelf, changes::From::Verified, problems)?;
    }
    Ok(true)
}

pub(super) fn index_has(db: &Connection, name: &str) -> Result<bool, Fault> {
    Ok(db.prepare_cached("SELECT 1 FROM file WHERE name = ?1")?.exists([name])?)
}

/// The tags of imports whose files are not to be looked at. Removes what dead ones left.
fn running(
    folder: &Path,
    store: &Path,
    tidy: bool,
    known: &BTreeMap<String, Known>,
) -> Result<BTreeSet<String>, StoreError> {
    let mut running = BTreeSet::new();
    for (tag, dead) in folder::marks(store)? {
        let Some(mark) = dead.filter(|_| tidy) else {
            running.insert(tag);
            continue;
        };
        // Once the index knows its files, an import is finished, whatever came after.
        if !known.keys().any(|name| folder::tag(name) == Some(&tag)) {
            let entries = fs::read_dir(folder).map_err(|error| told(folder, &error))?;
            for path in entries.flatten().map(|entry| entry.path()) {
                if path.file_name().and_then(|name| name.to_str()).and_then(folder::tag) == Some(&tag) {
                    fs::remove_file(&path).map_err(|error| told(&path, &error))?;
                }
            }
            folder::sync(folder)?;
        }
        mark.remove()?;
    }
    Ok(running)
}

/// Reads files into the index. Returns whether another text was there for one of their ids.
fn take_files(
    db: &Connection,
    folder: &Path,
    files: &[&Found],
    job: &Job,
    problems: &mut Vec<Problem>,
) -> Result<bool, Fault> {
    let total = files.iter().map(|found| found.size).sum();
    let bulk = Bulk::of(db, total / TYPICAL, false)?;
    bulk.begin(db)?;
    let mut clash = false;
    let mut done = 0;
    for found in files {
        job.set(done, total);
        clash |= take_file(db, folder, found, false, job, problems)?;
        done += found.size;
    }
    job.set(total, total);
    bulk.end(db)?;
    Ok(clash)
}

/// Reads one file. What cannot be read is reported; the rest goes on.
pub(super) fn take_file(
    db: &Connection,
    folder: &Path,
    found: &Found,
    versions: bool,
    job: &Job,
    problems: &mut Vec<Problem>,
) -> Result<bool, Fault> {
    let (done, total) = job.progress();
    db.execute(
        "INSERT INTO file(name, size, modified, sum, taken, versions) VALUES(?1, ?2, ?3, 0, ?2, ?4)",
        params![found.name, found.size.cast_signed(), found.modified, versions],
    )?;
    let number = db.last_insert_rowid();
    let mut clash = false;
    let mut place = Place::file(format!("articles/{}", found.name));
    let sum = each_line(&folder.join(&found.name), |at, position, bytes, sum| {
        place.line = Some(at);
        if at.is_multiple_of(1024) {
            job.set(done + position, total);
            if job.is_cancelled() {
                return Err(StoreError::Cancelled.into());
            }
        }
        let document = match line::read(bytes) {
            Ok(document) => document,
            Err(why) => {
                problems.push(
                    Problem::error(place.clone(), format!("the line is left out: {why}"))
                        .fix("Restore the file from a backup or from version control"),
                );
                return Ok(());
            }
        };
        let text = |key| document.meta_text(key).unwrap_or_default();
        let entry = Entry {
            id: document.id.as_str(),
            title: &document.title(),
            source: text("source"),
            date: text("date"),
            length: document.text.len() as u64,
            sha256: document.text.sha256(),
            spot: Spot { file: number, position, bytes: bytes.len() as u64, sum },
        };
        if index::put(db, &entry, versions)? == Put::Clash {
            clash = true;
            let sentence = "another text came in earlier under this id; this one is set aside";
            problems.push(
                Problem::error(place.clone().in_document(entry.id), sentence)
                    .fix("Import it under another id, or as a new version"),
            );
        }
        Ok(())
    })?;
    db.execute("UPDATE file SET sum = ?2 WHERE number = ?1", params![number, sum.cast_signed()])?;
    Ok(clash)
}

/// Calls `visit` with number, position, bytes and checksum of every line that is not blank; returns the checksum of all lines.
pub(super) fn each_line(
    path: &Path,
    mut visit: impl FnMut(usize, u64, &[u8], u64) -> Result<(), Fault>,
) -> Result<u64, Fault> {
    let file = File::open(path).map_err(|error| told(path, &error))?;
    let mut lines = BufReader::with_capacity(1 << 20, file);
    let (mut bytes, mut all, mut position) = (Vec::new(), 0, 0);
    for number in 1.. {
        bytes.clear();
        if lines.read_until(b'\n', &mut bytes).map_err(|error| told(path, &error))? == 0 {
            break;
        }
        let sum = line::sum(&bytes);
        all = line::fold(all, sum);
        if !bytes.trim_ascii().is_empty() {
            visit(number, position, &bytes, sum)?;
        }
        position += bytes.len() as u64;
    }
    Ok(all)
}

/// The checksum of a whole file.
pub(super) fn sum_of(path: &Path) -> Result<u64, Fault> {
    each_line(path, |_, _, _, _| Ok(()))
}
