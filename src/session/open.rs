//! [`OpenDocument`]: the document on the page, the layers that can be shown, the caret and the selection.

use std::sync::Arc;

use crate::annotation::{Annotator, ItemId, Layer};
use crate::edit::{Stale, Transaction, apply};
use crate::store::{Head, Store, StoreError};
use crate::text::{Document, DocumentId, Text, TextRange};

/// The document on the page.
#[derive(Debug)]
pub struct OpenDocument {
    pub document: Arc<Document>,
    /// Whose layer is shown: mine, or another's, read-only.
    pub showing: Annotator,
    /// The layer that is shown; `None` where it was never written.
    pub(super) layer: Option<Layer>,
    /// Whose layers there are.
    pub heads: Vec<Head>,
    /// Grows with every change of the layer that is shown, for caches of the window.
    pub revision: u64,
    /// The end of the selection that moves; a byte offset on a grapheme boundary.
    pub caret: usize,
    /// The end that stays; equal to the caret where nothing is selected.
    pub anchor: usize,
    /// The selection is meant exactly, not to be grown to whole units.
    pub exact: bool,
    /// The selected span.
    pub span: Option<ItemId>,
    /// The selected relation of the selected span: what digits give attributes to.
    pub relation: Option<ItemId>,
    /// The span selected or marked last, which a further fragment joins.
    pub last_span: Option<ItemId>,
    /// A newer version of the text has come in; this layer counts in the older one.
    pub newer_text: bool,
}

impl OpenDocument {
    /// Reads a document with one annotator's layer; the text is the version that layer counts in, else the newest.
    pub fn read(store: &dyn Store, id: &DocumentId, showing: &Annotator) -> Result<Option<Self>, StoreError> {
        let Some(newest) = store.document(id, None)? else { return Ok(None) };
        let found = store.layer(id, showing)?;
        let older = found.as_ref().map(|(_, hash)| *hash).filter(|hash| *hash != newest.text.sha256());
        let document = match older {
            Some(_) => store.document(id, older)?,
            None => Some(newest),
        };
        let Some(document) = document else { return Ok(None) };
        Ok(Some(Self {
            newer_text: older.is_some(),
            document,
            showing: showing.clone(),
            layer: found.map(|(layer, _)| layer),
            heads: store.heads(id)?,
            revision: 0,
            caret: 0,
            anchor: 0,
            exact: false,
            span: None,
            relation: None,
            last_span: None,
        }))
    }

    /// A document that was read already, showing this layer of it.
    pub(super) fn of(document: Arc<Document>, showing: Annotator, layer: Option<Layer>, heads: Vec<Head>) -> Self {
        Self {
            newer_text: false,
            document,
            showing,
            layer,
            heads,
            revision: 0,
            caret: 0,
            anchor: 0,
            exact: false,
            span: None,
            relation: None,
            last_span: None,
        }
    }

    pub fn id(&self) -> &DocumentId {
        &self.document.id
    }

    pub fn text(&self) -> &Text {
        &self.document.text
    }

    /// The layer that is shown.
    pub fn shown(&self) -> Option<&Layer> {
        self.layer.as_ref()
    }

    /// The selected text, if any.
    pub fn selection(&self) -> Option<TextRange> {
        let (start, end) = (self.caret.min(self.anchor), self.caret.max(self.anchor));
        self.text().range(start, end).ok().filter(|range| !range.is_empty())
    }

    /// Puts the caret somewhere, selecting nothing, no span either.
    pub fn put_caret(&mut self, offset: usize) {
        self.caret = offset;
        self.anchor = offset;
        self.exact = false;
        self.span = None;
        self.relation = None;
    }

    /// Selects a span: the caret goes to its end, so that motions go on from there.
    pub fn select_span(&mut self, id: &ItemId) -> Option<TextRange> {
        let hull = self.shown()?.span(id)?.hull();
        self.put_caret(hull.end());
        self.span = Some(id.clone());
        self.last_span = Some(id.clone());
        Some(hull)
    }

    /// What a transaction changes of the layer that is shown. All or nothing.
    pub(super) fn apply(&mut self, transaction: &Transaction, stamp: &str) -> Result<(), Stale> {
        let id = self.document.id.clone();
        let shown = (&id, &self.showing);
        if !transaction.edits.iter().any(|edit| edit.layer() == Some(shown)) {
            return Ok(());
        }
        apply(&mut self.layer, &id, &self.showing, transaction, stamp)?;
        self.revision += 1;
        self.forget_lost();
        Ok(())
    }

    /// Reads the layer again, keeping caret and selection where they still make sense.
    pub(super) fn reload(&mut self, store: &dyn Store) -> Result<(), StoreError> {
        let (layer, heads) = (store.layer(&self.document.id, &self.showing)?, store.heads(&self.document.id)?);
        self.layer = layer.map(|(layer, _)| layer);
        self.heads = heads;
        self.revision += 1;
        self.forget_lost();
        Ok(())
    }

    fn forget_lost(&mut self) {
        let lost = |id: &Option<ItemId>, layer: Option<&Layer>| {
            id.as_ref().is_some_and(|id| layer.is_none_or(|layer| layer.span(id).is_none()))
        };
        if lost(&self.span, self.layer.as_ref()) {
            self.span = None;
        }
        let known = |id: &ItemId| self.layer.as_ref().is_some_and(|layer| layer.relations.contains_key(id));
        if self.relation.as_ref().is_some_and(|id| !known(id)) {
            self.relation = None;
        }
        if lost(&self.last_span, self.layer.as_ref()) {
            self.last_span = None;
        }
    }
}
