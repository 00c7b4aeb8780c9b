//! `--prices`, of every command that shows usage.

use std::path::PathBuf;

use ark_usage_report::text;
use clap::Args;
use clap::builder::{OsStringValueParser, TypedValueParser as _};

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
        num_args = 0..=1,
        default_missing_value = "",
        // The parser of paths refuses an empty one with the words of clap.
        value_parser = OsStringValueParser::new().map(PathBuf::from),
        help = say("Add costs by a TOML file (see --prices --example)", "按 TOML 文件计算费用（见 --prices --example）"),
        long_help = say(
            "Add costs, by the prices in a TOML file; usage without a price is marked, not counted as 0. \
             Each [[price]] has metric, price, per (the number of tokens it is for) and currency, the last two \
             also once at the top for all; optional are one of endpoint_id, model and label = { team = \"search\" }, \
             and valid_from = 2026-01-01. `ark-usage get --prices --example` prints a file",
            "按 TOML 文件中的价格计算费用；没有价格的用量会标明，不算作 0。每个 [[price]] 包含 metric、price、per（价格\
             对应的 token 数）和 currency，后两项也可在文件开头统一写明；可选：endpoint_id、model、\
             label = { team = \"search\" } 三者之一，以及 valid_from = 2026-01-01。\
             `ark-usage get --prices --example` 打印示例文件",
        ),
    )]
    pub(crate) prices: Option<PathBuf>,
    #[arg(
        long,
        hide_short_help = true,
        help = say(
            "With --prices, print a commented price file and exit",
            "与 --prices 一起使用：打印带注释的价格文件后退出",
        ),
    )]
    pub(crate) example: bool,
}

impl PriceArgs {
    /// Returns true if an example of the file is to be printed; refuses `--prices` without a file otherwise.
    pub(crate) fn example(&self) -> Result<bool, CliError> {
        let file = self.prices.as_ref().filter(|file| !file.as_os_str().is_empty());
        match (file, self.prices.is_some(), self.example) {
            (None, _, true) => Ok(true),
            (Some(file), _, true) => Err(CliError::usage(text!(
                "--prices {file} cannot be used with --example",
                "--prices {file} 不能与 --example 同时使用",
                file = file.display(),
            ))
            .with_hint(text!(
                "write --prices --example > {file} for a new file",
                "新建文件请写 --prices --example > {file}",
                file = file.display(),
            ))),
            (None, true, false) => {
                Err(CliError::usage(text!("--prices: no file given", "--prices：没有给出文件"))
                    .with_hint(text!(
                        "write --prices FILE; --prices --example prints a file to start from",
                        "请写 --prices 文件；--prices --example 打印可供修改的示例"
                    )))
            }
            _ => Ok(false),
        }
    }

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
        if matches!(format, Format::Raw | Format::Value) {
            let formats = "table, markdown, json, ndjson, csv, focus, openmetrics, prometheus";
            return Err(unsupported("--prices", format, formats));
        }
        Ok(())
    }
}
