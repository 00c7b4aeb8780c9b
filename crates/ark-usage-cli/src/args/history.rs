//! `ark-usage history`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{PushArgs, RangeArgs, ReportFormat, headings};
use crate::lang::say;

/// Arguments of `history`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct HistoryArgs {
    #[command(subcommand)]
    pub(crate) topic: HistoryTopic,
}

/// The file of the history, for commands that need one.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = headings::history())]
pub(crate) struct HistoryFileArgs {
    #[arg(
        long,
        value_name = "FILE",
        help = say(
            "File [default: ~/.local/state/ark-usage/history.db]",
            "文件 [默认：~/.local/state/ark-usage/history.db]",
        ),
        long_help = say(
            "File of the history, an SQLite database [default: $XDG_STATE_HOME/ark-usage/history.db, else ~/.local/state/ark-usage/history.db]",
            "历史文件，SQLite 数据库 [默认：$XDG_STATE_HOME/ark-usage/history.db，否则 ~/.local/state/ark-usage/history.db]",
        ),
    )]
    pub(crate) history: Option<PathBuf>,
}

/// Topics of `history`.
#[derive(Debug, Subcommand)]
pub(crate) enum HistoryTopic {
    #[command(about = say(
        "Show what is kept: ranges, gaps, size, last sync, next sync",
        "查看保存的内容：范围、缺口、大小、上次与下次同步",
    ))]
    Status(Box<StatusArgs>),
    #[command(about = say(
        "Check the file: integrity, hours against days, endpoints against totals",
        "检查文件：完整性、小时与天、推理接入点与合计",
    ))]
    Verify(Box<StatusArgs>),
    #[command(about = say(
        "List values that have changed, with their former values",
        "列出发生变化的数值及其原值",
    ))]
    Revisions(Box<RevisionsArgs>),
    #[command(about = say(
        "Write a consistent copy, also while a sync is running",
        "写出一致的副本，同步进行时也可以",
    ))]
    Backup(Box<BackupArgs>),
    #[command(about = say(
        "Write the kept rows as NDJSON, CSV or Parquet",
        "以 NDJSON、CSV 或 Parquet 输出保存的数据行",
    ))]
    Export(Box<ExportArgs>),
    #[command(about = say(
        "Take in rows of get -f ndjson or of export, and recordings",
        "导入 get -f ndjson 或 export 的数据行，以及录制文件",
    ))]
    Import(Box<ImportArgs>),
    #[command(about = say(
        "Send final values to Prometheus or VictoriaMetrics (remote write)",
        "向 Prometheus 或 VictoriaMetrics 发送最终数值（remote write）",
    ))]
    Push(Box<PushArgs>),
    #[command(about = say("Delete everything before a time", "删除某一时间之前的全部数据"))]
    Forget(Box<ForgetArgs>),
}

/// Arguments of `history status` and `history verify`.
#[derive(Args, Debug)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) file: HistoryFileArgs,
    #[arg(
        long,
        value_name = "ZONE",
        allow_hyphen_values = true,
        help_heading = headings::output(),
        help = say(
            "Time zone of dates [default: Asia/Shanghai]",
            "日期所用的时区 [默认：Asia/Shanghai]",
        ),
    )]
    pub(crate) tz: Option<String>,
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

/// Arguments of `history revisions`.
#[derive(Args, Debug)]
pub(crate) struct RevisionsArgs {
    #[command(flatten)]
    pub(crate) rows: KeptRowsArgs,
    #[arg(
        long = "final",
        help_heading = headings::history(),
        help = say("List only values that had been final", "只列出曾经已定的数值"),
    )]
    pub(crate) only_final: bool,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "table",
        help_heading = headings::output(),
        help = say("Output format", "输出格式"),
    )]
    pub(crate) format: RevisionsFormat,
}

/// Rows of a history that are written.
#[derive(Args, Debug)]
pub(crate) struct KeptRowsArgs {
    #[command(flatten)]
    pub(crate) file: HistoryFileArgs,
    #[command(flatten)]
    pub(crate) range: RangeArgs,
    #[arg(
        short,
        long,
        value_name = "FILE",
        help_heading = headings::output(),
        help = say("Write to a file instead of standard output", "写入文件而不是标准输出"),
    )]
    pub(crate) output: Option<PathBuf>,
}

/// Output formats of `history revisions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RevisionsFormat {
    #[value(help = say("A line per change", "每次变化一行"))]
    Table,
    #[value(help = say("One JSON document", "一个 JSON 文档"))]
    Json,
    #[value(help = say("A line per former value", "每个原值一行"))]
    Csv,
}

/// Arguments of `history backup`.
#[derive(Args, Debug)]
pub(crate) struct BackupArgs {
    #[arg(
        value_name = "FILE",
        help = say("File to write; it must not exist", "要写出的文件，必须尚不存在"),
    )]
    pub(crate) target: PathBuf,
    #[command(flatten)]
    pub(crate) file: HistoryFileArgs,
}

/// Arguments of `history export`.
#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) rows: KeptRowsArgs,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "ndjson",
        help_heading = headings::output(),
        help = say("Output format", "输出格式"),
    )]
    pub(crate) format: ExportFormat,
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["format", "output"],
        help_heading = headings::output(),
        help = say(
            "Write Parquet files to a folder, one per account and month",
            "把 Parquet 文件写入目录，每个账号每月一个",
        ),
        long_help = say(
            "Write Parquet files to a folder, one per account and month: account_id=…/year=…/month=…/usage.parquet. Only months that have changed are written again. Rows never overlap, so that sums are the whole",
            "把 Parquet 文件写入目录，每个账号每月一个：account_id=…/year=…/month=…/usage.parquet。只重写有变化的月份。各行互不重叠，其和就是总量",
        ),
    )]
    pub(crate) parquet: Option<PathBuf>,
    #[arg(
        long,
        requires = "parquet",
        help_heading = headings::output(),
        help = say(
            "Remove files of months that the history no longer has",
            "删除历史中已不存在的月份的文件",
        ),
    )]
    pub(crate) prune: bool,
}

/// Output formats of `history export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    #[value(help = say("One JSON object per line, for import", "每行一个 JSON 对象，可用于 import"))]
    Ndjson,
    #[value(help = say("CSV (RFC 4180), a row a line", "CSV（RFC 4180），每行一条"))]
    Csv,
}

/// Arguments of `history import`.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[arg(
        value_name = "FILE",
        required = true,
        help = say(
            "Rows as NDJSON, or a recording; - is standard input",
            "NDJSON 数据行，或录制文件；- 为标准输入",
        ),
    )]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) file: HistoryFileArgs,
    #[arg(
        long,
        value_name = "NUMBER",
        help_heading = headings::history(),
        help = say(
            "Account of rows that name none, as in 2100000001",
            "未写明账号的数据行所属的账号，例如 2100000001",
        ),
    )]
    pub(crate) account: Option<String>,
}

/// Arguments of `history forget`.
#[derive(Args, Debug)]
pub(crate) struct ForgetArgs {
    #[arg(
        long,
        value_name = "T",
        allow_hyphen_values = true,
        help_heading = headings::history(),
        help = say(
            "Delete everything before this day or hour, or before the last 400d",
            "删除这一天或这一小时之前的全部数据；400d 表示保留最近 400 天",
        ),
    )]
    pub(crate) before: String,
    #[arg(
        long,
        help_heading = headings::history(),
        help = say("Do not ask", "不再询问"),
    )]
    pub(crate) yes: bool,
    #[arg(
        long,
        value_name = "ZONE",
        allow_hyphen_values = true,
        help_heading = headings::history(),
        help = say(
            "Time zone of the day [default: Asia/Shanghai]",
            "日期所用的时区 [默认：Asia/Shanghai]",
        ),
    )]
    pub(crate) tz: Option<String>,
    #[command(flatten)]
    pub(crate) file: HistoryFileArgs,
}

fn examples() -> &'static str {
    say(
        "\
The history is the file that `ark-usage sync` keeps, an SQLite database.

Examples:
  ark-usage sync --demo --history demo.db           fill a file
  ark-usage get --history=demo.db --last 7d         answer from it
  ark-usage history status --history demo.db
  ark-usage history revisions --history demo.db --final
  ark-usage history backup copy.db --history demo.db
  ark-usage history export --history demo.db --parquet usage
  ark-usage history forget --history demo.db --before 400d --yes",
        "\
历史即 `ark-usage sync` 写入的文件，是一个 SQLite 数据库。

示例：
  ark-usage sync --demo --history demo.db           写入一个文件
  ark-usage get --history=demo.db --last 7d         用其中的数据回答
  ark-usage history status --history demo.db
  ark-usage history revisions --history demo.db --final
  ark-usage history backup copy.db --history demo.db
  ark-usage history export --history demo.db --parquet usage
  ark-usage history forget --history demo.db --before 400d --yes",
    )
}
