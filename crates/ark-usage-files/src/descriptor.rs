//! Open descriptors that have a path: `/dev/fd/N`, `/proc/PID/fd/N`, and `/dev/stdout` behind its link.
//!
//! Opening such a path again would begin at the start of a file and forget that it was opened for
//! appending; a duplicate shares offset and flags.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path};

use rustix::fs::{OFlags, fcntl_getfl};
use rustix::io::Errno;

/// An open descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Descriptor {
    number: i32,
    /// It belongs to this process.
    is_own: bool,
}

/// Fails if standard output takes no data, as a file that is open for reading only does. The standard
/// library would take a write to it for done.
///
/// # Errors
///
/// The error that a write would meet.
pub fn check_stdout() -> io::Result<()> {
    check_writable(io::stdout())
}

fn check_writable(descriptor: impl AsFd) -> io::Result<()> {
    if fcntl_getfl(descriptor)? & OFlags::RWMODE == OFlags::RDONLY {
        return Err(Errno::BADF.into());
    }
    Ok(())
}

/// Returns the descriptor that a path names, links at its end not followed.
pub(crate) fn named_by(path: &Path) -> Option<Descriptor> {
    let number = path.file_name()?.to_str()?.parse().ok()?;
    // Most paths do not come so far: the file's name is a number.
    let folder = fs::canonicalize(path.parent()?).ok()?;
    if folder == Path::new("/dev/fd") {
        return Some(Descriptor { number, is_own: true });
    }
    let names: Option<Vec<&str>> = folder.components().map(name).collect();
    let process = match names?.as_slice() {
        ["/", "proc", process, "fd"] | ["/", "proc", process, "task", _, "fd"] => {
            (*process).to_owned()
        }
        _ => return None,
    };
    // The number that this file system knows the process by, which may differ in a container.
    let own = fs::read_link("/proc/self");
    Some(Descriptor { number, is_own: own.is_ok_and(|own| own == Path::new(&process)) })
}

fn name(component: Component<'_>) -> Option<&str> {
    component.as_os_str().to_str()
}

impl Descriptor {
    pub(crate) fn is_stdout(self) -> bool {
        self.is_own && self.number == 1
    }

    /// Opens the descriptor for writing, as it is open already. `path` is its path.
    pub(crate) fn open(self, path: &Path) -> io::Result<File> {
        let duplicate = if self.is_own { self.duplicate() } else { Err(io::Error::other("")) };
        // At the end of a file, so that nothing in it is lost.
        let again = || OpenOptions::new().append(true).open(path).map(OwnedFd::from);
        let file = duplicate.or_else(|_| again())?;
        check_writable(&file)?;
        Ok(file.into())
    }

    fn duplicate(self) -> io::Result<OwnedFd> {
        match self.number {
            0 => io::stdin().as_fd().try_clone_to_owned(),
            1 => io::stdout().as_fd().try_clone_to_owned(),
            2 => io::stderr().as_fd().try_clone_to_owned(),
            number => duplicate_by_number(number),
        }
    }
}

/// Duplicates a descriptor of this process that nothing here has opened, without `unsafe`.
#[cfg(target_os = "linux")]
fn duplicate_by_number(number: i32) -> io::Result<OwnedFd> {
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

    let own = pidfd_open(getpid(), PidfdFlags::empty())?;
    Ok(pidfd_getfd(own, number, PidfdGetfdFlags::empty())?)
}

/// Elsewhere opening `/dev/fd/N` duplicates it.
#[cfg(not(target_os = "linux"))]
fn duplicate_by_number(_number: i32) -> io::Result<OwnedFd> {
    Err(Errno::NOSYS.into())
}
