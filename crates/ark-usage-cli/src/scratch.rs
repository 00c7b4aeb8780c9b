//! The scratch file that is being written, to be removed when the program ends in its middle.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

static SCRATCH: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Remembers the scratch file, or that there is none; returns the one before.
pub(crate) fn remember(path: Option<&Path>) -> Option<PathBuf> {
    let mut scratch = SCRATCH.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *scratch, path.map(Path::to_owned))
}

/// Removes the scratch file, for an end of the program that drops nothing.
pub(crate) fn discard() {
    // It may be in its place already.
    let _ = remember(None).map(std::fs::remove_file);
}
