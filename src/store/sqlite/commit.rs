//! Carrying out a transaction on rows: [`crate::edit::apply`], touching only what an edit names, whatever the size of the layer.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rusqlite::Connection;

use super::counters::{self, Tally};
use super::log::{self, Place, TouchedTexts};
use super::rows::{self, Head, Items};
use super::{Documents, mirrors, outbox};
use crate::annotation::{Annotator, Layer};
use crate::edit::record::{LayerRecord, RelationRecord, SpanRecord, encode_whole};
use crate::edit::{Direction, Edit, Kind, LayerEdit, Transaction, apply_edit};
use crate::schema::LabelId;
use crate::store::{Author, CommitError, Renamed, StoreError};
use crate::text::{DocumentId, TextHash};

type LayerKey = (DocumentId, Annotator);

fn stale<T>(why: impl Into<String>) -> Result<T, CommitError> {
    Err(CommitError::Stale(why.into()))
}

/// Carries out everything and writes it to the log, inside the caller's transaction of the database, which is rolled back on an error.
pub(super) fn commit(
    db: &Connection,
    documents: &Documents,
    transaction: &Transaction,
    schema: &str,
) -> Result<(), CommitError> {
    if log::contains(db, &transaction.id)? {
        return stale("it is in the log already");
    }
    let direction = match &transaction.kind {
        Kind::Do => None,
        Kind::Undo(original) => Some((original, Direction::Undo)),
        Kind::Redo(original) => Some((original, Direction::Redo)),
    };
    let restored = match direction {
        None => HashMap::new(),
        Some((original, direction)) => match log::next(db, &transaction.author, direction)? {
            Some((next, seq)) if next == *original => log::texts_before(db, seq)?,
            _ => return stale(format!("“{}” is not what would be taken back now", transaction.title)),
        },
    };
    let mut layers: BTreeMap<LayerKey, LayerRows> = BTreeMap::new();
    for edit in &transaction.edits {
        let Some((document, annotator)) = edit.layer() else { continue };
        let key = (document.clone(), annotator.clone());
        let layer = match layers.entry(key) {
            std::collections::btree_map::Entry::Occupied(there) => there.into_mut(),
            std::collections::btree_map::Entry::Vacant(free) => {
                let was = rows::head(db, document, annotator)?;
                let known = restored.get(free.key()).copied().flatten().or(was.as_ref().map(|head| head.text));
                let text = match known {
                    Some(text) => text,
                    None => match documents.newest(document)? {
                        Some(text) => text,
                        None => return stale(format!("the document {document} is not in the project")),
                    },
                };
                free.insert(LayerRows::new(was, text))
            }
        };
        layer.apply(Items { db, document, annotator }, edit)?;
    }
    let mut texts = TouchedTexts::new();
    for ((document, annotator), layer) in layers {
        let items = Items { db, document: &document, annotator: &annotator };
        texts.insert((document.clone(), annotator.clone()), layer.finish(items, transaction, schema, true)?);
    }
    outbox::put(db, documents, transaction)?;
    log::append(db, transaction, schema, &texts)?;
    Ok(())
}

/// One layer while a transaction changes it. Spans and relations are changed in their rows at once, the head at the end.
pub(super) struct LayerRows {
    was: Option<Head>,
    now: Option<Head>,
    /// What it counts in afterwards.
    text: TextHash,
    /// Spans that came and went, by label.
    labels: BTreeMap<LabelId, i64>,
    whole: bool,
}

impl LayerRows {
    /// `text`: what it will count in.
    pub(super) fn new(was: Option<Head>, text: TextHash) -> Self {
        Self { now: was.clone(), was, text, labels: BTreeMap::new(), whole: false }
    }

    fn apply(&mut self, items: Items<'_>, edit: &Edit) -> Result<(), CommitError> {
        match edit {
            Edit::Layer { edit, .. } => {
                let head = self.now.get_or_insert_with(|| Head {
                    layer: Layer::untouched(items.annotator.clone()),
                    text: self.text,
                    spans: 0,
                    relations: 0,
                });
                change(items, head, &mut self.labels, edit)
            }
            Edit::Whole { before, after, .. } => {
                let record = |layer: &Option<Arc<Layer>>| layer.as_deref().map(LayerRecord::from);
                self.replace(items, record(before).as_ref(), record(after).as_ref())
            }
            Edit::Hidden { .. } | Edit::Meta { .. } | Edit::Schema { .. } => Ok(()),
        }
    }

    /// The whole layer becomes another.
    pub(super) fn replace(
        &mut self,
        items: Items<'_>,
        before: Option<&LayerRecord>,
        after: Option<&LayerRecord>,
    ) -> Result<(), CommitError> {
        let fits = match (&self.now, before) {
            (None, None) => true,
            (Some(head), Some(before)) => items.record(head)?.same_content(before),
            _ => false,
        };
        if !fits {
            return stale(format!("the layer of {} has changed since", items.annotator));
        }
        self.whole = true;
        if let Some(before) = before {
            items.delete_all()?;
            before.spans.iter().for_each(|span| *self.labels.entry(span.label.clone()).or_default() -= 1);
        }
        if let Some(after) = after {
            items.put_all(after)?;
            after.spans.iter().for_each(|span| *self.labels.entry(span.label.clone()).or_default() += 1);
        }
        self.now = after.map(|after| rows::head_of(after, self.text));
        Ok(())
    }

    /// Stamps and writes the head, the labels, the counters, and, where the change is `ours` and not what a mirror said, that the mirror
    /// is due. Returns what the layer counted in before and after.
    pub(super) fn finish(
        mut self,
        items: Items<'_>,
        transaction: &Transaction,
        schema: &str,
        ours: bool,
    ) -> Result<log::Texts, StoreError> {
        let Items { db, document, annotator } = items;
        // Taking back the very first edit leaves an untouched layer: none at all.
        self.now = self.now.filter(|head| !head.is_nothing());
        let imported = transaction.kind == Kind::Do && self.whole;
        if let Some(head) = &mut self.now {
            head.text = self.text;
            if !imported {
                let (version, clock) =
                    self.was.as_ref().map(|was| (was.layer.version, was.layer.clock.clone())).unwrap_or_default();
                let layer = &mut head.layer;
                layer.version = version.max(layer.version) + 1;
                layer.clock = layer.clock.joined(&clock);
                layer.clock.tick(&transaction.device);
                layer.updated = Some(transaction.at);
                schema.clone_into(&mut layer.schema);
            }
        }
        match &self.now {
            Some(head) => rows::put_head(db, document, head)?,
            None => rows::delete_head(db, document, annotator)?,
        }
        counters::add_labels(db, document, annotator, &self.labels)?;
        if !counters::is_hidden(db, document)? {
            let mut tally = Tally::new();
            for (head, times) in [(&self.was, -1), (&self.now, 1)] {
                if let Some(head) = head {
                    counters::add_head(&mut tally, head, times);
                }
            }
            for (label, n) in &self.labels {
                counters::add_label(&mut tally, label.as_str(), *n);
            }
            counters::apply(db, annotator.as_str(), &tally)?;
        }
        if ours {
            mirrors::mark(db, document, annotator)?;
        }
        Ok((self.was.map(|was| was.text), self.now.map(|now| now.text)))
    }
}

/// One edit inside a layer.
fn change(
    items: Items<'_>,
    head: &mut Head,
    labels: &mut BTreeMap<LabelId, i64>,
    edit: &LayerEdit,
) -> Result<(), CommitError> {
    match edit {
        LayerEdit::Span { before, after } => {
            let Some(id) = before.as_ref().or(after.as_ref()).map(|span| &span.id) else { return Ok(()) };
            if items.span(id)? != before.as_deref().map(SpanRecord::from) {
                return stale(format!("the span {id} has changed since"));
            }
            if let Some(after) = after {
                assert!(after.id == *id, "a changed span keeps its id");
                items.put_span(&SpanRecord::from(&**after))?;
                *labels.entry(after.label.clone()).or_default() += 1;
                head.spans += 1;
            } else {
                if let Some(kind) = items.relation_of(id)? {
                    return stale(format!("the span {id} has a relation “{kind}”"));
                }
                items.delete_span(id)?;
            }
            if let Some(before) = before {
                *labels.entry(before.label.clone()).or_default() -= 1;
                head.spans -= 1;
            }
        }
        LayerEdit::Relation { before, after } => {
            let Some(id) = before.as_ref().or(after.as_ref()).map(|relation| &relation.id) else { return Ok(()) };
            if items.relation(id)? != before.as_deref().map(RelationRecord::from) {
                return stale(format!("the relation {id} has changed since"));
            }
            if let Some(after) = after {
                for end in [&after.from, &after.to] {
                    if !items.has_span(end)? {
                        return stale(format!("the span {end} is gone"));
                    }
                }
                items.put_relation(&RelationRecord::from(&**after))?;
                head.relations += u64::from(before.is_none());
            } else if before.is_some() {
                items.delete_relation(id)?;
                head.relations -= 1;
            }
        }
        LayerEdit::Attribute { .. }
        | LayerEdit::Status { .. }
        | LayerEdit::Flag { .. }
        | LayerEdit::Decision { .. } => {
            apply_edit(&mut head.layer, edit).map_err(|stale| CommitError::Stale(stale.0))?;
        }
    }
    Ok(())
}

/// Adds active time to a layer; it is not in the log.
pub(super) fn spend(
    db: &Connection,
    document: &DocumentId,
    annotator: &Annotator,
    seconds: u64,
) -> Result<(), StoreError> {
    let Some(mut head) = rows::head(db, document, annotator)? else { return Ok(()) };
    head.layer.seconds += seconds;
    rows::put_head(db, document, &head)?;
    if !counters::is_hidden(db, document)? {
        let tally = Tally::from([("seconds".to_owned(), rows::int(seconds))]);
        counters::apply(db, annotator.as_str(), &tally)?;
    }
    mirrors::mark(db, document, annotator)
}

/// Gives an annotator's layers another owner, as one transaction. Where both have a layer and they say the same, one stays.
pub(super) fn rename(db: &Connection, from: &Annotator, to: &Annotator, by: &Author) -> Result<Renamed, CommitError> {
    let mut renamed = Renamed::default();
    if from == to {
        return Ok(renamed);
    }
    let transaction = by.transaction(format!("Rename {from} to {to}"), Vec::new());
    let seq = log::next_seq(db)?;
    let mut edits = 0;
    for document in documents_of(db, from)? {
        let Some(head) = rows::head(db, &document, from)? else { continue };
        let items = |annotator| Items { db, document: &document, annotator };
        let ours = items(from).record(&head)?;
        let moved = LayerRecord { annotator: to.clone(), ..ours.clone() };
        let there = rows::head(db, &document, to)?;
        let mut changes = vec![(from, Some(ours), None)];
        match &there {
            None => changes.insert(0, (to, None, Some(moved))),
            Some(other) if other.text == head.text && items(to).record(other)?.same_content(&moved) => {}
            Some(_) => {
                renamed.clashes.push(document);
                continue;
            }
        }
        for (annotator, before, after) in changes {
            let mut layer = LayerRows::new(rows::head(db, &document, annotator)?, head.text);
            layer.replace(items(annotator), before.as_ref(), after.as_ref())?;
            let texts = layer.finish(items(annotator), &transaction, &by.schema, true)?;
            let record = encode_whole(&document, annotator, before.as_ref(), after.as_ref());
            let place = Place { seq, n: edits, document: Some(&document), annotator: Some(annotator) };
            log::append_edit(db, place, &record, texts)?;
            edits += 1;
        }
        renamed.layers += 1;
    }
    if edits > 0 {
        log::append_entry(db, seq, &transaction, &by.schema, edits)?;
    }
    Ok(renamed)
}

fn documents_of(db: &Connection, annotator: &Annotator) -> Result<Vec<DocumentId>, StoreError> {
    let mut query = db.prepare_cached("SELECT doc FROM layer WHERE annotator = ?1 ORDER BY doc")?;
    let documents = query.query_map([annotator.as_str()], |row| Ok(DocumentId(row.get(0)?)))?;
    Ok(documents.collect::<Result<_, _>>()?)
}

/// Remembers the source of a schema as the newest that was good.
pub(super) fn keep_schema(db: &Connection, source: &str) -> Result<(), StoreError> {
    let hash = TextHash::of(source).to_string();
    db.execute("DELETE FROM schema_version WHERE hash = ?1", [&hash])?;
    db.execute("INSERT INTO schema_version(hash, source) VALUES (?1, ?2)", [hash.as_str(), source])?;
    Ok(())
}
