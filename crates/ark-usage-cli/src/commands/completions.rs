//! `ark-usage completions`: what a shell offers behind the Tab key.

use super::Context;
use crate::args::CompletionsArgs;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::lang;
use crate::output;

/// The name that is completed.
const PROGRAM: &str = "ark-usage";

/// Prints the script, written from the same definition that arguments are read by.
pub(crate) fn run(args: &CompletionsArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let mut program = lang::help::command(context.lang)?;
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, PROGRAM, &mut script);
    output::write_stdout(&script)?;
    Ok(ExitStatus::Done)
}
