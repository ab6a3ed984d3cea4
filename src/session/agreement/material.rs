//! [`Material`]: the layers of a project as numbers, and what was left out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Plan;
use crate::agreement::{Candidate, Corpus, Coverage, Gather, Presence};
use crate::annotation::{Annotator, Layer, Status};
use crate::schema::Schema;
use crate::store::{Head, Job, Query, Store, StoreError};
use crate::text::DocumentId;

/// What can be compared, in numbers.
#[derive(Clone, Debug, Default)]
pub struct Material {
    /// Documents that at least two annotators finished.
    pub corpus: Corpus,
    /// Documents in which at least one has a layer.
    pub coverage: Coverage,
    /// By document of the corpus, then annotator: when the layer was last changed.
    pub updated: Vec<Vec<Option<Timestamp>>>,
    /// Layers that are there and do not count, by document.
    pub left_out: Vec<LeftOut>,
    /// By schema stamp: how many of the layers that count were last written under it.
    pub schemas: BTreeMap<String, usize>,
    /// Documents that are not hidden, with or without layers.
    pub documents: u64,
    /// They are left out whatever layers they have.
    pub hidden: u64,
}

/// A layer that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub document: DocumentId,
    pub annotator: String,
    pub why: Presence,
}

/// Reads the layers that the plan asks for. Documents in which nobody has a layer cost nothing; texts are read only where two finished.
pub fn gather(store: &dyn Store, schema: &Schema, plan: &Plan, job: &Job) -> Result<Material, StoreError> {
    let counts = store.counts()?;
    let annotators = if plan.annotators.is_empty() {
        let everyone = counts.annotators.iter().map(|one| Annotator::from(one.annotator.as_str()));
        everyone.filter(|annotator| !annotator.is_gold()).collect()
    } else {
        plan.annotators.clone()
    };
    let mut gather = Gather::new(schema, &annotators, &plan.labels, plan.grain);
    let mut material = Material { documents: counts.documents, hidden: counts.hidden, ..Material::default() };
    let documents = touched(store, &annotators, job)?;
    let total = documents.len() as u64;
    for (done, id) in (0..).zip(documents) {
        job.set(done, total * 2);
        if job.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        material.document(store, id, &annotators, &mut gather)?;
    }
    material.corpus = gather.finish();
    Ok(material)
}

/// The documents in which one of them has a layer, by id.
fn touched(store: &dyn Store, annotators: &[Annotator], job: &Job) -> Result<BTreeSet<DocumentId>, StoreError> {
    let mut numbers = BTreeSet::new();
    for annotator in annotators {
        for status in [Status::Finished, Status::InProgress, Status::Skipped] {
            let query = Query { annotator: Some(annotator.clone()), status: Some(status), ..Query::default() };
            numbers.extend(store.listing(&query, job)?);
        }
    }
    let numbers: Vec<u32> = numbers.into_iter().collect();
    let mut documents = BTreeSet::new();
    for page in numbers.chunks(1000) {
        documents.extend(store.rows(page, &Query::default())?.into_iter().map(|row| row.id));
    }
    Ok(documents)
}

impl Material {
    fn document(
        &mut self,
        store: &dyn Store,
        id: DocumentId,
        annotators: &[Annotator],
        gather: &mut Gather<'_>,
    ) -> Result<(), StoreError> {
        let heads = store.heads(&id)?;
        let head = |annotator: &Annotator| heads.iter().find(|head| head.annotator == *annotator);
        let finished =
            heads.iter().filter(|head| head.status == Status::Finished && annotators.contains(&head.annotator));
        // Where only one finished it, nothing is compared; whether that one's text is the newest does not matter.
        let newest = if finished.count() >= 2 { store.document(&id, None)? } else { None };
        let hash = newest.as_ref().map(|document| document.text.sha256());
        let presence = |head: Option<&Head>| match head {
            Some(head) if head.status == Status::Finished && hash.is_some_and(|hash| hash != head.text) => {
                Presence::TextDiffers
            }
            Some(head) if head.status == Status::Finished => Presence::Counts,
            Some(head) if head.status == Status::InProgress => Presence::InProgress,
            Some(head) if head.status == Status::Skipped => Presence::Skipped,
            _ => Presence::Untouched,
        };
        let layers: Vec<Presence> = annotators.iter().map(|annotator| presence(head(annotator))).collect();
        for (annotator, why) in annotators.iter().zip(&layers) {
            if !matches!(why, Presence::Counts | Presence::Untouched) {
                let annotator = annotator.to_string();
                self.left_out.push(LeftOut { document: id.clone(), annotator, why: *why });
            }
        }
        let counting = layers.iter().filter(|presence| **presence == Presence::Counts).count();
        if let Some(document) = newest.filter(|_| counting >= 2) {
            let mut read: Vec<Option<Layer>> = Vec::with_capacity(annotators.len());
            for (annotator, presence) in annotators.iter().zip(&layers) {
                let found = if *presence == Presence::Counts { store.layer(&id, annotator)? } else { None };
                // Somebody may have changed it since.
                let same = |(layer, text): &(Layer, _)| layer.status == Status::Finished && Some(*text) == hash;
                read.push(found.filter(same).map(|(layer, _)| layer));
            }
            for layer in read.iter().flatten() {
                *self.schemas.entry(layer.schema.clone()).or_default() += 1;
            }
            self.updated.push(read.iter().map(|layer| layer.as_ref().and_then(|layer| layer.updated)).collect());
            gather.document(&document, &read);
        }
        self.coverage.0.push(Candidate { document: id, layers });
        Ok(())
    }
}
