//! Developer commands: `cargo xtask help` lists them. One file per command, each with a `run`.

mod ci;
mod failure;
mod features;
mod help;
mod lint;
mod packages;
mod shell;
mod test;
mod workspace;

use std::process::ExitCode;

use failure::Failure;

/// One developer command.
struct Command {
    name: &'static str,
    summary: &'static str,
    run: fn() -> Result<(), Failure>,
}

/// Every command, in the order in which `cargo xtask help` lists them.
const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        summary: "every test: the workspace, its documentation, the consumer outside it",
        run: test::run,
    },
    Command {
        name: "features",
        summary: "each crate alone, with no, default, single and all features",
        run: features::run,
    },
    Command {
        name: "lint",
        summary: "formatting, clippy, documentation, packages and tidiness; warnings are errors",
        run: lint::run,
    },
    Command {
        name: "ci",
        summary: "lint, features, test: what has to pass before a change goes in",
        run: ci::run,
    },
    Command { name: "help", summary: "this list", run: help::run },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            shell::say(&format!("\n{failure}"));
            failure.exit_code()
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<(), Failure> {
    let name = match arguments {
        [] => return help::run(),
        [name] if name == "-h" || name == "--help" => return help::run(),
        [name] => name,
        [name, extra, ..] => {
            return Err(Failure::usage(format!("`cargo xtask {name}` takes no `{extra}`")));
        }
    };
    let command = COMMANDS.iter().find(|command| command.name == name.as_str());
    let command =
        command.ok_or_else(|| Failure::usage(format!("there is no `cargo xtask {name}`")))?;
    (command.run)()
}
