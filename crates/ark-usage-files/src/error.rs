//! The reasons that a file is not opened for writing.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// The reason that a file is not opened for writing. Nothing was changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The folder that the file would lie in does not exist.
    #[error("the folder {} does not exist", .0.display())]
    NoFolder(PathBuf),
    /// The path that should be a folder is a file.
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The path names a folder, or nothing.
    #[error("the path names a folder, not a file")]
    NotAFile,
    /// The system refuses: no permission, a read-only file or file system, a full disk.
    #[error(transparent)]
    System(#[from] io::Error),
}
