//! Keeping a project: documents, layers, the log. [`Store`] is what the rest of the program knows of it.
//!
//! Nothing above this folder knows SQL, file names or row numbers. Every implementation passes the same suite of tests; the memory
//! store is the model the others are compared with.

pub mod articles;
mod backup;
mod disk;
mod list;
mod memory;
mod mirror;
mod place;
mod project;
mod settle;
mod sieve;
mod sqlite;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use jiff::Timestamp;
use ulid::Ulid;

pub use backup::Backup;
pub use disk::Disk;
pub use memory::Memory;
pub use place::{Mount, mounts, why_not_here};
pub use project::{Project, open_store};
pub use sieve::Sieve;
pub use sqlite::{Options, Sqlite, backups, restore};

use crate::annotation::{Annotator, Layer, Status};
use crate::edit::{Direction, Edit, Kind, Transaction, TransactionId};
use crate::schema::LabelId;
use crate::text::{Document, DocumentId, Problem, Text, TextHash};

/// A project's documents, layers and log.
///
/// A store is one connection: [`Store::another`] opens a second one to the same project, for another thread. Several processes may
/// have the same project open.
pub trait Store: Send + fmt::Debug {
    /// A second connection to the same project.
    fn another(&self) -> Result<Box<dyn Store>, StoreError>;

    /// Why nothing can be written, if nothing can: a read-only folder, a newer format.
    fn read_only(&self) -> Option<String>;

    // ── documents

    /// What there is, from counters: never a scan.
    fn counts(&self) -> Result<Counts, StoreError>;

    /// The next `limit` documents after the key, in the order asked for. Paging is by key, never by offset.
    fn list(&self, query: &Query, after: Option<&RowKey>, limit: usize) -> Result<Vec<Row>, StoreError>;

    /// Every document that matches, in order, as numbers for [`Store::rows`]: 4 bytes a document, so that a list of a million scrolls
    /// by row. The numbers hold for this connection until documents are added. Stops early, with what it has, when cancelled.
    fn listing(&self, query: &Query, job: &Job) -> Result<Vec<u32>, StoreError>;

    /// The rows of some numbers, as `query.annotator` sees them.
    fn rows(&self, numbers: &[u32], query: &Query) -> Result<Vec<Row>, StoreError>;

    /// The number [`Store::listing`] gives a document.
    fn number(&self, id: &DocumentId) -> Result<Option<u32>, StoreError>;

    /// A document; with a hash, that version of its text, else the newest.
    fn document(&self, id: &DocumentId, version: Option<TextHash>) -> Result<Option<Arc<Document>>, StoreError>;

    /// Calls `visit` with every document that is not hidden, in order of id, until it says stop (`false`). Streams.
    fn each_document(&self, visit: &mut dyn FnMut(Arc<Document>) -> Result<bool, StoreError>)
    -> Result<(), StoreError>;

    /// Calls `visit` with the newest texts of the documents with these numbers, which grow from one to the next, in this order, until it
    /// says stop (`false`). It is nearly the order on disk, and the quickest way to read very many texts: whole blocks at a time, and
    /// texts that the sieve holds back are not parsed. A text that cannot be read comes as an error, and the others follow.
    /// Linear in the bytes that are read.
    fn texts(&self, numbers: &[u32], sieve: &Sieve, visit: &mut VisitText<'_>) -> Result<(), StoreError>;

    // ── layers

    /// One annotator's layer and the hash of the text it counts in; `None` where it was never written.
    fn layer(&self, id: &DocumentId, annotator: &Annotator) -> Result<Option<(Layer, TextHash)>, StoreError>;

    /// Whose layers a document has, without their spans, sorted by annotator.
    fn heads(&self, id: &DocumentId) -> Result<Vec<Head>, StoreError>;

    // ── the log

    /// Carries out a transaction and writes it to the log, durably: when this returns, it is on disk.
    /// `schema` is the stamp that changed layers get. A layer written for the first time counts in its document's newest text; one that
    /// undo or redo brings back counts in the text it counted in. Only what [`Store::newest`] gives can be undone or redone.
    fn commit(&mut self, transaction: &Transaction, schema: &str) -> Result<(), CommitError>;

    /// Adds active time to a layer that was written. Not in the log: time is not taken back.
    fn spend(&mut self, id: &DocumentId, annotator: &Annotator, seconds: u64) -> Result<(), StoreError>;

    /// The documents that an annotator worked on last, newest first, as far as their layers are finished and have active time. Looks at
    /// the last entries of the log only: what is older, or came with an import of layers, is not seen.
    fn worked(&self, annotator: &Annotator, limit: usize) -> Result<Vec<Worked>, StoreError>;

    /// The transaction whose [inverse](Transaction::inverse) is this author's next undo (or redo).
    fn newest(&self, author: &Annotator, direction: Direction) -> Result<Option<Transaction>, StoreError>;

    /// The title of [`Store::newest`] and how many edits it has: at once, however many there are.
    fn newest_title(&self, author: &Annotator, direction: Direction) -> Result<Option<(String, u64)>, StoreError>;

    /// The newest transactions, newest first, of one document or of all: what the history shows.
    fn log(&self, document: Option<&DocumentId>, limit: usize) -> Result<Vec<LogRow>, StoreError>;

    /// A number that grows with every commit of any process: what the once-a-second check compares.
    fn revision(&self) -> Result<u64, StoreError>;

    // ── import, care

    /// Begins an import. Nothing of it is visible before [`Import::finish`]; dropping it leaves nothing.
    fn import(&mut self, options: ImportOptions) -> Result<Box<dyn Import + '_>, StoreError>;

    /// Writes the mirror files that are due, and the changes of documents. Returns how many files.
    fn mirror(&mut self, job: &Job) -> Result<Mirrored, StoreError>;

    /// Gives an annotator another name in every layer; with a name that exists, merges where documents do not clash. One transaction.
    fn rename_annotator(&mut self, from: &Annotator, to: &Annotator, by: &Author) -> Result<Renamed, StoreError>;

    /// Every invariant: checksums of texts, the log against the rows, counters against a recount, the index against the files.
    fn check(&self, job: &Job) -> Result<Vec<Problem>, StoreError>;

    /// A verified copy of everything that cannot be rebuilt; where it is.
    fn backup(&mut self, at: Timestamp) -> Result<PathBuf, StoreError>;

    /// Remembers a source of `schema.ron` that could be read.
    fn keep_schema(&mut self, source: &str) -> Result<(), StoreError>;

    /// The source that was kept last: what to go on with where `schema.ron` cannot be read.
    fn last_schema(&self) -> Result<Option<String>, StoreError>;
}

/// What [`Store::texts`] calls: number, id, text.
pub type VisitText<'a> = dyn FnMut(u32, DocumentId, Result<Text, StoreError>) -> Result<bool, StoreError> + 'a;

/// A running import.
pub trait Import {
    /// Adds a document. The text of a document that is already there is compared by hash.
    fn document(&mut self, document: &Document) -> Result<Added, StoreError>;

    /// Adds a layer that counts in the text with this hash; its document is already there or was added before.
    fn layer(&mut self, document: &DocumentId, text: TextHash, layer: Layer) -> Result<LayerAdded, StoreError>;

    /// Makes everything visible at once, as one transaction (none where nothing came). Durable when it returns.
    fn finish(self: Box<Self>) -> Result<Option<TransactionId>, StoreError>;
}

/// How an import goes about it.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    pub by: Author,
    /// As the log shows it: "Import 214 documents from articles/".
    pub title: String,
    /// A known id with another text becomes a new version; else it is refused.
    pub new_versions: bool,
}

/// Who does something, when, on which machine.
#[derive(Clone, Debug)]
pub struct Author {
    pub annotator: Annotator,
    pub device: String,
    pub at: Timestamp,
    pub schema: String,
}

impl Author {
    /// These edits as one new transaction of the author.
    pub fn transaction(&self, title: String, edits: Vec<Edit>) -> Transaction {
        Transaction {
            id: TransactionId(Ulid::generate().to_string()),
            title,
            at: self.at,
            author: self.annotator.clone(),
            device: self.device.clone(),
            kind: Kind::Do,
            edits,
        }
    }
}

/// What became of a document in an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Added {
    New,
    /// The same id and the same text were there: skipped.
    Same,
    /// The same id with another text, now a version beside the old.
    NewVersion,
    /// The same id with another text, refused: the hash of the one we have.
    Different(TextHash),
}

/// What became of a layer in an import.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LayerAdded {
    New,
    /// It says what ours says, or less: ours knows everything it knows.
    Equal,
    /// It descends from ours and took its place (one undo).
    Replaced,
    /// Both changed: it is kept beside ours under this name.
    Beside(Annotator),
    /// Its text is not here; it was not imported.
    NoText,
}

/// What a mirror run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirrored {
    pub written: usize,
    /// Files that someone else changed since we last wrote them: imported first, then written.
    pub taken_in: usize,
    pub problems: Vec<Problem>,
}

/// What a renaming did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    pub layers: usize,
    /// Documents where both names have different layers: left as they were.
    pub clashes: Vec<DocumentId>,
}

/// Which documents, seen by whom, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Whose status and counts the rows show; documents that are untouched are so for this annotator.
    pub annotator: Option<Annotator>,
    pub status: Option<Status>,
    /// Documents in which this annotator (or anyone, where none is given) used the label.
    pub label: Option<LabelId>,
    pub source: Option<String>,
    pub flagged: bool,
    /// Words that must occur in title, id or source; case does not matter.
    pub words: String,
    pub sort: Sort,
    pub descending: bool,
    pub hidden: bool,
}

/// The order of a list; ties go by the bytes of the id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    #[default]
    Id,
    Title,
    Source,
    Date,
    Length,
}

/// Where a page of a list ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowKey {
    /// The value sorted by; empty for [`Sort::Id`].
    pub value: String,
    pub id: DocumentId,
}

/// One document in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: DocumentId,
    pub title: String,
    pub source: String,
    pub date: String,
    /// Length of the text in bytes.
    pub length: u64,
    pub hidden: bool,
    pub status: Status,
    pub flag: Option<String>,
    pub spans: u64,
}

/// A layer without its spans.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub annotator: Annotator,
    pub text: TextHash,
    pub version: u64,
    pub status: Status,
    pub flag: Option<String>,
    pub spans: u64,
    pub updated: Option<Timestamp>,
}

/// How long a finished document took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worked {
    pub document: DocumentId,
    /// Active time.
    pub seconds: u64,
    /// Length of the text.
    pub bytes: u64,
}

/// Entries of the log in which [`Store::worked`] looks for documents.
const RECENT: usize = 4_000;

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    pub id: TransactionId,
    pub title: String,
    pub at: Timestamp,
    pub author: Annotator,
    pub edits: u64,
    /// It is in effect: done and not undone, or an undo itself.
    pub effective: bool,
}

/// What a project holds. Hidden documents count only under `hidden`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub documents: u64,
    pub hidden: u64,
    /// Per annotator, sorted by name.
    pub annotators: Vec<AnnotatorCounts>,
    /// Documents by source, most first.
    pub sources: Vec<(String, u64)>,
}

/// What one annotator did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnnotatorCounts {
    pub annotator: String,
    pub in_progress: u64,
    pub finished: u64,
    pub skipped: u64,
    pub flagged: u64,
    pub seconds: u64,
    /// Spans by label, sorted by label.
    pub spans: Vec<(LabelId, u64)>,
}

/// Progress and cancelling of long work, shared between the thread that works and the one that shows it.
#[derive(Clone, Debug, Default)]
pub struct Job(Arc<JobState>);

#[derive(Debug, Default)]
struct JobState {
    cancelled: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

impl Job {
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Relaxed)
    }

    /// `done` of `total`; a total of 0 is not known.
    pub fn progress(&self) -> (u64, u64) {
        (self.0.done.load(Ordering::Relaxed), self.0.total.load(Ordering::Relaxed))
    }

    pub fn set(&self, done: u64, total: u64) {
        self.0.done.store(done, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
    }
}

/// What can go wrong with a store, told so that a person can act on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// The disk is full: nothing of the change is written, everything before it is.
    Full { what: String },
    /// The folder or file may not be written.
    ReadOnly { why: String },
    /// The operating system or the database refused. After a failed sync the handle is not used again.
    Io { what: String, why: String },
    /// Another window or program is writing. Nothing was changed; trying again later is fine.
    Busy,
    /// Something on disk is not what it must be; names it.
    Damaged { what: String, fix: String },
    /// The user cancelled.
    Cancelled,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { what } => {
                write!(f, "The disk is full: {what} was not saved. Everything saved before is intact. Free some space")
            }
            Self::ReadOnly { why } => write!(f, "The project is read-only: {why}"),
            Self::Io { what, why } => write!(f, "{what}: {why}"),
            Self::Busy => f.write_str(
                "Another window or program is writing to the project; nothing was changed. Try again in a moment",
            ),
            Self::Damaged { what, fix } => write!(f, "{what}. {fix}"),
            Self::Cancelled => f.write_str("Cancelled; nothing was changed"),
        }
    }
}

impl std::error::Error for StoreError {}

/// Why a transaction was not carried out. Nothing of it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommitError {
    /// The present is not what the transaction says was before: another window changed it.
    Stale(String),
    Store(StoreError),
}

impl fmt::Display for CommitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale(why) => write!(f, "Not done: {why}"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CommitError {}

impl From<StoreError> for CommitError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<CommitError> for StoreError {
    /// For changes that the store makes itself.
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Stale(why) => {
                Self::Io { what: "Not done, because of a change at the same time".to_owned(), why }
            }
            CommitError::Store(error) => error,
        }
    }
}
