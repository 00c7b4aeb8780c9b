//! `ark-usage plan`

use ark_usage_report::plan::PlanNumber;
use ark_usage_report::text;
use clap::Args;

use super::{AccountStateArgs, RangeArgs, headings};
use crate::error::CliError;
use crate::lang::say;

/// Arguments of `plan`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct PlanArgs {
    #[arg(
        long,
        value_name = "PERCENT",
        allow_hyphen_values = true,
        help_heading = headings::limits(),
        help = say(
            "Exit with 7 if a window is used up to this percent or more",
            "任一窗口的已用百分比达到该值时，退出码为 7",
        ),
    )]
    pub(crate) at: Option<String>,
    #[arg(
        long,
        conflicts_with_all = ["at", "seats"],
        help_heading = say("Contents", "内容"),
        help = say(
            "Show usage by model and the pace of each window, for a range",
            "按模型显示某个时间范围的用量，以及各窗口的消耗速度",
        ),
        long_help = say(
            "Show usage by model, in and out of plan, for a range, and at which pace each window is used; the Coding Plan is the usage with the billing status free_for_coding_plan",
            "按模型显示某个时间范围内套餐内外的用量，以及各窗口的消耗速度；Coding Plan 为计费状态 free_for_coding_plan 的用量",
        ),
    )]
    pub(crate) usage: bool,
    #[arg(
        long,
        conflicts_with = "at",
        help_heading = say("Contents", "内容"),
        help = say("Show the seats of teams instead", "改为显示团队的席位"),
    )]
    pub(crate) seats: bool,
    #[arg(
        long,
        value_name = "NAME",
        requires = "seats",
        help_heading = say("Contents", "内容"),
        help = say(
            "Project of the seats [default: default]",
            "席位所属的项目 [默认：default]",
        ),
    )]
    pub(crate) project: Option<String>,
    #[arg(
        long,
        help_heading = headings::output(),
        help = say(
            "Show the day of the Agent Plan too",
            "也显示 Agent Plan 的日窗口",
        ),
        long_help = say(
            "Show the day of the Agent Plan too: it limits vision and speech models only and never counts for --at",
            "也显示 Agent Plan 的日窗口：它只限制视觉与语音模型，不计入 --at",
        ),
    )]
    pub(crate) daily: bool,
    #[command(flatten)]
    pub(crate) state: AccountStateArgs,
    #[command(flatten)]
    pub(crate) range: RangeArgs,
}

fn examples() -> &'static str {
    say(
        "\
Shows the quota windows of both plans of each account: used, quota, percent,
left, and when they reset.
Exit codes: 0 shown, 6 a plan could not be read, 7 a window is at --at or over.

Examples (leave out --demo for your own plans):
  ark-usage plan --demo
  ark-usage plan --demo --at 80 > /dev/null    for cron: prints what is over
  ark-usage plan --demo --usage --last 7d      by model, with the pace
  ark-usage plan --demo --seats                seats of a team
  ark-usage plan --demo -o ark_plan.prom       for node_exporter",
        "\
查看每个账号的两种套餐在各窗口内的用量：已用、额度、百分比、剩余、何时重置。
退出码：0 正常，6 有套餐无法读取，7 有窗口达到 --at 的百分比。

示例（查自己的套餐时去掉 --demo）：
  ark-usage plan --demo
  ark-usage plan --demo --at 80 > /dev/null    用于 cron：只输出超限项
  ark-usage plan --demo --usage --last 7d      按模型，含消耗速度
  ark-usage plan --demo --seats                团队的席位
  ark-usage plan --demo -o ark_plan.prom       供 node_exporter 读取",
    )
}

impl PlanArgs {
    /// Refuses a range that would be ignored silently.
    pub(crate) fn check(&self) -> Result<(), CliError> {
        let has_range =
            self.range.is_given() || self.range.interval.is_some() || self.range.complete;
        if self.usage || !has_range {
            return Ok(());
        }
        Err(CliError::usage(text!(
            "plan: a range needs --usage",
            "plan：时间范围需要与 --usage 同用"
        ))
        .with_hint(text!(
            "add --usage, or remove the range: without it the current windows are shown",
            "请加上 --usage，或去掉时间范围：不带 --usage 时显示当前窗口"
        )))
    }

    /// Parses `--at`.
    pub(crate) fn at(&self) -> Result<Option<PlanNumber>, CliError> {
        let Some(text) = self.at.as_deref() else { return Ok(None) };
        let percent = PlanNumber::read_percent(text);
        percent.map(Some).ok_or_else(|| {
            CliError::usage(text!("--at {text}: not a percentage", "--at {text}：不是百分比"))
                .with_hint(text!("write --at 80 or --at 99.5", "请写 --at 80 或 --at 99.5"))
        })
    }
}
