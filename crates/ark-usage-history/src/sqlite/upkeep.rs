//! Checking, copying and measuring a file.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::SqliteStore;
use super::open::of_files;
use crate::StoreError;

impl SqliteStore {
    /// Checks all of the file and returns what is wrong, nothing for a sound one. Reads every page.
    ///
    /// # Errors
    ///
    /// [`StoreError`], when it cannot be read at all.
    pub fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        let mut statement = self.connection.prepare("PRAGMA integrity_check(100)")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                found.push(line);
            }
        }
        let mut statement = self.connection.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (table, other): (String, String) = (row.get(0)?, row.get(2)?);
            found.push(format!("a row of {table} belongs to no row of {other}"));
            if found.len() >= 100 {
                break;
            }
        }
        Ok(found)
    }

    /// Copies the history, as it is now, while another process may write to it. A file of that name
    /// is replaced when the copy is complete.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; the other file is as it was.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        copy_to(&self.connection, to)
    }

    /// Returns a number that is another one once any other process, or another store in this one, has changed
    /// the history.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn data_version(&self) -> Result<i64, StoreError> {
        Ok(self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// The size of the history in bytes, with what is free inside.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn size(&self) -> Result<u64, StoreError> {
        let number =
            |pragma| self.connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let bytes = number("page_count")?.saturating_mul(number("page_size")?);
        Ok(u64::try_from(bytes).unwrap_or(0))
    }

    /// Gives space that is free inside the file back to the system, such as after
    /// [`forget`](crate::Store::forget). Needs as much again while it works.
    ///
    /// # Errors
    ///
    /// [`StoreError`]; nothing was changed.
    pub fn compact(&mut self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("VACUUM")?)
    }
}

/// Writes a copy beside its place and puts it there when it is complete.
pub(super) fn copy_to(connection: &Connection, to: &Path) -> Result<(), StoreError> {
    let mut part = to.as_os_str().to_owned();
    part.push(format!(".part-{}", std::process::id()));
    let part = PathBuf::from(part);
    let copied = copy_and_rename(connection, &part, to);
    if copied.is_err() {
        // An incomplete copy is useless; failing to remove it must not hide the first error.
        let _ = std::fs::remove_file(&part);
    }
    copied
}

fn copy_and_rename(connection: &Connection, part: &Path, to: &Path) -> Result<(), StoreError> {
    // Of a process of the same number that was killed. SQLite writes to no file that is not empty.
    if part.exists() {
        std::fs::remove_file(part).map_err(|error| of_files(&error))?;
    }
    let name = part.to_str().ok_or_else(|| StoreError::Io("the path is not UTF-8".to_owned()))?;
    connection.execute("VACUUM INTO ?1", [name])?;
    let file = std::fs::File::open(part).map_err(|error| of_files(&error))?;
    file.sync_all().map_err(|error| of_files(&error))?;
    std::fs::rename(part, to).map_err(|error| of_files(&error))
}
