//! Output of data: standard output, or a file that is replaced only once it is complete.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use ark_usage_report::text;

use crate::error::CliError;
use crate::{interrupt, scratch, secrets};

/// The output of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// Standard output; a reader that leaves early is not an error.
    Stdout,
    /// A file, replaced atomically.
    File(PathBuf),
}

impl Output {
    /// Parses `-o`: absent or `-` is standard output.
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

    /// Opens the output for writing piece by piece.
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

/// An open output; a file appears once it is finished.
#[derive(Debug)]
pub(crate) struct Sink {
    target: Option<(PathBuf, Replacement)>,
    open: bool,
}

impl Sink {
    /// Writes a piece; does nothing once the reader has left.
    pub(crate) fn write(&mut self, data: &[u8]) -> Result<(), CliError> {
        let data = &*secrets::masked_data(data);
        if let Some((path, file)) = &mut self.target {
            return file.write(data).map_err(|error| unwritable("-o", path, error));
        }
        self.open = self.open && write_stdout_while_read(data)?;
        Ok(())
    }

    /// Returns whether the output still has a reader.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Completes the output.
    pub(crate) fn finish(self) -> Result<(), CliError> {
        match self.target {
            None => Ok(()),
            Some((path, file)) => file.finish().map_err(|error| unwritable("-o", &path, error)),
        }
    }
}

/// Replaces the file that `flag` names, atomically.
pub(crate) fn write_file(flag: &'static str, path: &Path, data: &[u8]) -> Result<(), CliError> {
    let written = Replacement::new(path).and_then(|mut file| {
        file.write(data)?;
        file.finish()
    });
    written.map_err(|error| unwritable(flag, path, error))
}

fn unwritable(flag: &'static str, path: &Path, error: io::Error) -> CliError {
    CliError::internal(text!(
        "{flag} {path}: cannot write the file",
        "{flag} {path}：无法写入文件",
        path = path.display()
    ))
    .with_source(error)
    .with_hint(text!(
        "nothing was changed; use an existing folder that you can write to",
        "原处没有任何改动；请选择已存在且可写的目录"
    ))
}

/// Prints a line for people on standard error; a failure to write it is ignored.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", strip_control(&secrets::masked_message(line)));
}

/// Replaces control characters, which could steer the terminal, but for line ends.
fn strip_control(text: &str) -> String {
    let is_control = |letter: char| letter.is_control() && letter != '\n';
    text.chars().map(|letter| if is_control(letter) { ' ' } else { letter }).collect()
}

/// Writes to standard output and flushes it; a closed pipe is not an error.
pub(crate) fn write_stdout(data: &[u8]) -> Result<(), CliError> {
    write_stdout_unmasked(&secrets::masked_data(data))
}

/// Does the same for commands that are asked to print the parts of a signed request.
pub(crate) fn write_stdout_unmasked(data: &[u8]) -> Result<(), CliError> {
    write_stdout_while_read(data).map(|_| ())
}

/// Writes to standard output and returns whether it still has a reader.
fn write_stdout_while_read(data: &[u8]) -> Result<bool, CliError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(data).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => {
            let message = text!("cannot write to standard output", "无法写入标准输出");
            Err(CliError::internal(message).with_source(error))
        }
    }
}

/// A file written next to the one it replaces, so that readers never see an incomplete file.
#[derive(Debug)]
enum Replacement {
    /// A device or pipe, which cannot be replaced by a rename.
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
        // From here on a signal must not leave the scratch file.
        interrupt::watch();
        let mut builder = tempfile::Builder::new();
        builder.prefix(".ark-usage-");
        // The name of the scratch file would only confuse the user.
        let scratch = with_usual_permissions(&mut builder)
            .tempfile_in(folder)
            .map_err(|error| without_path(&error))?;
        scratch::remember(Some(scratch.path()));
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
            scratch::remember(None);
        }
        Ok(())
    }
}

/// Returns the error of the operating system beneath one that names the scratch file.
fn without_path(error: &io::Error) -> io::Error {
    let beneath = error.get_ref().and_then(std::error::Error::source);
    let system = beneath.and_then(|error| error.downcast_ref::<io::Error>());
    match system.unwrap_or(error).raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::from(error.kind()),
    }
}

/// Gives the scratch file the permissions of any new file (the umask still applies); by default it
/// would be private to its owner.
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
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("absent").join("usage.json");
        let error = Output::File(path).write(b"x").unwrap_err().to_string();
        assert!(error.contains("absent"), "{error}");
    }
}
