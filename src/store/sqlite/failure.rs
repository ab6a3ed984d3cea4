//! What SQLite's errors mean to a person, and which of them end the use of a connection.

use rusqlite::{Error, ErrorCode};

use crate::edit::record::RecordError;
use crate::store::StoreError;

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let why = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { what: "the change".to_owned() },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { why },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::damaged(format!("work.db: {why}")),
            Some(ErrorCode::OperationInterrupted) => Self::Cancelled,
            _ => Self::Io { what: "The project's database".to_owned(), why },
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

    /// After this, nothing more is written through the same connection: what the system reported as failed may or may not be on disk.
    pub(crate) fn ends_writing(&self) -> bool {
        matches!(self, Self::Io { .. } | Self::Damaged { .. })
    }
}
