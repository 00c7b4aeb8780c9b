//! Developer commands: `cargo xtask help` lists them. One file per command, each with a `run`.

mod bench;
mod ci;
mod deny;
mod dist;
mod docs;
mod engines;
mod failure;
mod features;
mod fuzz;
mod help;
mod interop;
mod lint;
mod packages;
mod places;
mod promtool;
mod remote_write;
mod report_check;
mod shell;
mod simulate;
mod test;
mod wasm;
mod workspace;

use std::process::ExitCode;

use failure::Failure;

/// One developer command.
struct Command {
    name: &'static str,
    summary: &'static str,
    run: Run,
}

/// A command's action.
enum Run {
    /// It takes no arguments.
    Plain(fn() -> Result<(), Failure>),
    /// It takes what stands behind its name.
    With(fn(&[String]) -> Result<(), Failure>),
}

/// Every command, in the order in which `cargo xtask help` lists them.
const COMMANDS: &[Command] = &[
    Command {
        name: "test",
        summary: "every test: the workspace, its documentation, the consumer outside it",
        run: Run::Plain(test::run),
    },
    Command {
        name: "simulate",
        summary: "the query machine over any number of seeded schedules; --seeds N, --replay SEED -v",
        run: Run::With(simulate::run),
    },
    Command {
        name: "bench",
        summary: "a bench beside its peers: bench sign --json FILE; alone it says which there are",
        run: Run::With(bench::run),
    },
    Command {
        name: "interop",
        summary: "the vendor's own Python and Node SDKs as clients and judges; needs python3, node, npm",
        run: Run::With(interop::run),
    },
    Command {
        name: "report-check",
        summary: "the report page in headless Chromium, on phone and desktop; --pictures DIR keeps them",
        run: Run::With(report_check::run),
    },
    Command {
        name: "promtool",
        summary: "what `-f openmetrics` writes, linted and imported by Prometheus' own tool",
        run: Run::Plain(promtool::run),
    },
    Command {
        name: "engines",
        summary: "DuckDB, ClickHouse and Spark on exported files; --required: none may be skipped",
        run: Run::With(engines::run),
    },
    Command {
        name: "remote-write",
        summary: "what `history push` sends, summed by Prometheus and VictoriaMetrics; --required fails without",
        run: Run::With(remote_write::run),
    },
    Command {
        name: "fuzz",
        summary: "a fuzz target, with cargo-fuzz: fuzz TARGET --seconds N; alone it says which there are",
        run: Run::With(fuzz::run),
    },
    Command {
        name: "features",
        summary: "each crate alone, with no, default, single and all features; the pure ones on wasm",
        run: Run::Plain(features::run),
    },
    Command {
        name: "dist",
        summary: "the release archive, with completions and manual pages, under target/dist",
        run: Run::Plain(dist::run),
    },
    Command {
        name: "docs",
        summary: "rewrite transcripts and pictures in the documents from what the program prints",
        run: Run::Plain(docs::run),
    },
    Command {
        name: "lint",
        summary: "formatting, clippy, documentation, packages and tidiness; warnings are errors",
        run: Run::Plain(lint::run),
    },
    Command {
        name: "package",
        summary: "each crate built from what would be published of it",
        run: Run::Plain(packages::build),
    },
    Command {
        name: "deny",
        summary: "cargo-deny, where it is installed: licences, bans, sources, advisories",
        run: Run::Plain(deny::run),
    },
    Command {
        name: "ci",
        summary: "lint, features, package, test: what has to pass before a change goes in",
        run: Run::Plain(ci::run),
    },
    Command { name: "help", summary: "this list", run: Run::Plain(help::run) },
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
    let Some((name, rest)) = arguments.split_first() else { return help::run() };
    if name == "-h" || name == "--help" {
        return help::run();
    }
    let command = COMMANDS.iter().find(|command| command.name == name.as_str());
    let command =
        command.ok_or_else(|| Failure::usage(format!("there is no `cargo xtask {name}`")))?;
    match (&command.run, rest) {
        (Run::With(run), rest) => run(rest),
        (Run::Plain(run), []) => run(),
        (Run::Plain(_), [extra, ..]) => {
            Err(Failure::usage(format!("`cargo xtask {name}` takes no `{extra}`")))
        }
    }
}
