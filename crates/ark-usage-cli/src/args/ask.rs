//! Options of every command that asks about usage.

use clap::Args;

use crate::error::CliError;
use crate::range::RangeInput;
use crate::{suggest, text};

/// When, and the rest.
#[derive(Args, Clone, Debug)]
pub(crate) struct AskArgs {
    /// When.
    #[command(flatten)]
    pub(crate) range: RangeArgs,
    /// What, of whom and how.
    #[command(flatten)]
    pub(crate) whom: WhomArgs,
}

/// What, of whom and how: all but when.
#[derive(Args, Clone, Debug)]
pub(crate) struct WhomArgs {
    /// What.
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// Where.
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// Whose.
    #[command(flatten)]
    pub(crate) account: AccountArgs,
    /// How hard it asks.
    #[command(flatten)]
    pub(crate) query: super::QueryArgs,
    /// How the server is reached.
    #[command(flatten)]
    pub(crate) network: super::NetworkArgs,
    /// Whether it is recorded or replayed.
    #[command(flatten)]
    pub(crate) record: super::RecordArgs,
}

/// When: one way to name a range; without any, the last seven days.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Range (both ends included; the last 7 days when none is given)")]
pub(crate) struct RangeArgs {
    /// First bucket: a date, RFC 3339, or unix seconds
    #[arg(long, visible_alias = "since", value_name = "T", allow_hyphen_values = true, conflicts_with_all = ["last", "today", "yesterday", "this_week", "this_month", "month"])]
    pub(crate) start: Option<String>,
    /// Last bucket, included; now when left out
    #[arg(
        long,
        visible_alias = "until",
        value_name = "T",
        allow_hyphen_values = true,
        requires = "start",
        conflicts_with_all = ["last", "today", "yesterday", "this_week", "this_month", "month"]
    )]
    pub(crate) end: Option<String>,
    /// 7d: today and the six days before; 24h: 24 hours with the running one; 4w: 28 days; 3mo: since
    /// the day after this one three months ago
    #[arg(long, value_name = "N", allow_hyphen_values = true, conflicts_with_all = ["today", "yesterday", "this_week", "this_month", "month"])]
    pub(crate) last: Option<String>,
    /// Today
    #[arg(long, conflicts_with_all = ["yesterday", "this_week", "this_month", "month"])]
    pub(crate) today: bool,
    /// Yesterday
    #[arg(long, conflicts_with_all = ["this_week", "this_month", "month"])]
    pub(crate) yesterday: bool,
    /// Since Monday
    #[arg(long, conflicts_with_all = ["this_month", "month"])]
    pub(crate) this_week: bool,
    /// Since the first of the month
    #[arg(long, conflicts_with = "month")]
    pub(crate) this_month: bool,
    /// One calendar month
    #[arg(long, value_name = "YYYY-MM", allow_hyphen_values = true)]
    pub(crate) month: Option<String>,
    /// End with the last day or hour that has settled (--settle); --last counts back from there
    #[arg(long)]
    pub(crate) complete: bool,
    /// day or hour (or 86400, 3600); day by default, hour when the range is given in hours
    #[arg(short, long, value_name = "INTERVAL")]
    pub(crate) interval: Option<String>,
    /// Time zone of days and dates, any IANA name [default: Asia/Shanghai]
    #[arg(long, value_name = "ZONE")]
    pub(crate) tz: Option<String>,
}

impl RangeArgs {
    /// The range asked for.
    pub(crate) fn input(&self) -> RangeInput {
        if let Some(start) = &self.start {
            return RangeInput::Between { start: start.clone(), end: self.end.clone() };
        }
        if let Some(month) = &self.month {
            return RangeInput::Month(month.clone());
        }
        let named = [
            (self.today, RangeInput::Today),
            (self.yesterday, RangeInput::Yesterday),
            (self.this_week, RangeInput::ThisWeek),
            (self.this_month, RangeInput::ThisMonth),
        ];
        let named = named.into_iter().find(|(given, _)| *given).map(|(_, input)| input);
        let last = || RangeInput::Last(self.last.clone().unwrap_or_else(|| "7d".to_owned()));
        named.unwrap_or_else(last)
    }

    /// The interval asked for, if any.
    pub(crate) fn interval(&self) -> Result<Option<ark_usage_model::Interval>, CliError> {
        let parse = |text: &String| {
            text.parse().map_err(|_| {
                CliError::usage(text!(
                    "--interval {text}: the service counts by day or by hour",
                    "--interval {text}：服务只按天或按小时计量"
                ))
                .with_hint(suggest::hint(
                    "--interval ",
                    text,
                    ["day", "hour"],
                    text!(
                        "write --interval day (or 86400) or --interval hour (or 3600)",
                        "请写 --interval day（或 86400）或 --interval hour（或 3600）"
                    ),
                ))
            })
        };
        self.interval.as_ref().map(parse).transpose()
    }
}

/// Whose and what kind of usage.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Filters")]
pub(crate) struct FilterArgs {
    /// Count this project (repeatable); the service counts the default project when none is named
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Vec<String>,
    /// Count every project these keys may see (asks IAM for the list)
    #[arg(long, conflicts_with = "project")]
    pub(crate) all_projects: bool,
    /// Count this scene: Ordinary, Batch or BatchChat (repeatable)
    #[arg(long, value_name = "SCENE")]
    pub(crate) scene: Vec<String>,
    /// Count this batch inference job
    #[arg(long, value_name = "ID")]
    pub(crate) batch_job_id: Option<String>,
}

/// Where the question goes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Server and keys")]
pub(crate) struct ServerArgs {
    /// Start the emulator inside the process and ask it: no keys, made-up data
    #[arg(long, conflicts_with_all = ["base_url", "proxy", "ca_bundle"])]
    pub(crate) demo: bool,
    /// Server address [default: open.volcengineapi.com over https]
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Allow plain http to a host other than this machine
    #[arg(long)]
    pub(crate) allow_http: bool,
    /// Region in the signature [default: cn-beijing]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
    /// Service in the signature [default: ark]
    #[arg(long, value_name = "SERVICE")]
    pub(crate) service: Option<String>,
}

/// Whose usage it is.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Server and keys")]
pub(crate) struct AccountArgs {
    /// Use the keys of this profile, whatever variables hold (repeatable, for several accounts)
    #[arg(long, value_name = "NAME", conflicts_with = "demo")]
    pub(crate) profile: Vec<String>,
    /// Ask as every profile of `ve`, each an account of its own
    #[arg(long, conflicts_with_all = ["profile", "demo"])]
    pub(crate) all_profiles: bool,
    /// Ask about this set of the configuration: its profiles, projects and endpoints
    #[arg(long, value_name = "NAME", conflicts_with = "demo")]
    pub(crate) set: Option<String>,
}
