//! Reviewing a project: reading what can be compared, document by document, and what was settled as edits of gold.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::annotation::{Annotator, Status};
use crate::edit::{Edit, LayerEdit};
use crate::review::{Comparison, Gold, compare};
use crate::schema::Schema;
use crate::store::{Job, Query, Store, StoreError};
use crate::text::{Document, DocumentId};

/// Whose layers are compared, and with which schema.
#[derive(Clone, Debug)]
pub struct Reading {
    pub schema: Arc<Schema>,
    /// In the order that digits take them. May hold gold: then it is compared like anybody's.
    pub annotators: Arc<[Annotator]>,
}

/// What there is to review in one document.
#[derive(Clone, Debug)]
pub struct Found {
    pub document: Arc<Document>,
    pub comparison: Comparison,
    pub gold: Gold,
    /// Gold counts in an older text, so that nothing can be settled here. [`Found::gold`] is empty then.
    pub gold_is_older: bool,
    /// Finished it in an older text: left out of the comparison.
    pub older: Vec<Annotator>,
}

/// Why a document is not compared though someone finished it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Only this one did.
    OnlyOne(Annotator),
    /// These did, in texts that are not the newest.
    OlderText(Vec<Annotator>),
}

/// A document, compared or left out.
#[derive(Debug)]
pub enum Look {
    Found(Box<Found>),
    LeftOut(DocumentId, Why),
}

/// Everybody who finished something, by name; gold is nobody.
pub fn everybody(store: &dyn Store) -> Result<Arc<[Annotator]>, StoreError> {
    let counts = store.counts()?.annotators;
    let finished = counts.into_iter().filter(|one| one.finished > 0).map(|one| Annotator::from(one.annotator));
    Ok(finished.filter(|annotator| !annotator.is_gold()).collect())
}

impl Reading {
    /// Calls `look` with every document that one of them finished, in the order in which documents are stored, until it says stop
    /// (`false`). Hidden documents are left out. Streams: one document is in memory at a time. For a worker thread.
    pub fn each(&self, store: &dyn Store, job: &Job, look: &mut dyn FnMut(Look) -> bool) -> Result<(), StoreError> {
        let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
        for annotator in self.annotators.iter() {
            let query =
                Query { annotator: Some(annotator.clone()), status: Some(Status::Finished), ..Query::default() };
            for number in store.listing(&query, job)? {
                *numbers.entry(number).or_default() += 1;
            }
        }
        let numbers: Vec<u32> = numbers.into_keys().collect();
        let total = numbers.len() as u64;
        let mut done = 0;
        for page in numbers.chunks(1000) {
            for row in store.rows(page, &Query::default())? {
                job.set(done, total);
                done += 1;
                if job.is_cancelled() {
                    return Err(StoreError::Cancelled);
                }
                if let Some(found) = self.document(store, &row.id)?
                    && !look(found)
                {
                    return Ok(());
                }
            }
        }
        job.set(total, total);
        Ok(())
    }

    /// One document as it is stored now; `None` where none of them has finished it.
    pub fn document(&self, store: &dyn Store, id: &DocumentId) -> Result<Option<Look>, StoreError> {
        let heads = store.heads(id)?;
        let mut finished: Vec<Annotator> = Vec::new();
        for head in heads.into_iter().filter(|head| head.status == Status::Finished) {
            finished.extend(self.annotators.contains(&head.annotator).then_some(head.annotator));
        }
        match &finished[..] {
            [] => return Ok(None),
            [one] => return Ok(Some(Look::LeftOut(id.clone(), Why::OnlyOne(one.clone())))),
            _ => {}
        }
        let Some(document) = store.document(id, None)? else { return Ok(None) };
        let newest = document.text.sha256();
        let (mut layers, mut older) = (Vec::new(), Vec::new());
        for annotator in self.annotators.iter() {
            let read = if finished.contains(annotator) { store.layer(id, annotator)? } else { None };
            // Somebody may have changed it since.
            let read = read.filter(|(layer, _)| layer.status == Status::Finished);
            if read.as_ref().is_some_and(|(_, text)| *text != newest) {
                older.push(annotator.clone());
            }
            layers.push(read.filter(|(_, text)| *text == newest).map(|(layer, _)| Arc::new(layer)));
        }
        if layers.iter().flatten().count() < 2 {
            let why = if older.is_empty() { Why::OnlyOne(finished[0].clone()) } else { Why::OlderText(older) };
            return Ok(Some(Look::LeftOut(id.clone(), why)));
        }
        let gold =
            if self.annotators.iter().any(Annotator::is_gold) { None } else { store.layer(id, &Annotator::gold())? };
        let gold_is_older = gold.as_ref().is_some_and(|(_, text)| *text != newest);
        let gold = Gold::of(gold.as_ref().filter(|_| !gold_is_older).map(|(layer, _)| layer));
        let comparison = compare(&document, &self.schema, &self.annotators, layers);
        Ok(Some(Look::Found(Box::new(Found { document, comparison, gold, gold_is_older, older }))))
    }
}

/// Edits of gold, those of each document together: one transaction, one undo.
pub fn edits_of_gold(documents: Vec<(DocumentId, Vec<LayerEdit>)>) -> Vec<Edit> {
    let gold = Annotator::gold();
    let edits = documents.into_iter().flat_map(|(document, edits)| {
        let edit = |edit| Edit::Layer { document: document.clone(), annotator: gold.clone(), edit };
        edits.into_iter().map(edit).collect::<Vec<_>>()
    });
    edits.collect()
}
