//! The one reader of files that people name: bounded, of files and pipes only, within a time.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// The time a FIFO has to get a writer, which is usually started beside.
const WRITER_TIMEOUT: Duration = Duration::from_secs(2);

/// The reason that a file is not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileProblem {
    /// The system refuses.
    #[error(transparent)]
    System(#[from] io::Error),
    /// It holds more than this many bytes.
    #[error("larger than {} MiB", .0 >> 20)]
    TooLarge(u64),
    /// A device, a folder or a socket.
    #[error("neither a file nor a pipe")]
    NotAFile,
    /// Nothing writes into the FIFO.
    #[error("no program writes into the FIFO")]
    NoWriter,
    /// The pipe did not end in this time.
    #[error("the pipe did not end within {} s", .0.as_secs())]
    Endless(Duration),
}

impl FileProblem {
    /// True when there is no such file.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::System(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

/// Reads a file or a pipe of at most `limit` bytes; a pipe has to end within `patience`. The empty device
/// is an empty file; other devices and folders are refused, because they could go on for ever.
///
/// # Errors
///
/// [`FileProblem`] says why it is not read.
pub fn read_bounded(path: &Path, limit: u64, patience: Duration) -> Result<Vec<u8>, FileProblem> {
    let meta = std::fs::metadata(path)?;
    if is_pipe(&meta) {
        return read_pipe(path.to_owned(), limit, patience);
    }
    if is_null(path) {
        return Ok(Vec::new());
    }
    if !meta.is_file() {
        return Err(FileProblem::NotAFile);
    }
    if meta.len() > limit {
        return Err(FileProblem::TooLarge(limit));
    }
    read_all(File::open(path)?, limit)
}

/// Reads all of a stream, which may hold at most `limit` bytes.
///
/// # Errors
///
/// [`FileProblem::System`] or [`FileProblem::TooLarge`].
pub fn read_all(input: impl Read, limit: u64) -> Result<Vec<u8>, FileProblem> {
    let mut bytes = Vec::new();
    let read = input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if u64::try_from(read).map_or(true, |read| read > limit) {
        return Err(FileProblem::TooLarge(limit));
    }
    Ok(bytes)
}

/// Returns true for a pipe, such as the shell's `<(…)`, or a FIFO: it can be read once only.
pub fn is_a_pipe(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|meta| is_pipe(&meta))
}

/// Opens and reads in a thread of its own, which is left behind if it does not come back.
fn read_pipe(path: PathBuf, limit: u64, patience: Duration) -> Result<Vec<u8>, FileProblem> {
    let (opened_sender, opened) = mpsc::channel();
    let (sender, read) = mpsc::channel();
    let reader = thread::Builder::new().spawn(move || {
        let file = File::open(path);
        // Nobody listens any more once the time is up.
        let _ = opened_sender.send(());
        let _ =
            sender.send(file.map_err(FileProblem::System).and_then(|file| read_all(file, limit)));
    });
    drop(reader?);
    opened.recv_timeout(WRITER_TIMEOUT).map_err(|_| FileProblem::NoWriter)?;
    read.recv_timeout(patience).map_err(|_| FileProblem::Endless(patience))?
}

#[cfg(unix)]
fn is_pipe(meta: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;

    meta.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_meta: &Metadata) -> bool {
    false
}

/// True for the device that people name where a file has to be and nothing is to stand in it.
fn is_null(path: &Path) -> bool {
    path.canonicalize().is_ok_and(|path| path == Path::new("/dev/null"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn streams_that_never_end_are_bounded() {
        assert!(matches!(read_all(io::repeat(b'a'), 1000), Err(FileProblem::TooLarge(1000))));
        assert_eq!(read_all(io::repeat(b'a').take(1000), 1000).unwrap().len(), 1000);
    }

    #[test]
    #[cfg(unix)]
    fn devices_are_refused_but_for_the_empty_one() {
        let read = |path: &str| read_bounded(Path::new(path), 10, SECOND);
        assert!(matches!(read("/dev/zero"), Err(FileProblem::NotAFile)));
        assert!(matches!(read("/"), Err(FileProblem::NotAFile)));
        assert_eq!(read("/dev/null").unwrap(), b"");
        assert!(read("/nowhere").unwrap_err().is_not_found());
        assert!(!is_a_pipe(Path::new("/dev/null")));
    }
}
