//! What happens: one file per command.

mod call;
mod doctor;
mod emulate;
mod explain;
mod get;
mod identity;
mod judgement;
mod refusal;
mod sign;
mod verify;

use std::sync::OnceLock;

use crate::args::{Cli, Command, GlobalArgs};
use crate::clock::ProgramClock;
use crate::config::Config;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::output;
use crate::range::parse_now;
use volc_credentials::Environment;

/// What every command works with.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) clock: ProgramClock,
    pub(crate) environment: &'a Environment,
    global: &'a GlobalArgs,
    config: OnceLock<Config>,
}

impl Context<'_> {
    /// The program's own configuration, read when a command first wants it: `doctor error` explains
    /// codes whatever is wrong with the file.
    pub(crate) fn config(&self) -> Result<&Config, CliError> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let config = Config::load(self.environment)?;
        Ok(self.config.get_or_init(|| config))
    }

    /// Tells people what they should know, unless they asked for quiet.
    pub(crate) fn note(&self, line: &str) {
        if !self.global.quiet {
            output::note(line);
        }
    }

    /// Tells people who asked to know everything.
    pub(crate) fn detail(&self, line: &str) {
        if self.global.verbose {
            output::note(line);
        }
    }
}

/// Runs the command.
pub(crate) fn run(cli: &Cli, environment: &Environment) -> Result<ExitStatus, CliError> {
    let now = cli.global.now.as_deref().map(parse_now).transpose()?;
    let clock = ProgramClock::new(now);
    let context = Context { clock, environment, global: &cli.global, config: OnceLock::new() };
    match &cli.command {
        Command::Get(args) => get::run(args, &context),
        Command::Call(args) => call::run(args, &context),
        Command::Sign(args) => sign::run(args, &context),
        Command::Verify(args) => verify::run(args, &context),
        Command::Explain(args) => explain::run(args, &context),
        Command::Emulate(args) => emulate::run(args, &context),
        Command::Doctor(args) => doctor::run(args),
    }
}

/// One thread is plenty: the program waits for sockets, it does not compute.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        CliError::internal("the program could not start its event loop").with_source(error)
    })
}
