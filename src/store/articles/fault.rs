//! Failures inside this folder, and how they are told to the rest of the program.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::store::StoreError;

/// What stopped us: the database, or something that is already told as it should be.
#[derive(Debug)]
pub(super) enum Fault {
    Sql(rusqlite::Error),
    /// The index contradicts itself or the files; with what shows it.
    Spoiled(String),
    Told(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<rusqlite::types::FromSqlError> for Fault {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        Self::Sql(error.into())
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Told(error)
    }
}

impl Fault {
    /// The index itself is not what a database must be: it has to be built anew.
    pub(super) fn spoiled(&self) -> bool {
        match self {
            Self::Told(_) => false,
            Self::Spoiled(_) => true,
            Self::Sql(error) => match error.sqlite_error_code() {
                Some(code) => matches!(code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase),
                // A value of a wrong type, a missing row that must be there, broken UTF-8.
                None => true,
            },
        }
    }

    pub(super) fn told(self) -> StoreError {
        let spoiled = self.spoiled();
        let damaged = |why: &str| StoreError::Damaged {
            what: format!("The index of the articles is damaged ({why})"),
            fix: "Open the project again: the index is built anew from the articles".to_owned(),
        };
        let error = match self {
            Self::Told(error) => return error,
            Self::Spoiled(why) => return damaged(&why),
            Self::Sql(error) => error,
        };
        match error.sqlite_error_code() {
            _ if spoiled => damaged(&error.to_string()),
            Some(ErrorCode::DiskFull) => StoreError::Full { what: "the change of the articles".to_owned() },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                StoreError::ReadOnly { why: format!("the index of the articles cannot be written ({error})") }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Io {
                what: "The articles are being changed by another window or program".to_owned(),
                why: "nothing was written; try again in a moment".to_owned(),
            },
            _ => StoreError::Io { what: "The index of the articles".to_owned(), why: error.to_string() },
        }
    }
}

/// What the system says about a file.
pub(super) fn io(path: &Path, error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StoreError::Full { what: path.display().to_string() }
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { why: format!("{} may not be written ({error})", path.display()) }
        }
        _ => StoreError::Io { what: path.display().to_string(), why: error.to_string() },
    }
}
