//! What the database's errors mean to a person, and which of them end the use of a connection.

use rusqlite::{Error, ErrorCode};

use crate::edit::record::RecordError;
use crate::store::StoreError;

/// What failed, where it was the database and not a file beside it.
const DATABASE: &str = "The project's database";

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let why = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { what: "the change".to_owned() },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { why },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::damaged(format!("work.db: {why}")),
            Some(ErrorCode::OperationInterrupted) => Self::Cancelled,
            _ => Self::Io { what: DATABASE.to_owned(), why },
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::damaged(format!("A record of work.db cannot be read ({error})"))
    }
}

impl From<RecordError> for StoreError {
    fn from(error: RecordError) -> Self {
        Self::damaged(format!("In work.db, {error}"))
    }
}

impl StoreError {
    /// Something in `.store/` is damaged.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        let fix = "Run `spanwright check`; restore the newest backup with `spanwright restore`, or delete .store/: it is rebuilt from layers/";
        Self::Damaged { what: what.into(), fix: fix.to_owned() }
    }
}

/// After some failures nothing more is written through the same connection: what the system reported as failed may or may not be on disk,
/// and asking again would get the answer that all is well.
pub(super) fn end_writing(read_only: &mut Option<String>, error: &StoreError) {
    let ends = match error {
        StoreError::Io { what, .. } => what == DATABASE,
        StoreError::Damaged { .. } => true,
        _ => false,
    };
    if ends {
        let advice = "what was saved before is on disk; open the project again to go on";
        read_only.get_or_insert_with(|| format!("after a failure nothing more is written ({error}); {advice}"));
    }
}
