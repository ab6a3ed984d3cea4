//! What the tests of stores share: documents, layers, transactions, projects in a temporary folder.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use spanwright::annotation::{Annotator, Clock, ItemId, Layer, Ranges, Span, Spans, Status};
use spanwright::edit::{Edit, Kind, LayerEdit, Transaction, TransactionId};
use spanwright::schema::LabelId;
use spanwright::store::{Added, Author, ImportOptions, Job, LayerAdded, Options, Project, Sqlite, Store};
use spanwright::text::{Document, DocumentId, NewlineMap, Text};

/// The stamp that layers get.
pub const STAMP: &str = "news@5d1c";
pub const SCHEMA: &str = "Schema(name: \"news\", labels: [(id: \"entity\", key: \"1\")])\n";

/// A temporary folder, in memory where the system has such a place: tests of meaning need not wait for disks.
pub fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + second).unwrap()
}

pub fn document(id: &str, text: &str) -> Document {
    let meta = serde_json::json!({"title": format!("Title of {id}"), "source": "The Harbour Post"});
    Document {
        id: DocumentId::from(id),
        text: Text::new(text),
        meta: meta.as_object().unwrap().clone(),
        newlines: NewlineMap::default(),
        extra: serde_json::Map::new(),
    }
}

/// A span from the first to the last character of `quote` where it occurs first.
pub fn span(document: &Document, id: &str, label: &str, quote: &str) -> Span {
    let start = document.text.as_str().find(quote).unwrap();
    let range = document.text.range(start, start + quote.len()).unwrap();
    Span::manual(ItemId::from(id), LabelId::from(label), Ranges::from(range))
}

/// A layer as another machine may send it: finished, with these spans, changed so often there.
pub fn layer(annotator: &str, device: &str, changes: u64, spans: Vec<Span>) -> Layer {
    let mut layer = Layer::untouched(Annotator::from(annotator));
    layer.version = changes.max(1);
    if changes > 0 {
        layer.clock = Clock([(device.to_owned(), changes)].into());
    }
    layer.status = Status::Finished;
    layer.updated = Some(at(7));
    STAMP.clone_into(&mut layer.schema);
    layer.seconds = 12;
    layer.spans = Spans::try_from(spans.into_iter().map(Arc::new).collect::<Vec<_>>()).unwrap();
    layer
}

pub fn author(name: &str) -> Author {
    Author { annotator: Annotator::from(name), device: "desk".to_owned(), at: at(0), schema: STAMP.to_owned() }
}

pub fn import(title: &str, by: &str) -> ImportOptions {
    ImportOptions { by: author(by), title: title.to_owned(), new_versions: false }
}

/// A transaction with an id of its own, in order of making.
pub fn transaction(author: &str, title: &str, edits: Vec<Edit>) -> Transaction {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    Transaction {
        id: TransactionId(format!("T{number:08}")),
        title: title.to_owned(),
        at: at(i64::try_from(number).unwrap()),
        author: Annotator::from(author),
        device: "desk".to_owned(),
        kind: Kind::Do,
        edits,
    }
}

pub fn in_layer(document: &str, annotator: &str, edit: LayerEdit) -> Edit {
    Edit::Layer { document: DocumentId::from(document), annotator: Annotator::from(annotator), edit }
}

pub fn started() -> LayerEdit {
    LayerEdit::Status { before: Status::Untouched, after: Status::InProgress }
}

/// Marks the first span of a layer.
pub fn first_mark(document: &Document, annotator: &str, span: Span) -> Transaction {
    let id = document.id.as_str();
    let edits = vec![in_layer(id, annotator, started()), in_layer(id, annotator, LayerEdit::add(span))];
    transaction(annotator, "Mark", edits)
}

pub fn mark(document: &Document, annotator: &str, span: Span) -> Transaction {
    transaction(annotator, "Mark", vec![in_layer(document.id.as_str(), annotator, LayerEdit::add(span))])
}

pub fn add_documents(store: &mut dyn Store, documents: &[Document]) {
    let mut running = store.import(import("Import", "ana")).unwrap();
    for document in documents {
        assert_eq!(running.document(document).unwrap(), Added::New);
    }
    assert_eq!(running.finish().unwrap(), None);
}

pub fn add_layer(store: &mut dyn Store, document: &Document, layer: Layer) -> LayerAdded {
    let mut running = store.import(import("Import a layer", "ana")).unwrap();
    let added = running.layer(&document.id, document.text.sha256(), layer).unwrap();
    running.finish().unwrap();
    added
}

pub fn project(folder: &Path) -> Project {
    if folder.join("project.ron").exists() {
        Project::open_with(folder, &[], &folder.join("local")).unwrap()
    } else {
        Project::create(folder, "News", SCHEMA).unwrap()
    }
}

pub fn open(folder: &Path) -> Sqlite {
    let (store, report) = Sqlite::open(&project(folder), Options::default(), &Job::default()).unwrap();
    assert_eq!(report.problems, [], "nothing to tell at open");
    store
}

pub fn check(store: &dyn Store) {
    let problems = store.check(&Job::default()).unwrap();
    assert!(problems.is_empty(), "{problems:#?}");
}
