//! Backups of `work.db`: whole copies made by the database itself while work goes on, each opened and checked before an older one goes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use rusqlite::backup::{Backup as Copying, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::StoreError;

/// How many are kept.
const KEPT: usize = 10;
/// From this age on of the newest, in hours, another is due.
const HOURS: i64 = 12;
/// Names are `work-20261122T100000.db`; a second one within a second ends in `-1.db`.
const FORM: &str = "%Y%m%dT%H%M%S";

/// A backup that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    pub file: PathBuf,
    pub at: Timestamp,
}

/// The backups in a folder, newest first.
pub(super) fn list(folder: &Path) -> Result<Vec<Backup>, StoreError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::of_file(folder, &error)),
    };
    let mut backups = Vec::new();
    for entry in entries {
        let file = entry.map_err(|error| StoreError::of_file(folder, &error))?.path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(name) = name.strip_prefix("work-").and_then(|name| name.strip_suffix(".db")) else { continue };
        let time = name.split('-').next().and_then(|time| DateTime::strptime(FORM, time).ok());
        let at = time.and_then(|time| time.to_zoned(TimeZone::UTC).ok()).map(|time| time.timestamp());
        backups.extend(at.map(|at| Backup { file: file.clone(), at }));
    }
    backups.sort_by(|a, b| (b.at, &b.file).cmp(&(a.at, &a.file)));
    Ok(backups)
}

/// The newest is older than twelve hours, or there is none, or the clock has gone back behind it.
pub(super) fn is_due(folder: &Path, at: Timestamp) -> Result<bool, StoreError> {
    let backups = list(folder)?;
    let fresh = |backup: &Backup| {
        let age = at.as_second() - backup.at.as_second();
        (0..HOURS * 3600).contains(&age)
    };
    Ok(!backups.iter().any(fresh))
}

/// Copies the database as it is at this moment, checks the copy, and only then removes the oldest beyond ten.
pub(super) fn make(db: &Connection, folder: &Path, at: Timestamp) -> Result<PathBuf, StoreError> {
    fs::create_dir_all(folder).map_err(|error| StoreError::of_file(folder, &error))?;
    let unfinished = folder.join("unfinished.db");
    let made = copy(db, &unfinished).and_then(|()| verify(&unfinished));
    if let Err(error) = made {
        let _ = fs::remove_file(&unfinished);
        return Err(error);
    }
    let time = at.strftime(FORM).to_string();
    let names =
        (0..).map(|number| if number == 0 { format!("work-{time}.db") } else { format!("work-{time}-{number}.db") });
    let file = names.map(|name| folder.join(name)).find(|file| !file.exists()).unwrap_or_else(|| unfinished.clone());
    let told = |error| StoreError::of_file(&file, &error);
    fs::File::open(&unfinished).and_then(|copy| copy.sync_all()).map_err(told)?;
    fs::rename(&unfinished, &file).map_err(told)?;
    for old in list(folder)?.into_iter().skip(KEPT).filter(|old| old.file != file) {
        // One too many is better than an error.
        let _ = fs::remove_file(old.file);
    }
    Ok(file)
}

fn copy(db: &Connection, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        fs::remove_file(to).map_err(|error| StoreError::of_file(to, &error))?;
    }
    let mut copy = Connection::open(to)?;
    in_one_step(db, &mut copy)?;
    // One file that stands for itself, without a log beside it.
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    Ok(())
}

/// Opens a database file and checks its structure.
pub(super) fn verify(file: &Path) -> Result<(), StoreError> {
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    let answer: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" {
        return Ok(());
    }
    let what = format!("The backup {} is damaged ({answer})", file.display());
    Err(StoreError::Damaged { what, fix: "Take another one".to_owned() })
}

/// Puts a backup in the place of what `db` holds now, in one transaction.
pub(super) fn put_back(db: &mut Connection, file: &Path) -> Result<(), StoreError> {
    let backup = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    in_one_step(&backup, db)
}

/// The copy is of one moment, and takes the lock once.
fn in_one_step(from: &Connection, to: &mut Connection) -> Result<(), StoreError> {
    match Copying::new(from, to)?.step(i32::MAX)? {
        StepResult::Done => Ok(()),
        _ => Err(StoreError::Busy),
    }
}
