//! Checking everything: the log is carried out again, layer by layer, and compared with the rows; counters are counted again; every checksum is
//! looked at; mirrors are compared with the layers.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;

use rusqlite::{Connection, params};
use serde_json::Value;

use super::counters::{self, Tally};
use super::documents::Documents;
use super::log;
use super::mirrors::{self, digest};
use super::rows::{self, Items};
use crate::annotation::{Annotator, Clock, Layer};
use crate::edit::record::LayerRecord;
use crate::edit::{Edit, Kind, Transaction, apply};
use crate::store::{Job, StoreError, mirror};
use crate::text::{DocumentId, Place, Problem, Text, TextHash};

const FIX: &str = "Restore the newest backup with `spanwright restore`, or delete .store/: it is rebuilt from layers/";

/// Every problem of the database and the mirrors. Linear in the log. Progress is in documents.
pub(super) fn check(
    db: &Connection,
    documents: &Documents,
    hidden: &BTreeSet<String>,
    job: &Job,
) -> Result<Vec<Problem>, StoreError> {
    let mut checking = Checking { db, documents, problems: Vec::new(), counted: BTreeMap::new() };
    // Each part reports what it finds damaged, and the others go on.
    let parts: [Part<'_>; 6] = [
        |it, _, _| it.structure(),
        |it, _, _| it.entries(),
        |it, job, _| it.layers(job),
        |it, _, _| it.strays(),
        |it, _, hidden| it.counters(hidden),
        |it, _, _| it.mirrors(),
    ];
    for part in parts {
        if job.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        if let Err(error) = part(&mut checking, job, hidden) {
            let sentence = damage(error)?;
            checking.damaged(sentence);
        }
    }
    Ok(checking.problems)
}

type Part<'a> = fn(&mut Checking<'a>, &Job, &BTreeSet<String>) -> Result<(), StoreError>;

/// What an error says of the file; an error that says nothing of it goes on. A value of a wrong type is damage too.
fn damage(error: StoreError) -> Result<String, StoreError> {
    match error {
        StoreError::Damaged { what, .. } => Ok(what),
        StoreError::Io { what, why } => Ok(format!("{what}: {why}")),
        other => Err(other),
    }
}

struct Checking<'a> {
    db: &'a Connection,
    documents: &'a Documents,
    problems: Vec<Problem>,
    /// What the layers add up to, by annotator.
    counted: BTreeMap<String, Tally>,
}

impl Checking<'_> {
    fn damaged(&mut self, sentence: impl Into<String>) {
        self.problems.push(Problem::error(Place::file(".store/work.db"), sentence).fix(FIX));
    }

    fn layer_damaged(&mut self, document: &DocumentId, annotator: Option<&Annotator>, sentence: impl Into<String>) {
        let mut place = Place::file(".store/work.db").in_document(document.as_str());
        if let Some(annotator) = annotator {
            place = place.of_annotator(annotator.as_str());
        }
        self.problems.push(Problem::error(place, sentence).fix(FIX));
    }

    /// The database's own view of its file.
    fn structure(&mut self) -> Result<(), StoreError> {
        let mut query = self.db.prepare("PRAGMA integrity_check(20)")?;
        let found: Result<Vec<String>, _> = query.query_map([], |row| row.get(0))?.collect();
        match found {
            Ok(found) => found.into_iter().filter(|line| line != "ok").for_each(|line| self.damaged(line)),
            Err(error) => self.damaged(error.to_string()),
        }
        Ok(())
    }

    /// The entries of the log: none missing, each with its edits, and undo and redo where they should be.
    fn entries(&mut self) -> Result<(), StoreError> {
        let mut expected = 1;
        // By the id of each `Do`: where the log put it last, in effect or taken back.
        let mut places: HashMap<String, (Option<i64>, Option<i64>)> = HashMap::new();
        let mut found = HashMap::new();
        let db = self.db;
        log::entries(db, 0, &mut |entry| {
            if entry.seq != expected {
                self.damaged(format!("entries {expected} to {} of the log are missing", entry.seq - 1));
            }
            expected = entry.seq + 1;
            let sql = "SELECT count(*), coalesce(max(n), -1) FROM edit WHERE txn = ?1";
            let (edits, last): (i64, i64) =
                db.prepare_cached(sql)?.query_row([entry.seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
            if rows::nat(edits) != entry.edits || last != edits - 1 {
                self.damaged(format!("entry {} of the log had {} edits and has {edits}", entry.seq, entry.edits));
            }
            let Transaction { id, kind, .. } = &entry.transaction;
            match kind {
                Kind::Do => places.insert(id.0.clone(), (Some(entry.seq), None)),
                Kind::Undo(root) => places.insert(root.0.clone(), (None, Some(entry.seq))),
                Kind::Redo(root) => places.insert(root.0.clone(), (Some(entry.seq), None)),
            };
            if *kind == Kind::Do {
                found.insert(id.0.clone(), (entry.seq, entry.done, entry.undone));
            } else if entry.done.or(entry.undone).is_some() {
                self.damaged(format!("entry {} of the log cannot be undone or redone itself", entry.seq));
            }
            Ok(true)
        })?;
        for (id, place) in places {
            match found.get(&id) {
                Some((_, done, undone)) if (*done, *undone) == place => {}
                Some((seq, ..)) => {
                    self.damaged(format!("whether entry {seq} of the log is undone is not what the log says"));
                }
                None => self.damaged("the log undoes an entry that is missing"),
            }
        }
        let sql = "SELECT count(*) FROM edit WHERE txn NOT IN (SELECT seq FROM txn)";
        if db.query_row(sql, [], |row| row.get::<_, i64>(0))? > 0 {
            self.damaged("the log has edits without an entry");
        }
        let mut waiting = db.prepare("SELECT record, crc FROM outbox")?;
        let mut waiting = waiting.query([])?;
        while let Some(row) = waiting.next()? {
            if i64::from(rows::crc(&[row.get_ref(0)?.as_bytes().unwrap_or_default()])) != row.get::<_, i64>(1)? {
                self.damaged("a change that waits for its file is damaged");
            }
        }
        let mut schemas = db.prepare("SELECT n, hash, source FROM schema_version")?;
        let mut schemas = schemas.query([])?;
        while let Some(row) = schemas.next()? {
            if TextHash::of(&row.get::<_, String>(2)?).to_string() != row.get::<_, String>(1)? {
                self.damaged(format!("version {} of the schema is damaged", row.get::<_, i64>(0)?));
            }
        }
        Ok(())
    }

    /// Each layer is what the log makes of it.
    fn layers(&mut self, job: &Job) -> Result<(), StoreError> {
        let sql = "SELECT doc FROM layer UNION SELECT doc FROM edit WHERE doc IS NOT NULL ORDER BY doc";
        let documents: Vec<String> =
            self.db.prepare(sql)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let total = documents.len() as u64;
        for (done, document) in documents.into_iter().enumerate() {
            job.set(done as u64, total);
            if job.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            let document = DocumentId(document);
            if let Err(error) = self.document(&document) {
                let sentence = damage(error)?;
                self.layer_damaged(&document, None, sentence);
            }
        }
        job.set(total, total);
        Ok(())
    }

    fn document(&mut self, document: &DocumentId) -> Result<(), StoreError> {
        let mut folded = self.fold(document)?;
        for head in rows::heads(self.db, document)? {
            let annotator = head.layer.annotator.clone();
            let items = Items { db: self.db, document, annotator: &annotator };
            let record = items.record(&head)?;
            if (record.spans.len() as u64, record.relations.len() as u64) != (head.spans, head.relations) {
                self.layer_damaged(document, Some(&annotator), "the layer has lost or gained spans or relations");
                continue;
            }
            match record.clone().into_layer(&self.documents.text(document, head.text)?) {
                Err(error) => self.layer_damaged(document, Some(&annotator), error.to_string()),
                Ok(_) => match folded.remove(&annotator) {
                    // Time spent is not in the log.
                    Some((layer, text))
                        if text == head.text
                            && LayerRecord { seconds: record.seconds, ..layer.clone() } == sorted(&record, &layer) => {}
                    _ => self.layer_damaged(document, Some(&annotator), "the layer is not what the log makes of it"),
                },
            }
            let mut labels: BTreeMap<&str, i64> = BTreeMap::new();
            record.spans.iter().for_each(|span| *labels.entry(span.label.as_str()).or_default() += 1);
            let kept = counters::labels(self.db, document, &annotator)?;
            if !kept.iter().map(|(label, n)| (label.as_str(), *n)).collect::<BTreeMap<_, _>>().eq(&labels) {
                self.layer_damaged(document, Some(&annotator), "its counts by label are wrong");
            }
            let sql = "SELECT shard FROM layer WHERE doc = ?1 AND annotator = ?2";
            let shard: i64 = self
                .db
                .prepare_cached(sql)?
                .query_row(params![document.as_str(), annotator.as_str()], |row| row.get(0))?;
            if shard != i64::from(rows::shard(document)) {
                self.layer_damaged(document, Some(&annotator), "the layer is filed in the wrong place");
            }
            if !counters::is_hidden(self.db, document)? {
                let tally = self.counted.entry(annotator.to_string()).or_default();
                counters::add_head(tally, &head, 1);
                for (label, n) in labels {
                    counters::add_label(tally, label, n);
                }
            }
        }
        for (annotator, _) in folded {
            self.layer_damaged(document, Some(&annotator), "the layer is missing");
        }
        Ok(())
    }

    /// The layers of a document as the log makes them, and the texts they count in.
    fn fold(&self, document: &DocumentId) -> Result<BTreeMap<Annotator, (LayerRecord, TextHash)>, StoreError> {
        let mut layers: BTreeMap<Annotator, (Option<Layer>, Option<TextHash>)> = BTreeMap::new();
        let texts: std::cell::RefCell<HashMap<TextHash, Text>> = std::cell::RefCell::default();
        let find = |id: &DocumentId, hash: TextHash| {
            if let Some(text) = texts.borrow().get(&hash) {
                return Ok(Some(text.clone()));
            }
            let text = self.documents.text(id, hash)?;
            texts.borrow_mut().insert(hash, text.clone());
            Ok(Some(text))
        };
        let sql = "SELECT DISTINCT txn FROM edit WHERE doc = ?1 ORDER BY txn";
        let seqs: Vec<i64> =
            self.db.prepare_cached(sql)?.query_map([document.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for seq in seqs {
            let mut entry = None;
            log::entries(self.db, seq - 1, &mut |found| {
                entry = Some(found);
                Ok(false)
            })?;
            let Some(mut entry) = entry.filter(|entry| entry.seq == seq) else {
                return Err(StoreError::damaged(format!("entry {seq} of the log is missing")));
            };
            let mut touched = BTreeMap::new();
            let mut query = self.db.prepare_cached("SELECT * FROM edit WHERE txn = ?1 AND doc = ?2 ORDER BY n")?;
            let mut found = query.query(params![seq, document.as_str()])?;
            while let Some(row) = found.next()? {
                let owner: Option<String> = row.get("annotator")?;
                let row = log::read_edit(row)?;
                let after = row.texts.1;
                let edit = row.decode(&find)?;
                let agrees = edit.document() == Some(document)
                    && edit.layer().map(|(_, annotator)| annotator.as_str()) == owner.as_deref();
                if !agrees {
                    return Err(StoreError::damaged(format!(
                        "an edit of entry {seq} of the log is filed in the wrong place"
                    )));
                }
                if let Some((_, annotator)) = edit.layer() {
                    touched.insert(annotator.clone(), after);
                }
                entry.transaction.edits.push(edit);
            }
            for (annotator, after) in touched {
                let (layer, text) = layers.entry(annotator.clone()).or_default();
                apply(layer, document, &annotator, &entry.transaction, &entry.schema).map_err(|stale| {
                    StoreError::damaged(format!("entry {seq} of the log cannot be carried out: {stale}"))
                })?;
                *text = after;
            }
        }
        let there = |(annotator, (layer, text)): (Annotator, (Option<Layer>, Option<TextHash>))| {
            Some((annotator, (LayerRecord::from(&layer?), text?)))
        };
        Ok(layers.into_iter().filter_map(there).collect())
    }

    /// Rows that belong to no layer, and edits of no document that cannot be read.
    fn strays(&mut self) -> Result<(), StoreError> {
        for table in ["span", "relation", "layer_label"] {
            let sql = format!(
                "SELECT DISTINCT doc, annotator FROM {table} t
                 WHERE NOT EXISTS (SELECT 1 FROM layer l WHERE l.doc = t.doc AND l.annotator = t.annotator)"
            );
            let strays: Vec<(String, String)> = self
                .db
                .prepare(&sql)?
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            for (document, annotator) in strays {
                let (document, annotator) = (DocumentId(document), Annotator::from(annotator));
                self.layer_damaged(&document, Some(&annotator), format!("there are rows ({table}) without a layer"));
            }
        }
        let mut query = self.db.prepare("SELECT * FROM edit WHERE doc IS NULL")?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let edit = log::read_edit(row)?.decode(&|_, _| Ok(None))?;
            if !matches!(edit, Edit::Schema { .. }) {
                self.damaged("an edit of the log has lost its document");
            }
        }
        Ok(())
    }

    fn counters(&mut self, hidden: &BTreeSet<String>) -> Result<(), StoreError> {
        let known: BTreeSet<String> =
            self.db.prepare("SELECT doc FROM hidden")?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        if known != *hidden {
            self.damaged("which documents are hidden is not what articles/ says");
        }
        let mut kept: BTreeMap<String, Tally> = BTreeMap::new();
        let mut query = self.db.prepare("SELECT annotator, key, n FROM counter WHERE n <> 0")?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            kept.entry(row.get(0)?).or_default().insert(row.get(1)?, row.get(2)?);
        }
        let mut counted = std::mem::take(&mut self.counted);
        for tally in counted.values_mut() {
            tally.retain(|_, n| *n != 0);
        }
        counted.retain(|_, tally| !tally.is_empty());
        if counted != kept {
            self.damaged("the counters are not what the layers add up to");
        }
        Ok(())
    }

    /// Mirrors that are not due say what the layers say.
    fn mirrors(&mut self) -> Result<(), StoreError> {
        type Row = (String, Option<String>, Option<i64>, Option<Vec<u8>>, i64);
        let sql = "SELECT file, annotator, shard, hash, dirty FROM mirror";
        let known: Vec<Row> = self
            .db
            .prepare(sql)?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?
            .collect::<Result<_, _>>()?;
        let mut filed = BTreeSet::new();
        for (file, annotator, shard, hash, dirty) in known {
            let place = Place::file(format!("layers/{file}"));
            let annotator = annotator.map(Annotator::from);
            let shard = shard.and_then(|shard| u8::try_from(shard).ok());
            if let (Some(annotator), Some(shard)) = (&annotator, shard)
                && mirror::name(annotator, shard) != file
            {
                self.damaged(format!("what is known of layers/{file} is damaged"));
                continue;
            }
            filed.insert(file.clone());
            let bytes = fs::read(self.documents.folder.join("layers").join(&file)).ok();
            if let Some(hash) = hash
                && bytes.as_deref().map(digest) != Some(hash)
            {
                let fix = "If someone changed it on purpose, it is taken in when its time changes; else remove it: it is written again";
                self.problems.push(Problem::error(place, "the file is not what we last wrote or read").fix(fix));
                continue;
            }
            let (Some(annotator), Some(shard), 0) = (annotator, shard, dirty) else { continue };
            let ours = mirrors::render(self.db, self.documents, &file, &annotator, shard)?;
            let there = bytes.unwrap_or_default();
            if ours != there && says(&ours) != says(&there) {
                let problem = Problem::error(place, "the file lacks changes that were made here");
                self.problems.push(problem.fix("Remove it: it is written again"));
            }
        }
        let sql = "SELECT DISTINCT annotator, shard FROM layer";
        let shards: Vec<(String, u8)> =
            self.db.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        for (annotator, shard) in shards {
            let file = mirror::name(&Annotator::from(annotator), shard);
            if !filed.contains(&file) {
                self.damaged(format!("layers/{file} should be there and is not known"));
            }
        }
        Ok(())
    }
}

/// The rows come by id; the log's layer is in reading order.
fn sorted(rows: &LayerRecord, like: &LayerRecord) -> LayerRecord {
    let mut record = rows.clone();
    let order: HashMap<_, _> = like.spans.iter().enumerate().map(|(place, span)| (&span.id, place)).collect();
    record.spans.sort_by_key(|span| order.get(&span.id).copied());
    record
}

/// Which versions of which layers the lines of a mirror hold.
fn says(bytes: &[u8]) -> Vec<(String, u64, Clock)> {
    let mut says = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let Ok(line) = serde_json::from_slice::<Value>(line) else { continue };
        for layer in line["layers"].as_array().into_iter().flatten() {
            let clock = serde_json::from_value(layer["clock"].clone()).unwrap_or_default();
            let key = format!("{} {}", line["id"], layer["annotator"]);
            says.push((key, layer["version"].as_u64().unwrap_or(1), clock));
        }
    }
    says.sort_by(|a, b| a.0.cmp(&b.0));
    says
}
