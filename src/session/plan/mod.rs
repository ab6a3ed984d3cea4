//! A [`Plan`]: what a bulk command would touch, shown as a preview before anything is changed.
//!
//! Marking every string that equals another one: where it stands, in which documents, whether it would be marked, and why not. A plan
//! reads and changes nothing; [`prepare`](Plan::prepare) holds it against the present once more and gives the edits.

mod apply;
mod judge;
mod model;
mod places;
mod survey;

use std::collections::HashMap;

pub use apply::Marking;
pub(super) use apply::Means;
pub use judge::Why;
pub use model::Model;
pub use places::Excerpt;
pub use survey::Survey;

use crate::annotation::{ItemId, Status};
use crate::text::{DocumentId, TextHash, TextRange};

/// What would be marked, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub model: Model,
    pub options: Options,
    /// The document on the page first, then by id.
    pub documents: Vec<InDocument>,
    /// Places that are left out and of which there were too many to keep.
    pub unseen: usize,
    /// There are more places than one plan holds.
    pub full: bool,
}

/// How a plan goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Only where the string is not a part of a longer word.
    pub whole_words: bool,
    pub same_case: bool,
    /// Also in documents that are finished or skipped, which opens them again.
    pub finished: bool,
    /// With the attributes of the span that is the model.
    pub attributes: bool,
}

/// The places in one document.
#[derive(Clone, Debug, PartialEq)]
pub struct InDocument {
    pub id: DocumentId,
    pub title: String,
    /// The text in which the places count.
    pub text: TextHash,
    /// Of my layer; untouched where there is none. A document that is finished is left out as a whole, unless the options say otherwise.
    pub status: Status,
    /// In reading order.
    pub places: Vec<Place>,
}

/// One equal string.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub range: TextRange,
    pub excerpt: Excerpt,
    /// Why it is left out, if it is.
    pub why: Option<Why>,
    /// The span that was made there a moment ago, and goes if the place is not wanted.
    pub made: Option<ItemId>,
    /// What a person said of it.
    choice: Option<bool>,
}

/// What a plan comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Spans that would be made.
    pub mark: usize,
    /// Documents in which that would be.
    pub documents: usize,
    /// Spans made a moment ago that would stay.
    pub keep: usize,
    /// Spans made a moment ago that would go again.
    pub remove: usize,
    /// Places that would stay as they are.
    pub left_out: usize,
    /// Documents that would be opened again.
    pub reopen: usize,
}

/// A plan holds at most so many places that would be marked…
const MOST: usize = 100_000;
/// …and so many that would not.
const MOST_LEFT_OUT: usize = 10_000;

impl Plan {
    pub fn new(model: Model, options: Options) -> Self {
        Self { model, options, documents: Vec::new(), unseen: 0, full: false }
    }

    /// Takes the places of one more document.
    pub fn add(&mut self, mut found: InDocument, held: &mut Held) {
        let (wanted, left_out): (Vec<_>, Vec<_>) =
            (0..found.places.len()).partition(|at| found.ticked(*at, self.options));
        held.wanted += wanted.len();
        let room = MOST_LEFT_OUT.saturating_sub(held.left_out);
        held.left_out += left_out.len().min(room);
        self.full |= held.wanted >= MOST;
        if left_out.len() > room {
            self.unseen += left_out.len() - room;
            let goes: std::collections::HashSet<usize> = left_out.into_iter().skip(room).collect();
            let mut at = 0;
            found.places.retain(|_| {
                at += 1;
                !goes.contains(&(at - 1))
            });
        }
        if !found.places.is_empty() {
            self.documents.push(found);
        }
    }

    pub fn ticked(&self, document: usize, place: usize) -> bool {
        self.documents[document].ticked(place, self.options)
    }

    /// Why a place is left out by itself.
    pub fn why(&self, document: usize, place: usize) -> Option<Why> {
        self.documents[document].why(place, self.options)
    }

    /// Ticks a place or takes its tick away, where that can be.
    pub fn tick(&mut self, document: usize, place: usize, on: bool) {
        let can = self.why(document, place).is_none_or(|why| why.may_be_ticked());
        self.documents[document].places[place].choice = Some(on && can);
    }

    /// The same for a whole document: on takes what is not doubtful.
    pub fn tick_document(&mut self, document: usize, on: bool) {
        let found = &mut self.documents[document];
        for place in &mut found.places {
            place.choice = Some(on && place.why.is_none());
        }
    }

    pub fn tick_all(&mut self, on: bool) {
        for document in 0..self.documents.len() {
            if on {
                // What is left out for its document's sake stays so.
                self.documents[document].places.iter_mut().for_each(|place| place.choice = None);
            } else {
                self.tick_document(document, false);
            }
        }
    }

    pub fn choices(&self) -> Choices {
        let said = |document: &InDocument| {
            let places = document.places.iter().filter_map(|place| Some((place.range, place.choice?)));
            (document.id.clone(), places.collect::<HashMap<_, _>>())
        };
        Choices(self.documents.iter().map(said).filter(|(_, choices)| !choices.is_empty()).collect())
    }

    /// Linear in the places.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for document in &self.documents {
            let mut marks = 0;
            for (at, place) in document.places.iter().enumerate() {
                match (document.ticked(at, self.options), &place.made) {
                    (true, None) => marks += 1,
                    (false, Some(_)) => count.remove += 1,
                    (false, None) => count.left_out += 1,
                    (true, Some(_)) => count.keep += 1,
                }
            }
            count.mark += marks;
            count.documents += usize::from(marks > 0);
            count.reopen += usize::from(marks > 0 && document.is_done());
        }
        count.left_out += self.unseen;
        count
    }

    /// Places that are left out for a doubt: not because they are marked already, nor for being another word.
    pub fn doubtful(&self) -> usize {
        let places = self.documents.iter().flat_map(|document| &document.places);
        places.filter(|place| matches!(place.why, Some(Why::Inside | Why::Clash(_)))).count()
    }

    /// Some place could be marked, if only by hand.
    pub fn is_worth_showing(&self) -> bool {
        let may = |place: &Place| place.why.as_ref().is_none_or(Why::may_be_ticked);
        self.documents.iter().any(|document| document.places.iter().any(may))
    }
}

/// How many places a plan holds already; kept beside it while it grows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Held {
    wanted: usize,
    left_out: usize,
}

impl Held {
    /// What it holds from the beginning.
    pub fn of(plan: &Plan) -> Self {
        let places: usize = plan.documents.iter().map(|document| document.places.len()).sum();
        let wanted = plan.count().mark;
        Self { wanted, left_out: places - wanted.min(places) }
    }
}

/// What a person said of places, by document.
#[derive(Clone, Debug, Default)]
pub struct Choices(HashMap<DocumentId, HashMap<TextRange, bool>>);

impl InDocument {
    /// What was said of its places in an earlier plan holds here too.
    pub fn remember(&mut self, before: &Choices) {
        let Some(choices) = before.0.get(&self.id) else { return };
        for place in &mut self.places {
            place.choice = choices.get(&place.range).copied().or(place.choice);
        }
    }

    /// My layer is finished or skipped.
    pub fn is_done(&self) -> bool {
        matches!(self.status, Status::Finished | Status::Skipped)
    }

    fn why(&self, place: usize, options: Options) -> Option<Why> {
        let of_document = match self.status {
            Status::Finished if !options.finished => Some(Why::Finished),
            Status::Skipped if !options.finished => Some(Why::Skipped),
            _ => None,
        };
        let place = &self.places[place];
        place.why.clone().or(of_document.filter(|_| place.made.is_none()))
    }

    fn ticked(&self, place: usize, options: Options) -> bool {
        self.places[place].choice.unwrap_or_else(|| self.why(place, options).is_none())
    }
}

impl Options {
    /// What one begins with: whole words where the string is made of them.
    pub fn of(model: &Model) -> Self {
        Self { whole_words: model.is_whole, same_case: true, finished: false, attributes: true }
    }
}
