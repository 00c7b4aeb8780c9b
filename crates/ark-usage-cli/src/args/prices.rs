//! `--prices`, of every command that shows usage.

use std::path::PathBuf;

use clap::Args;

use super::Format;
use super::get::no_use;
use crate::error::CliError;
use crate::text;

/// What it costs.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Output")]
pub(crate) struct PriceArgs {
    /// Add what it costs by the prices in FILE (TOML); what has no price there is marked, not 0
    #[arg(long, value_name = "FILE")]
    pub(crate) prices: Option<PathBuf>,
}

impl PriceArgs {
    /// Refuses prices where no cost is shown: they would be silently without effect.
    pub(crate) fn check(&self, format: Format, chart: bool) -> Result<(), CliError> {
        let Some(prices) = &self.prices else { return Ok(()) };
        if chart {
            return Err(CliError::usage(text!(
                "--chart and --prices {prices}: a chart shows usage, not what it costs",
                "--chart 与 --prices {prices}：图表只显示用量，不显示费用",
                prices = prices.display(),
            ))
            .with_hint(text!(
                "leave out --chart to see costs in a table, or leave out --prices",
                "去掉 --chart 即可在表格中查看费用；或去掉 --prices",
            )));
        }
        if format == Format::Raw {
            let formats = "table, markdown, json, ndjson, csv, focus, openmetrics";
            return Err(no_use("--prices", format, formats));
        }
        Ok(())
    }
}
