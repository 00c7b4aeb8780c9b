//! `ark-usage completions` and `ark-usage man`

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// Print the completions of a shell.
#[derive(Args, Debug)]
#[command(before_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct CompletionsArgs {
    /// Whose: bash, zsh, fish, powershell or elvish
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    pub(crate) shell: Shell,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  ark-usage completions bash > ~/.local/share/bash-completion/completions/ark-usage
  ark-usage completions zsh > ~/.zfunc/_ark-usage         with ~/.zfunc in $fpath
  ark-usage completions fish > ~/.config/fish/completions/ark-usage.fish
  ark-usage completions powershell >> $PROFILE";

/// Print a manual page.
#[derive(Args, Debug)]
#[command(before_help = MAN_EXAMPLES)]
pub(crate) struct ManArgs {
    /// Of which command; of the whole program without one
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
    /// Write the pages of the program and of all commands into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) dir: Option<PathBuf>,
}

const MAN_EXAMPLES: &str = "\
Examples:
  ark-usage man get | man -l -                            read one page
  ark-usage man --dir ~/.local/share/man/man1             install all of them";
