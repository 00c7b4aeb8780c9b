//! `ark-usage completions`: completion scripts for shells.

use clap::Command;

use crate::args::{CompletionsArgs, full_command};
use crate::context::Context;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::output;

/// The program name.
const PROGRAM: &str = "ark-usage";

/// Prints the script, generated from the definition arguments are parsed with.
pub(crate) fn run(args: &CompletionsArgs, context: &Context<'_>) -> Result<ExitStatus, CliError> {
    let mut program = with_values(full_command(context.lang));
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, PROGRAM, &mut script);
    output::write_stdout(mended(&String::from_utf8_lossy(&script)).as_bytes())?;
    Ok(ExitStatus::Done)
}

/// Shows the values that help hides because its text names them; a shell has no such text.
fn with_values(command: Command) -> Command {
    command.mut_args(|arg| arg.hide_possible_values(false)).mut_subcommands(with_values)
}

/// Mends the script for bash: `clap_complete` 4.6 writes a program name with a hyphen in two ways, and
/// no flags would be found.
fn mended(script: &str) -> String {
    script.replace("ark__subcmd__usage", "ark__usage")
}
