//! Who marks which documents: [`Assignments`] is what `assignments.ron` says, [`Dealing`] deals documents out, [`Assigned`] is the same by the
//! numbers of the store, for lists. Says nothing of what was marked; `session/team.rs` does.

mod assigned;
mod deal;
mod dealing;
mod hands;
mod quick;
mod read;
mod write;

pub use assigned::{Assigned, Loaded, check, load};
pub use deal::{Sheet, Terms, deal};
pub use dealing::{Dealing, Refused, Share, Wish};
pub use hands::Hands;

use crate::annotation::Annotator;
use crate::text::{DocumentId, Problem};

/// The file's name, at the top of the project.
pub const FILE: &str = "assignments.ron";
/// The form that this program writes.
const FORMAT: u64 = 1;

/// What `assignments.ron` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignments {
    /// Everybody who is given documents, each once; at most [`Hands::MOST`].
    pub annotators: Vec<Annotator>,
    /// The share of the documents that went to every annotator when they were dealt out last, from 0 to 1.
    pub overlap: f64,
    pub seed: u64,
    /// By the bytes of the id, each once. Given to nobody is said, too: such a document is not dealt out.
    pub documents: Vec<(DocumentId, Hands)>,
}

impl Assignments {
    /// Reads the file's text. `None` where it cannot be read, and then the problems say why, all of them, each with line and column. Linear.
    pub fn read(text: &str) -> (Option<Self>, Vec<Problem>) {
        // What we wrote ourselves is read ten times as quickly; whatever else stands there gets the reader that knows places.
        let mut documents = Vec::new();
        let head = quick::read(text, &mut |id, hands| documents.push((DocumentId::from(id), hands)));
        match head {
            Some(head) => (Some(Self { documents, ..head }), Vec::new()),
            None => read::read(text),
        }
    }

    /// The file's text: a line a document. `head` are the comments above.
    pub fn write(&self, head: &str) -> String {
        write::write(self, head)
    }

    /// Who a document is given to, where that is said. O(log n).
    pub fn hands(&self, id: &DocumentId) -> Option<Hands> {
        let found = self.documents.binary_search_by(|(known, _)| known.cmp(id));
        found.ok().map(|at| self.documents[at].1)
    }

    /// The place of an annotator in the list.
    pub fn place(&self, annotator: &Annotator) -> Option<usize> {
        self.annotators.iter().position(|known| known == annotator)
    }
}
