//! Errors of a source that is configured but has no credentials.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::content_problem::{ContentProblem, error_kind};
use crate::environment::UnreadableVariable;
use crate::exchange::ExchangeError;
use crate::key_problem::KeyProblem;
use crate::process_failure::ProcessFailure;

/// The reason a configured source has no credentials.
///
/// Messages name files, lines, keys and variables, never a value.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// The command line of the external process is invalid: correct it.
    #[error("the command of the external process cannot be run: {0}")]
    CommandLine(CommandProblem),

    /// A request to a service that hands out temporary credentials failed.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),

    /// The keys cannot be right, so nothing is sent with them: correct them where they stand.
    #[error(transparent)]
    Keys(#[from] KeyProblem),

    /// The session has ended: run the command to log in again.
    #[error("the login in {} has expired; log in again with `{command}`", .path.display())]
    LoginExpired {
        /// The cache file.
        path: PathBuf,
        /// The expiry in Unix seconds.
        expired: i64,
        /// The `ve` command that logs in again.
        command: String,
    },

    /// There is no session: run the command to log in.
    #[error("{} does not exist or holds no session; log in with `{command}`", .path.display())]
    LoginMissing {
        /// The cache file.
        path: PathBuf,
        /// The `ve` command that logs in.
        command: String,
    },

    /// A file is invalid: correct the line.
    #[error("{place}: {problem}")]
    Malformed {
        /// The place in the file.
        place: Place,
        /// The problem.
        problem: ContentProblem,
    },

    /// A key that the profile's mode needs is missing or empty: add it.
    #[error("{place} is missing or empty; {needed_by} needs it")]
    MissingKey {
        /// The place of the missing key.
        place: Place,
        /// The mode or profile that needs it, such as `mode oidc`.
        needed_by: String,
    },

    /// The external process printed no credentials: run it by hand to see why.
    #[error("external process {program} {failure}")]
    Process {
        /// The program, without its arguments.
        program: String,
        /// The reason.
        failure: ProcessFailure,
    },

    /// The external process printed something other than credentials: correct the program.
    #[error("external process {program} printed unusable output: {problem}")]
    ProcessAnswer {
        /// The program, without its arguments.
        program: String,
        /// The problem with its output.
        problem: ContentProblem,
    },

    /// There is no profile of this name: choose one of those in the file.
    #[error("{} has no profile {profile}; known profiles: {}", .path.display(), list(.known))]
    UnknownProfile {
        /// The file.
        path: PathBuf,
        /// The profile that was asked for.
        profile: String,
        /// The profiles there are.
        known: Vec<String>,
    },

    /// A file cannot be read: check its permissions.
    #[error("{} cannot be read: {}", .path.display(), error_kind(*.kind))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The kind of the error.
        kind: io::ErrorKind,
    },

    /// A variable that counts is not UTF-8: set it again.
    #[error(transparent)]
    UnreadableVariable(#[from] UnreadableVariable),

    /// A variable has an invalid value: correct it.
    #[error("{variable}: {problem}")]
    Variable {
        /// Its name.
        variable: &'static str,
        /// The problem with its value.
        problem: ContentProblem,
    },
}

impl SourceError {
    pub(crate) fn malformed(place: Place, problem: ContentProblem) -> Self {
        Self::Malformed { place, problem }
    }

    /// True when no other source may take this one's place: somebody set up these keys, and others
    /// would be another account's.
    pub fn ends_search(&self) -> bool {
        matches!(self, Self::Keys(_) | Self::UnreadableVariable(_))
    }

    /// The file that the message begins with.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::LoginMissing { path, .. }
            | Self::UnknownProfile { path, .. }
            | Self::Unreadable { path, .. } => Some(path),
            Self::Malformed { place, .. } | Self::MissingKey { place, .. } => Some(&place.path),
            Self::CommandLine(_)
            | Self::Exchange(_)
            | Self::Keys(_)
            | Self::LoginExpired { .. }
            | Self::Process { .. }
            | Self::ProcessAnswer { .. }
            | Self::UnreadableVariable(_)
            | Self::Variable { .. } => None,
        }
    }

    /// A short name of the kind that does not change, for machines.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::CommandLine(_) => "command-line",
            Self::Exchange(_) => "exchange",
            Self::Keys(_) => "keys",
            Self::LoginExpired { .. } => "login-expired",
            Self::LoginMissing { .. } => "login-missing",
            Self::Malformed { .. } => "malformed",
            Self::MissingKey { .. } => "missing-key",
            Self::Process { .. } => "process",
            Self::ProcessAnswer { .. } => "process-answer",
            Self::UnknownProfile { .. } => "unknown-profile",
            Self::Unreadable { .. } => "unreadable",
            Self::UnreadableVariable(_) => "unreadable-variable",
            Self::Variable { .. } => "variable",
        }
    }
}

/// The reason a command line cannot be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandProblem {
    /// It names no program.
    #[error("there is no program in it")]
    NoProgram,
    /// It opens a quote and does not close it.
    #[error("a quote is not closed")]
    OpenQuote,
}

/// A spot in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// The key, with those that lead to it: `profiles.prod.role-name`.
    pub key: Option<String>,
}

impl Place {
    pub(crate) fn line(path: &Path, line: usize) -> Self {
        Self { path: path.into(), line: Some(line), key: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, " line {line}")?;
        }
        match &self.key {
            Some(key) => write!(f, ", key {key}"),
            None => Ok(()),
        }
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
