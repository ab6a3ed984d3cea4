//! What the tables need to know of documents, and of `schema.ron`: [`Articles`] and one file.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::annotation::Annotator;
use crate::store::articles::Articles;
use crate::store::disk::Disk;
use crate::store::{Author, StoreError};
use crate::text::{Document, DocumentId, Text, TextHash};

/// The documents of a project and its schema file.
#[derive(Debug)]
pub(super) struct Documents {
    pub articles: Articles,
    /// The project's folder.
    pub folder: PathBuf,
    pub disk: Disk,
    /// The project's folder may not be written.
    pub read_only: bool,
}

impl Documents {
    pub(super) fn another(&self) -> Result<Self, StoreError> {
        let (articles, folder) = (self.articles.another()?, self.folder.clone());
        Ok(Self { articles, folder, disk: self.disk.clone(), read_only: self.read_only })
    }

    /// The hash of the newest text.
    pub(super) fn newest(&self, id: &DocumentId) -> Result<Option<TextHash>, StoreError> {
        Ok(self.articles.head(id)?.map(|(hash, _)| hash))
    }

    /// `None` where there is no such document.
    pub(super) fn hidden(&self, id: &DocumentId) -> Result<Option<bool>, StoreError> {
        Ok(self.articles.head(id)?.map(|(_, hidden)| hidden))
    }

    pub(super) fn meta(&self, id: &DocumentId, key: &str) -> Result<Option<Value>, StoreError> {
        Ok(self.articles.document(id, None)?.and_then(|document| document.meta.get(key).cloned()))
    }

    pub(super) fn document(&self, id: &DocumentId, hash: TextHash) -> Result<Option<Arc<Document>>, StoreError> {
        self.articles.document(id, Some(hash))
    }

    /// The text that a layer counts in; it must be there.
    pub(super) fn text(&self, id: &DocumentId, hash: TextHash) -> Result<Text, StoreError> {
        self.articles.text(id, hash)?.ok_or_else(|| StoreError::Damaged {
            what: format!("The text of the document {id} is missing from articles/"),
            fix: "Restore the file from a backup or from version control; the layers that belong to it are kept"
                .to_owned(),
        })
    }

    pub(super) fn set_hidden(
        &mut self,
        id: &DocumentId,
        hidden: bool,
        by: &Annotator,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.articles.set_hidden(id, hidden, &author(by, at))
    }

    pub(super) fn set_meta(
        &mut self,
        id: &DocumentId,
        key: &str,
        value: Option<Value>,
        by: &Annotator,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.articles.set_meta(id, key, value, &author(by, at))
    }

    fn schema_file(&self) -> PathBuf {
        self.folder.join("schema.ron")
    }

    /// The source of `schema.ron`.
    pub(super) fn schema(&self) -> Result<String, StoreError> {
        let file = self.schema_file();
        fs::read_to_string(&file).map_err(|error| StoreError::of_file(&file, &error))
    }

    /// Writes `schema.ron`, unless someone changed it since: then theirs stays.
    pub(super) fn set_schema(&self, before: &str, after: &str) -> Result<(), StoreError> {
        let file = self.schema_file();
        if self.schema()? != before {
            return Ok(());
        }
        self.disk.replace(&file, after.as_bytes()).map_err(|error| StoreError::of_file(&file, &error))
    }
}

fn author(by: &Annotator, at: Timestamp) -> Author {
    Author { annotator: by.clone(), device: String::new(), at, schema: String::new() }
}
