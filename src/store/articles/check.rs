//! Checking everything. The index is made a second time from the files, in a scratch folder, and the two are compared: whatever
//! differs is damage of a file or of the index.

use std::cmp::Ordering;
use std::fs;

use rusqlite::TransactionBehavior;

use super::fault::{Fault, io as told};
use super::{Articles, SPOILED, changes, index, intake};
use crate::store::{Job, StoreError};
use crate::text::{Place, Problem};

/// What of a document must be the same in both indexes.
const SAME: &str = "SELECT id, title, source, date, length, hidden, coalesce(meta, ''), sha256, position, bytes, sum,
    (SELECT name FROM {}.file WHERE number = file) FROM {}.doc ORDER BY id";

/// How many damaged documents are named one by one.
const NAMED: usize = 100;

impl Articles {
    /// Every problem of the articles and their index. Reads all files and needs room for a second index; progress is in bytes. An
    /// index that is found damaged is built anew at the next open.
    pub fn check(&self, job: &Job) -> Result<Vec<Problem>, StoreError> {
        let mut problems = Vec::new();
        let sound = match self.compare(job, &mut problems) {
            Ok(sound) => sound,
            Err(fault) if fault.spoiled() => false,
            Err(fault) => return Err(fault.told()),
        };
        if !sound {
            let place = Place::file(".store/docs.db");
            let problem = Problem::error(place, "the index of the articles is damaged");
            problems.push(problem.fix("Open the project again: it is built anew from the articles"));
            if !self.read_only {
                // If this fails, the next check finds the same again.
                let _ = fs::write(self.store.join(SPOILED), b"");
            }
        }
        Ok(problems)
    }

    /// Whether the index is sound.
    fn compare(&self, job: &Job, problems: &mut Vec<Problem>) -> Result<bool, Fault> {
        let verdict: String = self.db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Ok(false);
        }
        if !intake::is_current(&self.db, &self.shelf.folder, &self.store)? {
            let place = Place::file("articles");
            let problem = Problem::note(place, "files came, went or changed since the project was opened");
            problems.push(problem.fix("Open the project again"));
        }
        let scratch = tempfile::tempdir().map_err(|error| told(&std::env::temp_dir(), &error))?;
        let path = scratch.path().join("docs.db");
        {
            let mut db = index::open(&path)?;
            let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
            intake::catch_up(&tx, &self.shelf, &self.store, false, job, problems)?;
            tx.commit()?;
        }
        self.db.execute("ATTACH ?1 AS fresh", [index::uri(&path, "mode=ro")])?;
        let sound = self.differences(problems);
        self.db.execute_batch("DETACH fresh")?;
        sound
    }

    fn differences(&self, problems: &mut Vec<Problem>) -> Result<bool, Fault> {
        let (lost, extra) = self.merge()?;
        let mut damaged = 0;
        for id in lost.iter().take(NAMED) {
            match self.find(id, None) {
                Ok(_) => {}
                Err(Fault::Told(error)) => {
                    damaged += 1;
                    let place = self.place_of(id)?;
                    problems.retain(|problem| problem.place.file != place.file || problem.place.line != place.line);
                    let (what, fix) = match error {
                        StoreError::Damaged { what, fix } => (what, fix),
                        error => (error.to_string(), String::new()),
                    };
                    // The place is said once.
                    let what = what.strip_prefix(&place.to_string()).map_or(what.as_str(), str::trim_start);
                    problems.push(Problem::error(place, what).fix(fix));
                }
                Err(fault) => return Err(fault),
            }
        }
        let tallies =
            "SELECT count(*) FROM (SELECT source, hidden, documents FROM main.tally WHERE documents > 0 EXCEPT
            SELECT source, hidden, count(*) FROM main.doc GROUP BY source, hidden)";
        let tallies: i64 = self.db.query_row(tallies, [], |row| row.get(0))?;
        if lost.len() > NAMED {
            let sentence = format!("{} more documents are damaged or have moved", lost.len() - NAMED);
            problems.push(Problem::error(Place::file("articles"), sentence));
        }
        // A damaged line may make another version the newest; only what no damage explains is the index's own fault.
        Ok(lost.len().min(NAMED) == damaged && (extra == 0 || damaged > 0) && tallies == 0)
    }

    /// The documents that the second index has not, or has otherwise; and how many it has that the first has not.
    fn merge(&self) -> Result<(Vec<String>, u64), Fault> {
        let [main, fresh] = ["main", "fresh"].map(|name| SAME.replace("{}", name));
        let (mut main, mut fresh) = (self.db.prepare(&main)?, self.db.prepare(&fresh)?);
        let columns = main.column_count();
        let (mut main, mut fresh) = (main.query([])?, fresh.query([])?);
        let (mut lost, mut extra) = (Vec::new(), 0);
        let (mut ours, mut theirs) = (main.next()?, fresh.next()?);
        loop {
            let order = match (ours, theirs) {
                (None, None) => return Ok((lost, extra)),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(ours), Some(theirs)) => ours.get_ref(0)?.as_bytes()?.cmp(theirs.get_ref(0)?.as_bytes()?),
            };
            let mut same = order == Ordering::Equal;
            if let (Some(ours), Some(theirs), true) = (ours, theirs, same) {
                for column in 0..columns {
                    same &= ours.get_ref(column)? == theirs.get_ref(column)?;
                }
            }
            if let (Some(ours), false) = (ours, same || order == Ordering::Greater) {
                lost.push(ours.get(0)?);
            }
            extra += u64::from(order == Ordering::Greater);
            // Only one of the two moves unless both were at the same id.
            if order != Ordering::Greater {
                ours = main.next()?;
            }
            if order != Ordering::Less {
                theirs = fresh.next()?;
            }
        }
    }

    /// File and line of a document's newest text.
    fn place_of(&self, id: &str) -> Result<Place, Fault> {
        let spot = self
            .db
            .prepare_cached("SELECT file, position, bytes, sum FROM doc WHERE id = ?1")?
            .query_row([id], |row| changes::spot(row, 0))?;
        Ok(self.shelf.place(&self.db, spot)?.in_document(id))
    }
}
