//! `ark-usage budget`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{FixedRangeArgs, Format, headings};
use crate::lang::say;

/// Arguments of `budget`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct BudgetArgs {
    #[arg(
        long,
        value_name = "FILE",
        help_heading = headings::limits(),
        help = say("Read limits from a TOML file (repeatable)", "从 TOML 文件读取限额（可重复）"),
        long_help = say(
            "Read limits from a TOML file (repeatable); docs/budget.md describes the format",
            "从 TOML 文件读取限额（可重复）；格式见 docs/budget.zh-CN.md",
        ),
    )]
    pub(crate) rules: Vec<PathBuf>,
    #[arg(
        long,
        value_name = "LIMIT",
        help_heading = headings::limits(),
        help = say(
            "Set a hard limit, as in total=20e9/month (repeatable)",
            "设定硬限额，例如 total=20e9/month（可重复）",
        ),
        long_help = say(
            "Set a hard limit METRIC=TOKENS/PERIOD, as in PromptTokens=1e9/month (repeatable); total adds up all metrics counted in tokens, and no part beside its whole; periods are day, week and month",
            "设定硬限额，形如 指标=TOKEN数/周期，例如 PromptTokens=1e9/month（可重复）；total 表示所有以 token 计的指标之和，已含在整体内的部分不重复计算；周期有 day、week、month",
        ),
    )]
    pub(crate) max: Vec<String>,
    #[arg(
        long,
        value_name = "FILE",
        help_heading = headings::limits(),
        help = say(
            "Add the columns of a CSV file, by its endpoint_id",
            "并入 CSV 文件的各列，按 endpoint_id 对应",
        ),
    )]
    pub(crate) labels: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) usage: FixedRangeArgs,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        help_heading = headings::output(),
        help = say("Output format [default: table]", "输出格式 [默认：table]"),
    )]
    pub(crate) format: Option<BudgetFormat>,
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
}

fn examples() -> &'static str {
    say(
        "\
Checks the usage of this day, week or month against limits and estimates its total.
Exit codes: 0 within every hard limit, 6 data missing, 7 a hard limit exceeded.

Examples (leave out --demo for your own numbers):
  ark-usage budget --demo --max total=20e9/month
  ark-usage budget --demo --max total=2e9/day --project search -f json",
        "\
检查当天、本周或本月的用量是否在限额之内，并估计期末用量。
退出码：0 未超过硬限额，6 数据不完整，7 超过硬限额。

示例（查自己的数据时去掉 --demo）：
  ark-usage budget --demo --max total=20e9/month
  ark-usage budget --demo --max total=2e9/day --project search -f json",
    )
}

/// Output formats of `budget`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BudgetFormat {
    #[value(help = say("One line per limit", "每条限额一行"))]
    Table,
    #[value(help = say("One JSON document", "一个 JSON 文档"))]
    Json,
}

impl BudgetArgs {
    /// Returns the format: of the flag, else of the file's extension, else `default` if it is one of
    /// these.
    pub(crate) fn format(&self, default: Option<Format>) -> BudgetFormat {
        let json = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
        match self.format {
            Some(format) => format,
            None if self.output.as_ref().is_some_and(json) => BudgetFormat::Json,
            None if self.output.is_none() && default == Some(Format::Json) => BudgetFormat::Json,
            None => BudgetFormat::Table,
        }
    }
}
