//! [`ArticleImport`]: new articles, all or nothing. Lines go to drafts in `articles/`, what the index needs to a private database;
//! at the end the drafts get their names and the index learns of them in one transaction, which is the moment they become visible.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use rusqlite::{Connection, TransactionBehavior, params};
use serde_json::{Value, json};

use super::bulk::Bulk;
use super::fault::{Fault, io as told};
use super::folder::{self, Found, Mark};
use super::index::{self, Entry, Put, Spot};
use super::seen::Seen;
use super::{Articles, edit, intake, line};
use crate::annotation::exchange::write_document;
use crate::store::{Added, Author, Job, StoreError};
use crate::text::{Document, DocumentId, TextHash};

/// A part that has reached this size is closed, and another begun, unless told otherwise.
const PART: u64 = 256 << 20;

const STAGED: &str = "
    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;
    CREATE TABLE staged(
        number INTEGER PRIMARY KEY, id TEXT, title TEXT, source TEXT, date TEXT, length INTEGER, sha256 BLOB, part INTEGER,
        position INTEGER, bytes INTEGER, sum INTEGER
    );
    BEGIN;
";

/// A running import. Nothing of it is visible before [`finish`](Self::finish); dropped before that, it leaves nothing.
#[derive(Debug)]
pub struct ArticleImport<'a> {
    articles: &'a mut Articles,
    by: Author,
    new_versions: bool,
    /// Taken when it is over.
    mark: Option<Mark>,
    /// Nothing was there when it began.
    first: bool,
    seen: Seen,
    staged: Connection,
    /// The staged ones can be found by id: only needed once an id seems to come again.
    by_id: bool,
    parts: Vec<Part>,
    out: Option<BufWriter<File>>,
    line: Vec<u8>,
    added: u64,
    versions: bool,
    split: u64,
}

#[derive(Debug)]
struct Part {
    /// The draft, and once it has its name that.
    path: PathBuf,
    size: u64,
    sum: u64,
}

impl<'a> ArticleImport<'a> {
    pub(super) fn begin(articles: &'a mut Articles, by: &Author, new_versions: bool) -> Result<Self, Fault> {
        articles.writable()?;
        let staged = Connection::open("")?;
        staged.execute_batch(STAGED)?;
        let mark = Mark::new(&articles.store)?;
        let first = !articles.db.prepare_cached("SELECT 1 FROM doc LIMIT 1")?.exists([])?;
        Ok(Self {
            articles,
            by: by.clone(),
            new_versions,
            mark: Some(mark),
            first,
            seen: Seen::new(),
            staged,
            by_id: false,
            parts: Vec::new(),
            out: None,
            line: Vec::new(),
            added: 0,
            versions: false,
            split: PART,
        })
    }

    /// Begins a new article file whenever one has reached this many bytes; 256 MiB unless told.
    #[must_use]
    pub fn split_at(mut self, bytes: u64) -> Self {
        self.split = bytes;
        self
    }

    /// Adds a document, or says why not.
    pub fn add(&mut self, document: &Document) -> Result<Added, StoreError> {
        self.place(document).map_err(Fault::told)
    }

    fn place(&mut self, document: &Document) -> Result<Added, Fault> {
        let (id, sha256) = (document.id.as_str(), document.text.sha256());
        let staged = if self.seen.meet(id) { self.staged_text(id, sha256)? } else { None };
        let before = match staged {
            // Whoever imports the same at the same time is noticed at the end.
            None if !self.first => self.articles.newest(id)?,
            staged => staged,
        };
        let added = match before {
            None => Added::New,
            Some(newest) if newest == sha256 => return Ok(Added::Same),
            Some(newest) if !self.new_versions => return Ok(Added::Different(newest)),
            // An older text of the document is here already.
            Some(_) if self.articles.was(id, sha256)? => return Ok(Added::Same),
            Some(_) => Added::NewVersion,
        };
        self.versions |= added == Added::NewVersion;
        self.write(document)?;
        self.added += 1;
        Ok(added)
    }

    /// The newest text that this import brought for an id; `sha256` itself if it brought that at any time.
    fn staged_text(&mut self, id: &str, sha256: TextHash) -> Result<Option<TextHash>, Fault> {
        if !std::mem::replace(&mut self.by_id, true) {
            self.staged.execute_batch("CREATE INDEX staged_id ON staged(id)")?;
        }
        let mut find = self.staged.prepare_cached("SELECT sha256 FROM staged WHERE id = ?1 ORDER BY number DESC")?;
        let texts: Vec<TextHash> = find.query_map([id], |row| Ok(TextHash(row.get(0)?)))?.collect::<Result<_, _>>()?;
        Ok(if texts.contains(&sha256) { Some(sha256) } else { texts.first().copied() })
    }

    fn write(&mut self, document: &Document) -> Result<(), Fault> {
        self.line.clear();
        write_document(&mut self.line, document).map_err(|error| told(&self.articles.shelf.folder, &error))?;
        if self.parts.last().is_none_or(|part| part.size >= self.split) {
            self.close()?;
            let path = self.articles.shelf.folder.join(folder::draft(self.parts.len() + 1, self.tag()));
            let file = File::create_new(&path).map_err(|error| told(&path, &error))?;
            self.out = Some(BufWriter::with_capacity(1 << 20, file));
            self.parts.push(Part { path, size: 0, sum: 0 });
        }
        let number = self.parts.len() - 1;
        let (part, Some(out)) = (&mut self.parts[number], &mut self.out) else { return Ok(()) };
        out.write_all(&self.line).map_err(|error| told(&part.path, &error))?;
        let (sum, bytes) = (line::sum(&self.line), self.line.len() as u64);
        let text = |key| document.meta_text(key).unwrap_or_default();
        self.staged
            .prepare_cached("INSERT INTO staged VALUES(NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")?
            .execute(params![
                document.id.as_str(),
                document.title(),
                text("source"),
                text("date"),
                (document.text.len() as u64).cast_signed(),
                document.text.sha256().0,
                (number as u64).cast_signed(),
                part.size.cast_signed(),
                bytes.cast_signed(),
                sum.cast_signed()
            ])?;
        part.size += bytes;
        part.sum = line::fold(part.sum, sum);
        Ok(())
    }

    /// Ends the open part, durably.
    fn close(&mut self) -> Result<(), StoreError> {
        let (Some(out), Some(part)) = (self.out.take(), self.parts.last()) else { return Ok(()) };
        let file = out.into_inner().map_err(|error| told(&part.path, error.error()))?;
        file.sync_all().map_err(|error| told(&part.path, &error))
    }

    /// The document has this text, or this import brought it.
    pub fn text_exists(&mut self, id: &DocumentId, hash: TextHash) -> Result<bool, StoreError> {
        let staged = if self.seen.met(id.as_str()) { self.staged_text(id.as_str(), hash) } else { Ok(None) };
        if staged.map_err(Fault::told)? == Some(hash) { Ok(true) } else { self.articles.text_exists(id, hash) }
    }

    /// What the names of its files carry; [`Articles::has_import`] knows it once the import is finished.
    pub fn tag(&self) -> &str {
        self.mark.as_ref().map_or("", |mark| &mark.tag)
    }

    /// Makes everything visible at once, durably. Returns how many documents and versions came in.
    pub fn finish(mut self) -> Result<u64, StoreError> {
        if self.added > 0 {
            self.close()?;
            self.publish().map_err(Fault::told)?;
            self.parts.clear();
        }
        if let Some(mark) = self.mark.take() {
            mark.remove()?;
        }
        Ok(self.added)
    }

    fn publish(&mut self) -> Result<(), Fault> {
        let tag = self.tag().to_owned();
        let Articles { db, shelf, store, noticed, .. } = &mut *self.articles;
        let folder = &shelf.folder;
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        intake::catch_up(&tx, shelf, store, true, &Job::default(), noticed)?;
        let bulk = Bulk::of(&tx, self.added, !self.versions)?;
        // Entries come in any order of ids: their index should stay in memory, or be sorted there.
        tx.pragma_update(None, "cache_size", if bulk == Bulk::No { -8192 } else { -65536 })?;
        bulk.begin(&tx)?;
        let mut names = Vec::new();
        for (number, part) in (folder::next_number(folder)?..).zip(&mut self.parts) {
            let name = folder::name(number, &tag);
            let path = folder.join(&name);
            fs::rename(&part.path, &path).map_err(|error| told(&path, &error))?;
            part.path = path;
            names.push(name);
        }
        folder::sync(folder)?;
        let mut files = Vec::new();
        for (name, part) in names.iter().zip(&self.parts) {
            let modified = Found::at(&part.path)?.map_or(0, |found| found.modified);
            tx.execute(
                "INSERT INTO file(name, size, modified, sum, taken, versions) VALUES(?1, ?2, ?3, ?4, ?2, ?5)",
                params![name, part.size.cast_signed(), modified, part.sum.cast_signed(), self.versions],
            )?;
            files.push(tx.last_insert_rowid());
        }
        {
            let mut staged = self.staged.prepare("SELECT * FROM staged ORDER BY number")?;
            let mut rows = staged.query([])?;
            while let Some(row) = rows.next()? {
                let text = |column| Ok::<_, Fault>(row.get_ref(column)?.as_str()?);
                let number = |column| row.get::<_, i64>(column);
                let entry = Entry {
                    id: text(1)?,
                    title: text(2)?,
                    source: text(3)?,
                    date: text(4)?,
                    length: number(5)? as u64,
                    sha256: TextHash(row.get(6)?),
                    spot: Spot {
                        file: files[number(7)? as usize],
                        position: number(8)? as u64,
                        bytes: number(9)? as u64,
                        sum: number(10)?.cast_unsigned(),
                    },
                };
                if bulk == Bulk::First {
                    index::insert(&tx, &entry)?;
                } else if index::put(&tx, &entry, self.versions)? == Put::Clash {
                    return Err(Fault::Told(StoreError::Io {
                        what: format!("The document {} came in from another window with another text", entry.id),
                        why: "nothing of this import was kept; import again".to_owned(),
                    }));
                }
            }
        }
        bulk.end(&tx)?;
        let line = json!({"at": self.by.at, "by": self.by.annotator, "versions": names});
        let lines: &[Value] = if self.versions { &[line] } else { &[] };
        let appended = edit::append(&tx, shelf, lines, noticed)?;
        index::raise(&tx, "revision")?;
        tx.commit()?;
        appended.keep();
        self.articles.db.pragma_update(None, "cache_size", -8192)?;
        Ok(())
    }
}

impl Drop for ArticleImport<'_> {
    fn drop(&mut self) {
        self.out = None;
        let Some(mark) = self.mark.take() else { return };
        // What cannot be removed now is removed at the next open: the mark stays.
        let removed: BTreeSet<bool> = self.parts.iter().map(|part| fs::remove_file(&part.path).is_ok()).collect();
        if !removed.contains(&false) {
            let _ = mark.remove();
        }
    }
}
