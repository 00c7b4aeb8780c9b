//! `ark-usage sync`

use std::time::Duration;

use clap::Args;

use super::query::duration;
use super::{HistoryFileArgs, ReportFormat, UsageArgs, headings};
use crate::error::CliError;
use crate::lang::say;

/// Arguments of `sync`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct SyncArgs {
    #[command(flatten)]
    pub(crate) file: HistoryFileArgs,
    #[arg(
        long,
        value_name = "LENGTH",
        allow_hyphen_values = true,
        default_value = "3d",
        help_heading = headings::history(),
        help = say(
            "Fetch this time before now again, as in 12h or 7d",
            "重新查询最近这段时间，例如 12h、7d",
        ),
    )]
    pub(crate) recheck: String,
    #[arg(
        long,
        help_heading = headings::history(),
        help = say(
            "Wait for another sync to end, instead of exit code 75",
            "等待另一个同步结束，而不是以退出码 75 退出",
        ),
    )]
    pub(crate) wait: bool,
    #[arg(
        long,
        help_heading = headings::history(),
        help = say(
            "Exit with code 7 if a final value has changed",
            "已定的数值发生变化时，以退出码 7 退出",
        ),
    )]
    pub(crate) fail_on_revision: bool,
    #[command(flatten)]
    pub(crate) usage: UsageArgs,
    #[arg(
        long,
        value_name = "ID",
        allow_hyphen_values = true,
        help_heading = headings::filters(),
        help = say(
            "Fetch only this endpoint, ep-… (repeatable)",
            "只同步该推理接入点 ep-…（可重复）",
        ),
    )]
    pub(crate) endpoint_id: Vec<String>,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = headings::output(),
        help = say("Output format", "输出格式"),
    )]
    pub(crate) format: ReportFormat,
}

impl SyncArgs {
    /// Parses `--recheck`.
    pub(crate) fn recheck(&self) -> Result<Duration, CliError> {
        let days = self.recheck.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
        let days = days.map(|days| Duration::from_hours(24 * u64::from(days)));
        days.map_or_else(|| duration("--recheck", &self.recheck), Ok)
    }
}

fn examples() -> &'static str {
    say(
        "\
Keeps hours of every project and endpoint in a file, so that numbers outlive
the service. The first sync fetches the last 31 days; later ones fetch only
what the file lacks, what was settling, and the last 3 days.
Exit codes as for get; 7 with --fail-on-revision, 75 if another sync is running.

Examples (leave out --demo for your own numbers):
  ark-usage sync --demo --history demo.db
  ark-usage sync --demo --history demo.db --last 90d -f json
  ark-usage get --history=demo.db --last 7d          answer from it
  15 3 * * * ark-usage sync --quiet > /dev/null      a line of a crontab",
        "\
把每个项目、每个推理接入点的小时用量存入文件，服务端不再提供时仍可查询。
首次同步最近 31 天；之后只查询文件中缺少的、当时未定的，以及最近 3 天的数据。
退出码与 get 相同；加 --fail-on-revision 时可为 7，另一个同步正在运行时为 75。

示例（同步自己的数据时去掉 --demo）：
  ark-usage sync --demo --history demo.db
  ark-usage sync --demo --history demo.db --last 90d -f json
  ark-usage get --history=demo.db --last 7d          用其中的数据回答
  15 3 * * * ark-usage sync --quiet > /dev/null      写入 crontab 的一行",
    )
}
