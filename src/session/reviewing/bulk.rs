//! Bulk rules over all documents: first what they would settle, to be looked at, then one change with one undo.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::command::Outcome;
use super::super::place;
use super::super::session::Session;
use super::desk::Desk;
use super::{news, settle, words};
use crate::annotation::Annotator;
use crate::edit::Edit;
use crate::review::{Accept, Reviewer};
use crate::schema::Schema;
use crate::store::{Job, Query, Store, StoreError};
use crate::text::DocumentId;

/// What a rule would settle.
#[derive(Clone, Debug, PartialEq)]
pub struct Bulk {
    pub accept: Accept,
    /// Things that are settled, agreed ones among them.
    pub settled: u64,
    /// How many of those were differences.
    pub differences: u64,
    pub documents: u64,
    /// Open differences that the rule leaves.
    pub left: u64,
    /// By label: how many.
    pub labels: BTreeMap<String, u64>,
    /// Some of the differences, with what becomes of them.
    pub samples: Vec<Share>,
    edits: Vec<Edit>,
}

/// One of them, to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    pub document: DocumentId,
    pub words: String,
    pub what: String,
}

/// Samples that are shown.
const SAMPLES: usize = 200;

/// Finding out what a rule would settle, for another thread.
#[derive(Debug)]
pub struct Bulking {
    store: Box<dyn Store>,
    schema: Arc<Schema>,
    annotators: Arc<[Annotator]>,
    accept: Accept,
    reviewer: Reviewer,
}

impl Session {
    /// What a rule would settle of all documents: [`Bulking::run`] finds it out, and `Review::Apply` carries it out.
    pub fn bulk(&mut self, accept: Accept) -> Result<Bulking, String> {
        let Some(reviewing) = &self.reviewing else { return Err("No review is under way".to_owned()) };
        if reviewing.feedback {
            return Err(settle::READ_ONLY.to_owned());
        }
        let annotators = Arc::clone(&reviewing.annotators);
        // It reads what is on disk.
        self.flush();
        let store = self.store.another().map_err(|error| error.to_string())?;
        let reviewer = Reviewer { by: self.me.clone(), at: self.clock.now() };
        Ok(Bulking { store, schema: Arc::clone(&self.schema), annotators, accept, reviewer })
    }
}

impl Bulking {
    /// Looks through all documents. Linear in their spans.
    pub fn run(self, job: &Job) -> Result<Bulk, StoreError> {
        let mut bulk = Bulk {
            accept: self.accept,
            settled: 0,
            differences: 0,
            documents: 0,
            left: 0,
            labels: BTreeMap::new(),
            samples: Vec::new(),
            edits: Vec::new(),
        };
        let query = Query::default();
        let numbers = self.store.listing(&query, job)?;
        let total = numbers.len() as u64;
        for (done, block) in (0..).zip(numbers.chunks(1)) {
            if job.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            job.set(done, total);
            for row in self.store.rows(block, &query)? {
                if let Some(desk) = Desk::read(&*self.store, &self.schema, &self.annotators, &row.id)? {
                    self.one(desk, &mut bulk);
                }
            }
        }
        Ok(bulk)
    }

    fn one(&self, mut desk: Desk, bulk: &mut Bulk) {
        if !desk.is_compared() {
            return;
        }
        let comparison = Arc::clone(&desk.comparison);
        let open = desk.cases().filter(|(_, progress)| progress.is_open()).count() as u64;
        let proposals = desk.gold.proposals(&comparison, self.accept);
        let differing = proposals.iter().filter(|(difference, _)| !difference.is_agreed()).count() as u64;
        bulk.left += open.saturating_sub(differing);
        if proposals.is_empty() {
            return;
        }
        for (difference, _) in &proposals {
            let label = difference.label.as_ref().map_or_else(String::new, ToString::to_string);
            *bulk.labels.entry(label).or_default() += 1;
            if !difference.is_agreed() && bulk.samples.len() < SAMPLES {
                bulk.samples.push(Share {
                    document: desk.document.id.clone(),
                    words: words::subject(&desk.document.text, difference, 60),
                    what: words::what(difference),
                });
            }
        }
        let (edits, refused) = desk.gold.settle_all(&comparison, &proposals, &self.reviewer);
        let refused_differing = refused.iter().filter(|(difference, _)| !difference.is_agreed()).count() as u64;
        bulk.settled += (proposals.len() - refused.len()) as u64;
        bulk.differences += differing - refused_differing;
        bulk.left += refused_differing;
        bulk.documents += 1;
        bulk.edits.extend(settle::of_gold(&desk.document.id, edits));
    }
}

pub(super) fn apply(session: &mut Session, bulk: Bulk) -> Outcome {
    if bulk.edits.is_empty() {
        return Outcome::refused("This rule settles nothing that is still open");
    }
    let rule = match bulk.accept {
        Accept::Unanimous => "what all agree on",
        Accept::Majority => "what most say",
        Accept::Trivial { .. } => "trivial edges",
    };
    let result = session.transact(format!("Settle {rule}"), bulk.edits);
    if result.is_ok() {
        session.flush();
    }
    news::reload(session);
    let count = |number: u64, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    let told = format!("{} settled in {}", count(bulk.settled, "thing"), count(bulk.documents, "document"));
    place::done(result, &told, true)
}
