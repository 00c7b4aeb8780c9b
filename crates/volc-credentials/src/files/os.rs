//! The real files: the only place of the crate that touches a file system.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use super::Files;

/// Files through `std::fs`.
///
/// A file of more than a mebibyte is refused: none of the tools write such a thing.
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

impl Files for OsFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        File::open(path)?.take(LIMIT + 1).read_to_end(&mut content)?;
        match u64::try_from(content.len()) {
            Ok(length) if length <= LIMIT => Ok(content),
            _ => Err(io::ErrorKind::FileTooLarge.into()),
        }
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
