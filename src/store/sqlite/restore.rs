//! Going back to a backup. The present is kept as one more backup first.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::mirrors::digest;
use super::tables::{self, Mode};
use crate::store::backup::{self, Backup};
use crate::store::{Project, StoreError};

/// Where the backups of a project are.
pub(super) fn folder(store: &Path) -> PathBuf {
    store.join("backups")
}

/// The backups of a project, newest first.
pub fn backups(project: &Project) -> Result<Vec<Backup>, StoreError> {
    backup::list(&folder(project.store()))
}

/// Takes a project's layers and log back to a backup. Returns where the present is kept.
///
/// Mirrors of layers that were changed on this machine follow the backup at the next writing. If the present database cannot be read, it
/// is moved aside as it is, and at the next open everything in `layers/` is taken in over the backup, so that what is newer there comes back.
pub fn restore(project: &Project, file: &Path, at: Timestamp) -> Result<PathBuf, StoreError> {
    if let Some(why) = project.read_only() {
        return Err(StoreError::ReadOnly { why: why.to_owned() });
    }
    backup::verify(file)?;
    let work = project.store().join("work.db");
    let keep = || {
        let db = tables::connect(&work, Mode::Write, None)?;
        let mirrors = ours(&db)?;
        // The backup that is wanted may be the oldest, so none goes now.
        let kept = backup::make(&db, &folder(project.store()).join("before restore"), at)?;
        Ok::<_, StoreError>((db, mirrors, kept))
    };
    match keep() {
        Ok((mut db, mirrors, kept)) => {
            backup::put_back(&mut db, file)?;
            tables::migrate(&mut db, |_| Ok(()))?;
            follow(&mut db, project.folder(), &mirrors)?;
            Ok(kept)
        }
        Err(StoreError::Damaged { .. } | StoreError::Io { .. }) => {
            let aside = move_aside(project.store(), at)?;
            let mut db = tables::connect(&work, Mode::Write, None)?;
            backup::put_back(&mut db, file)?;
            Ok(aside)
        }
        Err(error) => Err(error),
    }
}

/// The mirrors that this machine writes.
fn ours(db: &Connection) -> Result<Vec<(String, String, u8)>, StoreError> {
    let mut query = db.prepare("SELECT file, annotator, shard FROM mirror WHERE ours AND annotator IS NOT NULL")?;
    let mirrors = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(mirrors.collect::<Result<_, _>>()?)
}

/// What stands in those files now is known, and to be written over.
fn follow(db: &mut Connection, project: &Path, mirrors: &[(String, String, u8)]) -> Result<(), StoreError> {
    let change = db.transaction()?;
    for (file, annotator, shard) in mirrors {
        let hash = fs::read(project.join("layers").join(file)).ok().map(|bytes| digest(&bytes));
        change.execute(
            "INSERT INTO mirror(file, annotator, shard, hash, dirty, ours) VALUES (?1, ?2, ?3, ?4, 1, 1)
             ON CONFLICT DO UPDATE SET hash = ?4, next = NULL, dirty = 1, ours = 1",
            params![file, annotator, shard, hash],
        )?;
    }
    Ok(change.commit()?)
}

/// Moves a database that cannot be read out of the way, with what lies beside it.
fn move_aside(store: &Path, at: Timestamp) -> Result<PathBuf, StoreError> {
    let aside = store.join(format!("damaged-{}", at.strftime("%Y%m%dT%H%M%S")));
    fs::create_dir_all(&aside).map_err(|error| StoreError::of_file(&aside, &error))?;
    for name in ["work.db", "work.db-wal", "work.db-shm"] {
        let file = store.join(name);
        if file.exists() {
            fs::rename(&file, aside.join(name)).map_err(|error| StoreError::of_file(&file, &error))?;
        }
    }
    Ok(aside)
}
