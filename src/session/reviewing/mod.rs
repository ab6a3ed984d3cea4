//! Reviewing: the differences of all documents, one after the other, each settled into gold by one key.
//!
//! [`Reviewing`] is where a session is in that: what is compared, the [`Queue`] over all documents, the [`Desk`] with the document on the
//! page. What a difference is and what a ruling does is `crate::review`'s; what is here reads, goes from one to the next, and writes.

mod begin;
pub mod bulk;
mod case;
mod desk;
mod draft;
mod guideline;
mod news;
mod queue;
mod settle;
mod survey;
mod walk;
pub mod words;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

pub use bulk::{Bulk, Bulking, Share};
pub use case::{Case, Progress};
pub use desk::Desk;
pub use draft::Draft;
pub use queue::{Cluster, Filter, Line, Order, Queue, Title};
pub use survey::Summary;

use self::survey::Reader;
use super::command::{Command, Edge, Outcome};
use super::session::Session;
use crate::annotation::Annotator;
use crate::review::{Difference, Ruling, letter, shuffled};
use crate::text::{DocumentId, TextRange};

/// What a reviewer asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Review {
    /// Compares everybody who has finished a document, or only these.
    Begin(Vec<Annotator>),
    /// Compares my layers with gold; nothing can be settled.
    Feedback,
    Leave,
    /// The next one that is open; an extent that was drawn is settled first.
    Next,
    /// The one before in the queue, settled or not.
    Previous,
    /// The case with this number.
    Go(u32),
    /// What the annotator in this seat has, counted from 1.
    Take(u8),
    Settle(Ruling),
    /// Leaves it for later.
    Skip,
    MoveEdge {
        edge: Edge,
        outward: bool,
        fine: bool,
    },
    /// The next key of a label gives it to what is settled.
    ChooseLabel,
    /// The reason for the ruling; of what is settled already, a change of its record.
    Reason(String),
    Arrange(Order),
    Narrow(Filter),
    /// Names are hidden and sides shuffled.
    Blind(bool),
    /// Writes the settled difference into the guidelines.
    Guideline,
    /// Carries out what a rule came to.
    Apply(Box<Bulk>),
}

/// A review under way.
#[derive(Debug)]
pub struct Reviewing {
    /// Those compared, in the order of their digits.
    pub annotators: Arc<[Annotator]>,
    /// My layers beside gold: to look at, not to settle.
    pub feedback: bool,
    pub queue: Queue,
    /// The document on the page.
    pub desk: Option<Desk>,
    /// The case that is looked at.
    pub current: Option<u32>,
    pub draft: Draft,
    /// What the comparison of all documents came to; `None` while it runs.
    pub summary: Option<Summary>,
    /// Grows with everything that the page or the panel shows otherwise than before.
    pub revision: u64,
    pub(super) blind: Option<u64>,
    reader: Option<Reader>,
    /// Documents that were compared ahead.
    ahead: HashMap<DocumentId, Desk>,
    /// Those that were asked for and have not been on the desk since.
    asked: BTreeSet<DocumentId>,
    /// Documents in which something was settled.
    written: BTreeSet<DocumentId>,
    /// How many cases there were when the queue was put in order.
    arranged: usize,
    /// The queue that is made anew because something was changed elsewhere; takes the place of the other when it is whole.
    renewal: Option<Queue>,
    /// Something was changed elsewhere once more meanwhile.
    again: bool,
    /// Documents that were settled in while it was made.
    touched: BTreeSet<DocumentId>,
    /// What was open before.
    before: Option<DocumentId>,
    /// A place that comes into view when the window looks next.
    reveal: Option<TextRange>,
}

impl Reviewing {
    /// The difference that is looked at.
    pub fn difference(&self) -> Option<&Arc<Difference>> {
        self.desk.as_ref()?.difference(self.case()?.key)
    }

    /// The row of the queue for it.
    pub fn case(&self) -> Option<&Case> {
        self.queue.case(self.current?)
    }

    /// Names are hidden.
    pub const fn is_blind(&self) -> bool {
        self.blind.is_some()
    }

    /// The documents are still being compared; how far: done, of how many.
    pub fn progress(&self) -> Option<(u64, u64)> {
        self.reader.as_ref().filter(|_| self.summary.is_none()).map(Reader::progress)
    }

    /// Who has which digit in the open document: by seat, the place among [`Reviewing::annotators`]. The same everywhere, unless names are
    /// hidden: then each document has an order of its own.
    pub fn seats(&self) -> Vec<usize> {
        let count = self.annotators.len();
        match (self.blind, &self.desk) {
            (Some(seed), Some(desk)) => shuffled(seed, desk.document.id.as_str(), count),
            _ => (0..count).collect(),
        }
    }

    /// What someone is called here.
    pub fn name(&self, who: usize) -> String {
        if !self.is_blind() {
            return self.annotators.get(who).map_or_else(String::new, ToString::to_string);
        }
        let seat = self.seats().iter().position(|seated| *seated == who).unwrap_or(who);
        format!("Annotator {}", letter(seat))
    }

    /// A letter or a number for them, for small places.
    pub fn initial(&self, who: usize) -> String {
        if self.is_blind() {
            let seat = self.seats().iter().position(|seated| *seated == who).unwrap_or(who);
            return letter(seat);
        }
        words::initial(&self.annotators, who)
    }

    fn changed(&mut self) {
        self.revision += 1;
    }
}

impl Session {
    /// The review under way.
    pub fn reviewing(&self) -> Option<&Reviewing> {
        self.reviewing.as_deref()
    }

    /// A place that the review found by itself and that shall come into view, once.
    pub fn take_reveal(&mut self) -> Option<TextRange> {
        self.reviewing.as_mut()?.reveal.take()
    }

    /// What a digit or a letter would give to what is settled: a label is being chosen.
    pub(super) fn chooses_label(&self) -> bool {
        self.reviewing().is_some_and(|reviewing| reviewing.draft.chooses_label)
    }
}

pub(super) fn run(session: &mut Session, review: Review) -> Outcome {
    match review {
        Review::Begin(annotators) => return begin::review(session, annotators),
        Review::Feedback => return begin::feedback(session),
        _ if session.reviewing.is_none() => return Outcome::default(),
        _ => {}
    }
    if !matches!(review, Review::ChooseLabel)
        && let Some(reviewing) = &mut session.reviewing
    {
        reviewing.draft.chooses_label = false;
    }
    match review {
        Review::Begin(_) | Review::Feedback => Outcome::default(),
        Review::Leave => leave(session),
        Review::Next => settle::next(session),
        Review::Previous => walk::previous(session),
        Review::Go(case) => walk::go(session, case),
        Review::Take(digit) => settle::take(session, digit),
        Review::Settle(ruling) => settle::settle(session, ruling),
        Review::Skip => walk::skip(session),
        Review::MoveEdge { edge, outward, fine } => draft::move_edge(session, edge, outward, fine),
        Review::ChooseLabel => draft::choose_label(session),
        Review::Reason(words) => draft::reason(session, &words),
        Review::Arrange(order) => walk::arrange(session, order),
        Review::Narrow(filter) => walk::narrow(session, filter),
        Review::Blind(on) => begin::blind(session, on),
        Review::Guideline => guideline::write(session),
        Review::Apply(bulk) => bulk::apply(session, *bulk),
    }
}

/// The command goes to a place that the review does not show: it ends the review.
pub(super) fn is_left_by(command: &Command) -> bool {
    use Command as C;
    matches!(
        command,
        C::Open(_)
            | C::Visit(_)
            | C::VisitItem { .. }
            | C::NextDocument
            | C::PreviousDocument
            | C::Back
            | C::Forward
            | C::Show(_)
            | C::FinishAndNext
            | C::Skip { .. }
            | C::CopyIntoMine
    )
}

pub(super) use begin::leave;
pub(super) use news::{decided, follow_step, poll, reload};
