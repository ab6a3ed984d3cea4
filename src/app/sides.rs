//! From the layers that are compared to what the page draws: [`Sides`]. Of two, the first has its lines under the words and the second above
//! them; of more, each has lanes of its own. What they agree on is quiet, what is open is bright, what is looked at is filled.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use egui::Color32;

use super::marks::{Emphasis, Found, LayerMarks};
use super::reading::{Mark, Marks, Owner, Ranks};
use super::theme::Theme;
use crate::session::reviewing::{Desk, Progress, Reviewing};
use crate::session::{OpenDocument, Session};

/// What was found about each layer, by annotator; kept as long as the document is open.
#[derive(Debug, Default)]
pub struct Kept(Vec<Found>);

impl Kept {
    /// Makes room for so many layers, and forgets what a change makes void.
    pub fn at(&mut self, count: usize, revision: u64) {
        self.0.resize_with(count, Found::default);
        self.0.iter_mut().for_each(|found| found.at(revision));
    }

    /// The annotator and the span that the page calls by this number.
    pub fn span(&self, mark: u64) -> Option<(usize, crate::annotation::ItemId)> {
        let who = usize::try_from(mark % MOST).ok()?;
        let id = self.0.get(who)?.numbers.borrow().id(mark / MOST)?.clone();
        Some((who, id))
    }
}

/// Annotators that are told apart in the numbers of marks.
const MOST: u64 = 128;
/// How much of its colour a line keeps that needs no look.
const QUIET: f32 = 0.38;
/// Slots of the theme for people: first those that the usual labels do not have.
const PEOPLE: [usize; 8] = [5, 8, 7, 6, 1, 2, 3, 4];

/// The colour of the person in a seat.
pub fn person(seat: usize, theme: &Theme) -> Color32 {
    theme.slot(PEOPLE[seat % PEOPLE.len()])
}

/// Several layers as marks.
pub struct Sides<'a> {
    layers: Vec<LayerMarks<'a>>,
    /// Who sits where, of those who have a layer here.
    seats: Vec<(usize, usize)>,
    desk: &'a Desk,
    current: Option<u64>,
    owners: Vec<Owner>,
    /// Lines run on both sides of the words.
    both: bool,
    version: u64,
    buffer: RefCell<Vec<Mark>>,
}

impl<'a> Sides<'a> {
    pub fn new(
        session: &'a Session,
        reviewing: &'a Reviewing,
        (desk, open): (&'a Desk, &'a OpenDocument),
        theme: &'a Theme,
        kept: &'a Kept,
    ) -> Self {
        let layers = desk.comparison.layers.iter().zip(&kept.0).map(|(layer, found)| LayerMarks {
            layer: layer.as_deref(),
            text: open.text(),
            schema: &session.schema,
            theme,
            found,
            emphasis: Emphasis::default(),
        });
        let seats = reviewing.seats();
        let mut owners = vec![Owner { initial: Arc::from(""), colour: theme.secondary }; seats.len()];
        for (seat, who) in seats.iter().enumerate() {
            owners[*who] = Owner { initial: Arc::from(reviewing.initial(*who)), colour: person(seat, theme) };
        }
        let here = seats.iter().enumerate().filter(|(_, who)| desk.comparison.layers[**who].is_some());
        Self {
            layers: layers.collect(),
            seats: here.map(|(seat, who)| (seat, *who)).collect(),
            desk,
            current: reviewing.case().map(|case| case.key),
            owners,
            both: reviewing.annotators.len() == 2,
            version: open.revision * 2 + u64::from(reviewing.is_blind()),
            buffer: RefCell::default(),
        }
    }

    /// Lanes that each of them may have, where all are on one side.
    fn share(&self) -> u8 {
        u8::try_from(250 / self.owners.len().max(1)).unwrap_or(1).max(1)
    }

    fn of(&self, place: usize, range: &Range<usize>, out: &mut Vec<Mark>) {
        let (seat, who) = self.seats[place];
        let layer = &self.layers[who];
        let mut marks = self.buffer.borrow_mut();
        marks.clear();
        layer.touching(range.clone(), &mut marks);
        let numbers = layer.found.numbers.borrow();
        for mut mark in marks.drain(..) {
            let case = numbers.id(mark.id).and_then(|id| self.desk.case_of(who, id));
            if case.is_none() && !self.both && place > 0 {
                // What all agree on is drawn once.
                continue;
            }
            let current = case.is_some_and(|(key, _)| Some(key) == self.current);
            let open = case.is_some_and(|(_, progress)| progress.is_open());
            mark.id = mark.id * MOST + who as u64;
            mark.above = self.both && place == 1;
            if !self.both {
                let share = self.share();
                let seat = if case.is_none() { 0 } else { u8::try_from(seat).unwrap_or(u8::MAX) };
                mark.lane = seat.saturating_mul(share).saturating_add(mark.lane.min(share - 1));
            }
            if !open && !current {
                mark.colour = mark.colour.gamma_multiply(QUIET);
            }
            mark.tint = current && self.both;
            mark.selected = current && self.both;
            mark.incomplete = false;
            mark.grey_text &= case.is_none_or(|(_, progress)| progress == Progress::Settled);
            mark.short.clear();
            mark.tag.clear();
            mark.owner = (open || current).then(|| self.owners[who].clone());
            out.push(mark);
        }
    }

    fn ranks(&self, range: &Range<usize>, above: bool) -> u8 {
        let mut marks = Vec::new();
        (0..self.seats.len()).for_each(|place| self.of(place, range, &mut marks));
        let touches = |mark: &&Mark| mark.extent().start < range.end && range.start < mark.extent().end;
        marks.iter().filter(|mark| mark.above == above).filter(touches).map(|mark| mark.lane).collect::<Ranks>().count()
    }
}

impl Marks for Sides<'_> {
    fn touching(&self, range: Range<usize>, out: &mut Vec<Mark>) {
        (0..self.seats.len()).for_each(|place| self.of(place, &range, out));
    }

    fn lanes(&self, range: Range<usize>) -> u8 {
        self.ranks(&range, false)
    }

    fn lanes_above(&self, range: Range<usize>) -> u8 {
        if self.both { self.ranks(&range, true) } else { 0 }
    }

    fn version(&self) -> u64 {
        self.version
    }
}
