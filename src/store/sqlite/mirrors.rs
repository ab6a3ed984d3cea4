//! Writing mirrors, and taking in those that someone else changed. A file whose hash is not the one we last wrote is never overwritten
//! before what it says is in the database.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use super::documents::Documents;
use super::import::Staging;
use super::rows::{self, Items};
use super::{Sqlite, intake};
use crate::annotation::Annotator;
use crate::annotation::exchange::{Line, Offsets, write_line};
use crate::store::mirror::{self, Found};
use crate::store::{Job, Mirrored, StoreError};
use crate::text::{DocumentId, Place, Problem};

/// A layer was changed on this machine: its mirror is due.
pub(super) fn mark(db: &Connection, document: &DocumentId, annotator: &Annotator) -> Result<(), StoreError> {
    let shard = rows::shard(document);
    db.prepare_cached(
        "INSERT INTO mirror(file, annotator, shard, dirty, ours) VALUES (?1, ?2, ?3, 1, 1)
         ON CONFLICT DO UPDATE SET annotator = ?2, shard = ?3, dirty = 1, ours = 1 WHERE dirty <> 1 OR annotator IS NOT ?2 OR NOT ours",
    )?
    .execute(params![mirror::name(annotator, shard), annotator.as_str(), shard])?;
    Ok(())
}

/// What we know of a mirror file.
#[derive(Debug, Default)]
struct Known {
    hash: Option<Vec<u8>>,
    next: Option<Vec<u8>>,
    size: Option<i64>,
    modified: Option<i64>,
}

fn known(db: &Connection, file: &str) -> Result<Known, StoreError> {
    let mut query = db.prepare_cached("SELECT hash, next, size, modified FROM mirror WHERE file = ?1")?;
    let known = query.query_row([file], |row| {
        Ok(Known { hash: row.get(0)?, next: row.get(1)?, size: row.get(2)?, modified: row.get(3)? })
    });
    Ok(known.optional()?.unwrap_or_default())
}

impl Known {
    fn is_ours(&self, hash: &[u8]) -> bool {
        [&self.hash, &self.next].into_iter().any(|ours| ours.as_deref() == Some(hash))
    }
}

/// Only one process at a time works on the mirrors of a project. `None`, unless we `wait`, where another is at it.
fn lock(store: &Path, wait: bool) -> Result<Option<File>, StoreError> {
    let path = store.join("mirrors.lock");
    let told = |error| StoreError::of_file(&path, &error);
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(told)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) if wait => file.lock().map(|()| Some(file)).map_err(told),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(told(error)),
    }
}

/// At open: takes in what others changed. Where another process is at it already, that is enough, unless the database is still being made.
pub(super) fn look(sqlite: &mut Sqlite, report: &mut Mirrored) -> Result<(), StoreError> {
    let made = sqlite.db.prepare("SELECT 1 FROM mirror")?.exists([])?;
    let Some(_lock) = lock(&sqlite.store, !made)? else { return Ok(()) };
    take_in(sqlite, report)
}

/// Takes in what others changed, then writes what is due.
pub(super) fn run(sqlite: &mut Sqlite, job: &Job) -> Result<Mirrored, StoreError> {
    let mut report = Mirrored::default();
    if let Some(why) = &sqlite.read_only {
        return Err(StoreError::ReadOnly { why: why.clone() });
    }
    // Changes of documents that wait, and what others did to the articles.
    sqlite.write(|_, _| Ok(()))?;
    report.problems = sqlite.documents.articles.refresh()?;
    sqlite.count_hidden()?;
    let _lock = lock(&sqlite.store, true)?;
    take_in(sqlite, &mut report)?;
    let due: Vec<(String, Option<String>, Option<u8>)> = {
        let mut query =
            sqlite.db.prepare("SELECT file, annotator, shard FROM mirror WHERE dirty <> 0 ORDER BY file")?;
        let due = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        due.collect::<Result<_, _>>()?
    };
    let total = due.len() as u64;
    for (done, (file, annotator, shard)) in due.into_iter().enumerate() {
        job.set(done as u64, total);
        if job.is_cancelled() {
            return Ok(report);
        }
        let (Some(annotator), Some(shard)) = (annotator, shard) else { continue };
        match write(sqlite, &file, &Annotator::from(annotator), shard) {
            Ok(Outcome::Written) => report.written += 1,
            // Someone may have been quicker than us since we looked. The next run takes that in.
            Ok(Outcome::Unchanged | Outcome::Foreign) => {}
            Err(error @ StoreError::Damaged { .. }) => {
                report.problems.push(Problem::error(Place::file(format!("layers/{file}")), error.to_string()));
            }
            Err(error) => return Err(error),
        }
    }
    job.set(total, total);
    Ok(report)
}

/// What became of a mirror that was due.
enum Outcome {
    Written,
    Unchanged,
    Foreign,
}

/// Writes one mirror. Commits that happen meanwhile make it due again.
fn write(sqlite: &mut Sqlite, file: &str, annotator: &Annotator, shard: u8) -> Result<Outcome, StoreError> {
    let Sqlite { db, documents, .. } = sqlite;
    let layers = documents.folder.join("layers");
    let path = layers.join(file);
    db.execute("UPDATE mirror SET dirty = 2 WHERE file = ?1", [file])?;
    let bytes = {
        let moment = db.unchecked_transaction()?;
        render(&moment, documents, file, annotator, shard)?
    };
    let hash = digest(&bytes);
    let there = match fs::read(&path) {
        Ok(there) => Some(digest(&there)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(StoreError::of_file(&path, &error)),
    };
    let mut written = Outcome::Unchanged;
    if bytes.is_empty() && there.is_none() {
        db.execute("DELETE FROM mirror WHERE file = ?1 AND dirty = 2", [file])?;
        return Ok(written);
    }
    if there.as_deref() != Some(&hash[..]) {
        if let Some(there) = &there
            && !known(db, file)?.is_ours(there)
        {
            db.execute("UPDATE mirror SET dirty = 1 WHERE file = ?1", [file])?;
            return Ok(Outcome::Foreign);
        }
        db.execute("UPDATE mirror SET next = ?2 WHERE file = ?1", params![file, hash])?;
        let put = if bytes.is_empty() { documents.disk.remove(&path) } else { documents.disk.replace(&path, &bytes) };
        put.map_err(|error| StoreError::of_file(&path, &error))?;
        written = Outcome::Written;
    }
    if bytes.is_empty() {
        // Goes only if nothing else is in it.
        let _ = path.parent().map(fs::remove_dir);
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute("DELETE FROM mirror WHERE file = ?1 AND dirty = 2", [file])?;
        change.execute("UPDATE mirror SET hash = NULL, next = NULL WHERE file = ?1", [file])?;
        change.commit()?;
        return Ok(written);
    }
    let found = mirror::stat(&layers, file)?;
    let (size, modified) = found.map(|found| (found.size, found.modified)).unzip();
    db.execute(
        "UPDATE mirror SET hash = ?2, next = NULL, size = ?3, modified = ?4, dirty = CASE dirty WHEN 2 THEN 0 ELSE dirty END
         WHERE file = ?1",
        params![file, hash, size, modified],
    )?;
    Ok(written)
}

pub(super) fn digest(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// What a mirror should say: its layers and the lines that wait for their documents, by the bytes of the document's id.
pub(super) fn render(
    db: &Connection,
    documents: &Documents,
    file: &str,
    annotator: &Annotator,
    shard: u8,
) -> Result<Vec<u8>, StoreError> {
    let mut waiting: Vec<(String, Vec<u8>)> = {
        let mut query = db.prepare_cached("SELECT doc, line FROM waiting WHERE file = ?1 ORDER BY doc DESC")?;
        query.query_map([file], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?
    };
    let mut bytes = Vec::new();
    let mut query = db.prepare_cached("SELECT doc FROM layer WHERE annotator = ?1 AND shard = ?2 ORDER BY doc")?;
    let mut found = query.query(params![annotator.as_str(), shard])?;
    while let Some(row) = found.next()? {
        let id = DocumentId(row.get(0)?);
        while let Some((_, line)) = waiting.pop_if(|(document, _)| *document < id.0) {
            bytes.extend(line);
        }
        let Some(head) = rows::head(db, &id, annotator)? else { continue };
        let document = documents.document(&id, head.text)?.ok_or_else(|| StoreError::Damaged {
            what: format!("The text that {annotator}'s layer in the document {id} counts in is missing from articles/"),
            fix: "Restore the file from a backup or from version control; until then the mirror is not written"
                .to_owned(),
        })?;
        let layer = Arc::new(Items { db, document: &id, annotator }.layer(&head, &document.text)?);
        let line = Line { document: &document, layers: &[layer], with_text: false, offsets: Offsets::Normalised };
        write_line(&mut bytes, line)
            .map_err(|error| StoreError::Io { what: format!("layers/{file}"), why: error.to_string() })?;
    }
    while let Some((_, line)) = waiting.pop() {
        bytes.extend(line);
    }
    Ok(bytes)
}

/// Takes in every file that is not as we last wrote or read it, and lines that waited for documents that are here now. One import.
fn take_in(sqlite: &mut Sqlite, report: &mut Mirrored) -> Result<(), StoreError> {
    let layers = sqlite.documents.folder.join("layers");
    let found = mirror::find(&layers)?;
    forget_missing(&mut sqlite.db, &found)?;
    let mut foreign = Vec::new();
    for found in found {
        let known = known(&sqlite.db, &found.file)?;
        if known.hash.is_some() && (known.size, known.modified) == (Some(found.size), Some(found.modified)) {
            continue;
        }
        let path = layers.join(&found.file);
        let bytes = fs::read(&path).map_err(|error| StoreError::of_file(&path, &error))?;
        let hash = digest(&bytes);
        if known.is_ours(&hash) {
            sqlite.db.execute(
                "UPDATE mirror SET hash = ?2, next = NULL, size = ?3, modified = ?4 WHERE file = ?1",
                params![found.file, hash, found.size, found.modified],
            )?;
        } else {
            foreign.push(found);
        }
    }
    let waiting = intake::waiting(&sqlite.db, &sqlite.documents)?;
    if foreign.is_empty() && waiting.is_empty() {
        return Ok(());
    }
    let Sqlite { db, documents, store, .. } = sqlite;
    let mut staging = Staging::new(db, store, "Take in layers/", &intake::nobody())?;
    let result = take_in_files(db, documents, &mut staging, &foreign, &waiting, report);
    staging.end(db)?;
    result
}

fn take_in_files(
    db: &mut Connection,
    documents: &Documents,
    staging: &mut Staging,
    foreign: &[Found],
    waiting: &[intake::Waiting],
    report: &mut Mirrored,
) -> Result<(), StoreError> {
    let mut files = Vec::new();
    for found in foreign {
        files.push(intake::file(db, documents, staging, found, &mut report.problems)?);
    }
    for line in waiting {
        intake::line(db, documents, staging, line, &mut report.problems)?;
    }
    staging.seal(db, "")?;
    staging.settle(db, false, |change| {
        files.iter().try_for_each(|file| file.record(change))?;
        waiting.iter().try_for_each(|line| line.forget(change))
    })?;
    report.taken_in += files.len();
    Ok(())
}

/// A mirror that is gone: no one may lose work by removing a file, so it is written again.
fn forget_missing(db: &mut Connection, found: &[Found]) -> Result<(), StoreError> {
    let missing: Vec<String> = {
        let mut query = db.prepare("SELECT file FROM mirror WHERE hash IS NOT NULL OR next IS NOT NULL")?;
        let files: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let gone = |file: &String| found.binary_search_by(|found| found.file.as_str().cmp(file)).is_err();
        files.into_iter().filter(gone).collect()
    };
    for file in missing {
        db.execute(
            "DELETE FROM waiting WHERE file = ?1 AND (SELECT annotator FROM mirror WHERE file = ?1) IS NULL",
            [&file],
        )?;
        db.execute("DELETE FROM mirror WHERE file = ?1 AND annotator IS NULL", [&file])?;
        db.execute("UPDATE mirror SET hash = NULL, next = NULL, dirty = 1 WHERE file = ?1", [&file])?;
    }
    Ok(())
}
