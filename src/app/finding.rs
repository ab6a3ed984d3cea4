//! Looking through the project for the window: [`Finding`] is the search under way and what it found; [`Listing`] makes the filtered list on a
//! thread of its own. Drawing is in `panels/search.rs`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use egui::Context;

use super::overlays::DOCUMENTS;
use super::panels::find::Wanted;
use super::task::Task;
use super::view::{Overlay, Pane, ids};
use super::window::{Shared, Waker};
use super::work::Work;
use crate::session::search::{Free, Match, Mistake, Results, Row, Search};
use crate::session::{Command, Notice, NoticeKind, OpenDocument, Session, Visit};
use crate::store::{Counts, Job, Query, StoreError};
use crate::text::DocumentId;

/// What is looked for, and what was found so far.
#[derive(Debug, Default)]
pub struct Finding {
    /// As it is typed.
    pub words: String,
    pub mistake: Option<Mistake>,
    pub results: Results,
    /// What the results are of; none as long as nothing was looked for.
    pub asked: Option<Asked>,
    /// The result that was gone to last.
    pub here: Option<usize>,
    /// The hits on the page: of which document, among how many rows of results.
    on_page: Option<(DocumentId, usize, Places)>,
    /// What was looked for before, the last one first.
    pub history: Vec<String>,
    /// Titles of documents that were seen among the results, by number.
    titles: RefCell<HashMap<u32, String>>,
    running: Option<Running>,
}

/// A search that was begun.
#[derive(Debug)]
pub struct Asked {
    pub search: Arc<Search>,
    /// Documents in the project then, hidden ones not counted.
    pub of: u64,
    pub progress: Progress,
    /// Why some documents were passed over, in sentences.
    pub troubles: Vec<String>,
    counts: Counts,
    /// Something that it asks about was changed since.
    changed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Running,
    Done,
    /// Stopped by hand; what was found until then stands.
    Stopped,
}

/// Hits on a page: sorted, in bytes.
type Places = Arc<[Range<usize>]>;
type Inbox = Arc<Mutex<Vec<Match>>>;
type Ended = Result<Vec<StoreError>, StoreError>;

#[derive(Debug)]
struct Running {
    task: Task<Ended>,
    found: Inbox,
    /// What is shown is still of the search before.
    next: Option<Asked>,
}

/// Queries that are remembered.
const HISTORY: usize = 20;

impl Finding {
    /// Begins anew with what is typed. What was found before stays until there is something to show instead.
    fn begin(&mut self, session: &mut Session, waker: &Waker) -> Result<(), StoreError> {
        self.cancel();
        self.running = None;
        self.mistake = None;
        if self.words.trim().is_empty() {
            (self.results, self.asked, self.here, self.on_page) = Default::default();
            return Ok(());
        }
        let base = Query { annotator: Some(session.annotator().clone()), ..Query::default() };
        let search = match Search::read(&self.words, Free::Texts, &base, session.vocabulary()) {
            Ok(search) if search.is_empty() => {
                (self.results, self.asked, self.here, self.on_page) = Default::default();
                return Ok(());
            }
            Ok(search) => Arc::new(search),
            Err(mistake) => {
                self.mistake = Some(mistake);
                return Ok(());
            }
        };
        if search.reads_layers() && !session.is_saved() {
            // It reads what is on disk.
            session.flush();
        }
        let store = session.another_store()?;
        let found = Inbox::default();
        let (asked, inbox, wake) = (Arc::clone(&search), Arc::clone(&found), waker.wake());
        let task = Task::start(waker, move |job| {
            asked.run(&*store, job, &mut |one| {
                let mut inbox = inbox.lock().unwrap_or_else(PoisonError::into_inner);
                inbox.push(one);
                if inbox.len() == 1 {
                    wake();
                }
                true
            })
        });
        let next = Asked {
            search,
            of: session.counts.documents,
            progress: Progress::Running,
            troubles: Vec::new(),
            counts: session.counts.clone(),
            changed: false,
        };
        self.running = Some(Running { task, found, next: Some(next) });
        Ok(())
    }

    /// Takes in what was found meanwhile.
    fn poll(&mut self) {
        let Some(mut running) = self.running.take() else { return };
        let ended = running.task.poll();
        let found = std::mem::take(&mut *running.found.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(next) = running.next.take_if(|_| !found.is_empty() || ended.is_some()) {
            (self.results, self.here, self.on_page, self.titles) = Default::default();
            self.asked = Some(next);
        }
        if !found.is_empty() {
            let here = self.here.and_then(|row| self.place(row));
            self.results.add(found);
            self.here = here.and_then(|(number, hit)| self.results.row_of(number, hit));
        }
        let (Some(ended), Some(asked)) = (ended, &mut self.asked) else {
            self.running = Some(running);
            return;
        };
        asked.progress = if running.task.is_cancelled() { Progress::Stopped } else { Progress::Done };
        match ended {
            Ok(Ok(troubles)) => asked.troubles = troubles.iter().map(ToString::to_string).collect(),
            Ok(Err(error)) => asked.troubles = vec![error.to_string()],
            Err(sentence) => asked.troubles = vec![sentence.to_owned()],
        }
    }

    /// A result by what does not change when others come in between.
    fn place(&self, row: usize) -> Option<(u32, Option<usize>)> {
        match *self.results.rows().get(row)? {
            Row::Document(at) => Some((self.results.document(at)?.number, None)),
            Row::Hit(at, hit) => Some((self.results.document(at)?.number, Some(hit as usize))),
        }
    }

    /// Stops the search; what was found stays.
    pub fn cancel(&self) {
        if let Some(running) = &self.running {
            running.task.cancel();
        }
    }

    /// How far the search is, of so many documents; `None` where none is under way.
    pub fn progress(&self) -> Option<(u64, u64)> {
        self.running.as_ref().map(|running| running.task.progress())
    }

    /// It takes long enough to be shown.
    pub fn is_long(&mut self, ui: &egui::Ui) -> bool {
        self.running.as_mut().is_some_and(|running| running.task.is_long(ui))
    }

    /// What was found may not be what would be found now.
    pub fn is_stale(&self, session: &Session) -> bool {
        self.asked.as_ref().is_some_and(|asked| {
            asked.progress != Progress::Running
                && (asked.changed || (asked.counts != session.counts && asked.depends_on(session)))
        })
    }

    /// What a document that was found is called.
    pub fn title(&self, session: &Session, found: &Match) -> String {
        let mut titles = self.titles.borrow_mut();
        let title = titles.entry(found.number).or_insert_with(|| {
            let rows = session.store().rows(&[found.number], &Query::default()).unwrap_or_default();
            rows.into_iter().next().map(|row| row.title).unwrap_or_default()
        });
        if title.is_empty() { found.document.to_string() } else { title.clone() }
    }

    /// The hits in the open document; spans are marked already.
    fn on_page(&mut self, open: &OpenDocument) -> Places {
        let rows = self.results.rows().len();
        if let Some((id, known, places)) = &self.on_page
            && id == open.id()
            && *known == rows
        {
            return Arc::clone(places);
        }
        let text = Some(open.text().sha256());
        let found = self.results.documents().iter().find(|one| one.document == *open.id() && one.text == text);
        let hits = found.map_or(&[][..], |one| &one.hits);
        let places: Places = hits.iter().filter(|hit| hit.span.is_none()).map(|hit| hit.range.bytes()).collect();
        self.on_page = Some((open.id().clone(), rows, Arc::clone(&places)));
        places
    }

    /// Something was changed here.
    pub fn changed(&mut self) {
        if let Some(asked) = self.asked.as_mut().filter(|asked| asked.search.reads_layers()) {
            asked.changed = true;
        }
    }

    /// Keeps what was looked for, once it was of use.
    fn remember(&mut self) {
        let words = self.words.trim();
        if words.is_empty() {
            return;
        }
        self.history.retain(|known| known != words);
        self.history.insert(0, words.to_owned());
        self.history.truncate(HISTORY);
    }
}

impl Asked {
    fn depends_on(&self, session: &Session) -> bool {
        self.search.reads_layers()
            || (self.counts.documents, self.counts.hidden) != (session.counts.documents, session.counts.hidden)
    }
}

/// The filtered list, being made on another thread. Each key replaces it.
#[derive(Debug)]
pub struct Listing(Task<(Search, Result<Vec<u32>, StoreError>)>);

/// Documents for the palette, being looked up for these words.
pub type LookUp = (String, Task<Vec<crate::store::Row>>);

/// So many documents are filtered within a frame.
const AT_ONCE: u64 = 5000;

impl Work {
    /// Filters the list: at once where that takes no time, else by a worker, and the rows stay as they are until it is done.
    pub(super) fn filter(&mut self, query: Query, shared: &mut Shared) {
        if let Some(Listing(task)) = self.listing.take() {
            task.cancel();
        }
        let session = &mut self.session;
        session.list.query = query;
        let known = crate::session::search::Vocabulary {
            schema: &session.schema,
            counts: &session.counts,
            assigned: session.around.assigned.as_ref(),
        };
        let Some(search) = session.list.search(known) else { return };
        if session.counts.documents <= AT_ONCE && !search.reads_texts() && !search.reads_layers() {
            let query = session.list.query.clone();
            return self.run(Command::Filter(query), shared);
        }
        if search.reads_layers() && !session.is_saved() {
            session.flush();
        }
        match session.another_store() {
            Ok(store) => {
                self.listing = Some(Listing(Task::start(&shared.waker, move |job| {
                    let numbers = search.documents(&*store, job);
                    (search, numbers)
                })));
            }
            Err(error) => tell(shared, &error),
        }
    }

    /// Looks up the documents that the palette asks for: at once where that takes no time.
    fn look_up(&mut self, shared: &Shared, context: &Context) {
        let Some(Overlay::Palette(palette)) = &mut self.view.overlay else {
            self.looked_up = None;
            return;
        };
        if let Some((words, task)) = &self.looked_up
            && let Some(rows) = task.poll()
        {
            palette.take(words.clone(), rows.unwrap_or_default());
            self.looked_up = None;
            context.request_repaint();
        }
        let Some(words) = palette.wanted().map(str::to_owned) else { return };
        if self.looked_up.as_ref().is_some_and(|(known, _)| *known == words) {
            return;
        }
        let annotator = Some(self.session.annotator().clone());
        let query = Query { words: words.trim().to_owned(), annotator, ..Query::default() };
        if self.session.counts.documents <= AT_ONCE {
            palette.take(words, self.session.store().list(&query, None, DOCUMENTS).unwrap_or_default());
        } else if let Ok(store) = self.session.another_store() {
            let find = move |_: &Job| store.list(&query, None, DOCUMENTS).unwrap_or_default();
            self.looked_up = Some((words, Task::start(&shared.waker, find)));
        }
        context.request_repaint();
    }

    /// Takes in what workers found.
    pub(super) fn poll_workers(&mut self, context: &Context, shared: &mut Shared) {
        self.view.search.finding.poll();
        self.look_up(shared, context);
        let Some(Listing(task)) = &self.listing else { return };
        match task.poll() {
            None => return,
            Some(Ok((search, Ok(numbers)))) => self.session.fill_list(search, numbers),
            Some(Ok((_, Err(error)))) => tell(shared, &error),
            Some(Err(sentence)) => {
                shared.toasts.tell(Notice { kind: NoticeKind::Error, sentence: sentence.to_owned(), undo: false });
            }
        }
        self.listing = None;
    }

    /// Finds on the page what the bar asks for, or else the search; all hits are marked, and the one that is wanted is selected.
    pub(super) fn find_on_page(&mut self, shared: &mut Shared) {
        let Some(open) = &self.session.open else { return };
        let view = &mut self.view;
        let bar = &mut view.find;
        if !bar.open && bar.wanted.is_none() {
            let hits = if view.search.open { view.search.finding.on_page(open) } else { Places::default() };
            return self.mark(hits);
        }
        bar.keep_up(open.text(), &shared.waker);
        let hits = bar.places().cloned().unwrap_or_default();
        let wanted = bar.take_wanted();
        let hit = wanted.and_then(|wanted| bar.hit(open, wanted));
        // While words are typed, the bar says enough.
        if hit.is_none() && wanted.is_some_and(|wanted| wanted != Wanted::Here) && !bar.words.is_empty() {
            let sentence = format!("“{}” does not occur in this document", bar.words);
            shared.toasts.tell(Notice { kind: NoticeKind::Refused, sentence, undo: false });
        }
        let hits = if bar.open { hits } else { Places::default() };
        self.mark(hits);
        if let Some(range) = hit {
            self.run(Command::Select { range, exact: false }, shared);
        }
    }

    fn mark(&mut self, hits: Places) {
        if let Some(seen) = &mut self.view.page {
            seen.page.mark_found(hits);
        }
    }

    /// A worker is looking for something, or through something.
    pub(super) fn is_looking(&self) -> bool {
        self.listing.is_some()
            || self.looked_up.is_some()
            || self.view.search.finding.running.is_some()
            || self.view.find.is_looking()
    }

    /// Nobody waits for them any more.
    pub(super) fn stop_workers(&self) {
        self.view.search.finding.cancel();
        if let Some(Listing(task)) = &self.listing {
            task.cancel();
        }
    }

    /// Opens the search, for what is selected on the page if anything is.
    pub(super) fn begin_search(&mut self, context: &Context, shared: &mut Shared) {
        let selected = self.session.open.as_ref().zip(self.session.selection());
        let selected = selected.map(|(open, range)| open.text().slice(range)).filter(|words| words.len() <= 200);
        if let Some(words) = selected.filter(|words| !words.contains('\n') && !words.trim().is_empty()) {
            let words = quoted(words);
            if self.view.search.finding.words != words {
                self.view.search.finding.words = words;
                self.search(shared);
            }
        }
        self.view.search.open = true;
        self.view.pane = Pane::List;
        let words = self.view.search.finding.words.clone();
        self.view.focus_field_whole(ids::search(), &words, context);
    }

    /// Begins to look for what is typed.
    pub(super) fn search(&mut self, shared: &mut Shared) {
        if let Err(error) = self.view.search.finding.begin(&mut self.session, &shared.waker) {
            tell(shared, &error);
        }
    }

    /// Goes to the next result, or the previous one.
    pub(super) fn step_search(&mut self, forward: bool, shared: &mut Shared) {
        let finding = &self.view.search.finding;
        match finding.results.step(finding.here, forward) {
            Some(row) => self.visit(row, shared),
            None => {
                let sentence = if finding.progress().is_some() { "Still looking" } else { "Nothing was found" };
                shared.toasts.tell(Notice { kind: NoticeKind::Refused, sentence: sentence.to_owned(), undo: false });
            }
        }
    }

    /// Goes to a result.
    pub(super) fn visit(&mut self, row: usize, shared: &mut Shared) {
        let search = &mut self.view.search;
        let Some((found, hit)) = search.finding.results.at(row) else { return };
        let first = found.hits.first();
        let command = match (hit.or(first), found.text) {
            (Some(hit), Some(text)) => Command::Visit(Visit {
                document: found.document.clone(),
                text,
                range: hit.range,
                span: hit.span.as_ref().map(|span| (span.owner.clone(), span.id.clone())),
            }),
            _ => Command::Open(found.document.clone()),
        };
        search.finding.here = Some(row);
        search.rows.cursor = row;
        search.follow = true;
        search.finding.remember();
        self.run(command, shared);
    }

    /// The documents that were found become what the list shows.
    pub(super) fn list_results(&mut self, context: &Context, shared: &mut Shared) {
        let Some(asked) = &self.view.search.finding.asked else { return };
        let words = asked.search.as_filter();
        self.view.search.finding.remember();
        let annotator = self.session.list.query.annotator.clone();
        self.filter(Query { annotator, words, ..Query::default() }, shared);
        self.view.search.open = false;
        self.view.focus(Pane::List, context);
    }
}

/// Words as the query takes them: as they stand, with what would mean something else in quotes.
fn quoted(words: &str) -> String {
    let plain = words.chars().all(char::is_alphanumeric);
    if plain { words.to_owned() } else { format!("\"{}\"", words.replace('\\', "\\\\").replace('"', "\\\"")) }
}

fn tell(shared: &mut Shared, error: &StoreError) {
    shared.toasts.tell(Notice { kind: NoticeKind::Error, sentence: error.to_string(), undo: false });
}
