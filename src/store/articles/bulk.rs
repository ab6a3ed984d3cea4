//! [`Bulk`]: taking in many documents at once. What serves the lists is made at the end, sorted, instead of row by row.

use rusqlite::Connection;

use super::fault::Fault;

/// From so many new documents on it pays to make indexes anew.
const MANY: u64 = 20_000;

/// What finds a document by its id, and what counts it. Only a first import does without them until its end.
const IDS: &str = "
    CREATE UNIQUE INDEX IF NOT EXISTS doc_id ON doc(id, hidden);
    CREATE TRIGGER IF NOT EXISTS doc_added AFTER INSERT ON doc BEGIN
        INSERT INTO tally VALUES(new.source, new.hidden, 1) ON CONFLICT DO UPDATE SET documents = documents + 1;
    END;
";

/// The orders of a list other than by id. A large import does without them until its end.
const ORDERS: [(&str, &str); 4] = [
    ("doc_title", "CREATE INDEX IF NOT EXISTS doc_title ON doc(title, id, hidden)"),
    ("doc_source", "CREATE INDEX IF NOT EXISTS doc_source ON doc(source, id, hidden)"),
    ("doc_date", "CREATE INDEX IF NOT EXISTS doc_date ON doc(date, id, hidden)"),
    ("doc_length", "CREATE INDEX IF NOT EXISTS doc_length ON doc(length, id, hidden)"),
];

/// How the rows of new documents are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bulk {
    /// There are few new ones, against those that are there.
    No,
    Orders,
    /// Nothing is there, and no id comes twice.
    First,
}

impl Bulk {
    /// For about so many new documents.
    pub(super) fn of(db: &Connection, new: u64, unique: bool) -> Result<Self, Fault> {
        let there: i64 = db.query_row("SELECT coalesce(sum(documents), 0) FROM tally", [], |row| row.get(0))?;
        Ok(match there as u64 {
            _ if new < MANY => Self::No,
            0 if unique => Self::First,
            there if new < there / 4 => Self::No,
            _ => Self::Orders,
        })
    }

    pub(super) fn begin(self, db: &Connection) -> Result<(), Fault> {
        if self != Self::No {
            for (name, _) in ORDERS {
                db.execute_batch(&format!("DROP INDEX IF EXISTS {name}"))?;
            }
        }
        if self == Self::First {
            db.execute_batch("DROP INDEX doc_id; DROP TRIGGER doc_added")?;
        }
        Ok(())
    }

    pub(super) fn end(self, db: &Connection) -> Result<(), Fault> {
        if self == Self::First {
            db.execute_batch(IDS)?;
        }
        for (_, make) in ORDERS {
            db.execute_batch(make)?;
        }
        if self == Self::First {
            db.execute_batch("INSERT INTO tally SELECT source, hidden, count(*) FROM doc GROUP BY source, hidden")?;
        }
        Ok(())
    }
}
