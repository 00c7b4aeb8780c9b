//! The users who can change a file: the check that ssh makes of its configuration.

use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

/// A file, or a folder it lies in, that other users can change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChangeablePlace {
    /// The file or folder, without links.
    pub path: PathBuf,
    /// Permission bits such as `0o666`.
    pub mode: u32,
    /// The owner's number, if it is neither this user nor the superuser.
    pub owner: Option<u32>,
}

/// Returns the file or the first of its folders that users other than this one and the superuser can
/// change; up to `home`, if the file lies there, else up to the root. A folder with the sticky bit, such as
/// `/tmp`, lets nobody replace the files of others.
///
/// # Errors
///
/// When the file or a folder cannot be looked at.
pub fn changeable_by_others(
    path: &Path,
    home: Option<&Path>,
) -> io::Result<Option<ChangeablePlace>> {
    let path = match path.canonicalize() {
        // A pipe of the shell has no folder.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(changeable(path, &std::fs::metadata(path)?));
        }
        path => path?,
    };
    let home = home.and_then(|home| home.canonicalize().ok());
    for place in path.ancestors() {
        if let Some(found) = changeable(place, &std::fs::metadata(place)?) {
            return Ok(Some(found));
        }
        if home.as_deref() == Some(place) {
            break;
        }
    }
    Ok(None)
}

fn changeable(path: &Path, meta: &Metadata) -> Option<ChangeablePlace> {
    const WRITABLE: u32 = 0o022;
    const STICKY: u32 = 0o1000;
    let (mode, owner) = (meta.mode() & 0o7777, meta.uid());
    let owner = Some(owner).filter(|owner| *owner != 0 && *owner != geteuid().as_raw());
    let is_shared = mode & WRITABLE != 0 && !(meta.is_dir() && mode & STICKY != 0);
    let found = || ChangeablePlace { path: path.to_owned(), mode, owner };
    (owner.is_some() || is_shared).then(found)
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn found(path: &Path, home: &Path) -> Option<(PathBuf, u32)> {
        let found = changeable_by_others(path, Some(home)).unwrap();
        found.map(|found| (found.path, found.mode))
    }

    #[test]
    fn files_and_folders_that_others_can_change_are_found() {
        let home = tempfile::tempdir().unwrap();
        let home = home.path().canonicalize().unwrap();
        let folder = home.join("config");
        let file = folder.join("config.toml");
        fs::create_dir(&folder).unwrap();
        fs::write(&file, "").unwrap();
        set_mode(&folder, 0o755);
        for (mode, is_found) in
            [(0o600, false), (0o644, false), (0o620, true), (0o602, true), (0o666, true)]
        {
            set_mode(&file, mode);
            assert_eq!(found(&file, &home), is_found.then(|| (file.clone(), mode)), "{mode:o}");
        }
        set_mode(&file, 0o600);
        for (mode, is_found) in [(0o700, false), (0o775, true), (0o757, true), (0o1777, false)] {
            set_mode(&folder, mode);
            assert_eq!(found(&file, &home), is_found.then(|| (folder.clone(), mode)), "{mode:o}");
        }
        // Links are followed to where the file lies.
        set_mode(&folder, 0o777);
        let link = home.join("link.toml");
        symlink(&file, &link).unwrap();
        assert_eq!(found(&link, &home), Some((folder, 0o777)));
    }

    #[test]
    fn the_folders_above_the_home_directory_are_not_looked_at() {
        let above = tempfile::tempdir().unwrap();
        let above = above.path().canonicalize().unwrap();
        let home = above.join("home");
        fs::create_dir(&home).unwrap();
        fs::write(home.join("file"), "").unwrap();
        set_mode(&home, 0o700);
        set_mode(&home.join("file"), 0o600);
        set_mode(&above, 0o777);
        assert_eq!(found(&home.join("file"), &home), None);
        let all = changeable_by_others(&home.join("file"), None).unwrap();
        assert_eq!(all.map(|found| found.path), Some(above));
        assert!(changeable_by_others(&home.join("gone"), None).is_err());
    }
}
