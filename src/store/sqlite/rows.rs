//! A layer as rows: its head, its spans, its relations. Each row carries a checksum that is looked at when it is read.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::annotation::{Annotator, ItemId, Layer, Spans, Status};
use crate::edit::record::{LayerRecord, RelationRecord, SpanRecord};
use crate::store::{RECENT, StoreError};
use crate::text::{DocumentId, Text, TextHash};

/// A layer without its spans and relations, and how many it has.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Its `spans` and `relations` are empty.
    pub layer: Layer,
    pub text: TextHash,
    pub spans: u64,
    pub relations: u64,
}

impl Head {
    /// There is nothing in the layer: it is as if it had never been written.
    pub(super) fn is_nothing(&self) -> bool {
        self.spans == 0
            && self.relations == 0
            && self.layer.same_content(&Layer::untouched(self.layer.annotator.clone()))
    }
}

/// What a row's checksum covers: its columns, each ended by a zero byte.
pub(super) fn crc(columns: &[&[u8]]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for column in columns {
        hasher.update(column);
        hasher.update(&[0]);
    }
    hasher.finalize()
}

pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    Ok(serde_json::to_string(value)?)
}

/// Numbers as the database keeps them.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn nat(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A hash as a column.
pub(super) fn hash(row: &Row<'_>, column: &str) -> Result<TextHash, StoreError> {
    let bytes: Vec<u8> = row.get(column)?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| StoreError::damaged("A hash in work.db is no hash"))?;
    Ok(TextHash(bytes))
}

/// Which of the 256 mirror files a document's layers go to: the first two hex digits of its id's hash.
pub(crate) fn shard(document: &DocumentId) -> u8 {
    Sha256::digest(document.as_str().as_bytes())[0]
}

const HEAD: &str = "doc, annotator, text, version, clock, updated, status, flag, schema, attributes, seconds, spans, relations, decisions, extra, crc";

/// The head of one layer. One lookup.
pub(super) fn head(db: &Connection, document: &DocumentId, annotator: &Annotator) -> Result<Option<Head>, StoreError> {
    let mut query = db.prepare_cached(&format!("SELECT {HEAD} FROM layer WHERE doc = ?1 AND annotator = ?2"))?;
    let mut rows = query.query(params![document.as_str(), annotator.as_str()])?;
    rows.next()?.map(read_head).transpose()
}

/// The heads of all layers of a document, by the bytes of the annotator's name.
pub(super) fn heads(db: &Connection, document: &DocumentId) -> Result<Vec<Head>, StoreError> {
    let mut query = db.prepare_cached(&format!("SELECT {HEAD} FROM layer WHERE doc = ?1 ORDER BY annotator"))?;
    let mut rows = query.query([document.as_str()])?;
    let mut heads = Vec::new();
    while let Some(row) = rows.next()? {
        heads.push(read_head(row)?);
    }
    Ok(heads)
}

/// The columns that a head's checksum covers, as they are stored.
struct Columns {
    doc: String,
    annotator: String,
    text: Vec<u8>,
    version: i64,
    clock: String,
    updated: Option<String>,
    status: String,
    flag: Option<String>,
    schema: String,
    attributes: String,
    seconds: i64,
    spans: i64,
    relations: i64,
    decisions: String,
    extra: String,
}

impl Columns {
    fn crc(&self) -> u32 {
        let numbers = format!("{} {} {} {}", self.version, self.seconds, self.spans, self.relations);
        let some = |value: &Option<String>| value.as_ref().map_or_else(String::new, |value| format!("={value}"));
        crc(&[
            self.doc.as_bytes(),
            self.annotator.as_bytes(),
            &self.text,
            numbers.as_bytes(),
            self.clock.as_bytes(),
            some(&self.updated).as_bytes(),
            self.status.as_bytes(),
            some(&self.flag).as_bytes(),
            self.schema.as_bytes(),
            self.attributes.as_bytes(),
            self.decisions.as_bytes(),
            self.extra.as_bytes(),
        ])
    }
}

fn read_head(row: &Row<'_>) -> Result<Head, StoreError> {
    let columns = Columns {
        doc: row.get("doc")?,
        annotator: row.get("annotator")?,
        text: row.get("text")?,
        version: row.get("version")?,
        clock: row.get("clock")?,
        updated: row.get("updated")?,
        status: row.get("status")?,
        flag: row.get("flag")?,
        schema: row.get("schema")?,
        attributes: row.get("attributes")?,
        seconds: row.get("seconds")?,
        spans: row.get("spans")?,
        relations: row.get("relations")?,
        decisions: row.get("decisions")?,
        extra: row.get("extra")?,
    };
    let lost = || damaged(&columns.doc, &columns.annotator);
    if i64::from(columns.crc()) != row.get::<_, i64>("crc")? {
        return Err(lost());
    }
    let mut layer = Layer::untouched(Annotator::from(columns.annotator.as_str()));
    layer.version = nat(columns.version);
    layer.clock = serde_json::from_str(&columns.clock)?;
    layer.updated = columns.updated.as_ref().map(|time| time.parse().map_err(|_| lost())).transpose()?;
    layer.status = Status::parse(&columns.status).ok_or_else(lost)?;
    layer.flag.clone_from(&columns.flag);
    layer.schema.clone_from(&columns.schema);
    layer.attributes = serde_json::from_str(&columns.attributes)?;
    layer.seconds = nat(columns.seconds);
    layer.decisions = serde_json::from_str(&columns.decisions)?;
    layer.extra = serde_json::from_str(&columns.extra)?;
    Ok(Head { layer, text: hash(row, "text")?, spans: nat(columns.spans), relations: nat(columns.relations) })
}

fn damaged(document: &str, annotator: &str) -> StoreError {
    StoreError::damaged(format!("The layer of {annotator} in the document {document} is damaged on disk"))
}

/// Writes the head, new or in place of the old.
pub(super) fn put_head(db: &Connection, document: &DocumentId, head: &Head) -> Result<(), StoreError> {
    let layer = &head.layer;
    let columns = Columns {
        doc: document.to_string(),
        annotator: layer.annotator.to_string(),
        text: head.text.0.to_vec(),
        version: int(layer.version),
        clock: json(&layer.clock)?,
        updated: layer.updated.map(|time| time.to_string()),
        status: layer.status.as_str().to_owned(),
        flag: layer.flag.clone(),
        schema: layer.schema.clone(),
        attributes: json(&layer.attributes)?,
        seconds: int(layer.seconds),
        spans: int(head.spans),
        relations: int(head.relations),
        decisions: json(&layer.decisions)?,
        extra: json(&layer.extra)?,
    };
    let crc = columns.crc();
    let Columns { doc, annotator, text, version, clock, updated, status, flag, .. } = columns;
    let Columns { schema, attributes, seconds, spans, relations, decisions, extra, .. } = columns;
    let sql = format!(
        "INSERT INTO layer({HEAD}, shard) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
         ON CONFLICT DO UPDATE SET text = ?3, version = ?4, clock = ?5, updated = ?6, status = ?7, flag = ?8, schema = ?9,
         attributes = ?10, seconds = ?11, spans = ?12, relations = ?13, decisions = ?14, extra = ?15, crc = ?16"
    );
    db.prepare_cached(&sql)?.execute(params![
        doc,
        annotator,
        text,
        version,
        clock,
        updated,
        status,
        flag,
        schema,
        attributes,
        seconds,
        spans,
        relations,
        decisions,
        extra,
        crc,
        shard(document)
    ])?;
    Ok(())
}

/// Documents an annotator finished, with their active seconds, the one worked on last first: from the newest entries of the log. Entries
/// of many edits are imports, and are passed over.
pub(super) fn worked(
    db: &Connection,
    annotator: &Annotator,
    limit: usize,
) -> Result<Vec<(DocumentId, u64)>, StoreError> {
    let mut query = db.prepare_cached(
        "SELECT e.doc, l.seconds, max(t.seq) AS newest FROM txn t JOIN edit e ON e.txn = t.seq
         JOIN layer l ON l.doc = e.doc AND l.annotator = e.annotator
         WHERE t.seq > (SELECT coalesce(max(seq), 0) FROM txn) - ?1 AND t.edits <= 1000 AND e.annotator = ?2
         AND l.status = 'finished' AND l.seconds > 0
         GROUP BY e.doc ORDER BY newest DESC, e.doc LIMIT ?3",
    )?;
    let mut rows = query.query(params![RECENT as i64, annotator.as_str(), limit as i64])?;
    let mut worked = Vec::new();
    while let Some(row) = rows.next()? {
        worked.push((DocumentId(row.get(0)?), nat(row.get(1)?)));
    }
    Ok(worked)
}

pub(super) fn delete_head(db: &Connection, document: &DocumentId, annotator: &Annotator) -> Result<(), StoreError> {
    let mut query = db.prepare_cached("DELETE FROM layer WHERE doc = ?1 AND annotator = ?2")?;
    query.execute(params![document.as_str(), annotator.as_str()])?;
    Ok(())
}

/// One layer's place in the tables.
#[derive(Clone, Copy)]
pub(super) struct Items<'a> {
    pub db: &'a Connection,
    pub document: &'a DocumentId,
    pub annotator: &'a Annotator,
}

impl Items<'_> {
    fn crc(self, id: &str, record: &str) -> u32 {
        let (document, annotator) = (self.document.as_str().as_bytes(), self.annotator.as_str().as_bytes());
        crc(&[document, annotator, id.as_bytes(), record.as_bytes()])
    }

    fn read<T: serde::de::DeserializeOwned>(self, row: &Row<'_>) -> Result<T, StoreError> {
        let (id, record) = (row.get_ref("id")?, row.get_ref("record")?);
        let (id, record) = (id.as_str().unwrap_or_default(), record.as_str().unwrap_or_default());
        if i64::from(self.crc(id, record)) != row.get::<_, i64>("crc")? {
            return Err(damaged(self.document.as_str(), self.annotator.as_str()));
        }
        Ok(serde_json::from_str(record)?)
    }

    fn one<T: serde::de::DeserializeOwned>(self, table: &str, id: &ItemId) -> Result<Option<T>, StoreError> {
        let sql = format!("SELECT id, record, crc FROM {table} WHERE doc = ?1 AND annotator = ?2 AND id = ?3");
        let mut query = self.db.prepare_cached(&sql)?;
        let mut rows = query.query(params![self.document.as_str(), self.annotator.as_str(), id.as_str()])?;
        rows.next()?.map(|row| self.read(row)).transpose()
    }

    fn all<T: serde::de::DeserializeOwned>(self, table: &str) -> Result<Vec<T>, StoreError> {
        let sql = format!("SELECT id, record, crc FROM {table} WHERE doc = ?1 AND annotator = ?2 ORDER BY id");
        let mut query = self.db.prepare_cached(&sql)?;
        let mut rows = query.query(params![self.document.as_str(), self.annotator.as_str()])?;
        let mut items = Vec::new();
        while let Some(row) = rows.next()? {
            items.push(self.read(row)?);
        }
        Ok(items)
    }

    fn delete(self, table: &str, id: &ItemId) -> Result<(), StoreError> {
        let sql = format!("DELETE FROM {table} WHERE doc = ?1 AND annotator = ?2 AND id = ?3");
        let params = params![self.document.as_str(), self.annotator.as_str(), id.as_str()];
        self.db.prepare_cached(&sql)?.execute(params)?;
        Ok(())
    }

    pub(super) fn span(self, id: &ItemId) -> Result<Option<SpanRecord>, StoreError> {
        self.one("span", id)
    }

    pub(super) fn has_span(self, id: &ItemId) -> Result<bool, StoreError> {
        let mut query = self.db.prepare_cached("SELECT 1 FROM span WHERE doc = ?1 AND annotator = ?2 AND id = ?3")?;
        Ok(query.exists(params![self.document.as_str(), self.annotator.as_str(), id.as_str()])?)
    }

    pub(super) fn put_span(self, span: &SpanRecord) -> Result<(), StoreError> {
        let record = json(span)?;
        let crc = self.crc(span.id.as_str(), &record);
        let sql = "INSERT INTO span(doc, annotator, id, record, crc) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT DO UPDATE SET record = ?4, crc = ?5";
        let params = params![self.document.as_str(), self.annotator.as_str(), span.id.as_str(), record, crc];
        self.db.prepare_cached(sql)?.execute(params)?;
        Ok(())
    }

    pub(super) fn delete_span(self, id: &ItemId) -> Result<(), StoreError> {
        self.delete("span", id)
    }

    pub(super) fn relation(self, id: &ItemId) -> Result<Option<RelationRecord>, StoreError> {
        self.one("relation", id)
    }

    /// The kind of the first relation, by id, that starts or ends at a span.
    pub(super) fn relation_of(self, span: &ItemId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT id, json_extract(record, '$.kind') FROM relation WHERE doc = ?1 AND annotator = ?2 AND source = ?3
                   UNION SELECT id, json_extract(record, '$.kind') FROM relation WHERE doc = ?1 AND annotator = ?2 AND target = ?3
                   ORDER BY 1 LIMIT 1";
        let params = params![self.document.as_str(), self.annotator.as_str(), span.as_str()];
        Ok(self.db.prepare_cached(sql)?.query_row(params, |row| row.get(1)).optional()?)
    }

    pub(super) fn put_relation(self, relation: &RelationRecord) -> Result<(), StoreError> {
        let record = json(relation)?;
        let crc = self.crc(relation.id.as_str(), &record);
        let sql =
            "INSERT INTO relation(doc, annotator, id, source, target, record, crc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                   ON CONFLICT DO UPDATE SET source = ?4, target = ?5, record = ?6, crc = ?7";
        let (from, to) = (relation.from.as_str(), relation.to.as_str());
        let (document, annotator) = (self.document.as_str(), self.annotator.as_str());
        self.db.prepare_cached(sql)?.execute(params![
            document,
            annotator,
            relation.id.as_str(),
            from,
            to,
            record,
            crc
        ])?;
        Ok(())
    }

    pub(super) fn delete_relation(self, id: &ItemId) -> Result<(), StoreError> {
        self.delete("relation", id)
    }

    /// The whole layer, not yet checked against its text. Linear in its spans.
    pub(super) fn record(self, head: &Head) -> Result<LayerRecord, StoreError> {
        let mut record = LayerRecord::from(&head.layer);
        record.spans = self.all("span")?;
        record.relations = self.all("relation")?;
        Ok(record)
    }

    /// The whole layer.
    pub(super) fn layer(self, head: &Head, text: &Text) -> Result<Layer, StoreError> {
        Ok(self.record(head)?.into_layer(text)?)
    }

    /// Spans and relations of a layer that has none yet.
    pub(super) fn put_all(self, layer: &LayerRecord) -> Result<(), StoreError> {
        layer.spans.iter().try_for_each(|span| self.put_span(span))?;
        layer.relations.iter().try_for_each(|relation| self.put_relation(relation))
    }

    pub(super) fn delete_all(self) -> Result<(), StoreError> {
        for table in ["span", "relation"] {
            let sql = format!("DELETE FROM {table} WHERE doc = ?1 AND annotator = ?2");
            self.db.prepare_cached(&sql)?.execute(params![self.document.as_str(), self.annotator.as_str()])?;
        }
        Ok(())
    }
}

/// The head that a whole layer has.
pub(super) fn head_of(record: &LayerRecord, text: TextHash) -> Head {
    let (spans, relations) = (record.spans.len() as u64, record.relations.len() as u64);
    let layer = Layer {
        annotator: record.annotator.clone(),
        version: record.version,
        clock: record.clock.clone(),
        updated: record.updated,
        status: record.status,
        flag: record.flag.clone(),
        schema: record.schema.clone(),
        attributes: record.attributes.clone(),
        seconds: record.seconds,
        spans: Spans::default(),
        relations: BTreeMap::new(),
        decisions: record.decisions.clone(),
        extra: record.extra.clone(),
    };
    Head { layer, text, spans, relations }
}
