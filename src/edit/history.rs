//! Which transaction is undone or redone next. The log is linear and only grows; what counts is read off it.
//!
//! **Undo** takes back the author's newest `Do` that is in effect. **Redo** does again what was undone last, as long as the author
//! has done nothing else since.

use super::{Kind, Transaction, TransactionId};
use crate::annotation::Annotator;

/// Which way through the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    Undo,
    Redo,
}

/// What one author may undo and redo, folded from their transactions oldest first. Constant work a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// In effect, oldest first.
    done: Vec<TransactionId>,
    /// Taken back, the last one undone last.
    undone: Vec<TransactionId>,
}

impl History {
    /// The fold over a log; other authors' transactions are passed over.
    pub fn of<'a>(author: &Annotator, log: impl IntoIterator<Item = &'a Transaction>) -> Self {
        let mut history = Self::default();
        for transaction in log.into_iter().filter(|transaction| transaction.author == *author) {
            history.record(&transaction.id, &transaction.kind);
        }
        history
    }

    /// One more transaction of the author.
    pub fn record(&mut self, id: &TransactionId, kind: &Kind) {
        match kind {
            Kind::Do => {
                self.done.push(id.clone());
                self.undone.clear();
            }
            Kind::Undo(original) => {
                self.done.retain(|done| done != original);
                self.undone.push(original.clone());
            }
            Kind::Redo(original) => {
                self.undone.retain(|undone| undone != original);
                self.done.push(original.clone());
            }
        }
    }

    /// The `Do` that undo would take back.
    pub fn undo(&self) -> Option<&TransactionId> {
        self.done.last()
    }

    /// The `Do` that redo would do again.
    pub fn redo(&self) -> Option<&TransactionId> {
        self.undone.last()
    }

    /// The `Do` is in effect.
    pub fn is_done(&self, id: &TransactionId) -> bool {
        self.done.contains(id)
    }
}
