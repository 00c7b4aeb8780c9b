//! `ark-usage statusline`

use std::time::Duration;

use clap::Args;

use super::query::duration;
use super::{PriceArgs, StandingArgs};
use crate::error::CliError;

/// Print one line about usage.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct StatuslineArgs {
    /// The line, with fields in braces [default: "{today:short} tokens today, {month:short} this month"]
    #[arg(long, value_name = "TEXT", help_heading = "Line")]
    pub(crate) template: Option<String>,
    /// Ask again only when the remembered numbers are older than this
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        default_value = "5min",
        help_heading = "Line"
    )]
    pub(crate) max_age: String,
    /// Say on standard error what went wrong, and end with its exit code
    #[arg(long, help_heading = "Line")]
    pub(crate) errors: bool,
    /// Count this inference endpoint, ep-… (repeatable)
    #[arg(long, value_name = "ID", help_heading = "Filters")]
    pub(crate) endpoint_id: Vec<String>,
    /// What, of whom and how.
    #[command(flatten)]
    pub(crate) standing: StandingArgs,
    /// What it costs.
    #[command(flatten)]
    pub(crate) prices: PriceArgs,
}

const EXAMPLES: &str = "\
Fields: {total}, {cost} and metrics such as {PromptTokens} are of today; {yesterday.total} and
{month.PromptTokens} of other days; {today}, {yesterday} and {month} are their totals. {today:short}
keeps three digits. {state}, {age}, {at} and {stale} tell how good the numbers are.
What was asked is remembered in $XDG_CACHE_HOME/ark-usage, without keys. When asking fails, the
remembered numbers are printed with a mark, or nothing, and the exit code is 0.

Examples:
  ark-usage statusline --demo
  ark-usage statusline --template '{month:short} {state}' --max-age 15min --project chatbot";

impl StatuslineArgs {
    /// How old numbers may be.
    pub(crate) fn max_age(&self) -> Result<Duration, CliError> {
        duration("--max-age", &self.max_age)
    }
}
