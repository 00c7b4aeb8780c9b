//! Where data goes: standard output, or a file that appears whole or not at all.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::CliError;
use crate::text;

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
        let mut sink = self.open()?;
        sink.write(data)?;
        sink.finish()
    }

    /// Begins to write piece by piece.
    pub(crate) fn open(&self) -> Result<Sink, CliError> {
        Ok(match self {
            Self::Stdout => Sink { target: None, open: true },
            Self::File(path) => {
                let file = Replacement::new(path).map_err(|error| unwritable("-o", path, error))?;
                Sink { target: Some((path.clone(), file)), open: true }
            }
        })
    }
}

/// Takes data piece by piece; a file appears when it is finished, whole.
#[derive(Debug)]
pub(crate) struct Sink {
    target: Option<(PathBuf, Replacement)>,
    open: bool,
}

impl Sink {
    /// Takes a piece. Nothing more is wanted once the reader is gone.
    pub(crate) fn write(&mut self, data: &[u8]) -> Result<(), CliError> {
        if let Some((path, file)) = &mut self.target {
            return file.write(data).map_err(|error| unwritable("-o", path, error));
        }
        self.open = self.open && write_stdout_while_read(data)?;
        Ok(())
    }

    /// Whether somebody still reads.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// That was all.
    pub(crate) fn finish(self) -> Result<(), CliError> {
        match self.target {
            None => Ok(()),
            Some((path, file)) => file.finish().map_err(|error| unwritable("-o", &path, error)),
        }
    }
}

/// Replaces the file that `flag` is about, atomically.
pub(crate) fn write_file(flag: &'static str, path: &Path, data: &[u8]) -> Result<(), CliError> {
    let written = Replacement::new(path).and_then(|mut file| {
        file.write(data)?;
        file.finish()
    });
    written.map_err(|error| unwritable(flag, path, error))
}

fn unwritable(flag: &'static str, path: &Path, error: io::Error) -> CliError {
    CliError::internal(text!(
        "{flag} {path}: the file could not be written",
        "{flag} {path}：无法写入文件",
        path = path.display()
    ))
    .with_source(error)
    .with_hint(text!(
        "nothing was changed there; choose a folder that exists and can be written to",
        "原处没有任何改动；请选择已存在且可写的目录"
    ))
}

/// A line for people, on standard error. Failing to write it is nobody's concern.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", harmless(line));
}

/// A text without characters that would steer the terminal; line ends are the program's own.
fn harmless(text: &str) -> String {
    let steers = |letter: char| letter.is_control() && letter != '\n';
    text.chars().map(|letter| if steers(letter) { ' ' } else { letter }).collect()
}

/// Writes to standard output at once, and takes a closed pipe as "enough".
pub(crate) fn write_stdout(data: &[u8]) -> Result<(), CliError> {
    write_stdout_while_read(data).map(|_| ())
}

/// The same; says whether anybody still reads.
fn write_stdout_while_read(data: &[u8]) -> Result<bool, CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(data).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => {
            let told = text!("standard output could not be written", "无法写入标准输出");
            Err(CliError::internal(told).with_source(error))
        }
    }
}

/// A file written beside the one it replaces, so that a reader never sees half of it.
#[derive(Debug)]
enum Replacement {
    /// A device or pipe cannot be replaced by a rename; it takes the bytes as they are.
    InPlace(std::fs::File),
    Beside {
        scratch: tempfile::NamedTempFile,
        target: PathBuf,
    },
}

impl Replacement {
    fn new(path: &Path) -> io::Result<Self> {
        if path.exists() && !path.is_file() {
            return Ok(Self::InPlace(std::fs::OpenOptions::new().write(true).open(path)?));
        }
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut scratch = tempfile::Builder::new();
        scratch.prefix(".ark-usage-");
        // The scratch file's name would only confuse whoever reads the error.
        let scratch = with_usual_permissions(&mut scratch)
            .tempfile_in(folder)
            .map_err(|error| without_path(&error))?;
        if let Ok(old) = std::fs::metadata(&target) {
            scratch.as_file().set_permissions(old.permissions())?;
        }
        Ok(Self::Beside { scratch, target })
    }

    fn write(&mut self, data: &[u8]) -> io::Result<()> {
        match self {
            Self::InPlace(file) => file.write_all(data),
            Self::Beside { scratch, .. } => scratch.write_all(data),
        }
    }

    fn finish(self) -> io::Result<()> {
        if let Self::Beside { scratch, target } = self {
            scratch.as_file().sync_all()?;
            scratch.persist(&target).map_err(|error| error.error)?;
        }
        Ok(())
    }
}

/// The operating system's own error beneath one that names the scratch file.
fn without_path(error: &io::Error) -> io::Error {
    let beneath = error.get_ref().and_then(std::error::Error::source);
    let system = beneath.and_then(|error| error.downcast_ref::<io::Error>());
    match system.unwrap_or(error).raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::from(error.kind()),
    }
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
