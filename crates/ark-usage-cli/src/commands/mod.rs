//! What happens: one file per command.

mod asking;
mod budget;
mod call;
mod completions;
mod config;
mod conformance;
mod doctor;
mod emulate;
mod explain;
mod get;
mod identity;
mod judgement;
mod man;
mod reconcile;
mod refusal;
mod report;
mod sign;
mod statusline;
mod verify;

pub(crate) use asking::Asked;

use std::io::IsTerminal as _;
use std::sync::OnceLock;

use crate::args::{Cli, Command, GlobalArgs};
use crate::clock::ProgramClock;
use crate::config::Config;
use crate::error::CliError;
use crate::exit_status::ExitStatus;
use crate::lang::{Lang, Text};
use crate::output::{self, Output};
use crate::progress::ProgressLine;
use crate::range::parse_now;
use crate::record::Tape;
use crate::screen::Screen;
use crate::text;
use volc_credentials::Environment;

/// What every command works with.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) clock: ProgramClock,
    pub(crate) environment: &'a Environment,
    /// Whether what is sent is recorded or replayed.
    pub(crate) tape: Tape,
    /// What people read.
    pub(crate) lang: Lang,
    /// Shows how far a query is.
    pub(crate) progress: ProgressLine,
    global: &'a GlobalArgs,
    /// Notes are for those only who want to know everything.
    hushed: bool,
    config: OnceLock<Config>,
}

impl Context<'_> {
    /// The program's own configuration, read when a command first wants it: `doctor error` explains
    /// codes whatever is wrong with the file.
    pub(crate) fn config(&self) -> Result<&Config, CliError> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let config = match self.tape.replayed() {
            Some(header) => Config::of_recording(header)?,
            None => Config::load(self.environment)?,
        };
        Ok(self.config.get_or_init(|| config))
    }

    /// Waits for what a command has to wait for.
    pub(crate) fn block_on<T>(
        &self,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        let runtime = runtime()?;
        // On the heap, because each future that holds another one is twice as large.
        let done = runtime.block_on(self.tape.drive(Box::pin(future)));
        // A name that is still being looked up must not keep an interrupted program waiting.
        runtime.shutdown_background();
        done
    }

    /// Waits for what has nothing to show before its end: Ctrl-C ends it at once.
    pub(crate) async fn unless_interrupted<T>(
        &self,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        tokio::select! {
            biased;
            () = self.tape.interrupted() => Err(CliError::interrupted()),
            done = future => done,
        }
    }

    /// Tells people what they should know, unless they asked for quiet.
    pub(crate) fn note(&self, line: impl Into<Text>) {
        if !self.global.quiet && !self.hushed {
            self.say(line);
        }
    }

    /// Tells people who asked to know everything.
    pub(crate) fn detail(&self, line: impl Into<Text>) {
        if self.global.verbose > 0 {
            self.say(line);
        }
    }

    /// Whether people asked to know everything.
    pub(crate) fn is_verbose(&self) -> bool {
        self.global.verbose > 0
    }

    /// Whether people asked twice to know everything.
    pub(crate) fn tells_headers(&self) -> bool {
        self.global.verbose > 1
    }

    /// What a table is shown on that goes there.
    pub(crate) fn screen(&self, output: &Output) -> Screen {
        Screen::of(output, self.global.color.unwrap_or_default(), self.environment)
    }

    /// Tells people what even those who asked for quiet must know.
    pub(crate) fn say(&self, line: impl Into<Text>) {
        self.progress.aside(|| output::note(line.into().in_lang(self.lang)));
    }
}

/// Runs the command.
pub(crate) fn run(
    cli: &Cli,
    environment: &Environment,
    lang: Lang,
) -> Result<ExitStatus, CliError> {
    cli.global.check()?;
    let now = cli.global.now.as_deref().map(parse_now).transpose()?;
    let tape = Tape::new(cli.command.recording(), now)?;
    // A recording holds all that counted; what this machine says must not change it.
    let nothing = Environment::new();
    let context = Context {
        clock: tape.clock(ProgramClock::new(now)),
        environment: if tape.replayed().is_some() { &nothing } else { environment },
        tape,
        lang,
        progress: ProgressLine::new(
            !matches!(cli.command, Command::Statusline(_))
                && shows_progress(&cli.global, environment),
            lang,
        ),
        global: &cli.global,
        hushed: matches!(cli.command, Command::Statusline(_)) && cli.global.verbose == 0,
        config: OnceLock::new(),
    };
    let status = match &cli.command {
        Command::Get(args) => get::run(args, &context),
        Command::Report(args) => report::run(args, &context),
        Command::Reconcile(args) => reconcile::run(args, &context),
        Command::Budget(args) => budget::run(args, &context),
        Command::Statusline(args) => statusline::run(args, &context),
        Command::Call(args) => call::run(args, &context),
        Command::Sign(args) => sign::run(args, &context),
        Command::Verify(args) => verify::run(args, &context),
        Command::Explain(args) => explain::run(args, &context),
        Command::Conformance(args) => conformance::run(args, &context),
        Command::Emulate(args) => emulate::run(args, &context),
        Command::Doctor(args) => doctor::run(args, &context),
        Command::Config(args) => config::run(args, &context),
        Command::Completions(args) => completions::run(args, &context),
        Command::Man(args) => man::run(args, &context),
    }?;
    context.tape.close()?;
    Ok(status)
}

/// A line that is drawn again and again is for those who watch.
fn shows_progress(global: &GlobalArgs, environment: &Environment) -> bool {
    let able = environment.get("TERM").is_none_or(|term| term != "dumb");
    !global.quiet && global.verbose == 0 && able && std::io::stderr().is_terminal()
}

/// One thread is plenty: the program waits for sockets, it does not compute.
fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        CliError::internal(text!(
            "the program could not start its event loop",
            "程序无法启动事件循环"
        ))
        .with_source(error)
    })
}
