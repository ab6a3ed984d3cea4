//! `articles/changes.jsonl`: what became of documents after they came in. Only ever appended to; one JSON object per line:
//!
//! ```text
//! {"at":"2026-11-22T10:00:00Z","by":"ana","id":"a12","hidden":true}
//! {"at":"2026-11-22T10:01:00Z","by":"ana","id":"a12","meta":{"title":"A better title","byline":null}}
//! {"at":"2026-11-22T10:02:00Z","by":"ana","versions":["0004-k3f9.jsonl"]}
//! ```
//!
//! Later lines win. `meta` edits every version that a document has at that point; `null` removes the key. `versions` says that
//! from here on the texts in those article files are the newest of their documents: the texts stay out of this file, so that one
//! short line makes thousands of versions current at once, or none. The line may be there before its files, and then says nothing yet.
//!
//! A last line without its line end was cut short by a crash, or is still on its way: it waits until it has one.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value};

use super::fault::{Fault, io as told};
use super::folder::{self, CHANGES, Found};
use super::index::{self, Spot};
use super::shelf::Shelf;
use super::{intake, line};
use crate::store::Job;
use crate::text::{Document, Place, Problem};

/// One line's meaning.
enum Line {
    Hidden(String, bool),
    Meta(String, Map<String, Value>),
    Versions(Vec<String>),
}

impl Line {
    fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut fields: Map<String, Value> =
            serde_json::from_slice(bytes).map_err(|error| format!("it is no JSON object ({error})"))?;
        let mut take = |key: &str| fields.shift_remove(key);
        match (take("id"), take("hidden"), take("meta"), take("versions")) {
            (Some(Value::String(id)), Some(Value::Bool(hidden)), None, None) => Ok(Self::Hidden(id, hidden)),
            (Some(Value::String(id)), None, Some(Value::Object(meta)), None) => Ok(Self::Meta(id, meta)),
            (None, None, None, Some(names)) => serde_json::from_value(names)
                .map(Self::Versions)
                .map_err(|error| format!("its \"versions\" is no list of file names ({error})")),
            _ => Err("it is none of the changes that are known".to_owned()),
        }
    }
}

/// The files that any line declares to be new versions.
pub(super) fn versions(folder: &Path) -> Result<BTreeSet<String>, Fault> {
    let mut names = BTreeSet::new();
    let path = folder.join(CHANGES);
    if path.exists() {
        intake::each_line(&path, |_, _, bytes, _| {
            if bytes.ends_with(b"\n")
                && memchr::memmem::find(bytes, b"\"versions\"").is_some()
                && let Ok(Line::Versions(list)) = Line::read(bytes)
            {
                names.extend(list);
            }
            Ok(())
        })?;
    }
    Ok(names)
}

/// From where on lines are new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// After what was taken in before, once that is seen to be unchanged.
    Verified,
    /// After what was taken in before: nobody can have changed it.
    End,
}

/// Takes in the lines that are new. True: what was taken in before is no longer what the file says, and all must be read again.
pub(super) fn take(db: &Connection, shelf: &Shelf, from: From, problems: &mut Vec<Problem>) -> Result<bool, Fault> {
    let path = shelf.folder.join(CHANGES);
    let known = db
        .prepare_cached("SELECT taken, sum, size, modified FROM file WHERE name = ?1")?
        .query_row([CHANGES], |row| {
            Ok((
                row.get::<_, i64>(0)? as u64,
                row.get::<_, i64>(1)?.cast_unsigned(),
                row.get::<_, i64>(2)? as u64,
                row.get(3)?,
            ))
        })
        .optional()?;
    let Some(found) = Found::at(&path)? else { return Ok(known.is_some()) };
    let (taken, known_sum, size, modified) = known.unwrap_or_default();
    if known.is_some() && (size, modified) == (found.size, found.modified) {
        return Ok(false);
    }
    let mut file = File::open(&path).map_err(|error| told(&path, &error))?;
    let (mut position, mut sum, mut number) = (0, 0, 0);
    if from == From::End {
        file.seek(SeekFrom::Start(taken)).map_err(|error| told(&path, &error))?;
        (position, sum) = (taken, known_sum);
    }
    let mut lines = BufReader::with_capacity(1 << 16, file);
    let mut bytes = Vec::new();
    let mut again = false;
    loop {
        if position == taken && sum != known_sum {
            return Ok(true);
        }
        bytes.clear();
        if lines.read_until(b'\n', &mut bytes).map_err(|error| told(&path, &error))? == 0 {
            break;
        }
        number += 1;
        if position < taken && taken < position + bytes.len() as u64 {
            return Ok(true);
        }
        let mut place = Place::file(format!("articles/{CHANGES}"));
        place.line = (from == From::Verified).then_some(number);
        if !bytes.ends_with(b"\n") {
            let problem = Problem::warning(place, "the last line is cut short; it does not count");
            problems.push(problem.fix("If it is complete, end it with a line end"));
            break;
        }
        if position >= taken && !bytes.trim_ascii().is_empty() {
            match Line::read(&bytes) {
                Ok(line) => again |= apply(db, shelf, line, &place, problems)?,
                Err(why) => problems.push(Problem::error(place, format!("the line does not count: {why}"))),
            }
        }
        position += bytes.len() as u64;
        sum = line::fold(sum, line::sum(&bytes));
    }
    if position < taken {
        return Ok(true);
    }
    db.prepare_cached(
        "INSERT INTO file(name, size, modified, sum, taken, versions) VALUES(?1, ?2, ?3, ?4, ?5, 0)
         ON CONFLICT DO UPDATE SET size = ?2, modified = ?3, sum = ?4, taken = ?5",
    )?
    .execute(params![
        CHANGES,
        found.size.cast_signed(),
        found.modified,
        sum.cast_signed(),
        position.cast_signed()
    ])?;
    Ok(again)
}

fn apply(
    db: &Connection,
    shelf: &Shelf,
    line: Line,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Result<bool, Fault> {
    let (id, found) = match line {
        Line::Hidden(id, hidden) => {
            let changed =
                db.prepare_cached("UPDATE doc SET hidden = ?2 WHERE id = ?1")?.execute(params![id, hidden])?;
            (id, changed > 0)
        }
        Line::Meta(id, meta) => {
            let found = edit(db, shelf, &id, &meta, problems)?;
            (id, found)
        }
        Line::Versions(names) => return take_versions(db, shelf, &names, place, problems),
    };
    if !found {
        index::raise(db, "unresolved")?;
        let sentence = "the document is not here; the change waits for it";
        problems.push(Problem::warning(place.clone().in_document(id), sentence));
    }
    Ok(false)
}

/// Lays an edit over the metadata of every version, and shows the newest's in the list.
fn edit(
    db: &Connection,
    shelf: &Shelf,
    id: &str,
    meta: &Map<String, Value>,
    problems: &mut Vec<Problem>,
) -> Result<bool, Fault> {
    let newest = db
        .prepare_cached("SELECT number, meta, file, position, bytes, sum FROM doc WHERE id = ?1")?
        .query_row([id], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<String>>(1)?, spot(row, 2)?)))
        .optional()?;
    let Some((number, before, spot)) = newest else { return Ok(false) };
    let merged = merge(before.as_deref(), meta);
    db.prepare_cached("UPDATE doc SET meta = ?2 WHERE number = ?1")?.execute(params![number, merged])?;
    let older: Vec<(Vec<u8>, Option<String>)> = db
        .prepare_cached("SELECT sha256, meta FROM older WHERE doc = ?1")?
        .query_map([number], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (sha256, before) in older {
        db.prepare_cached("UPDATE older SET meta = ?3 WHERE doc = ?1 AND sha256 = ?2")?.execute(params![
            number,
            sha256,
            merge(before.as_deref(), meta)
        ])?;
    }
    match shelf.read(db, id, spot) {
        Ok(mut document) => {
            overlay(&mut document, Some(&merged));
            let text = |key| document.meta_text(key).unwrap_or_default();
            db.prepare_cached("UPDATE doc SET title = ?2, source = ?3, date = ?4 WHERE number = ?1")?
                .execute(params![number, document.title(), text("source"), text("date")])?;
        }
        Err(Fault::Told(error)) => problems.push(Problem::error(Place::document(id), error.to_string())),
        Err(fault) => return Err(fault),
    }
    Ok(true)
}

pub(super) fn spot(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Spot> {
    Ok(Spot {
        file: row.get(first)?,
        position: row.get::<_, i64>(first + 1)? as u64,
        bytes: row.get::<_, i64>(first + 2)? as u64,
        sum: row.get::<_, i64>(first + 3)?.cast_unsigned(),
    })
}

fn merge(before: Option<&str>, meta: &Map<String, Value>) -> String {
    let mut all: Map<String, Value> = before.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    all.extend(meta.iter().map(|(key, value)| (key.clone(), value.clone())));
    Value::Object(all).to_string()
}

/// A document with its edits. A key keeps its place; new ones go last.
pub(super) fn overlay(document: &mut Document, edits: Option<&str>) {
    let edits: Map<String, Value> = edits.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    for (key, value) in edits {
        if value.is_null() {
            document.meta.shift_remove(&key);
        } else {
            document.meta.insert(key, value);
        }
    }
}

fn take_versions(
    db: &Connection,
    shelf: &Shelf,
    names: &[String],
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Result<bool, Fault> {
    let mut again = false;
    for name in names {
        let known: Option<bool> = db
            .prepare_cached("SELECT versions FROM file WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        // A name that leads out of the folder names no article file.
        let files = folder::article_files(&shelf.folder)?;
        match (known, files.iter().find(|found| found.name == *name)) {
            (Some(versions), _) => again |= !versions,
            (None, Some(found)) => drop(intake::take_file(db, &shelf.folder, found, true, &Job::default(), problems)?),
            (None, None) => {
                let sentence = format!("{name} has new versions and is not here (yet)");
                problems.push(Problem::note(place.clone(), sentence));
            }
        }
    }
    Ok(again)
}
