//! The target of a path: what stands there, found as a shell's `>` finds it.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use crate::descriptor::{self, Descriptor};
use crate::error::OpenError;

/// The most links that are followed, as on Linux.
const MAX_LINKS: usize = 40;

/// The target that an output path leads to.
#[derive(Debug)]
pub(crate) enum Target {
    /// A device, a FIFO, a socket or an open descriptor.
    Stream(File),
    /// A file that does not exist, in a folder that does.
    New(PathBuf),
    /// A file, open for writing and unchanged.
    Old { path: PathBuf, file: File, meta: Metadata },
}

/// Returns true when a path is standard output by another name, such as `/dev/stdout`.
pub fn is_stdout(path: &Path) -> bool {
    // A link that the system refuses to follow is not followed here either.
    path.metadata().is_ok() && follow(path).is_ok_and(|path| is_descriptor_1(&path))
}

/// Finds the target of a path. The system itself opens what exists, so that permissions, read-only
/// file systems and protected links count.
pub(crate) fn find(path: &Path) -> Result<Target, OpenError> {
    match fs::metadata(path) {
        Ok(_) => existing(path),
        Err(error) if error.kind() == ErrorKind::NotFound => new(follow(path)?).map(Target::New),
        Err(error) => Err(not_opened(path, error)),
    }
}

/// Finds the target of a path whose own entry is replaced, whatever that is: no link is followed, and
/// nothing but a file is opened.
pub(crate) fn find_entry(path: &Path) -> Result<Target, OpenError> {
    let entry = || new(path.to_owned()).map(Target::New);
    match fs::symlink_metadata(path) {
        // One that may not be written can be replaced nevertheless.
        Ok(meta) if meta.is_file() => existing(path).or_else(|_| entry()),
        _ => entry(),
    }
}

fn existing(path: &Path) -> Result<Target, OpenError> {
    let last = follow(path)?;
    #[cfg(unix)]
    if let Some(open) = descriptor::named_by(&last) {
        return Ok(Target::Stream(open.open(&last)?));
    }
    // `create` makes the system apply its rules for files of others in shared folders.
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
    let file = file.map_err(|error| not_opened(path, error))?;
    let meta = file.metadata()?;
    Ok(if meta.is_file() { Target::Old { path: last, file, meta } } else { Target::Stream(file) })
}

/// Checks the name and the folder of a file that does not exist.
fn new(path: PathBuf) -> Result<PathBuf, OpenError> {
    #[cfg(unix)]
    if descriptor::named_by(&path).is_some() {
        return Err(OpenError::System(rustix::io::Errno::BADF.into()));
    }
    let bytes = path.as_os_str().as_encoded_bytes();
    if path.file_name().is_none() || bytes.ends_with(b"/") || bytes.ends_with(b"/.") {
        return Err(OpenError::NotAFile);
    }
    let folder = folder_of(&path);
    match fs::metadata(folder) {
        Ok(meta) if meta.is_dir() => Ok(path),
        Ok(_) => Err(OpenError::NotAFolder(folder.to_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err(OpenError::NoFolder(folder.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

fn not_opened(path: &Path, error: io::Error) -> OpenError {
    match error.kind() {
        ErrorKind::IsADirectory => OpenError::NotAFile,
        ErrorKind::NotADirectory => OpenError::NotAFolder(folder_of(path).to_owned()),
        _ => OpenError::System(error),
    }
}

/// Follows the links at the end of a path; the file itself need not exist.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        #[cfg(unix)]
        if descriptor::named_by(&path).is_some() {
            return Ok(path);
        }
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or_else(|| Path::new("")).join(target),
            // Not a link, or nothing.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}

/// Returns the folder of a file.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
fn is_descriptor_1(path: &Path) -> bool {
    descriptor::named_by(path).is_some_and(Descriptor::is_stdout)
}

#[cfg(not(unix))]
fn is_descriptor_1(_path: &Path) -> bool {
    false
}
