//! Undo and redo: taking back my own newest change, or doing it again. A little at once; much on another thread.

use super::command::{Notice, NoticeKind, Outcome};
use super::place;
use super::reviewing;
use super::session::{LARGE, Session};
use crate::annotation::Annotator;
use crate::edit::{Direction, Transaction, TransactionId};
use crate::store::{CommitError, Store, StoreError};

/// What came of a step: what was written, or why nothing was.
pub type Stepped = Result<Transaction, Outcome>;

/// A step that another thread takes.
#[derive(Debug)]
pub struct Apart {
    store: Box<dyn Store>,
    by: By,
}

/// Whose step it is, where and when.
#[derive(Debug)]
struct By {
    me: Annotator,
    device: String,
    stamp: String,
    id: TransactionId,
    at: jiff::Timestamp,
    direction: Direction,
}

impl Apart {
    /// Takes the step. [`Session::stepped`] shows what came of it.
    pub fn run(mut self) -> Stepped {
        self.by.step(&mut *self.store)
    }
}

impl By {
    fn step(&self, store: &mut dyn Store) -> Stepped {
        let nothing = match self.direction {
            Direction::Undo => "Nothing to undo",
            Direction::Redo => "Nothing to redo",
        };
        let newest = match store.newest(&self.me, self.direction) {
            Ok(newest) => newest.ok_or_else(|| Outcome::refused(nothing))?,
            Err(error) => return Err(Outcome::error(error.to_string())),
        };
        let mut step = newest.inverse(self.id.clone(), self.at);
        step.device.clone_from(&self.device);
        match store.commit(&step, &self.stamp) {
            Ok(()) => Ok(step),
            Err(CommitError::Stale(why)) => {
                let word = if self.direction == Direction::Undo { "undone" } else { "done again" };
                Err(Outcome::refused(format!("“{}” cannot be {word}: {why}", step.title)))
            }
            Err(CommitError::Store(error)) => Err(Outcome::error(error.to_string())),
        }
    }
}

impl Session {
    fn by(&mut self, direction: Direction) -> By {
        By {
            me: self.me.clone(),
            device: self.device().to_owned(),
            stamp: self.stamp.clone(),
            id: TransactionId(self.clock.id()),
            at: self.clock.now(),
            direction,
        }
    }

    /// Undo or redo: takes back my own newest change, goes to the place and shows it.
    pub(super) fn step(&mut self, direction: Direction) -> Outcome {
        if let Some(trouble) = self.trouble() {
            return Outcome::refused(trouble.to_owned());
        }
        self.flush();
        let by = self.by(direction);
        let stepped = by.step(&mut *self.store);
        self.stepped(direction, stepped)
    }

    /// The next step would touch so much that a window should not wait for it.
    pub fn is_large_step(&self, direction: Direction) -> bool {
        self.trouble().is_none()
            && self
                .store
                .newest_title(&self.me, direction)
                .is_ok_and(|newest| newest.is_some_and(|(_, edits)| edits > LARGE as u64))
    }

    /// The next step, for another thread. Nothing else should be done meanwhile: it would make the step a refused one.
    pub fn step_apart(&mut self, direction: Direction) -> Result<Apart, StoreError> {
        self.flush();
        Ok(Apart { store: self.store.another()?, by: self.by(direction) })
    }

    /// Shows what came of a step.
    pub fn stepped(&mut self, direction: Direction, stepped: Stepped) -> Outcome {
        self.newest = None;
        let mut told = self.poll();
        let step = match stepped {
            Ok(step) => step,
            Err(outcome) => return outcome,
        };
        let place = match reviewing::decided(self, &step) {
            Some(decided) => reviewing::follow_step(self, &step, decided),
            None => place::go_to_edit(self, &step),
        };
        if let Err(error) = self.refresh() {
            told.push(Notice { kind: NoticeKind::Error, sentence: error.to_string(), undo: false });
        }
        let word = if direction == Direction::Undo { "Undone" } else { "Done again" };
        let outcome = Outcome { transaction: Some(step.id), notices: told, reveal: place };
        outcome.tell(format!("{word}: {}", step.title), false)
    }
}
