//! Lists: pages by key, whole listings as numbers, rows, counts. Statuses come from `work.db`, attached for reading.

use std::path::Path;

use rusqlite::types::Value as Sql;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params, params_from_iter};

use super::asked::{Asked, Words, annotator, column, order};
use super::fault::Fault;
use super::{Articles, index};
use crate::annotation::Status;
use crate::store::{Counts, Job, Query, Row, RowKey, Sort, StoreError};
use crate::text::DocumentId;

/// What the names `layer` and `layer_label` mean on the connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Layers {
    #[default]
    Nothing,
    /// Empty tables, because there is no `work.db` yet.
    Empty,
    There,
}

/// What stands in for the tables of `work.db` that lists read, as long as there are none.
const EMPTY: &str = "
    CREATE TEMP TABLE layer(doc TEXT, annotator TEXT, status TEXT, flag TEXT, spans INTEGER, PRIMARY KEY(doc, annotator)) WITHOUT ROWID;
    CREATE TEMP TABLE layer_label(annotator TEXT, label TEXT, doc TEXT, n INTEGER, PRIMARY KEY(annotator, label, doc)) WITHOUT ROWID;
";

const COLUMNS: &str = "d.id, d.title, d.source, d.date, d.length, d.hidden, l.status, l.flag, l.spans";

impl Articles {
    /// The next `limit` documents after the key, in the order asked for.
    pub fn list(&self, query: &Query, after: Option<&RowKey>, limit: usize) -> Result<Vec<Row>, StoreError> {
        self.said(self.page_of(query, after, limit))
    }

    fn page_of(&self, query: &Query, after: Option<&RowKey>, limit: usize) -> Result<Vec<Row>, Fault> {
        self.attach()?;
        // Most documents are untouched as long as paging by key matters: they are met on the way.
        let untouched = query.status == Some(Status::Untouched) && query.annotator.is_some();
        let others = Query { status: query.status.filter(|_| !untouched), ..query.clone() };
        let mut asked = Asked::new(&others);
        if untouched {
            // A layer may hold something and still have no status: a change done again after its layer went to another name.
            asked.and("(l.doc IS NULL OR l.status = ?)", &[Status::Untouched.as_str()]);
        }
        asked.values.insert(0, annotator(query));
        if let Some(key) = after {
            let beyond = if query.descending { '<' } else { '>' };
            match column(query.sort) {
                None => asked.and(&format!("d.id {beyond} ?"), &[]),
                Some(column) => {
                    asked.and(&format!("({column}, d.id) {beyond} (?, ?)"), &[]);
                    asked.values.push(match query.sort {
                        Sort::Length => Sql::Integer(key.value.parse().unwrap_or_default()),
                        _ => Sql::Text(key.value.clone()),
                    });
                }
            }
            asked.values.push(Sql::Text(key.id.0.clone()));
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM doc d LEFT JOIN layer l ON l.doc = d.id AND l.annotator = ? WHERE {} ORDER BY {}",
            asked.sql,
            order(query)
        );
        let words = Words::new(query);
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query(params_from_iter(asked.values))?;
        let mut page = Vec::new();
        while page.len() < limit
            && let Some(row) = rows.next()?
        {
            if words.occur(row.get_ref(1)?.as_str()?, row.get_ref(0)?.as_str()?, row.get_ref(2)?.as_str()?) {
                page.push(read(row)?);
            }
        }
        Ok(page)
    }

    /// Every document that matches, in order, as numbers for [`rows`](Self::rows). Stops early, with what it has, when cancelled.
    pub fn listing(&self, query: &Query, job: &Job) -> Result<Vec<u32>, StoreError> {
        self.said(self.numbers(query, job))
    }

    fn numbers(&self, query: &Query, job: &Job) -> Result<Vec<u32>, Fault> {
        self.attach()?;
        let words = Words::new(query);
        let with_words = if words.0.is_empty() { None } else { Some(self.with_words(query, &words, job)?) };
        let asked = Asked::new(query);
        let sql = format!("SELECT d.number FROM doc d WHERE {} ORDER BY {}", asked.sql, order(query));
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query(params_from_iter(asked.values))?;
        let mut numbers = Vec::new();
        let mut seen = 0_u32;
        while let Some(row) = rows.next()? {
            let number: u32 = row.get(0)?;
            if with_words.as_ref().is_none_or(|these| these.get(number as usize) == Some(&true)) {
                numbers.push(number);
            }
            seen += 1;
            if seen.is_multiple_of(1024) && job.is_cancelled() {
                break;
            }
        }
        Ok(numbers)
    }

    /// Which numbers have the words: one pass in the order of storage, which is much quicker than in the order of the list.
    fn with_words(&self, query: &Query, words: &Words, job: &Job) -> Result<Vec<bool>, Fault> {
        let mut these = Vec::new();
        let mut select =
            self.db.prepare_cached("SELECT number, title, id, source FROM doc NOT INDEXED WHERE hidden = ?1")?;
        let mut rows = select.query([query.hidden])?;
        while let Some(row) = rows.next()? {
            if words.occur(row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?, row.get_ref(3)?.as_str()?) {
                let number = row.get::<_, u32>(0)? as usize;
                these.resize(these.len().max(number + 1), false);
                these[number] = true;
                if job.is_cancelled() {
                    break;
                }
            }
        }
        Ok(these)
    }

    /// The rows of some numbers, as `query.annotator` sees them; numbers that mean nothing are left out.
    pub fn rows(&self, numbers: &[u32], query: &Query) -> Result<Vec<Row>, StoreError> {
        self.said(self.numbered(numbers, query))
    }

    fn numbered(&self, numbers: &[u32], query: &Query) -> Result<Vec<Row>, Fault> {
        self.attach()?;
        let sql = format!(
            "SELECT {COLUMNS} FROM doc d LEFT JOIN layer l ON l.doc = d.id AND l.annotator = ?1 WHERE d.number = ?2"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let annotator = annotator(query);
        let mut list = Vec::with_capacity(numbers.len());
        for number in numbers {
            let mut rows = select.query(params![annotator, number])?;
            if let Some(row) = rows.next()? {
                list.push(read(row)?);
            }
        }
        Ok(list)
    }

    /// The number that a [listing](Self::listing) gives a document.
    pub fn number(&self, id: &DocumentId) -> Result<Option<u32>, StoreError> {
        let find = || {
            let mut select = self.db.prepare_cached("SELECT number FROM doc WHERE id = ?1")?;
            Ok(select.query_row([id.as_str()], |row| row.get(0)).optional()?)
        };
        self.said(find())
    }

    /// Documents, hidden ones, sources. From counters; annotators are not known here.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        self.said(self.tallies())
    }

    fn tallies(&self) -> Result<Counts, Fault> {
        let mut counts = Counts::default();
        let mut select = self.db.prepare_cached("SELECT source, hidden, documents FROM tally WHERE documents > 0")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let documents = row.get::<_, i64>(2)? as u64;
            if row.get(1)? {
                counts.hidden += documents;
            } else {
                counts.documents += documents;
                counts.sources.push((row.get(0)?, documents));
            }
        }
        counts.sources.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Ok(counts)
    }

    /// Attaches `work.db` once it is there.
    fn attach(&self) -> Result<(), Fault> {
        let path = self.store.join("work.db");
        if self.layers.get() == Layers::There {
            return Ok(());
        }
        if path.exists() && attach(&self.db, &path)? {
            if self.layers.replace(Layers::There) == Layers::Empty {
                self.db.execute_batch("DROP TABLE temp.layer; DROP TABLE temp.layer_label")?;
            }
        } else if self.layers.get() == Layers::Nothing {
            self.db.execute_batch(EMPTY)?;
            self.layers.set(Layers::Empty);
        }
        Ok(())
    }
}

/// Attaches it for reading; not if it has no layers yet, because it is being made.
fn attach(db: &Connection, path: &Path) -> Result<bool, Fault> {
    let ready = |options: &str| {
        db.execute("ATTACH ?1 AS work", [index::uri(path, options)])?;
        let tables = "SELECT count(*) FROM work.sqlite_schema WHERE name IN ('layer', 'layer_label')";
        let ready = db.query_row(tables, [], |row| row.get::<_, i64>(0)).optional();
        if !matches!(ready, Ok(Some(2))) {
            db.execute_batch("DETACH work")?;
        }
        ready.map(|tables| tables == Some(2))
    };
    // Where nothing can be written beside it, it is read as it is.
    Ok(ready("mode=ro").or_else(|_| ready("mode=ro&immutable=1"))?)
}

fn read(row: &SqlRow<'_>) -> Result<Row, Fault> {
    let status: Option<String> = row.get(6)?;
    Ok(Row {
        id: DocumentId(row.get(0)?),
        title: row.get(1)?,
        source: row.get(2)?,
        date: row.get(3)?,
        length: row.get::<_, i64>(4)? as u64,
        hidden: row.get(5)?,
        status: status.and_then(|word| Status::parse(&word)).unwrap_or_default(),
        flag: row.get(7)?,
        spans: row.get::<_, Option<i64>>(8)?.unwrap_or_default() as u64,
    })
}
