//! What the exit code says; `docs/exit-codes.md` has the table, with one test a row.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Everything asked for was done.
    Done,
    /// A fault of the program or of the machine it runs on.
    Internal,
    /// The arguments do not make sense; nothing was sent.
    Usage,
    /// Configuration or credentials are missing or wrong; nothing was sent.
    Configuration,
    /// The API was reached and refused.
    Refused,
    /// The API was not reached, or no usable answer came.
    Transport,
    /// Some of the answer came, and it was printed.
    Partial,
    /// The command ran, and its answer is no.
    AnswerNo,
    /// Interrupted from the keyboard.
    Interrupted,
}

impl ExitStatus {
    /// The number the shell sees.
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
            Self::Interrupted => 130,
        }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}
