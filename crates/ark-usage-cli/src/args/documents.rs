//! `ark-usage completions` and `ark-usage man`

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use crate::lang::say;

/// Arguments of `completions`.
#[derive(Args, Debug)]
#[command(before_help = completions_examples())]
pub(crate) struct CompletionsArgs {
    #[arg(
        value_name = "SHELL",
        hide_possible_values = true,
        help = say(
            "Shell: bash, zsh, fish, powershell or elvish",
            "shell：bash、zsh、fish、powershell 或 elvish",
        ),
    )]
    pub(crate) shell: Shell,
}

fn completions_examples() -> &'static str {
    say(
        "\
Examples:
  ark-usage completions bash \\
    > ~/.local/share/bash-completion/completions/ark-usage
  ark-usage completions zsh > ~/.zfunc/_ark-usage   ~/.zfunc is in $fpath
  ark-usage completions fish > ~/.config/fish/completions/ark-usage.fish
  ark-usage completions powershell >> $PROFILE",
        "\
示例：
  ark-usage completions bash \\
    > ~/.local/share/bash-completion/completions/ark-usage
  ark-usage completions zsh > ~/.zfunc/_ark-usage   ~/.zfunc 需在 $fpath 中
  ark-usage completions fish > ~/.config/fish/completions/ark-usage.fish
  ark-usage completions powershell >> $PROFILE",
    )
}

/// Arguments of `man`.
#[derive(Args, Debug)]
#[command(before_help = man_examples())]
pub(crate) struct ManArgs {
    #[arg(
        value_name = "COMMAND",
        help = say(
            "Command of the page [default: the whole program]",
            "该页所属的命令 [默认：整个程序]",
        ),
    )]
    pub(crate) command: Vec<String>,
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with = "command",
        help = say(
            "Write all pages into this folder",
            "把全部手册页写入该目录",
        ),
    )]
    pub(crate) dir: Option<PathBuf>,
}

fn man_examples() -> &'static str {
    say(
        "\
Examples:
  ark-usage man get | man -l -                            read one page
  ark-usage man --dir .                                   write all pages here",
        "\
示例：
  ark-usage man get | man -l -                            阅读一页
  ark-usage man --dir .                                   把全部手册页写入当前目录",
    )
}
