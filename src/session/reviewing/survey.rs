//! Comparing all documents on a thread of its own, and then, ahead of the reviewer, the next ones.

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use super::case::{self, Case};
use super::desk::Desk;
use super::queue::Title;
use crate::annotation::Annotator;
use crate::review::Difference;
use crate::schema::Schema;
use crate::store::{Job, Query, Store, StoreError};
use crate::text::DocumentId;

/// What comparing all documents came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents that at least two have finished.
    pub compared: u64,
    /// Documents that only one has finished.
    pub alone: u64,
    /// Documents where someone's layer counts in another text and was left out.
    pub left_out: u64,
    /// Why some could not be read.
    pub troubles: Vec<String>,
}

/// What the thread says.
pub(super) enum Told {
    Cases(Title, Vec<(Case, Arc<Difference>)>),
    Done(Summary),
    Ahead(Box<Desk>),
}

/// The thread. Ends when it is dropped.
pub(super) struct Reader {
    job: Job,
    told: Receiver<Told>,
    wanted: Option<Sender<DocumentId>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("progress", &self.job.progress()).finish_non_exhaustive()
    }
}

/// Documents looked up at once.
const BLOCK: usize = 256;

impl Reader {
    pub fn start(store: Box<dyn Store>, schema: Arc<Schema>, annotators: Arc<[Annotator]>) -> Self {
        let (outbox, told) = channel();
        let (wanted, inbox) = channel::<DocumentId>();
        let job = Job::default();
        let own = job.clone();
        let work = move || {
            let comparing = Comparing { store, schema, annotators, outbox };
            let summary = comparing.all(&own);
            // Nobody listens any more once the review is over.
            let mut listens = comparing.outbox.send(Told::Done(summary)).is_ok();
            while let (true, Ok(id)) = (listens, inbox.recv()) {
                if let Ok(Some(desk)) = comparing.read(&id) {
                    listens = comparing.outbox.send(Told::Ahead(Box::new(desk))).is_ok();
                }
            }
        };
        let thread = std::thread::Builder::new().name("differences".to_owned()).spawn(work).ok();
        Self { job, told, wanted: Some(wanted), thread }
    }

    /// Has a document compared before it is needed.
    pub fn ask(&self, id: DocumentId) {
        if let Some(wanted) = &self.wanted {
            let _ = wanted.send(id);
        }
    }

    pub fn told(&self) -> impl Iterator<Item = Told> + '_ {
        self.told.try_iter()
    }

    pub fn progress(&self) -> (u64, u64) {
        self.job.progress()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.job.cancel();
        self.wanted = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Comparing {
    store: Box<dyn Store>,
    schema: Arc<Schema>,
    annotators: Arc<[Annotator]>,
    outbox: Sender<Told>,
}

impl Comparing {
    fn read(&self, id: &DocumentId) -> Result<Option<Desk>, StoreError> {
        Desk::read(&*self.store, &self.schema, &self.annotators, id)
    }

    /// Every document that is not hidden, in the order of the list.
    fn all(&self, job: &Job) -> Summary {
        let mut summary = Summary::default();
        let query = Query::default();
        let numbers = match self.store.listing(&query, job) {
            Ok(numbers) => numbers,
            Err(error) => {
                summary.troubles.push(error.to_string());
                return summary;
            }
        };
        let total = numbers.len() as u64;
        job.set(0, total);
        let mut done = 0;
        for block in numbers.chunks(BLOCK) {
            let rows = match self.store.rows(block, &query) {
                Ok(rows) => rows,
                Err(error) => {
                    summary.troubles.push(error.to_string());
                    continue;
                }
            };
            for row in rows {
                if job.is_cancelled() {
                    return summary;
                }
                self.one(Title { id: row.id, title: row.title }, &mut summary);
                done += 1;
                job.set(done, total);
            }
        }
        summary
    }

    fn one(&self, mut title: Title, summary: &mut Summary) {
        if title.title.is_empty() {
            title.title = title.id.to_string();
        }
        let desk = match self.read(&title.id) {
            Ok(Some(desk)) => desk,
            Ok(None) => return,
            Err(error) => {
                summary.troubles.push(format!("{}: {error}", title.id));
                return;
            }
        };
        summary.left_out += u64::from(!desk.left_out.is_empty());
        match desk.comparison.layers.iter().flatten().count() {
            0 => {}
            1 => summary.alone += 1,
            _ => summary.compared += 1,
        }
        let cases = cases(&desk);
        if !cases.is_empty() {
            let _ = self.outbox.send(Told::Cases(title, cases));
        }
    }
}

/// What a document adds to the queue. With one layer nothing differs, and still what was withdrawn comes back.
pub(super) fn cases(desk: &Desk) -> Vec<(Case, Arc<Difference>)> {
    let text = &desk.document.text;
    let made = desk.cases().map(|(difference, progress)| {
        let case = Case { progress, ..case::seed(text, difference, &crate::review::State::Open) };
        (case, Arc::clone(difference))
    });
    made.collect()
}
