//! Files as a library writes them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write as _;
use std::path::Path;

use ark_usage_files::{FileAccess, OpenError, OutputFile, is_stdout};

fn open(path: &Path) -> Result<OutputFile, OpenError> {
    OutputFile::open(path, FileAccess::Usual)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_file_is_replaced_whole_and_leaves_no_debris() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("usage.json");
    for text in ["first, and longer", "second"] {
        let mut file = open(&path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        assert_ne!(fs::read_to_string(&path).unwrap_or_default(), text);
        file.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    assert_eq!(names(folder.path()), ["usage.json"]);
}

#[test]
fn a_file_that_is_not_finished_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("usage.json");
    open(&path).unwrap().write_all(b"some").unwrap();
    assert!(names(folder.path()).is_empty());
    fs::write(&path, "old").unwrap();
    open(&path).unwrap().write_all(b"some").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names(folder.path()), ["usage.json"]);
}

#[test]
fn folders_that_are_not_there_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "old").unwrap();
    let absent = folder.path().join("absent");
    let refused = open(&absent.join("usage.json")).unwrap_err();
    assert!(matches!(&refused, OpenError::NoFolder(named) if *named == absent), "{refused}");
    let refused = open(&file.join("usage.json")).unwrap_err();
    assert!(matches!(&refused, OpenError::NotAFolder(named) if *named == file), "{refused}");
    for path in [folder.path().to_owned(), folder.path().join("new/"), "..".into(), "".into()] {
        let refused = open(&path).unwrap_err();
        assert!(matches!(refused, OpenError::NotAFile), "{}: {refused}", path.display());
    }
    assert_eq!(names(folder.path()), ["file"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_private_file_is_its_owners_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory");
        fs::write(&path, "old").unwrap();
        OutputFile::open(&path, FileAccess::Private).unwrap().finish().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    }

    #[test]
    fn a_private_file_replaces_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory");
        for target in ["/dev/full", "other", "/dev/stdout"] {
            let _ = fs::remove_file(&path);
            symlink(target, &path).unwrap();
            let mut file = OutputFile::open(&path, FileAccess::Private).unwrap();
            file.write_all(b"new").unwrap();
            file.finish().unwrap();
            assert!(!path.is_symlink(), "{target}");
            assert_eq!(names(folder.path()), ["memory"]);
        }
    }

    #[test]
    fn a_link_stays_and_its_target_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        symlink("target", &link).unwrap();
        open(&link).unwrap().finish().unwrap();
        assert!(link.is_symlink() && folder.path().join("target").is_file());
        let circle = folder.path().join("circle");
        symlink("circle", &circle).unwrap();
        assert!(matches!(open(&circle), Err(OpenError::System(_))));
    }

    #[test]
    fn a_device_is_written_at_once() {
        let mut null = open(Path::new("/dev/null")).unwrap();
        assert!(null.is_stream());
        null.write_all(b"some").unwrap();
        null.finish().unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }

    #[test]
    fn standard_output_has_several_names() {
        assert!(is_stdout(Path::new("/dev/stdout")) && is_stdout(Path::new("/dev/fd/1")));
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        symlink("/dev/stdout", &link).unwrap();
        assert!(is_stdout(&link));
        for other in ["/dev/stderr", "/dev/null", "1", "/dev/fd/99", "/"] {
            assert!(!is_stdout(Path::new(other)), "{other}");
        }
    }
}
