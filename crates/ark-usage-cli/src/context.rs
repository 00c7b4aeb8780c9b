//! The context every command runs in: clock, environment, language, recording and output to people.

use std::io::IsTerminal as _;
use std::sync::{LazyLock, OnceLock};

use volc_credentials::Environment;
use volc_openapi::strip_control;

use crate::args::GlobalArgs;
use crate::clock::ProgramClock;
use crate::config::Config;
use crate::error::CliError;
use crate::lang::{Lang, Text};
use crate::output::{self, Output};
use crate::progress::ProgressLine;
use crate::record::RecordMode;
use crate::render::Screen;
use crate::{screen, text};

/// What every command works with.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) clock: ProgramClock,
    pub(crate) environment: &'a Environment,
    /// How the run uses recordings.
    pub(crate) record_mode: RecordMode,
    /// What people read.
    pub(crate) lang: Lang,
    /// Shows how far a query is.
    pub(crate) progress: ProgressLine,
    global: &'a GlobalArgs,
    /// Notes are for those only who want to know everything.
    hushed: bool,
    config: OnceLock<Config>,
}

/// The environment of a replay.
static NO_ENVIRONMENT: LazyLock<Environment> = LazyLock::new(Environment::new);

/// Where notes and progress are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Somebody waits for the command.
    Terminal,
    /// A shell prompt, which has no room for more than its line.
    Prompt,
}

impl<'a> Context<'a> {
    /// Nothing is read or started yet.
    pub(crate) fn new(
        global: &'a GlobalArgs,
        audience: Audience,
        record_mode: RecordMode,
        environment: &'a Environment,
        lang: Lang,
        now: Option<jiff::Timestamp>,
    ) -> Self {
        let is_prompt = audience == Audience::Prompt;
        let has_progress = !is_prompt && shows_progress(global, environment);
        Self {
            clock: record_mode.clock(now),
            // A recording holds all that counted; what this machine says must not change it.
            environment: if record_mode.replayed().is_some() {
                &NO_ENVIRONMENT
            } else {
                environment
            },
            record_mode,
            lang,
            progress: ProgressLine::new(has_progress, lang),
            global,
            hushed: is_prompt && global.verbose == 0,
            config: OnceLock::new(),
        }
    }
}

impl Context<'_> {
    /// The program's own configuration, read when a command first wants it: `doctor error` explains
    /// codes whatever is wrong with the file.
    pub(crate) fn config(&self) -> Result<&Config, CliError> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let config = match self.record_mode.replayed() {
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
        let done = runtime.block_on(self.record_mode.drive(Box::pin(future)));
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
            () = self.record_mode.interrupted() => Err(CliError::interrupted()),
            done = future => done,
        }
    }

    /// Tells people what they should know, unless they asked for quiet.
    pub(crate) fn note(&self, line: impl Into<Text>) {
        if !self.global.quiet && !self.hushed {
            self.say(line);
        }
    }

    /// Prints a warning, unless people asked for quiet.
    pub(crate) fn warn(&self, message: &Text) {
        self.note(Text::each(|lang| {
            let message = strip_control(message.in_lang(lang));
            text!("warning: {message}", "警告：{message}").in_lang(lang).to_owned()
        }));
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
        screen::screen(output, self.global.color.unwrap_or_default(), self.environment)
    }

    /// Tells people what even those who asked for quiet must know.
    pub(crate) fn say(&self, line: impl Into<Text>) {
        self.progress.aside(|| output::note(line.into().in_lang(self.lang)));
    }
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
