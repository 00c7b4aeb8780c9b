//! Errors of reading and replaying a recording.

use std::io;

/// A recording that cannot be replayed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// The text cannot be read. Check the path and its permissions.
    #[error("the recording cannot be read")]
    Read(#[from] io::Error),
    /// The first line has no `"format":"ark-usage/recording"`. Choose another file.
    #[error("line 1: this is not a recording")]
    NotARecording,
    /// The recording has another version. Update this program.
    #[error(
        "line 1: recording version {} is not supported; this program reads version {readable}",
        .found.map_or_else(|| "unknown".to_owned(), |found| found.to_string())
    )]
    Version {
        /// The version in the file, if it is a number.
        found: Option<u64>,
        /// The version this crate reads.
        readable: u32,
    },
    /// A line is not as it was written. Replay the original file.
    #[error("line {line}: the recording is damaged: {problem}")]
    Damaged {
        /// The line, counted from 1.
        line: usize,
        /// The problem in words.
        problem: String,
    },
}

impl RecordingError {
    pub(super) const fn damaged(line: usize, problem: String) -> Self {
        Self::Damaged { line, problem }
    }
}

/// A request that the recording does not hold. Repeat the recorded one, or record again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this request was not recorded: {request}")]
pub struct NotRecorded {
    request: String,
}

impl NotRecorded {
    pub(super) const fn new(request: String) -> Self {
        Self { request }
    }

    /// Method, URL and body of the request.
    pub fn request(&self) -> &str {
        &self.request
    }
}
