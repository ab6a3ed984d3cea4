//! What an export chooses: documents in the order of their ids, each with the layers, spans and label ids that were asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::export::{ExportError, ExportPlan, Target, Who};
use crate::annotation::{Annotator, Layer, Spans};
use crate::formats::loss::Loss;
use crate::formats::table::{Feature, Shape};
use crate::schema::{LabelId, Schema};
use crate::store::{Store, StoreError};
use crate::text::{Document, TextHash};

/// A document in one of its texts, with the layers that count in it and were asked for.
pub(super) struct Selected<'a> {
    pub document: &'a Document,
    pub layers: &'a [Arc<Layer>],
    /// What the choice of labels tore apart.
    pub losses: Vec<Loss>,
}

/// The layers that count in one text, and what the choice of labels tore apart.
type Chosen = (Vec<Arc<Layer>>, Vec<Loss>);

/// What a plan chooses.
pub(super) struct Selection<'a> {
    pub store: &'a dyn Store,
    schema: &'a Schema,
    plan: &'a ExportPlan,
    /// Whose layers, where they are named or there are none at all.
    owners: Option<Vec<Annotator>>,
    /// Labels are written under their ids of today.
    resolved: bool,
}

impl<'a> Selection<'a> {
    pub(super) fn new(store: &'a dyn Store, schema: &'a Schema, plan: &'a ExportPlan) -> Result<Self, ExportError> {
        let several = match &plan.who {
            Who::Annotators(owners) => owners.len() > 1,
            Who::All => true,
        };
        let alone = plan.format.shape == Shape::File && !plan.format.has(Feature::SeveralLayers);
        if several && alone && !matches!(plan.target, Target::PerAnnotator(_)) {
            return Err(ExportError::Plan(format!(
                "A file of {} holds one layer, and this export has several. Name one annotator, or a folder that ends in / for one file each",
                plan.format.name
            )));
        }
        if plan.format.shape == Shape::Folder && plan.target == Target::Stream {
            return Err(ExportError::Plan(format!("{} is one file per document: name a folder", plan.format.name)));
        }
        let nobody = || Ok::<_, StoreError>(store.counts()?.annotators.is_empty().then(Vec::new));
        let owners = match &plan.who {
            Who::Annotators(owners) => Some(owners.clone()),
            Who::All => nobody()?,
        };
        Ok(Self { store, schema, plan, owners, resolved: !plan.format.has(Feature::FormerIds) })
    }

    /// Every document that was chosen, in order of id.
    pub(super) fn each(
        &self,
        visit: &mut dyn FnMut(Selected<'_>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let mut failed = None;
        self.store.each_document(&mut |document| match self.visit(&document, visit) {
            Ok(()) => Ok(true),
            Err(ExportError::Store(error)) => Err(error),
            Err(error) => {
                failed = Some(error);
                Ok(false)
            }
        })?;
        failed.map_or(Ok(()), Err)
    }

    fn visit(
        &self,
        newest: &Arc<Document>,
        visit: &mut dyn FnMut(Selected<'_>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let hash = newest.text.sha256();
        // The texts that layers count in; the newest last.
        let mut texts: BTreeMap<(bool, TextHash), Chosen> = BTreeMap::new();
        if self.plan.who == Who::All {
            texts.insert((true, hash), Chosen::default());
        }
        let found;
        let owners = if let Some(owners) = &self.owners {
            owners
        } else {
            found = self.store.heads(&newest.id)?.into_iter().map(|head| head.annotator).collect::<Vec<_>>();
            &found
        };
        for owner in owners {
            let Some((layer, text)) = self.store.layer(&newest.id, owner)? else { continue };
            if !self.plan.statuses.is_empty() && !self.plan.statuses.contains(&layer.status) {
                continue;
            }
            let (layers, losses) = texts.entry((text == hash, text)).or_default();
            layers.push(Arc::new(self.cut(newest, layer, losses)));
        }
        for ((_, text), (layers, losses)) in texts {
            if text == hash {
                visit(Selected { document: newest, layers: &layers, losses })?;
            } else if let Some(document) = self.store.document(&newest.id, Some(text))? {
                visit(Selected { document: &document, layers: &layers, losses })?;
            }
        }
        Ok(())
    }

    /// The layer with the labels that were asked for, under the ids they are to have.
    fn cut(&self, document: &Document, mut layer: Layer, losses: &mut Vec<Loss>) -> Layer {
        let labels = &self.plan.labels;
        let today = |label: &'_ LabelId| self.schema.resolve(label.as_str()).map(|label| label.id.clone());
        let wanted = |label: &LabelId| {
            let label = today(label).map_or(Cow::Borrowed(label), Cow::Owned);
            labels.is_empty() || self.schema.accepts(labels, &label)
        };
        let renamed = |label: &LabelId| self.resolved && today(label).is_some_and(|today| today != *label);
        if layer.spans.iter().all(|span| wanted(&span.label) && !renamed(&span.label)) {
            return layer;
        }
        let spans = layer.spans.iter().filter(|span| wanted(&span.label)).map(|span| {
            let mut span = span.clone();
            if let Some(label) = today(&span.label).filter(|_| renamed(&span.label)) {
                Arc::make_mut(&mut span).label = label;
            }
            span
        });
        let spans: Vec<_> = spans.collect();
        // The ids were unique before.
        layer.spans = Spans::try_from(spans).unwrap_or_default();
        let spans = &layer.spans;
        layer.relations.retain(|id, relation| {
            let whole = spans.get(&relation.from).is_some() && spans.get(&relation.to).is_some();
            let started = spans.get(&relation.from).is_some() || spans.get(&relation.to).is_some();
            if !whole && started && self.plan.format.has(Feature::Relations) {
                losses.push(Loss {
                    document: document.id.clone(),
                    annotator: layer.annotator.clone(),
                    item: Some(id.clone()),
                    what: Feature::Relations,
                    sentence: format!("the relation {} is left out: one of its spans has another label", relation.kind),
                });
            }
            whole
        });
        layer
    }
}
