//! Finding the places: in the document on the page at once, in the whole project on a thread of its own.

use std::collections::HashSet;
use std::sync::Arc;

use super::judge::{judge, same};
use super::places::{Excerpt, Finder};
use super::{Held, InDocument, MOST, MOST_LEFT_OUT, Model, Options, Place, Plan, Why};
use crate::annotation::{Annotator, ItemId, Layer, Status};
use crate::schema::{Label, Schema};
use crate::session::Session;
use crate::session::search::sweep;
use crate::store::{Job, Query, Store, StoreError};
use crate::text::{Document, DocumentId, Text};

/// A search through the project for the places of a plan, ready to be carried to another thread.
#[derive(Debug)]
pub struct Survey {
    store: Box<dyn Store>,
    schema: Arc<Schema>,
    me: Annotator,
    finder: Finder,
    model: Model,
    /// Was looked through on the page.
    here: DocumentId,
}

/// What a place is judged by.
struct Rules<'a> {
    schema: &'a Schema,
    label: &'a Label,
    model: &'a Model,
    /// Spans made a moment ago.
    made: &'a HashSet<ItemId>,
}

impl Session {
    /// The plan for the document on the page: every string equal to what is selected. The sentence says why there is none.
    pub fn plan(&self, options: Option<Options>) -> Result<Plan, String> {
        let model = Model::of(self)?;
        // Whoever asks for this very document means it, finished or not.
        let options = Options { finished: true, ..options.unwrap_or_else(|| Options::of(&model)) };
        self.plan_here(model, options)
    }

    fn plan_here(&self, model: Model, options: Options) -> Result<Plan, String> {
        let finder = Finder::new(&model.words, options)?;
        let open = self.open.as_ref().ok_or("No document is open")?;
        let label = self.schema.label(&model.label).ok_or("The label is gone")?;
        let none = HashSet::new();
        let made = self.made_for(&model).unwrap_or(&none);
        let rules = Rules { schema: &self.schema, label, model: &model, made };
        let found = rules.places(&finder, &open.document, open.shown(), false);
        let mut plan = Plan::new(model, options);
        if let Some(found) = found {
            plan.add(found, &mut Held::default());
        }
        Ok(plan)
    }

    /// The plan for the project: the document on the page is in it already, the rest comes from the survey.
    pub fn plan_project(&mut self, options: Option<Options>) -> Result<(Plan, Survey), String> {
        let model = Model::of(self)?;
        let options = options.unwrap_or_else(|| Options::of(&model));
        let finder = Finder::new(&model.words, options)?;
        // The survey reads layers from the store.
        self.flush();
        let store = self.store.another().map_err(|error| error.to_string())?;
        let here = model.document.clone();
        let (schema, me) = (self.schema.clone(), self.me.clone());
        let plan = self.plan_here(model.clone(), options)?;
        Ok((plan, Survey { store, schema, me, finder, model, here }))
    }
}

impl Survey {
    /// Looks on all cores and calls `found` on this thread with each document that has a place, until it says stop (`false`) or the job is
    /// cancelled. Documents that cannot be read are passed over: why is returned.
    pub fn run(&self, job: &Job, found: &mut dyn FnMut(InDocument) -> bool) -> Result<Vec<StoreError>, StoreError> {
        // The threads share everything but the store: each of them has a connection of its own.
        let Self { store, schema, me, finder, model, here } = self;
        let Some(label) = schema.label(&model.label) else { return Ok(Vec::new()) };
        let none = HashSet::new();
        let rules = Rules { schema, label, model, made: &none };
        let numbers = store.listing(&Query::default(), job)?;
        let look = |store: &dyn Store, _, id: DocumentId, text: Text| {
            if id == *here || finder.find(&text).next().is_none() {
                return Ok(None);
            }
            let Some(document) = store.document(&id, None)? else { return Ok(None) };
            let mine = store.layer(&id, me)?;
            let other_text = mine.as_ref().is_some_and(|(_, counted)| *counted != document.text.sha256());
            Ok(rules.places(finder, &document, mine.as_ref().map(|(layer, _)| layer), other_text))
        };
        sweep(&**store, &numbers, finder.sieve(), job, &look, found)
    }
}

impl Rules<'_> {
    fn places(
        &self,
        finder: &Finder,
        document: &Document,
        layer: Option<&Layer>,
        other_text: bool,
    ) -> Option<InDocument> {
        let text = &document.text;
        let here = self.model.document == document.id;
        let mut places = Vec::new();
        for found in finder.find(text).take(MOST + MOST_LEFT_OUT) {
            // The model itself is no equal of itself.
            if here && self.model.span.is_some() && found.range == self.model.range {
                continue;
            }
            let was = layer.and_then(|layer| same(self.schema, self.label, layer, found.range));
            let made = was.filter(|span| self.made.contains(&span.id)).map(|span| span.id.clone());
            let why = match layer {
                _ if other_text => Some(Why::OtherText),
                _ if made.is_some() => None,
                layer => {
                    let judged = layer.and_then(|layer| judge(self.schema, self.label, layer, found.range));
                    judged.or(found.in_word.then_some(Why::PartOfWord))
                }
            };
            places.push(Place {
                range: found.range,
                excerpt: Excerpt::new(text, found.range),
                why,
                made,
                choice: None,
            });
        }
        let status = layer.map_or(Status::Untouched, |layer| layer.status);
        let document =
            InDocument { id: document.id.clone(), title: document.title(), text: text.sha256(), status, places };
        (!document.places.is_empty()).then_some(document)
    }
}
