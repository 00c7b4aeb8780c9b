//! Grouping, sorting and selecting rows: `--by` and the options that go with it.

use ark_usage_report::text;
use clap::{Args, ValueEnum};

use super::get::unsupported;
use super::short_help::with_values;
use super::{Format, headings};
use crate::actions::{SUCCESSOR, unknown_metric};
use crate::error::CliError;
use crate::lang::say;

/// Grouping, sorting and selection of rows.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = headings::grouping())]
pub(crate) struct ViewArgs {
    #[arg(
        long,
        value_name = "DIMENSION",
        value_delimiter = ',',
        help = say(
            "Group by project, endpoint, model, account, label:COLUMN",
            "按 project、endpoint、model、account、label:列名 等汇总",
        ),
        long_help = say(
            "Group by hour, day, week, month, endpoint, model, project, scene, batch-job, account, profile, tag:KEY or label:COLUMN; with --api inference also by model-version, api-key, billing, batch-type or model-unit; separate several with commas

endpoint, model, tag and label imply --all-endpoints, hour implies --interval hour",
            "按 hour、day、week、month、endpoint、model、project、scene、batch-job、account、profile、tag:键 或 label:列名 汇总；使用 --api inference 时还有 model-version、api-key、billing、batch-type、model-unit；多个用逗号分隔

endpoint、model、tag、label 隐含 --all-endpoints，hour 隐含 --interval hour",
        ),
    )]
    pub(crate) by: Vec<String>,
    #[arg(
        long,
        value_name = "ORDER",
        allow_hyphen_values = true,
        help = say(
            "Sort by time, name, value, change or metric:NAME; -value for largest first",
            "按 time、name、value、change 或 metric:指标名 排序；-value 从最大的开始",
        ),
    )]
    pub(crate) sort: Option<String>,
    #[arg(
        long,
        value_name = "N",
        allow_hyphen_values = true,
        value_parser = clap::value_parser!(u32).range(1..),
        help = say(
            "Keep the N largest groups and merge the others",
            "保留最大的 N 组，其余合并为一行",
        ),
        long_help = say(
            "Keep the N largest groups of --by over the whole range and merge the others into one row",
            "按整个范围的合计保留 --by 最大的 N 组，其余合并为一行",
        ),
    )]
    pub(crate) top: Option<u32>,
    #[arg(
        long,
        conflicts_with_all = ["by", "sort", "top"],
        help = say("Show only the totals", "只显示总计"),
    )]
    pub(crate) totals_only: bool,
    #[arg(
        long,
        value_name = "NAME",
        help = say(
            "Show and rank by this metric only: input, output, total",
            "只显示该指标并按它排名：input、output、total",
        ),
        long_help = say(
            "Show only this metric, and rank by it: input, output, total (all tokens) or its full name, such as PromptTokens (repeatable)",
            "只显示该指标并按它排名：input、output、total（全部 token）或全名，例如 PromptTokens（可重复）",
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
        long_help = say(
            "Add the columns of a CSV file, matched by its endpoint_id column; --by label:COLUMN groups by one",
            "按 endpoint_id 列，把 CSV 文件的各列并入结果；--by label:列名 按其中一列汇总",
        ),
    )]
    pub(crate) labels: Option<String>,
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        conflicts_with = "chart",
        help = say(
            "Output only these columns, in this order, or all; labels.team selects one label",
            "只输出这些列，按此顺序；all 表示全部，labels.team 选取一个标签",
        ),
    )]
    pub(crate) fields: Vec<String>,
}

impl ViewArgs {
    /// Returns the metrics that the action has to know, as people name them. An order by a metric that no action
    /// knows may be by a new one.
    pub(crate) fn metrics(&self) -> Vec<String> {
        let sorted = self.sort.as_deref().map(|order| order.trim_start_matches('-'));
        let sorted = sorted.and_then(|order| order.strip_prefix("metric:")).map(str::to_owned);
        let is_known =
            |name: &String| unknown_metric(SUCCESSOR, std::slice::from_ref(name)).is_none();
        self.metric.iter().cloned().chain(sorted.filter(is_known)).collect()
    }

    /// Refuses flags that would be ignored silently in this format.
    pub(crate) fn check(&self, format: Format) -> Result<(), CliError> {
        let is_scraped = format == Format::Prometheus;
        let is_bare = matches!(format, Format::OpenMetrics | Format::Focus | Format::Value);
        let keys = !(is_bare || is_scraped || format == Format::Raw);
        let is_raw = format == Format::Raw;
        let has_fields = keys && format != Format::Parquet;
        if is_scraped {
            self.check_times()?;
        }
        let wrong = [
            ("--fields", !(has_fields || self.fields.is_empty())),
            ("--compare", self.compare.is_some() && !keys),
            ("--metric", !self.metric.is_empty() && is_raw),
            ("--sort", self.sort.is_some() && (is_raw || is_scraped)),
            ("--top", self.top.is_some() && (is_raw || is_scraped)),
            ("--totals-only", self.totals_only && (is_raw || is_scraped)),
            ("--labels", self.labels.is_some() && is_raw),
        ];
        match wrong.into_iter().find(|(_, wrong)| *wrong) {
            Some((flag, _)) => Err(unsupported(flag, format, "table, markdown, json, ndjson, csv")),
            None => Ok(()),
        }
    }

    /// Refuses to group by a time where the format has its own.
    fn check_times(&self) -> Result<(), CliError> {
        let times = ["hour", "day", "week", "month"];
        let Some(time) = self.by.iter().find(|by| times.contains(&by.as_str())) else {
            return Ok(());
        };
        Err(CliError::usage(text!(
            "--by {time} cannot be used with -f prometheus",
            "--by {time} 不能与 -f prometheus 同时使用"
        ))
        .with_hint(text!(
            "it has the last settled hour and day and the month to date; --interval hour writes the hour only, --interval day the others",
            "该格式固定输出最近一个数据已定的小时和天，以及本月至今；--interval hour 只输出小时，--interval day 只输出另外两项"
        )))
    }
}

/// Returns the help of `--compare`.
pub(super) fn compare_help() -> &'static str {
    say("Compare with the range before: --compare previous", "与上一周期对比：--compare previous")
}

/// Returns the long help of `--compare`.
pub(super) fn compare_long_help() -> String {
    with_values::<CompareWith>(say(
        "Compare with the previous range: the same length before, or the previous calendar months",
        "与上一周期对比：之前同样长的范围，或之前的自然月",
    ))
}

/// Ranges to compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareWith {
    #[value(help = say("The previous range", "上一周期"))]
    Previous,
}
