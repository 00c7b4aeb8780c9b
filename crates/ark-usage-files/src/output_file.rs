//! A file that is being written.

use std::fs::{File, Metadata};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use tempfile::SpooledTempFile;

use crate::error::OpenError;
use crate::scratch::Scratch;
use crate::target::{self, Target};

/// The most bytes that are kept in memory before they are written over an old file.
const IN_MEMORY: usize = 32 << 20;

/// The users who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileAccess {
    /// Those of any new file, or fewer where an old file had fewer.
    Usual,
    /// Its owner: a file of the program itself. A link or a device in its place is replaced, not
    /// followed or written.
    Private,
}

/// A file that is being written; [`finish`](Self::finish) completes it. Dropped before, it changes
/// nothing, unless it is a stream.
#[derive(Debug)]
pub struct OutputFile {
    output: Output,
}

#[derive(Debug)]
enum Output {
    Stream(File),
    Replacement {
        scratch: Scratch,
        target: PathBuf,
        /// The file to replace, open for writing.
        old: Option<File>,
    },
    /// A file that cannot be replaced.
    Overwritten {
        written: SpooledTempFile,
        old: File,
    },
}

impl OutputFile {
    /// Opens a path for writing. Waits for the reader of a FIFO.
    ///
    /// # Errors
    ///
    /// [`OpenError`], if the path cannot be written. Nothing was changed then.
    pub fn open(path: &Path, access: FileAccess) -> Result<Self, OpenError> {
        let target = match access {
            FileAccess::Usual => target::find(path)?,
            FileAccess::Private => target::find_entry(path)?,
        };
        let output = match target {
            Target::Stream(file) => Output::Stream(file),
            Target::New(path) => {
                let scratch = Scratch::new(&path, creation_mode(None, access))?;
                Output::Replacement { scratch, target: path, old: None }
            }
            Target::Old { path, file, meta } => replace(path, file, &meta, access)?,
        };
        Ok(Self { output })
    }

    /// Returns true if it is written at once, as a pipe is.
    pub const fn is_stream(&self) -> bool {
        matches!(self.output, Output::Stream(_))
    }

    /// Completes the file: what was written takes the place of what was there.
    ///
    /// # Errors
    ///
    /// The error of the system. An old file is unchanged then, unless it had to be overwritten.
    pub fn finish(self) -> io::Result<()> {
        match self.output {
            Output::Stream(_) => Ok(()),
            Output::Overwritten { written, old } => overwrite(&old, written),
            Output::Replacement { mut scratch, target, old } => {
                scratch.file()?.sync_all()?;
                match (scratch.publish(&target, old.is_some()), old) {
                    // A mounted file, or one of another user in a folder that protects it.
                    (Err(error), Some(old)) if !is_full(&error) => overwrite(&old, scratch.file()?),
                    (published, _) => published,
                }
            }
        }
    }
}

impl Write for OutputFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.output {
            Output::Stream(file) => file.write(bytes),
            Output::Replacement { scratch, .. } => scratch.file()?.write(bytes),
            Output::Overwritten { written, .. } => written.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Prepares the replacement of a file that exists.
fn replace(path: PathBuf, old: File, meta: &Metadata, access: FileAccess) -> io::Result<Output> {
    let scratch = Scratch::new(&path, creation_mode(Some(meta), access));
    match scratch.and_then(|scratch| adopt(scratch, meta)) {
        Ok(scratch) if leads_to(&path, meta) => {
            Ok(Output::Replacement { scratch, target: path, old: Some(old) })
        }
        // With a full disk the old file is better than none.
        Err(error) if is_full(&error) => Err(error),
        _ => Ok(Output::Overwritten { written: SpooledTempFile::new(IN_MEMORY), old }),
    }
}

/// Writes over the content of a file, which keeps its owner and its place.
fn overwrite(mut old: &File, mut written: impl Read + Seek) -> io::Result<()> {
    written.rewind()?;
    #[cfg(unix)]
    crate::attributes::without_special_bits(old);
    old.set_len(0)?;
    io::copy(&mut written, &mut old)?;
    match old.sync_all() {
        // Some file systems know nothing of it.
        Err(error) if error.kind() == ErrorKind::InvalidInput => Ok(()),
        synced => synced,
    }
}

fn is_full(error: &io::Error) -> bool {
    use ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};

    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

#[cfg(unix)]
fn creation_mode(old: Option<&Metadata>, access: FileAccess) -> u32 {
    match access {
        FileAccess::Usual => crate::attributes::creation_mode(old),
        FileAccess::Private => 0o600,
    }
}

#[cfg(unix)]
fn adopt(mut scratch: Scratch, old: &Metadata) -> io::Result<Scratch> {
    crate::attributes::adopt(scratch.file()?, old)?;
    Ok(scratch)
}

/// Returns true if a path still leads to the file that was opened.
#[cfg(unix)]
fn leads_to(path: &Path, meta: &Metadata) -> bool {
    let found = std::fs::symlink_metadata(path);
    found.is_ok_and(|found| crate::attributes::is_same(&found, meta))
}

#[cfg(not(unix))]
fn creation_mode(_old: Option<&Metadata>, _access: FileAccess) -> u32 {
    0
}

#[cfg(not(unix))]
fn adopt(scratch: Scratch, _old: &Metadata) -> io::Result<Scratch> {
    Ok(scratch)
}

#[cfg(not(unix))]
fn leads_to(_path: &Path, _meta: &Metadata) -> bool {
    true
}
