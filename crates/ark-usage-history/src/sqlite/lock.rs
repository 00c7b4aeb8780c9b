//! The lock that one sync of a file holds.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::open::of_files;
use crate::StoreError;

/// The right to sync a file; another process that wants it waits or gives up. The system frees it
/// when the process ends, however it ends. Readers need none, and single transactions neither.
#[derive(Debug)]
pub struct SyncLock {
    /// `FILE.lock`, locked as long as it is open.
    _file: File,
}

impl SyncLock {
    /// Takes the lock of a history.
    ///
    /// # Errors
    ///
    /// [`StoreError::Busy`] when another process has it, or the lock's file cannot be made.
    pub fn try_new(path: &Path) -> Result<Self, StoreError> {
        let file = lock_file(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Busy),
            Err(TryLockError::Error(error)) => Err(of_files(&error)),
        }
    }

    /// Takes the lock of a history, and waits for it where another process has it.
    ///
    /// # Errors
    ///
    /// When the lock's file cannot be made or locked.
    pub fn wait(path: &Path) -> Result<Self, StoreError> {
        let file = lock_file(path)?;
        file.lock().map_err(|error| of_files(&error))?;
        Ok(Self { _file: file })
    }
}

/// Not the history itself: closing another descriptor of it would drop SQLite's own locks.
fn lock_file(path: &Path) -> Result<File, StoreError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| of_files(&error))?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let mut options = OpenOptions::new();
    options.create(true).write(true).truncate(false);
    options.open(PathBuf::from(name)).map_err(|error| of_files(&error))
}
