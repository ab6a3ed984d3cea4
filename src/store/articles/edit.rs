//! Changing documents that are there: lines are appended to `changes.jsonl`, durably, and the index follows in the same step.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};
use serde_json::{Value, json};

use super::fault::{Fault, io as told};
use super::folder::{self, CHANGES, Found};
use super::shelf::Shelf;
use super::{Articles, changes, index, intake};
use crate::annotation::exchange::to_json;
use crate::store::{Author, Job, StoreError};
use crate::text::{DocumentId, Problem};

/// One change of a document, as `changes.jsonl` keeps it.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Hidden {
        document: DocumentId,
        hidden: bool,
    },
    /// `None` removes the key. (So does a null.)
    Meta {
        document: DocumentId,
        key: String,
        value: Option<Value>,
    },
}

impl Articles {
    /// Hides a document or shows it again. Durable when it returns; nothing is written where it is so already.
    pub fn set_hidden(&mut self, id: &DocumentId, hidden: bool, by: &Author) -> Result<(), StoreError> {
        self.change(&[Change::Hidden { document: id.clone(), hidden }], by)
    }

    /// Sets or removes one metadata value, in every version. Durable when it returns; nothing is written where it is so already.
    pub fn set_meta(
        &mut self,
        id: &DocumentId,
        key: &str,
        value: Option<Value>,
        by: &Author,
    ) -> Result<(), StoreError> {
        self.change(&[Change::Meta { document: id.clone(), key: key.to_owned(), value }], by)
    }

    /// Makes changes, all or nothing, durably, with one sync. Those that are in effect already write nothing, so that replaying is safe.
    pub fn change(&mut self, changes: &[Change], by: &Author) -> Result<(), StoreError> {
        let changed = self.make(changes, by);
        self.said(changed)
    }

    fn make(&mut self, changes: &[Change], by: &Author) -> Result<(), Fault> {
        self.writable()?;
        // What must be read is read before the lock is taken.
        let mut lines = Vec::new();
        let mut touched = HashSet::new();
        for change in changes {
            let (document, key) = match change {
                Change::Hidden { document, .. } => (document, None),
                Change::Meta { document, key, .. } => (document, Some(key)),
            };
            let Some((_, is_hidden)) = self.head(document)? else {
                let what = format!("The document {document} was not changed");
                return Err(StoreError::Io { what, why: "it is not in this project".to_owned() }.into());
            };
            let again = !touched.insert((document, key));
            let head = || json!({"at": by.at, "by": by.annotator, "id": document});
            let (mut line, what, value) = match change {
                Change::Hidden { hidden, .. } if again || *hidden != is_hidden => (head(), "hidden", json!(hidden)),
                Change::Hidden { .. } => continue,
                Change::Meta { key, value, .. } => {
                    let value = value.clone().filter(|value| !value.is_null());
                    if !again
                        && self.find(document.as_str(), None)?.is_some_and(|it| it.meta.get(key) == value.as_ref())
                    {
                        continue;
                    }
                    (head(), "meta", json!({ key: value }))
                }
            };
            line[what] = value;
            lines.push(line);
        }
        if lines.is_empty() {
            return Ok(());
        }
        let tx = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        intake::catch_up(&tx, &self.shelf, &self.store, true, &Job::default(), &mut self.noticed)?;
        let appended = append(&tx, &self.shelf, &lines, &mut self.noticed)?;
        index::raise(&tx, "revision")?;
        tx.commit()?;
        appended.keep();
        Ok(())
    }
}

/// Lines that were appended; they go again unless they are kept.
#[derive(Debug)]
pub(super) struct Appended(Option<(PathBuf, u64, u64)>);

impl Appended {
    /// The index knows them now.
    pub(super) fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Appended {
    fn drop(&mut self) {
        let Some((path, before, after)) = self.0.take() else { return };
        if let Ok(file) = OpenOptions::new().write(true).open(path)
            && file.metadata().is_ok_and(|meta| meta.len() == after)
        {
            // Best effort: else they count from the next open on, as after a kill at this point.
            let _ = file.set_len(before).and_then(|()| file.sync_all());
        }
    }
}

/// Appends lines, durably, and takes them in. The index is current, inside a write transaction.
pub(super) fn append(
    db: &Connection,
    shelf: &Shelf,
    lines: &[Value],
    problems: &mut Vec<Problem>,
) -> Result<Appended, Fault> {
    let path = shelf.folder.join(CHANGES);
    if lines.is_empty() {
        return Ok(Appended(None));
    }
    let fail = |error| Fault::from(told(&path, &error));
    let before = Found::at(&path)?.map_or(0, |found| found.size);
    let taken: Option<i64> = db
        .prepare_cached("SELECT taken FROM file WHERE name = ?1")?
        .query_row([CHANGES], |row| row.get(0))
        .optional()?;
    let mut bytes = Vec::new();
    if taken.unwrap_or(0) as u64 != before {
        // A torn line is ended, so that it cannot swallow ours.
        bytes.push(b'\n');
    }
    for line in lines {
        bytes.extend(to_json(line).map_err(fail)?);
        bytes.push(b'\n');
    }
    let mut file = OpenOptions::new().append(true).create(true).open(&path).map_err(fail)?;
    let written = file.write_all(&bytes).and_then(|()| file.sync_all());
    let after = file.metadata().map_err(fail)?.len();
    let appended = Appended(Some((path.clone(), before, after)));
    written.map_err(fail)?;
    if before == 0 {
        folder::sync(&shelf.folder)?;
    }
    if changes::take(db, shelf, changes::From::End, problems)? {
        let why = "changes.jsonl and the index disagree".to_owned();
        return Err(StoreError::Io { what: path.display().to_string(), why }.into());
    }
    Ok(appended)
}
