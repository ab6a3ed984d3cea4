//! Counters: what [`Counts`] shows of annotators, kept current by every commit. Layers of hidden documents are left out.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::rows::{Head, heads, nat};
use crate::annotation::{Annotator, Status};
use crate::schema::LabelId;
use crate::store::{AnnotatorCounts, StoreError};
use crate::text::DocumentId;

/// Numbers by key, for one annotator: `layers`, `seconds`, `flagged`, `status:finished`, `label:quote`.
pub(super) type Tally = BTreeMap<String, i64>;

/// Adds (or with -1 takes away) what a head counts.
pub(super) fn add_head(tally: &mut Tally, head: &Head, times: i64) {
    let mut add = |key: &str, n: i64| *tally.entry(key.to_owned()).or_default() += n * times;
    add("layers", 1);
    add("seconds", super::rows::int(head.layer.seconds));
    add("flagged", i64::from(head.layer.flag.is_some()));
    if head.layer.status != Status::Untouched {
        add(&format!("status:{}", head.layer.status.as_str()), 1);
    }
}

pub(super) fn add_label(tally: &mut Tally, label: &str, n: i64) {
    *tally.entry(format!("label:{label}")).or_default() += n;
}

/// Writes the changes of one annotator's counters.
pub(super) fn apply(db: &Connection, annotator: &str, tally: &Tally) -> Result<(), StoreError> {
    for (key, n) in tally.iter().filter(|(_, n)| **n != 0) {
        db.prepare_cached("INSERT INTO counter VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET n = n + ?3")?
            .execute(params![annotator, key, n])?;
    }
    Ok(())
}

pub(super) fn is_hidden(db: &Connection, document: &DocumentId) -> Result<bool, StoreError> {
    Ok(db.prepare_cached("SELECT 1 FROM hidden WHERE doc = ?1")?.exists([document.as_str()])?)
}

/// Takes a document's layers out of the counters, or back in.
pub(super) fn hide(db: &Connection, document: &DocumentId, hidden: bool) -> Result<(), StoreError> {
    if is_hidden(db, document)? == hidden {
        return Ok(());
    }
    let times = if hidden { -1 } else { 1 };
    for head in heads(db, document)? {
        let mut tally = Tally::new();
        add_head(&mut tally, &head, times);
        for (label, n) in labels(db, document, &head.layer.annotator)? {
            add_label(&mut tally, label.as_str(), n * times);
        }
        apply(db, head.layer.annotator.as_str(), &tally)?;
    }
    let sql = if hidden { "INSERT INTO hidden VALUES (?1)" } else { "DELETE FROM hidden WHERE doc = ?1" };
    db.prepare_cached(sql)?.execute([document.as_str()])?;
    Ok(())
}

/// Documents may have been hidden elsewhere: takes them out of the counters, and others back in.
pub(super) fn reconcile(db: &Connection, hidden: &BTreeSet<String>) -> Result<(), StoreError> {
    let known: BTreeSet<String> =
        db.prepare("SELECT doc FROM hidden")?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    known.difference(hidden).try_for_each(|shown| hide(db, &DocumentId(shown.clone()), false))?;
    hidden.difference(&known).try_for_each(|hidden| hide(db, &DocumentId(hidden.clone()), true))
}

/// The spans of one layer by label.
pub(super) fn labels(
    db: &Connection,
    document: &DocumentId,
    annotator: &Annotator,
) -> Result<Vec<(LabelId, i64)>, StoreError> {
    let sql = "SELECT label, n FROM layer_label INDEXED BY layer_label_doc WHERE doc = ?1 AND annotator = ?2";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map(params![document.as_str(), annotator.as_str()], |row| {
        Ok((LabelId::from(row.get::<_, String>(0)?), row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Changes the spans of one layer by label.
pub(super) fn add_labels(
    db: &Connection,
    document: &DocumentId,
    annotator: &Annotator,
    changes: &BTreeMap<LabelId, i64>,
) -> Result<(), StoreError> {
    for (label, n) in changes.iter().filter(|(_, n)| **n != 0) {
        let key = params![annotator.as_str(), label.as_str(), document.as_str(), n];
        db.prepare_cached(
            "INSERT INTO layer_label(annotator, label, doc, n) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET n = n + ?4",
        )?
        .execute(key)?;
        if *n < 0 {
            db.prepare_cached("DELETE FROM layer_label WHERE annotator = ?1 AND label = ?2 AND doc = ?3 AND n = 0")?
                .execute(params![annotator.as_str(), label.as_str(), document.as_str()])?;
        }
    }
    Ok(())
}

/// All counters of all annotators who have a layer, by the bytes of the name.
pub(super) fn read(db: &Connection) -> Result<Vec<AnnotatorCounts>, StoreError> {
    let mut query = db.prepare_cached("SELECT annotator, key, n FROM counter WHERE n <> 0 ORDER BY annotator, key")?;
    let mut rows = query.query([])?;
    let mut annotators: Vec<(AnnotatorCounts, bool)> = Vec::new();
    while let Some(row) = rows.next()? {
        let annotator: String = row.get(0)?;
        if annotators.last().is_none_or(|(last, _)| last.annotator != annotator) {
            annotators.push((AnnotatorCounts { annotator, ..AnnotatorCounts::default() }, false));
        }
        let Some((counts, present)) = annotators.last_mut() else { continue };
        let (key, n): (String, i64) = (row.get(1)?, row.get(2)?);
        let n = nat(n);
        match key.split_once(':').unwrap_or((&key, "")) {
            ("layers", _) => *present = true,
            ("seconds", _) => counts.seconds = n,
            ("flagged", _) => counts.flagged = n,
            ("status", "in-progress") => counts.in_progress = n,
            ("status", "finished") => counts.finished = n,
            ("status", "skipped") => counts.skipped = n,
            ("label", label) => counts.spans.push((LabelId::from(label), n)),
            _ => {}
        }
    }
    Ok(annotators.into_iter().filter(|(_, present)| *present).map(|(counts, _)| counts).collect())
}
