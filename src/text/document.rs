//! One article: its text and what is known about it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{NewlineMap, Text};

/// A document's id: any non-empty string, unique in its project, ordered by its bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentId(pub String);

impl DocumentId {
    /// For a document that came without one: `t-` and twelve hex digits of its text's hash.
    pub fn of_text(text: &Text) -> Self {
        Self(format!("t-{}", &text.sha256().to_string()[..12]))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DocumentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for DocumentId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

/// One article, immutable: a changed text is a new version, changed metadata a line in `articles/changes.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub id: DocumentId,
    pub text: Text,
    /// Title, source, date and anything else, in the order it came.
    pub meta: Map<String, Value>,
    /// How the source wrote its newlines.
    pub newlines: NewlineMap,
    /// Keys of the file it came from that we do not know, kept.
    pub extra: Map<String, Value>,
}

impl Document {
    /// A metadata value as text: `title`, `source`, `date`, or any other key.
    pub fn meta_text(&self, key: &str) -> Option<&str> {
        self.meta.get(key).and_then(Value::as_str)
    }

    /// The title, else the first line that has words (cut at 80 characters), else the id.
    pub fn title(&self) -> String {
        if let Some(title) = self.meta_text("title").map(str::trim).filter(|title| !title.is_empty()) {
            return title.to_owned();
        }
        let line = self.text.as_str().lines().map(str::trim).find(|line| !line.is_empty());
        match line {
            Some(line) if line.chars().nth(80).is_some() => line.chars().take(79).chain(['…']).collect(),
            Some(line) => line.to_owned(),
            None => self.id.0.clone(),
        }
    }
}
