//! Output of data: standard output, or a file that is replaced only once it is complete.

use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use ark_usage_files::{FileAccess, OpenError, OutputFile};
use ark_usage_render::message_lines;
use ark_usage_report::{Lang, text};

use crate::error::CliError;
use crate::lang::Text;
use crate::{interrupt, secrets};

/// The output of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// Standard output; a reader that leaves early is not an error.
    Stdout,
    /// A file, replaced atomically.
    File(PathBuf),
}

impl Output {
    /// Parses `-o`: absent, `-` or `/dev/stdout` is standard output.
    pub(crate) fn from_flag(path: Option<&Path>) -> Self {
        match path {
            None => Self::Stdout,
            Some(path) if path == Path::new("-") || ark_usage_files::is_stdout(path) => {
                Self::Stdout
            }
            Some(path) => Self::File(path.to_owned()),
        }
    }

    /// True if a person would see the bytes.
    pub(crate) fn is_terminal(&self) -> bool {
        *self == Self::Stdout && io::stdout().is_terminal()
    }

    /// Writes all of `data`.
    pub(crate) fn write(&self, data: &[u8]) -> Result<(), CliError> {
        let mut sink = self.open()?;
        sink.write(data)?;
        sink.finish()
    }

    /// Opens the output for writing piece by piece. A file that cannot be written is found here.
    pub(crate) fn open(&self) -> Result<Sink, CliError> {
        Ok(match self {
            Self::Stdout => {
                check_stdout()?;
                Sink { target: None, open: true }
            }
            Self::File(path) => {
                let file = open_file("-o", path)?;
                Sink { target: Some(Box::new((path.clone(), file))), open: true }
            }
        })
    }
}

/// An open output; a file appears once it is finished.
#[derive(Debug)]
pub(crate) struct Sink {
    target: Option<Box<(PathBuf, OutputFile)>>,
    open: bool,
}

impl Sink {
    /// Writes a piece; does nothing once the reader has left.
    pub(crate) fn write(&mut self, data: &[u8]) -> Result<(), CliError> {
        let data = &secrets::masked(data.to_vec());
        self.open = self.open
            && match self.target.as_deref_mut() {
                None => write_stdout_while_read(data)?,
                Some((path, file)) => match file.write_all(data) {
                    Err(error) if file.is_stream() && is_unread(&error) => false,
                    written => written.map(|()| true).map_err(|e| unwritable("-o", path, e))?,
                },
            };
        Ok(())
    }

    /// Returns whether the output still has a reader.
    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    /// Completes the output.
    pub(crate) fn finish(self) -> Result<(), CliError> {
        let Some(target) = self.target else { return Ok(()) };
        let (path, file) = *target;
        file.finish().map_err(|error| unwritable("-o", &path, error))
    }
}

/// Replaces the file that `flag` names, whole or not at all.
pub(crate) fn write_file(flag: &'static str, path: &Path, data: &[u8]) -> Result<(), CliError> {
    let mut file = open_file(flag, path)?;
    let written = file.write_all(data).and_then(|()| file.finish());
    written.map_err(|error| unwritable(flag, path, error))
}

/// Opens the file that `flag` names for writing.
fn open_file(flag: &'static str, path: &Path) -> Result<OutputFile, CliError> {
    // From here on a signal must not leave a part of it.
    interrupt::watch();
    OutputFile::open(path, FileAccess::Usual).map_err(|error| unopened(flag, path, error))
}

fn unopened(flag: &'static str, path: &Path, error: OpenError) -> CliError {
    let shown = path.display();
    // A file that an option names is an invalid argument; one in the folder of an option is not.
    let names_the_file = matches!(flag, "-o" | "--once" | "--write-profiles");
    let refusal = if names_the_file { CliError::usage } else { CliError::internal };
    let folder = match error {
        OpenError::System(error) => return unwritable(flag, path, error).with_hint(usable()),
        OpenError::NotAFile => {
            return CliError::internal(text!(
                "{flag} {shown}: this is a folder, not a file",
                "{flag} {shown}：这是目录，不是文件"
            ))
            .with_hint(text!("name a file", "请指定一个文件"));
        }
        OpenError::NotAFolder(folder) => {
            let folder = folder.display();
            return refusal(text!(
                "{flag} {shown}: {folder} is not a folder",
                "{flag} {shown}：{folder} 不是目录"
            ))
            .with_hint(text!("choose a file in a folder", "请选择目录中的文件"));
        }
        OpenError::NoFolder(folder) => folder,
        other => return unwritable(flag, path, io::Error::other(other)).with_hint(usable()),
    };
    let folder = folder.display();
    refusal(text!(
        "{flag} {shown}: the folder {folder} does not exist",
        "{flag} {shown}：目录 {folder} 不存在"
    ))
    .with_hint(text!("create the folder first", "请先创建该目录"))
}

fn unwritable(flag: &'static str, path: &Path, error: io::Error) -> CliError {
    CliError::internal(text!(
        "{flag} {path}: cannot write the file",
        "{flag} {path}：无法写入文件",
        path = path.display()
    ))
    .with_source(error)
    .with_hint(text!(
        "check the free space, or choose another file",
        "请检查剩余空间，或换一个文件"
    ))
}

fn usable() -> Text {
    text!(
        "nothing was changed; choose a file and a folder that you can write to",
        "原处没有任何改动；请选择可写的文件和目录"
    )
}

/// A file that only its owner may read, opened before it is replaced. A dropped one changes nothing.
#[derive(Debug)]
pub(crate) struct PrivateFile {
    flag: &'static str,
    path: PathBuf,
    file: OutputFile,
}

impl PrivateFile {
    /// Opens the file that `flag` names. A file that cannot be written is found here.
    pub(crate) fn open(flag: &'static str, path: &Path) -> Result<Self, CliError> {
        interrupt::watch();
        let file = OutputFile::open(path, FileAccess::Private);
        let file = file.map_err(|error| unopened(flag, path, error))?;
        Ok(Self { flag, path: path.to_owned(), file })
    }

    /// Returns its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Replaces it, whole or not at all.
    pub(crate) fn finish(mut self, data: &[u8]) -> Result<(), CliError> {
        let written = self.file.write_all(data).and_then(|()| self.file.finish());
        written.map_err(|error| unwritable(self.flag, &self.path, error))
    }
}

/// Replaces a file that only its owner may read.
pub(crate) fn write_private_file(path: &Path, data: &[u8]) -> Result<(), OpenError> {
    interrupt::watch();
    let mut file = OutputFile::open(path, FileAccess::Private)?;
    file.write_all(data)?;
    Ok(file.finish()?)
}

/// Prints a message for people on standard error; a failure to write it is ignored.
pub(crate) fn note(message: &str, lang: Lang) {
    let shown = message_lines(&secrets::masked_message(message), lang);
    let _ = writeln!(io::stderr().lock(), "{shown}");
}

/// Writes to standard output and flushes it; a closed pipe is not an error.
pub(crate) fn write_stdout(data: &[u8]) -> Result<(), CliError> {
    write_stdout_unmasked(&secrets::masked(data.to_vec()))
}

/// Does the same for commands that are asked to print the parts of a signed request.
pub(crate) fn write_stdout_unmasked(data: &[u8]) -> Result<(), CliError> {
    write_stdout_while_read(data).map(|_| ())
}

/// Writes to standard output and returns whether it still has a reader.
fn write_stdout_while_read(data: &[u8]) -> Result<bool, CliError> {
    check_stdout()?;
    let mut stdout = io::stdout().lock();
    was_written(stdout.write_all(data).and_then(|()| stdout.flush()))
}

/// Returns whether standard output still has a reader; fails for any other error of a write to it.
pub(crate) fn was_written(result: io::Result<()>) -> Result<bool, CliError> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if is_unread(&error) => Ok(false),
        Err(error) => Err(unwritten(error)),
    }
}

/// Fails if standard output takes no data: the standard library would take each write for done.
pub(crate) fn check_stdout() -> Result<(), CliError> {
    #[cfg(unix)]
    ark_usage_files::check_stdout().map_err(unwritten)?;
    Ok(())
}

fn unwritten(error: io::Error) -> CliError {
    CliError::internal(text!("cannot write to standard output", "无法写入标准输出"))
        .with_source(error)
}

/// True for the error of a stream whose reader has left.
fn is_unread(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_is_standard_output() {
        assert_eq!(Output::from_flag(Some(Path::new("-"))), Output::Stdout);
        assert_eq!(Output::from_flag(None), Output::Stdout);
    }
}
