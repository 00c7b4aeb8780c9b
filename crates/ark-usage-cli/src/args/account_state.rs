//! Arguments of commands that show the state of accounts: `plan` and `quota`.

use std::path::{Path, PathBuf};

use ark_usage_report::text;
use clap::{Args, ValueEnum};

use super::{
    AccountArgs, ActionArgs, FilterArgs, Format, NetworkArgs, ProfileArgs, RangeArgs, RecordArgs,
    RetryArgs, ServerArgs, SiteDaysArgs, UsageArgs, headings,
};
use crate::error::CliError;
use crate::lang::say;

/// The output, and the accounts and the way to them.
#[derive(Args, Debug)]
pub(crate) struct AccountStateArgs {
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        help_heading = headings::output(),
        help = say("Output format [default: table]", "输出格式 [默认：table]"),
    )]
    pub(crate) format: Option<AccountStateFormat>,
    #[arg(
        short,
        long,
        value_name = "FILE",
        help_heading = headings::output(),
        help = say("Write to a file instead of standard output", "写入文件而不是标准输出"),
        long_help = say(
            "Write to a file instead of standard output (-); the file is replaced only once it is complete",
            "写入文件而不是标准输出（-）；写完整之后才替换原文件",
        ),
    )]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) profiles: ProfileArgs,
    #[command(flatten)]
    pub(crate) retry: RetryArgs,
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
    #[command(flatten)]
    pub(crate) record: RecordArgs,
}

/// Output formats of the state of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lowercase")]
pub(crate) enum AccountStateFormat {
    #[value(help = say("A line per window or quota", "每个窗口或额度一行"))]
    Table,
    #[value(help = say("One JSON document", "一个 JSON 文档"))]
    Json,
    #[value(help = say("A line per window or quota as CSV", "每个窗口或额度一行 CSV"))]
    Csv,
    #[value(help = say("Gauges for a time series database", "时序数据库的指标"))]
    OpenMetrics,
    #[value(help = say(
        "Gauges for node_exporter's textfile collector",
        "node_exporter 的 textfile 采集器的指标",
    ))]
    Prometheus,
}

impl AccountStateFormat {
    /// Returns the format of a configuration, where it is one of these.
    fn of(format: Format) -> Option<Self> {
        match format {
            Format::Json => Some(Self::Json),
            Format::Csv => Some(Self::Csv),
            Format::OpenMetrics => Some(Self::OpenMetrics),
            Format::Prometheus => Some(Self::Prometheus),
            _ => None,
        }
    }

    /// Returns the format: of the flag, else of the file's extension, else `default` if it is one of these.
    fn choose(
        format: Option<Self>,
        output: Option<&Path>,
        default: Option<Format>,
    ) -> Result<Self, CliError> {
        if let Some(format) = format {
            return Ok(format);
        }
        let default = default.and_then(Self::of).unwrap_or(Self::Table);
        let Some(path) = output.filter(|path| path.as_os_str() != "-") else {
            return Ok(default);
        };
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("json") => Ok(Self::Json),
            Some("csv") => Ok(Self::Csv),
            Some("om") => Ok(Self::OpenMetrics),
            Some("prom") => Ok(Self::Prometheus),
            Some("txt") => Ok(Self::Table),
            None => Ok(default),
            Some(_) => Err(CliError::usage(text!(
                "--output {path}: unknown file extension .{other}",
                "--output {path}：未知的扩展名 .{other}",
                path = path.display(),
                other = extension.unwrap_or_default()
            ))
            .with_hint(text!(
                "pass --format table, json, csv, openmetrics or prometheus",
                "请用 --format 指明：table、json、csv、openmetrics 或 prometheus"
            ))),
        }
    }
}

impl AccountStateArgs {
    /// Returns the format.
    pub(crate) fn format(&self, default: Option<Format>) -> Result<AccountStateFormat, CliError> {
        AccountStateFormat::choose(self.format, self.output.as_deref(), default)
    }

    /// Returns the options of a request of the same accounts for usage of a range.
    pub(crate) fn request_args(&self, range: RangeArgs) -> UsageArgs {
        UsageArgs {
            range,
            account: AccountArgs {
                filter: FilterArgs::default(),
                server: self.server.clone(),
                site_days: SiteDaysArgs::default(),
                action: ActionArgs::default(),
                profiles: self.profiles.clone(),
                query: self.retry.query(),
                network: self.network.clone(),
                record: self.record.clone(),
            },
        }
    }
}
