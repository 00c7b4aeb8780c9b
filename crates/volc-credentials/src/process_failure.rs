//! The failure of an external process.

use std::fmt;
use std::io;

use crate::content_problem::error_kind;

/// The reason a program printed no credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProcessFailure {
    /// It ended by itself with another status than 0, or by a signal (`None`).
    Exited(Option<i32>),
    /// It could not be started.
    Start(io::ErrorKind),
    /// It did not end in time and was stopped.
    TimedOut,
    /// It printed far more than credentials.
    TooMuchOutput,
}

impl fmt::Display for ProcessFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(Some(status)) => write!(f, "ended with status {status}"),
            Self::Exited(None) => f.write_str("was ended by a signal"),
            Self::Start(kind) => write!(f, "could not be started: {}", error_kind(*kind)),
            Self::TimedOut => f.write_str("did not end in time"),
            Self::TooMuchOutput => f.write_str("printed more than 64 KiB"),
        }
    }
}
