//! Imports. Layers wait in a table of their own that nothing shows; the last step settles each against what is there then and writes them
//! with one transaction of the log.
//!
//! The moment an import with documents becomes real is when its documents do. If the program dies after that, the next open does the last step;
//! if it dies before, the next open removes what waited.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use ulid::Ulid;

use super::Documents;
use super::commit::LayerRows;
use super::failure::end_writing;
use super::log::{self, Place};
use super::rows::{self, Items, int, json};
use crate::annotation::{Annotator, Layer};
use crate::edit::record::{LayerRecord, encode_whole};
use crate::edit::{Kind, Transaction, TransactionId};
use crate::store::articles::{ArticleImport, Articles};
use crate::store::settle::{Counted, settle};
use crate::store::{Added, Author, Import, ImportOptions, LayerAdded, StoreError};
use crate::text::{Document, DocumentId, TextHash};

/// So many layers, or so many bytes of them, are written at a time.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 4 << 20;

/// Layers that wait for the last step of an import.
#[derive(Debug)]
pub(super) struct Staging {
    id: String,
    batch: Vec<Waiting>,
    bytes: usize,
    /// Where each layer of the batch goes.
    places: HashMap<(DocumentId, Annotator), usize>,
    count: u64,
    /// Held as long as the import runs, so that others see that it does.
    claim: PathBuf,
    _lock: File,
}

#[derive(Debug)]
struct Waiting {
    document: DocumentId,
    /// Under whose name it will stand, as things are.
    annotator: Annotator,
    text: TextHash,
    /// As it came, under the name it came with.
    record: String,
}

impl Staging {
    pub(super) fn new(db: &mut Connection, store: &Path, title: &str, by: &Author) -> Result<Self, StoreError> {
        let (id, claim, lock) = loop {
            let id = Ulid::generate().to_string();
            let claim = claim_file(store, &id);
            let told = |error| StoreError::of_file(&claim, &error);
            let file = OpenOptions::new().write(true).create_new(true).open(&claim).map_err(told)?;
            file.lock().map_err(told)?;
            // Someone who tidies up may have been quicker than our lock: then the file is gone, and another is made.
            if claim.exists() {
                break (id, claim, file);
            }
        };
        let Author { annotator, device, at, schema } = by;
        db.execute(
            "INSERT INTO import(id, title, at, author, device, schema, finishing) VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)",
            params![id, title, at.to_string(), annotator.as_str(), device, schema],
        )?;
        let (batch, places) = (Vec::new(), HashMap::new());
        Ok(Self { id, batch, bytes: 0, places, count: 0, claim, _lock: lock })
    }

    /// Adds a layer. What is said of it holds unless someone else changes the same layer before the last step.
    pub(super) fn add(
        &mut self,
        db: &mut Connection,
        document: &DocumentId,
        text: TextHash,
        theirs: LayerRecord,
    ) -> Result<LayerAdded, StoreError> {
        let record = json(&theirs)?;
        let (added, after) = settle((theirs, text), |annotator| self.find(db, document, annotator))?;
        if let Some(after) = after {
            self.bytes += record.len();
            let annotator = after.annotator;
            self.places.insert((document.clone(), annotator.clone()), self.batch.len());
            self.batch.push(Waiting { document: document.clone(), annotator, text, record });
            if self.batch.len() >= BATCH || self.bytes >= BATCH_BYTES {
                self.flush(db)?;
            }
        }
        Ok(added)
    }

    /// What will be there for an annotator: from this import, else what is there now.
    fn find(
        &self,
        db: &Connection,
        document: &DocumentId,
        annotator: &Annotator,
    ) -> Result<Option<Counted>, StoreError> {
        let read = |record: &str, text| {
            let record: LayerRecord = serde_json::from_str(record)?;
            Ok(Some((LayerRecord { annotator: annotator.clone(), ..record }, text)))
        };
        if let Some(place) = self.places.get(&(document.clone(), annotator.clone())) {
            let waiting = &self.batch[*place];
            return read(&waiting.record, waiting.text);
        }
        // Left to itself, the planner goes through the whole import by its primary key.
        let mut query = db.prepare_cached(
            "SELECT record, text FROM staged INDEXED BY staged_layer WHERE import = ?1 AND doc = ?2 AND annotator = ?3
             ORDER BY n DESC LIMIT 1",
        )?;
        let mut found = query.query(params![self.id, document.as_str(), annotator.as_str()])?;
        if let Some(row) = found.next()? {
            return read(row.get_ref(0)?.as_str().unwrap_or_default(), rows::hash(row, "text")?);
        }
        present(db, document, annotator)
    }

    fn flush(&mut self, db: &mut Connection) -> Result<(), StoreError> {
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut insert = change.prepare_cached(
                "INSERT INTO staged(import, n, doc, annotator, text, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for Waiting { document, annotator, text, record } in &self.batch {
                let (document, annotator) = (document.as_str(), annotator.as_str());
                insert.execute(params![self.id, int(self.count), document, annotator, text.0, record])?;
                self.count += 1;
            }
        }
        change.commit()?;
        self.batch.clear();
        self.places.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Nothing more comes. From here on a kill does not lose the import, once the documents of `tag` are there (empty: it brings none).
    pub(super) fn seal(&mut self, db: &mut Connection, tag: &str) -> Result<(), StoreError> {
        self.flush(db)?;
        db.execute("UPDATE import SET finishing = ?2 WHERE id = ?1", params![self.id, tag])?;
        Ok(())
    }

    /// The last step. `ours`: see [`LayerRows::finish`]; `and` is done in the same transaction of the database.
    pub(super) fn settle<T>(
        &self,
        db: &mut Connection,
        ours: bool,
        and: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<(Option<TransactionId>, T), StoreError> {
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let transaction = settle_all(&change, &self.id, ours)?;
        let done = and(&change)?;
        forget(&change, &self.id)?;
        change.commit()?;
        Ok((transaction, done))
    }

    /// Removes whatever is left of it.
    pub(super) fn end(&self, db: &Connection) -> Result<(), StoreError> {
        forget(db, &self.id)?;
        // If it cannot be removed now, the next open does it.
        let _ = fs::remove_file(&self.claim);
        Ok(())
    }
}

fn claim_file(store: &Path, id: &str) -> PathBuf {
    store.join(format!("import-{id}"))
}

fn present(db: &Connection, document: &DocumentId, annotator: &Annotator) -> Result<Option<Counted>, StoreError> {
    let head = rows::head(db, document, annotator)?;
    head.map(|head| Ok((Items { db, document, annotator }.record(&head)?, head.text))).transpose()
}

fn forget(db: &Connection, id: &str) -> Result<(), StoreError> {
    db.execute("DELETE FROM staged WHERE import = ?1", [id])?;
    db.execute("DELETE FROM import WHERE id = ?1", [id])?;
    Ok(())
}

/// Settles what waits, in the order in which it came, and writes it as one transaction. One layer in memory at a time.
fn settle_all(db: &Connection, id: &str, ours: bool) -> Result<Option<TransactionId>, StoreError> {
    let sql = "SELECT title, at, author, device, schema FROM import WHERE id = ?1";
    let (title, at, author, device, schema) = db.query_row(sql, [id], |row| {
        let at: String = row.get(1)?;
        Ok((row.get(0)?, at, row.get::<_, String>(2)?, row.get(3)?, row.get::<_, String>(4)?))
    })?;
    let transaction = Transaction {
        id: TransactionId(id.to_owned()),
        title,
        at: at.parse().map_err(|_| StoreError::damaged("The time of an import is no time"))?,
        author: Annotator::from(author),
        device,
        kind: Kind::Do,
        edits: Vec::new(),
    };
    let seq = log::next_seq(db)?;
    let mut edits = 0;
    let mut query = db.prepare("SELECT doc, text, record FROM staged WHERE import = ?1 ORDER BY n")?;
    let mut waiting = query.query([id])?;
    while let Some(row) = waiting.next()? {
        let document = DocumentId(row.get(0)?);
        let text = rows::hash(row, "text")?;
        let theirs: LayerRecord = serde_json::from_str(row.get_ref(2)?.as_str().unwrap_or_default())?;
        let came_as = theirs.annotator.clone();
        let (_, after) = settle((theirs, text), |annotator| present(db, &document, annotator))?;
        let Some(after) = after else { continue };
        let annotator = after.annotator.clone();
        let before = present(db, &document, &annotator)?.map(|(record, _)| record);
        let items = Items { db, document: &document, annotator: &annotator };
        let mut layer = LayerRows::new(rows::head(db, &document, &annotator)?, text);
        layer.replace(items, before.as_ref(), Some(&after))?;
        let texts = layer.finish(items, &transaction, &schema, ours || annotator != came_as)?;
        let record = encode_whole(&document, &annotator, before.as_ref(), Some(&after));
        let place = Place { seq, n: edits, document: Some(&document), annotator: Some(&annotator) };
        log::append_edit(db, place, &record, texts)?;
        edits += 1;
    }
    if edits == 0 {
        return Ok(None);
    }
    log::append_entry(db, seq, &transaction, &schema, edits)?;
    Ok(Some(transaction.id))
}

/// Finishes or removes what imports left whose process died.
pub(super) fn recover(db: &mut Connection, store: &Path, articles: &Articles) -> Result<(), StoreError> {
    let imports: Vec<(String, Option<String>)> = {
        let mut query = db.prepare("SELECT id, finishing FROM import")?;
        let found = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        found.collect::<Result<_, _>>()?
    };
    for (id, finishing) in imports {
        let claim = claim_file(store, &id);
        if let Ok(file) = File::open(&claim)
            && file.try_lock().is_err()
        {
            continue;
        }
        let real = match finishing {
            None => false,
            Some(tag) => tag.is_empty() || articles.has_import(&tag)?,
        };
        let change = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let there = change.query_row("SELECT 1 FROM import WHERE id = ?1", [&id], |_| Ok(())).optional()?;
        if there.is_some() {
            if real {
                settle_all(&change, &id, true)?;
            }
            forget(&change, &id)?;
        }
        change.commit()?;
        let _ = fs::remove_file(&claim);
    }
    remove_claims(db, store)
}

/// Claims whose import is over, or never began.
fn remove_claims(db: &Connection, store: &Path) -> Result<(), StoreError> {
    let told = |error| StoreError::of_file(store, &error);
    for entry in fs::read_dir(store).map_err(told)? {
        let entry = entry.map_err(told)?;
        let name = entry.file_name().into_string().unwrap_or_default();
        let Some(id) = name.strip_prefix("import-") else { continue };
        if let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
            && !db.prepare_cached("SELECT 1 FROM import WHERE id = ?1")?.exists([id])?
        {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// An import as the [`Import`] trait has it: documents and layers.
pub(super) struct SqliteImport<'a> {
    pub db: &'a mut Connection,
    pub articles: Option<ArticleImport<'a>>,
    pub staging: Staging,
    pub documents: u64,
    pub finished: bool,
    /// Why nothing more is written, once that is so.
    read_only: &'a mut Option<String>,
}

impl<'a> SqliteImport<'a> {
    pub(super) fn new(
        db: &'a mut Connection,
        documents: &'a mut Documents,
        store: &Path,
        read_only: &'a mut Option<String>,
        options: &ImportOptions,
    ) -> Result<Self, StoreError> {
        let articles = Some(documents.articles.begin(&options.by, options.new_versions)?);
        let staging = Staging::new(db, store, &options.title, &options.by)?;
        Ok(Self { db, articles, staging, documents: 0, finished: false, read_only })
    }

    fn articles(&mut self) -> Result<&mut ArticleImport<'a>, StoreError> {
        self.articles.as_mut().ok_or(StoreError::Cancelled)
    }
}

impl Import for SqliteImport<'_> {
    fn document(&mut self, document: &Document) -> Result<Added, StoreError> {
        let added = self.articles()?.add(document)?;
        self.documents += u64::from(matches!(added, Added::New | Added::NewVersion));
        Ok(added)
    }

    fn layer(&mut self, document: &DocumentId, text: TextHash, layer: Layer) -> Result<LayerAdded, StoreError> {
        if !self.articles()?.text_exists(document, text)? {
            return Ok(LayerAdded::NoText);
        }
        let added = self.staging.add(self.db, document, text, LayerRecord::from(&layer));
        added.inspect_err(|error| end_writing(self.read_only, error))
    }

    fn finish(mut self: Box<Self>) -> Result<Option<TransactionId>, StoreError> {
        let Some(articles) = self.articles.take() else { return Ok(None) };
        let tag = if self.documents > 0 { articles.tag().to_owned() } else { String::new() };
        self.staging.seal(self.db, &tag)?;
        articles.finish()?;
        // What is left if the next step fails is finished at the next open.
        self.finished = true;
        let settled = self.staging.settle(self.db, true, |_| Ok(()));
        let (transaction, ()) = settled.inspect_err(|error| end_writing(self.read_only, error))?;
        self.staging.end(self.db)?;
        Ok(transaction)
    }
}

impl Drop for SqliteImport<'_> {
    fn drop(&mut self) {
        if !self.finished {
            // If this fails, the next open does it.
            let _ = self.staging.end(self.db);
        }
    }
}
