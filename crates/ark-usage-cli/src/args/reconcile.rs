//! `ark-usage reconcile`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Format, KeptUsageArgs, UsageArgs, headings};
use crate::lang::say;

/// Arguments of `reconcile`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct ReconcileArgs {
    #[command(flatten)]
    pub(crate) usage: UsageArgs,
    #[command(flatten)]
    pub(crate) kept: KeptUsageArgs,
    #[arg(
        long,
        value_name = "ACTION",
        help_heading = headings::filters(),
        help = say(
            "Compare with this action instead: inference",
            "改为与另一个接口比较：inference",
        ),
        long_help = say(
            "Compare two actions by day and endpoint instead: inference compares GetUsage with GetInferenceUsage, PromptTokens with InputTokens and CompletionTokens with OutputTokens",
            "改为按天、按推理接入点比较两个接口：inference 比较 GetUsage 与 GetInferenceUsage，即 PromptTokens 与 InputTokens、CompletionTokens 与 OutputTokens",
        ),
    )]
    pub(crate) against: Option<String>,
    #[arg(
        long,
        value_name = "ID",
        allow_hyphen_values = true,
        help_heading = headings::filters(),
        help = say(
            "Also count this endpoint, even if it is not listed",
            "也计入该推理接入点，即使已不在列表中",
        ),
        long_help = say(
            "Also count this endpoint, even if it is no longer listed (repeatable); @FILE or - reads IDs from a file or standard input, one per line",
            "也计入该推理接入点，即使已不在列表中（可重复）；@FILE 或 - 从文件或标准输入读取，每行一个",
        ),
    )]
    pub(crate) endpoint_id: Vec<String>,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        help_heading = headings::output(),
        help = say("Output format [default: table]", "输出格式 [默认：table]"),
    )]
    pub(crate) format: Option<ReconcileFormat>,
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
Checks that the hours of each day add up to it, and the endpoints of each
project to the project; with --against, that two actions report the same.
Exit codes: 0 complete and equal, 6 data missing, 7 not equal.

Examples (leave out --demo for your own numbers):
  ark-usage reconcile --demo --last 7d
  ark-usage reconcile --demo --last 7d --against inference
  ark-usage reconcile --demo --yesterday --project search -f json",
        "\
逐日核对：各小时之和是否等于当天，项目下各推理接入点之和是否等于项目；
加 --against 则核对两个接口报告的用量是否相同。
退出码：0 全部一致，6 数据不完整，7 不一致。

示例（查自己的数据时去掉 --demo）：
  ark-usage reconcile --demo --last 7d
  ark-usage reconcile --demo --last 7d --against inference
  ark-usage reconcile --demo --yesterday --project search -f json",
    )
}

/// Output formats of `reconcile`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReconcileFormat {
    #[value(help = say(
        "Counts, and every check that differs",
        "汇总，以及每一项不一致的核对",
    ))]
    Table,
    #[value(help = say("One JSON document with every check", "一个 JSON 文档，包含每一项核对"))]
    Json,
}

impl ReconcileArgs {
    /// Returns the format: of the flag, else of the file's extension, else `default` if it is one of
    /// these.
    pub(crate) fn format(&self, default: Option<Format>) -> ReconcileFormat {
        let extension = self.output.as_deref().and_then(|path| path.extension());
        let json = match extension {
            Some(extension) => extension == "json",
            None => default == Some(Format::Json),
        };
        self.format.unwrap_or(if json { ReconcileFormat::Json } else { ReconcileFormat::Table })
    }
}
