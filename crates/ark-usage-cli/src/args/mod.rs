//! The command line: one file per command, read by clap.

mod ask;
mod budget;
mod call;
mod config;
mod conformance;
mod doctor;
mod documents;
mod emulate;
mod flags;
mod get;
mod network;
mod prices;
mod query;
mod reconcile;
mod record;
mod report;
mod request;
mod sign;
mod standing;
mod statusline;
mod verify;
mod view;

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{
    Arg, ArgMatches, Args, CommandFactory as _, Error, FromArgMatches as _, Parser, Subcommand,
};

use crate::error::CliError;
use crate::lang::LangArg;
use crate::screen::ColorWhen;
use crate::text;

pub(crate) use ask::{AskArgs, ServerArgs};
pub(crate) use budget::{BudgetArgs, BudgetFormat};
pub(crate) use call::{CallArgs, CallMethod, QuestionArgs};
pub(crate) use config::{ConfigArgs, ConfigTopic, ShowArgs};
pub(crate) use conformance::ConformanceArgs;
pub(crate) use doctor::{DoctorArgs, DoctorTopic, ProbeArgs, ReportFormat, SubjectArgs};
pub(crate) use documents::{CompletionsArgs, ManArgs};
pub(crate) use emulate::EmulateArgs;
pub(crate) use flags::Flags;
pub(crate) use get::{ChartGlyphs, EndpointArgs, Format, GetArgs, OutputArgs};
pub(crate) use network::{NetworkArgs, TimeoutFlag};
pub(crate) use prices::PriceArgs;
pub(crate) use query::{HourEdge, QueryArgs};
pub(crate) use reconcile::{ReconcileArgs, ReconcileFormat};
pub(crate) use record::RecordArgs;
pub(crate) use report::{PageFormat, ReportArgs};
pub(crate) use request::RequestArgs;
pub(crate) use sign::{SignArgs, SignFormat, SigningArgs};
pub(crate) use standing::StandingArgs;
pub(crate) use statusline::StatuslineArgs;
pub(crate) use verify::{ExplainArgs, VerifyArgs, VerifyFormat};
pub(crate) use view::{CompareWith, ViewArgs};

/// How many tokens did we use on Volcengine Ark (火山方舟)?
#[derive(Debug, Parser)]
#[command(
    name = "ark-usage",
    version,
    about = "How many tokens did we use on Volcengine Ark (火山方舟): when, in which project, on which endpoint, in which scene?",
    before_help = EXAMPLES,
    after_help = "Exit codes: 0 done, 1 internal, 2 usage, 3 configuration or credentials, 4 the API refused,\n5 nothing came, 6 partial, 7 the answer is no, 130 interrupted.",
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// What the whole program goes by.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// What can be typed.
    ///
    /// Every command defines the flags of all commands for itself ([`Flags`]); clap would give them
    /// to each one, whether it is chosen or not.
    pub(crate) fn definition() -> clap::Command {
        Self::command().mut_args(|arg| arg.global(false))
    }

    /// What was typed.
    pub(crate) fn read(arguments: &[OsString]) -> Result<Self, Error> {
        let mut command = Self::definition();
        let mut matches = command.try_get_matches_from_mut(arguments)?;
        if let Some(lost) = lost(&command, &matches) {
            return Err(lost);
        }
        let cli = Self::from_arg_matches_mut(&mut matches);
        let mut cli = cli.map_err(|error| error.format(&mut command))?;
        cli.global.add(cli.command.global());
        Ok(cli)
    }
}

/// An option of a command that stands before one of the command's own, where it would be silently
/// without effect. Those of all commands may stand anywhere.
fn lost(command: &clap::Command, matches: &ArgMatches) -> Option<Error> {
    let (name, given) = matches.subcommand()?;
    let (topic, _) = given.subcommand()?;
    let defined = command.find_subcommand(name)?;
    let is_given = |arg: &&Arg| {
        let source = given.value_source(arg.get_id().as_str());
        !arg.is_global_set() && source == Some(ValueSource::CommandLine)
    };
    let arg = defined.get_arguments().find(is_given)?;
    let mut error = Error::new(ErrorKind::ArgumentConflict).with_cmd(defined);
    error.insert(ContextKind::InvalidSubcommand, ContextValue::String(topic.to_owned()));
    error.insert(ContextKind::PriorArg, ContextValue::String(arg.to_string()));
    let mut taken = defined.find_subcommand(topic)?.get_arguments();
    if taken.any(|it| it.get_id() == arg.get_id()) {
        let tip = format!("write it behind: {name} {topic} {arg}");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    Some(error)
}

const EXAMPLES: &str = "\
Examples:
  ark-usage get --demo --last 7d                 try it without keys, on made-up data
  ark-usage get --last 7d                        tokens of the last seven days
  ark-usage get --yesterday -i hour -f json      yesterday by the hour, for a program
  ark-usage call ListEndpoints --demo            any other action, as JSON
  ark-usage emulate                              the API on this machine, for tests";

/// Options every command takes, before its name or behind it. What language was chosen is read
/// before clap reads anything ([`choose`](crate::lang::choose)).
#[derive(Args, Debug)]
pub(crate) struct GlobalArgs {
    /// Take T as the current time (RFC 3339, unix seconds, or 20241119T021530Z)
    #[arg(
        long,
        global = true,
        value_name = "T",
        allow_hyphen_values = true,
        help_heading = "Global options"
    )]
    pub(crate) now: Option<String>,
    /// Say more on standard error: every call and every retry; -vv also headers and times
    #[arg(
        short,
        long,
        global = true,
        action = clap::ArgAction::Count,
        help_heading = "Global options",
        conflicts_with = "quiet"
    )]
    pub(crate) verbose: u8,
    /// Say nothing on standard error but errors
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub(crate) quiet: bool,
    /// Colours: auto (on a terminal), always or never; NO_COLOR and CLICOLOR_FORCE count in auto
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        hide_possible_values = true,
        help_heading = "Global options"
    )]
    pub(crate) color: Option<ColorWhen>,
    /// Language of help, messages and tables: en or zh [default: as LC_ALL, LC_MESSAGES, LANG say]
    #[arg(
        long,
        global = true,
        value_name = "LANG",
        hide_possible_values = true,
        help_heading = "Global options"
    )]
    pub(crate) lang: Option<LangArg>,
}

impl GlobalArgs {
    /// What stands behind the command counts where both places say something.
    fn add(&mut self, behind: &Self) {
        self.now = behind.now.clone().or_else(|| self.now.take());
        self.verbose = behind.verbose.max(self.verbose);
        self.quiet |= behind.quiet;
        self.color = behind.color.or(self.color);
    }

    /// Refuses what clap sees only where both stand on the same side of the command.
    pub(crate) fn check(&self) -> Result<(), CliError> {
        if !(self.quiet && self.verbose > 0) {
            return Ok(());
        }
        Err(CliError::usage(text!(
            "--quiet: --verbose asks for the opposite",
            "--quiet：与 --verbose 相互矛盾"
        ))
        .with_hint(text!("leave out one of them", "请去掉其中一个")))
    }
}

/// The commands. Flags are defined once a command is chosen: to define all of all commands takes
/// as long as the rest of a call.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Ask Ark how many tokens were used
    Get(Flags<GetArgs>),
    /// Write a page with totals, pictures and tables that needs nothing else
    Report(Flags<ReportArgs>),
    /// Check that hours add up to days, and endpoints to projects
    Reconcile(Flags<ReconcileArgs>),
    /// Check usage of this day, week or month against limits
    Budget(Flags<BudgetArgs>),
    /// Print one line about usage, for a prompt or a status bar
    Statusline(Flags<StatuslineArgs>),
    /// Call any action of any service, and print the answer as JSON
    Call(Flags<CallArgs>),
    /// Sign a request without sending it: headers, a curl command, a URL, every stage
    Sign(Flags<SignArgs>),
    /// Check the signature of a request
    Verify(Flags<VerifyArgs>),
    /// Find out why a signature was refused
    Explain(Flags<ExplainArgs>),
    /// Test somebody's signer or verifier with what official SDKs sign
    Conformance(Flags<ConformanceArgs>),
    /// Imitate the API on this machine, for tests and demonstrations
    Emulate(Flags<EmulateArgs>),
    /// Find out what is wrong, and what to do about it
    Doctor(Flags<DoctorArgs>),
    /// Look at the configuration: every effective value, and where it comes from
    Config(Flags<ConfigArgs>),
    /// Print the completions of a shell: bash, zsh, fish, powershell
    Completions(Flags<CompletionsArgs>),
    /// Print a manual page, or write all of them into a folder
    Man(Flags<ManArgs>),
}

impl Command {
    /// The options of every command, as far as they stand behind it.
    fn global(&self) -> &GlobalArgs {
        match self {
            Self::Get(flags) => flags.global(),
            Self::Report(flags) => flags.global(),
            Self::Reconcile(flags) => flags.global(),
            Self::Budget(flags) => flags.global(),
            Self::Statusline(flags) => flags.global(),
            Self::Call(flags) => flags.global(),
            Self::Sign(flags) => flags.global(),
            Self::Verify(flags) => flags.global(),
            Self::Explain(flags) => flags.global(),
            Self::Conformance(flags) => flags.global(),
            Self::Emulate(flags) => flags.global(),
            Self::Doctor(flags) => flags.global(),
            Self::Config(flags) => flags.global(),
            Self::Completions(flags) => flags.global(),
            Self::Man(flags) => flags.global(),
        }
    }

    /// The flags about recording, of commands that have them: those whose answers hold no keys,
    /// which nobody can say of `call`.
    pub(crate) fn recording(&self) -> Option<&RecordArgs> {
        match self {
            Self::Get(args) => Some(&args.ask.whom.record),
            Self::Report(args) => Some(&args.ask.whom.record),
            Self::Reconcile(args) => Some(&args.ask.whom.record),
            Self::Budget(args) => Some(&args.standing.whom.record),
            Self::Statusline(args) => Some(&args.standing.whom.record),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Cli {
        let words: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        Cli::read(&words).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn what_every_command_takes_stands_before_its_name_or_behind_it() {
        let both = read("ark-usage -v --now 1 --color never get --demo -v --color always");
        assert_eq!((both.global.verbose, both.global.quiet), (1, false));
        assert_eq!(both.global.now.as_deref(), Some("1"));
        assert_eq!(both.global.color, Some(ColorWhen::Always));
        let before = read("ark-usage -vv get --demo");
        assert_eq!(before.global.verbose, 2);
    }

    #[test]
    fn commands_of_commands_take_it_too() {
        let deep = read("ark-usage config show --lang zh -v");
        assert_eq!(deep.global.verbose, 1);
        assert_eq!(read("ark-usage doctor -v probe --demo").global.verbose, 1);
        let between = read("ark-usage --quiet config --now 2 show");
        assert_eq!((between.global.quiet, between.global.now.as_deref()), (true, Some("2")));
    }

    #[test]
    fn an_option_that_a_command_of_a_command_would_not_see_is_refused() {
        let words = ["ark-usage", "doctor", "--demo", "probe"].map(OsString::from);
        let error = Cli::read(&words).unwrap_err().to_string();
        assert!(error.contains("'probe' cannot be used with '--demo'"), "{error}");
    }

    #[test]
    fn clap_finds_nothing_wrong_with_the_definition() {
        Cli::definition().debug_assert();
    }
}
