//! The way to disk: a thread that commits one transaction after the other and says when each is safe.
//!
//! "Saved" is said only after the commit returned. What could not be written stays here, in order, and is never dropped: it can be
//! tried again, or rescued to a file elsewhere.

use std::collections::VecDeque;
use std::fmt;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;

use super::assign::{self, Loaded};
use super::crash;
use super::watch::{Sight, Watch};
use crate::annotation::Annotator;
use crate::edit::{Transaction, TransactionId};
use crate::store::{CommitError, Job, Mirrored, Store, StoreError};
use crate::text::DocumentId;

/// What the thread has to say.
#[derive(Debug)]
pub enum Report {
    /// On disk.
    Saved(TransactionId),
    /// Not on disk, and nothing of it is: the transaction comes back.
    Failed(Box<Transaction>, CommitError),
    Mirrored(Result<Mirrored, StoreError>),
    BackedUp(Result<std::path::PathBuf, StoreError>),
    /// Someone else changed the project.
    Changed,
    /// Active seconds that could not be written.
    Unspent(DocumentId, u64),
    /// Someone changed the files that people edit, or the folder came or went.
    Seen(Sight),
    /// `assignments.ron` was read.
    Assigned(Loaded),
}

enum Order {
    Commit(Box<Transaction>, String),
    Mirror,
    Backup(Timestamp),
    /// Adds active time, in seconds.
    Spend(DocumentId, Annotator, u64),
    /// Look after this folder too.
    Watch(Watch),
    /// Look now whether someone else changed something.
    Look,
    /// Read the assignments again: the documents are others.
    Reassign,
    /// What failed works again, on this connection.
    Resume(Box<dyn Store>),
    /// Answers when everything before it is done.
    Flush(Sender<()>),
}

/// Called from the thread after each report, to wake a window that sleeps.
pub type Wake = Box<dyn Fn() + Send>;

/// The queue to the thread, and what it has not yet confirmed.
pub struct Journal {
    orders: Option<Sender<Order>>,
    reports: Receiver<Report>,
    pending: VecDeque<TransactionId>,
    /// Before a crash report is written, everything handed over is on disk.
    guard: Option<crash::Guard>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("pending", &self.pending).finish_non_exhaustive()
    }
}

/// How often the thread looks whether another process changed the project.
const LOOK: Duration = Duration::from_secs(1);
const THREAD: &str = "journal";
/// How long a crash waits for what is not on disk yet.
const PATIENCE: Duration = Duration::from_secs(5);

impl Journal {
    /// Starts the thread. `store` is its own connection.
    pub fn start(store: Box<dyn Store>, wake: Wake) -> Result<Self, StoreError> {
        let (orders, inbox) = channel();
        let (outbox, reports) = channel();
        // Now and not when the thread comes to it: what others do from here on is news.
        let seen = store.revision().ok();
        let work = move || Worker { store, outbox, wake, failed: false, watch: None, seen }.run(&inbox);
        let thread = std::thread::Builder::new().name(THREAD.to_owned()).spawn(work).map_err(|error| {
            StoreError::Io { what: "Could not start the thread that saves".to_owned(), why: error.to_string() }
        })?;
        let flushing = orders.clone();
        let guard = crash::guard(THREAD, Box::new(move || flush(&flushing, Some(PATIENCE))));
        Ok(Self { orders: Some(orders), reports, pending: VecDeque::new(), guard: Some(guard), thread: Some(thread) })
    }

    /// Hands over a transaction; `schema` is the stamp for changed layers.
    pub fn commit(&mut self, transaction: Transaction, schema: String) {
        self.pending.push_back(transaction.id.clone());
        self.send(Order::Commit(Box::new(transaction), schema));
    }

    /// Writes the mirrors when everything before is saved.
    pub fn mirror(&self) {
        self.send(Order::Mirror);
    }

    pub fn backup(&self, at: Timestamp) {
        self.send(Order::Backup(at));
    }

    /// Adds active time to a layer; what cannot be added comes back.
    pub fn spend(&self, document: DocumentId, annotator: Annotator, seconds: u64) {
        self.send(Order::Spend(document, annotator, seconds));
    }

    /// Looks after the files of a folder that people edit.
    pub fn watch(&self, watch: Watch) {
        self.send(Order::Watch(watch));
    }

    /// Looks now for what others changed, not only within the next second.
    pub fn look(&self) {
        self.send(Order::Look);
    }

    /// Reads the assignments again, in the background.
    pub fn reassign(&self) {
        self.send(Order::Reassign);
    }

    /// After a failure: goes on with a connection that works.
    pub fn resume(&self, store: Box<dyn Store>) {
        self.send(Order::Resume(store));
    }

    /// Everything handed over is on disk.
    pub fn is_saved(&self) -> bool {
        self.pending.is_empty()
    }

    /// What the thread said since the last call. Never waits.
    pub fn reports(&mut self) -> Vec<Report> {
        let reports: Vec<Report> = self.reports.try_iter().collect();
        for report in &reports {
            match report {
                Report::Saved(id) => self.pending.retain(|pending| pending != id),
                Report::Failed(transaction, _) => self.pending.retain(|pending| *pending != transaction.id),
                _ => {}
            }
        }
        reports
    }

    /// Waits until everything handed over was tried.
    pub fn flush(&self) {
        if let Some(orders) = &self.orders {
            flush(orders, None);
        }
    }

    fn send(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // The thread lives as long as this sender does.
            let _ = orders.send(order);
        }
    }
}

/// Waits until everything before was tried; not longer than `most`. Whether it was.
fn flush(orders: &Sender<Order>, most: Option<Duration>) -> bool {
    let (answer, done) = channel();
    // An error means the thread is gone, and then there is nothing left to wait for.
    let _ = orders.send(Order::Flush(answer));
    match most {
        Some(most) => done.recv_timeout(most).is_ok(),
        None => done.recv().is_ok(),
    }
}

impl Drop for Journal {
    /// Waits for the thread: what was handed over is tried before the program ends.
    fn drop(&mut self) {
        self.guard = None;
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Worker {
    store: Box<dyn Store>,
    outbox: Sender<Report>,
    wake: Wake,
    /// After a failure nothing later is written, so that the order of work is kept.
    failed: bool,
    watch: Option<Watch>,
    /// The revision that was seen last.
    seen: Option<u64>,
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Order>) {
        loop {
            match inbox.recv_timeout(LOOK) {
                Ok(Order::Look) | Err(RecvTimeoutError::Timeout) => self.look(),
                Ok(order) => {
                    let ours = matches!(order, Order::Commit(..) | Order::Mirror);
                    if ours {
                        self.look();
                    }
                    self.carry_out(order);
                    if ours {
                        self.seen = self.store.revision().ok();
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// What others did since the last look.
    fn look(&mut self) {
        let now = self.store.revision().ok();
        if now != self.seen {
            self.seen = now;
            self.report(Report::Changed);
        }
        let sights = self.watch.as_mut().map(Watch::look).unwrap_or_default();
        for sight in sights {
            if sight == Sight::Assignments {
                self.assign();
            } else {
                self.report(Report::Seen(sight));
            }
        }
    }

    /// Reads the assignments, which may be long, where nobody waits.
    fn assign(&self) {
        if let Some(watch) = &self.watch {
            self.report(Report::Assigned(assign::load(watch.folder(), &*self.store)));
        }
    }

    /// A folder that was taken away still takes what is written into open files; nobody would find it again.
    fn gone(&self) -> Option<StoreError> {
        let watch = self.watch.as_ref().filter(|watch| watch.is_gone())?;
        Some(StoreError::Io {
            what: format!("The project’s folder is not there any more: {}", watch.folder().display()),
            why: "it was moved, deleted, or its disk was taken out".to_owned(),
        })
    }

    fn carry_out(&mut self, order: Order) {
        match order {
            Order::Commit(transaction, _) if self.failed => {
                let why = StoreError::Io {
                    what: format!("“{}” waits", transaction.title),
                    why: "an earlier change could not be saved".to_owned(),
                };
                self.report(Report::Failed(transaction, CommitError::Store(why)));
            }
            Order::Commit(transaction, schema) => self.commit(transaction, &schema),
            // Into a folder that is not there, nothing is written: it would look like a project that lost its articles.
            Order::Mirror | Order::Backup(_) if self.gone().is_some() => {}
            Order::Mirror => {
                let done = self.store.mirror(&Job::default());
                self.report(Report::Mirrored(done));
            }
            Order::Backup(at) => {
                let done = self.store.backup(at);
                self.report(Report::BackedUp(done));
            }
            Order::Spend(document, annotator, seconds) => {
                let lost = self.failed || self.gone().is_some();
                if lost || self.store.spend(&document, &annotator, seconds).is_err() {
                    self.report(Report::Unspent(document, seconds));
                }
            }
            Order::Watch(watch) => self.watch = Some(watch),
            Order::Look => self.look(),
            Order::Reassign => self.assign(),
            Order::Resume(store) => {
                self.store = store;
                self.failed = false;
                self.seen = self.store.revision().ok();
            }
            Order::Flush(answer) => drop(answer.send(())),
        }
    }

    fn commit(&mut self, transaction: Box<Transaction>, schema: &str) {
        let done = match self.gone() {
            Some(gone) => Err(CommitError::Store(gone)),
            None => self.store.commit(&transaction, schema),
        };
        match done {
            Ok(()) => self.report(Report::Saved(transaction.id)),
            Err(error) => {
                self.failed = matches!(error, CommitError::Store(_));
                self.report(Report::Failed(transaction, error));
            }
        }
    }

    fn report(&self, report: Report) {
        // The session may be closing; then nobody listens any more.
        let _ = self.outbox.send(report);
        (self.wake)();
    }
}
