//! Options of commands that know by themselves which range they ask about.

use clap::Args;

use super::ask::{AccountArgs, AskArgs, FilterArgs, RangeArgs, ServerArgs};
use super::{NetworkArgs, QueryArgs, RecordArgs};

/// What, of whom and how.
#[derive(Args, Debug)]
pub(crate) struct StandingArgs {
    /// Time zone that days, weeks and months are those of [default: Asia/Shanghai]
    #[arg(long, value_name = "ZONE", help_heading = "Filters")]
    pub(crate) tz: Option<String>,
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
    pub(crate) query: QueryArgs,
    /// How the server is reached.
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    /// Whether it is recorded or replayed.
    #[command(flatten)]
    pub(crate) record: RecordArgs,
}

impl StandingArgs {
    /// The same as a question about buckets of `interval`, from the one that starts at `start`
    /// (unix seconds) until now.
    pub(crate) fn since(&self, start: i64, interval: ark_usage_model::Interval) -> AskArgs {
        AskArgs {
            range: RangeArgs {
                start: Some(start.to_string()),
                interval: Some(interval.name().to_owned()),
                tz: self.tz.clone(),
                ..RangeArgs::default()
            },
            filter: self.filter.clone(),
            server: self.server.clone(),
            account: self.account.clone(),
            query: self.query.clone(),
            network: self.network.clone(),
            record: self.record.clone(),
        }
    }
}
