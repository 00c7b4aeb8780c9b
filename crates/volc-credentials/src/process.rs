//! Credentials printed by another program.

mod command_line;
mod os;

use std::fmt;

use serde::Deserialize;
use volc_openapi::utf8_text;

pub(crate) use self::command_line::CommandLine;
pub use self::os::OsProcesses;
use crate::content_problem::ContentProblem;
use crate::error::SourceError;
use crate::process_failure::ProcessFailure;
use crate::temporary::{self, KeyFields, Temporary};

/// Programs that are run to print credentials.
pub trait Processes: Send + Sync {
    /// Runs a program to its end and returns its standard output.
    ///
    /// # Errors
    ///
    /// The program could not be started, took too long, printed too much or said that it failed.
    fn run(&self, program: &str, arguments: &[String]) -> Result<Vec<u8>, ProcessFailure>;
}

/// The command line of an external process.
///
/// [The crate's documentation](crate#external-processes) says how it is split. `Debug` shows its
/// first word only: arguments may hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct ProcessCommand(String);

impl ProcessCommand {
    /// Takes the command line as it was written; whether it can be run shows when it is.
    pub fn new(command: impl Into<String>) -> Self {
        Self(command.into())
    }

    /// The command line as it was written.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The program and its arguments.
    ///
    /// # Errors
    /// [`SourceError::CommandLine`] when there is no program in it, or a quote is not closed.
    pub fn split(&self) -> Result<(String, Vec<String>), SourceError> {
        CommandLine::split(&self.0).map(|command| (command.program, command.arguments))
    }
}

impl fmt::Debug for ProcessCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = CommandLine::split(&self.0).map(|command| command.program);
        f.debug_tuple("ProcessCommand").field(&program.unwrap_or_default()).finish_non_exhaustive()
    }
}

/// Runs the command and reads the JSON it prints.
pub(crate) fn run(
    processes: &dyn Processes,
    command: &str,
    now: i64,
) -> Result<Temporary, SourceError> {
    let command = CommandLine::split(command)?;
    let program = || command.program.clone();
    let output = processes
        .run(&command.program, &command.arguments)
        .map_err(|failure| SourceError::Process { program: program(), failure })?;
    let answer = |problem| SourceError::ProcessAnswer { program: program(), problem };

    // A program written for Windows prints a byte order mark, or UTF-16.
    let output = utf8_text(&output).map_err(|problem| answer(ContentProblem::Encoding(problem)))?;
    let printed: Printed =
        serde_json::from_str(output).map_err(|_| answer(temporary::diagnose(output.as_bytes())))?;
    if printed.version.is_some_and(|version| version != 1) {
        return Err(answer(ContentProblem::Version));
    }
    let temporary = Temporary::try_from(printed.fields).map_err(answer)?;
    match temporary.expires {
        Some(expires) if expires <= now => Err(answer(ContentProblem::Expired)),
        _ => Ok(temporary),
    }
}

/// The output of the program: the fields of STS, and optionally `Version` 1.
#[derive(Deserialize)]
struct Printed {
    #[serde(rename = "Version")]
    version: Option<i64>,
    #[serde(flatten)]
    fields: KeyFields,
}
