//! `ark-usage report`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::error::CliError;
use crate::output::Output;
use crate::text;

/// Write a page with totals, pictures and tables that needs nothing else.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub(crate) struct ReportArgs {
    /// When, what, of whom and how.
    #[command(flatten)]
    pub(crate) ask: super::AskArgs,
    /// Of which endpoints.
    #[command(flatten)]
    pub(crate) endpoints: super::EndpointArgs,
    /// What it is split by.
    #[command(flatten)]
    pub(crate) shape: ReportShapeArgs,
    /// The page.
    #[command(flatten)]
    pub(crate) page: PageArgs,
}

const EXAMPLES: &str = "\
Examples:
  ark-usage report --demo --last 14d -o usage.html        made-up data, no keys needed
  ark-usage report --last 7d -i hour -o week.html         with the hours of the week
  ark-usage report --month 2026-10 --all-endpoints -o october.html
  ark-usage report --last 30d -o trend.svg                the trend alone";

/// What the page shows beside totals and trend.
#[derive(Args, Debug)]
#[command(next_help_heading = "Shape")]
pub(crate) struct ReportShapeArgs {
    /// A section for each of endpoint, model, project, scene, batch-job, account, profile, tag:KEY and
    /// label:COLUMN; several with commas [default: whatever tells usage apart]
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// Lay the range before beside this one: as long, or the months before
    #[arg(long, value_name = "WITH")]
    pub(crate) compare: Option<super::CompareWith>,
    /// Join the columns of a CSV file to the rows, by its column endpoint_id
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: Option<String>,
}

impl ReportShapeArgs {
    /// The same as `get` would be asked; time is what every page shows anyway.
    pub(crate) fn view(&self) -> Result<super::ViewArgs, CliError> {
        let is_time = |word: &&String| ["hour", "day", "week", "month"].contains(&word.as_str());
        if let Some(word) = self.by.iter().find(is_time) {
            return Err(CliError::usage(text!(
                "--by {word}: a report shows its course over time anyway",
                "--by {word}：报告本来就展示随时间的变化",
            ))
            .with_hint(text!(
                "--interval hour or --interval day says how finely; `ark-usage get --by {word}` sums by it",
                "粒度用 --interval hour 或 --interval day 指定；按它汇总请用 `ark-usage get --by {word}`",
            )));
        }
        Ok(super::ViewArgs {
            by: self.by.clone(),
            compare: self.compare,
            labels: self.labels.clone(),
            ..super::ViewArgs::default()
        })
    }
}

/// What is written, and where.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct PageArgs {
    /// Write to FILE.html, or the trend alone to FILE.svg; - is standard output, with --format
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// html or svg, where the file's extension does not say it
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) format: Option<PageFormat>,
    /// What the page is called
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    /// The whole page
    Html,
    /// The trend alone
    Svg,
}

impl PageArgs {
    /// The format asked for, else the one of the file's extension; and where it goes.
    pub(crate) fn place(&self) -> Result<(PageFormat, Output), CliError> {
        let output = Output::from_flag(self.output.as_deref());
        if let Some(format) = self.format {
            return Ok((format, output));
        }
        let Output::File(path) = &output else {
            return Err(CliError::usage(text!(
                "--output: a report needs a file, or --format when it goes to standard output",
                "--output：报告需要写入文件；写到标准输出时需要 --format",
            ))
            .with_hint(text!("write -o usage.html", "请写 -o usage.html")));
        };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("html" | "htm") => Ok((PageFormat::Html, output)),
            Some("svg") => Ok((PageFormat::Svg, output)),
            _ => Err(CliError::usage(text!(
                "--output {path}: a report is .html or .svg",
                "--output {path}：报告的扩展名只能是 .html 或 .svg",
                path = path.display(),
            ))
            .with_hint(text!(
                "name the file so, or say --format html or --format svg; numbers alone come from `ark-usage get`",
                "请改用这样的文件名，或写明 --format html 或 --format svg；只要数字请用 `ark-usage get`",
            ))),
        }
    }
}
