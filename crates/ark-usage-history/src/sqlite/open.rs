//! Opening: what a file is, making it, and migrating it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::SqliteStore;
use super::schema::{FileKind, VERSION, kind, renew_views, upgrade};
use super::upkeep::copy_to;
use crate::StoreError;

/// The time to wait for a transaction of another process.
const PATIENCE: Duration = Duration::from_secs(10);

/// Larger pages hold the same points in fewer bytes.
const PAGE_SIZE: u32 = 8_192;

pub(super) fn for_writing(path: &Path) -> Result<SqliteStore, StoreError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| of_files(&error))?;
    }
    refuse_folder(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection =
        Connection::open_with_flags(path, flags).map_err(|error| cannot_open(path, error))?;
    connection.busy_timeout(PATIENCE)?;
    let found = kind(&connection)?;
    if connection.is_readonly("main")? {
        return Err(StoreError::ReadOnly);
    }
    if found == FileKind::Empty {
        connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    }
    prepare(&connection)?;
    let migrated_from = match found {
        FileKind::History(VERSION) | FileKind::Empty => None,
        FileKind::History(version) => Some(keep_copy(&connection, path, version)?),
    };
    if found != FileKind::History(VERSION) {
        migrate(&mut connection)?;
    }
    renew_views(&mut connection)?;
    Ok(SqliteStore { connection, path: path.to_owned(), migrated_from })
}

/// Writes survive the end of a process; the end of the power may cost the last transactions and
/// damages nothing.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "normal")?;
    // Checked by `check`; here it would cost a look-up for every point.
    connection.pragma_update(None, "foreign_keys", false)
}

/// Brings the tables to the newest version, unless another process has done so meanwhile.
fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = match kind(&transaction)? {
        FileKind::Empty => 0,
        FileKind::History(version) => version,
    };
    upgrade(&transaction, from)?;
    Ok(transaction.commit()?)
}

/// Keeps a copy of a file of an older version, under a name that is free.
fn keep_copy(connection: &Connection, path: &Path, version: u32) -> Result<PathBuf, StoreError> {
    let name = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".version-{version}"));
        if number > 1 {
            name.push(format!("-{number}"));
        }
        PathBuf::from(name)
    };
    let free = (1..1_000).map(name).find(|copy| !copy.exists());
    let copy =
        free.ok_or_else(|| StoreError::Io("too many copies of older versions".to_owned()))?;
    copy_to(connection, &copy)?;
    Ok(copy)
}

pub(super) fn for_reading(path: &Path) -> Result<SqliteStore, StoreError> {
    refuse_folder(path)?;
    if !path.exists() {
        return Err(StoreError::NotFound);
    }
    let connection = match read_connection(path, "") {
        // In a folder that cannot be written to, SQLite can make no file for its locks. Where no
        // process is writing there is no need for any.
        Err(StoreError::ReadOnly | StoreError::Io(_)) if !has_log(path) => {
            read_connection(path, "?immutable=1")?
        }
        opened => opened?,
    };
    match kind(&connection)? {
        FileKind::History(VERSION) => {
            Ok(SqliteStore { connection, path: path.to_owned(), migrated_from: None })
        }
        FileKind::History(found) => Err(StoreError::Older { found, known: VERSION }),
        FileKind::Empty => Err(StoreError::NotFound),
    }
}

fn read_connection(path: &Path, options: &str) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = if options.is_empty() {
        Connection::open_with_flags(path, flags)
    } else {
        let uri = format!("{}{options}", file_uri(path)?);
        Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)
    };
    let connection = opened.map_err(|error| cannot_open(path, error))?;
    connection.busy_timeout(PATIENCE)?;
    // Reads the first page.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    Ok(connection)
}

/// The path as a URI of SQLite.
fn file_uri(path: &Path) -> Result<String, StoreError> {
    let path = path.to_str().ok_or_else(|| StoreError::Io("the path is not UTF-8".to_owned()))?;
    let mut uri = "file:".to_owned();
    for letter in path.chars() {
        match letter {
            '%' => uri.push_str("%25"),
            '?' => uri.push_str("%3f"),
            '#' => uri.push_str("%23"),
            other => uri.push(other),
        }
    }
    Ok(uri)
}

/// True when transactions lie beside the file that are not in it yet.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

fn refuse_folder(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() { Err(StoreError::Io("it is a folder".to_owned())) } else { Ok(()) }
}

/// SQLite says no more than that a file cannot be opened; the system says why.
fn cannot_open(path: &Path, error: rusqlite::Error) -> StoreError {
    match std::fs::OpenOptions::new().read(true).append(true).open(path) {
        Err(system) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::CannotOpen) => {
            of_files(&system)
        }
        _ => error.into(),
    }
}

pub(super) fn of_files(error: &io::Error) -> StoreError {
    match error.kind() {
        io::ErrorKind::NotFound => StoreError::NotFound,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        _ => StoreError::Io(error.to_string()),
    }
}
