//! [`Memory`]: a project that lives only as long as the program. Plain and slow where it may be: it is the model that the
//! other stores are compared with.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::settle::settle;
use super::{
    Added, AnnotatorCounts, Author, CommitError, Counts, Direction, Head, Import, ImportOptions, Job, LayerAdded,
    LogRow, Mirrored, Query, RECENT, Renamed, Row, RowKey, Sieve, Store, StoreError, VisitText, Worked, list,
};
use crate::annotation::{Annotator, Layer, Status};
use crate::edit::record::LayerRecord;
use crate::edit::{Edit, History, Kind, Transaction, TransactionId, apply};
use crate::text::{Document, DocumentId, Problem, TextHash};

/// A project in memory. Connections made by [`Store::another`] share it.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<State>>);

type LayerKey = (DocumentId, Annotator);

/// A layer and the text it counts in.
type Counted = (Layer, TextHash);

#[derive(Debug, Default)]
struct State {
    articles: BTreeMap<DocumentId, Article>,
    layers: BTreeMap<LayerKey, Counted>,
    log: Vec<Entry>,
    schema: String,
    kept_schema: Option<String>,
    revision: u64,
}

#[derive(Clone, Debug)]
struct Article {
    /// Oldest first; there is at least one.
    versions: Vec<Arc<Document>>,
    hidden: bool,
}

#[derive(Debug)]
struct Entry {
    transaction: Transaction,
    schema: String,
    /// The text that each touched layer counted in before; `None` where there was no layer.
    before: BTreeMap<LayerKey, Option<TextHash>>,
}

impl Memory {
    /// An empty project with this `schema.ron`.
    pub fn new(schema: impl Into<String>) -> Self {
        Self(Arc::new(Mutex::new(State { schema: schema.into(), ..State::default() })))
    }

    /// Every change is made in one step, so a thread that stopped half-way left nothing half.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Article {
    fn newest(&self) -> &Arc<Document> {
        &self.versions[self.versions.len() - 1]
    }

    fn version(&self, hash: TextHash) -> Option<&Arc<Document>> {
        self.versions.iter().find(|version| version.text.sha256() == hash)
    }
}

impl State {
    fn history(&self, author: &Annotator) -> History {
        History::of(author, self.log.iter().map(|entry| &entry.transaction))
    }

    /// The entry that a transaction of this kind takes back.
    fn target(&self, author: &Annotator, kind: &Kind) -> Option<&Entry> {
        let history = self.history(author);
        let effect = |entry: &Entry| match kind {
            Kind::Do => false,
            Kind::Undo(original) => {
                history.undo() == Some(original)
                    && (entry.transaction.id == *original || entry.transaction.kind == Kind::Redo(original.clone()))
            }
            Kind::Redo(original) => {
                history.redo() == Some(original) && entry.transaction.kind == Kind::Undo(original.clone())
            }
        };
        self.log.iter().rev().find(|entry| effect(entry))
    }

    /// Carries out everything or nothing. `texts` says what imported layers count in.
    fn commit(
        &mut self,
        transaction: &Transaction,
        schema: &str,
        texts: &BTreeMap<LayerKey, TextHash>,
    ) -> Result<(), CommitError> {
        let stale = |why: String| Err(CommitError::Stale(why));
        if self.log.iter().any(|entry| entry.transaction.id == transaction.id) {
            return stale("it is in the log already".to_owned());
        }
        let target = self.target(&transaction.author, &transaction.kind);
        if transaction.kind != Kind::Do && target.is_none() {
            return stale(format!("“{}” is not what would be taken back now", transaction.title));
        }
        let mut layers: BTreeMap<LayerKey, Option<Counted>> = BTreeMap::new();
        let mut before = BTreeMap::new();
        for edit in &transaction.edits {
            let Some((document, annotator)) = edit.layer() else { continue };
            let key = (document.clone(), annotator.clone());
            if layers.contains_key(&key) {
                continue;
            }
            let Some(article) = self.articles.get(document) else {
                return stale(format!("the document {document} is not in the project"));
            };
            let present = self.layers.get(&key).cloned();
            let was = present.as_ref().map(|(_, text)| *text);
            let restored = target.and_then(|target| target.before.get(&key).copied().flatten());
            let text = texts.get(&key).copied().or(restored).or(was).unwrap_or(article.newest().text.sha256());
            let mut layer = present.map(|(layer, _)| layer);
            apply(&mut layer, document, annotator, transaction, schema).map_err(|stale| CommitError::Stale(stale.0))?;
            before.insert(key.clone(), was);
            layers.insert(key, layer.map(|layer| (layer, text)));
        }
        let mut articles: BTreeMap<DocumentId, Article> = BTreeMap::new();
        let mut source = self.schema.clone();
        for edit in &transaction.edits {
            match edit {
                Edit::Hidden { document, before, after } => {
                    let article = articles.get(document).or(self.articles.get(document)).cloned();
                    match article {
                        Some(mut article) if article.hidden == *before => {
                            article.hidden = *after;
                            articles.insert(document.clone(), article);
                        }
                        _ => return stale(format!("the document {document} is not what it was")),
                    }
                }
                Edit::Meta { document, key, before, after } => {
                    let article = articles.get(document).or(self.articles.get(document)).cloned();
                    match article {
                        Some(mut article) if article.newest().meta.get(key) == before.as_ref() => {
                            for version in &mut article.versions {
                                let meta = &mut Arc::make_mut(version).meta;
                                match after {
                                    Some(value) => drop(meta.insert(key.clone(), value.clone())),
                                    None => drop(meta.shift_remove(key)),
                                }
                            }
                            articles.insert(document.clone(), article);
                        }
                        _ => return stale(format!("“{key}” of the document {document} has changed since")),
                    }
                }
                Edit::Schema { before, after } => {
                    if source != *before {
                        return stale("the schema has changed since".to_owned());
                    }
                    source.clone_from(after);
                }
                Edit::Layer { .. } | Edit::Whole { .. } => {}
            }
        }
        for (key, layer) in layers {
            match layer {
                Some(layer) => drop(self.layers.insert(key, layer)),
                None => drop(self.layers.remove(&key)),
            }
        }
        self.articles.extend(articles);
        self.schema = source;
        self.log.push(Entry { transaction: transaction.clone(), schema: schema.to_owned(), before });
        self.revision += 1;
        Ok(())
    }

    fn row(&self, id: &DocumentId, article: &Article, annotator: Option<&Annotator>) -> Row {
        let layer = annotator.and_then(|annotator| self.layers.get(&(id.clone(), annotator.clone())));
        let document = article.newest();
        Row {
            id: id.clone(),
            title: document.title(),
            source: document.meta_text("source").unwrap_or_default().to_owned(),
            date: document.meta_text("date").unwrap_or_default().to_owned(),
            length: document.text.len() as u64,
            hidden: article.hidden,
            status: layer.map_or(Status::Untouched, |(layer, _)| layer.status),
            flag: layer.and_then(|(layer, _)| layer.flag.clone()),
            spans: layer.map_or(0, |(layer, _)| layer.spans.len() as u64),
        }
    }

    /// All rows of a query, in its order.
    fn query(&self, query: &Query) -> Vec<Row> {
        let labelled = |id: &DocumentId| {
            query.label.as_ref().is_none_or(|label| {
                self.layers.iter().any(|((document, owner), (layer, _))| {
                    document == id
                        && query.annotator.as_ref().is_none_or(|annotator| annotator == owner)
                        && layer.spans.iter().any(|span| span.label == *label)
                })
            })
        };
        let rows = self.articles.iter().map(|(id, article)| self.row(id, article, query.annotator.as_ref()));
        let mut rows: Vec<Row> = rows.filter(|row| list::matches(query, row) && labelled(&row.id)).collect();
        rows.sort_by(|a, b| list::order(query, a, b));
        rows
    }
}

impl Store for Memory {
    fn another(&self) -> Result<Box<dyn Store>, StoreError> {
        Ok(Box::new(self.clone()))
    }

    fn read_only(&self) -> Option<String> {
        None
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        let state = self.state();
        let mut counts = Counts::default();
        let mut sources: BTreeMap<String, u64> = BTreeMap::new();
        for article in state.articles.values() {
            if article.hidden {
                counts.hidden += 1;
            } else {
                counts.documents += 1;
                *sources.entry(article.newest().meta_text("source").unwrap_or_default().to_owned()).or_default() += 1;
            }
        }
        counts.sources = sources.into_iter().collect();
        counts.sources.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let mut annotators: BTreeMap<&Annotator, AnnotatorCounts> = BTreeMap::new();
        for ((document, annotator), (layer, _)) in &state.layers {
            if state.articles.get(document).is_some_and(|article| article.hidden) {
                continue;
            }
            let counts = annotators.entry(annotator).or_insert_with(|| AnnotatorCounts {
                annotator: annotator.as_str().to_owned(),
                ..AnnotatorCounts::default()
            });
            match layer.status {
                Status::InProgress => counts.in_progress += 1,
                Status::Finished => counts.finished += 1,
                Status::Skipped => counts.skipped += 1,
                Status::Untouched => {}
            }
            counts.flagged += u64::from(layer.flag.is_some());
            counts.seconds += layer.seconds;
            for span in layer.spans.iter() {
                match counts.spans.binary_search_by(|(label, _)| label.cmp(&span.label)) {
                    Ok(place) => counts.spans[place].1 += 1,
                    Err(place) => counts.spans.insert(place, (span.label.clone(), 1)),
                }
            }
        }
        counts.annotators = annotators.into_values().collect();
        Ok(counts)
    }

    fn list(&self, query: &Query, after: Option<&RowKey>, limit: usize) -> Result<Vec<Row>, StoreError> {
        let rows = self.state().query(query).into_iter();
        Ok(rows.filter(|row| after.is_none_or(|key| list::follows(query, row, key))).take(limit).collect())
    }

    fn listing(&self, query: &Query, _: &Job) -> Result<Vec<u32>, StoreError> {
        let state = self.state();
        let number = |row: Row| state.articles.keys().position(|id| *id == row.id).map(|place| place as u32);
        Ok(state.query(query).into_iter().filter_map(number).collect())
    }

    fn rows(&self, numbers: &[u32], query: &Query) -> Result<Vec<Row>, StoreError> {
        let state = self.state();
        let row = |number: &u32| {
            let (id, article) = state.articles.iter().nth(*number as usize)?;
            Some(state.row(id, article, query.annotator.as_ref()))
        };
        Ok(numbers.iter().filter_map(row).collect())
    }

    fn number(&self, id: &DocumentId) -> Result<Option<u32>, StoreError> {
        let place = self.state().articles.keys().position(|known| known == id);
        Ok(place.map(|place| place as u32))
    }

    fn document(&self, id: &DocumentId, version: Option<TextHash>) -> Result<Option<Arc<Document>>, StoreError> {
        let state = self.state();
        let article = state.articles.get(id);
        Ok(article.and_then(|article| match version {
            None => Some(article.newest().clone()),
            Some(hash) => article.version(hash).cloned(),
        }))
    }

    fn each_document(
        &self,
        visit: &mut dyn FnMut(Arc<Document>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let visible: Vec<Arc<Document>> =
            self.state().articles.values().filter(|article| !article.hidden).map(|it| it.newest().clone()).collect();
        for document in visible {
            if !visit(document)? {
                break;
            }
        }
        Ok(())
    }

    fn texts(&self, numbers: &[u32], _: &Sieve, visit: &mut VisitText<'_>) -> Result<(), StoreError> {
        for number in numbers {
            let found = self
                .state()
                .articles
                .iter()
                .nth(*number as usize)
                .map(|(id, it)| (id.clone(), it.newest().text.clone()));
            if let Some((id, text)) = found
                && !visit(*number, id, Ok(text))?
            {
                break;
            }
        }
        Ok(())
    }

    fn layer(&self, id: &DocumentId, annotator: &Annotator) -> Result<Option<(Layer, TextHash)>, StoreError> {
        Ok(self.state().layers.get(&(id.clone(), annotator.clone())).cloned())
    }

    fn heads(&self, id: &DocumentId) -> Result<Vec<Head>, StoreError> {
        let state = self.state();
        let layers = state.layers.iter().filter(|((document, _), _)| document == id);
        let head = |((_, annotator), (layer, text)): (&LayerKey, &Counted)| Head {
            annotator: annotator.clone(),
            text: *text,
            version: layer.version,
            status: layer.status,
            flag: layer.flag.clone(),
            spans: layer.spans.len() as u64,
            updated: layer.updated,
        };
        Ok(layers.map(head).collect())
    }

    fn commit(&mut self, transaction: &Transaction, schema: &str) -> Result<(), CommitError> {
        self.state().commit(transaction, schema, &BTreeMap::new())
    }

    fn spend(&mut self, id: &DocumentId, annotator: &Annotator, seconds: u64) -> Result<(), StoreError> {
        if let Some((layer, _)) = self.state().layers.get_mut(&(id.clone(), annotator.clone())) {
            layer.seconds += seconds;
        }
        Ok(())
    }

    fn worked(&self, annotator: &Annotator, limit: usize) -> Result<Vec<Worked>, StoreError> {
        let state = self.state();
        let mut worked: Vec<Worked> = Vec::new();
        for entry in state.log.iter().rev().take(RECENT) {
            for document in entry.transaction.edits.iter().filter_map(Edit::layer).filter(|(_, who)| *who == annotator)
            {
                let (document, layer) = (document.0, state.layers.get(&(document.0.clone(), annotator.clone())));
                let layer = layer.map(|(layer, _)| layer);
                let finished = layer.filter(|layer| layer.status == Status::Finished && layer.seconds > 0);
                let (Some(layer), Some(article)) = (finished, state.articles.get(document)) else { continue };
                if !worked.iter().any(|known| known.document == *document) {
                    let bytes = article.newest().text.len() as u64;
                    worked.push(Worked { document: document.clone(), seconds: layer.seconds, bytes });
                }
            }
        }
        worked.truncate(limit);
        Ok(worked)
    }

    fn newest(&self, author: &Annotator, direction: Direction) -> Result<Option<Transaction>, StoreError> {
        let state = self.state();
        let history = state.history(author);
        let kind = match direction {
            Direction::Undo => history.undo().cloned().map(Kind::Undo),
            Direction::Redo => history.redo().cloned().map(Kind::Redo),
        };
        Ok(kind.and_then(|kind| state.target(author, &kind)).map(|entry| entry.transaction.clone()))
    }

    fn newest_title(&self, author: &Annotator, direction: Direction) -> Result<Option<(String, u64)>, StoreError> {
        let newest = self.newest(author, direction)?;
        Ok(newest.map(|transaction| (transaction.title, transaction.edits.len() as u64)))
    }

    fn log(&self, document: Option<&DocumentId>, limit: usize) -> Result<Vec<LogRow>, StoreError> {
        let state = self.state();
        let row = |Entry { transaction, .. }: &Entry| {
            let history = state.history(&transaction.author);
            let effective = match &transaction.kind {
                Kind::Do => history.is_done(&transaction.id),
                Kind::Redo(original) => history.is_done(original),
                Kind::Undo(_) => true,
            };
            LogRow {
                id: transaction.id.clone(),
                title: transaction.title.clone(),
                at: transaction.at,
                author: transaction.author.clone(),
                edits: transaction.edits.len() as u64,
                effective,
            }
        };
        let touches = |entry: &&Entry| {
            document.is_none_or(|id| entry.transaction.edits.iter().any(|edit| edit.document() == Some(id)))
        };
        Ok(state.log.iter().rev().filter(touches).take(limit).map(row).collect())
    }

    fn revision(&self) -> Result<u64, StoreError> {
        Ok(self.state().revision)
    }

    fn import(&mut self, options: ImportOptions) -> Result<Box<dyn Import + '_>, StoreError> {
        Ok(Box::new(MemoryImport {
            memory: self,
            options,
            articles: BTreeMap::new(),
            layers: BTreeMap::new(),
            order: Vec::new(),
        }))
    }

    /// There are no files.
    fn mirror(&mut self, _: &Job) -> Result<Mirrored, StoreError> {
        Ok(Mirrored::default())
    }

    fn rename_annotator(&mut self, from: &Annotator, to: &Annotator, by: &Author) -> Result<Renamed, StoreError> {
        let mut renamed = Renamed::default();
        let mut state = self.state();
        let mut edits = Vec::new();
        let mut texts = BTreeMap::new();
        for ((document, annotator), (layer, text)) in &state.layers {
            if annotator != from || from == to {
                continue;
            }
            let mut moved = layer.clone();
            moved.annotator = to.clone();
            let document = document.clone();
            match state.layers.get(&(document.clone(), to.clone())) {
                Some((there, hash)) if *hash == *text && there.same_content(&moved) => {}
                Some(_) => {
                    renamed.clashes.push(document);
                    continue;
                }
                None => {
                    texts.insert((document.clone(), to.clone()), *text);
                    let after = Some(Arc::new(moved));
                    let (document, annotator) = (document.clone(), to.clone());
                    edits.push(Edit::Whole { document, annotator, before: None, after });
                }
            }
            let before = Some(Arc::new(layer.clone()));
            edits.push(Edit::Whole { document, annotator: from.clone(), before, after: None });
            renamed.layers += 1;
        }
        if !edits.is_empty() {
            let transaction = by.transaction(format!("Rename {from} to {to}"), edits);
            state.commit(&transaction, &by.schema, &texts)?;
        }
        Ok(renamed)
    }

    /// The log, carried out again, gives the layers.
    fn check(&self, _: &Job) -> Result<Vec<Problem>, StoreError> {
        let state = self.state();
        let mut folded: BTreeMap<LayerKey, Option<Layer>> = BTreeMap::new();
        for Entry { transaction, schema, before } in &state.log {
            for key in before.keys() {
                let layer = folded.entry(key.clone()).or_default();
                let result = apply(layer, &key.0, &key.1, transaction, schema);
                assert!(result.is_ok(), "what was committed can be carried out again");
            }
        }
        // Time spent is not in the log.
        let layers = state.layers.iter().map(|(key, (layer, _))| (key, Layer { seconds: 0, ..layer.clone() }));
        let folded = folded.into_iter().filter_map(|(key, layer)| Some((key, Layer { seconds: 0, ..layer? })));
        let same = layers.map(|(key, layer)| (key.clone(), layer)).eq(folded);
        assert!(same, "the log gives the layers");
        Ok(Vec::new())
    }

    fn backup(&mut self, _: Timestamp) -> Result<PathBuf, StoreError> {
        Err(StoreError::Io { what: "There is no backup".to_owned(), why: "the project is in memory only".to_owned() })
    }

    fn keep_schema(&mut self, source: &str) -> Result<(), StoreError> {
        self.state().kept_schema = Some(source.to_owned());
        Ok(())
    }

    fn last_schema(&self) -> Result<Option<String>, StoreError> {
        Ok(self.state().kept_schema.clone())
    }
}

struct MemoryImport<'a> {
    memory: &'a mut Memory,
    options: ImportOptions,
    articles: BTreeMap<DocumentId, Article>,
    layers: BTreeMap<LayerKey, (Option<Arc<Layer>>, Counted)>,
    /// Keys of `layers` as they came.
    order: Vec<LayerKey>,
}

impl Import for MemoryImport<'_> {
    fn document(&mut self, document: &Document) -> Result<Added, StoreError> {
        let known = || self.memory.state().articles.get(&document.id).cloned();
        let Some(mut article) = self.articles.get(&document.id).cloned().or_else(known) else {
            let article = Article { versions: vec![Arc::new(document.clone())], hidden: false };
            self.articles.insert(document.id.clone(), article);
            return Ok(Added::New);
        };
        if article.version(document.text.sha256()).is_some() {
            return Ok(Added::Same);
        }
        if !self.options.new_versions {
            return Ok(Added::Different(article.newest().text.sha256()));
        }
        article.versions.push(Arc::new(document.clone()));
        self.articles.insert(document.id.clone(), article);
        Ok(Added::NewVersion)
    }

    fn layer(&mut self, document: &DocumentId, text: TextHash, layer: Layer) -> Result<LayerAdded, StoreError> {
        let state = self.memory.state();
        let article = self.articles.get(document).or(state.articles.get(document));
        if article.is_none_or(|article| article.version(text).is_none()) {
            return Ok(LayerAdded::NoText);
        }
        let key = |annotator: &Annotator| (document.clone(), annotator.clone());
        let present = |annotator: &Annotator| state.layers.get(&key(annotator));
        let theirs = (LayerRecord::from(&layer), text);
        let (added, after) = settle(theirs, |annotator| {
            let there = self.layers.get(&key(annotator)).map(|(_, after)| after).or(present(annotator));
            Ok::<_, StoreError>(there.map(|(layer, text)| (LayerRecord::from(layer), *text)))
        })?;
        if let Some(record) = after {
            let before = present(&record.annotator).map(|(layer, _)| Arc::new(layer.clone()));
            let after = Layer { annotator: record.annotator, ..layer };
            let key = key(&after.annotator);
            if let Some(staged) = self.layers.get_mut(&key) {
                staged.1 = (after, text);
            } else {
                self.order.push(key.clone());
                self.layers.insert(key, (before, (after, text)));
            }
        }
        Ok(added)
    }

    fn finish(self: Box<Self>) -> Result<Option<TransactionId>, StoreError> {
        let Self { memory, options, articles, mut layers, order } = *self;
        let mut state = memory.state();
        if !articles.is_empty() {
            state.revision += 1;
        }
        state.articles.extend(articles);
        let mut texts = BTreeMap::new();
        let mut edits = Vec::new();
        for key in order {
            let Some((before, (after, text))) = layers.remove(&key) else { continue };
            texts.insert(key.clone(), text);
            let (document, annotator) = key;
            edits.push(Edit::Whole { document, annotator, before, after: Some(Arc::new(after)) });
        }
        if edits.is_empty() {
            return Ok(None);
        }
        let transaction = options.by.transaction(options.title, edits);
        state.commit(&transaction, &options.by.schema, &texts)?;
        Ok(Some(transaction.id))
    }
}
