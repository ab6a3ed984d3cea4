//! [`Articles`]: the documents of a project. The folder `articles/` is the truth; `.store/docs.db` is an index over it that can be
//! lost at any time.
//!
//! Article files are written once, by imports, and never again; what changes later stands in `changes.jsonl` (see [`changes`]). Knows
//! nothing of layers beyond what the lists show of them, which is read from `work.db` beside the index.

mod asked;
mod bulk;
mod changes;
mod check;
mod edit;
mod fault;
mod folder;
mod import;
mod index;
mod intake;
mod line;
mod list;
mod seen;
mod shelf;
mod texts;

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use tempfile::TempDir;

pub use edit::Change;
pub use import::ArticleImport;

use self::fault::{Fault, io as told};
use self::index::Spot;
use self::shelf::Shelf;
use super::{Author, Job, StoreError};
use crate::text::{Document, DocumentId, Place, Problem, Text, TextHash};

/// How many documents [`Articles::each`] looks up at a time.
const PAGE: u32 = 512;

/// The documents of a project: one connection.
#[derive(Debug)]
pub struct Articles {
    db: Connection,
    shelf: Shelf,
    store: PathBuf,
    index: PathBuf,
    read_only: bool,
    /// An index made for this process only, because none can be written where it belongs.
    scratch: Option<Arc<TempDir>>,
    /// What was seen while something else was asked for; the next refresh tells it.
    noticed: Vec<Problem>,
    layers: Cell<list::Layers>,
}

impl Articles {
    /// Opens the articles of a project. `store` is its `.store` folder, wherever that lies.
    ///
    /// Quick where nothing changed: names, sizes and times are compared, no file is read. New files are taken in; after a file was
    /// changed or lost, or without an index, everything is read again. What could not be taken in is among the problems.
    pub fn open(project: &Path, store: &Path, read_only: bool, job: &Job) -> Result<(Self, Vec<Problem>), StoreError> {
        let shelf = Shelf::new(project.join("articles"));
        let index = store.join("docs.db");
        if read_only {
            return Self::look(shelf, store, index, job).map_err(Fault::told);
        }
        for folder in [&shelf.folder, store] {
            fs::create_dir_all(folder).map_err(|error| told(folder, &error))?;
        }
        let spoiled = store.join(SPOILED);
        let mut problems = Vec::new();
        if !spoiled.exists() {
            match Self::connect(&shelf.folder, store, &index, job, &mut problems) {
                Err(fault) if fault.spoiled() => problems.clear(),
                opened => return opened.map(|articles| (articles, problems)).map_err(Fault::told),
            }
        }
        index::remove(&index)?;
        let articles = Self::connect(&shelf.folder, store, &index, job, &mut problems).map_err(Fault::told)?;
        if spoiled.exists() {
            fs::remove_file(&spoiled).map_err(|error| told(&spoiled, &error))?;
        }
        let sentence = "the index of the articles was damaged or of another form; it was built anew";
        problems.push(Problem::note(Place::file(".store/docs.db"), sentence));
        Ok((articles, problems))
    }

    fn connect(
        folder: &Path,
        store: &Path,
        index: &Path,
        job: &Job,
        problems: &mut Vec<Problem>,
    ) -> Result<Self, Fault> {
        let mut articles = Self {
            db: index::open(index)?,
            shelf: Shelf::new(folder.to_owned()),
            store: store.to_owned(),
            index: index.to_owned(),
            read_only: false,
            scratch: None,
            noticed: Vec::new(),
            layers: Cell::default(),
        };
        articles.take_in(job, problems)?;
        Ok(articles)
    }

    /// Opens without writing anything into the project. An index that is missing or out of date is made elsewhere.
    fn look(shelf: Shelf, store: &Path, index: PathBuf, job: &Job) -> Result<(Self, Vec<Problem>), Fault> {
        let there = || {
            let db = index::open_read_only(&index)?;
            Ok::<_, Fault>(intake::is_current(&db, &shelf.folder, store)?.then_some(db))
        };
        let (mut problems, mut scratch) = (Vec::new(), None);
        let (db, index) = match there() {
            Ok(Some(db)) if index.exists() => (db, index),
            _ => {
                let place = tempfile::tempdir().map_err(|error| told(&std::env::temp_dir(), &error))?;
                let index = place.path().join("docs.db");
                let mut db = index::open(&index)?;
                let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
                intake::catch_up(&tx, &shelf, store, false, job, &mut problems)?;
                tx.commit()?;
                scratch = Some(Arc::new(place));
                (db, index)
            }
        };
        let (store, layers) = (store.to_owned(), Cell::default());
        let articles = Self { db, shelf, store, index, read_only: true, scratch, noticed: Vec::new(), layers };
        Ok((articles, problems))
    }

    /// A second connection, for another thread.
    pub fn another(&self) -> Result<Self, StoreError> {
        let db = match (self.read_only, &self.scratch) {
            (true, None) => index::open_read_only(&self.index),
            _ => index::open(&self.index),
        };
        Ok(Self {
            db: db.map_err(Fault::told)?,
            shelf: Shelf::new(self.shelf.folder.clone()),
            store: self.store.clone(),
            index: self.index.clone(),
            read_only: self.read_only,
            scratch: self.scratch.clone(),
            noticed: Vec::new(),
            layers: Cell::default(),
        })
    }

    /// Takes in what others did to the folder since: a pull, a shared folder. Cheap where nothing happened.
    pub fn refresh(&mut self) -> Result<Vec<Problem>, StoreError> {
        let mut problems = std::mem::take(&mut self.noticed);
        if !self.read_only {
            let taken = self.take_in(&Job::default(), &mut problems);
            self.said(taken)?;
        }
        Ok(problems)
    }

    fn take_in(&mut self, job: &Job, problems: &mut Vec<Problem>) -> Result<(), Fault> {
        if intake::is_current(&self.db, &self.shelf.folder, &self.store)? {
            return Ok(());
        }
        // A first index takes in ids in any order.
        self.db.pragma_update(None, "cache_size", -65536)?;
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if intake::catch_up(&tx, &self.shelf, &self.store, true, job, problems)? {
            index::raise(&tx, "revision")?;
        }
        tx.commit()?;
        self.db.pragma_update(None, "cache_size", -8192)?;
        Ok(())
    }

    /// A number that grows with every change by any process.
    pub fn revision(&self) -> Result<u64, StoreError> {
        self.said(index::state(&self.db, "revision")).map(|revision| revision as u64)
    }

    /// Begins an import. Nothing of it is visible before [`ArticleImport::finish`]; dropping it leaves nothing.
    /// `new_versions`: a known id with another text becomes a new version; else it is refused.
    pub fn begin(&mut self, by: &Author, new_versions: bool) -> Result<ArticleImport<'_>, StoreError> {
        ArticleImport::begin(self, by, new_versions).map_err(Fault::told)
    }

    /// The import with this [tag](ArticleImport::tag) was finished, and brought something.
    pub fn has_import(&self, tag: &str) -> Result<bool, StoreError> {
        let known = || Ok(intake::known(&self.db)?.keys().any(|name| folder::tag(name) == Some(tag)));
        self.said(known())
    }

    /// A document; with a hash, that version of its text, else the newest. Verified: a damaged one is an error that names file,
    /// line and document. Metadata is as it was edited.
    pub fn document(&self, id: &DocumentId, version: Option<TextHash>) -> Result<Option<Arc<Document>>, StoreError> {
        self.said(self.find(id.as_str(), version)).map(|document| document.map(Arc::new))
    }

    /// The text of a document that has this hash, or had it. Quick for the document that was read last.
    pub fn text(&self, id: &DocumentId, hash: TextHash) -> Result<Option<Text>, StoreError> {
        match self.shelf.last(id, hash) {
            Some(text) => Ok(Some(text)),
            None => Ok(self.document(id, Some(hash))?.map(|document| document.text.clone())),
        }
    }

    fn find(&self, id: &str, version: Option<TextHash>) -> Result<Option<Document>, Fault> {
        let newest = self
            .db
            .prepare_cached("SELECT meta, file, position, bytes, sum, number, sha256 FROM doc WHERE id = ?1")?
            .query_row([id], |row| Ok((place(row)?, row.get::<_, i64>(5)?, TextHash(row.get(6)?))))
            .optional()?;
        let Some((newest, number, sha256)) = newest else { return Ok(None) };
        let wanted = match version {
            Some(hash) if hash != sha256 => self
                .db
                .prepare_cached("SELECT meta, file, position, bytes, sum FROM older WHERE doc = ?1 AND sha256 = ?2")?
                .query_row(params![number, hash.0], place)
                .optional()?,
            _ => Some(newest),
        };
        let Some((edits, spot)) = wanted else { return Ok(None) };
        let mut document = self.shelf.read(&self.db, id, spot)?;
        changes::overlay(&mut document, edits.as_deref());
        Ok(Some(document))
    }

    /// Calls `visit` with every document that is not hidden, in order of id, until it says stop (`false`). Streams.
    pub fn each(&self, visit: &mut dyn FnMut(Arc<Document>) -> Result<bool, StoreError>) -> Result<(), StoreError> {
        let mut after: Option<String> = None;
        loop {
            let page = self.said(self.page(after.as_deref()))?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            let next = last.clone();
            for (id, (edits, spot)) in &page {
                let mut document = self.said(self.shelf.read(&self.db, id, *spot))?;
                changes::overlay(&mut document, edits.as_deref());
                if !visit(Arc::new(document))? {
                    return Ok(());
                }
            }
            after = Some(next);
        }
    }

    fn page(&self, after: Option<&str>) -> Result<Vec<(String, Placed)>, Fault> {
        let mut select = self.db.prepare_cached(
            "SELECT meta, file, position, bytes, sum, id FROM doc
             WHERE hidden = 0 AND (?1 IS NULL OR id > ?1) AND id >= coalesce(?1, '') ORDER BY id LIMIT ?2",
        )?;
        let rows = select.query_map(params![after, PAGE], |row| Ok((row.get(5)?, place(row)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The document has, or had, this text.
    pub fn text_exists(&self, id: &DocumentId, hash: TextHash) -> Result<bool, StoreError> {
        let newest = || Ok(self.newest(id.as_str())? == Some(hash) || self.was(id.as_str(), hash)?);
        self.said(newest())
    }

    /// The hash of a document's newest text, and whether it is hidden.
    pub fn head(&self, id: &DocumentId) -> Result<Option<(TextHash, bool)>, StoreError> {
        let head = |row: &rusqlite::Row<'_>| Ok((TextHash(row.get(0)?), row.get(1)?));
        let find = || {
            Ok(self
                .db
                .prepare_cached("SELECT sha256, hidden FROM doc WHERE id = ?1")?
                .query_row([id.as_str()], head)
                .optional()?)
        };
        self.said(find())
    }

    fn newest(&self, id: &str) -> Result<Option<TextHash>, Fault> {
        let mut select = self.db.prepare_cached("SELECT sha256 FROM doc WHERE id = ?1")?;
        Ok(select.query_row([id], |row| Ok(TextHash(row.get(0)?))).optional()?)
    }

    /// An older version of the document has this text.
    fn was(&self, id: &str, sha256: TextHash) -> Result<bool, Fault> {
        let number: Option<i64> = self
            .db
            .prepare_cached("SELECT number FROM doc WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        number.map_or(Ok(false), |number| index::is_older(&self.db, number, sha256))
    }

    fn writable(&self) -> Result<(), StoreError> {
        if self.read_only {
            return Err(StoreError::ReadOnly { why: "it was opened for reading only".to_owned() });
        }
        Ok(())
    }

    /// Tells a fault; an index that turns out to be damaged is marked, so that the next open builds it anew.
    fn said<T>(&self, outcome: Result<T, Fault>) -> Result<T, StoreError> {
        outcome.map_err(|fault| {
            if fault.spoiled() && !self.read_only {
                // If even this fails, the damage shows again at the next use.
                let _ = fs::write(self.store.join(SPOILED), b"");
            }
            fault.told()
        })
    }
}

/// Lies beside an index that is damaged.
const SPOILED: &str = "docs.damaged";

/// Edits, and where the line stands.
type Placed = (Option<String>, Spot);

fn place(row: &rusqlite::Row<'_>) -> rusqlite::Result<Placed> {
    Ok((row.get(0)?, changes::spot(row, 1)?))
}
