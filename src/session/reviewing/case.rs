//! A [`Case`]: one difference in the queue, small enough that a project may have a million of them.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::review::{Comparison, Difference, Gold, Kind, Side, State, Subject};
use crate::text::Text;

/// One difference in the queue.
#[derive(Clone, Debug)]
pub struct Case {
    /// Which of the queue's documents.
    pub document: u32,
    /// From the difference's id.
    pub key: u64,
    /// Its first byte.
    pub start: u32,
    /// As filters name it; `agreed` for what came back and is agreed on by now.
    pub kind: &'static str,
    /// 0 to 5, the worst.
    pub severity: u8,
    /// Which of the queue's labels.
    pub label: Option<u16>,
    /// Which of the queue's clusters, from the narrowest to the widest.
    pub(super) shapes: Box<[u32]>,
    /// By annotator: 0 is missing, 1 nothing, the same number the same answer.
    pub says: Box<[u8]>,
    /// The words it is about, cut short.
    pub words: Box<str>,
    /// It is about an arrow between spans, which must be settled first.
    pub links: bool,
    pub progress: Progress,
}

/// How far a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Progress {
    /// It was settled, and what it was made from has changed.
    Stale,
    Open,
    /// Left for later in this session.
    Skipped,
    Settled,
    /// There is nothing left to settle about it.
    Moot,
}

impl Progress {
    /// It is yet to be settled.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Stale | Self::Skipped)
    }
}

impl From<&State> for Progress {
    fn from(state: &State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Stale(_) => Self::Stale,
            State::Settled(_) => Self::Settled,
            State::Moot => Self::Moot,
        }
    }
}

impl Case {
    /// These two say different things.
    pub fn parts(&self, one: usize, other: usize) -> bool {
        let says = |who: usize| self.says.get(who).copied().unwrap_or(0);
        says(one) != 0 && says(other) != 0 && says(one) != says(other)
    }
}

/// A number for an id, the same on every machine.
pub(super) fn key(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// What goes into the queue: everything that differs, and what came back though it is agreed on now.
pub(super) fn is_case(difference: &Difference, state: &State) -> bool {
    !difference.is_agreed() || matches!(state, State::Stale(_))
}

/// Characters of the words that are kept.
const WORDS: usize = 40;

/// A case without its places in the queue's tables.
pub(super) fn seed(text: &Text, difference: &Difference, state: &State) -> Case {
    Case {
        document: 0,
        key: key(&difference.id),
        start: u32::try_from(difference.extent.start()).unwrap_or(u32::MAX),
        kind: difference.kind().map_or("agreed", Kind::id),
        severity: difference.severity,
        label: None,
        shapes: Box::default(),
        says: says(&difference.sides),
        words: super::words::subject(text, difference, WORDS).into(),
        links: difference.subject == Subject::Relation,
        progress: Progress::from(state),
    }
}

/// The state of everything a document's gold says, in the order of the comparison; what was withdrawn comes last.
pub(super) fn states(comparison: &Comparison, gold: &Gold) -> Vec<(std::sync::Arc<Difference>, State)> {
    let known = comparison.differences.iter().cloned();
    let all = known.chain(gold.withdrawn(comparison));
    all.map(|difference| {
        let state = gold.state(comparison, &difference);
        (difference, state)
    })
    .filter(|(difference, state)| is_case(difference, state))
    .collect()
}

/// By annotator: 0 is missing, 1 nothing, the same number the same answer.
pub(super) fn says(sides: &[Side]) -> Box<[u8]> {
    let mut known: Vec<&Side> = Vec::new();
    let says = sides.iter().map(|side| match side {
        Side::Absent => 0,
        Side::Nothing => 1,
        side => {
            let place = known.iter().position(|other| same(other, side));
            let place = place.unwrap_or_else(|| {
                known.push(side);
                known.len() - 1
            });
            u8::try_from(place + 2).unwrap_or(u8::MAX)
        }
    });
    says.collect()
}

/// The two give the same answer: label, extent and attributes; ids, notes and origins are no answer.
fn same(one: &Side, other: &Side) -> bool {
    match (one, other) {
        (Side::Spans(a), Side::Spans(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_decision(b) && a.attributes == b.attributes)
        }
        (Side::Relation { relation: a, from, to }, Side::Relation { relation: b, from: from_b, to: to_b }) => {
            a.kind == b.kind && from.same_decision(from_b) && to.same_decision(to_b) && a.attributes == b.attributes
        }
        (Side::Value(a), Side::Value(b)) => a == b,
        (one, other) => one == other,
    }
}
