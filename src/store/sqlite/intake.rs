//! Reading a mirror that someone else wrote. What cannot be read is put aside beside it and told; what counts in a text that is not here waits.

use std::collections::BTreeSet;
use std::fs;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::{Map, Value};

use super::documents::Documents;
use super::import::Staging;
use super::mirrors::digest;
use super::rows;
use crate::annotation::Annotator;
use crate::annotation::exchange::{RawDocument, RawLayer};
use crate::edit::record::LayerRecord;
use crate::store::mirror::{self, Found};
use crate::store::{Author, LayerAdded, StoreError};
use crate::text::{Document, DocumentId, NewlineMap, Place, Problem, Severity, TextHash};

/// Whose transactions those are that no one asked for: no annotator has an empty name, so no one's undo takes them back.
pub(super) fn nobody() -> Author {
    Author { annotator: Annotator::from(""), device: String::new(), at: Timestamp::now(), schema: String::new() }
}

/// A file that was read, as it is to be remembered.
#[derive(Debug)]
pub(super) struct Taken {
    file: String,
    hash: Vec<u8>,
    size: i64,
    modified: i64,
    /// Whose mirror it is: the folder's name and the lines agree.
    annotator: Option<Annotator>,
    /// `None` for a file that has not the name of a mirror.
    shard: Option<u8>,
    /// Documents whose line says exactly what we have now.
    exact: BTreeSet<DocumentId>,
    waiting: Vec<(DocumentId, Vec<u8>)>,
}

impl Taken {
    /// Remembers the file as it is. If it lacks something that we have, it is to be written.
    pub(super) fn record(&self, db: &Connection) -> Result<(), StoreError> {
        let Self { file, hash, size, modified, annotator, shard, exact, waiting } = self;
        let name = annotator.as_ref().filter(|_| shard.is_some()).map(Annotator::as_str);
        let ours: u64 = db.query_row(
            "SELECT count(*) FROM layer WHERE annotator = ?1 AND shard = ?2",
            params![name.unwrap_or_default(), shard],
            |row| row.get::<_, i64>(0).map(rows::nat),
        )?;
        let due = name.is_some() && ours != exact.len() as u64;
        db.execute(
            "INSERT INTO mirror(file, annotator, shard, hash, size, modified, dirty) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET annotator = coalesce(?2, annotator), shard = ?3, hash = ?4, next = NULL, size = ?5,
             modified = ?6, dirty = max(dirty <> 0, ?7)",
            params![file, name, shard, hash, size, modified, due],
        )?;
        db.execute("DELETE FROM waiting WHERE file = ?1", [file])?;
        let mut insert = db.prepare_cached("INSERT OR REPLACE INTO waiting(file, doc, line) VALUES (?1, ?2, ?3)")?;
        for (document, line) in waiting {
            insert.execute(params![file, document.as_str(), line])?;
        }
        Ok(())
    }
}

/// Reads a file into an import.
pub(super) fn file(
    db: &mut Connection,
    documents: &Documents,
    staging: &mut Staging,
    found: &Found,
    problems: &mut Vec<Problem>,
) -> Result<Taken, StoreError> {
    let path = documents.folder.join("layers").join(&found.file);
    let bytes = fs::read(&path).map_err(|error| StoreError::of_file(&path, &error))?;
    let (folder, name) = found.file.split_once('/').unwrap_or_default();
    let owner = Annotator::from_folder(folder);
    let mut taken = Taken {
        file: found.file.clone(),
        hash: digest(&bytes),
        size: found.size,
        modified: found.modified,
        annotator: owner.clone(),
        shard: mirror::shard(name),
        exact: BTreeSet::new(),
        waiting: Vec::new(),
    };
    let mut aside = Vec::new();
    for (number, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let place = Place::file(format!("layers/{}", found.file)).at_line(number + 1);
        let reading = Reading {
            db: &mut *db,
            documents,
            staging: &mut *staging,
            owner: owner.as_ref(),
            problems: &mut *problems,
        };
        match reading.line(line, &place)? {
            Outcome::Taken { document, owners, exact, whole } => {
                let ours = owners.iter().all(|owner| owner.folder() == folder);
                if ours {
                    taken.annotator = taken.annotator.or_else(|| owners.first().cloned());
                }
                if exact && ours && owners.len() == 1 {
                    taken.exact.insert(document);
                }
                if !whole {
                    aside.push(line);
                }
            }
            Outcome::Waits(document) => {
                let mut line = line.to_vec();
                if !line.ends_with(b"\n") {
                    line.push(b'\n');
                }
                taken.waiting.push((document, line));
            }
            Outcome::Unreadable => aside.push(line),
        }
    }
    if !aside.is_empty() {
        put_aside(documents, &found.file, &aside)?;
        let sentence =
            format!("{} lines could not be read whole; they are kept in layers/{}.aside", aside.len(), found.file);
        problems.push(
            Problem::warning(Place::file(format!("layers/{}", found.file)), sentence)
                .fix("Mend them there and put them back into the file, or remove that file"),
        );
    }
    Ok(taken)
}

/// Adds lines to the file beside a mirror that keeps what we could not read; none twice.
fn put_aside(documents: &Documents, file: &str, lines: &[&[u8]]) -> Result<(), StoreError> {
    if documents.read_only {
        return Ok(());
    }
    let path = documents.folder.join("layers").join(format!("{file}.aside"));
    let mut kept = match fs::read(&path) {
        Ok(kept) => kept,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(StoreError::of_file(&path, &error)),
    };
    let before = kept.len();
    for line in lines {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if !kept.split(|byte| *byte == b'\n').any(|there| there == line) {
            kept.extend(line);
            kept.push(b'\n');
        }
    }
    if kept.len() == before {
        return Ok(());
    }
    documents.disk.replace(&path, &kept).map_err(|error| StoreError::of_file(&path, &error))
}

/// What became of a line.
enum Outcome {
    Taken {
        document: DocumentId,
        owners: Vec<Annotator>,
        /// We have exactly what it says.
        exact: bool,
        /// All of it was taken.
        whole: bool,
    },
    /// Its text is not here.
    Waits(DocumentId),
    Unreadable,
}

struct Reading<'a> {
    db: &'a mut Connection,
    documents: &'a Documents,
    staging: &'a mut Staging,
    /// Whose layers those are that do not say.
    owner: Option<&'a Annotator>,
    problems: &'a mut Vec<Problem>,
}

impl Reading<'_> {
    fn line(mut self, line: &[u8], place: &Place) -> Result<Outcome, StoreError> {
        let object: Map<String, Value> = match serde_json::from_slice(line) {
            Ok(object) => object,
            Err(error) => {
                self.problems.push(Problem::error(place.clone(), format!("the line is no JSON object ({error})")));
                return Ok(Outcome::Unreadable);
            }
        };
        let before = self.problems.len();
        let raw = RawDocument::read(object, place, self.problems);
        let hash = raw.sha256.or(raw.text.as_ref().map(|(text, _)| text.sha256()));
        let (Some(id), Some(hash)) = (raw.document_id(), hash) else {
            self.problems.push(Problem::error(place.clone(), "the line needs \"id\" and \"sha256\""));
            return Ok(Outcome::Unreadable);
        };
        let Some(document) = self.documents.document(&id, hash)? else { return Ok(Outcome::Waits(id)) };
        let source = raw.text.map(|(_, map)| map).unwrap_or_default();
        let mut owners = Vec::new();
        let mut exact = true;
        let mut whole = raw.spans.is_empty() && raw.extra.is_empty();
        for layer in raw.layers {
            let name = layer.annotator.clone().map(Annotator::from).or_else(|| self.owner.cloned());
            let Some(annotator) = name else {
                self.problems.push(Problem::error(place.clone(), "a layer does not say whose it is"));
                whole = false;
                continue;
            };
            exact &= self.layer(layer, &annotator, &document, hash, &source, place)?;
            owners.push(annotator);
        }
        whole &= self.problems[before..].iter().all(|problem| problem.severity < Severity::Error);
        Ok(Outcome::Taken { document: id, owners, exact, whole })
    }

    /// True if we have, or will have, exactly this layer.
    fn layer(
        &mut self,
        raw: RawLayer,
        annotator: &Annotator,
        document: &Document,
        hash: TextHash,
        source: &NewlineMap,
        place: &Place,
    ) -> Result<bool, StoreError> {
        let layer = raw.check(annotator.clone(), document, source, place, self.problems);
        let record = LayerRecord::from(&layer);
        let added = self.staging.add(self.db, &document.id, hash, record)?;
        Ok(match added {
            LayerAdded::New | LayerAdded::Replaced => true,
            LayerAdded::Equal => rows::head(self.db, &document.id, annotator)?
                .is_some_and(|ours| ours.layer.clock == layer.clock && ours.layer.version == layer.version),
            LayerAdded::Beside(name) => {
                let sentence =
                    format!("{annotator}'s layer was changed here and elsewhere; the other one is kept as “{name}”");
                let here = place.clone().in_document(document.id.as_str()).of_annotator(annotator.as_str());
                self.problems.push(Problem::warning(here, sentence).fix("Compare the two, and remove one"));
                false
            }
            LayerAdded::NoText => false,
        })
    }
}

/// A line that waited for its document.
#[derive(Debug)]
pub(super) struct Waiting {
    file: String,
    document: DocumentId,
    line: Vec<u8>,
}

impl Waiting {
    pub(super) fn forget(&self, db: &Connection) -> Result<(), StoreError> {
        db.prepare_cached("DELETE FROM waiting WHERE file = ?1 AND doc = ?2")?
            .execute(params![self.file, self.document.as_str()])?;
        Ok(())
    }
}

/// The lines whose texts are here by now.
pub(super) fn waiting(db: &Connection, documents: &Documents) -> Result<Vec<Waiting>, StoreError> {
    let mut query = db.prepare_cached("SELECT file, doc, line FROM waiting ORDER BY file, doc")?;
    let mut found = query.query([])?;
    let mut ready = Vec::new();
    while let Some(row) = found.next()? {
        let line = Waiting { file: row.get(0)?, document: DocumentId(row.get(1)?), line: row.get(2)? };
        let fields: Value = serde_json::from_slice(&line.line)?;
        let hash = fields["sha256"].as_str().and_then(TextHash::parse);
        if let Some(hash) = hash
            && documents.articles.text_exists(&line.document, hash)?
        {
            ready.push(line);
        }
    }
    Ok(ready)
}

/// Reads a line that waited into an import.
pub(super) fn line(
    db: &mut Connection,
    documents: &Documents,
    staging: &mut Staging,
    waiting: &Waiting,
    problems: &mut Vec<Problem>,
) -> Result<(), StoreError> {
    let folder = waiting.file.split('/').next().unwrap_or_default();
    let owner = Annotator::from_folder(folder);
    let place = Place::file(format!("layers/{}", waiting.file));
    let reading = Reading { db, documents, staging, owner: owner.as_ref(), problems };
    if !matches!(reading.line(&waiting.line, &place)?, Outcome::Taken { whole: true, .. }) {
        put_aside(documents, &waiting.file, &[&waiting.line])?;
    }
    Ok(())
}
