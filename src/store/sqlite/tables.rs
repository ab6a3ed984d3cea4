//! The tables of work.db, and the steps from each format to the next.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::store::{StoreError, place};

/// Step n leads from format n to n + 1; the format is the file's `user_version`. Steps that were released never change.
pub(super) const STEPS: &[&str] = &["
    -- Layers. `doc` and `annotator` are the document's id and the owner's name; `text` is the sha256 of the text that the offsets count in;
    -- `spans` and `relations` count the rows below; JSON columns are as in the exchange format.
    CREATE TABLE layer(
        doc TEXT NOT NULL, annotator TEXT NOT NULL, text BLOB NOT NULL, version INTEGER NOT NULL, clock TEXT NOT NULL, updated TEXT,
        status TEXT NOT NULL, flag TEXT, schema TEXT NOT NULL, attributes TEXT NOT NULL, seconds INTEGER NOT NULL, spans INTEGER NOT NULL,
        relations INTEGER NOT NULL, decisions TEXT NOT NULL, extra TEXT NOT NULL, shard INTEGER NOT NULL, crc INTEGER NOT NULL,
        PRIMARY KEY(doc, annotator)) WITHOUT ROWID;
    CREATE INDEX layer_status ON layer(annotator, status);
    CREATE INDEX layer_shard ON layer(annotator, shard);
    -- Spans by label in each layer.
    CREATE TABLE layer_label(annotator TEXT NOT NULL, label TEXT NOT NULL, doc TEXT NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY(annotator, label, doc)) WITHOUT ROWID;
    CREATE INDEX layer_label_doc ON layer_label(doc);
    -- One row a span: the record has its offsets in bytes.
    CREATE TABLE span(doc TEXT NOT NULL, annotator TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL, crc INTEGER NOT NULL,
        PRIMARY KEY(doc, annotator, id)) WITHOUT ROWID;
    CREATE TABLE relation(doc TEXT NOT NULL, annotator TEXT NOT NULL, id TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL,
        record TEXT NOT NULL, crc INTEGER NOT NULL, PRIMARY KEY(doc, annotator, id)) WITHOUT ROWID;
    CREATE INDEX relation_source ON relation(doc, annotator, source);
    CREATE INDEX relation_target ON relation(doc, annotator, target);
    -- The log. `done` and `undone` are the history of each author: the seq that put a `do` into effect last, or took it back last.
    CREATE TABLE txn(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, at TEXT NOT NULL, author TEXT NOT NULL,
        device TEXT NOT NULL, kind TEXT NOT NULL, original TEXT, schema TEXT NOT NULL, edits INTEGER NOT NULL, done INTEGER,
        undone INTEGER, crc INTEGER NOT NULL);
    CREATE INDEX txn_done ON txn(author, done) WHERE done IS NOT NULL;
    CREATE INDEX txn_undone ON txn(author, undone) WHERE undone IS NOT NULL;
    CREATE INDEX txn_do ON txn(author, seq) WHERE kind = 'do';
    -- `text_before` and `text_after`: what the layer counted in before and after the whole transaction.
    CREATE TABLE edit(txn INTEGER NOT NULL, n INTEGER NOT NULL, doc TEXT, annotator TEXT, record TEXT NOT NULL, text_before BLOB,
        text_after BLOB, crc INTEGER NOT NULL, PRIMARY KEY(txn, n)) WITHOUT ROWID;
    CREATE INDEX edit_doc ON edit(doc, txn);
    -- Kept current by every commit, so that counting never scans. Hidden documents are left out.
    CREATE TABLE counter(annotator TEXT NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY(annotator, key)) WITHOUT ROWID;
    CREATE TABLE hidden(doc TEXT PRIMARY KEY) WITHOUT ROWID;
    -- Changes of documents and of the schema that are committed and not yet in their files.
    CREATE TABLE outbox(n INTEGER PRIMARY KEY, record TEXT NOT NULL, crc INTEGER NOT NULL);
    -- Imports that are under way; nothing here is visible.
    CREATE TABLE import(id TEXT PRIMARY KEY, title TEXT NOT NULL, at TEXT NOT NULL, author TEXT NOT NULL, device TEXT NOT NULL,
        schema TEXT NOT NULL, finishing TEXT) WITHOUT ROWID;
    CREATE TABLE staged(import TEXT NOT NULL, n INTEGER NOT NULL, doc TEXT NOT NULL, annotator TEXT NOT NULL, text BLOB NOT NULL,
        record TEXT NOT NULL, PRIMARY KEY(import, n)) WITHOUT ROWID;
    CREATE INDEX staged_layer ON staged(import, doc, annotator);
    -- The files under layers/: what we know of each. `dirty`: 1 to be written, 2 being written. `next`: what is being written.
    -- `ours`: layers in it were changed on this machine.
    CREATE TABLE mirror(file TEXT PRIMARY KEY, annotator TEXT, shard INTEGER, hash BLOB, next BLOB, size INTEGER, modified INTEGER,
        dirty INTEGER NOT NULL DEFAULT 0, ours INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    -- Lines of those files whose document is not here yet; they are written back as they came.
    CREATE TABLE waiting(file TEXT NOT NULL, doc TEXT NOT NULL, line BLOB NOT NULL, PRIMARY KEY(file, doc)) WITHOUT ROWID;
    CREATE TABLE schema_version(n INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, source TEXT NOT NULL);
"];

/// How a connection is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Write,
    Read,
    /// On a medium that cannot change: without any lock or side file.
    Immutable,
}

/// A connection with our settings. In WAL mode a commit is one sync of the log.
pub(super) fn connect(file: &Path, mode: Mode, pages: Option<u32>) -> Result<Connection, StoreError> {
    let flags = match mode {
        Mode::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        Mode::Read | Mode::Immutable => OpenFlags::SQLITE_OPEN_READ_ONLY,
    } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = match mode {
        Mode::Immutable => {
            let path: String = file.to_string_lossy().bytes().map(escaped).collect();
            Connection::open_with_flags(format!("file:{path}?immutable=1"), flags | OpenFlags::SQLITE_OPEN_URI)?
        }
        _ => Connection::open_with_flags(file, flags)?,
    };
    db.busy_timeout(Duration::from_secs(5))?;
    db.set_prepared_statement_cache_capacity(96);
    db.execute_batch("PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;")?;
    if mode == Mode::Write {
        db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        db.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;")?;
        if let Some(pages) = pages {
            db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
        }
    }
    Ok(db)
}

/// A byte of a path in a `file:` address.
fn escaped(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_') {
        return char::from(byte).to_string();
    }
    format!("%{byte:02x}")
}

/// The format that a file has; 0 for a new one.
pub(super) fn format(db: &Connection) -> Result<usize, StoreError> {
    Ok(db.query_row("PRAGMA user_version", [], |row| row.get::<_, u32>(0))? as usize)
}

/// Takes the file to the newest format, one transaction a step. `backup` is called before the first step of a file that is not new.
pub(super) fn migrate(
    db: &mut Connection,
    backup: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let found = format(db)?;
    if found > 0 && found < STEPS.len() {
        backup(db)?;
    }
    for (step, sql) in STEPS.iter().enumerate().skip(found) {
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been first.
        if format(&change)? == step {
            change.execute_batch(sql)?;
            change.execute_batch(&format!("PRAGMA user_version = {}", step + 1))?;
        }
        change.commit()?;
    }
    Ok(())
}

/// How a database is read that we may not change. Where nothing can be written beside it, and no log that still holds changes lies
/// there, it is read as it is.
pub(super) fn reading_mode(file: &Path) -> Mode {
    if file.parent().is_some_and(place::is_writable) {
        return Mode::Read;
    }
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    let log = Path::new(&log).metadata();
    if log.is_ok_and(|log| log.len() > 0) { Mode::Read } else { Mode::Immutable }
}
