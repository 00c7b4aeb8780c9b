//! `ark-usage statusline`

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::query::duration;
use super::{FixedRangeArgs, KeptUsageArgs, PriceArgs, headings};
use crate::error::CliError;
use crate::lang::say;

/// Arguments of `statusline`.
#[derive(Args, Debug)]
#[command(before_help = examples())]
pub(crate) struct StatuslineArgs {
    #[arg(
        long,
        value_name = "TEXT",
        help_heading = say("Line", "状态行"),
        help = say(
            "Text of the line, with fields in braces",
            "状态行的文本，字段写在花括号中",
        ),
        long_help = say(
            "Text of the line, with fields in braces [default: \"{today:short} tokens today, {month:short} this month\"]",
            "状态行的文本，字段写在花括号中 [默认：\"今日 {today:short} token，本月 {month:short}\"]",
        ),
    )]
    pub(crate) template: Option<String>,
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        help_heading = headings::output(),
        help = say("Output format [default: line]", "输出格式 [默认：line]"),
    )]
    pub(crate) format: Option<StatuslineFormat>,
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        default_value = "5min",
        help_heading = say("Line", "状态行"),
        help = say(
            "Fetch again if the cache is older",
            "缓存超过这个时长才重新查询",
        ),
    )]
    pub(crate) max_age: String,
    #[arg(
        long,
        help_heading = say("Line", "状态行"),
        help = say(
            "Print errors and exit with their code",
            "出错时输出原因，并以相应退出码结束",
        ),
    )]
    pub(crate) errors: bool,
    #[arg(
        long,
        value_name = "ID",
        help_heading = headings::filters(),
        help = say(
            "Count only this endpoint, ep-… (repeatable)",
            "只统计该推理接入点 ep-…（可重复）",
        ),
    )]
    pub(crate) endpoint_id: Vec<String>,
    #[command(flatten)]
    pub(crate) usage: FixedRangeArgs,
    #[command(flatten)]
    pub(crate) kept: KeptUsageArgs,
    #[command(flatten)]
    pub(crate) prices: PriceArgs,
}

/// Output formats of `statusline`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatuslineFormat {
    #[value(help = say("The line", "状态行"))]
    Line,
    #[value(help = say(
        "One JSON document with the line and its numbers",
        "一个 JSON 文档，包含状态行及其数字",
    ))]
    Json,
}

fn examples() -> &'static str {
    say(
        "\
Fields: {total}, {cost} and metrics such as {PromptTokens} are today's;
{yesterday.total} and {month.PromptTokens} those of other periods; {today},
{yesterday} and {month} are totals. {today:short} keeps three digits.
{state}, {age}, {at}, {stale} and {scope} describe the data.
{plan} is the fullest window of the plans; {plan.week.percent}, {plan.coding.left}
and {plan.resets_in} choose a plan, a window and a value.
Numbers are cached in $XDG_CACHE_HOME/ark-usage, without keys. If fetching fails,
the cached ones are printed with a mark, or nothing, and the exit code is 0.

Examples:
  ark-usage statusline --demo
  ark-usage statusline --demo --template '{month:short} {state}' --max-age 15min",
        "\
字段：{total}、{cost} 以及 {PromptTokens} 等指标指今天；{yesterday.total}、
{month.PromptTokens} 指其他时段；{today}、{yesterday}、{month} 是各自的合计。
{today:short} 只保留三位数字。
{state}、{age}、{at}、{stale}、{scope} 说明数据的新旧、状态与项目范围。
{plan} 是套餐中用得最多的窗口；{plan.week.percent}、{plan.coding.left}、
{plan.resets_in} 可指定套餐、窗口和值。
查询结果缓存在 $XDG_CACHE_HOME/ark-usage，不含密钥。查询失败时输出带标记的缓存数据，
没有缓存则不输出，退出码为 0。

示例：
  ark-usage statusline --demo
  ark-usage statusline --demo --template '{month:short} {state}' --max-age 15min",
    )
}

impl StatuslineArgs {
    /// Parses `--max-age`, the age from which numbers are fetched again.
    pub(crate) fn max_age(&self) -> Result<Duration, CliError> {
        duration("--max-age", &self.max_age)
    }
}
