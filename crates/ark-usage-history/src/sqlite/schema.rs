//! The tables and views as a list of steps: a file of version N has had the first N of them.

use rusqlite::{Connection, Transaction};

use crate::StoreError;

/// The application id of a history: `ARKU`.
pub const APPLICATION_ID: u32 = 0x4152_4b55;

/// The steps from an empty file to the newest version.
const STEPS: [&str; 3] =
    [include_str!("tables.sql"), include_str!("views.sql"), include_str!("deliveries.sql")];

/// The newest version of the tables.
pub const VERSION: u32 = 3;

const _: () = assert!(STEPS.len() == VERSION as usize);

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// Nothing has been written to it.
    Empty,
    /// A history of a version.
    History(u32),
}

/// Finds out what a file is.
pub(super) fn kind(connection: &Connection) -> Result<FileKind, StoreError> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let id = number("application_id")?;
    let version = number("user_version")?;
    if id == i64::from(APPLICATION_ID) {
        let found = u32::try_from(version).unwrap_or(u32::MAX);
        return if found > VERSION {
            Err(StoreError::Newer { found, known: VERSION })
        } else {
            Ok(FileKind::History(found))
        };
    }
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if id == 0 && version == 0 && tables == 0 {
        Ok(FileKind::Empty)
    } else {
        Err(StoreError::Foreign)
    }
}

/// Takes the steps from a version to the newest.
pub(super) fn upgrade(transaction: &Transaction<'_>, from: u32) -> rusqlite::Result<()> {
    for (version, step) in (1_u32..).zip(STEPS) {
        if version > from {
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", version)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)
}

#[cfg(test)]
pub(super) fn first_version(connection: &Connection) {
    connection.execute_batch(STEPS[0]).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
}
