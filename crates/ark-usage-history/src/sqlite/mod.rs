//! The store in a SQLite file, which other programs read too.
//!
//! The tables and the views `usage_hour` and `usage_day` are public: `tables.sql` and `views.sql` beside
//! this file describe every column. The file has the application id `0x41524b55` (`ARKU`), its version is
//! `user_version`, and it is in WAL mode: readers never wait, and a process that is killed loses nothing
//! but its last transaction.
//!
//! ```
//! use ark_usage_history::sqlite::{SqliteStore, SyncLock};
//! use ark_usage_history::{Names, Store};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("history.db");
//! let lock = SyncLock::try_new(&path)?;
//! let mut store = SqliteStore::open(&path)?;
//! store.remember("2100000001", &Names::default())?;
//! drop((store, lock));
//!
//! let store = SqliteStore::open_read_only(&path)?;
//! assert_eq!(store.accounts()?, ["2100000001"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod deliveries;
mod error;
mod export;
mod forget;
mod lock;
mod names;
mod open;
mod read;
mod schema;
mod upkeep;
mod write;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use ark_usage_model::{Interval, Window};
use rusqlite::Connection;

use crate::point::Precedence;
use crate::{
    Delivered, Forgotten, Intake, Line, Names, Revision, Sample, Span, Store, StoreError,
    StoredPoint, Subject, WindowAnswer,
};

pub use lock::SyncLock;
pub use schema::{APPLICATION_ID, VERSION};

/// A store in a SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    connection: Connection,
    path: PathBuf,
    migrated_from: Option<PathBuf>,
}

impl SqliteStore {
    /// Opens a file for reading and writing. Makes it, and its folder, where there is none; migrates
    /// an older version, of which a [copy](Self::migrated_from) is kept.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: the file is another program's, of a newer version, damaged, or not writable.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        open::for_writing(path)
    }

    /// Opens a file for reading, also in a folder that cannot be written to.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: there is none, or it is another program's, of another version, or damaged.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        open::for_reading(path)
    }

    /// The copy of the older version that opening has migrated.
    pub fn migrated_from(&self) -> Option<&Path> {
        self.migrated_from.as_deref()
    }

    /// The path it was opened by.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Store for SqliteStore {
    fn apply(&mut self, answer: &WindowAnswer) -> Result<Intake, StoreError> {
        Ok(write::apply(&mut self.connection, answer, Precedence::ByTime)?)
    }

    fn apply_latest(&mut self, answer: &WindowAnswer) -> Result<Intake, StoreError> {
        Ok(write::apply(&mut self.connection, answer, Precedence::Latest)?)
    }

    fn remember(&mut self, account_id: &str, names: &Names) -> Result<(), StoreError> {
        Ok(names::remember(&mut self.connection, account_id, names)?)
    }

    fn accounts(&self) -> Result<Vec<String>, StoreError> {
        Ok(names::accounts(&self.connection)?)
    }

    fn names(&self, account_id: &str) -> Result<Names, StoreError> {
        Ok(names::names(&self.connection, account_id)?)
    }

    fn subjects(&self, account_id: &str) -> Result<Vec<(Subject, Interval)>, StoreError> {
        Ok(read::subjects(&self.connection, account_id)?)
    }

    fn spans(&self, subject: &Subject, window: Window) -> Result<Vec<Span>, StoreError> {
        Ok(read::spans(&self.connection, subject, window)?)
    }

    fn points(
        &self,
        subject: &Subject,
        window: Window,
        wanted: &dyn Fn(&Line) -> bool,
        each: &mut dyn FnMut(&Line, &[StoredPoint]),
    ) -> Result<(), StoreError> {
        Ok(read::points(&self.connection, subject, window, wanted, each)?)
    }

    fn revisions(
        &self,
        start: i64,
        end: i64,
        each: &mut dyn FnMut(&Revision),
    ) -> Result<(), StoreError> {
        Ok(read::revisions(&self.connection, start, end, each)?)
    }

    fn delivered(
        &self,
        receiver: &str,
        each: &mut dyn FnMut(&str, &[Delivered]),
    ) -> Result<(), StoreError> {
        Ok(deliveries::delivered(&self.connection, receiver, each)?)
    }

    fn begin_delivery(&mut self, receiver: &str, samples: &[Sample]) -> Result<(), StoreError> {
        Ok(deliveries::begin(&mut self.connection, receiver, samples)?)
    }

    fn complete_delivery(&mut self, receiver: &str, samples: &[Sample]) -> Result<(), StoreError> {
        Ok(deliveries::complete(&mut self.connection, receiver, samples)?)
    }

    fn forget(&mut self, before: i64) -> Result<Forgotten, StoreError> {
        Ok(forget::forget(&mut self.connection, before)?)
    }
}
