//! From a plan to edits: every place is held against the present once more, and what has changed since is left out and told.

use std::borrow::Cow;
use std::sync::Arc;

use super::judge::judge;
use super::{InDocument, Plan};
use crate::annotation::{Annotator, ItemId, Layer, Ranges, Span, Status};
use crate::edit::{Edit, LayerEdit};
use crate::schema::{Label, Schema};
use crate::session::clock::Ids;
use crate::store::{Job, Store, StoreError};
use crate::text::{DocumentId, TextHash};

/// The edits that a plan comes to: one transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marking {
    pub title: String,
    pub edits: Vec<Edit>,
    /// Spans that are made, in reading order.
    pub made: Vec<ItemId>,
    pub removed: usize,
    /// Documents in which something is made or removed.
    pub documents: usize,
    /// Documents that were finished or skipped and are open again.
    pub reopened: usize,
    /// Places that are not what they were when the plan was made.
    pub stale: usize,
}

/// A document as it is now: the text my layer counts in, else the newest, and my layer.
pub(in crate::session) type Present<'a> = (TextHash, Option<Cow<'a, Layer>>);

/// What goes into the making of edits beside the plan.
pub(in crate::session) struct Means<'a> {
    pub schema: &'a Schema,
    pub me: &'a Annotator,
    pub ids: Ids,
    pub present: &'a mut dyn FnMut(&DocumentId) -> Result<Option<Present<'a>>, StoreError>,
}

impl Plan {
    /// The edits for all that is ticked. Reads layers from `store`, so everything must be saved; for another thread.
    pub fn prepare(
        &self,
        store: &dyn Store,
        schema: &Schema,
        me: &Annotator,
        ids: Ids,
        job: &Job,
    ) -> Result<Marking, StoreError> {
        let mut present = |id: &DocumentId| -> Result<Option<Present<'_>>, StoreError> {
            if let Some((layer, text)) = store.layer(id, me)? {
                return Ok(Some((text, Some(Cow::Owned(layer)))));
            }
            Ok(store.document(id, None)?.map(|document| (document.text.sha256(), None)))
        };
        self.edits(Means { schema, me, ids, present: &mut present }, job)
    }

    pub(in crate::session) fn edits(&self, mut means: Means<'_>, job: &Job) -> Result<Marking, StoreError> {
        let mut marking = Marking::default();
        let Some(label) = means.schema.label(&self.model.label) else { return Ok(marking) };
        for (done, document) in self.documents.iter().enumerate() {
            job.set(done as u64, self.documents.len() as u64);
            if job.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            let touched = |at: usize| document.ticked(at, self.options) == document.places[at].made.is_none();
            if (0..document.places.len()).any(touched) {
                self.edits_in(document, label, &mut means, &mut marking)?;
            }
        }
        marking.title = match (marking.made.len(), marking.removed) {
            (0, removed) => format!("Remove {removed} × {}", label.name),
            (made, _) => format!("Mark {made} × {}", label.name),
        };
        Ok(marking)
    }

    fn edits_in(
        &self,
        document: &InDocument,
        label: &Label,
        means: &mut Means<'_>,
        marking: &mut Marking,
    ) -> Result<(), StoreError> {
        let edit = |edit| Edit::Layer { document: document.id.clone(), annotator: means.me.clone(), edit };
        let present = (means.present)(&document.id)?.filter(|(text, _)| *text == document.text);
        let layer = present.as_ref().and_then(|(_, layer)| layer.as_deref());
        let status = layer.map_or(Status::Untouched, |layer| layer.status);
        let done = matches!(status, Status::Finished | Status::Skipped);
        let finished_since = done && !document.is_done() && !self.options.finished;
        let mut edits = Vec::new();
        for (at, place) in document.places.iter().enumerate() {
            match (document.ticked(at, self.options), &place.made) {
                (true, None) => {
                    let why = layer.and_then(|layer| judge(means.schema, label, layer, place.range));
                    let is_new = why.is_some() && why != place.why;
                    if present.is_none() || finished_since || is_new {
                        marking.stale += 1;
                        continue;
                    }
                    let id = ItemId::from(means.ids.take());
                    let mut span = Span::manual(id.clone(), label.id.clone(), Ranges::from(place.range));
                    span.attributes = self.model.attributes(label, self.options.attributes);
                    marking.made.push(id);
                    edits.push(edit(LayerEdit::add(span)));
                }
                (false, Some(made)) => {
                    let span = layer
                        .and_then(|layer| layer.span(made))
                        .filter(|span| span.ranges == Ranges::from(place.range));
                    let free = layer.is_some_and(|layer| layer.relations_of(made).next().is_none());
                    match span.filter(|_| free) {
                        Some(span) => {
                            marking.removed += 1;
                            edits.push(edit(LayerEdit::remove(&Arc::clone(span))));
                        }
                        None => marking.stale += 1,
                    }
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
        if !edits.is_empty() {
            marking.documents += 1;
            marking.reopened += usize::from(done);
            if status != Status::InProgress {
                marking.edits.push(edit(LayerEdit::Status { before: status, after: Status::InProgress }));
            }
            marking.edits.append(&mut edits);
        }
        Ok(())
    }
}

impl Marking {
    /// What was done, as a toast says it. `more`: something was marked so before.
    pub fn sentence(&self, left_out: usize) -> String {
        let made = self.made.len();
        let more = if made > 0 || self.removed == 0 { format!("{made} more marked") } else { String::new() };
        let removed = if self.removed > 0 { format!("{} taken back", self.removed) } else { String::new() };
        let documents = if self.documents > 1 { format!(" in {} documents", self.documents) } else { String::new() };
        let parts: Vec<String> = [more, removed].into_iter().filter(|part| !part.is_empty()).collect();
        let mut sentence = format!("{}{documents}", parts.join(", "));
        if left_out > 0 {
            sentence.push_str(&format!(", {left_out} left out"));
        }
        match self.reopened {
            0 => {}
            1 => sentence.push_str("; 1 document is open again"),
            many => sentence.push_str(&format!("; {many} documents are open again")),
        }
        if self.stale > 0 {
            sentence.push_str(&format!("; {} not marked: changed in the meantime", self.stale));
        }
        sentence
    }
}
