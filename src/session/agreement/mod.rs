//! Comparing annotators: reads the layers of a project, and gives every number that was asked for with what it is made of.
//!
//! [`compare`] is for a worker thread: it reads the store, can be cancelled, and keeps numbers only. [`Comparison`] is for whoever shows
//! them: the window's dashboard, the command line, a report.

pub mod card;
mod comparison;
mod drift;
mod material;
mod page;

use crate::agreement::{Asked, Grain, MEASURES, Measure};
use crate::annotation::Annotator;
use crate::schema::{LabelId, Schema};
use crate::store::{Job, Store, StoreError};

pub use comparison::{Comparison, Parameters};
pub use drift::{Part, week};
pub use material::{LeftOut, Material, gather};
pub use page::page;

/// Who is compared, in what, and how.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In this order; everyone but gold where nobody is named.
    pub annotators: Vec<Annotator>,
    /// Only spans with one of these labels, or one below it; all where empty.
    pub labels: Vec<LabelId>,
    pub grain: Grain,
    pub asked: Asked,
    /// Overall, week by week.
    pub drift: bool,
    /// Overall, without each of the annotators in turn.
    pub leave_one_out: bool,
}

impl Plan {
    /// Everybody's layers by every measure that is not only on request, with rows of labels and documents.
    pub fn new() -> Self {
        let measures: Vec<&'static dyn Measure> =
            MEASURES.iter().copied().filter(|measure| !measure.on_request()).collect();
        Self {
            annotators: Vec::new(),
            labels: Vec::new(),
            grain: Grain::default(),
            asked: Asked { measures, labels: true, documents: true, pairs: true, samples: 1000, seed: 1 },
            drift: false,
            leave_one_out: false,
        }
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads, then computes. Half of the job's progress is reading.
pub fn compare(store: &dyn Store, schema: &Schema, plan: &Plan, job: &Job) -> Result<Comparison, StoreError> {
    let material = gather(store, schema, plan, job)?;
    Comparison::new(material, schema, plan, job)
}
