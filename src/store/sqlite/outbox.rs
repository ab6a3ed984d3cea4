//! Changes of documents and of the schema: committed with the log, then carried into their files. What a kill leaves in between is carried
//! over at the next commit or open. Carrying over twice does no harm.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::rows::crc;
use super::{Documents, counters};
use crate::annotation::Annotator;
use crate::edit::record::{decode, encode};
use crate::edit::{Edit, Transaction};
use crate::store::{CommitError, StoreError};
use crate::text::DocumentId;

/// Checks the edits of a transaction that are about documents or the schema against what is there, and puts them in the box.
pub(super) fn put(db: &Connection, documents: &Documents, transaction: &Transaction) -> Result<(), CommitError> {
    let stale = |why: String| Err(CommitError::Stale(why));
    let mut hidden: BTreeMap<&DocumentId, bool> = BTreeMap::new();
    let mut meta: BTreeMap<(&DocumentId, &str), Option<Value>> = BTreeMap::new();
    let mut schema: Option<&str> = None;
    for edit in &transaction.edits {
        match edit {
            Edit::Layer { .. } | Edit::Whole { .. } => continue,
            Edit::Hidden { document, before, after } => {
                let now = match hidden.get(document) {
                    Some(hidden) => Some(*hidden),
                    None => documents.hidden(document)?,
                };
                if now != Some(*before) {
                    return stale(format!("the document {document} is not what it was"));
                }
                counters::hide(db, document, *after)?;
                hidden.insert(document, *after);
            }
            Edit::Meta { document, key, before, after } => {
                let now = match meta.get(&(document, key.as_str())) {
                    Some(value) => value.clone(),
                    None => documents.meta(document, key)?,
                };
                if now != *before {
                    return stale(format!("“{key}” of the document {document} has changed since"));
                }
                meta.insert((document, key), after.clone());
            }
            Edit::Schema { before, after } => {
                let now = match schema {
                    Some(source) => source.to_owned(),
                    None => documents.schema()?,
                };
                if now != *before {
                    return stale("the schema has changed since".to_owned());
                }
                schema = Some(after);
            }
        }
        let record = json!({"at": transaction.at, "by": transaction.author, "edit": encode(edit)}).to_string();
        let sum = crc(&[record.as_bytes()]);
        let sql = "INSERT INTO outbox(record, crc) VALUES (?1, ?2)";
        let mut insert = db.prepare_cached(sql).map_err(StoreError::from)?;
        insert.execute(params![record, sum]).map_err(StoreError::from)?;
    }
    Ok(())
}

/// There is something to carry over.
pub(super) fn is_due(db: &Connection) -> Result<bool, StoreError> {
    Ok(db.prepare_cached("SELECT 1 FROM outbox")?.exists([])?)
}

/// Carries everything over, inside a write transaction of `db`.
pub(super) fn empty(db: &Connection, documents: &mut Documents) -> Result<(), StoreError> {
    let mut due = Vec::new();
    {
        let mut query = db.prepare_cached("SELECT record, crc FROM outbox ORDER BY n")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let record: String = row.get(0)?;
            if i64::from(crc(&[record.as_bytes()])) != row.get::<_, i64>(1)? {
                return Err(StoreError::damaged("A change that waits in work.db is damaged"));
            }
            due.push(serde_json::from_str::<Value>(&record)?);
        }
    }
    for record in due {
        let at: Timestamp = serde_json::from_value(record["at"].clone())?;
        let by: Annotator = serde_json::from_value(record["by"].clone())?;
        match decode(&record["edit"], |_| None)? {
            Edit::Hidden { document, after, .. } => documents.set_hidden(&document, after, &by, at)?,
            Edit::Meta { document, key, after, .. } => documents.set_meta(&document, &key, after, &by, at)?,
            Edit::Schema { before, after } => documents.set_schema(&before, &after)?,
            Edit::Layer { .. } | Edit::Whole { .. } => {}
        }
    }
    db.execute("DELETE FROM outbox", [])?;
    Ok(())
}
