//! `ark-usage completions`: what a shell offers behind the Tab key.

use clap::Command;

use crate::args::{CompletionsArgs, full_command};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::output;

/// The name that is completed.
const PROGRAM: &str = "ark-usage";

/// Prints the script, written from the same definition that arguments are read by.
pub(crate) fn run(args: &CompletionsArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let mut program = with_values(full_command(context.lang));
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, PROGRAM, &mut script);
    output::write_stdout(mended(&String::from_utf8_lossy(&script)).as_bytes())?;
    Ok(ExitStatus::Done)
}

/// Help leaves out values that its text names already; a shell has no such text.
fn with_values(command: Command) -> Command {
    command.mut_args(|arg| arg.hide_possible_values(false)).mut_subcommands(with_values)
}

/// `clap_complete` 4.6 writes the name of a program with a hyphen in two ways into bash's script, so
/// that no command's flags would be found.
fn mended(script: &str) -> String {
    script.replace("ark__subcmd__usage", "ark__usage")
}
