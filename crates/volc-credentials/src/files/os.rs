//! The real files: the only place of the crate that touches a file system.

use std::io;
use std::path::Path;
use std::time::Duration;

use super::{FileProblem, Files, read_bounded};

/// Files through `std::fs`.
///
/// A file of more than a mebibyte is refused: none of the tools write such a thing. So are devices, and
/// pipes that nobody writes to or that do not end.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct OsFiles;

impl OsFiles {
    /// The file system of this machine.
    pub fn new() -> Self {
        Self
    }
}

/// More than any of the files can sensibly hold.
const LIMIT: u64 = 1 << 20;
/// The time a pipe in the place of a file has to end: a prompt may wait for the keys.
const PATIENCE: Duration = Duration::from_secs(5);

impl Files for OsFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        read_bounded(path, LIMIT, PATIENCE).map_err(|problem| match problem {
            FileProblem::System(error) => error,
            FileProblem::TooLarge(_) => io::ErrorKind::FileTooLarge.into(),
            FileProblem::NotAFile if path.is_dir() => io::ErrorKind::IsADirectory.into(),
            FileProblem::NotAFile => io::ErrorKind::Unsupported.into(),
            FileProblem::NoWriter | FileProblem::Endless(_) => io::ErrorKind::TimedOut.into(),
        })
    }

    #[cfg(unix)]
    fn mode(&self, path: &Path) -> Option<u32> {
        use std::os::unix::fs::PermissionsExt as _;

        Some(std::fs::metadata(path).ok()?.permissions().mode() & 0o7777)
    }

    #[cfg(not(unix))]
    fn mode(&self, _path: &Path) -> Option<u32> {
        None
    }
}
