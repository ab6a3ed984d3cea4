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

use crate::edit::{Transaction, TransactionId};
use crate::store::{CommitError, Job, Mirrored, Store, StoreError};

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
}

enum Order {
    Commit(Box<Transaction>, String),
    Mirror,
    Backup(Timestamp),
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
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("pending", &self.pending).finish_non_exhaustive()
    }
}

/// How often the thread looks whether another process changed the project.
const LOOK: Duration = Duration::from_secs(1);

impl Journal {
    /// Starts the thread. `store` is its own connection.
    pub fn start(store: Box<dyn Store>, wake: Wake) -> Result<Self, StoreError> {
        let (orders, inbox) = channel();
        let (outbox, reports) = channel();
        let work = move || Worker { store, outbox, wake, failed: false }.run(&inbox);
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(work).map_err(|error| {
            StoreError::Io { what: "Could not start the thread that saves".to_owned(), why: error.to_string() }
        })?;
        Ok(Self { orders: Some(orders), reports, pending: VecDeque::new(), thread: Some(thread) })
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
        let (answer, done) = channel();
        self.send(Order::Flush(answer));
        // An error means the thread is gone, and then there is nothing left to wait for.
        let _ = done.recv();
    }

    fn send(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // The thread lives as long as this sender does.
            let _ = orders.send(order);
        }
    }
}

impl Drop for Journal {
    /// Waits for the thread: what was handed over is tried before the program ends.
    fn drop(&mut self) {
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
}

impl Worker {
    fn run(mut self, inbox: &Receiver<Order>) {
        let mut seen = self.store.revision().ok();
        loop {
            match inbox.recv_timeout(LOOK) {
                Ok(order) => {
                    self.carry_out(order);
                    seen = self.store.revision().ok();
                }
                Err(RecvTimeoutError::Timeout) => {
                    let now = self.store.revision().ok();
                    if now != seen {
                        seen = now;
                        self.report(Report::Changed);
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
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
            Order::Commit(transaction, schema) => match self.store.commit(&transaction, &schema) {
                Ok(()) => self.report(Report::Saved(transaction.id)),
                Err(error) => {
                    self.failed = matches!(error, CommitError::Store(_));
                    self.report(Report::Failed(transaction, error));
                }
            },
            Order::Mirror => {
                let done = self.store.mirror(&Job::default());
                self.report(Report::Mirrored(done));
            }
            Order::Backup(at) => {
                let done = self.store.backup(at);
                self.report(Report::BackedUp(done));
            }
            Order::Flush(answer) => drop(answer.send(())),
        }
    }

    fn report(&self, report: Report) {
        // The session may be closing; then nobody listens any more.
        let _ = self.outbox.send(report);
        (self.wake)();
    }
}
