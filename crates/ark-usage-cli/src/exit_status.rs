//! Exit codes; `docs/exit-codes.md` has the table, with one test for each row.

use std::process::ExitCode;

/// The outcome of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// The command succeeded.
    Done,
    /// The program or its machine failed.
    Internal,
    /// The arguments are invalid; nothing was sent.
    Usage,
    /// Configuration or credentials are missing or invalid; nothing was sent.
    Configuration,
    /// The API refused the request.
    Refused,
    /// The API was not reached, or sent no usable response.
    Transport,
    /// Some of the data was received, and printed.
    Partial,
    /// The command ran, and its check failed.
    AnswerNo,
    /// Another process has the history.
    Busy,
    /// Interrupted from the keyboard.
    Interrupted,
}

/// The conclusion a command draws from what it has received or checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conclusion {
    /// The data is shown and not judged.
    Shown,
    /// Every limit is kept, every check agrees.
    Pass,
    /// A limit is exceeded, a check differs.
    Fail,
    /// Data is missing that could decide it.
    Unknown,
}

impl Conclusion {
    /// Returns the conclusion of a check that always decides.
    pub(crate) fn of_check(has_passed: bool) -> Self {
        if has_passed { Self::Pass } else { Self::Fail }
    }
}

impl From<Conclusion> for ExitStatus {
    fn from(conclusion: Conclusion) -> Self {
        match conclusion {
            Conclusion::Shown | Conclusion::Pass => Self::Done,
            Conclusion::Fail => Self::AnswerNo,
            Conclusion::Unknown => Self::Partial,
        }
    }
}

impl ExitStatus {
    /// Returns the exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Configuration => 3,
            Self::Refused => 4,
            Self::Transport => 5,
            Self::Partial => 6,
            Self::AnswerNo => 7,
            Self::Busy => 75,
            Self::Interrupted => 130,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}
