//! The command line: one file per command, read by clap.

mod account_state;
mod budget;
mod call;
mod config;
mod conformance;
mod doctor;
mod documents;
mod emulate;
mod filter;
mod flags;
mod get;
mod headings;
mod help;
mod history;
mod kept_usage;
mod mistyped;
mod mistyped_conflict;
mod mistyped_hint;
mod network;
mod plan;
mod prices;
mod push;
mod query;
mod quota;
mod range;
mod reconcile;
mod record;
mod report;
mod request;
mod serve;
mod server;
mod short_help;
mod sign;
mod statusline;
mod sync;
mod usage;
mod verify;
mod view;

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{
    Arg, ArgMatches, Args, CommandFactory as _, Error, FromArgMatches as _, Parser, Subcommand,
};

use crate::lang::{self, Lang, LangArg, say};
use crate::screen::ColorWhen;

pub(crate) use account_state::{AccountStateArgs, AccountStateFormat};
pub(crate) use budget::{BudgetArgs, BudgetFormat};
pub(crate) use call::{CallArgs, CallMethod, CallRequestArgs};
pub(crate) use config::{ConfigArgs, ConfigTopic, ShowArgs};
pub(crate) use conformance::ConformanceArgs;
pub(crate) use doctor::{DoctorArgs, DoctorTopic, ProbeArgs, ReportFormat, SubjectArgs};
pub(crate) use documents::{CompletionsArgs, ManArgs};
pub(crate) use emulate::EmulateArgs;
pub(crate) use filter::{EndpointArgs, FILTER_FLAGS, FilterArgs};
pub(crate) use flags::Flags;
pub(crate) use get::{ChartGlyphs, Format, GetArgs, OutputArgs};
pub(crate) use help::full_command;
pub(crate) use history::{
    BackupArgs, ExportArgs, ExportFormat, ForgetArgs, HistoryArgs, HistoryFileArgs, HistoryTopic,
    ImportArgs, RevisionsArgs, RevisionsFormat, StatusArgs,
};
pub(crate) use kept_usage::{KeptQuery, KeptUsageArgs};
pub(crate) use mistyped::mistyped_report;
pub(crate) use network::{NetworkArgs, TimeoutFlag};
pub(crate) use plan::PlanArgs;
pub(crate) use prices::PriceArgs;
pub(crate) use push::{PushArgs, ReceiverArgs};
pub(crate) use query::{HourEdge, QueryArgs, RetryArgs};
pub(crate) use quota::QuotaArgs;
pub(crate) use range::RangeArgs;
pub(crate) use reconcile::{ReconcileArgs, ReconcileFormat};
pub(crate) use record::RecordArgs;
pub(crate) use report::{PageFormat, ReportArgs};
pub(crate) use request::RequestArgs;
pub(crate) use serve::ServeArgs;
pub(crate) use server::{ProfileArgs, ServerArgs, SiteDaysArgs};
pub(crate) use sign::{NamedActionArgs, SignArgs, SignFormat, SigningArgs};
pub(crate) use statusline::{StatuslineArgs, StatuslineFormat};
pub(crate) use sync::SyncArgs;
pub(crate) use usage::{AccountArgs, ActionArgs, FixedRangeArgs, UsageArgs};
pub(crate) use verify::{ExplainArgs, VerifyArgs, VerifyFormat};
pub(crate) use view::{CompareWith, ViewArgs};

use server::{one_profile, sites};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "ark-usage",
    version,
    about = say(
        "Show token usage on Volcengine Ark by time, project, endpoint and scene",
        "查看火山方舟的 token 用量：按时间、项目、推理接入点和场景",
    ),
    help_template = TEMPLATE,
    before_help = examples(),
    after_long_help = say(
        "Exit codes: 0 success, 1 internal error, 2 invalid command line, 3 configuration or credentials,\n\
         4 refused by the API, 5 no data received, 6 partial data, 7 the check failed,\n\
         75 another sync is running, 130 interrupted",
        "退出码：0 成功，1 内部错误，2 用法错误，3 配置或密钥有误，4 被 API 拒绝，\n\
         5 没有收到数据，6 数据不完整，7 检查未通过，75 另一个同步正在运行，130 被中断",
    ),
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Description and usage come before the examples, which clap would put first.
const TEMPLATE: &str =
    "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}";

impl Cli {
    /// Returns the definition of the command line, with help in `lang`.
    ///
    /// Every command defines the global flags for itself ([`Flags`]); clap would give them to each
    /// command, whether it is chosen or not.
    pub(crate) fn definition(lang: Lang) -> clap::Command {
        lang::choose_help(lang);
        short_help::with_short_help(Self::command().mut_args(|arg| arg.global(false)), "")
    }

    /// Parses the command line.
    pub(crate) fn read(arguments: &[OsString], lang: Lang) -> Result<Self, Error> {
        let mut command = Self::definition(lang);
        let mut matches = command.try_get_matches_from_mut(arguments)?;
        if let Some(error) = misplaced(&command, &matches) {
            return Err(error);
        }
        let cli = Self::from_arg_matches_mut(&mut matches);
        let mut cli = cli.map_err(|error| error.format(&mut command))?;
        cli.global.add(cli.command.global());
        match cli.global.conflict() {
            Some(error) => Err(error.with_cmd(&command)),
            None => Ok(cli),
        }
    }
}

/// Returns the error of an option that precedes a subcommand of its command, where it would be
/// ignored silently. Global options may stand anywhere.
fn misplaced(command: &clap::Command, matches: &ArgMatches) -> Option<Error> {
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
    let mut accepted = defined.find_subcommand(topic)?.get_arguments();
    if accepted.any(|accepted| accepted.get_id() == arg.get_id()) {
        let tip = format!("write it after the subcommand: {name} {topic} {arg}");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    Some(error)
}

fn examples() -> &'static str {
    say(
        "\
Examples:
  ark-usage get --demo                           made-up data, no keys needed
  ark-usage get --last-week --by project         your own numbers
Keys come from VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY, or a profile.",
        "\
示例：
  ark-usage get --demo                           虚构数据，无需密钥
  ark-usage get --last-week --by project         您自己的数据
密钥取自 VOLCENGINE_ACCESS_KEY 和 VOLCENGINE_SECRET_KEY，或 profile。",
    )
}

/// Options of every command, before its name or after it. `--lang` is read before clap reads
/// anything ([`choose`](crate::lang::choose)).
#[derive(Args, Debug)]
pub(crate) struct GlobalArgs {
    #[arg(
        long,
        global = true,
        value_name = "T",
        allow_hyphen_values = true,
        help_heading = headings::global(),
        help = say(
            "Pretend that the current time is T: RFC 3339, unix seconds or 20241119T021530Z",
            "把 T 当作当前时间：RFC 3339、unix 秒数或 20241119T021530Z",
        ),
    )]
    pub(crate) now: Option<String>,
    #[arg(
        short,
        long,
        global = true,
        action = clap::ArgAction::Count,
        help_heading = headings::global(),
        conflicts_with = "quiet",
        help = say(
            "Log every call and retry; -vv adds headers and times",
            "输出每次调用与重试；-vv 还有请求头、响应头和用时",
        ),
        long_help = say(
            "Log every call and retry to standard error; -vv adds headers and times",
            "在标准错误输出每次调用与重试；-vv 还有请求头、响应头和用时",
        ),
    )]
    pub(crate) verbose: u8,
    #[arg(
        short,
        long,
        global = true,
        help_heading = headings::global(),
        help = say("Print nothing but errors to standard error", "标准错误只输出错误"),
    )]
    pub(crate) quiet: bool,
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        hide_possible_values = true,
        help_heading = headings::global(),
        help = say(
            "Use colors: auto, always or never [default: auto]",
            "颜色：auto、always 或 never [默认：auto]",
        ),
        long_help = say(
            "Use colors: auto, always or never; auto colors terminals and follows NO_COLOR and CLICOLOR_FORCE [default: auto]",
            "颜色：auto、always 或 never；auto 仅在终端上使用，并遵从 NO_COLOR 与 CLICOLOR_FORCE [默认：auto]",
        ),
    )]
    pub(crate) color: Option<ColorWhen>,
    #[arg(
        long,
        global = true,
        value_name = "LANG",
        hide_possible_values = true,
        help_heading = headings::global(),
        help = say(
            "Language: en or zh [default: that of the system]",
            "语言：en 或 zh [默认：系统的语言]",
        ),
        long_help = say(
            "Language of help, messages and tables: en or zh [default: from LC_ALL, LC_MESSAGES, LANG]",
            "帮助、消息和表格的语言：en 或 zh [默认：由 LC_ALL、LC_MESSAGES、LANG 决定]",
        ),
    )]
    pub(crate) lang: Option<LangArg>,
    #[arg(
        long,
        global = true,
        help_heading = headings::global(),
        help = say(
            "Run keys.command even if other users can change the configuration file",
            "即使其他用户可以更改配置文件，也运行 keys.command",
        ),
    )]
    pub(crate) allow_unsafe_config: bool,
}

impl GlobalArgs {
    /// Adds the options given after the command; they win over those before it.
    fn add(&mut self, after: &Self) {
        self.now = after.now.clone().or_else(|| self.now.take());
        self.verbose = after.verbose.max(self.verbose);
        self.quiet |= after.quiet;
        self.allow_unsafe_config |= after.allow_unsafe_config;
        self.color = after.color.or(self.color);
    }

    /// Returns the conflict of options that stand on different sides of the command, where clap
    /// does not see it.
    fn conflict(&self) -> Option<Error> {
        if !self.quiet || self.verbose == 0 {
            return None;
        }
        let mut error = Error::new(ErrorKind::ArgumentConflict);
        let named = |name: &str| ContextValue::String(name.to_owned());
        error.insert(ContextKind::InvalidArg, named("--verbose..."));
        error.insert(ContextKind::PriorArg, named("--quiet"));
        Some(error)
    }
}

/// The commands. Flags are defined once a command is chosen: defining those of all commands takes
/// as long as the rest of a call.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    #[command(about = say(
        "Show token usage: tables, charts, CSV, JSON, Prometheus",
        "查询 token 用量：表格、图表、CSV、JSON、Prometheus",
    ))]
    Get(Flags<GetArgs>),
    #[command(about = say(
        "Write a self-contained page with totals, charts and tables",
        "生成单个网页报告：合计、图表与数据表",
    ))]
    Report(Flags<ReportArgs>),
    #[command(about = say(
        "Check completeness: hours add up to days, endpoints to projects",
        "核对数据是否完整：各小时之和与天、各推理接入点之和与项目",
    ))]
    Reconcile(Flags<ReconcileArgs>),
    #[command(about = say(
        "Check usage of the day, week or month against limits, for alerts",
        "检查当天、本周或本月的用量是否超出限额，用于提醒",
    ))]
    Budget(Flags<BudgetArgs>),
    #[command(about = say(
        "Show what is left of the Agent Plan and the Coding Plan",
        "查看 Agent Plan 与 Coding Plan 的剩余额度",
    ))]
    Plan(Flags<PlanArgs>),
    #[command(about = say(
        "Show free quota, packs and caps of models, and the balance",
        "查看模型的免费额度、资源包、限额，以及账户余额",
    ))]
    Quota(Flags<QuotaArgs>),
    #[command(about = say(
        "Print one line of usage, for a prompt or a status bar",
        "输出一行用量，用于命令提示符或状态栏",
    ))]
    Statusline(Flags<StatuslineArgs>),
    #[command(about = say(
        "Keep usage in a file: fetch what it lacks and what may change",
        "把用量存入文件：只查询缺少的和可能变化的数据",
    ))]
    Sync(Flags<SyncArgs>),
    #[command(about = say(
        "Inspect, check, copy, export and import what sync keeps",
        "查看、检查、备份、导出和导入 sync 保存的历史",
    ))]
    History(Flags<HistoryArgs>),
    #[command(about = say(
        "Serve metrics of what sync keeps, for Prometheus",
        "以 sync 保存的数据为 Prometheus 提供指标",
    ))]
    Serve(Flags<ServeArgs>),
    #[command(about = say(
        "Call any action of any service and print the response as JSON",
        "调用任意服务的任意接口，以 JSON 输出应答",
    ))]
    Call(Flags<CallArgs>),
    #[command(about = say(
        "Sign a request without sending it: headers, curl or a URL",
        "对请求签名但不发送：请求头、curl 命令或 URL",
    ))]
    Sign(Flags<SignArgs>),
    #[command(about = say("Verify the signature of a request", "检查请求的签名"))]
    Verify(Flags<VerifyArgs>),
    #[command(about = say("Explain why a signature was refused", "查找签名被拒绝的原因"))]
    Explain(Flags<ExplainArgs>),
    #[command(about = say(
        "Test a signer or a server with the signatures of official SDKs",
        "用官方 SDK 的签名检验签名程序或验签服务",
    ))]
    Conformance(Flags<ConformanceArgs>),
    #[command(about = say(
        "Run an emulator of the API on this machine, for tests",
        "在本机模拟 API，用于测试",
    ))]
    Emulate(Flags<EmulateArgs>),
    #[command(about = say(
        "Check keys, clock, network and account, and suggest fixes",
        "检查密钥、时钟、网络和账号，并给出解决办法",
    ))]
    Doctor(Flags<DoctorArgs>),
    #[command(about = say(
        "Show every effective setting and its origin",
        "查看配置：每个生效的值及其来源",
    ))]
    Config(Flags<ConfigArgs>),
    #[command(about = say(
        "Print a completion script for bash, zsh, fish or another shell",
        "输出 bash、zsh、fish 等 shell 的补全脚本",
    ))]
    Completions(Flags<CompletionsArgs>),
    #[command(about = say(
        "Print a manual page, or write all pages into a folder",
        "输出一页手册，或把全部手册页写入目录",
    ))]
    Man(Flags<ManArgs>),
}

impl Command {
    /// Returns the global options given after the command.
    fn global(&self) -> &GlobalArgs {
        match self {
            Self::Get(flags) => flags.global(),
            Self::Report(flags) => flags.global(),
            Self::Reconcile(flags) => flags.global(),
            Self::Budget(flags) => flags.global(),
            Self::Plan(flags) => flags.global(),
            Self::Quota(flags) => flags.global(),
            Self::Statusline(flags) => flags.global(),
            Self::Sync(flags) => flags.global(),
            Self::History(flags) => flags.global(),
            Self::Serve(flags) => flags.global(),
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

    /// Returns the flags about recording of the commands that have them. `call` has none, because its
    /// responses may hold keys.
    pub(crate) fn recording(&self) -> Option<&RecordArgs> {
        match self {
            Self::Get(args) => Some(&args.usage.account.record),
            Self::Report(args) => Some(&args.usage.account.record),
            Self::Reconcile(args) => Some(&args.usage.account.record),
            Self::Budget(args) => Some(&args.usage.account.record),
            Self::Plan(args) => Some(&args.state.record),
            Self::Quota(args) => Some(&args.state.record),
            Self::Statusline(args) => Some(&args.usage.account.record),
            Self::Sync(args) => Some(&args.usage.account.record),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &str) -> Cli {
        let words: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        Cli::read(&words, Lang::En).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn global_options_may_precede_or_follow_the_command() {
        let both = read("ark-usage -v --now 1 --color never get --demo -v --color always");
        assert_eq!((both.global.verbose, both.global.quiet), (1, false));
        assert_eq!(both.global.now.as_deref(), Some("1"));
        assert_eq!(both.global.color, Some(ColorWhen::Always));
        let before = read("ark-usage -vv get --demo");
        assert_eq!(before.global.verbose, 2);
    }

    #[test]
    fn subcommands_accept_global_options() {
        let deep = read("ark-usage config show --lang zh -v");
        assert_eq!(deep.global.verbose, 1);
        assert_eq!(read("ark-usage doctor -v probe --demo").global.verbose, 1);
        let between = read("ark-usage --quiet config --now 2 show");
        assert_eq!((between.global.quiet, between.global.now.as_deref()), (true, Some("2")));
    }

    #[test]
    fn an_option_that_its_subcommand_would_ignore_is_refused() {
        let words = ["ark-usage", "doctor", "--demo", "probe"].map(OsString::from);
        let error = Cli::read(&words, Lang::En).unwrap_err().to_string();
        assert!(error.contains("'probe' cannot be used with '--demo'"), "{error}");
    }

    #[test]
    fn quiet_conflicts_with_verbose_on_either_side_of_the_command() {
        for words in ["ark-usage -q get -v", "ark-usage -v get -q", "ark-usage get -q -v"] {
            let words: Vec<OsString> = words.split(' ').map(OsString::from).collect();
            let error = Cli::read(&words, Lang::En).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ArgumentConflict, "{words:?}");
        }
    }

    #[test]
    fn clap_accepts_the_definition() {
        Cli::definition(Lang::En).debug_assert();
    }
}
