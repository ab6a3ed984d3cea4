//! [`Sqlite`]: a project on disk. `work.db` holds layers, log and counters; [`super::articles`] holds the documents; the mirrors under `layers/`
//! carry the layers out of the database, for version control and for colleagues.

mod check;
mod commit;
mod counters;
mod documents;
mod failure;
mod import;
mod intake;
mod log;
mod mirrors;
mod outbox;
mod restore;
mod rows;
mod tables;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

pub use restore::{backups, restore};

use self::documents::Documents;
use self::import::SqliteImport;
use self::rows::Items;
use self::tables::Mode;
use super::articles::Articles;
use super::backup;
use super::disk::Disk;
use super::project::Project;
use super::{
    Author, CommitError, Counts, Head, Import, ImportOptions, Job, LogRow, Mirrored, Query, Renamed, Row, RowKey,
    Sieve, Store, StoreError, VisitText, Worked,
};
use crate::annotation::{Annotator, Layer};
use crate::edit::{Direction, Transaction};
use crate::text::{Document, DocumentId, Place, Problem, Text, TextHash};

/// A project on disk: one connection.
#[derive(Debug)]
pub struct Sqlite {
    /// Closed first: the lists read `work.db` too, and the last to close it must be able to tidy it up.
    documents: Documents,
    db: Connection,
    /// The `.store` folder, wherever it lies.
    store: PathBuf,
    mode: Mode,
    read_only: Option<String>,
    options: Options,
}

/// How a project is opened. The defaults are right; the rest is for tests and for odd machines.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `work.db` may have at most so many pages of 4 KiB.
    pub pages: Option<u32>,
    /// How mirrors and the schema are written.
    pub disk: Disk,
}

impl Sqlite {
    /// Opens a project: takes its database to our format, finishes or removes what a kill left, takes in mirrors that others changed.
    /// Without a database, makes it from `layers/`. What is worth saying is in the second part.
    pub fn open(project: &Project, options: Options, job: &Job) -> Result<(Self, Mirrored), StoreError> {
        let store = project.store().to_owned();
        let mut read_only = project.read_only().map(str::to_owned);
        let file = store.join("work.db");
        // What is read only and has no database of its own gets one in the user's folder; that one we may write.
        let mode = if read_only.is_some() && file.exists() && store.starts_with(project.folder()) {
            tables::reading_mode(&file)
        } else {
            Mode::Write
        };
        let mut db = tables::connect(&file, mode, options.pages)?;
        if tables::format(&db)? > tables::STEPS.len() {
            let why = "it was last opened by a newer Spanwright; install that version to work on it";
            read_only.get_or_insert_with(|| why.to_owned());
        } else if mode == Mode::Write {
            tables::migrate(&mut db, |db| backup::make(db, &restore::folder(&store), Timestamp::now()).map(drop))?;
        }
        let writes = mode == Mode::Write && tables::format(&db)? == tables::STEPS.len();
        let (articles, problems) = Articles::open(project.folder(), &store, read_only.is_some(), job)?;
        let folder = project.folder().to_owned();
        let documents = Documents { articles, folder, disk: options.disk.clone(), read_only: read_only.is_some() };
        let mut sqlite = Self { documents, db, store, mode, read_only, options };
        let mut report = Mirrored { problems, ..Mirrored::default() };
        if sqlite.read_only.is_none() {
            import::recover(&mut sqlite.db, &sqlite.store, &sqlite.documents.articles)?;
            sqlite.write(|_, _| Ok(()))?;
        }
        if writes {
            sqlite.count_hidden()?;
            mirrors::look(&mut sqlite, &mut report)?;
        }
        let now = Timestamp::now();
        if sqlite.read_only.is_none()
            && backup::is_due(&restore::folder(&sqlite.store), now)?
            && let Err(error) = sqlite.backup(now)
        {
            let problem = Problem::warning(Place::file(".store/backups"), format!("no backup was made: {error}"));
            report.problems.push(problem.fix("The older backups are still there"));
        }
        Ok((sqlite, report))
    }

    /// Changes the database in one transaction, all or nothing. After a failure of the system nothing more is written through this connection.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Connection, &Documents) -> Result<T, CommitError>,
    ) -> Result<T, CommitError> {
        if let Some(why) = &self.read_only {
            return Err(StoreError::ReadOnly { why: why.clone() }.into());
        }
        let result = self.change(work);
        if let Err(CommitError::Store(error)) = &result {
            failure::end_writing(&mut self.read_only, error);
        }
        result
    }

    fn change<T>(
        &mut self,
        work: impl FnOnce(&Connection, &Documents) -> Result<T, CommitError>,
    ) -> Result<T, CommitError> {
        let sql = |error: rusqlite::Error| CommitError::Store(error.into());
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        if outbox::is_due(&change)? {
            outbox::empty(&change, &mut self.documents)?;
        }
        let done = work(&change, &self.documents)?;
        change.commit().map_err(sql)?;
        Ok(done)
    }

    /// Documents may have been hidden elsewhere: the counters follow.
    fn count_hidden(&mut self) -> Result<(), StoreError> {
        let hidden = self.hidden()?;
        let change = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        counters::reconcile(&change, &hidden)?;
        Ok(change.commit()?)
    }

    /// The hidden documents, as `articles/` has them.
    fn hidden(&self) -> Result<BTreeSet<String>, StoreError> {
        let query = Query { hidden: true, ..Query::default() };
        let mut hidden = BTreeSet::new();
        let mut after = None;
        loop {
            let page = self.documents.articles.list(&query, after.as_ref(), 1000)?;
            let Some(last) = page.last() else { return Ok(hidden) };
            after = Some(RowKey { value: String::new(), id: last.id.clone() });
            hidden.extend(page.into_iter().map(|row| row.id.0));
        }
    }

    fn text(&self, id: &DocumentId, hash: TextHash) -> Result<Text, StoreError> {
        self.documents.text(id, hash)
    }
}

impl Store for Sqlite {
    fn another(&self) -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(Self {
            db: tables::connect(&self.store.join("work.db"), self.mode, self.options.pages)?,
            documents: self.documents.another()?,
            store: self.store.clone(),
            mode: self.mode,
            read_only: self.read_only.clone(),
            options: self.options.clone(),
        }))
    }

    fn read_only(&self) -> Option<String> {
        self.read_only.clone()
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        Ok(Counts { annotators: counters::read(&self.db)?, ..self.documents.articles.counts()? })
    }

    fn list(&self, query: &Query, after: Option<&RowKey>, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.documents.articles.list(query, after, limit)
    }

    fn listing(&self, query: &Query, job: &Job) -> Result<Vec<u32>, StoreError> {
        self.documents.articles.listing(query, job)
    }

    fn rows(&self, numbers: &[u32], query: &Query) -> Result<Vec<Row>, StoreError> {
        self.documents.articles.rows(numbers, query)
    }

    fn number(&self, id: &DocumentId) -> Result<Option<u32>, StoreError> {
        self.documents.articles.number(id)
    }

    fn document(&self, id: &DocumentId, version: Option<TextHash>) -> Result<Option<Arc<Document>>, StoreError> {
        self.documents.articles.document(id, version)
    }

    fn each_document(
        &self,
        visit: &mut dyn FnMut(Arc<Document>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        self.documents.articles.each(visit)
    }

    fn texts(&self, numbers: &[u32], sieve: &Sieve, visit: &mut VisitText<'_>) -> Result<(), StoreError> {
        self.documents.articles.texts(numbers, sieve, visit)
    }

    fn layer(&self, id: &DocumentId, annotator: &Annotator) -> Result<Option<(Layer, TextHash)>, StoreError> {
        // Head and rows of one moment.
        let moment = self.db.unchecked_transaction()?;
        let Some(head) = rows::head(&moment, id, annotator)? else { return Ok(None) };
        let record = Items { db: &moment, document: id, annotator }.record(&head)?;
        drop(moment);
        Ok(Some((record.into_layer(&self.text(id, head.text)?)?, head.text)))
    }

    fn heads(&self, id: &DocumentId) -> Result<Vec<Head>, StoreError> {
        let head = |head: rows::Head| Head {
            annotator: head.layer.annotator,
            text: head.text,
            version: head.layer.version,
            status: head.layer.status,
            flag: head.layer.flag,
            spans: head.spans,
            updated: head.layer.updated,
        };
        Ok(rows::heads(&self.db, id)?.into_iter().map(head).collect())
    }

    fn commit(&mut self, transaction: &Transaction, schema: &str) -> Result<(), CommitError> {
        self.write(|db, documents| commit::commit(db, documents, transaction, schema))?;
        if outbox::is_due(&self.db)? {
            // The change is durable. What cannot go into its file now waits for the next change, and for `mirror`, which tells.
            let _ = self.write(|_, _| Ok(()));
        }
        Ok(())
    }

    fn spend(&mut self, id: &DocumentId, annotator: &Annotator, seconds: u64) -> Result<(), StoreError> {
        Ok(self.write(|db, _| Ok(commit::spend(db, id, annotator, seconds)?))?)
    }

    fn worked(&self, annotator: &Annotator, limit: usize) -> Result<Vec<Worked>, StoreError> {
        let mut worked = Vec::new();
        for (document, seconds) in rows::worked(&self.db, annotator, limit)? {
            let number = self.number(&document)?;
            let query = Query { annotator: Some(annotator.clone()), ..Query::default() };
            let found = self.rows(number.as_slice(), &query)?;
            worked.extend(found.first().map(|row| Worked { document, seconds, bytes: row.length }));
        }
        Ok(worked)
    }

    fn newest(&self, author: &Annotator, direction: Direction) -> Result<Option<Transaction>, StoreError> {
        let moment = self.db.unchecked_transaction()?;
        let Some((_, seq)) = log::next(&moment, author, direction)? else { return Ok(None) };
        // Edits of one document stand together: its text is read once.
        let known: RefCell<Option<(DocumentId, TextHash, Text)>> = RefCell::new(None);
        let find = |id: &DocumentId, hash| {
            if let Some((_, _, text)) = known.borrow().as_ref().filter(|known| known.0 == *id && known.1 == hash) {
                return Ok(Some(text.clone()));
            }
            let text = self.text(id, hash)?;
            known.replace(Some((id.clone(), hash, text.clone())));
            Ok(Some(text))
        };
        Ok(Some(log::read(&moment, seq, &find)?))
    }

    fn newest_title(&self, author: &Annotator, direction: Direction) -> Result<Option<(String, u64)>, StoreError> {
        let moment = self.db.unchecked_transaction()?;
        let Some((_, seq)) = log::next(&moment, author, direction)? else { return Ok(None) };
        Ok(Some(log::title(&moment, seq)?))
    }

    fn log(&self, document: Option<&DocumentId>, limit: usize) -> Result<Vec<LogRow>, StoreError> {
        log::rows(&self.db, document, limit)
    }

    fn revision(&self) -> Result<u64, StoreError> {
        Ok(log::last(&self.db)? + self.documents.articles.revision()?)
    }

    fn import(&mut self, options: ImportOptions) -> Result<Box<dyn Import + '_>, StoreError> {
        if let Some(why) = &self.read_only {
            return Err(StoreError::ReadOnly { why: why.clone() });
        }
        let Self { db, documents, store, read_only, .. } = self;
        Ok(Box::new(SqliteImport::new(db, documents, store, read_only, &options)?))
    }

    fn mirror(&mut self, job: &Job) -> Result<Mirrored, StoreError> {
        mirrors::run(self, job).inspect_err(|error| failure::end_writing(&mut self.read_only, error))
    }

    fn rename_annotator(&mut self, from: &Annotator, to: &Annotator, by: &Author) -> Result<Renamed, StoreError> {
        Ok(self.write(|db, _| commit::rename(db, from, to, by))?)
    }

    fn check(&self, job: &Job) -> Result<Vec<Problem>, StoreError> {
        // All of it at one moment.
        let moment = self.db.unchecked_transaction()?;
        let mut problems = check::check(&moment, &self.documents, &self.hidden()?, job)?;
        problems.extend(self.documents.articles.check(job)?);
        Ok(problems)
    }

    fn backup(&mut self, at: Timestamp) -> Result<PathBuf, StoreError> {
        backup::make(&self.db, &restore::folder(&self.store), at)
    }

    fn keep_schema(&mut self, source: &str) -> Result<(), StoreError> {
        if self.last_schema()?.as_deref() == Some(source) {
            return Ok(());
        }
        Ok(self.write(|db, _| Ok(commit::keep_schema(db, source)?))?)
    }

    fn last_schema(&self) -> Result<Option<String>, StoreError> {
        let newest = "SELECT source FROM schema_version ORDER BY n DESC LIMIT 1";
        Ok(self.db.query_row(newest, [], |row| row.get(0)).optional()?)
    }
}
