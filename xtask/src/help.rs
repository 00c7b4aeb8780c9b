//! `cargo xtask help`: the commands, one line each.

use crate::COMMANDS;
use crate::failure::Failure;
use crate::shell::say;

#[expect(clippy::unnecessary_wraps, reason = "a command like the others")]
pub(crate) fn run() -> Result<(), Failure> {
    say("cargo xtask COMMAND, where COMMAND is one of");
    for command in COMMANDS {
        say(&format!("  {:<10}{}", command.name, command.summary));
    }
    Ok(())
}
