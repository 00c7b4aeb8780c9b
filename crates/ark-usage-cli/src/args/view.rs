//! Options that shape what is shown: `--by` and its kin.

use clap::{Args, ValueEnum};

use super::Format;
use super::get::no_use;
use crate::error::CliError;

/// What rows are summed by, and which are shown.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Shape")]
pub(crate) struct ViewArgs {
    /// Sum by hour, day, week, month, endpoint, model, project, scene, batch-job, account, profile,
    /// tag:KEY or label:COLUMN; several with commas. endpoint, model, tag and label imply
    /// --all-endpoints, project implies --all-projects, hour implies --interval hour
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// Sort by time, name, value or metric:NAME; -value begins with the largest
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true)]
    pub(crate) sort: Option<String>,
    /// Keep the N largest of --by over the whole range; the others become one row
    #[arg(long, value_name = "N", allow_hyphen_values = true, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) top: Option<u32>,
    /// Show the totals alone
    #[arg(long, conflicts_with_all = ["by", "sort", "top"])]
    pub(crate) totals_only: bool,
    /// Lay the range before beside this one: as long, or the months before
    #[arg(long, value_name = "WITH")]
    pub(crate) compare: Option<CompareWith>,
    /// Join the columns of a CSV file to the rows, by its column endpoint_id
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: Option<String>,
    /// Only these columns, in this order; labels.team reaches inside
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with = "chart")]
    pub(crate) fields: Vec<String>,
}

impl ViewArgs {
    /// Refuses what this format has no use for: it would be silently without effect.
    pub(crate) fn check(&self, format: Format) -> Result<(), CliError> {
        let keys = !matches!(format, Format::Raw | Format::OpenMetrics | Format::Focus);
        let wrong = [
            ("--fields", !self.fields.is_empty() && !keys),
            ("--compare", self.compare.is_some() && !keys),
            ("--sort", self.sort.is_some() && format == Format::Raw),
            ("--top", self.top.is_some() && format == Format::Raw),
            ("--totals-only", self.totals_only && format == Format::Raw),
            ("--labels", self.labels.is_some() && format == Format::Raw),
        ];
        match wrong.into_iter().find(|(_, wrong)| *wrong) {
            Some((flag, _)) => Err(no_use(flag, format, "table, markdown, json, ndjson, csv")),
            None => Ok(()),
        }
    }
}

/// What a range is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareWith {
    /// The range before
    Previous,
}
