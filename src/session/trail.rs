//! Where the user was: back and forward.

use crate::text::DocumentId;

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    pub document: DocumentId,
    pub caret: usize,
}

/// The places gone through, and which of them is the present.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    spots: Vec<Spot>,
    at: usize,
}

/// Older places are forgotten.
const LENGTH: usize = 200;

impl Trail {
    /// Leaves `from` for a new place: what was ahead is forgotten.
    pub fn leave(&mut self, from: Spot) {
        self.spots.truncate(self.at);
        if self.spots.last() != Some(&from) {
            self.spots.push(from);
        }
        if self.spots.len() > LENGTH {
            self.spots.remove(0);
        }
        self.at = self.spots.len();
    }

    pub fn can_go_back(&self) -> bool {
        self.at > 0
    }

    pub fn can_go_forward(&self) -> bool {
        self.at + 1 < self.spots.len()
    }

    /// The place before; `present` is remembered, to come forward to.
    pub fn back(&mut self, present: Spot) -> Option<Spot> {
        let target = self.at.checked_sub(1)?;
        if self.at == self.spots.len() {
            self.spots.push(present);
        } else {
            self.spots[self.at] = present;
        }
        self.at = target;
        self.spots.get(target).cloned()
    }

    /// The place after.
    pub fn forward(&mut self, present: Spot) -> Option<Spot> {
        if !self.can_go_forward() {
            return None;
        }
        self.spots[self.at] = present;
        self.at += 1;
        self.spots.get(self.at).cloned()
    }
}
