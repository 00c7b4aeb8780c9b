//! The one reader of files, pipes and standard input that people name: bounded, in UTF-8.

use std::io;
use std::path::Path;
use std::time::Duration;

use ark_usage_report::text;
use volc_credentials::{FileProblem, read_all, read_bounded};
use volc_openapi::{NotUtf8, utf8_text};

use crate::error::CliError;
use crate::lang::{Text, TextOf as _};

/// The most bytes of a file that people write: labels of a hundred thousand endpoints take a tenth.
pub(crate) const MAX_TEXT: u64 = 64 << 20;
/// The most bytes of a recording: some thousands of the largest answers.
pub(crate) const MAX_RECORDING: u64 = 512 << 20;

/// The time a pipe has to end. The shell's `<(…)` may itself ask a server.
const PIPE_TIMEOUT: Duration = Duration::from_mins(1);

/// The reason that a file is not read.
#[derive(Debug)]
pub(crate) enum ReadProblem {
    /// Its bytes cannot be read.
    File(FileProblem),
    /// It is text in another encoding.
    Encoding(NotUtf8),
}

/// Reads the text of a file or a pipe, without a byte order mark.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, ReadProblem> {
    text_of(&read_bytes(path, limit)?)
}

/// Returns the place that `@FILE` or `-` names; any other word is a value itself.
pub(crate) fn place(word: &str) -> Option<&str> {
    word.strip_prefix('@').or_else(|| (word == "-").then_some(word))
}

/// Reads the text of a place, which is a file, or `-` for standard input; without a byte order mark.
pub(crate) fn named_text(place: &str) -> Result<String, ReadProblem> {
    text_of(&named_bytes(place)?)
}

/// Reads the bytes of a place, which is a file, or `-` for standard input: that may be a terminal and take its time.
pub(crate) fn named_bytes(place: &str) -> Result<Vec<u8>, ReadProblem> {
    match place {
        "-" => read_all(io::stdin().lock(), MAX_TEXT).map_err(ReadProblem::File),
        path => read_bytes(Path::new(path), MAX_TEXT),
    }
}

/// Returns bytes as text, without a byte order mark.
pub(crate) fn text_of(bytes: &[u8]) -> Result<String, ReadProblem> {
    utf8_text(bytes).map(str::to_owned).map_err(ReadProblem::Encoding)
}

/// Checks a file that a library reads: it must be one, and of at most `limit` bytes.
pub(crate) fn check_file(path: &Path, limit: u64) -> Result<(), ReadProblem> {
    let system = |error| ReadProblem::File(FileProblem::System(error));
    let meta = std::fs::metadata(path).map_err(system)?;
    if !meta.is_file() {
        return Err(ReadProblem::File(FileProblem::NotAFile));
    }
    let fits = meta.len() <= limit;
    fits.then_some(()).ok_or(ReadProblem::File(FileProblem::TooLarge(limit)))
}

/// Reads the bytes of a file or a pipe. A device or a FIFO could go on for ever.
pub(crate) fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, ReadProblem> {
    read_bounded(path, limit, PIPE_TIMEOUT).map_err(ReadProblem::File)
}

impl ReadProblem {
    /// True when there is no such file.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::File(problem) if problem.is_not_found())
    }

    /// Returns the error that `name`, a flag with its value, cannot be read.
    pub(crate) fn about(self, name: &str) -> CliError {
        self.add_to(CliError::usage(text!("{name}: cannot be read", "{name}：无法读取")))
    }

    /// Adds the cause to an error, and what to do about it.
    pub(crate) fn add_to(self, error: CliError) -> CliError {
        let hint = self.hint();
        let error = match self {
            Self::File(FileProblem::System(cause)) => error.with_source(cause),
            problem => error.with_cause(problem.cause()),
        };
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    }

    fn cause(&self) -> Text {
        match self {
            Self::File(problem) => Text::of(problem),
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
    use std::fs::File;
    use std::path::PathBuf;

    use super::*;

    fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    #[test]
    fn files_are_bounded_text_in_utf_8() {
        let too_large = |read| matches!(read, Err(ReadProblem::File(FileProblem::TooLarge(_))));
        let (_folder, path) = written(b"\xef\xbb\xbfab");
        assert_eq!(read_text(&path, 5).unwrap(), "ab");
        assert!(too_large(read_text(&path, 4)));
        let (_folder, path) = written(b"\xff\xfea\0");
        let problem = read_text(&path, MAX_TEXT).unwrap_err();
        assert!(matches!(problem, ReadProblem::Encoding(NotUtf8::Utf16)));
        let (_folder, path) = written(b"");
        File::options().write(true).open(&path).unwrap().set_len(1 << 40).unwrap();
        assert!(too_large(read_text(&path, MAX_TEXT)));
        assert!(read_text(&path.with_extension("gone"), 1).unwrap_err().is_not_found());
    }
}
