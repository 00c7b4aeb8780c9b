//! SQLite's errors as those of a store.

use rusqlite::ErrorCode;

use crate::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            // Without a code: a value of another type, or a text that cannot be read.
            Some(ErrorCode::DatabaseCorrupt) | None => Self::Damaged(text),
            Some(_) => Self::Io(text),
        }
    }
}

/// A stored text that cannot be read.
pub(super) fn unreadable(what: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        0,
        rusqlite::types::Type::Text,
        format!("{what} cannot be read").into(),
    )
}
