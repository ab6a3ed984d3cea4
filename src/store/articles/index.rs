//! `docs.db`: where each document stands, what the list shows of it, counters. A cache: everything in it comes from the folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, TransactionBehavior, params};

use super::bulk::Bulk;
use super::fault::{Fault, io as told};
use crate::store::StoreError;
use crate::text::TextHash;

/// The form of the index; another one is thrown away and built anew.
const FORM: i64 = 1;

const TABLES: &str = "
    -- numbers are never used twice, so that an open handle cannot mean another file
    CREATE TABLE file(
        number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, modified INTEGER NOT NULL,
        sum INTEGER NOT NULL,       -- checksum of its lines, in order
        taken INTEGER NOT NULL,     -- bytes that were read; less than the size where a last line is torn
        versions INTEGER NOT NULL   -- its texts replace those of the same id
    );
    CREATE TABLE doc(
        number INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL, date TEXT NOT NULL,
        length INTEGER NOT NULL, hidden INTEGER NOT NULL,
        meta TEXT,                  -- metadata edited since the line was written: {key: value, or null where it was removed}
        sha256 BLOB NOT NULL, file INTEGER NOT NULL, position INTEGER NOT NULL, bytes INTEGER NOT NULL, sum INTEGER NOT NULL
    );
    CREATE TABLE older(
        doc INTEGER NOT NULL, sha256 BLOB NOT NULL, meta TEXT, file INTEGER NOT NULL, position INTEGER NOT NULL, bytes INTEGER NOT NULL,
        sum INTEGER NOT NULL, PRIMARY KEY(doc, sha256)
    ) WITHOUT ROWID;
    CREATE TABLE tally(source TEXT NOT NULL, hidden INTEGER NOT NULL, documents INTEGER NOT NULL, PRIMARY KEY(source, hidden)) WITHOUT ROWID;
    CREATE TRIGGER doc_changed AFTER UPDATE OF source, hidden ON doc BEGIN
        UPDATE tally SET documents = documents - 1 WHERE source = old.source AND hidden = old.hidden;
        INSERT INTO tally VALUES(new.source, new.hidden, 1) ON CONFLICT DO UPDATE SET documents = documents + 1;
    END;
    CREATE TABLE state(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
";

/// Where a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub file: i64,
    pub position: u64,
    pub bytes: u64,
    pub sum: u64,
}

/// A document as the index is told of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub source: &'a str,
    pub date: &'a str,
    pub length: u64,
    pub sha256: TextHash,
    pub spot: Spot,
}

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Put {
    New,
    Same,
    Version,
    /// Another text is there under this id. The new one can be reached by its hash.
    Clash,
}

/// Opens the index for writing, making it if there is none.
pub(super) fn open(path: &Path) -> Result<Connection, Fault> {
    let mut db = Connection::open(path)?;
    prepare(&db)?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "journal_size_limit", 1 << 26)?;
    if form(&db)? == 0 {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if form(&tx)? == 0 {
            tx.execute_batch(TABLES)?;
            Bulk::First.end(&tx)?;
            // The revision of an index that was built anew must lie above the old one's.
            let start = Timestamp::now().as_millisecond();
            tx.execute("INSERT INTO state VALUES('revision', ?1), ('unresolved', 0)", [start])?;
            tx.pragma_update(None, "user_version", FORM)?;
        }
        tx.commit()?;
    }
    checked(db)
}

/// Opens an index that is there, for reading; on a medium that cannot change, without any file beside it.
pub(super) fn open_read_only(path: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let plain = Connection::open_with_flags(uri(path, "mode=ro"), flags).map_err(Fault::from).and_then(|db| {
        prepare(&db)?;
        form(&db)?;
        Ok(db)
    });
    let db = match plain {
        // What lies in a write-ahead log beside it would be missing.
        Err(_) if beside(path, "-wal").metadata().is_ok_and(|wal| wal.len() > 0) => return plain,
        Err(_) => Connection::open_with_flags(uri(path, "mode=ro&immutable=1"), flags)?,
        Ok(db) => db,
    };
    prepare(&db)?;
    checked(db)
}

fn prepare(db: &Connection) -> Result<(), Fault> {
    db.busy_timeout(Duration::from_secs(5))?;
    db.set_prepared_statement_cache_capacity(64);
    db.pragma_update(None, "cache_size", -8192)?;
    Ok(())
}

fn form(db: &Connection) -> Result<i64, Fault> {
    Ok(db.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Another program's form of the index is of no use to us.
fn checked(db: Connection) -> Result<Connection, Fault> {
    if form(&db)? == FORM { Ok(db) } else { Err(Fault::Spoiled("it has another form".to_owned())) }
}

/// A file name as `SQLite` takes it with options.
pub(super) fn uri(path: &Path, options: &str) -> String {
    let mut name = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => name.push(char::from(*byte)),
            b'\\' if cfg!(windows) => name.push('/'),
            b':' if cfg!(windows) => name.push(':'),
            _ => name.extend(format!("%{byte:02x}").chars()),
        }
    }
    name + "?" + options
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Throws an index away.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    for path in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(told(&path, &error)),
            _ => {}
        }
    }
    Ok(())
}

/// Empties it, for building anew.
pub(super) fn clear(db: &Connection) -> Result<(), Fault> {
    Ok(db.execute_batch(
        "DELETE FROM doc; DELETE FROM older; DELETE FROM file; DELETE FROM tally; UPDATE state SET value = 0 WHERE key = 'unresolved'",
    )?)
}

pub(super) fn state(db: &Connection, key: &str) -> Result<i64, Fault> {
    Ok(db.prepare_cached("SELECT value FROM state WHERE key = ?1")?.query_row([key], |row| row.get(0))?)
}

pub(super) fn raise(db: &Connection, key: &str) -> Result<(), Fault> {
    db.prepare_cached("UPDATE state SET value = value + 1 WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// Puts a document where its id belongs. `versions`: its text replaces another one, which stays reachable by its hash.
pub(super) fn put(db: &Connection, entry: &Entry<'_>, versions: bool) -> Result<Put, Fault> {
    let Entry { id, title, source, date, length, sha256, spot } = *entry;
    let there = db
        .prepare_cached("SELECT number, sha256 FROM doc WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get::<_, i64>(0)?, TextHash(row.get(1)?))))
        .optional()?;
    let Some((number, newest)) = there else {
        insert(db, entry)?;
        return Ok(Put::New);
    };
    let (sum, position, bytes) = (spot.sum.cast_signed(), spot.position.cast_signed(), spot.bytes.cast_signed());
    if newest == sha256 || is_older(db, number, sha256)? {
        return Ok(Put::Same);
    }
    if !versions {
        db.prepare_cached("INSERT INTO older VALUES(?1, ?2, NULL, ?3, ?4, ?5, ?6)")?
            .execute(params![number, sha256.0, spot.file, position, bytes, sum])?;
        return Ok(Put::Clash);
    }
    db.prepare_cached(
        "INSERT INTO older SELECT number, sha256, meta, file, position, bytes, sum FROM doc WHERE number = ?1",
    )?
    .execute([number])?;
    db.prepare_cached(
        "UPDATE doc SET title = ?2, source = ?3, date = ?4, length = ?5, meta = NULL, sha256 = ?6, file = ?7, position = ?8,
         bytes = ?9, sum = ?10 WHERE number = ?1",
    )?
    .execute(params![number, title, source, date, length.cast_signed(), sha256.0, spot.file, position, bytes, sum])?;
    Ok(Put::Version)
}

/// Puts a document whose id is known to be new.
pub(super) fn insert(db: &Connection, entry: &Entry<'_>) -> Result<(), Fault> {
    let Entry { id, title, source, date, length, sha256, spot } = *entry;
    let (sum, position, bytes) = (spot.sum.cast_signed(), spot.position.cast_signed(), spot.bytes.cast_signed());
    db.prepare_cached("INSERT INTO doc VALUES(NULL, ?1, ?2, ?3, ?4, ?5, 0, NULL, ?6, ?7, ?8, ?9, ?10)")?
        .execute(params![id, title, source, date, length.cast_signed(), sha256.0, spot.file, position, bytes, sum])?;
    Ok(())
}

/// The document had this text once.
pub(super) fn is_older(db: &Connection, number: i64, sha256: TextHash) -> Result<bool, Fault> {
    Ok(db.prepare_cached("SELECT 1 FROM older WHERE doc = ?1 AND sha256 = ?2")?.exists(params![number, sha256.0])?)
}
