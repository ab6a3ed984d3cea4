//! A [`Transaction`]: the edits of one user action, all or nothing, invertible, titled, by one author.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Edit;
use crate::annotation::Annotator;

/// A transaction's id: a ULID, unique across machines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TransactionId(pub String);

/// How a transaction came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The user did something.
    Do,
    /// It takes back the `Do` with this id.
    Undo(TransactionId),
    /// It does again the `Do` with this id.
    Redo(TransactionId),
}

/// The edits of one user action.
#[derive(Clone, Debug, PartialEq)]
pub struct Transaction {
    pub id: TransactionId,
    /// What the user did, as menus say it after "Undo": "Mark quote".
    pub title: String,
    pub at: Timestamp,
    pub author: Annotator,
    /// The machine it was made on.
    pub device: String,
    pub kind: Kind,
    pub edits: Vec<Edit>,
}

impl Transaction {
    /// The transaction that takes this one back, or, where this one is an undo, does it again. `original` is the id of the `Do` at the root.
    #[must_use]
    pub fn inverse(&self, id: TransactionId, at: Timestamp) -> Self {
        let kind = match &self.kind {
            Kind::Do => Kind::Undo(self.id.clone()),
            Kind::Redo(original) => Kind::Undo(original.clone()),
            Kind::Undo(original) => Kind::Redo(original.clone()),
        };
        Self {
            id,
            title: self.title.clone(),
            at,
            author: self.author.clone(),
            device: self.device.clone(),
            kind,
            edits: self.edits.iter().rev().map(Edit::inverse).collect(),
        }
    }
}
