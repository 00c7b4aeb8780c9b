//! Where data goes: standard output, or a file that appears whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::CliError;

/// Where the data of a command is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// Standard output; a reader that goes away early is no error.
    Stdout,
    /// A file, replaced atomically.
    File(PathBuf),
}

impl Output {
    /// Reads `-o`: absent or `-` is standard output.
    pub(crate) fn from_flag(path: Option<&Path>) -> Self {
        match path {
            None => Self::Stdout,
            Some(path) if path == Path::new("-") => Self::Stdout,
            Some(path) => Self::File(path.to_owned()),
        }
    }

    /// Writes all of `data`.
    pub(crate) fn write(&self, data: &[u8]) -> Result<(), CliError> {
        match self {
            Self::Stdout => write_stdout(data),
            Self::File(path) => write_file(path, data).map_err(|error| {
                CliError::internal(format!("-o {}: the file could not be written", path.display()))
                    .with_source(error)
                    .with_hint("nothing was changed there; choose a folder that exists and can be written to")
            }),
        }
    }
}

/// A line for people, on standard error. Failing to write it is nobody's concern.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes to standard output at once, and takes a closed pipe as "enough".
pub(crate) fn write_stdout(data: &[u8]) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(data).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::internal("standard output could not be written").with_source(error))
        }
        _ => Ok(()),
    }
}

/// Writes beside the target and renames, so that a reader never sees half a file.
fn write_file(path: &Path, data: &[u8]) -> io::Result<()> {
    // A device or pipe cannot be replaced by a rename; it takes the bytes as they are.
    if path.exists() && !path.is_file() {
        return std::fs::OpenOptions::new().write(true).open(path)?.write_all(data);
    }
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut scratch = tempfile::Builder::new();
    scratch.prefix(".ark-usage-");
    // The scratch file's name would only confuse whoever reads the error.
    let nameless = |error: io::Error| io::Error::from(error.kind());
    let mut file = with_usual_permissions(&mut scratch).tempfile_in(folder).map_err(nameless)?;
    file.write_all(data)?;
    if let Ok(old) = std::fs::metadata(&target) {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

/// A scratch file is private to its owner by default; the result should have the rights any new
/// file has (the umask still applies).
#[cfg(unix)]
fn with_usual_permissions<'a, 'b>(
    scratch: &'a mut tempfile::Builder<'b, 'static>,
) -> &'a mut tempfile::Builder<'b, 'static> {
    use std::os::unix::fs::PermissionsExt;
    scratch.permissions(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn with_usual_permissions<'a, 'b>(
    scratch: &'a mut tempfile::Builder<'b, 'static>,
) -> &'a mut tempfile::Builder<'b, 'static> {
    scratch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_is_standard_output() {
        assert_eq!(Output::from_flag(Some(Path::new("-"))), Output::Stdout);
        assert_eq!(Output::from_flag(None), Output::Stdout);
    }

    #[test]
    fn a_file_is_replaced_whole_and_leaves_no_debris() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("usage.json");
        for text in ["first, and longer", "second"] {
            Output::File(path.clone()).write(text.as_bytes()).unwrap();
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent").join("usage.json");
        let error = Output::File(path).write(b"x").unwrap_err().to_string();
        assert!(error.contains("absent"), "{error}");
    }
}
