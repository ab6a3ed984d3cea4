//! The samples that the program carries: `datasets/newsroom`, for `demo`, `screenshot` and a first look, and `datasets/scripts`, for pictures
//! of the page in every script.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::annotation::exchange::RawDocument;
use crate::annotation::{Annotator, Layer, Status};
use crate::schema::Schema;
use crate::store::{Author, ImportOptions, Job, Project, Store, StoreError, open_store};
use crate::text::{Document, DocumentId, Place, Problem};

/// Texts and layers of two annotators and gold, in Spanwright JSONL.
const NEWSROOM: &str = include_str!("../../datasets/newsroom/newsroom.jsonl");
const SCHEMA: &str = include_str!("../../datasets/newsroom/schema.ron");
/// A short article in each script, and one with ten lanes of spans.
const SCRIPTS: &str = include_str!("../../datasets/scripts/scripts.jsonl");
const SCRIPTS_SCHEMA: &str = include_str!("../../datasets/scripts/schema.ron");
const GUIDELINES: &str = include_str!("../../datasets/newsroom/guidelines.md");

/// Whose work is open.
pub const ANNOTATOR: &str = "ana";
/// The document that a first look sees.
pub const FIRST: &str = "saltmarsh-buildup";

/// The sample's schema.
pub fn schema() -> Arc<Schema> {
    Arc::new(Schema::parse(SCHEMA, "schema.ron").schema.unwrap_or_default())
}

/// The schema of the articles in every script.
pub fn scripts_schema() -> Arc<Schema> {
    Arc::new(Schema::parse(SCRIPTS_SCHEMA, "schema.ron").schema.unwrap_or_default())
}

/// The sample's guidelines, in Markdown.
pub fn guidelines() -> &'static str {
    GUIDELINES
}

/// Makes the sample project in a new folder, with work left to do: ana has finished what comes before [`FIRST`], is at work on that, and has
/// not seen the rest.
pub fn create(folder: &Path) -> Result<Project, StoreError> {
    let project = Project::create(folder, "newsroom", SCHEMA)?;
    let guidelines = folder.join("guidelines.md");
    std::fs::write(&guidelines, GUIDELINES).map_err(|error| StoreError::Io {
        what: format!("Could not write {}", guidelines.display()),
        why: error.to_string(),
    })?;
    let (mut store, _) = open_store(&project, &Job::default())?;
    fill(&mut *store)?;
    Ok(project)
}

/// Puts the sample's documents and layers into an empty store.
pub fn fill(store: &mut dyn Store) -> Result<(), StoreError> {
    let all = |_: &DocumentId| true;
    take(store, NEWSROOM, &schema(), all, |id, layer| {
        if layer.annotator.as_str() == ANNOTATOR {
            match id.as_str().cmp(FIRST) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => layer.status = Status::InProgress,
                std::cmp::Ordering::Greater => return false,
            }
        }
        true
    })
}

/// Puts the sample's documents into an empty store as they are before gold is made: with everything that its two annotators finished.
pub fn fill_for_review(store: &mut dyn Store) -> Result<(), StoreError> {
    take(store, NEWSROOM, &schema(), |_| true, |_, layer| !layer.annotator.is_gold())
}

/// Puts the articles in every script into an empty store, but for those that are not wanted.
pub fn fill_scripts(store: &mut dyn Store, wanted: impl Fn(&DocumentId) -> bool) -> Result<(), StoreError> {
    take(store, SCRIPTS, &scripts_schema(), wanted, |_, _| true)
}

/// `keep` may change a layer, or leave it out.
fn take(
    store: &mut dyn Store,
    lines: &str,
    schema: &Schema,
    wanted: impl Fn(&DocumentId) -> bool,
    keep: impl Fn(&DocumentId, &mut Layer) -> bool,
) -> Result<(), StoreError> {
    let by = Author {
        annotator: Annotator::from(ANNOTATOR),
        device: "sample".to_owned(),
        at: "2026-10-28T09:00:00Z".parse().unwrap_or_default(),
        schema: schema.stamp(),
    };
    let options = ImportOptions { by, title: "Make the sample project".to_owned(), new_versions: false };
    let mut import = store.import(options)?;
    for line in lines.lines() {
        let mut problems: Vec<Problem> = Vec::new();
        let place = Place::file("the sample");
        let object: Map<String, Value> = serde_json::from_str(line).map_err(|error| broken(&error.to_string()))?;
        let raw = RawDocument::read(object, &place, &mut problems);
        let id = raw.document_id().ok_or_else(|| broken("a document has no id"))?;
        if !wanted(&id) {
            continue;
        }
        let (text, newlines) = raw.text.ok_or_else(|| broken("a document has no text"))?;
        let document = Document { id, text, meta: raw.meta, newlines, extra: raw.extra };
        import.document(&document)?;
        for layer in raw.layers {
            let annotator = Annotator::from(layer.annotator.clone().unwrap_or_default());
            let mut layer = layer.check(annotator, &document, &document.newlines, &place, &mut problems);
            if keep(&document.id, &mut layer) {
                import.layer(&document.id, document.text.sha256(), layer)?;
            }
        }
        assert!(problems.is_empty(), "the sample has no mistakes: {problems:?}");
    }
    import.finish()?;
    Ok(())
}

fn broken(why: &str) -> StoreError {
    StoreError::Damaged { what: format!("The sample inside the program cannot be read: {why}"), fix: String::new() }
}
