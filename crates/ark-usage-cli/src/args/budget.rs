//! `ark-usage budget`

use std::path::{Path, PathBuf};

use ark_usage_report::text;
use clap::{Args, ValueEnum};

use super::{FixedRangeArgs, Format, KeptUsageArgs, headings};
use crate::error::CliError;
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
            "Read limits from a TOML file (repeatable). Each [[budget]] has metric, period (day, week or month) \
             and soft, hard or both; optional are name, project, and one of endpoint_id and \
             label = { team = \"search\" }. Numbers with letters or commas need quotes, as in hard = \"20G\". \
             `ark-usage budget --example` prints a file",
            "从 TOML 文件读取限额（可重复）。每个 [[budget]] 包含 metric、period（day、week 或 month）以及 soft、hard \
             之一或两者；可选：name、project，以及 endpoint_id 与 label = { team = \"search\" } 之一。\
             含字母、汉字或逗号的数要加引号，例如 hard = \"20G\"。`ark-usage budget --example` 打印示例文件",
        ),
    )]
    pub(crate) rules: Vec<PathBuf>,
    #[arg(
        long,
        value_name = "LIMIT",
        help_heading = headings::limits(),
        help = say(
            "Set a hard limit, as in total=20G/month (repeatable)",
            "设定硬限额，例如 total=20G/month（可重复）",
        ),
        long_help = say(
            "Set a hard limit METRIC=TOKENS/PERIOD, as in PromptTokens=20G/month (repeatable); 20G, 20B, 2e10 and 20,000,000,000 are the same; total adds up all metrics counted in tokens, and no part beside its whole; periods are day, week and month",
            "设定硬限额，形如 指标=TOKEN数/周期，例如 PromptTokens=20G/month（可重复）；20G、20B、200亿、2e10、20,000,000,000 是同一个数；total 表示所有以 token 计的指标之和，已含在整体内的部分不重复计算；周期有 day、week、month",
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
    #[arg(
        long,
        conflicts_with_all = ["rules", "max", "labels", "once", "format"],
        help_heading = headings::limits(),
        help = say(
            "Print a commented file for --rules and exit",
            "打印带注释的 --rules 示例文件后退出",
        ),
    )]
    pub(crate) example: bool,
    #[command(flatten)]
    pub(crate) usage: FixedRangeArgs,
    #[command(flatten)]
    pub(crate) kept: KeptUsageArgs,
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
    #[arg(
        long,
        value_name = "FILE",
        help_heading = headings::output(),
        help = say(
            "Print alerts only, each once; FILE remembers them",
            "只输出提醒，每条一次，由 FILE 记录",
        ),
        long_help = say(
            "Print an alert once per period and level (forecast, soft, hard, unknown) [default format: alerts]; FILE \
             remembers the alerts and is created with the first one; `-v` says when there is nothing to print. The exit code \
             is the same every time",
            "每个周期、每个级别（forecast、soft、hard、unknown）的提醒只输出一次 [默认格式：alerts]；FILE 记录已输出的提醒，\
             首次有提醒时创建；加 `-v` 会说明没有需要输出的提醒。退出码每次都相同",
        ),
    )]
    pub(crate) once: Option<PathBuf>,
}

impl BudgetArgs {
    /// Returns the arguments of a check of the limits in files.
    pub(crate) fn of_files(rules: Vec<PathBuf>, usage: FixedRangeArgs) -> Self {
        Self {
            rules,
            max: Vec::new(),
            labels: None,
            example: false,
            usage,
            kept: KeptUsageArgs::default(),
            format: None,
            output: None,
            once: None,
        }
    }
}

fn examples() -> &'static str {
    say(
        "\
Checks usage of this day, week or month against limits and estimates its total.
Exit codes: 0 within every hard limit, 6 data missing, 7 a hard limit exceeded.

Examples (leave out --demo for your own numbers):
  ark-usage budget --demo --max total=20G/month
  ark-usage budget --demo --max total=2G/day --project search -f json
  ark-usage budget --demo --max total=20G/month --once printed.json   for cron
  ark-usage budget --example > budget.toml   a file of limits for --rules",
        "\
检查当天、本周或本月的用量是否在限额之内，并估计期末用量。
退出码：0 未超过硬限额，6 数据不完整，7 超过硬限额。

示例（查自己的数据时去掉 --demo）：
  ark-usage budget --demo --max total=20G/month
  ark-usage budget --demo --max total=2G/day --project search -f json
  ark-usage budget --demo --max total=20G/month --once printed.json   用于 cron
  ark-usage budget --example > budget.toml   可供修改的 --rules 文件",
    )
}

/// Output formats of `budget`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BudgetFormat {
    #[value(help = say("One line per limit", "每条限额一行"))]
    Table,
    #[value(help = say("One JSON document", "一个 JSON 文档"))]
    Json,
    #[value(help = say(
        "One line per limit that is exceeded, forecast to be, or unknown; nothing while all is well",
        "超过、预计超过或无法判断的限额各一行；一切正常时不输出",
    ))]
    Alerts,
}

impl BudgetArgs {
    /// Returns the file of `--once`.
    pub(crate) fn once_file(&self) -> Result<Option<&Path>, CliError> {
        let Some(path) = self.once.as_deref() else { return Ok(None) };
        if self.output.as_deref() == Some(path) {
            return Err(CliError::usage(text!(
                "--once {path}: --output writes the same file",
                "--once {path}：--output 写的是同一个文件",
                path = path.display(),
            ))
            .with_hint(text!("name two files", "请指定两个不同的文件")));
        }
        Ok(Some(path))
    }

    /// Returns true if nothing is printed while all is well.
    pub(crate) fn prints_alerts_only(&self) -> bool {
        self.format(None) == BudgetFormat::Alerts
    }

    /// Returns the format: of the flag, else of the file's extension, else `default` if it is one of
    /// these.
    pub(crate) fn format(&self, default: Option<Format>) -> BudgetFormat {
        let json = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "json");
        match self.format {
            Some(format) => format,
            None if self.output.as_ref().is_some_and(json) => BudgetFormat::Json,
            None if self.once.is_some() => BudgetFormat::Alerts,
            None if self.output.is_none() && default == Some(Format::Json) => BudgetFormat::Json,
            None => BudgetFormat::Table,
        }
    }
}
