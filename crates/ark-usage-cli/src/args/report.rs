//! `ark-usage report`

use std::path::PathBuf;

use ark_usage_report::text;
use clap::{Args, ValueEnum};

use super::view::{compare_help, compare_long_help};
use super::{CompareWith, EndpointArgs, KeptUsageArgs, PriceArgs, UsageArgs, ViewArgs, headings};
use crate::error::CliError;
use crate::lang::say;
use crate::output::Output;

/// Arguments of `report`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) usage: UsageArgs,
    #[command(flatten)]
    pub(crate) kept: KeptUsageArgs,
    #[command(flatten)]
    pub(crate) endpoints: EndpointArgs,
    #[command(flatten)]
    pub(crate) sections: ReportSectionArgs,
    #[command(flatten)]
    pub(crate) prices: PriceArgs,
    #[command(flatten)]
    pub(crate) page: PageArgs,
}

fn examples() -> &'static str {
    say(
        "\
Examples (leave out --demo for your own numbers):
  ark-usage report --demo --last-month --compare previous -o month.html
  ark-usage report --demo --last 7d -i hour -o week.html   with the hours
  ark-usage report --demo --last 30d -o trend.svg          only the trend",
        "\
示例（查自己的数据时去掉 --demo）：
  ark-usage report --demo --last-month --compare previous -o month.html
  ark-usage report --demo --last 7d -i hour -o week.html   含各小时
  ark-usage report --demo --last 30d -o trend.svg          只要趋势图",
    )
}

/// Sections of the page beside totals and trend.
#[derive(Args, Debug)]
#[command(next_help_heading = headings::grouping())]
pub(crate) struct ReportSectionArgs {
    #[arg(
        long,
        value_name = "DIMENSION",
        value_delimiter = ',',
        help = say(
            "Add a section per project, endpoint, model, …",
            "按 project、endpoint、model 等各设一节",
        ),
        long_help = say(
            "Add a section for each of endpoint, model, project, scene, batch-job, account, profile, tag:KEY and label:COLUMN; with --api inference also of model-version, api-key, billing, batch-type and model-unit; separate several with commas [default: every dimension with more than one value]",
            "按 endpoint、model、project、scene、batch-job、account、profile、tag:键、label:列名 各设一节；使用 --api inference 时还有 model-version、api-key、billing、batch-type、model-unit；多个用逗号分隔 [默认：凡有多个值的维度]",
        ),
    )]
    pub(crate) by: Vec<String>,
    #[arg(
        long,
        value_name = "NAME",
        help = say(
            "Show this metric only: input, output, total",
            "只显示该指标：input、output、total",
        ),
        long_help = say(
            "Show only this metric: input, output, total (all tokens) or its full name, such as PromptTokens (repeatable)",
            "只显示该指标：input、output、total（全部 token）或全名，例如 PromptTokens（可重复）",
        ),
    )]
    pub(crate) metric: Vec<String>,
    #[arg(
        long,
        value_name = "WITH",
        hide_possible_values = true,
        help = compare_help(),
        long_help = compare_long_help(),
    )]
    pub(crate) compare: Option<CompareWith>,
    #[arg(
        long,
        value_name = "FILE",
        help = say(
            "Add the columns of a CSV file, by its endpoint_id",
            "并入 CSV 文件的各列，按 endpoint_id 对应",
        ),
    )]
    pub(crate) labels: Option<String>,
}

impl ReportSectionArgs {
    /// Returns the view that `get` would have; every page shows the time series anyway.
    pub(crate) fn view(&self) -> Result<ViewArgs, CliError> {
        let is_time = |word: &&String| ["hour", "day", "week", "month"].contains(&word.as_str());
        if let Some(word) = self.by.iter().find(is_time) {
            return Err(CliError::usage(text!(
                "--by {word} is not needed: reports always show a time series",
                "不需要 --by {word}：报告总会展示随时间的变化",
            ))
            .with_hint(text!(
                "choose --interval day or --interval hour, or run `ark-usage get --by {word}`",
                "粒度用 --interval hour 或 --interval day 指定；按它汇总请用 `ark-usage get --by {word}`",
            )));
        }
        Ok(ViewArgs {
            by: self.by.clone(),
            metric: self.metric.clone(),
            compare: self.compare,
            labels: self.labels.clone(),
            ..ViewArgs::default()
        })
    }
}

/// The page and where it is written.
#[derive(Args, Debug)]
#[command(next_help_heading = headings::output())]
pub(crate) struct PageArgs {
    #[arg(
        short,
        long,
        value_name = "FILE",
        help = say(
            "Write the page to FILE.html, or the trend to FILE.svg",
            "把整页写入 FILE.html，或把趋势图写入 FILE.svg",
        ),
        long_help = say(
            "Write the page to FILE.html, or only the trend to FILE.svg; - writes to standard output and needs --format",
            "把整页写入 FILE.html，或只把趋势图写入 FILE.svg；- 表示标准输出，需配合 --format",
        ),
    )]
    pub(crate) output: Option<PathBuf>,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        help = say(
            "Output format [default: by the extension of --output]",
            "输出格式 [默认：由 --output 的扩展名决定]",
        ),
    )]
    pub(crate) format: Option<PageFormat>,
    #[arg(
        long,
        value_name = "TEXT",
        help = say("Title of the page", "页面标题"),
    )]
    pub(crate) title: Option<String>,
}

/// Output formats of `report`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    #[value(help = say("The whole page", "整页"))]
    Html,
    #[value(help = say("Only the trend", "只要趋势图"))]
    Svg,
}

impl PageArgs {
    /// Returns the format, of the flag or else of the file's extension, and the output.
    pub(crate) fn place(&self) -> Result<(PageFormat, Output), CliError> {
        let output = Output::from_flag(self.output.as_deref());
        if let Some(format) = self.format {
            return Ok((format, output));
        }
        let Output::File(path) = &output else {
            return Err(CliError::usage(text!(
                "--output is missing: a report needs a file, or --format for standard output",
                "缺少 --output：报告需要写入文件；写到标准输出时需要 --format",
            ))
            .with_hint(text!("write -o usage.html", "请写 -o usage.html")));
        };
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("html" | "htm") => Ok((PageFormat::Html, output)),
            Some("svg") => Ok((PageFormat::Svg, output)),
            _ => Err(CliError::usage(text!(
                "--output {path}: unknown file extension",
                "--output {path}：未知的扩展名",
                path = path.display(),
            ))
            .with_hint(text!(
                "use .html or .svg, or pass --format html or --format svg; `ark-usage get` writes other formats",
                "请用 .html 或 .svg，或写明 --format html 或 --format svg；其他格式请用 `ark-usage get`",
            ))),
        }
    }
}
