//! `--prices`, of every command that shows usage.

use std::path::PathBuf;

use ark_usage_report::text;
use clap::Args;

use super::get::unsupported;
use super::{Format, headings};
use crate::error::CliError;
use crate::lang::say;

/// The prices that costs are computed with.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = headings::output())]
pub(crate) struct PriceArgs {
    #[arg(
        long,
        value_name = "FILE",
        help = say("Add costs, by the prices in a TOML file", "按 TOML 文件中的价格计算费用"),
        long_help = say(
            "Add costs, by the prices in a TOML file; usage without a price is marked, not counted as 0",
            "按 TOML 文件中的价格计算费用；没有价格的用量会标明，不算作 0",
        ),
    )]
    pub(crate) prices: Option<PathBuf>,
}

impl PriceArgs {
    /// Refuses prices where no cost is shown, because they would be ignored silently.
    pub(crate) fn check(&self, format: Format, chart: bool) -> Result<(), CliError> {
        let Some(prices) = &self.prices else { return Ok(()) };
        if chart {
            return Err(CliError::usage(text!(
                "--prices {prices} cannot be used with --chart: charts do not show costs",
                "--prices {prices} 不能与 --chart 同时使用：图表不显示费用",
                prices = prices.display(),
            ))
            .with_hint(text!(
                "remove --chart to see costs in a table, or remove --prices",
                "去掉 --chart 即可在表格中查看费用；或去掉 --prices",
            )));
        }
        if format == Format::Raw {
            let formats = "table, markdown, json, ndjson, csv, focus, openmetrics, prometheus";
            return Err(unsupported("--prices", format, formats));
        }
        Ok(())
    }
}
