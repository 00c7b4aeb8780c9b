//! The tables and views as a list of steps: a file of version N has had the first N of them. Views hold
//! nothing, so that better ones replace those of any file that is opened for writing.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::StoreError;

/// The application id of a history: `ARKU`.
pub const APPLICATION_ID: u32 = 0x4152_4b55;

/// The steps from an empty file to the newest version.
const STEPS: [&str; 3] = [include_str!("tables.sql"), VIEWS, include_str!("deliveries.sql")];

const VIEWS: &str = include_str!("views.sql");

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

/// Replaces the views where they are not those of this program.
pub(super) fn renew_views(connection: &mut Connection) -> rusqlite::Result<()> {
    if are_current(connection)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if !are_current(&transaction)? {
        for (name, _) in views() {
            transaction.execute_batch(&format!("DROP VIEW IF EXISTS {name}"))?;
        }
        transaction.execute_batch(VIEWS)?;
    }
    transaction.commit()
}

/// Returns true when a file has the views of this program, which it keeps as they were written.
fn are_current(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'view' AND name = ?1 AND sql = ?2";
    let mut known = connection.prepare(sql)?;
    for view in views() {
        if known.query_row(view, |row| row.get::<_, i64>(0))? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the views by name, with the statements that make them.
fn views() -> impl Iterator<Item = (&'static str, &'static str)> {
    VIEWS.split(";\n").filter_map(|text| {
        let (_, after) = text.split_once("CREATE VIEW ")?;
        let start = text.len() - after.len() - "CREATE VIEW ".len();
        Some((after.split_whitespace().next()?, text.get(start..)?))
    })
}

#[cfg(test)]
pub(super) fn first_version(connection: &Connection) {
    connection.execute_batch(STEPS[0]).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
}
