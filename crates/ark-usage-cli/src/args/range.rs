//! The range of time that usage is fetched for.

use ark_usage_report::range::RangeInput;
use ark_usage_report::{suggest, text};
use clap::Args;

use super::headings;
use crate::error::CliError;
use crate::lang::say;

/// The ways to name a range without its start.
const NAMED: [&str; 9] = [
    "last",
    "today",
    "yesterday",
    "this_week",
    "this_month",
    "last_week",
    "last_month",
    "week",
    "month",
];

/// At most one way to name a range; the last seven days without any.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = headings::range())]
pub(crate) struct RangeArgs {
    #[arg(
        long,
        visible_alias = "since",
        value_name = "T",
        allow_hyphen_values = true,
        group = "one_range",
        help = say("First day, as in 2026-11-01", "起始的天，例如 2026-11-01"),
        long_help = say(
            "First day or hour: a date (2026-11-01), today, yesterday, RFC 3339 (2026-11-01T08:00:00+08:00) or unix seconds",
            "起始的天或小时：日期（2026-11-01）、today（今天）、yesterday（昨天）、RFC 3339（2026-11-01T08:00:00+08:00）或 unix 秒数",
        ),
    )]
    pub(crate) start: Option<String>,
    #[arg(
        long,
        visible_alias = "until",
        value_name = "T",
        allow_hyphen_values = true,
        requires = "start",
        conflicts_with_all = NAMED,
        help = say(
            "Last day or hour, included [default: now]",
            "结束的天或小时，包含在内 [默认：现在]",
        ),
    )]
    pub(crate) end: Option<String>,
    #[arg(
        long,
        value_name = "N",
        allow_hyphen_values = true,
        group = "one_range",
        help = say(
            "Last 7d, 24h, 4w, 3mo; also --today, --last-week",
            "最近 7d、24h、4w、3mo；另有 --today、--last-week",
        ),
        long_help = say(
            "The last days, hours, weeks or months, up to now\n\n\
             7d:  today and the six days before\n\
             24h: the current hour and the 23 before\n\
             4w:  28 days, today included\n\
             3mo: from the day after this day three months ago\n\n\
             Units may be written in full: 7days, 1week",
            "最近若干天、小时、周或月，到现在为止\n\n\
             7d：今天及之前六天\n\
             24h：当前这一小时及之前 23 小时\n\
             4w：含今天的 28 天\n\
             3mo：从三个月前今天的次日起\n\n\
             单位也可写全：7days、1week",
        ),
    )]
    pub(crate) last: Option<String>,
    #[arg(
        long,
        group = "one_range",
        help = say("Today", "今天"),
    )]
    pub(crate) today: bool,
    #[arg(
        long,
        group = "one_range",
        help = say("Yesterday", "昨天"),
    )]
    pub(crate) yesterday: bool,
    #[arg(
        long,
        group = "one_range",
        help = say("This week, from Monday", "本周，自周一起"),
    )]
    pub(crate) this_week: bool,
    #[arg(
        long,
        group = "one_range",
        help = say("This month, from the 1st", "本月，自一日起"),
    )]
    pub(crate) this_month: bool,
    #[arg(
        long,
        group = "one_range",
        help = say("The week before this one, Monday to Sunday", "上周，周一到周日"),
    )]
    pub(crate) last_week: bool,
    #[arg(
        long,
        group = "one_range",
        help = say("The month before this one", "上个月"),
    )]
    pub(crate) last_month: bool,
    #[arg(
        long,
        group = "one_range",
        value_name = "YYYY-Www",
        allow_hyphen_values = true,
        help = say(
            "A calendar week by its ISO 8601 number, as in 2026-W48, or last",
            "一个自然周，写 ISO 8601 周数，例如 2026-W48，或 last（上周）",
        ),
    )]
    pub(crate) week: Option<String>,
    #[arg(
        long,
        group = "one_range",
        value_name = "YYYY-MM",
        allow_hyphen_values = true,
        help = say(
            "A calendar month; also --this-month, --last-month",
            "一个自然月；另有 --this-month、--last-month",
        ),
        long_help = say(
            "A calendar month, as in 2026-10, or last",
            "一个自然月，例如 2026-10，或 last（上个月）",
        ),
    )]
    pub(crate) month: Option<String>,
    #[arg(
        long,
        help = say(
            "End with the last day or hour that has settled (see --settle); --last counts back from it",
            "到最后一个数据已定的天或小时为止（见 --settle）；--last 从那里往回数",
        ),
    )]
    pub(crate) complete: bool,
    #[arg(
        short,
        long,
        value_name = "INTERVAL",
        help = say(
            "Count by day or hour [default: day]",
            "按 day（天）或 hour（小时）计量 [默认：day]",
        ),
        long_help = say(
            "Count by day or hour; 86400 and 3600 are accepted too [default: day; hour for ranges in hours]",
            "按 day（天）或 hour（小时）计量；也可写 86400 或 3600 [默认：day；范围以小时给出时为 hour]",
        ),
    )]
    pub(crate) interval: Option<String>,
    #[arg(
        long,
        value_name = "ZONE",
        allow_hyphen_values = true,
        help = say(
            "Time zone of days, as in America/New_York",
            "每一天所用的时区，例如 America/New_York",
        ),
        long_help = say(
            "Time zone of days and dates, an IANA name as in America/New_York [default: Asia/Shanghai]",
            "日期和每一天所用的时区，IANA 名称，例如 America/New_York [默认：Asia/Shanghai]",
        ),
    )]
    pub(crate) tz: Option<String>,
}

impl RangeArgs {
    /// Returns true if a flag names a range.
    pub(crate) fn is_given(&self) -> bool {
        let texts = [&self.start, &self.last, &self.week, &self.month];
        texts.into_iter().any(Option::is_some) || self.input() != Self::default().input()
    }

    /// Returns the range that the flags name.
    pub(crate) fn input(&self) -> RangeInput {
        if let Some(start) = &self.start {
            return RangeInput::Between { start: start.clone(), end: self.end.clone() };
        }
        if let Some(month) = &self.month {
            return RangeInput::Month(month.clone());
        }
        if let Some(week) = &self.week {
            return RangeInput::Week(week.clone());
        }
        let named = [
            (self.today, RangeInput::Today),
            (self.yesterday, RangeInput::Yesterday),
            (self.this_week, RangeInput::ThisWeek),
            (self.this_month, RangeInput::ThisMonth),
            (self.last_week, RangeInput::LastWeek),
            (self.last_month, RangeInput::LastMonth),
        ];
        let named = named.into_iter().find(|(given, _)| *given).map(|(_, input)| input);
        let last = || RangeInput::Last(self.last.clone().unwrap_or_else(|| "7d".to_owned()));
        named.unwrap_or_else(last)
    }

    /// Parses `--interval`, if it is given.
    pub(crate) fn interval(&self) -> Result<Option<ark_usage_model::Interval>, CliError> {
        let parse = |text: &String| {
            text.parse().map_err(|_| {
                CliError::usage(text!(
                    "--interval {text}: unknown interval",
                    "--interval {text}：未知的粒度"
                ))
                .with_hint(suggest::hint_of(
                    "--interval ",
                    interval_meant(text),
                    text!(
                        "write --interval day (or 86400) or --interval hour (or 3600)",
                        "请写 --interval day（或 86400）或 --interval hour（或 3600）"
                    ),
                ))
            })
        };
        self.interval.as_ref().map(parse).transpose()
    }
}

/// Returns the interval that a word means.
fn interval_meant(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "h" | "1h" | "60" | "60m" | "hourly" | "hours" => Some("hour"),
        "d" | "1d" | "24h" | "daily" | "days" => Some("day"),
        _ => suggest::meant("--interval", word, ["day", "hour"]),
    }
}
