//! The context every command runs in: clock, environment, language, recording and output to people.

use std::io::IsTerminal as _;
use std::sync::{LazyLock, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use ark_usage_render::Screen;
use ark_usage_report::text;
use ark_usage_transport::Clock as _;
use volc_credentials::Environment;

use crate::args::GlobalArgs;
use crate::clock::ProgramClock;
use crate::config::Config;
use crate::error::CliError;
use crate::interrupt::check_descriptors;
use crate::lang::{Lang, Text};
use crate::output::{self, Output};
use crate::progress::ProgressLine;
use crate::record::RecordMode;
use crate::screen;

/// The context of a command.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) clock: ProgramClock,
    pub(crate) environment: &'a Environment,
    /// The run's use of recordings.
    pub(crate) record_mode: RecordMode,
    /// The language of messages.
    pub(crate) lang: Lang,
    /// The progress line.
    pub(crate) progress: ProgressLine,
    global: &'a GlobalArgs,
    audience: Audience,
    /// Notes are only shown with `-v`.
    hides_notes: bool,
    /// Notes that are printed once something was received.
    held_notes: Mutex<Vec<Text>>,
    config: OnceLock<Config>,
}

/// The environment of a replay.
static NO_ENVIRONMENT: LazyLock<Environment> = LazyLock::new(Environment::new);

/// The reader of notes and progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A terminal or a file.
    Terminal,
    /// A shell prompt, which has no room for more than its line.
    Prompt,
    /// A mail of cron, which is sent if anything is printed at all.
    Mail,
}

impl<'a> Context<'a> {
    /// Returns the context; nothing is read or started yet.
    pub(crate) fn new(
        global: &'a GlobalArgs,
        audience: Audience,
        record_mode: RecordMode,
        environment: &'a Environment,
        lang: Lang,
        now: Option<jiff::Timestamp>,
    ) -> Self {
        let is_terminal = audience == Audience::Terminal;
        let has_progress = is_terminal && shows_progress(global, environment);
        Self {
            clock: record_mode.clock(now),
            // A replay must not depend on this machine.
            environment: if record_mode.replayed().is_some() {
                &NO_ENVIRONMENT
            } else {
                environment
            },
            record_mode,
            lang,
            progress: ProgressLine::new(has_progress, lang),
            global,
            audience,
            hides_notes: !is_terminal && global.verbose == 0,
            held_notes: Mutex::default(),
            config: OnceLock::new(),
        }
    }
}

impl Context<'_> {
    /// Returns the context of another run in the same process: its time limit counts from here, and its notes
    /// are only shown with `-v`.
    pub(crate) fn renewed(&self, record_mode: RecordMode) -> Context<'_> {
        let now = self.clock.is_frozen().then(|| self.clock.now());
        let audience = Audience::Mail;
        Context::new(self.global, audience, record_mode, self.environment, self.lang, now)
    }

    /// Returns the configuration, read on first use: `doctor error` works with an invalid file.
    pub(crate) fn config(&self) -> Result<&Config, CliError> {
        if let Some(config) = self.config.get() {
            return Ok(config);
        }
        let config = if let Some(header) = self.record_mode.replayed() {
            Config::of_recording(header)?
        } else {
            let config = Config::load(self.environment)?;
            if !self.global.allow_unsafe_config {
                config.check_owners(self.environment)?;
            }
            config
        };
        Ok(self.config.get_or_init(|| config))
    }

    /// Returns the environment as far as it decides on servers, keys and the network: nothing of it where
    /// nothing is sent.
    pub(crate) fn service_environment(&self) -> &Environment {
        if self.record_mode.is_offline() { &NO_ENVIRONMENT } else { self.environment }
    }

    /// Returns true if `--now` sets the time, here or in the run that is replayed.
    pub(crate) fn pretends_now(&self) -> bool {
        self.clock.is_frozen()
            || self.record_mode.replayed().is_some_and(|header| header.configured.pretends_now)
    }

    /// Runs a future to its end.
    pub(crate) fn block_on<T>(
        &self,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        let runtime = runtime()?;
        // On the heap: every future contains those it awaits.
        let result = runtime.block_on(self.record_mode.drive(Box::pin(future)));
        // A pending name lookup must not delay an interrupted program.
        runtime.shutdown_background();
        result
    }

    /// Runs a future that has nothing to show before its end, until `limit` has passed since the
    /// start of the program; `activity` names it in the error.
    pub(crate) async fn within<T>(
        &self,
        limit: Option<Duration>,
        activity: &Text,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        let late = async {
            match limit {
                Some(limit) => {
                    self.clock.sleep(limit.saturating_sub(self.clock.elapsed())).await;
                    Err(CliError::timed_out(limit, activity))
                }
                None => std::future::pending().await,
            }
        };
        let in_time = async {
            tokio::select! {
                biased;
                result = future => result,
                late = late => late,
            }
        };
        self.unless_interrupted(in_time).await
    }

    /// Runs a future that has nothing to show before its end; Ctrl-C ends it with an error.
    pub(crate) async fn unless_interrupted<T>(
        &self,
        future: impl Future<Output = Result<T, CliError>>,
    ) -> Result<T, CliError> {
        tokio::select! {
            biased;
            () = self.record_mode.interrupted() => Err(CliError::interrupted()),
            result = future => result,
        }
    }

    /// Prints a note, unless `--quiet` is set.
    pub(crate) fn note(&self, line: impl Into<Text>) {
        if !self.global.quiet && !self.hides_notes {
            self.say(line);
        }
    }

    /// Keeps a note, such as the range, until the first response or the next message: it must not precede the
    /// error of a run that has nothing to show. The log of `--verbose` begins with it.
    pub(crate) fn hold_note(&self, line: impl Into<Text>) {
        if self.is_verbose() {
            self.note(line);
        } else if !self.global.quiet && !self.hides_notes {
            self.held_notes.lock().unwrap_or_else(PoisonError::into_inner).push(line.into());
        }
    }

    /// Prints the notes that were kept.
    pub(crate) fn release_notes(&self) {
        let held =
            std::mem::take(&mut *self.held_notes.lock().unwrap_or_else(PoisonError::into_inner));
        for line in &held {
            self.print_line(line);
        }
    }

    /// Prints a warning, unless `--quiet` is set.
    pub(crate) fn warn(&self, message: &Text) {
        self.note(text!("warning: {message}", "警告：{message}"; message = message));
    }

    /// Prints a line even if `--quiet` is set, but not where a line is a mail: it is about data that is fine.
    pub(crate) fn remark(&self, line: impl Into<Text>) {
        if self.audience == Audience::Mail {
            self.note(line);
        } else {
            self.say(line);
        }
    }

    /// Prints a line if `--verbose` is set.
    pub(crate) fn detail(&self, line: impl Into<Text>) {
        if self.global.verbose > 0 {
            self.say(line);
        }
    }

    /// Returns true if `--verbose` is set.
    pub(crate) fn is_verbose(&self) -> bool {
        self.global.verbose > 0
    }

    /// Returns true if `--verbose` is set twice.
    pub(crate) fn shows_headers(&self) -> bool {
        self.global.verbose > 1
    }

    /// Returns the properties of the screen an output is shown on.
    pub(crate) fn screen(&self, output: &Output) -> Screen {
        screen::screen(output, self.global.color.unwrap_or_default(), self.environment)
    }

    /// Prints a line even if `--quiet` is set.
    pub(crate) fn say(&self, line: impl Into<Text>) {
        self.release_notes();
        self.print_line(&line.into());
    }

    fn print_line(&self, line: &Text) {
        self.progress.aside(|| output::note(line.in_lang(self.lang), self.lang));
    }
}

/// Returns true if a progress line can be drawn.
fn shows_progress(global: &GlobalArgs, environment: &Environment) -> bool {
    let is_capable = environment.get("TERM").is_none_or(|term| term != "dumb");
    !global.quiet && global.verbose == 0 && is_capable && std::io::stderr().is_terminal()
}

/// One thread is enough: the program waits for sockets.
fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    let build = || tokio::runtime::Builder::new_current_thread().enable_all().build();
    // Queries need some for sockets, the demo twice as many.
    check_descriptors(12).and_then(|()| build()).map_err(|error| {
        CliError::internal(text!("the event loop could not be started", "无法启动事件循环"))
            .with_source(error)
            .with_hint(text!(
                "raise the limit of open files, as in `ulimit -n 256`",
                "请提高可打开文件数的上限，例如 `ulimit -n 256`"
            ))
    })
}
