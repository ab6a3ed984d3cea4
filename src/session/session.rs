//! [`Session`]: one person at work on one project. The whole program without a window: everything a user can do is a [`Command`],
//! and [`Session::run`] is the only way to change anything.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::action::Reason;
use super::asking::Asking;
use super::clock::Clock;
use super::command::{Command, Notice, NoticeKind, Outcome};
use super::journal::{Journal, Report, Wake};
use super::keymap::{Chord, Context, Keymap};
use super::linking::Linking;
use super::list::DocumentList;
use super::open::OpenDocument;
use super::pace::{self, Measured, Pace};
use super::reviewing::{self, Reviewing};
use super::search::{Search, Vocabulary};
use super::time::{self, Stopwatch};
use super::trail::Trail;
use super::upkeep::{self, Around};
use super::{Action, asking, equal, marking, missing, motion, place};
use crate::annotation::{Annotator, ItemId, Relation, Span};
use crate::edit::{Direction, Edit, Kind, Transaction, TransactionId};
use crate::schema::{LabelId, Schema};
use crate::store::{CommitError, Counts, Store, StoreError};
use crate::text::TextRange;

/// Who works, and where: what a session needs to know to begin.
#[derive(Debug)]
pub struct Start {
    pub store: Box<dyn Store>,
    /// The project's name, as titles show it.
    pub project: String,
    pub schema: Arc<Schema>,
    pub annotator: Annotator,
    /// A short name of this machine, unique among those of the annotator.
    pub device: String,
    pub clock: Clock,
    /// The user's own keys, by action id.
    pub keys: BTreeMap<String, Vec<String>>,
    /// Ask for required attributes as soon as a span is marked.
    pub careful: bool,
}

/// One person at work on one project.
#[derive(Debug)]
pub struct Session {
    pub(super) store: Box<dyn Store>,
    pub(super) journal: Journal,
    pub(super) clock: Clock,
    pub project: String,
    pub schema: Arc<Schema>,
    /// The schema's stamp, for layers that change.
    pub(super) stamp: String,
    pub keymap: Keymap,
    pub(super) me: Annotator,
    device: String,
    /// Ask for required attributes as soon as a span is marked.
    pub careful: bool,
    /// Active time is counted.
    pub timed: bool,
    pub(super) stopwatch: Stopwatch,
    /// How far I am in the list.
    pub pace: Pace,
    pub(super) measured: Option<Measured>,
    /// The files that people edit beside the program.
    pub around: Around,
    /// The document on the page.
    pub open: Option<OpenDocument>,
    pub list: DocumentList,
    pub counts: Counts,
    pub(super) trail: Trail,
    pub(super) last_label: Option<LabelId>,
    pub(super) armed: Option<LabelId>,
    pub(super) linking: Option<Linking>,
    pub(super) asking: Option<Asking>,
    pub(super) reviewing: Option<Box<Reviewing>>,
    /// What is being mended, while one goes from gap to gap.
    pub(super) mending: Option<missing::Gap>,
    /// Tell what is missing before a document is finished.
    pub checks: bool,
    /// The label used last stays armed: the next drag marks at once.
    pub rapid: bool,
    /// What marking every equal string made last.
    pub(super) made: Option<equal::Made>,
    /// The newest transaction of this session, as long as it is not undone.
    pub(super) newest: Option<TransactionId>,
    /// How many edits it has.
    newest_edits: usize,
    /// Titles of what undo and redo would do.
    undo_title: Option<String>,
    redo_title: Option<String>,
    /// What could not be written, in order; kept until it can.
    unsaved: Vec<Transaction>,
    /// Why nothing can be saved, in words; `None` while all is well.
    pub(super) trouble: Option<String>,
    last_saved: Option<jiff::Timestamp>,
    /// What there is to tell at the next [`Session::poll`].
    pub(super) untold: Vec<Notice>,
    /// When a backup was last asked for; opening the store saw to the first.
    backed_up: jiff::Timestamp,
}

/// While a session is open, a backup is made this often…
const BACKUP_EVERY: jiff::SignedDuration = jiff::SignedDuration::from_hours(12);
/// …and before a transaction of more edits than this.
pub(super) const LARGE: usize = 1_000;
/// A list of so many documents is made anew within a frame; a longer one by a worker of the window.
const AT_ONCE: u64 = 20_000;

impl Session {
    /// Opens the session; no document is open yet.
    pub fn start(start: Start, wake: Wake) -> Result<Self, StoreError> {
        let Start { store, project, schema, annotator, device, clock, keys, careful } = start;
        let journal = Journal::start(store.another()?, wake)?;
        let mut session = Self {
            journal,
            project,
            stamp: schema.stamp(),
            keymap: Keymap::new(&schema, &keys),
            schema,
            list: DocumentList::new(&annotator),
            me: annotator,
            careful,
            timed: true,
            stopwatch: Stopwatch::default(),
            pace: Pace::default(),
            measured: None,
            around: Around::default(),
            device,
            open: None,
            counts: Counts::default(),
            trail: Trail::default(),
            last_label: None,
            armed: None,
            linking: None,
            asking: None,
            reviewing: None,
            mending: None,
            checks: true,
            rapid: false,
            made: None,
            newest: None,
            newest_edits: 0,
            undo_title: None,
            redo_title: None,
            unsaved: Vec::new(),
            trouble: store.read_only(),
            last_saved: None,
            untold: Vec::new(),
            backed_up: clock.now(),
            clock,
            store,
        };
        session.refresh()?;
        Ok(session)
    }

    /// The person's own keys hold from now on.
    pub fn set_keys(&mut self, own: &super::keymap::Own) {
        if self.keymap.own() != own {
            self.keymap = Keymap::new(&self.schema, own);
        }
    }

    /// Carries out one command. Everything that goes wrong is told in the outcome, once.
    pub fn run(&mut self, command: Command) -> Outcome {
        let gap = self.mending.take().filter(|_| missing::goes_on(&command));
        let waits = gap.is_some() && missing::waits(self, &command);
        let mut outcome = self.carry_out(command);
        match gap {
            Some(gap) if waits => self.mending = Some(gap),
            Some(gap) => missing::follow(self, gap, &mut outcome),
            None => {}
        }
        outcome
    }

    fn carry_out(&mut self, command: Command) -> Outcome {
        if !matches!(command, Command::Ask | Command::Answer(_) | Command::Escape | Command::Save) {
            self.asking = None;
        }
        if command.leaves_linking() {
            self.linking = None;
        }
        if self.reviewing.is_some() && reviewing::is_left_by(&command) {
            reviewing::leave(self);
        }
        match command {
            Command::Review(review) => reviewing::run(self, review),
            Command::Undo => self.step(Direction::Undo),
            Command::Redo => self.step(Direction::Redo),
            Command::Save => self.save(),
            Command::Escape => self.escape(),
            Command::Arm(label) => {
                self.armed = label;
                Outcome::default()
            }
            Command::WriteGuidelines => upkeep::write_guidelines(self),
            Command::Assign(dealing) => upkeep::assign(self, &dealing),
            Command::Ask => asking::next(self),
            Command::Mend(gap) => missing::mend(self, gap),
            Command::NextGap { forward } => missing::next(self, forward),
            Command::Answer(digit) => asking::answer(self, digit),
            Command::Open(..)
            | Command::Visit(_)
            | Command::VisitItem { .. }
            | Command::NextDocument
            | Command::PreviousDocument
            | Command::Back
            | Command::Forward
            | Command::Filter(_)
            | Command::Shuffle(_)
            | Command::Mine(_)
            | Command::Show(_)
            | Command::SetStatus(_)
            | Command::SetFlag(_)
            | Command::FinishAndNext
            | Command::Skip { .. }
            | Command::CopyIntoMine
            | Command::Hide { .. }
            | Command::SetMeta { .. } => place::run(self, command),
            Command::Caret { .. } | Command::Select { .. } | Command::SelectSpan(_) | Command::SelectRelation(_) => {
                motion::run(self, command)
            }
            _ => marking::run(self, command),
        }
    }

    /// What a key means here: the action, if there is one.
    pub fn action_for(&self, context: Context, chord: Chord) -> Option<Action> {
        let narrower = match context {
            Context::Page if self.chooses_label() && self.keymap.action(Context::Label, chord).is_some() => {
                Context::Label
            }
            Context::Page if self.reviewing.is_some() => Context::Review,
            Context::Page if self.linking.is_some() => Context::Linking,
            Context::Page if self.asking.is_some() => Context::Attributes,
            context => context,
        };
        // While an attribute is asked for, everything but its digits goes on meaning what it means on the page.
        let found = self.keymap.action(narrower, chord);
        found.or_else(|| self.keymap.action(context, chord).filter(|_| narrower == Context::Attributes)).cloned()
    }

    /// The command of an action, where the session alone can tell; `None` for what only a window can do (dialogs, panes, scrolling).
    pub fn command_for(&self, action: &Action) -> Option<Command> {
        super::resolve::command(self, action)
    }

    /// Presses a key as the page would: the way a test, or a window, drives the session.
    pub fn press(&mut self, context: Context, chord: Chord) -> Outcome {
        let Some(action) = self.action_for(context, chord) else { return Outcome::default() };
        self.act(&action)
    }

    /// Does an action that needs no window.
    pub fn act(&mut self, action: &Action) -> Outcome {
        if let Err(Reason(reason)) = action.available(self) {
            return Outcome::refused(reason);
        }
        match self.command_for(action) {
            Some(command) => self.run(command),
            None => Outcome::default(),
        }
    }

    /// Makes a transaction of my own, applies it here, and hands it to the journal. The layers it touches are mine or gold;
    /// whether that is allowed was asked before.
    pub(super) fn transact(&mut self, title: impl Into<String>, edits: Vec<Edit>) -> Result<TransactionId, String> {
        assert!(!edits.is_empty(), "a transaction changes something");
        let transaction = Transaction {
            id: TransactionId(self.clock.id()),
            title: title.into(),
            at: self.clock.now(),
            author: self.me.clone(),
            device: self.device.clone(),
            kind: Kind::Do,
            edits,
        };
        self.apply_here(&transaction)?;
        time::changed(self, &transaction.edits);
        if transaction.edits.len() > LARGE {
            self.backup();
        }
        let id = transaction.id.clone();
        self.newest = Some(id.clone());
        self.newest_edits = transaction.edits.len();
        self.undo_title = Some(transaction.title.clone());
        self.redo_title = None;
        self.hand_over(transaction);
        Ok(id)
    }

    fn hand_over(&mut self, transaction: Transaction) {
        if self.trouble.is_some() {
            self.unsaved.push(transaction);
        } else {
            self.journal.commit(transaction, self.stamp.clone());
        }
    }

    /// Applies a transaction to what is open. All or nothing.
    fn apply_here(&mut self, transaction: &Transaction) -> Result<(), String> {
        if let Some(open) = &mut self.open {
            open.apply(transaction, &self.stamp).map_err(|stale| stale.0)?;
        }
        let mut before = None;
        for document in transaction.edits.iter().filter_map(Edit::document) {
            // Edits of one document stand together.
            if before != Some(document) {
                self.list.forget(document);
            }
            before = Some(document);
        }
        Ok(())
    }

    fn escape(&mut self) -> Outcome {
        if let Some(reviewing) = &mut self.reviewing {
            if !reviewing.draft.is_under_way() {
                return reviewing::leave(self);
            }
            reviewing.draft.give_up();
            return Outcome::default();
        }
        if self.linking.take().is_some() || self.asking.take().is_some() || self.armed.take().is_some() {
            return Outcome::default();
        }
        if let Some(open) = &mut self.open
            && open.relation.take().is_none()
            && open.span.take().is_none()
        {
            open.anchor = open.caret;
        }
        Outcome::default()
    }

    fn save(&mut self) -> Outcome {
        if self.trouble.is_some() {
            self.retry();
        }
        self.mirror();
        self.journal.flush();
        let notices = self.poll();
        let outcome = Outcome { notices, ..Outcome::default() };
        match &self.trouble {
            // It stands over the page as long as it lasts.
            Some(trouble) => Outcome::refused(trouble.clone()),
            None => outcome.tell("All changes saved", false),
        }
    }

    /// Tries again to write what could not be written: on a fresh connection.
    pub(super) fn retry(&mut self) {
        if self.around.gone {
            return;
        }
        let Ok(store) = self.store.another() else { return };
        if store.read_only().is_some() {
            return;
        }
        self.store = store;
        for transaction in std::mem::take(&mut self.unsaved) {
            if let Err(CommitError::Store(_)) = self.store.commit(&transaction, &self.stamp) {
                self.unsaved.push(transaction);
            }
        }
        if self.unsaved.is_empty()
            && let Ok(store) = self.store.another()
        {
            self.journal.resume(store);
            self.trouble = None;
            self.last_saved = Some(self.clock.now());
            time::hand_over(self);
        }
    }

    /// Takes in what the journal reported: what is saved, what failed, what others changed. Called by the window each frame; cheap.
    pub fn poll(&mut self) -> Vec<Notice> {
        reviewing::poll(self);
        let mut notices = std::mem::take(&mut self.untold);
        let (mut stale, mut elsewhere) = (false, false);
        let there = (self.counts.documents, self.counts.hidden);
        if self.trouble.is_none() && self.clock.now().duration_since(self.backed_up) > BACKUP_EVERY {
            self.backup();
        }
        let reports = self.journal.reports();
        let any = !reports.is_empty();
        for report in reports {
            let error = |sentence: String| Notice { kind: NoticeKind::Error, sentence, undo: false };
            match report {
                Report::Saved(_) => self.last_saved = Some(self.clock.now()),
                Report::Changed => {
                    stale = true;
                    elsewhere = true;
                }
                Report::Unspent(document, seconds) => time::owe(self, document, seconds),
                Report::Seen(sight) => notices.extend(upkeep::take(self, sight)),
                Report::Assigned(loaded) => notices.extend(upkeep::take_assignments(self, loaded)),
                Report::Failed(transaction, CommitError::Stale(why)) => {
                    stale = true;
                    notices.push(error(format!(
                        "“{}” was not saved: {why}. It was changed in another window",
                        transaction.title
                    )));
                }
                Report::Failed(transaction, CommitError::Store(why)) => {
                    self.unsaved.push(*transaction);
                    if self.trouble.is_none() {
                        let sentence = format!("{why}. Your changes stay here; Ctrl+S tries again");
                        self.trouble = Some(sentence.clone());
                        notices.push(error(sentence));
                    }
                }
                Report::Mirrored(Ok(done)) => {
                    notices.extend(done.problems.iter().map(|problem| error(problem.to_string())));
                    stale |= done.taken_in > 0;
                }
                Report::BackedUp(Ok(_)) => {}
                Report::Mirrored(Err(why)) | Report::BackedUp(Err(why)) => notices.push(error(why.to_string())),
            }
        }
        if stale {
            place::reload(self);
            reviewing::reload(self);
        }
        if any
            && (stale || self.journal.is_saved())
            && let Err(why) = self.refresh()
        {
            notices.push(Notice { kind: NoticeKind::Error, sentence: why.to_string(), undo: false });
        }
        if elsewhere && there != (self.counts.documents, self.counts.hidden) {
            notices.extend(place::relist(self).notices);
        }
        if self.list.stale && self.counts.documents <= AT_ONCE {
            notices.extend(place::relist(self).notices);
        }
        pace::keep(self);
        notices
    }

    /// Reads again what the panels show: counts, undo and redo.
    pub fn refresh(&mut self) -> Result<(), StoreError> {
        self.counts = self.store.counts()?;
        let there = self.counts.documents + self.counts.hidden;
        if self.around.assigned.as_ref().is_some_and(|assigned| assigned.of != there) && !self.around.assigning {
            self.around.assigning = true;
            self.journal.reassign();
        }
        let title = |found: Option<(String, u64)>| found.map(|(title, _)| title);
        self.undo_title = title(self.store.newest_title(&self.me, Direction::Undo)?);
        self.redo_title = title(self.store.newest_title(&self.me, Direction::Redo)?);
        Ok(())
    }

    /// Documents are assigned in this project, to me among others.
    pub fn is_assigned(&self) -> bool {
        self.around.assigned.as_ref().is_some_and(|assigned| assigned.place(&self.me).is_some())
    }

    /// What a query may speak of.
    pub fn vocabulary(&self) -> Vocabulary<'_> {
        Vocabulary { schema: &self.schema, counts: &self.counts, assigned: self.around.assigned.as_ref() }
    }

    /// Shows what a worker found for the list's present query.
    pub fn fill_list(&mut self, search: Search, numbers: Vec<u32>) {
        self.list.fill(search, numbers);
        place::find_current(self);
    }

    // ── what the window asks

    pub fn annotator(&self) -> &Annotator {
        &self.me
    }

    /// A connection of its own for a worker thread.
    pub fn another_store(&self) -> Result<Box<dyn Store>, StoreError> {
        self.store.another()
    }

    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    pub fn device(&self) -> &str {
        &self.device
    }

    pub fn stamp(&self) -> &str {
        &self.stamp
    }

    pub fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    /// Everything is on disk.
    pub fn is_saved(&self) -> bool {
        self.journal.is_saved() && self.unsaved.is_empty()
    }

    /// So much is on its way to disk that waiting for it would be noticed.
    pub fn is_saving_much(&self) -> bool {
        self.newest_edits > LARGE && self.trouble.is_none() && !self.journal.is_saved()
    }

    /// Why nothing can be saved, in words.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    pub fn last_saved(&self) -> Option<jiff::Timestamp> {
        self.last_saved
    }

    /// Waits until everything is on disk or has failed. What there is to tell comes with the next [`Session::poll`].
    pub fn flush(&mut self) {
        self.journal.flush();
        self.untold = self.poll();
    }

    /// Writes the mirrors in the background; for when the window is idle and on close.
    pub fn mirror(&mut self) {
        time::hand_over(self);
        self.journal.mirror();
    }

    /// A sign of life: a key, the pointer on the page, scrolling. Called as often as there is one; cheap.
    pub fn active(&mut self) {
        time::active(self);
    }

    /// The person turns to another window: what passes until they are back is not counted.
    pub fn pause(&mut self) {
        time::pause(self);
    }

    /// Looks now for what other processes changed, not only within the next second. What was found comes with [`Session::poll`].
    pub fn look(&self) {
        self.journal.look();
    }

    /// The project is in this folder: what people edit there beside the program is noticed.
    pub fn settle_in(&mut self, folder: &std::path::Path) {
        upkeep::settle_in(self, folder);
    }

    /// Makes a verified copy in the background.
    pub fn backup(&mut self) {
        self.backed_up = self.clock.now();
        self.journal.backup(self.backed_up);
    }

    pub fn can_undo(&self) -> bool {
        self.undo_title.is_some()
    }

    pub fn can_redo(&self) -> bool {
        self.redo_title.is_some()
    }

    /// What undo would take back: "Mark quote".
    pub fn undo_title(&self) -> Option<&str> {
        self.undo_title.as_deref()
    }

    pub fn redo_title(&self) -> Option<&str> {
        self.redo_title.as_deref()
    }

    pub fn last_label(&self) -> Option<&LabelId> {
        self.last_label.as_ref()
    }

    /// A label was used: `.` repeats it, and in rapid work it stays armed.
    pub(super) fn use_label(&mut self, label: &LabelId) {
        self.last_label = Some(label.clone());
        if self.rapid {
            self.armed = Some(label.clone());
        }
    }

    pub fn armed(&self) -> Option<&LabelId> {
        self.armed.as_ref()
    }

    /// Enter marks what is selected: a label is armed.
    pub fn marks_on_enter(&self) -> bool {
        self.armed.is_some() && self.linking.is_none() && self.asking.is_none() && self.selection().is_some()
    }

    pub fn linking(&self) -> Option<&Linking> {
        self.linking.as_ref()
    }

    /// The attribute that digits answer now.
    pub fn asking(&self) -> Option<Asking> {
        self.asking
    }

    pub fn can_go_back(&self) -> bool {
        self.trail.can_go_back()
    }

    pub fn can_go_forward(&self) -> bool {
        self.trail.can_go_forward()
    }

    /// There is nothing that [`Command::Escape`] would end.
    pub fn is_at_rest(&self) -> bool {
        let chosen = self.selected().is_some() || self.selection().is_some();
        !(chosen || self.linking.is_some() || self.asking.is_some() || self.armed.is_some())
    }

    /// The selected span's id.
    pub fn selected(&self) -> Option<&ItemId> {
        self.open.as_ref().and_then(|open| open.span.as_ref())
    }

    /// The selected span.
    pub fn selected_span(&self) -> Option<&Arc<Span>> {
        let open = self.open.as_ref()?;
        open.shown()?.span(open.span.as_ref()?)
    }

    /// The selected relation.
    pub fn selected_relation(&self) -> Option<&Arc<Relation>> {
        let open = self.open.as_ref()?;
        open.shown()?.relations.get(open.relation.as_ref()?)
    }

    /// The selected text, if any.
    pub fn selection(&self) -> Option<TextRange> {
        self.open.as_ref().and_then(OpenDocument::selection)
    }

    /// Whether the layer that is shown may be changed, and why not.
    pub fn editable(&self) -> Result<(), Reason> {
        match &self.open {
            None => Err(Reason("No document is open")),
            Some(open) if open.showing != self.me => {
                Err(Reason("This layer is someone else's. Copy it into yours to change it"))
            }
            Some(_) => match self.store.read_only() {
                Some(_) => Err(Reason("The project is read-only")),
                None => Ok(()),
            },
        }
    }
}
