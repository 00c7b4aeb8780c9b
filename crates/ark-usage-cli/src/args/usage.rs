//! Options of every command that fetches usage.

use clap::Args;

use super::{
    FilterArgs, NetworkArgs, ProfileArgs, QueryArgs, RangeArgs, RecordArgs, ServerArgs,
    SiteDaysArgs, headings,
};
use crate::lang::say;

/// Usage of a range that is given on the command line.
#[derive(Args, Clone, Debug)]
pub(crate) struct UsageArgs {
    #[command(flatten)]
    pub(crate) range: RangeArgs,
    #[command(flatten)]
    pub(crate) account: AccountArgs,
}

/// The accounts to query and the way to reach them: all options but the range.
#[derive(Args, Clone, Debug)]
pub(crate) struct AccountArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) site_days: SiteDaysArgs,
    #[command(flatten)]
    pub(crate) action: ActionArgs,
    #[command(flatten)]
    pub(crate) profiles: ProfileArgs,
    #[command(flatten)]
    pub(crate) query: QueryArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
}

/// The API action to call.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = headings::server_and_keys())]
pub(crate) struct ActionArgs {
    #[arg(
        long,
        value_name = "ACTION",
        help = say(
            "usage, or inference: requests, API keys, cached tokens",
            "usage，或 inference：含请求数、API Key、缓存 token",
        ),
        long_help = say(
            "API action to call: GetUsage (usage), GetInferenceUsage (inference), or auto, which takes GetInferenceUsage where GetUsage is not available or cannot answer [default: GetUsage]",
            "要调用的接口：GetUsage（usage）、GetInferenceUsage（inference）或 auto；auto 在 GetUsage 不可用或无法回答时改用 GetInferenceUsage [默认：GetUsage]",
        ),
    )]
    pub(crate) api: Option<String>,
}

/// Usage of ranges that the command fixes by itself.
#[derive(Args, Debug)]
pub(crate) struct FixedRangeArgs {
    #[arg(
        long,
        value_name = "ZONE",
        allow_hyphen_values = true,
        help_heading = headings::filters(),
        help = say(
            "Time zone of days, as in America/New_York",
            "日、周、月所依据的时区，例如 America/New_York",
        ),
        long_help = say(
            "Time zone of days, weeks and months, an IANA name [default: Asia/Shanghai]",
            "日、周、月所依据的时区，IANA 名称 [默认：Asia/Shanghai]",
        ),
    )]
    pub(crate) tz: Option<String>,
    #[command(flatten)]
    pub(crate) account: AccountArgs,
}

impl FixedRangeArgs {
    /// Returns the options for buckets of `interval`; the command names the range.
    pub(crate) fn by(&self, interval: ark_usage_model::Interval) -> UsageArgs {
        UsageArgs {
            range: RangeArgs {
                interval: Some(interval.name().to_owned()),
                tz: self.tz.clone(),
                ..RangeArgs::default()
            },
            account: self.account.clone(),
        }
    }
}
