//! Owner, group and mode of a file that replaces another one.

use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};

use rustix::process::geteuid;

/// Reading and writing by everybody: what programs ask for, and the umask reduces.
const USUAL: u32 = 0o666;
const RIGHTS: u32 = 0o777;
const GROUP: u32 = 0o070;
/// Set-user-id, set-group-id and the sticky bit.
const SPECIAL: u32 = 0o7000;

/// Returns the mode to create a file with in place of `old`; the system takes the umask off it.
///
/// The mode of a file of somebody else says nothing about what this user wants to show.
pub(crate) fn creation_mode(old: Option<&Metadata>) -> u32 {
    old.filter(|old| is_own(old)).map_or(USUAL, |old| old.mode() & USUAL)
}

/// Gives a new file the group of the old one, and its owner where that is allowed, which only the
/// superuser is: a file of another user stays his.
pub(crate) fn adopt(new: &File, old: &Metadata) -> io::Result<()> {
    let created = new.metadata()?;
    let mode = created.mode() & RIGHTS;
    if is_own(old) {
        if created.gid() == old.gid() || fchown(new, None, Some(old.gid())).is_ok() {
            return Ok(());
        }
        // The rights of the old group are not those of another one.
        let others = (mode & 0o007) << 3;
        return set_mode(new, mode & (!GROUP | others));
    }
    // Narrowed first: the owner must not have more rights for an instant.
    set_mode(new, mode & old.mode())?;
    match fchown(new, Some(old.uid()), Some(old.gid())) {
        Ok(()) => Ok(()),
        Err(_) => set_mode(new, mode),
    }
}

/// Takes the set-id bits off a file that is about to be overwritten. The system does so for all
/// users but the superuser.
pub(crate) fn without_special_bits(file: &File) {
    let mode = file.metadata().map(|meta| meta.mode()).unwrap_or_default();
    if mode & SPECIAL != 0 {
        // Only owners may; for others the system itself does.
        let _ = set_mode(file, mode & RIGHTS);
    }
}

/// Returns true if two handles are of one file.
pub(crate) fn is_same(one: &Metadata, other: &Metadata) -> bool {
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

fn is_own(meta: &Metadata) -> bool {
    meta.uid() == geteuid().as_raw()
}

fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode))
}
