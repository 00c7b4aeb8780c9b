//! Options of commands that know by themselves which range they ask about.

use clap::Args;

use super::ask::{AskArgs, RangeArgs, WhomArgs};

/// What, of whom and how.
#[derive(Args, Debug)]
pub(crate) struct StandingArgs {
    /// Time zone that days, weeks and months are those of [default: Asia/Shanghai]
    #[arg(long, value_name = "ZONE", help_heading = "Filters")]
    pub(crate) tz: Option<String>,
    /// What, of whom and how.
    #[command(flatten)]
    pub(crate) whom: WhomArgs,
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
            whom: self.whom.clone(),
        }
    }
}
