//! The one reader of files, pipes and standard input that people name: bounded, in UTF-8.

use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ark_usage_report::text;
use volc_openapi::{NotUtf8, utf8_text};

use crate::error::CliError;
use crate::lang::{Text, TextOf as _};

/// The most bytes of a file that people write: labels of a hundred thousand endpoints take a tenth.
pub(crate) const MAX_TEXT: u64 = 64 << 20;
/// The most bytes of a recording: some thousands of the largest answers.
pub(crate) const MAX_RECORDING: u64 = 512 << 20;

/// The time a pipe has to come and to end. The shell's `<(…)` may itself ask a server.
const PIPE_TIMEOUT: Duration = Duration::from_mins(1);
/// The time a FIFO has to get a writer, which is usually started beside.
const WRITER_TIMEOUT: Duration = Duration::from_secs(2);

/// The reason that a file is not read.
#[derive(Debug)]
pub(crate) enum ReadProblem {
    /// The system refuses.
    System(io::Error),
    /// It holds more than this many bytes.
    TooLarge(u64),
    /// A device, a folder or a socket.
    NotAFile,
    /// Nothing writes into the FIFO.
    NoWriter,
    /// The pipe did not end in time.
    Endless,
    /// It is text in another encoding.
    Encoding(NotUtf8),
}

/// Reads the text of a file or a pipe, without a byte order mark.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, ReadProblem> {
    text_of(&read_bytes(path, limit)?)
}

/// Reads the text of standard input, without a byte order mark.
pub(crate) fn stdin_text() -> Result<String, ReadProblem> {
    text_of(&stdin_bytes()?)
}

/// Reads standard input, which may be a terminal and take its time.
pub(crate) fn stdin_bytes() -> Result<Vec<u8>, ReadProblem> {
    bounded(io::stdin().lock(), MAX_TEXT)
}

/// Returns bytes as text, without a byte order mark.
pub(crate) fn text_of(bytes: &[u8]) -> Result<String, ReadProblem> {
    utf8_text(bytes).map(str::to_owned).map_err(ReadProblem::Encoding)
}

/// Reads the bytes of a file or a pipe. A device or a FIFO could go on for ever.
pub(crate) fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, ReadProblem> {
    let meta = std::fs::metadata(path).map_err(ReadProblem::System)?;
    if is_pipe(&meta) {
        return read_pipe(path.to_owned(), limit);
    }
    if is_null(path) {
        return Ok(Vec::new());
    }
    if !meta.is_file() {
        return Err(ReadProblem::NotAFile);
    }
    if meta.len() > limit {
        return Err(ReadProblem::TooLarge(limit));
    }
    bounded(File::open(path).map_err(ReadProblem::System)?, limit)
}

/// Opens and reads in a thread of its own, which is left behind if it does not come back.
fn read_pipe(path: PathBuf, limit: u64) -> Result<Vec<u8>, ReadProblem> {
    let (opened_sender, opened) = mpsc::channel();
    let (sender, read) = mpsc::channel();
    thread::spawn(move || {
        let file = File::open(path);
        // Nobody listens any more once the time is up.
        let _ = opened_sender.send(());
        let _ =
            sender.send(file.map_err(ReadProblem::System).and_then(|file| bounded(file, limit)));
    });
    opened.recv_timeout(WRITER_TIMEOUT).map_err(|_| ReadProblem::NoWriter)?;
    read.recv_timeout(PIPE_TIMEOUT).map_err(|_| ReadProblem::Endless)?
}

fn bounded(input: impl Read, limit: u64) -> Result<Vec<u8>, ReadProblem> {
    let mut bytes = Vec::new();
    let read = input.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    let read = read.map_err(ReadProblem::System)?;
    if u64::try_from(read).map_or(true, |read| read > limit) {
        return Err(ReadProblem::TooLarge(limit));
    }
    Ok(bytes)
}

#[cfg(unix)]
fn is_pipe(meta: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt as _;

    meta.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_meta: &Metadata) -> bool {
    false
}

/// True for the device that people name where a file has to be and nothing is to stand in it.
fn is_null(path: &Path) -> bool {
    path.canonicalize().is_ok_and(|path| path == Path::new("/dev/null"))
}

impl ReadProblem {
    /// True when there is no such file.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::System(error) if error.kind() == io::ErrorKind::NotFound)
    }

    /// Returns the error that `name`, a flag with its value, cannot be read.
    pub(crate) fn about(self, name: &str) -> CliError {
        self.add_to(CliError::usage(text!("{name}: cannot be read", "{name}：无法读取")))
    }

    /// Adds the cause to an error, and what to do about it.
    pub(crate) fn add_to(self, error: CliError) -> CliError {
        let hint = self.hint();
        let error = match self {
            Self::System(cause) => error.with_source(cause),
            problem => error.with_cause(problem.cause()),
        };
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }

    fn cause(&self) -> Text {
        match self {
            Self::System(error) => Text::same(error.to_string()),
            Self::TooLarge(limit) => {
                let mib = limit >> 20;
                text!("larger than {mib} MiB", "大于 {mib} MiB")
            }
            Self::NotAFile => {
                text!("neither a file nor a pipe", "既不是文件，也不是管道")
            }
            Self::NoWriter => text!("no program writes into the FIFO", "没有程序写入该 FIFO"),
            Self::Endless => {
                let seconds = PIPE_TIMEOUT.as_secs();
                text!("the pipe did not end within {seconds} s", "管道在 {seconds} 秒内没有结束")
            }
            Self::Encoding(encoding) => Text::of(encoding),
        }
    }

    fn hint(&self) -> Option<Text> {
        let Self::Encoding(_) = self else { return None };
        Some(text!(
            "save it as UTF-8; a spreadsheet calls that CSV UTF-8",
            "请另存为 UTF-8；电子表格里选择“CSV UTF-8”"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    #[test]
    fn files_are_bounded_text_in_utf_8() {
        let (_folder, path) = written(b"\xef\xbb\xbfab");
        assert_eq!(read_text(&path, 5).unwrap(), "ab");
        assert!(matches!(read_text(&path, 4), Err(ReadProblem::TooLarge(4))));
        let (_folder, path) = written(b"\xff\xfea\0");
        let problem = read_text(&path, MAX_TEXT).unwrap_err();
        assert!(matches!(problem, ReadProblem::Encoding(NotUtf8::Utf16)));
        let (_folder, path) = written(b"");
        File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        assert!(matches!(read_text(&path, MAX_TEXT), Err(ReadProblem::TooLarge(_))));
        assert!(read_text(&path.with_extension("gone"), 1).unwrap_err().is_not_found());
        let parent = path.parent().unwrap();
        assert!(matches!(read_text(parent, 1), Err(ReadProblem::NotAFile)));
    }

    #[test]
    #[cfg(unix)]
    fn devices_are_refused_but_for_the_empty_one() {
        let zero = read_bytes(Path::new("/dev/zero"), 10);
        assert!(matches!(zero, Err(ReadProblem::NotAFile)));
        assert_eq!(read_bytes(Path::new("/dev/null"), 10).unwrap(), b"");
    }

    #[test]
    fn streams_that_never_end_are_bounded() {
        assert!(matches!(bounded(io::repeat(b'a'), 1000), Err(ReadProblem::TooLarge(1000))));
    }
}
