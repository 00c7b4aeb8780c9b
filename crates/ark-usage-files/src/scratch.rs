//! Files that are not complete: without a name where the system knows such files, else beside the target
//! and remembered, so that an end of the process in the middle can remove them.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use crate::target::folder_of;

const PREFIX: &str = ".ark-usage-";

static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A poisoned lock is as good: no change is left half done.
fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes the files that are not complete, for an end of the process that drops nothing: by a
/// signal or a panic. From then on no file is begun or completed.
pub fn discard_unfinished() {
    let mut paths = unfinished();
    for path in std::mem::take(&mut *paths) {
        // It may be in its place already.
        let _ = std::fs::remove_file(path);
    }
    // A thread that begins or completes a file now waits until the process has ended.
    std::mem::forget(paths);
}

/// A file that is not complete.
#[derive(Debug)]
pub(crate) enum Scratch {
    /// No name leads to it.
    #[cfg(target_os = "linux")]
    Nameless(File),
    /// A file beside the target.
    Beside(Beside<File>),
}

/// A file with a name of its own, remembered for [`discard_unfinished`].
#[derive(Debug)]
pub(crate) struct Beside<F> {
    /// `None` once it has its place.
    file: Option<NamedTempFile<F>>,
    path: PathBuf,
}

impl Scratch {
    /// Creates a file for the folder of `target`.
    pub(crate) fn new(target: &Path, mode: u32) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if let Ok(file) = nameless(folder_of(target), mode) {
            return Ok(Self::Nameless(file));
        }
        Beside::new(target, |path| create(path, mode)).map(Self::Beside)
    }

    pub(crate) fn file(&mut self) -> io::Result<&mut File> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Nameless(file) => Ok(file),
            Self::Beside(beside) => beside.file(),
        }
    }

    /// Puts the file in its place; there may be an old one if `replaces`.
    #[cfg_attr(not(target_os = "linux"), expect(unused_variables, reason = "a rename replaces"))]
    pub(crate) fn publish(&mut self, target: &Path, replaces: bool) -> io::Result<()> {
        match self {
            #[cfg(target_os = "linux")]
            Self::Nameless(file) => {
                if !replaces && link(file, target).is_ok() {
                    return Ok(());
                }
                match Beside::new(target, |path| link(file, path)) {
                    Ok(mut linked) => linked.publish(target),
                    // A file system that knows such files, but gives them no name.
                    Err(_) => copy(file, target)?.publish(target),
                }
            }
            Self::Beside(beside) => beside.publish(target),
        }
    }
}

impl<F> Beside<F> {
    /// Makes a file with a free name. The lock is held until the file is remembered.
    fn new(target: &Path, make: impl FnMut(&Path) -> io::Result<F>) -> io::Result<Self> {
        let mut paths = unfinished();
        let made = tempfile::Builder::new().prefix(PREFIX).make_in(folder_of(target), make);
        let file = made.map_err(|error| without_path(&error))?;
        let path = file.path().to_owned();
        paths.insert(path.clone());
        Ok(Self { file: Some(file), path })
    }

    fn publish(&mut self, target: &Path) -> io::Result<()> {
        let mut paths = unfinished();
        let Some(file) = self.file.take() else { return Ok(()) };
        match file.persist(target) {
            Ok(_) => {
                paths.remove(&self.path);
                Ok(())
            }
            Err(failed) => {
                self.file = Some(failed.file);
                Err(failed.error)
            }
        }
    }
}

impl Beside<File> {
    fn file(&mut self) -> io::Result<&mut File> {
        let file = self.file.as_mut().map(NamedTempFile::as_file_mut);
        file.ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl<F> Drop for Beside<F> {
    fn drop(&mut self) {
        if let Some(file) = self.file.take() {
            let mut paths = unfinished();
            drop(file);
            paths.remove(&self.path);
        }
    }
}

/// Returns the error of the operating system beneath one that names the scratch file, which would only
/// confuse the user.
fn without_path(error: &io::Error) -> io::Error {
    let beneath = error.get_ref().and_then(std::error::Error::source);
    let system = beneath.and_then(|error| error.downcast_ref::<io::Error>());
    match system.unwrap_or(error).raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::from(error.kind()),
    }
}

#[cfg(unix)]
fn create(path: &Path, mode: u32) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    OpenOptions::new().read(true).write(true).create_new(true).mode(mode).open(path)
}

#[cfg(not(unix))]
fn create(path: &Path, _mode: u32) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create_new(true).open(path)
}

/// Creates a file without a name, if it can be given one later.
#[cfg(target_os = "linux")]
fn nameless(folder: &Path, mode: u32) -> io::Result<File> {
    use rustix::fs::{Mode, OFlags, open};

    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = File::from(open(folder, flags, Mode::from_raw_mode(mode))?);
    std::fs::metadata(name_of(&file))?;
    Ok(file)
}

/// Copies a file without a name into one with a name, beside `target`.
#[cfg(target_os = "linux")]
fn copy(file: &mut File, target: &Path) -> io::Result<Beside<File>> {
    use std::io::Seek as _;
    use std::os::unix::fs::MetadataExt as _;

    let meta = file.metadata()?;
    let mut named = Beside::new(target, |path| create(path, meta.mode() & 0o666))?;
    crate::attributes::adopt(named.file()?, &meta)?;
    file.rewind()?;
    io::copy(file, named.file()?)?;
    named.file()?.sync_all()?;
    Ok(named)
}

/// Gives a file without a name its first one.
#[cfg(target_os = "linux")]
fn link(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};

    Ok(linkat(CWD, name_of(file), CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(target_os = "linux")]
fn name_of(file: &File) -> String {
    use std::os::fd::AsRawFd as _;

    format!("/proc/self/fd/{}", file.as_raw_fd())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// An argument of the test program that begins files in the folder named behind it.
    const BEGIN: &str = "begin-in=";

    #[test]
    fn an_end_in_the_middle_leaves_no_file() {
        let begin = std::env::args().find_map(|argument| {
            argument.strip_prefix(BEGIN).map(|folder| Path::new(folder).join("usage.csv"))
        });
        if let Some(target) = begin {
            let file = Beside::new(&target, |path| create(path, 0o600)).unwrap();
            assert!(file.path.is_file());
            discard_unfinished();
            assert!(!file.path.exists());
            // Nothing may be dropped: all else waits for the end now.
            std::mem::forget(file);
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let this = std::env::current_exe().unwrap();
        let test = "scratch::tests::an_end_in_the_middle_leaves_no_file";
        let begin = format!("{BEGIN}{}", folder.path().display());
        let arguments = ["--exact", test, &begin, "--test-threads=1"];
        let ended = Command::new(this).args(arguments).output().unwrap();
        assert!(ended.status.success(), "{ended:?}");
        assert!(String::from_utf8_lossy(&ended.stdout).contains("1 passed"), "{ended:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_beside_its_target_is_replaced_and_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("usage.csv");
        drop(Beside::new(&target, |path| create(path, 0o600)).unwrap());
        let mut file = Beside::new(&target, |path| create(path, 0o600)).unwrap();
        file.publish(&target).unwrap();
        drop(file);
        let entries: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(entries.len(), 1);
        assert!(target.is_file());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_file_that_gets_no_name_is_copied() {
        use std::io::Write as _;

        let folder = tempfile::tempdir().unwrap();
        let Ok(mut file) = nameless(folder.path(), 0o640) else { return };
        file.write_all(b"complete").unwrap();
        let target = folder.path().join("usage.csv");
        copy(&mut file, &target).unwrap().publish(&target).unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"complete");
        assert_eq!(
            target.metadata().unwrap().permissions(),
            file.metadata().unwrap().permissions()
        );
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
