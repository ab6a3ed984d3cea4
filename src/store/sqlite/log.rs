//! The log in tables: transactions are appended and never changed, but for the two numbers that say what undo and redo take next.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;

use super::rows::{crc, hash, int, json, nat};
use crate::annotation::Annotator;
use crate::edit::{Direction, Edit, Kind, Transaction, TransactionId, record};
use crate::store::{LogRow, StoreError};
use crate::text::{DocumentId, Text, TextHash};

/// What a layer counted in before and after a transaction; `None` where there was no layer.
pub(super) type Texts = (Option<TextHash>, Option<TextHash>);

/// The layers that a transaction touched.
pub(super) type TouchedTexts = HashMap<(DocumentId, Annotator), Texts>;

/// A text by document and hash.
pub(super) type FindText<'a> = &'a dyn Fn(&DocumentId, TextHash) -> Result<Option<Text>, StoreError>;

/// A transaction as its row has it, without the edits.
#[derive(Debug)]
pub(super) struct Entry {
    pub seq: i64,
    /// Its edits are empty.
    pub transaction: Transaction,
    pub schema: String,
    pub edits: u64,
    /// The seq that put it into effect, and the seq that took it back.
    pub done: Option<i64>,
    pub undone: Option<i64>,
}

/// One edit as its row has it.
#[derive(Debug)]
pub(super) struct EditRow {
    pub record: Value,
    pub texts: Texts,
}

const KINDS: [&str; 3] = ["do", "undo", "redo"];

fn txn_crc(transaction: &Transaction, kind: &str, original: Option<&str>, schema: &str, edits: u64, seq: i64) -> u32 {
    crc(&[
        format!("{seq} {edits} {kind}").as_bytes(),
        transaction.id.0.as_bytes(),
        transaction.title.as_bytes(),
        transaction.at.to_string().as_bytes(),
        transaction.author.as_str().as_bytes(),
        transaction.device.as_bytes(),
        original.unwrap_or_default().as_bytes(),
        schema.as_bytes(),
    ])
}

fn edit_crc(seq: i64, n: i64, record: &str, texts: Texts) -> u32 {
    let hash = |text: Option<TextHash>| text.map(|hash| hash.0).unwrap_or_default();
    crc(&[format!("{seq} {n}").as_bytes(), record.as_bytes(), &hash(texts.0), &hash(texts.1)])
}

/// The place of the next transaction: 1, 2, 3 …, without gaps. Inside a write transaction.
pub(super) fn next_seq(db: &Connection) -> Result<i64, StoreError> {
    Ok(db.prepare_cached("SELECT coalesce(max(seq), 0) + 1 FROM txn")?.query_row([], |row| row.get(0))?)
}

/// Appends a transaction.
pub(super) fn append(
    db: &Connection,
    transaction: &Transaction,
    schema: &str,
    texts: &TouchedTexts,
) -> Result<(), StoreError> {
    let seq = next_seq(db)?;
    for (n, edit) in transaction.edits.iter().enumerate() {
        let layer = edit.layer();
        let texts = layer.and_then(|(document, annotator)| texts.get(&(document.clone(), annotator.clone())));
        let place = Place { seq, n: n as u64, document: edit.document(), annotator: layer.map(|(_, owner)| owner) };
        append_edit(db, place, &record::encode(edit), texts.copied().unwrap_or_default())?;
    }
    append_entry(db, seq, transaction, schema, transaction.edits.len() as u64)
}

/// Where an edit stands in the log, and what it is about.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub seq: i64,
    pub n: u64,
    pub document: Option<&'a DocumentId>,
    pub annotator: Option<&'a Annotator>,
}

/// Appends one edit of the transaction that [`append_entry`] completes.
pub(super) fn append_edit(db: &Connection, place: Place<'_>, record: &Value, texts: Texts) -> Result<(), StoreError> {
    let record = json(record)?;
    let Place { seq, n, document, annotator } = place;
    db.prepare_cached(
        "INSERT INTO edit(txn, n, doc, annotator, record, text_before, text_after, crc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        seq,
        int(n),
        document.map(DocumentId::as_str),
        annotator.map(Annotator::as_str),
        record,
        texts.0.map(|hash| hash.0),
        texts.1.map(|hash| hash.0),
        edit_crc(seq, int(n), &record, texts)
    ])?;
    Ok(())
}

/// Appends the entry of a transaction whose edits are there, and moves what undo and redo take next.
pub(super) fn append_entry(
    db: &Connection,
    seq: i64,
    transaction: &Transaction,
    schema: &str,
    edits: u64,
) -> Result<(), StoreError> {
    let (kind, original) = match &transaction.kind {
        Kind::Do => (KINDS[0], None),
        Kind::Undo(original) => (KINDS[1], Some(original)),
        Kind::Redo(original) => (KINDS[2], Some(original)),
    };
    let original = original.map(|id| id.0.as_str());
    let done = (transaction.kind == Kind::Do).then_some(seq);
    let sum = txn_crc(transaction, kind, original, schema, edits, seq);
    db.prepare_cached(
        "INSERT INTO txn(seq, id, title, at, author, device, kind, original, schema, edits, done, crc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        seq,
        transaction.id.0,
        transaction.title,
        transaction.at.to_string(),
        transaction.author.as_str(),
        transaction.device,
        kind,
        original,
        schema,
        int(edits),
        done,
        sum
    ])?;
    let moved = match transaction.kind {
        Kind::Do => return Ok(()),
        Kind::Undo(_) => (None, Some(seq)),
        Kind::Redo(_) => (Some(seq), None),
    };
    db.prepare_cached("UPDATE txn SET done = ?2, undone = ?3 WHERE id = ?1")?
        .execute(params![original, moved.0, moved.1])?;
    Ok(())
}

pub(super) fn contains(db: &Connection, id: &TransactionId) -> Result<bool, StoreError> {
    Ok(db.prepare_cached("SELECT 1 FROM txn WHERE id = ?1")?.exists([&id.0])?)
}

/// The seq of the newest transaction; 0 where there is none.
pub(super) fn last(db: &Connection) -> Result<u64, StoreError> {
    let seq = db.prepare_cached("SELECT coalesce(max(seq), 0) FROM txn")?.query_row([], |row| row.get(0))?;
    Ok(nat(seq))
}

/// The root and the place of the transaction whose inverse is the author's next undo or redo. A few index lookups, whatever the log's length.
///
/// The history of an author is two stacks ([`crate::edit::History`]); `done` and `undone` are the places in them. A new `Do`
/// empties the second, which is why only what was undone after the author's last `Do` counts.
pub(super) fn next(
    db: &Connection,
    author: &Annotator,
    direction: Direction,
) -> Result<Option<(TransactionId, i64)>, StoreError> {
    let sql = match direction {
        Direction::Undo => "SELECT id, done FROM txn WHERE author = ?1 AND done IS NOT NULL ORDER BY done DESC LIMIT 1",
        Direction::Redo => {
            "SELECT id, undone FROM txn WHERE author = ?1 AND undone IS NOT NULL
             AND undone > (SELECT coalesce(max(seq), 0) FROM txn WHERE author = ?1 AND kind = 'do') ORDER BY undone DESC LIMIT 1"
        }
    };
    let mut query = db.prepare_cached(sql)?;
    let found = query.query_row([author.as_str()], |row| Ok((TransactionId(row.get(0)?), row.get(1)?)));
    Ok(found.optional()?)
}

/// What each layer counted in before the transaction at `seq`.
pub(super) fn texts_before(
    db: &Connection,
    seq: i64,
) -> Result<HashMap<(DocumentId, Annotator), Option<TextHash>>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT doc, annotator, text_before FROM edit WHERE txn = ?1 AND annotator IS NOT NULL ORDER BY n DESC",
    )?;
    let mut rows = query.query([seq])?;
    let mut texts = HashMap::new();
    while let Some(row) = rows.next()? {
        let key = (DocumentId(row.get(0)?), Annotator::from(row.get::<_, String>(1)?));
        texts.insert(key, optional_hash(row, "text_before")?);
    }
    Ok(texts)
}

fn optional_hash(row: &Row<'_>, column: &str) -> Result<Option<TextHash>, StoreError> {
    let there = !matches!(row.get_ref(column)?, rusqlite::types::ValueRef::Null);
    there.then(|| hash(row, column)).transpose()
}

/// Visits entries after `seq`, oldest first, until `visit` says stop.
pub(super) fn entries(
    db: &Connection,
    after: i64,
    visit: &mut dyn FnMut(Entry) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM txn WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = query.query([after])?;
    while let Some(row) = rows.next()? {
        if !visit(read_entry(row)?)? {
            break;
        }
    }
    Ok(())
}

fn read_entry(row: &Row<'_>) -> Result<Entry, StoreError> {
    let seq: i64 = row.get("seq")?;
    let lost = || StoreError::damaged(format!("Entry {seq} of the log is damaged on disk"));
    let (kind, original): (String, Option<String>) = (row.get("kind")?, row.get("original")?);
    let root = original.clone().map(TransactionId);
    let at: String = row.get("at")?;
    let transaction = Transaction {
        id: TransactionId(row.get("id")?),
        title: row.get("title")?,
        at: at.parse().map_err(|_| lost())?,
        author: Annotator::from(row.get::<_, String>("author")?),
        device: row.get("device")?,
        kind: match (kind.as_str(), root) {
            ("do", None) => Kind::Do,
            ("undo", Some(root)) => Kind::Undo(root),
            ("redo", Some(root)) => Kind::Redo(root),
            _ => return Err(lost()),
        },
        edits: Vec::new(),
    };
    let (schema, edits): (String, i64) = (row.get("schema")?, row.get("edits")?);
    let sum = txn_crc(&transaction, &kind, original.as_deref(), &schema, nat(edits), seq);
    if i64::from(sum) != row.get::<_, i64>("crc")? {
        return Err(lost());
    }
    Ok(Entry { seq, transaction, schema, edits: nat(edits), done: row.get("done")?, undone: row.get("undone")? })
}

/// Visits the edits of one transaction, in order.
pub(super) fn edits(
    db: &Connection,
    seq: i64,
    visit: &mut dyn FnMut(EditRow) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM edit WHERE txn = ?1 ORDER BY n")?;
    let mut rows = query.query([seq])?;
    while let Some(row) = rows.next()? {
        visit(read_edit(row)?)?;
    }
    Ok(())
}

pub(super) fn read_edit(row: &Row<'_>) -> Result<EditRow, StoreError> {
    let (seq, n, record): (i64, i64, String) = (row.get("txn")?, row.get("n")?, row.get("record")?);
    let texts = (optional_hash(row, "text_before")?, optional_hash(row, "text_after")?);
    if i64::from(edit_crc(seq, n, &record, texts)) != row.get::<_, i64>("crc")? {
        return Err(StoreError::damaged(format!("Edit {n} of entry {seq} of the log is damaged on disk")));
    }
    Ok(EditRow { record: serde_json::from_str(&record)?, texts })
}

impl EditRow {
    /// The edit again, its offsets checked against the texts they count in.
    pub(super) fn decode(self, find: FindText<'_>) -> Result<Edit, StoreError> {
        let (before, after) = self.texts;
        if before.is_some() && after.is_some() && before != after {
            // A whole layer that went to another text: each half is read with its own.
            let half = |mut record: Value, other: &str, text| {
                record[other] = Value::Null;
                Self { record, texts: (text, text) }.decode(find)
            };
            let old = half(self.record.clone(), "after", before)?;
            let new = half(self.record, "before", after)?;
            return match (old, new) {
                (Edit::Whole { document, annotator, before, .. }, Edit::Whole { after, .. }) => {
                    Ok(Edit::Whole { document, annotator, before, after })
                }
                _ => Err(StoreError::damaged("An edit of the log changes the text of a layer and not the layer")),
            };
        }
        let mut failed = None;
        let text = |document: &DocumentId| match find(document, after.or(before)?) {
            Ok(text) => text,
            Err(error) => {
                failed = Some(error);
                None
            }
        };
        let edit = record::decode(&self.record, text);
        failed.map_or_else(|| Ok(edit?), Err)
    }
}

/// The transaction at `seq`, whole.
pub(super) fn read(db: &Connection, seq: i64, find: FindText<'_>) -> Result<Transaction, StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM txn WHERE seq = ?1")?;
    let mut rows = query.query([seq])?;
    let row = rows.next()?.ok_or_else(|| StoreError::damaged(format!("Entry {seq} of the log is missing")))?;
    let mut transaction = read_entry(row)?.transaction;
    edits(db, seq, &mut |row| {
        transaction.edits.push(row.decode(find)?);
        Ok(())
    })?;
    Ok(transaction)
}

/// The title of the transaction at `seq`, and how many edits it has.
pub(super) fn title(db: &Connection, seq: i64) -> Result<(String, u64), StoreError> {
    let mut query = db.prepare_cached("SELECT * FROM txn WHERE seq = ?1")?;
    let mut rows = query.query([seq])?;
    let row = rows.next()?.ok_or_else(|| StoreError::damaged(format!("Entry {seq} of the log is missing")))?;
    let entry = read_entry(row)?;
    Ok((entry.transaction.title, entry.edits))
}

/// The newest transactions, newest first.
pub(super) fn rows(db: &Connection, document: Option<&DocumentId>, limit: usize) -> Result<Vec<LogRow>, StoreError> {
    const COLUMNS: &str = "SELECT t.id, t.title, t.at, t.author, t.edits, t.kind,
        CASE t.kind WHEN 'do' THEN t.done IS NOT NULL WHEN 'undo' THEN 1
        ELSE (SELECT root.done IS NOT NULL FROM txn root WHERE root.id = t.original) END AS effective";
    let sql = match document {
        None => format!("{COLUMNS} FROM txn t WHERE ?1 IS NULL ORDER BY t.seq DESC LIMIT ?2"),
        Some(_) => format!(
            "{COLUMNS} FROM (SELECT DISTINCT txn FROM edit WHERE doc = ?1 ORDER BY txn DESC LIMIT ?2) e
             JOIN txn t ON t.seq = e.txn ORDER BY t.seq DESC"
        ),
    };
    let mut query = db.prepare_cached(&sql)?;
    let mut found = query.query(params![document.map(DocumentId::as_str), int(limit as u64)])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let at: String = row.get(2)?;
        rows.push(LogRow {
            id: TransactionId(row.get(0)?),
            title: row.get(1)?,
            at: at.parse().map_err(|_| StoreError::damaged("A time in the log is no time"))?,
            author: Annotator::from(row.get::<_, String>(3)?),
            edits: nat(row.get(4)?),
            effective: row.get(6)?,
        });
    }
    Ok(rows)
}
